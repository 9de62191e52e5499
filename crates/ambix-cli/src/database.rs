//! The database that a command works on, and the scratch database beside it.

use crate::failure::describe;
use crate::interrupt::Interrupt;
use crate::statement::{self, Refused};
use ambix_core::engine::{Answer, Failure, Request, Rows, Statement};
use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, OpenFlags};
use std::path::{Path, PathBuf};
use std::time::Instant;

/// How many pages are copied between two looks for an interruption.
const PAGES: std::ffi::c_int = 256;

/// A database that is opened when something is asked of it.
///
/// A file that is not there is made by the first request that changes something. Until then the
/// database is empty, and whoever only looks leaves no file behind.
pub(crate) struct Database {
    /// The file; none if it is in memory.
    file: Option<PathBuf>,
    connection: Option<Connection>,
    /// Answers questions as long as there is no file.
    absent: Option<Connection>,
    scratch: Option<Connection>,
    /// Whether foreign keys are in force; as in a connection of Alembic, they are not by themselves.
    foreign_keys: bool,
    interrupt: Interrupt,
}

impl Database {
    /// A database in memory, until [`Self::connect`] names a file.
    pub(crate) fn new(interrupt: Interrupt) -> Self {
        Self {
            file: None,
            connection: None,
            absent: None,
            scratch: None,
            foreign_keys: false,
            interrupt,
        }
    }

    /// Names the database: a file, or none for one in memory. It is not opened yet.
    pub(crate) fn connect(&mut self, file: Option<PathBuf>, foreign_keys: bool) {
        *self = Self { file, foreign_keys, ..Self::new(self.interrupt.clone()) };
    }

    /// The file, if it is in one.
    pub(crate) fn file(&self) -> Option<&Path> {
        self.file.as_deref()
    }

    /// Performs a request of the engine. `ran` is told each statement of a list that has run.
    pub(crate) fn perform(&mut self, request: &Request, ran: &mut dyn FnMut(&Statement)) -> Answer {
        let interrupt = self.interrupt.clone();
        let result = match self.open(!matches!(request, Request::Query(_))) {
            Ok(connection) => statement::perform(connection, request, &interrupt, ran),
            Err(error) => Err(error.into()),
        };
        answer(result, self.file())
    }

    /// Makes a new scratch database in memory, empty or as a copy.
    ///
    /// # Errors
    /// What SQLite says.
    pub(crate) fn open_scratch(&mut self, copy: bool) -> Result<(), String> {
        let interrupt = self.interrupt.clone();
        let mut made = || -> rusqlite::Result<Connection> {
            let mut scratch = Connection::open_in_memory()?;
            if copy {
                copy_pages(self.open(false)?, &mut scratch, &interrupt)?;
            }
            statement::set_up(&mut scratch, &interrupt)?;
            Ok(scratch)
        };
        let made = made().map_err(|error| describe(&error, self.file()))?;
        self.scratch = Some(made);
        Ok(())
    }

    /// Performs a request on the scratch database.
    pub(crate) fn perform_scratch(&self, request: &Request) -> Answer {
        match &self.scratch {
            Some(scratch) => {
                let nobody = &mut |_: &Statement| {};
                answer(statement::perform(scratch, request, &self.interrupt, nobody), None)
            }
            None => Answer::Failed(Failure {
                message: "there is no scratch database".into(),
                statement: None,
            }),
        }
    }

    /// Copies the database into a new file at `to`, in one state even while others write.
    ///
    /// # Errors
    /// What SQLite says of the database, or of the copy.
    pub(crate) fn copy_to(&mut self, to: &Path) -> Result<(), String> {
        let interrupt = self.interrupt.clone();
        let file = self.file.clone();
        let source = self.open(false).map_err(|error| describe(&error, file.as_deref()))?;
        let copied = open_file(to).and_then(|mut copy| {
            copy_pages(source, &mut copy, &interrupt)?;
            copy.close().map_err(|(_, error)| error)
        });
        copied.map_err(|error| describe(&error, Some(to)))
    }

    /// The connection. Whoever writes gets the file, made if need be.
    fn open(&mut self, writes: bool) -> rusqlite::Result<&Connection> {
        if self.connection.is_none() && !writes && is_absent(self.file()) {
            if self.absent.is_none() {
                let mut absent = Connection::open_in_memory()?;
                statement::set_up(&mut absent, &self.interrupt)?;
                self.absent = Some(absent);
            }
            return self.absent.as_ref().ok_or(rusqlite::Error::InvalidQuery);
        }
        if self.connection.is_none() {
            let mut connection = match &self.file {
                Some(file) => open_file(file)?,
                None => Connection::open_in_memory()?,
            };
            statement::set_up(&mut connection, &self.interrupt)?;
            connection.pragma_update(None, "foreign_keys", self.foreign_keys)?;
            self.connection = Some(connection);
        }
        self.connection.as_ref().ok_or(rusqlite::Error::InvalidQuery)
    }
}

/// Whether there is no file, but there could be one.
fn is_absent(file: Option<&Path>) -> bool {
    file.is_some_and(|file| {
        let folder = file.parent().is_some_and(Path::is_dir);
        folder && matches!(file.try_exists(), Ok(false)) && !file.is_symlink()
    })
}

