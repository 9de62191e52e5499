//! Python's own functions.

use super::operator::{number_of, ordered, truth, whole};
use super::{Evaluator, Host, Stop};
use crate::value::{Call, Kind, Value};
use ambix_core::diagnostic::Span;
use std::cmp::Ordering;

impl<'a, H: Host> Evaluator<'a, H> {
    /// A call of a function that Python has without an import; nothing if it is none that is known.
    pub(super) fn builtin(
        &mut self,
        name: &str,
        call: &Call,
        span: Span,
    ) -> Result<Option<Kind>, Stop> {
        let arguments = &call.arguments;
        let first = || arguments.first().cloned();
        let keyword = |name: &str| {
            call.keywords
                .iter()
                .find(|keyword| keyword.name == name)
                .map(|keyword| keyword.value.clone())
        };
        let wants = || {
            Stop::raised("TypeError", format!("{name}() got other arguments than it takes"), span)
        };
        let items = |given: Option<Value>| match given {
            Some(value) => self.iterated(value),
            None => Ok(Vec::new()),
        };
        Ok(Some(match name {
            "print" | "breakpoint" => Kind::None,
            "list" => Kind::List(items(first())?),
            "tuple" => Kind::Tuple(items(first())?),
            "set" | "frozenset" => Kind::Set(self.distinct(items(first())?, span)?),
            "iter" => Kind::List(items(Some(first().ok_or_else(wants)?))?),
            "dict" => {
                let mut entries = match first() {
                    Some(value) => self.pairs(value, span)?,
                    None => Vec::new(),
                };
                for keyword in &call.keywords {
                    let key = Value { kind: Kind::Text(keyword.name.clone()), span: keyword.span };
                    self.put(&mut entries, key, keyword.value.clone())?;
                }
                Kind::Dict(entries)
            }
            "str" => match first() {
                Some(value) => Kind::Text(self.str(&value)?),
                None => Kind::Text(String::new()),
            },
            "repr" => Kind::Text(self.repr(&first().ok_or_else(wants)?)?),
            "bool" => match first() {
                Some(value) => Kind::Bool(self.truth(&value)?),
                None => Kind::Bool(false),
            },
            "int" => self.int(first().ok_or_else(wants)?, span)?,
            "float" => self.float(first().ok_or_else(wants)?, span)?,
            "abs" => match first().ok_or_else(wants)?.kind {
                Kind::Int(number) => {
                    number.checked_abs().map_or(Kind::Unknown("a number beyond 64 bits"), Kind::Int)
                }
                Kind::Float(number) => Kind::Float(number.abs()),
                kind => return Err(self.unclear(&Value { kind, span })),
            },
            "len" => {
                let value = first().ok_or_else(wants)?;
                let length = match &value.kind {
                    Kind::Text(text) => text.chars().count(),
                    Kind::Bytes(bytes) => bytes.len(),
                    Kind::Dict(entries) => entries.len(),
                    Kind::List(items) | Kind::Tuple(items) | Kind::Set(items) => items.len(),
                    _ => return Err(self.unclear(&value)),
                };
                Kind::Int(i64::try_from(length).unwrap_or_default())
            }
            "any" | "all" => {
                let wanted = name == "any";
                let mut result = !wanted;
                for item in items(Some(first().ok_or_else(wants)?))? {
                    if self.truth(&item)? == wanted {
                        result = wanted;
                        break;
                    }
                }
                Kind::Bool(result)
            }
            "range" => Kind::List(self.range(arguments, span)?),
            "enumerate" => {
                let start = arguments.get(1).cloned().or_else(|| keyword("start"));
                let start = start.and_then(|start| whole(&start)).unwrap_or(0);
                let numbered = items(Some(first().ok_or_else(wants)?))?.into_iter().zip(start..);
                Kind::List(
                    numbered.map(|(item, number)| pair(Kind::Int(number), item, span)).collect(),
                )
            }
            "zip" => {
                let mut all = Vec::new();
                for argument in arguments {
                    all.push(self.iterated(argument.clone())?);
                }
                let length = all.iter().map(Vec::len).min().unwrap_or(0);
                let row =
                    |at: usize| all.iter().filter_map(|items| items.get(at).cloned()).collect();
                Kind::List(
                    (0..length).map(|at| Value { kind: Kind::Tuple(row(at)), span }).collect(),
                )
            }
            "reversed" => {
                let mut items = items(Some(first().ok_or_else(wants)?))?;
                items.reverse();
                Kind::List(items)
            }
            "sorted" => {
                let items = items(Some(first().ok_or_else(wants)?))?;
                let keywords: Vec<(&str, Value)> = call
                    .keywords
                    .iter()
                    .map(|keyword| (keyword.name.as_str(), keyword.value.clone()))
                    .collect();
                Kind::List(self.sorted(items, &keywords, span)?)
            }
            "min" | "max" => {
                let items = match arguments.as_slice() {
                    [one] => self.iterated(one.clone())?,
                    several => several.to_vec(),
                };
                return self
                    .extreme(name, items, keyword("key"), keyword("default"), span)
                    .map(Some);
            }
            "sum" => {
                let mut total =
                    arguments.get(1).cloned().unwrap_or(Value { kind: Kind::Int(0), span });
                for item in items(Some(first().ok_or_else(wants)?))? {
                    let kind = self.binary(total, ruff_python_ast::Operator::Add, item, span)?;
                    total = Value { kind, span };
                }
                total.kind
            }
            "map" | "filter" => {
                let [function, rest @ ..] = arguments.as_slice() else { return Err(wants()) };
                let [over] = rest else { return Ok(None) };
                let mut results = Vec::new();
                for item in self.iterated(over.clone())? {
                    let keeps_all = name == "filter" && matches!(function.kind, Kind::None);
                    let result = match keeps_all {
                        true => item.clone(),
                        false => self.call_with(function, vec![item.clone()], span)?,
                    };
                    match name {
                        "map" => results.push(result),
                        _ if self.truth(&result)? => results.push(item),
                        _ => {}
                    }
                }
                Kind::List(results)
            }
            "next" => {
                let items = items(Some(first().ok_or_else(wants)?))?;
                match (items.into_iter().next(), arguments.get(1)) {
                    (Some(item), _) => item.kind,
                    (None, Some(other)) => other.kind.clone(),
                    (None, None) => return Err(Stop::raised("StopIteration", "", span)),
                }
            }
            "isinstance" => {
                let [value, classes] = arguments.as_slice() else { return Err(wants()) };
                match super::types::is_instance(value, classes) {
                    Some(is) => Kind::Bool(is),
                    None => return Err(self.unclear(value)),
                }
            }
            "super" | "__import__" if self.host.reads_classes() => return Ok(None),
            "getattr" if self.host.reads_classes() => {
                let [of, name, ..] = arguments.as_slice() else { return Err(wants()) };
                match name.text() {
                    Some(name) => self.attribute(of.clone(), name, span)?.kind,
                    None => return Err(self.unclear(name)),
                }
            }
            "hasattr" | "getattr" | "type" | "open" | "eval" | "exec" | "input" | "vars"
            | "globals" | "locals" | "super" | "setattr" | "delattr" | "id" | "__import__" => {
                return Err(self.unknown(span, &format!("A call of `{name}`")));
            }
            _ => return Ok(None),
        }))
    }

