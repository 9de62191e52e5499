//! Real Alembic, in a virtual environment of its own: what Ambix is compared with.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, bail};

use crate::{apt, process};

/// Names the versions, one a line: `alembic==1.20.1`.
const REQUIREMENTS: &str = "tests/differential/requirements.txt";

/// Long enough on a busy machine, to say whether an environment works.
const A_WHILE: Duration = Duration::from_secs(60);

/// The `alembic` of the environment in `target/alembic-<version>/`, which is made when it is not there, or
/// when other versions are asked for, or its Python is gone.
///
/// # Errors
/// If there is no Python 3 that can make one, or the packages cannot be installed.
pub(crate) fn alembic() -> anyhow::Result<PathBuf> {
    let wanted =
        fs::read_to_string(REQUIREMENTS).with_context(|| format!("cannot read {REQUIREMENTS}"))?;
    let Some(version) = pinned(&wanted, "alembic") else {
        bail!("{REQUIREMENTS} does not pin alembic with ==");
    };
    // Tests run in other folders.
    let folder = std::path::absolute("target")?.join(format!("alembic-{version}"));
    let program = folder.join("bin/alembic");
    // Written last: an environment that was interrupted has none.
    let note = folder.join("installed.txt");
    if fs::read_to_string(&note).is_ok_and(|installed| installed == wanted) && works(&folder) {
        return Ok(program);
    }
    process::step(format_args!("install Alembic {version} (pip)"));
    make(&folder)?;
    fs::write(&note, wanted).with_context(|| format!("cannot write {}", note.display()))?;
    Ok(program)
}

/// The version that a package is pinned to.
fn pinned<'a>(requirements: &'a str, package: &str) -> Option<&'a str> {
    let mut pins = requirements.lines().filter_map(|line| line.split_once("=="));
    pins.find(|(name, _)| name.trim() == package).map(|(_, version)| version.trim())
}

fn works(folder: &Path) -> bool {
    let mut python = process::command(&folder.join("bin/python").to_string_lossy());
    process::succeeds_within(A_WHILE, python.args(["-c", "import alembic, sqlalchemy"]))
}

fn make(folder: &Path) -> anyhow::Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder)
            .with_context(|| format!("cannot remove {}", folder.display()))?;
    }
    let mut venv = process::command(python()?);
    process::output(venv.args(["-m", "venv"]).arg(folder))?;
    let mut pip = process::command(&folder.join("bin/python").to_string_lossy());
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"]);
    process::output(pip.arg(REQUIREMENTS)).map(drop)
}

/// A Python that can make environments: the one in the path, or Debian's, which needs a package for it.
fn python() -> anyhow::Result<&'static str> {
    const DEBIAN: &str = "/usr/bin/python3";
    let can = |python| {
        let mut python = process::command(python);
        process::succeeds_within(A_WHILE, python.args(["-c", "import venv, ensurepip"]))
    };
    for python in ["python3", DEBIAN] {
        if can(python) {
            return Ok(python);
        }
    }
    apt::ensure(&["python3", "python3-venv"], "comparing with real Alembic")?;
    Ok(DEBIAN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pin_is_read() {
        let requirements = "# why\nalembic==1.20.1\nsqlalchemy == 2.1.9\nmako>=1\n";
        assert_eq!(pinned(requirements, "alembic"), Some("1.20.1"));
        assert_eq!(pinned(requirements, "sqlalchemy"), Some("2.1.9"));
        assert_eq!(pinned(requirements, "mako"), None);
    }
}
