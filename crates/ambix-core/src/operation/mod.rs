//! What a revision says: Alembic's directives as values, one file a family.
//!
//! Each directive knows its inverse ([`Operation::reverse`]), which is what a generated downgrade is
//! made of, in reverse order.

mod column;
mod index;
mod table;

pub use column::{AddColumn, DropColumn};
pub use index::{CreateIndex, DropIndex};
pub use table::{CreateTable, DropTable};

use crate::diagnostic::Place;
use alloc::string::String;
use serde::{Deserialize, Serialize};

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
    /// `op.create_index`.
    CreateIndex(CreateIndex),
    /// `op.drop_index`.
    DropIndex(DropIndex),
    /// `op.execute`.
    Execute(Execute),
}

/// `op.execute(sql)`: statements that the author wrote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Execute {
    /// One statement or several, separated by semicolons.
    pub sql: String,
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
    /// The name of the directive as scripts write it: `create_table`.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::CreateTable(_) => "create_table",
            Self::DropTable(_) => "drop_table",
            Self::AddColumn(_) => "add_column",
            Self::DropColumn(_) => "drop_column",
            Self::CreateIndex(_) => "create_index",
            Self::DropIndex(_) => "drop_index",
            Self::Execute(_) => "execute",
        }
    }

    /// The operation that undoes this one; `None` where too little is known (free SQL, or a DROP
    /// that does not say what it drops).
    pub fn reverse(&self) -> Option<Self> {
        match self {
            Self::CreateTable(create) => Some(Self::DropTable(create.reverse())),
            Self::DropTable(drop) => drop.reverse().map(Self::CreateTable),
            Self::AddColumn(add) => Some(Self::DropColumn(add.reverse())),
            Self::DropColumn(drop) => drop.reverse().map(Self::AddColumn),
            Self::CreateIndex(create) => Some(Self::DropIndex(create.reverse())),
            Self::DropIndex(drop) => drop.reverse().map(Self::CreateIndex),
            Self::Execute(_) => None,
        }
    }
}
