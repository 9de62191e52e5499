//! Random small programs, asked of CPython and of the evaluation that reads scripts: what is followed comes to
//! what Python comes to.
//!
//! 600 programs, 20,000 with `AMBIX_TEST_ALL=1`, one with `AMBIX_TEST_SEED=n`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod generate;
#[path = "../programs/mod.rs"]
mod programs;

use ambix_core::diagnostic::Code;
use ambix_core::engine::Model;
use ambix_core::operation::Operation;
use ambix_core::revision::Direction;
use ambix_core::schema::NamingConvention;
use ambix_core::sqlite::alter::Stop;
use ambix_python::read_script_for;
use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

/// What a program comes to.
#[derive(Debug, PartialEq, serde::Deserialize)]
struct Outcome {
    /// What it says by `op.execute`.
    said: Vec<String>,
    /// The class of the exception that ends it.
    raised: Option<String>,
}

/// How many differences are shown.
const SHOWN: usize = 12;

fn script(body: &str) -> String {
    let body = body.replace('\n', "\n    ");
    format!(
        "from alembic import op\nrevision = 'a1'\ndown_revision = None\n\n\ndef upgrade():\n    {body}\n"
    )
}

/// What Python says, all programs in one process.
fn asked(python: &Path, programs: &[String]) -> Vec<Outcome> {
    let driver = Path::new(env!("CARGO_MANIFEST_DIR")).join("differential/values.py");
    let mut process = Command::new(python)
        .args(["-W", "ignore"])
        .arg(driver)
        .env("PYTHONHASHSEED", "0")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("Python starts");
    let question = serde_json::to_string(programs).unwrap();
    process.stdin.take().unwrap().write_all(question.as_bytes()).unwrap();
    let output = process.wait_with_output().unwrap();
    serde_json::from_slice(&output.stdout).expect("an answer")
}

/// What Ambix reads; an error says what is not followed.
fn followed(program: &str) -> Result<Outcome, String> {
    let convention = NamingConvention::default();
    let (text, model) = (script(program), Model::offline());
    let read = read_script_for("versions/a1.py", &text, &convention, Direction::Upgrade, &model);
    match read {
        Ok(directives) => {
            let said = directives.into_iter().map(|directive| match directive.operation {
                Operation::Execute(execute) => execute.sql,
                other => other.name().into(),
            });
            Ok(Outcome { said: said.collect(), raised: None })
        }
        Err(Stop::Unknown(_)) => Err("What the database has to be asked for".into()),
        Err(Stop::Refused(error)) if error.code == Code::PythonRaised => {
            let class = error.message.split(':').next().unwrap_or_default();
            Ok(Outcome { said: Vec::new(), raised: Some(class.into()) })
        }
        Err(Stop::Refused(error)) => Err(error.into_details().message),
    }
}

#[test]
fn what_is_followed_comes_to_what_python_comes_to() {
    let Some(alembic) = programs::alembic("the differential test of the evaluation") else {
        return;
    };
    let seeds = match std::env::var("AMBIX_TEST_SEED") {
        Ok(seed) => {
            let seed: u64 = seed.parse().expect("AMBIX_TEST_SEED is a number");
            seed..=seed
        }
        Err(_) => 1..=programs::sample(600, 20_000),
    };
    let programs: Vec<String> = seeds.clone().map(generate::program).collect();
    let expected = asked(&alembic.with_file_name("python"), &programs);
    assert_eq!(expected.len(), programs.len());
    let mut wrong = Vec::new();
    let mut reasons: BTreeMap<String, usize> = BTreeMap::new();
    for ((seed, program), expected) in seeds.zip(&programs).zip(expected) {
        match followed(program) {
            Err(reason) => *reasons.entry(reason).or_default() += 1,
            // Which names a function binds later is not looked at.
            Ok(_) if expected.raised.as_deref() == Some("UnboundLocalError") => {}
            Ok(mut got) => {
                // What was said before an exception is not kept.
                if expected.raised.is_some() && got.raised.is_some() {
                    got.said.clone_from(&expected.said);
                }
                if got != expected {
                    wrong.push(format!(
                        "seed {seed}:\n{program}Python: {expected:?}\nAmbix:  {got:?}\n"
                    ));
                }
            }
        }
    }
    let refused: usize = reasons.values().sum();
    let mut reasons: Vec<(String, usize)> = reasons.into_iter().collect();
    reasons.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    println!("{refused} of {} programs are not followed:", programs.len());
    for (reason, count) in reasons.iter().take(40) {
        println!("{count:>5}  {reason}");
    }
    let count = wrong.len();
    wrong.sort_by_key(String::len);
    wrong.truncate(SHOWN);
    assert!(count == 0, "{count} of {} differ:\n{}", programs.len(), wrong.join("\n"));
    assert!(refused * 4 < programs.len(), "{refused} of {} are not followed", programs.len());
}
