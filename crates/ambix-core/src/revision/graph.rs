//! The graph of all revisions.

use super::RevisionId;
use crate::diagnostic::{Code, Diagnostic, Place, Span};
use alloc::collections::BTreeMap;
use alloc::{format, string::String, vec, vec::Vec};

/// What a revision's header says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revision {
    /// Its id.
    pub id: RevisionId,
    /// The revisions that it follows: none for a base, several for a merge.
    pub down: Vec<RevisionId>,
    /// What it is about: the first paragraph of its docstring.
    pub message: String,
    /// The whole docstring, for the long listing.
    pub docstring: String,
    /// The path of its file.
    pub file: String,
}

/// A place somewhere in a file, whose text the graph does not know.
fn in_file(file: &str) -> Place {
    Place::in_text(file, "", Span::default())
}

/// All revisions and how they follow each other. Positions are those of the list that it was built
/// from (for a project: the order of the file names), and decide wherever an order is free.
#[derive(Clone, Debug, Default)]
pub struct Graph {
    revisions: Vec<Revision>,
    positions: BTreeMap<RevisionId, usize>,
    parents: Vec<Vec<usize>>,
    children: Vec<Vec<usize>>,
}

impl Graph {
    /// Builds the graph. Never fails half-way: what is wrong is left out or cut, and told.
    pub fn build(revisions: Vec<Revision>) -> (Self, Vec<Diagnostic>) {
        let mut diagnostics = Vec::new();
        let mut graph = Self::default();
        for revision in revisions {
            if let Some(first) = graph.positions.get(&revision.id) {
                diagnostics.push(
                    Diagnostic::error(
                        Code::DuplicateRevision,
                        format!("Revision {} is present more than once", revision.id),
                    )
                    .at(in_file(&revision.file))
                    .hint(format!(
                        "it is declared in {} and in {}",
                        graph.revisions[*first].file, revision.file
                    )),
                );
                continue;
            }
            graph.positions.insert(revision.id.clone(), graph.revisions.len());
            graph.revisions.push(revision);
        }
        graph.link(&mut diagnostics);
        graph.cut_cycles(&mut diagnostics);
        (graph, diagnostics)
    }

    fn link(&mut self, diagnostics: &mut Vec<Diagnostic>) {
        self.parents = vec![Vec::new(); self.revisions.len()];
        self.children = vec![Vec::new(); self.revisions.len()];
        for (at, revision) in self.revisions.iter().enumerate() {
            for down in &revision.down {
                match self.positions.get(down) {
                    Some(parent) if self.parents[at].contains(parent) => {}
                    Some(parent) => {
                        self.parents[at].push(*parent);
                        self.children[*parent].push(at);
                    }
                    None => diagnostics.push(
                        Diagnostic::error(
                            Code::MissingParent,
                            format!(
                                "Revision {down} referenced from {down} -> {}, {} is not present",
                                revision.id, revision.message
                            ),
                        )
                        .at(in_file(&revision.file))
                        .hint(format!("{} names it as its down_revision", revision.file)),
                    ),
                }
            }
        }
    }

