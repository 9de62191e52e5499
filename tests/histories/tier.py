"""What a reader must understand to read a revision script: the tier of each of its functions.

    python tier.py FOLDER      one line of JSON for each script below FOLDER:
    {"file", "tier": 0..5, "upgrade": 0..5, "downgrade": 0..5, "because": {"3": ["12: conn.execute"], ..}}

The tiers, each with all before it:

    0  `op` and batch directives, SQLAlchemy's types, constraints and text
    1  `func`, SQLModel's AutoString, sqlalchemy_utils' UUIDType
    2  if, for, try, raise, f-strings, comprehensions, subscripts, local functions, builtins, methods of str, list,
       dict and set, the inspector, the dialect's name, autocommit_block, logging
    3  execute on a connection and what comes of it, Core DML, Table and reflection, while, lambda, `*`, `:=`, json, uuid,
       datetime, time, re and other modules of the standard library
    4  column types and constants of the application
    5  functions and classes of the application or of other packages, own classes, decorators, generators, sessions

A script is read, not run, so a branch for another database counts as much as one for SQLite. What neither function
comes to, such as an import that nothing uses, does not count.
"""

import ast
import builtins
import json
import pathlib
import sys

# The module of a name, as far as it matters here. What is not listed is the application's.
SQLALCHEMY = {"sqlalchemy", "alembic"}
SHIMS = {"sqlmodel", "sqlalchemy_utils"}
SHIM_TYPES = {"AutoString", "UUIDType"}
FREE = {"typing", "__future__"}
LOGGING = {"logging", "warnings"}

STATEMENTS = {
    ast.If: 2, ast.For: 2, ast.Try: 2, ast.Raise: 2, ast.Assert: 2, ast.AugAssign: 2, ast.Return: 2, ast.Continue: 2,
    ast.Break: 2, ast.Delete: 2, ast.While: 3, ast.Global: 3, ast.Nonlocal: 3, ast.ClassDef: 5,
    ast.AsyncFunctionDef: 5, ast.AsyncWith: 5, ast.AsyncFor: 5, ast.Match: 5,
}
EXPRESSIONS = {
    ast.JoinedStr: 2, ast.ListComp: 2, ast.SetComp: 2, ast.DictComp: 2, ast.GeneratorExp: 2, ast.Subscript: 2,
    ast.IfExp: 2, ast.Compare: 2, ast.BoolOp: 2, ast.BinOp: 2, ast.Lambda: 3, ast.NamedExpr: 3, ast.Starred: 3,
    ast.Yield: 5, ast.YieldFrom: 5, ast.Await: 5,
}

INSPECTOR = {
    "get_table_names", "get_view_names", "get_columns", "get_indexes", "get_foreign_keys", "get_unique_constraints",
    "get_pk_constraint", "get_check_constraints", "has_table", "has_index", "clear_cache",
}
LITERAL_METHODS = {name for kind in (str, list, dict, set, int) for name in dir(kind) if name[0] != "_"}
LOG_METHODS = {"debug", "info", "warning", "error", "exception", "getLogger"}
# What is called on a type, a clause or a batch and belongs to the directives.
CLAUSE_METHODS = {"with_variant", "desc", "asc", "label", "collate", "cast", "op", "is_", "isnot", "is_not", "in_"}
DML = {"select", "insert", "update", "delete", "values", "where", "join", "outerjoin", "from_select", "union", "exists",
       "select_from", "returning", "on_conflict_do_nothing", "group_by", "order_by", "limit", "offset", "subquery"}
SCHEMA = {"Table", "MetaData", "reflect", "bindparam", "case"}
RESULTS = {"fetchall", "fetchone", "fetchmany", "first", "all", "one", "scalar", "scalars", "scalar_one", "mappings",
           "scalar_one_or_none", "one_or_none", "rowcount", "keys", "partitions", "_mapping", "_asdict"}
SAFE_BUILTINS = set(dir(builtins)) - {"eval", "exec", "open", "compile", "__import__", "globals", "locals", "super"}


