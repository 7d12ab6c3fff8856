"""Whether what was typed is the truth of a prediction: lenient in form, strict in substance.

Nothing that was typed is ever run. It is read by a small grammar (numbers, words, quoted strings, sequences) and
compared with the truth, which `ndojo.question.truth` wrote:

- brackets, commas and spaces between elements are free: ``(3, 4)``, ``3, 4`` and ``[3 4]`` are one, but ``3`` is not
  ``(3,)``;
- a number may stand in any notation and be wrapped in its type: ``1``, ``1.0``, ``np.float64(1.0)``;
- where the truth has more than six significant digits, the typed ones must be those of the truth, rounded: at least
  three, and a whole number never stands for one that is not whole;
- ``True``, ``yes``, ``y`` and ``t`` are one, where a truth value is asked and nowhere else;
- a dtype may be written in any way that names the same one: ``float64``, ``np.float64``, ``'float64'``, ``<f8``;
- of an error its name counts, not what follows a colon; for a NumPy error its built-in base will do.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

LONGEST = 1_000  # characters of an answer that are read at all
DEEPEST = 20  # brackets within brackets
EXACT_DIGITS, LEAST_DIGITS = 6, 3

YES, NO = ("true", "yes", "y", "t"), ("false", "no", "n", "f")
TRUTHS = {"True": YES, "False": NO}
# NumPy's own errors, and the built-in ones that `except` would catch them by.
BASES = {
    "AxisError": ("ValueError", "IndexError"),
    "LinAlgError": ("ValueError",),
    "UFuncTypeError": ("TypeError",),
    "DTypePromotionError": ("TypeError",),
    "TooHardError": ("RuntimeError",),
    "JSONDecodeError": ("ValueError",),
    "UnpicklingError": (),
}
# Names of Python's types that NumPy would read as a dtype, though `type(x)` tells them apart.
PYTHON_TYPES = ("float", "int", "complex", "str", "bytes")

DTYPE = r"(u?int|float|complex)\d+|bool|object|[<>|][A-Za-z]\d*|(datetime64|timedelta64)(\[\w+\])?"
WRAPPED = (
    r"(?:(?:np|numpy)\.)?dtype\((.*)\)", r"<class (.*)>", r"\((.*)\)", "'(.*)'", '"(.*)"', r"(?:np|numpy)\.(.*)",
)  # fmt: skip
CALLABLE = r"array|asarray|list|tuple|shape|(u?int|float|complex|bool|str)\d*_?"
NUMBER = r"(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
TOKEN = re.compile(
    rf"""\s*(?:
      (?P<text>'[^'\\]*'|"[^"\\]*")
    | (?P<complex>[-+]?(?:{NUMBER}|nan|inf)\s*[-+]\s*(?:{NUMBER}|nan|inf)[jJ] | [-+]?{NUMBER}[jJ])
    | (?P<number>[-+]?{NUMBER})
    | (?P<word>[-+]?[<>|=]?[A-Za-z_][\w.]*(?:\[[\w]+\])?)
    | (?P<sign>[()\[\]{{}},])
    )""",
    re.VERBOSE | re.ASCII,
)
CLOSING = {"(": ")", "[": "]", "{": "}"}
LEAD = re.compile(
    r"^(?:it|is|the|a|an|its|shape|strides?|dtype|value(?!\s*error)|answer|result|size|nbytes|raises?|throws?|error"
    r"|prints?|[:=])"
    r"(?:\s*[:=]\s*|\s+|(?=[(\[]))(?=\S)",
    re.IGNORECASE,
)

UNIT = re.compile(r"(?<=[\d)\]])\s*bytes?$", re.IGNORECASE)


class UnreadableError(ValueError):
    """What was typed cannot be read: a bracket is missing, or two things run into each other."""


@dataclass(frozen=True)
class Word:
    """A name, a truth value, ``nan`` or ``inf``; without the module that it was taken from."""

    text: str


@dataclass(frozen=True)
class Text:
    """What stood in quotes."""

    text: str


@dataclass(frozen=True)
class Number:
    """A number as it was written."""

    value: Decimal
    is_float: bool = False


@dataclass(frozen=True)
class Complex:
    """A complex number."""

    value: complex


@dataclass(frozen=True)
class Sequence:
    """Elements in order; `is_set` where the order means nothing."""

    items: tuple[Value, ...]
    is_set: bool = False


Value = Word | Text | Number | Complex | Sequence


def agrees(typed: str, truth: str) -> bool:
    """Whether an answer as it was typed is the truth.

    Parameters
    ----------
    typed : str
        Anything.
    truth : str
        As `ndojo.question.truth.truth` writes it.
    """
    if len(typed) > LONGEST or not tidied(typed):
        return False
    as_it_is, typed = typed.strip(), tidied(typed)
    if is_error(truth):
        return _names_error(typed, truth)
    if truth[:1] in "'\"":
        return as_it_is in (truth, truth[1:-1]) or _is_text(typed, truth)
    if _is_dtype(truth):
        return _names_dtype(typed, truth)
    try:
        return _same(read(typed), read(truth))
    except UnreadableError:
        return _squeezed(typed) == _squeezed(truth)


def is_readable(typed: str) -> bool:
    """Whether this is an answer at all, right or wrong: its brackets and quotes are closed, its elements apart."""
    typed = tidied(typed)
    if is_error(re.split(r"[:(]", typed)[0].strip()):
        return True
    try:
        read(typed)
    except UnreadableError:
        return False
    return True


def tidied(typed: str) -> str:
    """An answer without what surrounds it: spaces, quotes around the whole, and words like ``shape =``."""
    text = typed.replace("\N{MINUS SIGN}", "-").replace("`", "").strip().rstrip(";").strip()
    text = UNIT.sub("", text.removesuffix(".") if text[-2:-1].isalpha() else text)
    before = None
    while text != before:
        before = text
        text = LEAD.sub("", text)
    quoted = re.fullmatch(r"""(['"])(.*)\1""", text)
    text = text if quoted is None or quoted[1] in quoted[2] else quoted[2].strip()
    return re.sub(r",\s*dtype\s*=\s*[\w.'\"<>|]+\s*\)$", ")", text)


def is_error(text: str) -> bool:
    """Whether this is the name of an exception."""
    return re.fullmatch(r"[A-Z][A-Za-z]*(Error|Exception|Warning|Iteration|Exit|Interrupt)", text) is not None


# ---------------------------------------------------------------------------------------------------------- by text


def _names_error(typed: str, truth: str) -> bool:
    name = typed.split(":")[0].split("(")[0].rpartition(".")[2]
    name = re.sub(r"[\s_-]", "", name).lower()
    return name in {known.lower() for known in (truth, *BASES.get(truth, ()))}


def _is_text(typed: str, truth: str) -> bool:
    inside = truth[1:-1]
    if _is_dtype(inside) and not inside.startswith(("<", ">", "|", "=")):
        return _names_dtype(typed, inside)
    return typed in (truth, inside)


def _is_dtype(truth: str) -> bool:
    """Whether this is how NumPy itself writes some dtype."""
    return re.fullmatch(DTYPE, truth) is not None


def _names_dtype(typed: str, truth: str) -> bool:
    name = re.sub(r"\s+dtype$|,\s*dtype=object$", "", typed)
    for around in WRAPPED:
        name = re.sub(f"^{around}$", r"\1", name).strip()
    name = re.sub(r"^(bool|object|str)_$", r"\1", name)
    if name == truth:
        return True
    if name in PYTHON_TYPES or not re.fullmatch(r"[<>|=?\w\[\]]{1,40}", name):
        return False
    wanted = _dtype_name(truth)
    return wanted is not None and wanted in (_dtype_name(name), _dtype_name(name.lower()))


def _dtype_name(text: str) -> str | None:
    """How NumPy writes a dtype; None if the name is unknown."""
    import warnings

    import numpy as np

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of names that NumPy still knows and will forget
        try:
            return np.dtype(text).str
        except (TypeError, ValueError, SyntaxError):
            return None


def _squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


# ---------------------------------------------------------------------------------------------------------- by value


def read(text: str) -> Value:
    """What a text says.

    Raises
    ------
    UnreadableError
    """
    if len(text) > LONGEST:
        raise UnreadableError("too long")
    tokens = _tokens(text)
    items, end = _items(tokens, 0, "", 0)
    if end != len(tokens):
        raise UnreadableError("a bracket that was never opened")
    has_comma = any(token == ("sign", ",") for token in _outside_brackets(tokens))
    if not items:
        raise UnreadableError("nothing")
    return items[0] if len(items) == 1 and not has_comma else Sequence(tuple(items))


def _tokens(text: str) -> list[tuple[str, str]]:
    tokens: list[tuple[str, str]] = []
    place = 0
    text = text.rstrip()
    while place < len(text):
        match = TOKEN.match(text, place)
        if match is None or match.lastgroup is None:
            raise UnreadableError(f"{text[place:]!r}")
        kind, word = match.lastgroup, match[match.lastgroup]
        stuck = match.start(match.lastgroup) == place and place > 0
        if stuck and kind != "sign" and tokens[-1][0] != "sign":
            raise UnreadableError("two things run into each other")
        tokens.append((kind, word))
        place = match.end()
    return tokens


def _outside_brackets(tokens: list[tuple[str, str]]) -> list[tuple[str, str]]:
    depth, outside = 0, []
    for kind, word in tokens:
        depth += (word in CLOSING) - (word in CLOSING.values()) if kind == "sign" else 0
        if depth == 0:
            outside.append((kind, word))
    return outside


def _items(tokens: list[tuple[str, str]], place: int, closing: str, depth: int) -> tuple[list[Value], int]:
    """Elements up to a closing bracket or the end, and where that stands."""
    if depth > DEEPEST:
        raise UnreadableError("too deep")
    items: list[Value] = []
    while place < len(tokens):
        kind, word = tokens[place]
        if kind == "sign" and word in CLOSING.values():
            break
        place += 1
        if word == "," and kind == "sign":
            continue
        if kind == "sign":
            inner, place = _bracketed(tokens, place, word, depth)
            items.append(inner)
        elif kind == "word" and tokens[place : place + 1] == [("sign", "(")]:
            inner, place = _bracketed(tokens, place + 1, "(", depth)
            items.append(_called(word, inner))
        else:
            items.append(_leaf(kind, word))
    if closing and (place >= len(tokens) or tokens[place][1] != closing):
        raise UnreadableError(f"a {closing} is missing")
    return items, place


def _bracketed(tokens: list[tuple[str, str]], place: int, opening: str, depth: int) -> tuple[Value, int]:
    """What stands in brackets: a sequence, or one element in round brackets, which is that element."""
    closing = CLOSING[opening]
    items, end = _items(tokens, place, closing, depth + 1)
    ends_with_comma = tokens[end - 1] == ("sign", ",")
    if opening == "(" and len(items) == 1 and not ends_with_comma:
        return items[0], end + 1
    return Sequence(tuple(items), is_set=opening == "{"), end + 1


def _called(name: str, inner: Value) -> Value:
    """``np.float64(1.0)`` is 1.0, ``array([1, 2])`` is its elements."""
    if not re.fullmatch(CALLABLE, name.rpartition(".")[2]):
        raise UnreadableError(f"{name} is called")
    # float("nan")
    return Word(inner.text) if name == "float" and isinstance(inner, Text) else inner


def _leaf(kind: str, word: str) -> Value:
    if kind == "text":
        return Text(str(ast.literal_eval(word)))
    if kind == "word":
        sign, name = ("-" if word[0] == "-" else "", word.lstrip("+-"))
        return Word(sign + re.sub(r"^(np|numpy|math)\.", "", name))
    try:
        if kind == "complex":
            return Complex(complex(re.sub(r"[\s_]", "", word)))
        return Number(Decimal(word.replace("_", "")), is_float=any(sign in word for sign in ".eE"))
    except (InvalidOperation, ValueError) as problem:
        raise UnreadableError(word) from problem


def _same(typed: Value, truth: Value) -> bool:
    if isinstance(truth, Sequence):
        return isinstance(typed, Sequence) and _same_items(typed, truth)
    if isinstance(truth, Word):
        return isinstance(typed, (Word, Text)) and _same_word(typed.text, truth.text)
    if isinstance(truth, Number):
        return isinstance(typed, Number) and _same_number(typed.value, truth)
    if isinstance(truth, Complex):
        number = _as_complex(typed)
        return number == truth.value or repr(number) == repr(truth.value)  # NaN equals nothing
    return isinstance(typed, (Word, Text)) and typed.text == truth.text


def _same_items(typed: Sequence, truth: Sequence) -> bool:
    if len(typed.items) != len(truth.items):
        return False
    if truth.is_set:
        left = list(typed.items)
        for one in truth.items:
            found = next((other for other in left if _same(other, one)), None)
            if found is None:
                return False
            left.remove(found)
        return True
    return all(_same(one, other) for one, other in zip(typed.items, truth.items, strict=True))


def _same_word(typed: str, truth: str) -> bool:
    if truth in TRUTHS:
        return typed.rstrip("_").lower() in TRUTHS[truth]
    if truth.lstrip("-") in ("nan", "inf"):
        return typed.lower().replace("infinity", "inf") == truth
    if truth == "None":
        return typed.lower() == "none"
    return typed == truth


def _same_number(typed: Decimal, truth: Number) -> bool:
    """Whether a typed number is the truth, as far as its digits go; see the head of this module."""
    wanted = truth.value
    if wanted == 0:
        return typed == 0 and (not truth.is_float or typed.is_signed() == wanted.is_signed())
    if typed == wanted:
        return True
    if _is_whole(wanted) or _is_whole(typed) or _digits(wanted) <= EXACT_DIGITS:
        return False
    if _digits(typed) >= _digits(wanted):
        return float(typed) == float(wanted)
    # Half of the last digit typed; of a tie both neighbors are the truth, rounded.
    last = Decimal(1).scaleb(wanted.adjusted() + 1 - max(_digits(typed), LEAST_DIGITS))
    return abs(typed - wanted) <= last / 2


def _is_whole(value: Decimal) -> bool:
    return value == value.to_integral_value()


def _digits(value: Decimal) -> int:
    """How many significant digits a number was written with."""
    return len(value.as_tuple().digits)


def _as_complex(value: Value) -> complex | None:
    if isinstance(value, Complex):
        return value.value
    return complex(float(value.value)) if isinstance(value, Number) else None
