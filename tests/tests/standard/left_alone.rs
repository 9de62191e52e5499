//! What SQLite takes is the author's own statement, word for word.

use ambix_core::sqlite::split;
use ambix_core::sqlite::standard::read;
use rusqlite::Connection;

/// A database on which many statements work.
const BEFORE: &str = "\
CREATE TABLE p (id INTEGER PRIMARY KEY);
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b INT, \"column\" TEXT, 'set', [type]);
INSERT INTO t (id, a) VALUES (1, 'x');
CREATE TABLE \"if\" (a, b); CREATE TABLE only (a, b); CREATE TEMP TABLE tt (a, b);
CREATE VIEW v AS SELECT a FROM t; CREATE INDEX ix ON t (b);
CREATE TRIGGER g AFTER INSERT ON t BEGIN SELECT 1; END";

/// Whether this SQLite takes the statement.
fn is_taken(sql: &str) -> bool {
    let database = Connection::open_in_memory().unwrap();
    database.execute_batch(BEFORE).unwrap();
    database.execute_batch(sql).is_ok()
}

#[test]
fn create_statements_of_all_kinds() {
    let corpus = include_str!("../../recorded/create.sql");
    let mut seen = 0;
    for span in split::statements(corpus) {
        assert_eq!(read(span.of(corpus)), Ok(None), "{}", span.of(corpus));
        seen += 1;
    }
    assert!(seen > 300, "{seen}");
}

#[test]
fn hundreds_of_alter_statements() {
    let tables =
        ["t", "main.t", "\"t\"", "[t]", "'t'", "temp.tt", "tt", "if", "only", "main.\"only\""];
    let columns =
        ["a", "\"a\"", "[a]", "'a'", "b", "\"column\"", "column", "'set'", "type", "\"type\""];
    let definitions = [
        "c",
        "c INT",
        "\"check\" TEXT",
        "key",
        "key TEXT",
        "if INT",
        "cascade",
        "c VARCHAR(9) DEFAULT 'a, b' NOT NULL",
        "c INT CHECK (c > 0) DEFAULT -1",
        "c REFERENCES p",
        "c REFERENCES p (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED",
        "c AS (a || 1)",
        "c INT GENERATED ALWAYS AS (max(a, 2)) VIRTUAL",
        "c INT AFTER b",
        "c INT FIRST",
        "c CONSTRAINT n NOT NULL DEFAULT 1",
        "c CONSTRAINT n CHECK (c > 0)",
        "c COLLATE nocase DEFAULT NULL",
        "c DOUBLE PRECISION -- comment",
        "c /* comment */ INT",
        "c DEFAULT x'00'",
        "c DEFAULT +1.5e3",
        "c DEFAULT TRUE",
    ];
    let mut statements = Vec::new();
    for table in tables {
        for column in columns {
            for form in [
                "RENAME # TO z",
                "RENAME COLUMN # TO \"z z\"",
                "RENAME COLUMN # TO to",
                "DROP #",
                "DROP COLUMN #",
            ] {
                statements.push(format!("ALTER TABLE {table} {}", form.replace('#', column)));
            }
        }
        for definition in definitions {
            statements.push(format!("ALTER TABLE {table} ADD {definition}"));
            statements.push(format!("alter table {table} add column {definition}"));
        }
        for name in ["z", "\"z z\"", "[z]", "'z'", "cascade", "constraints"] {
            statements.push(format!("ALTER TABLE {table} RENAME TO {name}"));
        }
    }
    for other in [
        "DROP VIEW v",
        "DROP VIEW IF EXISTS main.v",
        "DROP TRIGGER g",
        "DROP TRIGGER IF EXISTS \"g\"",
        "DROP INDEX ix",
        "CREATE VIEW w AS SELECT 1",
        "CREATE TEMP TRIGGER h AFTER INSERT ON t BEGIN SELECT 1; END",
        "REPLACE INTO t (id) VALUES (1)",
        "INSERT OR REPLACE INTO t (id) VALUES (1)",
        "UPDATE t SET a = 'ALTER TABLE t ALTER a SET NOT NULL'",
        "WITH alter_ AS (SELECT 1) SELECT * FROM alter_",
        "EXPLAIN DROP TABLE t",
    ] {
        statements.push(other.into());
    }
    let taken: Vec<&String> = statements.iter().filter(|sql| is_taken(sql)).collect();
    assert!(taken.len() > 400, "{} of {}", taken.len(), statements.len());
    for sql in taken {
        assert_eq!(read(sql), Ok(None), "{sql}");
    }
}

/// SQLite adds such a column to an empty table only, or to none. It is added to any.
#[test]
fn the_exception_is_a_column_that_sqlite_does_not_add_to_rows() {
    for definition in [
        "c DEFAULT CURRENT_TIMESTAMP",
        "c DEFAULT (1 + 1)",
        "c AS (a) STORED",
        "c UNIQUE",
        "c PRIMARY KEY",
    ] {
        let sql = format!("ALTER TABLE t ADD COLUMN {definition}");
        assert!(!is_taken(&sql), "{sql}");
        assert!(matches!(read(&sql), Ok(Some(_))), "{sql}");
    }
}
