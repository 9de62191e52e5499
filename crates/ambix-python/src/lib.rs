//! Reads SQLAlchemy models and Alembic revision scripts, and writes Alembic scripts: all of it
//! without Python.
//!
//! What this crate does not do: it never runs what it reads. A text becomes a syntax tree, the tree
//! becomes values (literals, names followed through imports, calls), and the values become a schema
//! or operations. What is not understood is named with its place and never skipped in silence.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod environment;
mod evaluate;
mod highlight;
mod models;
mod script;
mod sqlalchemy;
mod syntax;
mod template;
mod value;
mod write;

pub use environment::{
    ConfigureOptions, Environment, Filters, Function, Metadata, Sections, Surroundings, Unreadable,
    Url, imported_modules, read_environment,
};
pub use highlight::{Highlight, highlight};
pub use models::{Models, read_models, read_models_of, read_naming_convention};
pub use script::{Header, Script, read_header, read_script, read_script_for};
pub use template::{STANDARD_TEMPLATE, Template};
pub use write::{
    FILE_TEMPLATE, Field, Moment, NewScript, SLUG_LENGTH, Style, diffs, file_name, file_path,
    printf, render_as_batch, render_operations, write_script,
};
