//! The `ambix` command: the native host of Ambix's commands.
//!
//! What a command does is written once, in `ambix-commands`, without I/O. Here its requests are
//! performed: files, SQLite, the terminal, other programs. A link to the program named `alembic` is a
//! program named `alembic`: messages use the name it was called by.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod backup;
mod clock;
mod colour;
mod database;
mod editor;
mod failure;
mod files;
mod host;
mod interrupt;
mod journey;
mod lock;
mod process;
mod progress;
mod report;
mod statement;
mod surroundings;
mod switches;
mod terminal;

use ambix_commands::{parse_words, run_words};
use host::Host;
use std::io::Write as _;
use std::process::ExitCode;

/// Syntax trees are many small pieces of memory: reading models takes a quarter less time than with that of libc.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let call = match surroundings::call() {
        Ok(call) => call,
        Err(why) => {
            // Where nobody can be told, the exit code has to do.
            let _ = writeln!(std::io::stderr(), "{why}");
            return ExitCode::from(2);
        }
    };
    let quiet = parse_words(&call.program, &call.words).is_ok_and(|line| line.global.quiet);
    let host = Host::new(&call.program, &call.surroundings.folder, quiet);
    let exchange = run_words(&call.program, &call.words, call.surroundings);
    ExitCode::from(host.run(exchange))
}
