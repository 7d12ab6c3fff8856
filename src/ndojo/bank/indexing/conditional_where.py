"""Grades from scores with np.where."""

import numpy as np

from ndojo.question import (
    Entry,
    Level,
    Question,
    arrays,
    case,
    drill,
    faster_than,
    needs,
    peak_memory,
    predict,
    trap,
    works,
)


def grade(scores):
    """Return the grade of each exam score.

    The first line that applies counts:

    - ``A+``: 97 or more
    - ``A``: 90 or more
    - ``B+``: 87 or more
    - ``B``: 80 or more
    - ``C``: 70 or more
    - ``F``: less than 70
    - ``--``: NaN, which means absent

    Parameters
    ----------
    scores : ndarray, shape (n,), float64, float32 or int64
        The scores, ``n >= 0``. They may be negative or greater than 100. Float scores may be NaN. May be strided,
        reversed or read-only.

    Returns
    -------
    ndarray, shape (n,), dtype "<U2"
        The grades. The dtype is always the same, regardless of which grades occur, including for n = 0.

    Examples
    --------
    >>> grade(np.array([99.0, 90.0, 89.5, np.nan, 12.0]))
    array(['A+', 'A', 'B+', '--', 'F'], dtype='<U2')
    """
    lowest = {"F": -np.inf, "C": 70, "B": 80, "B+": 87, "A": 90, "A+": 97}
    grades = np.full(scores.shape, "--")  # two characters wide, like the longest grade
    for name, low in lowest.items():
        np.putmask(grades, scores >= low, name)
    return grades


@works(fails="memory")
def nested(scores):
    """Nested np.where, which reads like an else-if chain."""
    fails = np.where(np.isnan(scores), "--", "F")
    lower = np.where(scores >= 80, "B", np.where(scores >= 70, "C", fails))
    return np.where(scores >= 97, "A+", np.where(scores >= 90, "A", np.where(scores >= 87, "B+", lower)))


@works(fails="memory")
def selected(scores):
    """The first true condition counts."""
    conditions = [scores >= 97, scores >= 90, scores >= 87, scores >= 80, scores >= 70, scores < 70]
    return np.select(conditions, ["A+", "A", "B+", "B", "C", "F"], "--")


@works(fails="memory")
def looked_up(scores):
    """One search per score in sorted limits. NaN sorts after all numbers, so a final limit of NaN catches it."""
    names = np.array(["F", "C", "B", "B+", "A", "A+", "--"])
    return names[np.searchsorted([70, 80, 87, 90, 97, np.nan], scores, side="right")]


@works(fails="fast")
def one_by_one(scores):
    """A Python loop over the scores."""
    limits = [(97, "A+"), (90, "A"), (87, "B+"), (80, "B"), (70, "C"), (-np.inf, "F")]
    grades = [next((name for low, name in limits if score >= low), "--") for score in scores.tolist()]
    return np.array(grades, dtype="<U2")


@trap(
    "A string array has a fixed width: np.full(n, 'F') has dtype <U1 and truncates A+ to A. Pass dtype='<U2'.",
    verdict="WT",
)
def too_narrow(scores):
    grades = np.full(scores.shape, "F")
    for low, name in [(70, "C"), (80, "B"), (87, "B+"), (90, "A"), (97, "A+")]:
        grades[scores >= low] = name
    grades[np.isnan(scores)] = "--"
    return grades


@trap("Every comparison with NaN is False, so NaN ends in the last branch. Give it its own branch.")
def nan_fails(scores):
    lower = np.where(scores >= 80, "B", np.where(scores >= 70, "C", "F"))
    return np.where(scores >= 97, "A+", np.where(scores >= 90, "A", np.where(scores >= 87, "B+", lower)))


@trap("np.select uses the first true condition. Starting with the lowest limit, every score above 70 gets a C.")
def lowest_first(scores):
    conditions = [scores < 70, scores >= 70, scores >= 80, scores >= 87, scores >= 90, scores >= 97]
    return np.select(conditions, ["F", "C", "B", "B+", "A", "A+"], "--")


@trap('A score of exactly 90 is an A: "or more" means >=, not >.')
def strictly_above(scores):
    conditions = [scores > 97, scores > 90, scores > 87, scores > 80, scores > 70, scores <= 70]
    return np.select(conditions, ["A+", "A", "B+", "B", "C", "F"], "--")


@trap("`and` needs a single truth value for a whole array, which raises ValueError. Combine masks with "
      "&, each in parentheses.",
      verdict="RE")  # fmt: skip
def says_and(scores):
    lower = np.where(scores >= 80, "B", np.where(scores >= 70, "C", np.where(np.isnan(scores), "--", "F")))
    upper = np.where(scores >= 97, "A+", np.where(scores >= 90, "A", lower))
    return np.where(scores >= 87 and scores < 90, "B+", upper)


