use super::column::column;
use super::constraint::{constraint, name};
use super::repr;
use super::rows::bulk_insert;
use ambix_core::operation::Operation;
use ambix_core::schema::{Index, IndexKey, Table};
use ambix_core::sqlite::quote;

/// More arguments than that are written as `*[…]`: Python once could not call with more.
const MOST_ARGUMENTS: usize = 255;

/// The operations as Alembic writes them into a script, without indentation and without the comments
/// around them.
///
/// Foreign keys must name the columns that they refer to.
///
/// ```
/// use ambix_core::operation::{DropTable, Operation};
///
/// let drop = Operation::DropTable(DropTable { name: "items".into(), was: None });
/// assert_eq!(ambix_python::render_operations(&[drop]), "op.drop_table('items')");
/// ```
pub fn render_operations(operations: &[Operation]) -> String {
    operations.iter().map(render).collect::<Vec<_>>().join("\n")
}

fn render(operation: &Operation) -> String {
    if let Some(sql) = operation.written() {
        return format!("op.execute({})", repr::string(sql));
    }
    match operation {
        Operation::CreateTable(create) => create_table(&create.table),
        Operation::DropTable(drop) => format!("op.drop_table({})", repr::string(&drop.name)),
        Operation::AddColumn(add) => {
            format!("op.add_column({}, {})", repr::string(&add.table), column(&add.column))
        }
        Operation::DropColumn(drop) => {
            format!("op.drop_column({}, {})", repr::string(&drop.table), repr::string(&drop.name))
        }
        Operation::CreateIndex(create) => create_index(&create.index),
        Operation::DropIndex(drop) => {
            let mut arguments = vec![name(&drop.name)];
            if let Some(table) = &drop.table {
                arguments.push(format!("table_name={}", repr::string(table)));
            }
            arguments.extend(drop.was.as_deref().and_then(predicate));
            format!("op.drop_index({})", arguments.join(", "))
        }
        Operation::Execute(execute) => format!("op.execute({})", repr::string(&execute.sql)),
        Operation::BulkInsert(insert) => bulk_insert(insert),
        Operation::RenameIndex(rename) => {
            let names = (quote::name(&rename.from), quote::name(&rename.to));
            let if_exists = if rename.if_exists { "IF EXISTS " } else { "" };
            let sql = format!("ALTER INDEX {if_exists}{} RENAME TO {}", names.0, names.1);
            format!("op.execute({})", repr::string(&sql))
        }
        Operation::ReplaceView(replace) => {
            let sql = replace.create.replacen("CREATE", "CREATE OR REPLACE", 1);
            format!("op.execute({})", repr::string(&sql))
        }
        Operation::AlterTable(alter) => {
            format!(
                "raise NotImplementedError({})",
                repr::string(&format!("change of {}", alter.table))
            )
        }
    }
}

fn create_table(table: &Table) -> String {
    let mut arguments: Vec<String> = table.columns.iter().map(column).collect();
    let mut constraints: Vec<String> = table.constraints.iter().map(constraint).collect();
    constraints.sort();
    arguments.append(&mut constraints);
    let mut text = format!("op.create_table({},\n", repr::string(&table.name));
    if arguments.len() > MOST_ARGUMENTS {
        text += &format!("*[{}]", arguments.join(",\n"));
    } else {
        text += &arguments.join(",\n");
    }
    for (option, written) in [
        (table.options.autoincrement, "sqlite_autoincrement=True"),
        (table.options.strict, "sqlite_strict=True"),
        (table.options.without_rowid, "sqlite_with_rowid=False"),
    ] {
        if option {
            text += ",\n";
            text += written;
        }
    }
    text + "\n)"
}

fn create_index(index: &Index) -> String {
    let keys = index.keys.iter().map(|key| match key {
        IndexKey::Column(column) => repr::string(column),
        IndexKey::Expression(sql) => format!("sa.literal_column({})", repr::string(sql)),
    });
    let mut arguments = vec![
        name(&index.name),
        repr::string(&index.table),
        format!("[{}]", keys.collect::<Vec<_>>().join(", ")),
        // What SQLite says of its own index is a number, and so Alembic writes it.
        match (index.unique, &index.sql) {
            (true, Some(_)) => "unique=1".into(),
            (unique, _) => format!("unique={}", repr::boolean(unique)),
        },
    ];
    arguments.extend(predicate(index));
    format!("op.create_index({})", arguments.join(", "))
}

fn predicate(index: &Index) -> Option<String> {
    let sql = index.predicate.as_ref()?;
    Some(format!("sqlite_where=sa.text({})", repr::sql_text(sql)))
}
