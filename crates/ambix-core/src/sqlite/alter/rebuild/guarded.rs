//! The rows wait in a table of their own, and guards keep SQLite from following them, with foreign keys in force.

use super::{DEFER_FOREIGN_KEYS, Parts, Rebuild, assert_count, temporary_again};
use crate::sqlite::alter::{Phase, Stop, keys, known_text};
use crate::sqlite::objects::ObjectKind;
use crate::sqlite::quote;
use alloc::string::{String, ToString};
use alloc::{format, vec::Vec};

impl Rebuild<'_> {
    /// `indexes` are left to the caller where they can be made behind the copy, which is faster.
    pub(super) fn guarded(
        &self,
        list: &mut Parts<'_>,
        indexes: &mut Vec<String>,
    ) -> Result<(), Stop> {
        let (table, hold) = (quote::name(self.table()), self.free_name("hold"));
        list.push(Phase::SetAside, DEFER_FOREIGN_KEYS.into());
        let children = self.children();
        let mut again = Vec::new();
        let mut guards = Vec::new();
        for child in &children {
            if !child.eq_ignore_ascii_case(self.table()) {
                // SQLite does not say which trigger is first: the application's own would run.
                for trigger in self.objects.on(child, ObjectKind::Trigger) {
                    again.push(known_text(Some(trigger), &trigger.name)?);
                    list.push(
                        Phase::SetAside,
                        format!("DROP TRIGGER {}", quote::name(&trigger.name)),
                    );
                }
                for trigger in self.facts.temporary()?.on(child, ObjectKind::Trigger) {
                    again.extend(temporary_again(trigger));
                    list.push(
                        Phase::SetAside,
                        format!("DROP TRIGGER IF EXISTS temp.{}", quote::name(&trigger.name)),
                    );
                }
            }
            for event in ["DELETE", "UPDATE"] {
                let guard = self.free_name(&format!("guard_{}", guards.len() + 1));
                list.push(Phase::SetAside, format!(
                    "CREATE TRIGGER {guard} BEFORE {event} ON {} BEGIN SELECT RAISE(IGNORE); END",
                    quote::name(child)
                ));
                guards.push(guard);
            }
        }
        let columns = &self.before.read.table.columns;
        let held: Vec<String> = (1..=columns.len()).map(|number| format!("c{number}")).collect();
        let names: Vec<String> = columns.iter().map(|column| quote::name(&column.name)).collect();
        let (mut into, mut from) = (held.join(", "), names.join(", "));
        list.push(Phase::SetAside, format!("CREATE TABLE {hold} ({into})"));
        if let Some(rowid) = self.source_rowid() {
            (into, from) = (format!("rowid, {into}"), format!("{rowid}, {from}"));
        }
        list.push(
            Phase::SetAside,
            format!("INSERT INTO {hold} ({into}) SELECT {from} FROM {table}"),
        );
        let sequence = self.free_name("sequence");
        if self.keeps_sequence() {
            list.push(
                Phase::SetAside,
                format!(
                    "CREATE TABLE {sequence} AS SELECT seq FROM sqlite_sequence WHERE name = {}",
                    quote::text(self.table())
                ),
            );
        }
        for (name, kept) in self.statistics() {
            let of_table = format!("tbl = {}", quote::text(self.table()));
            list.push(
                Phase::SetAside,
                format!("CREATE TABLE {kept} AS SELECT * FROM {name} WHERE {of_table}"),
            );
        }
        list.push(Phase::Create, format!("DROP TABLE {table}"));
        list.push(Phase::Create, self.after.sql.clone());
        if children.iter().any(|child| keys::needs_index(self, child)) {
            indexes.drain(..).for_each(|sql| list.push(Phase::Restore, sql));
        }
        let held_name = |name: &str| {
            let at = columns.iter().position(|column| column.name.eq_ignore_ascii_case(name));
            at.map_or_else(|| "NULL".to_string(), |at| held[at].clone())
        };
        let rowid = self.source_rowid().map(|_| "rowid".to_string());
        self.copy(list, &hold, &held_name, rowid)?;
        list.push(Phase::Check, assert_count(self.table(), &hold));
        list.push(Phase::Finish, format!("DROP TABLE {hold}"));
        if self.keeps_sequence() {
            let name = quote::text(self.table());
            list.push(Phase::Finish, format!("DELETE FROM sqlite_sequence WHERE name = {name}"));
            list.push(
                Phase::Finish,
                format!(
                    "INSERT INTO sqlite_sequence (name, seq) SELECT {name}, seq FROM {sequence}"
                ),
            );
            list.push(Phase::Finish, format!("DROP TABLE {sequence}"));
        }
        guards
            .iter()
            .for_each(|guard| list.push(Phase::Restore, format!("DROP TRIGGER IF EXISTS {guard}")));
        again.into_iter().for_each(|sql| list.push(Phase::Restore, sql));
        Ok(())
    }

    /// The tables of ANALYZE, each with the name of a table that keeps its rows meanwhile.
    pub(super) fn statistics(&self) -> Vec<(&'static str, String)> {
        let is_there = |name: &&str| self.objects.table(name).is_some();
        let found = ["sqlite_stat1", "sqlite_stat4"].into_iter().filter(is_there);
        found.map(|name| (name, self.free_name(&name.replace("sqlite_", "")))).collect()
    }

    /// What DROP TABLE takes away of what ANALYZE has found out.
    pub(super) fn statistics_again(&self) -> Vec<String> {
        let mut again = Vec::new();
        for (name, kept) in self.statistics() {
            let of_nothing = "idx IS NOT NULL AND idx NOT IN (SELECT name FROM sqlite_schema)";
            again.push(format!("DELETE FROM {kept} WHERE {of_nothing}"));
            again.push(format!("INSERT INTO {name} SELECT * FROM {kept}"));
            again.push(format!("DROP TABLE {kept}"));
        }
        again
    }
}
