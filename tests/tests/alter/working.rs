//! What could be done with the database before can be done after.

use super::{alter, database, one};
use ambix_core::operation::{ConstraintAddress, Recreate, TableChange};
use ambix_tests::alter::apply;

fn generated(column: &str) -> TableChange {
    TableChange::SetGenerated { column: column.into(), generated: Some("AS (id || 'x')".into()) }
}

#[test]
fn a_change_that_a_trigger_on_a_view_does_not_survive_is_refused() {
    // Nothing can be written to `a` any more once it is generated.
    for (trigger, is_refused) in [
        ("INSTEAD OF INSERT ON v BEGIN INSERT INTO t (a) VALUES (new.a); END", true),
        ("INSTEAD OF UPDATE ON v BEGIN UPDATE t SET a = new.a WHERE id = old.id; END", true),
        ("INSTEAD OF UPDATE OF id ON v BEGIN UPDATE t SET a = new.a; END", true),
        ("INSTEAD OF DELETE ON v BEGIN UPDATE t SET a = NULL WHERE id = old.id; END", true),
        ("INSTEAD OF INSERT ON elsewhere BEGIN INSERT INTO t (a) VALUES (new.x); END", true),
        ("INSTEAD OF INSERT ON v BEGIN INSERT INTO t (b) VALUES (new.a); END", false),
        ("INSTEAD OF DELETE ON v BEGIN DELETE FROM t WHERE id = old.id; END", false),
    ] {
        for guarded in [false, true] {
            let database = database(&format!(
                "CREATE TABLE t (id INTEGER PRIMARY KEY, a, b); CREATE VIEW v AS SELECT * FROM t;
                 CREATE TABLE u (x); CREATE VIEW elsewhere AS SELECT x FROM u; CREATE TRIGGER tr {trigger}"
            ));
            let change = alter(&[generated("a")], Recreate::Auto);
            let outcome =
                apply(&database, &change, guarded).map_err(|error| error.into_details().message);
            let is_broken = |message: &String| message.contains("would no longer work");
            assert_eq!(outcome.as_ref().is_err_and(is_broken), is_refused, "{trigger} {outcome:?}");
            let hidden =
                "SELECT CAST(hidden AS TEXT) FROM pragma_table_xinfo('t') WHERE name = 'a'";
            assert_eq!(one(&database, hidden), if is_refused { "0" } else { "2" });
        }
    }
}

#[test]
fn a_trigger_of_the_table_itself_does_not_keep_a_column_from_being_generated() {
    let database = database(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a, b);
         CREATE TRIGGER tr AFTER UPDATE OF b ON t BEGIN SELECT new.a; END;",
    );
    apply(&database, &alter(&[generated("a")], Recreate::Auto), false).unwrap();
}

#[test]
fn a_key_that_others_refer_to_is_not_lost_although_another_of_their_keys_does_not_fit() {
    // SQLite says nothing about the rows of `child`, since nothing in `u` is UNIQUE (b).
    let setup = "PRAGMA foreign_keys = ON;
         CREATE TABLE t (a INT, c INT, CONSTRAINT key UNIQUE (a)); CREATE TABLE u (b INT);
         CREATE TABLE child (x INT REFERENCES t (a), y INT REFERENCES u (b));
         INSERT INTO t VALUES (1, 2);";
    let drop_key = TableChange::DropConstraint(ConstraintAddress::Named("key".into()));
    for guarded in [false, true] {
        let database = database(setup);
        let refused = alter(std::slice::from_ref(&drop_key), Recreate::Auto);
        assert_eq!(
            apply(&database, &refused, guarded).unwrap_err().message,
            "Foreign key (x) of table 'child' refers to a key of table 't' that would be gone"
        );
        let harmless =
            TableChange::SetType { column: "c".into(), data_type: "TEXT".into(), cast: false };
        apply(&database, &alter(&[harmless], Recreate::Auto), guarded).unwrap();
        // An index that makes the column unique is as good.
        database.execute_batch("CREATE UNIQUE INDEX ix ON t (a DESC)").unwrap();
        apply(&database, &refused, guarded).unwrap();
        database.execute_batch("DELETE FROM t").unwrap();
    }
}

#[test]
fn a_key_may_be_an_index() {
    for guarded in [false, true] {
        let database = database(
            "PRAGMA foreign_keys = ON; CREATE TABLE t (a INT, b INT, parent INT REFERENCES t (a));
             CREATE INDEX other ON t (b); CREATE UNIQUE INDEX key ON t (a DESC);
             CREATE TABLE child (x INT REFERENCES t (a) ON DELETE CASCADE);
             INSERT INTO t VALUES (1, 2, 1); INSERT INTO child VALUES (1);",
        );
        let change =
            TableChange::SetType { column: "b".into(), data_type: "TEXT".into(), cast: false };
        apply(&database, &alter(&[change], Recreate::Auto), guarded).unwrap();
        let names = "SELECT group_concat(name) FROM sqlite_schema WHERE type = 'index'";
        assert_eq!(one(&database, names), "other,key");
        assert_eq!(one(&database, "SELECT t.b FROM child JOIN t ON t.a = x"), "2");
    }
}
