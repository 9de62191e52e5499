//! Statements and what they mean.

mod mistakes;

use super::*;
use crate::operation::TableChange;
use alloc::format;

fn changes(sql: &str) -> String {
    let operations = match read(sql) {
        Ok(Some(operations)) => operations,
        other => panic!("{sql}: {other:?}"),
    };
    let shown = operations.iter().map(|operation| match operation {
        Operation::AlterTable(alter) => {
            assert_eq!(alter.written.as_deref(), Some(sql));
            let table = match alter.if_exists {
                true => format!("{}?", alter.table),
                false => alter.table.clone(),
            };
            let changes: Vec<String> = alter.changes.iter().map(shown).collect();
            format!("{table}: {}", changes.join(", "))
        }
        Operation::RenameIndex(rename) => format!("index {} to {}", rename.from, rename.to),
        Operation::ReplaceView(replace) => format!("view {}: {}", replace.name, replace.create),
        Operation::Execute(execute) => execute.sql.clone(),
        other => panic!("{other:?}"),
    });
    shown.collect::<Vec<_>>().join(" | ")
}

/// A change as JSON without what only JSON needs.
fn shown(change: &TableChange) -> String {
    let json = serde_json::to_string(change).unwrap();
    json.replace(['{', '}', '"'], "").replace(":", " ")
}

