//! Sorting, where two values may have no order.

use super::operator::{is_known, ordered};
use super::{Evaluator, Stop};
use crate::value::Value;
use ambix_core::diagnostic::Span;
use std::cmp::Ordering;

impl Evaluator<'_> {
    /// Items, each with what it is sorted by, in order. Equal ones stay as they are.
    pub(super) fn in_order(
        &self,
        mut keyed: Vec<(Value, Value)>,
        reverse: bool,
        span: Span,
    ) -> Result<Vec<(Value, Value)>, Stop> {
        if keyed.len() < 2 {
            return Ok(keyed);
        }
        let behind = keyed.split_off(keyed.len() / 2);
        let behind = self.in_order(behind, reverse, span)?;
        let before = self.in_order(keyed, reverse, span)?;
        let mut sorted = Vec::with_capacity(before.len() + behind.len());
        let (mut before, mut behind) =
            (before.into_iter().peekable(), behind.into_iter().peekable());
        while let (Some((one, _)), Some((other, _))) = (before.peek(), behind.peek()) {
            self.step(span)?;
            let order = self.order(one, other, span)?;
            let order = if reverse { order.reverse() } else { order };
            sorted.extend(if order.is_gt() { behind.next() } else { before.next() });
        }
        sorted.extend(before);
        sorted.extend(behind);
        Ok(sorted)
    }

    /// Which of two values is first.
    pub(super) fn order(&self, one: &Value, other: &Value, span: Span) -> Result<Ordering, Stop> {
        match ordered(one, other) {
            Some(order) => Ok(order),
            None if is_known(one) && is_known(other) && !is_number(one) => {
                let message = format!(
                    "'<' not supported between instances of '{}' and '{}'",
                    one.type_name(),
                    other.type_name()
                );
                Err(Stop::raised("TypeError", message, span))
            }
            None if is_known(one) && is_known(other) && !is_number(other) => {
                let message = format!(
                    "'<' not supported between instances of '{}' and '{}'",
                    one.type_name(),
                    other.type_name()
                );
                Err(Stop::raised("TypeError", message, span))
            }
            None => Err(self.unclear(if is_known(one) { other } else { one })),
        }
    }
}

/// Two numbers without an order are no numbers at all: `nan`.
fn is_number(value: &Value) -> bool {
    super::operator::number_of(value).is_some()
}
