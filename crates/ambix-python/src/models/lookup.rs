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
            (Some(("c" | "columns", name)), What::Table(value)) => {
                self.has_column(value, name).then(|| name.into())
            }
            (Some(("c" | "columns", name)), _) => (!name.contains('.')).then(|| name.into()),
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

    fn has_column(&self, table: &Value, name: &str) -> bool {
        let Some(call) = table.call() else { return false };
        call.arguments
            .iter()
            .any(|value| called(value).is_some_and(|(_, call)| written_name(call) == Some(name)))
    }
}

/// The name of the column that an attribute of a class declares.
fn column_name(attribute: &Attribute) -> Option<String> {
    let named = |call| written_name(call).unwrap_or(&attribute.name).to_string();
    match &attribute.value {
        Some(value) if table_part(value).is_some() => called(value).map(|(_, call)| named(call)),
        Some(value) if is_field(value) => Some(attribute.name.to_string()),
        Some(_) => None,
        None => attribute.annotation.as_ref().map(|_| attribute.name.to_string()),
    }
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
