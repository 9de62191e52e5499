//! A project that commands can be typed into, without a page and without files: the database is
//! SQLite in memory, the files are a map. It is to the commands what a browser or a shell is.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test harness")]

pub mod alter;
pub mod compare;
pub mod covered;
pub mod dice;
pub mod folder;
pub mod fuzzed;
pub mod fuzzed_python;
pub mod graph_case;
pub mod history;
pub mod placeholders;
pub mod project;
pub mod random_schema;
pub mod replay;
pub mod schema;
pub mod shell;
pub mod sql_text;

use ambix_commands::{Answer, Output, Project, Request, Scratch, run_line};
use ambix_core::diagnostic::Diagnostic;
use ambix_core::engine::{self, Event, Failure, Next, Rows, Statement, Value};
use rusqlite::{Connection, types::ValueRef};
use std::collections::BTreeMap;
use std::time::Duration;

/// The time that the clock of every [`Typist`] shows.
pub const NOW: &str = "2026-11-22 08:27:31.462407";

/// Somebody at a terminal, with a project.
pub struct Typist {
    /// The database.
    pub database: Connection,
    /// The files, by path.
    pub files: BTreeMap<String, String>,
    /// The ids that new revisions get, last one first.
    pub ids: Vec<String>,
    /// Whether applied revisions go into the journal.
    pub journal: bool,
    /// Whether what revisions drop is kept for their downgrade.
    pub keep_data: bool,
    scratch: Option<Connection>,
}

/// What a command line answered.
#[derive(Debug, Default)]
pub struct Answered {
    /// The lines of standard output.
    pub lines: Vec<String>,
    /// The lines of the log.
    pub log: Vec<String>,
    /// What else was worth knowing.
    pub notes: Vec<String>,
    /// Errors and warnings.
    pub diagnostics: Vec<Diagnostic>,
    /// What the engine did.
    pub events: Vec<Event>,
    /// The exit code.
    pub exit_code: u8,
}

impl Answered {
    /// The error that ended the command.
    pub fn error(&self) -> &Diagnostic {
        self.diagnostics.iter().find(|diagnostic| diagnostic.is_error()).expect("an error")
    }
}

impl Typist {
    /// A project with this `models.py` and an empty database.
    pub fn new(models: &str) -> Self {
        Self {
            database: Connection::open_in_memory().unwrap(),
            files: BTreeMap::from([("models.py".into(), models.into())]),
            ids: Vec::new(),
            journal: true,
            keep_data: false,
            scratch: None,
        }
    }

    /// Types a line and reads what it answers.
    pub fn types(&mut self, line: &str) -> Answered {
        let models = ["models.py"];
        let url = "sqlite:///app.db";
        let mut project = Project::new("/project", &models, "versions", url, self.journal);
        project.settings.keep_data = self.keep_data;
        if let Ok(offline) = &mut project.offline {
            offline.keep_data = self.keep_data;
        }
        let mut exchange = run_line(line, project);
        let mut answered = Answered::default();
        let mut answer = None;
        loop {
            match exchange.next(answer).expect("a command goes on until it is done") {
                Next::Done(report) => {
                    answered.exit_code = report.exit_code;
                    return answered;
                }
                Next::Request(request) => answer = Some(self.perform(request, &mut answered)),
            }
        }
    }

    /// Types a line that must work.
    pub fn types_well(&mut self, line: &str) -> Answered {
        let answered = self.types(line);
        assert_eq!(answered.exit_code, 0, "{line}: {:?}", answered.diagnostics);
        answered
    }

    fn perform(&mut self, request: Request, answered: &mut Answered) -> Answer {
        match request {
            Request::Database(request) => Answer::Database(perform(&self.database, &request)),
            Request::List { folder, .. } => {
                let inside = format!("{folder}/");
                let paths = self.files.keys().filter(|path| path.starts_with(&inside));
                Answer::Paths(paths.cloned().collect())
            }
            Request::Read { path } => match self.files.get(&path) {
                Some(text) => Answer::Text(text.clone()),
                None => Answer::Missing,
            },
            Request::Write { path, text } => {
                assert!(self.files.insert(path, text).is_none(), "a file is made only once");
                Answer::Done
            }
            Request::NewId => Answer::Text(self.ids.pop().unwrap_or("1975ea83b712".into())),
            Request::Now { timezone: None } => Answer::Text(NOW.into()),
            Request::Now { timezone: Some(name) } if name == "UTC" => {
                Answer::Text(format!("{NOW}+00:00"))
            }
            Request::Append { path, text } => match self.files.get_mut(&path) {
                Some(file) => {
                    file.push_str(&text);
                    Answer::Done
                }
                None => Answer::Missing,
            },
            Request::Scratch(Scratch::Open { copy }) => {
                let mut scratch = Connection::open_in_memory().unwrap();
                if copy {
                    let backup = rusqlite::backup::Backup::new(&self.database, &mut scratch);
                    backup.unwrap().run_to_completion(i32::MAX, Duration::ZERO, None).unwrap();
                }
                self.scratch = Some(scratch);
                Answer::Done
            }
            Request::Scratch(Scratch::Database(request)) => {
                Answer::Database(perform(self.scratch.as_ref().unwrap(), &request))
            }
            Request::Connect { .. }
            | Request::Lock
            | Request::MakeFolder { .. }
            | Request::Flush => Answer::Done,
            // Nobody edits a file here, no other program runs, and no copies are kept.
            Request::Edit { .. }
            | Request::Variable { .. }
            | Request::Run { .. }
            | Request::Ask { .. }
            | Request::Backup { .. }
            | Request::Now { .. } => Answer::Missing,
            Request::Tell(output) => {
                match output {
                    Output::Line(line) => answered.lines.push(line),
                    Output::Note(note) => answered.notes.push(note),
                    Output::Log(line) => answered.log.push(line.to_string()),
                    Output::Diagnostic(diagnostic) => answered.diagnostics.push(diagnostic),
                    Output::Event(event) => answered.events.push(event),
                }
                Answer::Done
            }
        }
    }

