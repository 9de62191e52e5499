//! What to say when the database refused a list.

use super::version_table::{HEAD_MOVED, NOT_ONE_ROW};
use super::{Event, Failure, KEPT, Port, Role, Statement, VersionTable};
use crate::diagnostic::{Code, Diagnostic};
use crate::revision::{Direction, Step};
use crate::sqlite::alter::{FOREIGN_KEY, ROWS_LOST, SCHEMA_MOVED};
use alloc::{format, string::ToString, vec::Vec};

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

/// The error for a change outside of any revision that the database refused.
pub(super) fn of_change(statements: &[Statement], failure: &Failure) -> Diagnostic {
    let statement = failure.statement.and_then(|at| statements.get(at));
    let mut diagnostic = about_the_schema(&failure.message, statement)
        .unwrap_or_else(|| Diagnostic::error(Code::StatementFailed, failure.message.clone()));
    diagnostic.statement = statement.map(|statement| statement.sql.clone());
    diagnostic.hint("nothing was changed: the database is as it was before")
}

/// The error behind a message of an assertion about the schema, or of SQLite about a view.
fn about_the_schema(message: &str, statement: Option<&Statement>) -> Option<Diagnostic> {
    if let Some(broken) = statement.and_then(|statement| statement.sql.strip_prefix("EXPLAIN ")) {
        let what = format!("{broken} would no longer work: {message}");
        return Some(Diagnostic::error(Code::StillMentioned, what).hint(
            "a view or a trigger mentions what changes; drop it first and create it again as it should be",
        ));
    }
    let told = |code: &str| {
        let (_, after) = message.split_once(code)?;
        let after = after.trim_start();
        let end = after.find(['\'', '"']).unwrap_or(after.len());
        Some(after[..end].trim_end_matches([':', ' ']).to_string())
    };
    if let Some(table) = told(SCHEMA_MOVED) {
        let what = format!("Table '{table}' was changed while this was being planned");
        return Some(
            Diagnostic::error(Code::SchemaMoved, what)
                .hint("another connection changed it at the same time; run it again"),
        );
    }
    if let Some(table) = told(ROWS_LOST) {
        let what = format!("Not all rows of table '{table}' could be copied");
        return Some(
            Diagnostic::error(Code::RowsLost, what)
                .hint("all rows are where they were; please report this with the revision"),
        );
    }
    if let Some(table) = told(FOREIGN_KEY) {
        let what = format!(
            "Rows of table '{table}' would refer to rows that are not there: FOREIGN KEY constraint failed"
        );
        return Some(Diagnostic::error(Code::ForeignKeyViolated, what).hint(format!(
            "correct or delete these rows first; PRAGMA foreign_key_check({table}) lists those that there \
             are already"
        )));
    }
    let (kind, after) = [("view", "error in view "), ("trigger", "error in trigger ")]
        .into_iter()
        .find_map(|(kind, words)| Some((kind, message.split_once(words)?.1)))?;
    let (name, why) = after.split_once(':')?;
    // Broken by the change itself, if SQLite says after what.
    let (name, is_new) = match name.split_once(" after ") {
        Some((name, _)) => (name, true),
        None => (name, false),
    };
    let kept = format!("The {kind} '{name}' is broken:{why}");
    let diagnostic = Diagnostic::error(Code::BrokenView, kept);
    Some(match is_new {
        true => diagnostic.hint(format!(
            "it mentions what this revision changes; drop {kind} {name} first and create it again after"
        )),
        false => diagnostic.hint(format!(
            "it was so before this revision; drop it (DROP {} {name}) or create it as it should be, in a \
             revision before this one",
            kind.to_ascii_uppercase()
        )),
    })
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
    let mut diagnostic = about_the_schema(&failure.message, statement)
        .unwrap_or_else(|| Diagnostic::error(Code::StatementFailed, failure.message.clone()));
    if let Some(Role::Operation { place, .. }) = role {
        diagnostic.place.clone_from(place);
    }
    if let Some(Role::Operation { name, .. }) = role
        && let Some(hint) = about_rows(&failure.message, name)
    {
        diagnostic = diagnostic.hint(hint);
    }
    if let Some(hint) = about_kept(step, statements, statement, &failure.message) {
        diagnostic = diagnostic.hint(hint);
    }
    diagnostic = diagnostic.hint(unchanged(step));
    match (statement, role) {
        (None, _) if diagnostic.message.contains("FOREIGN KEY") => {
            diagnostic = diagnostic.hint(
                "the transaction was refused at its end: rows refer to others that are not there; PRAGMA \
                 foreign_key_check lists them",
            );
        }
        (Some(_), Some(Role::Operation { name, place: Some(place), .. }))
            if place.file.ends_with(".py") =>
        {
            // What a table comes to is read from many directives, and some of them stand in a batch.
            diagnostic = diagnostic.hint(match name.as_str() {
                "batch_alter_table" | "execute" => {
                    "the directive at this line asked for this statement".into()
                }
                // It may be that of a batch.
                "alter_column"
                | "drop_constraint"
                | "create_primary_key"
                | "create_foreign_key"
                | "create_unique_constraint"
                | "create_check_constraint" => {
                    format!("{name} asked for this statement")
                }
                _ => format!("op.{name} asked for this statement"),
            });
        }
        _ => {}
    }
    if let Some(column) = about_drop_column(&failure.message) {
        diagnostic = diagnostic.hint(format!(
            "SQLite's own DROP COLUMN does not do it: `DROP COLUMN {column} RESTRICT` makes the table anew \
             without the column, `DROP COLUMN {column} CASCADE` also drops what mentions it"
        ));
    }
    diagnostic.statement = statement.map(|statement| statement.sql.clone());
    diagnostic
}

