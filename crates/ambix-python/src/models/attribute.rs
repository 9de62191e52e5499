//! One attribute in the body of a model.

use super::annotation::{data_type, mapped};
use crate::sqlalchemy::{
    Arguments, ColumnDeclaration, called, column_arguments, explain, explain_undefined,
    find_table_part, table_part,
};
use crate::syntax::Source;
use crate::value::{Attribute, Kind, Origin, Value};
use ambix_core::diagnostic::Diagnostic;

/// The column that an attribute declares; `None` if it is something else that has no effect on the
/// table.
pub(super) fn column(
    source: Source,
    attribute: &Attribute,
) -> Result<Option<ColumnDeclaration>, Diagnostic> {
    let mapped = attribute.annotation.as_ref().and_then(mapped);
    let Some(value) = &attribute.value else {
        // `name: int` alone is an annotation for readers; `name: Mapped[int]` is a column.
        let Some(mapped) = mapped else { return Ok(None) };
        let mut column = ColumnDeclaration::new(attribute.span);
        column.name = Some(attribute.name.clone());
        column.data_type = Some(data_type(source, mapped.python)?);
        column.nullable = Some(mapped.optional);
        return Ok(Some(column));
    };
    let (name, call) = match called(value) {
        Some((name @ ("Column" | "mapped_column"), call)) => (name, call),
        _ => return other(source, &attribute.name, value).map(|()| None),
    };
    if attribute.again {
        let message = format!("`{}` is set to the column of another name", attribute.name);
        return Err(source
            .unsupported(attribute.span, message)
            .hint(format!("Write a column for each name: `{} = Column(…)`.", attribute.name)));
    }
    let arguments = Arguments::of(source, name, call, value.span);
    let mut column = column_arguments(arguments, value.span)?;
    column.name.get_or_insert_with(|| attribute.name.clone());
    if name == "mapped_column"
        && let Some(mapped) = mapped
    {
        if column.data_type.is_none() && column.foreign_keys.is_empty() {
            column.data_type = Some(data_type(source, mapped.python)?);
        }
        if column.nullable.is_none() && !column.primary_key {
            column.nullable = Some(mapped.optional);
        }
    }
    Ok(Some(column))
}

/// What stands in a model beside its columns: passed over if it cannot be a column.
fn other(source: Source, name: &str, value: &Value) -> Result<(), Diagnostic> {
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
    if is_harmless(value) {
        return Ok(());
    }
    let message = format!("`{name}` is set to {}, which may be a column", value.describe());
    let error = source.unsupported(value.span, message);
    Err(explain(source, value, error))
}

/// Whether a value is certainly no column.
fn is_harmless(value: &Value) -> bool {
    let callee = match &value.kind {
        Kind::Call(call) => &call.callee,
        // A lambda, a comprehension, an expression with an operator: no column comes of these.
        _ => return true,
    };
    let callee = match &callee.kind {
        // `relationship(…).something()`.
        Kind::Member(of, _) => return is_harmless(of),
        _ => callee,
    };
    let Some(path) = callee.path() else { return false };
    match path.origin {
        Origin::Imported if path.first() == "sqlalchemy" => NO_COLUMNS.contains(&path.last()),
        Origin::Imported => STANDARD_LIBRARY.contains(&path.first()),
        Origin::Unbound => BUILTINS.contains(&path.first()),
        Origin::Defined => false,
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
    "relationship",
    "synonym",
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
