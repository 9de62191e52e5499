//! The engine on a real SQLite: what it does to the database, and what it leaves alone.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use ambix_core::diagnostic::{Code, Diagnostic};
use ambix_core::engine::{
    self, Answer, Body, Event, Exchange, Host, Next, Port, Request, ScriptDirectory, Settings,
    Value,
};
use ambix_core::operation::{Directive, Execute, Operation};
use ambix_core::revision::{Graph, Plan, Revision, RevisionId, RevisionIds};
use ambix_tests::{perform, rows};
use rusqlite::Connection;
use std::cell::RefCell;
use std::rc::Rc;

/// Revisions in a row: id, what upgrade runs, what downgrade runs.
type History = &'static [(&'static str, &'static str, &'static str)];

const TWO: History = &[
    ("aaaa", "CREATE TABLE a (x INTEGER)", "DROP TABLE a"),
    ("bbbb", "CREATE TABLE b (y INTEGER); INSERT INTO b VALUES (1)", "DROP TABLE b"),
];

struct Desk {
    host: Host<Request, Answer>,
    events: Rc<RefCell<Vec<Event>>>,
}

impl Port for Desk {
    async fn database(&self, request: Request) -> Answer {
        self.host.ask(request).await
    }
    async fn tell(&self, event: Event) {
        self.events.borrow_mut().push(event);
    }
    async fn now(&self) -> String {
        "2026-11-22 08:27:31".into()
    }
}

fn graph(history: History) -> Graph {
    let mut down = RevisionIds::new();
    let mut revisions = Vec::new();
    for (id, ..) in history {
        let id = RevisionId::stored(*id);
        let revision = Revision {
            id: id.clone(),
            down: std::mem::replace(&mut down, [id].into()),
            ..Revision::default()
        };
        revisions.push(revision);
    }
    let (graph, diagnostics) = Graph::build(revisions);
    assert!(diagnostics.is_empty());
    graph
}

struct Scripts(Graph, History);

impl ScriptDirectory for Scripts {
    fn graph(&self) -> &Graph {
        &self.0
    }
    fn body(&self, id: &RevisionId) -> Rc<Body> {
        let (_, up, down) = self.1.iter().find(|(name, ..)| *name == id.as_str()).unwrap();
        let directives = |sql: &str| {
            let operation = Operation::Execute(Execute::new(sql));
            Ok(vec![Directive { operation, place: None }])
        };
        Rc::new(Body { upgrade: directives(up), downgrade: directives(down) })
    }
}

fn with_journal() -> Settings {
    Settings { journal: true, ..Settings::default() }
}

struct Ran {
    result: Result<Plan, Diagnostic>,
    events: Vec<Event>,
    queries: usize,
}

/// Runs `upgrade TARGET` or `downgrade TARGET`, with the journal.
fn run(db: &Connection, history: History, line: &'static str) -> Ran {
    let events = Rc::new(RefCell::new(Vec::new()));
    let told = Rc::clone(&events);
    let mut exchange = Exchange::new(async move |host| {
        let desk = Desk { host, events: told };
        let (scripts, settings) = (Scripts(graph(history), history), with_journal());
        match line.split_once(' ').unwrap() {
            ("upgrade", target) => engine::upgrade(&desk, &scripts, target, &settings).await,
            (_, target) => engine::downgrade(&desk, &scripts, target, &settings).await,
        }
    });
    let (mut answer, mut queries) = (None, 0);
    loop {
        match exchange.next(answer).unwrap() {
            Next::Done(result) => {
                return Ran { result, events: events.take(), queries };
            }
            Next::Request(request) => {
                queries += usize::from(matches!(request, Request::Query(_)));
                answer = Some(perform(db, &request));
            }
        }
    }
}

/// Everything that the database holds: its schema, its version rows, its journal.
fn whole(db: &Connection) -> String {
    let tables = rows(db, "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name");
    let mut text = String::new();
    for row in tables.unwrap().rows {
        let name = row[0].as_text().unwrap().to_string();
        let content = rows(db, &format!("SELECT * FROM \"{name}\"")).unwrap().rows;
        text.push_str(&format!("{name} {content:?}\n"));
    }
    text
}

fn versions(db: &Connection) -> Vec<Vec<Value>> {
    rows(db, "SELECT version_num FROM alembic_version").unwrap().rows
}

#[test]
fn up_and_down_again() {
    let db = Connection::open_in_memory().unwrap();
    assert_eq!(run(&db, TWO, "upgrade head").result.unwrap().steps.len(), 2);
    assert_eq!(versions(&db), [[Value::from("bbbb")]]);
    let journal = rows(&db, "SELECT revision, down, downgrade FROM _ambix_journal").unwrap();
    assert_eq!(
        journal.rows[1],
        [Value::from("bbbb"), Value::from("[\"aaaa\"]"), Value::from("[\"DROP TABLE b\"]")]
    );
    assert_eq!(run(&db, TWO, "downgrade -1").result.unwrap().steps.len(), 1);
    assert_eq!(versions(&db), [[Value::from("aaaa")]]);
    assert_eq!(run(&db, TWO, "downgrade base").result.unwrap().steps.len(), 1);
    assert_eq!(whole(&db), "_ambix_journal []\nalembic_version []\n");
}

