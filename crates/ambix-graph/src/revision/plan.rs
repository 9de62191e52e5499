//! What has to run, in order, to bring a database to a target.

use super::graph::Graph;
use super::id::joined;
use super::rows::Rows;
use super::{ResolvedTarget, RevisionId, RevisionIds};
use crate::diagnostic::{Code, Diagnostic};
use alloc::{format, string::String, vec::Vec};
use core::fmt;
use smallvec::SmallVec;

/// Up or down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// Applies revisions.
    Upgrade,
    /// Takes revisions back.
    Downgrade,
}

impl fmt::Display for Direction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Upgrade => "upgrade",
            Self::Downgrade => "downgrade",
        })
    }
}

/// One change of a row of the version table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VersionChange {
    /// A branch begins: a new row.
    Insert(RevisionId),
    /// A branch ends: its row goes.
    Delete(RevisionId),
    /// A branch moves on.
    Update {
        /// The id in the row.
        from: RevisionId,
        /// The id that takes its place.
        to: RevisionId,
    },
}

/// What happens to the rows of the version table in one step: mostly one change.
pub type VersionChanges = SmallVec<[VersionChange; 1]>;

/// One revision to apply or to take back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Up or down.
    pub direction: Direction,
    /// The revision.
    pub revision: RevisionId,
    /// What it is about.
    pub message: String,
    /// Its parents on the way up, itself on the way down.
    pub from: RevisionIds,
    /// Itself on the way up, its parents on the way down.
    pub to: RevisionIds,
    /// The rows of the version table before the step.
    pub heads_before: RevisionIds,
    /// What happens to these rows.
    pub changes: VersionChanges,
}

impl Step {
    /// The rows of the version table after the step.
    pub fn heads_after(&self) -> RevisionIds {
        let mut heads = self.heads_before.clone();
        for change in &self.changes {
            match change {
                VersionChange::Insert(id) => heads.push(id.clone()),
                VersionChange::Delete(id) => heads.retain(|head| head != id),
                VersionChange::Update { from, to } => {
                    heads.retain(|head| head != from);
                    heads.push(to.clone());
                }
            }
        }
        heads
    }

    /// `upgrade  -> 1975ea83b712`, without what it is about.
    pub fn short(&self) -> String {
        format!("{} {} -> {}", self.direction, joined(&self.from), joined(&self.to))
    }
}

/// Alembic's log line: `Running upgrade  -> 1975ea83b712, create account table`.
impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Running {}", self.short())?;
        match self.message.as_str() {
            "" => Ok(()),
            message => write!(f, ", {message}"),
        }
    }
}

/// Steps in the order in which they run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// The steps.
    pub steps: Vec<Step>,
    /// What is doubtful about it.
    pub warnings: Vec<Diagnostic>,
}

/// Plans an upgrade from `current` (positions, in the order of the version table's rows): everything
/// that the target needs and that is not applied yet, parents first.
///
/// # Errors
/// If a revision that is asked for, or a row of the version table, is implied by another one.
pub fn plan_upgrade(
    graph: &Graph,
    current: &[usize],
    target: &ResolvedTarget,
) -> Result<Plan, Diagnostic> {
    refuse_overlaps(graph, &target.revisions, "name the newest of them alone")?;
    let in_table = "the rows of alembic_version imply each other; Alembic never writes that";
    refuse_overlaps(graph, current, in_table)?;
    let applied = graph.ancestry(current);
    let mut wanted = graph.ancestry(&target.revisions);
    for (wanted, applied) in wanted.iter_mut().zip(applied) {
        *wanted &= !applied;
    }
    let order = graph.in_order(&wanted);
    let steps = steps(graph, current, &order, Direction::Upgrade);
    Ok(Plan { steps, warnings: target.warnings.clone() })
}

