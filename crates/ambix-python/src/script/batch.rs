//! `with op.batch_alter_table(…) as batch_op:`. What is said to a batch is collected, and done where the block
//! ends; what is said to `op` within the block is done in its place.

use super::alter_column::alter_column;
use super::batch_column::{add_column, drop_column};
use super::batch_settings::{Settings, settings};
use super::changes::Changes;
use super::constraint::{self, Of};
use super::directive::{WRITE_SQL, read_directive};
use super::reader::Reader;
use crate::sqlalchemy::Arguments;
use crate::value::{Call, Keyword, Kind, Origin, Path, Value};
use ambix_core::diagnostic::{Diagnostic, Span};
use ambix_core::operation::{Directive, Recreate, TableChange};

/// A batch whose block has not ended.
pub(super) struct Batch {
    /// What the script calls it.
    alias: Option<String>,
    settings: Settings,
    changes: Changes,
    span: Span,
}

/// Opens the batch that the value of a `with` is; nothing if it is something else.
pub(super) fn open(
    reader: &Reader,
    value: &Value,
    alias: Option<&str>,
) -> Option<Result<Batch, Diagnostic>> {
    let call = value.call()?;
    if call.callee.path()?.dotted != "alembic.op.batch_alter_table" {
        return None;
    }
    let given = Arguments::of(reader.source, "op.batch_alter_table", call, value.span);
    let span = value.span;
    Some(settings(reader, given).map(|settings| {
        let mut changes = Changes::default();
        changes.one_by_one = settings.recreate == Recreate::Never;
        Batch { alias: alias.map(Into::into), settings, changes, span }
    }))
}

impl Batch {
    /// Where the block begins.
    pub(super) const fn span(&self) -> Span {
        self.span
    }

    /// The changes, when the block has ended.
    pub(super) fn close(self, reader: &Reader, directives: &mut Vec<Directive>) {
        let Settings { table, recreate, convention, given, before, after } = self.settings;
        // What says how the table is made anew counts for nothing if it is not.
        let makes_anew = match recreate {
            Recreate::Auto => self.changes.recreates,
            Recreate::Always => true,
            Recreate::Never => false,
        };
        let (mut first, last) = if makes_anew { (before, after) } else { Default::default() };
        match given {
            // Alembic reflects nothing then, so there is nothing to name, nor to say otherwise.
            Some(sql) => {
                let adopts = makes_anew.then(|| TableChange::Adopt { sql: sql.clone() });
                first = Vec::from([TableChange::Given { sql }]);
                first.extend(adopts);
            }
            None if makes_anew && !convention.is_empty() => {
                first.push(TableChange::NameConstraints { convention });
            }
            None => {}
        }
        let place = reader.source.place(self.span);
        directives.extend(self.changes.finish(&table, recreate, first, last, Some(&place)));
    }
}

/// The innermost of the open batches that a call speaks to, and the call as it would be said to `op`.
pub(super) fn addressed(batches: &[&mut Batch], value: &Value) -> Option<(usize, String, Value)> {
    let call = value.call()?;
    let path = call.callee.path().filter(|path| path.origin == Origin::Defined)?;
    let (alias, directive) = path.dotted.split_once('.')?;
    let at = batches.iter().rposition(|batch| batch.alias.as_deref() == Some(alias))?;
    Some((at, directive.into(), as_op(value, directive)))
}

/// A call as it would be said to `op`.
pub(super) fn as_op(value: &Value, directive: &str) -> Value {
    let Some(call) = value.call() else { return value.clone() };
    let dotted = format!("alembic.op.{directive}");
    let op = Kind::Name(Path { dotted: dotted.into(), origin: Origin::Imported });
    let callee = Value { kind: op, span: call.callee.span };
    let call = Box::new(Call { callee, ..call.clone() });
    Value { kind: Kind::Call(call), span: value.span }
}

/// The call as it would be outside of a batch: with the name of the table, as argument number `at`.
fn with_table(call: &Call, table: &str, at: usize, keyword: &str, span: Span) -> Value {
    let mut call = call.clone();
    let value = Value { kind: Kind::Text(table.into()), span };
    match call.arguments.len() >= at {
        true => call.arguments.insert(at, value),
        false => call.keywords.push(Keyword { name: keyword.into(), value, span }),
    }
    Value { kind: Kind::Call(Box::new(call)), span }
}

/// Takes note of what is said to a batch.
pub(super) fn collect(
    reader: &Reader,
    batch: &mut Batch,
    directive: &str,
    value: &Value,
    directives: &mut Vec<Directive>,
) -> Result<(), Diagnostic> {
    let Some(call) = value.call() else { return Ok(()) };
    let (span, settings) = (value.span, &batch.settings);
    batch.changes.place = Some(reader.source.place(span));
    let table = settings.table.as_str();
    let of = Of { table, span, in_batch: true, convention: &settings.convention };
    let changes = &mut batch.changes;
    let what = format!("{}.{directive}", batch.alias.as_deref().unwrap_or("batch_op"));
    let given = |call| Arguments::of(reader.source, &what, call, span);
    match directive {
        "add_column" => add_column(reader, given(call), of, settings.recreate, changes),
        "drop_column" => drop_column(reader, given(call), of, changes),
        "alter_column" => alter_column(reader, given(call), table, span, changes),
        "create_unique_constraint"
        | "create_check_constraint"
        | "create_primary_key"
        | "create_foreign_key" => constraint::create(reader, directive, given(call), of, changes),
        "drop_constraint" => constraint::drop(reader, given(call), of, changes),
        "create_exclude_constraint" => Err(constraint::refuse_exclude(reader, span)),
        // SQLite has no comments; Alembic makes the table anew for them nevertheless.
        "create_table_comment" | "drop_table_comment" => {
            changes.recreates = true;
            Ok(())
        }
        "create_index" | "drop_index" => {
            let mut read = Vec::new();
            let value = with_table(call, table, 1, "table_name", span);
            read_directive(reader, &value, &mut read)?;
            for one in read {
                match directive {
                    "create_index" => changes.create_index(one),
                    _ => changes.drop_index(one),
                }
            }
            Ok(())
        }
        "execute" => read_directive(reader, value, directives),
        "batch_alter_table" | "get_bind" | "get_context" | "invoke" | "run_async"
        | "inline_literal" | "f" => {
            let message = format!("`{what}` is not supported in a batch");
            Err(reader.source.unsupported(span, message).hint(WRITE_SQL))
        }
        _ => {
            let message = format!("'BatchOperations' object has no attribute '{directive}'");
            let hint = format!("Write `op.{directive}(…)`, before or behind the block.");
            Err(reader.source.unsupported(span, message).hint(hint))
        }
    }
}
