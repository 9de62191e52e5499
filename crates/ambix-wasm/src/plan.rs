//! Plans without a database: what would run, from ids alone.

use crate::message::Trouble;
use ambix_core::diagnostic::Diagnostic;
use ambix_core::engine;
use ambix_core::revision::{Direction, Graph, Revision, RevisionId};
use tsify::Tsify;
use wasm_bindgen::prelude::*;

/// The ids that an upgrade (or a downgrade) to `target` runs, in order, separated by line ends.
///
/// `revisions` has a line for each: its id and those that it follows, separated by blanks. `current` are the
/// rows of the version table, separated by blanks. A text, because a list of objects takes longer to cross
/// than to plan; and a long one as UTF-8, because a `TextEncoder` is faster than the way of strings.
///
/// # Errors
/// If the revisions make no graph, or the target is none of it.
#[wasm_bindgen]
pub fn plan(
    revisions: &[u8],
    current: &str,
    target: &str,
    downgrade: bool,
) -> Result<String, JsValue> {
    let direction = if downgrade { Direction::Downgrade } else { Direction::Upgrade };
    let revisions = core::str::from_utf8(revisions).map_err(JsError::from)?;
    match planned(revisions, current, target, direction) {
        Ok(ids) => Ok(ids),
        Err(error) => Err(Trouble::from(&error).into_ts().map_err(JsError::from)?.into()),
    }
}

fn planned(
    revisions: &str,
    current: &str,
    target: &str,
    direction: Direction,
) -> Result<String, Diagnostic> {
    let (graph, diagnostics) = Graph::build(Revision::of_lines(revisions)?);
    if let Some(error) = diagnostics.into_iter().find(Diagnostic::is_error) {
        return Err(error);
    }
    let rows: Vec<RevisionId> = current.split_ascii_whitespace().map(RevisionId::stored).collect();
    let plan = engine::plan(&graph, &rows, target, direction)?;
    let ids: Vec<&str> = plan.steps.iter().map(|step| step.revision.as_str()).collect();
    Ok(ids.join("\n"))
}
