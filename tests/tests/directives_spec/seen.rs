//! A database and an error as a person reads them.

use ambix_core::diagnostic::Diagnostic;
use rusqlite::Connection;

/// The statements that make the database, then its rows: `t: 1, 'a', NULL`.
pub(crate) fn whole(database: &Connection) -> String {
    let mut text = String::new();
    let mut tables = Vec::new();
    for (schema, label) in [("sqlite_schema", ""), ("sqlite_temp_schema", "temp: ")] {
        let select = format!(
            "SELECT type, name, sql FROM {schema} WHERE name <> 'alembic_version' AND \
             tbl_name <> 'alembic_version' ORDER BY type = 'view', tbl_name, type <> 'table', type, name"
        );
        for object in cells(database, &select) {
            if let [Some(kind), Some(name), sql] = &object[..] {
                if let Some(sql) = sql.as_ref().filter(|_| !name.starts_with("sqlite_")) {
                    text.push_str(&format!("{label}{sql};\n"));
                }
                if kind == "table" {
                    tables.push(name.clone());
                }
            }
        }
    }
    tables.sort();
    for table in tables {
        let quoted = table.replace('"', "\"\"");
        let columns = format!(
            "SELECT 'quote(\"' || replace(name, '\"', '\"\"') || '\")' FROM pragma_table_xinfo('{}') WHERE hidden <> 1",
            table.replace('\'', "''")
        );
        let columns: Vec<String> =
            cells(database, &columns).into_iter().flatten().flatten().collect();
        for row in cells(database, &format!("SELECT {} FROM \"{quoted}\"", columns.join(", "))) {
            let row: Vec<String> = row.into_iter().flatten().collect();
            text.push_str(&format!("{table}: {}\n", row.join(", ")));
        }
    }
    text
}

fn cells(database: &Connection, select: &str) -> Vec<Vec<Option<String>>> {
    let mut select = database.prepare(select).unwrap();
    let width = select.column_count();
    let row = |row: &rusqlite::Row<'_>| (0..width).map(|at| row.get(at)).collect();
    select.query_map([], row).unwrap().map(Result::unwrap).collect()
}

/// What SQLite itself finds wrong.
///
/// # Errors
/// What it says.
pub(crate) fn is_whole(database: &Connection) -> Result<(), String> {
    for check in ["PRAGMA integrity_check", "PRAGMA foreign_key_check"] {
        let found = cells(database, check);
        if !found.is_empty() && found != [[Some("ok".to_string())]] {
            return Err(format!("{check}: {found:?}"));
        }
    }
    Ok(())
}

/// The message, what of the revision it is about, and the ways out.
pub(crate) fn error(error: &Diagnostic, script: &str) -> String {
    let mut text = format!("{}\n", error.message);
    if let Some(place) = &error.place {
        let about = place.span.of(script).lines().next().unwrap_or_default();
        text.push_str(&format!("at: {about}\n"));
    }
    for hint in &error.hints {
        text.push_str(&format!("hint: {}\n", hint.text));
    }
    text
}
