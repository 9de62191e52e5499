//! A command's desk: the host it asks, with a function for each thing that is asked for.

use super::home::Home;
use crate::configuration::{self, without_detours};
use crate::grammar::Global;
use crate::revisions::is_revision_file;
use crate::{
    Answer, LogLine, Output, Project, Report, Request, Revisions, Scratch, read_revisions,
};
use ambix_core::diagnostic::{Code, Diagnostic};
use ambix_core::engine::{self, DatabaseState, Event, Host, Port, Transactions};
use ambix_core::operation::loss::Loss;
use ambix_core::revision::Step;
use std::cell::{Cell, OnceCell, RefCell};

/// Where a command asks and speaks.
pub(super) struct Desk {
    host: Host<Request, Answer>,
    /// The name that the program was called by.
    pub(super) program: String,
    /// The options before the command.
    pub(super) global: Global,
    home: Home,
    /// What the configuration of the folder said, once it was read.
    configured: OnceCell<Project>,
    /// Whether the database held rows before anything ran, so that a copy of it is worth something.
    held_rows: Cell<bool>,
    /// Whether a copy of it is still due before something is lost.
    backup_due: Cell<bool>,
    /// Whether the engine works on the scratch database, and says nothing.
    on_scratch: Cell<bool>,
    /// Why there is no scratch database.
    broken: RefCell<Option<Diagnostic>>,
}

impl Desk {
    pub(super) fn new(
        host: Host<Request, Answer>,
        home: Home,
        program: String,
        global: Global,
    ) -> Self {
        Self {
            host,
            program,
            global,
            home,
            configured: OnceCell::new(),
            held_rows: Cell::new(false),
            backup_due: Cell::new(true),
            on_scratch: Cell::new(false),
            broken: RefCell::new(None),
        }
    }

    /// Whether the engine works on the scratch database from here on. Gives why there was none.
    pub(super) fn work_on_scratch(&self, scratch: bool) -> Option<Diagnostic> {
        self.on_scratch.set(scratch);
        self.broken.take()
    }

    /// Where the command was given.
    pub(super) fn home(&self) -> &Home {
        &self.home
    }

    /// The project, read from its configuration when it is first needed.
    pub(super) async fn project(&self) -> Result<&Project, Diagnostic> {
        if self.known_project().is_none()
            && let Home::Folder(around, configured) = &self.home
        {
            let _ = self.configured.set((configured.open)(self, around).await?);
        }
        self.known_project().ok_or_else(|| unexpected(Answer::Missing, "the project"))
    }

    fn known_project(&self) -> Option<&Project> {
        match &self.home {
            Home::Project(project) => Some(project),
            Home::Folder(..) => self.configured.get(),
        }
    }

    /// A line of standard output.
    pub(super) async fn line(&self, line: impl Into<String>) {
        if !self.global.quiet {
            self.say(Output::Line(line.into())).await;
        }
    }

    /// A value for another program to read.
    pub(super) async fn json(&self, value: &serde_json::Value) {
        // Nothing in a value that is made can fail to be written.
        self.line(serde_json::to_string_pretty(value).unwrap_or_default()).await;
    }

    /// A line of the log.
    pub(super) async fn log(&self, logger: &'static str, message: String) {
        let shows = |project: &Project| project.logging.shows(logger, configuration::INFO);
        if self.known_project().is_none_or(shows) {
            self.say(Output::Log(LogLine { level: "INFO", logger, message })).await;
        }
    }

    /// A warning.
    pub(super) async fn warn(&self, warning: Diagnostic) {
        self.say(Output::Diagnostic(warning)).await;
    }

    /// Something worth knowing beside the result.
    pub(super) async fn note(&self, text: String) {
        self.say(Output::Note(text)).await;
    }

    async fn say(&self, output: Output) {
        self.host.ask(Request::Tell(output)).await;
    }

