//! A case and its outcome as a line of JSON.

use crate::Case;
use crate::apply::{Road, apply};
use ambix_core::sqlite::quote;
use ambix_tests::rows;
use rusqlite::Connection;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// What is done and what comes of it: the error, or the texts and the rows of everything.
pub(crate) fn line(case: &Case) -> Value {
    let database = case.open();
    let error = apply(&database, &case.change, case.road).err();
    let setup: Vec<&String> = case.schema.statements.iter().chain(&case.schema.rows).collect();
    json!({
        "seed": case.seed,
        "setup": setup,
        "foreign_keys": case.foreign_keys,
        "shared": case.road == Road::Guarded,
        "change": case.change,
        "fails": error.is_some(),
        "texts": texts(&database),
        "rows": rows_of(&database),
    })
}

fn texts(database: &Connection) -> Vec<String> {
    let select = "SELECT coalesce(sql, '') FROM sqlite_schema ORDER BY type, name";
    let texts = rows(database, select).unwrap().rows;
    texts.iter().map(|row| row[0].as_text().unwrap_or_default().to_string()).collect()
}

/// Of each table the number of rows and how often each type of value is stored.
fn rows_of(database: &Connection) -> BTreeMap<String, String> {
    let tables = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'";
    let mut all = BTreeMap::new();
    for row in rows(database, tables).unwrap().rows {
        let name = row[0].as_text().unwrap_or_default().to_string();
        let columns = format!("SELECT name FROM pragma_table_info({})", quote::text(&name));
        let columns = rows(database, &columns).unwrap().rows;
        let typed: Vec<String> = columns
            .iter()
            .map(|column| {
                format!(
                    "typeof({0}) || quote({0})",
                    quoted(column[0].as_text().unwrap_or_default())
                )
            })
            .collect();
        let select = format!("SELECT {} FROM {}", typed.join(" || ',' || "), quoted(&name));
        let mut found: Vec<String> = rows(database, &select)
            .map(|found| found.rows)
            .unwrap_or_default()
            .iter()
            .map(|row| row[0].as_text().unwrap_or_default().to_string())
            .collect();
        found.sort();
        all.insert(name, found.join(";"));
    }
    all
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
