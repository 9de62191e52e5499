//! Class statements: their bases and what their bodies bind.

use super::frame::{Frame, FrameId};
use super::{Body, Evaluator, Function};
use crate::syntax::span_of;
use crate::value::{Attribute, Class, Keyword, Kind, Method, Origin, Path, Value};
use ambix_core::diagnostic::Span;
use ruff_python_ast::{Expr, Stmt, StmtClassDef};
use std::rc::Rc;

impl<'a> Evaluator<'a> {
    /// A class statement: its bases and what its body binds.
    pub(super) fn class(&mut self, statement: &'a StmtClassDef, frame: FrameId) {
        let mut class = Class {
            name: statement.name.as_str().into(),
            span: span_of(&statement.name),
            ..Class::default()
        };
        for decorator in &statement.decorator_list {
            let value = self.loosely(&decorator.expression, frame);
            class.decorators.push(value);
        }
        if let Some(arguments) = &statement.arguments {
            for base in &arguments.args {
                let value = self.loosely(base, frame);
                class.bases.push(value);
            }
            for keyword in &arguments.keywords {
                let value = self.loosely(&keyword.value, frame);
                let name = keyword.arg.as_ref().map_or("**", |name| name.as_str()).into();
                class.keywords.push(Keyword { name, value, span: span_of(keyword) });
            }
        }
        let functions = self.functions.len();
        let inner = self.push_frame(Frame::within(frame));
        self.class_body(&mut class, &statement.body, frame, inner);
        // Unless something in the class looks names up there later.
        if self.functions.iter().skip(functions).all(|function| function.around != inner) {
            self.drop_frame(inner);
        }
        let (name, span) = (class.name.clone(), class.span);
        let class = Rc::new(class);
        let kind = match self.host.class(&class) {
            Some(value) => value.kind,
            None => {
                self.classes.insert(name.clone(), class);
                Kind::Name(Path { dotted: name.clone(), origin: Origin::Defined })
            }
        };
        self.rebind(frame, &name, Value { kind, span });
    }

