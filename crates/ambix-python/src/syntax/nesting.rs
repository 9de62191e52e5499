//! A limit on nesting. The parser and everything after it recurse, and in a browser the stack is
//! small, so that a text of many brackets could end the program instead of being refused.

use ambix_core::diagnostic::Span;
use ruff_python_ast::token::TokenKind;
use ruff_python_parser::{Mode, lexer::lex};

/// CPython's limit ("too many nested parentheses").
const BRACKETS: usize = 200;
/// CPython's limit ("too many levels of indentation").
const INDENTS: usize = 100;
/// Operators, dots, calls and brackets in one expression, those of the brackets around it included.
const OPERATORS: usize = 300;

/// What a byte is to [`is_shallow`].
#[derive(Clone, Copy)]
enum Byte {
    /// Of a name or a number.
    Word,
    Blank,
    LineEnd,
    Open,
    Close,
    /// What ends an expression within its brackets.
    Comma,
    Comment,
    Quote,
    Backslash,
    Operator,
}

const BYTES: [Byte; 256] = {
    let mut bytes = [Byte::Operator; 256];
    let mut byte = 0;
    while byte < 128 {
        bytes[byte] = match byte as u8 {
            b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'_' => Byte::Word,
            b' ' | b'\t' => Byte::Blank,
            b'\n' => Byte::LineEnd,
            b'(' | b'[' | b'{' => Byte::Open,
            b')' | b']' | b'}' => Byte::Close,
            b',' | b';' => Byte::Comma,
            b'#' => Byte::Comment,
            b'"' | b'\'' => Byte::Quote,
            b'\\' => Byte::Backslash,
            _ => Byte::Operator,
        };
        byte += 1;
    }
    bytes
};

/// Where the text is nested too deeply, and how.
pub(crate) fn too_deep(text: &str) -> Option<(Span, &'static str)> {
    if is_shallow(text.as_bytes()) {
        return None;
    }
    let message = exceeded(text)?;
    // The lexer does not tell places: look for the shortest beginning of the text that is too deep.
    let (mut fits, mut exceeds) = (0, text.len());
    while exceeds - fits > 1 {
        let mut middle = fits + (exceeds - fits) / 2;
        while !text.is_char_boundary(middle) {
            middle += 1;
        }
        if middle >= exceeds {
            break;
        }
        match text.get(..middle).and_then(exceeded) {
            Some(_) => exceeds = middle,
            None => fits = middle,
        }
    }
    Some((Span::new(fits, exceeds), message))
}

/// Whether a look at the bytes is enough to say that nothing is too deep: most texts need not be lexed for that. It
/// counts as [`exceeded`] does, and names and numbers too; what it is not sure of it leaves to that.
fn is_shallow(text: &[u8]) -> bool {
    // What was counted before each bracket that is open.
    let mut open: Vec<usize> = Vec::new();
    let (mut count, mut lambdas, mut at) = (0, 0, 0);
    let fits = |open: usize, count: usize| open <= BRACKETS && open + count <= OPERATORS;
    while let Some(&byte) = text.get(at) {
        let start = at;
        at += 1;
        match BYTES[usize::from(byte)] {
            Byte::Word => {
                count += 1;
                let more = text.get(at..).unwrap_or_default().iter();
                at += more
                    .take_while(|byte| matches!(BYTES[usize::from(**byte)], Byte::Word))
                    .count();
                if byte == b'l' && text.get(start..at) == Some(b"lambda") {
                    lambdas += 1;
                }
                // Strings of these kinds hold expressions.
                let is_prefix = matches!(text.get(at), Some(b'"' | b'\''));
                let mut word = text.get(start..at).unwrap_or_default().iter();
                if is_prefix && word.any(|letter| b"fFtT".contains(letter)) {
                    return false;
                }
            }
            Byte::Blank => {}
            Byte::Operator => count += 1,
            // What was counted only grows up to the next of these: it is enough to look there.
            Byte::LineEnd => {
                if open.is_empty() {
                    if !fits(0, count + lambdas) {
                        return false;
                    }
                    (count, lambdas) = (0, 0);
                }
                let mut columns = 0;
                // A form feed at the beginning of a line is passed over.
                while let Some(blank @ (b' ' | b'\t' | b'\x0c')) = text.get(at) {
                    columns += if *blank == b'\t' { 8 } else { 1 };
                    at += 1;
                }
                if columns > INDENTS {
                    return false;
                }
            }
            Byte::Comma => {
                if !fits(open.len(), count + lambdas) {
                    return false;
                }
                count = open.last().copied().unwrap_or(0);
            }
            Byte::Open => open.push(count),
            Byte::Close => {
                if !fits(open.len(), count + lambdas) {
                    return false;
                }
                count = open.pop().unwrap_or(0) + 1;
            }
            Byte::Comment => {
                let more = text.get(at..).unwrap_or_default().iter();
                at += more.take_while(|byte| !matches!(byte, b'\r' | b'\n')).count();
            }
            Byte::Quote => match after_string(text, at, byte) {
                Some(end) => at = end,
                None => return false,
            },
            // A line that goes on in the next one.
            Byte::Backslash => return false,
        }
    }
    fits(open.len(), count + lambdas)
}

/// Where a string ends of which the first quote stands before `at`; nothing if it does not end.
fn after_string(text: &[u8], mut at: usize, quote: u8) -> Option<usize> {
    let two = [quote, quote];
    let is_long = text.get(at..)?.starts_with(&two);
    at += if is_long { 2 } else { 0 };
    loop {
        let byte = *text.get(at)?;
        at += 1;
        match byte {
            b'\\' => at += 1,
            b'\r' | b'\n' if !is_long => return None,
            _ if byte != quote => {}
            _ if !is_long => return Some(at),
            _ if text.get(at..)?.starts_with(&two) => return Some(at + 2),
            _ => {}
        }
    }
}

