use super::is_false;
use crate::schema::Table;
use alloc::{boxed::Box, string::String, vec::Vec};
use serde::{Deserialize, Serialize};

/// `op.create_table(name, *columns, *constraints, …)`. Its indexes are operations of their own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreateTable {
    /// The table to make.
    pub table: Table,
    /// Whether nothing is done where there is a table of that name.
    #[serde(default, skip_serializing_if = "is_false")]
    pub if_not_exists: bool,
    /// Words between CREATE and TABLE: `TEMPORARY`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub prefixes: Vec<String>,
}

/// `op.drop_table(name, if_exists=…)`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DropTable {
    /// The table to drop.
    pub name: String,
    /// Whether nothing is done where there is no such table.
    #[serde(default, skip_serializing_if = "is_false")]
    pub if_exists: bool,
    /// What it was, so that it can be made again. No part of what the operation does.
    #[serde(skip)]
    pub was: Option<Box<Table>>,
}

impl CreateTable {
    /// Of this table, which must not be there.
    pub fn new(table: Table) -> Self {
        Self { table, ..Self::default() }
    }

    pub(super) fn reverse(&self) -> DropTable {
        DropTable {
            name: self.table.name.clone(),
            if_exists: self.if_not_exists,
            was: Some(Box::new(self.table.clone())),
        }
    }
}

impl DropTable {
    /// Of the table of that name.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), ..Self::default() }
    }

    pub(super) fn reverse(&self) -> Option<CreateTable> {
        let table = self.was.as_deref()?.clone();
        Some(CreateTable { table, if_not_exists: self.if_exists, prefixes: Vec::new() })
    }
}
