//! The model of the catalogue follows each statement as SQLite does: after it, `sqlite_schema` and the
//! followed objects have the same kinds, names, tables and texts, quotes around names aside.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use ambix_core::sqlite::catalog;
use ambix_core::sqlite::objects::{ObjectKind, Objects, Text};
use ambix_core::sqlite::quote::unquoted;
use ambix_core::sqlite::token::{TokenKind, tokens};
use ambix_tests::rows;
use proptest::prelude::*;
use rusqlite::Connection;

/// The tokens of a text, names and texts without their quotes: renaming puts names in quotes, and texts in
/// double quotes in single ones.
fn words(sql: &str) -> Vec<String> {
    let significant = tokens(sql).into_iter().filter(|token| token.is_significant());
    let word = |token: ambix_core::sqlite::token::Token| match token.kind {
        TokenKind::QuotedName | TokenKind::Text => unquoted(token.span.of(sql)),
        _ => token.span.of(sql).to_string(),
    };
    significant.map(word).collect()
}

fn catalogue(database: &Connection) -> Objects {
    Objects::read(&rows(database, catalog::SELECT).unwrap())
}

/// The first difference, in words.
fn difference(real: &Objects, followed: &Objects) -> Option<String> {
    let list = |objects: &Objects| -> Vec<(ObjectKind, String, String)> {
        let entry = |object: &ambix_core::sqlite::objects::Object| {
            (object.kind, object.name.clone(), object.table.clone())
        };
        objects.all.iter().map(entry).collect()
    };
    let (a, b) = (list(real), list(followed));
    if a != b {
        return Some(format!("SQLite has\n{a:#?}\nand the model\n{b:#?}"));
    }
    real.all.iter().zip(&followed.all).find_map(|(real, followed)| {
        let (Some(a), Some(b)) = (real.sql(), followed.sql()) else { return None };
        (words(a) != words(b)).then(|| format!("SQLite has\n{a}\nand the model\n{b}"))
    })
}

