//! What was kept, back to where it was.

use super::{Kept, definition, of_revision, push, rowid};
use crate::engine::Model;
use crate::engine::list::compile;
use crate::operation::loss;
use crate::operation::{AddColumn, AlterTable, Directive, Operation, Recreate, TableChange};
use crate::revision::RevisionId;
use crate::schema::Constraint;
use crate::sqlite::alter::{DEFER_FOREIGN_KEYS, Piece, Stop};
use crate::sqlite::create_table::{self, CreateTable};
use crate::sqlite::objects::ObjectKind;
use crate::sqlite::{quote, split};
use alloc::{format, string::String, vec::Vec};

/// The statements of the downgrade of `revision`, which bring back what was kept for it. What came
/// back is dropped at the end.
///
/// # Errors
/// As [`compile`].
pub(in crate::engine) fn bring_back(
    directives: &[Directive],
    revision: &RevisionId,
    model: &mut Model,
) -> Result<Vec<(usize, Piece)>, Stop> {
    let mut waiting = of_revision(model, revision);
    let mut doomed: Vec<String> = Vec::new();
    let mut all = Vec::new();
    let mut pieces = Vec::new();
    for (at, directive) in directives.iter().enumerate() {
        let mut after = model.clone();
        let compiled = compile(directive, Some(&mut after))?;
        let later = directives.get(at + 1..).unwrap_or_default();
        let (mut back, mut rest) = (Vec::<Kept>::new(), Vec::new());
        for mut kept in waiting {
            // Values can only be compared with what they became right before they change again.
            let came = kept.came && kept.types.is_none();
            kept.came = kept.is_there(&after) && (came || !kept.is_there(model));
            let comes = kept.came
                && kept.finds_rows(&after)
                && !(kept.column.is_none() && is_filled_later(&kept.table, &after, later))
                && !(kept.can_wait() && parent_comes_later(&kept.table, &after, later));
            // Of two under one name this is the turn of the newer one.
            let is_older = back.iter().any(|newer| newer.is_namesake(&kept));
            kept.came &= !is_older;
            match comes && !is_older {
                true => back.push(kept),
                false => rest.push(kept),
            }
        }
        waiting = rest;
        doomed.extend(back.iter().flat_map(|kept| [kept.name.clone(), kept.sequence()]));
        for kept in back.iter().filter(|kept| kept.types.is_some()) {
            forget_changed(kept, directive, model, &mut pieces);
        }
        let needed: Vec<&Kept> = back.iter().filter(|kept| is_needed(kept, &after)).collect();
        match values_first(directive, &needed, &after) {
            None => {
                let before = core::mem::replace(model, after);
                pieces.extend(compiled);
                for kept in &back {
                    clear(kept, &before, model, &mut pieces);
                    fill(kept, model, &mut pieces);
                }
            }
            Some([bare, rest]) => {
                pieces.extend(compile(&bare, Some(model))?);
                for kept in &needed {
                    fill(kept, model, &mut pieces);
                }
                pieces.extend(compile(&rest, Some(model))?);
                for kept in back.iter().filter(|kept| !needed.contains(kept)) {
                    fill(kept, model, &mut pieces);
                }
            }
        }
        all.extend(pieces.drain(..).map(|piece| (at, piece)));
    }
    doomed.retain(|name| model.table(name).is_some());
    for name in doomed {
        push(&mut pieces, model, format!("DROP TABLE {name}"));
    }
    let last = directives.len().saturating_sub(1);
    all.extend(pieces.into_iter().map(|piece| (last, piece)));
    Ok(all)
}

/// Whether the column cannot be made without its values: it may not be NULL, and has no default.
fn is_needed(kept: &Kept, after: &Model) -> bool {
    let Some(column) = kept.column.as_ref().filter(|_| kept.is_dropped()) else { return false };
    let read = definition(after, &kept.table);
    let column = read.as_ref().and_then(|read| read.table.column(column));
    column.is_some_and(|column| !column.nullable && column.default.is_none())
}

