//! A table made anew: its rows are copied, and nothing that hangs on it is lost.
//!
//! There are two ways. With foreign keys switched off ([`Mode::Aside`]) the table is renamed, made again under
//! its own name, filled, and the old one dropped: each row is copied once. Where they have to stay in force
//! ([`Mode::Guarded`]) no table is ever renamed: the rows wait in a table of their own while the table is
//! dropped and made again, triggers keep SQLite from following the rows that seem to go into the tables that
//! refer to them, and the count of violations, which is looked at when the transaction ends, is back at
//! nothing when the rows are.

mod aside;
mod copy;
mod guarded;

use super::cast::Cast;
use super::edit::Definition;
use super::facts::Facts;
use super::working::checks;
use super::{Compiled, Part, Phase, Piece, Stop, keys, known_text};
use crate::diagnostic::Diagnostic;
use crate::schema::Constraint;
use crate::sqlite::create_table::{CreateTable, read, rowid_column};
use crate::sqlite::objects::{Object, ObjectKind, Objects};
use crate::sqlite::quote::{self, may_have};
use crate::sqlite::token::tokens;
use alloc::string::String;
use alloc::{format, vec::Vec};

/// How a table is made anew.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// With foreign keys switched off.
    #[default]
    Aside,
    /// With foreign keys in force, if they are.
    Guarded,
}

/// The code in the host's error text if the texts of a table and of what belongs to it are not those that
/// the change was compiled for.
pub const SCHEMA_MOVED: &str = "ambix:schema-moved";

/// The code if not all rows were copied.
pub const ROWS_LOST: &str = "ambix:rows-lost";

/// The code if rows refer to others that are not there, and more than before.
pub const FOREIGN_KEY: &str = "ambix:foreign-key";

/// Begins what is done with foreign keys in force; it lasts until the transaction ends.
pub const DEFER_FOREIGN_KEYS: &str = "PRAGMA defer_foreign_keys = ON";

pub(super) struct Rebuild<'a> {
    pub(super) before: &'a Definition,
    pub(super) after: &'a Definition,
    /// The table's name when the database was asked for facts.
    pub(super) asked: &'a str,
    /// Columns that are new although one of that name may have been there before.
    pub(super) fresh: &'a [String],
    /// By what the values of columns are converted.
    pub(super) casts: &'a [Cast],
    /// Objects that go with what the change drops.
    pub(super) doomed: &'a [Object],
    /// All objects that stay.
    pub(super) objects: &'a Objects,
    pub(super) facts: &'a Facts,
    pub(super) mode: Mode,
    pub(super) asserts_texts: bool,
    /// Whether foreign keys are deferred already, and rows may have been changed since.
    pub(super) is_deferred: bool,
}

