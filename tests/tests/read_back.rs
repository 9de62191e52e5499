//! Every recorded script is read, written again and read back: the operations are the same.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use ambix_core::diagnostic::{Code, Diagnostic};
use ambix_core::operation::{Directive, Operation, TableChange};
use ambix_core::schema::{Column, Constraint, NamingConvention, ServerDefault};
use ambix_python::{NewScript, Script, read_script, write_script};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// The scripts in a recorded file by their cases: every text in it that has a header and an `upgrade()`, and
/// the bodies that autogenerate wrote.
fn scripts(recorded: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for line in recorded.lines() {
        let case: Value = serde_json::from_str(line).unwrap();
        let id = case["id"].as_str().unwrap();
        let body = |direction: &str| case["expect"][direction].as_str();
        if let (Some(upgrade), Some(downgrade)) = (body("upgrade"), body("downgrade")) {
            found.push((id.to_owned(), script_of(upgrade, downgrade)));
        }
        texts(&case, &mut |text| {
            let is_template = text.contains("${");
            if text.contains("def upgrade(") && text.contains("down_revision") && !is_template {
                found.push((id.to_owned(), text.to_owned()));
            }
        });
    }
    found
}

fn texts(value: &Value, take: &mut impl FnMut(&str)) {
    match value {
        Value::String(text) => take(text),
        Value::Array(items) => items.iter().for_each(|item| texts(item, take)),
        Value::Object(entries) => entries.values().for_each(|item| texts(item, take)),
        _ => {}
    }
}

fn script_of(upgrade: &str, downgrade: &str) -> String {
    let indented = |body: &str| body.replace('\n', "\n    ");
    format!(
        "from alembic import op\nimport sqlalchemy as sa\nfrom sqlalchemy.dialects import sqlite\n\n\
         revision = 'a'\ndown_revision = None\n\n\ndef upgrade():\n    {}\n\n\ndef downgrade():\n    {}\n",
        indented(upgrade),
        indented(downgrade)
    )
}

/// What the script does in a direction. What depends on the database is nothing that a script could say alone,
/// and a `downgrade()` that raises says that there is none.
fn operations(body: Result<Vec<Directive>, Diagnostic>) -> Result<Vec<Operation>, Diagnostic> {
    match body {
        Ok(all) => Ok(all.into_iter().map(|directive| directive.operation).collect()),
        Err(error) if matches!(error.code, Code::LooksAtDatabase | Code::DeclaredIrreversible) => {
            Ok(Vec::new())
        }
        Err(error) => Err(error),
    }
}

fn read(text: &str) -> Result<[Vec<Operation>; 2], Diagnostic> {
    let Script { upgrade, downgrade, .. } =
        read_script("versions/a.py", text, &NamingConvention::default())?;
    Ok([operations(upgrade)?, operations(downgrade)?])
}

fn written(operations: &[Vec<Operation>; 2]) -> String {
    let [upgrade, downgrade] = operations.clone();
    let revision = "a".into();
    write_script(&NewScript { revision, upgrade, downgrade, ..NewScript::default() })
}

/// Cases whose script no reader could read, and why.
const UNREADABLE: [(&str, &str); 12] = [
    ("cli-py-error", "its Python is wrong"),
    ("cli-mako-old", "its template makes no `downgrade()`"),
    ("script-template", "the same"),
    ("ops-py-error", "it raises"),
    ("ops-b-badmode", "Alembic fails too"),
    ("ops-b-create-table-inside", "the same"),
    ("ops-b-insert-after-auto", "the same"),
    ("ops-bulk-bad", "Alembic fails too"),
    ("autogen-autoinc-flags", "Alembic writes `autoincrement=ignore_fk` without quotes"),
    ("autogen-prefixes", "its template imports what it names"),
    ("autogen-types-custom", "the type is one of the application"),
    ("autogen-types-custom-prefix", "the same"),
];