#[test]
fn nothing_to_do_is_one_select() {
    let db = Connection::open_in_memory().unwrap();
    run(&db, TWO, "upgrade head").result.unwrap();
    let before = whole(&db);
    let again = run(&db, TWO, "upgrade head");
    assert_eq!(again.queries, 1);
    assert!(again.events.is_empty() && again.result.unwrap().steps.is_empty());
    assert_eq!(whole(&db), before);
}

#[test]
fn a_revision_that_fails_has_changed_nothing_and_those_before_it_stay() {
    const THIRD_STATEMENT_FAILS: History = &[
        ("aaaa", "CREATE TABLE a (x INTEGER)", "DROP TABLE a"),
        ("bbbb", "CREATE TABLE b (y); INSERT INTO a VALUES (1); INSERT INTO nope VALUES (1)", ""),
    ];
    let db = Connection::open_in_memory().unwrap();
    let ran = run(&db, THIRD_STATEMENT_FAILS, "upgrade head");
    let error = ran.result.unwrap_err();
    assert_eq!(error.code, Code::StatementFailed);
    assert!(error.message.contains("no such table: nope"), "{}", error.message);
    assert_eq!(error.statement.as_deref(), Some("INSERT INTO nope VALUES (1)"));
    assert_eq!(versions(&db), [[Value::from("aaaa")]]);
    assert!(whole(&db).contains("a []\n") && !whole(&db).contains("b ["));
    assert!(matches!(ran.events.last(), Some(Event::Refused { refused: Some(3), .. })));
}

#[test]
fn a_database_that_moved_meanwhile_is_left_alone() {
    let db = Connection::open_in_memory().unwrap();
    run(&db, TWO, "upgrade aaaa").result.unwrap();
    // The plan is made from the rows that are read first; the list asserts that they are still there.
    let events = Rc::new(RefCell::new(Vec::new()));
    let told = Rc::clone(&events);
    let mut exchange = Exchange::new(async move |host| {
        let desk = Desk { host, events: told };
        let scripts = Scripts(graph(TWO), TWO);
        engine::upgrade(&desk, &scripts, "head", &with_journal()).await
    });
    let Some(Next::Request(query)) = exchange.next(None) else { panic!("a query") };
    let answer = perform(&db, &query);
    db.execute_batch("UPDATE alembic_version SET version_num = 'cccc'").unwrap();
    let before = whole(&db);
    let Some(Next::Request(list)) = exchange.next(Some(answer)) else { panic!("a list") };
    let answer = perform(&db, &list);
    let Some(Next::Done(result)) = exchange.next(Some(answer)) else { panic!("the end") };
    assert_eq!(result.unwrap_err().code, Code::HeadMoved);
    assert_eq!(whole(&db), before);
}

#[test]
fn an_edited_revision_is_noticed_before_anything_runs() {
    const EDITED: History = &[
        ("aaaa", "CREATE TABLE a (x TEXT)", "DROP TABLE a"),
        ("bbbb", "CREATE TABLE b (y INTEGER)", "DROP TABLE b"),
    ];
    const LAID_OUT: History = &[
        ("aaaa", "CREATE  TABLE a (x INTEGER) -- the same", "DROP TABLE a"),
        ("bbbb", "CREATE TABLE b (y INTEGER)", "DROP TABLE b"),
    ];
    let db = Connection::open_in_memory().unwrap();
    run(&db, TWO, "upgrade aaaa").result.unwrap();
    let before = whole(&db);
    let error = run(&db, EDITED, "upgrade head").result.unwrap_err();
    assert_eq!(error.code, Code::EditedRevision);
    let commands: Vec<_> = error.hints.iter().filter_map(|hint| hint.command.as_deref()).collect();
    assert_eq!(commands, ["downgrade base", "stamp --accept"]);
    assert_eq!(whole(&db), before);
    run(&db, LAID_OUT, "upgrade head").result.unwrap();
}

#[test]
fn a_revision_may_not_end_the_transaction() {
    const COMMITS: History = &[("aaaa", "CREATE TABLE a (x); COMMIT; SELECT nope", "")];
    let db = Connection::open_in_memory().unwrap();
    let error = run(&db, COMMITS, "upgrade head").result.unwrap_err();
    assert_eq!(error.code, Code::ForbiddenStatement);
    assert_eq!(whole(&db), "");
}

#[test]
fn a_database_at_an_unknown_revision_is_left_alone() {
    let db = Connection::open_in_memory().unwrap();
    run(&db, TWO, "upgrade head").result.unwrap();
    let before = whole(&db);
    let error = run(&db, &TWO[..1], "upgrade head").result.unwrap_err();
    assert_eq!(error.code, Code::UnknownCurrent);
    assert_eq!(error.message, "Can't locate revision identified by 'bbbb'");
    assert_eq!(whole(&db), before);
}
