use super::column::{ColumnDeclaration, column};
use super::constraint::constraint;
use super::index::{IndexDeclaration, index, standard_name};
use super::sql::Columns;
use super::{Arguments, called, check_of_type, explain};
use crate::evaluate::repr_of;
use crate::syntax::Source;
use crate::value::Value;
use ambix_core::diagnostic::{Diagnostic, Span};
use ambix_core::schema::{
    Check, Column, Constraint, ForeignKey, Index, IndexKey, PrimaryKey, Table, TableOptions, Unique,
};

/// A table as it is declared, before SQLAlchemy's rules are applied to it.
#[derive(Default)]
pub(crate) struct TableDeclaration {
    pub(crate) name: String,
    pub(crate) columns: Vec<ColumnDeclaration>,
    /// Constraints that are written out, each with its place.
    pub(crate) constraints: Vec<(Constraint, Span)>,
    pub(crate) indexes: Vec<IndexDeclaration>,
    pub(crate) options: TableOptions,
    pub(crate) comment: Option<String>,
    /// What Python shows of `info`.
    pub(crate) info: Option<String>,
    pub(crate) dialect_options: Vec<(String, String)>,
    /// The columns that a CHECK is about, by its place; none if it is not known which comes first.
    pub(crate) about: Vec<(Span, Vec<String>)>,
}

/// A table by SQLAlchemy's rules.
pub(crate) struct Built {
    pub(crate) table: Table,
    pub(crate) indexes: Vec<Index>,
    /// Those of its constraints that types made, by their number, each with its column.
    pub(crate) type_checks: Vec<(usize, Vec<String>)>,
    /// The same of CHECKs on expressions; no columns if it is not known which comes first.
    pub(crate) about: Vec<(usize, Vec<String>)>,
    /// The columns that are called otherwise than their name, each by its key.
    pub(crate) keys: Vec<(String, String)>,
}

/// One thing that `op.create_table` or `__table_args__` lists.
pub(crate) enum TableItem {
    Column(ColumnDeclaration),
    Constraint(Constraint, Span),
    Index(IndexDeclaration),
}

/// The item that a value declares; `None` if it declares none.
pub(crate) fn table_item(
    source: Source,
    value: &Value,
    columns: Columns,
) -> Option<Result<TableItem, Diagnostic>> {
    let (class, call) = called(value)?;
    Some(match class {
        "Column" => column(source, class, call, value.span).map(TableItem::Column),
        "Index" => index(source, call, value.span, columns).map(TableItem::Index),
        _ => constraint(source, class, call, value.span, columns)?
            .map(|constraint| TableItem::Constraint(constraint, value.span)),
    })
}

/// Takes what a call of `Table` or `op.create_table` lists after the name of the table, and the
/// keyword arguments that SQLite knows.
pub(crate) fn table_arguments(
    name: String,
    given: &mut Arguments,
) -> Result<TableDeclaration, Diagnostic> {
    let source = given.source();
    let mut declaration = TableDeclaration { name, ..TableDeclaration::default() };
    while let Some(value) = given.next() {
        match table_item(source, value, &|_| None) {
            Some(item) => declaration.push(item?),
            None => {
                let message = format!("{} is not read in `{}`", value.describe(), given.what());
                return Err(explain(source, value, source.unsupported(value.span, message)));
            }
        }
    }
    declaration.table_options(given)?;
    Ok(declaration)
}

impl TableDeclaration {
    /// Takes the keyword arguments of a table that SQLite knows, and what is noted of it.
    pub(crate) fn table_options(&mut self, given: &mut Arguments) -> Result<(), Diagnostic> {
        self.dialect_options = given.dialect_options();
        let autoincrement = given.flag("sqlite_autoincrement")?.unwrap_or(false);
        let without_rowid = !given.flag("sqlite_with_rowid")?.unwrap_or(true);
        let strict = given.flag("sqlite_strict")?.unwrap_or(false);
        self.options = TableOptions { strict, without_rowid, autoincrement };
        // What is no text is of no use to SQLite either.
        self.comment = given.keyword("comment").and_then(Value::text).map(Into::into);
        let info = given.keyword("info").filter(|info| !info.is_nothing());
        self.info = info.and_then(repr_of).filter(|info| info != "{}");
        given.ignore(&["extend_existing", "keep_existing", "implicit_returning"]);
        given.ignore(&["quote", "quote_schema", "resolve_fks", "must_exist"]);
        given.ignore_other_dialects();
        Ok(())
    }

