//! Python statements to values: the part of Python that revision scripts are written in, followed step by step.
//!
//! Nothing is run. An expression comes to a [`Value`]: a plain one where it can be worked out, else one that says
//! what stands there (`sa.Integer()`, `account.c.id == 3`), for the stage after this one. What a call does that is
//! not Python's own is the [`Host`]'s to say. What is not understood stops the evaluation where it is reached, and
//! not before.
//!
//! Lists, dicts and sets are values here and not objects: one that has two names may not be changed, since the
//! other name would not see it.

mod annotation;
mod arguments;
mod builtin;
mod call;
mod class;
mod collection;
mod comprehension;
mod expression;
mod format;
mod frame;
mod library;
mod operator;
mod package;
mod place;
mod statement;
mod text;
mod types;

use crate::sqlalchemy::explain_undefined;
use crate::syntax::{Source, span_of};
use crate::value::{Class, Kind, Origin, Value};
use ambix_core::diagnostic::{Code, Diagnostic, Span};
use frame::{Frame, FrameId};
use ruff_python_ast::{Expr, Parameters, Stmt};
use std::cell::Cell;

use operator::truth;

/// How many statements, expressions and turns of loops are followed in one function. Values that are copied
/// count by their size, so that memory has a bound too.
const STEPS: usize = 1_000_000;

/// How deep calls of local functions may be nested.
const DEPTH: usize = 60;

/// How long a text or a list may get.
const LENGTH: usize = 1_000_000;

/// What calls and attributes mean that are not Python's own.
pub(crate) trait Host {
    /// Carries out a call, of which callee and arguments are worked out; nothing if it does nothing and stands for
    /// itself.
    ///
    /// # Errors
    /// If it cannot be carried out.
    fn call(&mut self, value: &Value) -> Result<Option<Value>, Stop>;

    /// What an attribute of something is; nothing if it stands for itself.
    ///
    /// # Errors
    /// If there is none.
    fn attribute(&mut self, of: &Value, name: &str) -> Result<Option<Value>, Stop>;

    /// A value gets a name: what the name stands for from here on.
    fn name(&mut self, name: &str, value: Value) -> Value;

    /// A block `with value as alias:` begins. Gives what the alias stands for; nothing if the block is not known.
    ///
    /// # Errors
    /// If the block cannot begin.
    fn enter(&mut self, value: &Value, alias: Option<&str>) -> Result<Option<Value>, Stop>;

    /// The block that began last ends.
    ///
    /// # Errors
    /// If what it collected cannot be carried out.
    fn leave(&mut self) -> Result<(), Stop>;

    /// A block begins, or ends, in which exceptions are caught.
    fn attempt(&mut self, begins: bool);

    /// Whether classes are followed, and arguments may remain open: what models are written in.
    fn reads_classes(&self) -> bool {
        false
    }

    /// A class statement was followed: what its name stands for.
    fn class(&mut self, _class: Class) -> Option<Value> {
        None
    }

    /// The items of what is no collection of Python's own: an Enum class.
    fn items(&self, _of: &Value) -> Option<Vec<Value>> {
        None
    }

    /// `of.name = value`; false if that means nothing here.
    fn set_attribute(&mut self, _of: &Value, _name: &str, _value: Value) -> bool {
        false
    }

    /// The statements that follow are of another file.
    fn file(&mut self, _number: usize) {}

    /// What an imported name is known to be.
    fn import(&self, _dotted: &str) -> Option<Kind> {
        None
    }

    /// A statement at the top level of a file that is nothing but an expression comes to this value.
    fn statement(&mut self, _value: &Value) {}

    /// A statement at the top level of a file could not be followed.
    fn failed(&mut self, _statement: Span, _error: &Diagnostic) {}
}

/// Why an evaluation ended before its end.
#[derive(Debug)]
pub(crate) enum Stop {
    /// It cannot be followed.
    Failed(Box<Diagnostic>),
    /// Python raises an exception.
    Raised(Box<Raised>),
}

/// An exception.
#[derive(Clone, Debug)]
pub(crate) struct Raised {
    /// Its class: `ValueError`.
    pub(crate) class: String,
    pub(crate) message: String,
    pub(crate) span: Span,
}

impl From<Diagnostic> for Stop {
    fn from(error: Diagnostic) -> Self {
        Self::Failed(Box::new(error))
    }
}

impl Stop {
    pub(crate) fn raised(class: &str, message: impl Into<String>, span: Span) -> Self {
        Self::Raised(Box::new(Raised { class: class.into(), message: message.into(), span }))
    }

    /// The error of an evaluation that ends like this.
    pub(crate) fn into_diagnostic(self, source: Source) -> Diagnostic {
        match self {
            Self::Failed(error) => *error,
            Self::Raised(raised) => {
                let Raised { class, message, span } = *raised;
                let text = if message.is_empty() { class } else { format!("{class}: {message}") };
                Diagnostic::error(Code::PythonRaised, text)
                    .at(source.place(span))
                    .hint("The script itself raises this: see what it asks for.")
            }
        }
    }
}

