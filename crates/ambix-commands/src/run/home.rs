use super::desk::Desk;
use super::{Done, completion, hooks, initializing, opening};
use crate::{Project, Surroundings};
use ambix_core::diagnostic::Diagnostic;
use ambix_python::{NewScript, Template};
use std::pin::Pin;

/// Where a command is given.
pub(super) enum Home {
    /// In a project that the host knows all of.
    Project(Box<Project>),
    /// In a folder, whose configuration says what the project is.
    Folder(Surroundings, Configured),
}

pub(super) type Local<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// What is only needed where there is a configuration. A page, which has none, is linked without all of it
/// because it is reached through these pointers alone.
pub(super) struct Configured {
    /// Reads the project.
    pub(super) open:
        for<'a> fn(&'a Desk, &'a Surroundings) -> Local<'a, Result<Project, Diagnostic>>,
    /// Begins a project.
    pub(super) init: for<'a> fn(&'a Desk, &'a Surroundings, Beginning) -> Local<'a, Done>,
    /// Lists what a project can begin with.
    pub(super) list_templates: for<'a> fn(&'a Desk) -> Local<'a, Done>,
    /// Prints the completion for a shell.
    pub(super) completion: for<'a> fn(&'a Desk, String) -> Local<'a, Done>,
    /// Writes a script by the project's template: its path and text.
    pub(super) render: fn(&str, &str, &NewScript) -> Result<String, Diagnostic>,
    /// Runs the project's hooks over the new file of this path.
    pub(super) hooks: for<'a> fn(&'a Desk, &'a str) -> Local<'a, Done>,
}

/// The options of `init`.
pub(super) struct Beginning {
    pub(super) directory: Option<String>,
    pub(super) template: Option<String>,
    pub(super) package: bool,
}

impl Home {
    /// A folder, with all that can be done there.
    pub(super) fn folder(surroundings: Surroundings) -> Self {
        Self::Folder(
            surroundings,
            Configured {
                open: |desk, around| Box::pin(opening::open(desk, around)),
                init: |desk, around, beginning| {
                    Box::pin(initializing::init(desk, around, beginning))
                },
                list_templates: |desk| Box::pin(initializing::list_templates(desk)),
                completion: |desk, shell| Box::pin(completion::script(desk, shell)),
                render: |path, text, script| Template::read(path, text)?.render(script),
                hooks: |desk, path| Box::pin(hooks::run(desk, path)),
            },
        )
    }
}
