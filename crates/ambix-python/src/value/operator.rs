//! Operators between values that stand for themselves.

use super::{Kind, Value};
use ruff_python_ast::{CmpOp, Operator, UnaryOp};

/// What an operator is called in a value that stands for itself.
pub(crate) const fn symbol(operator: Operator) -> Option<&'static str> {
    Some(match operator {
        Operator::Add => "+",
        Operator::Sub => "-",
        Operator::Mult => "*",
        Operator::Div => "/",
        Operator::Mod => "%",
        Operator::FloorDiv => "//",
        Operator::BitAnd => "&",
        _ => return None,
    })
}

/// The same for a comparison.
pub(crate) const fn comparison(operator: CmpOp) -> Option<&'static str> {
    Some(match operator {
        CmpOp::Eq => "==",
        CmpOp::NotEq => "!=",
        CmpOp::Lt => "<",
        CmpOp::LtE => "<=",
        CmpOp::Gt => ">",
        CmpOp::GtE => ">=",
        CmpOp::Is | CmpOp::IsNot | CmpOp::In | CmpOp::NotIn => return None,
    })
}

/// An operator before a value: worked out for numbers, else it stands for itself.
pub(crate) fn unary(operator: UnaryOp, value: Value) -> Kind {
    match (operator, value.kind) {
        (UnaryOp::USub, Kind::Int(number)) => match number.checked_neg() {
            Some(number) => Kind::Int(number),
            None => Kind::Unknown("a number beyond 64 bits"),
        },
        (UnaryOp::USub, Kind::Float(number)) => Kind::Float(-number),
        (UnaryOp::USub, kind) => Kind::Unary("-", Box::new(Value { kind, span: value.span })),
        (UnaryOp::Invert, kind) => Kind::Unary("~", Box::new(Value { kind, span: value.span })),
        _ => Kind::Unknown("an expression with an operator"),
    }
}
