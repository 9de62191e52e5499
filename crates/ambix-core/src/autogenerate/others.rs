//! Views, triggers and virtual tables, which only a schema in SQL says.

use super::found::{Found, TABLES, shown};
use crate::operation::{Execute, Operation};
use crate::schema::{Other, OtherKind, Schema};
use crate::sqlite::{quote, token};
use alloc::{format, string::String, vec::Vec};

/// What goes before all tables are changed, and what comes after it, in the order in which it can.
pub(super) struct Changed<'a> {
    gone: Vec<&'a Other>,
    come: Vec<&'a Other>,
}

impl<'a> Changed<'a> {
    /// Compares what both have. A view or a trigger that is another one goes and comes again; a virtual table that is
    /// another one stays, since its rows would go.
    pub(super) fn find(found: &mut Found<'_>, database: &'a Schema, models: &'a Schema) -> Self {
        if !found.rules.whole {
            return Self { gone: Vec::new(), come: Vec::new() };
        }
        let (mut come, mut gone) = (Vec::new(), Vec::new());
        for wanted in &models.others {
            match named(database, wanted) {
                None if word(wanted.kind).is_some() => {
                    say(found, "added", wanted);
                    come.push(wanted);
                }
                Some(there) if is_same(there, wanted) => {}
                Some(there) if is_made_again(wanted.kind) => {
                    say(found, "changed", wanted);
                    gone.push(there);
                    come.push(wanted);
                }
                _ if wanted.kind == OtherKind::ShadowTable => {}
                _ => found.warn(
                    format!("{} is another one in the database, and stays as it is", wanted.name),
                    "write what changes it into the revision by hand",
                ),
            }
        }
        for there in &database.others {
            if word(there.kind).is_some() && named(models, there).is_none() {
                say(found, "removed", there);
                gone.push(there);
            }
        }
        crate::sort::sort_by_key(&mut come, |other| rank(other.kind));
        crate::sort::sort_by_key(&mut gone, |other| rank(other.kind));
        gone.reverse();
        Self { gone, come }
    }

    /// Puts them around what is done to tables, in both directions.
    pub(super) fn around(&self, operations: &mut Vec<Operation>, is_downgrade: bool) {
        let back = |others: &[&'a Other]| others.iter().rev().copied().collect::<Vec<_>>();
        let (gone, come) = match is_downgrade {
            false => (self.gone.clone(), self.come.clone()),
            true => (back(&self.come), back(&self.gone)),
        };
        operations.splice(0..0, gone.into_iter().map(drop));
        operations.extend(come.into_iter().map(create));
    }
}

fn named<'a>(schema: &'a Schema, like: &Other) -> Option<&'a Other> {
    let is_it =
        |other: &&Other| other.kind == like.kind && other.name.eq_ignore_ascii_case(&like.name);
    schema.others.iter().find(is_it)
}

fn is_same(one: &Other, other: &Other) -> bool {
    token::normalised(&one.sql) == token::normalised(&other.sql)
}

/// Whether nothing is lost when it goes and comes again.
fn is_made_again(kind: OtherKind) -> bool {
    matches!(kind, OtherKind::View | OtherKind::Trigger)
}

/// What DROP calls it, for what is dropped by itself.
fn word(kind: OtherKind) -> Option<&'static str> {
    match kind {
        OtherKind::View => Some("VIEW"),
        OtherKind::Trigger => Some("TRIGGER"),
        OtherKind::VirtualTable => Some("TABLE"),
        OtherKind::ShadowTable | OtherKind::UnreadTable | OtherKind::UnreadIndex => None,
    }
}

/// Triggers can be about views, and views about virtual tables.
fn rank(kind: OtherKind) -> u8 {
    match kind {
        OtherKind::Trigger => 2,
        OtherKind::View => 1,
        _ => 0,
    }
}

fn say(found: &mut Found<'_>, how: &str, other: &Other) {
    let what = match other.kind {
        OtherKind::View => "view",
        OtherKind::Trigger => "trigger",
        _ => "virtual table",
    };
    found.say(TABLES, format!("Detected {how} {what} {}", shown(&other.name)));
}

fn drop(other: &Other) -> Operation {
    let word = word(other.kind).unwrap_or_default();
    Operation::Execute(Execute::new(format!("DROP {word} {}", quote::name(&other.name))))
}

fn create(other: &Other) -> Operation {
    Operation::Execute(Execute::new(String::from(&*other.sql)))
}
