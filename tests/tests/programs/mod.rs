//! The programs that tests start: real Alembic, and the native `ambix`.
//!
//! `cargo xtask test` installs the one and builds the other, and tells where they are. Without it the
//! tests that need them say so and end.
#![allow(dead_code, reason = "each test uses its part")]

pub(crate) mod project;

use std::io::Write as _;
use std::path::PathBuf;

/// The `alembic` of a virtual environment, which `AMBIX_ALEMBIC` names.
pub(crate) fn alembic(test: &str) -> Option<PathBuf> {
    named("AMBIX_ALEMBIC", "real Alembic", test)
}

/// The native program, which `AMBIX_BIN` names. Real Alembic may be put in its place, to try the tests.
pub(crate) fn ambix(test: &str) -> Option<PathBuf> {
    named("AMBIX_BIN", "the native program", test)
}

pub(crate) fn named(variable: &str, what: &str, test: &str) -> Option<PathBuf> {
    let Some(path) = std::env::var_os(variable).map(PathBuf::from) else {
        // Not with a macro, whose output is kept back where a test passes.
        let _ = writeln!(
            std::io::stderr(),
            "{test} was not run: {variable} does not name {what} (`cargo xtask test` does)"
        );
        return None;
    };
    assert!(path.exists(), "{variable} names {}, which does not exist", path.display());
    Some(path)
}

/// How many cases of a long test: few, or with `AMBIX_TEST_ALL` all of them.
pub(crate) fn sample<T>(few: T, all: T) -> T {
    if std::env::var_os("AMBIX_TEST_ALL").is_some() { all } else { few }
}
