use super::{Call, Keyword, Kind, Names, Path, Value};
use crate::syntax::span_of;
use ruff_python_ast::{
    CmpOp, Expr, ExprCall, ExprDict, ExprFString, ExprSubscript, FStringPart,
    InterpolatedStringElement, Number, Operator, UnaryOp,
};

/// The value of an expression.
pub(crate) fn read(names: &Names, expression: &Expr) -> Value {
    Value { kind: kind(names, expression), span: span_of(expression) }
}

fn kind(names: &Names, expression: &Expr) -> Kind {
    match expression {
        Expr::NoneLiteral(_) => Kind::None,
        Expr::BooleanLiteral(literal) => Kind::Bool(literal.value),
        Expr::NumberLiteral(literal) => match &literal.value {
            Number::Int(number) => match number.as_i64() {
                Some(number) => Kind::Int(number),
                None => Kind::Unknown("a number beyond 64 bits"),
            },
            Number::Float(number) => Kind::Float(*number),
            Number::Complex { .. } => Kind::Unknown("a complex number"),
        },
        Expr::StringLiteral(literal) => Kind::Text(literal.value.to_str().into()),
        Expr::FString(literal) => plain(literal).map_or(Kind::Unknown("an f-string"), Kind::Text),
        Expr::List(list) => Kind::List(all(names, &list.elts)),
        Expr::Tuple(tuple) => Kind::Tuple(all(names, &tuple.elts)),
        Expr::Dict(dict) => entries(names, dict),
        Expr::Name(name) => named(names, name.id.as_str()),
        Expr::Attribute(attribute) => {
            let of = read(names, &attribute.value);
            match of.kind {
                Kind::Name(path) => Kind::Name(Path {
                    dotted: format!("{}.{}", path.dotted, attribute.attr.as_str()),
                    origin: path.origin,
                }),
                _ => Kind::Member(Box::new(of), attribute.attr.as_str().into()),
            }
        }
        Expr::Call(call) => Kind::Call(Box::new(called(names, call))),
        Expr::Subscript(subscript) => subscripted(names, subscript),
        Expr::UnaryOp(unary) => self::unary(unary.op, read(names, &unary.operand)),
        Expr::BinOp(binary) if binary.op == Operator::BitOr => {
            Kind::Either(Box::new(read(names, &binary.left)), Box::new(read(names, &binary.right)))
        }
        Expr::BinOp(binary) if binary.op == Operator::Add => {
            let (left, right) = (read(names, &binary.left), read(names, &binary.right));
            match (left.text(), right.text()) {
                (Some(first), Some(second)) => Kind::Text(first.to_string() + second),
                _ => Kind::Operation(Box::new(left), "+", Box::new(right)),
            }
        }
        Expr::BinOp(binary) => {
            let Some(operator) = symbol(binary.op) else {
                return Kind::Unknown("an expression with an operator");
            };
            operation(names, &binary.left, operator, &binary.right)
        }
        Expr::Compare(compare) => match (&*compare.ops, &*compare.comparators) {
            ([operator], [right]) => {
                let Some(operator) = comparison(*operator) else {
                    return Kind::Unknown("an expression with an operator");
                };
                operation(names, &compare.left, operator, right)
            }
            _ => Kind::Unknown("an expression with an operator"),
        },
        Expr::BoolOp(_) => Kind::Unknown("an expression with an operator"),
        Expr::Lambda(_) => Kind::Unknown("a lambda"),
        Expr::If(_) => Kind::Unknown("a conditional expression"),
        Expr::Set(_) => Kind::Unknown("a set"),
        Expr::ListComp(_) | Expr::SetComp(_) | Expr::DictComp(_) | Expr::Generator(_) => {
            Kind::Unknown("a comprehension")
        }
        Expr::BytesLiteral(literal) => Kind::Bytes(literal.value.bytes().collect()),
        Expr::Starred(_) => Kind::Unknown("an argument list unpacked with `*`"),
        Expr::Await(_) => Kind::Unknown("an `await`"),
        Expr::Yield(_) | Expr::YieldFrom(_) => Kind::Unknown("a `yield`"),
        Expr::Named(_) => Kind::Unknown("an assignment expression"),
        Expr::TString(_) => Kind::Unknown("a template string"),
        Expr::EllipsisLiteral(_) => Kind::Unknown("`...`"),
        Expr::Slice(_) => Kind::Unknown("a slice"),
        Expr::IpyEscapeCommand(_) => Kind::Unknown("a shell command"),
    }
}

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

fn operation(names: &Names, left: &Expr, operator: &'static str, right: &Expr) -> Kind {
    Kind::Operation(Box::new(read(names, left)), operator, Box::new(read(names, right)))
}

fn named(names: &Names, name: &str) -> Kind {
    match names.constant(name) {
        Some(value) => value.kind.clone(),
        None => Kind::Name(names.resolve(name)),
    }
}

/// The items, with `*[…]` laid open: that is how Alembic writes more than 255 arguments.
fn all(names: &Names, expressions: &[Expr]) -> Vec<Value> {
    let mut values = Vec::with_capacity(expressions.len());
    for expression in expressions {
        if let Expr::Starred(starred) = expression {
            let inner = read(names, &starred.value);
            if let Kind::List(items) | Kind::Tuple(items) = inner.kind {
                values.extend(items);
                continue;
            }
        }
        values.push(read(names, expression));
    }
    values
}

fn entries(names: &Names, dict: &ExprDict) -> Kind {
    let mut entries = Vec::with_capacity(dict.items.len());
    for item in &dict.items {
        match &item.key {
            Some(key) => entries.push((read(names, key), read(names, &item.value))),
            None => return Kind::Unknown("a dict unpacked with `**`"),
        }
    }
    Kind::Dict(entries)
}

fn called(names: &Names, call: &ExprCall) -> Call {
    let mut arguments = all(names, &call.arguments.args);
    let mut keywords = Vec::with_capacity(call.arguments.keywords.len());
    for keyword in &call.arguments.keywords {
        let span = span_of(keyword);
        let value = read(names, &keyword.value);
        match (&keyword.arg, value.kind) {
            (Some(name), kind) => keywords.push(Keyword {
                name: name.as_str().into(),
                value: Value { kind, span: value.span },
                span,
            }),
            // `**{"name": value}` says no more than `name=value`.
            (None, Kind::Dict(entries)) if entries.iter().all(|(key, _)| key.text().is_some()) => {
                keywords.extend(entries.into_iter().filter_map(|(key, value)| {
                    Some(Keyword { name: key.text()?.into(), span: value.span, value })
                }));
            }
            (None, _) => {
                arguments.push(Value { kind: Kind::Unknown("a dict unpacked with `**`"), span });
            }
        }
    }
    Call { callee: read(names, &call.func), arguments, keywords }
}

fn subscripted(names: &Names, subscript: &ExprSubscript) -> Kind {
    let items = match &*subscript.slice {
        Expr::Tuple(tuple) => all(names, &tuple.elts),
        other => vec![read(names, other)],
    };
    Kind::Subscript(Box::new(read(names, &subscript.value)), items)
}

/// The text of an f-string that has nothing to fill in.
fn plain(literal: &ExprFString) -> Option<String> {
    let mut text = String::new();
    for part in literal.value.iter() {
        match part {
            FStringPart::Literal(part) => text.push_str(part.as_str()),
            FStringPart::FString(part) => {
                for element in part.elements.iter() {
                    match element {
                        InterpolatedStringElement::Literal(piece) => text.push_str(&piece.value),
                        InterpolatedStringElement::Interpolation(_) => return None,
                    }
                }
            }
        }
    }
    Some(text)
}
