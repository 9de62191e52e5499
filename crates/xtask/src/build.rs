//! `cargo xtask build`: the site in `dist/` and the npm package in `pkg/`.

use std::fs::{self, File};
use std::path::Path;

use anyhow::{Context as _, bail};
use cargo_metadata::{MetadataCommand, TargetKind};

use crate::toolchain::Road;
use crate::wasm::Artefact;
use crate::{fingerprint, npm, process, site, sizes, wasm};

const PAGE: Artefact = Artefact {
    package: "ambix-web",
    profile: "page",
    linked: "ambix-web.wasm",
    name: "ambix_web",
    typescript: false,
};

const RUNNER: Artefact = Artefact {
    package: "ambix-wasm",
    profile: "wasm",
    linked: "ambix_wasm.wasm",
    name: "ambix_wasm",
    typescript: true,
};

/// Where the npm package finds the WebAssembly of its runner. Generated, ignored by git.
pub(crate) const PKG_WASM: &str = "pkg/wasm";

/// What `tsc` makes of `pkg/src`. Generated, ignored by git.
pub(crate) const PKG_DIST: &str = "pkg/dist";

/// Builds everything that changed, prints the sizes and holds them against the budget.
pub(crate) fn run() -> anyhow::Result<()> {
    everything()?;
    sizes::run()
}

/// Builds on one road into folders of its own and prints the sizes; `dist/` and `pkg/` stay as they are.
pub(crate) fn measure(road: Road) -> anyhow::Result<()> {
    let _alone = alone()?;
    road.ensure()?;
    npm::install("web")?;
    let page = wasm::build(road, &PAGE)?;
    let folder = road.folder().join("site");
    site::lay_out(&page, &folder)?;
    sizes::runner(&wasm::build(road, &RUNNER)?)?;
    sizes::first_visit(&folder)
}

/// Builds the npm package alone, for what runs in Node.
pub(crate) fn package() -> anyhow::Result<()> {
    let _alone = alone()?;
    let road = Road::choose()?;
    // wasm-opt is there.
    npm::install("web")?;
    runner(road)
}

fn everything() -> anyhow::Result<()> {
    let _alone = alone()?;
    let road = Road::choose()?;
    npm::install("web")?;
    let page = wasm::build(road, &PAGE)?;
    site::lay_out(&page, Path::new(site::DIST))?;
    runner(road)?;
    process::step(format_args!("the site is in {}/", site::DIST));
    Ok(())
}

/// The engine in WebAssembly, and the package round it.
fn runner(road: Road) -> anyhow::Result<()> {
    if is_cdylib(RUNNER.package)? {
        let runner = wasm::build(road, &RUNNER)?;
        site::mirror(&site::files_under(&runner)?, Path::new(PKG_WASM))?;
    }
    if Path::new("pkg/package.json").exists() {
        npm_package()?;
    }
    Ok(())
}

/// Two builds at the same time would write the same files; the second waits for the first. The lock is held
/// as long as the file is open.
fn alone() -> anyhow::Result<File> {
    let path = Path::new("target/xtask/lock");
    fingerprint::write(path, b"")?;
    let lock = File::open(path)?;
    if lock.try_lock().is_err() {
        process::step("waiting for another build to end");
        lock.lock().with_context(|| format!("cannot lock {}", path.display()))?;
    }
    Ok(lock)
}

/// The TypeScript of the npm package, checked against the types that wasm-bindgen wrote.
fn npm_package() -> anyhow::Result<()> {
    npm::install("pkg")?;
    let inputs = ["pkg/package-lock.json", "pkg/tsconfig.json", "pkg/src", PKG_WASM].map(Path::new);
    if let Some(missing) = inputs.iter().find(|input| !input.exists()) {
        bail!("the npm package cannot be built: {} is missing", missing.display());
    }
    fingerprint::when_changed("tsc-pkg", &inputs, Path::new(PKG_DIST), || {
        process::step("tsc in pkg/");
        if Path::new(PKG_DIST).exists() {
            fs::remove_dir_all(PKG_DIST).with_context(|| format!("cannot empty {PKG_DIST}"))?;
        }
        let mut tsc = process::command("npx");
        tsc.args(["--no-install", "tsc", "-p", "."]).current_dir("pkg");
        process::run(&mut tsc)
    })
}

/// Whether the package asks for the kind of library that can become a WebAssembly module.
fn is_cdylib(package: &str) -> anyhow::Result<bool> {
    let metadata = MetadataCommand::new().no_deps().exec().context("cannot read the workspace")?;
    let package = metadata.packages.iter().find(|candidate| candidate.name == package);
    Ok(package.is_some_and(|package| {
        package.targets.iter().any(|target| target.kind.contains(&TargetKind::CDyLib))
    }))
}
