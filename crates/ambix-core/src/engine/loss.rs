//! What steps destroy, counted in the database as it is.

use super::{Model, Port, Settings, query};
use crate::operation::Directive;
use crate::operation::loss::{Counted, Inventory, Loss};
use crate::sqlite::quote;
use alloc::{format, vec::Vec};

/// The counts of so many tables are asked for at once: some hosts join no more.
const TABLES_AT_ONCE: usize = 16;

/// What these directives destroy, in their order. The inventory follows them. `keeps`: what they drop is kept
/// where it can be.
pub fn losses(directives: &[Directive], inventory: &mut Inventory, keeps: bool) -> Vec<Loss> {
    let mut losses: Vec<Loss> = Vec::new();
    for mut loss in directives.iter().flat_map(|directive| inventory.follow(&directive.operation)) {
        loss.kept = keeps && loss.can_be_kept;
        if !losses.contains(&loss) {
            losses.push(loss);
        }
    }
    losses
}

/// Says of each loss how many rows it is, where that can be known: one SELECT, which reads each table once.
/// The database is to be as it was when the inventory was made. What cannot be counted stays open.
pub async fn count_losses(port: &impl Port, losses: &mut [Loss]) {
    let mut all: Vec<&Counted> = losses.iter().filter_map(|loss| loss.counted.as_ref()).collect();
    crate::sort::sort(&mut all);
    all.dedup();
    let tables: Vec<Vec<&Counted>> =
        all.chunk_by(|one, next| one.table == next.table).map(<[_]>::to_vec).collect();
    let mut found: Vec<(Counted, u64)> = Vec::new();
    for some in tables.chunks(TABLES_AT_ONCE) {
        if !count(port, some, &mut found).await {
            // One of them cannot be read, perhaps a virtual table without its module.
            for one in some.iter().flatten() {
                count(port, &[[*one].into()], &mut found).await;
            }
        }
    }
    for loss in losses {
        if let Some(counted) = &loss.counted {
            loss.rows = found.iter().find(|(of, _)| of == counted).map(|(_, rows)| *rows);
        }
    }
}

/// Counts in these tables. False if they cannot be read.
async fn count(
    port: &impl Port,
    tables: &[Vec<&Counted>],
    found: &mut Vec<(Counted, u64)>,
) -> bool {
    let mut asked: Vec<&Counted> = Vec::new();
    let mut from = Vec::new();
    for all in tables {
        let mut counts = Vec::new();
        for counted in all {
            let what = match (&counted.condition, &counted.column) {
                (Some(condition), _) => format!("CASE WHEN {condition} THEN 1 END"),
                (None, column) => column.as_deref().map_or("*".into(), quote::name),
            };
            // Texts, for hosts that have no other numbers than JavaScript's.
            counts.push(format!("CAST(count({what}) AS TEXT) AS n{}", asked.len()));
            asked.push(counted);
        }
        let table = all.first().map(|counted| quote::name(&counted.table)).unwrap_or_default();
        from.push(format!("(SELECT {} FROM {table})", counts.join(", ")));
    }
    let Ok(rows) = query(port, format!("SELECT * FROM {}", from.join(", "))).await else {
        return false;
    };
    let Some(row) = rows.rows.first() else { return false };
    for (counted, value) in asked.into_iter().zip(row) {
        if let Some(count) = value.as_text().and_then(|text| text.parse().ok()) {
            found.push((counted.clone(), count));
        }
    }
    true
}

/// What a step destroys that runs next.
pub(super) async fn losses_now(
    port: &impl Port,
    directives: &[Directive],
    settings: &Settings,
    keeps: bool,
) -> Vec<Loss> {
    let mut inventory = match Model::read(port).await {
        Ok(mut model) => {
            model.ask_foreign_keys(port, &[directives], settings).await;
            model.inventory()
        }
        Err(_) => Inventory::unknown(),
    };
    let mut losses = losses(directives, &mut inventory, keeps);
    count_losses(port, &mut losses).await;
    losses.retain(|loss| !loss.is_none());
    losses
}
