//! The names that a naming convention gives to what has none.

use super::standard_name;
use ambix_core::schema::{Index, IndexKey, NamingConvention, Table};

/// SQLAlchemy's message where neither the author nor a convention names an index.
pub(crate) const UNNAMED_INDEX: &str = "CREATE INDEX requires that the index have a name";

/// Gives the constraints and indexes of a table the names of a convention; `checks` are the columns of those whose
/// columns SQLAlchemy knows.
///
/// # Errors
/// SQLAlchemy's message if that cannot be done.
pub(crate) fn name_parts(
    convention: &NamingConvention,
    table: &mut Table,
    indexes: &mut [Index],
    checks: &[&[(usize, Vec<String>)]],
) -> Result<(), String> {
    for (at, constraint) in table.constraints.iter_mut().enumerate() {
        match checks.iter().copied().flatten().find(|(of, _)| *of == at) {
            Some((_, columns)) => {
                let names_columns =
                    convention.check.as_ref().is_some_and(|one| one.contains("column_"));
                if columns.is_empty() && constraint.name().is_none() && names_columns {
                    return Err("It is not known which column of the CHECK comes first".into());
                }
                let name = convention.check_name(&table.name, constraint.name(), columns)?;
                constraint.set_name(name);
            }
            None => constraint.name_by(convention, &table.name)?,
        }
    }
    indexes.iter_mut().try_for_each(|index| name_index(convention, index))
}

/// Gives an index the name of a convention.
fn name_index(convention: &NamingConvention, index: &mut Index) -> Result<(), String> {
    let first = index.keys.iter().find_map(|key| match key {
        IndexKey::Column(name) => Some(name),
        IndexKey::Expression(_) => None,
    });
    // What SQLAlchemy's own convention would say was nobody's choice.
    let standard = first.map(|column| standard_name(&index.table, column));
    let name = Some(&index.name).filter(|name| Some(*name) != standard.as_ref());
    match convention.index_name(&index.table, name, &index.keys)? {
        Some(name) => index.name = name,
        None => return Err(UNNAMED_INDEX.into()),
    }
    Ok(())
}
