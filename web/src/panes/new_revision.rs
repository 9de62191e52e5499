//! The dialog for a new revision: what it is about, what changed, and what has only got another name.

use ambix_core::autogenerate::{Candidate, Rename};
use web_sys::{HtmlInputElement, InputEvent, SubmitEvent};
use yew::prelude::*;

use crate::app::{Message, saying};
use crate::session::{Action, Changes, MODELS};
use crate::ui::{Dialog, Kind};

use super::questions::answers;

#[derive(Properties, PartialEq)]
pub(crate) struct NewRevisionProps {
    pub(crate) message: AttrValue,
    pub(crate) changes: Option<Changes>,
    pub(crate) send: Callback<Message>,
}

/// Asks what the revision is about and how it begins.
#[component]
pub(crate) fn NewRevision(props: &NewRevisionProps) -> Html {
    let message = use_state(|| props.message.to_string());
    let from_models = use_state(|| true);
    let renamed = use_state(Vec::<usize>::new);
    let close: Callback<()> = saying(&props.send, || Message::Do(Action::Ask(None)));
    let oninput = {
        let message = message.clone();
        move |event: InputEvent| {
            let input: HtmlInputElement = event.target_unchecked_into();
            message.set(input.value());
        }
    };
    let ontoggle = {
        let from_models = from_models.clone();
        move |event: Event| {
            let input: HtmlInputElement = event.target_unchecked_into();
            from_models.set(input.checked());
        }
    };
    let renames = props.changes.as_ref().map_or(&[][..], |changes| &changes.renames);
    let said = renamed.iter().filter_map(|at| renames.get(*at));
    let said: Vec<&Rename> = said.map(|candidate| &candidate.rename).collect();
    let line = command(&message, *from_models, &said);
    let create = {
        let (send, message, line) = (props.send.clone(), message.clone(), line.clone());
        Callback::from(move |()| {
            if !message.trim().is_empty() {
                send.emit(Message::Do(Action::Ask(None)));
                send.emit(Message::Run(line.clone()));
            }
        })
    };
    let onsubmit = create.reform(|event: SubmitEvent| event.prevent_default());
    html! {
        <Dialog title="New revision" onclose={close.clone()}>
            <form class="field" {onsubmit}>
                <label for="revision-message">{"Message"}</label>
                <input id="revision-message" type="text" value={(*message).clone()} required=true
                    autofocus=true autocomplete="off" aria-describedby="revision-command" {oninput} />
            </form>
            <label>
                <input type="checkbox" checked={*from_models} onchange={ontoggle} />
                {" Write what "}<code>{ MODELS }</code>{" changes into it"}
            </label>
            if *from_models {
                { changes(props.changes.as_ref(), &renamed) }
            }
            <p id="revision-command" class="muted"><code>{ line }</code></p>
            { answers(&close, "Create revision", Kind::Main, create) }
        </Dialog>
    }
}

/// What changed, and what may have got another name only.
fn changes(changes: Option<&Changes>, renamed: &UseStateHandle<Vec<usize>>) -> Html {
    let Some(changes) = changes else {
        return html! { <p>{ format!("{MODELS} has an error: see the editor.") }</p> };
    };
    if changes.found.is_empty() {
        return html! { <p class="muted">{"The database is what the models say."}</p> };
    }
    let onchange = |at: usize| {
        let renamed = renamed.clone();
        move |event: Event| {
            let input: HtmlInputElement = event.target_unchecked_into();
            let mut now: Vec<usize> = renamed.iter().copied().filter(|it| *it != at).collect();
            if input.checked() {
                now.push(at);
            }
            renamed.set(now);
        }
    };
    html! {
        <section class="changes" aria-label="What changed">
            <ul>
                { for changes.found.iter().map(|(effect, text)| html! {
                    <li><b data-effect={effect.name()}>{ effect.sign() }</b><span>{ text }</span></li>
                }) }
            </ul>
            if !changes.renames.is_empty() {
                <fieldset>
                    <legend>{"Only another name? Its values stay then."}</legend>
                    { for changes.renames.iter().enumerate().map(|(at, Candidate { rename, evidence })| html! {
                        <label>
                            <input type="checkbox" checked={renamed.contains(&at)} onchange={onchange(at)} />
                            {" "}<code>{ rename.to_string().replacen(':', " → ", 1) }</code>
                            <span class="muted">{ format!(" {}", evidence.join(", ")) }</span>
                        </label>
                    }) }
                </fieldset>
            }
        </section>
    }
}

/// The command line, with the message in quotes that the grammar takes off again.
fn command(message: &str, from_models: bool, renamed: &[&Rename]) -> String {
    let autogenerate = if from_models { " --autogenerate" } else { "" };
    let quoted: String = message
        .trim()
        .chars()
        .flat_map(|letter| {
            let escape = matches!(letter, '"' | '\\' | '$' | '`').then_some('\\');
            escape.into_iter().chain([letter])
        })
        .collect();
    let renames =
        renamed.iter().filter(|_| from_models).map(|it| format!(" --rename {}", it.word()));
    let renames: String = renames.collect();
    format!("alembic revision{autogenerate} -m \"{quoted}\"{renames}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_with_quotes_is_still_one_word() {
        assert_eq!(
            command("Add \"Item\" \\ model", true, &[]),
            r#"alembic revision --autogenerate -m "Add \"Item\" \\ model""#
        );
        assert_eq!(command(" empty ", false, &[]), "alembic revision -m \"empty\"");
    }
}
