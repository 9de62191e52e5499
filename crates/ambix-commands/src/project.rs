//! The project that a command works on: where its files are and how it is done there.

use crate::Location;
use crate::configuration::{Hook, HookError, Logging, absolute};
use ambix_core::autogenerate::Rules;
use ambix_core::diagnostic::Diagnostic;
use ambix_core::engine::{OfflineSettings, Settings, Transactions};
use ambix_core::schema::{Literal, Schema};
use ambix_python::{Filters, Metadata, Style};
use std::fmt;
use std::rc::Rc;

/// Where things are, and how the project is configured.
#[derive(Clone, Debug)]
pub struct Project {
    /// The absolute path of the project's folder; paths that are not absolute begin here.
    pub folder: String,
    /// The folders with the revision files, in the order in which they are read.
    pub versions: Vec<String>,
    /// Whether their folders hold revision files too.
    pub recursive: bool,
    /// Where the database is, or why that is not known.
    pub database: Result<Location, Diagnostic>,
    /// Whether foreign keys are in force while a revision runs, which they are not by themselves.
    pub foreign_keys: bool,
    /// The address of the database, for messages only: `sqlite:///app.db`.
    pub url: String,
    /// The bookkeeping in the database.
    pub settings: Settings,
    /// How transactions are told of (`transactional_ddl`).
    pub transactions: Transactions,
    /// How `--sql` is written, or why that is not known; env.py configures it apart.
    pub offline: Result<OfflineSettings, Diagnostic>,
    /// Whether env.py says where to begin although it has a connection, which cannot be.
    pub starts_elsewhere: bool,
    /// Which of Alembic's log lines are shown.
    pub logging: Logging,
    /// How revision files are made.
    pub new_files: NewFiles,
    /// What the database is compared with, and how.
    pub comparison: Comparing,
    /// How many copies of the database are kept; none are made for 0.
    pub backups: usize,
}

/// How revision files are made.
#[derive(Clone, Debug)]
pub struct NewFiles {
    /// The language they are written in.
    pub format: Format,
    /// The template of their names (`file_template`).
    pub file_template: String,
    /// How long the part of the name may be that comes from the message.
    pub slug_length: usize,
    /// The time zone of their dates; the local time without an offset if there is none.
    pub timezone: Option<String>,
    /// The template of Python scripts; the standard one if there is none.
    pub template: Option<String>,
    /// More names for the template of Python scripts.
    pub template_args: Vec<(String, Literal)>,
    /// What runs over a new file, in this order (`[post_write_hooks]`), where the project was read from a folder.
    pub hooks: Result<Vec<Result<Hook, HookError>>, Diagnostic>,
    /// Whether `revision` and `merge` run env.py (`revision_environment`).
    pub environment: bool,
}

/// The language of revision files.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// Alembic's Python scripts.
    #[default]
    Python,
    /// SQL.
    Sql,
}

/// What the database is compared with by autogenerate.
#[derive(Clone, Debug)]
pub struct Comparing {
    /// Where the schema that is wanted comes from, or why that is not known.
    pub source: Result<Source, Diagnostic>,
    /// Tables that are left out of it.
    pub exclude_tables: Vec<String>,
    /// Indexes, constraints and columns (`table.column`) that are left out of it.
    pub exclude_objects: Vec<String>,
    /// The functions of env.py that leave something out of it.
    pub filters: Option<Rc<dyn LeaveOut>>,
    /// The first setting that matters to it and cannot be read.
    pub unreadable: Option<Diagnostic>,
    /// Whether generated operations are to stand in `batch_alter_table`.
    pub render_as_batch: bool,
    /// How they are written.
    pub style: Style,
    /// Whether types are compared, if something is said.
    pub compare_type: Option<bool>,
    /// Whether defaults are compared, if something is said.
    pub compare_server_default: Option<bool>,
    /// The parts of Alembic that compare (`autogenerate_plugins`); `~` takes one out.
    pub plugins: Vec<String>,
}

/// What decides for each object whether it is compared. A page has none, and need not load how it is done.
pub trait LeaveOut: fmt::Debug {
    /// Takes what is not compared out of both sides; see [`Filters::reduce`].
    ///
    /// # Errors
    /// If that cannot be decided.
    fn reduce(
        &self,
        database: &mut Schema,
        models: &mut Schema,
        parity: bool,
    ) -> Result<(), Diagnostic>;
}

impl LeaveOut for Filters {
    fn reduce(
        &self,
        database: &mut Schema,
        models: &mut Schema,
        parity: bool,
    ) -> Result<(), Diagnostic> {
        Self::reduce(self, database, models, parity)
    }
}

