//! What cannot be read, and where that stands.

use super::super::{read, read_all};
use crate::sqlite::token::tokens;
use alloc::string::ToString;
use alloc::vec::Vec;
use proptest::prelude::*;

#[test]
fn what_is_wrong_is_said_where_it_stands() {
    for (sql, place, message, hint) in [
        (
            "ALTER TABLE",
            "TABLE",
            "Expected the name of a table, and found the end of the statement",
            "",
        ),
        (
            "ALTER TABLE t",
            "t",
            "Expected an action, and found the end of the statement",
            "the actions of",
        ),
        (
            "ALTER TABLE t ALTR c SET NOT NULL",
            "ALTR",
            "`ALTR` is no action of ALTER TABLE",
            "the actions of",
        ),
        (
            "ALTER TABLE t ALTER c SET NOT NUL",
            "NOT",
            "Expected what to set, and found `NOT`",
            "SET NOT NULL, DROP",
        ),
        (
            "ALTER TABLE t ALTER c SET",
            "SET",
            "Expected what to set, and found the end of the statement",
            "SET NOT",
        ),
        (
            "ALTER TABLE t ALTER c",
            "c",
            "Expected what becomes of the column, and found the end of the statement",
            "",
        ),
        (
            "ALTER TABLE t ALTER c SET NOT NULL NULL",
            "NULL",
            "Nothing more was expected, and there is `NULL`",
            "comma",
        ),
        (
            "ALTER TABLE t ALTER c SET DEFAULT",
            "DEFAULT",
            "Expected a value, and found the end of the statement",
            "",
        ),
        (
            "ALTER TABLE t ALTER c SET DEFAULT 1 NOT NULL",
            "NOT NULL",
            "`NOT NULL` does not belong to a value",
            "ALTER COLUMN c SET NOT NULL",
        ),
        (
            "ALTER TABLE t ALTER c TYPE",
            "TYPE",
            "Expected a type, and found the end of the statement",
            "",
        ),
        (
            "ALTER TABLE t ALTER c TYPE INT NOT NULL",
            "NOT NULL",
            "`NOT NULL` does not belong to a type",
            "ALTER COLUMN c SET NOT NULL",
        ),
        (
            "ALTER TABLE t ALTER c TYPE INT USING c::int",
            "USING",
            "USING is not followed",
            "UPDATE … SET c = …",
        ),
        (
            "ALTER TABLE t ALTER c INTEGER NOT NULL",
            "INTEGER",
            "A type without TYPE",
            "ALTER COLUMN c TYPE INTEGER",
        ),
        (
            "ALTER TABLE t MODIFY COLUMN c INT",
            "MODIFY",
            "`MODIFY` is how MySQL changes",
            "ALTER COLUMN c TYPE …",
        ),
        (
            "ALTER TABLE t CHANGE a b INT",
            "CHANGE",
            "`CHANGE` is how MySQL changes",
            "RENAME COLUMN c TO d",
        ),
        ("ALTER TABLE t ADD", "ADD", "Expected a column or a constraint", ""),
        (
            "ALTER TABLE t ADD INDEX i (a)",
            "INDEX",
            "An index is made by a statement",
            "CREATE INDEX",
        ),
        (
            "ALTER TABLE t ADD UNIQUE INDEX i (a)",
            "UNIQUE",
            "An index is made",
            "CREATE UNIQUE INDEX",
        ),
        (
            "ALTER TABLE t ADD (a INT, b INT)",
            "(",
            "Expected the name of a column",
            "ADD COLUMN a …",
        ),
        ("ALTER TABLE t ADD CONSTRAINT ck", "ck", "", "a constraint is written as"),
        (
            "ALTER TABLE t ADD CHECK a > 0",
            "a",
            "Expected an expression in parentheses, and found `a`",
            "CREATE TABLE",
        ),
        ("ALTER TABLE t ADD CHECK (a > 0) NOT VALID", "NOT", "", "as SQLite has it"),
        (
            "ALTER TABLE t ADD UNIQUE (a), b INT",
            "b",
            "`b` is no action of ALTER TABLE",
            "the actions",
        ),
        ("ALTER TABLE t DROP a,", ",", "Expected an action", "the actions"),
        (
            "ALTER TABLE t DROP a, , DROP b",
            ",",
            "Expected an action, and found a comma",
            "the actions",
        ),
        ("ALTER TABLE t DROP CONSTRAINT", "CONSTRAINT", "Expected the name of a constraint", ""),
        (
            "ALTER TABLE t DROP CONSTRAINT ck CASCADE",
            "CASCADE",
            "CASCADE is not followed",
            "leave it out",
        ),
        ("ALTER TABLE t DROP CHECK ck", "ck", "Expected (, and found `ck`", "DROP CONSTRAINT"),
        (
            "ALTER TABLE t DROP FOREIGN KEY fk",
            "fk",
            "Expected (, and found `fk`",
            "DROP CONSTRAINT",
        ),
        ("ALTER TABLE t DROP INDEX i", "INDEX", "An index is dropped by a statement", "DROP INDEX"),
        ("ALTER TABLE t RENAME CONSTRAINT a b", "b", "Expected TO, and found `b`", ""),
        ("ALTER TABLE t RENAME x", "x", "Expected TO, and found the end of the statement", ""),
        (
            "ALTER TABLE temp.t ALTER c SET NOT NULL",
            "temp",
            "This change is made in the schema main only",
            "",
        ),
        (
            "ALTER INDEX i SET (fillfactor = 70)",
            "SET",
            "Expected RENAME, and found `SET`",
            "RENAME TO",
        ),
        (
            "CREATE OR REPLACE TABLE t (a)",
            "TABLE",
            "Expected VIEW or TRIGGER, and found `TABLE`",
            "drop it",
        ),
        (
            "CREATE OR REPLACE VIEW IF NOT EXISTS v AS SELECT 1",
            "IF",
            "Expected a name",
            "contradict",
        ),
        ("CREATE OR REPLACE VIEW", "VIEW", "Expected a name", ""),
    ] {
        let Err(mistake) = read(sql) else { panic!("{sql}: {:?}", read(sql)) };
        let said = &mistake.diagnostic;
        assert!(said.message.starts_with(message), "{sql}: {}", said.message);
        assert_eq!(mistake.span.of(sql), place, "{sql}: {}", said.message);
        let hints: Vec<&str> = said.hints.iter().map(|hint| hint.text.as_str()).collect();
        assert!(hints.join("\n").contains(hint), "{sql}: {hints:?}");
    }
}

