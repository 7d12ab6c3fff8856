"""Formats inputs as code to paste, and results for the learner."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping
from typing import Any

import numpy as np

from ndojo.calls.pack import address_of, owner_of
from ndojo.calls.unpack import EXPRESSION_NAMES
from ndojo.calls.wire.values import GeneratorState, Masked, Opaque, is_masked
from ndojo.checks.compare import plain_number, type_name
from ndojo.question.entries import Entry
from ndojo.question.records import file_name
from ndojo.question.values import Expression, ScratchFile

SHOWN = 400
_WHOLE = 2000  # largest number of elements that are written out
_EXACT = 2**53  # float64 represents every smaller integer exactly
_SHORT = 24  # up to this number, elements are written out even if a shorter form exists


def literal(value: Any) -> str:
    """Return an expression that creates `value`. Arrays keep their dtype and memory layout."""
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
    """Return the seed that the judge gave to a generator, as a string."""
    entropy = getattr(generator.bit_generator.seed_seq, "entropy", None)
    return str(entropy)


def _scalar_literal(value: np.generic) -> str:
    text = plain_number(value)
    if value.dtype.kind in "biuf" and text.strip("-").replace(".", "").isalnum() and text[-1].isdigit():
        return f"np.{value.dtype.name}({text})"
    return f"{_plain_literal(np.asarray(value))}[()]"


def array_literal(array: Any) -> str:
    """Return an expression that creates the array: values, dtype, and the memory layout unless it is C order."""
    if is_masked(array):
        parts = _plain_literal(array.data), _plain_literal(np.ma.getmaskarray(array)), literal(array.fill_value)
        return "np.ma.array({}, mask={}, fill_value={})".format(*parts)
    owner = owner_of(array)
    cut = None if owner is array or owner.size > _WHOLE else slices(owner, array)
    if cut is not None:
        return f"{_plain_literal(owner)}{cut}"
    if array.ndim and 0 in array.strides and array.size > 1 and not array.flags.writeable:
        one = array[tuple(slice(0, 1) if not step else slice(None) for step in array.strides)]
        return f"np.broadcast_to({_plain_literal(one)}, {array.shape})"
    if not array.flags.aligned:
        dtype = f"dtype={_dtype_text(array.dtype)}"
        packed = f'bytearray(b"\\0" + {_plain_literal(array)}.tobytes())'
        return f"np.frombuffer({packed}, {dtype}, offset=1).reshape({array.shape})"
    view = "" if owner is array else "[...]"
    if array.flags.c_contiguous or not array.size:
        return _plain_literal(array) + view
    if array.flags.f_contiguous:
        return f"np.asfortranarray({_plain_literal(array)}){view}"
    return _strided_literal(array)


def _strided_literal(array: np.ndarray) -> str:
    if array.strides[0] < 0:
        return f"{_plain_literal(array[::-1])}[::-1]"
    return f"np.repeat({_plain_literal(array)}, 2, axis=-1)[..., ::2]"


def slices(owner: np.ndarray, array: np.ndarray) -> str | None:
    """Return the index that makes `array` a view of `owner`, such as ``"[:, ::2]"``, or None if no index does."""
    if owner.dtype != array.dtype or owner.ndim < array.ndim or not owner.flags.c_contiguous:
        return None
    if not array.size:
        fits = owner.ndim == array.ndim and all(n <= size for n, size in zip(array.shape, owner.shape, strict=True))
        return f"[{', '.join(f':{length}' for length in array.shape)}]" if fits else None
    for kept in itertools.combinations(range(owner.ndim), array.ndim):
        index = _index(owner, array, kept)
        if index is not None and np.array_equal(_places(owner[index]), _places(array)):
            return f"[{', '.join(_index_text(*one) for one in zip(index, owner.shape, strict=True))}]"
    return None


def _index(owner: np.ndarray, array: np.ndarray, kept: tuple[int, ...]) -> tuple[slice | int, ...] | None:
    """Return the index of `owner` that starts where `array` starts and keeps the axes `kept` with the same steps."""
    offset = address_of(array) - address_of(owner)
    index: list[slice | int] = []
    for axis, (size, own) in enumerate(zip(owner.shape, owner.strides, strict=True)):
        start, offset = divmod(offset, own)
        if not 0 <= start < size:
            return None
        if axis not in kept:
            index.append(start)
            continue
        length, stride = array.shape[kept.index(axis)], array.strides[kept.index(axis)]
        step = stride // own if length > 1 else 1
        if not step:
            return None
        stop = start + step * length
        index.append(slice(start, stop if 0 <= stop < size else None, step))
    return tuple(index)


def _places(array: np.ndarray) -> list[int]:
    """Return what distinguishes two views of the same dtype: address, shape, and strides of axes longer than 1."""
    return [address_of(array), *array.shape, *(array.strides[i] for i, n in enumerate(array.shape) if n > 1)]


def _index_text(cut: slice | int, size: int) -> str:
    if isinstance(cut, int):
        return str(cut)
    first = 0 if cut.step > 0 else size - 1
    start = "" if cut.start == first else str(cut.start)
    return f"{start}:{'' if cut.stop is None else cut.stop}{'' if cut.step == 1 else f':{cut.step}'}"


def _dtype_text(dtype: np.dtype[Any]) -> str:
    if dtype.names is not None:
        return str(dtype)
    if dtype.kind in "OT":
        return "object" if dtype.kind == "O" else "np.dtypes.StringDType()"
    if dtype in (np.longdouble, np.clongdouble) and dtype.itemsize > 16 - 8 * (dtype.kind == "f"):
        return f"np.{dtype.char.replace('g', 'longdouble').replace('G', 'clongdouble')}"
    return f"np.{dtype.name}" if dtype.kind in "iufcb" and dtype.isnative else repr(dtype.str)


def _plain_literal(array: np.ndarray) -> str:
    short = _short_literal(array) if array.size > _SHORT else None
    if short or array.size > _WHOLE:
        return short or "..."
    items = _items(_listed(array))
    default = array.dtype in (np.float64, np.bool_) or (array.dtype == np.int64)
    if not array.size and array.ndim != 1:
        return f"np.zeros({array.shape}, dtype={_dtype_text(array.dtype)})"
    if default and array.size and not (array.dtype == np.float64 and "." not in items and "nan" not in items):
        return f"np.array({items})"
    return f"np.array({items}, dtype={_dtype_text(array.dtype)})"


def _short_literal(array: np.ndarray) -> str | None:
    """Return a short expression for a large array that follows a simple rule, or None."""
    return _constant_literal(array) or _range_literal(array) or _repeated_literal(array)


def _constant_literal(array: np.ndarray) -> str | None:
    """Return a short expression for a large array whose elements are all the same, or None."""
    first = array.reshape(-1)[:1]
    if array.dtype.kind not in "biufcSU" or array.tobytes() != first.tobytes() * array.size:
        return None
    (item,) = first.tolist()
    return f"np.full({array.shape}, {_items(item)}, dtype={_dtype_text(array.dtype)})"


def _range_literal(array: np.ndarray) -> str | None:
    """Return a short expression for a large array of integers with a constant step, or None."""
    if array.dtype.kind not in "iuf" or array.dtype.itemsize > 8:
        return None
    first, second = array.reshape(-1)[:2].tolist()
    if not (abs(first) < _EXACT and abs(second) < _EXACT and first != second and first % 1 == second % 1 == 0):
        return None
    start, step = int(first), int(second) - int(first)
    stop = start + step * array.size
    if array.reshape(-1)[-1] != stop - step:
        return None
    dtype: Any = array.dtype
    if np.arange(start, stop, step, dtype=dtype).tobytes() != array.tobytes():
        return None
    bounds = f"{start}, {stop}, {step}" if step != 1 else f"{start}, {stop}" if start else f"{stop}"
    shape = "" if array.ndim == 1 else f".reshape({array.shape})"
    return f"np.arange({bounds}, dtype={_dtype_text(array.dtype)}){shape}"


def _repeated_literal(array: np.ndarray) -> str | None:
    """Return a short expression for a large array whose columns are all the same, or None."""
    if array.ndim < 2 or array.shape[-1] < 2 or array.dtype.kind not in "biufcSU":
        return None
    column = array[..., :1]
    if np.repeat(column, array.shape[-1], axis=-1).tobytes() != array.tobytes():
        return None
    return f"np.repeat({_plain_literal(column)}, {array.shape[-1]}, axis=-1)"


def _listed(array: np.ndarray) -> Any:
    """Return the elements as nested lists. Records of a structured array become tuples."""
    if array.dtype.names is not None:
        columns = [_listed(array.reshape(-1)[name]) for name in array.dtype.names]
        rows: list[Any] = list(zip(*columns, strict=True))
        for length in array.shape[:0:-1]:
            rows = [rows[start : start + length] for start in range(0, len(rows), length)] if length else []
        return rows if array.ndim else rows[0]
    if array.dtype.kind == "M":
        return np.datetime_as_string(array).tolist()
    return array.astype(np.int64).tolist() if array.dtype.kind == "m" else array.tolist()


def _items(nested: Any) -> str:
    if isinstance(nested, (list, tuple)):
        inner = ", ".join(_items(item) for item in nested)
        return f"[{inner}]" if isinstance(nested, list) else f"({inner}{',' if len(nested) == 1 else ''})"
    if isinstance(nested, float):
        return {"nan": "np.nan", "inf": "np.inf", "-inf": "-np.inf"}.get(repr(nested), repr(nested))
    if isinstance(nested, complex) and not np.isfinite(nested):
        return f"complex({_items(nested.real)}, {_items(nested.imag)})"
    return literal(nested) if isinstance(nested, (np.ndarray, np.generic)) else repr(nested)


def example_code(slug: str, entry: Entry, inputs: Mapping[str, Any]) -> str:
    """Return code that calls the answer with these inputs, to paste next to it."""
    names = [entry.name] if not entry.uses else list(entry.uses)
    body = "\n".join([*_assignments(inputs), *_call(entry, inputs)])
    imports = [f"import {name}" for name in EXPRESSION_NAMES if name != "np" and re.search(rf"\b{name}\.", body)]
    head = [*imports, "import numpy as np", f"from {file_name(slug)[:-3]} import {', '.join(names)}", ""]
    return "\n".join([*head, body])


def pasted(inputs: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the inputs that the code of `example_code` creates, or None if it does not create them."""
    scope: dict[str, Any] = dict(EXPRESSION_NAMES)
    own = {name: value for name, value in inputs.items() if not isinstance(value, (Expression, ScratchFile))}
    try:
        exec(compile("\n".join(_assignments(own)), "<example>", "exec"), scope)
    except Exception:
        return None
    made = dict(inputs) | {name: scope[name] for name in own}
    return None if any(value is ... for value in made.values()) else made


