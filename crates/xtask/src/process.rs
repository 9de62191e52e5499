//! Other programs: starting them, saying so, and naming them when they fail.

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};

/// Tells the person at the terminal which step has begun.
pub(crate) fn step(text: impl std::fmt::Display) {
    println!("· {text}");
}

/// A child that inherits nothing of the `cargo run` that started xtask.
///
/// Cargo sets variables about xtask's own package. Were they handed on, build scripts that watch them would
/// run again whenever cargo is called now directly and now through xtask, and a warm build would not be warm.
pub(crate) fn command(program: &str) -> Command {
    let mut command = Command::new(program);
    for (name, _) in std::env::vars_os() {
        let shown = name.to_string_lossy();
        if shown.starts_with("CARGO_PKG_")
            || shown.starts_with("CARGO_MANIFEST_")
            || shown == "CARGO"
        {
            command.env_remove(&name);
        }
    }
    command
}

/// The command as one would type it, for messages.
pub(crate) fn shown(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    let line = words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ");
    match command.get_current_dir() {
        Some(folder) => format!("{line} (in {})", folder.display()),
        None => line,
    }
}

/// Runs to the end with our terminal. An exit code other than 0 is an error that names the command.
pub(crate) fn run(command: &mut Command) -> anyhow::Result<()> {
    let status = command.status().with_context(|| format!("cannot start `{}`", shown(command)))?;
    if !status.success() {
        bail!("`{}` failed ({status})", shown(command));
    }
    Ok(())
}

/// Runs without a word; what the program printed becomes the error if it fails, and the answer if not.
pub(crate) fn output(command: &mut Command) -> anyhow::Result<String> {
    let output = command.output().with_context(|| format!("cannot start `{}`", shown(command)))?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    if !output.status.success() {
        let complaint = String::from_utf8_lossy(&output.stderr);
        bail!("`{}` failed ({})\n{text}{complaint}", shown(command), output.status);
    }
    Ok(text)
}

/// Whether the program ends well within the time. It is stopped when it does not: a download tool without
/// a network may otherwise try for minutes.
pub(crate) fn succeeds_within(limit: Duration, command: &mut Command) -> bool {
    let started = Instant::now();
    let Ok(mut child) =
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn()
    else {
        return false;
    };
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return status.success(),
            Ok(None) if started.elapsed() < limit => thread::sleep(Duration::from_millis(50)),
            Ok(None) | Err(_) => {
                // Failing here means that it has just ended by itself.
                let _ = child.kill();
                let _ = child.wait();
                return false;
            }
        }
    }
}

/// Runs to the end, shows each line of its standard output and hands it to `read`. Says whether it ended well.
pub(crate) fn run_reading(
    command: &mut Command,
    mut read: impl FnMut(&str),
) -> anyhow::Result<bool> {
    let started = command.stdout(Stdio::piped()).spawn();
    let mut child = started.with_context(|| format!("cannot start `{}`", shown(command)))?;
    if let Some(stdout) = child.stdout.take() {
        for line in BufReader::new(stdout).split(b'\n') {
            let line = line?;
            let line = String::from_utf8_lossy(&line);
            println!("{line}");
            read(&line);
        }
    }
    Ok(child.wait()?.success())
}
