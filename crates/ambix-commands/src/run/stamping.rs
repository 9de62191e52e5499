//! `stamp` and `ensure_version`: the version table alone.

use super::Done;
use super::desk::Desk;
use super::naming::revisions_to_run;
use super::travel::{offline_settings, print, starting_rows};
use ambix_core::diagnostic::{Code, Diagnostic};
use ambix_core::engine;
use ambix_core::revision::{Name, plan_stamp};

pub(super) async fn stamp(
    desk: &Desk,
    revisions: Vec<String>,
    sql: bool,
    purge: bool,
    accept: bool,
) -> Done {
    if sql {
        if accept {
            return Err(Diagnostic::error(
                Code::InvalidOptions,
                "Can't use --accept with --sql mode",
            )
            .hint("the journal that it corrects is in the database"));
        }
        return write(desk, &revisions, purge).await;
    }
    if accept && !revisions.is_empty() {
        return Err(Diagnostic::error(
            Code::InvalidOptions,
            "--accept is for the revisions that were edited; it takes no other",
        )
        .hint_command("say that edited revisions are applied as they are now", "stamp --accept"));
    }
    desk.connect_to_change().await?;
    let scripts = revisions_to_run(desk).await?;
    let settings = &desk.project().await?.settings;
    if !revisions.is_empty() {
        let targets: Vec<Name> = revisions.iter().map(|text| Name::parse(text)).collect();
        let steps = engine::stamp(desk, &scripts.graph, &targets, purge, settings).await?;
        for step in steps {
            desk.log("alembic.runtime.migration", step.to_string()).await;
        }
    }
    if accept {
        let accepted = engine::accept(desk, &scripts, settings).await?;
        if accepted.is_empty() {
            desk.line("No applied revision was edited.").await;
        }
        for id in accepted {
            desk.line(format!("Revision {id} counts as applied as it is now.")).await;
        }
    }
    desk.flush().await
}

async fn write(desk: &Desk, revisions: &[String], purge: bool) -> Done {
    let mut start: Option<&str> = None;
    let mut targets = Vec::new();
    for revision in revisions {
        let target = match revision.split_once(':') {
            Some((from, _)) if start.is_some_and(|start| start != from) => {
                return Err(Diagnostic::error(
                    Code::InvalidOptions,
                    "Stamp operation with --sql only supports a single starting revision at a time",
                )
                .hint("give the part before the colon once, or the same everywhere"));
            }
            Some((from, target)) => {
                start = Some(from);
                target
            }
            None => revision,
        };
        targets.push(Name::parse(target));
    }
    desk.context(Some("Generating static SQL")).await?;
    let scripts = desk.revisions().await?;
    if purge {
        return Err(Diagnostic::error(Code::InvalidOptions, "Can't use --purge with --sql mode")
            .hint("a script does not know what the table holds"));
    }
    let rows = starting_rows(&scripts, start.unwrap_or_default())?;
    let steps = plan_stamp(&scripts.graph, &scripts.graph.rows(&rows)?, &targets)?;
    print(desk, engine::offline_stamp(&rows, &steps, &offline_settings(desk).await?)).await;
    Ok(())
}

pub(super) async fn ensure_version(desk: &Desk, sql: bool) -> Done {
    if !sql {
        desk.connect_to_change().await?;
        return desk.flush().await;
    }
    desk.context(Some("Generating static SQL")).await?;
    let settings = offline_settings(desk).await?;
    print(desk, vec![engine::Part { log: None, texts: vec![settings.create_version_table()] }])
        .await;
    Ok(())
}
