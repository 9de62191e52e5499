//! A class to the table that it means.

use super::columns::columns;
use super::field;
use super::named_columns::{bind_members, read_args};
use super::types::{settle, spread};
use super::world::{What, is_sqlalchemy};
use super::{Declared, Follower, Found};
use crate::sqlalchemy::{TableDeclaration, find_table_part};
use crate::syntax::Source;
use crate::value::{Class, Kind, Method, Origin, Value};
use ambix_core::diagnostic::Diagnostic;
use std::rc::Rc;

/// What a class is to SQLAlchemy.
pub(super) struct Mapping<'w> {
    pub(super) id: usize,
    pub(super) class: Rc<Class>,
    pub(super) source: Source<'w>,
    pub(super) file: usize,
    /// The model above it, if it inherits from one.
    parent: Option<usize>,
}

/// Reads a class: a model if it has a table.
pub(super) fn read_class<'a>(follower: &mut Follower<'a>, id: usize, found: &mut Found<'a>) {
    found.current = follower.host.metadata_of_class(id);
    let world = &follower.host;
    let Some(class) = world.class_of(id).cloned() else { return };
    let file = world.entities.get(id).map_or(0, |entity| entity.file);
    let Some(source) = world.sources.get(file).copied() else { return };
    let line = world.line(id);
    let parent = line.iter().skip(1).find(|above| found.mapped.contains_key(above)).copied();
    let is_true = |value: &Value| matches!(value.kind, Kind::Bool(true));
    let is_base = class
        .bases
        .iter()
        .any(|base| is_sqlalchemy(base, &["DeclarativeBase", "DeclarativeBaseNoMeta"]))
        || class.decorators.iter().any(|one| {
            let of = one.call().map_or(one, |call| &call.callee);
            is_sqlalchemy(of, &["as_declarative"])
                || of.path().is_some_and(|path| path.last() == "as_declarative_base")
        });
    if is_base || class.value("__abstract__").is_some_and(is_true) || world.is_enum(id) {
        return;
    }
    let mapping = Mapping { id, class: class.clone(), source, file, parent };
    if world.is_above(id, "sqlmodel", &["SQLModel"]) {
        let keyword = class.keywords.iter().find(|keyword| keyword.name == "table");
        if keyword.is_none_or(|keyword| !is_true(&keyword.value)) || parent.is_some() {
            return;
        }
        let name = match table_name(follower, &mapping, &line, found) {
            Ok(name) => name.unwrap_or_else(|| class.name.to_lowercase()),
            Err(error) => return found.report(error),
        };
        return declare(follower, &mapping, name, found, true);
    }
    if world.is_above(id, "sqlalchemy", &["TypeDecorator", "UserDefinedType", "TypeEngine"]) {
        return;
    }
    if class.keywords.iter().any(|keyword| keyword.name == "table" && is_true(&keyword.value)) {
        let base = class.bases.first().map(Value::describe).unwrap_or_default();
        let message =
            format!("Of {base}, which the table {} is made from, nothing is known", class.name);
        let hint = "Import it: `from sqlmodel import SQLModel`.";
        return found.unsupported(source, class.span, message, hint);
    }
    // What is unknown above the model above was told there.
    let above = parent.map(|parent| world.line(parent)).unwrap_or_default();
    let own: Vec<usize> = line.iter().filter(|id| !above.contains(id)).copied().collect();
    let mut unknown = unknown_bases(follower, &own).into_iter();
    let known = parent.is_some() || world.metadata_of_class(id).is_some();
    // By custom the declarative base stands last.
    let base = if known { None } else { unknown.next_back() };
    let name = match table_name(follower, &mapping, &line, found) {
        Ok(name) => name,
        Err(error) => return found.report(error),
    };
    if let Some(table) = class.value("__table__") {
        return match follower.host.entity(table).filter(|id| found.mapped.contains_key(id)) {
            Some(table) => {
                let at = found.mapped.get(&table).copied().unwrap_or_default();
                found.mapped.insert(id, at);
            }
            None if matches!(table.kind, Kind::Name(_)) && (known || base.is_some()) => {
                let message = format!("The table of {} is not known", class.name);
                found.unsupported(source, table.span, message, "Write the `Table` itself.");
            }
            None => {}
        };
    }
    if !known && base.is_none() {
        // A mixin, or a class that has nothing to do with tables: its columns count where it is inherited.
        return unless_imperative(&mapping, found, name.is_some());
    }
    match (name, parent) {
        (Some(name), _) => {
            if let Some(base) = unknown.next() {
                let message =
                    format!("{} is not known and may bring columns along", base.describe());
                found.unsupported(source, base.span, message, "Write its columns into the model.");
                return;
            }
            declare(follower, &mapping, name, found, false);
        }
        (None, Some(parent)) => inherit(follower, &mapping, parent, found),
        (None, None) if known => {
            let message = format!(
                "Class {} does not have a __table__ or __tablename__ specified and does not inherit from an \
                 existing table-mapped class.",
                class.name
            );
            let hint = "Add one: `__tablename__ = \"…\"`, or `__abstract__ = True`.";
            found.unsupported(source, class.span, message, hint);
        }
        (None, None) if has_columns(&class) => {
            let message = format!("The class {} has columns but no `__tablename__`", class.name);
            let base = base.map(|base| base.describe()).unwrap_or_default();
            let hint = format!("Add one: `__tablename__ = \"…\"`; of {base} nothing is known.");
            found.unsupported(source, class.span, message, &hint);
        }
        (None, None) => {}
    }
}

