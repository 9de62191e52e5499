//! What becomes of the text.

use super::{add, alter, changed, database, drop_column, one, rename, text};
use ambix_core::operation::{ColumnPlace, ConstraintAddress, Recreate, TableChange};
use ambix_tests::alter::apply;
use rusqlite::Connection;

#[test]
fn a_column_is_added_in_the_layout_of_the_others() {
    let create =
        "CREATE TABLE t (\n  id INTEGER PRIMARY KEY, -- the key\n  a TEXT,\n  CHECK (a <> '')\n)";
    assert_eq!(
        changed(create, &[add("b INT DEFAULT 3", None)]),
        "CREATE TABLE t (\n  id INTEGER PRIMARY KEY, -- the key\n  a TEXT, b INT DEFAULT 3,\n  CHECK (a <> '')\n)"
    );
    assert_eq!(
        changed(create, &[add("b INT", Some(ColumnPlace::Before("a".into())))]),
        "CREATE TABLE t (\n  id INTEGER PRIMARY KEY, -- the key\n  b INT, a TEXT,\n  CHECK (a <> '')\n)"
    );
    assert_eq!(
        changed("CREATE TABLE t (a,\n  b)", &[add("c", None)]),
        "CREATE TABLE t (a,\n  b,\n  c)"
    );
    assert_eq!(
        changed("CREATE TABLE t (a -- last\n)", &[add("b", None)]),
        "CREATE TABLE t (a -- last\n, b\n)"
    );
}

#[test]
fn many_columns_are_added_as_if_one_after_another() {
    for create in [
        "CREATE TABLE t (a)",
        "CREATE TABLE t (a, b /* last */)",
        "CREATE TABLE t (\n  a TEXT,\n  b TEXT -- last\n  , CHECK (a <> b)\n) STRICT",
        "CREATE TABLE t (\n  a,\n  UNIQUE (a))",
    ] {
        for recreate in [Recreate::Auto, Recreate::Always] {
            let columns =
                [add("c TEXT", None), add("d INT DEFAULT 3 -- d", None), add("e ANY", None)];
            let (together, apart) = (database(create), database(create));
            apply(&together, &alter(&columns, recreate), false).unwrap();
            for column in columns {
                apply(&apart, &alter(&[column], recreate), false).unwrap();
            }
            assert_eq!(text(&together, "t"), text(&apart, "t"), "{create}");
        }
    }
}

#[test]
fn a_dropped_column_leaves_the_comments_of_others() {
    assert_eq!(
        changed("CREATE TABLE t (a, b /* of b */ INT /* about c */, c)", &[drop_column("b")]),
        "CREATE TABLE t (a,  /* about c */ c)"
    );
    assert_eq!(changed("CREATE TABLE t (a, b, c)", &[drop_column("c")]), "CREATE TABLE t (a, b)");
    assert_eq!(
        changed("CREATE TABLE t (a, b, UNIQUE (b), UNIQUE (a))", &[drop_column("b")]),
        "CREATE TABLE t (a, UNIQUE (a))"
    );
}

#[test]
fn clauses_of_a_column() {
    let create = "CREATE TABLE t (a INT DEFAULT 1 NOT NULL COLLATE nocase, b)";
    let column = || "a".to_string();
    for (change, expected) in [
        (
            TableChange::SetType {
                column: column(),
                data_type: "DECIMAL(10, 2)".into(),
                cast: false,
            },
            "a DECIMAL(10, 2) DEFAULT 1 NOT NULL COLLATE nocase",
        ),
        (
            TableChange::SetType { column: column(), data_type: String::new(), cast: false },
            "a DEFAULT 1 NOT NULL COLLATE nocase",
        ),
        (
            TableChange::SetNullable { column: column(), nullable: true },
            "a INT DEFAULT 1 COLLATE nocase",
        ),
        (
            TableChange::SetDefault { column: column(), default: None },
            "a INT NOT NULL COLLATE nocase",
        ),
        (
            TableChange::SetDefault { column: column(), default: Some("1 + 1".into()) },
            "a INT DEFAULT (1 + 1) NOT NULL COLLATE nocase",
        ),
        (
            TableChange::SetCollation { column: column(), collation: Some("RTRIM".into()) },
            "a INT DEFAULT 1 NOT NULL COLLATE \"RTRIM\"",
        ),
        (
            TableChange::SetCollation { column: column(), collation: None },
            "a INT DEFAULT 1 NOT NULL",
        ),
    ] {
        assert_eq!(changed(create, &[change]), format!("CREATE TABLE t ({expected}, b)"));
    }
    let plain = "CREATE TABLE t (a INT, b)";
    for (change, expected) in [
        (TableChange::SetNullable { column: column(), nullable: false }, "a INT NOT NULL"),
        (
            TableChange::SetDefault { column: column(), default: Some("-1".into()) },
            "a INT DEFAULT -1",
        ),
        (
            TableChange::SetGenerated {
                column: column(),
                generated: Some("AS (b + 1) STORED".into()),
            },
            "a INT AS (b + 1) STORED",
        ),
    ] {
        assert_eq!(changed(plain, &[change]), format!("CREATE TABLE t ({expected}, b)"));
    }
}

