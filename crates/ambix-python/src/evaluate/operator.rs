//! Python's operators on values that are known. Where one is not, the operation stands for itself: it is one of
//! SQLAlchemy's, or nobody knows.

use super::{Evaluator, Host, Stop};
use crate::value::{Kind, Origin, Path, Value};
use ambix_core::diagnostic::Span;
use ruff_python_ast::{CmpOp, Operator};
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
        Kind::Call(call) => {
            let keywords = call.keywords.iter().map(|keyword| &keyword.value);
            let parts = core::iter::once(&call.callee).chain(&call.arguments).chain(keywords);
            parts.fold(1, |sum, item| sum + 1 + size(item))
        }
        Kind::Operation(left, _, right) | Kind::Either(left, right) => 1 + size(left) + size(right),
        Kind::Member(of, _) | Kind::Subscript(of, _) | Kind::Unary(_, of) => 1 + size(of),
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

/// What an operator is called in a value that stands for itself.
pub(super) const fn symbol(operator: Operator) -> Option<&'static str> {
    Some(match operator {
        Operator::Add => "+",
        Operator::Sub => "-",
        Operator::Mult => "*",
        Operator::Div => "/",
        Operator::Mod => "%",
        Operator::BitAnd => "&",
        Operator::FloorDiv => "//",
        _ => return None,
    })
}

/// The keys or items of a dict as a set, which their operators give.
fn as_set(value: Value) -> Value {
    let Value { kind, span } = value;
    let kind = match kind {
        Kind::View(class, items) if class != "range" && class != "dict_values" => Kind::Set(items),
        Kind::List(items) => Kind::Set(items),
        kind => kind,
    };
    Value { kind, span }
}

