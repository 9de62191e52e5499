//! What changes of a table destroy.

use super::conversion::{Conversion, Stored};
use super::inventory::{Inventory, Table, columns};
use super::reference;
use super::rows::RowKeys;
use super::{Loss, LossKind};
use crate::operation::{AlterTable, TableChange};
use crate::schema::DataType;
use crate::sqlite::{alter, create_table};
use alloc::vec::Vec;
use alloc::{format, string::String};

/// A table as changes leave it.
struct Changed {
    /// With the columns' names from before the changes.
    table: Table,
    /// The columns, by those names, whose content is gone.
    gone: Vec<String>,
}

impl Table {
    fn changed(&self, alter: &AlterTable) -> Option<Changed> {
        let mut losses = Vec::new();
        let tables = [self.anew()].into();
        let mut inventory = Inventory { tables, is_whole: true, ..Inventory::default() };
        inventory.change(alter, &mut losses);
        let gone = losses.into_iter().filter_map(|loss| loss.counted?.column).collect();
        Some(Changed { table: inventory.tables.pop()?, gone })
    }

    fn add_constraint(&mut self, definition: &str) {
        let Ok(read) = create_table::read(&format!("CREATE TABLE t (c, {definition}\n)")) else {
            return;
        };
        self.references.extend(reference::keys(&read));
        if let Some(key) = read.table.primary_key() {
            let is_integer = |name: &String| {
                self.column(name).is_some_and(|it| it.declared.eq_ignore_ascii_case("INTEGER"))
            };
            let is_integer = key.columns.len() == 1 && key.columns.iter().all(is_integer);
            self.keys.set_primary(key.columns.clone(), is_integer);
        }
    }
}

impl Inventory {
    /// What the changes destroy. The inventory follows them.
    pub(super) fn alter(&mut self, alter: &AlterTable, losses: &mut Vec<Loss>) {
        let earlier = losses.len();
        let at_start = self.table(&alter.table).cloned();
        let changed = at_start.as_ref().and_then(|table| table.changed(alter));
        let converted = match (&at_start, &changed) {
            (Some(before), Some(changed)) => self.converted(before, &changed.table),
            _ => Vec::new(),
        };
        self.change(alter, losses);
        losses.extend(converted);
        let Some(losses) = losses.get_mut(earlier..).filter(|losses| !losses.is_empty()) else {
            return;
        };
        let (Some(at_start), Some(changed)) = (at_start, changed) else { return };
        // Content is kept before any of the changes: rows are found by what is there then and stays.
        let is_converted = |loss: &&Loss| loss.kind == LossKind::Converted;
        let of_converted =
            losses.iter().filter(is_converted).filter_map(|loss| loss.column.clone());
        let gone: Vec<String> = changed.gone.iter().cloned().chain(of_converted).collect();
        let name_now = |name: &str| {
            let mut columns = changed.table.columns.iter().flatten();
            let is_it = |before: &String| before.eq_ignore_ascii_case(name);
            columns.find(|it| it.before.as_ref().is_some_and(is_it)).map(|it| it.name.clone())
        };
        let keeps_rowids = changed.table.keys.keeps_rowids(&at_start.keys, name_now);
        let found_by = at_start.found_by(&gone);
        let found_by = found_by.filter(|found| found.rowid.is_none() || keeps_rowids);
        for loss in losses.iter_mut().filter(|loss| loss.can_be_kept) {
            loss.can_be_kept = found_by.is_some();
            loss.found_by.clone_from(&found_by);
        }
    }

    /// Columns of a table whose values may change as it becomes what `after` is.
    fn converted(&self, before: &Table, after: &Table) -> Vec<Loss> {
        let mut losses = Vec::new();
        for column in after.columns.iter().flatten().filter(|column| !column.is_computed) {
            let Some(old) = column.before.as_deref().and_then(|name| before.column(name)) else {
                continue;
            };
            let was = Stored { declared: &old.declared, is_strict: before.is_strict };
            let is = Stored { declared: &column.declared, is_strict: after.is_strict };
            let conversion = Conversion::new(&old.name, &was, &is, &column.casts);
            let (Some(conversion), false) = (conversion, old.is_computed) else { continue };
            let Some(mut loss) = self.loss(LossKind::Converted, &before.name, Some(&old.name))
            else {
                continue;
            };
            let is_known = !before.is_written && old.casts.is_empty() && !old.is_retyped;
            let counted = loss.counted.take().filter(|_| is_known);
            loss.counted = counted.and_then(|mut counted| {
                let name = counted.column.clone()?;
                counted.condition = Some(Conversion::new(&name, &was, &is, &column.casts)?.changes);
                Some(counted)
            });
            loss.can_be_kept &= conversion.was != conversion.became;
            loss.conversion = Some(conversion);
            losses.push(loss);
        }
        losses
    }

