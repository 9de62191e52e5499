//! Directives about a column or a constraint outside of a batch.

use super::alter_column::alter_column;
use super::changes::Changes;
use super::constraint::{self, Of};
use super::reader::Reader;
use crate::sqlalchemy::Arguments;
use crate::value::Call;
use ambix_core::diagnostic::{Diagnostic, Span};
use ambix_core::operation::{Directive, Recreate};

/// The directives that Alembic has for other databases, and for SQLite within a batch: a batch with one change.
/// Nothing if it is another directive.
pub(super) fn change_of_table(
    reader: &Reader,
    directive: &str,
    call: &Call,
    span: Span,
) -> Result<Option<Vec<Directive>>, Diagnostic> {
    let what = format!("op.{directive}");
    let given = || Arguments::of(reader.source, &what, call, span);
    // Which table is said first or behind the name of the constraint.
    let mut peeked = given();
    let table = match directive {
        "alter_column" => peeked.required_text("table_name")?,
        "create_exclude_constraint" => return Err(constraint::refuse_exclude(reader, span)),
        "create_foreign_key" => {
            peeked.required("constraint_name")?;
            peeked.required_text("source_table")?
        }
        "create_unique_constraint"
        | "create_check_constraint"
        | "create_primary_key"
        | "drop_constraint" => {
            peeked.required("constraint_name")?;
            peeked.required_text("table_name")?
        }
        _ => return Ok(None),
    };
    let mut changes = Changes::default();
    let of = Of { table: &table, span, in_batch: false, convention: &[] };
    let mut given = given();
    match directive {
        "alter_column" => {
            given.required("table_name")?;
            given.refuse_schema()?;
            alter_column(reader, given, &table, span, &mut changes)?;
        }
        "drop_constraint" => constraint::drop(reader, given, of, &mut changes)?,
        _ => constraint::create(reader, directive, given, of, &mut changes)?,
    }
    let place = reader.source.place(span);
    let (before, after) = (Vec::new(), Vec::new());
    Ok(Some(changes.finish(&table, Recreate::Auto, before, after, Some(&place))))
}
