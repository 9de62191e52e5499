use ambix_commands::read_revisions;
use ambix_core::diagnostic::Diagnostic;
use ambix_core::revision::{Graph, Lanes, RevisionId, lanes};

use super::Files;

/// The revision files as a graph, its drawing, and where the database is in it.
#[derive(Clone, Debug, Default)]
pub(crate) struct History {
    pub(crate) graph: Graph,
    pub(crate) lanes: Lanes,
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// The positions of the revisions that the database is at.
    pub(crate) current: Vec<usize>,
    /// For each position whether the database has it.
    pub(crate) applied: Vec<bool>,
    /// What the database says it is at, and no file declares.
    pub(crate) unknown: Vec<String>,
}

/// A place in the history that can be gone to.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Spot {
    /// Before the first revision.
    Base,
    /// After the revision of that id.
    Revision(RevisionId),
}

impl History {
    /// Reads the files; `current` is what the database's version table holds.
    pub(crate) fn read(files: &Files, current: &[String]) -> Self {
        let revisions = read_revisions(files.revisions());
        let mut history = Self {
            lanes: lanes(&revisions.graph),
            graph: revisions.graph,
            diagnostics: revisions.diagnostics,
            ..Self::default()
        };
        history.locate(current);
        history
    }

    /// Takes note of where the database is now.
    pub(crate) fn locate(&mut self, current: &[String]) {
        self.current.clear();
        self.unknown.clear();
        for id in current {
            match self.graph.position(&RevisionId::stored(id.as_str())) {
                Some(at) => self.current.push(at),
                None => self.unknown.push(id.clone()),
            }
        }
        self.applied = self.graph.ancestry(&self.current);
    }

    pub(crate) fn is_applied(&self, position: usize) -> bool {
        self.applied.get(position).is_some_and(|applied| *applied)
    }

    /// Whether some revision waits to be applied.
    pub(crate) fn has_pending(&self) -> bool {
        self.applied.iter().any(|applied| !applied)
    }

    /// Whether no upgrade can succeed, because the files contradict each other or the database is at a
    /// revision without a file.
    pub(crate) fn is_broken(&self) -> bool {
        !self.unknown.is_empty() || self.diagnostics.iter().any(Diagnostic::is_error)
    }

    /// Whether the database is before the first revision.
    pub(crate) fn at_base(&self) -> bool {
        self.current.is_empty() && self.unknown.is_empty()
    }

    pub(crate) fn position(&self, spot: &Spot) -> Option<usize> {
        match spot {
            Spot::Base => None,
            Spot::Revision(id) => self.graph.position(id),
        }
    }

    /// The command that brings the database there, without the program's name; `None` if it is there.
    pub(crate) fn way_to(&self, spot: &Spot) -> Option<String> {
        match (spot, self.position(spot)) {
            (Spot::Base, _) if self.at_base() => None,
            (Spot::Base, _) => Some("downgrade base".into()),
            (Spot::Revision(_), None) => None,
            (Spot::Revision(_), Some(at)) if self.current.contains(&at) => None,
            (Spot::Revision(id), Some(at)) if self.is_applied(at) => {
                Some(format!("downgrade {id}"))
            }
            (Spot::Revision(id), Some(_)) => Some(format!("upgrade {id}")),
        }
    }

    /// What a screen reader says of a revision, and what is beside its node.
    pub(crate) fn facts(&self, position: usize) -> Vec<String> {
        let mut facts = Vec::new();
        facts.push(if self.is_applied(position) { "applied" } else { "pending" }.to_owned());
        if self.current.contains(&position) {
            facts.push("current".into());
        }
        if self.graph.children(position).is_empty() {
            facts.push("head".into());
        }
        if self.graph.parents(position).len() > 1 {
            facts.push("merge".into());
        }
        if self.graph.at(position).irreversible.is_some() {
            facts.push("irreversible".into());
        }
        facts.extend(self.graph.at(position).labels.iter().map(|label| format!("branch {label}")));
        facts
    }
}
