use super::Name;
use alloc::{string::String, vec::Vec};
use serde::{Deserialize, Serialize};

/// A constraint of a table. One that was written in a column stands here too.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Constraint {
    /// PRIMARY KEY.
    PrimaryKey(PrimaryKey),
    /// UNIQUE.
    Unique(Unique),
    /// FOREIGN KEY … REFERENCES.
    ForeignKey(ForeignKey),
    /// CHECK.
    Check(Check),
}

/// `PRIMARY KEY (columns)`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PrimaryKey {
    /// The name after CONSTRAINT.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Name>,
    /// The names of its columns.
    pub columns: Vec<String>,
    /// The word after ON CONFLICT: `IGNORE`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_conflict: Option<String>,
}

/// `UNIQUE (columns)`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unique {
    /// The name after CONSTRAINT.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Name>,
    /// The names of its columns.
    pub columns: Vec<String>,
    /// The word after ON CONFLICT: `IGNORE`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_conflict: Option<String>,
}

/// `FOREIGN KEY (columns) REFERENCES referred_table (referred_columns) …`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForeignKey {
    /// The name after CONSTRAINT.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Name>,
    /// The columns of this table.
    pub columns: Vec<String>,
    /// The table they point to.
    pub referred_table: String,
    /// Its columns; empty where the text names none, which means the primary key.
    pub referred_columns: Vec<String>,
    /// The word after MATCH: `FULL`. SQLite takes it and does as if there were none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub match_type: Option<String>,
    /// The action after ON UPDATE: `CASCADE`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_update: Option<String>,
    /// The action after ON DELETE.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_delete: Option<String>,
    /// DEFERRABLE (`true`), NOT DEFERRABLE (`false`) or neither.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deferrable: Option<bool>,
    /// `DEFERRED` or `IMMEDIATE` after INITIALLY.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub initially: Option<String>,
    /// Whether SQLAlchemy was told to add it when both tables are there. SQLite needs no such order.
    #[serde(skip)]
    pub use_alter: bool,
}

/// `CHECK (expression)`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// The name after CONSTRAINT.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Name>,
    /// The expression, without the parentheses.
    pub expression: String,
    /// Whether a column of the models has it. Alembic sees only those of tables.
    #[serde(skip)]
    pub in_column: bool,
    /// The word after ON CONFLICT.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_conflict: Option<String>,
}

impl Constraint {
    /// The same with another name, or none.
    pub fn named(&self, name: Option<Name>) -> Self {
        let mut named = self.clone();
        match &mut named {
            Self::PrimaryKey(key) => key.name = name,
            Self::Unique(unique) => unique.name = name,
            Self::ForeignKey(key) => key.name = name,
            Self::Check(check) => check.name = name,
        }
        named
    }

    /// Its name, if it has one.
    pub fn name(&self) -> Option<&Name> {
        match self {
            Self::PrimaryKey(key) => key.name.as_ref(),
            Self::Unique(unique) => unique.name.as_ref(),
            Self::ForeignKey(key) => key.name.as_ref(),
            Self::Check(check) => check.name.as_ref(),
        }
    }
}
