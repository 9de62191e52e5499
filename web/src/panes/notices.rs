use yew::prelude::*;

use crate::app::Message;
use crate::session::{Action, Engine, Notice, NoticeKind};
use crate::ui::{Button, Kind};

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) notices: Vec<Notice>,
    pub(crate) engine: Engine,
    pub(crate) send: Callback<Message>,
}

/// What stays in sight until it is dealt with.
#[component]
pub(crate) fn Notices(props: &Props) -> Html {
    html! {
        <div class="notices" role="region" aria-label="Notices" aria-live="polite">
            if let Engine::Failed(why) = &props.engine {
                <div class="notice" data-kind="error" role="alert">
                    <p>
                        <strong>{"SQLite could not be loaded. "}</strong>{ why.clone() }
                    </p>
                    <Button label="Try again" kind={Kind::Main}
                        onclick={props.send.reform(|()| Message::Reload)} />
                </div>
            }
            { for props.notices.iter().map(|notice| self::notice(props, notice)) }
        </div>
    }
}

fn notice(props: &Props, notice: &Notice) -> Html {
    let (name, button) = match notice.kind {
        NoticeKind::OtherTab => (
            "info",
            html! {
                <Button label="Take over" name="Take over in this tab" kind={Kind::Main}
                    onclick={props.send.reform(|()| Message::TakeOver)} />
            },
        ),
        NoticeKind::Memory => (
            "warning",
            html! {
                <Button label="Export" name="Export the database now"
                    onclick={props.send.reform(|()| Message::Export)} />
            },
        ),
        NoticeKind::Refused => ("error", dismiss(props, notice.kind)),
        NoticeKind::Imported => ("warning", dismiss(props, notice.kind)),
    };
    html! {
        <div key={name} class="notice" data-kind={name}>
            <p>{ notice.text.clone() }</p>
            { button }
        </div>
    }
}

fn dismiss(props: &Props, kind: NoticeKind) -> Html {
    html! {
        <Button label="Dismiss" kind={Kind::Plain}
            onclick={props.send.reform(move |()| Message::Do(Action::Dismiss(kind)))} />
    }
}
