//! SQLite's own ALTER TABLE, where it does what is asked and loses nothing of the text.

use super::edit::Definition;
use super::facts::{Facts, Feature};
use super::{Stop, dependents, edit};
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::operation::{ConstraintAddress, TableChange};
use crate::sqlite::create_table::{Clause, ClauseKind, read};
use crate::sqlite::objects::Objects;
use crate::sqlite::quote;
use crate::sqlite::token::{TokenKind, tokens};
use alloc::format;
use alloc::string::String;

/// How SQLite itself can do it.
pub(super) enum Native {
    /// It is so already.
    Nothing,
    /// By this statement.
    By(String),
    /// Not at all, or not without a loss.
    Not,
}

/// SQLite's own statement for a change.
///
/// # Errors
/// If the change names what is not there, or if it first has to be found out what this SQLite knows.
pub(super) fn statement(
    definition: &Definition,
    change: &TableChange,
    objects: &Objects,
    facts: &Facts,
) -> Result<Native, Stop> {
    let table = quote::name(definition.name());
    Ok(match change {
        TableChange::RenameColumn { from, to } => {
            definition.column(from)?;
            if from == to {
                return Ok(Native::Nothing);
            }
            if definition.position(to).is_some() && !from.eq_ignore_ascii_case(to) {
                return Err(taken(definition, to).into());
            }
            dependents::refuse_on_views(objects, definition.name(), from)?;
            Native::By(rename_column(definition.name(), from, to))
        }
        TableChange::RenameTable { to } => Native::By(rename_table(definition.name(), to)),
        TableChange::AddColumn { definition: column, place: None } if can_be_added(column) => {
            definition.changed(change)?;
            Native::By(add_column(definition.name(), column))
        }
        TableChange::DropColumn { name, .. } if can_be_dropped(definition, objects, name)? => {
            Native::By(format!("ALTER TABLE {table} DROP COLUMN {}", quote::name(name)))
        }
        TableChange::SetNullable { column, nullable } => {
            let text = definition.column(column)?;
            let (not_null, null) =
                (text.clause(ClauseKind::NotNull), text.clause(ClauseKind::Null));
            let said = match not_null {
                _ if null.is_some() => return Ok(Native::Not),
                Some(clause) => clause.name.is_some() || clause.on_conflict.is_some(),
                None => false,
            };
            let verb = match (not_null.is_some(), nullable) {
                (true, false) | (false, true) => return Ok(Native::Nothing),
                (true, true) => "DROP",
                (false, false) => "SET",
            };
            // Of NOT DEFERRABLE SQLite takes the NOT for that of NOT NULL (seen in 3.54.1).
            let says_not = text.clauses.iter().any(|clause| {
                let own = clause.span.of(&definition.sql);
                matches!(clause.kind, ClauseKind::ForeignKey | ClauseKind::Bare)
                    && has_word(own, "NOT")
            });
            if said
                || says_not
                || has_comment(&definition.sql)
                || !facts.supports(Feature::NotNull)?
            {
                return Ok(Native::Not);
            }
            let column = quote::name(column);
            Native::By(format!("ALTER TABLE {table} ALTER COLUMN {column} {verb} NOT NULL"))
        }
        TableChange::AddConstraint { definition: constraint } => {
            definition.changed(change)?;
            let is_check = read(&format!("CREATE TABLE t (c, {constraint}\n)")).is_ok_and(|read| {
                matches!(&read.constraints[..], [one] if one.kind == ClauseKind::Check
                    && one.on_conflict.is_none())
            });
            if !is_check || has_comment(&definition.sql) || !facts.supports(Feature::Check)? {
                return Ok(Native::Not);
            }
            Native::By(format!("ALTER TABLE {table} ADD {}", edit::without_end(constraint)))
        }
        TableChange::DropConstraint(address @ ConstraintAddress::Named(name)) => {
            let (column, clause) = definition.constraint(address)?;
            let is_check = clause.kind == ClauseKind::Check && column.is_none();
            if !is_check || has_comment(&definition.sql) || !facts.supports(Feature::Check)? {
                return Ok(Native::Not);
            }
            Native::By(format!("ALTER TABLE {table} DROP CONSTRAINT {}", quote::name(name)))
        }
        _ => Native::Not,
    })
}

pub(super) fn add_column(table: &str, column: &str) -> String {
    format!("ALTER TABLE {} ADD COLUMN {}", quote::name(table), edit::without_end(column))
}

pub(super) fn rename_table(from: &str, to: &str) -> String {
    format!("ALTER TABLE {} RENAME TO {}", quote::name(from), quote::name(to))
}

