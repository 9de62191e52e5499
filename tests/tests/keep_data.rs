//! Content that is kept when a revision drops it, and comes back with the downgrade.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use ambix_tests::{Typist, rows};
use rusqlite::Connection;

/// Somebody with a revision that makes things, and one that drops some and keeps their content.
fn typist(first: &str, upgrade: &str, downgrade: &str) -> Typist {
    let mut typist = Typist::new("");
    let made = format!("-- revision: aaaa\n\n-- upgrade\n\n{first}\n\n-- downgrade\n");
    let drops = format!(
        "-- revision: bbbb\n-- revises: aaaa\n-- keep-data: true\n\n-- upgrade\n\n{upgrade}\n\n\
         -- downgrade\n\n{downgrade}\n"
    );
    typist.files.insert("versions/aaaa.sql".into(), made);
    typist.files.insert("versions/bbbb.sql".into(), drops);
    typist.types_well("alembic upgrade aaaa");
    typist
}

fn run(typist: &Typist, sql: &str) {
    typist.database.execute_batch(sql).unwrap();
}

/// Rows with the type of each value, as text.
fn content(database: &Connection, select: &str) -> Vec<String> {
    let rows = rows(database, select).unwrap_or_else(|error| panic!("{select}: {error}"));
    rows.rows.iter().map(|row| format!("{row:?}")).collect()
}

fn kept(typist: &Typist) -> usize {
    let select = "SELECT name FROM sqlite_schema WHERE name LIKE '\\_ambix\\_kept%' ESCAPE '\\'";
    content(&typist.database, select).len()
}

const ITEMS: &str = "CREATE TABLE items (id INTEGER PRIMARY KEY, value);";
const VALUES: &str = "INSERT INTO items VALUES (1, 'text'), (2, x'00FF'), (3, 1.5), (4, NULL), \
    (5, -0.0), (6, 9007199254740993), (-7, '007'), (9223372036854775807, 1e300)";

#[test]
fn the_values_of_a_column_come_back_byte_for_byte() {
    let mut typist = typist(
        ITEMS,
        "ALTER TABLE items DROP COLUMN value;",
        "ALTER TABLE items ADD COLUMN value;",
    );
    run(&typist, VALUES);
    let select = "SELECT id, value, typeof(value), quote(value) FROM items ORDER BY id";
    let before = content(&typist.database, select);
    let upgraded = typist.types_well("alembic upgrade head");
    assert_eq!(
        upgraded.notes,
        ["upgrade aaaa -> bbbb keeps for the downgrade: column items.value (7 values)"]
    );
    assert_eq!(content(&typist.database, "SELECT * FROM items WHERE id = 1"), ["[Integer(1)]"]);
    assert_eq!(kept(&typist), 1);
    typist.types_well("alembic downgrade -1");
    assert_eq!(content(&typist.database, select), before);
    assert_eq!(kept(&typist), 0);
    // And again.
    run(&typist, "UPDATE items SET value = 'other' WHERE id = 1");
    let before = content(&typist.database, select);
    typist.types_well("alembic upgrade head");
    typist.types_well("alembic downgrade -1");
    assert_eq!(content(&typist.database, select), before);
}

