"""The truth of a prediction: what NumPy makes of its code, here and now."""

from __future__ import annotations

import ast
import contextlib
import io
import warnings
from typing import Any

import numpy as np

from ndojo.question.drills import Prediction


def truth(prediction: Prediction) -> str:
    """What the last line of the code comes to: its value as Python writes it, or the name of the exception.

    NumPy numbers are written without their type, as one would answer: ``3.0``, not ``np.float64(3.0)``.
    """
    tree = ast.parse(prediction.code)
    *body, last = tree.body
    scope: dict[str, Any] = {"np": np}
    # What the code changes of NumPy's own state ends with it.
    with warnings.catch_warnings(), np.errstate(), np.printoptions(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        try:
            exec(compile(ast.Module(body, []), "<drill>", "exec"), scope)
            if not isinstance(last, ast.Expr):
                raise SyntaxError("the last line of a drill is the expression that is asked")
            return written(eval(compile(ast.Expression(last.value), "<drill>", "eval"), scope))
        except SyntaxError:
            raise
        except Exception as problem:
            return type(problem).__name__


def written(value: Any) -> str:
    """A value as one would type it."""
    if isinstance(value, (np.datetime64, np.timedelta64)):
        return str(value)
    if isinstance(value, np.generic):
        return written(value.item())
    if isinstance(value, np.dtype):
        return str(value)
    if isinstance(value, type):
        return value.__name__
    if isinstance(value, (tuple, list)):
        inner = ", ".join(written(item) for item in value)
        return f"[{inner}]" if isinstance(value, list) else f"({inner}{',' if len(value) == 1 else ''})"
    if isinstance(value, np.ndarray):
        return written(value.tolist())
    return repr(value)
