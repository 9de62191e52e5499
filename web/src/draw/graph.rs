use ambix_core::revision::{EdgeKind, Graph, Lanes};

/// The height of a row.
pub(crate) const ROW: f64 = 48.0;
/// The width of a lane.
const LANE: f64 = 22.0;
/// How many colours lanes have; then they begin again.
const COLOURS: usize = 6;

/// The history as a picture: its nodes, the lines between them, and the base at the bottom.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Picture {
    pub(crate) width: f64,
    pub(crate) height: f64,
    /// One a row, from the top.
    pub(crate) nodes: Vec<Node>,
    pub(crate) edges: Vec<Edge>,
    /// The middle of the square that stands for the base.
    pub(crate) base: (f64, f64),
}

/// A revision in the picture.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Node {
    /// Its position in the graph.
    pub(crate) revision: usize,
    pub(crate) x: f64,
    pub(crate) y: f64,
    pub(crate) colour: usize,
}

/// A piece of a line, from one row to the next.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Edge {
    /// An SVG path.
    pub(crate) path: String,
    pub(crate) colour: usize,
    /// The row that it leaves at its bottom.
    pub(crate) row: usize,
    /// The revision that the line comes from, further up. Of several it is an applied one, if there is one.
    pub(crate) child: usize,
    /// Whether it leads to a revision that is only depended on.
    pub(crate) is_dependency: bool,
}

fn x(lane: usize) -> f64 {
    LANE / 2.0 + lane as f64 * LANE
}

fn y(row: usize) -> f64 {
    ROW / 2.0 + row as f64 * ROW
}

/// Places everything. Below the last row is one more, for the base, where the first revisions begin.
pub(crate) fn picture(graph: &Graph, lanes: &Lanes, is_applied: impl Fn(usize) -> bool) -> Picture {
    let rows = lanes.rows.len();
    let mut edges = Vec::new();
    // Which revision the line in each lane comes from, and which first revisions still lead to the base.
    let mut source: Vec<Option<usize>> = vec![None; lanes.width.max(1)];
    let mut to_base: Vec<(usize, usize)> = Vec::new();
    for (at, row) in lanes.rows.iter().enumerate() {
        let mut below: Vec<Option<usize>> = vec![None; source.len()];
        for edge in &row.edges {
            let child = if edge.from == row.lane {
                Some(row.revision)
            } else {
                source.get(edge.from).copied().flatten()
            };
            let child = child.unwrap_or(row.revision);
            if let Some(slot) = below.get_mut(edge.to)
                && !slot.is_some_and(&is_applied)
            {
                *slot = Some(child);
            }
            edges.push(Edge {
                path: line(edge.from, at, edge.to, at + 1),
                colour: edge.from.max(edge.to) % COLOURS,
                row: at,
                child,
                is_dependency: edge.kind == EdgeKind::Dependency,
            });
        }
        if graph.parents(row.revision).is_empty() {
            to_base.push((at, row.lane));
        }
        source = below;
    }
    for (at, lane) in to_base {
        let child = lanes.rows[at].revision;
        let path = line(lane, at, 0, rows);
        edges.push(Edge { path, colour: lane % COLOURS, row: at, child, is_dependency: false });
    }
    let nodes = lanes.rows.iter().enumerate().map(|(at, row)| Node {
        revision: row.revision,
        x: x(row.lane),
        y: y(at),
        colour: row.lane % COLOURS,
    });
    Picture {
        width: lanes.width.max(1) as f64 * LANE,
        height: (rows + 1) as f64 * ROW,
        nodes: nodes.collect(),
        edges,
        base: (x(0), y(rows)),
    }
}

/// A straight line within a lane, a soft bend from one lane to another. A line to a lower row than
/// the next one stays in its lane first.
fn line(from: usize, row: usize, to: usize, below: usize) -> String {
    let (x1, y1, x2, y2) = (x(from), y(row), x(to), y(below));
    if from == to {
        return format!("M{x1} {y1}V{y2}");
    }
    let bend = y2 - ROW;
    let middle = y2 - ROW / 2.0;
    format!("M{x1} {y1}V{bend}C{x1} {middle} {x2} {middle} {x2} {y2}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use ambix_core::revision::{Revision, RevisionId, lanes};

    fn graph(revisions: &[(&str, &[&str])]) -> Graph {
        let revision = |(id, down): &(&str, &[&str])| Revision {
            id: RevisionId::stored(*id),
            down: down.iter().map(|id| RevisionId::stored(*id)).collect(),
            message: String::new(),
            docstring: String::new(),
            labels: Vec::new(),
            depends_on: Vec::new(),
            file: String::new(),
            ..Revision::default()
        };
        Graph::build(revisions.iter().map(revision).collect()).0
    }

    #[test]
    fn a_straight_history_is_one_lane_down_to_the_base() {
        let graph = graph(&[("a", &[]), ("b", &["a"])]);
        let picture = picture(&graph, &lanes(&graph), |_| false);
        assert_eq!(picture.nodes.iter().map(|node| node.x).collect::<Vec<_>>(), [11.0, 11.0]);
        let paths: Vec<&str> = picture.edges.iter().map(|edge| edge.path.as_str()).collect();
        assert_eq!(paths, ["M11 24V72", "M11 72V120"]);
        assert_eq!(picture.base, (11.0, 120.0));
    }

    #[test]
    fn an_empty_history_is_only_the_base() {
        let graph = Graph::default();
        let picture = picture(&graph, &lanes(&graph), |_| false);
        assert!(picture.nodes.is_empty() && picture.edges.is_empty());
        assert_eq!(picture.height, ROW);
    }

    #[test]
    fn the_lines_of_a_fork_know_where_they_come_from() {
        let graph = graph(&[("a", &[]), ("b", &["a"]), ("c", &["a"])]);
        let picture = picture(&graph, &lanes(&graph), |_| false);
        let children: Vec<&str> =
            picture.edges.iter().map(|edge| graph.at(edge.child).id.as_str()).collect();
        assert!(children.contains(&"b") && children.contains(&"c"));
        assert_eq!(picture.width, 44.0);
    }

    #[test]
    fn a_line_that_is_joined_is_applied_if_one_of_its_revisions_is() {
        let graph = graph(&[("a", &[]), ("b", &["a"]), ("c", &["a"]), ("d", &["a"])]);
        for applied in 1..4 {
            let picture = picture(&graph, &lanes(&graph), |at| at == applied);
            let last = picture.edges.iter().filter(|edge| edge.row == 2 && edge.child == applied);
            assert_eq!(last.count(), 1, "{applied}");
        }
    }
}
