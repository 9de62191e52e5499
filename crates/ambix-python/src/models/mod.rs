//! SQLAlchemy models to a schema.

mod annotation;
mod attribute;
mod class;
mod columns;
mod core_table;
mod enumeration;
mod field;
mod lookup;
mod metadata;
mod module;
mod named_columns;
mod naming;
mod reference;
mod table_args;
mod types;
mod world;

pub use naming::read_naming_convention;

use crate::environment::Metadata;
use crate::evaluate::Evaluator;
use crate::sqlalchemy::{Built, TableDeclaration};
use crate::syntax::{File, Source, parse};
use ambix_core::diagnostic::{Code, Diagnostic, Span};
use ambix_core::schema::{Constraint, Index, Schema, Table};
use litemap::LiteMap;
use metadata::MetadataId;
use ruff_python_ast::{ModModule, Stmt};
use ruff_python_parser::Parsed;
use world::{What, World, keyword};

/// What the models say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Models {
    /// The tables and indexes, in the order of the files and in each file from top to bottom.
    pub schema: Schema,
    /// What could not be read. If one of them is an error, the schema is not what the models mean
    /// and must not be compared with anything.
    pub diagnostics: Vec<Diagnostic>,
    /// What SQLAlchemy refuses as soon as it creates the tables in SQLite, but not when it compares them.
    pub refused: Vec<Diagnostic>,
}

/// Reads the SQLAlchemy models in `files`, which are pairs of a path and a text.
///
/// The files are followed as Python would, without running anything: constants, functions, loops and imports between
/// them. A class with a `__tablename__`, of its own or of a mixin, is a model if it has a declarative base; one that is
/// imported from elsewhere is taken for it. So is a `Table(…)`, and a class of SQLModel with `table=True`. The rules are
/// those of SQLAlchemy 2.1. What has no effect on the tables, such as relationships, methods and defaults that Python
/// computes, is passed over; what may have one and is not understood is an error with its place. Environment variables
/// count as not set.
///
/// ```
/// let text = "
/// from sqlalchemy import Column, Integer, String
/// from .database import Base
///
/// class Item(Base):
///     __tablename__ = 'items'
///     id = Column(Integer, primary_key=True)
///     title = Column(String(50), index=True)
/// ";
/// let models = ambix_python::read_models(&[("models.py".into(), text.into())]);
/// assert_eq!(models.diagnostics, []);
/// assert_eq!(models.schema.tables[0].columns[1].name, "title");
/// assert_eq!(models.schema.indexes[0].name.text, "ix_items_title");
/// ```
pub fn read_models(files: &[(String, String)]) -> Models {
    read(files, &|_| None)
}

/// Reads the models in `files` that belong to one of the `targets`, which the file `env` (env.py) names as
/// its `target_metadata`.
///
/// Tables of other `MetaData` objects are left out. Where the files do not tell which object it is, be it
/// a table's or a target, the table is taken.
///
/// ```
/// use ambix_python::{Metadata, read_models_of};
/// let text = "
/// from sqlalchemy import Column, Integer, MetaData, Table
///
/// metadata = MetaData()
/// legacy = MetaData()
/// Table('item', metadata, Column('id', Integer))
/// Table('old', legacy, Column('id', Integer))
/// ";
/// let target = Metadata::Imported { dotted: "app.models.metadata".into() };
/// let files = [("app/models.py".into(), text.into())];
/// let models = read_models_of(&files, "migrations/env.py", &[target]);
/// assert_eq!(models.schema.tables.len(), 1);
/// assert_eq!(models.schema.tables[0].name, "item");
/// ```
pub fn read_models_of(files: &[(String, String)], env: &str, targets: &[Metadata]) -> Models {
    read(files, &|files| {
        let known: Option<Vec<MetadataId>> =
            targets.iter().map(|target| files.target(env, target)).collect();
        known.filter(|known| !known.is_empty())
    })
}

/// Follows what files say, and what they made.
type Follower<'a> = Evaluator<'a, World<'a>>;

/// Files that were followed.
struct Files<'a> {
    /// Nothing if there is no file.
    evaluator: Option<Follower<'a>>,
}

impl<'a> Files<'a> {
    fn of(parsed: &'a [(Source<'a>, Parsed<ModModule>)]) -> Self {
        let files: Vec<(Source, &[Stmt])> =
            parsed.iter().map(|(source, parsed)| (*source, &*parsed.syntax().body)).collect();
        let world = World::of(parsed.iter().map(|(source, _)| *source).collect());
        Self { evaluator: Evaluator::of_files(&files, world) }
    }

    /// The `MetaData` objects that have tables.
    fn tables_metadata(&mut self) -> Vec<MetadataId> {
        let Some(follower) = &mut self.evaluator else { return Vec::new() };
        let mut found = Found::default();
        read_all(follower, &mut found);
        let mut all: Vec<MetadataId> =
            found.declared.iter().filter_map(|declared| declared.metadata).collect();
        ambix_core::sort::sort(&mut all);
        all.dedup();
        all
    }
}

