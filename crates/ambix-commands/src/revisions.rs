//! Revision files to a graph, and to what each revision does.

use ambix_core::diagnostic::{Code, Diagnostic, Place, Span};
use ambix_core::engine::{self, Body, Model, ScriptDirectory};
use ambix_core::operation::{Directive, Execute, Operation};
use ambix_core::revision::{Direction, Graph, Revision, RevisionId, RevisionIds};
use ambix_core::schema::NamingConvention;
use ambix_core::script;
use ambix_core::sqlite::alter::Stop;
use std::collections::HashMap;
use std::rc::Rc;

/// The revision files, read.
#[derive(Clone, Debug, Default)]
pub struct Revisions {
    /// The graph that they make.
    pub graph: Graph,
    /// What is wrong with them.
    pub diagnostics: Vec<Diagnostic>,
    /// Texts by path.
    files: HashMap<String, String>,
    /// Whether what a revision drops is kept, by the path of its file, where that says so.
    keep_data: HashMap<String, bool>,
    /// By which constraints and indexes of Python scripts get names that have none there.
    convention: NamingConvention,
}

impl ScriptDirectory for Revisions {
    fn graph(&self) -> &Graph {
        &self.graph
    }

    fn body(&self, id: &RevisionId) -> Rc<Body> {
        let file = self.graph.get(id).and_then(|revision| self.files.get_key_value(&revision.file));
        let body = match file {
            Some((path, text)) if is_sql(path) => sql_body(path, text),
            Some((path, text)) => ambix_python::read_script(path, text, &self.convention)
                .map(|script| Body { upgrade: script.upgrade, downgrade: script.downgrade }),
            None => Err(Diagnostic::error(
                Code::UnknownRevision,
                format!("Can't locate revision identified by '{id}'"),
            )),
        };
        Rc::new(
            body.unwrap_or_else(|error| Body {
                upgrade: Err(error.clone()),
                downgrade: Err(error),
            }),
        )
    }

    fn body_on(
        &self,
        id: &RevisionId,
        direction: Direction,
        model: &Model,
    ) -> Result<Vec<Directive>, Stop> {
        let file = self.graph.get(id).and_then(|revision| self.files.get_key_value(&revision.file));
        match file {
            Some((path, text)) if !is_sql(path) => {
                ambix_python::read_script_for(path, text, &self.convention, direction, model)
            }
            _ => Ok(self.body(id).of(direction)?.to_vec()),
        }
    }

    /// What depends on the database counts by its text.
    fn hash(&self, id: &RevisionId) -> Option<String> {
        let body = self.body(id);
        if body.looks(Direction::Upgrade) {
            let text = self.files.get(&self.graph.get(id)?.file)?;
            let operation = Operation::Execute(Execute::new(text.trim()));
            return Some(engine::hash(&[Directive { operation, place: None }]));
        }
        body.of(Direction::Upgrade).ok().map(engine::hash)
    }

    fn keep_data(&self, id: &RevisionId) -> Option<bool> {
        self.keep_data.get(&self.graph.get(id)?.file).copied()
    }
}

impl Revisions {
    /// The same revisions under a naming convention: that of the models (`target_metadata` in env.py).
    #[must_use]
    pub fn under(mut self, convention: NamingConvention) -> Self {
        self.convention = convention;
        self
    }

    /// Whether a script says anything that a naming convention could give a name to.
    pub(crate) fn may_want_names(&self) -> bool {
        const NAMED: [&str; 6] =
            ["create_table", "add_column", "_index", "_constraint", "_key", "batch_alter_table"];
        let scripts = self.files.iter().filter(|(path, _)| !is_sql(path));
        scripts.into_iter().any(|(_, text)| NAMED.iter().any(|word| text.contains(word)))
    }

    /// The first thing that makes the files unusable.
    ///
    /// # Errors
    /// That one.
    pub fn checked(&self) -> Result<&Self, Diagnostic> {
        match self.diagnostics.iter().find(|diagnostic| diagnostic.is_error()) {
            Some(error) => Err(error.clone()),
            None => Ok(self),
        }
    }
}

fn sql_body(path: &str, text: &str) -> Result<Body, Diagnostic> {
    let script = script::read(path, text)?;
    Ok(Body {
        upgrade: script.upgrade.map(directives),
        downgrade: script.downgrade.map(directives),
    })
}

