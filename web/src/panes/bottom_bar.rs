use yew::prelude::*;

use crate::app::Message;
use crate::session::{Action, LowerTab, Pane};
use crate::ui::Icon;

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) shown: Pane,
    pub(crate) lower: LowerTab,
    pub(crate) send: Callback<Message>,
}

/// On a narrow screen one pane is shown at a time; this is where it is chosen.
#[component]
pub(crate) fn BottomBar(props: &Props) -> Html {
    let pane = |name: &'static str, icon: Icon, pane: Pane| {
        let is_shown = props.shown == pane;
        button(name, icon, is_shown, props.send.reform(move |_| Message::Do(Action::Show(pane))))
    };
    let lower = |icon: Icon, tab: LowerTab| {
        let is_shown = props.shown == Pane::Lower && props.lower == tab;
        button(
            tab.name(),
            icon,
            is_shown,
            props.send.reform(move |_| Message::Do(Action::Lower(tab))),
        )
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
