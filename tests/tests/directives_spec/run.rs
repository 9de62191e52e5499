//! A case on a database in memory: read, carried out, looked at.

use crate::case::{Case, Section};
use crate::given_back::given_back;
use crate::seen;
use ambix_core::diagnostic::{Code, Diagnostic};
use ambix_core::engine::{
    self, Answer, Body, Exchange, Request, Role, ScriptDirectory, Settings, Statement,
};
use ambix_core::operation::Directive;
use ambix_core::revision::{Graph, Revision, RevisionId};
use ambix_core::schema::NamingConvention;
use ambix_tests::alter::{Desk, pump};
use ambix_tests::perform;
use rusqlite::Connection;
use std::rc::Rc;

/// One revision, which is the head.
struct One {
    graph: Graph,
    body: Rc<Body>,
}

impl One {
    fn new(upgrade: Result<Vec<Directive>, Diagnostic>) -> Self {
        let revision = Revision { id: RevisionId::stored("a"), ..Revision::default() };
        let no_downgrade = Diagnostic::error(Code::UnsupportedOperation, "No downgrade is written");
        let body = Rc::new(Body { upgrade, downgrade: Err(no_downgrade) });
        Self { graph: Graph::build(vec![revision]).0, body }
    }
}

impl ScriptDirectory for One {
    fn graph(&self) -> &Graph {
        &self.graph
    }
    fn body(&self, _id: &RevisionId) -> Rc<Body> {
        Rc::clone(&self.body)
    }
}

/// What comes of a case.
pub(crate) fn run(case: &Case) -> Vec<Section> {
    let database = Connection::open_in_memory().unwrap();
    let before = case.input("before").unwrap_or_default();
    database
        .execute_batch(&before)
        .unwrap_or_else(|error| panic!("{}: before: {error}", case.name));
    let start = seen::whole(&database);
    let (text, directives) = read(case);
    let outcome = carry_out(&database, directives.clone());
    let statements = match outcome {
        Err(error) => {
            assert_eq!(seen::whole(&database), start, "{}: an error changes nothing", case.name);
            return vec![Section::new("error", &seen::error(&error, &text))];
        }
        Ok(statements) => statements,
    };
    seen::is_whole(&database).unwrap_or_else(|fault| panic!("{}: {fault}", case.name));
    let sql: String = statements.iter().map(|statement| readable(statement)).collect();
    let back = given_back(&before, &directives.unwrap_or_default())
        .unwrap_or_else(|problem| panic!("{}: {problem}", case.name));
    vec![
        Section::new("sql", &sql),
        Section::new("after", &seen::whole(&database)),
        Section::new("inverse", &back),
    ]
}

/// A statement; of one that only asks whether all is well, what it asks: `-- check: rows-lost t`.
fn readable(statement: &str) -> String {
    let check = statement.split_once("ELSE json_extract('{}', 'ambix:").map(|(_, rest)| rest);
    match check.and_then(|rest| rest.strip_suffix("') END")) {
        Some(check) => format!("-- check: {check}\n"),
        None => format!("{statement};\n"),
    }
}

/// The text of the revision, and what it says.
fn read(case: &Case) -> (String, Result<Vec<Directive>, Diagnostic>) {
    if let Some(sql) = case.input("upgrade.sql") {
        let text = format!("-- revision: a\n\n-- upgrade\n\n{sql}\n");
        let read = ambix_core::script::read("versions/a.sql", &text);
        return (text, read.and_then(|script| script.upgrade).map(|section| section.directives));
    }
    let script = case.input("script").unwrap_or_else(|| panic!("{}: no script", case.name));
    let (above, within) = match script.split_once("\ndef upgrade():\n") {
        Some((above, within)) => (above.to_string(), within.to_string()),
        None => (String::new(), format!("    {}", script.replace('\n', "\n    "))),
    };
    let text = format!(
        "import datetime, decimal, uuid\nimport sqlalchemy as sa\nfrom alembic import op\n\
         revision = 'a'\ndown_revision = None\n{above}\ndef upgrade():\n{within}\n\
         def downgrade():\n    pass\n"
    );
    let read = ambix_python::read_script("versions/a.py", &text, &convention(case));
    (text, read.and_then(|script| script.upgrade))
}

fn convention(case: &Case) -> NamingConvention {
    let mut convention = NamingConvention::default();
    for line in case.input("convention").unwrap_or_default().lines() {
        let (kind, template) = line.split_once(": ").unwrap();
        assert!(convention.set(kind, template), "{}: {line}", case.name);
    }
    convention
}

/// Upgrades to a revision that says this. Gives the statements that carried it out.
///
/// # Errors
/// Those of the engine.
pub(crate) fn carry_out(
    database: &Connection,
    directives: Result<Vec<Directive>, Diagnostic>,
) -> Result<Vec<String>, Diagnostic> {
    let scripts = One::new(directives);
    let settings = Settings::default();
    let exchange = Exchange::new(async move |host| {
        engine::upgrade(&Desk(host), &scripts, "head", &settings).await
    });
    let mut ran = Vec::new();
    pump(exchange, |request| {
        let answer = perform(database, request);
        if let (Request::Atomic(list) | Request::Rebuild(list), Answer::Done) = (request, &answer) {
            ran.extend(list.iter().filter(|one| is_of_revision(one)).map(|one| one.sql.clone()));
        }
        answer
    })?;
    database.execute_batch("DROP TABLE IF EXISTS alembic_version").unwrap();
    Ok(ran)
}

fn is_of_revision(statement: &Statement) -> bool {
    matches!(statement.origin.role, Role::Operation { .. })
}
