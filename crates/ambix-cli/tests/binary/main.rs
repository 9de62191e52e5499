//! The real binary, in projects in temporary folders.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod database;
mod interrupt;
mod kill;
mod lock;
mod project;
mod terminal;
mod tutorial;
