//! What the rows that are there get in a new column that may not be NULL and has no default.

use super::Done;
use super::desk::Desk;
use ambix_core::autogenerate::{Comparison, Rename};
use ambix_core::diagnostic::{Code, Diagnostic};
use ambix_core::engine::query;
use ambix_core::operation::{AlterColumn, AlterTable, Operation, SchemaChange};
use ambix_core::schema::ServerDefault;
use ambix_core::sqlite::quote;

/// A value for a new column of a table with rows: `--fill items.kind='book'`.
#[derive(Clone, Debug)]
pub(super) struct Fill {
    /// The table and the column.
    column: String,
    /// An SQL constant.
    value: String,
}

impl Fill {
    pub(super) fn parse(text: &str) -> Result<Self, Diagnostic> {
        match text.split_once('=') {
            Some((column, value)) if column.contains('.') && !value.trim().is_empty() => {
                Ok(Self { column: column.trim().into(), value: value.trim().into() })
            }
            _ => Err(Diagnostic::error(
                Code::InvalidOptions,
                format!("{text:?} does not say a value for a column"),
            )
            .hint("write table.column=value, with the value as SQL: items.kind=\"'book'\"")),
        }
    }
}

/// Adds each such column with the value as its default, and takes the default away again.
pub(super) async fn settle(
    desk: &Desk,
    comparison: &mut Comparison,
    given: &[Fill],
    renamed: &[Rename],
) -> Done {
    let mut upgrade = Vec::with_capacity(comparison.upgrade.len());
    let mut unused: Vec<&Fill> = given.iter().collect();
    for operation in core::mem::take(&mut comparison.upgrade) {
        let Operation::AddColumn(mut add) = operation else {
            upgrade.push(operation);
            continue;
        };
        let (table, wanted) = (add.table.clone(), add.column.clone());
        let name = format!("{table}.{}", wanted.name);
        let said = unused.iter().position(|fill| fill.column.eq_ignore_ascii_case(&name));
        let value = match said.map(|at| unused.remove(at)) {
            Some(fill) => Some(fill.value.clone()),
            None if wanted.has_to_be_given() && has_rows(desk, &table, renamed).await? => {
                asked(desk, &name, &table).await?
            }
            None => None,
        };
        if let Some(value) = value {
            add.column.default = Some(ServerDefault::Sql(value));
            let meaning = SchemaChange::AlterColumn(Box::new(AlterColumn {
                from: add.column.clone(),
                to: wanted,
                autoincrement: None,
                tells_type: false,
            }));
            upgrade.push(Operation::AddColumn(add));
            upgrade.push(Operation::AlterTable(AlterTable::of(table, meaning)));
        } else {
            upgrade.push(Operation::AddColumn(add));
        }
    }
    comparison.upgrade = upgrade;
    match unused.first() {
        None => Ok(()),
        Some(Fill { column, .. }) => Err(Diagnostic::error(
            Code::InvalidOptions,
            format!("--fill {column}: no such column is added"),
        )
        .hint("it is for columns that the models have and the database has not")),
    }
}

/// Whether the table, which may have another name in the database yet, has any.
async fn has_rows(desk: &Desk, table: &str, renamed: &[Rename]) -> Result<bool, Diagnostic> {
    let renamed = renamed.iter().find(|it| it.table.is_none() && it.to.eq_ignore_ascii_case(table));
    let now = renamed.map_or(table, |rename| rename.from.as_str());
    let rows = query(desk, format!("SELECT 1 FROM {} LIMIT 1", quote::name(now))).await?;
    Ok(!rows.rows.is_empty())
}

/// Asks, and where nobody can answer tells how to say it.
async fn asked(desk: &Desk, name: &str, table: &str) -> Result<Option<String>, Diagnostic> {
    let what = format!("{table} has rows, and {name} may not be NULL and has no default");
    let question = format!("{what}: which value do they get, as SQL? [none]");
    if let Some(answer) = desk.answer_to(question).await? {
        return Ok(Some(answer).filter(|answer| !answer.trim().is_empty()));
    }
    desk.warn(
        Diagnostic::warning(Code::MissingValue, what)
            .hint_command(
                "say which value they get, as SQL",
                format!("revision --autogenerate -m \"…\" --fill {name}=\"''\""),
            )
            .hint("or give it a server_default in the models, or let it be NULL"),
    )
    .await;
    Ok(None)
}