    fn change(&mut self, alter: &AlterTable, losses: &mut Vec<Loss>) {
        let mut table = alter.table.clone();
        for change in &alter.changes {
            match change.itself() {
                TableChange::AddColumn { definition, .. } => self.add_column(&table, definition),
                TableChange::DropColumn { name, .. } => self.drop_column(&table, name, losses),
                TableChange::RenameColumn { from, to } => self.rename_column(&table, from, to),
                TableChange::SetType { column, data_type, cast } => {
                    self.set_type(&table, column, data_type.trim(), *cast, losses);
                }
                TableChange::SetGenerated { column, generated } => {
                    self.set_computed(&table, column, generated.is_some(), losses);
                }
                TableChange::AddConstraint { definition } => {
                    if let Some(table) = self.table_mut(&table) {
                        table.add_constraint(definition);
                    }
                }
                TableChange::DropConstraint(address) => {
                    if let Some(found) = self.table_mut(&table) {
                        reference::drop_constraint(&mut found.references, &table, address);
                    }
                }
                TableChange::SetOptions { strict, without_rowid, .. } => {
                    if let Some(table) = self.table_mut(&table) {
                        table.is_strict = strict.unwrap_or(table.is_strict);
                        without_rowid
                            .iter()
                            .for_each(|without| table.keys.set_without_rowid(*without));
                    }
                }
                TableChange::Redefine { sql } => self.redefine(&table, sql, losses),
                TableChange::RenameTable { to } => {
                    self.rename_table(&table, to);
                    table.clone_from(to);
                }
                _ => {}
            }
        }
    }

    fn set_type(
        &mut self,
        table: &str,
        column: &str,
        data_type: &str,
        casts: bool,
        losses: &mut Vec<Loss>,
    ) {
        if self.table(table).is_none() {
            losses.extend(self.loss(LossKind::Converted, table, Some(column)));
        }
        let Some(table) = self.table_mut(table) else { return };
        table.keys.set_type(column, data_type);
        let mut columns = table.columns.iter_mut().flatten();
        let Some(found) = columns.find(|it| it.name.eq_ignore_ascii_case(column)) else { return };
        let before = DataType::reflect(&found.declared);
        if casts && alter::is_converted(before.as_ref(), data_type) {
            found.casts.push(data_type.into());
        }
        found.declared = data_type.into();
        found.is_retyped = true;
    }

    fn set_computed(
        &mut self,
        table: &str,
        column: &str,
        is_computed: bool,
        losses: &mut Vec<Loss>,
    ) {
        if is_computed {
            losses.extend(self.loss(LossKind::Computed, table, Some(column)));
        }
        let columns = self.table_mut(table).and_then(|table| table.columns.as_mut());
        let mut columns = columns.into_iter().flatten();
        if let Some(found) = columns.find(|it| it.name.eq_ignore_ascii_case(column)) {
            found.is_computed = is_computed;
        }
    }

    /// Columns of the same name keep their values.
    fn redefine(&mut self, table: &str, sql: &str, losses: &mut Vec<Loss>) {
        let known = self.table(table).and_then(|table| table.columns.clone());
        let (Some(old), Ok(read)) = (known, create_table::read(sql)) else {
            losses.extend(self.loss(LossKind::Column, table, None));
            return;
        };
        let mut new = columns(&read);
        for column in old {
            match new.iter_mut().find(|it| it.name.eq_ignore_ascii_case(&column.name)) {
                None => losses.extend(self.loss(LossKind::Column, table, Some(&column.name))),
                Some(same) => {
                    if same.is_computed {
                        losses.extend(self.loss(LossKind::Computed, table, Some(&column.name)));
                    }
                    same.is_retyped = column.is_retyped || same.declared != column.declared;
                    (same.before, same.casts) = (column.before, column.casts);
                }
            }
        }
        if let Some(table) = self.table_mut(table) {
            table.columns = Some(new);
            table.keys = RowKeys::of(sql).unwrap_or_default();
            table.references = reference::keys(&read);
            table.is_strict = read.table.options.strict;
        }
    }
}
