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

    /// A column gets another type: INTEGER makes the primary key the rowid.
    pub(super) fn set_type(&mut self, column: &str, data_type: &str) {
        let is_it = |name: &String| name.eq_ignore_ascii_case(column);
        let is_integer = data_type.eq_ignore_ascii_case("INTEGER");
        let is_key = |key: &Vec<String>| matches!(&key[..], [one] if is_it(one));
        if is_integer && self.has_rowid && self.primary.as_ref().is_some_and(is_key) {
            self.primary = None;
            self.rowid_column = Some(column.into());
        } else if !is_integer && self.rowid_column.as_ref().is_some_and(is_it) {
            self.primary = self.rowid_column.take().map(|column| Vec::from([column]));
        }
    }

    /// The table gets another primary key; `is_integer` where that is one INTEGER column.
    pub(super) fn set_primary(&mut self, columns: Vec<String>, is_integer: bool) {
        (self.rowid_column, self.primary) = match columns.first().filter(|_| is_integer) {
            Some(column) if self.has_rowid => (Some(column.clone()), None),
            _ => (None, Some(columns)),
        };
    }

    pub(super) fn set_without_rowid(&mut self, without_rowid: bool) {
        self.has_rowid = !without_rowid;
        if without_rowid && self.rowid_column.is_some() {
            self.primary = self.rowid_column.take().map(|column| Vec::from([column]));
        }
    }

    /// The columns that a foreign key means which names none.
    pub(super) fn referred(&self) -> Vec<String> {
        match &self.rowid_column {
            Some(column) => Vec::from([column.clone()]),
            None => self.primary.clone().unwrap_or_default(),
        }
    }

    /// Whether the rows of a table have the rowids still that they had under these keys. `name_now` gives a
    /// column its name now, if it is still there.
    pub(super) fn keeps_rowids(
        &self,
        before: &Self,
        name_now: impl Fn(&str) -> Option<String>,
    ) -> bool {
        let was = before.rowid_column.as_deref().and_then(name_now);
        let is_same = match (&self.rowid_column, was) {
            (None, _) => true,
            (Some(now), Some(was)) => now.eq_ignore_ascii_case(&was),
            (Some(_), None) => false,
        };
        self.has_rowid && is_same
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
