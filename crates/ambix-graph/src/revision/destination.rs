//! Where an upgrade or a downgrade is to lead: targets that may depend on where the database is.
//!
//! Follows Alembic's `_parse_upgrade_target` and `_parse_downgrade_target`.

use super::graph::{Graph, marked};
use super::resolve::{relative, too_few, unknown};
use super::{Name, Relative, Target, plan_downgrade};
use crate::diagnostic::{Code, Diagnostic};
use alloc::string::{String, ToString};
use alloc::{vec, vec::Vec};

/// Revisions that exist: what a plan leads to. Empty means `base`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResolvedTarget {
    /// The positions of the revisions in their graph.
    pub revisions: Vec<usize>,
    /// For a downgrade: a revision of the branch that is meant. Other branches stay where they can.
    pub branch: Option<usize>,
    /// The text that it was resolved from, for messages.
    pub text: String,
    /// What is doubtful about it.
    pub warnings: Vec<Diagnostic>,
}

impl ResolvedTarget {
    fn new(revisions: Vec<usize>, text: &str) -> Self {
        Self { revisions, branch: None, text: text.to_string(), warnings: Vec::new() }
    }
}

impl Target {
    /// Finds what an upgrade from `rows` (positions of the version table's rows) is to lead to.
    ///
    /// # Errors
    /// If the target names nothing, or is ambiguous, in Alembic's words.
    pub fn of_upgrade(
        &self,
        text: &str,
        graph: &Graph,
        rows: &[usize],
    ) -> Result<ResolvedTarget, Diagnostic> {
        let relative = match self {
            Self::Absolute(name) => {
                return Ok(ResolvedTarget::new(graph.find_in(name, Some(text))?, text));
            }
            Self::Relative(relative) => relative,
        };
        let Relative { branch, from, steps, typed } = relative;
        if from.is_none() && *steps <= 0 {
            return Err(too_few(&steps.to_string(), *steps, graph));
        }
        let lineage = match branch {
            Some(branch) => Some(graph.lineage(graph.find_branch(branch)?)),
            None => None,
        };
        let start = match from {
            None => start_of_upgrade(graph, rows, lineage.as_deref())?,
            Some(symbol) => {
                // Downwards, the start itself has to be on the branch.
                let branch = branch.clone().filter(|_| *steps <= 0);
                graph.find_one(&Name { branch, symbol: symbol.clone() }, text)?
            }
        };
        match graph.walk(start, *steps, lineage.as_deref())? {
            (Some(at), 0) => Ok(ResolvedTarget::new(vec![at], text)),
            _ if from.is_none() => Err(too_few(typed, *steps, graph)),
            // Alembic ends in a traceback here.
            _ => Err(too_few(text, *steps, graph)),
        }
    }

    /// Finds what a downgrade from `rows` (positions of the version table's rows) is to lead to.
    ///
    /// # Errors
    /// If the target names nothing, or is ambiguous, in Alembic's words.
    pub fn of_downgrade(
        &self,
        text: &str,
        graph: &Graph,
        rows: &[usize],
    ) -> Result<ResolvedTarget, Diagnostic> {
        let (branch, target) = match self {
            Self::Absolute(name) => {
                let unbound = Name { branch: None, symbol: name.symbol.clone() };
                (name.branch.as_ref(), graph.find_one(&unbound, text)?)
            }
            Self::Relative(Relative { branch: None, from: None, steps, typed }) if *steps < 0 => {
                return below_first_row(graph, rows, *steps, typed, text);
            }
            Self::Relative(relative) => {
                (relative.branch.as_ref(), down(relative, graph, rows, text)?)
            }
        };
        let target = ResolvedTarget::new(target.into_iter().collect(), text);
        let Some(branch) = branch else { return Ok(target) };
        match graph.find_branch(branch) {
            Ok(branch) => Ok(ResolvedTarget { branch: Some(branch), ..target }),
            // Alembic does not look the branch up where it makes no difference. Where something would be
            // taken back, a branch that is not there must not mean all branches.
            Err(unknown) => match plan_downgrade(graph, rows, &target)?.steps.is_empty() {
                true => Ok(target),
                false => Err(unknown),
            },
        }
    }
}

