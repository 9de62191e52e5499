//! SQL that a script sends: `op.execute(…)`, and `execute` of the connection that `op.get_bind()` gives.

use super::core_statement::core_statements;
use super::reader::Reader;
use super::stored::stored;
use crate::sqlalchemy::{Arguments, called, data_type, explain, filled_text};
use crate::syntax::Source;
use crate::value::{Call, Kind, Value};
use ambix_core::diagnostic::{Diagnostic, Span};
use ambix_core::operation::{Execute, Operation};
use ambix_core::sqlite::{insert, standard};
use litemap::LiteMap;

/// Values for the parameters of a text, as SQL.
type Parameters = LiteMap<String, String>;

/// `op.execute(sqltext, execution_options=…)`.
pub(super) fn execute(reader: &Reader, mut given: Arguments) -> Result<Vec<Operation>, Diagnostic> {
    let value = given.required("sqltext")?;
    options(&mut given)?;
    let operations = statements(reader, &given, value, None)?;
    given.finish()?;
    Ok(operations)
}

/// `conn.execute(sql, parameters)` of which nobody takes the result; `None` if it is another call.
pub(super) fn statement(
    reader: &Reader,
    call: &Call,
    span: Span,
) -> Result<Option<Vec<Operation>>, Diagnostic> {
    let method = match &call.callee.kind {
        Kind::Member(of, method) if reader.tables.is_connection(of) => method.as_str(),
        _ => return Ok(None),
    };
    if !matches!(method, "execute" | "exec_driver_sql" | "scalar" | "scalars") {
        return Ok(None);
    }
    let what = call.callee.span.of(reader.source.text);
    let mut given = Arguments::of(reader.source, what, call, span);
    let value = given.required("statement")?;
    let parameters = given.either("parameters");
    options(&mut given)?;
    let operations = match (method, value.text(), parameters) {
        ("exec_driver_sql", Some(sql), None) => {
            operations_of(reader.source, value, sql.to_string())?
        }
        ("exec_driver_sql", _, _) => {
            return Err(given.unexpected("statement", "a string without parameters", value));
        }
        (_, Some(_), _) => {
            // SQLAlchemy takes no string here.
            let message =
                format!("Not an executable object: {}", value.span.of(reader.source.text));
            let hint = "Write it as `sa.text(\"…\")`.";
            return Err(reader.source.unsupported(value.span, message).hint(hint));
        }
        _ => statements(reader, &given, value, parameters)?,
    };
    given.finish()?;
    Ok(Some(operations))
}

/// Options that say how a statement is sent; one makes a difference in SQLite.
fn options(given: &mut Arguments) -> Result<(), Diagnostic> {
    let Some(value) = given.keyword("execution_options") else { return Ok(()) };
    let level = match &value.kind {
        Kind::Dict(entries) => {
            entries.iter().find(|(key, _)| key.text() == Some("isolation_level"))
        }
        Kind::None => None,
        _ => return Err(given.unexpected("execution_options", "a dict", value)),
    };
    match level {
        Some((key, _)) => {
            let message = "`isolation_level` is not supported: a revision runs in one transaction";
            let hint = "Take it out, or put what has to run outside of a transaction (VACUUM) into a `.sql` \
                        revision with `-- transaction: none`.";
            Err(given.source().unsupported(key.span, message).hint(hint))
        }
        None => Ok(()),
    }
}

/// The statements that `value` is: a text or an expression, once for each set of parameters.
fn statements(
    reader: &Reader,
    given: &Arguments,
    value: &Value,
    parameters: Option<&Value>,
) -> Result<Vec<Operation>, Diagnostic> {
    let (value, bound) = without_options(given, value)?;
    let text = match called(value) {
        Some(("text", call)) => Some(text_of(given, call, value)?),
        _ => value.text(),
    };
    let Some(text) = text else {
        return match core_statements(reader, given, value, parameters) {
            Some(operations) => operations,
            None => {
                let hint = "Write the SQL itself as a string.";
                let expected = "a string, `sa.text(\"…\")` or an INSERT, UPDATE or DELETE";
                Err(given.unexpected_but("sqltext", expected, value, hint))
            }
        };
    };
    let sets: Vec<&Value> = match parameters {
        Some(value) => match &value.kind {
            Kind::List(items) | Kind::Tuple(items) => items.iter().collect(),
            _ => vec![value],
        },
        None => Vec::new(),
    };
    let execute = |parameters: &Parameters| {
        let value_of = |name: &str| parameters.get(name).cloned();
        let sql = filled_text(given.source(), value, text, &value_of)?;
        operations_of(given.source(), value, sql)
    };
    if sets.is_empty() {
        return execute(&bound);
    }
    let mut operations = Vec::with_capacity(sets.len());
    for set in sets {
        let mut all = bound.clone();
        for (name, value) in entries(given, set)? {
            all.insert(name, value);
        }
        operations.extend(execute(&all)?);
    }
    Ok(operations)
}

