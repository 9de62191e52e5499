//! `cargo xtask`: builds, serves and checks Ambix on a machine that has only Rust, Node and git.
//!
//! One file a command ([`build`], [`serve`], [`test`], [`bench`], [`fuzz`], [`tidy`], [`sizes`]), and one for each thing they share.
//! Every path is relative to the root of the repository, which is made the current folder first.

mod apt;
mod arguments;
mod bench;
mod build;
mod fingerprint;
mod fuzz;
mod histories;
mod minify;
mod npm;
mod process;
mod python;
mod serve;
mod site;
mod sizes;
mod test;
mod tidy;
mod toolchain;
mod wasm;

use std::path::Path;
use std::process::ExitCode;

use anyhow::Context as _;
use arguments::Command;

fn main() -> ExitCode {
    let command = match arguments::parse(lexopt::Parser::from_env()) {
        Ok(command) => command,
        Err(error) => {
            eprintln!("error: {error}\n\n{}", arguments::USAGE);
            return ExitCode::from(2);
        }
    };
    match enter_root().and_then(|()| run(command)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> anyhow::Result<()> {
    match command {
        Command::Help => {
            println!("{}", arguments::USAGE);
            Ok(())
        }
        Command::Build => build::run(),
        Command::Measure(road) => build::measure(road),
        Command::Serve { port } => serve::run(port),
        Command::Test { only, all } => test::run(only, all),
        Command::Bench(bench) => bench::run(bench),
        Command::Fuzz { minutes } => fuzz::run(minutes),
        Command::Tidy => tidy::run(),
        Command::Sizes => sizes::run(),
    }
}

/// Cargo tells where the crate is; asking at run time keeps the path of a machine out of the program.
fn enter_root() -> anyhow::Result<()> {
    let crate_folder =
        std::env::var_os("CARGO_MANIFEST_DIR").context("start this as `cargo xtask`")?;
    let root = Path::new(&crate_folder).join("../..");
    std::env::set_current_dir(&root).with_context(|| format!("cannot enter {}", root.display()))
}