/// A class without a base that has a table is mapped by a call, which is not read.
fn unless_imperative(mapping: &Mapping, found: &mut Found, has_name: bool) {
    if has_name && mapping.class.bases.iter().any(|base| matches!(base.kind, Kind::Call(_))) {
        let message = format!("What {} inherits from is not known", mapping.class.name);
        let hint = "Give the base a name: `Base = declarative_base()`.";
        found.unsupported(mapping.source, mapping.class.span, message, hint);
    }
}

/// Whether a class declares columns.
fn has_columns(class: &Class) -> bool {
    class.attributes.iter().any(|attribute| match &attribute.value {
        Some(value) => find_table_part(value).is_some(),
        None => attribute.annotation.as_ref().and_then(super::annotation::mapped).is_some(),
    })
}

/// The bases of a line of classes of which nothing is known.
fn unknown_bases(follower: &Follower, line: &[usize]) -> Vec<Value> {
    const HARMLESS: &[&str] = &[
        "abc",
        "collections",
        "dataclasses",
        "enum",
        "functools",
        "pydantic",
        "sqlalchemy",
        "typing",
        "typing_extensions",
    ];
    let bases = line.iter().flat_map(|id| follower.host.bases(*id));
    let unknown = bases.filter(|base| {
        let of = match &base.kind {
            Kind::Subscript(of, _) => of,
            _ => *base,
        };
        match of.path() {
            Some(path) if path.origin == Origin::Unbound => !matches!(
                path.dotted.as_str(),
                "object" | "str" | "int" | "float" | "dict" | "Exception" | "type"
            ),
            // A name that `from sqlalchemy import *` seems to bring.
            Some(path) if path.dotted == "sqlalchemy.Base" => true,
            Some(path) if path.origin == Origin::Imported => !HARMLESS.contains(&path.first()),
            Some(_) => follower.host.entity(of).is_none(),
            None => true,
        }
    });
    unknown.cloned().collect()
}

/// The name of the table of a class; nothing if it has none of its own.
fn table_name(
    follower: &mut Follower,
    mapping: &Mapping,
    line: &[usize],
    found: &Found,
) -> Result<Option<String>, Diagnostic> {
    let Some(value) = directive(follower, mapping, line, found, "__tablename__")? else {
        return Ok(None);
    };
    if matches!(value.kind, Kind::None) {
        return Ok(None);
    }
    match value.text() {
        Some(name) => {
            follower.host.table_names.insert(mapping.id, name.into());
            Ok(Some(name.into()))
        }
        None => {
            let message = format!("`__tablename__` must be a string, not {}", value.describe());
            Err(mapping.source.unsupported(value.span, message).hint("Write the name itself."))
        }
    }
}

