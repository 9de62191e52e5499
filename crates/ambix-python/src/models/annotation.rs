//! `Mapped[…]`: what an annotation says about a column.

use crate::syntax::Source;
use crate::value::{Kind, Origin, Value};
use ambix_core::diagnostic::Diagnostic;
use ambix_core::schema::DataType;

/// What `Mapped[…]` says.
pub(super) struct Mapped<'a> {
    /// Whether None is allowed.
    pub(super) optional: bool,
    /// The Python type, without Optional.
    pub(super) python: &'a Value,
}

/// Reads `Mapped[int]`, `Mapped[Optional[int]]`, `Mapped[int | None]`; `None` for any other
/// annotation.
pub(super) fn mapped(annotation: &Value) -> Option<Mapped<'_>> {
    let Kind::Subscript(of, items) = &annotation.kind else { return None };
    if of.path()?.last() != "Mapped" {
        return None;
    }
    let [inner] = items.as_slice() else { return None };
    Some(optional(inner))
}

fn optional(value: &Value) -> Mapped<'_> {
    let alternatives: Vec<&Value> = match &value.kind {
        Kind::Subscript(of, items) => match of.path().map(|path| path.last()) {
            Some("Optional") => {
                return Mapped { optional: true, python: items.first().unwrap_or(value) };
            }
            Some("Union") => items.iter().collect(),
            _ => Vec::new(),
        },
        Kind::Either(left, right) => vec![left, right],
        _ => Vec::new(),
    };
    let is_none = |value: &&Value| matches!(value.kind, Kind::None);
    let others: Vec<&Value> =
        alternatives.iter().copied().filter(|value| !is_none(value)).collect();
    Mapped {
        optional: alternatives.iter().any(is_none),
        python: match others.as_slice() {
            [one] => one,
            _ => value,
        },
    }
}

/// The type that SQLAlchemy 2.1's type map has for a Python type.
pub(super) fn data_type(source: Source, python: &Value) -> Result<DataType, Diagnostic> {
    let class = python.path().and_then(|path| {
        Some(match (path.origin, path.dotted.as_str()) {
            (Origin::Unbound, "bool") => "Boolean",
            (Origin::Unbound, "bytes") => "LargeBinary",
            (Origin::Unbound, "float") => "Double",
            (Origin::Unbound, "int") => "Integer",
            (Origin::Unbound, "str") => "String",
            (Origin::Imported, "datetime.date") => "Date",
            (Origin::Imported, "datetime.datetime") => "DateTime",
            (Origin::Imported, "datetime.time") => "Time",
            (Origin::Imported, "datetime.timedelta") => "Interval",
            (Origin::Imported, "decimal.Decimal") => "Numeric",
            (Origin::Imported, "uuid.UUID") => "Uuid",
            _ => return None,
        })
    });
    match class {
        Some(class) => Ok(DataType::plain(class)),
        None => {
            let message = format!("No column type is known for {}", python.describe());
            Err(source
                .unsupported(python.span, message)
                .hint("Name the type: `mapped_column(String)`."))
        }
    }
}
