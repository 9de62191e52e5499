//! Values converted by CAST while they are copied, where a column gets a type of another kind.
//!
//! Source: Alembic's `SQLiteImpl.cast_for_batch_migrate`, by SQLAlchemy's `TypeEngine._type_affinity`.

use super::edit::{Definition, without_end};
use crate::schema::DataType;
use alloc::{format, string::String};

/// A column whose values are converted.
pub(super) struct Cast {
    column: String,
    data_type: String,
}

impl Cast {
    /// What Alembic converts as a column of this table gets a type; nothing if the types are of one kind, or the
    /// new one is JSON.
    pub(super) fn new(before: &Definition, column: &str, data_type: &str) -> Option<Self> {
        let data_type = without_end(data_type);
        let old = &before.read.table.columns.get(before.position(column)?)?.data_type;
        let converts = is_converted(old.as_ref(), data_type);
        converts.then(|| Self { column: column.into(), data_type: data_type.into() })
    }
}

/// Whether values are converted as a column of the one type gets the other.
pub(crate) fn is_converted(before: Option<&DataType>, data_type: &str) -> bool {
    let after = DataType::reflect(data_type);
    let (before, after) = (before.map(kind), after.as_ref().map(kind));
    before != after && after != Some("JSON") && !data_type.is_empty()
}

/// The value of a column as it is copied: what is first in `casts` is done first.
pub(super) fn converted(casts: &[Cast], column: &str, value: String) -> String {
    let of_column = casts.iter().filter(|cast| cast.column.eq_ignore_ascii_case(column));
    of_column.fold(value, |value, cast| format!("CAST({value} AS {})", cast.data_type))
}

/// The kind of a reflected type: SQLAlchemy's generic class for it.
fn kind(data_type: &DataType) -> &str {
    match data_type.class.as_str() {
        "BIGINT" | "SMALLINT" => "INTEGER",
        "CHAR" | "NCHAR" | "NVARCHAR" | "TEXT" => "VARCHAR",
        "TIMESTAMP" => "DATETIME",
        "DECIMAL" => "NUMERIC",
        "sqlite.JSON" | "sqlite.JSONB" => "JSON",
        "DOUBLE" | "DOUBLE_PRECISION" | "REAL" => "FLOAT",
        class => class,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_never_made_a_number() {
        let converts =
            |before: &str, after| is_converted(DataType::reflect(before).as_ref(), after);
        assert!(converts("TEXT", "INTEGER"));
        assert!(!converts("TEXT", "JSON"));
        assert!(!converts("TEXT", "JSONB"));
        assert!(!converts("JSON", "JSONB"));
    }
}
