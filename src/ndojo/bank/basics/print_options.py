"""A table for the report, and nobody's print options changed."""

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
    """Write out a matrix of measurements as text, as NumPy prints it, but complete and with fixed decimals.

    The text is what ``print(a)`` shows, except that

    - every number has exactly `precision` digits after the point and no exponent: ``0.50``, ``-12.00``, and ``7.`` for
      a precision of 0;
    - all elements are written out, however many there are, and each row stays on one line, however long it is.

    NumPy's print options belong to the program around you: when the function returns or raises, all of them must be as
    they were.

    Parameters
    ----------
    a : ndarray, shape (m, n), float64
        Values below 1e8 in absolute value, NaN or infinite. May be empty (the text is then ``[]``), strided or
        read-only.
    precision : int
        At most 15.

    Returns
    -------
    str
        Brackets, blanks and line ends as in ``str(a)``, all numbers padded on the left to one width, NaN as ``nan``,
        infinity as ``inf``, a negative zero as ``-0.00``. On level 1 options that would show in the text have their
        default values; on level 2 the caller may have set any of them, and the text is the same nevertheless.

    Raises
    ------
    ValueError
        If `a` has not two axes, or if `precision` is negative.

    Examples
    --------
    >>> print(format_matrix(np.array([[0.5, -12.0], [np.nan, 1234.5678]]), 2))
    [[   0.50  -12.00]
     [    nan 1234.57]]
    >>> np.get_printoptions()["precision"]
    8
    """
    if a.ndim != 2 or precision < 0:
        raise ValueError(f"two axes and no negative precision are needed, got {a.ndim} axes and {precision}")
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
    """Without print options: pads what Python's own formatting makes of each number."""
    if a.ndim != 2 or precision < 0:
        raise ValueError("two axes and no negative precision")
    if a.size == 0:
        return "[]"
    point = "." if precision == 0 else ""
    texts = [[f"{v:.{precision}f}" + point * bool(np.isfinite(v)) for v in row] for row in a.tolist()]
    width = max(len(text) for row in texts for text in row)
    rows = ["[" + " ".join(text.rjust(width) for text in row) + "]" for row in texts]
    return "[" + "\n ".join(rows) + "]"


@works(fails="any options")
def by_array2string(a, precision):
    """Takes the options as arguments, so none is set; those it has no arguments for are the caller's."""
    if a.ndim != 2 or precision < 0:
        raise ValueError("two axes and no negative precision")
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
    """Sets them, and puts them back whatever happens."""
    before = np.get_printoptions()
    try:
        if a.ndim != 2 or precision < 0:
            raise ValueError("two axes and no negative precision")
        np.set_printoptions(precision=precision, floatmode="fixed", suppress=True)
        np.set_printoptions(threshold=max(a.size, 1), linewidth=10**9)
        return str(a)
    finally:
        np.set_printoptions(**before)


@trap("np.set_printoptions is for the whole program and stays: use the context manager np.printoptions.")
def sets_for_all(a, precision):
    if a.ndim != 2 or precision < 0:
        raise ValueError("two axes and no negative precision")
    np.set_printoptions(
        precision=precision, floatmode="fixed", suppress=True, threshold=sys.maxsize, linewidth=sys.maxsize
    )
    return str(a)


@trap("What is restored after the last line is not restored if an exception comes before it: finally, or with.")
def forgets_when_it_raises(a, precision):
    before = np.get_printoptions()
    np.set_printoptions(floatmode="fixed", suppress=True, threshold=sys.maxsize, linewidth=sys.maxsize)
    if a.ndim != 2 or precision < 0:
        raise ValueError("two axes and no negative precision")
    np.set_printoptions(precision=precision)
    text = str(a)
    np.set_printoptions(**before)
    return text


@trap("Back to NumPy's defaults is not back to what was set before: save what np.get_printoptions returns.")
def restores_the_defaults(a, precision):
    try:
        if a.ndim != 2 or precision < 0:
            raise ValueError("two axes and no negative precision")
        np.set_printoptions(precision=precision, floatmode="fixed", suppress=True)
        np.set_printoptions(threshold=sys.maxsize, linewidth=sys.maxsize)
        return str(a)
    finally:
        np.set_printoptions(precision=8, floatmode="maxprec", suppress=False, threshold=1000, linewidth=75, edgeitems=3)


