"""The source code of a reference, as its author wrote it."""

from __future__ import annotations

from pathlib import Path


class ReferenceSource:
    """The source code of a question file, with its comments and line breaks."""

    def __init__(self, path: str) -> None:
        import ast

        self._text = Path(path).read_text(encoding="utf-8")
        body = ast.parse(self._text).body
        self._functions = {node.name: node for node in body if isinstance(node, ast.FunctionDef)}

    def function(self, name: str, *, docstring: bool = True) -> str:
        """Return the source code of one function without its decorators."""
        import ast

        node = self._functions[name]
        lines = self._text.splitlines()
        head, body = lines[node.lineno - 1 : node.end_lineno], 0
        first = node.body[0]
        if not docstring and ast.get_docstring(node) is not None and len(node.body) > 1:
            body = (first.end_lineno or first.lineno) - node.lineno + 1
            head = [*head[: first.lineno - node.lineno], *head[body:]]
        return "\n".join(head) + "\n"

    def complete(self, reference: str) -> str:
        """Return the reference as an answer file, with each function as its author wrote it."""
        import ast

        parts = []
        for node in ast.parse(reference).body:
            own = isinstance(node, ast.FunctionDef) and node.name in self._functions
            parts.append("\n\n" + self.function(node.name, docstring=False) if own else ast.unparse(node) + "\n")  # type: ignore[attr-defined]
        return "".join(parts).strip("\n") + "\n"
