//! Changes of a table, compiled to statements that lose nothing.
//!
//! A change is an edit of the stored text of the table ([`edit`]). It is carried out by SQLite's own ALTER
//! TABLE where there is one that keeps all of the text ([`native`]), else by making the table anew and
//! copying its rows ([`rebuild`]). Either way the [`Objects`] follow.
//!
//! Sources: <https://sqlite.org/lang_altertable.html>, "Making Other Kinds Of Table Schema Changes", and
//! <https://sqlite.org/foreignkeys.html>.

mod cast;
mod compiler;
mod dependents;
mod edit;
mod facts;
mod index;
mod keys;
mod names;
mod native;
mod needed;
mod order;
mod piece;
mod rebuild;
mod settle;
mod splice;
mod view;
mod working;

pub(crate) use cast::is_converted;
pub use facts::{Extent, Fact, Facts, Feature, PROBED, Question, Selected};
pub use index::rename_index;
pub use native::can_be_added;
pub use piece::{Copied, Part, Phase, Piece};
pub use rebuild::{DEFER_FOREIGN_KEYS, FOREIGN_KEY, Mode, ROWS_LOST, SCHEMA_MOVED};
pub use view::replace_view;

use super::objects::{Object, ObjectKind, Objects, Text};
use crate::diagnostic::{Code, Diagnostic};
use crate::operation::{AlterTable, Recreate};
use alloc::{format, string::String, vec::Vec};
use compiler::Compiler;

/// A change, compiled.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Compiled {
    /// What runs, in order.
    pub pieces: Vec<Piece>,
    /// Whether it has to run with foreign keys switched off ([`Mode::Aside`]).
    pub switches_off: bool,
    /// Whether foreign keys stay deferred behind it.
    pub leaves_deferred: bool,
}

/// Where in its list a change is compiled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Position {
    /// No statement of the list has touched the objects yet, so that the texts can be asserted to be what they
    /// were when they were read.
    pub is_first: bool,
    /// A change before it has left foreign keys deferred.
    pub is_deferred: bool,
}

/// Why a change could not be compiled.
#[derive(Clone, Debug, PartialEq)]
pub enum Stop {
    /// This has to be found out first.
    Unknown(Fact),
    /// It cannot be done.
    Refused(Diagnostic),
}

impl From<Fact> for Stop {
    fn from(fact: Fact) -> Self {
        Self::Unknown(fact)
    }
}

impl From<Diagnostic> for Stop {
    fn from(error: Diagnostic) -> Self {
        Self::Refused(error)
    }
}

/// Compiles the changes of one table, and lets `objects` follow them.
///
/// # Errors
/// [`Stop::Unknown`] if something has to be asked of the database: call again, with the same objects and the
/// answer among the facts. [`Stop::Refused`] if a change names what is not there, would leave something broken,
/// or cannot be carried out.
pub fn compile(
    alter: &AlterTable,
    objects: &mut Objects,
    mode: Mode,
    facts: &Facts,
    position: Position,
) -> Result<Compiled, Stop> {
    settle::give(alter, objects, facts);
    if facts.is_offline() && !objects.has_name(&alter.table) {
        return Err(settle::refuse_unknown(&alter.table).into());
    }
    let changes = settle::changes(alter, objects)?;
    let table = name_of(objects, &alter.table)?;
    let mut compiler = Compiler::new(table, objects.clone(), facts, mode, position);
    match alter.recreate {
        Recreate::Always => compiler.rebuild(changes)?,
        recreate => match compiler.all_native(&changes)? {
            None => {}
            Some(said) if recreate == Recreate::Never => {
                return Err(said.refused(compiler.refuse_rebuild()).into());
            }
            Some(_) => compiler.rebuild(changes)?,
        },
    }
    let (after, compiled) = compiler.finish();
    *objects = after;
    Ok(compiled)
}

/// The table's name as the database spells it.
fn name_of(objects: &Objects, table: &str) -> Result<String, Diagnostic> {
    if let Some(found) = objects.table(table) {
        return Ok(found.name.clone());
    }
    let other = objects.all.iter().find(|object| object.name.eq_ignore_ascii_case(table));
    let kind = match other.map(|object| object.kind) {
        Some(ObjectKind::View) => "a view",
        Some(ObjectKind::VirtualTable) => "a virtual table",
        _ => {
            let tables = objects.all.iter().filter(|object| object.kind == ObjectKind::Table);
            let names: Vec<&str> = tables.map(|object| object.name.as_str()).collect();
            let hint = match names.is_empty() {
                true => "there are no tables".into(),
                false => format!("the tables are: {}", names.join(", ")),
            };
            return Err(Diagnostic::error(Code::NoSuchTable, format!("No such table: '{table}'"))
                .hint(hint));
        }
    };
    Err(Diagnostic::error(
        Code::UnsupportedOperation,
        format!("'{table}' is {kind}, which SQLite has no changes for"),
    )
    .hint("drop it and create it as it shall be"))
}

/// A TEMP table or view of the same name is what SQLite would take for this one.
fn refuse_hidden(name: &str, kind: &str, temporary: &Objects) -> Result<(), Diagnostic> {
    let hides = |object: &&Object| {
        !matches!(object.kind, ObjectKind::Index | ObjectKind::Trigger)
            && object.name.eq_ignore_ascii_case(name)
    };
    let Some(other) = temporary.all.iter().find(hides) else { return Ok(()) };
    let word = if other.kind == ObjectKind::View { "VIEW" } else { "TABLE" };
    Err(Diagnostic::error(
        Code::UnsupportedOperation,
        format!("On this connection a TEMP {} hides {kind} '{name}'", word.to_ascii_lowercase()),
    )
    .hint(format!("drop it first: DROP {word} temp.{}", super::quote::name(name))))
}

/// The text of an object that has to be made again.
fn known_text(object: Option<&Object>, name: &str) -> Result<String, Diagnostic> {
    match object.map(|object| &object.text) {
        Some(Text::Known(sql)) => Ok(sql.clone()),
        Some(Text::Unknown(why)) => Err(Diagnostic::error(
            Code::UnsupportedOperation,
            format!("The text of '{name}' is only known when this revision has run: {why}"),
        )
        .hint("make the change in a revision of its own, after this one")),
        None => Err(Diagnostic::error(Code::NoSuchTable, format!("No such table: '{name}'"))
            .hint("see what the revisions before this one make")),
    }
}
