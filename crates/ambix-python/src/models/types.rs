//! Values as SQLAlchemy sees them: what foreign keys refer to, Enum classes, and types that the files define.

use super::Follower;
use super::lookup::dotted;
use super::world::keyword;
use crate::evaluate::repr_of;
use crate::sqlalchemy::{APPLICATION, called, name, type_of_sql};
use crate::value::{Call, Keyword, Kind, Origin, Path, Value};
use ambix_core::diagnostic::Span;
use ambix_core::schema::DataType;

/// How many types may be made of one another.
const DEPTH: usize = 8;

/// Writes out what SQLAlchemy looks up: `ForeignKey(account.c.id)` as `ForeignKey("account.id")`, `Enum(Mood)` with
/// the members, a type of the files as the one that it is made of. `table` is the table that the value is in.
pub(super) fn settle(follower: &mut Follower, table: Option<&str>, value: &mut Value) {
    settle_within(follower, table, value, DEPTH);
}

/// Whether [`settle`] would leave a value as it is.
pub(super) fn is_settled(value: &Value) -> bool {
    let mut is_settled = true;
    value.visit(&mut |part| {
        is_settled &= match &part.kind {
            Kind::Name(path) => path.origin != Origin::Defined,
            Kind::Subscript(..) => false,
            Kind::Call(call) => !matches!(
                name(&call.callee),
                Some("Enum" | "ENUM" | "ForeignKey" | "ForeignKeyConstraint")
            ),
            _ => true,
        };
    });
    is_settled
}

fn settle_within(follower: &mut Follower, table: Option<&str>, value: &mut Value, depth: usize) {
    if value.path().is_some_and(|path| !path.dotted.contains('#')) {
        return;
    }
    if matches!(value.kind, Kind::Name(_) | Kind::Subscript(..)) {
        let Some(path) = dotted(value) else { return };
        let known = follower.host.parts(&path).map(|(id, rest)| (id, rest.to_string()));
        value.kind = Kind::Name(path);
        if let Some((id, member)) = known {
            if member.is_empty() {
                let call =
                    Call { callee: value.clone(), arguments: Vec::new(), keywords: Vec::new() };
                made_of(follower, id, &call, value, depth);
            } else if follower.host.is_text_enum(id) {
                let members = follower.host.members(id);
                if let Some((_, text)) = members.into_iter().find(|(name, _)| *name == member) {
                    value.kind = text.kind;
                }
            }
        }
        return;
    }
    match &mut value.kind {
        Kind::List(items) | Kind::Tuple(items) => {
            items.iter_mut().for_each(|item| settle_within(follower, table, item, depth));
        }
        Kind::Dict(items) => {
            items.iter_mut().for_each(|(_, item)| settle_within(follower, table, item, depth));
        }
        Kind::Member(of, _) | Kind::Unary(_, of) => settle_within(follower, table, of, depth),
        Kind::Operation(left, _, right) | Kind::Either(left, right) => {
            settle_within(follower, table, left, depth);
            settle_within(follower, table, right, depth);
        }
        Kind::Call(call) => {
            let own = call.callee.path().and_then(|path| follower.host.parts(path));
            let own = own.filter(|(_, rest)| rest.is_empty()).map(|(id, _)| id);
            if let Some(id) = own {
                let call = (**call).clone();
                return made_of(follower, id, &call, value, depth);
            }
            match name(&call.callee) {
                Some("Enum" | "ENUM") => return members(follower, call),
                Some("ForeignKey") => targets(follower, table, call, 0, "column"),
                Some("ForeignKeyConstraint") => targets(follower, table, call, 1, "refcolumns"),
                _ => {}
            }
            if matches!(call.callee.kind, Kind::Member(..)) {
                settle_within(follower, table, &mut call.callee, depth);
            }
            call.arguments.iter_mut().for_each(|item| settle_within(follower, table, item, depth));
            for word in &mut call.keywords {
                // What Python fills in is not looked at.
                if !matches!(
                    word.name.as_str(),
                    "default" | "onupdate" | "insert_default" | "info" | APPLICATION
                ) {
                    settle_within(follower, table, &mut word.value, depth);
                }
            }
        }
        _ => {}
    }
}

