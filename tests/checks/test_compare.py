# ruff: noqa: E501  (one line per table row is easier to read)
"""Results are compared in the order type, shape, dtype, positions of NaN, values."""

from __future__ import annotations

from typing import Any

import hypothesis.extra.numpy as arrays
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ndojo.calls.wire.reader import Reader
from ndojo.calls.wire.values import NewArray
from ndojo.calls.wire.writer import Writer
from ndojo.checks.compare import EXACT, Tolerance, difference
from ndojo.checks.decode import Unreadable, plain
from ndojo.question.entries import Match

USUAL = Tolerance(Match())
ANY = Tolerance(Match(dtype="any"))
KIND = Tolerance(Match(dtype="kind"))
ZEROS = Tolerance(Match(signed_zeros=True))


def crossed(value: Any) -> Any:
    """Return a value as it comes out of the sandbox."""
    out = Writer(opaque=True)
    out.write(value)
    return plain(Reader(out.done()).read())


def found(expected: Any, got: Any, tolerance: Tolerance = USUAL) -> tuple[str, str] | None:
    difference_found = difference(crossed(expected), crossed(got), tolerance)
    return None if difference_found is None else (difference_found.code, difference_found.message)


a = np.array
inf, nan = np.inf, np.nan
RECORD = [("a", "i4"), ("b", "f8")]
GOLDEN: dict[str, tuple[Any, Any, str]] = {
    # shape before dtype before values
    "shape first": (a([1.0, 2.0]), a([1, 2, 3]), "WT the result has shape (3,), expected (2,)."),
    "dtype second": (a([1.0, 2.0]), a([1, 3]), "WT the result has dtype int64, expected float64."),
    "empty is not five": (a([5.0]), a([]), "WT the result has shape (0,), expected (1,)."),
    "five is not empty": (a([]), a([5.0]), "WT the result has shape (1,), expected (0,)."),
    "empty of another shape": (np.zeros((0, 3)), np.zeros((3, 0)), "WT the result has shape (3, 0), expected (0, 3)."),
    "empty of another dtype": (np.zeros(0), np.zeros(0, int), "WT the result has dtype int64, expected float64."),
    "row for a column": (np.ones((2, 1)), np.ones((1, 2)), "WT the result has shape (1, 2), expected (2, 1)."),
    "a number is no array": (a([2.0, 2.0]), 2.0, "WT the result is a float, expected an array of shape (2,) and dtype float64."),
    "a 0-d array is no number": (2.0, a(2.0), "WT the result is a 0-d array, expected a float."),
    "a number is no 0-d array": (a(2.0), 2.0, "WT the result is a float, expected a 0-d array."),
    "one element is no number": (2.0, a([2.0]), "WT the result is an array of shape (1,) and dtype float64, expected a float."),
    "a list is no array": (a([1, 2]), [1, 2], "WT the result is a list, expected an array of shape (2,) and dtype int64."),
    "nothing at all": (a([1]), None, "WT the result is None, expected an array of shape (1,) and dtype int64."),
    "a matrix": (np.ones((1, 1)), np.ones((1, 1)).view(np.matrix), "WT the result is an object of type numpy.matrix, expected an array of shape (1, 1) and dtype float64."),
    "a masked array": (np.ones(1), np.ma.ones(1), "WT the result is a masked array, expected an array of shape (1,) and dtype float64."),
    "object dtype": (a([1.0]), a([1.0], dtype=object), "WT the result has dtype object, expected float64."),
    "half the bits": (a([1.0]), a([1.0], "f4"), "WT the result has dtype float32, expected float64."),
    "other byte order": (a([1], "<i4"), a([1], ">i4"), "WT the result has dtype >i4, expected int32."),
    "width of strings": (a(["ab"]), a(["abc"]), "WT the result has dtype <U3, expected <U2."),
    "unit of dates": (a(["2024-01-01"], "M8[D]"), a(["2024-01-01"], "M8[s]"), "WT the result has dtype datetime64[s], expected datetime64[D]."),
    # values
    "one element": (a([1.0]), a([2.0]), "WA In the result, the element at index 0 is 2.0, expected 1.0."),
    "one of two": (a([1, 2]), a([1, 3]), "WA In the result, 1 of 2 elements differs: the element at index 1 is 3, expected 2."),
    "several": (a([[1.0, 2.0], [3.0, 4.0]]), a([[1.0, 0.0], [3.0, 9.0]]), "WA In the result, 2 of 4 elements differ. The first, at index [0, 1], is 0.0, expected 2.0. The largest error is 5, at index [1, 1]."),
    "a 0-d array": (a(1.0), a(2.0), "WA In the result, the element is 2.0, expected 1.0."),
    "bools": (a([True]), a([False]), "WA In the result, the element at index 0 is False, expected True."),
    "texts": (a(["a", "b"]), a(["a", "c"]), "WA In the result, 1 of 2 elements differs: the element at index 1 is 'c', expected 'b'."),
    "dates": (a(["2024-01-01"], "M8[D]"), a(["NaT"], "M8[D]"), "WA In the result, the element at index 0 is None, expected datetime.date(2024, 1, 1)."),
    "unsigned do not wrap": (a([0], "u1"), a([255], "u1"), "WA In the result, the element at index 0 is 255, expected 0."),
    "largest integers": (a([2**63 - 1]), a([2**63 - 2]), "WA In the result, the element at index 0 is 9223372036854775806, expected 9223372036854775807."),
    # positions of NaN and infinity
    "nan for a number": (a([1.0, nan]), a([nan, nan]), "WA In the result, the positions of NaN differ: the element at index 0 is nan, expected 1.0."),
    "a number for nan": (a([nan, nan]), a([1.0, 2.0]), "WA In the result, the positions of NaN differ for 2 of 2 elements. The first, at index 0, is 1.0, expected nan."),
    "inf for the largest": (a([1.7e308]), a([inf]), "WA In the result, the positions of inf differ: the element at index 0 is inf, expected 1.7e+308."),
    "the other inf": (a([inf]), a([-inf]), "WA In the result, the positions of inf differ: the element at index 0 is -inf, expected inf."),
    "-inf missing": (a([-inf]), a([0.0]), "WA In the result, the positions of -inf differ: the element at index 0 is 0.0, expected -inf."),
    "a complex inf turned": (a([complex(0, inf)]), a([complex(0, -inf)]), "WA In the result, the element at index 0 is -infj, expected infj."),
    # scalars
    "int for bool": (True, 1, "WT the result is an int, expected a bool."),
    "bool for int": (1, True, "WT the result is a bool, expected an int."),
    "float for int": (1, 1.0, "WT the result is a float, expected an int."),
    "another int": (3, 4, "WA the result is 4, expected 3."),
    "another float": (0.5, 0.25, "WA the result is 0.25, expected 0.5."),
    "NumPy's float": (np.float64(0.5), 0.25, "WA the result is 0.25, expected 0.5."),
    "nan scalar": (nan, 1.0, "WA the result is 1.0, expected nan."),
    "an int of 6000 digits": (1, 10**6000, "WA the result is an int of 19,932 bits, expected 1."),
    "another text": ("a", "b", "WA the result is 'b', expected 'a'."),
    "a date for a span": (np.datetime64("2024-01-01"), np.timedelta64(1, "D"), "WT the result is a timedelta64, expected a datetime64."),
    # containers
    "tuple for list": ([1], (1,), "WT the result is a tuple, expected a list."),
    "too short": ((1, 2), (1,), "WT the result is a tuple of length 1, expected length 2."),
    "item of a tuple": ((1, a([1.0])), (1, a([1])), "WT item 1 has dtype int64, expected float64."),
    "item in an item": ([[1], [2]], [[1], [3]], "WA item 1[0] is 3, expected 2."),
    "keys": ({"a": 1}, {"b": 1}, "WA the result has the keys ['b'], expected ['a']."),
    "value of a key": ({"a": a([1])}, {"a": a([2])}, "WA In item 'a', the element at index 0 is 2, expected 1."),
    "no dict": ({}, [], "WT the result is a list, expected a dict."),
    # structured, boxed, masked
    "field": (a([(1, 2.0)], RECORD), a([(1, 3.0)], RECORD), "WA In field 'b' of the result, the element at index 0 is 3.0, expected 2.0."),
    "other field names": (a([(1, 2.0)], RECORD), a([(1, 2.0)], [("a", "i4"), ("c", "f8")]), "WT the result has dtype [('a', '<i4'), ('c', '<f8')], expected [('a', '<i4'), ('b', '<f8')]."),
    "boxed": (a([1, "x"], dtype=object), a([1, "y"], dtype=object), "WA the result[1] is 'y', expected 'x'."),
    "mask": (np.ma.array([1, 2], mask=[0, 1]), np.ma.array([1, 2], mask=[0, 0]), "WA In the mask of the result, 1 of 2 elements differs: the element at index 1 is False, expected True."),
    "under no mask": (np.ma.array([1, 2], mask=[0, 1]), np.ma.array([3, 2], mask=[0, 1]), "WA In the result, 1 of 2 elements differs: the element at index 0 is 3, expected 1."),
    # others
    "another class": (np.float64, np.float32, "WA the result is <class 'numpy.float32'>, expected <class 'numpy.float64'>."),
    "generator elsewhere": (np.random.default_rng(1), np.random.default_rng(2), "WA the result is a Generator with a different state."),
    "no generator": (np.random.default_rng(1), 1, "WT the result is an int, expected a Generator."),
}  # fmt: skip


