//! `Mapped[…]`: what an annotation says about a column.

use super::Follower;
use super::types::literal_texts;
use super::world::{What, keyword};
use crate::syntax::Source;
use crate::value::{Call, Keyword, Kind, Origin, Path, Value};
use ambix_core::diagnostic::Diagnostic;

/// What an annotation says.
pub(super) struct Mapped<'a> {
    /// Whether None is allowed.
    pub(super) optional: bool,
    /// The Python type, without Optional and Annotated.
    pub(super) python: &'a Value,
    /// The type with what `Annotated` adds to it.
    pub(super) annotated: Option<&'a Value>,
    /// The column that `Annotated` has: `mapped_column(primary_key=True)`.
    pub(super) column: Option<&'a Value>,
}

/// Reads `Mapped[int]`, `Mapped[Optional[int]]`, `Mapped[int | None]`; `None` for any other
/// annotation.
pub(super) fn mapped(annotation: &Value) -> Option<Mapped<'_>> {
    let Kind::Subscript(of, items) = &annotation.kind else { return None };
    if of.path()?.last() != "Mapped" {
        return None;
    }
    let [inner] = items.as_slice() else { return None };
    Some(described(inner))
}

/// Reads a type: `Optional[int]`, `Annotated[int, …]`.
pub(super) fn described(value: &Value) -> Mapped<'_> {
    let (mut optional, mut python) = without_none(value);
    let (mut annotated, mut column) = (None, None);
    for _ in 0..8 {
        let Kind::Subscript(of, items) = &python.kind else { break };
        let ("Annotated", Some((first, rest))) =
            (of.path().map_or("", |path| path.last()), items.split_first())
        else {
            break;
        };
        annotated = annotated.or(Some(python));
        column = column.or_else(|| rest.iter().find(|part| is_column(part)));
        let inner = without_none(first);
        optional |= inner.0;
        python = inner.1;
    }
    Mapped { optional, python, annotated, column }
}

fn is_column(value: &Value) -> bool {
    crate::sqlalchemy::called(value).is_some_and(|(name, _)| name == "mapped_column")
}

fn without_none(value: &Value) -> (bool, &Value) {
    if !matches!(value.kind, Kind::Subscript(..) | Kind::Either(..)) {
        return (matches!(value.kind, Kind::None), value);
    }
    let mut alternatives: Vec<&Value> = Vec::new();
    let mut open = vec![value];
    while let Some(value) = open.pop() {
        match &value.kind {
            Kind::Subscript(of, items) => match of.path().map(|path| path.last()) {
                Some("Optional") => {
                    return (true, items.first().map_or(value, |inner| without_none(inner).1));
                }
                Some("Union") => open.extend(items.iter().rev()),
                _ => alternatives.push(value),
            },
            Kind::Either(left, right) => open.extend([&**right, &**left]),
            _ => alternatives.push(value),
        }
    }
    let is_none = |value: &&Value| matches!(value.kind, Kind::None);
    let others: Vec<&Value> =
        alternatives.iter().copied().filter(|value| !is_none(value)).collect();
    let python = match others.as_slice() {
        [one] => one,
        _ => value,
    };
    (alternatives.iter().any(is_none), python)
}

