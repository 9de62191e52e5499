//! Which content comes back to which rows, columns and tables, where that is not plain.

use super::*;

#[test]
fn rows_whose_key_is_null_get_their_values_back() {
    let mut typist = typist(
        "CREATE TABLE t (a TEXT, b, v, PRIMARY KEY (a, b));",
        "ALTER TABLE t DROP COLUMN v;",
        "ALTER TABLE t ADD COLUMN v;",
    );
    run(
        &typist,
        "INSERT INTO t VALUES (NULL, 1, 'one'), (NULL, 1, 'two'), ('x', NULL, 'three'), ('x', 1, 'four'),
         (NULL, NULL, 'five'); DELETE FROM t WHERE v = 'one'",
    );
    let select = "SELECT rowid, * FROM t ORDER BY rowid";
    let before = content(&typist.database, select);
    typist.types_well("alembic upgrade head");
    typist.types_well("alembic downgrade -1");
    assert_eq!(content(&typist.database, select), before);
}

#[test]
fn what_nothing_took_stays_for_a_downgrade_that_does() {
    let mut typist = typist(ITEMS, "ALTER TABLE items DROP COLUMN value;", "");
    run(&typist, "INSERT INTO items VALUES (1, 'a')");
    typist.types_well("alembic upgrade head");
    typist.types_well("alembic downgrade -1");
    assert_eq!(kept(&typist), 1);
    // The column is made again by hand. The next upgrade keeps it beside the other.
    run(&typist, "ALTER TABLE items ADD COLUMN value; UPDATE items SET value = 'b'");
    typist.types_well("alembic upgrade head");
    assert_eq!(kept(&typist), 2);
    let script = typist.files.get_mut("versions/bbbb.sql").unwrap();
    *script = script.replace(
        "-- downgrade\n\n",
        "-- downgrade\n\nALTER TABLE items ADD COLUMN value;\nCREATE TABLE other (x);",
    );
    typist.types_well("alembic downgrade -1");
    let rows = content(&typist.database, "SELECT * FROM items");
    assert_eq!(rows, [r#"[Integer(1), Text("b")]"#]);
    assert_eq!(kept(&typist), 1);
}

#[test]
fn a_downgrade_under_another_name_leaves_a_table_kept() {
    let mut typist =
        typist("CREATE TABLE t (x);", "DROP TABLE t;", "CREATE TABLE u (x);\nDROP TABLE u;");
    run(&typist, "INSERT INTO t VALUES (1)");
    typist.types_well("alembic upgrade head");
    typist.types_well("alembic downgrade -1");
    assert_eq!(kept(&typist), 1);
}

#[test]
fn two_columns_that_went_under_one_name_both_come_back() {
    let mut typist = typist(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a, b);",
        "ALTER TABLE t DROP COLUMN a;\nALTER TABLE t RENAME b TO a;\nALTER TABLE t DROP COLUMN a;",
        "ALTER TABLE t ADD COLUMN a;\nALTER TABLE t RENAME a TO b;\nALTER TABLE t ADD COLUMN a;",
    );
    run(&typist, "INSERT INTO t VALUES (1, 'a1', 'b1'), (2, 'a2', NULL)");
    let select = "SELECT id, a, b FROM t ORDER BY id";
    let before = content(&typist.database, select);
    let up = typist.types_well("alembic upgrade aaaa:bbbb --sql").lines.join("\n");
    let down = typist.types_well("alembic downgrade bbbb:aaaa --sql").lines.join("\n");
    typist.types_well("alembic upgrade head");
    assert_eq!(kept(&typist), 2);
    typist.types_well("alembic downgrade -1");
    assert_eq!(content(&typist.database, select), before);
    assert_eq!(kept(&typist), 0);
    // The same by scripts.
    run(&typist, &up);
    assert_eq!(kept(&typist), 2);
    run(&typist, &down);
    assert_eq!(content(&typist.database, select), before);
    assert_eq!(kept(&typist), 0);
}

#[test]
fn two_tables_that_went_under_one_name_both_come_back() {
    let mut typist = typist(
        "CREATE TABLE t (x);\nCREATE TABLE u (y);",
        "DROP TABLE t;\nALTER TABLE u RENAME TO t;\nDROP TABLE t;",
        "CREATE TABLE t (y);\nALTER TABLE t RENAME TO u;\nCREATE TABLE t (x);",
    );
    run(&typist, "INSERT INTO t VALUES (1); INSERT INTO u VALUES (2)");
    typist.types_well("alembic upgrade head");
    typist.types_well("alembic downgrade -1");
    assert_eq!(content(&typist.database, "SELECT x FROM t"), ["[Integer(1)]"]);
    assert_eq!(content(&typist.database, "SELECT y FROM u"), ["[Integer(2)]"]);
    assert_eq!(kept(&typist), 0);
}

#[test]
fn rows_that_nothing_tells_apart_are_said_to_be_lost() {
    let mut typist = typist(
        "CREATE TABLE t (oid, rowid, _rowid_, b);",
        "ALTER TABLE t DROP COLUMN b;",
        "ALTER TABLE t ADD COLUMN b;",
    );
    run(&typist, "INSERT INTO t VALUES (1, 2, 3, 4)");
    let plan = typist.types_well("alembic plan head").lines;
    assert!(plan.contains(&"-- destroys data: column t.b (1 value)".into()), "{plan:?}");
    typist.types_well("alembic upgrade head");
    assert_eq!(kept(&typist), 0);
}

#[test]
fn part_of_a_key_that_alone_finds_the_rows_is_said_to_be_lost() {
    for (rest, said) in [("", "destroys data"), (", UNIQUE (n)", "keeps for the downgrade")] {
        let mut typist = python("op.execute('ALTER TABLE t ADD COLUMN b')");
        run(
            &typist,
            &format!(
                "DROP TABLE t; CREATE TABLE t (a, b, n NOT NULL, PRIMARY KEY (a, b){rest}) WITHOUT ROWID;
                 INSERT INTO t VALUES (1, 2, 3)"
            ),
        );
        let script = typist.files.get_mut("versions/bbbb.py").unwrap();
        *script = script.replace(
            "op.drop_column('t', 'v')",
            "with op.batch_alter_table('t') as batch:\n        batch.drop_column('b')",
        );
        let plan = typist.types_well("alembic plan head").lines;
        assert!(plan.contains(&format!("-- {said}: column t.b (1 value)")), "{plan:?}");
        typist.types_well("alembic upgrade head");
        let is_kept = usize::from(!rest.is_empty());
        assert_eq!(kept(&typist), is_kept);
        typist.types_well("alembic downgrade -1");
        let back = ["[Null]", "[Integer(2)]"][is_kept];
        assert_eq!(content(&typist.database, "SELECT b FROM t"), [back]);
    }
}
