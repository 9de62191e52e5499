use super::Rules;
use crate::diagnostic::{Code, Diagnostic};
use crate::operation::{AlterTable, CreateIndex, DropIndex, Operation, SchemaChange};
use crate::schema::Index;
use alloc::{
    boxed::Box,
    format,
    string::{String, ToString},
    vec::Vec,
};

/// The difference between a database and its models.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comparison {
    /// What has to be done, in order.
    pub upgrade: Vec<Operation>,
    /// What takes it back, in order.
    pub downgrade: Vec<Operation>,
    /// What was found, in Alembic's words.
    pub findings: Vec<Finding>,
    /// Differences that no operation was written for.
    pub warnings: Vec<Diagnostic>,
}

/// A line of Alembic's log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The logger that says it: `alembic.autogenerate.compare.tables`.
    pub logger: &'static str,
    /// What it says: `Detected added table 'items'`.
    pub message: String,
}

pub(super) const TABLES: &str = "alembic.autogenerate.compare.tables";
pub(super) const TYPES: &str = "alembic.autogenerate.compare.types";
pub(super) const CONSTRAINTS: &str = "alembic.autogenerate.compare.constraints";
pub(super) const DEFAULTS: &str = "alembic.autogenerate.compare.server_defaults";
pub(super) const CHECKS: &str = "alembic.ext.checkconstraint_byname";

/// What was found so far, and by which rules.
pub(super) struct Found<'r> {
    pub(super) rules: &'r Rules,
    pub(super) comparison: Comparison,
}

impl Found<'_> {
    pub(super) fn say(&mut self, logger: &'static str, message: String) {
        self.comparison.findings.push(Finding { logger, message });
    }

    pub(super) fn warn(&mut self, message: String, hint: &str) {
        let warning = Diagnostic::warning(Code::UncomparedChange, message).hint(hint.to_string());
        self.comparison.warnings.push(warning);
    }

    pub(super) fn run(&mut self, operation: Operation) {
        self.comparison.upgrade.push(operation);
    }

    pub(super) fn alter(&mut self, table: &str, change: SchemaChange) {
        self.run(Operation::AlterTable(AlterTable::of(table, change)));
    }

    pub(super) fn create_index(&mut self, index: &Index) {
        self.run(Operation::CreateIndex(CreateIndex::new(index.clone())));
    }

    pub(super) fn drop_index(&mut self, index: &Index) {
        self.run(Operation::DropIndex(DropIndex {
            table: Some(index.table.clone()),
            was: Some(Box::new(index.clone())),
            ..DropIndex::new(index.name.clone())
        }));
    }
}

/// A text as Python shows it: in single quotes, or in double ones if it has a single one in it.
pub(super) fn shown(text: &str) -> String {
    let text = text.replace('\\', "\\\\");
    match (text.contains('\''), text.contains('"')) {
        (true, false) => format!("\"{text}\""),
        (true, true) => format!("'{}'", text.replace('\'', "\\'")),
        _ => format!("'{text}'"),
    }
}

/// Texts as Python shows a tuple of them: `('a', 'b')`, `('a',)`.
pub(super) fn tuple<'a>(texts: impl Iterator<Item = &'a str>) -> String {
    let texts: Vec<String> = texts.map(shown).collect();
    match &texts[..] {
        [one] => format!("({one},)"),
        texts => format!("({})", texts.join(", ")),
    }
}
