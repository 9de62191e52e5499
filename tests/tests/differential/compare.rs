//! Whether Ambix's answer is right, given Alembic's answers with several seeds.

use super::case::{Answer, Case, Ending, Revision};
use std::slice::from_ref;

/// What a comparison finds.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Verdict {
    /// Ambix is right.
    Right,
    /// The same in another order that is possible too: right if Alembic's order depends on chance.
    OtherOrder(String),
    /// Ambix is wrong, unless another seed makes Alembic answer like it.
    Wrong(String),
}

/// Where Ambix answers otherwise on purpose, and why.
type Deviation = (&'static str, fn(&Case, &Answer) -> bool);

const ON_PURPOSE: &[Deviation] = &[
    (
        "`stamp --purge` that fails changes nothing, where Alembic has emptied the table by then",
        |case, ambix| has(case, "--purge") && fails_well(ambix),
    ),
    (
        "`base-1` is before the first revision, where Alembic takes it for the head",
        |case, ambix| target_has(case, "base-") && fails_well(ambix),
    ),
    (
        "a downgrade along a branch that is not there is an error, where Alembic may take all branches",
        |case, ambix| {
            let branch = case.words.iter().find_map(|word| Some(word.split_once('@')?.0));
            let error = branch.map(|it| format!("Can't locate revision identified by '{it}'"));
            has(case, "downgrade") && ambix.error == error && fails_well(ambix)
        },
    ),
    (
        "two `@` in an address: which of the words is not found first is of no matter",
        |case, ambix| {
            case.words.iter().any(|word| word.matches('@').count() > 1) && fails_well(ambix)
        },
    ),
    ("files that make no graph are told before anything else is found wrong", |_, ambix| {
        let broken = ambix.error.as_deref().is_some_and(|it| {
            it.ends_with("is not present") || it.contains("detected in revisions")
        });
        broken && fails_well(ambix)
    }),
    (
        "a stamp that counts below the first revision, or stands beside others, is an error and not nothing",
        |case, ambix| has(case, "stamp") && counts_alone(case) && fails_well(ambix),
    ),
    (
        "`current:current` is the current revision, where Alembic looks for one of the name current",
        |case, ambix| target_has(case, "current:current") && ambix.error.is_none(),
    ),
    (
        "a range that counts to the base, or past it on a branch, begins at the base as others do",
        |case, ambix| {
            let counts = target_has(case, "@-") || target_has(case, "=-");
            has(case, "history") && counts && ambix.error.is_none()
        },
    ),
    (
        "one id in two files is an error that names both files, where Alembic warns and goes on",
        |case, ambix| {
            let twice =
                |id: &str| case.revisions.iter().filter(|other| other.revision == id).count() > 1;
            let named = ambix.error.as_deref().and_then(|error| {
                error.strip_prefix("Revision ")?.strip_suffix(" is present more than once")
            });
            named.is_some_and(twice) && ambix.after == sorted(&ambix.current)
        },
    ),
];

fn has(case: &Case, word: &str) -> bool {
    case.words.iter().any(|typed| typed == word)
}

fn counts_alone(case: &Case) -> bool {
    let after = |word: &str| word.rsplit('@').next().unwrap_or_default().parse::<i64>();
    case.words.iter().any(|word| after(word).is_ok_and(|steps| steps < 0))
}

fn target_has(case: &Case, part: &str) -> bool {
    case.words.iter().any(|typed| typed.contains(part))
}

fn fails_well(ambix: &Answer) -> bool {
    ambix.error.is_some() && ambix.after == sorted(&ambix.current)
}

/// Compares by these rules: texts and orders are equal to those of one of Alembic's answers. Where its
/// answers differ from each other, an order is free that keeps each revision after those that it needs,
/// and the words of a line are. Where Alembic ends with a traceback, an error that changes nothing is
/// right, and so is a success that leaves possible rows.
pub(crate) fn compare(case: &Case, alembic: &[Answer], ambix: &Answer) -> Verdict {
    if ON_PURPOSE.iter().any(|(_, applies)| applies(case, ambix)) {
        return Verdict::Right;
    }
    if alembic.iter().any(|answer| answer.ending == Some(Ending::Traceback)) {
        return beside_a_traceback(case, ambix);
    }
    let verdicts = alembic.iter().map(|answer| against(case, answer, ambix));
    let best = verdicts.min_by_key(|verdict| match verdict {
        Verdict::Right => 0,
        Verdict::OtherOrder(_) => 1,
        Verdict::Wrong(_) => 2,
    });
    match best.expect("an answer of Alembic") {
        Verdict::OtherOrder(_) if alembic.iter().any(|answer| *answer != alembic[0]) => {
            Verdict::Right
        }
        verdict => verdict,
    }
}

fn beside_a_traceback(case: &Case, ambix: &Answer) -> Verdict {
    let unchanged = ambix.after == sorted(&ambix.current);
    match &ambix.error {
        Some(_) if unchanged => Verdict::Right,
        Some(_) => Verdict::Wrong("an error, and other rows after it".into()),
        None if unchanged || possible(case, &ambix.after) => Verdict::Right,
        None => Verdict::Wrong("rows that no upgrade leads to".into()),
    }
}

fn against(case: &Case, alembic: &Answer, ambix: &Answer) -> Verdict {
    let wrong = |what: &str| Verdict::Wrong(what.into());
    if ambix.after != alembic.after {
        return wrong("the rows after it");
    }
    match (alembic.ending, ambix.ending) {
        // What argparse says of a mistake is long, and a guide only.
        (Some(Ending::Usage), Some(Ending::Usage)) => return Verdict::Right,
        (expected, got) if expected != got => return wrong("how it ends"),
        _ => {}
    }
    let texts: [(&str, Vec<String>, Vec<String>); 3] = [
        (
            "the error",
            ambix.error.clone().into_iter().collect(),
            alembic.error.clone().into_iter().collect(),
        ),
        ("the lines", ambix.lines.clone(), alembic.lines.clone()),
        ("the steps", ambix.running.clone(), alembic.running.clone()),
    ];
    let mut other_order = None;
    for (what, got, expected) in &texts {
        if got == expected {
            continue;
        }
        if words(got) != words(expected) {
            return wrong(what);
        }
        other_order = Some(format!("the order of {what}"));
    }
    if let Some(early) = too_early(case, &ambix.running) {
        return Verdict::Wrong(format!("{early} before what it needs"));
    }
    other_order.map_or(Verdict::Right, Verdict::OtherOrder)
}

fn sorted(rows: &[String]) -> Vec<String> {
    let mut rows = rows.to_vec();
    rows.sort();
    rows
}

/// The lines as a multiset, each as the multiset of its words: a list inside of a line may be a set.
fn words(lines: &[String]) -> Vec<Vec<&str>> {
    let mut lines: Vec<Vec<&str>> = lines
        .iter()
        .map(|line| {
            let split = line.split([' ', ',', '(', ')', '\'']);
            let mut words: Vec<&str> = split.filter(|word| !word.is_empty()).collect();
            words.sort_unstable();
            words
        })
        .collect();
    lines.sort();
    lines
}

/// Rows that some upgrade leads to: known revisions, none of them below another.
fn possible(case: &Case, rows: &[String]) -> bool {
    let known = |id: &String| case.revisions.iter().any(|revision| revision.revision == *id);
    let clear = |id: &String| rows.iter().all(|other| other == id || !is_below(case, id, other));
    rows.iter().all(|id| known(id) && clear(id))
}

fn is_below(case: &Case, id: &str, other: &str) -> bool {
    let mut seen = Vec::new();
    let mut open = vec![other.to_string()];
    while let Some(next) = open.pop() {
        let found = case.revisions.iter().find(|revision| revision.revision == next);
        for down in found.into_iter().flat_map(|revision| &revision.down_revision) {
            if down == id {
                return true;
            }
            if !seen.contains(down) {
                seen.push(down.clone());
                open.push(down.clone());
            }
        }
    }
    false
}

/// The first step that stands before a step that must precede it.
fn too_early(case: &Case, running: &[String]) -> Option<String> {
    let steps: Vec<(bool, &str)> = running.iter().filter_map(|line| step(line)).collect();
    steps.iter().enumerate().find_map(|(at, (up, id))| {
        let later = steps[at + 1..].iter().map(|(_, later)| *later);
        let mut wrong =
            later.filter(|later| if *up { needs(case, id, later) } else { needs(case, later, id) });
        wrong.next().map(|_| id.to_string())
    })
}

/// `Running upgrade a, b -> c, message` is (up, c).
fn step(line: &str) -> Option<(bool, &str)> {
    let (from, to) = line.split_once(" -> ")?;
    match from.strip_prefix("Running downgrade ") {
        Some(id) => Some((false, id)),
        None if from.starts_with("Running upgrade") => Some((true, to.split(", ").next()?)),
        None => None,
    }
}

/// Whether a revision follows another directly, as its child or because it depends on it.
fn needs(case: &Case, id: &str, other: &str) -> bool {
    let find = |id: &str| case.revisions.iter().find(|revision| revision.revision == id);
    let (Some(revision), Some(other)) = (find(id), find(other)) else { return false };
    let names = |name: &String| names(case, name).is_some_and(|named| named == other);
    revision.down_revision.contains(&other.revision) || revision.depends_on.iter().any(names)
}

fn names<'a>(case: &'a Case, name: &str) -> Option<&'a Revision> {
    let mut revisions = case.revisions.iter();
    revisions
        .clone()
        .find(|revision| {
            revision.revision == name || revision.branch_labels.iter().any(|label| label == name)
        })
        .or_else(|| revisions.find(|revision| revision.revision.starts_with(name)))
}