#[test]
fn what_each_statement_means() {
    for (sql, meaning) in [
        ("ALTER TABLE t ALTER COLUMN c SET NOT NULL", "t: set_nullable column c,nullable false"),
        ("alter table main.\"T\" alter c drop not null", "T: set_nullable column c,nullable true"),
        ("ALTER TABLE t ALTER c SET DEFAULT 'it, is'", "t: set_default column c,default 'it, is'"),
        ("ALTER TABLE t ALTER c SET DEFAULT (1 + 1)", "t: set_default column c,default (1 + 1)"),
        ("ALTER TABLE t ALTER c SET DEFAULT 1 + 1", "t: set_default column c,default 1 + 1"),
        ("ALTER TABLE t ALTER c DROP DEFAULT", "t: set_default column c,default null"),
        (
            "ALTER TABLE t ALTER c TYPE DECIMAL(10, 2)",
            "t: set_type column c,data_type DECIMAL(10, 2)",
        ),
        (
            "ALTER TABLE t ALTER c SET DATA TYPE double precision",
            "t: set_type column c,data_type double precision",
        ),
        (
            "ALTER TABLE t ALTER c TYPE TEXT COLLATE nocase",
            "t: set_type column c,data_type TEXT, set_collation column c,collation nocase",
        ),
        (
            "ALTER TABLE t ALTER c SET EXPRESSION AS (a + b) STORED",
            "t: set_generated column c,generated AS (a + b) STORED",
        ),
        (
            "ALTER TABLE t SET STRICT, SET WITH ROWID",
            "t: set_options strict true, set_options without_rowid false",
        ),
        ("ALTER TABLE t SET NOT AUTOINCREMENT", "t: set_options autoincrement false"),
        ("ALTER TABLE t ALTER c DROP EXPRESSION", "t: set_generated column c,generated null"),
        ("ALTER TABLE t ALTER column SET NOT NULL", "t: set_nullable column column,nullable false"),
        (
            "ALTER TABLE t ALTER COLUMN set SET NOT NULL",
            "t: set_nullable column set,nullable false",
        ),
        ("ALTER TABLE t ALTER COLUMN type TYPE TEXT", "t: set_type column type,data_type TEXT"),
        (
            "ALTER TABLE t ADD CONSTRAINT ck CHECK (a > 0)",
            "t: add_constraint definition CONSTRAINT ck CHECK (a > 0)",
        ),
        ("ALTER TABLE t ADD UNIQUE (a, b)", "t: add_constraint definition UNIQUE (a, b)"),
        (
            "ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES p (id) ON DELETE CASCADE",
            "t: add_constraint definition FOREIGN KEY (a) REFERENCES p (id) ON DELETE CASCADE",
        ),
        ("ALTER TABLE t ADD PRIMARY KEY (a)", "t: add_constraint definition PRIMARY KEY (a)"),
        ("ALTER TABLE t DROP CONSTRAINT ck", "t: drop_constraint named ck"),
        ("ALTER TABLE t DROP CONSTRAINT ck RESTRICT", "t: drop_constraint named ck"),
        ("ALTER TABLE t DROP CONSTRAINT IF EXISTS ck", "t: if_needed drop_constraint named ck"),
        ("ALTER TABLE t DROP UNIQUE (a, b)", "t: drop_constraint defined UNIQUE (a, b)"),
        ("ALTER TABLE t DROP CONSTRAINT CHECK (a > 0)", "t: drop_constraint defined CHECK (a > 0)"),
        ("ALTER TABLE t DROP FOREIGN KEY (a)", "t: drop_constraint defined FOREIGN KEY (a)"),
        (
            "ALTER TABLE t DROP FOREIGN KEY (a) REFERENCES p",
            "t: drop_constraint defined FOREIGN KEY (a) REFERENCES p",
        ),
        ("ALTER TABLE t DROP PRIMARY KEY", "t: drop_constraint defined PRIMARY KEY"),
        ("ALTER TABLE t RENAME CONSTRAINT a TO b", "t: rename_constraint from a,to b"),
        ("ALTER TABLE t RENAME INDEX a TO b", "index a to b"),
        ("ALTER INDEX IF EXISTS a RENAME TO \"B\"", "index a to B"),
        (
            "ALTER TABLE t ADD COLUMN IF NOT EXISTS c INT",
            "t: if_needed add_column definition c INT",
        ),
        (
            "ALTER TABLE t DROP COLUMN IF EXISTS c CASCADE",
            "t: if_needed drop_column name c,dependents drop",
        ),
        ("ALTER TABLE t DROP c RESTRICT", "t: drop_column name c,dependents refuse"),
        ("ALTER TABLE IF EXISTS t RENAME TO u", "t?: rename_table to u"),
        ("ALTER TABLE ONLY t ADD UNIQUE (a)", "t: add_constraint definition UNIQUE (a)"),
        (
            "ALTER TABLE t ADD a INT /* , */ DEFAULT (max(1, 2)), DROP b, RENAME c TO d, RENAME TO u",
            "t: add_column definition a INT /* , */ DEFAULT (max(1, 2)), drop_column name b,dependents refuse, \
             rename_column from c,to d, rename_table to u",
        ),
        (
            "ALTER TABLE t RENAME TO u, RENAME INDEX a TO b, DROP c",
            "t: rename_table to u | index a to b | u: drop_column name c,dependents refuse",
        ),
        ("ALTER TABLE t ADD c INT UNIQUE", "t: add_column definition c INT UNIQUE"),
        ("ALTER TABLE t ADD c INT PRIMARY KEY", "t: add_column definition c INT PRIMARY KEY"),
        (
            "ALTER TABLE t ADD c TEXT DEFAULT CURRENT_TIMESTAMP -- now",
            "t: add_column definition c TEXT DEFAULT CURRENT_TIMESTAMP",
        ),
        ("CREATE OR REPLACE VIEW v (a) AS SELECT 1", "view v: CREATE VIEW v (a) AS SELECT 1"),
        (
            "CREATE OR REPLACE TEMP VIEW v AS SELECT 1",
            "DROP VIEW IF EXISTS \"temp\".v | CREATE TEMP VIEW v AS SELECT 1",
        ),
        (
            "CREATE OR REPLACE TRIGGER \"G\" AFTER INSERT ON t BEGIN SELECT 1; END",
            "DROP TRIGGER IF EXISTS \"G\" | CREATE TRIGGER \"G\" AFTER INSERT ON t BEGIN SELECT 1; END",
        ),
        ("DROP TRIGGER IF EXISTS g ON t CASCADE", "DROP TRIGGER IF EXISTS g"),
    ] {
        assert_eq!(changes(sql), meaning, "{sql}");
    }
}

