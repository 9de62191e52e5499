//! `cargo xtask test`: every proof we have, one after another, and the sum of them.

mod tally;

use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use cargo_metadata::MetadataCommand;
pub(crate) use tally::Tally;

use crate::toolchain::{self, Road};
use crate::{apt, build, histories, npm, process, python, serve, site, tidy};

/// A test that waits for ever must not keep the others from being counted. Node's limit is for a whole file.
const LONGEST_FILE: Duration = Duration::from_secs(600);

/// A part of the tests that can be asked for by name.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Suite {
    Tidy,
    Rust,
    Node,
    Edge,
    Browser,
    /// Published migration histories: part of the whole suite only at full length, for they have to be fetched.
    Histories,
}

impl FromStr for Suite {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        match name {
            "tidy" => Ok(Self::Tidy),
            "rust" => Ok(Self::Rust),
            "node" => Ok(Self::Node),
            "edge" => Ok(Self::Edge),
            "browser" => Ok(Self::Browser),
            "histories" => Ok(Self::Histories),
            other => Err(format!("there is no suite `{other}`")),
        }
    }
}

/// What a step found out, and how long it took.
struct Outcome {
    name: &'static str,
    tally: Tally,
    duration: Duration,
}

/// Runs the suites (all of them when none is named) to the end, whatever fails on the way.
/// The last line is always `N passed, N failed`.
pub(crate) fn run(only: Vec<Suite>, all: bool) -> anyhow::Result<()> {
    let wanted = |suite| only.is_empty() || only.contains(&suite);
    let mut outcomes = Vec::new();
    if wanted(Suite::Tidy) {
        outcomes.push(step("tidy", || Ok(tidy::check())));
    }
    if wanted(Suite::Rust) {
        outcomes.push(step("cargo test", || cargo_test(all)));
        outcomes.push(step("core without std", core_without_std));
    }
    if only.contains(&Suite::Histories) || (only.is_empty() && all) {
        outcomes.push(step("histories", || histories(all)));
    }
    let wants_page = wanted(Suite::Node) || wanted(Suite::Browser);
    if wants_page || wanted(Suite::Edge) {
        // The edge needs the package alone.
        let build = if wants_page { build::run } else { build::package };
        let built = step("build", || build().map(|()| Tally::PASSED));
        let is_built = built.tally == Tally::PASSED;
        outcomes.push(built);
        if wanted(Suite::Node) {
            outcomes.push(step("node", || after_build(is_built, || node(all))));
        }
        if wanted(Suite::Edge) {
            outcomes.push(step("edge", || after_build(is_built, || edge(all))));
        }
        if wanted(Suite::Browser) {
            outcomes.push(step("browser", || after_build(is_built, || browser(all))));
        }
    }
    sum_up(&outcomes)
}

/// Runs one step under its heading. An error that has no count of its own counts as one failure.
fn step(name: &'static str, work: impl FnOnce() -> anyhow::Result<Tally>) -> Outcome {
    println!("\n== {name}");
    let started = Instant::now();
    let tally = work().unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        Tally::FAILED
    });
    let duration = started.elapsed();
    println!("-- {name}: {tally} ({:.1} s)", duration.as_secs_f64());
    Outcome { name, tally, duration }
}

fn sum_up(outcomes: &[Outcome]) -> anyhow::Result<()> {
    println!("\n== all");
    for Outcome { name, tally, duration } in outcomes {
        println!("{name:<18} {tally:<24} {:>6.1} s", duration.as_secs_f64());
    }
    let total: Tally = outcomes.iter().map(|outcome| outcome.tally).sum();
    // The exit code and standard error carry the failure, so that this stays the last line of the output.
    println!("{total}");
    if total.failed > 0 {
        std::process::exit(1);
    }
    Ok(())
}

/// Old files would be tested, and pass, where new ones could not be built.
fn after_build(
    is_built: bool,
    work: impl FnOnce() -> anyhow::Result<Tally>,
) -> anyhow::Result<Tally> {
    if !is_built {
        bail!("not run, because the build failed");
    }
    work()
}

/// Some tests start real Alembic and the native program; both are made before, and named.
fn cargo_test(all: bool) -> anyhow::Result<Tally> {
    let alembic = python::alembic()?;
    let ambix = native_program()?;
    let mut cargo = process::command("cargo");
    cargo.args(["test", "--no-fail-fast"]);
    cargo.env("AMBIX_ALEMBIC", alembic).env("AMBIX_BIN", ambix);
    at_length(&mut cargo, all);
    tally::of(&mut cargo)
}

