//! A change of a table on a SQLite connection.

use crate::perform;
use ambix_core::diagnostic::Diagnostic;
use ambix_core::engine::{self, Answer, Event, Exchange, Host, Next, Port, Request, Settings};
use ambix_core::operation::AlterTable;
use rusqlite::Connection;

struct Desk(Host<Request, Answer>);

impl Port for Desk {
    async fn database(&self, request: Request) -> Answer {
        self.0.ask(request).await
    }
    async fn tell(&self, _event: Event) {}
    async fn now(&self) -> String {
        String::new()
    }
}

/// Changes a table, with foreign keys in force if `guarded`.
///
/// # Errors
/// Those of the engine.
pub fn apply(database: &Connection, change: &AlterTable, guarded: bool) -> Result<(), Diagnostic> {
    let settings = Settings { guarded, ..Settings::default() };
    let change = change.clone();
    let mut exchange =
        Exchange::new(async move |host| engine::alter(&Desk(host), &change, &settings).await);
    let mut answer = None;
    loop {
        match exchange.next(answer.take()) {
            Some(Next::Request(request)) => answer = Some(perform(database, &request)),
            Some(Next::Done(done)) => return done,
            None => panic!("the exchange ended without an outcome"),
        }
    }
}