#[test]
fn rows_that_came_since_have_nothing_and_rows_that_went_stay_away() {
    let mut typist = typist(
        ITEMS,
        "ALTER TABLE items DROP COLUMN value;",
        "ALTER TABLE items ADD COLUMN value DEFAULT 'new';",
    );
    run(&typist, "INSERT INTO items VALUES (1, 'a'), (2, NULL), (3, 'c')");
    typist.types_well("alembic upgrade head");
    run(&typist, "DELETE FROM items WHERE id = 3; INSERT INTO items (id) VALUES (4)");
    typist.types_well("alembic downgrade -1");
    let rows = content(&typist.database, "SELECT id, value FROM items ORDER BY id");
    assert_eq!(
        rows,
        [r#"[Integer(1), Text("a")]"#, "[Integer(2), Null]", r#"[Integer(4), Text("new")]"#,]
    );
}

#[test]
fn rows_are_found_by_their_keys_where_there_is_no_rowid() {
    let mut typist = typist(
        "CREATE TABLE t (a TEXT COLLATE NOCASE, b INTEGER, v, PRIMARY KEY (a, b)) WITHOUT ROWID;",
        "ALTER TABLE t DROP COLUMN v;",
        "ALTER TABLE t ADD COLUMN v;",
    );
    run(&typist, "INSERT INTO t VALUES ('x', 1, 'one'), ('X', 2, x'02'), ('y', 1, 3)");
    let before = content(&typist.database, "SELECT * FROM t ORDER BY a, b");
    typist.types_well("alembic upgrade head");
    typist.types_well("alembic downgrade -1");
    assert_eq!(content(&typist.database, "SELECT * FROM t ORDER BY a, b"), before);
}

#[test]
fn vacuum_in_between_does_not_mix_rows_up() {
    let mut typist = typist(
        "CREATE TABLE t (name TEXT PRIMARY KEY, v);",
        "ALTER TABLE t DROP COLUMN v;",
        "ALTER TABLE t ADD COLUMN v;",
    );
    run(
        &typist,
        "INSERT INTO t VALUES ('a', 1), ('b', 2), ('c', 3); DELETE FROM t WHERE name = 'a'",
    );
    typist.types_well("alembic upgrade head");
    run(&typist, "VACUUM");
    typist.types_well("alembic downgrade -1");
    let rows = content(&typist.database, "SELECT name, v FROM t ORDER BY name");
    assert_eq!(rows, [r#"[Text("b"), Integer(2)]"#, r#"[Text("c"), Integer(3)]"#]);
}

#[test]
fn a_table_comes_back_with_its_rows_rowids_and_number() {
    let mut typist = typist(
        "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, v, w AS (v || '!'));\n\
         CREATE TABLE plain (x);",
        "DROP TABLE t;\nDROP TABLE plain;",
        "CREATE TABLE plain (x);\n\
         CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, v, w AS (v || '!'));",
    );
    run(
        &typist,
        "INSERT INTO t (v) VALUES ('a'), (x'01'), (3.0), ('gone'); DELETE FROM t WHERE v = 'gone';
         INSERT INTO plain VALUES (1), (2); DELETE FROM plain WHERE x = 1",
    );
    let all = |typist: &Typist| {
        let database = &typist.database;
        [
            content(database, "SELECT id, v, typeof(v), w FROM t ORDER BY id"),
            content(database, "SELECT rowid, x FROM plain"),
            content(database, "SELECT * FROM sqlite_sequence"),
        ]
    };
    let before = all(&typist);
    typist.types_well("alembic upgrade head");
    assert_eq!(kept(&typist), 3);
    typist.types_well("alembic downgrade -1");
    assert_eq!(all(&typist), before);
    assert_eq!(kept(&typist), 0);
}

#[test]
fn triggers_do_not_see_the_content_come_back() {
    let mut typist = typist(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, v, n DEFAULT 0);\n\
         CREATE TRIGGER count AFTER UPDATE ON t BEGIN UPDATE t SET n = n + 1 WHERE id = new.id; END;",
        "ALTER TABLE t DROP COLUMN v;",
        "ALTER TABLE t ADD COLUMN v;",
    );
    run(&typist, "INSERT INTO t (id, v) VALUES (1, 'a')");
    typist.types_well("alembic upgrade head");
    typist.types_well("alembic downgrade -1");
    assert_eq!(
        content(&typist.database, "SELECT id, v, n FROM t"),
        [r#"[Integer(1), Text("a"), Integer(0)]"#]
    );
    run(&typist, "UPDATE t SET v = 'b'");
    assert_eq!(content(&typist.database, "SELECT n FROM t"), ["[Integer(1)]"]);
}

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

/// Revisions as Python scripts, with the project's setting.
fn python(downgrade: &str) -> Typist {
    let mut typist = Typist::new("");
    typist.keep_data = true;
    let head = "from alembic import op\nimport sqlalchemy as sa\n";
    let made = format!(
        "{head}revision = 'aaaa'\ndown_revision = None\ndef upgrade():\n    op.execute(\"CREATE TABLE t \
         (id INTEGER PRIMARY KEY, v TEXT NOT NULL)\")\ndef downgrade():\n    pass\n"
    );
    let drops = format!(
        "{head}revision = 'bbbb'\ndown_revision = 'aaaa'\ndef upgrade():\n    op.drop_column('t', 'v')\n\
         def downgrade():\n    {downgrade}\n"
    );
    typist.files.insert("versions/aaaa.py".into(), made);
    typist.files.insert("versions/bbbb.py".into(), drops);
    typist.types_well("alembic upgrade aaaa");
    run(&typist, "INSERT INTO t VALUES (1, 'a'), (2, 'b')");
    typist
}

#[test]
fn a_column_that_may_not_be_null_is_made_with_its_values() {
    let mut typist = python("op.add_column('t', sa.Column('v', sa.Text(), nullable=False))");
    typist.types_well("alembic upgrade head");
    typist.types_well("alembic downgrade -1");
    let rows = content(&typist.database, "SELECT * FROM t");
    assert_eq!(rows, [r#"[Integer(1), Text("a")]"#, r#"[Integer(2), Text("b")]"#]);
    let sql = content(&typist.database, "SELECT sql FROM sqlite_schema WHERE name = 't'");
    assert!(sql[0].contains("NOT NULL"), "{sql:?}");
}

#[test]
fn a_row_without_a_value_for_such_a_column_stops_the_downgrade() {
    let mut typist = python("op.add_column('t', sa.Column('v', sa.Text(), nullable=False))");
    typist.types_well("alembic upgrade head");
    run(&typist, "INSERT INTO t VALUES (3)");
    let before = typist.whole_database();
    let refused = typist.types("alembic downgrade -1");
    assert!(refused.error().message.contains("NOT NULL constraint failed: t.v"));
    assert_eq!(typist.whole_database(), before);
}

#[test]
fn a_revision_may_say_no() {
    let mut typist = python("op.add_column('t', sa.Column('v', sa.Text()))");
    let script = typist.files.get_mut("versions/bbbb.py").unwrap();
    *script = script.replace("down_revision", "keep_data = False\ndown_revision");
    let plan = typist.types_well("alembic plan head").lines;
    assert!(plan.contains(&"-- destroys data: column t.v (2 values)".into()), "{plan:?}");
    typist.types_well("alembic upgrade head");
    assert_eq!(kept(&typist), 0);
}

#[test]
fn the_plan_shows_what_is_kept_and_comparisons_do_not_see_it() {
    let mut typist = python("op.add_column('t', sa.Column('v', sa.Text()))");
    let plan = typist.types_well("alembic plan head").lines;
    assert!(plan.contains(&"-- keeps for the downgrade: column t.v (2 values)".into()), "{plan:?}");
    assert!(plan.iter().any(|line| line.starts_with("CREATE TABLE _ambix_kept_")));
    typist.types_well("alembic upgrade head");
    run(&typist, "DROP TABLE t");
    assert_eq!(typist.types_well("alembic check").lines, ["No new upgrade operations detected."]);
}

#[test]
fn kept_content_can_be_dropped_for_good() {
    let mut typist = python("op.add_column('t', sa.Column('v', sa.Text()))");
    typist.types_well("alembic upgrade head");
    let select = "SELECT name FROM sqlite_schema WHERE name LIKE '%kept%'";
    let name = rows(&typist.database, select).unwrap().rows[0][0].as_text().unwrap().to_string();
    run(&typist, &format!("DROP TABLE {name}"));
    typist.types_well("alembic downgrade -1");
    assert_eq!(
        content(&typist.database, "SELECT * FROM t"),
        ["[Integer(1), Null]", "[Integer(2), Null]"]
    );
}

#[test]
fn a_script_without_a_database_does_the_same() {
    let mut typist = python("op.add_column('t', sa.Column('v', sa.Text()))");
    let up = typist.types_well("alembic upgrade aaaa:bbbb --sql").lines.join("\n");
    let down = typist.types_well("alembic downgrade bbbb:aaaa --sql").lines.join("\n");
    let before = content(&typist.database, "SELECT * FROM t");
    run(&typist, &up);
    assert_eq!(kept(&typist), 1, "{up}");
    run(&typist, &down);
    assert_eq!(kept(&typist), 0, "{down}");
    assert_eq!(content(&typist.database, "SELECT * FROM t"), before);
}

#[test]
fn the_downgrade_in_the_journal_brings_it_back() {
    let mut typist = python("op.add_column('t', sa.Column('v', sa.Text()))");
    let before = content(&typist.database, "SELECT * FROM t");
    typist.types_well("alembic upgrade head");
    let select = "SELECT downgrade FROM _ambix_journal WHERE revision = 'bbbb'";
    let stored = rows(&typist.database, select).unwrap().rows[0][0].as_text().unwrap().to_string();
    let statements: Vec<String> = serde_json::from_str(&stored).unwrap();
    for statement in statements {
        run(&typist, &statement);
    }
    assert_eq!(content(&typist.database, "SELECT * FROM t"), before);
}

/// Runs a change of a table up and down in the engine, in one of the two ways in which tables are made anew.
mod changes {
    use super::content;
    use ambix_core::diagnostic::Diagnostic;
    use ambix_core::engine::{
        self, Answer, Body, Event, Exchange, Host, Next, Port, Request, ScriptDirectory, Settings,
    };
    use ambix_core::operation::{AlterTable, Dependents, Directive, Operation, TableChange};
    use ambix_core::revision::{Graph, Revision, RevisionId};
    use ambix_tests::perform;
    use rusqlite::Connection;
    use std::rc::Rc;

    struct Desk(Host<Request, Answer>);

    impl Port for Desk {
        async fn database(&self, request: Request) -> Answer {
            self.0.ask(request).await
        }
        async fn tell(&self, _: Event) {}
        async fn now(&self) -> String {
            String::new()
        }
    }

    /// One revision: these changes, and those that take them back.
    struct One(Graph, Vec<TableChange>, Vec<TableChange>);

    impl ScriptDirectory for One {
        fn graph(&self) -> &Graph {
            &self.0
        }
        fn body(&self, _: &RevisionId) -> Rc<Body> {
            let directives = |changes: &Vec<TableChange>| {
                let (table, changes) = ("t".into(), changes.clone());
                let alter = AlterTable { table, changes, ..AlterTable::default() };
                Ok(vec![Directive { operation: Operation::AlterTable(alter), place: None }])
            };
            Rc::new(Body { upgrade: directives(&self.1), downgrade: directives(&self.2) })
        }
    }

    fn go(
        database: &Connection,
        target: &'static str,
        guarded: bool,
        changes: [Vec<TableChange>; 2],
    ) -> Result<(), Diagnostic> {
        let [up, down] = changes;
        let revision = Revision { id: RevisionId::stored("aaaa"), ..Revision::default() };
        let scripts = One(Graph::build(vec![revision]).0, up, down);
        let settings = Settings { journal: true, guarded, keep_data: true, ..Settings::default() };
        let mut exchange = Exchange::new(async move |host| match target {
            "head" => engine::upgrade(&Desk(host), &scripts, target, &settings).await,
            _ => engine::downgrade(&Desk(host), &scripts, target, &settings).await,
        });
        let mut answer = None;
        loop {
            match exchange.next(answer).unwrap() {
                Next::Done(result) => return result.map(|_| ()),
                Next::Request(request) => answer = Some(perform(database, &request)),
            }
        }
    }

    const TABLE: &str = "CREATE TABLE t (\n\tid INTEGER PRIMARY KEY, -- the key\n\ta TEXT NOT NULL,\n\tb \
                         INTEGER UNIQUE,\n\tc REFERENCES p\n)";

    /// What is kept, and the rows after up and down again, in each of the two ways.
    fn kept_and_back(
        first: &str,
        up: &[TableChange],
        down: &[TableChange],
        select: &str,
    ) -> [(usize, [Vec<String>; 2]); 2] {
        [false, true].map(|guarded| {
            let database = Connection::open_in_memory().unwrap();
            database.execute_batch(first).unwrap();
            let before = content(&database, select);
            let changes = || [up.to_vec(), down.to_vec()];
            go(&database, "head", guarded, changes()).unwrap();
            let left =
                "SELECT name FROM sqlite_schema WHERE name LIKE '\\_ambix\\_kept%' ESCAPE '\\'";
            let kept = content(&database, left).len();
            go(&database, "base", guarded, changes()).unwrap();
            (kept, [before, content(&database, select)])
        })
    }

    fn redefine(sql: &str) -> TableChange {
        TableChange::Redefine { sql: sql.into() }
    }

    #[test]
    fn a_column_that_was_the_key_or_part_of_it() {
        let rows =
            "INSERT INTO t VALUES ('x', 'p', 1), ('gone', 'q', 2), ('y', 'r', 3), ('z', 's', 4);
                    DELETE FROM t WHERE k = 'gone'";
        for key in [
            "k TEXT PRIMARY KEY, l, v",
            "k TEXT PRIMARY KEY NOT NULL, l, v",
            "k TEXT NOT NULL, l, v, PRIMARY KEY (k, l)",
        ] {
            let table = format!("CREATE TABLE t ({key})");
            let first = format!("{table}; {rows}");
            let select = "SELECT k, l, v FROM t ORDER BY v";
            // The column alone, and with another one, in either order.
            for names in [&["k"][..], &["k", "v"], &["v", "k"]] {
                let up: Vec<TableChange> = names
                    .iter()
                    .map(|name| TableChange::DropColumn {
                        name: (*name).into(),
                        dependents: Dependents::Drop,
                    })
                    .collect();
                for (kept, [before, after]) in
                    kept_and_back(&first, &up, &[redefine(&table)], select)
                {
                    assert_eq!(kept, names.len());
                    assert_eq!(after, before, "{key}, {names:?}");
                }
            }
        }
        let add = TableChange::AddColumn { definition: "k TEXT PRIMARY KEY".into(), place: None };
        let first = format!("CREATE TABLE t (k TEXT PRIMARY KEY, l, v); {rows}");
        let select = "SELECT k, l, v FROM t ORDER BY v";
        for (_, [before, after]) in kept_and_back(&first, &[drop_column("k")], &[add], select) {
            assert_eq!(after, before);
        }
    }

    #[test]
    fn a_column_that_was_the_rowid() {
        let table = "CREATE TABLE t (id INTEGER PRIMARY KEY, v)";
        let first = format!("{table}; INSERT INTO t VALUES (5, 'a'), (9, 'b'), (-1, 'c')");
        let up = TableChange::DropColumn { name: "id".into(), dependents: Dependents::Drop };
        let select = "SELECT id, v FROM t ORDER BY v";
        for (kept, [before, after]) in kept_and_back(&first, &[up], &[redefine(table)], select) {
            assert_eq!(kept, 1);
            assert_eq!(after, before);
        }
    }

    #[test]
    fn part_of_the_key_of_a_table_without_rowid() {
        let rows = "INSERT INTO t VALUES ('x', 'p', 1), ('y', 'p', 2)";
        for (rest, is_kept) in [("", 0), (", UNIQUE (v)", 1)] {
            let table = format!(
                "CREATE TABLE t (k TEXT, l, v NOT NULL, PRIMARY KEY (k, l){rest}) WITHOUT ROWID"
            );
            let first = format!("{table}; {rows}");
            let select = "SELECT k, l, v FROM t ORDER BY v";
            let up = redefine("CREATE TABLE t (k TEXT, v NOT NULL, PRIMARY KEY (k)) WITHOUT ROWID");
            let down = match is_kept {
                1 => redefine(&table),
                _ => redefine(
                    "CREATE TABLE t (k TEXT, l DEFAULT 'p', v NOT NULL, PRIMARY KEY (k)) WITHOUT ROWID",
                ),
            };
            for (kept, [before, after]) in kept_and_back(&first, &[up], &[down], select) {
                assert_eq!(kept, is_kept);
                assert_eq!(after, before);
            }
        }
    }

    /// Up, a look, and down again: all is as it was.
    fn there_and_back(up: Vec<TableChange>, down: Vec<TableChange>) {
        for guarded in [false, true] {
            let database = Connection::open_in_memory().unwrap();
            database
                .execute_batch(&format!(
                    "PRAGMA foreign_keys = ON; CREATE TABLE p (id INTEGER PRIMARY KEY); {TABLE};
                     CREATE TABLE child (t REFERENCES t ON DELETE CASCADE);
                     CREATE INDEX i ON t (c);
                     INSERT INTO p VALUES (7); INSERT INTO t VALUES (1, 'x', 10, 7), (5, 'y', NULL, NULL);
                     INSERT INTO child VALUES (1), (5)"
                ))
                .unwrap();
            let schema = "SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE \
                          '%alembic%' AND name NOT LIKE '%ambix%' ORDER BY name";
            let all = || {
                let rows = content(&database, "SELECT id, a, b, c FROM t ORDER BY id");
                (rows, content(&database, "SELECT * FROM child"), content(&database, schema))
            };
            let before = all();
            go(&database, "head", guarded, [up.clone(), down.clone()]).unwrap();
            assert_ne!(content(&database, schema), before.2);
            go(&database, "base", guarded, [up.clone(), down.clone()]).unwrap();
            assert_eq!(all(), before, "guarded: {guarded}");
            let left = "SELECT name FROM sqlite_schema WHERE name LIKE '%kept%'";
            assert!(content(&database, left).is_empty());
        }
    }

    fn drop_column(name: &str) -> TableChange {
        TableChange::DropColumn { name: name.into(), dependents: Dependents::Refuse }
    }

    #[test]
    fn a_definition_that_comes_back_as_a_whole() {
        there_and_back(
            vec![drop_column("a"), drop_column("b")],
            vec![TableChange::Redefine { sql: TABLE.into() }],
        );
    }

    #[test]
    fn a_definition_that_leaves_columns_out() {
        let sql = "CREATE TABLE t (id INTEGER PRIMARY KEY, c REFERENCES p)".into();
        there_and_back(
            vec![TableChange::Redefine { sql }],
            vec![TableChange::Redefine { sql: TABLE.into() }],
        );
    }

    #[test]
    fn a_column_that_was_renamed_before_it_went() {
        there_and_back(
            vec![
                TableChange::RenameColumn { from: "a".into(), to: "aa".into() },
                drop_column("aa"),
            ],
            vec![TableChange::Redefine { sql: TABLE.into() }],
        );
    }

    #[test]
    fn a_column_that_was_computed_meanwhile() {
        there_and_back(
            vec![TableChange::SetGenerated {
                column: "b".into(),
                generated: Some("AS (id * 2) STORED".into()),
            }],
            vec![TableChange::SetGenerated { column: "b".into(), generated: None }],
        );
    }

    #[test]
    fn what_is_not_null_needs_its_values_first() {
        let definition = "a TEXT NOT NULL".into();
        let place = Some(ambix_core::operation::ColumnPlace::After("id".into()));
        let add = TableChange::AddColumn { definition, place };
        for guarded in [false, true] {
            let database = Connection::open_in_memory().unwrap();
            let rows = "INSERT INTO t VALUES (1, 'x', 1, NULL), (2, 'y', 2, NULL)";
            let parent = "CREATE TABLE p (id INTEGER PRIMARY KEY)";
            database.execute_batch(&format!("{parent}; {TABLE}; {rows}")).unwrap();
            let before = content(&database, "SELECT id, a, b FROM t");
            let changes = || [vec![drop_column("a")], vec![add.clone()]];
            go(&database, "head", guarded, changes()).unwrap();
            go(&database, "base", guarded, changes()).unwrap();
            assert_eq!(content(&database, "SELECT id, a, b FROM t"), before);
        }
    }
}
