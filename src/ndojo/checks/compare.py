"""Compares a result with the expected one, and describes the difference in terms of arrays."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from ndojo.calls.wire.values import GeneratorState, Masked, Opaque
from ndojo.checks.decode import plain
from ndojo.question.entries import Match


@dataclass(frozen=True)
class Difference:
    """How two results differ: the verdict's code and a message."""

    code: str
    message: str


@dataclass(frozen=True)
class Tolerance:
    """How much a float may differ from the expected one.

    Parameters
    ----------
    match : Match
        The question's own settings.
    n : int
        Number of elements in the largest input. Rounding errors grow with it.
    magnitude : float or None
        The magnitude that rounding errors are relative to. None means the largest expected value.
    """

    match: Match
    n: int = 1
    magnitude: float | None = None

    def allowed(self, expected: np.ndarray) -> np.ndarray:
        """Return the largest allowed error of each element of `expected`, a finite float or complex array."""
        eps = float(np.finfo(expected.dtype).eps)
        size = np.abs(expected.astype(np.complex128 if expected.dtype.kind == "c" else np.float64))
        rtol = 64 * eps if self.match.rtol is None else self.match.rtol
        if self.match.atol is not None:
            return size * rtol + self.match.atol
        largest = float(size.max(initial=0.0)) if self.magnitude is None else self.magnitude
        with np.errstate(over="ignore"):
            return size * rtol + 16 * eps * math.sqrt(max(self.n, 1)) * largest


EXACT = Tolerance(Match(rtol=0, atol=0))


def difference(expected: Any, got: Any, tolerance: Tolerance, where: str = "the result") -> Difference | None:
    """Return how `got` differs from `expected`, or None.

    Parameters
    ----------
    expected, got
        Plain values and arrays, as `plain` returns them.
    tolerance : Tolerance
    where : str
        What the message calls the result.
    """
    if isinstance(expected, np.ndarray):
        return _array_difference(expected, got, tolerance, where)
    if isinstance(expected, Masked):
        return _masked_difference(expected, got, tolerance, where)
    if isinstance(expected, (tuple, list)):
        return _sequence_difference(expected, got, tolerance, where)
    if isinstance(expected, dict):
        return _dict_difference(expected, got, tolerance, where)
    if _number_kind(expected):
        return _number_difference(expected, got, tolerance, where)
    return _other_difference(expected, got, where)


_NUMBER_WORDS = {"b": "a bool", "i": "an int", "f": "a float", "c": "a complex number"}


def _number_kind(value: Any) -> str:
    """Return b, i, f or c for a Python or NumPy number, otherwise an empty string."""
    if isinstance(value, (bool, np.bool_)):
        return "b"
    if isinstance(value, (int, np.integer)) and not isinstance(value, np.timedelta64):
        return "i"
    if isinstance(value, (float, np.floating)):
        return "f"
    return "c" if isinstance(value, (complex, np.complexfloating)) else ""


def type_name(value: Any) -> str:
    """Return what a message calls the type of a result."""
    if isinstance(value, np.ndarray):
        return f"an array of shape {value.shape} and dtype {value.dtype}" if value.ndim else "a 0-d array"
    if isinstance(value, Opaque):
        return f"an object of type {value.type_name}"
    if isinstance(value, Masked):
        return "a masked array"
    if isinstance(value, GeneratorState):
        return "a Generator"
    if value is None:
        return "None"
    return _NUMBER_WORDS.get(_number_kind(value), f"a {type(value).__name__}")


def _wrong_type(expected: Any, got: Any, where: str) -> Difference:
    return Difference("WT", f"{where} is {type_name(got)}, expected {type_name(expected)}.")


def _number_difference(expected: Any, got: Any, tolerance: Tolerance, where: str) -> Difference | None:
    if _number_kind(got) != _number_kind(expected):
        return _wrong_type(expected, got, where)
    if isinstance(expected, int) and isinstance(got, int):
        return None if expected == got else _wrong_value(expected, got, where)
    wide = np.complex128 if _number_kind(expected) == "c" else np.float64 if _number_kind(expected) == "f" else None
    dtype = expected.dtype if isinstance(expected, np.generic) and wide is not None else wide
    found = _value_difference(np.asarray(expected, dtype)[None], np.asarray(got)[None], tolerance)
    if not found:
        return None
    return _wrong_value(expected, got, where)


def _wrong_value(expected: Any, got: Any, where: str) -> Difference:
    return Difference("WA", f"{where} is {_cut(plain_number(got))}, expected {_cut(plain_number(expected))}.")


def plain_number(value: Any) -> str:
    """Return a number as Python displays it, without NumPy's type."""
    try:
        return repr(value.item()) if isinstance(value, np.generic) else repr(value)
    except ValueError:
        # Python does not convert an integer with thousands of digits to a string.
        return f"an int of {value.bit_length():,} bits"


