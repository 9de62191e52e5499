//! A walk over the significant tokens of one statement.

use super::token::{Token, TokenKind, tokens};
use crate::diagnostic::Span;
use alloc::vec::Vec;

/// Where a reader is in a statement.
pub(crate) struct Cursor<'a> {
    sql: &'a str,
    tokens: Vec<Token>,
    at: usize,
}

impl<'a> Cursor<'a> {
    pub(crate) fn new(sql: &'a str) -> Self {
        let tokens = tokens(sql).into_iter().filter(Token::is_significant).collect();
        Self { sql, tokens, at: 0 }
    }

    /// The next token, not taken.
    pub(crate) fn peek(&self) -> Option<Token> {
        self.tokens.get(self.at).copied()
    }

    /// Whether the next token is the last one.
    pub(super) fn is_last(&self) -> bool {
        self.at + 1 == self.tokens.len()
    }

    /// The text of the next token; empty at the end.
    pub(crate) fn text(&self) -> &'a str {
        self.peek().map_or("", |token| token.span.of(self.sql))
    }

    /// Takes the next token.
    pub(crate) fn take(&mut self) -> Option<Token> {
        let token = self.peek();
        self.at += usize::from(token.is_some());
        token
    }

    /// Where the next token begins; at the end, where the text ends.
    pub(crate) fn start(&self) -> usize {
        self.peek().map_or(self.sql.len(), |token| token.span.start)
    }

    /// Where the token before the next one ended.
    pub(crate) fn end(&self) -> usize {
        match self.at {
            0 => 0,
            at => self.tokens[at - 1].span.end,
        }
    }

    /// Whether the next token is this keyword.
    pub(crate) fn is(&self, keyword: &str) -> bool {
        self.is_ahead(0, keyword)
    }

    /// Whether the token `ahead` of the next one is this keyword.
    pub(crate) fn is_ahead(&self, ahead: usize, keyword: &str) -> bool {
        self.tokens.get(self.at + ahead).is_some_and(|token| {
            token.kind == TokenKind::Word && token.span.of(self.sql).eq_ignore_ascii_case(keyword)
        })
    }

    /// Whether there is a token `ahead` of the next one.
    pub(crate) fn has_ahead(&self, ahead: usize) -> bool {
        self.at + ahead < self.tokens.len()
    }

    /// Takes the next token if it is this keyword.
    pub(crate) fn accept(&mut self, keyword: &str) -> bool {
        let found = self.is(keyword);
        self.at += usize::from(found);
        found
    }

    /// Takes the next tokens if they are these keywords.
    pub(crate) fn accept_all(&mut self, keywords: &[&str]) -> bool {
        let found = keywords.iter().enumerate().all(|(nth, word)| self.is_ahead(nth, word));
        self.at += if found { keywords.len() } else { 0 };
        found
    }

    /// Whether the next token is this symbol.
    pub(crate) fn is_symbol(&self, symbol: &str) -> bool {
        self.peek().is_some_and(|token| token.kind == TokenKind::Symbol) && self.text() == symbol
    }

    /// Takes the next token if it is this symbol.
    pub(crate) fn accept_symbol(&mut self, symbol: &str) -> bool {
        let found = self.is_symbol(symbol);
        self.at += usize::from(found);
        found
    }

    /// Takes the next token if it can be a name. SQLite takes texts for names too.
    pub(crate) fn name(&mut self) -> Option<Span> {
        let token = self.peek()?;
        match token.kind {
            TokenKind::Word | TokenKind::QuotedName | TokenKind::Text => {
                self.at += 1;
                Some(token.span)
            }
            _ => None,
        }
    }

    /// Takes `( … )` with everything in it, and gives the span of what is inside.
    pub(crate) fn parenthesised(&mut self) -> Option<Span> {
        if !self.is_symbol("(") {
            return None;
        }
        let before = self.at;
        let mut depth = 0usize;
        let mut inner = Span::default();
        while let Some(token) = self.take() {
            match (token.kind, token.span.of(self.sql)) {
                (TokenKind::Symbol, "(") => {
                    depth += 1;
                    if depth == 1 {
                        inner.start = token.span.end;
                    }
                }
                (TokenKind::Symbol, ")") => {
                    depth -= 1;
                    if depth == 0 {
                        inner.end = token.span.start;
                        return Some(inner);
                    }
                }
                _ => {}
            }
        }
        self.at = before;
        None
    }
}
