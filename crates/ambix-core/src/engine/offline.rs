//! `--sql`: what would run, as a script, in Alembic's layout.

use super::list::{Alone, compile_all};
use super::model::{needs_schema, switches_foreign_keys};
use super::{
    Model, ScriptDirectory, Settings, VersionTable, directives_on, keeps, statements_of_step,
};
use crate::diagnostic::Diagnostic;
use crate::operation::{Directive, Operation};
use crate::revision::{Direction, Plan, RevisionId, StampStep, Step, VersionChange};
use crate::sqlite::alter::DEFER_FOREIGN_KEYS;
use crate::sqlite::token::{TokenKind, tokens};
use alloc::string::{String, ToString};
use alloc::{format, vec, vec::Vec};

/// How the script is written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OfflineSettings {
    /// The version table.
    pub version_table: VersionTable,
    /// Whether transactions are written out.
    pub transactions: Transactions,
    /// Whether an INSERT into the version table ends in `RETURNING version_num`, as SQLAlchemy has it where
    /// there is a primary key.
    pub returning: bool,
    /// Whether the content of columns and tables that revisions drop is kept for their downgrade, where they
    /// do not say themselves.
    pub keep_data: bool,
}

/// The transactions of a script (Alembic's `transactional_ddl` and `transaction_per_migration`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Transactions {
    /// None are written: Alembic's standard for SQLite.
    #[default]
    None,
    /// One around everything.
    Whole,
    /// One for each revision.
    Each,
}

/// A part of the script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The log line that goes with it, if it is a step.
    pub log: Option<String>,
    /// Its statements and comments, each followed by an empty line.
    pub texts: Vec<String>,
}

/// Writes a plan as a script. `rows` are those of the version table before it; without any, the script
/// makes the table.
///
/// # Errors
/// If a revision cannot be read or compiled. Nothing is written then.
pub fn offline(
    scripts: &impl ScriptDirectory,
    plan: &Plan,
    settings: &OfflineSettings,
) -> Result<Vec<Part>, Diagnostic> {
    let mut model = model_before(scripts, plan, settings)?;
    let mut steps = Vec::new();
    for step in &plan.steps {
        let mut texts = vec![format!("-- Running {}", step.short())];
        let alone;
        let statements = match &mut model {
            Some(model) => {
                alone =
                    standing_alone(&directives_on(scripts, &step.revision, step.direction, model)?);
                statements_of_step(step, scripts, &settings.engine(), model)?
            }
            None => {
                let body = scripts.body(&step.revision);
                alone = standing_alone(body.of(step.direction)?);
                compile_all(body.of(step.direction)?, None, Alone::Written)?
            }
        };
        // What makes a table anew defers foreign keys, which lasts as long as a transaction. The version is part
        // of it: else a script that is stopped in between leaves changes that nobody knows of.
        let own_transaction = settings.transactions == Transactions::None
            && statements.iter().any(|sql| sql == DEFER_FOREIGN_KEYS);
        if own_transaction {
            texts.push("BEGIN;".into());
        }
        let is_open = own_transaction || settings.transactions != Transactions::None;
        for sql in &statements {
            match is_open && alone.contains(sql) {
                true => texts.extend(["COMMIT;".into(), terminated(sql), "BEGIN;".into()]),
                false => texts.push(terminated(sql)),
            }
        }
        texts.extend(step.changes.iter().map(|change| settings.change(change)));
        if own_transaction {
            texts.push("COMMIT;".into());
        }
        steps.push((step.heads_before.is_empty(), Part { log: Some(step.to_string()), texts }));
    }
    Ok(settings.script(steps))
}

/// The statements that run outside of a transaction.
fn standing_alone(directives: &[Directive]) -> Vec<String> {
    let alone = directives.iter().filter_map(|directive| match &directive.operation {
        Operation::Execute(execute) if execute.alone || switches_foreign_keys(directive) => {
            Some(execute.sql.trim().trim_end_matches(';').trim_end().into())
        }
        _ => None,
    });
    alone.collect()
}

