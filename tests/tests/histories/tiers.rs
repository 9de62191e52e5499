//! What a script asks of its reader, as `histories/tier.py` finds out.

use crate::history::History;
use crate::{Surroundings, beside};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::process::Command;

#[derive(Deserialize)]
struct Classified {
    file: String,
    tier: u8,
}

/// The tier of each script, by its path in the folder.
pub(crate) fn of(history: &History, surroundings: &Surroundings) -> BTreeMap<String, u8> {
    let folder = history.package_in(&surroundings.packages).join(&history.scripts);
    let mut python = Command::new(surroundings.python());
    let output = python.arg(beside("tier.py")).arg(folder).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let lines = String::from_utf8(output.stdout).unwrap();
    let classified = lines.lines().map(|line| serde_json::from_str(line).unwrap());
    classified.map(|Classified { file, tier }| (file, tier)).collect()
}
