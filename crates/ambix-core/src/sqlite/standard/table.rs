//! `ALTER TABLE`.

use super::action::{Action, read};
use super::words::Words;
use super::{Mistake, add};
use crate::diagnostic::Place;
use crate::operation::{AlterTable, Operation, Places, RenameIndex, TableChange};
use alloc::{format, string::String, vec::Vec};

/// What stands behind `ALTER TABLE`. Nothing if SQLite has a statement for it.
pub(super) fn alter(mut words: Words<'_>) -> Result<Option<Vec<Operation>>, Mistake> {
    let if_exists = words.accept_all(&["IF", "EXISTS"]);
    // pg_dump writes ONLY, which is about inheritance.
    let is_name = [".", "ADD", "ALTER", "DROP", "RENAME"].iter();
    let is_only = words.is("ONLY") && !is_name.clone().any(|word| follows(&words, word));
    let is_only = is_only && words.accept("ONLY");
    let place = words.here();
    let (schema, table) = words.qualified("the name of a table")?;
    let mut parts = words.parts();
    if let ([part], false, false) = (&mut parts[..], if_exists, is_only)
        && !add::needs_help(part)
        && is_sqlites(part)
    {
        return Ok(None);
    }
    let is_main = schema.as_ref().is_none_or(|schema| schema.eq_ignore_ascii_case("main"));
    if !is_main {
        return match parts.iter().all(add::needs_help) && parts.len() == 1 && !if_exists {
            // SQLite adds it to an empty table.
            true => Ok(None),
            false => Err(Mistake::new(
                place,
                format!(
                    "This change is made in the schema main only, and '{table}' is named in another"
                ),
            )
            .hint("write the name of the table alone")),
        };
    }
    let mut operations = Vec::new();
    let mut changes: Vec<(TableChange, Option<Place>)> = Vec::new();
    let mut name = table;
    let written = || Some(words.sql.into());
    let flush = |changes: &mut Vec<(TableChange, Option<Place>)>,
                 table: &str,
                 operations: &mut Vec<Operation>| {
        if !changes.is_empty() {
            let (changes, places) = core::mem::take(changes).into_iter().unzip();
            operations.push(Operation::AlterTable(AlterTable {
                table: table.into(),
                changes,
                if_exists,
                written: written(),
                places: Places(places),
                ..AlterTable::default()
            }));
        }
    };
    let is_one = parts.len() == 1;
    for part in parts {
        let place = (!is_one).then(|| Place::in_text("", words.sql, part.extent()));
        match read(part)? {
            Action::Changes(more) => {
                changes.extend(more.into_iter().map(|change| (change, place.clone())));
            }
            Action::RenameIndex { from, to, if_exists: if_index } => {
                flush(&mut changes, &name, &mut operations);
                name = renamed(name, &operations);
                operations.push(Operation::RenameIndex(RenameIndex {
                    from,
                    to,
                    table: Some(name.clone()),
                    if_exists: if_exists || if_index,
                    written: written(),
                }));
            }
        }
    }
    flush(&mut changes, &name, &mut operations);
    Ok(Some(operations))
}

/// The name of the table behind the last of these operations.
fn renamed(name: String, operations: &[Operation]) -> String {
    match operations.last() {
        Some(Operation::AlterTable(alter)) => {
            let renames = alter.changes.iter().rev().find_map(|change| match change {
                TableChange::RenameTable { to } => Some(to.clone()),
                _ => None,
            });
            renames.unwrap_or(name)
        }
        _ => name,
    }
}

fn follows(words: &Words<'_>, next: &str) -> bool {
    words.is_ahead(1, next)
}

/// Whether it is one action that every SQLite has: RENAME of the table or a column, ADD or DROP of a column.
fn is_sqlites(part: &Words<'_>) -> bool {
    let is_name = |words: &mut Words<'_>| words.name("").is_ok();
    let mut words = part.again();
    if words.accept("ADD") {
        if is_if(&words) || words.is_any(&CONSTRAINTS) || words.is("INDEX") {
            return false;
        }
        words.accept_column(&[]);
        return is_name(&mut words);
    }
    if words.accept("DROP") {
        if words.is_any(&CONSTRAINTS) || words.is("INDEX") || is_if(&words) {
            return false;
        }
        words.accept_column(&[]);
        return is_name(&mut words) && words.is_at_end();
    }
    if !words.accept("RENAME") || words.is_any(&["CONSTRAINT", "INDEX"]) {
        return false;
    }
    if !words.accept("TO") {
        words.accept_column(&["TO"]);
        if !is_name(&mut words) || !words.accept("TO") {
            return false;
        }
    }
    is_name(&mut words) && words.is_at_end()
}

fn is_if(words: &Words<'_>) -> bool {
    let at = usize::from(words.is("COLUMN"));
    words.is_ahead(at, "IF") && ["NOT", "EXISTS"].iter().any(|word| words.is_ahead(at + 1, word))
}

/// The words that a constraint of a table begins with, which are no names to SQLite.
pub(super) const CONSTRAINTS: [&str; 5] = ["CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN"];
