//! What crosses between Rust and JavaScript. The TypeScript types are generated from these.

use crate::alteration::AlterTable;
use ambix_core::diagnostic::{Code, Diagnostic};
use ambix_core::engine::{self, Event, Role, Rows, Statement, Value};
use ambix_core::operation::loss;
use ambix_core::sqlite::alter::{Copied, Phase};
use serde::de::value::MapAccessDeserializer;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use std::fmt;
use tsify::Tsify;

/// A revision, as an app ships it.
#[derive(Deserialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct RevisionSource {
    /// Its id.
    pub id: String,
    /// The ids that it follows: none for the first one, several for a merge.
    pub down: Vec<String>,
    /// What it is about.
    #[serde(default)]
    #[tsify(optional)]
    pub message: String,
    /// What applies it, in order.
    pub upgrade: Vec<Change>,
    /// What takes it back.
    pub downgrade: Vec<Change>,
    /// Why it cannot be taken back: then a downgrade through it is refused before anything runs.
    #[serde(default)]
    #[tsify(optional)]
    pub irreversible: Option<String>,
    /// Whether the content of what its upgrade drops is kept for its downgrade, whatever the option says.
    #[serde(default)]
    #[tsify(optional)]
    pub keep_data: Option<bool>,
}

/// One thing that a revision does.
#[derive(Tsify)]
#[serde(untagged)]
pub enum Change {
    /// SQL, one statement a string (several, separated by semicolons, are fine).
    Sql(String),
    /// The change of a table.
    AlterTable(AlterTable),
}

/// By what there is, as serde's own way for such types would first copy everything.
impl<'de> Deserialize<'de> for Change {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ChangeVisitor)
    }
}

struct ChangeVisitor;

impl<'de> Visitor<'de> for ChangeVisitor {
    type Value = Change;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("SQL, or an object with `table` and `changes`")
    }

    fn visit_str<E>(self, sql: &str) -> Result<Change, E> {
        Ok(Change::Sql(sql.into()))
    }

    fn visit_string<E>(self, sql: String) -> Result<Change, E> {
        Ok(Change::Sql(sql))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Change, A::Error> {
        AlterTable::deserialize(MapAccessDeserializer::new(map)).map(Change::AlterTable)
    }
}

/// What the engine needs next, or how it ended.
#[derive(Serialize, Tsify)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum Turn {
    /// Read with one SELECT.
    Query {
        /// The SELECT.
        sql: String,
    },
    /// Run all of it in order in one transaction, or nothing of it.
    Atomic {
        /// The statements, one each.
        statements: Vec<String>,
        /// Those of them that copy rows of a table which is made anew.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        #[tsify(optional)]
        copies: Vec<Copy>,
    },
    /// The same, with foreign keys and legacy_alter_table switched off before the transaction, and both as
    /// they were after it.
    Rebuild {
        /// The statements, one each.
        statements: Vec<String>,
        /// Those of them that copy rows of a table which is made anew.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        #[tsify(optional)]
        copies: Vec<Copy>,
    },
    /// Run this statement outside of any transaction.
    Alone {
        /// The statement.
        sql: String,
    },
    /// It has ended well.
    Done(Finished),
    /// It has ended with an error; revisions before the one that failed are applied.
    Failed {
        /// What is wrong.
        error: Trouble,
    },
}

/// How far the copy of a table is when a statement of a list has run.
#[derive(Debug, PartialEq, Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct Copy {
    /// The statement's place in the list, counted from 0.
    pub statement: usize,
    /// The table that is made anew.
    pub table: String,
    /// How many rows are copied then: an estimate.
    pub done: u64,
    /// How many there are in all.
    pub total: u64,
}

/// The answer to a [`Turn`].
#[derive(Deserialize, Tsify)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum Answer {
    /// The rows of a query. The engine asks for texts only.
    Rows {
        /// A list of values each.
        #[tsify(type = "(string | null)[][]")]
        rows: Vec<Vec<Option<String>>>,
    },
    /// It is done.
    Done,
    /// It could not be done, and nothing has changed.
    Failed {
        /// The database's message.
        message: String,
        /// Which statement of the list it was, counted from 0, where that is known.
        #[tsify(optional)]
        statement: Option<usize>,
    },
}

/// What a procedure came to.
#[derive(Default, Serialize, Tsify)]
pub struct Finished {
    /// How many revisions were applied or taken back.
    pub applied: usize,
    /// Where the database is, if that was the question.
    pub current: Vec<String>,
    /// What the database has otherwise, if that was the question.
    #[tsify(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub differences: Option<Differences>,
}