    /// Takes the edges away from revisions that lie on or behind a cycle, so that every walk ends.
    fn cut_cycles(&mut self, diagnostics: &mut Vec<Diagnostic>) {
        let mut waits: Vec<usize> = self.parents.iter().map(Vec::len).collect();
        let mut ready: Vec<usize> = (0..waits.len()).filter(|at| waits[*at] == 0).collect();
        while let Some(at) = ready.pop() {
            for child in &self.children[at] {
                waits[*child] -= 1;
                if waits[*child] == 0 {
                    ready.push(*child);
                }
            }
        }
        let open: Vec<usize> = (0..waits.len()).filter(|at| waits[*at] > 0).collect();
        if open.is_empty() {
            return;
        }
        // What has no open child is behind the cycle, not on it: peel it off from the far end.
        let mut waiting = vec![0; self.len()];
        for at in &open {
            waiting[*at] = self.children[*at].iter().filter(|child| waits[**child] > 0).count();
        }
        let mut behind: Vec<usize> = open.iter().filter(|at| waiting[**at] == 0).copied().collect();
        let mut on_cycle: Vec<bool> = waits.iter().map(|left| *left > 0).collect();
        while let Some(at) = behind.pop() {
            on_cycle[at] = false;
            for parent in self.parents[at].iter().filter(|parent| on_cycle[**parent]) {
                waiting[*parent] -= 1;
                if waiting[*parent] == 0 {
                    behind.push(*parent);
                }
            }
        }
        let cycle: Vec<usize> = open.iter().filter(|at| on_cycle[**at]).copied().collect();
        let ids: Vec<&str> = cycle.iter().map(|at| self.revisions[*at].id.as_str()).collect();
        let files: Vec<&str> = cycle.iter().map(|at| self.revisions[*at].file.as_str()).collect();
        let what = if cycle.len() == 1 { "Self-loop" } else { "Cycle" };
        diagnostics.push(
            Diagnostic::error(
                Code::RevisionCycle,
                format!("{what} is detected in revisions ({})", ids.join(", ")),
            )
            .at(in_file(files.first().copied().unwrap_or_default()))
            .hint(format!("correct down_revision in one of: {}", files.join(", "))),
        );
        for at in open {
            for parent in core::mem::take(&mut self.parents[at]) {
                self.children[parent].retain(|child| *child != at);
            }
        }
    }

    /// How many revisions there are.
    pub fn len(&self) -> usize {
        self.revisions.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.revisions.is_empty()
    }

    /// All revisions, by position.
    pub fn revisions(&self) -> &[Revision] {
        &self.revisions
    }

    /// The revision at that position.
    pub fn at(&self, position: usize) -> &Revision {
        &self.revisions[position]
    }

    /// The revision of that id.
    pub fn get(&self, id: &RevisionId) -> Option<&Revision> {
        self.position(id).map(|at| &self.revisions[at])
    }

    /// The position of the revision of that id.
    pub fn position(&self, id: &RevisionId) -> Option<usize> {
        self.positions.get(id).copied()
    }

    /// The positions of the ids that begin with `prefix`.
    pub fn starting_with(&self, prefix: &str) -> Vec<usize> {
        self.positions
            .range(RevisionId::stored(prefix)..)
            .take_while(|(id, _)| id.as_str().starts_with(prefix))
            .map(|(_, at)| *at)
            .collect()
    }

    /// The revisions that the one at that position follows.
    pub fn parents(&self, position: usize) -> &[usize] {
        &self.parents[position]
    }

    /// The revisions that follow the one at that position.
    pub fn children(&self, position: usize) -> &[usize] {
        &self.children[position]
    }

    /// The revisions that no other follows.
    pub fn heads(&self) -> Vec<usize> {
        (0..self.len()).filter(|at| self.children[*at].is_empty()).collect()
    }

    /// The revisions that follow no other.
    pub fn bases(&self) -> Vec<usize> {
        (0..self.len()).filter(|at| self.parents[*at].is_empty()).collect()
    }

    /// For each position whether it is one of `from` or an ancestor of one.
    pub fn ancestry(&self, from: &[usize]) -> Vec<bool> {
        self.reach(from, &self.parents)
    }

    /// For each position whether it is one of `from` or a descendant of one.
    pub fn progeny(&self, from: &[usize]) -> Vec<bool> {
        self.reach(from, &self.children)
    }

    fn reach(&self, from: &[usize], edges: &[Vec<usize>]) -> Vec<bool> {
        let mut reached = vec![false; self.len()];
        let mut open = from.to_vec();
        while let Some(at) = open.pop() {
            if !core::mem::replace(&mut reached[at], true) {
                open.extend(&edges[at]);
            }
        }
        reached
    }

