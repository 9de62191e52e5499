//! A step as one list of statements, to be carried out as a whole or not at all.

use super::model::switches_foreign_keys;
use super::{Model, Origin, Role, Settings, Statement, journal, kept};
use crate::diagnostic::{Code, Diagnostic};
use crate::operation::{Directive, Operation};
use crate::revision::{Direction, RevisionId, Step};
use crate::sqlite::alter::{Piece, Stop};
use crate::sqlite::token::{Token, tokens};
use crate::sqlite::{ddl, quote, split};
use alloc::{boxed::Box, format, string::String, vec, vec::Vec};

/// The statements of one step, being put together in their order.
pub(super) struct List<'a> {
    step: &'a Step,
    settings: &'a Settings,
    statements: Vec<Statement>,
    /// Whether what the step drops is kept, or what it brings back was.
    pub(super) keeps: bool,
}

impl<'a> List<'a> {
    pub(super) fn new(step: &'a Step, settings: &'a Settings) -> Self {
        Self { step, settings, statements: Vec::new(), keeps: false }
    }

    pub(super) fn push(&mut self, role: Role, sql: String) {
        let revision = Some((self.step.revision.clone(), self.step.direction));
        self.statements.push(Statement {
            sql,
            parameters: Vec::new(),
            origin: Origin { revision, role },
        });
    }

    /// The assertion that begins every list.
    pub(super) fn assert_heads(&mut self) {
        let assertion = self.settings.version_table.assert_heads(&self.step.heads_before);
        self.push(Role::HeadAssertion, assertion);
    }

    /// What the revision does, on the schema of `model`, if one is needed.
    pub(super) fn directives(
        &mut self,
        directives: &[Directive],
        model: Option<&mut Model>,
    ) -> Result<(), Stop> {
        for directive in directives {
            self.refuse_bookkeeping(directive)?;
        }
        let revision = Some((self.step.revision.clone(), self.step.direction));
        for (at, piece) in compile_step(self.step, directives, model, self.keeps)? {
            if let Some(directive) = directives.get(at) {
                self.statements.push(statement(piece, directive, revision.clone()));
            } else {
                self.push(Role::Journal, piece.sql);
            }
        }
        Ok(())
    }

    /// The author's own SQL may not make, change or drop the tables that are kept for it.
    fn refuse_bookkeeping(&self, directive: &Directive) -> Result<(), Diagnostic> {
        let Some(sql) = directive.operation.written() else { return Ok(()) };
        for span in split::statements(sql) {
            let statement = span.of(sql);
            let words: Vec<&str> = tokens(statement)
                .into_iter()
                .filter(Token::is_significant)
                .map(|token| token.span.of(statement))
                .collect();
            let makes = words.first().is_some_and(|first| {
                ["CREATE", "ALTER", "DROP"].iter().any(|word| first.eq_ignore_ascii_case(word))
            });
            let own = [self.settings.version_table.name.as_str(), journal::JOURNAL_TABLE];
            let kept = |word: &&&str| {
                let name = quote::unquoted(word);
                own.iter().any(|own| name.eq_ignore_ascii_case(own))
            };
            if let Some(table) = words.iter().take(8).find(kept).filter(|_| makes) {
                let diagnostic = Diagnostic::error(
                    Code::ForbiddenStatement,
                    format!(
                        "A revision may not make, change or drop {table}: the table is kept for it"
                    ),
                )
                .hint("take the statement out; nothing of this revision has run");
                return Err(match &directive.place {
                    Some(place) => diagnostic.at(place.clone()),
                    None => diagnostic,
                });
            }
        }
        Ok(())
    }

    /// The rows of the version table. What the author's own SQL may have done to them is looked at first.
    pub(super) fn version_changes(&mut self, directives: &[Directive]) {
        let table = &self.settings.version_table;
        let name = table.name.to_ascii_lowercase();
        let touched = directives.iter().any(|directive| match &directive.operation {
            Operation::Execute(execute) => execute.sql.to_ascii_lowercase().contains(&name),
            Operation::BulkInsert(insert) => insert.table.eq_ignore_ascii_case(&name),
            _ => false,
        });
        for change in &self.step.changes {
            if let Some(assertion) = table.assert_one_row(change).filter(|_| touched) {
                self.push(Role::RowAssertion(change.clone()), assertion);
            }
            self.push(Role::VersionTable, table.change(change));
        }
        if touched {
            self.push(Role::HeadAssertion, table.assert_heads(&self.step.heads_after()));
        }
    }