/// Runs the statements on SQLite and on the model. The objects named in `unknown` are those, and no
/// others, whose text the model does not know at the end.
fn check(statements: &[&str], unknown: &[&str]) {
    let database = Connection::open_in_memory().unwrap();
    let mut followed = Objects::default();
    for sql in statements {
        database.execute_batch(sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
        followed.follow(sql);
        if let Some(difference) = difference(&catalogue(&database), &followed) {
            panic!("after {sql}\n{difference}");
        }
    }
    let unknowns: Vec<&str> = followed
        .all
        .iter()
        .filter(|object| object.sql().is_none())
        .map(|object| object.name.as_str())
        .collect();
    assert_eq!(unknowns, unknown, "{:#?}", followed.all);
}

#[test]
fn what_create_stores() {
    check(
        &[
            "CREATE TABLE t (a, b)",
            "create table  if not exists  main.\"u v\" -- why\n (a INTEGER PRIMARY KEY, b /* b */ ) ; ",
            "CREATE TABLE IF NOT EXISTS t (other)",
            "CREATE TABLE s (a INT, b ANY, PRIMARY KEY (a)) STRICT, WITHOUT ROWID -- end\n;",
            "CREATE TEMP TABLE gone (a)",
            "CREATE TEMPORARY VIEW gone_too AS SELECT 1",
            "CREATE TABLE temp.gone_as_well (a)",
            "CREATE UNIQUE INDEX IF NOT EXISTS main.ix ON t (a, lower(b) DESC) WHERE a > 0;",
            "CREATE INDEX IF NOT EXISTS ix ON t (b)",
            "CREATE INDEX 'ix 2' ON [u v] ('b' COLLATE nocase)",
            "CREATE INDEX on_temp ON gone (a)",
            "CREATE VIEW IF NOT EXISTS main.v (x, y) AS SELECT a, b FROM t;",
            "CREATE TRIGGER IF NOT EXISTS main.trg AFTER INSERT ON t WHEN new.a > ';' BEGIN\n  UPDATE t \
             SET b = 1;\n  DELETE FROM \"u v\";\nEND;",
            "CREATE TRIGGER vi INSTEAD OF INSERT ON V BEGIN SELECT 1; END",
            "CREATE TEMP TRIGGER gone3 AFTER INSERT ON t BEGIN SELECT 1; END",
            "CREATE TRIGGER on_temp AFTER INSERT ON gone BEGIN SELECT 1; END",
            "CREATE TABLE auto (id INTEGER PRIMARY KEY AUTOINCREMENT)",
            "CREATE TABLE auto2 (id INTEGER PRIMARY KEY AUTOINCREMENT)",
            "INSERT INTO t VALUES (1, 2)",
            "PRAGMA user_version = 3",
            "EXPLAIN CREATE TABLE x (a)",
            "SELECT 1; ",
            "CREATE TABLE copy AS SELECT a, b FROM t",
        ],
        &["copy"],
    );
}

#[test]
fn what_drop_takes_along() {
    check(
        &[
            "CREATE TABLE t (a, b)",
            "CREATE TABLE u (a, b)",
            "CREATE INDEX t_a ON t (a)",
            "CREATE INDEX t_b ON T (b)",
            "CREATE INDEX u_a ON u (a)",
            "CREATE TRIGGER t_i AFTER INSERT ON T BEGIN SELECT 1; END",
            "CREATE TRIGGER u_i AFTER INSERT ON u BEGIN SELECT 1; END",
            "CREATE VIEW v AS SELECT a FROM t",
            "CREATE TRIGGER v_i INSTEAD OF INSERT ON v BEGIN SELECT 1; END",
            "DROP INDEX main.t_b",
            "DROP INDEX IF EXISTS t_b",
            "DROP TABLE IF EXISTS main.T",
            "DROP TABLE IF EXISTS t",
            "DROP VIEW v",
            "DROP TRIGGER u_i",
            "DROP TRIGGER IF EXISTS u_i",
            "CREATE TABLE t (z)",
            "CREATE TABLE auto (id INTEGER PRIMARY KEY AUTOINCREMENT)",
            "DROP TABLE auto",
            "DROP TABLE u",
        ],
        &[],
    );
}

#[test]
fn columns_are_added_behind_the_last_one() {
    check(
        &[
            "CREATE TABLE t (a, b -- the last\n, CONSTRAINT c CHECK (a > 0))",
            "ALTER TABLE t ADD COLUMN c TEXT DEFAULT 'x;' ; ",
            "ALTER TABLE main.t ADD d",
            "ALTER TABLE t ADD \"column\" INTEGER REFERENCES t (a)",
            "CREATE TABLE u (a INTEGER PRIMARY KEY /* , */ ) STRICT",
            "ALTER TABLE u ADD b TEXT NOT NULL DEFAULT ('a, b') CHECK (b <> ',')",
            "ALTER TABLE u ADD COLUMN g INT AS (a + 1) VIRTUAL",
        ],
        &[],
    );
}

#[test]
fn columns_are_dropped_with_their_commas() {
    check(
        &[
            "CREATE TABLE t (a, -- a\n b DECIMAL(1, 2) DEFAULT (max(1, 2)), /* c */ c, d, CHECK (a > 0))",
            "ALTER TABLE t DROP COLUMN c",
            "ALTER TABLE t DROP d",
            "ALTER TABLE t DROP COLUMN \"b\"",
            "CREATE TABLE u (a CHECK (a > 0), b, c)",
            "ALTER TABLE main.u DROP a",
            "ALTER TABLE u DROP c",
        ],
        &[],
    );
}

#[test]
fn constraints_and_not_null_come_and_go() {
    check(
        &[
            "CREATE TABLE t (a INT NOT NULL, b TEXT CONSTRAINT b_nn NOT NULL ON CONFLICT FAIL DEFAULT \
             'x', c CONSTRAINT c_ck CHECK (c > 0) REFERENCES t, CONSTRAINT ab CHECK (a > b), CHECK (1))",
            "ALTER TABLE t ALTER COLUMN a DROP NOT NULL",
            "ALTER TABLE t ALTER a DROP NOT NULL",
            "ALTER TABLE t ALTER COLUMN a SET NOT NULL ON CONFLICT IGNORE",
            "ALTER TABLE t ALTER b SET NOT NULL;",
            "ALTER TABLE t ALTER c SET NOT NULL -- now",
            "ALTER TABLE t ALTER COLUMN b DROP NOT NULL",
            "ALTER TABLE t ADD CONSTRAINT late CHECK (a <> 'late') -- and why",
            "ALTER TABLE t ADD CHECK (a <> 7) ON CONFLICT ABORT;",
            "ALTER TABLE t DROP CONSTRAINT ab",
            "ALTER TABLE t DROP CONSTRAINT \"c_ck\"",
            "ALTER TABLE t DROP CONSTRAINT late",
            "CREATE TABLE u (a CONSTRAINT d DEFAULT 1, b CONSTRAINT fk REFERENCES t ON DELETE CASCADE, \
             CONSTRAINT ck CHECK (a)\n, CONSTRAINT fk2 FOREIGN KEY (a) REFERENCES t (a))",
            "ALTER TABLE u DROP CONSTRAINT d",
            "ALTER TABLE u DROP CONSTRAINT fk",
            "ALTER TABLE u DROP CONSTRAINT fk2",
            "ALTER TABLE u DROP CONSTRAINT ck",
        ],
        &[],
    );
}

#[test]
fn not_null_beside_not_deferrable_stays_unknown() {
    check(
        &[
            "CREATE TABLE t (a REFERENCES t NOT DEFERRABLE, b)",
            "ALTER TABLE t ALTER b SET NOT NULL",
            "ALTER TABLE t ALTER a SET NOT NULL",
        ],
        &["t"],
    );
}

#[test]
fn a_renamed_column_is_followed_everywhere() {
    check(
        &[
            "CREATE TABLE t (id INTEGER PRIMARY KEY, a INT CHECK (a > 0 AND 'a' <> a), b AS (a + abs(a)), \
             c DEFAULT 'a', parent REFERENCES t (a), UNIQUE (a COLLATE nocase, c), CONSTRAINT a CHECK \
             (t.a <> c), FOREIGN KEY (a) REFERENCES t (a))",
            "CREATE TABLE child (a, p REFERENCES t (a), q REFERENCES t, FOREIGN KEY (a) REFERENCES t (\"a\"))",
            "CREATE TABLE other (a, x)",
            "CREATE INDEX t_a ON t (a DESC, lower(a), 'a') WHERE t.a > 1 AND [a] < 9",
            "CREATE INDEX other_a ON other (a)",
            "CREATE TRIGGER t_u AFTER UPDATE OF id, a ON t WHEN NEW.a <> old.a BEGIN\n\
             UPDATE t SET a = NEW.a + a, c = a WHERE a > (SELECT max(a) FROM t);\n\
             INSERT INTO t (a, c) SELECT a, x FROM other WHERE a <> NEW.a;\n\
             INSERT INTO t (c, a) VALUES (1, OLD.a) ON CONFLICT (a, c) DO UPDATE SET a = excluded.a + t.a \
             WHERE a > 0;\n\
             DELETE FROM other WHERE a = NEW.a AND x IN (SELECT a FROM t AS s WHERE s.a = other.a);\n\
             END",
            "CREATE TRIGGER other_i AFTER INSERT ON other BEGIN UPDATE t SET c = NEW.a, (a, c) = (SELECT \
             1, a) WHERE t.a = NEW.a; SELECT a FROM other; END",
            "CREATE VIEW v AS SELECT t.a, t.a AS x, y.x AS a FROM t JOIN other AS y ON y.a = t.a WHERE \
             EXISTS (SELECT 1 FROM child WHERE child.a = t.a AND p = y.a)",
            "CREATE VIEW v2 (a) AS SELECT a FROM t UNION SELECT a FROM other",
            "CREATE VIEW v3 AS SELECT count(a) n, CASE WHEN a THEN 'a' ELSE a END FROM main.t, json_each(t.a) \
             GROUP BY a HAVING max(a) > 1 ORDER BY a DESC LIMIT 3",
            "CREATE VIEW v4 AS WITH q (a) AS (SELECT id FROM t) SELECT a FROM q",
            "CREATE VIEW v5 AS SELECT a FROM other WHERE x IN (SELECT id FROM t WHERE other.a = t.a)",
            "CREATE VIEW v6 AS SELECT s.i FROM (SELECT id AS i, a AS k FROM t) s WHERE k > 1",
            "ALTER TABLE t RENAME COLUMN a TO new_a",
            "ALTER TABLE t RENAME id TO \"the id\"",
            "ALTER TABLE child RENAME q TO \"order\"",
            "ALTER TABLE other RENAME COLUMN a TO b",
        ],
        &[],
    );
}

#[test]
fn a_keyword_as_the_name_of_a_column() {
    check(
        &[
            "CREATE TABLE t (id INTEGER PRIMARY KEY, desc TEXT, key TEXT, \"end\" INT)",
            "CREATE INDEX t_k ON t (key DESC, desc DESC)",
            "CREATE VIEW v AS SELECT desc, key, CASE WHEN key THEN desc END AS d FROM t ORDER BY id DESC, \
             desc",
            "ALTER TABLE t RENAME desc TO description",
            "ALTER TABLE t RENAME COLUMN key TO k",
            "ALTER TABLE t RENAME COLUMN \"end\" TO until",
        ],
        &[],
    );
}

#[test]
fn whose_column_it_is_may_stay_unknown() {
    check(
        &[
            "CREATE TABLE t (id INTEGER PRIMARY KEY, a)",
            "CREATE TABLE u (a, b)",
            "CREATE VIEW v AS SELECT t.id AS a FROM t ORDER BY a",
            "CREATE VIEW w AS SELECT a FROM t UNION SELECT b FROM u ORDER BY 1",
            "ALTER TABLE t RENAME a TO z",
        ],
        &["v"],
    );
}

#[test]
fn a_renamed_table_is_followed_everywhere() {
    check(
        &[
            "CREATE TABLE t (id INTEGER PRIMARY KEY, a REFERENCES t (id), CHECK (t.a > 0))",
            "CREATE TABLE child (t REFERENCES \"t\" ON DELETE CASCADE, FOREIGN KEY (t) REFERENCES T)",
            "CREATE TABLE other (t, a)",
            "CREATE INDEX t_a ON t (a) WHERE t.a > 0",
            "CREATE TRIGGER t_i AFTER INSERT ON t BEGIN UPDATE t SET a = t.a + NEW.a WHERE a IN (SELECT id \
             FROM t AS x WHERE x.a = t.a); INSERT INTO other (t, a) SELECT t.id, 't' FROM t; DELETE FROM t; END",
            "CREATE TRIGGER o_i AFTER INSERT ON other BEGIN INSERT INTO t (a) VALUES (NEW.t) ON CONFLICT (id) \
             DO UPDATE SET a = t.a; END",
            "CREATE VIEW v AS SELECT t.a, other.t FROM t JOIN other ON other.t = t.id WHERE t IN (SELECT id \
             FROM main.t)",
            "CREATE VIEW w AS SELECT t.a FROM other AS t",
            "CREATE VIEW x AS WITH t AS (SELECT 1 AS a) SELECT t.a FROM t",
            "ALTER TABLE t RENAME TO u",
            "ALTER TABLE main.u RENAME TO \"new table\"",
            "ALTER TABLE other RENAME TO o",
            "INSERT INTO o VALUES (1, 2)",
        ],
        &[],
    );
}

#[test]
fn excluded_stays_unknown_when_its_table_is_renamed() {
    // SQLite 3.54.1 writes the table's new name for excluded, which then means the old row.
    check(
        &[
            "CREATE TABLE t (a PRIMARY KEY, b)",
            "CREATE TABLE log (a)",
            "CREATE TRIGGER g AFTER INSERT ON log BEGIN INSERT INTO t (a) VALUES (NEW.a) ON CONFLICT (a) \
             DO UPDATE SET b = excluded.a; END",
            "ALTER TABLE t RENAME TO u",
        ],
        &["g"],
    );
}

#[test]
fn virtual_tables_and_their_shadows() {
    let database = Connection::open_in_memory().unwrap();
    database
        .execute_batch("CREATE VIRTUAL TABLE f USING fts5(a, b); CREATE TABLE f_notes (a);")
        .unwrap();
    let mut followed = catalogue(&database);
    for sql in [
        "CREATE TRIGGER n AFTER INSERT ON f_notes BEGIN INSERT INTO f (a) VALUES (NEW.a); END",
        "ALTER TABLE f RENAME TO g",
        "DROP TABLE g",
    ] {
        database.execute_batch(sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
        followed.follow(sql);
        assert_eq!(difference(&catalogue(&database), &followed), None, "{sql}");
    }
    followed.follow("CREATE VIRTUAL TABLE IF NOT EXISTS main.h USING fts5(a);");
    let last = followed.all.last().unwrap();
    assert_eq!(last.kind, ObjectKind::VirtualTable);
    assert_eq!(last.text, Text::Known("CREATE VIRTUAL TABLE h USING fts5(a)".into()));
}

/// Names that are used for columns, tables and aliases alike.
const NAMES: [&str; 5] = ["a", "b", "c", "t", "u"];
const TABLES: [&str; 3] = ["t", "u", "a"];

fn pick(from: &'static [&'static str]) -> impl Strategy<Value = &'static str> {
    proptest::sample::select(from)
}

