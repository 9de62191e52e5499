//! By what the rows of a table are found again after one of its columns went and came back.

use crate::schema::Constraint;
use crate::sqlite::create_table::{self, rowid_column};
use crate::sqlite::quote;
use alloc::string::String;
use alloc::vec::Vec;

/// By what the rows of a table are found: by the key, by the rowid, or, where columns of the key may be NULL, by
/// the key if it is whole and else by the rowid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FoundBy {
    /// The columns of the key.
    pub(crate) keys: Vec<String>,
    /// The rowid, quoted as SQL needs it.
    pub(crate) rowid: Option<String>,
}

/// The ways in which the rows of a table can be found.
#[derive(Clone, Debug, Default)]
pub(super) struct RowKeys {
    has_rowid: bool,
    /// The column that is the rowid by another name.
    rowid_column: Option<String>,
    /// The primary key, if it is not the rowid.
    primary: Option<Vec<String>>,
    /// Keys of columns that may not be NULL, the primary one first.
    whole: Vec<Vec<String>>,
}

impl RowKeys {
    /// Those of a CREATE TABLE statement.
    pub(super) fn of(sql: &str) -> Option<Self> {
        let read = create_table::read(sql).ok()?;
        let table = &read.table;
        let rowid_column = rowid_column(&read).and_then(|at| table.columns.get(at));
        let primary = table.primary_key().filter(|_| rowid_column.is_none());
        let primary = primary.map(|key| key.columns.clone());
        let unique = table.constraints.iter().filter_map(|constraint| match constraint {
            Constraint::Unique(unique) => Some(unique.columns.clone()),
            _ => None,
        });
        let is_whole = |name: &String| {
            table.column(name).is_some_and(|it| !it.nullable && it.generated.is_none())
        };
        let whole = primary.iter().cloned().chain(unique);
        Some(Self {
            has_rowid: !table.options.without_rowid,
            rowid_column: rowid_column.map(|column| column.name.clone()),
            whole: whole.filter(|key| key.iter().all(is_whole)).collect(),
            primary,
        })
    }

    pub(super) fn rename_column(&mut self, from: &str, to: &str) {
        let keys = self.primary.iter_mut().chain(&mut self.whole).flatten();
        for name in keys.chain(&mut self.rowid_column) {
            if name.eq_ignore_ascii_case(from) {
                *name = to.into();
            }
        }
    }

    /// A key without one of its columns is none.
    pub(super) fn drop_column(&mut self, column: &str) {
        let has = |key: &Vec<String>| key.iter().any(|name| name.eq_ignore_ascii_case(column));
        self.primary = self.primary.take().filter(|key| !has(key));
        self.whole.retain(|key| !has(key));
        self.rowid_column = self.rowid_column.take().filter(|it| !it.eq_ignore_ascii_case(column));
    }

    /// The way for the columns in `gone`, of a table with these columns; nothing if there is none. VACUUM can
    /// change a rowid that is no column, so a key is better where there is one.
    pub(super) fn found_by(&self, columns: &[&str], gone: &[String]) -> Option<FoundBy> {
        let mut left = self.clone();
        gone.iter().for_each(|column| left.drop_column(column));
        if let Some(column) = &self.rowid_column {
            return Some(FoundBy { keys: Vec::new(), rowid: Some(quote::name(column)) });
        }
        let is_free = |name: &&str| !columns.iter().any(|column| column.eq_ignore_ascii_case(name));
        let rowid = ["rowid", "_rowid_", "oid"].into_iter().find(is_free);
        match rowid.filter(|_| self.has_rowid) {
            Some(rowid) => {
                let keys = left.primary.unwrap_or_default();
                let is_enough = left.whole.contains(&keys);
                let rowid = (!is_enough).then(|| rowid.into());
                Some(FoundBy { keys, rowid })
            }
            None => left.whole.into_iter().next().map(|keys| FoundBy { keys, rowid: None }),
        }
    }
}
