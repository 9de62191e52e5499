//! The rows of the version table, followed through a plan.
//!
//! A row stands for a revision and for all that it needs. So there is a row for each applied revision
//! that no other applied revision needs, and for no other (Alembic's `HeadMaintainer`).

use super::graph::{Graph, marked};
use super::{RevisionId, RevisionIds, VersionChange, VersionChanges};
use alloc::{vec, vec::Vec};

pub(super) struct Rows<'a> {
    graph: &'a Graph,
    rows: Vec<usize>,
    /// How many applied revisions need each one.
    above: Vec<usize>,
    /// The rows that go and come with a change; kept, so that a plan does not allocate them again and again.
    gone: Vec<usize>,
    come: Vec<usize>,
}

impl<'a> Rows<'a> {
    pub(super) fn new(graph: &'a Graph, rows: &[usize]) -> Self {
        let mut above = vec![0; graph.len()];
        for at in marked(&graph.ancestry(rows)) {
            graph.needs(at).iter().for_each(|needed| above[*needed] += 1);
        }
        Self { graph, rows: rows.to_vec(), above, gone: Vec::new(), come: Vec::new() }
    }

    pub(super) fn ids(&self) -> RevisionIds {
        self.rows.iter().map(|at| self.id(at)).collect()
    }

    fn id(&self, at: &usize) -> RevisionId {
        self.graph.at(*at).id.clone()
    }

    /// What happens when the revision at `at` is applied: rows that it implies go.
    pub(super) fn apply(&mut self, at: usize) -> VersionChanges {
        let needs = self.graph.needs(at);
        needs.iter().for_each(|needed| self.above[*needed] += 1);
        self.gone.clear();
        self.gone.extend(needs.iter().filter(|needed| self.rows.contains(needed)));
        self.come.clear();
        self.come.push(at);
        self.change()
    }

    /// What happens when it is taken back: what only it implied gets a row again.
    pub(super) fn take_back(&mut self, at: usize) -> VersionChanges {
        let needs = self.graph.needs(at);
        needs.iter().for_each(|needed| self.above[*needed] = self.above[*needed].saturating_sub(1));
        let bare = |needed: &&usize| self.above[**needed] == 0 && !self.rows.contains(needed);
        self.come.clear();
        self.come.extend(needs.iter().filter(bare));
        self.gone.clear();
        self.gone.extend(self.rows.contains(&at).then_some(at));
        self.change()
    }

    /// What happens when some rows go and others come.
    pub(super) fn replace(&mut self, gone: Vec<usize>, come: Vec<usize>) -> VersionChanges {
        (self.gone, self.come) = (gone, come);
        self.change()
    }

    /// Takes rows out and puts rows in, with one UPDATE where there are both, as Alembic does.
    fn change(&mut self) -> VersionChanges {
        self.rows.retain(|row| !self.gone.contains(row));
        self.rows.extend(&self.come);
        let insert = |at: &usize| VersionChange::Insert(self.id(at));
        let delete = |at: &usize| VersionChange::Delete(self.id(at));
        let mut changes = VersionChanges::with_capacity(self.gone.len().max(self.come.len()));
        match (self.gone.split_last(), self.come.split_last()) {
            (Some((last, others)), Some((to, new))) => {
                changes.extend(others.iter().map(delete));
                changes.extend(new.iter().map(insert));
                changes.push(VersionChange::Update { from: self.id(last), to: self.id(to) });
            }
            (None, _) => changes.extend(self.come.iter().map(insert)),
            (_, None) => changes.extend(self.gone.iter().map(delete)),
        }
        changes
    }

    pub(super) fn has(&self, at: usize) -> bool {
        self.rows.contains(&at)
    }
}
