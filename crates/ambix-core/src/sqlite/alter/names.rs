//! Names in changes that are carried out together: a column that is renamed among them keeps its name until the
//! end.

use crate::operation::{ColumnPlace, ConstraintAddress, TableChange};
use crate::sqlite::rename;
use alloc::string::String;

/// The column that a change names.
pub(super) fn named(change: &TableChange) -> Option<&str> {
    match change {
        TableChange::DropColumn { name, .. } | TableChange::MoveColumn { name, .. } => Some(name),
        TableChange::RenameColumn { from, .. } => Some(from),
        TableChange::SetType { column, .. }
        | TableChange::SetNullable { column, .. }
        | TableChange::SetDefault { column, .. }
        | TableChange::SetCollation { column, .. }
        | TableChange::SetGenerated { column, .. } => Some(column),
        _ => None,
    }
}

/// What a column was called before these renames.
pub(super) fn before_renames(renames: &[(String, String)], name: &str) -> String {
    renames.iter().rev().fold(name.into(), |name: String, (from, to)| {
        if name.eq_ignore_ascii_case(to) { from.clone() } else { name }
    })
}

/// A change in the names from before these renames.
pub(super) fn translated(
    change: &TableChange,
    table: &str,
    renames: &[(String, String)],
) -> TableChange {
    let name = |name: &mut String| *name = before_renames(renames, name);
    let sql = |sql: &mut String| {
        for (from, to) in renames.iter().rev() {
            *sql = rename::column_in_expression(sql, table, to, from);
        }
    };
    let place = |place: &mut ColumnPlace| match place {
        ColumnPlace::First => {}
        ColumnPlace::Before(column) | ColumnPlace::After(column) => name(column),
    };
    let mut change = change.clone();
    match &mut change {
        TableChange::AddColumn { definition, place: at } => {
            sql(definition);
            at.as_mut().map(place);
        }
        TableChange::DropColumn { name: column, .. }
        | TableChange::SetType { column, .. }
        | TableChange::SetNullable { column, .. }
        | TableChange::SetDefault { column, .. }
        | TableChange::SetCollation { column, .. } => name(column),
        TableChange::MoveColumn { name: column, place: at } => {
            name(column);
            place(at);
        }
        TableChange::SetGenerated { column, generated } => {
            name(column);
            generated.as_mut().map(sql);
        }
        TableChange::AddConstraint { definition } => sql(definition),
        TableChange::DropConstraint(ConstraintAddress::Defined(definition)) => {
            sql(definition);
        }
        TableChange::DropConstraint(ConstraintAddress::Named(_))
        | TableChange::RenameConstraint { .. }
        | TableChange::RenameColumn { .. }
        | TableChange::DropConstraint(ConstraintAddress::Conventional { .. })
        | TableChange::RenameTable { .. }
        | TableChange::IfNeeded(_)
        | TableChange::Redefine { .. }
        | TableChange::Reorder { .. }
        | TableChange::Given { .. }
        | TableChange::Adopt { .. }
        | TableChange::NameConstraints { .. }
        | TableChange::SetOptions { .. } => {}
    }
    change
}
