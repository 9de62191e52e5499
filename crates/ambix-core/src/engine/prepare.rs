//! From a step to what has to run.

use super::list::{List, stands_alone};
use super::loss::{losses, losses_now};
use super::model::{Model, alters_tables, needs_schema};
use super::{Body, DatabaseState, Event, Port, Request, Role, Settings, Statement, journal};
use crate::diagnostic::{Code, Diagnostic};
use crate::operation::Directive;
use crate::operation::loss::Loss;
use crate::revision::{Direction, Step};
use crate::sqlite::alter::Stop;
use alloc::{format, vec::Vec};

/// A step, ready to run.
pub(super) struct Prepared {
    /// What has to run before the list, outside of any transaction.
    pub(super) alone: Option<Statement>,
    /// The atomic list.
    pub(super) statements: Vec<Statement>,
    /// Whether it runs with foreign keys switched off.
    pub(super) switches_off: bool,
    /// Whether data may be gone when it has run.
    pub(super) destroys: bool,
}

impl Prepared {
    /// The list, as it is asked of the host.
    pub(super) fn request(&self) -> Request {
        match self.switches_off {
            true => Request::Rebuild(self.statements.clone()),
            false => Request::Atomic(self.statements.clone()),
        }
    }
}

/// What a step is compiled from.
pub(super) struct Source<'a> {
    pub(super) step: &'a Step,
    pub(super) body: &'a Body,
    pub(super) settings: &'a Settings,
    pub(super) now: &'a str,
    /// Whether there is a version table before the step.
    pub(super) has_version_table: bool,
    /// Whether there is a journal before the step.
    pub(super) has_journal: bool,
    /// Whether what the step drops is kept, or what it brings back was.
    pub(super) keeps: bool,
}

impl<'a> Source<'a> {
    pub(super) fn new(
        step: &'a Step,
        body: &'a Body,
        state: &DatabaseState,
        settings: &'a Settings,
        now: &'a str,
    ) -> Self {
        let (has_version_table, has_journal) = (state.has_version_table, state.has_journal);
        Self { step, body, settings, now, has_version_table, has_journal, keeps: false }
    }

    pub(super) fn directives(&self) -> Result<&'a [Directive], Diagnostic> {
        self.body.of(self.step.direction)
    }

    /// Whether it can only be compiled from the schema as it is when the step runs.
    ///
    /// # Errors
    /// If it is not known what the step does.
    pub(super) fn needs_schema(&self, is_watched: bool) -> Result<bool, Diagnostic> {
        let downgrade = self.body.of(Direction::Downgrade);
        let is_stored = self.settings.journal && self.step.direction == Direction::Upgrade;
        let drops = || Ok(self.directives()?.iter().any(|it| it.operation.destroys_data()));
        if self.keeps && (!self.is_upgrade() || drops()?) {
            return Ok(true);
        }
        Ok(needs_schema(self.directives()?, is_watched)
            || is_stored && downgrade.is_ok_and(alters_tables))
    }

    /// Compiles the step for the database as it is now.
    ///
    /// # Errors
    /// If an operation cannot be carried out, or the database cannot be read.
    pub(super) async fn for_now(&self, port: &impl Port) -> Result<Prepared, Diagnostic> {
        let mut model = Model::read(port).await?;
        model.choose_mode(port, self.directives()?, self.settings).await?;
        if self.keeps && self.is_upgrade() {
            model.ask_foreign_keys(port, &[self.directives()?], self.settings).await;
        }
        loop {
            // Each time from the start: what a list says depends on all facts.
            match self.prepared(Some(&mut model.clone())) {
                Err(Stop::Unknown(fact)) => model.find_out(port, &fact).await,
                Err(Stop::Refused(error)) => return Err(error),
                Ok(mut prepared) => {
                    // A table's text can say that a change of it destroys nothing.
                    prepared.destroys = prepared.destroys && self.destroys(&model)?;
                    return Ok(prepared);
                }
            }
        }
    }

    /// Whether it destroys anything of the database that `model` is of.
    fn destroys(&self, model: &Model) -> Result<bool, Diagnostic> {
        Ok(!losses(self.directives()?, &mut model.inventory(), false).is_empty())
    }

    /// Tells what the step destroys, before it runs, and lets the database be copied.
    ///
    /// # Errors
    /// If it could not be copied.
    pub(super) async fn before_loss(&self, port: &impl Port) -> Result<(), Diagnostic> {
        let keeps = self.keeps && self.is_upgrade();
        let losses = losses_now(port, self.directives()?, self.settings, keeps).await;
        if losses.is_empty() {
            return Ok(());
        }
        let step = self.step.clone();
        let is_lost = losses.iter().any(|loss| !loss.kept);
        let told: Vec<Loss> = losses.into_iter().filter(|loss| !loss.is_empty()).collect();
        if !told.is_empty() {
            port.tell(Event::Loses { step, losses: told }).await;
        }
        if is_lost { port.before_loss(self.step).await } else { Ok(()) }
    }

    fn is_upgrade(&self) -> bool {
        self.step.direction == Direction::Upgrade
    }

    /// Compiles the step for the schema of `model`, which follows what it does.
    ///
    /// # Errors
    /// If an operation cannot be carried out, or the model lacks a fact.
    pub(super) fn prepared(&self, mut model: Option<&mut Model>) -> Result<Prepared, Stop> {
        let directives = self.directives()?;
        let mut list = List::new(self.step, self.settings);
        list.keeps = self.keeps;
        if !self.has_version_table {
            list.push(Role::VersionTable, self.settings.version_table.create());
        }
        if self.settings.journal && !self.has_journal {
            list.push(Role::Journal, journal::create());
        }
        list.assert_heads();
        let mut alone = None;
        if stands_alone(directives) {
            alone = Some(self.the_one(directives)?);
        } else {
            list.directives(directives, model.as_deref_mut())?;
        }
        list.version_changes(directives);
        if self.settings.journal {
            let downgrade = self.body.of(Direction::Downgrade);
            list.journal(directives, downgrade, self.now, model.as_deref());
        }
        let destroys = directives.iter().any(|directive| directive.operation.destroys_data());
        let switches_off = model.is_some_and(|model| core::mem::take(&mut model.switches_off));
        Ok(Prepared { alone, statements: list.finish(), switches_off, destroys })
    }

    /// The statement of a revision that runs outside of a transaction.
    fn the_one(&self, directives: &[Directive]) -> Result<Statement, Stop> {
        let mut list = List::new(self.step, self.settings);
        list.directives(directives, None)?;
        let mut statements = list.finish();
        match (statements.pop(), statements.is_empty()) {
            (Some(statement), true) => Ok(statement),
            _ => Err(Diagnostic::error(
                Code::UnsupportedOperation,
                format!(
                    "Revision {} does something outside of a transaction and more than that",
                    self.step.revision
                ),
            )
            .hint("a statement that cannot be in a transaction stands alone in its revision")
            .into()),
        }
    }
}
