//! What a database holds, as texts: the model that changes are compiled against.
//!
//! It begins as the rows of `sqlite_schema` and follows what each statement of a revision does to them, so
//! that a revision needs no query in its middle.

mod alter;
mod follow;
pub(super) mod shadow;

use crate::engine::Rows;
use crate::schema::{OtherKind, Schema};
use alloc::{string::String, vec::Vec};

/// Everything in `sqlite_schema` that has a text, in its order; the bookkeeping of others included, since its
/// names are taken.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Objects {
    /// In the order of the catalogue.
    pub all: Vec<Object>,
}

/// One object of a database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Object {
    /// What it is.
    pub kind: ObjectKind,
    /// Its name.
    pub name: String,
    /// The table or view that it belongs to; for tables and views its own name.
    pub table: String,
    /// Its text, or why that is not known.
    pub text: Text,
}

/// The kinds of objects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ObjectKind {
    /// An ordinary table.
    Table,
    /// A table made by CREATE VIRTUAL TABLE.
    VirtualTable,
    /// An index made by CREATE INDEX.
    Index,
    /// A trigger.
    Trigger,
    /// A view.
    View,
}

/// The stored text of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Text {
    /// The CREATE statement.
    Known(String),
    /// It will only be known when the revision has run; the sentence says why.
    Unknown(String),
}

impl Object {
    /// The text, if it is known.
    pub fn sql(&self) -> Option<&str> {
        match &self.text {
            Text::Known(sql) => Some(sql),
            Text::Unknown(_) => None,
        }
    }

    /// Whether it has this name. SQLite folds ASCII letters' case in names.
    pub fn is(&self, kind: ObjectKind, name: &str) -> bool {
        self.kind == kind && self.name.eq_ignore_ascii_case(name)
    }
}

impl Objects {
    /// Reads the answer to [`crate::sqlite::catalog::SELECT`].
    pub fn read(rows: &Rows) -> Self {
        let object = |row: &Vec<crate::engine::Value>| {
            let text =
                |at: usize| row.get(at).and_then(|value| value.as_text()).unwrap_or_default();
            let sql = text(3);
            let kind = match text(0) {
                "index" => ObjectKind::Index,
                "trigger" => ObjectKind::Trigger,
                "view" => ObjectKind::View,
                _ if crate::sqlite::catalog::is_virtual(sql) => ObjectKind::VirtualTable,
                _ => ObjectKind::Table,
            };
            Object {
                kind,
                name: text(1).into(),
                table: text(2).into(),
                text: Text::Known(sql.into()),
            }
        };
        Self { all: rows.rows.iter().map(object).collect() }
    }

    /// What a schema was read from; the order is that of its kinds.
    pub(crate) fn of(schema: &Schema) -> Self {
        let object = |kind, name: &str, table: &str, sql: &str| Object {
            kind,
            name: name.into(),
            table: table.into(),
            text: Text::Known(sql.into()),
        };
        let tables = schema.tables.iter().filter_map(|table| {
            Some(object(ObjectKind::Table, &table.name, &table.name, table.sql.as_deref()?))
        });
        let indexes = schema.indexes.iter().filter_map(|index| {
            Some(object(ObjectKind::Index, &index.name.text, &index.table, index.sql.as_deref()?))
        });
        let others = schema.others.iter().map(|other| {
            let kind = match other.kind {
                OtherKind::View => ObjectKind::View,
                OtherKind::Trigger => ObjectKind::Trigger,
                OtherKind::VirtualTable => ObjectKind::VirtualTable,
                OtherKind::ShadowTable | OtherKind::UnreadTable => ObjectKind::Table,
                OtherKind::UnreadIndex => ObjectKind::Index,
            };
            object(kind, &other.name, &other.table, &other.sql)
        });
        Self { all: tables.chain(indexes).chain(others).collect() }
    }

    /// Those of these tables and views, whose names are in small letters and in order.
    #[must_use]
    pub(crate) fn only(&self, names: &[String]) -> Self {
        let is_of =
            |object: &&Object| names.binary_search(&object.table.to_ascii_lowercase()).is_ok();
        Self { all: self.all.iter().filter(is_of).cloned().collect() }
    }

    /// The ordinary table of that name.
    pub fn table(&self, name: &str) -> Option<&Object> {
        self.all.iter().find(|object| object.is(ObjectKind::Table, name))
    }

    /// The objects of that kind that belong to the table or view of that name.
    pub fn on<'a>(
        &'a self,
        table: &'a str,
        kind: ObjectKind,
    ) -> impl Iterator<Item = &'a Object> + 'a {
        self.all
            .iter()
            .filter(move |object| object.kind == kind && object.table.eq_ignore_ascii_case(table))
    }

    /// Whether any object has this name.
    pub fn has_name(&self, name: &str) -> bool {
        self.all.iter().any(|object| object.name.eq_ignore_ascii_case(name))
    }
}
