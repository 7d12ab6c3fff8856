"""Run a finding's example as a learner would: in a script next to the answer file."""

from __future__ import annotations

import ast
import contextlib
import io
import os
import sys
import types
from typing import Any

from ndojo.checks.formatting import described
from ndojo.question.records import Question, file_name


def run_example(question: Question, source: str, example: str, folder: str) -> tuple[str, Any]:
    """Return what the example's last line gives with the answer `source`: ("returns", value) or ("raises", problem)."""
    name = file_name(question.slug)[:-3]
    answer = types.ModuleType(name)
    kept, here = sys.modules.get(name), os.getcwd()
    sys.modules[name] = answer
    os.chdir(folder)
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            exec(compile(source, "<answer>", "exec"), answer.__dict__)
            *body, last = ast.parse(example).body
            scope: dict[str, Any] = {}
            exec(compile(ast.Module(body, []), "<example>", "exec"), scope)
            assert isinstance(last, ast.Expr)
            try:
                return "returns", eval(compile(ast.Expression(last.value), "<example>", "eval"), scope)
            except Exception as problem:
                return "raises", problem
            finally:
                answer.__dict__["_scope"] = scope
    finally:
        os.chdir(here)
        if kept is None:
            del sys.modules[name]
        else:
            sys.modules[name] = kept


def as_shown(came: tuple[str, Any]) -> str:
    """Return the value as a finding shows it."""
    how, value = came
    if how == "raises":
        return f"{type(value).__name__}: {value}" if str(value) else type(value).__name__
    return described(_as_read(value))


def _as_read(value: Any) -> Any:
    """Return a value as the judge reads it from the sandbox."""
    from ndojo.calls.wire.reader import Reader
    from ndojo.calls.wire.writer import Writer
    from ndojo.checks.decode import plain

    out = Writer(opaque=True)
    out.write(value)
    return plain(Reader(out.done()).read())
