//! Plans over large graphs: natively, in WebAssembly, and with a kit that compares with other programs.

use super::{kit, node, run_all};
use crate::{build, process};

/// Runs all to the end, also when one misses its target.
pub(super) fn run() -> anyhow::Result<()> {
    build::package()?;
    let mut native = process::command("cargo");
    native.args(["bench", "--quiet", "--package", "ambix-tests", "--bench", "planning"]);
    let mut programs = vec![native, node("tests/bench/planning.mjs")];
    programs.extend(kit("planning")?);
    run_all(&mut programs)
}