/// The type that a Python type has in a class, as a value: by `type_annotation_map` of its base, or by
/// SQLAlchemy 2.1's own map.
pub(super) fn data_type(
    follower: &Follower,
    class: usize,
    source: Source,
    mapped: &Mapped,
) -> Result<Value, Diagnostic> {
    let python = mapped.python;
    let span = python.span;
    let own = mapped
        .annotated
        .into_iter()
        .chain([python])
        .find_map(|wanted| mapping(follower, class, wanted));
    let id = follower.host.entity(python);
    if let Some(found) = own {
        return Ok(found);
    }
    let sqlalchemy = |class: &str, arguments: Vec<Value>, keywords: Vec<Keyword>| {
        let path = Path { dotted: format!("sqlalchemy.{class}").into(), origin: Origin::Imported };
        let callee = Value { kind: Kind::Name(path), span };
        Value { kind: Kind::Call(Box::new(Call { callee, arguments, keywords })), span }
    };
    if let Some(texts) = literal_texts(python) {
        let no = Value { kind: Kind::Bool(false), span };
        let keyword = Keyword { name: "native_enum".into(), value: no, span };
        return Ok(sqlalchemy("Enum", texts, vec![keyword]));
    }
    if id.is_some_and(|id| follower.host.is_enum(id)) {
        // The map may say of all Enum classes how they are stored.
        let any = Path { dotted: "enum.Enum".into(), origin: Origin::Imported };
        let any = Value { kind: Kind::Name(any), span };
        let keywords = match mapping(follower, class, &any) {
            Some(Value { kind: Kind::Call(call), .. }) => call.keywords,
            _ => Vec::new(),
        };
        return Ok(sqlalchemy("Enum", vec![python.clone()], keywords));
    }
    let class = python.path().and_then(|path| {
        Some(match (path.origin, path.dotted.as_str()) {
            (Origin::Unbound, "bool") => "Boolean",
            (Origin::Unbound, "bytes") => "LargeBinary",
            (Origin::Unbound, "float") => "Double",
            (Origin::Unbound, "int") => "Integer",
            (Origin::Unbound, "str") => "String",
            (Origin::Imported, "datetime.date") => "Date",
            (Origin::Imported, "datetime.datetime") => "DateTime",
            (Origin::Imported, "datetime.time") => "Time",
            (Origin::Imported, "datetime.timedelta") => "Interval",
            (Origin::Imported, "decimal.Decimal") => "Numeric",
            (Origin::Imported, "uuid.UUID") => "Uuid",
            _ => return None,
        })
    });
    match class {
        Some(class) => Ok(sqlalchemy(class, Vec::new(), Vec::new())),
        None => {
            let message = format!("No column type is known for {}", python.describe());
            Err(source.unsupported(span, message).hint("Name the type: `mapped_column(String)`."))
        }
    }
}

/// What a `type_annotation_map` that counts for the class has for a Python type.
fn mapping(follower: &Follower, class: usize, wanted: &Value) -> Option<Value> {
    let world = &follower.host;
    let of_registry = |value: &Value| {
        let id = world.entity(value)?;
        match &world.entities.get(id)?.what {
            What::Base(value) => Some(keyword(value.call()?, "type_annotation_map")?.clone()),
            _ => None,
        }
    };
    for id in world.line(class) {
        let map = match &world.entities.get(id)?.what {
            What::Class(class) => class
                .value("type_annotation_map")
                .cloned()
                .or_else(|| class.value("registry").and_then(of_registry)),
            What::Base(value) => {
                let call = value.call();
                call.and_then(|call| keyword(call, "type_annotation_map")).cloned().or_else(|| {
                    // `registry.generate_base()`
                    let path = call?.callee.path()?;
                    let (registry, _) = world.parts(path)?;
                    match &world.entities.get(registry)?.what {
                        What::Base(value) => {
                            Some(keyword(value.call()?, "type_annotation_map")?.clone())
                        }
                        _ => None,
                    }
                })
            }
            _ => None,
        };
        let Some(Value { kind: Kind::Dict(entries), .. }) = map else { continue };
        if let Some((_, value)) = entries.iter().find(|(key, _)| is_same(key, wanted)) {
            return Some(value.clone());
        }
    }
    None
}

fn is_same(one: &Value, other: &Value) -> bool {
    let all = |one: &[Value], other: &[Value]| {
        one.len() == other.len() && one.iter().zip(other).all(|(one, other)| is_same(one, other))
    };
    match (&one.kind, &other.kind) {
        (Kind::Name(one), Kind::Name(other)) => one == other,
        (Kind::Text(one), Kind::Text(other)) => one == other,
        (Kind::Int(one), Kind::Int(other)) => one == other,
        (Kind::Bool(one), Kind::Bool(other)) => one == other,
        (Kind::None, Kind::None) => true,
        (Kind::Subscript(one, items), Kind::Subscript(other, others)) => {
            is_same(one, other) && all(items, others)
        }
        (Kind::Either(a, b), Kind::Either(c, d)) => is_same(a, c) && is_same(b, d),
        (Kind::Tuple(one), Kind::Tuple(other)) => all(one, other),
        (Kind::Call(one), Kind::Call(other)) => {
            // The same object where it stands under one name.
            one.callee.span == other.callee.span
                && is_same(&one.callee, &other.callee)
                && all(&one.arguments, &other.arguments)
        }
        _ => false,
    }
}
