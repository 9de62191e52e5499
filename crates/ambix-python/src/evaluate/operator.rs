//! Python's operators on values that are known. Where one is not, the operation stands for itself: it is one of
//! SQLAlchemy's, or nobody knows.

use crate::value::{Kind, Origin, Path, Value};
use ruff_python_ast::CmpOp;
use std::cmp::Ordering;

/// Whether a value counts as true; nothing if that is not known.
pub(crate) fn truth(value: &Value) -> Option<bool> {
    Some(match &value.kind {
        Kind::None => false,
        Kind::Bool(flag) => *flag,
        Kind::Int(number) => *number != 0,
        Kind::Float(number) => *number != 0.0,
        Kind::Text(text) => !text.is_empty(),
        Kind::Bytes(bytes) => !bytes.is_empty(),
        Kind::List(items)
        | Kind::Tuple(items)
        | Kind::Set(items)
        | Kind::Row(_, items)
        | Kind::View(_, items) => !items.is_empty(),
        Kind::Dict(entries) => !entries.is_empty(),
        Kind::Function(_) | Kind::Iterator(_) => true,
        Kind::Call(call) => {
            let path = call.callee.path()?;
            match path.dotted.as_str() {
                "alembic.op.get_bind" | "alembic.op.get_context" | "sqlalchemy.inspect" => true,
                _ => return None,
            }
        }
        _ => return None,
    })
}

/// Whether something is a value of Python's own, all parts of which are known.
pub(super) fn is_known(value: &Value) -> bool {
    match &value.kind {
        Kind::List(items)
        | Kind::Tuple(items)
        | Kind::Set(items)
        | Kind::Row(_, items)
        | Kind::View(_, items) => items.iter().all(is_known),
        Kind::Dict(entries) => entries.iter().all(|(key, value)| is_known(key) && is_known(value)),
        _ => value.is_plain() || matches!(value.kind, Kind::Function(_) | Kind::Iterator(_)),
    }
}

/// Whether it is a list, a dict or another thing that can hold values.
pub(super) const fn is_container(value: &Value) -> bool {
    matches!(
        value.kind,
        Kind::List(_) | Kind::Dict(_) | Kind::Set(_) | Kind::Tuple(_) | Kind::View(..)
    )
}

/// How many values a value holds; a text counts by its length.
pub(super) fn size(value: &Value) -> usize {
    match &value.kind {
        Kind::Text(text) => text.len() / 32,
        Kind::Bytes(bytes) => bytes.len() / 32,
        Kind::List(items)
        | Kind::Tuple(items)
        | Kind::Set(items)
        | Kind::Row(_, items)
        | Kind::View(_, items) => items.iter().fold(1, |sum, item| sum + 1 + size(item)),
        Kind::Dict(entries) => {
            entries.iter().fold(1, |sum, (key, value)| sum + 2 + size(key) + size(value))
        }
        Kind::Call(_)
        | Kind::Member(..)
        | Kind::Subscript(..)
        | Kind::Either(..)
        | Kind::Operation(..)
        | Kind::Unary(..) => {
            let mut parts = 0;
            value.visit(&mut |_| parts += 1);
            parts
        }
        _ => 0,
    }
}

/// Whether values are nested in a value deeper than that.
pub(super) fn is_deeper(value: &Value, levels: usize) -> bool {
    let Some(levels) = levels.checked_sub(1) else { return true };
    let inner = |value: &Value| is_deeper(value, levels);
    match &value.kind {
        Kind::List(items)
        | Kind::Tuple(items)
        | Kind::Set(items)
        | Kind::Row(_, items)
        | Kind::View(_, items) => items.iter().any(inner),
        Kind::Dict(entries) => entries.iter().any(|(key, value)| inner(key) || inner(value)),
        Kind::Call(call) => {
            inner(&call.callee)
                || call.arguments.iter().any(inner)
                || call.keywords.iter().any(|keyword| inner(&keyword.value))
        }
        Kind::Operation(left, _, right) | Kind::Either(left, right) => inner(left) || inner(right),
        Kind::Subscript(of, items) => inner(of) || items.iter().any(inner),
        Kind::Member(of, _) | Kind::Unary(_, of) => inner(of),
        _ => false,
    }
}

