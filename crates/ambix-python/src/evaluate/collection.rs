//! Lists, tuples, dicts and sets: their items and methods.

use super::operator::{contains, equal, item, whole};
use super::{Evaluator, Stop};
use crate::value::{Kind, Value};
use crate::write::repr;
use ambix_core::diagnostic::Span;

/// Whether a method of that name changes what it is called on.
pub(super) fn changes(method: &str) -> bool {
    const METHODS: &[&str] = &[
        "add",
        "append",
        "clear",
        "discard",
        "extend",
        "insert",
        "pop",
        "remove",
        "reverse",
        "setdefault",
        "sort",
        "update",
        "difference_update",
        "intersection_update",
    ];
    METHODS.contains(&method)
}

/// Whether it does, called on this value.
pub(super) fn is_changed_by(value: &Value, method: &str) -> bool {
    match value.kind {
        Kind::List(_) => !matches!(method, "add" | "discard" | "setdefault" | "update"),
        Kind::Dict(_) => matches!(method, "clear" | "pop" | "setdefault" | "update"),
        Kind::Set(_) => {
            !matches!(method, "append" | "extend" | "insert" | "reverse" | "setdefault" | "sort")
        }
        _ => false,
    }
}

type Keywords<'k> = [(&'k str, Value)];

impl<'a> Evaluator<'a> {
    /// What a loop goes over.
    pub(super) fn iterated(&self, value: Value) -> Result<Vec<Value>, Stop> {
        let span = value.span;
        Ok(match value.kind {
            Kind::List(items)
            | Kind::Tuple(items)
            | Kind::Set(items)
            | Kind::Row(_, items)
            | Kind::View(_, items) => items,
            Kind::Iterator(iterator) => self.rest(iterator)?,
            Kind::Dict(entries) => entries.into_iter().map(|(key, _)| key).collect(),
            Kind::Text(text) => {
                let letters = text.chars().map(|letter| Kind::Text(letter.into()));
                letters.map(|kind| Value { kind, span }).collect()
            }
            Kind::Bytes(bytes) => {
                bytes.into_iter().map(|byte| Value { kind: Kind::Int(byte.into()), span }).collect()
            }
            kind => {
                let value = Value { kind, span };
                if let Some(members) = self.members_of(&value) {
                    return Ok(members);
                }
                if let Some(items) = self.host.items(&value)? {
                    return Ok(items);
                }
                return Err(match super::operator::is_known(&value) {
                    true => {
                        let message = format!("'{}' object is not iterable", value.type_name());
                        Stop::raised("TypeError", message, span)
                    }
                    false => self.unclear(&value),
                });
            }
        })
    }

    /// Where an index points.
    pub(super) fn position(&self, length: usize, key: &Value, span: Span) -> Result<usize, Stop> {
        let Some(index) = whole(key) else {
            let message =
                format!("list indices must be integers or slices, not {}", key.type_name());
            return Err(Stop::raised("TypeError", message, span));
        };
        let at = if index < 0 {
            i64::try_from(length).ok().and_then(|all| all.checked_add(index))
        } else {
            Some(index)
        };
        match at.and_then(|at| usize::try_from(at).ok()).filter(|at| *at < length) {
            Some(at) => Ok(at),
            None => Err(Stop::raised("IndexError", "list index out of range", span)),
        }
    }

    /// `of[key]`.
    pub(super) fn item(&self, of: &Value, key: &Value, span: Span) -> Result<Value, Stop> {
        let found = match &of.kind {
            Kind::Row(names, items) if key.text().is_some() => {
                let at = names.iter().position(|name| Some(name.as_str()) == key.text());
                match at.and_then(|at| items.get(at)) {
                    Some(item) => item.clone(),
                    None => return Err(self.missing_key(key, span)),
                }
            }
            Kind::List(items)
            | Kind::Tuple(items)
            | Kind::Row(_, items)
            | Kind::View("range", items) => items[self.position(items.len(), key, span)?].clone(),
            Kind::Text(text) => {
                let letters: Vec<char> = text.chars().collect();
                let letter = letters[self.position(letters.len(), key, span)?];
                Value { kind: Kind::Text(letter.into()), span }
            }
            Kind::Dict(entries) if self.hashable(key).is_ok() => match item(entries, key) {
                Some(Some(found)) => found.clone(),
                Some(None) => return Err(self.missing_key(key, span)),
                None => return Err(self.unclear(key)),
            },
            Kind::Dict(_) => {
                return Err(self.hashable(key).err().unwrap_or_else(|| self.unclear(key)));
            }
            _ => return Err(self.unclear(of)),
        };
        Ok(Value { kind: found.kind, span })
    }

