//! Texts that are filled in: f-strings, `str.format`, `%`, `str()` and `repr()`.

use super::frame::FrameId;
use super::operator::whole;
use super::{Evaluator, Host, Stop};
use crate::value::{Call, Kind, Value};
use crate::write::{Field, printf, repr};
use ambix_core::diagnostic::Span;
use ruff_python_ast::{
    ConversionFlag, ExprFString, FStringPart, InterpolatedElement, InterpolatedStringElement,
};

impl<'a, H: Host> Evaluator<'a, H> {
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
        let text = match shows_repr {
            true => self.repr(&value)?,
            false if piece.conversion == ConversionFlag::None => self.with_spec(&value, &spec)?,
            false => self.str(&value)?,
        };
        Ok(match before {
            Some(_) => {
                let name = crate::syntax::span_of(&*piece.expression).of(self.source.text);
                format!("{name}={text}")
            }
            None => text,
        })
    }

    /// `format(value, spec)`: nothing, or a width with zeros, `d` and `s`.
    fn with_spec(&self, value: &Value, spec: &str) -> Result<String, Stop> {
        let text = self.str(value)?;
        if spec.is_empty() || spec == "s" || spec == "d" && whole(value).is_some() {
            return Ok(text);
        }
        let unknown = || self.unknown(value.span, &format!("The format `{spec}`"));
        let (fill, rest) = match spec.strip_prefix('0') {
            Some(rest) => ('0', rest),
            None => (' ', spec),
        };
        let digits = rest.trim_end_matches(['d', 's']);
        let width: usize = digits.parse().map_err(|_| unknown())?;
        self.bounded(width, value.span)?;
        let fills = |count: usize| -> String { core::iter::repeat_n(fill, count).collect() };
        let missing = width.saturating_sub(text.chars().count());
        match (whole(value).is_some(), text.strip_prefix('-')) {
            (true, Some(number)) if fill == '0' => Ok(format!("-{}{number}", fills(missing))),
            (true, _) => Ok(format!("{}{text}", fills(missing))),
            (false, _) if fill == ' ' => Ok(format!("{text}{}", fills(missing))),
            (false, _) => Err(unknown()),
        }
    }

    /// `text.format(…)`: `{}`, `{0}`, `{name}`, with `!r` and the formats that f-strings have.
    pub(super) fn format(&self, text: &str, call: &Call, span: Span) -> Result<String, Stop> {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        let mut next = 0;
        while let Some(at) = rest.find(['{', '}']) {
            let (before, after) = rest.split_at(at);
            out.push_str(before);
            if let Some(after) = after.strip_prefix("{{") {
                out.push('{');
                rest = after;
                continue;
            }
            if let Some(after) = after.strip_prefix("}}") {
                out.push('}');
                rest = after;
                continue;
            }
            let Some((field, after)) =
                after.strip_prefix('{').and_then(|after| after.split_once('}'))
            else {
                let message = "Single '}' encountered in format string";
                return Err(Stop::raised("ValueError", message, span));
            };
            rest = after;
            let (field, spec) = field.split_once(':').unwrap_or((field, ""));
            let (name, shows_repr) = match field.strip_suffix("!r") {
                Some(name) => (name, true),
                None => (field.strip_suffix("!s").unwrap_or(field), false),
            };
            let value = match name.parse::<usize>() {
                Ok(number) => call.arguments.get(number),
                Err(_) if name.is_empty() => {
                    next += 1;
                    call.arguments.get(next - 1)
                }
                Err(_) => call.keywords.iter().find(|one| one.name == name).map(|one| &one.value),
            };
            let Some(value) = value else {
                return Err(match name.contains(['.', '[']) {
                    true => self.unknown(span, &format!("`{{{name}}}`")),
                    false => Stop::raised("KeyError", repr::string(name), span),
                });
            };
            out.push_str(&match shows_repr {
                true => self.repr(value)?,
                false => self.with_spec(value, spec)?,
            });
            self.bounded(out.len(), span)?;
        }
        out.push_str(rest);
        Ok(out)
    }

    /// `format % with`.
    pub(super) fn percent(&self, format: &str, with: &Value, span: Span) -> Result<String, Stop> {
        let field = |value: &Value| -> Result<Field, Stop> {
            match whole(value) {
                Some(number) if !matches!(value.kind, Kind::Bool(_)) => Ok(Field::Number(number)),
                _ => self.str(value).map(Field::Text),
            }
        };
        if let Kind::Dict(entries) = &with.kind {
            let mut fields = Vec::new();
            for (key, value) in entries {
                if let Some(name) = key.text() {
                    fields.push((name, field(value)?));
                }
            }
            return printf(format, &fields).map_err(|why| self.refuse(span, why, super::WRITE_OUT));
        }
        let values = match &with.kind {
            Kind::Tuple(items) => items.as_slice(),
            _ => core::slice::from_ref(with),
        };
        // Each `%s` gets a name by its number.
        let mut named = String::with_capacity(format.len());
        let mut count = 0_usize;
        let mut rest = format;
        while let Some(at) = rest.find('%') {
            let (before, after) = rest.split_at(at + 1);
            named.push_str(before);
            rest = match after.strip_prefix('%') {
                Some(after) => {
                    named.push('%');
                    after
                }
                None => {
                    named.push_str(&format!("({count})"));
                    count += 1;
                    after
                }
            };
        }
        named.push_str(rest);
        if count != values.len() {
            let message = match count > values.len() {
                true => "not enough arguments for format string",
                false => "not all arguments converted during string formatting",
            };
            return Err(Stop::raised("TypeError", message, span));
        }
        let names: Vec<String> = (0..count).map(|number| number.to_string()).collect();
        let mut fields = Vec::with_capacity(count);
        for (name, value) in names.iter().zip(values) {
            fields.push((name.as_str(), field(value)?));
        }
        printf(&named, &fields).map_err(|why| self.refuse(span, why, super::WRITE_OUT))
    }

    /// `str(value)`.
    pub(super) fn str(&self, value: &Value) -> Result<String, Stop> {
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

/// Python's `str()`; nothing if the value is not known.
fn str_of(value: &Value) -> Option<String> {
    match &value.kind {
        Kind::Text(text) => Some(text.clone()),
        // A type is written as SQL.
        Kind::Call(_) => {
            let source = crate::syntax::File::new("", "");
            crate::sqlalchemy::data_type(source.source(), value).ok()??.sql().ok()
        }
        _ => repr_of(value),
    }
}

fn repr_of(value: &Value) -> Option<String> {
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
        _ => return None,
    })
}
