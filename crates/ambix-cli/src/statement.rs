//! The engine's requests, performed on a connection of SQLite.

use crate::interrupt::Interrupt;
use crate::switches;
use ambix_core::engine::{Request, Rows, Statement, Value};
use rusqlite::config::DbConfig;
use rusqlite::types::{Value as Bound, ValueRef};
use rusqlite::{Connection, params_from_iter};
use std::time::Duration;

/// How long another program may keep the database locked, as in Python's `sqlite3.connect`.
pub(crate) const PATIENCE: Duration = Duration::from_secs(5);

/// How often SQLite looks for an interruption, in steps of its virtual machine: some 10,000 times a second.
const STEPS: std::ffi::c_int = 1000;

/// What was refused, and which statement of the list it was.
pub(crate) struct Refused {
    /// SQLite's error.
    pub(crate) error: rusqlite::Error,
    /// The statement, counted from 0, if it was one of the list.
    pub(crate) statement: Option<usize>,
}

impl From<rusqlite::Error> for Refused {
    fn from(error: rusqlite::Error) -> Self {
        Self { error, statement: None }
    }
}

/// Sets up a new connection: foreign keys as a connection of Alembic has them (off; this build of
/// SQLite begins with them on), patience with other programs, and an ear for interruptions.
pub(crate) fn set_up(connection: &mut Connection, interrupt: &Interrupt) -> rusqlite::Result<()> {
    let stop = interrupt.clone();
    let pause = Duration::from_millis(20);
    let pauses = i32::try_from(PATIENCE.as_millis() / pause.as_millis()).unwrap_or(i32::MAX);
    connection.busy_handler(Some(move |count| {
        let waits = count < pauses && !stop.is_set();
        if waits {
            std::thread::sleep(pause);
        }
        waits
    }))?;
    let stop = interrupt.clone();
    connection.progress_handler(STEPS, Some(move || stop.is_set()))?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_FKEY, false)?;
    Ok(())
}

/// Performs a request. Gives rows only for a query. `ran` is called with each statement of a list that has
/// run; whether the list is committed is not known then.
///
/// # Errors
/// If SQLite refuses; nothing has changed then.
pub(crate) fn perform(
    connection: &Connection,
    request: &Request,
    interrupt: &Interrupt,
    ran: &mut dyn FnMut(&Statement),
) -> Result<Option<Rows>, Refused> {
    match request {
        Request::Query(statement) => Ok(Some(rows(connection, statement)?)),
        Request::Alone(statement) => match rows(connection, statement) {
            Ok(_) => Ok(None),
            Err(error) => {
                roll_back(connection);
                Err(Refused { error, statement: Some(0) })
            }
        },
        Request::Atomic(statements) => {
            atomic(connection, statements, interrupt, ran).map(|()| None)
        }
        Request::Rebuild(statements) => switches::while_rebuilding(connection, || {
            atomic(connection, statements, interrupt, ran)
        })
        .map(|()| None),
    }
}

/// An error that is ours, in SQLite's form.
pub(crate) fn misuse(what: &str) -> rusqlite::Error {
    let code = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_MISUSE);
    rusqlite::Error::SqliteFailure(code, Some(what.into()))
}

/// Runs all of it in one transaction, or nothing.
fn atomic(
    connection: &Connection,
    statements: &[Statement],
    interrupt: &Interrupt,
    ran: &mut dyn FnMut(&Statement),
) -> Result<(), Refused> {
    connection.execute_batch("BEGIN IMMEDIATE")?;
    all(connection, statements, interrupt, ran).inspect_err(|_| roll_back(connection))
}

/// Runs the statements of an open transaction and commits it.
fn all(
    connection: &Connection,
    statements: &[Statement],
    interrupt: &Interrupt,
    ran: &mut dyn FnMut(&Statement),
) -> Result<(), Refused> {
    for (at, statement) in statements.iter().enumerate() {
        rows(connection, statement).map_err(|error| Refused { error, statement: Some(at) })?;
        // Such statements are refused before they get here. Should one get through, what follows must not
        // be committed piece by piece.
        if connection.is_autocommit() {
            let what =
                "the statement ended the transaction, and what came before it may be committed";
            return Err(Refused { error: misuse(what), statement: Some(at) });
        }
        ran(statement);
    }
    // SQLite looks for interruptions only in statements that take long.
    if interrupt.is_set() {
        let code = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_INTERRUPT);
        return Err(rusqlite::Error::SqliteFailure(code, Some("interrupted".into())).into());
    }
    connection.execute_batch("COMMIT")?;
    Ok(())
}

/// Some errors end the transaction by themselves; rolling back then would be an error of its own.
fn roll_back(connection: &Connection) {
    if !connection.is_autocommit() {
        // If even this fails, the journal is still there, and the next who opens the file rolls back.
        let _ = connection.execute_batch("ROLLBACK");
    }
}

