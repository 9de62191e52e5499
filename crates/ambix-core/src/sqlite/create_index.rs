//! A reader of CREATE INDEX. Source: <https://sqlite.org/lang_createindex.html>.

use super::create_table::Unreadable;
use super::cursor::Cursor;
use super::quote::unquoted;
use super::token::{Token, TokenKind};
use crate::diagnostic::Span;
use crate::schema::{Index, IndexKey, Name};
use alloc::{string::ToString, vec::Vec};

/// A CREATE INDEX statement: what it means, and where each part of it stands in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreateIndex {
    /// What it means. Its `sql` is the text that was read.
    pub index: Index,
    /// The index's name in the text, quotes included.
    pub name: Span,
    /// The table's name, quotes included.
    pub table: Span,
    /// The keys in the order of `index.keys`, each with its COLLATE and order.
    pub keys: Vec<Span>,
    /// The closing parenthesis behind the keys.
    pub close: usize,
    /// The condition after WHERE.
    pub predicate: Option<Span>,
}

/// Reads `sql`, which is one CREATE INDEX statement as SQLite stores it, for what it means.
///
/// # Errors
/// If it is something else.
pub fn read(sql: &str) -> Result<Index, Unreadable> {
    read_text(sql).map(|read| read.index)
}

/// Reads `sql` as [`read`] does, for what it means and where that stands.
///
/// # Errors
/// If it is something else.
pub fn read_text(sql: &str) -> Result<CreateIndex, Unreadable> {
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
    let list = cursor.parenthesised().ok_or_else(|| stop(&cursor, "( and the keys"))?;
    let close = list.end;
    let predicate = match cursor.accept("WHERE") {
        true => Some(condition(&mut cursor).ok_or_else(|| stop(&cursor, "a condition"))?),
        false => None,
    };
    cursor.accept_symbol(";");
    if cursor.peek().is_some() {
        return Err(stop(&cursor, "WHERE or the end of the statement"));
    }
    let Some((meanings, keys)) = keys(sql, list) else {
        return Err(Unreadable { span: list, expected: "keys" });
    };
    Ok(CreateIndex {
        index: Index {
            name: Name::conv(unquoted(name.of(sql))),
            table: unquoted(table.of(sql)),
            keys: meanings,
            unique,
            predicate: predicate.map(|span| span.of(sql).to_string()),
            sql: Some(sql.to_string()),
        },
        name,
        table,
        keys,
        close,
        predicate,
    })
}

/// What follows WHERE, up to the last word of the statement.
fn condition(cursor: &mut Cursor<'_>) -> Option<Span> {
    let start = cursor.start();
    while cursor.peek().is_some() && !cursor.is_symbol(";") {
        cursor.take();
    }
    (cursor.end() > start).then(|| Span::new(start, cursor.end()))
}

/// Whether a key that is this token alone is a column: not a number, and none of the words for values.
fn is_name_of(sql: &str, token: Token) -> bool {
    const VALUES: [&str; 4] = ["NULL", "CURRENT_TIME", "CURRENT_DATE", "CURRENT_TIMESTAMP"];
    let text = token.span.of(sql);
    match token.kind {
        TokenKind::Word => !VALUES.iter().any(|value| value.eq_ignore_ascii_case(text)),
        TokenKind::QuotedName | TokenKind::Text => true,
        _ => false,
    }
}

/// The keys between the parentheses: split at the commas outside of inner parentheses. `None` where one
/// is empty.
fn keys(sql: &str, list: Span) -> Option<(Vec<IndexKey>, Vec<Span>)> {
    let inner = list.of(sql);
    let (mut keys, mut spans) = (Vec::new(), Vec::new());
    let mut cursor = Cursor::new(inner);
    loop {
        let start = cursor.start();
        let mut tokens = 0;
        let mut is_name = false;
        while cursor.peek().is_some() && !cursor.is_symbol(",") {
            is_name = cursor.peek().is_some_and(|token| is_name_of(inner, token));
            tokens += 1;
            if cursor.parenthesised().is_none() {
                cursor.take();
            }
        }
        if tokens == 0 {
            return None;
        }
        let span = Span::new(start, cursor.end());
        let text = span.of(inner);
        keys.push(if tokens == 1 && is_name {
            IndexKey::Column(unquoted(text))
        } else {
            IndexKey::Expression(text.to_string())
        });
        spans.push(Span::new(list.start + span.start, list.start + span.end));
        if !cursor.accept_symbol(",") {
            return Some((keys, spans));
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
