//! Recorded cases, one after the other and several at a time; what went wrong is told at the end, together.
//!
//! `AMBIX_CASE=cli-merge` replays only the cases whose ids contain this.

use crate::compare::Compared;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::any::Any;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::{env, thread};

/// The cases that do not have to pass, and why: those that are different on purpose, and those that need
/// what later work brings. One that passes all the same is reported, so that the lists stay true.
#[derive(Default)]
pub struct Listed(BTreeMap<&'static str, &'static str>);

impl Listed {
    /// What `recorded/different.txt` and `recorded/later.txt` list.
    ///
    /// # Panics
    /// If a case is listed twice or without a reason.
    pub fn read() -> Self {
        let mut listed = BTreeMap::new();
        for (word, text) in [
            ("different", include_str!("../recorded/different.txt")),
            ("later", include_str!("../recorded/later.txt")),
        ] {
            for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
                let parts = line.split_once('#').map(|(id, reason)| (id.trim(), reason.trim()));
                let Some((id, _)) =
                    parts.filter(|(id, reason)| !id.is_empty() && !reason.is_empty())
                else {
                    panic!("{word}.txt: `{line}` is not `ID  # reason`");
                };
                assert!(listed.insert(id, word).is_none(), "{id} is listed twice");
            }
        }
        Self(listed)
    }
}

/// Replays every `every`th case of a recorded file: `judge` says what is wrong with one.
///
/// # Panics
/// If a case that is not listed goes wrong, a listed one does not, or a listed one does not exist.
pub fn replay<Case: DeserializeOwned + Sync>(
    recorded: &str,
    every: usize,
    listed: &Listed,
    judge: impl Fn(&Case) -> Compared + Sync,
) {
    let cases: Vec<(String, Case)> = recorded.lines().map(case).collect();
    let kind = cases[0].0.split_once('-').map_or("", |(kind, _)| kind);
    let mut wrong: Vec<String> = unknown(kind, &cases, listed);
    let only = env::var("AMBIX_CASE").unwrap_or_default();
    let chosen: Vec<&(String, Case)> =
        cases.iter().step_by(every).filter(|(id, _)| id.contains(&only)).collect();
    let next = AtomicUsize::new(0);
    let problems = Mutex::new(BTreeMap::new());
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(2, |cores| cores.get().clamp(2, 4)) {
            scope.spawn(|| {
                while let Some((id, case)) = chosen.get(next.fetch_add(1, Ordering::Relaxed)) {
                    // What a program leaves behind may be so wrong that it cannot even be read.
                    let compared = catch_unwind(AssertUnwindSafe(|| judge(case)))
                        .unwrap_or_else(|panic| Err(text_of(&*panic)));
                    if let Err(problem) = compared {
                        problems.lock().unwrap().insert(id, problem);
                    }
                }
            });
        }
    });
    let problems = problems.into_inner().unwrap();
    for (id, _) in &chosen {
        match (problems.get(id), listed.0.get(id.as_str())) {
            (Some(problem), None) => wrong.push(format!("{id}: {problem}")),
            (None, Some(word)) => wrong.push(format!("{id} is listed as {word} and is not")),
            _ => {}
        }
    }
    let passed = chosen.len() - problems.len();
    println!("{kind}: {passed} of {} cases pass", chosen.len());
    let report = wrong.join("\n\n");
    assert!(wrong.is_empty(), "{report}\n\n{passed} pass, {} wrong ({kind})", wrong.len());
}

fn case<Case: DeserializeOwned>(line: &str) -> (String, Case) {
    let case: Value = serde_json::from_str(line).unwrap();
    let id = case["id"].as_str().unwrap().to_string();
    let case = serde_json::from_value(case).unwrap_or_else(|error| panic!("{id}: {error}"));
    (id, case)
}

/// Listed cases of this kind that do not exist.
fn unknown<Case>(kind: &str, cases: &[(String, Case)], listed: &Listed) -> Vec<String> {
    let of_kind = listed.0.iter().filter(|(id, _)| id.split('-').next() == Some(kind));
    let missing = of_kind.filter(|(id, _)| !cases.iter().any(|(known, _)| known == *id));
    missing.map(|(id, word)| format!("{id} is listed as {word}: there is no such case")).collect()
}

fn text_of(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
    text.unwrap_or("panic").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    const CASES: &str =
        "{\"id\": \"sum-1\", \"right\": true}\n{\"id\": \"sum-2\", \"right\": false}";

    /// Replays two cases of which the second is wrong, with the first or the second listed.
    fn replayed(listed: &'static str) -> Result<(), String> {
        let listed = Listed(BTreeMap::from([(listed, "different")]));
        let judge = |case: &Value| match case["right"].as_bool() {
            Some(true) => Ok(()),
            _ => Err("2 is not 3".into()),
        };
        catch_unwind(|| replay(CASES, 1, &listed, judge)).map_err(|panic| text_of(&*panic))
    }

    #[test]
    fn a_wrong_case_is_told_unless_it_is_listed() {
        assert_eq!(replayed("sum-2"), Ok(()));
        let problem = "sum-1 is listed as different and is not\n\nsum-2: 2 is not 3\n\n\
                       1 pass, 2 wrong (sum)";
        assert_eq!(replayed("sum-1"), Err(problem.into()));
    }

    #[test]
    fn a_listed_case_must_exist() {
        let problem = replayed("sum-3").unwrap_err();
        assert!(problem.contains("sum-3 is listed as different: there is no such case"));
    }
}
