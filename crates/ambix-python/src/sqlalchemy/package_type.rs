//! Types that packages beside SQLAlchemy write into scripts.
//!
//! Sources: SQLModel's `AutoString` and `GUID`, SQLAlchemy-Utils' `UUIDType`, as they compile for SQLite.

use super::arguments::Arguments;
use super::types::APPLICATION;
use crate::syntax::Source;
use crate::value::Value;
use ambix_core::diagnostic::Diagnostic;
use ambix_core::schema::DataType;

/// The type in SQLAlchemy's own words; nothing if it is none of these.
///
/// # Errors
/// If an argument is not known.
pub(super) fn package_type(source: Source, value: &Value) -> Option<Result<DataType, Diagnostic>> {
    let path = value.named()?;
    let class = match path.last() {
        class @ ("AutoString" | "GUID") if path.first() == "sqlmodel" => class,
        class @ "UUIDType" if path.first() == "sqlalchemy_utils" => class,
        _ => return None,
    };
    let mut given = value.call().map(|call| Arguments::of(source, class, call, value.span));
    Some(data_type(class, given.as_mut()).and_then(|data_type| {
        if let Some(mut given) = given {
            given.ignore(&[APPLICATION]);
            given.finish()?;
        }
        Ok(data_type)
    }))
}

fn data_type(class: &str, given: Option<&mut Arguments>) -> Result<DataType, Diagnostic> {
    let characters = DataType::sized("CHAR", "length", 32);
    Ok(match (class, given) {
        ("GUID", _) => characters,
        ("UUIDType", given) => {
            let mut is_binary = true;
            if let Some(given) = given {
                is_binary = given.flag("binary")?.unwrap_or(true);
                given.ignore(&["native"]);
            }
            if is_binary { DataType::sized("BINARY", "length", 16) } else { characters }
        }
        (_, given) => match given.and_then(|given| given.either("length")) {
            Some(Value { kind: crate::value::Kind::Int(length), .. }) => {
                DataType::sized("String", "length", *length)
            }
            _ => DataType::plain("String"),
        },
    })
}
