//! `init` and `list_templates`: the beginning of a project.

use super::Done;
use super::desk::Desk;
use super::home::Beginning;
use crate::configuration::{absolute, config_files};
use crate::init::{self, Action, Found, Init};
use crate::{Request, Surroundings};
use ambix_core::diagnostic::{Code, Diagnostic};

pub(super) async fn init(desk: &Desk, around: &Surroundings, beginning: Beginning) -> Done {
    let Surroundings { folder, alembic_config, .. } = around.clone();
    let Beginning { directory, template, package } = beginning;
    let files = config_files(&desk.global.config, alembic_config.as_deref())?;
    let place = absolute(&folder, directory.as_deref().unwrap_or("."));
    let found = match desk.folder(&place).await? {
        None => Found::Nothing,
        Some(files) if files.is_empty() => Found::Empty,
        Some(_) => Found::Full,
    };
    let is_there =
        async |path: String| Ok::<_, Diagnostic>(desk.read_if_there(&path).await?.is_some());
    let toml_text = desk.read_if_there(&absolute(&folder, &files.toml)).await?;
    let steps = init::steps(&Init {
        directory: directory.as_deref(),
        template: template.as_deref(),
        package,
        ini: &files.ini,
        toml: &files.toml,
        folder: &folder,
        found,
        has_ini: is_there(absolute(&folder, &files.ini)).await?,
        toml_text: toml_text.as_deref(),
        has_ambix: is_there(format!("{place}/ambix.toml")).await?,
        has_schema: is_there(format!("{place}/schema.sql")).await?,
    })
    .map_err(|error| match error.code {
        // It was understood, so it is no matter of usage.
        Code::Usage => error.with(|error| error.code = Code::InvalidOptions),
        _ => error,
    })?;
    for step in steps {
        match step.action {
            Action::Folder(path) => {
                desk.done(Request::MakeFolder { path: path.clone() }, &path).await?
            }
            Action::Write(path, text) => desk.write(&path, text).await?,
            Action::Append(path, text) => {
                desk.done(Request::Append { path: path.clone(), text }, &path).await?;
            }
            Action::Say => {}
        }
        desk.line(step.line).await;
    }
    desk.flush().await
}

/// The error where there is nothing to begin.
pub(super) fn there_is_one() -> Diagnostic {
    Diagnostic::error(Code::InvalidOptions, "There is a project here already")
        .hint_command("make the first revision", "revision --autogenerate -m \"…\"")
}

pub(super) async fn list_templates(desk: &Desk) -> Done {
    for line in init::list_templates() {
        desk.line(line).await;
    }
    if let Some(own) = init::TEMPLATES.iter().find(|template| template.name == init::OWN) {
        desk.note(format!("and `{} init` alone: {}", desk.program, own.synopsis)).await;
    }
    Ok(())
}
