//! The small part of Python that stands in templates: names, plain values, `a if b else c`, `and`, `or`,
//! `not`, comparisons, `+`, items, attributes of a date, and some functions and methods.

use super::method;
use crate::syntax::too_deep;
use crate::write::{Moment, repr};
use litemap::LiteMap;
use ruff_python_ast::{BoolOp, CmpOp, Expr, Number, Operator, UnaryOp};
use ruff_python_parser::parse_expression;

/// What an expression comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Value {
    /// A name that is not given: false, and an error to print. So it is in Mako.
    Undefined(String),
    None,
    Bool(bool),
    Int(i64),
    Text(String),
    List(Vec<Value>),
    Tuple(Vec<Value>),
    Moment(Moment),
}

pub(super) type Names = LiteMap<String, Value>;

impl Value {
    pub(super) fn text(text: &str) -> Self {
        Self::Text(text.into())
    }

    pub(super) const fn is_true(&self) -> bool {
        match self {
            Self::Undefined(_) | Self::None => false,
            Self::Bool(flag) => *flag,
            Self::Int(number) => *number != 0,
            Self::Text(text) => !text.is_empty(),
            Self::List(items) | Self::Tuple(items) => !items.is_empty(),
            Self::Moment(_) => true,
        }
    }

    /// Python's `str()`.
    pub(super) fn str(&self) -> Result<String, String> {
        match self {
            Self::Text(text) => Ok(text.clone()),
            Self::Moment(moment) => Ok(moment.to_string()),
            other => other.repr(),
        }
    }

    /// Python's `repr()`.
    pub(super) fn repr(&self) -> Result<String, String> {
        let all = |items: &[Self]| {
            let items: Result<Vec<_>, _> = items.iter().map(Self::repr).collect();
            items.map(|items| items.join(", "))
        };
        match self {
            Self::Undefined(name) => Err(format!("`{name}` is not a name that a template has")),
            Self::None => Ok("None".into()),
            Self::Bool(flag) => Ok(repr::boolean(*flag).into()),
            Self::Int(number) => Ok(number.to_string()),
            Self::Text(text) => Ok(repr::string(text)),
            Self::List(items) => Ok(format!("[{}]", all(items)?)),
            Self::Tuple(items) if items.len() == 1 => Ok(format!("({},)", all(items)?)),
            Self::Tuple(items) => Ok(format!("({})", all(items)?)),
            Self::Moment(_) => Err("the `repr` of a date is not known here: write `str(…)`".into()),
        }
    }

    /// Alembic's filter `comma`: nothing for None, several separated by `, `.
    pub(super) fn comma(&self) -> Result<String, String> {
        match self {
            Self::None => Ok(String::new()),
            Self::List(items) | Self::Tuple(items) => {
                let items: Result<Vec<_>, _> = items.iter().map(Self::str).collect();
                Ok(items?.join(", "))
            }
            other => other.str(),
        }
    }
}

/// The value of an expression.
pub(super) fn evaluate(source: &str, names: &Names) -> Result<Value, String> {
    let source = source.trim();
    if too_deep(source).is_some() {
        return Err("the expression is too long".into());
    }
    match parse_expression(source) {
        Ok(parsed) => value(parsed.expr(), names),
        Err(error) => Err(format!("`{source}` is no expression of Python: {}", error.error)),
    }
}

