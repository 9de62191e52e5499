//! The project that a command works on: where its files are and what they say.

use ambix_core::diagnostic::{Code, Diagnostic, Place, Span};
use ambix_core::engine::{Body, ScriptDirectory};
use ambix_core::revision::{Graph, Revision, RevisionId};
use std::rc::Rc;

/// Where things are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Project {
    /// The absolute path of the project's folder, for messages only.
    pub folder: String,
    /// The files with the models, relative to it.
    pub models: Vec<String>,
    /// The folder with the revision files, relative to it.
    pub versions: String,
    /// The address of the database, for messages only: `sqlite:///app.db`.
    pub url: String,
    /// Whether applied revisions are written into the journal.
    pub journal: bool,
}

/// The revision files, read.
#[derive(Clone, Debug, Default)]
pub struct Revisions {
    /// The graph that they make.
    pub graph: Graph,
    /// What is wrong with them.
    pub diagnostics: Vec<Diagnostic>,
    /// (path, text), by path.
    files: Vec<(String, String)>,
}

impl ScriptDirectory for Revisions {
    fn graph(&self) -> &Graph {
        &self.graph
    }

    fn body(&self, id: &RevisionId) -> Rc<Body> {
        // The files are sorted by path.
        let file = self.graph.get(id).and_then(|revision| {
            let at = self.files.binary_search_by(|(path, _)| path.cmp(&revision.file)).ok()?;
            self.files.get(at)
        });
        let script = match file {
            Some((path, text)) => ambix_python::read_script(path, text),
            None => Err(Diagnostic::error(
                Code::UnknownRevision,
                format!("Can't locate revision identified by '{id}'"),
            )),
        };
        Rc::new(match script {
            Ok(script) => Body { upgrade: script.upgrade, downgrade: script.downgrade },
            Err(error) => Body { upgrade: Err(error.clone()), downgrade: Err(error) },
        })
    }
}

impl Revisions {
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

/// Whether a file in the versions folder is one with a revision: Alembic's rule.
pub(crate) fn is_revision_file(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.ends_with(".py") && !name.starts_with(".#") && !name.starts_with("__init__")
}

/// Reads revision files, given as (path, text) in any order, and builds their graph.
pub fn read_revisions(files: &[(String, String)]) -> Revisions {
    let mut files: Vec<_> =
        files.iter().filter(|(path, _)| is_revision_file(path)).cloned().collect();
    files.sort();
    let mut diagnostics = Vec::new();
    let mut revisions = Vec::new();
    for (path, text) in &files {
        match read_revision(path, text) {
            Ok(revision) => revisions.push(revision),
            Err(diagnostic) => diagnostics.push(diagnostic),
        }
    }
    let (graph, graph_diagnostics) = Graph::build(revisions);
    diagnostics.extend(graph_diagnostics.into_iter().map(|found| with_place(found, &files)));
    Revisions { graph, diagnostics, files }
}

/// The graph knows which file is wrong; the text says which line.
fn with_place(diagnostic: Diagnostic, files: &[(String, String)]) -> Diagnostic {
    let word = match diagnostic.code {
        Code::DuplicateRevision => "revision",
        _ => "down_revision",
    };
    let file = diagnostic.place.as_ref().map(|place| place.file.clone());
    match files.iter().find(|(path, _)| Some(path) == file.as_ref()) {
        Some((path, text)) => diagnostic.at(header_line(path, text, word)),
        None => diagnostic,
    }
}

/// Where a file sets a name of its header.
fn header_line(path: &str, text: &str, word: &str) -> Place {
    let at = text.find(&format!("\n{word}")).map_or(0, |at| at + 1);
    let line = text[at..].lines().next().unwrap_or_default().len();
    Place::in_text(path, text, Span::new(at, at + line))
}

fn read_revision(path: &str, text: &str) -> Result<Revision, Diagnostic> {
    let header = ambix_python::read_header(path, text)?;
    for (word, values) in
        [("branch_labels", &header.branch_labels), ("depends_on", &header.depends_on)]
    {
        if !values.is_empty() {
            let place = header_line(path, text, word);
            return Err(Diagnostic::error(
                Code::UnsupportedHeader,
                format!("{word} is not understood yet"),
            )
            .at(place)
            .hint(format!("set {word} to None")));
        }
    }
    let down: Result<Vec<_>, _> = header.down_revision.iter().map(RevisionId::new).collect();
    let docstring = header.docstring.trim().to_string();
    Ok(Revision {
        id: RevisionId::new(header.revision)?,
        down: down?,
        message: first_paragraph(&docstring),
        docstring,
        file: path.to_string(),
    })
}

/// The first paragraph of a docstring (Alembic's `Script.doc`).
fn first_paragraph(docstring: &str) -> String {
    docstring.split("\n\n").next().unwrap_or_default().into()
}
