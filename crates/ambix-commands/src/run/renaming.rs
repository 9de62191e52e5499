//! Which tables and columns have got another name: what `--rename` says, and what the person answers.

use super::Done;
use super::comparing::read_database;
use super::desk::Desk;
use crate::Scratch;
use ambix_core::autogenerate::{Candidate, Rename, Rules, renamed_columns, renamed_tables};
use ambix_core::diagnostic::{Code, Diagnostic};
use ambix_core::engine::{self, Answer, Port as _};
use ambix_core::operation::Operation;
use ambix_core::schema::Schema;
use ambix_core::script;

/// Renames in the schema of the database what has another name in `wanted`. Gives what was renamed, in order: tables,
/// then columns.
pub(super) async fn settle(
    desk: &Desk,
    database: &mut Schema,
    wanted: &Schema,
    given: &[Rename],
    rules: &Rules,
) -> Result<Vec<Rename>, Diagnostic> {
    let mut settled: Vec<Rename> = Vec::new();
    for of_columns in [false, true] {
        let is_one = |rename: &&Rename| rename.table.is_some() == of_columns;
        let mut now: Vec<Rename> = given.iter().filter(is_one).cloned().collect();
        for rename in &now {
            rename.check(database, wanted, rules)?;
        }
        let candidates = match (rules.parity, of_columns) {
            (true, _) => Vec::new(),
            (false, false) => renamed_tables(database, wanted, rules),
            (false, true) => renamed_columns(database, wanted, rules),
        };
        for candidate in candidates {
            let Candidate { rename, .. } = &candidate;
            let is_told = |it: &Rename| {
                it.table == rename.table && (it.from == rename.from || it.to == rename.to)
            };
            if !now.iter().any(is_told) && is_renamed(desk, &candidate).await? {
                now.push(candidate.rename);
            }
        }
        if now.is_empty() {
            continue;
        }
        if settled.is_empty() {
            desk.scratch(Scratch::Open { copy: true }).await?;
        }
        desk.work_on_scratch(true);
        let renamed = rename(desk, &now, database).await;
        if let Some(error) = desk.work_on_scratch(false) {
            return Err(error);
        }
        renamed?;
        settled.extend(now);
    }
    Ok(settled)
}

/// Asks, and where nobody can answer tells how to say it.
async fn is_renamed(desk: &Desk, candidate: &Candidate) -> Result<bool, Diagnostic> {
    if let Some(answer) = desk.answer_to(format!("{candidate}: is it renamed? [y/N]")).await? {
        return Ok(matches!(answer.trim(), "y" | "Y" | "yes"));
    }
    let message = format!("{candidate}: its values are dropped, unless it is renamed");
    desk.warn(Diagnostic::warning(Code::PossibleRename, message).hint_command(
        "if it is, say so",
        format!("revision --autogenerate -m \"…\" --rename {}", candidate.rename.word()),
    ))
    .await;
    Ok(false)
}

/// Renames on the scratch database, and reads what it is then.
async fn rename(desk: &Desk, renames: &[Rename], database: &mut Schema) -> Done {
    let operations: Vec<Operation> = renames.iter().map(Rename::operation).collect();
    let statements = script::statements(&operations)?.into_iter().map(super::comparing::statement);
    let request = engine::Request::Atomic(statements.collect());
    if let Answer::Failed(failure) = desk.database(request).await {
        return Err(Diagnostic::error(Code::StatementFailed, failure.message)
            .hint("SQLite does not rename this on a copy of the database"));
    }
    *database = read_database(desk).await?;
    Ok(())
}
