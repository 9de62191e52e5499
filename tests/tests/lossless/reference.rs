//! A plain way to change a table that is right but slow: it looks at everything before and after, and takes
//! back what it does not like. It shows that the harness lets pass what is right, for every kind of change.

use crate::judge;
use crate::snapshot::Snapshot;
use crate::wrong::native;
use ambix_core::diagnostic::Span;
use ambix_core::operation::{AlterTable, ColumnPlace, ConstraintAddress, TableChange};
use ambix_core::sqlite::create_table::{self, Clause, ClauseKind, ColumnText, CreateTable};
use ambix_core::sqlite::quote;
use ambix_core::sqlite::token::{TokenKind, normalised, tokens};
use ambix_tests::random_schema::names::quoted;
use rusqlite::Connection;

type Applied = Result<(), String>;

/// One change: SQLite's own statement, or a new table in the place of the old one.
pub(crate) fn apply(database: &Connection, change: &AlterTable) -> Applied {
    let before = Snapshot::of(database);
    let keys = database.pragma_query_value(None, "foreign_keys", |row| row.get(0)).unwrap();
    let attempt = copy(database, keys);
    if native(&attempt, change).is_ok() {
        // SQLite does not follow a renamed column into UPDATE OF of a trigger on a view.
        return match judge::changed(&attempt, &before, change) {
            // Nor does it fill a new column with what it would write, where the default is a number of a text.
            Err(problem)
                if problem.ends_with("does not work any more")
                    || problem.starts_with("the rows\n") =>
            {
                Err(problem)
            }
            _ => native(database, change),
        };
    }
    let [one] = change.changes.as_slice() else { return Err("more than one".into()) };
    let was = &before.tables[&change.table.to_ascii_lowercase()];
    let sql = edited(&was.sql, one).ok_or("not in this way")?;
    // What works can only be seen afterwards, so a copy is tried first.
    let copy = copy(database, keys);
    with_keys_off(&copy, keys, || rebuilt(&copy, change, &before, &sql))?;
    let after = Snapshot::of(&copy).works;
    let is_broken = |what: &(&str, String, String)| match after.get(what) {
        Some(works) => !works,
        None => what.0 == "SELECT",
    };
    if before.works.iter().any(|(what, works)| *works && is_broken(what)) {
        return Err("something would not work any more".into());
    }
    with_keys_off(database, keys, || rebuilt(database, change, &before, &sql))
}

fn copy(database: &Connection, keys: i64) -> Connection {
    let mut copy = Connection::open_in_memory().unwrap();
    let backup = rusqlite::backup::Backup::new(database, &mut copy).unwrap();
    backup.run_to_completion(i32::MAX, std::time::Duration::ZERO, None).unwrap();
    drop(backup);
    copy.pragma_update(None, "foreign_keys", keys).unwrap();
    copy
}

fn with_keys_off(database: &Connection, keys: i64, work: impl Fn() -> Applied) -> Applied {
    database
        .execute_batch("PRAGMA foreign_keys = OFF; PRAGMA legacy_alter_table = ON; BEGIN")
        .unwrap();
    let settled = work().and_then(|()| {
        database.execute_batch("COMMIT; PRAGMA legacy_alter_table = OFF").map_err(|e| e.to_string())
    });
    if !database.is_autocommit() {
        database.execute_batch("ROLLBACK").unwrap();
    }
    let after = format!("PRAGMA legacy_alter_table = OFF; PRAGMA foreign_keys = {}", keys);
    database.execute_batch(&after).unwrap();
    settled
}