/// A directive in two: columns that need values are made without any condition, to be filled in between.
fn values_first(directive: &Directive, needed: &[&Kept], after: &Model) -> Option<[Directive; 2]> {
    let first = needed.first()?;
    let (table, changes, recreate) = match &directive.operation {
        Operation::AlterTable(AlterTable { table, changes, recreate, .. }) => {
            (table, changes.clone(), *recreate)
        }
        Operation::AddColumn(AddColumn { table, .. }) => (table, Vec::new(), Recreate::Auto),
        _ => return None,
    };
    let renames = |change: &TableChange| matches!(change, TableChange::RenameTable { .. });
    if !table.eq_ignore_ascii_case(&first.table) || changes.iter().any(renames) {
        return None;
    }
    let sql = after.table(table)?;
    let read = create_table::read(sql).ok()?;
    let mut bare = Vec::new();
    for kept in needed {
        let column = kept.column.as_ref()?;
        let at = read.table.columns.iter().position(|it| it.name.eq_ignore_ascii_case(column))?;
        let declared = read.columns.get(at)?.declared_type.of(sql);
        let definition = format!("{} {declared}", quote::name(column)).trim_end().into();
        bare.push(TableChange::AddColumn { definition, place: None });
    }
    let is_made = |change: &TableChange| match change {
        TableChange::AddColumn { definition, .. } => needed.iter().any(|kept| {
            let probe = format!("CREATE TABLE t ({definition}\n)");
            let column = kept.column.as_deref().unwrap_or_default();
            create_table::read(&probe).is_ok_and(|read| read.table.column(column).is_some())
        }),
        _ => false,
    };
    let mut changes: Vec<TableChange> =
        changes.into_iter().filter(|change| !is_made(change)).collect();
    changes.push(TableChange::Redefine { sql: sql.into() });
    let recreate = if recreate == Recreate::Never { Recreate::Auto } else { recreate };
    let directive = |changes, recreate| Directive {
        operation: Operation::AlterTable(AlterTable {
            table: table.clone(),
            changes,
            recreate,
            ..AlterTable::default()
        }),
        place: directive.place.clone(),
    };
    Some([directive(bare, Recreate::Auto), directive(changes, recreate)])
}

/// Empties a column that was computed, so that what was computed is in the way of no unique value.
fn clear(kept: &Kept, before: &Model, model: &mut Model, pieces: &mut Vec<Piece>) {
    let Some(name) = kept.column.as_ref().filter(|_| kept.is_dropped()) else { return };
    let before = definition(before, &kept.table);
    let before = before.as_ref().and_then(|read| read.table.column(name));
    let was_computed = before.is_some_and(|column| column.generated.is_some());
    let after = definition(model, &kept.table);
    let column = after.as_ref().and_then(|read| read.table.column(name));
    if was_computed && column.is_some_and(|column| column.nullable) {
        let (table, column) = (quote::name(&kept.table), quote::name(name));
        let sql = format!("UPDATE {table} SET {column} = NULL");
        without_triggers(&kept.table, model, pieces, |model, pieces| push(pieces, model, sql));
    }
}

/// Puts back what was kept. Triggers of the table do not see it.
fn fill(kept: &Kept, model: &mut Model, pieces: &mut Vec<Piece>) {
    let Some(read) = definition(model, &kept.table) else { return };
    without_triggers(&kept.table, model, pieces, |model, pieces| {
        push(pieces, model, DEFER_FOREIGN_KEYS.into());
        match &kept.column {
            Some(column) => {
                let sql = fill_column(kept, column, &read, kept.has_rowids(model));
                push(pieces, model, sql);
            }
            None => fill_table(kept, &read, model, pieces),
        }
    });
}

/// Changes rows of a table whose triggers are taken out meanwhile.
fn without_triggers(
    table: &str,
    model: &mut Model,
    pieces: &mut Vec<Piece>,
    change: impl FnOnce(&mut Model, &mut Vec<Piece>),
) {
    let triggers: Vec<(String, String)> = model
        .objects()
        .filter(|object| object.kind == ObjectKind::Trigger)
        .filter(|object| object.table.eq_ignore_ascii_case(table))
        .filter_map(|object| Some((object.name.clone(), object.sql()?.into())))
        .collect();
    for (name, _) in &triggers {
        push(pieces, model, format!("DROP TRIGGER {}", quote::name(name)));
    }
    change(model, pieces);
    for (_, sql) in triggers {
        push(pieces, model, sql);
    }
}

/// Rows that were deleted since are left out; those that came since keep what they have, and so do values that
/// were changed since.
fn fill_column(kept: &Kept, column: &str, read: &CreateTable, has_rowids: bool) -> String {
    let (table, column) = (quote::name(&read.table.name), quote::name(column));
    let name = &kept.name;
    let found = kept.finds(read, has_rowids, &|key| key.into());
    let is_unchanged = match &kept.parent {
        Some(_) => format!(" AND +{table}.{column} IS kept.made COLLATE BINARY"),
        None => String::new(),
    };
    format!(
        "UPDATE {table} SET {column} = (SELECT kept.value FROM {name} AS kept WHERE {found}) WHERE EXISTS \
         (SELECT 1 FROM {name} AS kept WHERE {found}{is_unchanged})"
    )
}

