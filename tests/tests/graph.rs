//! Recorded answers of real Alembic about revision graphs (`recorded/graph.jsonl`): all of them through the
//! commands, and a sample through the program (`AMBIX_TEST_ALL=1`: all).
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use ambix_tests::Typist;
use ambix_tests::compare::Compared;
use ambix_tests::folder::{content, stand_at, versions};
use ambix_tests::graph_case::{GraphCase, RECORDED, Seen};
use ambix_tests::project::{alembic_project, plain};
use ambix_tests::replay::{Listed, replay};
use ambix_tests::shell::Program;
use std::env;

/// Nothing to say about a graph must not be nothing to say about anything.
const UNKNOWN: [&str; 2] = ["show", "no_such_revision"];
const SILENT: &str = "silent, but also about an unknown revision";

#[test]
fn commands_answer_as_recorded() {
    replay(RECORDED, 1, &Listed::read(), typed);
}

#[test]
fn the_program_answers_as_recorded() {
    let program = Program::under_test();
    let every = if env::var("AMBIX_TEST_ALL").is_ok_and(|value| value == "1") { 1 } else { 12 };
    let listed = if program.is_alembic { Listed::default() } else { Listed::read() };
    replay(RECORDED, every, &listed, |case| run(case, &program));
}

fn typed(case: &GraphCase) -> Compared {
    let mut typist = Typist::new("");
    typist.journal = false;
    for (nth, revision) in case.revisions.iter().enumerate() {
        typist.files.insert(format!("versions/r{nth:03}.py"), revision.script());
    }
    stand_at(&typist.database, &case.current);
    let before = content(&typist.database);
    let answered = typist.types(&case.line());
    let plain = |text: &String| text.replace("/project", "{here}");
    let errors = answered.diagnostics.iter().filter(|diagnostic| diagnostic.is_error());
    let error = errors.map(|diagnostic| plain(&diagnostic.message)).next();
    let warnings = answered.diagnostics.iter().filter(|diagnostic| !diagnostic.is_error());
    let seen = Seen {
        exit_code: answered.exit_code.into(),
        clean_error: error.is_some(),
        error,
        lines: answered.lines.iter().map(plain).collect(),
        warnings: warnings.map(|diagnostic| format!("{}\n", diagnostic.message)).collect(),
        content: (before, content(&typist.database)),
        versions: versions(&typist.database),
        log: answered.log,
    };
    case.judge(&seen)?;
    let silent = seen.lines.is_empty() && seen.log.is_empty() && answered.diagnostics.is_empty();
    if silent && typist.types(&format!("alembic {}", UNKNOWN.join(" "))).exit_code != 255 {
        return Err(SILENT.into());
    }
    Ok(())
}

fn run(case: &GraphCase, program: &Program) -> Compared {
    let folder = alembic_project(&case.revisions, "", None);
    if !case.current.is_empty() {
        folder.execute("");
        stand_at(&folder.database(), &case.current);
    }
    let before = content(&folder.database());
    let run = program.run(&folder.here, &case.arguments(), &[])?;
    let seen = Seen {
        exit_code: run.exit_code,
        error: run.error().map(|error| plain(error, &folder)),
        clean_error: program.is_clean_error(&run),
        lines: run.lines().iter().map(|line| plain(line, &folder)).collect(),
        log: run.log(),
        warnings: run.err.clone(),
        content: (before, content(&folder.database())),
        versions: versions(&folder.database()),
    };
    case.judge(&seen).map_err(|problem| format!("{problem}\n{}", run.tail()))?;
    let silent = run.out.is_empty() && run.err.is_empty();
    if silent && program.run(&folder.here, &UNKNOWN, &[])?.error().is_none() {
        return Err(SILENT.into());
    }
    Ok(())
}
