//! What mentions a column that is to be dropped.

use super::edit::Definition;
use crate::diagnostic::{Code, Diagnostic};
use crate::operation::{Dependents, TableChange};
use crate::sqlite::create_table::{Clause, ClauseKind};
use crate::sqlite::mention::{ClauseAt, Mentioned, mentions};
use crate::sqlite::objects::{Object, ObjectKind, Objects, Text};
use crate::sqlite::quote::unquoted;
use crate::sqlite::token::tokens;
use alloc::string::String;
use alloc::vec::Vec;
use alloc::{boxed::Box, format};

/// What mentions the column, in words: `index ix_t_a`.
pub(super) fn named(definition: &Definition, objects: &Objects, column: &str) -> Vec<String> {
    let objects = with(objects, definition);
    let found = mentions(&objects, definition.name(), column);
    let stays = found.into_iter().filter(|found| !goes_along(definition, found, column));
    stays.map(|found| found.what).collect()
}

/// The definition as it has to be before the column is dropped, and the objects that go with it.
///
/// # Errors
/// If something mentions the column that may not be dropped with it.
pub(super) fn without(
    definition: &Definition,
    objects: &Objects,
    column: &str,
    dependents: Dependents,
) -> Result<(Definition, Vec<Object>), Diagnostic> {
    let mut left = Definition::read(definition.sql.clone())?;
    let mut gone: Vec<Object> = Vec::new();
    loop {
        let objects = with(objects, &left);
        let mut found = mentions(&objects, left.name(), column);
        found.retain(|found| !goes_along(&left, found, column));
        found.retain(|found| !gone.contains(found.object));
        if dependents == Dependents::Keys
            && let Some((at, clause)) = found.iter().find_map(|found| key_of(&left, found, column))
        {
            let without = Definition::read(left.without_clause(at, clause))?;
            left = match rest_of_key(&left, clause, column) {
                Some(key) => without.changed(&TableChange::AddConstraint { definition: key })?,
                None => without,
            };
            continue;
        }
        let Some(first) = found.first() else { return Ok((left, gone)) };
        if dependents != Dependents::Drop || found.iter().any(|found| is_fixed(&left, found)) {
            return Err(refused(&left, column, &found));
        }
        match clause_of(&left, first) {
            Some((at, clause)) => left = Definition::read(left.without_clause(at, clause))?,
            None => gone.push(first.object.clone()),
        }
    }
}

/// The clause that lists the column among others as a key, if it is one.
fn key_of<'a>(
    definition: &'a Definition,
    found: &Mentioned<'_>,
    column: &str,
) -> Option<(Option<usize>, &'a Clause)> {
    let is_key =
        |kind| matches!(kind, ClauseKind::Unique | ClauseKind::ForeignKey | ClauseKind::PrimaryKey);
    let is_it = |span: &crate::diagnostic::Span| {
        unquoted(span.of(&definition.sql)).eq_ignore_ascii_case(column)
    };
    clause_of(definition, found)
        .filter(|(_, clause)| is_key(clause.kind) && clause.columns.iter().any(is_it))
}

/// A primary key without the column.
fn rest_of_key(definition: &Definition, clause: &Clause, column: &str) -> Option<String> {
    if clause.kind != ClauseKind::PrimaryKey {
        return None;
    }
    let names = clause.columns.iter().map(|span| span.of(&definition.sql));
    let rest: Vec<&str> =
        names.filter(|name| !unquoted(name).eq_ignore_ascii_case(column)).collect();
    let name = clause.name.map(|name| format!("CONSTRAINT {} ", name.of(&definition.sql)));
    (!rest.is_empty())
        .then(|| format!("{}PRIMARY KEY ({})", name.unwrap_or_default(), rest.join(", ")))
}

/// The triggers on views of the table that say UPDATE OF this column. SQLite does not follow the name there, and
/// the view may have lost the column.
pub(super) fn on_views<'a>(objects: &'a Objects, table: &str, column: &str) -> Vec<&'a Object> {
    let is_view_of = |name: &str| {
        objects.all.iter().any(|object| {
            object.is(ObjectKind::View, name) && crate::sqlite::mention::table(object, table)
        })
    };
    let triggers = objects.all.iter().filter(|object| object.kind == ObjectKind::Trigger);
    triggers
        .filter(|trigger| is_view_of(&trigger.table))
        .filter(|trigger| {
            let listed = trigger.sql().map(update_of).unwrap_or_default();
            listed.iter().any(|name| name.eq_ignore_ascii_case(column))
        })
        .collect()
}