fn exceeded(text: &str) -> Option<&'static str> {
    let mut lexer = lex(text, Mode::Module);
    // Operators seen since the last comma, for each open bracket.
    let mut open: Vec<usize> = Vec::new();
    let (mut here, mut around) = (0, 0);
    // A comma does not end a lambda: its parameters have some.
    let mut lambdas = 0;
    let mut indents = 0usize;
    loop {
        match lexer.next_token() {
            TokenKind::EndOfFile => return None,
            TokenKind::Lpar | TokenKind::Lsqb | TokenKind::Lbrace => {
                open.push(here);
                around += here;
                here = 0;
                if open.len() > BRACKETS {
                    return Some("Too many nested parentheses");
                }
            }
            TokenKind::Rpar | TokenKind::Rsqb | TokenKind::Rbrace => {
                here = open.pop().unwrap_or(0);
                around -= here;
                here += 1;
            }
            TokenKind::Indent => indents += 1,
            TokenKind::Dedent => indents = indents.saturating_sub(1),
            TokenKind::Newline => {
                open.clear();
                (here, around, lambdas) = (0, 0, 0);
            }
            TokenKind::Comma | TokenKind::Semi => here = 0,
            TokenKind::Lambda => lambdas += 1,
            TokenKind::Name
            | TokenKind::Int
            | TokenKind::Float
            | TokenKind::Complex
            | TokenKind::String
            | TokenKind::Comment
            | TokenKind::FStringMiddle
            | TokenKind::NonLogicalNewline => {}
            _ => here += 1,
        }
        if indents > INDENTS {
            return Some("Too many levels of indentation");
        }
        if open.len() + here + around + lambdas > OPERATORS {
            return Some("The expression is too long: it has too many operators or calls");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_write_passes() {
        let many = "x = [\n".to_string() + &"    ('a', 1 + 2, f(3)),\n".repeat(5_000) + "]\n";
        assert_eq!(too_deep(&many), None);
        let long = "def f():\n    a.b(c).d(e)\n".repeat(5_000);
        assert_eq!(too_deep(&long), None);
        let nested = format!("x = {}1{}\n", "[".repeat(199), "]".repeat(199));
        assert_eq!(too_deep(&nested), None);
    }

    #[test]
    fn deep_nesting_is_found_where_it_begins() {
        let open = "(".repeat(100_000);
        assert_eq!(too_deep(&open), Some((Span::new(200, 201), "Too many nested parentheses")));
        let text = format!("x = '{}'\ny = {}", "(".repeat(300), "[".repeat(300));
        let (at, _) = too_deep(&text).unwrap();
        assert_eq!(at, Span::new(text.len() - 100, text.len() - 99));
    }

    #[test]
    fn a_look_at_the_bytes_misses_nothing() {
        for piece in [
            "(",
            "f(a, ",
            "a.b[",
            "{1: ",
            "a + ",
            "-",
            "not ",
            "lambda a, b: ",
            "x if y else ",
            "()",
            "f'{x} {",
            "'(' + ",
            "\"\\\"(\" + ",
            "'''\n''' + ",
            "'' + ",
            "# '\n",
            "# '\r(",
            "a \\\n. ",
            "if x:\n\t",
            "'",
            "'''",
            "ä.",
            "→",
            "\u{a0}",
            "r'\\'(",
        ] {
            for times in 0..400 {
                let text = format!("x = 1\n{}", piece.repeat(times));
                let is_told = !is_shallow(text.as_bytes()) || exceeded(&text).is_none();
                assert!(is_told, "{piece} {times}");
            }
        }
        let line = "class A(B):\n    \"\"\"It's (.\"\"\"\n    a = f(1, ')', b=-2)  # (\n";
        assert!(is_shallow(line.repeat(100).as_bytes()));
    }

    #[test]
    fn what_passes_can_be_read() {
        for (open, close) in [
            ("(", ")"),
            ("[", "]"),
            ("f(", ")"),
            ("a[", "]"),
            ("{1: ", "}"),
            ("a | ", ""),
            ("-", ""),
        ] {
            for depth in 1..400 {
                let text = format!("x = {}1{}\n", open.repeat(depth), close.repeat(depth));
                if too_deep(&text).is_some() {
                    assert!(depth > 100, "{open}");
                    break;
                }
                let files = [("a.py".to_string(), text)];
                assert_eq!(crate::read_models(&files).diagnostics, [], "{open} {depth}");
            }
        }
    }

    #[test]
    fn every_way_to_nest_is_counted() {
        for piece in [
            "(",
            "[",
            "{",
            "f(",
            "a.",
            "a+",
            "a**",
            "-",
            "~",
            "not ",
            "lambda: ",
            "lambda a, b: ",
            "1 if 1 else ",
            "await ",
            "a()",
            "()",
            "a[0]",
            "f'{",
            "{1:",
            "*",
            "async ",
            "yield ",
            "a:=",
            "a = ",
            "a and ",
            "a < ",
            "x if (",
            "@",
        ] {
            assert!(too_deep(&piece.repeat(100_000)).is_some(), "{piece}");
        }
        for before in ["", "\x0c", "\x0c\x0c"] {
            let mut blocks = String::new();
            for depth in 0..200 {
                blocks += &format!("{before}{}if x:\n", " ".repeat(depth));
            }
            assert_eq!(too_deep(&blocks).unwrap().1, "Too many levels of indentation");
        }
    }
}