/// `__tablename__` or `__table_args__` of a class: its own, or that of a mixin. What a model above it says is its own.
fn directive(
    follower: &mut Follower,
    mapping: &Mapping,
    line: &[usize],
    found: &Found,
    name: &str,
) -> Result<Option<Value>, Diagnostic> {
    for above in line {
        let Some(class) = follower.host.class_of(*above).cloned() else { continue };
        let is_own = *above == mapping.id;
        let here = |value: &Value| {
            if is_own { value.clone() } else { spread(value.clone(), mapping.class.span) }
        };
        if let Some(function) = class.function(name) {
            let value = computed(follower, mapping, *above, function)?;
            return Ok(Some(here(&value)));
        }
        if found.mapped.contains_key(above) && !is_own {
            continue;
        }
        let attribute = class.attributes.iter().rev().find(|attribute| attribute.name == name);
        if let Some(attribute) = attribute {
            if let Some(error) = &attribute.failed {
                return Err(error.clone());
            }
            if let Some(value) = &attribute.value {
                return Ok(Some(here(value)));
            }
        }
    }
    Ok(None)
}

/// What a function of a class gives for a model: `@declared_attr`.
pub(super) fn computed(
    follower: &mut Follower,
    mapping: &Mapping,
    owner: usize,
    function: &Method,
) -> Result<Value, Diagnostic> {
    let kind = Kind::Name(follower.host.path_of(mapping.id));
    let cls = Value { kind, span: mapping.class.span };
    let file = follower.host.entities.get(owner).map_or(mapping.file, |entity| entity.file);
    let source = follower.host.sources.get(file).copied().unwrap_or(mapping.source);
    follower
        .open()
        .call_with(&function.value, vec![cls], function.span)
        .map_err(|stop| stop.into_diagnostic(source))
}

/// Declares the table of a class.
fn declare<'a>(
    follower: &mut Follower<'a>,
    mapping: &Mapping<'a>,
    table: String,
    found: &mut Found<'a>,
    is_sqlmodel: bool,
) {
    let Mapping { id, class, source, .. } = mapping;
    follower.host.table_names.insert(*id, table.clone());
    let metadata = follower.host.metadata_of_class(*id);
    if let Some(own) = class.decorators.iter().find(|one| may_change(follower, one)) {
        let message =
            format!("What this decorator makes of the class {} is not followed", class.name);
        found.unsupported(*source, own.span, message, "Write what it adds into the class.");
    }
    if found.tables.insert((metadata, table.clone()), ()).is_some() {
        let message = format!("Table '{table}' is already defined for this MetaData instance.");
        let span = class.value("__tablename__").map_or(class.span, |value| value.span);
        return found.unsupported(*source, span, message, "Give one of them another name.");
    }
    let before = found.diagnostics.len();
    let line = follower.host.line(*id);
    let mut declaration = TableDeclaration { name: table.clone(), ..TableDeclaration::default() };
    match is_sqlmodel {
        true => field::columns(follower, *id, &table, *source, &mut declaration, found),
        false => columns(follower, mapping, &line, &table, &mut declaration, found),
    };
    // A mistake in a table is one of this table: it counts as read, so that what refers to it is not reported too.
    match directive(follower, mapping, &line, found, "__table_args__") {
        Ok(Some(mut arguments)) => {
            bind_members(follower, &line, &mut arguments);
            settle(follower, Some(&table), &mut arguments);
            if let Err(error) = read_args(follower, mapping, arguments, &mut declaration) {
                found.report(error);
            }
        }
        Ok(None) => {}
        Err(error) => found.report(error),
    }
    let is_broken = found.diagnostics.len() > before;
    if declaration.columns.is_empty() && !is_broken {
        let message = format!("The model {} has no columns", class.name);
        let hint = "Add one: `id = Column(Integer, primary_key=True)`.";
        return found.unsupported(*source, class.span, message, hint);
    }
    let needs_key = !identified_by_mapper(follower, &line) && mapping.parent.is_none();
    found.mapped.insert(*id, found.declared.len());
    found.declared.push(Declared {
        entity: *id,
        file: mapping.file,
        source: *source,
        span: class.span,
        declaration,
        mapper: needs_key.then(|| class.name.to_string()),
        metadata,
        is_broken,
    });
}

