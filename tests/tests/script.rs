//! Recorded names and texts of new revision files (`recorded/script.jsonl`), through the program.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use ambix_tests::compare::{Compared, same_files};
use ambix_tests::placeholders::DATE;
use ambix_tests::project::{OneOrMany, Revision, alembic_project, plain};
use ambix_tests::replay::{Listed, replay};
use ambix_tests::shell::Program;
use regex::{Captures, Regex};
use rusqlite::Connection;
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Deserialize)]
struct Case {
    now: String,
    revisions: Vec<Revision>,
    /// As they stand in the file, with `%` doubled.
    config: BTreeMap<String, String>,
    command: String,
    args: Arguments,
    template: Option<String>,
    expect: Expect,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Arguments {
    rev_id: String,
    message: Option<String>,
    #[serde(default)]
    branch_label: OneOrMany,
    #[serde(default)]
    head: OneOrMany,
    #[serde(default)]
    depends_on: OneOrMany,
    #[serde(default)]
    splice: bool,
    #[serde(default)]
    revisions: OneOrMany,
}

#[derive(Deserialize)]
struct Expect {
    files: Files,
    #[serde(default)]
    files_any_of: Vec<Files>,
    error: Option<String>,
    #[serde(default)]
    error_any_of: Vec<String>,
    error_type: Option<String>,
}

type Files = BTreeMap<String, String>;

#[test]
fn new_files_are_as_recorded() {
    let program = Program::under_test();
    let listed = if program.is_alembic { Listed::default() } else { Listed::read() };
    let year = this_year();
    replay(include_str!("../recorded/script.jsonl"), 1, &listed, |case| {
        judge(case, &program, &year)
    });
}

fn judge(case: &Case, program: &Program, year: &str) -> Compared {
    let Some(arguments) = arguments(case) else { return Ok(()) };
    let settings: String =
        case.config.iter().map(|(name, value)| format!("{name} = {value}\n")).collect();
    let folder = alembic_project(&case.revisions, &settings, case.template.as_deref());
    let before = folder.files();
    let run = program.run(&folder.here, &arguments, &[])?;
    let mut new: Files = folder.files();
    new.retain(|path, _| !before.contains_key(path) && path.ends_with(".py"));

    let pattern = case.config.get("file_template").map_or("", String::as_str);
    let of_clock = Regex::new(r"\((year|month|day|hour|minute|second|epoch)\)").unwrap();
    let dated = of_clock.is_match(pattern);
    let recorded_year = &case.now[..4];
    let want = |files: &Files| undated(files.iter(), recorded_year, dated);
    let in_versions = |(path, text)| Some((str::strip_prefix(path, "migrations/versions/")?, text));
    let named: Vec<(String, String)> = new
        .iter()
        .filter_map(|(path, text)| in_versions((path.as_str(), text)))
        .map(|(path, text)| (path.to_string(), text.clone()))
        .collect();
    let got = undated(named.iter().map(|(path, text)| (path, text)), year, dated);

    let expect = &case.expect;
    let told = |problem| format!("{}\n{problem}", arguments.join(" "));
    if expect.error_type.as_ref().is_some_and(|class| class != "CommandError") {
        if !program.is_clean_error(&run) {
            return Err(told(format!("no clean error\n{}", run.tail())));
        }
        // Alembic writes the file and then fails; better is to write none.
        return if got.is_empty() {
            Ok(())
        } else {
            same_files("files", &want(&expect.files), &got)
        };
    }
    let wanted: Vec<String> = expect.error_any_of.iter().chain(&expect.error).cloned().collect();
    run.same_error(&wanted, |text| plain(text, &folder)).map_err(told)?;
    if expect.files_any_of.iter().any(|files| want(files) == got) {
        return Ok(());
    }
    same_files("files", &want(&expect.files), &got).map_err(told)
}

/// The words of the command. Two branch labels cannot be given on a command line.
fn arguments(case: &Case) -> Option<Vec<String>> {
    let args = &case.args;
    let mut words = vec![case.command.clone(), format!("--rev-id={}", args.rev_id)];
    words.extend(args.message.iter().map(|message| format!("--message={message}")));
    for (option, values) in [
        ("branch-label", &args.branch_label),
        ("head", &args.head),
        ("depends-on", &args.depends_on),
    ] {
        words.extend(values.all().iter().map(|value| format!("--{option}={value}")));
    }
    words.extend(args.splice.then(|| "--splice".to_string()));
    words.extend_from_slice(args.revisions.all());
    (args.branch_label.all().len() < 2).then_some(words)
}

/// Files with placeholders for what the clock said. Of a file name that has the time in it only the
/// letters stay.
fn undated<'a>(
    files: impl Iterator<Item = (&'a String, &'a String)>,
    year: &str,
    dated: bool,
) -> Files {
    let digits = Regex::new(r"\d+").unwrap();
    let year = Regex::new(&format!(r"\b{year}\b")).unwrap();
    let text = |text: &str| {
        let date = |found: &Captures<'_>| match found.get(2) {
            Some(_) => "{date}{offset}",
            None => "{date}",
        };
        let text = DATE.replace_all(text, date);
        year.replace_all(&text, "{year}").into_owned()
    };
    let name =
        |name: &str| if dated { digits.replace_all(name, "0").into() } else { name.to_string() };
    files.map(|(path, content)| (name(path), text(content))).collect()
}

/// The year of the clock that the program under test sees.
fn this_year() -> String {
    let database = Connection::open_in_memory().unwrap();
    database.query_row("SELECT strftime('%Y', 'now')", [], |row| row.get(0)).unwrap()
}
