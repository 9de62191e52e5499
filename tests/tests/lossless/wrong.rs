//! Ways to change a table that lose something: the harness must see it.

use ambix_core::operation::{AlterTable, TableChange};
use ambix_core::sqlite::create_table;
use ambix_tests::random_schema::names::quoted;
use rusqlite::{Connection, OptionalExtension as _};

type Applied = Result<(), String>;

fn run(database: &Connection, sql: &str) -> Applied {
    database.execute_batch(&format!("BEGIN; {sql}; COMMIT")).map_err(|error| {
        if !database.is_autocommit() {
            database.execute_batch("ROLLBACK").unwrap();
        }
        error.to_string()
    })
}

/// SQLite's own statements, where there is one.
pub(crate) fn native(database: &Connection, change: &AlterTable) -> Applied {
    let table = quoted(&change.table);
    let [change] = change.changes.as_slice() else { return Err("more than one".into()) };
    let sql = match change {
        TableChange::AddColumn { definition, place: None } => {
            format!("ALTER TABLE {table} ADD COLUMN {definition}")
        }
        TableChange::RenameColumn { from, to } => {
            format!("ALTER TABLE {table} RENAME COLUMN {} TO {}", quoted(from), quoted(to))
        }
        TableChange::RenameTable { to } => format!("ALTER TABLE {table} RENAME TO {}", quoted(to)),
        _ => return Err("there is no statement for it".into()),
    };
    run(database, &sql)
}

/// Says that it is done.
pub(crate) fn nothing(_: &Connection, _: &AlterTable) -> Applied {
    Ok(())
}

/// A copy without any clause takes the place of the table.
pub(crate) fn copy(database: &Connection, change: &AlterTable) -> Applied {
    let table = quoted(&change.table);
    run(
        database,
        &format!(
            "CREATE TABLE _ambix_new AS SELECT * FROM {table}; DROP TABLE {table}; \
         ALTER TABLE _ambix_new RENAME TO {table}"
        ),
    )
}

/// The table is made anew with its own text; what belongs to it is forgotten.
pub(crate) fn forgetful(database: &Connection, change: &AlterTable) -> Applied {
    let table = quoted(&change.table);
    let stored: Option<String> = database
        .query_row(
            "SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = ?1",
            [&change.table],
            |row| row.get(0),
        )
        .optional()
        .map_err(|error| error.to_string())?;
    let sql = stored.ok_or("no table")?;
    let read = create_table::read(&sql).map_err(|error| format!("{error:?}"))?;
    let ordinary = read.table.columns.iter().filter(|column| column.generated.is_none());
    let columns: Vec<String> = ordinary.map(|column| quoted(&column.name)).collect();
    let columns = columns.join(", ");
    run(
        database,
        &format!(
            "CREATE TEMP TABLE kept AS SELECT {columns} FROM {table}; DROP TABLE {table}; {sql}\n; \
         INSERT INTO {table} ({columns}) SELECT {columns} FROM kept; DROP TABLE kept"
        ),
    )
}

/// Does what was asked, and then loses a row of a table.
pub(crate) fn careless(database: &Connection, change: &AlterTable) -> Applied {
    native(database, change)?;
    let tables = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'";
    let mut statement = database.prepare(tables).unwrap();
    let names: Vec<String> =
        statement.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap();
    for name in names {
        let _ = database.execute_batch(&format!("DELETE FROM {}", quoted(&name)));
    }
    Ok(())
}

/// Fails half-way, and leaves what it has done.
pub(crate) fn half(database: &Connection, change: &AlterTable) -> Applied {
    let _ =
        database.execute_batch(&format!("CREATE INDEX left_over ON {} (1)", quoted(&change.table)));
    Err("no".into())
}
