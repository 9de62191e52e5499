//! Edits of a text by ranges of it.

use crate::diagnostic::Span;
use crate::sqlite::token::{TokenKind, tokens};
use alloc::{string::String, vec, vec::Vec};

/// What takes the place of which ranges. They do not overlap.
pub(super) struct Splices(Vec<(Span, String)>);

impl Splices {
    pub(super) fn none() -> Self {
        Self(Vec::new())
    }

    pub(super) fn insert(at: usize, text: String) -> Self {
        Self(vec![(Span::new(at, at), text)])
    }

    pub(super) fn replace(span: Span, text: String) -> Self {
        Self(vec![(span, text)])
    }

    /// Both.
    pub(super) fn and(mut self, more: Self) -> Self {
        self.0.extend(more.0);
        self
    }

    /// Takes `range` away, but for the comments in it that are not inside of `own`.
    pub(super) fn cut(sql: &str, range: Span, own: Span) -> Self {
        let text = range.of(sql);
        let shifted = |span: Span| Span::new(range.start + span.start, range.start + span.end);
        let is_own = |span: Span| own.start <= span.start && span.end <= own.end;
        let all: Vec<_> =
            tokens(text).into_iter().map(|token| (token.kind, shifted(token.span))).collect();
        let is_kept = |kind: TokenKind, span: Span| kind == TokenKind::Comment && !is_own(span);
        if !all.iter().any(|(kind, span)| is_kept(*kind, *span)) {
            return Self(vec![(range, String::new())]);
        }
        let mut splices = vec![(own, String::new())];
        for (kind, span) in all {
            if !is_own(span) && !matches!(kind, TokenKind::Comment | TokenKind::Space) {
                splices.push((span, String::new()));
            }
        }
        Self(splices)
    }

    pub(super) fn apply(mut self, sql: &str) -> String {
        crate::sort::sort_by_key(&mut self.0, |(span, _)| span.start);
        let mut text = String::with_capacity(sql.len() + 16);
        let mut at = 0;
        for (span, replacement) in &self.0 {
            text.push_str(sql.get(at..span.start).unwrap_or_default());
            at = span.end;
            append(&mut text, replacement);
            // What follows was not next to this before.
            if sql.get(at..).is_some_and(|rest| runs_together(&text, rest)) {
                text.push(' ');
            }
        }
        text.push_str(sql.get(at..).unwrap_or_default());
        text
    }
}

fn append(text: &mut String, more: &str) {
    if runs_together(text, more) {
        text.push(' ');
    }
    text.push_str(more);
}

/// Whether the last word of one text and the first of the other would be read as one.
fn runs_together(text: &str, more: &str) -> bool {
    let joins =
        |byte: &u8| byte.is_ascii_alphanumeric() || *byte >= 0x80 || b"_$\"'`".contains(byte);
    text.as_bytes().last().is_some_and(joins) && more.as_bytes().first().is_some_and(joins)
}
