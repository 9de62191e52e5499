//! What cannot be read: nothing runs, and the place is in the file.

use super::{FORMATS, project, whole};

const BEFORE: &str = "CREATE TABLE t (a, b); INSERT INTO t VALUES (1, 2)";

#[test]
fn a_mistake_has_its_place_in_the_file() {
    for (statement, word) in [
        ("ALTER TABLE t ALTR a SET NOT NULL", "ALTR"),
        ("ALTER TABLE t ALTER a SET NOT NUL", "NOT"),
        ("ALTER TABLE t ALTER a TYPE INT USING (a::int)", "USING"),
        ("ALTER TABLE t MODIFY COLUMN a INT", "MODIFY"),
        ("ALTER TABLE t ALTER COLUMN a INT NOT NULL", "INT"),
        ("ALTER TABLE t ADD UNIQUE a", "a"),
        ("ALTER TABLE t DROP CONSTRAINT ck CASCADE", "CASCADE"),
        ("ALTER TABLE t RENAME CONSTRAINT a b", "b"),
        ("CREATE OR REPLACE FUNCTION f", "FUNCTION"),
    ] {
        for format in FORMATS {
            // In the middle of others, on a line of its own.
            let all = format!("INSERT INTO t VALUES (3, 4);\n{statement};\nSELECT 1");
            let mut typist = project(format, BEFORE, &all, "");
            let before = whole(&typist.database);
            let path = format!("versions/b2_.{format}");
            let refused = typist.types("alembic upgrade head");
            let error = refused.error();
            let place = error.place.as_ref().unwrap();
            let text = &typist.files[&path];
            assert_eq!(place.file, path);
            assert_eq!(place.span.of(text), word, "{format} {statement}: {}", error.message);
            assert!(text.lines().nth(place.line as usize - 1).unwrap().contains(statement));
            assert!(!error.hints.is_empty() || error.message.contains("found"), "{statement}");
            assert_eq!(whole(&typist.database), before);
        }
    }
}

#[test]
fn line_ends_of_windows_do_not_move_the_place() {
    let mut typist = project("sql", BEFORE, "ALTER TABLE t\n  ALTER a\n  SET NOTHING", "");
    let path = "versions/b2_.sql";
    let text = typist.files[path].replace('\n', "\r\n");
    typist.files.insert(path.into(), text.clone());
    let refused = typist.types("alembic upgrade head");
    assert_eq!(refused.error().place.as_ref().unwrap().span.of(&text), "NOTHING");
}

#[test]
fn a_statement_that_sqlite_lacks_is_not_run_outside_of_a_transaction() {
    let mut typist =
        project("sql", BEFORE, "-- transaction: none\nALTER TABLE t ALTER a SET NOT NULL", "");
    let refused = typist.types("alembic upgrade head");
    assert!(refused.error().message.contains("needs a transaction"), "{:?}", refused.error());
}

#[test]
fn a_mistake_in_one_section_is_no_error_of_the_other() {
    let mut typist =
        project("sql", BEFORE, "ALTER TABLE t ALTER a SET NOT NULL", "ALTER TABLE t ALTR");
    typist.types_well("alembic upgrade head");
    assert_eq!(typist.types("alembic downgrade a1").error().code.as_str(), "standard-sql");
}
