//! The changes of a table as directives of a batch.

use super::column::{column, data_type};
use super::constraint::{conflict_of, name};
use super::difference::INDENT;
use super::{Style, repr};
use ambix_core::operation::{ColumnPlace, ConstraintAddress, Dependents, TableChange};
use ambix_core::schema::{Constraint, ForeignKey, ServerDefault, Table};
use ambix_core::sqlite::create_table::read;

/// What of a change is written where.
pub(super) enum Written {
    /// As an argument of `op.batch_alter_table`.
    Argument(String),
    /// As a directive, without `batch_op.`.
    Line(String),
}

/// The changes; those of one column that follow one another are one directive.
///
/// # Errors
/// What no directive says, in words.
pub(super) fn written(
    changes: &[TableChange],
    style: &Style,
) -> Result<Vec<Written>, &'static str> {
    let in_batch = style.in_batch();
    let mut written: Vec<Written> = Vec::new();
    // The column that the last directive alters.
    let mut altered: Option<String> = None;
    // The constraints that are written with their column.
    let mut said = Vec::new();
    for (at, change) in changes.iter().enumerate() {
        if said.contains(&at) {
            continue;
        }
        if let Some((of, argument)) = alteration(change, style)? {
            match written.last_mut() {
                Some(Written::Line(line)) if altered.as_deref() == Some(of) => {
                    line.truncate(line.len() - 1);
                    *line += &format!("{INDENT}{argument})");
                }
                _ => {
                    let line = format!("alter_column({}{INDENT}{argument})", repr::string(of));
                    written.push(Written::Line(line));
                }
            }
            // A batch goes on with the old name.
            altered = Some(of.into());
            continue;
        }
        altered = None;
        match unique_of(changes, at) {
            Some((with_it, constraint)) => {
                written.extend(other(&with_it, style, &in_batch)?);
                said.push(constraint);
            }
            None => written.extend(other(change, style, &in_batch)?),
        }
    }
    Ok(written)
}

/// A new column with a UNIQUE of its own that has no name, which only `sa.Column` can say, and where that
/// constraint is.
fn unique_of(changes: &[TableChange], at: usize) -> Option<(TableChange, usize)> {
    let TableChange::AddColumn { definition, place } = changes.get(at)? else { return None };
    let table = table_of(definition).ok()?;
    let name = &table.columns.first()?.name;
    let (constraint, conflict) = changes.iter().enumerate().skip(at).find_map(|(at, change)| {
        let TableChange::AddConstraint { definition } = change else { return None };
        match constraint_of(definition) {
            Ok(Constraint::Unique(unique))
                if unique.name.is_none() && unique.columns.iter().eq([name]) =>
            {
                Some((at, unique.on_conflict))
            }
            _ => None,
        }
    })?;
    let mut definition = format!("{definition} UNIQUE");
    if let Some(conflict) = conflict {
        definition += " ON CONFLICT ";
        definition += &conflict;
    }
    Some((TableChange::AddColumn { definition, place: place.clone() }, constraint))
}

