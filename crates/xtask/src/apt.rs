//! Debian packages. CI's machine starts with none of what we need, and its user is root: there we install.
//! On anybody else's machine we only say what to type.

use std::process::Stdio;

use anyhow::{Context as _, bail};

use crate::process;

/// Whether all of these are installed, as Debian's package manager sees it.
pub(crate) fn installed(packages: &[&str]) -> bool {
    let mut query = process::command("dpkg-query");
    query
        .args(["--show", "--showformat", "${db:Status-Status}\n"])
        .args(packages)
        .stderr(Stdio::null());
    query.output().is_ok_and(|answer| {
        let states = String::from_utf8_lossy(&answer.stdout);
        states.lines().filter(|state| *state == "installed").count() == packages.len()
    })
}

/// Installs what is missing, or fails with the one line that would.
pub(crate) fn ensure(packages: &[&str], purpose: &str) -> anyhow::Result<()> {
    if installed(packages) {
        return Ok(());
    }
    let names = packages.join(" ");
    let line = format!("apt-get update && apt-get install -y --no-install-recommends {names}");
    if !is_root() || !has_apt() {
        bail!("{purpose} needs Debian's {names}. As root on Debian 12 or later, run:\n  {line}");
    }
    process::step(format_args!("install {names} (apt)"));
    install(packages).with_context(|| format!("{purpose} needs {names}"))
}

fn install(packages: &[&str]) -> anyhow::Result<()> {
    process::output(process::command("apt-get").args(["update", "--quiet"]))?;
    let mut install = process::command("apt-get");
    install.env("DEBIAN_FRONTEND", "noninteractive");
    install.args(["install", "--quiet", "--yes", "--no-install-recommends"]).args(packages);
    process::output(&mut install).map(drop)
}

fn is_root() -> bool {
    process::output(process::command("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}

fn has_apt() -> bool {
    process::output(process::command("apt-get").arg("--version")).is_ok()
}
