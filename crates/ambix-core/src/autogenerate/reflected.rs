//! A database as Alembic sees it, through what SQLAlchemy reflects.

use super::constraints::column_of;
use crate::schema::{Constraint, IndexKey, Schema};

/// Collations, AUTOINCREMENT, what is done on conflicts and the order of index keys are not reflected; a generated column is said to be
/// stored or not.
pub(super) fn as_alembic_sees(database: &Schema) -> Schema {
    let mut schema = database.clone();
    for table in &mut schema.tables {
        table.options.autoincrement = false;
        for column in &mut table.columns {
            column.collation = None;
            column.on_conflict = None;
            if let Some(generated) = &mut column.generated {
                generated.stored.get_or_insert(false);
            }
        }
        for constraint in &mut table.constraints {
            match constraint {
                Constraint::PrimaryKey(key) => key.on_conflict = None,
                Constraint::Unique(unique) => unique.on_conflict = None,
                Constraint::Check(check) => check.on_conflict = None,
                Constraint::ForeignKey(_) => {}
            }
        }
    }
    for key in schema.indexes.iter_mut().flat_map(|index| &mut index.keys) {
        if let Some(column) = column_of(key, true) {
            *key = IndexKey::Column(column);
        }
    }
    schema
}
