//! Whether the text of an object mentions a column or a table.
//!
//! Names are compared token by token, never as parts of a text, and as SQLite resolves them: a name in a
//! SELECT is a column of the tables that the SELECT reads. Where the texts alone do not tell whose column
//! it is, the answer is [`Mention::Perhaps`].

mod find;
mod names;
mod scope;
mod sources;
#[cfg(test)]
mod tests;
mod walk;
mod words;
mod writes;

pub(super) use find::{in_expression, in_object};

use super::create_table::{self, Clause, ClauseKind};
use super::objects::{Object, ObjectKind, Objects};
use super::quote::may_have;
use crate::diagnostic::Span;
use alloc::{format, string::String, vec::Vec};

/// Whether something is mentioned.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mention {
    /// No.
    #[default]
    No,
    /// A name is there that may be meant, or the text is not known.
    Perhaps,
    /// Yes.
    Yes,
}

/// The places of a text that name a table and one of its columns, in the order of the text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) columns: Vec<(Span, Mention)>,
    pub(super) tables: Vec<Span>,
    /// A mention without the name: `REFERENCES t` means the primary key, NATURAL JOIN all columns that
    /// are in both tables.
    pub(super) implicit: Mention,
    /// Whether `excluded.` stands for a row of the table.
    pub(super) has_excluded: bool,
    /// Whether a part was nested too deeply to be walked over.
    is_partial: bool,
}

impl Found {
    fn mention(&self) -> Mention {
        let named = self.columns.iter().map(|(_, mention)| *mention).max();
        named.unwrap_or_default().max(self.implicit)
    }

    fn add(&mut self, other: Self) {
        self.columns.extend(other.columns);
        self.tables.extend(other.tables);
        self.implicit = self.implicit.max(other.implicit);
        self.has_excluded |= other.has_excluded;
        self.is_partial |= other.is_partial;
    }

    fn sort(&mut self) {
        crate::sort::sort_by_key(&mut self.columns, |(span, mention)| (span.start, *mention));
        self.columns.dedup_by_key(|(span, _)| span.start);
        crate::sort::sort_by_key(&mut self.tables, |span| span.start);
        self.tables.dedup();
    }
}

/// Something that mentions a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mentioned<'a> {
    /// What to call it: `index ix_t_a`, `CHECK (a > 0)`, `constraint uq_t_ab`, `trigger trg`, `view v`.
    pub what: String,
    /// How sure it is; never [`Mention::No`].
    pub mention: Mention,
    /// The object whose text it is in.
    pub object: &'a Object,
    /// Which part of that text, where it is a clause of CREATE TABLE.
    pub clause: Option<ClauseAt>,
}

/// Which clause of a CREATE TABLE.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClauseAt {
    /// A place in [`create_table::ColumnText::clauses`] of a place in [`create_table::CreateTable::columns`].
    Column(usize, usize),
    /// A place in [`create_table::CreateTable::constraints`].
    Table(usize),
}

/// Whether the text of `object` mentions the column of the table: an index or a trigger, a view, a table
/// with foreign keys to it, or the table itself, whose text always does. `REFERENCES t` without columns
/// mentions those of the primary key.
pub fn column(objects: &Objects, object: &Object, table: &str, column: &str) -> Mention {
    in_object(objects, object, table, column).map_or(Mention::Perhaps, |found| found.mention())
}

/// Whether the text of `object` mentions the table of that name, as a table: behind FROM, JOIN, INTO,
/// UPDATE, ON, REFERENCES and the like, or before a dot, and no alias or table of WITH. A view or trigger
/// whose text is not known may mention any.
pub fn table(object: &Object, name: &str) -> bool {
    match in_object(&Objects::default(), object, name, "") {
        Some(found) => !found.tables.is_empty(),
        None => {
            object.table.eq_ignore_ascii_case(name)
                || matches!(object.kind, ObjectKind::View | ObjectKind::Trigger)
        }
    }
}

