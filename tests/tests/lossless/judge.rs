//! What may differ after a change, and nothing else.

use crate::comments;
use crate::course::Course;
use crate::described::{Described, canonical, difference, mentions, same_tokens};
use crate::rows_expected;
use crate::snapshot::{Snapshot, Table};
use ambix_core::operation::{AlterTable, Dependents, TableChange};
use ambix_core::schema::Constraint;
use ambix_core::sqlite::create_table;
use ambix_tests::random_schema::names::quoted;
use rusqlite::Connection;

pub(crate) type Judged = Result<(), String>;

/// What a change says, sorted by what it touches.
pub(crate) struct Asked<'a> {
    pub(crate) change: &'a AlterTable,
    /// Columns and the table, old names and new ones, in order.
    pub(crate) renames: Vec<(String, String)>,
    /// The table's name afterwards.
    pub(crate) table: String,
}

impl<'a> Asked<'a> {
    pub(crate) fn new(change: &'a AlterTable) -> Self {
        let mut table = change.table.clone();
        let mut renames = Vec::new();
        for one in &change.changes {
            match one {
                TableChange::RenameColumn { from, to } => renames.push((from.clone(), to.clone())),
                TableChange::RenameTable { to } => {
                    renames.push((table.clone(), to.clone()));
                    table = to.clone();
                }
                _ => {}
            }
        }
        Self { change, renames, table }
    }

    /// The columns that are dropped with all that mentions them.
    fn dropped_with_dependents(&self) -> impl Iterator<Item = &str> {
        self.change.changes.iter().filter_map(|change| match change {
            TableChange::DropColumn { name, dependents: Dependents::Drop } => Some(name.as_str()),
            _ => None,
        })
    }

    pub(crate) fn is_table(&self, name: &str) -> bool {
        name.eq_ignore_ascii_case(&self.change.table)
    }

    /// What a table is called afterwards.
    pub(crate) fn name_after(&self, name: &str) -> String {
        if self.is_table(name) {
            self.table.to_ascii_lowercase()
        } else {
            name.to_ascii_lowercase()
        }
    }
}

/// Judges a change that succeeded.
pub(crate) fn changed(database: &Connection, before: &Snapshot, change: &AlterTable) -> Judged {
    changed_in_steps(database, before, change, (before, change))
}

/// Judges a change that succeeded, and whose last step was from `last.0` by `last.1`: new columns are filled, and
/// values converted, once in each step.
pub(crate) fn changed_in_steps(
    database: &Connection,
    before: &Snapshot,
    change: &AlterTable,
    last: (&Snapshot, &AlterTable),
) -> Judged {
    let after = Snapshot::of(database);
    let asked = Asked::new(change);
    objects(before, &after, &asked)?;
    structure(before, &after, &asked)?;
    comments::kept(before, &after, &asked)?;
    rows_expected::judge(last.0, &after, &Asked::new(last.1))?;
    whole(database, before, &after, &asked)
}