proptest! {
    /// Whatever words follow each other, nothing panics, and a mistake is somewhere in the text.
    #[test]
    fn every_mistake_has_a_place(picks in prop::collection::vec(0usize..WORDS.len(), 0..12), start in 0usize..3) {
        let mut sql = ["ALTER TABLE t", "ALTER", "CREATE OR REPLACE"][start].to_string();
        for pick in picks {
            sql.push(' ');
            sql.push_str(WORDS[pick]);
        }
        if let Err(mistake) = read(&sql) {
            prop_assert!(mistake.span.end <= sql.len() && mistake.span.start <= mistake.span.end);
            prop_assert!(!mistake.span.of(&sql).is_empty(), "{sql}: {:?}", mistake);
        }
        let _ = read_all(&sql);
    }

    /// A statement may be cut anywhere.
    #[test]
    fn what_is_cut_off_does_not_panic(cut in 0usize..200) {
        let sql = "ALTER TABLE IF EXISTS main.\"t ü\" ALTER c SET DATA TYPE DECIMAL(1, 2) COLLATE \"x\", ADD CONSTRAINT a \
                   CHECK (a > 'b'), DROP CONSTRAINT IF EXISTS b RESTRICT, RENAME INDEX a TO b";
        let end = tokens(sql).iter().map(|token| token.span.end).rfind(|end| *end <= cut).unwrap_or(0);
        let _ = read(&sql[..end]);
        let _ = read_all(sql.get(..cut).unwrap_or(sql));
        prop_assert!(read(sql).is_ok());
    }
}

const WORDS: &[&str] = &[
    "TABLE",
    "INDEX",
    "VIEW",
    "TRIGGER",
    "IF",
    "EXISTS",
    "NOT",
    "NULL",
    "ONLY",
    "t",
    "\"c\"",
    "'x'",
    "main",
    ".",
    ",",
    "(",
    ")",
    "ALTER",
    "COLUMN",
    "ADD",
    "DROP",
    "RENAME",
    "TO",
    "SET",
    "DEFAULT",
    "DATA",
    "TYPE",
    "TEXT",
    "USING",
    "COLLATE",
    "CONSTRAINT",
    "CHECK",
    "UNIQUE",
    "FOREIGN",
    "PRIMARY",
    "KEY",
    "REFERENCES",
    "CASCADE",
    "RESTRICT",
    "TEMP",
    "AS",
    "SELECT",
    "1",
    "EXPRESSION",
    "-- c\n",
    "/* d */",
    ";",
];
