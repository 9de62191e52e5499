//! What names and literals in a statement come to: `account.c.id == 3`.

use super::bulk_insert::targets;
use super::reader::Reader;
use super::stored::stored;
use crate::sqlalchemy::{Arguments, Expressions, NamedColumn, NamedTable};
use crate::value::{Kind, Origin, Value};
use ambix_core::diagnostic::Diagnostic;
use ambix_core::schema::DataType;
use ambix_core::sqlite::insert;
use std::cell::{Cell, RefCell};

/// Reads a part of a statement, whose tables are those of the script; `around` are those that the statement names
/// itself.
pub(super) fn with_tables<T>(
    reader: &Reader,
    given: &Arguments,
    around: Vec<String>,
    read: impl FnOnce(&Expressions) -> Result<T, Diagnostic>,
) -> Result<T, Diagnostic> {
    let literal =
        |value: &Value, of: Option<&DataType>| Ok(insert::value(&stored(given, value, of)?));
    read(&Expressions {
        source: reader.source,
        column: &|value| column(reader, value),
        table: &|value| table(reader, value),
        literal: &literal,
        tables: RefCell::new(vec![around]),
        labels: RefCell::default(),
        depth: Cell::default(),
    })
}

/// The column that a value names: `account.c.id`, `account.c["id"]`.
fn column(reader: &Reader, value: &Value) -> Option<NamedColumn> {
    let (path, name) = match &value.kind {
        Kind::Name(path) => path.dotted.rsplit_once('.').map(|(rest, name)| (path, rest, name)),
        Kind::Subscript(of, items) => match (of.path(), items.as_slice()) {
            (Some(path), [name]) => Some((path, path.dotted.as_str(), name.text()?)),
            _ => None,
        },
        _ => None,
    }
    .filter(|(path, _, _)| path.origin == Origin::Defined)
    .map(|(_, rest, name)| (rest, name))?;
    let (table, word) = path.rsplit_once('.')?;
    if !matches!(word, "c" | "columns") {
        return None;
    }
    let (table, columns) = targets(reader.source, reader.tables.named(table)?).ok()?;
    let column = columns.into_iter().find(|column| column.name == name)?;
    Some(NamedColumn { name: column.name, table: Some(table), data_type: column.data_type })
}

/// The table that a value names.
fn table(reader: &Reader, value: &Value) -> Option<NamedTable> {
    let (table, columns) = targets(reader.source, reader.tables.declaration(value)?).ok()?;
    Some((table, columns.into_iter().map(|column| column.name).collect()))
}
