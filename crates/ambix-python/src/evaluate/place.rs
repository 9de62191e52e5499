//! Places that a value can be put into: names, items, and what methods change in their place.

use super::frame::FrameId;
use super::operator::{equal, is_container};
use super::{Evaluator, Stop};
use crate::syntax::span_of;
use crate::value::{Kind, Value};
use ambix_core::diagnostic::Span;
use ruff_python_ast::{Expr, ExprAttribute, ExprCall};

impl<'a> Evaluator<'a> {
    /// `target = value`.
    pub(super) fn assign(
        &mut self,
        target: &'a Expr,
        value: Value,
        frame: FrameId,
    ) -> Result<(), Stop> {
        match target {
            Expr::Name(name) => {
                self.shallow(&value)?;
                self.bind(frame, name.id.as_str(), value);
                Ok(())
            }
            Expr::Tuple(tuple) => self.unpack(&tuple.elts, value, frame, span_of(target)),
            Expr::List(list) => self.unpack(&list.elts, value, frame, span_of(target)),
            Expr::Subscript(subscript) => {
                let key = self.eval(&subscript.slice, frame)?;
                let span = span_of(target);
                self.changeable(&subscript.value, frame)?;
                let Some(mut of) = self.take(&subscript.value, frame)? else {
                    return Err(self.unknown(span, "An assignment to this"));
                };
                let result = match &mut of.kind {
                    Kind::Dict(entries) => self.put(entries, key, value),
                    Kind::List(items) => match self.position(items.len(), &key, span) {
                        Ok(at) => {
                            items[at] = value;
                            Ok(())
                        }
                        Err(stop) => Err(stop),
                    },
                    _ => Err(self.unknown(span, "An assignment to this")),
                };
                self.put_back(&subscript.value, of, frame)?;
                result
            }
            Expr::Starred(_) => Err(self.unknown(span_of(target), "A `*` here")),
            Expr::Attribute(attribute) => {
                let of = self.eval(&attribute.value, frame)?;
                match self.host.set_attribute(&of, attribute.attr.as_str(), value) {
                    true => Ok(()),
                    false => Err(self.unknown(span_of(target), "An assignment to an attribute")),
                }
            }
            // An attribute of something that is not followed, such as a logger's level.
            _ => Err(self.unknown(span_of(target), "An assignment to an attribute")),
        }
    }

    fn unpack(
        &mut self,
        targets: &'a [Expr],
        value: Value,
        frame: FrameId,
        span: Span,
    ) -> Result<(), Stop> {
        let items = self.iterated(value)?;
        let star = targets.iter().position(|target| matches!(target, Expr::Starred(_)));
        let (wanted, found) = (targets.len(), items.len());
        let fits = if star.is_some() { found + 1 >= wanted } else { found == wanted };
        if !fits {
            let message = match found > wanted {
                true => format!("too many values to unpack (expected {wanted})"),
                false => format!("not enough values to unpack (expected {wanted}, got {found})"),
            };
            return Err(Stop::raised("ValueError", message, span));
        }
        let mut items = items.into_iter();
        for target in targets {
            match target {
                Expr::Starred(starred) => {
                    let rest = items.by_ref().take(found + 1 - wanted).collect();
                    self.assign(&starred.value, Value { kind: Kind::List(rest), span }, frame)?;
                }
                _ => {
                    let Some(item) = items.next() else { break };
                    self.assign(target, item, frame)?;
                }
            }
        }
        Ok(())
    }

    pub(super) fn delete(&mut self, target: &'a Expr, frame: FrameId) -> Result<(), Stop> {
        let span = span_of(target);
        match target {
            Expr::Name(name) => {
                let known =
                    self.frames.get_mut(frame).is_some_and(|frame| frame.forget(name.id.as_str()));
                match known {
                    true => Ok(()),
                    false => Err(self.unknown(span, "A `del` of this")),
                }
            }
            Expr::Subscript(subscript) => {
                let key = self.eval(&subscript.slice, frame)?;
                self.changeable(&subscript.value, frame)?;
                let Some(mut of) = self.take(&subscript.value, frame)? else {
                    return Err(self.unknown(span, "A `del` of this"));
                };
                let result = match &mut of.kind {
                    Kind::Dict(entries) => {
                        match entries.iter().position(|(known, _)| equal(known, &key) == Some(true))
                        {
                            Some(at) => {
                                entries.remove(at);
                                Ok(())
                            }
                            None => Err(self.missing_key(&key, span)),
                        }
                    }
                    Kind::List(items) => self.position(items.len(), &key, span).map(|at| {
                        items.remove(at);
                    }),
                    _ => Err(self.unknown(span, "A `del` of this")),
                };
                self.put_back(&subscript.value, of, frame)?;
                result
            }
            _ => Err(self.unknown(span, "A `del` of this")),
        }
    }

    /// A method that changes what it is called on: `names.append(…)`. Nothing if it is another method.
    pub(super) fn changed_in_place(
        &mut self,
        method: &'a ExprAttribute,
        call: &'a ExprCall,
        frame: FrameId,
        span: Span,
    ) -> Result<Option<Value>, Stop> {
        let name = method.attr.as_str();
        if !super::collection::changes(name) {
            return Ok(None);
        }
        // The receiver is only looked at: what it holds is not copied twice.
        let of = self.eval(&method.value, frame)?;
        if !super::collection::is_changed_by(&of, name) {
            return Ok(None);
        }
        self.changeable(&method.value, frame)?;
        let arguments = self.all(&call.arguments.args, frame)?;
        let mut keywords = Vec::new();
        for keyword in &call.arguments.keywords {
            let Some(name) = &keyword.arg else {
                return Err(self.unknown(span, "A `**` here"));
            };
            keywords.push((name.as_str(), self.eval(&keyword.value, frame)?));
        }
        let mut of = of;
        let result = self.change(&mut of, name, arguments, &keywords, span)?;
        self.put_back(&method.value, of, frame)?;
        Ok(Some(Value { kind: result, span }))
    }

