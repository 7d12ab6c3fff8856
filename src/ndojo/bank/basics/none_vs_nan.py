"""None, NaN and other ways to leave a cell empty."""

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
    """One cell as a float."""
    if cell is None:
        return math.nan
    if isinstance(cell, str) and cell.strip().lower() in ("", "n/a"):
        return math.nan
    return float(cell)


def to_float(values):
    """Turn one column of a survey into numbers, with NaN wherever there was no answer.

    The export mixes numbers, texts and several ways to say nothing.

    Parameters
    ----------
    values : list, or ndarray of dtype object and shape (n,)
        The cells. Each is one of

        - a float or an int, of at most 2**53 in absolute value where it is an int; floats may be NaN or infinite;
        - a text of a number, as `float` reads it: ``"-3.5"``, ``" 7 "``, ``"1e3"``, ``"inf"``, ``"nan"``;
        - a missing answer: None, or a text that is empty or ``n/a``, in small letters or capitals, once the blanks
          around it are taken off: ``""``, ``"   "``, ``"n/a"``, ``" N/A"``;
        - any other text, which is a mistake.

        There may be no cells.

    Returns
    -------
    ndarray, shape (n,), float64
        The numbers, in order, and NaN for each missing answer. A 0 is an answer.

    Raises
    ------
    ValueError
        If a text is neither a number nor missing.

    Examples
    --------
    >>> to_float([3, None, " 2.5", "n/a", 0])
    array([3. , nan, 2.5, nan, 0. ])
    """
    try:
        return np.array(values, dtype=np.float64)
    except ValueError:
        return np.fromiter(map(_number, values), np.float64, len(values))


@works(fails="lean")
def by_loop(values):
    """Cell after cell into a list."""
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
    """Straight into the array, and through a Python function for every cell."""
    return np.fromiter(map(_number, values), np.float64, len(values))


@works(fails="lean")
def by_mask(values):
    """Finds the missing texts in an object array, puts None there and lets astype do the rest."""
    cells = np.empty(len(values), dtype=object)
    cells[:] = values
    missing = [isinstance(cell, str) and cell.strip().upper() in ("", "N/A") for cell in cells]
    cells[np.array(missing, dtype=bool)] = None
    return cells.astype(np.float64)


@trap(
    'With dtype=float64 NumPy turns None into NaN and reads texts of numbers, but "" and "n/a" raise ValueError: they '
    "need a look of your own.",
    verdict="RE",
)
def straight(values):
    return np.array(values, dtype=np.float64)


@trap("`if cell` is False for 0 as well as for None and an empty text, and 0 is an answer: ask `is None`.")
def truthy(values):
    return np.array(
        [
            float(cell) if cell and not (isinstance(cell, str) and cell.strip().lower() in ("", "n/a")) else np.nan
            for cell in values
        ],
        dtype=np.float64,
    )


@trap('" N/A" is missing too: take off the blanks and the capitals before you compare.', verdict="RE")
def to_the_letter(values):
    return np.array([np.nan if cell in (None, "", "n/a") else float(cell) for cell in values], dtype=np.float64)


@trap("Not every text that float refuses is a missing answer: a mistake must be heard, not become NaN.")
def swallows_mistakes(values):
    numbers = []
    for cell in values:
        try:
            numbers.append(float(cell))
        except (TypeError, ValueError):
            numbers.append(np.nan)
    return np.array(numbers, dtype=np.float64)


@trap("Nothing was answered is not 0: a zero drags every mean down, NaN says that there is no number.")
def zero_for_missing(values):
    return np.array([0.0 if np.isnan(x := _number(cell)) else x for cell in values], dtype=np.float64)


@trap(
    "An array that holds None, or texts beside numbers, gets dtype object or text: ask for float64.",
    verdict="WT",
)
def keeps_objects(values):
    cells = np.empty(len(values), dtype=object)
    cells[:] = [_number(cell) for cell in values]
    return cells


@trap("Leaving missing cells out moves all later ones to another row: NaN keeps the place.", verdict="WT")
def drops_missing(values):
    numbers = np.array([_number(cell) for cell in values], dtype=np.float64)
    return numbers[~np.isnan(numbers)]