/// Texts of all objects but the table: as they were, but for names that were replaced.
fn objects(before: &Snapshot, after: &Snapshot, asked: &Asked<'_>) -> Judged {
    for [kind, name, table, sql] in &before.objects {
        if kind == "table" && asked.is_table(name) {
            continue;
        }
        let found = after.objects.iter().find(|object| object[0] == *kind && object[1] == *name);
        let Some([_, _, table_after, sql_after]) = found else {
            let tokens = canonical(sql);
            // The trigger of a view goes with the view.
            let is_orphan = !after.objects.iter().any(|object| object[1] == *table);
            let allowed = is_orphan && kind == "trigger"
                || asked.dropped_with_dependents().any(|column| mentions(&tokens, column));
            if allowed && kind != "table" {
                continue;
            }
            return Err(format!("{kind} {name} is gone"));
        };
        if table_after.to_ascii_lowercase() != asked.name_after(table) {
            return Err(format!("{kind} {name} belongs to {table_after}"));
        }
        let was_renamed = !asked.renames.is_empty()
            && same_tokens(&canonical(sql), &canonical(sql_after), &asked.renames);
        if sql != sql_after && !was_renamed {
            return Err(format!("{kind} {name} was\n{sql}\nand is\n{sql_after}"));
        }
    }
    for [kind, name, ..] in &after.objects {
        let known = before.objects.iter().any(|object| object[0] == *kind && object[1] == *name);
        let is_table = kind == "table" && name.eq_ignore_ascii_case(&asked.table);
        if name.to_ascii_lowercase().starts_with("_ambix") || !(known || is_table) {
            return Err(format!("{kind} {name} was left behind"));
        }
    }
    let order = |snapshot: &Snapshot| {
        let tables = snapshot.objects.iter().filter(|object| object[0] == "trigger");
        tables.map(|object| object[1].clone()).collect::<Vec<_>>()
    };
    let (kept, all) = (order(after), order(before));
    let kept_before: Vec<_> = all.into_iter().filter(|name| kept.contains(name)).collect();
    // SQLite fires the triggers of a table in the order in which they were made, the last one first.
    let of_table = |names: Vec<String>| -> Vec<String> {
        let on = |name: &String| {
            before
                .objects
                .iter()
                .any(|o| o[0] == "trigger" && o[1] == *name && asked.is_table(&o[2]))
        };
        names.into_iter().filter(on).collect()
    };
    if of_table(kept_before) != of_table(kept) {
        return Err("the triggers have another order".into());
    }
    Ok(())
}

/// The table: what it was, with what was asked.
fn structure(before: &Snapshot, after: &Snapshot, asked: &Asked<'_>) -> Judged {
    let was = &before.tables[&asked.change.table.to_ascii_lowercase()];
    let Some(is) = after.tables.get(&asked.table.to_ascii_lowercase()) else {
        return Err("the table is gone".into());
    };
    let described = Described::read(&is.sql)?;
    let mut expected = Described::read(&was.sql)?;
    let (changes, renames) = (&asked.change.changes, &asked.renames);
    for (at, change) in changes.iter().enumerate() {
        let course = Course { after: &described, changes, at, renames };
        expected.change(change, &course).map_err(|problem| format!("{change:?}: {problem}"))?;
    }
    if let Some(problem) = difference(&expected, &described, &asked.renames) {
        return Err(format!("{problem}\n{}\nbecame\n{}", was.sql, is.sql));
    }
    if let Some(TableChange::Redefine { sql }) = asked.change.changes.last()
        && *sql != is.sql
    {
        return Err(format!("the text is\n{}", is.sql));
    }
    Ok(())
}

/// What must be true of the database as a whole.
fn whole(database: &Connection, before: &Snapshot, after: &Snapshot, asked: &Asked<'_>) -> Judged {
    if before.settings != after.settings {
        return Err(format!("the settings: {:?} became {:?}", before.settings, after.settings));
    }
    for (name, number) in &before.sequence {
        let now = after.sequence.get(&asked.name_after(name));
        let counts = |table: &str, snapshot: &Snapshot| {
            snapshot.tables.get(table).is_some_and(|table| {
                canonical(&table.sql)
                    .iter()
                    .any(|token| token.eq_ignore_ascii_case("AUTOINCREMENT"))
            })
        };
        if counts(&asked.name_after(name), after) && now.is_none_or(|now| now < number) {
            return Err(format!("sqlite_sequence of {name}: {number} became {now:?}"));
        }
    }
    dangling(before, after, asked)?;
    // A trigger that was dropped along did something for its view.
    let may_break = asked.dropped_with_dependents().next().is_some() || adds_keys(before, asked);
    let worked = before.works.iter().filter(|(_, works)| **works && !may_break);
    for ((what, name, column), _) in worked {
        if *what == "UPDATE" && asked.is_table(name) && follows_what_is_stuck(before, asked) {
            continue;
        }
        let now = after.works.get(&(*what, asked.name_after(name), column.clone()));
        let is_gone = *what == "SELECT"
            && after
                .objects
                .iter()
                .any(|object| object[1].to_ascii_lowercase() == asked.name_after(name))
            && now.is_none();
        if now == Some(&false) || is_gone {
            return Err(format!("{what} of {name} does not work any more"));
        }
    }
    let check: String = database
        .query_row("PRAGMA integrity_check", [], |row| row.get(0))
        .map_err(|e| e.to_string())?;
    if check == "ok" { Ok(()) } else { Err(format!("integrity_check: {check}")) }
}

