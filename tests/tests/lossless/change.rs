//! Random changes that make sense for a table.

use crate::course::Course;
use crate::described::{Described, Part};
use ambix_core::operation::{
    AlterTable, ColumnPlace, ConstraintAddress, Dependents, Recreate, TableChange,
};
use ambix_core::sqlite::create_table::ClauseKind;
use ambix_tests::dice::Dice;
use ambix_tests::random_schema::names::quoted;
use ambix_tests::random_schema::{RandomSchema, condition, default, value};

/// One to three changes of a table whose text is `sql`.
pub(crate) fn alter(dice: &mut Dice, schema: &RandomSchema, sql: &str) -> AlterTable {
    let Ok(mut table) = Described::read(sql) else { panic!("a table that cannot be read: {sql}") };
    let name = table.name.clone();
    let mut changes: Vec<TableChange> = Vec::new();
    let count = *dice.one(&[1, 1, 1, 2, 3]);
    for nth in 0..count {
        let change = one(dice, schema, &table, nth, sql);
        // The next one is made for the table as this one leaves it.
        let after = table.clone();
        let course = Course { after: &after, changes: &[], at: 0, renames: &[] };
        if table.change(&change, &course).is_ok() {
            changes.push(change);
        } else {
            table = after;
        }
    }
    let recreate = if dice.percent(40) { Recreate::Always } else { Recreate::Auto };
    AlterTable { table: name, changes, recreate, ..AlterTable::default() }
}

fn fresh(dice: &mut Dice, nth: usize) -> String {
    let base = *dice.one(&["added", "new one", "größer", "New\"Q", "select", "n"]);
    let blank: &str = dice.one::<&str>(&["", "_", " "]);
    format!("{base} {nth}").trim_start().replace(' ', blank)
}

fn one(
    dice: &mut Dice,
    schema: &RandomSchema,
    table: &Described,
    nth: usize,
    sql: &str,
) -> TableChange {
    let names: Vec<String> = table.columns.iter().map(|column| column.name.clone()).collect();
    let is_generated = |name: &String| {
        let column = &table.columns[table.place(name).unwrap_or_default()];
        column.clauses.iter().any(|part| part.kind == ClauseKind::Generated)
    };
    let ordinary: Vec<String> = names.iter().filter(|name| !is_generated(name)).cloned().collect();
    if names.is_empty() || ordinary.is_empty() {
        return TableChange::RenameTable { to: fresh(dice, nth) };
    }
    let column = dice.one(&names).clone();
    let plain = dice.one(&ordinary).clone();
    let data_type = if table.strict {
        "TEXT"
    } else {
        *dice.one(&["TEXT", "INTEGER", "REAL", "", "NUMERIC(5, 2)", "BLOB"])
    };
    match dice.between(0, 15) {
        0 | 1 => {
            let place = dice.percent(40).then(|| place(dice, &names, None)).flatten();
            TableChange::AddColumn { definition: definition(dice, nth, data_type), place }
        }
        2 | 3 => {
            let dependents = *dice.one(&[Dependents::Refuse, Dependents::Drop]);
            TableChange::DropColumn { name: column, dependents }
        }
        4 | 5 => TableChange::RenameColumn { from: column, to: fresh(dice, nth) },
        6 => match place(dice, &names, Some(&column)) {
            Some(place) => TableChange::MoveColumn { name: column, place },
            None => TableChange::RenameTable { to: fresh(dice, nth) },
        },
        7 => TableChange::SetType { column: plain, data_type: data_type.into(), cast: false },
        8 => TableChange::SetNullable { column: plain, nullable: dice.percent(60) },
        9 => {
            let default = dice.percent(70).then(|| default(dice, data_type, false));
            TableChange::SetDefault { column: plain, default }
        }
        10 => {
            let collation = dice.percent(60).then(|| (*dice.one(&["NOCASE", "rtrim"])).into());
            TableChange::SetCollation { column, collation }
        }
        11 => {
            let others: Vec<String> =
                ordinary.iter().filter(|name| **name != column).cloned().collect();
            let generated = (dice.percent(60) && !others.is_empty()).then(|| {
                format!("AS ({}) {}", value(dice, &others), dice.one(&["STORED", "VIRTUAL"]))
            });
            TableChange::SetGenerated { column, generated }
        }
        12 => TableChange::AddConstraint { definition: constraint(dice, schema, nth, &ordinary) },
        13 => match droppable(dice, table) {
            Some(address) => TableChange::DropConstraint(address),
            None => {
                TableChange::AddConstraint { definition: constraint(dice, schema, nth, &ordinary) }
            }
        },
        14 => {
            let switch = |dice: &mut Dice| dice.percent(40).then(|| dice.percent(50));
            let (strict, without_rowid) = (switch(dice), switch(dice));
            let autoincrement = if dice.percent(20) { Some(dice.percent(50)) } else { None };
            TableChange::SetOptions { strict, without_rowid, autoincrement }
        }
        _ if dice.percent(30) && nth == 0 => TableChange::Redefine { sql: sql.to_string() },
        _ => TableChange::RenameTable { to: fresh(dice, nth) },
    }
}