@trap('isdigit knows neither sign, point nor exponent: "-3.5" is a number. Let float decide.')
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
        ("np.nan == np.nan", "NaN is equal to nothing, itself included."),
        (f"np.nan == {a}.0", "NaN is equal to no number."),
        (f"np.nan != {a}.0", "NaN differs from everything, so != is True."),
        ("None == None", "There is one None, and it is equal to itself."),
        ("None is None", "There is one None, so `is None` is the test for it."),
        ("np.nan is None", "NaN is a float; None is an object of its own type."),
        ("np.nan == None", "A float and None are never equal."),
        (f"{a} < np.nan", "Every order comparison with NaN is False."),
        (f"{a} >= np.nan", "Every order comparison with NaN is False."),
        (f"{a} < None", "Numbers and None have no order: TypeError."),
        ("bool(np.nan)", "NaN is not 0, so it counts as true."),
        ("bool(None)", "None counts as false."),
    ]
    hard = [
        (f"np.nan in [{a}.0, np.nan]", "A list asks for identity before equality, and np.nan is one object."),
        (f"float('nan') in [{a}.0, float('nan')]", "Two NaN objects: neither the same nor equal."),
        (f"np.nan in np.array([{a}.0, np.nan])", "An array only compares with ==, and NaN is equal to nothing."),
        (f"np.array_equal([{a}.0, np.nan], [{a}.0, np.nan])", "Equal elements are asked for, and NaN is not equal."),
        (f"np.array_equal([{a}.0, np.nan], [{a}.0, np.nan], equal_nan=True)", "equal_nan=True lets NaN meet NaN."),
        (f"np.array_equal([{a}, None], [{a}, None])", "None is equal to None, also inside object arrays."),
        (f"bool(np.isin(np.nan, [{a}.0, np.nan]))", "isin compares with ==, so it never finds NaN."),
        (f"bool(np.isnan(np.array([{a}, None])).any())", "isnan knows no object arrays: TypeError."),
        (f"np.isnan(np.array([{a}, {b}])).tolist() == [False, False]", "Integers are never NaN, and isnan says so."),
        (f"bool(np.any([np.nan, 0.0, -{a} + {a}]))", "NaN is not 0, so it counts as true."),
        (f"bool(np.allclose([{a}.0, np.nan], [{a}.0, np.nan]))", "allclose holds NaN for unequal by default."),
        (f"np.nan ** 0 == 1.0 and {a} ** 0 == 1", "Anything to the power 0 is 1, NaN too, by IEEE 754."),
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
        (f"np.array([{a}, None])", "None is no number, so only object holds both."),
        (f"np.array([{a}, np.nan])", "NaN is a float, so all become float64."),
        (f"np.array([{a}, {b}])", "Ints alone make int64."),
        (f"np.array([{a}.5, None, {b}.5])", "None is no number, so only object holds both."),
        (f"np.array([True, np.nan, {a}])", "One float makes all of them float64."),
        (f"np.array([{a}, None], dtype={dtype!r})", f"Asked for {dtype}, NumPy stores None as NaN."),
        (f"np.full({a}, None)", "full takes the dtype of None: object."),
        (f"np.full({a}, np.nan)", "full takes the dtype of NaN: float64."),
        ("np.array(None)", "A lone None makes a 0-d array of objects."),
    ]
    hard = [
        (f"np.array([{a}, None], dtype={integer!r})", "No integer stands for None, and int(None) is a TypeError."),
        (f"np.array([{a}, np.nan], dtype={integer!r})", "No integer stands for NaN: ValueError."),
        (f"np.array([{a}, '']).astype({dtype!r})", "The empty text is no number: ValueError."),
        (f"np.array(['{a}', None]).astype({dtype!r})", "Objects go through float, and None becomes NaN."),
        (f"np.array([{a}, None]) * 2", "Object arithmetic asks each object, and None * 2 is a TypeError."),
        (f"np.array([{a}, None]) == None", "Comparing with None goes element by element and gives bools."),
        (f"np.array([{a}.0, np.nan], dtype=object) + 1", "Object arithmetic makes objects, whatever they are."),
        (f"np.array([{a}, None], dtype=bool)", "Asked for bools, NumPy takes the truth of each: None is False."),
        (f"np.array([{a}.5, np.nan], dtype={dtype!r}) + None", "None is no number: float + None is a TypeError."),
        (f"np.where([True, False], {a}, None)", "where must hold both, so object it is."),
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
        (floats + "float(x.sum())", "A sum with a NaN in it is NaN."),
        (floats + "float(np.nansum(x))", f"nansum counts NaN as 0: {a} + {b}."),
        (floats + "float(np.nanmean(x))", f"nanmean leaves NaN out of sum and count: ({a} + {b}) / 2."),
        (floats + "float(x.max())", "max lets NaN through, so that nobody overlooks it."),
        (floats + "int(np.isnan(x).sum())", "isnan marks the one NaN."),
        (floats + "float(x[~np.isnan(x)].sum())", f"The mask leaves {a} and {b}."),
        (objects + "x.sum()", f"{a} + None is a TypeError, as in plain Python."),
        (objects + "len(x)", "None takes a place like any other object."),
    ]
    hard = [
        (objects + "np.nansum(x)", "nansum looks for NaN; None stays and cannot be added: TypeError."),
        (objects + "float(np.nansum(x.astype(float)))", f"astype(float) makes None NaN, which nansum skips: {a + b}."),
        (objects + "float(x[x != None].sum())", f"x != None goes element by element and leaves {a} and {b}."),
        (objects + "x.max()", "Numbers and None have no order: TypeError."),
        (objects + "int(np.count_nonzero(x))", "None counts as false, so only the two numbers are left."),
        (floats + "int(np.count_nonzero(x))", "NaN is not 0, so all three count."),
        (floats + "int(np.argmax(x))", "argmax takes the first NaN for the largest."),
        (floats + "int(np.argmin(x))", "argmin takes the first NaN for the smallest, too."),
        (floats + "int(np.nanargmax(x))", f"nanargmax leaves NaN out; {max(a, b)} is the largest of the rest."),
        (floats + "np.sort(x).tolist()", "sort puts NaN last."),
        (floats + f"float(np.fmax(x, {c})[1])", f"fmax prefers the number: {c}."),
        (floats + f"float(np.maximum(x, {c})[1])", "maximum lets NaN through."),
        (floats + f"int((x != {c}).sum())", f"NaN differs from everything, and so do {a} and {b} from {c}."),
        (
            f"x = np.array([np.nan, {a}.0, np.nan])\nlen(np.unique(x))",
            "Since NumPy 1.21 unique folds all NaNs into one.",
        ),
        ("int(np.array([np.nan])[0])", "No int stands for NaN: ValueError."),
        ("float(np.float64(None))", "np.float64(None) is NaN, whereas float(None) is a TypeError."),
        ("float(None)", "Python's float refuses None: TypeError."),
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
    float_why = "None became NaN on the way to float64" if none else "NaN fits into float64 as it is"
    easy = [
        (f"x = np.array({listed}, dtype=float)\nnp.isnan(x).tolist()", f"{float_why}, and isnan finds it."),
        (f"x = np.array({listed}, dtype=float)\n(x == np.nan).tolist()", "Nothing is equal to NaN: use isnan."),
        (f"x = np.array({listed}, dtype=float)\n(x != x).tolist()", "Only NaN differs from itself."),
        (f"[v is None for v in {listed}]", "`is None` finds None and nothing else."),
    ]
    hard = [
        (
            f"x = np.array({listed}, dtype=object)\n(x == None).tolist()",
            "== goes element by element, and None is equal to itself."
            if none
            else "NaN is not None, so nothing is found.",
        ),
        (
            f"x = np.array({listed}, dtype=object)\n(x != x).tolist()",
            "None is equal to itself, so x != x finds no None."
            if none
            else "In an object array, too, NaN differs from itself.",
        ),
        (f"x = np.array({listed}, dtype=object)\nnp.isnan(x).tolist()", "isnan has no loop for objects: TypeError."),
        (f"x = np.array({listed}, dtype=object)\n(x is None)", "`is` asks about the array itself, which is not None."),
        (
            f"x = np.array({listed}, dtype=object)\nnp.isnan(x.astype(float)).tolist()",
            f"{float_why}, and there isnan finds it.",
        ),
        (f"x = np.array({listed}, dtype=float)\nnp.isfinite(x).tolist()", "NaN is neither finite nor infinite."),
    ]
    kinds = easy if hardness < 0.4 else hard if hardness > 0.7 else easy + hard
    code, why = kinds[int(rng.integers(len(kinds)))]
    return predict(code, why=why)


# ------------------------------------------------------------------------------------------------------------ question


def clean_column(rng, n=8_000):
    """Numbers, and here and there None."""
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
            "lean",
            "150,000 cells: no second list or array beside the result.",
            peak_memory(long_column, outputs=1.1),
        ),
        Level(
            "fast",
            "Most columns hold nothing but numbers and None. Be 1.8 times as fast as the loop there.",
            faster_than(
                by_loop,
                1.8,
                clean_column,
                needs=needs(bytes=lambda values: 16 * len(values), operations=lambda values: len(values)),
            ),
        ),
    ],
    hints=[
        "Which values are false in `if cell`? Which of them are answers?",
        "What does np.array([1, None], dtype=np.float64) hold? And what happens with an empty text?",
        "np.fromiter fills an array from any iterator, without a list in between.",
        "Is there one call that converts a clean column, and that tells you when a column is not clean?",
    ],
    explanation="""\
None is a Python object that says "nothing here": one object, equal to itself, found with `is None`. NaN is a float, a
bit pattern of IEEE 754 that says "no number": equal to nothing, itself included, and found with `np.isnan`.

>>> None == None, np.nan == np.nan, np.nan is np.nan
(True, False, True)

What matters in NumPy is the dtype. NaN fits into a float array, so arithmetic stays compiled and carries NaN along. An
array with None has dtype object: pointers to Python objects, slow, and `sum` or `isnan` raise TypeError.

>>> np.array([1, None]).dtype, np.array([1, np.nan]).dtype
(dtype('O'), dtype('float64'))

Asked for a float dtype, NumPy stores None as NaN, though `float(None)` is an error. Texts are read as `float` reads
them, so an empty one raises ValueError.

>>> np.array([1, None, "2.5"], dtype=np.float64)
array([1. , nan, 2.5])

Hence the two ways here: one call for a clean column, and where that raises, `np.fromiter` over the cells.

Integers have neither: `np.array([1, np.nan], dtype=int)` raises ValueError. Use floats, a masked array, or a mask
beside the data. Datetimes have NaT. NumPy 2 knows `np.nan` only; `np.NaN` and `np.NAN` are gone.
""",
    points=[
        "None is a singleton object, tested with `is None`; NaN is a float, tested with np.isnan.",
        "NaN differs from itself: == never finds it, x != x does.",
        "None makes dtype object: slow, no isnan, TypeError in sums. NaN keeps float64.",
        "With a float dtype NumPy converts None to NaN; integer dtypes can hold neither.",
        "NaN propagates through arithmetic and reductions; nansum and its kin leave it out.",
        "`if value` takes 0 for missing; a mistake in the data should raise, not become NaN.",
    ],
    follow_ups={
        "Why is np.nan in [np.nan] True?": "Lists ask `is` before ==, and it is the same object; in an array it is "
        "False.",
        "How do you find None in an object array?": "x == None goes element by element; `x is None` asks about the "
        "array.",
        "How do you store missing integers?": "As float64 with NaN up to 2**53, as a masked array, or with a separate "
        "bool mask.",
    },
    related=["nan-propagation", "nan-safe-statistics", "impute-missing", "masked-arrays"],
    links=[
        "https://numpy.org/doc/stable/reference/constants.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.isnan.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.fromiter.html",
        "https://numpy.org/doc/stable/user/misc.html",
    ],
)
