//! A database beside the schema that it should have: on sql.js, and with a kit that compares with other programs.

use super::{kit, node, run_all};
use crate::build;

/// Runs all to the end, also when one misses its target.
pub(super) fn run() -> anyhow::Result<()> {
    build::package()?;
    let mut programs = vec![node("tests/bench/autogenerate.mjs")];
    programs.extend(kit("autogenerate")?);
    run_all(&mut programs)
}
