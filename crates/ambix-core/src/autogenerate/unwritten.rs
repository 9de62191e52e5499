//! Differences that are seen and that no operation is written for, because changing a table in place
//! needs a rebuild.

use crate::diagnostic::{Code, Diagnostic};
use crate::schema::{Column, Constraint, DataType, ForeignKey, Literal, ServerDefault, Table};
use crate::sqlite::{ddl::default_sql, token::normalised};
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
        for what in column_differences(old, column) {
            messages.push(format!("Detected changed {what} on column '{place}'"));
        }
    }
    for (what, has, wants) in [
        ("STRICT", there.options.strict, wanted.options.strict),
        ("WITHOUT ROWID", there.options.without_rowid, wanted.options.without_rowid),
        ("AUTOINCREMENT", there.options.autoincrement, wanted.options.autoincrement),
    ] {
        if wants && !has {
            messages.push(format!("Detected added {what} of table '{}'", wanted.name));
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

/// The constraints of a table, told by what they say.
fn signatures(table: &Table) -> Vec<String> {
    let tuple = |names: &[String]| {
        let names: Vec<String> = names.iter().map(|name| format!("'{name}'")).collect();
        let comma = if names.len() == 1 { "," } else { "" };
        format!("({}{comma})", names.join(", "))
    };
    let one = |constraint: &Constraint| match constraint {
        Constraint::Unique(unique) => format!("unique constraint on '{}'", tuple(&unique.columns)),
        Constraint::PrimaryKey(key) => format!("primary key on '{}'", tuple(&key.columns)),
        Constraint::Check(check) => {
            format!("check constraint '{}'", normalised(&check.expression))
        }
        Constraint::ForeignKey(key) => foreign_key(key),
    };
    table.constraints.iter().map(one).collect()
}

/// A foreign key with all that it does; NO ACTION is what it does by itself.
fn foreign_key(key: &ForeignKey) -> String {
    let mut text = format!(
        "foreign key ({}) to '{}' ({})",
        key.columns.join(","),
        key.referred_table,
        key.referred_columns.join(",")
    );
    for (words, action) in [(" on update ", &key.on_update), (" on delete ", &key.on_delete)] {
        match action.as_deref() {
            None | Some("NO ACTION") => {}
            Some(action) => text.push_str(&format!("{words}{action}")),
        }
    }
    if let Some(true) = key.deferrable {
        text.push_str(" deferrable");
        match key.initially.as_deref() {
            Some("DEFERRED") => text.push_str(" initially deferred"),
            _ => text.push_str(" initially immediate"),
        }
    }
    text
}

/// What differs in a column that both have, beside its type and NOT NULL.
fn column_differences(there: &Column, wanted: &Column) -> Vec<&'static str> {
    let default = |column: &Column| column.default.as_ref().map(bare_default);
    let generated = |column: &Column| {
        column.generated.as_ref().map(|it| (normalised(&it.expression), it.stored == Some(true)))
    };
    let collation = |column: &Column| {
        let in_type = column.data_type.as_ref().and_then(|it| it.argument("collation"));
        let name = match (&column.collation, in_type) {
            (Some(name), _) | (None, Some(Literal::Text(name))) => name.as_str(),
            _ => "binary",
        };
        name.to_ascii_lowercase()
    };
    [
        ("server default", default(there) != default(wanted)),
        ("expression", generated(there) != generated(wanted)),
        ("collation", collation(there) != collation(wanted)),
    ]
    .into_iter()
    .filter_map(|(what, differs)| differs.then_some(what))
    .collect()
}

/// A default as it is compared: without its parentheses and quotes.
fn bare_default(default: &ServerDefault) -> String {
    let sql = default_sql(default);
    let mut bare = sql.trim();
    if let Some(inner) = bare.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        bare = inner.trim();
    }
    for quote in ['\'', '"'] {
        if let Some(inner) = bare.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote)) {
            bare = inner;
        }
    }
    bare.into()
}

/// Alembic's rule (`DefaultImpl.compare_type`): the words of both types in lower case; the first must
/// be equal, the others where there are equally many, the sizes where both have as many.
///
/// Of a type of the application only the SQL is known: it is compared as SQLite's affinity has it, or Alembic's rule
/// would change the column each time.
fn types_differ(there: &DataType, wanted: &DataType) -> bool {
    if let Some(sql) = wanted.own_sql() {
        return DataType::reflect(sql).is_some_and(|wanted| types_differ(there, &wanted));
    }
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
    use crate::schema::TypeArgument;

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
        let own = |sql: &str| {
            let value = Literal::Text(sql.into());
            let arguments = alloc::vec![TypeArgument { name: "col_spec".into(), value }];
            DataType { class: "UserDefinedType".into(), arguments }
        };
        assert!(!differ("POINT", own("POINT")));
        assert!(differ("TEXT", own("POINT")));
    }
}
