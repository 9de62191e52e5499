use super::{Style, repr};
use ambix_core::operation::{BulkInsert, StoredValue};

/// The directive with a table made for it, which has no more columns than the rows.
pub(super) fn bulk_insert(insert: &BulkInsert, style: &Style) -> String {
    let Style { op, sa, .. } = style;
    let columns: Vec<String> = columns(insert)
        .into_iter()
        .map(|name| match type_of(insert, name) {
            Some(class) => format!("{sa}column({}, {sa}{class}())", repr::string(name)),
            None => format!("{sa}column({})", repr::string(name)),
        })
        .collect();
    let table = [vec![repr::string(&insert.table)], columns].concat().join(", ");
    let rows: Vec<String> = insert.rows.iter().map(|row| dict(row, style)).collect();
    let rows = match rows.is_empty() {
        true => "[]".into(),
        false => format!("[\n    {},\n]", rows.join(",\n    ")),
    };
    // Rows that are sent together have the same columns, and no SQL in them.
    let names = |row: &[(String, StoredValue)]| -> Vec<String> {
        row.iter().map(|(name, _)| name.clone()).collect()
    };
    let alike = insert.rows.windows(2).all(|pair| names(&pair[0]) == names(&pair[1]));
    let plain = values(insert).all(|(_, value)| !is_sql(value));
    let apart = if alike && plain { "" } else { ", multiinsert=False" };
    format!("{op}bulk_insert({sa}table({table}), {rows}{apart})")
}

fn values(insert: &BulkInsert) -> impl Iterator<Item = &(String, StoredValue)> {
    insert.rows.iter().flatten()
}

/// The columns of all rows, in an order that is the order of each.
fn columns(insert: &BulkInsert) -> Vec<&str> {
    let mut columns: Vec<&str> = Vec::new();
    for row in &insert.rows {
        let mut before = columns.len();
        for (name, _) in row.iter().rev() {
            match columns.iter().position(|known| known == name) {
                Some(at) => before = at,
                None => columns.insert(before, name),
            }
        }
    }
    columns
}

/// The type that all values of a column have. A column without one takes each value as it is.
fn type_of(insert: &BulkInsert, column: &str) -> Option<&'static str> {
    let of_column = values(insert).filter(|(name, _)| name == column);
    let mut classes = of_column.filter_map(|(_, value)| {
        Some(match value {
            StoredValue::Null | StoredValue::Sql(_) => return None,
            StoredValue::Integer(_) => "Integer",
            StoredValue::Number(_) => "Numeric",
            StoredValue::Text(_) => "String",
            StoredValue::Blob(_) => "LargeBinary",
        })
    });
    let first = classes.next()?;
    classes.all(|class| class == first).then_some(first)
}

fn dict(row: &[(String, StoredValue)], style: &Style) -> String {
    let entries: Vec<String> = row
        .iter()
        .map(|(name, stored)| format!("{}: {}", repr::string(name), value(stored, style)))
        .collect();
    format!("{{{}}}", entries.join(", "))
}

fn value(value: &StoredValue, style: &Style) -> String {
    match value {
        StoredValue::Null => "None".into(),
        StoredValue::Integer(number) => number.to_string(),
        StoredValue::Text(text) => repr::string(text),
        StoredValue::Blob(bytes) => repr::bytes(bytes),
        StoredValue::Number(sql) if !is_sql(value) => sql.clone(),
        StoredValue::Number(sql) | StoredValue::Sql(sql) => {
            format!("{}text({})", style.sa, repr::sql_text(sql))
        }
    }
}

/// Whether it is written as SQL: an expression, or a number that Python would write with other digits.
fn is_sql(value: &StoredValue) -> bool {
    match value {
        StoredValue::Sql(_) => true,
        StoredValue::Number(digits) => {
            digits.parse().is_ok_and(|number: f64| repr::float(number) != *digits)
        }
        _ => false,
    }
}
