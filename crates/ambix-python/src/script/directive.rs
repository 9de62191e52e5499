use super::bulk_insert::bulk_insert;
use super::column::{add_column, drop_column};
use super::execute::{execute, statement};
use super::index::{create_index, drop_index};
use super::reader::Reader;
use super::single_change::change_of_table;
use super::table::{create_table, drop_table, rename_table, table_comment};
use crate::sqlalchemy::{Arguments, explain_undefined};
use crate::value::Value;
use ambix_core::diagnostic::Diagnostic;
use ambix_core::operation::{Directive, Operation};

/// What to write instead of a directive that is not known.
pub(crate) const WRITE_SQL: &str = "Write what it does as SQL, in `op.execute(…)`.";

/// Reads one statement of a script: a call of a directive. One directive can be several operations:
/// a column with `index=True` is a column and an index.
pub(super) fn read_directive(
    reader: &Reader,
    value: &Value,
    directives: &mut Vec<Directive>,
) -> Result<(), Diagnostic> {
    let source = reader.source;
    let unsupported = |message: String| source.unsupported(value.span, message).hint(WRITE_SQL);
    let Some(call) = value.call() else {
        let message = format!("{} is not supported in a revision", capitalised(&value.describe()));
        return Err(unsupported(message));
    };
    let directive = call.callee.path().and_then(|path| path.dotted.strip_prefix("alembic.op."));
    if directive.is_none()
        && let Some(operations) = statement(reader, call, value.span)?
    {
        push(reader, value, operations, directives);
        return Ok(());
    }
    let Some(directive) = directive else {
        let called = call.callee.span.of(source.text);
        let message = format!("`{called}` is not supported in a revision");
        return Err(explain_undefined(source, value, unsupported(message)));
    };
    let what = format!("op.{directive}");
    let given = Arguments::of(source, &what, call, value.span);
    let span = value.span;
    if let Some(changes) = change_of_table(reader, directive, call, span)? {
        directives.extend(changes);
        return Ok(());
    }
    let operations = match directive {
        "create_table" => create_table(reader, given, span)?,
        "drop_table" => drop_table(given)?,
        "rename_table" => rename_table(given)?,
        "add_column" => add_column(reader, given)?,
        "drop_column" => drop_column(given)?,
        "create_index" => create_index(reader, given, span)?,
        "drop_index" => drop_index(reader, given, span)?,
        "create_table_comment" => table_comment(given, true)?,
        "drop_table_comment" => table_comment(given, false)?,
        "execute" => execute(reader, given)?,
        "bulk_insert" => vec![bulk_insert(given, reader.tables)?],
        _ => return Err(unsupported(format!("`{what}` is not supported in a revision yet"))),
    };
    push(reader, value, operations, directives);
    Ok(())
}

fn push(
    reader: &Reader,
    value: &Value,
    operations: Vec<Operation>,
    directives: &mut Vec<Directive>,
) {
    let place = reader.source.place(value.span);
    directives.extend(
        operations.into_iter().map(|operation| Directive { operation, place: Some(place.clone()) }),
    );
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().collect::<String>() + letters.as_str()
    })
}
