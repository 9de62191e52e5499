//! Expressions to values.

use super::call::{is_method, is_value};
use super::exception::exception_of as exception;
use super::frame::FrameId;
use super::operator::is_known;
use super::{Body, Evaluator, Function, Stop};
use crate::syntax::span_of;
use crate::value::{Call, Keyword, Kind, Origin, Path, Value};
use ambix_core::diagnostic::Span;
use litemap::LiteMap;

use ruff_python_ast::{
    Expr, ExprAttribute, ExprCall, ExprDict, ExprLambda, ExprNamed, ExprSubscript, ExprUnaryOp,
    Number, UnaryOp,
};

impl<'a> Evaluator<'a> {
    /// The value of an expression.
    pub(super) fn eval(&mut self, expression: &'a Expr, frame: FrameId) -> Result<Value, Stop> {
        let span = span_of(expression);
        self.step(span)?;
        self.deeper(span, |evaluator| evaluator.worked_out(expression, frame, span))
    }

    fn worked_out(
        &mut self,
        expression: &'a Expr,
        frame: FrameId,
        span: Span,
    ) -> Result<Value, Stop> {
        let kind = match expression {
            Expr::NoneLiteral(_) => Kind::None,
            Expr::BooleanLiteral(literal) => Kind::Bool(literal.value),
            Expr::NumberLiteral(literal) => number(&literal.value),
            Expr::StringLiteral(literal) => Kind::Text(literal.value.to_str().into()),
            Expr::BytesLiteral(literal) => Kind::Bytes(literal.value.bytes().collect()),
            Expr::FString(literal) => Kind::Text(self.formatted(literal, frame)?),
            Expr::List(list) => Kind::List(self.all(&list.elts, frame)?),
            Expr::Tuple(tuple) => Kind::Tuple(self.all(&tuple.elts, frame)?),
            Expr::Set(set) => {
                let items = self.all(&set.elts, frame)?;
                Kind::Set(self.distinct(items, span)?)
            }
            Expr::Dict(dict) => Kind::Dict(self.entries(dict, frame)?),
            Expr::Name(name) => self.lookup(name.id.as_str(), frame, span)?,
            Expr::Attribute(attribute) => return self.attribute_in(attribute, frame, span),
            Expr::Call(call) => return self.called(call, frame, span),
            Expr::Subscript(subscript) => return self.subscript(subscript, frame, span),
            Expr::UnaryOp(unary) => return self.unary(unary, frame, span),
            Expr::BinOp(binary) => return self.chain(binary, frame),
            Expr::Compare(compare) => return self.compare(compare, frame, span),
            Expr::BoolOp(operation) => return self.any_or_all(operation, frame, span),
            Expr::If(choice) => self.chosen(choice, frame)?,
            Expr::Named(named) => self.named(named, frame)?,
            Expr::Lambda(lambda) => self.lambda(lambda, frame)?,
            Expr::ListComp(each) => {
                Kind::List(self.comprehension(&each.elt, &each.generators, frame)?)
            }
            Expr::Generator(each) => self.generator(&each.elt, &each.generators, frame)?,
            Expr::SetComp(each) => {
                let items = self.comprehension(&each.elt, &each.generators, frame)?;
                Kind::Set(self.distinct(items, span)?)
            }
            Expr::DictComp(each) => self.dict_comprehension(each, frame)?,
            Expr::EllipsisLiteral(_) => Kind::Unknown("`...`"),
            Expr::Starred(_) => return Err(self.unknown(span, "A `*` here")),
            Expr::Slice(_) => return Err(self.unknown(span, "A slice here")),
            Expr::Await(_) => return Err(self.unknown(span, "An `await`")),
            Expr::Yield(_) | Expr::YieldFrom(_) => return Err(self.unknown(span, "A `yield`")),
            Expr::TString(_) => return Err(self.unknown(span, "A template string")),
            Expr::IpyEscapeCommand(_) => return Err(self.unknown(span, "A shell command")),
        };
        Ok(Value { kind, span })
    }

