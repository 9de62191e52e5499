//! The rows of the version table, followed through a plan.
//!
//! A row stands for a revision and for all that it needs. So there is a row for each applied revision
//! that no other applied revision needs, and for no other (Alembic's `HeadMaintainer`).

use super::graph::{Graph, marked};
use super::{RevisionId, VersionChange};
use alloc::{vec, vec::Vec};

pub(super) struct Rows<'a> {
    graph: &'a Graph,
    rows: Vec<usize>,
    /// How many applied revisions need each one.
    above: Vec<usize>,
}

impl<'a> Rows<'a> {
    pub(super) fn new(graph: &'a Graph, rows: &[usize]) -> Self {
        let mut above = vec![0; graph.len()];
        for at in marked(&graph.ancestry(rows)) {
            graph.needs(at).iter().for_each(|needed| above[*needed] += 1);
        }
        Self { graph, rows: rows.to_vec(), above }
    }

    pub(super) fn ids(&self) -> Vec<RevisionId> {
        self.rows.iter().map(|at| self.id(at)).collect()
    }

    fn id(&self, at: &usize) -> RevisionId {
        self.graph.at(*at).id.clone()
    }

    /// What happens when the revision at `at` is applied: rows that it implies go.
    pub(super) fn apply(&mut self, at: usize) -> Vec<VersionChange> {
        let needs = self.graph.needs(at);
        needs.iter().for_each(|needed| self.above[*needed] += 1);
        let gone = needs.iter().filter(|needed| self.rows.contains(needed)).copied().collect();
        self.change(gone, Vec::from([at]))
    }

    /// What happens when it is taken back: what only it implied gets a row again.
    pub(super) fn take_back(&mut self, at: usize) -> Vec<VersionChange> {
        let needs = self.graph.needs(at);
        needs.iter().for_each(|needed| self.above[*needed] = self.above[*needed].saturating_sub(1));
        let bare = |needed: &&usize| self.above[**needed] == 0 && !self.rows.contains(needed);
        let come: Vec<usize> = needs.iter().filter(bare).copied().collect();
        let gone = self.rows.contains(&at).then_some(at).into_iter().collect();
        self.change(gone, come)
    }

    /// Takes rows out and puts rows in, with one UPDATE where there are both, as Alembic does.
    pub(super) fn change(&mut self, gone: Vec<usize>, come: Vec<usize>) -> Vec<VersionChange> {
        self.rows.retain(|row| !gone.contains(row));
        self.rows.extend(&come);
        let mut changes = Vec::new();
        match (gone.split_last(), come.split_last()) {
            (Some((last, others)), Some((to, new))) => {
                changes.extend(others.iter().map(|at| VersionChange::Delete(self.id(at))));
                changes.extend(new.iter().map(|at| VersionChange::Insert(self.id(at))));
                changes.push(VersionChange::Update { from: self.id(last), to: self.id(to) });
            }
            (None, _) => changes.extend(come.iter().map(|at| VersionChange::Insert(self.id(at)))),
            (_, None) => changes.extend(gone.iter().map(|at| VersionChange::Delete(self.id(at)))),
        }
        changes
    }

    pub(super) fn has(&self, at: usize) -> bool {
        self.rows.contains(&at)
    }
}
