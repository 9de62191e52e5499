//! Pictures of any graph, read back.

use super::*;
use alloc::collections::{BTreeMap, BTreeSet};
use proptest::prelude::*;

/// What the picture says, read from the top by the rules at the head of the module: pairs of a revision and
/// one that it follows or depends on.
fn read(drawn: &str) -> BTreeSet<(String, String)> {
    let mut said = BTreeSet::new();
    // Whose lines are in each lane, and the revision of the last row with one, with its lane.
    let mut lanes: BTreeMap<usize, BTreeSet<String>> = BTreeMap::new();
    let mut last: Option<(String, usize)> = None;
    for line in drawn.lines() {
        let glyphs: Vec<char> = line.chars().collect();
        let glyph = |lane: usize| glyphs.get(2 * lane).copied().unwrap_or(' ');
        if let Some(at) = glyphs.iter().position(|glyph| *glyph == '○') {
            let id = line.rsplit(' ').next().unwrap().to_string();
            for child in lanes.remove(&(at / 2)).unwrap_or_default() {
                said.insert((child, id.clone()));
            }
            lanes.retain(|lane, _| "│╎".contains(glyph(*lane)));
            lanes.insert(at / 2, BTreeSet::from([id.clone()]));
            last = Some((id, at / 2));
            continue;
        }
        let (id, lane) = last.clone().unwrap();
        let (to_right, ends) = match glyph(lane) {
            '├' => (true, false),
            '┤' => (false, false),
            '╯' => (false, true),
            _ => {
                lanes.retain(|lane, _| "│╎".contains(glyph(*lane)));
                continue;
            }
        };
        let mut at = lane;
        loop {
            at = if to_right { at + 1 } else { at - 1 };
            match glyph(at) {
                '╮' | '╭' | '┬' => drop(lanes.insert(at, BTreeSet::from([id.clone()]))),
                '├' | '┤' => drop(lanes.get_mut(&at).unwrap().insert(id.clone())),
                '╯' => {
                    let others = lanes.remove(&at).unwrap();
                    lanes.get_mut(&lane).unwrap().extend(others);
                }
                '┼' => assert!(lanes.contains_key(&at), "crosses nothing:\n{drawn}"),
                '─' | '╌' => assert!(!lanes.contains_key(&at), "hides a line:\n{drawn}"),
                other => panic!("{other} in a stroke:\n{drawn}"),
            }
            if "╮╭├┤╯".contains(glyph(at)) {
                break;
            }
        }
        if ends {
            lanes.remove(&lane);
        }
    }
    said
}

proptest! {
    #[test]
    fn the_picture_says_what_the_graph_says(
        links in prop::collection::vec(prop::collection::vec((0..30usize, 0..4), 0..4), 0..30),
        backwards in any::<bool>(),
    ) {
        let mut said = BTreeSet::new();
        let mut lines = Vec::new();
        for (at, links) in links.iter().enumerate() {
            let (mut down, mut depends_on) = (String::new(), String::new());
            for (to, kind) in links.iter().filter(|(to, _)| *to < at) {
                let list = if *kind == 0 { &mut depends_on } else { &mut down };
                *list += &std::format!(" {to}");
                said.insert((at.to_string(), to.to_string()));
            }
            lines.push(std::format!("{at}:{down} |{depends_on}"));
        }
        if backwards {
            lines.reverse();
        }
        let text = lines.join("\n");
        let drawn = draw(&text, Style::Unicode);
        // A line to a dependency may be drawn from below, if the order has it above.
        let either = |pairs: BTreeSet<(String, String)>| -> BTreeSet<(String, String)> {
            pairs.into_iter().map(|(a, b)| if a < b { (a, b) } else { (b, a) }).collect()
        };
        prop_assert_eq!(either(read(&drawn)), either(said), "{}\n{}", text, drawn);
    }
}
