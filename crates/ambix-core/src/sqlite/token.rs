//! The tokens of SQLite's SQL (its `tokenize.c`), each with its span. White space and comments are
//! tokens too, so that the spans of all tokens together cover the text.

use crate::diagnostic::Span;
use alloc::vec::Vec;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// Blanks, tabs, line ends.
    Space,
    /// `-- …` or `/* … */`.
    Comment,
    /// A keyword or a name without quotes.
    Word,
    /// A name in `"…"`, `[…]` or `` `…` ``.
    QuotedName,
    /// `'…'`.
    Text,
    /// `x'…'`.
    Blob,
    /// A number.
    Number,
    /// `?`, `?1`, `:a`, `@a`, `$a`.
    Parameter,
    /// Everything else, one character each but for the operators of two or three.
    Symbol,
    /// Text that begins a token and does not end it: an open quote.
    Broken,
}

/// A token: what it is, and which bytes of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// Where it is.
    pub span: Span,
}

impl Token {
    /// Whether it means something: not white space, not a comment.
    pub fn is_significant(&self) -> bool {
        !matches!(self.kind, TokenKind::Space | TokenKind::Comment)
    }
}

/// Splits `sql` into tokens. Never fails: what is no token is [`TokenKind::Broken`] up to the end.
pub fn tokens(sql: &str) -> Vec<Token> {
    let bytes = sql.as_bytes();
    let mut tokens = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let (kind, length) = token_at(&bytes[at..]);
        tokens.push(Token { kind, span: Span::new(at, at + length) });
        at += length;
    }
    tokens
}

fn is_word_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'$' || byte >= 0x80
}

fn count(bytes: &[u8], wanted: impl Fn(u8) -> bool) -> usize {
    bytes.iter().position(|byte| !wanted(*byte)).unwrap_or(bytes.len())
}

/// The token that `bytes` (not empty) begin with, and its length, which is at least 1.
fn token_at(bytes: &[u8]) -> (TokenKind, usize) {
    let next = bytes.get(1).copied().unwrap_or(0);
    match bytes[0] {
        b' ' | b'\t' | b'\n' | b'\r' | 0x0c => {
            (TokenKind::Space, count(bytes, |b| matches!(b, b' ' | b'\t' | b'\n' | b'\r' | 0x0c)))
        }
        // As SQLite has it, a byte order mark is a blank wherever a token could begin.
        0xef if bytes.starts_with(&[0xef, 0xbb, 0xbf]) => (TokenKind::Space, 3),
        b'-' if next == b'-' => (TokenKind::Comment, count(bytes, |b| b != b'\n')),
        b'/' if next == b'*' => {
            let end = bytes[2..].windows(2).position(|pair| pair == b"*/");
            (TokenKind::Comment, end.map_or(bytes.len(), |end| end + 4))
        }
        b'\'' => quoted(bytes, b'\'', TokenKind::Text),
        b'"' => quoted(bytes, b'"', TokenKind::QuotedName),
        b'`' => quoted(bytes, b'`', TokenKind::QuotedName),
        b'[' => match bytes.iter().position(|byte| *byte == b']') {
            Some(end) => (TokenKind::QuotedName, end + 1),
            None => (TokenKind::Broken, bytes.len()),
        },
        b'x' | b'X' if next == b'\'' => {
            let (kind, length) = quoted(&bytes[1..], b'\'', TokenKind::Blob);
            (kind, length + 1)
        }
        b'0'..=b'9' => (TokenKind::Number, number(bytes)),
        b'.' if next.is_ascii_digit() => (TokenKind::Number, number(bytes)),
        b'?' => (TokenKind::Parameter, 1 + count(&bytes[1..], |b| b.is_ascii_digit())),
        b':' | b'@' | b'#' if is_word_byte(next) => {
            (TokenKind::Parameter, 1 + count(&bytes[1..], is_word_byte))
        }
        b'$' if is_word_byte(next) => {
            (TokenKind::Parameter, 1 + count(&bytes[1..], |b| is_word_byte(b) || b == b':'))
        }
        byte if is_word_byte(byte) && byte != b'$' => (TokenKind::Word, count(bytes, is_word_byte)),
        _ => (TokenKind::Symbol, symbol(bytes)),
    }
}

