//! One walk over env.py: who binds which name where, and what is called.

use crate::syntax::{from_module, imported, joined, local, span_of};
use ruff_python_ast::visitor::{Visitor, walk_expr, walk_stmt};
use ruff_python_ast::{Expr, ExprCall, Stmt};

/// A place where names live: 0 is the file, the others are functions.
pub(super) type ScopeId = usize;

/// The file or a function.
#[derive(Default)]
pub(super) struct Scope<'a> {
    pub(super) parent: ScopeId,
    pub(super) bindings: Vec<Binding<'a>>,
    /// What is returned, where something is.
    pub(super) returns: Vec<&'a Expr>,
}

/// A name gets a value.
#[derive(Clone)]
pub(super) struct Binding<'a> {
    pub(super) name: &'a str,
    pub(super) bound: Bound<'a>,
    /// Where in the text it begins to hold.
    pub(super) from: usize,
    /// Whether that may not happen: it stands under an `if` or in a loop.
    pub(super) conditional: bool,
}

/// What a name is bound to.
#[derive(Clone)]
pub(super) enum Bound<'a> {
    /// The value of an expression.
    To(&'a Expr),
    /// Something imported, by its dotted name.
    Import(String),
    /// A class of the file.
    Class,
    /// A function of the file.
    Function(ScopeId),
    /// What cannot be known: a parameter, a loop's variable.
    Unknown,
}

/// A call and where it stands.
pub(super) struct Called<'a> {
    pub(super) call: &'a ExprCall,
    pub(super) scope: ScopeId,
    /// The conditions around it, the innermost last; None for one that is no expression.
    pub(super) conditions: Vec<Option<&'a Expr>>,
}

/// `target = value` where the target is `name[…]` or `name.attribute`.
pub(super) struct Placed<'a> {
    pub(super) target: &'a Expr,
    pub(super) value: &'a Expr,
    pub(super) scope: ScopeId,
    pub(super) conditions: Vec<Option<&'a Expr>>,
}

/// What the walk found.
pub(super) struct Walk<'a> {
    pub(super) scopes: Vec<Scope<'a>>,
    pub(super) calls: Vec<Called<'a>>,
    pub(super) placed: Vec<Placed<'a>>,
    /// Names and attributes that are used otherwise than by a call that is in `calls`.
    pub(super) values: Vec<(&'a Expr, ScopeId)>,
    scope: ScopeId,
    conditions: Vec<Option<&'a Expr>>,
    /// In how many lambdas and classes it stands: whether those are run nobody follows.
    aside: usize,
}

impl<'a> Walk<'a> {
    pub(super) fn of(body: &'a [Stmt]) -> Self {
        let mut walk = Self {
            scopes: vec![Scope::default()],
            calls: Vec::new(),
            placed: Vec::new(),
            values: Vec::new(),
            scope: 0,
            conditions: Vec::new(),
            aside: 0,
        };
        walk.all(body);
        walk
    }

    fn all(&mut self, body: &'a [Stmt]) {
        body.iter().for_each(|statement| self.visit_stmt(statement));
    }

    fn under(&mut self, condition: Option<&'a Expr>, body: &'a [Stmt]) {
        self.conditions.push(condition);
        self.all(body);
        self.conditions.pop();
    }

    fn bind(&mut self, name: &'a str, bound: Bound<'a>, from: usize) {
        let conditional = !self.conditions.is_empty();
        if let Some(scope) = self.scopes.get_mut(self.scope) {
            scope.bindings.push(Binding { name, bound, from, conditional });
        }
    }

    fn assign(&mut self, target: &'a Expr, value: Option<&'a Expr>) {
        match (target, value) {
            (Expr::Name(name), Some(value)) => {
                self.bind(name.id.as_str(), Bound::To(value), span_of(value).end);
            }
            (Expr::Name(name), None) => {
                self.bind(name.id.as_str(), Bound::Unknown, span_of(target).start);
            }
            (Expr::Tuple(tuple), _) => tuple.elts.iter().for_each(|item| self.assign(item, None)),
            (Expr::List(list), _) => list.elts.iter().for_each(|item| self.assign(item, None)),
            (_, Some(value)) if self.aside == 0 => self.placed.push(Placed {
                target,
                value,
                scope: self.scope,
                conditions: self.conditions.clone(),
            }),
            _ => {}
        }
    }

    fn import(&mut self, statement: &'a Stmt) {
        match statement {
            Stmt::Import(import) => {
                for alias in &import.names {
                    let (local, target) = imported(alias);
                    self.bind(local, Bound::Import(target.into()), span_of(statement).start);
                }
            }
            Stmt::ImportFrom(import) => {
                let module = from_module(import);
                for alias in &import.names {
                    let name = alias.name.as_str();
                    let target = joined(&module, name);
                    self.bind(local(alias), Bound::Import(target), span_of(statement).start);
                }
            }
            _ => {}
        }
    }
}

