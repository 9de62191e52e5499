//! Changing a table loses nothing: random schemas with rows, random changes of a table, on a real SQLite.
//! If it works, exactly what was asked is different; if it does not, nothing is; and it can be taken back.
//!
//! 3,000 seeds, 100,000 with `AMBIX_TEST_ALL=1`, one with `AMBIX_TEST_SEED=n`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod apply;
mod change;
mod comments;
mod course;
mod described;
mod judge;
#[path = "../programs/mod.rs"]
mod programs;
mod reference;
mod rows_expected;
mod sample;
mod snapshot;
mod wrong;

use ambix_core::operation::{AlterTable, Recreate, TableChange};
use ambix_tests::dice::Dice;
use ambix_tests::random_schema::RandomSchema;
use apply::{Road, apply};
use rusqlite::Connection;
use snapshot::Snapshot;
use std::collections::BTreeMap;
use std::fmt;
use std::ops::RangeInclusive;

/// How many seeds sql.js is asked.
const SAMPLE: u64 = 300;

/// How many failures are shown whole.
const SHOWN: usize = 5;

/// A schema, a table of it, and what is to change.
struct Case {
    seed: u64,
    schema: RandomSchema,
    change: AlterTable,
    road: Road,
    foreign_keys: bool,
}

impl Case {
    /// The case of a seed; none where SQLite took no table.
    fn new(seed: u64) -> Option<Self> {
        let schema = RandomSchema::new(seed);
        let dice = &mut Dice::new(seed ^ 0x5EED);
        let tables = &schema.tables;
        if tables.is_empty() {
            return None;
        }
        let at = dice.between(0, tables.len() - 1);
        let select = "SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = ?1";
        let database = schema.open();
        let sql: String = database.query_row(select, [&tables[at].name], |row| row.get(0)).unwrap();
        let change = change::alter(dice, &schema, &sql);
        let road = *dice.one(&[Road::Free, Road::Guarded]);
        let foreign_keys = dice.percent(60);
        (!change.changes.is_empty()).then_some(Self { seed, schema, change, road, foreign_keys })
    }

    fn open(&self) -> Connection {
        let database = self.schema.open();
        let on = if self.foreign_keys { "ON" } else { "OFF" };
        database.execute_batch(&format!("PRAGMA foreign_keys = {on}")).unwrap();
        database
    }
}

impl fmt::Display for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "AMBIX_TEST_SEED={} ({:?}, foreign keys: {})",
            self.seed, self.road, self.foreign_keys
        )?;
        for sql in self.schema.statements.iter().chain(&self.schema.rows) {
            writeln!(f, "{sql};")?;
        }
        writeln!(f, "{:#?}", self.change)
    }
}

type Apply<'a> = &'a dyn Fn(&Connection, &AlterTable) -> Result<(), String>;

/// What came of a case that was judged right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Outcome {
    Refused,
    Changed,
    TakenBack,
}

/// Carries a case out and judges it.
fn check(case: &Case, apply: Apply<'_>) -> Result<(Outcome, Option<String>), String> {
    let database = case.open();
    let before = Snapshot::of(&database);
    if let Err(error) = apply(&database, &case.change) {
        judge::unchanged(&database, &before)
            .map_err(|problem| format!("{problem}\nafter: {error}"))?;
        return Ok((Outcome::Refused, Some(error)));
    }
    let last = before_last_step(case, apply)?;
    let last = last.as_ref().map_or((&before, &case.change), |(before, change)| (before, change));
    judge::changed_in_steps(&database, &before, &case.change, last)?;
    let taken_back = take_back(&database, &before, case, apply)?;
    Ok((if taken_back { Outcome::TakenBack } else { Outcome::Changed }, None))
}

/// A new name of the table stands alone: what is before it is done, and what is behind it sees the table as it is
/// then. So it is as if there had been several changes, of which this gives the last, and what was before it.
fn before_last_step(
    case: &Case,
    apply: Apply<'_>,
) -> Result<Option<(Snapshot, AlterTable)>, String> {
    let changes = &case.change.changes;
    let is_name = |change: &TableChange| matches!(change, TableChange::RenameTable { .. });
    let Some(at) = changes.iter().rposition(is_name) else { return Ok(None) };
    let (first, last) = changes.split_at(at);
    let [TableChange::RenameTable { to }, last @ ..] = last else { return Ok(None) };
    if first.is_empty() || last.is_empty() {
        return Ok(None);
    }
    let part = |table: &String, changes: &[TableChange]| AlterTable {
        table: table.clone(),
        changes: changes.to_vec(),
        ..case.change.clone()
    };
    let first = part(&case.change.table, &changes[..=at]);
    let database = case.open();
    let before = Snapshot::of(&database);
    if apply(&database, &first).is_err() {
        // Only what follows makes it possible.
        return Ok(None);
    }
    judge::changed(&database, &before, &first)
        .map_err(|problem| format!("the first steps: {problem}"))?;
    Ok(Some((Snapshot::of(&database), part(to, last))))
}