class Script:
    """One file: what its names stand for."""

    def __init__(self, tree):
        self.imports = {}
        self.definitions = {}
        self.parents = {}
        for node in ast.walk(tree):
            for child in ast.iter_child_nodes(node):
                self.parents[child] = node
            if isinstance(node, ast.Import):
                for alias in node.names:
                    name = alias.asname or alias.name.split(".")[0]
                    self.imports[name] = alias.name if alias.asname else name
            elif isinstance(node, ast.ImportFrom):
                module = "." * node.level + (node.module or "")
                for alias in node.names:
                    self.imports[alias.asname or alias.name] = f"{module}.{alias.name}"
        for statement in tree.body:
            for name in bound(statement):
                self.definitions.setdefault(name, []).append(statement)

    def reached(self, name):
        """The statements at the top level that a function comes to, itself first."""
        found, names = [], [name]
        while names:
            for statement in self.definitions.get(names.pop(), []):
                if statement not in found:
                    found.append(statement)
                    names.extend(node.id for node in ast.walk(statement) if isinstance(node, ast.Name))
        return found

    def path(self, node):
        """`sqlalchemy.func.now` of `sa.func.now`, or None where it does not begin with an import."""
        parts = []
        while isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        if isinstance(node, ast.Name) and node.id in self.imports and not self.definitions.get(node.id):
            return ".".join([self.imports[node.id], *reversed(parts)])
        return None


def bound(statement):
    if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return [statement.name]
    if isinstance(statement, ast.Assign):
        targets = statement.targets
    elif isinstance(statement, (ast.AnnAssign, ast.AugAssign)):
        targets = [statement.target]
    elif isinstance(statement, (ast.If, ast.Try, ast.With)):
        return [name for child in ast.walk(statement) if child is not statement and isinstance(child, ast.stmt)
                for name in bound(child)]
    else:
        return []
    return [node.id for target in targets for node in ast.walk(target) if isinstance(node, ast.Name)]


def annotations(root):
    """The nodes that only say what type a name has."""
    skipped = set()
    for node in ast.walk(root):
        for field in ("annotation", "returns"):
            if isinstance(getattr(node, field, None), ast.AST):
                skipped.update(ast.walk(getattr(node, field)))
    return skipped


def features(script, root):
    """Pairs of a tier and what needs it, of one statement at the top level."""
    skipped = annotations(root)
    for node in ast.walk(root):
        if node in skipped:
            continue
        tier = STATEMENTS.get(type(node)) or EXPRESSIONS.get(type(node))
        if tier:
            yield tier, node, type(node).__name__
        if isinstance(node, ast.FunctionDef):
            yield from of_function(script, node)
        elif isinstance(node, ast.keyword) and node.arg is None:
            yield 3, node.value, "**"
        elif isinstance(node, ast.Call):
            yield from of_call(script, node)
        elif isinstance(node, (ast.Name, ast.Attribute)) and isinstance(node.ctx, ast.Load):
            yield from of_name(script, node)


def of_function(script, node):
    if node.name in ("upgrade", "downgrade") and not node.decorator_list:
        return
    yield 2, node, "function"
    if node.decorator_list:
        yield 5, node, "decorator"
    if node.args.vararg or node.args.kwarg:
        yield 3, node, "*args"


def of_name(script, node):
    """What a name from outside is, when it is the whole of a dotted name."""
    if isinstance(script.parents.get(node), ast.Attribute):
        return
    path = script.path(node)
    if path is None:
        if isinstance(node, ast.Attribute) and node.attr in RESULTS:
            yield 3, node, f".{node.attr}"
        return
    top = path.split(".")[0]
    parent = script.parents.get(node)
    called = isinstance(parent, ast.Call) and parent.func is node
    if top in SQLALCHEMY | FREE:
        yield from of_sqlalchemy(path, node)
    elif top in SHIMS:
        known = path.split(".")[-1] in SHIM_TYPES
        yield (1 if known else 5), node, path
    elif top in LOGGING:
        yield 2, node, path
    elif top in sys.stdlib_module_names:
        yield 3, node, path
    elif is_type_of_column(script, parent if called else node) or not called:
        yield 4, node, path
    else:
        yield 5, node, path


def of_sqlalchemy(path, node):
    last = path.split(".")[-1]
    if path.startswith("sqlalchemy.orm"):
        yield 5, node, path
    elif path.startswith("sqlalchemy.func.") or ".expression.func." in path:
        yield 1, node, path
    elif last == "inspect" or "Inspector" in path or path.startswith("sqlalchemy.exc"):
        yield 2, node, path
    elif last in SCHEMA | DML or path.startswith("sqlalchemy.engine."):
        yield 3, node, path
    elif path.startswith("alembic.") and not path.startswith(("alembic.op.", "alembic.context.")):
        yield 3, node, path


