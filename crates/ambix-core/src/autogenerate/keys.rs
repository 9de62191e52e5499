//! What Alembic does not see of a table: its primary key and its options.

use super::found::{CONSTRAINTS, Found, TABLES, shown, tuple};
use crate::operation::SchemaChange;
use crate::schema::{PrimaryKey, Table, TableOptions};
use alloc::{format, string::String};

/// The primary key and the options of a table that both have.
pub(super) fn compare(found: &mut Found<'_>, there: &Table, wanted: &Table) {
    let rules = found.rules;
    let (from, to) = (there.primary_key(), wanted.primary_key());
    let is_same = match (from, to) {
        (Some(one), Some(other)) => rules.are_same(&one.columns, &other.columns),
        (one, other) => one.is_none() && other.is_none(),
    };
    let table = shown(&wanted.name);
    if !is_same {
        let columns = |key: Option<&PrimaryKey>| {
            key.map_or("none".into(), |key| tuple(key.columns.iter().map(String::as_str)))
        };
        let message = format!(
            "Detected changed primary key on {table}: {} to {}",
            columns(from),
            columns(to)
        );
        found.say(CONSTRAINTS, message);
        let change = SchemaChange::ReplaceKey { from: from.cloned(), to: to.cloned() };
        found.alter(&wanted.name, change);
    }
    let from = there.options;
    let kept = |has: bool, wants: bool| wants || (has && !rules.whole);
    let to = TableOptions {
        strict: kept(from.strict, wanted.options.strict),
        without_rowid: kept(from.without_rowid, wanted.options.without_rowid),
        autoincrement: kept(from.autoincrement, wanted.options.autoincrement),
    };
    for (what, has, wants) in [
        ("STRICT", from.strict, to.strict),
        ("WITHOUT ROWID", from.without_rowid, to.without_rowid),
        ("AUTOINCREMENT", from.autoincrement, to.autoincrement),
    ] {
        if has != wants {
            let word = if wants { "added" } else { "removed" };
            found.say(TABLES, format!("Detected {word} {what} on {table}"));
        }
    }
    if from != to {
        found.alter(&wanted.name, SchemaChange::SetOptions { from, to });
    }
}
