//! A change of a table on a SQLite connection.

use crate::perform;
use ambix_core::diagnostic::Diagnostic;
use ambix_core::engine::{self, Answer, Event, Exchange, Host, Next, Port, Request, Settings};
use ambix_core::operation::AlterTable;
use rusqlite::Connection;

/// A port that has nothing but a database.
pub struct Desk(pub Host<Request, Answer>);

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
    let exchange =
        Exchange::new(async move |host| engine::alter(&Desk(host), &change, &settings).await);
    pump(exchange, |request| perform(database, request))
}

/// Runs an exchange to its end with a host that performs as `host` says.
pub fn pump<T>(
    mut exchange: Exchange<Request, Answer, T>,
    mut host: impl FnMut(&Request) -> Answer,
) -> T {
    let mut answer = None;
    loop {
        match exchange.next(answer.take()) {
            Some(Next::Request(request)) => answer = Some(host(&request)),
            Some(Next::Done(done)) => return done,
            None => panic!("the exchange ended without an outcome"),
        }
    }
}
