"""Real Alembic, asked about many projects in one process.

Each line of standard input is a case as JSON, each line of standard output its answer:

    {"revisions": [{"revision", "down_revision": [ids], "branch_labels": [..], "depends_on": [..], "message"}],
     "preparation": [[words], ..], "current": [rows] or null, "words": [words]}

    {"current": [rows before], "after": [rows], "lines": [..], "running": [..],
     "error": text or null, "error_kind": null | "command" | "usage" | "traceback", "warnings": [..]}

`words` are what is typed after `alembic`. Without `current` the rows of the version table are what the
commands of `preparation` leave, each of which may fail. The project lies in `/project` as far as the answer
tells, its database is empty but for the version table.

What Alembic lets depend on the order of a set differs between processes: start several with different
PYTHONHASHSEED, and the same number as the first argument, which moves objects about in memory too.
"""

import io
import json
import logging
import pathlib
import random
import shutil
import sys
import tempfile
import warnings

import sqlalchemy as sa
from alembic import util
from alembic.config import CommandLine, Config
from alembic.script import ScriptDirectory

ENV = """\
from alembic import context
context.configure(connection=context.config.attributes["connection"])
with context.begin_transaction():
    context.run_migrations()
"""

VERSION_TABLE = """\
CREATE TABLE alembic_version (
    version_num VARCHAR(32) NOT NULL,
    CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
)
"""

SCRIPT = '''\
"""{message}"""
revision = {revision!r}
down_revision = {down_revision!r}
branch_labels = {branch_labels!r}
depends_on = {depends_on!r}


def upgrade():
    pass


def downgrade():
    pass
'''


# As on the command line. Making it takes longer than a case does.
PARSER = CommandLine("alembic").parser


class Running(logging.Handler):
    """Keeps the log lines about revisions that run."""

    def __init__(self):
        super().__init__()
        self.lines = []

    def emit(self, record):
        line = record.getMessage()
        if line.startswith("Running "):
            self.lines.append(line)


def scalar_or_tuple(names):
    if len(names) > 1:
        return tuple(names)
    return names[0] if names else None


def write_project(folder, revisions):
    versions = folder / "versions"
    versions.mkdir()
    (folder / "env.py").write_text(ENV)
    (folder / "script.py.mako").write_text("")
    for nth, revision in enumerate(revisions):
        text = SCRIPT.format(
            message=revision["message"],
            revision=revision["revision"],
            down_revision=scalar_or_tuple(revision["down_revision"]),
            branch_labels=scalar_or_tuple(revision["branch_labels"]),
            depends_on=scalar_or_tuple(revision["depends_on"]),
        )
        (versions / f"r{nth:03}.py").write_text(text)


class Project:
    """A script directory, loaded once, and as many databases as are asked for."""

    def __init__(self, folder):
        self.folder = str(folder)
        config = self.config(io.StringIO(), None, None)
        self.scripts = ScriptDirectory(self.folder, messaging_opts=config.messaging_opts)

    def config(self, stdout, connection, options):
        config = Config(stdout=stdout, cmd_opts=options)
        config.set_main_option("script_location", self.folder)
        config.set_main_option("path_separator", "os")
        config.attributes["connection"] = connection
        return config

    def type(self, connection, words):
        """What Alembic's own command line does with the words, without its way of ending the process."""
        stdout, stderr, running = io.StringIO(), io.StringIO(), Running()
        answer = {"error": None, "error_kind": None}
        log = logging.getLogger("alembic.runtime.migration")
        log.setLevel(logging.INFO)
        log.addHandler(running)
        real_stderr, sys.stderr = sys.stderr, stderr
        try:
            with warnings.catch_warnings(record=True) as caught:
                warnings.simplefilter("always")
                self.perform(connection, words, stdout, answer)
        finally:
            sys.stderr = real_stderr
            log.removeHandler(running)
        answer["lines"] = self.placeless(stdout.getvalue()).splitlines()
        answer["running"] = running.lines
        about = (warning for warning in caught if warning.category is UserWarning)
        answer["warnings"] = [self.placeless(str(warning.message)) for warning in about]
        return answer

    def perform(self, connection, words, stdout, answer):
        try:
            options = PARSER.parse_args(words)
            function, positional, named = options.cmd
            ScriptDirectory.from_config = lambda config: self.scripts
            arguments = [getattr(options, name) for name in positional]
            keywords = {name: getattr(options, name) for name in named}
            function(self.config(stdout, connection, options), *arguments, **keywords)
        except SystemExit:
            answer.update(error=sys.stderr.getvalue().strip(), error_kind="usage")
        except util.CommandError as error:
            answer.update(error=self.placeless(str(error)), error_kind="command")
        except Exception as error:
            text = f"{type(error).__name__}: {error}"
            answer.update(error=self.placeless(text), error_kind="traceback")
        connection.rollback()

    def placeless(self, text):
        return text.replace(self.folder, "/project")


def connected(rows):
    engine = sa.create_engine("sqlite://", poolclass=sa.pool.StaticPool)
    connection = engine.connect()
    if rows:
        connection.exec_driver_sql(VERSION_TABLE)
        for row in rows:
            connection.exec_driver_sql("INSERT INTO alembic_version VALUES (?)", (row,))
        connection.commit()
    return engine, connection


def rows_of(connection):
    try:
        select = "SELECT version_num FROM alembic_version ORDER BY rowid"
        return [row[0] for row in connection.exec_driver_sql(select)]
    except sa.exc.OperationalError:
        return []
    finally:
        connection.rollback()


def prepared(project, preparation):
    """The rows that the commands leave. What fails half-way leaves the rows as they were before it."""
    rows = []
    for words in preparation:
        engine, connection = connected(rows)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            if project.type(connection, words)["error"] is None:
                rows = rows_of(connection)
        connection.close()
        engine.dispose()
    return rows


def answer_to(case):
    folder = pathlib.Path(tempfile.mkdtemp(prefix="ambix-differential-"))
    try:
        write_project(folder, case["revisions"])
        project = Project(folder)
        current = case.get("current")
        if current is None:
            current = prepared(project, case["preparation"])
        engine, connection = connected(current)
        answer = project.type(connection, case["words"])
        answer.update(current=current, after=sorted(rows_of(connection)))
        connection.close()
        engine.dispose()
        return answer
    finally:
        shutil.rmtree(folder)


def main():
    sys.dont_write_bytecode = True
    moved = random.Random(sys.argv[1] if len(sys.argv) > 1 else 0)
    for line in sys.stdin:
        # Sets of objects are ordered by address.
        kept = [object() for _ in range(moved.randrange(500))]
        answer = answer_to(json.loads(line))
        print(json.dumps(answer), flush=True)
        del kept


main()
