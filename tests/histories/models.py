"""Compares the models of published applications with what SQLAlchemy makes of them.

    python models.py WHEELS CREATE_ALL [NAME…]

WHEELS is a folder with the wheels of `APPLICATIONS` unpacked, each in a folder of its own; CREATE_ALL the program
of `cargo build -p ambix-python --example create_all`. The Python that runs this needs SQLAlchemy 2.1, Pydantic,
SQLAlchemy-Utils, gpuhunt (dstack) and what mlflow-skinny depends on; other modules are stood in for by empty ones.
Prints per application how many tables and indexes are the same, and what differs.
"""

import importlib
import importlib.abc
import importlib.machinery
import json
import pathlib
import re
import sqlite3
import subprocess
import sys
import types

# Folder, base, packages whose `__init__` is not run, files with models, whether missing modules are stood in for.
APPLICATIONS = {
    "dstack": ("dstack", "dstack._internal.server.models.BaseModel", [], ["dstack/_internal/server/models.py"], True),
    "aim": (
        "aim",
        "aim.storage.structured.sql_engine.models.Base",
        ["aim", "aim.storage", "aim.storage.structured", "aim.storage.structured.sql_engine"],
        ["aim/storage/structured/sql_engine/models.py"],
        True,
    ),
    "mlflow": (
        "mlflow_skinny",
        "mlflow.store.db.base_sql_model.Base",
        [],
        [f"mlflow/store/{part}/dbmodels/models.py" for part in ("tracking", "model_registry", "workspace")],
        False,
    ),
}


class Anything(type):
    """Stands for every class and function of a module that is not there."""

    def __getattr__(cls, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return anything(name)

    def __call__(cls, *given, **keywords):
        if len(given) == 1 and callable(given[0]) and not keywords:
            return given[0]
        return anything("result")

    def __getitem__(cls, key):
        return cls

    def __or__(cls, other):
        return cls

    __ror__ = __or__

    def __iter__(cls):
        return iter(())

    def __mro_entries__(cls, bases):
        return ()


def anything(name):
    return type.__new__(Anything, name, (Exception,), {})


class Absent(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds a module for every name."""

    def __init__(self, own):
        self.own = own

    def find_spec(self, name, path, target=None):
        first = name.split(".")[0]
        if first == self.own or first in sys.stdlib_module_names:
            return None
        return importlib.machinery.ModuleSpec(name, self, is_package=True)

    def create_module(self, spec):
        module = types.ModuleType(spec.name)
        module.__path__ = []

        def attribute(name):
            if name.startswith("__"):
                raise AttributeError(name)
            return anything(name)

        module.__getattr__ = attribute
        return module

    def exec_module(self, module):
        pass


def normalised(sql):
    sql = re.sub(r"\s+", " ", sql.strip()).replace('"', "")
    table = re.match(r"(CREATE TABLE \S+) \((.*)\)(.*)$", sql)
    if not table:
        return [sql]
    parts, depth, quoted = [""], 0, False
    for letter in table[2]:
        quoted ^= letter == "'"
        depth += (letter == "(") - (letter == ")") if not quoted else 0
        if letter == "," and not depth and not quoted:
            parts.append("")
        else:
            parts[-1] += letter
    parts = [part.strip() for part in parts]
    is_constraint = re.compile("CONSTRAINT|PRIMARY KEY|FOREIGN|UNIQUE|CHECK").match
    columns = [part for part in parts if not is_constraint(part)]
    return [table[1], *columns, *sorted(part for part in parts if is_constraint(part)), table[3]]


def made(statements):
    database = sqlite3.connect(":memory:")
    for statement in statements:
        try:
            database.execute(statement)
        except sqlite3.Error as error:
            print("  SQLite refuses", " ".join(statement.split())[:70], error)
    rows = database.execute("SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL")
    return {(kind, name): normalised(sql) for kind, name, sql in rows}


def wanted(wheels, name):
    from sqlalchemy.dialects import sqlite
    from sqlalchemy.schema import CreateIndex, CreateTable

    folder, base, bare, files, stands_in = APPLICATIONS[name]
    root = wheels / folder
    sys.path.insert(0, str(root))
    if stands_in:
        sys.meta_path.append(Absent(base.split(".")[0]))
    for package in bare:
        module = types.ModuleType(package)
        module.__path__ = [str(root / package.replace(".", "/"))]
        sys.modules[package] = module
    for file in files:
        importlib.import_module(file.removesuffix(".py").replace("/", "."))
    module, _, attribute = base.rpartition(".")
    metadata = getattr(importlib.import_module(module), attribute).metadata
    dialect = sqlite.dialect()
    for table in metadata.sorted_tables:
        yield str(CreateTable(table).compile(dialect=dialect))
        yield from (str(CreateIndex(index).compile(dialect=dialect)) for index in table.indexes)


def compare(wheels, program, name):
    folder, base, _, files, _ = APPLICATIONS[name]
    run = subprocess.run([program, str(wheels / folder), base, *files], capture_output=True, text=True, check=True)
    told = [line for line in run.stdout.splitlines() if line.startswith("--")]
    text = "\n".join(line for line in run.stdout.splitlines() if not line.startswith("--"))
    ours = made(statement for statement in text.split(";\n") if statement.strip())
    theirs = made(wanted(wheels, name))
    same = sum(ours.get(key) == value for key, value in theirs.items())
    print(f"{name}: {same} of {len(theirs)} tables and indexes are the same")
    for line in told:
        print("  " + line)
    for key in sorted(theirs.keys() | ours.keys()):
        if ours.get(key) != theirs.get(key):
            print(" ", *key, json.dumps({"SQLAlchemy": theirs.get(key), "Ambix": ours.get(key)}))


if __name__ == "__main__":
    wheels, program, *names = sys.argv[1:]
    if len(names) == 1:
        compare(pathlib.Path(wheels), program, names[0])
    else:
        for name in names or APPLICATIONS:
            subprocess.run([sys.executable, __file__, wheels, program, name], check=False)