impl<H: Host> Evaluator<'_, H> {
    /// `left operator right`.
    pub(super) fn binary(
        &self,
        left: Value,
        operator: Operator,
        right: Value,
        span: Span,
    ) -> Result<Kind, Stop> {
        let (left, right) = match (&left.kind, &right.kind) {
            (Kind::View(..), Kind::View(..) | Kind::Set(_) | Kind::List(_))
            | (Kind::Set(_), Kind::View(..)) => (as_set(left), as_set(right)),
            _ => (left, right),
        };
        if let Some(kind) = self.concatenated(&left, operator, &right, span)? {
            return Ok(kind);
        }
        if let (Some(one), Some(other)) = (number_of(&left), number_of(&right)) {
            return self.arithmetic((&left, one), operator, (&right, other), span);
        }
        if is_known(&left) && is_known(&right) {
            let message = format!(
                "unsupported operand type(s) for {}: '{}' and '{}'",
                operator.as_str(),
                left.type_name(),
                right.type_name()
            );
            return Err(Stop::raised("TypeError", message, span));
        }
        Ok(match (operator, symbol(operator)) {
            (Operator::BitOr, _) => Kind::Either(Box::new(left), Box::new(right)),
            (_, Some(symbol)) => Kind::Operation(Box::new(left), symbol, Box::new(right)),
            _ => Kind::Unknown("an expression with an operator"),
        })
    }

    /// Texts, lists and sets.
    fn concatenated(
        &self,
        left: &Value,
        operator: Operator,
        right: &Value,
        span: Span,
    ) -> Result<Option<Kind>, Stop> {
        Ok(Some(match (&left.kind, operator, &right.kind) {
            (Kind::Text(one), Operator::Add, Kind::Text(other)) => {
                self.bounded(one.len() + other.len(), span)?;
                Kind::Text(format!("{one}{other}"))
            }
            (Kind::Text(format), Operator::Mod, _) => {
                Kind::Text(self.percent(format, right, span)?)
            }
            (Kind::List(one), Operator::Add, Kind::List(other)) => {
                self.bounded(one.len() + other.len(), span)?;
                Kind::List(one.iter().chain(other).cloned().collect())
            }
            (Kind::Tuple(one), Operator::Add, Kind::Tuple(other)) => {
                self.bounded(one.len() + other.len(), span)?;
                Kind::Tuple(one.iter().chain(other).cloned().collect())
            }
            (Kind::Text(_) | Kind::List(_) | Kind::Tuple(_), Operator::Mult, _)
            | (_, Operator::Mult, Kind::Text(_) | Kind::List(_) | Kind::Tuple(_)) => {
                let (what, times) = match whole(right) {
                    Some(times) => (left, times),
                    None => match whole(left) {
                        Some(times) => (right, times),
                        None => return Ok(None),
                    },
                };
                let times = usize::try_from(times).unwrap_or(0);
                let length = match &what.kind {
                    Kind::Text(text) => text.len(),
                    _ => what.items().map_or(0, <[Value]>::len),
                };
                self.bounded(length.saturating_mul(times), span)?;
                self.spend(size(what).saturating_mul(times) / 2, span)?;
                let again =
                    |items: &[Value]| (0..times).flat_map(|_| items.iter().cloned()).collect();
                match &what.kind {
                    Kind::Text(text) => Kind::Text(text.repeat(times)),
                    Kind::List(items) => Kind::List(again(items)),
                    Kind::Tuple(items) => Kind::Tuple(again(items)),
                    _ => return Ok(None),
                }
            }
            (Kind::Dict(one), Operator::BitOr, Kind::Dict(other)) => {
                let mut all = one.clone();
                for (key, value) in other {
                    self.put(&mut all, key.clone(), value.clone())?;
                }
                Kind::Dict(all)
            }
            (Kind::Set(one), _, Kind::Set(other)) => {
                let kept =
                    |items: &[Value], of: &[Value], wanted: bool| -> Result<Vec<Value>, Stop> {
                        let mut kept = Vec::new();
                        for item in items {
                            let is = contains(of, item).ok_or_else(|| self.unclear(item))?;
                            if is == wanted {
                                kept.push(item.clone());
                            }
                        }
                        Ok(kept)
                    };
                match operator {
                    Operator::Sub => Kind::Set(kept(one, other, false)?),
                    Operator::BitAnd => Kind::Set(kept(one, other, true)?),
                    Operator::BitOr => {
                        let mut all = one.clone();
                        all.extend(kept(other, one, false)?);
                        Kind::Set(all)
                    }
                    Operator::BitXor => {
                        let mut all = kept(one, other, false)?;
                        all.extend(kept(other, one, false)?);
                        Kind::Set(all)
                    }
                    _ => return Ok(None),
                }
            }
            _ => return Ok(None),
        }))
    }

    /// Numbers.
    fn arithmetic(
        &self,
        (left, one): (&Value, f64),
        operator: Operator,
        (right, other): (&Value, f64),
        span: Span,
    ) -> Result<Kind, Stop> {
        let by_zero = matches!(operator, Operator::Div | Operator::FloorDiv | Operator::Mod);
        if by_zero && other == 0.0 {
            return Err(Stop::raised("ZeroDivisionError", "division by zero", span));
        }
        if let (Some(one), Some(other)) = (whole(left), whole(right))
            && operator != Operator::Div
        {
            if let (Kind::Bool(one), Kind::Bool(other)) = (&left.kind, &right.kind) {
                match operator {
                    Operator::BitAnd => return Ok(Kind::Bool(*one && *other)),
                    Operator::BitOr => return Ok(Kind::Bool(*one || *other)),
                    Operator::BitXor => return Ok(Kind::Bool(one != other)),
                    _ => {}
                }
            }
            if other < 0 {
                match operator {
                    Operator::LShift | Operator::RShift => {
                        return Err(Stop::raised("ValueError", "negative shift count", span));
                    }
                    Operator::Pow if one == 0 => {
                        let message = "0.0 cannot be raised to a negative power";
                        return Err(Stop::raised("ZeroDivisionError", message, span));
                    }
                    Operator::Pow => return self.power(one as f64, other as f64, span),
                    _ => {}
                }
            }
            let power = || u32::try_from(other).ok().and_then(|power| one.checked_pow(power));
            let result = match operator {
                Operator::Add => one.checked_add(other),
                Operator::Sub => one.checked_sub(other),
                Operator::Mult => one.checked_mul(other),
                Operator::FloorDiv => {
                    let is_below = |whole: i64| whole * other != one && (one < 0) != (other < 0);
                    one.checked_div(other).map(|whole| whole - i64::from(is_below(whole)))
                }
                Operator::Mod => {
                    let rest = one.checked_rem(other);
                    rest.map(|rest| {
                        if rest != 0 && (rest < 0) != (other < 0) { rest + other } else { rest }
                    })
                }
                Operator::Pow => power(),
                Operator::BitAnd => Some(one & other),
                Operator::BitOr => Some(one | other),
                Operator::BitXor => Some(one ^ other),
                Operator::LShift => {
                    u32::try_from(other).ok().and_then(|by| one.checked_mul(1_i64.checked_shl(by)?))
                }
                Operator::RShift => u32::try_from(other).ok().map(|by| one >> by.min(63)),
                _ => None,
            };
            return Ok(match result {
                Some(number) => Kind::Int(number),
                None => Kind::Unknown("a number beyond 64 bits"),
            });
        }
        // A whole number that a float cannot hold.
        let is_exact = |value: &Value| whole(value).is_none_or(|whole| whole.abs_diff(0) < 1 << 53);
        if !is_exact(left) || !is_exact(right) {
            return Ok(Kind::Unknown("a number beyond 53 bits"));
        }
        let rest = || {
            let rest = one % other;
            match rest {
                0.0 => 0.0_f64.copysign(other),
                _ if (rest < 0.0) != (other < 0.0) => rest + other,
                _ => rest,
            }
        };
        Ok(match operator {
            Operator::Add => Kind::Float(one + other),
            Operator::Sub => Kind::Float(one - other),
            Operator::Mult => Kind::Float(one * other),
            Operator::Div => Kind::Float(one / other),
            Operator::FloorDiv => {
                let inexact = one % other;
                let mut quotient = (one - inexact) / other;
                if inexact != 0.0 && (inexact < 0.0) != (other < 0.0) {
                    quotient -= 1.0;
                }
                let mut whole = quotient.floor();
                if quotient - whole > 0.5 {
                    whole += 1.0;
                }
                Kind::Float(if quotient == 0.0 { 0.0_f64.copysign(one / other) } else { whole })
            }
            Operator::Mod => Kind::Float(rest()),
            Operator::Pow => return self.power(one, other, span),
            _ => {
                let message = format!(
                    "unsupported operand type(s) for {}: '{}' and '{}'",
                    operator.as_str(),
                    left.type_name(),
                    right.type_name()
                );
                return Err(Stop::raised("TypeError", message, span));
            }
        })
    }

    /// `one ** other`
    fn power(&self, one: f64, other: f64, span: Span) -> Result<Kind, Stop> {
        if one == 0.0 && other < 0.0 {
            let message = "0.0 cannot be raised to a negative power";
            return Err(Stop::raised("ZeroDivisionError", message, span));
        }
        let result = one.powf(other);
        Ok(match (result.is_finite(), one.is_finite() && other.is_finite()) {
            (true, true) => Kind::Float(result),
            (false, true) if result.is_infinite() => {
                let message = "(34, 'Numerical result out of range')";
                return Err(Stop::raised("OverflowError", message, span));
            }
            _ => Kind::Unknown("an expression with an operator"),
        })
    }
}
