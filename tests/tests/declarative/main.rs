//! Random models, asked of SQLAlchemy and of the reader of models: both make the same tables, or both refuse.
//!
//! 300 modules, 10,000 with `AMBIX_TEST_ALL=1`, one with `AMBIX_TEST_SEED=n`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod generate;
#[path = "../programs/mod.rs"]
mod programs;

use ambix_core::sqlite::ddl;
use ambix_python::read_models;
use ambix_tests::schema::{made_of, same_schema};
use ambix_tests::sql_text::canonical;
use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

/// What SQLAlchemy makes of a module.
#[derive(serde::Deserialize)]
struct Made {
    statements: Vec<String>,
    error: Option<String>,
}

/// How many differences are shown.
const SHOWN: usize = 12;

/// What SQLAlchemy says, all modules in one process.
fn asked(python: &Path, modules: &[String]) -> Vec<Made> {
    let driver = Path::new(env!("CARGO_MANIFEST_DIR")).join("differential/models.py");
    let mut process = Command::new(python)
        .arg(driver)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("Python starts");
    let question = serde_json::to_string(modules).unwrap();
    process.stdin.take().unwrap().write_all(question.as_bytes()).unwrap();
    let output = process.wait_with_output().unwrap();
    serde_json::from_slice(&output.stdout).expect("an answer")
}

/// The statements that make what the reader reads; an error says what it refuses.
fn read(module: &str) -> Result<Vec<String>, String> {
    let models = read_models(&[("models.py".into(), module.into())]);
    if let Some(error) = models.diagnostics.into_iter().next() {
        return Err(error.into_details().message);
    }
    let tables = models.schema.tables.iter().map(ddl::create_table);
    let mut statements: Vec<String> =
        tables.collect::<Result<_, _>>().map_err(|error| error.to_string())?;
    statements.extend(models.schema.indexes.iter().map(ddl::create_index));
    Ok(statements)
}

/// What is different; nothing if both refuse.
fn judge(expected: &Made, module: &str) -> Result<(), String> {
    let wanted: Vec<String> = expected.statements.iter().map(|sql| canonical(sql)).collect();
    match (&expected.error, read(module)) {
        (Some(_), Err(_)) => Ok(()),
        (Some(error), Ok(_)) => Err(format!("SQLAlchemy refuses it: {error}")),
        (None, Err(error)) => Err(format!("refused: {error}")),
        (None, Ok(statements)) => {
            match made_of(&statements) {
                Ok(made) => same_schema("the schema", &wanted, &made),
                // SQLite refuses what both say: two indexes of one name, say.
                Err(_) if made_of(&wanted).is_err() => Ok(()),
                Err(error) => Err(error.to_string()),
            }
        }
    }
}

#[test]
fn models_make_what_sqlalchemy_makes_of_them() {
    let Some(alembic) = programs::alembic("the differential test of models") else { return };
    let seeds = match std::env::var("AMBIX_TEST_SEED") {
        Ok(seed) => {
            let seed: u64 = seed.parse().expect("AMBIX_TEST_SEED is a number");
            seed..=seed
        }
        Err(_) => 1..=programs::sample(300, 10_000),
    };
    let modules: Vec<String> = seeds.clone().map(generate::module).collect();
    let expected = asked(&alembic.with_file_name("python"), &modules);
    assert_eq!(expected.len(), modules.len());
    let refused = expected.iter().filter(|made| made.error.is_some()).count();
    println!("SQLAlchemy refuses {refused} of {}", modules.len());
    let mut wrong = Vec::new();
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    for ((seed, module), expected) in seeds.zip(&modules).zip(expected) {
        if let Err(why) = judge(&expected, module) {
            *kinds.entry(why.lines().next().unwrap_or_default().into()).or_default() += 1;
            wrong.push(format!("seed {seed}:\n{module}\n{why}\n"));
        }
    }
    println!("{kinds:#?}");
    let shown: Vec<&str> = wrong.iter().take(SHOWN).map(String::as_str).collect();
    assert!(wrong.is_empty(), "{}\n{} of {} differ", shown.join("\n"), wrong.len(), modules.len());
    assert!(refused * 2 < modules.len(), "SQLAlchemy refuses too many of these models");
}
