//! Alembic's revision scripts to a header and operations.

mod alter_column;
mod attempt;
mod batch;
mod batch_column;
mod batch_settings;
mod body;
mod bulk_insert;
mod changes;
mod column;
mod constraint;
mod core_expression;
mod core_statement;
mod desk;
mod directive;
mod execute;
mod header;
mod index;
mod inspector;
mod irreversible;
mod json;
mod moment;
mod number;
mod reader;
mod reflected;
mod result;
mod single_change;
mod stored;
mod table;
mod tables;

pub(crate) use directive::WRITE_SQL;
pub use header::{Header, read_header};
pub(crate) use json::json;

use crate::syntax::{File, parse};
use ambix_core::diagnostic::{Code, Diagnostic};
use ambix_core::engine::Model;
use ambix_core::operation::Directive;
use ambix_core::revision::{Direction, irreversible};
use ambix_core::schema::NamingConvention;
use ambix_core::sqlite::alter::Stop;
use irreversible::Declared;

/// A revision script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Script {
    /// What it says of itself.
    pub header: Header,
    /// What `upgrade()` does, or why that cannot be read: [`Code::LooksAtDatabase`] if it depends on the database,
    /// and [`read_script_for`] has to be asked.
    pub upgrade: Result<Vec<Directive>, Diagnostic>,
    /// What `downgrade()` does, or why that cannot be read. It need not be readable to upgrade.
    pub downgrade: Result<Vec<Directive>, Diagnostic>,
}

/// Reads an Alembic revision script. Constraints and indexes that it does not name get their names from
/// `convention`: that of `target_metadata` in env.py.
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
/// let convention = ambix_core::schema::NamingConvention::default();
/// let script = ambix_python::read_script("versions/ae1027a6acf_tune.py", text, &convention)?;
/// assert_eq!(script.header.revision, "ae1027a6acf");
/// assert_eq!(script.upgrade?[0].operation.name(), "execute");
/// # Ok::<(), ambix_core::diagnostic::Diagnostic>(())
/// ```
pub fn read_script(
    path: &str,
    text: &str,
    convention: &NamingConvention,
) -> Result<Script, Diagnostic> {
    let file = File::new(path, text);
    let source = file.source();
    let parsed = parse(source)?;
    let module = &parsed.syntax().body;
    let (header, declared) = header::header(source, module)?;
    let downgrade = match declared {
        Some(Declared { reason, span }) => {
            Err(irreversible(&header.revision, &reason, &header.down_revision)
                .at(source.place(span)))
        }
        None => without_database(body::directives(source, convention, module, "downgrade", None)),
    };
    let upgrade = without_database(body::directives(source, convention, module, "upgrade", None));
    Ok(Script { header, upgrade, downgrade })
}

/// Where there is no database, nothing is asked of it.
fn without_database(read: Result<Vec<Directive>, Stop>) -> Result<Vec<Directive>, Diagnostic> {
    read.map_err(|stop| match stop {
        Stop::Refused(error) => error,
        Stop::Unknown(_) => Diagnostic::error(
            Code::LooksAtDatabase,
            "What this revision does depends on the database",
        ),
    })
}

/// What a script does to the database of `model`: reads one of its two functions, which may look at the tables
/// that there are.
///
/// # Errors
/// [`Stop::Unknown`] if the database has to be asked for rows first: learn the answer and read again. Else as
/// [`read_script`], and if what the function reaches is not understood.
pub fn read_script_for(
    path: &str,
    text: &str,
    convention: &NamingConvention,
    direction: Direction,
    model: &Model,
) -> Result<Vec<Directive>, Stop> {
    let file = File::new(path, text);
    let parsed = parse(file.source())?;
    let function = match direction {
        Direction::Upgrade => "upgrade",
        Direction::Downgrade => "downgrade",
    };
    body::directives(file.source(), convention, &parsed.syntax().body, function, Some(model))
}
