//! A reader of CREATE TABLE that knows for each part of the table which part of the text it is.
//!
//! Source: the grammar on <https://sqlite.org/lang_createtable.html> and SQLite's `parse.y`.

mod keys;
mod reader;
#[cfg(test)]
mod tests;

pub use keys::rowid_column;
pub use reader::read;

use crate::diagnostic::Span;
use crate::schema::Table;
use crate::sqlite::token::normalised;
use alloc::vec::Vec;

/// A CREATE TABLE statement: what it means, and where each part of it stands in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreateTable {
    /// What it means. Its `sql` is the text that was read.
    pub table: Table,
    /// The table's name in the text, quotes included.
    pub name: Span,
    /// The columns in the text, in the order of `table.columns`.
    pub columns: Vec<ColumnText>,
    /// The constraints after the columns.
    pub constraints: Vec<Clause>,
    /// Where the columns end: at the end of the last one, which is before the first table constraint or
    /// the closing parenthesis.
    pub end_of_columns: usize,
    /// The closing parenthesis.
    pub close: usize,
    /// STRICT and WITHOUT ROWID, each with its words.
    pub options: Vec<Span>,
}

/// A column in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnText {
    /// All of it, from the name to the last word.
    pub span: Span,
    /// The name, quotes included.
    pub name: Span,
    /// The declared type with its sizes; empty, behind the name, where there is none.
    pub declared_type: Span,
    /// What follows the type.
    pub clauses: Vec<Clause>,
}

impl ColumnText {
    /// The last clause of that kind, which is the one that SQLite follows.
    pub fn clause(&self, kind: ClauseKind) -> Option<&Clause> {
        self.clauses.iter().rev().find(|clause| clause.kind == kind)
    }
}

/// A constraint of a column or of the table, in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clause {
    /// All of it, `CONSTRAINT name` included.
    pub span: Span,
    /// What it is.
    pub kind: ClauseKind,
    /// The name after CONSTRAINT.
    pub name: Option<Span>,
    /// Its place in `table.constraints`, where it is one of those.
    pub constraint: Option<usize>,
    /// The columns in its parentheses (of the table itself), each without COLLATE and order.
    pub columns: Vec<Span>,
    /// The expression of CHECK and AS without its parentheses, the value of DEFAULT with them, the name
    /// after COLLATE; else empty.
    pub inner: Span,
    /// What follows REFERENCES.
    pub referred: Option<Referred>,
    /// The word after ON CONFLICT.
    pub on_conflict: Option<Span>,
}

impl Clause {
    /// A clause that begins there, of which nothing is known yet.
    fn bare(start: usize) -> Self {
        Self {
            span: Span::new(start, start),
            kind: ClauseKind::Bare,
            name: None,
            constraint: None,
            columns: Vec::new(),
            inner: Span::default(),
            referred: None,
            on_conflict: None,
        }
    }

    /// Whether it is PRIMARY KEY DESC of a column.
    fn descends(&self, sql: &str) -> bool {
        let words = normalised(self.span.of(sql)).to_ascii_uppercase();
        self.columns.is_empty() && words.contains("PRIMARY KEY DESC")
    }
}

/// The kinds of [`Clause`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClauseKind {
    /// `PRIMARY KEY`
    PrimaryKey,
    /// `NOT NULL`
    NotNull,
    /// `NULL`
    Null,
    /// `UNIQUE`
    Unique,
    /// `CHECK (…)`
    Check,
    /// `DEFAULT …`
    Default,
    /// `COLLATE name`
    Collate,
    /// `REFERENCES …` or `FOREIGN KEY (…) REFERENCES …`, with what is said about deferring.
    ForeignKey,
    /// `GENERATED ALWAYS AS (…)`
    Generated,
    /// `CONSTRAINT name` with nothing behind it, or DEFERRABLE apart from REFERENCES, both of which SQLite
    /// takes.
    Bare,
}

/// `table (columns)` after REFERENCES.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Referred {
    /// The table's name, quotes included.
    pub table: Span,
    /// The names of its columns; empty where there are none.
    pub columns: Vec<Span>,
}

/// The text is no CREATE TABLE that this reader knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// Where it stopped.
    pub span: Span,
    /// What it expected there.
    pub expected: &'static str,
}
