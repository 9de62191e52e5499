//! Which crate may know which.

use std::collections::BTreeSet;

use anyhow::Context as _;
use cargo_metadata::{MetadataCommand, Package};

/// The crate and those that it stands on directly; what those stand on is allowed too.
/// The same picture is in `crates/README.md`.
const ARROWS: [(&str, &[&str]); 12] = [
    ("ambix-graph", &[]),
    ("ambix-core", &["ambix-graph"]),
    ("ambix-python", &["ambix-core"]),
    ("ambix-commands", &["ambix-python"]),
    ("ambix-lessons", &["ambix-commands"]),
    ("ambix-cli", &["ambix-commands"]),
    ("ambix-node", &["ambix-commands"]),
    ("ambix-sqljs", &["ambix-core"]),
    ("ambix-wasm", &["ambix-core"]),
    ("ambix-web", &["ambix-commands", "ambix-lessons", "ambix-sqljs"]),
    ("xtask", &[]),
    // Tests look at whatever they test.
    ("ambix-tests", &["ambix-cli", "ambix-lessons", "ambix-node", "ambix-wasm", "ambix-web"]),
];

/// Those that are compiled for a JavaScript host.
const AT_HOME_IN_JAVASCRIPT: [&str; 4] = ["ambix-node", "ambix-sqljs", "ambix-wasm", "ambix-web"];

/// The engine stays usable everywhere, and each crate can be read knowing only what is below it.
pub(super) fn between_crates() -> anyhow::Result<Vec<String>> {
    let packages = workspace()?;
    let members: BTreeSet<&str> = packages.iter().map(|package| package.name.as_str()).collect();
    let faults = packages.iter().flat_map(|package| {
        let ours = dependencies(package).filter(|dependency| members.contains(dependency));
        ours.filter_map(|dependency| fault(&package.name, dependency)).collect::<Vec<_>>()
    });
    Ok(faults.collect())
}

/// What knows JavaScript can only run beside it: the rest must also run in a terminal and in a test.
pub(super) fn to_javascript() -> anyhow::Result<Vec<String>> {
    let mut faults = Vec::new();
    for package in workspace()? {
        if AT_HOME_IN_JAVASCRIPT.contains(&package.name.as_str()) {
            continue;
        }
        for dependency in dependencies(&package).filter(|dependency| is_javascript(dependency)) {
            faults.push(format!(
                "{} may not depend on {dependency}: it is no browser's crate",
                package.name
            ));
        }
    }
    Ok(faults)
}

fn workspace() -> anyhow::Result<Vec<Package>> {
    Ok(MetadataCommand::new().no_deps().exec().context("cannot read the workspace")?.packages)
}

/// Of every kind: a test that reaches upwards is an arrow upwards.
fn dependencies(package: &Package) -> impl Iterator<Item = &str> {
    package.dependencies.iter().map(|dependency| dependency.name.as_str())
}

fn fault(from: &str, to: &str) -> Option<String> {
    match below(from) {
        None => Some(format!("{from} is not in the picture of the crates: draw its arrows first")),
        Some(below) if below.contains(to) => None,
        Some(_) => Some(format!("{from} may not depend on {to}: there is no such arrow")),
    }
}

/// Everything that can be reached from a crate along the arrows. `None`: the crate is unknown.
fn below(from: &str) -> Option<BTreeSet<&'static str>> {
    let (_, direct) = ARROWS.iter().find(|(name, _)| *name == from)?;
    let mut reached = BTreeSet::new();
    for name in *direct {
        reached.insert(*name);
        reached.extend(below(name).unwrap_or_default());
    }
    Some(reached)
}

fn is_javascript(dependency: &str) -> bool {
    ["wasm-bindgen", "wasm-bindgen-futures", "js-sys", "web-sys", "serde-wasm-bindgen", "yew"]
        .contains(&dependency)
        || dependency == "gloo"
        || dependency.starts_with("gloo-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn along_the_arrows_and_through_them() {
        assert_eq!(fault("ambix-python", "ambix-core"), None);
        assert_eq!(fault("ambix-web", "ambix-core"), None);
        assert_eq!(fault("ambix-tests", "ambix-sqljs"), None);
    }

    #[test]
    fn against_the_arrows_and_beside_them() {
        for (from, to) in [
            ("ambix-core", "ambix-python"),
            ("ambix-wasm", "ambix-commands"),
            ("ambix-cli", "ambix-lessons"),
            ("xtask", "ambix-core"),
        ] {
            assert_eq!(
                fault(from, to),
                Some(format!("{from} may not depend on {to}: there is no such arrow"))
            );
        }
    }

    #[test]
    fn a_new_crate_is_drawn_first() {
        assert!(
            fault("ambix-new", "ambix-core").is_some_and(|fault| fault.contains("draw its arrows"))
        );
    }

    #[test]
    fn the_command_line_of_wasm_bindgen_is_not_javascript() {
        assert!(is_javascript("gloo-storage"));
        assert!(is_javascript("js-sys"));
        assert!(!is_javascript("wasm-bindgen-cli-support"));
    }
}
