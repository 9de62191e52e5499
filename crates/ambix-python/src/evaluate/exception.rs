//! Exceptions: which class one is of, and what it says.

use super::operator::is_known;
use super::{Evaluator, Raised, Stop};
use crate::value::{Call, Kind, Origin, Path, Value};
use ambix_core::diagnostic::Span;

/// The class and the arguments, if a value is an exception.
pub(super) fn exception(value: &Value) -> Option<(&Path, &[Value])> {
    exception_of(value.call()?)
}

/// The same of a call.
pub(super) fn exception_of(call: &Call) -> Option<(&Path, &[Value])> {
    let path = call.callee.path()?;
    let is_one = match path.origin {
        // What a class of the file is made for is not asked: only an exception is raised.
        Origin::Defined => path.dotted.starts_with(char::is_uppercase) && call.keywords.is_empty(),
        Origin::Unbound => {
            let name = path.last();
            ["Error", "Exception", "Warning"].iter().any(|end| name.ends_with(end))
                || matches!(name, "StopIteration" | "KeyboardInterrupt" | "SystemExit")
        }
        Origin::Imported => path.dotted.starts_with("sqlalchemy.exc."),
    };
    is_one.then_some((path, call.arguments.as_slice()))
}

/// The classes that one of Python's or SQLAlchemy's exceptions inherits from, beside `Exception`.
fn above(class: &str) -> &'static [&'static str] {
    match class {
        "KeyError" | "IndexError" => &["LookupError"],
        "ZeroDivisionError" | "OverflowError" | "FloatingPointError" => &["ArithmeticError"],
        "NotImplementedError" | "RecursionError" => &["RuntimeError"],
        "JSONDecodeError" | "UnicodeError" => &["ValueError"],
        "ModuleNotFoundError" => &["ImportError"],
        "UnboundLocalError" => &["NameError"],
        "OperationalError" | "IntegrityError" | "ProgrammingError" | "InternalError" => {
            &["DatabaseError", "DBAPIError", "StatementError", "SQLAlchemyError"]
        }
        "NoSuchTableError" => &["InvalidRequestError", "SQLAlchemyError"],
        _ => &[],
    }
}

/// The names of one or several classes of exceptions.
pub(super) fn classes_of(value: &Value) -> Vec<String> {
    match value.items() {
        Some(items) => items.iter().flat_map(classes_of).collect(),
        None => value.path().map(|path| path.last().to_string()).into_iter().collect(),
    }
}

impl Evaluator<'_> {
    /// Whether `except` with these classes takes an exception.
    pub(super) fn catches(&self, classes: &[String], raised: &str) -> bool {
        let mut seen = Vec::new();
        let mut open = vec![raised.to_string()];
        while let Some(class) = open.pop() {
            let is_it = |known: &String| {
                *known == class
                    || above(&class).contains(&known.as_str())
                    || known == "BaseException"
                    || known == "Exception"
                        && !matches!(class.as_str(), "KeyboardInterrupt" | "SystemExit")
            };
            if classes.iter().any(is_it) {
                return true;
            }
            if let Some(defined) = self.classes.get(class.as_str())
                && !seen.contains(&class)
            {
                open.extend(defined.bases.iter().flat_map(classes_of));
            }
            seen.push(class);
        }
        false
    }

    /// An exception as a value: what `except … as` gives a name to.
    pub(super) fn caught(&self, raised: &Raised) -> Value {
        let path = Path { dotted: raised.class.as_str().into(), origin: Origin::Unbound };
        let callee = match &raised.named {
            Some(class) => class.clone(),
            None => Value { kind: Kind::Name(path), span: raised.span },
        };
        let call = Call { callee, arguments: raised.arguments.clone(), keywords: Vec::new() };
        Value { kind: Kind::Call(Box::new(call)), span: raised.span }
    }

    /// A value that is raised.
    pub(super) fn raised(&self, exception: &Value, span: Span) -> Result<Stop, Stop> {
        let Some(path) = exception.named() else {
            if is_known(exception) {
                let message = "exceptions must derive from BaseException";
                return Ok(Stop::raised("TypeError", message, span));
            }
            return Err(self.unclear(exception));
        };
        let (class, named) = match &exception.kind {
            Kind::Call(call) => (path.last(), call.callee.clone()),
            _ => (path.last(), exception.clone()),
        };
        let arguments = exception.call().map(|call| call.arguments.clone()).unwrap_or_default();
        let message = match arguments.as_slice() {
            [] => String::new(),
            [one] => self.str(one)?,
            [first, ..] => self.str(first)?,
        };
        Ok(Stop::Raised(Box::new(Raised {
            class: class.into(),
            message,
            arguments,
            named: Some(named),
            span,
        })))
    }
}
