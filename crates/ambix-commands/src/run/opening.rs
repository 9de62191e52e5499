//! Reading a project's configuration, and env.py with it.

use super::comparing::find_module;
use super::desk::Desk;
use crate::configuration::{
    self, Configuration, Database, File, Layout, Logging, Sources, absolute, config_files,
    database_path, masked_url,
};
use crate::project::{Comparing, Format, LeaveOut, NewFiles, Project, Source};
use crate::{Answer, Location, Request, Surroundings};
use ambix_core::diagnostic::{Code, Diagnostic};
use ambix_core::engine::{OfflineSettings, Settings, Transactions, VersionTable};
use ambix_python::{ConfigureOptions, Environment, Filters, Metadata, Style};
use std::collections::HashMap;
use std::rc::Rc;

/// How many copies of the database are kept if nothing is said.
const BACKUPS: u64 = 3;

/// Keywords of `context.configure` that matter to a comparison.
const COMPARED: &[&str] = &[
    "target_metadata",
    "include_name",
    "include_object",
    "include_schemas",
    "render_as_batch",
    "process_revision_directives",
    "render_item",
    "compare_type",
    "compare_server_default",
    "autogenerate_plugins",
    "alembic_module_prefix",
    "sqlalchemy_module_prefix",
    "user_module_prefix",
    "naming_convention",
    "**",
];

/// Keywords that matter to every command with a database.
const CONNECTED: &[&str] = &[
    "version_table",
    "version_table_pk",
    "version_table_schema",
    "transactional_ddl",
    "transaction_per_migration",
    "on_version_apply",
    "upgrade_token",
    "downgrade_token",
    "**",
];

pub(super) async fn open(desk: &Desk, around: &Surroundings) -> Result<Project, Diagnostic> {
    let configuration = configure(desk, around).await?;
    for warning in &configuration.warnings {
        desk.warn(warning.clone()).await;
    }
    let mut project = settled(desk, around, &configuration).await?;
    match configuration.layout {
        Layout::Own => project.comparison.source = own_source(desk, &configuration).await?,
        Layout::Alembic => {
            let path = format!("{}/env.py", configuration.script_location);
            match desk.read_if_there(&path).await? {
                Some(text) => {
                    let read = environment(&configuration, around, &path, &text);
                    let file = (path.as_str(), text.as_str());
                    apply(desk, around, &configuration, &mut project, read, file).await?;
                }
                None => {
                    let missing = Diagnostic::error(
                        Code::Configuration,
                        format!("{path} is not there, and it says where the database is"),
                    );
                    project.comparison.source = Err(missing.clone());
                    if own_url(around, &configuration).is_none() {
                        project.database = Err(missing.hint(
                            "or say it in the section [ambix] of alembic.ini: url = sqlite:///app.db",
                        ));
                    }
                }
            }
        }
    }
    Ok(project)
}

async fn configure(desk: &Desk, around: &Surroundings) -> Result<Configuration, Diagnostic> {
    let folder = &around.folder;
    let named = config_files(&desk.global.config, around.alembic_config.as_deref())?;
    let file = async |name: &str| {
        let path = absolute(folder, name);
        let text = desk.read_if_there(&path).await?;
        Ok::<_, Diagnostic>(text.map(|text| File { path: name.into(), text }))
    };
    let is_ambix = |name: &str| name.ends_with("ambix.toml");
    let ini = if is_ambix(&named.ini) { None } else { file(&named.ini).await? };
    let toml = file(&named.toml).await?;
    let ambix = match (is_ambix(&named.ini), named.named) {
        (true, _) => file(&named.ini).await?,
        (false, false) => file("ambix.toml").await?,
        (false, true) => None,
    };
    configuration::read(Sources {
        ini: ini.as_ref(),
        toml: toml.as_ref(),
        ambix: ambix.as_ref(),
        section: desk.global.name.as_deref().unwrap_or("alembic"),
        folder,
    })
    .map_err(|error| hint_at_init(error, ini.is_none() && toml.is_none() && ambix.is_none()))
}

fn hint_at_init(error: Diagnostic, nothing_there: bool) -> Diagnostic {
    match nothing_there {
        true => error
            .with(|error| error.hints.clear())
            .hint_command("there is no project here; begin one with SQL revisions", "init")
            .hint_command("or one that Alembic runs too", "init migrations"),
        false => error,
    }
}

