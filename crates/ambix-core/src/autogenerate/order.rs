//! The order in which tables can be made: each after those that it refers to.

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
