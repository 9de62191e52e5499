//! Names to the revisions that they name.
//!
//! Follows Alembic's `RevisionMap.get_revisions`, also in its messages.

use super::graph::{Graph, marked};
use super::{Name, RevisionId, Symbol};
use crate::diagnostic::{Code, Diagnostic};
use alloc::string::String;
use alloc::{format, vec, vec::Vec};

impl Graph {
    /// The revisions that a name names; none for `base`.
    ///
    /// A number below 0 counts down from every head (of the branch), as `show -1` and `stamp -- -1` do.
    ///
    /// # Errors
    /// If the name, or the branch before its `@`, names nothing or is ambiguous.
    pub fn find(&self, name: &Name) -> Result<Vec<usize>, Diagnostic> {
        self.find_in(name, None)
    }

    /// As [`Self::find`], for a name that is a part of `text`, which errors then name.
    pub(super) fn find_in(
        &self,
        name: &Name,
        text: Option<&str>,
    ) -> Result<Vec<usize>, Diagnostic> {
        if let Symbol::Id(id) = &name.symbol
            && let Ok(steps) = id.parse::<i64>()
            && steps < 0
        {
            let found = self.below_heads(name.branch.as_deref(), steps)?;
            return found
                .into_iter()
                .map(|at| at.ok_or_else(|| too_few(id, steps, self)))
                .collect();
        }
        if name.symbol == Symbol::Base {
            return Ok(Vec::new());
        }
        let Some(branch) = &name.branch else {
            return match &name.symbol {
                Symbol::Base => Ok(Vec::new()),
                Symbol::Heads => Ok(self.real_heads()),
                Symbol::Head => match self.heads() {
                    heads if heads.len() > 1 => {
                        Err(multiple_heads(text.unwrap_or("head"), self, &heads))
                    }
                    heads => Ok(heads),
                },
                Symbol::Id(id) => self.find_id(id, None).map(|at| vec![at]),
            };
        };
        let branch_at = self.find_branch(branch)?;
        let lineage = self.lineage(branch_at);
        let on_branch = |heads: Vec<usize>| heads.into_iter().filter(|at| lineage[*at]).collect();
        match &name.symbol {
            Symbol::Base => Ok(Vec::new()),
            Symbol::Heads => Ok(on_branch(self.heads())),
            Symbol::Head => match on_branch(self.heads()) {
                heads if heads.len() > 1 => {
                    let argument = format!("{branch}@head");
                    Err(multiple_heads(text.unwrap_or(&argument), self, &heads))
                }
                heads => Ok(heads),
            },
            Symbol::Id(id) => {
                let at = self.find_id(id, Some(&lineage))?;
                match lineage[at] {
                    true => Ok(vec![at]),
                    false => Err(not_on_branch(id, at, branch, self)),
                }
            }
        }
    }

    /// The one revision that a name names; `None` for `base`, and for `head` of an empty graph.
    ///
    /// # Errors
    /// As [`Self::find`], and if there are several.
    pub fn find_one(&self, name: &Name, text: &str) -> Result<Option<usize>, Diagnostic> {
        match self.find_in(name, Some(text))?[..] {
            [] => Ok(None),
            [at] => Ok(Some(at)),
            ref several => Err(multiple_heads(text, self, several)),
        }
    }

    /// The revision that stands for a branch: the one that declares the label, or the one of that id.
    ///
    /// # Errors
    /// If there is none, or several.
    pub fn find_branch(&self, branch: &str) -> Result<usize, Diagnostic> {
        self.find_id(branch, None)
    }

    /// An id or label, whole, or the beginning of one.
    fn find_id(&self, id: &str, lineage: Option<&[bool]>) -> Result<usize, Diagnostic> {
        if let Some(at) = self.names.get(id) {
            return Ok(*at);
        }
        if id.is_empty() {
            return Err(unknown(id, self));
        }
        // As in Alembic, names of up to three characters are only found whole.
        let mut found: Vec<(&str, usize)> = self
            .names
            .iter()
            .map(|(name, at)| (&**name, *at))
            .filter(|(name, at)| name.starts_with(id) && lineage.is_none_or(|on| on[*at]))
            .filter(|(name, _)| name.chars().count() > 3)
            .collect();
        crate::sort::sort(&mut found);
        match found[..] {
            [(_, at)] => Ok(at),
            [] => Err(unknown(id, self)),
            _ => {
                let names: Vec<&str> = found.iter().map(|(name, _)| *name).collect();
                Err(Diagnostic::error(Code::AmbiguousRevision, cannot_locate(id)).hint(format!(
                    "{} revisions begin with '{id}': {}; type more of the id",
                    names.len(),
                    names.join(", ")
                )))
            }
        }
    }

