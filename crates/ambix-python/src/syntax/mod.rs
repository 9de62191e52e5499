//! From text to a syntax tree. Every way in which that fails is a diagnostic with its place.

mod import;
mod nesting;
mod source;

pub(crate) use import::{from_module, imported, joined, local};
pub(crate) use nesting::too_deep;
pub(crate) use source::{File, Source};

use ambix_core::diagnostic::{Code, Diagnostic, Span};
use ruff_python_ast::{ModModule, PySourceType};
use ruff_python_parser::{
    LexicalErrorType, ParseError, ParseErrorType, Parsed, parse_unchecked_source,
};
use ruff_text_size::{Ranged, TextRange};

/// The bytes that a node of the tree covers.
pub(crate) fn span_of(node: &impl Ranged) -> Span {
    span(node.range())
}

fn span(range: TextRange) -> Span {
    Span::new(range.start().to_usize(), range.end().to_usize())
}

/// The syntax tree of a whole file.
pub(crate) fn parse(source: Source) -> Result<Parsed<ModModule>, Diagnostic> {
    if let Some((at, message)) = too_deep(source.text) {
        return Err(Diagnostic::error(Code::PythonSyntax, message).at(source.place(at)));
    }
    let parsed = parse_unchecked_source(source.text, PySourceType::Python);
    match parsed.errors().first() {
        None => Ok(parsed),
        Some(error) => Err(describe(source, error)),
    }
}

fn describe(source: Source, error: &ParseError) -> Diagnostic {
    let at = visible(source.text, span(error.location));
    let diagnostic = Diagnostic::error(Code::PythonSyntax, message(&error.error));
    let diagnostic = diagnostic.at(source.place(at));
    match &error.error {
        ParseErrorType::Lexical(LexicalErrorType::UnicodeError) => diagnostic
            .hint("Write the character itself, or its number: `\\u2603` instead of a name."),
        _ => diagnostic,
    }
}

fn message(error: &ParseErrorType) -> String {
    match error {
        ParseErrorType::Lexical(LexicalErrorType::UnicodeError) => {
            "This escape (`\\x…`, `\\u…`, `\\N{…}`) names no character that is known".into()
        }
        ParseErrorType::Lexical(LexicalErrorType::Eof) => {
            "The file ends inside of a bracket that is not closed".into()
        }
        ParseErrorType::Lexical(LexicalErrorType::UnclosedStringError) => {
            "The string has no closing quote".into()
        }
        ParseErrorType::Lexical(LexicalErrorType::IndentationError) => {
            "The indentation matches no outer level".into()
        }
        other => other.to_string(),
    }
}

/// An error that covers only white space could not be seen: it is shown at what follows in its line,
/// or at the last character before it.
fn visible(text: &str, at: Span) -> Span {
    if !at.of(text).trim().is_empty() {
        return at;
    }
    let (before, after) = text.split_at_checked(at.start).unwrap_or((text, ""));
    let blank = after.len() - after.trim_start_matches([' ', '\t']).len();
    let letter = |found: Option<char>| found.map_or(0, char::len_utf8);
    match after.get(blank..).and_then(|rest| rest.chars().next()) {
        Some(next) if !next.is_whitespace() => {
            let start = at.start + blank;
            Span::new(start, start + next.len_utf8())
        }
        _ => {
            let before = before.trim_end();
            Span::new(before.len() - letter(before.chars().next_back()), before.len())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> String {
        let error = parse(File::new("models.py", text).source()).unwrap_err();
        assert_eq!(error.code, Code::PythonSyntax);
        format!("{}: {error}", error.place.as_ref().unwrap())
    }

    #[test]
    fn syntax_errors_say_where_and_what() {
        for (text, expected) in [
            ("class A(\n", "1:8: The file ends inside of a bracket that is not closed"),
            ("class A\n    x = 1\n", "1:7: Expected `:`, found newline"),
            ("class A:\n", "1:8: Expected an indented block after `class` definition"),
            ("x = 'abc\n", "1:5: The string has no closing quote"),
            ("def f():\n    x = 1\n  y = 2\n", "3:3: The indentation matches no outer level"),
            ("  x = 1\n", "1:3: Unexpected indentation"),
            ("x = = 1\n", "1:5: Expected an expression"),
            ("x = 1 +\n", "1:7: Expected an expression"),
            ("f(a b)\n", "1:5: Expected `,`, found name"),
            ("ü = $\n", "1:5: Got unexpected token $"),
            (
                "x = '\\N{NO SUCH NAME}'\n",
                "1:9: This escape (`\\x…`, `\\u…`, `\\N{…}`) names no character that is known",
            ),
        ] {
            let expected = format!("models.py:{expected}");
            assert_eq!(error(text), expected, "{text}");
        }
    }

    #[test]
    fn text_that_is_nested_too_deeply_is_refused() {
        for (piece, expected) in [
            ("(", "models.py:1:201: Too many nested parentheses"),
            (
                "x.",
                "models.py:1:602: The expression is too long: it has too many operators or calls",
            ),
        ] {
            assert_eq!(error(&piece.repeat(100_000)), expected);
        }
    }
}