    /// Opens the database and says so, as Alembic does.
    pub(super) async fn connect(&self) -> Result<(), Diagnostic> {
        let project = self.project().await?;
        let location = project.database.clone()?;
        let foreign_keys = project.foreign_keys;
        self.done(Request::Connect { location, foreign_keys }, &project.url).await?;
        self.context(None).await?;
        match project.starts_elsewhere {
            false => Ok(()),
            true => Err(Diagnostic::error(
                Code::Configuration,
                "Can't specify current_rev to context when using a database connection",
            )
            .hint("take starting_rev out of the call with a connection in env.py")),
        }
    }

    /// What Alembic logs when it connects, or writes SQL instead.
    pub(super) async fn context(&self, instead: Option<&str>) -> Result<(), Diagnostic> {
        const LOGGER: &str = "alembic.runtime.migration";
        let project = self.project().await?;
        let transactions = match instead {
            Some(_) => project.offline.as_ref().map_err(Clone::clone)?.transactions,
            None => project.transactions,
        };
        let ddl = match transactions {
            Transactions::None => "Will assume non-transactional DDL.",
            Transactions::Whole | Transactions::Each => "Will assume transactional DDL.",
        };
        self.log(LOGGER, "Context impl SQLiteImpl.".into()).await;
        if let Some(instead) = instead {
            self.log(LOGGER, instead.into()).await;
        }
        self.log(LOGGER, ddl.into()).await;
        Ok(())
    }

    /// Opens the database for a command that may change it: nobody else does until the command has ended,
    /// and the version table is there, as every command of Alembic leaves it.
    pub(super) async fn connect_to_change(&self) -> Result<DatabaseState, Diagnostic> {
        self.connect().await?;
        self.done(Request::Lock, "the lock of the database").await?;
        self.ensure_version().await
    }

    /// Opens the database for a command that looks at it. Alembic makes the version table even then; where
    /// that cannot be, because the database can only be read, it does not have to be.
    pub(super) async fn connect_to_look(&self) -> Result<DatabaseState, Diagnostic> {
        self.connect().await?;
        match self.ensure_version().await {
            Ok(state) => Ok(state),
            Err(_) => self.state().await,
        }
    }

    async fn ensure_version(&self) -> Result<DatabaseState, Diagnostic> {
        let state = self.state().await?;
        if state.has_version_table {
            return Ok(state);
        }
        engine::ensure_version(self, &self.project().await?.settings).await?;
        Ok(DatabaseState { has_version_table: true, ..state })
    }

    /// Reports the error that ends the command.
    pub(super) async fn failed(&self, error: Diagnostic) -> Report {
        let exit_code = if error.code == Code::Usage { 2 } else { 255 };
        self.say(Output::Diagnostic(error)).await;
        Report { exit_code }
    }

    /// The revision files, read, with warnings told. An error in one of them is one of the command.
    pub(super) async fn revisions(&self) -> Result<Revisions, Diagnostic> {
        let project = self.project().await?;
        let mut files: Vec<(String, String)> = Vec::new();
        // In order; the paths of a folder come in theirs, so most are added at the end.
        let mut seen: Vec<String> = Vec::new();
        for folder in &project.versions {
            let mut paths = self.paths(folder, project.recursive).await?;
            ambix_core::sort::sort(&mut paths);
            for path in paths {
                let resolved = without_detours(&project.absolute(&path));
                let Err(at) = seen.binary_search(&resolved) else {
                    let message = format!(
                        "File {resolved} loaded twice! ignoring. Please ensure version_locations is \
                         unique."
                    );
                    self.warn(Diagnostic::warning(Code::Configuration, message)).await;
                    continue;
                };
                seen.insert(at, resolved);
                if is_revision_file(&path) {
                    let text = self.read(&path).await?;
                    files.push((path, text));
                }
            }
        }
        let revisions = read_revisions(files);
        revisions.checked()?;
        Ok(revisions)
    }

    /// Where the database is.
    pub(super) async fn state(&self) -> Result<DatabaseState, Diagnostic> {
        let settings = &self.project().await?.settings;
        let only_rows = engine::Settings { journal: false, ..settings.clone() };
        DatabaseState::read(self, &only_rows).await
    }

