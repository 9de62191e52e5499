//! What a primary key says beyond its words.

use super::{ClauseKind, CreateTable};
use crate::sqlite::quote::unquoted;

/// What PRIMARY KEY implies: the columns of the key are NOT NULL in tables that are WITHOUT ROWID or STRICT,
/// but for the one that is the rowid.
pub(super) fn finish_keys(read: &mut CreateTable) {
    let rowid = rowid_column(read);
    let table = &mut read.table;
    if !table.options.without_rowid && !table.options.strict {
        return;
    }
    let keys = table.primary_key().map(|key| key.columns.clone()).unwrap_or_default();
    for (at, column) in table.columns.iter_mut().enumerate() {
        if rowid != Some(at) && keys.iter().any(|key| key.eq_ignore_ascii_case(&column.name)) {
            column.nullable = false;
        }
    }
}

/// The column that is the rowid by another name: INTEGER PRIMARY KEY, but for DESC behind the column.
/// (<https://sqlite.org/lang_createtable.html#rowids_and_the_integer_primary_key>)
pub fn rowid_column(read: &CreateTable) -> Option<usize> {
    let sql = read.table.sql.as_deref()?;
    let [key] = read.table.primary_key()?.columns.as_slice() else { return None };
    let at = read.table.columns.iter().position(|column| column.name.eq_ignore_ascii_case(key))?;
    let column = read.columns.get(at)?;
    let descends = column.clause(ClauseKind::PrimaryKey).is_some_and(|clause| clause.descends(sql));
    let is_integer = unquoted(column.declared_type.of(sql)).eq_ignore_ascii_case("INTEGER");
    (is_integer && !descends && !read.table.options.without_rowid).then_some(at)
}
