//! Request and answer in turn, written as ordinary asynchronous code.
//!
//! The engine's procedures are `async fn`s that ask a [`Host`]; an [`Exchange`] runs one of them up to
//! its next request. There is no executor and no waker: the only thing ever waited for is the answer
//! that [`Exchange::next`] is called with. So a synchronous host pumps it in a plain loop, an
//! asynchronous one awaits between two calls.

use alloc::{boxed::Box, rc::Rc};
use core::cell::RefCell;
use core::future::{Future, poll_fn};
use core::pin::Pin;
use core::task::{Context, Poll, Waker};

struct Slot<Request, Answer> {
    request: Option<Request>,
    answer: Option<Answer>,
}

/// The procedure's side: where it asks.
pub struct Host<Request, Answer>(Rc<RefCell<Slot<Request, Answer>>>);

impl<Request, Answer> Clone for Host<Request, Answer> {
    fn clone(&self) -> Self {
        Self(Rc::clone(&self.0))
    }
}

impl<Request, Answer> Host<Request, Answer> {
    /// Hands `request` to whoever pumps the exchange and waits for the answer.
    pub async fn ask(&self, request: Request) -> Answer {
        self.0.borrow_mut().request = Some(request);
        poll_fn(|_| match self.0.borrow_mut().answer.take() {
            Some(answer) => Poll::Ready(answer),
            None => Poll::Pending,
        })
        .await
    }
}

/// What a procedure came to.
pub enum Next<Request, Outcome> {
    /// It waits for the answer to this request.
    Request(Request),
    /// It has ended.
    Done(Outcome),
}

/// A running procedure, seen from the host.
pub struct Exchange<Request, Answer, Outcome> {
    slot: Rc<RefCell<Slot<Request, Answer>>>,
    procedure: Option<Pin<Box<dyn Future<Output = Outcome>>>>,
}

impl<Request: 'static, Answer: 'static, Outcome> Exchange<Request, Answer, Outcome> {
    /// Prepares a procedure; it begins with the first call of [`Self::next`].
    pub fn new<F>(procedure: impl FnOnce(Host<Request, Answer>) -> F) -> Self
    where
        F: Future<Output = Outcome> + 'static,
    {
        let slot = Rc::new(RefCell::new(Slot { request: None, answer: None }));
        let procedure = procedure(Host(Rc::clone(&slot)));
        Self { slot, procedure: Some(Box::pin(procedure)) }
    }

    /// Goes on until the next request or the end. The first call takes `None`, every later one the
    /// answer to the request that the call before it gave.
    ///
    /// Returns `None` if there is nothing to go on with: the procedure has ended already, or the
    /// answer is missing.
    pub fn next(&mut self, answer: Option<Answer>) -> Option<Next<Request, Outcome>> {
        let procedure = self.procedure.as_mut()?;
        self.slot.borrow_mut().answer = answer;
        match procedure.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(outcome) => {
                self.procedure = None;
                Some(Next::Done(outcome))
            }
            Poll::Pending => self.slot.borrow_mut().request.take().map(Next::Request),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_procedure_asks_and_goes_on_with_the_answer() {
        let mut exchange = Exchange::<&str, u32, u32>::new(async |host| {
            let first = host.ask("first").await;
            first + host.ask("second").await
        });
        assert!(matches!(exchange.next(None), Some(Next::Request("first"))));
        assert!(matches!(exchange.next(Some(1)), Some(Next::Request("second"))));
        assert!(matches!(exchange.next(Some(2)), Some(Next::Done(3))));
        assert!(exchange.next(Some(3)).is_none());
    }

    #[test]
    fn a_missing_answer_is_no_progress() {
        let mut exchange = Exchange::<&str, u32, u32>::new(async |host| host.ask("one").await);
        assert!(exchange.next(None).is_some());
        assert!(exchange.next(None).is_none());
        assert!(matches!(exchange.next(Some(7)), Some(Next::Done(7))));
    }
}