/// Runs one statement and reads all of its rows.
fn rows(connection: &Connection, statement: &Statement) -> rusqlite::Result<Rows> {
    let mut prepared = connection.prepare(&statement.sql)?;
    let columns: Vec<String> = prepared.column_names().map(Into::into).collect();
    let width = columns.len();
    let mut found = prepared.query(params_from_iter(statement.parameters.iter().map(bound)))?;
    let mut rows = Vec::new();
    while let Some(row) = found.next()? {
        let values: rusqlite::Result<Vec<Value>> =
            (0..width).map(|at| row.get_ref(at).map(value)).collect();
        rows.push(values?);
    }
    Ok(Rows { columns, rows })
}

fn bound(value: &Value) -> Bound {
    match value {
        Value::Null => Bound::Null,
        Value::Integer(number) => Bound::Integer(*number),
        Value::Real(number) => Bound::Real(*number),
        Value::Text(text) => Bound::Text(text.clone()),
        Value::Blob(bytes) => Bound::Blob(bytes.clone()),
    }
}

fn value(value: ValueRef<'_>) -> Value {
    match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(number) => Value::Integer(number),
        ValueRef::Real(number) => Value::Real(number),
        ValueRef::Text(text) => Value::Text(String::from_utf8_lossy(text).into()),
        ValueRef::Blob(bytes) => Value::Blob(bytes.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ambix_core::engine::{Origin, Role};

    fn statement(sql: &str, parameters: Vec<Value>) -> Statement {
        let origin = Origin { revision: None, role: Role::Read };
        Statement { sql: sql.into(), parameters, origin }
    }

    fn open(interrupt: &Interrupt) -> Connection {
        let mut connection = Connection::open_in_memory().unwrap();
        set_up(&mut connection, interrupt).unwrap();
        connection
    }

    fn perform(
        connection: &Connection,
        request: &Request,
        interrupt: &Interrupt,
    ) -> Result<Option<Rows>, Refused> {
        super::perform(connection, request, interrupt, &mut |_| {})
    }

    fn list(sql: &[&str]) -> Vec<Statement> {
        sql.iter().map(|sql| statement(sql, Vec::new())).collect()
    }

    fn atomic(connection: &Connection, sql: &[&str]) -> Result<(), (String, Option<usize>)> {
        outcome(perform(connection, &Request::Atomic(list(sql)), &Interrupt::default()))
    }

    fn rebuild(connection: &Connection, sql: &[&str]) -> Result<(), (String, Option<usize>)> {
        outcome(perform(connection, &Request::Rebuild(list(sql)), &Interrupt::default()))
    }

    fn outcome(done: Result<Option<Rows>, Refused>) -> Result<(), (String, Option<usize>)> {
        done.map(|_| ()).map_err(|refused| (refused.error.to_string(), refused.statement))
    }

    /// `PRAGMA foreign_keys` and `PRAGMA legacy_alter_table`.
    fn pragmas(connection: &Connection) -> (i64, i64) {
        let pragma = |name| connection.pragma_query_value(None, name, |row| row.get(0)).unwrap();
        (pragma("foreign_keys"), pragma("legacy_alter_table"))
    }

    fn query(connection: &Connection, sql: &str, parameters: Vec<Value>) -> Vec<Vec<Value>> {
        let request = Request::Query(statement(sql, parameters));
        let done = perform(connection, &request, &Interrupt::default());
        done.unwrap_or_else(|refused| panic!("{}", refused.error)).unwrap().rows
    }

    #[test]
    fn all_of_a_list_or_nothing_and_which_statement_it_was() {
        let connection = open(&Interrupt::default());
        atomic(&connection, &["CREATE TABLE t (a UNIQUE)", "INSERT INTO t VALUES (1)"]).unwrap();
        let (error, at) =
            atomic(&connection, &["DELETE FROM t", "INSERT INTO nowhere VALUES (1)"]).unwrap_err();
        assert!(error.contains("no such table: nowhere"), "{error}");
        assert_eq!(at, Some(1));
        // This one ends the transaction by itself.
        let rolls_back = "INSERT OR ROLLBACK INTO t VALUES (2), (1)";
        assert_eq!(
            atomic(&connection, &["DELETE FROM t WHERE a > 5", rolls_back]).unwrap_err().1,
            Some(1)
        );
        assert_eq!(query(&connection, "SELECT a FROM t", vec![]), [[Value::Integer(1)]]);
    }

    #[test]
    fn a_list_that_is_refused_at_its_end_names_no_statement() {
        let connection = open(&Interrupt::default());
        let (_, at) = atomic(
            &connection,
            &[
                "CREATE TABLE p (a PRIMARY KEY)",
                "CREATE TABLE c (a REFERENCES p DEFERRABLE INITIALLY DEFERRED)",
                "INSERT INTO c VALUES (1)",
            ],
        )
        .map_or_else(|error| error, |()| (String::new(), None));
        assert_eq!(at, None, "foreign keys are off: nothing is refused");
        connection.execute_batch("PRAGMA foreign_keys = ON").unwrap();
        let (error, at) = atomic(&connection, &["INSERT INTO c VALUES (2)"]).unwrap_err();
        assert_eq!((error.as_str(), at), ("FOREIGN KEY constraint failed", None));
        assert!(connection.is_autocommit());
    }

    #[test]
    fn a_rebuild_sees_no_foreign_keys_and_leaves_the_connection_as_it_was() {
        let connection = open(&Interrupt::default());
        atomic(
            &connection,
            &[
                "CREATE TABLE p (a PRIMARY KEY)",
                "CREATE TABLE c (a REFERENCES p ON DELETE CASCADE)",
                "INSERT INTO p VALUES (1)",
                "INSERT INTO c VALUES (1)",
                "CREATE TABLE seen (foreign_keys, legacy_alter_table)",
            ],
        )
        .unwrap();
        let look = "INSERT INTO seen SELECT foreign_keys, legacy_alter_table \
                    FROM pragma_foreign_keys, pragma_legacy_alter_table";
        for before in [(1, 0), (0, 0), (1, 1)] {
            connection.pragma_update(None, "foreign_keys", before.0).unwrap();
            connection.pragma_update(None, "legacy_alter_table", before.1).unwrap();

            rebuild(
                &connection,
                &["DELETE FROM seen", look, "DELETE FROM p", "INSERT INTO p VALUES (1)"],
            )
            .unwrap();
            let seen = query(&connection, "SELECT * FROM seen", vec![]);
            assert_eq!(seen, [[Value::Integer(0), Value::Integer(0)]]);
            assert_eq!(query(&connection, "SELECT a FROM c", vec![]).len(), 1, "nothing cascaded");
            assert_eq!(pragmas(&connection), before, "after a success");

            let (error, at) =
                rebuild(&connection, &["PRAGMA legacy_alter_table = ON", "DROP TABLE nowhere"])
                    .unwrap_err();
            assert_eq!((error.as_str(), at), ("no such table: nowhere", Some(1)));
            assert_eq!(pragmas(&connection), before, "after a statement that was refused");

            let rolls_back = "INSERT OR ROLLBACK INTO p VALUES (1)";
            rebuild(&connection, &["DELETE FROM seen", rolls_back]).unwrap_err();
            assert_eq!(pragmas(&connection), before, "after the end of the transaction");
        }
    }

    #[test]
    fn a_rebuild_that_is_interrupted_leaves_the_connection_as_it_was() {
        let interrupt = Interrupt::default();
        let connection = open(&interrupt);
        connection.pragma_update(None, "foreign_keys", true).unwrap();
        interrupt.set();
        let request = Request::Rebuild(list(&["CREATE TABLE t (a)"]));
        assert!(perform(&connection, &request, &interrupt).is_err());
        assert_eq!(pragmas(&connection), (1, 0));
        assert!(query(&connection, "SELECT * FROM sqlite_schema", vec![]).is_empty());
    }

    #[test]
    fn whoever_wants_to_know_is_told_of_each_statement_that_ran() {
        let connection = open(&Interrupt::default());
        let mut ran = Vec::new();
        let request =
            Request::Atomic(list(&["CREATE TABLE t (a)", "SELECT 1", "DROP TABLE nowhere"]));
        let told = &mut |statement: &Statement| ran.push(statement.sql.clone());
        assert!(super::perform(&connection, &request, &Interrupt::default(), told).is_err());
        assert_eq!(ran, ["CREATE TABLE t (a)", "SELECT 1"]);
    }

    #[test]
    fn parameters_keep_their_kind() {
        let values = vec![
            Value::Null,
            Value::Integer(-7),
            Value::Real(0.5),
            Value::Text("zwölf".into()),
            Value::Blob(vec![0, 255]),
        ];
        let rows = query(&open(&Interrupt::default()), "SELECT ?, ?, ?, ?, ?", values.clone());
        assert_eq!(rows, [values]);
    }

    #[test]
    fn an_interruption_rolls_back() {
        let interrupt = Interrupt::default();
        let connection = open(&interrupt);
        let list = Request::Atomic(vec![statement("CREATE TABLE t (a)", vec![])]);
        interrupt.set();
        assert!(perform(&connection, &list, &interrupt).is_err());
        assert!(query(&connection, "SELECT * FROM sqlite_schema", vec![]).is_empty());
        assert!(connection.is_autocommit());
    }

    #[test]
    fn a_statement_that_never_ends_is_interrupted() {
        let interrupt = Interrupt::default();
        let connection = open(&interrupt);
        let endless = "WITH RECURSIVE n(a) AS (SELECT 1 UNION ALL SELECT a + 1 FROM n) SELECT count(*) FROM n";
        let later = interrupt.clone();
        let waiting = std::thread::spawn(move || {
            std::thread::sleep(Duration::from_millis(50));
            later.set();
        });
        let refused = perform(&connection, &Request::Query(statement(endless, vec![])), &interrupt);
        assert_eq!(
            refused.err().map(|refused| refused.error.to_string()).as_deref(),
            Some("interrupted")
        );
        waiting.join().unwrap();
    }
}
