//! The same statement in another layout: comments and odd white space in every gap, keywords in any case.

use crate::dice::Dice;
use ambix_core::sqlite::token::{TokenKind, tokens};

const BLANKS: [&str; 9] =
    [" ", "  ", "\n", "\r\n", "\t", "\n\n    ", " \r\n\t", "\x0c", "\u{feff}"];

const COMMENTS: [&str; 8] = [
    "-- it's, (a \"comment\n",
    "--\n",
    "-- größe ] ` \r\n",
    "/* a, b) */",
    "/**/",
    "/* 'open\n and \"more; */",
    "/*--*/",
    "/* CHECK (1) -- */",
];

const KEYWORDS: [&str; 40] = [
    "create",
    "table",
    "index",
    "trigger",
    "view",
    "unique",
    "primary",
    "not",
    "null",
    "default",
    "collate",
    "check",
    "references",
    "foreign",
    "constraint",
    "on",
    "conflict",
    "delete",
    "update",
    "set",
    "restrict",
    "deferrable",
    "initially",
    "deferred",
    "immediate",
    "autoincrement",
    "without",
    "stored",
    "virtual",
    "as",
    "desc",
    "asc",
    "where",
    "begin",
    "end",
    "when",
    "then",
    "case",
    "select",
    "from",
];

/// How much a schema is unlike what a program would write.
#[derive(Clone, Copy)]
pub(super) struct Layout {
    comments: usize,
    blanks: usize,
    cases: usize,
}

impl Layout {
    pub(super) fn new(dice: &mut Dice) -> Self {
        Self {
            comments: *dice.one(&[0, 0, 2, 10, 40]),
            blanks: *dice.one(&[0, 10, 40]),
            cases: *dice.one(&[0, 0, 10, 50]),
        }
    }

    /// The tokens of `sql` in this layout.
    pub(super) fn apply(self, dice: &mut Dice, sql: &str) -> String {
        let mut laid_out = String::new();
        let mut before = String::new();
        for token in tokens(sql).into_iter().filter(|token| token.is_significant()) {
            let text = token.span.of(sql);
            if !before.is_empty() {
                let needed = !stay_apart(&before, text);
                laid_out.push_str(&self.gap(dice, needed));
            }
            before = match token.kind {
                TokenKind::Word => self.cased(dice, text),
                _ => text.to_string(),
            };
            laid_out.push_str(&before);
        }
        laid_out
    }

    fn gap(self, dice: &mut Dice, needed: bool) -> String {
        let mut gap = String::new();
        if dice.percent(self.blanks) {
            gap.push_str(dice.one::<&str>(&BLANKS));
        } else if needed || dice.percent(60) {
            gap.push(' ');
        }
        if dice.percent(self.comments) {
            // What stands before might end with the sign that begins a comment.
            gap.push_str(if gap.is_empty() { " " } else { "" });
            gap.push_str(dice.one::<&str>(&COMMENTS));
            gap.push_str(if dice.percent(50) { "" } else { dice.one::<&str>(&BLANKS) });
        }
        // SQLite takes a byte order mark for a blank only where a token could begin.
        if gap.starts_with('\u{feff}') { format!(" {gap}") } else { gap }
    }

    fn cased(self, dice: &mut Dice, word: &str) -> String {
        let known = KEYWORDS.iter().any(|keyword| keyword.eq_ignore_ascii_case(word));
        match known && dice.percent(self.cases) {
            true if dice.percent(50) => word.to_ascii_lowercase(),
            true => word.chars().enumerate().map(alternating).collect(),
            false => word.to_string(),
        }
    }
}

fn alternating((nth, letter): (usize, char)) -> char {
    if nth % 2 == 0 { letter.to_ascii_lowercase() } else { letter.to_ascii_uppercase() }
}

/// Whether two tokens with nothing between them are still those two tokens.
fn stay_apart(first: &str, second: &str) -> bool {
    let both = format!("{first}{second}");
    let spans = tokens(&both);
    spans.len() == 2 && spans[0].span.end == first.len()
}