/// The schema that the revisions before a plan give, where a step of it needs that.
fn model_before(
    scripts: &impl ScriptDirectory,
    plan: &Plan,
    settings: &OfflineSettings,
) -> Result<Option<Model>, Diagnostic> {
    let mut needs = false;
    for step in &plan.steps {
        let body = scripts.body(&step.revision);
        needs |= body.looks(step.direction) || needs_schema(body.of(step.direction)?, false);
        needs |= keeps(scripts, &step.revision, settings.keep_data)
            && body.upgrade.iter().flatten().any(|directive| directive.operation.destroys_data());
    }
    let Some(first) = plan.steps.first().filter(|_| needs) else { return Ok(None) };
    let graph = scripts.graph();
    let before = graph.in_order(&graph.ancestry(&graph.rows(&first.heads_before)?));
    let mut model = Model::offline();
    for at in before {
        let revision = graph.at(at).id.clone();
        let step = Step { revision, direction: Direction::Upgrade, ..first.clone() };
        statements_of_step(&step, scripts, &settings.engine(), &mut model)?;
    }
    Ok(Some(model))
}

/// Writes a stamp as a script, from a version table with these rows.
pub fn offline_stamp(
    rows: &[RevisionId],
    steps: &[StampStep],
    settings: &OfflineSettings,
) -> Vec<Part> {
    let mut rows: Vec<RevisionId> = rows.to_vec();
    let mut parts = Vec::new();
    for step in steps {
        let is_empty = rows.is_empty();
        let mut texts = vec![format!("-- Running {}", step.short())];
        for change in &step.changes {
            texts.push(settings.change(change));
            match change {
                VersionChange::Insert(id) => rows.push(id.clone()),
                VersionChange::Delete(id) => rows.retain(|row| row != id),
                VersionChange::Update { from, to } => {
                    rows.retain(|row| row != from);
                    rows.push(to.clone());
                }
            }
        }
        parts.push((is_empty, Part { log: Some(step.to_string()), texts }));
    }
    settings.script(parts)
}

impl OfflineSettings {
    fn engine(&self) -> Settings {
        Settings { keep_data: self.keep_data, ..Settings::default() }
    }

    /// Makes the version table.
    pub fn create_version_table(&self) -> String {
        terminated(&self.version_table.create())
    }

    fn change(&self, change: &VersionChange) -> String {
        let mut sql = self.version_table.change(change);
        if self.returning
            && self.version_table.primary_key
            && matches!(change, VersionChange::Insert(_))
        {
            sql.push_str(" RETURNING version_num");
        }
        terminated(&sql)
    }

    /// Puts the parts together: (whether the version table is empty before it, the part).
    fn script(&self, steps: Vec<(bool, Part)>) -> Vec<Part> {
        let begin = |texts: &mut Vec<String>| texts.insert(0, "BEGIN;".into());
        let commit = |texts: &mut Vec<String>| texts.push("COMMIT;".into());
        let mut has_table = false;
        let mut parts = Vec::new();
        for (is_empty, mut part) in steps {
            if is_empty && !core::mem::replace(&mut has_table, true) {
                part.texts.insert(0, self.create_version_table());
            }
            if self.transactions == Transactions::Each {
                begin(&mut part.texts);
                commit(&mut part.texts);
            }
            parts.push(part);
        }
        if self.transactions == Transactions::Whole {
            parts.insert(0, Part { log: None, texts: vec!["BEGIN;".into()] });
            parts.push(Part { log: None, texts: vec!["COMMIT;".into()] });
        }
        parts
    }
}

/// A statement as a script has it: indented by blanks. Tabs in its texts stay.
fn terminated(sql: &str) -> String {
    let mut text = String::with_capacity(sql.len() + 1);
    for token in tokens(sql) {
        let part = token.span.of(sql);
        match token.kind {
            TokenKind::Space => text.push_str(&part.replace('\t', "    ")),
            _ => text.push_str(part),
        }
    }
    format!("{};", text.trim())
}
