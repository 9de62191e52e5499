//! The tables of the database as boxes.

use ambix_core::schema::{Column, Constraint, Index, IndexKey, OtherKind, ServerDefault, Table};
use yew::prelude::*;

use crate::panes::mark::mark;
use crate::session::{DatabaseView, TableView};

pub(super) fn schema(view: &DatabaseView) -> Html {
    if let Some(failure) = &view.failure {
        return html! {
            <div class="empty"><p>{ format!("The database could not be read: {failure}") }</p></div>
        };
    }
    let bookkeeping: Vec<String> =
        view.bookkeeping.iter().map(|table| table.table.name.clone()).collect();
    html! {
        <div class="schema scroll" tabindex="0" role="region" aria-label="Tables of the database">
            if view.tables.is_empty() && view.others.is_empty() {
                <div class="empty">
                    { mark() }
                    <p>{"No tables. They come with the first upgrade."}</p>
                </div>
            } else {
                <div class="boxes">
                    { for view.tables.iter().map(table_box) }
                    { for view.others.iter().map(other_box) }
                </div>
            }
            { for view.diagnostics.iter().map(|found| html! {
                <p class="bookkeeping"><strong>{"! "}</strong>{ found.message.clone() }</p>
            }) }
            if !bookkeeping.is_empty() {
                <p class="bookkeeping">
                    {"Bookkeeping: "}<span class="mono">{ bookkeeping.join(", ") }</span>
                </p>
            }
        </div>
    }
}

fn table_box(view: &TableView) -> Html {
    let table = &view.table;
    let rows = match view.total {
        1 => "1 row".to_owned(),
        many => format!("{many} rows"),
    };
    let more = more(table, &view.indexes);
    html! {
        <section key={table.name.clone()} class="box" aria-label={format!("Table {}", table.name)}>
            <h3>{ table.name.clone() }<span class="chip">{ rows }</span></h3>
            <table>
                <tbody>
                    { for table.columns.iter().map(|column| column_row(table, column)) }
                </tbody>
            </table>
            if !more.is_empty() {
                <ul class="box-more">{ for more }</ul>
            }
        </section>
    }
}

fn column_row(table: &Table, column: &Column) -> Html {
    let is_key = table.primary_key().is_some_and(|key| key.columns.contains(&column.name));
    let data_type = match &column.data_type {
        Some(data_type) => data_type.sql().unwrap_or_else(|_| data_type.class.clone()),
        None => "any".into(),
    };
    let mut marks = Vec::new();
    if is_key {
        marks.push("PRIMARY KEY".to_owned());
    }
    if !column.nullable && !is_key {
        marks.push("NOT NULL".into());
    }
    match &column.default {
        Some(ServerDefault::Sql(sql)) => marks.push(format!("DEFAULT {sql}")),
        Some(ServerDefault::Text(text)) => marks.push(format!("DEFAULT '{text}'")),
        None => {}
    }
    if column.generated.is_some() {
        marks.push("GENERATED".into());
    }
    html! {
        <tr key={column.name.clone()}>
            <th scope="row">{ column.name.clone() }</th>
            <td class="type">{ data_type }</td>
            <td class="marks">
                { for marks.into_iter().map(|mark| html! {
                    <span class={classes!("chip", (mark == "PRIMARY KEY").then_some("key"))}>
                        { mark }
                    </span>
                }) }
            </td>
        </tr>
    }
}

/// What belongs to the table and not to one column: indexes, keys, checks.
fn more(table: &Table, indexes: &[Index]) -> Vec<Html> {
    let constraints = table.constraints.iter().filter_map(|constraint| match constraint {
        Constraint::ForeignKey(key) => {
            let to = match &key.referred_columns[..] {
                [] => key.referred_table.clone(),
                columns => format!("{} ({})", key.referred_table, columns.join(", ")),
            };
            Some(("foreign key", format!("({}) → {to}", key.columns.join(", "))))
        }
        Constraint::Unique(unique) => Some(("unique", format!("({})", unique.columns.join(", ")))),
        Constraint::Check(check) => Some(("check", check.expression.clone())),
        Constraint::PrimaryKey(_) => None,
    });
    let indexes = indexes.iter().map(|index| {
        let keys: Vec<&str> = index
            .keys
            .iter()
            .map(|key| match key {
                IndexKey::Column(text) | IndexKey::Expression(text) => text.as_str(),
            })
            .collect();
        let kind = if index.unique { "unique index" } else { "index" };
        (kind, format!("{} ({})", index.name, keys.join(", ")))
    });
    constraints
        .chain(indexes)
        .map(|(kind, text)| {
            html! {
                <li><span class="muted">{ kind }{" "}</span><span class="mono">{ text }</span></li>
            }
        })
        .collect()
}

fn other_box(other: &ambix_core::schema::Other) -> Html {
    let kind = match other.kind {
        OtherKind::View => "view",
        OtherKind::Trigger => "trigger",
        OtherKind::VirtualTable => "virtual table",
        OtherKind::ShadowTable => "shadow table",
        OtherKind::UnreadTable => "table, not understood",
        OtherKind::UnreadIndex => "index, not understood",
    };
    html! {
        <section key={format!("{kind} {}", other.name)} class="box"
            aria-label={format!("{kind} {}", other.name)}>
            <h3>{ other.name.clone() }<span class="chip">{ kind }</span></h3>
            <pre class="box-more scroll">{ other.sql.clone() }</pre>
        </section>
    }
}
