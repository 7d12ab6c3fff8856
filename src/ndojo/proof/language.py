"""The language check: finds phrases to avoid, long sentences and British spelling in everything a person reads.

`docs/how-we-write.md` explains the rules to authors. The check reads the strings and comments of Python files and the
paragraphs of Markdown files. It skips code.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

LONGEST_SENTENCE = 40
"""The check fails for sentences with more words. Authors aim for 20 and write at most 30."""

FEWEST_WORDS = 3
"""A string with fewer words is a name or a value, not prose."""


@dataclass(frozen=True)
class Phrase:
    """A phrase to avoid.

    Parameters
    ----------
    pattern : str
        Regular expression. Upper and lower case are the same.
    instead : str
        What to write instead.
    """

    pattern: str
    instead: str


_UNIT = (
    r"(?:bytes?|bools?|bits?|ns|ms|µs|us|seconds?|numbers?|pointers?|headers?|labels?|times?|passes|objects?|calls?)"
)
_PER = (
    r"(?:elements?|rows?|columns?|calls?|items?|numbers?|samples?|labels?|pixels?|values?|entry|points?|records?|bytes?"
    r"|bits?|quarters?|blocks?|views?|strings?|characters?|axis|levels?|questions?|answers?|days?|weeks?|hours?"
    r"|seconds?|minutes?|cores?|objects?|windows?|layers?|cells?|pairs?|files?|lines?|cases?|child|kinds?|verdicts?)"
)
_ACTORS = r"(?:dtypes?|arrays?|ufuncs?|slices?|masks?|views?|reshape|NumPy|axis|axes|strides?|functions?|requirements?)"

PHRASES = (
    Phrase(r"\bnoughts?\b", "zero"),
    Phrase(r"\b(?:anew|afresh)\b", "again"),
    Phrase(r"\bdear(?:er|est)?\b", "expensive, more expensive"),
    Phrase(r"\breckon(?:s|ed|ing)?\b", "compute, estimate"),
    Phrase(r"\bwherever\b", "if, whenever"),
    Phrase(r"\bwhatever\b", "any, regardless of"),
    Phrase(r"\bwhichever\b", "any, the one that"),
    Phrase(r"\bwhoever\b", "anyone who, a caller that"),
    Phrase(r"\b(?:turn|turns|turned|turning) (?:it |them )?(?:round|over)\b", "reversed, transposed, inverted"),
    Phrase(r"\b(?:goes|go|going|went) round\b", "wraps around"),
    Phrase(r"\bwraps? round\b|\bwrapped round\b|\bwrapping round\b", "wraps around"),
    Phrase(r"\b(?:lay|lays|laid|laying) (?:\w+ ){0,3}out\b", "create, arrange, store"),
    Phrase(r"\bsettl(?:e|es|ed|ing)\b", "decide, stabilize"),
    Phrase(r"\bof (?:its|their|his|her|your|our|my|one's) own\b", "separate, own (\"its own folder\")"),
    Phrase(r"\b(?:what|and what) of (?!the kind\b)\w+.*\?", "\"What does X do?\""),
    Phrase(r"\bcom(?:e|es|ing) of\b|\bcame of\b", "result from"),
    Phrase(r"\b(?:held|holds?|holding) (?:\w+ )?against\b", "compare with"),
    Phrase(r"\btold (?:apart )?from\b|\btells? \w+ from\b", "differs from, distinguish"),
    Phrase(r"\bin silence\b", "silently"),
    Phrase(r"\bone by one\b", "element by element, one at a time"),
    Phrase(r"\bat once\b", "immediately, in a single call, at the same time"),
    Phrase(r"\bat (?:least|most)(?= *[.,;:)]| *$)", "write the limit first: `>=`, `<=`, \"at least one row\""),
    Phrase(
        r"\b(?:is|are|be|must have) at (?:least|most) `?-?\d+`?(?!\.?\d)(?= *[.,;)]| *$| and\b| or\b)",
        "`>=`, `<=`",
    ),
    Phrase(r"\bthere (?:is|are|was|were)\b", "name the subject: \"NumPy has no ...\", \"No question matches\""),
    Phrase(r"\btexts\b", "strings"),
    Phrase(r"\b(?:the|this|that|your) machine's limits?\b", "peak memory bandwidth, the hardware limit"),
    Phrase(r"\brest(?:s|ed)\b(?! on\b)", "is idle, remains"),
    Phrase(r"\bmend(?:s|ed|ing)?\b", "fix"),
    Phrase(r"\bbesides?\b", "next to, in addition to"),
    Phrase(r"\brous(?:e|es|ed|ing)\b", "wake"),
    Phrase(r"\bvouch(?:es|ed)?\b", "check, guarantee"),
    Phrase(r"\b(?:notwithstanding|thereof|therein|thereby|whereby|wherein|hitherto)\b", "plain words"),
    Phrase(r"\bbe (?:it|they)\b(?=[^.]*\bor\b)", "regardless of whether"),
    Phrase(r"\bso (?:many|long|often) (?:a |an )?\w+ (?:is|are|may|must|were)\b", "the number or the limit itself"),
    Phrase(r"\b(?:also|even|only|but) where\b", "\"This includes n = 0.\", even if, only if"),
    Phrase(r"\bis none of\b|\bis no (?=\w+ of\b)", "is not one of, is not a"),
    Phrase(r"\bhad better\b", "should"),
    Phrase(r"\b(?:hand|hands|handed|handing) (?:\w+ ){0,3}back\b", "return"),
    Phrase(r"\b(?:takes?|taken|mistaken) (?:\w+ )?for (?:a|an|no|the) (?=trap|mask|view|copy)", "is recognized as"),
    Phrase(r"\bwithout a word\b", "silently"),
    Phrase(r"\b(?:an|a) \w+teenth of\b|\b(?:an?|one) eighteenth of\b", "\"18 times faster\""),
    Phrase(rf"\b{_UNIT} an? (?=(?:new )?{_PER}\b)", "per: \"8 bytes per element\", \"once per call\""),
    Phrase(rf"\b(?:once|twice) an? (?={_PER}\b)", "per: \"once per call\""),
    Phrase(rf"\b{_ACTORS} (?:asks?|knows?|wants?|minds?|leans?|notices?|pays?|speaks?|likes)\b",
           "arrays don't act like people: requires, has, costs"),
    Phrase(r"\bdoes not mind\b|\bdo not mind\b", "works for, is unaffected by"),
    Phrase(r"\b(?:lie|lies|stand|stands|lying|standing) (?:\w+ )?(?:behind|next to) (?:each other|one another|one)\b",
           "are adjacent, follow"),
    Phrase(r"\bnot a few\b|\bfew as\b|\bmany a\b", "plain numbers"),
    Phrase(r"\bnobody\b|\bno one\b", "name the subject: \"no test\", \"no user\""),
    Phrase(r"\bfor (?:it|them)sel(?:f|ves)\b|\bon (?:its|their) own\b", "separately, alone, independently"),
)  # fmt: skip
"""The phrases in "How we write" that a program can find without understanding the sentence."""

_ISE = (
    "vector|optim|initial|uninitial|normal|recogn|organ|summar|minim|maxim|serial|general|special|visual|equal|formal"
    "|synchron|standard|categor|util|random|real|parallel|discret|linear|local|memor|character|author|token|quant"
    "|symmetr|central|final|crystall|emphas|critic|apolog|fact?or|penal|regular|diagonal|orthogonal|item|modern"
    "|custom|capital|materi?al|stabil|neutral|prior"
)
SPELLINGS = (
    Phrase(rf"\b(?:re|de|un|non)?(?:{_ISE})is(?:e|es|ed|er|ers|ing|ation|ations|able)\b", "-ize, -ization"),
    Phrase(r"\bcolour", "color"),
    Phrase(r"\bbehaviour", "behavior"),
    Phrase(r"\bneighbour", "neighbor"),
    Phrase(r"\bfavour", "favor"),
    Phrase(r"\bhonour", "honor"),
    Phrase(r"\blabour", "labor"),
    Phrase(r"\bhumour", "humor"),
    Phrase(r"\bflavour", "flavor"),
    Phrase(r"\bcentre", "center"),
    Phrase(r"\b(?:kilo|centi|milli|nano|micro)?metres?\b", "meter"),
    Phrase(r"\b(?:milli)?litres?\b", "liter"),
    Phrase(r"\bgrey", "gray"),
    Phrase(r"\bcatalogue", "catalog"),
    Phrase(r"\banalys(?:e|es|ed|er|ing)\b", "analyze"),
    Phrase(r"\bpractis(?:e|es|ed|er|ing)\b", "practice"),
    Phrase(r"\bdefence\b|\boffence\b|\blicence\b|\bpretence\b", "-ense"),
    Phrase(r"\bjudgement", "judgment"),
    Phrase(r"\bartefact", "artifact"),
    Phrase(r"\bprogramme(?:s)?\b", "program"),
    Phrase(r"\b(?:cancel|label|model|travel|signal|level|channel|fuel|total|tunnel)l(?:ed|ing|er)\b", "one l: labeled"),
    Phrase(r"\bwhilst\b|\bamongst\b", "while, among"),
    Phrase(r"\b(?:learnt|spelt|burnt|dreamt)\b", "-ed: learned, spelled"),
    Phrase(r"\bmaths\b", "math"),
    Phrase(r"\bageing\b", "aging"),
    Phrase(r"\bcheque", "check"),
    Phrase(r"\bmould", "mold"),
    Phrase(r"\bsceptic", "skeptic"),
    Phrase(r"\bstorey", "story"),
    Phrase(r"\btyre", "tire"),
    Phrase(r"\bfulfil\b|\bfulfils\b", "fulfill"),
    Phrase(r"\btowards\b|\bforwards\b|\bbackwards\b", "toward, forward, backward"),
    Phrase(r"\bcosy\b|\bgaol\b|\bplough\b", "American spelling"),
)  # fmt: skip


@dataclass(frozen=True)
class Passage:
    """A piece of prose and the line on which it starts."""

    line: int
    text: str


@dataclass(frozen=True)
class LanguageFinding:
    """One place that breaks a rule of "How we write"."""

    path: str
    line: int
    found: str
    instead: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.found!r}: write {self.instead}"


def check_file(path: Path, name: str = "") -> list[LanguageFinding]:
    """Return everything in a file that breaks a rule, in line order.

    Parameters
    ----------
    path : Path
        A Python, Markdown, shell, TOML or text file.
    name : str
        The file's name in the findings. If empty, its path.
    """
    text = path.read_text(encoding="utf-8")
    passages = {".py": _python, ".md": _markdown}.get(path.suffix, _comments_of_script)(text)
    return check_passages(passages, name or str(path))


def check_passages(passages: Iterator[Passage], name: str) -> list[LanguageFinding]:
    """Return what breaks a rule in some passages, in line order."""
    found = [
        LanguageFinding(name, passage.line + offset, what, instead)
        for passage in passages
        for offset, what, instead in check_text(passage.text)
    ]
    return sorted(found, key=lambda one: one.line)


def check_text(text: str) -> Iterator[tuple[int, str, str]]:
    """Yield the findings in one text: line offset, what was found, and what to write instead."""
    lines = _without_code(text)
    for start, paragraph in _paragraphs(lines):
        yield from ((start + offset, found, instead) for offset, found, instead in _in_paragraph(paragraph))


def _in_paragraph(paragraph: str) -> Iterator[tuple[int, str, str]]:
    flat = paragraph.replace("\n", " ")
    for phrase in PHRASES + SPELLINGS:
        for match in re.finditer(phrase.pattern, flat, re.IGNORECASE):
            yield paragraph.count("\n", 0, match.start()), match[0], phrase.instead
    place = 0
    for sentence in re.split(r"(?<=[.!?])[\"')*]*\s+(?=[`\"'(*]*(?:[A-Z0-9`\[]|x\b))|(?<=[:;])\s", flat):
        words = len(re.findall(r"[^\s]*[A-Za-z0-9`][^\s]*", sentence))
        if words > LONGEST_SENTENCE:
            start = flat.find(sentence, place)
            yield (
                paragraph.count("\n", 0, start),
                f"{sentence[:50]}...",
                f"shorter sentences: this one has {words} words",
            )
        place += len(sentence)


# ------------------------------------------------------------------------------------------------ what is prose

_SECTION = re.compile(r"^[-=~^]{3,}\s*$")
_STARTS_PARAGRAPH = re.compile(r"^\s*(?:[-*+] |\d+\. |\||#|[\w*, `]+ : )")


def _without_code(text: str) -> list[str]:
    """Return the lines of a text without code: doctests and code blocks become empty, and code spans become ``x``."""
    lines, fenced, literal, output = [], False, -1, False
    for line in text.split("\n"):
        stripped, indent = line.strip(), _indent(line)
        if fenced or stripped.startswith("```"):
            fenced ^= stripped.startswith("```")
            lines.append("")
        elif stripped.startswith((">>>", "...")) and (stripped[:4] in (">>> ", "... ", ">>>") or stripped == "..."):
            output = True
            lines.append("")
        elif stripped and (output or 0 <= literal < indent):
            lines.append("")
        else:
            output = False
            if stripped:
                literal = indent if stripped.endswith("::") else -1
            lines.append(line)
    joined = re.sub(r"(`+)(?=[^`])(?:(?!\n\s*\n)[^`])+?\1", _span, "\n".join(lines))
    joined = re.sub(r"\]\([^)\s]*\)|https?://\S+|<[^<>\s]+>", lambda match: "]" if match[0][0] == "]" else "x", joined)
    return joined.split("\n")


def _span(match: re.Match[str]) -> str:
    return "x" + "\n" * match[0].count("\n")


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _paragraphs(lines: list[str]) -> Iterator[tuple[int, str]]:
    """Yield each paragraph with the number of its first line. List items, table rows and parameters are paragraphs."""
    start = 0
    part: list[str] = []
    for number, line in enumerate([*lines, ""]):
        deeper = bool(part) and _indent(line) >= _indent(part[-1]) + 4
        new = not line.strip() or _SECTION.match(line.strip()) or _STARTS_PARAGRAPH.match(line) or deeper
        if new and part:
            yield start, "\n".join(part)
            part = []
        if line.strip() and not _SECTION.match(line.strip()):
            start = start if part else number
            part.append(line)
            if _STARTS_PARAGRAPH.match(line) and re.match(r"^\s*[\w*, `]+ : ", line):
                yield start, line
                part = []


def _python(text: str) -> Iterator[Passage]:
    yield from _strings(ast.parse(text))
    yield from _comments(text)


def _strings(tree: ast.AST) -> Iterator[Passage]:
    """Yield every string with enough words to be prose. The values in an f-string become ``x``."""
    parts = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            text = "".join(str(part.value) if isinstance(part, ast.Constant) else "`x`" for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in parts:
            text = node.value
        else:
            continue
        if len(re.findall(r"(?<![\w.])[A-Za-z]{2,}(?![\w(.=\[])", text)) >= FEWEST_WORDS:
            yield Passage(node.lineno, text)


def _comments(text: str) -> Iterator[Passage]:
    """Yield comments. Comments on consecutive lines are one passage."""
    part: list[str] = []
    start = 0
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type != tokenize.COMMENT:
            continue
        if part and token.start[0] != start + len(part):
            yield Passage(start, "\n".join(part))
            part = []
        start = start if part else token.start[0]
        part.append(token.string.lstrip("#!").strip().rstrip("-"))
    if part:
        yield Passage(start, "\n".join(part))


def _markdown(text: str) -> Iterator[Passage]:
    yield Passage(1, text)


def _comments_of_script(text: str) -> Iterator[Passage]:
    """Yield the comments and quoted messages of a shell or TOML file."""
    for number, line in enumerate(text.split("\n"), 1):
        for found in re.findall(r"(?:^|\s)#\s+(.*)|\"([^\"]*)\"", line):
            yield Passage(number, " ".join(found))
