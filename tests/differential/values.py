"""Runs small programs and says what they come to: a JSON list of texts in, a list of outcomes out."""

import json
import sys


class Directives:
    def __init__(self):
        self.said = []

    def execute(self, text):
        self.said.append(text)


def outcome(program):
    op = Directives()
    names = {"op": op}
    body = "def upgrade():\n" + "".join(f"    {line}\n" for line in program.split("\n"))
    exec(compile(body, "<program>", "exec"), names)
    try:
        names["upgrade"]()
    except Exception as error:
        return {"said": op.said, "raised": type(error).__name__}
    return {"said": op.said, "raised": None}


json.dump([outcome(program) for program in json.load(sys.stdin)], sys.stdout)
