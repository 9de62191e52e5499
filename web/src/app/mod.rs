//! The running page: it owns the database, performs what commands ask for, keeps the project stored,
//! and hands each pane its part of the session.

mod boot;
mod command;
mod draft;
mod file;
mod keyboard;
mod look;
mod saying;
mod sharing;
mod storing;
mod view;

use std::collections::VecDeque;
use std::rc::Rc;

use ambix_commands::{Answer, Report, Request};
use ambix_core::engine::Exchange;
use ambix_sqljs::{Database, Sqlite};
use gloo::events::EventListener;
use gloo::timers::callback::Timeout;
use yew::prelude::*;

use crate::session::effects::channel::{Channel, Word};
use crate::session::effects::lock::{self, Held};
use crate::session::effects::preference;
use crate::session::effects::store::{Kept, Refusal, Store};
use crate::session::{Access, Action, NoticeKind, Session};
use keyboard::Shortcut;
pub(crate) use look::Theme;
use look::{Share, Shares};
pub(crate) use saying::{saying, saying_of};

/// Something that happened, or that somebody wants.
pub(crate) enum Message {
    /// Changes what the page knows and nothing else.
    Do(Action),
    /// Run this command line.
    Run(String),
    /// Run what the prompt holds, or else what it proposes.
    RunPrompt,
    /// A request of the running command that took time is answered.
    Answered(Answer),

    /// sql.js is there, or not.
    Loaded(Result<Sqlite, String>),
    /// The storage is open, or not, with what it holds.
    Opened(Result<(Rc<Store>, Kept), Refusal>),
    /// What another tab stored.
    Reread(Result<Kept, Refusal>),
    /// This tab and others: who writes.
    Lock(lock::Outcome),
    Heard(Word),
    TakeOver,

    /// Store now.
    Store,
    Saved(Result<(), Refusal>),

    /// A file is to become the database: its name and bytes.
    Import(String, Vec<u8>),
    /// The person agrees to replace the database by it.
    Replace,
    Export,
    StartOver,
    /// A revision file goes.
    Remove(String),
    /// To the clipboard.
    Copy(String),
    Reload,
    Key(Shortcut),
    NextTheme,
    /// Whether the key `?` does something.
    QuestionMark(bool),
    Split(Share, f64),
    /// A file is held over the page, or is not any more.
    Dragging(bool),
}

/// A command on its way.
struct Running {
    line: String,
    exchange: Exchange<Request, Answer, Report>,
    /// Whether it waits for everything to be stored.
    flushing: bool,
}

/// A database that waits for the person's consent to replace the present one.
struct Waiting {
    name: String,
    database: Database,
    warning: Option<String>,
}

/// The page.
pub(crate) struct App {
    /// Where panes send what happens in them.
    send: Callback<Message>,
    session: Session,
    theme: Theme,
    shares: Shares,
    dragging: bool,
    /// The field that chooses a database file.
    picker: NodeRef,
    sqlite: Option<Sqlite>,
    database: Option<Database>,
    /// What `verify` tries revisions on; gone with the command.
    scratch: Option<Database>,
    running: Option<Running>,
    queue: VecDeque<String>,
    waiting: Option<Waiting>,

    store: Option<Rc<Store>>,
    /// What the storage held when it was opened, until sql.js is there too.
    kept: Option<Kept>,
    /// Whether the storage was opened, or turned out to be closed to us.
    storage_known: bool,
    /// Whether it is known which tab writes.
    access_known: bool,
    saving: bool,
    /// Whether something was changed since the last saving began.
    dirty: bool,
    save_soon: Option<Timeout>,
    /// Whether another tab waits for everything to be stored.
    yielding: bool,

    lock: Option<Held>,
    channel: Option<Channel>,
    take_over: Option<Timeout>,
    _listeners: Vec<EventListener>,
}

impl Component for App {
    type Message = Message;
    type Properties = ();

    fn create(ctx: &Context<Self>) -> Self {
        let mut app = Self {
            send: ctx.link().callback(|message| message),
            session: Session::default(),
            theme: Theme::preferred(),
            shares: Shares::preferred(),
            dragging: false,
            picker: NodeRef::default(),
            sqlite: None,
            database: None,
            scratch: None,
            running: None,
            queue: VecDeque::new(),
            waiting: None,
            store: None,
            kept: None,
            storage_known: false,
            access_known: false,
            saving: false,
            dirty: false,
            save_soon: None,
            yielding: false,
            lock: None,
            channel: None,
            take_over: None,
            _listeners: Vec::new(),
        };
        app.boot(ctx);
        app
    }

    fn update(&mut self, ctx: &Context<Self>, message: Message) -> bool {
        match message {
            Message::Do(action) => self.act(ctx, action),
            Message::Run(line) => self.submit(ctx, line),
            Message::RunPrompt => self.run_prompt(ctx),
            Message::Answered(answer) => self.answered(ctx, answer),
            Message::Loaded(sqlite) => self.loaded(ctx, sqlite),
            Message::Opened(opened) => self.opened(ctx, opened),
            Message::Reread(kept) => self.reread(ctx, kept),
            Message::Lock(outcome) => self.locked(ctx, outcome),
            Message::Heard(word) => self.heard(ctx, word),
            Message::TakeOver => self.ask_to_take_over(ctx),
            Message::Store => self.store_now(ctx),
            Message::Saved(result) => self.saved(ctx, result),
            Message::Import(name, bytes) => self.import(ctx, name, &bytes),
            Message::Replace => self.replace(ctx),
            Message::Export => self.export(),
            Message::StartOver => self.start_over(ctx),
            Message::Remove(path) => {
                self.reduce(Action::Ask(None));
                self.act(ctx, Action::Remove(path));
            }
            Message::Copy(text) => {
                // The promise tells of a refusal, which the person sees when pasting.
                let _ = gloo::utils::window().navigator().clipboard().write_text(&text);
            }
            Message::Reload => {
                let _ = gloo::utils::window().location().reload();
            }
            Message::Key(shortcut) => self.key(ctx, shortcut),
            Message::NextTheme => self.next_theme(),
            Message::QuestionMark(on) => preference::set_question_mark(on),
            Message::Split(share, value) => self.split(share, value),
            Message::Dragging(dragging) => self.dragging = dragging,
        }
        true
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        self.page(ctx)
    }
}

impl App {
    fn reduce(&mut self, action: Action) {
        self.session.reduce(action);
    }

    /// An action from the page: the session changes, and what belongs to the project is stored soon.
    fn act(&mut self, ctx: &Context<Self>, action: Action) {
        let changes_files = matches!(action, Action::Edit(..) | Action::Remove(_));
        let changes_project = changes_files
            || matches!(action, Action::Open(_) | Action::Close(_) | Action::Jump(..));
        if changes_files && !self.may_write() {
            return;
        }
        let edited = match &action {
            Action::Edit(path, _) => Some(path.clone()),
            _ => None,
        };
        self.reduce(action);
        if let Some(path) = edited {
            self.keep_draft(&path);
        }
        if changes_project {
            self.changed(ctx);
        }
    }

    /// Whether this tab may change the project.
    fn may_write(&self) -> bool {
        self.session.access == Access::Writes
    }

    fn notify(&mut self, kind: NoticeKind, text: impl Into<String>) {
        let text = text.into();
        self.reduce(Action::Notify(crate::session::Notice { kind, text }));
    }
}
