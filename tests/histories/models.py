"""Records the tables that SQLAlchemy makes of the models of published applications.

    python models.py PACKAGES

PACKAGES is the folder of `cargo xtask test histories`. Writes `models/NAME.sql` beside this file, which that test
compares with what Ambix reads. The Python that runs this needs SQLAlchemy 2.1, Pydantic, SQLAlchemy-Utils, gpuhunt
(dstack) and what mlflow-skinny depends on; other modules are stood in for by empty ones.
"""

import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import pathlib
import re
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
    "open-webui": (
        "open-webui",
        "open_webui.internal.db.Base",
        ["open_webui"],
        ["open_webui/models/*.py"],
        True,
    ),
    "mlflow": (
        "mlflow-skinny",
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


def wanted(packages, name):
    from sqlalchemy.dialects import sqlite
    from sqlalchemy.schema import CreateIndex, CreateTable

    folder, base, bare, files, stands_in = APPLICATIONS[name]
    root = packages / folder
    sys.path.insert(0, str(root))
    if stands_in:
        sys.meta_path.append(Absent(base.split(".")[0]))
    for package in bare:
        module = types.ModuleType(package)
        module.__path__ = [str(root / package.replace(".", "/"))]
        module.__file__ = module.__path__[0] + "/__init__.py"
        module.__spec__ = importlib.util.spec_from_file_location(package, module.__file__)
        sys.modules[package] = module
    for file in (str(path.relative_to(root)) for pattern in files for path in sorted(root.glob(pattern))):
        importlib.import_module(file.removesuffix(".py").replace("/", "."))
    module, _, attribute = base.rpartition(".")
    metadata = getattr(importlib.import_module(module), attribute).metadata
    dialect = sqlite.dialect()
    for table in metadata.sorted_tables:
        yield str(CreateTable(table).compile(dialect=dialect))
        indexes = sorted(table.indexes, key=lambda index: index.name)
        yield from (str(CreateIndex(index).compile(dialect=dialect)) for index in indexes)


def record(packages, name):
    statements = [re.sub(r"[ \t]+\n", "\n", one.strip()) + ";\n" for one in wanted(packages, name)]
    (pathlib.Path(__file__).parent / "models" / f"{name}.sql").write_text("".join(statements))


if __name__ == "__main__":
    packages, *names = sys.argv[1:]
    if len(names) == 1:
        record(pathlib.Path(packages), names[0])
    else:
        for name in APPLICATIONS:
            subprocess.run([sys.executable, __file__, packages, name], check=True)