def _other_difference(expected: Any, got: Any, where: str) -> Difference | None:
    expected, got = _bare_text(expected), _bare_text(got)
    if type(expected) is not type(got):
        return _wrong_type(expected, got, where)
    if isinstance(expected, Opaque) and expected.type_name != got.type_name:
        return _wrong_type(expected, got, where)
    if isinstance(expected, Opaque):
        # Reprs that contain a memory address cannot be compared.
        same = expected.text == got.text or " at 0x" in expected.text
        return None if same else Difference("WA", f"{where} is {_cut(got.text)}, expected {_cut(expected.text)}.")
    if isinstance(expected, GeneratorState):
        same = _same_state(expected, got)
        return None if same else Difference("WA", f"{where} is a Generator with a different state.")
    if isinstance(expected, np.void):
        return difference(np.asarray(expected), np.asarray(got), EXACT, where)
    if expected == got or (expected != expected and got != got):
        return None
    return Difference("WA", f"{where} is {_cut(repr(got))}, expected {_cut(repr(expected))}.")


def _bare_text(value: Any) -> Any:
    """Return a str or bytes value without NumPy's type."""
    return value.item() if isinstance(value, (np.str_, np.bytes_)) else value


def _same_state(expected: GeneratorState, got: GeneratorState) -> bool:
    return expected.name == got.name and repr(plain(expected.state)) == repr(plain(got.state))


def _cut(text: str, limit: int = 120) -> str:
    return text if len(text) <= limit else text[: limit - 3] + "..."


def _sequence_difference(expected: Any, got: Any, tolerance: Tolerance, where: str) -> Difference | None:
    if type(got) is not type(expected):
        return _wrong_type(expected, got, where)
    if len(got) != len(expected):
        kind = type(expected).__name__
        return Difference("WT", f"{where} is a {kind} of length {len(got)}, expected length {len(expected)}.")
    for place, (one, other) in enumerate(zip(expected, got, strict=True)):
        found = difference(one, other, tolerance, f"{where}[{place}]" if where != "the result" else f"item {place}")
        if found:
            return found
    return None


def _dict_difference(expected: Any, got: Any, tolerance: Tolerance, where: str) -> Difference | None:
    if not isinstance(got, dict):
        return _wrong_type(expected, got, where)
    if set(got) != set(expected):
        return Difference("WA", f"{where} has the keys {sorted(map(str, got))}, expected {sorted(map(str, expected))}.")
    for key, value in expected.items():
        found = difference(
            value, got[key], tolerance, f"{where}[{key!r}]" if where != "the result" else f"item {key!r}"
        )
        if found:
            return found
    return None


def _masked_difference(expected: Masked, got: Any, tolerance: Tolerance, where: str) -> Difference | None:
    if not isinstance(got, Masked):
        return _wrong_type(expected, got, where)
    found = _array_difference(expected.mask, got.mask, tolerance, f"the mask of {where}")
    if found:
        return found
    if not _dtype_fits(expected.data.dtype, got.data.dtype, tolerance.match.dtype):
        return _array_difference(expected.data, got.data, tolerance, where)
    # Values under the mask don't matter.
    shown = got.data.copy()
    shown[expected.mask] = expected.data[expected.mask]
    return _array_difference(expected.data, shown, tolerance, where)


def _array_difference(expected: np.ndarray, got: Any, tolerance: Tolerance, where: str) -> Difference | None:
    if not isinstance(got, np.ndarray):
        return _wrong_type(expected, got, where)
    if got.shape != expected.shape:
        return Difference("WT", f"{where} has shape {got.shape}, expected {expected.shape}.")
    if not _dtype_fits(expected.dtype, got.dtype, tolerance.match.dtype):
        return Difference("WT", f"{where} has dtype {got.dtype}, expected {_allowed_dtype(expected, tolerance)}.")
    if not expected.size:
        return None
    return _element_difference(expected, got, tolerance, where)


_NUMBERS = "biufc"
_LIKE = {"b": "b", "i": "iu", "u": "iu", "f": "f", "c": "c", "U": "U", "S": "S", "M": "M", "m": "m"}


def _allowed_dtype(expected: np.ndarray, tolerance: Tolerance) -> str:
    if tolerance.match.dtype == "any" and expected.dtype.kind in _NUMBERS:
        return "a numeric dtype"
    same = str(expected.dtype)
    return same if tolerance.match.dtype == "exact" else f"a dtype of the same kind as {same}"


def _dtype_fits(expected: np.dtype[Any], got: np.dtype[Any], how: str) -> bool:
    if how == "any" and expected.kind in _NUMBERS:
        return got.kind in _NUMBERS
    if how != "exact" and expected.kind in _LIKE:
        return got.kind in _LIKE[expected.kind]
    return got == expected


