//! Looking at the database for the panes.

use ambix_core::engine::{JOURNAL_TABLE, Rows, VERSION_TABLE, Value, is_kept};
use ambix_core::schema::{Column, Table};
use ambix_core::sqlite::catalog;
use ambix_sqljs::Database;

use crate::session::{DatabaseView, ROWS_SHOWN, TableView};

/// Reads the catalogue, and the first rows of every table.
pub(crate) fn look(database: &Database) -> DatabaseView {
    look_at(database).unwrap_or_else(|failure| DatabaseView {
        failure: Some(failure),
        ..DatabaseView::default()
    })
}

fn look_at(database: &Database) -> Result<DatabaseView, String> {
    let (schema, diagnostics) = catalog::read(&database.select(catalog::SELECT)?);
    let mut view = DatabaseView { diagnostics, ..DatabaseView::default() };
    for table in schema.tables {
        let indexes = schema.indexes.iter().filter(|index| index.table == table.name).cloned();
        let (rows, total) = first_rows(database, &table.name)?;
        view.tables.push(TableView { indexes: indexes.collect(), table, rows, total });
    }
    // The catalogue leaves the engine's own tables out.
    for name in [VERSION_TABLE, JOURNAL_TABLE].map(String::from).into_iter().chain(kept(database)?)
    {
        if exists(database, &name)? {
            let (rows, total) = first_rows(database, &name)?;
            let table = table_of(&name, &rows);
            view.bookkeeping.push(TableView { table, indexes: Vec::new(), rows, total });
        }
    }
    view.others = schema.others;
    let versions = view.bookkeeping.iter().find(|table| table.table.name == VERSION_TABLE);
    view.current = versions.map(ids).unwrap_or_default();
    Ok(view)
}

/// The tables with content that is kept for a downgrade.
fn kept(database: &Database) -> Result<Vec<String>, String> {
    let tables =
        database.select("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")?;
    let names = tables.rows.iter().filter_map(|row| row.first().and_then(Value::as_text));
    Ok(names.filter(|name| is_kept(name)).map(String::from).collect())
}

fn exists(database: &Database, table: &str) -> Result<bool, String> {
    let found = format!("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = '{table}'");
    Ok(!database.select(&found)?.rows.is_empty())
}

/// A table of which only the names of the columns matter.
fn table_of(name: &str, rows: &Rows) -> Table {
    let columns = rows.columns.iter().map(|column| Column::new(column.as_str(), None));
    Table { name: name.into(), columns: columns.collect(), ..Table::default() }
}

fn ids(versions: &TableView) -> Vec<String> {
    let rows = versions.rows.rows.iter();
    rows.filter_map(|row| row.first().and_then(Value::as_text)).map(String::from).collect()
}

fn first_rows(database: &Database, table: &str) -> Result<(Rows, i64), String> {
    let name = format!("\"{}\"", table.replace('"', "\"\""));
    let rows = database.select(&format!("SELECT * FROM {name} LIMIT {ROWS_SHOWN}"))?;
    let count = database.select(&format!("SELECT count(*) FROM {name}"))?;
    let total = match count.rows.first().and_then(|row| row.first()) {
        Some(Value::Integer(total)) => *total,
        _ => rows.rows.len() as i64,
    };
    Ok((rows, total))
}
