use wasm_bindgen::JsCast as _;
use web_sys::{Element, Event, HtmlElement};

/// Puts the focus on the `nth` item of the list in which `event` happened. `list` is a selector; Yew
/// listens at the root of the page, so the event's own "current target" is not the list.
pub(crate) fn focus_item(event: &Event, list: &str, nth: usize) {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let list = target.and_then(|target| target.closest(list).ok().flatten());
    let item = list.and_then(|list| list.children().item(nth as u32));
    if let Some(item) = item.and_then(|item| item.dyn_into::<HtmlElement>().ok()) {
        // It is there and can take the focus, so this does not fail.
        let _ = item.focus();
    }
}