fn targets(follower: &Follower, table: Option<&str>, call: &mut Call, position: usize, name: &str) {
    let keyword = call.keywords.iter_mut().find(|keyword| keyword.name == name);
    let keyword = keyword.map(|keyword| &mut keyword.value);
    let Some(target) = call.arguments.get_mut(position).or(keyword) else { return };
    let name_column = |value: &mut Value| {
        let own = || match (table, value.path()) {
            // A column of the same class.
            (Some(table), Some(path))
                if path.origin == Origin::Defined && !path.dotted.contains(['#', '.']) =>
            {
                Some((table.to_string(), path.dotted.to_string()))
            }
            _ => None,
        };
        if let Some((table, column)) = follower.host.column(value).or_else(own) {
            value.kind = Kind::Text(format!("{table}.{column}"));
        }
    };
    match &mut target.kind {
        Kind::List(items) | Kind::Tuple(items) => items.iter_mut().for_each(name_column),
        _ => name_column(target),
    }
}

/// `Enum(Mood, …)`: the names of the members, or what `values_callable` makes of them.
fn members(follower: &mut Follower, call: &mut Call) {
    let Some(first) = call.arguments.first().cloned() else { return };
    let span = first.span;
    let text = |text: String| Value { kind: Kind::Text(text), span };
    if let Some(texts) = literal_texts(&first) {
        call.arguments = texts;
        return;
    }
    let Some(id) = follower.host.entity(&first).filter(|id| follower.host.is_enum(*id)) else {
        for value in &mut call.arguments {
            settle(follower, None, value);
        }
        return;
    };
    let by_value = keyword(call, "values_callable").filter(|value| !value.is_nothing()).cloned();
    let names = match by_value {
        Some(function) => match follower.open().call_with(&function, vec![first], span) {
            Ok(Value { kind: Kind::List(items) | Kind::Tuple(items), .. }) => items,
            // An error where the members are read.
            _ => vec![function],
        },
        None => {
            let aliases = keyword(call, "omit_aliases").is_some_and(Value::is_nothing);
            let named = follower.host.named_members(id).into_iter();
            let names = named.filter(|(name, of, _)| aliases || name == of);
            names.map(|(name, _, _)| text(name.into())).collect()
        }
    };
    call.arguments = names;
    call.keywords.retain(|keyword| keyword.name != "values_callable");
    if keyword(call, "name").is_none()
        && let Some(class) = follower.host.class_of(id)
    {
        let value = text(class.name.to_lowercase());
        call.keywords.push(Keyword { name: "name".into(), value, span });
    }
}

/// The texts of `Literal["draft", "done"]`.
pub(super) fn literal_texts(value: &Value) -> Option<Vec<Value>> {
    match &value.kind {
        Kind::Subscript(of, items) if of.path()?.last() == "Literal" => Some(items.clone()),
        _ => None,
    }
}

