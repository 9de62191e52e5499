//! Random revision graphs, rows and commands, asked of real Alembic and of Ambix.
//!
//! 300 cases, 5,000 with `AMBIX_TEST_ALL=1`, one with `AMBIX_TEST_SEED=n`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod alembic;
mod ambix;
mod case;
mod compare;
mod generate;
#[path = "../programs/mod.rs"]
mod programs;
mod shrink;

use alembic::Alembic;
use case::{Answer, Case};
use compare::{Verdict, compare};
use std::collections::BTreeSet;
use std::ops::RangeInclusive;

/// How many differences are shrunk and shown.
const SHOWN: usize = 5;

/// After so many seeds another answer is not a matter of chance.
const SEEDS_FOR_ANOTHER_ANSWER: usize = 6;

/// What is wrong with an answer, if anything is. The case learns its rows.
fn wrong(
    case: &mut Case,
    alembic: &mut Alembic,
    answer: &mut impl FnMut(&Case) -> Answer,
) -> Option<(String, Answer, Answer)> {
    let mut expected = alembic.answers(case);
    let got = answer(case);
    loop {
        let what = match compare(case, &expected, &got) {
            Verdict::Right => return None,
            Verdict::Wrong(what) if expected.len() >= SEEDS_FOR_ANOTHER_ANSWER => {
                return Some((what, expected.swap_remove(0), got));
            }
            Verdict::Wrong(what) | Verdict::OtherOrder(what) => what,
        };
        match alembic.another(case, expected.len()) {
            Some(another) => expected.push(another),
            None => return Some((what, expected.swap_remove(0), got)),
        }
    }
}

/// Asks all and fails with the smallest projects that show a difference.
fn check(
    seeds: RangeInclusive<u64>,
    alembic: &mut Alembic,
    mut answer: impl FnMut(&Case) -> Answer,
) {
    let mut differences = Vec::new();
    let count = seeds.clone().count();
    for seed in seeds {
        let mut case = generate::case(seed);
        let Some(first) = wrong(&mut case, alembic, &mut answer) else { continue };
        if differences.len() >= SHOWN {
            differences.push(format!(
                "seed {seed}: {}: $ alembic {}",
                first.0,
                case.words.join(" ")
            ));
            continue;
        }
        let mut same_fault = |smaller: &mut Case| {
            let found = wrong(smaller, alembic, &mut answer);
            found.is_some_and(|(what, ..)| what == first.0)
        };
        let mut small = shrink::shrink(case, &mut same_fault);
        let (what, expected, got) = wrong(&mut small, alembic, &mut answer).unwrap_or(first);
        differences.push(format!(
            "seed {seed}: {what}\n{small}\nAlembic: {expected:#?}\nAmbix: {got:#?}\n"
        ));
    }
    let different = differences.len();
    assert!(different == 0, "{different} of {count} differ:\n{}", differences.join("\n"));
}

fn seeds() -> RangeInclusive<u64> {
    if let Ok(seed) = std::env::var("AMBIX_TEST_SEED") {
        let seed = seed.parse().expect("AMBIX_TEST_SEED is a number");
        return seed..=seed;
    }
    1..=programs::sample(300, 5_000)
}

#[test]
fn ambix_answers_as_alembic_does() {
    let Some(program) = programs::alembic("the differential test") else { return };
    check(seeds(), &mut Alembic::beside(&program), ambix::answer);
}

/// The harness itself: a third Alembic in the place of Ambix.
#[test]
fn alembic_agrees_with_itself() {
    let Some(program) = programs::alembic("the test of the differential test") else { return };
    let mut other = Alembic::beside(&program);
    let answer = |case: &Case| other.another(case, 7).expect("an answer");
    check(1..=programs::sample(60, 5_000), &mut Alembic::beside(&program), answer);
}

#[test]
fn the_same_seed_is_the_same_case() {
    let twice = [generate::case(11).to_string(), generate::case(11).to_string()];
    assert_eq!(twice[0], twice[1]);
    let different: BTreeSet<String> =
        (1..100).map(|seed| generate::case(seed).to_string()).collect();
    assert_eq!(different.len(), 99);
}

#[test]
fn every_kind_of_project_and_command_occurs() {
    let cases: Vec<Case> = (1..=300).map(generate::case).collect();
    let occurs = |what: &str, holds: &dyn Fn(&Case) -> bool| {
        assert!(cases.iter().any(holds), "no {what} in {} cases", cases.len());
    };
    for command in
        ["upgrade", "downgrade", "stamp", "history", "heads", "branches", "current", "show"]
    {
        occurs(command, &|case| case.words[0] == command);
    }
    let some =
        |case: &Case, holds: &dyn Fn(&case::Revision) -> bool| case.revisions.iter().any(holds);
    occurs("merge of three", &|case| some(case, &|revision| revision.down_revision.len() == 3));
    occurs("label", &|case| some(case, &|revision| !revision.branch_labels.is_empty()));
    occurs("dependency by label", &|case| {
        let is_label =
            |name: &String| some(case, &|revision| revision.branch_labels.contains(name));
        some(case, &|revision| revision.depends_on.iter().any(is_label))
    });
    occurs("second base", &|case| {
        case.revisions.iter().filter(|revision| revision.down_revision.is_empty()).count() > 1
    });
    occurs("stamp of several", &|case| case.words[0] == "stamp" && case.words.len() > 3);
    occurs("--purge", &|case| case.words.contains(&"--purge".to_string()));
}
