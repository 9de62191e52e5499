use ambix_core::autogenerate::{
    Candidate, Rename, Rules, compare, renamed_columns, renamed_tables,
};
use ambix_core::operation::{Operation, SchemaChange};
use ambix_core::schema::{Constraint, Schema};
use ambix_core::sqlite::ddl;

use super::{DatabaseView, Effect};

/// What the models want to be otherwise in the database.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Changes {
    database: Schema,
    models: Schema,
    /// The tables that have rows.
    filled: Vec<String>,
}

/// What a new revision would say.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Preview {
    /// What was found, in Alembic's words, and what it does.
    pub(crate) found: Vec<(Effect, String)>,
    /// What may have got another name only.
    pub(crate) renames: Vec<Candidate>,
    /// New columns (`table.column`) that may not be NULL, of tables with rows.
    pub(crate) valueless: Vec<String>,
    /// The tables that are not the same.
    pub(crate) sides: Vec<Sides>,
}

/// A table in the database, beside what the models say of it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Sides {
    pub(crate) table: String,
    pub(crate) rows: Vec<Row>,
}

/// One part of a table, as SQL.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Row {
    pub(crate) database: String,
    pub(crate) models: String,
    /// What happens to it, if anything does.
    pub(crate) effect: Option<Effect>,
}

impl Changes {
    pub(crate) fn of(database: &DatabaseView, models: &Schema) -> Self {
        let filled = database.tables.iter().filter(|view| view.total > 0);
        Self {
            database: database.schema(),
            models: models.clone(),
            filled: filled.map(|view| view.table.name.clone()).collect(),
        }
    }

    /// What a revision would say in which this has only got another name.
    pub(crate) fn preview(&self, said: &[Rename]) -> Preview {
        let (models, rules) = (&self.models, Rules::ALL);
        let mut database = self.database.clone();
        let mut preview =
            Preview { renames: renamed_tables(&database, models, &rules), ..Preview::default() };
        for of_columns in [false, true] {
            // Those of a table that is renamed come to light with it.
            let renames = renamed_columns(&database, models, &rules);
            preview.renames.extend(renames);
            for rename in said.iter().filter(|rename| rename.table.is_some() == of_columns) {
                database = rename.applied_to(&database);
                preview
                    .found
                    .push((Effect::Alter, format!("renamed {rename}").replacen(':', " → ", 1)));
            }
        }
        let mut seen: Vec<Rename> = Vec::new();
        preview.renames.retain(|Candidate { rename, .. }| {
            let is_new = !seen.contains(rename);
            seen.push(rename.clone());
            is_new
        });
        let comparison = compare(&database, models, &rules);
        for finding in comparison.findings {
            let text = finding.message.strip_prefix("Detected ").unwrap_or(&finding.message);
            let effect = match text.split(' ').next() {
                Some("added") => Effect::Add,
                Some("removed") => Effect::Drop,
                _ => Effect::Alter,
            };
            preview.found.push((effect, text.into()));
        }
        let mut touched: Vec<&str> = Vec::new();
        let mut altered: Vec<(&str, &str)> = Vec::new();
        for operation in &comparison.upgrade {
            let table = match operation {
                Operation::CreateTable(create) => &create.table.name,
                Operation::DropTable(drop) => &drop.name,
                Operation::CreateIndex(create) => &create.index.table,
                Operation::DropIndex(drop) => drop.table.as_ref().unwrap_or(&drop.name.text),
                Operation::DropColumn(drop) => &drop.table,
                Operation::AddColumn(add) => {
                    let renamed = said.iter().find(|it| it.table.is_none() && it.to == add.table);
                    let now = renamed.map_or(&add.table, |rename| &rename.from);
                    if add.column.has_to_be_given() && self.filled.contains(now) {
                        preview.valueless.push(format!("{}.{}", add.table, add.column.name));
                    }
                    &add.table
                }
                Operation::AlterTable(alter) => {
                    if let Some(SchemaChange::AlterColumn(change)) = &alter.meaning {
                        altered.push((&alter.table, &change.to.name));
                    }
                    &alter.table
                }
                _ => continue,
            };
            if !touched.contains(&table.as_str()) {
                touched.push(table);
            }
        }
        preview.sides = touched
            .into_iter()
            .map(|table| {
                let columns = altered.iter().filter(|(of, _)| *of == table);
                let columns: Vec<&str> = columns.map(|(_, column)| *column).collect();
                Sides { table: table.into(), rows: rows(&database, models, table, &columns) }
            })
            .collect();
        preview
    }
}

