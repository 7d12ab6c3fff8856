"""Terminal output: plain lines, standard colors, and a word next to each mark."""

from __future__ import annotations

import os
import re
import sys
import textwrap
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import click

from ndojo.cli.terminal import terminal_columns

WIDEST = 100
INDENT = "  "

# The mark, its ASCII replacement, and its color.
MARKS = {
    "passed": ("✓", "+", "green"),
    "failed": ("✗", "x", "red"),
    "unmeasured": ("~", "~", "yellow"),
    "unknown": ("?", "?", "yellow"),
    "waiting": ("·", ".", None),
}
ASCII = str.maketrans(
    {"✓": "+", "✗": "x", "·": "-", "…": "...", "█": "#", "▓": "*", "▒": "+", "░": ".", "│": "|", "→": "->"}
)


@dataclass(frozen=True)
class Screen:
    """The properties of a terminal: width, color, Unicode, erasable lines and links."""

    width: int = 80
    color: bool = False
    unicode: bool = True
    live: bool = False

    def paint(self, text: str, color: str | None = None, *, bold: bool = False) -> str:
        """Return the text in a standard color, if the terminal has color."""
        return click.style(text, fg=color, bold=bold or None) if self.color else text

    def title(self, text: str) -> str:
        return self.paint(text, bold=True)

    def mark(self, kind: str) -> str:
        """Return one of `MARKS`."""
        sign, plain, color = MARKS[kind]
        return self.paint(sign if self.unicode else plain, color, bold=True)

    def bar(self, part: int, whole: int, cells: int = 20) -> str:
        """Return a progress bar. It is full only if everything is done, and empty only if nothing is done."""
        filled = cells * part // whole if whole else 0
        if part:
            filled = max(filled, 1)
        full, empty = ("█", "░") if self.unicode else ("#", ".")
        return self.paint(full * filled, "green") + empty * (cells - filled)

    def link(self, path: Path) -> str:
        """Return a path as a link, if the terminal supports links."""
        shown = _short(path)
        if not (self.live and self.color):
            return shown
        return f"\x1b]8;;{path.absolute().as_uri()}\x1b\\{shown}\x1b]8;;\x1b\\"

    def wrap(self, text: str, first: str = INDENT, rest: str | None = None) -> list[str]:
        """Wrap a paragraph, with the prefixes `first` and `rest`."""
        return textwrap.wrap(
            text, self.width, initial_indent=first, subsequent_indent=first if rest is None else rest,
            break_long_words=False, break_on_hyphens=False,
        ) or [first.rstrip()]  # fmt: skip

    def say(self, *lines: str) -> None:
        """Print lines, in ASCII if the terminal has no Unicode."""
        for line in lines:
            click.echo(line if self.unicode else line.translate(ASCII), color=self.color)

    @contextmanager
    def working(self, text: str) -> Iterator[None]:
        """Show what is being done, and erase it afterwards if possible."""
        # Written and flushed directly, because the following work may take a while.
        erasable = self.live and self.color
        sys.stdout.write(text if erasable else f"{text}\n")
        sys.stdout.flush()
        try:
            yield
        finally:
            if erasable:
                sys.stdout.write("\r\x1b[2K")
                sys.stdout.flush()


def screen() -> Screen:
    """Return the properties of this terminal."""
    live = sys.stdout.isatty()
    width = terminal_columns() if live else 80
    color = live and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    encoding = (getattr(sys.stdout, "encoding", None) or "ascii").lower().replace("-", "").replace("_", "")
    return Screen(max(40, min(width, WIDEST)), color, encoding.startswith("utf"), live)


def warn(text: str) -> None:
    """Print a note to standard error."""
    click.echo(f"ndojo: {text}", err=True)


def _short(path: Path) -> str:
    """Return a path as the user would type it here."""
    try:
        return str(path.absolute().relative_to(Path.cwd()))
    except (ValueError, OSError):
        return str(path)


def indented(text: str, indent: str = "      ") -> list[str]:
    """Indent lines, except empty ones."""
    return textwrap.indent(text, indent).splitlines()


def columns(rows: Sequence[Sequence[str]], gap: str = "  ") -> list[str]:
    """Align rows in columns. Cells of digits are aligned to the right."""
    if not rows:
        return []
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    return [gap.join(_cell(cell, width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]


def _cell(text: str, width: int) -> str:
    return text.rjust(width) if re.fullmatch(r"[\d.,/%x -]+", text) else text.ljust(width)


def cut(text: str, width: int) -> str:
    """Return the text in one line, truncated to the width."""
    return text if len(text) <= width else text[: max(width - 1, 0)] + "…"


def prose(shown: Screen, text: str, indent: str = INDENT) -> list[str]:
    """Format Markdown for a terminal: paragraphs are rewrapped; code, examples, lists and tables are not."""
    lines: list[str] = []
    for block in filter(None, re.split(r"\n[ \t]*\n", text.strip("\n"))):
        lines += [*_block(shown, block, indent), ""]
    return lines[:-1]


def docstring(shown: Screen, text: str, indent: str = INDENT) -> list[str]:
    """Format a numpydoc docstring for a terminal: sentences are rewrapped, examples are not."""
    lines: list[str] = []
    for block in filter(None, re.split(r"\n[ \t]*\n", text.strip("\n"))):
        own = block.splitlines()
        if own[0].startswith(" ") or _is_heading_of_section(own):
            lines += [one for line in _joined(own) for one in _kept(shown, line, indent)]
        else:
            lines += _block(shown, block, indent)
        lines.append("")
    return lines[:-1]


_ITEM = re.compile(r"[-*] |\d+\. ")


def _hang(line: str) -> int:
    """Return the indentation of the continuation lines of a list item."""
    found = _ITEM.match(line.lstrip())
    return len(found[0]) if found else 0


def _joined(lines: Sequence[str]) -> list[str]:
    """Join the lines of a sentence. Example output, names and headings stay separate."""
    joined: list[str] = []
    for line in lines:
        before = joined[-1] if joined else ""
        depth, hanging = len(line) - len(line.lstrip()), _hang(before)
        goes_on = depth and depth == len(before) - len(before.lstrip()) + hanging
        if goes_on and not _ITEM.match(line.lstrip()) and not any(">>>" in one for one in lines):
            joined[-1] = f"{before} {line.lstrip()}"
        else:
            joined.append(line)
    return joined


def _block(shown: Screen, block: str, indent: str) -> list[str]:
    own = block.splitlines()
    if own[0].startswith("#"):
        return [indent + shown.title(own[0].lstrip("# "))]
    if _ITEM.match(own[0]):
        items = re.split(r"\n(?=[-*] |\d+\. )", block)
        return [line for item in items for line in shown.wrap(" ".join(item.split()), indent, indent + "  ")]
    kept = own[0].startswith((">>>", "    ", "```", "|")) or _is_heading_of_section(own)
    if kept:
        return [one for line in own if not line.startswith("```") for one in _kept(shown, line, indent)]
    return shown.wrap(" ".join(block.split()), indent)


def _kept(shown: Screen, line: str, indent: str) -> list[str]:
    """Return a line with its indentation, wrapped only if it is too long for the screen."""
    if len(indent + line) <= shown.width or ">>>" in line:
        return [(indent + line).rstrip()]
    lead = indent + line[: len(line) - len(line.lstrip())]
    return shown.wrap(line.strip(), lead, lead + " " * _hang(line))


def _is_heading_of_section(lines: Sequence[str]) -> bool:
    """Return whether this is a section heading of a numpydoc docstring."""
    return len(lines) > 1 and set(lines[1]) == {"-"}
