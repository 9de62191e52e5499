//! What foreign keys refer to. Columns without a type take the type of the column that their foreign key refers to.

use super::metadata::MetadataId;
use super::{Found, Model};
use crate::sqlalchemy::by_key;
use ambix_core::schema::{Constraint, DataType};
use litemap::LiteMap;

/// Foreign keys call the columns that they refer to by their keys: writes the names.
pub(super) fn name_targets(found: &mut Found) {
    for at in 0..found.models.len() {
        let Some(model) = found.models.get_mut(at) else { return };
        let keys = std::mem::take(&mut model.keys);
        if keys.is_empty() {
            continue;
        }
        let (table, metadata) = (model.table.name.clone(), model.metadata);
        for other in found.models.iter_mut().filter(|other| other.metadata == metadata) {
            for constraint in &mut other.table.constraints {
                if let Constraint::ForeignKey(key) = constraint
                    && key.referred_table == table
                {
                    key.referred_columns.iter_mut().for_each(|column| by_key(&keys, column));
                }
            }
        }
    }
}

/// Reports foreign keys to columns that their table does not have. What is not among the models may be elsewhere.
pub(super) fn check_targets(found: &mut Found) {
    let mut failed = Vec::new();
    let first = first_of_each(found);
    for model in &found.models {
        for constraint in &model.table.constraints {
            let Constraint::ForeignKey(key) = constraint else { continue };
            let Some(of) = referred(found, &first, model.metadata, &key.referred_table) else {
                continue;
            };
            let is_there = |name: &String| of.table.columns.iter().any(|one| one.name == *name);
            let Some(column) = key.referred_columns.iter().find(|name| !is_there(name)) else {
                continue;
            };
            let (name, table) = (&model.table.name, &key.referred_table);
            let message = format!(
                "Could not initialize target column for ForeignKey '{table}.{column}' on table '{name}': table '{table}' \
                 has no column named '{column}'"
            );
            let known: Vec<&str> = of.table.columns.iter().map(|one| one.name.as_str()).collect();
            let hint = format!("Its columns are: {}.", known.join(", "));
            let own = key.columns.first();
            let at = model.table.columns.iter().position(|one| Some(&one.name) == own);
            let span = at.and_then(|at| model.columns.get(at)).copied().unwrap_or_default();
            failed.push((model.source, model.metadata, span, message, hint));
        }
    }
    for (source, metadata, span, message, hint) in failed {
        found.current = metadata;
        found.unsupported(source, span, message, &hint);
    }
}

/// Gives every column its type, or reports that it has none.
pub(super) fn fill_in_types(found: &mut Found) {
    let mut resolved: Vec<(usize, usize, DataType)> = Vec::new();
    let mut failed = Vec::new();
    let first = first_of_each(found);
    for (at, model) in found.models.iter().enumerate() {
        for (position, column) in model.table.columns.iter().enumerate() {
            if column.data_type.is_some() {
                continue;
            }
            match follow(found, &first, model.metadata, &model.table.name, &column.name) {
                Ok(Some(data_type)) => resolved.push((at, position, data_type)),
                Ok(None) => {}
                Err(message) => failed.push((
                    model.source,
                    model.metadata,
                    model.columns.get(position).copied(),
                    message,
                )),
            }
        }
    }
    for (at, position, data_type) in resolved {
        if let Some(model) = found.models.get_mut(at)
            && let Some(column) = model.table.columns.get_mut(position)
        {
            column.data_type = Some(data_type);
        }
    }
    for (source, metadata, span, message) in failed {
        found.current = metadata;
        let hint = "Write the type: `Column(Integer, …)`.";
        found.unsupported(source, span.unwrap_or_default(), message, hint);
    }
}

/// The number of the first model of each table.
fn first_of_each<'f>(found: &'f Found) -> LiteMap<&'f str, usize> {
    let mut first = LiteMap::new();
    for (at, model) in found.models.iter().enumerate().rev() {
        first.insert(model.table.name.as_str(), at);
    }
    first
}

/// The model with a table of that name, of this `MetaData` if there is one.
fn referred<'f, 'a>(
    found: &'f Found<'a>,
    first: &LiteMap<&str, usize>,
    metadata: Option<MetadataId>,
    table: &str,
) -> Option<&'f Model<'a>> {
    let models = first.get(table).and_then(|at| found.models.get(*at..)).unwrap_or_default();
    let mut named = models.iter().filter(|model| model.table.name == table);
    let own = named.clone().find(|model| model.metadata == metadata);
    own.or_else(|| named.next())
}

/// The type at the end of the chain of foreign keys that begins at a column; nothing if it ends at a column that is
/// missing, which [`check_targets`] tells.
fn follow(
    found: &Found,
    first: &LiteMap<&str, usize>,
    metadata: Option<MetadataId>,
    table: &str,
    column: &str,
) -> Result<Option<DataType>, String> {
    let (mut table, mut column) = (table, column);
    // A chain longer than there are tables is a circle.
    for _ in 0..=found.models.len() {
        let Some(model) = referred(found, first, metadata, table) else {
            return Err(format!(
                "could not find table '{table}' with which to generate a foreign key"
            ));
        };
        let Some(definition) = model.table.columns.iter().find(|known| known.name == column) else {
            return Ok(None);
        };
        if let Some(data_type) = &definition.data_type {
            return Ok(Some(data_type.clone()));
        }
        let target = model.table.constraints.iter().find_map(|constraint| match constraint {
            Constraint::ForeignKey(key) => {
                let at = key.columns.iter().position(|name| name == column)?;
                Some((key.referred_table.as_str(), key.referred_columns.get(at)?.as_str()))
            }
            _ => None,
        });
        match target {
            Some(target) => (table, column) = target,
            None => return Err(format!("The column '{table}.{column}' has no type")),
        }
    }
    Err(format!("The foreign keys of '{table}.{column}' lead in a circle, so it has no type"))
}
