//! Colours, where there is a terminal that shows them and nobody has asked for none.

use anstream::{AutoStream, ColorChoice, stream::RawStream};
use anstyle::{AnsiColor, Style};

pub(crate) const PLAIN: Style = Style::new();
pub(crate) const FAINT: Style = Style::new().dimmed();
pub(crate) const GOOD: Style = AnsiColor::Green.on_default();
pub(crate) const WARNING: Style = AnsiColor::Yellow.on_default().bold();
pub(crate) const BAD: Style = AnsiColor::Red.on_default().bold();
pub(crate) const HINT: Style = AnsiColor::Cyan.on_default();
const ID: Style = AnsiColor::Yellow.on_default();
const HEAD: Style = AnsiColor::Green.on_default().bold();
const CURRENT: Style = AnsiColor::Cyan.on_default().bold();

/// What listings say about a revision, and how it looks.
const MARKS: [(&str, Style); 6] = [
    ("(head)", HEAD),
    ("(effective head)", HEAD),
    ("(current)", CURRENT),
    ("(branchpoint)", FAINT),
    ("(mergepoint)", FAINT),
    ("<base>", FAINT),
];

/// Whether there are colours in what is written to a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Colours(pub(crate) bool);

impl Colours {
    /// By `NO_COLOR`, `CLICOLOR_FORCE`, `CLICOLOR`, `TERM` and whether it is a terminal.
    ///
    /// Decided once, and texts are painted only then: a stream that takes colours out again would
    /// also change a text that holds such characters.
    pub(crate) fn of(stream: &impl RawStream) -> Self {
        let choice = AutoStream::choice(stream);
        Self(matches!(choice, ColorChoice::Always | ColorChoice::AlwaysAnsi))
    }

    /// The text in a style.
    pub(crate) fn paint(self, style: Style, text: &str) -> String {
        match self.0 && style != PLAIN && !text.is_empty() {
            true => format!("{style}{text}{style:#}"),
            false => text.into(),
        }
    }

    /// A line of standard output with its ids and marks in colour.
    pub(crate) fn listing(self, line: &str) -> String {
        if !self.0 {
            return line.into();
        }
        if let Some(message) = line.strip_prefix("FAILED:") {
            return format!("{}{message}", self.paint(BAD, "FAILED:"));
        }
        let mut painted = String::with_capacity(line.len() + 32);
        let mut rest = line;
        while let Some(letter) = rest.chars().next() {
            let (style, length) = piece(rest, letter);
            let (this, after) = rest.split_at(length);
            painted.push_str(&self.paint(style, this));
            rest = after;
        }
        painted
    }
}

/// The style of what the text begins with, and its length.
fn piece(text: &str, letter: char) -> (Style, usize) {
    if let Some((mark, style)) = MARKS.iter().find(|(mark, _)| text.starts_with(mark)) {
        return (*style, mark.len());
    }
    let in_word = |letter: char| letter.is_alphanumeric() || "_/.".contains(letter);
    if !in_word(letter) {
        return (PLAIN, letter.len_utf8());
    }
    let length = text.find(|letter| !in_word(letter)).unwrap_or(text.len());
    (if is_id(&text[..length]) { ID } else { PLAIN }, length)
}

/// An id as it is drawn; of one that somebody chose nobody can tell that it is one.
fn is_id(word: &str) -> bool {
    word.len() == 12 && word.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_and_marks_have_colours_and_the_text_stays() {
        let line = "1975ea83b712 -> ae1027a6acf0 (head), Add a column über alles <base>";
        let painted = Colours(true).listing(line);
        assert!(painted.contains("\u{1b}[33m1975ea83b712\u{1b}[0m -> "), "{painted:?}");
        assert!(painted.contains("(head)\u{1b}[0m, Add a column"), "{painted:?}");
        assert_eq!(anstream::adapter::strip_str(&painted).to_string(), line);
        assert_eq!(Colours(false).listing(line), line);
    }

    #[test]
    fn what_only_looks_like_an_id_has_none() {
        for line in ["versions/1975ea83b712_one.py", "12345678901", "sqlite:///app.db", ""] {
            assert_eq!(Colours(true).listing(line), line);
        }
    }
}
