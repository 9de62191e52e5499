//! The layout of the drawing of a graph: which lane each revision is in, and which lines lead from row to
//! row. The picture of the page and the text of `history --graph` are drawn from it.
//!
//! A line in a lane is on its way to one revision, and no revision has more than one line on its way to it:
//! what follows the same revision joins its line at once. So lanes are few, and a line that is joined says
//! where it leads by itself.

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
    /// The lines from this row to the next one, by their lanes above and then below. From another lane than
    /// [`LaneRow::lane`] a line goes straight down, or into that lane.
    pub edges: Vec<LaneEdge>,
}

/// A piece of a line, from one row to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LaneEdge {
    /// The lane where it begins.
    pub from: usize,
    /// The lane where it ends.
    pub to: usize,
    /// What it stands for.
    pub kind: EdgeKind,
}

/// What a line stands for. Where both run in one lane it is a line to a parent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum EdgeKind {
    /// It leads to a revision that the upper one follows.
    Parent,
    /// It leads to a revision that the upper one only depends on.
    Dependency,
}

/// A line on its way down.
#[derive(Clone, Copy)]
struct Line {
    /// The revision that it leads to.
    to: usize,
    kind: EdgeKind,
}

/// The layout while it grows, row by row.
struct Layout {
    /// The line in each lane.
    lines: Vec<Option<Line>>,
    /// The lane of the line to each revision.
    lane_to: Vec<Option<usize>>,
}

/// Lays the graph out, in time proportional to the number of pieces of lines.
///
/// The rules, in this order: a line goes straight down to its end; the first parent is below its child; two
/// lines meet in the left one's lane; a new line takes the nearest free lane.
pub fn lanes(graph: &Graph) -> Lanes {
    let mut order = graph.in_order(&vec![true; graph.len()]);
    order.reverse();
    let below = lower_ends(graph, &order);
    let mut layout = Layout { lines: Vec::new(), lane_to: vec![None; graph.len()] };
    let mut drawing = Lanes::default();
    for at in order {
        let row = layout.row(at, &below[at]);
        drawing.rows.push(row);
    }
    drawing.width = layout.lines.len();
    drawing
}

/// For each revision the lines that go down from it. Where the order has a revision below one that depends
/// on it, as it should, that is its parents and dependencies; otherwise the line goes the other way.
fn lower_ends(graph: &Graph, order: &[usize]) -> Vec<Vec<Line>> {
    let mut row = vec![0; graph.len()];
    for (at, revision) in order.iter().enumerate() {
        row[*revision] = at;
    }
    let mut below: Vec<Vec<Line>> = vec![Vec::new(); graph.len()];
    for at in 0..graph.len() {
        let parents = graph.parents(at).iter().map(|to| (*to, EdgeKind::Parent));
        let dependencies = graph.dependencies(at).iter().map(|to| (*to, EdgeKind::Dependency));
        for (other, kind) in parents.chain(dependencies).filter(|(other, _)| *other != at) {
            let (from, to) = if row[at] < row[other] { (at, other) } else { (other, at) };
            match below[from].iter_mut().find(|line| line.to == to) {
                Some(line) => line.kind = line.kind.min(kind),
                None => below[from].push(Line { to, kind }),
            }
        }
    }
    below
}

impl Layout {
    /// The row of the revision `at`, from which the lines `below` go down.
    fn row(&mut self, at: usize, below: &[Line]) -> LaneRow {
        let lane = self.lane_to[at].take().unwrap_or_else(|| self.free_lane(None));
        // What goes straight past this row.
        self.lines[lane] = None;
        let mut edges: Vec<LaneEdge> = Vec::with_capacity(self.lines.len() + 1);
        for (past, line) in self.lines.iter().enumerate() {
            if let Some(line) = line {
                edges.push(LaneEdge { from: past, to: past, kind: line.kind });
            }
        }
        let (joining, new): (Vec<Line>, Vec<Line>) =
            below.iter().partition(|line| self.lane_to[line.to].is_some());
        let mut new = new.into_iter();
        // A line that nobody leads yet goes straight down; or else one from the right comes over.
        let mut pulled = None;
        if let Some(line) = new.next() {
            self.open(lane, line);
            edges.push(LaneEdge { from: lane, to: lane, kind: line.kind });
        } else {
            let is_right = |line: &&Line| self.lane_to[line.to].is_some_and(|other| other > lane);
            if let Some(line) = joining.iter().find(is_right).copied()
                && let Some(from) = self.lane_to[line.to]
            {
                pulled = Some(line.to);
                let moved = self.lines[from].map_or(line.kind, |line| line.kind);
                for edge in edges.iter_mut().filter(|edge| edge.from == from) {
                    edge.to = lane;
                }
                edges.push(LaneEdge { from: lane, to: lane, kind: line.kind });
                self.lines[from] = None;
                self.open(lane, Line { to: line.to, kind: moved.min(line.kind) });
                // That lane is free from the next row on.
                self.lines[from] = Some(Line { to: at, kind: line.kind });
            }
        }
        for line in joining.iter().filter(|line| Some(line.to) != pulled) {
            if let Some(to) = self.lane_to[line.to] {
                edges.push(LaneEdge { from: lane, to, kind: line.kind });
                if let Some(joined) = &mut self.lines[to] {
                    joined.kind = joined.kind.min(line.kind);
                }
            }
        }
        for line in new {
            let to = self.free_lane(Some(lane));
            edges.push(LaneEdge { from: lane, to, kind: line.kind });
            self.open(to, line);
        }
        for line in self.lines.iter_mut().filter(|line| line.is_some_and(|line| line.to == at)) {
            *line = None;
        }
        crate::sort::sort(&mut edges);
        LaneRow { revision: at, lane, edges }
    }

