//! Everything about a database that a change of one table could lose.

use ambix_core::engine::Value;
use ambix_core::sqlite::quote;
use ambix_tests::random_schema::names::quoted;
use ambix_tests::rows;
use rusqlite::Connection;
use std::collections::BTreeMap;

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Snapshot {
    /// (type, name, table, text), in the order of the catalogue.
    pub(crate) objects: Vec<[String; 4]>,
    pub(crate) tables: BTreeMap<String, Table>,
    pub(crate) sequence: BTreeMap<String, i64>,
    /// (table, rowid, parent) of each row that points to nothing.
    pub(crate) dangling: Vec<(String, String, String)>,
    /// The tables of which SQLite cannot say that, since a foreign key does not fit its parent.
    pub(crate) undecided: Vec<String>,
    /// PRAGMA foreign_keys, legacy_alter_table, defer_foreign_keys, recursive_triggers.
    pub(crate) settings: Vec<Value>,
    /// What was tried, and whether it can be prepared: statement, table or view, column of an UPDATE.
    pub(crate) works: BTreeMap<(&'static str, String, String), bool>,
}

/// A table as SQLite's pragmas see it, with its rows.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Table {
    pub(crate) sql: String,
    pub(crate) columns: Vec<Column>,
    /// The name of the rowid that no column has.
    pub(crate) rowid: Option<&'static str>,
    /// Rowid (where there is one) and values, sorted.
    pub(crate) rows: Vec<(Value, Vec<Value>)>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Column {
    pub(crate) name: String,
    pub(crate) generated: bool,
    pub(crate) not_null: bool,
    pub(crate) default: Option<String>,
    pub(crate) key: bool,
}

fn ask(database: &Connection, sql: &str) -> Vec<Vec<Value>> {
    rows(database, sql).unwrap_or_else(|error| panic!("{error}\n{sql}")).rows
}

fn text(value: &Value) -> String {
    value.as_text().unwrap_or_default().to_string()
}

impl Snapshot {
    pub(crate) fn of(database: &Connection) -> Self {
        let select = "SELECT type, name, tbl_name, sql FROM sqlite_schema \
                      WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY rowid";
        let objects: Vec<[String; 4]> = ask(database, select)
            .iter()
            .map(|row| [text(&row[0]), text(&row[1]), text(&row[2]), text(&row[3])])
            .collect();
        let named = |kind: &str| {
            let of_kind = objects.iter().filter(move |object| object[0] == kind);
            of_kind.map(|object| (object[1].clone(), object[3].clone())).collect::<Vec<_>>()
        };
        let mut tables = BTreeMap::new();
        let (mut dangling, mut undecided) = (Vec::new(), Vec::new());
        let mut works = BTreeMap::new();
        for (name, sql) in named("table") {
            let check = format!("PRAGMA foreign_key_check({})", quote::text(&name));
            let found = rows(database, &check).map(|found| found.rows);
            if found.is_err() {
                undecided.push(name.to_ascii_lowercase());
            }
            for row in found.unwrap_or_default() {
                dangling.push((
                    name.to_ascii_lowercase(),
                    format!("{:?}", row[1]),
                    text(&row[2]).to_ascii_lowercase(),
                ));
            }
            let table = Table::of(database, &name, sql);
            works.extend(prepared(database, &name, &table.ordinary()));
            tables.insert(name.to_ascii_lowercase(), table);
        }
        for (name, _) in named("view") {
            let select = format!("SELECT * FROM {}", quoted(&name));
            let Ok(statement) = database.prepare(&select) else { continue };
            let columns: Vec<String> = statement.column_names().map(Into::into).collect();
            works.insert(("SELECT", name.to_ascii_lowercase(), String::new()), true);
            works.extend(prepared(database, &name, &columns));
        }
        dangling.sort();
        let pragmas =
            ["foreign_keys", "legacy_alter_table", "defer_foreign_keys", "recursive_triggers"];
        let settings =
            pragmas.iter().map(|name| ask(database, &format!("PRAGMA {name}"))[0][0].clone());
        Self {
            tables,
            sequence: sequence(database),
            dangling,
            undecided,
            settings: settings.collect(),
            works,
            objects,
        }
    }
}

fn sequence(database: &Connection) -> BTreeMap<String, i64> {
    let Ok(found) = rows(database, "SELECT name, seq FROM sqlite_sequence") else {
        return BTreeMap::new();
    };
    let number = |row: &Vec<Value>| match row[1] {
        Value::Integer(number) => Some((text(&row[0]).to_ascii_lowercase(), number)),
        _ => None,
    };
    found.rows.iter().filter_map(number).collect()
}

/// Which changes of the rows of a table or view can be prepared.
fn prepared(
    database: &Connection,
    name: &str,
    columns: &[String],
) -> BTreeMap<(&'static str, String, String), bool> {
    let table = quoted(name);
    if columns.is_empty() {
        return BTreeMap::new();
    }
    let list: Vec<String> = columns.iter().map(|column| quoted(column)).collect();
    let nulls = vec!["NULL"; columns.len()].join(", ");
    let insert = format!("INSERT INTO {table} ({}) VALUES ({nulls})", list.join(", "));
    let mut statements = vec![
        ("INSERT", String::new(), insert),
        ("DELETE", String::new(), format!("DELETE FROM {table}")),
    ];
    // A trigger may say UPDATE OF some.
    statements.extend(
        list.into_iter()
            .map(|one| ("UPDATE", one.clone(), format!("UPDATE {table} SET {one} = NULL"))),
    );
    let tried = statements.into_iter().map(|(what, column, sql)| {
        ((what, name.to_ascii_lowercase(), column), database.prepare(&sql).is_ok())
    });
    tried.collect()
}

impl Table {
    fn of(database: &Connection, name: &str, sql: String) -> Self {
        let info = format!(
            "SELECT name, hidden, \"notnull\", dflt_value, pk FROM pragma_table_xinfo({})",
            quote::text(name)
        );
        let columns: Vec<Column> = ask(database, &info)
            .iter()
            .map(|row| Column {
                name: text(&row[0]),
                generated: row[1] != Value::Integer(0),
                not_null: row[2] != Value::Integer(0),
                default: row[3].as_text().map(Into::into),
                key: row[4] != Value::Integer(0),
            })
            .collect();
        let is_free =
            |alias: &&str| !columns.iter().any(|column| column.name.eq_ignore_ascii_case(alias));
        let free = ["rowid", "_rowid_", "oid"].into_iter().find(is_free);
        let kept = free.filter(|alias| {
            database.prepare(&format!("SELECT {alias} FROM {}", quoted(name))).is_ok()
        });
        let names: Vec<String> = columns.iter().map(|column| quoted(&column.name)).collect();
        let select = format!(
            "SELECT {}, {} FROM {}",
            kept.unwrap_or("NULL"),
            names.join(", "),
            quoted(name)
        );
        let mut rows: Vec<(Value, Vec<Value>)> = match ambix_tests::rows(database, &select) {
            Ok(found) => {
                found.rows.into_iter().map(|row| (row[0].clone(), row[1..].to_vec())).collect()
            }
            // A generated column whose expression fails.
            Err(_) => Vec::new(),
        };
        rows.sort_by_key(|row| format!("{row:?}"));
        Self { sql, columns, rowid: kept, rows }
    }

    pub(crate) fn ordinary(&self) -> Vec<String> {
        let ordinary = self.columns.iter().filter(|column| !column.generated);
        ordinary.map(|column| column.name.clone()).collect()
    }
}
