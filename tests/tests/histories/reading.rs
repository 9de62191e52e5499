//! Whether a script is read whole, and if not, why.

use crate::Surroundings;
use crate::history::History;
use ambix_core::diagnostic::{Code, Diagnostic};
use ambix_core::engine::Model;
use ambix_core::operation::Directive;
use ambix_core::revision::Direction;
use ambix_core::schema::NamingConvention;
use ambix_core::sqlite::alter::Stop;
use std::collections::BTreeMap;

/// One revision script, read.
#[derive(Clone, Debug)]
pub(crate) struct Script {
    pub(crate) file: String,
    /// What it asks of its reader: 0 to 5.
    pub(crate) tier: u8,
    /// What of `upgrade()` was not understood.
    pub(crate) upgrade: Option<String>,
    /// What of `downgrade()` was not understood.
    pub(crate) downgrade: Option<String>,
}

impl Script {
    pub(crate) fn is_whole(&self) -> bool {
        self.upgrade.is_none() && self.downgrade.is_none()
    }

    /// Each reason once, with its line.
    pub(crate) fn reasons(&self) -> Vec<&str> {
        let mut reasons: Vec<&str> =
            [&self.upgrade, &self.downgrade].into_iter().flatten().map(String::as_str).collect();
        reasons.dedup();
        reasons
    }
}

/// Reads all scripts of a history.
pub(crate) fn scripts(
    history: &History,
    surroundings: &Surroundings,
    tiers: &BTreeMap<String, u8>,
) -> Vec<Script> {
    let folder = history.package_in(&surroundings.packages).join(&history.scripts);
    let mut convention = NamingConvention::default();
    for (key, pattern) in &history.convention {
        put(&mut convention, key, pattern);
    }
    let read = history.files(&surroundings.packages).into_iter().filter_map(|path| {
        let file = path.to_string_lossy().replace('\\', "/");
        let tier = *tiers.get(&file)?;
        let text = std::fs::read_to_string(folder.join(&path)).unwrap();
        let (upgrade, downgrade) = not_understood(&file, &text, &convention);
        Some(Script { file, tier, upgrade, downgrade })
    });
    read.collect()
}

/// What of `upgrade()` and of `downgrade()` was not understood: `12: message`. A downgrade that says itself that there is
/// none is understood.
fn not_understood(
    file: &str,
    text: &str,
    convention: &NamingConvention,
) -> (Option<String>, Option<String>) {
    let said = |diagnostic: Diagnostic| {
        let line =
            diagnostic.place.as_ref().map(|place| format!("{}: ", place.line)).unwrap_or_default();
        format!("{line}{}", diagnostic.message)
    };
    let of = |read: Result<Vec<Directive>, Diagnostic>, direction: Direction| {
        let error = read.err()?;
        let error = match error.code {
            // It is read for the database that it meets. Which rows that has is asked of it.
            Code::LooksAtDatabase => {
                let model = Model::offline().without_questions();
                match ambix_python::read_script_for(file, text, convention, direction, &model) {
                    Err(Stop::Refused(error)) => error,
                    _ => return None,
                }
            }
            _ => error,
        };
        // What the script raises by itself is understood.
        let is_own = matches!(
            error.code,
            Code::DeclaredIrreversible | Code::PythonRaised | Code::LooksAtDatabase
        );
        (!is_own).then(|| said(error))
    };
    match ambix_python::read_script(file, text, convention) {
        Ok(script) => {
            (of(script.upgrade, Direction::Upgrade), of(script.downgrade, Direction::Downgrade))
        }
        Err(diagnostic) => {
            let reason = said(diagnostic);
            (Some(reason.clone()), Some(reason))
        }
    }
}

fn put(convention: &mut NamingConvention, key: &str, pattern: &str) {
    let place = match key {
        "ix" => &mut convention.index,
        "uq" => &mut convention.unique,
        "ck" => &mut convention.check,
        "fk" => &mut convention.foreign_key,
        "pk" => &mut convention.primary_key,
        _ => panic!("a naming convention has no {key}"),
    };
    *place = Some(pattern.into());
}
