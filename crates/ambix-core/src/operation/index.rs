use crate::schema::{Index, Name};
use alloc::{boxed::Box, string::String};
use serde::{Deserialize, Serialize};

/// `op.create_index(name, table, keys, unique=…)`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreateIndex {
    /// The index to make.
    pub index: Index,
}

/// `op.drop_index(name, table_name=…)`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DropIndex {
    /// The index to drop.
    pub name: Name,
    /// The table that it indexes, where the script says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub table: Option<String>,
    /// What it was, so that it can be made again. No part of what the operation does.
    #[serde(skip)]
    pub was: Option<Box<Index>>,
}

impl CreateIndex {
    pub(super) fn reverse(&self) -> DropIndex {
        DropIndex {
            name: self.index.name.clone(),
            table: Some(self.index.table.clone()),
            was: Some(Box::new(self.index.clone())),
        }
    }
}

impl DropIndex {
    pub(super) fn reverse(&self) -> Option<CreateIndex> {
        self.was.as_deref().map(|index| CreateIndex { index: index.clone() })
    }
}
