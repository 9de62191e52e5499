use super::desk::Desk;
use super::irreversible::{Declared, declared, raised};
use crate::evaluate::Evaluator;
use crate::syntax::{File, Source, parse};
use crate::value::{Kind, Value};
use ambix_core::diagnostic::{Code, Diagnostic, Span};
use ambix_core::schema::NamingConvention;
use ruff_python_ast::{Expr, Stmt};

/// What a revision script says of itself at its top level.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Header {
    /// Its id.
    pub revision: String,
    /// The revisions that it follows: none for a base, several for a merge.
    pub down_revision: Vec<String>,
    /// The labels of the branch that it begins.
    pub branch_labels: Vec<String>,
    /// The revisions that have to be applied before it although it does not follow them.
    pub depends_on: Vec<String>,
    /// The docstring without the white space around it. Its first paragraph is the message.
    pub docstring: String,
    /// Why it cannot be taken back, if it says so; empty if it does not say why.
    pub irreversible: Option<String>,
    /// Whether what it drops is kept for the downgrade (`keep_data`); nothing where the settings decide.
    pub keep_data: Option<bool>,
}

/// Reads the header of an Alembic revision script, and nothing of what the script does.
///
/// # Errors
/// If `text` is no Python, or the header's variables are missing or are not written out.
pub fn read_header(path: &str, text: &str) -> Result<Header, Diagnostic> {
    let file = File::new(path, text);
    let source = file.source();
    let parsed = parse(source)?;
    let module = &parsed.syntax().body;
    header(source, module).map(|(header, _)| header)
}

/// The header, and where it says that the revision cannot be taken back.
pub(super) fn header(
    source: Source,
    module: &[Stmt],
) -> Result<(Header, Option<Declared>), Diagnostic> {
    let convention = NamingConvention::default();
    let mut evaluator = Evaluator::new(source, Desk::new(source, &convention, None), module);
    let evaluator = evaluator.open();
    let mut values = Vec::new();
    for name in VARIABLES {
        match evaluator.constant(name) {
            Some(Ok(value)) => values.push((name, value)),
            Some(Err(error)) => return Err(not_followed(name, error)),
            None => {}
        }
    }
    let raised = raised(evaluator, module);
    said(source, raised, module, &values)
}

/// The variables that a header has.
const VARIABLES: [&str; 6] =
    ["revision", "down_revision", "branch_labels", "depends_on", "irreversible", "keep_data"];

/// The error for a variable whose value cannot be worked out.
fn not_followed(name: &str, mut error: Diagnostic) -> Diagnostic {
    error.code = Code::RevisionFile;
    error.message = format!("`{name}` cannot be worked out: {}", error.message);
    error.hint(WRITE_IT)
}

/// The header that the variables make.
fn said(
    source: Source,
    raised: Option<Declared>,
    module: &[Stmt],
    values: &[(&str, Value)],
) -> Result<(Header, Option<Declared>), Diagnostic> {
    let variable = |name: &str| {
        values.iter().find(|(known, _)| *known == name).map(|(_, value)| value.clone())
    };
    let revision = match variable("revision") {
        Some(value) => match value.text() {
            Some(revision) => revision.into(),
            None => return Err(unreadable(source, "revision", "a string", &value)),
        },
        None => from_file_name(source)?,
    };
    let Some(down_revision) = variable("down_revision") else {
        let message = format!("{} does not say which revision it follows", file_name(source.path));
        let end = Span::new(0, 0);
        return Err(Diagnostic::error(Code::RevisionFile, message)
            .at(source.place(end))
            .hint("Write `down_revision = None` into the first revision, and the id of the one before into all others."));
    };
    let list = |name: &str| match variable(name) {
        Some(value) => ids(source, name, &value),
        None => Ok(Vec::new()),
    };
    let declared = declared(source, raised, variable("irreversible"))?;
    let keep_data = match variable("keep_data").map(|value| (value.kind.clone(), value)) {
        None | Some((Kind::None, _)) => None,
        Some((Kind::Bool(keep), _)) => Some(keep),
        Some((_, value)) => return Err(unreadable(source, "keep_data", "True or False", &value)),
    };
    let header = Header {
        revision,
        down_revision: ids(source, "down_revision", &down_revision)?,
        branch_labels: list("branch_labels")?,
        depends_on: list("depends_on")?,
        docstring: docstring(module).trim().into(),
        irreversible: declared.as_ref().map(|declared| declared.reason.clone()),
        keep_data,
    };
    Ok((header, declared))
}

/// The ids in a variable: None, a string, or a list or tuple of strings.
fn ids(source: Source, name: &str, value: &Value) -> Result<Vec<String>, Diagnostic> {
    let expected = "None, a string or a tuple of strings";
    match &value.kind {
        Kind::None => Ok(Vec::new()),
        Kind::Text(id) => Ok(vec![id.clone()]),
        Kind::List(items) | Kind::Tuple(items) | Kind::Set(items) | Kind::View(_, items) => items
            .iter()
            .map(|item| match item.text() {
                Some(id) => Ok(id.into()),
                None => Err(unreadable(source, name, expected, item)),
            })
            .collect(),
        Kind::Dict(entries) => entries
            .iter()
            .map(|(key, _)| match key.text() {
                Some(id) => Ok(id.into()),
                None => Err(unreadable(source, name, expected, key)),
            })
            .collect(),
        _ => Err(unreadable(source, name, expected, value)),
    }
}

fn unreadable(source: Source, name: &str, expected: &str, value: &Value) -> Diagnostic {
    let message = format!("`{name}` must be {expected}, not {}", value.describe());
    Diagnostic::error(Code::RevisionFile, message).at(source.place(value.span)).hint(WRITE_IT)
}

const WRITE_IT: &str = "Ambix reads Python without running it: write the value itself.";

/// Revisions of Alembic before 0.2 have their id in the file name only.
fn from_file_name(source: Source) -> Result<String, Diagnostic> {
    let file = file_name(source.path);
    let stem = file.strip_suffix(".py").unwrap_or_default();
    if !stem.is_empty() && stem.bytes().all(|byte| matches!(byte, b'a'..=b'f' | b'0'..=b'9')) {
        return Ok(stem.into());
    }
    let message = format!(
        "Could not determine revision id from filename {file}. Be sure the 'revision' variable is \
         declared inside the script (please see 'Upgrading from Alembic 0.1 to 0.2' in the \
         documentation)."
    );
    Err(Diagnostic::error(Code::RevisionFile, message)
        .at(source.place(Span::new(0, 0)))
        .hint("Write `revision = '…'` at the top level of the file."))
}

fn file_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

fn docstring(module: &[Stmt]) -> &str {
    match module.first() {
        Some(Stmt::Expr(statement)) => match &*statement.value {
            Expr::StringLiteral(literal) => literal.value.to_str(),
            _ => "",
        },
        _ => "",
    }
}
