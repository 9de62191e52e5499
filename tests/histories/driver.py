"""Real Alembic, one revision at a time.

    python driver.py PROJECT WHEEL STATES [MODULE]

PROJECT has an `alembic.ini` whose database is `app.db`; WHEEL is the folder of the unpacked package, for what its
scripts import. The tables of MODULE's `Base` are there before the first revision: some applications have made their
first tables otherwise.

The database is kept as STATES/base.db at the beginning, and as STATES/up-<revision>.db after each revision up to the
heads. A revision that fails is only written down as if it had run, so that others can. Then each is taken back from the
state after it, which leaves STATES/down-<revision>.db. Each line of standard output is a step as JSON: `{"revision",
"before": name of the state before it, "direction": "up" | "down", "error": text or null}`.
"""

import importlib
import json
import logging
import os
import pathlib
import shutil
import sys
import warnings

import application
import sqlalchemy
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory


def main():
    project, wheel, states = (pathlib.Path(word).resolve() for word in sys.argv[1:4])
    module = sys.argv[4] if len(sys.argv) > 4 else None
    application.install(wheel)
    sys.dont_write_bytecode = True
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    os.chdir(project)
    config = Config("alembic.ini", stdout=open(os.devnull, "w"))
    scripts = ScriptDirectory.from_config(config)
    state = "base.db"
    make(states / state, module)
    ran = []
    for script in reversed(list(scripts.walk_revisions("base", "heads"))):
        after = f"up-{script.revision}.db"
        if step(script, "up", lambda: command.upgrade(config, script.revision), states / state, states / after):
            ran.append(script)
        else:
            shutil.copyfile(states / state, "app.db")
            command.stamp(config, script.revision)
            shutil.copyfile("app.db", states / after)
        state = after
    for script in ran:
        state = states / f"up-{script.revision}.db"
        step(script, "down", lambda: command.downgrade(config, "-1"), state, states / f"down-{script.revision}.db")


def make(state, module):
    engine = sqlalchemy.create_engine(f"sqlite:///{state}")
    with engine.begin() as connection:
        connection.exec_driver_sql("VACUUM")
        if module is not None:
            importlib.import_module(module).Base.metadata.create_all(connection)
    engine.dispose()


def step(script, direction, run, before, after):
    """Whether it went well."""
    shutil.copyfile(before, "app.db")
    error, stdout = None, sys.stdout
    try:
        # Scripts print.
        sys.stdout = sys.stderr
        run()
        shutil.copyfile("app.db", after)
    except (Exception, SystemExit) as failure:
        error = f"{type(failure).__name__}: {failure}".split("\n")[0]
    finally:
        sys.stdout = stdout
    print(json.dumps({"revision": script.revision, "before": before.name, "direction": direction, "error": error}), flush=True)
    return error is None


main()
