//! Changes of a table: the text before, the change, the text after, on real SQLite.
#![allow(clippy::unwrap_used, clippy::panic)]

mod mentions;
mod rows;
mod settled;
mod surroundings;
mod texts;
mod working;

use ambix_core::operation::{AlterTable, ColumnPlace, Dependents, Recreate, TableChange};
use ambix_tests::alter::apply;
use rusqlite::Connection;

fn database(sql: &str) -> Connection {
    let database = Connection::open_in_memory().unwrap();
    database.execute_batch(sql).unwrap();
    database
}

fn alter(changes: &[TableChange], recreate: Recreate) -> AlterTable {
    AlterTable { table: "t".into(), changes: changes.to_vec(), recreate, ..AlterTable::default() }
}

fn text(database: &Connection, name: &str) -> String {
    let sql = "SELECT sql FROM sqlite_schema WHERE name = ?";
    database.query_row(sql, [name], |row| row.get(0)).unwrap()
}

/// The text of the table after the change, made anew and guarded alike.
fn changed(create: &str, changes: &[TableChange]) -> String {
    let mut texts = Vec::new();
    for guarded in [false, true] {
        let database = database(create);
        apply(&database, &alter(changes, Recreate::Always), guarded).unwrap();
        texts.push(text(&database, "t"));
    }
    assert_eq!(texts[0], texts[1]);
    texts.remove(0)
}

fn add(definition: &str, place: Option<ColumnPlace>) -> TableChange {
    TableChange::AddColumn { definition: definition.into(), place }
}

fn drop_column(name: &str) -> TableChange {
    TableChange::DropColumn { name: name.into(), dependents: Dependents::Refuse }
}

fn one(database: &Connection, sql: &str) -> String {
    database.query_row(sql, [], |row| row.get::<_, Option<String>>(0)).unwrap().unwrap_or_default()
}

/// What the tables hold, and what SQLite says of their foreign keys.
fn rows_of(database: &Connection, tables: &[&str]) -> String {
    let mut all = String::new();
    for table in tables {
        let mut statement = database.prepare(&format!("SELECT * FROM {table}")).unwrap();
        let width = statement.column_count();
        let mut rows = statement.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            let values: Vec<String> =
                (0..width).map(|at| format!("{:?}", row.get_ref(at).unwrap())).collect();
            all.push_str(&format!("{table}: {}\n", values.join(", ")));
        }
    }
    let violations = one(database, "SELECT CAST(count(*) AS TEXT) FROM pragma_foreign_key_check");
    format!("{all}{violations} dangling")
}

fn rename(from: &str, to: &str) -> TableChange {
    TableChange::RenameColumn { from: from.into(), to: to.into() }
}
