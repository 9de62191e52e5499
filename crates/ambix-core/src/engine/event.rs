use super::{Origin, Statement};
use crate::diagnostic::Diagnostic;
use crate::revision::Step;

/// What happens while revisions are applied, in order. The command line's log, the page's panes and
/// its animation, and an app's progress bar are all made from these.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// A revision is about to run.
    Started(Step),
    /// A statement of a revision was carried out. Sent once the revision as a whole is applied.
    Ran(Statement),
    /// A statement was refused; everything that its revision did is undone.
    Refused {
        /// The statement, if the host knows which one it was.
        statement: Option<Statement>,
        /// The error as it is reported.
        diagnostic: Diagnostic,
    },
    /// The revision is applied, with its version rows.
    Finished(Step),
}

impl Event {
    /// The origin of the statement that it is about.
    pub fn origin(&self) -> Option<&Origin> {
        match self {
            Self::Ran(statement) => Some(&statement.origin),
            Self::Refused { statement, .. } => {
                statement.as_ref().map(|statement| &statement.origin)
            }
            Self::Started(_) | Self::Finished(_) => None,
        }
    }
}
