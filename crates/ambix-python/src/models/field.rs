//! SQLModel: `name: str = Field(index=True)`.
//!
//! Source: `get_column_from_field` and `get_sqlalchemy_type` of SQLModel.

use super::annotation::{Mapped, described};
use super::attribute::declared;
use super::lookup::is_field;
use super::types::{settle, spread};
use super::world::keyword;
use super::{Follower, Found};
use crate::sqlalchemy::{TableDeclaration, called};
use crate::syntax::Source;
use crate::value::{Attribute, Call, Keyword, Kind, Origin, Path, Value};
use ambix_core::diagnostic::{Diagnostic, Span};

/// Reads the fields of a class and of those above it, which come first, as Pydantic has it.
pub(super) fn columns<'a>(
    follower: &mut Follower<'a>,
    id: usize,
    table: &str,
    source: Source<'a>,
    declaration: &mut TableDeclaration,
    found: &mut Found<'a>,
) {
    let mut fields: Vec<(usize, Attribute)> = Vec::new();
    let file = follower.host.entities.get(id).map_or(0, |entity| entity.file);
    for of in follower.host.line(id).into_iter().rev() {
        let Some(class) = follower.host.class_of(of) else { continue };
        for attribute in &class.attributes {
            match fields.iter_mut().find(|(_, known)| known.name == attribute.name) {
                Some(known) => *known = (of, attribute.clone()),
                None => fields.push((of, attribute.clone())),
            }
        }
    }
    for (of, field) in fields {
        let of = follower.host.entities.get(of).map_or(file, |entity| entity.file);
        let source_of = follower.host.sources.get(of).copied().unwrap_or(source);
        let Some(annotation) = &field.annotation else { continue };
        if field.name.starts_with('_') || !is_column(annotation, field.value.as_ref()) {
            continue;
        }
        let column = match column(follower, table, source_of, &field, annotation) {
            Ok(value) => declared(follower, table, source_of, &value),
            Err(error) => Err(error),
        };
        match column {
            Ok(mut column) => {
                column.name.get_or_insert_with(|| field.name.to_string());
                column.attribute = Some(field.name);
                declaration.columns.push(column);
            }
            Err(error) => found.report(error),
        }
    }
}

/// Whether a field is a column, and not a relationship or an attribute of the class.
fn is_column(annotation: &Value, value: Option<&Value>) -> bool {
    let of = match &annotation.kind {
        Kind::Subscript(of, _) => of,
        _ => annotation,
    };
    let is_class_variable = of.path().is_some_and(|path| path.last() == "ClassVar");
    let callee = value.and_then(Value::call).and_then(|call| call.callee.path());
    !is_class_variable && callee.is_none_or(|path| path.last() != "Relationship")
}

/// The call of `Column` that a field means.
fn column(
    follower: &mut Follower,
    table: &str,
    source: Source,
    field: &Attribute,
    annotation: &Value,
) -> Result<Value, Diagnostic> {
    if let Some(error) = &field.failed {
        return Err(error.clone());
    }
    let none = Call {
        callee: Value { kind: Kind::None, span: field.span },
        arguments: Vec::new(),
        keywords: Vec::new(),
    };
    let described = described(annotation);
    // `Annotated[str, Field(index=True)]`
    let inner = match described.annotated.map(|value| &value.kind) {
        Some(Kind::Subscript(_, items)) => items.iter().find(|item| is_field(item)),
        _ => None,
    };
    let call = field
        .value
        .as_ref()
        .filter(|value| is_field(value))
        .or(inner)
        .and_then(Value::call)
        .unwrap_or(&none);
    if let Some(column) = keyword(call, "sa_column")
        .filter(|value| called(value).is_some_and(|(name, _)| name == "Column"))
    {
        return Ok(column.clone());
    }
    let span = annotation.span;
    let flag = |name: &str| {
        keyword(call, name).is_some_and(|value| matches!(value.kind, Kind::Bool(true)))
    };
    let is_key = flag("primary_key");
    let mut keywords: Vec<Keyword> = Vec::new();
    let mut add = |name: &str, value: Value| {
        keywords.retain(|known| known.name != name);
        keywords.push(Keyword { name: name.into(), span: value.span, value });
    };
    let mut data_type = match keyword(call, "sa_type") {
        Some(given) => given.clone(),
        None => type_of(follower, source, call, &described)?,
    };
    settle(follower, Some(table), &mut data_type);
    add("type_", spread(data_type, span));
    let boolean = |flag: bool| Value { kind: Kind::Bool(flag), span: field.span };
    add("nullable", boolean(!is_key && described.optional));
    for name in ["primary_key", "nullable", "index", "unique"] {
        if let Some(value) = keyword(call, name) {
            add(name, value.clone());
        }
    }
    let mut arguments = Vec::new();
    if let Some(target) = keyword(call, "foreign_key").filter(|target| !target.is_nothing()) {
        let mut key = sqlalchemy("ForeignKey", target.span);
        key.arguments.push(target.clone());
        if let Some(value) = keyword(call, "ondelete").filter(|value| !value.is_nothing()) {
            let value = value.clone();
            key.keywords.push(Keyword { name: "ondelete".into(), span: value.span, value });
        }
        arguments.push(Value { kind: Kind::Call(Box::new(key)), span: target.span });
    }
    if let Some(items) = keyword(call, "sa_column_args").and_then(Value::items) {
        arguments.extend(items.iter().cloned());
    }
    match keyword(call, "sa_column_kwargs").map(|value| &value.kind) {
        Some(Kind::Dict(entries)) => {
            for (key, value) in entries {
                if let Some(name) = key.text() {
                    add(name, value.clone());
                }
            }
        }
        Some(Kind::None) | None => {}
        Some(_) => {
            let message = "`sa_column_kwargs` of `Field` must be a dict";
            return Err(source.unsupported(field.span, message));
        }
    }
    let mut column = sqlalchemy("Column", field.span);
    (column.arguments, column.keywords) = (arguments, keywords);
    Ok(Value { kind: Kind::Call(Box::new(column)), span: field.span })
}

