//! A change of a table as an edit of the text of its CREATE TABLE. What the change does not name stays, byte
//! for byte.

mod adopt;
mod column;
mod constraint;
mod option;
mod written;

pub(super) use written::{new_column, without_end};

use crate::diagnostic::{Code, Diagnostic};
use crate::operation::TableChange;
use crate::sqlite::create_table::{Clause, ClauseKind, ColumnText, CreateTable, Unreadable, read};
use crate::sqlite::objects::{Object, ObjectKind, Objects, Text};
use crate::sqlite::rename;
use alloc::string::{String, ToString};
use alloc::{format, vec::Vec};

/// The text of a table and what it says.
pub(super) struct Definition {
    pub(super) sql: String,
    pub(super) read: CreateTable,
}

impl Definition {
    /// Reads a stored text.
    ///
    /// # Errors
    /// If it is none that the reader knows.
    pub(super) fn read(sql: String) -> Result<Self, Diagnostic> {
        match read(&sql) {
            Ok(read) => Ok(Self { sql, read }),
            Err(error) => Err(unreadable(&sql, &error)),
        }
    }

    /// The name of the table, unquoted.
    pub(super) fn name(&self) -> &str {
        &self.read.table.name
    }

    pub(super) fn position(&self, column: &str) -> Option<usize> {
        self.read.table.columns.iter().position(|known| known.name.eq_ignore_ascii_case(column))
    }

    pub(super) fn column(&self, column: &str) -> Result<&ColumnText, Diagnostic> {
        self.position(column).map(|at| &self.read.columns[at]).ok_or_else(|| {
            let names: Vec<&str> =
                self.read.table.columns.iter().map(|column| column.name.as_str()).collect();
            Diagnostic::error(
                Code::NoSuchColumn,
                format!("Table '{}' has no column '{column}'", self.name()),
            )
            .hint(format!("its columns are: {}", names.join(", ")))
        })
    }

    /// All clauses with the column that they are written in.
    pub(super) fn clauses(&self) -> impl Iterator<Item = (Option<usize>, &Clause)> {
        let columns = self.read.columns.iter().enumerate();
        columns
            .flat_map(|(at, column)| column.clauses.iter().map(move |clause| (Some(at), clause)))
            .chain(self.read.constraints.iter().map(|clause| (None, clause)))
    }

    /// The definition after a change. Renamed columns are followed within it; what else mentions the table
    /// is nobody's business here.
    ///
    /// # Errors
    /// If the change names what is not there, or its SQL cannot be read.
    pub(super) fn changed(&self, change: &TableChange) -> Result<Self, Diagnostic> {
        let sql = match change {
            TableChange::AddColumn { definition, place } => {
                let name = new_column(definition)?;
                if self.position(&name).is_some() {
                    return Err(duplicate(&name));
                }
                self.with_column(without_end(definition), place.as_ref())?
            }
            TableChange::DropColumn { name, .. } => return self.without_column(name),
            TableChange::RenameColumn { from, to } => {
                self.column(from)?;
                rename::column_in_definition(&self.sql, from, to)
                    .map_err(|error| unreadable(&self.sql, &error))?
            }
            TableChange::MoveColumn { name, place } => {
                let column = self.column(name)?;
                let definition = column.span.of(&self.sql).to_string();
                let without = Self::read(self.cut_column(name)?)?;
                without.with_column(&definition, Some(place))?
            }
            TableChange::SetType { column, data_type, .. } => {
                self.with_type(column, without_end(data_type))?
            }
            TableChange::SetNullable { column, nullable } => {
                self.with_nullable(column, *nullable)?
            }
            TableChange::SetDefault { column, default } => match default {
                Some(default) => self.with_default(column, without_end(default))?,
                None => self.without_clauses(column, ClauseKind::Default)?,
            },
            TableChange::SetCollation { column, collation } => match collation {
                Some(name) => {
                    let clause = format!("COLLATE {}", crate::sqlite::quote::name(name));
                    self.with_clause(column, ClauseKind::Collate, &clause)?
                }
                None => self.without_clauses(column, ClauseKind::Collate)?,
            },
            TableChange::SetGenerated { column, generated } => match generated {
                Some(clause) => {
                    self.refuse_if_it_follows_a_key(column)?;
                    self.with_clause(column, ClauseKind::Generated, without_end(clause))?
                }
                None => self.without_clauses(column, ClauseKind::Generated)?,
            },
            TableChange::AddConstraint { definition } => {
                self.with_constraint(without_end(definition))?
            }
            TableChange::DropConstraint(address) => {
                let (column, clause) = self.constraint(address)?;
                self.without_clause(column, clause)
            }
            TableChange::RenameConstraint { from, to } => self.with_constraint_named(from, to)?,
            TableChange::SetOptions { strict, without_rowid, autoincrement } => {
                let mut changed = Self::read(self.sql.clone())?;
                for (words, wanted) in [("STRICT", strict), ("WITHOUT ROWID", without_rowid)] {
                    if let Some(wanted) = wanted {
                        changed = Self::read(changed.with_option(words, *wanted))?;
                    }
                }
                match autoincrement {
                    Some(wanted) => changed.with_autoincrement(*wanted)?,
                    None => changed.sql,
                }
            }
            TableChange::RenameTable { to } => {
                let name = String::from(self.name());
                let text = Text::Known(self.sql.clone());
                let table = name.clone();
                let own = Object { kind: ObjectKind::Table, name, table, text };
                let mut alone = Objects { all: Vec::from([own]) };
                rename::table(&mut alone, self.name(), to);
                alone.table(to).and_then(Object::sql).unwrap_or(&self.sql).into()
            }
            TableChange::Redefine { sql } => sql.clone(),
            TableChange::Adopt { sql } => return self.adopting(sql),
            TableChange::NameConstraints { convention } => self.with_conventional_names(convention),
            // They are settled before.
            TableChange::IfNeeded(_) | TableChange::Reorder { .. } | TableChange::Given { .. } => {
                self.sql.clone()
            }
        };
        Self::read(sql)
    }
}

fn duplicate(column: &str) -> Diagnostic {
    Diagnostic::error(Code::UnsupportedOperation, format!("duplicate column name: {column}"))
        .hint("drop the column before, or take another name")
}

fn unreadable(sql: &str, error: &Unreadable) -> Diagnostic {
    let found = match error.span.of(sql) {
        "" => "its end",
        found => found,
    };
    Diagnostic::error(
        Code::UnreadableSql,
        format!("The text of the table could not be read at {found}: expected {}", error.expected),
    )
    .hint(format!("the text is: {sql}"))
}
