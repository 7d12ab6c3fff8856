# ruff: noqa: E501  (one line per table row is easier to read)
"""Values cross the sandbox boundary unchanged, and hostile bytes cannot harm the reader."""

from __future__ import annotations

import contextlib
import math
import struct
import tracemalloc
from typing import Any

import hypothesis.extra.numpy as arrays
import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import example, given, settings

from ndojo.calls.call import run_case
from ndojo.calls.outcome import read_outcome
from ndojo.calls.pack import pack_case
from ndojo.calls.wire.reader import Reader
from ndojo.calls.wire.values import (
    MAX_BYTES,
    MAX_DEPTH,
    GeneratorState,
    Masked,
    NewArray,
    NotSerializable,
    Opaque,
    TooLarge,
    ViewOfInput,
    WireError,
)
from ndojo.calls.wire.writer import Writer
from ndojo.checks.compare import EXACT, difference
from ndojo.checks.decode import plain

QUICK = settings(max_examples=100, deadline=None, derandomize=True)


def there(value: Any) -> bytes:
    out = Writer(opaque=True)
    out.write(value)
    return out.done()


def back(data: bytes) -> Any:
    source = Reader(data)
    value = source.read()
    assert source.at == len(data)
    return value


def crossed(value: Any) -> Any:
    return back(there(value))


def same(one: Any, other: Any) -> bool:
    return type(one) is type(other) and (one == other or (one != one and other != other))


# ---------------------------------------------------------------------------------------------------------- round trips

