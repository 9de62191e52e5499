//! A text area, and under it the same text in colours.

use std::cell::RefCell;
use std::rc::Rc;

use ambix_core::diagnostic::Span;
use ambix_python::{Highlight, highlight};
use wasm_bindgen::prelude::*;
use web_sys::{Element, HtmlTextAreaElement, InputEvent, KeyboardEvent};
use yew::prelude::*;

use super::Props;
use super::indent::{INDENT, indented, outdented, whole_lines};
use crate::app::Message;
use crate::draw::{self, Paint};
use crate::session::{Action, Jump};

/// The height of a line, as in editor.css.
const LINE: i32 = 20;

/// What the field of the editor is between two drawings of it.
pub(super) struct Parts {
    pub(super) area: NodeRef,
    pub(super) scroller: NodeRef,
    /// The file in which Escape was pressed: its next Tab leaves the field instead of indenting.
    pub(super) leaving: Rc<RefCell<String>>,
}

/// The text of the file at `path`, of which each has a field of its own: the browser's undo belongs to one.
pub(super) fn field(
    props: &Props,
    path: &AttrValue,
    text: &AttrValue,
    jump: Option<&Jump>,
    parts: Parts,
) -> Html {
    let Parts { area, scroller, leaving } = parts;
    let oninput = {
        let (path, send) = (path.clone(), props.send.clone());
        move |event: InputEvent| {
            let area: HtmlTextAreaElement = event.target_unchecked_into();
            send.emit(Message::Do(Action::Edit(path.to_string(), area.value())));
        }
    };
    let onkeydown = {
        let path = path.clone();
        let read_only = props.read_only;
        move |event: KeyboardEvent| {
            let area: HtmlTextAreaElement = event.target_unchecked_into();
            let plain = !(event.ctrl_key() || event.meta_key() || event.alt_key());
            match event.key().as_str() {
                "Escape" => {
                    *leaving.borrow_mut() = path.to_string();
                    return;
                }
                "Tab" if *leaving.borrow() == *path || read_only => {}
                "Tab" if event.shift_key() => {
                    event.prevent_default();
                    if !change_lines(&area, outdented) {
                        outdent(&area);
                    }
                }
                "Tab" if plain => {
                    event.prevent_default();
                    if !change_lines(&area, indented) {
                        insert(INDENT);
                    }
                }
                "Enter" if plain && !read_only => {
                    event.prevent_default();
                    insert(&new_line(&area));
                }
                "Shift" => return,
                _ => {}
            }
            leaving.borrow_mut().clear();
        }
    };
    let problems: Vec<(Span, bool)> = props
        .reading
        .problems_in(path)
        .filter_map(|found| found.place.as_ref().map(|place| (place.span, !found.is_error())))
        .collect();
    let wrong_lines: Vec<u32> = props
        .reading
        .problems_in(path)
        .filter_map(|found| found.place.as_ref().map(|place| place.line))
        .collect();
    let colours: Vec<Paint> =
        highlight(text).into_iter().map(|(span, kind)| (span, class(kind))).collect();
    let lines = draw::paint(text, &colours, &problems);
    let lit = jump.filter(|jump| jump.focus).map(|jump| jump.line as usize);
    let number = |nth: usize| {
        let wrong = wrong_lines.contains(&(nth as u32));
        let effect = props.reading.effect(path, nth as u32);
        html! {
            <span data-lit={(lit == Some(nth)).then_some("")} data-problem={wrong.then_some("")}>
                { nth }
                if let Some(effect) = effect {
                    <b data-effect={effect.name()}>{ effect.sign() }</b>
                }
            </span>
        }
    };
    html! {
        <div key={path.to_string()} class="editor" ref={scroller} role="tabpanel" id="editor-panel"
            aria-label={path.clone()}>
            <div class="gutter" aria-hidden="true">{ for (1..=lines.len()).map(number) }</div>
            <div class="editor-text">
                <pre aria-hidden="true">
                    { for lines.iter().enumerate().map(|(at, line)| {
                        line_html(line, lit == Some(at + 1))
                    }) }
                </pre>
                <textarea ref={area} value={text.clone()} readonly={props.read_only}
                    aria-label={format!("Text of {path}")} aria-describedby="editor-keys"
                    spellcheck="false" autocapitalize="off" autocomplete="off" wrap="off"
                    data-focus="" {oninput} {onkeydown} />
            </div>
            <p id="editor-keys" class="quiet">
                {"Tab indents. Escape, then Tab, leaves the editor."}
            </p>
        </div>
    }
}

