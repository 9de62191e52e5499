//! What belongs to the connection and to SQLite itself: TEMP objects, statistics, a switch that is on.

use super::{alter, database, drop_column, one, rename};
use ambix_core::diagnostic::Diagnostic;
use ambix_core::operation::{AddColumn, Execute, Operation, Recreate, TableChange};
use ambix_core::schema::{Column, DataType};
use ambix_tests::alter::apply;
use ambix_tests::history::{Scripts, upgrade_by};
use ambix_tests::perform;
use rusqlite::Connection;

fn set_type(column: &str) -> TableChange {
    TableChange::SetType { column: column.into(), data_type: "BLOB".into(), cast: false }
}

#[test]
fn temp_triggers_fire_as_before() {
    for guarded in [false, true] {
        let database = database(
            "PRAGMA foreign_keys = ON;
             CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
             CREATE TABLE child (t REFERENCES t ON DELETE CASCADE);
             CREATE TABLE log (what);
             CREATE TEMP TRIGGER own AFTER INSERT ON t BEGIN INSERT INTO log VALUES ('t ' || new.a); END;
             CREATE TEMP TRIGGER \"of child\" AFTER DELETE ON main.child BEGIN INSERT INTO log VALUES ('child'); END;
             CREATE TEMP VIEW seen AS SELECT a FROM t;
             INSERT INTO t VALUES (1, 'x'); INSERT INTO child VALUES (1);",
        );
        apply(&database, &alter(&[set_type("a")], Recreate::Always), guarded).unwrap();
        assert_eq!(one(&database, "SELECT group_concat(what) FROM log"), "t x");
        database.execute_batch("INSERT INTO t VALUES (2, 'y'); DELETE FROM child").unwrap();
        assert_eq!(one(&database, "SELECT group_concat(what) FROM log"), "t x,t y,child");
        assert_eq!(one(&database, "SELECT group_concat(a) FROM seen"), "x,y");
        let names =
            "SELECT group_concat(name) FROM (SELECT name FROM sqlite_temp_schema ORDER BY name)";
        assert_eq!(one(&database, names), "of child,own,seen");
    }
}

#[test]
fn a_change_that_breaks_a_temp_view_or_trigger_is_refused() {
    for guarded in [false, true] {
        for temp in [
            "CREATE TEMP VIEW seen AS SELECT a FROM t",
            "CREATE TEMP TRIGGER own AFTER INSERT ON t BEGIN SELECT new.a; END",
            "CREATE TEMP TRIGGER own AFTER INSERT ON u BEGIN INSERT INTO t (a) VALUES (1); END",
        ] {
            let database = database(&format!(
                "CREATE TABLE t (id INTEGER PRIMARY KEY, a); CREATE TABLE u (b); {temp}"
            ));
            let change = alter(&[drop_column("a")], Recreate::Always);
            apply(&database, &change, guarded).unwrap_err();
            assert_eq!(
                one(&database, "SELECT group_concat(name) FROM pragma_table_info('t')"),
                "id,a"
            );
            assert_eq!(
                one(&database, "SELECT CAST(count(*) AS TEXT) FROM sqlite_temp_schema"),
                "1"
            );
        }
    }
}

#[test]
fn a_table_that_a_temp_table_hides_is_left_alone() {
    let database =
        database("CREATE TABLE t (a); CREATE TEMP TABLE t (a); INSERT INTO temp.t VALUES (1)");
    let error = apply(&database, &alter(&[set_type("a")], Recreate::Always), false).unwrap_err();
    assert_eq!(error.message, "On this connection a TEMP table hides table 't'");
    assert_eq!(one(&database, "SELECT CAST(count(*) AS TEXT) FROM temp.t"), "1");
}

#[test]
fn what_analyze_found_out_stays() {
    for guarded in [false, true] {
        let database = database(
            "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT UNIQUE, b);
             CREATE INDEX ix ON t (b, a); CREATE TABLE u (a); CREATE INDEX iu ON u (a);
             INSERT INTO t (a, b) VALUES ('x', 1), ('y', 1), ('z', 2); INSERT INTO u VALUES (1); ANALYZE;",
        );
        let found = "SELECT group_concat(tbl || idx || stat, ' ') FROM (SELECT * FROM sqlite_stat1 ORDER BY 1, 2)";
        let before = one(&database, found);
        assert!(before.contains("tix3 2 1"), "{before}");
        apply(&database, &alter(&[set_type("b")], Recreate::Always), guarded).unwrap();
        assert_eq!(one(&database, found), before, "guarded: {guarded}");
        let left = "SELECT CAST(count(*) AS TEXT) FROM sqlite_schema WHERE name LIKE '\\_ambix%' ESCAPE '\\'";
        assert_eq!(one(&database, left), "0");
    }
}

