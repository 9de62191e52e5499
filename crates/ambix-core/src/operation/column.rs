use crate::schema::Column;
use alloc::{boxed::Box, string::String};
use serde::{Deserialize, Serialize};

/// `op.add_column(table, column)`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddColumn {
    /// The table that gets a column.
    pub table: String,
    /// The column.
    pub column: Column,
}

/// `op.drop_column(table, name)`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DropColumn {
    /// The table that loses a column.
    pub table: String,
    /// The column's name.
    pub name: String,
    /// What it was, so that it can be made again. No part of what the operation does.
    #[serde(skip)]
    pub was: Option<Box<Column>>,
}

impl AddColumn {
    pub(super) fn reverse(&self) -> DropColumn {
        DropColumn {
            table: self.table.clone(),
            name: self.column.name.clone(),
            was: Some(Box::new(self.column.clone())),
        }
    }
}

impl DropColumn {
    pub(super) fn reverse(&self) -> Option<AddColumn> {
        let column = self.was.as_deref()?.clone();
        Some(AddColumn { table: self.table.clone(), column })
    }
}
