//! The table that says where the database is, as Alembic keeps it.

use crate::revision::{RevisionId, VersionChange};
use crate::sqlite::quote;
use alloc::{format, string::String, vec::Vec};

/// The table, by Alembic's options `version_table` and `version_table_pk`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionTable {
    /// Its name.
    pub name: String,
    /// Whether it is made with a primary key.
    pub primary_key: bool,
}

impl Default for VersionTable {
    fn default() -> Self {
        Self { name: VERSION_TABLE.into(), primary_key: true }
    }
}

/// The table's name where nothing else is said.
pub const VERSION_TABLE: &str = "alembic_version";

/// The code that [`VersionTable::assert_heads`] leaves in the host's error text.
pub(super) const HEAD_MOVED: &str = "ambix:head-moved";

/// The code that [`VersionTable::assert_one_row`] leaves there, before the number of rows found.
pub(super) const NOT_ONE_ROW: &str = "ambix:not-one-row ";

impl VersionTable {
    /// The name as SQL says it.
    pub fn quoted(&self) -> String {
        quote::name(&self.name)
    }

    /// Makes the table, in Alembic's layout.
    pub fn create(&self) -> String {
        let name = self.quoted();
        let key = match self.primary_key {
            true => format!(
                ", \n\tCONSTRAINT {} PRIMARY KEY (version_num)",
                quote::name(&format!("{}_pkc", self.name))
            ),
            false => String::new(),
        };
        format!("CREATE TABLE {name} (\n\tversion_num VARCHAR(32) NOT NULL{key}\n)")
    }

    /// Empties it.
    pub(super) fn purge(&self) -> String {
        format!("DELETE FROM {}", self.quoted())
    }

    /// Changes a row, in Alembic's words.
    pub fn change(&self, change: &VersionChange) -> String {
        let name = self.quoted();
        let literal = |id: &RevisionId| quote::text(id.as_str());
        match change {
            VersionChange::Insert(id) => {
                format!("INSERT INTO {name} (version_num) VALUES ({})", literal(id))
            }
            VersionChange::Delete(id) => {
                format!("DELETE FROM {name} WHERE {name}.version_num = {}", literal(id))
            }
            VersionChange::Update { from, to } => format!(
                "UPDATE {name} SET version_num={} WHERE {name}.version_num = {}",
                literal(to),
                literal(from)
            ),
        }
    }

    /// Asserts that the rows are exactly `heads`, or fails with [`HEAD_MOVED`].
    pub(super) fn assert_heads(&self, heads: &[RevisionId]) -> String {
        let mut heads: Vec<&str> = heads.iter().map(RevisionId::as_str).collect();
        crate::sort::sort(&mut heads);
        let expected = match heads[..] {
            [] => "NULL".into(),
            _ => quote::text(&heads.join("\n")),
        };
        format!(
            "SELECT CASE WHEN (SELECT group_concat(version_num, char(10)) FROM (SELECT version_num FROM \
             {} ORDER BY version_num)) IS {expected} THEN 1 ELSE json_extract('{{}}', '{HEAD_MOVED}') END",
            self.quoted()
        )
    }

    /// Asserts that the row that is about to change is there, once. `None` for a new row.
    pub(super) fn assert_one_row(&self, change: &VersionChange) -> Option<String> {
        let id = match change {
            VersionChange::Insert(_) => return None,
            VersionChange::Delete(id) | VersionChange::Update { from: id, .. } => id,
        };
        Some(format!(
            "SELECT CASE WHEN n = 1 THEN 1 ELSE json_extract('{{}}', '{NOT_ONE_ROW}' || n || ' found') END \
             FROM (SELECT count(*) AS n FROM {} WHERE version_num = {})",
            self.quoted(),
            quote::text(id.as_str())
        ))
    }

    /// Alembic's message for when that assertion fails.
    pub(super) fn not_one_row(&self, change: &VersionChange, found: &str) -> String {
        let what = match change {
            VersionChange::Insert(id) => format!("inserting '{id}'"),
            VersionChange::Delete(id) => format!("deleting '{id}'"),
            VersionChange::Update { from, to } => format!("updating '{from}' to '{to}'"),
        };
        format!(
            "Online migration expected to match one row when {what} in '{}'; {found} found",
            self.name
        )
    }
}
