//! The one place that changes a table.

use ambix_core::engine::{self, Answer, Event, Exchange, Host, Next, Port, Request, Settings};
use ambix_core::operation::AlterTable;
use ambix_tests::perform;
use rusqlite::Connection;

struct Desk(Host<Request, Answer>);

impl Port for Desk {
    async fn database(&self, request: Request) -> Answer {
        self.0.ask(request).await
    }
    async fn tell(&self, _event: Event) {}
    async fn now(&self) -> String {
        "2026-11-22 08:27:31".into()
    }
}

/// How the engine is to go about it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Road {
    /// Foreign keys may be switched off meanwhile.
    Free,
    /// The connection is shared: its settings stay as they are.
    Guarded,
}

/// Changes a table of a database.
pub(crate) fn apply(database: &Connection, change: &AlterTable, road: Road) -> Result<(), String> {
    let change = change.clone();
    let mut exchange = Exchange::new(async move |host| {
        let desk = Desk(host);
        engine::alter(&desk, &change, &settings(road)).await
    });
    let mut answer = None;
    loop {
        match exchange.next(answer).ok_or("the change ended without a word")? {
            Next::Done(result) => return result.map_err(|error| error.message),
            Next::Request(request) => answer = Some(perform(database, &request)),
        }
    }
}

fn settings(road: Road) -> Settings {
    Settings { guarded: road == Road::Guarded, ..Settings::default() }
}
