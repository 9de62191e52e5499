use super::sql::sql;
use super::{Arguments, called};
use crate::value::{Kind, Value};
use ambix_core::diagnostic::Diagnostic;
use ambix_core::schema::ServerDefault;

/// The value of `server_default=`: a string is a text value, everything else is SQL.
pub(crate) fn server_default(
    given: &Arguments,
    value: &Value,
) -> Result<Option<ServerDefault>, Diagnostic> {
    match &value.kind {
        Kind::None => Ok(None),
        Kind::Text(text) => Ok(Some(ServerDefault::Text(text.clone()))),
        _ if called(value).is_some_and(|(name, _)| name == "FetchedValue") => Ok(None),
        Kind::Call(call) if called(value).is_some_and(|(name, _)| name == "DefaultClause") => {
            match call.arguments.first() {
                Some(inner) => server_default(given, inner),
                None => Ok(None),
            }
        }
        _ => match sql(given.source(), value, &|_| None) {
            Some(sql) => Ok(Some(ServerDefault::Sql(sql?))),
            None => Err(given.unexpected_but(
                "server_default",
                "a string or SQL",
                value,
                "Write a string, or SQL as `text(\"…\")`.",
            )),
        },
    }
}
