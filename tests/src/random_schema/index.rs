//! CREATE INDEX: unique, partial, over expressions, with order and collation.

use super::expression::{condition, value};
use super::names::{definition, mention};
use super::plan::TablePlan;
use super::table::COLLATIONS;
use crate::dice::Dice;

/// An index over a table.
pub(super) fn create(dice: &mut Dice, name: &str, table: &TablePlan) -> String {
    let unique = if dice.percent(20) { "UNIQUE " } else { "" };
    let lenient = if dice.percent(10) { "IF NOT EXISTS " } else { "" };
    let names = table.names();
    let count = dice.between(1, 3);
    let mut keys = Vec::new();
    for _ in 0..count {
        let mut key = match dice.percent(70) {
            true => {
                let name = dice.one(&names).clone();
                mention(dice, &name)
            }
            false => value(dice, &names),
        };
        if dice.percent(15) {
            key.push_str(&format!(" COLLATE {}", dice.one(&COLLATIONS)));
        }
        if dice.percent(20) {
            key.push_str(dice.one::<&str>(&[" DESC", " ASC"]));
        }
        keys.push(key);
    }
    let mut text = format!(
        "CREATE {unique}INDEX {lenient}{} ON {} ({})",
        definition(dice, name),
        mention(dice, &table.name),
        keys.join(", ")
    );
    if dice.percent(30) {
        text.push_str(&format!(" WHERE {}", condition(dice, &names)));
    }
    text
}
