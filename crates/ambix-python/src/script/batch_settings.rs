//! The arguments of `op.batch_alter_table`.

use super::alter_column::apart;
use super::constraint::is_none;
use super::reader::Reader;
use crate::sqlalchemy::{
    Arguments, Built, ColumnDeclaration, TableItem, called, check_of_type, explain,
    table_arguments, table_item,
};
use crate::value::{Kind, Value};
use ambix_core::diagnostic::{Diagnostic, Span};
use ambix_core::operation::{Recreate, TableChange};
use ambix_core::schema::{Constraint, NamingConvention};
use ambix_core::sqlite::ddl;

/// What a batch is opened with.
pub(super) struct Settings {
    pub(super) table: String,
    pub(super) recreate: Recreate,
    /// The templates of `naming_convention`.
    pub(super) convention: Vec<(String, String)>,
    /// `copy_from`: what the table is, as its CREATE TABLE and those of its indexes.
    pub(super) given: Option<String>,
    /// What happens before the changes if the table is made anew: `reflect_args`.
    pub(super) before: Vec<TableChange>,
    /// What happens behind them: `table_args`, `partial_reordering`, `table_kwargs`.
    pub(super) after: Vec<TableChange>,
}

/// Reads the arguments.
pub(super) fn settings(reader: &Reader, mut given: Arguments) -> Result<Settings, Diagnostic> {
    let table = given.required_text("table_name")?;
    if let Some(value) = given.either("schema")
        && !is_none(value)
    {
        return Err(given
            .source()
            .unsupported(value.span, "`schema` of `op.batch_alter_table` is not supported")
            .hint("A revision changes the one database that it is run on, and no attached one."));
    }
    let recreate = recreate(&mut given)?;
    let mut after = Vec::new();
    if let Some(value) = given.either("partial_reordering") {
        after.extend(reordering(&given, value)?);
    }
    let copy_from = match given.either("copy_from").filter(|value| !is_none(value)) {
        Some(value) => Some(copied(reader, &given, value)?),
        None => None,
    };
    if let Some(value) = given.either("table_args") {
        let mut constraints = table_args(reader, &given, &table, value)?;
        constraints.append(&mut after);
        after = constraints;
    }
    if let Some(value) = given.either("table_kwargs") {
        after.extend(table_kwargs(&given, value)?);
    }
    let before = match given.either("reflect_args") {
        Some(value) => reflect_args(reader, &given, &table, value)?,
        None => Vec::new(),
    };
    if let Some(value) = given.either("reflect_kwargs") {
        refuse_listeners(&given, value)?;
    }
    let convention = match given.either("naming_convention") {
        Some(value) => convention(&given, value)?,
        None => Vec::new(),
    };
    given.finish()?;
    Ok(Settings { table, recreate, convention, given: copy_from, before, after })
}

fn recreate(given: &mut Arguments) -> Result<Recreate, Diagnostic> {
    let Some(value) = given.either("recreate") else { return Ok(Recreate::Auto) };
    match value.text() {
        Some("auto") => Ok(Recreate::Auto),
        Some("always") => Ok(Recreate::Always),
        Some("never") => Ok(Recreate::Never),
        _ => Err(given
            .source()
            .unsupported(value.span, "recreate may be one of 'auto', 'always', or 'never'.")),
    }
}

fn reordering(given: &Arguments, value: &Value) -> Result<Option<TableChange>, Diagnostic> {
    if value.is_nothing() {
        return Ok(None);
    }
    let expected = "a list of tuples of columns' names";
    let unexpected = |value: &Value| given.unexpected("partial_reordering", expected, value);
    let mut orders = Vec::new();
    for list in value.items().ok_or_else(|| unexpected(value))? {
        let names = list.items().ok_or_else(|| unexpected(list))?;
        let names = names.iter().map(|name| given.expect_text("partial_reordering", name));
        orders.push(names.collect::<Result<Vec<_>, _>>()?);
    }
    Ok((!orders.is_empty()).then_some(TableChange::Reorder { orders }))
}