fn rebuilt(database: &Connection, change: &AlterTable, before: &Snapshot, sql: &str) -> Applied {
    let run = |sql: &str| database.execute_batch(sql).map_err(|error| format!("{error}: {sql}"));
    let was = &before.tables[&change.table.to_ascii_lowercase()];
    let read = create_table::read(sql).map_err(|error| format!("{error:?}"))?;
    let table = quoted(&change.table);
    run(&format!("{} _ambix_new {}", &sql[..read.name.start], &sql[read.name.end..]))?;
    let ordinary = read.table.columns.iter().filter(|column| {
        column.generated.is_none()
            && was.columns.iter().any(|c| c.name.eq_ignore_ascii_case(&column.name))
    });
    let mut names: Vec<String> = ordinary.map(|column| quoted(&column.name)).collect();
    if was.rowid.is_some_and(|alias| read.table.column(alias).is_some()) {
        return Err("not in this way: a column has the name of the rowid".into());
    }
    let alias = was.rowid.filter(|alias| {
        let free = database.prepare(&format!("SELECT {alias} FROM _ambix_new")).is_ok();
        let column =
            create_table::rowid_column(&read).map(|at| quoted(&read.table.columns[at].name));
        free && !column.is_some_and(|column| names.contains(&column))
    });
    names.extend(alias.map(String::from));
    let names = names.join(", ");
    run(&format!("INSERT OR ABORT INTO _ambix_new ({names}) SELECT {names} FROM {table}"))?;
    run(&format!("DROP TABLE {table}; ALTER TABLE _ambix_new RENAME TO {table}"))?;
    let text = format!(
        "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = {} WHERE type = 'table' AND name = {}; \
         PRAGMA writable_schema = RESET",
        quote::text(sql),
        quote::text(&change.table)
    );
    run(&text)?;
    for [kind, _, on, sql] in &before.objects {
        if on.eq_ignore_ascii_case(&change.table) && (kind == "index" || kind == "trigger") {
            run(sql)?;
        }
    }
    if let Some(number) = before.sequence.get(&change.table.to_ascii_lowercase()) {
        let name = quote::text(&change.table);
        run(&format!(
            "UPDATE sqlite_sequence SET seq = max(seq, {number}) WHERE name = {name}; \
             INSERT INTO sqlite_sequence SELECT {name}, {number} WHERE {} AND NOT EXISTS \
             (SELECT 1 FROM sqlite_sequence WHERE name = {name})",
            i32::from(read.table.options.autoincrement)
        ))?;
    }
    // What can be done with the tables is another thing while foreign keys are off.
    let after = Snapshot::of(database);
    let mut dangling = before.dangling.clone();
    let is_known =
        |row| dangling.iter().position(|known| known == row).map(|at| dangling.remove(at));
    if !after.dangling.iter().map(is_known).all(|known| known.is_some()) {
        return Err("a row would point to nothing".into());
    }
    if mismatch(database) {
        return Err("something would not work any more".into());
    }
    Ok(())
}

/// Whether a foreign key does not fit its parent.
fn mismatch(database: &Connection) -> bool {
    ambix_tests::rows(database, "PRAGMA foreign_key_check").is_err()
}

fn edited(sql: &str, change: &TableChange) -> Option<String> {
    let read = create_table::read(sql).ok()?;
    let column = |name: &str| {
        let at =
            read.table.columns.iter().position(|column| column.name.eq_ignore_ascii_case(name))?;
        read.columns.get(at)
    };
    let mut edits: Vec<(Span, String)> = Vec::new();
    let at = |place: usize| Span::new(place, place);
    match change {
        TableChange::AddColumn { definition, place } => {
            edits.push(insertion(&read, &column, place.as_ref(), definition)?)
        }
        TableChange::DropColumn { name, .. } => edits = removed(sql, &read, column(name)?.span)?,
        TableChange::MoveColumn { name, place } => {
            let own = column(name)?.span;
            edits = removed(sql, &read, own)?;
            let insertion = insertion(&read, &column, Some(place), own.of(sql))?;
            // Beside a comma that goes, it would be without one.
            let is_near = |(span, _): &(Span, String)| {
                span.start <= insertion.0.start && insertion.0.start <= span.end
            };
            (!edits.iter().any(is_near)).then_some(())?;
            edits.push(insertion);
        }
        TableChange::SetType { column: name, data_type, .. } => {
            // Blanks, because the next word may follow a quote without one.
            edits.push((column(name)?.declared_type, format!(" {data_type} ")));
        }
        TableChange::SetNullable { column: name, nullable } => {
            let has = column(name)?.clauses.iter().any(|clause| clause.kind == ClauseKind::NotNull);
            // The name and ON CONFLICT of the one that is there stay.
            (*nullable || !has).then_some(())?;
            edits = replaced(
                column(name)?,
                if *nullable {
                    &[ClauseKind::NotNull]
                } else {
                    &[ClauseKind::NotNull, ClauseKind::Null]
                },
                (!nullable).then(|| "NOT NULL".into()),
            )?;
        }
        TableChange::SetDefault { column: name, default } => {
            let clause = default.as_ref().map(|value| format!("DEFAULT {value}"));
            edits = replaced(column(name)?, &[ClauseKind::Default], clause)?;
            // The word stays as it was written.
            if let (Some(old), Some(value)) = (column(name)?.clause(ClauseKind::Default), default) {
                edits = vec![(old.inner, format!(" {value} "))];
            }
        }
        TableChange::SetCollation { column: name, collation } => {
            edits = replaced(
                column(name)?,
                &[ClauseKind::Collate],
                collation.as_ref().map(|name| format!("COLLATE {name}")),
            )?;
        }
        TableChange::SetGenerated { column: name, generated } => {
            edits = replaced(column(name)?, &[ClauseKind::Generated], generated.clone())?;
        }
        TableChange::AddConstraint { definition } if !definition.contains("PRIMARY KEY") => {
            let end = read.constraints.last().map_or(read.end_of_columns, |last| last.span.end);
            edits.push((at(end), format!(", {definition}")));
        }
        TableChange::DropConstraint(address) => {
            let is_meant = |clause: &&Clause| match address {
                ConstraintAddress::Named(name) | ConstraintAddress::Conventional { name, .. } => {
                    clause
                        .name
                        .is_some_and(|own| quote::unquoted(own.of(sql)).eq_ignore_ascii_case(name))
                }
                ConstraintAddress::Defined(defined) => {
                    normalised(clause.span.of(sql)) == normalised(defined)
                }
            };
            if let Some(clause) = read.constraints.iter().find(is_meant) {
                edits = removed(sql, &read, clause.span)?;
            } else {
                let inline =
                    read.columns.iter().flat_map(|column| &column.clauses).find(is_meant)?;
                edits.push((inline.span, " ".into()));
            }
        }
        TableChange::RenameConstraint { from, to } => {
            let inline = read.columns.iter().flat_map(|column| &column.clauses);
            let mut names = inline.chain(&read.constraints).filter_map(|clause| clause.name);
            let is_meant = |name: &Span| quote::unquoted(name.of(sql)).eq_ignore_ascii_case(from);
            edits.push((names.find(is_meant)?, quoted(to)));
        }
        TableChange::SetOptions { strict, without_rowid, autoincrement: None } => {
            let tail = &sql[read.close + 1..];
            let has_comment = tokens(tail).iter().any(|token| token.kind == TokenKind::Comment);
            (!has_comment).then_some(())?;
            let wanted = [
                (strict.unwrap_or(read.table.options.strict), "STRICT"),
                (without_rowid.unwrap_or(read.table.options.without_rowid), "WITHOUT ROWID"),
            ];
            let words: Vec<&str> =
                wanted.iter().filter(|(on, _)| *on).map(|(_, word)| *word).collect();
            edits.push((Span::new(read.close + 1, sql.len()), format!(" {}", words.join(", "))));
        }
        TableChange::Redefine { sql } => return Some(sql.clone()),
        _ => return None,
    }
    edits.sort_by_key(|(span, _)| std::cmp::Reverse(span.start));
    let mut text = sql.to_string();
    for (span, new) in edits {
        text.replace_range(span.start..span.end, &new);
    }
    Some(text)
}

