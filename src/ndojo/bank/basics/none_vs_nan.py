"""None, NaN and other missing values as float64."""

import math

import numpy as np

from ndojo.question import (
    Entry,
    Level,
    Question,
    arrays,
    case,
    choice,
    drill,
    faster_than,
    lists,
    needs,
    one_of,
    peak_memory,
    predict,
    raises,
    trap,
    works,
)


def _number(cell):
    """Return one cell as a float."""
    if cell is None:
        return math.nan
    if isinstance(cell, str) and cell.strip().lower() in ("", "n/a"):
        return math.nan
    return float(cell)


def to_float(values):
    """Convert a column of mixed cells to a float64 array, with NaN for each missing value.

    A survey export mixes numbers, strings and several ways to leave an answer empty.

    Parameters
    ----------
    values : list, or ndarray of dtype object and shape (n,)
        The cells, ``n >= 0``. Each is one of

        - a float or an int. Floats may be NaN or infinite, and the absolute value of an int is at most 2**53;
        - a number as a string that `float` accepts: ``"-3.5"``, ``" 7 "``, ``"1e3"``, ``"1_000"``, ``"inf"``,
          ``"nan"``;
        - a missing value: None, or a string that is empty or ``n/a`` in any mix of upper and lower case, after
          `str.strip` has removed whitespace (spaces, tabs, newlines): ``""``, ``"   "``, ``"n/a"``, ``" N/A"``,
          ``"n/A"``;
        - any other string, which is an error.

    Returns
    -------
    ndarray, shape (n,), float64
        The numbers in order, with NaN for each missing value. The number 0 is a valid answer.

    Raises
    ------
    ValueError
        If a string is neither a number nor missing.

    Examples
    --------
    >>> to_float([3, None, " 2.5", "n/a", 0])
    array([3. , nan, 2.5, nan, 0. ])
    """
    try:
        return np.array(values, dtype=np.float64)
    except ValueError:
        return np.fromiter(map(_number, values), np.float64, len(values))


@works(fails="memory")
def by_loop(values):
    """Converts one cell after another into a list."""
    numbers = []
    for cell in values:
        if isinstance(cell, str):
            text = cell.strip().lower()
            numbers.append(np.nan if text in ("", "n/a") else float(text))
        elif cell is None:
            numbers.append(np.nan)
        else:
            numbers.append(float(cell))
    return np.array(numbers, dtype=np.float64)


@works(fails="fast")
def always_one_by_one(values):
    """Writes directly into the array, but calls a Python function for every cell."""
    return np.fromiter(map(_number, values), np.float64, len(values))


@works(fails="memory")
def by_mask(values):
    """Finds the missing strings in an object array, replaces them by None and lets astype convert the rest."""
    cells = np.empty(len(values), dtype=object)
    cells[:] = values
    missing = [isinstance(cell, str) and cell.strip().upper() in ("", "N/A") for cell in cells]
    cells[np.array(missing, dtype=bool)] = None
    return cells.astype(np.float64)


@trap(
    'With dtype=np.float64 NumPy converts None to NaN and parses strings of numbers, but "" and "n/a" '
    "raise ValueError. Handle them first.",
    verdict="RE",
)
def straight(values):
    return np.array(values, dtype=np.float64)


@trap("`if cell` is False for 0 as well as for None and the empty string, and 0 is a valid answer. Test `is None`.")
def truthy(values):
    return np.array(
        [
            float(cell) if cell and not (isinstance(cell, str) and cell.strip().lower() in ("", "n/a")) else np.nan
            for cell in values
        ],
        dtype=np.float64,
    )


@trap('" N/A" is missing too: strip whitespace and convert to lower case before you compare.', verdict="RE")
def to_the_letter(values):
    return np.array([np.nan if cell in (None, "", "n/a") else float(cell) for cell in values], dtype=np.float64)


@trap("Not every string that float rejects is a missing value: an error must raise ValueError, not become NaN.")
def swallows_mistakes(values):
    numbers = []
    for cell in values:
        try:
            numbers.append(float(cell))
        except (TypeError, ValueError):
            numbers.append(np.nan)
    return np.array(numbers, dtype=np.float64)


@trap("A missing value is not 0: zeros change the mean, while NaN marks that no number exists.")
def zero_for_missing(values):
    return np.array([0.0 if np.isnan(x := _number(cell)) else x for cell in values], dtype=np.float64)