/// A painted line of code; the SQL pane paints in the same way.
pub(crate) fn line_html(line: &draw::Line, lit: bool) -> Html {
    html! {
        <span class="line" data-lit={lit.then_some("")}>{ for line.iter().map(piece_html) }</span>
    }
}

fn piece_html(piece: &draw::Piece) -> Html {
    if piece.colour.is_empty() && piece.problem.is_none() {
        return html! { { piece.text.clone() } };
    }
    let is_warning = piece.problem == Some(true);
    html! {
        <span class={classes!(piece.colour, piece.problem.map(|_| "problem"))}
            data-warning={is_warning.then_some("")}>{ piece.text.clone() }</span>
    }
}

fn class(kind: Highlight) -> &'static str {
    match kind {
        Highlight::Keyword => "token-keyword",
        Highlight::String => "token-string",
        Highlight::Number => "token-number",
        Highlight::Comment => "token-comment",
        Highlight::Decorator => "token-decorator",
        Highlight::Call => "token-call",
        Highlight::Name => "",
    }
}

#[wasm_bindgen]
extern "C" {
    /// The one way to change a field that the browser's undo knows of.
    #[wasm_bindgen(js_namespace = document, js_name = execCommand)]
    fn exec_command(command: &str, show: bool, text: &str) -> bool;
}

fn insert(text: &str) {
    exec_command("insertText", false, text);
}

/// Changes every selected line in one step, and keeps them selected. Whether there were several.
fn change_lines(area: &HtmlTextAreaElement, change: fn(&str) -> String) -> bool {
    let edge = |at: Result<Option<u32>, JsValue>| at.ok().flatten().unwrap_or(0) as usize;
    let text: Vec<u16> = area.value().encode_utf16().collect();
    let (from, to) = whole_lines(&text, edge(area.selection_start()), edge(area.selection_end()));
    let lines = String::from_utf16_lossy(&text[from..to]);
    if !lines.contains('\n') {
        return false;
    }
    let changed = change(&lines);
    // A selection that can be set cannot fail to be set.
    let _ = area.set_selection_range(from as u32, to as u32);
    if changed != lines {
        insert(&changed);
    }
    let end = from + changed.encode_utf16().count();
    let _ = area.set_selection_range(from as u32, end as u32);
    true
}

/// The end of the line, and as much indentation as this line has, or one more after a colon.
fn new_line(area: &HtmlTextAreaElement) -> String {
    let (before, _) = around(area);
    let line = before.rsplit('\n').next().unwrap_or_default();
    let indent: String = line.chars().take_while(|c| *c == ' ').collect();
    let deeper = if line.trim_end().ends_with(':') { INDENT } else { "" };
    format!("\n{indent}{deeper}")
}

/// Takes one indentation away at the beginning of the line.
fn outdent(area: &HtmlTextAreaElement) {
    let (before, at) = around(area);
    let line = before.rsplit('\n').next().unwrap_or_default().encode_utf16().count() as u32;
    let start = at - line;
    let value: Vec<u16> = area.value().encode_utf16().collect();
    let blanks =
        value[start as usize..].iter().take(INDENT.len()).take_while(|c| **c == 32).count();
    if blanks == 0 {
        return;
    }
    // A selection that can be set cannot fail to be set.
    let _ = area.set_selection_range(start, start + blanks as u32);
    exec_command("delete", false, "");
    let back = at.saturating_sub(blanks as u32).max(start);
    let _ = area.set_selection_range(back, back);
}

/// The text before the cursor, and where the cursor is in UTF-16 units.
fn around(area: &HtmlTextAreaElement) -> (String, u32) {
    let at = area.selection_start().ok().flatten().unwrap_or(0);
    let units: Vec<u16> = area.value().encode_utf16().take(at as usize).collect();
    (String::from_utf16_lossy(&units), at)
}

/// Puts the cursor on a line and the line into sight.
pub(super) fn go_to(area: &NodeRef, scroller: &NodeRef, text: &str, jump: &Jump) {
    let before = text.split_inclusive('\n').take(jump.line.saturating_sub(1) as usize);
    let at: usize = before.map(|line| line.encode_utf16().count()).sum();
    if let (Some(area), true) = (area.cast::<HtmlTextAreaElement>(), jump.focus) {
        // The field is there, so neither can fail.
        let _ = area.focus();
        let _ = area.set_selection_range(at as u32, at as u32);
    }
    if let Some(scroller) = scroller.cast::<Element>() {
        scroller.set_scroll_top((jump.line as i32 - 4) * LINE);
    }
}