/// A number, as Python counts True and False too.
pub(super) fn number_of(value: &Value) -> Option<f64> {
    match value.kind {
        Kind::Bool(flag) => Some(f64::from(u8::from(flag))),
        Kind::Int(number) => Some(number as f64),
        Kind::Float(number) => Some(number),
        _ => None,
    }
}

/// A whole number, as Python counts True and False too.
pub(super) fn whole(value: &Value) -> Option<i64> {
    match value.kind {
        Kind::Bool(flag) => Some(flag.into()),
        Kind::Int(number) => Some(number),
        _ => None,
    }
}

/// `left == right`; nothing if that is not known.
pub(crate) fn equal(left: &Value, right: &Value) -> Option<bool> {
    if let (Some(left), Some(right)) = (whole(left), whole(right)) {
        return Some(left == right);
    }
    if let (Some(left), Some(right)) = (number_of(left), number_of(right)) {
        return Some(left == right);
    }
    let all = |left: &[Value], right: &[Value]| {
        if left.len() != right.len() {
            return Some(false);
        }
        let mut is_sure = true;
        for (left, right) in left.iter().zip(right) {
            match equal(left, right) {
                Some(true) => {}
                Some(false) => return Some(false),
                None => is_sure = false,
            }
        }
        is_sure.then_some(true)
    };
    match (&left.kind, &right.kind) {
        (Kind::Row(_, left), Kind::Row(_, right) | Kind::Tuple(right)) => all(left, right),
        (Kind::None, Kind::None) => Some(true),
        (Kind::Text(left), Kind::Text(right)) => Some(left == right),
        (Kind::Bytes(left), Kind::Bytes(right)) => Some(left == right),
        (Kind::List(left), Kind::List(right)) | (Kind::Tuple(left), Kind::Tuple(right)) => {
            all(left, right)
        }
        (Kind::Dict(one), Kind::Dict(other)) => {
            if one.len() != other.len() {
                return Some(false);
            }
            for (key, value) in one {
                match item(other, key)? {
                    Some(found) if equal(value, found)? => {}
                    _ => return Some(false),
                }
            }
            Some(true)
        }
        (Kind::Name(left), Kind::Name(right)) if left == right => Some(true),
        (Kind::Function(left), Kind::Function(right))
        | (Kind::Iterator(left), Kind::Iterator(right)) => Some(left == right),
        (Kind::View("range", left), Kind::View("range", right)) => all(left, right),
        (
            Kind::View("dict_keys" | "dict_items", one) | Kind::Set(one),
            Kind::View("dict_keys" | "dict_items", other) | Kind::Set(other),
        ) => Some(one.len() == other.len() && subset(one, other)?),
        (Kind::View("dict_values", _), Kind::View("dict_values", _)) => None,
        _ if is_known(left) && is_known(right) => Some(false),
        _ => None,
    }
}

/// The value of a key in a dict; the outer nothing if that is not known.
pub(super) fn item<'v>(entries: &'v [(Value, Value)], key: &Value) -> Option<Option<&'v Value>> {
    let mut found = None;
    for (known, value) in entries {
        if equal(known, key)? {
            found = Some(value);
        }
    }
    Some(found)
}

/// Whether a list or a set holds a value.
pub(super) fn contains(items: &[Value], value: &Value) -> Option<bool> {
    let mut is_sure = true;
    for one in items {
        match equal(one, value) {
            Some(true) => return Some(true),
            Some(false) => {}
            None => is_sure = false,
        }
    }
    is_sure.then_some(false)
}

/// Whether all of `one` is in `other`.
pub(super) fn subset(one: &[Value], other: &[Value]) -> Option<bool> {
    for value in one {
        if !contains(other, value)? {
            return Some(false);
        }
    }
    Some(true)
}

/// The values, each once.
pub(super) fn distinct(items: Vec<Value>) -> Option<Vec<Value>> {
    let mut once: Vec<Value> = Vec::with_capacity(items.len());
    for item in items {
        if !contains(&once, &item)? {
            once.push(item);
        }
    }
    Some(once)
}

