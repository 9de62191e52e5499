//! The history: a picture, and beside it the same as a tree of sentences.

mod about;
mod picture;
mod rows;
mod tools;

use web_sys::Element;
use yew::prelude::*;

use crate::app::Message;
use crate::draw;
use crate::panes::mark::mark;
use crate::session::{DatabaseView, History, Reading, Shared, Spot};
use picture::Pins;

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) history: Shared<History>,
    pub(crate) reading: Shared<Reading>,
    pub(crate) database: Shared<DatabaseView>,
    pub(crate) selected: Option<Spot>,
    /// Whether commands can be run.
    pub(crate) ready: bool,
    pub(crate) read_only: bool,
    pub(crate) send: Callback<Message>,
}

#[component]
pub(crate) fn Graph(props: &Props) -> Html {
    let history = &props.history;
    let drawn = draw::picture(&history.graph, &history.lanes, |at| history.is_applied(at));
    let pinned = picture::pinned(history, &drawn);
    let pins = use_mut_ref(Pins::default);
    pins.borrow_mut().move_to(&pinned);
    let scroller = use_node_ref();
    {
        let scroller = scroller.clone();
        use_effect_with(pinned, move |rows| {
            if let (Some(scroller), Some(row)) = (scroller.cast::<Element>(), rows.first()) {
                bring_into_sight(&scroller, *row);
            }
        });
    }
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
                <div class="graph" ref={scroller}>
                    <div class="graph-inner"
                        style={format!("--row: {}px; --lanes: {}px", draw::ROW, drawn.width + 8.0)}>
                        { picture::picture(history, &drawn) }
                        { rows::rows(props, &drawn) }
                        { pins.borrow().html() }
                    </div>
                </div>
            }
            { about::about(props) }
        </>
    }
}

/// Scrolls the graph, and nothing around it, so that the row is seen.
fn bring_into_sight(scroller: &Element, row: usize) {
    let selector = format!(".graph-rows > :nth-child({})", row + 1);
    let Ok(Some(item)) = scroller.query_selector(&selector) else { return };
    let (item, view) = (item.get_bounding_client_rect(), scroller.get_bounding_client_rect());
    let by = scroll_by((item.top(), item.bottom()), (view.top(), view.bottom()));
    scroller.set_scroll_top(scroller.scroll_top() + by.round() as i32);
}

/// How far to scroll until the item is in the view; both are top and bottom.
fn scroll_by(item: (f64, f64), view: (f64, f64)) -> f64 {
    if item.0 < view.0 {
        item.0 - view.0
    } else {
        // An item that is higher than the view shows its beginning.
        (item.1 - view.1).max(0.0).min(item.0 - view.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scrolling_goes_no_farther_than_needed() {
        let view = (100.0, 200.0);
        for (item, by) in [
            ((120.0, 150.0), 0.0),
            ((80.0, 110.0), -20.0),
            ((190.0, 220.0), 20.0),
            ((150.0, 400.0), 50.0),
        ] {
            assert_eq!(scroll_by(item, view), by);
        }
    }
}
