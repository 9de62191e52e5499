//! SQLAlchemy models to a schema.

mod annotation;
mod attribute;
mod class;
mod module;
mod reference;
mod table_args;

use crate::syntax::{File, Source, parse};
use crate::value::{Class, Names};
use ambix_core::diagnostic::{Code, Diagnostic, Span};
use ambix_core::schema::{Index, Schema, Table};
use ruff_python_ast::Stmt;
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
/// A class with `__tablename__` is a model, whatever its base is and wherever that comes from. The
/// rules are those of SQLAlchemy 2.1's declarative mapping. What has no effect on the tables, such as
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
    let mut found = Found::default();
    let mut classes = Vec::new();
    let files: Vec<File> = files.iter().map(|(path, text)| File::new(path, text)).collect();
    for file in &files {
        let source = file.source();
        let parsed = match parse(source) {
            Ok(parsed) => parsed,
            Err(error) => {
                found.diagnostics.push(error);
                continue;
            }
        };
        let body = &parsed.syntax().body;
        let names = Names::of(body);
        for statement in body {
            match statement {
                Stmt::ClassDef(class) => {
                    classes.push((source, Class::of(&names, class)));
                    module::inspect_inner(source, &names, &class.body, &mut found);
                }
                other => module::inspect(source, &names, other, &mut found),
            }
        }
    }
    let known = class::KnownClasses::of(&classes);
    for (source, class) in &classes {
        class::read_class(*source, class, &known, &mut found);
    }
    if found.diagnostics.is_empty() {
        reference::fill_in_types(&mut found);
    }
    let mut models = Models { schema: Schema::default(), diagnostics: found.diagnostics };
    for model in found.models {
        models.schema.tables.push(model.table);
        models.schema.indexes.extend(model.indexes);
    }
    models
}

/// What was found so far.
#[derive(Default)]
struct Found<'a> {
    models: Vec<Model<'a>>,
    tables: BTreeSet<String>,
    diagnostics: Vec<Diagnostic>,
}

/// One table and where it is written.
struct Model<'a> {
    source: Source<'a>,
    table: Table,
    indexes: Vec<Index>,
    /// The place of each column.
    columns: Vec<Span>,
}

impl Found<'_> {
    fn unsupported(&mut self, source: Source, span: Span, message: String, hint: &str) {
        let error = Diagnostic::error(Code::PythonUnsupported, message);
        self.diagnostics.push(error.at(source.place(span)).hint(hint));
    }
}
