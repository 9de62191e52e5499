//! What a SELECT gives: the rows are asked of the database as it is at that point of the script, and nothing that the
//! script does has happened then.
//!
//! Source: SQLAlchemy's `CursorResult`.

use crate::evaluate::Stop;
use crate::value::{Kind, Origin, Path, Value};
use ambix_core::diagnostic::Span;
use std::rc::Rc;

/// What a result is called by.
const RESULT: &str = "ambix.result";

/// A SELECT whose rows can be asked for.
pub(super) struct Asked<'v> {
    pub(super) select: &'v str,
    /// Behind how many of the script's statements it stands.
    pub(super) behind: usize,
    shape: &'v str,
}

/// The result of a SELECT behind so many statements.
pub(super) fn result(select: &str, behind: usize, span: Span) -> Value {
    shaped(&Asked { select, behind, shape: "" }, span)
}

fn shaped(asked: &Asked, span: Span) -> Value {
    let value = |kind: Kind| Value { kind, span };
    let of = value(Kind::Name(Path { dotted: RESULT.into(), origin: Origin::Defined }));
    let behind = Kind::Int(i64::try_from(asked.behind).unwrap_or(i64::MAX));
    let text = |text: &str| value(Kind::Text(text.into()));
    let items = vec![text(asked.select), value(behind), text(asked.shape)];
    value(Kind::Subscript(Box::new(of), items))
}

/// What is asked, if the value is a result.
pub(super) fn asked(value: &Value) -> Option<Asked<'_>> {
    let Kind::Subscript(of, items) = &value.kind else { return None };
    match (of.path(), items.as_slice()) {
        (Some(path), [select, Value { kind: Kind::Int(behind), .. }, shape])
            if path.dotted == RESULT =>
        {
            let behind = usize::try_from(*behind).unwrap_or(usize::MAX);
            Some(Asked { select: select.text()?, behind, shape: shape.text()? })
        }
        _ => None,
    }
}

/// The same result, of which something else is taken: `scalars()`, `mappings()`; nothing if the method asks for rows.
pub(super) fn other(asked: &Asked, method: &str, span: Span) -> Option<Value> {
    match method {
        "scalars" | "mappings" => Some(shaped(&Asked { shape: method, ..*asked }, span)),
        "unique" | "tuples" | "execution_options" => Some(shaped(asked, span)),
        _ => None,
    }
}

/// Whether a statement gives rows.
pub(super) fn selects(sql: &str) -> bool {
    let word = sql.trim_start().split(|letter: char| !letter.is_ascii_alphabetic()).next();
    ["SELECT", "VALUES"]
        .iter()
        .any(|known| word.is_some_and(|word| word.eq_ignore_ascii_case(known)))
}

/// The rows that the database has given, as the result gives them.
pub(super) fn rows(
    asked: &Asked,
    (names, rows): (Vec<String>, serde_json::Value),
    span: Span,
) -> Vec<Value> {
    let names = Rc::new(names);
    let rows = rows.as_array().cloned().unwrap_or_default();
    let row = |row: serde_json::Value| {
        let values = row.as_array().cloned().unwrap_or_default();
        let mut values = values.iter().map(|value| Value { kind: stored(value), span });
        let kind = match asked.shape {
            "scalars" => values.next().map_or(Kind::None, |value| value.kind),
            "mappings" => {
                let keys = names.iter().map(|name| Value { kind: Kind::Text(name.clone()), span });
                Kind::Dict(keys.zip(values).collect())
            }
            _ => Kind::Row(names.clone(), values.collect()),
        };
        Value { kind, span }
    };
    rows.into_iter().map(row).collect()
}

/// A value with its type: `["text", "a"]`.
fn stored(value: &serde_json::Value) -> Kind {
    let text = || value.get(1).and_then(serde_json::Value::as_str).unwrap_or_default();
    let number = value.get(1);
    match value.get(0).and_then(serde_json::Value::as_str) {
        Some("integer") => {
            Kind::Int(number.and_then(serde_json::Value::as_i64).unwrap_or_default())
        }
        Some("real") => Kind::Float(number.and_then(serde_json::Value::as_f64).unwrap_or_default()),
        Some("text") => Kind::Text(text().into()),
        Some("blob") => {
            let digits = text().as_bytes().chunks(2);
            let byte = |pair: &[u8]| u8::from_str_radix(core::str::from_utf8(pair).ok()?, 16).ok();
            Kind::Bytes(digits.filter_map(byte).collect())
        }
        _ => Kind::None,
    }
}

/// What a method of a result gives; nothing if it is none that is known.
///
/// # Errors
/// If there are other rows than the method takes.
pub(super) fn method(rows: Vec<Value>, method: &str, span: Span) -> Result<Option<Kind>, Stop> {
    let first_column =
        |row: &Value| row.items().and_then(<[Value]>::first).map(|value| value.kind.clone());
    let one = |rows: &[Value], may_be_none: bool| match rows {
        [] if may_be_none => Ok(Kind::None),
        [row] => Ok(row.kind.clone()),
        [] => Err(Stop::raised("NoResultFound", "No row was found when one was required", span)),
        _ => {
            let message = "Multiple rows were found when exactly one was required";
            Err(Stop::raised("MultipleResultsFound", message, span))
        }
    };
    let scalar = |row: Kind| first_column(&Value { kind: row, span }).unwrap_or(Kind::None);
    Ok(Some(match method {
        "fetchall" | "all" => Kind::List(rows),
        "fetchone" | "first" => rows.into_iter().next().map_or(Kind::None, |row| row.kind),
        "one" => one(&rows, false)?,
        "one_or_none" => one(&rows, true)?,
        "scalar" => rows.into_iter().next().map_or(Kind::None, |row| scalar(row.kind)),
        "scalar_one" => scalar(one(&rows, false)?),
        "scalar_one_or_none" => scalar(one(&rows, true)?),
        "close" | "freeze" => Kind::None,
        _ => return Ok(None),
    }))
}
