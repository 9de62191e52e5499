//! A change among others, and how the parts of a table are told from each other.

use crate::described::{Described, Part, canonical, same_tokens, same_words};
use ambix_core::operation::{ConstraintAddress, TableChange};
use ambix_core::sqlite::quote::unquoted;

/// Where among the changes one stands, and what came of them all. It decides what the change leaves open: which
/// of the constraints that mention a dropped column are gone.
pub(crate) struct Course<'a> {
    pub(crate) after: &'a Described,
    pub(crate) changes: &'a [TableChange],
    pub(crate) at: usize,
    /// The names that all changes replace, in order.
    pub(crate) renames: &'a [(String, String)],
}

impl Course<'_> {
    fn later(&self) -> &[TableChange] {
        self.changes.get(self.at + 1..).unwrap_or_default()
    }

    /// A name and those that it took the place of: the parts keep the names that they were written with.
    pub(crate) fn names_of(&self, name: &str) -> Vec<String> {
        let mut names = vec![name.to_string()];
        for (from, to) in self.renames.iter().rev() {
            if names.iter().any(|name| name.eq_ignore_ascii_case(to)) {
                names.push(from.clone());
            }
        }
        names
    }

    pub(crate) fn name_after(&self, column: &str) -> String {
        self.later().iter().fold(column.to_string(), |name, change| match change {
            TableChange::RenameColumn { from, to } if from.eq_ignore_ascii_case(&name) => {
                to.clone()
            }
            _ => name,
        })
    }

    /// Whether a part is still there: among those after all changes, or for a later change to drop.
    pub(crate) fn keeps(&self, part: &Part, after: &[Part]) -> bool {
        let is_it = |other: &Part| same_tokens(&part.tokens, &other.tokens, self.renames);
        let is_dropped = |change: &TableChange| matches!(change, TableChange::DropConstraint(address) if is_meant(part, address));
        after.iter().any(is_it) || self.later().iter().any(is_dropped)
    }
}

/// Whether it is `REFERENCES table` without columns, which means those of the primary key.
pub(crate) fn refers_to_key_of(tokens: &[String], tables: &[String]) -> bool {
    let is = |at: usize, word: &str| tokens.get(at).is_some_and(|t| t.eq_ignore_ascii_case(word));
    // A column may have that name too.
    let is_keyword = |at: &usize| {
        let begins = *at == 0 || *at == 2 && is(0, "CONSTRAINT");
        is(*at, "REFERENCES") && (begins || is(at - 1, ")"))
    };
    let Some(at) = (0..tokens.len()).find(is_keyword) else { return false };
    let named = tokens.get(at + 1).map(|name| unquoted(name)).unwrap_or_default();
    tables.iter().any(|table| table.eq_ignore_ascii_case(&named)) && !is(at + 2, "(")
}

/// Whether a constraint is addressed so.
pub(crate) fn is_meant(part: &Part, address: &ConstraintAddress) -> bool {
    match address {
        ConstraintAddress::Named(name) | ConstraintAddress::Conventional { name, .. } => {
            part.name.as_deref().is_some_and(|own| own.eq_ignore_ascii_case(name))
        }
        ConstraintAddress::Defined(sql) => same_words(&part.tokens, &canonical(sql)),
    }
}