    /// The items of a list, with `*items` laid open.
    pub(super) fn all(&mut self, items: &'a [Expr], frame: FrameId) -> Result<Vec<Value>, Stop> {
        let mut values = Vec::with_capacity(items.len());
        for item in items {
            match item {
                Expr::Starred(starred) => {
                    let inner = self.eval(&starred.value, frame)?;
                    values.extend(self.iterated(inner)?);
                }
                _ => {
                    let item_value = self.eval(item, frame)?;
                    self.share(item, &item_value, frame);
                    values.push(item_value);
                }
            }
        }
        Ok(values)
    }

    fn entries(&mut self, dict: &'a ExprDict, frame: FrameId) -> Result<Vec<(Value, Value)>, Stop> {
        let mut entries = Vec::with_capacity(dict.items.len());
        for item in &dict.items {
            let key = match &item.key {
                Some(key) => Some(self.eval(key, frame)?),
                None => None,
            };
            let given = self.eval(&item.value, frame)?;
            match key {
                Some(key) => {
                    self.share(&item.value, &given, frame);
                    self.put(&mut entries, key, given)?;
                }
                None => match given.kind {
                    Kind::Dict(more) => {
                        for (key, value) in more {
                            self.put(&mut entries, key, value)?;
                        }
                    }
                    _ => return Err(self.unclear(&given)),
                },
            }
        }
        Ok(entries)
    }

    pub(super) fn distinct(&self, items: Vec<Value>, span: Span) -> Result<Vec<Value>, Stop> {
        items.iter().try_for_each(|item| self.hashable(item))?;
        match super::operator::distinct(items) {
            Some(items) => Ok(items),
            None => Err(self.unknown(span, "A set of values that are not known")),
        }
    }

    fn unary(&mut self, unary: &'a ExprUnaryOp, frame: FrameId, span: Span) -> Result<Value, Stop> {
        let operand = self.eval(&unary.operand, frame)?;
        let operator = unary.op;
        let kind = match (operator, &operand.kind) {
            (UnaryOp::Not, _) => Kind::Bool(!self.truth(&operand)?),
            (UnaryOp::UAdd, Kind::Int(_) | Kind::Float(_)) => operand.kind,
            (UnaryOp::Invert, Kind::Int(number)) => Kind::Int(!number),
            (UnaryOp::UAdd, Kind::Bool(flag)) => Kind::Int((*flag).into()),
            (UnaryOp::USub, Kind::Bool(flag)) => Kind::Int(-i64::from(*flag)),
            (UnaryOp::Invert, Kind::Bool(flag)) => Kind::Int(!i64::from(*flag)),
            (UnaryOp::USub, Kind::Int(_) | Kind::Float(_)) => {
                crate::value::unary(operator, operand)
            }
            _ if is_known(&operand) => {
                let class = operand.type_name();
                let message =
                    format!("bad operand type for unary {}: '{class}'", operator.as_str());
                return Err(Stop::raised("TypeError", message, span));
            }
            _ => crate::value::unary(operator, operand),
        };
        Ok(Value { kind, span })
    }

    fn attribute_in(
        &mut self,
        attribute: &'a ExprAttribute,
        frame: FrameId,
        span: Span,
    ) -> Result<Value, Stop> {
        let of = self.eval(&attribute.value, frame)?;
        self.attribute(of, attribute.attr.as_str(), span)
    }

    fn named(&mut self, named: &'a ExprNamed, frame: FrameId) -> Result<Kind, Stop> {
        let given = self.eval(&named.value, frame)?;
        self.share(&named.value, &given, frame);
        self.assign(&named.target, given.clone(), frame)?;
        Ok(given.kind)
    }

