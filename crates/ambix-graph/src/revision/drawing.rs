//! The drawing of a graph as text, for `history --graph`.
//!
//! A line of text a revision, newest first, and between two of them as many lines as have bends. A line that
//! meets another one ends there; `┼` is always a crossing. A revision right above another one follows it:
//! where it does not, a line of text without a piece of line, or with a dotted one, is between them. So the
//! drawing can be read in one way only.

use super::lanes::{EdgeKind, LaneEdge, LaneRow, Lanes};
use alloc::{string::String, vec, vec::Vec};

/// How a revision is marked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// `○`: nothing is known of it, or it is not applied.
    Plain,
    /// `●`: it is applied.
    Applied,
    /// `◉`: the database is there.
    Current,
}

/// Which characters are used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Lines of box-drawing characters; lines to dependencies are dotted.
    Unicode,
    /// `|`, `/`, `\`, `-` and `_`; `:` and `.` for dependencies. Revisions are `*`, applied ones `#` and the
    /// current ones `@`.
    Ascii,
}

/// Labels stand in one column, unless a row has more lanes than this.
const ALIGNED: usize = 8;

/// Draws `lanes`. What stands beside a revision is its `label`, of one line or several, and what stands for
/// it is its `mark`; both are asked with the position of the revision in its graph.
pub fn drawing(
    lanes: &Lanes,
    style: Style,
    mark: impl Fn(usize) -> Mark,
    label: impl Fn(usize) -> String,
) -> Vec<String> {
    let last_lane = |row: &LaneRow| Strands::beside(row).last().max(row.lane);
    let widest = lanes.rows.iter().map(last_lane).max().unwrap_or(0).min(ALIGNED - 1);
    let mut lines = Vec::new();
    for (at, row) in lanes.rows.iter().enumerate() {
        let mut strands = Strands::beside(row);
        let mut block = vec![node(&strands, row.lane, style, mark(row.revision))];
        strands.start(row);
        for bend in bends(row) {
            block.push(bend.draw(&strands, style));
            bend.apply(&mut strands);
        }
        if needs_space(row, lanes.rows.get(at + 1), block.len()) {
            block.push(strands.draw(style));
        }
        let label = label(row.revision);
        let mut beside = label.lines();
        for drawn in &block {
            lines.push(with_label(drawn, beside.next().unwrap_or_default(), widest));
        }
        lines.extend(beside.map(|more| with_label(&strands.draw(style), more, widest)));
    }
    lines
}

/// Whether the revision below would seem to be followed: where no line leads there, and where it is only
/// depended on, which a dotted piece has to show. `lines` is how many the row has so far.
fn needs_space(row: &LaneRow, next: Option<&LaneRow>, lines: usize) -> bool {
    let mut down = row.edges.iter().filter(|edge| edge.to == row.lane);
    next.is_some_and(|next| next.lane == row.lane)
        && match down.next() {
            None => lines == 1,
            Some(first) => {
                let is_dependency = |edge: &LaneEdge| edge.kind == EdgeKind::Dependency;
                is_dependency(first) && down.all(is_dependency)
            }
        }
}

fn with_label(drawn: &str, label: &str, widest: usize) -> String {
    let width = 2 * widest + 1;
    let line = alloc::format!("{:<width$}  {label}", drawn.trim_end());
    String::from(line.trim_end())
}

/// The line of the revision itself.
fn node(strands: &Strands, lane: usize, style: Style, mark: Mark) -> String {
    let mut glyphs = strands.glyphs(style, lane + 1);
    glyphs[2 * lane] = match (style, mark) {
        (Style::Unicode, Mark::Plain) => '○',
        (Style::Unicode, Mark::Applied) => '●',
        (Style::Unicode, Mark::Current) => '◉',
        (Style::Ascii, Mark::Plain) => '*',
        (Style::Ascii, Mark::Applied) => '#',
        (Style::Ascii, Mark::Current) => '@',
    };
    glyphs.into_iter().collect()
}

/// Which lanes have a line at one height, and of which kind.
struct Strands(Vec<Option<EdgeKind>>);

impl Strands {
    /// The lines that pass by the revision of `row`.
    fn beside(row: &LaneRow) -> Self {
        let mut strands = Self(Vec::new());
        for edge in row.edges.iter().filter(|edge| edge.from != row.lane) {
            strands.put(edge.from, Some(edge.kind));
        }
        strands
    }

