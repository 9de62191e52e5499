//! What steps destroy, counted in the database as it is.

use super::{Model, Port, query};
use crate::operation::Directive;
use crate::operation::loss::{Counted, Inventory, Loss};
use crate::sqlite::quote;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::{format, string::String, vec::Vec};

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
    let mut tables: BTreeMap<&str, BTreeSet<Option<&str>>> = BTreeMap::new();
    for counted in losses.iter().filter_map(|loss| loss.counted.as_ref()) {
        tables.entry(&counted.table).or_default().insert(counted.column.as_deref());
    }
    let tables: Vec<(&str, Vec<Option<&str>>)> =
        tables.into_iter().map(|(table, columns)| (table, columns.into_iter().collect())).collect();
    let mut found: BTreeMap<(String, Option<String>), u64> = BTreeMap::new();
    for some in tables.chunks(TABLES_AT_ONCE) {
        if !count(port, some, &mut found).await && some.len() > 1 {
            // One of them cannot be read, perhaps a virtual table without its module.
            for one in some {
                count(port, core::slice::from_ref(one), &mut found).await;
            }
        }
    }
    for loss in losses {
        if let Some(Counted { table, column }) = loss.counted.clone() {
            loss.rows = found.get(&(table, column)).copied();
        }
    }
}

/// Counts in these tables. False if they cannot be read.
async fn count(
    port: &impl Port,
    tables: &[(&str, Vec<Option<&str>>)],
    found: &mut BTreeMap<(String, Option<String>), u64>,
) -> bool {
    let mut asked = Vec::new();
    let mut from = Vec::new();
    for (table, columns) in tables {
        let mut counts = Vec::new();
        for column in columns {
            let counted = column.map_or("*".into(), quote::name);
            // Texts, for hosts that have no other numbers than JavaScript's.
            counts.push(format!("CAST(count({counted}) AS TEXT) AS n{}", asked.len()));
            asked.push(((*table).into(), column.map(Into::into)));
        }
        from.push(format!("(SELECT {} FROM {})", counts.join(", "), quote::name(table)));
    }
    let Ok(rows) = query(port, format!("SELECT * FROM {}", from.join(", "))).await else {
        return false;
    };
    let Some(row) = rows.rows.first() else { return false };
    for (key, value) in asked.into_iter().zip(row) {
        if let Some(count) = value.as_text().and_then(|text| text.parse().ok()) {
            found.insert(key, count);
        }
    }
    true
}

/// What a step destroys that runs next.
pub(super) async fn losses_now(
    port: &impl Port,
    directives: &[Directive],
    keeps: bool,
) -> Vec<Loss> {
    let mut inventory = match Model::read(port).await {
        Ok(model) => model.inventory(),
        Err(_) => Inventory::unknown(),
    };
    let mut losses = losses(directives, &mut inventory, keeps);
    count_losses(port, &mut losses).await;
    losses
}
