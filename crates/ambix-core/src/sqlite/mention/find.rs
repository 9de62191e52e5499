//! Where the text of one object names a table and one of its columns.

use super::scope::{Columns, Scope, Source};
use super::walk::Walk;
use super::words::{Word, closing, outside, split, words};
use super::{Found, Mention};
use crate::diagnostic::Span;
use crate::schema::Constraint;
use crate::sqlite::create_table::{self, ClauseKind, CreateTable};
use crate::sqlite::objects::{Object, ObjectKind, Objects};
use crate::sqlite::quote::unquoted;
use crate::sqlite::token::TokenKind;
use alloc::{string::ToString, vec, vec::Vec};
use core::ops::Range;

/// The parts of CREATE VIEW, as places in its words.
pub(super) struct View {
    /// The names in parentheses behind the view's name.
    pub(super) columns: Option<Range<usize>>,
    pub(super) body: Range<usize>,
}

/// What stands behind `CREATE … kind [IF NOT EXISTS] [schema.]name`: the place behind the name.
fn behind_name(words: &[Word<'_>], kind: &str) -> Option<usize> {
    let mut at = words.iter().take(4).position(|word| word.is(kind))? + 1;
    let is = |at: usize, keyword: &str| words.get(at).is_some_and(|word| word.is(keyword));
    if is(at, "IF") && is(at + 1, "NOT") && is(at + 2, "EXISTS") {
        at += 3;
    }
    let has_schema = words.get(at + 1).is_some_and(|word| word.is_symbol("."));
    Some(at + if has_schema { 3 } else { 1 })
}

/// The place behind the last word that is no semicolon.
fn end(words: &[Word<'_>]) -> usize {
    words.iter().rposition(|word| !word.is_symbol(";")).map_or(0, |last| last + 1)
}

/// Finds the parts of CREATE VIEW.
pub(super) fn view(words: &[Word<'_>]) -> Option<View> {
    let mut at = behind_name(words, "VIEW")?;
    let mut columns = None;
    if words.get(at)?.is_symbol("(") {
        let close = closing(words, at).min(words.len());
        columns = Some(at + 1..close);
        at = close + 1;
    }
    words.get(at).filter(|word| word.is("AS"))?;
    Some(View { columns, body: (at + 1).min(end(words))..end(words) })
}

/// The scope in which there is this one table.
fn only(table: &str) -> Scope {
    let source = Source { name: table.to_string(), aliased: false, columns: Columns::Target };
    Scope { sources: vec![source], ..Scope::default() }
}

/// Every place of the object's text that names the table or its column. Nothing if the text is not known
/// or cannot be read.
pub(in crate::sqlite) fn in_object(
    objects: &Objects,
    object: &Object,
    table: &str,
    column: &str,
) -> Option<Found> {
    let sql = object.sql()?;
    if object.kind == ObjectKind::Table {
        return in_table(objects, &create_table::read(sql).ok()?, sql, table, column);
    }
    let words = words(sql);
    let mut walk = Walk::new(&words, objects, table, column);
    match object.kind {
        ObjectKind::View => {
            let view = view(&words)?;
            walk.statement(view.body);
        }
        ObjectKind::Index => in_index(&mut walk, table, column)?,
        ObjectKind::Trigger => in_trigger(&mut walk, table, column)?,
        _ => {
            // Only the module knows what its arguments mean, such as FTS5's content='table'.
            let at = behind_name(&words, "TABLE")?;
            let names = |name: &str| {
                words[at..].iter().any(|word| {
                    let inner = word.text.trim_matches(['\'', '"']);
                    word.names(name) || inner.eq_ignore_ascii_case(name)
                })
            };
            if names(table) && names(column) {
                walk.found.implicit = Mention::Perhaps;
            }
            if object.name.eq_ignore_ascii_case(table) {
                walk.found.tables.push(words.get(at - 1)?.span);
            }
        }
    }
    let mut found = walk.found;
    found.sort();
    (!found.is_partial).then_some(found)
}

/// CREATE TABLE of the table itself, or of one with foreign keys.
fn in_table(
    objects: &Objects,
    read: &CreateTable,
    sql: &str,
    table: &str,
    column: &str,
) -> Option<Found> {
    let is_column = |span: &&Span| unquoted(span.of(sql)).eq_ignore_ascii_case(column);
    let mut found = Found::default();
    let is_own = read.table.name.eq_ignore_ascii_case(table);
    if is_own {
        found.tables.push(read.name);
        let names = read.columns.iter().map(|column| column.name).filter(|span| is_column(&span));
        found.columns.extend(names.map(|span| (span, Mention::Yes)));
    }
    let inline = read.columns.iter().flat_map(|column| &column.clauses);
    for clause in inline.chain(&read.constraints) {
        found.add(in_clause(objects, read, clause, sql, table, column));
    }
    found.sort();
    Some(found)
}

/// One clause of CREATE TABLE.
pub(super) fn in_clause(
    objects: &Objects,
    read: &CreateTable,
    clause: &create_table::Clause,
    sql: &str,
    table: &str,
    column: &str,
) -> Found {
    let is_column = |span: &&Span| unquoted(span.of(sql)).eq_ignore_ascii_case(column);
    let yes = |span: &Span| (*span, Mention::Yes);
    let mut found = Found::default();
    if read.table.name.eq_ignore_ascii_case(table) {
        found.columns.extend(clause.columns.iter().filter(is_column).map(yes));
        if matches!(clause.kind, ClauseKind::Check | ClauseKind::Generated) {
            found.add(in_expression(sql, clause.inner, table, column));
        }
    }
    let Some(referred) = &clause.referred else { return found };
    if unquoted(referred.table.of(sql)).eq_ignore_ascii_case(table) {
        found.tables.push(referred.table);
        found.columns.extend(referred.columns.iter().filter(is_column).map(yes));
        if referred.columns.is_empty() && is_key(objects, table, column) {
            found.implicit = Mention::Yes;
        }
    }
    found
}

/// Whether the column belongs to the primary key, which REFERENCES without columns means.
fn is_key(objects: &Objects, table: &str, column: &str) -> bool {
    let read = objects.table(table).and_then(Object::sql).map(create_table::read);
    let Some(Ok(read)) = read else { return false };
    read.table.constraints.iter().any(|constraint| match constraint {
        Constraint::PrimaryKey(key) => {
            key.columns.iter().any(|name| name.eq_ignore_ascii_case(column))
        }
        _ => false,
    })
}

/// An expression of the table itself, which stands at `span` of `sql`.
pub(in crate::sqlite) fn in_expression(sql: &str, span: Span, table: &str, column: &str) -> Found {
    let mut words = words(span.of(sql));
    for word in &mut words {
        word.span = Span::new(word.span.start + span.start, word.span.end + span.start);
    }
    let objects = Objects::default();
    let mut walk = Walk::new(&words, &objects, table, column);
    walk.scopes.push(only(table));
    walk.expressions(0..words.len());
    walk.found.sort();
    walk.found
}

/// CREATE INDEX: its keys and its condition see its table only.
fn in_index(walk: &mut Walk<'_>, table: &str, column: &str) -> Option<()> {
    let words = walk.words;
    let at = behind_name(words, "INDEX")?;
    words.get(at).filter(|word| word.is("ON"))?;
    if !words.get(at + 1)?.names(table) {
        return Some(());
    }
    walk.found.tables.push(words[at + 1].span);
    words.get(at + 2).filter(|word| word.is_symbol("("))?;
    let close = closing(words, at + 2).min(words.len());
    for key in split(words, at + 3..close, |word| word.is_symbol(",")) {
        let Some(first) = words.get(key.start) else { continue };
        // A text that is all of a key is a name.
        let is_all = words[key.start + 1..key.end.max(key.start + 1)]
            .first()
            .is_none_or(|word| word.is_any(&["COLLATE", "ASC", "DESC"]));
        if first.kind == TokenKind::Text && is_all && first.names(column) {
            walk.mention(key.start, Mention::Yes);
        }
    }
    walk.scopes.push(only(table));
    walk.expressions(at + 3..end(words));
    walk.scopes.pop();
    Some(())
}

/// CREATE TRIGGER: `UPDATE OF`, ON, WHEN and the statements of the body.
fn in_trigger(walk: &mut Walk<'_>, table: &str, column: &str) -> Option<()> {
    let words = walk.words;
    let header = behind_name(words, "TRIGGER")?;
    let on = (header..words.len()).find(|at| words[*at].is("ON"))?;
    // The table may have a schema before it, but only that of the trigger itself.
    let has_schema = words.get(on + 2)?.is_symbol(".");
    let at = on + if has_schema { 3 } else { 1 };
    let own = words.get(at)?;
    let is_own = own.names(table);
    if is_own {
        walk.found.tables.push(own.span);
        let columns = (header..on).skip_while(|at| !words[*at].is("OF")).skip(1);
        let named: Vec<_> = columns.filter(|at| words[*at].names(column)).collect();
        named.into_iter().for_each(|at| walk.mention(at, Mention::Yes));
    }
    walk.see_rows_of(unquoted(own.text));
    let begin = outside(words, at + 1..words.len()).find(|at| words[*at].is("BEGIN"))?;
    walk.expressions(at + 1..begin);
    let last = end(words);
    words.get(last.checked_sub(1)?).filter(|word| word.is("END"))?;
    for statement in split(words, begin + 1..last - 1, |word| word.is_symbol(";")) {
        walk.statement(statement);
    }
    Some(())
}