#[test]
fn constraints_come_and_go_by_name_and_by_definition() {
    let create =
        "CREATE TABLE t (a PRIMARY KEY, b UNIQUE, CONSTRAINT ck CHECK (a > 0) UNIQUE (a, b))";
    let named = |name: &str| TableChange::DropConstraint(ConstraintAddress::Named(name.into()));
    let defined = |sql: &str| TableChange::DropConstraint(ConstraintAddress::Defined(sql.into()));
    assert_eq!(
        changed(create, &[named("ck")]),
        "CREATE TABLE t (a PRIMARY KEY, b UNIQUE, UNIQUE (a, b))"
    );
    assert_eq!(
        changed(create, &[defined("UNIQUE(b)")]),
        "CREATE TABLE t (a PRIMARY KEY, b, CONSTRAINT ck CHECK (a > 0) UNIQUE (a, b))"
    );
    assert_eq!(
        changed(
            "CREATE TABLE t (a PRIMARY KEY, b)",
            &[TableChange::AddConstraint { definition: "PRIMARY KEY (b, a)".into() }]
        ),
        "CREATE TABLE t (a, b, PRIMARY KEY (b, a))"
    );
}

#[test]
fn of_constraints_that_say_the_same_the_one_in_the_same_words_goes() {
    let defined = |sql: &str| TableChange::DropConstraint(ConstraintAddress::Defined(sql.into()));
    assert_eq!(
        changed(
            "CREATE TABLE t (a, CONSTRAINT named CHECK (a > 'X'), check (\"a\" > 'X'), CHECK (a > 'x'))",
            &[defined("CHECK (a > 'X')")]
        ),
        "CREATE TABLE t (a, CONSTRAINT named CHECK (a > 'X'), CHECK (a > 'x'))"
    );
    // Names in quotes are the same names.
    assert_eq!(
        changed("CREATE TABLE t (a, CHECK (\"a\" > 0))", &[defined("CHECK (a > 0)")]),
        "CREATE TABLE t (a)"
    );
}

#[test]
fn not_null_and_not_deferrable_are_told_apart() {
    // SQLite's own SET NOT NULL and DROP NOT NULL take NOT DEFERRABLE away (seen in 3.54.1).
    for (create, nullable, after) in [
        (
            "CREATE TABLE t (a REFERENCES t NOT DEFERRABLE INITIALLY DEFERRED)",
            false,
            "CREATE TABLE t (a REFERENCES t NOT DEFERRABLE INITIALLY DEFERRED NOT NULL)",
        ),
        (
            "CREATE TABLE t (a REFERENCES t NOT DEFERRABLE NOT NULL)",
            true,
            "CREATE TABLE t (a REFERENCES t NOT DEFERRABLE)",
        ),
    ] {
        let database = database(create);
        let change = TableChange::SetNullable { column: "a".into(), nullable };
        apply(&database, &alter(&[change], Recreate::Auto), false).unwrap();
        assert_eq!(text(&database, "t"), after);
    }
}

#[test]
fn options_of_the_table() {
    let options = |strict, without_rowid, autoincrement| TableChange::SetOptions {
        strict,
        without_rowid,
        autoincrement,
    };
    let create = "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT)";
    assert_eq!(changed(create, &[options(Some(true), None, None)]), format!("{create} STRICT"));
    assert_eq!(
        changed(create, &[options(Some(true), Some(true), None)]),
        format!("{create} STRICT, WITHOUT ROWID")
    );
    assert_eq!(
        changed(create, &[options(None, None, Some(true))]),
        "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, a TEXT)"
    );
}

#[test]
fn sqlites_own_statement_is_taken_where_it_loses_nothing() {
    // Nothing is copied: the pages of the table stay where they are.
    let root = |database: &Connection| {
        one(database, "SELECT CAST(rootpage AS TEXT) FROM sqlite_schema WHERE name = 't'")
    };
    let column = || "a".to_string();
    let set_null = |nullable| TableChange::SetNullable { column: column(), nullable };
    let check = || TableChange::AddConstraint { definition: "CONSTRAINT ck CHECK (a > 0)".into() };
    let drop_check = || TableChange::DropConstraint(ConstraintAddress::Named("ck".into()));
    let default = || TableChange::SetDefault { column: column(), default: Some("1".into()) };
    for (create, change, is_native) in [
        ("CREATE TABLE t (a, b)", add("c", None), true),
        ("CREATE TABLE t (a, b)", add("c UNIQUE", None), false),
        ("CREATE TABLE t (a, b)", add("c DEFAULT CURRENT_TIMESTAMP", None), false),
        ("CREATE TABLE t (a, b)", drop_column("b"), true),
        ("CREATE TABLE t (a, b UNIQUE)", drop_column("b"), false),
        ("CREATE TABLE t (a, -- a\n b)", drop_column("b"), false),
        ("CREATE TABLE t (a, b)", rename("a", "c"), true),
        ("CREATE TABLE t (a, b)", set_null(false), true),
        ("CREATE TABLE t (a NOT NULL, b)", set_null(true), true),
        ("CREATE TABLE t (a NOT NULL /* ! */, b)", set_null(true), false),
        ("CREATE TABLE t (a REFERENCES t NOT DEFERRABLE, b PRIMARY KEY)", set_null(false), false),
        ("CREATE TABLE t (a, b)", add("c TEXT DEFAULT 7", None), true),
        ("CREATE TABLE t (a, b)", add("c TEXT DEFAULT -1.5e2", None), false),
        ("CREATE TABLE t (a, b)", add("c REAL DEFAULT -1.5e2", None), true),
        ("CREATE TABLE t (a, b)", check(), true),
        ("CREATE TABLE t (a, b, CONSTRAINT ck CHECK (a > 0))", drop_check(), true),
        ("CREATE TABLE t (a, b)", default(), false),
    ] {
        // A table behind it, so that a new one is elsewhere.
        let database =
            database(&format!("{create}; INSERT INTO t VALUES (1, 1); CREATE TABLE behind (x)"));
        let before = root(&database);
        apply(&database, &alter(std::slice::from_ref(&change), Recreate::Auto), false).unwrap();
        assert_eq!(root(&database) == before, is_native, "{create} {change:?}");
    }
}
