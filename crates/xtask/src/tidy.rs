//! `cargo xtask tidy`: formatting, lints, and the rules of the house that no compiler knows.

mod arrows;
mod files;

use anyhow::bail;

use crate::process;
use crate::test::Tally;

/// A rule and what broke it: one line a fault, each with its place.
type Rule = (&'static str, fn() -> anyhow::Result<Vec<String>>);

const RULES: [Rule; 9] = [
    ("the code is formatted", formatted),
    ("the lints are silent", linted),
    ("crates depend along the arrows", arrows::between_crates),
    ("only the outermost crates know JavaScript", arrows::to_javascript),
    ("the engine is no_std", engine_is_no_std),
    ("every colour is in tokens.css", files::colours),
    ("names say what is inside", files::names),
    ("a file is read in one sitting", files::lengths),
    ("no path of a machine", files::machine_paths),
];

/// Checks all rules; fails when one is broken.
pub(crate) fn run() -> anyhow::Result<()> {
    let tally = check();
    println!("{tally}");
    if tally.failed > 0 {
        bail!("not tidy");
    }
    Ok(())
}

/// Checks all rules, printing each with its faults, and counts them.
pub(crate) fn check() -> Tally {
    let held = |(name, rule): &Rule| match rule() {
        Ok(faults) if faults.is_empty() => {
            println!("ok    {name}");
            Tally::PASSED
        }
        Ok(faults) => {
            println!("FAIL  {name}\n      {}", faults.join("\n      "));
            Tally::FAILED
        }
        Err(error) => {
            println!("FAIL  {name}: {error:#}");
            Tally::FAILED
        }
    };
    RULES.iter().map(held).sum()
}

/// Nobody should have to talk about blanks.
fn formatted() -> anyhow::Result<Vec<String>> {
    process::run(process::command("cargo").args(["fmt", "--all", "--check"]))?;
    Ok(Vec::new())
}

/// All crates, those for the browser too: they compile for this machine as well, and the lints are the same.
fn linted() -> anyhow::Result<Vec<String>> {
    let mut clippy = process::command("cargo");
    clippy.args([
        "clippy",
        "--quiet",
        "--workspace",
        "--all-targets",
        "--keep-going",
        "--",
        "-D",
        "warnings",
    ]);
    process::run(&mut clippy)?;
    Ok(Vec::new())
}

/// The engine runs where there is no operating system. The build without std proves it; this names the line.
fn engine_is_no_std() -> anyhow::Result<Vec<String>> {
    let mut faults = Vec::new();
    for path in ["crates/ambix-graph/src/lib.rs", "crates/ambix-core/src/lib.rs"] {
        let text = std::fs::read_to_string(path)?;
        if !text.lines().any(|line| line.trim() == "#![no_std]") {
            faults.push(format!("{path}: `#![no_std]` is missing"));
        }
    }
    Ok(faults)
}
