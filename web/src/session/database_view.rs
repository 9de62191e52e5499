use ambix_core::diagnostic::Diagnostic;
use ambix_core::engine::Rows;
use ambix_core::schema::{Index, Other, Schema, Table};

/// How many rows of a table are shown.
pub(crate) const ROWS_SHOWN: usize = 50;

/// What is in the database, as it was last looked at.
#[derive(Clone, Debug, Default)]
pub(crate) struct DatabaseView {
    /// The ids in the version table.
    pub(crate) current: Vec<String>,
    /// The tables of the project.
    pub(crate) tables: Vec<TableView>,
    /// The tables in which the engine keeps its books.
    pub(crate) bookkeeping: Vec<TableView>,
    /// Views, triggers and what could not be read.
    pub(crate) others: Vec<Other>,
    /// What is wrong with the catalogue.
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// Why it could not be looked at.
    pub(crate) failure: Option<String>,
}

/// A table and its first rows.
#[derive(Clone, Debug, Default)]
pub(crate) struct TableView {
    pub(crate) table: Table,
    pub(crate) indexes: Vec<Index>,
    /// The first [`ROWS_SHOWN`] rows.
    pub(crate) rows: Rows,
    /// How many there are in all.
    pub(crate) total: i64,
}

impl DatabaseView {
    /// Its tables and indexes, to compare them with the models.
    pub(crate) fn schema(&self) -> Schema {
        Schema {
            tables: self.tables.iter().map(|view| view.table.clone()).collect(),
            indexes: self.tables.iter().flat_map(|view| view.indexes.clone()).collect(),
            others: self.others.clone(),
        }
    }

    /// Whether there is nothing in it that could be lost.
    pub(crate) fn is_empty(&self) -> bool {
        self.tables.is_empty() && self.others.is_empty() && self.current.is_empty()
    }
}
