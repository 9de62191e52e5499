//! SQLAlchemy's INSERT, UPDATE and DELETE as SQL: `account.update().where(account.c.id == 3).values(n=1)`.
//!
//! Source: SQLAlchemy's `SQLCompiler`, for what can be known without running anything.

use super::bulk_insert::{Target, targets};
use super::core_expression::Scope;
use super::execute::method;
use super::reader::Reader;
use crate::sqlalchemy::{Arguments, called, explain, says_nothing};
use crate::value::{Call, Kind, Origin, Value};
use ambix_core::diagnostic::Diagnostic;
use ambix_core::operation::{Execute, Operation};
use ambix_core::sqlite::quote;

/// What is done with a table.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Verb {
    Insert,
    Update,
    Delete,
}

/// A row of values: each column, by its name, and what it is set to.
type Row<'a> = Vec<(String, &'a Value)>;

/// The statements that `value` is, one for each set of `parameters` (rows of an INSERT); `None` if it is none.
pub(super) fn core_statements(
    reader: &Reader,
    given: &Arguments,
    value: &Value,
    parameters: Option<&Value>,
) -> Option<Result<Vec<Operation>, Diagnostic>> {
    let mut chain = Vec::new();
    let mut root = value;
    while let Some((of, name, call)) = method(root) {
        chain.push((name, call));
        root = of;
    }
    let (verb, table) = match beginning(reader, root) {
        Some(found) => found,
        None => {
            let table = reader.tables.declaration(root)?;
            (verb_of(chain.pop()?.0)?, table)
        }
    };
    chain.reverse();
    Some(read(reader, given, value, verb, table, &chain, parameters))
}

/// `account.update()`, `sa.update(account)`: the verb, and what declares the table.
fn beginning<'a>(reader: &Reader<'a>, root: &'a Value) -> Option<(Verb, &'a Value)> {
    let call = root.call()?;
    if let Some((name, call)) = called(root) {
        return Some((verb_of(name)?, reader.tables.declaration(call.arguments.first()?)?));
    }
    let path = call.callee.path()?;
    let (table, verb) = path.dotted.rsplit_once('.')?;
    match path.origin {
        Origin::Defined => Some((verb_of(verb)?, reader.tables.named(table)?)),
        _ => None,
    }
}

fn verb_of(name: &str) -> Option<Verb> {
    match name {
        "insert" => Some(Verb::Insert),
        "update" => Some(Verb::Update),
        "delete" => Some(Verb::Delete),
        _ => None,
    }
}

fn read(
    reader: &Reader,
    given: &Arguments,
    whole: &Value,
    verb: Verb,
    table: &Value,
    chain: &[(&str, &Call)],
    parameters: Option<&Value>,
) -> Result<Vec<Operation>, Diagnostic> {
    let source = reader.source;
    let (name, columns) = targets(source, table)?;
    let scope = Scope { reader, given, table: &name, columns: &columns };
    let mut conditions: Vec<String> = Vec::new();
    let mut rows: Vec<Row> = Vec::new();
    let mut prefix = String::new();
    for (method, call) in chain {
        match *method {
            "where" | "filter" if verb != Verb::Insert => {
                for argument in call.arguments.iter().filter(|one| !says_nothing(one)) {
                    conditions.push(scope.condition(argument)?);
                }
            }
            "values" if verb != Verb::Delete => rows.extend(values(&scope, call)?),
            "prefix_with" => {
                for argument in &call.arguments {
                    prefix += &given.expect_text("prefix_with", argument)?;
                    prefix.push(' ');
                }
            }
            "execution_options" | "inline" => {}
            other => {
                let message = format!("`.{other}()` is not read in `{}`", given.what());
                let error = source.unsupported(call.callee.span, message);
                return Err(error.hint(super::directive::WRITE_SQL));
            }
        }
    }
    if let Some(parameters) = parameters {
        let items = match &parameters.kind {
            Kind::List(items) if verb == Verb::Insert => items.as_slice(),
            _ if verb == Verb::Insert => std::slice::from_ref(parameters),
            _ => return Err(given.unexpected("parameters", "left out here", parameters)),
        };
        for item in items {
            rows.push(dict(&scope, item)?);
        }
    }
    let quoted = quote::name(&name);
    let restriction = match conditions.is_empty() {
        true => String::new(),
        false => format!(" WHERE {}", conditions.join(" AND ")),
    };
    let missing = |what: &str| Err(source.unsupported(whole.span, what));
    let texts = match verb {
        Verb::Delete => vec![format!("DELETE {prefix}FROM {quoted}{restriction}")],
        Verb::Update => {
            let mut all: Row = Vec::new();
            for (column, value) in rows.into_iter().flatten() {
                all.retain(|(set, _)| *set != column);
                all.push((column, value));
            }
            let sets = in_order(&scope, &all)?;
            if sets.is_empty() {
                return missing("The UPDATE sets no column");
            }
            let sets: Vec<String> =
                sets.into_iter().map(|(column, sql)| format!("{column}={sql}")).collect();
            vec![format!("UPDATE {prefix}{quoted} SET {}{restriction}", sets.join(", "))]
        }
        Verb::Insert => {
            if rows.is_empty() {
                return missing("The INSERT has no values");
            }
            let mut texts = Vec::with_capacity(rows.len());
            for row in &rows {
                let (names, values): (Vec<_>, Vec<_>) = in_order(&scope, row)?.into_iter().unzip();
                texts.push(match names.is_empty() {
                    true => format!("INSERT {prefix}INTO {quoted} DEFAULT VALUES"),
                    false => format!(
                        "INSERT {prefix}INTO {quoted} ({}) VALUES ({})",
                        names.join(", "),
                        values.join(", ")
                    ),
                });
            }
            texts
        }
    };
    Ok(texts.into_iter().map(|sql| Operation::Execute(Execute::new(sql))).collect())
}

