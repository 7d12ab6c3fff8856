"""Highlight Python code with standard terminal colors."""

from __future__ import annotations

import builtins
import io
import keyword
import tokenize

from ndojo.cli.screen import Screen

COLORS = {"keyword": "magenta", "string": "green", "number": "cyan", "builtin": "blue", "comment": "yellow"}


def highlighted(screen: Screen, code: str) -> list[str]:
    """Return the lines of the code in color. They are unchanged without color or if the code is not valid Python."""
    lines = code.splitlines()
    if not screen.color:
        return lines
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(code).readline))
    except (tokenize.TokenError, SyntaxError):
        return lines
    # From last to first, so that earlier positions stay valid. Tokens that span several lines are not colored.
    for token in reversed(tokens):
        color, (row, start), (last, end) = COLORS.get(_kind(token)), token.start, token.end
        if color and row == last:
            line = lines[row - 1]
            lines[row - 1] = line[:start] + screen.paint(line[start:end], color) + line[end:]
    return lines


def _kind(token: tokenize.TokenInfo) -> str:
    if token.type == tokenize.NAME:
        if keyword.iskeyword(token.string):
            return "keyword"
        return "builtin" if hasattr(builtins, token.string) else ""
    kinds = {tokenize.STRING: "string", tokenize.NUMBER: "number", tokenize.COMMENT: "comment"}
    return kinds.get(token.type, "")