    fn class_body(&mut self, class: &mut Class, body: &'a [Stmt], outer: FrameId, inner: FrameId) {
        class.attributes.reserve(body.len());
        for statement in body {
            let span = span_of(statement);
            let other = match statement {
                Stmt::Assign(assign) => {
                    let value = self.eval(&assign.value, inner);
                    let mut failed = None;
                    let mut value = value.unwrap_or_else(|stop| {
                        failed = Some(stop.into_diagnostic(self.source));
                        unknown(&assign.value)
                    });
                    for (position, target) in assign.targets.iter().enumerate() {
                        if let Expr::Tuple(tuple) = target
                            && self.unpacked(class, &tuple.elts, &value, inner, span)
                        {
                            continue;
                        }
                        let Expr::Name(name) = target else {
                            class.others.push((span, "an assignment to several names"));
                            continue;
                        };
                        self.bind_in_class(inner, name.id.as_str(), &value);
                        let value = match position + 1 == assign.targets.len() {
                            true => std::mem::replace(&mut value, unknown(&assign.value)),
                            false => value.clone(),
                        };
                        class.attributes.push(Attribute {
                            again: position > 0,
                            failed: failed.clone(),
                            ..Attribute::new(name.id.clone(), value, span)
                        });
                    }
                    continue;
                }
                Stmt::AnnAssign(assign) => {
                    let Expr::Name(name) = &*assign.target else { continue };
                    // By the names around the class: `date: Mapped[date]` means a type. A class inside of
                    // the class may be meant too.
                    let annotation = self.annotation(&assign.annotation, outer, inner);
                    let mut failed = None;
                    let value = assign.value.as_ref().map(|expression| {
                        self.eval(expression, inner).unwrap_or_else(|stop| {
                            failed = Some(stop.into_diagnostic(self.source));
                            unknown(expression)
                        })
                    });
                    if let Some(value) = &value {
                        self.bind_in_class(inner, name.id.as_str(), value);
                    }
                    class.attributes.push(Attribute {
                        name: name.id.clone(),
                        annotation: Some(annotation),
                        value,
                        span,
                        again: false,
                        failed,
                    });
                    continue;
                }
                Stmt::FunctionDef(function) => {
                    let decorators = &function.decorator_list;
                    let decorators =
                        decorators.iter().map(|one| self.loosely(&one.expression, inner)).collect();
                    let refused = function.is_async.then_some("is asynchronous");
                    let kind = self.function(Function {
                        name: function.name.as_str(),
                        parameters: Some(&function.parameters),
                        body: Body::Block(&function.body),
                        around: outer,
                        refused,
                        file: self.file,
                    });
                    let span = span_of(&function.name);
                    let Ok(kind) = kind else {
                        class.others.push((span, "a function whose defaults cannot be followed"));
                        continue;
                    };
                    let value = Value { kind, span };
                    self.rebind(inner, function.name.as_str(), value.clone());
                    let returns = function.returns.as_deref();
                    let returns = returns.filter(|_| self.host.reads_models());
                    let returns = returns.map(|of| self.annotation(of, outer, inner));
                    class.functions.push(Method {
                        name: function.name.as_str().into(),
                        span,
                        decorators,
                        returns,
                        value,
                    });
                    continue;
                }
                Stmt::ClassDef(nested) => {
                    self.class(nested, inner);
                    continue;
                }
                Stmt::If(branch) => {
                    let mut bodies = vec![(Some(&*branch.test), &branch.body)];
                    for clause in &branch.elif_else_clauses {
                        bodies.push((clause.test.as_ref(), &clause.body));
                    }
                    let chosen = bodies.into_iter().find_map(|(test, body)| match test {
                        None => Some(Ok(body)),
                        Some(test) => {
                            let test = self.eval(test, inner).and_then(|test| self.truth(&test));
                            match test {
                                Ok(true) => Some(Ok(body)),
                                Ok(false) => None,
                                Err(stop) => Some(Err(stop)),
                            }
                        }
                    });
                    match chosen {
                        Some(Ok(body)) => {
                            self.class_body(class, body, outer, inner);
                            continue;
                        }
                        None => continue,
                        Some(Err(_)) => "an `if`",
                    }
                }
                // A docstring binds nothing; a call might, by `locals()` or by the frame.
                Stmt::Expr(_) | Stmt::Pass(_) => continue,
                Stmt::For(_) | Stmt::While(_) => "a loop",
                Stmt::With(_) => "a `with`",
                Stmt::Try(_) => "a `try`",
                Stmt::Match(_) => "a `match`",
                Stmt::Delete(_) => "a `del`",
                Stmt::AugAssign(_) => "an assignment with an operator",
                Stmt::Import(_) | Stmt::ImportFrom(_) => {
                    let _ = self.statement(statement, inner);
                    continue;
                }
                _ => "a statement of this kind",
            };
            class.others.push((span, other));
        }
    }

    /// `A, B = range(2)` in a class; false if that cannot be followed.
    fn unpacked(
        &mut self,
        class: &mut Class,
        targets: &[Expr],
        value: &Value,
        inner: FrameId,
        span: Span,
    ) -> bool {
        let Ok(items) = self.iterated(value.clone()) else { return false };
        let is_name = |target: &Expr| matches!(target, Expr::Name(_));
        if items.len() != targets.len() || !targets.iter().all(is_name) {
            return false;
        }
        for (target, value) in targets.iter().zip(items) {
            let Expr::Name(name) = target else { continue };
            self.bind_in_class(inner, name.id.as_str(), &value);
            class.attributes.push(Attribute::new(name.id.clone(), value, span));
        }
        true
    }

    /// Within a class, the name of a column stands for the column.
    fn bind_in_class(&mut self, inner: FrameId, name: &str, value: &Value) {
        let kind = match crate::sqlalchemy::table_part(value) {
            Some(_) => Kind::Name(Path { dotted: name.into(), origin: Origin::Defined }),
            None => value.kind.clone(),
        };
        self.rebind(inner, name, Value { kind, span: value.span });
    }

    /// The value of an expression of which it may turn out that nobody needs it.
    pub(super) fn loosely(&mut self, expression: &'a Expr, frame: FrameId) -> Value {
        self.eval(expression, frame).unwrap_or_else(|_| unknown(expression))
    }
}

pub(super) fn unknown(expression: &Expr) -> Value {
    Value {
        kind: Kind::Unknown("a value that only Python can work out"),
        span: span_of(expression),
    }
}