    pub(super) fn missing_key(&self, key: &Value, span: Span) -> Stop {
        let text = match key.text() {
            Some(text) => repr::string(text),
            None => self.str(key).unwrap_or_default(),
        };
        match Stop::raised("KeyError", text, span) {
            Stop::Raised(mut raised) => {
                raised.arguments = vec![key.clone()];
                Stop::Raised(raised)
            }
            other => other,
        }
    }

    /// That a value can be a key, or in a set.
    pub(super) fn hashable(&self, key: &Value) -> Result<(), Stop> {
        match &key.kind {
            Kind::List(_) | Kind::Dict(_) | Kind::Set(_) => {
                let message = format!("unhashable type: '{}'", key.type_name());
                Err(Stop::raised("TypeError", message, key.span))
            }
            Kind::Tuple(items) => items.iter().try_for_each(|item| self.hashable(item)),
            _ => Ok(()),
        }
    }

    /// `of[low:high:step]`.
    pub(super) fn sliced(
        &self,
        of: Value,
        low: Option<i64>,
        high: Option<i64>,
        step: i64,
        span: Span,
    ) -> Result<Value, Stop> {
        if step == 0 {
            return Err(Stop::raised("ValueError", "slice step cannot be zero", span));
        }
        let chosen = |length: usize| -> Vec<usize> {
            let length = i64::try_from(length).unwrap_or(i64::MAX);
            let bound = |at: i64, least: i64, most: i64| {
                let at = if at < 0 { at.saturating_add(length) } else { at };
                at.clamp(least, most)
            };
            let mut at = match (low, step > 0) {
                (Some(low), true) => bound(low, 0, length),
                (Some(low), false) => bound(low, -1, length - 1),
                (None, true) => 0,
                (None, false) => length - 1,
            };
            let end = match (high, step > 0) {
                (Some(high), true) => bound(high, 0, length),
                (Some(high), false) => bound(high, -1, length - 1),
                (None, true) => length,
                (None, false) => -1,
            };
            let mut chosen = Vec::new();
            while if step > 0 { at < end } else { at > end } {
                chosen.extend(usize::try_from(at));
                at = at.saturating_add(step);
            }
            chosen
        };
        let kind = match of.kind {
            Kind::Text(text) => {
                let letters: Vec<char> = text.chars().collect();
                Kind::Text(
                    chosen(letters.len()).into_iter().filter_map(|at| letters.get(at)).collect(),
                )
            }
            Kind::List(items) => Kind::List(
                chosen(items.len()).into_iter().filter_map(|at| items.get(at).cloned()).collect(),
            ),
            Kind::Tuple(items) => Kind::Tuple(
                chosen(items.len()).into_iter().filter_map(|at| items.get(at).cloned()).collect(),
            ),
            kind => return Err(self.unclear(&Value { kind, span: of.span })),
        };
        Ok(Value { kind, span })
    }

    /// `entries[key] = value`.
    pub(super) fn put(
        &self,
        entries: &mut Vec<(Value, Value)>,
        key: Value,
        value: Value,
    ) -> Result<(), Stop> {
        self.bounded(entries.len(), key.span)?;
        self.hashable(&key)?;
        // A column is a key of SQLAlchemy's own, which is like no other.
        let known = entries.iter_mut().find(|(known, _)| equal(known, &key) == Some(true));
        match known {
            Some(entry) => entry.1 = value,
            None => entries.push((key, value)),
        }
        Ok(())
    }