/// Puts what a class of the files is made of in the place of a call of it, if it is a type.
fn made_of(follower: &mut Follower, id: usize, call: &Call, value: &mut Value, depth: usize) {
    let Some(depth) = depth.checked_sub(1) else { return };
    let span = value.span;
    let world = &follower.host;
    if world.class_of(id).is_none() {
        return;
    }
    let decorates = world.is_above(id, "sqlalchemy", &["TypeDecorator"]);
    let is_own = world.is_above(id, "sqlalchemy", &["UserDefinedType", "TypeEngine"]);
    let line = world.line(id);
    // A class that inherits from a type: `class Code(String)`.
    let above =
        line.iter().flat_map(|id| world.bases(*id)).find(|base| crate::sqlalchemy::is_type(base));
    let above = above.cloned();
    if !decorates && !is_own && above.is_none() {
        return;
    }
    let function = |follower: &Follower, name: &str| {
        line.iter().find_map(|id| Some(follower.host.class_of(*id)?.function(name)?.value.clone()))
    };
    let object = follower.host.object(id, span);
    let (mut arguments, mut keywords) = (call.arguments.clone(), call.keywords.clone());
    if let Some(init) = function(follower, "__init__") {
        let mut given = vec![object.clone()];
        given.append(&mut arguments);
        follower.host.constructed = None;
        let result = follower.open().apply(
            Call { callee: init, arguments: given, keywords: std::mem::take(&mut keywords) },
            span,
        );
        if let (Ok(_), Some(inner)) = (result, follower.host.constructed.take()) {
            (arguments, keywords) = (inner.arguments, inner.keywords);
        }
    }
    let with = |class: Value, arguments: Vec<Value>, keywords: Vec<Keyword>| match class.kind {
        Kind::Name(_) => {
            let call = Call { callee: class, arguments, keywords };
            Value { kind: Kind::Call(Box::new(call)), span }
        }
        _ => class,
    };
    let own;
    let found = if decorates {
        let implementation = follower.open().attribute(object.clone(), "impl", span).ok();
        let Some(implementation) = implementation.filter(
            |found| !matches!(found.kind, Kind::Name(ref path) if path.dotted.ends_with(".impl")),
        ) else {
            return;
        };
        let implementation = with(implementation, arguments, keywords);
        follower.host.set_impl(&object, implementation.clone());
        own = Some(implementation.clone());
        function(follower, "load_dialect_impl")
            .and_then(|load| {
                follower.open().call_with(&load, vec![object, dialect(span)], span).ok()
            })
            .filter(|found| {
                called(found).is_some()
                    || name(found).is_some()
                    || follower.host.entity(found).is_some()
            })
            .unwrap_or(implementation)
    } else if let Some(class) = above.filter(|_| !is_own) {
        let found = with(class, arguments, keywords);
        own = function(follower, "__init__")
            .map(|init| attributes(follower, &init, &object, found.call()));
        found
    } else {
        let written = function(follower, "get_col_spec")
            .and_then(|spec| follower.open().call_with(&spec, vec![object.clone()], span).ok());
        let Some(sql) = written.as_ref().and_then(Value::text) else { return };
        own = function(follower, "__init__").map(|init| attributes(follower, &init, &object, None));
        let class = |name: &str| {
            let path =
                Path { dotted: format!("sqlalchemy.{name}").into(), origin: Origin::Imported };
            Value { kind: Kind::Name(path), span }
        };
        match type_of_sql(sql) {
            Some((name, sizes)) => {
                let number = |size| Value { kind: Kind::Int(size), span };
                with(class(&name), sizes.into_iter().map(number).collect(), Vec::new())
            }
            None => {
                let sql = Value { kind: Kind::Text(sql.into()), span };
                with(class("UserDefinedType"), vec![sql], Vec::new())
            }
        }
    };
    let class = follower.host.name_with_module(id);
    *value = spread(found, span);
    settle_within(follower, None, value, depth);
    let own = match own {
        Some(own) => {
            let mut own = spread(own, span);
            settle_within(follower, None, &mut own, depth);
            own
        }
        None if is_own => Value { kind: Kind::List(Vec::new()), span },
        None => value.clone(),
    };
    if let Some(class) = class {
        mark(value, class, own);
    }
}

/// Notes at a type which class of the application it stands for, and what gives that its arguments: a type, or a list of
/// them.
fn mark(value: &mut Value, class: String, own: Value) {
    let span = value.span;
    if matches!(value.kind, Kind::Name(_)) {
        let call = Call { callee: value.clone(), arguments: Vec::new(), keywords: Vec::new() };
        value.kind = Kind::Call(Box::new(call));
    }
    if let Kind::Call(call) = &mut value.kind {
        let class = Value { kind: Kind::Text(class), span };
        let value = Value { kind: Kind::Tuple(vec![class, own]), span };
        call.keywords.retain(|keyword| keyword.name != APPLICATION);
        call.keywords.push(Keyword { name: APPLICATION.into(), value, span });
    }
}

