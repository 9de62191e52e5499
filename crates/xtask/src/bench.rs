//! `cargo xtask bench`: how long things take, always beside a floor that was measured in the same run.

mod autogenerate;
mod planning;
mod python;
mod rebuild;

use crate::process;
use anyhow::{Context as _, bail};
use std::path::Path;
use std::process::Command;
use std::str::FromStr;

/// What a kit of benchmarks calls of ours.
const ADAPTER: &str = "tests/bench/adapter.mjs";

/// Names the folder of such a kit; there is none on most machines.
const KIT: &str = "AMBIX_BENCH_KIT";

/// What can be measured.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Bench {
    Autogenerate,
    Planning,
    Python,
    Rebuild,
}

impl FromStr for Bench {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        match name {
            "autogenerate" => Ok(Self::Autogenerate),
            "planning" => Ok(Self::Planning),
            "python" => Ok(Self::Python),
            "rebuild" => Ok(Self::Rebuild),
            other => Err(format!("there is no bench `{other}`")),
        }
    }
}

/// Measures and prints tables. A target that is missed is an error.
pub(crate) fn run(bench: Bench) -> anyhow::Result<()> {
    match bench {
        Bench::Autogenerate => autogenerate::run(),
        Bench::Planning => planning::run(),
        Bench::Python => python::run(),
        Bench::Rebuild => rebuild::run(),
    }
}

fn node(script: &str) -> Command {
    let mut node = process::command("node");
    node.arg(script);
    node
}

/// A bench of the kit, with our adapter, if there is a kit.
fn kit(bench: &str) -> anyhow::Result<Option<Command>> {
    let Some(kit) = std::env::var_os(KIT) else { return Ok(None) };
    let mut run = process::command(&Path::new(&kit).join("run").to_string_lossy());
    let adapter = std::path::absolute(ADAPTER).context("where is the adapter?")?;
    run.args([bench, "--check"]).env("AMBIX_ADAPTER", adapter);
    Ok(Some(run))
}

/// Runs all to the end, also when one fails.
fn run_all(programs: &mut [Command]) -> anyhow::Result<()> {
    let mut failed = Vec::new();
    for program in programs {
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