    /// The line that begins at the revision of `row`.
    fn start(&mut self, row: &LaneRow) {
        let own = row.edges.iter().filter(|edge| edge.from == row.lane);
        self.put(row.lane, own.min_by_key(|edge| edge.to != row.lane).map(|edge| edge.kind));
    }

    fn put(&mut self, lane: usize, kind: Option<EdgeKind>) {
        if self.0.len() <= lane {
            self.0.resize(lane + 1, None);
        }
        self.0[lane] = kind;
    }

    fn at(&self, lane: usize) -> Option<EdgeKind> {
        self.0.get(lane).copied().flatten()
    }

    fn last(&self) -> usize {
        self.0.iter().rposition(Option::is_some).unwrap_or(0)
    }

    /// One character a lane and one between two of them, for at least `lanes` lanes.
    fn glyphs(&self, style: Style, lanes: usize) -> Vec<char> {
        let mut glyphs = vec![' '; 2 * self.0.len().max(lanes)];
        for (lane, kind) in self.0.iter().enumerate() {
            glyphs[2 * lane] = match (style, kind) {
                (_, None) => ' ',
                (Style::Unicode, Some(EdgeKind::Parent)) => '│',
                (Style::Unicode, Some(EdgeKind::Dependency)) => '╎',
                (Style::Ascii, Some(EdgeKind::Parent)) => '|',
                (Style::Ascii, Some(EdgeKind::Dependency)) => ':',
            };
        }
        glyphs
    }

    fn draw(&self, style: Style) -> String {
        self.glyphs(style, 0).into_iter().collect()
    }
}

/// A line of text with a horizontal stroke.
struct Bend {
    /// The revision's lane.
    lane: usize,
    /// Whether there is a line in the revision's lane below.
    goes_on: bool,
    kind: EdgeKind,
    to: Target,
}

/// Where the stroke leads.
enum Target {
    /// To lanes on one side where lines begin; the farthest is the last.
    New(Vec<usize>),
    /// To a line that is there already.
    Joined(usize),
    /// To a line that is there already and comes over.
    Pulled(usize),
}

/// The bends below the revision of `row`, from the top: new lines, lines that join others, the line that
/// comes over.
fn bends(row: &LaneRow) -> Vec<Bend> {
    let lane = row.lane;
    let mut is_there = vec![false; row.edges.iter().map(|edge| edge.to + 1).max().unwrap_or(0)];
    let mut pulled = None;
    for edge in row.edges.iter().filter(|edge| edge.from != lane) {
        if edge.from == edge.to {
            is_there[edge.to] = true;
        } else {
            pulled = Some(edge);
        }
    }
    let own = || row.edges.iter().filter(|edge| edge.from == lane);
    let straight = own().find(|edge| edge.to == lane);
    let mut bends = Vec::new();
    let mut push = |kind, to| bends.push(Bend { lane, goes_on: true, kind, to });
    for kind in [EdgeKind::Parent, EdgeKind::Dependency] {
        let new = |edge: &&_| is_new(edge, kind, &is_there);
        let right: Vec<usize> =
            own().filter(new).map(|edge| edge.to).filter(|to| *to > lane).collect();
        let left: Vec<usize> =
            own().filter(new).map(|edge| edge.to).filter(|to| *to < lane).rev().collect();
        for side in [right, left].into_iter().filter(|side| !side.is_empty()) {
            push(kind, Target::New(side));
        }
    }
    let joined = || own().filter(|edge| edge.to != lane && is_there[edge.to]);
    joined().filter(|edge| edge.to > lane).for_each(|e| push(e.kind, Target::Joined(e.to)));
    joined().filter(|edge| edge.to < lane).rev().for_each(|e| push(e.kind, Target::Joined(e.to)));
    if let Some(edge) = pulled {
        push(edge.kind, Target::Pulled(edge.from));
    }
    if let (None, Some(last)) = (straight, bends.last_mut()) {
        last.goes_on = false;
    }
    bends
}

fn is_new(edge: &LaneEdge, kind: EdgeKind, is_there: &[bool]) -> bool {
    edge.to != edge.from && edge.kind == kind && !is_there[edge.to]
}

