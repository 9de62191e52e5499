//! Every statement that ran, grouped by revision, with the operation that it came from.

use ambix_core::engine::{Role, Value};
use ambix_core::revision::Direction;
use ambix_core::sqlite::alter::{Part, Phase};
use ambix_core::sqlite::token::{TokenKind, tokens};
use yew::prelude::*;

use crate::app::{Message, saying_of};
use crate::draw::{self, Paint};
use crate::panes::editor::line_html;
use crate::panes::mark::mark;
use crate::session::{Action, Run, Sent, SqlLog};
use crate::ui::{Button, Icon, Kind};

pub(super) fn sql(log: &SqlLog, send: &Callback<Message>) -> Html {
    html! {
        <div class="sql scroll" tabindex="0" role="region" aria-label="Statements that ran">
            if log.runs.is_empty() {
                <div class="empty">
                    { mark() }
                    <p>{"Nothing ran since this page was opened. Each upgrade and downgrade \
                         shows here what it asked SQLite to do."}</p>
                </div>
            }
            { for log.runs.iter().rev().map(|run| self::run(run, send)) }
        </div>
    }
}

fn run(run: &Run, send: &Callback<Message>) -> Html {
    let (sign, way) = match run.step.direction {
        Direction::Upgrade => ("▲", "upgrade"),
        Direction::Downgrade => ("▼", "downgrade"),
    };
    let copy = saying_of(send, &run.script(), Message::Copy);
    let id = run.step.revision.to_string();
    let name = format!("{way} {id} {}", run.step.message);
    html! {
        <section key={run.serial} class="run" data-way={way} aria-label={name.clone()}
            data-refused={run.refused.as_ref().map(|_| "")}>
            <div class="run-head">
                <h3>
                    <span class="run-way">{ sign }{" "}{ way }</span>{" "}
                    <span class="mono">{ id }</span>{" "}{ run.step.message.clone() }
                </h3>
                <span class="chip">
                    { if run.refused.is_some() { "refused, all undone" } else { "one transaction" } }
                </span>
                { Button::new("Copy", copy)
                    .name(format!("Copy the SQL of {name}")).icon(Icon::Copy).kind(Kind::Plain).html() }
            </div>
            if !run.losses.is_empty() && run.refused.is_none() {
                <ul class="run-losses">
                    { for run.losses.iter().map(|loss| html! {
                        <li data-kept={loss.kept.then_some("")}>
                            { if loss.kept { "kept for the downgrade: " } else { "destroyed: " } }
                            { loss.to_string() }
                        </li>
                    }) }
                </ul>
            }
            <ol class="bracket">
                { for run.groups().map(|group| self::group(group, send)) }
            </ol>
            if let Some(refused) = run.refused.as_ref().filter(|_| !run.sent.iter().any(|sent| sent.refused)) {
                <p class="sent-refused">{ refused.message.clone() }</p>
            }
            if let Some(refused) = run.refused.as_ref().filter(|_| run.sent.iter().any(|sent| sent.refused)) {
                <p class="sent-refused"><strong>{"refused: "}</strong>{ refused.message.clone() }</p>
            }
        </section>
    }
}

/// The statements that make a table anew stand under one heading; any other stands alone.
fn group(sent: &[Sent], send: &Callback<Message>) -> Html {
    let Some((first, part)) = sent.first().and_then(|first| Some((first, first.part()?))) else {
        return sent.iter().map(|sent| statement(sent, send)).collect();
    };
    html! {
        <li class="rebuild">
            <div class="rebuild-head">
                <h4><span class="mono">{ part.table.clone() }</span>{" is made anew"}</h4>
                { origin(&first.statement.origin.role, send) }
            </div>
            <ol>
                { for sent.iter().map(|sent| statement(sent, send)) }
            </ol>
        </li>
    }
}

/// Whether one line of it is enough: it keeps the engine's books, or changes nothing and had nothing to say.
fn is_folded(sent: &Sent) -> bool {
    let checks = matches!(sent.part(), Some(Part { phase: Phase::Assert | Phase::Check, .. }));
    sent.is_bookkeeping() || (checks && !sent.refused)
}

fn statement(sent: &Sent, send: &Callback<Message>) -> Html {
    let sql = &sent.statement.sql;
    let colours: Vec<Paint> = tokens(sql)
        .into_iter()
        .filter_map(|token| {
            let text = token.span.of(sql);
            Some((
                token.span,
                match token.kind {
                    TokenKind::Word if text.bytes().all(|byte| !byte.is_ascii_lowercase()) => {
                        "sql-keyword"
                    }
                    TokenKind::Text | TokenKind::Blob => "sql-text",
                    TokenKind::Number => "sql-number",
                    TokenKind::Comment => "sql-comment",
                    _ => return None,
                },
            ))
        })
        .collect();
    let lines = draw::paint(sql, &colours, &[]);
    let role = if sent.is_bookkeeping() { "bookkeeping" } else { "operation" };
    let values: Vec<String> = sent.statement.parameters.iter().map(value).collect();
    html! {
        <li class="sent" data-role={role} data-refused={sent.refused.then_some("")}>
            if is_folded(sent) {
                <details>
                    <summary>{ sql.split_whitespace().collect::<Vec<_>>().join(" ") }</summary>
                    <pre>{ for lines.iter().map(|line| line_html(line, false)) }</pre>
                </details>
            } else {
                <pre>{ for lines.iter().map(|line| line_html(line, false)) }</pre>
            }
            <div class="sent-end">
                if let Some(part) = sent.part() {
                    <span class="chip">{ part.phase.as_str() }</span>
                } else {
                    { origin(&sent.statement.origin.role, send) }
                }
                if sent.refused {
                    <strong class="sent-refused">{"refused"}</strong>
                }
            </div>
            if !values.is_empty() && !sent.is_bookkeeping() {
                <p class="sent-values">
                    {"with "}<span class="mono">{ values.join(", ") }</span>
                </p>
            }
        </li>
    }
}

/// Where it came from; from an operation there is a way back to its line.
fn origin(role: &Role, send: &Callback<Message>) -> Html {
    let word = match role {
        Role::Read => "reads",
        Role::HeadAssertion => "asserts where the database is",
        Role::RowAssertion(_) => "asserts that the row is there",
        Role::VersionTable => "version table",
        Role::Journal => "journal",
        Role::Operation { name, place: None, .. } => name,
        Role::Operation { name, place: Some(place), .. } => {
            let (file, line) = (place.file.clone(), place.line);
            let go =
                send.reform(move |_: MouseEvent| Message::Do(Action::Jump(file.clone(), line)));
            return html! {
                <button type="button" class="chip" onclick={go}>
                    { format!("{name} · line {line}") }
                </button>
            };
        }
    };
    html! { <span class="chip">{ word.to_owned() }</span> }
}

fn value(value: &Value) -> String {
    match value {
        Value::Null => "NULL".into(),
        Value::Integer(number) => number.to_string(),
        Value::Real(number) => format!("{number:?}"),
        Value::Text(text) => format!("'{text}'"),
        Value::Blob(bytes) => format!("{} bytes", bytes.len()),
    }
}
