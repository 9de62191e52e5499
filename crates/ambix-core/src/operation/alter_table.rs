use super::SchemaChange;
use crate::diagnostic::Place;
use crate::sqlite::create_table::{self, ClauseKind};
use alloc::{boxed::Box, format, string::String, vec::Vec};
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
    /// The difference that it makes good, if it comes from a comparison. No part of what the operation does.
    #[serde(skip)]
    pub meaning: Option<SchemaChange>,
    /// Where each of the changes is said. No part of what the operation does.
    #[serde(skip)]
    pub places: Places,
}

/// The places of changes, in their order; where one is missing, it is that of the whole. Changes that are said
/// elsewhere are the same changes, so any two of these are equal.
#[derive(Clone, Debug, Default)]
pub struct Places(pub Vec<Option<Place>>);

impl PartialEq for Places {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Places {}

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
    /// only says that it is there. No list at all puts new columns where a batch of Alembic does: one that was put
    /// behind a column which is dropped later on stands behind the first column.
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
    /// What another definition of the table says otherwise (`copy_from`): types, defaults, NOT NULL and collations
    /// of its columns, and constraints. What it leaves out stays.
    Adopt {
        /// The whole CREATE TABLE statement; what follows it is not looked at.
        sql: String,
    },
    /// Names for the constraints that have none, by a naming convention (`naming_convention` of
    /// `op.batch_alter_table`). One that would get a name that is taken stays without.
    NameConstraints {
        /// The templates by SQLAlchemy's words for the kinds: `fk` is `fk_%(table_name)s_%(column_0_name)s`.
        #[serde(with = "by_kind")]
        convention: Vec<(String, String)>,
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
        #[serde(with = "by_kind")]
        convention: Vec<(String, String)>,
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
    /// What makes good this difference of the table.
    pub fn of(table: impl Into<String>, meaning: SchemaChange) -> Self {
        let (table, changes) = (table.into(), meaning.changes());
        Self { table, changes, meaning: Some(meaning), ..Self::default() }
    }

    /// The directive that says all of it: `drop_column`, or `alter_column` for what is said of one column; else
    /// `batch_alter_table`.
    pub(super) fn name(&self) -> &'static str {
        let batch = "batch_alter_table";
        let of_column = |change: &TableChange| match change.itself() {
            TableChange::RenameColumn { from: column, .. }
            | TableChange::SetType { column, .. }
            | TableChange::SetNullable { column, .. }
            | TableChange::SetDefault { column, .. }
            | TableChange::SetCollation { column, .. }
            | TableChange::SetGenerated { column, .. } => Some(column.to_ascii_lowercase()),
            _ => None,
        };
        let columns = self.changes.iter().map(of_column);
        if let Some(Some(first)) = columns.clone().next()
            && columns.flatten().filter(|column| *column == first).count() == self.changes.len()
        {
            return "alter_column";
        }
        let [change] = &self.changes[..] else { return batch };
        match change.itself() {
            TableChange::AddColumn { place: None, .. } => "add_column",
            TableChange::DropColumn { .. } => "drop_column",
            TableChange::AddConstraint { definition } => match kind_of(definition) {
                Some(ClauseKind::Unique) => "create_unique_constraint",
                Some(ClauseKind::Check) => "create_check_constraint",
                Some(ClauseKind::ForeignKey) => "create_foreign_key",
                Some(ClauseKind::PrimaryKey) => "create_primary_key",
                _ => batch,
            },
            TableChange::DropConstraint(_) => "drop_constraint",
            TableChange::RenameTable { .. } => "rename_table",
            _ => batch,
        }
    }

    /// The SQL that its author wrote.
    pub fn sql(&self) -> Vec<&str> {
        let texts = self.changes.iter().map(|change| match change.itself() {
            TableChange::AddColumn { definition, .. }
            | TableChange::AddConstraint { definition } => Some(definition),
            TableChange::SetType { data_type, .. } => Some(data_type),
            TableChange::SetDefault { default, .. } => default.as_ref(),
            TableChange::SetGenerated { generated, .. } => generated.as_ref(),
            TableChange::Redefine { sql }
            | TableChange::Given { sql }
            | TableChange::Adopt { sql } => Some(sql),
            _ => None,
        });
        texts.flatten().map(String::as_str).collect()
    }

    /// What gives the table its text from before again, with its columns under their names from before.
    pub(super) fn reverse(&self) -> Option<Self> {
        if let Some(meaning) = &self.meaning {
            return Some(Self::of(self.table.clone(), meaning.reverse()));
        }
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

/// What kind of constraint a definition is of.
fn kind_of(definition: &str) -> Option<ClauseKind> {
    let probe = format!("CREATE TABLE t (c, {definition}\n)");
    Some(create_table::read(&probe).ok()?.constraints.first()?.kind)
}

/// Templates by kind are an object in JSON.
mod by_kind {
    use alloc::{collections::BTreeMap, string::String, vec::Vec};
    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(
        templates: &[(String, String)],
        to: S,
    ) -> Result<S::Ok, S::Error> {
        to.collect_map(templates.iter().map(|(kind, template)| (kind, template)))
    }

    pub(super) fn deserialize<'a, D: Deserializer<'a>>(
        from: D,
    ) -> Result<Vec<(String, String)>, D::Error> {
        BTreeMap::deserialize(from).map(|templates| templates.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use TableChange::{
        AddColumn, AddConstraint, DropColumn, RenameColumn, RenameTable, SetDefault,
    };

    #[test]
    fn a_single_change_is_called_as_its_directive() {
        let name = |changes: &[TableChange]| {
            AlterTable { table: "t".into(), changes: changes.to_vec(), ..AlterTable::default() }
                .name()
        };
        let add = AddColumn { definition: "a TEXT".into(), place: None };
        let drop = DropColumn { name: "a".into(), dependents: Dependents::Keys };
        let rename = |from: &str| RenameColumn { from: from.into(), to: "b".into() };
        let default = SetDefault { column: "A".into(), default: None };
        let check = AddConstraint { definition: "CONSTRAINT ck CHECK (a > 0)".into() };
        assert_eq!(name(&[RenameTable { to: "u".into() }]), "rename_table");
        assert_eq!(name(core::slice::from_ref(&add)), "add_column");
        assert_eq!(name(&[TableChange::IfNeeded(Box::new(drop.clone()))]), "drop_column");
        assert_eq!(name(&[check]), "create_check_constraint");
        assert_eq!(name(&[default.clone(), rename("a")]), "alter_column");
        assert_eq!(name(&[default, rename("c")]), "batch_alter_table");
        assert_eq!(name(&[add, drop]), "batch_alter_table");
        assert_eq!(name(&[]), "batch_alter_table");
    }
}
