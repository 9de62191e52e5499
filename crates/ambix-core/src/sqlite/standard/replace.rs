//! `CREATE OR REPLACE` of views and triggers, and `DROP TRIGGER … ON`.

use super::Mistake;
use super::words::Words;
use crate::operation::{Execute, Operation, ReplaceView};
use crate::sqlite::quote;
use alloc::string::String;
use alloc::{format, vec::Vec};

/// What stands behind `CREATE OR REPLACE`.
pub(super) fn create(mut words: Words<'_>) -> Result<Vec<Operation>, Mistake> {
    let start = words.here();
    let is_temporary = words.accept("TEMP") || words.accept("TEMPORARY");
    let is_view = words.accept("VIEW");
    if !is_view && !words.accept("TRIGGER") {
        return Err(words
            .expected("VIEW or TRIGGER")
            .hint("SQLite has nothing else that another can take the place of: drop it, and create it as it shall be"));
    }
    if words.is("IF") && words.is_ahead(1, "NOT") {
        return Err(words
            .expected("a name")
            .hint("OR REPLACE and IF NOT EXISTS contradict each other: leave one of them out"));
    }
    let (schema, name) = words.qualified("a name")?;
    if words.is_at_end() {
        return Err(words.expected(if is_view {
            "AS"
        } else {
            "BEFORE, AFTER, INSTEAD OF, or what it waits for"
        }));
    }
    let create = format!("CREATE {}", words.sql.get(start.start..).unwrap_or_default());
    let is_main = schema.as_ref().is_none_or(|schema| schema.eq_ignore_ascii_case("main"));
    if is_view && is_main && !is_temporary {
        let written = Some(words.sql.into());
        return Ok(Vec::from([Operation::ReplaceView(ReplaceView { name, create, written })]));
    }
    let schema = match is_temporary {
        true => Some("temp".into()),
        false => schema,
    };
    let drop = dropped(if is_view { "VIEW" } else { "TRIGGER" }, schema, &name);
    Ok([drop, create].into_iter().map(|sql| Operation::Execute(Execute::new(sql))).collect())
}

fn dropped(kind: &str, schema: Option<String>, name: &str) -> String {
    let schema = schema.map(|schema| format!("{}.", quote::name(&schema))).unwrap_or_default();
    format!("DROP {kind} IF EXISTS {schema}{}", quote::name(name))
}

/// `DROP TRIGGER … ON table`, as PostgreSQL has it. To SQLite the name of a trigger says all.
pub(super) fn drop_trigger(mut words: Words<'_>) -> Result<Option<Vec<Operation>>, Mistake> {
    let if_exists = words.accept_all(&["IF", "EXISTS"]);
    let start = words.here().start;
    let is_name = words.qualified("").is_ok();
    let end = words.end();
    if !is_name || !words.accept("ON") {
        return Ok(None);
    }
    words.qualified("the name of a table")?;
    let _behaviour = words.accept("RESTRICT") || words.accept("CASCADE");
    words.finish()?;
    let name = words.sql.get(start..end).unwrap_or_default();
    let if_exists = if if_exists { "IF EXISTS " } else { "" };
    let sql = format!("DROP TRIGGER {if_exists}{name}");
    Ok(Some(Vec::from([Operation::Execute(Execute::new(sql))])))
}
