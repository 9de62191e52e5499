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
mod arithmetic;
mod binding;
mod builtin;
mod call;
mod case;
mod class;
mod collection;
mod comprehension;
mod condition;
mod enumeration;
mod exception;
mod expression;
mod format;
mod frame;
mod iterator;
mod library;
mod number;
mod operator;
mod package;
mod pattern;
mod percent;
mod place;
mod sort;
mod spec;
mod statement;
mod text;
mod types;

use crate::sqlalchemy::explain_undefined;
use crate::syntax::Source;
use crate::value::{Call, Class, Kind, Origin, Value};
use ambix_core::diagnostic::{Code, Diagnostic, Span};
use ambix_core::sqlite::alter::{self, Fact};
use frame::{Frame, FrameId};
use iterator::Iterators;
use litemap::LiteMap;
use ruff_python_ast::name::Name;
use ruff_python_ast::{Expr, Parameters, Stmt};
use std::cell::Cell;
use std::rc::Rc;

pub(crate) use enumeration::{Auto, named_members};
pub(crate) use format::repr_of;
use operator::truth;
pub(crate) use pattern::finds;

/// How many statements, expressions and turns of loops are followed in one function. Values that are copied
/// count by their size, so that memory has a bound too.
const STEPS: usize = 400_000;

/// How deep expressions, statements and calls of functions may be nested in each other, all taken together. A level
/// takes up to nine kilobytes of stack in a debug build, where a thread has two megabytes, and a fifth of that in
/// WebAssembly, where a page has one.
const LEVELS: usize = 150;

/// How deep lists and other values may be nested in each other.
const NESTING: usize = 100;

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

    /// What a loop over something goes over; nothing if it is not known.
    ///
    /// # Errors
    /// If that cannot be said.
    fn items(&self, of: &Value) -> Result<Option<Vec<Value>>, Stop>;

    /// What `of[key]` is; nothing if it stands for itself.
    ///
    /// # Errors
    /// If there is none.
    fn item(&mut self, of: &Value, key: &Value) -> Result<Option<Value>, Stop>;

    /// What an attribute of something is; nothing if it stands for itself.
    ///
    /// # Errors
    /// If there is none.
    fn attribute(&mut self, of: &Value, name: &str) -> Result<Option<Value>, Stop>;

    /// What has to be called for an attribute of something; the attribute is one of the second, if there is one, or
    /// else what the call gives.
    fn getter(&mut self, _of: &Value, _name: &str) -> Option<(Call, Option<Value>)> {
        None
    }

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

    /// Whether the files are models: all classes are followed, and arguments may remain open.
    fn reads_models(&self) -> bool {
        false
    }

    /// A class statement was followed: what its name stands for; nothing if the host does not keep it.
    fn class(&mut self, _class: &Rc<Class>) -> Option<Value> {
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
    /// The database has to be asked first.
    Unknown(Box<Fact>),
}

/// An exception.
#[derive(Clone, Debug)]
pub(crate) struct Raised {
    /// Its class: `ValueError`.
    pub(crate) class: String,
    pub(crate) message: String,
    /// What it was made with.
    pub(crate) arguments: Vec<Value>,
    /// The class as the script names it; nothing if the script did not raise it.
    pub(crate) named: Option<Value>,
    pub(crate) span: Span,
}

impl From<alter::Stop> for Stop {
    fn from(stop: alter::Stop) -> Self {
        match stop {
            alter::Stop::Unknown(fact) => Self::Unknown(Box::new(fact)),
            alter::Stop::Refused(error) => error.into(),
        }
    }
}

impl From<Diagnostic> for Stop {
    fn from(error: Diagnostic) -> Self {
        Self::Failed(Box::new(error))
    }
}

impl Stop {
    pub(crate) fn raised(class: &str, message: impl Into<String>, span: Span) -> Self {
        let message = message.into();
        let arguments = vec![Value { kind: Kind::Text(message.clone()), span }];
        Self::Raised(Box::new(Raised {
            class: class.into(),
            message,
            arguments,
            named: None,
            span,
        }))
    }

    /// The error of an evaluation that ends like this.
    pub(crate) fn into_stop(self, source: Source) -> alter::Stop {
        match self {
            Self::Unknown(fact) => alter::Stop::Unknown(*fact),
            other => other.into_diagnostic(source).into(),
        }
    }

