//! What a connection does otherwise while tables are made anew.

use crate::statement::{Refused, misuse};
use rusqlite::Connection;
use rusqlite::config::DbConfig;

/// Does the work with foreign keys and `legacy_alter_table` switched off, and puts both back whatever
/// happens. The work leaves no transaction open.
///
/// # Errors
/// Those of the work; nothing is done if foreign keys cannot be switched off. If they cannot be put back, the
/// message says so.
pub(crate) fn while_rebuilding(
    connection: &Connection,
    work: impl FnOnce() -> Result<(), Refused>,
) -> Result<(), Refused> {
    let before = Switches::read(connection)?;
    let done = match Switches::FOR_A_REBUILD.set(connection) {
        Ok(()) => work(),
        Err(error) => Err(error.into()),
    };
    match (done, before.set(connection)) {
        (done, Ok(())) => done,
        (Ok(()), Err(error)) => Err(misuse(&format!("the list was committed, but {error}")).into()),
        (Err(Refused { error: first, statement }), Err(error)) => {
            Err(Refused { error: misuse(&format!("{first}; and {error}")), statement })
        }
    }
}

#[derive(Clone, Copy, PartialEq)]
struct Switches {
    foreign_keys: bool,
    legacy_alter_table: bool,
}

impl Switches {
    const FOR_A_REBUILD: Self = Self { foreign_keys: false, legacy_alter_table: false };

    fn read(connection: &Connection) -> rusqlite::Result<Self> {
        Ok(Self {
            foreign_keys: connection.db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_FKEY)?,
            legacy_alter_table: connection
                .db_config(DbConfig::SQLITE_DBCONFIG_LEGACY_ALTER_TABLE)?,
        })
    }

    /// Sets both and reads them back. The pragmas do the same with a statement, which an interruption would
    /// stop.
    fn set(self, connection: &Connection) -> rusqlite::Result<()> {
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_FKEY, self.foreign_keys)?;
        connection
            .set_db_config(DbConfig::SQLITE_DBCONFIG_LEGACY_ALTER_TABLE, self.legacy_alter_table)?;
        if Self::read(connection)? != self {
            let state = if self.foreign_keys { "on" } else { "off" };
            return Err(misuse(&format!("foreign keys could not be switched {state}")));
        }
        Ok(())
    }
}
