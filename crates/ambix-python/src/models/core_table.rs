//! SQLAlchemy Core: `Table("account", metadata, Column(…))` and `Index("ix", account.c.email)`.

use super::lookup::{Lookup, dotted};
use super::{Found, Model};
use crate::sqlalchemy::{Arguments, NamedColumn, called, index, table_arguments, table_part};
use crate::syntax::Source;
use crate::value::{Kind, Value};
use ambix_core::diagnostic::{Code, Diagnostic};

/// Reads a call of `Table`.
pub(super) fn read_table<'a>(source: Source<'a>, value: &Value, found: &mut Found<'a>) {
    match table(source, value, found) {
        Ok(Some(model)) => found.models.push(model),
        Ok(None) => {}
        Err(error) => found.diagnostics.push(error),
    }
}

fn table<'a>(
    source: Source<'a>,
    value: &Value,
    found: &mut Found<'a>,
) -> Result<Option<Model<'a>>, Diagnostic> {
    let Some((what, call)) = called(value) else { return Ok(None) };
    let mut given = Arguments::of(source, what, call, value.span);
    let name = given.required_text("name")?;
    let metadata = given.required("metadata")?;
    if table_part(metadata).is_some() || metadata.text().is_some() {
        let hint = format!("Name it after the table: `Table(\"{name}\", metadata, …)`.");
        return Err(given.unexpected_but("metadata", "a MetaData object", metadata, &hint));
    }
    if !found.tables.insert(name.clone()) {
        let message = format!("Table '{name}' is already defined for this MetaData instance.");
        let error = source.unsupported(value.span, message);
        return Err(error.hint("Give one of them another name."));
    }
    let declaration = table_arguments(name, &mut given)?;
    given.ignore(&["listeners"]);
    given.refuse(&["schema", "prefixes", "quote", "quote_schema", "must_exist", "autoload"])?;
    given.finish()?;
    let columns = declaration.columns.iter().map(|column| column.span).collect();
    Ok(Some(Model::of(source, declaration.build(source)?, columns)))
}

/// Reads a call of `Index` at the top level of a file and gives the index to its table.
pub(super) fn read_index(
    lookup: &Lookup,
    file: usize,
    source: Source,
    value: &Value,
    found: &mut Found,
) {
    if let Err(error) = add_index(lookup, file, source, value, found) {
        found.diagnostics.push(error);
    }
}

fn add_index(
    lookup: &Lookup,
    file: usize,
    source: Source,
    value: &Value,
    found: &mut Found,
) -> Result<(), Diagnostic> {
    let Some((_, call)) = called(value) else { return Ok(()) };
    let mut call = call.clone();
    let named = call.keywords.iter().position(|keyword| keyword.name == "_table");
    let named = named.map(|at| call.keywords.remove(at).value);
    let owner = match &named {
        Some(table) => lookup.table(file, table),
        None => lookup.owner(file, value),
    };
    let Some(owner) = owner else {
        let message = "It is not known to which table this `Index` belongs";
        return Err(source.unsupported(value.span, message).hint(
            "Name a column of a table that is read, `Index(\"ix\", account.c.email)`, or write the index \
             into the `Table`, or into the `__table_args__` of its class.",
        ));
    };
    let model = found.models.iter_mut().find(|model| model.table.name == owner);
    let known = model.as_ref().map_or(&[][..], |model| &model.table.columns);
    let columns = |dotted: &str| {
        let name = lookup.column_of(file, owner, dotted)?;
        let of = known.iter().find(|column| column.name == name);
        let of = of.and_then(|column| column.data_type.as_ref());
        Some(NamedColumn::new(name, of))
    };
    let declared = index(source, &call, value.span, &columns)?;
    // A table that could not be read was reported.
    let Some(model) = model else { return Ok(()) };
    let index = declared.among(source, owner, &model.table.columns)?;
    if model.indexes.iter().any(|other| other.name.text == index.name.text) {
        let message = format!("index {} already exists", index.name);
        let error = Diagnostic::error(Code::PythonUnsupported, message);
        return Err(error.at(source.place(value.span)).hint("Give one of them another name."));
    }
    model.indexes.push(index);
    Ok(())
}

/// Writes out what foreign keys refer to, `ForeignKey(account.c.id)` as `ForeignKey("account.id")`, and
/// columns that are taken from a table by a string as if by name.
pub(super) fn spell_out(lookup: &Lookup, file: usize, value: &mut Value) {
    if let Some(path) = dotted(value) {
        value.kind = Kind::Name(path);
        return;
    }
    let target = match called(value) {
        Some(("ForeignKey", _)) => Some((0, "column")),
        Some(("ForeignKeyConstraint", _)) => Some((1, "refcolumns")),
        _ => None,
    };
    match &mut value.kind {
        Kind::List(items) | Kind::Tuple(items) => {
            items.iter_mut().for_each(|item| spell_out(lookup, file, item));
        }
        Kind::Dict(items) => items.iter_mut().for_each(|(_, item)| spell_out(lookup, file, item)),
        Kind::Member(of, _) => spell_out(lookup, file, of),
        Kind::Call(call) => {
            spell_out(lookup, file, &mut call.callee);
            call.arguments.iter_mut().for_each(|item| spell_out(lookup, file, item));
            call.keywords.iter_mut().for_each(|word| spell_out(lookup, file, &mut word.value));
            let Some((position, name)) = target else { return };
            let keyword = call.keywords.iter_mut().find(|keyword| keyword.name == name);
            let keyword = keyword.map(|keyword| &mut keyword.value);
            if let Some(target) = call.arguments.get_mut(position).or(keyword) {
                match &mut target.kind {
                    Kind::List(items) | Kind::Tuple(items) => {
                        items.iter_mut().for_each(|item| name_column(lookup, file, item));
                    }
                    _ => name_column(lookup, file, target),
                }
            }
        }
        _ => {}
    }
}

fn name_column(lookup: &Lookup, file: usize, value: &mut Value) {
    if let Some((table, column)) = lookup.column(file, value) {
        value.kind = Kind::Text(format!("{table}.{column}"));
    }
}
