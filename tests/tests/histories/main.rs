//! Migration histories as they are published: how much of them Ambix reads, and whether each revision that it runs leaves
//! what real Alembic leaves.
//!
//! `cargo xtask test histories` fetches the packages that `histories/requirements.txt` names, and says where they are.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "../programs/mod.rs"]
mod programs;

mod history;
mod models;
mod project;
mod reading;
mod steps;
mod table;
mod tiers;

use history::History;
use project::Project;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Of the scripts that use nothing beyond tier 2, so many in a hundred are read whole.
const READ_OF_TIER_2: usize = 95;

/// What the tests need.
pub(crate) struct Surroundings {
    pub(crate) packages: PathBuf,
    pub(crate) alembic: PathBuf,
    pub(crate) ambix: PathBuf,
}

impl Surroundings {
    fn find(test: &str) -> Option<Self> {
        let packages = programs::named("AMBIX_HISTORIES", "the unpacked packages", test)?;
        let (alembic, ambix) = (programs::alembic(test)?, programs::ambix(test)?);
        Some(Self { packages, alembic, ambix })
    }

    /// The Python that has Alembic.
    pub(crate) fn python(&self) -> PathBuf {
        self.alembic.with_file_name("python")
    }
}

/// A file of `tests/histories`.
pub(crate) fn beside(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("histories").join(name)
}

#[test]
fn whole_histories_run_as_with_alembic() {
    let Some(surroundings) = Surroundings::find("the test of whole histories") else { return };
    let mut wrong = Vec::new();
    for history in history::all() {
        for target in history.whole.targets() {
            if let Err(problem) = same_at(target, &history, &surroundings) {
                wrong.push(format!("{}: {problem}", history.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Runs the history to its heads with both programs, and down again if that is the target; compares the schemas.
fn same_at(target: &str, history: &History, surroundings: &Surroundings) -> Result<(), String> {
    let programs = [("alembic", &surroundings.alembic), ("ambix", &surroundings.ambix)];
    let mut found = Vec::new();
    for (name, program) in programs {
        let project = Project::of(history, surroundings, &format!("whole-{name}"));
        project.runs(program, &["upgrade", "heads"])?;
        if target == "base" {
            project.runs(program, &["downgrade", "base"])?;
        }
        found.push(steps::facts(&project.database()));
    }
    let [want, got] = <[_; 2]>::try_from(found).unwrap();
    let missing: Vec<_> = want.difference(&got).map(|fact| format!("-{fact}")).collect();
    for kept in got.difference(&want) {
        println!("{} at {target}: kept, where Alembic loses it: {kept}", history.name);
    }
    // One fact says at which revision it is.
    match missing.is_empty() {
        true if target == "base" || want.len() > 1 => Ok(()),
        true => Err("there is no table at the heads".into()),
        false => Err(format!("at {target}\n{}", missing.join("\n"))),
    }
}

#[test]
fn each_revision_leaves_what_alembic_leaves() {
    let Some(surroundings) = Surroundings::find("the test of each revision") else { return };
    let rows = table::rows(&surroundings);
    let mut wrong = Vec::new();
    for row in &rows {
        for step in &row.steps {
            if let steps::Came::Different(facts) = &step.came {
                wrong.push(format!("{}, {step}\n{facts}", row.history.name));
            }
        }
    }
    let text = table::markdown(&rows);
    println!("{text}");
    print!("{}", table::refusals(&rows));
    let recorded = beside("table.md");
    if std::env::var_os("AMBIX_RECORD").is_some() && history::wanted().is_none() {
        std::fs::write(&recorded, &text).unwrap();
    }
    assert!(wrong.is_empty(), "{}\n{} steps are wrong", wrong.join("\n"), wrong.len());
    if history::wanted().is_none() {
        let expected = std::fs::read_to_string(&recorded).unwrap_or_default();
        assert_eq!(expected, text, "AMBIX_RECORD=1 writes tests/histories/table.md anew");
    }
}

#[test]
fn most_of_what_needs_nothing_special_is_read() {
    let Some(surroundings) = Surroundings::find("the test of reading histories") else { return };
    let mut wrong = BTreeSet::new();
    let mut simple = 0;
    for history in history::all() {
        let tiers = tiers::of(&history, &surroundings);
        for script in reading::scripts(&history, &surroundings, &tiers) {
            if script.tier <= 2 {
                simple += 1;
                let reasons = script.reasons();
                if let Some(reason) = reasons.first() {
                    wrong.insert(format!("{}: {}: {reason}", history.name, script.file));
                }
            }
        }
    }
    let read = simple - wrong.len();
    println!("{read} of {simple} scripts up to tier 2 are read whole");
    let wrong: Vec<_> = wrong.into_iter().collect();
    assert!(read * 100 >= simple * READ_OF_TIER_2, "{}\n{read} of {simple}", wrong.join("\n"));
}
