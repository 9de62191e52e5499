//! Models and database side by side: `check`, and the content of `revision --autogenerate`.

use super::Done;
use super::desk::Desk;
use super::filling::{self, Fill};
use super::renaming;
use crate::project::{Format, Source};
use crate::{Revisions, Scratch};
use ambix_core::autogenerate::{Comparison, Rename, Rules, compare};
use ambix_core::diagnostic::{Code, Diagnostic};
use ambix_core::engine::{self, Answer, DatabaseState, Origin, Role, Statement, Value, query};
use ambix_core::operation::{Execute, Operation};
use ambix_core::schema::{Column, DataType, OtherKind, Schema, Table};
use ambix_core::sqlite::{catalog, create_table, quote, split};
use ambix_python::Metadata;

pub(super) async fn check(desk: &Desk, parity: bool) -> Done {
    let state = desk.connect_to_look().await?;
    let revisions = desk.revisions().await?;
    let Difference { comparison, wanted, database } =
        difference(desk, &state, &revisions, parity, None).await?;
    for warning in comparison.warnings.clone() {
        desk.warn(warning).await;
    }
    if comparison.upgrade.is_empty() {
        desk.line("No new upgrade operations detected.").await;
        return Ok(());
    }
    let diffs = ambix_python::diffs(&comparison.upgrade, &wanted, &database);
    let message = format!("New upgrade operations detected: {diffs}");
    Err(Diagnostic::error(Code::UncomparedChange, message)
        .hint_command("write them into a revision", "revision --autogenerate -m \"…\""))
}

/// What a comparison came to, and what was compared.
pub(super) struct Difference {
    pub(super) comparison: Comparison,
    pub(super) wanted: Schema,
    pub(super) database: Schema,
}

/// What only a person knows of a difference.
pub(super) struct Said {
    /// What has only got another name.
    pub(super) renames: Vec<Rename>,
    /// Values of new columns.
    pub(super) fills: Vec<Fill>,
}

/// Compares the models with the database, which must be at the newest revision. With what the person has `said`, which
/// is for a revision, they are asked for the rest.
pub(super) async fn difference(
    desk: &Desk,
    state: &DatabaseState,
    revisions: &Revisions,
    parity: bool,
    said: Option<&Said>,
) -> Result<Difference, Diagnostic> {
    let graph = &revisions.graph;
    let mut at = graph.rows(&state.heads)?;
    ambix_core::sort::sort(&mut at);
    // What another revision depends on has no row.
    if graph.real_heads() != at {
        let target = if graph.heads().len() > 1 { "heads" } else { "head" };
        return Err(Diagnostic::error(Code::DatabaseBehind, "Target database is not up to date.")
            .hint_command("apply what is there first", format!("upgrade {target}")));
    }
    let project = desk.project().await?;
    let comparing = &project.comparison;
    if let Some(unreadable) = &comparing.unreadable {
        return Err(unreadable.clone());
    }
    for part in ["schemas", "tables", "types", "constraints", "defaults", "comments"] {
        let plugin = format!("alembic.autogenerate.{part}");
        if comparing.has_plugin(&plugin) {
            let message = format!("setting up autogenerate plugin {plugin}");
            desk.log("alembic.runtime.plugins", message).await;
        }
    }
    let mut wanted = wanted(desk, parity).await?;
    let mut database = read_database(desk).await?;
    if parity {
        virtual_tables_as_tables(desk, &mut database).await?;
        comparing.reduce(&mut database);
    }
    if let Some(filters) = &comparing.filters {
        filters.reduce(&mut database, &mut wanted, parity)?;
    }
    let is_sql = project.new_files.format == Format::Sql;
    let rules = comparing.rules(parity);
    // SQL can drop what has no name.
    let rules = Rules { names: rules.names && !is_sql, ..rules };
    let renamed = match said {
        Some(said) => renaming::settle(desk, &mut database, &wanted, &said.renames, &rules).await?,
        None => Vec::new(),
    };
    let mut comparison = compare(&database, &wanted, &rules);
    if is_sql && matches!(comparing.source, Ok(Source::Schema(_))) {
        comparison.upgrade = comparison.upgrade.into_iter().map(as_written).collect();
    }
    if let Some(Said { fills, .. }) = said.filter(|said| !parity || !said.fills.is_empty()) {
        filling::settle(desk, &mut comparison, fills, &renamed).await?;
    }
    for rename in renamed.into_iter().rev() {
        let operation = rename.operation();
        comparison.downgrade.extend(operation.reverse());
        comparison.upgrade.insert(0, operation);
    }
    for finding in &comparison.findings {
        desk.log(finding.logger, finding.message.clone()).await;
    }
    Ok(Difference { comparison, wanted, database })
}