fn quoted(bytes: &[u8], quote: u8, kind: TokenKind) -> (TokenKind, usize) {
    let mut at = 1;
    while let Some(byte) = bytes.get(at) {
        if *byte != quote {
            at += 1;
        } else if bytes.get(at + 1) == Some(&quote) {
            at += 2;
        } else {
            return (kind, at + 1);
        }
    }
    (TokenKind::Broken, bytes.len())
}

fn number(bytes: &[u8]) -> usize {
    if bytes[0] == b'0' && bytes.get(1).is_some_and(|byte| byte | 0x20 == b'x') {
        return 2 + count(&bytes[2..], |byte| byte.is_ascii_hexdigit() || byte == b'_');
    }
    let digit = |byte: u8| byte.is_ascii_digit() || byte == b'_';
    let mut at = count(bytes, digit);
    if bytes.get(at) == Some(&b'.') {
        at += 1 + count(&bytes[at + 1..], digit);
    }
    if bytes.get(at).is_some_and(|byte| byte | 0x20 == b'e') {
        let sign = usize::from(matches!(bytes.get(at + 1), Some(b'+' | b'-')));
        let digits = count(bytes.get(at + 1 + sign..).unwrap_or_default(), digit);
        if digits > 0 {
            at += 1 + sign + digits;
        }
    }
    at
}

fn symbol(bytes: &[u8]) -> usize {
    const LONG: [&[u8]; 10] =
        [b"->>", b"->", b"||", b"<<", b">>", b"<=", b">=", b"<>", b"==", b"!="];
    LONG.iter().find(|long| bytes.starts_with(long)).map_or(1, |long| long.len())
}

/// The tokens of `sql` that mean something, each as text, joined by one blank: the same for two
/// statements that differ in white space, comments and line ends only.
pub fn normalised(sql: &str) -> alloc::string::String {
    let words: Vec<&str> =
        tokens(sql).iter().filter(|token| token.is_significant()).map(|t| t.span.of(sql)).collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use TokenKind::*;
    use alloc::string::String;
    use proptest::prelude::*;

    fn kinds(sql: &str) -> Vec<(TokenKind, &str)> {
        tokens(sql)
            .into_iter()
            .filter(|token| token.kind != Space)
            .map(|token| (token.kind, token.span.of(sql)))
            .collect()
    }

    #[test]
    fn every_kind_of_token() {
        assert_eq!(
            kinds("a \"b \"\" c\" [d e] `f` 'it''s' x'00' 1.5e-3 .5 0xFF ?1 :a ->> -- end"),
            [
                (Word, "a"),
                (QuotedName, "\"b \"\" c\""),
                (QuotedName, "[d e]"),
                (QuotedName, "`f`"),
                (Text, "'it''s'"),
                (Blob, "x'00'"),
                (Number, "1.5e-3"),
                (Number, ".5"),
                (Number, "0xFF"),
                (Parameter, "?1"),
                (Parameter, ":a"),
                (Symbol, "->>"),
                (Comment, "-- end"),
            ]
        );
    }

    #[test]
    fn an_open_quote_is_broken_and_an_open_comment_is_a_comment() {
        assert_eq!(kinds("a 'b"), [(Word, "a"), (Broken, "'b")]);
        assert_eq!(kinds("a /* b"), [(Word, "a"), (Comment, "/* b")]);
    }

    #[test]
    fn normalising_forgets_white_space_and_comments_only() {
        assert_eq!(normalised("CREATE  TABLE t(\r\n a -- x\n)"), normalised("CREATE TABLE t (a)"));
        assert_ne!(normalised("SELECT 'a  b'"), normalised("SELECT 'a b'"));
    }

    proptest! {
        #[test]
        fn the_spans_cover_any_text_without_gaps(sql in "[ -~\n\u{e9}]{0,60}") {
            let mut whole = String::new();
            for token in tokens(&sql) {
                prop_assert!(!token.span.of(&sql).is_empty());
                whole.push_str(token.span.of(&sql));
            }
            prop_assert_eq!(whole, sql);
        }
    }
}
