//! What goes, or changes, into tables that keep it.

use super::{Kept, definition, of_revision, push, rowid};
use crate::engine::Model;
use crate::operation::Directive;
use crate::operation::loss::{Conversion, FoundBy, Inventory, Loss, LossKind};
use crate::revision::RevisionId;
use crate::sqlite::alter::Piece;
use crate::sqlite::create_table::CreateTable;
use crate::sqlite::quote;
use alloc::{format, string::String, vec::Vec};

/// Sets aside what is left from an earlier time that the revision was applied. Runs before everything else.
pub(in crate::engine) fn settle(revision: &RevisionId, model: &mut Model) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for kept in of_revision(model, revision) {
        let first = kept.first_name();
        if kept.name.starts_with(&format!("{first}_left")) {
            continue;
        }
        let to = kept.free_name(&format!("{first}_left"), model);
        let tables = [(kept.name.clone(), to.clone()), (kept.sequence(), super::sequence(&to))];
        for (from, to) in tables {
            let Some(sql) = model.table(&from) else { continue };
            // No ALTER TABLE: it wants every view of the database to work.
            push(&mut pieces, model, sql.replacen(&from, &to, 1));
            push(&mut pieces, model, format!("INSERT INTO {to} SELECT * FROM {from}"));
            push(&mut pieces, model, format!("DROP TABLE {from}"));
        }
    }
    pieces
}

/// What is kept around a directive.
#[derive(Default)]
pub(in crate::engine) struct Keeping {
    /// Runs before it.
    pub(in crate::engine) before: Vec<Piece>,
    /// What was kept and may still be there, since only foreign keys' actions take it.
    doubtful: Vec<(Kept, FoundBy)>,
}

/// Keeps what `directive` drops or changes of what was there when the revision began.
pub(in crate::engine) fn keep(
    directive: &Directive,
    revision: &RevisionId,
    at_start: &Inventory,
    model: &mut Model,
) -> Keeping {
    let mut keeping = Keeping::default();
    let mut dropped = None;
    for loss in model.inventory().follow(&directive.operation) {
        if loss.kind == LossKind::Table {
            dropped.clone_from(&loss.table);
        }
        if !loss.can_be_kept {
            continue;
        }
        let Some((table, column)) = names(&loss) else { continue };
        let is_older = match &column {
            None => at_start.table_before(&table).is_some(),
            Some(column) => at_start.column_before(&table, column).is_some(),
        };
        let Some(read) = definition(model, &table).filter(|_| is_older) else { continue };
        let of = Kept::new(revision, read.table.name.clone(), column, model);
        let pieces = &mut keeping.before;
        match (loss.kind, loss.found_by, loss.conversion) {
            (LossKind::Table, ..) => keep_table(of, &read, None, model, pieces),
            (LossKind::ReferringRows, Some(found_by), _) => {
                let of = Kept { parent: dropped.clone(), ..of };
                let which = loss.counted.and_then(|counted| counted.condition);
                let which = which.unwrap_or_else(|| "1".into());
                keep_table(of.clone(), &read, Some(&which), model, pieces);
                keeping.doubtful.push((of, found_by));
            }
            (LossKind::ReferringValues, Some(found_by), _) => {
                let of = Kept { parent: dropped.clone(), ..of };
                let which = loss.counted.and_then(|counted| counted.condition);
                let column = of.column.as_deref().map(quote::name).unwrap_or_default();
                let which = which.unwrap_or_else(|| format!("{column} IS NOT NULL"));
                let made = Made { value: "NULL", which: &which };
                let of = keep_column(of, &found_by, Some(made), model, pieces);
                keeping.doubtful.push((of, found_by));
            }
            (LossKind::Converted, Some(found_by), Some(conversion)) => {
                let Conversion { was, became, value, is_needed, .. } = &conversion;
                let of = Kept { types: Some((was.clone(), became.clone())), ..of };
                let made = Made { value, which: is_needed };
                keep_column(of, &found_by, Some(made), model, pieces);
            }
            (LossKind::Column | LossKind::Computed, Some(found_by), _) => {
                keep_column(of, &found_by, None, model, pieces);
            }
            _ => {}
        }
    }
    keeping
}

/// The table and the column of a loss, by their names now.
fn names(loss: &Loss) -> Option<(String, Option<String>)> {
    match loss.kind {
        LossKind::Rows => None,
        LossKind::Table | LossKind::ReferringRows => Some((loss.table.clone()?, None)),
        LossKind::Column | LossKind::Computed => {
            let counted = loss.counted.as_ref()?;
            Some((counted.table.clone(), Some(counted.column.clone()?)))
        }
        LossKind::Converted | LossKind::ReferringValues => {
            Some((loss.table.clone()?, Some(loss.column.clone()?)))
        }
    }
}

