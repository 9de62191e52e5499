use super::Name;
use alloc::{string::String, vec::Vec};
use serde::{Deserialize, Serialize};

/// An index made by CREATE INDEX.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Index {
    /// Its name.
    pub name: Name,
    /// The table that it indexes.
    pub table: String,
    /// What it is sorted by.
    pub keys: Vec<IndexKey>,
    /// Whether two rows may not have equal keys.
    pub unique: bool,
    /// The condition after WHERE, for a partial index.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub predicate: Option<String>,
    /// The stored text, for an index that comes from a database.
    #[serde(skip)]
    pub sql: Option<String>,
}

/// One key of an index.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum IndexKey {
    /// A column, by its name.
    Column(String),
    /// SQL: an expression, or a column with COLLATE or DESC.
    Expression(String),
}

impl Index {
    /// The key columns, or `None` if a key is more than a column.
    pub fn columns(&self) -> Option<Vec<&str>> {
        self.keys
            .iter()
            .map(|key| match key {
                IndexKey::Column(name) => Some(name.as_str()),
                IndexKey::Expression(_) => None,
            })
            .collect()
    }
}
