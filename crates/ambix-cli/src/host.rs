//! The host: performs what a command asks for, one request after the other.

use crate::database::Database;
use crate::files::Folder;
use crate::interrupt::Interrupt;
use crate::journey::Journey;
use crate::lock::Lock;
use crate::terminal::Terminal;
use crate::{backup, clock, editor, process};
use ambix_commands::{Answer, Location, Output, Report, Request, Scratch};
use ambix_core::diagnostic::Hint;
use ambix_core::engine::{self, Exchange, Next};
use std::env::VarError;

/// The exit code where command and host have come apart.
const LOST: u8 = 1;

/// Everything that commands are performed with. The lock is the last to go: it is held until the
/// database is closed.
pub(crate) struct Host {
    folder: Folder,
    terminal: Terminal,
    journey: Journey,
    interrupt: Interrupt,
    database: Database,
    lock: Option<Lock>,
}

impl Host {
    /// The host of a program of that name, in a folder. If `quiet`, errors are not told on standard output.
    pub(crate) fn new(program: &str, folder: &str, quiet: bool) -> Self {
        let interrupt = Interrupt::listen();
        let folder = Folder::new(folder);
        Self {
            terminal: Terminal::new(program, folder.clone(), quiet),
            folder,
            journey: Journey::default(),
            database: Database::new(interrupt.clone()),
            interrupt,
            lock: None,
        }
    }

    /// Runs a command to its end, or until it is interrupted, and gives the exit code.
    ///
    /// An interrupted command is let go of between two requests. What its last request did not finish
    /// is undone, and nothing after it begins.
    pub(crate) fn run(mut self, mut exchange: Exchange<Request, Answer, Report>) -> u8 {
        let mut answer = None;
        loop {
            let request = match exchange.next(answer) {
                Some(Next::Request(request)) => request,
                Some(Next::Done(report)) => return self.terminal.end(report.exit_code),
                None => {
                    self.terminal
                        .note("the command stopped without an end; this is a mistake in it");
                    return self.terminal.end(LOST);
                }
            };
            if let Some(exit_code) = self.interrupt.exit_code() {
                return self.interrupted(exit_code);
            }
            answer = Some(self.perform(request));
            if let Some(exit_code) = self.interrupt.exit_code() {
                return self.interrupted(exit_code);
            }
        }
    }

    fn interrupted(mut self, exit_code: u8) -> u8 {
        let exit_code = self.terminal.end(exit_code);
        self.terminal.note(&self.journey.stands());
        let text = "see where the database is".into();
        self.terminal.hint(&Hint { text, command: Some("current".into()) });
        exit_code
    }

    fn perform(&mut self, request: Request) -> Answer {
        if !matches!(request, Request::Tell(_)) {
            self.terminal.flush();
        }
        match request {
            Request::Connect { location, foreign_keys } => {
                let file = match location {
                    Location::Memory => None,
                    Location::File(path) => Some(self.folder.path(&path)),
                };
                self.database.connect(file, foreign_keys);
                Answer::Done
            }
            Request::Database(request) => {
                let terminal = &mut self.terminal;
                let answer = self.database.perform(&request, &mut |ran| terminal.ran(ran));
                let is_list =
                    matches!(request, engine::Request::Atomic(_) | engine::Request::Rebuild(_));
                if is_list && answer == engine::Answer::Done {
                    self.journey.committed();
                }
                Answer::Database(answer)
            }
            Request::Lock => self.lock(),
            Request::Backup { keep } => match backup::make(&mut self.database, keep) {
                Ok(Some(copy)) => Answer::Text(copy.display().to_string()),
                Ok(None) => Answer::Missing,
                Err(why) => Answer::Failed(why),
            },
            Request::Scratch(Scratch::Open { copy }) => match self.database.open_scratch(copy) {
                Ok(()) => Answer::Done,
                Err(why) => Answer::Failed(why),
            },
            Request::Scratch(Scratch::Database(request)) => {
                Answer::Database(self.database.perform_scratch(&request))
            }
            Request::List { folder, recursive } => self.folder.list(&folder, recursive),
            Request::Read { path } => self.folder.read(&path),
            Request::Write { path, text } => self.folder.write(&path, &text),
            Request::Append { path, text } => self.folder.append(&path, &text),
            Request::MakeFolder { path } => self.folder.make_folder(&path),
            Request::Edit { path } => {
                let path = self.folder.path(&path);
                self.terminal.lend(|| editor::edit(&path))
            }
            Request::Run { program, arguments, folder } => {
                let folder = self.folder.path(folder.as_deref().unwrap_or_default());
                self.terminal.lend(|| process::run(&program, &arguments, &folder))
            }
            Request::Ask { question } => {
                self.terminal.ask(&question).map_or(Answer::Missing, Answer::Text)
            }
            Request::Variable { name } => match std::env::var(&name) {
                Ok(value) => Answer::Text(value),
                Err(VarError::NotPresent) => Answer::Missing,
                Err(VarError::NotUnicode(_)) => Answer::Failed("its value is not UTF-8".into()),
            },
            Request::NewId => Answer::Text(clock::new_id()),
            Request::Now { timezone } => match clock::now(timezone.as_deref()) {
                Some(now) => Answer::Text(now),
                None => Answer::Missing,
            },
            // SQLite makes each transaction last by itself.
            Request::Flush => Answer::Done,
            Request::Tell(output) => {
                if let Output::Event(event) = &output {
                    self.journey.take_note(event);
                }
                self.terminal.tell(output);
                Answer::Done
            }
        }
    }

