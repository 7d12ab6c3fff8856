"""Print a matrix without changing global print options."""

import sys

import numpy as np

from ndojo.question import (
    Entry,
    Level,
    Question,
    Scenario,
    arrays,
    case,
    choice,
    drill,
    integers,
    predict,
    raises,
    right_on,
    trap,
    works,
)


def format_matrix(a, precision):
    """Format a matrix as text with a fixed number of decimals, as NumPy prints it but complete.

    The text is what ``print(a)`` shows, with two differences:

    - Every number has exactly `precision` digits after the decimal point and no exponent: ``0.50``, ``-12.00``, and
      ``7.`` if `precision` is 0.
    - All elements are shown, regardless of their number, and each row stays on one line, regardless of its length.

    NumPy's print options are global state that belongs to the caller. When the function returns or raises, all of them
    must have the values that they had before.

    Parameters
    ----------
    a : ndarray, shape (m, n), float64
        The absolute value of each finite element is less than 1e8. Elements may be NaN or infinite. `a` may be empty
        (the text is then ``[]``), strided or read-only.
    precision : int
        ``precision <= 15``.

    Returns
    -------
    str
        Brackets, spaces and line breaks as in ``str(a)``. All numbers are padded on the left to the same width. NaN is
        written ``nan``, infinity ``inf``, and negative zero ``-0.00``. On level 1, print options that affect the text
        have their default values. On level 2 the caller may have set any of them, and the text must still be the same.

    Raises
    ------
    ValueError
        If `a` does not have exactly two axes, or if `precision` is negative.

    Examples
    --------
    >>> print(format_matrix(np.array([[0.5, -12.0], [np.nan, 1234.5678]]), 2))
    [[   0.50  -12.00]
     [    nan 1234.57]]
    >>> np.get_printoptions()["precision"]
    8
    """
    if a.ndim != 2 or precision < 0:
        raise ValueError(f"a must have two axes and precision must not be negative, got {a.ndim} axes and {precision}")
    with np.printoptions(
        precision=precision,
        floatmode="fixed",
        suppress=True,
        threshold=sys.maxsize,
        linewidth=sys.maxsize,
        sign="-",
        nanstr="nan",
        infstr="inf",
        legacy=False,
    ):
        return str(a)


@works()
def by_hand(a, precision):
    """Uses no print options: formats each number with Python and pads it."""
    if a.ndim != 2 or precision < 0:
        raise ValueError("a must have two axes and precision must not be negative")
    if a.size == 0:
        return "[]"
    point = "." if precision == 0 else ""
    texts = [[f"{v:.{precision}f}" + point * bool(np.isfinite(v)) for v in row] for row in a.tolist()]
    width = max(len(text) for row in texts for text in row)
    rows = ["[" + " ".join(text.rjust(width) for text in row) + "]" for row in texts]
    return "[" + "\n ".join(rows) + "]"


@works(fails="any options")
def by_array2string(a, precision):
    """Passes the options as arguments, so it sets none. Options without an argument keep the caller's values."""
    if a.ndim != 2 or precision < 0:
        raise ValueError("a must have two axes and precision must not be negative")
    return np.array2string(
        a,
        precision=precision,
        floatmode="fixed",
        suppress_small=True,
        threshold=a.size + 1,
        max_line_width=10**9,
    )


@works(fails="any options")
def sets_and_restores(a, precision):
    """Sets the options and restores them in `finally`."""
    before = np.get_printoptions()
    try:
        if a.ndim != 2 or precision < 0:
            raise ValueError("a must have two axes and precision must not be negative")
        np.set_printoptions(precision=precision, floatmode="fixed", suppress=True)
        np.set_printoptions(threshold=max(a.size, 1), linewidth=10**9)
        return str(a)
    finally:
        np.set_printoptions(**before)


@trap(
    "`np.set_printoptions` changes the options of the whole program permanently. Use the context "
    "manager `np.printoptions`."
)
def sets_for_all(a, precision):
    if a.ndim != 2 or precision < 0:
        raise ValueError("a must have two axes and precision must not be negative")
    np.set_printoptions(
        precision=precision, floatmode="fixed", suppress=True, threshold=sys.maxsize, linewidth=sys.maxsize
    )
    return str(a)


