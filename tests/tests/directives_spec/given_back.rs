//! Whether the inverse of a revision, as autogenerate writes it, gives the schema back.

use crate::run::carry_out;
use crate::seen;
use ambix_core::operation::{Directive, Operation};
use ambix_core::schema::Schema;
use ambix_core::sqlite::catalog;
use ambix_tests::rows;
use ambix_tests::schema::facts;
use rusqlite::Connection;
use std::collections::BTreeSet;

/// Carries out the directives one by one, then their inverses in reverse order. Says what came of it: `none` and
/// which directives have no inverse; otherwise which facts about the schema are lost or new, or that there are none.
///
/// # Errors
/// If an inverse is refused.
pub(crate) fn given_back(before: &str, directives: &[Directive]) -> Result<String, String> {
    let database = Connection::open_in_memory().unwrap();
    database.execute_batch(before).unwrap();
    let start = (facts(&database).unwrap(), schema_texts(&database));
    let mut inverses = Vec::new();
    for directive in directives {
        let operation = with_what_was(&database, directive.operation.clone());
        let Some(inverse) = operation.reverse() else {
            return Ok(format!("none: {}", operation.name()));
        };
        inverses.push(Directive { operation: inverse, place: None });
        carry_out(&database, Ok(vec![directive.clone()]))
            .map_err(|error| format!("alone: {error}"))?;
    }
    inverses.reverse();
    if let Err(error) = carry_out(&database, Ok(inverses)) {
        return Ok(format!("refused: {}", error.message));
    }
    if schema_texts(&database) == start.1 {
        return Ok("gives the same texts".into());
    }
    let (want, got): (BTreeSet<String>, _) = (start.0, facts(&database).unwrap());
    let lost = want.difference(&got).map(|fact| format!("lost: {fact}\n"));
    let new = got.difference(&want).map(|fact| format!("new: {fact}\n"));
    let differences: String = lost.chain(new).collect();
    Ok(if differences.is_empty() { "gives the same schema".into() } else { differences })
}

fn schema_texts(database: &Connection) -> Vec<String> {
    let whole = seen::whole(database);
    whole.split_inclusive(";\n").map(str::to_string).filter(|text| text.ends_with(";\n")).collect()
}

/// The operation with what autogenerate notes of what it takes away.
fn with_what_was(database: &Connection, mut operation: Operation) -> Operation {
    let schema: Schema = catalog::read(&rows(database, catalog::SELECT).unwrap()).0;
    match &mut operation {
        Operation::DropTable(drop) => drop.was = schema.table(&drop.name).cloned().map(Box::new),
        Operation::DropColumn(drop) => {
            if let Some(table) = schema.table(&drop.table) {
                let ambix_core::operation::DropColumn { was, constraints, .. } =
                    ambix_core::operation::DropColumn::of(table, &drop.name);
                (drop.was, drop.constraints) = (was, constraints);
            }
        }
        Operation::DropIndex(drop) => {
            let named = |index: &&ambix_core::schema::Index| {
                index.name.text.eq_ignore_ascii_case(&drop.name.text)
            };
            drop.was = schema.indexes.iter().find(named).cloned().map(Box::new);
        }
        Operation::AlterTable(alter) => {
            alter.was =
                schema.table(&alter.table).and_then(|table| table.sql.as_deref().map(Into::into));
        }
        _ => {}
    }
    operation
}
