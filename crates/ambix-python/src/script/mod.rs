//! Alembic's revision scripts to a header and operations.

mod body;
mod bulk_insert;
mod directive;
mod header;
mod json;
mod moment;
mod number;
mod stored;
mod table;
mod tables;

pub use header::{Header, read_header};

use crate::syntax::{File, parse};
use crate::value::Names;
use ambix_core::diagnostic::Diagnostic;
use ambix_core::operation::Directive;

/// A revision script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Script {
    /// What it says of itself.
    pub header: Header,
    /// What `upgrade()` does, or why that cannot be read.
    pub upgrade: Result<Vec<Directive>, Diagnostic>,
    /// What `downgrade()` does, or why that cannot be read. It need not be readable to upgrade.
    pub downgrade: Result<Vec<Directive>, Diagnostic>,
}

/// Reads an Alembic revision script.
///
/// # Errors
/// If `text` is no Python, or its header cannot be read. What is not understood in one of the two
/// functions is an error of that function only.
///
/// ```
/// let text = "
/// from alembic import op
/// revision = 'ae1027a6acf'
/// down_revision = None
///
/// def upgrade():
///     op.execute('PRAGMA optimize')
///
/// def downgrade():
///     pass
/// ";
/// let script = ambix_python::read_script("versions/ae1027a6acf_tune.py", text)?;
/// assert_eq!(script.header.revision, "ae1027a6acf");
/// assert_eq!(script.upgrade?[0].operation.name(), "execute");
/// # Ok::<(), ambix_core::diagnostic::Diagnostic>(())
/// ```
pub fn read_script(path: &str, text: &str) -> Result<Script, Diagnostic> {
    let file = File::new(path, text);
    let source = file.source();
    let parsed = parse(source)?;
    let module = &parsed.syntax().body;
    let names = Names::of(module);
    Ok(Script {
        header: header::header(source, &names, module)?,
        upgrade: body::directives(source, &names, module, "upgrade"),
        downgrade: body::directives(source, &names, module, "downgrade"),
    })
}
