//! What ALTER TABLE does to the catalogue. SQLite edits the stored text; so does this, at the same places.
//! Source: <https://sqlite.org/lang_altertable.html> and what the statements leave in `sqlite_schema`.

use super::{Object, ObjectKind, Objects, Text};
use crate::diagnostic::Span;
use crate::sqlite::create_table::{self, Clause, ClauseKind, ColumnText, CreateTable};
use crate::sqlite::cursor::Cursor;
use crate::sqlite::quote::unquoted;
use crate::sqlite::rename;
use crate::sqlite::token::{Token, tokens};
use alloc::{format, string::String, vec::Vec};

/// What stands behind `ALTER TABLE name`.
pub(super) fn table(objects: &mut Objects, name: &str, sql: &str, cursor: &mut Cursor<'_>) {
    if cursor.accept("RENAME") {
        rename(objects, name, sql, cursor);
        return;
    }
    let mut own = objects.all.iter_mut();
    let is_table = |object: &&mut Object| object.is(ObjectKind::Table, name);
    let Some(object) = own.find(is_table) else { return };
    let Some(text) = object.sql() else { return };
    let edited = match create_table::read(text) {
        Ok(read) => edit(text, &read, sql, cursor),
        Err(_) => Some(None),
    };
    match edited {
        None => {}
        Some(Some(text)) => object.text = Text::Known(text),
        Some(None) => {
            object.text = Text::Unknown(format!("table {name} was changed by ALTER TABLE"));
        }
    }
}

fn rename(objects: &mut Objects, table: &str, sql: &str, cursor: &mut Cursor<'_>) {
    let kinds = [ObjectKind::Table, ObjectKind::VirtualTable];
    if !objects.all.iter().any(|object| kinds.iter().any(|kind| object.is(*kind, table))) {
        return;
    }
    let name = |cursor: &mut Cursor<'_>| cursor.name().map(|span| unquoted(span.of(sql)));
    if cursor.accept("TO") {
        if let Some(to) = name(cursor) {
            let misread = rename::misread(objects, table);
            let misread: Vec<String> = misread.into_iter().map(|o| o.name.clone()).collect();
            rename::table(objects, table, &to);
            let triggers = objects.all.iter_mut().filter(|o| o.kind == ObjectKind::Trigger);
            for trigger in triggers.filter(|trigger| misread.contains(&trigger.name)) {
                let why =
                    format!("table {table}, whose row it calls excluded, was renamed to {to}");
                trigger.text = Text::Unknown(why);
            }
        }
        return;
    }
    accept_column(cursor);
    if let Some(from) = name(cursor)
        && cursor.accept("TO")
        && let Some(to) = name(cursor)
    {
        rename::column(objects, table, &from, &to);
    }
}

/// Takes COLUMN, unless it is the name of a column.
fn accept_column(cursor: &mut Cursor<'_>) {
    let is_name = ["TO", "SET", "DROP"].iter().any(|word| cursor.is_ahead(1, word));
    if !is_name && cursor.is_ahead(0, "COLUMN") {
        cursor.accept("COLUMN");
    }
}

/// The text after the change. The inner nothing is a change that this does not know; the outer one is no
/// change.
fn edit(
    text: &str,
    read: &CreateTable,
    sql: &str,
    cursor: &mut Cursor<'_>,
) -> Option<Option<String>> {
    let column = |cursor: &mut Cursor<'_>| {
        let name = unquoted(cursor.name()?.of(sql));
        read.table.columns.iter().position(|column| column.name.eq_ignore_ascii_case(&name))
    };
    if cursor.accept("ADD") {
        if cursor.is("CONSTRAINT") || cursor.is("CHECK") {
            return Some(Some(inserted(text, read.close, ", ", constraint(sql, cursor))));
        }
        accept_column(cursor);
        let place = next(text, read.end_of_columns);
        return Some(Some(inserted(text, place, ", ", &sql[cursor.start()..])));
    }
    if cursor.accept("DROP") {
        if cursor.accept("CONSTRAINT") {
            let name = unquoted(cursor.name()?.of(sql));
            return Some(drop_constraint(text, read, &name));
        }
        accept_column(cursor);
        return Some(drop_column(text, read, column(cursor)?));
    }
    if !cursor.accept("ALTER") {
        return None;
    }
    accept_column(cursor);
    let at = column(cursor)?;
    if read.columns[at].clauses.iter().any(|clause| is_not_deferrable(text, clause)) {
        // SQLite takes its NOT for that of NOT NULL.
        return Some(None);
    }
    if cursor.accept_all(&["DROP", "NOT", "NULL"]) {
        return Some(Some(drop_not_null(text, &read.columns[at]).unwrap_or_else(|| text.into())));
    }
    if cursor.accept("SET") {
        let without = drop_not_null(text, &read.columns[at]).unwrap_or_else(|| text.into());
        let Ok(read) = create_table::read(&without) else { return Some(None) };
        let place = next(&without, read.columns.get(at)?.span.end);
        return Some(Some(inserted(&without, place, " ", constraint(sql, cursor))));
    }
    Some(None)
}

