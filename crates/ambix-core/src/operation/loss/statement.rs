//! What a statement that somebody wrote destroys. Sources: <https://sqlite.org/lang_update.html>,
//! <https://sqlite.org/lang_delete.html>, <https://sqlite.org/lang_insert.html>.

use super::inventory::{Inventory, Table};
use super::{Counted, Loss, LossKind};
use crate::sqlite::cursor::Cursor;
use crate::sqlite::quote::unquoted;
use crate::sqlite::token::{TokenKind, tokens};
use alloc::{format, string::String, vec::Vec};

/// Follows one statement. What triggers and functions do is not seen, nor what foreign keys' actions do on DELETE.
pub(super) fn follow(inventory: &mut Inventory, sql: &str, losses: &mut Vec<Loss>) {
    let mut cursor = Cursor::new(sql);
    match () {
        () if cursor.accept("CREATE") => create(inventory, sql, &mut cursor),
        () if cursor.accept_all(&["DROP", "TABLE"]) => {
            cursor.accept_all(&["IF", "EXISTS"]);
            if let Some(name) = qualified(sql, &mut cursor) {
                inventory.drop_table(&name, losses);
            }
        }
        () if cursor.accept_all(&["ALTER", "TABLE"]) => alter(inventory, sql, &mut cursor, losses),
        () => {
            if cursor.accept("WITH") {
                skip_to_verb(&mut cursor);
            }
            changed_rows(inventory, sql, &mut cursor, losses);
            if let Some(table) = written(sql) {
                inventory.write(&table);
            }
        }
    }
}

fn create(inventory: &mut Inventory, sql: &str, cursor: &mut Cursor<'_>) {
    let _ = cursor.accept("TEMP") || cursor.accept("TEMPORARY") || cursor.accept("VIRTUAL");
    if !cursor.accept("TABLE") {
        return;
    }
    let if_not_exists = cursor.accept_all(&["IF", "NOT", "EXISTS"]);
    let Some(name) = qualified(sql, cursor) else { return };
    let may_be_there = !inventory.is_whole || inventory.table_mut(&name).is_some();
    if !(if_not_exists && may_be_there) {
        inventory.create(name, sql);
    }
}

fn alter(inventory: &mut Inventory, sql: &str, cursor: &mut Cursor<'_>, losses: &mut Vec<Loss>) {
    let Some(table) = qualified(sql, cursor) else { return };
    let name = |cursor: &mut Cursor<'_>| cursor.name().map(|span| unquoted(span.of(sql)));
    if cursor.accept("RENAME") {
        if cursor.accept("TO") {
            if let Some(to) = name(cursor) {
                inventory.rename_table(&table, &to);
            }
            return;
        }
        accept_column(cursor);
        if let Some(from) = name(cursor)
            && cursor.accept("TO")
            && let Some(to) = name(cursor)
        {
            inventory.rename_column(&table, &from, &to);
        }
    } else if cursor.accept("ADD") {
        if !cursor.is("CONSTRAINT") && !cursor.is("CHECK") {
            accept_column(cursor);
            inventory.add_column(&table, &sql[cursor.start()..]);
        }
    } else if cursor.accept("DROP") && !cursor.is("CONSTRAINT") {
        accept_column(cursor);
        if let Some(column) = name(cursor) {
            inventory.drop_column(&table, &column, losses);
        }
    }
}

/// Takes COLUMN, unless it is the name of a column.
fn accept_column(cursor: &mut Cursor<'_>) {
    if !cursor.is_ahead(1, "TO") {
        cursor.accept("COLUMN");
    }
}

/// Behind the common table expressions.
fn skip_to_verb(cursor: &mut Cursor<'_>) {
    let verbs = ["SELECT", "VALUES", "INSERT", "REPLACE", "UPDATE", "DELETE"];
    while cursor.peek().is_some() && !verbs.iter().any(|verb| cursor.is(verb)) {
        if cursor.parenthesised().is_none() {
            cursor.take();
        }
    }
}

fn changed_rows(inventory: &Inventory, sql: &str, cursor: &mut Cursor<'_>, losses: &mut Vec<Loss>) {
    let mut lost = |table: String, rows: Which| {
        if let Some(mut loss) = inventory.loss(LossKind::Rows, &table, None) {
            loss.counted = match rows {
                Which::All => loss.counted,
                Which::Those(condition) => {
                    let same = inventory.table(&table).is_some_and(Table::is_as_it_was);
                    let condition = Some(condition);
                    loss.counted.filter(|_| same).map(|counted| Counted { condition, ..counted })
                }
                Which::Unknown => None,
            };
            loss.statement = Some(beginning(sql));
            losses.push(loss);
        }
    };
    if cursor.accept_all(&["DELETE", "FROM"]) {
        if let Some(table) = qualified(sql, cursor) {
            let rows = which(sql, cursor);
            lost(table, rows);
        }
    } else if cursor.accept("UPDATE") {
        if cursor.accept("OR") {
            cursor.take();
        }
        if let Some(table) = qualified(sql, cursor)
            && overwrites(inventory, &table, sql, cursor)
        {
            let ends = ["FROM", "WHERE", "RETURNING", "ORDER", "LIMIT"];
            while cursor.peek().is_some() && !ends.iter().any(|word| cursor.is(word)) {
                if cursor.parenthesised().is_none() {
                    cursor.take();
                }
            }
            let rows = which(sql, cursor);
            lost(table, rows);
        }
    } else {
        let replaces = cursor.accept("REPLACE") || cursor.accept_all(&["INSERT", "OR", "REPLACE"]);
        let overwrites = replaces || cursor.accept("INSERT") && updates(cursor);
        if !overwrites {
            return;
        }
        let mut cursor = Cursor::new(sql);
        while cursor.peek().is_some() && !cursor.accept("INTO") {
            cursor.take();
        }
        if let Some(table) = qualified(sql, &mut cursor) {
            lost(table, Which::Unknown);
        }
    }
}

