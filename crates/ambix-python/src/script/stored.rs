//! Python values in the form in which SQLAlchemy stores them in SQLite, by the type of their column.
//!
//! Sources: the bind processors of SQLAlchemy's types and of its SQLite dialect, and the adapters of Python's
//! module `sqlite3`.

use super::json::json;
use super::moment::moment;
use super::number::{decimal, digits};
use crate::sqlalchemy::{Arguments, called, data_type, explain, sql};
use crate::syntax::Source;
use crate::value::{Kind, Origin, Value};
use crate::write::repr;
use ambix_core::diagnostic::Diagnostic;
use ambix_core::operation::StoredValue;
use ambix_core::schema::{DataType, Literal};

/// What is stored for `value` in a column of that type; `None` is a column without a type.
pub(super) fn stored(
    given: &Arguments,
    value: &Value,
    of: Option<&DataType>,
) -> Result<StoredValue, Diagnostic> {
    let source = given.source();
    if let Some((inner, own)) = inline_literal(source, value)? {
        return stored(given, inner, own.as_ref().or(of));
    }
    let class = of.map_or("", |of| of.class.strip_prefix("sqlite.").unwrap_or(&of.class));
    let refuse = |message: String| Err(source.unsupported(value.span, message));
    let set =
        |name: &str, flag: bool| of.and_then(|of| of.argument(name)) == Some(&Literal::Bool(flag));
    if class == "JSONB" && !matches!(value.kind, Kind::None) {
        let error = source.unsupported(value.span, "A value of type JSONB is not written here");
        return Err(error.hint("Write the statement as SQL: `INSERT … VALUES (jsonb('{}'))`."));
    }
    if class == "JSON" && !(matches!(value.kind, Kind::None) && set("none_as_null", true)) {
        return json(value).map(StoredValue::Text).map_err(|part| {
            let message = format!("{} cannot be written as JSON", part.describe());
            explain(source, part, source.unsupported(part.span, message))
        });
    }
    if matches!(value.kind, Kind::None) {
        return Ok(StoredValue::Null);
    }
    if let Some(format) =
        of.and_then(|of| of.argument("storage_format").or(of.argument("truncate_microseconds")))
        && *format != Literal::None
    {
        let message = "A value of a type with a format of its own is not written here";
        return Err(source
            .unsupported(value.span, message)
            .hint("Write the statement as SQL: `op.execute(…)`."));
    }
    let time = moment(source, value).transpose()?;
    match class {
        "Date" | "DATE" => match time.and_then(|time| time.stored_date()) {
            Some(date) => Ok(StoredValue::Text(date)),
            None => refuse("SQLite Date type only accepts Python date objects as input.".into()),
        },
        "DateTime" | "DATETIME" | "TIMESTAMP" => {
            match time.and_then(|time| Some((time.stored_date()?, time.stored_time()))) {
                Some((date, time)) => Ok(StoredValue::Text(format!("{date} {time}"))),
                None => refuse(
                    "SQLite DateTime type only accepts Python datetime and date objects as input."
                        .into(),
                ),
            }
        }
        "Time" | "TIME" => match time {
            Some(time) if time.date.is_none() => Ok(StoredValue::Text(time.stored_time())),
            _ => refuse("SQLite Time type only accepts Python time objects as input.".into()),
        },
        "Boolean" | "BOOLEAN" => match &value.kind {
            Kind::Bool(flag) => Ok(StoredValue::Integer((*flag).into())),
            Kind::Int(number @ (0 | 1)) => Ok(StoredValue::Integer(*number)),
            Kind::Int(number) => refuse(format!("Value {number} is not None, True, or False")),
            Kind::Text(text) => refuse(format!("Not a boolean value: {}", repr::string(text))),
            _ => Err(unexpected(given, value, "True, False or None")),
        },
        "Uuid" | "UUID" => match (uuid(source, value).transpose()?, value.text()) {
            (Some(hex), _) => Ok(StoredValue::Text(hex)),
            (None, Some(text)) if set("as_uuid", false) => {
                Ok(StoredValue::Text(text.replace('-', "")))
            }
            _ => Err(unexpected(given, value, "a `uuid.UUID(\"…\")` or None")),
        },
        "Numeric" | "NUMERIC" | "DECIMAL" | "Float" | "FLOAT" | "REAL" | "Double" | "DOUBLE"
        | "DOUBLE_PRECISION" => match (decimal(given, value).transpose()?, value.text()) {
            (Some(number), _) => Ok(StoredValue::Number(number)),
            (None, Some(text)) => match digits(text.trim()) {
                Some(number) => Ok(StoredValue::Number(number)),
                None => Err(unexpected(given, value, "a number or None")),
            },
            _ => untyped(given, value),
        },
        "LargeBinary" | "BLOB" => match &value.kind {
            Kind::Bytes(bytes) => Ok(StoredValue::Blob(bytes.clone())),
            _ => Err(unexpected(given, value, "a bytes literal or None")),
        },
        "Interval" | "PickleType" => {
            refuse(format!("Values of the type `{class}` are not read in `{}` yet", given.what()))
        }
        _ => match time.map(|time| time.untyped()) {
            Some(Some(text)) => Ok(StoredValue::Text(text)),
            Some(None) => refuse("type 'datetime.time' is not supported".into()),
            None => untyped(given, value),
        },
    }
}

