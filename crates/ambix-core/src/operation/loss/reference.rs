//! The foreign keys of a table that do something to its rows when those that they refer to go.

use crate::operation::ConstraintAddress;
use crate::schema::{Constraint, ForeignKey, NamingConvention};
use crate::sqlite::create_table::{self, CreateTable};
use alloc::{format, string::String, vec::Vec};

/// What happens to rows when those that they refer to are deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Action {
    /// They are deleted too.
    Delete,
    /// Their columns get NULL or the default.
    Overwrite,
    /// Nothing, or the deletion is refused.
    Refuse,
}

/// The foreign keys of these constraints.
pub(super) fn keys(read: &CreateTable) -> Vec<ForeignKey> {
    let keys = read.table.constraints.iter().filter_map(|constraint| match constraint {
        Constraint::ForeignKey(key) => Some(key.clone()),
        _ => None,
    });
    keys.collect()
}

/// What a foreign key does ON DELETE.
pub(super) fn action(key: &ForeignKey) -> Action {
    let action = key.on_delete.as_deref().unwrap_or_default();
    match () {
        () if action.eq_ignore_ascii_case("CASCADE") => Action::Delete,
        // SET NULL, SET DEFAULT.
        () if action.get(..3).is_some_and(|set| set.eq_ignore_ascii_case("SET")) => {
            Action::Overwrite
        }
        () => Action::Refuse,
    }
}

/// The foreign keys in the definition of a column or of a constraint.
pub(super) fn defined(definition: &str, is_column: bool) -> Vec<ForeignKey> {
    let column = if is_column { "" } else { "c, " };
    let probe = format!("CREATE TABLE t ({column}{definition}\n)");
    create_table::read(&probe).map(|read| keys(&read)).unwrap_or_default()
}

/// Takes out the key that an address means, if it means one.
pub(super) fn drop_constraint(
    keys: &mut Vec<ForeignKey>,
    table: &str,
    address: &ConstraintAddress,
) {
    let has_name = |key: &ForeignKey, name: &str| {
        key.name.as_ref().is_some_and(|known| known.text.eq_ignore_ascii_case(name))
    };
    match address {
        ConstraintAddress::Named(name) => keys.retain(|key| !has_name(key, name)),
        ConstraintAddress::Conventional { name, convention } => {
            let meant = keys.iter().position(|key| has_name(key, name));
            let made = || keys.iter().position(|key| is_made(key, table, name, convention));
            if let Some(at) = meant.or_else(made) {
                keys.remove(at);
            }
        }
        ConstraintAddress::Defined(definition) => {
            let same = |one: &[String], other: &[String]| {
                one.len() == other.len()
                    && one.iter().zip(other).all(|(one, other)| one.eq_ignore_ascii_case(other))
            };
            for wanted in defined(definition.trim(), false) {
                keys.retain(|key| {
                    !(same(&key.columns, &wanted.columns)
                        && key.referred_table.eq_ignore_ascii_case(&wanted.referred_table))
                });
            }
        }
    }
}

/// Whether a naming convention gives a key without a name this one.
fn is_made(key: &ForeignKey, table: &str, name: &str, convention: &[(String, String)]) -> bool {
    let mut naming = NamingConvention::empty();
    for (kind, template) in convention {
        naming.set(kind, template.clone());
    }
    let made = naming.constraint_name(table, &Constraint::ForeignKey(key.clone()));
    key.name.is_none()
        && made.ok().flatten().is_some_and(|made| made.text.eq_ignore_ascii_case(name))
}
