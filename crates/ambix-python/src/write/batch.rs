//! `with op.batch_alter_table(…) as batch_op:`, in Alembic's layout.

use super::batch_change::{Written, written};
use super::operation::render;
use super::repr;
use ambix_core::operation::{AlterTable, ColumnPlace, Operation, Recreate, TableChange};

/// The changes of a table as a batch. What no directive says is an error that the script raises: a person
/// has to write it.
pub(super) fn alter_table(alter: &AlterTable) -> String {
    match block(alter) {
        Ok(text) => text,
        Err(what) => format!(
            "raise NotImplementedError({})",
            repr::string(&format!("change of {}: {what} has no directive", alter.table))
        ),
    }
}

fn block(alter: &AlterTable) -> Result<String, &'static str> {
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
    for piece in written(&alter.changes)? {
        match piece {
            Written::Argument(text) => arguments.push(text),
            Written::Line(text) => lines.push(text),
        }
    }
    Ok(of_lines(&arguments, &lines))
}

fn of_lines(arguments: &[String], lines: &[String]) -> String {
    let mut text = format!("with op.batch_alter_table({}) as batch_op:", arguments.join(", "));
    for line in lines {
        text += "\n    batch_op.";
        text += &line.replace('\n', "\n    ");
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
    let mut texts: Vec<String> = Vec::new();
    let mut left = operations;
    while let Some((first, rest)) = left.split_first() {
        let Some(table) = table_of(first) else {
            texts.push(render(first));
            left = rest;
            continue;
        };
        let same = left.iter().take_while(|one| table_of(one) == Some(table)).count();
        let (group, rest) = left.split_at(same);
        left = rest;
        let mut lines = Vec::new();
        let mut fits = true;
        for operation in group {
            match operation {
                Operation::AlterTable(alter) => match written(&alter.changes) {
                    Ok(pieces) if alter.recreate == Recreate::Auto => {
                        for piece in pieces {
                            match piece {
                                Written::Line(text) => lines.push(text),
                                Written::Argument(_) => fits = false,
                            }
                        }
                    }
                    _ => fits = false,
                },
                other => match within(&render(other), table) {
                    Some(line) => lines.push(line),
                    None => fits = false,
                },
            }
        }
        let arguments = [repr::string(table), "schema=None".into()];
        match fits {
            true => texts.push(of_lines(&arguments, &lines)),
            false => texts.extend(group.iter().map(render)),
        }
    }
    texts.join("\n")
}

/// The table that an operation changes, if a batch has a directive for it.
fn table_of(operation: &Operation) -> Option<&str> {
    match operation {
        Operation::AddColumn(add) => Some(&add.table),
        Operation::DropColumn(drop) => Some(&drop.table),
        Operation::CreateIndex(create) => Some(&create.index.table),
        Operation::DropIndex(drop) => drop.table.as_deref(),
        Operation::AlterTable(alter) => Some(&alter.table),
        _ => None,
    }
}

/// A directive as a batch has it: without the table's name.
fn within(text: &str, table: &str) -> Option<String> {
    let table = repr::string(table);
    let (directive, rest) = text.strip_prefix("op.")?.split_once('(')?;
    let rest = match rest.strip_prefix("op.f(") {
        Some(rest) => format!("batch_op.f({rest}"),
        None => rest.to_string(),
    };
    let rest = match directive {
        "add_column" | "drop_column" => rest.strip_prefix(&format!("{table}, "))?.to_string(),
        "create_index" => rest.replacen(&format!(", {table}, "), ", ", 1),
        "drop_index" => rest.replacen(&format!(", table_name={table}"), "", 1),
        _ => return None,
    };
    Some(format!("{directive}({rest}"))
}
