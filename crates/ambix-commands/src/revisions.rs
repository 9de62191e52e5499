//! Revision files to a graph, and to what each revision does.

use ambix_core::diagnostic::{Code, Diagnostic, Place, Span};
use ambix_core::engine::{self, Body, Model, ScriptDirectory};
use ambix_core::operation::{Directive, Execute, Operation};
use ambix_core::revision::{Direction, Graph, Revision, RevisionId, RevisionIds};
use ambix_core::schema::NamingConvention;
use ambix_core::script;
use ambix_core::sqlite::alter::Stop;
use std::rc::Rc;

/// The revision files, read.
#[derive(Clone, Debug, Default)]
pub struct Revisions {
    /// The graph that they make.
    pub graph: Graph,
    /// What is wrong with them.
    pub diagnostics: Vec<Diagnostic>,
    /// In the order of their paths.
    files: Vec<File>,
    /// By which constraints and indexes of Python scripts get names that have none there.
    convention: NamingConvention,
}

/// A revision file.
#[derive(Clone, Debug)]
struct File {
    path: String,
    text: String,
    /// Whether what the revision drops is kept, where it says so.
    keep_data: Option<bool>,
}

impl ScriptDirectory for Revisions {
    fn graph(&self) -> &Graph {
        &self.graph
    }

    fn body(&self, id: &RevisionId) -> Rc<Body> {
        let body = match self.file(id) {
            Some(File { path, text, .. }) if is_sql(path) => sql_body(path, text),
            Some(File { path, text, .. }) => {
                ambix_python::read_script(path, text, &self.convention)
                    .map(|script| Body { upgrade: script.upgrade, downgrade: script.downgrade })
            }
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
        match self.file(id) {
            Some(File { path, text, .. }) if !is_sql(path) => {
                ambix_python::read_script_for(path, text, &self.convention, direction, model)
            }
            _ => Ok(self.body(id).of(direction)?.to_vec()),
        }
    }

    /// What depends on the database counts by its text.
    fn hash(&self, id: &RevisionId) -> Option<String> {
        let body = self.body(id);
        if body.looks(Direction::Upgrade) {
            let operation = Operation::Execute(Execute::new(self.file(id)?.text.trim()));
            return Some(engine::hash(&[Directive { operation, place: None }]));
        }
        body.of(Direction::Upgrade).ok().map(engine::hash)
    }

    fn keep_data(&self, id: &RevisionId) -> Option<bool> {
        self.file(id)?.keep_data
    }
}

impl Revisions {
    fn file(&self, id: &RevisionId) -> Option<&File> {
        file_at(&self.files, &self.graph.get(id)?.file)
    }

    /// The same revisions under a naming convention: that of the models (`target_metadata` in env.py).
    #[must_use]
    pub fn under(mut self, convention: NamingConvention) -> Self {
        self.convention = convention;
        self
    }

    /// These and one more file.
    #[must_use]
    pub(crate) fn and(self, path: &str, text: &str) -> Self {
        let files = self.files.into_iter().map(|file| (file.path, file.text));
        let files = files.chain([(path.into(), text.into())]).collect();
        read_revisions(files).under(self.convention)
    }

    /// Whether a script says anything that a naming convention could give a name to.
    pub(crate) fn may_want_names(&self) -> bool {
        const NAMED: [&str; 6] =
            ["create_table", "add_column", "_index", "_constraint", "_key", "batch_alter_table"];
        let mut scripts = self.files.iter().filter(|file| !is_sql(&file.path));
        scripts.any(|file| NAMED.iter().any(|word| file.text.contains(word)))
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
    let file = |(path, text)| File { path, text, keep_data: None };
    let mut files: Vec<File> = files.into_iter().map(file).collect();
    for file in files.iter_mut().filter(|file| is_revision_file(&file.path)) {
        match read_revision(&file.path, &file.text) {
            Ok((revision, keeps)) => {
                revisions.push(revision);
                file.keep_data = keeps;
            }
            Err(diagnostic) => diagnostics.push(diagnostic),
        }
    }
    let (graph, found) = Graph::build(revisions);
    ambix_core::sort::sort_by(&mut files, |one, other| one.path.cmp(&other.path));
    diagnostics.extend(found.into_iter().map(|found| with_place(found, &files)));
    Revisions { graph, diagnostics, files, convention: NamingConvention::default() }
}

/// The file at a path, of files in the order of theirs.
fn file_at<'a>(files: &'a [File], path: &str) -> Option<&'a File> {
    let at = files.binary_search_by(|file| file.path.as_str().cmp(path)).ok()?;
    files.get(at)
}

/// The graph knows which file is wrong; the text says which line.
fn with_place(diagnostic: Diagnostic, files: &[File]) -> Diagnostic {
    let (python, sql) = match diagnostic.code {
        Code::DuplicateRevision => ("revision", "revision:"),
        Code::LabelClash => ("branch_labels", "branch-labels:"),
        Code::MissingDependency => ("depends_on", "depends-on:"),
        _ => ("down_revision", "revises:"),
    };
    let file = diagnostic.place.as_ref().and_then(|place| file_at(files, &place.file));
    let Some(File { path, text, .. }) = file else { return diagnostic };
    let place = match is_sql(path) {
        true => header_line(path, text, &format!("-- {sql}")),
        false => header_line(path, text, python),
    };
    diagnostic.at(place)
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