/// The table of `copy_from`, as its CREATE TABLE.
fn copied(reader: &Reader, given: &Arguments, value: &Value) -> Result<String, Diagnostic> {
    let source = given.source();
    let declared = reader.tables.declaration(value).and_then(|declared| {
        called(declared).filter(|(class, _)| *class == "Table").map(|(_, call)| (declared, call))
    });
    let Some((declared, call)) = declared else {
        let expected = "a `sa.Table(…)`, or a name that one was given before";
        return Err(given.unexpected("copy_from", expected, value));
    };
    let mut arguments = Arguments::of(source, "Table", call, declared.span);
    let name = arguments.required_text("name")?;
    arguments.required("metadata")?;
    let declaration = table_arguments(name, &mut arguments)?;
    arguments.refuse(&["schema"])?;
    arguments.ignore(&["autoload_with", "prefixes", "quote", "listeners"]);
    arguments.finish()?;
    let mut built = declaration.build(source)?;
    reader.name_built(&mut built, declared.span)?;
    let Built { table, indexes, .. } = built;
    let mut sql = ddl::create_table(&table)
        .map_err(|unknown| source.unsupported(declared.span, unknown.to_string()))?;
    for index in &indexes {
        sql += ";\n";
        sql += &ddl::create_index(index);
    }
    Ok(sql)
}

/// The constraints of `table_args`. Those that the table has already are not added again.
fn table_args(
    reader: &Reader,
    given: &Arguments,
    table: &str,
    value: &Value,
) -> Result<Vec<TableChange>, Diagnostic> {
    let mut changes = Vec::new();
    for item in items(given, "table_args", value)? {
        match table_item(given.source(), item, &|_| None).transpose()? {
            Some(TableItem::Constraint(constraint, span)) => {
                changes.push(kept(reader, constraint, table, span)?);
            }
            _ => {
                return Err(given.unexpected_but(
                    "table_args",
                    "constraints",
                    item,
                    "Columns and indexes have directives of their own.",
                ));
            }
        }
    }
    Ok(changes)
}

fn items<'a>(given: &Arguments, name: &str, value: &'a Value) -> Result<&'a [Value], Diagnostic> {
    value.items().ok_or_else(|| given.unexpected(name, "a tuple", value))
}

/// A constraint that is added unless the table has it.
fn kept(
    reader: &Reader,
    mut constraint: Constraint,
    table: &str,
    span: Span,
) -> Result<TableChange, Diagnostic> {
    reader.name_constraint(&mut constraint, table, span)?;
    let definition = ddl::constraint(&constraint);
    Ok(TableChange::IfNeeded(Box::new(TableChange::AddConstraint { definition })))
}

fn table_kwargs(given: &Arguments, value: &Value) -> Result<Option<TableChange>, Diagnostic> {
    let entries = dict(given, "table_kwargs", value)?;
    let (mut strict, mut without_rowid, mut autoincrement) = (None, None, None);
    for (key, value) in entries {
        let flag = || match value.kind {
            Kind::Bool(flag) => Ok(flag),
            _ => Err(given.unexpected("table_kwargs", "True or False", value)),
        };
        match key {
            "sqlite_strict" => strict = Some(flag()?),
            "sqlite_with_rowid" => without_rowid = Some(!flag()?),
            "sqlite_autoincrement" => autoincrement = Some(flag()?),
            "comment" | "info" | "extend_existing" | "keep_existing" | "quote" => {}
            _ if ["mysql_", "mariadb_", "postgresql_", "oracle_", "mssql_"]
                .iter()
                .any(|dialect| key.starts_with(dialect)) => {}
            _ => {
                let message = format!("'{key}' of `table_kwargs` is not supported");
                return Err(given.source().unsupported(value.span, message));
            }
        }
    }
    let says = strict.is_some() || without_rowid.is_some() || autoincrement.is_some();
    Ok(says.then_some(TableChange::SetOptions { strict, without_rowid, autoincrement }))
}

/// The entries of a dict with texts for keys.
fn dict<'a>(
    given: &Arguments,
    name: &str,
    value: &'a Value,
) -> Result<Vec<(&'a str, &'a Value)>, Diagnostic> {
    match &value.kind {
        Kind::None => Ok(Vec::new()),
        Kind::Dict(entries) => entries
            .iter()
            .map(|(key, value)| match key.text() {
                Some(key) => Ok((key, value)),
                None => Err(given.unexpected(name, "a dict with strings for keys", key)),
            })
            .collect(),
        // `dict(sqlite_autoincrement=True)`
        Kind::Call(call)
            if call.callee.path().is_some_and(|path| path.dotted == "dict")
                && call.arguments.is_empty() =>
        {
            Ok(call.keywords.iter().map(|word| (word.name.as_str(), &word.value)).collect())
        }
        _ => Err(given.unexpected(name, "a dict", value)),
    }
}

