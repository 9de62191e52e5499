//! Operations to Alembic's script text, to the character.

mod column;
mod constraint;
mod file;
mod operation;
mod repr;
mod slug;

pub use file::{NewScript, write_script};
pub use operation::render_operations;
pub use slug::file_name;
