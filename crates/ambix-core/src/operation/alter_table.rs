use alloc::{boxed::Box, collections::BTreeMap, string::String, vec::Vec};
use serde::{Deserialize, Serialize};

/// Changes of one table, carried out together (`op.batch_alter_table`). Each change sees the table as those
/// before it left it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlterTable {
    /// The table.
    pub table: String,
    /// What changes, in order.
    pub changes: Vec<TableChange>,
    /// Whether the table is made anew.
    #[serde(default)]
    pub recreate: Recreate,
    /// Nothing is done if there is no such table (`ALTER TABLE IF EXISTS`).
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub if_exists: bool,
    /// The table's text before, so that it can have it again. No part of what the operation does.
    #[serde(skip)]
    pub was: Option<Box<str>>,
    /// The statement that it was read from, if its author wrote it as one.
    #[serde(skip)]
    pub written: Option<Box<str>>,
}

/// Whether the table is made anew and its rows are copied (Alembic's `recreate`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Recreate {
    /// Only where SQLite has no statement for it, or that statement would lose something.
    #[default]
    Auto,
    /// In any case.
    Always,
    /// Never: what SQLite has no statement for is refused.
    Never,
}

/// One change of a table. Definitions, types and values are SQL, as CREATE TABLE has them; names are bare.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TableChange {
    /// A new column.
    AddColumn {
        /// `title VARCHAR(50) DEFAULT '' NOT NULL`.
        definition: String,
        /// Where it goes; behind all others where nothing is said.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        place: Option<ColumnPlace>,
    },
    /// A column less. Constraints that are about nothing else go with it.
    DropColumn {
        /// Its name.
        name: String,
        /// What becomes of indexes, constraints, triggers and views that mention it.
        #[serde(default)]
        dependents: Dependents,
    },
    /// Another name for a column, which everything that mentions it follows.
    RenameColumn {
        /// The name now.
        from: String,
        /// The name to be.
        to: String,
    },
    /// Another place for a column.
    MoveColumn {
        /// Its name.
        name: String,
        /// Where it goes.
        place: ColumnPlace,
    },
    /// Another type.
    SetType {
        /// The column.
        column: String,
        /// `VARCHAR(50)`; empty for none.
        data_type: String,
        /// Values are converted by CAST where the type is of another kind, as Alembic does; that makes 2021 of
        /// `'2021-01-11'`. Else SQLite converts by the column's affinity, and what does not convert stays.
        #[serde(default, skip_serializing_if = "core::ops::Not::not")]
        cast: bool,
    },
    /// NOT NULL or not.
    SetNullable {
        /// The column.
        column: String,
        /// Whether NULL may be stored.
        nullable: bool,
    },
    /// Another default, or none.
    SetDefault {
        /// The column.
        column: String,
        /// `'draft'`, `(1 + 1)`, `CURRENT_TIMESTAMP`.
        default: Option<String>,
    },
    /// Another collation, or none.
    SetCollation {
        /// The column.
        column: String,
        /// `NOCASE`.
        collation: Option<String>,
    },
    /// Another expression that the column is generated from; none makes it an ordinary column, which keeps
    /// the values.
    SetGenerated {
        /// The column.
        column: String,
        /// `AS (a + b) STORED`.
        generated: Option<String>,
    },
    /// A new constraint. A PRIMARY KEY takes the place of the one before.
    AddConstraint {
        /// `CONSTRAINT ck CHECK (price > 0)`.
        definition: String,
    },
    /// A constraint less.
    DropConstraint(ConstraintAddress),
    /// Another name for a constraint.
    RenameConstraint {
        /// The name now.
        from: String,
        /// The name to be.
        to: String,
    },
    /// The options of the table.
    SetOptions {
        /// STRICT; `None` leaves it as it is.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        strict: Option<bool>,
        /// WITHOUT ROWID.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        without_rowid: Option<bool>,
        /// AUTOINCREMENT of its INTEGER PRIMARY KEY.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        autoincrement: Option<bool>,
    },
    /// Another name for the table, which everything that mentions it follows.
    RenameTable {
        /// The name to be.
        to: String,
    },
    /// Another definition as a whole. Columns of the same name keep their values.
    Redefine {
        /// The whole CREATE TABLE statement.
        sql: String,
    },
    /// Columns in another order (`partial_reordering`): each list names columns that shall follow one another
    /// in this order. What no list names stays where it was, as far as the lists let it. A list of one column
    /// only says that it is there.
    Reorder {
        /// The lists.
        orders: Vec<Vec<String>>,
    },
    /// This change, unless it is so already: what is to be added is there, or what is to be dropped, renamed
    /// or changed is not (`IF NOT EXISTS`, `IF EXISTS`). A constraint is there if the table has one of that name,
    /// or one that says the same.
    IfNeeded(Box<TableChange>),
    /// What the table is before the changes, for where nobody can know it (`copy_from` in a script that is only
    /// written). It changes nothing.
    Given {
        /// The whole CREATE TABLE statement, then those of its indexes, separated by semicolons.
        sql: String,
    },
}

