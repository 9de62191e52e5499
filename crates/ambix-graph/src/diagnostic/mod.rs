//! One value for everything that can go wrong, and for what is worth a warning.
//!
//! A [`Diagnostic`] has a word for a code, a message (in Alembic's own words where Alembic has one),
//! the place, the SQL statement if one failed, and hints. The command line, the page and the npm
//! package render the same value.

mod code;

pub use code::Code;

use alloc::{boxed::Box, string::String, vec::Vec};
use core::fmt;
use core::ops::{Deref, DerefMut};
use serde::Serialize;

/// A range of bytes in a text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// The range `start..end`.
    pub const fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// The part of `text` that this span covers; empty where it lies outside of the text.
    pub fn of(self, text: &str) -> &str {
        text.get(self.start..self.end).unwrap_or_default()
    }
}

/// Where something is: a file and, if known, a range in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Place {
    /// The file's path as the project names it.
    pub file: String,
    /// Line, counted from 1.
    pub line: u32,
    /// Column in characters, counted from 1.
    pub column: u32,
    /// The bytes meant, to underline them.
    pub span: Span,
}

impl Place {
    /// The place of `span` in `text`, which is the content of `file`.
    pub fn in_text(file: impl Into<String>, text: &str, span: Span) -> Self {
        let before = text.get(..span.start).unwrap_or(text);
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        Self {
            file: file.into(),
            line: 1 + before.bytes().filter(|byte| *byte == b'\n').count() as u32,
            column: 1 + before[line_start..].chars().count() as u32,
            span,
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Severity {
    /// The command stops.
    Error,
    /// Worth knowing; the command goes on.
    Warning,
}

/// A way out: a sentence and, where there is one, a command line that can be pasted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Hint {
    /// What to do, as a sentence.
    pub text: String,
    /// What to type, without the program's name: `upgrade head`.
    pub command: Option<String>,
}

/// An error or a warning. Only a pointer, since nearly every result may hold one.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Diagnostic(Box<Details>);

/// What a [`Diagnostic`] says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Details {
    /// The kind of trouble, as a word that `explain` takes.
    pub code: Code,
    /// Error or warning.
    pub severity: Severity,
    /// What is wrong, in Alembic's words where it has some.
    pub message: String,
    /// Where it is wrong.
    pub place: Option<Place>,
    /// The SQL statement that failed.
    pub statement: Option<String>,
    /// Ways out, best first.
    pub hints: Vec<Hint>,
}

impl Deref for Diagnostic {
    type Target = Details;

    fn deref(&self) -> &Details {
        &self.0
    }
}

impl DerefMut for Diagnostic {
    fn deref_mut(&mut self) -> &mut Details {
        &mut self.0
    }
}

impl fmt::Debug for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Diagnostic {
    #[inline(never)]
    fn new(code: Code, severity: Severity, message: String) -> Self {
        let (place, statement, hints) = (None, None, Vec::new());
        Self(Box::new(Details { code, severity, message, place, statement, hints }))
    }

    /// An error with nothing but a code and a message.
    pub fn error(code: Code, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Error, message.into())
    }

    /// A warning with nothing but a code and a message.
    pub fn warning(code: Code, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Warning, message.into())
    }

    /// What it says, to take apart.
    pub fn into_details(self) -> Details {
        *self.0
    }

    /// The same, at `place`.
    #[must_use]
    #[inline(never)]
    pub fn at(mut self, place: Place) -> Self {
        self.place = Some(place);
        self
    }

    /// The same, with something changed.
    #[must_use]
    pub fn with(mut self, change: impl FnOnce(&mut Details)) -> Self {
        change(&mut self);
        self
    }

    /// The same, with a hint that is a sentence.
    #[must_use]
    pub fn hint(self, text: impl Into<String>) -> Self {
        self.hinted(Hint { text: text.into(), command: None })
    }

    #[inline(never)]
    fn hinted(mut self, hint: Hint) -> Self {
        self.hints.push(hint);
        self
    }

    /// The same, with a hint that names a command to type.
    #[must_use]
    pub fn hint_command(self, text: impl Into<String>, command: impl Into<String>) -> Self {
        self.hinted(Hint { text: text.into(), command: Some(command.into()) })
    }

    /// Whether it stops the command.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl core::error::Error for Diagnostic {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_counts_lines_and_characters_from_one() {
        let text = "eins\nzwölf drei\n";
        let at = text.find("drei").unwrap();
        let place = Place::in_text("models.py", text, Span::new(at, at + 4));
        assert_eq!((place.line, place.column), (2, 7));
        assert_eq!(place.span.of(text), "drei");
    }

    #[test]
    fn a_place_outside_of_the_text_is_its_end() {
        let place = Place::in_text("a", "x\ny", Span::new(90, 91));
        assert_eq!((place.line, place.column), (2, 2));
        assert_eq!(place.span.of("x\ny"), "");
    }
}
