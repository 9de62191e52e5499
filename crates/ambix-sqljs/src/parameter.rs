//! Values on their way into a statement.
//!
//! JavaScript has one type of number and sql.js guesses: a whole number of at most 32 bits is bound as
//! INTEGER, every other number as REAL, and a BigInt as TEXT. What would arrive as something else is
//! written into the statement as a literal instead, where SQLite reads it exactly.

use ambix_core::engine::Value;
use ambix_core::sqlite::token::{TokenKind, tokens};

/// Whether sql.js binds this value as what it is.
pub(crate) fn binds_exactly(value: &Value) -> bool {
    match value {
        Value::Null | Value::Text(_) | Value::Blob(_) => true,
        Value::Integer(number) => i32::try_from(*number).is_ok(),
        Value::Real(number) => f64::from(*number as i32) != *number,
    }
}

/// The statement with literals in place of the parameters that sql.js would not bind exactly, and
/// the values that are left to bind.
pub(crate) fn written_out<'a>(sql: &str, values: &'a [Value]) -> (String, Vec<&'a Value>) {
    let mut text = String::with_capacity(sql.len());
    let mut left = Vec::with_capacity(values.len());
    let mut values = values.iter();
    for token in tokens(sql) {
        let part = token.span.of(sql);
        match (token.kind, part) {
            (TokenKind::Parameter, "?") => match values.next() {
                Some(value) if binds_exactly(value) => {
                    left.push(value);
                    text.push('?');
                }
                Some(Value::Integer(number)) => text.push_str(&number.to_string()),
                Some(Value::Real(number)) => text.push_str(&format!("{number:?}")),
                _ => text.push('?'),
            },
            _ => text.push_str(part),
        }
    }
    left.extend(values);
    (text, left)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_numbers_texts_and_blobs_are_bound() {
        for value in [
            Value::Null,
            Value::Integer(-7),
            Value::Integer(2_147_483_647),
            Value::Real(0.5),
            Value::Real(1e300),
            Value::Real(f64::NAN),
            Value::from("x"),
            Value::Blob(vec![1]),
        ] {
            assert!(binds_exactly(&value), "{value:?}");
        }
    }

    #[test]
    fn a_number_that_would_change_its_type_becomes_a_literal() {
        let values = [
            Value::Integer(9_007_199_254_740_993),
            Value::from("?"),
            Value::Real(5.0),
            Value::Integer(i64::MIN),
        ];
        let (sql, left) = written_out("INSERT INTO t VALUES (?, '?', ?, -- ?\n ?, ?)", &values);
        assert_eq!(
            sql,
            "INSERT INTO t VALUES (9007199254740993, '?', ?, -- ?\n 5.0, -9223372036854775808)"
        );
        assert_eq!(left, [&Value::from("?")]);
    }
}
