//! One action of ALTER TABLE.

use super::table::CONSTRAINTS;
use super::words::Words;
use super::{Mistake, add, column};
use crate::operation::{ConstraintAddress, Dependents, TableChange};
use alloc::boxed::Box;
use alloc::{format, string::String, vec::Vec};

/// What an action means.
pub(super) enum Action {
    /// Changes of the table.
    Changes(Vec<TableChange>),
    /// Another name for an index.
    RenameIndex { from: String, to: String, if_exists: bool },
}

const ACTIONS: &str = "the actions of ALTER TABLE are: ALTER COLUMN …, ADD COLUMN …, ADD CONSTRAINT …, DROP COLUMN …, \
                       DROP CONSTRAINT …, RENAME TO …, RENAME COLUMN … TO …, RENAME CONSTRAINT … TO …, \
                       RENAME INDEX … TO …, SET STRICT, SET WITHOUT ROWID, SET AUTOINCREMENT";

/// Reads one action, which is all of `words`.
pub(super) fn read(mut words: Words<'_>) -> Result<Action, Mistake> {
    let verb = words.here();
    let action = if words.accept("ALTER") {
        Action::Changes(column::alter(&mut words)?)
    } else if words.accept("ADD") {
        Action::Changes(Vec::from([add::add(&mut words)?]))
    } else if words.accept("DROP") {
        Action::Changes(Vec::from([drop(&mut words)?]))
    } else if words.accept("RENAME") {
        rename(&mut words)?
    } else if words.accept("SET") {
        Action::Changes(Vec::from([options(&mut words)?]))
    } else if words.is_at_end() {
        return Err(words.expected("an action").hint(ACTIONS));
    } else {
        let word = words.text();
        let mistake =
            Mistake::new(verb, format!("`{word}` is no action of ALTER TABLE")).hint(ACTIONS);
        return Err(match &*word.to_ascii_uppercase() {
            "MODIFY" | "CHANGE" => Mistake::new(verb, format!("`{word}` is how MySQL changes a column"))
                .hint(
                    "in standard SQL each part is an action of its own: ALTER COLUMN c TYPE …, ALTER COLUMN c \
                     SET NOT NULL, ALTER COLUMN c SET DEFAULT …; and RENAME COLUMN c TO d",
                ),
            "WITH" => mistake.hint("without WITH CHECK the statement is standard SQL: ADD CONSTRAINT …"),
            _ => mistake,
        });
    };
    words.finish().map_err(|mistake| match words.is_any(&["USING", "FIRST", "AFTER"]) {
        true => mistake,
        false => {
            mistake.hint("a comma stands between two actions, a semicolon between two statements")
        }
    })?;
    Ok(action)
}

/// `SET [NOT] STRICT`, `SET WITH[OUT] ROWID`, `SET [NOT] AUTOINCREMENT`.
fn options(words: &mut Words<'_>) -> Result<TableChange, Mistake> {
    let (mut strict, mut without_rowid, mut autoincrement) = (None, None, None);
    if words.accept_all(&["WITHOUT", "ROWID"]) {
        without_rowid = Some(true);
    } else if words.accept_all(&["WITH", "ROWID"]) {
        without_rowid = Some(false);
    } else {
        let flag = !words.accept("NOT");
        if words.accept("STRICT") {
            strict = Some(flag);
        } else if words.accept("AUTOINCREMENT") {
            autoincrement = Some(flag);
        } else {
            return Err(words.expected("STRICT, AUTOINCREMENT, WITHOUT ROWID or WITH ROWID"));
        }
    }
    Ok(TableChange::SetOptions { strict, without_rowid, autoincrement })
}

fn if_exists(words: &mut Words<'_>) -> bool {
    words.accept_all(&["IF", "EXISTS"])
}

fn if_needed(is_optional: bool, change: TableChange) -> TableChange {
    match is_optional {
        true => TableChange::IfNeeded(Box::new(change)),
        false => change,
    }
}

fn drop(words: &mut Words<'_>) -> Result<TableChange, Mistake> {
    if words.is_any(&CONSTRAINTS) {
        return drop_constraint(words);
    }
    if words.is("INDEX") {
        return Err(Mistake::new(words.here(), "An index is dropped by a statement of its own")
            .hint("write DROP INDEX and its name"));
    }
    words.accept_column(&[]);
    let is_optional = if_exists(words);
    if words.is_symbol("(") {
        return Err(words
            .expected("the name of a column")
            .hint("each column is dropped by an action of its own: DROP COLUMN a, DROP COLUMN b"));
    }
    let name = words.name("the name of a column")?;
    let dependents = match words.accept("CASCADE") {
        true => Dependents::Drop,
        false => {
            words.accept("RESTRICT");
            Dependents::Refuse
        }
    };
    Ok(if_needed(is_optional, TableChange::DropColumn { name, dependents }))
}

