//! CREATE VIEW over one table or two.

use super::expression::condition;
use super::names::{definition, mention, quoted};
use super::plan::TablePlan;
use crate::dice::Dice;

/// A view, and the names of its columns.
pub(super) fn create(dice: &mut Dice, name: &str, tables: &[TablePlan]) -> (String, Vec<String>) {
    let first = dice.one(tables).clone();
    let second = dice.one(tables).clone();
    let names = first.names();
    let column = dice.one(&names).clone();
    let (table, other) = (mention(dice, &first.name), mention(dice, &second.name));
    let at = mention(dice, &column);
    let (query, columns) = match dice.between(0, 4) {
        0 => (format!("SELECT * FROM {table}"), names),
        1 => (
            format!("SELECT {at} AS {}, 1 AS one FROM {table}", quoted(&column)),
            vec![column, "one".into()],
        ),
        2 => {
            let condition = condition(dice, &names);
            (format!("SELECT {at} AS shown FROM {table} WHERE {condition}"), vec!["shown".into()])
        }
        3 => {
            let theirs = dice.one(&second.names()).clone();
            let theirs = mention(dice, &theirs);
            let query = format!(
                "SELECT x.{at} AS mine, y.{theirs} AS theirs FROM {table} AS x LEFT JOIN {other} y ON x.{at} = y.{theirs}"
            );
            (query, vec!["mine".into(), "theirs".into()])
        }
        _ => (
            format!("SELECT count(*) AS n, {at} AS of FROM {table} GROUP BY 2 ORDER BY {at} DESC"),
            vec!["n".into(), "of".into()],
        ),
    };
    let view = definition(dice, name);
    // Names for the columns of `*` would no longer fit when the table has one more.
    if dice.percent(25) && !query.contains('*') {
        let renamed: Vec<String> = (1..=columns.len()).map(|nth| format!("v{nth}")).collect();
        return (format!("CREATE VIEW {view} ({}) AS {query}", renamed.join(", ")), renamed);
    }
    (format!("CREATE VIEW {view} AS {query}"), columns)
}
