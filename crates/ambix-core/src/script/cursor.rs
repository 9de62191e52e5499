use crate::diagnostic::{Place, Span};
use alloc::string::String;

/// Tells the places of spans that come in the order of the text. Each is counted on from the one before,
/// so all of them together take no longer than reading the text once.
pub(super) struct Cursor<'a> {
    file: &'a str,
    text: &'a str,
    at: usize,
    line: u32,
    column: u32,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(file: &'a str, text: &'a str) -> Self {
        Self { file, text, at: 0, line: 1, column: 1 }
    }

    /// The file that the text is in.
    pub(super) fn file(&self) -> &'a str {
        self.file
    }

    /// The place of `span`, which does not begin before the one that was asked for last.
    pub(super) fn place(&mut self, span: Span) -> Place {
        for character in self.text.get(self.at..span.start).unwrap_or_default().chars() {
            if character == '\n' {
                self.line += 1;
                self.column = 1;
            } else {
                self.column += 1;
            }
        }
        self.at = self.at.max(span.start);
        Place { file: String::from(self.file), line: self.line, column: self.column, span }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counting_on_gives_the_same_places_as_counting_anew() {
        let text = "eins; zwö;\r\n\ndrei;vier";
        let mut cursor = Cursor::new("a.sql", text);
        for word in ["eins", "zwö", "drei", "vier"] {
            let start = text.find(word).unwrap();
            let span = Span::new(start, start + word.len());
            assert_eq!(cursor.place(span), Place::in_text("a.sql", text, span), "{word}");
        }
    }
}
