//! The compilers that can build for the browser, and the choice between them.
//!
//! rustup ships a standard library for wasm32, but its server cannot be reached from every machine. Debian
//! ships a compiler together with the sources of its standard library, which is then built with our crates.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::Context as _;

use crate::{apt, process};

const TARGET: &str = "wasm32-unknown-unknown";

/// A target that has `core` and `alloc` and nothing else, for the proof that a crate needs nothing else.
const TARGET_WITHOUT_STD: &str = "wasm32v1-none";

/// Debian's newest Rust is packaged for building browsers, hence the names. No versions: updates move them.
const DEBIAN_PACKAGES: [&str; 4] = ["rustc-web", "cargo-web", "rust-web-src", "rust-web-llvm"];

/// The linker of Debian's Rust: a link to an lld with a version in its name.
const DEBIAN_LINKER: &str = "/usr/bin/rust-lld";

/// How long rustup may take: 20 MB over a slow line, but no endless wait on a machine without one.
const DOWNLOAD: Duration = Duration::from_secs(60);

/// A way from our sources to WebAssembly.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Road {
    /// The default toolchain, with a standard library that came compiled.
    Rustup,
    /// Debian's toolchain. The standard library is built here, so it is built small and without panic messages.
    Debian,
    /// Debian's toolchain with the standard library as rustup compiles it: stands for [`Road::Rustup`] where
    /// that cannot be had, so that sizes can be compared.
    Plain,
}

impl Road {
    /// Takes what is installed first, and downloads only when nothing is. Says what was chosen in one line.
    pub(crate) fn choose() -> anyhow::Result<Self> {
        let road = if has_target(TARGET) {
            Self::Rustup
        } else if has_debian() {
            Self::Debian
        } else if add_target(TARGET) {
            Self::Rustup
        } else {
            ensure_debian("building for the browser")
                .context("`rustup target add wasm32-unknown-unknown` does not work here")?;
            Self::Debian
        };
        process::step(format_args!("toolchain: {}", road.description()));
        Ok(road)
    }

    /// Makes sure that this road, which somebody asked for by name, is there.
    pub(crate) fn ensure(self) -> anyhow::Result<()> {
        process::step(format_args!("toolchain: {}", self.description()));
        match self {
            Self::Rustup => Ok(()),
            Self::Debian | Self::Plain => ensure_debian("this build"),
        }
    }

    fn description(self) -> &'static str {
        match self {
            Self::Rustup => "rustup's, with its wasm32 standard library",
            Self::Debian => "Debian's rustc-web, building a small standard library from source",
            Self::Plain => "Debian's rustc-web, building the standard library as rustup has it",
        }
    }

    /// Each road has a target folder: two compilers in one would throw away each other's work.
    pub(crate) fn folder(self) -> PathBuf {
        Path::new("target/wasm").join(match self {
            Self::Rustup => "rustup",
            Self::Debian => "debian",
            Self::Plain => "plain",
        })
    }

    /// Where cargo puts what it links with one of our profiles, `wasm` and `page`.
    pub(crate) fn linked(self, profile: &str) -> PathBuf {
        self.folder().join(TARGET).join(profile)
    }

    /// `cargo build -p package` for the browser, with one of our profiles.
    pub(crate) fn cargo_build(self, package: &str, profile: &str) -> Command {
        let mut cargo = match self {
            Self::Rustup => process::command("cargo"),
            Self::Debian | Self::Plain => debian_cargo(),
        };
        cargo.env("CARGO_TARGET_DIR", self.folder());
        cargo.args(["build", "--package", package, "--profile", profile, "--target", TARGET]);
        // A loop in place of sixty-four rounds written out: we hash a script now and then.
        let rolled_sha2 = "--cfg=sha2_backend_soft=\"compact\"".into();
        let mut flags = vec![without_the_home_folder(), rolled_sha2];
        match self {
            Self::Rustup => {
                // A panic aborts, so nobody reads where it was. The flag is not stable.
                cargo.env("RUSTC_BOOTSTRAP", "1");
                flags.push("-Zlocation-detail=none".into());
            }
            Self::Debian => {
                // Panics that abort at once need no messages; there is nobody to read them in a release.
                flags.extend(["-Zunstable-options".into(), "-Cpanic=immediate-abort".into()]);
                cargo.args([
                    "-Zbuild-std=std,panic_abort",
                    "-Zbuild-std-features=optimize_for_size",
                ]);
            }
            Self::Plain => {
                cargo.arg("-Zbuild-std=std,panic_abort");
            }
        }
        // The encoded form takes paths with blanks in them, and goes before anybody's own RUSTFLAGS.
        cargo.env("CARGO_ENCODED_RUSTFLAGS", flags.join("\x1f"));
        cargo
    }
}

