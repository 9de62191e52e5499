//! One project, several tabs: one writes, the others read.

use std::rc::Rc;

use gloo::timers::callback::Timeout;
use yew::prelude::*;

use super::{App, Message};
use crate::session::effects::channel::Word;
use crate::session::effects::lock::{self, Outcome, Way};
use crate::session::effects::store::{Kept, Refusal};
use crate::session::{Access, Action, Desk, NoticeKind};

/// How long the tab that writes gets to store its work before the lock is taken from it.
const GRACE: u32 = 1500;

impl App {
    pub(super) fn locked(&mut self, ctx: &Context<Self>, outcome: Outcome) {
        self.access_known = true;
        match outcome {
            Outcome::Ours(held) => {
                let was_reading = self.session.access == Access::Reads;
                self.lock = Some(held);
                self.take_over = None;
                self.reduce(Action::Access(Access::Writes));
                if was_reading {
                    self.claim(ctx);
                    self.reread_soon(ctx);
                }
            }
            Outcome::Taken => {
                self.reduce(Action::Access(Access::Reads));
                self.notify(
                    NoticeKind::OtherTab,
                    "Another tab has this project open. This one only reads, and follows what the \
                     other one does.",
                );
                self.wait_for_lock(ctx);
            }
            Outcome::Lost => {
                self.lock = None;
                self.queue.clear();
                self.reduce(Action::Access(Access::Reads));
                self.notify(
                    NoticeKind::OtherTab,
                    "Another tab has taken over this project. This one only reads now.",
                );
                self.wait_for_lock(ctx);
            }
            // Without locks every tab writes, as it would without us; the storage's own record of
            // the tab that writes stays the last word.
            Outcome::Unknown => {}
        }
        self.begin(ctx);
    }

    /// When the other tab is closed, this one goes on.
    fn wait_for_lock(&self, ctx: &Context<Self>) {
        let link = ctx.link().clone();
        lock::request(Way::Wait, move |outcome| link.send_message(Message::Lock(outcome)));
    }

    /// Tells the storage that this tab writes.
    pub(super) fn claim(&self, ctx: &Context<Self>) {
        if let (Some(store), true) = (&self.store, self.may_write()) {
            let store = Rc::clone(store);
            ctx.link().send_future_batch(async move {
                match store.claim().await {
                    Ok(()) => Vec::new(),
                    Err(refusal) => vec![Message::Saved(Err(refusal))],
                }
            });
        }
    }

    /// Asks the other tab to store its work; takes the lock if it does not answer.
    pub(super) fn ask_to_take_over(&mut self, ctx: &Context<Self>) {
        if let Some(channel) = &self.channel {
            channel.say(Word::Yield);
        }
        let link = ctx.link().clone();
        self.take_over = Some(Timeout::new(GRACE, move || {
            lock::request(Way::Steal, move |outcome| link.send_message(Message::Lock(outcome)));
        }));
    }

    pub(super) fn heard(&mut self, ctx: &Context<Self>, word: Word) {
        match word {
            Word::Stored if !self.may_write() => self.reread_soon(ctx),
            Word::Yield if self.lock.is_some() && self.running.is_none() => {
                self.yielding = true;
                if self.saving || self.dirty {
                    self.store_now(ctx);
                } else {
                    self.finish_yielding(ctx);
                }
            }
            _ => {}
        }
    }

    /// Everything is stored: the tab that asked for it may write.
    pub(super) fn finish_yielding(&mut self, ctx: &Context<Self>) {
        if std::mem::take(&mut self.yielding) {
            self.locked(ctx, Outcome::Lost);
        }
    }

    fn reread_soon(&self, ctx: &Context<Self>) {
        if let Some(store) = &self.store {
            let store = Rc::clone(store);
            ctx.link().send_future(async move { Message::Reread(store.load().await) });
        }
    }

    /// Shows what the other tab stored.
    pub(super) fn reread(&mut self, ctx: &Context<Self>, kept: Result<Kept, Refusal>) {
        match kept {
            Ok(kept) if self.sqlite.is_some() => {
                let desk = Desk::clone(&self.session.desk);
                self.take_in(kept, Some(desk));
                self.store_now(ctx);
            }
            Ok(kept) => self.kept = Some(kept),
            Err(refusal) => self.work_in_memory(&refusal),
        }
    }
}
