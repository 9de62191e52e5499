//! What is another text each time, by a name that stays: folders, dates, generated ids.

use crate::folder::Folder;
use regex::{NoExpand, Regex};
use std::collections::BTreeMap;
use std::env;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

static ADDRESS: LazyLock<Regex> = LazyLock::new(|| Regex::new(" at 0x[0-9a-fA-F]+").unwrap());
static TEMPLATE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(No such template )\S*(/templates/)").unwrap());
static GENERATED: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r#"(?m)^revision(?:: str)? = ['"]([0-9a-f]{12})['"]"#).unwrap());

/// A date with its time; the second group is the offset, if it has one.
pub static DATE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{6})?([+-]\d\d:\d\d)?").unwrap()
});

/// The names of one project: `{here}`, `{top}`, `{date}`, `{rev1}`, `{tmp}`, `{false}`, `{alembic}`.
pub struct Placeholders {
    here: String,
    top: String,
    no: Option<String>,
    /// Generated ids, and their names.
    ids: Vec<(String, String)>,
}

impl Placeholders {
    /// Those of this project.
    pub fn new(folder: &Folder) -> Self {
        let text = |path: &Path| path.to_string_lossy().into_owned();
        let path = env::var_os("PATH").unwrap_or_default();
        let mut found = env::split_paths(&path).map(|folder| folder.join("false"));
        let no = found.find(|path: &PathBuf| path.is_file()).map(|path| text(&path));
        Self { here: text(&folder.here), top: text(&folder.top), no, ids: Vec::new() }
    }

    /// Gives names to the ids in new files that nobody has typed.
    pub fn learn<'a>(&mut self, new: impl Iterator<Item = &'a String>, typed: &str) {
        for text in new {
            let Some(found) = GENERATED.captures(text) else { continue };
            let id = &found[1];
            if !typed.contains(id) && !self.ids.iter().any(|(known, _)| known == id) {
                self.ids.push((id.into(), format!("{{rev{}}}", self.ids.len() + 1)));
            }
        }
    }

    /// A text with names instead of what they stand for.
    pub fn named(&self, text: &str) -> String {
        let mut text = without_addresses(text).replace(&self.here, "{here}");
        text = text.replace(&self.top, "{top}");
        if let Some(no) = &self.no {
            text = text.replace(no, "{false}");
        }
        text = TEMPLATE.replace_all(&text, "$1{alembic}$2").into();
        text = without_temporary_files(&text, &env::temp_dir());
        for (id, name) in &self.ids {
            text = text.replace(id, name);
        }
        DATE.replace_all(&text, NoExpand("{date}")).into()
    }

    /// Several texts by name, both with names.
    pub fn named_files(&self, files: &BTreeMap<String, String>) -> BTreeMap<String, String> {
        files.iter().map(|(path, text)| (self.named(path), self.named(text))).collect()
    }

    /// A text with what the names stand for.
    pub fn meant(&self, text: &str) -> String {
        let here = text.replace("{here}", &self.here);
        self.ids.iter().fold(here, |text, (id, name)| text.replace(name, id))
    }
}

/// A text in which no object of Python has an address.
pub fn without_addresses(text: &str) -> String {
    ADDRESS.replace_all(text, NoExpand(" at 0x{addr}")).into()
}

/// A text in which files of the folder for temporary files are `{tmp}`.
pub fn without_temporary_files(text: &str, folder: &Path) -> String {
    let folder = folder.to_string_lossy();
    let pattern = format!(r"{}/[\w.-]+", regex::escape(folder.trim_end_matches('/')));
    Regex::new(&pattern).unwrap().replace_all(text, NoExpand("{tmp}")).into()
}
