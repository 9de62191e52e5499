//! What worked before a table was made anew and has to work after it.

use super::rebuild::Rebuild;
use crate::sqlite::create_table::{CreateTable, read};
use crate::sqlite::mention;
use crate::sqlite::objects::{Object, ObjectKind};
use crate::sqlite::quote;
use alloc::string::String;
use alloc::{format, vec::Vec};

/// Statements that SQLite only compiles, and in doing so looks through every view and trigger that mentions
/// the table, and through what they mention.
pub(super) fn checks(rebuild: &Rebuild<'_>) -> Vec<String> {
    let table = rebuild.before.name();
    let mut checks = Vec::new();
    let objects = &rebuild.objects.all;
    let mentions = |object: &&Object| mention::table(object, table);
    for view in objects.iter().filter(|o| o.kind == ObjectKind::View).filter(mentions) {
        checks.push(format!("EXPLAIN SELECT * FROM {}", quote::name(&view.name)));
    }
    let mut tables: Vec<&str> = objects
        .iter()
        .filter(|object| object.kind == ObjectKind::Trigger)
        .filter(|trigger| trigger.table.eq_ignore_ascii_case(table) || mentions(trigger))
        .map(|trigger| trigger.table.as_str())
        .collect();
    tables.sort_unstable();
    tables.dedup();
    for owner in tables {
        let is_it = owner.eq_ignore_ascii_case(table);
        let text = match is_it {
            true => Some(rebuild.before.sql.as_str()),
            false => rebuild.objects.table(owner).and_then(Object::sql),
        };
        // The triggers of a view say themselves what may be done to it.
        let Some(Ok(owner_read)) = text.map(read) else { continue };
        let stays = |name: &str| !is_it || rebuild.after.position(name).is_some();
        let name = quote::name(owner);
        checks.push(format!("EXPLAIN INSERT INTO {name} DEFAULT VALUES"));
        checks.push(format!("EXPLAIN DELETE FROM {name}"));
        let set = assignments(&owner_read, stays);
        if !set.is_empty() {
            checks.push(format!("EXPLAIN UPDATE {name} SET {set}"));
        }
    }
    checks
}

/// `a = a, b = b`, so that every trigger of an UPDATE is meant.
fn assignments(read: &CreateTable, stays: impl Fn(&str) -> bool) -> String {
    let columns = read.table.columns.iter().filter(|column| column.generated.is_none());
    let names = columns.filter(|column| stays(&column.name)).map(|c| quote::name(&c.name));
    names.map(|name| format!("{name} = {name}")).collect::<Vec<_>>().join(", ")
}
