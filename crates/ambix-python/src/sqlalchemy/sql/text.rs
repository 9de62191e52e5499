//! The SQL of `text("…")`, with its parameters and escapes.

use crate::syntax::Source;
use crate::value::Value;
use ambix_core::diagnostic::Diagnostic;

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
