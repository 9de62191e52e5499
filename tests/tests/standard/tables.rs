//! Changes of a table.

use super::{FORMATS, offline, project, text, whole};

const BEFORE: &str = "\
CREATE TABLE p (id INTEGER PRIMARY KEY, code TEXT UNIQUE);
INSERT INTO p VALUES (1, 'x'), (2, 'y');
CREATE TABLE t (
  id INTEGER PRIMARY KEY, -- the key
  a TEXT NOT NULL DEFAULT 'n/a',
  b INT REFERENCES p (id),
  c VARCHAR(9), UNIQUE (a, b), CONSTRAINT ck CHECK (id > 0), CHECK (b > 0)
);
INSERT INTO t VALUES (1, 'one', 1, '1'), (2, 'two', 2, NULL);
CREATE INDEX ix_c ON t (c) /* kept */;
CREATE TRIGGER tr AFTER INSERT ON t BEGIN UPDATE p SET code = new.a WHERE id = new.b; END";

/// Runs the statement on the table above, in both formats and as a script, takes it back, and gives the text of
/// the table after it.
fn changed(statement: &str, back: &str) -> String {
    let mut texts = Vec::new();
    for format in FORMATS {
        let mut typist = project(format, BEFORE, statement, back);
        let before = whole(&typist.database);
        typist.types_well("alembic upgrade head");
        let after = whole(&typist.database);
        assert_eq!(whole(&offline(&mut typist)), after, "{format} {statement}");
        texts.push(text(&typist.database, "t"));
        let count = "SELECT count(*), sum(a = 'one') FROM t";
        let kept: Option<(i64, i64)> =
            typist.database.query_row(count, [], |row| Ok((row.get(0)?, row.get(1)?))).ok();
        assert!(kept.is_none() || kept == Some((2, 1)), "{statement}");
        if !back.is_empty() {
            typist.types_well("alembic downgrade a1");
            assert_eq!(whole(&typist.database), before, "{format} {statement}, and back: {back}");
        }
    }
    assert_eq!(texts[0], texts[1]);
    texts.remove(0)
}

/// The line of the table's text that begins with this word, without its comma.
fn line<'a>(text: &'a str, word: &str) -> &'a str {
    let mut lines = text.lines().map(str::trim);
    lines.find(|line| line.starts_with(word)).unwrap_or_default().trim_end_matches(',')
}

#[test]
fn what_can_be_done_to_a_column() {
    for (action, word, after, back) in [
        (
            "ALTER COLUMN b SET NOT NULL",
            "b",
            "b INT REFERENCES p (id) NOT NULL",
            "ALTER b DROP NOT NULL",
        ),
        ("ALTER a DROP NOT NULL", "a", "a TEXT DEFAULT 'n/a'", ""),
        (
            "ALTER a SET DEFAULT 'it''s'",
            "a",
            "a TEXT NOT NULL DEFAULT 'it''s'",
            "ALTER a SET DEFAULT 'n/a'",
        ),
        (
            "ALTER b SET DEFAULT 1 + 1",
            "b",
            "b INT DEFAULT (1 + 1) REFERENCES p (id)",
            "ALTER b DROP DEFAULT",
        ),
        ("ALTER a DROP DEFAULT", "a", "a TEXT NOT NULL", ""),
        (
            "ALTER a TYPE VARCHAR(50)",
            "a",
            "a VARCHAR(50) NOT NULL DEFAULT 'n/a'",
            "ALTER a SET DATA TYPE TEXT",
        ),
        (
            "ALTER a TYPE CLOB COLLATE nocase",
            "a",
            "a CLOB NOT NULL DEFAULT 'n/a' COLLATE nocase",
            "",
        ),
        ("ALTER IF EXISTS gone SET NOT NULL", "a", "a TEXT NOT NULL DEFAULT 'n/a'", ""),
    ] {
        let back = if back.is_empty() { String::new() } else { format!("ALTER TABLE t {back}") };
        let text = changed(&format!("ALTER TABLE t {action}"), &back);
        assert_eq!(line(&text, word), after, "{action}");
        assert!(text.contains("-- the key\n"), "{text}");
    }
}

