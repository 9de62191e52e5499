//! The graph of all revisions.

use super::edges::Edges;
use super::{RevisionId, RevisionIds, build};
use crate::diagnostic::Diagnostic;
use alloc::{string::String, vec::Vec};
use compact_str::CompactString;
use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;

/// What a revision's header says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Revision {
    /// Its id.
    pub id: RevisionId,
    /// The revisions that it follows: none for a base, several for a merge.
    pub down: RevisionIds,
    /// Ids and branch labels of revisions that have to be applied before it although it does not
    /// follow them.
    pub depends_on: Vec<String>,
    /// The names of the branch that begins here.
    pub labels: Vec<String>,
    /// What it is about: the first paragraph of its docstring.
    pub message: String,
    /// The whole docstring, for the long listing.
    pub docstring: String,
    /// Why it cannot be taken back, if it says so; empty if it does not say why.
    pub irreversible: Option<String>,
    /// The path of its file.
    pub file: String,
}

impl Revision {
    /// Reads the shortest of headers, a line for each revision: its id and those that it follows, separated
    /// by blanks.
    ///
    /// # Errors
    /// At the first text that is no id.
    pub fn of_lines(text: &str) -> Result<Vec<Self>, Diagnostic> {
        let mut revisions = Vec::new();
        for line in text.lines() {
            let mut ids = line.split_ascii_whitespace();
            let id = RevisionId::new(ids.next().unwrap_or_default())?;
            let mut down = RevisionIds::new();
            for parent in ids {
                down.push(RevisionId::new(parent)?);
            }
            revisions.push(Self { id, down, ..Self::default() });
        }
        Ok(revisions)
    }
}

/// All revisions and how they follow each other. Positions are those of the list that it was built
/// from (for a project: the order of the file names), and decide wherever an order is free.
///
/// A revision *follows* its parents (`down_revision`); with what it *depends on* (`depends_on`) they are
/// what it *needs*. Branches, heads and bases are a matter of following; what has to be applied is a
/// matter of needing. Alembic's documentation has this under "Branch Dependencies".
#[derive(Clone, Debug, Default)]
pub struct Graph {
    pub(super) revisions: Vec<Revision>,
    /// Ids and branch labels.
    pub(super) names: HashMap<CompactString, usize, FxBuildHasher>,
    pub(super) parents: Edges,
    pub(super) children: Edges,
    pub(super) dependencies: Edges,
    pub(super) needs: Edges,
    pub(super) followers: Edges,
    /// Of each revision; empty if there are no labels at all.
    pub(super) labels: Vec<Vec<String>>,
}

impl Graph {
    /// Builds the graph. Never fails half-way: what is wrong is left out or cut, and told.
    pub fn build(revisions: Vec<Revision>) -> (Self, Vec<Diagnostic>) {
        build::build(revisions)
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
        self.names.get(id.as_str()).copied().filter(|at| self.revisions[*at].id == *id)
    }

    /// The revision that has this id or declares this branch label.
    pub fn declared(&self, name: &str) -> Option<usize> {
        self.names.get(name).copied()
    }

    /// The revisions that the one at that position follows.
    pub fn parents(&self, position: usize) -> &[usize] {
        &self.parents[position]
    }

    /// The revisions that follow the one at that position.
    pub fn children(&self, position: usize) -> &[usize] {
        &self.children[position]
    }

    /// The revisions that the one at that position depends on without following them.
    pub fn dependencies(&self, position: usize) -> &[usize] {
        &self.dependencies[position]
    }

    /// Parents, and dependencies as far as none of its ancestors has them already: what has to be applied
    /// directly before it.
    pub fn needs(&self, position: usize) -> &[usize] {
        &self.needs[position]
    }

    /// The revisions that follow it or depend on it.
    pub fn followers(&self, position: usize) -> &[usize] {
        &self.followers[position]
    }

    /// The labels of the branches that the revision is on, sorted.
    ///
    /// A label holds for the revision that declares it and for all that follow it. Where these make one
    /// line without forks and merges, it also holds downwards until the first fork or merge.
    pub fn labels(&self, position: usize) -> &[String] {
        self.labels.get(position).map_or(&[], Vec::as_slice)
    }

    /// The revisions that no other follows.
    pub fn heads(&self) -> Vec<usize> {
        (0..self.len()).filter(|at| self.children[*at].is_empty()).collect()
    }

    /// The revisions that no other follows or depends on.
    pub fn real_heads(&self) -> Vec<usize> {
        (0..self.len()).filter(|at| self.followers[*at].is_empty()).collect()
    }

    /// The revisions that follow no other.
    pub fn bases(&self) -> Vec<usize> {
        (0..self.len()).filter(|at| self.parents[*at].is_empty()).collect()
    }

    /// For each position whether it is one of `from` or is needed by one, however indirectly.
    pub fn ancestry(&self, from: &[usize]) -> Vec<bool> {
        self.needs.reach(from)
    }

    /// For each position whether it is one of `from` or needs one, however indirectly.
    pub fn progeny(&self, from: &[usize]) -> Vec<bool> {
        self.followers.reach(from)
    }

    /// As [`Self::ancestry`], following parents alone.
    pub fn branch_ancestry(&self, from: &[usize]) -> Vec<bool> {
        self.parents.reach(from)
    }