/// An argument of `alter_column`, and the column.
fn alteration<'a>(
    change: &'a TableChange,
    style: &Style,
) -> Result<Option<(&'a str, String)>, &'static str> {
    Ok(Some(match change {
        TableChange::SetType { column, data_type, .. } => {
            (column, format!("type_={}", type_of(data_type, style)?))
        }
        TableChange::SetNullable { column, nullable } => {
            (column, format!("nullable={}", repr::boolean(*nullable)))
        }
        TableChange::SetDefault { column, default: None } => (column, "server_default=None".into()),
        TableChange::SetDefault { column, default: Some(sql) } => {
            (column, format!("server_default={}text({})", style.sa, repr::sql_text(sql)))
        }
        TableChange::RenameColumn { from, to } => {
            (from, format!("new_column_name={}", repr::string(to)))
        }
        _ => return Ok(None),
    }))
}

fn other(
    change: &TableChange,
    style: &Style,
    in_batch: &Style,
) -> Result<Option<Written>, &'static str> {
    let line = |text: String| Ok(Some(Written::Line(text)));
    let argument = |text: String| Ok(Some(Written::Argument(text)));
    let if_needed = matches!(change, TableChange::IfNeeded(_));
    match change.itself() {
        TableChange::AddColumn { definition, place } => {
            let place = match place {
                None => String::new(),
                Some(ColumnPlace::Before(column)) => {
                    format!(", insert_before={}", repr::string(column))
                }
                Some(ColumnPlace::After(column)) => {
                    format!(", insert_after={}", repr::string(column))
                }
                Some(ColumnPlace::First) => return Err("a column before all others"),
            };
            let needed = if if_needed { ", if_not_exists=True" } else { "" };
            let column = new_column(definition, in_batch)?;
            let inline = match column.contains(&format!(", {}ForeignKey(", style.sa)) {
                true => ", inline_references=True",
                false => "",
            };
            line(format!("add_column({column}{place}{needed}{inline})"))
        }
        TableChange::DropColumn { dependents: Dependents::Drop, .. } => {
            Err("dropping what mentions a column")
        }
        TableChange::DropColumn { name, .. } => {
            let needed = if if_needed { ", if_exists=True" } else { "" };
            line(format!("drop_column({}{needed})", repr::string(name)))
        }
        TableChange::AddConstraint { definition } if if_needed => {
            let constraint = constraint_of(definition)?;
            argument(format!("table_args=({},)", super::constraint::constraint(&constraint, style)))
        }
        TableChange::AddConstraint { definition } => match constraint_of(definition)? {
            Constraint::PrimaryKey(key) if key.on_conflict.is_some() => {
                Err("what a conflict of a primary key does")
            }
            constraint => line(new_constraint(&constraint, in_batch)),
        },
        TableChange::DropConstraint(ConstraintAddress::Named(name)) => {
            let needed = if if_needed { ", if_exists=True" } else { "" };
            line(format!("drop_constraint({}{needed})", repr::string(name)))
        }
        // Whoever reads the batch knows.
        TableChange::Reorder { orders } if orders.is_empty() => Ok(None),
        TableChange::Reorder { orders } => {
            let lists = orders.iter().map(|order| format!("({},)", repr::strings(order)));
            argument(format!("partial_reordering=[{}]", lists.collect::<Vec<_>>().join(", ")))
        }
        TableChange::SetOptions { strict, without_rowid, autoincrement } => {
            let entries = [
                strict.map(|flag| ("sqlite_strict", flag)),
                without_rowid.map(|flag| ("sqlite_with_rowid", !flag)),
                autoincrement.map(|flag| ("sqlite_autoincrement", flag)),
            ];
            let entries = entries
                .iter()
                .flatten()
                .map(|(key, flag)| format!("{}: {}", repr::string(key), repr::boolean(*flag)));
            argument(format!("table_kwargs={{{}}}", entries.collect::<Vec<_>>().join(", ")))
        }
        // Whoever can read the script can read the revisions before it.
        TableChange::Given { .. } => Ok(None),
        TableChange::Adopt { .. } => Err("what another definition says"),
        TableChange::NameConstraints { convention } => {
            let entries = convention
                .iter()
                .map(|(kind, name)| format!("{}: {}", repr::string(kind), repr::string(name)));
            argument(format!("naming_convention={{{}}}", entries.collect::<Vec<_>>().join(", ")))
        }
        TableChange::DropConstraint(_) => Err("dropping a constraint without a name"),
        TableChange::MoveColumn { .. } => Err("another place for a column"),
        TableChange::SetCollation { .. } => Err("another collation"),
        TableChange::SetGenerated { .. } => Err("another generated column"),
        TableChange::RenameTable { .. } => Err("another name for the table"),
        TableChange::Redefine { .. } => Err("another definition"),
        _ => Err("a change of a column that may be missing"),
    }
}

/// What SQL that belongs into a CREATE TABLE says.
fn table_of(inner: &str) -> Result<Table, &'static str> {
    read(&format!("CREATE TABLE t ({inner}\n)")).map(|read| read.table).map_err(|_| "this SQL")
}

fn type_of(sql: &str, style: &Style) -> Result<String, &'static str> {
    let table = table_of(&format!("c {sql}"))?;
    let found = table.columns.first().and_then(|column| column.data_type.as_ref());
    Ok(data_type(found, None, style))
}