/// Virtual tables and those that they keep their data in are tables like any other to Alembic.
async fn virtual_tables_as_tables(desk: &Desk, database: &mut Schema) -> Done {
    for other in core::mem::take(&mut database.others) {
        match other.kind {
            OtherKind::ShadowTable => {
                database.tables.extend(create_table::read(&other.sql).ok().map(|read| read.table));
            }
            OtherKind::VirtualTable => {
                let columns = format!(
                    "SELECT name, type, \"notnull\" FROM pragma_table_xinfo({}) WHERE hidden <> 1",
                    quote::text(&other.name)
                );
                let columns = query(desk, &columns).await?.rows.into_iter().map(|row| {
                    let text =
                        |at: usize| row.get(at).and_then(|it| it.as_text()).unwrap_or_default();
                    let is_never_null = row.get(2) == Some(&Value::Integer(1));
                    let data_type = DataType::reflect(text(1));
                    Column { nullable: !is_never_null, ..Column::new(text(0), data_type) }
                });
                let columns = columns.collect();
                database.tables.push(Table { name: other.name, columns, ..Table::default() });
            }
            _ => database.others.push(other),
        }
    }
    Ok(())
}

/// A CREATE statement word for word as the author wrote it, comments and all.
fn as_written(operation: Operation) -> Operation {
    let sql = match &operation {
        Operation::CreateTable(create) => create.table.sql.clone(),
        Operation::CreateIndex(create) => create.index.sql.clone(),
        _ => None,
    };
    sql.map_or(operation, |sql| Operation::Execute(Execute::new(sql)))
}

/// What the engine's database has of what is compared.
pub(super) async fn read_database(desk: &Desk) -> Result<Schema, Diagnostic> {
    let project = desk.project().await?;
    let version_table = &project.settings.version_table.name;
    let mut schema = read_catalog(desk).await?;
    schema.tables.retain(|table| !table.name.eq_ignore_ascii_case(version_table));
    project.comparison.reduce(&mut schema);
    Ok(schema)
}

/// What is in the database that the engine works on.
async fn read_catalog(desk: &Desk) -> Result<Schema, Diagnostic> {
    let (schema, warnings) = catalog::read(&query(desk, catalog::SELECT).await?);
    for warning in warnings {
        desk.warn(warning).await;
    }
    Ok(schema)
}

/// The schema that is wanted. What SQLite refuses only when it is created is no error with `parity`.
async fn wanted(desk: &Desk, parity: bool) -> Result<Schema, Diagnostic> {
    let comparing = &desk.project().await?.comparison;
    let mut schema = match comparing.source.clone()? {
        Source::Models { files, folders, metadata } => {
            read_models(desk, files, &folders, metadata, parity).await?
        }
        Source::Schema(path) => read_schema(desk, &path).await?,
    };
    comparing.reduce(&mut schema);
    Ok(schema)
}

