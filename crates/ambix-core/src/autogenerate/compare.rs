//! The comparison itself: tables and their columns.

use super::constraints::{Side, Sides};
use super::found::{Comparison, Found, TABLES, shown};
use super::order::by_reference;
use super::others::Changed;
use super::{Rules, columns, keys, order, reflected};
use crate::operation::{AddColumn, CreateTable, DropColumn, DropTable, Operation};
use crate::schema::{Column, Constraint, Index, Schema, Table};
use alloc::{boxed::Box, format, string::String, vec::Vec};

/// Compares what the database has with what the models say.
pub fn compare(database: &Schema, models: &Schema, rules: &Rules) -> Comparison {
    let reflected;
    let database = match rules.parity {
        true => {
            reflected = reflected::as_alembic_sees(database);
            &reflected
        }
        false => database,
    };
    let (there, wanted) = (Objects::new(database, rules), Objects::new(models, rules));
    let mut found = Found { rules, comparison: Comparison::default() };
    let added = models.tables.iter().filter(|table| there.table(table).is_none());
    for table in by_reference(added) {
        let name = shown(&table.name);
        found.say(TABLES, format!("Detected added table {name}"));
        found.run(Operation::CreateTable(CreateTable::new(table.clone())));
        sides(&mut found, table, Side::default(), wanted.side(table)).indexes_and_uniques();
    }
    let removed = database.tables.iter().filter(|table| wanted.table(table).is_none());
    let removed = by_reference(removed).into_iter().rev();
    // Those that a table refers to which stays can go when it no longer does.
    let is_referred_to = |table: &&Table| {
        let stays = database.tables.iter().filter(|other| wanted.table(other).is_some());
        !rules.parity && stays.flat_map(referred).any(|name| rules.is_same(name, &table.name))
    };
    let (last, first): (Vec<_>, Vec<_>) = removed.partition(is_referred_to);
    for table in first {
        removed_table(&mut found, table, there.side(table));
    }
    for table in wanted.tables.iter().copied() {
        if let Some(old) = there.table(table) {
            existing_table(&mut found, old, table, there.side(table), wanted.side(table));
        }
    }
    for table in last {
        removed_table(&mut found, table, there.side(table));
    }
    let others = Changed::find(&mut found, database, models);
    let mut comparison = found.comparison;
    comparison.downgrade = comparison.upgrade.iter().rev().filter_map(Operation::reverse).collect();
    others.around(&mut comparison.upgrade, false);
    others.around(&mut comparison.downgrade, true);
    comparison
}

/// The tables that a table refers to.
fn referred(table: &Table) -> impl Iterator<Item = &String> {
    table.constraints.iter().filter_map(|constraint| match constraint {
        Constraint::ForeignKey(key) => Some(&key.referred_table),
        _ => None,
    })
}

fn removed_table(found: &mut Found<'_>, table: &Table, there: Side<'_>) {
    sides(found, table, there, Side::default()).indexes_and_uniques();
    found.say(TABLES, format!("Detected removed table {}", shown(&table.name)));
    found.run(Operation::DropTable(DropTable {
        was: Some(Box::new(table.clone())),
        ..DropTable::new(table.name.clone())
    }));
}

/// Tables by name, indexes by table and name.
struct Objects<'a> {
    rules: &'a Rules,
    tables: Vec<&'a Table>,
    indexes: Vec<&'a Index>,
}

impl<'a> Objects<'a> {
    /// Of two indexes with one name the last counts.
    fn new(schema: &'a Schema, rules: &'a Rules) -> Self {
        let mut tables: Vec<&Table> = schema.tables.iter().collect();
        crate::sort::sort_by(&mut tables, |a, b| rules.order(&a.name, &b.name));
        let order = |a: &Index, b: &Index| {
            rules.order(&a.table, &b.table).then_with(|| rules.order(&a.name.text, &b.name.text))
        };
        let mut indexes: Vec<&Index> = schema.indexes.iter().collect();
        crate::sort::sort_by(&mut indexes, |a, b| order(a, b));
        indexes.dedup_by(|next, kept| {
            let is_same = order(kept, next).is_eq();
            if is_same {
                *kept = *next;
            }
            is_same
        });
        Self { rules, tables, indexes }
    }

    /// The table that is called like this one.
    fn table(&self, like: &Table) -> Option<&'a Table> {
        let at = self.tables.binary_search_by(|table| self.rules.order(&table.name, &like.name));
        self.tables.get(at.ok()?).copied()
    }

    /// The table that is called like this one, with its indexes.
    fn side<'i>(&'i self, like: &Table) -> Side<'i> {
        let order = |index: &&Index| self.rules.order(&index.table, &like.name);
        let start = self.indexes.partition_point(|index| order(index).is_lt());
        let rest = &self.indexes[start..];
        let count = rest.partition_point(|index| order(index).is_le());
        Side { table: self.table(like), indexes: &rest[..count] }
    }
}

fn sides<'a, 'f, 'r>(
    found: &'f mut Found<'r>,
    table: &'a Table,
    there: Side<'a>,
    wanted: Side<'a>,
) -> Sides<'a, 'f, 'r> {
    Sides { name: &table.name, there, wanted, found, given: Vec::new() }
}

/// A table that both have.
fn existing_table(
    found: &mut Found<'_>,
    there: &Table,
    wanted: &Table,
    left: Side<'_>,
    right: Side<'_>,
) {
    let rules = found.rules;
    let column = |table: &'_ Table, like: &Column| -> Option<usize> {
        table.columns.iter().position(|column| rules.is_same(&column.name, &like.name))
    };
    let start = found.comparison.upgrade.len();
    if !rules.parity {
        keys::options(found, there, wanted, false);
    }
    for added in &wanted.columns {
        if column(there, added).is_none() {
            let message = format!("Detected added column '{}.{}'", wanted.name, added.name);
            found.say(TABLES, message);
            found.run(Operation::AddColumn(AddColumn::new(wanted.name.clone(), added.clone())));
        }
    }
    for new in &wanted.columns {
        if let Some(at) = column(there, new) {
            columns::compare(found, there, wanted, &there.columns[at], new);
        }
    }
    if !rules.parity {
        keys::primary_key(found, there, wanted);
    }
    let mut sides = sides(found, wanted, left, right);
    if rules.constraints {
        sides.indexes_and_uniques();
        sides.foreign_keys();
    }
    sides.checks();
    for removed in &there.columns {
        if column(wanted, removed).is_none() {
            let message = format!("Detected removed column '{}.{}'", wanted.name, removed.name);
            found.say(TABLES, message);
            found.run(Operation::DropColumn(DropColumn {
                was: Some(Box::new(removed.clone())),
                ..DropColumn::new(wanted.name.clone(), removed.name.clone())
            }));
        }
    }
    if !rules.parity {
        keys::options(found, there, wanted, true);
        order::so_that_each_can_run(&mut found.comparison.upgrade[start..]);
    }
}
