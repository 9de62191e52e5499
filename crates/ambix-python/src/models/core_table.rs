//! SQLAlchemy Core: `Table("account", metadata, Column(…))` and `Index("ix", account.c.email)`.

use super::lookup::written_name;
use super::named_columns::{about, name_columns};
use super::types::settle;
use super::world::World;
use super::{Declared, Follower, Found};
use crate::sqlalchemy::{Arguments, NamedColumn, called, index, table_arguments, table_part};
use crate::syntax::Source;
use crate::value::{Kind, Value};
use ambix_core::diagnostic::{Code, Diagnostic};

/// Reads a call of `Table`.
pub(super) fn read_table<'a>(
    follower: &mut Follower<'a>,
    id: usize,
    source: Source<'a>,
    value: &Value,
    found: &mut Found<'a>,
) {
    if let Err(error) = table(follower, id, source, value, found) {
        found.report(error);
    }
}

fn table<'a>(
    follower: &mut Follower<'a>,
    id: usize,
    source: Source<'a>,
    value: &Value,
    found: &mut Found<'a>,
) -> Result<(), Diagnostic> {
    let mut settled = value.clone();
    let name = value.call().and_then(written_name).map(String::from);
    settle(follower, name.as_deref(), &mut settled);
    if let Kind::Call(call) = &mut settled.kind {
        let name = |value: &Value| {
            called(value).and_then(|(_, call)| written_name(call)).map(String::from)
        };
        call.arguments.iter_mut().for_each(|item| name_columns(item, &name));
    }
    let Some((what, call)) = called(&settled) else { return Ok(()) };
    let mut given = Arguments::of(source, what, call, value.span);
    let name = given.required_text("name")?;
    let metadata = given.required("metadata")?;
    if table_part(metadata).is_some() || metadata.text().is_some() {
        let hint = format!("Name it after the table: `Table(\"{name}\", metadata, …)`.");
        return Err(given.unexpected_but("metadata", "a MetaData object", metadata, &hint));
    }
    let metadata = follower.host.metadata(metadata);
    found.current = metadata;
    if found.tables.insert((metadata, name.clone()), ()).is_some() {
        let message = format!("Table '{name}' is already defined for this MetaData instance.");
        let error = source.unsupported(value.span, message);
        return Err(error.hint("Give one of them another name."));
    }
    let mut declaration = table_arguments(name, &mut given)?;
    declaration.about = about(source, &call.arguments, &|_| None);
    given.ignore(&["listeners"]);
    given.refuse(&["schema", "prefixes", "quote", "quote_schema", "must_exist", "autoload"])?;
    given.finish()?;
    let file = follower.host.entities.get(id).map_or(0, |entity| entity.file);
    found.mapped.insert(id, found.declared.len());
    found.declared.push(Declared {
        entity: id,
        file,
        source,
        span: value.span,
        declaration,
        mapper: None,
        metadata,
        is_broken: false,
    });
    Ok(())
}

/// Reads a call of `Index` at the top level of a file and gives the index to its table.
pub(super) fn read_index(world: &World, source: Source, value: &Value, found: &mut Found) {
    if let Err(error) = add_index(world, source, value, found) {
        found.report(error);
    }
}

fn add_index(
    world: &World,
    source: Source,
    value: &Value,
    found: &mut Found,
) -> Result<(), Diagnostic> {
    let Some((_, call)) = called(value) else { return Ok(()) };
    let mut call = call.clone();
    let named = call.keywords.iter().position(|keyword| keyword.name == "_table");
    let named = named.map(|at| call.keywords.remove(at).value);
    let owner = match &named {
        Some(table) => world.table(table).map(|name| (name, world.metadata_of_value(table))),
        None => world.owner(value),
    };
    let Some((owner, metadata)) = owner else {
        let message = "It is not known to which table this `Index` belongs";
        return Err(source.unsupported(value.span, message).hint(
            "Name a column of a table that is read, `Index(\"ix\", account.c.email)`, or write the index \
             into the `Table`, or into the `__table_args__` of its class.",
        ));
    };
    let model = found
        .models
        .iter_mut()
        .find(|model| model.table.name == owner && model.metadata == metadata);
    let known = model.as_ref().map_or(&[][..], |model| &model.table.columns);
    let columns = |dotted: &str| {
        let path =
            crate::value::Path { dotted: dotted.into(), origin: crate::value::Origin::Defined };
        let (id, rest) = world.parts(&path)?;
        let name = world.column_at(id, rest)?;
        let of = known.iter().find(|column| column.name == name);
        let of = of.and_then(|column| column.data_type.as_ref());
        (world.table_name(id)? == owner).then(|| NamedColumn::new(name, of))
    };
    let declared = index(source, &call, value.span, &columns)?;
    // A table that could not be read was reported.
    let Some(model) = model else { return Ok(()) };
    let index = declared.among(source, &owner, &model.table.columns)?;
    if model.indexes.iter().any(|other| other.name.text == index.name.text) {
        let message = format!("index {} already exists", index.name);
        let error = Diagnostic::error(Code::PythonUnsupported, message);
        return Err(error.at(source.place(value.span)).hint("Give one of them another name."));
    }
    model.indexes.push(index);
    Ok(())
}
