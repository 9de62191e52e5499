use ambix_core::diagnostic::Diagnostic;
use ambix_core::engine::{Event, Role, Statement};
use ambix_core::operation::loss::Loss;
use ambix_core::revision::Step;
use ambix_core::sqlite::alter::Part;

/// Every statement that ran, grouped by the revision that it ran for.
#[derive(Clone, Debug, Default)]
pub(crate) struct SqlLog {
    /// Oldest first.
    pub(crate) runs: Vec<Run>,
}

/// One revision, applied or taken back once. All its statements are one transaction.
#[derive(Clone, Debug)]
pub(crate) struct Run {
    pub(crate) serial: usize,
    pub(crate) step: Step,
    pub(crate) sent: Vec<Sent>,
    /// What it destroyed, or kept for its downgrade.
    pub(crate) losses: Vec<Loss>,
    /// Why it was refused as a whole, if it was.
    pub(crate) refused: Option<Diagnostic>,
}

/// A statement that SQLite was given.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Sent {
    pub(crate) statement: Statement,
    pub(crate) refused: bool,
}

impl Sent {
    /// Whether it only keeps the engine's books.
    pub(crate) fn is_bookkeeping(&self) -> bool {
        !matches!(self.statement.origin.role, Role::Operation { .. })
    }

    /// The table that it has a part in making anew, and what it does to that.
    pub(crate) fn part(&self) -> Option<&Part> {
        match &self.statement.origin.role {
            Role::Operation { part, .. } => part.as_deref(),
            _ => None,
        }
    }
}

impl SqlLog {
    /// Takes in what the engine tells.
    pub(crate) fn record(&mut self, event: Event) {
        match event {
            Event::Started(step) => {
                let serial = self.runs.last().map_or(1, |run| run.serial + 1);
                let (sent, losses) = (Vec::new(), Vec::new());
                self.runs.push(Run { serial, step, sent, losses, refused: None });
            }
            Event::Loses { losses, .. } => {
                if let Some(run) = self.runs.last_mut() {
                    run.losses = losses;
                }
            }
            Event::Ran(statement) => {
                if let Some(run) = self.runs.last_mut() {
                    run.sent.push(Sent { statement, refused: false });
                }
            }
            Event::Refused { statements, refused, diagnostic } => {
                if let Some(run) = self.runs.last_mut() {
                    // Those after the refused one were never sent.
                    let sent = statements.into_iter().take(refused.map_or(usize::MAX, |at| at + 1));
                    let sent = sent
                        .enumerate()
                        .map(|(at, statement)| Sent { statement, refused: refused == Some(at) });
                    run.sent.extend(sent);
                    run.refused = Some(diagnostic);
                }
            }
            Event::Doubted(_) | Event::Planned(_) | Event::Finished(_) => {}
        }
    }
}

impl Run {
    /// Its statements, those together that make one table anew.
    pub(crate) fn groups(&self) -> impl Iterator<Item = &[Sent]> {
        self.sent.chunk_by(|one, next| match (one.part(), next.part()) {
            (Some(one), Some(next)) => one.table == next.table,
            _ => false,
        })
    }

    /// Its statements as a script, for the clipboard.
    pub(crate) fn script(&self) -> String {
        self.sent.iter().map(|sent| format!("{};\n", sent.statement.sql)).collect()
    }
}
