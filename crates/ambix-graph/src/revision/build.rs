//! Headers to a graph, with everything that is wrong with them.

use super::edges::Edges;
use super::graph::{Graph, Revision, marked};
use crate::diagnostic::{Code, Diagnostic, Place, Span};
use alloc::{format, string::String, string::ToString, vec, vec::Vec};
use hashbrown::hash_map::Entry;

/// A place somewhere in a file, whose text the graph does not know.
fn in_file(file: &str) -> Place {
    Place::in_text(file, "", Span::default())
}

/// Builds the graph; in time linear in revisions and edges, but for labels and dependencies that are
/// shared along a branch, each of which costs a walk of its own.
pub(super) fn build(revisions: Vec<Revision>) -> (Graph, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let mut graph = Graph::default();
    graph.names.reserve(revisions.len());
    graph.revisions.reserve(revisions.len());
    for revision in revisions {
        let name = graph.names.entry(revision.id.name());
        if let Entry::Occupied(first) = name {
            let first = &graph.revisions[*first.get()].file;
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
        name.insert(graph.revisions.len());
        graph.revisions.push(revision);
    }
    declare_labels(&mut graph, &mut diagnostics);
    link(&mut graph, &mut diagnostics);
    cut_cycles(&mut graph, &mut diagnostics);
    graph.children = graph.parents.reversed();
    graph.followers = match graph.dependencies.is_empty() {
        true => graph.children.clone(),
        false => graph.children.with(&graph.dependencies.reversed()),
    };
    graph.needs = needs(&graph);
    spread_labels(&mut graph);
    (graph, diagnostics)
}

fn declare_labels(graph: &mut Graph, diagnostics: &mut Vec<Diagnostic>) {
    for (at, revision) in graph.revisions.iter().enumerate() {
        for label in &revision.labels {
            let Some(other) = graph.names.insert(label.as_str().into(), at) else { continue };
            // Whoever had the name first keeps it.
            graph.names.insert(label.as_str().into(), other);
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
    let (mut parents, mut dependencies) = (Vec::new(), Vec::new());
    for (at, revision) in graph.revisions.iter().enumerate() {
        let (first_parent, first_dependency) = (parents.len(), dependencies.len());
        for down in &revision.down {
            // Mostly it is the one before.
            let before = at.checked_sub(1).filter(|before| graph.revisions[*before].id == *down);
            match before.or_else(|| graph.position(down)) {
                Some(parent) if parents[first_parent..].contains(&(at, parent)) => {}
                Some(parent) => parents.push((at, parent)),
                None => diagnostics.push(
                    missing(Code::MissingParent, down.as_str(), revision)
                        .hint(format!("{} names it as its down_revision", revision.file)),
                ),
            }
        }
        for name in &revision.depends_on {
            match graph.names.get(name.as_str()) {
                Some(needed) if dependencies[first_dependency..].contains(&(at, *needed)) => {}
                Some(needed) => dependencies.push((at, *needed)),
                None => diagnostics.push(
                    missing(Code::MissingDependency, name, revision)
                        .hint(format!("{} names it in its depends_on", revision.file)),
                ),
            }
        }
    }
    graph.parents = Edges::new(graph.len(), &parents);
    graph.dependencies = Edges::new(graph.len(), &dependencies);
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
        if with_dependencies && graph.dependencies.is_empty() {
            return;
        }
        let downwards = match with_dependencies {
            true => graph.parents.with(&graph.dependencies),
            false => graph.parents.clone(),
        };
        let upwards = downwards.reversed();
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
        graph.parents = graph.parents.kept(|from, _| !behind[from]);
        graph.dependencies = graph.dependencies.kept(|from, _| !behind[from]);
    }
}

/// What Alembic lists: the revisions that are not between a head and a base, or all if there is no head or
/// no base.
fn lost(downwards: &Edges, upwards: &Edges) -> Vec<usize> {
    let ends =
        |edges: &Edges| (0..edges.len()).filter(|at| edges[*at].is_empty()).collect::<Vec<_>>();
    let (heads, bases) = (ends(upwards), ends(downwards));
    if heads.is_empty() || bases.is_empty() {
        return (0..downwards.len()).collect();
    }
    let (below, above) = (downwards.reach(&heads), upwards.reach(&bases));
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
        crate::sort::sort(&mut ids);
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
fn not_ordered(downwards: &Edges, upwards: &Edges) -> Vec<bool> {
    let mut waits: Vec<usize> = (0..downwards.len()).map(|at| downwards[at].len()).collect();
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

/// Parents, and the dependencies that no ancestor has (Alembic's `_normalized_down_revisions`).
fn needs(graph: &Graph) -> Edges {
    let shared = |needed: usize| {
        graph.followers[needed]
            .iter()
            .filter(move |other| graph.dependencies[**other].contains(&needed))
    };
    let mut by_ancestor = Vec::new();
    for at in 0..graph.len() {
        // The walk is only due where another revision has the same dependency.
        let dependencies = &graph.dependencies[at];
        if !dependencies.iter().any(|needed| shared(*needed).any(|other| *other != at)) {
            continue;
        }
        let ancestors = graph.parents.reach(&graph.parents[at]);
        let has_it = |needed: &&usize| shared(**needed).any(|other| ancestors[*other]);
        by_ancestor.extend(dependencies.iter().filter(has_it).map(|needed| (at, *needed)));
    }
    match (graph.dependencies.is_empty(), by_ancestor.is_empty()) {
        (true, _) => graph.parents.clone(),
        (false, true) => graph.parents.with(&graph.dependencies),
        (false, false) => {
            let superfluous = Edges::new(graph.len(), &by_ancestor);
            let own = graph.dependencies.kept(|at, needed| !superfluous[at].contains(&needed));
            graph.parents.with(&own)
        }
    }
}

/// Gives each revision the labels of its branches. See [`Graph::labels`].
fn spread_labels(graph: &mut Graph) {
    if graph.revisions.iter().all(|revision| revision.labels.is_empty()) {
        return;
    }
    let mut labels: Vec<Vec<String>> = vec![Vec::new(); graph.len()];
    for (at, revision) in graph.revisions.iter().enumerate() {
        if revision.labels.is_empty() {
            continue;
        }
        let mut on_branch = graph.children.reach(&[at]);
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
        crate::sort::sort(labels);
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
