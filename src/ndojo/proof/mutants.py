"""Mutants: copies of a reference with one small mistake, which the cases of a question must expose."""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Mutant:
    """A reference with one mistake.

    Parameters
    ----------
    name : str
        The entry point, and the changed code before and after. The name stays the same while that line does.
    entry_point : str
    function : ast.FunctionDef
    """

    name: str
    entry_point: str
    function: ast.FunctionDef


_COMPARE: dict[type, type] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
_ARITHMETIC: dict[type, type] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add, ast.Div: ast.Mult, ast.FloorDiv: ast.Div, ast.Mod: ast.Mult,
    ast.Pow: ast.Mult, ast.MatMult: ast.Mult, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd, ast.BitXor: ast.BitOr,
    ast.LShift: ast.RShift, ast.RShift: ast.LShift,
}  # fmt: skip
_ATTRIBUTES = {
    "min": "max", "max": "min", "minimum": "maximum", "maximum": "minimum", "argmin": "argmax", "argmax": "argmin",
    "any": "all", "all": "any", "isnan": "isinf", "floor": "ceil", "ceil": "floor", "empty_like": "ones_like",
    "zeros": "ones", "ones": "zeros", "empty": "ones", "zeros_like": "ones_like", "nanmin": "min", "nanmax": "max",
    "nansum": "sum", "nanmean": "mean", "abs": "positive", "sin": "cos", "cos": "sin", "float64": "float32",
    "int64": "int32", "logical_and": "logical_or", "logical_or": "logical_and", "cumsum": "cumprod",
}  # fmt: skip
_STRINGS = {"left": "right", "right": "left", "C": "F", "F": "C", "same": "full", "stable": "quicksort"}

Change = Callable[[ast.AST], Iterator[ast.AST]]


def _compare(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Compare):
        for place, operator in enumerate(node.ops):
            changed = copy.deepcopy(node)
            changed.ops[place] = _COMPARE[type(operator)]()
            yield changed


def _arithmetic(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.BinOp | ast.AugAssign) and type(node.op) in _ARITHMETIC:
        changed = copy.deepcopy(node)
        changed.op = _ARITHMETIC[type(node.op)]()
        yield changed


def _constant(node: ast.AST) -> Iterator[ast.AST]:
    if not isinstance(node, ast.Constant):
        return
    value = node.value
    others: list[Any] = []
    if isinstance(value, bool):
        others = [not value]
    elif isinstance(value, int):
        others = [value + 1, value - 1]
    elif isinstance(value, float):
        others = [value + 1.0]
    elif isinstance(value, str) and value in _STRINGS:
        others = [_STRINGS[value]]
    for other in others:
        yield ast.copy_location(ast.Constant(other), node)


def _negation(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.UnaryOp) and not isinstance(node.operand, ast.Constant):
        yield copy.deepcopy(node.operand)
    if isinstance(node, ast.If | ast.IfExp | ast.While):
        inverted = copy.deepcopy(node)
        inverted.test = ast.UnaryOp(ast.Not(), inverted.test)
        yield inverted
    if isinstance(node, ast.BoolOp):
        swapped = copy.deepcopy(node)
        swapped.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        yield swapped


def _attribute(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Attribute) and node.attr in _ATTRIBUTES:
        changed = copy.deepcopy(node)
        changed.attr = _ATTRIBUTES[node.attr]
        yield changed


def _call(node: ast.AST) -> Iterator[ast.AST]:
    if not isinstance(node, ast.Call):
        return
    for place in range(len(node.keywords)):
        changed = copy.deepcopy(node)
        del changed.keywords[place]
        yield changed
    if isinstance(node.func, ast.Attribute) and node.func.attr in ("copy", "ravel", "astype", "reshape"):
        yield copy.deepcopy(node.func.value)


def _slice(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Slice):
        for part in ("lower", "upper", "step"):
            if getattr(node, part) is not None:
                changed = copy.deepcopy(node)
                setattr(changed, part, None)
                yield changed


def _statement(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.AugAssign | ast.Raise) or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)):
        yield ast.copy_location(ast.Pass(), node)


CHANGES: tuple[Change, ...] = (
    _compare, _arithmetic, _constant, _negation, _attribute, _call, _slice, _statement,
)  # fmt: skip


class _Replace(ast.NodeTransformer):
    def __init__(self, old: ast.AST, new: ast.AST) -> None:
        self.old, self.new = old, new

    def visit(self, node: ast.AST) -> Any:
        return self.new if node is self.old else super().generic_visit(node)


def _text(node: ast.AST) -> str:
    try:
        text = ast.unparse(ast.fix_missing_locations(copy.deepcopy(node)))
    except (AttributeError, ValueError):
        return ast.dump(node)
    return text.splitlines()[0]


def _in_messages(function: ast.FunctionDef) -> set[int]:
    """Return the nodes that are not judged: raised exceptions with their messages, and the parameter list."""
    skipped: set[int] = set()
    for node in ast.walk(function):
        if isinstance(node, ast.Raise) and node.exc is not None:
            skipped.update(id(part) for part in ast.walk(node.exc))
    skipped.update(id(part) for part in ast.walk(function.args))
    return skipped


def mutants(function: ast.FunctionDef, entry_point: str) -> Iterator[Mutant]:
    """Yield every mutant of one function. Each has one small change."""
    skipped = _in_messages(function)
    statements = {id(part): statement for statement in ast.walk(function) if isinstance(statement, ast.stmt)
                  for part in ast.walk(statement)}  # fmt: skip
    seen: dict[str, int] = {}
    for node in ast.walk(function):
        if id(node) in skipped or node is function:
            continue
        for change in CHANGES:
            for changed in change(node):
                # Inner statements come later in the walk, so `statements` has the innermost one.
                around = _text(statements[id(node)]) if not isinstance(node, ast.stmt) else ""
                inside = f" in `{around}`" if around and around != _text(node) else ""
                name = f"{entry_point}: `{_text(node)}` -> `{_text(changed)}`{inside}"
                seen[name] = seen.get(name, 0) + 1
                if seen[name] > 1:
                    name += f" #{seen[name]}"
                yield Mutant(name, entry_point, _with(function, node, changed))


def _with(function: ast.FunctionDef, old: ast.AST, new: ast.AST) -> ast.FunctionDef:
    """Return a copy of the function with one node replaced."""
    copied = copy.deepcopy(function)
    places = list(ast.walk(function))
    copied_node = list(ast.walk(copied))[next(i for i, node in enumerate(places) if node is old)]
    replaced = _Replace(copied_node, new).visit(copied)
    assert isinstance(replaced, ast.FunctionDef)
    return ast.fix_missing_locations(replaced)
