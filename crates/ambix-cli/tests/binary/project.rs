//! An Alembic project in a temporary folder, and somebody who types the binary's name in it.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

const INI: &str = "\
[alembic]
script_location = %(here)s/alembic
prepend_sys_path = .
sqlalchemy.url = sqlite:///app.db

[loggers]
keys = root,alembic

[handlers]
keys = console

[formatters]
keys = generic

[logger_root]
level = WARNING
handlers = console
qualname =

[logger_alembic]
level = INFO
handlers =
qualname = alembic

[handler_console]
class = StreamHandler
args = (sys.stderr,)
level = NOTSET
formatter = generic

[formatter_generic]
format = %(levelname)-5.5s [%(name)s] %(message)s
";

const ENV: &str = "\
from logging.config import fileConfig

from alembic import context
from sqlalchemy import engine_from_config, pool

from models import Base

config = context.config
fileConfig(config.config_file_name)
target_metadata = Base.metadata


def run_migrations_online() -> None:
    section = config.get_section(config.config_ini_section, {})
    connectable = engine_from_config(section, prefix=\"sqlalchemy.\", poolclass=pool.NullPool)
    with connectable.connect() as connection:
        context.configure(connection=connection, target_metadata=target_metadata)
        with context.begin_transaction():
            context.run_migrations()


run_migrations_online()
";

const MAKO: &str = "\
\"\"\"${message}

Revision ID: ${up_revision}
Revises: ${down_revision | comma,n}
Create Date: ${create_date}

\"\"\"
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa
${imports if imports else \"\"}

# revision identifiers, used by Alembic.
revision: str = ${repr(up_revision)}
down_revision: Union[str, Sequence[str], None] = ${repr(down_revision)}
branch_labels: Union[str, Sequence[str], None] = ${repr(branch_labels)}
depends_on: Union[str, Sequence[str], None] = ${repr(depends_on)}


def upgrade() -> None:
    \"\"\"Upgrade schema.\"\"\"
    ${upgrades if upgrades else \"pass\"}


def downgrade() -> None:
    \"\"\"Downgrade schema.\"\"\"
    ${downgrades if downgrades else \"pass\"}
";

const MODELS: &str = "\
from sqlalchemy import Column, Integer, String, Unicode
from sqlalchemy.orm import DeclarativeBase


class Base(DeclarativeBase):
    pass


class Account(Base):
    __tablename__ = \"account\"

    id = Column(Integer, primary_key=True)
    name = Column(String(50), nullable=False)
    description = Column(Unicode(200))
";

/// A project.
pub(crate) struct Project {
    kept: tempfile::TempDir,
}

/// What the binary answered.
#[derive(Debug)]
pub(crate) struct Answered {
    pub(crate) out: String,
    pub(crate) error: String,
    pub(crate) exit_code: Option<i32>,
}

impl Project {
    /// A project without revisions.
    pub(crate) fn new() -> Self {
        let project = Self { kept: tempfile::tempdir().unwrap() };
        fs::create_dir_all(project.path("alembic/versions")).unwrap();
        for (path, text) in [
            ("alembic.ini", INI),
            ("alembic/env.py", ENV),
            ("alembic/script.py.mako", MAKO),
            ("models.py", MODELS),
        ] {
            fs::write(project.path(path), text).unwrap();
        }
        project
    }

    /// A project with so many revisions, each of which makes a table: `r0001`, `r0002` …
    pub(crate) fn with_tables(count: usize) -> Self {
        let project = Self::new();
        for number in 1..=count {
            let parent = (number > 1).then(|| format!("r{:04}", number - 1));
            project.revision(
                &format!("r{number:04}"),
                parent.as_deref(),
                &format!("op.create_table(\"t{number}\", sa.Column(\"id\", sa.Integer(), primary_key=True))"),
                &format!("op.drop_table(\"t{number}\")"),
            );
        }
        project
    }

    /// Adds a revision.
    pub(crate) fn revision(&self, id: &str, parent: Option<&str>, upgrade: &str, downgrade: &str) {
        let parent = parent.map_or("None".into(), |parent| format!("'{parent}'"));
        let text = format!(
            "\"\"\"the revision {id}\"\"\"\nfrom alembic import op\nimport sqlalchemy as sa\n\n\
             revision = '{id}'\ndown_revision = {parent}\nbranch_labels = None\ndepends_on = None\n\n\n\
             def upgrade():\n    {upgrade}\n\n\ndef downgrade():\n    {downgrade}\n"
        );
        fs::write(self.path(&format!("alembic/versions/{id}.py")), text).unwrap();
    }

    /// The path of a file in it.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.kept.path().join(name)
    }

    /// The binary, ready to run here, with nothing of the tester's own settings.
    pub(crate) fn command(&self, words: &[&str]) -> Command {
        self.command_named(env!("CARGO_BIN_EXE_ambix").as_ref(), words)
    }

    /// The same, by another path.
    pub(crate) fn command_named(&self, program: &std::path::Path, words: &[&str]) -> Command {
        let mut command = Command::new(program);
        command.args(words).current_dir(self.kept.path()).stdin(Stdio::null());
        for name in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "ALEMBIC_CONFIG", "AMBIX_URL"] {
            command.env_remove(name);
        }
        command
    }

    /// Types a line of words.
    pub(crate) fn types(&self, line: &str) -> Answered {
        let words: Vec<&str> = line.split(' ').collect();
        answered(&mut self.command(&words))
    }

    /// Types a line that must work, and gives its standard output.
    pub(crate) fn types_well(&self, line: &str) -> String {
        let answered = self.types(line);
        assert_eq!(answered.exit_code, Some(0), "{line}: {answered:?}");
        answered.out
    }

    /// The one number that a query of the database gives.
    pub(crate) fn number(&self, sql: &str) -> i64 {
        let database = rusqlite::Connection::open(self.path("app.db")).unwrap();
        database.query_row(sql, [], |row| row.get(0)).unwrap()
    }

    /// The names of the files in the folder that begin so.
    pub(crate) fn files(&self, beginning: &str) -> Vec<String> {
        let entries = fs::read_dir(self.kept.path()).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<String> = names.filter(|name| name.starts_with(beginning)).collect();
        names.sort();
        names
    }
}

/// Runs a command to its end.
pub(crate) fn answered(command: &mut Command) -> Answered {
    let output = command.output().unwrap();
    Answered {
        out: String::from_utf8(output.stdout).unwrap(),
        error: String::from_utf8(output.stderr).unwrap(),
        exit_code: output.status.code(),
    }
}
