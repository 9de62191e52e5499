//! From the rows of `sqlite_schema` to a [`Schema`].

use super::create_table::Unreadable;
use super::objects::{Object, ObjectKind, Objects, Text, shadow};
use super::{create_index, create_table};
use crate::diagnostic::{Code, Diagnostic};
use crate::engine::{JOURNAL_TABLE, Rows, VERSION_TABLE, is_kept};
use crate::schema::{Constraint, Other, OtherKind, Schema};
use alloc::{format, string::String, vec::Vec};

/// The one SELECT that the whole schema comes from.
pub const SELECT: &str =
    "SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY rowid";

/// Reads the answer to [`SELECT`]. Bookkeeping tables of SQLite, of hosts and of Ambix are left out.
/// What cannot be read is kept as text, and a warning says why.
pub fn read(rows: &Rows) -> (Schema, Vec<Diagnostic>) {
    schema(&Objects::read(rows))
}

/// The schema that these objects make, as [`read`] gives it.
pub fn schema(objects: &Objects) -> (Schema, Vec<Diagnostic>) {
    let mut schema = Schema::default();
    let mut diagnostics = Vec::new();
    for Object { kind, name, table, text } in &objects.all {
        if is_internal(name) || is_internal(table) {
            continue;
        }
        let sql = match text {
            Text::Known(sql) => sql.as_str(),
            Text::Unknown(why) => {
                diagnostics.push(Diagnostic::warning(Code::UnreadableSql, why.clone()));
                ""
            }
        };
        let mut keep = |kind| {
            schema.others.push(Other {
                kind,
                name: name.clone(),
                table: table.clone(),
                sql: sql.into(),
            });
        };
        match kind {
            ObjectKind::View => keep(OtherKind::View),
            ObjectKind::Trigger => keep(OtherKind::Trigger),
            ObjectKind::VirtualTable => keep(OtherKind::VirtualTable),
            ObjectKind::Table if sql.is_empty() => keep(OtherKind::UnreadTable),
            ObjectKind::Table => match create_table::read(sql) {
                Ok(read) => schema.tables.push(read.table),
                Err(error) => {
                    keep(OtherKind::UnreadTable);
                    diagnostics.push(unreadable("table", name, sql, &error));
                }
            },
            ObjectKind::Index => match create_index::read(sql) {
                Ok(index) => schema.indexes.push(index),
                Err(error) => {
                    keep(OtherKind::UnreadIndex);
                    diagnostics.push(unreadable("index", name, sql, &error));
                }
            },
        }
    }
    set_shadow_tables_aside(&mut schema);
    name_referred_columns(&mut schema);
    (schema, diagnostics)
}

/// Tables that are not the application's: SQLite's own, Cloudflare's, Wrangler's, and the bookkeeping.
fn is_internal(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    lower.starts_with("sqlite_")
        || lower.starts_with("_cf_")
        || lower == "d1_migrations"
        || lower == VERSION_TABLE
        || lower == JOURNAL_TABLE
        || is_kept(&lower)
}

pub(super) fn is_virtual(sql: &str) -> bool {
    let mut words = sql.split_ascii_whitespace();
    let mut is = |keyword: &str| words.next().is_some_and(|w| w.eq_ignore_ascii_case(keyword));
    is("CREATE") && is("VIRTUAL")
}

/// The tables in which FTS and R-Tree keep their data.
fn set_shadow_tables_aside(schema: &mut Schema) {
    let owners: Vec<String> = schema
        .others
        .iter()
        .filter(|other| other.kind == OtherKind::VirtualTable)
        .map(|other| other.name.clone())
        .collect();
    if owners.is_empty() {
        return;
    }
    let is_shadow = |name: &str| owners.iter().any(|owner| shadow::word(name, owner).is_some());
    let (shadows, tables): (Vec<_>, Vec<_>) =
        schema.tables.drain(..).partition(|table| is_shadow(&table.name));
    schema.tables = tables;
    schema.others.extend(shadows.into_iter().map(|table| Other {
        kind: OtherKind::ShadowTable,
        table: table.name.clone(),
        name: table.name,
        sql: table.sql.unwrap_or_default(),
    }));
}

