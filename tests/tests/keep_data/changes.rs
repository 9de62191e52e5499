//! Runs a change of a table up and down in the engine, in one of the two ways in which tables are made anew.

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
        let left = "SELECT name FROM sqlite_schema WHERE name LIKE '\\_ambix\\_kept%' ESCAPE '\\'";
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
    let rows = "INSERT INTO t VALUES ('x', 'p', 1), ('gone', 'q', 2), ('y', 'r', 3), ('z', 's', 4);
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
            for (kept, [before, after]) in kept_and_back(&first, &up, &[redefine(&table)], select) {
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
        vec![TableChange::RenameColumn { from: "a".into(), to: "aa".into() }, drop_column("aa")],
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

#[test]
fn values_that_change_with_the_definition() {
    let first = "CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT);
                 INSERT INTO t (v) VALUES ('007'), ('x'), (NULL), ('1.50'), ('11')";
    let redefined =
        |sql: &str| [redefine(&format!("CREATE TABLE t (id INTEGER PRIMARY KEY, {sql})"))];
    let rename = TableChange::RenameColumn { from: "v".into(), to: "w".into() };
    let back = TableChange::RenameColumn { from: "w".into(), to: "v".into() };
    let set = |column: &str, data_type: &str, cast| TableChange::SetType {
        column: column.into(),
        data_type: data_type.into(),
        cast,
    };
    let ways = [
        (redefined("v INTEGER").to_vec(), redefined("v TEXT").to_vec()),
        (vec![set("v", "INTEGER", true)], vec![set("v", "TEXT", true)]),
        (
            vec![rename.clone(), set("w", "NUMERIC", false)],
            vec![set("w", "VARCHAR(10)", false), back.clone()],
        ),
        (vec![set("v", "REAL", false), rename], vec![back, set("v", "TEXT", true)]),
    ];
    for (up, down) in ways {
        let select = "SELECT id, v FROM t ORDER BY id";
        for (kept, [before, after]) in kept_and_back(first, &up, &down, select) {
            assert_eq!(kept, 1);
            assert_eq!(after, before, "{up:?}");
        }
    }
}
