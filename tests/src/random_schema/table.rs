//! CREATE TABLE with every clause that SQLite's grammar has.

use super::expression::{condition, default, value};
use super::foreign_key;
use super::names::{definition, mention};
use super::plan::TablePlan;
use crate::dice::Dice;

/// What ON CONFLICT may name.
const CONFLICTS: [&str; 5] = ["ROLLBACK", "ABORT", "FAIL", "IGNORE", "REPLACE"];

pub(super) const COLLATIONS: [&str; 4] = ["NOCASE", "BINARY", "RTRIM", "\"nocase\""];

/// The statement for the table at `at`.
pub(super) fn create(dice: &mut Dice, plans: &[TablePlan], at: usize) -> String {
    let plan = &plans[at];
    let mut uniques = plan.uniques.clone();
    let mut key = Some(&plan.primary_key).filter(|key| !key.is_empty());
    let mut parts = Vec::new();
    for place in 0..plan.columns.len() {
        let inline_key =
            key.is_some_and(|key| *key == [place]) && (plan.autoincrement || dice.percent(60));
        if inline_key {
            key = None;
        }
        let inline_unique = uniques.iter().position(|unique| *unique == [place]);
        let inline_unique = inline_unique.filter(|_| dice.percent(60));
        if let Some(nth) = inline_unique {
            uniques.remove(nth);
        }
        parts.push(column(dice, plans, at, place, inline_key, inline_unique.is_some()));
    }
    let mut constraints = Vec::new();
    if let Some(key) = key {
        let keys = keys(dice, &plan.named(key));
        constraints.push(format!("{}PRIMARY KEY ({keys}){}", named(dice), conflict(dice)));
    }
    for unique in uniques {
        let keys = keys(dice, &plan.named(&unique));
        constraints.push(format!("{}UNIQUE ({keys}){}", named(dice), conflict(dice)));
    }
    for _ in 0..dice.between(0, 4).saturating_sub(2) {
        let condition = condition(dice, &plan.names());
        constraints.push(format!("{}CHECK ({condition}){}", named(dice), conflict(dice)));
    }
    for _ in 0..dice.between(0, 4).saturating_sub(2) {
        let Some(key) = foreign_key::of_table(dice, plans, at) else { continue };
        constraints.push(format!("{}{key}", named(dice)));
    }
    if dice.percent(2) {
        constraints.push("CONSTRAINT lonely".into());
    }
    dice.shuffle(&mut constraints);
    let mut text = format!("CREATE TABLE {} (", definition(dice, &plan.name));
    text.push_str(&parts.join(", "));
    for (nth, constraint) in constraints.iter().enumerate() {
        // Between table constraints the comma may be missing.
        let comma = nth == 0 || dice.percent(92);
        text.push_str(if comma { ", " } else { " " });
        text.push_str(constraint);
    }
    text.push(')');
    text.push_str(options(dice, plan));
    text
}

fn options(dice: &mut Dice, plan: &TablePlan) -> &'static str {
    match (plan.strict, plan.without_rowid) {
        (false, false) => "",
        (true, false) => " STRICT",
        (false, true) => " WITHOUT ROWID",
        (true, true) if dice.percent(50) => " STRICT, WITHOUT ROWID",
        (true, true) => " WITHOUT ROWID, STRICT",
    }
}

fn column(
    dice: &mut Dice,
    plans: &[TablePlan],
    at: usize,
    place: usize,
    is_key: bool,
    is_unique: bool,
) -> String {
    let plan = &plans[at];
    let column = &plan.columns[place];
    let mut clauses = Vec::new();
    let own = std::slice::from_ref(&column.name);
    if is_key {
        clauses.push(primary_key(dice, plan));
    }
    if is_unique {
        clauses.push(format!("UNIQUE{}", conflict(dice)));
    }
    if dice.percent(20) && !plan.is_rowid(place) {
        clauses.push(format!("NOT NULL{}", conflict(dice)));
    } else if dice.percent(4) {
        clauses.push(format!("NULL{}", conflict(dice)));
    }
    if dice.percent(25) && !column.generated && !plan.is_rowid(place) {
        clauses.push(format!("DEFAULT {}", default(dice, &column.data_type, false)));
    }
    if dice.percent(12) {
        clauses.push(format!("COLLATE {}", dice.one(&COLLATIONS)));
    }
    if dice.percent(12) {
        clauses.push(format!("CHECK ({})", condition(dice, own)));
    }
    if dice.percent(12) && !column.generated {
        clauses.extend(foreign_key::of_column(dice, plans, at));
    }
    if column.generated {
        let others = plan.named(&plan.ordinary());
        let always = if dice.percent(60) { "GENERATED ALWAYS " } else { "" };
        let stored = dice.one(&["", " STORED", " VIRTUAL"]);
        clauses.push(format!("{always}AS ({}){stored}", value(dice, &others)));
    }
    dice.shuffle(&mut clauses);
    let mut text = definition(dice, &column.name);
    if !column.data_type.is_empty() {
        text.push_str(&format!(" {}", column.data_type));
    }
    for clause in clauses {
        text.push_str(&format!(" {}{clause}", named(dice)));
    }
    text
}

fn primary_key(dice: &mut Dice, plan: &TablePlan) -> String {
    let descending = !plan.autoincrement && dice.percent(12);
    let order = match descending {
        true => " DESC",
        false if dice.percent(10) => " ASC",
        false => "",
    };
    let autoincrement = if plan.autoincrement { " AUTOINCREMENT" } else { "" };
    format!("PRIMARY KEY{order}{}{autoincrement}", conflict(dice))
}

/// Columns with COLLATE and order.
fn keys(dice: &mut Dice, columns: &[String]) -> String {
    let keys: Vec<String> = columns
        .iter()
        .map(|column| {
            let mut key = mention(dice, column);
            if dice.percent(6) {
                key.push_str(&format!(" COLLATE {}", dice.one(&COLLATIONS)));
            }
            if dice.percent(12) {
                key.push_str(dice.one::<&str>(&[" DESC", " ASC"]));
            }
            key
        })
        .collect();
    keys.join(", ")
}

fn named(dice: &mut Dice) -> String {
    if !dice.percent(20) {
        return String::new();
    }
    let number = dice.between(1, 999);
    let name = match dice.percent(75) {
        true => format!("c{number}"),
        false => format!("c {number}"),
    };
    format!("CONSTRAINT {} ", definition(dice, &name))
}

fn conflict(dice: &mut Dice) -> String {
    match dice.percent(8) {
        true => format!(" ON CONFLICT {}", dice.one(&CONFLICTS)),
        false => String::new(),
    }
}
