//! How long a plan takes: from a list of revisions to the steps of an upgrade or a downgrade.
//!
//! `cargo xtask bench planning` runs it, and `planning.mjs`, which measures the same in WebAssembly. The
//! floor is a plain topological order of the same ids and edges, measured in turns with the plan.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use ambix_core::revision::{
    Direction, Graph, Plan, ResolvedTarget, Revision, RevisionId, Target, plan_downgrade,
    plan_upgrade,
};
use std::collections::HashMap;
use std::hint::black_box;
use std::time::{Duration, Instant};

const ROUNDS: usize = 31;

struct Case {
    name: &'static str,
    revisions: Vec<Revision>,
    current: Vec<usize>,
    direction: Direction,
    target: &'static str,
    /// What the whole may take, in milliseconds.
    limit: f64,
}

fn main() {
    println!("| natively | build ms | resolve ms | plan ms | together ms | × floor | target |");
    println!("|---|---|---|---|---|---|---|");
    let mut missed = false;
    for case in cases() {
        missed |= !measure(&case);
    }
    if missed {
        std::process::exit(1);
    }
}

fn cases() -> Vec<Case> {
    let (linear, merges) = (linear(10_000), merges(5_000));
    let mut shuffled = linear.clone();
    shuffle(&mut shuffled);
    let up = |name, revisions: &[Revision], current: Vec<usize>, limit| Case {
        name,
        revisions: revisions.to_vec(),
        current,
        direction: Direction::Upgrade,
        target: "heads",
        limit,
    };
    let down = |name, revisions: &[Revision], limit| Case {
        current: vec![revisions.len() - 1],
        direction: Direction::Downgrade,
        target: "base",
        ..up(name, revisions, Vec::new(), limit)
    };
    vec![
        up("10,000 linear, up", &linear, Vec::new(), 10.0),
        up("10,000 linear, files in any order, up", &shuffled, Vec::new(), 10.0),
        up("10,000 linear, the last 10", &linear, vec![9_989], 10.0),
        down("10,000 linear, down", &linear, 10.0),
        up("5,000 with merges, up", &merges, Vec::new(), 20.0),
        down("5,000 with merges, down", &merges, 20.0),
    ]
}

fn revision(nth: usize, down: &[usize]) -> Revision {
    let id = |nth: &usize| RevisionId::new(format!("{nth:012x}")).unwrap();
    Revision {
        id: id(&nth),
        down: down.iter().map(id).collect(),
        message: format!("step {nth}"),
        docstring: format!("step {nth}"),
        file: format!("versions/{nth:012x}_step_{nth}.py"),
        ..Revision::default()
    }
}

fn linear(count: usize) -> Vec<Revision> {
    let parent = |nth: usize| nth.checked_sub(1).into_iter().collect::<Vec<_>>();
    (0..count).map(|nth| revision(nth, &parent(nth))).collect()
}

/// Blocks of two branches with five revisions each, and the merge of both.
fn merges(count: usize) -> Vec<Revision> {
    let mut revisions: Vec<Revision> = Vec::new();
    let mut last: Option<usize> = None;
    while revisions.len() < count {
        let mut tips = [last, last];
        for _ in 0..5 {
            for tip in &mut tips {
                let nth = revisions.len();
                revisions.push(revision(nth, tip.as_slice()));
                *tip = Some(nth);
            }
        }
        let nth = revisions.len();
        revisions.push(revision(nth, &tips.map(Option::unwrap)));
        last = Some(nth);
    }
    revisions
}

fn shuffle(revisions: &mut [Revision]) {
    let mut state = 12_345_u64;
    for at in (1..revisions.len()).rev() {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        revisions.swap(at, (state >> 33) as usize % (at + 1));
    }
}