/// The statements.
///
/// # Errors
/// If a fact is missing, or the text of something that has to be made again.
pub(super) fn statements(rebuild: &Rebuild<'_>) -> Result<Compiled, Stop> {
    let mut list = Parts { table: rebuild.table(), pieces: Vec::new() };
    if rebuild.asserts_texts {
        list.push(Phase::Assert, rebuild.assert_texts());
    }
    let temporary = rebuild.facts.temporary()?;
    if temporary.all.iter().any(|object| object.kind == ObjectKind::Trigger) {
        list.push(Phase::Assert, rebuild.assert_temporary(temporary));
    }
    let mut indexes = rebuild.own_objects(ObjectKind::Index)?;
    let mut triggers = rebuild.own_objects(ObjectKind::Trigger)?;
    triggers.extend(temporary.on(rebuild.asked, ObjectKind::Trigger).filter_map(temporary_again));
    for view in rebuild.doomed.iter().filter(|object| object.kind == ObjectKind::View) {
        list.push(Phase::SetAside, format!("DROP VIEW {}", quote::name(&view.name)));
    }
    let elsewhere = rebuild.doomed.iter().filter(|object| {
        object.kind == ObjectKind::Trigger && !object.table.eq_ignore_ascii_case(rebuild.table())
    });
    for trigger in elsewhere {
        let name = quote::name(&trigger.name);
        list.push(Phase::SetAside, format!("DROP TRIGGER IF EXISTS {name}"));
    }
    match rebuild.mode {
        Mode::Aside => rebuild.aside(&mut list)?,
        Mode::Guarded => rebuild.guarded(&mut list, &mut indexes)?,
    }
    indexes.into_iter().chain(triggers).for_each(|sql| list.push(Phase::Restore, sql));
    if rebuild.mode == Mode::Guarded {
        rebuild.statistics_again().into_iter().for_each(|sql| list.push(Phase::Restore, sql));
    }
    let (before, after) = (rebuild.before, rebuild.after);
    for check in checks(before, after, rebuild.objects, rebuild.doomed, rebuild.facts)? {
        list.push(Phase::Check, check.sql);
    }
    let mut is_sure = true;
    for table in rebuild.tables_with_foreign_keys() {
        let asked = match table.eq_ignore_ascii_case(rebuild.table()) {
            true => rebuild.asked,
            false => &table,
        };
        match rebuild.facts.dangling(asked)? {
            Some(count) => list.push(Phase::Check, assert_foreign_keys(&table, count)),
            None => {
                keys::refuse_lost(rebuild, &table)?;
                is_sure = false;
            }
        }
    }
    if rebuild.mode == Mode::Guarded && is_sure && !rebuild.is_deferred {
        // What follows is not deferred. SQLite forgets the violations that it has counted meanwhile: those of
        // rows that dangled before.
        list.push(Phase::Check, "PRAGMA defer_foreign_keys = OFF".into());
    }
    let leaves_deferred = rebuild.mode == Mode::Guarded && (!is_sure || rebuild.is_deferred);
    let pieces = list.pieces;
    Ok(Compiled { pieces, switches_off: rebuild.mode == Mode::Aside, leaves_deferred })
}

/// Statements, each with its part.
struct Parts<'a> {
    table: &'a str,
    pieces: Vec<Piece>,
}

impl Parts<'_> {
    fn push(&mut self, phase: Phase, sql: String) {
        let part = Some(Part { table: self.table.into(), phase });
        self.pieces.push(Piece { sql, part });
    }
}

fn assertion(condition: &str, code: &str, what: &str) -> String {
    let text = quote::text(&format!("{code} {what}"));
    format!("SELECT CASE WHEN {condition} THEN 1 ELSE json_extract('{{}}', {text}) END")
}

fn assert_foreign_keys(table: &str, before: u64) -> String {
    let count = format!("(SELECT count(*) FROM pragma_foreign_key_check({}))", quote::text(table));
    assertion(&format!("{count} <= {before}"), FOREIGN_KEY, table)
}

fn assert_count(table: &str, other: &str) -> String {
    let count = |table: &str| format!("(SELECT count(*) FROM {})", quote::name(table));
    assertion(&format!("{} = {}", count(table), count(other)), ROWS_LOST, table)
}

