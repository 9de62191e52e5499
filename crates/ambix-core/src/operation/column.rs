use super::is_false;
use crate::schema::{Column, Constraint, Table};
use alloc::{boxed::Box, string::String, vec::Vec};
use serde::{Deserialize, Serialize};

/// `op.add_column(table, column, …)`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddColumn {
    /// The table that gets a column.
    pub table: String,
    /// The column.
    pub column: Column,
    /// Constraints of this column alone, which are written into its definition.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub constraints: Vec<Constraint>,
    /// Whether nothing is done where the table has a column of that name.
    #[serde(default, skip_serializing_if = "is_false")]
    pub if_not_exists: bool,
}

/// `op.drop_column(table, name, if_exists=…)`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DropColumn {
    /// The table that loses a column.
    pub table: String,
    /// The column's name.
    pub name: String,
    /// Whether nothing is done where the table has no such column.
    #[serde(default, skip_serializing_if = "is_false")]
    pub if_exists: bool,
    /// What it was, so that it can be made again. No part of what the operation does.
    #[serde(skip)]
    pub was: Option<Box<Column>>,
    /// The constraints that were about it alone, which go with it. No part of what the operation does.
    #[serde(skip)]
    pub constraints: Vec<Constraint>,
}

impl AddColumn {
    /// Of a column without constraints, which must not be there.
    pub fn new(table: impl Into<String>, column: Column) -> Self {
        Self { table: table.into(), column, constraints: Vec::new(), if_not_exists: false }
    }

    pub(super) fn reverse(&self) -> DropColumn {
        DropColumn {
            table: self.table.clone(),
            name: self.column.name.clone(),
            if_exists: self.if_not_exists,
            was: Some(Box::new(self.column.clone())),
            constraints: self.constraints.clone(),
        }
    }
}

impl DropColumn {
    /// Of the column of that name.
    pub fn new(table: impl Into<String>, name: impl Into<String>) -> Self {
        Self { table: table.into(), name: name.into(), ..Self::default() }
    }

    /// Of the column of that name of this table, with what it takes to make it again.
    pub fn of(table: &Table, name: &str) -> Self {
        let is_it =
            |columns: &[String]| matches!(columns, [column] if column.eq_ignore_ascii_case(name));
        let is_own = |constraint: &&Constraint| match constraint {
            Constraint::PrimaryKey(key) => is_it(&key.columns),
            Constraint::Unique(unique) => is_it(&unique.columns),
            Constraint::ForeignKey(key) => is_it(&key.columns),
            Constraint::Check(_) => false,
        };
        Self {
            was: table.column(name).cloned().map(Box::new),
            constraints: table.constraints.iter().filter(is_own).cloned().collect(),
            ..Self::new(table.name.clone(), name)
        }
    }

    pub(super) fn reverse(&self) -> Option<AddColumn> {
        let column = self.was.as_deref()?.clone();
        Some(AddColumn {
            constraints: self.constraints.clone(),
            if_not_exists: self.if_exists,
            ..AddColumn::new(self.table.clone(), column)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sqlite::create_table::read;

    #[test]
    fn a_column_is_made_again_with_its_own_constraints() {
        let sql = "CREATE TABLE t (id INTEGER, a TEXT CONSTRAINT u UNIQUE REFERENCES p (id), UNIQUE (id, a))";
        let table = read(sql).unwrap().table;
        let drop = DropColumn::of(&table, "A");
        let add = drop.reverse().unwrap();
        assert_eq!(
            crate::sqlite::ddl::added_column(&add).unwrap(),
            "a TEXT CONSTRAINT u UNIQUE REFERENCES p (id)"
        );
        assert_eq!(add.reverse().constraints, drop.constraints);
        assert!(DropColumn::of(&table, "missing").reverse().is_none());
    }
}