@pytest.mark.parametrize("name", GOLDEN)
def test_difference_is_named_in_one_sentence(name: str) -> None:
    """The verdict code and the learner's sentence match word for word."""
    expected, got, sentence = GOLDEN[name]
    assert found(expected, got) == tuple(sentence.split(" ", 1))


@pytest.mark.parametrize(
    ("expected", "got", "tolerance"),
    [
        (0.0, -0.0, USUAL), (a([0.0]), a([-0.0]), USUAL), (a([nan, inf]), a([nan, inf]), USUAL), (nan, nan, USUAL),
        (np.float64(1), 1.0, USUAL), (1.0, np.float32(1), USUAL), (3, np.int8(3), USUAL), (True, np.True_, USUAL),
        (np.str_("a"), "a", USUAL), ("a", np.str_("a"), USUAL), (a([0.1 + 0.2]), a([0.3]), USUAL),
        (np.ma.array([1, 2], mask=[0, 1]), np.ma.array([1, 9], mask=[0, 1]), USUAL),
        (a([1.0, 2.0]), a([1, 2]), ANY), (a([1, 2], "i4"), a([1, 2], "u8"), KIND), (a(["ab"]), a(["ab"], "U9"), KIND),
        (a([1.0]), a([1.0], "f4"), KIND), (a(["NaT"], "M8[s]"), a(["NaT"], "M8[s]"), USUAL),
        (len, len, USUAL), (iter([1]), iter([2]), USUAL), (a(["2024-01-01"], "M8[D]"), a(["2024-01-01"], "M8[s]"), KIND),
    ],
)  # fmt: skip
def test_what_is_as_good_passes(expected: Any, got: Any, tolerance: Tolerance) -> None:
    assert found(expected, got, tolerance) is None


