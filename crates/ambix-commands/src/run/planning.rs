//! `plan`: what an upgrade or a downgrade would run.

use super::Done;
use super::desk::Desk;
use super::naming::revisions_to_run;
use crate::{Revisions, listing};
use ambix_core::diagnostic::{Code, Diagnostic};
use ambix_core::engine::{self, Model, ScriptDirectory, statements_of_step};
use ambix_core::operation::loss::Loss;
use ambix_core::revision::{Direction, Plan, RevisionId, Step, Target};
use serde_json::{Value, json};

pub(super) async fn plan(desk: &Desk, target: String, as_json: bool) -> Done {
    let revisions = revisions_to_run(desk).await?;
    desk.connect().await?;
    let rows = desk.state().await?.heads;
    let (direction, plan) = towards(&revisions, &rows, &target)?;
    if direction == Direction::Upgrade {
        engine::refuse_edited(desk, &revisions, &desk.project().await?.settings).await?;
    }
    for warning in &plan.warnings {
        desk.warn(warning.clone()).await;
    }
    let steps = planned(desk, &revisions, &plan).await?;
    if as_json {
        let steps: Vec<Value> = steps.iter().map(json_of).collect();
        let plan = json!({ "direction": direction.to_string(), "target": target, "steps": steps });
        desk.json(&plan).await;
        return Ok(());
    }
    if steps.is_empty() {
        desk.line("Nothing to do: the database is there.").await;
    }
    for Planned { step, statements, losses, irreversible } in steps {
        desk.line(format!("-- {}", step.to_string().trim_start_matches("Running "))).await;
        if let Some(reason) = irreversible {
            let colon = if reason.is_empty() { "" } else { ": " };
            desk.line(format!("-- irreversible{colon}{}", reason.replace('\n', " "))).await;
        }
        for loss in losses {
            desk.line(format!("-- {} {loss}", effect(&loss))).await;
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

/// A step that would run.
struct Planned<'a> {
    step: &'a Step,
    statements: Vec<String>,
    losses: Vec<Loss>,
    /// Why it cannot be taken back, if it says so.
    irreversible: Option<String>,
}

/// The steps with what they run and destroy. Their rows are counted in the database as it is before all of
/// them.
async fn planned<'a>(
    desk: &Desk,
    revisions: &Revisions,
    plan: &'a Plan,
) -> Result<Vec<Planned<'a>>, Diagnostic> {
    let mut model = match plan.steps.is_empty() {
        true => Model::offline(),
        false => Model::read(desk).await?.without_questions(),
    };
    let settings = &desk.project().await?.settings;
    let bodies: Vec<_> = plan.steps.iter().map(|step| revisions.body(&step.revision)).collect();
    let known = plan.steps.iter().zip(&bodies).map(|(step, body)| body.of(step.direction));
    let known: Vec<_> = known.filter_map(Result::ok).collect();
    model.ask_foreign_keys(desk, &known, settings).await;
    let mut inventory = model.inventory();
    let (mut steps, mut all, mut ends) = (Vec::new(), Vec::new(), Vec::new());
    for step in &plan.steps {
        let directives = engine::directives_on(revisions, &step.revision, step.direction, &model)?;
        let keeps = step.direction == Direction::Upgrade
            && engine::keeps(revisions, &step.revision, settings.keep_data);
        all.extend(engine::losses(&directives, &mut inventory, keeps));
        ends.push(all.len());
        steps.push((step, statements_of_step(step, revisions, settings, &mut model)?));
    }
    engine::count_losses(desk, &mut all).await;
    let mut from = 0;
    let planned = steps.into_iter().zip(ends).map(|((step, statements), end)| {
        let losses = all[from..end].iter().filter(|loss| !loss.is_none()).cloned().collect();
        from = end;
        let revision = revisions.graph.get(&step.revision);
        let irreversible = revision.and_then(|revision| revision.irreversible.clone());
        Planned { step, statements, losses, irreversible }
    });
    Ok(planned.collect())
}

/// What becomes of something that goes.
pub(super) fn effect(loss: &Loss) -> &'static str {
    if loss.kept { "keeps for the downgrade:" } else { "destroys data:" }
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

fn json_of(planned: &Planned<'_>) -> Value {
    let Planned { step, statements, losses, irreversible } = planned;
    let ids = |ids: &[RevisionId]| ids.iter().map(RevisionId::as_str).map(String::from).collect();
    let (from, to): (Vec<String>, Vec<String>) = (ids(&step.from), ids(&step.to));
    json!({
        "direction": step.direction.to_string(),
        "revision": step.revision.as_str(),
        "message": step.message,
        "from": from,
        "to": to,
        "statements": statements,
        "destroys_data": losses.iter().any(|loss| !loss.kept),
        "losses": losses,
        "irreversible": listing::irreversible_json(irreversible.as_deref()),
    })
}