/// The rows that a statement is about.
enum Which {
    All,
    Those(String),
    Unknown,
}

/// The rows that the end of a DELETE or an UPDATE names, where it says no more than that.
fn which(sql: &str, cursor: &mut Cursor<'_>) -> Which {
    if cursor.peek().is_none() {
        return Which::All;
    }
    if !cursor.accept("WHERE") {
        return Which::Unknown;
    }
    let condition =
        sql.get(cursor.start()..).unwrap_or_default().trim_end_matches([';', ' ', '\n']);
    let is_plain = tokens(condition).iter().all(|token| {
        let word = token.span.of(condition);
        let is_more = ["SELECT", "RETURNING", "ORDER", "LIMIT"];
        !is_more.iter().any(|more| word.eq_ignore_ascii_case(more))
            && !matches!(token.kind, TokenKind::Parameter | TokenKind::Broken)
    });
    match is_plain && !condition.is_empty() {
        true => Which::Those(condition.into()),
        false => Which::Unknown,
    }
}

/// The table whose rows a statement writes, if it writes any.
fn written(sql: &str) -> Option<String> {
    let mut cursor = Cursor::new(sql);
    if cursor.accept("WITH") {
        skip_to_verb(&mut cursor);
    }
    if cursor.accept("DELETE") {
        cursor.accept("FROM");
    } else if cursor.accept("UPDATE") {
        if cursor.accept("OR") {
            cursor.take();
        }
    } else {
        return inserted(sql);
    }
    qualified(sql, &mut cursor)
}

/// The table that a statement puts rows into, if it is an INSERT or a REPLACE.
pub(crate) fn inserted(sql: &str) -> Option<String> {
    let mut cursor = Cursor::new(sql);
    if cursor.accept("WITH") {
        skip_to_verb(&mut cursor);
    }
    if !cursor.accept("INSERT") && !cursor.accept("REPLACE") {
        return None;
    }
    while cursor.peek().is_some() && !cursor.accept("INTO") {
        cursor.take();
    }
    qualified(sql, &mut cursor)
}

/// Whether the rest of an INSERT says DO UPDATE.
fn updates(cursor: &Cursor<'_>) -> bool {
    (0..)
        .take_while(|ahead| cursor.has_ahead(*ahead))
        .any(|ahead| cursor.is_ahead(ahead, "DO") && cursor.is_ahead(ahead + 1, "UPDATE"))
}

/// Whether an UPDATE sets a column that may hold something: one that is older than the plan.
fn overwrites(inventory: &Inventory, table: &str, sql: &str, cursor: &mut Cursor<'_>) -> bool {
    while cursor.peek().is_some() && !cursor.accept("SET") {
        cursor.take();
    }
    let mut is_target = true;
    while cursor.peek().is_some() {
        let ends = ["FROM", "WHERE", "RETURNING", "ORDER", "LIMIT"];
        if ends.iter().any(|word| cursor.is(word)) {
            break;
        }
        let names: Vec<String> = if let Some(list) = cursor.parenthesised() {
            if !is_target {
                continue;
            }
            list.of(sql).split(',').map(|name| unquoted(name.trim())).collect()
        } else if cursor.accept_symbol(",") {
            is_target = true;
            continue;
        } else {
            let Some(token) = cursor.take().filter(|_| is_target) else { continue };
            [unquoted(token.span.of(sql))].into()
        };
        is_target = false;
        if names.iter().any(|name| inventory.loss(LossKind::Column, table, Some(name)).is_some()) {
            return true;
        }
    }
    false
}

/// Takes `name` or `schema.name`, and gives the name.
fn qualified(sql: &str, cursor: &mut Cursor<'_>) -> Option<String> {
    let first = cursor.name()?;
    let second = if cursor.accept_symbol(".") { cursor.name() } else { None };
    Some(unquoted(second.unwrap_or(first).of(sql)))
}

/// The first words of a statement, on one line.
fn beginning(sql: &str) -> String {
    const LENGTH: usize = 60;
    let words: Vec<&str> = sql.split_whitespace().collect();
    let line = words.join(" ");
    match line.char_indices().nth(LENGTH) {
        None => line,
        Some((at, _)) => format!("{}…", line[..at].trim_end()),
    }
}