/// `sa.Column(…)` with what its definition says of keys and checks.
fn new_column(definition: &str, style: &Style) -> Result<String, &'static str> {
    let table = table_of(definition)?;
    let Some(described) = table.columns.first() else { return Err("this SQL") };
    let mut described = described.clone();
    if let Some(ServerDefault::Text(text)) = &described.default {
        described.default = Some(ServerDefault::Sql(text.clone()));
    }
    let text = column(&described, style);
    let mut items = Vec::new();
    let mut words = Vec::new();
    for constraint in &table.constraints {
        match constraint {
            Constraint::PrimaryKey(_) => {
                words.push("primary_key=True".to_string());
                words.extend(conflict_of(constraint, "sqlite_on_conflict_primary_key"));
            }
            Constraint::Unique(_) => {
                words.push("unique=True".to_string());
                words.extend(conflict_of(constraint, "sqlite_on_conflict_unique"));
            }
            Constraint::Check(_) => items.push(super::constraint::constraint(constraint, style)),
            Constraint::ForeignKey(key) => items.push(foreign_key(key, style)),
        }
    }
    if items.is_empty() && words.is_empty() {
        return Ok(text);
    }
    // The items follow the type, which ends where the keywords begin.
    let head = format!(
        "{}Column({}, {}",
        style.sa,
        repr::string(&described.name),
        data_type(described.data_type.as_ref(), described.collation.as_deref(), style)
    );
    let rest = text.strip_prefix(&head).unwrap_or(")");
    let rest = rest.strip_suffix(')').unwrap_or(rest);
    let items: String = items.iter().map(|item| format!(", {item}")).collect();
    let words: String = words.iter().map(|word| format!(", {word}")).collect();
    Ok(format!("{head}{items}{rest}{words})"))
}

fn foreign_key(key: &ForeignKey, style: &Style) -> String {
    let target = match key.referred_columns.first() {
        Some(column) => format!("{}.{column}", key.referred_table),
        None => key.referred_table.clone(),
    };
    let mut arguments = vec![repr::string(&target)];
    arguments.extend(key.name.as_ref().map(|found| format!("name={}", name(found, style))));
    arguments.extend(options(key));
    format!("{}ForeignKey({})", style.sa, arguments.join(", "))
}

/// The keywords of a foreign key, in Alembic's order.
fn options(key: &ForeignKey) -> Vec<String> {
    let text = |word: &str, value: &Option<String>| {
        value.as_ref().map(|value| format!("{word}={}", repr::string(value)))
    };
    let deferrable = key.deferrable.map(|flag| format!("deferrable={}", repr::boolean(flag)));
    [
        text("onupdate", &key.on_update),
        text("ondelete", &key.on_delete),
        text("initially", &key.initially),
        deferrable,
        text("match", &key.match_type),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn constraint_of(definition: &str) -> Result<Constraint, &'static str> {
    let table = table_of(&format!("c, {definition}"))?;
    table.constraints.into_iter().next().ok_or("this SQL")
}

fn new_constraint(constraint: &Constraint, style: &Style) -> String {
    let named = constraint.name().map_or("None".into(), |found| name(found, style));
    let conflict = conflict_of(constraint, ", sqlite_on_conflict").unwrap_or_default();
    match constraint {
        Constraint::Unique(unique) => {
            let columns = repr::strings(&unique.columns);
            format!("create_unique_constraint({named}, [{columns}]{conflict})")
        }
        Constraint::PrimaryKey(key) => {
            format!("create_primary_key({named}, [{}])", repr::strings(&key.columns))
        }
        Constraint::Check(check) => {
            let condition = repr::sql_text(&check.expression);
            format!("create_check_constraint({named}, {}text({condition}){conflict})", style.sa)
        }
        Constraint::ForeignKey(key) => {
            let mut arguments = vec![
                named,
                repr::string(&key.referred_table),
                format!("[{}]", repr::strings(&key.columns)),
                format!("[{}]", repr::strings(&key.referred_columns)),
            ];
            arguments.extend(options(key));
            format!("create_foreign_key({})", arguments.join(", "))
        }
    }
}