def _assignments(inputs: Mapping[str, Any]) -> list[str]:
    lines: list[str] = []
    known: dict[int, str] = {}
    common = _common_owner(inputs)
    if common is not None:
        lines.append(f"memory = {_plain_literal(common)}")
    for name, value in inputs.items():
        if isinstance(value, np.ndarray) and id(value) in known:
            lines.append(f"{name} = {known[id(value)]}")
        elif common is not None and isinstance(value, np.ndarray) and owner_of(value) is common:
            lines.append(f"{name} = memory{slices(common, value)}")
        else:
            lines.extend(_assign(name, value))
        known[id(value)] = name
    return lines


def _common_owner(inputs: Mapping[str, Any]) -> np.ndarray | None:
    """Return the base array that several inputs are views of, or None."""
    arrays = {id(value): value for value in inputs.values() if type(value) is np.ndarray}
    owners = [owner_of(array) for array in arrays.values()]
    for array, owner in zip(arrays.values(), owners, strict=True):
        shares = [other for other, its in zip(arrays.values(), owners, strict=True) if its is owner]
        if len(shares) > 1 and array is not owner and all(slices(owner, other) for other in shares):
            return owner if owner.size <= _WHOLE else None
    return None


def _assign(name: str, value: Any) -> list[str]:
    if isinstance(value, ScratchFile):
        made = [] if value.content is None else [f'open({value.name!r}, "wb").write({value.content!r})']
        return [*made, f"{name} = {value.name!r}"]
    if isinstance(value, Expression):
        return [f"{name} = {value.text}"]
    lines = [f"{name} = {literal(value)}"]
    if isinstance(value, np.ndarray) and not value.flags.writeable and "broadcast_to" not in lines[0]:
        lines.append(f"{name}.flags.writeable = False")
    return lines