fn place(dice: &mut Dice, names: &[String], but: Option<&String>) -> Option<ColumnPlace> {
    let others: Vec<String> = names.iter().filter(|name| Some(*name) != but).cloned().collect();
    if others.is_empty() {
        return None;
    }
    let other = dice.one(&others).clone();
    Some(match dice.between(0, 2) {
        0 => ColumnPlace::First,
        1 => ColumnPlace::Before(other),
        _ => ColumnPlace::After(other),
    })
}

fn definition(dice: &mut Dice, nth: usize, data_type: &str) -> String {
    let name = fresh(dice, nth);
    let mut text = format!("{} {data_type}", quoted(&name));
    if dice.percent(50) {
        text.push_str(&format!(" DEFAULT {}", default(dice, data_type, true)));
        if dice.percent(40) {
            text.push_str(" NOT NULL");
        }
    }
    if dice.percent(15) {
        text.push_str(&format!(" CHECK ({})", condition(dice, std::slice::from_ref(&name))));
    }
    if dice.percent(10) {
        text.push_str(" /* added, later */ COLLATE nocase");
    }
    text.trim_end().to_string()
}

fn constraint(dice: &mut Dice, schema: &RandomSchema, nth: usize, names: &[String]) -> String {
    let named = if dice.percent(60) { format!("CONSTRAINT added{nth} ") } else { String::new() };
    let columns: Vec<String> = dice.some(names, 2).iter().map(|name| quoted(name)).collect();
    let first = &columns[0];
    let body = match dice.between(0, 4) {
        0 => format!("UNIQUE ({})", columns.join(", ")),
        1 => format!("PRIMARY KEY ({first})"),
        2 => {
            let parent = quoted(&dice.one(&schema.tables).name);
            format!("FOREIGN KEY ({first}) REFERENCES {parent} ON DELETE CASCADE")
        }
        _ => format!("CHECK ({})", condition(dice, names)),
    };
    format!("{named}{body}")
}

/// A constraint that can be addressed: by a name that only it has, or by its definition.
fn droppable(dice: &mut Dice, table: &Described) -> Option<ConstraintAddress> {
    let kinds =
        [ClauseKind::Check, ClauseKind::Unique, ClauseKind::ForeignKey, ClauseKind::PrimaryKey];
    let inline = table.columns.iter().flat_map(|column| &column.clauses);
    let all: Vec<&Part> = table.constraints.iter().chain(inline).collect();
    let named: Vec<&&Part> = all
        .iter()
        .filter(|part| kinds.contains(&part.kind))
        .filter(|part| {
            part.name.as_ref().is_some_and(|name| {
                let same = |other: &&&Part| {
                    other.name.as_ref().is_some_and(|own| own.eq_ignore_ascii_case(name))
                };
                all.iter().filter(same).count() == 1
            })
        })
        .collect();
    if !named.is_empty() && dice.percent(60) {
        return dice.one(&named).name.clone().map(ConstraintAddress::Named);
    }
    let plain: Vec<&Part> = table
        .constraints
        .iter()
        .filter(|part| part.name.is_none() && kinds.contains(&part.kind))
        // Names that need quotes have lost them in the tokens.
        .filter(|part| part.tokens.iter().all(|token| !token.contains([' ', '"', '`', '['])))
        .collect();
    (!plain.is_empty()).then(|| ConstraintAddress::Defined(dice.one(&plain).tokens.join(" ")))
}
