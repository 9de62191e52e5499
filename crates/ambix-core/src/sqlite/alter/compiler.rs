//! Changes of one table, carried out one after another.

use super::cast::Cast;
use super::edit::{self, Definition};
use super::facts::Facts;
use super::names::{before_renames, named, translated};
use super::native::{self, Native};
use super::rebuild::{self, Mode};
use super::settle::{self, Said};
use super::{Compiled, Piece, Position, Stop, dependents, known_text, refuse_hidden, working};
use crate::diagnostic::{Code, Diagnostic};
use crate::operation::{Dependents, TableChange};
use crate::sqlite::objects::{Object, ObjectKind, Objects, Text};
use crate::sqlite::{quote, rename};
use alloc::{format, string::String, vec::Vec};

/// The changes of one table on their way to statements.
pub(super) struct Compiler<'a> {
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

impl<'f> Compiler<'f> {
    /// Nothing is changed yet.
    pub(super) fn new(
        table: String,
        objects: Objects,
        facts: &'f Facts,
        mode: Mode,
        position: Position,
    ) -> Self {
        let (asked, done) = (table.clone(), Compiled::default());
        Self { table, asked, objects, facts, mode, position, is_rebuilt: false, done }
    }

    /// The objects as they are then, and what makes them so.
    pub(super) fn finish(self) -> (Objects, Compiled) {
        (self.objects, self.done)
    }

    fn definition(&self) -> Result<Definition, Diagnostic> {
        Definition::read(known_text(self.objects.table(&self.table), &self.table)?)
    }

    /// Runs a statement of SQLite's own, which the objects follow.
    fn run(&mut self, sql: String) {
        self.objects.follow(&sql);
        self.done.pieces.push(Piece::new(sql));
    }