/// Where the schema that is wanted comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// Files with SQLAlchemy models. Modules that they import are looked for in these folders.
    Models {
        /// The files.
        files: Vec<String>,
        /// The folders.
        folders: Vec<String>,
        /// The metadata that count, and the path of the env.py that says so; all if there is none.
        metadata: Option<(String, Vec<Metadata>)>,
    },
    /// A file with CREATE statements.
    Schema(String),
}

impl Comparing {
    /// The plugins that Alembic compares with if nothing is said.
    pub const PLUGINS: &str = "alembic.autogenerate.*";

    /// What is compared: with `parity` only what Alembic compares.
    pub fn rules(&self, parity: bool) -> Rules {
        let part = |name: &str| self.has_plugin(&format!("alembic.autogenerate.{name}"));
        let whole = !parity && matches!(self.source, Ok(Source::Schema(_)));
        Rules {
            constraints: part("constraints"),
            types: part("types") && self.compare_type.unwrap_or(true),
            defaults: part("defaults") && self.compare_server_default.unwrap_or(whole),
            checks: !parity || self.has_plugin("alembic.ext.checkconstraint_byname"),
            whole,
            names: !parity,
            parity,
        }
    }

    /// Whether that part of Alembic compares.
    pub fn has_plugin(&self, name: &str) -> bool {
        let (without, with): (Vec<_>, Vec<_>) =
            self.plugins.iter().partition(|pattern| pattern.starts_with('~'));
        let is_in = |patterns: &[&String]| {
            patterns.iter().any(|pattern| is_match(pattern.trim_start_matches('~'), name))
        };
        is_in(&with) && !is_in(&without)
    }

    /// Whether a table is not compared. `*` in a name of `exclude_tables` stands for any letters.
    pub fn leaves_out(&self, table: &str) -> bool {
        self.exclude_tables.iter().any(|pattern| is_match(pattern, table))
    }

    /// Takes out of a schema what is not compared.
    pub fn reduce(&self, schema: &mut Schema) {
        let excluded = |name: &str| self.exclude_objects.iter().any(|it| is_match(it, name));
        schema.tables.retain(|table| !self.leaves_out(&table.name));
        schema
            .indexes
            .retain(|index| !self.leaves_out(&index.table) && !excluded(&index.name.text));
        for table in &mut schema.tables {
            let on = &table.name;
            table.columns.retain(|column| !excluded(&format!("{on}.{}", column.name)));
            table
                .constraints
                .retain(|constraint| !constraint.name().is_some_and(|name| excluded(&name.text)));
        }
    }
}

fn is_match(pattern: &str, name: &str) -> bool {
    let Some((before, after)) = pattern.split_once('*') else { return pattern == name };
    let Some(rest) = name.strip_prefix(before) else { return false };
    rest.char_indices().map(|(at, _)| at).chain([rest.len()]).any(|at| is_match(after, &rest[at..]))
}

impl Project {
    /// A project of Python revisions in one folder and models in some files, with nothing else configured.
    pub fn new(folder: &str, models: &[&str], versions: &str, url: &str, journal: bool) -> Self {
        Self {
            folder: folder.into(),
            versions: vec![versions.into()],
            recursive: false,
            database: Ok(Location::Memory),
            foreign_keys: false,
            url: url.into(),
            settings: Settings { journal, ..Settings::default() },
            transactions: Transactions::None,
            offline: Ok(OfflineSettings { returning: true, ..OfflineSettings::default() }),
            starts_elsewhere: false,
            logging: Logging::standard(),
            new_files: NewFiles::default(),
            comparison: Comparing {
                source: Ok(Source::Models {
                    files: models.iter().map(ToString::to_string).collect(),
                    folders: Vec::new(),
                    metadata: None,
                }),
                exclude_tables: Vec::new(),
                exclude_objects: Vec::new(),
                filters: None,
                unreadable: None,
                render_as_batch: false,
                style: Style::default(),
                compare_type: None,
                compare_server_default: None,
                plugins: vec![Comparing::PLUGINS.into()],
            },
            backups: 0,
        }
    }

    /// The absolute path of a file.
    pub fn absolute(&self, path: &str) -> String {
        absolute(&self.folder, path)
    }
}

impl Default for NewFiles {
    fn default() -> Self {
        Self {
            format: Format::default(),
            file_template: ambix_python::FILE_TEMPLATE.into(),
            slug_length: ambix_python::SLUG_LENGTH,
            timezone: None,
            template: None,
            template_args: Vec::new(),
            hooks: Ok(Vec::new()),
            environment: false,
        }
    }
}
