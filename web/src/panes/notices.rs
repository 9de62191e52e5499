use yew::prelude::*;

use crate::app::{Message, saying};
use crate::session::{Action, Engine, Notice, NoticeKind};
use crate::ui::{Button, Kind};

/// What stays in sight until it is dealt with.
pub(crate) fn notices(all: &[Notice], engine: &Engine, send: &Callback<Message>) -> Html {
    html! {
        <div class="notices" role="region" aria-label="Notices" aria-live="polite">
            if let Engine::Failed(why) = engine {
                <div class="notice" data-kind="error" role="alert">
                    <p>
                        <strong>{"SQLite could not be loaded. "}</strong>{ why.clone() }
                    </p>
                    { Button::new("Try again", saying(send, || Message::Reload))
                        .kind(Kind::Main).html() }
                </div>
            }
            { for all.iter().map(|notice| self::notice(notice, send)) }
        </div>
    }
}

fn notice(notice: &Notice, send: &Callback<Message>) -> Html {
    let (name, button) = match notice.kind {
        NoticeKind::OtherTab => (
            "info",
            Button::new("Take over", saying(send, || Message::TakeOver))
                .name("Take over in this tab")
                .kind(Kind::Main)
                .html(),
        ),
        NoticeKind::Memory => (
            "warning",
            Button::new("Export", saying(send, || Message::Export))
                .name("Export the database now")
                .html(),
        ),
        NoticeKind::Refused => ("error", dismiss(notice.kind, send)),
        NoticeKind::Imported => ("warning", dismiss(notice.kind, send)),
    };
    html! {
        <div key={name} class="notice" data-kind={name}>
            <p>{ notice.text.clone() }</p>
            { button }
        </div>
    }
}

fn dismiss(kind: NoticeKind, send: &Callback<Message>) -> Html {
    Button::new("Dismiss", send.reform(move |()| Message::Do(Action::Dismiss(kind))))
        .kind(Kind::Plain)
        .html()
}
