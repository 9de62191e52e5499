//! Comprehensions and generators. The items of a generator are worked out at once.

use super::frame::{Frame, FrameId};
use super::{Evaluator, Stop};
use crate::syntax::span_of;
use crate::value::{Kind, Value};
use ruff_python_ast::{Comprehension, Expr, ExprDictComp};

impl<'a> Evaluator<'a> {
    pub(super) fn comprehension(
        &mut self,
        item: &'a Expr,
        generators: &'a [Comprehension],
        frame: FrameId,
    ) -> Result<Vec<Value>, Stop> {
        let mut items = Vec::new();
        self.collected(item, generators, frame, &mut items)?;
        Ok(items)
    }

    /// A generator. What its first `for` goes over is worked out where it is made; an exception comes when somebody
    /// gets there.
    pub(super) fn generator(
        &mut self,
        item: &'a Expr,
        generators: &'a [Comprehension],
        frame: FrameId,
    ) -> Result<Kind, Stop> {
        let mut items = Vec::new();
        match self.collected(item, generators, frame, &mut items) {
            Ok(()) => Ok(self.iterator(items, None)),
            Err(stop @ Stop::Raised(_)) if !items.is_empty() => {
                Ok(self.iterator(items, Some(stop)))
            }
            Err(stop) => Err(stop),
        }
    }

    fn collected(
        &mut self,
        item: &'a Expr,
        generators: &'a [Comprehension],
        frame: FrameId,
        items: &mut Vec<Value>,
    ) -> Result<(), Stop> {
        let inner = self.push_frame(Frame::within(frame));
        self.turn(generators, inner, &mut |evaluator| {
            let value = evaluator.eval(item, inner)?;
            evaluator.room(items.len(), value.span)?;
            items.push(value);
            Ok(())
        })
    }

    pub(super) fn dict_comprehension(
        &mut self,
        each: &'a ExprDictComp,
        frame: FrameId,
    ) -> Result<Kind, Stop> {
        let Some(key) = each.key.as_deref() else {
            return Err(self.unknown(span_of(each), "A dict of this kind"));
        };
        let mut entries = Vec::new();
        let inner = self.push_frame(Frame::within(frame));
        self.turn(&each.generators, inner, &mut |evaluator| {
            let key = evaluator.eval(key, inner)?;
            let value = evaluator.eval(&each.value, inner)?;
            evaluator.put(&mut entries, key, value)
        })?;
        Ok(Kind::Dict(entries))
    }

    /// One turn for each combination of items.
    fn turn(
        &mut self,
        generators: &'a [Comprehension],
        frame: FrameId,
        then: &mut dyn FnMut(&mut Self) -> Result<(), Stop>,
    ) -> Result<(), Stop> {
        let Some((generator, rest)) = generators.split_first() else { return then(self) };
        self.step(span_of(&generator.target))?;
        if generator.is_async {
            return Err(self.unknown(span_of(&generator.target), "An `async for`"));
        }
        let over = self.eval(&generator.iter, frame)?;
        'items: for item in self.iterated(over)? {
            self.assign(&generator.target, item, frame)?;
            for condition in &generator.ifs {
                let condition = self.eval(condition, frame)?;
                if !self.truth(&condition)? {
                    continue 'items;
                }
            }
            self.turn(rest, frame, then)?;
        }
        Ok(())
    }
}