@trap(
    "An array that contains None, or strings among numbers, gets dtype object or a string dtype. Ask for float64.",
    verdict="WT",
)
def keeps_objects(values):
    cells = np.empty(len(values), dtype=object)
    cells[:] = [_number(cell) for cell in values]
    return cells


@trap("If you drop missing cells, all later values move to another row. Put NaN in their place.", verdict="WT")
def drops_missing(values):
    numbers = np.array([_number(cell) for cell in values], dtype=np.float64)
    return numbers[~np.isnan(numbers)]


@trap('`str.isdigit` accepts no sign, decimal point or exponent, but "-3.5" is a number. Let float decide.')
def only_digits(values):
    return np.array(
        [
            (float(cell) if cell.strip().isdigit() else np.nan) if isinstance(cell, str) else _number(cell)
            for cell in values
        ],
        dtype=np.float64,
    )


# -------------------------------------------------------------------------------------------------------------- drills


@drill("Is this True, False, or which error is raised?")
def equal_or_same(rng, hardness):
    a, b = (int(k) for k in rng.integers(2, 60, 2))
    easy = [
        ("np.nan == np.nan", "NaN is not equal to anything, including itself."),
        (f"np.nan == {a}.0", "NaN is not equal to any number."),
        (f"np.nan != {a}.0", "NaN differs from everything, so != is True."),
        ("None == None", "None is a single object, and it is equal to itself."),
        ("None is None", "None is a single object, so `is None` is the test for it."),
        ("np.nan is None", "NaN is a float; None has its own type, NoneType."),
        ("np.nan == None", "A float and None are never equal."),
        (f"{a} < np.nan", "Every order comparison with NaN is False."),
        (f"{a} >= np.nan", "Every order comparison with NaN is False."),
        (f"{a} < None", "Numbers and None cannot be ordered: TypeError."),
        ("bool(np.nan)", "NaN is not 0, so it is true."),
        ("bool(None)", "None is false."),
    ]
    hard = [
        (f"np.nan in [{a}.0, np.nan]", "`in` on a list tests identity before equality, and np.nan is the same object."),
        (f"float('nan') in [{a}.0, float('nan')]", "These are two NaN objects: neither identical nor equal."),
        (f"np.nan in np.array([{a}.0, np.nan])", "`in` on an array uses only ==, and NaN is not equal to anything."),
        (
            f"np.array_equal([{a}.0, np.nan], [{a}.0, np.nan])",
            "array_equal requires equal elements, and NaN is not equal to NaN.",
        ),
        (
            f"np.array_equal([{a}.0, np.nan], [{a}.0, np.nan], equal_nan=True)",
            "equal_nan=True treats NaN as equal to NaN.",
        ),
        (f"np.array_equal([{a}, None], [{a}, None])", "None is equal to None, including inside object arrays."),
        (f"bool(np.isin(np.nan, [{a}.0, np.nan]))", "isin compares with ==, so it never finds NaN."),
        (f"bool(np.isnan(np.array([{a}, None])).any())", "isnan does not support object arrays: TypeError."),
        (
            f"np.isnan(np.array([{a}, {b}])).tolist() == [False, False]",
            "An integer is never NaN, so isnan returns False.",
        ),
        (f"bool(np.any([np.nan, 0.0, -{a} + {a}]))", "NaN is not 0, so it is true."),
        (f"bool(np.allclose([{a}.0, np.nan], [{a}.0, np.nan]))", "allclose treats NaN as unequal by default."),
        (f"np.nan ** 0 == 1.0 and {a} ** 0 == 1", "IEEE 754 defines anything to the power 0 as 1, including NaN."),
    ]
    kinds = easy if hardness < 0.4 else hard if hardness > 0.7 else easy + hard
    asked, why = kinds[int(rng.integers(len(kinds)))]
    return predict(asked, why=why)


