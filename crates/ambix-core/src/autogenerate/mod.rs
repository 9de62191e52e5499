//! What has to be done so that the database becomes what the models say.
//!
//! Follows Alembic's `autogenerate/compare`, with its order of operations and its log lines. Compared
//! are tables, columns and indexes. Differences that need a rebuild of the table (types, NOT NULL,
//! defaults, constraints, options that the models ask for) are told as warnings.

mod compare;
mod order;
mod unwritten;

pub use compare::{Comparison, Finding, compare};
