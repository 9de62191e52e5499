//! The table that says where the database is, as Alembic keeps it.

use crate::revision::{RevisionId, VersionChange};
use crate::sqlite::quote;
use alloc::{format, string::String, vec::Vec};

/// The table's name.
pub const VERSION_TABLE: &str = "alembic_version";

/// Makes the table, in Alembic's layout.
pub(super) fn create() -> String {
    format!(
        "CREATE TABLE {VERSION_TABLE} (\n\tversion_num VARCHAR(32) NOT NULL, \n\tCONSTRAINT \
         {VERSION_TABLE}_pkc PRIMARY KEY (version_num)\n)"
    )
}

/// Changes a row, in Alembic's words.
pub(super) fn change(change: &VersionChange) -> String {
    let literal = |id: &RevisionId| quote::text(id.as_str());
    match change {
        VersionChange::Insert(id) => {
            format!("INSERT INTO {VERSION_TABLE} (version_num) VALUES ({})", literal(id))
        }
        VersionChange::Delete(id) => {
            format!(
                "DELETE FROM {VERSION_TABLE} WHERE {VERSION_TABLE}.version_num = {}",
                literal(id)
            )
        }
        VersionChange::Update { from, to } => format!(
            "UPDATE {VERSION_TABLE} SET version_num={} WHERE {VERSION_TABLE}.version_num = {}",
            literal(to),
            literal(from)
        ),
    }
}

/// The code that [`assert_heads`] leaves in the host's error text.
pub(super) const HEAD_MOVED: &str = "ambix:head-moved";

/// Asserts that the rows are exactly `heads`, or fails with [`HEAD_MOVED`].
pub(super) fn assert_heads(heads: &[RevisionId]) -> String {
    let mut heads: Vec<&str> = heads.iter().map(RevisionId::as_str).collect();
    heads.sort_unstable();
    let expected = match heads[..] {
        [] => "NULL".into(),
        _ => quote::text(&heads.join("\n")),
    };
    format!(
        "SELECT CASE WHEN (SELECT group_concat(version_num, char(10)) FROM (SELECT version_num FROM \
         {VERSION_TABLE} ORDER BY version_num)) IS {expected} THEN 1 ELSE json_extract('{{}}', \
         '{HEAD_MOVED}') END"
    )
}