@trap('precision is the most digits, and trailing zeros are cut off: floatmode="fixed" asks for exactly so many.')
def at_most_so_many(a, precision):
    if a.ndim != 2 or precision < 0:
        raise ValueError("two axes and no negative precision")
    with np.printoptions(precision=precision, suppress=True, threshold=sys.maxsize, linewidth=sys.maxsize):
        return str(a)


@trap("Without suppress=True, numbers below 1e-4, or a thousand times smaller than the largest, bring exponents.")
def with_exponents(a, precision):
    if a.ndim != 2 or precision < 0:
        raise ValueError("two axes and no negative precision")
    with np.printoptions(precision=precision, floatmode="fixed", threshold=sys.maxsize, linewidth=sys.maxsize):
        return str(a)


@trap("Arrays of more than 1000 elements are summarised with ...: raise the threshold.")
def summarises(a, precision):
    if a.ndim != 2 or precision < 0:
        raise ValueError("two axes and no negative precision")
    with np.printoptions(precision=precision, floatmode="fixed", suppress=True, linewidth=sys.maxsize):
        return str(a)


@trap("Rows longer than 75 characters are broken into several lines: raise linewidth.")
def breaks_lines(a, precision):
    if a.ndim != 2 or precision < 0:
        raise ValueError("two axes and no negative precision")
    with np.printoptions(precision=precision, floatmode="fixed", suppress=True, threshold=sys.maxsize):
        return str(a)


@trap("repr writes what Python would read, with array(...) and commas; print shows str.")
def writes_repr(a, precision):
    if a.ndim != 2 or precision < 0:
        raise ValueError("two axes and no negative precision")
    with np.printoptions(
        precision=precision, floatmode="fixed", suppress=True, threshold=sys.maxsize, linewidth=sys.maxsize
    ):
        return repr(a)


def with_options(format_matrix, a, precision, options):
    """The text where the caller has set options of its own, and those that it finds changed afterwards."""
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
                "Inside, what was asked for holds.",
            ),
            (f"with np.printoptions({name}={value}):\n    pass\n{after}", f"At the end it is {default} again."),
            (
                f"np.printoptions({name}={value})\n{after}",
                "Without `with`, the context manager is made and not entered.",
            ),
            (
                f"with np.printoptions({name}={value}) as options:\n    pass\noptions['{name}']",
                "The with statement hands out the options that hold inside.",
            ),
            (
                f"with np.printoptions({name}={value}):\n    other = np.get_printoptions()['linewidth']\nother",
                "Options that are not named stay: lines of 75 characters.",
            ),
        ],
        [
            (
                f"try:\n    with np.printoptions({name}={value}):\n        1 / 0\n"
                f"except ZeroDivisionError:\n    pass\n{after}",
                f"An exception leaves the block, too, and restores {default}.",
            ),
            (
                f"with np.printoptions({name}={value}):\n    with np.printoptions(precision={q}):\n        pass\n"
                f"    inside = {after}\ninside",
                f"The inner block restores what it found: {value}.",
            ),
            (
                f"with np.printoptions({name}={value}):\n    np.set_printoptions({name}={value + 1})\n{after}",
                f"What is set inside is undone at the end, too: {default}.",
            ),
            (
                f"before = np.get_printoptions()\nbefore['{name}'] = {value}\n{after}",
                "get_printoptions returns a copy: writing into it sets nothing.",
            ),
            (
                f"x = np.array([{p}.123456789])\nwith np.printoptions(precision=1):\n    pass\nfloat(x[0])",
                "Print options change texts, never numbers.",
            ),
            (
                f"x = np.array([{p}.123456789])\nwith np.printoptions(precision=1):\n    y = float(x[0])\ny",
                "Print options are for arrays: a Python float is written in full.",
            ),
            (
                f"with np.printoptions(precison={p}):\n    pass",
                "A misspelt option is an unknown argument: TypeError.",
            ),
        ],
    )
    if code.endswith("    pass"):
        code += "\n0"
    return predict(code, why=why)


