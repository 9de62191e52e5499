//! `op.bulk_insert(table, rows)`.

use super::stored::{expression, is_dict_call, stored};
use super::tables::Tables;
use crate::sqlalchemy::{Arguments, called, column, data_type, table_item};
use crate::syntax::Source;
use crate::value::{Kind, Value};
use ambix_core::diagnostic::Diagnostic;
use ambix_core::operation::{BulkInsert, Operation, StoredValue};
use ambix_core::schema::DataType;

/// What is known of a column into which rows are put.
pub(super) struct Target<'a> {
    pub(super) name: String,
    pub(super) data_type: Option<DataType>,
    /// What SQLAlchemy puts in where a row says nothing: `Column(…, default=0)`.
    pub(super) default: Option<&'a Value>,
}

/// A row as it is written: the keys, which are texts, and their values.
type Row<'a> = Vec<(&'a str, &'a Value)>;

/// Reads the directive. The columns are those that the table has, in its order.
///
/// With `multiinsert`, all rows have the columns of the first one, since they are sent in one go: of the others,
/// what the first does not have is left out, and what it has must be there. Without, each row has its own.
pub(super) fn bulk_insert(mut given: Arguments, tables: &Tables) -> Result<Operation, Diagnostic> {
    let source = given.source();
    let value = given.required("table")?;
    let Some(declaration) = tables.declaration(value) else {
        let expected = "a `sa.table(…)`, or a name that one was given before";
        return Err(given.unexpected("table", expected, value));
    };
    let (table, targets) = targets(source, declaration)?;
    let value = given.required("rows")?;
    let together = given.flag("multiinsert")?.unwrap_or(true);
    let written = written_rows(&given, value)?;
    let mut rows = Vec::with_capacity(written.len());
    let first = written.first().map(|(row, _)| row.as_slice()).unwrap_or_default();
    let has = |row: &[(&str, &Value)], name: &str| row.iter().any(|(key, _)| *key == name);
    for (at, (written, place)) in written.iter().enumerate() {
        let mut row = Vec::with_capacity(written.len());
        for target in &targets {
            let is_wanted = !together || has(first, &target.name);
            // Of two equal keys the last counts.
            let entry = written.iter().rev().find(|(key, _)| *key == target.name && is_wanted);
            if entry.is_none() && together && is_wanted {
                let message = format!(
                    "A value is required for bind parameter '{}', in parameter group {at}",
                    target.name
                );
                return Err(source.unsupported(place.span, message).hint(
                    "Give every row the keys of the first one, or pass `multiinsert=False`.",
                ));
            }
            let stored = match (entry, target.default) {
                (Some((_, value)), _) => row_value(&given, target, value, together)?,
                (None, Some(value)) => default_value(&given, target, value)?,
                (None, None) => continue,
            };
            row.push((target.name.clone(), stored));
        }
        let known = |key: &str| targets.iter().any(|target| target.name == key);
        if let Some((key, value)) = written.iter().find(|(key, _)| !together && !known(key)) {
            let message = format!("Unconsumed column names: {key}");
            return Err(source.unsupported(value.span, message).hint(format!(
                "Add the column to the table that is given to `{}`.",
                given.what()
            )));
        }
        rows.push(row);
    }
    given.finish()?;
    Ok(Operation::BulkInsert(BulkInsert { table, rows }))
}

