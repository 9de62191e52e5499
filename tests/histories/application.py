"""Stands in for the modules of an application that its revision scripts import, so that real Alembic can run them
without what the application needs.

Types of columns that matter in SQLite are written out. Of other modules only what is written in them is there: text
and numbers at the top level, and the `__tablename__` of classes, read from the files of the wheel. Anything else is
a name that cannot be used: a script that needs it fails when it does.
"""

import ast
import datetime
import enum
import importlib
import importlib.abc
import importlib.machinery
import logging
import pathlib
import sys
import types

import sqlalchemy as sa
import sqlalchemy.orm
from alembic.operations import MigrateOperation, Operations
from sqlalchemy.dialects import sqlite


def decorated(kind, name):
    """A type of column that is `kind` in the database. What it is called with does not matter there."""

    def load(self, dialect):
        return dialect.type_descriptor(kind)

    def make(self, *arguments, **keywords):
        sa.types.TypeDecorator.__init__(self)

    return type(name, (sa.types.TypeDecorator,),
                {"impl": type(kind), "cache_ok": True, "load_dialect_impl": load, "__init__": make})


class AutoString(sa.types.TypeDecorator):
    """SQLModel's: VARCHAR, with a length or without."""

    impl = sa.String
    cache_ok = True


class UUIDType(sa.types.TypeDecorator):
    """sqlalchemy_utils': BINARY(16), or CHAR(32) with `binary=False`."""

    impl = sa.BINARY(16)
    cache_ok = True

    def __init__(self, binary=True, native=True):
        super().__init__()
        self.binary = binary

    def load_dialect_impl(self, dialect):
        return dialect.type_descriptor(sa.BINARY(16) if self.binary else sa.CHAR(32))


class Statuses:
    """An enumeration of mlflow's whose numbers are named by text; here the text is all there is."""

    SCHEDULED, FAILED, FINISHED, RUNNING, KILLED, READY = "SCHEDULED FAILED FINISHED RUNNING KILLED READY".split()
    to_string = staticmethod(str)


class Stages:
    """mlflow's life of a run."""

    ACTIVE, DELETED = "active", "deleted"
    view_type_to_stages = staticmethod(lambda view: ["active", "deleted"])


class Finished(enum.Enum):
    """dstack's states of a job that has come to an end."""

    TERMINATED, ABORTED, FAILED, DONE = "terminated", "aborted", "failed", "done"
    finished_statuses = classmethod(list)


class Version(tuple):
    """packaging's, of a release."""

    def __new__(cls, text):
        return super().__new__(cls, (int(part) for part in text.split(".")[:3]))


class Store:
    """zenml's store, with its secrets in the database."""

    def __init__(self, **keywords):
        self.secrets_store = types.SimpleNamespace(TYPE=importlib.import_module("zenml.enums").SecretsStoreType.SQL)


class Configuration:
    """zenml's own configuration, of somebody who has changed nothing."""

    store_configuration = None
    user_id = "1975ea83-b712-4ae1-827a-6acf527c6a30"
    analytics_opt_in = True


WRITTEN_OUT = {
    "sqlmodel.sql.sqltypes": {"AutoString": AutoString},
    "sqlmodel": {"AutoString": AutoString, "Session": sqlalchemy.orm.Session},
    "sqlalchemy_utils": {"UUIDType": UUIDType},
    "sqlalchemy_utils.types.uuid": {"UUIDType": UUIDType},
    "prefect.server.utilities.database": {
        "UUID": decorated(sa.CHAR(36), "UUID"),
        "Timestamp": decorated(sqlite.DATETIME(), "Timestamp"),
        "JSON": decorated(sqlite.JSON(), "JSON"),
        "Pydantic": decorated(sqlite.JSON(), "Pydantic"),
    },
    "dstack._internal.server.models": {
        "NaiveDateTime": decorated(sa.DateTime(), "NaiveDateTime"),
        "EncryptedString": decorated(sa.String(), "EncryptedString"),
    },
    "open_webui.internal.db": {"JSONField": decorated(sa.Text(), "JSONField")},
    "mlflow.entities": {"RunStatus": Statuses},
    "mlflow.store.tracking.dbmodels.models": {
        "SourceTypes": ["NOTEBOOK", "JOB", "LOCAL", "UNKNOWN", "PROJECT"],
    },
    "mlflow.entities.lifecycle_stage": {"LifecycleStage": Stages},
    "mlflow.entities.model_registry.model_version_status": {"ModelVersionStatus": Statuses},
    "zenml.logger": {"get_logger": logging.getLogger},
    "zenml.utils.time_utils": {"utc_now": lambda: datetime.datetime(2026, 11, 22, 8, 27, 31)},
    "packaging.version": {"Version": Version},
    "zenml.zen_stores.sql_zen_store": {"SqlZenStore": Store},
    "zenml.config.global_config": {"GlobalConfiguration": Configuration},
    "prefect.server.concurrency.lease_storage": {"get_concurrency_lease_storage": lambda: None},
    "alembic_postgresql_enum": {"TableReference": lambda *arguments, **keywords: None},
    "dstack._internal.core.models.runs": {"JobStatus": Finished},
    "dstack._internal.utils.common": {
        "get_current_datetime": lambda: datetime.datetime(2026, 11, 22, 8, 27, 31, tzinfo=datetime.timezone.utc),
    },
}

