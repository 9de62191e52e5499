//! What kind of values an expression has, as far as it decides what `+` means: it joins texts, and adds all else.
//!
//! Sources: SQLAlchemy's `Concatenable` and `NullType`, whose comparators decide it; the types of the functions in its
//! `sql/functions.py`; and SQLite's own list of functions.

use super::operator::is_condition;
use super::{called, data_type};
use crate::syntax::Source;
use crate::value::{Call, Kind, Value};
use ambix_core::schema::DataType;

/// What is known of an expression's values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Nature {
    /// They are of a type whose values `+` joins.
    Text,
    /// They are of another type.
    Other,
    /// SQLAlchemy knows no type, and SQLite gives a number: `length(a)`.
    Counted,
    /// Nothing is known.
    Unknown,
}

/// The nature of the columns that an expression may name, by the value that names one.
pub(crate) type ColumnNature<'a> = &'a dyn Fn(&Value) -> Option<Nature>;

impl Nature {
    /// That of a column; one without a type is not known.
    pub(crate) fn of_type(of: Option<&DataType>) -> Self {
        let Some(of) = of else { return Self::Unknown };
        match of.class.strip_prefix("sqlite.").unwrap_or(&of.class) {
            "String" | "Text" | "Unicode" | "UnicodeText" | "VARCHAR" | "TEXT" | "CHAR"
            | "NVARCHAR" | "NCHAR" | "CLOB" | "Enum" | "JSON" => Self::Text,
            _ => Self::Other,
        }
    }

    /// That of what an operator makes of two values; the right one is what decides where nothing is known of the left.
    fn joined(self, operator: &str, right: Self) -> Self {
        match (self, operator) {
            (Self::Text | Self::Other, _) => self,
            (_, "+" | "*") if right.is_known() => right,
            (_, "+") if self == Self::Unknown && right == Self::Unknown => Self::Unknown,
            _ => Self::Counted,
        }
    }

    const fn is_known(self) -> bool {
        matches!(self, Self::Text | Self::Other)
    }
}

/// What `+` is in SQL between two values: `||`, `+`, or nothing if it cannot be known.
pub(super) fn plus(left: Nature, right: Nature) -> Option<&'static str> {
    match (left, right) {
        (Nature::Text, Nature::Other) | (Nature::Other, _) | (_, Nature::Other) => Some("+"),
        (Nature::Text, _) | (_, Nature::Text) => Some("||"),
        (Nature::Counted, _) | (_, Nature::Counted) => Some("+"),
        (Nature::Unknown, Nature::Unknown) => None,
    }
}

/// The nature of a value.
pub(super) fn nature(source: Source, value: &Value, column: ColumnNature) -> Nature {
    if let Some(nature) = column(value) {
        return nature;
    }
    let of = |value: &Value| nature(source, value, column);
    let typed = |value: Option<&Value>| match value.map(|value| data_type(source, value)) {
        Some(Ok(of)) => Nature::of_type(of.as_ref()),
        _ => Nature::Unknown,
    };
    match &value.kind {
        Kind::Text(_) => return Nature::Text,
        Kind::Bool(_) | Kind::Int(_) | Kind::Float(_) | Kind::Bytes(_) => return Nature::Other,
        Kind::Either(..) => return Nature::Other,
        _ if is_condition(value) => return Nature::Other,
        Kind::Operation(left, operator, right) => return of(left).joined(operator, of(right)),
        _ => {}
    }
    let Some(call) = value.call() else { return Nature::Unknown };
    if let Kind::Member(inner, method) = &call.callee.kind {
        return if method == "collate" { of(inner) } else { Nature::Unknown };
    }
    let Some(path) = call.callee.path() else { return Nature::Unknown };
    if let Some((module, function)) = path.dotted.rsplit_once('.')
        && module.starts_with("sqlalchemy")
        && module.ends_with(".func")
    {
        return match keyword(call, "type_") {
            Some(given) => typed(Some(given)),
            None => of_function(function, call, &of),
        };
    }
    let first = || call.arguments.first().map_or(Nature::Unknown, &of);
    let second = || call.arguments.get(1).or_else(|| keyword(call, "type_"));
    let or_first = || if second().is_some() { typed(second()) } else { first() };
    match called(value).map(|(name, _)| name) {
        Some("cast") => typed(second()),
        Some("column" | "literal_column") => typed(second()),
        Some("literal") => or_first(),
        Some("collate") => first(),
        Some("true" | "false") => Nature::Other,
        Some(_) => Nature::Unknown,
        None if path.dotted == "alembic.op.inline_literal" => or_first(),
        // Numbers and moments of Python.
        None if matches!(path.first(), "datetime" | "decimal" | "uuid") => Nature::Other,
        // `account.c.name.collate("NOCASE")`
        None if path.last() == "collate" => match path.dotted.rsplit_once('.') {
            Some((name, _)) => {
                let path = crate::value::Path { dotted: name.into(), origin: path.origin };
                of(&Value { kind: Kind::Name(path), span: value.span })
            }
            None => Nature::Unknown,
        },
        None => Nature::Unknown,
    }
}

fn keyword<'a>(call: &'a Call, name: &str) -> Option<&'a Value> {
    call.keywords.iter().find(|keyword| keyword.name == name).map(|keyword| &keyword.value)
}

fn of_function(name: &str, call: &Call, of: &dyn Fn(&Value) -> Nature) -> Nature {
    match name {
        // Those whose type is that of their first argument with one.
        "coalesce" | "max" | "min" | "sum" => {
            let mut known = call.arguments.iter().map(of).filter(|nature| nature.is_known());
            let counts = if name == "sum" { Nature::Counted } else { Nature::Unknown };
            known.next().unwrap_or(counts)
        }
        "concat" | "aggregate_strings" | "user" | "current_user" | "session_user" => Nature::Text,
        "now" | "count" | "char_length" | "current_date" | "current_time" | "current_timestamp"
        | "localtime" | "localtimestamp" | "rank" | "dense_rank" | "percent_rank" | "cume_dist" => {
            Nature::Other
        }
        "abs" | "avg" | "ceil" | "ceiling" | "changes" | "exp" | "floor" | "instr"
        | "json_array_length" | "julianday" | "last_insert_rowid" | "length" | "ln" | "log"
        | "mod" | "octet_length" | "pow" | "power" | "random" | "round" | "sign" | "sqrt"
        | "total" | "total_changes" | "trunc" | "unicode" | "unixepoch" => Nature::Counted,
        _ => Nature::Unknown,
    }
}