/// What `.values(…)` is given: keywords, a dict, or a list of dicts.
fn values<'a>(scope: &Scope, call: &'a Call) -> Result<Vec<Row<'a>>, Diagnostic> {
    let keywords: Row = call.keywords.iter().map(|one| (one.name.clone(), &one.value)).collect();
    let mut rows = Vec::new();
    for argument in &call.arguments {
        match &argument.kind {
            Kind::List(items) => {
                for item in items {
                    rows.push(dict(scope, item)?);
                }
            }
            _ => rows.push(dict(scope, argument)?),
        }
    }
    if !keywords.is_empty() {
        rows.push(keywords);
    }
    Ok(rows)
}

fn dict<'a>(scope: &Scope, value: &'a Value) -> Result<Row<'a>, Diagnostic> {
    match &value.kind {
        Kind::Dict(entries) => {
            let entries =
                entries.iter().map(|(key, value)| match (key.text(), scope.column(key)) {
                    (Some(name), _) => Ok((name.to_string(), value)),
                    (None, Some(column)) => Ok((column.name.clone(), value)),
                    (None, None) => Err(unexpected(scope, "columns as keys", key)),
                });
            entries.collect()
        }
        Kind::Call(call) if super::stored::is_dict_call(value) && call.arguments.is_empty() => {
            Ok(call.keywords.iter().map(|one| (one.name.clone(), &one.value)).collect())
        }
        _ => Err(unexpected(scope, "a dict", value)),
    }
}

fn unexpected(scope: &Scope, expected: &str, value: &Value) -> Diagnostic {
    let source = scope.given.source();
    let message = format!(
        "`.values()` in `{}` must have {expected}, not {}",
        scope.given.what(),
        value.describe()
    );
    explain(source, value, source.unsupported(value.span, message))
}

/// Columns with what they are set to as SQL, in the order of the table.
fn in_order(scope: &Scope, row: &Row) -> Result<Vec<(String, String)>, Diagnostic> {
    let known = |name: &str| scope.columns.iter().any(|column| column.name == name);
    if let Some((name, value)) = row.iter().find(|(name, _)| !known(name)) {
        let message = format!("Unconsumed column names: {name}");
        let hint = format!("Add the column to the table '{}' in the script.", scope.table);
        return Err(scope.given.source().unsupported(value.span, message).hint(hint));
    }
    let mut set = Vec::with_capacity(row.len());
    for Target { name, data_type, .. } in scope.columns {
        if let Some((_, value)) = row.iter().rev().find(|(column, _)| column == name) {
            set.push((quote::name(name), scope.value(value, data_type.as_ref())?));
        }
    }
    Ok(set)
}
