use super::is_false;
use crate::schema::{Index, Name};
use alloc::{boxed::Box, string::String};
use serde::{Deserialize, Serialize};

/// `op.create_index(name, table, keys, unique=…)`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreateIndex {
    /// The index to make.
    pub index: Index,
    /// Whether nothing is done where there is an index of that name.
    #[serde(default, skip_serializing_if = "is_false")]
    pub if_not_exists: bool,
}

/// `op.drop_index(name, table_name=…)`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DropIndex {
    /// The index to drop.
    pub name: Name,
    /// The table that it indexes, where the script says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub table: Option<String>,
    /// Whether nothing is done where there is no such index.
    #[serde(default, skip_serializing_if = "is_false")]
    pub if_exists: bool,
    /// What it was, so that it can be made again. No part of what the operation does.
    #[serde(skip)]
    pub was: Option<Box<Index>>,
}

/// `ALTER INDEX … RENAME TO …`: another name for an index. SQLite has no statement for it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RenameIndex {
    /// The name now.
    pub from: String,
    /// The name to be.
    pub to: String,
    /// The table that it indexes, where the author says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub table: Option<String>,
    /// Nothing is done if there is no such index.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub if_exists: bool,
    /// The statement that it was read from, if its author wrote it as one.
    #[serde(skip)]
    pub written: Option<Box<str>>,
}

impl CreateIndex {
    /// Of this index, which must not be there.
    pub const fn new(index: Index) -> Self {
        Self { index, if_not_exists: false }
    }

    pub(super) fn reverse(&self) -> DropIndex {
        DropIndex {
            name: self.index.name.clone(),
            table: Some(self.index.table.clone()),
            if_exists: self.if_not_exists,
            was: Some(Box::new(self.index.clone())),
        }
    }
}

impl DropIndex {
    /// Of the index of that name.
    pub const fn new(name: Name) -> Self {
        Self { name, table: None, if_exists: false, was: None }
    }

    pub(super) fn reverse(&self) -> Option<CreateIndex> {
        let index = self.was.as_deref()?.clone();
        Some(CreateIndex { index, if_not_exists: self.if_exists })
    }
}

impl RenameIndex {
    pub(super) fn reverse(&self) -> Self {
        Self {
            from: self.to.clone(),
            to: self.from.clone(),
            table: self.table.clone(),
            if_exists: self.if_exists,
            written: None,
        }
    }
}
