//! Changes that say less than what is to be done, settled for the table as it is: those that are only made
//! where they are needed, and another order of columns.

use super::edit::Definition;
use super::facts::Facts;
use super::needed::is_needed;
use super::order::Order;
use super::{Stop, name_of};
use crate::diagnostic::{Code, Diagnostic, Place};
use crate::operation::{AlterTable, TableChange};
use crate::sqlite::objects::{Object, ObjectKind, Objects, Text};
use crate::sqlite::split;
use alloc::{format, vec::Vec};

/// Puts the table that a change gives among the objects, where nobody can be asked for it.
pub(super) fn give(alter: &AlterTable, objects: &mut Objects, facts: &Facts) {
    let given = alter.changes.iter().find_map(|change| match change {
        TableChange::Given { sql } => Some(sql),
        _ => None,
    });
    let Some(sql) = given.filter(|_| facts.is_offline()) else { return };
    if !objects.has_name(&alter.table) {
        for statement in split::statements(sql) {
            objects.follow(statement.of(sql));
        }
        return;
    }
    let is_it = |object: &&mut Object| object.is(ObjectKind::Table, &alter.table);
    let unknown = objects.all.iter_mut().find(is_it).filter(|it| it.sql().is_none());
    if let (Some(object), Some(first)) = (unknown, split::statements(sql).first()) {
        object.text = Text::Known(first.of(sql).into());
    }
}

/// The error for a table that nobody can be asked for.
pub(super) fn refuse_unknown(table: &str) -> Diagnostic {
    Diagnostic::error(Code::NoSuchTable, format!("No such table: '{table}'")).hint(
        "without a database, only the tables that the revisions before this one make are known: begin the range \
         with them, or say in a .py revision what the table is, with copy_from",
    )
}

/// A change that can be carried out, and where it is said.
pub(super) struct Said<'a> {
    pub(super) change: TableChange,
    place: Option<&'a Place>,
}

impl Said<'_> {
    /// The error of this change, where the change is said.
    pub(super) fn refused(&self, error: Diagnostic) -> Diagnostic {
        match (self.place, &error.place) {
            (Some(place), None) => error.at(place.clone()),
            _ => error,
        }
    }

    /// The same for an error among others.
    pub(super) fn stopped(&self, stop: Stop) -> Stop {
        match stop {
            Stop::Refused(error) => Stop::Refused(self.refused(error)),
            unknown => unknown,
        }
    }
}

/// The columns that the first of these changes add behind all others, which are carried out together: a table
/// with many columns is not read anew for each.
pub(super) fn new_columns<'c>(changes: &'c [Said<'_>]) -> Vec<&'c str> {
    let columns = changes.iter().map_while(|said| match &said.change {
        TableChange::AddColumn { definition, place: None } => Some(definition.as_str()),
        _ => None,
    });
    columns.collect()
}

/// The error of one of these changes, where that is said.
pub(super) fn refused(changes: &[Said<'_>], (at, error): (usize, Diagnostic)) -> Diagnostic {
    match changes.get(at) {
        Some(said) => said.refused(error),
        None => error,
    }
}

/// The changes as those that can be carried out one after another.
///
/// # Errors
/// If the orders of columns contradict one another, or it cannot be known what is there. Whatever else is wrong is found where it is carried out.
pub(super) fn changes<'a>(
    alter: &'a AlterTable,
    objects: &Objects,
) -> Result<Vec<Said<'a>>, Diagnostic> {
    let places = alter.places.0.iter().map(Option::as_ref).chain(core::iter::repeat(None));
    let said = alter.changes.iter().zip(places);
    let said = said.map(|(change, place)| Said { change: change.clone(), place });
    if alter.changes.iter().all(is_plain) {
        return Ok(said.collect());
    }
    let sql = super::known_text(objects.table(&alter.table), &name_of(objects, &alter.table)?)?;
    let mut definition = Definition::read(sql)?;
    let mut order = Order::of(&definition, &alter.changes);
    let mut settled = Vec::new();
    for said in said {
        let made = made(&definition, &order, &said.change).map_err(|error| said.refused(error))?;
        for change in made {
            // What cannot be done is refused where it is done.
            if let Ok(changed) = definition.changed(&change) {
                order.follow(&change, &definition, &changed);
                definition = changed;
            }
            settled.push(Said { change, place: said.place });
        }
    }
    Ok(settled)
}

/// Whether a change is what it is whatever the table is.
fn is_plain(change: &TableChange) -> bool {
    !matches!(
        change,
        TableChange::IfNeeded(_)
            | TableChange::Reorder { .. }
            | TableChange::Given { .. }
            | TableChange::Adopt { .. }
            | TableChange::NameConstraints { .. }
    )
}

/// What a change comes to on the table of this definition.
fn made(
    definition: &Definition,
    order: &Order,
    change: &TableChange,
) -> Result<Vec<TableChange>, Diagnostic> {
    Ok(match change {
        TableChange::Given { .. } => Vec::new(),
        TableChange::IfNeeded(change) => match is_needed(definition, change.itself())? {
            true => Vec::from([change.itself().clone()]),
            false => Vec::new(),
        },
        TableChange::Reorder { orders } => order.moves(definition, orders)?,
        TableChange::Adopt { .. } | TableChange::NameConstraints { .. } => {
            match definition.changed(change)?.sql == definition.sql {
                true => Vec::new(),
                false => Vec::from([change.clone()]),
            }
        }
        plain => Vec::from([plain.clone()]),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_given_where_nobody_can_be_asked() {
        let sql = "CREATE TABLE t (a, b);\nCREATE INDEX ix ON t (a)";
        let alter = AlterTable {
            table: "t".into(),
            changes: alloc::vec![TableChange::Given { sql: sql.into() }],
            recreate: crate::operation::Recreate::Always,
            ..AlterTable::default()
        };
        let mut objects = Objects::default();
        give(&alter, &mut objects, &Facts::default());
        assert!(objects.all.is_empty(), "the database knows its tables");
        give(&alter, &mut objects, &Facts::offline());
        let texts: Vec<_> = objects.all.iter().filter_map(Object::sql).collect();
        assert_eq!(texts, ["CREATE TABLE t (a, b)", "CREATE INDEX ix ON t (a)"]);
    }
}
