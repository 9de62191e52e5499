//! `cargo xtask fuzz`: random bytes at everything that reads SQL or Python, with cargo-fuzz.
//!
//! The targets are in `tests/fuzz`. What reaches new code stays in `tests/fuzz/found`, which git does not see,
//! so that the next run goes on from there. What was wrong once (`cargo fuzz tmin` makes it small) goes into
//! `tests/fuzz/corpus`, where the tests replay it, with some of the rest.

use std::path::Path;

use anyhow::{Context as _, bail};

use crate::process;

const FOLDER: &str = "tests/fuzz";

/// Runs each target for so many minutes. A crash is an error, and its bytes are in `tests/fuzz/artifacts`.
pub(crate) fn run(minutes: u64) -> anyhow::Result<()> {
    ensure_installed()?;
    let mut targets = Vec::new();
    let folder = Path::new(FOLDER).join("targets");
    for entry in folder.read_dir().with_context(|| format!("cannot read {}", folder.display()))? {
        let path = entry?.path();
        targets.extend(path.file_stem().map(|name| name.to_string_lossy().into_owned()));
    }
    targets.sort();
    for target in &targets {
        process::step(format_args!("{target}, {minutes} minutes"));
        fuzz(target, minutes)?;
    }
    Ok(())
}

fn fuzz(target: &str, minutes: u64) -> anyhow::Result<()> {
    let found = Path::new(FOLDER).join("found").join(target);
    std::fs::create_dir_all(&found).with_context(|| format!("cannot make {}", found.display()))?;
    let (found, corpus) = (format!("found/{target}"), format!("corpus/{target}"));
    let seconds = format!("-max_total_time={}", minutes * 60);
    let mut run = cargo_fuzz();
    run.args(["run", "--fuzz-dir", ".", target, &found, &corpus, "--", &seconds]);
    run.args(["-max_len=4096", "-timeout=30"]);
    process::run(&mut run)
}

fn cargo_fuzz() -> std::process::Command {
    let mut cargo = process::command("cargo");
    cargo.current_dir(FOLDER).args(["+nightly", "fuzz"]);
    cargo
}

fn ensure_installed() -> anyhow::Result<()> {
    let toolchains = process::output(process::command("rustup").args(["toolchain", "list"]))
        .context("fuzzing needs rustup, for a nightly compiler: see https://rustup.rs")?;
    if !toolchains.lines().any(|line| line.starts_with("nightly")) {
        bail!(
            "fuzzing needs a nightly compiler: rustup toolchain install nightly --profile minimal"
        );
    }
    if process::output(process::command("cargo").args(["fuzz", "--version"])).is_err() {
        bail!("fuzzing needs cargo-fuzz: cargo install cargo-fuzz");
    }
    Ok(())
}
