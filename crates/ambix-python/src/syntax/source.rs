//! A file's text as Python reads it, and the way back to the text as an editor holds it.

use ambix_core::diagnostic::{Code, Diagnostic, Place, Span};
use std::borrow::Cow;
use std::cell::OnceCell;

/// One file. Python reads every line ending as `\n`, and so does everything here: a text with other
/// endings would have other strings in it.
pub(crate) struct File<'a> {
    path: &'a str,
    original: &'a str,
    text: Cow<'a, str>,
    /// Looked for when the first place is asked for.
    lines: OnceCell<Vec<Line>>,
}

/// Where a line begins.
struct Line {
    /// In the text that is read.
    read: usize,
    /// In the file.
    original: usize,
}

impl<'a> File<'a> {
    pub(crate) fn new(path: &'a str, original: &'a str) -> Self {
        let text = if original.contains('\r') {
            Cow::Owned(original.replace("\r\n", "\n").replace('\r', "\n"))
        } else {
            Cow::Borrowed(original)
        };
        Self { path, original, text, lines: OnceCell::new() }
    }

    fn lines(&self) -> &[Line] {
        self.lines.get_or_init(|| {
            let mark =
                if self.original.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
            let mut lines = vec![Line { read: mark, original: mark }];
            let mut removed = 0;
            let mut bytes = self.original.bytes().enumerate().peekable();
            while let Some((at, byte)) = bytes.next() {
                match byte {
                    b'\r' if matches!(bytes.peek(), Some((_, b'\n'))) => removed += 1,
                    b'\r' | b'\n' => lines.push(Line { read: at + 1 - removed, original: at + 1 }),
                    _ => {}
                }
            }
            lines
        })
    }

    /// What is handed around of it.
    pub(crate) fn source(&self) -> Source<'_> {
        Source { path: self.path, text: &self.text, file: self }
    }
}

/// One file: where it is and what it says.
#[derive(Clone, Copy)]
pub(crate) struct Source<'a> {
    pub(crate) path: &'a str,
    /// The text with `\n` as the only line ending. All spans are of this text, except for those in
    /// a [`Place`].
    pub(crate) text: &'a str,
    file: &'a File<'a>,
}

impl Source<'_> {
    /// The place of `span` in the file.
    pub(crate) fn place(self, span: Span) -> Place {
        let (line, start) = self.line(span.start);
        let before = self.text.get(start..span.start).unwrap_or_default();
        Place {
            file: self.path.into(),
            line: line as u32 + 1,
            column: before.chars().count() as u32 + 1,
            span: Span::new(self.original(span.start), self.original(span.end)),
        }
    }

    /// The number of the line, counted from 0, that `at` is in, and where it begins.
    fn line(self, at: usize) -> (usize, usize) {
        let lines = self.file.lines();
        let line = lines.partition_point(|line| line.read <= at).saturating_sub(1);
        (line, lines.get(line).map_or(0, |line| line.read))
    }

    /// Where in the file that is.
    fn original(self, at: usize) -> usize {
        let (line, start) = self.line(at);
        let original = self.file.lines().get(line).map_or(0, |line| line.original);
        original + at.saturating_sub(start)
    }

    /// The error for a construct that is not known.
    pub(crate) fn unsupported(self, span: Span, message: impl Into<String>) -> Diagnostic {
        Diagnostic::error(Code::PythonUnsupported, message).at(self.place(span))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_those_of_the_file_whatever_its_line_endings_are() {
        for text in [
            "a = 1\nü = x\n\ny",
            "a = 1\r\nü = x\r\n\r\ny",
            "a = 1\rü = x\r\ry",
            "a = 1\r\nü = x\r\n\ny",
            "\u{feff}a = 1\r\nü = x\n\r\ny",
        ] {
            let file = File::new("a.py", text);
            let source = file.source();
            assert!(!source.text.contains('\r'));
            for (word, line, column) in [("a", 1, 1), ("1", 1, 5), ("x", 2, 5), ("y", 4, 1)] {
                let at = source.text.find(word).unwrap();
                let place = source.place(Span::new(at, at + 1));
                assert_eq!((place.line, place.column), (line, column), "{text:?}");
                assert_eq!(place.span.of(text), word, "{text:?}");
            }
            assert_eq!(source.place(Span::new(0, 0)).line, 1);
        }
    }
}
