//! Each revision by itself, up and down: from the state that real Alembic is in before it, Ambix has to come to the one
//! that real Alembic comes to.
//!
//! Ambix may keep what Alembic loses, but only as it was before.

use crate::history::History;
use crate::project::Project;
use crate::{Surroundings, beside};
use ambix_tests::schema;
use rusqlite::Connection;
use serde::Deserialize;
use std::collections::BTreeSet;
use std::fmt;
use std::fs;
use std::path::Path;

/// A revision in one direction.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    pub(crate) revision: String,
    /// `up` or `down`.
    pub(crate) direction: String,
    pub(crate) came: Came,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Came {
    /// The same as with Alembic. So many facts were kept that Alembic loses.
    Same { kept: usize },
    /// Ambix refused, and why.
    Refused(String),
    /// Another schema, or other rows in the version table.
    Different(String),
    /// Alembic does not get through either.
    NoAlembic(String),
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.revision, self.direction)
    }
}

/// A step of Alembic's, as `histories/driver.py` tells it.
#[derive(Deserialize)]
struct Taken {
    revision: String,
    before: String,
    direction: String,
    error: Option<String>,
}

/// Every step of a history.
pub(crate) fn all(history: &History, surroundings: &Surroundings) -> Vec<Step> {
    let theirs = Project::of(history, surroundings, "steps-alembic");
    let states = theirs.folder.join("states");
    fs::create_dir(&states).unwrap();
    let taken = alembic(history, surroundings, &theirs, &states);
    let ours = Project::of(history, surroundings, "steps-ambix");
    let step = |taken: Taken| {
        let came = match taken.error {
            Some(error) => Came::NoAlembic(error),
            None => ambix(&taken, surroundings, &ours, &states),
        };
        Step { revision: taken.revision, direction: taken.direction, came }
    };
    taken.into_iter().map(step).collect()
}

fn alembic(
    history: &History,
    surroundings: &Surroundings,
    project: &Project,
    states: &Path,
) -> Vec<Taken> {
    let mut python = project.command(&surroundings.python(), &[]);
    python.arg(beside("driver.py")).arg(&project.folder);
    python.arg(history.package_in(&surroundings.packages)).arg(states).args(&history.before);
    let output = python.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{}: {said}", history.name);
    let lines = String::from_utf8(output.stdout).unwrap();
    lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn ambix(taken: &Taken, surroundings: &Surroundings, project: &Project, states: &Path) -> Came {
    let Taken { revision, before, direction, .. } = taken;
    let before = states.join(before);
    project.has_database(&before);
    let words =
        if direction == "up" { ["upgrade", revision.as_str()] } else { ["downgrade", "-1"] };
    if let Err(error) = project.runs(&surroundings.ambix, &words) {
        return Came::Refused(error);
    }
    let of = |path: &Path| facts(&Connection::open(path).unwrap());
    let had = of(&before);
    let want = of(&states.join(format!("{direction}-{revision}.db")));
    let got = facts(&project.database());
    let missing = want.difference(&got).filter(|fact| !is_kept_otherwise(fact, &had, &got));
    let more =
        got.difference(&want).filter(|fact| !had.contains(*fact) && !is_in_order(fact, &had));
    let missing = missing.map(|fact| format!("-{fact}"));
    let wrong: Vec<String> = missing.chain(more.map(|fact| format!("+{fact}"))).collect();
    if wrong.is_empty() {
        return Came::Same { kept: got.difference(&want).count() };
    }
    Came::Different(wrong.join("\n"))
}

/// Whether a fact that only Alembic comes to is of something that Ambix has as it was before: an index whose DESC or
/// COLLATE Alembic forgets, or the order of columns.
fn is_kept_otherwise(fact: &str, had: &BTreeSet<String>, got: &BTreeSet<String>) -> bool {
    if let Some((index, _)) = fact.split_once(": ").filter(|(what, _)| what.contains("index ")) {
        return got.iter().any(|it| {
            had.contains(it) && it.split_once(": ").is_some_and(|(what, _)| what == index)
        });
    }
    let Some((table, columns)) = fact.split_once(": columns ") else { return false };
    let ours = got.iter().find_map(|it| it.strip_prefix(&format!("{table}: columns ")));
    let sorted = |columns: &str| columns.split(", ").map(String::from).collect::<BTreeSet<_>>();
    ours.is_some_and(|ours| {
        sorted(ours) == sorted(columns) && is_in_order(&format!("{table}: columns {ours}"), had)
    })
}

/// Whether the columns of a table stand as before, with new ones at the end. Where a batch adds columns and drops the
/// last one, Alembic has them at the front.
fn is_in_order(fact: &str, had: &BTreeSet<String>) -> bool {
    let Some((table, columns)) = fact.split_once(": columns ") else { return false };
    let before = had.iter().find_map(|it| it.strip_prefix(&format!("{table}: columns ")));
    let before: Vec<&str> = before.unwrap_or_default().split(", ").collect();
    let now: Vec<&str> = columns.split(", ").collect();
    let is_old = |column: &&&str| before.contains(*column);
    let old: Vec<&str> = now.iter().take_while(is_old).copied().collect();
    let kept: Vec<&str> = before.iter().filter(|column| now.contains(*column)).copied().collect();
    old == kept
}

/// What the application's schema says, and at which revisions it is.
pub(crate) fn facts(database: &Connection) -> BTreeSet<String> {
    let mut facts = schema::facts(database).unwrap();
    facts.retain(|fact| !fact.contains("_ambix_"));
    let versions = crate::programs::project::versions(database);
    facts.insert(format!("at {versions:?}"));
    facts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(facts: &[&str]) -> BTreeSet<String> {
        facts.iter().map(|fact| fact.to_string()).collect()
    }

    #[test]
    fn an_index_is_kept_only_as_it_was() {
        let forgotten = "index i on t: a collate BINARY where ()";
        let had = set(&["index i on t: a collate NOCASE where ()"]);
        assert!(is_kept_otherwise(forgotten, &had, &had));
        assert!(!is_kept_otherwise(forgotten, &had, &set(&[])));
        assert!(!is_kept_otherwise(
            forgotten,
            &had,
            &set(&["index i on t: b collate BINARY where ()"])
        ));
    }

    #[test]
    fn new_columns_stand_at_the_end() {
        let had = set(&["t: columns a, b, c"]);
        let ours = set(&["t: columns a, b, x, y"]);
        assert!(is_kept_otherwise("t: columns a, x, y, b", &had, &ours));
        assert!(!is_kept_otherwise("t: columns a, x, b", &had, &ours));
        assert!(is_in_order("t: columns a, b, x, y", &had));
        assert!(!is_in_order("t: columns b, a, x, y", &had));
        assert!(!is_in_order("t: columns a, x, b, y", &had));
    }
}