/// What a database has otherwise than it should.
#[derive(Serialize, Tsify)]
pub struct Differences {
    /// Each difference: `Detected added table 'items'`.
    pub found: Vec<String>,
    /// The statements that bring the database there, in order and in one transaction.
    pub statements: Vec<String>,
    /// What could not be read, or is no matter of statements.
    pub warnings: Vec<String>,
}

impl From<engine::Differences> for Differences {
    fn from(differences: engine::Differences) -> Self {
        let engine::Differences { found, statements, warnings } = differences;
        let warnings = warnings.into_iter().map(|warning| warning.message.clone()).collect();
        Self { found, statements, warnings }
    }
}

/// An error, as JavaScript throws it.
#[derive(Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct Trouble {
    /// A word: `multiple-heads`.
    pub code: String,
    /// What is wrong, in Alembic's words where it has some.
    pub message: String,
    /// Ways out.
    pub hints: Vec<String>,
    /// The statement that failed.
    #[tsify(optional)]
    pub statement: Option<String>,
}

/// Something that happened.
#[derive(Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct Progress {
    /// What it is.
    pub kind: ProgressKind,
    /// The revision.
    pub revision: String,
    /// `upgrade` or `downgrade`.
    pub direction: String,
    /// Whether the revision is applied.
    pub finished: bool,
    /// The table that is made anew, if rows were copied.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[tsify(optional)]
    pub table: Option<String>,
    /// How many of its rows are copied: an estimate.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[tsify(optional)]
    pub done: Option<u64>,
    /// How many there are in all.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[tsify(optional)]
    pub total: Option<u64>,
    /// What the revision destroys, if it destroys something.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[tsify(optional)]
    pub losses: Vec<Loss>,
}

/// Something that is gone when a revision has run.
#[derive(Debug, PartialEq, Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct Loss {
    /// What it is.
    pub kind: LossKind,
    /// The table.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[tsify(optional)]
    pub table: Option<String>,
    /// The column.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[tsify(optional)]
    pub column: Option<String>,
    /// The beginning of the statement that deletes or overwrites rows.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[tsify(optional)]
    pub statement: Option<String>,
    /// The table that they refer to, of rows and values that go with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[tsify(optional)]
    pub refers_to: Option<String>,
    /// How many rows, or values that are not NULL; nothing where it is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[tsify(optional)]
    pub rows: Option<u64>,
    /// Whether the content is kept, and comes back with the downgrade.
    pub kept: bool,
}

/// What is lost.
#[derive(Debug, PartialEq, Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub enum LossKind {
    /// A table is dropped.
    Table,
    /// A column is dropped.
    Column,
    /// A column is computed from now on; the values that it stored are gone.
    Computed,
    /// A statement deletes or overwrites rows.
    Rows,
    /// Values of a column change, since it gets another type.
    Converted,
    /// Rows are deleted because a table is dropped that they refer to, ON DELETE CASCADE.
    ReferringRows,
    /// Values of a column are overwritten because a table is dropped that they refer to, ON DELETE SET NULL or
    /// SET DEFAULT.
    ReferringValues,
}

/// What happened.
#[derive(Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub enum ProgressKind {
    /// A revision begins.
    Begun,
    /// The revision is about to destroy what `losses` says.
    Loses,
    /// Rows of a table that the revision makes anew were copied; nothing is committed yet.
    Copied,
    /// The revision is applied.
    Finished,
}

impl From<engine::Request> for Turn {
    fn from(request: engine::Request) -> Self {
        match request {
            engine::Request::Query(statement) => Self::Query { sql: statement.sql },
            engine::Request::Atomic(statements) => {
                let (statements, copies) = list(statements);
                Self::Atomic { statements, copies }
            }
            engine::Request::Rebuild(statements) => {
                let (statements, copies) = list(statements);
                Self::Rebuild { statements, copies }
            }
            engine::Request::Alone(statement) => Self::Alone { sql: statement.sql },
        }
    }
}

/// The SQL of a list, and which of it copies rows.
fn list(statements: Vec<Statement>) -> (Vec<String>, Vec<Copy>) {
    let mut copies = Vec::new();
    let texts = statements.into_iter().enumerate().map(|(at, statement)| {
        if let Role::Operation { part: Some(part), .. } = statement.origin.role
            && let Phase::Copy(Some(Copied { done, total })) = part.phase
        {
            copies.push(Copy { statement: at, table: part.table, done, total });
        }
        statement.sql
    });
    (texts.collect(), copies)
}

