//! Keeping the project in the browser's storage.

use std::rc::Rc;

use gloo::timers::callback::Timeout;
use yew::prelude::*;

use super::{App, Message};
use crate::session::effects::channel::Word;
use crate::session::effects::lock::Outcome;
use crate::session::effects::store::Refusal;
use crate::session::{Action, NoticeKind, Storage, Stored};

/// How long somebody must have stopped typing before the files are stored.
const SOON: u32 = 400;

impl App {
    pub(super) fn changed(&mut self, ctx: &Context<Self>) {
        if self.store.is_none() || !self.may_write() {
            return;
        }
        self.dirty = true;
        if self.session.storage == Storage::Stored {
            self.reduce(Action::Storage(Storage::Saving));
        }
        let link = ctx.link().clone();
        self.save_soon = Some(Timeout::new(SOON, move || link.send_message(Message::Store)));
    }

    /// Stores everything, or does so again if that is being done.
    pub(super) fn store_now(&mut self, ctx: &Context<Self>) {
        if self.saving || !self.dirty {
            return;
        }
        self.save_soon = None;
        let (Some(store), Some(database)) = (&self.store, &self.database) else {
            return self.flushed(ctx);
        };
        if !self.may_write() {
            return self.flushed(ctx);
        }
        let bytes = match database.export() {
            Ok(bytes) => bytes,
            Err(why) => {
                self.work_in_memory(&Refusal::Browser(why));
                return self.flushed(ctx);
            }
        };
        let files = Stored::new(&self.session.files, &self.session.desk).text();
        let store = Rc::clone(store);
        self.saving = true;
        self.dirty = false;
        ctx.link().send_future(async move { Message::Saved(store.save(&files, &bytes).await) });
    }

    pub(super) fn saved(&mut self, ctx: &Context<Self>, result: Result<(), Refusal>) {
        self.saving = false;
        match result {
            Ok(()) => {
                if let Some(channel) = &self.channel {
                    channel.say(Word::Stored);
                }
                if self.dirty {
                    return self.store_now(ctx);
                }
                self.drop_draft();
                self.reduce(Action::Storage(Storage::Stored));
                self.reduce(Action::Dismiss(NoticeKind::Memory));
                self.finish_yielding(ctx);
            }
            Err(Refusal::OtherTab) => self.locked(ctx, Outcome::Lost),
            Err(refusal) => self.work_in_memory(&refusal),
        }
        self.flushed(ctx);
    }

    /// Nothing can be stored: say so, and go on.
    pub(super) fn work_in_memory(&mut self, refusal: &Refusal) {
        let why = match refusal {
            Refusal::OtherTab => "another tab has the project",
            Refusal::Browser(why) => why,
        };
        self.reduce(Action::Storage(Storage::Memory));
        self.notify(
            NoticeKind::Memory,
            format!(
                "Nothing is stored: the browser refuses ({why}). The page works in memory until it \
                 is closed; export the database to keep it."
            ),
        );
    }
}
