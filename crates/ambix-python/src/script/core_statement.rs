//! SQLAlchemy's INSERT, UPDATE and DELETE as SQL: `account.update().where(account.c.id == 3).values(n=1)`.
//!
//! Source: SQLAlchemy's `SQLCompiler`, for what can be known without running anything.

use super::bulk_insert::{Target, targets, unknown_default};
use super::core_expression::with_tables;
use super::execute::method;
use super::reader::Reader;
use crate::sqlalchemy::{ALONE, Arguments, Expressions, called, explain};
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

/// The statements that `value` is, one for each set of `parameters` (rows of an INSERT); `None` if it is none. A
/// SELECT is one too, of which nobody takes the rows.
pub(super) fn core_statements(
    reader: &Reader,
    given: &Arguments,
    value: &Value,
    parameters: Option<&Value>,
) -> Option<Result<Vec<Operation>, Diagnostic>> {
    let select = with_tables(reader, given, Vec::new(), |all| all.subquery(value)).transpose();
    if let Some(select) = select {
        return Some(select.map(|sql| vec![Operation::Execute(Execute::new(sql))]));
    }
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

/// What a statement is read with.
struct Scope<'a, 's> {
    given: &'a Arguments<'s>,
    expressions: &'a Expressions<'a>,
    table: &'a str,
    columns: &'a [Target<'a>],
}

/// What the methods of a statement said of it.
#[derive(Default)]
struct Said<'a> {
    conditions: Vec<Value>,
    rows: Vec<Row<'a>>,
    /// `OR IGNORE `
    prefix: String,
    /// ` ON CONFLICT DO NOTHING`
    conflict: String,
    /// The columns of `from_select` with the SELECT.
    selected: Option<(Vec<String>, String)>,
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
    let (name, columns) = targets(reader.source, table)?;
    let around = if verb == Verb::Insert { Vec::new() } else { vec![name.clone()] };
    let texts = with_tables(reader, given, around, |expressions| {
        let scope = Scope { given, expressions, table: &name, columns: &columns };
        let mut said = said(&scope, verb, chain)?;
        if let Some(parameters) = parameters {
            let items = match &parameters.kind {
                Kind::List(items) if verb == Verb::Insert => items.as_slice(),
                _ if verb == Verb::Insert => std::slice::from_ref(parameters),
                _ => return Err(given.unexpected("parameters", "left out here", parameters)),
            };
            for item in items {
                said.rows.push(dict(&scope, item)?);
            }
        }
        texts(&scope, whole, verb, said)
    })?;
    Ok(texts.into_iter().map(|sql| Operation::Execute(Execute::new(sql))).collect())
}

fn said<'a>(scope: &Scope, verb: Verb, chain: &[(&str, &'a Call)]) -> Result<Said<'a>, Diagnostic> {
    let mut said = Said::default();
    let given = scope.given;
    for (method, call) in chain {
        match *method {
            "where" | "filter" if verb != Verb::Insert => {
                said.conditions.extend(call.arguments.iter().cloned());
            }
            "values" if verb != Verb::Delete => said.rows.extend(values(scope, call)?),
            "from_select" if verb == Verb::Insert => {
                let mut inner =
                    Arguments::of(given.source(), ".from_select", call, call.callee.span);
                let names = inner.required("names")?;
                let items =
                    names.items().ok_or_else(|| inner.unexpected("names", "a list", names))?;
                let names = items.iter().map(|item| column_name(scope, item));
                let names = names.collect::<Result<Vec<String>, Diagnostic>>()?;
                let select = inner.required("select")?;
                let defaults = inner.flag("include_defaults")?.unwrap_or(true);
                let left_out = scope
                    .columns
                    .iter()
                    .find(|column| column.default.is_some() && !names.contains(&column.name));
                if let (true, Some(column)) = (defaults, left_out) {
                    let message =
                        format!("The default of the column '{}' is left out", column.name);
                    let error = given.source().unsupported(select.span, message);
                    return Err(
                        error.hint("Select its value too, or pass `include_defaults=False`.")
                    );
                }
                let Some(sql) = scope.expressions.subquery(select)? else {
                    return Err(inner.unexpected("select", "a `sa.select(…)`", select));
                };
                inner.finish()?;
                said.selected = Some((names, sql));
            }
            "on_conflict_do_nothing" | "on_conflict_do_update" if verb == Verb::Insert => {
                let updates = *method == "on_conflict_do_update";
                said.conflict += &on_conflict(scope, call, updates)?;
            }
            "prefix_with" => {
                for argument in &call.arguments {
                    said.prefix += &given.expect_text("prefix_with", argument)?;
                    said.prefix.push(' ');
                }
            }
            "execution_options" | "inline" => {}
            other => {
                let message = format!("`.{other}()` is not read in `{}`", given.what());
                let error = given.source().unsupported(call.callee.span, message);
                return Err(error.hint(super::directive::WRITE_SQL));
            }
        }
    }
    Ok(said)
}

