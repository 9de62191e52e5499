//! What becomes of the rows, of the table and of those that refer to it.

use super::{add, alter, database, one, rows_of, text};
use ambix_core::operation::{Recreate, TableChange};
use ambix_tests::alter::apply;
use rusqlite::Connection;

#[test]
fn rows_keep_their_rowids_and_the_sequence_its_number() {
    for guarded in [false, true] {
        let database = database(
            "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, a);
             INSERT INTO t VALUES (5, 'x'), (99, 'y'); DELETE FROM t WHERE id = 99;
             CREATE TABLE u (a TEXT, rowid); INSERT INTO u (oid, a, rowid) VALUES (7, 'p', 'q'), (3, NULL, x'00');",
        );
        let set = |column: &str| TableChange::SetType {
            column: column.into(),
            data_type: "BLOB".into(),
            cast: false,
        };
        apply(&database, &alter(&[set("a")], Recreate::Auto), guarded).unwrap();
        let mut of_u = alter(&[set("a")], Recreate::Auto);
        of_u.table = "U".into();
        apply(&database, &of_u, guarded).unwrap();
        database.execute("INSERT INTO t (a) VALUES ('z')", []).unwrap();
        let next: i64 = database.query_row("SELECT max(id) FROM t", [], |row| row.get(0)).unwrap();
        assert_eq!(next, 100);
        let rows: String = database
            .query_row(
                "SELECT group_concat(oid || coalesce(a, 'NULL') || quote(rowid)) FROM u",
                [],
                |row| row.get(0),
            )
            .unwrap();
        assert_eq!(rows, "3NULLX'00',7p'q'");
    }
}

#[test]
fn a_new_column_has_the_same_default_in_old_and_new_rows() {
    for default in ["-1.5e2", "1.50", ".5", "99999999999999999999", "- 7", "0x1F", "'1.50'"] {
        let database = database("CREATE TABLE t (a); INSERT INTO t VALUES (1)");
        let column = add(&format!("b TEXT DEFAULT {default}"), None);
        apply(&database, &alter(&[column], Recreate::Auto), false).unwrap();
        database.execute("INSERT INTO t (a) VALUES (2)", []).unwrap();
        let kinds = "SELECT CAST(count(DISTINCT b) AS TEXT) FROM t";
        assert_eq!(one(&database, kinds), "1", "{default}");
    }
}

#[test]
fn no_child_row_is_lost_whatever_the_action() {
    let actions = ["", "CASCADE", "SET NULL", "SET DEFAULT", "RESTRICT", "NO ACTION"];
    let deferring = ["", "DEFERRABLE INITIALLY DEFERRED"];
    for action in actions {
        for deferring in deferring {
            let clause = match action {
                "" => deferring.to_string(),
                action => format!("ON DELETE {action} ON UPDATE {action} {deferring}"),
            };
            let create = format!(
                "PRAGMA foreign_keys = ON;
                 CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT UNIQUE, up INTEGER REFERENCES t (id) {clause}, x, y, UNIQUE (x, y));
                 CREATE TABLE child (id INTEGER PRIMARY KEY, t INTEGER DEFAULT 1 REFERENCES t (id) {clause}, a TEXT REFERENCES t (a) {clause});
                 CREATE TABLE grandchild (c INTEGER REFERENCES child (id) {clause});
                 CREATE TABLE pair (x, y, FOREIGN KEY (x, y) REFERENCES t (x, y) {clause});
                 CREATE TABLE log (what);
                 CREATE TRIGGER own AFTER DELETE ON child BEGIN INSERT INTO log VALUES (old.id); END;
                 CREATE TRIGGER mine AFTER UPDATE OF a ON t BEGIN INSERT INTO log VALUES (new.a); END;
                 CREATE VIEW v AS SELECT t.a, child.id FROM t JOIN child ON child.t = t.id;
                 INSERT INTO t VALUES (1, 'one', NULL, 1, 1), (2, 'two', 1, 1, 2), (3, 'three', 2, NULL, 3);
                 INSERT INTO child VALUES (10, 1, 'one'), (11, 2, 'three'), (12, NULL, NULL);
                 INSERT INTO grandchild VALUES (10), (11);
                 INSERT INTO pair VALUES (1, 1), (1, 2), (NULL, 9);"
            );
            for guarded in [false, true] {
                let database = database(&create);
                let tables = ["t", "child", "grandchild", "pair", "log", "v"];
                let before = rows_of(&database, &tables);
                let names = "SELECT group_concat(name || sql) FROM (SELECT * FROM sqlite_schema WHERE tbl_name <> 't' ORDER BY name)";
                let others = one(&database, names);
                let change =
                    TableChange::SetDefault { column: "a".into(), default: Some("'new'".into()) };
                apply(&database, &alter(&[change], Recreate::Auto), guarded).unwrap();
                assert_eq!(rows_of(&database, &tables), before, "{action} {deferring} {guarded}");
                assert_eq!(one(&database, names), others);
                assert_eq!(
                    one(&database, "SELECT CAST(foreign_keys AS TEXT) FROM pragma_foreign_keys"),
                    "1"
                );
                assert_eq!(one(&database, "PRAGMA integrity_check"), "ok");
                let refused = database.execute("INSERT INTO child VALUES (99, 99, NULL)", []);
                assert!(refused.is_err());
            }
        }
    }
}