    /// The value at a place, to be changed and put back; nothing if it is no place.
    fn take(&mut self, place: &'a Expr, frame: FrameId) -> Result<Option<Value>, Stop> {
        match place {
            Expr::Name(_) | Expr::Subscript(_) | Expr::Call(_) => self.eval(place, frame).map(Some),
            _ => Ok(None),
        }
    }

    /// Puts a changed value where it came from. What has no place was made on the spot and is forgotten.
    fn put_back(&mut self, place: &'a Expr, value: Value, frame: FrameId) -> Result<(), Stop> {
        self.shallow(&value)?;
        match place {
            Expr::Name(name) => {
                let name = name.id.as_str();
                let home = self.home(name, frame).and_then(|home| self.frames.get_mut(home));
                if let Some(known) = home.and_then(|home| home.value_mut(name)) {
                    *known = value;
                }
                Ok(())
            }
            Expr::Subscript(subscript) => {
                let key = self.eval(&subscript.slice, frame)?;
                self.put_item(&subscript.value, key, value, frame)
            }
            // `groups.setdefault(key, []).append(…)`
            Expr::Call(call) => match &*call.func {
                Expr::Attribute(method) if method.attr.as_str() == "setdefault" => {
                    let Some(key) = call.arguments.args.first() else { return Ok(()) };
                    let key = self.eval(key, frame)?;
                    self.put_item(&method.value, key, value, frame)
                }
                _ => Ok(()),
            },
            _ => Ok(()),
        }
    }

    pub(super) fn put_item(
        &mut self,
        place: &'a Expr,
        key: Value,
        value: Value,
        frame: FrameId,
    ) -> Result<(), Stop> {
        let mut of = self.eval(place, frame)?;
        match &mut of.kind {
            Kind::Dict(entries) => self.put(entries, key, value)?,
            Kind::List(items) => {
                let at = self.position(items.len(), &key, key.span)?;
                items[at] = value;
            }
            _ => return Err(self.unknown(span_of(place), "A change of this")),
        }
        self.put_back(place, of, frame)
    }

    /// That a place may be changed: nothing else sees the value that is there.
    pub(super) fn changeable(&self, place: &Expr, frame: FrameId) -> Result<(), Stop> {
        let is_alone = match place {
            Expr::Name(name) => {
                let name = name.id.as_str();
                let home = self.home(name, frame).and_then(|home| self.frames.get(home));
                !home.is_some_and(|home| home.is_shared(name))
            }
            Expr::Subscript(subscript) => return self.changeable(&subscript.value, frame),
            Expr::Call(call) => match &*call.func {
                Expr::Attribute(method) if method.attr.as_str() == "setdefault" => {
                    return self.changeable(&method.value, frame);
                }
                _ => false,
            },
            _ => false,
        };
        match is_alone {
            true => Ok(()),
            false => {
                let message =
                    "A list or dict that has more than one name is changed, which is not followed";
                let hint = "Change it under the name that it was made under, or make a new one: `list(…)`, `dict(…)`.";
                Err(self.refuse(span_of(place), message, hint))
            }
        }
    }

    pub(super) fn refuse_shared(
        &self,
        place: &Expr,
        value: &Value,
        frame: FrameId,
    ) -> Result<(), Stop> {
        match value.kind {
            Kind::List(_) | Kind::Dict(_) | Kind::Set(_) => self.changeable(place, frame),
            _ => Ok(()),
        }
    }

    /// Takes note that a value has another name from here on, if it is one that can be changed. False if it was
    /// made on the spot.
    pub(super) fn share(&mut self, expression: &Expr, value: &Value, frame: FrameId) -> bool {
        if !is_container(value) {
            return false;
        }
        match expression {
            Expr::Subscript(subscript) => self.share(&subscript.value, value, frame),
            Expr::Attribute(attribute) => self.share(&attribute.value, value, frame),
            Expr::Named(named) => self.share(&named.value, value, frame),
            Expr::If(choice) => {
                self.share(&choice.body, value, frame) | self.share(&choice.orelse, value, frame)
            }
            Expr::BoolOp(operation) => {
                let all = operation.values.iter();
                all.fold(false, |shares, one| self.share(one, value, frame) | shares)
            }
            // What a method of a dict gives is still in it.
            Expr::Call(call) => match &*call.func {
                Expr::Attribute(method)
                    if matches!(
                        method.attr.as_str(),
                        "get" | "setdefault" | "items" | "values"
                    ) =>
                {
                    self.share(&method.value, value, frame)
                }
                _ => false,
            },
            Expr::Name(name) => {
                let name = name.id.as_str();
                let home = self.home(name, frame);
                if let Some(home) = home.and_then(|home| self.frames.get_mut(home)) {
                    home.share(name);
                }
                true
            }
            _ => false,
        }
    }

    /// The same for the names of a loop: what they stand for is still in the list.
    pub(super) fn share_names(&mut self, target: &Expr, frame: FrameId) {
        match target {
            Expr::Name(name) => {
                let name = name.id.as_str();
                if let Some(frame) = self.frames.get_mut(frame)
                    && matches!(frame.value(name), Some(Ok(value)) if is_container(value))
                {
                    frame.share(name);
                }
            }
            Expr::Tuple(tuple) => tuple.elts.iter().for_each(|item| self.share_names(item, frame)),
            Expr::List(list) => list.elts.iter().for_each(|item| self.share_names(item, frame)),
            _ => {}
        }
    }
}