pub(super) fn rename_column(table: &str, from: &str, to: &str) -> String {
    let (table, from, to) = (quote::name(table), quote::name(from), quote::name(to));
    format!("ALTER TABLE {table} RENAME COLUMN {from} TO {to}")
}

fn taken(definition: &Definition, column: &str) -> Diagnostic {
    Diagnostic::error(
        Code::UnsupportedOperation,
        format!("Table '{}' has a column '{column}' already", definition.name()),
    )
    .hint("drop or rename that one first")
}

/// Whether ADD COLUMN takes this definition whatever rows there are
/// (<https://sqlite.org/lang_altertable.html>, "ALTER TABLE ADD COLUMN").
pub fn can_be_added(column: &str) -> bool {
    let probe = format!("CREATE TABLE t ({column}\n)");
    let Ok(read) = read(&probe) else { return false };
    let [column] = &read.columns[..] else { return false };
    let default = column.clause(ClauseKind::Default).map(|clause| clause.inner.of(&probe));
    let is_constant = default.is_none_or(|default| {
        !default.starts_with('(') && !default.to_ascii_uppercase().starts_with("CURRENT_")
    });
    let is_null = default.is_none_or(|default| default.eq_ignore_ascii_case("NULL"));
    let is_same = !is_text(column.declared_type.of(&probe)) || !default.is_some_and(is_rounded);
    is_constant
        && is_same
        && column.clauses.iter().all(|clause| match clause.kind {
            ClauseKind::PrimaryKey | ClauseKind::Unique => false,
            ClauseKind::NotNull => !is_null && column.clause(ClauseKind::Generated).is_none(),
            ClauseKind::ForeignKey => is_null,
            ClauseKind::Generated => !ends_stored(clause, &probe),
            _ => true,
        })
}

/// Whether a column of this type keeps numbers as text
/// (<https://sqlite.org/datatype3.html#determination_of_column_affinity>).
fn is_text(data_type: &str) -> bool {
    let data_type = data_type.to_ascii_uppercase();
    !data_type.contains("INT")
        && ["CHAR", "CLOB", "TEXT"].iter().any(|word| data_type.contains(word))
}

/// Whether a default is a number that SQLite spells in its own way when it becomes a text: `1.50` is `1.5` in a
/// row that is written. In the rows that are there when a column is added it stays as it is spelt.
fn is_rounded(default: &str) -> bool {
    let last = tokens(default).into_iter().rfind(|token| token.is_significant());
    let Some(number) = last.filter(|token| token.kind == TokenKind::Number) else { return false };
    let number = number.span.of(default);
    let is_hexadecimal = number.starts_with("0x") || number.starts_with("0X");
    !is_hexadecimal && (number.contains(['.', 'e', 'E']) || number.len() > 18)
}

fn ends_stored(clause: &Clause, sql: &str) -> bool {
    clause.span.of(sql).to_ascii_uppercase().ends_with("STORED")
}

/// Whether DROP COLUMN drops this column and nothing beside it.
fn can_be_dropped(
    definition: &Definition,
    objects: &Objects,
    name: &str,
) -> Result<bool, Diagnostic> {
    let column = definition.column(name)?;
    let at = definition.position(name).unwrap_or_default();
    let columns = &definition.read.columns;
    let range = match (at.checked_sub(1), columns.get(at + 1)) {
        (_, Some(next)) => Span::new(column.span.start, next.span.start),
        (Some(before), None) => Span::new(columns[before].span.end, column.span.end),
        (None, None) => return Ok(false),
    };
    let is_plain = column
        .clauses
        .iter()
        .all(|clause| !matches!(clause.kind, ClauseKind::PrimaryKey | ClauseKind::Unique));
    let is_named = |clause: &Clause| {
        clause
            .columns
            .iter()
            .any(|span| quote::unquoted(span.of(&definition.sql)).eq_ignore_ascii_case(name))
    };
    Ok(is_plain
        && !has_comment(range.of(&definition.sql))
        && !definition.read.constraints.iter().any(is_named)
        && dependents::on_views(objects, definition.name(), name).is_empty()
        && dependents::named(definition, objects, name).is_empty())
}

fn has_word(sql: &str, word: &str) -> bool {
    tokens(sql).iter().any(|token| token.span.of(sql).eq_ignore_ascii_case(word))
}

fn has_comment(sql: &str) -> bool {
    tokens(sql).iter().any(|token| token.kind == TokenKind::Comment)
}