    /// The positions marked in `included`, each after all of its parents.
    ///
    /// Where the order is free it is that of Alembic (`RevisionMap._topological_sort`), which walks down
    /// from the newest revisions, in the order of positions, and follows a branch as far as it can.
    pub fn in_order(&self, included: &[bool]) -> Vec<usize> {
        // How many included children of each revision have not been walked yet.
        let mut waits: Vec<usize> = self
            .children
            .iter()
            .map(|children| children.iter().filter(|child| included[**child]).count())
            .collect();
        let mut walked = vec![false; self.len()];
        let mut open: Vec<usize> =
            (0..self.len()).filter(|at| included[*at] && waits[*at] == 0).collect();
        let mut order = Vec::new();
        let mut turn = 0;
        while let Some(at) = open.get(turn).copied() {
            if waits[at] > 0 {
                // Something that follows it has to be walked first.
                turn = self.first_above(at, &open, &walked);
                continue;
            }
            order.push(at);
            walked[at] = true;
            let mut next = Vec::new();
            for parent in self.parents[at].iter().filter(|parent| included[**parent]) {
                waits[*parent] -= 1;
                if !open.contains(parent) {
                    next.push(*parent);
                }
            }
            match next.split_first() {
                Some((first, others)) => {
                    open[turn] = *first;
                    open.extend(others);
                }
                None => {
                    open.remove(turn);
                    turn = turn.saturating_sub(1);
                }
            }
        }
        order.reverse();
        order
    }

    /// The first place in `open` of a revision that follows the one at `at` and is not walked yet.
    fn first_above(&self, at: usize, open: &[usize], walked: &[bool]) -> usize {
        let mut above = vec![false; self.len()];
        let mut todo: Vec<usize> = self.children[at].clone();
        while let Some(child) = todo.pop() {
            if !walked[child] && !core::mem::replace(&mut above[child], true) {
                todo.extend(&self.children[child]);
            }
        }
        open.iter().position(|revision| above[*revision]).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    /// `b: a` is revision b after a; `m: b c` a merge.
    fn build(text: &str) -> (Graph, Vec<Diagnostic>) {
        let revision = |line: &str| {
            let (id, down) = line.split_once(':').unwrap();
            Revision {
                id: RevisionId::stored(id.trim()),
                down: down.split_whitespace().map(RevisionId::stored).collect(),
                message: String::new(),
                docstring: String::new(),
                file: format!("{}.py", id.trim()),
            }
        };
        Graph::build(text.lines().filter(|line| line.contains(':')).map(revision).collect())
    }

    fn names(graph: &Graph, positions: &[usize]) -> String {
        let ids: Vec<_> = positions.iter().map(|at| graph.at(*at).id.to_string()).collect();
        ids.join(" ")
    }

    #[test]
    fn order_follows_a_branch_to_its_end_and_a_merge_waits() {
        let (graph, diagnostics) = build("a:\n b: a\n c: a\n d: b\n m: d c\n");
        assert!(diagnostics.is_empty());
        assert_eq!(names(&graph, &graph.in_order(&[true; 5])), "a c b d m");
        assert_eq!(names(&graph, &graph.heads()), "m");
        assert_eq!(names(&graph, &graph.bases()), "a");
    }

    #[test]
    fn the_order_of_files_does_not_decide_who_is_first() {
        let (graph, _) = build("z: y\n y: x\n x:\n");
        assert_eq!(names(&graph, &graph.in_order(&[true; 3])), "x y z");
    }

    fn first_error(text: &str) -> String {
        let (graph, diagnostics) = build(text);
        // Every walk over a broken graph ends.
        graph.in_order(&vec![true; graph.len()]);
        diagnostics[0].message.clone()
    }

    #[test]
    fn what_is_wrong_is_told_and_nothing_hangs() {
        assert_eq!(first_error("a:\n a:\n"), "Revision a is present more than once");
        assert_eq!(first_error("a: a\n b: a\n"), "Self-loop is detected in revisions (a)");
        assert_eq!(
            first_error("r:\n a: r b\n b: a\n c: b\n d: c\n"),
            "Cycle is detected in revisions (a, b)"
        );
        assert_eq!(
            first_error("b: nope\n"),
            "Revision nope referenced from nope -> b,  is not present"
        );
    }
}