    fn lambda(&mut self, lambda: &'a ExprLambda, frame: FrameId) -> Result<Kind, Stop> {
        self.function(Function {
            name: "<lambda>",
            parameters: lambda.parameters.as_deref(),
            body: Body::Expression(&lambda.body),
            around: frame,
            refused: None,
            file: self.file,
        })
    }

    /// `of.name`.
    pub(crate) fn attribute(&mut self, of: Value, name: &str, span: Span) -> Result<Value, Stop> {
        if let Some(found) = self.host.attribute(&of, name)? {
            return Ok(Value { kind: found.kind, span });
        }
        if let Some((call, object)) = self.host.getter(&of, name) {
            let found = self.apply(call, span)?;
            return match object {
                Some(object) => self.attribute(object, name, span),
                None => Ok(found),
            };
        }
        if let Kind::Name(path) = &of.kind
            && let Some(kind) = self.in_module(path, name)
        {
            return Ok(Value { kind, span });
        }
        let kind = match of.kind {
            Kind::Row(names, items) => match (names.iter().position(|known| known == name), name) {
                (Some(at), _) => items.into_iter().nth(at).map_or(Kind::None, |item| item.kind),
                (None, "_mapping") => {
                    let keys =
                        names.iter().map(|name| Value { kind: Kind::Text(name.clone()), span });
                    Kind::Dict(keys.zip(items).collect())
                }
                (None, _) => {
                    let message = format!("Could not locate column in row for column '{name}'");
                    return Err(Stop::raised("AttributeError", message, span));
                }
            },
            Kind::Name(path) if name == "__name__" && path.origin != Origin::Imported => {
                Kind::Text(path.last().into())
            }
            Kind::Name(path) if self.attribute_of_class(&path, name).is_some() => {
                self.attribute_of_class(&path, name).unwrap_or(Kind::None)
            }
            Kind::Function(id) if name == "__name__" => {
                Kind::Text(self.functions.get(id).map_or("", |function| function.name).into())
            }
            Kind::Call(call) if name == "args" && exception(&call).is_some() => {
                Kind::Tuple(call.arguments)
            }
            Kind::Call(call) if name == "__class__" && exception(&call).is_some() => {
                call.callee.kind
            }
            Kind::Name(path) => Kind::Name(Path {
                dotted: format!("{}.{name}", path.dotted).into(),
                origin: path.origin,
            }),
            Kind::Unknown(_) => return Err(self.unclear(&of)),
            _ if is_value(&of) && !is_method(&of, name) => {
                let message = format!("'{}' object has no attribute '{name}'", of.type_name());
                return Err(Stop::raised("AttributeError", message, span));
            }
            _ => Kind::Member(Box::new(of), name.into()),
        };
        Ok(Value { kind, span })
    }

