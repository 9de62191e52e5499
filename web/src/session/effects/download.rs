//! Handing a file to the person.

use gloo::file::{Blob, ObjectUrl};
use wasm_bindgen::JsCast as _;
use web_sys::HtmlAnchorElement;

/// Offers the bytes as a download of that name.
pub(crate) fn offer(name: &str, bytes: &[u8]) {
    let url = ObjectUrl::from(Blob::new_with_options(bytes, Some("application/vnd.sqlite3")));
    let link = gloo::utils::document().create_element("a").ok();
    if let Some(link) = link.and_then(|link| link.dyn_into::<HtmlAnchorElement>().ok()) {
        link.set_href(&url);
        link.set_download(name);
        link.click();
    }
    // The browser reads the address after the click has been handled.
    gloo::timers::callback::Timeout::new(10_000, move || drop(url)).forget();
}