@trap(
    "Options that are restored in the last line stay changed if an exception occurs before it. Use `finally` or `with`."
)
def forgets_when_it_raises(a, precision):
    before = np.get_printoptions()
    np.set_printoptions(floatmode="fixed", suppress=True, threshold=sys.maxsize, linewidth=sys.maxsize)
    if a.ndim != 2 or precision < 0:
        raise ValueError("a must have two axes and precision must not be negative")
    np.set_printoptions(precision=precision)
    text = str(a)
    np.set_printoptions(**before)
    return text


@trap("NumPy's default options are not necessarily the caller's options. Save what `np.get_printoptions` returns.")
def restores_the_defaults(a, precision):
    try:
        if a.ndim != 2 or precision < 0:
            raise ValueError("a must have two axes and precision must not be negative")
        np.set_printoptions(precision=precision, floatmode="fixed", suppress=True)
        np.set_printoptions(threshold=sys.maxsize, linewidth=sys.maxsize)
        return str(a)
    finally:
        np.set_printoptions(precision=8, floatmode="maxprec", suppress=False, threshold=1000, linewidth=75, edgeitems=3)


@trap(
    '`precision` is the maximum number of digits, and trailing zeros are removed. floatmode="fixed" '
    "writes exactly that many."
)
def at_most_so_many(a, precision):
    if a.ndim != 2 or precision < 0:
        raise ValueError("a must have two axes and precision must not be negative")
    with np.printoptions(precision=precision, suppress=True, threshold=sys.maxsize, linewidth=sys.maxsize):
        return str(a)


@trap("Without suppress=True, numbers below 1e-4, or a largest number over 1000 times the smallest, lead to exponents.")
def with_exponents(a, precision):
    if a.ndim != 2 or precision < 0:
        raise ValueError("a must have two axes and precision must not be negative")
    with np.printoptions(precision=precision, floatmode="fixed", threshold=sys.maxsize, linewidth=sys.maxsize):
        return str(a)


@trap("Arrays with more than 1000 elements are summarized with `...`: raise `threshold`.")
def summarises(a, precision):
    if a.ndim != 2 or precision < 0:
        raise ValueError("a must have two axes and precision must not be negative")
    with np.printoptions(precision=precision, floatmode="fixed", suppress=True, linewidth=sys.maxsize):
        return str(a)


@trap("Rows longer than 75 characters are split into several lines: raise `linewidth`.")
def breaks_lines(a, precision):
    if a.ndim != 2 or precision < 0:
        raise ValueError("a must have two axes and precision must not be negative")
    with np.printoptions(precision=precision, floatmode="fixed", suppress=True, threshold=sys.maxsize):
        return str(a)


@trap("`repr` writes Python code, with `array(...)` and commas. `print` shows `str`.")
def writes_repr(a, precision):
    if a.ndim != 2 or precision < 0:
        raise ValueError("a must have two axes and precision must not be negative")
    with np.printoptions(
        precision=precision, floatmode="fixed", suppress=True, threshold=sys.maxsize, linewidth=sys.maxsize
    ):
        return repr(a)


def with_options(format_matrix, a, precision, options):
    """The text if the caller has set print options, and the options that differ afterwards."""
    usual = {
        "edgeitems": 3, "threshold": 1000, "floatmode": "maxprec", "precision": 8, "suppress": False, "linewidth": 75,
        "nanstr": "nan", "infstr": "inf", "sign": "-", "formatter": None, "legacy": False,
    }  # fmt: skip
    np.set_printoptions(**usual)
    np.set_printoptions(**({"formatter": {"float": lambda v: "?"}} if options == "formatter" else options))
    before = np.get_printoptions()
    try:
        text = format_matrix(a, precision)
    except ValueError:
        text = "ValueError"
    after = np.get_printoptions()
    np.set_printoptions(**usual)
    return {"text": text, "changed options": [name for name in before if before[name] != after[name]]}


# -------------------------------------------------------------------------------------------------------------- drills


def _pick(rng, hardness, easy, hard):
    kinds = easy if hardness < 0.4 else hard if hardness > 0.7 else easy + hard
    return kinds[int(rng.integers(len(kinds)))]


