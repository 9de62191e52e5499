//! An Alembic project in a folder of its own, and what the programs do in it.

use rusqlite::Connection;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};

/// The name of the folder that `init` is told.
const SCRIPTS: &str = "migrations";

/// The folder goes when this goes.
pub(crate) struct Project {
    pub(crate) folder: PathBuf,
}

/// What a program printed, and how it ended.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Project {
    /// Made by the program's own `init`, for the database `app.db`. `name` is the test's.
    pub(crate) fn made_by(program: &Path, name: &str) -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let nth = COUNT.fetch_add(1, Ordering::Relaxed);
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
            .join(format!("{name}-{}-{nth}", std::process::id()));
        // A run that was interrupted may have had the same number.
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        let project = Self { folder };
        let is_alembic = program.file_stem().is_some_and(|name| name == "alembic");
        let template = if is_alembic { "generic" } else { "alembic" };
        project.runs(program, &["init", "--template", template, SCRIPTS]);
        project.edit("alembic.ini", |line| {
            line.starts_with("sqlalchemy.url").then(|| "sqlalchemy.url = sqlite:///app.db".into())
        });
        project
    }

    /// Gives the environment script these models.
    pub(crate) fn has_models(&self, models: &str) {
        fs::write(self.folder.join("models.py"), models).unwrap();
        self.edit("migrations/env.py", |line| {
            (line == "target_metadata = None")
                .then(|| "from models import Base\n\ntarget_metadata = Base.metadata".into())
        });
    }

    /// Replaces the lines for which `change` gives something. There must be one.
    fn edit(&self, file: &str, change: impl Fn(&str) -> Option<String>) {
        let path = self.folder.join(file);
        let before = fs::read_to_string(&path).unwrap();
        assert!(before.lines().any(|line| change(line).is_some()), "{file}:\n{before}");
        let lines = before.lines().map(|line| change(line).unwrap_or(line.into()) + "\n");
        fs::write(&path, lines.collect::<String>()).unwrap();
    }

    pub(crate) fn write_revision(&self, file: &str, text: &str) {
        fs::write(self.folder.join(SCRIPTS).join("versions").join(file), text).unwrap();
    }

    /// The paths of the revision files, sorted.
    pub(crate) fn revisions(&self) -> Vec<PathBuf> {
        let entries = fs::read_dir(self.folder.join(SCRIPTS).join("versions")).unwrap();
        let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
        paths.retain(|path| path.extension().is_some_and(|extension| extension == "py"));
        paths.sort();
        paths
    }

    /// A command to be started in the project.
    pub(crate) fn command(&self, program: &Path, words: &[&str]) -> Command {
        let mut command = Command::new(program);
        command.args(words).current_dir(&self.folder).stdin(Stdio::null());
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command.env("PYTHONDONTWRITEBYTECODE", "1").env("NO_COLOR", "1");
        command
    }

    /// Runs to the end, well or not.
    pub(crate) fn tries(&self, program: &Path, words: &[&str]) -> Ran {
        Ran::from(self.command(program, words).output().unwrap())
    }

    /// Runs and must end well. Gives standard output.
    pub(crate) fn runs(&self, program: &Path, words: &[&str]) -> String {
        let ran = self.tries(program, words);
        assert_eq!(ran.code, Some(0), "{} {words:?}: {ran:#?}", program.display());
        ran.stdout
    }

    /// The database, as any program opens it.
    pub(crate) fn database(&self) -> Connection {
        Connection::open(self.folder.join("app.db")).unwrap()
    }

    pub(crate) fn has_database(&self) -> bool {
        self.folder.join("app.db").exists()
    }

    /// Takes the database and everything beside it away.
    pub(crate) fn forget_database(&self) {
        for entry in fs::read_dir(&self.folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            if name.starts_with("app.db") && path.is_file() {
                fs::remove_file(path).unwrap();
            }
        }
    }
}

impl From<std::process::Output> for Ran {
    fn from(output: std::process::Output) -> Self {
        Self {
            code: output.status.code(),
            stdout: String::from_utf8_lossy(&output.stdout).into(),
            stderr: String::from_utf8_lossy(&output.stderr).into(),
        }
    }
}

impl Drop for Project {
    fn drop(&mut self) {
        // What a failed test leaves is worth looking at.
        if !std::thread::panicking() {
            let _ = fs::remove_dir_all(&self.folder);
        }
    }
}

/// The rows of the version table, sorted. None where there is no such table.
pub(crate) fn versions(database: &Connection) -> Vec<String> {
    texts(database, "SELECT version_num FROM alembic_version ORDER BY 1").unwrap_or_default()
}

/// The first column of all rows.
pub(crate) fn texts(database: &Connection, select: &str) -> rusqlite::Result<Vec<String>> {
    let mut select = database.prepare(select)?;
    let rows = select.query_map([], |row| row.get(0))?;
    rows.collect()
}