    /// Everything that the database holds, as text: to see that nothing has changed. A version table
    /// without rows says nothing: as in Alembic, every command that connects makes it.
    pub fn whole_database(&self) -> String {
        let mut whole = String::new();
        let tables =
            rows(&self.database, "SELECT name, sql FROM sqlite_schema ORDER BY name").unwrap();
        let has_rows = rows(&self.database, "SELECT 1 FROM alembic_version LIMIT 1")
            .is_ok_and(|found| !found.rows.is_empty());
        for table in tables.rows {
            let name = table[0].as_text().unwrap();
            if !has_rows && name.contains("alembic_version") {
                continue;
            }
            whole.push_str(&format!("{table:?}\n"));
            if let Ok(content) = rows(&self.database, &format!("SELECT * FROM \"{name}\"")) {
                whole.push_str(&format!("{:?}\n", content.rows));
            }
        }
        whole
    }

    /// The texts of the application's tables and indexes, sorted.
    pub fn schema(&self) -> Vec<String> {
        let select = "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND tbl_name NOT IN \
                      ('alembic_version', '_ambix_journal') ORDER BY sql";
        let rows = rows(&self.database, select).unwrap().rows;
        rows.iter().map(|row| row[0].as_text().unwrap().to_string()).collect()
    }

    /// The one revision file there is.
    pub fn script(&self) -> (&str, &str) {
        let mut scripts = self.files.iter().filter(|(path, _)| path.starts_with("versions/"));
        let (path, text) = scripts.next().expect("a revision file");
        assert!(scripts.next().is_none(), "one revision file");
        (path, text)
    }
}

/// Performs a request of the engine on a SQLite connection.
pub fn perform(database: &Connection, request: &engine::Request) -> engine::Answer {
    let failed = |error: rusqlite::Error, statement| {
        engine::Answer::Failed(Failure { message: error.to_string(), statement })
    };
    match request {
        engine::Request::Query(statement) => match rows(database, &statement.sql) {
            Ok(rows) => engine::Answer::Rows(rows),
            Err(error) => failed(error, None),
        },
        engine::Request::Alone(statement) => match rows(database, &statement.sql) {
            Ok(_) => engine::Answer::Done,
            Err(error) => failed(error, Some(0)),
        },
        engine::Request::Atomic(statements) => atomic(database, statements),
        engine::Request::Rebuild(statements) => {
            let before = switches(database);
            database
                .execute_batch("PRAGMA foreign_keys = OFF; PRAGMA legacy_alter_table = OFF")
                .unwrap();
            assert_eq!(switches(database), [0, 0]);
            let answer = atomic(database, statements);
            let [foreign_keys, legacy] = before;
            let back = format!(
                "PRAGMA foreign_keys = {foreign_keys}; PRAGMA legacy_alter_table = {legacy}"
            );
            database.execute_batch(&back).unwrap();
            assert_eq!(switches(database), before);
            answer
        }
    }
}

fn atomic(database: &Connection, statements: &[Statement]) -> engine::Answer {
    let failed = |error: rusqlite::Error, statement| {
        if !database.is_autocommit() {
            database.execute_batch("ROLLBACK").unwrap();
        }
        engine::Answer::Failed(Failure { message: error.to_string(), statement })
    };
    database.execute_batch("BEGIN IMMEDIATE").unwrap();
    for (at, statement) in statements.iter().enumerate() {
        if let Err(error) = rows(database, &statement.sql) {
            return failed(error, Some(at));
        }
    }
    match database.execute_batch("COMMIT") {
        Ok(()) => engine::Answer::Done,
        Err(error) => failed(error, None),
    }
}

/// `PRAGMA foreign_keys` and `PRAGMA legacy_alter_table`.
fn switches(database: &Connection) -> [i64; 2] {
    ["foreign_keys", "legacy_alter_table"]
        .map(|name| database.pragma_query_value(None, name, |row| row.get(0)).unwrap())
}

/// Runs one statement and reads all of its rows.
pub fn rows(database: &Connection, sql: &str) -> rusqlite::Result<Rows> {
    let mut statement = database.prepare(sql)?;
    let columns: Vec<String> = statement.column_names().map(Into::into).collect();
    let width = columns.len();
    let mut found = statement.query([])?;
    let mut rows = Vec::new();
    while let Some(row) = found.next()? {
        let value = |at| match row.get_ref_unwrap(at) {
            ValueRef::Null => Value::Null,
            ValueRef::Integer(number) => Value::Integer(number),
            ValueRef::Real(number) => Value::Real(number),
            ValueRef::Text(text) => Value::Text(String::from_utf8_lossy(text).into()),
            ValueRef::Blob(bytes) => Value::Blob(bytes.into()),
        };
        rows.push((0..width).map(value).collect());
    }
    Ok(Rows { columns, rows })
}
