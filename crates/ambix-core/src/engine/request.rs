//! What the engine asks of a host's database, and what it gets back.

use crate::diagnostic::Place;
use crate::revision::{Direction, RevisionId, VersionChange};
use crate::sqlite::alter::Part;
use alloc::{boxed::Box, string::String, vec::Vec};

/// A value that SQLite stores.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// NULL.
    Null,
    /// INTEGER.
    Integer(i64),
    /// REAL.
    Real(f64),
    /// TEXT.
    Text(String),
    /// BLOB.
    Blob(Vec<u8>),
}

impl Value {
    /// The text, if it is one.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.into())
    }
}

/// The answer to a query.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rows {
    /// The names of the columns. Two may be equal.
    pub columns: Vec<String>,
    /// The rows, each as long as `columns`.
    pub rows: Vec<Vec<Value>>,
}

/// One SQL statement, and why it is sent.
#[derive(Clone, Debug, PartialEq)]
pub struct Statement {
    /// Exactly one statement, without a final semicolon.
    pub sql: String,
    /// The values of its `?` parameters.
    pub parameters: Vec<Value>,
    /// Where it comes from.
    pub origin: Origin,
}

/// Where a statement comes from. Nobody has to read SQL to find out.
#[derive(Clone, Debug, PartialEq)]
pub struct Origin {
    /// The revision that it belongs to, and the direction it is taken in.
    pub revision: Option<(RevisionId, Direction)>,
    /// What it is for.
    pub role: Role,
}

/// What a statement is for.
#[derive(Clone, Debug, PartialEq)]
pub enum Role {
    /// Reads the catalogue or the bookkeeping tables.
    Read,
    /// Asserts that the database stands where the plan says.
    HeadAssertion,
    /// Asserts that the row of the version table that changes next is still there.
    RowAssertion(VersionChange),
    /// Carries out an operation of the revision.
    Operation {
        /// The directive: `create_table`.
        name: String,
        /// Where the revision's file says so.
        place: Option<Place>,
        /// What the statement does to the table that the operation makes anew, if it does that.
        part: Option<Box<Part>>,
    },
    /// Keeps the version table.
    VersionTable,
    /// Keeps the journal.
    Journal,
}

/// Something the engine needs from the database.
#[derive(Clone, Debug, PartialEq)]
pub enum Request {
    /// Read, outside of any transaction. Answer: [`Answer::Rows`].
    Query(Statement),
    /// Run all of it in order in one transaction, or nothing of it. After an error the host first
    /// tests whether the transaction is still open, rolls back, and answers [`Answer::Failed`].
    /// Answer: [`Answer::Done`].
    Atomic(Vec<Statement>),
    /// As [`Request::Atomic`], for a list that makes tables anew: foreign keys are switched off, which can
    /// only be done before the transaction begins. The list itself switches `PRAGMA legacy_alter_table`,
    /// which is off when it begins.
    ///
    /// The host reads both settings, switches them and reads back that they are off; where they are not, it
    /// answers [`Answer::Failed`] and runs nothing. However the list ends (committed, refused, refused at
    /// COMMIT, interrupted), the host puts both back as they were and reads back that they are; where that
    /// fails it answers [`Answer::Failed`] with a message that says so, and whether the list was committed.
    ///
    /// Sent only where the settings do not say [`guarded`](super::Settings::guarded). Answer:
    /// [`Answer::Done`].
    Rebuild(Vec<Statement>),
    /// Run this statement on its own, outside of any transaction: SQLite takes it no other way. Answer:
    /// [`Answer::Done`].
    Alone(Statement),
}

/// What the host answers.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// The rows of a query.
    Rows(Rows),
    /// It is done.
    Done,
    /// It could not be done; nothing has changed.
    Failed(Failure),
}

/// Why the database refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The database's message.
    pub message: String,
    /// Which statement of the list it was, counted from 0, where the host knows.
    pub statement: Option<usize>,
}
