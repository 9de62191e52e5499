//! Statements of a change, and what each is for.

use alloc::string::String;

/// One statement of a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// The statement.
    pub sql: String,
    /// Its part in making a table anew, if it has one.
    pub part: Option<Part>,
}

impl Piece {
    pub(super) fn new(sql: String) -> Self {
        Self { sql, part: None }
    }
}

/// What a statement is for where a table is made anew.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The table.
    pub table: String,
    /// What is done to it.
    pub phase: Phase,
}

/// What is done, one after the other, where a table is made anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// The table is still the one that was read.
    Assert,
    /// It and its rows are put where the new one is not in their way.
    SetAside,
    /// The new one is made.
    Create,
    /// Rows come over; in several statements where there are many.
    Copy(Option<Copied>),
    /// Nothing is left of what was set aside.
    Finish,
    /// What hangs on it is made again: indexes, triggers, statistics.
    Restore,
    /// No row is missing, what worked before works, and rows refer to no others than before that are not there.
    Check,
}

/// How far a copy is, by rowids: an estimate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Copied {
    /// So many rows are there when the statement has run.
    pub done: u64,
    /// So many will be there in the end.
    pub total: u64,
}

impl Phase {
    /// In a few words, for a person: `copies rows`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Assert => "asserts that it is still the same",
            Self::SetAside => "sets it aside",
            Self::Create => "makes it anew",
            Self::Copy(_) => "copies rows",
            Self::Finish => "drops what was set aside",
            Self::Restore => "makes what hangs on it again",
            Self::Check => "checks it and what refers to it",
        }
    }
}
