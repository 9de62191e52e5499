//! From a crate to the files that a page loads: cargo, then wasm-bindgen, then wasm-opt.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use wasm_bindgen_cli_support::Bindgen;

use crate::toolchain::Road;
use crate::{fingerprint, minify, process};

/// From npm: Debian's is years older than our compiler. [`crate::npm::install`] in `web` puts it there.
const WASM_OPT: &str = "web/node_modules/binaryen/bin/wasm-opt";

/// What rustc takes for granted on wasm32, by wasm-opt's names. With all features that it knows, wasm-opt
/// writes modules that no browser reads yet (compact imports).
const FEATURES: [&str; 6] = [
    "bulk-memory",
    "multivalue",
    "mutable-globals",
    "nontrapping-float-to-int",
    "reference-types",
    "sign-ext",
];

/// For size. A function with one caller stays one: put into its caller it saves bytes, but what is left
/// compresses worse. Rust has the stack at the bottom, so nothing that is in use lies in the first kilobyte
/// before the stack overflows.
const FOR_SIZE: [&str; 4] =
    ["-Oz", "--converge", "--one-caller-inline-max-function-size=0", "--low-memory-unused"];

/// What makes a module no smaller, but what it is compressed to: the hints of alignment, which no engine needs,
/// are all the same, and functions of one generic stand side by side.
const FOR_COMPRESSION: [&str; 2] = ["--dealign", "--reorder-functions-by-name"];

/// A crate that becomes WebAssembly.
pub(crate) struct Artefact {
    pub(crate) package: &'static str,
    /// The profile that it is compiled with.
    pub(crate) profile: &'static str,
    /// What cargo calls the linked file.
    pub(crate) linked: &'static str,
    /// What the finished files are called: `name.js` and `name_bg.wasm`.
    pub(crate) name: &'static str,
    /// Whether somebody compiles TypeScript against it.
    pub(crate) typescript: bool,
}

/// Builds the artefact and gives the folder with its finished files.
///
/// They are for the web target, whose `init` and `initSync` load in pages, workers, Node, Deno, Bun and workerd.
pub(crate) fn build(road: Road, artefact: &Artefact) -> anyhow::Result<PathBuf> {
    process::step(format_args!("cargo build {}", artefact.package));
    process::run(&mut road.cargo_build(artefact.package, artefact.profile))?;

    let linked = road.linked(artefact.profile).join(artefact.linked);
    let folder = road.folder().join("ready").join(artefact.name);
    let step = folder.to_string_lossy().replace(['/', '\\'], "-");
    let optimiser = Path::new("web/package-lock.json");
    fingerprint::when_changed(&step, &[&linked, optimiser], &folder, || {
        if folder.exists() {
            fs::remove_dir_all(&folder)
                .with_context(|| format!("cannot empty {}", folder.display()))?;
        }
        process::step(format_args!("wasm-bindgen {}", artefact.name));
        bind(&linked, &folder, artefact)?;
        let script = folder.join(format!("{}.js", artefact.name));
        minify::script(&script, &script)?;
        process::step(format_args!("wasm-opt {}", artefact.name));
        optimise(&folder.join(format!("{}_bg.wasm", artefact.name)))
    })?;
    Ok(folder)
}

fn bind(linked: &Path, folder: &Path, artefact: &Artefact) -> anyhow::Result<()> {
    let mut bindgen = Bindgen::new();
    bindgen.input_path(linked).out_name(artefact.name).typescript(artefact.typescript);
    bindgen.web(true)?;
    bindgen
        .generate(folder)
        .with_context(|| format!("wasm-bindgen cannot read {}", linked.display()))
}

/// In place, for size. Names and other custom sections go too.
fn optimise(module: &Path) -> anyhow::Result<()> {
    let mut wasm_opt = process::command("node");
    wasm_opt.arg(WASM_OPT).args(FOR_SIZE).args(FOR_COMPRESSION);
    wasm_opt.args(["--strip-debug", "--strip-producers"]);
    wasm_opt.args(FEATURES.map(|feature| format!("--enable-{feature}")));
    wasm_opt.arg(module).arg("-o").arg(module);
    process::output(&mut wasm_opt).map(drop)
}
