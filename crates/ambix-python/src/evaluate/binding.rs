//! Statements that bind names: assignments, functions, imports.

use super::frame::FrameId;
use super::{Body, Evaluator, Function, Stop};
use crate::syntax::{from_module, imported, joined, local, span_of};
use crate::value::{Kind, Origin, Path, Value};
use ambix_core::diagnostic::Span;
use ruff_python_ast::{
    Decorator, ExceptHandler, Expr, Operator, Stmt, StmtAnnAssign, StmtAssign, StmtAugAssign,
    StmtFunctionDef, StmtImport, StmtImportFrom,
};

impl<'a> Evaluator<'a> {
    /// `one = other = value`
    pub(super) fn assignment(
        &mut self,
        assign: &'a StmtAssign,
        frame: FrameId,
    ) -> Result<(), Stop> {
        let given = self.eval(&assign.value, frame)?;
        let shares = self.share(&assign.value, &given, frame) || assign.targets.len() > 1;
        for target in &assign.targets {
            self.assign(target, given.clone(), frame)?;
            if shares {
                self.share_names(target, frame);
            }
        }
        Ok(())
    }

    /// `name: type = value`
    pub(super) fn annotated(
        &mut self,
        assign: &'a StmtAnnAssign,
        frame: FrameId,
    ) -> Result<(), Stop> {
        let Some(expression) = &assign.value else { return Ok(()) };
        let given = self.eval(expression, frame)?;
        let shares = self.share(expression, &given, frame);
        self.assign(&assign.target, given, frame)?;
        if shares {
            self.share_names(&assign.target, frame);
        }
        Ok(())
    }

    /// `name += value`
    pub(super) fn augmented(
        &mut self,
        assign: &'a StmtAugAssign,
        frame: FrameId,
        span: Span,
    ) -> Result<(), Stop> {
        let key = match &*assign.target {
            Expr::Subscript(subscript) => {
                let of = self.eval(&subscript.value, frame)?;
                let key = self.eval(&subscript.slice, frame)?;
                self.changeable(&subscript.value, frame)?;
                Some((self.item(&of, &key, span)?, key, &*subscript.value))
            }
            _ => None,
        };
        let before = match &key {
            Some((item, ..)) => item.clone(),
            None => self.eval(&assign.target, frame)?,
        };
        self.refuse_shared(&assign.target, &before, frame)?;
        let with = self.eval(&assign.value, frame)?;
        let kind = match (before.kind, assign.op) {
            // `list += anything` takes its items.
            (Kind::List(mut items), Operator::Add) => {
                items.extend(self.iterated(with)?);
                self.bounded(items.len(), span)?;
                Kind::List(items)
            }
            (kind, operator) => {
                self.binary(Value { kind, span: before.span }, operator, with, span)?
            }
        };
        match key {
            Some((_, key, of)) => self.put_item(of, key, Value { kind, span }, frame),
            None => self.assign(&assign.target, Value { kind, span }, frame),
        }
    }

    pub(super) fn define(
        &mut self,
        function: &'a StmtFunctionDef,
        frame: FrameId,
    ) -> Result<(), Stop> {
        let refused = if function.is_async {
            Some("is asynchronous")
        } else if function.decorator_list.iter().all(only_remembers) {
            None
        } else if !function.decorator_list.is_empty() {
            Some("has a decorator")
        } else {
            None
        };
        let kind = self.function(Function {
            name: function.name.as_str(),
            parameters: Some(&function.parameters),
            body: Body::Block(&function.body),
            around: frame,
            refused,
            file: self.file,
        })?;
        self.bind(frame, function.name.as_str(), Value { kind, span: span_of(&function.name) });
        Ok(())
    }

    pub(super) fn import(&mut self, import: &StmtImport, frame: FrameId) {
        for alias in &import.names {
            let (local, target) = imported(alias);
            self.imported(frame, local, target.into(), span_of(alias));
        }
    }

    pub(super) fn import_from(&mut self, import: &StmtImportFrom, frame: FrameId) {
        let module = from_module(import);
        if self.import_own(import, &module, frame) {
            return;
        }
        for alias in &import.names {
            let name = alias.name.as_str();
            if name == "*" {
                let top = self.top(frame);
                if let Some(file) = self.frames.get_mut(top) {
                    file.stars.push(module.clone());
                }
                continue;
            }
            self.imported(frame, local(alias), joined(&module, name), span_of(alias));
        }
    }

    pub(super) fn imported(&mut self, frame: FrameId, local: &str, dotted: String, span: Span) {
        let known = self.host.import(&dotted);
        let kind =
            known.unwrap_or(Kind::Name(Path { dotted: dotted.into(), origin: Origin::Imported }));
        self.bind(frame, local, Value { kind, span });
    }
}

/// A decorator that only remembers what a function gave: `@lru_cache`.
fn only_remembers(decorator: &Decorator) -> bool {
    let of = match &decorator.expression {
        Expr::Call(call) => &*call.func,
        other => other,
    };
    let name = match of {
        Expr::Name(name) => name.id.as_str(),
        Expr::Attribute(attribute) => attribute.attr.as_str(),
        _ => return false,
    };
    matches!(name, "cache" | "lru_cache" | "staticmethod")
}

/// The names that a statement would bind.
pub(super) fn bound<'a>(statement: &'a Stmt, names: &mut Vec<&'a str>) {
    let all = |body: &'a [Stmt], names: &mut Vec<&'a str>| {
        body.iter().for_each(|statement| bound(statement, names));
    };
    match statement {
        Stmt::Assign(assign) => assign.targets.iter().for_each(|target| targets(target, names)),
        Stmt::AnnAssign(assign) => targets(&assign.target, names),
        Stmt::AugAssign(assign) => targets(&assign.target, names),
        Stmt::FunctionDef(function) => names.push(function.name.as_str()),
        Stmt::If(branch) => {
            all(&branch.body, names);
            branch.elif_else_clauses.iter().for_each(|clause| all(&clause.body, names));
        }
        Stmt::For(repeat) => {
            targets(&repeat.target, names);
            all(&repeat.body, names);
        }
        Stmt::ClassDef(class) => names.push(class.name.as_str()),
        Stmt::While(repeat) => all(&repeat.body, names),
        Stmt::With(with) => all(&with.body, names),
        Stmt::Try(attempt) => {
            all(&attempt.body, names);
            for ExceptHandler::ExceptHandler(handler) in &attempt.handlers {
                all(&handler.body, names);
            }
            all(&attempt.orelse, names);
            all(&attempt.finalbody, names);
        }
        _ => {}
    }
}

fn targets<'a>(target: &'a Expr, names: &mut Vec<&'a str>) {
    match target {
        Expr::Name(name) => names.push(name.id.as_str()),
        Expr::Tuple(tuple) => tuple.elts.iter().for_each(|item| targets(item, names)),
        Expr::List(list) => list.elts.iter().for_each(|item| targets(item, names)),
        Expr::Starred(starred) => targets(&starred.value, names),
        _ => {}
    }
}
