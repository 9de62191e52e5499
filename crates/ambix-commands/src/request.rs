//! What a command asks of its host, what it says, and how it ends.

use ambix_core::diagnostic::Diagnostic;
use ambix_core::engine::{self, Event};

/// Something a command needs.
#[derive(Clone, Debug, PartialEq)]
pub enum Request {
    /// The database. Answer: [`Answer::Database`].
    Database(engine::Request),
    /// The paths of all files in a folder of the project, in any order; none if there is no such
    /// folder. Answer: [`Answer::Paths`].
    List {
        /// The folder, relative to the project's.
        folder: String,
    },
    /// The text of a file. Answer: [`Answer::Text`].
    Read {
        /// Its path, relative to the project's folder.
        path: String,
    },
    /// Make a file that is not there yet. Answer: [`Answer::Done`].
    Write {
        /// Its path, relative to the project's folder.
        path: String,
        /// Its text.
        text: String,
    },
    /// Twelve hexadecimal digits that no other revision has. Answer: [`Answer::Text`].
    NewId,
    /// The local time as `2026-11-22 08:27:31.462407`. Answer: [`Answer::Text`].
    Now,
    /// Make everything that was done so far last. Answer: [`Answer::Done`].
    Flush,
    /// Show this to the person. Answer: [`Answer::Done`].
    Tell(Output),
}

/// What the host answers.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// The database's answer.
    Database(engine::Answer),
    /// Paths of files.
    Paths(Vec<String>),
    /// A text: a file's, an id, a time.
    Text(String),
    /// It is done.
    Done,
    /// It could not be done, and why.
    Failed(String),
}

/// Something a command says while it runs.
#[derive(Clone, Debug, PartialEq)]
pub enum Output {
    /// A line of standard output.
    Line(String),
    /// A line of the log, which Alembic writes to standard error.
    Log(LogLine),
    /// An error or a warning, with its hints.
    Diagnostic(Diagnostic),
    /// Something the engine did.
    Event(Event),
}

/// `INFO  [alembic.runtime.migration] Running upgrade  -> 1975ea83b712`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogLine {
    /// `INFO`, `WARNING`, `ERROR`.
    pub level: &'static str,
    /// Alembic's name for the place that says it: `alembic.runtime.migration`.
    pub logger: &'static str,
    /// What it says.
    pub message: String,
}

impl std::fmt::Display for LogLine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:<5.5} [{}] {}", self.level, self.logger, self.message)
    }
}

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Report {
    /// 0 for success, 255 for an error that the command found, 2 for a line that is no command.
    pub exit_code: u8,
}