/// What the configuration files alone say.
async fn settled(
    desk: &Desk,
    around: &Surroundings,
    configuration: &Configuration,
) -> Result<Project, Diagnostic> {
    let settings = &configuration.settings;
    let is_alembic = configuration.layout == Layout::Alembic;
    let here = &configuration.script_location;
    if is_alembic && desk.folder(here).await?.is_none() {
        let shown = &configuration.script_location_text;
        return Err(Diagnostic::error(
            Code::Configuration,
            format!("Path doesn't exist: {shown}.  Please use the 'init' command to create a new scripts folder."),
        )
        .hint_command("begin a project", "init migrations"));
    }
    let template = format!("{here}/script.py.mako");
    let has_template = is_alembic && desk.read_if_there(&template).await?.is_some();
    let version_table = VersionTable {
        name: settings.text("version_table").unwrap_or("alembic_version").into(),
        ..VersionTable::default()
    };
    let url = own_url(around, configuration);
    let database = match &url {
        Some((url, folder)) => location(url, folder).map_err(|error| match &around.url {
            Some(variable) if variable == url => error.hint("AMBIX_URL says so"),
            _ => error,
        }),
        None => Err(Diagnostic::error(Code::Configuration, "Nothing says where the database is")
            .hint("write it into ambix.toml: url = \"sqlite:///app.db\"; or set AMBIX_URL")),
    };
    Ok(Project {
        folder: around.folder.clone(),
        versions: configuration.version_locations.clone(),
        recursive: configuration.recursive_version_locations,
        database,
        foreign_keys: settings.flag("foreign_keys").unwrap_or(false),
        url: url.map(|(url, _)| masked_url(&url)).unwrap_or_default(),
        settings: Settings {
            journal: configuration.journal(),
            version_table: version_table.clone(),
            guarded: false,
            keep_data: settings.flag("keep_data").unwrap_or(false),
        },
        transactions: Transactions::None,
        offline: Ok(OfflineSettings {
            version_table,
            transactions: Transactions::None,
            returning: is_alembic,
            keep_data: settings.flag("keep_data").unwrap_or(false),
        }),
        starts_elsewhere: false,
        logging: configuration.logging.clone().unwrap_or_else(|_| Logging::standard()),
        new_files: NewFiles {
            format: if is_alembic { Format::Python } else { Format::Sql },
            file_template: configuration.file_template.clone(),
            slug_length: configuration.truncate_slug_length,
            timezone: configuration.timezone.clone(),
            template: has_template.then_some(template),
            template_args: Vec::new(),
            hooks: configuration.hooks.clone(),
            environment: configuration.revision_environment,
        },
        comparison: Comparing {
            source: Err(no_source()),
            exclude_tables: settings.list("exclude_tables").to_vec(),
            exclude_objects: settings.list("exclude_objects").to_vec(),
            filters: None,
            unreadable: None,
            render_as_batch: settings.flag("render_as_batch").unwrap_or(false),
            style: Style::default(),
            compare_type: settings.flag("compare_type"),
            compare_server_default: settings.flag("compare_server_default"),
            plugins: vec![Comparing::PLUGINS.into()],
        },
        backups: settings.number("backups").unwrap_or(BACKUPS) as usize,
    })
}

fn no_source() -> Diagnostic {
    Diagnostic::error(Code::Configuration, "Nothing says what the database should be")
        .hint("write it into ambix.toml: schema = \"schema.sql\", or models = [\"models.py\"]")
}

/// The address that Ambix's own settings give, and the folder that its path begins in.
fn own_url(around: &Surroundings, configuration: &Configuration) -> Option<(String, String)> {
    match (&around.url, configuration.own_url()) {
        (Some(url), _) if !url.is_empty() => Some((url.clone(), around.folder.clone())),
        (_, Some((url, folder))) => Some((url.into(), folder.into())),
        _ => None,
    }
}

fn location(url: &str, folder: &str) -> Result<Location, Diagnostic> {
    Ok(match database_path(url, folder)? {
        Database::Memory => Location::Memory,
        Database::File(path) => Location::File(path),
    })
}

/// Where a project of our own says what the database should be.
async fn own_source(
    desk: &Desk,
    configuration: &Configuration,
) -> Result<Result<Source, Diagnostic>, Diagnostic> {
    if let Some(source) = named_source(configuration) {
        return Ok(Ok(source));
    }
    let schema = format!("{}/schema.sql", configuration.script_location);
    Ok(match desk.read_if_there(&schema).await? {
        Some(_) => Ok(Source::Schema(schema)),
        None => Err(no_source()),
    })
}

/// The models or the schema that Ambix's own settings name.
fn named_source(configuration: &Configuration) -> Option<Source> {
    let settings = &configuration.settings;
    if let Some(schema) = settings.paths("schema").into_iter().next() {
        return Some(Source::Schema(schema));
    }
    let files = settings.paths("models");
    let folders =
        [configuration.prepend_sys_path.clone(), vec![configuration.script_location.clone()]];
    (!files.is_empty()).then(|| Source::Models { files, folders: folders.concat(), metadata: None })
}

