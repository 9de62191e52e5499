//! The change of a table, as JavaScript says it: [`operation::AlterTable`] in the words of its JSON.

use ambix_core::operation;
use serde::Deserialize;
use std::collections::BTreeMap;
use tsify::Tsify;

/// Changes of one table, carried out together. Each change sees the table as those before it left it.
#[derive(Deserialize, Tsify)]
#[serde(deny_unknown_fields)]
pub struct AlterTable {
    /// The table.
    pub table: String,
    /// What changes, in order.
    pub changes: Vec<TableChange>,
    /// Whether the table is made anew and its rows are copied. Default: `auto`.
    #[serde(default)]
    #[tsify(optional)]
    pub recreate: Recreate,
    /// Nothing is done if there is no such table. Default: `false`.
    #[serde(default)]
    #[tsify(optional)]
    pub if_exists: bool,
}

/// Whether a table is made anew: `auto` where SQLite has no statement for a change or it would lose
/// something, `always`, or `never`: then such a change is refused.
#[derive(Default, Deserialize, Tsify)]
#[serde(rename_all = "snake_case")]
pub enum Recreate {
    /// Where need be.
    #[default]
    Auto,
    /// In any case.
    Always,
    /// Never.
    Never,
}

/// One change of a table. Definitions, types and values are SQL, as CREATE TABLE has them; names are bare.
#[derive(Deserialize, Tsify)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum TableChange {
    /// A new column: `title VARCHAR(50) DEFAULT '' NOT NULL`, behind all others or at a place.
    AddColumn {
        /// Its definition.
        definition: String,
        /// Where it goes.
        #[serde(default)]
        #[tsify(optional)]
        place: Option<ColumnPlace>,
    },
    /// A column less.
    DropColumn {
        /// Its name.
        name: String,
        /// What becomes of indexes, constraints, triggers and views that mention it. Default: `refuse`.
        #[serde(default)]
        #[tsify(optional)]
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
    /// Another type; empty for none.
    SetType {
        /// The column.
        column: String,
        /// `VARCHAR(50)`.
        data_type: String,
        /// Values are converted by CAST, also where that loses something; else what does not convert stays.
        #[serde(default)]
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
        #[serde(deserialize_with = "Option::deserialize")]
        #[tsify(type = "string | null")]
        default: Option<String>,
    },
    /// Another collation, or none.
    SetCollation {
        /// The column.
        column: String,
        /// `NOCASE`.
        #[serde(deserialize_with = "Option::deserialize")]
        #[tsify(type = "string | null")]
        collation: Option<String>,
    },
    /// Another expression that the column is generated from, or none: then it keeps the values.
    SetGenerated {
        /// The column.
        column: String,
        /// `AS (a + b) STORED`.
        #[serde(deserialize_with = "Option::deserialize")]
        #[tsify(type = "string | null")]
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
    /// The options of the table; what is left out stays.
    SetOptions {
        /// STRICT.
        #[serde(default)]
        #[tsify(optional)]
        strict: Option<bool>,
        /// WITHOUT ROWID.
        #[serde(default)]
        #[tsify(optional)]
        without_rowid: Option<bool>,
        /// AUTOINCREMENT of its INTEGER PRIMARY KEY.
        #[serde(default)]
        #[tsify(optional)]
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
    /// Columns in another order: each list names columns that shall follow one another in this order.
    Reorder {
        /// The lists.
        orders: Vec<Vec<String>>,
    },
    /// A change that is left out where there is nothing for it to do: what it adds is there, what it drops is
    /// not.
    IfNeeded(Box<TableChange>),
    /// What the table is before the changes, for where nobody can know it. It changes nothing.
    Given {
        /// The whole CREATE TABLE statement, then those of its indexes, separated by semicolons.
        sql: String,
    },
    /// What another definition of the table says otherwise: types, defaults, NOT NULL, collations, constraints. What
    /// it leaves out stays.
    Adopt {
        /// The whole CREATE TABLE statement.
        sql: String,
    },
    /// Names for the constraints that have none, by a naming convention.
    NameConstraints {
        /// The templates by kind: `fk` is `fk_%(table_name)s_%(column_0_name)s`.
        #[tsify(type = "Record<string, string>")]
        convention: BTreeMap<String, String>,
    },
}

/// Where a column goes: before all others, or right before or behind another one.
#[derive(Deserialize, Tsify)]
#[serde(rename_all = "snake_case")]
pub enum ColumnPlace {
    /// Before all others.
    First,
    /// Right before this one.
    Before(String),
    /// Right behind this one.
    After(String),
}

/// What becomes of what mentions a column that is dropped: the change is refused, or keys that list it go and
/// all else is refused, or they all go too.
#[derive(Default, Deserialize, Tsify)]
#[serde(rename_all = "snake_case")]
pub enum Dependents {
    /// The change is refused, and they are named.
    #[default]
    Refuse,
    /// UNIQUE and foreign keys go, a primary key of several columns keeps the others; all else is refused.
    Keys,
    /// They are dropped too.
    Drop,
}

/// Which constraint is meant: by its name, by its definition, `UNIQUE (a, b)`, or by its name and the one that a
/// naming convention would give it.
#[derive(Deserialize, Tsify)]
#[serde(rename_all = "snake_case")]
pub enum ConstraintAddress {
    /// The one of this name.
    Named(String),
    /// One without a name.
    Defined(String),
    /// The one of this name, or one without a name that gets it by the convention.
    Conventional {
        /// The name.
        name: String,
        /// The templates by kind: `fk` is `fk_%(table_name)s_%(column_0_name)s`.
        #[tsify(type = "Record<string, string>")]
        convention: BTreeMap<String, String>,
    },
}

impl From<AlterTable> for operation::AlterTable {
    fn from(alter: AlterTable) -> Self {
        let AlterTable { table, changes, recreate, if_exists } = alter;
        let recreate = match recreate {
            Recreate::Auto => operation::Recreate::Auto,
            Recreate::Always => operation::Recreate::Always,
            Recreate::Never => operation::Recreate::Never,
        };
        let changes = changes.into_iter().map(Into::into).collect();
        Self { table, changes, recreate, if_exists, ..Self::default() }
    }
}

impl From<TableChange> for operation::TableChange {
    fn from(change: TableChange) -> Self {
        use TableChange as Said;
        match change {
            Said::AddColumn { definition, place } => {
                Self::AddColumn { definition, place: place.map(Into::into) }
            }
            Said::DropColumn { name, dependents } => {
                Self::DropColumn { name, dependents: dependents.into() }
            }
            Said::RenameColumn { from, to } => Self::RenameColumn { from, to },
            Said::MoveColumn { name, place } => Self::MoveColumn { name, place: place.into() },
            Said::SetType { column, data_type, cast } => Self::SetType { column, data_type, cast },
            Said::SetNullable { column, nullable } => Self::SetNullable { column, nullable },
            Said::SetDefault { column, default } => Self::SetDefault { column, default },
            Said::SetCollation { column, collation } => Self::SetCollation { column, collation },
            Said::SetGenerated { column, generated } => Self::SetGenerated { column, generated },
            Said::AddConstraint { definition } => Self::AddConstraint { definition },
            Said::DropConstraint(address) => Self::DropConstraint(match address {
                ConstraintAddress::Named(name) => operation::ConstraintAddress::Named(name),
                ConstraintAddress::Defined(definition) => {
                    operation::ConstraintAddress::Defined(definition)
                }
                ConstraintAddress::Conventional { name, convention } => {
                    let convention = convention.into_iter().collect();
                    operation::ConstraintAddress::Conventional { name, convention }
                }
            }),
            Said::RenameConstraint { from, to } => Self::RenameConstraint { from, to },
            Said::IfNeeded(change) => Self::IfNeeded(Box::new((*change).into())),
            Said::SetOptions { strict, without_rowid, autoincrement } => {
                Self::SetOptions { strict, without_rowid, autoincrement }
            }
            Said::RenameTable { to } => Self::RenameTable { to },
            Said::Redefine { sql } => Self::Redefine { sql },
            Said::Reorder { orders } => Self::Reorder { orders },
            Said::Given { sql } => Self::Given { sql },
            Said::Adopt { sql } => Self::Adopt { sql },
            Said::NameConstraints { convention } => {
                Self::NameConstraints { convention: convention.into_iter().collect() }
            }
        }
    }
}

impl From<ColumnPlace> for operation::ColumnPlace {
    fn from(place: ColumnPlace) -> Self {
        match place {
            ColumnPlace::First => Self::First,
            ColumnPlace::Before(column) => Self::Before(column),
            ColumnPlace::After(column) => Self::After(column),
        }
    }
}

impl From<Dependents> for operation::Dependents {
    fn from(dependents: Dependents) -> Self {
        match dependents {
            Dependents::Refuse => Self::Refuse,
            Dependents::Keys => Self::Keys,
            Dependents::Drop => Self::Drop,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ambix_core::operation::{
        ColumnPlace, ConstraintAddress, Dependents, Recreate, TableChange,
    };

    /// The words are those that revisions are stored with.
    #[test]
    fn javascript_says_what_json_says() {
        let text = || String::from("a");
        let changes = vec![
            TableChange::AddColumn { definition: text(), place: None },
            TableChange::AddColumn { definition: text(), place: Some(ColumnPlace::First) },
            TableChange::DropColumn { name: text(), dependents: Dependents::Refuse },
            TableChange::DropColumn { name: text(), dependents: Dependents::Keys },
            TableChange::DropColumn { name: text(), dependents: Dependents::Drop },
            TableChange::RenameColumn { from: text(), to: "b".into() },
            TableChange::MoveColumn { name: text(), place: ColumnPlace::Before("b".into()) },
            TableChange::MoveColumn { name: text(), place: ColumnPlace::After("b".into()) },
            TableChange::SetType { column: text(), data_type: "TEXT".into(), cast: true },
            TableChange::SetNullable { column: text(), nullable: true },
            TableChange::SetDefault { column: text(), default: Some("1".into()) },
            TableChange::SetDefault { column: text(), default: None },
            TableChange::SetCollation { column: text(), collation: Some("NOCASE".into()) },
            TableChange::SetGenerated { column: text(), generated: Some("AS (1)".into()) },
            TableChange::AddConstraint { definition: "UNIQUE (a)".into() },
            TableChange::DropConstraint(ConstraintAddress::Named("uq".into())),
            TableChange::DropConstraint(ConstraintAddress::Defined("UNIQUE (a)".into())),
            TableChange::RenameConstraint { from: text(), to: "b".into() },
            TableChange::IfNeeded(Box::new(TableChange::DropColumn {
                name: text(),
                dependents: Dependents::Refuse,
            })),
            TableChange::SetOptions {
                strict: Some(true),
                without_rowid: None,
                autoincrement: Some(false),
            },
            TableChange::RenameTable { to: "b".into() },
            TableChange::Redefine { sql: "CREATE TABLE a (b)".into() },
            TableChange::Reorder { orders: vec![vec![text(), "b".into()]] },
            TableChange::IfNeeded(Box::new(TableChange::DropColumn {
                name: text(),
                dependents: Dependents::Refuse,
            })),
            TableChange::DropConstraint(ConstraintAddress::Conventional {
                name: text(),
                convention: [("uq".to_string(), "uq_%(table_name)s".to_string())].into(),
            }),
            TableChange::Given { sql: "CREATE TABLE a (b)".into() },
            TableChange::Adopt { sql: "CREATE TABLE a (b)".into() },
            TableChange::NameConstraints {
                convention: [("uq".to_string(), "uq_%(table_name)s".to_string())].into(),
            },
        ];
        for recreate in [Recreate::Auto, Recreate::Always, Recreate::Never] {
            let core = operation::AlterTable {
                table: text(),
                changes: changes.clone(),
                recreate,
                if_exists: recreate == Recreate::Never,
                ..operation::AlterTable::default()
            };
            let json = serde_json::to_string(&core).unwrap();
            let said: AlterTable = serde_json::from_str(&json).unwrap();
            assert_eq!(operation::AlterTable::from(said), core);
        }
        let least: AlterTable = serde_json::from_str(
            r#"{"table": "t", "changes": [{"add_column": {"definition": "a"}}, {"drop_column": {"name": "b"}}]}"#,
        )
        .unwrap();
        assert_eq!(operation::AlterTable::from(least).recreate, Recreate::Auto);
        let forgotten = r#"{"table": "t", "changes": [{"set_default": {"column": "a"}}]}"#;
        assert!(serde_json::from_str::<AlterTable>(forgotten).is_err(), "none would be dropped");
        let misspelt = r#"{"table": "t", "changes": [], "recreat": "always"}"#;
        assert!(serde_json::from_str::<AlterTable>(misspelt).is_err());
    }
}
