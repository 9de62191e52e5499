//! Values that changed with the type of their column come back.

use super::*;

fn retyped() -> Typist {
    typist(
        "CREATE TABLE t (code TEXT PRIMARY KEY, v TEXT);",
        "ALTER TABLE t ALTER COLUMN v TYPE INTEGER;",
        "ALTER TABLE t ALTER COLUMN v TYPE TEXT;",
    )
}

const SELECT: &str = "SELECT code, v FROM t ORDER BY code";

#[test]
fn those_whose_row_is_there_and_that_nobody_changed_since() {
    for foreign_keys in ["OFF", "ON"] {
        let mut typist = retyped();
        run(
            &typist,
            &format!(
                "PRAGMA foreign_keys = {foreign_keys};
                 INSERT INTO t VALUES ('a', '007'), ('b', '1e3'), ('c', '11'), ('d', 'x'), ('e', '08'), ('f', '09')"
            ),
        );
        let plan = typist.types_well("alembic plan head").lines;
        let said =
            "-- keeps for the downgrade: values of t.v, which change with its type (4 values)";
        assert!(plan.contains(&said.into()), "{plan:?}");
        typist.types_well("alembic upgrade head");
        assert_eq!(
            content(&typist.database, "SELECT typeof(v), v FROM t ORDER BY code"),
            [
                r#"[Text("integer"), Integer(7)]"#,
                r#"[Text("integer"), Integer(1000)]"#,
                r#"[Text("integer"), Integer(11)]"#,
                r#"[Text("text"), Text("x")]"#,
                r#"[Text("integer"), Integer(8)]"#,
                r#"[Text("integer"), Integer(9)]"#,
            ]
        );
        run(
            &typist,
            "UPDATE t SET v = 12 WHERE code = 'b'; DELETE FROM t WHERE code = 'e'; INSERT INTO t VALUES ('g', 7);
             UPDATE t SET v = '09' WHERE code = 'f'",
        );
        typist.types_well("alembic downgrade -1");
        assert_eq!(
            content(&typist.database, SELECT),
            [
                r#"[Text("a"), Text("007")]"#,
                r#"[Text("b"), Text("12")]"#,
                r#"[Text("c"), Text("11")]"#,
                r#"[Text("d"), Text("x")]"#,
                r#"[Text("f"), Text("09")]"#,
                r#"[Text("g"), Text("7")]"#,
            ]
        );
        assert_eq!(kept(&typist), 0);
    }
}

#[test]
fn by_scripts_alone() {
    let mut typist = retyped();
    run(&typist, "INSERT INTO t VALUES ('a', '007'), ('b', 'x')");
    let before = content(&typist.database, SELECT);
    let up = typist.types_well("alembic upgrade aaaa:bbbb --sql").lines.join("\n");
    let down = typist.types_well("alembic downgrade bbbb:aaaa --sql").lines.join("\n");
    run(&typist, &up);
    assert_ne!(content(&typist.database, SELECT), before);
    run(&typist, &down);
    assert_eq!(content(&typist.database, SELECT), before);
    assert_eq!(kept(&typist), 0);
}

#[test]
fn by_the_downgrade_in_the_journal() {
    let mut typist = retyped();
    run(&typist, "INSERT INTO t VALUES ('a', '007'), ('b', 'x')");
    let before = content(&typist.database, SELECT);
    typist.types_well("alembic upgrade head");
    run_stored(&typist);
    assert_eq!(content(&typist.database, SELECT), before);
}

#[test]
fn a_column_that_got_another_name_too() {
    let mut typist = Typist::new("");
    typist.keep_data = true;
    let head = "from alembic import op\nimport sqlalchemy as sa\n";
    let made = format!(
        "{head}revision = 'aaaa'\ndown_revision = None\ndef upgrade():\n    op.create_table('t', sa.Column('id', \
         sa.Integer, primary_key=True), sa.Column('day', sa.Date))\ndef downgrade():\n    op.drop_table('t')\n"
    );
    let changed = format!(
        "{head}revision = 'bbbb'\ndown_revision = 'aaaa'\ndef upgrade():\n    op.alter_column('t', 'day', \
         new_column_name='year', type_=sa.Integer)\ndef downgrade():\n    op.alter_column('t', 'year', \
         new_column_name='day', type_=sa.Date)\n"
    );
    typist.files.insert("versions/aaaa.py".into(), made);
    typist.files.insert("versions/bbbb.py".into(), changed);
    typist.types_well("alembic upgrade aaaa");
    run(&typist, "INSERT INTO t VALUES (1, '2021-01-11'), (2, NULL), (3, '2022-12-24')");
    let before = content(&typist.database, "SELECT id, day FROM t");
    typist.types_well("alembic upgrade head");
    let years = content(&typist.database, "SELECT year FROM t");
    assert_eq!(years, ["[Integer(2021)]", "[Null]", "[Integer(2022)]"]);
    typist.types_well("alembic downgrade -1");
    assert_eq!(content(&typist.database, "SELECT id, day FROM t"), before);
}

#[test]
fn a_key_that_changes_itself() {
    let mut typist = typist(
        "CREATE TABLE t (code TEXT PRIMARY KEY, v);",
        "ALTER TABLE t ALTER COLUMN code TYPE INT;",
        "ALTER TABLE t ALTER COLUMN code TYPE TEXT;",
    );
    run(
        &typist,
        "INSERT INTO t VALUES ('gone', 0), ('007', 1), ('x', 2); DELETE FROM t WHERE v = 0",
    );
    let select = "SELECT rowid, code, v FROM t ORDER BY v";
    let before = content(&typist.database, select);
    typist.types_well("alembic upgrade head");
    assert_ne!(content(&typist.database, select), before);
    typist.types_well("alembic downgrade -1");
    assert_eq!(content(&typist.database, select), before);
}

#[test]
fn rows_that_get_other_rowids_are_said_to_be_lost() {
    let mut typist = typist(
        "CREATE TABLE t (id TEXT PRIMARY KEY, v);",
        "ALTER TABLE t ALTER COLUMN id TYPE INTEGER;",
        "ALTER TABLE t ALTER COLUMN id TYPE TEXT;",
    );
    run(&typist, "INSERT INTO t VALUES ('007', 1), ('5', 2)");
    let plan = typist.types_well("alembic plan head").lines;
    let said = "-- destroys data: values of t.id, which change with its type (1 value)";
    assert!(plan.contains(&said.into()), "{plan:?}");
    typist.types_well("alembic upgrade head");
    assert_eq!(kept(&typist), 0);
}
