//! SQLAlchemy models to a schema.

mod annotation;
mod attribute;
mod class;
mod core_table;
mod file;
mod lookup;
mod metadata;
mod module;
mod naming;
mod reference;
mod table_args;

pub use naming::read_naming_convention;

use crate::environment::Metadata;
use crate::sqlalchemy::Built;
use crate::syntax::{File, Source, parse};
use crate::value::Class;
use ambix_core::diagnostic::{Code, Diagnostic, Span};
use ambix_core::schema::{Index, Schema, Table};
use file::{Declared, ModelFile};
use lookup::Lookup;
use metadata::{FoundMetadata, MetadataId};
use std::collections::BTreeSet;

/// What the models say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Models {
    /// The tables and indexes, in the order of the files and in each file from top to bottom.
    pub schema: Schema,
    /// What could not be read. If one of them is an error, the schema is not what the models mean
    /// and must not be compared with anything.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads the SQLAlchemy models in `files`, which are pairs of a path and a text.
///
/// A class with `__tablename__` is a model, whatever its base is and wherever that comes from, and so is
/// a `Table(…)` at the top level of a file. The rules are those of SQLAlchemy 2.1. What has no effect on the tables, such as
/// relationships, methods and defaults that Python computes, is passed over; what may have one and is
/// not understood is an error with its place.
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
    read(files, &|_, _| true)
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
    read(files, &|lookup, id| {
        let known: Option<Vec<MetadataId>> =
            targets.iter().map(|target| lookup.target(env, target)).collect();
        known.is_none_or(|known| known.is_empty() || known.contains(id))
    })
}

fn read(files: &[(String, String)], wanted: &dyn Fn(&Lookup, &MetadataId) -> bool) -> Models {
    let mut found = Found::default();
    let files: Vec<File> = files.iter().map(|(path, text)| File::new(path, text)).collect();
    let mut parsed_files: Vec<ModelFile> = Vec::new();
    for file in &files {
        match parse(file.source()) {
            Ok(parsed) => {
                parsed_files.push(ModelFile::of(file.source(), &parsed.syntax().body, &mut found));
            }
            Err(error) => found.diagnostics.push(error),
        }
    }
    let lookup = Lookup::of(&parsed_files);
    // The `MetaData` of each model.
    let mut metadata_of: Vec<Option<FoundMetadata>> = Vec::new();
    let known = class::KnownClasses::of(parsed_files.iter().flat_map(ModelFile::classes));
    for (at, file) in parsed_files.iter().enumerate() {
        for declared in &file.declared {
            let before = found.models.len();
            let metadata = match declared {
                Declared::Class(class) => {
                    let class_read = spelled_out(&lookup, at, class);
                    class::read_class(file.source, &class_read, &known, &mut found);
                    lookup.metadata_of(at, declared)
                }
                Declared::Table(table) => {
                    let mut value = table.value.clone();
                    core_table::spell_out(&lookup, at, &mut value);
                    core_table::read_table(file.source, &value, &mut found);
                    lookup.metadata_of(at, declared)
                }
            };
            metadata_of.extend(found.models.iter().skip(before).map(|_| metadata.clone()));
        }
    }
    for (at, file) in parsed_files.iter().enumerate() {
        for index in &file.indexes {
            let mut index = index.clone();
            core_table::spell_out(&lookup, at, &mut index);
            core_table::read_index(&lookup, at, file.source, &index, &mut found);
        }
    }
    if found.diagnostics.is_empty() {
        reference::fill_in_types(&mut found);
    }
    naming::name_constraints(&lookup, &metadata_of, &mut found);
    let mut models = Models { schema: Schema::default(), diagnostics: found.diagnostics };
    for (model, metadata) in found.models.into_iter().zip(metadata_of) {
        if metadata.is_some_and(|metadata| !wanted(&lookup, &metadata.id)) {
            continue;
        }
        models.schema.tables.push(model.table);
        models.schema.indexes.extend(model.indexes);
    }
    models
}

/// A class of which the foreign keys name their targets as strings.
fn spelled_out(lookup: &Lookup, file: usize, class: &Class) -> Class {
    let mut class = class.clone();
    for value in class.attributes.iter_mut().filter_map(|attribute| attribute.value.as_mut()) {
        core_table::spell_out(lookup, file, value);
    }
    class
}

/// What was found so far.
#[derive(Default)]
struct Found<'a> {
    models: Vec<Model<'a>>,
    tables: BTreeSet<String>,
    /// Where a `MetaData` with a naming convention stands: the path of the file and the place.
    conventions: Vec<(Source<'a>, Span)>,
    diagnostics: Vec<Diagnostic>,
}

/// One table and where it is written.
struct Model<'a> {
    source: Source<'a>,
    table: Table,
    indexes: Vec<Index>,
    /// Those of its constraints that types made, by their number, each with its column.
    type_checks: Vec<(usize, String)>,
    /// The place of each column.
    columns: Vec<Span>,
}

impl<'a> Model<'a> {
    fn of(source: Source<'a>, built: Built, columns: Vec<Span>) -> Self {
        let Built { table, indexes, type_checks } = built;
        Self { source, table, indexes, type_checks, columns }
    }
}

impl Found<'_> {
    fn unsupported(&mut self, source: Source, span: Span, message: String, hint: &str) {
        let error = Diagnostic::error(Code::PythonUnsupported, message);
        self.diagnostics.push(error.at(source.place(span)).hint(hint));
    }
}
