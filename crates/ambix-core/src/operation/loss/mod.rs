//! What an operation destroys: the tables, columns and rows that are gone when it has run.
//!
//! [`Inventory`] follows the names of tables and columns through a plan, so that each [`Loss`] says under
//! which name its rows can be counted before anything runs. What the plan itself made is no loss.

mod cascade;
mod change;
mod conversion;
mod inventory;
mod reference;
mod rows;
mod statement;

pub(crate) use conversion::{Affinity, Conversion};
pub use inventory::Inventory;
pub(crate) use rows::FoundBy;
pub(crate) use statement::inserted;

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
    /// Values of a column change, since it gets another type.
    Converted,
    /// Rows are deleted because a table is dropped that they refer to, ON DELETE CASCADE.
    ReferringRows,
    /// Values of a column are overwritten because a table is dropped that they refer to, ON DELETE SET NULL or
    /// SET DEFAULT.
    ReferringValues,
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
    /// The table that they refer to, for [`LossKind::ReferringRows`] and [`LossKind::ReferringValues`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refers_to: Option<String>,
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
    /// What becomes of the values, for [`LossKind::Converted`].
    #[serde(skip)]
    pub(crate) conversion: Option<Conversion>,
}

/// Where rows are counted: in the database as it was when the [`Inventory`] was made.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Counted {
    /// The table.
    pub(crate) table: String,
    /// The column whose values count; all rows if there is none.
    pub(crate) column: Option<String>,
    /// Which rows count, in SQL; all if there is nothing.
    pub(crate) condition: Option<String>,
}

impl Loss {
    /// Whether there was nothing to lose.
    pub fn is_empty(&self) -> bool {
        self.rows == Some(0)
    }

    /// Whether there is nothing to say, even of something that holds nothing: the step changes no value and no
    /// row of what stays.
    pub fn is_none(&self) -> bool {
        let stays = matches!(
            self.kind,
            LossKind::Converted | LossKind::ReferringRows | LossKind::ReferringValues
        );
        stays && self.is_empty()
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
            (LossKind::Converted, column, _) => {
                let column = column.as_deref().unwrap_or_default();
                let may = if self.rows.is_none() { "may " } else { "" };
                write!(f, "values of {table}.{column}, which {may}change with its type")?;
                "value"
            }
            (LossKind::ReferringRows | LossKind::ReferringValues, column, _) => {
                let (parent, dot) =
                    (self.refers_to.as_deref().unwrap_or_default(), column.is_some());
                let (dot, column) =
                    (if dot { "." } else { "" }, column.as_deref().unwrap_or_default());
                let unit = if self.kind == LossKind::ReferringRows { "row" } else { "value" };
                let may = if self.rows.is_none() { "may " } else { "" };
                write!(f, "{unit}s of {table}{dot}{column}, which {may}refer to {parent}")?;
                unit
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
