//! The keys that work everywhere.

use wasm_bindgen::JsCast as _;
use web_sys::{HtmlElement, KeyboardEvent};
use yew::prelude::*;

use super::App;
use crate::session::effects::preference;
use crate::session::{Action, LowerTab, Pane, Question};

/// What a key stands for, wherever it is pressed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Shortcut {
    NextPane,
    PreviousPane,
    Terminal,
    Run,
    Lower(LowerTab),
    Keys,
}

impl Shortcut {
    /// The meaning of a key, if it has one here. While a dialog is open it has none.
    pub(super) fn of(event: &KeyboardEvent) -> Option<Self> {
        let control = event.ctrl_key() || event.meta_key();
        let shortcut = match event.key().as_str() {
            "F6" if event.shift_key() => Self::PreviousPane,
            "F6" => Self::NextPane,
            "`" if control => Self::Terminal,
            "Enter" if control => Self::Run,
            "1" if event.alt_key() => Self::Lower(LowerTab::Schema),
            "2" if event.alt_key() => Self::Lower(LowerTab::Data),
            "3" if event.alt_key() => Self::Lower(LowerTab::Sql),
            "?" if !in_field(event) && preference::question_mark() => Self::Keys,
            _ => return None,
        };
        let dialog = gloo::utils::document().query_selector("dialog[open]");
        matches!(dialog, Ok(None)).then_some(shortcut)
    }
}

impl App {
    pub(super) fn key(&mut self, ctx: &Context<Self>, shortcut: Shortcut) {
        match shortcut {
            Shortcut::NextPane => self.cycle(false),
            Shortcut::PreviousPane => self.cycle(true),
            Shortcut::Terminal => self.focus(Pane::Terminal),
            Shortcut::Run => self.run_prompt(ctx),
            Shortcut::Lower(tab) => self.reduce(Action::Lower(tab)),
            Shortcut::Keys => self.reduce(Action::Ask(Some(Question::Keys))),
        }
    }

    /// F6: the next pane, or the one before.
    fn cycle(&mut self, back: bool) {
        let focused = gloo::utils::document().active_element().and_then(|element| {
            Pane::ALL
                .into_iter()
                .find(|pane| pane_element(*pane).is_some_and(|pane| pane.contains(Some(&element))))
        });
        let count = Pane::ALL.len();
        let at = focused.and_then(|pane| Pane::ALL.iter().position(|other| *other == pane));
        let next = match (at, back) {
            (Some(at), false) => (at + 1) % count,
            (Some(at), true) => (at + count - 1) % count,
            (None, false) => 0,
            (None, true) => count - 1,
        };
        self.focus(Pane::ALL[next]);
    }

    /// Shows a pane and puts the focus on the thing that is used most in it.
    pub(super) fn focus(&mut self, pane: Pane) {
        self.reduce(Action::Show(pane));
        // A narrow screen shows the pane only after it has been drawn again.
        gloo::timers::callback::Timeout::new(0, move || {
            let Some(element) = pane_element(pane) else { return };
            let first = element.query_selector("[data-focus]").ok().flatten().unwrap_or(element);
            if let Some(first) = first.dyn_ref::<HtmlElement>() {
                let _ = first.focus();
            }
        })
        .forget();
    }
}

fn pane_element(pane: Pane) -> Option<web_sys::Element> {
    gloo::utils::document().get_element_by_id(pane.id())
}

/// Whether the key was pressed in a field, where it is text.
fn in_field(event: &KeyboardEvent) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<HtmlElement>().ok());
    target.is_some_and(|element| {
        matches!(element.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT")
    })
}
