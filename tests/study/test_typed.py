"""Typed answers are judged leniently in form, but a wrong answer is never accepted."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from ndojo.question import loading
from ndojo.question.truth import truth, written
from ndojo.study.typed import LONGEST, TRUTHS, agrees, is_readable

RIGHT = {
    "(3, 4)": ["(3,4)", "3, 4", "[3 4]", "shape (3, 4)", "shape=(3,4)", "the shape is (3, 4)", "3 4", "'(3, 4)'"],
    "(3,)": ["(3,)", "3,", "[3]", "shape: (3,)", "( 3 , )"],
    "()": ["()", "[]", "( )"],
    "float64": ["float64", "np.float64", "'float64'", "<f8", "f8", "dtype('float64')", "np.dtype('float64')", "Float64",
                "dtype=float64", "dtype: float64", "<class 'numpy.float64'>", "numpy.float64", "double"],
    "bool": ["bool", "np.bool_", "bool_", "np.bool", "?"],
    "<U5": ["<U5", "U5", "'<U5'"],
    "True": ["True", "true", "yes", "Y", "t", "np.True_", "True.", "it is True"],
    "False": ["False", "no", "n", "F", "np.bool(False)"],
    "ValueError": ["ValueError", "value error", "valueerror", "ValueError: not (3,", "raises ValueError",
                   "it raises a value error", "ValueError('x')", "builtins.ValueError", "error: ValueError"],
    "AxisError": ["AxisError", "np.exceptions.AxisError", "ValueError", "IndexError"],
    "LinAlgError": ["LinAlgError", "np.linalg.LinAlgError: Singular matrix"],
    "1": ["1", "1.0", "1.", "+1", "np.float64(1.0)", "1e0", "np.int64(1)", "value 1", "`1`"],
    "1.0": ["1", "1.0", "np.float64(1.0)", "float64(1)"],
    "24": ["24", "24 bytes", "24 Bytes"],
    "-3": ["-3", "\N{MINUS SIGN}3", "(-3)"],
    "nan": ["nan", "np.nan", "NaN", "float('nan')", "np.float64(nan)"],
    "-inf": ["-inf", "-np.inf", "-Infinity"],
    "0.30000000000000004": ["0.3", "0.30", "0.30000000000000004", "3e-1"],
    "0.3333333333333333": ["0.333", "0.3333", "0.33333333333333331"],
    "0.10000000149011612": ["0.1", "0.1000000015"],
    "(1+2j)": ["1+2j", "(1+2j)", "1 + 2j", "np.complex128(1+2j)"],
    "[1, 2]": ["[1, 2]", "[1 2]", "[1. 2.]", "array([1, 2])", "np.array([1, 2])", "array([1, 2], dtype=int8)", "1 2"],
    "[[1, 2], [3, 4]]": ["[[1 2] [3 4]]", "[1 2], [3 4]", "array([[1, 2], [3, 4]])", "((1, 2), (3, 4))"],
    "[True, False]": ["[True, False]", "[ True False]", "[T F]"],
    "[nan, 1.0]": ["[nan, 1]", "[nan 1.]"],
    "None": ["None", "none"],
    "'abc'": ["abc", "'abc'", '"abc"'],
    "'a b'": ["a b", "'a b'"],
    "{1, 2}": ["{2, 1}"],
    "ndarray": ["ndarray", "np.ndarray", "numpy.ndarray"],
    "2024-01-01": ["2024-01-01", "'2024-01-01'"],
}  # fmt: skip

WRONG = {
    "(3,)": ["3", "(3)", "(3, 1)", "[[3]]", "three"],
    "3": ["(3,)", "[3]", "3,", "4", "03x"],
    "(1, 2, 3)": ["1 2", "(1, 2)", "(1, 2, 3, 4)", "(3, 2, 1)"],
    "[1]": ["[[1]]", "1"],
    "1": ["True", "yes", "y", "t", "1.0000001", "one", "", " ", "1 1", "-1"],
    "0": ["False", "no", "None", "nan", "()"],
    "True": ["1", "1.0", "False", "yess", "(True,)"],
    "False": ["0", "None", ""],
    "float64": ["float", "float32", ">f8", "int64", "f", "'f'", "f4", "64", "(float64,)"],
    "float": ["float64", "np.float64", "<f8"],
    "int64": ["int", "int32", "uint64", "i4"],
    "'f'": ["float32", "F", "<f4"],
    "'<f8'": ["'>f8'"],
    "ValueError": ["TypeError", "ValueError or TypeError", "ValueError, TypeError", "error", "Exception", "raises"],
    "IndexError": ["AxisError", "LookupError", "KeyError"],
    "0.30000000000000004": ["0.30000001", "0.31", "0.299", "0", "3"],
    "0.3333333333333333": ["0.33", "0.3", "0.334", "0.33333334"],
    "1.0000001192092896": ["1", "1.0", "1.00"],
    "1.0005": ["1", "1.0", "1.000"],
    "16777216.0": ["16777217", "1.6777217e7"],
    "-0.0": ["0", "0.0"],
    "0.0": ["-0.0", "nan"],
    "nan": ["0", "None", "inf", "-nan"],
    "inf": ["-inf", "nan", "1e999"],
    "(1+2j)": ["1-2j", "(1, 2)", "1"],
    "'abc'": ["ABC", "ab", "'abd'"],
    "2024-01-01": ["2024-01-02", "2022"],
    "{1, 2}": ["{1, 1}", "{1}"],
}  # fmt: skip


@pytest.mark.parametrize(("expected", "typed"), [(one, form) for one, forms in RIGHT.items() for form in forms])
def test_right_answer_may_take_any_form(expected: str, typed: str) -> None:
    assert agrees(typed, expected)


@pytest.mark.parametrize(("expected", "typed"), [(one, form) for one, forms in WRONG.items() for form in forms])
def test_wrong_answer_is_wrong_in_any_form(expected: str, typed: str) -> None:
    assert not agrees(typed, expected)


@pytest.mark.parametrize(
    "typed",
    [
        "(" * 500,
        "[" * LONGEST,
        "9" * 5_000,
        "1e999999999",
        "-" * 900,
        "a" * LONGEST * 2,
        "\0",
        "\ud800",
        "[,]",
        "'",
        '"""',
    ],
)
@pytest.mark.parametrize("expected", ["1", "1.0", "(3,)", "True", "float64", "ValueError", "'abc'", "nan", "[1, 2]"])
def test_hostile_answer_is_just_wrong(typed: str, expected: str) -> None:
    """Deep nesting, great length and unusual characters cause no error."""
    assert not agrees(typed, expected)
    assert is_readable(typed) in (True, False)