/// A statement about tables and columns of a few names. SQLite refuses many of them.
fn statement() -> impl Strategy<Value = String> {
    let names = (pick(&NAMES), pick(&NAMES), pick(&NAMES));
    let column = pick(&[
        "{x}",
        "\"{x}\" INT",
        "{x} TEXT CHECK ({x} <> '{x}')",
        "{x} REFERENCES {u} ({y})",
        "{x} NOT NULL DEFAULT 1",
        "{x} CONSTRAINT n NOT NULL",
        "{x} CONSTRAINT k CHECK ({x} > 1)",
        "{x} AS (abs(1))",
        "{x} -- {y}\n",
    ]);
    let kind = pick(&[
        "CREATE TABLE {t} (a, b {x}x, c, CHECK (a > {x}), UNIQUE ({x}, b))",
        "CREATE TABLE IF NOT EXISTS {t} (c INTEGER PRIMARY KEY, a REFERENCES {u} (a), u, t, FOREIGN KEY \
         ({x}) REFERENCES {u} ({y}))",
        "CREATE TABLE {t} (a CONSTRAINT k CHECK (a > 0) NOT NULL, b AS ({x} + 1), t, u)",
        "CREATE INDEX i_{t}_{x} ON {t} ({x}, abs({y}) DESC) WHERE {t}.{x} > {z}",
        "CREATE UNIQUE INDEX i_{x} ON {t} ('{x}', \"{y}\")",
        "CREATE VIEW v_{x} AS SELECT {x}, {t}.{y} AS {z} FROM {t}",
        "CREATE VIEW v_{y} AS SELECT {t}.{x} FROM {t} JOIN {u} {z} ON {z}.{x} = {t}.{y}",
        "CREATE VIEW v_{z} AS SELECT {x} FROM {t} WHERE {y} IN (SELECT {z} FROM {u})",
        "CREATE VIEW w_{x} ({y}) AS SELECT {x} FROM {t} UNION ALL SELECT {z} FROM {u}",
        "CREATE VIEW w_{z} AS SELECT q.k FROM (SELECT {x} AS k, {y} FROM {t}) AS q, {u} WHERE {u}.{z} > k",
        "CREATE VIEW x_{z} AS WITH {u} AS (SELECT {x} AS k FROM {t}) SELECT k FROM {u} ORDER BY k",
        "CREATE VIEW y_{z} AS SELECT {t}.* FROM {t} WHERE {t}.{x} > 1",
        "CREATE VIEW z_{x} AS SELECT {x}, {y} {z} FROM {t} AS q NATURAL JOIN {u} ORDER BY {z}",
        "CREATE VIEW z_{y} AS SELECT q.{x}, row_number() OVER (PARTITION BY {y} ORDER BY q.{z} DESC) \
         FROM ({t} q LEFT JOIN {u} ON q.a = {u}.{x}) WHERE {u}.{y} IN {t} GROUP BY q.{z}, {u}.{x}",
        "CREATE VIEW z_{z} AS SELECT * FROM (SELECT {x}, {y} AS k FROM {t} EXCEPT SELECT {y}, {z} FROM \
         {u} INDEXED BY i_{u}_{x} ORDER BY k) WHERE k NOT BETWEEN 1 AND (SELECT {z} FROM {u} x WHERE k = x.{y})",
        "CREATE TRIGGER h_{x} INSTEAD OF UPDATE ON v_{x} BEGIN UPDATE {t} SET ({x}, {y}) = (NEW.{x}, 1) \
         FROM {u} AS q WHERE q.{z} = {t}.{y}; END",
        "CREATE TRIGGER h_{y} BEFORE DELETE ON {t} BEGIN INSERT INTO {u} ({x}, {y}) SELECT q.{z}, OLD.{x} \
         FROM {t} q WHERE 1 ON CONFLICT ({x}, {y}) DO UPDATE SET {z} = excluded.{x} || {u}.{y} WHERE {z} > \
         OLD.{z}; SELECT CASE WHEN {x} THEN raise(ABORT, '{x}') END FROM {u}; END",
        "CREATE TRIGGER g_{x} AFTER UPDATE OF {x} ON {t} WHEN NEW.{y} > 0 BEGIN UPDATE {u} SET {z} = \
         NEW.{x}, a = {u}.{y}; INSERT INTO {t} ({x}) SELECT {y} FROM {u}; END",
        "CREATE TRIGGER g_{y} AFTER INSERT ON {t} BEGIN DELETE FROM {u} WHERE {x} = (SELECT max({y}) FROM \
         {t} WHERE {t}.{z} = {u}.{x}); END",
        "ALTER TABLE {t} RENAME COLUMN {x} TO {y}",
        "ALTER TABLE {t} RENAME {x} TO \"new {y}\"",
        "ALTER TABLE {t} RENAME COLUMN {x} TO d",
        "ALTER TABLE {t} RENAME TO {u}",
        "ALTER TABLE {t} RENAME TO \"new {x}\"",
        "ALTER TABLE {t} ADD COLUMN {column}",
        "ALTER TABLE {t} ADD {column}",
        "ALTER TABLE {t} DROP COLUMN {x}",
        "ALTER TABLE {t} ALTER COLUMN {x} SET NOT NULL",
        "ALTER TABLE {t} ALTER COLUMN {x} DROP NOT NULL",
        "ALTER TABLE {t} ADD CONSTRAINT k_{x} CHECK ({t}.{x} <> {y})",
        "ALTER TABLE {t} DROP CONSTRAINT k",
        "ALTER TABLE {t} DROP CONSTRAINT k_{x}",
        "DROP TABLE {t}",
        "DROP VIEW v_{x}",
        "DROP INDEX i_{t}_{x}",
        "DROP TRIGGER g_{x}",
    ]);
    (kind, column, pick(&TABLES), pick(&TABLES), names).prop_map(
        |(kind, column, t, u, (x, y, z))| {
            kind.replace("{column}", column)
                .replace("{t}", t)
                .replace("{u}", u)
                .replace("{x}", x)
                .replace("{y}", y)
                .replace("{z}", z)
        },
    )
}