@drill("What is the value, or which error is raised?")
def scope_of_options(rng, hardness):
    p, q = (int(k) for k in rng.permutation(np.arange(1, 8))[:2])
    name, value, default = [("precision", p, 8), ("edgeitems", p, 3), ("threshold", 100 * p, 1000)][
        int(rng.integers(3))
    ]
    after = f'np.get_printoptions()["{name}"]'
    code, why = _pick(
        rng,
        hardness,
        [
            (
                f"with np.printoptions({name}={value}):\n    inside = {after}\ninside",
                "Inside the block, the requested value applies.",
            ),
            (
                f"with np.printoptions({name}={value}):\n    pass\n{after}",
                f"When the block ends, the option is {default} again.",
            ),
            (
                f"np.printoptions({name}={value})\n{after}",
                "Without `with`, the context manager is created but not entered.",
            ),
            (
                f"with np.printoptions({name}={value}) as options:\n    pass\noptions['{name}']",
                "The with statement returns the options that apply inside the block.",
            ),
            (
                f"with np.printoptions({name}={value}):\n    other = np.get_printoptions()['linewidth']\nother",
                "Options that are not named keep their values: 75 characters per line.",
            ),
        ],
        [
            (
                f"try:\n    with np.printoptions({name}={value}):\n        1 / 0\n"
                f"except ZeroDivisionError:\n    pass\n{after}",
                f"An exception also leaves the block and restores {default}.",
            ),
            (
                f"with np.printoptions({name}={value}):\n    with np.printoptions(precision={q}):\n        pass\n"
                f"    inside = {after}\ninside",
                f"The inner block restores the value that it found: {value}.",
            ),
            (
                f"with np.printoptions({name}={value}):\n    np.set_printoptions({name}={value + 1})\n{after}",
                f"Changes made inside the block are also undone when it ends: {default}.",
            ),
            (
                f"before = np.get_printoptions()\nbefore['{name}'] = {value}\n{after}",
                "get_printoptions returns a copy, so changing it sets no option.",
            ),
            (
                f"x = np.array([{p}.123456789])\nwith np.printoptions(precision=1):\n    pass\nfloat(x[0])",
                "Print options change text, never values.",
            ),
            (
                f"x = np.array([{p}.123456789])\nwith np.printoptions(precision=1):\n    y = float(x[0])\ny",
                "Print options apply to arrays: a Python float is written in full.",
            ),
            (
                f"with np.printoptions(precison={p}):\n    pass",
                "A misspelled option is an unknown argument: TypeError.",
            ),
        ],
    )
    if code.endswith("    pass"):
        code += "\n0"
    return predict(code, why=why)


@drill("What is this string?")
def text_of_number(rng, hardness):
    whole, cents = int(rng.integers(1, 99)), int(rng.choice([11, 23, 37, 42, 58, 64, 79, 86, 93]))
    number = f"{whole}.{cents}"
    array = f"np.array([{number}])"
    code, why = _pick(
        rng,
        hardness,
        [
            (f"str(np.array([{whole}]))", "str writes brackets and elements, without commas."),
            (f"repr(np.array([{whole}]))", "repr writes Python code."),
            (f"str(np.array([{whole}.0]))", "Trailing zeros are removed, and the decimal point stays to "
                                            "mark a float."),
            (f"str(np.array({whole}.0))", "A 0-d array is written like a number."),
            (f"np.array2string({array}, precision=1)", "The number is rounded to one digit after the decimal point."),
            (f"str(np.float64({number}))", "str of a NumPy scalar is just the number."),
            (f"f'{{np.float64({number}):.1f}}'", "NumPy's float64 supports Python's format codes."),
            (f"str(np.array([{whole}, {whole + 1}]))", "Elements are separated by spaces, not commas."),
        ],
        [
            (f"repr(np.float64({number}))", "Since NumPy 2, repr of a NumPy scalar shows its type."),
            (f"str([np.int64({whole})])", "A list writes its items with repr, which shows the type since "
                                          "NumPy 2."),
            (f"np.array2string({array}, precision=4)", "precision is the maximum number of digits, and trailing "
                                                       "zeros are removed."),
            (f"np.array2string({array}, precision=4, floatmode='fixed')", "floatmode='fixed' writes exactly four "
                                                                          "digits."),
            (f"np.format_float_positional({number}, precision=4)", "At most four digits are written, and trailing "
                                                                   "zeros are removed."),
            (f"np.format_float_positional({whole}.0)", "No zeros are written after the decimal point, but the point "
                                                       "is."),
            (f"np.format_float_positional({whole}.0, trim='-')", "trim='-' removes the decimal point too."),
            (f"np.array2string(np.array([{whole}, {whole + 1}]), separator=',')", "separator replaces the space."),
            (f"np.array2string({array}, sign='+')", "sign='+' marks positive numbers."),
            (f"repr(np.array([{whole}], dtype='int16'))", "repr names the dtype if Python ints would give a different "
                                                          "one."),
            (f"np.array_str(np.array([{number}1]), precision=2)", "The number is rounded to two digits after the "
                                                                  "decimal point."),
            (f"str(np.array([{whole}, 0.5], dtype=object))", "Objects are written by Python."),
        ],
    )  # fmt: skip
    return predict(code, why=why)


