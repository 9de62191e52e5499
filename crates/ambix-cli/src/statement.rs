//! The engine's requests, performed on a connection of SQLite.

use crate::interrupt::Interrupt;
use ambix_core::engine::{Request, Rows, Statement, Value};
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
    connection.set_db_config(rusqlite::config::DbConfig::SQLITE_DBCONFIG_ENABLE_FKEY, false)?;
    Ok(())
}

/// Performs a request. Gives rows only for a query.
///
/// # Errors
/// If SQLite refuses; nothing has changed then.
pub(crate) fn perform(
    connection: &Connection,
    request: &Request,
    interrupt: &Interrupt,
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
            connection.execute_batch("BEGIN IMMEDIATE")?;
            let done = all(connection, statements, interrupt);
            if done.is_err() {
                roll_back(connection);
            }
            done.map(|()| None)
        }
    }
}

/// Runs the statements of an open transaction and commits it.
fn all(
    connection: &Connection,
    statements: &[Statement],
    interrupt: &Interrupt,
) -> Result<(), Refused> {
    for (at, statement) in statements.iter().enumerate() {
        rows(connection, statement).map_err(|error| Refused { error, statement: Some(at) })?;
        // Such statements are refused before they get here. Should one get through, what follows must not
        // be committed piece by piece.
        if connection.is_autocommit() {
            let code = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_MISUSE);
            let what =
                "the statement ended the transaction, and what came before it may be committed";
            let error = rusqlite::Error::SqliteFailure(code, Some(what.into()));
            return Err(Refused { error, statement: Some(at) });
        }
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

    fn atomic(connection: &Connection, sql: &[&str]) -> Result<(), (String, Option<usize>)> {
        let statements = sql.iter().map(|sql| statement(sql, Vec::new())).collect();
        let done = perform(connection, &Request::Atomic(statements), &Interrupt::default());
        done.map(|_| ()).map_err(|refused| (refused.error.to_string(), refused.statement))
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