/// The columns of the table or view of that name, as far as the texts tell.
pub(super) fn columns_of(objects: &Objects, name: &str) -> Option<Vec<String>> {
    match scope::columns_of(objects, name, 0) {
        scope::Columns::Known(outputs) => Some(outputs.into_iter().map(|o| o.name).collect()),
        scope::Columns::Target | scope::Columns::Unknown => None,
    }
}

/// Everything that mentions the column of the table besides the column's own definition: clauses of other
/// columns and constraints of the table, in the order of its text, then the other objects, in the order
/// of the catalogue. A text that is not known counts only if the object belongs to the table, or is a
/// view or a trigger.
pub fn mentions<'a>(objects: &'a Objects, table: &str, column: &str) -> Vec<Mentioned<'a>> {
    let mut mentions = Vec::new();
    let own = objects.table(table);
    if let Some(object) = own {
        clauses(objects, object, table, column, &mut mentions);
    }
    for object in &objects.all {
        let is_own = own.is_some_and(|own| core::ptr::eq(own, object));
        if !is_own && object.kind == ObjectKind::Table {
            // No key leads to a table that is not named.
            if object.sql().is_some_and(|sql| !may_have(sql, table)) {
                continue;
            }
            clauses(objects, object, table, column, &mut mentions);
        } else if !is_own {
            let mention = match in_object(objects, object, table, column) {
                Some(found) => found.mention(),
                None if self::table(object, table) => Mention::Perhaps,
                None => Mention::No,
            };
            if mention != Mention::No {
                let what = format!("{} {}", kind(object.kind), object.name);
                mentions.push(Mentioned { what, mention, object, clause: None });
            }
        }
    }
    mentions
}

fn kind(kind: ObjectKind) -> &'static str {
    match kind {
        ObjectKind::Table => "table",
        ObjectKind::VirtualTable => "virtual table",
        ObjectKind::Index => "index",
        ObjectKind::Trigger => "trigger",
        ObjectKind::View => "view",
    }
}

/// The clauses of a CREATE TABLE that mention the column of the table.
fn clauses<'a>(
    objects: &Objects,
    object: &'a Object,
    table: &str,
    column: &str,
    mentions: &mut Vec<Mentioned<'a>>,
) {
    let Some(sql) = object.sql() else { return };
    let Ok(read) = create_table::read(sql) else { return };
    let is_own = read.table.name.eq_ignore_ascii_case(table);
    let mut add = |clause: &Clause, at: ClauseAt, owner: Option<&str>| {
        let mention = find::in_clause(objects, &read, clause, sql, table, column).mention();
        if mention != Mention::No {
            let mut what = name_of(clause, sql, owner);
            if !is_own {
                what = format!("{what} of table {}", object.name);
            }
            mentions.push(Mentioned { what, mention, object, clause: Some(at) });
        }
    };
    for (nth, text) in read.columns.iter().enumerate() {
        let name = &read.table.columns[nth].name;
        if is_own && name.eq_ignore_ascii_case(column) {
            continue;
        }
        for (clause_nth, clause) in text.clauses.iter().enumerate() {
            add(clause, ClauseAt::Column(nth, clause_nth), Some(name));
        }
    }
    for (nth, clause) in read.constraints.iter().enumerate() {
        add(clause, ClauseAt::Table(nth), None);
    }
}

/// What to call a clause: its name, or its words.
fn name_of(clause: &Clause, sql: &str, owner: Option<&str>) -> String {
    if let Some(name) = clause.name {
        return format!("constraint {}", super::quote::unquoted(name.of(sql)));
    }
    match (clause.kind, owner) {
        (ClauseKind::Generated, Some(owner)) => format!("generated column {owner}"),
        (ClauseKind::ForeignKey, Some(owner)) => format!("foreign key of column {owner}"),
        _ => clause.span.of(sql).into(),
    }
}
