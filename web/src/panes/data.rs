//! The rows of the database. Everything from it is text, never markup.

use ambix_core::engine::Value;
use yew::prelude::*;

use crate::panes::mark::mark;
use crate::session::{DatabaseView, ROWS_SHOWN, TableView};

/// How many bytes of a blob are shown.
const BLOB_SHOWN: usize = 24;

pub(super) fn data(view: &DatabaseView) -> Html {
    html! {
        <div class="data scroll" tabindex="0" role="region" aria-label="Rows of the database">
            if view.tables.is_empty() {
                <div class="empty">
                    { mark() }
                    <p>{"No tables, so no rows."}</p>
                </div>
            }
            { for view.tables.iter().map(table) }
            if !view.bookkeeping.is_empty() {
                <details class="bookkeeping">
                    <summary>{"Bookkeeping tables"}</summary>
                    { for view.bookkeeping.iter().map(table) }
                </details>
            }
        </div>
    }
}

fn table(view: &TableView) -> Html {
    let name = &view.table.name;
    let count = match view.total {
        0 => "no rows".to_owned(),
        1 => "1 row".into(),
        many if many > ROWS_SHOWN as i64 => format!("{many} rows, the first {ROWS_SHOWN} shown"),
        many => format!("{many} rows"),
    };
    html! {
        <section key={name.clone()} class="rows">
            <h3>{ name.clone() }<span>{ count }</span></h3>
            <div class="grid" tabindex="0" role="region" aria-label={format!("Rows of {name}")}>
                <table>
                    <thead>
                        <tr>
                            { for view.rows.columns.iter().enumerate().map(|(at, column)| html! {
                                <th scope="col" class={is_number(view, at).then_some("number")}>
                                    { column.clone() }
                                </th>
                            }) }
                        </tr>
                    </thead>
                    <tbody>
                        { for view.rows.rows.iter().map(|row| html! {
                            <tr>{ for row.iter().map(cell) }</tr>
                        }) }
                    </tbody>
                </table>
            </div>
        </section>
    }
}

/// Whether a column holds numbers, as far as one can see.
fn is_number(view: &TableView, column: usize) -> bool {
    let first = view
        .rows
        .rows
        .iter()
        .filter_map(|row| row.get(column))
        .find(|value| **value != Value::Null);
    matches!(first, Some(Value::Integer(_) | Value::Real(_)))
}

/// Numbers to the right; NULL as a word that no text looks like; blobs as hexadecimal digits.
fn cell(value: &Value) -> Html {
    match value {
        Value::Null => html! { <td class="null">{"NULL"}</td> },
        Value::Integer(number) => html! { <td class="number">{ number.to_string() }</td> },
        Value::Real(number) => html! { <td class="number">{ format!("{number:?}") }</td> },
        Value::Text(text) => html! { <td title={text.clone()}>{ text.clone() }</td> },
        Value::Blob(bytes) => html! { <td class="blob">{ hex(bytes) }</td> },
    }
}

fn hex(bytes: &[u8]) -> String {
    let digits: String = bytes.iter().take(BLOB_SHOWN).map(|byte| format!("{byte:02x}")).collect();
    let rest = if bytes.len() > BLOB_SHOWN { "…" } else { "" };
    format!("x'{digits}{rest}' ({} bytes)", bytes.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_blob_is_shown_as_sqlite_writes_it() {
        assert_eq!(hex(&[0, 255]), "x'00ff' (2 bytes)");
        assert!(hex(&[1; 30]).ends_with("0101…' (30 bytes)"));
    }
}
