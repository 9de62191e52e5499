//! `ALTER COLUMN`.

use super::Mistake;
use super::add::NO_CALL;
use super::words::{Words, placed};
use crate::diagnostic::Span;
use crate::operation::TableChange;
use crate::sqlite::create_table::{self, ClauseKind};
use crate::sqlite::token::{Token, tokens};
use alloc::boxed::Box;
use alloc::string::String;
use alloc::{format, vec::Vec};

const ACTIONS: &str = "what can be done to a column is: SET NOT NULL, DROP NOT NULL, SET DEFAULT …, DROP DEFAULT, \
                       TYPE …, SET EXPRESSION AS (…) and DROP EXPRESSION";

/// What stands behind `ALTER` in an action.
pub(super) fn alter(words: &mut Words<'_>) -> Result<Vec<TableChange>, Mistake> {
    if words.is("CONSTRAINT") || words.is("INDEX") {
        let hint = "drop it and add it as it shall be: DROP CONSTRAINT …, ADD CONSTRAINT …";
        return Err(words.expected("a column").hint(hint));
    }
    words.accept_column(&["SET", "DROP", "TYPE"]);
    let is_optional = words.accept_all(&["IF", "EXISTS"]);
    let column = words.name("the name of a column")?;
    let changes = of_column(words, column)?;
    Ok(match is_optional {
        true => changes.into_iter().map(|change| TableChange::IfNeeded(Box::new(change))).collect(),
        false => changes,
    })
}

fn of_column(words: &mut Words<'_>, column: String) -> Result<Vec<TableChange>, Mistake> {
    let place = words.here();
    let nullable = |column, nullable| Vec::from([TableChange::SetNullable { column, nullable }]);
    if words.accept_all(&["SET", "NOT", "NULL"]) {
        return Ok(nullable(column, false));
    }
    if words.accept_all(&["DROP", "NOT", "NULL"]) {
        return Ok(nullable(column, true));
    }
    if words.accept_all(&["DROP", "DEFAULT"]) {
        return Ok(Vec::from([TableChange::SetDefault { column, default: None }]));
    }
    if words.accept_all(&["DROP", "EXPRESSION"]) {
        return Ok(Vec::from([TableChange::SetGenerated { column, generated: None }]));
    }
    if words.accept_all(&["SET", "EXPRESSION"]) {
        let clause = words.rest();
        let table = words.as_table("CREATE TABLE t (c ", clause)?;
        let is_one = matches!(&table.read.columns[..], [one]
            if one.clauses.len() == 1 && one.clause(ClauseKind::Generated).is_some());
        if !is_one {
            return Err(Mistake::new(clause, "This is not how a column is generated")
                .hint("write AS, the expression in parentheses, and VIRTUAL or STORED"));
        }
        let generated = Some(clause.of(words.sql).into());
        return Ok(Vec::from([TableChange::SetGenerated { column, generated }]));
    }
    if words.accept_all(&["SET", "DEFAULT"]) {
        let default = words.rest();
        check_default(words, &column, default)?;
        let default = Some(default.of(words.sql).into());
        return Ok(Vec::from([TableChange::SetDefault { column, default }]));
    }
    if words.accept_all(&["SET", "DATA", "TYPE"]) || words.accept("TYPE") {
        return set_type(words, column);
    }
    if words.is_at_end() {
        return Err(words.expected("what becomes of the column").hint(ACTIONS));
    }
    let verb = words.text();
    if words.accept("SET") || words.accept("DROP") {
        return Err(words
            .expected(&format!("what to {}", verb.to_ascii_lowercase()))
            .hint(ACTIONS));
    }
    let mistake = Mistake::new(place, format!("`{verb}` is not what can be done to a column"));
    // `ALTER COLUMN c INTEGER NOT NULL`, as SQL Server has it.
    let rest = words.rest();
    let sql = format!("CREATE TABLE t (c {}\n)", rest.of(words.sql));
    let is_type = create_table::read(&sql).is_ok_and(|read| {
        let known = [
            "INT",
            "CHAR",
            "TEXT",
            "CLOB",
            "BLOB",
            "REAL",
            "FLOA",
            "DOUB",
            "NUM",
            "DEC",
            "DATE",
            "TIME",
            "BOOL",
            "BIT",
            "JSON",
            "BINARY",
            "UUID",
            "UNIQUEIDENTIFIER",
            "MONEY",
        ];
        let word = verb.to_ascii_uppercase();
        read.columns.len() == 1 && known.iter().any(|part| word.contains(part))
    });
    Err(match is_type {
        false => mistake.hint(ACTIONS),
        true => Mistake::new(place, "A type without TYPE is how SQL Server changes a column").hint(format!(
            "in standard SQL it is: ALTER COLUMN {column} TYPE {verb}…; NOT NULL is an action of its own: ALTER \
             COLUMN {column} SET NOT NULL"
        )),
    })
}

