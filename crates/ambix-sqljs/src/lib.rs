//! [sql.js](https://sql.js.org) as a driver of the Ambix engine, for Rust programs in a browser.
//!
//! sql.js is SQLite compiled to WebAssembly, with the database in memory. The page that uses this
//! crate loads sql.js's own script first; [`Sqlite::load`] then starts it and [`Database`] performs
//! what the engine asks for ([`Database::perform`]).
//!
//! What this crate does not do: it stores nothing. A database lasts as long as its [`Database`]; to
//! keep it, [`Database::export`] gives the bytes of the file.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod binding;
mod database;
mod file;
mod parameter;
mod value;

pub use database::{Database, Sqlite};
pub use file::{Journal, Refused};