/// Reads the files with models.
async fn read_models(
    desk: &Desk,
    files: Vec<String>,
    folders: &[String],
    metadata: Option<(String, Vec<Metadata>)>,
    parity: bool,
) -> Result<Schema, Diagnostic> {
    let read = model_files(desk, files, folders).await?;
    let models = match metadata {
        Some((environment, metadata)) => {
            ambix_python::read_models_of(&read, &environment, &metadata)
        }
        None => ambix_python::read_models(&read),
    };
    let refused = models.refused.into_iter().filter(|_| !parity);
    for diagnostic in models.diagnostics.into_iter().chain(refused) {
        if diagnostic.is_error() {
            return Err(diagnostic);
        }
        desk.warn(diagnostic).await;
    }
    Ok(models.schema)
}

/// The texts of the files with models, and of those that they import, by their paths.
pub(super) async fn model_files(
    desk: &Desk,
    files: Vec<String>,
    folders: &[String],
) -> Result<Vec<(String, String)>, Diagnostic> {
    // In order.
    let mut seen: Vec<String> = Vec::new();
    let mut open = files;
    let mut read = Vec::new();
    while let Some(path) = open.pop() {
        let Err(at) = seen.binary_search(&path) else { continue };
        seen.insert(at, path.clone());
        let text = desk.read(&path).await?;
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        for module in ambix_python::imported_modules(&path, &text)? {
            let found = match module.strip_prefix('.') {
                Some(relative) => find_beside(desk, relative, folder).await?,
                None => find_module(desk, &module, folders).await?,
            };
            if let Some(file) = found {
                open.push(file);
            }
        }
        read.push((path, text));
    }
    ambix_core::sort::sort(&mut read);
    Ok(read)
}

/// The file of a module of the same package: `relative` is its name without the first dot, and each
/// further dot leads one folder up.
async fn find_beside(
    desk: &Desk,
    relative: &str,
    folder: &str,
) -> Result<Option<String>, Diagnostic> {
    let (mut module, mut folder) = (relative, folder);
    while let Some(above) = module.strip_prefix('.') {
        (module, folder) = (above, folder.rsplit_once('/').map_or("", |(above, _)| above));
    }
    find_module(desk, module, &[folder.to_string()]).await
}

/// The file of a module, if it is in one of these folders: those of other packages are not read.
pub(super) async fn find_module(
    desk: &Desk,
    module: &str,
    folders: &[String],
) -> Result<Option<String>, Diagnostic> {
    let path = module.replace('.', "/");
    for folder in folders {
        let folder = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        let files = match path.is_empty() {
            // `from . import name`
            true => vec![format!("{folder}__init__.py")],
            false => vec![format!("{folder}{path}.py"), format!("{folder}{path}/__init__.py")],
        };
        for file in files {
            if desk.read_if_there(&file).await?.is_some() {
                return Ok(Some(file));
            }
        }
    }
    Ok(None)
}

/// The schema that a file with CREATE statements makes: SQLite itself carries it out, on a scratch database.
async fn read_schema(desk: &Desk, path: &str) -> Result<Schema, Diagnostic> {
    let text = desk.read(path).await?;
    desk.scratch(Scratch::Open { copy: false }).await?;
    for span in split::statements(&text) {
        let place = ambix_core::diagnostic::Place::in_text(path, &text, span);
        let failed =
            |message: String| Diagnostic::error(Code::UnreadableSql, message).at(place.clone());
        let request = engine::Request::Alone(statement(span.of(&text)));
        if let Answer::Failed(failure) = desk.scratch(Scratch::Database(request)).await? {
            return Err(failed(failure.message));
        }
    }
    desk.work_on_scratch(true);
    let schema = read_catalog(desk).await;
    match desk.work_on_scratch(false) {
        Some(error) => Err(error),
        None => schema,
    }
}

pub(super) fn statement(sql: impl Into<String>) -> Statement {
    let origin = Origin { revision: None, role: Role::Read };
    Statement { sql: sql.into(), parameters: Vec::new(), origin }
}
