use js_sys::Uint8Array;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{File, HtmlInputElement, InputEvent};
use yew::prelude::*;

use crate::app::{Message, Theme, saying};
use crate::panes::mark::mark;
use crate::session::{Access, Action, Question, Storage};
use crate::ui::{Button, Icon, Kind};

/// The name of the page, and what concerns the project as a whole. `picker` is to be its field for a file.
pub(crate) fn header(
    ready: bool,
    access: Access,
    storage: &Storage,
    theme: Theme,
    picker: &NodeRef,
    send: &Callback<Message>,
) -> Html {
    let choose = {
        let picker = picker.clone();
        Callback::from(move |()| {
            if let Some(picker) = picker.cast::<HtmlInputElement>() {
                picker.click();
            }
        })
    };
    let onchange = {
        let send = send.clone();
        move |event: Event| {
            let picker: HtmlInputElement = event.target_unchecked_into();
            if let Some(file) = picker.files().and_then(|files| files.item(0)) {
                take(file, send.clone());
            }
            // So that the same file can be chosen again.
            picker.set_value("");
        }
    };
    let oninput = |event: InputEvent| event.stop_propagation();
    let may_write = ready && access == Access::Writes;
    let saved = match (storage, access) {
        (_, Access::Reads) => "Only reads",
        (Storage::Stored, _) => "Saved in this browser",
        (Storage::Saving, _) => "Saving…",
        (Storage::Memory, _) => "Not saved",
    };
    let export = saying(send, || Message::Export);
    let start_over = saying(send, || Message::Do(Action::Ask(Some(Question::StartOver))));
    let keys = saying(send, || Message::Do(Action::Ask(Some(Question::Keys))));
    let actions = |class: &'static str| {
        html! {
            <>
                { Button::new("Import…", choose.clone())
                    .class(class).name("Import a database…").icon(Icon::In).kind(Kind::Plain)
                    .disabled(!may_write).html() }
                { Button::new("Export", export.clone())
                    .class(class).name("Export the database").icon(Icon::Out).kind(Kind::Plain)
                    .disabled(!ready).html() }
                { Button::new("Start over…", start_over.clone())
                    .class(class).icon(Icon::Again).kind(Kind::Plain).disabled(!may_write).html() }
            </>
        }
    };
    html! {
        <header class="head">
            <div class="brand">
                { mark() }
                <h1>{"Ambix"}</h1>
                <p>{"Alembic’s migrations, in your browser"}</p>
            </div>
            <div class="head-end">
                <span class="saved" role="status">{ if ready { saved } else { "" } }</span>
                { actions("wide") }
                { Button::new(theme.label(), saying(send, || Message::NextTheme))
                    .bare().icon(Icon::Theme).kind(Kind::Plain).html() }
                { Button::new("?", keys)
                    .class("wide").name("Keys").kind(Kind::Plain).html() }
                <button type="button" class="button narrow" data-kind="plain" aria-label="Menu"
                    popovertarget="menu">
                    { Icon::Menu.html() }
                </button>
            </div>
            <div id="menu" class="menu" popover="auto">{ actions("") }</div>
            <input ref={picker.clone()} type="file" class="quiet" tabindex="-1" aria-label="Database file"
                accept=".sqlite,.sqlite3,.db,.db3,application/vnd.sqlite3" {onchange} {oninput} />
        </header>
    }
}

/// Reads a file and hands it on.
pub(crate) fn take(file: File, send: Callback<Message>) {
    spawn_local(async move {
        let read = JsFuture::from(file.array_buffer()).await;
        // A file that cannot be read is none that SQLite could open.
        let bytes = read.map(|buffer| Uint8Array::new(&buffer).to_vec()).unwrap_or_default();
        send.emit(Message::Import(file.name(), bytes));
    });
}
