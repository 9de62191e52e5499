//! Tables that a script knows from the database: `metadata.tables["item"]` behind `metadata.reflect(bind)`, and
//! `sa.Table("item", metadata, autoload_with=bind)`.

use super::inspector::{Answer, table_of};
use crate::evaluate::Stop;
use crate::sqlalchemy::called;
use crate::value::{Call, Kind, Origin, Path, Value};
use ambix_core::diagnostic::Span;
use ambix_core::engine::Model;

/// The table that a `sa.Table` takes from the database, if it does.
pub(super) fn named(value: &Value) -> Option<&str> {
    let (name, call) = called(value)?;
    let loads = call.keywords.iter().any(|keyword| {
        matches!(keyword.name.as_str(), "autoload_with" | "autoload") && !keyword.value.is_nothing()
    });
    (name == "Table" && loads).then(|| call.arguments.first()?.text()).flatten()
}

/// The table as `sa.table("item", sa.column("id", sa.INTEGER()), …)`.
///
/// # Errors
/// If it is not there.
pub(super) fn declaration(model: &Model, table: &str, span: Span) -> Result<Value, Stop> {
    let Some(read) = table_of(model, table) else {
        return Err(Stop::raised("NoSuchTableError", table, span));
    };
    let value = |kind: Kind| Value { kind, span };
    let call = |name: &str, arguments: Vec<Value>| {
        let path = Path { dotted: format!("sqlalchemy.{name}").into(), origin: Origin::Imported };
        let callee = value(Kind::Name(path));
        value(Kind::Call(Box::new(Call { callee, arguments, keywords: Vec::new() })))
    };
    let answer = Answer { span };
    let columns = read.table.columns.iter().map(|column| {
        let mut arguments = vec![value(Kind::Text(column.name.clone()))];
        arguments.extend(column.data_type.as_ref().map(|of| value(answer.data_type(of))));
        call("column", arguments)
    });
    let mut arguments = vec![value(Kind::Text(read.table.name.clone()))];
    arguments.extend(columns);
    Ok(call("table", arguments))
}