PLAIN = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.complex_numbers()
    | st.text(st.characters(exclude_categories=())) | st.binary()
)  # fmt: skip
NESTED = st.recursive(
    PLAIN,
    lambda inner: st.lists(inner, max_size=3) | st.tuples(inner, inner) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
SCALAR_DTYPES = st.one_of(
    arrays.boolean_dtypes(), arrays.integer_dtypes(endianness="?"), arrays.floating_dtypes(endianness="?"),
    arrays.complex_number_dtypes(endianness="?"), arrays.datetime64_dtypes(endianness="?"),
    arrays.timedelta64_dtypes(endianness="?"), arrays.byte_string_dtypes(endianness="?"),
    arrays.unicode_string_dtypes(endianness="?"),
)  # fmt: skip
# Titles (second names of fields) are not sent: they are rarely used, and results should be equal without them.
STRUCTURED = arrays.array_dtypes(SCALAR_DTYPES, max_size=3) | arrays.nested_dtypes(SCALAR_DTYPES, max_leaves=3)
DTYPES = st.one_of(SCALAR_DTYPES, STRUCTURED.filter(lambda dtype: "(('" not in str(dtype)))


@given(NESTED)
@QUICK
def test_plain_values_come_back_as_they_went(value: Any) -> None:
    """Nested Python values keep their type and value. NaN stays NaN, and a lone surrogate stays one."""
    assert repr(crossed(value)) == repr(value)


@given(st.data())
@QUICK
def test_arrays_of_every_dtype_come_back_to_the_byte(data: st.DataObject) -> None:
    """Dtype, shape, bytes and layout survive for plain, structured and nested dtypes in both byte orders."""
    dtype = data.draw(DTYPES)
    if dtype.subdtype is not None:
        dtype = np.dtype([("sub", dtype)])
    array = np.zeros(data.draw(arrays.array_shapes(min_dims=0, min_side=0, max_side=3)), dtype)
    if not any(kind in str(dtype) for kind in "U?b"):  # not every bit pattern is a valid character or bool
        pattern = data.draw(st.binary(min_size=1, max_size=16)) * array.nbytes
        array = np.ndarray(array.shape, dtype, bytearray(pattern[: array.nbytes]))
    got = crossed(array)
    assert isinstance(got, NewArray)
    assert (got.array.dtype, got.array.shape, got.strides) == (array.dtype, array.shape, array.strides)
    assert got.array.tobytes() == array.tobytes()
    assert (got.writeable, got.owned) == (array.flags.writeable, array.flags.owndata)


@given(arrays.arrays(arrays.unicode_string_dtypes() | arrays.boolean_dtypes(), arrays.array_shapes(min_side=0)))
@QUICK
def test_texts_and_bools_come_back(array: np.ndarray) -> None:
    assert np.array_equal(crossed(array).array, array)


@given(DTYPES.filter(lambda dtype: dtype.itemsize < 4000))
@QUICK
def test_dtypes_come_back_equal(dtype: np.dtype[Any]) -> None:
    """Dtypes include one that is itself the result."""
    assert crossed(dtype) == dtype


@pytest.mark.parametrize(
    "dtype",
    [
        np.dtype([("a,b", "i4"), ("c@{d}", "(2,3)f8"), ("", "u1"), ("é:;", "S3")]),
        np.dtype([("a", "i1"), ("b", "f8")], align=True),
        np.dtype({"names": ["late", "early"], "formats": ["i2", "f4"], "offsets": [8, 1], "itemsize": 16}),
        np.dtype([("outer", [("inner", [("core", "M8[25s]")])])]),
        np.dtype("M8"), np.dtype("m8[us]"), np.dtype("V5"), np.longdouble, np.dtype(">c16"),
    ],
    ids=str,
)  # fmt: skip
def test_odd_dtypes_come_back_whole(dtype: Any) -> None:
    """Offsets, padding, alignment and unusual field names survive."""
    array = np.zeros(2, dtype)
    got = crossed(array).array
    assert got.dtype == array.dtype
    assert (got.dtype.itemsize, got.dtype.isalignedstruct) == (array.dtype.itemsize, array.dtype.isalignedstruct)


@pytest.mark.parametrize(
    "value",
    [
        2**63 - 1, 2**63, -(2**63), -(2**63) - 1, 10**400, -(10**400), True, 0.0, -0.0, float("inf"), 5e-324,
        complex(-0.0, float("inf")), "", "\ud800", "\x00\U0010ffff", b"", slice(None, 3, -1), (), [], {}, {1: {2: (3,)}},
        np.float32(1.5), np.int8(-3), np.bool_(True), np.str_("é"), np.str_(""), np.bytes_(b""), np.bytes_(b"ab"),
        np.datetime64("2024-02-29"), np.timedelta64(-3, "h"), np.complex64(1j), np.float16(0.1), np.longdouble("0.1"),
    ],
    ids=lambda value: repr(value)[:20],
)  # fmt: skip
def test_scalars_come_back_with_their_type(value: Any) -> None:
    assert same(crossed(value), value)


@pytest.mark.parametrize("value", [float("nan"), np.float32("nan"), np.datetime64("NaT"), np.timedelta64("NaT", "s")])
def test_missing_values_come_back_missing(value: Any) -> None:
    assert same(crossed(value), value)


def test_string_arrays_come_back() -> None:
    """Strings include NumPy's variable-length strings."""
    array = np.array([["a", ""], ["é" * 300, "d"]], dtype=np.dtypes.StringDType())
    got = crossed(array).array
    assert got.dtype == array.dtype
    assert got.tolist() == array.tolist()


def test_object_arrays_come_back_with_what_they_box() -> None:
    """Arrays inside an object array come back as arrays, not as descriptions."""
    ragged = np.empty((2, 2), dtype=object)
    ragged[:] = [[None, "x"], [np.arange(3), (1, [np.zeros(0)])]]
    got = plain(crossed(ragged))
    assert got.shape == (2, 2)
    assert got[1, 0].tolist() == [0, 1, 2]
    assert difference(plain(crossed(ragged)), got, EXACT) is None


def test_masked_arrays_come_back_with_mask_and_fill_value() -> None:
    masked = np.ma.array([[1.0, 2.0]], mask=[[True, False]], fill_value=-5)
    got = plain(crossed(masked))
    assert isinstance(got, Masked)
    assert (got.data.tolist(), got.mask.tolist(), got.fill_value) == ([[1.0, 2.0]], [[True, False]], -5.0)


@pytest.mark.parametrize("bits", ["PCG64", "MT19937", "Philox", "SFC64"])
def test_generators_come_back_where_they_stood(bits: str) -> None:
    """The state of every bit generator survives. For some, the state is an array."""
    rng = np.random.Generator(getattr(np.random, bits)(3))
    rng.random(5)
    got = crossed(rng)
    assert isinstance(got, GeneratorState)
    assert got.name == bits
    assert difference(got, crossed(rng), EXACT) is None
    rng.random()
    assert difference(got, crossed(rng), EXACT) is not None


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (object(), "builtins.object"), (len, "builtins.builtin_function_or_method"), (iter([]), "builtins.list_iterator"),
        (np.zeros((1, 1)).view(np.matrix), "numpy.matrix"), (np.float64, "builtins.type"), (range(3), "builtins.range"),
    ],
)  # fmt: skip
def test_what_has_no_form_is_named(value: Any, name: str) -> None:
    """An answer may return any object. The judge receives its type and its repr."""
    got = crossed(value)
    assert isinstance(got, Opaque)
    assert got.type_name == name