/// What others have published, read and run. Without a network it is not tested, which is an error at full length.
fn histories(all: bool) -> anyhow::Result<Tally> {
    let alembic = python::alembic()?;
    let packages = match histories::packages(&alembic) {
        Err(error) if !all => {
            println!("published histories are not tested: {error}");
            return Ok(Tally::default());
        }
        packages => packages?,
    };
    let ambix = native_program()?;
    let mut cargo = process::command("cargo");
    cargo.args(["test", "--no-fail-fast", "--package", "ambix-tests", "--test", "histories"]);
    cargo.args(["--", "--nocapture"]);
    cargo.env("AMBIX_ALEMBIC", alembic).env("AMBIX_BIN", ambix).env("AMBIX_HISTORIES", packages);
    at_length(&mut cargo, all);
    tally::of(&mut cargo)
}

/// Builds `ambix` and gives its path.
fn native_program() -> anyhow::Result<PathBuf> {
    process::step("cargo build ambix-cli");
    process::run(process::command("cargo").args(["build", "--package", "ambix-cli"]))?;
    let metadata = MetadataCommand::new().no_deps().exec().context("cannot read the workspace")?;
    let name = format!("ambix{}", std::env::consts::EXE_SUFFIX);
    Ok(metadata.target_directory.join("debug").join(name).into())
}

fn core_without_std() -> anyhow::Result<Tally> {
    let road = Road::choose()?;
    process::run(&mut toolchain::build_without_std(road, "ambix-core")?)?;
    Ok(Tally::PASSED)
}

/// The npm package as an app sees it, and what else runs in Node alone.
fn node(all: bool) -> anyhow::Result<Tally> {
    let mut files = test_files("pkg/test")?;
    files.extend(test_files("tests/node")?);
    npm::install("tests")?;
    node_tests(&files, all, |_| {})
}

/// The npm package in Cloudflare's runtime.
fn edge(all: bool) -> anyhow::Result<Tally> {
    npm::install("tests")?;
    let mut workerd = process::command("node");
    workerd.args(["--input-type=module", "--eval", WORKERD_VERSION]).current_dir("tests");
    let version = process::output(&mut workerd).context(
        "the edge tests need workerd, which `npm ci` in tests/ installs as a program for Linux with glibc, \
         macOS and Windows on x64 and arm64 (not Windows on arm64); here it does not start",
    )?;
    process::step(version.trim());
    node_tests(&test_files("tests/edge")?, all, |_| {})
}

/// A script that starts the workerd which miniflare would start.
const WORKERD_VERSION: &str = "\
import { execFileSync } from 'node:child_process';
import workerd from 'workerd';
execFileSync(workerd.default ?? workerd, ['--version'], { stdio: 'inherit' });";

/// The page as a person sees it, in Debian's Chromium.
fn browser(all: bool) -> anyhow::Result<Tally> {
    let files = test_files("tests/browser")?;
    if files.is_empty() {
        return node_tests(&files, all, |_| {});
    }
    npm::install("tests")?;
    let chromium = chromium()?;
    let running = serve::start(Path::new(site::DIST), 0)?;
    process::step(format_args!("{} on {}", chromium.display(), running.address));
    node_tests(&files, all, |node| {
        node.env("CHROMIUM", &chromium).env("AMBIX_URL", &running.address);
    })
}

/// `node --test` over the files, one at a time: they share two processors, and some watch the clock.
fn node_tests(
    files: &[PathBuf],
    all: bool,
    prepare: impl FnOnce(&mut std::process::Command),
) -> anyhow::Result<Tally> {
    if files.is_empty() {
        println!("there are no tests of this kind yet");
        return Ok(Tally::default());
    }
    let mut node = process::command("node");
    node.args(["--test", "--test-concurrency=1", "--test-reporter=spec"]);
    if !all {
        node.arg(format!("--test-timeout={}", LONGEST_FILE.as_millis()));
    }
    node.args(files);
    at_length(&mut node, all);
    prepare(&mut node);
    tally::of(&mut node)
}

/// Long tests take a sample unless this is set; they read it themselves.
fn at_length(command: &mut std::process::Command, all: bool) {
    if all {
        command.env("AMBIX_TEST_ALL", "1");
    } else {
        command.env_remove("AMBIX_TEST_ALL");
    }
}

/// The `*.test.mjs` of a folder. A folder that does not exist has none.
fn test_files(folder: &str) -> anyhow::Result<Vec<PathBuf>> {
    let folder = Path::new(folder);
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let mut files = Vec::new();
    for entry in folder.read_dir().with_context(|| format!("cannot read {}", folder.display()))? {
        let path = entry?.path();
        if path.to_string_lossy().ends_with(".test.mjs") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// The one that `CHROMIUM` names, or Debian's.
fn chromium() -> anyhow::Result<PathBuf> {
    if let Some(named) = std::env::var_os("CHROMIUM") {
        return Ok(named.into());
    }
    let debian = PathBuf::from("/usr/bin/chromium");
    if !debian.exists() {
        apt::ensure(&["chromium"], "testing the page")
            .context("or name a Chromium with CHROMIUM=/path/to/it")?;
    }
    Ok(debian)
}
