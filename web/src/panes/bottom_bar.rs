use yew::prelude::*;

use crate::app::Message;
use crate::session::{Action, LowerTab, Pane};
use crate::ui::Icon;

/// On a narrow screen one pane is shown at a time; this is where it is chosen.
pub(crate) fn bottom_bar(shown: Pane, chosen: LowerTab, send: &Callback<Message>) -> Html {
    let pane = |name: &'static str, icon: Icon, pane: Pane| {
        let is_shown = shown == pane;
        button(name, icon, is_shown, send.reform(move |_| Message::Do(Action::Show(pane))))
    };
    let lower = |icon: Icon, tab: LowerTab| {
        let is_shown = shown == Pane::Lower && chosen == tab;
        button(tab.name(), icon, is_shown, send.reform(move |_| Message::Do(Action::Lower(tab))))
    };
    html! {
        <nav class="bottom-bar" aria-label="Panes">
            { pane("Editor", Icon::Editor, Pane::Editor) }
            { pane("Terminal", Icon::Terminal, Pane::Terminal) }
            { pane("Graph", Icon::Graph, Pane::Graph) }
            { lower(Icon::Schema, LowerTab::Schema) }
            { lower(Icon::Data, LowerTab::Data) }
            { lower(Icon::Sql, LowerTab::Sql) }
        </nav>
    }
}

fn button(name: &'static str, icon: Icon, is_shown: bool, onclick: Callback<MouseEvent>) -> Html {
    html! {
        <button type="button" aria-current={is_shown.to_string()} {onclick}>
            { icon.html() }{ name }
        </button>
    }
}
