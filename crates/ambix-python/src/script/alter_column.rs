//! `op.alter_column` and `batch_op.alter_column`.

use super::changes::Changes;
use super::reader::Reader;
use crate::sqlalchemy::{Arguments, check_of_type, data_type, server_default, type_name};
use crate::value::{Kind, Value};
use ambix_core::diagnostic::{Diagnostic, Span};
use ambix_core::operation::{ConstraintAddress, TableChange};
use ambix_core::schema::{Check, Constraint, DataType, Literal, Name};
use ambix_core::sqlite::ddl;

/// Reads the directive: what of it changes anything in SQLite. A comment does not, and neither does
/// `autoincrement`, which belongs to the table there. Alembic takes a place for the column and does nothing
/// with it; so does this.
pub(super) fn alter_column(
    reader: &Reader,
    mut given: Arguments,
    table: &str,
    span: Span,
    changes: &mut Changes,
) -> Result<(), Diagnostic> {
    let source = given.source();
    let name = given.required_text("column_name")?;
    let column = changes.old_name(&name);
    let nullable = given.flag("nullable")?;
    let default = default(&mut given)?;
    let new_name = given.text("new_column_name")?;
    let set_type = typed(&mut given, "type_")?;
    let existing_type = typed(&mut given, "existing_type")?;
    given.ignore(&["existing_server_default", "existing_nullable", "existing_comment"]);
    given.ignore(&["comment", "autoincrement", "existing_autoincrement"]);
    given.ignore(&["insert_before", "insert_after"]);
    given.ignore_other_dialects();
    given.finish()?;
    let changes_nothing = set_type.is_none()
        && default.is_none()
        && nullable.is_none()
        && new_name.as_ref().is_none_or(|to| *to == column);
    if changes_nothing {
        // The column has to be there nevertheless.
        changes.change(TableChange::Reorder { orders: vec![vec![column]] });
        return Ok(());
    }
    if let (Some(_), Some(existing)) = (&set_type, &existing_type) {
        drop_type_check(reader, table, &column, existing, span, changes)?;
    }
    if let Some(data_type) = &set_type {
        let (data_type, collation) = apart(data_type.clone());
        let sql =
            data_type.sql().map_err(|unknown| source.unsupported(span, unknown.to_string()))?;
        changes.change(TableChange::SetType { column: column.clone(), data_type: sql, cast: true });
        if collation.is_some() {
            changes.change(TableChange::SetCollation { column: column.clone(), collation });
        }
    }
    if let Some(default) = default {
        let default = default.as_ref().map(ddl::default_sql);
        changes.change(TableChange::SetDefault { column: column.clone(), default });
    }
    if let Some(nullable) = nullable {
        changes.change(TableChange::SetNullable { column: column.clone(), nullable });
    }
    if let Some(to) = new_name {
        changes.rename(&column, to);
    }
    match &set_type {
        Some(data_type) => add_type_check(reader, table, &column, data_type, span, changes),
        None => Ok(()),
    }
}

/// A type without its collation, and that: in SQLite it is a clause of its own behind the type.
pub(super) fn apart(mut data_type: DataType) -> (DataType, Option<String>) {
    let collation = match data_type.argument("collation") {
        Some(Literal::Text(name)) => Some(name.clone()),
        _ => None,
    };
    if collation.is_some() {
        data_type.arguments.retain(|argument| argument.name != "collation");
    }
    (data_type, collation)
}

/// The new default; the inner nothing is none. `False` leaves it as it is.
fn default(
    given: &mut Arguments,
) -> Result<Option<Option<ambix_core::schema::ServerDefault>>, Diagnostic> {
    match given.keyword("server_default") {
        None => Ok(None),
        Some(Value { kind: Kind::Bool(false), .. }) => Ok(None),
        Some(value) => server_default(given, value).map(Some),
    }
}

fn typed(given: &mut Arguments, name: &'static str) -> Result<Option<DataType>, Diagnostic> {
    match given.keyword(name) {
        Some(value) => data_type(given.source(), value),
        None => Ok(None),
    }
}

/// The CHECK that a type makes of a column.
///
/// # Errors
/// If the naming convention cannot be filled in.
pub(super) fn add_type_check(
    reader: &Reader,
    table: &str,
    column: &str,
    data_type: &DataType,
    span: Span,
    changes: &mut Changes,
) -> Result<(), Diagnostic> {
    if let Some(made) = check_of_type(data_type) {
        let name = check_name(reader, table, column, made.name.as_ref(), span)?;
        let check = Check { name, ..Check::default() };
        changes.add_type_check(column, made.rest, check);
    }
    Ok(())
}

/// Drops the CHECK that the type of a column made, if it is there.
///
/// # Errors
/// If the naming convention cannot be filled in.
pub(super) fn drop_type_check(
    reader: &Reader,
    table: &str,
    column: &str,
    data_type: &DataType,
    span: Span,
    changes: &mut Changes,
) -> Result<(), Diagnostic> {
    let Some(made) = check_of_type(data_type) else { return Ok(()) };
    let name = check_name(reader, table, column, made.name.as_ref(), span)?;
    let address = match &name {
        Some(name) => ConstraintAddress::Named(name.text.clone()),
        None => {
            let check = Constraint::Check(made.of(column));
            ConstraintAddress::Defined(ddl::constraint(&check))
        }
    };
    drop_if_there(name.as_ref().map(|name| name.text.as_str()), address, changes);
    Ok(())
}

/// Drops the CHECK that bears the name of a type, as a column of that type is dropped.
pub(super) fn drop_named_type(
    reader: &Reader,
    table: &str,
    column: &str,
    data_type: &DataType,
    span: Span,
    changes: &mut Changes,
) -> Result<(), Diagnostic> {
    let Some(name) = type_name(data_type) else { return Ok(()) };
    let Some(name) = check_name(reader, table, column, Some(&name), span)? else { return Ok(()) };
    let address = ConstraintAddress::Named(name.text.clone());
    drop_if_there(Some(&name.text), address, changes);
    Ok(())
}

/// Drops a constraint that the table may not have.
fn drop_if_there(name: Option<&str>, address: ConstraintAddress, changes: &mut Changes) {
    let change = TableChange::IfNeeded(Box::new(TableChange::DropConstraint(address)));
    changes.drop_constraint(name, change);
}

/// The name of the CHECK of a type by the naming convention. Without a name of its own it has none where the
/// convention asks for one.
fn check_name(
    reader: &Reader,
    table: &str,
    column: &str,
    name: Option<&Name>,
    span: Span,
) -> Result<Option<Name>, Diagnostic> {
    let asks = |template: &String| template.contains("%(constraint_name)s");
    if name.is_none() && reader.convention.check.as_ref().is_some_and(asks) {
        return Ok(None);
    }
    let columns = [column.to_string()];
    reader
        .convention
        .check_name(table, name, &columns)
        .map_err(|message| reader.unnamed(message, span))
}
