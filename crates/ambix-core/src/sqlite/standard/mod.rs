//! Statements of standard SQL that SQLite lacks, read as operations.
//!
//! `ALTER TABLE` as PostgreSQL has it, with several actions; `ALTER INDEX … RENAME TO`; `CREATE OR REPLACE` of
//! views and triggers; `DROP TRIGGER … ON`. What SQLite has a statement for stays the author's own statement,
//! word for word. There is one exception: ADD COLUMN with what SQLite refuses to add, or refuses as soon as there
//! are rows. SQLite 3.53 knows some of these statements; they are read here all the same, so that they mean the
//! same to every SQLite. The options of a table, for which there is no standard, are changed by `SET [NOT] STRICT`,
//! `SET WITH ROWID`, `SET WITHOUT ROWID` and `SET [NOT] AUTOINCREMENT`.
//!
//! Sources: <https://www.postgresql.org/docs/current/sql-altertable.html>,
//! <https://sqlite.org/lang_altertable.html>.

mod action;
mod add;
mod column;
mod index;
mod replace;
mod table;
#[cfg(test)]
mod tests;
mod words;
mod write;

use crate::diagnostic::{Code, Diagnostic, Span};
use crate::operation::{Execute, Operation, Places};
use crate::sqlite::split::statements;
use alloc::{string::String, vec::Vec};
use words::Words;
pub use write::write;

/// A statement that is meant as standard SQL, and is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// What is wrong.
    pub diagnostic: Diagnostic,
    /// Where in the text.
    pub span: Span,
}

impl Mistake {
    fn new(span: Span, message: impl Into<String>) -> Self {
        Self { diagnostic: Diagnostic::error(Code::StandardSql, message), span }
    }

    fn hint(self, hint: impl Into<String>) -> Self {
        Self { diagnostic: self.diagnostic.hint(hint), ..self }
    }
}

/// What one statement means, which `sql` begins with, if it is one of those that SQLite lacks; nothing if it is for SQLite as it is.
/// Of several actions each has its place in `sql`, which is no file yet.
///
/// # Errors
/// If it is meant as such a statement and cannot be read, or is the form of another database.
pub fn read(sql: &str) -> Result<Option<Vec<Operation>>, Mistake> {
    // Most statements are others, and need no second look.
    let begins =
        |word: &str| sql.get(..word.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(word));
    if !["ALTER", "CREATE", "DROP"].into_iter().any(begins) {
        return Ok(None);
    }
    let mut words = Words::new(sql);
    if words.accept_all(&["ALTER", "TABLE"]) {
        table::alter(words)
    } else if words.accept_all(&["ALTER", "INDEX"]) {
        index::alter(words).map(Some)
    } else if words.accept_all(&["CREATE", "OR", "REPLACE"]) {
        replace::create(words).map(Some)
    } else if words.accept_all(&["DROP", "TRIGGER"]) {
        replace::drop_trigger(words)
    } else {
        Ok(None)
    }
}

/// Takes the places within a statement away, where it is not known in which text that stands.
fn without_places(operation: &mut Operation) {
    if let Operation::AlterTable(alter) = operation {
        alter.places = Places::default();
    }
}

/// What a text of several statements means, in their order; what is for SQLite as it is stays together. Nothing
/// if all of it is.
///
/// # Errors
/// Those of [`read`], with the place in the whole text.
pub fn read_all(sql: &str) -> Result<Option<Vec<Operation>>, Mistake> {
    let mut operations = Vec::new();
    let mut plain: Option<Span> = None;
    let as_it_is = |plain: &mut Option<Span>| {
        plain.take().map(|span| Operation::Execute(Execute::new(span.of(sql))))
    };
    let mut is_plain = true;
    for span in statements(sql) {
        let read = read(span.of(sql)).map_err(|mistake| {
            let within = mistake.span;
            let span = Span::new(span.start + within.start, span.start + within.end);
            Mistake { span, ..mistake }
        })?;
        match read {
            None => {
                plain = Some(Span::new(plain.map_or(span.start, |first| first.start), span.end))
            }
            Some(mut read) => {
                is_plain = false;
                operations.extend(as_it_is(&mut plain));
                read.iter_mut().for_each(without_places);
                operations.extend(read);
            }
        }
    }
    operations.extend(as_it_is(&mut plain));
    Ok((!is_plain).then_some(operations))
}
