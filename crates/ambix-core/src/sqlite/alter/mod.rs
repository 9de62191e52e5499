//! Changes of a table, compiled to statements that lose nothing.
//!
//! A change is an edit of the stored text of the table ([`edit`]). It is carried out by SQLite's own ALTER
//! TABLE where there is one that keeps all of the text ([`native`]), else by making the table anew and
//! copying its rows ([`rebuild`]). Either way the [`Objects`] follow.
//!
//! Sources: <https://sqlite.org/lang_altertable.html>, "Making Other Kinds Of Table Schema Changes", and
//! <https://sqlite.org/foreignkeys.html>.

mod cast;
mod dependents;
mod edit;
mod facts;
mod index;
mod keys;
mod names;
mod native;
mod needed;
mod piece;
mod rebuild;
mod settle;
mod splice;
mod view;
mod working;

pub use facts::{Extent, Fact, Facts, Feature, PROBED, Question};
pub use index::rename_index;
pub use native::can_be_added;
pub use piece::{Copied, Part, Phase, Piece};
pub use rebuild::{DEFER_FOREIGN_KEYS, FOREIGN_KEY, Mode, ROWS_LOST, SCHEMA_MOVED};
pub use view::replace_view;

use super::objects::{Object, ObjectKind, Objects, Text};
use super::rename;
use crate::diagnostic::{Code, Diagnostic};
use crate::operation::{AlterTable, Dependents, Recreate, TableChange};
use alloc::{format, string::String, vec::Vec};
use cast::Cast;
use edit::Definition;
use names::{before_renames, named, translated};
use native::Native;

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
    let mut compiler = Compiler {
        table: name_of(objects, &alter.table)?,
        asked: name_of(objects, &alter.table)?,
        objects: objects.clone(),
        facts,
        mode,
        position,
        is_rebuilt: false,
        done: Compiled::default(),
    };
    if alter.recreate == Recreate::Always || !compiler.all_native(&changes)? {
        if alter.recreate == Recreate::Never {
            return Err(compiler.refuse_rebuild().into());
        }
        compiler.rebuild(&changes)?;
    }
    *objects = compiler.objects;
    Ok(compiler.done)
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

struct Compiler<'a> {
    /// The table's name at this point.
    table: String,
    /// Its name when the database was last asked.
    asked: String,
    objects: Objects,
    facts: &'a Facts,
    mode: Mode,
    position: Position,
    is_rebuilt: bool,
    done: Compiled,
}