/// Reads the tables; `wanted` tells which `MetaData` objects they have to be in, if that is known.
fn read(
    files: &[(String, String)],
    wanted: &dyn Fn(&mut Files) -> Option<Vec<MetadataId>>,
) -> Models {
    let mut found = Found::default();
    let files: Vec<File> = files.iter().map(|(path, text)| File::new(path, text)).collect();
    let mut parsed = Vec::new();
    for file in &files {
        match parse(file.source()) {
            Ok(tree) => parsed.push((file.source(), tree)),
            Err(error) => found.report(error),
        }
    }
    let mut files = Files::of(&parsed);
    let wanted = wanted(&mut files);
    if let Some(follower) = &mut files.evaluator {
        report_failures(&follower.host, &mut found);
        read_all(follower, &mut found);
        found.current = None;
        found.build();
        found.current = None;
        for (file, mut index) in std::mem::take(&mut follower.host.indexes) {
            types::settle(follower, None, &mut index);
            if let Some(source) = follower.host.sources.get(file) {
                core_table::read_index(&follower.host, *source, &index, &mut found);
            }
        }
        let before = found.diagnostics.len();
        reference::name_targets(&mut found);
        reference::check_targets(&mut found);
        reference::fill_in_types(&mut found);
        // A type may be missing because the table that has it was not read, which was told.
        let is_told = |(of, _): &(Option<MetadataId>, Diagnostic)| match (&wanted, of) {
            (Some(wanted), Some(of)) => wanted.contains(of),
            _ => true,
        };
        if found.diagnostics.iter().take(before).any(is_told) {
            found.diagnostics.truncate(before);
        }
        naming::name_constraints(&follower.host, &mut found);
    }
    let is_wanted = |metadata: Option<MetadataId>| match (&wanted, metadata) {
        (Some(wanted), Some(metadata)) => wanted.contains(&metadata),
        _ => true,
    };
    let diagnostics = found.diagnostics.into_iter().filter(|(metadata, _)| is_wanted(*metadata));
    let diagnostics = diagnostics.map(|(_, error)| error).collect();
    let refused = found.refused.into_iter().filter(|(metadata, _)| is_wanted(*metadata));
    let refused = refused.map(|(_, error)| error).collect();
    let mut models = Models { schema: Schema::default(), diagnostics, refused };
    for model in found.models {
        if !is_wanted(model.metadata) {
            continue;
        }
        models.schema.tables.push(model.table);
        models.schema.indexes.extend(model.indexes);
    }
    models
}

/// Reads everything that makes tables.
fn read_all<'a>(follower: &mut Follower<'a>, found: &mut Found<'a>) {
    for id in 0..follower.host.entities.len() {
        let Some(entity) = follower.host.entities.get(id) else { continue };
        let Some(source) = follower.host.sources.get(entity.file).copied() else { continue };
        match &entity.what {
            What::Class(_) => class::read_class(follower, id, found),
            What::Table(value) => {
                let value = value.clone();
                core_table::read_table(follower, id, source, &value, found);
            }
            What::Metadata(value) => {
                let schema = value.call().and_then(|call| keyword(call, "schema"));
                if schema.is_some_and(|schema| !schema.is_nothing()) {
                    let message = "The argument `schema` of `MetaData` is not read yet";
                    let hint = "Leave it out: SQLite has no schemas.";
                    let span = entity.span;
                    found.current = Some(id);
                    found.unsupported(source, span, message.into(), hint);
                }
            }
            What::Base(_) | What::Object { .. } => {}
        }
    }
}

/// Names the statements that were not followed and may have made tables.
fn report_failures(world: &World, found: &mut Found) {
    for (_, error) in &world.mistakes {
        found.report(error.clone());
    }
    for (file, statement, error) in &world.failures {
        let text = world.sources.get(*file).map_or("", |source| statement.of(source.text));
        // It may be a call of a function that makes them, and fails.
        let inner = error.place.as_ref().and_then(|place| {
            let source = world.sources.iter().find(|source| source.path == place.file)?;
            let text = around(source.text, place.span.start);
            text.starts_with("def ").then_some(text)
        });
        // Nobody knows what a loop without an end would have made, or one that has to do with models.
        let is_loop = text.starts_with("for ") || text.starts_with("while ");
        let is_long = error.message.contains("does not end");
        if is_long
            || is_loop && names_model(world, text)
            || makes_tables(text)
            || inner.is_some_and(makes_tables)
        {
            found.report(error.clone());
        }
    }
}

/// Whether a text names a `MetaData` or a model.
fn names_model(world: &World, text: &str) -> bool {
    let mut words = text.split(|letter: char| !letter.is_alphanumeric() && letter != '_');
    words.any(|word| {
        let is_model = |entity: &world::Entity| match &entity.what {
            What::Class(class) => class.name == word && class.value("__tablename__").is_some(),
            _ => false,
        };
        word == "metadata" || world.entities.iter().any(is_model)
    })
}

