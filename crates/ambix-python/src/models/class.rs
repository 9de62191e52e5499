use super::attribute::column;
use super::module::inspect_value;
use super::table_args::table_args;
use super::{Found, Model, annotation};
use crate::sqlalchemy::{NamedColumn, TableDeclaration, find_table_part};
use crate::syntax::Source;
use crate::value::{Class, Kind, Value};
use ambix_core::schema::{Constraint, Table};
use std::collections::{BTreeMap, BTreeSet};

/// The names of the classes that are defined in the files.
pub(super) struct KnownClasses {
    models: BTreeSet<String>,
    others: BTreeSet<String>,
}

impl KnownClasses {
    pub(super) fn of<'a>(classes: impl Iterator<Item = &'a Class>) -> Self {
        let (models, others): (Vec<_>, Vec<_>) = classes.partition(|class| is_model(class));
        let names = |classes: Vec<&Class>| classes.iter().map(|class| class.name.clone()).collect();
        Self { models: names(models), others: names(others) }
    }
}

fn is_model(class: &Class) -> bool {
    let is_abstract = |value: &Value| matches!(value.kind, Kind::Bool(true));
    class.value("__tablename__").is_some() && !class.value("__abstract__").is_some_and(is_abstract)
}

/// Whether a class that nobody reads would have been a model, or a part of one.
pub(super) fn is_mapped(class: &Class) -> bool {
    has_columns(class)
        || class.value("__tablename__").is_some()
        || class.functions.iter().any(|function| function.name == "__tablename__")
        || class.keywords.iter().any(|keyword| keyword.name == "table")
}

/// Whether a class declares columns.
fn has_columns(class: &Class) -> bool {
    class.attributes.iter().any(|attribute| match &attribute.value {
        Some(value) => find_table_part(value).is_some(),
        None => attribute.annotation.as_ref().and_then(annotation::mapped).is_some(),
    })
}

/// Reads a class: a model if it has `__tablename__`.
pub(super) fn read_class<'a>(
    source: Source<'a>,
    class: &Class,
    known: &KnownClasses,
    found: &mut Found<'a>,
) {
    if is_computed(source, class, found) {
        return;
    }
    let Some(table) = class.value("__tablename__").filter(|_| is_model(class)) else {
        return read_other_class(source, class, found);
    };
    let Some(table_name) = table.text() else {
        let message = format!("`__tablename__` must be a string, not {}", table.describe());
        return found.unsupported(source, table.span, message, "Write the name itself.");
    };
    if !found.tables.insert(table_name.into()) {
        let message =
            format!("Table '{table_name}' is already defined for this MetaData instance.");
        return found.unsupported(source, table.span, message, "Give one of them another name.");
    }
    let before = found.diagnostics.len();
    check_bases(source, class, known, found);
    let declaration = declare(source, table_name, class, found);
    if found.diagnostics.len() > before {
        return;
    }
    if declaration.columns.is_empty() {
        let message = format!("The model {} has no columns", class.name);
        let hint = "Add one: `id = Column(Integer, primary_key=True)`.";
        return found.unsupported(source, class.span, message, hint);
    }
    let columns = declaration.columns.iter().map(|column| column.span).collect();
    match declaration.build(source) {
        Ok(built) if !has_key(class, &built.table) => {
            let message = format!(
                "Mapper Mapper[{}({table_name})] could not assemble any primary key columns for \
                 mapped table '{table_name}'",
                class.name
            );
            let hint = "Mark the column that identifies a row: `primary_key=True`.";
            found.unsupported(source, class.span, message, hint);
        }
        Ok(built) => found.models.push(Model::of(source, built, columns)),
        Err(error) => found.diagnostics.push(error),
    }
}

/// Whether SQLAlchemy can tell the rows of the table apart. `__mapper_args__` may name columns for
/// that which are no key in the database.
fn has_key(class: &Class, table: &Table) -> bool {
    let by_mapper = class.value("__mapper_args__").is_some_and(|value| match &value.kind {
        Kind::Dict(entries) => entries.iter().any(|(key, _)| key.text() == Some("primary_key")),
        _ => true,
    });
    let is_key = |constraint: &Constraint| matches!(constraint, Constraint::PrimaryKey(_));
    by_mapper || table.constraints.iter().any(is_key)
}