    /// A method that changes what it is called on.
    pub(super) fn change(
        &mut self,
        of: &mut Value,
        method: &str,
        arguments: Vec<Value>,
        keywords: &Keywords,
        span: Span,
    ) -> Result<Kind, Stop> {
        let mut arguments = arguments.into_iter();
        let first = arguments.next();
        let second = arguments.next();
        let wants = || {
            Stop::raised("TypeError", format!("{method}() got other arguments than it takes"), span)
        };
        match (&mut of.kind, method) {
            (Kind::List(items), "append") => {
                self.bounded(items.len(), span)?;
                items.push(first.ok_or_else(wants)?);
            }
            (Kind::List(items), "extend") => {
                let more = self.iterated(first.ok_or_else(wants)?)?;
                self.bounded(items.len() + more.len(), span)?;
                items.extend(more);
            }
            (Kind::List(items), "insert") => {
                let (at, item) = first.zip(second).ok_or_else(wants)?;
                let at = whole(&at).ok_or_else(wants)?;
                let length = i64::try_from(items.len()).unwrap_or(i64::MAX);
                let at = if at < 0 { at.saturating_add(length).max(0) } else { at.min(length) };
                items.insert(usize::try_from(at).unwrap_or(0), item);
            }
            (Kind::List(items), "pop") => {
                let last = Value { kind: Kind::Int(-1), span };
                let at = self.position(items.len(), &first.unwrap_or(last), span)?;
                return Ok(items.remove(at).kind);
            }
            (Kind::List(items), "remove") => {
                let wanted = first.ok_or_else(wants)?;
                match items.iter().position(|one| equal(one, &wanted) == Some(true)) {
                    Some(at) => drop(items.remove(at)),
                    None => {
                        return Err(Stop::raised(
                            "ValueError",
                            "list.remove(x): x not in list",
                            span,
                        ));
                    }
                }
            }
            (Kind::List(items), "reverse") => items.reverse(),
            (Kind::List(items), "sort") => {
                let sorted = self.sorted(core::mem::take(items), keywords, span)?;
                *items = sorted;
            }
            (Kind::List(items) | Kind::Set(items), "clear") => items.clear(),
            (Kind::Dict(entries), "clear") => entries.clear(),
            (Kind::Dict(entries), "pop") => {
                let key = first.ok_or_else(wants)?;
                return match (
                    entries.iter().position(|(known, _)| equal(known, &key) == Some(true)),
                    second,
                ) {
                    (Some(at), _) => Ok(entries.remove(at).1.kind),
                    (None, Some(other)) => Ok(other.kind),
                    (None, None) => Err(self.missing_key(&key, span)),
                };
            }
            (Kind::Dict(entries), "setdefault") => {
                let key = first.ok_or_else(wants)?;
                self.hashable(&key)?;
                if let Some(found) = item(entries, &key).ok_or_else(|| self.unclear(&key))? {
                    return Ok(found.kind.clone());
                }
                let value = second.unwrap_or(Value { kind: Kind::None, span });
                entries.push((key, value.clone()));
                return Ok(value.kind);
            }
            (Kind::Dict(entries), "update") => {
                if let Some(more) = first {
                    for (key, value) in self.pairs(more, span)? {
                        self.put(entries, key, value)?;
                    }
                }
                for (name, value) in keywords {
                    let key = Value { kind: Kind::Text((*name).into()), span };
                    self.put(entries, key, value.clone())?;
                }
            }
            (Kind::Set(items), "add") => {
                self.bounded(items.len(), span)?;
                let item = first.ok_or_else(wants)?;
                self.hashable(&item)?;
                if !contains(items, &item).ok_or_else(|| self.unclear(&item))? {
                    items.push(item);
                }
            }
            (Kind::Set(items), "discard" | "remove") => {
                let wanted = first.ok_or_else(wants)?;
                match items.iter().position(|one| equal(one, &wanted) == Some(true)) {
                    Some(at) => drop(items.remove(at)),
                    None if method == "remove" => return Err(self.missing_key(&wanted, span)),
                    None => {}
                }
            }
            (Kind::Set(items), "update") => {
                items.extend(self.iterated(first.ok_or_else(wants)?)?);
                *items = self.distinct(core::mem::take(items), span)?;
            }
            (Kind::Set(items), "difference_update" | "intersection_update") => {
                let others = self.iterated(first.ok_or_else(wants)?)?;
                let wanted = method == "intersection_update";
                items.retain(|item| contains(&others, item) == Some(wanted));
            }
            (Kind::Set(items), "pop") if !items.is_empty() => return Ok(items.remove(0).kind),
            _ => {
                return Err(
                    self.unknown(span, &format!("The method `{method}` of {}", of.describe()))
                );
            }
        }
        Ok(Kind::None)
    }

    /// The entries of a dict, or of a list of pairs.
    pub(super) fn pairs(&self, value: Value, span: Span) -> Result<Vec<(Value, Value)>, Stop> {
        if let Kind::Dict(entries) = value.kind {
            return Ok(entries);
        }
        let mut pairs = Vec::new();
        for pair in self.iterated(value)? {
            let mut pair = self.iterated(pair)?.into_iter();
            match (pair.next(), pair.next(), pair.next()) {
                (Some(key), Some(value), None) => self.put(&mut pairs, key, value)?,
                _ => {
                    let message =
                        "dictionary update sequence element has the wrong length; 2 is required";
                    return Err(Stop::raised("ValueError", message, span));
                }
            }
        }
        Ok(pairs)
    }