/// Whether a decorator may give columns to a class.
fn may_change(follower: &Follower, decorator: &Value) -> bool {
    const HARMLESS: &[&str] = &[
        "abc",
        "attr",
        "attrs",
        "dataclasses",
        "enum",
        "functools",
        "pydantic",
        "six",
        "sqlalchemy",
        "sqlalchemy_utils",
        "sqlmodel",
        "strawberry",
        "typing",
        "typing_extensions",
        "warnings",
    ];
    let Some(path) = decorator.named() else { return true };
    // `mapper_registry.mapped`
    let maps = path.dotted.contains('.')
        && matches!(path.last(), "mapped" | "mapped_as_dataclass" | "as_declarative_base");
    match path.origin {
        Origin::Imported => !maps && !HARMLESS.contains(&path.first()),
        Origin::Defined => {
            let of = follower.host.parts(path).and_then(|(id, _)| follower.host.entities.get(id));
            !of.is_some_and(|of| matches!(of.what, What::Base(_)))
        }
        Origin::Unbound => !maps,
    }
}

/// Columns of a class without a table of its own, which are in the table of the class above.
fn inherit<'a>(
    follower: &mut Follower<'a>,
    mapping: &Mapping<'a>,
    parent: usize,
    found: &mut Found<'a>,
) {
    let Some(at) = found.mapped.get(&parent).copied() else { return };
    found.mapped.insert(mapping.id, at);
    let Some(name) = found.declared.get(at).map(|declared| declared.declaration.name.clone())
    else {
        return;
    };
    follower.host.table_names.insert(mapping.id, name.clone());
    let line = follower.host.line(mapping.id);
    let mut own = TableDeclaration { name: name.clone(), ..TableDeclaration::default() };
    let before = found.diagnostics.len();
    columns(follower, mapping, &line, &name, &mut own, found);
    let is_broken = found.diagnostics.len() > before;
    if mapping.class.value("__table_args__").is_some() {
        let message = "Can't place __table_args__ on an inherited class with no table.";
        let hint = "Give it to the class that has the table.";
        found.unsupported(mapping.source, mapping.class.span, message.into(), hint);
    }
    let Some(of) = found.declared.get_mut(at) else { return };
    of.is_broken |= is_broken;
    for mut column in own.columns {
        let known = of.declaration.columns.iter().any(|other| other.name == column.name);
        if known && column.is_shared {
            continue;
        }
        if known {
            let column_name = column.name.unwrap_or_default();
            let message = format!(
                "Column '{column_name}' on class {} conflicts with existing column '{name}.{column_name}'.",
                mapping.class.name
            );
            let hint = "If using Declarative, consider using the use_existing_column parameter of mapped_column().";
            return found.unsupported(mapping.source, column.span, message, hint);
        }
        if of.file != mapping.file {
            column.span = of.span;
        }
        of.declaration.columns.push(column);
    }
}

/// `__mapper_args__` may name columns that identify a row and are no key in the database.
fn identified_by_mapper(follower: &Follower, line: &[usize]) -> bool {
    let classes = line.iter().filter_map(|id| follower.host.class_of(*id));
    let mut arguments = classes.filter_map(|class| class.value("__mapper_args__"));
    arguments.any(|value| match &value.kind {
        Kind::Dict(entries) => entries.iter().any(|(key, _)| key.text() == Some("primary_key")),
        _ => true,
    })
}