/// Plans a downgrade from `current`: everything applied that follows the target or depends on what
/// does, children first. To `base`, everything, or everything of the branch.
///
/// # Errors
/// If the target is not applied, so that there is no way down to it.
pub fn plan_downgrade(
    graph: &Graph,
    current: &[usize],
    target: &ResolvedTarget,
) -> Result<Plan, Diagnostic> {
    let lowest = target.revisions.first().copied();
    let mut roots = match lowest {
        None => graph.bases(),
        Some(lowest) => graph.children(lowest).to_vec(),
    };
    if let Some(branch) = target.branch
        && roots.len() > 1
    {
        let below = graph.branch_ancestry(&[branch]);
        roots.retain(|at| below[*at]);
        if roots.is_empty() {
            return Err(Diagnostic::error(
                Code::InvalidTarget,
                "Not a valid downgrade target from current heads",
            )
            .hint_command("see where the database is", "history --indicate-current"));
        }
    }
    let mut doomed = graph.progeny(&roots);
    let applied = graph.ancestry(current);
    doomed.iter_mut().zip(applied).for_each(|(doomed, applied)| *doomed &= applied);
    let mut order = graph.in_order(&doomed);
    order.reverse();
    if let (Some(lowest), []) = (lowest, order.as_slice())
        && !current.contains(&lowest)
    {
        return Err(Diagnostic::error(
            Code::InvalidTarget,
            format!(
                "Destination {} is not a valid downgrade target from current head(s)",
                target.text
            ),
        )
        .hint_command(
            "the database is not above that revision; to go up to it, upgrade",
            format!("upgrade {}", graph.at(lowest).id),
        ));
    }
    let steps = steps(graph, current, &order, Direction::Downgrade);
    Ok(Plan { steps, warnings: target.warnings.clone() })
}

/// Plans to take back the revision `id` alone, which nothing that is applied may need.
///
/// # Errors
/// If the version table has no row for it.
pub fn plan_last(graph: &Graph, current: &[usize], id: &RevisionId) -> Result<Plan, Diagnostic> {
    match graph.position(id).filter(|at| current.contains(at)) {
        Some(at) => {
            let steps = steps(graph, current, &[at], Direction::Downgrade);
            Ok(Plan { steps, warnings: Vec::new() })
        }
        None => Err(Diagnostic::error(
            Code::InvalidTarget,
            format!("Destination {id} is not a valid downgrade target from current head(s)"),
        )
        .hint("only a revision that nothing else needs can be taken back alone")),
    }
}

/// That no two of these revisions imply each other.
pub(super) fn refuse_overlaps(
    graph: &Graph,
    revisions: &[usize],
    hint: &str,
) -> Result<(), Diagnostic> {
    if revisions.len() < 2 {
        return Ok(());
    }
    for at in revisions {
        let below = graph.ancestry(graph.needs(*at));
        let others: Vec<&str> = revisions
            .iter()
            .filter(|other| below[**other])
            .map(|other| graph.at(*other).id.as_str())
            .collect();
        if !others.is_empty() {
            return Err(Diagnostic::error(
                Code::OverlappingRevisions,
                format!(
                    "Requested revision {} overlaps with other requested revisions {}",
                    graph.at(*at).id,
                    others.join(", ")
                ),
            )
            .hint(format!(
                "{}: what {} needs includes {}",
                hint,
                graph.at(*at).id,
                others.join(", ")
            )));
        }
    }
    Ok(())
}

fn steps(graph: &Graph, current: &[usize], order: &[usize], direction: Direction) -> Vec<Step> {
    let mut rows = Rows::new(graph, current);
    let ids = |list: &[usize]| -> RevisionIds {
        list.iter().map(|at| graph.at(*at).id.clone()).collect()
    };
    let step = |at: &usize| {
        let revision = graph.at(*at);
        let (itself, parents) = (RevisionIds::from([revision.id.clone()]), ids(graph.parents(*at)));
        let heads_before = rows.ids();
        let (from, to, changes) = match direction {
            Direction::Upgrade => (parents, itself, rows.apply(*at)),
            Direction::Downgrade => (itself, parents, rows.take_back(*at)),
        };
        let (revision, message) = (revision.id.clone(), revision.message.clone());
        Step { direction, revision, message, from, to, heads_before, changes }
    };
    order.iter().map(step).collect()
}
