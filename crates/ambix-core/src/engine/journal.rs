//! The journal: for each applied revision its hash and its downgrade as compiled, kept in the database.
//!
//! So an edited revision is noticed, and a build of an app that is older than the database can bring
//! it back. `alembic_version` alone says where the database is; rows for revisions that are not
//! applied are stale and never used.

use crate::diagnostic::{Code, Diagnostic};
use crate::operation::{Directive, Execute, Operation};
use crate::revision::{RevisionId, Step};
use crate::sqlite::{quote, token};
use alloc::{format, string::String, vec::Vec};
use sha2::{Digest, Sha256};

/// The table's name.
pub const JOURNAL_TABLE: &str = "_ambix_journal";

/// The format of the rows and of the hash; stored in each row.
const FORMAT: u32 = 1;

/// Makes the table.
pub(super) fn create() -> String {
    format!(
        "CREATE TABLE IF NOT EXISTS {JOURNAL_TABLE} (\n\tseq INTEGER PRIMARY KEY, \n\tformat INTEGER NOT \
         NULL, \n\trevision TEXT NOT NULL UNIQUE, \n\tdown TEXT NOT NULL, \n\thash TEXT NOT NULL, \
         \n\tdowngrade TEXT NOT NULL, \n\texpects TEXT NOT NULL, \n\tapplied_at TEXT NOT NULL\n)"
    )
}

/// Writes the row of an applied revision. A stale row of the same revision is replaced.
///
/// `down` and `downgrade` are JSON: a list of ids; a list of statements, or an object that says why
/// there are none (`unavailable`), or that the revision declares that there can be none (`irreversible`). `expects`, the texts of the tables that the downgrade rebuilds, is an object.
pub(super) fn insert(
    step: &Step,
    hash: &str,
    downgrade: Result<Vec<String>, Diagnostic>,
    expects: &[(String, String)],
    now: &str,
) -> String {
    let down: Vec<&str> = step.from.iter().map(|id| id.as_str()).collect();
    let downgrade = stored_downgrade(downgrade);
    let values: Vec<String> =
        [step.revision.as_str(), &json(&down), hash, &downgrade, &stored_texts(expects), now]
            .map(quote::text)
            .into();
    format!(
        "INSERT OR REPLACE INTO {JOURNAL_TABLE} (format, revision, down, hash, downgrade, expects, \
         applied_at) VALUES ({FORMAT}, {})",
        values.join(", ")
    )
}

/// Lets an applied revision count as applied in the form that it has now.
pub(super) fn accept(
    id: &RevisionId,
    hash: &str,
    downgrade: Result<Vec<String>, Diagnostic>,
    expects: &[(String, String)],
) -> String {
    format!(
        "UPDATE {JOURNAL_TABLE} SET hash = {}, downgrade = {}, expects = {} WHERE revision = {}",
        quote::text(hash),
        quote::text(&stored_downgrade(downgrade)),
        quote::text(&stored_texts(expects)),
        quote::text(id.as_str())
    )
}

fn stored_texts(texts: &[(String, String)]) -> String {
    let mut by_table = serde_json::Map::new();
    for (table, sql) in texts {
        by_table.insert(table.clone(), sql.as_str().into());
    }
    json(&serde_json::Value::Object(by_table))
}

fn stored_downgrade(downgrade: Result<Vec<String>, Diagnostic>) -> String {
    match downgrade {
        Ok(statements) => json(&statements),
        Err(why) if why.code == Code::DeclaredIrreversible => {
            json(&serde_json::json!({ "irreversible": why.message }))
        }
        Err(why) => json(&serde_json::json!({ "unavailable": why.message })),
    }
}

/// Takes out the row of a revision that is no longer applied.
pub(super) fn delete(step: &Step) -> String {
    format!("DELETE FROM {JOURNAL_TABLE} WHERE revision = {}", quote::text(step.revision.as_str()))
}

/// The hash of what a revision does: SHA-256, in hexadecimal, over its operations as JSON. SQL that
/// the author wrote counts by its tokens, so formatting and comments do not matter.
pub fn hash(directives: &[Directive]) -> String {
    let operations: Vec<Operation> = directives
        .iter()
        .map(|directive| match (directive.operation.written(), &directive.operation) {
            (Some(sql), operation) => Operation::Execute(Execute {
                sql: token::normalised(sql),
                alone: matches!(operation, Operation::Execute(Execute { alone: true, .. })),
            }),
            (None, operation) => operation.clone(),
        })
        .collect();
    let digest = Sha256::digest(json(&operations));
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// JSON of a value that always has one.
fn json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn execute(sql: &str) -> Directive {
        Directive { operation: Operation::Execute(Execute::new(sql)), place: None }
    }

    #[test]
    fn the_hash_sees_the_operations_and_not_their_layout() {
        let hashed = hash(&[execute("CREATE TABLE t (a)")]);
        assert_eq!(hashed.len(), 64);
        assert_eq!(hashed, hash(&[execute("CREATE  TABLE t(a) -- comment\r\n")]));
        assert_ne!(hashed, hash(&[execute("CREATE TABLE t (b)")]));
        assert_ne!(hashed, hash(&[execute("CREATE TABLE t"), execute("(a)")]));
    }
}
