use crate::schema::Table;
use alloc::{boxed::Box, string::String};
use serde::{Deserialize, Serialize};

/// `op.create_table(name, *columns, *constraints)`. Its indexes are operations of their own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreateTable {
    /// The table to make.
    pub table: Table,
}

/// `op.drop_table(name)`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DropTable {
    /// The table to drop.
    pub name: String,
    /// What it was, so that it can be made again. No part of what the operation does.
    #[serde(skip)]
    pub was: Option<Box<Table>>,
}

impl CreateTable {
    pub(super) fn reverse(&self) -> DropTable {
        DropTable { name: self.table.name.clone(), was: Some(Box::new(self.table.clone())) }
    }
}

impl DropTable {
    pub(super) fn reverse(&self) -> Option<CreateTable> {
        self.was.as_deref().map(|table| CreateTable { table: table.clone() })
    }
}
