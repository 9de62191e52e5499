//! Python's own functions.

use super::operator::{truth, whole};
use super::{Evaluator, Stop};
use crate::value::{Call, Kind, Origin, Value};
use ambix_core::diagnostic::Span;
use ruff_python_ast::Operator;

impl<'a> Evaluator<'a> {
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
            "type" if arguments.len() == 3 => self.own_type(arguments, span)?,
            "list" | "tuple" | "set" | "frozenset" | "str" | "repr" | "bool" | "len" | "any"
            | "all" | "iter" | "reversed" | "abs" | "ord" | "chr" | "type" | "callable"
                if arguments.len() > 1 || !call.keywords.is_empty() =>
            {
                return match name {
                    "str" | "iter" | "type" => {
                        Err(self.unknown(span, &format!("`{name}` with options")))
                    }
                    _ => Err(wants()),
                };
            }
            "list" => Kind::List(items(first())?),
            "tuple" => Kind::Tuple(items(first())?),
            "set" | "frozenset" => Kind::Set(self.distinct(items(first())?, span)?),
            "iter" => match first().ok_or_else(wants)? {
                Value { kind: kind @ Kind::Iterator(_), .. } => kind,
                value => self.iterator(self.iterated(value)?, None),
            },
            "dict.fromkeys" => {
                let value = arguments.get(1).cloned().unwrap_or(Value { kind: Kind::None, span });
                let mut entries = Vec::new();
                for key in items(first())? {
                    self.put(&mut entries, key, value.clone())?;
                }
                Kind::Dict(entries)
            }
            "dict" => {
                let mut entries = match first() {
                    Some(value) => self.pairs(value, span)?,
                    None => Vec::new(),
                };
                for keyword in &call.keywords {
                    let key =
                        Value { kind: Kind::Text(keyword.name.to_string()), span: keyword.span };
                    self.put(&mut entries, key, keyword.value.clone())?;
                }
                Kind::Dict(entries)
            }
            "str" => match first() {
                Some(value) if value.path().is_some_and(|path| path.origin == Origin::Defined) => {
                    match self.attribute(value.clone(), "__str__", span)?.kind {
                        kind @ Kind::Text(_) => kind,
                        _ => Kind::Text(self.str(&value)?),
                    }
                }
                Some(value) => Kind::Text(self.str(&value)?),
                None => Kind::Text(String::new()),
            },
            "repr" => Kind::Text(self.repr(&first().ok_or_else(wants)?)?),
            "bool" => match first() {
                Some(value) => Kind::Bool(self.truth(&value)?),
                None => Kind::Bool(false),
            },
            "int" => {
                let base = arguments.get(1).cloned().or_else(|| keyword("base"));
                match (first(), base) {
                    (None, None) => Kind::Int(0),
                    (Some(value), base) => self.int(value, base, span)?,
                    (None, Some(_)) => return Err(wants()),
                }
            }
            "float" => match first() {
                Some(value) => self.float(value, span)?,
                None => Kind::Float(0.0),
            },
            "type" => return self.type_of(&first().ok_or_else(wants)?, span).map(Some),
            "callable" => match first().ok_or_else(wants)?.kind {
                Kind::Function(_) => Kind::Bool(true),
                kind if super::operator::is_known(&Value { kind: kind.clone(), span }) => {
                    Kind::Bool(false)
                }
                kind => return Err(self.unclear(&Value { kind, span })),
            },
            "getattr" => return self.get_attribute(arguments, span).map(Some),
            "hasattr" => {
                let (Some(of), Some(name)) = (first(), arguments.get(1).and_then(Value::text))
                else {
                    return Err(wants());
                };
                match self.attribute(of.clone(), name, span) {
                    Ok(_) if matches!(of.kind, Kind::Row(..)) => Kind::Bool(true),
                    Err(Stop::Raised(raised)) if raised.class == "AttributeError" => {
                        Kind::Bool(false)
                    }
                    _ => return Err(self.unknown(span, "A call of `hasattr` of this")),
                }
            }
            "round" => self.round(&first().ok_or_else(wants)?, arguments.get(1), span)?,
            "divmod" => {
                let [one, other] = arguments.as_slice() else { return Err(wants()) };
                let mut parts = Vec::new();
                for operator in [Operator::FloorDiv, Operator::Mod] {
                    let kind = self.binary(one.clone(), operator, other.clone(), span)?;
                    parts.push(Value { kind, span });
                }
                Kind::Tuple(parts)
            }
            "pow" => {
                let [one, other] = arguments.as_slice() else { return Ok(None) };
                self.binary(one.clone(), Operator::Pow, other.clone(), span)?
            }
            "ord" => {
                match first().ok_or_else(wants)?.text().map(|text| text.chars().collect::<Vec<_>>())
                {
                    Some(letters) if letters.len() == 1 => Kind::Int(u32::from(letters[0]).into()),
                    _ => return Err(wants()),
                }
            }
            "chr" => {
                let code = first().as_ref().and_then(whole).ok_or_else(wants)?;
                match u32::try_from(code).ok().and_then(char::from_u32) {
                    Some(letter) => Kind::Text(letter.into()),
                    None => {
                        return Err(Stop::raised(
                            "ValueError",
                            "chr() arg not in range(0x110000)",
                            span,
                        ));
                    }
                }
            }
            "format" => {
                let value = first().ok_or_else(wants)?;
                let spec =
                    arguments.get(1).map(|spec| spec.text().ok_or_else(wants)).transpose()?;
                Kind::Text(self.with_spec(&value, spec.unwrap_or_default())?)
            }
            "abs" => match first().ok_or_else(wants)?.kind {
                Kind::Int(number) => {
                    number.checked_abs().map_or(Kind::Unknown("a number beyond 64 bits"), Kind::Int)
                }
                Kind::Float(number) => Kind::Float(number.abs()),
                Kind::Bool(flag) => Kind::Int(flag.into()),
                kind => {
                    return Err(self.misused(&Value { kind, span }, "bad operand type for abs()"));
                }
            },
            "len" => {
                let value = first().ok_or_else(wants)?;
                let length = match &value.kind {
                    Kind::Text(text) => text.chars().count(),
                    Kind::Bytes(bytes) => bytes.len(),
                    Kind::Dict(entries) => entries.len(),
                    Kind::List(items)
                    | Kind::Tuple(items)
                    | Kind::Set(items)
                    | Kind::Row(_, items)
                    | Kind::View(_, items) => items.len(),
                    _ => match self.members_of(&value) {
                        Some(members) => members.len(),
                        None => return Err(self.misused(&value, "object has no len()")),
                    },
                };
                Kind::Int(i64::try_from(length).unwrap_or_default())
            }
            "any" | "all" => {
                let wanted = name == "any";
                let mut result = !wanted;
                let over = match first().ok_or_else(wants)? {
                    Value { kind: kind @ Kind::Iterator(_), .. } => kind,
                    value => self.iterator(self.iterated(value)?, None),
                };
                let Kind::Iterator(over) = over else { return Ok(None) };
                while let Some(item) = self.next(over)? {
                    if self.truth(&item)? == wanted {
                        result = wanted;
                        break;
                    }
                }
                Kind::Bool(result)
            }
            "range" => Kind::View("range", self.range(arguments, span)?),
            "enumerate" => {
                let start = arguments.get(1).cloned().or_else(|| keyword("start"));
                let start = match start {
                    Some(start) => whole(&start).ok_or_else(|| self.misused(&start, "start"))?,
                    None => 0,
                };
                let numbered = items(Some(first().ok_or_else(wants)?))?.into_iter().zip(start..);
                let numbered =
                    numbered.map(|(item, number)| pair(Kind::Int(number), item, span)).collect();
                self.iterator(numbered, None)
            }
            "zip" => {
                if !call.keywords.is_empty() {
                    return Err(self.unknown(span, "`zip` with options"));
                }
                let mut all = Vec::new();
                for argument in arguments {
                    all.push(self.iterated(argument.clone())?);
                }
                let length = all.iter().map(Vec::len).min().unwrap_or(0);
                let row =
                    |at: usize| all.iter().filter_map(|items| items.get(at).cloned()).collect();
                let rows =
                    (0..length).map(|at| Value { kind: Kind::Tuple(row(at)), span }).collect();
                self.iterator(rows, None)
            }
            "reversed" => {
                let value = first().ok_or_else(wants)?;
                if matches!(value.kind, Kind::Set(_) | Kind::Iterator(_)) {
                    return Err(self.misused(&value, "object is not reversible"));
                }
                let mut items = self.iterated(value)?;
                items.reverse();
                self.iterator(items, None)
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
                let total = arguments.get(1).cloned().or_else(|| keyword("start"));
                let mut total = total.unwrap_or(Value { kind: Kind::Int(0), span });
                if total.text().is_some() {
                    let message = "sum() can't sum strings [use ''.join(seq) instead]";
                    return Err(Stop::raised("TypeError", message, span));
                }
                for item in items(Some(first().ok_or_else(wants)?))? {
                    let kind = self.binary(total, Operator::Add, item, span)?;
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
                        false => match self.call_with(function, vec![item.clone()], span) {
                            Ok(result) => result,
                            // Nobody may get there.
                            Err(stop @ Stop::Raised(_)) => {
                                return Ok(Some(self.iterator(results, Some(stop))));
                            }
                            Err(stop) => return Err(stop),
                        },
                    };
                    match name {
                        "map" => results.push(result),
                        _ if self.truth(&result)? => results.push(item),
                        _ => {}
                    }
                }
                self.iterator(results, None)
            }
            "next" => {
                let value = first().ok_or_else(wants)?;
                let Kind::Iterator(iterator) = value.kind else {
                    return Err(self.misused(&value, "object is not an iterator"));
                };
                match (self.next(iterator)?, arguments.get(1)) {
                    (Some(item), _) => item.kind,
                    (None, Some(other)) => other.kind.clone(),
                    (None, None) => return Err(Stop::raised("StopIteration", "", span)),
                }
            }
            "isinstance" => {
                let [value, classes] = arguments.as_slice() else { return Err(wants()) };
                let is = self.is_exception(value, classes);
                match is.or_else(|| super::types::is_instance(value, classes)) {
                    Some(is) => Kind::Bool(is),
                    None => return Err(self.unclear(value)),
                }
            }
            "super" | "__import__" if self.host.reads_models() => return Ok(None),
            "hash" | "slice" | "bytes" | "bytearray" | "complex" | "hex" | "oct" | "bin"
            | "ascii" | "object" | "memoryview" | "issubclass" | "dir" | "help" | "compile"
            | "open" | "eval" | "exec" | "input" | "vars" | "globals" | "locals" | "super"
            | "setattr" | "delattr" | "id" | "__import__" => {
                return Err(self.unknown(span, &format!("A call of `{name}`")));
            }
            _ => match (name.strip_prefix("str."), arguments.split_first()) {
                // A method by its class: `key=str.lower`.
                (Some(method), Some((Value { kind: Kind::Text(text), .. }, rest))) => {
                    let call = Call { arguments: rest.to_vec(), ..call.clone() };
                    return self.method_of_text(text, method, &call, span);
                }
                _ => return Ok(None),
            },
        }))
    }

    fn range(&self, arguments: &[Value], span: Span) -> Result<Vec<Value>, Stop> {
        let mut numbers = Vec::new();
        for argument in arguments {
            let number = whole(argument);
            numbers.push(number.ok_or_else(|| self.misused(argument, "cannot be an integer"))?);
        }
        let (mut at, end, step) = match numbers.as_slice() {
            [end] => (0, *end, 1),
            [start, end] => (*start, *end, 1),
            [start, end, step] if *step != 0 => (*start, *end, *step),
            [_, _, 0] => {
                return Err(Stop::raised("ValueError", "range() arg 3 must not be zero", span));
            }
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
            self.room(items.len(), span)?;
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
        let sorted = self.in_order(keyed, reverse, span)?;
        Ok(sorted.into_iter().map(|(_, item)| item).collect())
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
                    let order = self.order(&by, known, span)?;
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
}

fn pair(first: Kind, second: Value, span: Span) -> Value {
    Value { kind: Kind::Tuple(vec![Value { kind: first, span }, second]), span }
}