/// Whether foreign keys are asked for: they may point nowhere, or to what is not unique.
fn adds_keys(before: &Snapshot, asked: &Asked<'_>) -> bool {
    let keys = |sql: &str| -> Vec<Constraint> {
        let constraints = create_table::read(sql).map(|read| read.table.constraints);
        let is_key = |one: &Constraint| matches!(one, Constraint::ForeignKey(_));
        constraints.unwrap_or_default().into_iter().filter(is_key).collect()
    };
    let was = keys(&before.tables[&asked.change.table.to_ascii_lowercase()].sql);
    asked.change.changes.iter().any(|change| match change {
        TableChange::AddConstraint { definition } => {
            definition.to_ascii_uppercase().contains("FOREIGN KEY")
        }
        TableChange::Redefine { sql } => keys(sql).iter().any(|key| !was.contains(key)),
        _ => false,
    })
}

/// Whether a column becomes generated that could not be changed before, since a foreign key of it does not fit:
/// then what it is computed from cannot be changed either.
fn follows_what_is_stuck(before: &Snapshot, asked: &Asked<'_>) -> bool {
    let table = asked.change.table.to_ascii_lowercase();
    asked.change.changes.iter().any(|change| match change {
        TableChange::SetGenerated { column, generated: Some(_) } => {
            let was = asked.renames.iter().rev().fold(column, |name, (from, to)| {
                if name.eq_ignore_ascii_case(to) { from } else { name }
            });
            before.works.get(&("UPDATE", table.clone(), quoted(was))) == Some(&false)
        }
        _ => false,
    })
}

/// No row points to nothing that did not before.
fn dangling(before: &Snapshot, after: &Snapshot, asked: &Asked<'_>) -> Judged {
    let rowids = |table: Option<&Table>| {
        table.map(|table| table.rows.iter().map(|(rowid, _)| format!("{rowid:?}")).collect())
    };
    let mut known = before.dangling.clone();
    for (table, rowid, parent) in &after.dangling {
        // SQLite could not say before.
        if before.undecided.iter().any(|name| asked.name_after(name) == *table) {
            continue;
        }
        // A table with another key has other rowids: then as many rows as before.
        let was = before.tables.iter().find(|(name, _)| asked.name_after(name) == *table);
        let (was, is): (Option<Vec<String>>, Option<Vec<String>>) =
            (rowids(was.map(|(_, table)| table)), rowids(after.tables.get(table)));
        let is_same = |(t, r, p): &(String, String, String)| {
            asked.name_after(t) == *table
                && (was != is || r == rowid)
                && asked.name_after(p) == *parent
        };
        match known.iter().position(is_same) {
            Some(at) => _ = known.remove(at),
            None => return Err(format!("row {rowid} of {table} points to nothing in {parent}")),
        }
    }
    Ok(())
}

/// Judges a change that was refused, or failed: nothing has happened.
pub(crate) fn unchanged(database: &Connection, before: &Snapshot) -> Judged {
    if !database.is_autocommit() {
        return Err("a transaction is open after an error".into());
    }
    let after = Snapshot::of(database);
    if *before == after {
        return Ok(());
    }
    if before.settings != after.settings {
        return Err(format!(
            "settings after an error: {:?} became {:?}",
            before.settings, after.settings
        ));
    }
    let table = before.tables.iter().find(|(name, table)| after.tables.get(*name) != Some(table));
    Err(format!("after an error, something is different: {table:?}"))
}
