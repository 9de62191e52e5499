//! The order in which tables can be made, each after those that it refers to, and in which a table can be changed.

use crate::operation::{Operation, SchemaChange};
use crate::schema::{Constraint, Table};
use alloc::{vec, vec::Vec};

/// The tables in rounds: those that refer to nothing that is still to come, by name, then again. In a
/// circle of references the rest follows by name, which SQLite does not mind. What is added later (`use_alter`) is not
/// waited for.
/// Source: SQLAlchemy's `MetaData.sorted_tables`.
pub(super) fn by_reference<'a>(tables: impl Iterator<Item = &'a Table>) -> Vec<&'a Table> {
    let mut tables: Vec<&Table> = tables.collect();
    crate::sort::sort_by(&mut tables, |a, b| a.name.cmp(&b.name));
    let place = |name: &str| tables.binary_search_by(|table| table.name.as_str().cmp(name)).ok();
    let mut waits = vec![0; tables.len()];
    let mut followers = vec![Vec::new(); tables.len()];
    for (at, table) in tables.iter().enumerate() {
        let referred = table.constraints.iter().filter_map(|constraint| match constraint {
            Constraint::ForeignKey(key) if !key.use_alter => place(&key.referred_table),
            _ => None,
        });
        for to in referred.filter(|to| *to != at) {
            followers[to].push(at);
            waits[at] += 1;
        }
    }
    let mut ordered: Vec<usize> = (0..tables.len()).filter(|at| waits[*at] == 0).collect();
    let mut round = 0..ordered.len();
    while !round.is_empty() {
        let mut next = Vec::new();
        for at in &ordered[round.clone()] {
            for follower in &followers[*at] {
                waits[*follower] -= 1;
                if waits[*follower] == 0 {
                    next.push(*follower);
                }
            }
        }
        crate::sort::sort(&mut next);
        round = ordered.len()..ordered.len() + next.len();
        ordered.extend(next);
    }
    ordered.extend((0..tables.len()).filter(|at| waits[*at] > 0));
    ordered.into_iter().map(|at| tables[at]).collect()
}

/// Brings the changes of one table from Alembic's order into one in which each can run. Foreign keys and CHECKs that
/// go need not hold for the columns as they shall be. A column that becomes generated may be in no key; what a
/// foreign key refers to must be unique all the time, so that a key goes when its UNIQUE is there, and comes before
/// that goes.
pub(super) fn so_that_each_can_run(operations: &mut [Operation]) {
    let change = |operation: &Operation| -> Option<SchemaChange> {
        match operation {
            Operation::AlterTable(alter) => alter.meaning.clone(),
            _ => None,
        }
    };
    let changes_columns =
        operations.iter().any(|one| matches!(change(one), Some(SchemaChange::AlterColumn(_))));
    let changes_key =
        operations.iter().any(|one| matches!(change(one), Some(SchemaChange::ReplaceKey { .. })));
    let rank = |operation: &Operation| match change(operation) {
        Some(SchemaChange::SetOptions { .. }) => None,
        Some(
            SchemaChange::DropConstraint(Constraint::ForeignKey(_) | Constraint::Check(_))
            | SchemaChange::DropUnnamed {
                constraint: Constraint::ForeignKey(_) | Constraint::Check(_),
                ..
            },
        ) if changes_columns => Some(0),
        Some(SchemaChange::AddConstraint(Constraint::Unique(_))) if changes_key => Some(1),
        Some(SchemaChange::AlterColumn(alter))
            if alter.from.generated.is_some() && alter.to.generated.is_none() =>
        {
            Some(1)
        }
        Some(SchemaChange::ReplaceKey { .. }) => Some(2),
        _ => Some(3),
    };
    if !changes_columns && !changes_key {
        return;
    }
    // A stable sort of those between the options, behind the columns that are added.
    let is_first = |one: &Operation| rank(one).is_none() || matches!(one, Operation::AddColumn(_));
    let start = operations.iter().position(|one| !is_first(one)).unwrap_or(operations.len());
    let end = operations[start..].iter().position(|one| rank(one).is_none());
    let middle = match end {
        Some(end) => &mut operations[start..start + end],
        None => &mut operations[start..],
    };
    crate::sort::sort_by(middle, |a, b| rank(a).cmp(&rank(b)));
}
