//! The keys of a table that foreign keys refer to.
//!
//! Source: <https://sqlite.org/foreignkeys.html>, "Required and Suggested Database Indexes".

use super::rebuild::Rebuild;
use crate::diagnostic::{Code, Diagnostic};
use crate::schema::{Constraint, ForeignKey, IndexKey};
use crate::sqlite::create_index;
use crate::sqlite::create_table::{CreateTable, read};
use crate::sqlite::objects::{Object, ObjectKind};
use crate::sqlite::quote::unquoted;
use alloc::{format, string::String, vec::Vec};

/// That every foreign key of `child` that finds a key in the table finds one in the new table. SQLite looks at
/// this too, but not at a table of which another foreign key does not fit already.
pub(super) fn refuse_lost(rebuild: &Rebuild<'_>, child: &str) -> Result<(), Diagnostic> {
    let (before, after) = (&rebuild.before.read, &rebuild.after.read);
    let indexes = unique_indexes(rebuild);
    let other = definition_of(rebuild, child);
    if other.is_none() && !child.eq_ignore_ascii_case(&before.table.name) {
        return Ok(());
    }
    let known: Vec<&ForeignKey> = keys_to(rebuild, other.as_ref().unwrap_or(before)).collect();
    let lost = |key: &&ForeignKey| {
        known.contains(key) && fits(key, before, &indexes) && !fits(key, after, &indexes)
    };
    let mut stays = keys_to(rebuild, other.as_ref().unwrap_or(after));
    match stays.find(lost) {
        None => Ok(()),
        Some(key) => Err(Diagnostic::error(
            Code::StillMentioned,
            format!(
                "Foreign key ({}) of table '{child}' refers to a key of table '{}' that would be gone",
                key.columns.join(", "),
                before.table.name
            ),
        )
        .hint("drop the foreign key first, in the same revision or before, or keep those columns UNIQUE")),
    }
}

/// Whether a foreign key of `child` finds its key only in an index, which has to be there before the rows are.
pub(super) fn needs_index(rebuild: &Rebuild<'_>, child: &str) -> bool {
    let after = &rebuild.after.read;
    let other = definition_of(rebuild, child);
    let indexes = unique_indexes(rebuild);
    keys_to(rebuild, other.as_ref().unwrap_or(after))
        .any(|key| !fits(key, after, &[]) && fits(key, after, &indexes))
}

/// What another table says; nothing of the table itself.
fn definition_of(rebuild: &Rebuild<'_>, child: &str) -> Option<CreateTable> {
    if child.eq_ignore_ascii_case(rebuild.before.name()) {
        return None;
    }
    read(rebuild.objects.table(child)?.sql()?).ok()
}

/// The foreign keys to the table.
fn keys_to<'a>(
    rebuild: &Rebuild<'_>,
    child: &'a CreateTable,
) -> impl Iterator<Item = &'a ForeignKey> {
    child.table.constraints.iter().filter_map(|constraint| match constraint {
        Constraint::ForeignKey(key)
            if key.referred_table.eq_ignore_ascii_case(rebuild.before.name()) =>
        {
            Some(key)
        }
        _ => None,
    })
}

fn unique_indexes(rebuild: &Rebuild<'_>) -> Vec<Vec<String>> {
    let indexes = rebuild.objects.on(rebuild.before.name(), ObjectKind::Index);
    indexes.filter_map(unique_columns).collect()
}

/// Whether a foreign key refers to the primary key or to columns that are unique together, collations aside.
fn fits(key: &ForeignKey, parent: &CreateTable, indexes: &[Vec<String>]) -> bool {
    if key.referred_columns.is_empty() {
        let primary = parent.table.primary_key();
        return primary.is_some_and(|primary| primary.columns.len() == key.columns.len());
    }
    let is_meant = |columns: &[String]| {
        let refers =
            |name: &String| key.referred_columns.iter().any(|own| own.eq_ignore_ascii_case(name));
        columns.len() == key.referred_columns.len() && columns.iter().all(refers)
    };
    indexes.iter().any(|columns| is_meant(columns))
        || parent.table.constraints.iter().any(|constraint| match constraint {
            Constraint::PrimaryKey(primary) => is_meant(&primary.columns),
            Constraint::Unique(unique) => is_meant(&unique.columns),
            _ => false,
        })
}

/// The columns that an index makes unique for all rows. An expression is none of their names.
fn unique_columns(index: &Object) -> Option<Vec<String>> {
    let index = create_index::read(index.sql()?).ok()?;
    let name = |key: IndexKey| match key {
        IndexKey::Column(name) => name,
        IndexKey::Expression(sql) => match sql.rsplit_once(char::is_whitespace) {
            Some((name, order))
                if ["ASC", "DESC"].iter().any(|o| o.eq_ignore_ascii_case(order)) =>
            {
                unquoted(name.trim())
            }
            _ => sql,
        },
    };
    let is_whole = index.unique && index.predicate.is_none();
    is_whole.then(|| index.keys.into_iter().map(name).collect())
}
