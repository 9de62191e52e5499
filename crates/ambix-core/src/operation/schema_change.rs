use super::{ConstraintAddress, TableChange};
use crate::schema::{
    Column, Constraint, DataType, Generated, PrimaryKey, ServerDefault, TableOptions,
};
use crate::sqlite::ddl;
use alloc::{borrow::ToOwned, boxed::Box, vec::Vec};

/// The names that foreign keys without one get: SQLAlchemy's word for the kind, and the template.
pub const FOREIGN_KEY_CONVENTION: (&str, &str) =
    ("fk", "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s");

/// The names that UNIQUE constraints without one get.
pub const UNIQUE_CONVENTION: (&str, &str) = ("uq", "uq_%(table_name)s_%(column_0_N_name)s");

/// A difference between two schemas, in Alembic's words: what `op.alter_column`, `op.create_…_constraint` and
/// `op.drop_constraint` are written from. [`AlterTable`](super::AlterTable) has with it what is done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SchemaChange {
    /// `op.alter_column`.
    AlterColumn(Box<AlterColumn>),
    /// `op.create_unique_constraint`, `op.create_foreign_key`, `op.create_check_constraint`.
    AddConstraint(Constraint),
    /// `op.drop_constraint`.
    DropConstraint(Constraint),
    /// `op.drop_constraint` of one that has no name.
    DropUnnamed {
        /// The constraint with the name that it gets when it is made again.
        constraint: Constraint,
        /// Whether that is also what [`UNIQUE_CONVENTION`] or [`FOREIGN_KEY_CONVENTION`] gives it.
        by_convention: bool,
    },
    /// `op.create_primary_key` in place of the key from before.
    ReplaceKey {
        /// The key as it is.
        from: Option<PrimaryKey>,
        /// The key as it shall be.
        to: Option<PrimaryKey>,
    },
    /// `table_kwargs` of `op.batch_alter_table`.
    SetOptions {
        /// The options as they are.
        from: TableOptions,
        /// The options as they shall be.
        to: TableOptions,
    },
}

/// `op.alter_column(table, column, …)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlterColumn {
    /// The column as it is.
    pub from: Column,
    /// The column as it shall be: what is not to change is as in `from`.
    pub to: Column,
    /// Whether the script says that it counts up.
    pub autoincrement: Option<bool>,
    /// Whether the script says its type where it stays: `existing_type`.
    pub tells_type: bool,
}

impl AlterColumn {
    /// The new type, which may be none, if it is to be another.
    pub fn data_type(&self) -> Option<Option<&DataType>> {
        (self.from.data_type != self.to.data_type).then_some(self.to.data_type.as_ref())
    }

    /// The new default, which may be none, if it is to be another.
    pub fn default(&self) -> Option<Option<&ServerDefault>> {
        (self.from.default != self.to.default).then_some(self.to.default.as_ref())
    }

    /// Whether it is to be an identity, which SQLite has none of.
    pub fn changes_identity(&self) -> bool {
        self.from.identity != self.to.identity
    }

    /// Whether it may be NULL, if that is to change.
    pub fn nullable(&self) -> Option<bool> {
        (self.from.nullable != self.to.nullable).then_some(self.to.nullable)
    }

    /// Whether its collation is to be another, which only a type can say in a script.
    pub fn changes_collation(&self) -> bool {
        self.from.own_collation() != self.to.own_collation()
    }

    /// Whether it is to be generated in another way, which no directive says.
    pub fn changes_generated(&self) -> bool {
        self.from.generated != self.to.generated
    }

    /// Whether nothing is to change.
    pub fn is_empty(&self) -> bool {
        self.from == self.to
    }

    fn changes(&self) -> Vec<TableChange> {
        let column = self.from.name.clone();
        let mut changes = Vec::new();
        // A collation is said with the type.
        let data_type = match self.changes_collation() {
            true => Some(self.to.data_type.as_ref()),
            false => self.data_type(),
        };
        if let Some(wanted) = data_type {
            let data_type = wanted.and_then(|it| it.bare_sql().ok()).unwrap_or_default();
            changes.push(TableChange::SetType { column: column.clone(), data_type, cast: false });
        }
        if self.changes_collation() {
            let collation = self.to.own_collation().map(ToOwned::to_owned);
            changes.push(TableChange::SetCollation { column: column.clone(), collation });
        }
        if let Some(nullable) = self.nullable() {
            changes.push(TableChange::SetNullable { column: column.clone(), nullable });
        }
        if let Some(wanted) = self.default() {
            let default = wanted.map(ddl::default_sql);
            changes.push(TableChange::SetDefault { column: column.clone(), default });
        }
        if self.changes_generated() {
            let generated = self.to.generated.as_ref().map(Generated::sql);
            changes.push(TableChange::SetGenerated { column, generated });
        }
        changes
    }
}

impl SchemaChange {
    pub(super) fn changes(&self) -> Vec<TableChange> {
        match self {
            Self::AlterColumn(alter) => alter.changes(),
            Self::AddConstraint(constraint) => {
                Vec::from([TableChange::AddConstraint { definition: ddl::constraint(constraint) }])
            }
            Self::DropConstraint(constraint) => {
                let address = match constraint.name() {
                    Some(name) => ConstraintAddress::Named(name.text.clone()),
                    None => ConstraintAddress::Defined(ddl::constraint(constraint)),
                };
                Vec::from([TableChange::DropConstraint(address)])
            }
            Self::DropUnnamed { constraint, .. } => {
                let address = ConstraintAddress::Defined(ddl::constraint(&constraint.named(None)));
                Vec::from([TableChange::DropConstraint(address)])
            }
            Self::ReplaceKey { to: Some(key), .. } => {
                let definition = ddl::constraint(&Constraint::PrimaryKey(key.clone()));
                Vec::from([TableChange::AddConstraint { definition }])
            }
            Self::ReplaceKey { to: None, .. } => {
                let address = ConstraintAddress::Defined("PRIMARY KEY".into());
                Vec::from([TableChange::DropConstraint(address)])
            }
            Self::SetOptions { from, to } => {
                let other = |is: bool, shall: bool| (is != shall).then_some(shall);
                Vec::from([TableChange::SetOptions {
                    strict: other(from.strict, to.strict),
                    without_rowid: other(from.without_rowid, to.without_rowid),
                    autoincrement: other(from.autoincrement, to.autoincrement),
                }])
            }
        }
    }

    pub(super) fn reverse(&self) -> Self {
        match self {
            Self::AlterColumn(alter) => {
                let AlterColumn { from, to, autoincrement, tells_type } = (**alter).clone();
                Self::AlterColumn(Box::new(AlterColumn {
                    from: to,
                    to: from,
                    autoincrement,
                    tells_type,
                }))
            }
            Self::AddConstraint(constraint) => Self::DropConstraint(constraint.clone()),
            Self::DropConstraint(constraint) | Self::DropUnnamed { constraint, .. } => {
                Self::AddConstraint(constraint.clone())
            }
            Self::ReplaceKey { from, to } => {
                Self::ReplaceKey { from: to.clone(), to: from.clone() }
            }
            Self::SetOptions { from, to } => Self::SetOptions { from: *to, to: *from },
        }
    }
}