/// A fork of two, upgraded.
fn fork() -> (Case, Answer) {
    let revision = |id: &str, down: &[&str]| Revision {
        revision: id.into(),
        down_revision: down.iter().map(|id| id.to_string()).collect(),
        branch_labels: Vec::new(),
        depends_on: Vec::new(),
        message: "add".into(),
    };
    let case = Case {
        revisions: vec![revision("a1", &[]), revision("b1", &["a1"]), revision("c1", &["a1"])],
        preparation: Vec::new(),
        current: Some(Vec::new()),
        words: vec!["upgrade".into(), "heads".into()],
    };
    let running = [
        "Running upgrade  -> a1, add",
        "Running upgrade a1 -> b1, add",
        "Running upgrade a1 -> c1, add",
    ];
    let answer = Answer {
        current: Vec::new(),
        after: vec!["b1".into(), "c1".into()],
        lines: Vec::new(),
        running: running.map(String::from).into(),
        error: None,
        ending: None,
    };
    (case, answer)
}

#[test]
fn an_order_is_free_only_where_alembic_has_several() {
    let (case, alembic) = fork();
    let mut siblings = alembic.clone();
    siblings.running.swap(1, 2);
    assert_eq!(compare(&case, from_ref(&alembic), &alembic), Verdict::Right);
    let other_order = Verdict::OtherOrder("the order of the steps".into());
    assert_eq!(compare(&case, from_ref(&alembic), &siblings), other_order);
    assert_eq!(compare(&case, &[alembic.clone(), siblings.clone()], &siblings), Verdict::Right);
    let mut child_first = alembic.clone();
    child_first.running.swap(0, 1);
    let verdict = compare(&case, &[alembic, siblings], &child_first);
    assert_eq!(verdict, Verdict::Wrong("b1 before what it needs".into()));
}

