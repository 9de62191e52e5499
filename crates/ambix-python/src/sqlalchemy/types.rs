use super::arguments::{Arguments, explain_undefined};
use super::dialect_type::{of_dialect, shown};
use super::package_type::package_type;
use super::{called, name};
use crate::syntax::Source;
use crate::value::{Kind, Origin, Value};
use ambix_core::diagnostic::Diagnostic;
use ambix_core::schema::{DataType, Literal, Shown, TypeArgument};
use std::borrow::Cow;

/// The argument of a type that says which class of the application it stands for. Python cannot spell it.
pub(crate) const APPLICATION: &str = "class of the application";

/// The type that a value stands for, as a class or as a call: `String`, `String(50)`. NullType and
/// None are no type.
pub(crate) fn data_type(source: Source, value: &Value) -> Result<Option<DataType>, Diagnostic> {
    let mut found = of_sqlite(source, value)?;
    if let Some(found) = &mut found
        && let Some(own) = application(source, value)
    {
        found.shown = Some(Box::new(Shown::Application(own)));
    }
    Ok(found)
}

/// The type of the application that a value stands for, with the arguments that Python shows.
fn application(source: Source, value: &Value) -> Option<DataType> {
    let said = value.call()?.keywords.iter().find(|keyword| keyword.name == APPLICATION)?;
    let [class, own] = said.value.items()? else { return None };
    let class = class.text()?;
    let Kind::List(arguments) = &own.kind else {
        let own = shown(source, own)?;
        let of = match own.shown.as_deref() {
            Some(Shown::Application(of) | Shown::Dialect(of) | Shown::Variants(of, _)) => of,
            _ => &own,
        };
        return Some(DataType { class: class.into(), ..of.clone() });
    };
    let arguments = arguments.iter().filter_map(|argument| {
        let [name, value] = argument.items()? else { return None };
        Some(TypeArgument { name: name.text()?.into(), value: plain(value)? })
    });
    Some(DataType { arguments: arguments.collect(), ..DataType::plain(class) })
}

/// The type that SQLite has.
fn of_sqlite(source: Source, value: &Value) -> Result<Option<DataType>, Diagnostic> {
    if matches!(value.kind, Kind::None) {
        return Ok(None);
    }
    if variant(value).is_some() {
        return with_variants(source, value);
    }
    if let Some(data_type) = package_type(source, value) {
        return data_type.map(Some);
    }
    let class = name(value).or_else(|| called(value).map(|(name, _)| name));
    match class {
        Some("NullType") => Ok(None),
        Some(class) => match (class_name(value, class), value.call()) {
            (Some(class), None) => {
                let shown = of_dialect(source, value).map(|own| Box::new(Shown::Dialect(own)));
                Ok(Some(DataType { shown, ..DataType::plain(&*class) }))
            }
            (Some(class), Some(call)) => {
                let arguments = Arguments::of(source, &class, call, value.span);
                let mut found = with_arguments(&class, arguments, is_foreign(value))?;
                found.shown = of_dialect(source, value).map(|own| Box::new(Shown::Dialect(own)));
                Ok(Some(found))
            }
            (None, _) => Err(unknown(source, value)),
        },
        None => Err(unknown(source, value)),
    }
}

/// The type that SQLite has of `base.with_variant(type, "postgresql", "sqlite")`, and what is shown of the others.
fn with_variants(source: Source, value: &Value) -> Result<Option<DataType>, Diagnostic> {
    let mut base = value;
    let mut others: Vec<(&str, &Value)> = Vec::new();
    while let Some((of, other, dialects)) = variant(base) {
        others.extend(dialects.iter().filter_map(|dialect| Some((dialect.text()?, other))));
        base = of;
    }
    let own = others.iter().find(|(dialect, _)| *dialect == "sqlite");
    let found = data_type(source, own.map_or(base, |(_, own)| own))?;
    let Some(base) = shown(source, base) else { return Ok(found) };
    let others = others.into_iter();
    let mut others: Vec<(String, DataType)> = others
        .filter_map(|(dialect, other)| Some((dialect.to_string(), shown(source, other)?)))
        .collect();
    ambix_core::sort::sort_by(&mut others, |a, b| a.0.cmp(&b.0));
    Ok(found.map(|mut found| {
        found.shown = Some(Box::new(Shown::Variants(base, others)));
        found
    }))
}

/// What `with_variant` is called on, and its arguments.
fn variant(value: &Value) -> Option<(&Value, &Value, &[Value])> {
    let call = value.call()?;
    let Kind::Member(base, method) = &call.callee.kind else { return None };
    if method != "with_variant" {
        return None;
    }
    let (other, dialects) = call.arguments.split_first()?;
    Some((base, other, dialects))
}

/// The class by the name that the schema model has for it.
fn class_name<'v>(value: &Value, class: &'v str) -> Option<Cow<'v, str>> {
    let path = value.named()?;
    if path.dotted.starts_with("sqlalchemy.dialects.sqlite.") || class == "JSONB" {
        let dialect = format!("sqlite.{class}");
        if DataType::parameters(&dialect).is_some() {
            return Some(dialect.into());
        }
    }
    // SQLAlchemy has two names for one class; PostgreSQL's is the same in SQLite.
    let class = match class {
        "INT" => "INTEGER",
        "ENUM" => "Enum",
        class => class,
    };
    DataType::parameters(class).is_some().then(|| class.into())
}

