use ambix_core::diagnostic::Diagnostic;
use yew::prelude::*;

use super::Props;
use crate::app::Message;
use crate::session::{Action, Question};
use crate::ui::{Button, Kind};

/// What is wrong with the shown file, line by line, with the way out.
pub(super) fn problems(props: &Props, path: &str) -> Html {
    let found: Vec<&Diagnostic> = props.reading.problems_in(path).collect();
    let item = |problem: &&Diagnostic| {
        let line = problem.place.as_ref().map_or(1, |place| place.line);
        let code = problem.code;
        let jump = {
            let path = path.to_owned();
            props.send.reform(move |()| Message::Do(Action::Jump(path.clone(), line)))
        };
        let why = props.send.reform(move |()| Message::Do(Action::Ask(Some(Question::Why(code)))));
        let word = if problem.is_error() { "error" } else { "warning" };
        html! {
            <li data-warning={(!problem.is_error()).then_some("")}>
                { Button::new(format!("Line {line}"), jump).kind(Kind::Link).html() }
                <span><strong>{ word }{": "}</strong>{ problem.message.clone() }</span>
                { Button::new("Why?", why).name(format!("Why? Explain {code}")).kind(Kind::Link).html() }
                { for problem.hints.iter().map(|hint| html! {
                    <span class="hint">{"hint: "}{ hint.text.clone() }</span>
                }) }
            </li>
        }
    };
    html! {
        <div class="problems" role="status" aria-label="Problems">
            if !found.is_empty() {
                <ul>{ for found.iter().map(item) }</ul>
            }
        </div>
    }
}
