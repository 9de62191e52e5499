//! `batch_op.add_column` and `batch_op.drop_column`.

use super::alter_column::{add_type_check, drop_named_type};
use super::changes::Changes;
use super::constraint::Of;
use super::reader::Reader;
use super::table::check_type;
use crate::sqlalchemy::{
    Arguments, Built, TableDeclaration, called, check_of_type, column, data_type,
};
use ambix_core::diagnostic::Diagnostic;
use ambix_core::operation::{
    ColumnPlace, CreateIndex, Dependents, Directive, Operation, Recreate, TableChange,
};
use ambix_core::schema::{Constraint, ForeignKey, PrimaryKey, ServerDefault};
use ambix_core::sqlite::ddl;

/// What Alembic says where a place is asked for and nothing is made anew.
const NO_PLACE: &str = "Can't specify insert_before or insert_after when using ALTER; please specify \
                        recreate='always'";

/// Reads `add_column`: the column, then what it says of keys, checks and indexes.
pub(super) fn add_column(
    reader: &Reader,
    mut given: Arguments,
    of: Of,
    recreate: Recreate,
    changes: &mut Changes,
) -> Result<(), Diagnostic> {
    let source = given.source();
    let value = given.required("column")?;
    let mut declared = match called(value) {
        Some((name @ "Column", call)) => column(source, name, call, value.span)?,
        _ => return Err(given.unexpected("column", "a `sa.Column(…)`", value)),
    };
    // It is asked for here.
    declared.is_system = false;
    let before = given.text("insert_before")?;
    let after = given.text("insert_after")?;
    let if_not_exists = given.flag("if_not_exists")?.unwrap_or(false);
    let inline = given.flag("inline_references")?.unwrap_or(false);
    given.refuse(&["schema"])?;
    given.ignore(&["inline_primary_key"]);
    given.finish()?;
    check_type(source, &declared)?;
    let makes_anew = match recreate {
        Recreate::Auto => changes.recreates,
        Recreate::Always => true,
        Recreate::Never => false,
    };
    if (before.is_some() || after.is_some()) && !makes_anew {
        return Err(source.unsupported(value.span, NO_PLACE));
    }
    let place = match (after, before) {
        (Some(after), _) => Some(ColumnPlace::After(changes.old_name(&after))),
        (None, Some(before)) => Some(ColumnPlace::Before(changes.old_name(&before))),
        (None, None) => None,
    };
    let keys = std::mem::take(&mut declared.foreign_keys);
    let checks = std::mem::take(&mut declared.checks);
    let is_key = std::mem::take(&mut declared.primary_key);
    let key_conflict = declared.conflict_key.take();
    if is_key && declared.nullable.is_none() {
        declared.nullable = Some(false);
    }
    let of_type = declared.data_type.clone().filter(|data_type| check_of_type(data_type).is_some());
    let declaration = TableDeclaration {
        name: of.table.into(),
        columns: vec![declared],
        ..TableDeclaration::default()
    };
    let Built { table: mut built, mut indexes, .. } = declaration.build(source)?;
    built.constraints.retain(|constraint| matches!(constraint, Constraint::Unique(_)));
    reader.name_parts(&mut built, &mut indexes, value.span)?;
    let Some(column) = built.columns.into_iter().next() else { return Ok(()) };
    // What Alembic makes the table anew for.
    let is_stored =
        column.generated.as_ref().is_some_and(|generated| generated.stored == Some(true));
    changes.recreates |= is_stored || matches!(column.default, Some(ServerDefault::Sql(_)));
    let unknown =
        |error: ambix_core::schema::UnknownType| source.unsupported(value.span, error.to_string());
    let mut definition = ddl::column(&column).map_err(unknown)?;
    let mut apart: Vec<Constraint> = built.constraints;
    for (key, _) in keys {
        let columns = vec![column.name.clone()];
        let mut key = Constraint::ForeignKey(ForeignKey { columns, ..key });
        reader.name_constraint(&mut key, of.table, value.span)?;
        match (inline, ddl::constraint(&key).split_once(" REFERENCES ")) {
            (true, Some((_, references))) => definition += &format!(" REFERENCES {references}"),
            _ => apart.push(key),
        }
    }
    for (check, _) in checks {
        let mut check = Constraint::Check(check);
        reader.name_constraint(&mut check, of.table, value.span)?;
        apart.push(check);
    }
    if is_key {
        let columns = vec![column.name.clone()];
        let mut key = Constraint::PrimaryKey(PrimaryKey {
            columns,
            on_conflict: key_conflict,
            ..PrimaryKey::default()
        });
        reader.name_constraint(&mut key, of.table, value.span)?;
        apart.push(key);
    }
    let change = TableChange::AddColumn { definition, place };
    changes.add_column(&column.name, if_needed(change, if_not_exists));
    for constraint in apart {
        match if_not_exists {
            true => {
                changes.recreates = true;
                changes.keep_constraint(constraint);
            }
            false => changes.add_constraint(constraint),
        }
    }
    if let Some(data_type) = of_type {
        add_type_check(reader, of.table, &column.name, &data_type, value.span, changes)?;
    }
    for index in indexes {
        let operation = Operation::CreateIndex(CreateIndex { index, if_not_exists });
        changes.create_index(Directive { operation, place: Some(source.place(value.span)) });
    }
    Ok(())
}

/// Reads `drop_column`. UNIQUE and foreign keys that list the column go with it, as in Alembic; what else
/// mentions it has to be dropped in the batch too.
pub(super) fn drop_column(
    reader: &Reader,
    mut given: Arguments,
    of: Of,
    changes: &mut Changes,
) -> Result<(), Diagnostic> {
    let source = given.source();
    let name = given.required_text("column_name")?;
    let if_exists = given.flag("if_exists")?.unwrap_or(false);
    let existing_type = match given.keyword("existing_type") {
        Some(value) => data_type(source, value)?,
        None => None,
    };
    given.refuse(&["schema"])?;
    given.ignore(&["existing_nullable", "existing_server_default", "existing_comment"]);
    given.ignore_other_dialects();
    given.finish()?;
    let name = changes.old_name(&name);
    if let Some(data_type) = &existing_type {
        drop_named_type(reader, of.table, &name, data_type, of.span, changes)?;
    }
    let change = TableChange::DropColumn { name: name.clone(), dependents: Dependents::Keys };
    changes.drop_column(&name, if_needed(change, if_exists));
    Ok(())
}

fn if_needed(change: TableChange, wanted: bool) -> TableChange {
    match wanted {
        true => TableChange::IfNeeded(Box::new(change)),
        false => change,
    }
}