@drill("What is this text?")
def text_of_number(rng, hardness):
    whole, cents = int(rng.integers(1, 99)), int(rng.choice([11, 23, 37, 42, 58, 64, 79, 86, 93]))
    number = f"{whole}.{cents}"
    array = f"np.array([{number}])"
    code, why = _pick(
        rng,
        hardness,
        [
            (f"str(np.array([{whole}]))", "str writes brackets and elements, without commas."),
            (f"repr(np.array([{whole}]))", "repr writes what Python would read."),
            (f"str(np.array([{whole}.0]))", "Trailing zeros are cut off, and the point stays to show a float."),
            (f"str(np.array({whole}.0))", "A 0-d array is written like a number."),
            (f"np.array2string({array}, precision=1)", "One digit after the point, rounded."),
            (f"str(np.float64({number}))", "str of a NumPy number is the number alone."),
            (f"f'{{np.float64({number}):.1f}}'", "NumPy's float64 knows Python's format codes."),
            (f"str(np.array([{whole}, {whole + 1}]))", "Blanks between the elements, no commas."),
        ],
        [
            (f"repr(np.float64({number}))", "Since NumPy 2, repr of a NumPy number shows its type."),
            (f"str([np.int64({whole})])", "A list writes its items with repr, so the type shows since NumPy 2."),
            (f"np.array2string({array}, precision=4)", "precision is the most digits; zeros at the end are cut off."),
            (f"np.array2string({array}, precision=4, floatmode='fixed')", "fixed asks for exactly four digits."),
            (f"np.format_float_positional({number}, precision=4)", "At most four digits; zeros are cut off."),
            (f"np.format_float_positional({whole}.0)", "No zeros after the point, but the point."),
            (f"np.format_float_positional({whole}.0, trim='-')", "trim='-' cuts off the point, too."),
            (f"np.array2string(np.array([{whole}, {whole + 1}]), separator=',')", "separator stands in for the blank."),
            (f"np.array2string({array}, sign='+')", "sign='+' marks positive numbers."),
            (f"repr(np.array([{whole}], dtype='int16'))", "repr names a dtype that Python's ints would not give."),
            (f"np.array_str(np.array([{number}1]), precision=2)", "Two digits after the point, rounded."),
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
            (f"'...' in str(np.arange({n}))", "Up to 1000 elements all are written."),
            (f"'...' in str(np.arange({1000 + k}))", "More than 1000 elements are summarised."),
            (f"',' in str(np.arange({n % 9 + 2}))", "str writes no commas."),
            (f"',' in repr(np.arange({n % 9 + 2}))", "repr writes commas, as Python does."),
            (f"'e' in str(np.array([{k}e-2]))", "Not smaller than 1e-4 and below 1e8: no exponent."),
            (f"'e' in str(np.array([{k}e9]))", "From 1e8 on exponents are used."),
            ("'dtype' in repr(np.zeros(3, dtype='float32'))", "repr names a dtype that is not the usual one."),
            (f"'dtype' in repr(np.zeros({n % 9 + 2}))", "float64 is what Python's floats give, so it is not named."),
        ],
        [
            (f"'e' in str(np.array([{small}, 1.0]))", "Below 1e-4 exponents are used, for all elements alike."),
            (f"with np.printoptions(suppress=True):\n    text = str(np.array([{small}, 1.0]))\n'e' in text",
             "suppress=True writes small numbers without exponent: 0. if need be."),
            (f"with np.printoptions(suppress=True):\n    text = str(np.array([{k}e9]))\n'e' in text",
             "suppress=True is about small numbers; large ones keep their exponent."),
            (f"'e' in str(np.array([{k}.0, {k}0000.0]))", "The largest is over 1000 times the smallest."),
            (f"'...' in str(np.zeros(({k + 40}, 40)))", f"{k + 40} * 40 elements are more than 1000."),
            (f"with np.printoptions(threshold={n}):\n    text = str(np.arange({n}))\n'...' in text",
             "Only more elements than the threshold are summarised."),
            (f"with np.printoptions(threshold={n}):\n    text = str(np.arange({n + 1}))\n'...' in text",
             "One element more than the threshold."),
            ("'dtype' in repr(np.array([]))", "Without elements the dtype does not show, so it is named."),
            ("'float' in repr(np.float64(0.5))", "Since NumPy 2, repr of a NumPy number shows its type."),
            ("'float' in str(np.float64(0.5))", "str of a NumPy number is the number alone."),
            (f"with np.printoptions(precision=2):\n    text = str({k}.123456)\n'456' in text",
             "A Python float knows nothing of NumPy's options."),
        ],
    )  # fmt: skip
    return predict(code, why=why)


