//! Headers to a graph, with everything that is wrong with them.

use super::graph::{Graph, Revision, marked, reach};
use crate::diagnostic::{Code, Diagnostic, Place, Span};
use alloc::{format, string::String, string::ToString, vec, vec::Vec};

/// A place somewhere in a file, whose text the graph does not know.
fn in_file(file: &str) -> Place {
    Place::in_text(file, "", Span::default())
}

/// Builds the graph; in time linear in revisions and edges, but for labels and dependencies that are
/// shared along a branch, each of which costs a walk of its own.
pub(super) fn build(revisions: Vec<Revision>) -> (Graph, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let mut graph = Graph::default();
    for revision in revisions {
        if let Some(first) = graph.names.get(revision.id.as_str()) {
            let first = &graph.revisions[*first].file;
            diagnostics.push(
                Diagnostic::error(
                    Code::DuplicateRevision,
                    format!("Revision {} is present more than once", revision.id),
                )
                .at(in_file(&revision.file))
                .hint(format!("it is declared in {first} and in {}", revision.file)),
            );
            continue;
        }
        graph.names.insert(revision.id.as_str().into(), graph.revisions.len());
        graph.revisions.push(revision);
    }
    let size = graph.len();
    (graph.parents, graph.children) = (vec![Vec::new(); size], vec![Vec::new(); size]);
    (graph.dependencies, graph.followers) = (vec![Vec::new(); size], vec![Vec::new(); size]);
    declare_labels(&mut graph, &mut diagnostics);
    link(&mut graph, &mut diagnostics);
    cut_cycles(&mut graph, &mut diagnostics);
    follow(&mut graph);
    need(&mut graph);
    spread_labels(&mut graph);
    (graph, diagnostics)
}

fn declare_labels(graph: &mut Graph, diagnostics: &mut Vec<Diagnostic>) {
    for (at, revision) in graph.revisions.iter().enumerate() {
        for label in &revision.labels {
            let Some(other) = graph.names.insert(label.clone(), at) else { continue };
            // Whoever had the name first keeps it.
            graph.names.insert(label.clone(), other);
            let other = &graph.revisions[other];
            diagnostics.push(
                Diagnostic::error(
                    Code::LabelClash,
                    format!(
                        "Branch name '{label}' in revision {} already used by revision {}",
                        revision.id, other.id
                    ),
                )
                .at(in_file(&revision.file))
                .hint(format!(
                    "{} has the name too; a branch label is written into the first revision of the \
                     branch only",
                    other.file
                )),
            );
        }
    }
}

fn link(graph: &mut Graph, diagnostics: &mut Vec<Diagnostic>) {
    for (at, revision) in graph.revisions.iter().enumerate() {
        for down in &revision.down {
            // A label is no down_revision.
            let parent = graph.names.get(down.as_str()).copied();
            match parent.filter(|parent| graph.revisions[*parent].id == *down) {
                Some(parent) if graph.parents[at].contains(&parent) => {}
                Some(parent) => {
                    graph.parents[at].push(parent);
                    graph.children[parent].push(at);
                }
                None => diagnostics.push(
                    missing(Code::MissingParent, down.as_str(), revision)
                        .hint(format!("{} names it as its down_revision", revision.file)),
                ),
            }
        }
        for name in &revision.depends_on {
            match graph.names.get(name) {
                Some(needed) if graph.dependencies[at].contains(needed) => {}
                Some(needed) => graph.dependencies[at].push(*needed),
                None => diagnostics.push(
                    missing(Code::MissingDependency, name, revision)
                        .hint(format!("{} names it in its depends_on", revision.file)),
                ),
            }
        }
    }
}

fn missing(code: Code, name: &str, revision: &Revision) -> Diagnostic {
    let message = format!(
        "Revision {name} referenced from {name} -> {}, {} is not present",
        revision.id, revision.message
    );
    Diagnostic::error(code, message).at(in_file(&revision.file))
}

/// Takes the edges away from revisions that lie on or behind a cycle, so that every walk ends.
fn cut_cycles(graph: &mut Graph, diagnostics: &mut Vec<Diagnostic>) {
    for with_dependencies in [false, true] {
        let downwards: Vec<Vec<usize>> = (0..graph.len())
            .map(|at| match with_dependencies {
                true => [graph.parents[at].as_slice(), &graph.dependencies[at]].concat(),
                false => graph.parents[at].clone(),
            })
            .collect();
        let upwards = reversed(&downwards);
        let behind = not_ordered(&downwards, &upwards);
        if !behind.contains(&true) {
            continue;
        }
        // What also remains when peeled off from the other end is on a cycle, or between two.
        let above = not_ordered(&upwards, &downwards);
        let cycle: Vec<usize> = marked(&behind).filter(|at| above[*at]).collect();
        let itself = cycle.iter().copied().find(|at| downwards[*at].contains(at));
        let lost = match itself {
            Some(at) => vec![at],
            // Some cycles escape Alembic.
            None => match lost(&downwards, &upwards) {
                lost if lost.is_empty() => cycle.clone(),
                lost => lost,
            },
        };
        diagnostics.push(cycle_found(graph, &lost, &cycle, itself.is_some(), with_dependencies));
        for at in marked(&behind) {
            graph.dependencies[at].clear();
            for parent in core::mem::take(&mut graph.parents[at]) {
                graph.children[parent].retain(|child| *child != at);
            }
        }
    }
}

