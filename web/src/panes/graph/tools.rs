use yew::prelude::*;

use super::Props;
use crate::app::{Message, saying, saying_of};
use crate::session::{Action, Question};
use crate::ui::{Button, Icon, Kind};

/// What is done most, by one click each. The buttons run the command lines that somebody would type.
pub(super) fn tools(props: &Props) -> Html {
    let history = &props.history;
    let may = props.ready && !props.read_only;
    let run = |line: &'static str| saying_of(&props.send, line, Message::Run);
    // What is broken stands below the picture.
    let up = may && history.has_pending() && !history.is_broken();
    let down = may && !history.current.is_empty();
    let to_head = match history.graph.heads().len() {
        0 | 1 => "alembic upgrade head",
        _ => "alembic upgrade heads",
    };
    let ask = saying(&props.send, || Message::Do(Action::Ask(Some(Question::NewRevision))));
    html! {
        <div class="graph-tools" role="group" aria-label="Change the database">
            { Button::new("New revision…", ask).icon(Icon::Plus).kind(Kind::Main).disabled(!may).html() }
            { Button::new("Upgrade to head", run(to_head)).icon(Icon::Top).disabled(!up).html() }
            { Button::new("Up one", run("alembic upgrade +1")).icon(Icon::Up).disabled(!up).html() }
            { Button::new("Down one", run("alembic downgrade -1"))
                .icon(Icon::Down).disabled(!down).html() }
            { Button::new("Down to base", run("alembic downgrade base"))
                .icon(Icon::Bottom).disabled(!down).html() }
        </div>
    }
}