#[test]
fn constraints_come_go_and_change_their_names() {
    let last = "c VARCHAR(9), UNIQUE (a, b), CONSTRAINT ck CHECK (id > 0), CHECK (b > 0)";
    for (action, after, back) in [
        (
            "ADD CONSTRAINT uq UNIQUE (c)",
            "c VARCHAR(9), UNIQUE (a, b), CONSTRAINT ck CHECK (id > 0), CHECK (b > 0),\n  CONSTRAINT uq UNIQUE (c)",
            "DROP CONSTRAINT uq",
        ),
        (
            "ADD CHECK (length(c) < 9)",
            "c VARCHAR(9), UNIQUE (a, b), CONSTRAINT ck CHECK (id > 0), CHECK (b > 0),\n  CHECK (length(c) < 9)",
            "DROP CHECK (length(c)<9)",
        ),
        (
            "ADD CONSTRAINT fk FOREIGN KEY (c) REFERENCES p (code) ON DELETE SET NULL",
            "c VARCHAR(9), UNIQUE (a, b), CONSTRAINT ck CHECK (id > 0), CHECK (b > 0),\n  CONSTRAINT fk FOREIGN KEY \
             (c) REFERENCES p (code) ON DELETE SET NULL",
            "DROP FOREIGN KEY (c)",
        ),
        ("DROP CONSTRAINT ck", "c VARCHAR(9), UNIQUE (a, b), CHECK (b > 0)", ""),
        ("DROP CONSTRAINT IF EXISTS gone", last, ""),
        ("DROP UNIQUE (A, \"b\")", "c VARCHAR(9), CONSTRAINT ck CHECK (id > 0), CHECK (b > 0)", ""),
        ("DROP CHECK (b > 0)", "c VARCHAR(9), UNIQUE (a, b), CONSTRAINT ck CHECK (id > 0)", ""),
        ("DROP CONSTRAINT FOREIGN KEY (b)", last, ""),
        ("DROP PRIMARY KEY", last, ""),
        (
            "RENAME CONSTRAINT ck TO \"the check\"",
            "c VARCHAR(9), UNIQUE (a, b), CONSTRAINT \"the check\" CHECK (id > 0), CHECK (b > 0)",
            "RENAME CONSTRAINT \"the check\" TO ck",
        ),
    ] {
        let back = if back.is_empty() { String::new() } else { format!("ALTER TABLE t {back}") };
        let text = if action.starts_with("ADD CONSTRAINT fk") {
            // The rows do not fit the foreign key as they are.
            let fits = format!("UPDATE t SET c = NULL; ALTER TABLE t {action}");
            let mut typist = project("py", BEFORE, &fits, "");
            typist.types_well("alembic upgrade head");
            text(&typist.database, "t")
        } else {
            changed(&format!("ALTER TABLE t {action}"), &back)
        };
        let from = text.find("c VARCHAR").unwrap();
        assert_eq!(text[from..].trim_end_matches("\n)"), after, "{action}");
    }
    assert_eq!(line(&changed("ALTER TABLE t DROP FOREIGN KEY (b)", ""), "b"), "b INT");
    assert_eq!(
        line(&changed("ALTER TABLE t DROP PRIMARY KEY", ""), "id"),
        "id INTEGER, -- the key"
    );
}

#[test]
fn columns_that_sqlite_does_not_add_or_drop() {
    for (action, after) in [
        ("ADD COLUMN d INT UNIQUE", "d INT UNIQUE"),
        (
            "ADD d TEXT DEFAULT CURRENT_TIMESTAMP NOT NULL",
            "d TEXT DEFAULT CURRENT_TIMESTAMP NOT NULL",
        ),
        ("ADD d INT AS (id * 2) STORED", "d INT AS (id * 2) STORED"),
        ("ADD COLUMN IF NOT EXISTS d INT DEFAULT 3", "d INT DEFAULT 3"),
        ("ADD COLUMN IF NOT EXISTS C INT", ""),
        ("DROP COLUMN IF EXISTS d", ""),
    ] {
        // What CURRENT_TIMESTAMP is depends on the second.
        let mut texts = Vec::new();
        for format in FORMATS {
            let mut typist = project(format, BEFORE, &format!("ALTER TABLE t {action}"), "");
            typist.types_well("alembic upgrade head");
            texts.push(text(&typist.database, "t"));
        }
        assert_eq!(texts[0], texts[1]);
        assert_eq!(
            line(&texts[0], "d "),
            if after.is_empty() { "" } else { line(&texts[0], after) }
        );
        assert!(texts[0].contains(after), "{action}: {}", texts[0]);
    }
    let text = changed("ALTER TABLE t DROP COLUMN b CASCADE", "");
    assert!(!text.contains("CHECK (b > 0)") && text.contains("ck CHECK (id > 0)"), "{text}");
    let mut typist = project("sql", BEFORE, "ALTER TABLE t DROP COLUMN b RESTRICT", "");
    let refused = typist.types("alembic upgrade head");
    let said = &refused.error().message;
    assert!(said.starts_with("Column 'b' of table 't' is still mentioned by"), "{said}");
}

