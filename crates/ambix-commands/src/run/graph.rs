//! `history --graph`: the drawing.

use super::Done;
use super::desk::Desk;
use crate::listing::{self, Shown};
use ambix_core::revision::{Graph, LaneRow, Lanes, Mark, Style, drawing, lanes};

/// Draws the graph, or the part of it that is `shown`. `rows` are those of the version table, if the
/// database was asked.
pub(super) async fn draw(
    desk: &Desk,
    graph: &Graph,
    shown: &[usize],
    rows: Option<&[usize]>,
    verbose: bool,
) -> Done {
    let applied = graph.ancestry(rows.unwrap_or_default());
    let mark = |at: usize| match rows {
        Some(rows) if rows.contains(&at) => Mark::Current,
        _ if applied[at] => Mark::Applied,
        _ => Mark::Plain,
    };
    let label = |at: usize| {
        let shown = Shown { labels: true, message: true, ..Shown::default() };
        let line = listing::line(graph, at, mark(at) == Mark::Current, shown);
        match verbose {
            true => format!("{line}\n{}", more(graph, at)),
            false => line,
        }
    };
    for line in drawing(&part(lanes(graph), shown), Style::Unicode, mark, label) {
        desk.line(line.trim_end()).await;
    }
    Ok(())
}

/// What the docstring says after its first paragraph, and the file.
fn more(graph: &Graph, at: usize) -> String {
    let revision = graph.at(at);
    let rest = revision.docstring.split_once("\n\n").map_or("", |(_, rest)| rest).trim();
    let lines: Vec<&str> = rest.lines().chain([revision.file.as_str()]).collect();
    lines.join("\n")
}

/// The rows of the revisions that are shown.
fn part(lanes: Lanes, shown: &[usize]) -> Lanes {
    if lanes.rows.len() == shown.len() {
        return lanes;
    }
    let is_shown = |row: &LaneRow| shown.contains(&row.revision);
    Lanes { rows: lanes.rows.into_iter().filter(is_shown).collect(), width: lanes.width }
}
