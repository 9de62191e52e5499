//! Database files, in and out, and starting over.

use ambix_sqljs::{Journal, Refused};
use yew::prelude::*;

use super::{App, Message, Waiting};
use crate::session::effects::download;
use crate::session::{Action, Desk, Files, NoticeKind, Question};

/// What an exported file is called.
const NAME: &str = "app.sqlite";

impl App {
    /// Looks at a file; it becomes the database if it is one, and if nothing is lost by that.
    pub(super) fn import(&mut self, ctx: &Context<Self>, name: String, bytes: &[u8]) {
        self.reduce(Action::Dismiss(NoticeKind::Refused));
        self.reduce(Action::Dismiss(NoticeKind::Imported));
        let Some(sqlite) = self.sqlite.as_ref().filter(|_| self.may_write()) else {
            return self.notify(NoticeKind::Refused, "This tab only reads; take over first.");
        };
        let opened = if bytes.is_empty() { Err(Refused::NoDatabase) } else { sqlite.open(bytes) };
        match opened {
            Ok((database, journal)) => {
                let warning = (journal == Journal::WriteAhead).then(|| {
                    format!(
                        "{name} was written in WAL mode: rows that were still in its -wal file are \
                         not in it. To have them, run PRAGMA wal_checkpoint(TRUNCATE) where it \
                         comes from and export it again."
                    )
                });
                let question = Question::Replace(name.clone());
                self.waiting = Some(Waiting { name, database, warning });
                if self.session.database.is_empty() {
                    self.replace(ctx);
                } else {
                    self.reduce(Action::Ask(Some(question)));
                }
            }
            Err(refused) => {
                self.notify(
                    NoticeKind::Refused,
                    format!("{name} was not imported. {refused} The present database is kept."),
                );
            }
        }
    }

    pub(super) fn replace(&mut self, ctx: &Context<Self>) {
        self.reduce(Action::Ask(None));
        let Some(Waiting { name, database, warning }) = self.waiting.take() else { return };
        self.database = Some(database);
        self.look();
        self.reduce(Action::Say(format!("Imported {name}.")));
        if let Some(warning) = warning {
            self.notify(NoticeKind::Imported, warning);
        }
        self.changed(ctx);
        ctx.link().send_message(Message::Store);
    }

    pub(super) fn export(&mut self) {
        match self.database.as_ref().map(ambix_sqljs::Database::export) {
            Some(Ok(bytes)) => download::offer(NAME, &bytes),
            Some(Err(why)) => {
                self.notify(NoticeKind::Refused, format!("The database was not exported: {why}"));
            }
            None => {}
        }
    }

    /// Back to the first visit.
    pub(super) fn start_over(&mut self, ctx: &Context<Self>) {
        self.reduce(Action::Ask(None));
        let Some(Ok(database)) =
            self.sqlite.as_ref().filter(|_| self.may_write()).map(ambix_sqljs::Sqlite::empty)
        else {
            return;
        };
        self.queue.clear();
        self.database = Some(database);
        self.reduce(Action::Forget);
        self.look();
        self.reduce(Action::Loaded(Files::default(), Desk::default()));
        self.changed(ctx);
        ctx.link().send_message(Message::Store);
    }
}
