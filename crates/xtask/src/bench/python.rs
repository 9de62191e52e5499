//! Models and scripts, read natively.

use crate::process;

pub(super) fn run() -> anyhow::Result<()> {
    let mut native = process::command("cargo");
    native.args(["bench", "--quiet", "--package", "ambix-tests", "--bench", "python"]);
    process::run(&mut native)
}