fn set_type(words: &mut Words<'_>, column: String) -> Result<Vec<TableChange>, Mistake> {
    let data_type = words.until(&["COLLATE", "USING"]);
    if data_type.start == data_type.end {
        return Err(words.expected("a type"));
    }
    let table = words.as_table("CREATE TABLE t (c ", data_type)?;
    let text = data_type.of(words.sql);
    let is_type = matches!(&table.read.columns[..], [one]
        if one.clauses.is_empty() && one.declared_type.of(&table.sql) == text);
    if !is_type {
        let clauses = table.read.columns.first().map(|column| &column.clauses[..]);
        let span = match clauses {
            Some([clause, ..]) => placed("CREATE TABLE t (c ", data_type, clause.span),
            _ => data_type,
        };
        let message = format!("`{}` does not belong to a type", span.of(words.sql));
        return Err(Mistake::new(span, message).hint(own_action(&column)));
    }
    let data_type = text.into();
    let mut changes =
        Vec::from([TableChange::SetType { column: column.clone(), data_type, cast: false }]);
    if words.accept("COLLATE") {
        let collation = Some(words.name("the name of a collation")?);
        changes.push(TableChange::SetCollation { column: column.clone(), collation });
    }
    if words.is("USING") {
        return Err(Mistake::new(
            words.here(),
            "USING is not followed: SQLite converts the values by the new type alone",
        )
        .hint(format!(
            "leave it out, and before or behind the statement write UPDATE … SET {column} = …"
        )));
    }
    Ok(changes)
}

/// That it is a value, or an expression that can stand in parentheses.
fn check_default(words: &Words<'_>, column: &str, default: Span) -> Result<(), Mistake> {
    if default.start == default.end {
        return Err(words.expected("a value"));
    }
    let text = default.of(words.sql);
    let is_now = |token: &Token| token.span.of(text).eq_ignore_ascii_case("now");
    let all: Vec<Token> = tokens(text).into_iter().filter(Token::is_significant).collect();
    let calls_now = all.windows(3).any(|three| {
        is_now(&three[0]) && three[1].span.of(text) == "(" && three[2].span.of(text) == ")"
    });
    if calls_now {
        // SQLite would find out when a row is written.
        return Err(Mistake::new(default, "SQLite has no function now()").hint(NO_CALL));
    }
    let clauses = |prefix: &str, value: &str| {
        let read = create_table::read(&format!("{prefix}{value}\n)")).ok()?;
        match (&read.columns[..], &read.constraints[..]) {
            ([one], []) => Some(one.clauses.clone()),
            _ => None,
        }
    };
    const PREFIX: &str = "CREATE TABLE t (c DEFAULT ";
    match clauses(PREFIX, text).as_deref() {
        Some([value]) if value.kind == ClauseKind::Default => Ok(()),
        Some([_, more, ..]) => {
            let span = placed(PREFIX, default, more.span);
            let message = format!("`{}` does not belong to a value", span.of(words.sql));
            Err(Mistake::new(span, message).hint(own_action(column)))
        }
        _ if clauses(PREFIX, &format!("({text})")).is_some_and(|all| all.len() == 1) => Ok(()),
        _ => Err(Mistake::new(default, format!("`{text}` is no value for a column"))
            .hint("write a literal, CURRENT_TIMESTAMP, or an expression in parentheses")),
    }
}

fn own_action(column: &str) -> String {
    format!(
        "say it as an action of its own: ALTER COLUMN {column} SET NOT NULL, ALTER COLUMN {column} SET DEFAULT …"
    )
}
