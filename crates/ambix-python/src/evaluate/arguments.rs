//! What a function of the file is called with.

use super::frame::{Frame, FrameId};
use super::operator::is_container;
use super::statement::Flow;
use super::{Body, Evaluator, Function, Stop};
use crate::value::{Keyword, Kind, Value};
use ambix_core::diagnostic::Span;

/// The arguments of a call.
#[derive(Default)]
pub(super) struct Given {
    pub(super) arguments: Vec<Value>,
    pub(super) keywords: Vec<Keyword>,
}

impl<'a> Evaluator<'a> {
    /// Calls a function of the file.
    pub(super) fn invoke(&mut self, id: usize, given: Given, span: Span) -> Result<Value, Stop> {
        let Some(function) = self.functions.get(id).copied() else {
            return Err(self.unknown(span, "A call of this"));
        };
        if let Some(why) = function.refused {
            let message = format!("`{}()` {why}, which is not followed", function.name);
            return Err(self.refuse(span, message, super::WRITE_OUT));
        }
        let frame = self.push_frame(Frame::within(function.around));
        self.bind_arguments(id, &function, given, frame, span)?;
        let before = self.enter_file(function.file);
        let result = self.deeper(span, |evaluator| match function.body {
            Body::Expression(expression) => evaluator.eval(expression, frame).map(Flow::Return),
            Body::Block(body) => evaluator.block(body, frame),
        });
        let inner = self.enter_file(before);
        let result = result.map_err(|stop| match stop {
            // What another file raises is told where that is called.
            Stop::Raised(raised) if inner != before => {
                Stop::raised(&raised.class, raised.message, span)
            }
            stop => stop,
        });
        Ok(match result? {
            Flow::Return(value) => {
                self.shallow(&value)?;
                Value { kind: value.kind, span }
            }
            _ => Value { kind: Kind::None, span },
        })
    }

    fn bind_arguments(
        &mut self,
        id: usize,
        function: &Function<'a>,
        given: Given,
        frame: FrameId,
        span: Span,
    ) -> Result<(), Stop> {
        let wrong = |message: String| {
            Stop::raised("TypeError", format!("{}() {message}", function.name), span)
        };
        let defaults = self.defaults.get(id).cloned().unwrap_or_default();
        let Given { arguments, mut keywords } = given;
        let mut arguments = arguments.into_iter();
        let Some(parameters) = function.parameters else {
            return match arguments.next().is_none() && keywords.is_empty() {
                true => Ok(()),
                false => Err(wrong("takes no arguments".into())),
            };
        };
        let only = parameters.posonlyargs.iter().map(|one| (one, true, false));
        let both = parameters.args.iter().map(|one| (one, true, true));
        let named = parameters.kwonlyargs.iter().map(|one| (one, false, true));
        for (parameter, by_position, by_name) in only.chain(both).chain(named) {
            let name = parameter.parameter.name.as_str();
            let keyword = keywords.iter().position(|keyword| keyword.name == name);
            let keyword = keyword.filter(|_| by_name);
            let value = match (if by_position { arguments.next() } else { None }, keyword) {
                (Some(_), Some(_)) => {
                    return Err(wrong(format!("got multiple values for argument '{name}'")));
                }
                (Some(value), None) => value,
                (None, Some(at)) => keywords.remove(at).value,
                (None, None) => match defaults.get(name) {
                    Some(default) => default.clone(),
                    None => return Err(wrong(format!("missing 1 required argument: '{name}'"))),
                },
            };
            self.pass(frame, name, value);
        }
        match &parameters.vararg {
            Some(rest) => {
                let value = Value { kind: Kind::Tuple(arguments.collect()), span };
                self.pass(frame, rest.name.as_str(), value);
            }
            None => {
                if arguments.next().is_some() {
                    return Err(wrong("takes fewer positional arguments".into()));
                }
            }
        }
        match (&parameters.kwarg, keywords.first()) {
            (Some(rest), _) => {
                let key = |name: String| Value { kind: Kind::Text(name), span };
                let entries =
                    keywords.into_iter().map(|one| (key(one.name.into()), one.value)).collect();
                // Nobody else has this dict.
                self.bind(frame, rest.name.as_str(), Value { kind: Kind::Dict(entries), span });
                Ok(())
            }
            (None, Some(keyword)) => {
                Err(wrong(format!("got an unexpected keyword argument '{}'", keyword.name)))
            }
            (None, None) => Ok(()),
        }
    }

    /// Gives a parameter its value, which the caller may have a name for too.
    fn pass(&mut self, frame: FrameId, name: &str, value: Value) {
        let shares = is_container(&value);
        self.bind(frame, name, value);
        if let Some(frame) = self.frames.get_mut(frame).filter(|_| shares) {
            frame.share(name);
        }
    }
}
