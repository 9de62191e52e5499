//! What a person types, compared with what real Alembic 1.20.1 answered to the same
//! (`recorded/sessions.json` → `recorded/answers.json`).
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use ambix_tests::{Answered, NOW, Typist};
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Step {
    Models(String),
    Type(String),
}

#[derive(Deserialize)]
struct Recorded {
    ids: Vec<String>,
    answers: Vec<Answer>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Answer {
    exit_code: u8,
    stdout: Vec<String>,
    log: Vec<String>,
    schema: Vec<String>,
    script: Option<Script>,
}

#[derive(Deserialize)]
struct Script {
    name: String,
    text: String,
}

fn check(session: &str) {
    let sessions: BTreeMap<String, Vec<Step>> =
        serde_json::from_str(include_str!("../recorded/sessions.json")).unwrap();
    let mut all: BTreeMap<String, Recorded> =
        serde_json::from_str(include_str!("../recorded/answers.json")).unwrap();
    let recorded = all.remove(session).unwrap();
    let mut typist = Typist::new("");
    typist.ids = recorded.ids.iter().rev().cloned().collect();
    for (step, expected) in sessions[session].iter().zip(&recorded.answers) {
        match step {
            Step::Models(text) => {
                typist.files.insert("models.py".into(), text.clone());
            }
            Step::Type(line) => {
                let mut line = line.clone();
                for (at, id) in recorded.ids.iter().enumerate() {
                    line = line.replace(&format!("{{rev{}}}", at + 1), id);
                }
                // Alembic drew no id where one was given.
                if let Some((_, id)) = line.split_once("--rev-id=") {
                    let id = id.split_whitespace().next().unwrap();
                    typist.ids.retain(|drawn| drawn != id);
                }
                let answered = typist.types(&line);
                compare(&line, &answered, expected, &typist);
            }
        }
    }
}

fn compare(line: &str, answered: &Answered, expected: &Answer, typist: &Typist) {
    let seen = format!("{line}\n{answered:#?}");
    match expected.exit_code {
        // A Python traceback is an error like any other here.
        1 => assert_eq!(answered.exit_code, 255, "{seen}"),
        code => assert_eq!(answered.exit_code, code, "{seen}"),
    }
    if expected.exit_code > 0 && expected.exit_code < 255 {
        assert!(answered.diagnostics.iter().any(|diagnostic| diagnostic.is_error()), "{seen}");
        return;
    }
    if answered.exit_code == 0 {
        assert!(answered.diagnostics.is_empty(), "{seen}");
    }
    let clean = |text: &str| text.replace("/project", "{here}").replace(NOW, "{date}");
    let mut lines: Vec<String> = answered.lines.iter().map(|line| clean(line)).collect();
    let failures = answered.diagnostics.iter().filter(|diagnostic| diagnostic.is_error());
    lines.extend(failures.map(|error| format!("FAILED: {}", error.message)));
    assert_eq!(lines, expected.stdout, "{seen}");
    let log: Vec<&String> = expected.log.iter().filter(|line| !line.starts_with("ERROR")).collect();
    assert_eq!(answered.log.iter().collect::<Vec<_>>(), log, "{seen}");
    assert_eq!(typist.schema(), expected.schema, "{seen}");
    if let Some(script) = &expected.script {
        let text = &typist.files[&format!("versions/{}", script.name)];
        assert_eq!(clean(text), script.text, "{line}");
    }
}

#[test]
fn the_tutorial() {
    check("tutorial");
}

#[test]
fn tables_grow_and_shrink() {
    check("tables grow and shrink");
}

#[test]
fn a_shop_with_every_kind_of_constraint() {
    check("a shop");
}

#[test]
fn revisions_made_by_hand() {
    check("by hand");
}

#[test]
fn mistakes_are_answered_in_alembics_words() {
    check("mistakes");
}
