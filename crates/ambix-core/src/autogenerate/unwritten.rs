//! Differences that are seen and that no operation is written for, because changing a table in place
//! needs a rebuild.

use crate::diagnostic::{Code, Diagnostic};
use crate::schema::{Constraint, DataType, Table};
use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};

/// The warnings for one table.
pub(super) fn differences(there: &Table, wanted: &Table) -> Vec<Diagnostic> {
    let mut messages = Vec::new();
    for column in &wanted.columns {
        let Some(old) = there.column(&column.name) else {
            continue;
        };
        let place = format!("{}.{}", wanted.name, column.name);
        if let (Some(a), Some(b)) = (&old.data_type, &column.data_type)
            && types_differ(a, b)
        {
            let (a, b) = (a.sql().unwrap_or_default(), b.sql().unwrap_or_default());
            messages.push(format!("Detected type change from {a} to {b} on '{place}'"));
        }
        let is_key = wanted.primary_key().is_some_and(|key| key.columns.contains(&column.name));
        if old.nullable != column.nullable && !is_key {
            let what = if column.nullable { "NULL" } else { "NOT NULL" };
            messages.push(format!("Detected {what} on column '{place}'"));
        }
    }
    let (old, new) = (signatures(there), signatures(wanted));
    let added = new.iter().filter(|signature| !old.contains(signature));
    messages.extend(added.map(|what| format!("Detected added {what} of table '{}'", wanted.name)));
    let removed = old.iter().filter(|signature| !new.contains(signature));
    messages
        .extend(removed.map(|what| format!("Detected removed {what} of table '{}'", wanted.name)));
    messages
        .into_iter()
        .map(|message| {
            Diagnostic::warning(Code::UncomparedChange, message).hint(
                "changing a table in place is not written into revisions yet; this difference is left \
                 as it is",
            )
        })
        .collect()
}

/// Unique constraints and foreign keys, told by what they constrain.
fn signatures(table: &Table) -> Vec<String> {
    let tuple = |names: &[String]| {
        let names: Vec<String> = names.iter().map(|name| format!("'{name}'")).collect();
        let comma = if names.len() == 1 { "," } else { "" };
        format!("({}{comma})", names.join(", "))
    };
    let one = |constraint: &Constraint| match constraint {
        Constraint::Unique(unique) => {
            Some(format!("unique constraint on '{}'", tuple(&unique.columns)))
        }
        Constraint::ForeignKey(key) => {
            Some(format!("foreign key ({}) to '{}'", key.columns.join(","), key.referred_table))
        }
        Constraint::PrimaryKey(_) | Constraint::Check(_) => None,
    };
    table.constraints.iter().filter_map(one).collect()
}

/// Alembic's rule (`DefaultImpl.compare_type`): the words of both types in lower case; the first must
/// be equal, the others where there are equally many, the sizes where both have as many.
fn types_differ(there: &DataType, wanted: &DataType) -> bool {
    let (Ok(there), Ok(wanted)) = (there.sql(), wanted.sql()) else {
        return false;
    };
    let parts = |sql: &str| {
        let sql = sql.to_lowercase();
        let (words, sizes) = sql.split_once('(').unwrap_or((&sql, ""));
        let words: Vec<String> = words.split_whitespace().map(ToString::to_string).collect();
        let sizes: Vec<String> = sizes
            .trim_end_matches(')')
            .split(',')
            .map(|size| size.trim().to_string())
            .filter(|size| !size.is_empty())
            .collect();
        (words, sizes)
    };
    let ((a, a_sizes), (b, b_sizes)) = (parts(&there), parts(&wanted));
    let decimal = |word: &str| word == "numeric" || word == "decimal";
    let same_word = a.first() == b.first()
        || matches!((a.first(), b.first()), (Some(a), Some(b)) if decimal(a) && decimal(b));
    !same_word
        || (a.len() == b.len() && a[1..] != b[1..])
        || (a_sizes.len() == b_sizes.len() && a_sizes != b_sizes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_compared_as_alembic_compares_them() {
        let differ = |there: &str, wanted: DataType| {
            types_differ(&DataType::reflect(there).unwrap(), &wanted)
        };
        assert!(!differ("VARCHAR", DataType::sized("String", "length", 50)));
        assert!(!differ("VARCHAR(50)", DataType::plain("String")));
        assert!(differ("VARCHAR(40)", DataType::sized("String", "length", 50)));
        assert!(!differ("DECIMAL(10)", DataType::plain("Numeric")));
        assert!(differ("INTEGER", DataType::plain("String")));
        assert!(!differ("DOUBLE PRECISION", DataType::plain("DOUBLE_PRECISION")));
    }
}
