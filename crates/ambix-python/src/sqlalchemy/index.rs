use super::Arguments;
use super::constraint::name_of;
use super::foreign_key::OptionalName;
use super::sql::{Columns, named_column, sql};
use super::table::check_keys;
use crate::syntax::Source;
use crate::value::{Call, Value};
use ambix_core::diagnostic::{Diagnostic, Span};
use ambix_core::schema::{Column, Index, IndexKey, Name};

/// `Index("name", *keys, unique=…)`, before it is known which table it belongs to.
pub(crate) struct IndexDeclaration {
    pub(crate) name: OptionalName,
    pub(crate) keys: Vec<IndexKey>,
    pub(crate) unique: bool,
    pub(crate) predicate: Option<String>,
    pub(crate) span: Span,
}

/// The index that a call of `Index` declares.
pub(crate) fn index(
    source: Source,
    call: &Call,
    span: Span,
    columns: Columns,
) -> Result<IndexDeclaration, Diagnostic> {
    let mut given = Arguments::of(source, "Index", call, span);
    let name = given.required("name")?;
    let name = name_of(&given, name)?;
    let mut keys = Vec::new();
    while let Some(value) = given.next() {
        keys.push(index_key(&given, value, columns)?);
    }
    if keys.is_empty() {
        return Err(source.unsupported(span, "`Index` names no column"));
    }
    let unique = given.flag("unique")?.unwrap_or(false);
    let predicate = predicate(&mut given, columns)?;
    given.ignore(&["info", "quote", "_column_flag"]);
    given.ignore_other_dialects();
    given.finish()?;
    Ok(IndexDeclaration { name, keys, unique, predicate, span })
}

/// One key of an index: a column's name, or an SQL expression.
pub(crate) fn index_key(
    given: &Arguments,
    value: &Value,
    columns: Columns,
) -> Result<IndexKey, Diagnostic> {
    if let Some(text) = value.text() {
        return Ok(IndexKey::Column(text.into()));
    }
    if let Some(column) = named_column(given.source(), value, columns) {
        return Ok(IndexKey::Column(column.name));
    }
    match sql(given.source(), value, columns) {
        Some(sql) => sql.map(IndexKey::Expression),
        None => {
            let hint = "Write a column's name as a string, or SQL as `text(\"lower(name)\")`.";
            Err(given.unexpected_but("columns", "strings or SQL", value, hint))
        }
    }
}

/// The condition of a partial index, `sqlite_where=text("…")`.
pub(crate) fn predicate(
    given: &mut Arguments,
    columns: Columns,
) -> Result<Option<String>, Diagnostic> {
    let Some(value) = given.keyword("sqlite_where") else { return Ok(None) };
    if value.is_nothing() {
        return Ok(None);
    }
    match sql(given.source(), value, columns) {
        Some(sql) => sql.map(Some),
        None => Err(given.unexpected_but(
            "sqlite_where",
            "SQL",
            value,
            "Write the condition as SQL: `sqlite_where=text(\"price > 0\")`.",
        )),
    }
}

impl IndexDeclaration {
    /// The index of `table`. One without a name gets the one that SQLAlchemy's standard naming
    /// convention makes.
    pub(crate) fn on(self, source: Source, table: &str) -> Result<Index, Diagnostic> {
        let name = match (self.name, self.keys.first()) {
            (Some(name), _) => name,
            (None, Some(IndexKey::Column(column))) => standard_name(table, column),
            (None, _) => {
                let message = "An index on an expression needs a name";
                return Err(source.unsupported(self.span, message));
            }
        };
        Ok(Index {
            name,
            table: table.into(),
            keys: self.keys,
            unique: self.unique,
            predicate: self.predicate,
            sql: None,
        })
    }

    /// The same, for a table that is known to have these columns.
    pub(crate) fn among(
        self,
        source: Source,
        table: &str,
        columns: &[Column],
    ) -> Result<Index, Diagnostic> {
        let span = self.span;
        let index = self.on(source, table)?;
        check_keys(source, table, columns, &index, span)?;
        Ok(index)
    }
}

/// The name of an index by SQLAlchemy's own convention: `ix_%(column_0_label)s`.
pub(crate) fn standard_name(table: &str, column: &str) -> Name {
    Name::conv(format!("ix_{table}_{column}"))
}
