use alloc::{string::String, vec::Vec};
use serde::{Deserialize, Serialize};

/// `op.bulk_insert(table, rows)`: rows that a revision brings with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BulkInsert {
    /// The table that they go into.
    pub table: String,
    /// The rows, each with its columns in the order of the table.
    pub rows: Vec<Vec<(String, StoredValue)>>,
}

/// A value in the form in which SQLite is to store it: what SQLAlchemy makes of a Python value for the type
/// of its column. A date is a text, True is 1.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum StoredValue {
    /// NULL.
    Null,
    /// A whole number.
    Integer(i64),
    /// Any other number, by its digits: `1.50`.
    Number(String),
    /// A text.
    Text(String),
    /// Bytes.
    Blob(Vec<u8>),
    /// An expression whose value SQLite finds itself: `CURRENT_TIMESTAMP`.
    Sql(String),
}
