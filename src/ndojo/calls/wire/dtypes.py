"""Dtypes in the wire format: a list of allowed simple dtypes, and structured dtypes field by field."""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from ndojo.calls.wire.values import _LENGTH, NotSerializable, WireError

_SIMPLE_DTYPE = re.compile(
    r"[<>|=](?:b1|[iu][1248]|f(?:2|4|8|16)|c(?:8|16|32)|[SUV]\d{1,9}|[mM]8(?:\[\d*[a-zA-Zμ]{1,2}\])?)"
)
_dtype_bytes: dict[np.dtype[Any], bytes] = {}
_dtype_values: dict[bytes, np.dtype[Any]] = {}


def _describe_dtype(dtype: np.dtype[Any]) -> str:
    if dtype.subdtype is not None:
        base, shape = dtype.subdtype
        return f"({_describe_dtype(base)};{','.join(map(str, shape))})"
    if dtype.names is None:
        if dtype.hasobject or dtype.kind not in "biufcSUVmM":
            raise NotSerializable(f"dtype {dtype} is not supported")
        return dtype.str
    assert dtype.fields is not None
    # Hexadecimal, because a field name may contain the characters that separate fields.
    names = [name.encode("utf-8", "surrogatepass").hex() for name in dtype.names]
    parts = [dtype.fields[name] for name in dtype.names]
    fields = (f"{name}@{part[1]}:{_describe_dtype(part[0])}" for name, part in zip(names, parts, strict=True))
    return "{" + ",".join([f"{dtype.itemsize}:{int(dtype.isalignedstruct)}", *fields]) + "}"


def _split(text: str) -> list[str]:
    """Return the parts between the commas that are outside all brackets."""
    parts, depth, start = [], 0, 0
    for place, letter in enumerate(text):
        depth += (letter in "{(") - (letter in "})")
        if letter == "," and depth == 0:
            parts.append(text[start:place])
            start = place + 1
    return [*parts, text[start:]]


def _read_structured(text: str, depth: int) -> np.dtype[Any]:
    head, *fields = _split(text[1:-1])
    size, aligned = head.split(":")
    names, formats, offsets = [], [], []
    for field in fields:
        name, _, tail = field.partition("@")
        offset, _, dtype = tail.partition(":")
        names.append(bytes.fromhex(name).decode("utf-8", "surrogatepass"))
        offsets.append(int(offset))
        formats.append(_read_dtype(dtype, depth + 1))
    spec = {"names": names, "formats": formats, "offsets": offsets, "itemsize": int(size)}
    return np.dtype(spec, align=aligned == "1")  # type: ignore[call-overload, no-any-return]


def _read_dtype(text: str, depth: int = 0) -> np.dtype[Any]:
    if depth > 4:
        raise WireError("a dtype is nested too deeply")
    if text.startswith("("):
        base, _, shape = text[1:-1].rpartition(";")
        return np.dtype((_read_dtype(base, depth + 1), tuple(int(n) for n in shape.split(",") if n)))
    if text.startswith("{"):
        return _read_structured(text, depth)
    if not _SIMPLE_DTYPE.fullmatch(text):
        raise WireError(f"dtype {text[:40]!r} is not allowed")
    return np.dtype(text)


def dtype_to_bytes(dtype: np.dtype[Any]) -> bytes:
    """Return the description of a dtype. Raise `NotSerializable` if the dtype is not supported."""
    known = _dtype_bytes.get(dtype)
    # Equal structured dtypes may have different descriptions (aligned or not), so they are described each time.
    if known is None or dtype.names is not None:
        text = _describe_dtype(dtype).encode()
        known = _dtype_bytes[dtype] = text
    return known


def _dtype_blob(dtype: np.dtype[Any]) -> bytes:
    text = dtype_to_bytes(dtype)
    return _LENGTH.pack(len(text)) + text


def dtype_from_bytes(text: bytes) -> np.dtype[Any]:
    """Return the dtype of a description. Raise `WireError` if the description is not valid."""
    known = _dtype_values.get(text)
    if known is None:
        if len(text) > 4096:
            raise WireError("the description of a dtype is too long")
        try:
            known = _read_dtype(text.decode())
        except WireError:
            raise
        except Exception as problem:
            raise WireError("a dtype could not be read") from problem
        if len(_dtype_values) < 1000:
            _dtype_values[text] = known
    return known
