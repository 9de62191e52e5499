//! Where a database is, by its own word.

use super::{Answer, JOURNAL_TABLE, Origin, Port, Request, Role, Rows, Settings, Statement};
use crate::diagnostic::{Code, Diagnostic};
use crate::revision::RevisionId;
use crate::sqlite::quote;
use alloc::{format, string::String, vec::Vec};

/// What the bookkeeping tables hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DatabaseState {
    /// The rows of the version table.
    pub heads: Vec<RevisionId>,
    /// Whether there is a version table.
    pub has_version_table: bool,
    /// Whether there is a journal.
    pub has_journal: bool,
    /// The rows of the journal, oldest first.
    pub journal: Vec<JournalRow>,
}

/// What the journal says of a revision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JournalRow {
    /// The revision.
    pub revision: RevisionId,
    /// The hash of what was applied.
    pub hash: String,
}

impl DatabaseState {
    /// Reads it: one SELECT where the tables are there, which is every time but the first. The journal
    /// is read only where the settings ask for it.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub async fn read(port: &impl Port, settings: &Settings) -> Result<Self, Diagnostic> {
        let version_table = settings.version_table.quoted();
        let versions = format!("SELECT version_num, NULL FROM {version_table}");
        if !settings.journal
            && let Ok(rows) = query(port, &versions).await
        {
            return Ok(Self { has_version_table: true, ..Self::from_rows(&rows) });
        }
        let both = format!(
            "SELECT version_num, NULL FROM {version_table} UNION ALL SELECT * FROM (SELECT revision, \
             hash FROM {JOURNAL_TABLE} ORDER BY seq)"
        );
        if let Ok(rows) = query(port, both).await {
            let mut state = Self::from_rows(&rows);
            (state.has_version_table, state.has_journal) = (true, true);
            return Ok(state);
        }
        let there = format!(
            "SELECT lower(name) FROM sqlite_schema WHERE type = 'table' AND lower(name) IN (lower({}), \
             '{JOURNAL_TABLE}')",
            quote::text(&settings.version_table.name)
        );
        let rows = query(port, there).await?;
        let has = |name: &str| {
            let name = name.to_ascii_lowercase();
            rows.rows.iter().any(|row| row.first().and_then(|v| v.as_text()) == Some(&*name))
        };
        let has_version_table = has(&settings.version_table.name);
        let has_journal = has(JOURNAL_TABLE);
        let mut state = Self::default();
        if has_version_table {
            let rows = query(port, versions).await?;
            state = Self::from_rows(&rows);
        }
        if has_journal {
            let rows =
                query(port, format!("SELECT revision, hash FROM {JOURNAL_TABLE} ORDER BY seq"))
                    .await?;
            state.journal = Self::from_rows(&rows).journal;
        }
        (state.has_version_table, state.has_journal) = (has_version_table, has_journal);
        Ok(state)
    }

    /// A row without a hash is one of the version table, a row with one is the journal's.
    fn from_rows(rows: &Rows) -> Self {
        let mut state = Self::default();
        for row in &rows.rows {
            let text = |at: usize| row.get(at).and_then(|value| value.as_text());
            match (text(0), text(1)) {
                (Some(id), None) => state.heads.push(RevisionId::stored(id)),
                (Some(id), Some(hash)) => state
                    .journal
                    .push(JournalRow { revision: RevisionId::stored(id), hash: hash.into() }),
                _ => {}
            }
        }
        state
    }
}

/// Reads with one SELECT, outside of any transaction.
///
/// # Errors
/// What the database says against it.
pub async fn query(port: &impl Port, sql: impl Into<String>) -> Result<Rows, Diagnostic> {
    let origin = Origin { revision: None, role: Role::Read };
    let statement = Statement { sql: sql.into(), parameters: Vec::new(), origin };
    match port.database(Request::Query(statement)).await {
        Answer::Rows(rows) => Ok(rows),
        Answer::Failed(failure) => Err(Diagnostic::error(Code::DatabaseFailed, failure.message)),
        Answer::Done => Err(Diagnostic::error(
            Code::HostFailed,
            "the host answered a query with something else than rows",
        )),
    }
}