/// Opens a file by its name as it is: `file:` and `?` mean nothing special.
fn open_file(file: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_CREATE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    Connection::open_with_flags(file, flags)
}

fn answer(result: Result<Option<Rows>, Refused>, file: Option<&Path>) -> Answer {
    match result {
        Ok(Some(rows)) => Answer::Rows(rows),
        Ok(None) => Answer::Done,
        Err(refused) => Answer::Failed(Failure {
            message: describe(&refused.error, file),
            statement: refused.statement,
        }),
    }
}

/// SQLite's backup: the pages as they are at one moment.
fn copy_pages(
    from: &Connection,
    to: &mut Connection,
    interrupt: &Interrupt,
) -> rusqlite::Result<()> {
    let backup = Backup::new(from, to)?;
    let began = Instant::now();
    let refused = |code| Err(rusqlite::Error::SqliteFailure(rusqlite::ffi::Error::new(code), None));
    loop {
        if interrupt.is_set() {
            return refused(rusqlite::ffi::SQLITE_INTERRUPT);
        }
        match backup.step(PAGES)? {
            StepResult::Done => return Ok(()),
            StepResult::More => {}
            _ if began.elapsed() > statement::PATIENCE => {
                return refused(rusqlite::ffi::SQLITE_BUSY);
            }
            _ => std::thread::sleep(std::time::Duration::from_millis(20)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ambix_core::engine::{Origin, Role, Value};

    fn statement(sql: &str) -> Statement {
        let origin = Origin { revision: None, role: Role::Read };
        Statement { sql: sql.into(), parameters: Vec::new(), origin }
    }

    fn query(sql: &str) -> Request {
        Request::Query(statement(sql))
    }

    fn change(sql: &str) -> Request {
        Request::Atomic(vec![statement(sql)])
    }

    impl Database {
        fn does(&mut self, request: &Request) -> Answer {
            self.perform(request, &mut |_| {})
        }
    }

    fn database(file: &Path) -> Database {
        let mut database = Database::new(Interrupt::default());
        database.connect(Some(file.into()), false);
        database
    }

    fn number(answer: Answer) -> i64 {
        match answer {
            Answer::Rows(rows) => match rows.rows[0][0] {
                Value::Integer(number) => number,
                ref other => panic!("{other:?}"),
            },
            other => panic!("{other:?}"),
        }
    }

    fn failure(answer: Answer) -> String {
        match answer {
            Answer::Failed(failure) => failure.message,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn whoever_only_looks_leaves_no_file_behind() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("app.db");
        let mut database = database(&file);
        assert_eq!(number(database.does(&query("SELECT count(*) FROM sqlite_schema"))), 0);
        assert!(!file.exists());
        assert_eq!(database.does(&change("CREATE TABLE t (a)")), Answer::Done);
        assert!(file.exists());
        assert_eq!(number(database.does(&query("SELECT count(*) FROM sqlite_schema"))), 1);
    }

    #[test]
    fn foreign_keys_are_off_as_in_a_connection_of_alembic() {
        let mut memory = Database::new(Interrupt::default());
        assert_eq!(number(memory.does(&query("PRAGMA foreign_keys"))), 0);
    }

    #[test]
    fn a_file_that_cannot_be_a_database_is_named_with_a_way_out() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        std::fs::write(at("notes.txt"), "x".repeat(5000)).unwrap();
        let look =
            |path: &Path| failure(database(path).does(&query("SELECT * FROM sqlite_schema")));

        let text = look(&at("notes.txt"));
        assert!(text.starts_with("file is not a database: "), "{text}");
        assert!(text.contains("notes.txt (it is no SQLite database"), "{text}");
        let text = look(folder.path());
        assert!(text.starts_with("unable to open database file: "), "{text}");
        assert!(text.contains("this is a folder"), "{text}");
        let text = look(&at("nowhere/app.db"));
        assert!(text.contains("there is no folder") && text.contains("nowhere"), "{text}");
    }

    #[test]
    fn a_copy_holds_what_the_database_holds_and_goes_its_own_way() {
        for mode in ["DELETE", "WAL"] {
            let folder = tempfile::tempdir().unwrap();
            let mut database = database(&folder.path().join("app.db"));
            let journal = Request::Alone(statement(&format!("PRAGMA journal_mode = {mode}")));
            assert_eq!(database.does(&journal), Answer::Done);
            database.does(&change("CREATE TABLE t AS SELECT 1 AS a"));
            database.open_scratch(true).unwrap();
            assert_eq!(database.perform_scratch(&change("DELETE FROM t")), Answer::Done, "{mode}");
            let count = query("SELECT count(*) FROM t");
            assert_eq!(number(database.perform_scratch(&count)), 0);
            assert_eq!(number(database.does(&count)), 1);
            database.open_scratch(false).unwrap();
            assert_eq!(failure(database.perform_scratch(&count)), "no such table: t");
        }
    }

    #[test]
    fn a_scratch_copy_of_no_file_is_empty() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("app.db");
        let mut database = database(&file);
        database.open_scratch(true).unwrap();
        assert_eq!(database.perform_scratch(&change("CREATE TABLE t (a)")), Answer::Done);
        assert!(!file.exists());
    }
}