    fn range(&self, arguments: &[Value], span: Span) -> Result<Vec<Value>, Stop> {
        let mut numbers = Vec::new();
        for argument in arguments {
            numbers.push(whole(argument).ok_or_else(|| self.unclear(argument))?);
        }
        let (mut at, end, step) = match numbers.as_slice() {
            [end] => (0, *end, 1),
            [start, end] => (*start, *end, 1),
            [start, end, step] if *step != 0 => (*start, *end, *step),
            _ => {
                return Err(Stop::raised(
                    "TypeError",
                    "range() got other arguments than it takes",
                    span,
                ));
            }
        };
        let mut items = Vec::new();
        while if step > 0 { at < end } else { at > end } {
            self.bounded(items.len(), span)?;
            items.push(Value { kind: Kind::Int(at), span });
            at = match at.checked_add(step) {
                Some(next) => next,
                None => break,
            };
        }
        Ok(items)
    }

    /// The items in order, by `key=` and `reverse=`.
    pub(super) fn sorted(
        &mut self,
        items: Vec<Value>,
        keywords: &[(&str, Value)],
        span: Span,
    ) -> Result<Vec<Value>, Stop> {
        let keyword =
            |name: &str| keywords.iter().find(|(known, _)| *known == name).map(|(_, value)| value);
        let reverse = keyword("reverse").and_then(truth).unwrap_or(false);
        let mut keyed = Vec::with_capacity(items.len());
        for item in items {
            keyed.push((self.key_of(&item, keyword("key"), span)?, item));
        }
        let mut unordered = None;
        keyed.sort_by(|(one, _), (other, _)| {
            let order = ordered(one, other).unwrap_or_else(|| {
                unordered = Some((one.type_name(), other.type_name()));
                Ordering::Equal
            });
            if reverse { order.reverse() } else { order }
        });
        match unordered {
            None => Ok(keyed.into_iter().map(|(_, item)| item).collect()),
            Some((one, other)) => {
                let message =
                    format!("'<' not supported between instances of '{one}' and '{other}'");
                Err(Stop::raised("TypeError", message, span))
            }
        }
    }