fn insertion<'a>(
    read: &CreateTable,
    column: &impl Fn(&str) -> Option<&'a ColumnText>,
    place: Option<&ColumnPlace>,
    definition: &str,
) -> Option<(Span, String)> {
    let at = |place: usize| Span::new(place, place);
    Some(match place {
        None => (at(read.end_of_columns), format!(", {definition}")),
        Some(ColumnPlace::First) => {
            (at(read.columns.first()?.span.start), format!("{definition}, "))
        }
        Some(ColumnPlace::Before(name)) => {
            (at(column(name)?.span.start), format!("{definition}, "))
        }
        Some(ColumnPlace::After(name)) => (at(column(name)?.span.end), format!(", {definition}")),
    })
}

/// Takes away a part and the comma before it or, for the first column, the one behind it. What is between
/// them stays.
fn removed(sql: &str, read: &CreateTable, span: Span) -> Option<Vec<(Span, String)>> {
    let commas = tokens(sql).into_iter().filter(|token| token.span.of(sql) == ",");
    let commas: Vec<Span> = commas.map(|token| token.span).collect();
    let edit = |span: Span| (span, String::new());
    if read.columns.first()?.span.start == span.start {
        let behind = commas.iter().find(|comma| comma.start >= span.end)?;
        return (read.columns.len() > 1).then(|| vec![edit(span), edit(*behind)]);
    }
    let before = commas.iter().rev().find(|comma| comma.end <= span.start)?;
    // Between table constraints there may be none.
    let between = sql.get(before.end..span.start)?;
    let apart = tokens(between).iter().any(ambix_core::sqlite::token::Token::is_significant);
    // Nor one behind it, so that the one before it has to stay.
    let rest = sql.get(span.end..)?;
    let next = tokens(rest).into_iter().find(ambix_core::sqlite::token::Token::is_significant);
    let last = next.is_none_or(|token| [",", ")"].contains(&token.span.of(rest)));
    Some(if apart || !last { vec![edit(span)] } else { vec![edit(*before), edit(span)] })
}

/// The clauses of some kinds give way to another one; not where one has a name that would stay, or where there are
/// several.
fn replaced(
    column: &ColumnText,
    kinds: &[ClauseKind],
    clause: Option<String>,
) -> Option<Vec<(Span, String)>> {
    let old = column.clauses.iter().filter(|clause| kinds.contains(&clause.kind));
    let old: Vec<&Clause> = old.collect();
    let is_plain = old.len() < 2 && old.iter().all(|clause| clause.name.is_none());
    (clause.is_none() || is_plain).then_some(())?;
    let old = old.into_iter();
    let mut edits: Vec<(Span, String)> = old.map(|clause| (clause.span, " ".into())).collect();
    let end = Span::new(column.span.end, column.span.end);
    edits.extend(clause.map(|clause| (end, format!(" {clause}"))));
    Some(edits)
}