#[test]
fn a_table_is_followed_to_its_new_name_although_legacy_alter_table_is_on() {
    let create = "PRAGMA legacy_alter_table = ON; CREATE TABLE t (a INTEGER PRIMARY KEY);
        CREATE TABLE child (t REFERENCES t (a)); CREATE VIEW v AS SELECT a FROM t;";
    let change = alter(&[TableChange::RenameTable { to: "u".into() }], Recreate::Auto);
    let with_legacy = database(create);
    apply(&with_legacy, &change, false).unwrap();
    let texts = "SELECT group_concat(sql, '; ') FROM sqlite_schema WHERE name IN ('child', 'v')";
    assert_eq!(
        one(&with_legacy, texts),
        "CREATE TABLE child (t REFERENCES \"u\" (a)); CREATE VIEW v AS SELECT a FROM \"u\""
    );
    assert_eq!(
        one(&with_legacy, "SELECT CAST(legacy_alter_table AS TEXT) FROM pragma_legacy_alter_table"),
        "1"
    );
    // Where nothing may be switched, it is refused.
    let with_legacy = database(create);
    let error = apply(&with_legacy, &change, true).unwrap_err();
    assert!(error.message.contains("legacy_alter_table on"), "{}", error.message);
    apply(&with_legacy, &alter(&[rename("a", "b")], Recreate::Auto), true).unwrap();
}

/// Runs a revision that does this.
fn run(database: &Connection, operations: Vec<Operation>) -> Result<(), Diagnostic> {
    upgrade_by(Scripts::of(vec![operations]), "head", false, |request| perform(database, request))
        .map(drop)
}

fn add_column(column: Column) -> Operation {
    Operation::AddColumn(AddColumn::new("t", column))
}

fn column(name: &str) -> Column {
    Column::new(name, Some(DataType::plain("Integer")))
}

fn sql(sql: &str) -> Operation {
    Operation::Execute(Execute::new(sql))
}

#[test]
fn a_new_column_that_breaks_a_trigger_elsewhere_is_refused() {
    let trigger = "CREATE TRIGGER tr AFTER INSERT ON u BEGIN INSERT INTO t VALUES (new.a); END";
    let tables = "CREATE TABLE t (a); CREATE TABLE u (a);";
    let filled = database(&format!("{tables} {trigger}"));
    let error = run(&filled, vec![add_column(column("b"))]).unwrap_err();
    assert!(error.message.contains("has 2 columns but 1 values"), "{}", error.message);
    // Also where the trigger is made by the same list, or by a revision of the same plan.
    for revisions in [
        vec![vec![sql(trigger), add_column(column("b"))]],
        vec![vec![sql(trigger)], vec![add_column(column("b"))]],
    ] {
        let empty = database(tables);
        let ran =
            upgrade_by(Scripts::of(revisions), "head", false, |request| perform(&empty, request));
        ran.unwrap_err();
        assert_eq!(one(&empty, "SELECT group_concat(name) FROM pragma_table_info('t')"), "a");
    }
}

#[test]
fn a_view_of_the_same_list_has_to_work_at_its_end() {
    let filled = database("CREATE TABLE t (a); CREATE TABLE u (a);");
    let view = "CREATE VIEW v AS SELECT * FROM t UNION SELECT * FROM u";
    run(&filled, vec![sql(view), add_column(column("b"))]).unwrap_err();
    run(&filled, vec![sql("CREATE VIEW v AS SELECT a FROM t"), add_column(column("b"))]).unwrap();
    assert_eq!(one(&filled, "SELECT group_concat(name) FROM pragma_table_info('v')"), "a");
}

#[test]
fn a_column_that_add_column_does_not_take_is_added_all_the_same() {
    let empty = database("CREATE TABLE t (a TEXT COLLATE NOCASE) -- of old\n");
    let needed = Column { nullable: false, ..column("b") };
    run(&empty, vec![add_column(needed.clone())]).unwrap();
    assert_eq!(
        one(&empty, "SELECT sql FROM sqlite_schema WHERE name = 't'"),
        "CREATE TABLE t (a TEXT COLLATE NOCASE, b INTEGER NOT NULL)"
    );
    // Where there are rows, they have nothing to put there.
    let filled = database("CREATE TABLE t (a); INSERT INTO t VALUES (1)");
    let error = run(&filled, vec![add_column(needed)]).unwrap_err();
    assert!(error.message.contains("NOT NULL constraint failed: t.b"), "{}", error.message);
}
