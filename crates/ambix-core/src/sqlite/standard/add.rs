//! `ADD COLUMN` and `ADD CONSTRAINT`.

use super::Mistake;
use super::table::CONSTRAINTS;
use super::words::Words;
use crate::operation::TableChange;
use crate::sqlite::create_table::ClauseKind;
use crate::sqlite::token::{Token, tokens};
use alloc::boxed::Box;
use alloc::{format, vec::Vec};

/// What to write instead of a function as a default.
pub(super) const NO_CALL: &str = "a default that is computed stands in parentheses: DEFAULT (datetime('now')); the time \
                                  at which a row is written is DEFAULT CURRENT_TIMESTAMP";

/// What stands behind ADD.
pub(super) fn add(words: &mut Words<'_>) -> Result<TableChange, Mistake> {
    if words.is_any(&CONSTRAINTS) {
        return constraint(words);
    }
    if words.is("INDEX") {
        return Err(Mistake::new(words.here(), "An index is made by a statement of its own")
            .hint("write CREATE INDEX name ON table (columns)"));
    }
    words.accept_column(&[]);
    let is_optional = words.accept_all(&["IF", "NOT", "EXISTS"]);
    if words.is_symbol("(") {
        return Err(words
            .expected("the name of a column")
            .hint("each column is added by an action of its own: ADD COLUMN a …, ADD COLUMN b …"));
    }
    let definition = words.rest();
    if definition.start == definition.end {
        return Err(words.expected("a column or a constraint"));
    }
    let table =
        words.as_table("CREATE TABLE t (", definition).map_err(
            |mistake| match calls_in_default(definition.of(words.sql)) {
                true => mistake.hint(NO_CALL),
                false => mistake,
            },
        )?;
    if table.read.columns.len() != 1 || !table.read.constraints.is_empty() {
        return Err(Mistake::new(definition, "This is not the definition of a column"));
    }
    let definition = definition.of(words.sql).into();
    let change = TableChange::AddColumn { definition, place: None };
    Ok(match is_optional {
        true => TableChange::IfNeeded(Box::new(change)),
        false => change,
    })
}

/// Whether the word behind DEFAULT is a function, which SQLite takes in parentheses only.
fn calls_in_default(definition: &str) -> bool {
    let words: Vec<&str> = tokens(definition)
        .into_iter()
        .filter(Token::is_significant)
        .map(|token| token.span.of(definition))
        .collect();
    let is_call = |words: &[&str]| words[0].eq_ignore_ascii_case("DEFAULT") && words[2] == "(";
    words.windows(3).any(is_call)
}

fn constraint(words: &mut Words<'_>) -> Result<TableChange, Mistake> {
    if words.is("UNIQUE") && (words.is_ahead(1, "INDEX") || words.is_ahead(1, "KEY")) {
        return Err(Mistake::new(words.here(), "An index is made by a statement of its own")
            .hint("write CREATE UNIQUE INDEX name ON table (columns), or ADD CONSTRAINT name UNIQUE (columns)"));
    }
    let definition = words.rest();
    let as_in_create =
        "a constraint is written as SQLite has it in CREATE TABLE: CONSTRAINT name UNIQUE (a, b)";
    let table = words
        .as_table("CREATE TABLE t (c, ", definition)
        .map_err(|mistake| mistake.hint(as_in_create))?;
    let kinds =
        [ClauseKind::PrimaryKey, ClauseKind::Unique, ClauseKind::Check, ClauseKind::ForeignKey];
    match &table.read.constraints[..] {
        [one] if kinds.contains(&one.kind) => {}
        [_] => {
            return Err(words
                .expected("PRIMARY KEY, UNIQUE, CHECK or FOREIGN KEY")
                .hint(as_in_create));
        }
        [_, more, ..] => {
            let more = more.span.of(&table.sql);
            let message = format!("There are several constraints in one action: `{more}`");
            return Err(Mistake::new(definition, message)
                .hint("each is an action of its own: ADD …, ADD …"));
        }
        [] => return Err(words.expected("a constraint").hint(as_in_create)),
    }
    Ok(TableChange::AddConstraint { definition: definition.of(words.sql).into() })
}

/// Whether it is an ADD COLUMN that SQLite refuses: always, or as soon as there are rows. A column that may
/// not be NULL and has no default could not be copied either.
pub(super) fn needs_help(part: &Words<'_>) -> bool {
    let mut words = part.again();
    if !words.accept("ADD") || words.is_any(&CONSTRAINTS) {
        return false;
    }
    words.accept_column(&[]);
    let definition = words.rest();
    let Ok(table) = words.as_table("CREATE TABLE t (", definition) else { return false };
    let [column] = &table.read.columns[..] else { return false };
    let default = column.clause(ClauseKind::Default).map(|clause| clause.inner.of(&table.sql));
    let is_computed = default.is_some_and(|default| {
        default.starts_with('(') || default.to_ascii_uppercase().starts_with("CURRENT_")
    });
    let is_null = default.is_none_or(|default| default.eq_ignore_ascii_case("NULL"));
    is_computed
        || column.clauses.iter().any(|clause| match clause.kind {
            ClauseKind::PrimaryKey | ClauseKind::Unique => true,
            ClauseKind::ForeignKey => !is_null,
            ClauseKind::Generated => {
                clause.span.of(&table.sql).to_ascii_uppercase().ends_with("STORED")
            }
            _ => false,
        })
}
