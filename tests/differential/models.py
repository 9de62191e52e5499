"""Makes the tables of models: a JSON list of the texts of modules in, a list of what `create_all` executes out."""

import json
import sys
import types
import warnings

import sqlalchemy

warnings.simplefilter("ignore")


def made(number, text):
    module = types.ModuleType(f"models_{number}")
    sys.modules[module.__name__] = module
    statements = []
    engine = sqlalchemy.create_mock_engine(
        "sqlite://",
        lambda sql, *_, **__: statements.append(str(sql.compile(dialect=engine.dialect)).strip()),
    )
    try:
        exec(compile(text, module.__name__, "exec"), module.__dict__)
        module.metadata.create_all(engine, checkfirst=False)
    except Exception as error:
        return {"statements": [], "error": f"{type(error).__name__}: {error}"}
    finally:
        del sys.modules[module.__name__]
    return {"statements": statements, "error": None}


json.dump([made(number, text) for number, text in enumerate(json.load(sys.stdin))], sys.stdout)