    /// Adds an item.
    pub(crate) fn push(&mut self, item: TableItem) {
        match item {
            TableItem::Column(column) => self.columns.push(column),
            TableItem::Constraint(constraint, span) => self.constraints.push((constraint, span)),
            TableItem::Index(index) => self.indexes.push(index),
        }
    }

    /// The table and its indexes by SQLAlchemy's rules: what a column says about keys, uniqueness
    /// and indexes becomes constraints and indexes, in the order in which SQLAlchemy makes them.
    pub(crate) fn build(self, source: Source) -> Result<Built, Diagnostic> {
        let name = self.name;
        let mut explicit = self.constraints;
        let mut derived: Vec<Constraint> = Vec::new();
        let mut indexes: Vec<Index> = Vec::new();
        let mut columns: Vec<Column> = Vec::new();
        let mut key_columns: Vec<String> = Vec::new();
        let mut type_checks: Vec<(usize, Vec<String>)> = Vec::new();
        let mut conflicts: Vec<ColumnConflicts> = Vec::new();
        let written_key: Vec<String> = explicit
            .iter()
            .find_map(|(constraint, _)| match constraint {
                Constraint::PrimaryKey(key) => Some(key.columns.clone()),
                _ => None,
            })
            .unwrap_or_default();
        let mut keys: Vec<(String, String)> = Vec::new();
        for declared in self.columns.into_iter().filter(|column| !column.is_system) {
            let Some(column_name) = declared.name else {
                return Err(source.unsupported(declared.span, "The column has no name"));
            };
            if columns.iter().any(|column| column.name == column_name) {
                let message = format!("A column with name '{column_name}' is already present");
                return Err(source.unsupported(declared.span, message));
            }
            if declared.conflict_key.is_some() || declared.conflict_unique.is_some() {
                conflicts.push(ColumnConflicts {
                    column: column_name.clone(),
                    key: declared.conflict_key,
                    unique: declared.conflict_unique,
                });
            }
            let known_as = declared.key.as_ref().unwrap_or(&column_name);
            let is_key = declared.primary_key || written_key.contains(known_as);
            if let Some(key) = declared.key {
                keys.push((key, column_name.clone()));
            }
            if declared.primary_key {
                key_columns.push(column_name.clone());
            }
            let is_unique = declared.unique == Some(true);
            if declared.index == Some(true) {
                indexes.push(Index {
                    name: standard_name(&name, &column_name),
                    table: name.clone(),
                    keys: vec![IndexKey::Column(column_name.clone())],
                    unique: is_unique,
                    predicate: None,
                    sql: None,
                });
            } else if is_unique {
                let columns = vec![column_name.clone()];
                derived.push(Constraint::Unique(Unique { columns, ..Unique::default() }));
            }
            let data_type = declared.data_type;
            if let Some(check) = data_type.as_ref().and_then(check_of_type) {
                type_checks.push((derived.len(), vec![column_name.clone()]));
                derived.push(Constraint::Check(check.of(&column_name)));
            }
            for (key, _) in declared.foreign_keys {
                let columns = vec![column_name.clone()];
                derived.push(Constraint::ForeignKey(ForeignKey { columns, ..key }));
            }
            for (check, span) in declared.checks {
                explicit.push((Constraint::Check(Check { in_column: true, ..check }), span));
            }
            columns.push(Column {
                nullable: declared.nullable.unwrap_or(!is_key),
                on_conflict: declared.conflict_not_null,
                default: declared.default,
                autoincrement: declared.autoincrement,
                ignores_foreign_key: declared.ignores_foreign_key,
                identity: declared.identity,
                comment: declared.comment,
                info: declared.info,
                generated: declared.generated,
                ..Column::new(column_name, data_type)
            });
        }
        for (constraint, span) in &mut explicit {
            if let Constraint::PrimaryKey(PrimaryKey { columns, .. })
            | Constraint::Unique(Unique { columns, .. })
            | Constraint::ForeignKey(ForeignKey { columns, .. }) = constraint
            {
                columns.iter_mut().for_each(|column| by_key(&keys, column));
            }
            check_columns(source, &name, &columns, constraint, *span)?;
        }
        ambix_core::sort::sort_by_key(&mut explicit, |(_, span)| span.start);
        let (of_key, others): (Vec<_>, Vec<_>) =
            explicit.into_iter().partition(|(one, _)| matches!(one, Constraint::PrimaryKey(_)));
        let mut constraints: Vec<Constraint> = of_key.into_iter().map(|(one, _)| one).collect();
        if constraints.is_empty() && !key_columns.is_empty() {
            let key = PrimaryKey { columns: key_columns, ..PrimaryKey::default() };
            constraints.push(Constraint::PrimaryKey(key));
        }
        let mut about = Vec::new();
        for (constraint, span) in others {
            let known = self.about.iter().find(|(at, _)| *at == span);
            about.extend(known.map(|(_, columns)| (constraints.len(), columns.clone())));
            constraints.push(constraint);
        }
        type_checks.iter_mut().for_each(|(at, _)| *at += constraints.len());
        constraints.extend(derived);
        settle_conflicts(&mut constraints, &conflicts, self.options.autoincrement);
        for mut declared in self.indexes {
            for key in &mut declared.keys {
                if let IndexKey::Column(column) = key {
                    by_key(&keys, column);
                }
            }
            indexes.push(declared.among(source, &name, &columns)?);
        }
        let table = Table {
            name,
            columns,
            constraints,
            options: self.options,
            comment: self.comment,
            info: self.info,
            dialect_options: self.dialect_options,
            sql: None,
        };
        Ok(Built { table, indexes, type_checks, about, keys })
    }
}

