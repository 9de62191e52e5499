//! Plans over large graphs: natively, in WebAssembly, and with a kit that compares with other programs.

use std::path::Path;

use anyhow::{Context as _, bail};

use crate::{build, process};

/// What a kit of benchmarks calls of ours.
const ADAPTER: &str = "tests/bench/adapter.mjs";

/// Names the folder of such a kit; there is none on most machines.
const KIT: &str = "AMBIX_BENCH_KIT";

/// Runs all to the end, also when one misses its target.
pub(super) fn run() -> anyhow::Result<()> {
    build::package()?;
    let mut native = process::command("cargo");
    native.args(["bench", "--quiet", "--package", "ambix-tests", "--bench", "planning"]);
    let mut node = process::command("node");
    node.arg("tests/bench/planning.mjs");
    let mut programs = vec![native, node];
    if let Some(kit) = std::env::var_os(KIT) {
        let mut run = process::command(&Path::new(&kit).join("run").to_string_lossy());
        let adapter = std::path::absolute(ADAPTER).context("where is the adapter?")?;
        run.args(["planning", "--check"]).env("AMBIX_ADAPTER", adapter);
        programs.push(run);
    }
    let mut failed = Vec::new();
    for program in &mut programs {
        println!();
        if let Err(error) = process::run(program) {
            failed.push(format!("{error:#}"));
        }
    }
    if !failed.is_empty() {
        bail!("{}", failed.join("\n"));
    }
    Ok(())
}
