//! `op.create_unique_constraint` and the other directives about constraints, within a batch and outside of one.

use super::changes::Changes;
use super::reader::Reader;
use crate::sqlalchemy::{
    Arguments, condition, foreign_key_options, index_name, refuse_deferrable, texts,
};
use crate::value::Kind;
use ambix_core::diagnostic::{Diagnostic, Span};
use ambix_core::operation::{ConstraintAddress, TableChange};
use ambix_core::schema::{Check, Constraint, ForeignKey, Name, PrimaryKey, Unique};

/// What SQLAlchemy says where neither the author nor a convention names a constraint.
pub(super) const UNNAMED: &str = "Constraint must have a name";

/// Where a directive stands.
#[derive(Clone, Copy)]
pub(super) struct Of<'a> {
    pub(super) table: &'a str,
    pub(super) span: Span,
    /// Whether it is in a batch: then a constraint has to have a name.
    pub(super) in_batch: bool,
    /// The templates by which constraints without a name are found: `naming_convention` of the batch.
    pub(super) convention: &'a [(String, String)],
}

/// Reads `create_…_constraint`. Outside of a batch, the table's name stands behind the constraint's.
pub(super) fn create(
    reader: &Reader,
    directive: &str,
    mut given: Arguments,
    of: Of,
    changes: &mut Changes,
) -> Result<(), Diagnostic> {
    let source = given.source();
    let value = given.required("constraint_name")?;
    let name = index_name(&given, value)?;
    if !of.in_batch {
        let is_key = directive == "create_foreign_key";
        given.required(if is_key { "source_table" } else { "table_name" })?;
    }
    let mut constraint = match directive {
        "create_unique_constraint" => {
            let columns = given.required("columns")?;
            let columns = texts(&given, "columns", columns)?;
            let on_conflict = given.text("sqlite_on_conflict")?;
            Constraint::Unique(Unique { name, columns, on_conflict })
        }
        "create_primary_key" => {
            let columns = given.required("columns")?;
            let columns = texts(&given, "columns", columns)?;
            Constraint::PrimaryKey(PrimaryKey { name, columns, ..PrimaryKey::default() })
        }
        "create_check_constraint" => {
            let value = given.required("condition")?;
            let expression = condition(&given, "condition", value)?;
            let on_conflict = given.text("sqlite_on_conflict")?;
            Constraint::Check(Check { name, expression, on_conflict, in_column: false })
        }
        _ => foreign_key(&mut given, name)?,
    };
    given.refuse_schemas(&["schema", "source_schema", "referent_schema"])?;
    refuse_deferrable(&mut given)?;
    given.ignore(&["info", "comment"]);
    given.ignore_other_dialects();
    given.finish()?;
    reader.name_constraint(&mut constraint, of.table, of.span)?;
    if constraint.name().is_none() && of.in_batch {
        return Err(source
            .unsupported(of.span, UNNAMED)
            .hint("Give it one, or `target_metadata` a naming_convention."));
    }
    changes.add_constraint(constraint);
    Ok(())
}

fn foreign_key(given: &mut Arguments, name: Option<Name>) -> Result<Constraint, Diagnostic> {
    let referred_table = given.required_text("referent_table")?;
    let local = given.required("local_cols")?;
    let columns = texts(given, "local_cols", local)?;
    let remote = given.required("remote_cols")?;
    let referred_columns = texts(given, "remote_cols", remote)?;
    if columns.is_empty() || columns.len() != referred_columns.len() {
        let message = format!(
            "ForeignKeyConstraint number of constrained columns must match the number of \
             referenced columns: {} and {}",
            columns.len(),
            referred_columns.len()
        );
        return Err(given.source().unsupported(local.span, message));
    }
    let options = foreign_key_options(given)?;
    Ok(Constraint::ForeignKey(ForeignKey {
        name,
        columns,
        referred_table,
        referred_columns,
        ..options
    }))
}

/// The error for `create_exclude_constraint`, which only PostgreSQL has.
pub(super) fn refuse_exclude(reader: &Reader, span: Span) -> Diagnostic {
    reader
        .source
        .unsupported(span, "SQLite has no EXCLUDE constraints: only PostgreSQL does")
        .hint("Write the condition as a trigger, in `op.execute(…)`.")
}

/// Reads `drop_constraint`.
pub(super) fn drop(
    reader: &Reader,
    mut given: Arguments,
    of: Of,
    changes: &mut Changes,
) -> Result<(), Diagnostic> {
    let source = given.source();
    let value = given.required("constraint_name")?;
    let name = index_name(&given, value)?;
    if !of.in_batch {
        given.required("table_name")?;
    }
    let kind = match given.either("type_") {
        Some(value) => given.optional_text("type_", value)?,
        None => None,
    };
    let if_exists = given.flag("if_exists")?.unwrap_or(false);
    given.refuse_schema()?;
    given.finish()?;
    let Some(name) = name else {
        return Err(source.unsupported(value.span, UNNAMED).hint(
            "Say which: SQLite keeps no name for it. `naming_convention` of `op.batch_alter_table` \
             gives names to those that have none.",
        ));
    };
    let name = match kind.as_deref() {
        None => name,
        Some(kind) => named_by_kind(reader, kind, name, of)?,
    };
    let text = name.text;
    let address = match of.convention.is_empty() {
        true => ConstraintAddress::Named(text.clone()),
        false => ConstraintAddress::Conventional {
            name: text.clone(),
            convention: of.convention.to_vec(),
        },
    };
    let change = TableChange::DropConstraint(address);
    let change = if if_exists { TableChange::IfNeeded(Box::new(change)) } else { change };
    changes.drop_constraint(Some(&text), change);
    Ok(())
}

/// The name as a constraint of that kind has it: a convention may add to it (`%(constraint_name)s`).
fn named_by_kind(reader: &Reader, kind: &str, name: Name, of: Of) -> Result<Name, Diagnostic> {
    let own = Some(name.clone());
    let constraint = match kind {
        "primary" => Constraint::PrimaryKey(PrimaryKey { name: own, ..PrimaryKey::default() }),
        "unique" => Constraint::Unique(Unique { name: own, ..Unique::default() }),
        "check" => Constraint::Check(Check { name: own, ..Check::default() }),
        "foreignkey" => Constraint::ForeignKey(ForeignKey { name: own, ..ForeignKey::default() }),
        _ => {
            return Err(reader.source.unsupported(
                of.span,
                "'type' can be one of 'check', 'foreignkey', 'primary', 'unique', None",
            ));
        }
    };
    let made = reader.convention.constraint_name(of.table, &constraint);
    let made = made.map_err(|message| reader.unnamed(message, of.span))?;
    Ok(made.unwrap_or(name))
}

/// Whether a value says nothing.
pub(super) fn is_none(value: &crate::value::Value) -> bool {
    matches!(value.kind, Kind::None)
}
