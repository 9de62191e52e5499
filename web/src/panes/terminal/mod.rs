//! The terminal: what commands say, and the prompt.

mod entry;
mod prompt;

use web_sys::Element;
use yew::prelude::*;

use crate::app::Message;
use crate::session::{History, Proposal, Shared};

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) terminal: Shared<crate::session::Terminal>,
    pub(crate) history: Shared<History>,
    pub(crate) proposal: Proposal,
    /// Whether commands can be run.
    pub(crate) ready: bool,
    pub(crate) send: Callback<Message>,
}

#[component]
pub(crate) fn Terminal(props: &Props) -> Html {
    let (log, input) = (use_node_ref(), use_node_ref());
    {
        let log = log.clone();
        let newest = props.terminal.entries.last().map(|(serial, _)| *serial);
        use_effect_with(newest, move |_| {
            if let Some(log) = log.cast::<Element>() {
                log.set_scroll_top(log.scroll_height());
            }
        });
    }
    {
        let input = input.clone();
        use_effect_with(props.terminal.focus, move |focus| {
            if *focus > 0 {
                prompt::enter(&input);
            }
        });
    }
    html! {
        <>
            <div class="pane-head"><h2 id="terminal-title">{"Terminal"}</h2></div>
            <div class="log scroll" ref={log} role="log" tabindex="0" aria-label="Terminal output">
                if props.terminal.entries.is_empty() {
                    <p class="entry entry-note">
                        {"Alembic's commands, as its tutorial writes them. Type "}
                        <code>{"help"}</code>{" for a list."}
                    </p>
                }
                { for props.terminal.entries.iter().map(|(serial, entry)| {
                    entry::entry(*serial, entry, &props.send)
                }) }
            </div>
            { prompt::prompt(props, &input) }
        </>
    }
}
