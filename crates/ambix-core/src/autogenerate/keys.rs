//! What Alembic does not see of a table: its primary key and its options.

use super::found::{CONSTRAINTS, Found, TABLES, shown, tuple};
use crate::operation::SchemaChange;
use crate::schema::{Name, PrimaryKey, Table};
use alloc::{format, string::String};

/// The primary key of a table that both have.
pub(super) fn primary_key(found: &mut Found<'_>, there: &Table, wanted: &Table) {
    let rules = found.rules;
    let (from, to) = (there.primary_key(), wanted.primary_key());
    let is_same = match (from, to) {
        (Some(one), Some(other)) => rules.are_same(&one.columns, &other.columns),
        (one, other) => one.is_none() && other.is_none(),
    };
    if is_same {
        return;
    }
    let columns = |key: Option<&PrimaryKey>| {
        key.map_or("none".into(), |key| tuple(key.columns.iter().map(String::as_str)))
    };
    let (table, is, shall) = (shown(&wanted.name), columns(from), columns(to));
    found.say(CONSTRAINTS, format!("Detected changed primary key on {table}: {is} to {shall}"));
    let named = |key: Option<&PrimaryKey>| {
        let mut key = key?.clone();
        if rules.names {
            key.name.get_or_insert_with(|| Name::conv(format!("pk_{}", wanted.name)));
        }
        Some(key)
    };
    let change = SchemaChange::ReplaceKey { from: named(from), to: named(to) };
    found.alter(&wanted.name, change);
}

/// The options of a table that both have: those that forbid something go before all else is changed, and come
/// when it is.
pub(super) fn options(found: &mut Found<'_>, there: &Table, wanted: &Table, shall_come: bool) {
    let (has, wants) = (there.options, wanted.options);
    let is_whole = found.rules.whole;
    let mut from = has;
    let mut to = has;
    let option = |word: &str, has: bool, wants: bool, (from, to): (&mut bool, &mut bool)| {
        let changes = has != wants && wants == shall_come && (wants || is_whole);
        // What the other half does is done already, or comes.
        *from = if shall_come { has && (wants || !is_whole) } else { has };
        *to = if changes { wants } else { *from };
        let verb = if wants { "added" } else { "removed" };
        changes.then(|| format!("Detected {verb} {word} on {}", shown(&wanted.name)))
    };
    let said = [
        option("STRICT", has.strict, wants.strict, (&mut from.strict, &mut to.strict)),
        option(
            "WITHOUT ROWID",
            has.without_rowid,
            wants.without_rowid,
            (&mut from.without_rowid, &mut to.without_rowid),
        ),
        option(
            "AUTOINCREMENT",
            has.autoincrement,
            wants.autoincrement,
            (&mut from.autoincrement, &mut to.autoincrement),
        ),
    ];
    for message in said.into_iter().flatten() {
        found.say(TABLES, message);
    }
    if from != to {
        found.alter(&wanted.name, SchemaChange::SetOptions { from, to });
    }
}
