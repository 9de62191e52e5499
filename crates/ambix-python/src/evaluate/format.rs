//! Texts that are filled in: f-strings, `str.format`, `%`, `str()` and `repr()`.

use super::exception::{exception, exception_of};
use super::frame::FrameId;
use super::spec::{self, Misfit};
use super::{Evaluator, Stop};
use crate::value::{Call, Kind, Origin, Value};
use crate::write::repr;
use ambix_core::diagnostic::Span;
use ruff_python_ast::{
    ConversionFlag, ExprFString, FStringPart, InterpolatedElement, InterpolatedStringElement,
};

impl<'a> Evaluator<'a> {
    pub(super) fn formatted(
        &mut self,
        literal: &'a ExprFString,
        frame: FrameId,
    ) -> Result<String, Stop> {
        let mut text = String::new();
        for part in literal.value.iter() {
            match part {
                FStringPart::Literal(part) => text.push_str(part.as_str()),
                FStringPart::FString(part) => {
                    for element in part.elements.iter() {
                        match element {
                            InterpolatedStringElement::Literal(piece) => {
                                text.push_str(&piece.value)
                            }
                            InterpolatedStringElement::Interpolation(piece) => {
                                text.push_str(&self.filled_in(piece, frame)?);
                            }
                        }
                    }
                }
            }
        }
        Ok(text)
    }

    fn filled_in(
        &mut self,
        piece: &'a InterpolatedElement,
        frame: FrameId,
    ) -> Result<String, Stop> {
        let value = self.eval(&piece.expression, frame)?;
        let before = piece.debug_text.as_ref();
        let shows_repr = piece.conversion == ConversionFlag::Repr
            || before.is_some()
                && piece.conversion == ConversionFlag::None
                && piece.format_spec.is_none();
        let mut spec = String::new();
        for element in piece.format_spec.iter().flat_map(|spec| spec.elements.iter()) {
            match element {
                InterpolatedStringElement::Literal(literal) => spec.push_str(&literal.value),
                InterpolatedStringElement::Interpolation(inner) => {
                    spec.push_str(&self.filled_in(inner, frame)?);
                }
            }
        }
        let shown = match piece.conversion {
            _ if shows_repr => Some(self.repr(&value)?),
            ConversionFlag::None => None,
            ConversionFlag::Ascii => Some(self.ascii(&value)?),
            _ => Some(self.str(&value)?),
        };
        let value = match shown {
            Some(text) => Value { kind: Kind::Text(text), span: value.span },
            None => value,
        };
        let text = self.with_spec(&value, &spec)?;
        Ok(match before {
            Some(before) => {
                let name = crate::syntax::span_of(&*piece.expression).of(self.source.text);
                format!("{}{name}{}{text}", before.leading(), before.trailing())
            }
            None => text,
        })
    }

    /// `format(value, spec)`
    pub(super) fn with_spec(&self, value: &Value, spec: &str) -> Result<String, Stop> {
        if spec.is_empty() {
            return self.str(value);
        }
        match spec::with_spec(value, spec) {
            Ok(text) => {
                self.bounded(text.len(), value.span)?;
                Ok(text)
            }
            Err(Misfit::Raised(class, message)) => Err(Stop::raised(class, message, value.span)),
            Err(Misfit::Unknown) => Err(self.unknown(value.span, &format!("The format `{spec}`"))),
        }
    }

    fn ascii(&self, value: &Value) -> Result<String, Stop> {
        let text = self.repr(value)?;
        match text.is_ascii() {
            true => Ok(text),
            false => Err(self.unknown(value.span, "`!a` of letters beyond ASCII")),
        }
    }

    /// `text.format(…)`
    pub(super) fn format(&mut self, text: &str, call: &Call, span: Span) -> Result<String, Stop> {
        let mut next = Next::default();
        self.formatted_text(text, call, &mut next, 2, span)
    }

    fn formatted_text(
        &mut self,
        text: &str,
        call: &Call,
        next: &mut Next,
        depth: usize,
        span: Span,
    ) -> Result<String, Stop> {
        let raised = |message: &str| Stop::raised("ValueError", message, span);
        if depth == 0 {
            return Err(raised("Max string recursion exceeded"));
        }
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(at) = rest.find(['{', '}']) {
            let (before, after) = rest.split_at(at);
            out.push_str(before);
            if let Some((double, after)) =
                ["{{", "}}"].iter().find_map(|double| Some((double, after.strip_prefix(double)?)))
            {
                out.push_str(&double[..1]);
                rest = after;
                continue;
            }
            let Some(after) = after.strip_prefix('{') else {
                return Err(raised("Single '}' encountered in format string"));
            };
            let Some(end) = end_of_field(after) else {
                return Err(raised("expected '}' before end of string"));
            };
            let (field, after) = after.split_at(end);
            rest = &after[1..];
            out.push_str(&self.field(field, call, next, depth, span)?);
            self.bounded(out.len(), span)?;
        }
        out.push_str(rest);
        Ok(out)
    }

