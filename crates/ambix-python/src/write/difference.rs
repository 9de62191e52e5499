//! Differences between models and database, as Alembic's autogenerate writes them.

use super::column::{computed, data_type, identity, server_default};
use super::constraint::{conflict_of, name, options};
use super::{Style, repr};
use ambix_core::operation::{
    AlterColumn, AlterTable, FOREIGN_KEY_CONVENTION, SchemaChange, UNIQUE_CONVENTION,
};
use ambix_core::schema::{Column, Constraint, DataType, Name};

/// What follows the first arguments of an `alter_column` begins its line so.
pub(super) const INDENT: &str = ",\n           ";

/// What Alembic writes above a directive that it cannot run.
const WARNING: &str = "# WARNING: constraint name is None; this directive will fail as\n\
                       # rendered.  Add a name, or use a naming convention; see\n\
                       # https://alembic.sqlalchemy.org/en/latest/naming.html\n";

/// A directive for a difference.
pub(super) struct Directive {
    /// `op.drop_constraint('uq', 't', type_='unique')`.
    pub(super) text: String,
    /// The convention that its batch must have.
    pub(super) convention: Option<(&'static str, &'static str)>,
}

/// The directive, of a batch or alone; `None` if there is none that says it. With parity one that cannot run is
/// written as Alembic does. In a batch the style is the batch's.
pub(super) fn directive(alter: &AlterTable, is_batch: bool, style: &Style) -> Option<Directive> {
    let table = repr::string(&alter.table);
    let on = if is_batch { String::new() } else { format!("{table}, ") };
    let Style { op, .. } = style;
    let called =
        |found: Option<&Name>| found.map_or_else(|| "None".into(), |found| name(found, style));
    let text = match alter.meaning.as_ref()? {
        SchemaChange::AlterColumn(change) => {
            let column = repr::string(&change.from.name);
            format!("{op}alter_column({on}{column}{})", alterations(change, style)?)
        }
        SchemaChange::AddConstraint(constraint) => {
            let called = called(constraint.name());
            let conflict = conflict_of(constraint, ", sqlite_on_conflict").unwrap_or_default();
            match constraint {
                Constraint::Unique(unique) => {
                    let columns = repr::strings(&unique.columns);
                    format!("{op}create_unique_constraint({called}, {on}[{columns}]{conflict})")
                }
                Constraint::ForeignKey(key) => {
                    let referred = repr::string(&key.referred_table);
                    let (columns, others) =
                        (repr::strings(&key.columns), repr::strings(&key.referred_columns));
                    let options = match options(key, None) {
                        options if options.is_empty() => options,
                        options => format!(", {options}"),
                    };
                    format!(
                        "{op}create_foreign_key({called}, {on}{referred}, [{columns}], [{others}]{options})"
                    )
                }
                Constraint::Check(check) => {
                    let condition = repr::string(&check.expression);
                    format!("{op}create_check_constraint({called}, {on}{condition}{conflict})")
                }
                Constraint::PrimaryKey(_) => return None,
            }
        }
        SchemaChange::DropUnnamed { by_convention: false, .. } => return None,
        SchemaChange::DropUnnamed { constraint, .. } => {
            let name = repr::string(&constraint.name()?.text);
            let kind = kind_of(constraint);
            let convention = match constraint {
                Constraint::ForeignKey(_) => FOREIGN_KEY_CONVENTION,
                _ => UNIQUE_CONVENTION,
            };
            return Some(Directive {
                text: format!("batch_op.drop_constraint({name}, type_='{kind}')"),
                convention: Some(convention),
            });
        }
        SchemaChange::DropConstraint(constraint)
            if constraint.name().is_none() && !style.parity =>
        {
            return None;
        }
        SchemaChange::DropConstraint(constraint) => {
            let kind = kind_of(constraint);
            let warning = if constraint.name().is_none() { WARNING } else { "" };
            let called = called(constraint.name());
            let on = on.trim_end_matches(' ');
            let blank = if on.is_empty() { "" } else { " " };
            format!("{warning}{op}drop_constraint({called}, {on}{blank}type_='{kind}')")
        }
        SchemaChange::ReplaceKey { to: Some(key), .. } => {
            let called = called(key.name.as_ref());
            let columns = repr::strings(&key.columns);
            format!("{op}create_primary_key({called}, {on}[{columns}])")
        }
        SchemaChange::ReplaceKey { to: None, .. } | SchemaChange::SetOptions { .. } => return None,
    };
    Some(Directive { text, convention: None })
}

fn kind_of(constraint: &Constraint) -> &'static str {
    match constraint {
        Constraint::Unique(_) => "unique",
        Constraint::ForeignKey(_) => "foreignkey",
        Constraint::Check(_) => "check",
        Constraint::PrimaryKey(_) => "primary",
    }
}

/// What `alter_column` is given beside the column.
fn alterations(change: &AlterColumn, style: &Style) -> Option<String> {
    let AlterColumn { from, to, .. } = change;
    if change.changes_generated() {
        return None;
    }
    let mut text = String::new();
    let mut argument = |name: &str, value: &str| {
        text += INDENT;
        text += &format!("{name}={value}");
    };
    if change.tells_type {
        argument("existing_type", &data_type(from.data_type.as_ref(), None, style));
    }
    let default = |column: &Column| match (&column.identity, &column.generated, &column.default) {
        (Some(arguments), ..) => Some(identity(arguments, style)),
        (None, Some(generated), _) => Some(computed(generated, style)),
        (None, None, default) => default.as_ref().map(|default| server_default(default, style)),
    };
    let is_new = change.default().is_some() || change.changes_identity();
    if is_new {
        argument("server_default", &default(to).unwrap_or_else(|| "None".into()));
    }
    if change.changes_collation() && !style.parity {
        let takes_one = |it: &DataType| {
            DataType::parameters(&it.class).is_some_and(|known| known.contains(&"collation"))
        };
        let wanted = to.data_type.as_ref().filter(|it| takes_one(it))?;
        argument(
            "type_",
            &data_type(Some(wanted), Some(to.own_collation().unwrap_or("BINARY")), style),
        );
    } else if let Some(wanted) = change.data_type() {
        argument("type_", &data_type(wanted, None, style));
    }
    match change.nullable() {
        Some(nullable) => argument("nullable", repr::boolean(nullable)),
        None => argument("existing_nullable", repr::boolean(from.nullable)),
    }
    if let Some(autoincrement) = change.autoincrement {
        argument("autoincrement", repr::boolean(autoincrement));
    }
    if !is_new && let Some(default) = default(from) {
        argument("existing_server_default", &default);
    }
    Some(text)
}
