//! The order in which tables can be made: each after those that it refers to.

use crate::schema::{Constraint, Table};
use alloc::vec::Vec;

/// The tables in rounds: those that refer to nothing that is still to come, by name, then again. In a
/// circle of references the rest follows by name, which SQLite does not mind.
/// Source: SQLAlchemy's `MetaData.sorted_tables`.
pub(super) fn by_reference<'a>(tables: impl Iterator<Item = &'a Table>) -> Vec<&'a Table> {
    let mut left: Vec<&Table> = tables.collect();
    left.sort_by(|a, b| a.name.cmp(&b.name));
    let mut ordered = Vec::new();
    while !left.is_empty() {
        let waits = |table: &Table| {
            table.constraints.iter().any(|constraint| match constraint {
                Constraint::ForeignKey(key) => {
                    key.referred_table != table.name
                        && left.iter().any(|other| other.name == key.referred_table)
                }
                _ => false,
            })
        };
        let (ready, waiting): (Vec<_>, Vec<_>) = left.iter().partition(|table| !waits(table));
        if ready.is_empty() {
            ordered.extend(waiting);
            break;
        }
        ordered.extend(ready);
        left = waiting;
    }
    ordered
}
