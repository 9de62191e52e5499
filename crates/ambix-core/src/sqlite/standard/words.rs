//! A walk over one statement, or a part of it, that knows what to say where it stops.

use super::Mistake;
use crate::diagnostic::Span;
use crate::sqlite::create_table::{self, CreateTable};
use crate::sqlite::cursor::Cursor;
use crate::sqlite::quote::unquoted;
use crate::sqlite::token::{Token, TokenKind, tokens};
use alloc::{format, string::String, vec::Vec};

/// Where a reader is in a statement.
pub(super) struct Words<'a> {
    /// The whole statement.
    pub(super) sql: &'a str,
    /// The part that is walked over.
    part: Span,
    cursor: Cursor<'a>,
}

impl<'a> Words<'a> {
    pub(super) fn new(sql: &'a str) -> Self {
        Self::within(sql, Span::new(0, sql.len()))
    }

    fn within(sql: &'a str, part: Span) -> Self {
        Self { sql, part, cursor: Cursor::new(part.of(sql)) }
    }

    /// The same part from its beginning.
    pub(super) fn again(&self) -> Self {
        Self::within(self.sql, self.part)
    }

    fn placed(&self, span: Span) -> Span {
        Span::new(self.part.start + span.start, self.part.start + span.end)
    }

    pub(super) fn is(&self, word: &str) -> bool {
        self.cursor.is(word)
    }

    pub(super) fn is_any(&self, words: &[&str]) -> bool {
        words.iter().any(|word| self.is(word))
    }

    pub(super) fn is_ahead(&self, ahead: usize, word: &str) -> bool {
        self.cursor.is_ahead(ahead, word)
    }

    pub(super) fn is_symbol(&self, symbol: &str) -> bool {
        self.cursor.is_symbol(symbol)
    }

    pub(super) fn accept(&mut self, word: &str) -> bool {
        self.cursor.accept(word)
    }

    pub(super) fn accept_all(&mut self, words: &[&str]) -> bool {
        self.cursor.accept_all(words)
    }

    /// Takes COLUMN, unless it is the name of a column: because it is the last word, or one of `verbs` follows.
    pub(super) fn accept_column(&mut self, verbs: &[&str]) {
        let is_verb = |ahead| verbs.iter().any(|word| self.is_ahead(ahead, word));
        let is_name = self.cursor.is_last() || is_verb(1) && !is_verb(2);
        if !is_name {
            self.accept("COLUMN");
        }
    }

    pub(super) fn accept_symbol(&mut self, symbol: &str) -> bool {
        self.cursor.accept_symbol(symbol)
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.cursor.peek().is_none()
    }

