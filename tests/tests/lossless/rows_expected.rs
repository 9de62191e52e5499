//! The rows after a change: those that SQLite stores when the rows before are written, value by value, into
//! an empty table of the new text. So a new column has its default, and another type its affinity.

use crate::judge::{Asked, Judged};
use crate::snapshot::{Snapshot, Table};
use ambix_core::engine::Value;
use ambix_core::operation::TableChange;
use ambix_core::sqlite::create_table;
use ambix_tests::random_schema::names::quoted;
use ambix_tests::random_schema::rows::as_sql;
use rusqlite::Connection;

/// The rows of the table are those that are expected, and those of all others are as they were.
pub(crate) fn judge(before: &Snapshot, after: &Snapshot, asked: &Asked<'_>) -> Judged {
    for (name, was) in &before.tables {
        let Some(is) = after.tables.get(&asked.name_after(name)) else {
            return Err(format!("table {name} is gone"));
        };
        if asked.is_table(name) {
            of_table(was, is, asked)?;
        } else if was.rows != is.rows {
            return Err(format!("the rows of {name}: {:?} became {:?}", was.rows, is.rows));
        }
    }
    Ok(())
}

fn of_table(was: &Table, is: &Table, asked: &Asked<'_>) -> Judged {
    let known = sources(was, asked);
    // A new column whose default is another at each time can hold anything.
    let volatile = |text: &str| text.to_uppercase().contains("CURRENT_");
    let compared: Vec<usize> = (0..is.columns.len())
        .filter(|at| {
            let column = &is.columns[*at];
            let is_new = !known.iter().any(|(_, name)| name.eq_ignore_ascii_case(&column.name));
            !(is_new && column.default.as_deref().is_some_and(volatile))
        })
        .collect();
    let expected = expected(was, is, &known)?;
    let picked = |rows: &[(Value, Vec<Value>)]| {
        let pick =
            |row: &Vec<Value>| compared.iter().map(|at| row[*at].clone()).collect::<Vec<_>>();
        // A table that had no rowids before may have any.
        let rowid_of = |rowid: &Value| was.rowid.map_or(Value::Null, |_| rowid.clone());
        let mut rows: Vec<_> =
            rows.iter().map(|(rowid, row)| format!("{:?}", (rowid_of(rowid), pick(row)))).collect();
        rows.sort();
        rows
    };
    let (expected, found) = (picked(&expected), picked(&is.rows));
    if expected != found {
        return Err(format!("the rows\n{}\ninstead of\n{}", found.join("\n"), expected.join("\n")));
    }
    Ok(())
}

/// For each column that stays: its place before, and its name after.
fn sources(was: &Table, asked: &Asked<'_>) -> Vec<(usize, String)> {
    let mut known: Vec<(usize, String)> =
        was.columns.iter().enumerate().map(|(at, column)| (at, column.name.clone())).collect();
    for change in &asked.change.changes {
        match change {
            TableChange::DropColumn { name, .. } => {
                known.retain(|(_, own)| !own.eq_ignore_ascii_case(name));
            }
            TableChange::RenameColumn { from, to } => {
                for (_, own) in known.iter_mut().filter(|(_, own)| own.eq_ignore_ascii_case(from)) {
                    own.clone_from(to);
                }
            }
            TableChange::Redefine { sql } => {
                let read = create_table::read(sql);
                known.retain(|(_, own)| {
                    read.as_ref().is_ok_and(|read| read.table.column(own).is_some())
                });
            }
            _ => {}
        }
    }
    known
}

/// The rows before, written into a table of the text after.
fn expected(
    was: &Table,
    is: &Table,
    known: &[(usize, String)],
) -> Result<Vec<(Value, Vec<Value>)>, String> {
    let failed = |error: rusqlite::Error| format!("the rows do not fit: {error}\n{}", is.sql);
    let database = Connection::open_in_memory().map_err(failed)?;
    database.execute_batch("PRAGMA foreign_keys = OFF").map_err(failed)?;
    database.execute_batch(&is.sql).map_err(failed)?;
    let read = create_table::read(&is.sql).map_err(|error| format!("{error:?}"))?;
    let own_rowid = create_table::rowid_column(&read);
    let written: Vec<&(usize, String)> = known
        .iter()
        .filter(|(_, name)| {
            is.columns.iter().any(|c| !c.generated && c.name.eq_ignore_ascii_case(name))
        })
        .collect();
    // As they are copied: where the table counts anew, it does so in this order.
    let mut rows: Vec<&(Value, Vec<Value>)> = was.rows.iter().collect();
    rows.sort_by_key(|(rowid, _)| match rowid {
        Value::Integer(rowid) => Some(*rowid),
        _ => None,
    });
    for (rowid, row) in rows {
        let mut names: Vec<String> = written.iter().map(|(_, name)| quoted(name)).collect();
        let mut values: Vec<String> = written.iter().map(|(at, _)| as_sql(&row[*at])).collect();
        let names_rowid = own_rowid.is_some_and(|at| {
            written.iter().any(|(_, name)| name.eq_ignore_ascii_case(&read.table.columns[at].name))
        });
        if let (Some(alias), true, false) = (is.rowid, was.rowid.is_some(), names_rowid) {
            names.push(alias.into());
            values.push(as_sql(rowid));
        }
        let table = quoted(&read.table.name);
        let insert = match names.is_empty() {
            true => format!("INSERT INTO {table} DEFAULT VALUES"),
            false => format!(
                "INSERT OR ABORT INTO {table} ({}) VALUES ({})",
                names.join(", "),
                values.join(", ")
            ),
        };
        database.execute_batch(&insert).map_err(failed)?;
    }
    let snapshot = Snapshot::of(&database);
    let table = snapshot.tables.into_values().next().ok_or("no table")?;
    Ok(table.rows)
}
