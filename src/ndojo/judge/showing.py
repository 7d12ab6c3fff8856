"""Inputs as code to paste, results as a learner reads them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ndojo.judge.compare import plain_number, type_name
from ndojo.judge.wire import GeneratorState, Masked, Opaque
from ndojo.question.records import Entry, file_name
from ndojo.question.values import Expression, ScratchFile

SHOWN = 400
_WHOLE = 200  # elements up to which an array is written out


def literal(value: Any) -> str:
    """An expression that makes `value`; arrays keep dtype and layout."""
    if isinstance(value, np.ndarray):
        return array_literal(value)
    if isinstance(value, (list, tuple)):
        inner = ", ".join(literal(item) for item in value)
        if isinstance(value, list):
            return f"[{inner}]"
        return f"({inner},)" if len(value) == 1 else f"({inner})"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{literal(key)}: {literal(item)}" for key, item in value.items()) + "}"
    if isinstance(value, np.random.Generator):
        return f"np.random.default_rng({seed_of(value)})"
    if isinstance(value, float) and not isinstance(value, np.generic):
        return f'float("{value}")' if value != value or value in (np.inf, -np.inf) else repr(value)
    if isinstance(value, np.generic):
        return _scalar_literal(value)
    return repr(value)


def seed_of(generator: np.random.Generator) -> str:
    """The seed that the judge gave a generator, as text."""
    entropy = getattr(generator.bit_generator.seed_seq, "entropy", None)
    return str(entropy)


def _scalar_literal(value: np.generic) -> str:
    return f"np.{value.dtype.name}({plain_number(value)})"


def array_literal(array: np.ndarray) -> str:
    """An expression that makes the array: its values, its dtype, and its layout where that is not the plain one."""
    if array.ndim and 0 in array.strides and array.size > 1 and not array.flags.writeable:
        one = array[tuple(slice(0, 1) if not step else slice(None) for step in array.strides)]
        return f"np.broadcast_to({_plain_literal(one)}, {array.shape})"
    if not array.flags.aligned:
        dtype = f"dtype={_dtype_text(array.dtype)}"
        packed = f'b"\\0" + {_plain_literal(array)}.tobytes()'
        return f"np.frombuffer({packed}, {dtype}, offset=1).reshape({array.shape})"
    if array.flags.c_contiguous or not array.size:
        return _plain_literal(array)
    if array.flags.f_contiguous:
        return f"np.asfortranarray({_plain_literal(array)})"
    return _strided_literal(array)


def _strided_literal(array: np.ndarray) -> str:
    if array.strides[0] < 0:
        return f"{_plain_literal(array[::-1])}[::-1]"
    return f"np.repeat({_plain_literal(array)}, 2, axis=-1)[..., ::2]"


def _dtype_text(dtype: np.dtype[Any]) -> str:
    if dtype.names is not None:
        return str(dtype)
    return f"np.{dtype.name}" if dtype.kind in "iufcb" and dtype.isnative else repr(dtype.str)


def _plain_literal(array: np.ndarray) -> str:
    if array.size > _WHOLE:
        return f"...  # an array of shape {array.shape}, {array.dtype}"
    items = _items(array.tolist())
    default = array.dtype in (np.float64, np.bool_) or (array.dtype == np.int64)
    if not array.size and array.ndim != 1:
        return f"np.zeros({array.shape}, dtype={_dtype_text(array.dtype)})"
    if default and array.size and not (array.dtype == np.float64 and "." not in items and "nan" not in items):
        return f"np.array({items})"
    return f"np.array({items}, dtype={_dtype_text(array.dtype)})"


def _items(nested: Any) -> str:
    if isinstance(nested, list):
        return "[" + ", ".join(_items(item) for item in nested) + "]"
    if isinstance(nested, float):
        return {"nan": "np.nan", "inf": "np.inf", "-inf": "-np.inf"}.get(repr(nested), repr(nested))
    return repr(nested)


def example_code(slug: str, entry: Entry, inputs: Mapping[str, Any]) -> str:
    """A few lines that call the answer with these inputs, to paste beside it."""
    module = file_name(slug)[:-3]
    names = [entry.name] if not entry.uses else list(entry.uses)
    lines = ["import numpy as np", f"from {module} import {', '.join(names)}", ""]
    shared: dict[int, str] = {}
    for name, value in inputs.items():
        if id(value) in shared and isinstance(value, np.ndarray):
            lines.append(f"{name} = {shared[id(value)]}")
            continue
        shared[id(value)] = name
        lines.extend(_assign(name, value))
    return "\n".join([*lines, *_call(entry, inputs)])


def _assign(name: str, value: Any) -> list[str]:
    if isinstance(value, ScratchFile):
        made = [] if value.content is None else [f'open({value.name!r}, "wb").write({value.content[:200]!r})']
        return [*made, f"{name} = {value.name!r}"]
    if isinstance(value, Expression):
        return [f"{name} = {value.text}"]
    lines = [f"{name} = {literal(value)}"]
    if isinstance(value, np.ndarray) and not value.flags.writeable and "broadcast_to" not in lines[0]:
        lines.append(f"{name}.flags.writeable = False")
    return lines


def _call(entry: Entry, inputs: Mapping[str, Any]) -> list[str]:
    parts = []
    for name, parameter in entry.parameters.items():
        if name in inputs:
            stars = {"VAR_POSITIONAL": "*", "VAR_KEYWORD": "**"}.get(parameter.kind.name, "")
            keyword = f"{name}=" if parameter.kind is parameter.KEYWORD_ONLY else ""
            parts.append(stars + keyword + name)
    if not entry.uses:
        return [f"{entry.name}({', '.join(parts)})"]
    from ndojo.question.answers import function_source

    source = function_source(entry.reference.__code__.co_filename, entry.name).rstrip()
    return ["", source, "", f"{entry.name}({', '.join([*entry.uses, *parts])})"]


def shown(value: Any) -> str:
    """A result as the learner reads it: NumPy's own `repr`, numbers without their type, cut."""
    if isinstance(value, np.ndarray):
        with np.printoptions(threshold=60, edgeitems=3, linewidth=76):
            text = repr(value)
    elif isinstance(value, (tuple, list)):
        inner = ", ".join(shown(item) for item in value)
        text = f"[{inner}]" if isinstance(value, list) else f"({inner}{',' if len(value) == 1 else ''})"
    elif isinstance(value, dict):
        text = "{" + ", ".join(f"{key!r}: {shown(item)}" for key, item in value.items()) + "}"
    elif isinstance(value, np.generic):
        text = plain_number(value)
    elif isinstance(value, Opaque):
        text = value.text
    elif isinstance(value, Masked):
        text = f"masked array with data {shown(value.data)} and mask {shown(value.mask)}"
    elif isinstance(value, GeneratorState):
        text = f"Generator({value.name})"
    else:
        text = repr(value)
    return text if len(text) <= SHOWN else text[: SHOWN - 3] + "..."


def described(value: Any) -> str:
    """What was returned, with its type where the `repr` alone would not tell."""
    if isinstance(value, np.ndarray) and value.size and value.dtype.kind in "fi" and value.dtype.itemsize == 8:
        return shown(value)
    return shown(value) if not isinstance(value, Opaque) else f"{shown(value)} ({type_name(value)})"
