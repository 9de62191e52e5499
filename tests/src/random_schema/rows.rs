//! Rows that the constraints take: with gaps between rowids, all types of values, keys that point to rows.

use super::expression::literal;
use super::names::quoted;
use super::plan::TablePlan;
use super::{Database, RandomSchema};
use crate::dice::Dice;
use ambix_core::engine::Value;
use ambix_core::sqlite::create_table;

/// Adds rows to all tables, and numbers to `sqlite_sequence`.
pub(super) fn add(dice: &mut Dice, database: &Database, schema: &mut RandomSchema) {
    let dangling = if dice.percent(12) { 30 } else { 0 };
    for plan in schema.tables.clone() {
        let keys = foreign_keys(database, &plan);
        for _ in 0..dice.between(0, 6) {
            for _ in 0..3 {
                let sql = insert(dice, database, &plan, &keys, dangling);
                if database.accepts(&sql) {
                    schema.rows.push(sql);
                    break;
                }
            }
        }
        if plan.autoincrement && dice.percent(50) {
            let higher = format!(
                "UPDATE sqlite_sequence SET seq = seq + {} WHERE name = {}",
                dice.between(1, 500),
                ambix_core::sqlite::quote::text(&plan.name)
            );
            if database.accepts(&higher) {
                schema.rows.push(higher);
            }
        }
    }
    if dangling == 0 {
        remove_dangling(database, schema);
    }
}

/// The columns of each foreign key, and a SELECT of what they may point to.
fn foreign_keys(database: &Database, plan: &TablePlan) -> Vec<(Vec<usize>, String)> {
    let select = format!(
        "SELECT sql FROM sqlite_schema WHERE name = {} AND type = 'table'",
        ambix_core::sqlite::quote::text(&plan.name)
    );
    let found = database.rows(&select);
    let Some(sql) = found.first().and_then(|row| row[0].as_text()) else { return Vec::new() };
    let Ok(read) = create_table::read(sql) else { return Vec::new() };
    let mut keys = Vec::new();
    for constraint in &read.table.constraints {
        let ambix_core::schema::Constraint::ForeignKey(key) = constraint else { continue };
        let place = |name: &String| {
            plan.columns.iter().position(|column| column.name.eq_ignore_ascii_case(name))
        };
        let Some(places) = key.columns.iter().map(place).collect::<Option<Vec<_>>>() else {
            continue;
        };
        let mut referred: Vec<String> =
            key.referred_columns.iter().map(|column| quoted(column)).collect();
        if referred.is_empty() {
            let info = format!(
                "SELECT name FROM pragma_table_info({}) WHERE pk > 0 ORDER BY pk",
                ambix_core::sqlite::quote::text(&key.referred_table)
            );
            let names = database.rows(&info);
            referred = names.iter().filter_map(|row| row[0].as_text()).map(quoted).collect();
        }
        let select = format!("SELECT {} FROM {}", referred.join(", "), quoted(&key.referred_table));
        keys.push((places, select));
    }
    keys
}

fn insert(
    dice: &mut Dice,
    database: &Database,
    plan: &TablePlan,
    keys: &[(Vec<usize>, String)],
    dangling: usize,
) -> String {
    let mut values: Vec<(usize, String)> = Vec::new();
    for at in plan.ordinary() {
        if dice.percent(10) {
            continue;
        }
        let literal = match plan.is_rowid(at) {
            true if dice.percent(50) => "NULL".to_string(),
            true => rowid(dice),
            false if dice.percent(15) => "NULL".into(),
            false => literal(dice, &plan.columns[at].data_type),
        };
        values.push((at, literal));
    }
    for (places, select) in keys {
        if dice.percent(dangling) {
            continue;
        }
        let parents = database.rows(select);
        let parent = (!parents.is_empty()).then(|| dice.one(&parents).clone());
        for (nth, place) in places.iter().enumerate() {
            let pointed = parent.as_ref().map_or("NULL".into(), |row| as_sql(&row[nth]));
            values.retain(|(at, _)| at != place);
            values.push((*place, pointed));
        }
    }
    let mut names: Vec<String> =
        values.iter().map(|(at, _)| quoted(&plan.columns[*at].name)).collect();
    let mut literals: Vec<String> = values.into_iter().map(|(_, literal)| literal).collect();
    let alias = plan.rowid_name();
    if let Some(alias) = alias.filter(|_| dice.percent(25) && !names.is_empty()) {
        let has_own = plan.primary_key.iter().any(|at| plan.is_rowid(*at));
        if !has_own {
            names.push(alias.into());
            literals.push(rowid(dice));
        }
    }
    if names.is_empty() {
        return format!("INSERT INTO {} DEFAULT VALUES", quoted(&plan.name));
    }
    format!(
        "INSERT OR ABORT INTO {} ({}) VALUES ({})",
        quoted(&plan.name),
        names.join(", "),
        literals.join(", ")
    )
}

fn rowid(dice: &mut Dice) -> String {
    match dice.between(0, 9) {
        0 => "-5".into(),
        1 => "0".into(),
        2 => "4000000000000".into(),
        _ => dice.between(1, 300).to_string(),
    }
}

/// A value as a literal.
pub fn as_sql(value: &Value) -> String {
    match value {
        Value::Null => "NULL".into(),
        Value::Integer(number) => number.to_string(),
        Value::Real(number) if number.is_infinite() => {
            (if *number > 0.0 { "9e999" } else { "-9e999" }).into()
        }
        Value::Real(number) => format!("{number:?}"),
        // SQLite reads a statement up to the first NUL.
        Value::Text(text) if text.contains('\0') => {
            format!("CAST({} AS TEXT)", as_sql(&Value::Blob(text.as_bytes().into())))
        }
        Value::Text(text) => ambix_core::sqlite::quote::text(text),
        Value::Blob(bytes) => {
            let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
            format!("x'{digits}'")
        }
    }
}

/// Takes rows away whose foreign keys point to nothing, until none is left.
fn remove_dangling(database: &Database, schema: &mut RandomSchema) {
    for _ in 0..10 {
        let Ok(found) = database.try_rows("PRAGMA foreign_key_check") else { return };
        let mut removed = false;
        for row in found {
            let (Some(table), Value::Integer(rowid)) = (row[0].as_text(), &row[1]) else {
                continue;
            };
            let plan = schema.tables.iter().find(|plan| plan.name.eq_ignore_ascii_case(table));
            let Some(alias) = plan.and_then(TablePlan::rowid_name) else { continue };
            let delete = format!("DELETE FROM {} WHERE {alias} = {rowid}", quoted(table));
            if database.accepts(&delete) {
                schema.rows.push(delete);
                removed = true;
            }
        }
        if !removed {
            return;
        }
    }
}