/// Prints a line of the table. Gives whether the target is met.
fn measure(case: &Case) -> bool {
    let [mut builds, mut resolves, mut plans, mut together, mut floors] = [const { Vec::new() }; 5];
    for _ in 0..ROUNDS {
        let revisions = case.revisions.clone();
        let started = Instant::now();
        let graph = build(revisions);
        builds.push(started.elapsed());
        let middle = Instant::now();
        let target = resolve(case, &graph);
        resolves.push(middle.elapsed());
        let end = Instant::now();
        let plan = plan(case, &graph, &target);
        plans.push(end.elapsed());
        together.push(started.elapsed());

        let started = Instant::now();
        let expected = floor(case);
        floors.push(started.elapsed());
        check(case, &plan, &expected);
        black_box((plan, expected));
    }
    let [build, resolve, plan, together, floor] =
        [builds, resolves, plans, together, floors].map(median);
    let met = together < case.limit;
    let verdict = if met { "met" } else { "MISSED" };
    println!(
        "| {} | {build:.2} | {resolve:.2} | {plan:.2} | {together:.2} | {:.1} | < {} ms: {verdict} |",
        case.name,
        together / floor,
        case.limit
    );
    met
}

fn build(revisions: Vec<Revision>) -> Graph {
    let (graph, diagnostics) = Graph::build(revisions);
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
    graph
}

fn resolve(case: &Case, graph: &Graph) -> ResolvedTarget {
    let target = Target::parse(case.target);
    match case.direction {
        Direction::Upgrade => target.of_upgrade(case.target, graph, &case.current).unwrap(),
        Direction::Downgrade => target.of_downgrade(case.target, graph, &case.current).unwrap(),
    }
}

fn plan(case: &Case, graph: &Graph, target: &ResolvedTarget) -> Plan {
    match case.direction {
        Direction::Upgrade => plan_upgrade(graph, &case.current, target).unwrap(),
        Direction::Downgrade => plan_downgrade(graph, &case.current, target).unwrap(),
    }
}

/// Kahn's algorithm over what is to run, from the ids and nothing else.
fn floor(case: &Case) -> Vec<&str> {
    let ids: HashMap<&str, usize> =
        case.revisions.iter().enumerate().map(|(at, one)| (one.id.as_str(), at)).collect();
    let parents = |at: usize| case.revisions[at].down.iter().map(|down| ids[down.as_str()]);
    let mut applied = vec![false; ids.len()];
    let mut open = case.current.clone();
    while let Some(at) = open.pop() {
        if !std::mem::replace(&mut applied[at], true) {
            open.extend(parents(at));
        }
    }
    let up = case.direction == Direction::Upgrade;
    let wanted = |at: &usize| applied[*at] != up;
    let mut waits = vec![0; ids.len()];
    let mut children = vec![Vec::new(); ids.len()];
    let mut ready = Vec::new();
    for at in (0..ids.len()).filter(&wanted) {
        for parent in parents(at).filter(&wanted) {
            children[parent].push(at);
            waits[at] += 1;
        }
        if waits[at] == 0 {
            ready.push(at);
        }
    }
    let mut next = 0;
    while let Some(at) = ready.get(next).copied() {
        next += 1;
        for child in &children[at] {
            waits[*child] -= 1;
            if waits[*child] == 0 {
                ready.push(*child);
            }
        }
    }
    if !up {
        ready.reverse();
    }
    ready.into_iter().map(|at| case.revisions[at].id.as_str()).collect()
}

/// A quick plan must also be right: each step after those that it needs, and none missing.
fn check(case: &Case, plan: &Plan, expected: &[&str]) {
    let name = case.name;
    assert_eq!(plan.steps.len(), expected.len(), "{name}");
    let steps = plan.steps.iter().enumerate();
    let at: HashMap<&str, usize> = steps.map(|(at, step)| (step.revision.as_str(), at)).collect();
    assert_eq!(at.len(), expected.len(), "{name}: each once");
    for revision in &case.revisions {
        for down in &revision.down {
            if let (Some(own), Some(parent)) = (at.get(revision.id.as_str()), at.get(down.as_str()))
            {
                assert_eq!(own > parent, case.direction == Direction::Upgrade, "{name}");
            }
        }
    }
}

/// In milliseconds.
fn median(mut durations: Vec<Duration>) -> f64 {
    durations.sort();
    durations[durations.len() / 2].as_secs_f64() * 1_000.0
}