    /// Carries the changes out by SQLite's own statements, if there is one for each. Else nothing is done, and
    /// this is the first for which there is none.
    pub(super) fn all_native<'c, 'a>(
        &mut self,
        changes: &'c [Said<'a>],
    ) -> Result<Option<&'c Said<'a>>, Stop> {
        let (table, objects) = (self.table.clone(), self.objects.clone());
        let mut rest = changes;
        while let [said, ..] = rest {
            let columns = settle::new_columns(rest);
            let foreign = match columns.len() {
                0 | 1 => {
                    let is_native = self.is_native(&said.change);
                    let is_native = is_native.map_err(|stop| said.stopped(stop))?;
                    (!is_native).then_some(said)
                }
                _ => self.add_columns(rest, &columns)?,
            };
            if foreign.is_some() {
                (self.table, self.objects, self.done) = (table, objects, Compiled::default());
                return Ok(foreign);
            }
            rest = rest.get(columns.len().max(1)..).unwrap_or_default();
        }
        Ok(None)
    }

    /// Adds many columns, which `changes` begin with, by SQLite's own statements. What mentions the table is looked
    /// at once.
    fn add_columns<'c, 'a>(
        &mut self,
        changes: &'c [Said<'a>],
        columns: &[&str],
    ) -> Result<Option<&'c Said<'a>>, Stop> {
        if let Some(at) = columns.iter().position(|column| !native::can_be_added(column)) {
            return Ok(changes.get(at));
        }
        let before = self.definition()?;
        let after =
            before.with_columns(columns).map_err(|error| settle::refused(changes, error))?;
        let checks = working::checks(&before, &after, &self.objects, &[], self.facts)?;
        let statements: Vec<String> =
            columns.iter().map(|column| native::add_column(&self.table, column)).collect();
        // To the text it is the same as one statement that adds them all.
        let columns: Vec<&str> = columns.iter().map(|column| edit::without_end(column)).collect();
        self.objects.follow(&native::add_column(&self.table, &columns.join(", ")));
        self.done.pieces.extend(statements.into_iter().map(Piece::new));
        self.done.pieces.extend(checks);
        Ok(None)
    }

    /// Carries one change out by SQLite's own statement, if there is one.
    fn is_native(&mut self, change: &TableChange) -> Result<bool, Stop> {
        let definition = self.definition()?;
        match native::statement(&definition, change, &self.objects, self.facts)? {
            Native::Nothing => {}
            Native::By(sql) => {
                let checks = self.checks_of(&definition, change)?;
                self.native(change, sql)?;
                self.done.pieces.extend(checks);
            }
            Native::Not => return Ok(false),
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
            self.run(format!("DROP TRIGGER {}", quote::name(trigger)));
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

    pub(super) fn refuse_rebuild(&self) -> Diagnostic {
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
    pub(super) fn rebuild(&mut self, changes: Vec<Said<'_>>) -> Result<(), Stop> {
        let mut group: Vec<Said<'_>> = Vec::new();
        let mut renames: Vec<(String, String)> = Vec::new();
        for mut said in changes {
            if needs_names(&said.change, &renames).map_err(|error| said.refused(error))?
                || self.gives_a_taken_name(&said, &group)?
            {
                self.flush(&mut group, &mut renames)?;
            }
            self.refuse_old_name(&said.change, &renames).map_err(|error| said.refused(error))?;
            match &said.change {
                TableChange::RenameColumn { from, to } => {
                    let before = before_renames(&renames, from);
                    let is_there = self.after(&group)?.column(&before).map(|_| ());
                    let is_free =
                        || dependents::refuse_on_views(&self.objects, &self.table, &before);
                    is_there.and_then(|()| is_free()).map_err(|error| said.refused(error))?;
                    renames.push((from.clone(), to.clone()));
                }
                TableChange::RenameTable { to } => {
                    let sql = native::rename_table(&self.table, to);
                    self.native(&said.change, sql).map_err(|stop| said.stopped(stop))?;
                }
                change => {
                    said.change = translated(change, &self.table, &renames);
                    group.push(said);
                }
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
    fn after(&self, group: &[Said<'_>]) -> Result<Definition, Diagnostic> {
        group.iter().try_fold(self.definition()?, |definition, said| {
            definition.changed(&said.change).map_err(|error| said.refused(error))
        })
    }

    /// Whether a column gets a name that another one has, which may have to get its own first.
    fn gives_a_taken_name(&self, said: &Said<'_>, group: &[Said<'_>]) -> Result<bool, Diagnostic> {
        match &said.change {
            TableChange::RenameColumn { to, .. } => Ok(self.after(group)?.position(to).is_some()),
            _ => Ok(false),
        }
    }

    fn flush(
        &mut self,
        group: &mut Vec<Said<'_>>,
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

    /// Lets what the table is to be follow a change.
    fn change(&mut self, to_be: &mut ToBe, change: &TableChange) -> Result<(), Diagnostic> {
        let ToBe { definition, fresh, casts, doomed } = to_be;
        match change {
            TableChange::AddColumn { definition: column, .. } => {
                fresh.push(edit::new_column(column)?);
            }
            TableChange::SetType { column, data_type, cast: true } => {
                casts.extend(Cast::new(definition, column, data_type));
            }
            TableChange::DropColumn { name, dependents } => {
                definition.column(name)?;
                if *dependents != Dependents::Drop {
                    dependents::refuse_on_views(&self.objects, &self.table, name)?;
                }
                let (without, gone) =
                    dependents::without(definition, &self.objects, name, *dependents)?;
                *definition = without;
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
                let redefined = definition.changed(change)?;
                if !redefined.name().eq_ignore_ascii_case(&self.table) {
                    return Err(Diagnostic::error(
                        Code::UnsupportedOperation,
                        format!(
                            "The new definition of '{}' names '{}'",
                            self.table,
                            redefined.name()
                        ),
                    )
                    .hint("rename the table in a change of its own"));
                }
                for column in &definition.read.table.columns {
                    if redefined.position(&column.name).is_none() {
                        dependents::refuse_elsewhere(definition, &self.objects, &column.name)?;
                    }
                }
            }
            _ => {}
        }
        *definition = definition.changed(change)?;
        Ok(())
    }

    fn rebuild_once(&mut self, changes: &[Said<'_>]) -> Result<(), Stop> {
        self.is_rebuilt = true;
        refuse_hidden(&self.table, "table", self.facts.temporary()?)?;
        let before = self.definition()?;
        let mut to_be = ToBe {
            definition: Definition::read(before.sql.clone())?,
            fresh: Vec::new(),
            casts: Vec::new(),
            doomed: Vec::new(),
        };
        let mut rest = changes;
        while let [said, ..] = rest {
            let columns = settle::new_columns(rest);
            if columns.len() > 1 {
                let with = to_be.definition.with_columns(&columns);
                to_be.definition = with.map_err(|error| settle::refused(rest, error))?;
                for column in &columns {
                    to_be.fresh.push(edit::new_column(column)?);
                }
            } else {
                self.change(&mut to_be, &said.change).map_err(|error| said.refused(error))?;
            }
            rest = rest.get(columns.len().max(1)..).unwrap_or_default();
        }
        let ToBe { definition, fresh, casts, doomed } = to_be;
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

/// What a table is to be, and what becomes of what is there.
struct ToBe {
    definition: Definition,
    /// New columns.
    fresh: Vec<String>,
    casts: Vec<Cast>,
    /// Objects that go with what is dropped.
    doomed: Vec<Object>,
}

/// Whether the names that were given before a change have to be there before it is made.
fn needs_names(change: &TableChange, renames: &[(String, String)]) -> Result<bool, Diagnostic> {
    Ok(match change {
        TableChange::RenameTable { .. } | TableChange::Redefine { .. } => true,
        TableChange::AddColumn { definition, .. } => {
            let name = edit::new_column(definition)?;
            renames.iter().any(|(from, _)| from.eq_ignore_ascii_case(&name))
        }
        _ => false,
    })
}
