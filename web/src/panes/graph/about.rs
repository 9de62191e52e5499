use yew::prelude::*;

use super::Props;
use crate::app::{Message, saying_of};
use crate::session::{Action, Question, Spot, losses_to};
use crate::ui::{Button, Icon, Kind};

/// The selected revision, and what can be done with it; without one, what is wrong, or how to go on.
pub(super) fn about(props: &Props) -> Html {
    let history = &props.history;
    let troubles = history.diagnostics.iter().map(|found| found.message.clone());
    let unknown = history
        .unknown
        .iter()
        .map(|id| format!("The database is at {id}, of which there is no file."));
    let troubles: Vec<String> = troubles.chain(unknown).collect();
    let content = match &props.selected {
        Some(spot) => selected(props, spot),
        None if troubles.is_empty() && history.graph.is_empty() => return Html::default(),
        None if troubles.is_empty() => html! {
            <p class="muted">{"Select a revision to bring the database there."}</p>
        },
        None => Html::default(),
    };
    html! {
        <div class="graph-about" role="region" aria-label="Selected revision">
            { for troubles.into_iter().map(|text| html! {
                <p><strong>{"! "}</strong>{ text }</p>
            }) }
            { content }
        </div>
    }
}

fn selected(props: &Props, spot: &Spot) -> Html {
    let history = &props.history;
    let may = props.ready && !props.read_only;
    let position = history.position(spot);
    let way = history.way_to(spot);
    let is_down = way.as_ref().is_some_and(|way| way.starts_with("downgrade"));
    let is_up = way.as_ref().is_some_and(|way| way.starts_with("upgrade"));
    let may_go = may && !(is_up && history.is_broken());
    let (label, icon) = match (spot, is_down) {
        (Spot::Base, _) => ("Downgrade to base", Icon::Bottom),
        (_, true) => ("Downgrade to this revision", Icon::Down),
        (_, false) => ("Upgrade to this revision", Icon::Up),
    };
    let go = saying_of(&props.send, way.as_deref().unwrap_or_default(), |way| {
        Message::Run(format!("alembic {way}"))
    });
    let title = match position {
        None => html! { <><strong>{"base"}</strong>{", before the first revision"}</> },
        Some(at) => {
            let revision = history.graph.at(at);
            html! {
                <>
                    <span class="mono">{ revision.id.to_string() }</span>{" "}
                    <strong>{ revision.message.clone() }</strong>
                    { format!(", {}", history.facts(at).join(", ")) }
                </>
            }
        }
    };
    let losses = losses_to(spot, history, &props.reading, &props.database);
    let file = position.map(|at| &history.graph.at(at).file);
    let open = |file| Message::Do(Action::Open(file));
    let remove = |file| Message::Do(Action::Ask(Some(Question::Remove(file))));
    html! {
        <>
            <p>{ title }</p>
            if way.is_some() {
                { Button::new(label, go).icon(icon).kind(Kind::Main).disabled(!may_go).html() }
            } else {
                <span class="chip">{"the database is here"}</span>
            }
            if !losses.is_empty() {
                <p class="graph-losses">
                    <strong>{"That destroys "}</strong>
                    { losses.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ") }
                </p>
            }
            if let Some(file) = file {
                { Button::new("Open script", saying_of(&props.send, file, open))
                    .icon(Icon::Editor).html() }
                { Button::new("Delete script…", saying_of(&props.send, file, remove))
                    .bare().icon(Icon::Bin).kind(Kind::Plain).disabled(props.read_only).html() }
            }
        </>
    }
}
