use super::{Column, Constraint, PrimaryKey};
use alloc::{string::String, vec::Vec};
use serde::{Deserialize, Serialize};

/// A table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    /// Its name, unquoted.
    pub name: String,
    /// Its columns in order.
    pub columns: Vec<Column>,
    /// Its constraints, those written in a column included.
    pub constraints: Vec<Constraint>,
    /// What stands after the closing parenthesis, and AUTOINCREMENT.
    #[serde(default, skip_serializing_if = "TableOptions::is_empty")]
    pub options: TableOptions,
    /// A comment, which SQLite does not store.
    #[serde(skip)]
    pub comment: Option<String>,
    /// What models note of it for their own use (`info`), as Python shows it.
    #[serde(skip)]
    pub info: Option<String>,
    /// What models say to dialects (`mysql_engine`), each value as Python shows it. Of SQLite's own it is in
    /// [`Self::options`] too.
    #[serde(skip)]
    pub dialect_options: Vec<(String, String)>,
    /// The stored text, for a table that comes from a database.
    #[serde(skip)]
    pub sql: Option<String>,
}

/// The options of a table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableOptions {
    /// STRICT.
    pub strict: bool,
    /// WITHOUT ROWID.
    pub without_rowid: bool,
    /// AUTOINCREMENT at the primary key.
    pub autoincrement: bool,
}

impl TableOptions {
    fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl Table {
    /// The column of that name. SQLite folds ASCII letters' case in names.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name.eq_ignore_ascii_case(name))
    }

    /// The primary key, if there is one.
    pub fn primary_key(&self) -> Option<&PrimaryKey> {
        self.constraints.iter().find_map(|constraint| match constraint {
            Constraint::PrimaryKey(key) => Some(key),
            _ => None,
        })
    }
}