@trap("searchsorted and digitize put NaN after the last limit, so without extra care it gets the best grade.")
def nan_is_best(scores):
    names = np.array(["F", "C", "B", "B+", "A", "A+"])
    return names[np.digitize(scores, [70, 80, 87, 90, 97])]


@trap("np.array chooses the width from its strings, and float64 for an empty list. Pass the dtype.", verdict="WT")
def width_by_chance(scores):
    limits = [(97, "A+"), (90, "A"), (87, "B+"), (80, "B"), (70, "C"), (-np.inf, "F")]
    return np.array([next((name for low, name in limits if score >= low), "--") for score in scores.tolist()])


# ------------------------------------------------------------------------------------------------------------ drills


def some(rng, n, low=-4, high=9):
    """n different ints."""
    return [int(k) for k in rng.choice(np.arange(low, high), n, replace=False)]


@drill("What is the value?")
def chosen(rng, hardness):
    x = some(rng, 4)
    a, b = sorted(some(rng, 2, 0, 6))
    if hardness < 0.4:
        return predict(
            f"x = np.array({x})\nnp.where(x > {a}, x, {-a}).tolist()",
            why=f"If x > {a}, the result is the element of x, otherwise {-a}.",
        )
    if hardness < 0.7:
        return predict(
            f"x = np.array({x})\nnp.where(x > {b}, 2, np.where(x > {a}, 1, 0)).tolist()",
            why=f"The outer condition comes first: 2 above {b}, 1 above {a} up to {b}, otherwise 0.",
        )
    place = int(rng.integers(4))
    texts = ", ".join("np.nan" if i == place else str(v) for i, v in enumerate(x))
    inner, outer = [(f"x > {a}", f"x <= {a}"), (f"x < {b}", f"x >= {b}")][int(rng.integers(2))]
    return predict(
        f"x = np.array([{texts}])\nnp.where({outer}, 2, np.where({inner}, 1, 0)).tolist()",
        why="Both comparisons are False for NaN, so it becomes 0, which no number in x can become.",
    )


@drill("What is the dtype, as str() shows it?")
def dtype_of_where(rng, hardness):
    k = int(rng.integers(1, 100))
    small = str(rng.choice(["int8", "int16", "uint8"]))
    short, long = "ok", "late!!"[: int(rng.integers(3, 7))]
    forms = [
        (f"np.where(c, {k}, {k}.5)", "The dtype must represent both values: float64."),
        (
            f"np.where(c, np.zeros(2, dtype='{small}'), {k})",
            f"A Python int adapts to the array's dtype, {small} (NumPy 2).",
        ),
        (
            f"np.where(c, np.zeros(2, dtype='float32'), {k}.5)",
            "A Python float adapts to the array's float dtype (NumPy 2).",
        ),
        (f"np.where(c, '{short}', '{long}')", f"The longer string has {len(long)} characters, and both must fit."),
        (
            f"np.where(c, np.zeros(2, dtype='{small}'), np.float32({k}))",
            f"float32 can represent every {small}, and np.float32 is promoted like its dtype.",
        ),
        (
            f"np.where(c, np.zeros(2, dtype='{small}'), np.nan)",
            f"NaN is a float, and {small} cannot represent it: float64.",
        ),
        (
            f"np.where(c, np.zeros(2, dtype='float32'), np.float64({k}))",
            "np.float64 is not a Python float: NumPy 2 promotes to float64, even for a scalar.",
        ),
        (f"np.where(c, {k}, None)", "Only dtype object can store both a number and None."),
    ]
    code, why = forms[int(rng.integers(round(3 * hardness), 4 + round(4 * hardness)))]
    return predict(f"c = np.array([True, False])\nstr({code}.dtype)", why=why)


@drill("What is the value, or which error is raised?")
def both_branches(rng, hardness):
    x = some(rng, 3, 1, 9)
    place, n = int(rng.integers(3)), int(rng.integers(4, 7))
    zero = [0 if i == place else v for i, v in enumerate(x)]
    strict = "with np.errstate(all='raise'):\n    "
    guarded = "np.divide(12, x, out=np.zeros(3), where=x != 0)"
    forms = [
        (
            f"x = np.array({zero})\n{strict}y = np.where(x == 0, 0, 12 / x)\ny.tolist()",
            "12 / x is computed for every element before np.where selects, including x = 0, and here "
            "that raises FloatingPointError.",
        ),
        (
            f"x = np.array({zero})\n{strict}y = {guarded}\n(y == 0).tolist()",
            "With where=, the division is skipped at x = 0, and out keeps its 0.0 there.",
        ),
        (
            f"x = np.array({x})\ni = np.array([0, 2, {n}])\nnp.where(i < 3, x[i], -1).tolist()",
            f"x[i] is evaluated first, and index {n} does not exist: IndexError.",
        ),
        (
            f"x = np.array({x})\ni = np.array([0, 2, {n}])\nnp.where(i < 3, x[np.minimum(i, 2)], -1).tolist()",
            f"The indices are made valid first; for i = {n} the result is -1.",
        ),
        (
            f"x = np.array({[-v if i == place else v for i, v in enumerate(x)]})\n"
            f"{strict}y = np.where(x > 0, np.log(np.where(x > 0, x, 1)), 0.0)\n(y == 0).tolist()",
            "The inner where passes only positive numbers to log; a 0.0 comes from log(1) or from the outer where.",
        ),
        (
            f"x = np.array({[-v if i == place else v for i, v in enumerate(x)]})\n"
            f"{strict}y = np.where(x > 0, np.sqrt(x), 0.0)\ny.tolist()",
            "np.sqrt(x) is computed for the negative element too, because np.where only selects "
            "afterwards: FloatingPointError.",
        ),
    ]
    code, why = forms[int(rng.integers(2 + round(4 * hardness)))]
    return predict(code, why=why)