/// Whether the value is, or is meant to be, a type.
pub(crate) fn is_type(value: &Value) -> bool {
    let class = name(value).or_else(|| called(value).map(|(name, _)| name));
    class.is_some_and(|class| class == "NullType" || class_name(value, class).is_some())
}

fn unknown(source: Source, value: &Value) -> Diagnostic {
    let hint = "Use one of SQLAlchemy's own types, such as `String` or `Integer`.";
    match value.named() {
        Some(path) if is_foreign(value) || path.dotted == "sqlalchemy.ARRAY" => {
            let class = path.last();
            let message =
                format!("Compiler SQLiteTypeCompiler can't render element of type {class}");
            let hint = format!(
                "Give SQLite one of its own: `{class}(…).with_variant(String(), \"sqlite\")`."
            );
            source.unsupported(value.span, message).hint(hint)
        }
        Some(path) => {
            let message = format!("the column type {} is not known", path.shown());
            let error = source.unsupported(value.span, message);
            match path.origin {
                Origin::Unbound => explain_undefined(source, value, error),
                _ => error.hint(hint),
            }
        }
        None => {
            let message = format!("{} is no column type that can be read", value.describe());
            source.unsupported(value.span, message).hint(hint)
        }
    }
}

fn with_arguments(
    class: &str,
    mut given: Arguments,
    is_foreign: bool,
) -> Result<DataType, Diagnostic> {
    let mut data_type = DataType::plain(class);
    if class == "Enum" {
        while let Some(member) = given.next() {
            let value = Literal::Text(enum_member(&given, member)?);
            data_type.arguments.push(TypeArgument { name: String::new(), value });
        }
    }
    for parameter in DataType::parameters(class).unwrap_or_default() {
        let Some(value) = given.either(parameter) else { continue };
        let inner = match &value.kind {
            // `op.f("ck_name")`.
            Kind::Call(call) if *parameter == "name" && call.arguments.len() == 1 => {
                call.arguments.first().filter(|name| name.text().is_some())
            }
            _ => Some(value),
        };
        let Some(literal) = inner.and_then(plain) else {
            return Err(given.unexpected(parameter, "a plain value", value));
        };
        if literal != default(class, parameter) {
            let argument = TypeArgument { name: (*parameter).into(), value: literal };
            data_type.arguments.push(argument);
        }
    }
    // What Python does with the values, and what only other databases have.
    given.ignore(&["values_callable", "validate_strings", "sort_key_function", "inherit_schema"]);
    given.ignore(&["metadata", "schema", "omit_aliases", "_create_events", "quote"]);
    given.ignore(&["protocol", "pickler", "comparator", "astext_type", APPLICATION]);
    if matches!(class, "sqlite.DATETIME" | "sqlite.DATE" | "sqlite.TIME") {
        given.ignore(&["regexp", "timezone"]);
    }
    // SQLite writes nothing of what only another database knows.
    if !is_foreign {
        given.finish()?;
    }
    Ok(data_type)
}

fn plain(value: &Value) -> Option<Literal> {
    Some(match &value.kind {
        Kind::None => Literal::None,
        Kind::Bool(flag) => Literal::Bool(*flag),
        Kind::Int(number) => Literal::Int(*number),
        Kind::Text(text) => Literal::Text(text.clone()),
        _ => return None,
    })
}

/// Whether a type is of another database's dialect.
fn is_foreign(value: &Value) -> bool {
    let path = value.named().and_then(|path| path.dotted.strip_prefix("sqlalchemy.dialects."));
    path.is_some_and(|rest| !rest.starts_with("sqlite."))
}

fn enum_member(given: &Arguments, member: &Value) -> Result<String, Diagnostic> {
    match member.text() {
        Some(text) => Ok(text.into()),
        None => Err(given.unexpected_but(
            "members",
            "strings",
            member,
            "Write the members out: `Enum(\"draft\", \"done\", name=\"state\")`.",
        )),
    }
}

/// The value that a parameter has when it is not given.
fn default(class: &str, parameter: &str) -> Literal {
    match parameter {
        "timezone" | "create_constraint" | "none_as_null" | "truncate_microseconds" => {
            Literal::Bool(false)
        }
        "native_enum" | "as_uuid" | "native_uuid" | "native" => Literal::Bool(true),
        "asdecimal" => Literal::Bool(matches!(class, "Numeric" | "NUMERIC" | "DECIMAL")),
        _ => Literal::None,
    }
}

/// The class and the sizes of a type by its SQL, `VARCHAR(36)`, if SQLAlchemy has one that is written so.
pub(crate) fn type_of_sql(sql: &str) -> Option<(String, Vec<i64>)> {
    let found = DataType::reflect(sql)?;
    let written = found.sql().ok()?;
    let numbers = found.arguments.into_iter().filter_map(|argument| match argument.value {
        Literal::Int(number) => Some(number),
        _ => None,
    });
    written.eq_ignore_ascii_case(sql).then(|| (found.class, numbers.collect()))
}
