//! `op.create_index` and `op.drop_index`.

use super::reader::Reader;
use crate::sqlalchemy::{Arguments, called, index_key, index_name, predicate};
use crate::value::Value;
use ambix_core::diagnostic::{Diagnostic, Span};
use ambix_core::operation::{CreateIndex, DropIndex, Operation};
use ambix_core::schema::{Index, IndexKey};

/// What SQLAlchemy says of an index that neither its author nor a convention names.
const UNNAMED: &str = "CREATE INDEX requires that the index have a name";

/// `op.create_index(name, table, columns, …)`.
pub(super) fn create_index(
    reader: &Reader,
    mut given: Arguments,
    span: Span,
) -> Result<Vec<Operation>, Diagnostic> {
    let name = given.required("index_name")?;
    let name = index_name(&given, name)?;
    let table = given.required_text("table_name")?;
    let columns = given.required("columns")?;
    let items =
        columns.items().ok_or_else(|| given.unexpected("columns", "a list of columns", columns))?;
    let keys = items.iter().map(|item| index_key(&given, item, &|_| None));
    let keys = keys.collect::<Result<Vec<_>, Diagnostic>>()?;
    let unique = given.flag("unique")?.unwrap_or(false);
    let predicate = predicate(&mut given, &|_| None)?;
    let if_not_exists = given.flag("if_not_exists")?.unwrap_or(false);
    given.refuse_schema()?;
    given.ignore(&["quote", "info"]);
    given.ignore_other_dialects();
    given.finish()?;
    // For its name a text counts as a column.
    let named_by: Vec<IndexKey> =
        items.iter().filter_map(|item| Some(IndexKey::Column(text_of(item)?.into()))).collect();
    let name = reader.convention.index_name(&table, name.as_ref(), &named_by);
    let name = name.and_then(|name| name.ok_or_else(|| UNNAMED.into()));
    let name = name.map_err(|message| reader.unnamed(message, span))?;
    let index = Index { name, table, keys, unique, predicate, sql: None };
    Ok(vec![Operation::CreateIndex(CreateIndex { index, if_not_exists })])
}

fn text_of(item: &Value) -> Option<&str> {
    match called(item) {
        Some(("text", call)) => call.arguments.first()?.text(),
        _ => item.text(),
    }
}

/// `op.drop_index(name, table_name=…)`.
pub(super) fn drop_index(
    reader: &Reader,
    mut given: Arguments,
    span: Span,
) -> Result<Vec<Operation>, Diagnostic> {
    let value = given.required("index_name")?;
    let Some(name) = index_name(&given, value)? else {
        return Err(given.unexpected("index_name", "a string", value));
    };
    let table = match given.either("table_name") {
        Some(value) => given.optional_text("table_name", value)?,
        None => None,
    };
    let if_exists = given.flag("if_exists")?.unwrap_or(false);
    // Alembic writes the condition of a partial index here too; the name says all.
    given.ignore(&["sqlite_where", "unique", "info", "quote"]);
    given.refuse_schema()?;
    given.ignore_other_dialects();
    given.finish()?;
    // What Alembic calls the table of an index where a script does not say it.
    let of = table.as_deref().unwrap_or("no_table");
    let named = reader.convention.index_name(of, Some(&name), &[IndexKey::Column("x".into())]);
    let name = named.map_err(|message| reader.unnamed(message, span))?.unwrap_or(name);
    Ok(vec![Operation::DropIndex(DropIndex { table, if_exists, ..DropIndex::new(name) })])
}