/// Takes out the values whose row is gone, or holds something else by now than what they became. Runs right before
/// the directive that gives the column its type back.
fn forget_changed(kept: &Kept, directive: &Directive, model: &mut Model, pieces: &mut Vec<Piece>) {
    let name = &kept.name;
    let mut inventory = model.inventory();
    inventory.follow(&directive.operation);
    let same = inventory.table_before(&kept.table).and_then(|table| {
        let read = definition(model, table)?;
        let before = |column: &str| inventory.column_before(&kept.table, column);
        let column = before(kept.column.as_deref()?)?;
        if kept.keys.iter().any(|key| before(key).is_none()) {
            return None;
        }
        let key = |key: &str| before(key).unwrap_or_default().into();
        let found = kept.finds(&read, kept.has_rowids(model), &key);
        let (table, column) = (quote::name(table), quote::name(column));
        Some(format!(
            "EXISTS (SELECT 1 FROM {table} WHERE {found} AND +{table}.{column} IS kept.made COLLATE BINARY)"
        ))
    });
    let sql = match same {
        Some(same) => format!("DELETE FROM {name} AS kept WHERE NOT {same}"),
        None => format!("DELETE FROM {name}"),
    };
    push(pieces, model, sql);
}

/// Whether one of these directives puts rows into the table: those come first, since what the script says itself
/// counts more than what was kept.
fn is_filled_later(table: &str, after: &Model, later: &[Directive]) -> bool {
    let mut inventory = after.inventory();
    for directive in later {
        let is_same =
            inventory.table_before(table).is_some_and(|it| it.eq_ignore_ascii_case(table));
        if !is_same {
            return false;
        }
        let fills = match &directive.operation {
            Operation::BulkInsert(insert) => {
                insert.table.eq_ignore_ascii_case(table) && !insert.rows.is_empty()
            }
            Operation::Execute(execute) => split::statements(&execute.sql).iter().any(|span| {
                loss::inserted(span.of(&execute.sql))
                    .is_some_and(|filled| filled.eq_ignore_ascii_case(table))
            }),
            _ => false,
        };
        if fills {
            return true;
        }
        inventory.follow(&directive.operation);
    }
    false
}

/// Whether a table that rows of this one refer to is only made by one of these directives: before that, SQLite takes
/// no rows that refer to it.
fn parent_comes_later(table: &str, after: &Model, later: &[Directive]) -> bool {
    let Some(read) = definition(after, table) else { return false };
    let mut missing = read.table.constraints.iter().filter_map(|constraint| match constraint {
        Constraint::ForeignKey(key) => Some(key.referred_table.as_str()),
        _ => None,
    });
    let Some(missing) = missing.find(|parent| after.table(parent).is_none()) else { return false };
    let mut inventory = after.inventory();
    later.iter().any(|directive| {
        inventory.follow(&directive.operation);
        inventory.has_table(missing)
    })
}

/// Rows of a key that is there already stay away. A rowid that is no column may be another one then.
fn fill_table(kept: &Kept, read: &CreateTable, model: &mut Model, pieces: &mut Vec<Piece>) {
    let (table, text) = (quote::name(&read.table.name), quote::text(&read.table.name));
    let name = &kept.name;
    let (mut into, mut from) = (Vec::new(), Vec::new());
    for (at, column) in kept.columns.iter().enumerate() {
        if read.table.column(column).is_some_and(|column| column.generated.is_none()) {
            into.push(quote::name(column));
            from.push(format!("c{}", at + 1));
        }
    }
    let has_rowids = kept.has_rowids(model);
    let mut order = "WHERE true".into();
    if let Some(rowid) = rowid(read).filter(|rowid| has_rowids && !into.contains(rowid)) {
        let is_taken = format!("row IN (SELECT {rowid} FROM {table})");
        from.insert(0, format!("CASE WHEN {is_taken} THEN NULL ELSE row END"));
        into.insert(0, rowid);
        order = format!("ORDER BY {is_taken}, row");
    }
    let (into, from) = (into.join(", "), from.join(", "));
    push(
        pieces,
        model,
        format!(
            "INSERT INTO {table} ({into}) SELECT {from} FROM {name} {order} ON CONFLICT DO NOTHING"
        ),
    );
    let sequence = kept.sequence();
    if read.table.options.autoincrement && model.table(&sequence).is_some() {
        push(
            pieces,
            model,
            format!(
                "UPDATE sqlite_sequence SET seq = max(seq, (SELECT coalesce(max(seq), 0) FROM {sequence})) \
                 WHERE name = {text}"
            ),
        );
        push(
            pieces,
            model,
            format!(
                "INSERT INTO sqlite_sequence (name, seq) SELECT {text}, seq FROM {sequence} WHERE NOT EXISTS \
                 (SELECT 1 FROM sqlite_sequence WHERE name = {text})"
            ),
        );
    }
}
