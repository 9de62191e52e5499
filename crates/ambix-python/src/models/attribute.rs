//! One attribute in the body of a model.

use super::Follower;
use super::annotation::{Mapped, data_type, mapped};
use super::types::{is_settled, settle, spread};
use crate::sqlalchemy::{
    Arguments, ColumnDeclaration, called, column_arguments, data_type as read_type, explain,
    explain_undefined, find_table_part, table_part,
};
use crate::syntax::Source;
use crate::value::{Attribute, Kind, Origin, Value};
use ambix_core::diagnostic::Diagnostic;

/// The column that an attribute of a class declares for the model `class`; `None` if it is something else that has
/// no effect on the table.
pub(super) fn column(
    follower: &mut Follower,
    class: usize,
    table: &str,
    source: Source,
    attribute: &Attribute,
) -> Result<Option<ColumnDeclaration>, Diagnostic> {
    let mapped = attribute.annotation.as_ref().and_then(mapped);
    let Some(value) = &attribute.value else {
        // `name: int` alone is an annotation for readers; `name: Mapped[int]` is a column.
        let Some(mapped) = mapped else { return Ok(None) };
        let mut column = ColumnDeclaration::new(attribute.span);
        column.name = Some(attribute.name.to_string());
        annotate(follower, class, table, source, &mapped, &mut column)?;
        return Ok(Some(column));
    };
    if let Some(error) = &attribute.failed {
        return match mentions_columns(attribute.span.of(source.text)) {
            true => Err(error.clone()),
            false => Ok(None),
        };
    }
    let name = match called(value) {
        Some((name @ ("Column" | "mapped_column"), _)) => name,
        _ => return other(follower, source, &attribute.name, value).map(|()| None),
    };
    if attribute.again {
        let message = format!("`{}` is set to the column of another name", attribute.name);
        return Err(source
            .unsupported(attribute.span, message)
            .hint(format!("Write a column for each name: `{} = Column(…)`.", attribute.name)));
    }
    let mut column = declared(follower, table, source, value)?;
    column.name.get_or_insert_with(|| attribute.name.to_string());
    if name == "mapped_column"
        && let Some(mapped) = mapped
    {
        annotate(follower, class, table, source, &mapped, &mut column)?;
    }
    Ok(Some(column))
}

/// The column of a call of `Column` or `mapped_column`.
pub(super) fn declared(
    follower: &mut Follower,
    table: &str,
    source: Source,
    value: &Value,
) -> Result<ColumnDeclaration, Diagnostic> {
    let mut settled = None;
    let of = match is_settled(value) {
        true => value,
        false => {
            let settled = settled.insert(value.clone());
            settle(follower, Some(table), settled);
            settled
        }
    };
    let Some((name, call)) = called(of) else {
        return Ok(ColumnDeclaration::new(value.span));
    };
    column_arguments(Arguments::of(source, name, call, value.span), value.span)
}

/// Adds what an annotation says to a column that does not say it itself.
pub(super) fn annotate(
    follower: &mut Follower,
    class: usize,
    table: &str,
    source: Source,
    mapped: &Mapped,
    column: &mut ColumnDeclaration,
) -> Result<(), Diagnostic> {
    if let Some(shared) = mapped.column {
        let span = column.span;
        let shared = declared(follower, table, source, &spread(shared.clone(), span))?;
        column.data_type = column.data_type.take().or(shared.data_type);
        column.nullable = column.nullable.or(shared.nullable);
        column.primary_key |= shared.primary_key;
        column.unique = column.unique.or(shared.unique);
        column.index = column.index.or(shared.index);
        if column.default.is_none() && column.generated.is_none() {
            column.default = shared.default;
            column.generated = shared.generated;
        }
        column.autoincrement = column.autoincrement.or(shared.autoincrement);
        column.ignores_foreign_key |= shared.ignores_foreign_key;
        column.identity = column.identity.take().or(shared.identity);
        column.comment = column.comment.take().or(shared.comment);
        column.is_system |= shared.is_system;
        column.is_shared |= shared.is_shared;
        column.sort_order = column.sort_order.or(shared.sort_order);
        column.foreign_keys.extend(shared.foreign_keys);
        column.checks.extend(shared.checks);
    }
    if column.data_type.is_none() && column.foreign_keys.is_empty() {
        let mut found = data_type(follower, class, source, mapped)?;
        settle(follower, Some(table), &mut found);
        column.data_type = read_type(source, &spread(found, mapped.python.span))?;
    }
    column.nullable.get_or_insert(mapped.optional);
    Ok(())
}

/// Whether a piece of Python may have to do with columns.
pub(super) fn mentions_columns(text: &str) -> bool {
    ["olumn", "Table(", "Field(", "__table"].iter().any(|word| text.contains(word))
}

/// What stands in a model beside its columns: passed over if it cannot be a column.
pub(super) fn other(
    follower: &Follower,
    source: Source,
    name: &str,
    value: &Value,
) -> Result<(), Diagnostic> {
    if table_part(value).is_some() {
        let message = format!("{} is not known", value.describe());
        let error = source.unsupported(value.span, message);
        return Err(explain_undefined(source, value, error)
            .hint("Import it from sqlalchemy: `from sqlalchemy import Column, Integer, String`."));
    }
    if let Some(part) = find_table_part(value) {
        let message = format!("{} inside of {} is not read", part.describe(), value.describe());
        return Err(source
            .unsupported(value.span, message)
            .hint(format!("Write the column itself: `{name} = Column(…)`.")));
    }
    if is_harmless(follower, value) {
        return Ok(());
    }
    let message = format!("`{name}` is set to {}, which may be a column", value.describe());
    let error = source.unsupported(value.span, message);
    Err(explain(source, value, error))
}

/// Whether a value is certainly no column.
fn is_harmless(follower: &Follower, value: &Value) -> bool {
    let callee = match &value.kind {
        Kind::Call(call) => &call.callee,
        // A lambda, a comprehension, an expression with an operator: no column comes of these.
        _ => return true,
    };
    let callee = match &callee.kind {
        // `relationship(…).something()`.
        Kind::Member(of, _) => return is_harmless(follower, of),
        _ => callee,
    };
    let Some(path) = callee.path() else { return false };
    match path.origin {
        Origin::Imported if path.first() == "sqlalchemy" => NO_COLUMNS.contains(&path.last()),
        Origin::Imported => STANDARD_LIBRARY.contains(&path.first()),
        Origin::Unbound => BUILTINS.contains(&path.first()),
        // An object of a class of the files.
        Origin::Defined => follower.host.parts(path).is_some(),
    }
}

/// What SQLAlchemy offers for a mapped class that makes no column.
const NO_COLUMNS: &[&str] = &[
    "association_proxy",
    "backref",
    "column_property",
    "composite",
    "dynamic_loader",
    "hybrid_method",
    "hybrid_property",
    "query_expression",
    "registry",
    "relationship",
    "synonym",
    "validates",
];

const STANDARD_LIBRARY: &[&str] = &[
    "collections",
    "contextlib",
    "dataclasses",
    "datetime",
    "decimal",
    "enum",
    "functools",
    "itertools",
    "json",
    "logging",
    "operator",
    "os",
    "pathlib",
    "re",
    "threading",
    "typing",
    "uuid",
    "weakref",
];

const BUILTINS: &[&str] = &[
    "bool",
    "classmethod",
    "dict",
    "float",
    "frozenset",
    "int",
    "list",
    "object",
    "property",
    "range",
    "set",
    "sorted",
    "staticmethod",
    "str",
    "tuple",
];