    /// What stands for `name.attribute[item]!r:spec`.
    fn field(
        &mut self,
        field: &str,
        call: &Call,
        next: &mut Next,
        depth: usize,
        span: Span,
    ) -> Result<String, Stop> {
        let (field, spec) = field.split_once(':').unwrap_or((field, ""));
        let (field, conversion) = match field.split_once('!') {
            Some((field, conversion)) => (field, Some(conversion)),
            None => (field, None),
        };
        let name = field.split(['.', '[']).next().unwrap_or_default();
        let mut value = self.argument(name, call, next, span)?;
        let mut path = &field[name.len()..];
        while !path.is_empty() {
            if let Some(after) = path.strip_prefix('.') {
                let name = after.split(['.', '[']).next().unwrap_or_default();
                value = self.attribute(value, name, span)?;
                path = &after[name.len()..];
            } else if let Some((key, after)) =
                path.strip_prefix('[').and_then(|after| after.split_once(']'))
            {
                let kind = key.parse().map_or_else(|_| Kind::Text(key.into()), Kind::Int);
                value = self.item(&value, &Value { kind, span }, span)?;
                path = after;
            } else {
                return Err(self.unknown(span, &format!("`{{{field}}}`")));
            }
        }
        let spec =
            self.formatted_text(spec, call, next, depth - 1 + usize::from(spec.is_empty()), span)?;
        let shown = match conversion {
            None => None,
            Some("r") => Some(self.repr(&value)?),
            Some("s") => Some(self.str(&value)?),
            Some("a") => Some(self.ascii(&value)?),
            Some(_) => {
                return Err(Stop::raised("ValueError", "Unknown conversion specifier", span));
            }
        };
        match shown {
            Some(text) => self.with_spec(&Value { kind: Kind::Text(text), span }, &spec),
            None => self.with_spec(&value, &spec),
        }
    }

    fn argument(
        &self,
        name: &str,
        call: &Call,
        next: &mut Next,
        span: Span,
    ) -> Result<Value, Stop> {
        let number = match name.parse::<usize>() {
            Ok(number) => {
                next.by_number = true;
                Some(number)
            }
            Err(_) if name.is_empty() => {
                next.count += 1;
                Some(next.count - 1)
            }
            Err(_) => None,
        };
        if next.by_number && next.count > 0 {
            let message =
                "cannot switch between manual field specification and automatic field numbering";
            return Err(Stop::raised("ValueError", message, span));
        }
        let keyword = || call.keywords.iter().find(|one| one.name == name).map(|one| &one.value);
        match number {
            Some(number) => call.arguments.get(number).cloned().ok_or_else(|| {
                let message =
                    format!("Replacement index {number} out of range for positional args tuple");
                Stop::raised("IndexError", message, span)
            }),
            None => keyword().cloned().ok_or_else(|| {
                self.missing_key(&Value { kind: Kind::Text(name.into()), span }, span)
            }),
        }
    }

    /// `str(value)`.
    pub(super) fn str(&self, value: &Value) -> Result<String, Stop> {
        // As KeyError itself does.
        if let Some((path, [one])) = exception(value)
            && path.origin == Origin::Defined
            && self.catches(&["KeyError".into()], path.last())
        {
            return self.repr(one);
        }
        match str_of(value) {
            Some(text) => Ok(text),
            None => Err(self.unclear(value)),
        }
    }

    /// `repr(value)`.
    pub(super) fn repr(&self, value: &Value) -> Result<String, Stop> {
        match repr_of(value) {
            Some(text) => Ok(text),
            None => Err(self.unclear(value)),
        }
    }
}

/// Which argument `{}` means.
#[derive(Default)]
struct Next {
    count: usize,
    by_number: bool,
}

/// Where the `}` of a field stands, which may have fields in its format.
fn end_of_field(text: &str) -> Option<usize> {
    let mut open = 1;
    for (at, letter) in text.char_indices() {
        match letter {
            '{' => open += 1,
            '}' => open -= 1,
            _ => {}
        }
        if open == 0 {
            return Some(at);
        }
    }
    None
}

/// Python's `str()`; nothing if the value is not known.
fn str_of(value: &Value) -> Option<String> {
    match &value.kind {
        Kind::Text(text) => Some(text.clone()),
        Kind::Call(call) if exception_of(call).is_some() => match call.arguments.as_slice() {
            [] => Some(String::new()),
            [one] if call.callee.path().is_some_and(|path| path.last() == "KeyError") => {
                repr_of(one)
            }
            [one] => str_of(one),
            several => repr_of(&Value { kind: Kind::Tuple(several.to_vec()), span: value.span }),
        },
        // A type is written as SQL.
        Kind::Call(_) => {
            let source = crate::syntax::File::new("", "");
            crate::sqlalchemy::data_type(source.source(), value).ok()??.sql().ok()
        }
        _ => repr_of(value),
    }
}

/// What Python shows of a value, if that is known.
pub(crate) fn repr_of(value: &Value) -> Option<String> {
    let all = |items: &[Value]| -> Option<String> {
        let items: Option<Vec<String>> = items.iter().map(repr_of).collect();
        items.map(|items| items.join(", "))
    };
    Some(match &value.kind {
        Kind::None => "None".into(),
        Kind::Bool(flag) => repr::boolean(*flag).into(),
        Kind::Int(number) => number.to_string(),
        Kind::Float(number) => repr::float(*number),
        Kind::Text(text) => repr::string(text),
        Kind::Bytes(bytes) => repr::bytes(bytes),
        Kind::List(items) => format!("[{}]", all(items)?),
        Kind::Tuple(items) if items.len() == 1 => format!("({},)", all(items)?),
        Kind::Tuple(items) => format!("({})", all(items)?),
        Kind::Set(items) if items.is_empty() => "set()".into(),
        Kind::Set(items) => format!("{{{}}}", all(items)?),
        Kind::Dict(entries) => {
            let entries: Option<Vec<String>> = entries
                .iter()
                .map(|(key, value)| Some(format!("{}: {}", repr_of(key)?, repr_of(value)?)))
                .collect();
            format!("{{{}}}", entries?.join(", "))
        }
        Kind::View(class, items) if *class != "range" => format!("{class}([{}])", all(items)?),
        Kind::Call(call) => {
            let (path, arguments) = exception_of(call)?;
            format!("{}({})", path.last(), all(arguments)?)
        }
        _ => return None,
    })
}
