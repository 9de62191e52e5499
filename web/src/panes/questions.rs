//! The dialogs.

use ambix_core::diagnostic::Code;
use web_sys::{HtmlInputElement, InputEvent, SubmitEvent};
use yew::prelude::*;

use crate::app::{Message, saying, saying_of};
use crate::session::effects::preference;
use crate::session::{Action, History, MODELS, Question};
use crate::ui::{Button, Dialog, Kind};

/// The dialog that asks it. `message` is what a new revision would be called.
pub(crate) fn questions(
    question: &Question,
    history: &History,
    message: AttrValue,
    send: &Callback<Message>,
) -> Html {
    let close: Callback<()> = saying(send, || Message::Do(Action::Ask(None)));
    let confirm = |label: &'static str, message: fn() -> Message| {
        answers(&close, label, Kind::Danger, saying(send, message))
    };
    match question {
        Question::NewRevision => html! {
            <NewRevision {message} send={send.clone()} />
        },
        Question::StartOver => html! {
            <Dialog title="Start over?" onclose={close.clone()}>
                <p>
                    {"The database, all revision files and your models.py are removed, also from \
                      this browser's storage. Export the database first if you want to keep it."}
                </p>
                { confirm("Start over", || Message::StartOver) }
            </Dialog>
        },
        Question::Replace(name) => html! {
            <Dialog title={format!("Replace the database by {name}?")} onclose={close.clone()}>
                <p>
                    {"The present tables and rows are removed. Models and revision files stay."}
                </p>
                { confirm("Replace", || Message::Replace) }
            </Dialog>
        },
        Question::Remove(path) => {
            let applied = history
                .graph
                .revisions()
                .iter()
                .enumerate()
                .any(|(at, revision)| revision.file == *path && history.is_applied(at));
            let remove = saying_of(send, path, Message::Remove);
            html! {
                <Dialog title={format!("Delete {path}?")} onclose={close.clone()}>
                    if applied {
                        <p>
                            <strong>{"This revision is applied. "}</strong>
                            {"Without its file the database cannot be downgraded any more. \
                              Downgrade first, then delete the file."}
                        </p>
                    } else {
                        <p>{"The database is not changed by this: the revision is not applied."}</p>
                    }
                    { answers(&close, "Delete", Kind::Danger, remove) }
                </Dialog>
            }
        }
        Question::Keys => html! {
            <Dialog title="Keys" onclose={close.clone()}>
                { keys(send) }
                <div class="dialog-end">
                    { Button::new("Close", close.clone()).kind(Kind::Main).html() }
                </div>
            </Dialog>
        },
        Question::Why(code) => why(*code, &close),
    }
}

fn answers(close: &Callback<()>, label: &'static str, kind: Kind, onclick: Callback<()>) -> Html {
    html! {
        <div class="dialog-end">
            { Button::new("Cancel", close.clone()).html() }
            { Button::new(label, onclick).kind(kind).html() }
        </div>
    }
}

fn why(code: Code, close: &Callback<()>) -> Html {
    html! {
        <Dialog title={code.as_str()} onclose={close.clone()}>
            <p>{ code.explanation() }</p>
            <div class="dialog-end">
                { Button::new("Close", close.clone()).kind(Kind::Main).html() }
            </div>
        </Dialog>
    }
}

/// (keys, where they work, what they do)
const KEYS: [(&str, &str, &str); 12] = [
    ("Ctrl Enter", "", "Run what the prompt holds or proposes"),
    ("Ctrl `", "", "Go to the terminal"),
    ("F6", "", "Next pane; with Shift the one before"),
    ("Alt 1 2 3", "", "Schema, Data, SQL"),
    ("↑ ↓", "prompt", "Lines typed before"),
    ("→", "empty prompt", "Take the proposed command"),
    ("Tab", "prompt", "Complete"),
    ("↓ ↑", "graph", "To a parent, to a child"),
    ("← →", "graph", "Among siblings"),
    ("Enter", "graph", "Open the script"),
    ("U D", "graph", "Type the upgrade, the downgrade"),
    ("Esc Tab", "editor", "Leave it; Tab alone indents"),
];

fn keys(send: &Callback<Message>) -> Html {
    let onchange = send.reform(|event: Event| {
        let input: HtmlInputElement = event.target_unchecked_into();
        Message::QuestionMark(input.checked())
    });
    html! {
        <>
            <dl class="keys">
                { for KEYS.iter().map(|(keys, place, what)| html! {
                    <>
                        <dt>
                            { for keys.split(' ').map(|key| html! { <><kbd>{ key }</kbd>{" "}</> }) }
                            <span class="muted">{ *place }</span>
                        </dt>
                        <dd>{ *what }</dd>
                    </>
                }) }
            </dl>
            <label>
                <input type="checkbox" checked={preference::question_mark()} {onchange} />
                {" "}<kbd>{"?"}</kbd>{" outside of text fields opens this list"}
            </label>
        </>
    }
}

#[derive(Properties, PartialEq)]
struct NewRevisionProps {
    message: AttrValue,
    send: Callback<Message>,
}

/// Asks what the revision is about and how it begins.
#[component]
fn NewRevision(props: &NewRevisionProps) -> Html {
    let message = use_state(|| props.message.to_string());
    let from_models = use_state(|| true);
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
    let create = {
        let (send, message, from_models) = (props.send.clone(), message.clone(), *from_models);
        Callback::from(move |()| {
            if !message.trim().is_empty() {
                send.emit(Message::Do(Action::Ask(None)));
                send.emit(Message::Run(command(&message, from_models)));
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
            <p id="revision-command" class="muted">
                <code>{ command(&message, *from_models) }</code>
            </p>
            { answers(&close, "Create revision", Kind::Main, create) }
        </Dialog>
    }
}

/// The command line, with the message in quotes that the grammar takes off again.
fn command(message: &str, from_models: bool) -> String {
    let autogenerate = if from_models { " --autogenerate" } else { "" };
    let quoted: String = message
        .trim()
        .chars()
        .flat_map(|letter| {
            let escape = matches!(letter, '"' | '\\' | '$' | '`').then_some('\\');
            escape.into_iter().chain([letter])
        })
        .collect();
    format!("alembic revision{autogenerate} -m \"{quoted}\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_with_quotes_is_still_one_word() {
        assert_eq!(
            command("Add \"Item\" \\ model", true),
            r#"alembic revision --autogenerate -m "Add \"Item\" \\ model""#
        );
        assert_eq!(command(" empty ", false), "alembic revision -m \"empty\"");
    }
}