    /// Whether the database is not copied before something is lost.
    pub(super) fn keep_no_backup(&self, no_backup: bool) {
        self.backup_due.set(!no_backup);
    }

    /// Whether the database holds anything that could be lost; if that cannot be told, it may.
    async fn holds_rows(&self) -> bool {
        match self.project().await {
            Ok(project) => {
                let version_table = &project.settings.version_table;
                engine::holds_rows(self, version_table).await.unwrap_or(true)
            }
            Err(_) => true,
        }
    }

    /// Says what a step is about to destroy, and what of it comes back.
    async fn tell_losses(&self, step: &Step, losses: &[Loss]) {
        for kept in [false, true] {
            let these = losses.iter().filter(|loss| loss.kept == kept);
            let these: Vec<String> = these.map(ToString::to_string).collect();
            let effect = if kept { "keeps for the downgrade" } else { "destroys" };
            if !these.is_empty() {
                self.note(format!("{} {effect}: {}", step.short(), these.join("; "))).await;
            }
        }
    }

    /// The paths of the files in a folder; none if there is no such folder.
    pub(super) async fn paths(
        &self,
        folder: &str,
        recursive: bool,
    ) -> Result<Vec<String>, Diagnostic> {
        match self.host.ask(Request::List { folder: folder.into(), recursive }).await {
            Answer::Paths(paths) => Ok(paths),
            Answer::Missing => Ok(Vec::new()),
            answer => Err(unexpected(answer, folder)),
        }
    }

    /// Whether there is a folder, and files in it.
    pub(super) async fn folder(&self, folder: &str) -> Result<Option<Vec<String>>, Diagnostic> {
        match self.host.ask(Request::List { folder: folder.into(), recursive: true }).await {
            Answer::Paths(paths) => Ok(Some(paths)),
            Answer::Missing => Ok(None),
            answer => Err(unexpected(answer, folder)),
        }
    }

    /// The text of a file.
    pub(super) async fn read(&self, path: &str) -> Result<String, Diagnostic> {
        match self.host.ask(Request::Read { path: path.into() }).await {
            Answer::Text(text) => Ok(text),
            answer => Err(unexpected(answer, path)),
        }
    }

    /// The text of a file that need not be there.
    pub(super) async fn read_if_there(&self, path: &str) -> Result<Option<String>, Diagnostic> {
        match self.host.ask(Request::Read { path: path.into() }).await {
            Answer::Text(text) => Ok(Some(text)),
            Answer::Missing => Ok(None),
            answer => Err(unexpected(answer, path)),
        }
    }

    /// Makes a file.
    pub(super) async fn write(&self, path: &str, text: String) -> Result<(), Diagnostic> {
        self.done(Request::Write { path: path.into(), text }, path).await
    }

    /// Asks the host for something.
    pub(super) async fn ask(&self, request: Request) -> Answer {
        self.host.ask(request).await
    }

    /// Asks for something that is either done or not.
    pub(super) async fn done(&self, request: Request, what: &str) -> Result<(), Diagnostic> {
        match self.host.ask(request).await {
            Answer::Done => Ok(()),
            answer => Err(unexpected(answer, what)),
        }
    }

    /// Runs a program; whether there is one of that name.
    pub(super) async fn run_program(&self, request: Request) -> Result<bool, Diagnostic> {
        match self.host.ask(request).await {
            Answer::Done => Ok(true),
            Answer::Missing => Ok(false),
            answer => Err(unexpected(answer, "a program")),
        }
    }

    /// A new id for a revision.
    pub(super) async fn new_id(&self) -> Result<String, Diagnostic> {
        match self.host.ask(Request::NewId).await {
            Answer::Text(id) => Ok(id),
            answer => Err(unexpected(answer, "a new id")),
        }
    }

