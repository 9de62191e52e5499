//! What `init` writes: a project that Alembic runs unchanged, or one of our own.
//!
//! `init DIRECTORY` does as Alembic does, with Alembic's messages; without a directory and a template it
//! makes a project of our own in the current folder.

mod place;
mod template;

pub use template::{OWN, TEMPLATES, Template, list_templates};

use crate::configuration::{absolute, plain};
use ambix_core::diagnostic::{Code, Diagnostic};
use place::{is_in_pyproject, relative};
use template::{Text, texts};

/// What is asked for, and what is already there.
#[derive(Clone, Copy, Debug)]
pub struct Init<'a> {
    /// The directory as it was typed.
    pub directory: Option<&'a str>,
    /// The template's name, if one was given.
    pub template: Option<&'a str>,
    /// Whether the directories are to be Python packages.
    pub package: bool,
    /// The path of the ini file: see [`config_files`](crate::configuration::config_files).
    pub ini: &'a str,
    /// The path of the `pyproject.toml`.
    pub toml: &'a str,
    /// The absolute path of the current folder.
    pub folder: &'a str,
    /// What is at the directory's path.
    pub found: Found,
    /// Whether the ini file is there.
    pub has_ini: bool,
    /// The text of the `pyproject.toml` if it is there.
    pub toml_text: Option<&'a str>,
    /// Whether an `ambix.toml` is in the directory.
    pub has_ambix: bool,
    /// Whether a `schema.sql` is in the directory.
    pub has_schema: bool,
}

/// What is at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// Nothing.
    Nothing,
    /// A folder with nothing in it.
    Empty,
    /// A folder with something in it.
    Full,
}

/// One thing to do, and the line to say when it is done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What to do.
    pub action: Action,
    /// What to say, whole: `Generating … ...  done`.
    pub line: String,
}

/// What to do. All paths are absolute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Make a folder, and those around it.
    Folder(String),
    /// Write a new file: path and text.
    Write(String, String),
    /// Write at the end of a file: path and text.
    Append(String, String),
    /// Nothing: only say it.
    Say,
}

/// What to do, in order.
///
/// # Errors
/// In Alembic's words: `Directory … already exists and is not empty`, `No such template …`. And if the
/// folder has a project of our own already.
pub fn steps(init: &Init) -> Result<Vec<Step>, Diagnostic> {
    match (init.template, init.directory) {
        (None, None) => own(init),
        (Some("sqlite" | "ambix"), _) => own(init),
        (template, directory) => {
            let Some(directory) = directory else {
                let message = "the following arguments are required: directory";
                return Err(Diagnostic::error(Code::Usage, message)
                    .hint_command("name the folder for the scripts", "init migrations"));
            };
            alembic(init, directory, template.unwrap_or("generic"))
        }
    }
}

fn alembic(init: &Init, directory: &str, template: &str) -> Result<Vec<Step>, Diagnostic> {
    let shown = plain(directory);
    if init.found == Found::Full {
        let message = format!("Directory {shown} already exists and is not empty");
        return Err(Diagnostic::error(Code::Usage, message)
            .hint_command("take a folder that does not exist yet", "init migrations"));
    }
    let template = template::find(template)?;
    let here = absolute(init.folder, directory);
    let versions = format!("{here}/versions");
    let (ini, toml) = (absolute(init.folder, init.ini), absolute(init.folder, init.toml));
    let mut steps = Vec::new();
    if init.found == Found::Nothing {
        steps.push(folder(&here));
    }
    steps.push(folder(&versions));
    let location = |file: &str| match directory.starts_with('/') {
        true => here.clone(),
        false => format!("%(here)s/{}", relative(file, &here)),
    };
    for (file, text) in texts(template, &location(&ini), &location(&toml)) {
        match file {
            Text::Beside(name) => steps.push(write(format!("{here}/{name}"), text)),
            Text::Ini if init.has_ini => {
                steps.push(say(format!("File {ini} already exists, skipping")));
            }
            Text::Ini => steps.push(write(ini.clone(), text)),
            Text::Toml => steps.push(match init.toml_text {
                None => write(toml.clone(), text),
                Some(present) if is_in_pyproject(&toml, present)? => say(format!(
                    "File {toml} already exists and already has a [tool.alembic] section, skipping"
                )),
                Some(_) => Step {
                    line: format!("Appending to existing {toml} ...  done"),
                    action: Action::Append(toml.clone(), format!("\n\n{text}")),
                },
            }),
        }
    }
    if init.package {
        for folder in [&here, &versions] {
            let path = format!("{folder}/__init__.py");
            let line = format!("Adding {path} ...  done");
            steps.push(Step { action: Action::Write(path, String::new()), line });
        }
    }
    steps.push(say(match template.in_pyproject {
        true => format!(
            "Please edit configuration settings in {toml} and configuration/connection/logging \
             settings in {ini} before proceeding."
        ),
        false => {
            format!(
                "Please edit configuration/connection/logging settings in {ini} before proceeding."
            )
        }
    }));
    Ok(steps)
}

/// A project of our own.
fn own(init: &Init) -> Result<Vec<Step>, Diagnostic> {
    let here = absolute(init.folder, init.directory.unwrap_or("."));
    let settings = format!("{here}/ambix.toml");
    if init.has_ambix {
        let message = format!("File {settings} already exists: there is a project here");
        return Err(Diagnostic::error(Code::Usage, message)
            .hint_command("begin its first revision", "revision -m \"create tables\""));
    }
    let mut steps = Vec::new();
    if init.found == Found::Nothing && init.directory.is_some() {
        steps.push(folder(&here));
    }
    steps.push(folder(&format!("{here}/revisions")));
    let schema = format!("{here}/schema.sql");
    steps.push(match init.has_schema {
        true => say(format!("File {schema} already exists, skipping")),
        false => write(schema, template::SCHEMA.into()),
    });
    steps.push(write(settings.clone(), template::SETTINGS.into()));
    steps.push(say(format!("Please check in {settings} where the database is to be.")));
    Ok(steps)
}

fn folder(path: &str) -> Step {
    Step {
        action: Action::Folder(path.into()),
        line: format!("Creating directory {path} ...  done"),
    }
}

fn write(path: String, text: String) -> Step {
    let line = format!("Generating {path} ...  done");
    Step { action: Action::Write(path, text), line }
}

fn say(line: String) -> Step {
    Step { action: Action::Say, line }
}

#[cfg(test)]
mod tests;
