//! Running command lines: each request of a command is performed and answered.

use ambix_commands::{Answer, Output, Project, Request, Scratch, parse_line, run_line};
use ambix_core::engine::{self, Failure, Next};
use ambix_sqljs::Database;
use yew::prelude::*;

use super::{App, Message, Running};
use crate::session::effects::{clock, inspect};
use crate::session::{Action, Engine, MODELS, VERSIONS};

/// What a tab says that may not write.
const READS_ONLY: &str = "this tab only reads, because another one has the project open";

fn project() -> Project {
    Project::new("/project", &[MODELS], VERSIONS, "sqlite:///app.db", true)
}

/// Whether a line is a command that changes files or the database.
fn changes_something(line: &str) -> bool {
    parse_line(line).is_ok_and(|invocation| invocation.command.changes_something())
}

impl App {
    /// Runs a line now, or after those that came before it.
    pub(super) fn submit(&mut self, ctx: &Context<Self>, line: String) {
        let line = line.trim().to_owned();
        // A comment, as in a shell.
        if line.starts_with('#') {
            if self.session.terminal.prompt.trim() == line {
                self.reduce(Action::Prompt(String::new()));
            }
        } else if !line.is_empty() {
            self.queue.push_back(line);
            self.next_in_queue(ctx);
        }
    }

    pub(super) fn run_prompt(&mut self, ctx: &Context<Self>) {
        let typed = self.session.terminal.prompt.trim();
        let line = if typed.is_empty() {
            self.session.proposal.command.clone().unwrap_or_default()
        } else {
            typed.to_owned()
        };
        self.submit(ctx, line);
    }

    pub(super) fn next_in_queue(&mut self, ctx: &Context<Self>) {
        while self.running.is_none() && self.session.engine == Engine::Ready {
            let Some(line) = self.queue.pop_front() else { return };
            match line.as_str() {
                "clear" => {
                    self.reduce(Action::Prompt(String::new()));
                    self.reduce(Action::ClearTerminal);
                }
                _ => self.start(ctx, line),
            }
        }
    }

    fn start(&mut self, ctx: &Context<Self>, line: String) {
        self.reduce(Action::Began(line.clone()));
        if !self.may_write() && changes_something(&line) {
            return self
                .reduce(Action::Say(format!("Not run: {READS_ONLY}. Take over to go on here.")));
        }
        self.reduce(Action::Engine(Engine::Busy));
        // Somebody who needs help should not have to know how to ask for it.
        let words = if line == "help" { "alembic help" } else { &line };
        let exchange = run_line(words, project());
        self.running = Some(Running { line, exchange, flushing: false });
        self.pump(ctx, None);
    }

    pub(super) fn answered(&mut self, ctx: &Context<Self>, answer: Answer) {
        self.pump(ctx, Some(answer));
    }

    /// Goes on with the running command until it has ended or has to wait.
    fn pump(&mut self, ctx: &Context<Self>, mut answer: Option<Answer>) {
        while let Some(mut running) = self.running.take() {
            match running.exchange.next(answer.take()) {
                Some(Next::Request(Request::Flush)) => {
                    running.flushing = true;
                    self.running = Some(running);
                    self.dirty = true;
                    return self.store_now(ctx);
                }
                Some(Next::Request(request)) => {
                    self.running = Some(running);
                    answer = Some(self.perform(request));
                }
                Some(Next::Done(report)) => {
                    self.scratch = None;
                    self.reduce(Action::Engine(Engine::Ready));
                    self.look();
                    self.reduce(Action::Ended(running.line, report));
                }
                None => self.reduce(Action::Engine(Engine::Ready)),
            }
        }
        self.next_in_queue(ctx);
    }

    fn perform(&mut self, request: Request) -> Answer {
        match request {
            Request::Database(request) => Answer::Database(self.perform_on_database(&request)),
            Request::List { folder, .. } => {
                let files = self.session.files.below(&folder);
                Answer::Paths(files.map(|(path, _)| path.to_owned()).collect())
            }
            Request::Read { path } => match self.session.files.get(&path) {
                Some(text) => Answer::Text(text.into()),
                None => Answer::Missing,
            },
            Request::Write { .. } | Request::Append { .. } if !self.may_write() => {
                Answer::Failed(READS_ONLY.into())
            }
            Request::Write { path, .. } if self.session.files.get(&path).is_some() => {
                Answer::Failed(format!("there is a file {path} already"))
            }
            Request::Write { path, text } => {
                self.reduce(Action::Wrote(path, text));
                Answer::Done
            }
            Request::NewId => match clock::new_id() {
                Ok(id) => Answer::Text(id),
                Err(why) => Answer::Failed(why),
            },
            Request::Now { timezone: None } => Answer::Text(clock::now()),
            Request::Connect { .. }
            | Request::Lock
            | Request::MakeFolder { .. }
            | Request::Flush => Answer::Done,
            // A page runs no programs, knows no time zones but its own and keeps no copies.
            Request::Run { .. }
            | Request::Now { .. }
            | Request::Ask { .. }
            | Request::Backup { .. }
            | Request::Variable { .. } => Answer::Missing,
            Request::Edit { path } => {
                Answer::Failed(format!("open {path} in the editor of this page"))
            }
            Request::Scratch(Scratch::Open { copy }) => match self.open_scratch(copy) {
                Ok(scratch) => {
                    self.scratch = Some(scratch);
                    Answer::Done
                }
                Err(why) => Answer::Failed(why),
            },
            Request::Scratch(Scratch::Database(request)) => match &self.scratch {
                Some(scratch) => Answer::Database(scratch.perform(&request)),
                None => Answer::Failed("there is none".into()),
            },
            Request::Append { .. } => {
                Answer::Failed("files of this page are changed in its editor".into())
            }
            Request::Tell(output) => {
                self.tell(output);
                Answer::Done
            }
        }
    }

    /// A database to try things in: empty, or a copy of the project's.
    fn open_scratch(&self, copy: bool) -> Result<Database, String> {
        let sqlite = self.sqlite.as_ref().ok_or("sql.js is not loaded")?;
        match self.database.as_ref().filter(|_| copy) {
            Some(database) => {
                let opened = sqlite.open(&database.export()?);
                opened.map(|(scratch, _)| scratch).map_err(|why| why.to_string())
            }
            None => sqlite.empty().map_err(|why| why.to_string()),
        }
    }

    fn tell(&mut self, output: Output) {
        self.reduce(Action::Told(Box::new(output)));
    }

    fn perform_on_database(&self, request: &engine::Request) -> engine::Answer {
        let refuse = |message: &str| {
            engine::Answer::Failed(Failure { message: message.into(), statement: None })
        };
        match (&self.database, request) {
            (None, _) => refuse("the database is not loaded"),
            (Some(database), engine::Request::Query(_)) => database.perform(request),
            (Some(_), _) if !self.may_write() => refuse(READS_ONLY),
            (Some(database), _) => database.perform(request),
        }
    }

    /// Looks at the database again, for the panes.
    pub(super) fn look(&mut self) {
        if let Some(database) = &self.database {
            let view = inspect::look(database);
            self.reduce(Action::Saw(Box::new(view)));
        }
    }

    /// A command that waits for the storage goes on. That nothing could be stored is said in a notice;
    /// in memory the command has done its work.
    pub(super) fn flushed(&mut self, ctx: &Context<Self>) {
        if let Some(running) = self.running.as_mut().filter(|running| running.flushing) {
            running.flushing = false;
            ctx.link().send_message(Message::Answered(Answer::Done));
        }
    }
}
