//! Values: what an expression says, with names followed to where they were imported from.
//!
//! Only what can be known without running anything is a value; everything else is
//! [`Kind::Unknown`] and an error no sooner than somebody needs it.

mod class;
mod operator;

pub(crate) use class::{Attribute, Class, Method};
pub(crate) use operator::{comparison, symbol, unary};

use ambix_core::diagnostic::Span;
use ruff_python_ast::name::Name;
use std::rc::Rc;

/// A value and the place of its expression.
#[derive(Clone, Debug)]
pub(crate) struct Value {
    pub(crate) kind: Kind,
    pub(crate) span: Span,
}

/// What a value is.
#[derive(Clone, Debug)]
pub(crate) enum Kind {
    None,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(String),
    Bytes(Vec<u8>),
    List(Vec<Value>),
    Tuple(Vec<Value>),
    Set(Vec<Value>),
    /// A row that a SELECT gives, with the names of its columns.
    Row(Rc<Vec<String>>, Vec<Value>),
    Dict(Vec<(Value, Value)>),
    /// A name, or a dotted name.
    Name(Path),
    /// A call.
    Call(Box<Call>),
    /// An attribute of something that is no name: `String().with_variant`.
    Member(Box<Value>, Name),
    /// `left[items]`, as in `Mapped[int]`.
    Subscript(Box<Value>, Vec<Value>),
    /// `left | right`, as in `int | None`.
    Either(Box<Value>, Box<Value>),
    /// `left + right`, `left == right`: any other operator between two values.
    Operation(Box<Value>, &'static str, Box<Value>),
    /// `-value`, `~value`.
    Unary(&'static str, Box<Value>),
    /// A function of the file, by its number in the evaluation.
    Function(usize),
    /// What can be gone over once, by its number in the evaluation: a generator, `zip(…)`.
    Iterator(usize),
    /// Items seen as something else than a list, with the name of its class: `range`, `dict_keys`.
    View(&'static str, Vec<Value>),
    /// Anything else, by its name: `a lambda`.
    Unknown(&'static str),
}

/// A dotted name, followed through imports: `sa.Integer` is `sqlalchemy.Integer`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Path {
    pub(crate) dotted: Name,
    pub(crate) origin: Origin,
}

/// Where the first part of a name comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// An import statement: the dotted name begins with the module.
    Imported,
    /// A definition in the file.
    Defined,
    /// Nothing in the file; it may be one of Python's own names.
    Unbound,
}

/// A call.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub(crate) callee: Value,
    pub(crate) arguments: Vec<Value>,
    pub(crate) keywords: Vec<Keyword>,
}

/// A keyword argument.
#[derive(Clone, Debug)]
pub(crate) struct Keyword {
    pub(crate) name: Name,
    pub(crate) value: Value,
    pub(crate) span: Span,
}

impl Path {
    /// The name as it is written, without the number of what it stands for.
    pub(crate) fn shown(&self) -> String {
        let Some((name, rest)) = self.dotted.split_once('#') else {
            return self.dotted.to_string();
        };
        format!("{name}{}", rest.trim_start_matches(|letter: char| letter.is_ascii_digit()))
    }

    /// The last part of the name.
    pub(crate) fn last(&self) -> &str {
        last(&self.dotted)
    }

    /// The first part of the name.
    pub(crate) fn first(&self) -> &str {
        self.dotted.split('.').next().unwrap_or(&self.dotted)
    }