/// What to do about rows that are there and break what the operation of that name asks for.
fn about_rows(message: &str, name: &str) -> Option<&'static str> {
    match name {
        "add_column" if message.contains("NOT NULL constraint failed") => {
            Some("the rows that are there need a value: give the column a default")
        }
        "execute" | "bulk_insert" | "create_table" | "drop_table" => None,
        _ if message.contains("constraint failed") && !message.contains("FOREIGN KEY") => Some(
            "rows that are there break it; correct or delete them first, in the same revision or before",
        ),
        _ => None,
    }
}

/// The column that ALTER TABLE DROP COLUMN refuses to drop because of what it is.
fn about_drop_column(message: &str) -> Option<&str> {
    let kinds = ["cannot drop UNIQUE column: \"", "cannot drop PRIMARY KEY column: \""];
    let (_, name) = kinds.iter().find_map(|words| message.split_once(words))?;
    name.split_once('"').map(|(name, _)| name)
}

/// The way out where what was kept does not fit: the table of the statement that was refused, or where COMMIT was,
/// those that rows come from.
fn about_kept(
    step: &Step,
    statements: &[Statement],
    refused: Option<&Statement>,
    message: &str,
) -> Option<alloc::string::String> {
    if step.direction != Direction::Downgrade || !message.contains("constraint failed") {
        return None;
    }
    let from = |statement: &Statement| {
        let (verb, rest) = statement.sql.split_once(' ')?;
        let at = rest.find(KEPT).filter(|_| matches!(verb, "INSERT" | "UPDATE"))?;
        let name = &rest[at..];
        let end = name.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        Some(format!("DROP TABLE {}", &name[..end.unwrap_or(name.len())]))
    };
    let drops: Vec<_> = match refused {
        Some(statement) => from(statement).into_iter().collect(),
        None => statements.iter().filter_map(from).collect(),
    };
    (!drops.is_empty()).then(|| {
        format!(
            "content that was kept for this downgrade does not fit; make room for it, or give it up for good: {}",
            drops.join("; ")
        )
    })
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