/// ` ON CONFLICT (…) DO …`, of the INSERT of SQLAlchemy's dialect of SQLite.
fn on_conflict(scope: &Scope, call: &Call, updates: bool) -> Result<String, Diagnostic> {
    let source = scope.given.source();
    let mut given = Arguments::of(source, ".on_conflict_do_…", call, call.callee.span);
    let mut sql = String::from(" ON CONFLICT");
    if let Some(keys) = given.either("index_elements").filter(|keys| !keys.is_nothing()) {
        let keys =
            keys.items().ok_or_else(|| given.unexpected("index_elements", "a list", keys))?;
        let keys = keys.iter().map(|key| Ok(quote::name(&column_name(scope, key)?)));
        let keys = keys.collect::<Result<Vec<String>, Diagnostic>>()?;
        sql += &format!(" ({})", keys.join(", "));
    }
    let clause = |condition: Option<&Value>| match condition {
        Some(value) if !value.is_nothing() => {
            let value = std::slice::from_ref(value);
            Ok(format!(" WHERE {}", scope.expressions.conditions(value)?))
        }
        _ => Ok(String::new()),
    };
    sql += &clause(given.either("index_where"))?;
    if updates {
        let set = given.required("set_")?;
        let set = in_order(scope, &dict(scope, set)?, false)?;
        let set: Vec<String> =
            set.iter().map(|(name, value)| format!("{name} = {value}")).collect();
        sql += &format!(" DO UPDATE SET {}", set.join(", "));
        sql += &clause(given.either("where"))?;
    } else {
        sql += " DO NOTHING";
    }
    given.finish()?;
    Ok(sql)
}

/// The statements: one, or one for each row of an INSERT.
fn texts(scope: &Scope, whole: &Value, verb: Verb, said: Said) -> Result<Vec<String>, Diagnostic> {
    let Said { rows, prefix, conflict, .. } = &said;
    let quoted = quote::name(scope.table);
    let missing = |what: &str| Err(scope.given.source().unsupported(whole.span, what));
    let restriction = || {
        let conditions = scope.expressions.conditions(&said.conditions)?;
        let words = if conditions.is_empty() { "" } else { " WHERE " };
        Ok(format!("{words}{conditions}"))
    };
    Ok(match verb {
        Verb::Delete => vec![format!("DELETE {prefix}FROM {quoted}{}", restriction()?)],
        Verb::Update => {
            let mut all: Row = Vec::new();
            for (column, value) in rows.iter().flatten() {
                all.retain(|(set, _)| set != column);
                all.push((column.clone(), value));
            }
            let sets = in_order(scope, &all, false)?;
            if sets.is_empty() {
                return missing("The UPDATE sets no column");
            }
            let sets: Vec<String> =
                sets.into_iter().map(|(column, sql)| format!("{column}={sql}")).collect();
            let restriction = restriction()?;
            let others = scope.expressions.other_tables();
            let from = if others.is_empty() { "" } else { " FROM " };
            let sets = sets.join(", ");
            vec![format!("UPDATE {prefix}{quoted} SET {sets}{from}{others}{restriction}")]
        }
        Verb::Insert => {
            if let Some((names, select)) = &said.selected {
                let names: Vec<String> = names.iter().map(|name| quote::name(name)).collect();
                return Ok(vec![format!(
                    "INSERT {prefix}INTO {quoted} ({}) {select}{conflict}",
                    names.join(", ")
                )]);
            }
            if rows.is_empty() {
                return missing("The INSERT has no values");
            }
            let mut texts = Vec::with_capacity(rows.len());
            for row in rows {
                let (names, values): (Vec<_>, Vec<_>) =
                    in_order(scope, row, true)?.into_iter().unzip();
                texts.push(match names.is_empty() {
                    true => format!("INSERT {prefix}INTO {quoted} DEFAULT VALUES{conflict}"),
                    false => format!(
                        "INSERT {prefix}INTO {quoted} ({}) VALUES ({}){conflict}",
                        names.join(", "),
                        values.join(", ")
                    ),
                });
            }
            texts
        }
    })
}

/// The name of a column, which is a string or the column.
fn column_name(scope: &Scope, value: &Value) -> Result<String, Diagnostic> {
    match (value.text(), (scope.expressions.column)(value)) {
        (Some(name), _) => Ok(name.into()),
        (None, Some(column)) => Ok(column.name),
        (None, None) => Err(unexpected(scope, "columns as keys", value)),
    }
}

/// What `.values(…)` is given: keywords, a dict, or a list of dicts.
fn values<'a>(scope: &Scope, call: &'a Call) -> Result<Vec<Row<'a>>, Diagnostic> {
    let keywords: Row =
        call.keywords.iter().map(|one| (one.name.to_string(), &one.value)).collect();
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
            entries.iter().map(|(key, value)| Ok((column_name(scope, key)?, value))).collect()
        }
        Kind::Call(call) if super::stored::is_dict_call(value) && call.arguments.is_empty() => {
            Ok(call.keywords.iter().map(|one| (one.name.to_string(), &one.value)).collect())
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

/// Columns with what they are set to as SQL, in the order of the table; with `defaults`, also those that Python has a
/// default for.
fn in_order(scope: &Scope, row: &Row, defaults: bool) -> Result<Vec<(String, String)>, Diagnostic> {
    let known = |name: &str| scope.columns.iter().any(|column| column.name == name);
    if let Some((name, value)) = row.iter().find(|(name, _)| !known(name)) {
        let message = format!("Unconsumed column names: {name}");
        let hint = format!("Add the column to the table '{}' in the script.", scope.table);
        return Err(scope.given.source().unsupported(value.span, message).hint(hint));
    }
    let mut set = Vec::with_capacity(row.len());
    for Target { name, data_type, default } in scope.columns {
        let read = |value| scope.expressions.operand(value, data_type.as_ref(), ALONE);
        let sql = match (row.iter().rev().find(|(column, _)| column == name), default) {
            (Some((_, value)), _) => read(value)?,
            (None, Some(value)) if defaults => {
                read(value).map_err(|_| unknown_default(scope.given.source(), name, value))?
            }
            _ => continue,
        };
        set.push((quote::name(name), sql));
    }
    Ok(set)
}
