use crate::syntax::{span_of, too_deep};
use ambix_core::diagnostic::Span;
use ruff_python_ast::PySourceType;
use ruff_python_ast::token::{Token, TokenKind};
use ruff_python_parser::parse_unchecked_source;

/// What a piece of a Python text is, for an editor's colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Highlight {
    /// A word of the language: `class`, `None`.
    Keyword,
    /// A string, or the text in an f-string.
    String,
    /// A number.
    Number,
    /// A comment.
    Comment,
    /// The `@` and the name of a decorator.
    Decorator,
    /// A name in front of an opening parenthesis.
    Call,
    /// Any other name.
    Name,
}

/// The pieces of `text` that an editor colours, in order and without overlap. The text need not be
/// correct Python; one that is nested too deeply to be read has no pieces.
pub fn highlight(text: &str) -> Vec<(Span, Highlight)> {
    if too_deep(text).is_some() {
        return Vec::new();
    }
    let parsed = parse_unchecked_source(text, PySourceType::Python);
    let tokens: Vec<&Token> = parsed
        .tokens()
        .iter()
        .filter(|token| token.kind() != TokenKind::NonLogicalNewline)
        .collect();
    let mut pieces: Vec<(Span, Highlight)> = Vec::new();
    let mut starts_line = true;
    let mut in_decorator = false;
    for (at, token) in tokens.iter().enumerate() {
        let next = tokens.get(at + 1).map(|next| next.kind());
        let kind = token.kind();
        in_decorator = match kind {
            TokenKind::At => starts_line,
            TokenKind::Name | TokenKind::Dot => in_decorator,
            _ => false,
        };
        let highlight = if in_decorator { Some(Highlight::Decorator) } else { plain(kind, next) };
        starts_line = matches!(
            kind,
            TokenKind::Newline | TokenKind::Indent | TokenKind::Dedent | TokenKind::Comment
        ) || (starts_line && kind == TokenKind::Unknown);
        let (Some(highlight), span) = (highlight, span_of(*token)) else { continue };
        // After an error the parser may go over a piece again.
        let from = pieces.last().map_or(0, |(last, _)| last.end);
        if span.start >= from && span.end > span.start {
            pieces.push((span, highlight));
        }
    }
    pieces
}

fn plain(kind: TokenKind, next: Option<TokenKind>) -> Option<Highlight> {
    Some(match kind {
        TokenKind::Name if next == Some(TokenKind::Lpar) => Highlight::Call,
        TokenKind::Name => Highlight::Name,
        TokenKind::Int | TokenKind::Float | TokenKind::Complex => Highlight::Number,
        TokenKind::Comment => Highlight::Comment,
        TokenKind::String
        | TokenKind::FStringStart
        | TokenKind::FStringMiddle
        | TokenKind::FStringEnd
        | TokenKind::TStringStart
        | TokenKind::TStringMiddle
        | TokenKind::TStringEnd => Highlight::String,
        _ if kind.is_soft_keyword() => Highlight::Name,
        _ if kind.is_keyword() => Highlight::Keyword,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        let pieces = highlight(text);
        for pair in pieces.windows(2) {
            assert!(pair[0].0.end <= pair[1].0.start, "{pair:?}");
        }
        let shown: Vec<String> =
            pieces.iter().map(|(span, kind)| format!("{}:{kind:?}", span.of(text))).collect();
        assert_eq!(shown.join(" "), expected);
    }

    #[test]
    fn words_have_their_kinds() {
        check(
            "@app.get('/')\nclass Item(Base):  # one\n    x = f'a{1.5}' @ None\n",
            "@:Decorator app:Decorator .:Decorator get:Decorator '/':String class:Keyword Item:Call \
             Base:Name # one:Comment x:Name f':String a:String 1.5:Number ':String None:Keyword",
        );
        check("type = match(case)", "type:Name match:Call case:Name");
    }

    #[test]
    fn text_with_errors_keeps_its_colours() {
        check("class A(\n    x = ", "class:Keyword A:Call x:Name");
        check("x = 'abc\ny = 1 # z", "x:Name 'abc:String y:Name 1:Number # z:Comment");
        check("? $ )( x", "x:Name");
        check(&"(".repeat(100_000), "");
    }
}
