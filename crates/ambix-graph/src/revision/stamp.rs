//! What has to be written into the version table so that it says something else, with nothing run.

use super::graph::Graph;
use super::id::joined;
use super::resolve::unknown;
use super::rows::Rows;
use super::{Name, RevisionId, Symbol, VersionChanges};
use crate::diagnostic::{Code, Diagnostic};
use alloc::string::String;
use alloc::{format, vec, vec::Vec};
use core::fmt;

/// One revision that is stamped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StampStep {
    /// The rows that it takes the place of.
    pub from: Vec<RevisionId>,
    /// The revision; none for `base`.
    pub to: Vec<RevisionId>,
    /// What happens to the rows.
    pub changes: VersionChanges,
}

impl StampStep {
    /// `stamp_revision a -> b`.
    pub fn short(&self) -> String {
        format!("stamp_revision {} -> {}", joined(&self.from), joined(&self.to))
    }
}

/// Alembic's log line.
impl fmt::Display for StampStep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Running {}", self.short())
    }
}

/// Plans what a stamp of `targets` does to a version table with the rows `current`.
///
/// Each target takes the place of the rows on its lines, dependencies included; rows on other lines stay.
/// `base` deletes the rows of its lineage. Follows Alembic's `ScriptDirectory._stamp_revs`.
///
/// # Errors
/// If a target names nothing, or is ambiguous; or if several lie below the same row, where only the first
/// would find it (Alembic ends in a traceback then, half way).
pub fn plan_stamp(
    graph: &Graph,
    current: &[usize],
    targets: &[Name],
) -> Result<Vec<StampStep>, Diagnostic> {
    let mut replaced: Vec<usize> = Vec::new();
    if !current.is_empty() {
        let is_empty = |name: &Name| matches!(&name.symbol, Symbol::Id(id) if id.is_empty());
        for target in targets.iter().filter(|target| !is_empty(target)) {
            let on_line = line(graph, target)?;
            for row in current.iter().filter(|row| on_line[**row]) {
                if !replaced.contains(row) {
                    replaced.push(*row);
                }
            }
        }
    }
    let mut destinations: Vec<usize> = Vec::new();
    for target in targets.iter().filter(|target| counted(target).is_none() || targets.len() == 1) {
        destinations.extend(graph.find(target).map_err(single_target)?);
    }
    if targets.len() > 1
        && let Some(target) = targets.iter().find(|target| counted(target).is_some())
    {
        return Err(unknown(target.symbol.as_str(), graph)
            .hint("what counts from every head cannot be stamped beside something else"));
    }
    let mut rows = Rows::new(graph, current);
    let ids = |list: &[usize]| list.iter().map(|at| graph.at(*at).id.clone()).collect::<Vec<_>>();
    if destinations.is_empty() {
        let delete = |at: usize| StampStep {
            from: ids(&[at]),
            to: Vec::new(),
            changes: rows.replace(vec![at], Vec::new()),
        };
        return Ok(replaced.into_iter().map(delete).collect());
    }
    let mut steps = Vec::new();
    for at in destinations {
        if replaced.contains(&at) || rows.has(at) {
            continue;
        }
        let (below, above) = (graph.ancestry(&[at]), graph.progeny(&[at]));
        let related = replaced.iter().any(|row| below[*row] || above[*row]);
        let is_above = replaced.iter().any(|row| above[*row]);
        if is_above && replaced.iter().any(|row| below[*row]) {
            return Err(between(graph, at));
        }
        if replaced.iter().any(|row| above[*row] && !rows.has(*row)) {
            return Err(several_below(graph, at));
        }
        let from = if related { replaced.clone() } else { Vec::new() };
        let gone = from.iter().copied().filter(|row| rows.has(*row)).collect();
        let changes = rows.replace(gone, vec![at]);
        steps.push(StampStep { from: ids(&from), to: ids(&[at]), changes });
    }
    Ok(steps)
}

/// `-1` counts from the heads of the files.
fn counted(target: &Name) -> Option<i64> {
    target.symbol.as_str().parse().ok().filter(|steps| *steps < 0)
}

/// The revisions above and below what a target names, dependencies included.
fn line(graph: &Graph, target: &Name) -> Result<Vec<bool>, Diagnostic> {
    let mut points = match &target.branch {
        Some(branch) => vec![graph.find_branch(branch)?],
        None => Vec::new(),
    };
    match target.symbol {
        // Where there is a row it is no place to take it to.
        _ if counted(target).is_some() => {
            return Err(unknown(target.symbol.as_str(), graph)
                .hint("a stamp names the revision itself; history lists them"));
        }
        Symbol::Base => {}
        _ => points.extend(graph.find(target).map_err(single_target)?),
    }
    if points.is_empty() {
        return Ok(vec![true; graph.len()]);
    }
    let mut on_line = graph.ancestry(&points);
    on_line.iter_mut().zip(graph.progeny(&points)).for_each(|(on, above)| *on |= above);
    Ok(on_line)
}

fn several_below(graph: &Graph, at: usize) -> Diagnostic {
    let id = &graph.at(at).id;
    Diagnostic::error(
        Code::InvalidTarget,
        format!("Revision {id} is stamped after another one that takes the place of the same row"),
    )
    .hint_command(
        "several revisions below one row are stamped from scratch",
        format!("stamp --purge {id} …"),
    )
}

fn between(graph: &Graph, at: usize) -> Diagnostic {
    let id = &graph.at(at).id;
    Diagnostic::error(
        Code::OverlappingRevisions,
        format!("Revision {id} lies between two rows of the version table"),
    )
    .hint_command(
        "the rows imply each other, which Alembic never writes; begin from scratch",
        format!("stamp --purge {id}"),
    )
}

fn single_target(error: Diagnostic) -> Diagnostic {
    match error.code {
        Code::MultipleHeads => error.with(|error| {
            error.message =
                "Multiple heads are present; please specify a single target revision".into();
        }),
        _ => error,
    }
}