fn directives(section: script::Section) -> Vec<Directive> {
    let mut directives = section.directives;
    for directive in &mut directives {
        if let Operation::Execute(execute) = &mut directive.operation {
            execute.alone = !section.transaction;
        }
    }
    directives
}

fn is_sql(path: &str) -> bool {
    path.ends_with(".sql")
}

/// Whether a file in the versions folder is one with a revision: Alembic's rule, and SQL.
pub(crate) fn is_revision_file(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let hidden = name.starts_with(".#") || name.starts_with("__init__");
    !hidden && (name.ends_with(".py") || name.ends_with(".sql"))
}

/// Reads revision files, given as (path, text), and builds their graph. Their order decides wherever the
/// graph leaves one free.
pub fn read_revisions(files: Vec<(String, String)>) -> Revisions {
    let mut diagnostics = Vec::new();
    let mut revisions = Vec::new();
    let mut keep_data = HashMap::new();
    for (path, text) in files.iter().filter(|(path, _)| is_revision_file(path)) {
        match read_revision(path, text) {
            Ok((revision, keeps)) => {
                revisions.push(revision);
                keep_data.extend(keeps.map(|keeps| (path.clone(), keeps)));
            }
            Err(diagnostic) => diagnostics.push(diagnostic),
        }
    }
    let (graph, found) = Graph::build(revisions);
    let files: HashMap<String, String> = files.into_iter().collect();
    diagnostics.extend(found.into_iter().map(|found| with_place(found, &files)));
    Revisions { graph, diagnostics, files, keep_data, convention: NamingConvention::default() }
}

/// The graph knows which file is wrong; the text says which line.
fn with_place(diagnostic: Diagnostic, files: &HashMap<String, String>) -> Diagnostic {
    let (python, sql) = match diagnostic.code {
        Code::DuplicateRevision => ("revision", "revision:"),
        Code::LabelClash => ("branch_labels", "branch-labels:"),
        Code::MissingDependency => ("depends_on", "depends-on:"),
        _ => ("down_revision", "revises:"),
    };
    let file = diagnostic.place.as_ref().map(|place| place.file.clone()).unwrap_or_default();
    match files.get(&file) {
        Some(text) if is_sql(&file) => {
            let place = header_line(&file, text, &format!("-- {sql}"));
            diagnostic.at(place)
        }
        Some(text) => {
            let place = header_line(&file, text, python);
            diagnostic.at(place)
        }
        None => diagnostic,
    }
}

/// Where a file sets a name of its header.
fn header_line(path: &str, text: &str, word: &str) -> Place {
    let at = match text.starts_with(word) {
        true => 0,
        false => text.find(&format!("\n{word}")).map_or(0, |at| at + 1),
    };
    let line = text[at..].lines().next().unwrap_or_default().len();
    Place::in_text(path, text, Span::new(at, at + line))
}

/// A revision, and whether it says itself that what it drops is kept, or is not.
fn read_revision(path: &str, text: &str) -> Result<(Revision, Option<bool>), Diagnostic> {
    let header = match is_sql(path) {
        true => {
            let header = script::read_header(path, text)?;
            ambix_python::Header {
                revision: header.revision,
                down_revision: header.down_revision,
                branch_labels: header.branch_labels,
                depends_on: header.depends_on,
                docstring: header.message,
                irreversible: header.irreversible,
                keep_data: header.keep_data,
            }
        }
        false => ambix_python::read_header(path, text)?,
    };
    let located = |error: Diagnostic| error.at(header_line(path, text, "revision"));
    let down: Result<RevisionIds, _> =
        header.down_revision.into_iter().map(RevisionId::new).collect();
    let docstring = header.docstring.trim().to_string();
    let revision = Revision {
        id: RevisionId::new(header.revision).map_err(located)?,
        down: down.map_err(located)?,
        depends_on: header.depends_on,
        labels: header.branch_labels,
        message: first_paragraph(&docstring),
        docstring,
        irreversible: header.irreversible,
        file: path.to_string(),
    };
    Ok((revision, header.keep_data))
}

/// The first paragraph of a docstring (Alembic's `Script.doc`).
fn first_paragraph(docstring: &str) -> String {
    docstring.split("\n\n").next().unwrap_or_default().into()
}
