//! The drawing by examples.

mod pictures;
mod reading;

use super::*;
use crate::revision::{Graph, Revision, RevisionId, lanes};
use std::string::ToString;

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
    let lines = text.split([',', '\n']).map(str::trim).filter(|line| !line.is_empty());
    Graph::build(lines.map(revision).collect()).0
}

fn draw(text: &str, style: Style) -> String {
    let graph = graph(text);
    let id = |at: usize| graph.at(at).id.to_string();
    drawing(&lanes(&graph), style, |_| Mark::Plain, id).join("\n")
}

/// The expected picture begins below its opening quote and is indented by four blanks.
#[track_caller]
fn picture(text: &str, expected: &str) {
    check(text, Style::Unicode, expected);
}

#[track_caller]
fn check(text: &str, style: Style, expected: &str) {
    let drawn = draw(text, style);
    let lines: Vec<&str> =
        expected.lines().skip(1).map(|line| line.get(4..).unwrap_or("")).collect();
    let expected = lines.join("\n");
    assert!(drawn == expected.trim_end(), "{text}\n{drawn}");
}

#[test]
fn no_revisions_are_no_lines() {
    assert!(
        drawing(&lanes(&graph("")), Style::Unicode, |_| Mark::Plain, |_| "?".into()).is_empty()
    );
}

#[test]
fn the_same_without_box_drawing_characters() {
    let text = "a:, b: a, c: b, d: c, e: b, f: e, g: a, h: g, i: d f, j: i h, k: j, l: c | h";
    check(
        text,
        Style::Ascii,
        "
    *        k
    *        j
    |\\
    * |      i
    |-|\\
    * | |    d
    | | | *  l
    | |.|/|
    |_|_|/
    * | |    c
    | | *    f
    | | *    e
    |_|/
    | *      h
    | *      g
    * |      b
    |/
    *        a
",
    );
    check(
        "a: | b, c: a, b:",
        Style::Ascii,
        "
    *  c
    *  a
    :
    *  b
",
    );
}

#[test]
fn marks_and_labels_of_several_lines() {
    let graph = graph("a:, b: a, c: a, m: b c");
    let marks = [Mark::Applied, Mark::Current, Mark::Plain, Mark::Plain];
    let label = |at: usize| {
        let id = graph.at(at).id.as_str();
        if id == "c" { id.into() } else { std::format!("{id} (label)\n  more of it\n  and more") }
    };
    let draw = |style| drawing(&lanes(&graph), style, |at| marks[at], label);
    assert_eq!(
        draw(Style::Unicode),
        [
            "○    m (label)",
            "├─╮    more of it",
            "│ │    and more",
            "◉ │  b (label)",
            "│ │    more of it",
            "│ │    and more",
            "│ ○  c",
            "├─╯",
            "●    a (label)",
            "       more of it",
            "       and more",
        ]
    );
    assert_eq!(draw(Style::Ascii)[8], "#    a (label)");
}

#[test]
fn the_label_of_a_very_wide_row_stands_where_there_is_room() {
    let merge = "a:, b:, c:, d:, e:, f:, g:, h:, i:, j:, m: a b c d e f g h i j";
    let drawn = draw(merge, Style::Unicode);
    let lines: Vec<&str> = drawn.lines().collect();
    assert_eq!(lines[0], "○                m");
    assert_eq!(lines[2], "○ │ │ │ │ │ │ │ │ │  a");
}