/// A function of the file: a `def` or a `lambda`.
#[derive(Clone, Copy)]
struct Function<'a> {
    name: &'a str,
    parameters: Option<&'a Parameters>,
    body: Body<'a>,
    /// Where its names are looked up that it does not bind itself.
    around: FrameId,
    /// Why it cannot be called.
    refused: Option<&'static str>,
    /// The file that it is in.
    file: usize,
}

#[derive(Clone, Copy)]
enum Body<'a> {
    Block(&'a [Stmt]),
    Expression(&'a Expr),
}

/// Follows the statements of one file.
pub(crate) struct Evaluator<'a, H> {
    source: Source<'a>,
    pub(crate) host: H,
    frames: Vec<Frame>,
    functions: Vec<Function<'a>>,
    steps: Cell<usize>,
    depth: usize,
    /// Exceptions that are handled right now, for a `raise` alone.
    handled: Vec<Raised>,
    /// The files that may import one another, and which of them `source` is.
    package: package::Package<'a>,
    file: usize,
}

impl<'a, H: Host> Evaluator<'a, H> {
    /// Follows the top level of a file. What cannot be followed there is an error of whoever needs the name.
    pub(crate) fn new(source: Source<'a>, host: H, module: &'a [Stmt]) -> Self {
        let mut evaluator = Self {
            source,
            host,
            frames: vec![Frame::default()],
            functions: Vec::new(),
            steps: Cell::new(STEPS),
            depth: 0,
            handled: Vec::new(),
            package: package::Package::default(),
            file: 0,
        };
        evaluator.module(module, 0);
        evaluator
    }

    /// Calls a function of the file without arguments.
    ///
    /// # Errors
    /// If it cannot be followed to its end.
    pub(crate) fn run(&mut self, function: &str) -> Result<(), Stop> {
        self.steps.set(STEPS);
        let value =
            Value { kind: self.lookup(function, 0, Span::new(0, 0))?, span: Span::new(0, 0) };
        match value.kind {
            Kind::Function(id) => {
                self.invoke(id, arguments::Given::default(), value.span).map(drop)
            }
            _ => Ok(()),
        }
    }

    /// One more step.
    fn step(&self, span: Span) -> Result<(), Stop> {
        self.spend(1, span)
    }

    /// As many steps as that.
    fn spend(&self, steps: usize, span: Span) -> Result<(), Stop> {
        match self.steps.get().checked_sub(steps) {
            Some(left) => {
                self.steps.set(left);
                Ok(())
            }
            None => Err(self.refuse(
                span,
                "This does not end within the steps that are followed",
                BOUNDED,
            )),
        }
    }

    fn refuse(&self, span: Span, message: impl Into<String>, hint: &str) -> Stop {
        self.source.unsupported(span, message).hint(hint).into()
    }

    /// The error for a construct that is not followed, underlined in its first line.
    fn unknown(&self, span: Span, what: &str) -> Stop {
        let line = span.of(self.source.text).lines().next().unwrap_or_default().len();
        let span = Span::new(span.start, span.start + line);
        match self.host.reads_classes() {
            true => self.refuse(span, format!("{what} is not followed"), WRITE_VALUE),
            false => self.refuse(span, format!("{what} is not followed in a revision"), WRITE_OUT),
        }
    }

    /// The value as a condition.
    fn truth(&self, value: &Value) -> Result<bool, Stop> {
        match truth(value) {
            Some(flag) => Ok(flag),
            None => Err(self.unclear(value)),
        }
    }

    /// The error for a condition whose answer is not known.
    fn unclear(&self, value: &Value) -> Stop {
        if let Some(path) = value.path().filter(|path| path.origin == Origin::Unbound) {
            let message = format!("name '{}' is not defined", path.first());
            let error = self.source.unsupported(value.span, message);
            return explain_undefined(self.source, value, error).into();
        }
        let what = match &value.kind {
            Kind::Unknown(what) => (*what).to_string(),
            _ => value.describe(),
        };
        let message = format!("What {what} comes to is only known when the script runs");
        let hint = match self.host.reads_classes() {
            true => WRITE_VALUE,
            false if what == RESULT => IN_SQL,
            false => WRITE_OUT,
        };
        self.refuse(value.span, message, hint)
    }

    /// Refuses what would take all memory.
    fn bounded(&self, length: usize, span: Span) -> Result<(), Stop> {
        match length <= LENGTH {
            true => self.spend(length / 64, span),
            false => Err(self.refuse(span, "This gets too long to be followed", BOUNDED)),
        }
    }
}

/// What a statement gives, which is only known when it runs.
pub(crate) const RESULT: &str = "the result of a statement";

const IN_SQL: &str = "Let SQL do the whole of it, in one statement: `UPDATE … SET … = (SELECT …)`, `INSERT INTO … SELECT …`.";

const BOUNDED: &str = "Let the loop end sooner, or write what it does as SQL.";

/// The same in models.
const WRITE_VALUE: &str =
    "Ambix reads Python without running it: write the value itself in this place.";

/// What to do about something that is not followed.
const WRITE_OUT: &str = "Ambix reads Python without running it: write the directives out, or what they do as SQL: \
                         `op.execute(\"…\")`.";

fn value(kind: Kind, expression: &Expr) -> Value {
    Value { kind, span: span_of(expression) }
}
