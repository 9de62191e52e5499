//! What mentions the table and its columns.

use super::{add, alter, database, drop_column, one, rename, rows_of, text};
use ambix_core::operation::{ColumnPlace, Dependents, Recreate, TableChange};
use ambix_tests::alter::apply;
use rusqlite::Connection;

const SHOP: &str =
    "CREATE TABLE t (id INTEGER PRIMARY KEY, price INT CHECK (price > 0), tax INT, note TEXT,
     gross INT AS (price + tax), UNIQUE (price, note), CHECK (tax < price));
     CREATE INDEX ix ON t (lower(note)) WHERE price > 1;
     CREATE TABLE log (price);
     CREATE TRIGGER tr AFTER UPDATE OF price ON t BEGIN INSERT INTO log VALUES (new.price); END;
     CREATE VIEW v AS SELECT t.price AS p, log.price FROM t, log;
     INSERT INTO t (price, tax, note) VALUES (3, 1, 'x');";

#[test]
fn what_mentions_a_dropped_column_is_named() {
    let database = database(SHOP);
    let before = rows_of_schema(&database);
    let error =
        apply(&database, &alter(&[drop_column("price")], Recreate::Auto), false).unwrap_err();
    assert_eq!(
        error.message,
        "Column 'price' of table 't' is still mentioned by generated column gross, UNIQUE (price, note), \
         CHECK (tax < price), index ix, trigger tr, view v"
    );
    assert_eq!(rows_of_schema(&database), before);
}

#[test]
fn what_mentions_it_goes_too_when_told_to() {
    for guarded in [false, true] {
        let database = database(SHOP);
        let changes = [
            TableChange::SetGenerated { column: "gross".into(), generated: None },
            TableChange::DropColumn { name: "price".into(), dependents: Dependents::Drop },
        ];
        apply(&database, &alter(&changes, Recreate::Auto), guarded).unwrap();
        assert_eq!(
            text(&database, "t").split_whitespace().collect::<Vec<_>>().join(" "),
            "CREATE TABLE t (id INTEGER PRIMARY KEY, tax INT, note TEXT, gross INT)"
        );
        assert_eq!(one(&database, "SELECT CAST(count(*) AS TEXT) FROM sqlite_schema"), "2");
        assert_eq!(
            rows_of(&database, &["t"]).lines().next().unwrap(),
            "t: Integer(1), Integer(1), Text([120]), Integer(4)"
        );
    }
}

fn rows_of_schema(database: &Connection) -> String {
    one(
        database,
        "SELECT group_concat(coalesce(sql, ''), char(10)) FROM (SELECT sql FROM sqlite_schema ORDER BY name)",
    )
}

#[test]
fn a_rename_is_followed_everywhere_also_beside_other_changes() {
    for recreate in [Recreate::Auto, Recreate::Always] {
        for guarded in [false, true] {
            let database = database(SHOP);
            let default =
                TableChange::SetDefault { column: "cost".into(), default: Some("5".into()) };
            let check = TableChange::AddConstraint { definition: "CHECK (cost <> 7)".into() };
            let changes = [rename("price", "cost"), default, check];
            apply(&database, &alter(&changes, recreate), guarded).unwrap();
            let table = text(&database, "t").replace('"', "").replace("\n    ", "");
            assert!(table.contains("cost INT DEFAULT 5 CHECK (cost > 0)"), "{table}");
            assert!(
                table.contains(
                    "AS (cost + tax), UNIQUE (cost, note), CHECK (tax < cost), CHECK (cost <> 7)"
                ),
                "{table}"
            );
            assert!(text(&database, "tr").contains("cost"));
            database.execute("UPDATE t SET cost = 6", []).unwrap();
            assert_eq!(one(&database, "SELECT p || price FROM v"), "66");
        }
    }
}

