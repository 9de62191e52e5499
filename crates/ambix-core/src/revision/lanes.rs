//! The drawing of a graph: which lane each revision is in, and which lines cross each row.

use super::Graph;
use alloc::{vec, vec::Vec};

/// The drawing, newest revision first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lanes {
    /// One row a revision.
    pub rows: Vec<LaneRow>,
    /// How many lanes there are.
    pub width: usize,
}

/// One row of the drawing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LaneRow {
    /// The position of the revision in its graph.
    pub revision: usize,
    /// The lane that it is in, counted from 0.
    pub lane: usize,
    /// The lines from this row's bottom to the next row's: (lane above, lane below).
    pub edges: Vec<(usize, usize)>,
}

/// Draws the graph. A branch keeps its lane as long as it lasts; where several lines lead to the same
/// revision they meet in the row of that revision, in the leftmost of their lanes.
pub fn lanes(graph: &Graph) -> Lanes {
    let mut order = graph.in_order(&vec![true; graph.len()]);
    order.reverse();
    // What the line in each lane is on its way to.
    let mut open: Vec<Option<usize>> = Vec::new();
    let mut drawing = Lanes::default();
    for (row, at) in order.iter().enumerate() {
        let lane = lane_of(&open, *at).unwrap_or_else(|| free(&mut open, None));
        open.iter_mut().filter(|next| **next == Some(*at)).for_each(|next| *next = None);
        let mut lines: Vec<(usize, usize)> =
            (0..open.len()).filter(|at| open[*at].is_some()).map(|at| (at, at)).collect();
        for (nth, parent) in graph.parents(*at).iter().enumerate() {
            let below = match lane_of(&open, *parent) {
                Some(below) if nth > 0 => below,
                _ if nth == 0 => lane,
                _ => free(&mut open, Some(lane)),
            };
            open[below] = Some(*parent);
            lines.push((lane, below));
        }
        // A line whose revision is in the next row ends there.
        let next = order.get(row + 1);
        let meet = next.and_then(|next| lane_of(&open, *next));
        for (_, below) in &mut lines {
            match meet {
                Some(meet) if open[*below].as_ref() == next => *below = meet,
                _ => {}
            }
        }
        lines.sort_unstable();
        lines.dedup();
        drawing.width = drawing.width.max(open.len());
        drawing.rows.push(LaneRow { revision: *at, lane, edges: lines });
    }
    drawing
}

fn lane_of(open: &[Option<usize>], revision: usize) -> Option<usize> {
    open.iter().position(|next| *next == Some(revision))
}

/// The leftmost lane without a line that is not `taken`.
fn free(open: &mut Vec<Option<usize>>, taken: Option<usize>) -> usize {
    match (0..open.len()).find(|lane| open[*lane].is_none() && Some(*lane) != taken) {
        Some(lane) => lane,
        None => {
            open.push(None);
            open.len() - 1
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::revision::{Revision, RevisionId};
    use alloc::string::String;

    /// One line a row: the lane's place marked, then the lines below it.
    fn picture(text: &str) -> String {
        let revision = |line: &str| {
            let (id, down) = line.split_once(':').unwrap();
            Revision {
                id: RevisionId::stored(id.trim()),
                down: down.split_whitespace().map(RevisionId::stored).collect(),
                message: String::new(),
                docstring: String::new(),
                file: String::new(),
            }
        };
        let (graph, _) = Graph::build(text.lines().map(revision).collect());
        let mut picture = String::new();
        for row in lanes(&graph).rows {
            let edges: Vec<String> =
                row.edges.iter().map(|(a, b)| alloc::format!("{a}-{b}")).collect();
            let id = graph.at(row.revision).id.as_str();
            picture.push_str(&alloc::format!("{id} {} {}\n", row.lane, edges.join(" ")));
        }
        picture
    }

    #[test]
    fn a_line_stays_in_its_lane() {
        assert_eq!(picture("a:\nb: a\nc: b"), "c 0 0-0\nb 0 0-0\na 0 \n");
    }

    #[test]
    fn a_merge_opens_a_lane_and_the_branch_point_closes_it() {
        assert_eq!(
            picture("a:\nb: a\nc: a\nm: b c"),
            "m 0 0-0 0-1\nb 0 0-0 1-1\nc 1 0-0 1-0\na 0 \n"
        );
    }

    #[test]
    fn two_heads_have_a_lane_each() {
        assert_eq!(picture("a:\nb: a\nc: a"), "b 0 0-0\nc 1 0-0 1-0\na 0 \n");
    }

    #[test]
    fn bases_of_their_own_do_not_touch() {
        assert_eq!(picture("a:\nb: a\nx:"), "b 0 0-0\na 0 \nx 0 \n");
    }
}
