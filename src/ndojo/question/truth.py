"""The expected answer to a prediction, computed by running its code."""

from __future__ import annotations

import ast
import contextlib
import io
import warnings
from typing import Any

import numpy as np

from ndojo.question.drills import Prediction


def truth(prediction: Prediction) -> str:
    """Return the value of the last line as Python displays it, or the name of the exception.

    NumPy scalars are shown without their type, as you would type them: ``3.0``, not ``np.float64(3.0)``.
    """
    tree = ast.parse(prediction.code)
    *body, last = tree.body
    scope: dict[str, Any] = {"np": np}
    # The context managers undo changes that the code makes to NumPy's global state.
    with warnings.catch_warnings(), np.errstate(), np.printoptions(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        try:
            exec(compile(ast.Module(body, []), "<drill>", "exec"), scope)
            if not isinstance(last, ast.Expr):
                raise SyntaxError("the last line of a drill must be the expression to predict")
            return written(eval(compile(ast.Expression(last.value), "<drill>", "eval"), scope))
        except SyntaxError:
            raise
        except Exception as problem:
            return type(problem).__name__


def written(value: Any) -> str:
    """Return a value as you would type it."""
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
