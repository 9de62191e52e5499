use super::rows::RowKeys;
use super::statement;
use super::{Counted, FoundBy, Loss, LossKind};
use crate::operation::{AlterTable, Operation, TableChange};
use crate::sqlite::objects::{ObjectKind, Objects};
use crate::sqlite::quote::unquoted;
use crate::sqlite::token::{Token, tokens};
use crate::sqlite::{create_table, ddl, split};
use alloc::string::String;
use alloc::vec::Vec;

/// The tables and columns of a database, each with the name that it had when the inventory was made.
#[derive(Clone, Debug, Default)]
pub struct Inventory {
    pub(super) tables: Vec<Table>,
    /// Whether a table that is not listed is not there.
    pub(super) is_whole: bool,
}

#[derive(Clone, Debug)]
pub(super) struct Table {
    pub(super) name: String,
    /// Its name when the inventory was made; nothing if it was made since.
    pub(super) before: Option<String>,
    /// Its columns, where they are known.
    pub(super) columns: Option<Vec<Column>>,
    /// By what its rows can be found.
    pub(super) keys: RowKeys,
}

impl Table {
    /// The columns, by their names now, whose content these changes take.
    fn losses_by(&self, alter: &AlterTable) -> Vec<String> {
        let mut table = self.clone();
        table.before = Some(table.name.clone());
        for column in table.columns.iter_mut().flatten() {
            column.before = Some(column.name.clone());
        }
        let mut losses = Vec::new();
        Inventory { tables: [table].into(), is_whole: true }.change(alter, &mut losses);
        losses.into_iter().filter_map(|loss| loss.counted?.column).collect()
    }

    /// By what its rows are found when these columns are gone.
    fn found_by(&self, gone: &[String]) -> Option<FoundBy> {
        let columns = self.columns.as_ref()?;
        let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
        self.keys.found_by(&names, gone)
    }
}

#[derive(Clone, Debug)]
pub(super) struct Column {
    pub(super) name: String,
    /// Its name when the inventory was made; nothing if it was made since.
    pub(super) before: Option<String>,
    pub(super) is_computed: bool,
}

impl Inventory {
    /// Of a database of which nothing is known: whatever is named may be there, and hold rows.
    pub fn unknown() -> Self {
        Self::default()
    }

    /// Of a database with these objects.
    pub fn of(objects: &Objects) -> Self {
        let is_table = |kind| matches!(kind, ObjectKind::Table | ObjectKind::VirtualTable);
        let tables =
            objects.all.iter().filter(|object| is_table(object.kind)).map(|object| Table {
                name: object.name.clone(),
                before: Some(object.name.clone()),
                columns: object.sql().and_then(columns_of).map(|mut columns| {
                    columns.iter_mut().for_each(|column| column.before = Some(column.name.clone()));
                    columns
                }),
                keys: object.sql().and_then(RowKeys::of).unwrap_or_default(),
            });
        Self { tables: tables.collect(), is_whole: true }
    }

    /// What `operation` destroys. The inventory follows it.
    pub fn follow(&mut self, operation: &Operation) -> Vec<Loss> {
        let mut losses = Vec::new();
        match operation {
            Operation::AlterTable(alter) => self.alter(alter, &mut losses),
            Operation::Execute(execute) => self.statements(&execute.sql, &mut losses),
            operation => {
                for sql in ddl::operation(operation).unwrap_or_default() {
                    self.statements(&sql, &mut losses);
                }
            }
        }
        losses
    }

    /// The name that a table had when the inventory was made; nothing if it was made since.
    pub(crate) fn table_before(&self, table: &str) -> Option<&str> {
        self.table(table)?.before.as_deref()
    }

    /// The name that a column had when the inventory was made; nothing if it was made since.
    pub(crate) fn column_before(&self, table: &str, column: &str) -> Option<&str> {
        let columns = self.table(table)?.columns.as_ref()?;
        columns.iter().find(|it| it.name.eq_ignore_ascii_case(column))?.before.as_deref()
    }

    fn statements(&mut self, sql: &str, losses: &mut Vec<Loss>) {
        for span in split::statements(sql) {
            statement::follow(self, span.of(sql), losses);
        }
    }

    fn table(&self, name: &str) -> Option<&Table> {
        self.tables.iter().find(|table| table.name.eq_ignore_ascii_case(name))
    }

    pub(super) fn table_mut(&mut self, name: &str) -> Option<&mut Table> {
        self.tables.iter_mut().find(|table| table.name.eq_ignore_ascii_case(name))
    }

    /// A table is made, by that statement.
    pub(super) fn create(&mut self, name: String, sql: &str) {
        self.tables.retain(|table| !table.name.eq_ignore_ascii_case(&name));
        let (columns, keys) = (columns_of(sql), RowKeys::of(sql).unwrap_or_default());
        self.tables.push(Table { name, before: None, columns, keys });
    }

    /// A table goes.
    pub(super) fn drop_table(&mut self, name: &str, losses: &mut Vec<Loss>) {
        losses.extend(self.loss(LossKind::Table, name, None));
        self.tables.retain(|table| !table.name.eq_ignore_ascii_case(name));
    }

