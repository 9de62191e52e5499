//! `upgrade` and `downgrade`, on the database or as SQL.

use super::Done;
use super::desk::Desk;
use super::naming::revisions_to_run;
use crate::Revisions;
use crate::grammar::Travel;
use ambix_core::diagnostic::{Code, Diagnostic};
use ambix_core::engine::{self, OfflineSettings, Part};
use ambix_core::revision::{Direction, Name, RevisionId, Symbol};

pub(super) async fn go(desk: &Desk, to: Travel, direction: Direction) -> Done {
    match to.target.split_once(':') {
        Some(_) if !to.sql => {
            Err(Diagnostic::error(Code::InvalidOptions, "Range revision not allowed").hint_command(
                "a range is for SQL that is written and not run",
                format!("{direction} {} --sql", to.target),
            ))
        }
        None if to.sql && direction == Direction::Downgrade => Err(Diagnostic::error(
            Code::InvalidOptions,
            "downgrade with --sql requires <fromrev>:<torev>",
        )
        .hint_command("for example", format!("downgrade head:{} --sql", to.target))),
        range if to.sql => {
            let (start, target) = range.unwrap_or(("", &to.target));
            write(desk, start, target, direction).await
        }
        _ => run(desk, &to, direction).await,
    }
}

async fn run(desk: &Desk, to: &Travel, direction: Direction) -> Done {
    desk.connect_to_change().await?;
    desk.keep_no_backup(to.no_backup);
    let revisions = revisions_to_run(desk).await?;
    let settings = &desk.project().await?.settings;
    let result = match direction {
        Direction::Upgrade => engine::upgrade(desk, &revisions, &to.target, settings).await,
        Direction::Downgrade => engine::downgrade(desk, &revisions, &to.target, settings).await,
    };
    // Revisions before the one that failed have been applied, so this is due after an error too.
    desk.flush().await?;
    result.map(|_| ())
}

async fn write(desk: &Desk, start: &str, target: &str, direction: Direction) -> Done {
    desk.context(Some("Generating static SQL")).await?;
    let revisions = revisions_to_run(desk).await?;
    let rows = starting_rows(&revisions, start)?;
    let plan = engine::plan(&revisions.graph, &rows, target, direction)?;
    for warning in &plan.warnings {
        desk.warn(warning.clone()).await;
    }
    let script = engine::offline(&revisions, &plan, &offline_settings(desk).await?)?;
    print(desk, script).await;
    Ok(())
}

/// How scripts are written in this project.
pub(super) async fn offline_settings(desk: &Desk) -> Result<OfflineSettings, Diagnostic> {
    desk.project().await?.offline.clone()
}

/// Where a script begins: at one revision, or at the base.
pub(super) fn starting_rows(
    revisions: &Revisions,
    start: &str,
) -> Result<Vec<RevisionId>, Diagnostic> {
    let name = Name::parse(start);
    if start.is_empty() || name.symbol == Symbol::Base {
        return Ok(Vec::new());
    }
    let graph = &revisions.graph;
    let at = graph.find_one(&name, start)?;
    Ok(at.map(|at| graph.at(at).id.clone()).into_iter().collect())
}

/// Prints a script, each part after its log line.
pub(super) async fn print(desk: &Desk, script: Vec<Part>) {
    for Part { log, texts } in script {
        if let Some(log) = log {
            desk.log("alembic.runtime.migration", log).await;
        }
        for text in texts {
            for line in text.lines() {
                desk.line(line).await;
            }
            desk.line("").await;
        }
    }
}
