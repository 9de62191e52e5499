//! SQLAlchemy's vocabulary: values that are calls of its classes become columns, constraints,
//! indexes and types. Models and scripts say them in the same words.

mod arguments;
mod column;
mod constraint;
mod default;
mod dialect_type;
mod foreign_key;
mod identity;
mod index;
mod naming;
mod nature;
mod package_type;
mod sql;
mod table;
mod type_check;
mod types;

pub(crate) use arguments::{Arguments, explain, explain_undefined};
pub(crate) use column::{ColumnDeclaration, column, column_arguments};
pub(crate) use constraint::{condition, name_of as index_name, refuse_deferrable};
pub(crate) use default::server_default;
pub(crate) use foreign_key::{options as foreign_key_options, texts};
pub(crate) use index::{index, index_key, predicate, standard_name};
pub(crate) use naming::name_parts;
pub(crate) use sql::{
    ALONE, Columns, Expressions, NamedColumn, NamedTable, filled_text, named_column, sql,
};
pub(crate) use table::{Built, TableDeclaration, TableItem, by_key, table_arguments, table_item};
pub(crate) use type_check::{check_of_type, type_name};
pub(crate) use types::{APPLICATION, data_type, is_type, type_of_sql};

use crate::value::{Call, Value};
use ambix_core::schema::DataType;

/// The name of the SQLAlchemy class or function that the value is a call of: `Column`.
pub(crate) fn called(value: &Value) -> Option<(&str, &Call)> {
    let call = value.call()?;
    Some((name(&call.callee)?, call))
}

/// The name of a class or function of SQLAlchemy. What belongs to another database's dialect is not meant, but for types
/// that SQLite writes as that does.
pub(crate) fn name(value: &Value) -> Option<&str> {
    let path = value.path()?;
    let name = path.within("sqlalchemy")?;
    if path.dotted.len() == "sqlalchemy.".len() + name.len() {
        return Some(name);
    }
    match path.dotted.strip_prefix("sqlalchemy.dialects.") {
        Some(rest) if !rest.starts_with("sqlite.") => {
            let is_capital = !name.bytes().any(|byte| byte.is_ascii_lowercase());
            let is_type = is_capital && DataType::parameters(name).is_some();
            (is_type || matches!(rest, "postgresql.ENUM" | "postgresql.JSONB")).then_some(name)
        }
        _ => Some(name),
    }
}

/// The name of the part of a table that the value makes. `Column` counts whatever it was imported
/// from, since some packages offer one of their own.
pub(crate) fn table_part(value: &Value) -> Option<&str> {
    const COLUMNS: &[&str] = &["Column", "mapped_column"];
    const OTHERS: &[&str] = &[
        "CheckConstraint",
        "ForeignKeyConstraint",
        "Index",
        "PrimaryKeyConstraint",
        "Table",
        "UniqueConstraint",
    ];
    let last = value.call()?.callee.path()?.last();
    let is_part = COLUMNS.contains(&last) || OTHERS.contains(&last) && called(value).is_some();
    is_part.then_some(last)
}

/// The first part of a table that is made in the value.
pub(crate) fn find_table_part(value: &Value) -> Option<&Value> {
    let mut found = None;
    value.visit(&mut |value| {
        if found.is_none() && table_part(value).is_some() {
            found = Some(value);
        }
    });
    found
}