#[test]
fn names_may_be_swapped_and_taken_over() {
    for guarded in [false, true] {
        let database = database("CREATE TABLE t (a, b); INSERT INTO t VALUES ('a', 'b')");
        let swap =
            [rename("a", "c"), rename("b", "a"), rename("c", "b"), add("d DEFAULT 'd'", None)];
        apply(&database, &alter(&swap, Recreate::Always), guarded).unwrap();
        assert_eq!(one(&database, "SELECT a || b || d FROM t"), "bad");
        let take_over = [rename("a", "old"), add("a DEFAULT 'new'", None), drop_column("d")];
        apply(&database, &alter(&take_over, Recreate::Always), guarded).unwrap();
        assert_eq!(one(&database, "SELECT old || a || b FROM t"), "bnewa");
        let again = [drop_column("a"), add("a DEFAULT 'third'", None)];
        apply(&database, &alter(&again, Recreate::Always), guarded).unwrap();
        assert_eq!(one(&database, "SELECT old || a || b FROM t"), "bthirda");
    }
}

#[test]
fn a_view_that_was_broken_before_is_named() {
    let database = database("CREATE TABLE t (a); CREATE VIEW v AS SELECT gone FROM nowhere;");
    let error = apply(&database, &alter(&[rename("a", "b")], Recreate::Auto), false).unwrap_err();
    assert_eq!(error.message, "The view 'v' is broken: no such table: main.nowhere");
    // Making a table anew does not ask for views.
    apply(&database, &alter(&[add("c", None)], Recreate::Always), false).unwrap();
    apply(&database, &alter(&[add("d", None)], Recreate::Always), true).unwrap();
    assert_eq!(text(&database, "v"), "CREATE VIEW v AS SELECT gone FROM nowhere");
}

#[test]
fn a_renamed_table_keeps_the_meaning_of_excluded() {
    let database = database(
        "CREATE TABLE t (a UNIQUE, b); CREATE TABLE feed (x);
         CREATE TRIGGER tr AFTER INSERT ON feed BEGIN
           INSERT INTO t VALUES (new.x, 1) ON CONFLICT (a) DO UPDATE SET b = excluded.b + 10; END;
         INSERT INTO t VALUES ('k', 5);",
    );
    let rename = TableChange::RenameTable { to: "u".into() };
    apply(&database, &alter(&[rename], Recreate::Auto), false).unwrap();
    database.execute("INSERT INTO feed VALUES ('k')", []).unwrap();
    assert_eq!(one(&database, "SELECT CAST(b AS TEXT) FROM u"), "11");
}

#[test]
fn what_a_view_over_a_view_or_a_trigger_elsewhere_needs_is_looked_at_too() {
    let setup =
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a UNIQUE, b); CREATE VIEW v AS SELECT * FROM t;
         CREATE VIEW w AS SELECT a FROM v; CREATE TABLE u (x);
         CREATE TRIGGER tr AFTER INSERT ON u BEGIN INSERT INTO t VALUES (NULL, new.x, 1); END;";
    for recreate in [Recreate::Auto, Recreate::Always] {
        let database = database(setup);
        let error = apply(&database, &alter(&[drop_column("a")], recreate), false).unwrap_err();
        assert!(error.message.contains("would no longer work"), "{}", error.message);
        let error = apply(&database, &alter(&[add("c", None)], recreate), false).unwrap_err();
        assert!(
            error.message.starts_with("INSERT INTO u DEFAULT VALUES would"),
            "{}",
            error.message
        );
        assert_eq!(
            one(&database, "SELECT group_concat(name) FROM pragma_table_info('t')"),
            "id,a,b"
        );
    }
}

#[test]
fn an_old_name_is_gone_and_a_definition_may_end_in_a_comment() {
    let database = database("CREATE TABLE t (\n a INT,\n b INT\n); INSERT INTO t VALUES (1, 2)");
    let stale = TableChange::SetDefault { column: "a".into(), default: Some("1".into()) };
    let error = apply(&database, &alter(&[rename("a", "c"), stale], Recreate::Auto), false);
    assert_eq!(error.unwrap_err().message, "Table 't' has no column 'a'");
    let noted = add("x INT -- note", Some(ColumnPlace::Before("b".into())));
    apply(&database, &alter(&[noted], Recreate::Auto), false).unwrap();
    assert_eq!(text(&database, "t"), "CREATE TABLE t (\n a INT,\n x INT,\n b INT\n)");
    assert_eq!(one(&database, "SELECT a || b FROM t"), "12");
}
