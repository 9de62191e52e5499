//! `check --drift`: the database beside what its revisions make of an empty one.

use super::Done;
use super::comparing::read_database;
use super::desk::Desk;
use super::naming::revisions_to_run;
use crate::Scratch;
use ambix_core::autogenerate::{Rules, compare};
use ambix_core::diagnostic::{Code, Diagnostic};
use ambix_core::engine::{self, Settings};
use ambix_core::operation::{Operation, SchemaChange};
use ambix_core::schema::{Column, Schema};
use ambix_core::script;
use ambix_core::sqlite::ddl;

pub(super) async fn check(desk: &Desk) -> Done {
    let state = desk.connect_to_look().await?;
    let revisions = revisions_to_run(desk).await?;
    let project = desk.project().await?;
    let settings =
        Settings { journal: false, guarded: false, keep_data: false, ..project.settings.clone() };
    desk.scratch(Scratch::Open { copy: false }).await?;
    desk.work_on_scratch(true);
    let mut wanted = Ok(Schema::default());
    for head in &state.heads {
        if let Err(error) = engine::upgrade(desk, &revisions, head.as_str(), &settings).await {
            wanted = Err(error);
            break;
        }
    }
    if wanted.is_ok() {
        wanted = read_database(desk).await;
    }
    if let Some(error) = desk.work_on_scratch(false) {
        return Err(error);
    }
    let mut wanted = wanted.map_err(|error| {
        error.hint("the revisions of this database do not run on an empty one; `verify` tells more")
    })?;
    let mut database = read_database(desk).await?;
    if let Some(filters) = &project.comparison.filters {
        filters.reduce(&mut database, &mut wanted, false)?;
    }
    let comparison =
        compare(&database, &wanted, &Rules { whole: true, names: false, ..Rules::ALL });
    for warning in comparison.warnings.clone() {
        desk.warn(warning).await;
    }
    let told: Vec<String> = comparison.upgrade.iter().map(difference).collect();
    let at: Vec<&str> = state.heads.iter().map(|head| head.as_str()).collect();
    let at = if at.is_empty() { "base".into() } else { at.join(", ") };
    if told.is_empty() {
        desk.line(format!("No drift: the database is what its revisions make ({at}).")).await;
        return Ok(());
    }
    for line in &told {
        desk.line(line).await;
    }
    let count = match told.len() {
        1 => "one difference".into(),
        count => format!("{count} differences"),
    };
    let message = format!("The database is not what its revisions make ({at}): {count}");
    let error = Diagnostic::error(Code::Drift, message)
        .hint("to keep what was changed by hand, write a revision that says it, and stamp this database with it");
    Err(match script::statements(&comparison.upgrade) {
        Ok(statements) if !statements.is_empty() => {
            let all = format!("{};", statements.join(";\n"));
            error.hint(format!("these statements take it back:\n{all}"))
        }
        _ => error,
    })
}

fn missing(what: &str) -> String {
    format!("{what} is missing, or was changed")
}

fn foreign(what: &str) -> String {
    format!("{what} is made by no revision like that")
}

/// What an operation that would put it right says of the database.
fn difference(operation: &Operation) -> String {
    let column = |table: &str, column: &str| format!("column {table}.{column}");
    match operation {
        Operation::CreateTable(create) => missing(&format!("table {}", create.table.name)),
        Operation::DropTable(drop) => foreign(&format!("table {}", drop.name)),
        Operation::AddColumn(add) => missing(&column(&add.table, &add.column.name)),
        Operation::DropColumn(drop) => foreign(&column(&drop.table, &drop.name)),
        Operation::CreateIndex(create) => missing(&format!("index {}", create.index.name)),
        Operation::DropIndex(drop) => foreign(&format!("index {}", drop.name)),
        Operation::AlterTable(alter) => {
            let table = &alter.table;
            match &alter.meaning {
                Some(SchemaChange::AlterColumn(alter)) => {
                    let sql = |column: &Column| {
                        ddl::column(column).unwrap_or_else(|_| column.name.clone())
                    };
                    let (is, should) = (sql(&alter.from), sql(&alter.to));
                    format!(
                        "column {table}.{}: it is `{is}` and should be `{should}`",
                        alter.to.name
                    )
                }
                Some(SchemaChange::AddConstraint(constraint)) => {
                    missing(&format!("{} of {table}", ddl::constraint(constraint)))
                }
                Some(
                    SchemaChange::DropConstraint(constraint)
                    | SchemaChange::DropUnnamed { constraint, .. },
                ) => foreign(&format!("{} of {table}", ddl::constraint(constraint))),
                Some(SchemaChange::ReplaceKey { .. }) => {
                    format!("the primary key of {table} is another one")
                }
                _ => format!("table {table} was changed"),
            }
        }
        // CREATE VIEW name, DROP TRIGGER name
        Operation::Execute(execute) => {
            let words: Vec<&str> = execute.sql.split_ascii_whitespace().take(4).collect();
            match &words[..] {
                ["DROP", kind, name, ..] => foreign(&format!("{} {name}", kind.to_lowercase())),
                [_, "VIRTUAL", _, name] => missing(&format!("virtual table {name}")),
                [_, kind, name, ..] => missing(&format!("{} {name}", kind.to_lowercase())),
                _ => missing(&execute.sql),
            }
        }
        other => other.name().into(),
    }
}
