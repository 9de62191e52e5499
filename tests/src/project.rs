//! The Alembic project that recorded graphs and scripts are put into.

use crate::folder::Folder;
use crate::placeholders::without_addresses;
use regex::Regex;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::env;

/// A revision of a recorded graph.
#[derive(Deserialize)]
pub struct Revision {
    /// Its id.
    pub revision: String,
    /// Its parents.
    #[serde(default)]
    pub down_revision: OneOrMany,
    /// Its branch labels.
    #[serde(default)]
    pub branch_labels: Vec<String>,
    /// The ids and labels that it depends on.
    #[serde(default)]
    pub depends_on: Vec<String>,
    /// The whole of its docstring.
    pub message: String,
}

/// None, one or several: Alembic takes any of them in many places.
#[derive(Clone, Default, Deserialize)]
#[serde(untagged)]
pub enum OneOrMany {
    /// None.
    #[default]
    None,
    /// One.
    One(String),
    /// Several.
    Many(Vec<String>),
}

impl OneOrMany {
    /// All of them.
    pub fn all(&self) -> &[String] {
        match self {
            Self::None => &[],
            Self::One(one) => std::slice::from_ref(one),
            Self::Many(many) => many,
        }
    }
}

impl Revision {
    /// The script, which does nothing.
    pub fn script(&self) -> String {
        let parents = match &self.down_revision {
            OneOrMany::One(parent) => quoted(parent),
            parents => tuple(parents.all()),
        };
        format!(
            "\"\"\"{}\"\"\"\nrevision = {}\ndown_revision = {parents}\nbranch_labels = {}\n\
             depends_on = {}\n\n\ndef upgrade():\n    pass\n\n\ndef downgrade():\n    pass\n",
            self.message,
            quoted(&self.revision),
            tuple(&self.branch_labels),
            tuple(&self.depends_on),
        )
    }
}

/// Makes a project with these revisions in `migrations/versions`, `r000.py` first. `settings` are further
/// lines of the section `[alembic]`; `template` is what new scripts are made from, if not the usual one.
pub fn alembic_project(revisions: &[Revision], settings: &str, template: Option<&str>) -> Folder {
    let folder = Folder::new();
    let ini = include_str!("../recorded/project/alembic.ini").replace("{extra}", settings);
    folder.write("alembic.ini", &ini);
    folder.write("migrations/env.py", include_str!("../recorded/project/env.py"));
    let usual = include_str!("../recorded/project/script.py.mako");
    folder.write("migrations/script.py.mako", template.unwrap_or(usual));
    std::fs::create_dir(folder.here.join("migrations/versions")).unwrap();
    for (nth, revision) in revisions.iter().enumerate() {
        folder.write(&format!("migrations/versions/r{nth:03}.py"), &revision.script());
    }
    folder
}

/// Makes a project with models in the package `app`: `models.py`, and these modules beside it. `options` are more lines
/// of env.py, and more arguments of its `context.configure`.
pub fn models_project(
    models: &str,
    modules: &BTreeMap<String, String>,
    options: &[(String, String)],
) -> Folder {
    let folder = alembic_project(&[], "", None);
    let lines: Vec<&str> = options.iter().map(|(line, _)| line.as_str()).collect();
    let arguments: Vec<&str> = options.iter().map(|(_, argument)| argument.as_str()).collect();
    let env = include_str!("../recorded/project/env.py");
    let env = env.replace(
        "target_metadata = None",
        &format!("{}\n\n\n{}", metadata(models), lines.join("\n\n\n")),
    );
    let call = "target_metadata=target_metadata,";
    let env = env.replace(&format!("{call})"), &format!("{call} {})", arguments.join(", ")));
    folder.write("migrations/env.py", &env);
    folder.write("app/__init__.py", "");
    folder.write("app/models.py", models);
    for (name, text) in modules {
        folder.write(&format!("app/{name}"), text);
    }
    folder
}

/// How env.py comes by the models' metadata.
fn metadata(models: &str) -> String {
    let is_there = |name: &str| {
        let made = format!(r"(?m)^(class {name}\b|{name}\b[^=\n]*=)|^from .* import .*\b{name}\b");
        Regex::new(&made).unwrap().is_match(models)
    };
    if is_there("Base") {
        return "from app.models import Base\n\ntarget_metadata = Base.metadata".into();
    }
    let name = ["metadata", "metadata_obj", "meta"].into_iter().find(|name| is_there(name));
    let name = name.expect("the models have a metadata");
    format!("from app.models import {name}\n\ntarget_metadata = {name}")
}

/// A printed text with placeholders for the folders. Graphs and scripts were recorded with the scripts'
/// folder as `{here}`.
pub fn plain(text: &str, folder: &Folder) -> String {
    let here = folder.here.to_string_lossy();
    let text = without_addresses(text).replace(&*here, "{here}");
    let text = text.replace("{here}/migrations", "{here}");
    crate::placeholders::without_temporary_files(&text, &env::temp_dir())
}

fn tuple(items: &[String]) -> String {
    if items.is_empty() {
        return "None".into();
    }
    let items: String = items.iter().map(|item| format!("{},", quoted(item))).collect();
    format!("({items})")
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
}
