//! `cargo xtask sizes`: what a first visit loads, and what the npm package adds to an app.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};

use crate::{build, fingerprint, process, site};

/// Everything that the first visit loads, in bytes, brotli, with the standard library that comes compiled. It shall be
/// 1,000,000 again.
const BUDGET: u64 = 1_040_000;

/// One line of the table.
struct Size {
    path: PathBuf,
    raw: u64,
    brotli: u64,
}

/// Prints the table of what is built, and fails when the first visit is over its budget.
pub(crate) fn run() -> anyhow::Result<()> {
    runner(Path::new(build::PKG_WASM))?;
    first_visit(Path::new(site::DIST))
}

/// What the npm package adds to sql.js, with the WebAssembly of `wasm`; nothing where it is not built.
pub(crate) fn runner(wasm: &Path) -> anyhow::Result<()> {
    let mut added = Vec::new();
    for folder in [wasm, Path::new(build::PKG_DIST)].into_iter().filter(|folder| folder.exists()) {
        added.extend(fingerprint::files_below(folder)?);
    }
    added.retain(|path| path.extension().is_some_and(|kind| kind == "wasm" || kind == "js"));
    if !added.is_empty() {
        table("npm package, beyond sql.js", &measure(added)?);
    }
    Ok(())
}

/// The same for a site alone.
pub(crate) fn first_visit(site: &Path) -> anyhow::Result<()> {
    if !site.exists() {
        bail!("{} is not built yet: run `cargo xtask build`", site.display());
    }
    let mut files = fingerprint::files_below(site)?;
    files.retain(|file| !file.ends_with("LICENSE"));
    let total = table("first visit", &measure(files)?);
    within_budget(total)
}

fn within_budget(total: u64) -> anyhow::Result<()> {
    if total > BUDGET {
        bail!(
            "the first visit loads {} bytes, {} more than the budget",
            grouped(total),
            grouped(total - BUDGET)
        );
    }
    Ok(())
}

fn measure(files: Vec<PathBuf>) -> anyhow::Result<Vec<Size>> {
    let size_of = |path: PathBuf| {
        let bytes = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let brotli = fingerprint::remembered("brotli", &bytes, || compressed(&path))?;
        Ok(Size { raw: bytes.len() as u64, path, brotli })
    };
    files.into_iter().map(size_of).collect()
}

/// As a static host compresses once and for all: quality 11, the largest ordinary window. Node has the
/// reference encoder in it, so nothing needs to be compiled for this.
fn compressed(path: &Path) -> anyhow::Result<u64> {
    const SCRIPT: &str = "
        const { brotliCompressSync, constants } = require('node:zlib');
        const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 24 };
        const bytes = require('node:fs').readFileSync(process.argv[1]);
        console.log(brotliCompressSync(bytes, { params }).length);";
    let answer = process::output(process::command("node").args(["-e", SCRIPT]).arg(path))?;
    answer.trim().parse().with_context(|| format!("node cannot compress {}", path.display()))
}

/// Prints the lines and gives the sum of the compressed sizes.
fn table(title: &str, sizes: &[Size]) -> u64 {
    println!("\n{title:<44} {:>11} {:>11}", "bytes", "brotli");
    for size in sizes {
        println!(
            "  {:<42} {:>11} {:>11}",
            size.path.display().to_string(),
            grouped(size.raw),
            grouped(size.brotli)
        );
    }
    let raw = sizes.iter().map(|size| size.raw).sum();
    let brotli = sizes.iter().map(|size| size.brotli).sum();
    println!("  {:<42} {:>11} {:>11}", "together", grouped(raw), grouped(brotli));
    brotli
}

/// 1234567 → `1,234,567`.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_by_three() {
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(999), "999");
        assert_eq!(grouped(1000), "1,000");
        assert_eq!(grouped(1_234_567), "1,234,567");
    }

    #[test]
    fn one_byte_over_the_budget_is_too_much() {
        assert!(within_budget(BUDGET).is_ok());
        let error = within_budget(BUDGET + 1).map_err(|error| error.to_string());
        assert_eq!(
            error,
            Err("the first visit loads 1,040,001 bytes, 1 more than the budget".to_owned())
        );
    }

    #[test]
    fn repetition_compresses() -> anyhow::Result<()> {
        let path = std::env::temp_dir().join(format!("ambix-sizes-{}", std::process::id()));
        fs::write(&path, [b'a'; 100_000])?;
        let size = compressed(&path);
        fs::remove_file(&path)?;
        assert!((1..100).contains(&size?));
        Ok(())
    }
}
