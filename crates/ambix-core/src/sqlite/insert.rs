//! Rows as INSERT statements, in the words of SQLAlchemy's compiler.

use super::quote;
use crate::operation::{BulkInsert, StoredValue};
use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};

/// One INSERT for each row, none if there are no rows.
///
/// ```
/// use ambix_core::operation::{BulkInsert, StoredValue};
///
/// let row = vec![("id".into(), StoredValue::Integer(1)), ("name".into(), StoredValue::Text("it's".into()))];
/// let insert = BulkInsert { table: "account".into(), rows: vec![row] };
/// assert_eq!(
///     ambix_core::sqlite::insert::rows(&insert),
///     ["INSERT INTO account (id, name) VALUES (1, 'it''s')"]
/// );
/// ```
pub fn rows(insert: &BulkInsert) -> Vec<String> {
    insert.rows.iter().map(|row| one(&insert.table, row)).collect()
}

fn one(table: &str, row: &[(String, StoredValue)]) -> String {
    let table = quote::name(table);
    if row.is_empty() {
        return format!("INSERT INTO {table} DEFAULT VALUES");
    }
    let names: Vec<String> = row.iter().map(|(name, _)| quote::name(name)).collect();
    let values: Vec<String> = row.iter().map(|(_, stored)| value(stored)).collect();
    format!("INSERT INTO {table} ({}) VALUES ({})", names.join(", "), values.join(", "))
}

/// A value as SQL.
pub fn value(value: &StoredValue) -> String {
    match value {
        StoredValue::Null => "NULL".into(),
        StoredValue::Integer(number) => number.to_string(),
        // SQLite stops reading a statement at such a character.
        StoredValue::Text(text) if text.contains('\0') => {
            format!("CAST({} AS TEXT)", blob(text.as_bytes()))
        }
        StoredValue::Text(text) => quote::text(text),
        StoredValue::Blob(bytes) => blob(bytes),
        StoredValue::Number(sql) | StoredValue::Sql(sql) => sql.clone(),
    }
}

fn blob(bytes: &[u8]) -> String {
    let digits: String = bytes.iter().map(|byte| format!("{byte:02X}")).collect();
    format!("X'{digits}'")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_every_kind() {
        for (stored, sql) in [
            (StoredValue::Null, "NULL"),
            (StoredValue::Integer(-3), "-3"),
            (StoredValue::Number("1.50".into()), "1.50"),
            (StoredValue::Text("o'k".into()), "'o''k'"),
            (StoredValue::Text("a\0b".into()), "CAST(X'610062' AS TEXT)"),
            (StoredValue::Blob(Vec::from([0, 255])), "X'00FF'"),
            (StoredValue::Sql("CURRENT_TIMESTAMP".into()), "CURRENT_TIMESTAMP"),
        ] {
            assert_eq!(value(&stored), sql);
        }
    }

    #[test]
    fn names_are_quoted_and_each_row_has_its_own_columns() {
        let row = |name: &str| Vec::from([(name.to_string(), StoredValue::Integer(1))]);
        let rows_of = |rows: Vec<_>| super::rows(&BulkInsert { table: "order".into(), rows });
        assert_eq!(
            rows_of(Vec::from([row("Key"), row("b"), Vec::new()])),
            [
                "INSERT INTO \"order\" (\"Key\") VALUES (1)",
                "INSERT INTO \"order\" (b) VALUES (1)",
                "INSERT INTO \"order\" DEFAULT VALUES"
            ]
        );
        assert!(rows_of(Vec::new()).is_empty());
    }
}