@drill("What is the dtype of this array, or which error is raised?")
def dtype_of_cells(rng, hardness):
    a, b = (int(k) for k in rng.integers(2, 60, 2))
    dtype = str(rng.choice(["float32", "float64"]))
    integer = str(rng.choice(["int16", "int32", "int64"]))
    easy = [
        (f"np.array([{a}, None])", "None is not a number, so only dtype object can store both."),
        (f"np.array([{a}, np.nan])", "NaN is a float, so all elements become float64."),
        (f"np.array([{a}, {b}])", "Python ints alone give NumPy's default integer."),
        (f"np.array([{a}.5, None, {b}.5])", "None is not a number, so only dtype object can store both."),
        (f"np.array([True, np.nan, {a}])", "One float makes all elements float64."),
        (f"np.array([{a}, None], dtype={dtype!r})", f"With dtype {dtype}, NumPy stores None as NaN."),
        (f"np.full({a}, None)", "full uses the dtype of None: object."),
        (f"np.full({a}, np.nan)", "full uses the dtype of NaN: float64."),
        ("np.array(None)", "A single None gives a 0-d array of dtype object."),
    ]
    hard = [
        (
            f"np.array([{a}, None], dtype={integer!r})",
            "An integer dtype cannot store None, because int(None) raises TypeError.",
        ),
        (f"np.array([{a}, np.nan], dtype={integer!r})", "An integer dtype cannot store NaN: ValueError."),
        (f"np.array([{a}, '']).astype({dtype!r})", "The empty string is not a number: ValueError."),
        (f"np.array(['{a}', None]).astype({dtype!r})", "Each object is converted with float, and None becomes NaN."),
        (
            f"np.array([{a}, None]) * 2",
            "Arithmetic on object arrays calls each object's operator, and None * 2 raises TypeError.",
        ),
        (f"np.array([{a}, None]) == None", "A comparison with None works element by element and gives bools."),
        (f"np.array([{a}.0, np.nan], dtype=object) + 1", "Arithmetic on object arrays gives an object array."),
        (
            f"np.array([{a}, None], dtype=bool)",
            "With dtype=bool, NumPy uses the truth value of each item: None is False.",
        ),
        (f"np.array([{a}.5, np.nan], dtype={dtype!r}) + None", "None is not a number: float + None raises TypeError."),
        (f"np.where([True, False], {a}, None)", "where must return a dtype that can store both: object."),
        (f"np.where([True, False], {a}, np.nan)", "where promotes int and float to float64."),
        (f"np.zeros({a}, dtype={dtype!r}) * np.nan", f"np.nan is a Python float and adapts to {dtype} (NEP 50)."),
    ]
    kinds = easy if hardness < 0.4 else hard if hardness > 0.7 else easy + hard
    asked, why = kinds[int(rng.integers(len(kinds)))]
    return predict(f"str(({asked}).dtype)", why=why)


@drill("What is the value, or which error is raised?")
def reduced_cells(rng, hardness):
    a, b, c = (int(k) for k in rng.permutation(np.arange(2, 40))[:3])
    floats, objects = f"x = np.array([{a}.0, np.nan, {b}.0])\n", f"x = np.array([{a}, None, {b}])\n"
    easy = [
        (floats + "float(x.sum())", "A sum that includes NaN is NaN."),
        (floats + "float(np.nansum(x))", f"nansum treats NaN as 0: {a} + {b}."),
        (floats + "float(np.nanmean(x))", f"nanmean leaves NaN out of the sum and the count: ({a} + {b}) / 2."),
        (floats + "float(x.max())", "max returns NaN if any element is NaN."),
        (floats + "int(np.isnan(x).sum())", "isnan marks the one NaN."),
        (floats + "float(x[~np.isnan(x)].sum())", f"The mask selects {a} and {b}."),
        (objects + "x.sum()", f"{a} + None raises TypeError, as in plain Python."),
        (objects + "len(x)", "None counts as an element like any other object."),
    ]
    hard = [
        (objects + "np.nansum(x)", "nansum replaces only NaN. None stays and cannot be added: TypeError."),
        (
            objects + "float(np.nansum(x.astype(float)))",
            f"astype(float) converts None to NaN, which nansum ignores: {a + b}.",
        ),
        (objects + "float(x[x != None].sum())", f"x != None works element by element and selects {a} and {b}."),
        (objects + "x.max()", "Numbers and None cannot be ordered: TypeError."),
        (objects + "int(np.count_nonzero(x))", "None is false, so only the two numbers are counted."),
        (floats + "int(np.count_nonzero(x))", "NaN is not 0, so all three elements are counted."),
        (floats + "int(np.argmax(x))", "argmax returns the index of the first NaN."),
        (floats + "int(np.argmin(x))", "argmin also returns the index of the first NaN."),
        (floats + "int(np.nanargmax(x))", f"nanargmax ignores NaN, and {max(a, b)} is the largest of the others."),
        (floats + "np.sort(x).tolist()", "sort puts NaN last."),
        (floats + f"float(np.fmax(x, {c})[1])", f"fmax returns the number if the other operand is NaN: {c}."),
        (floats + f"float(np.maximum(x, {c})[1])", "maximum returns NaN if either operand is NaN."),
        (floats + f"int((x != {c}).sum())", f"NaN differs from everything, and {a} and {b} differ from {c}."),
        (
            f"x = np.array([np.nan, {a}.0, np.nan])\nlen(np.unique(x))",
            "Since NumPy 1.21, unique treats all NaNs as one value.",
        ),
        ("int(np.array([np.nan])[0])", "No integer can represent NaN: ValueError."),
        ("float(np.float64(None))", "np.float64(None) is NaN, while float(None) raises TypeError."),
        ("float(None)", "Python's float rejects None: TypeError."),
    ]
    kinds = easy if hardness < 0.4 else hard if hardness > 0.7 else easy + hard
    code, why = kinds[int(rng.integers(len(kinds)))]
    return predict(code, why=why)


