//! What is said of data before it goes: by `plan`, on standard error, and in the engine's events.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod references;
mod values;

use ambix_core::engine::Event;
use ambix_core::operation::loss::LossKind;
use ambix_tests::{Typist, rows};
use serde_json::{Value, json};

/// Somebody with these `.sql` revisions in a row: (id, upgrade, downgrade).
fn typist(revisions: &[(&str, &str, &str)]) -> Typist {
    let mut typist = Typist::new("");
    let mut down = "base";
    for (id, upgrade, downgrade) in revisions {
        let text = format!(
            "-- revision: {id}\n-- revises: {down}\n\n-- upgrade\n\n{upgrade}\n\n-- downgrade\n\n{downgrade}\n"
        );
        typist.files.insert(format!("versions/{id}.sql"), text);
        down = id;
    }
    typist
}

fn with_items(second: &str) -> Typist {
    let mut typist = typist(&[
        (
            "aaaa",
            "CREATE TABLE items (id INTEGER PRIMARY KEY, name TEXT, price INTEGER);",
            "DROP TABLE items;",
        ),
        ("bbbb", second, ""),
    ]);
    typist.types_well("alembic upgrade aaaa");
    let insert = "INSERT INTO items (name, price) VALUES ('a', 1), ('b', NULL), ('c', 3)";
    typist.database.execute_batch(insert).unwrap();
    typist
}

/// The comments of `plan TARGET` about what goes.
fn told(typist: &mut Typist, target: &str) -> Vec<String> {
    let lines = typist.types_well(&format!("alembic plan {target}")).lines;
    lines.into_iter().filter(|line| line.contains("destroys data")).collect()
}

#[test]
fn a_dropped_table_with_its_rows() {
    let mut typist = with_items("DROP TABLE items;");
    assert_eq!(told(&mut typist, "head"), ["-- destroys data: table items (3 rows)"]);
    assert_eq!(told(&mut typist, "base"), ["-- destroys data: table items (3 rows)"]);
}

#[test]
fn a_dropped_column_with_the_values_that_are_not_null() {
    let mut typist = with_items("ALTER TABLE items DROP COLUMN price;");
    assert_eq!(told(&mut typist, "head"), ["-- destroys data: column items.price (2 values)"]);
}

#[test]
fn what_is_renamed_before_it_goes_is_counted_under_its_name_of_today() {
    let mut typist = with_items(
        "ALTER TABLE items RENAME TO things;\nALTER TABLE things RENAME price TO cost;\n\
         ALTER TABLE things DROP COLUMN cost;\nDELETE FROM things;",
    );
    assert_eq!(
        told(&mut typist, "head"),
        [
            "-- destroys data: column things.cost (2 values)",
            "-- destroys data: rows, by DELETE FROM things (3 rows)",
        ]
    );
}

#[test]
fn what_the_plan_makes_itself_is_no_loss() {
    let mut typist = with_items(
        "CREATE TABLE scratch (x);\nINSERT INTO scratch VALUES (1);\nUPDATE scratch SET x = 2;\n\
         DROP TABLE scratch;\nALTER TABLE items ADD COLUMN label TEXT;\n\
         UPDATE items SET label = upper(name);\nALTER TABLE items DROP COLUMN label;",
    );
    assert!(told(&mut typist, "head").is_empty());
    let upgraded = typist.types_well("alembic upgrade head");
    assert!(!upgraded.events.iter().any(|event| matches!(event, Event::Loses { .. })));
    assert!(upgraded.notes.is_empty());
}

#[test]
fn rows_of_statements_are_counted_where_they_can_be_foreseen() {
    let mut typist = with_items(
        "DELETE FROM items WHERE price > 2;\nUPDATE items SET price = 0 WHERE price IS NULL;\n\
         INSERT OR REPLACE INTO items (id) VALUES (1);\n\
         INSERT INTO items (id) VALUES (1) ON CONFLICT DO UPDATE SET name = 'x';",
    );
    assert_eq!(
        told(&mut typist, "head"),
        [
            "-- destroys data: rows, by DELETE FROM items WHERE price > 2 (1 row)",
            "-- destroys data: rows, by UPDATE items SET price = 0 WHERE price IS NULL",
            "-- destroys data: rows, by INSERT OR REPLACE INTO items (id) VALUES (1)",
            "-- destroys data: rows, by INSERT INTO items (id) VALUES (1) ON CONFLICT DO UPDATE SET…",
        ]
    );
}

#[test]
fn an_empty_table_is_told_of_in_the_plan_and_is_no_warning() {
    let mut typist = with_items("DROP TABLE items;");
    typist.database.execute_batch("DELETE FROM items").unwrap();
    assert_eq!(told(&mut typist, "head"), ["-- destroys data: table items (no rows)"]);
    assert!(typist.types_well("alembic upgrade head").notes.is_empty());
}

#[test]
fn the_plan_as_json() {
    let mut typist = with_items("ALTER TABLE items DROP COLUMN price;");
    let lines = typist.types_well("alembic plan head --json").lines;
    let plan: Value = serde_json::from_str(&lines.join("\n")).unwrap();
    let step = &plan["steps"][0];
    assert_eq!(step["destroys_data"], true);
    assert_eq!(
        step["losses"],
        json!([{
            "kind": "column", "table": "items", "column": "price", "statement": null, "rows": 2,
            "kept": false,
        }])
    );
}

#[test]
fn it_is_told_beside_standard_output_before_the_step_runs() {
    let mut typist = with_items("ALTER TABLE items DROP COLUMN price;\nDELETE FROM items;");
    let upgraded = typist.types_well("alembic upgrade head");
    assert!(upgraded.lines.is_empty());
    assert_eq!(
        upgraded.notes,
        [
            "upgrade aaaa -> bbbb destroys: column items.price (2 values); rows, by DELETE FROM items (3 rows)"
        ]
    );
    let at = |wanted: fn(&Event) -> bool| upgraded.events.iter().position(wanted).unwrap();
    let loses = at(|event| matches!(event, Event::Loses { .. }));
    assert!(at(|event| matches!(event, Event::Started(_))) < loses);
    assert!(loses < at(|event| matches!(event, Event::Ran(_))));
    let Event::Loses { losses, .. } = &upgraded.events[loses] else { panic!() };
    assert_eq!(losses[0].kind, LossKind::Column);
    assert_eq!(losses[0].rows, Some(2));
    assert_eq!(rows(&typist.database, "SELECT * FROM items").unwrap().rows.len(), 0);
}

#[test]
fn a_python_downgrade_of_a_new_table() {
    let mut typist = Typist::new("");
    let script = "from alembic import op\nimport sqlalchemy as sa\nrevision = 'aaaa'\ndown_revision = None\n\
        def upgrade():\n    op.create_table('t', sa.Column('id', sa.Integer, primary_key=True))\n\
        def downgrade():\n    op.drop_table('t')\n";
    typist.files.insert("versions/aaaa_t.py".into(), script.into());
    typist.types_well("alembic upgrade head");
    typist.database.execute_batch("INSERT INTO t VALUES (1)").unwrap();
    assert_eq!(told(&mut typist, "base"), ["-- destroys data: table t (1 row)"]);
}
