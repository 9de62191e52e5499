"""Compares models with a database: a JSON list of [models of the database, models, options of `configure`] in, a list of
what creates the database and of the bodies that Alembic's autogenerate writes out."""

import json
import logging
import sys
import types
import warnings

import sqlalchemy
from alembic.autogenerate import produce_migrations, render_python_code
from alembic.migration import MigrationContext

warnings.simplefilter("ignore")
logging.disable()


def metadata(name, text):
    module = types.ModuleType(name)
    sys.modules[name] = module
    try:
        exec(compile(text, name, "exec"), module.__dict__)
        return module.metadata
    finally:
        del sys.modules[name]


def compared(before, after, options):
    engine = sqlalchemy.create_engine("sqlite://")
    options = {"target_metadata": None, **options}
    try:
        with engine.connect() as connection:
            metadata("models", before).create_all(connection)
            made = "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY rowid"
            statements = [sql for (sql,) in connection.execute(sqlalchemy.text(made))]
            wanted = metadata("models", after)
            context = MigrationContext.configure(connection, opts={**options, "target_metadata": wanted})
            script = produce_migrations(context, wanted)
            as_batch = options.get("render_as_batch", False)
            bodies = [
                render_python_code(ops, render_as_batch=as_batch, migration_context=context)
                for ops in (script.upgrade_ops, script.downgrade_ops)
            ]
    except Exception as error:
        return {"statements": [], "bodies": [], "error": f"{type(error).__name__}: {error}"}
    return {"statements": statements, "bodies": bodies, "error": None}


json.dump([compared(*case) for case in json.load(sys.stdin)], sys.stdout)