    fn lock(&mut self) -> Answer {
        if let (None, Some(file)) = (&self.lock, self.database.file()) {
            let waiting = || {
                let file = file.display();
                self.terminal.note(&format!("waiting for another program that upgrades {file} …"));
            };
            self.lock = Lock::wait(file, &self.interrupt, waiting);
        }
        Answer::Done
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ambix_core::engine::{Origin, Role, Statement};
    use std::fs;

    fn statement(sql: &str) -> Statement {
        let origin = Origin { revision: None, role: Role::Read };
        Statement { sql: sql.into(), parameters: Vec::new(), origin }
    }

    fn change(sql: &str) -> engine::Request {
        engine::Request::Atomic(vec![statement(sql)])
    }

    /// Performs the requests in a folder, as a command would ask for them.
    fn answers(host: Host, requests: Vec<Request>) -> (Vec<Answer>, u8) {
        let told = std::rc::Rc::new(std::cell::RefCell::new(Vec::new()));
        let answers = std::rc::Rc::clone(&told);
        let exchange = Exchange::new(async move |host| {
            for request in requests {
                let answer = host.ask(request).await;
                answers.borrow_mut().push(answer);
            }
            Report { exit_code: 7 }
        });
        let exit_code = host.run(exchange);
        (told.take(), exit_code)
    }

    fn here(folder: &tempfile::TempDir) -> Host {
        Host::new("ambix", folder.path().to_str().unwrap(), false)
    }

    #[test]
    fn what_is_asked_for_happens_in_the_folder() {
        let folder = tempfile::tempdir().unwrap();
        let done = engine::Answer::Done;
        let (answers, exit_code) = answers(
            here(&folder),
            vec![
                Request::MakeFolder { path: "versions".into() },
                Request::Write { path: "versions/a.py".into(), text: "pass".into() },
                Request::List { folder: "versions".into(), recursive: false },
                Request::Connect { location: Location::File("app.db".into()), foreign_keys: false },
                Request::Lock,
                Request::Lock,
                Request::Backup { keep: 3 },
                Request::Database(change("CREATE TABLE t (a)")),
                Request::Scratch(Scratch::Open { copy: true }),
                Request::Scratch(Scratch::Database(change("DROP TABLE t"))),
                Request::Database(change("INSERT INTO t VALUES (1)")),
                Request::Now { timezone: Some("Moon/Crater".into()) },
                Request::Flush,
            ],
        );
        assert_eq!(
            answers,
            [
                Answer::Done,
                Answer::Done,
                Answer::Paths(vec!["versions/a.py".into()]),
                Answer::Done,
                Answer::Done,
                Answer::Done,
                Answer::Missing,
                Answer::Database(done.clone()),
                Answer::Done,
                Answer::Database(done.clone()),
                Answer::Database(done),
                Answer::Missing,
                Answer::Done,
            ]
        );
        assert_eq!(exit_code, 7);
        let mut left: Vec<_> =
            fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        left.sort();
        assert_eq!(left, ["app.db", "versions"], "no lock is left");
    }

    #[cfg(unix)]
    #[test]
    fn programs_run_in_the_folder_unless_another_is_named() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("deep")).unwrap();
        let touch = |name: &str, folder: Option<&str>| Request::Run {
            program: "touch".into(),
            arguments: vec![name.into()],
            folder: folder.map(Into::into),
        };
        answers(here(&folder), vec![touch("one", None), touch("two", Some("deep"))]);
        assert!(folder.path().join("one").exists());
        assert!(folder.path().join("deep/two").exists());
    }

    #[test]
    fn nothing_begins_after_an_interruption() {
        let folder = tempfile::tempdir().unwrap();
        let host = here(&folder);
        host.interrupt.set();
        let write = Request::Write { path: "a.py".into(), text: String::new() };
        let (answers, exit_code) = answers(host, vec![write]);
        assert_eq!((answers, exit_code), (Vec::new(), 130));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
