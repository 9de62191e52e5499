//! A reader of CREATE INDEX. Source: <https://sqlite.org/lang_createindex.html>.

use super::create_table::Unreadable;
use super::cursor::Cursor;
use super::quote::unquoted;
use super::token::TokenKind;
use crate::diagnostic::Span;
use crate::schema::{Index, IndexKey, Name};
use alloc::{string::ToString, vec::Vec};

/// Reads `sql`, which is one CREATE INDEX statement as SQLite stores it.
///
/// # Errors
/// If it is something else.
pub fn read(sql: &str) -> Result<Index, Unreadable> {
    let mut cursor = Cursor::new(sql);
    let stop = |cursor: &Cursor<'_>, expected| {
        let end = Span::new(sql.len(), sql.len());
        Unreadable { span: cursor.peek().map_or(end, |token| token.span), expected }
    };
    if !cursor.accept("CREATE") {
        return Err(stop(&cursor, "CREATE"));
    }
    let unique = cursor.accept("UNIQUE");
    if !cursor.accept("INDEX") {
        return Err(stop(&cursor, "INDEX"));
    }
    cursor.accept_all(&["IF", "NOT", "EXISTS"]);
    let mut name = cursor.name().ok_or_else(|| stop(&cursor, "a name"))?;
    if cursor.accept_symbol(".") {
        name = cursor.name().ok_or_else(|| stop(&cursor, "a name"))?;
    }
    if !cursor.accept("ON") {
        return Err(stop(&cursor, "ON"));
    }
    let table = cursor.name().ok_or_else(|| stop(&cursor, "a table"))?;
    let keys = cursor.parenthesised().ok_or_else(|| stop(&cursor, "( and the keys"))?;
    let predicate = if cursor.accept("WHERE") {
        Some(sql[cursor.start()..].trim().trim_end_matches(';').trim_end().to_string())
    } else if cursor.peek().is_some() && !cursor.is_symbol(";") {
        return Err(stop(&cursor, "WHERE or the end of the statement"));
    } else {
        None
    };
    Ok(Index {
        name: Name::conv(unquoted(name.of(sql))),
        table: unquoted(table.of(sql)),
        keys: self::keys(keys.of(sql)),
        unique,
        predicate,
        sql: Some(sql.to_string()),
    })
}

/// The keys between the parentheses: split at the commas outside of inner parentheses.
fn keys(list: &str) -> Vec<IndexKey> {
    let mut keys = Vec::new();
    let mut cursor = Cursor::new(list);
    let mut start = cursor.start();
    let mut tokens = 0;
    let mut is_name = false;
    loop {
        if cursor.peek().is_none() || cursor.is_symbol(",") {
            let text = list[start..cursor.end().max(start)].trim();
            keys.push(if tokens == 1 && is_name {
                IndexKey::Column(unquoted(text))
            } else {
                IndexKey::Expression(text.to_string())
            });
            if cursor.take().is_none() {
                return keys;
            }
            (start, tokens) = (cursor.start(), 0);
        } else {
            is_name = cursor
                .peek()
                .is_some_and(|t| matches!(t.kind, TokenKind::Word | TokenKind::QuotedName));
            tokens += 1;
            if cursor.parenthesised().is_none() {
                cursor.take();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_expressions_and_the_condition() {
        let index = read(
            "CREATE UNIQUE INDEX IF NOT EXISTS main.\"i x\" ON [t] (a, \"b c\", lower(d, 1), e DESC) WHERE a > 0;",
        )
        .unwrap();
        assert_eq!(index.name, Name::conv("i x"));
        assert_eq!(index.table, "t");
        assert!(index.unique);
        assert_eq!(
            index.keys,
            [
                IndexKey::Column("a".into()),
                IndexKey::Column("b c".into()),
                IndexKey::Expression("lower(d, 1)".into()),
                IndexKey::Expression("e DESC".into()),
            ]
        );
        assert_eq!(index.predicate.as_deref(), Some("a > 0"));
        assert!(read("CREATE INDEX i ON t (a) nonsense").is_err());
    }
}
