//! Comments stay, but for those inside of what was taken away.

use crate::course::refers_to_key_of;
use crate::described::{canonical, mentions, same_words};
use crate::judge::{Asked, Judged};
use crate::snapshot::Snapshot;
use ambix_core::diagnostic::Span;
use ambix_core::operation::{ConstraintAddress, TableChange};
use ambix_core::sqlite::create_table::{self, Clause, ClauseKind, CreateTable};
use ambix_core::sqlite::quote::unquoted;
use ambix_core::sqlite::token::{TokenKind, tokens};

fn comments(sql: &str) -> Vec<(Span, &str)> {
    let all = tokens(sql).into_iter().filter(|token| token.kind == TokenKind::Comment);
    all.map(|token| (token.span, token.span.of(sql).trim_end())).collect()
}

/// Whether each comment of the table is still there, or was inside of what is gone.
pub(crate) fn kept(before: &Snapshot, after: &Snapshot, asked: &Asked<'_>) -> Judged {
    if asked.change.changes.iter().any(|change| matches!(change, TableChange::Redefine { .. })) {
        return Ok(());
    }
    let was = &before.tables[&asked.change.table.to_ascii_lowercase()].sql;
    let is = &after.tables[&asked.table.to_ascii_lowercase()].sql;
    let read = create_table::read(was).map_err(|error| format!("{error:?}"))?;
    let mut gone: Vec<Span> = Vec::new();
    let mut renames: Vec<(&str, &str)> = Vec::new();
    for change in &asked.change.changes {
        if let TableChange::RenameColumn { from, to } = change {
            renames.push((from, to));
        }
        gone.extend(taken_away(change, was, &read, &renames));
    }
    let mut rest: Vec<&str> = comments(is).into_iter().map(|(_, text)| text).collect();
    let is_gone =
        |span: Span| gone.iter().any(|gone| gone.start <= span.start && span.end <= gone.end);
    for (_, text) in comments(was).into_iter().filter(|(span, _)| !is_gone(*span)) {
        let Some(at) = rest.iter().position(|other| *other == text) else {
            return Err(format!("the comment {text} is gone\n{was}\nbecame\n{is}"));
        };
        rest.remove(at);
    }
    Ok(())
}

/// The parts of the text that a change takes away, each up to its neighbours.
fn taken_away(
    change: &TableChange,
    sql: &str,
    read: &CreateTable,
    renames: &[(&str, &str)],
) -> Vec<Span> {
    let place = |name: &str| {
        let name = renames
            .iter()
            .rev()
            .fold(name, |name, (from, to)| if to.eq_ignore_ascii_case(name) { from } else { name });
        read.table.columns.iter().position(|column| column.name.eq_ignore_ascii_case(name))
    };
    let clauses = |name: &str, kinds: &[ClauseKind]| -> Vec<Span> {
        let Some(at) = place(name) else { return Vec::new() };
        let column = &read.columns[at];
        let of_kind = column.clauses.iter().filter(|clause| kinds.contains(&clause.kind));
        of_kind.map(|clause| with_neighbourhood(sql, clause.span)).collect()
    };
    match change {
        TableChange::DropColumn { name, .. } => {
            let Some(at) = place(name) else { return Vec::new() };
            // What mentions the column may go with it.
            let old = unquoted(read.columns[at].name.of(sql));
            let own = std::slice::from_ref(&read.table.name);
            let mentioning = |clause: &&Clause| {
                let tokens = canonical(clause.span.of(sql));
                mentions(&tokens, name) || mentions(&tokens, &old) || refers_to_key_of(&tokens, own)
            };
            let all = read.columns.iter().flat_map(|column| &column.clauses);
            let inline = all.filter(|clause| clause.kind == ClauseKind::ForeignKey);
            let gone = inline.chain(&read.constraints).filter(mentioning);
            let spans = gone.map(|clause| clause.span).chain([read.columns[at].span]);
            spans.map(|span| with_neighbourhood(sql, span)).collect()
        }
        TableChange::SetType { column, .. } => {
            place(column).map(|at| read.columns[at].declared_type).into_iter().collect()
        }
        TableChange::SetNullable { column, .. } => {
            clauses(column, &[ClauseKind::NotNull, ClauseKind::Null])
        }
        TableChange::SetDefault { column, .. } => clauses(column, &[ClauseKind::Default]),
        TableChange::SetCollation { column, .. } => clauses(column, &[ClauseKind::Collate]),
        TableChange::SetGenerated { column, .. } => clauses(column, &[ClauseKind::Generated]),
        TableChange::AddConstraint { .. } | TableChange::DropConstraint(_) => {
            let all =
                read.columns.iter().flat_map(|column| &column.clauses).chain(&read.constraints);
            let gone = all.filter(|clause| match change {
                TableChange::DropConstraint(ConstraintAddress::Named(name)) => {
                    clause.name.is_some_and(|own| unquoted(own.of(sql)).eq_ignore_ascii_case(name))
                }
                TableChange::DropConstraint(ConstraintAddress::Defined(defined)) => {
                    same_words(&canonical(clause.span.of(sql)), &canonical(defined))
                }
                _ => clause.kind == ClauseKind::PrimaryKey,
            });
            gone.map(|clause| with_neighbourhood(sql, clause.span)).collect()
        }
        TableChange::SetOptions { .. } => {
            read.options.iter().map(|span| with_neighbourhood(sql, *span)).collect()
        }
        _ => Vec::new(),
    }
}

/// A part with the blanks and comments around it: whose a comment between two parts is, nobody can say.
fn with_neighbourhood(sql: &str, span: Span) -> Span {
    let (mut start, mut end) = (0, sql.len());
    let mut commas = 0;
    for token in tokens(sql).into_iter().filter(|token| token.is_significant()) {
        if token.span.end <= span.start {
            start = token.span.end;
        } else if token.span.start >= span.end {
            // The comma goes with it, and a comment behind the comma in the same line may.
            if token.span.of(sql) == "," && commas == 0 {
                commas += 1;
                continue;
            }
            end = token.span.start;
            break;
        }
    }
    Span::new(start, end)
}