/// What Alembic lists: the revisions that are not between a head and a base, or all if there is no head or
/// no base.
fn lost(downwards: &[Vec<usize>], upwards: &[Vec<usize>]) -> Vec<usize> {
    let ends = |edges: &[Vec<usize>]| {
        (0..edges.len()).filter(|at| edges[*at].is_empty()).collect::<Vec<_>>()
    };
    let (heads, bases) = (ends(upwards), ends(downwards));
    if heads.is_empty() || bases.is_empty() {
        return (0..downwards.len()).collect();
    }
    let (below, above) = (reach(&heads, downwards), reach(&bases, upwards));
    (0..downwards.len()).filter(|at| !(below[*at] && above[*at])).collect()
}

fn cycle_found(
    graph: &Graph,
    lost: &[usize],
    cycle: &[usize],
    is_loop: bool,
    with_dependencies: bool,
) -> Diagnostic {
    let mut ids: Vec<&str> = lost.iter().map(|at| graph.revisions[*at].id.as_str()).collect();
    if lost.len() < graph.len() {
        ids.sort_unstable();
    }
    let files: Vec<&str> = cycle.iter().map(|at| graph.revisions[*at].file.as_str()).collect();
    let (what, word) = match (is_loop, with_dependencies) {
        (true, false) => ("Self-loop", "down_revision"),
        (false, false) => ("Cycle", "down_revision"),
        (true, true) => ("Dependency self-loop", "depends_on"),
        (false, true) => ("Dependency cycle", "depends_on"),
    };
    Diagnostic::error(
        Code::RevisionCycle,
        format!("{what} is detected in revisions ({})", ids.join(", ")),
    )
    .at(in_file(files.first().copied().unwrap_or_default()))
    .hint(format!("correct {word} in one of: {}", files.join(", ")))
}

/// Marks what is left when, again and again, everything is taken away that has no edges downwards.
fn not_ordered(downwards: &[Vec<usize>], upwards: &[Vec<usize>]) -> Vec<bool> {
    let mut waits: Vec<usize> = downwards.iter().map(Vec::len).collect();
    let mut ready: Vec<usize> = (0..waits.len()).filter(|at| waits[*at] == 0).collect();
    while let Some(at) = ready.pop() {
        for above in &upwards[at] {
            waits[*above] -= 1;
            if waits[*above] == 0 {
                ready.push(*above);
            }
        }
    }
    waits.iter().map(|left| *left > 0).collect()
}

fn reversed(edges: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let mut reversed = vec![Vec::new(); edges.len()];
    for (at, edges) in edges.iter().enumerate() {
        for other in edges {
            reversed[*other].push(at);
        }
    }
    reversed
}

fn follow(graph: &mut Graph) {
    graph.followers.clone_from(&graph.children);
    for (at, dependencies) in graph.dependencies.iter().enumerate() {
        for needed in dependencies {
            if !graph.followers[*needed].contains(&at) {
                graph.followers[*needed].push(at);
            }
        }
    }
}

/// Parents, and the dependencies that no ancestor has (Alembic's `_normalized_down_revisions`).
fn need(graph: &mut Graph) {
    let mut needs = graph.parents.clone();
    for (at, dependencies) in graph.dependencies.iter().enumerate() {
        // The walk is only due where another revision has the same dependency.
        let depends = |other: &usize, needed: &usize| graph.dependencies[*other].contains(needed);
        let shared = |needed: &usize| {
            graph.followers[*needed].iter().any(|other| *other != at && depends(other, needed))
        };
        let ancestors = dependencies
            .iter()
            .any(shared)
            .then(|| reach(&graph.parents[at], &graph.parents))
            .unwrap_or_default();
        for needed in dependencies {
            let is_ancestor = |other: &&usize| ancestors.get(**other).copied().unwrap_or(false);
            let by_ancestor = graph.followers[*needed]
                .iter()
                .filter(is_ancestor)
                .any(|other| depends(other, needed));
            if !by_ancestor && !needs[at].contains(needed) {
                needs[at].push(*needed);
            }
        }
    }
    graph.needs = needs;
}

/// Gives each revision the labels of its branches. See [`Graph::labels`].
fn spread_labels(graph: &mut Graph) {
    let mut labels: Vec<Vec<String>> = vec![Vec::new(); graph.len()];
    for (at, revision) in graph.revisions.iter().enumerate() {
        if revision.labels.is_empty() {
            continue;
        }
        let mut on_branch = reach(&[at], &graph.children);
        let mut below = is_a_line(graph, at).then_some(at);
        while let Some(here) = below {
            on_branch[here] = true;
            below = graph.parents[here].first().copied();
            below = below.filter(|below| !forks_or_merges(graph, *below));
        }
        for here in marked(&on_branch) {
            labels[here].extend(revision.labels.iter().map(ToString::to_string));
        }
    }
    for labels in &mut labels {
        labels.sort();
        labels.dedup();
    }
    graph.labels = labels;
}

fn forks_or_merges(graph: &Graph, at: usize) -> bool {
    graph.followers[at].len() > 1 || graph.parents[at].len() > 1
}

/// Whether from there up to the head there is neither fork nor merge.
fn is_a_line(graph: &Graph, mut at: usize) -> bool {
    while !forks_or_merges(graph, at) {
        match graph.children[at].first() {
            Some(child) => at = *child,
            None => return true,
        }
    }
    false
}
