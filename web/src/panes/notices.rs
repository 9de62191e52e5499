use yew::prelude::*;

use crate::app::Message;
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
                    <Button label="Try again" kind={Kind::Main}
                        onclick={send.reform(|()| Message::Reload)} />
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
            html! {
                <Button label="Take over" name="Take over in this tab" kind={Kind::Main}
                    onclick={send.reform(|()| Message::TakeOver)} />
            },
        ),
        NoticeKind::Memory => (
            "warning",
            html! {
                <Button label="Export" name="Export the database now"
                    onclick={send.reform(|()| Message::Export)} />
            },
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
    html! {
        <Button label="Dismiss" kind={Kind::Plain}
            onclick={send.reform(move |()| Message::Do(Action::Dismiss(kind)))} />
    }
}
