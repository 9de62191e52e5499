//! A step as one list of statements, to be carried out as a whole or not at all.

use super::{Origin, Role, Settings, Statement, journal};
use crate::diagnostic::{Code, Diagnostic};
use crate::operation::{Directive, Operation};
use crate::revision::{Direction, Step};
use crate::sqlite::token::{Token, tokens};
use crate::sqlite::{ddl, quote, split};
use alloc::{format, string::String, vec::Vec};

/// The statements of one step, being put together in their order.
pub(super) struct List<'a> {
    step: &'a Step,
    settings: &'a Settings,
    statements: Vec<Statement>,
}

impl<'a> List<'a> {
    pub(super) fn new(step: &'a Step, settings: &'a Settings) -> Self {
        Self { step, settings, statements: Vec::new() }
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

    /// What the revision does.
    pub(super) fn directives(&mut self, directives: &[Directive]) -> Result<(), Diagnostic> {
        for directive in directives {
            self.refuse_bookkeeping(directive)?;
            let name = String::from(directive.operation.name());
            for sql in compile(directive)? {
                let role = Role::Operation { name: name.clone(), place: directive.place.clone() };
                self.push(role, sql);
            }
        }
        Ok(())
    }

    /// The author's own SQL may not make, change or drop the tables that are kept for it.
    fn refuse_bookkeeping(&self, directive: &Directive) -> Result<(), Diagnostic> {
        let Operation::Execute(execute) = &directive.operation else { return Ok(()) };
        let sql = &execute.sql;
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

pub(super) fn compile_all(directives: &[Directive]) -> Result<Vec<String>, Diagnostic> {
    if stands_alone(directives) {
        return Err(Diagnostic::error(
            Code::UnsupportedOperation,
            "it runs outside of a transaction",
        ));
    }
    let lists: Result<Vec<_>, _> = directives.iter().map(compile).collect();
    lists.map(|lists| lists.concat())
}

/// Whether the one thing that a revision does runs outside of any transaction.
pub(super) fn stands_alone(directives: &[Directive]) -> bool {
    directives.iter().any(|directive| match &directive.operation {
        Operation::Execute(execute) => execute.alone,
        _ => false,
    })
}

/// The SQL of one directive.
pub(super) fn compile(directive: &Directive) -> Result<Vec<String>, Diagnostic> {
    let located = |diagnostic: Diagnostic| match &directive.place {
        Some(place) => diagnostic.at(place.clone()),
        None => diagnostic,
    };
    let statements = ddl::operation(&directive.operation).map_err(|unknown| {
        located(Diagnostic::error(Code::UnsupportedOperation, format!("{unknown}")))
    })?;
    let alone = stands_alone(core::slice::from_ref(directive));
    for statement in &statements {
        if let Some(words) = ddl::forbidden(statement)
            && !(alone && words == "VACUUM")
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
                    _ => "take the statement out; nothing of this revision has run",
                }),
            ));
        }
    }
    Ok(statements)
}
