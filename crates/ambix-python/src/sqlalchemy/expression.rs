//! SQL that is written with SQLAlchemy's functions: `text("…")`, `func.lower(name)`, `true()`.

use super::arguments::{Arguments, explain};
use super::called;
use super::nature::Nature;
use super::operator::{Operands, has_operator};
use crate::syntax::Source;
use crate::value::{Kind, Value};
use ambix_core::diagnostic::Diagnostic;
use ambix_core::schema::DataType;
use ambix_core::sqlite::quote;

/// A column that is named in an expression.
pub(crate) struct NamedColumn {
    pub(crate) name: String,
    /// What is known of its values.
    pub(crate) nature: Nature,
}

impl NamedColumn {
    /// A column of this type, if it has one.
    pub(crate) fn new(name: String, of: Option<&DataType>) -> Self {
        Self { name, nature: Nature::of_type(of) }
    }
}

/// The columns that can be named in an expression: from the name in Python to the column.
pub(crate) type Columns<'a> = &'a dyn Fn(&str) -> Option<NamedColumn>;

/// The SQL of an expression, or `None` if the value is no SQL expression at all.
pub(crate) fn sql(
    source: Source,
    value: &Value,
    columns: Columns,
) -> Option<Result<String, Diagnostic>> {
    if let Some(path) = value.path() {
        return columns(&path.dotted).map(|column| Ok(quote::name(&column.name)));
    }
    if has_operator(value) {
        let leaf = |value: &Value, _: Option<&Value>| argument(source, value, columns);
        let column = |value: &Value| Some(columns(&value.path()?.dotted)?.nature);
        let operands = Operands { leaf: &leaf, column: &column, source };
        return Some(operands.expression(value, None).map(|(sql, _)| sql));
    }
    let call = value.call()?;
    if let Kind::Member(of, method) = &call.callee.kind {
        if method == "collate" {
            return collated(source, of, call.arguments.first()?, columns);
        }
        return suffixed(source, of, method, columns);
    }
    let path = call.callee.path()?;
    if let Some((column, method)) = path.dotted.rsplit_once('.')
        && let Some(column) = columns(column)
    {
        let suffix = match method {
            "collate" => collation(call.arguments.first()?),
            _ => suffix(method).map(String::from),
        };
        return suffix.map(|suffix| Ok(quote::name(&column.name) + &suffix));
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
        "desc" | "asc" | "collate" => {
            // A column may be named by a string here.
            let of = call.arguments.first()?;
            let named = of.text().map(|name| Ok(quote::name(name)));
            let inner = named.or_else(|| sql(source, of, columns))?;
            let suffix = match name {
                "collate" => collation(call.arguments.get(1)?)?,
                _ => suffix(name)?.into(),
            };
            return Some(inner.map(|inner| inner + &suffix));
        }
        "column" if call.arguments.len() < 3 => {
            return Some(Ok(quote::name(call.arguments.first()?.text()?)));
        }
        "literal" => return Some(argument(source, call.arguments.first()?, columns)),
        "cast" => {
            let inner = argument(source, call.arguments.first()?, columns);
            let of = super::data_type(source, call.arguments.get(1)?);
            return Some(inner.and_then(|inner| {
                let of = of?.and_then(|of| of.sql().ok()).unwrap_or_default();
                Ok(format!("CAST({inner} AS {of})"))
            }));
        }
        "true" => "1",
        "false" => "0",
        "null" => "NULL",
        "text" | "literal_column" => {
            let mut given = Arguments::of(source, name, call, value.span);
            return Some(text_argument(&mut given, name).and_then(|sql| {
                given.either("type_");
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

fn collated(
    source: Source,
    of: &Value,
    name: &Value,
    columns: Columns,
) -> Option<Result<String, Diagnostic>> {
    let suffix = collation(name)?;
    Some(sql(source, of, columns)?.map(|sql| sql + &suffix))
}

fn collation(name: &Value) -> Option<String> {
    Some(format!(" COLLATE {}", quote::name(name.text()?)))
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
        "nulls_first" | "nullsfirst" => Some(" NULLS FIRST"),
        "nulls_last" | "nullslast" => Some(" NULLS LAST"),
        _ => None,
    }
}

fn argument(source: Source, value: &Value, columns: Columns) -> Result<String, Diagnostic> {
    match &value.kind {
        Kind::Text(text) => Ok(quote::text(text)),
        Kind::Int(number) => Ok(number.to_string()),
        Kind::Float(number) => Ok(crate::write::repr::float(*number)),
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
        "char_length" => format!("length({})", arguments.join(", ")),
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

/// The same, with a value for each parameter.
pub(crate) fn filled_text(
    source: Source,
    value: &Value,
    text: &str,
    value_of: &dyn Fn(&str) -> Option<String>,
) -> Result<String, Diagnostic> {
    let mut sql = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((colon, end)) = parameter(rest) {
        let name = rest.get(colon + 1..end).unwrap_or_default();
        let Some(filled) = value_of(name) else { return sent_text(source, value, rest) };
        sql.push_str(&unescaped(rest.get(..colon).unwrap_or_default()));
        sql.push_str(&filled);
        rest = rest.get(end..).unwrap_or_default();
    }
    sql.push_str(&unescaped(rest));
    Ok(sql)
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
    let (colon, end) = parameter(text)?;
    text.get(colon + 1..end)
}

/// Where that one begins, with its colon, and where it ends.
fn parameter(text: &str) -> Option<(usize, usize)> {
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
                    return Some((at, end));
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
