//! Operations to Alembic's script text, to the character.

mod batch;
mod batch_change;
mod column;
mod constraint;
mod dialect;
mod diff;
mod difference;
mod file;
mod moment;
mod operation;
mod printf;
pub(crate) mod repr;
mod rows;
mod slug;
mod style;

pub use batch::render_as_batch;
pub(crate) use dialect::dialect_imports;
pub use diff::diffs;
pub use file::{NewScript, write_script};
pub(crate) use file::{downgrade_body, in_docstring, message, upgrade_body};
pub use moment::Moment;
pub use operation::render_operations;
pub use printf::{Field, printf};
pub use slug::{FILE_TEMPLATE, SLUG_LENGTH, file_name, file_path};
pub use style::Style;
