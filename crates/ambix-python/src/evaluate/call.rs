//! Calls: of functions of the file, of Python's own, of methods, and of what the host knows.

use super::arguments::Given;
use super::operator::is_known;
use super::{Evaluator, Stop};
use crate::value::{Call, Kind, Origin, Value};
use ambix_core::diagnostic::Span;

impl<'a> Evaluator<'a> {
    /// What a call comes to, the arguments of which are worked out.
    ///
    /// # Errors
    /// If it cannot be followed to its end.
    pub(crate) fn apply(&mut self, call: Call, span: Span) -> Result<Value, Stop> {
        if let Kind::Function(id) = call.callee.kind {
            let given = Given { arguments: call.arguments, keywords: call.keywords };
            return self.invoke(id, given, span);
        }
        if let Kind::Call(inner) = &call.callee.kind
            && inner.callee.path().is_some_and(|path| path.dotted == "functools.partial")
            && let Some((callee, first)) = inner.arguments.split_first()
        {
            let mut keywords = inner.keywords.clone();
            keywords.retain(|one| call.keywords.iter().all(|other| other.name != one.name));
            keywords.extend(call.keywords);
            let arguments = first.iter().cloned().chain(call.arguments).collect();
            return self.apply(Call { callee: callee.clone(), arguments, keywords }, span);
        }
        let own = match &call.callee.kind {
            Kind::Name(path) if path.origin == Origin::Unbound => {
                self.builtin(&path.dotted, &call, span)?
            }
            Kind::Name(path) if path.origin == Origin::Imported => {
                self.library(&path.dotted, &call, span)?
            }
            Kind::Name(path) if path.origin == Origin::Defined => match call.arguments.as_slice() {
                [value] => self.member(path, value, false, span)?,
                _ => None,
            },
            // `re.compile(…).sub(…)`
            Kind::Member(of, method) if method == "sub" && compiled(of).is_some() => {
                match (compiled(of), call.arguments.as_slice()) {
                    (Some(pattern), [template, text]) if call.keywords.is_empty() => {
                        Some(self.substituted(pattern, template, text, span)?)
                    }
                    _ => return Err(self.unknown(span, "`sub` with options")),
                }
            }
            Kind::Member(of, method) if is_value(of) => Some(self.method(of, method, &call, span)?),
            _ if is_value(&call.callee) => {
                let message = format!("'{}' object is not callable", call.callee.type_name());
                return Err(Stop::raised("TypeError", message, span));
            }
            _ => None,
        };
        if let Some(kind) = own {
            return Ok(Value { kind, span });
        }
        let mut call = self.spelled_out(call, span)?;
        let keywords = call.keywords.iter_mut().map(|keyword| &mut keyword.value);
        for given in call.arguments.iter_mut().chain(keywords) {
            if matches!(given.kind, Kind::Iterator(_) | Kind::View(..)) {
                *given = self.listed(given.clone())?;
            }
        }
        let value = Value { kind: Kind::Call(Box::new(call)), span };
        match self.host.call(&value)? {
            Some(result) => Ok(Value { kind: result.kind, span }),
            None => Ok(value),
        }
    }

    /// `of.method(…)` of one of Python's own values.
    fn method(&mut self, of: &Value, method: &str, call: &Call, span: Span) -> Result<Kind, Stop> {
        let found = match &of.kind {
            Kind::Text(text) => self.method_of_text(text, method, call, span)?,
            _ => self.method_of_collection(of, method, &call.arguments, span)?,
        };
        match found {
            Some(kind) => Ok(kind),
            None => Err(self.unknown(span, &format!("The method `{method}` of {}", of.describe()))),
        }
    }

    /// A function called with these values: one of the file, or of Python's own.
    ///
    /// # Errors
    /// If it cannot be followed to its end.
    pub(crate) fn call_with(
        &mut self,
        callee: &Value,
        arguments: Vec<Value>,
        span: Span,
    ) -> Result<Value, Stop> {
        let call = Call { callee: callee.clone(), arguments, keywords: Vec::new() };
        self.apply(call, span)
    }
}

/// The pattern of `re.compile(pattern)`.
fn compiled(value: &Value) -> Option<&Value> {
    let call = value.call().filter(|call| call.keywords.is_empty())?;
    let is_it = call.callee.path().is_some_and(|path| path.dotted == "re.compile");
    call.arguments.first().filter(|_| is_it && call.arguments.len() == 1)
}

/// Whether the methods of a value are Python's own.
pub(super) fn is_value(value: &Value) -> bool {
    is_known(value)
        || matches!(
            value.kind,
            Kind::List(_) | Kind::Tuple(_) | Kind::Dict(_) | Kind::Set(_) | Kind::View(..)
        )
}

/// Whether a value may have a method or an attribute of that name: not if only another class has one.
pub(super) fn is_method(of: &Value, method: &str) -> bool {
    const OF_TEXT: &[&str] = &[
        "capitalize",
        "casefold",
        "center",
        "encode",
        "endswith",
        "find",
        "format",
        "isalnum",
        "isalpha",
        "isdigit",
        "islower",
        "isupper",
        "join",
        "ljust",
        "lower",
        "lstrip",
        "partition",
        "removeprefix",
        "removesuffix",
        "replace",
        "rfind",
        "rindex",
        "rjust",
        "rpartition",
        "rsplit",
        "rstrip",
        "split",
        "splitlines",
        "startswith",
        "strip",
        "swapcase",
        "title",
        "upper",
        "zfill",
    ];
    const OF_DICT: &[&str] = &["fromkeys", "get", "items", "keys", "setdefault", "values"];
    const OF_LIST: &[&str] = &["append", "extend", "insert", "reverse", "sort"];
    const OF_SET: &[&str] = &[
        "add",
        "difference",
        "discard",
        "intersection",
        "isdisjoint",
        "issubset",
        "issuperset",
        "union",
    ];
    let is_of = |methods: &[&[&str]]| methods.iter().any(|methods| methods.contains(&method));
    match of.kind {
        Kind::Text(_) => !is_of(&[OF_DICT, OF_LIST, OF_SET]),
        Kind::Dict(_) => !is_of(&[OF_TEXT, OF_LIST, OF_SET]),
        Kind::List(_) => !is_of(&[OF_TEXT, OF_DICT, OF_SET]),
        Kind::Set(_) => !is_of(&[OF_TEXT, OF_DICT, OF_LIST]),
        Kind::None | Kind::Bool(_) | Kind::Int(_) | Kind::Float(_) | Kind::Tuple(_) => {
            !is_of(&[OF_TEXT, OF_DICT, OF_LIST, OF_SET])
        }
        _ => true,
    }
}
