//! Every directive with every argument, as a reader of scripts sees it: `directives/*.txt` holds the table before, the
//! script, the SQL that runs, and the table after. `AMBIX_RECORD=1` writes what was seen into the files, so that a
//! change can be reviewed as a difference.
#![allow(clippy::unwrap_used, clippy::panic)]

mod arguments;
mod case;
mod given_back;
mod run;
mod seen;

use case::{Case, File};
use std::collections::BTreeSet;
use std::path::Path;

fn files() -> Vec<File> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("directives");
    let mut paths: Vec<_> = folder.read_dir().unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "txt"));
    paths.sort();
    paths.iter().map(|path| File::read(path)).collect()
}

#[test]
fn directives_do_what_the_files_say() {
    let record = std::env::var_os("AMBIX_RECORD").is_some();
    let (mut cases, mut wrong) = (0, Vec::new());
    for mut file in files() {
        for case in &mut file.cases {
            cases += 1;
            let seen = run::run(case);
            if case.results != seen {
                wrong.push(difference(&file.path, case, &seen));
                case.results = seen;
            }
        }
        if record {
            std::fs::write(&file.path, file.to_string()).unwrap();
        }
    }
    println!("{cases} cases");
    assert!(record || wrong.is_empty(), "{}\n{} of {cases}", wrong.join("\n"), wrong.len());
}

fn difference(path: &Path, case: &Case, seen: &[case::Section]) -> String {
    let want = case::text_of(&case.results);
    let got = case::text_of(seen);
    let diff = similar::TextDiff::from_lines(&want, &got);
    format!("{}: {}\n{}", path.display(), case.name, diff.unified_diff().context_radius(2))
}

#[test]
fn names_of_cases_are_said_once() {
    let mut names = BTreeSet::new();
    for case in files().into_iter().flat_map(|file| file.cases) {
        assert!(names.insert(case.name.clone()), "{} is there twice", case.name);
    }
}

#[test]
fn every_argument_of_every_directive_has_a_case() {
    let cases: Vec<Case> = files().into_iter().flat_map(|file| file.cases).collect();
    let scripts: Vec<String> = cases.iter().filter_map(|case| case.input("script")).collect();
    let missing = arguments::without_a_case(&scripts);
    assert!(missing.is_empty(), "no case has {}", missing.join(", "));
}

#[test]
fn every_argument_that_the_reader_knows_is_listed() {
    let missing = arguments::not_listed();
    assert!(missing.is_empty(), "not in arguments.rs: {}", missing.join(", "));
}
