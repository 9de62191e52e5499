//! The one place that changes a table.

use ambix_core::operation::AlterTable;
use rusqlite::Connection;

/// How the engine is to go about it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Road {
    /// Foreign keys may be switched off meanwhile.
    Free,
    /// The connection is shared: its settings stay as they are.
    Guarded,
}

/// Changes a table of a database.
pub(crate) fn apply(database: &Connection, change: &AlterTable, road: Road) -> Result<(), String> {
    ambix_tests::alter::apply(database, change, road == Road::Guarded)
        .map_err(|error| error.into_details().message)
}
