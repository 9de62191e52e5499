//! `verify`: each revision up, down and up again on a scratch database.

use super::Done;
use super::desk::Desk;
use super::naming::{revisions_to_run, to_run};
use crate::{Revisions, Scratch};
use ambix_core::diagnostic::{Code, Diagnostic};
use ambix_core::engine::{self, ScriptDirectory, Settings};
use ambix_core::revision::{Direction, RevisionId, Step};
use serde_json::{Value, json};

/// What was found out of a revision.
struct Verdict {
    revision: RevisionId,
    message: String,
    /// Whether it ran on a copy of the database, with its rows, or on an empty one.
    on_copy: bool,
    /// What is wrong with it.
    problem: Option<Diagnostic>,
}

pub(super) async fn verify(desk: &Desk, as_json: bool) -> Done {
    let revisions = revisions_to_run(desk).await?;
    desk.connect().await?;
    let rows = desk.state().await?.heads;
    let settings = Settings {
        journal: false,
        version_table: desk.project().await?.settings.version_table.clone(),
        guarded: false,
        keep_data: false,
    };
    let mut verdicts = Vec::new();
    desk.scratch(Scratch::Open { copy: false }).await?;
    try_all(desk, &revisions, &settings, &[], false, &mut verdicts).await?;
    if !rows.is_empty() {
        // What is still to come meets the rows that are there.
        desk.scratch(Scratch::Open { copy: true }).await?;
        try_all(desk, &revisions, &settings, &rows, true, &mut verdicts).await?;
    }
    report(desk, verdicts, as_json).await
}

async fn try_all(
    desk: &Desk,
    revisions: &Revisions,
    settings: &Settings,
    rows: &[RevisionId],
    on_copy: bool,
    verdicts: &mut Vec<Verdict>,
) -> Done {
    let steps = engine::plan(&revisions.graph, rows, "heads", Direction::Upgrade)?.steps;
    for step in steps {
        desk.work_on_scratch(true);
        let problem = try_one(desk, revisions, settings, &step).await.err();
        if let Some(error) = desk.work_on_scratch(false) {
            return Err(error);
        }
        let stop = problem.as_ref().is_some_and(|error| error.code != Code::VerificationFailed);
        let (revision, message) = (step.revision, step.message);
        verdicts.push(Verdict { revision, message, on_copy, problem });
        if stop {
            break;
        }
    }
    Ok(())
}

/// Applies a new revision to a copy of the database and takes it back. Gives what is wrong with the way up, and with the
/// way down.
pub(super) async fn rehearse(
    desk: &Desk,
    revisions: &Revisions,
    id: &RevisionId,
    path: &str,
    text: &str,
) -> Result<[Option<Diagnostic>; 2], Diagnostic> {
    let project = desk.project().await?;
    let revisions = to_run(desk, revisions.clone().and(path, text)).await?;
    let settings = Settings { journal: false, guarded: false, ..project.settings.clone() };
    desk.scratch(Scratch::Open { copy: true }).await?;
    desk.work_on_scratch(true);
    let up = match revisions.checked() {
        Ok(revisions) => engine::upgrade(desk, revisions, id.as_str(), &settings).await.map(|_| ()),
        Err(error) => Err(error),
    };
    let down = match &up {
        Ok(()) => engine::take_back(desk, &revisions, id, &settings).await.map(|_| ()),
        Err(_) => Ok(()),
    };
    if let Some(error) = desk.work_on_scratch(false) {
        return Err(error);
    }
    Ok([
        up.err().map(|error| does_not_run("upgrade", error)),
        down.err().map(|error| does_not_run("downgrade", error)),
    ])
}

fn does_not_run(way: &str, why: Diagnostic) -> Diagnostic {
    let message = format!("This {way} does not run on a copy of the database: {}", why.message);
    Diagnostic::warning(why.code, message)
        .hint(format!("the file is written, and its {way} says so; change it before it is applied"))
}

/// Applies the revision, takes it back, and applies it again.
async fn try_one(desk: &Desk, revisions: &Revisions, settings: &Settings, step: &Step) -> Done {
    let id = step.revision.as_str();
    let before = schema(desk, settings).await?;
    engine::upgrade(desk, revisions, id, settings).await?;
    if revisions.body(&step.revision).downgrade.as_ref().is_err_and(is_declared) {
        return Ok(());
    }
    let after = schema(desk, settings).await?;
    engine::take_back(desk, revisions, &step.revision, settings).await?;
    let back = schema(desk, settings).await?;
    let differs = |what: &str, wanted: &[String], got: &[String]| match wanted == got {
        true => Ok(()),
        false => Err(Diagnostic::error(
            Code::VerificationFailed,
            format!("Revision {id}: the schema is not the same after {what}"),
        )
        .hint(difference(wanted, got))),
    };
    differs("upgrade and downgrade", &before, &back)?;
    engine::upgrade(desk, revisions, id, settings).await?;
    let again = schema(desk, settings).await?;
    differs("upgrade, downgrade and upgrade", &after, &again)
}

/// A revision that says that it cannot be taken back is only applied.
fn is_declared(why: &Diagnostic) -> bool {
    why.code == Code::DeclaredIrreversible
}

/// The first statements that one schema has and the other has not.
fn difference(wanted: &[String], got: &[String]) -> String {
    let missing = wanted.iter().find(|sql| !got.contains(sql));
    let added = got.iter().find(|sql| !wanted.contains(sql));
    match (missing, added) {
        (Some(missing), Some(added)) => format!("it was\n{missing}\nand is\n{added}"),
        (Some(missing), None) => format!("this is gone:\n{missing}"),
        (None, Some(added)) => format!("this is left:\n{added}"),
        (None, None) => "the order of its parts is another one".into(),
    }
}

async fn report(desk: &Desk, verdicts: Vec<Verdict>, as_json: bool) -> Done {
    if as_json {
        let verdicts: Vec<Value> = verdicts
            .iter()
            .map(|verdict| {
                json!({
                    "revision": verdict.revision.as_str(),
                    "message": verdict.message,
                    "database": if verdict.on_copy { "copy" } else { "empty" },
                    "ok": verdict.problem.is_none(),
                    "problem": verdict.problem,
                })
            })
            .collect();
        desk.json(&Value::Array(verdicts)).await;
    } else {
        for Verdict { revision, message, on_copy, problem } in &verdicts {
            let mark = if problem.is_none() { "ok" } else { "FAILED" };
            let on = if *on_copy { " (on a copy of the database)" } else { "" };
            desk.line(format!("{revision} {mark}{on}, {message}")).await;
        }
    }
    match verdicts.into_iter().find_map(|verdict| verdict.problem) {
        Some(problem) => Err(problem),
        None => Ok(()),
    }
}

/// The texts of everything in the scratch database but the bookkeeping, sorted.
async fn schema(desk: &Desk, settings: &Settings) -> Result<Vec<String>, Diagnostic> {
    let sql = format!(
        "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND tbl_name NOT IN ({}, '{}') AND name \
         NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY type, name",
        ambix_core::sqlite::quote::text(&settings.version_table.name),
        engine::JOURNAL_TABLE
    );
    let rows = engine::query(desk, sql).await?;
    let text = |row: Vec<engine::Value>| row.first().and_then(|v| v.as_text()).map(String::from);
    Ok(rows.rows.into_iter().filter_map(text).collect())
}
