//! `plan`: what an upgrade or a downgrade would run.

use super::Done;
use super::desk::Desk;
use super::naming::revisions_to_run;
use crate::Revisions;
use ambix_core::diagnostic::{Code, Diagnostic};
use ambix_core::engine::{self, Model, ScriptDirectory, statements_of};
use ambix_core::revision::{Direction, Plan, RevisionId, Step, Target};
use serde_json::{Value, json};

pub(super) async fn plan(desk: &Desk, target: &str, as_json: bool) -> Done {
    let revisions = revisions_to_run(desk).await?;
    desk.connect().await?;
    let rows = desk.state().await?.heads;
    let (direction, plan) = towards(&revisions, &rows, target)?;
    if direction == Direction::Upgrade {
        engine::refuse_edited(desk, &revisions, &desk.project().await?.settings).await?;
    }
    for warning in &plan.warnings {
        desk.warn(warning.clone()).await;
    }
    let mut steps = Vec::new();
    let mut model = match plan.steps.is_empty() {
        true => Model::offline(),
        false => Model::read(desk).await?.without_questions(),
    };
    for step in &plan.steps {
        let body = revisions.body(&step.revision);
        let directives = body.of(direction)?;
        let destroys = directives.iter().any(|directive| directive.operation.destroys_data());
        steps.push((step, statements_of(directives, &mut model)?, destroys));
    }
    if as_json {
        let steps: Vec<Value> = steps.iter().map(|(s, sql, lost)| json_of(s, sql, *lost)).collect();
        let plan = json!({ "direction": direction.to_string(), "target": target, "steps": steps });
        desk.line(format!("{plan:#}")).await;
        return Ok(());
    }
    if steps.is_empty() {
        desk.line("Nothing to do: the database is there.").await;
    }
    for (step, statements, destroys) in steps {
        desk.line(format!("-- {}", step.to_string().trim_start_matches("Running "))).await;
        if destroys {
            desk.line("-- destroys data").await;
        }
        for statement in statements {
            for line in format!("{statement};").lines() {
                desk.line(line).await;
            }
        }
        desk.line("").await;
    }
    Ok(())
}

/// Up or down: to what is applied it goes down, to everything else up.
fn towards(
    revisions: &Revisions,
    rows: &[RevisionId],
    target: &str,
) -> Result<(Direction, Plan), Diagnostic> {
    let graph = &revisions.graph;
    let up = engine::plan(graph, rows, target, Direction::Upgrade);
    let is_up = match (&up, Target::parse(target)) {
        (Ok(plan), Target::Relative(relative)) if relative.from.is_none() => {
            relative.steps > 0 || !plan.steps.is_empty()
        }
        (Err(error), _) => !matches!(error.code, Code::RelativeTarget),
        (Ok(plan), _) => !plan.steps.is_empty(),
    };
    if is_up {
        return Ok((Direction::Upgrade, up?));
    }
    match engine::plan(graph, rows, target, Direction::Downgrade) {
        // It is where it is meant to be.
        Ok(plan) if plan.steps.is_empty() && up.is_ok() => Ok((Direction::Upgrade, up?)),
        Ok(plan) => Ok((Direction::Downgrade, plan)),
        // It is where it is meant to be.
        Err(_) if up.is_ok() => Ok((Direction::Upgrade, up?)),
        Err(error) => Err(error),
    }
}

fn json_of(step: &Step, statements: &[String], destroys: bool) -> Value {
    let ids = |ids: &[RevisionId]| ids.iter().map(RevisionId::as_str).map(String::from).collect();
    let (from, to): (Vec<String>, Vec<String>) = (ids(&step.from), ids(&step.to));
    json!({
        "direction": step.direction.to_string(),
        "revision": step.revision.as_str(),
        "message": step.message,
        "from": from,
        "to": to,
        "statements": statements,
        "destroys_data": destroys,
    })
}
