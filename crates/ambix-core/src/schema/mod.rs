//! What a database holds, or should hold: tables, indexes, views, triggers.
//!
//! The same types describe the models and the database, so that the two can be compared. They carry
//! the meaning; the stored text of each object stays beside it and is what [`crate::sqlite`] edits.

mod column;
mod constraint;
mod data_type;
mod index;
mod name;
mod naming;
mod table;

pub use column::{Column, Generated, ServerDefault};
pub use constraint::{Check, Constraint, ForeignKey, PrimaryKey, Unique};
pub use data_type::{DataType, Literal, Shown, TypeArgument, UnknownType};
pub use index::{Index, IndexKey};
pub use name::Name;
pub use naming::NamingConvention;
pub use table::{Table, TableOptions};

use alloc::{string::String, vec::Vec};

/// Everything that one database, or one set of models, holds. The order is that of the source.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Schema {
    /// Tables that could be read, bookkeeping tables of other programs left out.
    pub tables: Vec<Table>,
    /// Indexes made by CREATE INDEX.
    pub indexes: Vec<Index>,
    /// Everything else, kept as text: views, triggers, virtual and shadow tables, what could not be read.
    pub others: Vec<Other>,
}

/// An object whose text is kept and not looked into.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Other {
    /// What it is.
    pub kind: OtherKind,
    /// Its name.
    pub name: String,
    /// The table it belongs to; for tables and views its own name.
    pub table: String,
    /// The stored text.
    pub sql: String,
}

/// What an [`Other`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OtherKind {
    /// A view.
    View,
    /// A trigger.
    Trigger,
    /// A table made by CREATE VIRTUAL TABLE.
    VirtualTable,
    /// A table that a virtual table keeps its data in.
    ShadowTable,
    /// A table whose text could not be read; a warning says why.
    UnreadTable,
    /// An index whose text could not be read; a warning says why.
    UnreadIndex,
}

impl Schema {
    /// The table of that name. SQLite folds ASCII letters' case in names.
    pub fn table(&self, name: &str) -> Option<&Table> {
        self.tables.iter().find(|table| table.name.eq_ignore_ascii_case(name))
    }

    /// The index of that name.
    pub fn index(&self, name: &str) -> Option<&Index> {
        self.indexes.iter().find(|index| index.name.text.eq_ignore_ascii_case(name))
    }
}
