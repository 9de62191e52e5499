//! What the page shows: one module a pane, and the parts around them.

pub(crate) mod bottom_bar;
mod data;
pub(crate) mod editor;
pub(crate) mod graph;
pub(crate) mod header;
pub(crate) mod lower;
pub(crate) mod mark;
mod new_revision;
pub(crate) mod notices;
pub(crate) mod questions;
mod schema;
mod sql;
pub(crate) mod terminal;
