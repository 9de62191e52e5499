//! The history: a picture, and beside it the same as a tree of sentences.

mod about;
mod picture;
mod rows;
mod tools;

use yew::prelude::*;

use crate::app::Message;
use crate::draw;
use crate::panes::mark::mark;
use crate::session::{History, Shared, Spot};
use picture::Pins;

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) history: Shared<History>,
    pub(crate) selected: Option<Spot>,
    /// Whether commands can be run.
    pub(crate) ready: bool,
    pub(crate) read_only: bool,
    pub(crate) send: Callback<Message>,
}

#[component]
pub(crate) fn Graph(props: &Props) -> Html {
    let history = &props.history;
    let drawn = draw::picture(&history.graph, &history.lanes);
    html! {
        <>
            { tools::tools(props) }
            if history.graph.is_empty() {
                <div class="graph empty">
                    { mark() }
                    <p>{"No revisions yet. A revision is one step of the database: a script that \
                         goes up, and down again."}</p>
                </div>
            } else {
                <div class="graph">
                    <div class="graph-inner"
                        style={format!("--row: {}px; --lanes: {}px", draw::ROW, drawn.width + 8.0)}>
                        { picture::picture(history, &drawn) }
                        { rows::rows(props, &drawn) }
                        <Pins rows={picture::pinned(history, &drawn)} />
                    </div>
                </div>
            }
            { about::about(props) }
        </>
    }
}