/// What SQL does: standard statements that SQLite lacks are changes of their own.
fn operations_of(source: Source, value: &Value, sql: String) -> Result<Vec<Operation>, Diagnostic> {
    match standard::read_all(&sql) {
        Ok(None) => Ok(vec![Operation::Execute(Execute::new(sql))]),
        Ok(Some(operations)) => Ok(operations),
        Err(mistake) => {
            // The very place, if the text stands in the script as it is.
            let found = value.span.of(source.text).find(&sql).map(|at| value.span.start + at);
            let span = found
                .map_or(value.span, |at| Span::new(at + mistake.span.start, at + mistake.span.end));
            Err(mistake.diagnostic.at(source.place(span)))
        }
    }
}

/// What stands before `.bindparams(…)` and `.execution_options(…)`, and the parameters.
fn without_options<'a>(
    given: &Arguments,
    value: &'a Value,
) -> Result<(&'a Value, Parameters), Diagnostic> {
    let Some((of, method, call)) = method(value) else { return Ok((value, Parameters::new())) };
    if method == "execution_options" {
        return without_options(given, of);
    }
    if method != "bindparams" {
        return Ok((value, Parameters::new()));
    }
    let (inner, mut parameters) = without_options(given, of)?;
    for argument in &call.arguments {
        let Some(("bindparam", bind)) = called(argument) else {
            return Err(given.unexpected("bindparams", "`sa.bindparam(…)`", argument));
        };
        let mut bind = Arguments::of(given.source(), "bindparam", bind, argument.span);
        let name = bind.required_text("key")?;
        let value = bind.either("value");
        let of = match bind.either("type_") {
            Some(of) => data_type(given.source(), of)?,
            None => None,
        };
        bind.ignore(&["unique", "required", "quote"]);
        bind.finish()?;
        if let Some(value) = value {
            parameters.insert(name, insert::value(&stored(given, value, of.as_ref())?));
        }
    }
    for keyword in &call.keywords {
        let stored = stored(given, &keyword.value, None)?;
        parameters.insert(keyword.name.to_string(), insert::value(&stored));
    }
    Ok((inner, parameters))
}

/// One set of parameters, a dict.
fn entries(given: &Arguments, set: &Value) -> Result<Parameters, Diagnostic> {
    let mut parameters = Parameters::new();
    match &set.kind {
        Kind::Dict(entries) => {
            for (key, value) in entries {
                let name = given.expect_text("parameters", key)?;
                parameters.insert(name, insert::value(&stored(given, value, None)?));
            }
        }
        Kind::Call(call) if super::stored::is_dict_call(set) && call.arguments.is_empty() => {
            for keyword in &call.keywords {
                let value = insert::value(&stored(given, &keyword.value, None)?);
                parameters.insert(keyword.name.to_string(), value);
            }
        }
        _ => return Err(given.unexpected("parameters", "a dict", set)),
    }
    Ok(parameters)
}

/// The parts of `of.method(…)`.
pub(super) fn method(value: &Value) -> Option<(&Value, &str, &Call)> {
    let call = value.call()?;
    match &call.callee.kind {
        Kind::Member(of, method) => Some((of, method, call)),
        _ => None,
    }
}

fn text_of<'a>(given: &Arguments, call: &'a Call, value: &Value) -> Result<&'a str, Diagnostic> {
    let source = given.source();
    match (call.arguments.as_slice(), call.keywords.as_slice()) {
        ([argument], []) => argument.text().ok_or_else(|| {
            let message = format!("`sa.text` must have a string, not {}", argument.describe());
            explain(source, argument, source.unsupported(argument.span, message))
        }),
        _ => Err(source.unsupported(value.span, "`sa.text` must have one string")),
    }
}
