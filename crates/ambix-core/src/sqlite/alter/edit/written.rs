//! What the author of a change wrote, read as a part of a table.

use super::Definition;
use crate::diagnostic::{Code, Diagnostic};
use crate::sqlite::create_table::{ClauseKind, read};
use crate::sqlite::quote::unquoted;
use crate::sqlite::token::tokens;
use alloc::string::String;
use alloc::{format, vec::Vec};

/// The text up to its last word: a comment behind it would swallow what follows.
pub(in super::super) fn without_end(text: &str) -> &str {
    let last = tokens(text).into_iter().rfind(|token| token.is_significant());
    let end = last.map_or(0, |token| token.span.end);
    text[..end].trim_start()
}

/// The name of the one column that `definition` defines.
///
/// # Errors
/// If it defines none, or more than that.
pub(in super::super) fn new_column(definition: &str) -> Result<String, Diagnostic> {
    let probe = format!("CREATE TABLE t ({definition}\n)");
    match read(&probe) {
        Ok(read) if read.columns.len() == 1 && read.constraints.is_empty() => {
            Ok(unquoted(read.columns[0].name.of(&probe)))
        }
        _ => Err(no_sql("the definition of a column", definition)),
    }
}

/// `definition` as the one constraint of a table.
pub(super) fn new_constraint(definition: &str) -> Result<Definition, Diagnostic> {
    let sql = format!("CREATE TABLE t (c, {definition}\n)");
    match read(&sql) {
        Ok(read) if read.columns.len() == 1 && read.constraints.len() == 1 => {
            Ok(Definition { sql, read })
        }
        _ => Err(no_sql("a constraint of a table", definition)),
    }
}

/// The kinds of what follows the type of a column.
pub(super) fn clauses_of(text: &str) -> Vec<ClauseKind> {
    let probe = format!("CREATE TABLE t (c INTEGER {text}\n)");
    match read(&probe) {
        Ok(read) if read.columns.len() == 1 && read.constraints.is_empty() => {
            read.columns[0].clauses.iter().map(|clause| clause.kind).collect()
        }
        _ => Vec::new(),
    }
}

pub(super) fn no_sql(what: &str, text: &str) -> Diagnostic {
    Diagnostic::error(Code::UnreadableSql, format!("This is not {what}: {text}"))
        .hint("it has to be written as in CREATE TABLE")
}
