use yew::prelude::*;

use crate::draw::{Edge, Node, Picture, ROW};
use crate::session::History;

/// The picture. It says nothing that the tree beside it does not say, so it is hidden from readers.
pub(super) fn picture(history: &History, drawn: &Picture) -> Html {
    let (x, y) = drawn.base;
    html! {
        <svg class="graph-picture" aria-hidden="true" width={drawn.width.to_string()}
            height={drawn.height.to_string()}>
            { for drawn.edges.iter().map(|line| edge(history, line)) }
            <rect class="graph-base" x={(x - 6.0).to_string()} y={(y - 6.0).to_string()}
                width="12" height="12" rx="2" />
            { for drawn.nodes.iter().map(|spot| node(history, spot)) }
        </svg>
    }
}

fn edge(history: &History, edge: &Edge) -> Html {
    let applied = history.is_applied(edge.child).to_string();
    html! {
        <path class={classes!("graph-edge", format!("lane-{}", edge.colour))} d={edge.path.clone()}
            data-applied={applied} data-dependency={edge.is_dependency.to_string()} />
    }
}

/// ● applied, ○ pending, ◇ a merge; a ring is around the current ones.
fn node(history: &History, node: &Node) -> Html {
    let (x, y) = (node.x, node.y);
    let applied = history.is_applied(node.revision).to_string();
    let class = classes!("graph-node", format!("lane-{}", node.colour));
    let key = history.graph.at(node.revision).id.to_string();
    let is_merge = history.graph.parents(node.revision).len() > 1;
    html! {
        <g key={key}>
            if history.current.contains(&node.revision) {
                <circle class="graph-ring" cx={x.to_string()} cy={y.to_string()} r="10.500" />
            }
            if is_merge {
                <path {class} data-applied={applied}
                    d={format!("M{x} {}l8 8l-8 8l-8 -8z", y - 8.0)} />
            } else {
                <circle {class} data-applied={applied} cx={x.to_string()} cy={y.to_string()} r="6" />
            }
        </g>
    }
}

/// The rows of the revisions that the database is at.
pub(super) fn pinned(history: &History, drawn: &Picture) -> Vec<usize> {
    let row = |position: &usize| drawn.nodes.iter().position(|node| node.revision == *position);
    let mut rows: Vec<usize> = history.current.iter().filter_map(row).collect();
    if history.at_base() {
        rows.push(drawn.nodes.len());
    }
    ambix_core::sort::sort(&mut rows);
    rows
}

/// How long a pin takes for one row, and at most, in milliseconds.
const TRAVEL: (usize, usize) = (220, 900);

/// One pin for each row that the database is at; it travels when the database moves.
#[derive(Default)]
pub(super) struct Pins {
    rows: Vec<usize>,
    /// Where they were before they moved.
    before: Vec<usize>,
}

impl Pins {
    pub(super) fn move_to(&mut self, rows: &[usize]) {
        if self.rows != rows {
            self.before = std::mem::replace(&mut self.rows, rows.to_vec());
        }
    }

    pub(super) fn html(&self) -> Html {
        let pin = |(nth, row): (usize, &usize)| {
            let far = self.before.get(nth).map_or(0, |before| row.abs_diff(*before));
            let (y, time) = (*row as f64 * ROW, (far * TRAVEL.0).min(TRAVEL.1));
            html! {
                <div key={nth} class="pin" aria-hidden="true"
                    style={format!("transform: translateY({y}px); transition-duration: {time}ms")}>
                    <span>{"database"}</span>
                </div>
            }
        };
        html! { <>{ for self.rows.iter().enumerate().map(pin) }</> }
    }
}