    pub(super) fn rename_table(&mut self, from: &str, to: &str) {
        if let Some(table) = self.table_mut(from) {
            table.name = to.into();
        }
    }

    pub(super) fn add_column(&mut self, table: &str, definition: &str) {
        let first = tokens(definition).into_iter().find(Token::is_significant);
        let name = first.map(|token| unquoted(token.span.of(definition)));
        let columns = self.table_mut(table).and_then(|table| table.columns.as_mut());
        if let (Some(name), Some(columns)) = (name, columns) {
            columns.push(Column { name, before: None, is_computed: false });
        }
    }

    pub(super) fn drop_column(&mut self, table: &str, column: &str, losses: &mut Vec<Loss>) {
        losses.extend(self.loss(LossKind::Column, table, Some(column)));
        let Some(table) = self.table_mut(table) else { return };
        table.keys.drop_column(column);
        if let Some(columns) = &mut table.columns {
            columns.retain(|it| !it.name.eq_ignore_ascii_case(column));
        }
    }

    pub(super) fn rename_column(&mut self, table: &str, from: &str, to: &str) {
        let Some(table) = self.table_mut(table) else { return };
        table.keys.rename_column(from, to);
        let mut columns = table.columns.iter_mut().flatten();
        if let Some(column) = columns.find(|it| it.name.eq_ignore_ascii_case(from)) {
            column.name = to.into();
        }
    }

    fn alter(&mut self, alter: &AlterTable, losses: &mut Vec<Loss>) {
        let earlier = losses.len();
        let at_start = self.table(&alter.table).cloned();
        self.change(alter, losses);
        let (Some(at_start), Some(losses)) = (at_start, losses.get_mut(earlier..)) else { return };
        if losses.is_empty() {
            return;
        }
        // Content is kept before any of the changes: rows are found by what is there then and stays.
        let gone = at_start.losses_by(alter);
        let found_by = at_start.found_by(&gone);
        for loss in losses.iter_mut().filter(|loss| loss.can_be_kept) {
            loss.can_be_kept = found_by.is_some();
            loss.found_by.clone_from(&found_by);
        }
    }

    fn change(&mut self, alter: &AlterTable, losses: &mut Vec<Loss>) {
        let mut table = alter.table.clone();
        for change in &alter.changes {
            match change.itself() {
                TableChange::AddColumn { definition, .. } => self.add_column(&table, definition),
                TableChange::DropColumn { name, .. } => self.drop_column(&table, name, losses),
                TableChange::RenameColumn { from, to } => self.rename_column(&table, from, to),
                TableChange::SetGenerated { column, generated } => {
                    self.set_computed(&table, column, generated.is_some(), losses);
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
        let (Some(old), Some(mut new)) = (known, columns_of(sql)) else {
            losses.extend(self.loss(LossKind::Column, table, None));
            return;
        };
        for column in old {
            match new.iter_mut().find(|it| it.name.eq_ignore_ascii_case(&column.name)) {
                None => losses.extend(self.loss(LossKind::Column, table, Some(&column.name))),
                Some(same) => {
                    if same.is_computed {
                        losses.extend(self.loss(LossKind::Computed, table, Some(&column.name)));
                    }
                    same.before = column.before;
                }
            }
        }
        if let Some(table) = self.table_mut(table) {
            table.columns = Some(new);
            table.keys = RowKeys::of(sql).unwrap_or_default();
        }
    }

    /// The loss of a table, or of a column of it; nothing where there is nothing to lose.
    pub(super) fn loss(&self, kind: LossKind, table: &str, column: Option<&str>) -> Option<Loss> {
        let mut loss = Loss {
            kind,
            table: Some(table.into()),
            column: column.map(Into::into),
            statement: None,
            rows: None,
            kept: false,
            can_be_kept: false,
            found_by: None,
            counted: None,
        };
        let Some(known) = self.table(table) else { return (!self.is_whole).then_some(loss) };
        let before = known.before.as_ref()?;
        let found_by = |name: &str| known.found_by(&[name.into()]);
        loss.found_by = column.filter(|_| kind != LossKind::Rows).and_then(found_by);
        loss.can_be_kept = match kind {
            LossKind::Rows => false,
            LossKind::Table => known.columns.is_some(),
            LossKind::Column | LossKind::Computed => loss.found_by.is_some(),
        };
        let counted = |column: Option<&String>| {
            Some(Counted { table: before.clone(), column: column.cloned() })
        };
        match (column, &known.columns) {
            (None, _) if kind == LossKind::Column => {}
            (None, _) => loss.counted = counted(None),
            (Some(_), None) => {}
            (Some(name), Some(columns)) => {
                let column = columns.iter().find(|it| it.name.eq_ignore_ascii_case(name))?;
                if column.is_computed {
                    return None;
                }
                loss.counted = counted(Some(column.before.as_ref()?));
            }
        }
        Some(loss)
    }
}

/// The columns of a CREATE TABLE statement, all new.
pub(super) fn columns_of(sql: &str) -> Option<Vec<Column>> {
    let read = create_table::read(sql).ok()?;
    let columns = read.table.columns.into_iter().map(|column| Column {
        name: column.name,
        before: None,
        is_computed: column.generated.is_some(),
    });
    Some(columns.collect())
}
