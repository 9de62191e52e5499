//! Python's operators between two values: arithmetic, and what `+`, `*`, `%`, `&`, `|` mean for texts, lists and sets. Where a
//! value is not known, the operation stands for itself.

use super::frame::FrameId;
use super::operator::{contains, is_known, number_of, size, whole};
use super::{Evaluator, Stop};
use crate::syntax::span_of;
use crate::value::{Kind, Value, symbol};
use ambix_core::diagnostic::Span;
use ruff_python_ast::{Expr, ExprBinOp, Operator};

/// Python's words for two values that an operator does not take.
fn unsupported(left: &Value, operator: Operator, right: &Value, span: Span) -> Stop {
    let message = format!(
        "unsupported operand type(s) for {}: '{}' and '{}'",
        operator.as_str(),
        left.type_name(),
        right.type_name()
    );
    Stop::raised("TypeError", message, span)
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

impl<'a> Evaluator<'a> {
    /// `a + b + c + …`, which is as long as people write it, and not deep.
    pub(super) fn chain(&mut self, binary: &'a ExprBinOp, frame: FrameId) -> Result<Value, Stop> {
        let mut open = vec![binary];
        let mut first = &*binary.left;
        while let Expr::BinOp(inner) = first {
            open.push(inner);
            first = &inner.left;
        }
        let mut left = self.eval(first, frame)?;
        while let Some(binary) = open.pop() {
            let right = self.eval(&binary.right, frame)?;
            let span = span_of(binary);
            left = Value { kind: self.binary(left, binary.op, right, span)?, span };
        }
        Ok(left)
    }

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
            return Err(unsupported(&left, operator, &right, span));
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
                return Err(unsupported(left, operator, right, span));
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
