//! What worked before a table was changed and has to work after it.

use super::edit::Definition;
use super::facts::{Fact, Facts};
use super::{Piece, dependents};
use crate::sqlite::create_table::{CreateTable, read};
use crate::sqlite::mention;
use crate::sqlite::objects::{Object, ObjectKind, Objects};
use crate::sqlite::quote;
use crate::sqlite::token::tokens;
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
    objects: &Objects,
    doomed: &[Object],
    facts: &Facts,
) -> Result<Vec<Piece>, Fact> {
    let mut pieces = Vec::new();
    let all: Vec<&Object> = objects.all.iter().chain(&facts.temporary()?.all).collect();
    let (names, owners) = concerned(before.name(), &all, doomed);
    let is_doomed = |name: &str| doomed.iter().any(|object| object.is(ObjectKind::View, name));
    let views = names[1..].iter().filter(|view| !is_doomed(view));
    let mut statements: Vec<(&str, String)> =
        views.map(|view| (*view, format!("EXPLAIN SELECT * FROM {}", quote::name(view)))).collect();
    for owner in owners {
        let is_view = all.iter().any(|object| object.is(ObjectKind::View, owner));
        let (events, set) = match is_view {
            true => {
                let columns = match facts.was_there(owner) {
                    true => columns_of_view(owner, after, objects),
                    // Only SQLite could say whether they are all.
                    false => Vec::new(),
                };
                (events_of(owner, &all), columns)
            }
            false => match columns_of_table(owner, before, after, &all) {
                Some(columns) => (Vec::from(["INSERT", "DELETE", "UPDATE"]), columns),
                None => continue,
            },
        };
        let name = quote::name(owner);
        let set: Vec<String> = set.iter().map(|name| format!("{name} = {name}")).collect();
        for event in events {
            let explain = match event {
                "INSERT" => format!("EXPLAIN INSERT INTO {name} DEFAULT VALUES"),
                "DELETE" => format!("EXPLAIN DELETE FROM {name}"),
                // All columns, so that every trigger of an UPDATE is meant.
                _ if !set.is_empty() => format!("EXPLAIN UPDATE {name} SET {}", set.join(", ")),
                _ => continue,
            };
            statements.push((owner, explain));
        }
    }
    for (name, explain) in statements {
        if facts.works(name, &explain)? {
            pieces.push(Piece::new(explain));
        }
    }
    Ok(pieces)
}

/// The table and the views through which it is seen, and what has triggers that mention one of them.
fn concerned<'a>(
    table: &'a str,
    objects: &[&'a Object],
    doomed: &'a [Object],
) -> (Vec<&'a str>, Vec<&'a str>) {
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
    let touches = |trigger: &Object| {
        names
            .iter()
            .any(|name| trigger.table.eq_ignore_ascii_case(name) || mention::table(trigger, name))
    };
    let triggers = objects.iter().filter(|object| object.kind == ObjectKind::Trigger);
    let mut owners: Vec<&str> =
        triggers.filter(|trigger| touches(trigger)).map(|trigger| trigger.table.as_str()).collect();
    crate::sort::sort(&mut owners);
    owners.dedup();
    (names, owners)
}

/// What the triggers of a view let be done to it.
fn events_of(view: &str, objects: &[&Object]) -> Vec<&'static str> {
    let triggers = objects.iter().filter(|object| {
        object.kind == ObjectKind::Trigger && object.table.eq_ignore_ascii_case(view)
    });
    let said: Vec<String> =
        triggers.filter_map(|trigger| trigger.sql()).map(event_of_view).collect();
    let events = ["INSERT", "DELETE", "UPDATE"].into_iter();
    events.filter(|event| said.iter().any(|said| said.eq_ignore_ascii_case(event))).collect()
}

/// The word behind INSTEAD OF.
fn event_of_view(trigger: &str) -> String {
    let words = tokens(trigger).into_iter().filter(|token| token.is_significant());
    let words: Vec<&str> = words.map(|token| token.span.of(trigger)).collect();
    let found = words.windows(3).find(|words| {
        words[0].eq_ignore_ascii_case("INSTEAD") && words[1].eq_ignore_ascii_case("OF")
    });
    found.map(|words| words[2].to_string()).unwrap_or_default()
}

/// The columns, in quotes, that a view has now and when the table is another.
fn columns_of_view(view: &str, after: &Definition, objects: &Objects) -> Vec<String> {
    let now = mention::columns_of(objects, view).unwrap_or_default();
    let then = mention::columns_of(&dependents::with(objects, after), view).unwrap_or_default();
    let mut columns: Vec<String> = Vec::new();
    for name in now.iter().filter(|name| then.contains(name)).map(|name| quote::name(name)) {
        if !columns.contains(&name) {
            columns.push(name);
        }
    }
    columns
}

/// The columns, in quotes, of a table that can be written to now and later; nothing if it cannot be read.
fn columns_of_table(
    table: &str,
    before: &Definition,
    after: &Definition,
    objects: &[&Object],
) -> Option<Vec<String>> {
    let is_it = table.eq_ignore_ascii_case(before.name());
    let text = match is_it {
        true => before.sql.as_str(),
        false => objects.iter().find(|object| object.is(ObjectKind::Table, table))?.sql()?,
    };
    let read = read(text).ok()?;
    let is_written = |read: &CreateTable, name: &str| {
        read.table.column(name).is_some_and(|column| column.generated.is_none())
    };
    let columns = read.table.columns.iter().map(|column| column.name.as_str());
    let written = columns
        .filter(|name| is_written(&read, name) && (!is_it || is_written(&after.read, name)))
        .map(quote::name);
    Some(written.collect())
}
