//! Types of other databases' dialects as Python shows them. They mean nothing to SQLite, but scripts name them.
//!
//! Source: what `repr` gives for the types of `sqlalchemy.dialects`.

use super::types::data_type;
use crate::syntax::Source;
use crate::value::{Kind, Value};
use ambix_core::schema::{DataType, Literal, Shown, TypeArgument};

/// The order in which MySQL's types show their arguments; what is not here follows as it is written.
const OF_MYSQL: &[&str] = &[
    "display_width",
    "charset",
    "collation",
    "ascii",
    "binary",
    "unicode",
    "national",
    "unsigned",
    "zerofill",
    "length",
];

/// A type as Python shows it, of whichever database; nothing if it is not known.
pub(super) fn shown(source: Source, value: &Value) -> Option<DataType> {
    if let Some(found) = of_dialect(source, value) {
        return Some(found);
    }
    if value.named().is_some_and(|path| path.within("sqlalchemy") == Some("ARRAY")) {
        return with_arguments(source, "", "ARRAY", value);
    }
    Some(data_type(source, value).ok()?.unwrap_or_else(|| DataType::plain("NullType")))
}

/// A type that another database's dialect has of its own: `postgresql.JSONB(astext_type=Text())`.
pub(super) fn of_dialect(source: Source, value: &Value) -> Option<DataType> {
    let path = value.named()?;
    let (dialect, _) = path.dotted.strip_prefix("sqlalchemy.dialects.")?.split_once('.')?;
    is_own(dialect, path.last()).then(|| with_arguments(source, dialect, path.last(), value))?
}

/// Whether the class is the dialect's own, and no other name for one of SQLAlchemy's.
fn is_own(dialect: &str, class: &str) -> bool {
    let own: &[&str] = match dialect {
        "mysql" => return !["BINARY", "BLOB", "BOOLEAN", "DATE", "VARBINARY"].contains(&class),
        "mssql" => &["DOUBLE_PRECISION", "JSON", "REAL", "TIME", "TIMESTAMP", "VARBINARY"],
        "oracle" => &["DATE", "FLOAT", "JSON", "TIMESTAMP"],
        "postgresql" => &["JSON", "TIME", "TIMESTAMP"],
        _ => return false,
    };
    own.contains(&class) || DataType::parameters(class).is_none()
}

/// The names of the arguments that are given by position.
fn parameters(dialect: &str, class: &str) -> &'static [&'static str] {
    match (dialect, class) {
        ("mysql", "TINYINT" | "SMALLINT" | "MEDIUMINT" | "INTEGER" | "BIGINT" | "YEAR") => {
            &["display_width"]
        }
        ("mysql", "TIME" | "DATETIME" | "TIMESTAMP") => &["timezone", "fsp"],
        ("mssql", "TIME" | "DATETIME2" | "DATETIMEOFFSET") | ("postgresql", "INTERVAL") => {
            &["precision", "fields"]
        }
        (_, "TIME" | "TIMESTAMP") => &["timezone", "precision"],
        (_, "DECIMAL" | "NUMERIC" | "DOUBLE" | "REAL" | "FLOAT" | "NUMBER") => {
            &["precision", "scale", "asdecimal"]
        }
        (_, "JSON" | "JSONB") => &["none_as_null", "astext_type"],
        (_, "ARRAY") => &["", "as_tuple", "dimensions"],
        (_, "HSTORE") => &["text_type"],
        (_, "BIT") => &["length", "varying"],
        _ => &["length", "collation"],
    }
}

fn with_arguments(source: Source, dialect: &str, class: &str, value: &Value) -> Option<DataType> {
    let dot = if dialect.is_empty() { "" } else { "." };
    let mut found = DataType::plain(format!("{dialect}{dot}{class}"));
    let is_enum = matches!(class, "ENUM" | "SET");
    let mut given: Vec<(&str, &Value)> = Vec::new();
    if let Some(call) = value.call() {
        let names = parameters(dialect, class);
        for (at, argument) in call.arguments.iter().enumerate() {
            given.push((if is_enum { "" } else { names.get(at)? }, argument));
        }
        given.extend(call.keywords.iter().map(|word| {
            (if word.name == "item_type" { "" } else { word.name.as_str() }, &word.value)
        }));
    }
    for (name, value) in &given {
        let literal = match &value.kind {
            Kind::Bool(flag) if *flag == (*name == "create_type") => continue,
            Kind::Bool(flag) => Literal::Bool(*flag),
            Kind::Int(number) => Literal::Int(*number),
            Kind::Text(_) if dialect == "mysql" && *name == "name" => continue,
            Kind::Text(text) => Literal::Text(text.clone()),
            _ if matches!(*name, "" | "astext_type" | "text_type") => {
                let inner = shown(source, value)?;
                found.shown = Some(Box::new(Shown::Argument((*name).into(), inner)));
                continue;
            }
            _ => continue,
        };
        found.arguments.push(TypeArgument { name: (*name).into(), value: literal });
    }
    let is_given = |name: &str| given.iter().any(|(other, _)| *other == name);
    let standard = match (dialect, class) {
        ("mysql", "DOUBLE" | "REAL") => Some(("asdecimal", Literal::Bool(true))),
        ("mysql", "NCHAR" | "NVARCHAR") => Some(("national", Literal::Bool(true))),
        ("postgresql", "BIT") => Some(("length", Literal::Int(1))),
        _ => None,
    };
    if let Some((name, value)) = standard.filter(|(name, _)| !is_given(name)) {
        found.arguments.push(TypeArgument { name: name.into(), value });
    }
    let text = match (dialect, class) {
        ("postgresql", "JSON" | "JSONB") => "astext_type",
        ("postgresql", "HSTORE") => "text_type",
        _ => "",
    };
    if !text.is_empty() && found.shown.is_none() {
        let inner = Shown::Argument(text.into(), DataType::plain("Text"));
        found.shown = Some(Box::new(inner));
    }
    if dialect == "mysql" {
        let place = |argument: &TypeArgument| {
            let known = OF_MYSQL.iter().position(|name| *name == argument.name);
            if argument.name.is_empty() { 0 } else { known.map_or(usize::MAX, |at| at + 1) }
        };
        ambix_core::sort::sort_by_key(&mut found.arguments, place);
    }
    Some(found)
}