#[test]
fn each_difference_is_noticed() {
    let (case, alembic) = fork();
    let check = |what: &str, change: fn(&mut Answer)| {
        let mut ambix = alembic.clone();
        change(&mut ambix);
        assert_eq!(compare(&case, from_ref(&alembic), &ambix), Verdict::Wrong(what.into()));
    };
    check("the rows after it", |ambix| ambix.after.truncate(1));
    check("the steps", |ambix| ambix.running.truncate(2));
    check("the lines", |ambix| ambix.lines.push("a1".into()));
    check("how it ends", |ambix| {
        ambix.error = Some("no".into());
        ambix.ending = Some(Ending::Command);
    });
}

#[test]
fn beside_a_traceback_nothing_may_be_half_done() {
    let (case, ambix) = fork();
    let mut alembic = ambix.clone();
    alembic.ending = Some(Ending::Traceback);
    assert_eq!(
        compare(&case, from_ref(&alembic), &ambix),
        Verdict::Right,
        "it did the right thing"
    );
    let mut overlapping = ambix.clone();
    overlapping.after = vec!["a1".into(), "b1".into()];
    assert_ne!(compare(&case, &[alembic.clone()], &overlapping), Verdict::Right);
    let mut half = ambix;
    half.error = Some("no".into());
    assert_ne!(compare(&case, &[alembic], &half), Verdict::Right);
}
