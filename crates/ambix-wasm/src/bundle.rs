//! Revisions as an app ships them: SQL, with the hash of each made when it is first asked for.

use crate::message::{Change, RevisionSource};
use ambix_core::diagnostic::{Code, Diagnostic};
use ambix_core::engine::{Body, ScriptDirectory, hash};
use ambix_core::operation::{Directive, Execute, Operation};
use ambix_core::revision::{Graph, Revision, RevisionId, RevisionIds, irreversible};
use ambix_core::sqlite::standard;
use std::cell::OnceCell;
use std::rc::Rc;

pub(crate) struct Bundle {
    graph: Graph,
    /// By position in the graph.
    scripts: Vec<Script>,
}

struct Script {
    body: Rc<Body>,
    keep_data: Option<bool>,
    hash: OnceCell<String>,
}

impl Bundle {
    pub(crate) fn build(sources: Vec<RevisionSource>) -> Result<Self, Diagnostic> {
        let mut scripts = Vec::with_capacity(sources.len());
        let mut revisions = Vec::with_capacity(sources.len());
        for source in sources {
            let down: Result<RevisionIds, _> =
                source.down.iter().cloned().map(RevisionId::new).collect();
            // Declared or not: a reason may be empty.
            let downgrade = match &source.irreversible {
                Some(reason) => Err(irreversible(&source.id, reason, &source.down)),
                None => directives(source.downgrade),
            };
            revisions.push(Revision {
                id: RevisionId::new(source.id)?,
                down: down?,
                docstring: source.message.clone(),
                irreversible: source.irreversible,
                message: source.message,
                ..Revision::default()
            });
            let body = Body { upgrade: directives(source.upgrade), downgrade };
            let keep_data = source.keep_data;
            scripts.push(Script { body: Rc::new(body), keep_data, hash: OnceCell::new() });
        }
        let (graph, diagnostics) = Graph::build(revisions);
        match diagnostics.into_iter().find(Diagnostic::is_error) {
            Some(error) => Err(error),
            None => Ok(Self { graph, scripts }),
        }
    }

    fn script(&self, id: &RevisionId) -> Option<&Script> {
        self.scripts.get(self.graph.position(id)?)
    }
}

fn directives(changes: Vec<Change>) -> Result<Vec<Directive>, Diagnostic> {
    let mut operations = Vec::new();
    for change in changes {
        match change {
            Change::AlterTable(change) => operations.push(Operation::AlterTable(change.into())),
            Change::Sql(sql) => match standard::read_all(&sql) {
                Ok(None) => operations.push(Operation::Execute(Execute::new(sql))),
                Ok(Some(read)) => operations.extend(read),
                Err(mistake) => {
                    return Err(mistake.diagnostic.with(|error| error.statement = Some(sql)));
                }
            },
        }
    }
    let directive = |operation| Directive { operation, place: None };
    Ok(operations.into_iter().map(directive).collect())
}

impl ScriptDirectory for Bundle {
    fn graph(&self) -> &Graph {
        &self.graph
    }

    fn body(&self, id: &RevisionId) -> Rc<Body> {
        match self.script(id) {
            Some(script) => Rc::clone(&script.body),
            None => {
                let unknown = Diagnostic::error(
                    Code::UnknownRevision,
                    format!("Can't locate revision identified by '{id}'"),
                );
                Rc::new(Body { upgrade: Err(unknown.clone()), downgrade: Err(unknown) })
            }
        }
    }

    fn keep_data(&self, id: &RevisionId) -> Option<bool> {
        self.script(id)?.keep_data
    }

    fn hash(&self, id: &RevisionId) -> Option<String> {
        let script = self.script(id)?;
        let upgrade = script.body.upgrade.as_deref().ok()?;
        Some(script.hash.get_or_init(|| hash(upgrade)).clone())
    }
}
