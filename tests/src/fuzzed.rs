//! What must hold for any bytes at all. The fuzz targets call this, and so does the test that replays what
//! they have found.

use crate::covered;
use ambix_core::diagnostic::Span;
use ambix_core::sqlite::token::{TokenKind, tokens};
use ambix_core::sqlite::{create_index, create_table, split};

/// The readers of CREATE TABLE and CREATE INDEX never panic, and what they give lies in its place in the
/// text; so does the place where they stop.
pub fn read_create(bytes: &[u8]) {
    let sql = String::from_utf8_lossy(bytes);
    match create_table::read(&sql) {
        Ok(read) => assert_eq!(covered::table(&sql, &read, false).as_deref(), Ok(&*sql)),
        Err(error) => assert_inside(&sql, error.span),
    }
    match create_index::read_text(&sql) {
        Ok(read) => assert_eq!(covered::index(&sql, &read, false).as_deref(), Ok(&*sql)),
        Err(error) => assert_inside(&sql, error.span),
    }
}

fn assert_inside(sql: &str, span: Span) {
    assert!(sql.get(span.start..span.end).is_some(), "{span:?} is outside of {sql:?}");
}

/// The pieces of a text follow each other, and between them there is nothing but semicolons, blanks and
/// comments. A piece is one piece when it is split again.
pub fn split(bytes: &[u8]) {
    let sql = String::from_utf8_lossy(bytes);
    let mut at = 0;
    for span in split::statements(&sql) {
        assert!(at <= span.start && span.start < span.end, "{span:?} is behind {at} or empty");
        assert_inside(&sql, span);
        assert_separates(&sql, Span::new(at, span.start));
        let piece = span.of(&sql);
        let again = split::statements(piece);
        assert_eq!(again, [Span::new(0, piece.len())], "{piece:?} is split again");
        at = span.end;
    }
    assert_separates(&sql, Span::new(at, sql.len()));
}

fn assert_separates(sql: &str, gap: Span) {
    let gap = gap.of(sql);
    for token in tokens(gap) {
        let is_lost = token.is_significant() && token.span.of(gap) != ";";
        let is_open = token.kind == TokenKind::Broken;
        assert!(!is_lost && !is_open, "{:?} is lost", token.span.of(gap));
    }
}