/// Panic messages name source files. What we publish names them by crate, not by somebody's home folder,
/// and does not change with the machine.
fn without_the_home_folder() -> String {
    let in_home = || Some(std::env::home_dir()?.join(".cargo"));
    let cargo_home =
        std::env::var_os("CARGO_HOME").map(PathBuf::from).or_else(in_home).unwrap_or_default();
    format!("--remap-path-prefix={}=crates.io", cargo_home.join("registry/src").display())
}

/// A build of `package` on a target where `std` does not exist, so that it cannot be used by accident, not
/// even by a dependency.
pub(crate) fn build_without_std(road: Road, package: &str) -> anyhow::Result<Command> {
    let has_target = || has_target(TARGET_WITHOUT_STD) || add_target(TARGET_WITHOUT_STD);
    let mut cargo = if road == Road::Rustup && has_target() {
        let mut cargo = process::command("cargo");
        cargo.args(["build", "--target", TARGET_WITHOUT_STD]);
        cargo
    } else {
        ensure_debian("the proof that the core needs no std")?;
        let mut cargo = debian_cargo();
        cargo.args(["build", "--target", TARGET, "-Zbuild-std=core,alloc"]);
        cargo
    };
    cargo.args(["--package", package]).env("CARGO_TARGET_DIR", "target/wasm/core");
    Ok(cargo)
}

fn has_debian() -> bool {
    apt::installed(&DEBIAN_PACKAGES) && Path::new(DEBIAN_LINKER).exists()
}

/// The packages do not ask for the lld that their linker is a link to: where it points to nothing, the name
/// it points to is the name of the package.
fn ensure_debian(purpose: &str) -> anyhow::Result<()> {
    apt::ensure(&DEBIAN_PACKAGES, purpose)?;
    if Path::new(DEBIAN_LINKER).exists() {
        return Ok(());
    }
    let target = std::fs::read_link(DEBIAN_LINKER)
        .with_context(|| format!("{DEBIAN_LINKER} is missing: reinstall rust-web-llvm"))?;
    let package = target.file_name().unwrap_or_default().to_string_lossy();
    apt::ensure(&[&package], purpose)
}

/// Debian's cargo with Debian's compiler. `RUSTC` must be said: cargo would take rustup's from the PATH, and
/// the versions would not match. Building std is not stable, which `RUSTC_BOOTSTRAP` permits.
fn debian_cargo() -> Command {
    let mut cargo = process::command("/usr/bin/cargo");
    cargo.env("RUSTC", "/usr/bin/rustc").env("RUSTC_BOOTSTRAP", "1");
    cargo.env_remove("RUSTUP_TOOLCHAIN");
    cargo
}

/// Whether the default compiler has a compiled standard library for the target, however it was installed.
fn has_target(target: &str) -> bool {
    let mut rustc = process::command("rustc");
    rustc.args(["--print", "target-libdir", "--target", target]);
    process::output(&mut rustc).is_ok_and(|folder| Path::new(folder.trim()).is_dir())
}

fn add_target(target: &str) -> bool {
    process::step(format_args!("rustup target add {target}"));
    let mut rustup = process::command("rustup");
    rustup.args(["target", "add", target]).env("RUSTUP_MAX_RETRIES", "0");
    process::succeeds_within(DOWNLOAD, &mut rustup)
}
