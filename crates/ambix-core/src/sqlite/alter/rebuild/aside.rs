//! The table is renamed, made again under its own name and filled, with foreign keys switched off.

use super::{Parts, Rebuild, assert_count};
use crate::sqlite::alter::{Phase, Stop};
use crate::sqlite::quote;
use alloc::format;

impl Rebuild<'_> {
    pub(super) fn aside(&self, list: &mut Parts<'_>) -> Result<(), Stop> {
        let (table, aside) = (quote::name(self.table()), self.free_name("aside"));
        // Otherwise SQLite would let views, triggers and foreign keys follow the old table.
        list.push(Phase::SetAside, "PRAGMA legacy_alter_table = ON".into());
        list.push(Phase::SetAside, format!("ALTER TABLE {table} RENAME TO {aside}"));
        list.push(Phase::SetAside, "PRAGMA legacy_alter_table = OFF".into());
        list.push(Phase::Create, self.after.sql.clone());
        self.copy(list, &aside, &|name| quote::name(name), self.source_rowid())?;
        list.push(Phase::Check, assert_count(self.table(), &aside));
        if self.keeps_sequence() {
            let name = quote::text(self.table());
            list.push(Phase::Finish, format!("DELETE FROM sqlite_sequence WHERE name = {name}"));
            list.push(
                Phase::Finish,
                format!("UPDATE sqlite_sequence SET name = {name} WHERE name = '{aside}'"),
            );
        }
        list.push(Phase::Finish, format!("DROP TABLE {aside}"));
        Ok(())
    }
}