/// The rest of the statement without comments at its end.
fn constraint<'a>(sql: &'a str, cursor: &Cursor<'_>) -> &'a str {
    let end = significant(sql).last().map_or(sql.len(), |token| token.span.end);
    &sql[cursor.start().min(end)..end]
}

fn significant(text: &str) -> Vec<Token> {
    tokens(text).into_iter().filter(Token::is_significant).collect()
}

/// Where the first token at or behind `at` begins.
fn next(text: &str, at: usize) -> usize {
    let mut tokens = significant(text).into_iter();
    tokens.find(|token| token.span.start >= at).map_or(text.len(), |token| token.span.start)
}

fn inserted(text: &str, at: usize, before: &str, what: &str) -> String {
    format!("{}{before}{what}{}", &text[..at], &text[at..])
}

fn without(text: &str, span: Span, instead: &str) -> String {
    format!("{}{instead}{}", &text[..span.start], &text[span.end..])
}

/// From the column's name up to the next one's; for the last column from the comma before it.
fn drop_column(text: &str, read: &CreateTable, at: usize) -> Option<String> {
    let start = read.columns.get(at)?.span.start;
    let span = match read.columns.get(at + 1) {
        Some(next) => Span::new(start, next.span.start),
        None => {
            let before = read.columns.get(at.checked_sub(1)?)?.span.end;
            Span::new(next(text, before), next(text, read.end_of_columns))
        }
    };
    Some(without(text, span, ""))
}

/// A clause of CREATE TABLE and the white space behind it, with the comma before it if nothing else
/// stands between the commas.
fn drop_clause(text: &str, clause: Span) -> String {
    let end = next(text, clause.end);
    let before = significant(text).into_iter().take_while(|token| token.span.end <= clause.start);
    let mut start = before.last().map_or(0, |token| token.span.end);
    if !matches!(text.as_bytes().get(end), Some(b',' | b')')) {
        return without(text, Span::new(start, end), " ");
    }
    if text[..start].ends_with(',') {
        start -= 1;
    }
    without(text, Span::new(start, end), "")
}

/// Whether a clause says NOT DEFERRABLE, of a foreign key or apart from it.
fn is_not_deferrable(text: &str, clause: &Clause) -> bool {
    let own = clause.span.of(text);
    matches!(clause.kind, ClauseKind::ForeignKey | ClauseKind::Bare)
        && significant(own).iter().any(|token| token.span.of(own).eq_ignore_ascii_case("NOT"))
}

/// DROP CONSTRAINT takes a CHECK, a NOT NULL or a foreign key. Of what else can have a name in a column, it
/// takes the name only.
fn drop_constraint(text: &str, read: &CreateTable, name: &str) -> Option<String> {
    let clauses = read.columns.iter().flat_map(|column| &column.clauses);
    let (clause, span) = clauses.chain(&read.constraints).find_map(|clause| {
        let span = clause.name?;
        unquoted(span.of(text)).eq_ignore_ascii_case(name).then_some((clause, span))
    })?;
    match clause.kind {
        ClauseKind::Check | ClauseKind::NotNull => Some(drop_clause(text, clause.span)),
        ClauseKind::ForeignKey => {
            // SQLite leaves NOT DEFERRABLE and what follows it behind.
            (!is_not_deferrable(text, clause)).then(|| drop_clause(text, clause.span))
        }
        ClauseKind::Bare | ClauseKind::Default | ClauseKind::Collate | ClauseKind::Generated => {
            Some(drop_clause(text, Span::new(clause.span.start, span.end)))
        }
        ClauseKind::PrimaryKey | ClauseKind::Unique | ClauseKind::Null => None,
    }
}

/// Takes the first NOT NULL of a column out; nothing if there is none.
fn drop_not_null(text: &str, column: &ColumnText) -> Option<String> {
    let clause = column.clauses.iter().find(|clause| clause.kind == ClauseKind::NotNull)?;
    Some(drop_clause(text, clause.span))
}
