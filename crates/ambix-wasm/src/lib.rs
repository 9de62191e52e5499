//! The engine for JavaScript. Conversions only: what crosses is described in [`message`], and its
//! TypeScript types are generated from there.

mod bundle;
mod message;
mod plan;

use ambix_core::engine::{
    self, DatabaseState, Event, Exchange, Host, Next, Port, ScriptDirectory, Settings,
};
use bundle::Bundle;
pub use plan::plan;

use message::{Answer, Progress, RevisionSource, Trouble, Turn};
use std::cell::RefCell;
use std::rc::Rc;
use tsify::{Ts, Tsify};
use wasm_bindgen::prelude::*;

/// A set of revisions, checked once and used for any number of databases.
#[wasm_bindgen]
pub struct Engine {
    bundle: Rc<Bundle>,
}

#[wasm_bindgen]
impl Engine {
    /// Builds the graph of the revisions.
    ///
    /// # Errors
    /// If two have the same id, a parent is missing, or they follow each other in a circle.
    #[wasm_bindgen(constructor)]
    pub fn new(revisions: Vec<Ts<RevisionSource>>) -> Result<Engine, JsValue> {
        let sources: Result<Vec<_>, _> = revisions.iter().map(Ts::to_rust).collect();
        match Bundle::build(sources.map_err(JsError::from)?) {
            Ok(bundle) => Ok(Self { bundle: Rc::new(bundle) }),
            Err(error) => Err(Trouble::from(&error).into_ts().map_err(JsError::from)?.into()),
        }
    }

    /// Begins an upgrade to `target`: `head`, `heads`, an id or its beginning, `+1`. `now` is the time
    /// that the journal is told.
    pub fn upgrade(&self, target: String, now: String) -> Run {
        self.begin(now, async move |desk, bundle| {
            engine::upgrade(&desk, &*bundle, &target, &settings(true))
                .await
                .map(|plan| plan.steps.len())
        })
    }

    /// Begins a downgrade to `target`: `base`, an id or its beginning, `-1`.
    pub fn downgrade(&self, target: String, now: String) -> Run {
        self.begin(now, async move |desk, bundle| {
            engine::downgrade(&desk, &*bundle, &target, &settings(true))
                .await
                .map(|plan| plan.steps.len())
        })
    }

    /// Begins to read where the database is.
    pub fn current(&self) -> Run {
        self.begin(String::new(), async move |desk, bundle| {
            let state = DatabaseState::read(&desk, &settings(false)).await?;
            bundle.graph().rows(&state.heads)?;
            *desk.current.borrow_mut() = state.heads.iter().map(ToString::to_string).collect();
            Ok(0)
        })
    }

    fn begin<F>(&self, now: String, procedure: impl FnOnce(Desk, Rc<Bundle>) -> F) -> Run
    where
        F: Future<Output = Result<usize, ambix_core::diagnostic::Diagnostic>> + 'static,
    {
        let (events, current) = (Rc::default(), Rc::default());
        let bundle = Rc::clone(&self.bundle);
        let (told, at) = (Rc::clone(&events), Rc::clone(&current));
        let exchange =
            Exchange::new(|host| procedure(Desk { host, events: told, current: at, now }, bundle));
        Run { exchange, events, current }
    }
}

fn settings(journal: bool) -> Settings {
    Settings { journal, ..Settings::default() }
}

type Outcome = Result<usize, ambix_core::diagnostic::Diagnostic>;

/// A procedure that is under way: call [`Run::next`], perform what it asks for, and call again with
/// the answer.
#[wasm_bindgen]
pub struct Run {
    exchange: Exchange<engine::Request, engine::Answer, Outcome>,
    events: Rc<RefCell<Vec<Progress>>>,
    current: Rc<RefCell<Vec<String>>>,
}

#[wasm_bindgen]
impl Run {
    /// Goes on to the next request or the end. The first call takes no answer.
    ///
    /// # Errors
    /// If the answer is not of its type.
    pub fn next(&mut self, answer: Option<Ts<Answer>>) -> Result<Ts<Turn>, JsError> {
        let answer = answer.map(|answer| answer.to_rust()).transpose()?;
        let turn = match self.exchange.next(answer.map(Into::into)) {
            Some(Next::Request(request)) => request.into(),
            Some(Next::Done(Ok(applied))) => Turn::Done { applied, current: self.current.take() },
            Some(Next::Done(Err(error))) => Turn::Failed { error: (&error).into() },
            None => Turn::Failed { error: Trouble::out_of_turn() },
        };
        Ok(turn.into_ts()?)
    }

    /// Takes what has happened since the last call.
    ///
    /// # Errors
    /// Never in practice: the types are plain.
    pub fn events(&mut self) -> Result<Vec<Ts<Progress>>, JsError> {
        self.events.take().iter().map(|event| Ok(event.into_ts()?)).collect()
    }
}

/// The engine's port: asks through the exchange, keeps events until they are taken.
struct Desk {
    host: Host<engine::Request, engine::Answer>,
    events: Rc<RefCell<Vec<Progress>>>,
    current: Rc<RefCell<Vec<String>>>,
    now: String,
}

impl Port for Desk {
    async fn database(&self, request: engine::Request) -> engine::Answer {
        self.host.ask(request).await
    }

    async fn tell(&self, event: Event) {
        self.events.borrow_mut().extend(Progress::of(&event));
    }

    async fn now(&self) -> String {
        self.now.clone()
    }
}
