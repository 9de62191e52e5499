use web_sys::KeyboardEvent;
use yew::prelude::*;

use super::Props;
use crate::app::{Message, saying_of};
use crate::draw::{Node, Picture};
use crate::session::{Action, History, Spot};
use crate::ui::focus_item;

/// The tree: one item a row, and the base as the last one.
pub(super) fn rows(props: &Props, drawn: &Picture) -> Html {
    let history = &props.history;
    let chosen = props.selected.as_ref();
    // The tree has one place in the order of Tab: the selected row, or else the first.
    let entry = match chosen {
        Some(Spot::Base) => drawn.nodes.len(),
        Some(spot) => {
            let at = history.position(spot);
            drawn.nodes.iter().position(|node| Some(node.revision) == at).unwrap_or(0)
        }
        None => 0,
    };
    let item = |(row, node): (usize, &Node)| {
        let revision = history.graph.at(node.revision);
        let spot = Spot::Revision(revision.id.clone());
        let facts = history.facts(node.revision);
        let parents: Vec<&str> = history
            .graph
            .parents(node.revision)
            .iter()
            .map(|at| history.graph.at(*at).id.as_str())
            .collect();
        let parent = match parents[..] {
            [] => "first revision".to_owned(),
            [one] => format!("parent {one}"),
            _ => format!("parents {}", parents.join(" and ")),
        };
        let open: Callback<MouseEvent> =
            saying_of(&props.send, &revision.file, |file| Message::Do(Action::Open(file)));
        html! {
            <li key={revision.id.to_string()} role="treeitem"
                aria-selected={(chosen == Some(&spot)).to_string()}
                tabindex={if row == entry { "0" } else { "-1" }}
                data-focus={(row == entry).then_some("")}
                data-revision={revision.id.to_string()}
                onclick={select(props, &spot)} ondblclick={open}>
                <span class="row-message">{ revision.message.clone() }{ comma() }</span>
                <span class="row-facts">
                    <span class="mono">{ revision.id.to_string() }{ comma() }</span>
                    { self::facts(&facts) }
                </span>
                <span class="quiet">{", "}{ parent }</span>
            </li>
        }
    };
    let row = drawn.nodes.len();
    let mut base_facts = vec!["before the first revision".to_owned()];
    if history.at_base() {
        base_facts.push("current".into());
    }
    html! {
        <ul class="graph-rows" role="tree" aria-label="Revisions, newest first"
            onkeydown={keys(props, drawn)}>
            { for drawn.nodes.iter().enumerate().map(item) }
            <li key="<base>" role="treeitem"
                aria-selected={(chosen == Some(&Spot::Base)).to_string()}
                tabindex={if row == entry { "0" } else { "-1" }}
                data-focus={(row == entry).then_some("")} data-revision="base"
                onclick={select(props, &Spot::Base)}>
                <span class="row-message">{"base"}{ comma() }</span>
                <span class="row-facts">{ facts(&base_facts) }</span>
            </li>
        </ul>
    }
}

/// Heard between two parts of a row that are seen apart.
fn comma() -> Html {
    html! { <span class="quiet">{", "}</span> }
}

/// What stands beside a node. Where the database is, it has been applied: the node shows that, so it
/// is only heard.
fn facts(facts: &[String]) -> Html {
    let is_current = facts.iter().any(|fact| fact == "current");
    let is_seen = |fact: &&String| !(is_current && *fact == "applied");
    let seen: Vec<&str> = facts.iter().filter(is_seen).map(String::as_str).collect();
    html! {
        <>
            <span class="quiet">{ facts.join(", ") }</span>
            <span aria-hidden="true">{ seen.join(" · ") }</span>
        </>
    }
}

fn select(props: &Props, spot: &Spot) -> Callback<MouseEvent> {
    let spot = spot.clone();
    props.send.reform(move |_| Message::Do(Action::Select(Some(spot.clone()))))
}

/// ↓ to a parent, ↑ to a child, ← and → among siblings, Enter opens the script, U types the upgrade
/// and D the downgrade.
fn keys(props: &Props, drawn: &Picture) -> Callback<KeyboardEvent> {
    let (history, selected, send) =
        (props.history.clone(), props.selected.clone(), props.send.clone());
    let order: Vec<usize> = drawn.nodes.iter().map(|node| node.revision).collect();
    Callback::from(move |event: KeyboardEvent| {
        if event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        let from = match &selected {
            Some(spot) => history.position(spot),
            None => order.first().copied(),
        };
        let to = match event.key().as_str() {
            "ArrowDown" if selected.is_none() => from,
            "ArrowUp" if selected.is_none() => from,
            "ArrowDown" => from.and_then(|at| history.graph.parents(at).first().copied()),
            "ArrowUp" => Some(match from {
                Some(at) => history.graph.children(at).first().copied().unwrap_or(at),
                None => match history.graph.bases().first() {
                    Some(first) => *first,
                    None => return,
                },
            }),
            "ArrowLeft" | "ArrowRight" => {
                let Some(at) = from else { return };
                Some(sibling(&history, at, event.key() == "ArrowRight"))
            }
            "Home" => order.first().copied(),
            "End" => None,
            "Enter" | " " => {
                event.prevent_default();
                if let Some(at) = from {
                    let file = history.graph.at(at).file.clone();
                    send.emit(Message::Do(Action::Open(file)));
                }
                return;
            }
            key @ ("u" | "U" | "d" | "D") => {
                event.prevent_default();
                let target =
                    from.map_or("base".to_owned(), |at| history.graph.at(at).id.to_string());
                let way = if key.eq_ignore_ascii_case("u") { "upgrade" } else { "downgrade" };
                send.emit(Message::Do(Action::Type(format!("alembic {way} {target}"))));
                return;
            }
            _ => return,
        };
        event.prevent_default();
        let spot = to.map_or(Spot::Base, |at| Spot::Revision(history.graph.at(at).id.clone()));
        send.emit(Message::Do(Action::Select(Some(spot))));
        let row = match to {
            Some(at) => order.iter().position(|other| *other == at),
            None => Some(order.len()),
        };
        if let Some(row) = row {
            focus_item(&event, "[role=tree]", row);
        }
    })
}

/// The next revision that follows the same one, around in a circle.
fn sibling(history: &History, at: usize, forward: bool) -> usize {
    let siblings = match history.graph.parents(at).first() {
        Some(parent) => history.graph.children(*parent).to_vec(),
        None => history.graph.bases(),
    };
    let count = siblings.len();
    match siblings.iter().position(|other| *other == at) {
        Some(nth) if forward => siblings[(nth + 1) % count],
        Some(nth) => siblings[(nth + count - 1) % count],
        None => at,
    }
}
