//! Names that a schema can have, and the ways to write them.

use crate::dice::Dice;
use ambix_core::sqlite::quote;
use std::collections::BTreeSet;

/// Names that can stand without quotes; some of them are keywords that SQLite also takes for names.
const PLAIN: [&str; 24] = [
    "a",
    "b",
    "id",
    "name",
    "title",
    "parent_id",
    "x1",
    "_u",
    "größe",
    "ПриВет",
    "key",
    "row",
    "action",
    "generated",
    "always",
    "strict",
    "rowid",
    "oid",
    "temp",
    "cascade",
    "match",
    "Mixed",
    "a$b",
    "no",
];

/// Names that need quotes.
const QUOTED: [&str; 22] = [
    "check",
    "primary",
    "references",
    "constraint",
    "table",
    "select",
    "order",
    "a b",
    " ",
    "x\"y",
    "it's",
    "p,q",
    "f(x)",
    ")",
    "-- c",
    "/* d",
    "e;",
    "1st",
    "t.c",
    "back`tick",
    "[br",
    "日 本",
];

/// The names of one schema: none is given twice in one place.
pub(super) struct Names(BTreeSet<String>);

impl Names {
    pub(super) fn new() -> Self {
        Self(BTreeSet::new())
    }

    /// A name that has not been given yet.
    pub(super) fn fresh(&mut self, dice: &mut Dice) -> String {
        loop {
            let base = match dice.percent(65) {
                true => *dice.one(&PLAIN),
                false => *dice.one(&QUOTED),
            };
            let name = match self.0.contains(&base.to_lowercase()) {
                true => format!("{base}{}", dice.between(2, 99)),
                false => base.to_string(),
            };
            if self.0.insert(name.to_lowercase()) {
                return name;
            }
        }
    }
}

fn can_stand_bare(name: &str) -> bool {
    PLAIN.contains(&name.trim_end_matches(|letter: char| letter.is_ascii_digit()))
        || PLAIN.contains(&name)
        || quote::name(name) == name
}

/// A name as it may stand in an expression.
pub fn mention(dice: &mut Dice, name: &str) -> String {
    match dice.between(0, 5) {
        0..=2 if can_stand_bare(name) => name.to_string(),
        3 => format!("`{}`", name.replace('`', "``")),
        4 if !name.contains(']') => format!("[{name}]"),
        _ => quoted(name),
    }
}

/// A name as it may stand where only a name can be, so that SQLite takes a text for one.
pub fn definition(dice: &mut Dice, name: &str) -> String {
    if dice.percent(4) { quote::text(name) } else { mention(dice, name) }
}

/// A name in the quotes of the standard.
pub fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// Names in parentheses.
pub fn list(dice: &mut Dice, names: &[String]) -> String {
    let names: Vec<String> = names.iter().map(|name| mention(dice, name)).collect();
    format!("({})", names.join(", "))
}
