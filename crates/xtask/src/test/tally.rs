//! How many passed and how many failed, read from what test runners print.

use std::fmt;
use std::iter::Sum;
use std::process::Command;

use crate::process;

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Tally {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
}

impl Tally {
    /// A check that is one thing, and held.
    pub(crate) const PASSED: Self = Self { passed: 1, failed: 0 };

    /// A check that is one thing, and did not hold.
    pub(crate) const FAILED: Self = Self { passed: 0, failed: 1 };
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{} passed, {} failed", self.passed, self.failed))
    }
}

impl Sum for Tally {
    fn sum<I: Iterator<Item = Self>>(tallies: I) -> Self {
        tallies.fold(Self::default(), |sum, next| Self {
            passed: sum.passed + next.passed,
            failed: sum.failed + next.failed,
        })
    }
}

/// Runs a test runner and adds up the summaries that it prints.
///
/// One that ends badly without having counted a failure (it did not compile, it crashed) has failed once.
pub(crate) fn of(runner: &mut Command) -> anyhow::Result<Tally> {
    let mut summaries = Vec::new();
    let ended_well = process::run_reading(runner, |line| summaries.extend(summary(line)))?;
    let tally: Tally = summaries.into_iter().sum();
    if !ended_well && tally.failed == 0 {
        return Ok(Tally { failed: 1, ..tally });
    }
    Ok(tally)
}

fn summary(line: &str) -> Option<Tally> {
    cargo_summary(line).or_else(|| node_summary(line))
}

/// `test result: FAILED. 3 passed; 1 failed; 0 ignored; …`
fn cargo_summary(line: &str) -> Option<Tally> {
    let (_, counts) = line.strip_prefix("test result: ")?.split_once(". ")?;
    let count =
        |word: &str| counts.split("; ").find_map(|part| part.strip_suffix(word)?.parse().ok());
    Some(Tally { passed: count(" passed")?, failed: count(" failed")? })
}

/// `ℹ pass 3`, and `ℹ fail 1` and `ℹ cancelled 1`, which are both failures. Each stands on a line of its own.
fn node_summary(line: &str) -> Option<Tally> {
    let (word, count) = line.strip_prefix("ℹ ")?.split_once(' ')?;
    let count = count.parse().ok()?;
    match word {
        "pass" => Some(Tally { passed: count, failed: 0 }),
        "fail" | "cancelled" => Some(Tally { passed: 0, failed: count }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cargo_says_it_in_one_line() {
        let line = "test result: FAILED. 3 passed; 1 failed; 2 ignored; 0 measured; 0 filtered out; finished in 0.00s";
        assert_eq!(summary(line), Some(Tally { passed: 3, failed: 1 }));
    }

    #[test]
    fn node_says_it_in_several() {
        let report = "✔ upgrades (1.2ms)\nℹ tests 6\nℹ suites 0\nℹ pass 3\nℹ fail 1\nℹ cancelled 2\nℹ skipped 0\nℹ duration_ms 61.5";
        let tally: Tally = report.lines().filter_map(summary).sum();
        assert_eq!(tally, Tally { passed: 3, failed: 3 });
    }

    #[test]
    fn what_a_test_prints_is_no_summary() {
        assert_eq!(summary("test tidy::arrows ... ok"), None);
        assert_eq!(summary("5 passed, 5 failed"), None);
        assert_eq!(summary("ℹ pass the salt"), None);
    }

    #[test]
    fn a_runner_that_ends_badly_has_failed() -> anyhow::Result<()> {
        assert_eq!(of(Command::new("false").arg("x"))?, Tally::FAILED);
        assert_eq!(of(&mut Command::new("true"))?, Tally::default());
        Ok(())
    }

    #[test]
    fn the_last_line_reads_as_promised() {
        assert_eq!(Tally { passed: 12, failed: 0 }.to_string(), "12 passed, 0 failed");
    }
}
