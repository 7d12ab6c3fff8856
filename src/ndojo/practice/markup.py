"""Convert prompts and explanations to HTML. Everything is escaped, and only markup becomes HTML elements.

The supported blocks are paragraphs, examples, indented code, fences, lists, tables, headings and the sections of a
numpydoc docstring. The supported inline markup is code, bold, emphasis and links.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator, Sequence

ITEM = re.compile(r"(?:[-*]|\d+[.)]) +")
INLINE = re.compile(r"(``.+?``|`[^`]+`)")


def escaped(text: str) -> str:
    """Escape text for HTML, including quotes."""
    return html.escape(text, quote=True)


def code_html(code: str) -> str:
    """Convert code or output to an HTML block."""
    return f"<pre><code>{escaped(code)}</code></pre>"


def line_html(text: str) -> str:
    """Convert the inline markup of one line or paragraph to HTML."""
    parts = INLINE.split(text)
    return "".join(_code(part) if place % 2 else _marked(part) for place, part in enumerate(parts))


def _code(part: str) -> str:
    return f"<code>{escaped(part.strip('`').strip())}</code>"


def _marked(part: str) -> str:
    text = escaped(part)
    text = re.sub(r"(?<![\w*])\*\*(?=\S)(.+?)(?<=\S)\*\*(?![\w*])", r"<strong>\1</strong>", text, flags=re.S)
    text = re.sub(r"(?<![\w*])\*([^\s*](?:[^*]*[^\s*])?)\*(?![\w*])", r"<em>\1</em>", text)
    return re.sub(r"\[([^\]]+)\]\((https://[^\s)]+)\)", r'<a href="\2">\1</a>', text)


def text_html(text: str) -> str:
    """Convert a text of several blocks to HTML."""
    return "\n".join(_blocks(text.strip("\n").splitlines()))


def _blocks(lines: Sequence[str]) -> Iterator[str]:
    place = 0
    while place < len(lines):
        if not lines[place].strip():
            place += 1
            continue
        block, place = _next_block(lines, place)
        yield _block(block)


def _next_block(lines: Sequence[str], place: int) -> tuple[list[str], int]:
    """Return the lines of a block, up to an empty line or the end of a fence, and the position after it."""
    is_end: Callable[[str], bool] = lambda line: not line.strip()  # noqa: E731
    start = place
    if lines[place].startswith("```"):
        is_end = lambda line: line.startswith("```")  # noqa: E731
        start, place = place, place + 1
    while place < len(lines) and not is_end(lines[place]):
        place += 1
    if lines[start].startswith("```"):
        place += 1
    return list(lines[start:place]), place


def _block(lines: list[str]) -> str:
    first = lines[0]
    if first.startswith("```"):
        return code_html("\n".join(lines[1:-1]))
    if first.startswith((">>>", "    ")):
        indent = min(len(line) - len(line.lstrip()) for line in lines)
        return code_html("\n".join(line[indent:] for line in lines))
    if first.startswith("#"):
        return f"<h4>{line_html(first.lstrip('# '))}</h4>" + ("\n" + _block(lines[1:]) if lines[1:] else "")
    if len(lines) > 1 and set(lines[1]) == {"-"}:
        return f"<h4>{escaped(first)}</h4>\n{_definitions(lines[2:])}"
    if first.startswith("|") and len(lines) > 1 and set(lines[1]) <= set("|-: "):
        return _table(lines)
    if ITEM.match(first):
        items = re.split(r"\n(?=(?:[-*]|\d+[.)]) )", "\n".join(lines))
        inner = "".join(f"<li>{line_html(' '.join(ITEM.sub('', item, count=1).split()))}</li>" for item in items)
        return f"<ul>{inner}</ul>" if first[0] in "-*" else f"<ol>{inner}</ol>"
    return f"<p>{line_html(' '.join(' '.join(lines).split()))}</p>"


def _definitions(lines: Sequence[str]) -> str:
    """Convert the lines of a numpydoc section: names, each with an indented description."""
    if any(line.startswith(">>>") for line in lines) or not any(line.startswith(" ") for line in lines):
        return _block(list(lines)) if lines else ""
    parts: list[str] = []
    for line in lines:
        if not line.startswith(" "):
            parts.append(f"<dt><code>{escaped(line.replace('`', ''))}</code></dt>")
        elif parts[-1:] and parts[-1].endswith("</dd>"):
            parts[-1] = f"{parts[-1][:-5]} {line_html(line.strip())}</dd>"
        else:
            parts.append(f"<dd>{line_html(line.strip())}</dd>")
    return f"<dl>{''.join(parts)}</dl>"


def _table(lines: Sequence[str]) -> str:
    rows = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in lines]
    head, _, *body = rows
    top = "".join(f'<th scope="col">{line_html(cell)}</th>' for cell in head)
    rest = "".join("<tr>" + "".join(f"<td>{line_html(cell)}</td>" for cell in row) + "</tr>" for row in body)
    return f"<table><thead><tr>{top}</tr></thead><tbody>{rest}</tbody></table>"
