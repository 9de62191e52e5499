//! The configuration of a project: `alembic.ini`, `[tool.alembic]` of `pyproject.toml`, and Ambix's own
//! settings. Everything here works on texts; the caller has read the files.
//!
//! What Alembic reads first comes first: the ini file's main section, then the TOML table. Ambix's own
//! settings ([`KEYS`]) come from `ambix.toml`, the ini section `[ambix]` and `[tool.ambix]`, in that order.

mod address;
mod alembic;
mod files;
mod hook;
mod ini;
mod location;
mod logging;
mod settings;
mod toml_file;

pub use address::{Database, database_path, masked_url};
pub use files::{ConfigFiles, config_files};
pub use hook::{Hook, HookError, HookKind, REVISION_SCRIPT_FILENAME};
pub use ini::Ini;
pub(crate) use location::plain;
pub use location::{absolute, without_detours};
pub use logging::{ERROR, INFO, Level, Logging, WARNING};
pub use settings::{KEYS, Key, Settings, Takes};

use alembic::AlembicOptions;
use ambix_core::diagnostic::{Code, Diagnostic, Span};
use ambix_python::{FILE_TEMPLATE, Field, SLUG_LENGTH, printf};
use toml_file::TomlFile;

/// A file's path as it was named, and its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// The path, absolute or from the current folder.
    pub path: String,
    /// The text.
    pub text: String,
}

/// The files of a configuration, those that are there.
#[derive(Clone, Copy, Debug)]
pub struct Sources<'a> {
    /// The ini file.
    pub ini: Option<&'a File>,
    /// The `pyproject.toml`.
    pub toml: Option<&'a File>,
    /// The `ambix.toml`.
    pub ambix: Option<&'a File>,
    /// The ini file's main section: `alembic`, or what `-n` says.
    pub section: &'a str,
    /// The absolute path of the current folder.
    pub folder: &'a str,
}

/// Whose way of keeping revisions a project follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// Alembic's: `script_location` with env.py, script.py.mako and revisions in Python.
    Alembic,
    /// Ambix's own: folders of `.sql` revisions and an `ambix.toml`.
    Own,
}

/// A configuration, read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Configuration {
    /// Whose way the project follows.
    pub layout: Layout,
    /// The absolute path of the folder with env.py and script.py.mako; for a project of our own that of
    /// `ambix.toml`.
    pub script_location: String,
    /// The same as Alembic names it in messages: as it is written, `%(here)s` filled in.
    pub script_location_text: String,
    /// The absolute paths of the folders with revision files, in order.
    pub version_locations: Vec<String>,
    /// Whether they are written out. Alembic makes such folders where they are missing.
    pub names_version_locations: bool,
    /// Whether the folders inside of them are read too.
    pub recursive_version_locations: bool,
    /// The folders that come first on Python's path, absolute.
    pub prepend_sys_path: Vec<String>,
    /// The names of new files, each `%` single: for [`ambix_python::file_path`].
    pub file_template: String,
    /// How much of the message goes into a name.
    pub truncate_slug_length: usize,
    /// The time zone of dates; None for local time.
    pub timezone: Option<String>,
    /// Whether Alembic would run env.py for `revision`, `merge` and `history` too.
    pub revision_environment: bool,
    /// The hooks for new files, each or its error in its turn. The error of the whole matters only when
    /// a revision is written.
    pub hooks: Result<Vec<Result<Hook, HookError>>, Diagnostic>,
    /// The logging that env.py's `fileConfig` sets up. The error matters only where env.py calls it.
    pub logging: Result<Logging, Diagnostic>,
    /// Ambix's own settings.
    pub settings: Settings,
    /// What is worth a warning.
    pub warnings: Vec<Diagnostic>,
    ini: Option<Ini>,
    section: String,
}

impl Configuration {
    /// An option of the ini file's main section, which is what env.py's `config.get_main_option` gives.
    ///
    /// # Errors
    /// If its `%(…)s` cannot be filled in.
    pub fn main_option(&self, name: &str) -> Result<Option<String>, Diagnostic> {
        self.section_option(&self.section, name)
    }

    /// An option of any section.
    ///
    /// # Errors
    /// If its `%(…)s` cannot be filled in.
    pub fn section_option(&self, section: &str, name: &str) -> Result<Option<String>, Diagnostic> {
        match &self.ini {
            Some(ini) => ini.get(section, name),
            None => Ok(None),
        }
    }

    /// All options of the ini file that can be filled in; those of the main section also under no name.
    pub fn sections(&self) -> ambix_python::Sections {
        let Some(ini) = &self.ini else { return Vec::new() };
        let options = |section: &str| {
            let names = ini.options(section).into_iter();
            names.filter_map(|name| Some((name.into(), ini.get(section, name).ok()??))).collect()
        };
        let named = ini.sections().map(|section| (Some(section.into()), options(section)));
        core::iter::once((None, options(&self.section))).chain(named).collect()
    }

    /// The database's address by the ini file.
    ///
    /// # Errors
    /// If its `%(…)s` cannot be filled in.
    pub fn sqlalchemy_url(&self) -> Result<Option<String>, Diagnostic> {
        self.main_option("sqlalchemy.url")
    }