@pytest.mark.parametrize(
    ("expected", "got", "tolerance"),
    [
        (a([0.0]), a([-0.0]), ZEROS), (a([1.0]), a([1.0], dtype=object), ANY), (a([1.0]), a(["1.0"]), ANY),
        (a([1.0]), a([(1,)], [("a", "i4")]), ANY), (a([1.0]), a([1]), KIND), (a([(1,)], [("a", "i4")]), a([1]), ANY),
        (a([True]), a([1]), KIND), (a([(1, 2.0)], RECORD), a([(1, 2.0)], [("c", "i4"), ("d", "f8")]), KIND),
        (a(["2024-01-01"], "M8[D]"), a([0], "m8[D]"), ANY), (a([1.0]), a([1.0 + 1e-12]), EXACT),
    ],
)  # fmt: skip
def test_what_is_not_as_good_is_found(expected: Any, got: Any, tolerance: Tolerance) -> None:
    """If the dtype is not required, numbers match only numbers, never objects, strings or records."""
    assert found(expected, got, tolerance) is not None


class Agreeable(np.ndarray):
    """An array that claims to be equal to everything and close to everything in every function."""

    def __array_ufunc__(self, *args: Any, **kwargs: Any) -> Any:
        return True

    def __array_function__(self, *args: Any, **kwargs: Any) -> Any:
        return True

    def __eq__(self, other: object) -> bool:
        return True


@pytest.mark.parametrize(
    "got", [np.full(3, 9.0).view(Agreeable), np.full(3, nan), np.full(3, None), 9.0, a(9.0), a([])]
)
def test_wildcards_match_nothing(got: Any) -> None:
    """Agreeable subclasses, NaN, object arrays, scalars and empty arrays match only equal values."""
    assert found(a([1.0, 2.0, 3.0]), got) is not None


# ----------------------------------------------------------------------------------------------------------- tolerance


@pytest.mark.parametrize(
    ("expected", "error", "n", "passes"),
    [
        (a([1.0]), 1e-14, 1, True), (a([1.0]), 1e-12, 1, False), (a([1.0]), 1e-12, 10**6, True),
        (a([1e13]), 0.1, 1, True), (a([1e13]), 10.0, 1, False), (a([1.0], "f4"), 1e-6, 1, True),
        (a([1.0], "f4"), 1e-4, 1, False), (a([1.0], "f2"), 1e-2, 1, True), (a([1j]), 1e-14, 1, True),
        (a([1j]), 1e-10, 1, False), (a([5e-324]), 0.0, 1, True), (a([1e-300]), 1e-305, 1, False),
    ],
)  # fmt: skip
def test_tolerance_follows_dtype_size_and_magnitude(expected: np.ndarray, error: float, n: int, passes: bool) -> None:
    got = expected + expected.dtype.type(error)
    assert (difference(expected, got, Tolerance(Match(), n)) is None) == passes


