use ambix_core::diagnostic::{Code, Diagnostic};
use ambix_python::STANDARD_TEMPLATE;

/// A kind of project.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Template {
    /// Its name.
    pub name: &'static str,
    /// What it is, in a line: the first of its README.
    pub synopsis: &'static str,
    /// Whether Alembic's settings are in `pyproject.toml`.
    pub in_pyproject: bool,
    /// Whether env.py connects with an asynchronous driver.
    pub is_async: bool,
}

/// The name of Ambix's own kind.
pub const OWN: &str = "sqlite";

/// The kinds of projects. The first four are Alembic's, by Alembic's names; Ambix works on one database,
/// so that Alembic's `multidb` is not among them.
pub const TEMPLATES: &[Template] = &[
    Template {
        name: "generic",
        synopsis: "Generic single-database configuration.",
        in_pyproject: false,
        is_async: false,
    },
    Template {
        name: "async",
        synopsis: "Generic single-database configuration with an async dbapi.",
        in_pyproject: false,
        is_async: true,
    },
    Template {
        name: "pyproject",
        synopsis: "pyproject configuration, based on the generic configuration.",
        in_pyproject: true,
        is_async: false,
    },
    Template {
        name: "pyproject_async",
        synopsis: "pyproject configuration, with an async dbapi.",
        in_pyproject: true,
        is_async: true,
    },
    Template {
        name: OWN,
        synopsis: "A project of Ambix's own: revisions in SQL, without Python.",
        in_pyproject: false,
        is_async: false,
    },
];

/// The lines of `list_templates`: Alembic's, with Alembic's templates. `multidb` is among them, and `init`
/// says why it is not made.
pub fn list_templates() -> Vec<String> {
    let mut lines = vec!["Available templates:".into(), String::new()];
    for template in TEMPLATES.iter().filter(|template| template.name != OWN) {
        lines.push(format!("{} - {}", template.name, template.synopsis));
    }
    lines.push("multidb - Rudimentary multi-database configuration.".into());
    lines.push(String::new());
    lines.push("Templates are used via the 'init' command, e.g.:".into());
    lines.push(String::new());
    lines.push("  alembic init --template generic ./scripts".into());
    lines
}

/// The template of Alembic's kind of that name; `alembic` is `generic`.
pub(super) fn find(name: &str) -> Result<Template, Diagnostic> {
    let wanted = if name == "alembic" { "generic" } else { name };
    if let Some(template) = TEMPLATES.iter().find(|template| template.name == wanted) {
        return Ok(*template);
    }
    if name == "multidb" {
        let message =
            "The template multidb is for several databases at once, and Ambix works on one";
        return Err(Diagnostic::error(Code::Usage, message).hint_command(
            "make a project for each database",
            "init --template generic migrations",
        ));
    }
    Err(Diagnostic::error(Code::Usage, format!("No such template ambix/templates/{name}"))
        .hint_command("see which there are", "list_templates"))
}

/// Where a file of a template goes.
pub(super) enum Text {
    /// Into the new directory, by this name.
    Beside(&'static str),
    /// Where the ini file is.
    Ini,
    /// Where `pyproject.toml` is.
    Toml,
}

pub(super) const SETTINGS: &str = include_str!("files/ambix.toml");
pub(super) const SCHEMA: &str = include_str!("files/schema.sql");
const LOGGING: &str = include_str!("files/logging.ini");

/// The files of a template, in the order in which they are written. The locations are what the ini file
/// and `pyproject.toml` say for the new directory.
pub(super) fn texts(template: Template, ini: &str, toml: &str) -> Vec<(Text, String)> {
    let env = match template.is_async {
        true => include_str!("files/env_async.py"),
        false => include_str!("files/env.py"),
    };
    let url = match template.is_async {
        true => "sqlite+aiosqlite:///app.db",
        false => "sqlite:///app.db",
    };
    let mut texts = vec![
        (Text::Beside("script.py.mako"), STANDARD_TEMPLATE.into()),
        (Text::Beside("README"), format!("{}\n", template.synopsis)),
        (Text::Beside("env.py"), env.to_string()),
    ];
    let settings = match template.in_pyproject {
        true => {
            let text = include_str!("files/pyproject.toml");
            texts.push((Text::Toml, text.replace("{script_location}", &in_toml(toml))));
            include_str!("files/pyproject.ini")
        }
        false => include_str!("files/generic.ini"),
    };
    let ini = settings.replace("{script_location}", ini).replace("{url}", url);
    texts.push((Text::Ini, format!("{ini}\n{LOGGING}")));
    texts
}

/// A path in a basic string of TOML.
fn in_toml(path: &str) -> String {
    path.replace('\\', "\\\\").replace('"', "\\\"")
}