impl<'a> Visitor<'a> for Walk<'a> {
    fn visit_stmt(&mut self, statement: &'a Stmt) {
        match statement {
            Stmt::FunctionDef(function) => {
                for decorator in &function.decorator_list {
                    self.visit_expr(&decorator.expression);
                }
                let id = self.scopes.len();
                let name = function.name.as_str();
                self.bind(name, Bound::Function(id), span_of(statement).start);
                self.scopes.push(Scope { parent: self.scope, ..Scope::default() });
                let outer = std::mem::replace(&mut self.scope, id);
                // Inside of a function the conditions around its definition play no part.
                let conditions = std::mem::take(&mut self.conditions);
                for parameter in &function.parameters {
                    if let Some(default) = parameter.default() {
                        self.visit_expr(default);
                    }
                    self.bind(parameter.name().as_str(), Bound::Unknown, 0);
                }
                self.all(&function.body);
                self.conditions = conditions;
                self.scope = outer;
            }
            Stmt::ClassDef(class) => {
                for decorator in &class.decorator_list {
                    self.visit_expr(&decorator.expression);
                }
                if let Some(arguments) = &class.arguments {
                    self.visit_arguments(arguments);
                }
                self.bind(class.name.as_str(), Bound::Class, span_of(statement).start);
                // Its names are its own.
                self.scopes.push(Scope { parent: self.scope, ..Scope::default() });
                let outer = std::mem::replace(&mut self.scope, self.scopes.len() - 1);
                self.aside += 1;
                self.all(&class.body);
                self.aside -= 1;
                self.scope = outer;
            }
            Stmt::If(branch) => {
                self.visit_expr(&branch.test);
                self.under(Some(&branch.test), &branch.body);
                for clause in &branch.elif_else_clauses {
                    if let Some(test) = &clause.test {
                        self.visit_expr(test);
                    }
                    self.under(None, &clause.body);
                }
            }
            Stmt::For(repeat) => {
                self.visit_expr(&repeat.iter);
                self.assign(&repeat.target, None);
                self.under(None, &repeat.body);
                self.under(None, &repeat.orelse);
            }
            Stmt::While(repeat) => {
                self.visit_expr(&repeat.test);
                self.under(None, &repeat.body);
            }
            Stmt::Try(attempt) => {
                self.all(&attempt.body);
                for handler in &attempt.handlers {
                    if let Some(handler) = handler.as_except_handler() {
                        self.under(None, &handler.body);
                    }
                }
                self.all(&attempt.orelse);
                self.all(&attempt.finalbody);
            }
            Stmt::With(with) => {
                for item in &with.items {
                    self.visit_expr(&item.context_expr);
                    if let Some(target) = &item.optional_vars {
                        self.assign(target, None);
                    }
                }
                self.all(&with.body);
            }
            Stmt::Assign(assign) => {
                self.visit_expr(&assign.value);
                assign.targets.iter().for_each(|target| self.assign(target, Some(&assign.value)));
            }
            Stmt::AnnAssign(assign) => {
                if let Some(value) = &assign.value {
                    self.visit_expr(value);
                    self.assign(&assign.target, Some(value));
                }
            }
            Stmt::AugAssign(assign) => {
                self.visit_expr(&assign.value);
                self.assign(&assign.target, None);
            }
            Stmt::Return(returned) => {
                if let Some(value) = &returned.value {
                    self.visit_expr(value);
                    if let Some(scope) = self.scopes.get_mut(self.scope) {
                        scope.returns.push(value);
                    }
                }
            }
            Stmt::Import(_) | Stmt::ImportFrom(_) => self.import(statement),
            other => walk_stmt(self, other),
        }
    }

    fn visit_expr(&mut self, expression: &'a Expr) {
        match expression {
            Expr::Call(call) if self.aside == 0 => {
                self.calls.push(Called {
                    call,
                    scope: self.scope,
                    conditions: self.conditions.clone(),
                });
                match &*call.func {
                    Expr::Name(_) => {}
                    Expr::Attribute(attribute) => self.visit_expr(&attribute.value),
                    other => self.visit_expr(other),
                }
                return self.visit_arguments(&call.arguments);
            }
            // Its body is not run where it stands.
            Expr::Lambda(_) => {
                self.aside += 1;
                walk_expr(self, expression);
                self.aside -= 1;
                return;
            }
            Expr::Name(_) | Expr::Attribute(_) => self.values.push((expression, self.scope)),
            _ => {}
        }
        walk_expr(self, expression);
    }
}
