//! The engine of Ambix: Alembic's revisions for SQLite, as values and algorithms.
//!
//! What this crate does not do: it opens no file and no database, reads no clock, draws no random
//! number and knows no programming language but SQL. Whoever runs it performs the [`engine::Request`]s
//! that it asks for, so the same code serves a browser tab, a worker, a command line and a test.
#![no_std]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

extern crate alloc;
#[cfg(test)]
extern crate std;

pub use ambix_graph::{diagnostic, revision, sort};

pub mod autogenerate;
pub mod engine;
pub mod operation;
pub mod schema;
pub mod script;
pub mod sqlite;
