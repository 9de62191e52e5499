//! Splitting a text into statements by its tokens, so that semicolons in texts, comments and triggers
//! do not count (the rules of SQLite's `sqlite3_complete`).

use super::token::{Token, TokenKind, tokens};
use crate::diagnostic::Span;
use alloc::vec::Vec;

/// The spans of the statements in `sql`, without their semicolons and the white space around them.
/// Empty statements are left out.
pub fn statements(sql: &str) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut open: Vec<Token> = Vec::new();
    for token in tokens(sql) {
        if !token.is_significant() {
            continue;
        }
        let ends = token.span.of(sql) == ";" && !in_trigger_body(sql, &open);
        if ends {
            push(&mut spans, &open);
            open.clear();
        } else {
            open.push(token);
        }
    }
    push(&mut spans, &open);
    spans
}

fn push(spans: &mut Vec<Span>, tokens: &[Token]) {
    if let (Some(first), Some(last)) = (tokens.first(), tokens.last()) {
        spans.push(Span::new(first.span.start, last.span.end));
    }
}

/// Whether the statement so far is a CREATE TRIGGER whose END has not come yet. The END of the body is
/// the one that follows a semicolon.
pub(crate) fn in_trigger_body(sql: &str, so_far: &[Token]) -> bool {
    let word = |at: usize| {
        so_far.get(at).filter(|token| token.kind == TokenKind::Word).map(|token| token.span.of(sql))
    };
    let is = |at: usize, keyword: &str| word(at).is_some_and(|w| w.eq_ignore_ascii_case(keyword));
    let mut at = usize::from(is(0, "EXPLAIN"));
    if !is(at, "CREATE") {
        return false;
    }
    at += 1;
    at += if is(at, "OR") && is(at + 1, "REPLACE") { 2 } else { 0 };
    at += usize::from(is(at, "TEMP") || is(at, "TEMPORARY"));
    if !is(at, "TRIGGER") {
        return false;
    }
    let last = so_far.len() - 1;
    let ended = is(last, "END") && last > 0 && so_far[last - 1].span.of(sql) == ";";
    !ended
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(sql: &str) -> Vec<&str> {
        statements(sql).into_iter().map(|span| span.of(sql)).collect()
    }

    #[test]
    fn semicolons_in_texts_comments_and_triggers_do_not_split() {
        let trigger = "CREATE TRIGGER t AFTER INSERT ON a BEGIN\r\n  UPDATE a SET x = CASE WHEN 1 \
                       THEN ';' END;\r\n  DELETE FROM b;\r\nEND";
        let sql = alloc::format!("SELECT ';' /* ; */ ; -- ;\n;;{trigger};\nSELECT 2");
        assert_eq!(split(&sql), ["SELECT ';'", trigger, "SELECT 2"]);
    }

    #[test]
    fn a_trigger_may_take_the_place_of_another() {
        let trigger = "CREATE OR REPLACE TRIGGER t AFTER INSERT ON a BEGIN DELETE FROM b; END";
        let sql = alloc::format!("{trigger}; SELECT 1");
        assert_eq!(split(&sql), [trigger, "SELECT 1"]);
    }

    #[test]
    fn nothing_is_no_statement() {
        assert!(split(" ;; -- nothing\n").is_empty());
    }
}