@drill("How many?")
def lines_of_text(rng, hardness):
    a, b, c = (int(k) for k in rng.integers(2, 7, 3))
    code, why = _pick(
        rng,
        hardness,
        [
            (f"len(str(np.zeros({a})).splitlines())", "A short row takes one line."),
            (f"len(str(np.zeros(({a}, {b}))).splitlines())", f"A line for each of {a} rows."),
            (f"str(np.zeros(({a}, {b}))).count('0')", f"{a} * {b} zeros, each written as 0. with one 0."),
            (f"str(np.zeros(({a}, {b}))).count('[')", f"One bracket for each of {a} rows, and one around them."),
            (f"str(np.arange({a + 2})).count(' ')", "A blank between neighbours."),
        ],
        [
            (f"str(np.zeros(({a}, {b}, {c}))).count('[')", f"1 + {a} + {a} * {b}: around all, each matrix, each row."),
            (f"len(str(np.zeros(({a}, {b}, {c}))).splitlines())",
             f"{a} matrices of {b} lines, and an empty line between two."),
            (f"with np.printoptions(linewidth=20):\n    text = str(np.ones({a * 10}, dtype=int))\n"
             "len(text.splitlines())", f"9 of the {a * 10} fit into a line of 20 characters, brackets included."),
            (f"with np.printoptions(threshold=5, edgeitems={a}):\n    text = str(np.full(50, 7))\ntext.count('7')",
             f"{a} elements at each end are written."),
            (f"with np.printoptions(threshold=5, edgeitems=1):\n    text = str(np.full(({a + 2}, {b + 2}), 7))\n"
             "text.count('7')", "The first and the last of the first row, and of the last row."),
            (f"len(np.array2string(np.array([0.5]), precision={a + 2}, floatmode='fixed'))",
             f"Two brackets, 0, the point and {a + 2} digits."),
            (f"len(np.binary_repr({a}, width={c + 4}))", "width fills up with zeros."),
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
            "The caller may have set any print options. Your text must not show it.",
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
        "Which of them cut off zeros, bring exponents, leave elements out, break lines?",
        "np.set_printoptions stays when your function raises. Which construct in Python undoes things always?",
        "np.printoptions takes the same arguments as set_printoptions, for the length of a with block.",
    ],
    explanation="""\
`np.set_printoptions` changes a state that the whole program shares: every array printed later looks different. Inside a
function that is a side effect, and if it raises before it restores the old options, a lasting one. `np.printoptions` is
the same as a context manager: what it finds it puts back, also after an exception.

>>> with np.printoptions(precision=2):
...     print(np.array([1 / 3, 0.5]))
[0.33 0.5 ]
>>> np.get_printoptions()["precision"]
8

Eight options matter most. `precision` is the most digits after the point; `floatmode="fixed"` makes it exactly so many.
`suppress` writes small numbers without an exponent; from 1e8 on there is one all the same. More than `threshold`
elements (1000) are summarised, with `edgeitems` at each end. `linewidth` (75) breaks lines. `sign` and `nanstr` do
what they say; a `formatter` lasts until options are next set.

>>> with np.printoptions(precision=2, floatmode="fixed", suppress=True):
...     print(np.array([1e-5, 0.5]))
[0.00 0.50]

For one text alone `np.array2string` takes most options as arguments and sets nothing. It has none for `nanstr` and
`infstr`, so a text that must not depend on the caller needs the context manager.

Options change texts, never values: `np.round` is something else. And they are for arrays: NumPy 2 writes a number as
`np.float64(0.5)` in `repr`, whatever `precision` says; `legacy="1.25"` brings the old form back.
""",
    points=[
        "set_printoptions is global; printoptions is a context manager that restores, also after exceptions.",
        "precision is a maximum unless floatmode is fixed.",
        "suppress is about small numbers; 1e8 and more keep their exponent.",
        "threshold and edgeitems summarise, linewidth breaks lines.",
        "array2string takes options as arguments and sets none.",
        "Printing changes no value; rounding does.",
        "NumPy 2 shows types in repr of its numbers: np.float64(0.5).",
    ],
    follow_ups={
        "How do you print all of an array once?": "with np.printoptions(threshold=sys.maxsize): print(a).",
        "How do you write numbers for another program?": "Not by printing: np.savetxt, or np.save without any loss.",
        "Are print options safe with threads?": "Newer releases of NumPy 2 keep them in a context variable, one for "
        "each thread or task; NumPy 2.0 has one dict for all.",
    },
    related=["float-precision", "money-rounding", "read-csv"],
    links=[
        "https://numpy.org/doc/stable/reference/generated/numpy.set_printoptions.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.printoptions.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.array2string.html",
    ],
    live=show_options,
)
