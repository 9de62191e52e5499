//! The rows come over.

use super::{Parts, Rebuild, rowid_name};
use crate::sqlite::alter::{Copied, Phase, Stop, cast};
use crate::sqlite::create_table::rowid_column;
use crate::sqlite::quote;
use alloc::string::String;
use alloc::{format, vec::Vec};

/// So many rows are copied by a statement at least, and the rows of a table by so many statements at most.
const CHUNK: i128 = 10_000;
const CHUNKS: i128 = 20;

impl Rebuild<'_> {
    /// Fills the new table from `source`, whose columns `named` gives for those of the table.
    pub(super) fn copy(
        &self,
        list: &mut Parts<'_>,
        source: &str,
        named: &dyn Fn(&str) -> String,
        source_rowid: Option<String>,
    ) -> Result<(), Stop> {
        let is_fresh = |name: &str| self.fresh.iter().any(|new| new.eq_ignore_ascii_case(name));
        let mut into = Vec::new();
        let mut from = Vec::new();
        let mut copies_key = false;
        let key = rowid_column(&self.after.read);
        for (at, column) in self.after.read.table.columns.iter().enumerate() {
            let is_there = self.before.position(&column.name).is_some() && !is_fresh(&column.name);
            if is_there && column.generated.is_none() {
                into.push(quote::name(&column.name));
                from.push(cast::converted(self.casts, &column.name, named(&column.name)));
                copies_key |= key == Some(at);
            }
        }
        let target = rowid_name(&self.after.read).filter(|_| !copies_key);
        if let (Some(target), Some(rowid)) = (target, &source_rowid) {
            into.insert(0, target.into());
            from.insert(0, rowid.clone());
        }
        let copy = format!(
            "INSERT OR ABORT INTO {} ({}) SELECT {} FROM {source}",
            quote::name(self.table()),
            into.join(", "),
            from.join(", ")
        );
        let extent = match &source_rowid {
            Some(_) => self.facts.extent(self.asked)?.rowids,
            None => None,
        };
        let (rowid, Some((first, last))) = (source_rowid.unwrap_or_default(), extent) else {
            list.push(Phase::Copy(None), copy);
            return Ok(());
        };
        let (first, last) = (i128::from(first), i128::from(last));
        let total = last - first + 1;
        let size = CHUNK.max((total + CHUNKS - 1) / CHUNKS);
        let mut bounds: Vec<i128> = Vec::new();
        let mut bound = first + size - 1;
        while bound < last {
            bounds.push(bound);
            bound += size;
        }
        // The first and the last range are open, for rows that came since the ends were asked for.
        for at in 0..=bounds.len() {
            let mut conditions = Vec::new();
            if let Some(low) = at.checked_sub(1).and_then(|before| bounds.get(before)) {
                conditions.push(format!("{rowid} > {low}"));
            }
            if let Some(high) = bounds.get(at) {
                conditions.push(format!("{rowid} <= {high}"));
            }
            let sql = match conditions.is_empty() {
                true => copy.clone(),
                false => format!("{copy} WHERE {}", conditions.join(" AND ")),
            };
            let done = bounds.get(at).map_or(total, |high| high - first + 1);
            let number = |rows: i128| u64::try_from(rows).unwrap_or(u64::MAX);
            let copied = Copied { done: number(done), total: number(total) };
            list.push(Phase::Copy(Some(copied).filter(|_| !bounds.is_empty())), sql);
        }
        Ok(())
    }
}