/// What Python's SQLite driver stores by itself.
fn untyped(given: &Arguments, value: &Value) -> Result<StoredValue, Diagnostic> {
    Ok(match &value.kind {
        Kind::Bool(flag) => StoredValue::Integer((*flag).into()),
        Kind::Int(number) => StoredValue::Integer(*number),
        Kind::Float(number) if number.is_finite() => StoredValue::Number(repr::float(*number)),
        Kind::Text(text) => StoredValue::Text(text.clone()),
        Kind::Bytes(bytes) => StoredValue::Blob(bytes.clone()),
        _ => return Err(unexpected(given, value, "a value that SQLite can store")),
    })
}

/// An expression that SQLite works out, if the value is one.
pub(super) fn expression(source: Source, value: &Value) -> Option<Result<StoredValue, Diagnostic>> {
    if is_inline_literal(value) {
        return None;
    }
    Some(sql(source, value, &|_| None)?.map(|sql| match digits(&sql) {
        Some(number) if number == sql => StoredValue::Number(sql),
        _ => StoredValue::Sql(sql),
    }))
}

fn unexpected(given: &Arguments, value: &Value, expected: &str) -> Diagnostic {
    if given.what() == "op.bulk_insert" {
        return given.unexpected("rows", expected, value);
    }
    // A value somewhere in a statement, which is no argument with a name.
    let message = format!(
        "A value in the statement of `{}` must be {expected}, not {}",
        given.what(),
        value.describe()
    );
    explain(given.source(), value, given.source().unsupported(value.span, message))
}

fn is_inline_literal(value: &Value) -> bool {
    let path = value.call().and_then(|call| call.callee.path());
    path.is_some_and(|path| path.dotted == "alembic.op.inline_literal")
}

/// The value in `op.inline_literal(value, type_)` and the type that it says, if it is that call.
fn inline_literal<'a>(
    source: Source<'a>,
    value: &'a Value,
) -> Result<Option<(&'a Value, Option<DataType>)>, Diagnostic> {
    let Some(call) = value.call().filter(|_| is_inline_literal(value)) else { return Ok(None) };
    let mut given = Arguments::of(source, "op.inline_literal", call, value.span);
    let inner = given.required("value")?;
    let of = match given.either("type_") {
        Some(of) => data_type(source, of)?,
        None => None,
    };
    given.finish()?;
    Ok(Some((inner, of)))
}

/// The 32 digits of `uuid.UUID("…")`, if the value is such a call.
fn uuid(source: Source, value: &Value) -> Option<Result<String, Diagnostic>> {
    let call = value.call()?;
    let path = call.callee.path()?;
    if path.origin != Origin::Imported || path.dotted != "uuid.UUID" {
        return None;
    }
    let mut given = Arguments::of(source, "UUID", call, value.span);
    Some(given.required_text("hex").and_then(|text| {
        let text = text.replace("urn:", "").replace("uuid:", "");
        let hex = text.trim_matches(['{', '}']).replace('-', "").to_ascii_lowercase();
        if hex.len() != 32 || !hex.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            let message = "badly formed hexadecimal UUID string";
            return Err(source.unsupported(value.span, message));
        }
        given.finish().map(|()| hex)
    }))
}

/// The call that a row may be written as: `dict(id=1)`.
pub(super) fn is_dict_call(value: &Value) -> bool {
    let path = value.call().and_then(|call| call.callee.path());
    path.is_some_and(|path| path.origin == Origin::Unbound && path.dotted == "dict")
        && called(value).is_none()
}