impl Bend {
    /// The farthest lane that the stroke leads to.
    fn end(&self) -> usize {
        match &self.to {
            Target::New(lanes) => lanes.last().copied().unwrap_or(self.lane),
            Target::Joined(lane) | Target::Pulled(lane) => *lane,
        }
    }

    fn is_new(&self, lane: usize) -> bool {
        matches!(&self.to, Target::New(lanes) if lanes.contains(&lane))
    }

    /// What the lines are below the stroke.
    fn apply(&self, strands: &mut Strands) {
        match &self.to {
            Target::New(lanes) => lanes.iter().for_each(|lane| strands.put(*lane, Some(self.kind))),
            Target::Joined(lane) => {
                let kind = strands.at(*lane).map_or(self.kind, |kind| kind.min(self.kind));
                strands.put(*lane, Some(kind));
            }
            Target::Pulled(lane) => {
                let kind = strands.at(*lane).map_or(self.kind, |kind| kind.min(self.kind));
                strands.put(self.lane, Some(kind));
                strands.put(*lane, None);
            }
        }
        if !self.goes_on {
            strands.put(self.lane, None);
        }
    }

    /// The line of text, where `strands` are the lines above the stroke.
    fn draw(&self, strands: &Strands, style: Style) -> String {
        let (low, high) = (self.lane.min(self.end()), self.lane.max(self.end()));
        let mut glyphs = strands.glyphs(style, high + 1);
        for lane in low..=high {
            glyphs[2 * lane] = match style {
                Style::Unicode => self.corner(lane, strands),
                Style::Ascii => self.ascii_corner(lane, strands),
            };
            if lane < high {
                glyphs[2 * lane + 1] = match style {
                    Style::Unicode => self.stroke(),
                    Style::Ascii => self.ascii_gap(lane),
                };
            }
        }
        glyphs.into_iter().collect()
    }

    fn stroke(&self) -> char {
        match self.kind {
            EdgeKind::Parent => '─',
            EdgeKind::Dependency => '╌',
        }
    }

    fn corner(&self, lane: usize, strands: &Strands) -> char {
        let to_right = self.end() > self.lane;
        if lane == self.lane {
            return match (to_right, self.goes_on) {
                (true, true) => '├',
                (true, false) => '╰',
                (false, true) => '┤',
                (false, false) => '╯',
            };
        }
        let is_end = lane == self.end();
        match (&self.to, is_end) {
            (Target::New(_), true) if to_right => '╮',
            (Target::New(_), true) => '╭',
            (Target::Joined(_), true) if to_right => '┤',
            (Target::Joined(_), true) => '├',
            (Target::Pulled(_), true) => '╯',
            (_, false) if self.is_new(lane) => '┬',
            (_, false) if strands.at(lane).is_some() => '┼',
            (_, false) => self.stroke(),
        }
    }

    /// Whether the stroke is seen to go up to the right: from a line that ends or goes on below on the left.
    fn rises(&self) -> bool {
        matches!(self.to, Target::Pulled(_)) || self.end() < self.lane
    }

    fn ascii_level(&self) -> char {
        match (self.kind, self.rises()) {
            (EdgeKind::Dependency, _) => '.',
            (EdgeKind::Parent, true) => '_',
            (EdgeKind::Parent, false) => '-',
        }
    }

    fn ascii_corner(&self, lane: usize, strands: &Strands) -> char {
        let upright = |kind| if kind == EdgeKind::Dependency { ':' } else { '|' };
        let is_end = lane == self.end();
        match (&self.to, strands.at(lane)) {
            (_, Some(kind)) if lane == self.lane && self.goes_on => upright(kind),
            _ if lane == self.lane => ' ',
            (Target::Joined(_), Some(kind)) if is_end => upright(kind),
            _ if is_end => ' ',
            (_, Some(kind)) => upright(kind),
            (_, None) => self.ascii_level(),
        }
    }

    /// What stands to the right of `lane`.
    fn ascii_gap(&self, lane: usize) -> char {
        let right = self.lane.max(self.end());
        match self.rises() {
            true if lane + 1 == right => '/',
            false if lane + 1 == right || self.is_new(lane + 1) => '\\',
            _ => self.ascii_level(),
        }
    }
}

#[cfg(test)]
mod tests;
