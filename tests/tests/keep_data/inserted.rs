//! Rows that come back to a table that has some already, and what is left from an earlier time.

use super::*;

const NUMBERED: &str =
    "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE, v);";

#[test]
fn rows_that_the_downgrade_inserts_itself_count_more() {
    let insert =
        "INSERT INTO t (id, name, v) VALUES (1, 'a', 'seed'), (7, 'b', 'seed'), (20, 'z', 'seed');";
    let mut typist = typist(NUMBERED, "DROP TABLE t;", &format!("{NUMBERED}\n{insert}"));
    run(&typist, "INSERT INTO t VALUES (1, 'a', 1), (2, 'b', 2), (3, 'c', 3), (9, 'd', 4)");
    typist.types_well("alembic upgrade head");
    typist.types_well("alembic downgrade -1");
    assert_eq!(
        content(&typist.database, "SELECT * FROM t ORDER BY id"),
        [
            r#"[Integer(1), Text("a"), Text("seed")]"#,
            r#"[Integer(3), Text("c"), Integer(3)]"#,
            r#"[Integer(7), Text("b"), Text("seed")]"#,
            r#"[Integer(9), Text("d"), Integer(4)]"#,
            r#"[Integer(20), Text("z"), Text("seed")]"#,
        ]
    );
    assert_eq!(content(&typist.database, "SELECT seq FROM sqlite_sequence"), ["[Integer(20)]"]);
    assert_eq!(kept(&typist), 0);
}

#[test]
fn rows_of_bulk_insert_count_more() {
    let mut typist = python(
        "t = op.create_table('t', sa.Column('id', sa.Integer, primary_key=True), sa.Column('v', sa.Text))\n    \
         op.bulk_insert(t, [{'id': 1, 'v': 'seed'}, {'id': 5, 'v': 'seed'}])",
    );
    let script = typist.files.get_mut("versions/bbbb.py").unwrap();
    *script = script.replace("op.drop_column('t', 'v')", "op.drop_table('t')");
    typist.types_well("alembic upgrade head");
    typist.types_well("alembic downgrade -1");
    assert_eq!(
        content(&typist.database, "SELECT * FROM t ORDER BY id"),
        [
            r#"[Integer(1), Text("seed")]"#,
            r#"[Integer(2), Text("b")]"#,
            r#"[Integer(5), Text("seed")]"#,
        ]
    );
}

#[test]
fn rows_without_a_key_are_all_there() {
    let mut typist = typist(
        "CREATE TABLE t (v);",
        "DROP TABLE t;",
        "CREATE TABLE t (v);\nINSERT INTO t VALUES ('seed'), ('a');",
    );
    run(&typist, "INSERT INTO t VALUES ('a'), ('b'), ('c'), ('d'); DELETE FROM t WHERE v = 'c'");
    typist.types_well("alembic upgrade head");
    typist.types_well("alembic downgrade -1");
    let rows = content(&typist.database, "SELECT rowid, v FROM t WHERE rowid <= 4 ORDER BY v");
    assert_eq!(content(&typist.database, "SELECT v FROM t").len(), 5);
    assert!(rows.contains(&r#"[Integer(4), Text("d")]"#.into()), "{rows:?}");
}

#[test]
fn what_stands_against_it_is_still_an_error() {
    let mut typist = typist(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, v);",
        "DROP TABLE t;",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, v CHECK (v > 1));",
    );
    run(&typist, "INSERT INTO t VALUES (1, 1)");
    typist.types_well("alembic upgrade head");
    let before = typist.whole_database();
    let refused = typist.types("alembic downgrade -1");
    let error = refused.error();
    assert!(error.message.contains("CHECK constraint failed"), "{error:?}");
    let hints: Vec<&str> = error.hints.iter().map(|hint| hint.text.as_str()).collect();
    assert!(hints.iter().any(|hint| hint.contains("DROP TABLE _ambix_kept_")), "{hints:?}");
    assert_eq!(typist.whole_database(), before);
}

#[test]
fn a_script_takes_back_the_last_that_was_kept() {
    let mut typist = typist(ITEMS, "ALTER TABLE items DROP COLUMN value;", "");
    run(&typist, "INSERT INTO items VALUES (1, 'a')");
    typist.types_well("alembic upgrade head");
    typist.types_well("alembic downgrade -1");
    run(&typist, "ALTER TABLE items ADD COLUMN value; UPDATE items SET value = 'b'");
    typist.types_well("alembic upgrade head");
    assert_eq!(kept(&typist), 2);
    let script = typist.files.get_mut("versions/bbbb.sql").unwrap();
    *script =
        script.replace("-- downgrade\n\n", "-- downgrade\n\nALTER TABLE items ADD COLUMN value;\n");
    let down = typist.types_well("alembic downgrade bbbb:aaaa --sql").lines.join("\n");
    run(&typist, &down);
    assert_eq!(content(&typist.database, "SELECT value FROM items"), [r#"[Text("b")]"#]);
    assert_eq!(kept(&typist), 1);
}

#[test]
fn the_version_is_part_of_the_transaction_of_a_script() {
    let mut typist = python("op.add_column('t', sa.Column('v', sa.Text()))");
    for line in ["upgrade aaaa:bbbb --sql", "downgrade bbbb:aaaa --sql"] {
        let lines = typist.types_well(&format!("alembic {line}")).lines;
        let at = |wanted: &str| lines.iter().position(|line| line.starts_with(wanted));
        if let Some(commit) = at("COMMIT;") {
            assert!(at("UPDATE alembic_version").unwrap() < commit, "{lines:#?}");
            assert!(at("BEGIN;").unwrap() < commit);
        } else {
            assert!(line.starts_with("upgrade"), "{lines:#?}");
        }
    }
}

#[test]
fn an_accepted_revision_still_brings_back_what_was_kept() {
    let mut typist = python("op.add_column('t', sa.Column('v', sa.Text()))");
    let before = content(&typist.database, "SELECT * FROM t");
    typist.types_well("alembic upgrade head");
    let script = typist.files.get_mut("versions/bbbb.py").unwrap();
    *script = script.replace(
        "op.drop_column('t', 'v')",
        "op.drop_column('t', 'v')\n    op.execute('SELECT 1')",
    );
    let refused = typist.types("alembic upgrade head");
    assert_ne!(refused.exit_code, 0);
    typist.types_well("alembic stamp --accept");
    typist.types_well("alembic upgrade head");
    run_stored(&typist);
    assert_eq!(content(&typist.database, "SELECT * FROM t"), before);
}

#[test]
fn a_revision_that_is_not_the_last_is_accepted_with_its_own_schema() {
    let mut typist = python("op.add_column('t', sa.Column('v', sa.Text()))");
    typist.files.insert(
        "versions/cccc.sql".into(),
        "-- revision: cccc\n-- revises: bbbb\n\n-- upgrade\n\nALTER TABLE t RENAME TO u;\n\n-- downgrade\n\n\
         ALTER TABLE u RENAME TO t;\n"
            .into(),
    );
    let before = content(&typist.database, "SELECT * FROM t");
    typist.types_well("alembic upgrade head");
    let script = typist.files.get_mut("versions/bbbb.py").unwrap();
    *script = script.replace(
        "op.drop_column('t', 'v')",
        "op.drop_column('t', 'v')\n    op.execute('SELECT 1')",
    );
    typist.types_well("alembic stamp --accept");
    typist.types_well("alembic upgrade head");
    run(&typist, "ALTER TABLE u RENAME TO t");
    run_stored(&typist);
    assert_eq!(content(&typist.database, "SELECT * FROM t"), before);
}