    /// The database's address by the setting `url`, and the folder from which its path is meant.
    pub fn own_url(&self) -> Option<(&str, &str)> {
        Some((self.settings.text("url")?, self.settings.folder("url")?))
    }

    /// Whether applied revisions are written into the journal: not in an Alembic project unless it is
    /// asked for, since Alembic would propose to drop the table.
    pub fn journal(&self) -> bool {
        self.settings.flag("journal").unwrap_or(self.layout == Layout::Own)
    }
}

/// Reads a configuration.
///
/// # Errors
/// If a file cannot be read, a setting has a value of another kind, or nothing says where the revisions
/// are; in Alembic's words where it has some.
///
/// ```
/// use ambix_commands::configuration::{File, Sources, read};
/// let ini = File {
///     path: "alembic.ini".into(),
///     text: "[alembic]\nscript_location = %(here)s/migrations\n".into(),
/// };
/// let sources = Sources { ini: Some(&ini), toml: None, ambix: None, section: "alembic", folder: "/project" };
/// let configuration = read(sources).unwrap();
/// assert_eq!(configuration.version_locations, ["/project/migrations/versions"]);
/// ```
pub fn read(sources: Sources) -> Result<Configuration, Diagnostic> {
    let here = |file: &File| {
        let path = absolute(sources.folder, &file.path);
        location::parent(&path).to_string()
    };
    let ini = match sources.ini {
        Some(file) => Some(Ini::read(&file.path, &file.text, &here(file))?),
        None => None,
    };
    let toml = match sources.toml {
        Some(file) => Some(TomlFile::read(&file.path, &file.text, &here(file))?),
        None => None,
    };
    let table = |name| toml.as_ref().map_or(Ok(None), |toml| toml.table(["tool", name]));
    let (alembic, ambix) = (table("alembic")?, table("ambix")?);
    let mut settings = match sources.ambix {
        Some(file) => settings::of_toml(&TomlFile::read(&file.path, &file.text, &here(file))?)?,
        None => Settings::default(),
    };
    if let (Some(ini), Some(file)) = (&ini, sources.ini) {
        settings = settings.or(settings::of_ini(ini, &here(file))?);
    }
    if let Some(table) = &ambix {
        settings = settings.or(settings::of_toml(table)?);
    }
    let options = AlembicOptions {
        ini: ini.as_ref(),
        toml: alembic.as_ref(),
        section: sources.section,
        folder: sources.folder,
    };
    let own = match sources.ambix {
        _ if !settings.list("revisions").is_empty() => true,
        Some(_) => !options.has("script_location"),
        None => false,
    };
    let mut configuration = match own {
        true => of_own(&settings, sources.ambix.map(here).as_deref().unwrap_or(sources.folder))?,
        false => options.read()?,
    };
    if let (Some(ini), Some(file)) = (&ini, sources.ini) {
        configuration.logging = match own {
            true => Ok(Logging::standard()),
            false => logging::logging(ini, &file.path, &file.text),
        };
    }
    configuration.settings = settings;
    configuration.ini = ini;
    configuration.section = sources.section.into();
    Ok(configuration)
}

/// A project of our own. `here` is the folder of its `ambix.toml`.
fn of_own(settings: &Settings, here: &str) -> Result<Configuration, Diagnostic> {
    let mut version_locations = settings.paths("revisions");
    let named = !version_locations.is_empty();
    if !named {
        version_locations.push(absolute(here, "revisions"));
    }
    let length = settings.number("truncate_slug_length").unwrap_or(0) as usize;
    Ok(Configuration {
        layout: Layout::Own,
        script_location: here.into(),
        script_location_text: here.into(),
        version_locations,
        names_version_locations: named,
        recursive_version_locations: settings.flag("recursive").unwrap_or(false),
        file_template: settings.text("file_template").unwrap_or(FILE_TEMPLATE).into(),
        truncate_slug_length: if length == 0 { SLUG_LENGTH } else { length },
        timezone: settings.text("timezone").filter(|zone| !zone.is_empty()).map(Into::into),
        ..nothing()
    })
}

/// A configuration of which nothing is known yet.
fn nothing() -> Configuration {
    Configuration {
        layout: Layout::Alembic,
        script_location: String::new(),
        script_location_text: String::new(),
        version_locations: Vec::new(),
        names_version_locations: false,
        recursive_version_locations: false,
        prepend_sys_path: Vec::new(),
        file_template: FILE_TEMPLATE.into(),
        truncate_slug_length: SLUG_LENGTH,
        timezone: None,
        revision_environment: false,
        hooks: Ok(Vec::new()),
        logging: Ok(Logging::standard()),
        settings: Settings::default(),
        warnings: Vec::new(),
        ini: None,
        section: String::new(),
    }
}

/// A text of TOML with `%(here)s` filled in.
fn filled_in(toml: &TomlFile, text: &str, span: Span) -> Result<String, Diagnostic> {
    printf(text, &[("here", Field::Text(toml.here.clone()))]).map_err(|why| {
        toml.error(span, format!("The text cannot be filled in: {why}"))
            .hint("A percent sign is doubled in these settings, in TOML too: `%%(rev)s`.")
    })
}

/// An error of a setting.
fn wrong(message: impl Into<String>) -> Diagnostic {
    Diagnostic::error(Code::Configuration, message)
}

#[cfg(test)]
mod tests;
