use super::column::data_type;
use super::{Style, repr};
use ambix_core::operation::{AlterColumn, AlterTable, Operation, SchemaChange};
use ambix_core::schema::{Column, Constraint, Index, IndexKey, Name, Schema, ServerDefault, Table};

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
            Operation::AlterTable(alter) => table_change(alter),
        })
        .collect();
    format!("[{}]", shown.join(", "))
}

/// A difference of a table. Where Python would only show that there is an object, its SQL or its names stand.
fn table_change(alter: &AlterTable) -> String {
    let (word, constraint) = match &alter.meaning {
        Some(SchemaChange::AlterColumn(change)) => return column_changes(change, &alter.table),
        Some(SchemaChange::AddConstraint(constraint)) => ("add", constraint),
        Some(
            SchemaChange::DropConstraint(constraint) | SchemaChange::DropUnnamed { constraint, .. },
        ) => ("remove", constraint),
        Some(SchemaChange::ReplaceKey { to, .. }) => {
            let columns = to.as_ref().map(|key| repr::strings(&key.columns)).unwrap_or_default();
            return format!(
                "('modify_primary_key', None, {}, [{columns}])",
                repr::string(&alter.table)
            );
        }
        Some(SchemaChange::SetOptions { .. }) | None => {
            return format!("('batch_alter_table', {})", repr::string(&alter.table));
        }
    };
    let style = Style::default();
    // A name is shown as it is.
    let constraint = &constraint.named(constraint.name().map(|name| Name::plain(&name.text)));
    match constraint {
        Constraint::ForeignKey(_) => {
            let text = super::constraint::constraint(constraint, &style);
            format!("('{word}_fk', {})", text.strip_prefix("sa.").unwrap_or(&text))
        }
        Constraint::Unique(unique) => {
            let on = &alter.table;
            let columns: Vec<String> = unique
                .columns
                .iter()
                .map(|name| format!("Column({}, NullType(), table=<{on}>)", repr::string(name)))
                .collect();
            format!("('{word}_constraint', UniqueConstraint({}))", columns.join(", "))
        }
        _ => {
            let text = super::constraint::constraint(constraint, &style);
            format!("('{word}_constraint', {})", text.strip_prefix("sa.").unwrap_or(&text))
        }
    }
}

/// The changes of a column, each with what stays beside it.
fn column_changes(change: &AlterColumn, on: &str) -> String {
    let AlterColumn { from, .. } = change;
    let shown_type = |column: &Column| {
        let text = data_type(column.data_type.as_ref(), None, &Style::default());
        text.strip_prefix("sa.").unwrap_or(&text).to_string()
    };
    let shown_default = |column: &Column| column.default.as_ref().map_or("None".into(), default);
    let nullable = format!("'existing_nullable': {}", repr::boolean(from.nullable));
    let existing_type = format!("'existing_type': {}", shown_type(from));
    let existing_default = match (&from.default, &change.to.default) {
        (None, None) => "'existing_server_default': False".into(),
        _ => format!("'existing_server_default': {}", shown_default(from)),
    };
    let place = format!("None, {}, {}", repr::string(on), repr::string(&from.name));
    let mut changes = Vec::new();
    let mut changed = |what: &str, beside: [&str; 2], from: String, to: String| {
        let beside = beside.join(", ");
        let existing = format!("{{{beside}, 'existing_comment': None}}");
        changes.push(format!("('modify_{what}', {place}, {existing}, {from}, {to})"));
    };
    if change.data_type().is_some() {
        let beside = [nullable.as_str(), &existing_default];
        changed("type", beside, shown_type(from), shown_type(&change.to));
    }
    if let Some(to) = change.nullable() {
        let beside = [existing_type.as_str(), &existing_default];
        let flag = |flag| repr::boolean(flag).to_string();
        changed("nullable", beside, flag(from.nullable), flag(to));
    }
    if change.default().is_some() {
        let beside = [nullable.as_str(), &existing_type];
        changed("default", beside, shown_default(from), shown_default(&change.to));
    }
    if change.changes_collation() {
        let collation = |column: &Column| match column.own_collation() {
            Some(name) => repr::string(name),
            None => "None".into(),
        };
        let beside = [existing_type.as_str(), &existing_default];
        changed("collation", beside, collation(from), collation(&change.to));
    }
    if change.changes_generated() {
        let computed = |column: &Column| match &column.generated {
            Some(generated) => format!("Computed({})", repr::string(&generated.expression)),
            None => "None".into(),
        };
        let beside = [existing_type.as_str(), &existing_default];
        changed("computed", beside, computed(from), computed(&change.to));
    }
    format!("[{}]", changes.join(", "))
}

fn default(default: &ServerDefault) -> String {
    let default = match default {
        ServerDefault::Text(text) => repr::string(text),
        ServerDefault::Sql(sql) => format!("text({})", repr::string(sql)),
    };
    format!("DefaultClause({default}, for_update=False)")
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
    if let Some(server_default) = &column.default {
        parts.push(format!("server_default={}", default(server_default)));
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
