//! What has to be done so that the database becomes what the models say.
//!
//! Follows Alembic's `autogenerate/compare`, with its order of operations and its log lines. By default more is
//! seen than Alembic sees, and what it reports although nothing differs is not reported; with [`Rules::parity`]
//! the answer is Alembic's.

mod columns;
mod compare;
mod constraints;
mod defaults;
mod found;
mod keys;
mod order;
mod others;
mod reflected;
mod rename;
mod rules;
#[cfg(test)]
mod tests;
mod types;

pub use compare::compare;
pub use found::{Comparison, Finding};
pub use rename::{Candidate, Rename, renamed_columns, renamed_tables};
pub use rules::Rules;