def test_judge_is_told_of_an_input_without_a_form() -> None:
    """An author's mistake raises an error. It is not sent as a different kind of input."""
    with pytest.raises(NotSerializable, match="object"):
        Writer().write(object())


def test_container_in_itself_is_refused() -> None:
    loop: list[Any] = []
    loop.append(loop)
    with pytest.raises(NotSerializable, match="nested"):
        there(loop)


def test_broadcast_terabytes_are_refused_before_they_are_written() -> None:
    with pytest.raises(TooLarge, match="at most"):
        there(np.broadcast_to(1, (10**6, 10**6)))


# -------------------------------------------------------------------------------------------------------- hostile bytes

SAMPLES = [
    there([1, "a", (None, True, 2.5, 1j), {"k": b"v"}, slice(1, 2), {3, 4}, 10**30]),
    there(np.arange(6.0).reshape(2, 3)),
    there(np.zeros(2, [("a", "i4"), ("b", [("c", "(2,)f8")])])),
    there(np.array([None, "x", np.arange(2)], dtype=object)),
    there(np.array(["a", "bc"], dtype=np.dtypes.StringDType())),
    there(np.ma.array([1, 2], mask=[0, 1])),
    there((np.random.default_rng(1), np.dtype("M8[s]"), np.float32(1), object())),
]
FUNCTIONS = {
    "view": lambda x: (x[::-1], x, x + 1, [x.T]),
    "fail": lambda x: 1 / 0,
    "change": lambda x: x.fill(7),
}
OUTCOMES = [run_case(FUNCTIONS, pack_case(name, (np.arange(6.0).reshape(2, 3),), {}), "") for name in FUNCTIONS]


def mutated(samples: list[bytes]) -> st.SearchStrategy[bytes]:
    """Return a sample with changed, removed or inserted bytes."""

    @st.composite
    def strategy(draw: st.DrawFn) -> bytes:
        data = bytearray(draw(st.sampled_from(samples)))
        for _ in range(draw(st.integers(1, 4))):
            place = draw(st.integers(0, len(data) - 1)) if data else 0
            how = draw(st.sampled_from(["flip", "byte", "cut", "long", "insert"]))
            if how == "flip" and data:
                data[place] ^= 1 << draw(st.integers(0, 7))
            elif how == "byte" and data:
                data[place] = draw(st.integers(0, 255))
            elif how == "cut":
                del data[place : place + draw(st.integers(1, 9))]
            elif how == "long":
                data[place : place + 8] = struct.pack("<q", draw(st.sampled_from([-1, 2**31, 2**40, 2**62, -(2**63)])))
            else:
                data[place:place] = draw(st.binary(max_size=9) | st.sampled_from(samples))
        return bytes(data)

    return strategy()


@given(mutated(SAMPLES) | st.binary(max_size=200))
@settings(max_examples=1000, deadline=None)
@example(b"[" * 40)
@example(b"A\x00" + struct.pack("<I", 3) + b"|S0" + b"\x01" + struct.pack("<qq", 2**40, 0) + struct.pack("<I", 0))
@example(b"[\xff\xff\xff\xff")
@example(b"D" + struct.pack("<I", 10) + b"|S99999999")
@example(b"X" + struct.pack("<I", 3) + b"|S0" + struct.pack("<I", 0))
@example(b"D" + struct.pack("<I", 4) + b"<U-1")
def test_mangled_values_raise_nothing_but_wire_errors(data: bytes) -> None:
    """Reading any bytes from the sandbox gives a value or a `WireError`."""
    with contextlib.suppress(WireError):
        plain(Reader(data).read(), [])


@given(mutated(OUTCOMES) | st.binary(max_size=100))
@settings(max_examples=1000, deadline=None)
def test_mangled_outcomes_raise_nothing_but_wire_errors(data: bytes) -> None:
    with contextlib.suppress(WireError):
        read_outcome(data)


def framed(tag: bytes, *parts: Any) -> bytes:
    return tag + b"".join(part if isinstance(part, bytes) else struct.pack("<I", part) for part in parts)


def layout(*sizes: int) -> bytes:
    return struct.pack(f"<B{2 * len(sizes)}q", len(sizes), *sizes, *[0] * len(sizes))


def dtype(text: bytes) -> bytes:
    return struct.pack("<I", len(text)) + text