/// Where `+N` and `label@+N` begin to count; `None` is the base.
fn start_of_upgrade(
    graph: &Graph,
    rows: &[usize],
    lineage: Option<&[bool]>,
) -> Result<Option<usize>, Diagnostic> {
    let mut starts = rows.to_vec();
    if let Some(on_branch) = lineage {
        starts.retain(|at| on_branch[*at]);
        if starts.is_empty() {
            // No row is on the branch: count from where the branch leaves what is applied.
            let mut applied = graph.ancestry(rows);
            applied.iter_mut().zip(on_branch).for_each(|(applied, on)| *applied &= on);
            let needed: Vec<usize> =
                marked(&applied).flat_map(|at| graph.needs(at).iter().copied()).collect();
            let mut is_needed = vec![false; graph.len()];
            needed.into_iter().for_each(|at| is_needed[at] = true);
            starts = marked(&applied).filter(|at| !is_needed[*at]).collect();
        }
    }
    match starts[..] {
        [] => Ok(None),
        [at] => Ok(Some(at)),
        _ => Err(several_starts(graph)),
    }
}

/// The error for `+N` where the database is at several revisions.
pub(super) fn several_starts(graph: &Graph) -> Diagnostic {
    relative("Ambiguous upgrade from multiple current revisions".into(), graph)
        .hint_command("upgrade along every branch", "upgrade heads")
        .hint("or name the branch before the number: BRANCH@+1")
}

/// `-N`: from the database's row, or from the first of several.
fn below_first_row(
    graph: &Graph,
    rows: &[usize],
    steps: i64,
    typed: &str,
    text: &str,
) -> Result<ResolvedTarget, Diagnostic> {
    let Some(first) = rows.first().copied() else { return Err(too_few(typed, steps, graph)) };
    let mut warnings = Vec::new();
    if rows.iter().any(|row| *row != first) {
        let warning = "downgrade -1 from multiple heads is ambiguous; this usage will be disallowed in a \
                       future release.";
        warnings.push(Diagnostic::warning(Code::RelativeTarget, warning).hint_command(
            "name the branch",
            alloc::format!("downgrade {}@{typed}", graph.at(first).id),
        ));
    }
    match graph.walk(Some(first), steps, None)? {
        (at, 0) => Ok(ResolvedTarget {
            branch: Some(first),
            warnings,
            ..ResolvedTarget::new(at.into_iter().collect(), text)
        }),
        _ => Err(too_few(typed, steps, graph)),
    }
}

/// `rev-N`, `label@-N`, `head+N` and the like.
fn down(
    Relative { branch, from, steps, typed }: &Relative,
    graph: &Graph,
    rows: &[usize],
    text: &str,
) -> Result<Option<usize>, Diagnostic> {
    if from.is_none() && *steps >= 0 {
        return Err(too_few(typed, *steps, graph));
    }
    let lineage = match branch {
        Some(branch) => Some(graph.lineage(graph.find_branch(branch)?)),
        None => None,
    };
    let start = match from {
        None => Some(row_on_branch(graph, rows, lineage.as_deref(), *steps, typed)?),
        Some(symbol) => {
            let branch = branch.clone().filter(|_| *steps < 0);
            graph.find_one(&Name { branch, symbol: symbol.clone() }, text)?
        }
    };
    match graph.walk(start, *steps, lineage.as_deref())? {
        (at, 0) => Ok(at),
        _ if from.is_none() => Err(too_few(typed, *steps, graph)),
        _ => Err(relative("Walked too far".into(), graph)),
    }
}

/// The row that is on the branch, or else what is applied of it without a row of its own.
fn row_on_branch(
    graph: &Graph,
    rows: &[usize],
    lineage: Option<&[bool]>,
    steps: i64,
    typed: &str,
) -> Result<usize, Diagnostic> {
    let on_branch = |at: &usize| lineage.is_none_or(|lineage| lineage[*at]);
    let mut starts: Vec<usize> = rows.iter().copied().filter(on_branch).collect();
    if starts.is_empty() {
        starts = graph.all_current(rows);
        starts.retain(on_branch);
    }
    match starts[..] {
        [at] => Ok(at),
        // In both of these Alembic ends in a traceback.
        [] => Err(too_few(typed, steps, graph)
            .hint("nothing of this branch is applied, so nothing of it can be taken back")),
        [first, ..] => Err(unknown(typed, graph).hint_command(
            "several current revisions are on this branch; name one of them",
            alloc::format!("downgrade {}{typed}", graph.at(first).id),
        )),
    }
}
