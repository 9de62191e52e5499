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
use crate::syntax::span_of;
use crate::value::{Call, Keyword, Kind, Origin, Path, Value, read};
use ambix_core::diagnostic::{Diagnostic, Span};
use ambix_core::operation::{Directive, Recreate};
use ruff_python_ast::{Expr, WithItem};

/// A batch whose block has not ended.
pub(super) struct Batch {
    /// What the script calls it.
    alias: Option<String>,
    settings: Settings,
    changes: Changes,
    span: Span,
}

/// Opens the batch of an item of a `with`; nothing if the item is something else.
pub(super) fn open(reader: &Reader, item: &WithItem) -> Option<Result<Batch, Diagnostic>> {
    let value = read(reader.names, &item.context_expr);
    let call = value.call()?;
    if call.callee.path()?.dotted != "alembic.op.batch_alter_table" {
        return None;
    }
    let alias = match item.optional_vars.as_deref() {
        None => None,
        Some(Expr::Name(name)) => Some(name.id.as_str().to_string()),
        Some(other) => {
            let message = "A batch must be given one name";
            let hint = "Write `with op.batch_alter_table(…) as batch_op:`.";
            return Some(Err(reader.source.unsupported(span_of(other), message).hint(hint)));
        }
    };
    let given = Arguments::of(reader.source, "op.batch_alter_table", call, value.span);
    let span = value.span;
    Some(settings(reader, given).map(|settings| {
        let mut changes = Changes::default();
        changes.one_by_one = settings.recreate == Recreate::Never;
        Batch { alias, settings, changes, span }
    }))
}

impl Batch {
    /// The changes, when the block has ended.
    pub(super) fn close(self, reader: &Reader, directives: &mut Vec<Directive>) {
        let Settings { table, recreate, given, before, after, .. } = self.settings;
        // What says how the table is made anew counts for nothing if it is not.
        let makes_anew = match recreate {
            Recreate::Auto => self.changes.recreates,
            Recreate::Always => true,
            Recreate::Never => false,
        };
        let (mut first, last) = if makes_anew { (before, after) } else { Default::default() };
        if let Some(given) = given {
            first.insert(0, given);
        }
        let place = reader.source.place(self.span);
        directives.extend(self.changes.finish(&table, recreate, first, last, Some(&place)));
    }
}

/// The innermost open batch that a statement speaks to, and what it says: `alter_column`.
fn addressed<'a>(batches: &[Batch], value: &'a Value) -> Option<(usize, &'a str)> {
    let path = value.call()?.callee.path().filter(|path| path.origin == Origin::Defined)?;
    let (alias, directive) = path.dotted.split_once('.')?;
    let at = batches.iter().rposition(|batch| batch.alias.as_deref() == Some(alias))?;
    Some((at, directive))
}

/// Reads one statement that is a call: of a method of an open batch, or of a directive.
pub(super) fn read_statement(
    reader: &Reader,
    mut value: Value,
    batches: &mut [Batch],
    directives: &mut Vec<Directive>,
) -> Result<(), Diagnostic> {
    let Some((at, directive)) = addressed(batches, &value) else {
        return read_directive(reader, &value, directives);
    };
    let directive = directive.to_string();
    let aliases: Vec<String> = batches.iter().filter_map(|batch| batch.alias.clone()).collect();
    as_op(&mut value, &aliases);
    match batches.get_mut(at) {
        Some(batch) => collect(reader, batch, &directive, &value, directives),
        None => Ok(()),
    }
}

/// Makes `op.f(…)` of `batch_op.f(…)`, and so on.
fn as_op(value: &mut Value, aliases: &[String]) {
    match &mut value.kind {
        Kind::Name(path) if path.origin == Origin::Defined => {
            if let Some((alias, rest)) = path.dotted.split_once('.')
                && aliases.iter().any(|known| known == alias)
            {
                *path = op(rest);
            }
        }
        Kind::List(items) | Kind::Tuple(items) => {
            items.iter_mut().for_each(|item| as_op(item, aliases));
        }
        Kind::Dict(entries) => entries.iter_mut().for_each(|(_, value)| as_op(value, aliases)),
        Kind::Call(call) => {
            as_op(&mut call.callee, aliases);
            call.arguments.iter_mut().for_each(|argument| as_op(argument, aliases));
            call.keywords.iter_mut().for_each(|keyword| as_op(&mut keyword.value, aliases));
        }
        _ => {}
    }
}

fn op(name: &str) -> Path {
    Path { dotted: format!("alembic.op.{name}"), origin: Origin::Imported }
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
fn collect(
    reader: &Reader,
    batch: &mut Batch,
    directive: &str,
    value: &Value,
    directives: &mut Vec<Directive>,
) -> Result<(), Diagnostic> {
    let Some(call) = value.call() else { return Ok(()) };
    let (span, settings) = (value.span, &batch.settings);
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
