//! What is destroyed on the way to a revision, before anybody goes there.

use ambix_core::engine::{self, Value};
use ambix_core::operation::loss::{Inventory, Loss, LossKind};
use ambix_core::revision::{Direction, RevisionId};
use ambix_core::sqlite::objects::{Object, ObjectKind, Objects, Text};

use super::{DatabaseView, History, ROWS_SHOWN, Reading, Spot, TableView};

/// What the steps from where the database is to `spot` destroy, where that holds anything.
pub(crate) fn losses_to(
    spot: &Spot,
    history: &History,
    reading: &Reading,
    database: &DatabaseView,
) -> Vec<Loss> {
    let Some(way) = history.way_to(spot) else { return Vec::new() };
    let Some((command, target)) = way.split_once(' ') else { return Vec::new() };
    let direction = if command == "upgrade" { Direction::Upgrade } else { Direction::Downgrade };
    let rows: Vec<RevisionId> = database.current.iter().map(RevisionId::stored).collect();
    let Ok(plan) = engine::plan(&history.graph, &rows, target, direction) else {
        return Vec::new();
    };
    let mut inventory = Inventory::of(&objects(database));
    let mut losses = Vec::new();
    for step in &plan.steps {
        let file = history.graph.get(&step.revision).map(|revision| revision.file.as_str());
        let directives = file.and_then(|file| reading.directives(file, direction));
        losses.extend(engine::losses(directives.unwrap_or_default(), &mut inventory, false));
    }
    for loss in &mut losses {
        loss.rows = count(loss, database);
    }
    losses.retain(|loss| !loss.is_empty());
    losses
}

fn objects(database: &DatabaseView) -> Objects {
    let object = |view: &TableView| Object {
        kind: ObjectKind::Table,
        name: view.table.name.clone(),
        table: view.table.name.clone(),
        text: Text::Known(view.table.sql.clone().unwrap_or_default()),
    };
    Objects { all: database.tables.iter().map(object).collect() }
}

/// The rows of a table, or the values of a column as far as the page has seen them all.
fn count(loss: &Loss, database: &DatabaseView) -> Option<u64> {
    let name = loss.table.as_deref()?;
    let view = database.tables.iter().find(|it| it.table.name.eq_ignore_ascii_case(name))?;
    if loss.kind == LossKind::Table || view.total == 0 {
        return u64::try_from(view.total).ok();
    }
    let column = loss.column.as_deref()?;
    let is_it = |it: &String| it.eq_ignore_ascii_case(column);
    let at = view.rows.columns.iter().position(is_it)?;
    let all = usize::try_from(view.total).is_ok_and(|total| total <= ROWS_SHOWN);
    let values = view.rows.rows.iter().filter(|row| row.get(at) != Some(&Value::Null)).count();
    // Which values change with their type only SQLite can tell; without any there is none.
    let is_countable = loss.kind != LossKind::Converted || values == 0;
    (all && is_countable).then(|| values.try_into().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::Files;
    use ambix_core::engine::Rows;
    use ambix_core::schema::Table;

    const SCRIPT: &str = "\
revision = 'a'
down_revision = None
from alembic import op
import sqlalchemy as sa
def upgrade():
    op.create_table('items', sa.Column('id', sa.Integer), sa.Column('price', sa.Integer))
def downgrade():
    op.drop_column('items', 'price')
    op.drop_table('items')
";

    fn losses(rows: &[[Value; 2]]) -> Vec<String> {
        losses_of(SCRIPT, rows)
    }

    fn losses_of(script: &str, rows: &[[Value; 2]]) -> Vec<String> {
        let mut files = Files::default();
        files.set("versions/a.py", script.into());
        let table = Table {
            name: "items".into(),
            sql: Some("CREATE TABLE items (id INTEGER, price INTEGER)".into()),
            ..Table::default()
        };
        let rows = Rows {
            columns: vec!["id".into(), "price".into()],
            rows: rows.iter().map(|row| row.to_vec()).collect(),
        };
        let total = i64::try_from(rows.rows.len()).unwrap();
        let database = DatabaseView {
            current: vec!["a".into()],
            tables: vec![TableView { table, rows, total, ..TableView::default() }],
            ..DatabaseView::default()
        };
        let history = History::read(&files, &database.current);
        let reading = Reading::of(&files, &[]);
        let losses = losses_to(&Spot::Base, &history, &reading, &database);
        losses.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn what_a_downgrade_destroys_is_counted_before() {
        let (one, null) = (Value::Integer(1), Value::Null);
        let rows = [[one.clone(), one.clone()], [one, null]];
        assert_eq!(losses(&rows), ["column items.price (1 value)", "table items (2 rows)"]);
        assert!(losses(&[]).is_empty());
    }

    #[test]
    fn values_may_change_with_their_type() {
        let script = SCRIPT
            .replace(
                "op.drop_column('items', 'price')",
                "op.alter_column('items', 'price', type_=sa.Text())",
            )
            .replace("    op.drop_table('items')\n", "");
        let (one, null) = (Value::Integer(1), Value::Null);
        let told = losses_of(&script, &[[one.clone(), one.clone()]]);
        assert_eq!(told, ["values of items.price, which may change with its type"]);
        assert!(losses_of(&script, &[[one, null]]).is_empty());
    }
}
