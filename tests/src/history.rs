//! A history of five revisions that change tables in every way, for tests of what may happen to it.

use crate::alter::{Desk, pump};
use crate::rows;
use ambix_core::diagnostic::Diagnostic;
use ambix_core::engine::{self, Answer, Body, Exchange, Request, ScriptDirectory, Settings};
use ambix_core::operation::{
    AlterTable, ConstraintAddress, Dependents, Directive, Execute, Operation, Recreate, TableChange,
};
use ambix_core::revision::{Graph, Plan, Revision, RevisionId, RevisionIds};
use rusqlite::Connection;
use std::rc::Rc;

/// The revisions `r0`, `r1` …: what each does.
pub fn history() -> Vec<Vec<Operation>> {
    let sql = |sql: &str| Operation::Execute(Execute::new(sql));
    let alter = |table: &str, recreate, changes: &[TableChange]| {
        let (table, changes) = (table.into(), changes.to_vec());
        Operation::AlterTable(AlterTable { table, changes, recreate, ..AlterTable::default() })
    };
    let default = |column: &str, value: &str| TableChange::SetDefault {
        column: column.into(),
        default: Some(value.into()),
    };
    let check =
        TableChange::AddConstraint { definition: "CONSTRAINT ck CHECK (name <> '')".into() };
    let drop_check = TableChange::DropConstraint(ConstraintAddress::Named("ck".into()));
    let rename = TableChange::RenameColumn { from: "name".into(), to: "title".into() };
    let drop = TableChange::DropColumn { name: "note".into(), dependents: Dependents::Refuse };
    let add =
        TableChange::AddColumn { definition: "kind TEXT DEFAULT 'a' NOT NULL".into(), place: None };
    let (auto, always) = (Recreate::Auto, Recreate::Always);
    vec![
        vec![sql(
            "CREATE TABLE author (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT, note TEXT);
             CREATE TABLE book (id INTEGER PRIMARY KEY, author INTEGER REFERENCES author (id) ON DELETE CASCADE);
             CREATE TABLE page (book INTEGER REFERENCES book (id) ON DELETE SET NULL, up INTEGER);
             CREATE INDEX ix_name ON author (lower(name)) WHERE name IS NOT NULL;
             CREATE TABLE log (what);
             CREATE TRIGGER gone AFTER DELETE ON book BEGIN INSERT INTO log VALUES (old.id); END;
             CREATE VIEW shelf AS SELECT author.name, book.id FROM author JOIN book ON book.author = author.id;
             INSERT INTO author VALUES (1, 'Ann', 'x'), (2, 'Bob', NULL), (9, 'Cy', 'y'); DELETE FROM author WHERE id = 9;
             INSERT INTO book VALUES (1, 1), (2, 1), (3, 2); INSERT INTO page VALUES (1, NULL), (3, 1)",
        )],
        vec![alter("author", auto, &[check, default("name", "'nobody'")])],
        vec![alter("author", auto, &[drop]), alter("book", auto, &[add])],
        vec![alter("author", auto, &[rename, drop_check])],
        vec![
            sql("INSERT INTO author (title) VALUES ('Dee')"),
            alter("book", always, &[default("author", "1")]),
            sql("UPDATE page SET up = 7"),
        ],
    ]
}

/// Revisions in a row, as the engine is given them.
pub struct Scripts {
    graph: Graph,
    revisions: Vec<Vec<Operation>>,
}

impl Scripts {
    /// The history.
    #[allow(clippy::new_without_default)]
    pub fn new() -> Self {
        Self::of(history())
    }

    /// Revisions that do this, each after the one before.
    pub fn of(revisions: Vec<Vec<Operation>>) -> Self {
        let headers = (0..revisions.len()).map(|at| Revision {
            id: id(at),
            down: at.checked_sub(1).map(id).into_iter().collect::<RevisionIds>(),
            ..Revision::default()
        });
        Self { graph: Graph::build(headers.collect()).0, revisions }
    }
}

fn id(at: usize) -> RevisionId {
    RevisionId::stored(format!("r{at}"))
}

impl ScriptDirectory for Scripts {
    fn graph(&self) -> &Graph {
        &self.graph
    }
    fn body(&self, id: &RevisionId) -> Rc<Body> {
        let operations = &self.revisions[self.graph.position(id).unwrap()];
        let directives = operations
            .iter()
            .map(|operation| Directive { operation: operation.clone(), place: None });
        Rc::new(Body { upgrade: Ok(directives.collect()), downgrade: Ok(Vec::new()) })
    }
}

/// Upgrades to `target` with a host that performs as `host` says.
pub fn upgrade(
    target: &'static str,
    guarded: bool,
    host: impl FnMut(&Request) -> Answer,
) -> Result<Plan, Diagnostic> {
    upgrade_by(Scripts::new(), target, guarded, host)
}

/// Upgrades to `target` by these revisions.
pub fn upgrade_by(
    scripts: Scripts,
    target: &'static str,
    guarded: bool,
    host: impl FnMut(&Request) -> Answer,
) -> Result<Plan, Diagnostic> {
    let settings = Settings { guarded, journal: true, ..Settings::default() };
    let exchange = Exchange::new(async move |host| {
        engine::upgrade(&Desk(host), &scripts, target, &settings).await
    });
    pump(exchange, host)
}

/// Everything in the database, in a fixed order, and whether SQLite finds it whole.
pub fn whole(database: &Connection) -> String {
    let names =
        "SELECT name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_auto%' ORDER BY name";
    let mut text = String::new();
    for row in rows(database, names).unwrap().rows {
        text.push_str(&format!("{row:?}\n"));
        let name = row[0].as_text().unwrap();
        if let Ok(content) = rows(database, &format!("SELECT * FROM \"{name}\"")) {
            text.push_str(&format!("{:?}\n", content.rows));
        }
    }
    let checks = [
        "PRAGMA integrity_check",
        "PRAGMA foreign_key_check",
        "PRAGMA foreign_keys",
        "PRAGMA legacy_alter_table",
    ];
    for check in checks {
        text.push_str(&format!("{:?}\n", rows(database, check).unwrap().rows));
    }
    text
}