/// Gives the table its first text again, where it still has its name.
fn take_back(
    database: &Connection,
    before: &Snapshot,
    case: &Case,
    apply: Apply<'_>,
) -> Result<bool, String> {
    let renames_table = |change: &TableChange| matches!(change, TableChange::RenameTable { .. });
    if case.change.changes.iter().any(renames_table) {
        return Ok(false);
    }
    let name = case.change.table.to_ascii_lowercase();
    let was = &before.tables[&name];
    let back = AlterTable {
        table: case.change.table.clone(),
        changes: back_to(&case.change, &was.sql),
        recreate: Recreate::Always,
        ..AlterTable::default()
    };
    let between = Snapshot::of(database);
    if let Err(error) = apply(database, &back) {
        judge::unchanged(database, &between)
            .map_err(|problem| format!("taking it back: {problem}\nafter: {error}"))?;
        return Ok(false);
    }
    let after = Snapshot::of(database);
    judge::changed(database, &between, &back)
        .map_err(|problem| format!("taking it back: {problem}"))?;
    if after.tables[&name].sql != was.sql {
        return Err(format!(
            "taken back, the text is\n{}\ninstead of\n{}",
            after.tables[&name].sql, was.sql
        ));
    }
    if case.change.changes.iter().all(keeps_values) && after.tables[&name].rows != was.rows {
        return Err(format!("taken back, the rows are {:?}", after.tables[&name].rows));
    }
    Ok(true)
}

/// The names from before a change, and the text.
fn back_to(change: &AlterTable, sql: &str) -> Vec<TableChange> {
    let renames = change.changes.iter().rev().filter_map(|change| match change {
        TableChange::RenameColumn { from, to } => {
            Some(TableChange::RenameColumn { from: to.clone(), to: from.clone() })
        }
        _ => None,
    });
    renames.chain([TableChange::Redefine { sql: sql.into() }]).collect()
}

/// Whether all values are still there after a change, so that taking it back brings the rows back.
fn keeps_values(change: &TableChange) -> bool {
    match change {
        TableChange::DropColumn { .. }
        | TableChange::RenameColumn { .. }
        | TableChange::SetType { .. }
        | TableChange::SetGenerated { .. }
        | TableChange::SetOptions { .. }
        | TableChange::Redefine { .. } => false,
        // A PRIMARY KEY of one column may become the rowid.
        TableChange::AddConstraint { definition } => !definition.contains("PRIMARY KEY"),
        TableChange::DropConstraint(_) => false,
        _ => true,
    }
}

/// What came of many cases.
#[derive(Default)]
struct Tally {
    outcomes: BTreeMap<Outcome, usize>,
    refusals: BTreeMap<String, usize>,
    problems: Vec<String>,
}