#[test]
fn sqlites_refusal_to_drop_a_column_names_the_way_out() {
    let before =
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT UNIQUE); INSERT INTO t VALUES (1, 'x')";
    let mut typist = project("sql", before, "ALTER TABLE t DROP COLUMN a", "");
    let refused = typist.types("alembic upgrade head");
    let hints = &refused.error().hints;
    assert!(hints.iter().any(|hint| hint.text.contains("DROP COLUMN a RESTRICT")), "{hints:?}");
    let mut typist = project("sql", before, "ALTER TABLE t DROP COLUMN a RESTRICT", "");
    typist.types_well("alembic upgrade head");
    assert_eq!(text(&typist.database, "t"), "CREATE TABLE t (id INTEGER PRIMARY KEY)");
}

#[test]
fn several_actions_are_one_change() {
    let statement = "ALTER TABLE IF EXISTS t ALTER a TYPE VARCHAR(20), ALTER a DROP DEFAULT,\n  ADD d INT DEFAULT 7, \
                     RENAME c TO e, DROP CONSTRAINT ck, RENAME INDEX ix_c TO ix_e";
    let text = changed(statement, "");
    assert_eq!(line(&text, "a"), "a VARCHAR(20) NOT NULL");
    assert_eq!(line(&text, "e"), "e VARCHAR(9)");
    assert_eq!(line(&text, "d"), "d INT DEFAULT 7, UNIQUE (a, b), CHECK (b > 0)");
    let mut typist = project("sql", BEFORE, "ALTER TABLE IF EXISTS gone ALTER a SET NOT NULL", "");
    let before = whole(&typist.database);
    typist.types_well("alembic upgrade head");
    assert_eq!(whole(&typist.database), before);
}

#[test]
fn each_statement_keeps_its_place() {
    for format in FORMATS {
        let statements = "INSERT INTO t VALUES (3, 'three', NULL, 'x');\nUPDATE t SET b = 1 WHERE b IS NULL;\n\
                          ALTER TABLE t ALTER b SET NOT NULL;\nINSERT INTO t VALUES (4, 'four', 2, 'y')";
        let mut typist = project(format, BEFORE, statements, "");
        typist.types_well("alembic upgrade head");
        let count: i64 =
            typist.database.query_row("SELECT count(*) FROM t", [], |row| row.get(0)).unwrap();
        assert_eq!(count, 4);
    }
}

#[test]
fn what_is_not_there_is_named_with_what_is() {
    for (action, message, hint) in [
        ("ALTER d SET NOT NULL", "Table 't' has no column 'd'", "its columns are: id, a, b, c"),
        ("DROP CONSTRAINT uq", "No such constraint: 'uq'", "CONSTRAINT ck CHECK ( id > 0 )"),
        ("DROP CONSTRAINT uq", "No such constraint: 'uq'", "`DROP UNIQUE (a, b)`"),
        ("RENAME CONSTRAINT uq TO x", "No such constraint: 'uq'", "UNIQUE ( a , b )"),
        ("DROP FOREIGN KEY (c)", "No such constraint: 'FOREIGN KEY (c)'", "REFERENCES p ( id )"),
        ("RENAME INDEX ix TO x", "No such index on table 't': 'ix'", "its indexes are: ix_c"),
        (
            "RENAME INDEX ix_c TO p",
            "The name 'p' is taken, so index 'ix_c' cannot have it",
            "another name",
        ),
    ] {
        for format in FORMATS {
            let mut typist = project(format, BEFORE, &format!("ALTER TABLE t {action}"), "");
            let before = whole(&typist.database);
            let refused = typist.types("alembic upgrade head");
            let error = refused.error();
            assert_eq!(error.message, message);
            let hints: Vec<&str> = error.hints.iter().map(|hint| hint.text.as_str()).collect();
            assert!(hints.join("\n").contains(hint), "{action}: {hints:?}");
            assert!(error.place.is_some(), "{action}");
            assert_eq!(whole(&typist.database), before);
        }
    }
}
