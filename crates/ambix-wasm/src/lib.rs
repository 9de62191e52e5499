//! The engine for JavaScript. Conversions only: what crosses is described in [`message`], and its
//! TypeScript types are generated from there.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod alteration;
mod bundle;
mod message;
mod plan;

use alteration::AlterTable;
use ambix_core::engine::{
    self, DatabaseState, Event, Exchange, Host, Next, Port, ScriptDirectory, Settings,
};
use bundle::Bundle;
pub use plan::plan;

use message::{Answer, Finished, Progress, RevisionSource, Trouble, Turn};
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
    /// that the journal is told. `guarded`: the host does not perform [`message::Turn::Rebuild`].
    /// `keep_data`: what revisions drop is kept for their downgrade, where they do not say themselves.
    pub fn upgrade(&self, target: String, now: String, guarded: bool, keep_data: bool) -> Run {
        let bundle = Rc::clone(&self.bundle);
        begin(now, async move |desk| {
            let settings = Settings { journal: true, guarded, keep_data, ..Settings::default() };
            let plan = engine::upgrade(&desk, &*bundle, &target, &settings).await?;
            Ok(Finished { applied: plan.steps.len(), ..Finished::default() })
        })
    }

    /// Begins a downgrade to `target`: `base`, an id or its beginning, `-1`.
    pub fn downgrade(&self, target: String, now: String, guarded: bool, keep_data: bool) -> Run {
        let bundle = Rc::clone(&self.bundle);
        begin(now, async move |desk| {
            let settings = Settings { journal: true, guarded, keep_data, ..Settings::default() };
            let plan = engine::downgrade(&desk, &*bundle, &target, &settings).await?;
            Ok(Finished { applied: plan.steps.len(), ..Finished::default() })
        })
    }

    /// Begins to read where the database is.
    pub fn current(&self) -> Run {
        let bundle = Rc::clone(&self.bundle);
        begin(String::new(), async move |desk| {
            let state = DatabaseState::read(&desk, &Settings::default()).await?;
            bundle.graph().rows(&state.heads)?;
            let current = state.heads.iter().map(ToString::to_string).collect();
            Ok(Finished { current, ..Finished::default() })
        })
    }
}

/// Begins to change one table, outside of any revision. `guarded`: the host does not perform
/// [`message::Turn::Rebuild`].
///
/// # Errors
/// If the change is not of its type.
#[wasm_bindgen]
pub fn alter(change: Ts<AlterTable>, guarded: bool) -> Result<Run, JsError> {
    let change = change.to_rust()?.into();
    Ok(begin(String::new(), async move |desk| {
        let settings = Settings { guarded, ..Settings::default() };
        engine::alter(&desk, &change, &settings).await?;
        Ok(Finished::default())
    }))
}

/// Begins to compare the database with the schema that the statements of `script` make.
#[wasm_bindgen]
pub fn differences(script: String) -> Run {
    begin(String::new(), async move |desk| {
        let differences = engine::differences(&desk, &script).await?.into();
        Ok(Finished { differences: Some(differences), ..Finished::default() })
    })
}

fn begin<F>(now: String, procedure: impl FnOnce(Desk) -> F) -> Run
where
    F: Future<Output = Outcome> + 'static,
{
    let events = Rc::default();
    let told = Rc::clone(&events);
    let exchange = Exchange::new(|host| procedure(Desk { host, events: told, now }));
    Run { exchange, events }
}

type Outcome = Result<Finished, ambix_core::diagnostic::Diagnostic>;

/// A procedure that is under way: call [`Run::next`], perform what it asks for, and call again with
/// the answer.
#[wasm_bindgen]
pub struct Run {
    exchange: Exchange<engine::Request, engine::Answer, Outcome>,
    events: Rc<RefCell<Vec<Progress>>>,
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
            Some(Next::Done(Ok(finished))) => Turn::Done(finished),
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
