//! What comes from npm.

use std::path::Path;

use crate::{fingerprint, process};

/// `npm ci` in a folder, unless its lock file is as it was the last time.
pub(crate) fn install(folder: &str) -> anyhow::Result<()> {
    let folder_path = Path::new(folder);
    let lock = folder_path.join("package-lock.json");
    let manifest = folder_path.join("package.json");
    let modules = folder_path.join("node_modules");
    fingerprint::when_changed(&format!("npm-{folder}"), &[&manifest, &lock], &modules, || {
        process::step(format_args!("npm ci in {folder}/"));
        let mut npm = process::command("npm");
        npm.args(["ci", "--no-audit", "--no-fund"]).current_dir(folder);
        process::output(&mut npm).map(drop)
    })
}
