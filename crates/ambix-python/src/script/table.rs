//! The directives that declare columns: `op.create_table` and `op.add_column`.

use crate::sqlalchemy::{
    Arguments, ColumnDeclaration, TableDeclaration, called, column, table_arguments,
};
use crate::syntax::Source;
use ambix_core::diagnostic::Diagnostic;
use ambix_core::operation::{AddColumn, CreateIndex, CreateTable, Operation};

/// `op.create_table(name, *columns, *constraints, …)`: the table, then its indexes.
pub(super) fn create_table(mut given: Arguments) -> Result<Vec<Operation>, Diagnostic> {
    let source = given.source();
    let name = given.required_text("table_name")?;
    let declaration = table_arguments(name, &mut given)?;
    declaration.columns.iter().try_for_each(|column| check_type(source, column))?;
    given.refuse(&["schema", "if_not_exists", "prefixes"])?;
    given.finish()?;
    let (table, indexes) = declaration.build(source)?;
    let mut operations = vec![Operation::CreateTable(CreateTable { table })];
    operations
        .extend(indexes.into_iter().map(|index| Operation::CreateIndex(CreateIndex { index })));
    Ok(operations)
}

/// `op.add_column(table, column)`: the column, then its index if it has one.
pub(super) fn add_column(mut given: Arguments) -> Result<Vec<Operation>, Diagnostic> {
    let source = given.source();
    let table = given.required_text("table_name")?;
    let value = given.required("column")?;
    let declared = match called(value) {
        Some((name @ "Column", call)) => column(source, name, call, value.span)?,
        _ => return Err(given.unexpected("column", "a `sa.Column(…)`", value)),
    };
    given.refuse(&["schema", "if_not_exists", "inline_references", "inline_primary_key"])?;
    given.finish()?;
    check_type(source, &declared)?;
    let refused = if declared.primary_key {
        Some("a primary key")
    } else if !declared.foreign_keys.is_empty() {
        Some("a foreign key")
    } else if !declared.checks.is_empty() {
        Some("a check constraint")
    } else if declared.unique && !declared.index {
        Some("a unique constraint")
    } else {
        None
    };
    if let Some(refused) = refused {
        let message = format!("`op.add_column` with {refused} is not supported yet");
        let hint = "Write it as SQL: `op.execute(\"ALTER TABLE … ADD COLUMN …\")`.";
        return Err(source.unsupported(value.span, message).hint(hint));
    }
    // An index of this column needs the table for its name only.
    let declaration = TableDeclaration {
        name: table.clone(),
        columns: vec![declared],
        ..TableDeclaration::default()
    };
    let (built, indexes) = declaration.build(source)?;
    let columns = built.columns.into_iter();
    let mut operations: Vec<Operation> = columns
        .map(|column| Operation::AddColumn(AddColumn { table: table.clone(), column }))
        .collect();
    operations
        .extend(indexes.into_iter().map(|index| Operation::CreateIndex(CreateIndex { index })));
    Ok(operations)
}

/// A column in a script has no models from which to take a type.
fn check_type(source: Source, column: &ColumnDeclaration) -> Result<(), Diagnostic> {
    if column.data_type.is_some() || column.foreign_keys.is_empty() {
        return Ok(());
    }
    let name = column.name.as_deref().unwrap_or_default();
    Err(source
        .unsupported(column.span, format!("The column '{name}' has no type"))
        .hint("Write the type of the column that its foreign key refers to."))
}
