//! Values as Python writes them (`repr`).

use ambix_core::schema::Literal;
use std::fmt::Write;

/// A string as Python writes it: in single quotes, unless it holds some and no double ones.
pub(crate) fn string(text: &str) -> String {
    let quote = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
    let mut out = String::with_capacity(text.len() + 2);
    out.push(quote);
    for letter in text.chars() {
        escape(letter, quote, &mut out);
    }
    out.push(quote);
    out
}

fn escape(letter: char, quote: char, out: &mut String) {
    match letter {
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        '\\' => out.push_str("\\\\"),
        _ if letter == quote => {
            out.push('\\');
            out.push(quote);
        }
        _ if is_printable(letter) => out.push(letter),
        _ => {
            let code = u32::from(letter);
            // Writing to a String cannot fail.
            let _ = match code {
                0..=0xff => write!(out, "\\x{code:02x}"),
                0x100..=0xffff => write!(out, "\\u{code:04x}"),
                _ => write!(out, "\\U{code:08x}"),
            };
        }
    }
}

/// Whether Python prints a character as it is (`str.isprintable`). Rust's Debug has the same rule,
/// but also escapes combining marks at the beginning of a text: hence the letter before it.
fn is_printable(letter: char) -> bool {
    if letter.is_ascii() {
        return matches!(letter, ' '..='~');
    }
    let mut text = String::from("a");
    text.push(letter);
    text.escape_debug().nth(1) == Some(letter)
}

/// SQL as a string that `sa.text` takes for the same SQL: to it `:name` is a parameter unless a
/// backslash stands before it.
pub(crate) fn sql_text(sql: &str) -> String {
    let is_word = |letter: char| letter == '_' || letter.is_alphanumeric();
    let mut escaped = String::with_capacity(sql.len());
    let mut before = None;
    for (at, letter) in sql.char_indices() {
        if letter == ':' {
            let after = sql.get(at + 1..).unwrap_or_default();
            let rest = after.trim_start_matches(is_word);
            let is_parameter = rest.len() < after.len()
                && !rest.starts_with(':')
                && !before.is_some_and(|letter| letter == ':' || is_word(letter));
            if is_parameter || before == Some('\\') {
                escaped.push('\\');
            }
        }
        escaped.push(letter);
        before = Some(letter);
    }
    string(&escaped)
}

/// A plain value.
pub(crate) fn literal(value: &Literal) -> String {
    match value {
        Literal::None => "None".into(),
        Literal::Bool(flag) => boolean(*flag).into(),
        Literal::Int(number) => number.to_string(),
        Literal::Text(text) => string(text),
    }
}

/// A float as Python writes it: `1.5`, `1e+30`.
pub(crate) fn float(number: f64) -> String {
    // Rust turns to an exponent for the same numbers, but writes it without sign and zero.
    let text = format!("{number:?}");
    match text
        .split_once('e')
        .and_then(|(digits, power)| Some((digits, power.parse::<i32>().ok()?)))
    {
        Some((digits, power)) => format!("{digits}e{power:+03}"),
        None => text,
    }
}

/// Bytes as Python writes them: `b'\\x00a'`.
pub(crate) fn bytes(bytes: &[u8]) -> String {
    let quote = if bytes.contains(&b'\'') && !bytes.contains(&b'"') { '"' } else { '\'' };
    let mut out = format!("b{quote}");
    for byte in bytes {
        let letter = char::from(*byte);
        // Above ASCII, what a text may show as a letter is a number here.
        if byte.is_ascii() {
            escape(letter, quote, &mut out);
        } else {
            // Writing to a String cannot fail.
            let _ = write!(out, "\\x{byte:02x}");
        }
    }
    out.push(quote);
    out
}

pub(crate) const fn boolean(flag: bool) -> &'static str {
    if flag { "True" } else { "False" }
}

/// Strings separated by commas: `'a', 'b'`.
pub(crate) fn strings<'a>(texts: impl IntoIterator<Item = &'a String>) -> String {
    texts.into_iter().map(|text| string(text)).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use ruff_python_ast::Expr;

    #[test]
    fn strings_are_written_as_python_writes_them() {
        for (text, expected) in [
            ("abc", "'abc'"),
            ("it's", "\"it's\""),
            ("it's \"so\"", "'it\\'s \"so\"'"),
            ("a\\b\n\t\r", "'a\\\\b\\n\\t\\r'"),
            ("\0\u{7f}\u{a0}\u{ad}", "'\\x00\\x7f\\xa0\\xad'"),
            ("ü ☃ 名 e\u{301}", "'ü ☃ 名 e\u{301}'"),
            ("\u{301}", "'\u{301}'"),
            (
                "\u{200b}\u{2028}\u{e000}\u{1f600}\u{e0001}",
                "'\\u200b\\u2028\\ue000\u{1f600}\\U000e0001'",
            ),
        ] {
            assert_eq!(string(text), expected);
        }
    }

    #[test]
    fn floats_and_bytes_are_written_as_python_writes_them() {
        for (number, expected) in [
            (1.5, "1.5"),
            (2.0, "2.0"),
            (-0.0001, "-0.0001"),
            (0.00001, "1e-05"),
            (1e15, "1000000000000000.0"),
            (1e16, "1e+16"),
            (1.5e300, "1.5e+300"),
        ] {
            assert_eq!(float(number), expected);
        }
        assert_eq!(bytes(b"it's\0\xff\n"), "b\"it's\\x00\\xff\\n\"");
    }

    proptest! {
        #[test]
        fn every_string_reads_back(text in any::<String>()) {
            let parsed = ruff_python_parser::parse_expression(&string(&text)).unwrap();
            let Expr::StringLiteral(literal) = parsed.expr() else { panic!("no string") };
            prop_assert_eq!(literal.value.to_str(), text);
        }
    }
}