fn drop_constraint(words: &mut Words<'_>) -> Result<TableChange, Mistake> {
    let is_named = words.accept("CONSTRAINT");
    let is_optional = if_exists(words);
    let is_defined = words.is_any(&CONSTRAINTS[1..]);
    let address = match is_named && !is_defined {
        true => ConstraintAddress::Named(words.name("the name of a constraint")?),
        false => ConstraintAddress::Defined(definition(words)?),
    };
    if words.is("CASCADE") {
        return Err(Mistake::new(words.here(), "CASCADE is not followed where a constraint is dropped").hint(
            "leave it out, and drop the foreign keys that need the constraint by statements of their own",
        ));
    }
    words.accept("RESTRICT");
    Ok(if_needed(is_optional, TableChange::DropConstraint(address)))
}

/// The definition that a constraint without a name is addressed by.
fn definition(words: &mut Words<'_>) -> Result<String, Mistake> {
    let by_name = |words: &Words<'_>| {
        words
            .expected("(")
            .hint("a constraint with a name is dropped by DROP CONSTRAINT and that name")
    };
    let start = words.here().start;
    if words.accept("PRIMARY") {
        words.expect("KEY")?;
        if !words.is_symbol("(") {
            return Ok("PRIMARY KEY".into());
        }
    } else if words.accept("FOREIGN") {
        words.expect("KEY")?;
        let columns = words.parenthesised().ok_or_else(|| by_name(words))?;
        if !words.is("REFERENCES") {
            return Ok(format!("FOREIGN KEY {columns}"));
        }
        let ends = ["CASCADE", "RESTRICT"];
        let mut end = words.until(&ends).end;
        // Of these the last is no action of the key.
        while words.is_any(&ends) && is_action(&words.sql[start..end]) {
            ends.iter().any(|end| words.accept(end));
            end = match words.is_at_end() {
                true => words.end(),
                false => words.until(&ends).end,
            };
        }
        return whole(words, start, end);
    } else {
        words.accept("UNIQUE");
        words.accept("CHECK");
    }
    let end = match words.parenthesised() {
        Some(_) => words.end(),
        None => return Err(by_name(words)),
    };
    whole(words, start, end)
}

/// Whether what follows is what a foreign key does.
fn is_action(before: &str) -> bool {
    let word = before.split_ascii_whitespace().next_back().unwrap_or_default();
    word.eq_ignore_ascii_case("DELETE") || word.eq_ignore_ascii_case("UPDATE")
}

/// A constraint as it stands there.
fn whole(words: &Words<'_>, start: usize, end: usize) -> Result<String, Mistake> {
    let span = crate::diagnostic::Span::new(start, end);
    words.as_table("CREATE TABLE t (c, ", span)?;
    Ok(span.of(words.sql).into())
}

fn rename(words: &mut Words<'_>) -> Result<Action, Mistake> {
    let change = |change| Ok(Action::Changes(Vec::from([change])));
    if words.accept("TO") {
        return change(TableChange::RenameTable { to: words.name("the name to be")? });
    }
    if words.accept("INDEX") {
        let is_optional = if_exists(words);
        let (from, to) = from_to(words, "the name of an index")?;
        return Ok(Action::RenameIndex { from, to, if_exists: is_optional });
    }
    if words.accept("CONSTRAINT") {
        let is_optional = if_exists(words);
        let (from, to) = from_to(words, "the name of a constraint")?;
        return change(if_needed(is_optional, TableChange::RenameConstraint { from, to }));
    }
    words.accept_column(&["TO"]);
    let is_optional = if_exists(words);
    let (from, to) = from_to(words, "TO, COLUMN, CONSTRAINT or INDEX")?;
    change(if_needed(is_optional, TableChange::RenameColumn { from, to }))
}

fn from_to(words: &mut Words<'_>, what: &str) -> Result<(String, String), Mistake> {
    let from = words.name(what)?;
    words.expect("TO")?;
    Ok((from, words.name("the name to be")?))
}
