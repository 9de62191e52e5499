use ambix_core::diagnostic::{Diagnostic, Hint};
use yew::prelude::*;

use crate::app::{Message, saying_of};
use crate::session::{Action, Entry, Question};
use crate::ui::{Button, Kind};

/// One entry. What kind it is shows in signs and words, not in colours alone.
pub(super) fn entry(serial: usize, entry: &Entry, send: &Callback<Message>) -> Html {
    match entry {
        Entry::Command(line) => html! {
            <div key={serial} class="entry entry-command" data-entry="command">{ line.clone() }</div>
        },
        Entry::Line(line) => html! {
            <div key={serial} class="entry" data-entry="line">{ line.clone() }</div>
        },
        Entry::Log(line) => html! {
            <div key={serial} class="entry entry-log" data-entry="log">{ line.clone() }</div>
        },
        Entry::Note(text) => html! {
            <div key={serial} class="entry entry-note" data-entry="note">{ text.clone() }</div>
        },
        Entry::Problem(problem) => self::problem(serial, problem, send),
    }
}

fn problem(serial: usize, problem: &Diagnostic, send: &Callback<Message>) -> Html {
    let code = problem.code;
    let (kind, word) = if problem.is_error() { ("error", "error") } else { ("warning", "warning") };
    let why = send.reform(move |()| Message::Do(Action::Ask(Some(Question::Why(code)))));
    let place = problem.place.as_ref().map(|place| {
        let (file, line) = (place.file.clone(), place.line);
        let go = send.reform(move |()| Message::Do(Action::Jump(file.clone(), line)));
        html! {
            <div class="entry">
                {"at "}
                { Button::new(format!("{}, line {line}", place.file), go).kind(Kind::Link).html() }
            </div>
        }
    });
    html! {
        <div key={serial} class="entry-problem" data-entry={kind}
            data-warning={(!problem.is_error()).then_some("")}>
            <div class="entry">
                <strong>{ format!("{word}[{code}]: ") }</strong>{ problem.message.clone() }{" "}
                { Button::new("Why?", why).name(format!("Why? Explain {code}")).kind(Kind::Link).html() }
            </div>
            { place }
            if let Some(statement) = &problem.statement {
                <pre>{ statement.clone() }</pre>
            }
            { for problem.hints.iter().map(|hint| self::hint(hint, send)) }
        </div>
    }
}

/// A way out. Its command is a button that types it; running it is left to the person.
fn hint(hint: &Hint, send: &Callback<Message>) -> Html {
    let command = hint.command.as_ref().map(|command| {
        let line = format!("alembic {command}");
        let typed = saying_of(send, &line, |line| Message::Do(Action::Type(line)));
        html! {
            <>{" "}{ Button::new(line.clone(), typed)
                .name(format!("Type {line}")).kind(Kind::Link).html() }</>
        }
    });
    html! {
        <div class="entry entry-hint" data-entry="hint">
            <strong class="muted">{"hint: "}</strong>{ hint.text.clone() }{ command }
        </div>
    }
}