/// `REFERENCES parent` without columns means the parent's primary key. Where there is no such table, the
/// key's own columns stand for it, so that it can be written down.
fn name_referred_columns(schema: &mut Schema) {
    let keys: Vec<(String, Vec<String>)> = schema
        .tables
        .iter()
        .filter_map(|table| Some((table.name.clone(), table.primary_key()?.columns.clone())))
        .collect();
    let constraints = schema.tables.iter_mut().flat_map(|table| &mut table.constraints);
    for constraint in constraints {
        let Constraint::ForeignKey(key) = constraint else { continue };
        if key.referred_columns.is_empty() {
            let parent =
                keys.iter().find(|(table, _)| table.eq_ignore_ascii_case(&key.referred_table));
            let columns = parent.map_or(&key.columns, |(_, columns)| columns);
            key.referred_columns = columns.clone();
        }
    }
}

fn unreadable(what: &str, name: &str, sql: &str, error: &Unreadable) -> Diagnostic {
    let found = match error.span.of(sql) {
        "" => "its end",
        found => found,
    };
    Diagnostic::warning(
        Code::UnreadableSql,
        format!(
            "The text of {what} '{name}' could not be read at {found}: expected {}; it is kept as it is",
            error.expected
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Value;
    use alloc::vec;

    fn schema(objects: &[(&str, &str, &str)]) -> (Schema, Vec<Diagnostic>) {
        let row = |(kind, name, sql): &(&str, &str, &str)| {
            [*kind, *name, *name, *sql].into_iter().map(Value::from).collect()
        };
        read(&Rows { columns: vec![], rows: objects.iter().map(row).collect() })
    }

    #[test]
    fn the_applications_objects_and_nobody_elses() {
        let (schema, diagnostics) = schema(&[
            ("table", "items", "CREATE TABLE items (id INTEGER PRIMARY KEY)"),
            ("index", "ix", "CREATE INDEX ix ON items (id)"),
            ("table", "alembic_version", "CREATE TABLE alembic_version (version_num)"),
            ("table", "_ambix_journal", "CREATE TABLE _ambix_journal (seq)"),
            ("table", "sqlite_sequence", "CREATE TABLE sqlite_sequence(name,seq)"),
            ("table", "_cf_METADATA", "CREATE TABLE _cf_METADATA (key)"),
            ("view", "v", "CREATE VIEW v AS SELECT 1"),
            ("table", "f", "CREATE VIRTUAL TABLE f USING fts5(t)"),
            ("table", "f_data", "CREATE TABLE 'f_data'(id INTEGER PRIMARY KEY, block BLOB)"),
            ("table", "f_notes", "CREATE TABLE f_notes (a)"),
        ]);
        assert!(diagnostics.is_empty());
        let names: Vec<_> = schema.tables.iter().map(|table| table.name.as_str()).collect();
        assert_eq!(names, ["items", "f_notes"]);
        assert_eq!(schema.indexes.len(), 1);
        let kinds: Vec<_> = schema.others.iter().map(|other| other.kind).collect();
        assert_eq!(kinds, [OtherKind::View, OtherKind::VirtualTable, OtherKind::ShadowTable]);
    }

    #[test]
    fn what_cannot_be_read_is_kept_and_told() {
        let (schema, diagnostics) = schema(&[("table", "t", "CREATE TABLE t (a,, b)")]);
        assert_eq!(schema.others[0].kind, OtherKind::UnreadTable);
        assert_eq!(
            diagnostics[0].message,
            "The text of table 't' could not be read at ,: expected a name; it is kept as it is"
        );
    }

    #[test]
    fn a_reference_without_columns_means_the_primary_key() {
        let (schema, _) = schema(&[
            ("table", "c", "CREATE TABLE c (p REFERENCES p, q REFERENCES gone)"),
            ("table", "p", "CREATE TABLE p (a, b, PRIMARY KEY (b))"),
        ]);
        let referred = |at: usize| match &schema.tables[0].constraints[at] {
            Constraint::ForeignKey(key) => key.referred_columns.clone(),
            _ => panic!("a foreign key"),
        };
        assert_eq!((referred(0), referred(1)), (vec!["b".into()], vec!["q".into()]));
    }
}