impl From<Answer> for engine::Answer {
    fn from(answer: Answer) -> Self {
        match answer {
            Answer::Rows { rows } => {
                let value = |text: Option<String>| text.map_or(Value::Null, Value::Text);
                let row = |row: Vec<_>| row.into_iter().map(value).collect();
                Self::Rows(Rows { columns: Vec::new(), rows: rows.into_iter().map(row).collect() })
            }
            Answer::Done => Self::Done,
            Answer::Failed { message, statement } => {
                Self::Failed(engine::Failure { message, statement })
            }
        }
    }
}

impl From<&Diagnostic> for Trouble {
    fn from(error: &Diagnostic) -> Self {
        Self {
            code: error.code.to_string(),
            message: error.message.clone(),
            hints: error.hints.iter().map(|hint| hint.text.clone()).collect(),
            statement: error.statement.clone(),
        }
    }
}

impl Trouble {
    /// The host called without an answer, or after the end.
    pub(crate) fn out_of_turn() -> Self {
        let message = "next() was called without an answer, or after the end";
        Self::from(&Diagnostic::error(Code::HostFailed, message))
    }
}

impl From<&loss::Loss> for Loss {
    fn from(loss: &loss::Loss) -> Self {
        Self {
            kind: match loss.kind {
                loss::LossKind::Table => LossKind::Table,
                loss::LossKind::Column => LossKind::Column,
                loss::LossKind::Computed => LossKind::Computed,
                loss::LossKind::Rows => LossKind::Rows,
                loss::LossKind::Converted => LossKind::Converted,
                loss::LossKind::ReferringRows => LossKind::ReferringRows,
                loss::LossKind::ReferringValues => LossKind::ReferringValues,
            },
            table: loss.table.clone(),
            column: loss.column.clone(),
            statement: loss.statement.clone(),
            refers_to: loss.refers_to.clone(),
            rows: loss.rows,
            kept: loss.kept,
        }
    }
}

impl Progress {
    pub(crate) fn of(event: &Event) -> Option<Self> {
        let (step, kind, finished) = match event {
            Event::Started(step) => (step, ProgressKind::Begun, false),
            Event::Finished(step) => (step, ProgressKind::Finished, true),
            Event::Loses { step, .. } => (step, ProgressKind::Loses, false),
            Event::Doubted(_) | Event::Planned(_) | Event::Ran(_) | Event::Refused { .. } => {
                return None;
            }
        };
        let losses = match event {
            Event::Loses { losses, .. } => losses.iter().map(Loss::from).collect(),
            _ => Vec::new(),
        };
        let (revision, direction) = (step.revision.to_string(), step.direction.to_string());
        Some(Self {
            kind,
            revision,
            direction,
            finished,
            table: None,
            done: None,
            total: None,
            losses,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ambix_core::engine::Origin;
    use ambix_core::sqlite::alter::Part;

    #[test]
    fn a_revision_holds_sql_and_changes_of_tables() {
        let read = |json: &str| serde_json::from_str::<Vec<Change>>(json);
        let changes = read(r#"["DROP TABLE a", {"table": "t", "changes": []}]"#).unwrap();
        assert!(matches!(&changes[0], Change::Sql(sql) if sql == "DROP TABLE a"));
        assert!(matches!(&changes[1], Change::AlterTable(change) if change.table == "t"));
        let error = |json| read(json).err().unwrap().to_string();
        assert!(error("[1]").contains("expected SQL, or an object with `table`"));
        assert!(error(r#"[{"table": "t"}]"#).contains("missing field `changes`"));
    }

    #[test]
    fn a_list_says_which_of_its_statements_copy_rows() {
        let statement = |sql: &str, role| Statement {
            sql: sql.into(),
            parameters: Vec::new(),
            origin: Origin { revision: None, role },
        };
        let copy = |done| {
            let phase = Phase::Copy(Some(Copied { done, total: 20 }));
            let part = Some(Box::new(Part { table: "t".into(), phase }));
            Role::Operation { name: "batch_alter_table".into(), place: None, part }
        };
        let (statements, copies) = list(vec![
            statement("a", Role::HeadAssertion),
            statement("b", copy(10)),
            statement("c", copy(20)),
            statement("d", Role::VersionTable),
        ]);
        assert_eq!(statements, ["a", "b", "c", "d"]);
        let copied = |statement, done| Copy { statement, table: "t".into(), done, total: 20 };
        assert_eq!(copies, [copied(1, 10), copied(2, 20)]);
    }
}
