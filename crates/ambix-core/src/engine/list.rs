//! A step as one list of statements, to be carried out as a whole or not at all.

use super::{Origin, Role, Statement, journal, version_table};
use crate::diagnostic::{Code, Diagnostic};
use crate::operation::Directive;
use crate::revision::{Direction, Step};
use crate::sqlite::ddl;
use alloc::{format, string::String, vec::Vec};

/// The statements of one step, being put together in their order.
pub(super) struct List<'a> {
    step: &'a Step,
    statements: Vec<Statement>,
}

impl<'a> List<'a> {
    pub(super) fn new(step: &'a Step) -> Self {
        Self { step, statements: Vec::new() }
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
        self.push(Role::HeadAssertion, version_table::assert_heads(&self.step.heads_before));
    }

    /// What the revision does.
    pub(super) fn directives(&mut self, directives: &[Directive]) -> Result<(), Diagnostic> {
        for directive in directives {
            let name = String::from(directive.operation.name());
            for sql in compile(directive)? {
                let role = Role::Operation { name: name.clone(), place: directive.place.clone() };
                self.push(role, sql);
            }
        }
        Ok(())
    }

    /// The rows of the version table.
    pub(super) fn version_changes(&mut self) {
        for change in &self.step.changes {
            self.push(Role::VersionTable, version_table::change(change));
        }
    }

    /// The row of the journal. `directives` are what was applied, `downgrade` what takes it back.
    pub(super) fn journal(
        &mut self,
        directives: &[Directive],
        downgrade: Result<&[Directive], Diagnostic>,
        now: &str,
    ) {
        let sql = match self.step.direction {
            Direction::Upgrade => {
                let downgrade = downgrade.and_then(compile_all);
                journal::insert(self.step, &journal::hash(directives), downgrade, now)
            }
            Direction::Downgrade => journal::delete(self.step),
        };
        self.push(Role::Journal, sql);
    }

    pub(super) fn finish(self) -> Vec<Statement> {
        self.statements
    }
}

fn compile_all(directives: &[Directive]) -> Result<Vec<String>, Diagnostic> {
    let lists: Result<Vec<_>, _> = directives.iter().map(compile).collect();
    lists.map(|lists| lists.concat())
}

/// The SQL of one directive.
fn compile(directive: &Directive) -> Result<Vec<String>, Diagnostic> {
    let located = |diagnostic: Diagnostic| match &directive.place {
        Some(place) => diagnostic.at(place.clone()),
        None => diagnostic,
    };
    let statements = ddl::operation(&directive.operation).map_err(|unknown| {
        located(Diagnostic::error(Code::UnsupportedOperation, format!("{unknown}")))
    })?;
    for statement in &statements {
        if let Some(words) = ddl::forbidden(statement) {
            return Err(located(
                Diagnostic::error(
                    Code::ForbiddenStatement,
                    format!("A revision may not use {words}: each revision is one transaction of its own"),
                )
                .hint("take the statement out; nothing of this revision has run"),
            ));
        }
    }
    Ok(statements)
}
