//! Numbers with a fraction, by their digits.

use crate::sqlalchemy::Arguments;
use crate::value::{Kind, Origin, Value};
use ambix_core::diagnostic::Diagnostic;

/// The digits of `decimal.Decimal("1.50")`; `None` if the value is no such call.
pub(super) fn decimal(given: &Arguments, value: &Value) -> Option<Result<String, Diagnostic>> {
    let call = value.call()?;
    let path = call.callee.path()?;
    if path.origin != Origin::Imported || path.dotted != "decimal.Decimal" {
        return None;
    }
    let source = given.source();
    let mut given = Arguments::of(source, "Decimal", call, value.span);
    let read = given.required("value").and_then(|value| {
        let digits = match &value.kind {
            Kind::Int(number) => Some(number.to_string()),
            Kind::Text(text) => digits(text.trim()),
            _ => return Err(given.unexpected("value", "a string or a whole number", value)),
        };
        digits.ok_or_else(|| {
            source
                .unsupported(value.span, "`Decimal` with this text is no number for SQLite")
                .hint("Write the digits of the number: `Decimal(\"1.50\")`.")
        })
    });
    Some(read.and_then(|digits| given.finish().map(|()| digits)))
}

/// A number as SQL has it, if the text is one: digits before the point, an exponent with its sign.
pub(super) fn digits(text: &str) -> Option<String> {
    let (sign, rest) = match text.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let (number, exponent) = match rest.split_once(['e', 'E']) {
        Some((number, exponent)) => (number, Some(exponent.parse::<i32>().ok()?)),
        None => (rest, None),
    };
    let (whole, fraction) = match number.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (number, None),
    };
    let is_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let fraction = fraction.unwrap_or_default();
    if !(is_digits(whole) && is_digits(fraction)) || whole.len() + fraction.len() == 0 {
        return None;
    }
    let whole = whole.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    let point = if fraction.is_empty() { "" } else { "." };
    let exponent = exponent.map(|exponent| format!("E{exponent:+}")).unwrap_or_default();
    Some(format!("{sign}{whole}{point}{fraction}{exponent}"))
}

#[cfg(test)]
mod tests {
    use super::digits;

    #[test]
    fn digits_as_python_writes_them() {
        for (text, expected) in [
            ("1.50", Some("1.50")),
            ("-.5", Some("-0.5")),
            ("+0012", Some("12")),
            ("1e5", Some("1E+5")),
            ("1_0", None),
            ("NaN", None),
            (".", None),
            ("", None),
        ] {
            assert_eq!(digits(text).as_deref(), expected, "{text}");
        }
    }
}
