//! Statements, one after another.

use super::binding::bound;
use super::exception::classes_of;
use super::frame::FrameId;
use super::{Evaluator, Raised, Stop};
use crate::syntax::span_of;
use crate::value::{Kind, Origin, Value};
use ambix_core::diagnostic::Span;
use ruff_python_ast::{
    ExceptHandler, Expr, Stmt, StmtAssert, StmtFor, StmtIf, StmtRaise, StmtTry, StmtWhile, StmtWith,
};

/// How a block ended.
pub(super) enum Flow {
    /// At its end.
    Ended,
    Return(Value),
    Break,
    Continue,
}

impl<'a> Evaluator<'a> {
    /// The top level of the file. A name whose statement cannot be followed is an error where it is used.
    pub(super) fn module(&mut self, body: &'a [Stmt], frame: FrameId) {
        for statement in body {
            let Err(stop) = self.statement(statement, frame) else { continue };
            let error = stop.into_diagnostic(self.source);
            self.host.failed(span_of(statement), &error);
            let mut names = Vec::new();
            bound(statement, &mut names);
            for name in names {
                if let Some(frame) = self.frames.get_mut(frame) {
                    frame.fail(name, error.clone());
                }
            }
        }
    }

    pub(super) fn block(&mut self, body: &'a [Stmt], frame: FrameId) -> Result<Flow, Stop> {
        for statement in body {
            match self.statement(statement, frame)? {
                Flow::Ended => {}
                other => return Ok(other),
            }
        }
        Ok(Flow::Ended)
    }

    pub(super) fn statement(&mut self, statement: &'a Stmt, frame: FrameId) -> Result<Flow, Stop> {
        let span = span_of(statement);
        self.step(span)?;
        self.deeper(span, |evaluator| evaluator.carried_out(statement, frame, span))
    }

    fn carried_out(
        &mut self,
        statement: &'a Stmt,
        frame: FrameId,
        span: Span,
    ) -> Result<Flow, Stop> {
        match statement {
            Stmt::Pass(_) => {}
            Stmt::Expr(expression) => {
                let value = self.eval(&expression.value, frame)?;
                match self.top(frame) == frame || self.host.reads_models() {
                    true => self.host.statement(&value),
                    false => self.unused(&value)?,
                }
            }
            Stmt::Assign(assign) => self.assignment(assign, frame)?,
            Stmt::AnnAssign(assign) => self.annotated(assign, frame)?,
            Stmt::AugAssign(assign) => self.augmented(assign, frame, span)?,
            Stmt::Return(statement) => {
                let value = match &statement.value {
                    Some(expression) => self.eval(expression, frame)?,
                    None => Value { kind: Kind::None, span },
                };
                return Ok(Flow::Return(value));
            }
            Stmt::Break(_) => return Ok(Flow::Break),
            Stmt::Continue(_) => return Ok(Flow::Continue),
            Stmt::If(branch) => return self.branch(branch, frame),
            Stmt::For(repeat) => return self.each(repeat, frame),
            Stmt::While(repeat) => return self.repeat(repeat, frame),
            Stmt::With(with) => return self.with(with, frame, span),
            Stmt::Try(attempt) => return self.attempt(attempt, frame),
            Stmt::Raise(raise) => return Err(self.raise(raise, frame, span)?),
            Stmt::Assert(assert) => self.assert(assert, frame, span)?,
            Stmt::Delete(delete) => {
                for target in &delete.targets {
                    self.delete(target, frame)?;
                }
            }
            Stmt::FunctionDef(function) => self.define(function, frame)?,
            Stmt::Import(import) => self.import(import, frame),
            Stmt::ImportFrom(import) => self.import_from(import, frame),
            Stmt::Global(names) => {
                for name in &names.names {
                    self.belongs(frame, name.as_str(), Some(self.top(frame)));
                }
            }
            Stmt::Nonlocal(names) => {
                let around = self.frames.get(frame).and_then(|frame| frame.around);
                for name in &names.names {
                    let home = around.and_then(|around| self.home(name.as_str(), around));
                    self.belongs(frame, name.as_str(), home);
                }
            }
            Stmt::ClassDef(class) if frame == 0 || self.host.reads_models() => {
                self.class(class, frame);
            }
            Stmt::ClassDef(_) => return Err(self.unknown(span, "A class inside of a function")),
            Stmt::Match(choice) => return self.choose(choice, frame),
            Stmt::TypeAlias(_) => {}
            Stmt::IpyEscapeCommand(_) => return Err(self.unknown(span, "A shell command")),
        }
        Ok(Flow::Ended)
    }