/// Runs the statement if SQLite takes it and leaves nothing behind that stops a later ALTER TABLE, as a
/// view of a table that is not there does.
fn runs(database: &Connection, sql: &str) -> bool {
    database.execute_batch("SAVEPOINT statement").unwrap();
    let ran = database.execute_batch(sql).is_ok()
        && database.execute_batch("SAVEPOINT probe; ALTER TABLE probe RENAME TO probed").is_ok()
        && database.execute_batch("ROLLBACK TO probe; RELEASE probe").is_ok();
    let end = if ran { "RELEASE statement" } else { "ROLLBACK TO statement; RELEASE statement" };
    database.execute_batch(end).unwrap();
    ran
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn whatever_sqlite_takes(statements in proptest::collection::vec(statement(), 1..40)) {
        let database = Connection::open_in_memory().unwrap();
        // Tables to begin with, or most statements would be refused.
        let begin = ["CREATE TABLE probe (a)", "CREATE TABLE t (a, b, c, t, u)", "CREATE TABLE u (a, b, c, t, u)"];
        let mut followed = Objects::default();
        let mut ran = Vec::new();
        for sql in begin.iter().map(ToString::to_string).chain(statements) {
            if !runs(&database, &sql) {
                continue;
            }
            followed.follow(&sql);
            ran.push(sql);
            let difference = difference(&catalogue(&database), &followed);
            prop_assert!(difference.is_none(), "{}\n{}", ran.join(";\n"), difference.unwrap_or_default());
        }
    }
}
