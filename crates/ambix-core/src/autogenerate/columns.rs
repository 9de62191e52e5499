//! A column that the database and the models have.

use super::found::{CONSTRAINTS, DEFAULTS, Found, TYPES};
use super::{Rules, defaults, types};
use crate::operation::{AlterColumn, SchemaChange};
use crate::schema::{Column, Constraint, DataType, Table};
use crate::sqlite::token::normalised;
use alloc::{boxed::Box, format, string::String};

/// A column that both have.
pub(super) fn compare(
    found: &mut Found<'_>,
    there: &Table,
    table: &Table,
    old: &Column,
    wanted: &Column,
) {
    let rules = found.rules;
    let place = format!("{}.{}", table.name, wanted.name);
    let is_generated = old.generated.is_some() || wanted.generated.is_some();
    // What the models do not say of a generated column stays, and to Alembic a column that counts itself is as it is.
    let is_open = rules.parity && (wanted.identity.is_some() || (is_generated && wanted.nullable));
    if old.nullable != wanted.nullable && rules.constraints && is_open {
        let message = format!("Ignoring nullable change on identity column '{place}'");
        found.say(CONSTRAINTS, message);
    }
    let is_said = is_never_null(there, old, rules) && is_never_null(table, wanted, rules);
    let mut from = old.clone();
    // Whether its NOT NULL was written is not known. When the key no longer says it, it has to be, or must not be.
    let is_key = |table: &Table| {
        let key = table.primary_key();
        key.is_some_and(|key| key.columns.iter().any(|it| rules.is_same(it, &old.name)))
    };
    let forbids_null = |table: &Table| table.options.without_rowid || table.options.strict;
    let goes_on = is_key(table) && (forbids_null(table) || !rules.whole);
    if !rules.parity && is_key(there) && forbids_null(there) && !goes_on {
        from.nullable = !wanted.nullable;
    }
    let mut to = from.clone();
    if from.nullable != wanted.nullable && rules.constraints && !is_open && !is_said {
        if old.nullable != wanted.nullable {
            let what = if wanted.nullable { "NULL" } else { "NOT NULL" };
            found.say(CONSTRAINTS, format!("Detected {what} on column '{place}'"));
        }
        to.nullable = wanted.nullable;
    }
    if rules.types {
        match (&old.data_type, &wanted.data_type) {
            (Some(a), Some(b)) if types::differ(a, b, rules) => {
                let message = format!("Detected type change from {a} to {b} on '{place}'");
                found.say(TYPES, message);
                to.data_type = Some(b.clone());
            }
            (None, Some(_)) if !rules.whole => {
                let message = format!("Couldn't determine database type for column '{place}'");
                found.say(TYPES, message);
            }
            (None, Some(_)) | (Some(_), None) if rules.whole => {
                let shown = |column: &Column| {
                    let name = |data_type: &DataType| format!("{data_type}");
                    column.data_type.as_ref().map_or("no type".into(), name)
                };
                let (a, b) = (shown(old), shown(wanted));
                found.say(TYPES, format!("Detected type change from {a} to {b} on '{place}'"));
                to.data_type.clone_from(&wanted.data_type);
            }
            _ => {}
        }
    }
    if rules.defaults {
        default(found, &place, old, wanted, &mut to);
    }
    if !rules.parity {
        beyond_alembic(found, &place, old, wanted, &mut to);
    }
    let has_default = |column: &Column| {
        column.default.is_some() || column.generated.is_some() || column.identity.is_some()
    };
    let says_counting = match has_default(old) || has_default(wanted) {
        true => rules.defaults && !is_generated && wanted.identity.is_none(),
        false => true,
    };
    let alter = AlterColumn {
        autoincrement: counts(table, wanted).filter(|_| says_counting),
        tells_type: rules.types,
        from,
        to,
    };
    if !alter.is_empty() {
        found.alter(&table.name, SchemaChange::AlterColumn(Box::new(alter)));
    }
}

fn default(found: &mut Found<'_>, place: &str, old: &Column, wanted: &Column, to: &mut Column) {
    let rules = found.rules;
    if rules.parity && wanted.identity.is_some() {
        // Alembic does not know that SQLite has none.
        to.identity.clone_from(&wanted.identity);
        return;
    }
    if rules.parity && (old.generated.is_some() || wanted.generated.is_some()) {
        let expression = |column: &Column| {
            let generated = column.generated.as_ref()?;
            let kept = |letter: &char| !" \t\n'\"`()[]".contains(*letter);
            Some(generated.expression.chars().filter(kept).collect::<String>())
        };
        if expression(old) != expression(wanted) {
            let message = format!("Computed default on {place} cannot be modified");
            found.warn(message, "without --alembic-parity it is changed");
        }
        return;
    }
    if defaults::differ(old.default.as_ref(), wanted.default.as_ref(), rules) {
        found.say(DEFAULTS, format!("Detected changed server default on column '{place}'"));
        to.default.clone_from(&wanted.default);
    }
}

/// What Alembic does not compare.
fn beyond_alembic(
    found: &mut Found<'_>,
    place: &str,
    old: &Column,
    wanted: &Column,
    to: &mut Column,
) {
    let collation = |column: &Column| {
        let name = column.own_collation().unwrap_or("BINARY");
        name.to_ascii_lowercase()
    };
    if collation(old) != collation(wanted) {
        found.say(TYPES, format!("Detected changed collation on column '{place}'"));
        to.collation = wanted.own_collation().map(Into::into);
        // It would say the collation from before.
        if let Some(data_type) = &mut to.data_type {
            data_type.arguments.retain(|argument| argument.name != "collation");
        }
    }
    let generated = |column: &Column| {
        column.generated.as_ref().map(|it| (normalised(&it.expression), it.stored == Some(true)))
    };
    if generated(old) != generated(wanted) {
        found.say(DEFAULTS, format!("Detected changed expression on column '{place}'"));
        to.generated.clone_from(&wanted.generated);
    }
}

/// Whether SQLite stores no NULL in this column although its NOT NULL is not written: the INTEGER PRIMARY KEY, which is
/// the rowid, and the keys of tables that have none. Alembic does not know.
fn is_never_null(table: &Table, column: &Column, rules: &Rules) -> bool {
    let Some(key) = table.primary_key().filter(|_| !rules.parity) else { return false };
    let is_integer = || {
        let sql = column.data_type.as_ref().and_then(|it| it.bare_sql().ok());
        sql.is_some_and(|sql| sql == "INTEGER")
    };
    key.columns.iter().any(|name| rules.is_same(name, &column.name))
        && (table.options.without_rowid
            || table.options.strict
            || (key.columns.len() == 1 && is_integer()))
}

/// What SQLAlchemy was told, or finds, about counting up: a key of one column that is an integer and refers to
/// nothing counts up by itself (`Table._autoincrement_column`).
fn counts(table: &Table, column: &Column) -> Option<bool> {
    if column.autoincrement.is_some() {
        return column.autoincrement;
    }
    let key = table.primary_key()?;
    let integers = ["Integer", "SmallInteger", "BigInteger", "INTEGER", "SMALLINT", "BIGINT"];
    let is_integer = integers.contains(&column.data_type.as_ref()?.class.as_str());
    let refers = !column.ignores_foreign_key && table.constraints.iter().any(|constraint| {
        matches!(constraint, Constraint::ForeignKey(key) if key.columns.contains(&column.name))
    });
    let is_key = key.columns.iter().eq([&column.name]);
    (is_key && is_integer && !refers && column.default.is_none()).then_some(true)
}