    /// The last part of a name that was imported from `package` or a module in it.
    pub(crate) fn within(&self, package: &str) -> Option<&str> {
        if self.origin != Origin::Imported {
            return None;
        }
        let rest = self.dotted.strip_prefix(package)?;
        match rest.strip_prefix('.') {
            Some(rest) => Some(last(rest)),
            None => rest.is_empty().then(|| self.last()),
        }
    }
}

fn last(dotted: &str) -> &str {
    let dot = dotted.bytes().rposition(|byte| byte == b'.');
    dot.and_then(|dot| dotted.get(dot + 1..)).unwrap_or(dotted)
}

impl Value {
    /// The text, if it is one.
    pub(crate) fn text(&self) -> Option<&str> {
        match &self.kind {
            Kind::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The name, if it is one.
    pub(crate) fn path(&self) -> Option<&Path> {
        match &self.kind {
            Kind::Name(path) => Some(path),
            _ => None,
        }
    }

    /// The name, if it is one or a call of one.
    pub(crate) fn named(&self) -> Option<&Path> {
        self.path().or_else(|| self.call()?.callee.path())
    }

    /// The call, if it is one.
    pub(crate) fn call(&self) -> Option<&Call> {
        match &self.kind {
            Kind::Call(call) => Some(call),
            _ => None,
        }
    }

    /// The items of a list or a tuple.
    pub(crate) fn items(&self) -> Option<&[Self]> {
        match &self.kind {
            Kind::List(items) | Kind::Tuple(items) | Kind::Row(_, items) => Some(items),
            _ => None,
        }
    }

    /// Whether Python can ask what is in it.
    pub(crate) const fn is_iterable(&self) -> bool {
        matches!(
            self.kind,
            Kind::List(_)
                | Kind::Tuple(_)
                | Kind::Set(_)
                | Kind::Dict(_)
                | Kind::Row(..)
                | Kind::View(..)
                | Kind::Iterator(_)
                | Kind::Bytes(_)
        )
    }

    /// Whether it is one plain thing, which is the same wherever its name is written.
    pub(crate) const fn is_plain(&self) -> bool {
        matches!(
            self.kind,
            Kind::None
                | Kind::Bool(_)
                | Kind::Int(_)
                | Kind::Float(_)
                | Kind::Text(_)
                | Kind::Bytes(_)
        )
    }

    /// Whether it is None or False: what an argument that asks for nothing is given as.
    pub(crate) const fn is_nothing(&self) -> bool {
        matches!(self.kind, Kind::None | Kind::Bool(false))
    }

    /// The value and every value in it.
    pub(crate) fn visit<'a>(&'a self, see: &mut dyn FnMut(&'a Self)) {
        see(self);
        match &self.kind {
            Kind::List(items)
            | Kind::Tuple(items)
            | Kind::Set(items)
            | Kind::Row(_, items)
            | Kind::View(_, items) => {
                items.iter().for_each(|item| item.visit(see));
            }
            Kind::Dict(items) => items.iter().for_each(|(key, value)| {
                key.visit(see);
                value.visit(see);
            }),
            Kind::Call(call) => {
                call.callee.visit(see);
                call.arguments.iter().for_each(|argument| argument.visit(see));
                call.keywords.iter().for_each(|keyword| keyword.value.visit(see));
            }
            Kind::Member(of, _) | Kind::Unary(_, of) => of.visit(see),
            Kind::Subscript(of, items) => {
                of.visit(see);
                items.iter().for_each(|item| item.visit(see));
            }
            Kind::Either(left, right) | Kind::Operation(left, _, right) => {
                left.visit(see);
                right.visit(see);
            }
            Kind::None
            | Kind::Bool(_)
            | Kind::Int(_)
            | Kind::Float(_)
            | Kind::Text(_)
            | Kind::Bytes(_)
            | Kind::Name(_)
            | Kind::Function(_)
            | Kind::Iterator(_)
            | Kind::Unknown(_) => {}
        }
    }

    /// The name of its class in Python, for a message: `NoneType`.
    pub(crate) const fn type_name(&self) -> &'static str {
        match self.kind {
            Kind::None => "NoneType",
            Kind::Bool(_) => "bool",
            Kind::Int(_) => "int",
            Kind::Float(_) => "float",
            Kind::Text(_) => "str",
            Kind::Bytes(_) => "bytes",
            Kind::List(_) => "list",
            Kind::Tuple(_) => "tuple",
            Kind::Dict(_) => "dict",
            Kind::Set(_) => "set",
            Kind::Row(..) => "Row",
            Kind::Function(_) => "function",
            Kind::Iterator(_) => "iterator",
            Kind::View(class, _) => class,
            _ => "object",
        }
    }

    /// What it is, for a message: `the number 3`, `a call of sqlalchemy.text`.
    pub(crate) fn describe(&self) -> String {
        match &self.kind {
            Kind::None => "None".into(),
            Kind::Bool(true) => "True".into(),
            Kind::Bool(false) => "False".into(),
            Kind::Int(number) => format!("the number {number}"),
            Kind::Float(_) => "a decimal number".into(),
            Kind::Text(_) => "a string".into(),
            Kind::Bytes(_) => "a bytes literal".into(),
            Kind::List(_) => "a list".into(),
            Kind::Tuple(_) => "a tuple".into(),
            Kind::Set(_) => "a set".into(),
            Kind::Row(..) => "a row".into(),
            Kind::Function(_) => "a function".into(),
            Kind::Iterator(_) => "an iterator".into(),
            Kind::View(class, _) => format!("a `{class}`"),
            Kind::Dict(_) => "a dict".into(),
            Kind::Name(path) => format!("the name `{}`", path.shown()),
            Kind::Call(call) => match (&call.callee.kind, call.callee.path()) {
                (_, Some(path)) => format!("a call of `{}`", path.shown()),
                (Kind::Member(_, name), _) => format!("a call of `.{name}()`"),
                _ => "a call".into(),
            },
            Kind::Member(_, name) => format!("an attribute `.{name}`"),
            Kind::Subscript(..) => "a subscript".into(),
            Kind::Either(..) => "an expression with `|`".into(),
            Kind::Operation(..) | Kind::Unary(..) => "an expression with an operator".into(),
            Kind::Unknown(name) => (*name).into(),
        }
    }
}