    /// As [`Self::progeny`], following children alone.
    pub fn branch_progeny(&self, from: &[usize]) -> Vec<bool> {
        self.children.reach(from)
    }

    /// For each position whether it is above or below the revision at `branch`, or is that revision:
    /// Alembic's *lineage*. Follows parents and children alone.
    pub fn lineage(&self, branch: usize) -> Vec<bool> {
        either(self.branch_ancestry(&[branch]), &self.branch_progeny(&[branch]))
    }

    /// Where a database stands whose version table has these rows: every applied revision that no other
    /// applied revision follows. A revision without a row is among them if another one depends on it.
    pub fn all_current(&self, rows: &[usize]) -> Vec<usize> {
        let applied = self.ancestry(rows);
        let followed = |at: &usize| self.children[*at].iter().any(|child| applied[*child]);
        (0..self.len()).filter(|at| applied[*at] && !followed(at)).collect()
    }
}

/// The positions that are marked in one of the two.
pub(super) fn either(mut one: Vec<bool>, other: &[bool]) -> Vec<bool> {
    one.iter_mut().zip(other).for_each(|(one, other)| *one |= other);
    one
}

/// The positions of what is marked.
pub(super) fn marked(marks: &[bool]) -> impl Iterator<Item = usize> {
    marks.iter().enumerate().filter(|(_, mark)| **mark).map(|(at, _)| at)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use alloc::{format, vec};

    /// `b: a` is revision b after a, `m: b c` a merge, `d: a < b` one that also depends on b, `e@left: d`
    /// one that begins the branch `left`.
    pub(in super::super) fn build(text: &str) -> (Graph, Vec<Diagnostic>) {
        let revision = |line: &str| {
            let (id, edges) = line.split_once(':').unwrap();
            let (id, labels) = id.trim().split_once('@').unwrap_or((id.trim(), ""));
            let (down, depends_on) = edges.split_once('<').unwrap_or((edges, ""));
            let names = |text: &str| text.split_whitespace().map(String::from).collect::<Vec<_>>();
            Revision {
                id: RevisionId::stored(id),
                down: down.split_whitespace().map(RevisionId::stored).collect(),
                depends_on: names(depends_on),
                labels: names(labels),
                file: format!("{id}.py"),
                ..Revision::default()
            }
        };
        Graph::build(text.lines().filter(|line| line.contains(':')).map(revision).collect())
    }

    pub(in super::super) fn names(graph: &Graph, positions: &[usize]) -> String {
        let ids: Vec<&str> = positions.iter().map(|at| graph.at(*at).id.as_str()).collect();
        ids.join(" ")
    }

    #[test]
    fn a_line_names_a_revision_and_its_parents() {
        let revisions = Revision::of_lines("a\nb a\nc a\nm  b c \n").unwrap();
        let (graph, diagnostics) = Graph::build(revisions);
        assert!(diagnostics.is_empty());
        assert_eq!(names(&graph, graph.parents(3)), "b c");
        assert_eq!(names(&graph, &graph.bases()), "a");
        assert!(Revision::of_lines("a\nb a@1\n").is_err());
        assert!(Revision::of_lines("a\n\nb a\n").is_err());
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

    #[test]
    fn a_dependency_comes_first_and_is_no_parent() {
        let (graph, diagnostics) = build("a:\n b: a < y\n x:\n y: x\n");
        assert!(diagnostics.is_empty());
        assert_eq!(names(&graph, &graph.in_order(&[true; 4])), "x y a b");
        assert_eq!(names(&graph, &graph.heads()), "b y");
        assert_eq!(names(&graph, &graph.real_heads()), "b");
        let rows = [graph.position(&RevisionId::stored("b")).unwrap()];
        assert_eq!(names(&graph, &graph.all_current(&rows)), "b y");
    }

    #[test]
    fn a_dependency_that_an_ancestor_has_is_not_needed_twice() {
        let (graph, _) = build("d:\n a: < d\n b: a < d\n c: a\n");
        assert_eq!(names(&graph, graph.needs(1)), "d");
        assert_eq!(names(&graph, graph.needs(2)), "a");
        assert_eq!(names(&graph, graph.dependencies(2)), "d");
    }

    #[test]
    fn a_label_holds_upwards_and_down_to_the_fork() {
        let (graph, _) = build("a:\n b: a\n c: a\n d: c\n e@left: d\n f: e\n");
        let labelled: Vec<usize> =
            (0..graph.len()).filter(|at| !graph.labels(*at).is_empty()).collect();
        assert_eq!(names(&graph, &labelled), "c d e f");
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
        assert_eq!(first_error("a: < a\n"), "Dependency self-loop is detected in revisions (a)");
        assert_eq!(
            first_error("r:\n a: r < b\n b: r < a\n"),
            "Dependency cycle is detected in revisions (r, a, b)"
        );
        assert_eq!(
            first_error("b: nope\n"),
            "Revision nope referenced from nope -> b,  is not present"
        );
        assert_eq!(
            first_error("b: < nope\n"),
            "Revision nope referenced from nope -> b,  is not present"
        );
        assert_eq!(
            first_error("a@l:\n b@l:\n"),
            "Branch name 'l' in revision b already used by revision a"
        );
        assert_eq!(
            first_error("a@b:\n b:\n"),
            "Branch name 'b' in revision a already used by revision b"
        );
    }
}
