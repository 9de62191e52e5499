//! What crosses between Rust and JavaScript. The TypeScript types are generated from these.

use ambix_core::diagnostic::{Code, Diagnostic};
use ambix_core::engine::{self, Event, Rows, Value};
use serde::{Deserialize, Serialize};
use tsify::Tsify;

/// A revision, as an app ships it.
#[derive(Deserialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct RevisionSource {
    /// Its id.
    pub id: String,
    /// The ids that it follows: none for the first one, several for a merge.
    pub down: Vec<String>,
    /// What it is about.
    #[serde(default)]
    #[tsify(optional)]
    pub message: String,
    /// The SQL that applies it, one statement a string (several, separated by semicolons, are fine).
    pub upgrade: Vec<String>,
    /// The SQL that takes it back.
    pub downgrade: Vec<String>,
}

/// What the engine needs next, or how it ended.
#[derive(Serialize, Tsify)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum Turn {
    /// Read with one SELECT.
    Query {
        /// The SELECT.
        sql: String,
    },
    /// Run all of it in order in one transaction, or nothing of it.
    Atomic {
        /// The statements, one each.
        statements: Vec<String>,
    },
    /// Run this statement outside of any transaction.
    Alone {
        /// The statement.
        sql: String,
    },
    /// It has ended well.
    Done {
        /// How many revisions were applied or taken back.
        applied: usize,
        /// Where the database is, if that was the question.
        current: Vec<String>,
    },
    /// It has ended with an error; revisions before the one that failed are applied.
    Failed {
        /// What is wrong.
        error: Trouble,
    },
}

/// The answer to a [`Turn`].
#[derive(Deserialize, Tsify)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum Answer {
    /// The rows of a query. The engine asks for texts only.
    Rows {
        /// A list of values each.
        #[tsify(type = "(string | null)[][]")]
        rows: Vec<Vec<Option<String>>>,
    },
    /// It is done.
    Done,
    /// It could not be done, and nothing has changed.
    Failed {
        /// The database's message.
        message: String,
        /// Which statement of the list it was, counted from 0, where that is known.
        #[tsify(optional)]
        statement: Option<usize>,
    },
}

/// An error, as JavaScript throws it.
#[derive(Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct Trouble {
    /// A word: `multiple-heads`.
    pub code: String,
    /// What is wrong, in Alembic's words where it has some.
    pub message: String,
    /// Ways out.
    pub hints: Vec<String>,
    /// The statement that failed.
    #[tsify(optional)]
    pub statement: Option<String>,
}

/// Something that happened.
#[derive(Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct Progress {
    /// The revision.
    pub revision: String,
    /// `upgrade` or `downgrade`.
    pub direction: String,
    /// Whether it is applied, or only begun.
    pub finished: bool,
}

impl From<engine::Request> for Turn {
    fn from(request: engine::Request) -> Self {
        match request {
            engine::Request::Query(statement) => Self::Query { sql: statement.sql },
            engine::Request::Atomic(statements) => Self::Atomic {
                statements: statements.into_iter().map(|statement| statement.sql).collect(),
            },
            engine::Request::Alone(statement) => Self::Alone { sql: statement.sql },
        }
    }
}

impl From<Answer> for engine::Answer {
    fn from(answer: Answer) -> Self {
        match answer {
            Answer::Rows { rows } => {
                let value = |text: Option<String>| text.map_or(Value::Null, Value::Text);
                let row = |row: Vec<_>| row.into_iter().map(value).collect();
                Self::Rows(Rows { columns: Vec::new(), rows: rows.into_iter().map(row).collect() })
            }
            Answer::Done => Self::Done,
            Answer::Failed { message, statement } => {
                Self::Failed(engine::Failure { message, statement })
            }
        }
    }
}

impl From<&Diagnostic> for Trouble {
    fn from(error: &Diagnostic) -> Self {
        Self {
            code: error.code.to_string(),
            message: error.message.clone(),
            hints: error.hints.iter().map(|hint| hint.text.clone()).collect(),
            statement: error.statement.clone(),
        }
    }
}

impl Trouble {
    /// The host called without an answer, or after the end.
    pub(crate) fn out_of_turn() -> Self {
        let message = "next() was called without an answer, or after the end";
        Self::from(&Diagnostic::error(Code::HostFailed, message))
    }
}

impl Progress {
    pub(crate) fn of(event: &Event) -> Option<Self> {
        let (step, finished) = match event {
            Event::Started(step) => (step, false),
            Event::Finished(step) => (step, true),
            Event::Doubted(_) | Event::Planned(_) | Event::Ran(_) | Event::Refused { .. } => {
                return None;
            }
        };
        let (revision, direction) = (step.revision.to_string(), step.direction.to_string());
        Some(Self { revision, direction, finished })
    }
}
