//! Which histories there are, as `histories/histories.json` lists them.

use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The revision scripts of one database of an application.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct History {
    pub(crate) name: String,
    /// The package that has it; `requirements.txt` pins its version.
    pub(crate) package: String,
    /// The folder of its scripts in the package.
    pub(crate) scripts: String,
    /// Whether there are scripts in folders of that folder.
    #[serde(default)]
    pub(crate) recursive: bool,
    /// How its models name constraints.
    #[serde(default)]
    pub(crate) convention: BTreeMap<String, String>,
    /// The file in the package that says so.
    pub(crate) convention_of: Option<String>,
    /// The module whose models were tables before there were revisions.
    pub(crate) before: Option<String>,
    /// What runs from end to end and is compared.
    #[serde(default)]
    pub(crate) whole: Whole,
}

/// How much of a history runs from end to end.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
pub(crate) enum Whole {
    #[default]
    #[serde(rename = "nothing")]
    Nothing,
    #[serde(rename = "upgrade")]
    Upgrade,
    #[serde(rename = "upgrade and downgrade")]
    UpgradeAndDowngrade,
}

impl Whole {
    pub(crate) fn targets(self) -> &'static [&'static str] {
        match self {
            Self::Nothing => &[],
            Self::Upgrade => &["heads"],
            Self::UpgradeAndDowngrade => &["heads", "base"],
        }
    }
}

/// All of them, or those whose names contain what `AMBIX_CASE` says.
pub(crate) fn all() -> Vec<History> {
    let text = std::fs::read_to_string(crate::beside("histories.json")).unwrap();
    let mut histories: Vec<History> = serde_json::from_str(&text).unwrap();
    if let Some(part) = wanted() {
        histories.retain(|history| history.name.contains(&part));
        assert!(!histories.is_empty(), "there is a history whose name contains {part}");
    }
    histories
}

/// What `AMBIX_CASE` says.
pub(crate) fn wanted() -> Option<String> {
    std::env::var("AMBIX_CASE").ok().filter(|part| !part.is_empty())
}

impl History {
    /// The unpacked package.
    pub(crate) fn package_in(&self, packages: &Path) -> PathBuf {
        packages.join(&self.package)
    }

    /// The scripts, by their paths in their folder.
    pub(crate) fn files(&self, packages: &Path) -> Vec<PathBuf> {
        let folder = self.package_in(packages).join(&self.scripts);
        let mut files = Vec::new();
        collect(&folder, self.recursive, &mut files);
        let mut files: Vec<PathBuf> =
            files.iter().map(|file| file.strip_prefix(&folder).unwrap().into()).collect();
        files.sort();
        assert!(!files.is_empty(), "there are scripts in {}", folder.display());
        files
    }
}

fn collect(folder: &Path, recursive: bool, files: &mut Vec<PathBuf>) {
    for entry in folder.read_dir().unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && recursive {
            collect(&path, recursive, files);
        } else if path.extension().is_some_and(|end| end == "py") && !path.ends_with("__init__.py")
        {
            files.push(path);
        }
    }
}