BAIT = {
    "a list of four thousand million": framed(b"[", 2**32 - 1),
    "a text of four gigabytes": framed(b"s", 2**32 - 1),
    "an array of terabytes": b"A\x03" + dtype(b"<f8") + layout(2**40) + struct.pack("<I", 0),
    "an object array of terabytes": b"Q" + layout(2**40) + framed(b"(", 0),
    "an item of gigabytes": b"X" + dtype(b"|S999999999") + struct.pack("<I", 0),
    "nothing, ten thousand deep": b"[\x01\x00\x00\x00" * 10_000 + b"N",
    "masked, ten thousand deep": b"M" * 10_000,
    "slices, ten thousand deep": b"/" * 10_000,
    "generators, ten thousand deep": (b"G" + struct.pack("<I", 0)) * 10_000,
    "dtypes in dtypes": b"D" + dtype(b"(" * 2000 + b"<f8" + b";1)" * 600),
    "a shape that overflows": b"A\x03" + dtype(b"<f8") + layout(2**62, 2**62, 4) + struct.pack("<I", 0),
    "a mask that is no array": b"M" + there(np.arange(3)) + there(5) + there(0),
    "a mask of another shape": b"M" + there(np.arange(3)) + there(np.zeros(2, bool)) + there(0),
    "a root of gigabytes": b"R" + there(None) + there([[0, 2**40]]) + there(False) + there([]),
    "a dtype that is not listed": b"A\x03" + dtype(b"|O") + layout(1) + framed(b"", 8, b"\0" * 8),
}


@pytest.mark.parametrize("name", BAIT)
def test_bait_costs_no_more_than_its_bytes(name: str) -> None:
    """A small message that claims to be huge or deep is refused at a cost proportional to its own size."""
    data = BAIT[name]
    read = read_outcome if data[:1] == b"R" else lambda data: Reader(data).read()
    tracemalloc.start()
    try:
        with pytest.raises(WireError):
            read(data)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 100_000 + 40 * len(data)


def test_lying_shape_of_empty_items_costs_nothing() -> None:
    """2**40 items of zero bytes need no memory, so such an array is cheap to store and to compare."""
    data = b"A\x03" + dtype(b"|S0") + layout(2**40) + struct.pack("<I", 0)
    tracemalloc.start()
    try:
        got = plain(Reader(data).read())
        found = difference(np.zeros(3), got, EXACT)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert found is not None and "shape (1099511627776,)" in found.message
    assert peak < 1_000_000


@given(mutated(SAMPLES + OUTCOMES))
@settings(max_examples=100, deadline=None)
def test_reading_takes_a_small_multiple_of_the_message(data: bytes) -> None:
    tracemalloc.start()
    try:
        Reader(data).read()
    except WireError:
        pass
    finally:
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert peak < 200_000 + 100 * len(data)


def test_placed_array_stays_within_its_memory() -> None:
    """A view's description is accepted only within the judge's own memory."""
    memory = [np.zeros(24, np.uint8)]
    inside = ViewOfInput(0, 8, -1, np.dtype("f8"), (2,), (8,), True)
    assert plain(inside, memory).tolist() == [0.0, 0.0]
    for root, offset, shape, strides in [
        (0, 8, (3,), (8,)), (0, -8, (1,), (8,)), (0, 16, (2,), (-24,)), (0, 25, (1,), (8,)), (1, 0, (1,), (8,)),
        (-1, 0, (1,), (8,)), (0, 0, (2**40,), (8,)), (0, 0, (2, 2), (8, 2**40)),
    ]:  # fmt: skip
        with pytest.raises(WireError):
            plain(ViewOfInput(root, offset, -1, np.dtype("f8"), shape, strides, True), memory)


def test_endless_view_is_not_copied() -> None:
    """A view that repeats one element 10**12 times is compared by shape and is not copied."""
    endless = ViewOfInput(0, 0, -1, np.dtype("f8"), (10**6, 10**6), (0, 0), False)
    assert math.prod(endless.shape) * 8 > MAX_BYTES
    found = difference(np.zeros(2), plain(endless, [np.zeros(8, np.uint8)]), EXACT)
    assert found is not None and found.message == "the result has shape (1000000, 1000000), expected (2,)."


def test_depth_that_is_written_is_read() -> None:
    """The reader accepts every depth that the writer can produce."""
    nested: Any = 1
    for _ in range(MAX_DEPTH):
        nested = [nested]
    assert crossed(nested) == nested
    with pytest.raises(NotSerializable):
        there([nested])