@drill("Is this True or False?")
def what_the_text_shows(rng, hardness):
    n, k = int(rng.integers(10, 900)), int(rng.integers(1, 60))
    small = 10.0 ** -int(rng.integers(5, 9))
    code, why = _pick(
        rng,
        hardness,
        [
            (f"'...' in str(np.arange({n}))", "Up to 1000 elements, all are written."),
            (f"'...' in str(np.arange({1000 + k}))", "Arrays with more than 1000 elements are summarized."),
            (f"',' in str(np.arange({n % 9 + 2}))", "str writes no commas."),
            (f"',' in repr(np.arange({n % 9 + 2}))", "repr writes commas, as Python does."),
            (f"'e' in str(np.array([{k}e-2]))", "No exponent is needed: the values are at least 1e-4 and "
                                                "below 1e8."),
            (f"'e' in str(np.array([{k}e9]))", "From 1e8 on, exponents are used."),
            ("'dtype' in repr(np.zeros(3, dtype='float32'))", "repr names a dtype that is not the default."),
            (f"'dtype' in repr(np.zeros({n % 9 + 2}))", "float64 is the dtype that Python floats give, so it is not "
                                                        "named."),
        ],
        [
            (f"'e' in str(np.array([{small}, 1.0]))", "Below 1e-4, exponents are used for all elements."),
            (f"with np.printoptions(suppress=True):\n    text = str(np.array([{small}, 1.0]))\n'e' in text",
             "suppress=True writes small numbers without an exponent, if necessary as 0."),
            (f"with np.printoptions(suppress=True):\n    text = str(np.array([{k}e9]))\n'e' in text",
             "suppress=True affects small numbers. Large ones keep their exponent."),
            (f"'e' in str(np.array([{k}.0, {k}0000.0]))", "The largest number is more than 1000 times the smallest."),
            (f"'...' in str(np.zeros(({k + 40}, 40)))", f"{k + 40} * 40 elements are more than 1000."),
            (f"with np.printoptions(threshold={n}):\n    text = str(np.arange({n}))\n'...' in text",
             "Only arrays with more elements than the threshold are summarized."),
            (f"with np.printoptions(threshold={n}):\n    text = str(np.arange({n + 1}))\n'...' in text",
             "The array has one element more than the threshold."),
            ("'dtype' in repr(np.array([]))", "An empty array does not show its dtype, so repr names it."),
            ("'float' in repr(np.float64(0.5))", "Since NumPy 2, repr of a NumPy scalar shows its type."),
            ("'float' in str(np.float64(0.5))", "str of a NumPy scalar is just the number."),
            (f"with np.printoptions(precision=2):\n    text = str({k}.123456)\n'456' in text",
             "NumPy's print options do not apply to a Python float."),
        ],
    )  # fmt: skip
    return predict(code, why=why)