def is_type_of_column(script, node):
    """Whether a name or a call stands where a type does."""
    parent = script.parents.get(node)
    if isinstance(parent, ast.keyword):
        return parent.arg in ("type_", "existing_type", "server_default", "existing_server_default", "default")
    if isinstance(parent, ast.Call) and parent.func is not node:
        name = parent.func.attr if isinstance(parent.func, ast.Attribute) else getattr(parent.func, "id", "")
        return name in ("Column", "column", "with_variant", "cast", "TypeDecorator")
    return False


def of_call(script, node):
    function = node.func
    if isinstance(function, ast.Name):
        if function.id in script.imports or function.id in script.definitions:
            return
        if function.id in SAFE_BUILTINS:
            yield 2, node, f"{function.id}()"
        elif hasattr(builtins, function.id):
            yield 5, node, f"{function.id}()"
        return
    if not isinstance(function, ast.Attribute):
        yield 3, node, "a call of what a call gave"
        return
    path = script.path(function)
    if path is not None:
        if path in ("alembic.op.get_bind", "alembic.op.get_context"):
            yield 2, node, path
        elif path in ("alembic.op.execute", "alembic.context.execute") and dml(script, node):
            yield 3, node, "DML in op.execute"
        return
    name = function.attr
    if name == "execute" and not is_op(script, function.value):
        yield 3, node, "execute on a connection"
    elif name in RESULTS - LITERAL_METHODS or name in DML - LITERAL_METHODS or name in SCHEMA:
        yield 3, node, f".{name}()"
    elif name in ("values", "update", "join") and reaches(function.value, DML | {"table", "Table"}):
        yield 3, node, f".{name}()"
    elif name in INSPECTOR | LITERAL_METHODS | LOG_METHODS or name == "autocommit_block":
        yield 2, node, f".{name}()"
    elif name in ("create", "drop") and is_enum(script, function.value):
        # SQLite has no types of its own: it does nothing there.
        yield 2, node, f"Enum.{name}()"
    elif name in ("exec_driver_sql", "execution_options", "commit", "rollback", "begin", "create", "drop", "connect",
                  "begin_nested", "execute_many", "executemany", "close", "get_isolation_level", "bindparams"):
        yield 3, node, f".{name}()"
    elif reaches(function.value, {"Session", "sessionmaker"}):
        yield 5, node, f".{name}()"


def is_op(script, node):
    return isinstance(node, ast.Name) and script.imports.get(node.id) == "alembic.op" or (
        isinstance(node, ast.Name) and "batch" in node.id)


def is_enum(script, node):
    if isinstance(node, ast.Name):
        assigned = [it.value for it in script.definitions.get(node.id, []) if isinstance(it, ast.Assign)]
        return "enum" in node.id.lower() or any(reaches(value, {"Enum", "ENUM"}) for value in assigned)
    return reaches(node, {"Enum", "ENUM"})


def dml(script, node):
    return any(reaches(argument, DML | {"Table"}) for argument in node.args)


def reaches(node, names):
    """Whether a chain of calls and attributes has one of the names in it."""
    while True:
        if isinstance(node, ast.Call):
            node = node.func
        elif isinstance(node, ast.Attribute):
            if node.attr in names:
                return True
            node = node.value
        else:
            return isinstance(node, ast.Name) and node.id in names


def classify(text):
    script = Script(ast.parse(text))
    tiers, because = {}, {}
    for function in ("upgrade", "downgrade"):
        tiers[function] = 0
        for statement in script.reached(function):
            for tier, node, what in features(script, statement):
                tiers[function] = max(tiers[function], tier)
                reason = f"{node.lineno}: {what}"
                if reason not in because.setdefault(str(tier), []):
                    because[str(tier)].append(reason)
    return {"tier": max(tiers.values()), **tiers, "because": because}


def main():
    folder = pathlib.Path(sys.argv[1])
    for file in sorted(folder.rglob("*.py")):
        text = file.read_text(encoding="utf-8")
        if "down_revision" in text:
            answer = {"file": file.relative_to(folder).as_posix(), **classify(text)}
            print(json.dumps(answer))


main()
