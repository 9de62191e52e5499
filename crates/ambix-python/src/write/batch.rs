//! `with op.batch_alter_table(…) as batch_op:`, in Alembic's layout.

use super::batch_change::{Written, written};
use super::difference::{Directive, directive};
use super::operation::render;
use super::{Style, repr};
use ambix_core::operation::{AlterTable, ColumnPlace, Operation, Recreate, TableChange};
use ambix_core::sqlite::standard;

/// The changes of a table as a batch. What no directive says is an error that the script raises: a person
/// has to write it.
pub(super) fn alter_table(alter: &AlterTable, style: &Style) -> String {
    match block(alter, style) {
        Ok(text) => text,
        Err(what) => format!(
            "raise NotImplementedError({})",
            repr::string(&format!("change of {}: {what} has no directive", alter.table))
        ),
    }
}

fn block(alter: &AlterTable, style: &Style) -> Result<String, &'static str> {
    let mut arguments = vec![repr::string(&alter.table), "schema=None".into()];
    let mut lines = Vec::new();
    let places = alter.changes.iter().any(|change| {
        matches!(change.itself(), TableChange::AddColumn { place: Some(place), .. }
            if *place != ColumnPlace::First)
    });
    match alter.recreate {
        Recreate::Never => arguments.push("recreate='never'".into()),
        Recreate::Always => arguments.push("recreate='always'".into()),
        Recreate::Auto if places => arguments.push("recreate='always'".into()),
        Recreate::Auto => {}
    }
    for piece in written(&alter.changes, style)? {
        match piece {
            Written::Argument(text) => arguments.push(text),
            Written::Line(text) => lines.push(format!("batch_op.{text}")),
        }
    }
    Ok(of_lines(&arguments, &lines, style))
}

fn of_lines(arguments: &[String], lines: &[String], style: &Style) -> String {
    // Alembic says `op.` here whatever the prefix is.
    let op = if style.parity { "op." } else { &style.op };
    let mut text = format!("with {op}batch_alter_table({}) as batch_op:", arguments.join(", "));
    for line in lines {
        // What goes on in another line has its place already.
        for line in line.split('\n') {
            text += if line.starts_with(' ') { "\n" } else { "\n    " };
            text += line;
        }
    }
    if lines.is_empty() {
        text += "\n    pass";
    }
    text + "\n"
}

/// The operations as Alembic writes them with `render_as_batch`: what follows one another of one table stands in
/// one batch.
///
/// ```
/// use ambix_core::operation::{DropColumn, Operation};
/// let drop = Operation::DropColumn(DropColumn::new("t", "a"));
/// assert_eq!(
///     ambix_python::render_as_batch(&[drop]),
///     "with op.batch_alter_table('t', schema=None) as batch_op:\n    batch_op.drop_column('a')\n"
/// );
/// ```
pub fn render_as_batch(operations: &[Operation]) -> String {
    batches(operations, &Style::default())
}

/// The operations as batches, in a style.
pub(super) fn batches(operations: &[Operation], style: &Style) -> String {
    let in_batch = style.in_batch();
    let mut texts: Vec<String> = Vec::new();
    let mut left = operations;
    while let Some((first, rest)) = left.split_first() {
        let Some(table) = table_of(first, &in_batch) else {
            texts.push(render(first, style));
            left = rest;
            continue;
        };
        // A batch knows columns by the names that they had before it.
        let is_of_it = |one: &&Operation| table_of(one, &in_batch) == Some(table) && !renames(one);
        let count = if renames(first) { 1 } else { left.iter().take_while(is_of_it).count() };
        let (group, rest) = left.split_at(count);
        left = rest;
        match group
            .iter()
            .map(|one| lines(one, table, style, &in_batch))
            .collect::<Option<Vec<_>>>()
        {
            Some(lines) => {
                texts.push(block_of(table, lines.into_iter().flatten().collect(), style))
            }
            None => texts.extend(group.iter().map(|one| render(one, style))),
        }
    }
    texts.join("\n")
}