@drill("What is the number?")
def lines_of_text(rng, hardness):
    a, b, c = (int(k) for k in rng.integers(2, 7, 3))
    code, why = _pick(
        rng,
        hardness,
        [
            (f"len(str(np.zeros({a})).splitlines())", "A short row takes one line."),
            (f"len(str(np.zeros(({a}, {b}))).splitlines())", f"One line for each of {a} rows."),
            (f"str(np.zeros(({a}, {b}))).count('0')", f"{a} * {b} zeros, each written as 0. with one digit 0."),
            (f"str(np.zeros(({a}, {b}))).count('[')", f"One bracket for each of {a} rows, and one around all of "
                                                      "them."),
            (f"str(np.arange({a + 2})).count(' ')", "One space between neighbors."),
        ],
        [
            (f"str(np.zeros(({a}, {b}, {c}))).count('[')", f"1 + {a} + {a} * {b}: one around everything, one per "
                                                           "matrix, one per row."),
            (f"len(str(np.zeros(({a}, {b}, {c}))).splitlines())",
             f"{a} matrices of {b} lines, with an empty line between two matrices."),
            (f"with np.printoptions(linewidth=20):\n    text = str(np.ones({a * 10}, dtype=int))\n"
             "len(text.splitlines())", f"A line of 20 characters has room for 9 of the {a * 10} numbers, "
                                       "including brackets."),
            (f"with np.printoptions(threshold=5, edgeitems={a}):\n    text = str(np.full(50, 7))\ntext.count('7')",
             f"{a} elements at each end are written."),
            (f"with np.printoptions(threshold=5, edgeitems=1):\n    text = str(np.full(({a + 2}, {b + 2}), 7))\n"
             "text.count('7')", "Only the first and last elements of the first and last rows are written."),
            (f"len(np.array2string(np.array([0.5]), precision={a + 2}, floatmode='fixed'))",
             f"Two brackets, 0, the decimal point and {a + 2} digits."),
            (f"len(np.binary_repr({a}, width={c + 4}))", "width pads with zeros."),
        ],
    )  # fmt: skip
    return predict(code, why=why)


# ------------------------------------------------------------------------------------------------------------ question


def show_options():
    a = np.array([[0.00012345, 1234.5], [2.0, -1.0]])
    for options in ({}, {"precision": 2}, {"precision": 2, "suppress": True}, {"precision": 2, "floatmode": "fixed"}):
        with np.printoptions(**options):
            print(options or "default options")
            print(a)
    print("fixed, and no exponent")
    print(format_matrix(a, 2))


MEASURED = arrays("m", "n", holds=("nan", "inf", "both inf", "negative zero", "tiny"))
LIMITS = {"m": (0, 6), "n": (0, 6)}
LONG_ROW = np.arange(30.0).reshape(1, 30) / 4
ODD = (
    {"sign": "+"}, {"nanstr": "NA"}, {"infstr": "many"}, {"linewidth": 12, "threshold": 2, "edgeitems": 1},
    {"precision": 1, "floatmode": "unique"}, {"suppress": True, "precision": 3}, {"legacy": "1.13"}, "formatter",
)  # fmt: skip

