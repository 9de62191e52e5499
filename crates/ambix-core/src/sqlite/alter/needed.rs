//! Changes that are only carried out where there is need.

use super::edit::Definition;
use crate::diagnostic::{Code, Diagnostic};
use crate::operation::{ConstraintAddress, TableChange};
use crate::sqlite::create_table::read;
use crate::sqlite::quote::unquoted;
use alloc::format;

/// Whether a change has something to do on the table of this definition.
///
/// # Errors
/// If it cannot be known what is there.
pub(super) fn is_needed(definition: &Definition, change: &TableChange) -> Result<bool, Diagnostic> {
    let has = |column: &str| definition.position(column).is_some();
    Ok(match change {
        TableChange::AddColumn { definition: column, .. } => {
            !has(&super::edit::new_column(column)?)
        }
        TableChange::DropColumn { name, .. } | TableChange::MoveColumn { name, .. } => has(name),
        TableChange::RenameColumn { from, .. } => has(from),
        TableChange::SetType { column, .. }
        | TableChange::SetNullable { column, .. }
        | TableChange::SetDefault { column, .. }
        | TableChange::SetCollation { column, .. }
        | TableChange::SetGenerated { column, .. } => has(column),
        TableChange::AddConstraint { definition: added } => {
            !has_constraint(definition, &address_of(added))?
                && !has_constraint(definition, &ConstraintAddress::Defined(added.clone()))?
        }
        TableChange::DropConstraint(address) => has_constraint(definition, address)?,
        TableChange::RenameConstraint { from, .. } => {
            has_constraint(definition, &ConstraintAddress::Named(from.clone()))?
        }
        _ => true,
    })
}

fn has_constraint(
    definition: &Definition,
    address: &ConstraintAddress,
) -> Result<bool, Diagnostic> {
    match definition.constraint(address) {
        Ok(_) => Ok(true),
        Err(error) if error.code == Code::NoSuchConstraint => Ok(false),
        Err(error) => Err(error),
    }
}

/// A constraint with a name is the one of that name; another is any that says the same.
fn address_of(constraint: &str) -> ConstraintAddress {
    let probe = format!("CREATE TABLE t (c, {constraint}\n)");
    let name = read(&probe).ok().and_then(|read| read.constraints.first()?.name);
    match name {
        Some(name) => ConstraintAddress::Named(unquoted(name.of(&probe))),
        None => ConstraintAddress::Defined(constraint.into()),
    }
}
