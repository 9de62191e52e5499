//! What a dropped table takes along: DROP TABLE deletes all rows first where foreign keys are in force, and the
//! actions of those that refer to them follow.
//!
//! Source: <https://sqlite.org/foreignkeys.html>, section 5.

use super::inventory::{Inventory, Table};
use super::reference::{Action, action};
use super::{Counted, Loss, LossKind};
use crate::schema::ForeignKey;
use crate::sqlite::quote;
use alloc::{format, string::String, vec, vec::Vec};

/// A condition that is longer is left open.
const LONGEST: usize = 4000;

/// The rows of a table that go.
#[derive(Clone, Debug)]
struct Gone {
    /// Which ones, in SQL, under the names from when the inventory was made; nothing where that is not known.
    condition: Option<String>,
}

impl Inventory {
    /// What goes with the table of that name, beside itself.
    pub(super) fn cascade(&self, dropped: &str) -> Vec<Loss> {
        let Some(start) = self.position(dropped) else { return Vec::new() };
        if self.tables[start].before.is_none() {
            return Vec::new();
        }
        let mut reached = Vec::from([start]);
        let mut at = 0;
        while let Some(parent) = reached.get(at).copied() {
            for (child, _) in self.referring(parent, start, Action::Delete) {
                if !reached.contains(&child) {
                    reached.push(child);
                }
            }
            at += 1;
        }
        let gone = self.gone(start, &reached);
        let mut losses = Vec::new();
        for child in reached.iter().skip(1) {
            let keys = self.keys_to(*child, &reached, start, Action::Delete);
            let condition = gone[*child].as_ref().and_then(|gone| gone.condition.clone());
            losses.extend(self.referring_loss(*child, None, &keys, condition));
        }
        for child in 0..self.tables.len() {
            let keys = self.keys_to(child, &reached, start, Action::Overwrite);
            let mut columns: Vec<&String> = Vec::new();
            for column in keys.iter().flat_map(|(_, key)| &key.columns) {
                if !columns.iter().any(|known| known.eq_ignore_ascii_case(column)) {
                    columns.push(column);
                }
            }
            for column in columns {
                let of_column = |key: &ForeignKey| {
                    key.columns.iter().any(|name| name.eq_ignore_ascii_case(column))
                };
                let keys: Vec<(usize, &ForeignKey)> =
                    keys.iter().filter(|(_, key)| of_column(key)).copied().collect();
                let mut condition = self.any_refers(child, &keys, &gone);
                if let (Some(condition), Some(gone)) = (&mut condition, &gone[child]) {
                    // Rows that go take their values along.
                    match &gone.condition {
                        Some(rows) => *condition = format!("({condition}) AND NOT ({rows})"),
                        None => condition.clear(),
                    }
                }
                let condition = condition.filter(|condition| !condition.is_empty());
                losses.extend(self.referring_loss(child, Some(column), &keys, condition));
            }
        }
        losses
    }

    fn position(&self, table: &str) -> Option<usize> {
        self.tables.iter().position(|it| it.name.eq_ignore_ascii_case(table))
    }

    /// The keys to `parent` with that action, each with its table. What the table that is dropped refers to
    /// itself is part of it.
    fn referring(
        &self,
        parent: usize,
        dropped: usize,
        wanted: Action,
    ) -> Vec<(usize, &ForeignKey)> {
        let parent = &self.tables[parent].name;
        let tables = self.tables.iter().enumerate();
        let tables = tables.filter(|(at, table)| *at != dropped && table.before.is_some());
        let keys = tables.flat_map(|(at, table)| table.references.iter().map(move |key| (at, key)));
        keys.filter(|(_, key)| {
            key.referred_table.eq_ignore_ascii_case(parent) && action(key) == wanted
        })
        .collect()
    }

    /// The keys of `child` with that action to any of these tables, each with the table that it refers to.
    fn keys_to(
        &self,
        child: usize,
        parents: &[usize],
        dropped: usize,
        wanted: Action,
    ) -> Vec<(usize, &ForeignKey)> {
        let mut keys = Vec::new();
        for parent in parents {
            let own = self.referring(*parent, dropped, wanted);
            keys.extend(
                own.into_iter().filter(|(at, _)| *at == child).map(|(_, key)| (*parent, key)),
            );
        }
        keys
    }

