"""Records the statements of `metadata.create_all` for the models in this folder: `python record.py NAME…`.

Needs SQLAlchemy 2.1; `fields_of_sqlmodel.py` needs SQLModel. A file may hold several, each after a line `# file: path`.
"""

import os
import pathlib
import re
import sys
import tempfile

from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateIndex, CreateTable

here = pathlib.Path(__file__).parent
sys.path[:] = [path for path in sys.path if pathlib.Path(path or ".").resolve() != here]


def record(name: str) -> None:
    text = (here / f"{name}.py").read_text()
    pieces = re.split(r"^# file: (.*)\n", text, flags=re.M)
    files = dict(zip(pieces[1::2], pieces[2::2])) or {"models.py": text}
    with tempfile.TemporaryDirectory() as folder:
        for path, body in files.items():
            target = pathlib.Path(folder, path)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(body)
        sys.path.insert(0, folder)
        module = __import__(next(iter(files)).split("/")[0].removesuffix(".py"))
        metadata = getattr(module, "metadata", None)
        if metadata is None:
            metadata = (getattr(module, "Base", None) or getattr(module, "SQLModel")).metadata
    dialect = sqlite.dialect()
    statements = []
    for table in metadata.sorted_tables:
        statements.append(CreateTable(table).compile(dialect=dialect))
        statements += [CreateIndex(index).compile(dialect=dialect) for index in table.indexes]
    text = "".join(re.sub(r"[ \t]+\n", "\n", str(one).strip()) + ";\n" for one in statements)
    (here / f"{name}.sql").write_text(text)


if len(sys.argv) == 2:
    record(sys.argv[1])
else:
    for name in sys.argv[1:]:
        os.system(f"{sys.executable} {__file__} {name}")