def test_tolerance_measures_a_sum_that_cancels_by_what_was_summed() -> None:
    """1e16 - 1e16 cancels completely, and the remaining rounding error is not a mistake."""
    assert difference(a([0.0]), a([2.0]), Tolerance(Match(), 2, magnitude=1e16)) is None
    assert difference(a([0.0]), a([2.0]), Tolerance(Match(), 2, magnitude=1.0)) is not None


def test_author_may_fix_the_tolerance() -> None:
    assert difference(a([1.0]), a([1.05]), Tolerance(Match(rtol=0.1))) is None
    assert difference(a([1.0]), a([1.05]), Tolerance(Match(rtol=0, atol=0.01))) is not None


# ---------------------------------------------------------------------------------------------------------- properties

ELEMENTS = st.one_of(
    arrays.boolean_dtypes(), arrays.integer_dtypes(), arrays.floating_dtypes(sizes=(16, 32, 64)),
    arrays.complex_number_dtypes(sizes=(64, 128)), arrays.unicode_string_dtypes(max_len=3),
    arrays.datetime64_dtypes(max_period="D", min_period="s"),
)  # fmt: skip
ARRAYS = arrays.arrays(ELEMENTS, arrays.array_shapes(min_dims=0, min_side=0, max_side=4))
VALUES = st.recursive(
    ARRAYS | st.integers() | st.floats() | st.text(max_size=5) | st.none() | st.booleans(),
    lambda inner: st.lists(inner, max_size=3) | st.tuples(inner) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=5,
)
QUICK = settings(max_examples=150, deadline=None)


@given(VALUES, st.sampled_from([USUAL, EXACT, ANY, KIND, ZEROS]))
@QUICK
def test_nothing_differs_from_itself(value: Any, tolerance: Tolerance) -> None:
    assert difference(crossed(value), crossed(value), tolerance) is None


@given(ARRAYS.filter(lambda array: array.size > 0), st.data())
@QUICK
def test_changed_element_is_found(array: np.ndarray, data: st.DataObject) -> None:
    """A change of any single element beyond rounding is found, in either array."""
    other = array.copy()
    place = data.draw(st.integers(0, array.size - 1))
    other.flat[place] = data.draw(arrays.from_dtype(array.dtype))
    one, two = array.flat[place], other.flat[place]
    assume(not (one == two or (one != one and two != two)))
    if array.dtype.kind in "fc":
        with np.errstate(all="ignore"):
            assume(not np.abs(one - two) <= 0.1 * np.max(np.abs(array), initial=0, where=np.isfinite(array)))
    assert difference(array, other, USUAL) is not None
    if array.dtype.kind not in "fc":
        assert difference(other, array, USUAL) is not None


@given(VALUES, VALUES)
@QUICK
def test_finding_a_difference_never_fails(expected: Any, got: Any) -> None:
    """Comparing any two values never raises. If the comparison is exact, it is symmetric."""
    for tolerance in (USUAL, ANY, KIND):
        difference(crossed(expected), crossed(got), tolerance)
    one, other = (difference(crossed(x), crossed(y), EXACT) for x, y in ((expected, got), (got, expected)))
    assert (one is None) == (other is None)


def test_boxed_arrays_are_compared_as_arrays() -> None:
    """A ragged result contains arrays, and these are compared element by element."""
    ragged, other = np.empty(2, dtype=object), np.empty(2, dtype=object)
    ragged[:] = [np.arange(2), np.arange(3)]
    other[:] = [np.arange(2), np.arange(3) + 1]
    assert found(ragged, ragged) is None
    assert found(ragged, other)[0] == "WA"
    assert isinstance(plain(NewArray(ragged, (8,), True, True)), np.ndarray)


def test_text_that_is_none_cannot_be_looked_at() -> None:
    """Numbers viewed as strings may be invalid characters. Python raises an error when it reads such an element."""
    odd = np.full(2, 2**31, np.uint32).view("U1")
    with pytest.raises(Unreadable, match="invalid character codes"):
        plain(NewArray(odd, odd.strides, True, True))
    fields = np.zeros(2, [("name", "U1")])
    fields["name"] = odd
    with pytest.raises(Unreadable, match="invalid character codes"):
        plain(NewArray(fields, fields.strides, True, True))