    /// The time, in the project's time zone.
    pub(super) async fn time(&self) -> Result<String, Diagnostic> {
        let timezone = self.project().await?.new_files.timezone.clone();
        match self.host.ask(Request::Now { timezone: timezone.clone() }).await {
            Answer::Text(now) => Ok(now),
            answer => match timezone {
                Some(name) => Err(Diagnostic::error(
                    Code::Configuration,
                    format!("Can't locate timezone: {name}"),
                )
                .hint(
                    "names are those of the time zone database: UTC, Europe/Berlin, America/Bogota",
                )),
                None => Err(unexpected(answer, "the time")),
            },
        }
    }

    /// Makes last what was done.
    pub(super) async fn flush(&self) -> Result<(), Diagnostic> {
        self.done(Request::Flush, "the project").await
    }

    /// What the person answers; `None` where nobody is there to ask.
    pub(super) async fn answer_to(&self, question: String) -> Result<Option<String>, Diagnostic> {
        match self.host.ask(Request::Ask { question }).await {
            Answer::Text(answer) => Ok(Some(answer)),
            Answer::Missing => Ok(None),
            answer => Err(unexpected(answer, "an answer")),
        }
    }

    /// Uses the scratch database.
    pub(super) async fn scratch(&self, request: Scratch) -> Result<engine::Answer, Diagnostic> {
        match self.host.ask(Request::Scratch(request)).await {
            Answer::Done => Ok(engine::Answer::Done),
            Answer::Database(answer) => Ok(answer),
            answer => Err(unexpected(answer, "a scratch database")),
        }
    }
}

pub(super) fn unexpected(answer: Answer, what: &str) -> Diagnostic {
    match answer {
        Answer::Failed(why) => Diagnostic::error(Code::FileFailed, format!("{what}: {why}")),
        Answer::Missing => Diagnostic::error(Code::FileFailed, format!("{what} is not there")),
        _ => Diagnostic::error(
            Code::HostFailed,
            format!("{what}: the host gave an answer of another kind"),
        ),
    }
}

impl Port for Desk {
    async fn database(&self, request: engine::Request) -> engine::Answer {
        if self.on_scratch.get() {
            return match self.scratch(Scratch::Database(request)).await {
                Ok(answer) => answer,
                Err(error) => {
                    let message = error.message.clone();
                    self.broken.replace(Some(error));
                    engine::Answer::Failed(engine::Failure { message, statement: None })
                }
            };
        }
        match self.host.ask(Request::Database(request)).await {
            Answer::Database(answer) => answer,
            answer => {
                let message = unexpected(answer, "the database").into_details().message;
                engine::Answer::Failed(engine::Failure { message, statement: None })
            }
        }
    }

    async fn tell(&self, event: Event) {
        if self.on_scratch.get() {
            return;
        }
        match &event {
            Event::Doubted(doubt) => return self.warn(doubt.clone()).await,
            // Before anything runs: what is there now is what can be lost.
            Event::Planned(_) => self.held_rows.set(self.holds_rows().await),
            Event::Started(step) => {
                self.log("alembic.runtime.migration", step.to_string()).await;
            }
            Event::Loses { step, losses } => self.tell_losses(step, losses).await,
            _ => {}
        }
        self.say(Output::Event(event)).await;
    }

    async fn now(&self) -> String {
        match self.host.ask(Request::Now { timezone: None }).await {
            Answer::Text(now) => now,
            _ => String::new(),
        }
    }

    async fn before_loss(&self, step: &Step) -> Result<(), Diagnostic> {
        if self.on_scratch.get() {
            return Ok(());
        }
        let keep = self.project().await?.backups;
        if keep == 0 || !self.held_rows.get() || !self.backup_due.replace(false) {
            return Ok(());
        }
        match self.host.ask(Request::Backup { keep }).await {
            Answer::Text(copy) => {
                let why = format!("Before {}: the database is copied to {copy}", step.short());
                self.say(Output::Note(why)).await;
                Ok(())
            }
            Answer::Missing => Ok(()),
            answer => Err(unexpected(answer, "a copy of the database").hint(format!(
                "{} destroys data, and nothing of it has run; --no-backup goes on without a copy",
                step.short()
            ))),
        }
    }
}