@drill("What is the value, or which error is raised?")
def conditions(rng, hardness):
    x = some(rng, 4, 0, 9)
    a, b = sorted(some(rng, 2, 1, 8))
    inside = f"Both conditions must be true: greater than {a} and less than {b}."
    ambiguous = "Python needs a single truth value for an array of four elements, which NumPy refuses with ValueError."
    forms = [
        (f"((x > {a}) & (x < {b})).tolist()", inside),
        (f"(({a} < x) | (x == {a})).tolist()", f"One condition is enough: {a} or more."),
        (f"({a} < x < {b}).tolist()", f"The chain means ({a} < x) and (x < {b}): {ambiguous}"),
        (f"(x > {a} and x < {b}).tolist()", f"`and` is a Python operator: {ambiguous}"),
        (
            f"(x > {a} & x < {b}).tolist()",
            f"& has higher precedence than >, so this is x > ({a} & x) < {b}, a chain: {ambiguous}",
        ),
        (f"(~(x > {a})).tolist()", f"~ inverts each bool: {a} or less."),
        (f"(not (x > {a}))", f"`not` is a Python operator: {ambiguous}"),
        (f"np.logical_and(x > {a}, x < {b}).tolist()", inside),
    ]
    code, why = forms[int(rng.integers(round(2 * hardness), 4 + round(4 * hardness)))]
    return predict(f"x = np.array({x})\n{code}", why=why)


@drill("What is the value?")
def places(rng, hardness):
    rows, columns = (int(k) for k in rng.integers(2, 5, 2))
    x = some(rng, 5)
    flat = [
        (
            f"x = np.array({x})\nnp.where(x > 2)[0].tolist()",
            "With a condition alone, np.where returns the indices of the true elements.",
        ),
        (
            f"x = np.array({x})\nlen(np.where(x > 2))",
            "It returns a tuple with one array of indices per axis: one here.",
        ),
        (
            f"x = np.array({x})\nnp.where(x > 2, 1, 0).shape",
            "With three arguments, the result has the broadcast shape.",
        ),
    ]
    deep = [
        (
            f"len(np.where(np.ones(({rows}, {columns}))))",
            "The tuple contains one array of indices for each of the two axes.",
        ),
        (
            f"np.where(np.eye({rows}, {columns}))[0].shape",
            f"Each array of indices has one entry per nonzero element: {min(rows, columns)} on the diagonal.",
        ),
        (
            f"np.where(np.ones(({rows}, 1)) > 0, np.zeros({columns}), 1).shape",
            "The condition and both branches are broadcast together.",
        ),
        (
            f"np.where([0, np.nan, {columns}], 1, 0).tolist()",
            "A condition that is not boolean counts as True for nonzero elements, and NaN is not zero.",
        ),
    ]
    forms = flat if hardness < 0.4 else deep if hardness > 0.8 else flat + deep
    code, why = forms[int(rng.integers(len(forms)))]
    return predict(code, why=why)


# ------------------------------------------------------------------------------------------------------------ inputs


def exam(rng, n):
    scores = rng.uniform(40, 105, n).round(1)
    scores[rng.random(n) < 0.02] = np.nan
    return {"scores": scores}


