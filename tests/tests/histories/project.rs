//! A project with the scripts of a history, which both programs run.

use crate::Surroundings;
use crate::history::History;
use rusqlite::Connection;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The folder stays until the next run: what a failed test leaves is worth looking at.
pub(crate) struct Project {
    pub(crate) folder: PathBuf,
}

impl Project {
    /// `purpose` makes the folder's name one of its own.
    pub(crate) fn of(history: &History, surroundings: &Surroundings, purpose: &str) -> Self {
        let name = history.name.replace(", ", "-");
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("histories").join(name);
        let folder = folder.join(purpose);
        let _ = fs::remove_dir_all(&folder);
        let from = history.package_in(&surroundings.packages).join(&history.scripts);
        for file in history.files(&surroundings.packages) {
            let to = folder.join("migrations/versions").join(&file);
            fs::create_dir_all(to.parent().unwrap()).unwrap();
            fs::copy(from.join(file), to).unwrap();
        }
        fs::write(folder.join("alembic.ini"), configuration(history)).unwrap();
        fs::write(folder.join("migrations/env.py"), environment(history)).unwrap();
        Self { folder }
    }

    /// A command to be started in the project.
    pub(crate) fn command(&self, program: &Path, words: &[&str]) -> Command {
        let mut command = Command::new(program);
        command.args(words).current_dir(&self.folder).stdin(Stdio::null());
        command.env("PYTHONDONTWRITEBYTECODE", "1").env("NO_COLOR", "1");
        command
    }

    /// Runs a program to its end.
    ///
    /// # Errors
    /// What it says, if it does not end well.
    pub(crate) fn runs(&self, program: &Path, words: &[&str]) -> Result<(), String> {
        let output = self.command(program, words).output().unwrap();
        if output.status.success() {
            return Ok(());
        }
        // Alembic and Ambix say on standard output what failed.
        let said = [&output.stdout, &output.stderr].map(|said| String::from_utf8_lossy(said));
        Err(said.concat())
    }

    /// The database, as any program opens it.
    pub(crate) fn database(&self) -> Connection {
        Connection::open(self.folder.join("app.db")).unwrap()
    }

    /// Puts a copy of a database in the place of the project's.
    pub(crate) fn has_database(&self, database: &Path) {
        for entry in fs::read_dir(&self.folder).unwrap() {
            let path = entry.unwrap().path();
            if path.file_name().unwrap_or_default().to_string_lossy().starts_with("app.db") {
                fs::remove_file(path).unwrap();
            }
        }
        fs::copy(database, self.folder.join("app.db")).unwrap();
    }
}

fn configuration(history: &History) -> String {
    let recursive = if history.recursive { "recursive_version_locations = true\n" } else { "" };
    format!(
        "[alembic]\nscript_location = %(here)s/migrations\nsqlalchemy.url = sqlite:///app.db\n\
         path_separator = os\n{recursive}"
    )
}

/// No more than what the application's own says of names: the rest of it is about its settings.
fn environment(history: &History) -> String {
    let convention = serde_json::to_string(&history.convention).unwrap();
    let source = match &history.convention_of {
        Some(file) => format!("# As {file} has it.\n"),
        None => String::new(),
    };
    format!(
        r#"from alembic import context
from sqlalchemy import MetaData, create_engine, pool

{source}target_metadata = MetaData(naming_convention={convention})


def run_migrations_online():
    engine = create_engine(context.config.get_main_option("sqlalchemy.url"), poolclass=pool.NullPool)
    with engine.connect() as connection:
        context.configure(connection=connection, target_metadata=target_metadata, render_as_batch=True)
        with context.begin_transaction():
            context.run_migrations()


run_migrations_online()
"#
    )
}
