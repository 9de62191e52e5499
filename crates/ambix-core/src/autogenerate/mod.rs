//! What has to be done so that the database becomes what the models say.
//!
//! Follows Alembic's `autogenerate/compare`, with its order of operations and its log lines. Compared
//! are tables, columns and indexes. Other differences are seen and told as warnings.

mod compare;
mod order;
mod unwritten;

pub use compare::{Comparison, Finding, compare};
