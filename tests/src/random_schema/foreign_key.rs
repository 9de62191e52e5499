//! Foreign keys of all kinds: to other tables, to the table itself, in circles, to nothing.

use super::names::{definition, list, mention};
use super::plan::TablePlan;
use crate::dice::Dice;

/// `REFERENCES …` behind a column of the table at `at`, if there is something to refer to.
pub(super) fn of_column(dice: &mut Dice, plans: &[TablePlan], at: usize) -> Option<String> {
    let (parent, key) = parent(dice, plans, at, 1)?;
    Some(references(dice, &plans[parent], &key))
}

/// `FOREIGN KEY (…) REFERENCES …` for the table at `at`.
pub(super) fn of_table(dice: &mut Dice, plans: &[TablePlan], at: usize) -> Option<String> {
    let ordinary = plans[at].ordinary();
    let width = dice.between(1, 2).min(ordinary.len());
    let (parent, key) = parent(dice, plans, at, width)?;
    let own = dice.some(&ordinary, key.len());
    let own = plans[at].named(&own);
    let own = list(dice, &own);
    Some(format!("FOREIGN KEY {own} {}", references(dice, &plans[parent], &key)))
}

/// A table and one of its keys with so many columns.
fn parent(
    dice: &mut Dice,
    plans: &[TablePlan],
    at: usize,
    width: usize,
) -> Option<(usize, Vec<usize>)> {
    let possible: Vec<(usize, Vec<usize>)> = plans
        .iter()
        .enumerate()
        .flat_map(|(nth, plan)| plan.keys().into_iter().map(move |key| (nth, key)))
        .filter(|(_, key)| key.len() == width)
        .collect();
    if possible.is_empty() {
        return None;
    }
    let own: Vec<_> = possible.iter().filter(|(parent, _)| *parent == at).cloned().collect();
    Some(match !own.is_empty() && dice.percent(20) {
        true => dice.one(&own).clone(),
        false => dice.one(&possible).clone(),
    })
}

fn references(dice: &mut Dice, parent: &TablePlan, key: &[usize]) -> String {
    if dice.percent(2) {
        return "REFERENCES \"missing parent\" (nothing)".into();
    }
    let mut text = format!("REFERENCES {}", definition(dice, &parent.name));
    if key != parent.primary_key || dice.percent(65) {
        let names = parent.named(key);
        text.push_str(&format!(" {}", list(dice, &names)));
    }
    let mut said = Vec::new();
    for event in ["DELETE", "UPDATE"] {
        if dice.percent(45) {
            let action = dice.one(&["CASCADE", "SET NULL", "SET DEFAULT", "RESTRICT", "NO ACTION"]);
            said.push(format!("ON {event} {action}"));
        }
    }
    if dice.percent(3) {
        said.push("ON INSERT CASCADE".into());
    }
    if dice.percent(5) {
        said.push(format!("MATCH {}", mention(dice, "FULL")));
    }
    dice.shuffle(&mut said);
    if dice.percent(25) {
        let not = if dice.percent(25) { "NOT " } else { "" };
        let initially = dice.one(&["", " INITIALLY DEFERRED", " INITIALLY IMMEDIATE"]);
        said.push(format!("{not}DEFERRABLE{initially}"));
    }
    for words in said {
        text.push_str(&format!(" {words}"));
    }
    text
}
