//! From a step to what has to run.

use super::list::{List, stands_alone, unknown_later};
use super::loss::{losses, losses_now};
use super::model::{Model, alters_tables, needs_schema};
use super::{Body, DatabaseState, Event, Port, Request, Role, Settings, Statement, journal};
use crate::diagnostic::{Code, Diagnostic};
use crate::operation::Directive;
use crate::operation::loss::Loss;
use crate::revision::{Direction, RevisionId, Step};
use crate::sqlite::alter::Stop;
use crate::sqlite::token::{Token, tokens};
use alloc::{borrow::Cow, format, string::String, vec::Vec};

/// A step, ready to run.
pub(super) struct Prepared<'a> {
    /// What the step does.
    pub(super) directives: Cow<'a, [Directive]>,
    /// What has to run before the list, outside of any transaction.
    pub(super) alone: Vec<Statement>,
    /// The atomic list.
    pub(super) statements: Vec<Statement>,
    /// Whether it runs with foreign keys switched off.
    pub(super) switches_off: bool,
    /// Whether data may be gone when it has run.
    pub(super) destroys: bool,
}

impl Prepared<'_> {
    /// The list, as it is asked of the host.
    pub(super) fn request(&self) -> Request {
        match self.switches_off {
            true => Request::Rebuild(self.statements.clone()),
            false => Request::Atomic(self.statements.clone()),
        }
    }
}

/// Reads what a revision does to the database of a model.
pub(super) type ReadOn<'a> =
    dyn Fn(&RevisionId, Direction, &Model) -> Result<Vec<Directive>, Stop> + 'a;

