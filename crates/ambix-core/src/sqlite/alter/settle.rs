//! Changes that say less than what is to be done, settled for the table as it is: those that are only made
//! where they are needed, and another order of columns.

use super::edit::Definition;
use super::facts::Facts;
use super::needed::is_needed;
use super::{Stop, name_of};
use crate::diagnostic::{Code, Diagnostic, Place};
use crate::operation::{AlterTable, ColumnPlace, TableChange};
use crate::sqlite::objects::{Object, ObjectKind, Objects, Text};
use crate::sqlite::split;
use alloc::string::{String, ToString};
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
        "without a database, only the tables that the revisions before this one make are known: say what it is \
         with copy_from",
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
    let mut settled = Vec::new();
    for said in said {
        let made = made(&definition, &said.change).map_err(|error| said.refused(error))?;
        for change in made {
            // What cannot be done is refused where it is done.
            if let Ok(changed) = definition.changed(&change) {
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
fn made(definition: &Definition, change: &TableChange) -> Result<Vec<TableChange>, Diagnostic> {
    Ok(match change {
        TableChange::Given { .. } => Vec::new(),
        TableChange::IfNeeded(change) => match is_needed(definition, change.itself())? {
            true => Vec::from([change.itself().clone()]),
            false => Vec::new(),
        },
        TableChange::Reorder { orders } => moves(definition, orders)?,
        TableChange::Adopt { .. } | TableChange::NameConstraints { .. } => {
            match definition.changed(change)?.sql == definition.sql {
                true => Vec::new(),
                false => Vec::from([change.clone()]),
            }
        }
        plain => Vec::from([plain.clone()]),
    })
}

/// The columns moved one by one into the order that these lists ask for.
fn moves(definition: &Definition, orders: &[Vec<String>]) -> Result<Vec<TableChange>, Diagnostic> {
    let columns: Vec<String> =
        definition.read.table.columns.iter().map(|column| column.name.clone()).collect();
    let mut pairs: Vec<(usize, usize)> = Vec::new();
    for order in orders {
        for name in order {
            definition.column(name)?;
        }
        for pair in order.windows(2) {
            let [before, after] = pair else { continue };
            if let (Some(before), Some(after)) =
                (definition.position(before), definition.position(after))
                && before != after
            {
                pairs.push((before, after));
            }
        }
    }
    let sorted = sorted(columns.len(), &pairs).ok_or_else(|| {
        let lists: Vec<String> =
            orders.iter().map(|order| format!("({})", order.join(", "))).collect();
        Diagnostic::error(
            Code::UnsupportedOperation,
            format!(
                "Columns of '{}' cannot be in the order {}",
                definition.name(),
                lists.join(", ")
            ),
        )
        .hint("the lists of partial_reordering contradict one another")
    })?;
    let mut now: Vec<usize> = (0..columns.len()).collect();
    let mut changes = Vec::new();
    for (at, column) in sorted.iter().enumerate() {
        if now.get(at) == Some(column) {
            continue;
        }
        now.retain(|known| known != column);
        now.insert(at, *column);
        let before = at.checked_sub(1).and_then(|at| sorted.get(at));
        let place = match before.and_then(|before| columns.get(*before)) {
            Some(before) => ColumnPlace::After(before.clone()),
            None => ColumnPlace::First,
        };
        let name = columns.get(*column).map(ToString::to_string).unwrap_or_default();
        changes.push(TableChange::MoveColumn { name, place });
    }
    Ok(changes)
}

/// Sorts by levels, as SQLAlchemy's `topological.sort` with `deterministic_order` does: first all that follow
/// nothing, then all that only follow those, each in the order from before.
fn sorted(count: usize, pairs: &[(usize, usize)]) -> Option<Vec<usize>> {
    let mut left: Vec<usize> = (0..count).collect();
    let mut sorted = Vec::with_capacity(count);
    while !left.is_empty() {
        let waits = |item: &usize| {
            pairs.iter().any(|(before, after)| after == item && left.contains(before))
        };
        let (later, level): (Vec<usize>, Vec<usize>) = left.iter().copied().partition(waits);
        if level.is_empty() {
            return None;
        }
        sorted.extend(level);
        left = later;
    }
    Some(sorted)
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

    #[test]
    fn columns_are_sorted_by_levels() {
        assert_eq!(sorted(4, &[]), Some(alloc::vec![0, 1, 2, 3]));
        assert_eq!(sorted(4, &[(3, 2), (2, 1), (1, 0)]), Some(alloc::vec![3, 2, 1, 0]));
        assert_eq!(sorted(4, &[(2, 0)]), Some(alloc::vec![1, 2, 3, 0]));
        assert_eq!(sorted(2, &[(0, 1), (1, 0)]), None);
    }
}