@drill("What is the value, or which error is raised?")
def found_missing(rng, hardness):
    n, k = int(rng.integers(3, 5)), int(rng.integers(0, 3))
    cells = [str(int(value)) for value in rng.integers(1, 30, n)]
    cells[k] = "None" if rng.random() < 0.5 else "np.nan"
    none = cells[k] == "None"
    listed = f"[{', '.join(cells)}]"
    float_why = "None became NaN in the conversion to float64" if none else "NaN is stored in float64 unchanged"
    easy = [
        (f"x = np.array({listed}, dtype=float)\nnp.isnan(x).tolist()", f"{float_why}, and isnan finds it."),
        (f"x = np.array({listed}, dtype=float)\n(x == np.nan).tolist()", "NaN is not equal to anything: use isnan."),
        (f"x = np.array({listed}, dtype=float)\n(x != x).tolist()", "Only NaN differs from itself."),
        (f"[v is None for v in {listed}]", "`is None` finds None and nothing else."),
    ]
    hard = [
        (
            f"x = np.array({listed}, dtype=object)\n(x == None).tolist()",
            "== works element by element, and None is equal to itself."
            if none
            else "NaN is not None, so no element matches.",
        ),
        (
            f"x = np.array({listed}, dtype=object)\n(x != x).tolist()",
            "None is equal to itself, so x != x does not find None."
            if none
            else "In an object array, NaN also differs from itself.",
        ),
        (
            f"x = np.array({listed}, dtype=object)\nnp.isnan(x).tolist()",
            "isnan has no loop for dtype object: TypeError.",
        ),
        (
            f"x = np.array({listed}, dtype=object)\n(x is None)",
            "`is` tests the array object itself, which is not None.",
        ),
        (
            f"x = np.array({listed}, dtype=object)\nnp.isnan(x.astype(float)).tolist()",
            f"{float_why}, and isnan finds it there.",
        ),
        (f"x = np.array({listed}, dtype=float)\nnp.isfinite(x).tolist()", "NaN is neither finite nor infinite."),
    ]
    kinds = easy if hardness < 0.4 else hard if hardness > 0.7 else easy + hard
    code, why = kinds[int(rng.integers(len(kinds)))]
    return predict(code, why=why)


# ------------------------------------------------------------------------------------------------------------ question


def clean_column(rng, n=8_000):
    """Mostly numbers, with an occasional None."""
    return {
        "values": [
            None if gap else number for gap, number in zip(rng.random(n) < 0.05, rng.random(n).tolist(), strict=True)
        ]
    }


def long_column(rng):
    return clean_column(rng, 150_000)


CELLS = (2.5, None, "", "n/a", 0, "-3.5", " 7 ", "N/A", "   ", -4, 0.0, "0", "1e3", " n/A\t", "12", "inf", "nan")
CELLS = (*CELLS, "0.1", float("nan"), float("-inf"), 2**53)