    /// The row of the journal. `directives` are what was applied, `hash` is theirs if it is not made of them, `downgrade` what takes it back, `model` the
    /// schema after it.
    pub(super) fn journal(
        &mut self,
        directives: &[Directive],
        hash: Option<&str>,
        downgrade: Result<&[Directive], Diagnostic>,
        now: &str,
        model: Option<&Model>,
    ) {
        let sql = match self.step.direction {
            Direction::Upgrade => {
                let expects = match (&downgrade, model) {
                    (Ok(downgrade), Some(model)) => model.texts_of(downgrade),
                    _ => Vec::new(),
                };
                // It may run on another host, which may not be able to switch foreign keys off.
                let mut model = model.map(Model::anywhere);
                let revision = &self.step.revision;
                let downgrade = downgrade
                    .and_then(|downgrade| compile_downgrade(downgrade, revision, model.as_mut()));
                let hash = hash.map_or_else(|| journal::hash(directives), Into::into);
                journal::insert(self.step, &hash, downgrade, &expects, now)
            }
            Direction::Downgrade => journal::delete(self.step),
        };
        self.push(Role::Journal, sql);
    }

    pub(super) fn finish(self) -> Vec<Statement> {
        self.statements
    }
}

/// A statement that carries out a directive.
pub(super) fn statement(
    piece: Piece,
    directive: &Directive,
    revision: Option<(RevisionId, Direction)>,
) -> Statement {
    let role = Role::Operation {
        // The directive that the author wrote.
        name: match directive.operation.written() {
            Some(_) => "execute".into(),
            None => directive.operation.name().into(),
        },
        place: directive.place.clone(),
        part: piece.part.map(Box::new),
    };
    Statement { sql: piece.sql, parameters: Vec::new(), origin: Origin { revision, role } }
}

/// What becomes of a statement that runs outside of any transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Alone {
    /// It is written like any other.
    Written,
    /// It is refused.
    Refused,
}

/// The SQL of these directives, on the schema of `model`.
pub(super) fn compile_all(
    directives: &[Directive],
    mut model: Option<&mut Model>,
    alone: Alone,
) -> Result<Vec<String>, Diagnostic> {
    if alone == Alone::Refused && directives.iter().any(stands_alone) {
        return Err(Diagnostic::error(
            Code::UnsupportedOperation,
            "it runs outside of a transaction",
        ));
    }
    let mut statements = Vec::new();
    for directive in directives {
        match compile(directive, model.as_deref_mut()) {
            Ok(pieces) => statements.extend(pieces.into_iter().map(|piece| piece.sql)),
            Err(stop) => return Err(unknown_later(stop)),
        }
    }
    Ok(statements)
}

/// What takes a revision back later, as the journal keeps it: with what brings back what was kept for it.
///
/// # Errors
/// If it cannot be compiled ahead of time.
pub(super) fn compile_downgrade(
    directives: &[Directive],
    revision: &RevisionId,
    model: Option<&mut Model>,
) -> Result<Vec<String>, Diagnostic> {
    match model {
        Some(model) if kept::is_any(model, revision) && !directives.iter().any(stands_alone) => {
            let pieces = kept::bring_back(directives, revision, model).map_err(unknown_later)?;
            Ok(pieces.into_iter().map(|(_, piece)| piece.sql).collect())
        }
        model => compile_all(directives, model, Alone::Refused),
    }
}

/// What cannot be compiled ahead of time.
pub(super) fn unknown_later(stop: Stop) -> Diagnostic {
    match stop {
        Stop::Refused(error) => error,
        Stop::Unknown(_) => Diagnostic::error(
            Code::UnsupportedOperation,
            "it depends on what the database holds when it runs",
        ),
    }
}

