//! What worked before a table was changed and has to work after it.

use super::Piece;
use super::edit::Definition;
use super::facts::{Fact, Facts};
use crate::sqlite::create_table::{CreateTable, read};
use crate::sqlite::mention;
use crate::sqlite::objects::{Object, ObjectKind};
use crate::sqlite::quote;
use alloc::string::{String, ToString};
use alloc::{format, vec, vec::Vec};

/// Statements that SQLite only compiles, and in doing so looks through every view and trigger that mentions
/// the table, or a view that does, and so on. Those that do not work before are nobody's business here.
///
/// # Errors
/// If it has to be asked first whether one works.
pub(super) fn checks(
    before: &Definition,
    after: &Definition,
    objects: &[Object],
    doomed: &[Object],
    facts: &Facts,
) -> Result<Vec<Piece>, Fact> {
    let mut pieces = Vec::new();
    let objects: Vec<&Object> = objects.iter().chain(&facts.temporary()?.all).collect();
    for (name, explain) in statements(before, after, &objects, doomed) {
        if facts.works(&name, &explain)? {
            pieces.push(Piece::new(explain));
        }
    }
    Ok(pieces)
}

/// The statements, each with the table or view that it is about.
fn statements(
    before: &Definition,
    after: &Definition,
    objects: &[&Object],
    doomed: &[Object],
) -> Vec<(String, String)> {
    let table = before.name();
    // The table, and the views through which it is seen.
    let mut names: Vec<&str> = vec![table];
    let mut seen = 0;
    while let Some(name) = names.get(seen).copied() {
        seen += 1;
        // A view that goes may be read by one that stays.
        let all = objects.iter().copied().chain(doomed);
        let views = all.filter(|object| object.kind == ObjectKind::View);
        for view in views.filter(|view| mention::table(view, name)) {
            if !names.iter().any(|known| known.eq_ignore_ascii_case(&view.name)) {
                names.push(&view.name);
            }
        }
    }
    let is_doomed = |name: &str| doomed.iter().any(|object| object.is(ObjectKind::View, name));
    let views = names[1..].iter().filter(|view| !is_doomed(view));
    let check = |name: &str, explain: String| (name.to_string(), explain);
    let mut checks: Vec<(String, String)> = views
        .map(|view| check(view, format!("EXPLAIN SELECT * FROM {}", quote::name(view))))
        .collect();
    let touches = |trigger: &Object| {
        names
            .iter()
            .any(|name| trigger.table.eq_ignore_ascii_case(name) || mention::table(trigger, name))
    };
    let triggers = objects.iter().filter(|object| object.kind == ObjectKind::Trigger);
    let mut owners: Vec<&str> =
        triggers.filter(|trigger| touches(trigger)).map(|trigger| trigger.table.as_str()).collect();
    owners.sort_unstable();
    owners.dedup();
    for owner in owners {
        let is_it = owner.eq_ignore_ascii_case(table);
        let text = match is_it {
            true => Some(before.sql.as_str()),
            false => objects
                .iter()
                .find(|object| object.is(ObjectKind::Table, owner))
                .and_then(|object| object.sql()),
        };
        // The triggers of a view say themselves what may be done to it.
        let Some(Ok(owner_read)) = text.map(read) else { continue };
        let stays = |name: &str| !is_it || after.position(name).is_some();
        let name = quote::name(owner);
        checks.push(check(owner, format!("EXPLAIN INSERT INTO {name} DEFAULT VALUES")));
        checks.push(check(owner, format!("EXPLAIN DELETE FROM {name}")));
        let set = assignments(&owner_read, stays);
        if !set.is_empty() {
            checks.push(check(owner, format!("EXPLAIN UPDATE {name} SET {set}")));
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
