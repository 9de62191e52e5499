//! The words of a statement, and what can be said of one from the words beside it.

use crate::diagnostic::Span;
use crate::sqlite::quote::unquoted;
use crate::sqlite::token::{Token, TokenKind, tokens};
use alloc::vec::Vec;
use core::ops::Range;

/// A significant token with its text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Word<'a> {
    pub(super) kind: TokenKind,
    pub(super) span: Span,
    pub(super) text: &'a str,
}

/// The significant tokens of `sql`.
pub(super) fn words(sql: &str) -> Vec<Word<'_>> {
    let word = |token: Token| Word { kind: token.kind, span: token.span, text: token.span.of(sql) };
    tokens(sql).into_iter().filter(Token::is_significant).map(word).collect()
}

impl Word<'_> {
    pub(super) fn is(&self, keyword: &str) -> bool {
        self.kind == TokenKind::Word && self.text.eq_ignore_ascii_case(keyword)
    }

    pub(super) fn is_any(&self, keywords: &[&str]) -> bool {
        keywords.iter().any(|keyword| self.is(keyword))
    }

    pub(super) fn is_symbol(&self, symbol: &str) -> bool {
        self.kind == TokenKind::Symbol && self.text == symbol
    }

    /// Whether it can be a name in an expression, where `'a'` is a text.
    pub(super) fn is_identifier(&self) -> bool {
        matches!(self.kind, TokenKind::Word | TokenKind::QuotedName)
    }

    /// Whether it can be a name where nothing but a name can stand: SQLite takes `'a'` there.
    pub(super) fn is_name(&self) -> bool {
        self.is_identifier() || self.kind == TokenKind::Text
    }

    /// Whether it can be a name and is this one.
    pub(super) fn names(&self, name: &str) -> bool {
        self.is_name() && unquoted(self.text).eq_ignore_ascii_case(name)
    }
}

/// The keywords behind which an operand can begin. Behind every other word stands an operator, another
/// keyword, an alias or the name of something else.
const BEFORE_OPERANDS: [&str; 33] = [
    "ALL",
    "AND",
    "BETWEEN",
    "BY",
    "CASE",
    "DISTINCT",
    "ELSE",
    "ESCAPE",
    "EXCEPT",
    "EXISTS",
    "FROM",
    "GLOB",
    "HAVING",
    "IN",
    "INTERSECT",
    "IS",
    "LIKE",
    "LIMIT",
    "MATCH",
    "NOT",
    "OFFSET",
    "ON",
    "OR",
    "REGEXP",
    "RETURNING",
    "SELECT",
    "SET",
    "THEN",
    "UNION",
    "VALUES",
    "WHEN",
    "WHERE",
    "RANGE",
];

/// Whether an operand can begin at `at`, so that a name there is that of a column. `start` is where the
/// expression or statement begins.
pub(super) fn is_operand(words: &[Word<'_>], start: usize, at: usize) -> bool {
    if at <= start {
        return true;
    }
    let before = &words[at - 1];
    match before.kind {
        TokenKind::Symbol => !matches!(before.text, ")" | "."),
        TokenKind::Word => before.is_any(&BEFORE_OPERANDS),
        _ => false,
    }
}

/// The place of the parenthesis that closes the one at `open`; the end of `words` if none does.
pub(super) fn closing(words: &[Word<'_>], open: usize) -> usize {
    let mut depth = 0usize;
    for (at, word) in words.iter().enumerate().skip(open) {
        if word.is_symbol("(") {
            depth += 1;
        } else if word.is_symbol(")") {
            depth = depth.saturating_sub(1);
            if depth == 0 {
                return at;
            }
        }
    }
    words.len()
}

/// The places in `range` that are outside of all parentheses; an opening parenthesis counts, its
/// contents and its closing one do not.
pub(super) fn outside<'a>(
    words: &'a [Word<'a>],
    range: Range<usize>,
) -> impl Iterator<Item = usize> + 'a {
    let mut at = range.start;
    core::iter::from_fn(move || {
        if at >= range.end.min(words.len()) {
            return None;
        }
        let this = at;
        at = if words[this].is_symbol("(") { closing(words, this) + 1 } else { this + 1 };
        Some(this)
    })
}

/// `range` split at the words outside of parentheses that `is_split` takes, which are in no part.
pub(super) fn split(
    words: &[Word<'_>],
    range: Range<usize>,
    is_split: impl Fn(&Word<'_>) -> bool,
) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    let mut start = range.start;
    for at in outside(words, range.clone()) {
        if is_split(&words[at]) {
            parts.push(start..at);
            start = at + 1;
        }
    }
    parts.push(start.min(range.end)..range.end);
    parts
}
