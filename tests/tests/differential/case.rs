//! A project, where its database is, and what is typed; and what came of it.

use serde::{Deserialize, Serialize};
use std::fmt;

/// One revision file.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Revision {
    pub(crate) revision: String,
    pub(crate) down_revision: Vec<String>,
    pub(crate) branch_labels: Vec<String>,
    pub(crate) depends_on: Vec<String>,
    pub(crate) message: String,
}

/// One question to both programs.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Case {
    /// In the order of their files.
    pub(crate) revisions: Vec<Revision>,
    /// Commands that real Alembic brings the database to its rows with.
    pub(crate) preparation: Vec<Vec<String>>,
    /// The rows of the version table, once they are known.
    pub(crate) current: Option<Vec<String>>,
    /// What is typed after the name of the program.
    pub(crate) words: Vec<String>,
}

/// How a command ended that did not end well.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Ending {
    /// With a message of its own.
    Command,
    /// The command line was not understood.
    Usage,
    /// With a Python traceback.
    Traceback,
}

/// What a program did.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub(crate) struct Answer {
    /// The rows before.
    pub(crate) current: Vec<String>,
    /// The rows after, sorted.
    pub(crate) after: Vec<String>,
    /// Standard output.
    pub(crate) lines: Vec<String>,
    /// The log lines `Running upgrade …`.
    pub(crate) running: Vec<String>,
    pub(crate) error: Option<String>,
    #[serde(rename = "error_kind")]
    pub(crate) ending: Option<Ending>,
}

impl fmt::Display for Case {
    /// A project to type off.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (nth, revision) in self.revisions.iter().enumerate() {
            let Revision { revision, down_revision, branch_labels, depends_on, message } = revision;
            write!(f, "versions/r{nth:03}.py  revision = {revision:?}")?;
            write!(f, "  down_revision = {down_revision:?}")?;
            if !branch_labels.is_empty() {
                write!(f, "  branch_labels = {branch_labels:?}")?;
            }
            if !depends_on.is_empty() {
                write!(f, "  depends_on = {depends_on:?}")?;
            }
            writeln!(f, "  \"\"\"{message}\"\"\"")?;
        }
        match &self.current {
            Some(rows) => writeln!(f, "alembic_version     {rows:?}")?,
            None => writeln!(f, "after               {:?}", self.preparation)?,
        }
        write!(f, "$ alembic {}", self.words.join(" "))
    }
}
