//! Changes of a table: the text before, the change, the text after, on real SQLite.
#![allow(clippy::unwrap_used, clippy::panic)]

use ambix_core::diagnostic::Diagnostic;
use ambix_core::engine::{self, Answer, Event, Exchange, Host, Next, Port, Request, Settings};
use ambix_core::operation::{
    AlterTable, ColumnPlace, ConstraintAddress, Dependents, Recreate, TableChange,
};
use ambix_tests::perform;
use rusqlite::Connection;

struct Desk(Host<Request, Answer>);

impl Port for Desk {
    async fn database(&self, request: Request) -> Answer {
        self.0.ask(request).await
    }
    async fn tell(&self, _event: Event) {}
    async fn now(&self) -> String {
        String::new()
    }
}

fn apply(database: &Connection, change: &AlterTable, guarded: bool) -> Result<(), Diagnostic> {
    let settings = Settings { guarded, ..Settings::default() };
    let change = change.clone();
    let mut exchange =
        Exchange::new(async move |host| engine::alter(&Desk(host), &change, &settings).await);
    let mut answer = None;
    loop {
        match exchange.next(answer.take()) {
            Some(Next::Request(request)) => answer = Some(perform(database, &request)),
            Some(Next::Done(done)) => return done,
            None => panic!("the exchange ended without an outcome"),
        }
    }
}

fn database(sql: &str) -> Connection {
    let database = Connection::open_in_memory().unwrap();
    database.execute_batch(sql).unwrap();
    database
}

fn alter(changes: &[TableChange], recreate: Recreate) -> AlterTable {
    AlterTable { table: "t".into(), changes: changes.to_vec(), recreate, was: None }
}

fn text(database: &Connection, name: &str) -> String {
    let sql = "SELECT sql FROM sqlite_schema WHERE name = ?";
    database.query_row(sql, [name], |row| row.get(0)).unwrap()
}

/// The text of the table after the change, made anew and guarded alike.
fn changed(create: &str, changes: &[TableChange]) -> String {
    let mut texts = Vec::new();
    for guarded in [false, true] {
        let database = database(create);
        apply(&database, &alter(changes, Recreate::Always), guarded).unwrap();
        texts.push(text(&database, "t"));
    }
    assert_eq!(texts[0], texts[1]);
    texts.remove(0)
}

fn add(definition: &str, place: Option<ColumnPlace>) -> TableChange {
    TableChange::AddColumn { definition: definition.into(), place }
}

fn drop_column(name: &str) -> TableChange {
    TableChange::DropColumn { name: name.into(), dependents: Dependents::Refuse }
}

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
            TableChange::SetType { column: column(), data_type: "DECIMAL(10, 2)".into() },
            "a DECIMAL(10, 2) DEFAULT 1 NOT NULL COLLATE nocase",
        ),
        (
            TableChange::SetType { column: column(), data_type: String::new() },
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
fn rows_keep_their_rowids_and_the_sequence_its_number() {
    for guarded in [false, true] {
        let database = database(
            "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, a);
             INSERT INTO t VALUES (5, 'x'), (99, 'y'); DELETE FROM t WHERE id = 99;
             CREATE TABLE u (a TEXT, rowid); INSERT INTO u (oid, a, rowid) VALUES (7, 'p', 'q'), (3, NULL, x'00');",
        );
        let set =
            |column: &str| TableChange::SetType { column: column.into(), data_type: "BLOB".into() };
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

fn one(database: &Connection, sql: &str) -> String {
    database.query_row(sql, [], |row| row.get::<_, Option<String>>(0)).unwrap().unwrap_or_default()
}

/// What the tables hold, and what SQLite says of their foreign keys.
fn rows_of(database: &Connection, tables: &[&str]) -> String {
    let mut all = String::new();
    for table in tables {
        let mut statement = database.prepare(&format!("SELECT * FROM {table}")).unwrap();
        let width = statement.column_count();
        let mut rows = statement.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            let values: Vec<String> =
                (0..width).map(|at| format!("{:?}", row.get_ref(at).unwrap())).collect();
            all.push_str(&format!("{table}: {}\n", values.join(", ")));
        }
    }
    let violations = one(database, "SELECT CAST(count(*) AS TEXT) FROM pragma_foreign_key_check");
    format!("{all}{violations} dangling")
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

fn rename(from: &str, to: &str) -> TableChange {
    TableChange::RenameColumn { from: from.into(), to: to.into() }
}

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
        ("CREATE TABLE t (a, b)", check(), true),
        ("CREATE TABLE t (a, b, CONSTRAINT ck CHECK (a > 0))", drop_check(), true),
        ("CREATE TABLE t (a, b)", default(), false),
    ] {
        // A table behind it, so that a new one is elsewhere.
        let database =
            database(&format!("{create}; INSERT INTO t VALUES (1, 1); CREATE TABLE behind (x)"));
        let before = root(&database);
        apply(&database, &alter(&[change.clone()], Recreate::Auto), false).unwrap();
        assert_eq!(root(&database) == before, is_native, "{create} {change:?}");
    }
}
