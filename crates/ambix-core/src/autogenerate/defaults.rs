//! Whether two defaults are the same to Alembic, and to SQLite.

use super::Rules;
use crate::schema::ServerDefault;
use crate::sqlite::ddl::default_sql;
use crate::sqlite::quote;
use crate::sqlite::token::{Token, TokenKind, tokens};
use alloc::{
    string::{String, ToString},
    vec::Vec,
};

/// Whether a column would be filled in with another value.
pub(super) fn differ(
    there: Option<&ServerDefault>,
    wanted: Option<&ServerDefault>,
    rules: &Rules,
) -> bool {
    match rules.parity {
        true => there.map(as_alembic_has_it) != wanted.map(as_alembic_has_it),
        false => there.and_then(value) != wanted.and_then(value),
    }
}

/// A default as Alembic compares it (`SQLiteImpl.compare_server_default`): without its parentheses, then without
/// its quotes.
fn as_alembic_has_it(default: &ServerDefault) -> String {
    let (ServerDefault::Text(text) | ServerDefault::Sql(text)) = default;
    if text.contains('\n') {
        return text.clone();
    }
    let within = |text: &str, open: char, close: char| {
        let inner = text.strip_prefix(open)?.strip_suffix(close)?;
        (!inner.is_empty()).then(|| inner.to_string())
    };
    let text = within(text, '(', ')').unwrap_or_else(|| text.clone());
    let bare = text.strip_prefix('"').unwrap_or(&text);
    let bare = bare.strip_suffix('"').unwrap_or(bare);
    within(bare, '\'', '\'').unwrap_or(text)
}

/// What SQLite fills in: a text or a number as it is, an expression by its words. Nothing for NULL, which is no
/// default.
fn value(default: &ServerDefault) -> Option<String> {
    let sql = default_sql(default);
    let all: Vec<Token> = tokens(&sql).into_iter().filter(Token::is_significant).collect();
    let mut inner = &all[..];
    while let [open, rest @ .., close] = inner
        && open.span.of(&sql) == "("
        && close.span.of(&sql) == ")"
        && is_one(rest, &sql)
    {
        inner = rest;
    }
    let text = |token: &Token| token.span.of(&sql).to_string();
    match inner {
        [one] => match one.kind {
            TokenKind::Text | TokenKind::QuotedName => Some(quote::unquoted(&text(one))),
            TokenKind::Number => Some(number(&text(one))),
            _ => match text(one).to_ascii_uppercase().as_str() {
                "NULL" => None,
                "TRUE" => Some("1".into()),
                "FALSE" => Some("0".into()),
                word => Some(word.into()),
            },
        },
        [sign, one] if one.kind == TokenKind::Number && text(sign) == "+" => {
            Some(number(&text(one)))
        }
        [sign, one] if one.kind == TokenKind::Number && text(sign) == "-" => {
            Some(text(sign) + &number(&text(one)))
        }
        words => {
            let word = |token: &Token| match token.kind {
                TokenKind::Word => text(token).to_ascii_uppercase(),
                _ => text(token),
            };
            Some(words.iter().map(word).collect::<Vec<_>>().join(" "))
        }
    }
}

/// Whether no parenthesis in there is closed before it is opened: the ones around belong together.
fn is_one(tokens: &[Token], sql: &str) -> bool {
    let mut open = 0;
    for token in tokens {
        match token.span.of(sql) {
            "(" => open += 1,
            ")" if open == 0 => return false,
            ")" => open -= 1,
            _ => {}
        }
    }
    open == 0
}

/// A number without the zeros that change nothing: `1.50` is `1.5`, `1.0` is `1`.
fn number(text: &str) -> String {
    match text.contains('.') && !text.contains(['e', 'E']) {
        true => text.trim_end_matches('0').trim_end_matches('.').into(),
        false => text.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ServerDefault::{Sql, Text};

    fn same(one: &ServerDefault, other: &ServerDefault, rules: &Rules) -> bool {
        !differ(Some(one), Some(other), rules)
    }

    #[test]
    fn defaults_are_compared_as_alembic_compares_them() {
        let sql = |text: &str| Sql(text.into());
        let rules = &Rules { defaults: true, ..Rules::ALEMBIC };
        assert!(same(&sql("'5'"), &Text("5".into()), rules));
        assert!(same(&sql("5"), &sql("(5)"), rules));
        assert!(same(&sql("CURRENT_TIMESTAMP"), &sql("(CURRENT_TIMESTAMP)"), rules));
        assert!(!same(&sql("'it''s'"), &Text("it's".into()), rules));
        assert!(!same(&sql("''"), &Text(String::new()), rules));
        assert!(!same(&sql("\"abc\""), &Text("abc".into()), rules));
        assert!(!same(&sql("1.50"), &sql("1.5"), rules));
    }

    #[test]
    fn what_sqlite_fills_in_counts() {
        let sql = |text: &str| Sql(text.into());
        let rules = &Rules::ALL;
        for (one, other) in [
            (sql("'it''s'"), Text("it's".into())),
            (sql("''"), Text(String::new())),
            (sql("\"abc\""), Text("abc".into())),
            (sql("1.50"), sql("1.5")),
            (sql("FALSE"), sql("0")),
            (sql("('5')"), sql("5")),
            (sql("+ 5"), sql("5")),
            (sql("(current_timestamp)"), sql("CURRENT_TIMESTAMP")),
            (sql("(1+1)"), sql("1 + 1")),
        ] {
            assert!(same(&one, &other, rules), "{one:?} {other:?}");
        }
        assert!(!differ(Some(&sql("NULL")), None, rules));
        assert!(!same(&sql("(1) + (2)"), &sql("1 + 2"), rules));
        assert!(!same(&sql("'A'"), &Text("a".into()), rules));
        assert!(!same(&sql("-1"), &sql("1"), rules));
    }
}