#[test]
fn what_sqlite_has_a_statement_for_is_left_to_it() {
    for sql in [
        "ALTER TABLE t RENAME TO u",
        "ALTER TABLE t RENAME a TO b",
        "ALTER TABLE t RENAME COLUMN a TO b",
        "ALTER TABLE t RENAME column TO b",
        "ALTER TABLE t RENAME COLUMN to TO b",
        "ALTER TABLE t RENAME 'a' TO [b c]",
        "ALTER TABLE if RENAME TO only",
        "ALTER TABLE only ADD c",
        "ALTER TABLE t ADD c",
        "ALTER TABLE t ADD COLUMN c INT DEFAULT 1 NOT NULL CHECK (c > 0, 1)",
        "ALTER TABLE t ADD column",
        "ALTER TABLE t ADD COLUMN column TEXT",
        "ALTER TABLE t ADD \"check\" TEXT",
        "ALTER TABLE t ADD key TEXT",
        "ALTER TABLE t ADD COLUMN c INT AFTER b",
        "ALTER TABLE t ADD c INT NOT NULL",
        "ALTER TABLE t ADD if TEXT",
        "ALTER TABLE t ADD c REFERENCES p ON DELETE CASCADE",
        "ALTER TABLE t DROP c",
        "ALTER TABLE t DROP COLUMN c",
        "ALTER TABLE t DROP column",
        "ALTER TABLE t DROP COLUMN cascade",
        "ALTER TABLE temp.t ADD COLUMN c DEFAULT CURRENT_TIMESTAMP",
        "ALTER VIEW v RENAME TO w",
        "EXPLAIN ALTER TABLE t ALTER c SET NOT NULL",
        "CREATE VIEW v AS SELECT 1",
        "DROP VIEW IF EXISTS v",
        "DROP TRIGGER g",
        "SELECT 'ALTER TABLE t ALTER c SET NOT NULL'",
        "",
    ] {
        assert_eq!(read(sql), Ok(None), "{sql}");
    }
}

#[test]
fn statements_keep_their_place_among_others() {
    let sql = "INSERT INTO t VALUES (1);\n-- then\nDELETE FROM u; ALTER TABLE t ALTER c DROP NOT NULL;\nUPDATE t SET c = NULL";
    let operations = read_all(sql).unwrap().unwrap();
    let written: Vec<_> = operations.iter().map(|operation| operation.written().unwrap()).collect();
    assert_eq!(
        written,
        [
            "INSERT INTO t VALUES (1);\n-- then\nDELETE FROM u",
            "ALTER TABLE t ALTER c DROP NOT NULL",
            "UPDATE t SET c = NULL"
        ]
    );
    assert_eq!(read_all("SELECT 1; SELECT 2"), Ok(None));
    let mistake = read_all("SELECT 1; ALTER TABLE t ALTER c SET NULL").unwrap_err();
    assert_eq!(mistake.span, Span::new(36, 40));
}

#[test]
fn what_is_written_is_read_again() {
    for sql in [
        "ALTER TABLE t ALTER COLUMN \"a b\" TYPE VARCHAR(50) COLLATE \"NOCASE\", ALTER COLUMN c TYPE TEXT",
        "ALTER TABLE t ALTER COLUMN c SET NOT NULL, ALTER COLUMN c DROP NOT NULL",
        "ALTER TABLE t ALTER COLUMN c SET DEFAULT 'it, is', ALTER COLUMN c DROP DEFAULT",
        "ALTER TABLE t ALTER COLUMN c SET EXPRESSION AS (a + b) VIRTUAL, ALTER COLUMN c DROP EXPRESSION",
        "ALTER TABLE IF EXISTS t ADD COLUMN c TEXT NOT NULL UNIQUE, DROP COLUMN d",
        "ALTER TABLE t RENAME COLUMN a TO b, ADD CONSTRAINT ck CHECK (b > 0), DROP CONSTRAINT old",
        "ALTER TABLE t DROP UNIQUE (a, b), DROP CHECK (a > 0), DROP PRIMARY KEY, ADD PRIMARY KEY (a)",
        "ALTER TABLE t DROP FOREIGN KEY(a) REFERENCES p (x) ON DELETE CASCADE",
        "ALTER TABLE t SET NOT STRICT, SET WITHOUT ROWID, SET AUTOINCREMENT",
        "ALTER TABLE t DROP CONSTRAINT old, RENAME TO u",
    ] {
        let operations = read(sql).unwrap().unwrap();
        let [Operation::AlterTable(alter)] = &operations[..] else { panic!("{operations:?}") };
        assert_eq!(write(alter).as_deref(), Some(sql));
    }
}
