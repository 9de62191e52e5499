//! A part of the history: `history -r START:END`.

use super::destination::several_starts;
use super::graph::{Graph, marked};
use super::plan::refuse_overlaps;
use super::resolve::multiple_heads;
use super::{Name, Relative, Symbol, Target};
use crate::diagnostic::{Code, Diagnostic};
use alloc::string::{String, ToString};
use alloc::{format, vec, vec::Vec};

/// One end of a range.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// Where the database is: the positions of the rows of its version table.
    Current(Vec<usize>),
    /// What was typed.
    Typed(String),
}

impl End {
    /// As messages name it: Alembic shows the rows as Python shows a tuple.
    fn text(&self, graph: &Graph) -> String {
        match self {
            Self::Current(rows) => {
                let rows: Vec<String> =
                    rows.iter().map(|at| format!("'{}'", graph.at(*at).id)).collect();
                let comma = if rows.len() == 1 { "," } else { "" };
                format!("({}{comma})", rows.join(", "))
            }
            Self::Typed(text) => text.clone(),
        }
    }
}

impl Graph {
    /// The revisions from `start` to `end`, both included, newest first.
    ///
    /// Follows Alembic's `ScriptDirectory.walk_revisions`: upwards counts run along children, a count that
    /// goes past the first or the last revision stops there.
    ///
    /// # Errors
    /// If an end names nothing, or the one is no ancestor of the other.
    pub fn range(&self, start: &End, end: &End) -> Result<Vec<usize>, Diagnostic> {
        let not_related = || {
            Diagnostic::error(
                Code::InvalidTarget,
                format!(
                    "Requested range {}:{} does not refer to ancestor/descendant revisions along the \
                     same branch",
                    start.text(self),
                    end.text(self)
                ),
            )
            .hint("the older revision comes first: START:END")
        };
        let mut high = self.high_end(start, end)?;
        let low = self.low_end(start, end)?;
        if let End::Typed(text) = start
            && let Some((branch, _)) = text.split_once('@')
        {
            // A revision stands for the branch that it is on; the beginning of an id for none.
            let at = self.find_branch(branch)?;
            let label = match self.labels(at) {
                [label] if self.at(at).id.as_str() == branch => label,
                _ => branch,
            };
            high.retain(|at| self.labels(*at).iter().any(|other| other == label));
        }
        refuse_overlaps(self, &high, "a range has one upper end on each branch")?;
        let mut included = self.ancestry(&high);
        if low.iter().any(|at| !included[*at]) {
            return Err(not_related());
        }
        refuse_overlaps(self, &low, "a range has one lower end on each branch")?;
        if !low.is_empty() {
            let (applied, above) = (self.ancestry(&low), self.branch_progeny(&low));
            for at in 0..self.len() {
                included[at] &= above[at] && (!applied[at] || low.contains(&at));
            }
        }
        // A dependency alone makes no range.
        let tops: Vec<usize> = high.iter().copied().filter(|at| included[*at]).collect();
        let reached = self.ancestry(&tops);
        if marked(&included).any(|at| !reached[at]) {
            return Err(not_related());
        }
        let mut order = self.in_order(&included);
        order.reverse();
        Ok(order)
    }

    fn low_end(&self, start: &End, end: &End) -> Result<Vec<usize>, Diagnostic> {
        let text = match start {
            End::Current(rows) => return Ok(rows.clone()),
            End::Typed(text) => text,
        };
        let name = Name::parse(text);
        match &name.symbol {
            Symbol::Id(id) if id.parse::<i64>().is_ok_and(|steps| steps < 0) => {
                let steps = id.parse().unwrap_or(i64::MIN);
                // From each head that there is, but no further than the base.
                let low = self.below_heads(name.branch.as_deref(), steps)?;
                Ok(low.into_iter().collect::<Option<Vec<usize>>>().unwrap_or_default())
            }
            _ => self.find_in(&name, Some(&end.text(self))),
        }
    }

    fn high_end(&self, start: &End, end: &End) -> Result<Vec<usize>, Diagnostic> {
        let text = match end {
            End::Current(rows) => return Ok(rows.clone()),
            End::Typed(text) => text,
        };
        let Relative { branch, from, steps, typed } = match Target::parse(text) {
            Target::Absolute(name) => return self.find_in(&name, Some(text)),
            Target::Relative(relative) => relative,
        };
        if from.is_none() && steps <= 0 {
            return Err(super::resolve::too_few(&steps.to_string(), steps, self));
        }
        let lineage = match &branch {
            Some(branch) => Some(self.lineage(self.find_branch(branch)?)),
            None => None,
        };
        let from = match from {
            None => match self.low_end(start, end)?[..] {
                [] => None,
                [at] => Some(at),
                _ if matches!(start, End::Current(_)) => return Err(several_starts(self)),
                ref several => return Err(multiple_heads(&typed, self, several)),
            },
            Some(symbol) => {
                let branch = branch.filter(|_| steps <= 0);
                self.find_one(&Name { branch, symbol }, text)?
            }
        };
        match self.walk(from, steps, lineage.as_deref())? {
            (Some(at), _) => Ok(vec![at]),
            (None, _) => Err(super::resolve::too_few(text, steps, self)),
        }
    }
}
