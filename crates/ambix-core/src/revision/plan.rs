//! What has to run, in order, to bring a database to a target.

use super::id::joined;
use super::{Graph, ResolvedTarget, RevisionId};
use crate::diagnostic::{Code, Diagnostic};
use alloc::{format, string::String, vec::Vec};
use core::fmt;

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
    pub from: Vec<RevisionId>,
    /// Itself on the way up, its parents on the way down.
    pub to: Vec<RevisionId>,
    /// The rows of the version table before the step.
    pub heads_before: Vec<RevisionId>,
    /// What happens to these rows.
    pub changes: Vec<VersionChange>,
}

/// Alembic's log line: `Running upgrade  -> 1975ea83b712, create account table`.
impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Running {} {} -> {}", self.direction, joined(&self.from), joined(&self.to))?;
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
}

/// Plans an upgrade from `current` (positions, in the order of the version table's rows): everything
/// that the target needs and that is not applied yet, parents first.
///
/// # Errors
/// If a row of the version table is implied by another one, which Alembic never writes.
pub fn plan_upgrade(
    graph: &Graph,
    current: &[usize],
    target: &ResolvedTarget,
) -> Result<Plan, Diagnostic> {
    for at in current {
        let below = graph.ancestry(graph.parents(*at));
        if let Some(other) = current.iter().find(|other| below[**other]) {
            return Err(Diagnostic::error(
                Code::OverlappingRows,
                format!(
                    "Requested revision {} overlaps with other requested revisions {}",
                    graph.at(*at).id,
                    graph.at(*other).id
                ),
            )
            .hint(format!(
                "alembic_version holds both; the row of {} is superfluous",
                graph.at(*other).id
            )));
        }
    }
    let applied = graph.ancestry(current);
    let mut wanted = graph.ancestry(&target.revisions);
    for (wanted, applied) in wanted.iter_mut().zip(applied) {
        *wanted &= !applied;
    }
    let mut heads = current.to_vec();
    let steps = graph
        .in_order(&wanted)
        .into_iter()
        .map(|at| step(graph, &mut heads, at, Direction::Upgrade))
        .collect();
    Ok(Plan { steps })
}

/// Plans a downgrade from `current`: everything applied that follows the target, children first. To
/// `base`, everything.
///
/// # Errors
/// If the target is not applied, so that there is no way down to it.
pub fn plan_downgrade(
    graph: &Graph,
    current: &[usize],
    target: &ResolvedTarget,
) -> Result<Plan, Diagnostic> {
    let applied = graph.ancestry(current);
    let mut doomed = applied.clone();
    if !target.revisions.is_empty() {
        if let Some(missing) = target.revisions.iter().find(|at| !applied[**at]) {
            return Err(Diagnostic::error(
                Code::InvalidTarget,
                format!(
                    "Destination {} is not a valid downgrade target from current head(s)",
                    target.text
                ),
            )
            .hint_command(
                "the database is not at or above that revision; to go up to it, upgrade",
                format!("upgrade {}", graph.at(*missing).id),
            ));
        }
        let above = graph.progeny(&target.revisions);
        for (at, doomed) in doomed.iter_mut().enumerate() {
            *doomed &= above[at] && !target.revisions.contains(&at);
        }
    }
    if let Some(branch) = target.branch {
        let walked = graph.ancestry(&[branch]);
        let roots: Vec<usize> = (0..graph.len()).filter(|at| doomed[*at] && walked[*at]).collect();
        let follow = graph.progeny(&roots);
        doomed = (0..graph.len()).map(|at| follow[at] && applied[at]).collect();
    }
    let mut heads = current.to_vec();
    let mut order = graph.in_order(&doomed);
    order.reverse();
    let steps =
        order.into_iter().map(|at| step(graph, &mut heads, at, Direction::Downgrade)).collect();
    Ok(Plan { steps })
}

/// The step that applies the revision at `at`, or takes it back, when the version table holds `heads`;
/// brings `heads` up to date.
fn step(graph: &Graph, heads: &mut Vec<usize>, at: usize, direction: Direction) -> Step {
    let id = |at: &usize| graph.at(*at).id.clone();
    let ids = |list: &[usize]| list.iter().map(id).collect::<Vec<_>>();
    let heads_before = ids(heads);
    let parents = graph.parents(at);
    let (gone, come): (Vec<usize>, Vec<usize>) = match direction {
        Direction::Upgrade => {
            (parents.iter().filter(|parent| heads.contains(parent)).copied().collect(), [at].into())
        }
        Direction::Downgrade => {
            heads.retain(|head| *head != at);
            // A parent that another row stands above needs no row of its own.
            let implied = if heads.is_empty() || parents.is_empty() {
                Vec::new()
            } else {
                graph.ancestry(heads)
            };
            let come = parents.iter().filter(|parent| !implied.get(**parent).is_some_and(|x| *x));
            ([at].into(), come.copied().collect())
        }
    };
    heads.retain(|head| !gone.contains(head));
    heads.extend(&come);
    let mut changes = Vec::new();
    match (gone.split_last(), come.split_last()) {
        (Some((last, others)), Some((to, new))) => {
            changes.extend(others.iter().map(|at| VersionChange::Delete(id(at))));
            changes.extend(new.iter().map(|at| VersionChange::Insert(id(at))));
            changes.push(VersionChange::Update { from: id(last), to: id(to) });
        }
        (None, _) => changes.extend(come.iter().map(|at| VersionChange::Insert(id(at)))),
        (_, None) => changes.extend(gone.iter().map(|at| VersionChange::Delete(id(at)))),
    }
    let revision = graph.at(at);
    let (itself, parents) = (Vec::from([revision.id.clone()]), ids(parents));
    let (from, to) = match direction {
        Direction::Upgrade => (parents, itself),
        Direction::Downgrade => (itself, parents),
    };
    Step {
        direction,
        revision: revision.id.clone(),
        message: revision.message.clone(),
        from,
        to,
        heads_before,
        changes,
    }
}
