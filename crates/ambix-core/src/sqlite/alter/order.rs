//! The order of columns that a batch of Alembic comes to (its `ApplyBatchImpl`): columns that are there keep
//! theirs, or take the one of `partial_reordering`; new ones follow the columns next to which they were put.

use super::edit::Definition;
use crate::diagnostic::{Code, Diagnostic};
use crate::operation::{ColumnPlace, TableChange};
use alloc::string::{String, ToString};
use alloc::{format, vec::Vec};

/// What the changes so far say of the order.
pub(super) struct Order {
    /// Whether lists say in which order columns are that were there before.
    by_lists: bool,
    /// Columns from before that are still there.
    existing: Vec<String>,
    /// New columns.
    added: Vec<String>,
    /// Columns that are gone.
    dropped: Vec<String>,
    /// Columns with one that follows them. They may be gone by now.
    pairs: Vec<(String, String)>,
}

impl Order {
    /// The order before these changes.
    pub(super) fn of(definition: &Definition, changes: &[TableChange]) -> Self {
        let by_lists = changes.iter().any(|change| {
            matches!(change, TableChange::Reorder { orders } if orders.iter().any(|order| order.len() > 1))
        });
        Self {
            by_lists,
            existing: columns(definition),
            added: Vec::new(),
            dropped: Vec::new(),
            pairs: Vec::new(),
        }
    }

    /// Takes note of a change that made one definition of the other.
    pub(super) fn follow(&mut self, change: &TableChange, before: &Definition, after: &Definition) {
        match change.itself() {
            TableChange::AddColumn { place, .. } => {
                let is_new = |name: &&String| before.position(name).is_none();
                if let Some(name) = columns(after).iter().find(is_new) {
                    self.add(name, place.as_ref());
                }
            }
            TableChange::DropColumn { name, .. } => {
                self.existing.retain(|known| !known.eq_ignore_ascii_case(name));
                self.added.retain(|known| !known.eq_ignore_ascii_case(name));
                self.dropped.push(name.clone());
            }
            _ => {}
        }
    }

    /// A new column at this place: between those that are its neighbours now.
    fn add(&mut self, name: &str, place: Option<&ColumnPlace>) {
        let is = |one: &str, other: &str| one.eq_ignore_ascii_case(other);
        let at = |column: &str| self.existing.iter().position(|known| is(known, column));
        let next = |column: &str| match at(column) {
            Some(at) => self.existing.get(at + 1).cloned(),
            None => {
                let pair = self.pairs.iter().rev().find(|(before, _)| is(before, column));
                pair.map(|(_, after)| after.clone())
            }
        };
        let previous = |column: &str| match at(column) {
            Some(at) => at.checked_sub(1).and_then(|at| self.existing.get(at)).cloned(),
            None => {
                let pair = self.pairs.iter().rev().find(|(_, after)| is(after, column));
                pair.map(|(before, _)| before.clone())
            }
        };
        let (before, after) = match place {
            Some(ColumnPlace::After(column)) if self.by_lists => (Some(column.clone()), None),
            Some(ColumnPlace::Before(column)) if self.by_lists => (None, Some(column.clone())),
            None if self.by_lists => (None, None),
            Some(ColumnPlace::After(column)) => (Some(column.clone()), next(column)),
            Some(ColumnPlace::Before(column)) => (previous(column), Some(column.clone())),
            Some(ColumnPlace::First) => (None, self.existing.first().cloned()),
            None => (self.existing.last().cloned(), None),
        };
        self.pairs.extend(after.map(|after| (name.to_string(), after)));
        self.pairs.extend(before.map(|before| (before, name.to_string())));
        self.added.push(name.to_string());
    }

    /// The columns moved one by one into the order that is asked for, by these lists too.
    ///
    /// # Errors
    /// If a list names a column that was never there, or they contradict one another.
    pub(super) fn moves(
        &self,
        definition: &Definition,
        orders: &[Vec<String>],
    ) -> Result<Vec<TableChange>, Diagnostic> {
        let now = columns(definition);
        // New columns stand behind all others at first.
        let is_new = |name: &String| self.added.iter().any(|new| new.eq_ignore_ascii_case(name));
        let (_, mut columns): (Vec<String>, Vec<String>) = now.iter().cloned().partition(is_new);
        let new = self.added.iter().filter_map(|new| now.get(definition.position(new)?));
        columns.extend(new.cloned());
        let mut pairs: Vec<(&str, &str)> =
            self.pairs.iter().map(|(before, after)| (before.as_str(), after.as_str())).collect();
        let is_dropped =
            |name: &String| self.dropped.iter().any(|gone| gone.eq_ignore_ascii_case(name));
        for name in orders.iter().flatten().filter(|name| !is_dropped(name)) {
            definition.column(name)?;
        }
        let lists = orders.iter().chain((!self.by_lists).then_some(&self.existing));
        for pair in lists.flat_map(|order| order.windows(2)) {
            if let [before, after] = pair {
                pairs.push((before, after));
            }
        }
        let position = |name: &str| columns.iter().position(|it| it.eq_ignore_ascii_case(name));
        let pairs: Vec<(usize, usize)> = pairs
            .iter()
            .filter_map(|(before, after)| Some((position(before)?, position(after)?)))
            .filter(|(before, after)| before != after)
            .collect();
        let sorted = sorted(columns.len(), &pairs)
            .ok_or_else(|| contradiction(definition.name(), orders))?;
        let wanted = sorted.iter().filter_map(|at| columns.get(*at));
        Ok(moved(now.clone(), wanted.map(String::as_str).collect()))
    }
}