/// The statements of a step, each with the place of its directive. `keeps`: what an upgrade drops is kept, and
/// a downgrade brings it back, which needs a model.
pub(super) fn compile_step(
    step: &Step,
    directives: &[Directive],
    mut model: Option<&mut Model>,
    keeps: bool,
) -> Result<Vec<(usize, Piece)>, Stop> {
    let mut all = Vec::new();
    let mut at_start = None;
    match &mut model {
        Some(model) if keeps && step.direction == Direction::Downgrade => {
            return kept::bring_back(directives, &step.revision, model);
        }
        Some(model) if keeps => {
            at_start = Some(model.inventory());
            let settled = kept::settle(&step.revision, model);
            all.extend(settled.into_iter().map(|piece| (0, piece)));
        }
        _ => {}
    }
    for (at, directive) in directives.iter().enumerate() {
        let mut keeping = None;
        if let (Some(at_start), Some(model)) = (&mut at_start, &mut model) {
            let mut kept = kept::keep(directive, &step.revision, at_start, model);
            all.extend(kept.before.drain(..).map(|piece| (at, piece)));
            keeping = Some(kept);
            at_start.follow(&directive.operation);
        }
        let pieces = compile(directive, model.as_deref_mut())?;
        all.extend(pieces.into_iter().map(|piece| (at, piece)));
        if let (Some(kept), Some(model)) = (keeping, &mut model) {
            all.extend(kept.after(model).into_iter().map(|piece| (at, piece)));
        }
    }
    Ok(all)
}

/// Whether the one thing that a revision does runs outside of any transaction.
pub(super) fn stands_alone(directive: &Directive) -> bool {
    matches!(&directive.operation, Operation::Execute(execute) if execute.alone)
}

/// The SQL of one directive, on the schema of `model`, which follows it.
///
/// # Errors
/// If it cannot be carried out, or the model lacks a fact.
pub(super) fn compile(
    directive: &Directive,
    model: Option<&mut Model>,
) -> Result<Vec<Piece>, Stop> {
    let located = |diagnostic: Diagnostic| match (&directive.place, &diagnostic.place) {
        // A change of a table may say its own.
        (Some(place), None) => diagnostic.at(place.clone()),
        _ => diagnostic,
    };
    let is_script = model.as_ref().is_some_and(|model| model.is_script());
    if model.as_ref().is_some_and(|model| model.leaves_out(directive)) {
        return Ok(Vec::new());
    }
    let compiled = match (model, &directive.operation) {
        (Some(model), operation) => model.compile(operation),
        (
            None,
            Operation::AlterTable(_) | Operation::RenameIndex(_) | Operation::ReplaceView(_),
        ) => Model::offline().compile(&directive.operation),
        (None, operation) => super::model::plain(operation),
    };
    let pieces = compiled.map_err(|stop| match stop {
        Stop::Refused(error) => Stop::Refused(located(error)),
        unknown => unknown,
    })?;
    // What the author wrote; the rest is ours, or was in the database before.
    let written: Vec<&str> = match &directive.operation {
        Operation::Execute(_) => pieces.iter().map(|piece| piece.sql.as_str()).collect(),
        Operation::AlterTable(alter) => alter.sql(),
        Operation::ReplaceView(replace) => vec![&replace.create],
        _ => Vec::new(),
    };
    let alone = stands_alone(directive);
    for sql in written {
        if let Some(words) = ddl::forbidden(sql)
            && !(alone && words == "VACUUM")
            && !(is_script && switches_foreign_keys(directive))
        {
            return Err(located(
                Diagnostic::error(
                    Code::ForbiddenStatement,
                    format!("A revision may not use {words}: each revision is one transaction of its own"),
                )
                .hint(match &*words {
                    "VACUUM" => {
                        "in a .sql revision with nothing else in it, the line `-- transaction: none` allows \
                         it; nothing of this revision has run"
                    }
                    "PRAGMA foreign_keys" => {
                        "they can be switched off for a whole revision only, and on a host that can do it: take \
                         the statement out, or put what changes rows with foreign keys in force into a revision \
                         of its own; nothing of this revision has run"
                    }
                    _ => "take the statement out; nothing of this revision has run",
                }),
            )
            .into());
        }
    }
    Ok(pieces)
}