    /// Which rows of each table go. Where tables refer to each other in a circle that stays open.
    fn gone(&self, start: usize, reached: &[usize]) -> Vec<Option<Gone>> {
        let condition = Some("1".into()).filter(|_| !self.tables[start].is_written);
        let mut gone = vec![None; self.tables.len()];
        gone[start] = Some(Gone { condition });
        loop {
            let next = reached.iter().copied().find(|table| {
                let parents = self.keys_to(*table, reached, start, Action::Delete);
                gone[*table].is_none() && parents.iter().all(|(it, _)| gone[*it].is_some())
            });
            let Some(next) = next else { break };
            let keys = self.keys_to(next, reached, start, Action::Delete);
            let condition = self.any_refers(next, &keys, &gone);
            gone[next] = Some(Gone { condition });
        }
        for open in reached {
            gone[*open].get_or_insert(Gone { condition: None });
        }
        gone
    }

    /// That a row of `child` refers to one that goes by one of these keys.
    fn any_refers(
        &self,
        child: usize,
        keys: &[(usize, &ForeignKey)],
        gone: &[Option<Gone>],
    ) -> Option<String> {
        let mut all: Vec<String> = Vec::new();
        for (parent, key) in keys {
            let which = gone[*parent].as_ref()?.condition.as_deref()?;
            all.push(refers(&self.tables[child], key, &self.tables[*parent], which)?);
        }
        let condition = all.join(" OR ");
        let is_known = !self.tables[child].is_written && condition.len() < LONGEST;
        (is_known && !condition.is_empty()).then_some(condition)
    }

    /// The loss of rows, or of values of a column, that refer by `keys` to what goes.
    fn referring_loss(
        &self,
        child: usize,
        column: Option<&str>,
        keys: &[(usize, &ForeignKey)],
        condition: Option<String>,
    ) -> Option<Loss> {
        let table = &self.tables[child];
        let kind = match column {
            None => LossKind::ReferringRows,
            Some(_) => LossKind::ReferringValues,
        };
        let mut loss = self.loss(kind, &table.name, column)?;
        loss.refers_to = keys.first().map(|(parent, _)| self.tables[*parent].name.clone());
        if column.is_none() {
            loss.found_by = table.found_by(&[]);
            loss.can_be_kept = loss.found_by.is_some();
        } else {
            // Columns that are overwritten together find no rows.
            let gone: Vec<String> = keys.iter().flat_map(|(_, key)| key.columns.clone()).collect();
            loss.found_by = table.found_by(&gone);
            loss.can_be_kept = loss.found_by.is_some();
        }
        loss.counted = loss.counted.and_then(|counted| {
            let mut condition = condition?;
            if let Some(column) = &counted.column {
                condition = format!("{} IS NOT NULL AND ({condition})", quote::name(column));
            }
            Some(Counted { condition: Some(condition), ..counted })
        });
        Some(loss)
    }
}

/// That a row of `child` refers by `key` to one of the rows of `parent` for which `which` holds.
fn refers(child: &Table, key: &ForeignKey, parent: &Table, which: &str) -> Option<String> {
    let referred = match key.referred_columns.is_empty() {
        true => parent.keys.referred(),
        false => key.referred_columns.clone(),
    };
    if referred.len() != key.columns.len() || referred.is_empty() {
        return None;
    }
    let [parent_name, child_name] =
        [quote::name(parent.before.as_ref()?), quote::name(child.before.as_ref()?)];
    let mut conditions = Vec::new();
    for (referred, own) in referred.iter().zip(&key.columns) {
        let referred = parent.column(referred)?;
        let own = child.column(own)?;
        if referred.is_retyped || own.is_retyped {
            return None;
        }
        let (referred, own) = (referred.before.as_ref()?, own.before.as_ref()?);
        conditions.push(format!(
            "{parent_name}.{} = {child_name}.{}",
            quote::name(referred),
            quote::name(own)
        ));
    }
    if which != "1" {
        conditions.push(format!("({which})"));
    }
    let conditions = conditions.join(" AND ");
    Some(format!("EXISTS (SELECT 1 FROM {parent_name} WHERE {conditions})"))
}