/// Judges all seeds, on as many processors as there are.
fn check_all(
    seeds: RangeInclusive<u64>,
    apply: impl Fn(&Connection, &AlterTable, Road) -> Result<(), String> + Sync,
) -> Tally {
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    let mut tally = Tally::default();
    std::thread::scope(|scope| {
        let work = |first| {
            let (seeds, apply) = (seeds.clone(), &apply);
            scope.spawn(move || check_some(seeds.skip(first).step_by(workers), apply))
        };
        let running: Vec<_> = (0..workers).map(work).collect();
        for worker in running {
            tally.add(worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        }
    });
    tally
}

fn check_some(
    seeds: impl Iterator<Item = u64>,
    apply: &impl Fn(&Connection, &AlterTable, Road) -> Result<(), String>,
) -> Tally {
    let mut tally = Tally::default();
    for case in seeds.filter_map(Case::new) {
        let apply = |database: &Connection, change: &AlterTable| apply(database, change, case.road);
        match check(&case, &apply) {
            Ok((outcome, refusal)) => {
                *tally.outcomes.entry(outcome).or_default() += 1;
                let kind = refusal.map(|text| text.chars().take(60).collect());
                kind.into_iter().for_each(|kind| *tally.refusals.entry(kind).or_default() += 1);
            }
            Err(problem) if tally.problems.len() < SHOWN => {
                tally.problems.push(format!("{problem}\n{case}"));
            }
            Err(problem) => {
                let first = problem.lines().next().unwrap_or_default();
                tally.problems.push(format!("AMBIX_TEST_SEED={}: {first}", case.seed));
            }
        }
    }
    tally
}

impl Tally {
    fn add(&mut self, other: Self) {
        for (outcome, count) in other.outcomes {
            *self.outcomes.entry(outcome).or_default() += count;
        }
        for (refusal, count) in other.refusals {
            *self.refusals.entry(refusal).or_default() += count;
        }
        self.problems.extend(other.problems);
    }
}

fn seeds() -> RangeInclusive<u64> {
    if let Ok(seed) = std::env::var("AMBIX_TEST_SEED") {
        let seed = seed.parse().expect("AMBIX_TEST_SEED is a number");
        return seed..=seed;
    }
    1..=programs::sample(3_000, 100_000)
}

fn is_one_seed() -> bool {
    std::env::var_os("AMBIX_TEST_SEED").is_some()
}

/// The tests of the harness itself take fewer.
fn seeds_of_the_harness() -> RangeInclusive<u64> {
    if std::env::var_os("AMBIX_TEST_SEED").is_some() {
        seeds()
    } else {
        1..=programs::sample(300, 20_000)
    }
}

#[test]
fn exactly_what_was_asked_changes() {
    let seeds = seeds();
    let tally = check_all(seeds, apply);
    println!("{:?}\nrefused: {:#?}", tally.outcomes, tally.refusals);
    let wrong = tally.problems.len();
    assert!(wrong == 0, "{wrong} are wrong ({:?}):\n{}", tally.outcomes, tally.problems.join("\n"));
    let count = |outcome| tally.outcomes.get(&outcome).copied().unwrap_or_default();
    let changed = count(Outcome::Changed) + count(Outcome::TakenBack);
    // A tool that refuses everything loses nothing either.
    assert!(
        is_one_seed() || changed > count(Outcome::Refused),
        "too much is refused: {:#?}",
        tally.refusals
    );
}

/// A slow way that is right is not blamed, for any kind of change.
#[test]
fn the_harness_lets_pass_what_is_right() {
    let tally =
        check_all(seeds_of_the_harness(), |database, change, _| reference::apply(database, change));
    assert!(tally.problems.is_empty(), "{}", tally.problems.join("\n"));
    println!("{:?}\nrefused: {:#?}", tally.outcomes, tally.refusals);
    let taken_back = tally.outcomes.get(&Outcome::TakenBack).copied().unwrap_or_default();
    assert!(is_one_seed() || taken_back > 50, "{:?}", tally.outcomes);
}

/// Each wrong way is seen, in many cases.
#[test]
fn the_harness_sees_what_is_lost() {
    type Way = fn(&Connection, &AlterTable) -> Result<(), String>;
    let ways: [(&str, Way, usize); 5] = [
        ("nothing", wrong::nothing, 50),
        ("a bare copy", wrong::copy, 30),
        ("forgotten objects", wrong::forgetful, 30),
        ("lost rows", wrong::careless, 10),
        ("left behind", wrong::half, 50),
    ];
    for (name, way, at_least) in ways {
        let tally = check_all(1..=100, |database, change, _| way(database, change));
        let seen = tally.problems.len();
        assert!(seen >= at_least, "{name}: seen only {seen} times, {:?}", tally.outcomes);
    }
}

#[test]
fn the_same_seed_is_the_same_case() {
    let shown = |seed| Case::new(seed).map(|case| case.to_string());
    assert_eq!(shown(7), shown(7));
    assert_ne!(shown(7), shown(8));
}

/// The cases that sql.js is asked too (`tests/node/lossless.test.mjs`), with what the bundled SQLite came to.
/// `AMBIX_RECORD=1` writes them again.
#[test]
fn the_recorded_sample_is_what_happens() {
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("recorded/lossless.jsonl");
    // What the clock says is different each time.
    let is_timeless = |case: &Case| !case.to_string().to_ascii_uppercase().contains("CURRENT_");
    let cases = (0..SAMPLE).filter_map(Case::new).filter(is_timeless);
    let lines: String = cases.map(|case| format!("{}\n", sample::line(&case))).collect();
    if std::env::var_os("AMBIX_RECORD").is_some() {
        std::fs::write(&file, &lines).unwrap();
    }
    let recorded = std::fs::read_to_string(&file).unwrap();
    for (now, recorded) in lines.lines().zip(recorded.lines()) {
        assert_eq!(now, recorded);
    }
    assert_eq!(lines.lines().count(), recorded.lines().count());
}