/// Cases whose operations no directive says, and why.
const UNWRITTEN: [(&str, &str); 6] = [
    ("ops-b-copy-from", "what the table is said to be is no change of it"),
    ("cli-offline-batch-copy", "the same"),
    ("ops-b-reflect-args", "the same"),
    ("ops-b-naming-drop-fk", "a constraint without a name, found by its definition"),
    ("ops-b-naming-drop-uq", "the same"),
    ("ops-b-comment", "SQLite has no comments, so nothing is left of the directive"),
];

fn is_in(list: &[(&str, &str)], id: &str) -> bool {
    list.iter().any(|(listed, _)| *listed == id)
}

/// What Alembic writes in another order or with more parentheses, and means the same.
fn plain(operations: &mut [Vec<Operation>; 2]) {
    for operation in operations.iter_mut().flatten() {
        match operation {
            Operation::CreateTable(create) => {
                create.table.columns.iter_mut().for_each(plain_column);
                for constraint in &mut create.table.constraints {
                    if let Constraint::ForeignKey(key) = constraint {
                        // What it says is what is so without it, and Alembic leaves it out.
                        key.deferrable = key.deferrable.filter(|is| *is);
                    }
                }
                create.table.constraints.sort_by_key(|constraint| format!("{constraint:?}"));
            }
            Operation::AddColumn(add) => plain_column(&mut add.column),
            Operation::AlterTable(alter) => {
                for change in &mut alter.changes {
                    if let TableChange::AddColumn { definition, .. } = change {
                        *definition =
                            definition.replace("(CURRENT_TIMESTAMP)", "CURRENT_TIMESTAMP");
                    }
                }
            }
            _ => {}
        }
    }
}

fn plain_column(column: &mut Column) {
    if let Some(ServerDefault::Sql(sql)) = &mut column.default
        && let Some(inner) = sql.strip_prefix('(').and_then(|rest| rest.strip_suffix(')'))
    {
        *sql = inner.into();
    }
}

fn check(file: &str, recorded: &str, least: usize) {
    let mut wrong = BTreeMap::new();
    let all = scripts(recorded);
    let mut failing = BTreeSet::new();
    for (id, text) in &all {
        let mut first = match read(text) {
            Ok(first) => first,
            // Alembic writes `None` for a name that it does not know, and says that this will fail.
            Err(error) if error.message == "Constraint must have a name" => continue,
            Err(error) => {
                failing.insert(id);
                if !is_in(&UNREADABLE, id) {
                    wrong.insert(id, format!("{error:?}\n{text}"));
                }
                continue;
            }
        };
        let again = written(&first);
        plain(&mut first);
        let second = read(&again).map(|mut second| {
            plain(&mut second);
            second
        });
        let problem = match second {
            Ok(second) if second == first => continue,
            Ok(second) => format!("{again}\nwas {first:#?}\nis {second:#?}"),
            Err(error) => format!("{again}\n{error:?}"),
        };
        failing.insert(id);
        if !is_in(&UNWRITTEN, id) {
            wrong.insert(id, problem);
        }
    }
    for (id, _) in &all {
        if (is_in(&UNREADABLE, id) || is_in(&UNWRITTEN, id)) && !failing.contains(id) {
            wrong.insert(id, "it is listed, and passes".into());
        }
    }
    let told: Vec<String> = wrong.iter().map(|(id, problem)| format!("{id}: {problem}")).collect();
    assert!(
        told.is_empty(),
        "{}\n{} of {} wrong in {file}",
        told.join("\n\n"),
        told.len(),
        all.len()
    );
    assert!(all.len() >= least, "{} scripts in {file}", all.len());
}

#[test]
fn revisions_of_every_directive() {
    check("ops.jsonl", include_str!("../recorded/ops.jsonl"), 190);
}

#[test]
fn scripts_in_projects() {
    check("cli.jsonl", include_str!("../recorded/cli.jsonl"), 50);
}

#[test]
fn new_scripts() {
    check("script.jsonl", include_str!("../recorded/script.jsonl"), 35);
}

#[test]
fn what_autogenerate_writes() {
    check("autogenerate.jsonl", include_str!("../recorded/autogenerate.jsonl"), 100);
}
