//! CREATE TRIGGER: every time and event, conditions, and bodies with all that makes splitting hard.

use super::expression::{condition, literal};
use super::names::{definition, mention};
use super::plan::TablePlan;
use crate::dice::Dice;

/// A trigger on a table; its body may write to one of `others`.
pub(super) fn create(
    dice: &mut Dice,
    name: &str,
    table: &TablePlan,
    others: &[TablePlan],
) -> String {
    let time = *dice.one(&["", "BEFORE ", "AFTER "]);
    let (event, row) = event(dice, &table.names());
    let mut text = head(dice, name, time, &event, &table.name);
    if dice.percent(35) {
        text.push_str(&format!(" WHEN {row}.{} IS NOT 'never;'", some_column(dice, table)));
    }
    text.push_str(" BEGIN ");
    for _ in 0..dice.between(1, 3) {
        let other = dice.one(others).clone();
        text.push_str(&statement(dice, row, table, &other));
        text.push_str("; ");
    }
    text.push_str("END");
    text
}

/// A trigger in the place of changes of a view.
pub(super) fn instead(
    dice: &mut Dice,
    name: &str,
    view: &str,
    columns: &[String],
    other: &TablePlan,
) -> String {
    let (event, _) = event(dice, columns);
    let head = head(dice, name, "INSTEAD OF ", &event, view);
    format!("{head} BEGIN {}; END", harmless(dice, other))
}

fn head(dice: &mut Dice, name: &str, time: &str, event: &str, table: &str) -> String {
    let name = definition(dice, name);
    let table = mention(dice, table);
    let each = if dice.percent(30) { " FOR EACH ROW" } else { "" };
    format!("CREATE TRIGGER {name} {time}{event} ON {table}{each}")
}

/// The event, and the word for its row.
fn event(dice: &mut Dice, columns: &[String]) -> (String, &'static str) {
    match dice.between(0, 3) {
        0 => ("INSERT".into(), "NEW"),
        1 => ("DELETE".into(), "OLD"),
        2 => ("UPDATE".into(), *dice.one(&["NEW", "OLD"])),
        _ => {
            let column = dice.one(columns).clone();
            (format!("UPDATE OF {}", mention(dice, &column)), "NEW")
        }
    }
}

fn some_column(dice: &mut Dice, table: &TablePlan) -> String {
    let name = dice.one(&table.names()).clone();
    mention(dice, &name)
}

fn statement(dice: &mut Dice, row: &str, table: &TablePlan, other: &TablePlan) -> String {
    let column = some_column(dice, table);
    match dice.between(0, 4) {
        0 => format!("SELECT RAISE(ABORT, 'no; not; END') WHERE {row}.{column} = 'zzz;'"),
        1 => format!("SELECT CASE WHEN {row}.{column} = 'zzz' THEN RAISE(IGNORE) ELSE 1 END"),
        2 => {
            let written = other.columns[*dice.one(&other.ordinary())].name.clone();
            format!(
                "UPDATE {} SET {} = CASE WHEN 1 THEN {row}.{column} END WHERE {}",
                mention(dice, &other.name),
                mention(dice, &written),
                ["0", "1 = 2"][dice.between(0, 1)],
            )
        }
        3 => {
            let names = other.names();
            let condition = condition(dice, &names);
            format!("DELETE FROM {} WHERE 0 AND ({condition})", mention(dice, &other.name))
        }
        _ => harmless(dice, other),
    }
}

/// An INSERT that adds nothing.
fn harmless(dice: &mut Dice, other: &TablePlan) -> String {
    let column = other.columns[*dice.one(&other.ordinary())].clone();
    format!(
        "INSERT INTO {} ({}) SELECT {} WHERE 0",
        mention(dice, &other.name),
        mention(dice, &column.name),
        literal(dice, &column.data_type)
    )
}