    fn open(&mut self, lane: usize, line: Line) {
        self.lines[lane] = Some(line);
        self.lane_to[line.to] = Some(lane);
    }

    /// A lane without a line: the nearest one to the lane `near`, the right one of two; without `near` the
    /// leftmost. Since all lanes up to the nearest are taken, another one would have more crossings.
    fn free_lane(&mut self, near: Option<usize>) -> usize {
        let is_free = |lane: &usize| self.lines[*lane].is_none();
        let right = (near.map_or(0, |near| near + 1)..self.lines.len()).find(is_free);
        let left = near.and_then(|near| (0..near).rev().find(is_free));
        let right = right.unwrap_or(self.lines.len());
        let lane = match (near, left) {
            (Some(near), Some(left)) if near - left < right - near => left,
            _ => right,
        };
        if lane == self.lines.len() {
            self.lines.push(None);
        }
        lane
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::revision::{Revision, RevisionId};
    use alloc::{format, string::String};
    use std::time::{Duration, Instant};

    /// `b: a` is revision b after a; `m: b c` a merge; `x: | a` depends on a.
    fn graph(text: &str) -> Graph {
        let revision = |line: &str| {
            let (id, rest) = line.split_once(':').unwrap();
            let (down, depends_on) = rest.split_once('|').unwrap_or((rest, ""));
            Revision {
                id: RevisionId::stored(id.trim()),
                down: down.split_whitespace().map(RevisionId::stored).collect(),
                message: String::new(),
                docstring: String::new(),
                labels: Vec::new(),
                depends_on: depends_on.split_whitespace().map(String::from).collect(),
                file: String::new(),
                ..Revision::default()
            }
        };
        Graph::build(text.lines().map(revision).collect()).0
    }

    /// One line a row: the lane's place, then the lines below it; `:` for those to dependencies.
    fn picture(text: &str) -> String {
        let graph = graph(text);
        let mut picture = String::new();
        for row in lanes(&graph).rows {
            let kind = |kind| if kind == EdgeKind::Parent { '-' } else { ':' };
            let edges: Vec<String> =
                row.edges.iter().map(|e| format!("{}{}{}", e.from, kind(e.kind), e.to)).collect();
            let id = graph.at(row.revision).id.as_str();
            picture.push_str(&format!("{id} {} {}\n", row.lane, edges.join(" ")));
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
    fn heads_of_the_same_revision_take_turns_in_one_lane() {
        assert_eq!(picture("a:\nb: a\nc: a\nd: a"), "b 0 0-0\nc 1 0-0 1-0\nd 1 0-0 1-0\na 0 \n");
    }

    #[test]
    fn bases_of_their_own_do_not_touch() {
        assert_eq!(picture("a:\nb: a\nx:"), "b 0 0-0\na 0 \nx 0 \n");
    }

    #[test]
    fn where_lines_meet_the_right_one_comes_over() {
        assert_eq!(picture("x:\ny: x\nb: | x\nz: y"), "b 0 0:0\nz 1 0:0 1-1\ny 1 0:0 1-0\nx 0 \n");
        assert_eq!(picture("a:\nb: a\nc: b | a"), "c 0 0-0 0:1\nb 0 0-0 1:0\na 0 \n");
    }

    fn laid_out_in_time(text: &str, width: usize) {
        let graph = graph(text);
        let order = Instant::now();
        graph.in_order(&vec![true; graph.len()]);
        let order = order.elapsed();
        let all = Instant::now();
        let lanes = lanes(&graph);
        let all = all.elapsed();
        assert_eq!(lanes.width, width);
        assert!(all < order * 3 + Duration::from_secs(2), "{all:?}, of which the order {order:?}");
    }

    #[test]
    fn many_revisions_are_laid_out_in_no_time() {
        let line = (1..10_000).map(|at| format!("{at}: {}\n", at - 1));
        laid_out_in_time(&format!("0:\n{}", line.collect::<String>()), 1);
        let heads = (1..2_000).map(|at| format!("{at}: 0\n"));
        laid_out_in_time(&format!("0:\n{}", heads.collect::<String>()), 2);
        let merges = (0..1_250).map(|at| {
            let (a, b, c, m) = (4 * at + 1, 4 * at + 2, 4 * at + 3, 4 * at + 4);
            format!("{a}: {0}\n{b}: {0}\n{c}: {a}\n{m}: {b} {c}\n", 4 * at)
        });
        laid_out_in_time(&format!("0:\n{}", merges.collect::<String>()), 2);
    }
}