/// The columns between UPDATE OF and ON.
fn update_of(trigger: &str) -> Vec<String> {
    let words = tokens(trigger).into_iter().filter(|token| token.is_significant());
    let words: Vec<&str> = words.map(|token| token.span.of(trigger)).collect();
    let starts = words.windows(2).position(|pair| {
        pair[0].eq_ignore_ascii_case("UPDATE") && pair[1].eq_ignore_ascii_case("OF")
    });
    let Some(at) = starts else { return Vec::new() };
    let list = words[at + 2..].iter().take_while(|word| !word.eq_ignore_ascii_case("ON"));
    list.map(|word| unquoted(word)).collect()
}

/// The error for a change of a column that such triggers name.
pub(super) fn refuse_on_views(
    objects: &Objects,
    table: &str,
    column: &str,
) -> Result<(), Diagnostic> {
    let found = on_views(objects, table, column);
    let names: Vec<String> =
        found.iter().map(|trigger| format!("trigger {}", trigger.name)).collect();
    match names.is_empty() {
        true => Ok(()),
        false => Err(Diagnostic::error(
            Code::StillMentioned,
            format!(
                "Column '{column}' of table '{table}' is still mentioned by {}",
                names.join(", ")
            ),
        )
        .hint("it says UPDATE OF this column of a view; drop it first and create it again after")),
    }
}

/// That nothing but the table itself mentions a column that its new definition leaves out.
pub(super) fn refuse_elsewhere(
    definition: &Definition,
    objects: &Objects,
    column: &str,
) -> Result<(), Diagnostic> {
    refuse_on_views(objects, definition.name(), column)?;
    let objects = with(objects, definition);
    let mut found = mentions(&objects, definition.name(), column);
    found.retain(|found| !is_own(definition, found));
    if found.is_empty() { Ok(()) } else { Err(refused(definition, column, &found)) }
}

/// The objects with this text of the table.
pub(super) fn with(objects: &Objects, definition: &Definition) -> Box<Objects> {
    let mut objects = Box::new(objects.clone());
    for object in &mut objects.all {
        if object.is(ObjectKind::Table, definition.name()) {
            object.text = Text::Known(definition.sql.clone());
        }
    }
    objects
}

fn is_own(definition: &Definition, found: &Mentioned<'_>) -> bool {
    found.object.is(ObjectKind::Table, definition.name())
}

/// The clause of the table itself that mentions the column.
fn clause_of<'a>(
    definition: &'a Definition,
    found: &Mentioned<'_>,
) -> Option<(Option<usize>, &'a Clause)> {
    match found.clause.filter(|_| is_own(definition, found))? {
        ClauseAt::Column(at, nth) => {
            Some((Some(at), definition.read.columns[at].clauses.get(nth)?))
        }
        ClauseAt::Table(nth) => Some((None, definition.read.constraints.get(nth)?)),
    }
}

/// Whether it is a constraint that is about nothing else, which goes with the column.
fn goes_along(definition: &Definition, found: &Mentioned<'_>, column: &str) -> bool {
    let Some((_, clause)) = clause_of(definition, found) else { return false };
    let is_it = |span: &crate::diagnostic::Span| {
        unquoted(span.of(&definition.sql)).eq_ignore_ascii_case(column)
    };
    !clause.columns.is_empty() && clause.columns.iter().all(is_it)
}

/// Whether it cannot be dropped along: a generated column, or a foreign key of another table.
fn is_fixed(definition: &Definition, found: &Mentioned<'_>) -> bool {
    match clause_of(definition, found) {
        Some((_, clause)) => clause.kind == ClauseKind::Generated,
        None => matches!(found.object.kind, ObjectKind::Table | ObjectKind::VirtualTable),
    }
}

fn refused(definition: &Definition, column: &str, found: &[Mentioned<'_>]) -> Diagnostic {
    let words: Vec<&str> = found.iter().map(|found| found.what.as_str()).collect();
    Diagnostic::error(
        Code::StillMentioned,
        format!(
            "Column '{column}' of table '{}' is still mentioned by {}",
            definition.name(),
            words.join(", ")
        ),
    )
    .hint("drop or change what mentions it first, in the same revision or before")
}