/// Where a column goes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ColumnPlace {
    /// Before all others.
    First,
    /// Right before this one (`insert_before`).
    Before(String),
    /// Right behind this one (`insert_after`).
    After(String),
}

/// What becomes of what mentions a column that is dropped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Dependents {
    /// The change is refused, and they are named.
    #[default]
    Refuse,
    /// UNIQUE and foreign keys of the table go, a primary key of several columns keeps the others; all else is
    /// refused. So does Alembic in batch mode.
    Keys,
    /// They are dropped too.
    Drop,
}

/// Which constraint is meant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConstraintAddress {
    /// The one of this name.
    Named(String),
    /// One without a name, by its definition: `UNIQUE (a, b)`, `CHECK (a > 0)`, `FOREIGN KEY (a) REFERENCES p`.
    Defined(String),
    /// The one of this name; if there is none, the first without a name that would get it by a naming
    /// convention (`naming_convention` of `op.batch_alter_table`).
    Conventional {
        /// The name.
        name: String,
        /// The templates by SQLAlchemy's words for the kinds: `fk` is `fk_%(table_name)s_%(column_0_name)s`.
        convention: BTreeMap<String, String>,
    },
}

impl TableChange {
    /// The change itself, whether or not it is only made where it is needed.
    pub fn itself(&self) -> &Self {
        match self {
            Self::IfNeeded(change) => change.itself(),
            change => change,
        }
    }
}

impl AlterTable {
    /// The SQL that its author wrote.
    pub fn sql(&self) -> Vec<&str> {
        let texts = self.changes.iter().map(|change| match change.itself() {
            TableChange::AddColumn { definition, .. }
            | TableChange::AddConstraint { definition } => Some(definition),
            TableChange::SetType { data_type, .. } => Some(data_type),
            TableChange::SetDefault { default, .. } => default.as_ref(),
            TableChange::SetGenerated { generated, .. } => generated.as_ref(),
            TableChange::Redefine { sql } | TableChange::Given { sql } => Some(sql),
            _ => None,
        });
        texts.flatten().map(String::as_str).collect()
    }

    /// What gives the table its text from before again, with its columns under their names from before.
    pub(super) fn reverse(&self) -> Option<Self> {
        let renames = |change: &TableChange| {
            matches!(change, TableChange::RenameTable { .. } | TableChange::RenameColumn { .. })
        };
        // Other names are taken back by their own.
        let redefine = match self.was.as_deref() {
            Some(sql) => Some(TableChange::Redefine { sql: sql.into() }),
            None if self.changes.iter().all(renames) => None,
            None => return None,
        };
        let may_rename = |change: &TableChange| {
            matches!(change, TableChange::IfNeeded(_))
                && matches!(change.itself(), TableChange::RenameColumn { .. })
        };
        if self.changes.iter().any(may_rename) {
            return None;
        }
        let mut table = self.table.clone();
        let mut changes = Vec::new();
        for change in self.changes.iter().rev() {
            match change {
                TableChange::RenameColumn { from, to } => {
                    changes.push(TableChange::RenameColumn { from: to.clone(), to: from.clone() })
                }
                TableChange::RenameTable { to } => {
                    changes.push(TableChange::RenameTable { to: self.table.clone() });
                    table.clone_from(to);
                }
                _ => {}
            }
        }
        // SQLite has no statement that gives a table its text again.
        let recreate = match (&redefine, self.recreate) {
            (Some(_), Recreate::Never) => Recreate::Auto,
            (_, recreate) => recreate,
        };
        changes.extend(redefine);
        Some(Self { table, changes, recreate, ..Self::default() })
    }
}
