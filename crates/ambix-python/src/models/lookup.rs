//! The tables and columns that names stand for: `account.c.id`, `User.id`.

use super::metadata::MetadataId;
use super::world::{What, World};
use crate::sqlalchemy::{called, table_part};
use crate::value::{Attribute, Call, Kind, Path, Value};

impl World<'_> {
    /// The table of a class or of a call of `Table`, by the name in Python.
    pub(super) fn table_name(&self, id: usize) -> Option<String> {
        match &self.entities.get(id)?.what {
            What::Table(value) => written_name(value.call()?).map(String::from),
            What::Class(class) => {
                if let Some(table) = class.value("__table__").and_then(|value| self.entity(value)) {
                    return self.table_name(table);
                }
                self.table_names.get(&id).cloned()
            }
            _ => None,
        }
    }

    /// The table and the column that a value names.
    pub(super) fn column(&self, value: &Value) -> Option<(String, String)> {
        let path = dotted(value)?;
        let (id, rest) = self.parts(&path)?;
        Some((self.table_name(id)?, self.column_at(id, rest)?))
    }

    /// The table that a value names, with a class standing for its own.
    pub(super) fn table(&self, value: &Value) -> Option<String> {
        let (id, rest) = self.parts(value.path()?)?;
        matches!(rest, "" | "__table__").then(|| self.table_name(id))?
    }

    /// The table of which the value uses a column first, and its `MetaData`.
    pub(super) fn owner(&self, value: &Value) -> Option<(String, Option<MetadataId>)> {
        let mut owner = None;
        value.visit(&mut |value| {
            if owner.is_some() {
                return;
            }
            let Some(path) = dotted(value) else { return };
            let Some((id, rest)) = self.parts(&path) else { return };
            // `account.c.id.desc`.
            let inner = rest.rsplit_once('.').map_or("", |(inner, _)| inner);
            if self.column_at(id, rest).or_else(|| self.column_at(id, inner)).is_some() {
                owner = self.table_name(id).map(|table| (table, self.metadata_of_class(id)));
            }
        });
        owner
    }

    /// The column that the rest of a name stands for, after the name of the table or the class.
    pub(super) fn column_at(&self, id: usize, rest: &str) -> Option<String> {
        let rest = rest.strip_prefix("__table__.").unwrap_or(rest);
        match (rest.split_once('.'), &self.entities.get(id)?.what) {
            (Some(("c" | "columns", key)), What::Table(value)) => {
                let mut columns = value.call()?.arguments.iter().filter_map(column_of_call);
                columns.find(|(known, _)| *known == key).map(|(_, name)| name.into())
            }
            (Some(("c" | "columns", key)), _) if !key.contains('.') => {
                let attributes = self.line(id).into_iter().filter_map(|id| self.class_of(id));
                let named = attributes.flat_map(|class| &class.attributes).find_map(|attribute| {
                    let (known, name) = keyed(attribute)?;
                    (known == key).then(|| name.into())
                });
                Some(named.unwrap_or_else(|| key.into()))
            }
            (None, What::Class(class)) => {
                if let Some(table) = class.value("__table__").and_then(|value| self.entity(value)) {
                    return self.column_at(table, &format!("c.{rest}"));
                }
                self.line(id).into_iter().find_map(|id| {
                    let class = self.class_of(id)?;
                    let found = class.attributes.iter().find(|attribute| attribute.name == rest);
                    match found {
                        Some(attribute) => column_name(attribute),
                        None => class.function(rest).map(|function| function.name.to_string()),
                    }
                })
            }
            _ => None,
        }
    }
}

/// The name of the column that an attribute of a class declares.
fn column_name(attribute: &Attribute) -> Option<String> {
    match &attribute.value {
        Some(value) if is_field(value) => Some(attribute.name.to_string()),
        Some(_) => keyed(attribute).map(|(_, name)| name.into()),
        None => attribute.annotation.as_ref().map(|_| attribute.name.to_string()),
    }
}

/// The column that an attribute is set to: what `Table.c` calls it, and its name.
fn keyed(attribute: &Attribute) -> Option<(&str, &str)> {
    let value = attribute.value.as_ref().filter(|value| table_part(value).is_some())?;
    let (_, call) = called(value)?;
    let name = written_name(call).unwrap_or(&attribute.name);
    Some((key_of(call).unwrap_or(name), name))
}

/// The same of a column with a name of its own.
fn column_of_call(value: &Value) -> Option<(&str, &str)> {
    let (_, call) = called(value).filter(|(what, _)| *what == "Column")?;
    let name = written_name(call)?;
    Some((key_of(call).unwrap_or(name), name))
}

fn key_of(call: &Call) -> Option<&str> {
    super::world::keyword(call, "key").and_then(Value::text)
}

/// `Field(…)` of SQLModel.
pub(super) fn is_field(value: &Value) -> bool {
    value.call().is_some_and(|call| call.callee.path().is_some_and(|path| path.last() == "Field"))
}

/// A name with more parts after it.
fn longer(path: &Path, rest: &str) -> Path {
    Path { dotted: format!("{}.{rest}", path.dotted).into(), origin: path.origin }
}

/// A name, with `account.c["id"]` as `account.c.id`.
pub(super) fn dotted(value: &Value) -> Option<Path> {
    match &value.kind {
        Kind::Name(path) => Some(path.clone()),
        Kind::Subscript(of, items) => match (of.path(), items.as_slice()) {
            (Some(path), [name]) if matches!(path.last(), "c" | "columns") => {
                name.text().filter(|name| !name.contains('.')).map(|name| longer(path, name))
            }
            _ => None,
        },
        _ => None,
    }
}

/// The name that a call gives to what it makes.
pub(super) fn written_name(call: &Call) -> Option<&str> {
    let by_keyword = || super::world::keyword(call, "name").and_then(Value::text);
    call.arguments.first().and_then(Value::text).or_else(by_keyword)
}
