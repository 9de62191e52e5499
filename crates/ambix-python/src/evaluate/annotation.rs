//! Annotations to values: `Mapped["str | None"]`.

use super::Evaluator;
use super::frame::FrameId;
use crate::syntax::{span_of, too_deep};
use crate::value::{Kind, Origin, Value};
use ambix_core::diagnostic::Span;
use ruff_python_ast::{Expr, Operator};
use ruff_python_parser::parse_expression;

impl<'a> Evaluator<'a> {
    /// The value of an annotation, which may be written as a string: `Mapped["str | None"]`.
    pub(super) fn annotation(
        &mut self,
        expression: &'a Expr,
        outer: FrameId,
        inner: FrameId,
    ) -> Value {
        let span = span_of(expression);
        let kind = match expression {
            Expr::Subscript(subscript) => {
                let of = self.annotation(&subscript.value, outer, inner);
                if is_literal(&of) {
                    return self.loosely(expression, outer);
                }
                let of = Box::new(of);
                match &*subscript.slice {
                    Expr::Tuple(tuple) => {
                        let items = tuple.elts.iter();
                        Kind::Subscript(
                            of,
                            items.map(|one| self.annotation(one, outer, inner)).collect(),
                        )
                    }
                    one => Kind::Subscript(of, vec![self.annotation(one, outer, inner)]),
                }
            }
            Expr::BinOp(binary) if binary.op == Operator::BitOr => {
                let left = self.annotation(&binary.left, outer, inner);
                Kind::Either(Box::new(left), Box::new(self.annotation(&binary.right, outer, inner)))
            }
            Expr::Name(_) | Expr::Attribute(_) | Expr::StringLiteral(_) => {
                return self.quoted(expression, outer, inner, span);
            }
            _ => return self.loosely(expression, outer),
        };
        Value { kind, span }
    }

    /// The same for what may stand in a string.
    fn quoted(&mut self, expression: &Expr, outer: FrameId, inner: FrameId, span: Span) -> Value {
        let kind = match expression {
            Expr::NoneLiteral(_) => Kind::None,
            Expr::NumberLiteral(literal) => super::expression::number(&literal.value),
            Expr::StringLiteral(literal) => {
                let text = literal.value.to_str();
                let parsed = match too_deep(text) {
                    None => parse_expression(text).ok(),
                    Some(_) => None,
                };
                match parsed {
                    Some(parsed) => return self.quoted(parsed.expr(), outer, inner, span),
                    None => Kind::Text(text.into()),
                }
            }
            Expr::Name(name) => {
                let name = name.id.as_str();
                let found = self.lookup(name, outer, span);
                match found {
                    Ok(Kind::Name(path)) if path.origin == Origin::Unbound => {
                        let within = self.frames.get(inner).and_then(|frame| frame.value(name));
                        match within {
                            Some(_) => self.lookup(name, inner, span).unwrap_or(Kind::Name(path)),
                            None => Kind::Name(path),
                        }
                    }
                    Ok(kind) => kind,
                    Err(_) => Kind::Unknown("a type that cannot be followed"),
                }
            }
            Expr::Attribute(attribute) => {
                let of = self.quoted(&attribute.value, outer, inner, span);
                match self.attribute(of, attribute.attr.as_str(), span) {
                    Ok(value) => value.kind,
                    Err(_) => Kind::Unknown("a type that cannot be followed"),
                }
            }
            Expr::Subscript(subscript) => {
                let of = Box::new(self.quoted(&subscript.value, outer, inner, span));
                let items = match &*subscript.slice {
                    Expr::Tuple(tuple) => tuple.elts.iter().collect(),
                    one => vec![one],
                };
                let item = |one: &Expr| match one {
                    Expr::StringLiteral(text) if is_literal(&of) => {
                        Value { kind: Kind::Text(text.value.to_str().into()), span }
                    }
                    _ => self.quoted(one, outer, inner, span),
                };
                let items = items.into_iter().map(item).collect();
                Kind::Subscript(of, items)
            }
            Expr::BinOp(binary) if binary.op == Operator::BitOr => {
                let left = self.quoted(&binary.left, outer, inner, span);
                Kind::Either(
                    Box::new(left),
                    Box::new(self.quoted(&binary.right, outer, inner, span)),
                )
            }
            _ => Kind::Unknown("an annotation of this kind"),
        };
        Value { kind, span }
    }
}

/// `Literal` of `Literal["draft", "done"]`.
fn is_literal(value: &Value) -> bool {
    value.path().is_some_and(|path| path.last() == "Literal")
}