QUESTION = Question(
    cases=150,
    kinds=["predict", "code"],
    difficulty="easy",
    topics=["Display"],
    companies=["Google", "Amazon"],
    asked=["T46"],
    entry_points=[
        Entry(
            format_matrix,
            {"a": MEASURED, "precision": integers(0, 6)},
            dims=LIMITS,
            cases=[
                case(a=np.array([[0.5]]), precision=2),
                case(a=np.array([[1e-5]]), precision=2),
                case(a=np.array([[1.0, 2000.0]]), precision=1),
                case(a=np.array([[-0.0, -0.001]]), precision=2),
                case(a=np.array([[2.5, 99999999.0]]), precision=0),
                case(a=np.array([[1 / 3]]), precision=15),
                case(a=LONG_ROW, precision=1),
                case(a=np.zeros((26, 40)), precision=0),
                case(a=np.zeros((1, 10_001)), precision=0),
                case(a=np.array([[np.nan, -np.inf]]), precision=3),
                case(a=np.array([[1.0], [-20.0]]), precision=1),
                raises(ValueError, a=np.zeros((2, 2)), precision=-1),
                raises(ValueError, a=np.zeros((0, 2)), precision=-1),
                raises(ValueError, a=np.zeros(3), precision=2),
                raises(ValueError, a=np.zeros((1, 1, 1)), precision=2),
                raises(ValueError, a=np.array(1.0), precision=0),
            ],
        )
    ],
    scenarios=[
        Scenario(
            with_options,
            {"a": MEASURED, "precision": integers(0, 6, outside=True), "options": choice({}, {"edgeitems": 5})},
            dims=LIMITS,
            where=lambda a, precision, options: precision <= 6,
            cases=[
                case(a=np.array([[0.5]]), precision=2, options={}),
                case(a=np.array([[0.5]]), precision=2, options={"edgeitems": 5}),
                case(a=np.array([[0.5]]), precision=-1, options={}),
            ],
        )
    ],
    levels=[
        Level("right"),
        Level(
            "any options",
            "The caller may have set any print options, and the text must not depend on them.",
            right_on(
                Scenario(
                    with_options,
                    {"a": MEASURED, "precision": integers(0, 6), "options": choice(*ODD)},
                    dims=LIMITS,
                    cases=[
                        case(a=np.array([[0.5, np.nan], [-np.inf, 2000.0]]), precision=2, options=odd) for odd in ODD
                    ],
                )
            ),
        ),
    ],
    hints=[
        "Print np.get_printoptions(). Which of these options change the text of a matrix?",
        "Which options remove zeros, cause exponents, omit elements or break lines?",
        "np.set_printoptions stays in effect when your function raises. Which Python construct always undoes a change?",
        "np.printoptions takes the same arguments as np.set_printoptions, but only for the length of a with block.",
    ],
    spoken="""\
`np.set_printoptions` changes global state, so inside a function it is a side effect that the caller notices later,
and if the function raises, it stays that way. I'd use the context manager `np.printoptions` instead, which restores
the previous options even after an exception. For a full matrix I set precision together with floatmode fixed,
suppress to avoid exponents, a large threshold so nothing is summarized, and a large linewidth so rows are not broken.
None of this changes the values, only the text.
""",
    explanation="""\
`np.set_printoptions` changes state that the whole program shares: every array that is printed later looks different. In
a function this is a side effect, and if the function raises before it restores the old options, the change stays.
`np.printoptions` takes the same arguments as a context manager. It restores what it found, also after an exception.

>>> with np.printoptions(precision=2):
...     print(np.array([1 / 3, 0.5]))
[0.33 0.5 ]
>>> np.get_printoptions()["precision"]
8

*The options that matter most:*

- `precision` is the maximum number of digits after the decimal point. With `floatmode="fixed"` it is the exact number.
- `suppress` writes small numbers without an exponent. From 1e8 on, exponents are used anyway.
- Arrays with more than `threshold` elements (1000) are summarized, with `edgeitems` at each end.
- `linewidth` (75) breaks lines.
- `sign` and `nanstr` control signs and the text for NaN. A `formatter` stays in effect until options are set again.

>>> with np.printoptions(precision=2, floatmode="fixed", suppress=True):
...     print(np.array([1e-5, 0.5]))
[0.00 0.50]

*For a single string*, `np.array2string` takes most options as arguments and sets nothing. It has no arguments for
`nanstr` and `infstr`, so a text that must not depend on the caller needs the context manager.

Options change text, never values; `np.round` changes values. They apply to arrays only: in NumPy 2, `repr` of a scalar
is `np.float64(0.5)` for every `precision`. `legacy="1.25"` brings back the old form.
""",
    points=[
        "`set_printoptions` is global. `printoptions` is a context manager that restores the options, "
        "also after exceptions.",
        '`precision` is a maximum unless `floatmode` is "fixed".',
        "`suppress` affects small numbers. Numbers from 1e8 on keep their exponent.",
        "`threshold` and `edgeitems` control summarizing, and `linewidth` controls line breaks.",
        "`array2string` takes options as arguments and sets none.",
        "Printing changes no values; rounding does.",
        "In NumPy 2, `repr` of a scalar shows its type: np.float64(0.5).",
    ],
    follow_ups={
        "How do you print all elements of one array?": "Use `with np.printoptions(threshold=sys.maxsize): print(a)`.",
        "How do you write numbers for another program?": "Not by printing: use np.savetxt, or np.save for a lossless "
        "copy.",
        "Are print options thread-safe?": "Newer releases of NumPy 2 store them in a context variable, "
        "one per thread or task. NumPy 2.0 has one dict for the "
        "whole process.",
    },
    related=["float-precision", "money-rounding", "read-csv"],
    links=[
        "https://numpy.org/doc/stable/reference/generated/numpy.set_printoptions.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.printoptions.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.array2string.html",
    ],
    live=show_options,
)
