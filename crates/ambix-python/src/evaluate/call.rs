//! Calls: of functions of the file, of Python's own, of methods, and of what the host knows.

use super::arguments::Given;
use super::operator::is_known;
use super::{Evaluator, Host, Stop};
use crate::value::{Call, Kind, Origin, Value};
use ambix_core::diagnostic::Span;

impl<'a, H: Host> Evaluator<'a, H> {
    /// What a call comes to, the arguments of which are worked out.
    pub(super) fn apply(&mut self, call: Call, span: Span) -> Result<Value, Stop> {
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
            Kind::Member(of, method) if is_value(of) => Some(self.method(of, method, &call, span)?),
            _ => None,
        };
        if let Some(kind) = own {
            return Ok(Value { kind, span });
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
            None => {
                let message = format!(
                    "The method `{method}` of {} is not followed in a revision",
                    of.describe()
                );
                Err(self.refuse(span, message, super::WRITE_OUT))
            }
        }
    }

    /// A function called with these values: one of the file, or of Python's own.
    pub(super) fn call_with(
        &mut self,
        callee: &Value,
        arguments: Vec<Value>,
        span: Span,
    ) -> Result<Value, Stop> {
        let call = Call { callee: callee.clone(), arguments, keywords: Vec::new() };
        self.apply(call, span)
    }
}

/// Whether the methods of a value are Python's own.
fn is_value(value: &Value) -> bool {
    is_known(value)
        || matches!(value.kind, Kind::List(_) | Kind::Tuple(_) | Kind::Dict(_) | Kind::Set(_))
}
