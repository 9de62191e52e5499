//! The terminal: what commands say, and the prompt.

mod entry;
mod prompt;

use web_sys::Element;
use yew::prelude::*;

use crate::app::Message;
use crate::session::{History, Proposal, Shared};
use prompt::Prompt;

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
    let log = use_node_ref();
    {
        let log = log.clone();
        let newest = props.terminal.entries.last().map(|(serial, _)| *serial);
        use_effect_with(newest, move |_| {
            if let Some(log) = log.cast::<Element>() {
                log.set_scroll_top(log.scroll_height());
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
            <Prompt line={AttrValue::from(props.terminal.prompt.clone())} focus={props.terminal.focus}
                history={props.history.clone()} proposal={props.proposal.clone()}
                ready={props.ready} send={props.send.clone()} />
        </>
    }
}
