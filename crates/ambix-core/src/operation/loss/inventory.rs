use super::rows::RowKeys;
use super::{Counted, FoundBy, Loss, LossKind};
use super::{reference, statement};
use crate::operation::{Directive, Operation};
use crate::schema::ForeignKey;
use crate::sqlite::create_table::{self, CreateTable};
use crate::sqlite::objects::{ObjectKind, Objects};
use crate::sqlite::quote::unquoted;
use crate::sqlite::token::{Token, tokens};
use crate::sqlite::{ddl, split};
use alloc::{format, string::String, vec::Vec};

/// The tables and columns of a database, each with the name that it had when the inventory was made.
#[derive(Clone, Debug, Default)]
pub struct Inventory {
    pub(super) tables: Vec<Table>,
    /// Whether a table that is not listed is not there.
    pub(super) is_whole: bool,
    /// Whether foreign keys are in force.
    pub(super) foreign_keys: bool,
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
    /// Its foreign keys.
    pub(super) references: Vec<ForeignKey>,
    pub(super) is_strict: bool,
    /// Whether rows were written since the inventory was made, so that its content is not what it was.
    pub(super) is_written: bool,
}

impl Table {
    /// One that is made by this statement.
    fn made(name: String, sql: Option<&str>) -> Self {
        let read = sql.and_then(|sql| create_table::read(sql).ok());
        Self {
            name,
            before: None,
            columns: read.as_ref().map(columns),
            keys: sql.and_then(RowKeys::of).unwrap_or_default(),
            references: read.as_ref().map(reference::keys).unwrap_or_default(),
            is_strict: read.is_some_and(|read| read.table.options.strict),
            is_written: false,
        }
    }

    /// The same as if the inventory were made now.
    pub(super) fn anew(&self) -> Self {
        let mut table = self.clone();
        table.before = Some(table.name.clone());
        table.is_written = false;
        for column in table.columns.iter_mut().flatten() {
            column.before = Some(column.name.clone());
            column.is_retyped = false;
            column.casts.clear();
        }
        table
    }

    /// Whether it holds what it held when the inventory was made, under the same names.
    pub(super) fn is_as_it_was(&self) -> bool {
        let is_same = |column: &Column| {
            column.before.as_ref() == Some(&column.name)
                && !column.is_retyped
                && column.casts.is_empty()
        };
        !self.is_written
            && self.before.as_ref() == Some(&self.name)
            && self.columns.as_ref().is_some_and(|columns| columns.iter().all(is_same))
    }

    pub(super) fn column(&self, name: &str) -> Option<&Column> {
        self.columns.as_ref()?.iter().find(|it| it.name.eq_ignore_ascii_case(name))
    }

    /// By what its rows are found when these columns are gone.
    pub(super) fn found_by(&self, gone: &[String]) -> Option<FoundBy> {
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
    /// Its type, as it is declared.
    pub(super) declared: String,
    /// Whether its type is another since, so that its values may not be what they were.
    pub(super) is_retyped: bool,
    /// The types that its values were converted to by CAST since.
    pub(super) casts: Vec<String>,
}

impl Inventory {
    /// Of a database of which nothing is known: whatever is named may be there, and hold rows.
    pub fn unknown() -> Self {
        Self::default()
    }

    /// Of a database with these objects.
    pub fn of(objects: &Objects) -> Self {
        let is_table = |kind| matches!(kind, ObjectKind::Table | ObjectKind::VirtualTable);
        let tables = objects.all.iter().filter(|object| is_table(object.kind));
        let tables =
            tables.map(|object| Table::made(object.name.clone(), object.sql()).anew()).collect();
        Self { tables, is_whole: true, foreign_keys: false }
    }

    /// The same of a database in which foreign keys are in force, or are not. At first they are not.
    #[must_use]
    pub fn with_foreign_keys(self, foreign_keys: bool) -> Self {
        Self { foreign_keys, ..self }
    }