QUESTION = Question(
    kinds=["predict", "code"],
    difficulty="easy",
    topics=["Basics"],
    companies=["Google", "Amazon", "Microsoft"],
    asked=["T51"],
    entry_points=[
        Entry(
            to_float,
            {
                "values": one_of(
                    lists(choice(*CELLS), 0, 6),
                    arrays("n", dtype="object", of=CELLS, layouts=("C", "step", "reversed", "readonly")),
                )
            },
            dims={"n": (0, 8)},
            cases=[
                case(values=[None, 1.5]),
                case(values=["", 1.5]),
                case(values=["n/a", 0]),
                case(values=["-3.5"]),
                case(values=[0.1]),
                case(values=[" N/A"]),
                case(values=[" N/A", "12"]),
                case(values=[0, 0.0, "0", ""]),
                case(values=np.array([None, 3, "n/a"], dtype=object)),
                raises(ValueError, values=["abc"]),
                raises(ValueError, values=["1.5", "n.a."]),
                raises(ValueError, values=[None, "none"]),
                raises(ValueError, values=["n/a", "na"]),
                raises(ValueError, values=["n/a?"]),
                raises(ValueError, values=["", "twelve"]),
            ],
        )
    ],
    levels=[
        Level("right"),
        Level(
            "memory",
            "For 150,000 cells, allocate no second list or array in addition to the result.",
            peak_memory(long_column, outputs=1.1),
        ),
        Level(
            "fast",
            "For a column of numbers and None, be at least 1.8 times faster than the Python loop.",
            faster_than(
                by_loop,
                1.8,
                clean_column,
                needs=needs(bytes=lambda values: 16 * len(values), operations=lambda values: len(values)),
            ),
        ),
    ],
    hints=[
        "Which values are false in `if cell`? Which of them are valid answers?",
        "What does np.array([1, None], dtype=np.float64) contain? What happens with an empty string?",
        "np.fromiter fills an array from any iterator, without a list in between.",
        "Is there one call that converts a clean column, and fails if the column is not clean?",
    ],
    spoken="""\
None is a Python object that means no value, and NaN is a float that means not a number. I test for None with `is
None` and for NaN with `np.isnan`, because NaN is not equal to anything, even itself. The practical difference is the
dtype: NaN fits in a float64 array and keeps it fast, while None turns the array into dtype object, which is slow and
breaks functions like sum and isnan. So I convert None to NaN as early as possible.
""",
    explanation="""\
None is a Python object that means "no value". Only one None exists, it equals itself, and `is None` finds it. NaN is a
float, a bit pattern of IEEE 754 that means "not a number". It is not equal to anything, including itself, and
`np.isnan` finds it.

>>> None == None, np.nan == np.nan, np.nan is np.nan
(True, False, True)

*What matters in NumPy is the dtype.* NaN fits in a float array, so arithmetic stays compiled, and NaN propagates
through it. An array with None has dtype object: it stores pointers to Python objects, is slow, and `sum` or `isnan`
raise TypeError.

>>> np.array([1, None]).dtype, np.array([1, np.nan]).dtype
(dtype('O'), dtype('float64'))

*Conversion.* With a float dtype, NumPy stores None as NaN, although `float(None)` raises TypeError. Strings are parsed
as `float` parses them, so an empty string raises ValueError.

>>> np.array([1, None, "2.5"], dtype=np.float64)
array([1. , nan, 2.5])

This suggests two steps: one call for a clean column, and if that raises, `np.fromiter` over the cells.

*Integers* can store neither: `np.array([1, np.nan], dtype=int)` raises ValueError. Use floats, a masked array, or a
separate boolean mask. Datetimes have NaT. NumPy 2 has only `np.nan`; the aliases `np.NaN` and `np.NAN` were removed.
""",
    points=[
        "None is a single object, tested with `is None`. NaN is a float, tested with `np.isnan`.",
        "NaN differs from itself: `==` never finds it, and `x != x` does.",
        "None gives dtype object: slow, no isnan, TypeError in sums. NaN keeps float64.",
        "With a float dtype, NumPy converts None to NaN. Integer dtypes can store neither.",
        "NaN propagates through arithmetic and reductions. nansum, nanmean and similar functions ignore it.",
        "`if value` treats 0 as missing. An error in the data should raise, not become NaN.",
    ],
    follow_ups={
        "Why is `np.nan in [np.nan]` True?": "`in` on a list tests `is` before ==, and it is the same "
        "object. On an array the result is False.",
        "How do you find None in an object array?": "`x == None` works element by element. `x is None` tests the "
        "array object itself.",
        "How do you store missing integers?": "As float64 with NaN (exact up to 2**53), as a masked array, "
        "or with a separate boolean mask.",
    },
    related=["nan-propagation", "nan-safe-statistics", "impute-missing", "masked-arrays"],
    links=[
        "https://numpy.org/doc/stable/reference/constants.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.isnan.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.fromiter.html",
        "https://numpy.org/doc/stable/user/misc.html",
    ],
)
