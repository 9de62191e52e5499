//! Numbers from values: `int(…)`, `float(…)`, `round(…)`; and what classes and attributes values have.

use super::exception::{classes_of, exception};
use super::operator::{is_known, number_of, whole};
use super::{Evaluator, Stop};
use crate::value::{Kind, Origin, Path, Value};
use crate::write::repr;
use ambix_core::diagnostic::Span;

impl Evaluator<'_> {
    /// The error for a value that is not what a function takes.
    pub(super) fn misused(&self, value: &Value, message: &str) -> Stop {
        match is_known(value) {
            true => {
                let message = format!("'{}': {message}", value.type_name());
                Stop::raised("TypeError", message, value.span)
            }
            false => self.unclear(value),
        }
    }

    pub(super) fn int(&self, value: Value, base: Option<Value>, span: Span) -> Result<Kind, Stop> {
        let radix = match &base {
            None => 10,
            Some(base) => match whole(base).and_then(|base| u32::try_from(base).ok()) {
                Some(radix @ 2..=36) => radix,
                _ => return Err(self.unknown(span, "An `int` with this base")),
            },
        };
        match &value.kind {
            Kind::Text(text) => match written(text, radix) {
                Some(number) => number.map_or_else(
                    || Ok(Kind::Unknown("a number beyond 64 bits")),
                    |number| Ok(Kind::Int(number)),
                ),
                None if !text.is_ascii() || radix != 10 => Err(self.unclear(&value)),
                None => {
                    let text = repr::string(text);
                    let message = format!("invalid literal for int() with base 10: {text}");
                    Err(Stop::raised("ValueError", message, span))
                }
            },
            _ if base.is_some() => Err(self.misused(&value, "can't convert with explicit base")),
            Kind::Bool(_) | Kind::Int(_) => Ok(Kind::Int(whole(&value).unwrap_or_default())),
            Kind::Float(number) if number.abs() < 9e18 => Ok(Kind::Int(number.trunc() as i64)),
            Kind::Float(_) => Err(self.unclear(&value)),
            _ => Err(self.misused(&value, "cannot be a number")),
        }
    }

    pub(super) fn float(&self, value: Value, span: Span) -> Result<Kind, Stop> {
        match &value.kind {
            Kind::Text(text) => {
                let trimmed = text.trim();
                let plain = without_underscores(trimmed);
                match plain.and_then(|text| text.parse().ok()) {
                    Some(number) => Ok(Kind::Float(number)),
                    None if !text.is_ascii() => Err(self.unclear(&value)),
                    None => {
                        let text = repr::string(text);
                        let message = format!("could not convert string to float: {text}");
                        Err(Stop::raised("ValueError", message, span))
                    }
                }
            }
            _ => match number_of(&value) {
                Some(number) => Ok(Kind::Float(number)),
                None => Err(self.misused(&value, "cannot be a number")),
            },
        }
    }

    /// `round(value, digits)`, to even where two are as near.
    pub(super) fn round(
        &self,
        value: &Value,
        digits: Option<&Value>,
        span: Span,
    ) -> Result<Kind, Stop> {
        let digits = digits.filter(|digits| !matches!(digits.kind, Kind::None));
        let places = match digits.map(whole) {
            None => None,
            Some(Some(places @ 0..=300)) => usize::try_from(places).ok(),
            Some(_) => return Err(self.unknown(span, "A call of `round` with these digits")),
        };
        match (&value.kind, places) {
            (Kind::Bool(_) | Kind::Int(_), _) => Ok(Kind::Int(whole(value).unwrap_or_default())),
            (Kind::Float(number), None) if number.abs() < 9e15 => {
                Ok(Kind::Int(number.round_ties_even() as i64))
            }
            (Kind::Float(number), Some(places)) if number.is_finite() => {
                let rounded = format!("{number:.places$}").parse();
                rounded.map(Kind::Float).map_err(|_| self.unclear(value))
            }
            (Kind::Float(_), _) => Err(self.unclear(value)),
            _ => Err(self.misused(value, "cannot be rounded")),
        }
    }

    /// `type(value)`
    pub(super) fn type_of(&self, value: &Value, span: Span) -> Result<Kind, Stop> {
        if let Some((path, _)) = exception(value) {
            return Ok(Kind::Name(path.clone()));
        }
        match &value.kind {
            Kind::Iterator(_) | Kind::Row(..) => Err(self.unknown(span, "The type of this")),
            _ if is_known(value) || super::operator::is_container(value) => {
                Ok(Kind::Name(Path { dotted: value.type_name().into(), origin: Origin::Unbound }))
            }
            // The type of a column, which is asked for its class.
            Kind::Call(call) => Ok(call.callee.kind.clone()),
            _ => Err(self.unknown(span, "A call of `type`")),
        }
    }

    /// Whether an exception is of one of these classes; nothing if the value is none.
    pub(super) fn is_exception(&self, value: &Value, classes: &Value) -> Option<bool> {
        let (path, _) = exception(value)?;
        Some(self.catches(&classes_of(classes), path.last()))
    }

    /// `getattr(of, name, default)`
    pub(super) fn get_attribute(&mut self, given: &[Value], span: Span) -> Result<Kind, Stop> {
        let (of, name, default) = match given {
            [of, name] => (of, name.text(), None),
            [of, name, default] => (of, name.text(), Some(default)),
            _ => return Err(Stop::raised("TypeError", "getattr expected 2 or 3 arguments", span)),
        };
        let Some(name) = name else {
            return Err(self.unknown(span, "A call of `getattr` of this"));
        };
        match self.attribute(of.clone(), name, span) {
            // Whether a value has a method of that name is not known.
            Ok(Value { kind: Kind::Member(..), .. }) if default.is_some() => {
                Err(self.unknown(span, "A call of `getattr` of this"))
            }
            Ok(found) => Ok(found.kind),
            Err(Stop::Raised(raised)) if raised.class == "AttributeError" => match default {
                Some(default) => Ok(default.kind.clone()),
                None => Err(Stop::Raised(raised)),
            },
            Err(stop) => Err(stop),
        }
    }
}

/// A number as Python's `int` takes it; the inner nothing if it is too large.
fn written(text: &str, radix: u32) -> Option<Option<i64>> {
    let text = text.trim();
    let (is_negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let digits = without_underscores(digits)?;
    if digits.is_empty() || !digits.chars().all(|digit| digit.is_digit(radix)) {
        return None;
    }
    let sign = if is_negative { "-" } else { "" };
    Some(i64::from_str_radix(&format!("{sign}{digits}"), radix).ok())
}

/// A number without the underscores between its digits; nothing if one stands elsewhere.
fn without_underscores(text: &str) -> Option<String> {
    let letters: Vec<char> = text.chars().collect();
    let is_digit = |at: Option<usize>| {
        at.and_then(|at| letters.get(at)).is_some_and(char::is_ascii_alphanumeric)
    };
    let stands_well = |(at, letter): (usize, &char)| {
        *letter != '_' || is_digit(at.checked_sub(1)) && is_digit(Some(at + 1))
    };
    letters.iter().enumerate().all(stands_well).then(|| text.replace('_', ""))
}
