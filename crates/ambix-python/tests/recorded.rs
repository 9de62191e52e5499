//! Answers of Alembic 1.20.1 and SQLAlchemy 2.1.9, recorded with inputs of our own.
#![allow(clippy::unwrap_used)]

use ambix_core::autogenerate::{Rules, compare};
use ambix_core::operation::Operation;
use ambix_core::schema::{NamingConvention, Schema};
use ambix_core::sqlite::ddl;
use ambix_python::{
    NewScript, file_name, read_models, read_script, render_operations, write_script,
};
use serde_json::Value;

fn cases(text: &str) -> impl Iterator<Item = Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap())
}

fn text<'a>(case: &'a Value, field: &str) -> &'a str {
    case[field].as_str().unwrap()
}

/// The operations of a body of `upgrade()`.
fn read_body(body: &str) -> Vec<Operation> {
    let script = format!(
        "from alembic import op\nimport sqlalchemy as sa\nrevision = 'a'\ndown_revision = None\n\n\
         def upgrade():\n    {}\n",
        body.replace('\n', "\n    ")
    );
    let directives = read_script("a.py", &script, &NamingConvention::default()).unwrap().upgrade;
    directives.unwrap().into_iter().map(|directive| directive.operation).collect()
}

#[test]
fn generated_bodies_are_read_and_written_back_to_the_character() {
    for case in cases(include_str!("cases/bodies.jsonl")) {
        let body = text(&case, "body");
        let operations = read_body(body);
        let written = render_operations(&operations);
        let expected = if body == "pass" { "" } else { body };
        assert_eq!(written, expected, "{}", case["id"]);
        assert_eq!(read_body(&format!("{written}\npass")), operations, "{}", case["id"]);
    }
}

#[test]
fn models_create_the_tables_that_sqlalchemy_creates() {
    for case in cases(include_str!("cases/models.jsonl")) {
        let models = read_models(&[("models.py".into(), text(&case, "models_py").into())]);
        assert_eq!(models.diagnostics, [], "{}", case["id"]);
        let operations = compare(&Schema::default(), &models.schema, &Rules::ALEMBIC).upgrade;
        let mut created: Vec<String> =
            operations.iter().flat_map(|operation| ddl::operation(operation).unwrap()).collect();
        let mut expected: Vec<&str> =
            case["create_sql"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
        // The order of tables and indexes is not what is tested here.
        created.sort();
        expected.sort();
        assert_eq!(created, expected, "{}", case["id"]);
    }
}

#[test]
fn new_scripts_have_alembics_text_and_name() {
    for case in cases(include_str!("cases/scripts.jsonl")) {
        let expected = text(&case, "text");
        let header = read_script("a.py", expected, &NamingConvention::default()).unwrap().header;
        let date = expected.lines().find_map(|line| line.strip_prefix("Create Date: ")).unwrap();
        let script = NewScript {
            message: text(&case, "message").into(),
            revision: header.revision,
            down_revision: header.down_revision,
            create_date: date.into(),
            ..NewScript::default()
        };
        assert_eq!(write_script(&script), expected, "{}", case["id"]);
        assert_eq!(file_name(&script.revision, &script.message), text(&case, "name"));
    }
}
