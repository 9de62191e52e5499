//! A shell: the real program, run as a person would run it, and what it printed.

use crate::compare::{Compared, same_error};
use regex::Regex;
use std::ffi::OsStr;
use std::fs::File;
use std::io::{Read, Seek};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::LazyLock;
use std::time::{Duration, SystemTime};
use std::{env, fs};
use wait_timeout::ChildExt;

/// Longer than this takes only a program that never ends.
const LONGEST: Duration = Duration::from_secs(20);

static LOG_LINE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^(INFO |WARNI|ERROR|DEBUG|CRITI) +\[").unwrap());

/// The program under test.
pub struct Program {
    path: PathBuf,
    /// The name that it is called by.
    pub name: String,
    /// It is Alembic itself, which proves that the tests are right: a traceback is a clean error.
    pub is_alembic: bool,
}

/// What one run of a program said.
pub struct Run {
    /// The exit code.
    pub exit_code: i32,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

impl Program {
    /// The program that `AMBIX_BIN` names, otherwise the `ambix` that was built beside this test. With
    /// `AMBIX_ALLOW_TRACEBACK=1` it is Alembic itself.
    ///
    /// # Panics
    /// If it is not there, or is older than its sources: a test of yesterday's program says nothing.
    pub fn under_test() -> Self {
        let path = match env::var_os("AMBIX_BIN") {
            Some(path) => PathBuf::from(path),
            None => built(),
        };
        let path = path.canonicalize().unwrap_or_else(|_| {
            panic!("{}: no such program; build it first: cargo build -p ambix-cli", path.display())
        });
        let name = path.file_stem().and_then(OsStr::to_str).unwrap_or_default().into();
        let is_alembic = env::var("AMBIX_ALLOW_TRACEBACK").is_ok_and(|value| value == "1");
        Self { path, name, is_alembic }
    }

    /// Runs the program in a folder, with nothing to read and these additional variables.
    ///
    /// # Errors
    /// If it crashes or does not end.
    pub fn run<S: AsRef<OsStr>>(
        &self,
        folder: &Path,
        arguments: &[S],
        variables: &[(String, String)],
    ) -> Result<Run, String> {
        let (mut out, mut err) = (tempfile::tempfile().unwrap(), tempfile::tempfile().unwrap());
        let mut command = Command::new(&self.path);
        for (name, _) in env::vars_os() {
            let name_text = name.to_string_lossy();
            if name_text.starts_with("ALEMBIC") || name_text.starts_with("AMBIX") {
                command.env_remove(&name);
            }
        }
        command
            .args(arguments)
            .current_dir(folder)
            .envs([("COLUMNS", "80"), ("TZ", "UTC"), ("EDITOR", "true"), ("VISUAL", "true")])
            // These three are for Alembic: no folders of compiled files, and every warning.
            .envs([("PYTHONDONTWRITEBYTECODE", "1"), ("PYTHONIOENCODING", "utf-8")])
            .env("PYTHONWARNINGS", "default::UserWarning")
            .envs(variables.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(out.try_clone().unwrap())
            .stderr(err.try_clone().unwrap());
        let mut child = command.spawn().map_err(|error| format!("cannot be started: {error}"))?;
        let Some(status) = child.wait_timeout(LONGEST).unwrap() else {
            child.kill().unwrap();
            child.wait().unwrap();
            return Err(format!("does not end within {} s", LONGEST.as_secs()));
        };
        let run = Run {
            exit_code: status.code().unwrap_or(-1),
            out: read(&mut out),
            err: read(&mut err),
        };
        let crashed = matches!(run.exit_code, -1 | 101 | 128..=254);
        if crashed || run.err.contains("panicked at") {
            return Err(format!("crash\n{}", run.tail()));
        }
        Ok(run)
    }

    /// Whether a run ended in an error that is meant for people.
    pub fn is_clean_error(&self, run: &Run) -> bool {
        (run.exit_code == 255 && run.error().is_some())
            || (self.is_alembic && run.exit_code == 1 && run.has_traceback())
    }
}

impl Run {
    /// The text after `FAILED: `, which ends what is printed.
    pub fn error(&self) -> Option<&str> {
        let (_, text) = self.parted();
        text.map(|text| text.trim_end_matches('\n'))
    }

    /// The printed lines before the error.
    pub fn lines(&self) -> Vec<String> {
        self.parted().0.lines().map(String::from).collect()
    }

    /// The lines of the log.
    pub fn log(&self) -> Vec<String> {
        self.err.lines().filter(|line| is_log_line(line)).map(String::from).collect()
    }

    /// Whether Python has shown where it stopped.
    pub fn has_traceback(&self) -> bool {
        self.err.contains("Traceback (most recent call last):")
    }

    /// Compares the error and the exit code. `plain` takes the names of folders out of the text.
    pub fn same_error(&self, wanted: &[String], plain: impl Fn(&str) -> String) -> Compared {
        let got = self.error().map(plain);
        same_error(wanted, got.as_deref(), self.exit_code)
            .map_err(|problem| format!("{problem}\n{}", self.tail()))
    }

    /// The ends of all that was said.
    pub fn tail(&self) -> String {
        let end = |text: &str| {
            let skipped = text.chars().count().saturating_sub(600);
            text.chars().skip(skipped).collect::<String>()
        };
        format!("exit code {}\nout: {}\nerr: {}", self.exit_code, end(&self.out), end(&self.err))
    }

    fn parted(&self) -> (&str, Option<&str>) {
        const MARK: &str = "FAILED: ";
        let at = match self.out.find(&format!("\n{MARK}")) {
            _ if self.out.starts_with(MARK) => Some(0),
            Some(line_end) => Some(line_end + 1),
            None => None,
        };
        match at {
            Some(at) => (&self.out[..at], Some(&self.out[at + MARK.len()..])),
            None => (&self.out, None),
        }
    }
}

/// Whether a line of standard error is one of the log.
pub fn is_log_line(line: &str) -> bool {
    LOG_LINE.is_match(line)
}

fn read(file: &mut File) -> String {
    let mut bytes = Vec::new();
    file.rewind().unwrap();
    file.read_to_end(&mut bytes).unwrap();
    String::from_utf8_lossy(&bytes).into()
}

/// `target/PROFILE/ambix`: this test is `target/PROFILE/deps/…`.
fn built() -> PathBuf {
    let test = env::current_exe().unwrap();
    let profile = test.parent().and_then(Path::parent).unwrap();
    let path = profile.join("ambix").with_extension(env::consts::EXE_EXTENSION);
    if let Some(newer) = newer_source(&path) {
        panic!(
            "{} is older than {newer}; build it first: cargo build -p ambix-cli",
            path.display()
        );
    }
    path
}

/// A source file that has changed since the program was built; cargo notes its sources beside it.
fn newer_source(program: &Path) -> Option<String> {
    let changed = |path: &Path| fs::metadata(path).and_then(|file| file.modified()).ok();
    let built: SystemTime = changed(program)?;
    let noted = fs::read_to_string(program.with_extension("d")).ok()?;
    let (_, sources) = noted.lines().next()?.split_once(": ")?;
    // A blank inside a path is written `\ `.
    let sources = sources.replace("\\ ", "\0");
    let mut sources = sources.split(' ').map(|source| source.replace('\0', " "));
    sources.find(|source| changed(Path::new(source)).is_some_and(|time| time > built))
}