/// Reports a class of which a function says something about the table.
fn is_computed(source: Source, class: &Class, found: &mut Found) -> bool {
    let function = class.functions.iter().find(|function| {
        let declares = function.decorators.iter().any(|decorator| {
            decorator.named().is_some_and(|path| path.dotted.contains("declared_attr"))
        });
        declares || matches!(function.name.as_str(), "__tablename__" | "__table_args__")
    });
    if let Some(function) = function {
        let message =
            format!("`{}` is computed by a function, which is not read yet", function.name);
        found.unsupported(source, function.span, message, "Write its value into each model.");
    }
    function.is_some()
}

/// A model has one base that need not be known, the declarative one. Another one might bring columns
/// along.
fn check_bases(source: Source, class: &Class, known: &KnownClasses, found: &mut Found) {
    let last = |base: &&Value| base.path().map(|path| path.last().to_string());
    let is_in = |names: &BTreeSet<String>, base: &&Value| {
        last(base).is_some_and(|name| names.contains(&name))
    };
    if let Some(base) = class.bases.iter().find(|base| is_in(&known.models, base)) {
        let message = format!(
            "{} inherits from the model {}, which is not read yet",
            class.name,
            last(&base).unwrap_or_default()
        );
        found.unsupported(source, base.span, message, "Write all of its columns out.");
    }
    let mut unknown = class.bases.iter().filter(|base| {
        let is_sqlalchemy = base.path().is_some_and(|path| path.within("sqlalchemy").is_some());
        !is_sqlalchemy && !is_in(&known.others, base) && !is_in(&known.models, base)
    });
    if let (Some(base), Some(_)) = (unknown.next(), unknown.next()) {
        let message = format!("{} is not known and may bring columns along", base.describe());
        found.unsupported(source, base.span, message, "Write its columns into the model.");
    }
}

/// The table that a model declares; what cannot be read is reported.
fn declare(source: Source, table: &str, class: &Class, found: &mut Found) -> TableDeclaration {
    let mut declaration = TableDeclaration { name: table.into(), ..TableDeclaration::default() };
    let mut named = BTreeMap::new();
    for attribute in &class.attributes {
        if attribute.name.starts_with("__") {
            continue;
        }
        match column(source, attribute) {
            Ok(None) => {}
            Ok(Some(column)) => {
                let name = column.name.clone().unwrap_or_default();
                named.insert(attribute.name.as_str(), (name, column.data_type.clone()));
                declaration.columns.push(column);
            }
            Err(error) => found.diagnostics.push(error),
        }
    }
    for (span, statement) in &class.others {
        let message = format!("In the body of a model, {statement} is not read");
        found.unsupported(source, *span, message, "Write the columns one after another.");
    }
    if let Some(value) = class.value("__table__") {
        let hint = "Write the columns as attributes of the class.";
        found.unsupported(source, value.span, "`__table__` is not read yet".into(), hint);
    }
    if let Some(arguments) = class.value("__table_args__") {
        let columns = |name: &str| {
            let (name, data_type) = named.get(name)?;
            Some(NamedColumn::new(name.clone(), data_type.as_ref()))
        };
        if let Err(error) = table_args(source, arguments, &columns, &mut declaration) {
            found.diagnostics.push(error);
        }
    }
    declaration
}

/// A class that is no model: a declarative base, or something that has nothing to do with tables.
fn read_other_class<'a>(source: Source<'a>, class: &Class, found: &mut Found<'a>) {
    if class.keywords.iter().any(|keyword| keyword.name == "table") {
        let message = format!("The SQLModel table {} is not read yet", class.name);
        let hint = "Write it as a class with `__tablename__` and `Column`.";
        return found.unsupported(source, class.span, message, hint);
    }
    if has_columns(class) {
        let message = format!("The class {} has columns but no `__tablename__`", class.name);
        let hint = "Mixins and abstract bases are not read yet: write the columns into each model.";
        return found.unsupported(source, class.span, message, hint);
    }
    for attribute in &class.attributes {
        let Some(value) = &attribute.value else { continue };
        let hint = match attribute.name.as_str() {
            "type_annotation_map" => "Name each type: `mapped_column(String(50))`.",
            "__table_args__" => "Write it into each model.",
            _ => {
                inspect_value(source, value, found);
                continue;
            }
        };
        let message = format!("`{}` of a base class is not read yet", attribute.name);
        found.unsupported(source, attribute.span, message, hint);
    }
}
