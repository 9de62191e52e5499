//! The dialogs.

use ambix_core::diagnostic::Code;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::app::{Message, saying, saying_of};
use crate::session::effects::preference;
use crate::session::{Action, Changes, History, Question};

use super::new_revision::NewRevision;
use crate::ui::{Button, Dialog, Kind};

/// What a new revision would be called, and would say.
pub(crate) struct NextRevision {
    pub(crate) message: AttrValue,
    pub(crate) changes: Option<Changes>,
}

/// The dialog that asks it.
pub(crate) fn questions(
    question: &Question,
    history: &History,
    revision: NextRevision,
    send: &Callback<Message>,
) -> Html {
    let close: Callback<()> = saying(send, || Message::Do(Action::Ask(None)));
    let confirm = |label: &'static str, message: fn() -> Message| {
        answers(&close, label, Kind::Danger, saying(send, message))
    };
    match question {
        Question::NewRevision => html! {
            <NewRevision message={revision.message} changes={revision.changes} send={send.clone()} />
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

pub(super) fn answers(
    close: &Callback<()>,
    label: &'static str,
    kind: Kind,
    onclick: Callback<()>,
) -> Html {
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