    fn subscript(
        &mut self,
        subscript: &'a ExprSubscript,
        frame: FrameId,
        span: Span,
    ) -> Result<Value, Stop> {
        let of = self.eval(&subscript.value, frame)?;
        let slice = &*subscript.slice;
        if let Expr::Slice(slice) = slice {
            let mut bound = |expression: &'a Option<Box<Expr>>| -> Result<Option<i64>, Stop> {
                let Some(expression) = expression else { return Ok(None) };
                let value = self.eval(expression, frame)?;
                match value.kind {
                    Kind::None => Ok(None),
                    Kind::Int(number) => Ok(Some(number)),
                    _ => Err(self.unclear(&value)),
                }
            };
            let (low, high, step) =
                (bound(&slice.lower)?, bound(&slice.upper)?, bound(&slice.step)?);
            return self.sliced(of, low, high, step.unwrap_or(1), span);
        }
        let key = self.eval(slice, frame)?;
        match &of.kind {
            Kind::List(_)
            | Kind::Tuple(_)
            | Kind::Text(_)
            | Kind::Dict(_)
            | Kind::Row(..)
            | Kind::View("range", _) => self.item(&of, &key, span),
            Kind::Name(path) if self.members_of(&of).is_some() => {
                let member = self.member(path, &key, true, span)?;
                Ok(Value { kind: member.unwrap_or(Kind::None), span })
            }
            _ if is_known(&of) => {
                let message = format!("'{}' object is not subscriptable", of.type_name());
                Err(Stop::raised("TypeError", message, span))
            }
            Kind::Unknown(_) => Err(self.unclear(&of)),
            _ => {
                if let Some(found) = self.host.item(&of, &key)? {
                    return Ok(Value { kind: found.kind, span });
                }
                let items = match key.kind {
                    Kind::Tuple(items) => items,
                    _ => vec![key],
                };
                Ok(Value { kind: Kind::Subscript(Box::new(of), items), span })
            }
        }
    }

    /// A call with its arguments worked out.
    fn called(&mut self, call: &'a ExprCall, frame: FrameId, span: Span) -> Result<Value, Stop> {
        if let Expr::Attribute(method) = &*call.func
            && let Some(result) = self.changed_in_place(method, call, frame, span)?
        {
            return Ok(result);
        }
        let callee = self.eval(&call.func, frame)?;
        let mut arguments = Vec::with_capacity(call.arguments.args.len());
        let mut keywords = Vec::with_capacity(call.arguments.keywords.len());
        for argument in &call.arguments.args {
            if let Expr::Starred(starred) = argument {
                let inner = self.eval(&starred.value, frame)?;
                arguments.extend(self.iterated(inner)?);
                continue;
            }
            let given = match self.host.reads_models() {
                true => self.loosely(argument, frame),
                false => self.eval(argument, frame)?,
            };
            if matches!(callee.kind, Kind::Function(_)) {
                self.share(argument, &given, frame);
            }
            arguments.push(given);
        }
        for keyword in &call.arguments.keywords {
            let given = match (self.host.reads_models(), &keyword.arg) {
                (true, Some(_)) => self.loosely(&keyword.value, frame),
                _ => self.eval(&keyword.value, frame)?,
            };
            let span = span_of(keyword);
            match (&keyword.arg, given.kind) {
                (Some(name), kind) => {
                    let given = Value { kind, span: given.span };
                    if matches!(callee.kind, Kind::Function(_)) {
                        self.share(&keyword.value, &given, frame);
                    }
                    keywords.push(Keyword { name: name.id.clone(), value: given, span });
                }
                (None, Kind::Dict(entries)) => {
                    for (key, value) in entries {
                        match key.text() {
                            Some(name) => keywords.push(Keyword { name: name.into(), span, value }),
                            None => return Err(self.unclear(&key)),
                        }
                    }
                }
                (None, kind) => return Err(self.unclear(&Value { kind, span: given.span })),
            }
        }
        self.apply(Call { callee, arguments, keywords }, span)
    }

    /// What a function of the file is called by.
    ///
    /// The values of its parameters are worked out here, as Python does.
    pub(super) fn function(&mut self, function: Function<'a>) -> Result<Kind, Stop> {
        let mut defaults = LiteMap::new();
        for parameter in function.parameters.iter().flat_map(|all| all.iter_non_variadic_params()) {
            if let Some(default) = &parameter.default {
                let value = match self.host.reads_models() {
                    true => self.loosely(default, function.around),
                    false => self.eval(default, function.around)?,
                };
                self.share(default, &value, function.around);
                defaults.insert(parameter.parameter.name.as_str(), value);
            }
        }
        self.functions.push(function);
        self.defaults.push(defaults);
        Ok(Kind::Function(self.functions.len() - 1))
    }
}

pub(super) fn number(number: &Number) -> Kind {
    match number {
        Number::Int(number) => match number.as_i64() {
            Some(number) => Kind::Int(number),
            None => Kind::Unknown("a number beyond 64 bits"),
        },
        Number::Float(number) => Kind::Float(*number),
        Number::Complex { .. } => Kind::Unknown("a complex number"),
    }
}