/// What `reflect_args` say of columns otherwise than the table does.
fn reflect_args(
    reader: &Reader,
    given: &Arguments,
    table: &str,
    value: &Value,
) -> Result<Vec<TableChange>, Diagnostic> {
    let source = given.source();
    let mut changes = Vec::new();
    for item in items(given, "reflect_args", value)? {
        match table_item(source, item, &|_| None) {
            Some(Ok(TableItem::Column(column))) => {
                reflected(reader, table, column, &mut changes)?;
            }
            Some(Ok(TableItem::Constraint(constraint, span))) => {
                changes.push(kept(reader, constraint, table, span)?);
            }
            Some(Err(error)) => return Err(error),
            Some(Ok(TableItem::Index(_))) | None => {
                let message = format!("{} is not read in `reflect_args`", item.describe());
                return Err(explain(source, item, source.unsupported(item.span, message)));
            }
        }
    }
    Ok(changes)
}

/// What a column is taken to be instead of what the database says of it.
fn reflected(
    reader: &Reader,
    table: &str,
    declared: ColumnDeclaration,
    changes: &mut Vec<TableChange>,
) -> Result<(), Diagnostic> {
    let source = reader.source;
    let span = declared.span;
    let Some(name) = declared.name.clone() else {
        return Err(source.unsupported(span, "The column has no name"));
    };
    let column = || name.clone();
    if let Some(data_type) = &declared.data_type {
        let (data_type, collation) = apart(data_type.clone());
        let data_type =
            data_type.sql().map_err(|unknown| source.unsupported(span, unknown.to_string()))?;
        changes.push(TableChange::SetType { column: column(), data_type, cast: false });
        if collation.is_some() {
            changes.push(TableChange::SetCollation { column: column(), collation });
        }
    }
    if declared.generated.is_none() {
        let default = declared.default.as_ref().map(ddl::default_sql);
        changes.push(TableChange::SetDefault { column: column(), default });
    }
    if declared.nullable.is_some() || !declared.primary_key {
        let nullable = declared.nullable.unwrap_or(true);
        changes.push(TableChange::SetNullable { column: column(), nullable });
    }
    let mut constraints: Vec<Constraint> = Vec::new();
    if let Some(made) = declared.data_type.as_ref().and_then(check_of_type) {
        constraints.push(Constraint::Check(made.of(&name)));
    }
    for (key, _) in declared.foreign_keys {
        let columns = vec![column()];
        constraints.push(Constraint::ForeignKey(ambix_core::schema::ForeignKey { columns, ..key }));
    }
    constraints.extend(declared.checks.into_iter().map(|(check, _)| Constraint::Check(check)));
    for constraint in constraints {
        changes.push(kept(reader, constraint, table, span)?);
    }
    Ok(())
}

/// A listener is Python, which is not run; what else there is says how to reflect, which is not done.
fn refuse_listeners(given: &Arguments, value: &Value) -> Result<(), Diagnostic> {
    for (key, value) in dict(given, "reflect_kwargs", value)? {
        let is_empty = value.is_nothing() || value.items().is_some_and(<[Value]>::is_empty);
        if key == "listeners" && !is_empty {
            let message = "`listeners` of `reflect_kwargs` are Python, which is not run";
            let hint = "Say what they would change with `reflect_args=[sa.Column(…)]`.";
            return Err(given.source().unsupported(value.span, message).hint(hint));
        }
    }
    Ok(())
}

/// The templates of `naming_convention`, by SQLAlchemy's words for the kinds.
fn convention(given: &Arguments, value: &Value) -> Result<Vec<(String, String)>, Diagnostic> {
    let mut templates = Vec::new();
    for (key, template) in dict(given, "naming_convention", value)? {
        if !NamingConvention::empty().set(key, "") {
            let message = format!("'{key}' of `naming_convention` is not read yet");
            return Err(given.source().unsupported(template.span, message));
        }
        templates.push((key.into(), given.expect_text("naming_convention", template)?));
    }
    Ok(templates)
}
