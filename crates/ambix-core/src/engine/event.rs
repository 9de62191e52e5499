use super::Statement;
use crate::diagnostic::Diagnostic;
use crate::operation::loss::Loss;
use crate::revision::Step;
use alloc::vec::Vec;

/// What happens while revisions are applied, in order. The command line's log, the page's panes and
/// its animation, and an app's progress bar are all made from these.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// Something is doubtful about what was asked for; it is done all the same.
    Doubted(Diagnostic),
    /// These revisions are going to run, in this order. Not sent if there are none.
    Planned(Vec<Step>),
    /// A revision is about to run.
    Started(Step),
    /// The revision that is about to run destroys this. Not sent if nothing is lost.
    Loses {
        /// The revision.
        step: Step,
        /// What it destroys, counted in the database as it is before it.
        losses: Vec<Loss>,
    },
    /// A statement of a revision was carried out. Sent once the revision as a whole is applied.
    Ran(Statement),
    /// A statement was refused; everything that its revision did is undone.
    Refused {
        /// The statements of the revision.
        statements: Vec<Statement>,
        /// Which of them was refused, if the host knows; those before it ran and were undone.
        refused: Option<usize>,
        /// The error as it is reported.
        diagnostic: Diagnostic,
    },
    /// The revision is applied, with its version rows.
    Finished(Step),
}
