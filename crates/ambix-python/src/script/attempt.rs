//! What SQLite would say against an operation: within a `try` that is an exception, which the script may catch.

use ambix_core::engine::Model;
use ambix_core::operation::Operation;
use ambix_core::sqlite::create_table;
use ambix_core::sqlite::objects::ObjectKind;

/// The error of an operation that names what is not there, or makes what is there already, in SQLite's words.
pub(super) fn failure(model: &Model, operation: &Operation) -> Option<String> {
    let has = |kind: ObjectKind, name: &str| {
        model.objects().any(|object| object.kind == kind && object.name.eq_ignore_ascii_case(name))
    };
    let has_table =
        |name: &str| has(ObjectKind::Table, name) || has(ObjectKind::VirtualTable, name);
    let column = |table: &str, name: &str| {
        let object = model.objects().find(|object| object.is(ObjectKind::Table, table))?;
        let read = create_table::read(object.sql()?).ok()?;
        Some(read.table.column(name).is_some())
    };
    match operation {
        Operation::CreateTable(create) if !create.if_not_exists => {
            let name = &create.table.name;
            has_table(name).then(|| format!("table {name} already exists"))
        }
        Operation::DropTable(drop) if !drop.if_exists => {
            (!has_table(&drop.name)).then(|| format!("no such table: {}", drop.name))
        }
        Operation::CreateIndex(create) if !create.if_not_exists => {
            let (name, table) = (&create.index.name.text, &create.index.table);
            match has(ObjectKind::Index, name) {
                true => Some(format!("index {name} already exists")),
                false => (!has_table(table)).then(|| format!("no such table: main.{table}")),
            }
        }
        Operation::DropIndex(drop) if !drop.if_exists => {
            let name = &drop.name.text;
            (!has(ObjectKind::Index, name)).then(|| format!("no such index: {name}"))
        }
        Operation::AddColumn(add) if !add.if_not_exists => {
            match column(&add.table, &add.column.name) {
                None => Some(format!("no such table: {}", add.table)),
                Some(true) => Some(format!("duplicate column name: {}", add.column.name)),
                Some(false) => None,
            }
        }
        Operation::DropColumn(drop) if !drop.if_exists => match column(&drop.table, &drop.name) {
            None => Some(format!("no such table: {}", drop.table)),
            Some(true) => None,
            Some(false) => Some(format!("no such column: \"{}\"", drop.name)),
        },
        _ => None,
    }
}