#[test]
fn old_dangling_rows_stay_and_new_ones_are_refused() {
    for guarded in [false, true] {
        let database = database(
            "PRAGMA foreign_keys = OFF;
             CREATE TABLE t (id INTEGER PRIMARY KEY, a);
             CREATE TABLE child (t REFERENCES t (id));
             CREATE TABLE elsewhere (x REFERENCES missing (id), y REFERENCES log (a)); CREATE TABLE log (a);
             INSERT INTO t VALUES (1, 'x'); INSERT INTO child VALUES (1), (77); INSERT INTO elsewhere VALUES (5, NULL);
             PRAGMA foreign_keys = ON;",
        );
        let before = rows_of_quietly(&database);
        apply(&database, &alter(&[add("b", None)], Recreate::Always), guarded).unwrap();
        assert_eq!(rows_of_quietly(&database), before.replace("1|x", "1|x|"), "{guarded}");
    }
}

/// As [`rows_of`], where a foreign key does not fit its table and cannot be checked.
fn rows_of_quietly(database: &Connection) -> String {
    let t = "SELECT group_concat(id || '|' || a) FROM t";
    let t = match database.prepare("SELECT b FROM t") {
        Ok(_) => {
            one(database, "SELECT group_concat(id || '|' || a || '|' || coalesce(b, '')) FROM t")
        }
        Err(_) => one(database, t),
    };
    let child = one(database, "SELECT group_concat(t) FROM child");
    format!("{t}; {child}; {}", one(database, "SELECT group_concat(x) FROM elsewhere"))
}

#[test]
fn what_the_rows_do_not_allow_is_refused_and_nothing_has_changed() {
    for guarded in [false, true] {
        let database = database(
            "PRAGMA foreign_keys = ON;
             CREATE TABLE t (id INTEGER PRIMARY KEY, a); INSERT INTO t VALUES (1, NULL), (2, 'x');
             CREATE TABLE child (t REFERENCES t (id) ON DELETE CASCADE); INSERT INTO child VALUES (1), (2);",
        );
        let before = (rows_of(&database, &["t", "child"]), text(&database, "t"));
        let change = TableChange::SetNullable { column: "a".into(), nullable: false };
        let error = apply(&database, &alter(&[change], Recreate::Always), guarded).unwrap_err();
        assert_eq!(error.message, "NOT NULL constraint failed: t.a");
        assert_eq!((rows_of(&database, &["t", "child"]), text(&database, "t")), before);
        assert_eq!(
            one(&database, "SELECT CAST(foreign_keys AS TEXT) FROM pragma_foreign_keys"),
            "1"
        );
        assert_eq!(
            one(
                &database,
                "SELECT CAST(legacy_alter_table AS TEXT) FROM pragma_legacy_alter_table"
            ),
            "0"
        );
    }
}

#[test]
fn many_rows_go_in_pieces_and_all_arrive() {
    for guarded in [false, true] {
        let database = database(
            "CREATE TABLE t (a); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60000)
             INSERT INTO t SELECT i FROM n; DELETE FROM t WHERE a % 3 = 0; INSERT INTO t (rowid, a) VALUES (-5, 0);",
        );
        let sum = "SELECT sum(rowid) || ' ' || sum(a) || ' ' || count(*) FROM t";
        let before = one(&database, sum);
        apply(&database, &alter(&[], Recreate::Always), guarded).unwrap();
        assert_eq!(one(&database, sum), before);
    }
}