/// Whether a table or a column has another name behind it.
fn renames(operation: &Operation) -> bool {
    let is_name = |change: &TableChange| {
        matches!(change, TableChange::RenameTable { .. } | TableChange::RenameColumn { .. })
    };
    matches!(operation, Operation::AlterTable(alter) if alter.changes.iter().any(is_name))
}

/// What an operation is in a batch; `None` if it needs one of its own.
fn lines(
    operation: &Operation,
    table: &str,
    style: &Style,
    in_batch: &Style,
) -> Option<Vec<Directive>> {
    let plain = |text| Directive { text, convention: None };
    match operation {
        Operation::AlterTable(alter) if alter.meaning.is_some() => {
            Some(Vec::from([directive(alter, true, in_batch)?]))
        }
        Operation::AlterTable(alter) if alter.recreate == Recreate::Auto => {
            let line = |piece| match piece {
                Written::Line(text) => Some(plain(format!("batch_op.{text}"))),
                Written::Argument(_) => None,
            };
            written(&alter.changes, style).ok()?.into_iter().map(line).collect()
        }
        Operation::AlterTable(_) => None,
        other => Some(Vec::from([plain(within(&render(other, in_batch), table)?)])),
    }
}

/// One batch. Constraints without a name get one by the conventions.
fn block_of(table: &str, directives: Vec<Directive>, style: &Style) -> String {
    let mut arguments = vec![repr::string(table), "schema=None".into()];
    let mut conventions = Vec::new();
    for convention in directives.iter().filter_map(|directive| directive.convention) {
        if !conventions.contains(&convention) {
            conventions.push(convention);
        }
    }
    if !conventions.is_empty() {
        let entries = conventions.iter().map(|(kind, template)| format!("'{kind}': '{template}'"));
        let entries = entries.collect::<Vec<_>>().join(", ");
        arguments.push(format!("naming_convention={{{entries}}}"));
    }
    let lines: Vec<String> = directives.into_iter().map(|directive| directive.text).collect();
    of_lines(&arguments, &lines, style)
}

/// A difference of a table as a directive alone; as one of a batch where it needs that; as a statement where there
/// is no directive for it.
pub(super) fn difference(alter: &AlterTable, style: &Style) -> String {
    match (directive(alter, false, style), standard::write(alter)) {
        (Some(Directive { text, convention: None }), _) => text,
        (Some(in_batch), _) => block_of(&alter.table, Vec::from([in_batch]), style),
        (None, Some(sql)) => format!("{}execute({})", style.op, repr::string(&sql)),
        (None, None) => alter_table(alter, style),
    }
}

/// The table that an operation changes, if a batch has a directive for it.
fn table_of<'a>(operation: &'a Operation, in_batch: &Style) -> Option<&'a str> {
    match operation {
        Operation::AddColumn(add) => Some(&add.table),
        Operation::DropColumn(drop) => Some(&drop.table),
        Operation::CreateIndex(create) => Some(&create.index.table),
        Operation::DropIndex(drop) => drop.table.as_deref(),
        Operation::AlterTable(alter)
            if alter.meaning.is_some() && directive(alter, true, in_batch).is_none() =>
        {
            None
        }
        Operation::AlterTable(alter) => Some(&alter.table),
        _ => None,
    }
}

/// A directive as a batch has it: without the table's name.
fn within(text: &str, table: &str) -> Option<String> {
    let table = repr::string(table);
    let (directive, rest) = text.strip_prefix("batch_op.")?.split_once('(')?;
    let rest = match directive {
        "add_column" | "drop_column" => rest.strip_prefix(&format!("{table}, "))?.to_string(),
        "create_index" => rest.replacen(&format!(", {table}, "), ", ", 1),
        "drop_index" => rest.replacen(&format!(", table_name={table}"), "", 1),
        _ => return None,
    };
    Some(format!("batch_op.{directive}({rest}"))
}