    fn assert(&mut self, assert: &'a StmtAssert, frame: FrameId, span: Span) -> Result<(), Stop> {
        let test = self.eval(&assert.test, frame)?;
        if self.truth(&test)? {
            return Ok(());
        }
        let message = match &assert.msg {
            Some(message) => {
                let message = self.eval(message, frame)?;
                self.str(&message)?
            }
            None => String::new(),
        };
        Err(Stop::raised("AssertionError", message, span))
    }

    fn belongs(&mut self, frame: FrameId, name: &str, home: Option<FrameId>) {
        if let (Some(frame), Some(home)) = (self.frames.get_mut(frame), home) {
            frame.leave_to(name, home);
        }
    }

    /// A value that a statement does nothing with. What is a call that nobody carried out may do anything.
    fn unused(&self, value: &Value) -> Result<(), Stop> {
        match &value.kind {
            Kind::Call(call) => {
                let name = call.callee.span.of(self.source.text);
                let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
                let error = self
                    .source
                    .unsupported(value.span, format!("`{name}` is not supported in a revision"))
                    .hint(crate::script::WRITE_SQL);
                Err(crate::sqlalchemy::explain_undefined(self.source, value, error).into())
            }
            Kind::Name(path) if path.origin == Origin::Unbound => Err(self.unclear(value)),
            _ => Ok(()),
        }
    }

    fn branch(&mut self, branch: &'a StmtIf, frame: FrameId) -> Result<Flow, Stop> {
        let test = self.eval(&branch.test, frame)?;
        if self.truth(&test)? {
            return self.block(&branch.body, frame);
        }
        for clause in &branch.elif_else_clauses {
            let applies = match &clause.test {
                Some(test) => {
                    let test = self.eval(test, frame)?;
                    self.truth(&test)?
                }
                None => true,
            };
            if applies {
                return self.block(&clause.body, frame);
            }
        }
        Ok(Flow::Ended)
    }

    fn each(&mut self, repeat: &'a StmtFor, frame: FrameId) -> Result<Flow, Stop> {
        if repeat.is_async {
            return Err(self.unknown(span_of(repeat), "An `async for`"));
        }
        let over = self.eval(&repeat.iter, frame)?;
        // What is left of an iterator behind a `break` can be gone over later.
        let (iterator, items) = match over.kind {
            Kind::Iterator(iterator) => (Some(iterator), Vec::new()),
            _ => (None, self.iterated(over)?),
        };
        let mut items = items.into_iter();
        while let Some(item) = match iterator {
            Some(iterator) => self.next(iterator)?,
            None => items.next(),
        } {
            self.step(item.span)?;
            self.assign(&repeat.target, item.clone(), frame)?;
            self.share_names(&repeat.target, frame);
            match self.block(&repeat.body, frame)? {
                Flow::Break => return Ok(Flow::Ended),
                Flow::Return(value) => return Ok(Flow::Return(value)),
                Flow::Ended | Flow::Continue => {}
            }
        }
        self.block(&repeat.orelse, frame)
    }

    fn repeat(&mut self, repeat: &'a StmtWhile, frame: FrameId) -> Result<Flow, Stop> {
        loop {
            let test = self.eval(&repeat.test, frame)?;
            if !self.truth(&test)? {
                return self.block(&repeat.orelse, frame);
            }
            match self.block(&repeat.body, frame)? {
                Flow::Break => return Ok(Flow::Ended),
                Flow::Return(value) => return Ok(Flow::Return(value)),
                Flow::Ended | Flow::Continue => {}
            }
        }
    }

