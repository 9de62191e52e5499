//! What an operation destroys: the tables, columns and rows that are gone when it has run.
//!
//! [`Inventory`] follows the names of tables and columns through a plan, so that each [`Loss`] says under
//! which name its rows can be counted before anything runs. What the plan itself made is no loss.

mod inventory;
mod rows;
mod statement;

pub use inventory::Inventory;
pub(crate) use rows::FoundBy;

use alloc::string::String;
use core::fmt;
use serde::Serialize;

/// What is lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LossKind {
    /// A table is dropped.
    Table,
    /// A column is dropped.
    Column,
    /// A column is computed from now on; the values that it stored are gone.
    Computed,
    /// Rows are deleted or overwritten by SQL that the author wrote.
    Rows,
}

/// Something that is gone when a step has run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Loss {
    /// What it is.
    pub kind: LossKind,
    /// The table, by its name when the step runs.
    pub table: Option<String>,
    /// The column, by its name when the step runs. Of a dropped column nothing where only the table's text
    /// can tell which one it is.
    pub column: Option<String>,
    /// The beginning of the statement, for [`LossKind::Rows`].
    pub statement: Option<String>,
    /// How many rows or values that are not NULL are lost; nothing where it is not known.
    pub rows: Option<u64>,
    /// Whether the content is kept, and comes back with the downgrade (`keep_data`).
    pub kept: bool,
    /// Whether it is known well enough to be kept.
    #[serde(skip)]
    pub(crate) can_be_kept: bool,
    /// By what the rows of a kept column are found again.
    #[serde(skip)]
    pub(crate) found_by: Option<FoundBy>,
    /// Where they are counted.
    #[serde(skip)]
    pub(crate) counted: Option<Counted>,
}

/// Where rows are counted: in the database as it was when the [`Inventory`] was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Counted {
    /// The table.
    pub(crate) table: String,
    /// The column whose values count; all rows if there is none.
    pub(crate) column: Option<String>,
}

impl Loss {
    /// Whether there was nothing to lose.
    pub fn is_empty(&self) -> bool {
        self.rows == Some(0)
    }
}

impl fmt::Display for Loss {
    /// `column items.price (3 values)`, `table items (1 row)`, `rows, by DELETE FROM items`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let table = self.table.as_deref().unwrap_or_default();
        let unit = match (self.kind, &self.column, &self.statement) {
            (LossKind::Rows, _, statement) => {
                write!(f, "rows, by {}", statement.as_deref().unwrap_or_default())?;
                "row"
            }
            (LossKind::Table, ..) => {
                write!(f, "table {table}")?;
                "row"
            }
            (LossKind::Column, Some(column), _) => {
                write!(f, "column {table}.{column}")?;
                "value"
            }
            (LossKind::Column, None, _) => {
                write!(f, "columns that the new definition of {table} leaves out")?;
                "value"
            }
            (LossKind::Computed, column, _) => {
                let column = column.as_deref().unwrap_or_default();
                write!(f, "values of {table}.{column}, which is computed from now on")?;
                "value"
            }
        };
        match self.rows {
            None => Ok(()),
            Some(1) => write!(f, " (1 {unit})"),
            Some(0) => write!(f, " (no {unit}s)"),
            Some(rows) => write!(f, " ({rows} {unit}s)"),
        }
    }
}