# Modules that need nothing else and are taken as they are.
AS_THEY_ARE = {
    "open_webui.migrations.util", "zenml.zen_stores.migrations.utils", "zenml.enums", "zenml.utils.enum_utils",
    "zenml.constants", "mlflow.store.db.trace_analytics_schema_75868b020152",
    "mlflow.store.db.trace_analytics_backfill_75868b020152", "mlflow.store.tracking.dbmodels.initial_models",
    "mlflow.entities.model_registry.model_version_stages",
}

OUTSIDE = {"sqlmodel", "sqlalchemy_utils", "alembic_postgresql_enum", "pydantic", "packaging", "hvac", "google", "azure",
           "botocore"}


class Unknown:
    """A name of the application that nothing is known about."""

    def __init__(self, name):
        self._name = name

    def __call__(self, *arguments, **keywords):
        raise NotImplementedError(f"{self._name} is the application's, which is not here")

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return Unknown(f"{self._name}.{name}")

    def __getitem__(self, key):
        return self

    def __mro_entries__(self, bases):
        return ()


class Modules(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds every module of the applications, whether its file is there or not."""

    def __init__(self, wheel):
        self.wheel = pathlib.Path(wheel)
        self.tops = OUTSIDE | {path.name for path in self.wheel.iterdir() if path.is_dir()}

    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in self.tops:
            return importlib.machinery.ModuleSpec(name, self, is_package=True)
        return None

    def create_module(self, spec):
        return types.ModuleType(spec.name)

    def exec_module(self, module):
        name = module.__name__
        module.__path__ = []
        module.__dict__.update(WRITTEN_OUT.get(name, {}))
        file = self.wheel.joinpath(*name.split("."))
        file = next((it for it in (file.with_suffix(".py"), file / "__init__.py") if it.exists()), None)
        if file is not None and name in AS_THEY_ARE:
            exec(compile(file.read_text(encoding="utf-8"), str(file), "exec"), module.__dict__)
            return
        if file is not None:
            for key, value in written(file).items():
                module.__dict__.setdefault(key, value)
        module.__getattr__ = lambda key: unknown(name, key)


def unknown(module, name):
    if name.startswith("__"):
        raise AttributeError(name)
    inside = f"{module}.{name}"
    if any(known == inside or known.startswith(f"{inside}.") for known in (*WRITTEN_OUT, *AS_THEY_ARE)):
        return importlib.import_module(inside)
    return Unknown(f"{module}.{name}")


def written(file):
    """The texts and numbers that a file gives names to, and its classes with the table that they name."""
    found = {}
    for statement in ast.parse(file.read_text(encoding="utf-8")).body:
        if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
            value = literal(statement.value)
            if value is not None:
                found[statement.targets[0].id] = value
        elif isinstance(statement, ast.ClassDef):
            found.update(model(statement))
    return found


def model(statement):
    """A class that names a table, with the columns that are written in it. What it says of them is left out."""
    values = {target.id: inside.value for inside in statement.body if isinstance(inside, ast.Assign)
              for target in inside.targets if isinstance(target, ast.Name)}
    name = literal(values.get("__tablename__"))
    if name is None:
        return {}
    called = {key: value.func for key, value in values.items() if isinstance(value, ast.Call)}
    columns = [key for key, function in called.items() if ast.unparse(function).endswith(("Column", "mapped_column"))]
    table = sa.table(name, *(sa.column(column) for column in columns))
    inside = {"__tablename__": name, "__clause_element__": staticmethod(lambda: table), **table.c}
    return {statement.name: type(statement.name, (), inside)}


def literal(node):
    try:
        return ast.literal_eval(node)
    except (ValueError, TypeError):
        return None


@Operations.register_operation("sync_enum_values")
class SyncEnumValues(MigrateOperation):
    """alembic_postgresql_enum's directive, which does nothing on SQLite."""

    @classmethod
    def sync_enum_values(cls, operations, *arguments, **keywords):
        return None


def install(wheel):
    """Makes the modules of the package in this folder known to `import`."""
    sys.meta_path.append(Modules(wheel))
