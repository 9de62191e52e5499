//! Another name for an index, which SQLite has no statement for.

use super::known_text;
use crate::diagnostic::{Code, Diagnostic};
use crate::operation::RenameIndex;
use crate::sqlite::cursor::Cursor;
use crate::sqlite::objects::{Object, ObjectKind, Objects};
use crate::sqlite::quote;
use alloc::{format, string::String, vec::Vec};

/// The statements that drop an index and make it again from its own text, with another name in it.
///
/// # Errors
/// If there is no such index, its text is not known yet, or the new name is taken.
pub fn rename_index(rename: &RenameIndex, objects: &Objects) -> Result<Vec<String>, Diagnostic> {
    let RenameIndex { from, to, table, if_exists, .. } = rename;
    let is_index = |object: &&Object| object.kind == ObjectKind::Index;
    let is_on = |object: &&Object| {
        table.as_ref().is_none_or(|table| object.table.eq_ignore_ascii_case(table))
    };
    let found = objects.all.iter().find(|object| object.is(ObjectKind::Index, from));
    let Some(index) = found.filter(is_on) else {
        if *if_exists {
            return Ok(Vec::new());
        }
        let there = objects.all.iter().filter(is_index).filter(is_on);
        let names: Vec<&str> = there.map(|object| object.name.as_str()).collect();
        let (place, known) = match table {
            Some(table) => {
                (format!(" on table '{table}'"), format!("its indexes are: {}", names.join(", ")))
            }
            None => (String::new(), format!("the indexes are: {}", names.join(", "))),
        };
        let error = Diagnostic::error(Code::NoSuchIndex, format!("No such index{place}: '{from}'"));
        return Err(match names.is_empty() {
            true => error.hint("there are none at this point of the history"),
            false => error.hint(known),
        });
    };
    if index.name == *to {
        return Ok(Vec::new());
    }
    let is_other = |object: &Object| {
        object.kind != ObjectKind::Trigger
            && object.name.eq_ignore_ascii_case(to)
            && !object.name.eq_ignore_ascii_case(from)
    };
    if objects.all.iter().any(is_other) {
        return Err(Diagnostic::error(
            Code::UnsupportedOperation,
            format!("The name '{to}' is taken, so index '{from}' cannot have it"),
        )
        .hint("drop or rename what has it first, or take another name"));
    }
    let text = known_text(Some(index), &index.name)?;
    let create = renamed(&text, to).ok_or_else(|| {
        Diagnostic::error(
            Code::UnreadableSql,
            format!("The text of index '{from}' could not be read"),
        )
        .hint(format!("the text is: {text}"))
    })?;
    // Under the new name DROP INDEX leaves what ANALYZE has found out.
    let mut statements: Vec<String> = Vec::new();
    for table in ["sqlite_stat1", "sqlite_stat4"] {
        if objects.table(table).is_some() {
            let (from, to) = (quote::text(&index.name), quote::text(to));
            statements.push(format!("UPDATE {table} SET idx = {to} WHERE idx = {from}"));
        }
    }
    statements.push(format!("DROP INDEX {}", quote::name(&index.name)));
    statements.push(create);
    Ok(statements)
}

/// A CREATE INDEX with another name in it.
fn renamed(sql: &str, to: &str) -> Option<String> {
    let mut cursor = Cursor::new(sql);
    cursor.accept("CREATE");
    cursor.accept("UNIQUE");
    if !cursor.accept("INDEX") {
        return None;
    }
    cursor.accept_all(&["IF", "NOT", "EXISTS"]);
    let mut name = cursor.name()?;
    if cursor.accept_symbol(".") {
        name = cursor.name()?;
    }
    Some(format!("{}{}{}", &sql[..name.start], quote::name(to), &sql[name.end..]))
}
