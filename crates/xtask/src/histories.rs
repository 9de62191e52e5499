//! Packages whose migration scripts are read and run as they are published.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, bail};

use crate::process;

/// Names the packages and their versions, one a line.
const REQUIREMENTS: &str = "tests/histories/requirements.txt";

/// The largest has 106 MB.
const LONGEST_DOWNLOAD: Duration = Duration::from_secs(600);

/// The folder `target/histories/`, with what can be read of each package in a folder of its name. Fetches what is not
/// there. `alembic` is the program of a virtual environment, whose pip is used.
///
/// # Errors
/// If a package cannot be had.
pub(crate) fn packages(alembic: &Path) -> anyhow::Result<PathBuf> {
    let folder = std::path::absolute("target")?.join("histories");
    let text =
        fs::read_to_string(REQUIREMENTS).with_context(|| format!("cannot read {REQUIREMENTS}"))?;
    for pin in text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'))
    {
        let Some((name, _)) = pin.split_once("==") else {
            bail!("{REQUIREMENTS} does not pin {pin} with ==");
        };
        let unpacked = folder.join(name);
        // Written last: what was interrupted has none.
        let note = unpacked.join("fetched.txt");
        if fs::read_to_string(&note).is_ok_and(|fetched| fetched == pin) {
            continue;
        }
        process::step(format_args!("fetch {pin} (pip)"));
        fetch(&alembic.with_file_name("python"), pin, &unpacked)
            .with_context(|| format!("cannot fetch {pin}"))?;
        fs::write(&note, pin).with_context(|| format!("cannot write {}", note.display()))?;
    }
    Ok(folder)
}

/// Downloads one wheel and unpacks it into a folder of its own. The wheel does not stay.
fn fetch(python: &Path, pin: &str, unpacked: &Path) -> anyhow::Result<()> {
    let wheels = unpacked.with_extension("wheel");
    for folder in [unpacked, &wheels] {
        if folder.exists() {
            fs::remove_dir_all(folder)
                .with_context(|| format!("cannot remove {}", folder.display()))?;
        }
        fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    }
    let python = python.to_string_lossy();
    let mut pip = process::command(&python);
    pip.args(["-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--retries=1"]);
    // What is in a wheel for a platform is read, not loaded: aim has none for every one.
    pip.args(["--no-deps", "--only-binary=:all:", "--dest"]).arg(&wheels).arg(pin);
    if !process::succeeds_within(LONGEST_DOWNLOAD, &mut pip) {
        pip.args(["--platform=manylinux_2_28_x86_64", "--python-version=3.11"]);
        process::output(&mut pip)?;
    }
    for wheel in wheels.read_dir()? {
        let mut unpack = process::command(&python);
        unpack.arg("tests/histories/unpack.py").arg(wheel?.path()).arg(unpacked);
        process::output(&mut unpack)?;
    }
    fs::remove_dir_all(&wheels).with_context(|| format!("cannot remove {}", wheels.display()))
}
