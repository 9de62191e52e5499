//! What must hold for any bytes at all. The fuzz targets call this, and so does the test that replays what
//! they have found.

use crate::covered;
use ambix_core::diagnostic::Span;
use ambix_core::engine::{Rows, Value};
use ambix_core::operation::{
    AlterTable, ColumnPlace, ConstraintAddress, Dependents, Recreate, TableChange,
};
use ambix_core::sqlite::alter::{self, Facts, Mode, Position};
use ambix_core::sqlite::objects::Objects;
use ambix_core::sqlite::token::{TokenKind, tokens};
use ambix_core::sqlite::{create_index, create_table, quote, split};
use rusqlite::Connection;

/// The readers of CREATE TABLE and CREATE INDEX never panic, and what they give lies in its place in the
/// text; so does the place where they stop.
pub fn read_create(bytes: &[u8]) {
    let sql = String::from_utf8_lossy(bytes);
    match create_table::read(&sql) {
        Ok(read) => assert_eq!(covered::table(&sql, &read, false).as_deref(), Ok(&*sql)),
        Err(error) => assert_inside(&sql, error.span),
    }
    match create_index::read_text(&sql) {
        Ok(read) => assert_eq!(covered::index(&sql, &read, false).as_deref(), Ok(&*sql)),
        Err(error) => assert_inside(&sql, error.span),
    }
}

fn assert_inside(sql: &str, span: Span) {
    assert!(sql.get(span.start..span.end).is_some(), "{span:?} is outside of {sql:?}");
}

/// The pieces of a text follow each other, and between them there is nothing but semicolons, blanks and
/// comments. A piece is one piece when it is split again.
pub fn split(bytes: &[u8]) {
    let sql = String::from_utf8_lossy(bytes);
    let mut at = 0;
    for span in split::statements(&sql) {
        assert!(at <= span.start && span.start < span.end, "{span:?} is behind {at} or empty");
        assert_inside(&sql, span);
        assert_separates(&sql, Span::new(at, span.start));
        let piece = span.of(&sql);
        let again = split::statements(piece);
        assert_eq!(again, [Span::new(0, piece.len())], "{piece:?} is split again");
        at = span.end;
    }
    assert_separates(&sql, Span::new(at, sql.len()));
}

fn assert_separates(sql: &str, gap: Span) {
    let gap = gap.of(sql);
    for token in tokens(gap) {
        let is_lost = token.is_significant() && token.span.of(gap) != ";";
        let is_open = token.kind == TokenKind::Broken;
        assert!(!is_lost && !is_open, "{:?} is lost", token.span.of(gap));
    }
}

/// A change of a table that SQLite took never gives a text that SQLite cannot read. The first byte says which
/// change; then come the CREATE TABLE and two names, with a zero byte between them.
pub fn edit(bytes: &[u8]) {
    let Some((kind, rest)) = bytes.split_first() else { return };
    let text = String::from_utf8_lossy(rest);
    let mut parts = text.split('\0');
    let mut part = || parts.next().unwrap_or_default();
    let (create, one, other) = (part(), part(), part());
    let Ok(database) = Connection::open_in_memory() else { return };
    // One statement, and nothing that would go on outside of this database.
    let is_one = split::statements(create).len() == 1;
    if !is_one || create_table::read(create).is_err() || database.execute_batch(create).is_err() {
        return;
    }
    let stored = "SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE sql IS NOT NULL";
    let row = |row: &rusqlite::Row<'_>| -> rusqlite::Result<Vec<Value>> {
        (0..4).map(|at| row.get::<_, String>(at).map(Value::Text)).collect()
    };
    let Ok(mut statement) = database.prepare(stored) else { return };
    let Ok(found) = statement.query_map([], row) else { return };
    let rows = Rows { columns: Vec::new(), rows: found.filter_map(Result::ok).collect() };
    drop(statement);
    let Some(table) = rows.rows.first().and_then(|row| row[1].as_text()).map(String::from) else {
        return;
    };
    let alter = AlterTable {
        table,
        changes: vec![change(*kind, one.into(), other)],
        recreate: Recreate::Always,
        ..AlterTable::default()
    };
    let mut objects = Objects::read(&rows);
    let Ok(compiled) =
        alter::compile(&alter, &mut objects, Mode::Guarded, &Facts::offline(), Position::default())
    else {
        return;
    };
    for piece in compiled.pieces {
        if let Err(error) = database.execute_batch(&piece.sql) {
            let error = error.to_string();
            let is_unread = ["syntax error", "unrecognized token", "incomplete input"]
                .iter()
                .any(|words| error.contains(words));
            assert!(!is_unread, "{error}\n{}\nfrom {create}\nby {alter:?}", piece.sql);
            return;
        }
    }
}

fn change(kind: u8, column: String, name: &str) -> TableChange {
    let place = match name {
        "" => ColumnPlace::First,
        name => ColumnPlace::After(name.into()),
    };
    match kind % 12 {
        0 => TableChange::AddColumn { definition: "added TEXT".into(), place: None },
        1 => TableChange::AddColumn { definition: "added DEFAULT 1".into(), place: Some(place) },
        2 => TableChange::DropColumn { name: column, dependents: Dependents::Drop },
        3 => TableChange::MoveColumn { name: column, place },
        4 => TableChange::SetType { column, data_type: "DECIMAL(10, 2)".into(), cast: false },
        5 => TableChange::SetType { column, data_type: String::new(), cast: false },
        6 => TableChange::SetNullable { column, nullable: name.is_empty() },
        7 => TableChange::SetDefault { column, default: (!name.is_empty()).then(|| "'d'".into()) },
        8 => TableChange::SetCollation {
            column,
            collation: (!name.is_empty()).then(|| "NOCASE".into()),
        },
        9 => TableChange::AddConstraint {
            definition: format!("CONSTRAINT added UNIQUE ({})", quote::name(&column)),
        },
        10 => TableChange::DropConstraint(ConstraintAddress::Named(column)),
        _ => TableChange::SetOptions {
            strict: Some(!name.is_empty()),
            without_rowid: Some(!column.is_empty()),
            autoincrement: None,
        },
    }
}
