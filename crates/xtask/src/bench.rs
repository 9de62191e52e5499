//! `cargo xtask bench`: how long things take, always beside a floor that was measured in the same run.

mod planning;

use std::str::FromStr;

/// What can be measured.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Bench {
    Planning,
}

impl FromStr for Bench {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        match name {
            "planning" => Ok(Self::Planning),
            other => Err(format!("there is no bench `{other}`")),
        }
    }
}

/// Measures and prints tables. A target that is missed is an error.
pub(crate) fn run(bench: Bench) -> anyhow::Result<()> {
    match bench {
        Bench::Planning => planning::run(),
    }
}
