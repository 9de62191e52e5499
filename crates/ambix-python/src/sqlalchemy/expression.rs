//! SQL that is written with SQLAlchemy's functions: `text("…")`, `func.lower(name)`, `true()`.

use super::arguments::{Arguments, explain};
use super::called;
use crate::syntax::Source;
use crate::value::{Kind, Value};
use ambix_core::diagnostic::Diagnostic;
use ambix_core::sqlite::quote;

/// The columns that can be named in an expression: from the name in Python to the column's name.
pub(crate) type Columns<'a> = &'a dyn Fn(&str) -> Option<String>;

/// The SQL of an expression, or `None` if the value is no SQL expression at all.
pub(crate) fn sql(
    source: Source,
    value: &Value,
    columns: Columns,
) -> Option<Result<String, Diagnostic>> {
    if let Some(path) = value.path() {
        return columns(&path.dotted).map(|name| Ok(quote::name(&name)));
    }
    let call = value.call()?;
    if let Kind::Member(of, method) = &call.callee.kind {
        return suffixed(source, of, method, columns);
    }
    let path = call.callee.path()?;
    if let Some((column, method)) = path.dotted.rsplit_once('.')
        && let Some(column) = columns(column)
    {
        return suffix(method).map(|suffix| Ok(quote::name(&column) + suffix));
    }
    if let Some((module, function)) = path.dotted.rsplit_once('.')
        && module.starts_with("sqlalchemy")
        && module.ends_with(".func")
    {
        let arguments = call.arguments.iter().map(|value| argument(source, value, columns));
        let arguments: Result<Vec<String>, Diagnostic> = arguments.collect();
        return Some(arguments.map(|arguments| function_call(function, &arguments)));
    }
    let (name, call) = called(value)?;
    let sql = match name {
        "true" => "1",
        "false" => "0",
        "null" => "NULL",
        "text" | "literal_column" => {
            let mut given = Arguments::of(source, name, call, value.span);
            return Some(text_argument(&mut given, name).and_then(|sql| {
                given.ignore(&["type_"]);
                given.finish().map(|()| sql)
            }));
        }
        _ => return None,
    };
    Some(Ok(sql.into()))
}

fn text_argument(given: &mut Arguments, name: &str) -> Result<String, Diagnostic> {
    let value = given.required("text")?;
    let text = given.expect_text("text", value)?;
    if name == "literal_column" {
        return Ok(text);
    }
    sent_text(given.source(), value, &text)
}

fn suffixed(
    source: Source,
    of: &Value,
    method: &str,
    columns: Columns,
) -> Option<Result<String, Diagnostic>> {
    let suffix = suffix(method)?;
    Some(sql(source, of, columns)?.map(|sql| sql + suffix))
}

fn suffix(method: &str) -> Option<&'static str> {
    match method {
        "desc" => Some(" DESC"),
        "asc" => Some(" ASC"),
        _ => None,
    }
}

fn argument(source: Source, value: &Value, columns: Columns) -> Result<String, Diagnostic> {
    match &value.kind {
        Kind::Text(text) => Ok(quote::text(text)),
        Kind::Int(number) => Ok(number.to_string()),
        Kind::None => Ok("NULL".into()),
        Kind::Bool(flag) => Ok(if *flag { "1" } else { "0" }.into()),
        _ => sql(source, value, columns).unwrap_or_else(|| {
            let message = format!("{} cannot be read as SQL", value.describe());
            let error = source.unsupported(value.span, message);
            Err(explain(source, value, error)
                .hint("Write the SQL yourself: `text(\"lower(name)\")`."))
        }),
    }
}

/// SQLAlchemy knows some functions that SQL writes without parentheses.
fn function_call(name: &str, arguments: &[String]) -> String {
    match name {
        "now" | "current_timestamp" => "CURRENT_TIMESTAMP".into(),
        "current_date" => "CURRENT_DATE".into(),
        "current_time" => "CURRENT_TIME".into(),
        _ => format!("{name}({})", arguments.join(", ")),
    }
}

/// The SQL that `text("…")` sends, for a text that stands at `value`.
pub(crate) fn sent_text(source: Source, value: &Value, text: &str) -> Result<String, Diagnostic> {
    match bind_parameter(text) {
        Some(parameter) => {
            let message = format!("The SQL has a parameter, `:{parameter}`, without a value");
            Err(source
                .unsupported(value.span, message)
                .hint("Write the value into the SQL, or `\\\\:` for a colon."))
        }
        None => Ok(unescaped(text)),
    }
}

/// The SQL of `text("…")` without its escapes: `\:name` is a way to write `:name` where it is no parameter.
pub(crate) fn unescaped(text: &str) -> String {
    let mut sql = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("\\:") {
        sql.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        sql.push(':');
        rest = &rest[1..];
    }
    sql + rest
}

/// The first parameter, `:name`, in the SQL of `text("…")`, outside of SQL's own strings and
/// comments: nothing gives it a value.
fn bind_parameter(text: &str) -> Option<&str> {
    let bytes = text.as_bytes();
    let word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80;
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            quote @ (b'\'' | b'"' | b'`') => {
                at += 1;
                while at < bytes.len() && bytes[at] != quote {
                    at += 1;
                }
            }
            b'-' if bytes.get(at + 1) == Some(&b'-') => {
                while at < bytes.len() && bytes[at] != b'\n' {
                    at += 1;
                }
            }
            b'/' if bytes.get(at + 1) == Some(&b'*') => {
                at += text.get(at..)?.find("*/").unwrap_or(text.len() - at);
            }
            b':' if at == 0 || !(word(bytes[at - 1]) || matches!(bytes[at - 1], b':' | b'\\')) => {
                let end = (at + 1..bytes.len()).find(|end| !word(bytes[*end]));
                let end = end.unwrap_or(bytes.len());
                if end > at + 1 && bytes.get(end) != Some(&b':') {
                    return text.get(at + 1..end);
                }
            }
            _ => {}
        }
        at += 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_seen_where_sqlite_would_see_them() {
        for (text, parameter) in [
            ("SELECT :a", Some("a")),
            ("UPDATE t SET x = :value WHERE y = 1", Some("value")),
            ("SELECT ':a'", None),
            ("SELECT '12:30', a::text -- :b\n, /* :c */ 1", None),
            ("SELECT \\:a", None),
            ("SELECT ':a', :b", Some("b")),
            ("SELECT ':a", None),
        ] {
            assert_eq!(bind_parameter(text), parameter, "{text}");
        }
        assert_eq!(unescaped("SELECT '\\:a', \\:b"), "SELECT ':a', :b");
    }
}