/// The arguments of an object as Python shows them: those attributes that are called as parameters of `__init__` are,
/// unless they are as if not given. What need not be given has its name. A type that it inherits from sets what that is
/// called with.
fn attributes(
    follower: &mut Follower,
    init: &Value,
    object: &Value,
    above: Option<&Call>,
) -> Value {
    let of_above = |name: &str| {
        let call = above?;
        let known = DataType::parameters(crate::sqlalchemy::name(&call.callee)?)?;
        let at = known.iter().position(|known| *known == name)?;
        call.arguments.get(at).or_else(|| keyword(call, name)).cloned()
    };
    let span = object.span;
    let mut shown = Vec::new();
    for (name, default) in follower.open().parameters(init).into_iter().skip(1) {
        let found = follower.host.attribute_of(object, name).or_else(|| of_above(name));
        let (name, found) = match (default, found) {
            (Some(default), Some(found)) if repr_of(&default) != repr_of(&found) => (name, found),
            (Some(_), _) => continue,
            (None, found) => ("", found.unwrap_or(Value { kind: Kind::None, span })),
        };
        let name = Value { kind: Kind::Text(name.into()), span };
        shown.push(Value { kind: Kind::Tuple(vec![name, found]), span });
    }
    Value { kind: Kind::List(shown), span }
}

/// What a type decorator of the files gives to the database for a value.
pub(super) fn bound(follower: &mut Follower, of: &Value, value: &Value) -> Option<Value> {
    let call = of.call().cloned();
    let class = call.as_ref().map_or(of, |call| &call.callee);
    let id = follower.host.entity(class)?;
    let line = follower.host.line(id);
    let function = |follower: &Follower, name: &str| {
        line.iter().find_map(|id| Some(follower.host.class_of(*id)?.function(name)?.value.clone()))
    };
    let process = function(follower, "process_literal_param")
        .or_else(|| function(follower, "process_bind_param"))?;
    let object = follower.host.object(id, value.span);
    if let (Some(init), Some(call)) = (function(follower, "__init__"), call) {
        let given = std::iter::once(object.clone()).chain(call.arguments).collect();
        let call = Call { callee: init, arguments: given, keywords: call.keywords };
        follower.open().apply(call, value.span).ok()?;
    }
    let arguments = vec![object, value.clone(), dialect(value.span)];
    let found = follower.open().call_with(&process, arguments, value.span).ok()?;
    found.is_plain().then_some(Value { span: value.span, ..found })
}

fn dialect(span: Span) -> Value {
    let path = Path { dotted: DIALECT.into(), origin: Origin::Imported };
    Value { kind: Kind::Name(path), span }
}

/// What was read elsewhere stands where the type is used.
pub(super) fn spread(mut value: Value, span: Span) -> Value {
    set_span(&mut value, span);
    value
}

fn set_span(value: &mut Value, span: Span) {
    value.span = span;
    match &mut value.kind {
        Kind::List(items) | Kind::Tuple(items) => {
            items.iter_mut().for_each(|one| set_span(one, span))
        }
        Kind::Call(call) => {
            set_span(&mut call.callee, span);
            call.arguments.iter_mut().for_each(|one| set_span(one, span));
            for keyword in &mut call.keywords {
                keyword.span = span;
                set_span(&mut keyword.value, span);
            }
        }
        Kind::Member(of, _) | Kind::Unary(_, of) => set_span(of, span),
        Kind::Operation(left, _, right) | Kind::Either(left, right) => {
            set_span(left, span);
            set_span(right, span);
        }
        _ => {}
    }
}

/// What `dialect` is in `load_dialect_impl(self, dialect)`.
pub(super) const DIALECT: &str = "sqlalchemy.engine.dialect";