impl Keeping {
    /// Takes out what is still there. Runs behind the directive.
    pub(in crate::engine) fn after(self, model: &mut Model) -> Vec<Piece> {
        let mut pieces = Vec::new();
        for (kept, found_by) in self.doubtful {
            let Some(read) = definition(model, &kept.table) else { continue };
            let (name, table) = (&kept.name, quote::name(&read.table.name));
            let Some(column) = &kept.column else {
                let is_there = match rowid(&read) {
                    Some(rowid) => format!("row IN (SELECT {rowid} FROM {table})"),
                    None => still_there(name, &read, &found_by),
                };
                push(&mut pieces, model, format!("DELETE FROM {name} WHERE {is_there}"));
                continue;
            };
            let found = kept.finds(&read, kept.has_rowids(model), &|key| key.into());
            let column = quote::name(column);
            push(
                &mut pieces,
                model,
                format!(
                    "UPDATE {name} AS kept SET made = (SELECT {table}.{column} FROM {table} WHERE {found})"
                ),
            );
            push(
                &mut pieces,
                model,
                format!(
                    "DELETE FROM {name} AS kept WHERE made IS value OR NOT EXISTS (SELECT 1 FROM {table} \
                     WHERE {found})"
                ),
            );
        }
        pieces
    }
}

/// That the table still has a row of the same key, for a table without rowids.
fn still_there(name: &str, read: &CreateTable, found_by: &FoundBy) -> String {
    let table = quote::name(&read.table.name);
    let stored = read.table.columns.iter().filter(|column| column.generated.is_none());
    let stored: Vec<&str> = stored.map(|column| column.name.as_str()).collect();
    let same = found_by.keys.iter().filter_map(|key| {
        let at = stored.iter().position(|column| column.eq_ignore_ascii_case(key))?;
        Some(format!("{table}.{} = {name}.c{}", quote::name(key), at + 1))
    });
    let same: Vec<String> = same.collect();
    format!("EXISTS (SELECT 1 FROM {table} WHERE {})", same.join(" AND "))
}

/// Values that are not gone but others.
struct Made<'a> {
    /// What they become, in SQL.
    value: &'a str,
    /// Which ones do, in SQL.
    which: &'a str,
}

fn keep_column(
    kept: Kept,
    found_by: &FoundBy,
    made: Option<Made<'_>>,
    model: &mut Model,
    pieces: &mut Vec<Piece>,
) -> Kept {
    let FoundBy { keys, rowid } = found_by;
    let names: Vec<String> = (1..=keys.len()).map(|number| format!("k{number}")).collect();
    let constraint = match (names.join(", "), &rowid) {
        (names, _) if names.is_empty() => names,
        (names, Some(_)) => format!(", UNIQUE ({names})"),
        (names, None) => format!(", PRIMARY KEY ({names})"),
    };
    let (mut own, mut into) = (names.clone(), names);
    let mut from: Vec<String> = keys.iter().map(|key| quote::name(key)).collect();
    if let Some(rowid) = rowid {
        own.insert(0, "row INTEGER PRIMARY KEY".into());
        into.insert(0, "row".into());
        from.insert(0, rowid.clone());
    }
    let mut source = quote::name(&kept.table);
    from.push(kept.column.as_deref().map(quote::name).unwrap_or_default());
    let mut values = "value";
    if let Some(made) = made {
        values = "value, made";
        from.push(made.value.into());
        source = format!("{source} WHERE {}", made.which);
    }
    let (own, into, from) = (own.join(", "), into.join(", "), from.join(", "));
    let kept = Kept { keys: keys.clone(), ..kept };
    let (name, comment) = (&kept.name, kept.comment());
    push(pieces, model, format!("DROP TABLE IF EXISTS {name}"));
    push(pieces, model, format!("CREATE TABLE {name} ({comment} {own}, {values}{constraint})"));
    push(
        pieces,
        model,
        format!("INSERT INTO {name} ({into}, {values}) SELECT {from} FROM {source}"),
    );
    kept
}

/// Keeps the rows of a table, or those for which `which` holds.
fn keep_table(
    kept: Kept,
    read: &CreateTable,
    which: Option<&str>,
    model: &mut Model,
    pieces: &mut Vec<Piece>,
) {
    let stored = read.table.columns.iter().filter(|column| column.generated.is_none());
    let columns: Vec<String> = stored.map(|column| column.name.clone()).collect();
    let mut own: Vec<String> = (1..=columns.len()).map(|number| format!("c{number}")).collect();
    let mut theirs: Vec<String> = columns.iter().map(|name| quote::name(name)).collect();
    if let Some(rowid) = rowid(read) {
        own.insert(0, "row".into());
        theirs.insert(0, rowid);
    }
    let (source, text) = (quote::name(&kept.table), quote::text(&kept.table));
    let kept = Kept { columns, ..kept };
    let (name, own) = (&kept.name, own.join(", "));
    let from = theirs.join(", ");
    push(pieces, model, format!("DROP TABLE IF EXISTS {name}"));
    push(pieces, model, format!("CREATE TABLE {name} ({} {own})", kept.comment()));
    let all = format!("INSERT INTO {name} ({own}) SELECT {from} FROM {source}");
    if let Some(which) = which {
        push(pieces, model, format!("{all} WHERE {which}"));
        return;
    }
    push(pieces, model, all);
    if read.table.options.autoincrement {
        let name = kept.sequence();
        push(pieces, model, format!("DROP TABLE IF EXISTS {name}"));
        push(pieces, model, format!("CREATE TABLE {name} (seq)"));
        push(
            pieces,
            model,
            format!("INSERT INTO {name} (seq) SELECT seq FROM sqlite_sequence WHERE name = {text}"),
        );
    }
}
