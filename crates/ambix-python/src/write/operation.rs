use super::batch::{alter_table, difference};
use super::column::{column, data_type};
use super::constraint::{column_foreign_key, conflict_of, constraint, name};
use super::rows::bulk_insert;
use super::{Style, repr};
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
    rendered(operations, &Style::default())
}

/// The operations in a style.
pub(super) fn rendered(operations: &[Operation], style: &Style) -> String {
    let texts: Vec<String> = operations.iter().map(|operation| render(operation, style)).collect();
    texts.join("\n")
}

pub(super) fn render(operation: &Operation, style: &Style) -> String {
    let Style { op, .. } = style;
    let execute = |sql: &str| format!("{op}execute({})", repr::string(sql));
    if let Operation::Execute(sent) = operation
        && sent.alone
    {
        let sent = execute(&sent.sql);
        return format!("with {op}get_context().autocommit_block():\n    {sent}\n");
    }
    if let Some(sql) = operation.written() {
        return execute(sql);
    }
    match operation {
        Operation::CreateTable(create) => create_table(create, style),
        Operation::DropTable(drop) => {
            let name = repr::string(&drop.name);
            format!("{op}drop_table({name}{})", flag(drop.if_exists, "if_exists"))
        }
        Operation::AddColumn(add) => add_column(add, style),
        Operation::DropColumn(drop) => format!(
            "{op}drop_column({}, {}{})",
            repr::string(&drop.table),
            repr::string(&drop.name),
            flag(drop.if_exists, "if_exists")
        ),
        Operation::CreateIndex(create) => create_index(create, style),
        Operation::DropIndex(drop) => {
            let mut arguments = vec![name(&drop.name, style)];
            if let Some(table) = &drop.table {
                arguments.push(format!("table_name={}", repr::string(table)));
            }
            arguments.extend(drop.was.as_deref().and_then(|was| predicate(was, style)));
            let flag = flag(drop.if_exists, "if_exists");
            format!("{op}drop_index({}{flag})", arguments.join(", "))
        }
        Operation::Execute(sent) => execute(&sent.sql),
        Operation::BulkInsert(insert) => bulk_insert(insert, style),
        Operation::RenameIndex(rename) => {
            let names = (quote::name(&rename.from), quote::name(&rename.to));
            let if_exists = if rename.if_exists { "IF EXISTS " } else { "" };
            execute(&format!("ALTER INDEX {if_exists}{} RENAME TO {}", names.0, names.1))
        }
        Operation::ReplaceView(replace) => {
            execute(&replace.create.replacen("CREATE", "CREATE OR REPLACE", 1))
        }
        Operation::AlterTable(alter) if alter.meaning.is_some() => difference(alter, style),
        Operation::AlterTable(alter) => match renames(alter, style) {
            Some(renames) => renames,
            None => alter_table(alter, style),
        },
    }
}

/// `, if_exists=True`.
fn flag(is_set: bool, name: &str) -> String {
    if is_set { format!(", {name}=True") } else { String::new() }
}

/// A column with its constraints, which stand in it where SQLAlchemy has them there.
fn add_column(add: &AddColumn, style: &Style) -> String {
    let mut text = column(&add.column, style);
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
            Constraint::Check(_) => items += &format!(", {}", constraint(one, style)),
            Constraint::ForeignKey(key) => {
                items += &format!(", {}", column_foreign_key(key, style));
                inline += ", inline_references=True";
            }
        }
    }
    let first = data_type(add.column.data_type.as_ref(), add.column.collation.as_deref(), style);
    if let Some(at) = text.find(&first) {
        text.insert_str(at + first.len(), &items);
    }
    text.insert_str(text.len().saturating_sub(1), &words);
    let flag = flag(add.if_not_exists, "if_not_exists");
    format!("{}add_column({}, {text}{inline}{flag})", style.op, repr::string(&add.table))
}

/// Other names for tables, where nothing else is changed.
fn renames(alter: &AlterTable, style: &Style) -> Option<String> {
    let Style { op, .. } = style;
    let mut table = &alter.table;
    let mut lines = Vec::new();
    for change in &alter.changes {
        let TableChange::RenameTable { to } = change else { return None };
        lines.push(format!("{op}rename_table({}, {})", repr::string(table), repr::string(to)));
        table = to;
    }
    (!lines.is_empty()).then(|| lines.join("\n"))
}

fn create_table(create: &CreateTable, style: &Style) -> String {
    let table = &create.table;
    // A key with AUTOINCREMENT is written in its column, and so is what it says of conflicts.
    let inline = table.constraints.iter().find_map(|one| match one {
        Constraint::PrimaryKey(key) if table.options.autoincrement => {
            Some((key.columns.first()?, conflict_of(one, "sqlite_on_conflict_primary_key")?))
        }
        _ => None,
    });
    let columns = table.columns.iter().map(|described| {
        let text = column(described, style);
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
        Constraint::Check(check) => {
            let is_forgotten = style.parity && check.in_column;
            !is_forgotten && !of_types.contains(&check.expression)
        }
        _ => true,
    };
    let constraints = table.constraints.iter().filter(is_own);
    let mut constraints: Vec<String> = constraints.map(|one| constraint(one, style)).collect();
    ambix_core::sort::sort(&mut constraints);
    arguments.append(&mut constraints);
    let mut text = format!("{}create_table({},\n", style.op, repr::string(&table.name));
    if arguments.len() > MOST_ARGUMENTS {
        text += &format!("*[{}]", arguments.join(",\n"));
    } else {
        text += &arguments.join(",\n");
    }
    if let Some(comment) = &table.comment {
        text += &format!(",\ncomment={}", repr::string(comment));
    }
    if let Some(info) = &table.info {
        text += &format!(",\ninfo={info}");
    }
    let mut options = table.dialect_options.clone();
    for (is_set, name, value) in [
        (table.options.autoincrement, "sqlite_autoincrement", "True"),
        (table.options.strict, "sqlite_strict", "True"),
        (table.options.without_rowid, "sqlite_with_rowid", "False"),
    ] {
        if is_set && options.iter().all(|(known, _)| known != name) {
            options.push((name.into(), value.into()));
        }
    }
    ambix_core::sort::sort(&mut options);
    for (name, value) in options {
        text += &format!(",\n{name}={value}");
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

fn create_index(create: &CreateIndex, style: &Style) -> String {
    let Style { op, sa, .. } = style;
    let index = &create.index;
    let keys = index.keys.iter().map(|key| match key {
        IndexKey::Column(column) => repr::string(column),
        IndexKey::Expression(sql) => format!("{sa}literal_column({})", repr::string(sql)),
    });
    let mut arguments = vec![
        name(&index.name, style),
        repr::string(&index.table),
        format!("[{}]", keys.collect::<Vec<_>>().join(", ")),
        // What SQLite says of its own index is a number, and so Alembic writes it.
        match (index.unique, &index.sql) {
            (true, Some(_)) => "unique=1".into(),
            (unique, _) => format!("unique={}", repr::boolean(unique)),
        },
    ];
    arguments.extend(predicate(index, style));
    let flag = flag(create.if_not_exists, "if_not_exists");
    format!("{op}create_index({}{flag})", arguments.join(", "))
}

fn predicate(index: &Index, style: &Style) -> Option<String> {
    let sql = index.predicate.as_ref()?;
    Some(format!("sqlite_where={}text({})", style.sa, repr::sql_text(sql)))
}
