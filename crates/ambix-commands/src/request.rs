//! What a command asks of its host, what it says, and how it ends.

use ambix_core::diagnostic::Diagnostic;
use ambix_core::engine::{self, Event};

/// Something a command needs. Paths are absolute, or relative to the folder of the [`Project`](crate::Project).
#[derive(Clone, Debug, PartialEq)]
pub enum Request {
    /// The database that the commands after this one work on. A host with one database of its own takes
    /// it as said. Answer: [`Answer::Done`].
    Connect {
        /// Where it is.
        location: Location,
        /// Whether foreign keys are in force on the connection.
        foreign_keys: bool,
    },
    /// The database. Answer: [`Answer::Database`].
    Database(engine::Request),
    /// Wait until no other program upgrades this database, and keep others waiting until the command has
    /// ended. Answer: [`Answer::Done`].
    Lock,
    /// Copy the database before a revision that destroys data. Answer: [`Answer::Text`] with the place of
    /// the copy, or [`Answer::Missing`] where the host keeps none.
    Backup {
        /// How many copies of this database are kept; older ones go.
        keep: usize,
    },
    /// A database to try things in. Answers as [`Scratch`] says.
    Scratch(Scratch),
    /// The paths of all files in a folder, in any order. Answer: [`Answer::Paths`], or
    /// [`Answer::Missing`] if there is no such folder.
    List {
        /// The folder.
        folder: String,
        /// Whether also those in the folders in it.
        recursive: bool,
    },
    /// The text of a file. Answer: [`Answer::Text`], or [`Answer::Missing`] if there is no such file.
    Read {
        /// Its path.
        path: String,
    },
    /// Make a file that is not there yet, with the folders above it. Answer: [`Answer::Done`].
    Write {
        /// Its path.
        path: String,
        /// Its text.
        text: String,
    },
    /// Put more text at the end of a file that is there. Answer: [`Answer::Done`].
    Append {
        /// Its path.
        path: String,
        /// The text that is added.
        text: String,
    },
    /// Make a folder, with those above it. Answer: [`Answer::Done`].
    MakeFolder {
        /// Its path.
        path: String,
    },
    /// Let the person edit a file, and wait until they are done. Answer: [`Answer::Done`].
    Edit {
        /// Its path.
        path: String,
    },
    /// Ask the person, and wait for a line. Answer: [`Answer::Text`], or [`Answer::Missing`] where nobody is there to
    /// answer.
    Ask {
        /// What is asked, with the answers that are understood: `… is it renamed? [y/N]`.
        question: String,
    },
    /// Run a program of the host and wait for its end. Answer: [`Answer::Done`], [`Answer::Missing`] if
    /// there is no such program, or [`Answer::Failed`].
    Run {
        /// The program.
        program: String,
        /// What it is called with.
        arguments: Vec<String>,
        /// The folder that it runs in; the project's if there is none.
        folder: Option<String>,
    },
    /// The value of an environment variable. Answer: [`Answer::Text`], or [`Answer::Missing`] if it is not
    /// set.
    Variable {
        /// Its name.
        name: String,
    },
    /// Twelve hexadecimal digits that no other revision has. Answer: [`Answer::Text`].
    NewId,
    /// The time as `2026-11-22 08:27:31.462407`, followed by the offset (`+00:00`) if a time zone is asked
    /// for. Answer: [`Answer::Text`], or [`Answer::Missing`] if there is no such time zone.
    Now {
        /// The name of a time zone; the local time without an offset if there is none.
        timezone: Option<String>,
    },
    /// Make everything that was done so far last. Answer: [`Answer::Done`].
    Flush,
    /// Show this to the person. Answer: [`Answer::Done`].
    Tell(Output),
}

/// Where a database is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Location {
    /// In memory, and gone with the program.
    Memory,
    /// In the file of that path.
    File(String),
}

/// What is asked of a scratch database, which is thrown away after the command.
#[derive(Clone, Debug, PartialEq)]
pub enum Scratch {
    /// Make it, in place of the one before it. Answer: [`Answer::Done`].
    Open {
        /// Whether it begins as a copy of the database, rather than empty.
        copy: bool,
    },
    /// Use it. Answer: [`Answer::Database`].
    Database(engine::Request),
}

/// What the host answers.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// The database's answer.
    Database(engine::Answer),
    /// Paths of files.
    Paths(Vec<String>),
    /// A text: a file's, an id, a time, a path.
    Text(String),
    /// It is done.
    Done,
    /// There is no such thing.
    Missing,
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
    /// Something worth knowing that is neither a result nor a warning.
    Note(String),
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