QUESTION = Question(
    kinds=["predict", "code"],
    difficulty="medium",
    topics=["Conditional Logic"],
    companies=["Google", "Amazon", "Meta", "Microsoft"],
    asked=["T20", "microsoft-10"],
    entry_points=[
        Entry(
            grade,
            {
                "scores": arrays(
                    "n", dtype=("float64", "float32", "int64"), low=-20, high=120, holds=("nan", "nan runs", "all nan")
                )
            },
            cases=[
                case(scores=np.array([97.0, 90.0, 87.0, 80.0, 70.0, 0.0])),
                case(scores=np.array([96, 89, 86, 79, 69, 98, 91, 88, 81, 71])),
                case(scores=np.array([98.0])),
                case(scores=np.array([97.0])),
                case(scores=np.array([90.0])),
                case(scores=np.array([np.nan])),
                case(scores=np.array([96.99, 89.99, 86.99, 79.99, 69.99], dtype=np.float32)),
                case(scores=np.array([-3.0, 104.5, np.nan])),
                case(scores=np.zeros(0, dtype=np.int64)),
            ],
        )
    ],
    levels=[
        Level("right"),
        Level(
            "fast",
            "At least 8 times faster than a Python loop over the scores.",
            faster_than(
                one_by_one,
                8,
                lambda rng: exam(rng, 8000),
                needs=needs(bytes=lambda scores: 2 * scores.nbytes, operations=lambda scores: scores.size),
            ),
        ),
        Level(
            "memory",
            "Apart from the result, allocates only booleans. Each nested np.where would create another string array.",
            peak_memory(lambda rng: exam(rng, 200_000), outputs=1.3),
        ),
    ],
    hints=[
        "np.where(condition, a, b) takes a if the condition is true, else b. b may be another np.where.",
        "What is `score >= 70` for NaN, and `score < 70`? Which branch is left for NaN?",
        "Which dtype has np.full(n, 'F'), and what happens to a longer string that is assigned to it?",
        "For the last level, start with one array of grades and overwrite parts of it, from the lowest "
        "limit to the highest.",
    ],
    spoken="""\
For two or three cases I nest `np.where`, which selects element by element like an else-if chain; for more I use
`np.select`, where the first true condition wins. NaN fails every comparison, so it needs its own branch with
`np.isnan`. Both branches of where are always computed, so it doesn't protect against division by zero. String arrays
have a fixed width, so I set the dtype to U2 explicitly, otherwise longer grades are truncated. Masks must be combined
with & and parentheses.
""",
    explanation="""\
`np.where(condition, a, b)` selects element by element and broadcasts all three. Nested, it reads like an else-if chain
in which the outer condition comes first:

>>> s = np.array([99.0, 75.0, np.nan, 12.0])
>>> np.where(s >= 90, "A", np.where(s >= 70, "C", np.where(np.isnan(s), "--", "F")))
array(['A', 'C', '--', 'F'], dtype='<U2')

*NaN* makes every comparison False, so without its own branch it ends in the last one. Combine conditions with `&`, `|`
and `~` in parentheses; `and`, `or`, `not` and chains such as `70 <= s < 80` raise ValueError.

*np.where is a function, not control flow:* both branches are computed completely before it selects. So `np.where(x > 0,
np.log(x), 0)` shows a warning for negative x. Let the ufunc skip these elements instead:

>>> x = np.array([1.0, -1.0])
>>> np.log(x, out=np.zeros_like(x), where=x > 0)
array([0., 0.])

*Alternatives.* For more than two conditions, `np.select` is easier to read: the first true condition counts. For limits
on one quantity, `np.searchsorted` or `np.digitize` return an index into a table of results.

*Memory.* Each nested np.where creates a whole array. Overwriting one array through masks, from the lowest limit up,
needs only booleans. Its dtype must be wide enough, because strings are truncated silently.

*Dtype.* The result's dtype can represent both branches; a Python scalar adapts to an array (NumPy 2). An int that does
not fit, such as 300 with a uint8 array, was silently reduced to 44; NumPy 2.5 raises OverflowError. With a condition
alone, np.where returns indices, like np.nonzero.
""",
    points=[
        "np.where selects element by element, broadcasts its condition and branches, and nests like an else-if chain.",
        "Both branches are evaluated completely; guard them with where= and out=, or with harmless values.",
        "NaN fails every comparison and needs its own branch.",
        "Combine conditions with &, | and ~ in parentheses; and, or, not and chains raise ValueError.",
        "np.select uses the first true condition; searchsorted or digitize suit limits on one quantity.",
        "String arrays have a fixed width and silently truncate longer strings.",
        "np.where(condition) alone returns a tuple of index arrays, like np.nonzero.",
    ],
    follow_ups={
        "When do you use np.where, and when boolean assignment?": "np.where creates a new array. x[mask] = v "
        "changes an existing one, without a second array "
        "of its size.",
        "How does np.piecewise differ from np.where?": "np.piecewise calls each function only with the elements of its "
        "branch, so nothing is evaluated elsewhere.",
        "What does np.where(c, x, np.nan) do to an integer array?": "The result is float64, because only floats can "
        "represent NaN.",
    },
    related=["select-conditions", "piecewise-functions", "replace-values", "digitize-and-bin", "nan-propagation"],
    links=[
        "https://numpy.org/doc/stable/reference/generated/numpy.where.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.select.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.searchsorted.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.putmask.html",
    ],
)