@pytest.mark.parametrize(
    "typed", ["__import__('os').getcwd()", "exit()", "(lambda: 3)()", "1 if True else 2", "2 - 1", "3 // 3"]
)
def test_nothing_that_is_typed_is_run(typed: str) -> None:
    """An expression is not an answer, regardless of its value."""
    assert not agrees(typed, "1")


@pytest.mark.parametrize("typed", ["(3, 4", "3, 4)", "'abc", "3x4", "[1, 2", "a)b"])
def test_unreadable_answer_is_known(typed: str) -> None:
    """A typing slip is asked again and not counted."""
    assert not is_readable(typed)


@pytest.mark.parametrize("typed", ["(3, 4)", "3 4", "ValueError: (", "float64", "yes", "nothing", "1e5", "-inf"])
def test_readable_answer_is_judged(typed: str) -> None:
    assert is_readable(typed)


# -------------------------------------------------------------------------------------------------------- properties

leaves = st.one_of(
    st.booleans(), st.none(), st.integers(), st.floats(), st.text("abcXY_", min_size=1), st.complex_numbers()
)
values = st.recursive(leaves, lambda inner: st.lists(inner, max_size=4) | st.lists(inner, max_size=4).map(tuple))


@given(values)
@example([math.nan, -0.0])
@example(((1,), ()))
def test_truth_as_it_is_written_is_right(value: object) -> None:
    """Any value typed as Python writes it is right."""
    assume(len(written(value)) <= LONGEST)
    assert agrees(written(value), written(value))