    /// A method that changes nothing; nothing if there is no such method.
    pub(super) fn method_of_collection(
        &self,
        of: &Value,
        method: &str,
        arguments: &[Value],
        span: Span,
    ) -> Result<Option<Kind>, Stop> {
        let one = || match arguments {
            [one] => Ok(one.clone()),
            _ => Err(Stop::raised(
                "TypeError",
                format!("{method}() takes exactly one argument"),
                span,
            )),
        };
        Ok(Some(match (&of.kind, method) {
            (Kind::List(_) | Kind::Dict(_) | Kind::Set(_), "copy") => of.kind.clone(),
            (Kind::Dict(_), "items" | "keys" | "values") if !arguments.is_empty() => {
                let message = format!("dict.{method}() takes no arguments");
                return Err(Stop::raised("TypeError", message, span));
            }
            (Kind::Dict(entries), "items") => {
                let pair = |key: &Value, value: &Value| {
                    let kind = Kind::Tuple(vec![key.clone(), value.clone()]);
                    Value { kind, span }
                };
                let pairs = entries.iter().map(|(key, value)| pair(key, value));
                Kind::View("dict_items", pairs.collect())
            }
            (Kind::Dict(entries), "keys") => {
                Kind::View("dict_keys", entries.iter().map(|(key, _)| key.clone()).collect())
            }
            (Kind::Dict(entries), "values") => {
                Kind::View("dict_values", entries.iter().map(|(_, value)| value.clone()).collect())
            }
            (Kind::Dict(entries), "get") => {
                let Some(key) = arguments.first() else { return Ok(None) };
                self.hashable(key)?;
                match item(entries, key).ok_or_else(|| self.unclear(key))? {
                    Some(found) => found.kind.clone(),
                    None => arguments.get(1).map_or(Kind::None, |other| other.kind.clone()),
                }
            }
            (Kind::List(_) | Kind::Tuple(_), "index") if arguments.len() > 1 => return Ok(None),
            (Kind::List(items) | Kind::Tuple(items), "index") => {
                let wanted = one()?;
                match items.iter().position(|item| equal(item, &wanted) == Some(true)) {
                    Some(at) => Kind::Int(i64::try_from(at).unwrap_or_default()),
                    None => {
                        let wanted = self.repr(&wanted)?;
                        let message = format!("{wanted} is not in list");
                        return Err(Stop::raised("ValueError", message, span));
                    }
                }
            }
            (Kind::List(items) | Kind::Tuple(items), "count") => {
                let wanted = one()?;
                let count = items.iter().filter(|item| equal(item, &wanted) == Some(true)).count();
                Kind::Int(i64::try_from(count).unwrap_or_default())
            }
            (
                Kind::Set(items),
                "union" | "intersection" | "difference" | "symmetric_difference",
            ) => {
                let operator = match method {
                    "union" => ruff_python_ast::Operator::BitOr,
                    "intersection" => ruff_python_ast::Operator::BitAnd,
                    "difference" => ruff_python_ast::Operator::Sub,
                    _ => ruff_python_ast::Operator::BitXor,
                };
                let mut kind = Kind::Set(items.clone());
                for other in arguments {
                    let others = self.iterated(other.clone())?;
                    // CPython does not look at all of them.
                    if method != "union" && others.iter().any(|item| self.hashable(item).is_err()) {
                        return Err(self.unclear(other));
                    }
                    let other = self.distinct(others, span)?;
                    let (left, right) =
                        (Value { kind, span }, Value { kind: Kind::Set(other), span });
                    kind = self.binary(left, operator, right, span)?;
                }
                kind
            }
            (Kind::Set(items), "issubset" | "issuperset" | "isdisjoint") => {
                let other = self.iterated(one()?)?;
                let answer = match method {
                    "issubset" => super::operator::subset(items, &other),
                    "issuperset" => super::operator::subset(&other, items),
                    _ => {
                        let found: Option<Vec<bool>> =
                            items.iter().map(|item| contains(&other, item)).collect();
                        found.map(|found| !found.contains(&true))
                    }
                };
                Kind::Bool(answer.ok_or_else(|| self.unclear(of))?)
            }
            _ => return Ok(None),
        }))
    }
}
