//! Expressions that say yes or no, and those that choose by it.

use super::frame::FrameId;
use super::operator::{compared, is_known};
use super::{Evaluator, Stop};
use crate::value::{Kind, Value};
use ambix_core::diagnostic::Span;
use ruff_python_ast::{BoolOp, CmpOp, ExprBoolOp, ExprCompare, ExprIf};

impl<'a> Evaluator<'a> {
    /// `one if test else other`
    pub(super) fn chosen(&mut self, choice: &'a ExprIf, frame: FrameId) -> Result<Kind, Stop> {
        let test = self.eval(&choice.test, frame)?;
        let chosen = if self.truth(&test)? { &choice.body } else { &choice.orelse };
        Ok(self.eval(chosen, frame)?.kind)
    }

    /// `one and other`, `one or other`: the last that was looked at.
    pub(super) fn any_or_all(
        &mut self,
        operation: &'a ExprBoolOp,
        frame: FrameId,
        span: Span,
    ) -> Result<Value, Stop> {
        let stops_at = operation.op == BoolOp::Or;
        let mut last = Kind::None;
        for (at, operand) in operation.values.iter().enumerate() {
            let operand = self.eval(operand, frame)?;
            let is_last = at + 1 == operation.values.len();
            let ends = is_last || self.truth(&operand)? == stops_at;
            last = operand.kind;
            if ends {
                break;
            }
        }
        Ok(Value { kind: last, span })
    }

    /// `one < other <= third`
    pub(super) fn compare(
        &mut self,
        compare: &'a ExprCompare,
        frame: FrameId,
        span: Span,
    ) -> Result<Value, Stop> {
        let operators = &compare.ops;
        let mut left = self.eval(&compare.left, frame)?;
        let mut result = Kind::Bool(true);
        for (operator, right) in operators.iter().zip(&compare.comparators) {
            let mut right = self.eval(right, frame)?;
            if let (CmpOp::In | CmpOp::NotIn, Kind::Iterator(iterator)) = (operator, &right.kind) {
                let mut passed = Vec::new();
                while let Some(item) = self.next(*iterator)? {
                    let is_it = super::operator::equal(&item, &left) == Some(true);
                    passed.push(item);
                    if is_it {
                        break;
                    }
                }
                right.kind = Kind::List(passed);
            }
            if let (CmpOp::In | CmpOp::NotIn, Kind::Dict(_) | Kind::Set(_)) =
                (operator, &right.kind)
            {
                self.hashable(&left)?;
            }
            result = match compared(*operator, &left, &right) {
                Some(flag) => Kind::Bool(flag),
                None => self.comparison(left, *operator, right.clone(), operators.len(), span)?,
            };
            if matches!(result, Kind::Bool(false)) {
                break;
            }
            left = right;
        }
        Ok(Value { kind: result, span })
    }

    /// A comparison whose answer is not known: one of SQLAlchemy's stands for itself.
    fn comparison(
        &self,
        left: Value,
        operator: CmpOp,
        right: Value,
        operators: usize,
        span: Span,
    ) -> Result<Kind, Stop> {
        let Some(symbol) = crate::value::comparison(operator) else {
            if is_known(&left)
                && is_known(&right)
                && !right.is_iterable()
                && matches!(operator, CmpOp::In | CmpOp::NotIn)
            {
                let message = match right.kind {
                    Kind::Text(_) => "'in <string>' requires string as left operand".into(),
                    _ => format!("argument of type '{}' is not iterable", right.type_name()),
                };
                return Err(Stop::raised("TypeError", message, span));
            }
            let unclear = if is_known(&left) { &right } else { &left };
            return Err(self.unclear(unclear));
        };
        if matches!(operator, CmpOp::Eq | CmpOp::NotEq) && is_known(&left) && is_known(&right) {
            return Err(self.unclear(&left));
        }
        if matches!(operator, CmpOp::Lt | CmpOp::LtE | CmpOp::Gt | CmpOp::GtE) {
            let is_nan =
                |value: &Value| matches!(value.kind, Kind::Float(number) if number.is_nan());
            if is_nan(&left) || is_nan(&right) {
                return Err(self.unclear(&left));
            }
        }
        if is_known(&left) && is_known(&right) {
            let message = format!(
                "'{symbol}' not supported between instances of '{}' and '{}'",
                left.type_name(),
                right.type_name()
            );
            return Err(Stop::raised("TypeError", message, span));
        }
        match operators {
            1 => Ok(Kind::Operation(Box::new(left), symbol, Box::new(right))),
            _ => Err(self.unclear(if is_known(&left) { &right } else { &left })),
        }
    }
}
