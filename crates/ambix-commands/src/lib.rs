//! The commands: `alembic revision --autogenerate -m "…"`, `upgrade head`, `current` and the others.
//!
//! A line becomes a [`Command`] by one grammar ([`grammar`]), and the command becomes an
//! [`Exchange`](ambix_core::engine::Exchange) that asks its host for everything it needs: files, the
//! database, ids, the time. So the page's terminal, its buttons and the command line do the same.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod complete;
pub mod configuration;
pub mod grammar;
pub mod init;
mod listing;
mod project;
mod request;
mod revisions;
mod run;
mod surroundings;

pub use complete::complete;
pub use grammar::{Command, parse_line, parse_words};
pub use project::{Comparing, Format, NewFiles, Project, Source};
pub use request::{Answer, Location, LogLine, Output, Report, Request, Scratch};
pub use revisions::{Revisions, read_revisions};
pub use run::{run_line, run_words};
pub use surroundings::Surroundings;
