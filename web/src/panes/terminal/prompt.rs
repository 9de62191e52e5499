use ambix_commands::complete;
use wasm_bindgen::JsCast as _;
use web_sys::{ClipboardEvent, HtmlInputElement, InputEvent, KeyboardEvent, SubmitEvent};
use yew::prelude::*;

use super::Props;
use crate::app::{Message, saying, saying_of};
use crate::session::{Action, Recall};
use crate::ui::{Button, Kind};

/// The commands that a phone offers above its keyboard.
const CHIPS: [&str; 5] = [
    "alembic upgrade head",
    "alembic downgrade -1",
    "alembic current",
    "alembic history",
    "alembic heads",
];

/// The line to type into, which is to be `input`.
pub(super) fn prompt(props: &Props, input: &NodeRef) -> Html {
    let line = &props.terminal.prompt;
    let oninput = props.send.reform(|event: InputEvent| {
        let input: HtmlInputElement = event.target_unchecked_into();
        Message::Do(Action::Prompt(input.value()))
    });
    let onsubmit = props.send.reform(|event: SubmitEvent| {
        event.prevent_default();
        Message::RunPrompt
    });
    let onkeydown = keys(props);
    let onpaste = {
        let send = props.send.clone();
        move |event: Event| paste(&event, &send)
    };
    let proposed = props.proposal.command.clone();
    let chip = |line: &str| {
        let typed = saying_of(&props.send, line, |line| Message::Do(Action::Type(line)));
        Button::new(line.to_owned(), typed).name(format!("Type {line}")).html()
    };
    let can_run = props.ready && !(line.trim().is_empty() && proposed.is_none());
    html! {
        <div class="prompt">
            <p id="prompt-why" class="prompt-why" role="status">
                { props.proposal.sentence.clone() }
                if proposed.is_some() && line.is_empty() {
                    {" "}<kbd>{"Enter"}</kbd>{" runs the greyed command."}
                }
            </p>
            <form {onsubmit}>
                <span class="prompt-sign" aria-hidden="true">{"$"}</span>
                <input ref={input.clone()} type="text" aria-label="Command" aria-describedby="prompt-why"
                    value={line.clone()} placeholder={proposed.clone().unwrap_or_default()}
                    disabled={!props.ready} autocomplete="off" autocapitalize="off"
                    autocorrect="off" spellcheck="false" enterkeyhint="go" data-focus=""
                    {oninput} {onkeydown} {onpaste} />
                { Button::new("Run", saying(&props.send, || Message::RunPrompt))
                    .kind(Kind::Main).disabled(!can_run).html() }
            </form>
            <div class="prompt-chips" role="group" aria-label="Commands to type">
                { for CHIPS.into_iter().map(chip) }
            </div>
        </div>
    }
}

/// Goes to the end of the line.
pub(super) fn enter(input: &NodeRef) {
    if let Some(input) = input.cast::<HtmlInputElement>() {
        // The field is there, so neither can fail.
        let _ = input.focus();
        let end = input.value().encode_utf16().count() as u32;
        let _ = input.set_selection_range(end, end);
    }
}

/// ↑ and ↓ go through what was typed, Tab completes a line that has begun, → takes the proposal.
fn keys(props: &Props) -> Callback<KeyboardEvent> {
    let (send, line, history) =
        (props.send.clone(), props.terminal.prompt.clone(), props.history.clone());
    let proposed = props.proposal.command.clone();
    Callback::from(move |event: KeyboardEvent| {
        let message = match (event.key().as_str(), line.is_empty()) {
            ("ArrowUp", _) => Message::Do(Action::Recall(Recall::Older)),
            ("ArrowDown", _) => Message::Do(Action::Recall(Recall::Newer)),
            ("ArrowRight", true) => match &proposed {
                Some(command) => Message::Do(Action::Type(command.clone())),
                None => return,
            },
            ("Tab", false) if !event.shift_key() => {
                match completed(&line, &complete(&line, &history.graph)) {
                    Some(line) => Message::Do(Action::Type(line)),
                    None => return,
                }
            }
            _ => return,
        };
        event.prevent_default();
        send.emit(message);
    })
}

/// As much as all completions have in common, if that is more than is there; after that, the first.
fn completed(line: &str, candidates: &[String]) -> Option<String> {
    let first = candidates.first()?;
    let common = candidates.iter().fold(first.len(), |length, candidate| {
        let same = first.bytes().zip(candidate.bytes()).take_while(|(a, b)| a == b).count();
        length.min(same)
    });
    let common = first.get(..common).unwrap_or_default();
    Some(if common.len() > line.len() { common.into() } else { first.clone() })
}

/// Several pasted lines are run one after the other, as a terminal does; the last one waits for Enter
/// if it has no end.
fn paste(event: &Event, send: &Callback<Message>) {
    let data = event.dyn_ref::<ClipboardEvent>().and_then(ClipboardEvent::clipboard_data);
    let text = data.and_then(|data| data.get_data("text/plain").ok());
    let Some(text) = text.filter(|text| text.trim_end_matches(['\n', '\r']).contains('\n')) else {
        return;
    };
    event.prevent_default();
    for line in text.split_inclusive('\n') {
        let command = line.trim().trim_start_matches("$ ").to_owned();
        if line.ends_with('\n') {
            send.emit(Message::Run(command));
        } else {
            send.emit(Message::Do(Action::Type(command)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn completion_goes_as_far_as_it_is_sure_and_then_takes_the_first() {
        let both = ["alembic heads ".to_owned(), "alembic help ".to_owned()];
        assert_eq!(completed("alembic h", &both).as_deref(), Some("alembic he"));
        assert_eq!(completed("alembic he", &both).as_deref(), Some("alembic heads "));
        assert_eq!(completed("ls", &[]), None);
    }
}
