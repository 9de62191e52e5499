//! Applied revisions whose files were edited since.

use super::list::compile_downgrade;
use super::run::{atomic, bookkeeping, directives_on};
use super::{DatabaseState, Model, Port, Role, ScriptDirectory, Settings, Statement, journal};
use crate::diagnostic::{Code, Diagnostic};
use crate::revision::{Direction, RevisionId};
use alloc::{format, vec::Vec};

/// Says of applied revisions that were edited since that what their files do now is what was applied.
/// Gives the revisions that it was said of.
///
/// # Errors
/// If the database cannot be read or written, or a revision that was edited can no longer be read.
pub async fn accept(
    port: &impl Port,
    scripts: &impl ScriptDirectory,
    settings: &Settings,
) -> Result<Vec<RevisionId>, Diagnostic> {
    let settings = Settings { journal: true, ..settings.clone() };
    let state = DatabaseState::read(port, &settings).await?;
    let accepted = edited_revisions(scripts, &state)?;
    if accepted.is_empty() {
        return Ok(accepted);
    }
    let mut statements = downgrades(port, scripts, &state, &accepted).await?;
    let heads = settings.version_table.assert_heads(&state.heads);
    statements.insert(0, bookkeeping(Role::HeadAssertion, heads));
    atomic(port, statements).await?;
    Ok(accepted)
}

/// The journal's rows of these revisions. What takes a revision back is compiled for the schema that those after it
/// leave when they are taken back: the last comes first.
async fn downgrades(
    port: &impl Port,
    scripts: &impl ScriptDirectory,
    state: &DatabaseState,
    accepted: &[RevisionId],
) -> Result<Vec<Statement>, Diagnostic> {
    let graph = scripts.graph();
    let mut applied = graph.in_order(&graph.ancestry(&graph.rows(&state.heads)?));
    applied.reverse();
    let mut model = Some(Model::read(port).await?.anywhere());
    let mut statements = Vec::new();
    for at in applied {
        let id = &graph.at(at).id;
        let body = scripts.body(id);
        let downgrade = match &model {
            Some(model) => directives_on(scripts, id, Direction::Downgrade, model),
            None => body.of(Direction::Downgrade).map(<[_]>::to_vec),
        };
        let expects = match (&model, &downgrade) {
            (Some(model), Ok(downgrade)) => model.texts_of(downgrade),
            _ => Vec::new(),
        };
        let compiled =
            downgrade.and_then(|downgrade| compile_downgrade(&downgrade, id, model.as_mut()));
        if compiled.is_err() {
            // What is before it cannot be known.
            model = None;
        }
        if accepted.contains(id) {
            let hash = match scripts.hash(id) {
                Some(hash) => hash,
                None => journal::hash(body.of(Direction::Upgrade)?),
            };
            let accept = journal::accept(id, &hash, compiled, &expects);
            statements.push(bookkeeping(Role::Journal, accept));
        }
        if statements.len() == accepted.len() {
            break;
        }
    }
    Ok(statements)
}

/// The applied revisions whose files now say something else than what was applied, in the journal's
/// order. Rows of revisions that are not applied are stale and do not count.
fn edited_revisions(
    scripts: &impl ScriptDirectory,
    state: &DatabaseState,
) -> Result<Vec<RevisionId>, Diagnostic> {
    if state.journal.is_empty() {
        return Ok(Vec::new());
    }
    let graph = scripts.graph();
    let applied = graph.ancestry(&graph.rows(&state.heads)?);
    let is_applied = |id| graph.position(id).is_some_and(|at| applied[at]);
    // What can no longer be read was edited too: it could be, when it was applied.
    let edited = state.journal.iter().filter(|row| {
        is_applied(&row.revision) && scripts.hash(&row.revision).as_ref() != Some(&row.hash)
    });
    Ok(edited.map(|row| row.revision.clone()).collect())
}

/// The error that an upgrade would give because an applied revision was edited.
///
/// # Errors
/// That one; or if the database cannot be read.
pub async fn refuse_edited(
    port: &impl Port,
    scripts: &impl ScriptDirectory,
    settings: &Settings,
) -> Result<(), Diagnostic> {
    let state = DatabaseState::read(port, settings).await?;
    edited(scripts, &state).map_or(Ok(()), Err)
}

/// The error for the first of them.
pub(super) fn edited(scripts: &impl ScriptDirectory, state: &DatabaseState) -> Option<Diagnostic> {
    let edited = edited_revisions(scripts, state).ok()?;
    let revision = scripts.graph().get(edited.first()?)?;
    let down = revision.down.first().map_or("base", RevisionId::as_str);
    Some(
        Diagnostic::error(
            Code::EditedRevision,
            format!("Revision {} was edited after it was applied", revision.id),
        )
        .hint(format!(
            "{} no longer does what this database went through; undo the edit, or",
            revision.file
        ))
        .hint_command(
            "take it back to apply it again as it is now; the tables that it made lose their rows",
            format!("downgrade {down}"),
        )
        .hint_command(
            "if the database is already as the file says now, let it count as applied",
            "stamp --accept",
        ),
    )
}