fn sqlalchemy(class: &str, span: Span) -> Call {
    let path = Path { dotted: format!("sqlalchemy.{class}").into(), origin: Origin::Imported };
    Call {
        callee: Value { kind: Kind::Name(path), span },
        arguments: Vec::new(),
        keywords: Vec::new(),
    }
}

/// The type that SQLModel has for a Python type.
fn type_of(
    follower: &Follower,
    source: Source,
    call: &Call,
    described: &Mapped,
) -> Result<Value, Diagnostic> {
    let python = described.python;
    let span = python.span;
    let plain = |class: &str| Value { kind: Kind::Call(Box::new(sqlalchemy(class, span))), span };
    let with = |class: &str, names: &[(&str, &str)]| {
        let mut made = sqlalchemy(class, span);
        for (name, parameter) in names {
            if let Some(value) = keyword(call, name).filter(|value| !value.is_nothing()) {
                let keyword = Keyword { name: (*parameter).into(), value: value.clone(), span };
                made.keywords.push(keyword);
            }
        }
        Value { kind: Kind::Call(Box::new(made)), span }
    };
    let text = || with("String", &[("max_length", "length")]);
    if follower.host.entity(python).is_some_and(|id| follower.host.is_enum(id)) {
        let mut made = sqlalchemy("Enum", span);
        made.arguments.push(python.clone());
        return Ok(Value { kind: Kind::Call(Box::new(made)), span });
    }
    if let Some(id) = follower.host.entity(python)
        && follower.host.is_text_enum(id)
    {
        return Ok(text());
    }
    let known = python.path().and_then(|path| {
        Some(match (path.origin, path.dotted.as_str()) {
            (Origin::Unbound, "str") => text(),
            (Origin::Unbound, "float") => plain("Float"),
            (Origin::Unbound, "bool") => plain("Boolean"),
            (Origin::Unbound, "int") => plain("Integer"),
            (Origin::Unbound, "bytes") => plain("LargeBinary"),
            (Origin::Imported, "datetime.datetime") => plain("DateTime"),
            (Origin::Imported, "datetime.date") => plain("Date"),
            (Origin::Imported, "datetime.timedelta") => plain("Interval"),
            (Origin::Imported, "datetime.time") => plain("Time"),
            (Origin::Imported, "decimal.Decimal") => {
                with("Numeric", &[("max_digits", "precision"), ("decimal_places", "scale")])
            }
            (Origin::Imported, "uuid.UUID") => plain("Uuid"),
            (Origin::Imported, "pathlib.Path" | "pydantic.EmailStr") => text(),
            (Origin::Imported, _) if path.first() == "ipaddress" => text(),
            (Origin::Imported, "pydantic.AwareDatetime" | "pydantic.NaiveDatetime") => {
                plain("DateTime")
            }
            (Origin::Imported, "pydantic.UUID4" | "pydantic.UUID1") => plain("Uuid"),
            _ => return None,
        })
    });
    known.ok_or_else(|| {
        let message = format!("{} has no matching SQLAlchemy type", python.describe());
        source.unsupported(span, message).hint("Name the type: `Field(sa_type=JSON)`.")
    })
}
