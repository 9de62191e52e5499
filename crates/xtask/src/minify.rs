//! Scripts and styles as a browser needs them: without blanks, comments and long names. esbuild does it.

use std::path::Path;

use crate::{fingerprint, process};

/// Where [`crate::npm::install`] puts esbuild.
const FOLDER: &str = "web";

/// Writes the script `from` to `to`, which may be the same file. What it exports keeps its names.
pub(crate) fn script(from: &Path, to: &Path) -> anyhow::Result<()> {
    esbuild(from, to, &[])
}

/// Writes the style sheet `from`, with all that it imports, to the one file `to`.
pub(crate) fn styles(from: &Path, to: &Path) -> anyhow::Result<()> {
    esbuild(from, to, &["--bundle"])
}

fn esbuild(from: &Path, to: &Path, how: &[&str]) -> anyhow::Result<()> {
    let mut esbuild = process::command("npx");
    esbuild.args([
        "--no-install",
        "esbuild",
        "--minify",
        "--log-level=warning",
        "--allow-overwrite",
    ]);
    esbuild.args(how).arg(std::path::absolute(from)?);
    esbuild.arg(format!("--outfile={}", std::path::absolute(to)?.display()));
    process::output(esbuild.current_dir(FOLDER)).map(drop)
}

/// The same, unless `inputs` (files or folders) are as they were the last time.
pub(crate) fn when_changed(
    inputs: &[&Path],
    to: &Path,
    write: impl FnOnce(&Path) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let step = to.to_string_lossy().replace(['/', '\\'], "-");
    fingerprint::when_changed(&step, inputs, to, || write(to))
}
