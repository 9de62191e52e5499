use wasm_bindgen::JsCast as _;
use web_sys::{HtmlElement, KeyboardEvent};
use yew::prelude::*;

use super::Props;
use crate::app::{Message, saying_of};
use crate::session::{Action, MODELS, Question};
use crate::ui::{Button, Icon, Kind, focus_item};

/// One tab a file, in the row `list`; those of revisions can be closed, and their file removed.
pub(super) fn tabs(props: &Props, list: &NodeRef) -> Html {
    let desk = &props.desk;
    let tab = |path: &String| {
        let is_shown = *path == desk.active;
        let name = file_name(path);
        let has_error = props.reading.error_in(path).is_some();
        let onclick: Callback<MouseEvent> =
            saying_of(&props.send, path, |path| Message::Do(Action::Open(path)));
        html! {
            <button key={path.clone()} type="button" class="tab" role="tab" title={path.clone()}
                aria-selected={is_shown.to_string()} aria-controls="editor-panel"
                tabindex={if is_shown { "0" } else { "-1" }} {onclick}>
                <span class="tab-name">{ name.to_owned() }</span>
                if has_error {
                    <span class="tab-problem" title="has an error">
                        {"!"}<span class="quiet">{" (has an error)"}</span>
                    </span>
                }
            </button>
        }
    };
    let active = &desk.active;
    let is_revision = active != MODELS;
    let close = saying_of(&props.send, active, |path| Message::Do(Action::Close(path)));
    let remove = saying_of(&props.send, active, |path| {
        Message::Do(Action::Ask(Some(Question::Remove(path))))
    });
    let name = file_name(active);
    html! {
        <div class="tabs">
            <div class="tab-group" role="tablist" aria-label="Files" ref={list.clone()}
                onkeydown={keys(props)}>
                { for desk.open.iter().map(tab) }
            </div>
            if is_revision {
                <div class="tabs-end">
                    { Button::new(format!("Delete {name}…"), remove)
                        .bare().icon(Icon::Bin).kind(Kind::Plain).disabled(props.read_only).html() }
                    { Button::new(format!("Close {name}"), close)
                        .bare().icon(Icon::Cross).kind(Kind::Plain).html() }
                </div>
            }
        </div>
    }
}

/// The arrow keys go from tab to tab.
fn keys(props: &Props) -> Callback<KeyboardEvent> {
    let (desk, send) = (props.desk.clone(), props.send.clone());
    Callback::from(move |event: KeyboardEvent| {
        let count = desk.open.len();
        let at = desk.open.iter().position(|path| *path == desk.active).unwrap_or(0);
        let to = match event.key().as_str() {
            "ArrowLeft" => (at + count - 1) % count,
            "ArrowRight" => (at + 1) % count,
            "Home" => 0,
            "End" => count - 1,
            _ => return,
        };
        event.prevent_default();
        send.emit(Message::Do(Action::Open(desk.open[to].clone())));
        focus_item(&event, "[role=tablist]", to);
    })
}

/// Scrolls the row of tabs until the shown one is in it.
pub(super) fn bring_into_sight(list: &NodeRef) {
    let Some(list) = list.cast::<HtmlElement>() else { return };
    let shown = list.query_selector("[aria-selected=true]").ok().flatten();
    if let Some(tab) = shown.and_then(|tab| tab.dyn_into::<HtmlElement>().ok()) {
        let left = tab.offset_left() - list.offset_left();
        let right = left + tab.offset_width() - list.client_width();
        list.set_scroll_left(list.scroll_left().min(left).max(right));
    }
}

fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}