fn value(expression: &Expr, names: &Names) -> Result<Value, String> {
    let read = |expression: &Expr| value(expression, names);
    match expression {
        Expr::NoneLiteral(_) => Ok(Value::None),
        Expr::BooleanLiteral(literal) => Ok(Value::Bool(literal.value)),
        Expr::NumberLiteral(literal) => match &literal.value {
            Number::Int(number) => number.as_i64().map(Value::Int),
            _ => None,
        }
        .ok_or_else(|| "only whole numbers are known in templates".into()),
        Expr::StringLiteral(literal) => Ok(Value::text(literal.value.to_str())),
        Expr::List(list) => Ok(Value::List(list.elts.iter().map(read).collect::<Result<_, _>>()?)),
        Expr::Tuple(tuple) => {
            Ok(Value::Tuple(tuple.elts.iter().map(read).collect::<Result<_, _>>()?))
        }
        Expr::Name(name) => {
            let name = name.id.as_str();
            Ok(names.get(name).cloned().unwrap_or_else(|| Value::Undefined(name.into())))
        }
        Expr::If(choice) => {
            if read(&choice.test)?.is_true() {
                read(&choice.body)
            } else {
                read(&choice.orelse)
            }
        }
        Expr::BoolOp(operation) => {
            let mut last = Value::None;
            for operand in &operation.values {
                last = read(operand)?;
                if last.is_true() == (operation.op == BoolOp::Or) {
                    break;
                }
            }
            Ok(last)
        }
        Expr::UnaryOp(unary) => match (unary.op, read(&unary.operand)?) {
            (UnaryOp::Not, operand) => Ok(Value::Bool(!operand.is_true())),
            (UnaryOp::USub, Value::Int(number)) => Ok(Value::Int(number.saturating_neg())),
            _ => Err("this operator is not known in templates".into()),
        },
        Expr::BinOp(binary) => match (binary.op, read(&binary.left)?, read(&binary.right)?) {
            (Operator::Add, Value::Text(left), Value::Text(right)) => {
                Ok(Value::Text(left + &right))
            }
            (_, Value::Undefined(name), _) | (_, _, Value::Undefined(name)) => {
                Value::Undefined(name).str().map(Value::Text)
            }
            _ => Err("only texts can be added in templates".into()),
        },
        Expr::Compare(compare) => {
            let mut left = read(&compare.left)?;
            for (operator, right) in compare.ops.iter().zip(&compare.comparators) {
                let right = read(right)?;
                if !compared(*operator, &left, &right)? {
                    return Ok(Value::Bool(false));
                }
                left = right;
            }
            Ok(Value::Bool(true))
        }
        Expr::Subscript(subscript) => {
            let of = read(&subscript.value)?;
            method::item(&of, &subscript.slice, read)
        }
        Expr::Attribute(attribute) => {
            method::attribute(&read(&attribute.value)?, attribute.attr.as_str())
        }
        Expr::Call(call) => {
            if !call.arguments.keywords.is_empty() {
                return Err("keyword arguments are not known in templates".into());
            }
            let arguments: Vec<Value> =
                call.arguments.args.iter().map(read).collect::<Result<_, _>>()?;
            match &*call.func {
                Expr::Name(name) => function(name.id.as_str(), &arguments),
                Expr::Attribute(attribute) => {
                    method::call(&read(&attribute.value)?, attribute.attr.as_str(), &arguments)
                }
                _ => Err("only functions that have a name can be called in templates".into()),
            }
        }
        Expr::FString(_) => Err("f-strings are not known in templates: use `${…}`".into()),
        _ => Err("this kind of expression is not known in templates".into()),
    }
}

fn compared(operator: CmpOp, left: &Value, right: &Value) -> Result<bool, String> {
    let contains = || match (left, right) {
        (Value::Text(part), Value::Text(text)) => Ok(text.contains(part.as_str())),
        (item, Value::List(items) | Value::Tuple(items)) => Ok(items.contains(item)),
        _ => Err("`in` needs a text or a list in templates".to_string()),
    };
    match operator {
        CmpOp::Eq | CmpOp::Is => Ok(left == right),
        CmpOp::NotEq | CmpOp::IsNot => Ok(left != right),
        CmpOp::In => contains(),
        CmpOp::NotIn => contains().map(|found| !found),
        _ => Err("this comparison is not known in templates".into()),
    }
}

fn function(name: &str, arguments: &[Value]) -> Result<Value, String> {
    match (name, arguments) {
        ("repr", [value]) => value.repr().map(Value::Text),
        ("str", [value]) => value.str().map(Value::Text),
        ("comma", [value]) => value.comma().map(Value::Text),
        ("bool", [value]) => Ok(Value::Bool(value.is_true())),
        ("len", [Value::Text(text)]) => Ok(Value::Int(text.chars().count() as i64)),
        ("len", [Value::List(items) | Value::Tuple(items)]) => Ok(Value::Int(items.len() as i64)),
        ("list", [Value::List(items) | Value::Tuple(items)]) => Ok(Value::List(items.clone())),
        ("tuple", [Value::List(items) | Value::Tuple(items)]) => Ok(Value::Tuple(items.clone())),
        _ => Err(format!("this call of `{name}` is not known in templates")),
    }
}
