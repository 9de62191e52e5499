//! Revisions as lines of text: Alembic's `cmd_format` and `log_entry`.

use ambix_core::revision::Graph;

/// What a line tells beside the id.
#[derive(Clone, Copy, Default)]
pub(crate) struct Shown {
    /// The parents, before the id.
    pub(crate) parents: bool,
    /// What it is about, after it.
    pub(crate) message: bool,
    /// Whether branches begin or meet here.
    pub(crate) branches: bool,
}

/// `<base> -> 1975ea83b712 (head), create account table`.
pub(crate) fn line(graph: &Graph, at: usize, is_current: bool, shown: Shown) -> String {
    let revision = graph.at(at);
    let mut line = String::new();
    if shown.parents {
        line.push_str(&format!("{} -> ", parents(graph, at)));
    }
    line.push_str(revision.id.as_str());
    line.push_str(&marks(graph, at, is_current, shown.branches));
    if shown.message {
        line.push_str(&format!(", {}", revision.message));
    }
    line
}

/// The long form: several lines, the last one empty.
pub(crate) fn entry(graph: &Graph, at: usize, is_current: bool, folder: &str) -> Vec<String> {
    let revision = graph.at(at);
    let mut head = String::new();
    if graph.children(at).is_empty() {
        head.push_str(" (head)");
    }
    head.push_str(&branch_marks(graph, at));
    if is_current {
        head.push_str(" (current)");
    }
    let mut lines = vec![format!("Rev: {}{head}", revision.id)];
    lines.push(match graph.parents(at).len() {
        0 | 1 => format!("Parent: {}", parents(graph, at)),
        _ => format!("Merges: {}", parents(graph, at)),
    });
    if graph.children(at).len() > 1 {
        lines.push(format!("Branches into: {}", ids(graph, graph.children(at))));
    }
    lines.push(format!("Path: {folder}/{}", revision.file));
    lines.push(String::new());
    lines.extend(revision.docstring.lines().map(|line| format!("    {line}")));
    lines.push(String::new());
    lines
}

fn marks(graph: &Graph, at: usize, is_current: bool, branches: bool) -> String {
    let mut marks = String::new();
    if graph.children(at).is_empty() {
        marks.push_str(" (head)");
    }
    if is_current {
        marks.push_str(" (current)");
    }
    if branches {
        marks.push_str(&branch_marks(graph, at));
    }
    marks
}

fn branch_marks(graph: &Graph, at: usize) -> String {
    let mut marks = String::new();
    if graph.children(at).len() > 1 {
        marks.push_str(" (branchpoint)");
    }
    if graph.parents(at).len() > 1 {
        marks.push_str(" (mergepoint)");
    }
    marks
}

fn parents(graph: &Graph, at: usize) -> String {
    match graph.parents(at) {
        [] => "<base>".into(),
        parents => ids(graph, parents),
    }
}

fn ids(graph: &Graph, positions: &[usize]) -> String {
    positions.iter().map(|at| graph.at(*at).id.as_str()).collect::<Vec<_>>().join(", ")
}