/// What a step is compiled from.
pub(super) struct Source<'a> {
    pub(super) step: &'a Step,
    pub(super) body: &'a Body,
    pub(super) read: &'a ReadOn<'a>,
    /// The hash of what it does, where that is not of the directives.
    pub(super) hash: Option<String>,
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
        read: &'a ReadOn<'a>,
        state: &DatabaseState,
        settings: &'a Settings,
        now: &'a str,
    ) -> Self {
        let (has_version_table, has_journal) = (state.has_version_table, state.has_journal);
        let (hash, keeps) = (None, false);
        Self { step, body, read, hash, settings, now, has_version_table, has_journal, keeps }
    }

    pub(super) fn directives(&self) -> Result<&'a [Directive], Diagnostic> {
        self.body.of(self.step.direction)
    }

    /// Whether what it does depends on the database.
    pub(super) fn looks(&self) -> bool {
        self.body.looks(self.step.direction)
    }

    /// What it does to the database of `model`.
    fn directives_on(&self, model: Option<&Model>) -> Result<Cow<'a, [Directive]>, Stop> {
        match model.filter(|_| self.looks()) {
            Some(model) => {
                (self.read)(&self.step.revision, self.step.direction, model).map(Cow::Owned)
            }
            None => Ok(Cow::Borrowed(self.directives()?)),
        }
    }

    /// Whether it can only be compiled from the schema as it is when the step runs.
    ///
    /// # Errors
    /// If it is not known what the step does.
    pub(super) fn needs_schema(&self, is_watched: bool) -> Result<bool, Diagnostic> {
        if self.looks() {
            return Ok(true);
        }
        let downgrade = self.body.of(Direction::Downgrade);
        let is_stored = self.settings.journal && self.step.direction == Direction::Upgrade;
        let drops = || Ok(self.directives()?.iter().any(|it| it.operation.destroys_data()));
        if self.keeps && (!self.is_upgrade() || drops()?) {
            return Ok(true);
        }
        Ok(needs_schema(self.directives()?, is_watched)
            || is_stored
                && (self.body.looks(Direction::Downgrade) || downgrade.is_ok_and(alters_tables)))
    }

    /// Compiles the step for the database as it is now.
    ///
    /// # Errors
    /// If an operation cannot be carried out, or the database cannot be read.
    pub(super) async fn for_now(&self, port: &impl Port) -> Result<Prepared<'a>, Diagnostic> {
        let mut model = Model::read(port).await?;
        let directives = loop {
            match self.directives_on(Some(&model)) {
                Err(Stop::Unknown(fact)) => model.find_out(port, &fact).await,
                Err(Stop::Refused(error)) => return Err(error),
                Ok(directives) => break directives,
            }
        };
        model.choose_mode(port, &directives, self.settings).await?;
        if self.keeps && self.is_upgrade() {
            model.ask_foreign_keys(port, &[&directives], self.settings).await;
        }
        loop {
            // Each time from the start: what a list says depends on all facts.
            match self.prepared(Some(&mut model.clone())) {
                Err(Stop::Unknown(fact)) => model.find_out(port, &fact).await,
                Err(Stop::Refused(error)) => return Err(error),
                Ok(mut prepared) => {
                    // A table's text can say that a change of it destroys nothing.
                    prepared.destroys = prepared.destroys
                        && !losses(&directives, &mut model.inventory(), false).is_empty();
                    return Ok(prepared);
                }
            }
        }
    }

    /// Tells what the step destroys, before it runs, and lets the database be copied.
    ///
    /// # Errors
    /// If it could not be copied.
    pub(super) async fn before_loss(
        &self,
        port: &impl Port,
        directives: &[Directive],
    ) -> Result<(), Diagnostic> {
        let keeps = self.keeps && self.is_upgrade();
        let losses = losses_now(port, directives, self.settings, keeps).await;
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
    pub(super) fn prepared(&self, mut model: Option<&mut Model>) -> Result<Prepared<'a>, Stop> {
        let directives = self.directives_on(model.as_deref())?;
        let mut list = List::new(self.step, self.settings);
        list.keeps = self.keeps;
        if !self.has_version_table {
            list.push(Role::VersionTable, self.settings.version_table.create());
        }
        if self.settings.journal && !self.has_journal {
            list.push(Role::Journal, journal::create());
        }
        list.assert_heads();
        let alone = self.alone(&directives)?;
        if alone.is_empty() {
            list.directives(&directives, model.as_deref_mut())?;
        } else {
            let others: Vec<Directive> =
                directives.iter().filter(|it| !stands_alone(it)).cloned().collect();
            list.directives(&others, model.as_deref_mut())?;
        }
        list.version_changes(&directives);
        if self.settings.journal {
            let downgrade = self.downgrade(model.as_deref());
            let downgrade = downgrade.as_deref().map_err(Clone::clone);
            list.journal(&directives, self.hash.as_deref(), downgrade, self.now, model.as_deref());
        }
        let destroys = directives.iter().any(|directive| directive.operation.destroys_data());
        let switches_off = model.is_some_and(|model| core::mem::take(&mut model.switches_off));
        Ok(Prepared { directives, alone, statements: list.finish(), switches_off, destroys })
    }

    /// What takes the step back, as the database is behind it.
    fn downgrade(&self, model: Option<&Model>) -> Result<Cow<'a, [Directive]>, Diagnostic> {
        match model.filter(|_| self.body.looks(Direction::Downgrade)) {
            Some(model) => {
                let read = (self.read)(&self.step.revision, Direction::Downgrade, model);
                read.map(Cow::Owned).map_err(unknown_later)
            }
            None => self.body.of(Direction::Downgrade).map(Cow::Borrowed),
        }
    }

    /// The statements of a revision that run outside of a transaction. Each has to be one that may run again.
    fn alone(&self, directives: &[Directive]) -> Result<Vec<Statement>, Stop> {
        let mut all = Vec::new();
        for directive in directives.iter().filter(|directive| stands_alone(directive)) {
            let mut list = List::new(self.step, self.settings);
            list.directives(core::slice::from_ref(directive), None)?;
            let statements = list.finish();
            let may_be_first =
                directives.len() == 1 || statements.iter().all(|it| may_be_first(&it.sql));
            if !may_be_first || statements.len() != 1 {
                let message = format!(
                    "Revision {} does something outside of a transaction and more than that",
                    self.step.revision
                );
                return Err(Diagnostic::error(Code::UnsupportedOperation, message)
                    .hint(
                        "a statement that cannot be in a transaction stands alone in its revision",
                    )
                    .into());
            }
            all.extend(statements);
        }
        Ok(all)
    }
}

/// Whether it does not matter when a statement runs, and how often.
fn may_be_first(sql: &str) -> bool {
    let mut words = tokens(sql).into_iter().filter(Token::is_significant);
    let word = words.next().map(|token| token.span.of(sql).to_ascii_uppercase());
    matches!(word.as_deref(), Some("VACUUM" | "PRAGMA" | "ANALYZE" | "REINDEX"))
}
