//! What a `--` comment on a line of its own means.

use super::nearest::nearest;
use crate::diagnostic::{Code, Diagnostic, Place, Span};
use crate::revision::Direction;
use alloc::{format, string::String, vec::Vec};

/// What some editors of Windows put before the first line.
pub(super) const BYTE_ORDER_MARK: char = '\u{feff}';

/// The one word of a header that needs no colon.
pub(super) const IRREVERSIBLE: &str = "irreversible";

/// What a comment line says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    /// `-- upgrade`: a section begins.
    Section(Direction),
    /// Nearly the mark of a section: `-- downgrad`, `-- upgrade: tables`.
    AlmostSection(Direction),
    /// `-- word: value`. Both spans are without the blanks around them.
    Word {
        /// The word.
        word: Span,
        /// What follows the colon.
        value: Span,
    },
    /// Just a comment.
    Comment,
}

/// What the comment at `span` of `text` means, which begins with `--`.
pub(super) fn mark(text: &str, span: Span) -> Mark {
    let line = trimmed(text, Span::new(span.start + 2, span.end));
    let content = line.of(text);
    let before_colon = content.split(':').next().unwrap_or_default();
    let word = trimmed(text, Span::new(line.start, line.start + before_colon.len()));
    let value =
        trimmed(text, Span::new((line.start + before_colon.len() + 1).min(line.end), line.end));
    let has_colon = before_colon.len() < content.len();
    let is_word = !word.of(text).is_empty()
        && word.of(text).bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
    if let Some(direction) = other_heading(content)
        && !word.of(text).eq_ignore_ascii_case(name(direction))
    {
        return Mark::AlmostSection(direction);
    }
    if !is_word {
        return Mark::Comment;
    }
    for direction in [Direction::Upgrade, Direction::Downgrade] {
        if word.of(text).eq_ignore_ascii_case(name(direction)) {
            let alone = value.of(text).is_empty();
            return if alone { Mark::Section(direction) } else { Mark::AlmostSection(direction) };
        }
    }
    if !has_colon && word.of(text).eq_ignore_ascii_case(IRREVERSIBLE) {
        return Mark::Word { word, value };
    }
    if has_colon {
        // The beginning of an address is no word: https://…
        let is_address = content[before_colon.len() + 1..].starts_with("//");
        return if is_address { Mark::Comment } else { Mark::Word { word, value } };
    }
    match nearest(word.of(text), &["upgrade", "downgrade"], 2) {
        Some("upgrade") => Mark::AlmostSection(Direction::Upgrade),
        Some(_) => Mark::AlmostSection(Direction::Downgrade),
        None => Mark::Comment,
    }
}

/// The section that other tools, or somebody in a hurry, would mean by a comment of one or two words:
/// `-- down`, `-- == downgrade ==`, `-- downgrade section`, `-- migrate:down`, `-- +goose Down`, `-- rollback`.
fn other_heading(content: &str) -> Option<Direction> {
    let words: Vec<String> = content
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words[..] {
        ["up" | "upgrade" | "migrate" | "apply"]
        | ["migrate" | "goose" | "dbmate", "up"]
        | ["upgrade", "section" | "part" | "sql" | "script"] => Some(Direction::Upgrade),
        ["down" | "downgrade" | "rollback" | "undo" | "revert"]
        | ["migrate" | "goose" | "dbmate", "down"]
        | ["downgrade", "section" | "part" | "sql" | "script"] => Some(Direction::Downgrade),
        _ => None,
    }
}

/// The word that begins the section of that direction.
pub(super) const fn name(direction: Direction) -> &'static str {
    match direction {
        Direction::Upgrade => "upgrade",
        Direction::Downgrade => "downgrade",
    }
}

/// Whether nothing but blanks stands between the beginning of the line and `at`.
pub(super) fn is_alone(text: &str, at: usize) -> bool {
    let before = text.get(..at).unwrap_or_default();
    let before = before.strip_prefix(BYTE_ORDER_MARK).unwrap_or(before);
    let mut back = before.bytes().rev();
    back.find(|byte| !matches!(byte, b' ' | b'\t' | b'\r' | 0x0c)).is_none_or(|byte| byte == b'\n')
}

/// `span` without the blanks at its ends.
pub(super) fn trimmed(text: &str, span: Span) -> Span {
    let inner = span.of(text);
    let start = span.start + (inner.len() - inner.trim_start().len());
    Span::new(start, start + inner.trim().len())
}

/// The error for what is nearly the mark of a section.
pub(super) fn almost(place: Place, direction: Direction) -> Diagnostic {
    let name = name(direction);
    Diagnostic::error(
        Code::SqlRevision,
        format!("This is nearly the line `-- {name}`, which begins a section"),
    )
    .at(place)
    .hint(format!("if it begins the section, write `-- {name}` and nothing else on the line"))
    .hint("if it is a comment, put it between /* and */")
}

#[cfg(test)]
mod tests {
    use super::*;
    use Direction::{Downgrade, Upgrade};

    fn of(line: &str) -> Mark {
        mark(line, Span::new(0, line.len()))
    }

    #[test]
    fn sections_whatever_their_case_and_blanks() {
        for line in ["-- upgrade", "--upgrade", "--\tUpgrade  \r", "-- upgrade:", "-- UPGRADE :"] {
            assert_eq!(of(line), Mark::Section(Upgrade), "{line}");
        }
        assert_eq!(of("-- downgrade"), Mark::Section(Downgrade));
    }

    #[test]
    fn what_is_nearly_a_section_is_not_taken_for_a_comment() {
        for line in [
            "-- downgrad",
            "-- down-grade",
            "-- downgrade: drop it",
            "-- Downgraded",
            "-- down",
            "-- downgrade;",
            "--- downgrade",
            "-- DOWNGRADE --",
            "-- == downgrade ==",
            "-- downgrade section",
            "-- +goose Down",
            "-- migrate:down",
            "-- rollback",
        ] {
            assert_eq!(of(line), Mark::AlmostSection(Downgrade), "{line}");
        }
    }

    #[test]
    fn a_word_and_its_value() {
        let line = "--  Revises :  a, b \r";
        let Mark::Word { word, value } = of(line) else { panic!("no word") };
        assert_eq!((word.of(line), value.of(line)), ("Revises", "a, b"));
    }

    #[test]
    fn irreversible_needs_no_reason() {
        for (line, reason) in [("-- irreversible", ""), ("-- Irreversible: rows go", "rows go")] {
            let Mark::Word { word, value } = of(line) else { panic!("no word") };
            assert!(word.of(line).eq_ignore_ascii_case(IRREVERSIBLE));
            assert_eq!(value.of(line), reason);
        }
        assert_eq!(of("-- irreversible or not"), Mark::Comment);
    }

    #[test]
    fn other_comments() {
        for line in [
            "--",
            "-- two words: no",
            "-- https://example.org",
            "-- https://a:b",
            "-- : x",
            "-- grading",
            "---- x",
        ] {
            assert_eq!(of(line), Mark::Comment, "{line}");
        }
    }
}