def _element_difference(expected: np.ndarray, got: np.ndarray, tolerance: Tolerance, where: str) -> Difference | None:
    if expected.dtype.names is not None:
        for name in expected.dtype.names:
            found = _array_difference(expected[name], got[name], tolerance, f"field {name!r} of {where}")
            if found:
                return found
        return None
    if expected.dtype.kind == "O":
        return _object_difference(expected, got, tolerance, where)
    words = _value_difference(expected, got, tolerance)
    return Difference("WA", f"In {where}, {words}") if words else None


def _object_difference(expected: np.ndarray, got: np.ndarray, tolerance: Tolerance, where: str) -> Difference | None:
    for index in np.ndindex(expected.shape):
        found = difference(expected[index], got[index], tolerance, f"{where}{list(index)}")
        if found:
            return found
    return None


def _value_difference(expected: np.ndarray, got: np.ndarray, tolerance: Tolerance) -> str:
    """Return how the values of two arrays of the same shape differ, in words, or an empty string."""
    if expected.dtype.kind not in "fc" or got.dtype.kind not in "fc":
        wrong = _unequal(expected, got)
        return _count_wrong(expected, got, wrong) if wrong.any() else ""
    for name, find in _SPECIAL:
        in_expected, in_got = find(expected), find(got)
        if (in_expected != in_got).any():
            return _misplaced(name, in_expected, in_got, expected, got)
    wrong = _too_far(expected, got, tolerance)
    return _count_wrong(expected, got, wrong) if wrong.any() else ""


def _unequal(expected: np.ndarray, got: np.ndarray) -> np.ndarray:
    wrong = np.asarray(expected != got)
    return np.asarray(wrong & ~((expected != expected) & (got != got)))


_SPECIAL = (
    ("NaN", np.isnan),
    ("inf", lambda values: np.isinf(values) & (np.real(values) > 0)),
    ("-inf", lambda values: np.isinf(values) & ~(np.real(values) > 0)),
)


def _too_far(expected: np.ndarray, got: np.ndarray, tolerance: Tolerance) -> np.ndarray:
    finite = np.isfinite(expected)
    safe = np.where(finite, expected, np.zeros((), expected.dtype))
    with np.errstate(all="ignore"):
        error = np.abs(got.astype(_wide(got)) - expected.astype(_wide(expected)))
        wrong = np.asarray(error > tolerance.allowed(safe)) & finite
        wrong |= np.isinf(expected) & (expected != got)
        if tolerance.match.signed_zeros and expected.dtype.kind == "f":
            wrong |= (expected == 0) & (np.signbit(expected) != np.signbit(got))
    return np.asarray(wrong)


def _wide(values: np.ndarray) -> Any:
    return np.complex128 if values.dtype.kind == "c" else np.longdouble if values.dtype.itemsize > 8 else np.float64


def _first(wrong: np.ndarray) -> list[int]:
    """Return the index of the first wrong element. It is empty for a 0-d array."""
    return [int(i) for i in np.argwhere(wrong)[0]]


def _at(index: list[int]) -> str:
    """Return an index as a message shows it: `` at index 3``, or an empty string for a 0-d array."""
    return f" at index {index if len(index) != 1 else index[0]}" if index else ""


def _item(values: np.ndarray, index: list[int]) -> str:
    return plain_number(values[tuple(index)])


def _misplaced(name: str, in_expected: np.ndarray, in_got: np.ndarray, expected: np.ndarray, got: np.ndarray) -> str:
    wrong = in_expected != in_got
    index, n = _first(wrong), int(wrong.sum())
    values = f"is {_item(got, index)}, expected {_item(expected, index)}."
    if n == 1:
        return f"the positions of {name} differ: the element{_at(index)} {values}"
    return f"the positions of {name} differ for {n} of {wrong.size} elements. The first,{_at(index)}, {values}"


def _count_wrong(expected: np.ndarray, got: np.ndarray, wrong: np.ndarray) -> str:
    index, n = _first(wrong), int(wrong.sum())
    values = f"is {_item(got, index)}, expected {_item(expected, index)}."
    if n == 1:
        count = f"1 of {wrong.size} elements differs: " if wrong.size > 1 else ""
        return f"{count}the element{_at(index)} {values}"
    return f"{n} of {wrong.size} elements differ. The first,{_at(index)}, {values}{_largest(expected, got, wrong)}"


def _largest(expected: np.ndarray, got: np.ndarray, wrong: np.ndarray) -> str:
    """Return a sentence on the largest error and its index, for floats with more than one wrong element."""
    if expected.dtype.kind != "f" or got.dtype.kind != "f" or wrong.sum() < 2:
        return ""
    with np.errstate(all="ignore"):
        error = np.where(wrong, np.abs(got.astype(np.float64) - expected.astype(np.float64)), -1.0)
    index = [int(i) for i in np.unravel_index(int(error.argmax()), error.shape)]
    return f" The largest error is {error.max():.3g},{_at(index)}."