    /// The next token's text; empty at the end.
    pub(super) fn text(&self) -> &'a str {
        self.cursor.text()
    }

    /// Where the next token is; at the end, the token before it.
    pub(super) fn here(&self) -> Span {
        match self.cursor.peek() {
            Some(token) => self.placed(token.span),
            None => {
                let end = self.part.start + self.cursor.end();
                Span::new(end, end)
            }
        }
    }

    /// The part from the next token to its last one.
    pub(super) fn extent(&self) -> Span {
        Span::new(self.here().start, last_of(self.sql, self.part).end)
    }

    /// Where the token before the next one ended.
    pub(super) fn end(&self) -> usize {
        self.part.start + self.cursor.end()
    }

    /// Takes a name, and gives it without its quotes.
    pub(super) fn name(&mut self, what: &str) -> Result<String, Mistake> {
        match self.cursor.name() {
            Some(span) => Ok(unquoted(self.placed(span).of(self.sql))),
            None => Err(self.expected(what)),
        }
    }

    /// Takes `name` or `schema.name`: the schema and the name.
    pub(super) fn qualified(&mut self, what: &str) -> Result<(Option<String>, String), Mistake> {
        let first = self.name(what)?;
        match self.accept_symbol(".") {
            true => Ok((Some(first), self.name(what)?)),
            false => Ok((None, first)),
        }
    }

    /// Takes `word`.
    pub(super) fn expect(&mut self, word: &str) -> Result<(), Mistake> {
        match self.accept(word) {
            true => Ok(()),
            false => Err(self.expected(word)),
        }
    }

    /// Takes `( … )`: all of it.
    pub(super) fn parenthesised(&mut self) -> Option<&'a str> {
        let start = self.cursor.start();
        self.cursor.parenthesised()?;
        Some(self.placed(Span::new(start, self.cursor.end())).of(self.sql))
    }

    /// Takes everything up to one of these words, outside of parentheses, or up to the end.
    pub(super) fn until(&mut self, words: &[&str]) -> Span {
        let start = self.cursor.start();
        let is_empty = self.is_at_end() || self.is_any(words);
        while !self.is_at_end() && !self.is_any(words) {
            if self.cursor.parenthesised().is_none() {
                self.cursor.take();
            }
        }
        match is_empty {
            true => {
                let here = self.here();
                Span::new(here.start, here.start)
            }
            false => self.placed(Span::new(start, self.cursor.end())),
        }
    }

    /// Takes the rest.
    pub(super) fn rest(&mut self) -> Span {
        self.until(&[])
    }

    /// That nothing is left.
    pub(super) fn finish(&self) -> Result<(), Mistake> {
        match self.is_at_end() {
            true => Ok(()),
            false => Err(self.unexpected()),
        }
    }

    /// The rest in parts, which commas outside of parentheses separate.
    pub(super) fn parts(&self) -> Vec<Words<'a>> {
        let start = self.here().start;
        let rest = self.sql.get(start..self.part.end).unwrap_or_default();
        let mut depth = 0usize;
        let mut parts = Vec::new();
        let mut from = start;
        for token in tokens(rest).iter().filter(|token| token.kind == TokenKind::Symbol) {
            match token.span.of(rest) {
                "(" => depth += 1,
                ")" => depth = depth.saturating_sub(1),
                "," if depth == 0 => {
                    parts.push(Span::new(from, start + token.span.start));
                    from = start + token.span.end;
                }
                _ => {}
            }
        }
        parts.push(Span::new(from, self.part.end));
        parts.into_iter().map(|part| Words::within(self.sql, part)).collect()
    }

    pub(super) fn expected(&self, what: &str) -> Mistake {
        let (here, found) = self.found();
        Mistake::new(here, format!("Expected {what}, and found {found}"))
    }

    pub(super) fn unexpected(&self) -> Mistake {
        let (here, found) = self.found();
        Mistake::new(here, format!("Nothing more was expected, and there is {found}"))
    }

    fn found(&self) -> (Span, String) {
        // At the end there is nothing to underline but the comma, or the word before.
        let end = self.part.end;
        match self.text() {
            "" if end < self.sql.len() => (Span::new(end, end + 1), "a comma".into()),
            "" => (last_of(self.sql, Span::new(0, end)), "the end of the statement".into()),
            text => (self.here(), format!("`{text}`")),
        }
    }

    /// Reads `text`, which is a part of this statement, behind `prefix` as a CREATE TABLE.
    pub(super) fn as_table(&self, prefix: &str, text: Span) -> Result<Table, Mistake> {
        let sql = format!("{prefix}{}\n)", text.of(self.sql));
        let place = |span: Span| placed(prefix, text, span);
        match create_table::read(&sql) {
            Ok(read) => Ok(Table { sql, read }),
            Err(error) => {
                let span = place(error.span);
                let (span, found) = match span.of(self.sql) {
                    "" => (last_of(self.sql, text), "its end".into()),
                    found => (span, format!("`{found}`")),
                };
                let message = format!("Expected {}, and found {found}", error.expected);
                Err(Mistake::new(span, message))
            }
        }
    }
}

/// Where in a statement what stands at `span` behind `prefix` is, which was put before the part `text` of it.
pub(super) fn placed(prefix: &str, text: Span, span: Span) -> Span {
    let shifted = |at: usize| (at.saturating_sub(prefix.len()) + text.start).min(text.end);
    Span::new(shifted(span.start), shifted(span.end))
}

/// A part of a statement, read as a part of a table.
pub(super) struct Table {
    pub(super) sql: String,
    pub(super) read: CreateTable,
}

/// The last token of a part.
fn last_of(sql: &str, part: Span) -> Span {
    let last = tokens(part.of(sql)).into_iter().rfind(Token::is_significant);
    last.map_or(Span::new(part.end, part.end), |token| {
        Span::new(part.start + token.span.start, part.start + token.span.end)
    })
}