    fn key_of(&mut self, item: &Value, key: Option<&Value>, span: Span) -> Result<Value, Stop> {
        match key {
            Some(key) if !matches!(key.kind, Kind::None) => {
                self.call_with(key, vec![item.clone()], span)
            }
            _ => Ok(item.clone()),
        }
    }

    fn extreme(
        &mut self,
        name: &str,
        items: Vec<Value>,
        key: Option<Value>,
        default: Option<Value>,
        span: Span,
    ) -> Result<Kind, Stop> {
        let mut best: Option<(Value, Value)> = None;
        for item in items {
            let by = self.key_of(&item, key.as_ref(), span)?;
            let is_better = match &best {
                None => true,
                Some((known, _)) => {
                    let order = ordered(&by, known).ok_or_else(|| self.unclear(&item))?;
                    if name == "min" { order.is_lt() } else { order.is_gt() }
                }
            };
            if is_better {
                best = Some((by, item));
            }
        }
        match (best, default) {
            (Some((_, item)), _) => Ok(item.kind),
            (None, Some(default)) => Ok(default.kind),
            (None, None) => {
                let message = format!("{name}() iterable argument is empty");
                Err(Stop::raised("ValueError", message, span))
            }
        }
    }

    fn int(&self, value: Value, span: Span) -> Result<Kind, Stop> {
        match &value.kind {
            Kind::Bool(_) | Kind::Int(_) => Ok(Kind::Int(whole(&value).unwrap_or_default())),
            Kind::Float(number) if number.abs() < 9e18 => Ok(Kind::Int(number.trunc() as i64)),
            Kind::Text(text) => text.trim().replace('_', "").parse().map(Kind::Int).map_err(|_| {
                let text = crate::write::repr::string(text);
                Stop::raised(
                    "ValueError",
                    format!("invalid literal for int() with base 10: {text}"),
                    span,
                )
            }),
            _ => Err(self.unclear(&value)),
        }
    }

    fn float(&self, value: Value, span: Span) -> Result<Kind, Stop> {
        match &value.kind {
            Kind::Text(text) => text.trim().parse().map(Kind::Float).map_err(|_| {
                let text = crate::write::repr::string(text);
                Stop::raised(
                    "ValueError",
                    format!("could not convert string to float: {text}"),
                    span,
                )
            }),
            _ => match number_of(&value) {
                Some(number) => Ok(Kind::Float(number)),
                None => Err(self.unclear(&value)),
            },
        }
    }
}

fn pair(first: Kind, second: Value, span: Span) -> Value {
    Value { kind: Kind::Tuple(vec![Value { kind: first, span }, second]), span }
}
