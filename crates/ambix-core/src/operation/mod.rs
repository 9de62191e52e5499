//! What a revision says: Alembic's directives as values, one file a family.
//!
//! Each directive knows its inverse ([`Operation::reverse`]), which is what a generated downgrade is
//! made of, in reverse order.

mod alter_table;
mod bulk_insert;
mod column;
mod index;
pub mod loss;
mod schema_change;
mod table;
mod view;

pub use alter_table::{
    AlterTable, ColumnPlace, ConstraintAddress, Dependents, Places, Recreate, TableChange,
};
pub use bulk_insert::{BulkInsert, StoredValue};
pub use column::{AddColumn, DropColumn};
pub use index::{CreateIndex, DropIndex, RenameIndex};
pub use schema_change::{AlterColumn, FOREIGN_KEY_CONVENTION, SchemaChange, UNIQUE_CONVENTION};
pub use table::{CreateTable, DropTable};
pub use view::ReplaceView;

use crate::diagnostic::Place;
use alloc::string::String;
use alloc::{format, vec::Vec};
use serde::{Deserialize, Serialize};

/// For flags that are not written where they are not set.
#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde asks with a reference")]
const fn is_false(flag: &bool) -> bool {
    !*flag
}

/// A directive of a revision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Operation {
    /// `op.create_table`.
    CreateTable(CreateTable),
    /// `op.drop_table`.
    DropTable(DropTable),
    /// `op.add_column`.
    AddColumn(AddColumn),
    /// `op.drop_column`.
    DropColumn(DropColumn),
    /// `op.batch_alter_table`.
    AlterTable(AlterTable),
    /// `op.create_index`.
    CreateIndex(CreateIndex),
    /// `op.drop_index`.
    DropIndex(DropIndex),
    /// `ALTER INDEX … RENAME TO …`.
    RenameIndex(RenameIndex),
    /// `CREATE OR REPLACE VIEW`.
    ReplaceView(ReplaceView),
    /// `op.execute`.
    Execute(Execute),
    /// `op.bulk_insert`.
    BulkInsert(BulkInsert),
}

/// `op.execute(sql)`: statements that the author wrote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Execute {
    /// One statement or several, separated by semicolons.
    pub sql: String,
    /// Whether it is one statement that runs outside of any transaction, because SQLite takes it no other
    /// way (VACUUM). Then the revision does nothing else.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub alone: bool,
}

impl Execute {
    /// Statements that run in the transaction of their revision.
    pub fn new(sql: impl Into<String>) -> Self {
        Self { sql: sql.into(), alone: false }
    }
}

/// A directive and the place in the revision's file where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Directive {
    /// What is to be done.
    pub operation: Operation,
    /// Where it is said; `None` for revisions that are no files.
    pub place: Option<Place>,
}