/// The parts of a table on both sides: columns, constraints, indexes.
fn rows(database: &Schema, models: &Schema, table: &str, altered: &[&str]) -> Vec<Row> {
    let [there, wanted] = [database, models].map(|schema| parts(schema, table));
    let mut rows: Vec<Row> = Vec::new();
    for (key, sql) in &wanted {
        let old = there.iter().find(|(it, _)| it == key).map(|(_, sql)| sql.clone());
        let effect = match &old {
            None => Some(Effect::Add),
            Some(_) => altered.contains(&key.as_str()).then_some(Effect::Alter),
        };
        // What is only written otherwise is the same.
        let database = if effect.is_none() { sql.clone() } else { old.unwrap_or_default() };
        rows.push(Row { database, models: sql.clone(), effect });
    }
    let gone = there.into_iter().filter(|(key, _)| wanted.iter().all(|(it, _)| it != key));
    rows.extend(gone.map(|(_, database)| Row {
        database,
        models: String::new(),
        effect: Some(Effect::Drop),
    }));
    rows
}

/// The parts of a table: what tells one from the others, and its SQL.
fn parts(schema: &Schema, name: &str) -> Vec<(String, String)> {
    let Some(table) = schema.table(name) else { return Vec::new() };
    let columns = table.columns.iter().map(|column| {
        let sql = ddl::column(column).unwrap_or_else(|_| column.name.clone());
        (column.name.clone(), sql)
    });
    let constraint = |it: &Constraint| (ddl::constraint(&it.named(None)), ddl::constraint(it));
    let indexes = schema.indexes.iter().filter(|index| index.table.eq_ignore_ascii_case(name));
    let indexes = indexes.map(|index| {
        let sql = ddl::create_index(index);
        (sql.clone(), sql)
    });
    columns.chain(table.constraints.iter().map(constraint)).chain(indexes).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::TableView;
    use ambix_core::sqlite::create_table;

    fn table(sql: &str) -> ambix_core::schema::Table {
        create_table::read(sql).unwrap().table
    }

    #[test]
    fn a_renamed_table_shows_its_columns_side_by_side() {
        let database = DatabaseView {
            tables: vec![TableView {
                table: table(
                    "CREATE TABLE users (id INTEGER NOT NULL, a TEXT, b TEXT, name TEXT, age INTEGER, PRIMARY KEY (id))",
                ),
                total: 3,
                ..TableView::default()
            }],
            ..DatabaseView::default()
        };
        let models = Schema {
            tables: vec![table(
                "CREATE TABLE people (id INTEGER NOT NULL, a TEXT, b TEXT, name TEXT NOT NULL, years INTEGER, mail TEXT NOT NULL, PRIMARY KEY (id))",
            )],
            ..Schema::default()
        };
        let changes = Changes::of(&database, &models);
        let rename = |text: &str| Rename::parse(text).unwrap();
        let plain = changes.preview(&[]);
        let names = |preview: &Preview| -> Vec<String> {
            preview.renames.iter().map(|candidate| candidate.rename.to_string()).collect()
        };
        assert_eq!(names(&plain), ["users:people"]);
        assert!(plain.valueless.is_empty(), "a new table has no rows");
        let said = [rename("users:people"), rename("people.age:years")];
        let preview = changes.preview(&said);
        assert_eq!(preview.valueless, ["people.mail"]);
        let [sides] = &preview.sides[..] else { panic!("{:?}", preview.sides) };
        let rows: Vec<_> =
            sides.rows.iter().map(|row| (row.effect, &*row.database, &*row.models)).collect();
        assert_eq!(
            rows,
            [
                (None, "id INTEGER NOT NULL", "id INTEGER NOT NULL"),
                (None, "a TEXT", "a TEXT"),
                (None, "b TEXT", "b TEXT"),
                (Some(Effect::Alter), "name TEXT", "name TEXT NOT NULL"),
                (None, "years INTEGER", "years INTEGER"),
                (Some(Effect::Add), "", "mail TEXT NOT NULL"),
                (None, "PRIMARY KEY (id)", "PRIMARY KEY (id)"),
            ]
        );
    }
}