/// The statement at the top level of a file that is around a place, by its indentation.
fn around(text: &str, at: usize) -> &str {
    let is_inner = |line: &str| line.starts_with([' ', '\t', '\n', '\r', '#', ')']);
    let starts: Vec<usize> = text
        .split_inclusive('\n')
        .scan(0, |next, line| {
            let start = *next;
            *next += line.len();
            Some((start, line))
        })
        .filter(|(_, line)| !is_inner(line))
        .map(|(start, _)| start)
        .collect();
    let behind = starts.partition_point(|start| *start <= at);
    let start = behind.checked_sub(1).and_then(|before| starts.get(before)).copied();
    text.get(start.unwrap_or(0)..starts.get(behind).copied().unwrap_or(text.len())).unwrap_or("")
}

/// Whether a statement may make tables.
fn makes_tables(text: &str) -> bool {
    const WORDS: &[&str] = &[
        "Column(",
        "mapped_column",
        "Table(",
        "__tablename__",
        "declarative_base",
        "table=True",
        "exec(",
    ];
    WORDS.iter().any(|word| text.contains(word))
}

/// What was found so far.
#[derive(Default)]
struct Found<'a> {
    declared: Vec<Declared<'a>>,
    /// The number in `declared` of the table of each class and each `Table`.
    mapped: LiteMap<usize, usize>,
    tables: LiteMap<(Option<MetadataId>, String), ()>,
    models: Vec<Model<'a>>,
    /// What could not be read, with the `MetaData` that it matters to, if that is known.
    diagnostics: Vec<(Option<MetadataId>, Diagnostic)>,
    /// What cannot be created, with the same.
    refused: Vec<(Option<MetadataId>, Diagnostic)>,
    /// The `MetaData` of what is read now.
    current: Option<MetadataId>,
}

/// One table before SQLAlchemy's rules are applied.
struct Declared<'a> {
    entity: usize,
    file: usize,
    source: Source<'a>,
    span: Span,
    declaration: TableDeclaration,
    /// The name of the class, if it must have a primary key.
    mapper: Option<String>,
    metadata: Option<MetadataId>,
    /// Whether something of it could not be read, which was reported.
    is_broken: bool,
}

/// One table and where it is written.
struct Model<'a> {
    source: Source<'a>,
    table: Table,
    indexes: Vec<Index>,
    /// Those of its constraints that types made, by their number, each with its column.
    type_checks: Vec<(usize, Vec<String>)>,
    /// Its CHECKs on expressions, with their columns.
    about: Vec<(usize, Vec<String>)>,
    /// The place of each column.
    columns: Vec<Span>,
    /// The columns that are called otherwise than their name, each by its key.
    keys: Vec<(String, String)>,
    metadata: Option<MetadataId>,
}

impl<'a> Found<'a> {
    fn unsupported(&mut self, source: Source, span: Span, message: String, hint: &str) {
        let error = Diagnostic::error(Code::PythonUnsupported, message);
        self.report(error.at(source.place(span)).hint(hint));
    }

    /// Takes note of a mistake. One in a mixin is not told for each class that inherits it.
    fn report(&mut self, error: Diagnostic) {
        if !self.diagnostics.iter().any(|(_, known)| *known == error) {
            self.diagnostics.push((self.current, error));
        }
    }

    /// Applies SQLAlchemy's rules, in the order of the files and in each file from top to bottom.
    fn build(&mut self) {
        let mut all = std::mem::take(&mut self.declared);
        ambix_core::sort::sort_by_key(&mut all, |declared| (declared.file, declared.entity));
        for declared in all {
            if !declared.is_broken {
                self.current = declared.metadata;
                let Err(error) = self.build_one(declared) else { continue };
                self.report(error);
            }
        }
    }

    fn build_one(&mut self, declared: Declared<'a>) -> Result<(), Diagnostic> {
        let Declared { source, span, declaration, mapper, metadata, .. } = declared;
        let columns: Vec<Span> = declaration.columns.iter().map(|column| column.span).collect();
        let Built { table, indexes, type_checks, about, keys } = declaration.build(source)?;
        let key = table.constraints.iter().find_map(|constraint| match constraint {
            Constraint::PrimaryKey(key) => Some(key),
            _ => None,
        });
        let name = &table.name;
        if let (None, Some(class)) = (key, mapper) {
            let message = format!(
                "Mapper Mapper[{class}({name})] could not assemble any primary key columns for mapped table \
                 '{name}'"
            );
            let hint = "Mark the column that identifies a row: `primary_key=True`.";
            return Err(source.unsupported(span, message).hint(hint));
        }
        if let Some(key) = key.filter(|key| key.columns.len() > 1) {
            let counts = table.columns.iter().position(|column| {
                column.autoincrement == Some(true) && key.columns.contains(&column.name)
            });
            if let Some(column) = counts.and_then(|at| table.columns.get(at)) {
                let message = format!(
                    "(in table '{name}', column '{}'): SQLite does not support autoincrement for composite \
                     primary keys",
                    column.name
                );
                let span = counts.and_then(|at| columns.get(at)).copied().unwrap_or(span);
                let hint = "Leave out `autoincrement=True`, or make it the only column of the key.";
                self.refused.push((metadata, source.unsupported(span, message).hint(hint)));
            }
        }
        self.models.push(Model {
            source,
            table,
            indexes,
            type_checks,
            about,
            columns,
            keys,
            metadata,
        });
        Ok(())
    }
}
