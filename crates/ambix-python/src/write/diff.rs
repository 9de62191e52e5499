use super::repr;
use ambix_core::operation::Operation;
use ambix_core::schema::{Column, Constraint, Index, IndexKey, Schema, ServerDefault, Table};

/// Operations as Python shows Alembic's `as_diffs()`, which is what `alembic check` prints:
/// `[('add_column', None, 'account', Column('email', String(), table=<account>))]`.
///
/// `wanted` are the models and `database` is what they were compared with: an index is shown with its
/// columns, and these are looked up there.
pub fn diffs(operations: &[Operation], wanted: &Schema, database: &Schema) -> String {
    let shown: Vec<String> = operations
        .iter()
        .map(|operation| match operation {
            Operation::CreateTable(create) => format!("('add_table', {})", table(&create.table)),
            Operation::DropTable(drop) => {
                let was = drop.was.as_deref().or_else(|| database.table(&drop.name));
                format!("('remove_table', {})", was.map_or_else(|| repr::string(&drop.name), table))
            }
            Operation::AddColumn(add) => {
                change("add_column", &add.table, &add.column.name, Some(&add.column), wanted)
            }
            Operation::DropColumn(drop) => {
                change("remove_column", &drop.table, &drop.name, drop.was.as_deref(), database)
            }
            Operation::CreateIndex(create) => {
                format!("('add_index', {})", index(&create.index, wanted))
            }
            Operation::DropIndex(drop) => {
                let was = drop.was.as_deref().or_else(|| database.index(&drop.name.text));
                let was = was.map(|was| index(was, database));
                format!(
                    "('remove_index', {})",
                    was.unwrap_or_else(|| repr::string(&drop.name.text))
                )
            }
            Operation::Execute(execute) => format!("('execute', {})", repr::string(&execute.sql)),
            Operation::BulkInsert(insert) => {
                format!("('bulk_insert', {})", repr::string(&insert.table))
            }
            Operation::RenameIndex(rename) => {
                format!("('rename_index', {})", repr::string(&rename.from))
            }
            Operation::ReplaceView(replace) => {
                format!("('replace_view', {})", repr::string(&replace.name))
            }
            Operation::AlterTable(alter) => {
                format!("('batch_alter_table', {})", repr::string(&alter.table))
            }
        })
        .collect();
    format!("[{}]", shown.join(", "))
}

fn change(word: &str, on: &str, name: &str, shown: Option<&Column>, schema: &Schema) -> String {
    let table = schema.table(on);
    let shown = shown.or_else(|| table.and_then(|table| table.column(name)));
    let shown = shown.map_or_else(|| repr::string(name), |shown| column(shown, on, table));
    format!("('{word}', None, {}, {shown})", repr::string(on))
}

fn table(table: &Table) -> String {
    let columns: Vec<String> =
        table.columns.iter().map(|shown| column(shown, &table.name, Some(table))).collect();
    format!("Table({}, MetaData(), {}, schema=None)", repr::string(&table.name), columns.join(", "))
}

fn column(column: &Column, on: &str, table: Option<&Table>) -> String {
    let shown = column.data_type.as_ref();
    let shown = shown.map_or_else(|| "NullType()".into(), ToString::to_string);
    let mut parts = vec![repr::string(&column.name), shown];
    let constraints = table.map(|table| table.constraints.as_slice()).unwrap_or_default();
    for constraint in constraints {
        if let Constraint::ForeignKey(key) = constraint
            && let Some(at) = key.columns.iter().position(|name| *name == column.name)
            && let Some(referred) = key.referred_columns.get(at)
        {
            let target = repr::string(&format!("{}.{referred}", key.referred_table));
            parts.push(format!("ForeignKey({target})"));
        }
    }
    parts.push(format!("table=<{on}>"));
    let in_key = |key: &Constraint| matches!(key, Constraint::PrimaryKey(key) if key.columns.contains(&column.name));
    if constraints.iter().any(in_key) {
        parts.push("primary_key=True".into());
    }
    if !column.nullable {
        parts.push("nullable=False".into());
    }
    if let Some(default) = &column.default {
        let default = match default {
            ServerDefault::Text(text) => repr::string(text),
            ServerDefault::Sql(sql) => format!("text({})", repr::string(sql)),
        };
        parts.push(format!("server_default=DefaultClause({default}, for_update=False)"));
    }
    if let Some(comment) = &column.comment {
        parts.push(format!("comment={}", repr::string(comment)));
    }
    format!("Column({})", parts.join(", "))
}

fn index(index: &Index, schema: &Schema) -> String {
    let table = schema.table(&index.table);
    let key = |key: &IndexKey| match key {
        IndexKey::Column(name) => {
            let found = table.and_then(|table| table.column(name));
            found.map_or_else(|| repr::string(name), |found| column(found, &index.table, table))
        }
        IndexKey::Expression(sql) => format!("text({})", repr::string(sql)),
    };
    let mut parts = vec![repr::string(&index.name.text)];
    parts.extend(index.keys.iter().map(key));
    if index.unique {
        parts.push("unique=True".into());
    }
    format!("Index({})", parts.join(", "))
}