    /// Whether these directives, one list behind the other, drop a table that rows of others refer to, which are
    /// lost with it where foreign keys are in force.
    pub fn drops_referred(self, directives: &[&[Directive]]) -> bool {
        let mut all = directives.iter().copied().flatten();
        let drops = |directive: &Directive| match &directive.operation {
            Operation::DropTable(_) => true,
            operation => operation.written().is_some_and(|sql| {
                tokens(sql).iter().any(|token| token.span.of(sql).eq_ignore_ascii_case("DROP"))
            }),
        };
        if !all.clone().any(drops) {
            return false;
        }
        let mut inventory = self.with_foreign_keys(true);
        let refers = |loss: Loss| loss.refers_to.is_some();
        all.any(|directive| inventory.follow(&directive.operation).into_iter().any(refers))
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

    /// Whether there is a table of that name.
    pub(crate) fn has_table(&self, table: &str) -> bool {
        self.table(table).is_some()
    }

    /// The name that a table had when the inventory was made; nothing if it was made since.
    pub(crate) fn table_before(&self, table: &str) -> Option<&str> {
        self.table(table)?.before.as_deref()
    }

    /// The name that a column had when the inventory was made; nothing if it was made since.
    pub(crate) fn column_before(&self, table: &str, column: &str) -> Option<&str> {
        self.table(table)?.column(column)?.before.as_deref()
    }

    fn statements(&mut self, sql: &str, losses: &mut Vec<Loss>) {
        for span in split::statements(sql) {
            statement::follow(self, span.of(sql), losses);
        }
    }

    pub(super) fn table(&self, name: &str) -> Option<&Table> {
        self.tables.iter().find(|table| table.name.eq_ignore_ascii_case(name))
    }

    pub(super) fn table_mut(&mut self, name: &str) -> Option<&mut Table> {
        self.tables.iter_mut().find(|table| table.name.eq_ignore_ascii_case(name))
    }

    /// A table is made, by that statement.
    pub(super) fn create(&mut self, name: String, sql: &str) {
        self.tables.retain(|table| !table.name.eq_ignore_ascii_case(&name));
        self.tables.push(Table::made(name, Some(sql)));
    }

    /// A table goes.
    pub(super) fn drop_table(&mut self, name: &str, losses: &mut Vec<Loss>) {
        losses.extend(self.loss(LossKind::Table, name, None));
        if self.foreign_keys {
            losses.extend(self.cascade(name));
        }
        self.tables.retain(|table| !table.name.eq_ignore_ascii_case(name));
    }

    /// A table gets another name, which the foreign keys to it follow.
    pub(super) fn rename_table(&mut self, from: &str, to: &str) {
        let keys = self.tables.iter_mut().flat_map(|table| &mut table.references);
        for key in keys.filter(|key| key.referred_table.eq_ignore_ascii_case(from)) {
            key.referred_table = to.into();
        }
        if let Some(table) = self.table_mut(from) {
            table.name = to.into();
        }
    }

    pub(super) fn add_column(&mut self, table: &str, definition: &str) {
        let Some(table) = self.table_mut(table) else { return };
        table.references.extend(reference::defined(definition, true));
        let probe = format!("CREATE TABLE t ({definition}\n)");
        let column = match create_table::read(&probe) {
            Ok(read) => columns(&read).into_iter().next(),
            Err(_) => {
                let first = tokens(definition).into_iter().find(Token::is_significant);
                first.map(|token| Column {
                    name: unquoted(token.span.of(definition)),
                    before: None,
                    is_computed: false,
                    declared: String::new(),
                    is_retyped: false,
                    casts: Vec::new(),
                })
            }
        };
        table.columns.iter_mut().for_each(|columns| columns.extend(column.clone()));
    }

    /// Rows of a table are written.
    pub(super) fn write(&mut self, table: &str) {
        if let Some(table) = self.table_mut(table) {
            table.is_written = true;
        }
    }

    pub(super) fn drop_column(&mut self, table: &str, column: &str, losses: &mut Vec<Loss>) {
        losses.extend(self.loss(LossKind::Column, table, Some(column)));
        let Some(table) = self.table_mut(table) else { return };
        table.keys.drop_column(column);
        let is_it = |name: &String| name.eq_ignore_ascii_case(column);
        table.references.retain(|key| !key.columns.iter().any(is_it));
        if let Some(columns) = &mut table.columns {
            columns.retain(|it| !it.name.eq_ignore_ascii_case(column));
        }
    }

    pub(super) fn rename_column(&mut self, table: &str, from: &str, to: &str) {
        for other in &mut self.tables {
            let is_own = other.name.eq_ignore_ascii_case(table);
            for key in &mut other.references {
                let own = key.columns.iter_mut().filter(|_| is_own);
                let is_referred = key.referred_table.eq_ignore_ascii_case(table);
                let referred = key.referred_columns.iter_mut().filter(|_| is_referred);
                let names = own.chain(referred).filter(|name| name.eq_ignore_ascii_case(from));
                names.for_each(|name| *name = to.into());
            }
        }
        let Some(table) = self.table_mut(table) else { return };
        table.keys.rename_column(from, to);
        let mut columns = table.columns.iter_mut().flatten();
        if let Some(column) = columns.find(|it| it.name.eq_ignore_ascii_case(from)) {
            column.name = to.into();
        }
    }

    /// The loss of a table, or of a column of it; nothing where there is nothing to lose.
    pub(super) fn loss(&self, kind: LossKind, table: &str, column: Option<&str>) -> Option<Loss> {
        let mut loss = Loss {
            kind,
            table: Some(table.into()),
            column: column.map(Into::into),
            statement: None,
            refers_to: None,
            rows: None,
            kept: false,
            can_be_kept: false,
            found_by: None,
            counted: None,
            conversion: None,
        };
        let Some(known) = self.table(table) else { return (!self.is_whole).then_some(loss) };
        let before = known.before.as_ref()?;
        let found_by = |name: &str| known.found_by(&[name.into()]);
        loss.found_by = column.filter(|_| kind != LossKind::Rows).and_then(found_by);
        loss.can_be_kept = match kind {
            LossKind::Rows => false,
            LossKind::Table => known.columns.is_some(),
            _ => loss.found_by.is_some(),
        };
        let counted = |column: Option<&String>| {
            let (table, column) = (before.clone(), column.cloned());
            Some(Counted { table, column, condition: None })
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
pub(super) fn columns(read: &CreateTable) -> Vec<Column> {
    let sql = read.table.sql.as_deref().unwrap_or_default();
    let columns = read.table.columns.iter().zip(&read.columns).map(|(column, text)| Column {
        name: column.name.clone(),
        before: None,
        is_computed: column.generated.is_some(),
        declared: text.declared_type.of(sql).into(),
        is_retyped: false,
        casts: Vec::new(),
    });
    columns.collect()
}