impl Rebuild<'_> {
    fn table(&self) -> &str {
        self.before.name()
    }

    /// A name that nothing has.
    fn free_name(&self, purpose: &str) -> String {
        let names = (1_u32..).map(|number| match number {
            1 => format!("_ambix_{purpose}"),
            _ => format!("_ambix_{purpose}_{number}"),
        });
        let is_free = |name: &String| !self.objects.has_name(name);
        names.into_iter().find(is_free).unwrap_or_default()
    }

    /// That the table and what belongs to it are still what they were when this was compiled.
    fn assert_texts(&self) -> String {
        let belongs = |object: &&Object| object.table.eq_ignore_ascii_case(self.table());
        let all = self.objects.all.iter().chain(self.doomed).filter(belongs);
        let mut texts: Vec<&str> = all.filter_map(Object::sql).collect();
        crate::sort::sort(&mut texts);
        let expected: Vec<String> = texts.iter().map(|sql| quote::text(sql)).collect();
        let found = format!(
            "(SELECT count(*) FROM sqlite_schema WHERE lower(tbl_name) = lower({}) AND sql IS NOT NULL)",
            quote::text(self.table())
        );
        let known = format!(
            "(SELECT count(*) FROM sqlite_schema WHERE lower(tbl_name) = lower({}) AND sql IN ({}))",
            quote::text(self.table()),
            expected.join(", ")
        );
        let count = texts.len();
        assertion(&format!("{found} = {count} AND {known} = {count}"), SCHEMA_MOVED, self.table())
    }

    /// That the table has no other TEMP triggers than those that were read; it may have had another name then.
    fn assert_temporary(&self, temporary: &Objects) -> String {
        let count = temporary.on(self.asked, ObjectKind::Trigger).count();
        let found = format!(
            "(SELECT count(*) FROM sqlite_temp_master WHERE type = 'trigger' AND lower(tbl_name) = lower({}))",
            quote::text(self.table())
        );
        assertion(&format!("{found} = {count}"), SCHEMA_MOVED, self.table())
    }

    /// The texts of the indexes or the triggers of the table, which have to be made again.
    fn own_objects(&self, kind: ObjectKind) -> Result<Vec<String>, Diagnostic> {
        let own = self.objects.on(self.table(), kind);
        own.map(|object| known_text(Some(object), &object.name)).collect()
    }

    /// The name of the rowid in the table as it was, if it has one that can be named.
    fn source_rowid(&self) -> Option<String> {
        let read = &self.before.read;
        match rowid_column(read) {
            Some(key) => Some(quote::name(&read.table.columns[key].name)),
            None => rowid_name(read).map(String::from),
        }
    }

    fn keeps_sequence(&self) -> bool {
        self.before.read.table.options.autoincrement && self.after.read.table.options.autoincrement
    }

    /// The tables with foreign keys to this one, each once.
    fn children(&self) -> Vec<String> {
        let mut children = Vec::new();
        for object in self.objects.all.iter().filter(|object| object.kind == ObjectKind::Table) {
            // A table whose text only the list itself will give is one of CREATE TABLE AS: it has no keys.
            let Some(sql) = object.sql().filter(|sql| may_have(sql, self.table())) else {
                continue;
            };
            let refers = |constraint: &Constraint| {
                matches!(constraint, Constraint::ForeignKey(key)
                    if key.referred_table.eq_ignore_ascii_case(self.table()))
            };
            let is_child = match read(sql) {
                Ok(read) => read.table.constraints.iter().any(refers),
                // What cannot be read may refer to it. A guard too many does no harm.
                Err(_) => tokens(sql)
                    .iter()
                    .any(|token| token.span.of(sql).eq_ignore_ascii_case("REFERENCES")),
            };
            if is_child {
                children.push(object.name.clone());
            }
        }
        children
    }

    /// Those whose foreign keys a mistake here could break: itself and its children.
    fn tables_with_foreign_keys(&self) -> Vec<String> {
        let mut tables = self.children();
        let is_key = |constraint: &Constraint| matches!(constraint, Constraint::ForeignKey(_));
        let has_keys = |read: &CreateTable| read.table.constraints.iter().any(is_key);
        let is_listed = tables.iter().any(|table| table.eq_ignore_ascii_case(self.table()));
        if !is_listed && (has_keys(&self.before.read) || has_keys(&self.after.read)) {
            tables.push(self.table().into());
        }
        tables
    }
}

/// The statement that makes a TEMP trigger again. SQLite stores its text without that word, and one of the same
/// name that is on another database's table of that name is still there.
pub(super) fn temporary_again(trigger: &Object) -> Option<String> {
    let rest = trigger.sql()?.strip_prefix("CREATE TRIGGER ")?;
    Some(format!("CREATE TEMP TRIGGER IF NOT EXISTS {rest}"))
}

/// A name of the rowid that no column has.
fn rowid_name(read: &CreateTable) -> Option<&'static str> {
    if read.table.options.without_rowid {
        return None;
    }
    let is_column = |name: &str| read.table.column(name).is_some();
    ["rowid", "_rowid_", "oid"].into_iter().find(|name| !is_column(name))
}
