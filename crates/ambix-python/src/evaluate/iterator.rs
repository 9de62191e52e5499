//! What can be gone over once: generators, `zip(…)`, `map(…)`. Their items are worked out when they are made; an
//! exception on the way is raised when somebody gets there.

use super::{Evaluator, Stop};
use crate::value::{Kind, Value};
use std::cell::RefCell;
use std::collections::VecDeque;

/// The items that are left in each iterator.
#[derive(Default)]
pub(super) struct Iterators(RefCell<Vec<VecDeque<Result<Value, Stop>>>>);

impl Evaluator<'_> {
    /// Something that gives these items one after the other, and then ends or stops.
    pub(super) fn iterator(&self, items: Vec<Value>, stop: Option<Stop>) -> Kind {
        let mut all = self.iterators.0.borrow_mut();
        all.push(items.into_iter().map(Ok).chain(stop.map(Err)).collect());
        Kind::Iterator(all.len() - 1)
    }

    /// The next item of an iterator.
    pub(super) fn next(&self, iterator: usize) -> Result<Option<Value>, Stop> {
        let mut all = self.iterators.0.borrow_mut();
        all.get_mut(iterator).and_then(VecDeque::pop_front).transpose()
    }

    /// All items that are left in an iterator.
    pub(super) fn rest(&self, iterator: usize) -> Result<Vec<Value>, Stop> {
        let mut items = Vec::new();
        while let Some(item) = self.next(iterator)? {
            items.push(item);
        }
        Ok(items)
    }

    /// What can be gone over once as a list, for those who know lists only.
    pub(super) fn listed(&self, value: Value) -> Result<Value, Stop> {
        let Value { kind, span } = value;
        let kind = match kind {
            Kind::Iterator(iterator) => Kind::List(self.rest(iterator)?),
            Kind::View(_, items) => Kind::List(items),
            kind => kind,
        };
        Ok(Value { kind, span })
    }
}
