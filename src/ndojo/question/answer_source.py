"""Builds answer files from the functions of a question file, so that they are judged exactly like a learner's file."""

from __future__ import annotations

import ast
import builtins
import copy
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ndojo.question.records import Question

_OURS = "ndojo"


@lru_cache(maxsize=256)
def _module(path: str) -> ast.Module:
    return ast.parse(Path(path).read_text(encoding="utf-8"))


def _defined(node: ast.stmt) -> list[str]:
    """Return the names that a top-level statement defines."""
    if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
        return [node.name]
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        return [(alias.asname or alias.name).split(".")[0] for alias in node.names]
    if isinstance(node, ast.Assign):
        return [target.id for target in node.targets if isinstance(target, ast.Name)]
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        return [node.target.id]
    return []


def _used(node: ast.AST) -> set[str]:
    """Return the names that a statement uses but does not define."""
    names = [part for part in ast.walk(node) if isinstance(part, ast.Name)]
    own = {part.arg for part in ast.walk(node) if isinstance(part, ast.arg)}
    if isinstance(node, ast.FunctionDef):
        own |= {name.id for name in names if isinstance(name.ctx, ast.Store)}
    return {name.id for name in names} - own - set(dir(builtins))


def _is_ours(node: ast.stmt) -> bool:
    return isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == _OURS


def function_node(path: str, name: str) -> ast.FunctionDef:
    """Return the syntax tree of one function in a question file."""
    for node in _module(path).body:
        if isinstance(node, ast.FunctionDef) and node.name == name:
            return node
    raise LookupError(f"{path} has no top-level function {name}")


def function_source(path: str, name: str) -> str:
    """Return the source of one function in a question file, without decorators and docstring."""
    return ast.unparse(_bare(function_node(path, name), name))


def _bare(node: ast.FunctionDef, name: str) -> ast.FunctionDef:
    """Return the function under another name, without decorators and docstring."""
    body = node.body
    if isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant):
        body = body[1:] or [ast.Pass()]
    fields = {field: getattr(node, field) for field in node._fields}
    bare = ast.FunctionDef(**fields | {"name": name, "body": body, "decorator_list": []})
    return ast.fix_missing_locations(ast.copy_location(bare, node))


def _undecorated(node: ast.stmt) -> ast.stmt:
    """Return the statement. A trap or right answer becomes a plain function, because other functions may call it."""
    marks = [
        part.id for one in getattr(node, "decorator_list", []) for part in ast.walk(one) if isinstance(part, ast.Name)
    ]
    if isinstance(node, ast.FunctionDef) and {"trap", "works"} & set(marks):
        return _bare(node, node.name)
    return node


class _Rename(ast.NodeTransformer):
    """Renames a function. A wrong answer may call the reference, but has the reference's name in the answer file."""

    def __init__(self, old: str, new: str) -> None:
        self.old, self.new = old, new

    def visit_Name(self, node: ast.Name) -> ast.Name:
        return ast.copy_location(ast.Name(self.new, node.ctx), node) if node.id == self.old else node


def answer_source(question: Question, replaced: Mapping[str, Any] | None = None) -> str:
    """Build an answer file from functions of the question file, with the imports and helpers that they use.

    Parameters
    ----------
    question : Question
    replaced : mapping of str to function or ast.FunctionDef, optional
        The functions that replace entry points, by name.

    Returns
    -------
    str
        Python source. Entry points that are not replaced are those of the reference.
    """
    replaced = replaced or {}
    chosen: list[ast.FunctionDef] = []
    for entry in question.entry_points:
        function = replaced.get(entry.name, entry.reference)
        node = function if isinstance(function, ast.FunctionDef) else function_node(question.path, function.__name__)
        bare = _bare(node, entry.name)
        if node.name != entry.name and node.name in _used(bare):
            bare = _Rename(node.name, entry.name).visit(copy.deepcopy(bare))
        if entry.name in replaced and entry.name in _used(node) and not isinstance(function, ast.FunctionDef):
            chosen.append(_bare(function_node(question.path, entry.reference.__name__), f"_right_{entry.name}"))
            bare = _Rename(entry.name, f"_right_{entry.name}").visit(copy.deepcopy(bare))
        chosen.append(bare)
    body = [*_helpers(question.path, chosen), *chosen]
    return ast.unparse(ast.fix_missing_locations(ast.Module(body, []))) + "\n"


def _helpers(path: str, functions: list[ast.FunctionDef]) -> list[ast.stmt]:
    """Return the statements of the question file that the functions need, in their original order."""
    wanted: set[str] = set().union(*(_used(function) for function in functions))
    body = [_undecorated(node) for node in _module(path).body if _defined(node) and not _is_ours(node)]
    taken: set[int] = set()
    while True:
        found = [i for i, node in enumerate(body) if i not in taken and wanted & set(_defined(node))]
        if not found:
            break
        taken.update(found)
        for i in found:
            wanted |= _used(body[i])
    own = {function.name for function in functions}
    return [node for i, node in enumerate(body) if i in taken and not own & set(_defined(node))]


def scenario_sources(question: Question) -> list[tuple[str, str, list[str]]]:
    """Return the name, the source and the used entry points of each scenario of a question, for the sandbox."""
    from ndojo.question.requirements import Distribution

    plays = [(entry.reference, list(entry.uses)) for entry in question.plays]
    names = [entry.name for entry in question.entry_points]
    for _, requirement in question.requirements():
        if isinstance(requirement, Distribution):
            code = requirement.play.__code__
            plays.append((requirement.play, [name for name in code.co_varnames[: code.co_argcount] if name in names]))
    return [(play.__name__, function_source(question.path, play.__name__), uses) for play, uses in plays]
