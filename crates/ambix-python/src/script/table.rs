//! The directives of whole tables: `op.create_table`, `op.drop_table`, `op.rename_table`, and their comments.

use super::reader::Reader;
use crate::sqlalchemy::{Arguments, Built, ColumnDeclaration, table_arguments};
use crate::syntax::Source;
use ambix_core::diagnostic::{Diagnostic, Span};
use ambix_core::operation::{
    AlterTable, CreateIndex, CreateTable, DropTable, Operation, TableChange,
};

/// `op.create_table(name, *columns, *constraints, …)`: the table, then its indexes.
pub(super) fn create_table(
    reader: &Reader,
    mut given: Arguments,
    span: Span,
) -> Result<Vec<Operation>, Diagnostic> {
    let source = given.source();
    let name = given.required_text("table_name")?;
    let declaration = table_arguments(name, &mut given)?;
    declaration.columns.iter().try_for_each(|column| check_type(source, column))?;
    given.refuse_schema()?;
    let if_not_exists = given.flag("if_not_exists")?.unwrap_or(false);
    let prefixes = match given.keyword("prefixes") {
        Some(value) if !value.is_nothing() => {
            let expected = "a list of strings";
            let items =
                value.items().ok_or_else(|| given.unexpected("prefixes", expected, value))?;
            let texts = items.iter().map(|item| given.expect_text("prefixes", item));
            texts.collect::<Result<Vec<String>, Diagnostic>>()?
        }
        _ => Vec::new(),
    };
    given.finish()?;
    let mut built = declaration.build(source)?;
    reader.name_built(&mut built, span)?;
    let Built { table, indexes, .. } = built;
    let mut operations =
        vec![Operation::CreateTable(CreateTable { table, if_not_exists, prefixes })];
    operations.extend(
        indexes
            .into_iter()
            .map(|index| Operation::CreateIndex(CreateIndex { index, if_not_exists })),
    );
    Ok(operations)
}

/// `op.drop_table(name)`.
pub(super) fn drop_table(mut given: Arguments) -> Result<Vec<Operation>, Diagnostic> {
    let name = given.required_text("table_name")?;
    let if_exists = given.flag("if_exists")?.unwrap_or(false);
    given.refuse_schema()?;
    given.ignore(&["info", "comment", "prefixes", "quote"]);
    given.ignore_other_dialects();
    given.finish()?;
    Ok(vec![Operation::DropTable(DropTable { if_exists, ..DropTable::new(name) })])
}

/// `op.rename_table(old, new)`.
pub(super) fn rename_table(mut given: Arguments) -> Result<Vec<Operation>, Diagnostic> {
    let table = given.required_text("old_table_name")?;
    let to = given.required_text("new_table_name")?;
    given.refuse_schema()?;
    given.finish()?;
    let changes = vec![TableChange::RenameTable { to }];
    let alter = AlterTable { table, changes, ..AlterTable::default() };
    Ok(vec![Operation::AlterTable(alter)])
}

/// `op.create_table_comment(name, comment)` and `op.drop_table_comment(name)`. SQLite keeps no comments: as those
/// of columns, they come to nothing.
pub(super) fn table_comment(
    mut given: Arguments,
    has_text: bool,
) -> Result<Vec<Operation>, Diagnostic> {
    given.required_text("table_name")?;
    if has_text {
        let comment = given.required("comment")?;
        given.optional_text("comment", comment)?;
    }
    given.ignore(&["existing_comment"]);
    given.refuse_schema()?;
    given.finish()?;
    Ok(Vec::new())
}

/// A column in a script has no models from which to take a type.
pub(super) fn check_type(source: Source, column: &ColumnDeclaration) -> Result<(), Diagnostic> {
    if column.data_type.is_some() || column.foreign_keys.is_empty() {
        return Ok(());
    }
    let name = column.name.as_deref().unwrap_or_default();
    Err(source
        .unsupported(column.span, format!("The column '{name}' has no type"))
        .hint("Write the type of the column that its foreign key refers to."))
}