    /// So many steps below every head (of the branch); `None` where that is before the first revision.
    pub(super) fn below_heads(
        &self,
        branch: Option<&str>,
        steps: i64,
    ) -> Result<Vec<Option<usize>>, Diagnostic> {
        let on_branch = |at: &usize| {
            branch.is_none_or(|branch| self.labels(*at).iter().any(|label| label == branch))
        };
        let mut found = Vec::new();
        for head in self.real_heads().into_iter().filter(on_branch) {
            found.push(match self.walk(Some(head), steps, None)? {
                (at, 0) => at,
                _ => None,
            });
        }
        Ok(found)
    }

    /// Goes `steps` revisions from `start`; `None` is the base. Gives where it came to, and the steps that
    /// were left when there was nowhere to go. Upwards, children off the `branch` do not count.
    pub(super) fn walk(
        &self,
        start: Option<usize>,
        steps: i64,
        branch: Option<&[bool]>,
    ) -> Result<(Option<usize>, i64), Diagnostic> {
        let (mut at, mut left) = (start, steps);
        while left != 0 {
            let next: Vec<usize> = match (left > 0, at) {
                (true, None) => self.bases(),
                (true, Some(at)) => self.children(at).to_vec(),
                (false, Some(at)) => self.parents(at).to_vec(),
                (false, None) => break,
            };
            let counts = |at: &usize| left < 0 || branch.is_none_or(|branch| branch[*at]);
            let next: Vec<usize> = next.into_iter().filter(counts).collect();
            match next[..] {
                [] if left > 0 => break,
                [] => at = None,
                [one] => at = Some(one),
                _ => return Err(relative("Ambiguous walk".into(), self).hint(forks(self, &next))),
            }
            left -= left.signum();
        }
        Ok((at, left))
    }

    /// The positions of the rows of a version table.
    ///
    /// # Errors
    /// If one is of a revision that the graph does not have.
    pub fn rows(&self, rows: &[RevisionId]) -> Result<Vec<usize>, Diagnostic> {
        rows.iter().map(|id| self.position(id).ok_or_else(|| unknown_row(id))).collect()
    }
}

fn unknown_row(id: &RevisionId) -> Diagnostic {
    Diagnostic::error(Code::UnknownCurrent, cannot_locate(id.as_str()))
        .hint(format!(
            "the database is at revision {id}, of which there is no file; bring the file back, or \
             start with an empty database"
        ))
        .hint_command(
            "if the tables are those of another revision, say so without running anything",
            "stamp --purge REVISION",
        )
}

fn forks(graph: &Graph, next: &[usize]) -> String {
    let ids: Vec<&str> = next.iter().map(|at| graph.at(*at).id.as_str()).collect();
    format!("the way forks into {}; name one of them", ids.join(" and "))
}

fn cannot_locate(text: &str) -> String {
    format!("Can't locate revision identified by '{text}'")
}

/// Alembic's message for a name that names nothing, and the way to the names there are.
pub(super) fn unknown(text: &str, graph: &Graph) -> Diagnostic {
    let diagnostic = Diagnostic::error(Code::UnknownRevision, cannot_locate(text));
    match graph.len() {
        0 => diagnostic.hint_command("there are no revisions yet; make one", "revision -m \"…\""),
        _ => diagnostic.hint_command("list all revisions", "history"),
    }
}

fn not_on_branch(id: &str, at: usize, branch: &str, graph: &Graph) -> Diagnostic {
    let on: Vec<usize> = marked(&graph.lineage(at)).collect();
    let labels = on.iter().find_map(|at| graph.at(*at).labels.first());
    let diagnostic = Diagnostic::error(Code::UnknownRevision, cannot_locate(id))
        .hint(format!("revision {} is not a member of branch '{branch}'", graph.at(at).id));
    match labels {
        Some(label) => diagnostic.hint(format!("it is on the branch '{label}'")),
        None => diagnostic,
    }
}

pub(super) fn multiple_heads(text: &str, graph: &Graph, heads: &[usize]) -> Diagnostic {
    let mut diagnostic = Diagnostic::error(
        Code::MultipleHeads,
        format!(
            "Multiple head revisions are present for given argument '{text}'; please specify a \
             specific target revision, '<branchname>@{text}' to narrow to a specific head, or \
             'heads' for all heads"
        ),
    )
    .hint_command("upgrade along every branch", "upgrade heads");
    for head in heads {
        let head = graph.at(*head);
        diagnostic = diagnostic.hint_command(head.message.clone(), format!("upgrade {}", head.id));
    }
    diagnostic.hint_command("or join the branches", "merge heads -m \"…\"")
}

pub(super) fn too_few(text: &str, steps: i64, graph: &Graph) -> Diagnostic {
    relative(
        format!("Relative revision {text} didn't produce {} migrations", steps.unsigned_abs()),
        graph,
    )
}

pub(super) fn relative(message: String, graph: &Graph) -> Diagnostic {
    let diagnostic = Diagnostic::error(Code::RelativeTarget, message);
    match graph.len() {
        0 => diagnostic.hint_command("there are no revisions yet; make one", "revision -m \"…\""),
        _ => diagnostic.hint_command("see where the database is", "history --indicate-current"),
    }
}