@given(st.lists(st.integers(-999, 999), max_size=5).map(tuple), st.sampled_from([" ", ",", ", ", " , "]), st.booleans())
def test_brackets_and_separators_are_free(shape: tuple[int, ...], between: str, square: bool) -> None:
    """Only the elements of a sequence and their order matter."""
    inside = between.join(map(str, shape)) + ("," if len(shape) == 1 else "")
    assert agrees(f"[{inside}]" if square else f"({inside})", written(shape))


@given(st.lists(st.integers(0, 9), max_size=4).map(tuple), st.lists(st.integers(0, 9), max_size=4).map(tuple))
def test_other_shape_is_wrong(one: tuple[int, ...], other: tuple[int, ...]) -> None:
    assert agrees(written(one), written(other)) == (one == other)


@given(st.integers() | st.floats(allow_nan=False), st.integers() | st.floats(allow_nan=False))
def test_other_number_is_wrong(one: float, other: float) -> None:
    """A number typed in full is right only if it is the same number. -0.0 is not 0.0."""
    same = one == other and math.copysign(1, one) == math.copysign(1, other)
    if agrees(written(one), written(other)):
        assert one == other
    elif same:
        pytest.fail(f"{one!r} is not taken for {other!r}")


@given(st.floats(1e-6, 1e6), st.integers(3, 15))
def test_digits_of_the_truth_are_right_as_many_as_are_typed(value: float, digits: int) -> None:
    """A number rounded to three or more digits is right. With a different last digit, it is wrong."""
    expected = written(value)
    if value == int(value) or len(re.sub(r"e.*|\D", "", expected).strip("0")) <= max(6, digits):
        return
    typed = f"{value:.{digits - 1}e}"
    if float(typed) != int(float(typed)):
        assert agrees(typed, expected)
    last = int(typed[typed.index("e") - 1])
    off = typed.replace(f"{last}e", f"{(last + 5) % 10}e")
    assert not agrees(off, expected)


@given(st.text(max_size=30), st.sampled_from([*RIGHT, *WRONG]))
@example("Y", "True")
def test_random_text_is_right_only_by_chance(typed: str, expected: str) -> None:
    """No text causes an error. Text that agrees shares something with the truth, or is a short yes or no."""
    if agrees(typed, expected) and typed.strip().lower() not in TRUTHS.get(expected, ()):
        assert set(typed.lower()) & set(expected.lower())


@given(st.sampled_from(sorted(np.sctypeDict, key=str)), st.sampled_from(sorted(np.sctypeDict, key=str)))
def test_dtype_by_any_name_is_that_dtype(typed: object, wanted: object) -> None:
    """Names that agree mean the same dtype."""
    if isinstance(typed, str) and typed != "a" and wanted != "a" and agrees(typed, str(np.dtype(wanted))):
        assert np.dtype(typed) == np.dtype(wanted)


@pytest.mark.parametrize("slug", [one["slug"] for one in loading.index() if one["drills"]])
def test_truth_of_every_drill_can_be_typed(slug: str) -> None:
    """The grammar can parse the truth of every drill in the bank."""
    for drill in loading.load(slug).drills:
        for seed in range(25):
            prediction = drill.vary(np.random.default_rng(seed), seed % 11 / 10)
            expected = truth(prediction)
            assert agrees(expected, expected) and is_readable(expected), f"{drill.name}: {expected}"
            assert not agrees("zzz", expected)