    /// Blocks that the host knows. The last of several ends first.
    fn with(&mut self, with: &'a StmtWith, frame: FrameId, span: Span) -> Result<Flow, Stop> {
        if with.is_async {
            return Err(self.unknown(span, "An `async with`"));
        }
        let mut entered = 0;
        let mut suppressed = None;
        for item in &with.items {
            let context = self.eval(&item.context_expr, frame)?;
            if let Some(classes) = suppressed_by(&context) {
                suppressed = Some(classes);
                continue;
            }
            let alias = match item.optional_vars.as_deref() {
                None => None,
                Some(Expr::Name(name)) => Some(name.id.as_str()),
                Some(other) => {
                    let message = "A block must be given one name";
                    let hint = "Write `with op.batch_alter_table(…) as batch_op:`.";
                    return Err(self.refuse(span_of(other), message, hint));
                }
            };
            match self.host.enter(&context, alias)? {
                Some(inner) => {
                    entered += 1;
                    if let Some(alias) = alias {
                        self.bind(frame, alias, Value { kind: inner.kind, span: context.span });
                    }
                }
                None => return Err(self.unknown_block(&item.context_expr, &context)),
            }
        }
        self.catching(suppressed.is_some(), true);
        let mut result = self.block(&with.body, frame);
        for _ in 0..entered {
            let left = self.host.leave();
            if let (Ok(_), Err(stop)) = (&result, left) {
                result = Err(stop);
            }
        }
        self.catching(suppressed.is_some(), false);
        match (result, suppressed) {
            (Err(Stop::Raised(raised)), Some(classes)) if self.catches(&classes, &raised.class) => {
                Ok(Flow::Ended)
            }
            (result, _) => result,
        }
    }

    fn catching(&mut self, catches: bool, begins: bool) {
        if catches {
            self.host.attempt(begins);
        }
    }

    fn unknown_block(&self, expression: &Expr, context: &Value) -> Stop {
        let name = match expression {
            Expr::Call(call) => span_of(&*call.func).of(self.source.text),
            _ => context.span.of(self.source.text),
        };
        let message = format!("`with {name}` is not supported in a revision");
        self.refuse(context.span, message, crate::script::WRITE_SQL)
    }

    fn attempt(&mut self, attempt: &'a StmtTry, frame: FrameId) -> Result<Flow, Stop> {
        let catches = !attempt.handlers.is_empty();
        self.catching(catches, true);
        let mut result = self.block(&attempt.body, frame);
        self.catching(catches, false);
        if let Err(Stop::Raised(raised)) = result {
            result = self.handle(attempt, *raised, frame);
        } else if matches!(result, Ok(Flow::Ended)) {
            result = self.block(&attempt.orelse, frame);
        }
        // What is not followed is no exception, and nothing can stop it.
        if matches!(result, Err(Stop::Failed(_) | Stop::Unknown(_))) {
            return result;
        }
        match self.block(&attempt.finalbody, frame)? {
            Flow::Ended => result,
            other => Ok(other),
        }
    }

    fn handle(
        &mut self,
        attempt: &'a StmtTry,
        raised: Raised,
        frame: FrameId,
    ) -> Result<Flow, Stop> {
        for handler in &attempt.handlers {
            let ExceptHandler::ExceptHandler(handler) = handler;
            let is_caught = match handler.type_.as_deref() {
                None => true,
                Some(expression) => {
                    let classes = self.eval(expression, frame)?;
                    self.catches(&classes_of(&classes), &raised.class)
                }
            };
            if !is_caught {
                continue;
            }
            if let Some(name) = &handler.name {
                let exception = self.caught(&raised);
                self.bind(frame, name.as_str(), exception);
            }
            self.handled.push(raised);
            let result = self.block(&handler.body, frame);
            self.handled.pop();
            if let (Some(name), Some(frame)) = (&handler.name, self.frames.get_mut(frame)) {
                frame.forget(name.as_str());
            }
            return result;
        }
        Err(Stop::Raised(Box::new(raised)))
    }

    fn raise(&mut self, raise: &'a StmtRaise, frame: FrameId, span: Span) -> Result<Stop, Stop> {
        let Some(expression) = raise.exc.as_deref() else {
            return Ok(match self.handled.last() {
                Some(raised) => Stop::Raised(Box::new(raised.clone())),
                None => Stop::raised("RuntimeError", "No active exception to reraise", span),
            });
        };
        let exception = self.eval(expression, frame)?;
        self.raised(&exception, span)
    }
}

/// The classes of `contextlib.suppress(…)`.
fn suppressed_by(context: &Value) -> Option<Vec<String>> {
    let call = context.call()?;
    let is_it = call.callee.path().is_some_and(|path| path.dotted == "contextlib.suppress");
    is_it.then(|| call.arguments.iter().flat_map(classes_of).collect())
}