def _call(entry: Entry, inputs: Mapping[str, Any]) -> list[str]:
    parts = []
    omitted = False
    for name, parameter in entry.parameters.items():
        if name in inputs:
            stars = {"VAR_POSITIONAL": "*", "VAR_KEYWORD": "**"}.get(parameter.kind.name, "")
            keyword = f"{name}=" if not stars and (omitted or parameter.kind is parameter.KEYWORD_ONLY) else ""
            parts.append(stars + keyword + name)
        omitted = omitted or name not in inputs
    if not entry.uses:
        return [f"{entry.name}({', '.join(parts)})"]
    from ndojo.question.answer_source import function_source

    source = function_source(entry.reference.__code__.co_filename, entry.name).rstrip()
    return ["", source, "", f"{entry.name}({', '.join([*entry.uses, *parts])})"]


def shown(value: Any) -> str:
    """Return a result as the learner sees it: its truncated `repr`, with numbers shown without NumPy's type."""
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
    """Return a result as the learner sees it, with its type if the `repr` does not show the type."""
    if isinstance(value, np.ndarray) and value.size and value.dtype.kind in "fi" and value.dtype.itemsize == 8:
        return shown(value)
    return shown(value) if not isinstance(value, Opaque) else f"{shown(value)} ({type_name(value)})"
