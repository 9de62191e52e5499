//! Changes of a table as a statement of standard SQL, which [`read`](super::read) reads again.

use crate::operation::{AlterTable, ConstraintAddress, Dependents, TableChange};
use crate::sqlite::quote;
use alloc::{format, string::String, vec::Vec};

/// The changes as one `ALTER TABLE`, without a final semicolon; `None` if there is no word for one of them.
pub fn write(alter: &AlterTable) -> Option<String> {
    let mut actions: Vec<String> = Vec::new();
    for change in &alter.changes {
        match (change, actions.last_mut()) {
            // It is said with the type before it.
            (TableChange::SetCollation { column, collation }, Some(action))
                if action.starts_with(&format!("ALTER COLUMN {} TYPE ", quote::name(column))) =>
            {
                let collation = collation.as_deref().unwrap_or("BINARY");
                *action += &format!(" COLLATE {}", quote::name(collation));
            }
            _ => action(change, &mut actions)?,
        }
    }
    let if_exists = if alter.if_exists { "IF EXISTS " } else { "" };
    let table = quote::name(&alter.table);
    (!actions.is_empty()).then(|| format!("ALTER TABLE {if_exists}{table} {}", actions.join(", ")))
}

fn action(change: &TableChange, actions: &mut Vec<String>) -> Option<()> {
    let of = |column: &str, what: String| format!("ALTER COLUMN {} {what}", quote::name(column));
    let action = match change {
        TableChange::SetType { column, data_type, cast: false } if !data_type.is_empty() => {
            of(column, format!("TYPE {data_type}"))
        }
        TableChange::SetNullable { column, nullable } => {
            let verb = if *nullable { "DROP" } else { "SET" };
            of(column, format!("{verb} NOT NULL"))
        }
        TableChange::SetDefault { column, default: Some(sql) } => {
            of(column, format!("SET DEFAULT {sql}"))
        }
        TableChange::SetDefault { column, default: None } => of(column, "DROP DEFAULT".into()),
        TableChange::SetGenerated { column, generated: Some(sql) } => {
            let at = sql.find("AS (")?;
            of(column, format!("SET EXPRESSION {}", sql.get(at..)?))
        }
        TableChange::SetGenerated { column, generated: None } => {
            of(column, "DROP EXPRESSION".into())
        }
        TableChange::AddColumn { definition, place: None } => format!("ADD COLUMN {definition}"),
        TableChange::DropColumn { name, dependents: Dependents::Refuse } => {
            format!("DROP COLUMN {}", quote::name(name))
        }
        TableChange::RenameColumn { from, to } => {
            format!("RENAME COLUMN {} TO {}", quote::name(from), quote::name(to))
        }
        TableChange::RenameTable { to } => format!("RENAME TO {}", quote::name(to)),
        TableChange::AddConstraint { definition } => format!("ADD {definition}"),
        TableChange::DropConstraint(ConstraintAddress::Named(name)) => {
            format!("DROP CONSTRAINT {}", quote::name(name))
        }
        TableChange::DropConstraint(ConstraintAddress::Defined(definition)) => {
            format!("DROP {definition}")
        }
        TableChange::SetOptions { strict, without_rowid, autoincrement } => {
            let not = |flag: bool| if flag { "" } else { "NOT " };
            actions.extend(strict.map(|flag| format!("SET {}STRICT", not(flag))));
            let without = |flag: bool| if flag { "OUT" } else { "" };
            actions.extend(without_rowid.map(|flag| format!("SET WITH{} ROWID", without(flag))));
            let counting = autoincrement.map(|flag| format!("SET {}AUTOINCREMENT", not(flag)));
            actions.extend(counting);
            return Some(());
        }
        _ => return None,
    };
    actions.push(action);
    Some(())
}
