use super::batch::{alter_table, difference};
use super::column::{column, data_type};
use super::constraint::{column_foreign_key, conflict_of, constraint, name};
use super::repr;
use super::rows::bulk_insert;
use crate::sqlalchemy::check_of_type;
use ambix_core::operation::{
    AddColumn, AlterTable, CreateIndex, CreateTable, Operation, TableChange,
};
use ambix_core::schema::{Constraint, Index, IndexKey};
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
/// let drop = Operation::DropTable(DropTable::new("items"));
/// assert_eq!(ambix_python::render_operations(&[drop]), "op.drop_table('items')");
/// ```
pub fn render_operations(operations: &[Operation]) -> String {
    rendered(operations, false)
}

/// The operations, with `parity` as Alembic writes them even where they cannot run.
pub(super) fn rendered(operations: &[Operation], parity: bool) -> String {
    let texts: Vec<String> = operations.iter().map(|operation| render(operation, parity)).collect();
    texts.join("\n")
}

pub(super) fn render(operation: &Operation, parity: bool) -> String {
    if let Operation::Execute(execute) = operation
        && execute.alone
    {
        let sql = repr::string(&execute.sql);
        return format!("with op.get_context().autocommit_block():\n    op.execute({sql})\n");
    }
    if let Some(sql) = operation.written() {
        return format!("op.execute({})", repr::string(sql));
    }
    match operation {
        Operation::CreateTable(create) => create_table(create),
        Operation::DropTable(drop) => {
            let name = repr::string(&drop.name);
            format!("op.drop_table({name}{})", flag(drop.if_exists, "if_exists"))
        }
        Operation::AddColumn(add) => add_column(add),
        Operation::DropColumn(drop) => format!(
            "op.drop_column({}, {}{})",
            repr::string(&drop.table),
            repr::string(&drop.name),
            flag(drop.if_exists, "if_exists")
        ),
        Operation::CreateIndex(create) => create_index(create),
        Operation::DropIndex(drop) => {
            let mut arguments = vec![name(&drop.name)];
            if let Some(table) = &drop.table {
                arguments.push(format!("table_name={}", repr::string(table)));
            }
            arguments.extend(drop.was.as_deref().and_then(predicate));
            let flag = flag(drop.if_exists, "if_exists");
            format!("op.drop_index({}{flag})", arguments.join(", "))
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
        Operation::AlterTable(alter) if alter.meaning.is_some() => difference(alter, parity),
        Operation::AlterTable(alter) => match renames(alter) {
            Some(renames) => renames,
            None => alter_table(alter),
        },
    }
}

/// `, if_exists=True`.
fn flag(is_set: bool, name: &str) -> String {
    if is_set { format!(", {name}=True") } else { String::new() }
}

/// A column with its constraints, which stand in it where SQLAlchemy has them there.
fn add_column(add: &AddColumn) -> String {
    let mut text = column(&add.column);
    // Behind the type comes what a column is given beside it.
    let mut words = String::new();
    let mut items = String::new();
    let mut inline = String::new();
    for one in &add.constraints {
        match one {
            Constraint::PrimaryKey(_) => {
                words += ", primary_key=True";
                words += &conflict_of(one, ", sqlite_on_conflict_primary_key").unwrap_or_default();
                inline += ", inline_primary_key=True";
            }
            Constraint::Unique(_) => {
                words += ", unique=True";
                words += &conflict_of(one, ", sqlite_on_conflict_unique").unwrap_or_default();
            }
            Constraint::Check(_) => items += &format!(", {}", constraint(one)),
            Constraint::ForeignKey(key) => {
                items += &format!(", {}", column_foreign_key(key));
                inline += ", inline_references=True";
            }
        }
    }
    let first = data_type(add.column.data_type.as_ref(), add.column.collation.as_deref());
    if let Some(at) = text.find(&first) {
        text.insert_str(at + first.len(), &items);
    }
    text.insert_str(text.len().saturating_sub(1), &words);
    let flag = flag(add.if_not_exists, "if_not_exists");
    format!("op.add_column({}, {text}{inline}{flag})", repr::string(&add.table))
}

/// Other names for tables, where nothing else is changed.
fn renames(alter: &AlterTable) -> Option<String> {
    let mut table = &alter.table;
    let mut lines = Vec::new();
    for change in &alter.changes {
        let TableChange::RenameTable { to } = change else { return None };
        lines.push(format!("op.rename_table({}, {})", repr::string(table), repr::string(to)));
        table = to;
    }
    (!lines.is_empty()).then(|| lines.join("\n"))
}

fn create_table(create: &CreateTable) -> String {
    let table = &create.table;
    // A key with AUTOINCREMENT is written in its column, and so is what it says of conflicts.
    let inline = table.constraints.iter().find_map(|one| match one {
        Constraint::PrimaryKey(key) if table.options.autoincrement => {
            Some((key.columns.first()?, conflict_of(one, "sqlite_on_conflict_primary_key")?))
        }
        _ => None,
    });
    let columns = table.columns.iter().map(|described| {
        let text = column(described);
        match (&inline, text.strip_suffix(')')) {
            (Some((name, conflict)), Some(text)) if **name == described.name => {
                format!("{text}, {conflict})")
            }
            _ => text,
        }
    });
    let mut arguments: Vec<String> = columns.collect();
    // What a type says is said with it.
    let of_types: Vec<String> = table
        .columns
        .iter()
        .filter_map(|column| Some(check_of_type(column.data_type.as_ref()?)?.of(&column.name)))
        .map(|check| check.expression)
        .collect();
    let is_own = |one: &&Constraint| match one {
        Constraint::Check(check) => !of_types.contains(&check.expression),
        _ => true,
    };
    let constraints = table.constraints.iter().filter(is_own);
    let mut constraints: Vec<String> = constraints.map(constraint).collect();
    ambix_core::sort::sort(&mut constraints);
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
    if !create.prefixes.is_empty() {
        let words: Vec<String> = create.prefixes.iter().map(|word| repr::string(word)).collect();
        text += &format!(",\nprefixes=[{}]", words.join(", "));
    }
    if create.if_not_exists {
        text += ",\nif_not_exists=True";
    }
    text + "\n)"
}

fn create_index(create: &CreateIndex) -> String {
    let index = &create.index;
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
    let flag = flag(create.if_not_exists, "if_not_exists");
    format!("op.create_index({}{flag})", arguments.join(", "))
}

fn predicate(index: &Index) -> Option<String> {
    let sql = index.predicate.as_ref()?;
    Some(format!("sqlite_where=sa.text({})", repr::sql_text(sql)))
}
