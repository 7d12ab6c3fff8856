"""Shows a verdict or a question in a notebook as HTML, or as text if the front end does not show HTML.

All output of an answer is escaped, because it can contain any characters. Text uses the notebook's own colors, so it
is readable in light and dark themes. Badges have enough contrast in both, and show a word and a symbol too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ndojo import practice
from ndojo.cli.browse import level_texts
from ndojo.cli.screen import MARKS, Screen, prose
from ndojo.cli.verdict import WALLS, how_far, measured, standing, verdict_lines

Record = Mapping[str, Any]

# Contrast with white text is 4.5:1 or more. Contrast with a white or a dark page is 3:1 or more.
BADGES = {"green": "#1a7f37", "red": "#cf222e", "yellow": "#9a6700", None: "#6e7781"}
STYLE = """
.ndojo { line-height: 1.45; max-width: 60em; }
.ndojo .ndojo-badge { color: #fff; border-radius: 0.3em; padding: 0.1em 0.5em; font-weight: bold; white-space: nowrap; }
.ndojo pre { white-space: pre; overflow: auto; max-height: 28em; border-left: 3px solid #6e7781; padding-left: 0.8em;
  margin: 0.4em 0; background: transparent; color: inherit; }
.ndojo table { border-collapse: collapse; color: inherit; }
.ndojo th, .ndojo td { text-align: left; vertical-align: top; padding: 0.2em 0.8em 0.2em 0; background: transparent; }
.ndojo tbody th { white-space: nowrap; }
.ndojo a { color: inherit; text-decoration: underline; }
.ndojo caption { text-align: left; font-weight: bold; }
.ndojo h3, .ndojo h4 { margin: 0.8em 0 0.2em; }
.ndojo .ndojo-side { display: flex; flex-wrap: wrap; gap: 0 2.5em; }
.ndojo .ndojo-warning { font-weight: bold; }
"""


def escaped(text: object) -> str:
    """Return text that is safe in HTML. Control characters and lone surrogates are replaced by U+FFFD."""
    from ndojo.practice.markup import escaped as as_html

    return as_html(re.sub(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]", "\ufffd", str(text)))


def _block(text: str, label: str) -> str:
    """Return code or output as a preformatted block. It can get the keyboard focus, so that it can be scrolled."""
    return f'<pre tabindex="0" aria-label="{escaped(label)}"><code>{escaped(text)}</code></pre>'


def _section(label: str, parts: Iterator[str]) -> str:
    # The last two classes stop MathJax from interpreting dollar signs.
    head = f'<section class="ndojo tex2jax_ignore mathjax_ignore" aria-label="{escaped(label)}">'
    return f"{head}<style>{STYLE}</style>\n" + "\n".join(parts) + "\n</section>"


def _badge(kind: str, text: str) -> str:
    sign, _, color = MARKS[kind]
    return (
        f'<span class="ndojo-badge" style="background: {BADGES[color]}">'
        f'<span aria-hidden="true">{sign}</span> {escaped(text)}</span>'
    )


class VerdictView:
    """Shows a verdict as the value of a cell.

    Parameters
    ----------
    checked : Checked
    """

    def __init__(self, checked: practice.session.Checked) -> None:
        self.checked = checked

    @property
    def record(self) -> dict[str, Any]:
        """The verdict's record, as `ndojo check --json` prints it."""
        return self.checked.verdict.to_dict()

    def __repr__(self) -> str:
        lines = verdict_lines(Screen(), self.record, self.checked.levels, self.checked.title)
        return "\n".join([*lines, *self._next_steps()])

    def _repr_html_(self) -> str:
        record = self.record
        return _section(f"Verdict: {record['word']}", self._parts(record))

    def _parts(self, record: Record) -> Iterator[str]:
        kind = {"AC": "passed", "IE": "unknown"}.get(record["verdict"], "failed")
        word = _badge(kind, f"{record['word']} ({record['verdict']})")
        yield f"<p>{word} {escaped(how_far(record))}</p>"
        yield f"<p>{escaped(record['question'])}: {escaped(self.checked.title)}</p>"
        yield _levels_table(record, dict(self.checked.levels))
        for finding in record["findings"]:
            if finding["outcome"] == "failed" or finding["code"] == "IE":
                yield from _finding(record, finding)
        if record["output"].strip():
            yield f"<h4>Your answer printed</h4>{_block(record['output'].rstrip(), 'What your answer printed')}"
        yield from _footer(record)
        yield from (f"<p>{escaped(line)}</p>" for line in self._next_steps())

    def _next_steps(self) -> list[str]:
        """Return what to do next, and why the answer was not saved, if it was not."""
        slug = self.checked.verdict.question
        is_right = self.checked.verdict.verdict == "AC"
        line = f"Next: !ndojo explain {slug}" if is_right else f"Stuck? !ndojo hint {slug}"
        return [line, *([self.checked.trouble] if self.checked.trouble else [])]


def _levels_table(record: Record, requirements: Mapping[str, str]) -> str:
    rows = []
    for number, name in enumerate(record["levels"], 1):
        mark, word = standing(record, number)
        told = [requirements.get(name) or (practice.questions.RIGHT if number == 1 else ""), *measured(record, number)]
        described = "<br>".join(escaped(line) for line in told if line)
        lead = f'<td>{number}</td><th scope="row">{escaped(name)}</th>'
        rows.append(f"<tr>{lead}<td>{_badge(mark, word)}</td><td>{described}</td></tr>")
    head = "".join(f'<th scope="col">{name}</th>' for name in ("Level", "Name", "Status", "Requirement"))
    return f"<table><caption>Levels</caption><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"


def _finding(record: Record, finding: Record) -> Iterator[str]:
    number = finding["level"]
    title = f"Level {number}, {record['levels'][number - 1]}: {finding['requirement']}"
    yield f"<h4>{escaped(title)}</h4>"
    yield "".join(f"<p>{escaped(line)}</p>" for line in finding["message"].splitlines())
    if example := finding.get("example"):
        yield f"<p>Smallest failing input:</p>{_block(example, 'Smallest failing input')}"
    yield from _compared(finding.get("expected"), finding.get("got"))
    if trace := finding.get("trace"):
        yield f"<p>Traceback:</p>{_block(trace, 'Traceback')}"
    if misconception := finding.get("misconception"):
        name = str(finding.get("trap", "")).replace("_", " ")
        yield f"<p><strong>Misconception ({escaped(name)}):</strong> {escaped(misconception)}</p>"
    if advice := finding.get("advice"):
        yield f"<p><strong>Try next:</strong> {escaped(advice)}</p>"


def _compared(expected: str | None, got: str | None) -> Iterator[str]:
    if expected is None or got is None or expected == got:
        return
    both = (("Expected", expected), ("Got", got))
    yield '<div class="ndojo-side">'
    yield from (f"<div><p><strong>{name}</strong></p>{_block(text, name)}</div>" for name, text in both)
    yield "</div>"


def _footer(record: Record) -> Iterator[str]:
    isolation = record["isolation"] or {}
    tier = isolation.get("tier", "")
    facts = [f"{record['cases']} cases", f"{record['seconds'] * 1000:.0f} ms", WALLS.get(tier, "not run")]
    yield f"<p>{escaped(' · '.join(facts))}</p>"
    if tier in ("plain", "partial"):
        yield f'<p class="ndojo-warning">Warning: {escaped(isolation["note"])}</p>'


class QuestionView:
    """Shows the prompt of a question as the value of a cell.

    Parameters
    ----------
    prompt : Prompt
    """

    def __init__(self, prompt: practice.catalog.Prompt) -> None:
        self.prompt = prompt

    def __repr__(self) -> str:
        screen, prompt = Screen(), self.prompt
        lines = [prompt.card["title"], self._facts(), "", *prompt.signatures, "", *prose(screen, prompt.text), ""]
        return "\n".join(
            [*lines, *(f"{place} {text}" for place, text in enumerate(self._levels(), 1)), "", self._how_to_start()]
        )

    def _repr_html_(self) -> str:
        return _section(f"Question: {self.prompt.card['title']}", self._parts())

    def _parts(self) -> Iterator[str]:
        from ndojo.practice.markup import line_html, text_html

        prompt = self.prompt
        yield f"<h3>{escaped(prompt.card['title'])}</h3><p>{escaped(self._facts())}</p>"
        yield "".join(f"<pre><code>{escaped(signature)}</code></pre>" for signature in prompt.signatures)
        yield text_html(prompt.text)
        if self._levels():
            yield "<h4>Levels</h4><ol>" + "".join(f"<li>{escaped(text)}</li>" for text in self._levels()) + "</ol>"
        yield "".join(f'<p><a href="{escaped(link)}">{escaped(link)}</a></p>' for link in prompt.links)
        yield f"<p>{line_html(self._how_to_start())}</p>"

    def _facts(self) -> str:
        card = self.prompt.card
        companies = f"; {', '.join(card['companies'])} (commonly reported)" if card["companies"] else ""
        return f"{card['slug']}, {card['difficulty']}, room {card['room']}; {', '.join(card['topics'])}{companies}"

    def _levels(self) -> list[str]:
        return level_texts(self.prompt.levels)

    def _how_to_start(self) -> str:
        slug = self.prompt.card["slug"]
        if not self.prompt.signatures:
            return f"This question needs no code: `!ndojo explain {slug}`."
        return f"Write your answer in a cell that starts with `%%answer {slug}`."