    /// The same, where nobody can be asked.
    pub(crate) fn into_diagnostic(self, source: Source) -> Diagnostic {
        match self {
            Self::Failed(error) => *error,
            Self::Unknown(_) => Diagnostic::error(
                Code::LooksAtDatabase,
                "What this comes to depends on the database",
            ),
            Self::Raised(raised) => {
                let Raised { class, message, span, .. } = *raised;
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
pub(crate) struct Evaluator<'a, H: ?Sized = dyn Host + 'a> {
    source: Source<'a>,
    frames: Vec<Frame>,
    functions: Vec<Function<'a>>,
    /// The values of the parameters of each function that need not be given.
    defaults: Vec<LiteMap<&'a str, Value>>,
    /// Classes that the host does not keep.
    classes: LiteMap<Name, Rc<Class>>,
    iterators: Iterators,
    steps: Cell<usize>,
    /// How many expressions, statements and calls are open.
    level: usize,
    /// Exceptions that are handled right now, for a `raise` alone.
    handled: Vec<Raised>,
    /// The files that may import one another, and which of them `source` is.
    package: package::Package<'a>,
    file: usize,
    pub(crate) host: H,
}

impl<'a, H: Host + 'a> Evaluator<'a, H> {
    /// Follows the top level of a file. What cannot be followed there is an error of whoever needs the name.
    pub(crate) fn new(source: Source<'a>, host: H, module: &'a [Stmt]) -> Self {
        let mut evaluator = Self {
            source,
            frames: vec![Frame::default()],
            functions: Vec::new(),
            defaults: Vec::new(),
            classes: LiteMap::new(),
            iterators: Iterators::default(),
            steps: Cell::new(STEPS),
            level: 0,
            handled: Vec::new(),
            package: package::Package::default(),
            file: 0,
            host,
        };
        evaluator.open().module(module, 0);
        evaluator
    }

    /// The same, whichever host it has: what follows statements is compiled once.
    pub(crate) fn open(&mut self) -> &mut Evaluator<'a> {
        self
    }
}

impl<'a> Evaluator<'a> {
    /// The names of the parameters of a function that can be given by position, each with its value if it need not be
    /// given.
    pub(crate) fn parameters(&self, function: &Value) -> Vec<(&'a str, Option<Value>)> {
        let Kind::Function(id) = function.kind else { return Vec::new() };
        let parameters = self.functions.get(id).and_then(|function| function.parameters);
        let named = parameters.into_iter().flat_map(|all| all.posonlyargs.iter().chain(&all.args));
        let names = named.map(|one| one.parameter.name.as_str());
        let default = |name: &str| self.defaults.get(id)?.get(name).cloned();
        names.map(|name| (name, default(name))).collect()
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

    /// Whether what a function of the file gives for these values counts as true.
    ///
    /// # Errors
    /// If it cannot be followed to its end.
    pub(crate) fn holds(&mut self, function: &Value, given: Vec<Value>) -> Result<bool, Stop> {
        self.steps.set(STEPS);
        let value = self.call_with(function, given, function.span)?;
        self.truth(&value)
    }

    /// The value of an expression at the top level of the file.
    ///
    /// # Errors
    /// If it cannot be worked out.
    pub(crate) fn value(&mut self, expression: &'a Expr) -> Result<Value, Stop> {
        self.eval(expression, 0)
    }

    /// The value of a name of the file; nothing if it has none.
    pub(crate) fn constant(&self, name: &str) -> Option<Result<Value, Diagnostic>> {
        let span = Span::new(0, 0);
        match self.frames.first()?.value(name)? {
            Err(error) => Some(Err(error.clone())),
            Ok(value) => match self.listed(value.clone()) {
                Ok(value) => Some(Ok(value)),
                Err(stop) => {
                    Some(Err(stop.into_diagnostic(self.source).at(self.source.place(span))))
                }
            },
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
        match self.host.reads_models() {
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
        let hint = match self.host.reads_models() {
            true => WRITE_VALUE,
            false if what == RESULT => IN_SQL,
            false => WRITE_OUT,
        };
        self.refuse(value.span, message, hint)
    }

    /// Goes one level deeper: what the work does must be less deep than the stack.
    fn deeper<T>(
        &mut self,
        span: Span,
        work: impl FnOnce(&mut Self) -> Result<T, Stop>,
    ) -> Result<T, Stop> {
        if self.level >= LEVELS {
            return Err(self.refuse(span, "This is nested too deeply to be followed", FLAT));
        }
        self.level += 1;
        let result = work(self);
        self.level -= 1;
        result
    }

    /// Refuses a value that is nested too deeply.
    fn shallow(&self, value: &Value) -> Result<(), Stop> {
        match operator::is_deeper(value, NESTING) {
            false => Ok(()),
            true => {
                Err(self.refuse(value.span, "This value is nested too deeply to be followed", FLAT))
            }
        }
    }

    /// Whether a list of this length may have one item more.
    fn room(&self, length: usize, span: Span) -> Result<(), Stop> {
        match length < LENGTH {
            true => self.step(span),
            false => Err(self.refuse(span, "This gets too long to be followed", BOUNDED)),
        }
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

const FLAT: &str = "Work it out in several steps, each with a name, or write what it does as SQL.";

const BOUNDED: &str = "Let the loop end sooner, or write what it does as SQL.";

/// The same in models.
const WRITE_VALUE: &str =
    "Ambix reads Python without running it: write the value itself in this place.";

/// What to do about something that is not followed.
const WRITE_OUT: &str = "Ambix reads Python without running it: write the directives out, or what they do as SQL: \
                         `op.execute(\"…\")`.";
