"""Compare a typed answer with the truth of a prediction: lenient in form, strict in value.

A typed answer is never run. A small grammar parses it (numbers, words, quoted strings, sequences), and the result is
compared with the truth as `ndojo.question.truth` writes it:

- Brackets, commas and spaces between elements are optional. ``(3, 4)``, ``3, 4`` and ``[3 4]`` are the same, but ``3``
  is not ``(3,)``.
- A number can have any notation and can be wrapped in its type: ``1``, ``1.0``, ``np.float64(1.0)``.
- If the truth has more than six significant digits, a rounded value with at least three digits is accepted. A whole
  number never matches a truth that is not whole.
- ``True``, ``yes``, ``y`` and ``t`` are the same, but only if the truth is a bool.
- A dtype can be written in any way that names the same dtype: ``float64``, ``np.float64``, ``'float64'``, ``<f8``.
- For an error, only its name counts, not the text after a colon. For a NumPy error, its built-in base class is also
  accepted.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

LONGEST = 1_000  # maximum length of an answer
DEEPEST = 20  # maximum nesting of brackets
EXACT_DIGITS, LEAST_DIGITS = 6, 3

YES, NO = ("true", "yes", "y", "t"), ("false", "no", "n", "f")
TRUTHS = {"True": YES, "False": NO}
# Errors of NumPy and other modules, and their built-in base classes.
BASES = {
    "AxisError": ("ValueError", "IndexError"),
    "LinAlgError": ("ValueError",),
    "UFuncTypeError": ("TypeError",),
    "DTypePromotionError": ("TypeError",),
    "TooHardError": ("RuntimeError",),
    "JSONDecodeError": ("ValueError",),
    "UnpicklingError": (),
}
# Python types that `np.dtype` accepts, although `type(x)` distinguishes them from NumPy's types.
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
    """The text cannot be parsed, for example because a bracket is missing."""


@dataclass(frozen=True)
class Word:
    """A name, a bool, ``nan`` or ``inf``, without its module."""

    text: str


@dataclass(frozen=True)
class Text:
    """A quoted string."""

    text: str


@dataclass(frozen=True)
class Number:
    """A number as it was typed."""

    value: Decimal
    is_float: bool = False


@dataclass(frozen=True)
class Complex:
    """A complex number."""

    value: complex


@dataclass(frozen=True)
class Sequence:
    """Elements in order. If `is_set`, the order has no meaning."""

    items: tuple[Value, ...]
    is_set: bool = False


Value = Word | Text | Number | Complex | Sequence


def agrees(typed: str, truth: str) -> bool:
    """Return whether a typed answer is right.

    Parameters
    ----------
    typed : str
        Any text.
    truth : str
        The right answer, as `ndojo.question.truth.truth` writes it.
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
    """Return whether the text can be parsed as an answer, right or wrong."""
    typed = tidied(typed)
    if is_error(re.split(r"[:(]", typed)[0].strip()):
        return True
    try:
        read(typed)
    except UnreadableError:
        return False
    return True


def tidied(typed: str) -> str:
    """Return an answer without surrounding spaces and quotes, and without words such as ``shape =``."""
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
    """Return whether the text looks like the name of an exception."""
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
    """Return whether the text is a dtype as NumPy writes it."""
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
    """Return NumPy's string for a dtype, or None if the name is unknown."""
    import warnings

    import numpy as np

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # deprecated names
        try:
            return np.dtype(text).str
        except (TypeError, ValueError, SyntaxError):
            return None


def _squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


# ---------------------------------------------------------------------------------------------------------- by value


def read(text: str) -> Value:
    """Parse a text.

    Raises
    ------
    UnreadableError
        If the text is not an answer.
    """
    if len(text) > LONGEST:
        raise UnreadableError("too long")
    tokens = _tokens(text)
    items, end = _items(tokens, 0, "", 0)
    if end != len(tokens):
        raise UnreadableError("a closing bracket without an opening one")
    has_comma = any(token == ("sign", ",") for token in _outside_brackets(tokens))
    if not items:
        raise UnreadableError("empty")
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
            raise UnreadableError("no separator between two values")
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
    """Return the elements up to a closing bracket or the end, and the position of that bracket or end."""
    if depth > DEEPEST:
        raise UnreadableError("too deeply nested")
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
    """Return the value of a bracket: a sequence, or the element itself for one element in parentheses."""
    closing = CLOSING[opening]
    items, end = _items(tokens, place, closing, depth + 1)
    ends_with_comma = tokens[end - 1] == ("sign", ",")
    if opening == "(" and len(items) == 1 and not ends_with_comma:
        return items[0], end + 1
    return Sequence(tuple(items), is_set=opening == "{"), end + 1


def _called(name: str, inner: Value) -> Value:
    """Return the argument of an accepted call: 1.0 for ``np.float64(1.0)``, the elements for ``array([1, 2])``."""
    if not re.fullmatch(CALLABLE, name.rpartition(".")[2]):
        raise UnreadableError(f"a call of {name}")
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
        return number == truth.value or repr(number) == repr(truth.value)  # NaN is not equal to itself
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
    """Return whether a typed number equals the truth or rounds it; see the docstring of this module."""
    wanted = truth.value
    if wanted == 0:
        return typed == 0 and (not truth.is_float or typed.is_signed() == wanted.is_signed())
    if typed == wanted:
        return True
    if _is_whole(wanted) or _is_whole(typed) or _digits(wanted) <= EXACT_DIGITS:
        return False
    if _digits(typed) >= _digits(wanted):
        return float(typed) == float(wanted)
    # The tolerance is half of the last typed digit. For a tie, both neighbors are accepted.
    last = Decimal(1).scaleb(wanted.adjusted() + 1 - max(_digits(typed), LEAST_DIGITS))
    return abs(typed - wanted) <= last / 2


def _is_whole(value: Decimal) -> bool:
    return value == value.to_integral_value()


def _digits(value: Decimal) -> int:
    """Return the number of significant digits of a typed number."""
    return len(value.as_tuple().digits)


def _as_complex(value: Value) -> complex | None:
    if isinstance(value, Complex):
        return value.value
    return complex(float(value.value)) if isinstance(value, Number) else None