/// Which of two values is first; nothing if Python has no order for them.
pub(super) fn ordered(left: &Value, right: &Value) -> Option<Ordering> {
    if let (Some(left), Some(right)) = (whole(left), whole(right)) {
        return Some(left.cmp(&right));
    }
    if let (Some(left), Some(right)) = (number_of(left), number_of(right)) {
        return left.partial_cmp(&right);
    }
    match (&left.kind, &right.kind) {
        (Kind::Text(left), Kind::Text(right)) => Some(left.cmp(right)),
        (Kind::Bytes(left), Kind::Bytes(right)) => Some(left.cmp(right)),
        (Kind::List(left), Kind::List(right)) | (Kind::Tuple(left), Kind::Tuple(right)) => {
            for (left, right) in left.iter().zip(right) {
                if !equal(left, right)? {
                    return ordered(left, right);
                }
            }
            Some(left.len().cmp(&right.len()))
        }
        _ => None,
    }
}

/// `left operator right`; nothing if that is not known.
pub(super) fn compared(operator: CmpOp, left: &Value, right: &Value) -> Option<bool> {
    match operator {
        CmpOp::Eq => equal(left, right),
        CmpOp::NotEq => equal(left, right).map(|same| !same),
        CmpOp::Is => identical(left, right),
        CmpOp::IsNot => identical(left, right).map(|same| !same),
        CmpOp::In => within(left, right),
        CmpOp::NotIn => within(left, right).map(|is| !is),
        CmpOp::Lt | CmpOp::LtE | CmpOp::Gt | CmpOp::GtE => {
            if let (Kind::Set(one), Kind::Set(other)) = (&left.kind, &right.kind) {
                return match operator {
                    CmpOp::LtE => subset(one, other),
                    CmpOp::GtE => subset(other, one),
                    CmpOp::Lt => Some(one.len() < other.len() && subset(one, other)?),
                    _ => Some(other.len() < one.len() && subset(other, one)?),
                };
            }
            let order = ordered(left, right)?;
            Some(match operator {
                CmpOp::Lt => order.is_lt(),
                CmpOp::LtE => order.is_le(),
                CmpOp::Gt => order.is_gt(),
                _ => order.is_ge(),
            })
        }
    }
}

/// `left is right`, for what there is one of.
fn identical(left: &Value, right: &Value) -> Option<bool> {
    match (&left.kind, &right.kind) {
        (Kind::None | Kind::Bool(_), _) | (_, Kind::None | Kind::Bool(_)) => {
            let (one, other) = match left.kind {
                Kind::None | Kind::Bool(_) => (left, right),
                _ => (right, left),
            };
            match &other.kind {
                Kind::None => Some(matches!(one.kind, Kind::None)),
                Kind::Bool(flag) => Some(matches!(one.kind, Kind::Bool(same) if same == *flag)),
                Kind::Unknown(_) => None,
                _ => is_something(other).then_some(false),
            }
        }
        (Kind::Name(one), Kind::Name(other)) if one == other => Some(true),
        _ => None,
    }
}

/// Whether a value is surely no None.
fn is_something(value: &Value) -> bool {
    let is_theirs = |path: &Path| {
        path.origin != Origin::Imported
            || matches!(path.first(), "sqlalchemy" | "sqlmodel" | "alembic")
    };
    match &value.kind {
        Kind::Name(path) => is_theirs(path),
        Kind::Call(call) => call.callee.path().is_some_and(is_theirs),
        Kind::Unknown(_) | Kind::Member(..) | Kind::Subscript(..) => false,
        _ => true,
    }
}

/// `left in right`.
fn within(left: &Value, right: &Value) -> Option<bool> {
    match &right.kind {
        Kind::List(items) | Kind::Tuple(items) | Kind::Set(items) | Kind::View(_, items) => {
            contains(items, left)
        }
        Kind::Dict(entries) => item(entries, left).map(|found| found.is_some()),
        Kind::Text(text) => left.text().map(|part| text.contains(part)),
        _ => None,
    }
}