impl Operation {
    /// The name of the directive as scripts write it: `create_table`. A single change of a table has that of the
    /// directive for it alone.
    pub fn name(&self) -> &'static str {
        match self {
            Self::CreateTable(_) => "create_table",
            Self::DropTable(_) => "drop_table",
            Self::AddColumn(_) => "add_column",
            Self::DropColumn(_) => "drop_column",
            Self::AlterTable(alter) => alter.name(),
            Self::CreateIndex(_) => "create_index",
            Self::DropIndex(_) => "drop_index",
            Self::RenameIndex(_) => "rename_index",
            Self::ReplaceView(_) => "replace_view",
            Self::Execute(_) => "execute",
            Self::BulkInsert(_) => "bulk_insert",
        }
    }

    /// The SQL that its author wrote for it, if it was read from SQL.
    pub fn written(&self) -> Option<&str> {
        match self {
            Self::AlterTable(alter) => alter.written.as_deref(),
            Self::RenameIndex(rename) => rename.written.as_deref(),
            Self::ReplaceView(replace) => replace.written.as_deref(),
            Self::Execute(execute) => Some(&execute.sql),
            _ => None,
        }
    }

    /// Whether rows or columns may be gone when it has run, whatever the database holds: what a backup is
    /// made for. [`loss::Inventory`] knows more.
    pub fn destroys_data(&self) -> bool {
        !loss::Inventory::unknown().follow(self).is_empty()
    }

    /// The operation that undoes this one; `None` where too little is known (free SQL, rows, or a DROP
    /// that does not say what it drops).
    pub fn reverse(&self) -> Option<Self> {
        match self {
            Self::CreateTable(create) => Some(Self::DropTable(create.reverse())),
            Self::DropTable(drop) => drop.reverse().map(Self::CreateTable),
            Self::AddColumn(add) => Some(Self::DropColumn(add.reverse())),
            Self::DropColumn(drop) => drop.reverse().map(Self::AddColumn),
            Self::AlterTable(alter) => alter.reverse().map(Self::AlterTable),
            Self::CreateIndex(create) => Some(Self::DropIndex(create.reverse())),
            Self::DropIndex(drop) => drop.reverse().map(Self::CreateIndex),
            Self::RenameIndex(rename) => Some(Self::RenameIndex(rename.reverse())),
            Self::ReplaceView(_) | Self::Execute(_) | Self::BulkInsert(_) => None,
        }
    }
}

/// Says of each operation of an upgrade that its generated downgrade does not undo it, for a comment there.
pub fn without_inverse(upgrade: &[Operation], downgrade: &[Operation]) -> Vec<String> {
    if upgrade.len() == downgrade.len() {
        return Vec::new();
    }
    // A CREATE that is kept word for word is undone by a DROP, and the other way around.
    let creates = |operation: &&Operation| {
        let Operation::Execute(execute) = operation else { return false };
        let word = execute.sql.split_ascii_whitespace().next().unwrap_or_default();
        ["CREATE", "DROP"].iter().any(|it| word.eq_ignore_ascii_case(it))
    };
    let has_none = |operation: &&Operation| operation.reverse().is_none() && !creates(operation);
    let lost = upgrade.iter().rev().filter(has_none);
    let sentence = |operation: &Operation| {
        let table = match operation {
            Operation::DropTable(drop) => Some(&drop.name),
            Operation::DropColumn(drop) => Some(&drop.table),
            Operation::AlterTable(alter) => Some(&alter.table),
            Operation::BulkInsert(insert) => Some(&insert.table),
            _ => None,
        };
        let on = table.map(|table| format!(" of {table}")).unwrap_or_default();
        let name = operation.name();
        format!(
            "{name}{on} has no inverse: write what undoes it, or declare the revision irreversible"
        )
        .replace('\n', " ")
    };
    lost.map(sentence).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_destroys_data() {
        let destroys = |sql: &str| Operation::Execute(Execute::new(sql)).destroys_data();
        assert!(destroys("CREATE TABLE a (x); DELETE FROM b"));
        assert!(!destroys("CREATE TABLE a (x); DELETE FROM a"));
        assert!(destroys("CREATE TABLE IF NOT EXISTS a (x); DELETE FROM a"));
        assert!(destroys("ALTER TABLE a drop COLUMN x"));
        assert!(destroys("WITH b AS (SELECT 1) UPDATE a SET x = 1"));
        assert!(destroys("DROP TABLE a"));
        assert!(!destroys("DROP INDEX a"));
        assert!(!destroys("INSERT INTO a VALUES ('DROP', 1) -- DELETE"));
        assert!(!destroys("CREATE TABLE a (x REFERENCES b ON DELETE CASCADE)"));
        assert!(!destroys("CREATE TRIGGER t AFTER INSERT ON a BEGIN DELETE FROM b; END"));
        assert!(!destroys("INSERT INTO a SELECT replace(x, 'a', 'b') FROM b"));
        assert!(destroys("INSERT INTO a VALUES (1) ON CONFLICT DO UPDATE SET x = 1"));
        assert!(destroys("INSERT OR REPLACE INTO a VALUES (1)"));
    }
}
