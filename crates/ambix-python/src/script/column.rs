//! `op.add_column` and `op.drop_column`.

use super::reader::Reader;
use super::table::check_type;
use crate::sqlalchemy::{Arguments, Built, TableDeclaration, called, column};
use ambix_core::diagnostic::Diagnostic;
use ambix_core::operation::{AddColumn, CreateIndex, DropColumn, Operation};
use ambix_core::schema::{Constraint, PrimaryKey};

/// `op.add_column(table, column)`: the column with its constraints, then its index if it has one.
///
/// Alembic adds the column first and fails at a constraint then. Here they come together, in the definition of
/// the column, with `inline_references=True` and without. As in Alembic, a reference that is asked for so has no
/// name, a primary key becomes one with `inline_primary_key=True` only, and the CHECK of a Boolean or an Enum is
/// left out.
pub(super) fn add_column(
    reader: &Reader,
    mut given: Arguments,
) -> Result<Vec<Operation>, Diagnostic> {
    let source = given.source();
    let table = given.required_text("table_name")?;
    let value = given.required("column")?;
    let mut declared = match called(value) {
        Some((name @ "Column", call)) => column(source, name, call, value.span)?,
        _ => return Err(given.unexpected("column", "a `sa.Column(…)`", value)),
    };
    // It is asked for here.
    declared.is_system = false;
    given.refuse_schema()?;
    let if_not_exists = given.flag("if_not_exists")?.unwrap_or(false);
    let inline_key = given.flag("inline_primary_key")?.unwrap_or(false);
    let inline_references = given.flag("inline_references")?.unwrap_or(false);
    given.finish()?;
    check_type(source, &declared)?;
    let is_key = declared.primary_key && inline_key;
    let key_conflict = declared.conflict_key.clone();
    // The constraints and indexes of this column need the table for their names only.
    let declaration = TableDeclaration {
        name: table.clone(),
        columns: vec![declared],
        ..TableDeclaration::default()
    };
    let Built { table: mut built, mut indexes, type_checks, .. } = declaration.build(source)?;
    let is_of_type = |at: usize| type_checks.iter().any(|(of, _)| *of == at);
    let mut at = 0;
    built.constraints.retain(|constraint| {
        at += 1;
        !is_of_type(at - 1) && !matches!(constraint, Constraint::PrimaryKey(_))
    });
    reader.name_parts(&mut built, &mut indexes, value.span)?;
    let mut operations = Vec::new();
    for column in built.columns {
        let mut constraints = std::mem::take(&mut built.constraints);
        let mut keys =
            constraints.iter_mut().filter(|one| matches!(one, Constraint::ForeignKey(_)));
        if let (true, Some(key), None) = (inline_references, keys.next(), keys.next()) {
            key.set_name(None);
        }
        if is_key {
            let key = PrimaryKey {
                columns: vec![column.name.clone()],
                on_conflict: key_conflict.clone(),
                ..PrimaryKey::default()
            };
            constraints.insert(0, Constraint::PrimaryKey(key));
        }
        let table = table.clone();
        operations.push(Operation::AddColumn(AddColumn {
            table,
            column,
            constraints,
            if_not_exists,
        }));
    }
    operations.extend(
        indexes
            .into_iter()
            .map(|index| Operation::CreateIndex(CreateIndex { index, if_not_exists })),
    );
    Ok(operations)
}

/// `op.drop_column(table, column)`.
pub(super) fn drop_column(mut given: Arguments) -> Result<Vec<Operation>, Diagnostic> {
    let table = given.required_text("table_name")?;
    let name = given.required_text("column_name")?;
    let if_exists = given.flag("if_exists")?.unwrap_or(false);
    given.refuse_schema()?;
    given.ignore_other_dialects();
    given.finish()?;
    Ok(vec![Operation::DropColumn(DropColumn { if_exists, ..DropColumn::new(table, name) })])
}