fn environment(
    configuration: &Configuration,
    around: &Surroundings,
    path: &str,
    text: &str,
) -> Result<Environment, Diagnostic> {
    let option = |section: Option<&str>, name: &str| {
        let found = match section {
            Some(section) => configuration.section_option(section, name),
            None => configuration.main_option(name),
        };
        found.ok().flatten()
    };
    let around = ambix_python::Surroundings { folder: &around.folder, option: &option };
    ambix_python::read_environment(path, text, &around)
}

/// What env.py adds. Its errors matter only to commands that it would run for.
async fn apply(
    desk: &Desk,
    around: &Surroundings,
    configuration: &Configuration,
    project: &mut Project,
    read: Result<Environment, Diagnostic>,
    (path, text): (&str, &str),
) -> Result<(), Diagnostic> {
    let environment = match read {
        Ok(environment) => environment,
        Err(error) => {
            project.database = Err(error.clone());
            project.comparison.source = Err(error);
            return Ok(());
        }
    };
    let ignored = configuration.settings.list("ignore");
    let unreadable = |keywords: &[&str]| {
        let keywords: Vec<&str> =
            keywords.iter().copied().filter(|word| !ignored.iter().any(|i| i == word)).collect();
        environment.unreadable(&keywords).map(|found| found.diagnostic.clone())
    };
    let online = &environment.online;
    let names_table = configuration.settings.text("version_table").is_none();
    (project.settings.version_table, project.transactions) =
        bookkeeping(&project.settings.version_table, online, names_table);
    let mut unreadable_offline = environment.unreadable_offline.iter();
    let matters =
        |keyword: &str| CONNECTED.contains(&keyword) && !ignored.iter().any(|i| i == keyword);
    project.offline = match unreadable_offline.find(|found| matters(&found.keyword)) {
        Some(found) => Err(found.diagnostic.clone()),
        None => project.offline.clone().map(|settings| {
            let (version_table, transactions) =
                bookkeeping(&settings.version_table, &environment.offline, names_table);
            OfflineSettings { version_table, transactions, ..settings }
        }),
    };
    project.new_files.template_args.clone_from(&online.template_args);
    project.foreign_keys |= environment.foreign_keys;
    let comparing = &mut project.comparison;
    comparing.render_as_batch |= online.render_as_batch.unwrap_or(false);
    comparing.compare_type = comparing.compare_type.or(online.compare_type);
    comparing.compare_server_default =
        comparing.compare_server_default.or(online.compare_server_default);
    if let Some(plugins) = &online.autogenerate_plugins {
        comparing.plugins.clone_from(plugins);
    }
    if let Some(prefix) = &online.alembic_module_prefix {
        comparing.style.op.clone_from(prefix);
    }
    if let Some(prefix) = &online.sqlalchemy_module_prefix {
        comparing.style.sa.clone_from(prefix);
    }
    comparing.style.user.clone_from(&online.user_module_prefix);
    if !environment.configures_logging {
        project.logging = Logging::unconfigured();
    }
    if own_url(around, configuration).is_none() {
        (project.database, project.url) = address(desk, around, &environment).await?;
    }
    let stop = if !environment.configures {
        Some(Diagnostic::error(
            Code::Configuration,
            format!("{path} does not call context.configure(), so it is not known what it does with the database"),
        ).hint("env.py is read, not run: compare it with the one that `init` writes"))
    } else if environment.configures_logging
        && let Err(error) = &configuration.logging
    {
        Some(error.clone())
    } else if online.literal_binds == Some(true) {
        let message = "Can't use literal_binds setting without as_sql mode";
        Some(
            Diagnostic::error(Code::Configuration, message)
                .hint("in env.py, literal_binds belongs to the call without a connection"),
        )
    } else if let Some(schema) =
        online.version_table_schema.as_ref().filter(|schema| *schema != "main")
    {
        let message = format!(
            "version_table_schema={schema:?} names an attached database, and a file has none"
        );
        Some(Diagnostic::error(Code::Configuration, message).hint("leave version_table_schema out"))
    } else {
        unreadable(CONNECTED)
    };
    project.starts_elsewhere = online.starting_rev.is_some();
    if let Some(stop) = stop {
        project.database = Err(stop);
    }
    let excludes = ["exclude_tables", "exclude_objects"];
    let says_what_is_left_out =
        excludes.iter().any(|key| !configuration.settings.list(key).is_empty());
    let compared: Vec<&str> = COMPARED
        .iter()
        .copied()
        .filter(|word| !(says_what_is_left_out && word.starts_with("include_")))
        .collect();
    let is_followed =
        |word: &str| !says_what_is_left_out && !ignored.iter().any(|ignored| ignored == word);
    let filters = Filters::of(path, text, online, is_followed, || configuration.sections());
    project.comparison.filters = filters.map(|filters| Rc::new(filters) as Rc<dyn LeaveOut>);
    project.comparison.unreadable = unreadable(&compared).or_else(|| unknown_plugins(online));
    project.comparison.source = match named_source(configuration) {
        Some(source) => Ok(source),
        None => models(desk, around, configuration, &environment, path).await?,
    };
    Ok(())
}

