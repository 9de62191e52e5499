//! The table: how much of each history is understood, and why the rest is not.

use crate::history::{self, History};
use crate::reading::{self, Script};
use crate::steps::{self, Came, Step};
use crate::{Surroundings, tiers};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Mutex;
use std::thread;

/// One history, read and run.
pub(crate) struct Row {
    pub(crate) history: History,
    pub(crate) scripts: Vec<Script>,
    pub(crate) steps: Vec<Step>,
}

/// How many reasons are named.
const REASONS: usize = 10;

/// Reads and runs all histories, as many at a time as there are processors.
pub(crate) fn rows(surroundings: &Surroundings) -> Vec<Row> {
    let waiting = Mutex::new(history::all().into_iter().enumerate().collect::<Vec<_>>());
    let done = Mutex::new(BTreeMap::new());
    let work = || {
        loop {
            // The longest are listed last, and are begun first.
            let Some((at, history)) = ({ waiting.lock().unwrap().pop() }) else { return };
            let tiers = tiers::of(&history, surroundings);
            let scripts = reading::scripts(&history, surroundings, &tiers);
            let steps = steps::all(&history, surroundings);
            done.lock().unwrap().insert(at, Row { history, scripts, steps });
        }
    };
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(work);
        }
    });
    done.into_inner().unwrap().into_values().collect()
}

/// The table as it stands in `COMPARE.md`, and the reasons below it.
pub(crate) fn markdown(rows: &[Row]) -> String {
    let mut text = String::from(
        "| history | scripts | read whole | up to tier 2 | of these read whole | steps that Alembic can take | \
         as Alembic | refused | otherwise |\n|---|--:|--:|--:|--:|--:|--:|--:|--:|\n",
    );
    let mut sum = Counts::default();
    for row in rows {
        let counts = Counts::of(row);
        counts.line(&format!("`{}`", row.history.name), &mut text);
        sum.add(&counts);
    }
    sum.line("all", &mut text);
    text.push_str("\n| scripts of tier | 0 | 1 | 2 | 3 | 4 | 5 |\n|---|--:|--:|--:|--:|--:|--:|\n");
    for (name, whole_only) in [("all", false), ("read whole", true)] {
        let of = |tier: u8| {
            let scripts = rows.iter().flat_map(|row| &row.scripts);
            scripts.filter(|it| it.tier == tier && (it.is_whole() || !whole_only)).count()
        };
        let cells: Vec<String> = (0..=5).map(|tier| of(tier).to_string()).collect();
        let _ = writeln!(text, "| {name} | {} |", cells.join(" | "));
    }
    text.push_str("\n| why a script is not read whole | scripts |\n|---|--:|\n");
    for (reason, count) in reasons(rows).iter().take(REASONS) {
        let _ = writeln!(text, "| {reason} | {count} |");
    }
    text
}

#[derive(Default)]
struct Counts {
    scripts: usize,
    whole: usize,
    simple: usize,
    simple_whole: usize,
    steps: usize,
    same: usize,
    refused: usize,
    different: usize,
}

impl Counts {
    fn of(row: &Row) -> Self {
        let scripts = |is: fn(&Script) -> bool| row.scripts.iter().filter(|it| is(it)).count();
        let steps = |is: fn(&Came) -> bool| row.steps.iter().filter(|it| is(&it.came)).count();
        Self {
            scripts: row.scripts.len(),
            whole: scripts(Script::is_whole),
            simple: scripts(|it| it.tier <= 2),
            simple_whole: scripts(|it| it.tier <= 2 && it.is_whole()),
            steps: steps(|came| !matches!(came, Came::NoAlembic(_))),
            same: steps(|came| matches!(came, Came::Same { .. })),
            refused: steps(|came| matches!(came, Came::Refused(_))),
            different: steps(|came| matches!(came, Came::Different(_))),
        }
    }

    fn add(&mut self, other: &Self) {
        self.scripts += other.scripts;
        self.whole += other.whole;
        self.simple += other.simple;
        self.simple_whole += other.simple_whole;
        self.steps += other.steps;
        self.same += other.same;
        self.refused += other.refused;
        self.different += other.different;
    }

    fn line(&self, name: &str, text: &mut String) {
        let Self { scripts, whole, simple, simple_whole, steps, same, refused, different } = self;
        let _ = writeln!(
            text,
            "| {name} | {scripts} | {whole} ({}) | {simple} | {simple_whole} ({}) | {steps} | {same} ({}) \
             | {refused} | {different} |",
            percent(*whole, *scripts),
            percent(*simple_whole, *simple),
            percent(*same, *steps),
        );
    }
}

/// Rounded down: what is not all is not 100 %.
fn percent(part: usize, whole: usize) -> String {
    let percent = (part * 100).checked_div(whole).unwrap_or(100);
    format!("{percent} %")
}

/// Why scripts are not read whole, the most frequent first. A script counts once for each of its reasons.
fn reasons(rows: &[Row]) -> Vec<(String, usize)> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for script in rows.iter().flat_map(|row| &row.scripts) {
        let mut kinds: Vec<String> = script.reasons().into_iter().map(kind).collect();
        kinds.sort_unstable();
        kinds.dedup();
        for kind in kinds {
            *counts.entry(kind).or_default() += 1;
        }
    }
    let mut reasons: Vec<_> = counts.into_iter().collect();
    reasons.sort_by(|(one, more), (other, less)| less.cmp(more).then(one.cmp(other)));
    reasons
}

/// A message without its line, and without what a call is called with.
fn kind(reason: &str) -> String {
    let message = reason.split_once(": ").map_or(reason, |(_, message)| message);
    let mut kind = String::new();
    let mut depth = 0_usize;
    for letter in message.lines().next().unwrap_or_default().chars() {
        match letter {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ if depth == 0 => kind.push(letter),
            _ => {}
        }
        if letter == '(' && depth == 1 {
            kind.push_str("(…)");
        }
    }
    kind.replace('|', "\\|")
}

/// Where Ambix did not go on, a line each: for those who want to know what to do next.
pub(crate) fn refusals(rows: &[Row]) -> String {
    let mut text = String::new();
    for row in rows {
        for step in &row.steps {
            if let Came::Refused(said) = &step.came {
                let said: Vec<&str> = said.lines().map(str::trim).take(2).collect();
                let _ = writeln!(text, "{}, {step}: {}", row.history.name, said.join(" "));
            }
        }
    }
    text
}
