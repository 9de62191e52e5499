//! From an empty page to a project that can be worked on.

use std::rc::Rc;

use ambix_sqljs::Sqlite;
use gloo::events::EventListener;
use wasm_bindgen::JsCast as _;
use yew::prelude::*;

use super::{App, Message, Shortcut};
use crate::session::effects::channel::Channel;
use crate::session::effects::lock::{self, Way};
use crate::session::effects::store::{Kept, Refusal, Store};
use crate::session::{Action, Desk, Engine, Files, NoticeKind, Storage, Stored, Unreadable};

/// Where sql.js's WebAssembly is, seen from the page.
const SQLJS: &str = "sqljs/";

impl App {
    /// Starts everything that takes time, all at once.
    pub(super) fn boot(&mut self, ctx: &Context<Self>) {
        let link = ctx.link().clone();
        self.channel = Channel::open(move |word| link.send_message(Message::Heard(word)));
        let link = ctx.link().clone();
        lock::request(Way::IfFree, move |outcome| link.send_message(Message::Lock(outcome)));
        ctx.link().send_future(async { Message::Loaded(Sqlite::load(SQLJS).await) });
        ctx.link().send_future(async {
            let opened = async {
                let store = Store::open().await?;
                let kept = store.load().await?;
                Ok((Rc::new(store), kept))
            };
            Message::Opened(opened.await)
        });
        self.listen(ctx);
    }

    fn listen(&mut self, ctx: &Context<Self>) {
        let (document, window) = (gloo::utils::document(), gloo::utils::window());
        let link = ctx.link().clone();
        self._listeners.push(EventListener::new_with_options(
            &document,
            "keydown",
            gloo::events::EventListenerOptions::enable_prevent_default(),
            move |event| {
                let shortcut = event.dyn_ref::<web_sys::KeyboardEvent>().and_then(Shortcut::of);
                if let Some(shortcut) = shortcut {
                    event.prevent_default();
                    link.send_message(Message::Key(shortcut));
                }
            },
        ));
        let link = ctx.link().clone();
        self._listeners.push(EventListener::new(&document, "visibilitychange", move |_| {
            link.send_message(Message::Store);
        }));
        // The last chance to store before the tab goes to sleep or away.
        let link = ctx.link().clone();
        self._listeners.push(EventListener::new(&window, "pagehide", move |_| {
            link.send_message(Message::Store);
        }));
    }

    pub(super) fn loaded(&mut self, ctx: &Context<Self>, sqlite: Result<Sqlite, String>) {
        match sqlite {
            Ok(sqlite) => self.sqlite = Some(sqlite),
            Err(why) => self.reduce(Action::Engine(Engine::Failed(why))),
        }
        self.begin(ctx);
    }

    pub(super) fn opened(
        &mut self,
        ctx: &Context<Self>,
        opened: Result<(Rc<Store>, Kept), Refusal>,
    ) {
        self.storage_known = true;
        match opened {
            Ok((store, kept)) => {
                self.store = Some(store);
                self.kept = Some(kept);
            }
            Err(refusal) => self.work_in_memory(&refusal),
        }
        self.begin(ctx);
    }

    /// Once SQLite, the storage and the tab's right to write are known, the project is there.
    pub(super) fn begin(&mut self, ctx: &Context<Self>) {
        let all_known = self.storage_known && self.access_known && self.sqlite.is_some();
        if !all_known || self.database.is_some() {
            return;
        }
        self.claim(ctx);
        let kept = self.kept.take().unwrap_or_default();
        self.take_in(kept, None);
        self.store_now(ctx);
        if self.database.is_some() {
            self.reduce(Action::Engine(Engine::Ready));
            self.focus_prompt_first();
            self.next_in_queue(ctx);
        }
    }

    /// Makes what was stored the project. What lies open is each tab's own affair.
    pub(super) fn take_in(&mut self, kept: Kept, lying_open: Option<Desk>) {
        let stored = kept.files.as_deref().map(Stored::read).transpose();
        let (files, desk) = match stored {
            Ok(Some(stored)) => stored.into_parts(),
            Ok(None) => (Files::default(), Desk::default()),
            Err(unreadable) => {
                self.leave_alone(match unreadable {
                    Unreadable::Newer => "a newer version of this page stored it",
                    Unreadable::Broken => "what is stored cannot be read",
                });
                (Files::default(), Desk::default())
            }
        };
        let Some(sqlite) = &self.sqlite else { return };
        let opened = match &kept.database {
            Some(bytes) if self.store.is_some() => sqlite.open(bytes).map(|(database, _)| database),
            _ => sqlite.empty(),
        };
        let (database, refused) = match opened {
            Err(refused) => (sqlite.empty(), Some(refused)),
            opened => (opened, None),
        };
        if let Some(refused) = refused {
            self.leave_alone(&refused.to_string());
        }
        match database {
            Ok(database) => {
                self.database = Some(database);
                self.reduce(Action::Loaded(files, lying_open.unwrap_or(desk)));
                self.take_in_draft();
                self.look();
            }
            Err(refused) => self.reduce(Action::Engine(Engine::Failed(refused.to_string()))),
        }
    }

    /// The first thing to do is to press Enter in the prompt. Not where a keyboard would slide over
    /// half of the page, and not if somebody has gone elsewhere already.
    fn focus_prompt_first(&mut self) {
        let has_keys = gloo::utils::window()
            .match_media("(pointer: fine) and (min-width: 760px)")
            .is_ok_and(|query| query.is_some_and(|query| query.matches()));
        let is_free = gloo::utils::document()
            .active_element()
            .is_none_or(|element| element.tag_name() == "BODY");
        if has_keys && is_free {
            self.reduce(Action::Type(String::new()));
        }
    }

    /// Something is stored that this version must not overwrite.
    fn leave_alone(&mut self, why: &str) {
        self.store = None;
        self.reduce(Action::Storage(Storage::Memory));
        self.notify(
            NoticeKind::Memory,
            format!(
                "The stored project was left as it is ({why}). This page works in memory; export \
                 the database to keep it."
            ),
        );
    }
}