/// The version table and the transactions as one call of `context.configure` has them.
fn bookkeeping(
    table: &VersionTable,
    options: &ConfigureOptions,
    names_table: bool,
) -> (VersionTable, Transactions) {
    let name = options.version_table.as_ref().filter(|_| names_table).unwrap_or(&table.name);
    let table =
        VersionTable { name: name.clone(), primary_key: options.version_table_pk.unwrap_or(true) };
    let transactions = match (options.transactional_ddl, options.transaction_per_migration) {
        (Some(true), Some(true)) => Transactions::Each,
        (Some(true), _) => Transactions::Whole,
        _ => Transactions::None,
    };
    (table, transactions)
}

/// Comparators that Alembic would not find either, or that are somebody's Python.
fn unknown_plugins(online: &ConfigureOptions) -> Option<Diagnostic> {
    let known = |name: &&String| {
        let name = name.trim_start_matches('~');
        name.starts_with("alembic.autogenerate.") || name.starts_with("alembic.ext.")
    };
    let plugins = online.autogenerate_plugins.as_deref().unwrap_or_default();
    let unknown: Vec<&str> =
        plugins.iter().filter(|name| !known(name)).map(String::as_str).collect();
    (!unknown.is_empty()).then(|| {
        Diagnostic::error(
            Code::Configuration,
            format!("Did not locate plugins: {}", unknown.join(", ")),
        )
        .hint("Ambix compares by itself; take the name out of autogenerate_plugins in env.py")
    })
}

/// Where env.py says that the database is, and how that is shown.
async fn address(
    desk: &Desk,
    around: &Surroundings,
    environment: &Environment,
) -> Result<(Result<Location, Diagnostic>, String), Diagnostic> {
    let url = match &environment.url {
        Ok(url) => url,
        Err(error) => return Ok((Err(error.clone()), String::new())),
    };
    let mut values = HashMap::new();
    for name in url.variables() {
        match desk.ask(Request::Variable { name: name.into() }).await {
            Answer::Text(value) => {
                values.insert(name.to_string(), value);
            }
            Answer::Missing => {}
            answer => return Err(super::desk::unexpected(answer, name)),
        }
    }
    Ok(match url.resolve(&|name| values.get(name).cloned()) {
        Ok(url) => (location(&url, &around.folder), masked_url(&url)),
        Err(error) => (Err(error), String::new()),
    })
}

/// The files of the models that env.py's `target_metadata` is made of.
async fn models(
    desk: &Desk,
    around: &Surroundings,
    configuration: &Configuration,
    environment: &Environment,
    path: &str,
) -> Result<Result<Source, Diagnostic>, Diagnostic> {
    let metadata = &environment.online.target_metadata;
    if metadata.is_empty() {
        return Ok(Err(Diagnostic::error(
            Code::Configuration,
            format!(
                "Can't proceed with --autogenerate option; environment script {path} does not provide \
                 a MetaData object or sequence of objects to the context."
            ),
        )
        .hint("set it in env.py: target_metadata = Base.metadata")));
    }
    let mut folders = environment.sys_path.clone();
    folders.extend(configuration.prepend_sys_path.iter().cloned());
    folders.push(around.folder.clone());
    let mut files = Vec::new();
    for one in metadata {
        let mut found = matches!(one, Metadata::Here { .. }).then(|| path.to_string());
        for (module, _) in one.candidates() {
            if found.is_none() {
                found = find_module(desk, module, &folders).await?;
            }
        }
        match (found, one) {
            (Some(file), _) => files.push(file),
            (None, one) => {
                let name = one.candidates().first().map_or("", |(module, _)| module).to_string();
                return Ok(Err(Diagnostic::error(
                    Code::Configuration,
                    format!("The module {name}, which env.py takes its target_metadata from, is not found"),
                )
                .hint(format!("it was looked for in {}", folders.join(", ")))
                .hint("name the files with the models in the section [ambix] of alembic.ini: models = app/models.py")));
            }
        }
    }
    // Modules that are imported for their tables alone.
    for module in &environment.imports {
        if let Some(file) = find_module(desk, module, &folders).await? {
            files.push(file);
        }
    }
    let metadata = Some((path.to_string(), metadata.clone()));
    Ok(Ok(Source::Models { files, folders, metadata }))
}
