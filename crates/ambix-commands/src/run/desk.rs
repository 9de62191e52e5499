//! A command's desk: the host it asks, with a function for each thing that is asked for.

use crate::project::is_revision_file;
use crate::{Answer, LogLine, Output, Project, Report, Request, Revisions, read_revisions};
use ambix_core::diagnostic::{Code, Diagnostic};
use ambix_core::engine::{self, DatabaseState, Event, Host, Port, Settings};

/// Where a command asks and speaks.
pub(super) struct Desk {
    host: Host<Request, Answer>,
    pub(super) project: Project,
}

impl Desk {
    pub(super) fn new(host: Host<Request, Answer>, project: Project) -> Self {
        Self { host, project }
    }

    /// A line of standard output.
    pub(super) async fn line(&self, line: String) {
        self.say(Output::Line(line)).await;
    }

    /// A line of the log.
    pub(super) async fn log(&self, logger: &'static str, message: String) {
        self.say(Output::Log(LogLine { level: "INFO", logger, message })).await;
    }

    /// A warning.
    pub(super) async fn warn(&self, warning: Diagnostic) {
        self.say(Output::Diagnostic(warning)).await;
    }

    async fn say(&self, output: Output) {
        self.host.ask(Request::Tell(output)).await;
    }

    /// What Alembic logs when it connects.
    pub(super) async fn context(&self) {
        const LOGGER: &str = "alembic.runtime.migration";
        self.log(LOGGER, "Context impl SQLiteImpl.".into()).await;
        self.log(LOGGER, "Will assume non-transactional DDL.".into()).await;
    }

    /// Reports the error that ends the command.
    pub(super) async fn failed(&self, error: Diagnostic) -> Report {
        self.say(Output::Diagnostic(error)).await;
        Report { exit_code: 255 }
    }

    /// Reports that a line is no command.
    pub(super) async fn usage(&self, error: Diagnostic) -> Report {
        self.say(Output::Diagnostic(error)).await;
        Report { exit_code: 2 }
    }

    /// The revision files, read.
    pub(super) async fn revisions(&self) -> Result<Revisions, Diagnostic> {
        let mut files = Vec::new();
        for path in self.paths(&self.project.versions).await? {
            if is_revision_file(&path) {
                let text = self.read(&path).await?;
                files.push((path, text));
            }
        }
        Ok(read_revisions(&files))
    }

    /// Where the database is.
    pub(super) async fn state(&self) -> Result<DatabaseState, Diagnostic> {
        DatabaseState::read(self, Settings { journal: false }).await
    }

    /// The paths of the files in a folder.
    pub(super) async fn paths(&self, folder: &str) -> Result<Vec<String>, Diagnostic> {
        match self.host.ask(Request::List { folder: folder.into(), recursive: false }).await {
            Answer::Paths(paths) => Ok(paths),
            Answer::Missing => Ok(Vec::new()),
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

    /// Makes a file.
    pub(super) async fn write(&self, path: &str, text: String) -> Result<(), Diagnostic> {
        match self.host.ask(Request::Write { path: path.into(), text }).await {
            Answer::Done => Ok(()),
            answer => Err(unexpected(answer, path)),
        }
    }

    /// A new id for a revision.
    pub(super) async fn new_id(&self) -> Result<String, Diagnostic> {
        match self.host.ask(Request::NewId).await {
            Answer::Text(id) => Ok(id),
            answer => Err(unexpected(answer, "a new id")),
        }
    }

    /// The local time.
    pub(super) async fn time(&self) -> String {
        match self.host.ask(Request::Now { timezone: None }).await {
            Answer::Text(now) => now,
            _ => String::new(),
        }
    }

    /// Makes last what was done.
    pub(super) async fn flush(&self) -> Result<(), Diagnostic> {
        match self.host.ask(Request::Flush).await {
            Answer::Done => Ok(()),
            answer => Err(unexpected(answer, "the project")),
        }
    }
}

fn unexpected(answer: Answer, what: &str) -> Diagnostic {
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
        match self.host.ask(Request::Database(request)).await {
            Answer::Database(answer) => answer,
            answer => {
                let message = unexpected(answer, "the database").message;
                engine::Answer::Failed(engine::Failure { message, statement: None })
            }
        }
    }

    async fn tell(&self, event: Event) {
        if let Event::Started(step) = &event {
            self.log("alembic.runtime.migration", step.to_string()).await;
        }
        self.say(Output::Event(event)).await;
    }

    async fn now(&self) -> String {
        self.time().await
    }
}