/// The rows, and where each stands. The messages are Alembic's.
fn written_rows<'a>(
    given: &Arguments,
    value: &'a Value,
) -> Result<Vec<(Row<'a>, &'a Value)>, Diagnostic> {
    let source = given.source();
    let items = match &value.kind {
        Kind::List(items) => items,
        Kind::None
        | Kind::Bool(_)
        | Kind::Int(_)
        | Kind::Text(_)
        | Kind::Tuple(_)
        | Kind::Dict(_) => {
            return Err(source
                .unsupported(value.span, "List expected")
                .hint("Write the rows as a list of dicts: `[{\"id\": 1}]`."));
        }
        _ => return Err(given.unexpected("rows", "a list of dicts that is written out", value)),
    };
    let mut rows = Vec::with_capacity(items.len());
    for item in items {
        let entries: Option<Vec<(Option<&str>, &Value)>> = match &item.kind {
            Kind::Dict(entries) => {
                Some(entries.iter().map(|(key, value)| (key.text(), value)).collect())
            }
            Kind::Call(call) if is_dict_call(item) && call.arguments.is_empty() => {
                let keywords = call.keywords.iter();
                Some(keywords.map(|one| (Some(one.name.as_str()), &one.value)).collect())
            }
            Kind::None
            | Kind::Bool(_)
            | Kind::Int(_)
            | Kind::Text(_)
            | Kind::Tuple(_)
            | Kind::List(_) => None,
            _ => return Err(given.unexpected("rows", "a list of dicts that is written out", item)),
        };
        let Some(entries) = entries else {
            return Err(source
                .unsupported(item.span, "List of dictionaries expected")
                .hint("Write each row as a dict: `{\"id\": 1}`."));
        };
        let mut row = Row::with_capacity(entries.len());
        for (key, value) in entries {
            let Some(key) = key else {
                return Err(source.unsupported(
                    item.span,
                    format!("The keys of a row in `{}` must be names of columns", given.what()),
                ));
            };
            row.push((key, value));
        }
        rows.push((row, item));
    }
    Ok(rows)
}

fn row_value(
    given: &Arguments,
    target: &Target,
    value: &Value,
    together: bool,
) -> Result<StoredValue, Diagnostic> {
    match expression(given.source(), value) {
        Some(sql) if !together => sql,
        Some(_) => Err(given.unexpected_but(
            "rows",
            "values",
            value,
            "Pass `multiinsert=False`, with which SQL is taken in a row.",
        )),
        None => stored(given, value, target.data_type.as_ref()),
    }
}

/// The default of a column, which may be anything as long as every row has a value.
fn default_value(
    given: &Arguments,
    target: &Target,
    value: &Value,
) -> Result<StoredValue, Diagnostic> {
    let read = expression(given.source(), value)
        .unwrap_or_else(|| stored(given, value, target.data_type.as_ref()));
    read.map_err(|_| unknown_default(given.source(), &target.name, value))
}

/// The error for a default that Python would have to work out.
pub(super) fn unknown_default(source: Source, column: &str, value: &Value) -> Diagnostic {
    let message =
        format!("The default of the column '{column}' is not known, and a row has no value for it");
    let hint = format!("Write the value of '{column}' into each row.");
    source.unsupported(value.span, message).hint(hint)
}

/// The name and the columns of the table that `declaration`, a call, declares.
pub(super) fn targets<'a>(
    source: Source<'a>,
    declaration: &'a Value,
) -> Result<(String, Vec<Target<'a>>), Diagnostic> {
    let Some(call) = declaration.call() else {
        return Err(source.unsupported(declaration.span, "This is no table"));
    };
    let what = call.callee.span.of(source.text);
    let mut given = Arguments::of(source, what, call, declaration.span);
    let name = given.required_text("name")?;
    if called(declaration).is_some_and(|(name, _)| name == "Table") {
        given.required("metadata")?;
        given.refuse(&["autoload_with", "autoload"])?;
    }
    given.refuse(&["schema"])?;
    let mut targets: Vec<Target> = Vec::new();
    while let Some(value) = given.next() {
        let target = match called(value) {
            Some(("column", call)) => {
                let mut given = Arguments::of(source, "column", call, value.span);
                let name = given.required_text("text")?;
                let data_type = match given.either("type_") {
                    Some(value) => data_type(source, value)?,
                    None => None,
                };
                given.finish()?;
                Target { name, data_type, default: None }
            }
            Some(("Column", call)) => {
                let declared = column(source, "Column", call, value.span)?;
                let default = call
                    .keywords
                    .iter()
                    .find(|keyword| matches!(keyword.name.as_str(), "default" | "insert_default"));
                let default = default.map(|keyword| &keyword.value);
                Target {
                    name: declared.name.unwrap_or_default(),
                    data_type: declared.data_type,
                    default: default.filter(|value| !matches!(value.kind, Kind::None)),
                }
            }
            // Constraints and indexes say nothing of rows.
            _ if table_item(source, value, &|_| None).is_some() => continue,
            _ => return Err(given.unexpected("columns", "`sa.column(…)`", value)),
        };
        targets.push(target);
    }
    // What else a table says is of no consequence for its rows.
    Ok((name, targets))
}
