//! Revisions as lines of text: Alembic's `cmd_format` and `log_entry`; and as JSON.

use ambix_core::revision::Graph;
use serde_json::{Value, json};

/// What a line tells beside the id.
#[derive(Clone, Copy, Default)]
pub(crate) struct Shown {
    /// The parents, before the id.
    pub(crate) parents: bool,
    /// The labels of its branches.
    pub(crate) labels: bool,
    /// Whether branches begin or meet here.
    pub(crate) forks: bool,
    /// What it is about, after it.
    pub(crate) message: bool,
}

/// `<base> -> 1975ea83b712 (head), create account table`.
pub(crate) fn line(graph: &Graph, at: usize, is_current: bool, shown: Shown) -> String {
    let revision = graph.at(at);
    let mut line = String::new();
    if shown.parents {
        line.push_str(&parents(graph, at));
        if !revision.depends_on.is_empty() {
            line.push_str(&format!(" ({})", revision.depends_on.join(", ")));
        }
        line.push_str(" -> ");
    }
    line.push_str(revision.id.as_str());
    if shown.labels && !graph.labels(at).is_empty() {
        line.push_str(&format!(" ({})", graph.labels(at).join(", ")));
    }
    match (graph.children(at).is_empty(), graph.followers(at).is_empty()) {
        (true, true) => line.push_str(" (head)"),
        (true, false) => line.push_str(" (effective head)"),
        _ => {}
    }
    line.push_str(if is_current { " (current)" } else { "" });
    if shown.forks {
        line.push_str(&fork_marks(graph, at));
    }
    if shown.message {
        line.push_str(&format!(", {}", revision.message));
    }
    line
}

/// The long form: several lines, the last one empty.
pub(crate) fn entry(graph: &Graph, at: usize, is_current: bool, path: &str) -> Vec<String> {
    let revision = graph.at(at);
    let head = if graph.children(at).is_empty() { " (head)" } else { "" };
    let current = if is_current { " (current)" } else { "" };
    let mut lines = vec![format!("Rev: {}{head}{}{current}", revision.id, fork_marks(graph, at))];
    lines.push(match graph.parents(at).len() {
        0 | 1 => format!("Parent: {}", parents(graph, at)),
        _ => format!("Merges: {}", parents(graph, at)),
    });
    if !revision.depends_on.is_empty() {
        lines.push(format!("Also depends on: {}", revision.depends_on.join(", ")));
    }
    if graph.children(at).len() > 1 {
        lines.push(format!("Branches into: {}", ids(graph, graph.children(at)).join(", ")));
    }
    if !graph.labels(at).is_empty() {
        lines.push(format!("Branch names: {}", graph.labels(at).join(", ")));
    }
    if let Some(reason) = &revision.irreversible {
        lines.push(irreversible(reason));
    }
    lines.push(format!("Path: {path}"));
    lines.push(String::new());
    lines.extend(revision.docstring.lines().map(|line| format!("    {line}")));
    lines.push(String::new());
    lines
}

/// A revision as JSON; `--json` of every listing gives a list of these.
pub(crate) fn json(graph: &Graph, at: usize, is_current: Option<bool>, path: &str) -> Value {
    let revision = graph.at(at);
    let mut value = json!({
        "revision": revision.id.as_str(),
        "down_revision": ids(graph, graph.parents(at)),
        "depends_on": revision.depends_on,
        "branch_labels": graph.labels(at),
        "message": revision.message,
        "docstring": revision.docstring,
        "path": path,
        "head": graph.children(at).is_empty(),
        "effective_head": graph.children(at).is_empty() && !graph.followers(at).is_empty(),
        "branch_point": graph.children(at).len() > 1,
        "merge_point": graph.parents(at).len() > 1,
        "children": ids(graph, graph.children(at)),
    });
    value["irreversible"] = irreversible_json(revision.irreversible.as_deref());
    if let Some(is_current) = is_current {
        value["current"] = is_current.into();
    }
    value
}

/// `Irreversible: the reason`.
pub(crate) fn irreversible(reason: &str) -> String {
    match reason {
        "" => "Irreversible".into(),
        reason => format!("Irreversible: {}", reason.replace('\n', " ")),
    }
}

/// False; or the reason, or true where none is given.
pub(crate) fn irreversible_json(reason: Option<&str>) -> Value {
    match reason {
        None => false.into(),
        Some("") => true.into(),
        Some(reason) => reason.into(),
    }
}

fn fork_marks(graph: &Graph, at: usize) -> String {
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
        parents => ids(graph, parents).join(", "),
    }
}

fn ids<'a>(graph: &'a Graph, positions: &[usize]) -> Vec<&'a str> {
    positions.iter().map(|at| graph.at(*at).id.as_str()).collect()
}
