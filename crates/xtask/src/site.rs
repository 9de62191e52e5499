//! The static site in `dist/`: which files it has, and from where.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};

use crate::{fingerprint, minify};

/// The folder that any static host can serve from any path.
pub(crate) const DIST: &str = "dist";

const SQLJS: &str = "web/node_modules/sql.js";

/// Imports all others.
const STYLES: &str = "web/styles/main.css";

/// What is made of styles and of sql.js's script, for all roads.
const READY: &str = "target/site";

/// Lays the site out in `folder` from the finished WebAssembly of the page.
pub(crate) fn lay_out(page: &Path, folder: &Path) -> anyhow::Result<()> {
    if !Path::new("index.html").is_file() {
        bail!(
            "there is no index.html at the root of the repository: it is the page's shell, and links the rest"
        );
    }
    let sqljs = Path::new(SQLJS);
    let script = Path::new(READY).join("sql-wasm-browser.js");
    let styles = Path::new(READY).join("main.css");
    let written = sqljs.join("dist/sql-wasm-browser.js");
    minify::when_changed(&[&written], &script, |to| minify::script(&written, to))?;
    minify::when_changed(&[Path::new("web/styles")], &styles, |to| {
        minify::styles(Path::new(STYLES), to)
    })?;
    let mut files = files_under(page)?;
    files.insert("styles/main.css".into(), styles);
    files.insert("index.html".into(), "index.html".into());
    files.insert("sqljs/sql-wasm-browser.js".into(), script);
    files.insert("sqljs/sql-wasm-browser.wasm".into(), sqljs.join("dist/sql-wasm-browser.wasm"));
    files.insert("sqljs/LICENSE".into(), sqljs.join("LICENSE"));
    mirror(&files, folder)
}

/// The files below a folder: path in the folder → path from here.
pub(crate) fn files_under(folder: &Path) -> anyhow::Result<BTreeMap<PathBuf, PathBuf>> {
    let mut files = BTreeMap::new();
    for from in fingerprint::files_below(folder)? {
        files.insert(from.strip_prefix(folder)?.to_owned(), from);
    }
    Ok(files)
}

/// Makes `folder` hold these files and no others. One that is the same already is left alone, so that nobody
/// who watches the folder is disturbed.
pub(crate) fn mirror(files: &BTreeMap<PathBuf, PathBuf>, folder: &Path) -> anyhow::Result<()> {
    if folder.exists() {
        for old in fingerprint::files_below(folder)? {
            if !files.contains_key(old.strip_prefix(folder)?) {
                fs::remove_file(&old)
                    .with_context(|| format!("cannot remove {}", old.display()))?;
            }
        }
    }
    for (to, from) in files {
        let bytes = fs::read(from).with_context(|| format!("cannot read {}", from.display()))?;
        let to = folder.join(to);
        if fs::read(&to).is_ok_and(|present| present == bytes) {
            continue;
        }
        fingerprint::write(&to, &bytes)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mirror_has_the_new_files_and_not_the_old() -> anyhow::Result<()> {
        let root = std::env::temp_dir().join(format!("ambix-mirror-{}", std::process::id()));
        let (source, mirrored) = (root.join("source"), root.join("mirrored"));
        fingerprint::write(&source.join("styles/base.css"), b"new")?;
        fingerprint::write(&mirrored.join("styles/base.css"), b"old")?;
        fingerprint::write(&mirrored.join("styles/gone.css"), b"old")?;
        mirror(&files_under(&source)?, &mirrored)?;
        let names: Vec<PathBuf> = files_under(&mirrored)?.into_keys().collect();
        let text = fs::read(mirrored.join("styles/base.css"))?;
        fs::remove_dir_all(&root)?;
        assert_eq!(names, [Path::new("styles/base.css")]);
        assert_eq!(text, b"new");
        Ok(())
    }
}
