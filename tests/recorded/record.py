"""Records what real Alembic answers to the sessions in `sessions.json`, into `answers.json`.

    python3 -m venv venv && venv/bin/pip install alembic==1.20.1 sqlalchemy==2.1.9
    venv/bin/python record.py

A session is a list of steps: {"models": text} writes models.py, {"type": line} types a command. In a line,
{rev1} stands for the first generated id. Dates are recorded as {date}, the project's folder as {here}.
"""

import json
import os
import pathlib
import re
import shlex
import sqlite3
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).parent
ALEMBIC = [sys.executable, "-m", "alembic"]
LOG_LINE = re.compile(r"^[A-Z]+ +\[[\w.]+\] ")


def alembic(folder, *words):
    env = dict(os.environ, PYTHONPATH=str(folder), TZ="UTC", PYTHONHASHSEED="0")
    return subprocess.run([*ALEMBIC, *words], cwd=folder, env=env, capture_output=True, text=True)


def project(folder):
    alembic(folder, "init", "alembic")
    ini = folder / "alembic.ini"
    ini.write_text(re.sub(r"(?m)^sqlalchemy.url.*", "sqlalchemy.url = sqlite:///app.db", ini.read_text()))
    env = folder / "alembic/env.py"
    env.write_text(env.read_text().replace(
        "target_metadata = None", "from app.models import Base\ntarget_metadata = Base.metadata"))
    (folder / "app").mkdir()
    (folder / "app/__init__.py").touch()
    (folder / "app/database.py").write_text(
        "from sqlalchemy.orm import declarative_base\nBase = declarative_base()\n")


def schema(folder):
    with sqlite3.connect(folder / "app.db") as db:
        rows = db.execute("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND tbl_name <> 'alembic_version'")
        return sorted(sql for (sql,) in rows)


def play(steps):
    folder = pathlib.Path(tempfile.mkdtemp()).resolve()
    project(folder)
    versions, ids, answers = folder / "alembic/versions", [], []
    for step in steps:
        if "models" in step:
            (folder / "app/models.py").write_text(step["models"])
            answers.append({})
            continue
        before = set(versions.glob("*.py"))
        line = step["type"]
        for at, id in enumerate(ids):
            line = line.replace("{rev%d}" % (at + 1), id)
        ran = alembic(folder, *shlex.split(line)[1:])
        clean = lambda text: re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+", "{date}", text).replace(
            str(versions), "{here}/versions").replace(str(folder), "{here}")
        answer = {
            "exit_code": ran.returncode,
            "stdout": clean(ran.stdout).splitlines(),
            "log": [line for line in clean(ran.stderr).splitlines() if LOG_LINE.match(line)],
            "schema": schema(folder),
        }
        for new in sorted(set(versions.glob("*.py")) - before):
            ids.append(new.name.split("_")[0])
            answer["script"] = {"name": new.name, "text": clean(new.read_text())}
        answers.append(answer)
    return {"ids": ids, "answers": answers}


sessions = json.loads((HERE / "sessions.json").read_text())
answers = {name: play(steps) for name, steps in sessions.items()}
(HERE / "answers.json").write_text(json.dumps(answers, indent=1, ensure_ascii=False) + "\n")