/// The name of the column that is called so.
pub(crate) fn by_key(keys: &[(String, String)], column: &mut String) {
    if let Some((_, name)) = keys.iter().find(|(key, _)| key == column) {
        column.clone_from(name);
    }
}

/// What a column says of conflicts with constraints that it is alone in.
struct ColumnConflicts {
    column: String,
    key: Option<String>,
    unique: Option<String>,
}

/// Gives constraints of one column what that column says of conflicts, unless they say it themselves. A key with
/// AUTOINCREMENT is written in its column, and so only that counts.
fn settle_conflicts(
    constraints: &mut [Constraint],
    conflicts: &[ColumnConflicts],
    autoincrement: bool,
) {
    let of = |columns: &[String]| match columns {
        [one] => conflicts.iter().find(|conflict| conflict.column == *one),
        _ => None,
    };
    for constraint in constraints {
        match constraint {
            Constraint::PrimaryKey(key) => {
                let said = of(&key.columns).and_then(|conflict| conflict.key.clone());
                let own = key.on_conflict.take().filter(|_| !autoincrement);
                key.on_conflict = own.or(said);
            }
            Constraint::Unique(unique) if unique.on_conflict.is_none() => {
                unique.on_conflict =
                    of(&unique.columns).and_then(|conflict| conflict.unique.clone());
            }
            _ => {}
        }
    }
}

fn check_columns(
    source: Source,
    table: &str,
    columns: &[Column],
    constraint: &Constraint,
    span: Span,
) -> Result<(), Diagnostic> {
    let (class, names) = match constraint {
        Constraint::PrimaryKey(key) => ("PrimaryKeyConstraint", &key.columns),
        Constraint::Unique(unique) => ("UniqueConstraint", &unique.columns),
        Constraint::ForeignKey(key) => ("ForeignKeyConstraint", &key.columns),
        Constraint::Check(_) => return Ok(()),
    };
    present(source, class, table, columns, names.iter().map(String::as_str), span)
}

/// That a table has the columns that an index names.
pub(super) fn check_keys(
    source: Source,
    table: &str,
    columns: &[Column],
    index: &Index,
    span: Span,
) -> Result<(), Diagnostic> {
    let names = index.keys.iter().filter_map(|key| match key {
        IndexKey::Column(name) => Some(name.as_str()),
        IndexKey::Expression(_) => None,
    });
    present(source, "Index", table, columns, names, span)
}

/// SQLAlchemy's message where a constraint or an index names a column that the table does not have.
fn present<'a>(
    source: Source,
    class: &str,
    table: &str,
    columns: &[Column],
    mut names: impl Iterator<Item = &'a str>,
    span: Span,
) -> Result<(), Diagnostic> {
    match names.find(|name| !columns.iter().any(|column| column.name == *name)) {
        None => Ok(()),
        Some(name) => {
            let message = format!(
                "Can't create {class} on table '{table}': no column named '{name}' is present."
            );
            Err(source.unsupported(span, message))
        }
    }
}