impl Compiler<'_> {
    fn definition(&self) -> Result<Definition, Diagnostic> {
        Definition::read(known_text(self.objects.table(&self.table), &self.table)?)
    }

    /// Runs a statement of SQLite's own, which the objects follow.
    fn run(&mut self, sql: String) {
        self.objects.follow(&sql);
        self.done.pieces.push(Piece::new(sql));
    }

    /// Carries the changes out by SQLite's own statements, if there is one for each. Else nothing is done.
    fn all_native(&mut self, changes: &[TableChange]) -> Result<bool, Stop> {
        let (table, objects) = (self.table.clone(), self.objects.clone());
        for change in changes {
            let definition = self.definition()?;
            match native::statement(&definition, change, &self.objects, self.facts)? {
                Native::Nothing => {}
                Native::By(sql) => {
                    let checks = self.checks_of(&definition, change)?;
                    self.native(change, sql)?;
                    self.done.pieces.extend(checks);
                }
                Native::Not => {
                    (self.table, self.objects, self.done) = (table, objects, Compiled::default());
                    return Ok(false);
                }
            }
        }
        Ok(true)
    }

    /// What has to work behind a statement of SQLite's own that adds or drops a column.
    fn checks_of(&self, definition: &Definition, change: &TableChange) -> Result<Vec<Piece>, Stop> {
        if !matches!(change, TableChange::AddColumn { .. } | TableChange::DropColumn { .. }) {
            return Ok(Vec::new());
        }
        let after = definition.changed(change)?;
        Ok(working::checks(definition, &after, &self.objects, &[], self.facts)?)
    }

    fn native(&mut self, change: &TableChange, sql: String) -> Result<(), Stop> {
        let TableChange::RenameTable { to } = change else {
            self.run(sql);
            return Ok(());
        };
        if self.facts.legacy_alter_table()? {
            // Nothing would follow the name. Where the host switches, it switches this off too.
            match self.mode {
                Mode::Aside => self.done.switches_off = true,
                Mode::Guarded => return Err(self.refuse_legacy().into()),
            }
        }
        // SQLite gets some triggers wrong. These are made again, from the right text.
        let misread = rename::misread(&self.objects, &self.table);
        let misread: Vec<String> = misread.iter().map(|trigger| trigger.name.clone()).collect();
        let mut renamed = self.objects.clone();
        rename::table(&mut renamed, &self.table, to);
        for trigger in &misread {
            self.run(format!("DROP TRIGGER {}", super::quote::name(trigger)));
        }
        self.run(sql);
        for object in renamed.all {
            let is_misread = object.kind == ObjectKind::Trigger && misread.contains(&object.name);
            if let (true, Text::Known(sql)) = (is_misread, object.text) {
                self.run(sql);
            }
        }
        self.table.clone_from(to);
        Ok(())
    }

    fn refuse_rebuild(&self) -> Diagnostic {
        Diagnostic::error(
            Code::UnsupportedOperation,
            format!("SQLite cannot change table '{}' like this without making it anew", self.table),
        )
        .hint("let it be made anew: leave recreate out, or say recreate=\"auto\"")
    }

    fn refuse_legacy(&self) -> Diagnostic {
        let message = format!(
            "Table '{}' cannot be renamed while this connection has legacy_alter_table on, since nothing that \
             mentions it would follow",
            self.table
        );
        Diagnostic::error(Code::UnsupportedOperation, message)
            .hint("switch it off for the upgrade: PRAGMA legacy_alter_table = OFF")
    }

    /// Makes the table anew, once if possible. Names change last and by SQLite's own statements, since SQLite
    /// knows best what mentions them.
    fn rebuild(&mut self, changes: &[TableChange]) -> Result<(), Stop> {
        let mut group: Vec<TableChange> = Vec::new();
        let mut renames: Vec<(String, String)> = Vec::new();
        for change in changes {
            let needs_names = match change {
                TableChange::RenameTable { .. } | TableChange::Redefine { .. } => true,
                TableChange::RenameColumn { to, .. } => self.is_taken(&group, to)?,
                TableChange::AddColumn { definition, .. } => {
                    let name = edit::new_column(definition)?;
                    renames.iter().any(|(from, _)| from.eq_ignore_ascii_case(&name))
                }
                _ => false,
            };
            if needs_names {
                self.flush(&mut group, &mut renames)?;
            }
            self.refuse_old_name(change, &renames)?;
            match change {
                TableChange::RenameColumn { from, to } => {
                    let before = before_renames(&renames, from);
                    self.after(&group)?.column(&before)?;
                    dependents::refuse_on_views(&self.objects, &self.table, &before)?;
                    renames.push((from.clone(), to.clone()));
                }
                TableChange::RenameTable { to } => {
                    let sql = native::rename_table(&self.table, to);
                    self.native(change, sql)?;
                }
                change => group.push(translated(change, &self.table, &renames)),
            }
        }
        if group.is_empty() && !self.is_rebuilt {
            // Names alone ask for nothing to be made anew, but somebody does.
            self.rebuild_once(&[])?;
        }
        self.flush(&mut group, &mut renames)
    }

    /// A column that was given another name is no longer there under its old one.
    fn refuse_old_name(
        &self,
        change: &TableChange,
        renames: &[(String, String)],
    ) -> Result<(), Diagnostic> {
        let Some(name) = named(change) else { return Ok(()) };
        let is = |other: &String| other.eq_ignore_ascii_case(name);
        let old = renames.iter().rposition(|(from, _)| is(from));
        let new = renames.iter().rposition(|(_, to)| is(to));
        match old > new {
            false => Ok(()),
            true => Err(Diagnostic::error(
                Code::NoSuchColumn,
                format!("Table '{}' has no column '{name}'", self.table),
            )
            .hint("it was renamed just before: use its new name")),
        }
    }

    /// The definition after the changes of a group.
    fn after(&self, group: &[TableChange]) -> Result<Definition, Diagnostic> {
        group.iter().try_fold(self.definition()?, |definition, change| definition.changed(change))
    }

    fn is_taken(&self, group: &[TableChange], name: &str) -> Result<bool, Diagnostic> {
        Ok(self.after(group)?.position(name).is_some())
    }

    fn flush(
        &mut self,
        group: &mut Vec<TableChange>,
        renames: &mut Vec<(String, String)>,
    ) -> Result<(), Stop> {
        if !group.is_empty() {
            self.rebuild_once(group)?;
            group.clear();
        }
        for (from, to) in renames.drain(..) {
            let sql = native::rename_column(&self.table, &from, &to);
            self.run(sql);
        }
        Ok(())
    }

    /// A TEMP table of the same name is what SQLite would take for this one.
    fn refuse_hidden(&self) -> Result<(), Stop> {
        let temporary = self.facts.temporary()?;
        let hides = |object: &&Object| {
            !matches!(object.kind, ObjectKind::Index | ObjectKind::Trigger)
                && object.name.eq_ignore_ascii_case(&self.table)
        };
        match temporary.all.iter().any(|object| hides(&object)) {
            false => Ok(()),
            true => Err(Diagnostic::error(
                Code::UnsupportedOperation,
                format!("On this connection a TEMP table hides table '{}'", self.table),
            )
            .hint(format!("drop it first: DROP TABLE temp.{}", super::quote::name(&self.table)))
            .into()),
        }
    }

    fn rebuild_once(&mut self, changes: &[TableChange]) -> Result<(), Stop> {
        self.is_rebuilt = true;
        self.refuse_hidden()?;
        let before = self.definition()?;
        let mut definition = Definition::read(before.sql.clone())?;
        let mut fresh: Vec<String> = Vec::new();
        let mut casts: Vec<Cast> = Vec::new();
        let mut doomed: Vec<Object> = Vec::new();
        for change in changes {
            match change {
                TableChange::AddColumn { definition: column, .. } => {
                    fresh.push(edit::new_column(column)?);
                }
                TableChange::SetType { column, data_type, cast: true } => {
                    casts.extend(Cast::new(&definition, column, data_type));
                }
                TableChange::DropColumn { name, dependents } => {
                    definition.column(name)?;
                    if *dependents != Dependents::Drop {
                        dependents::refuse_on_views(&self.objects, &self.table, name)?;
                    }
                    let (without, gone) =
                        dependents::without(&definition, &self.objects, name, *dependents)?;
                    definition = without;
                    // The triggers of a view go with it.
                    let is_gone = |object: &Object| {
                        gone.iter().any(|gone| {
                            gone == object
                                || gone.kind == ObjectKind::View
                                    && gone.name.eq_ignore_ascii_case(&object.table)
                        })
                    };
                    self.objects.all.retain(|object| !is_gone(object));
                    doomed.extend(gone);
                }
                TableChange::Redefine { .. } => {
                    let to_be = definition.changed(change)?;
                    if !to_be.name().eq_ignore_ascii_case(&self.table) {
                        return Err(Diagnostic::error(
                            Code::UnsupportedOperation,
                            format!(
                                "The new definition of '{}' names '{}'",
                                self.table,
                                to_be.name()
                            ),
                        )
                        .hint("rename the table in a change of its own")
                        .into());
                    }
                    for column in &definition.read.table.columns {
                        if to_be.position(&column.name).is_none() {
                            dependents::refuse_elsewhere(&definition, &self.objects, &column.name)?;
                        }
                    }
                }
                _ => {}
            }
            definition = definition.changed(change)?;
        }
        let compiled = rebuild::statements(&rebuild::Rebuild {
            before: &before,
            after: &definition,
            asked: &self.asked,
            fresh: &fresh,
            casts: &casts,
            doomed: &doomed,
            objects: &self.objects,
            facts: self.facts,
            mode: self.mode,
            asserts_texts: self.position.is_first && self.done.pieces.is_empty(),
            is_deferred: self.position.is_deferred || self.done.leaves_deferred,
        })?;
        self.done.pieces.extend(compiled.pieces);
        self.done.switches_off |= compiled.switches_off;
        self.done.leaves_deferred |= compiled.leaves_deferred;
        let is_table = |object: &&mut Object| object.is(ObjectKind::Table, &self.table);
        if let Some(object) = self.objects.all.iter_mut().find(is_table) {
            object.text = Text::Known(definition.sql);
        }
        Ok(())
    }
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
