//! What to say when the database refused a list.

use super::version_table::{HEAD_MOVED, NOT_ONE_ROW};
use super::{Event, Failure, Port, Role, Statement, VersionTable};
use crate::diagnostic::{Code, Diagnostic};
use crate::revision::Step;
use alloc::format;

/// The error for a list that the database refused, which is also told as an event.
pub(super) async fn refused(
    port: &impl Port,
    step: &Step,
    statements: &[Statement],
    failure: Failure,
    version_table: &VersionTable,
) -> Diagnostic {
    let diagnostic = explain(step, statements, &failure, version_table);
    let refused = failure.statement.filter(|at| *at < statements.len());
    let told = diagnostic.clone();
    port.tell(Event::Refused { statements: statements.to_vec(), refused, diagnostic: told }).await;
    diagnostic
}

fn explain(
    step: &Step,
    statements: &[Statement],
    failure: &Failure,
    version_table: &VersionTable,
) -> Diagnostic {
    let statement = failure.statement.and_then(|at| statements.get(at));
    let role = statement.map(|statement| &statement.origin.role);
    let is_bookkeeping = !matches!(role, Some(Role::Operation { .. }));
    let at_the_end = failure.statement.is_some_and(|at| at + 2 >= statements.len() && at > 1);
    if is_bookkeeping && at_the_end && failure.message.contains(HEAD_MOVED) {
        return Diagnostic::error(
            Code::ForbiddenStatement,
            format!("The SQL of revision {} changes {} itself", step.revision, version_table.name),
        )
        .hint("take that out, the rows are kept for it")
        .hint(unchanged(step));
    }
    if is_bookkeeping && failure.message.contains(HEAD_MOVED) {
        return head_moved(&format!("while revision {} was being planned", step.revision));
    }
    let found = failure.message.split_once(NOT_ONE_ROW).map(|(_, after)| after);
    if let (Some(Role::RowAssertion(change)), Some(found)) = (role, found) {
        let found = found.split(' ').next().unwrap_or("0");
        return Diagnostic::error(Code::HeadMoved, version_table.not_one_row(change, found))
            .hint(format!(
                "the SQL of revision {} changes {} itself; take that out, the rows are kept for it",
                step.revision, version_table.name
            ))
            .hint(unchanged(step));
    }
    let mut diagnostic = Diagnostic::error(Code::StatementFailed, failure.message.clone());
    if let Some(Role::Operation { place, .. }) = role {
        diagnostic.place.clone_from(place);
    }
    diagnostic = diagnostic.hint(unchanged(step));
    match (statement, role) {
        (None, _) if diagnostic.message.contains("FOREIGN KEY") => {
            diagnostic = diagnostic.hint(
                "the transaction was refused at its end: rows refer to others that are not there; PRAGMA \
                 foreign_key_check lists them",
            );
        }
        (Some(_), Some(Role::Operation { name, place: Some(place) }))
            if place.file.ends_with(".py") =>
        {
            diagnostic = diagnostic.hint(format!("op.{name} asked for this statement"));
        }
        _ => {}
    }
    diagnostic.statement = statement.map(|statement| statement.sql.clone());
    diagnostic
}

fn unchanged(step: &Step) -> alloc::string::String {
    format!(
        "nothing of revision {} was applied: the database is as it was before it",
        step.revision
    )
}

/// The error for a list whose first assertion failed.
pub(super) fn head_moved(when: &str) -> Diagnostic {
    Diagnostic::error(Code::HeadMoved, format!("The database moved on {when}")).hint(
        "something else upgraded or downgraded it at the same time; nothing was changed; run the command \
         again",
    )
}