fn columns(definition: &Definition) -> Vec<String> {
    definition.read.table.columns.iter().map(|column| column.name.clone()).collect()
}

fn contradiction(table: &str, orders: &[Vec<String>]) -> Diagnostic {
    let lists: Vec<String> = orders.iter().map(|order| format!("({})", order.join(", "))).collect();
    let message = match lists.is_empty() {
        true => format!("New columns of '{table}' cannot be where they are put"),
        false => format!("Columns of '{table}' cannot be in the order {}", lists.join(", ")),
    };
    let hint = match lists.is_empty() {
        true => "the places of insert_before and insert_after contradict one another",
        false => "the lists of partial_reordering contradict one another",
    };
    Diagnostic::error(Code::UnsupportedOperation, message).hint(hint)
}

/// The moves that make the one order of the other.
fn moved(mut now: Vec<String>, wanted: Vec<&str>) -> Vec<TableChange> {
    let mut changes = Vec::new();
    let mut before: Option<&str> = None;
    for (at, column) in wanted.into_iter().enumerate() {
        if now.get(at).is_none_or(|known| known != column) {
            now.retain(|known| known != column);
            now.insert(at.min(now.len()), column.into());
            let place = match before {
                Some(before) => ColumnPlace::After(before.into()),
                None => ColumnPlace::First,
            };
            changes.push(TableChange::MoveColumn { name: column.into(), place });
        }
        before = Some(column);
    }
    changes
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

    /// The columns after these changes of `CREATE TABLE t (id, a, b, c)`, and after their order.
    fn ordered(changes: &[TableChange], orders: &[&[&str]]) -> Vec<String> {
        let orders = orders
            .iter()
            .map(|order| order.iter().map(ToString::to_string).collect())
            .collect::<Vec<Vec<String>>>();
        let reorder = TableChange::Reorder { orders: orders.clone() };
        let all: Vec<_> = changes.iter().cloned().chain([reorder]).collect();
        let mut definition = Definition::read("CREATE TABLE t (id, a, b, c)".into()).unwrap();
        let mut order = Order::of(&definition, &all);
        for change in changes {
            let changed = definition.changed(change).unwrap();
            order.follow(change, &definition, &changed);
            definition = changed;
        }
        for change in order.moves(&definition, &orders).unwrap() {
            definition = definition.changed(&change).unwrap();
        }
        columns(&definition)
    }

    fn add(name: &str, place: Option<ColumnPlace>) -> TableChange {
        TableChange::AddColumn { definition: name.into(), place }
    }

    fn drop(name: &str) -> TableChange {
        TableChange::DropColumn { name: name.into(), dependents: Default::default() }
    }

    fn after(column: &str) -> Option<ColumnPlace> {
        Some(ColumnPlace::After(column.into()))
    }

    #[test]
    fn a_new_column_follows_the_last_one_that_stays() {
        assert_eq!(ordered(&[drop("c"), add("n", None)], &[]), ["id", "a", "b", "n"]);
        assert_eq!(ordered(&[add("n", None), drop("b")], &[]), ["id", "a", "c", "n"]);
        // Alembic put it behind `c`, and then there is none.
        assert_eq!(ordered(&[add("n", None), drop("c")], &[]), ["id", "n", "a", "b"]);
    }

    #[test]
    fn a_new_column_follows_the_one_behind_which_it_is_put() {
        let two = [add("n", after("a")), add("m", after("a"))];
        assert_eq!(ordered(&two, &[]), ["id", "a", "n", "m", "b", "c"]);
        let before = [add("n", Some(ColumnPlace::Before("a".into()))), add("m", after("n"))];
        assert_eq!(ordered(&before, &[]), ["id", "n", "m", "a", "b", "c"]);
        // Alembic put it before `b`, and then there is none.
        assert_eq!(ordered(&[add("n", after("a")), drop("b")], &[]), ["id", "a", "c", "n"]);
    }

    #[test]
    fn lists_and_places_count_together() {
        let new = [add("n", after("b"))];
        assert_eq!(ordered(&new, &[&["b", "a"]]), ["id", "b", "c", "a", "n"]);
        assert_eq!(ordered(&[add("n", None)], &[&["b", "a"]]), ["id", "b", "c", "n", "a"]);
        // What was said of a column that is gone counts no more.
        assert_eq!(ordered(&[drop("b")], &[&["c", "b", "a"]]), ["id", "a", "c"]);
    }

    #[test]
    fn columns_are_sorted_by_levels() {
        assert_eq!(sorted(4, &[]), Some(alloc::vec![0, 1, 2, 3]));
        assert_eq!(sorted(4, &[(3, 2), (2, 1), (1, 0)]), Some(alloc::vec![3, 2, 1, 0]));
        assert_eq!(sorted(4, &[(2, 0)]), Some(alloc::vec![1, 2, 3, 0]));
        assert_eq!(sorted(2, &[(0, 1), (1, 0)]), None);
    }
}
