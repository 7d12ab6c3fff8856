"""Grade scores: np.frompyfunc, np.vectorize or a table."""

import time

import numpy as np

from ndojo.question import (
    Entry,
    Level,
    Question,
    arrays,
    by_hardness,
    case,
    drill,
    faster_than,
    floats,
    integers,
    needs,
    no_python_loop,
    one_of,
    predict,
    raises,
    right_on,
    trap,
    works,
)


def grade_letter(score):
    """Return the letter grade of each score, for a single number or an array.

    The grades are ``"A+"`` for scores >= 97, ``"A"`` for >= 90, ``"B"`` for >= 80, ``"C"`` for >= 70, ``"D"`` for >= 60
    and ``"F"`` below 60. A score of NaN is not graded yet and gives ``"?"``.

    Parameters
    ----------
    score : ndarray of one to three axes, float64 or int64; or a Python float or int
        Scores between 0 and 100 inclusive, or NaN. Arrays may be empty, strided, reversed or read-only. From level 2
        on, `score` may also be an ndarray of dtype object that contains floats, ints and None. None counts as NaN.

    Returns
    -------
    ndarray, same shape as `score`, dtype <U2; or a str if `score` is a number
        The dtype is always <U2, regardless of the letters that occur.

    Raises
    ------
    ValueError
        If any score is less than 0 or greater than 100.

    Examples
    --------
    >>> grade_letter(np.array([[98.5, 71.0], [np.nan, 12.0]]))
    array([['A+', 'C'],
           ['?', 'F']], dtype='<U2')
    >>> str(grade_letter(80))
    'B'
    """
    x = np.asarray(score, dtype=np.float64)
    if (x < 0).any() or (x > 100).any():
        raise ValueError("scores must be between 0 and 100")
    code = (x == x).astype(np.uint8)
    for edge in (60, 70, 80, 90, 97):
        code += x >= edge
    return np.array(["?", "F", "D", "C", "B", "A", "A+"])[code]


@works(fails="vectorized")
def with_frompyfunc(score):
    """Creates a ufunc that returns objects, and converts them to strings."""

    def letter(s):
        if s is None or s != s:
            return "?"
        if not 0 <= s <= 100:
            raise ValueError("scores must be between 0 and 100")
        return next(name for name, low in zip(names, lows, strict=True) if s >= low)

    names, lows = ("A+", "A", "B", "C", "D", "F"), (97, 90, 80, 70, 60, 0)
    letters = np.frompyfunc(letter, 1, 1)(score)
    return letters.astype("<U2") if isinstance(letters, np.ndarray) else letters


@works(fails="vectorized")
def with_vectorize(score):
    """Passes otypes, so that empty input works."""

    def letter(s):
        if s is None or s != s:
            return "?"
        if not 0 <= s <= 100:
            raise ValueError("scores must be between 0 and 100")
        return "F" if s < 60 else "A+" if s >= 97 else "DCBA"[min(int(s), 99) // 10 - 6]

    letters = np.vectorize(letter, otypes=[str])(score)
    return letters.astype("<U2")[()]


@works()
def with_searchsorted(score):
    """Looks up the letter with searchsorted, which places NaN after all limits."""
    x = np.asarray(score).astype(np.float64)
    if np.any(x < 0) or np.any(x > 100):
        raise ValueError("scores must be between 0 and 100")
    index = np.searchsorted([60, 70, 80, 90, 97, np.inf], x, side="right")
    return np.array(["F", "D", "C", "B", "A", "A+", "?"]).take(index)


@works(fails="objects")
def with_select(score):
    """Compares the array without converting it, which fails for None."""
    x = np.asarray(score)
    if (x < 0).any() or (x > 100).any():
        raise ValueError("scores must be between 0 and 100")
    edges = {"A+": 97, "A": 90, "B": 80, "C": 70, "D": 60, "F": 0}
    return np.select([x >= edge for edge in edges.values()], list(edges), default="?")[()]


# --------------------------------------------------------------------------------------------------------------- traps


@trap(
    "An empty array must give an empty result. Without otypes, np.vectorize calls the function on the first element to "
    "find the dtype, and raises ValueError if the array is empty. Pass otypes.",
    verdict="RE",
)
def without_otypes(score):
    def letter(s):
        if s != s:
            return "?"
        if not 0 <= s <= 100:
            raise ValueError("scores must be between 0 and 100")
        return "F" if s < 60 else "A+" if s >= 97 else "DCBA"[min(int(s), 99) // 10 - 6]

    return np.vectorize(letter)(score).astype("<U2")[()]


@trap(
    "The result must have dtype <U2, but a ufunc from np.frompyfunc returns arrays of dtype object. Convert the result "
    "with astype('<U2').",
    verdict="WT",
)
def objects_returned(score):
    def letter(s):
        if s != s:
            return "?"
        if not 0 <= s <= 100:
            raise ValueError("scores must be between 0 and 100")
        return "F" if s < 60 else "A+" if s >= 97 else "DCBA"[min(int(s), 99) // 10 - 6]

    return np.frompyfunc(letter, 1, 1)(score)


@trap(
    "otypes=[str] does not fix the width: the result is as wide as the longest string that occurs, <U1 without an A+. "
    "Convert it with astype('<U2').",
    verdict="WT",
)
def width_depends_on_data(score):
    def letter(s):
        if s != s:
            return "?"
        if not 0 <= s <= 100:
            raise ValueError("scores must be between 0 and 100")
        return "F" if s < 60 else "A+" if s >= 97 else "DCBA"[min(int(s), 99) // 10 - 6]

    return np.vectorize(letter, otypes=[str])(score)[()]


@trap(
    "A number must give a str, but np.vectorize and np.select return a 0-d array for it. Index the result with [()].",
    verdict="WT",
)
def zero_dimensional(score):
    def letter(s):
        if s != s:
            return "?"
        if not 0 <= s <= 100:
            raise ValueError("scores must be between 0 and 100")
        return "F" if s < 60 else "A+" if s >= 97 else "DCBA"[min(int(s), 99) // 10 - 6]

    return np.vectorize(letter, otypes=[str])(score).astype("<U2")


@trap(
    "`0 <= s` and `s <= 100` are False for NaN, so NaN raises ValueError here. Test for scores outside the range "
    "instead: `(x < 0) | (x > 100)`.",
    verdict="RE",
)
def rejects_nan(score):
    x = np.asarray(score, dtype=np.float64)
    if not ((x >= 0) & (x <= 100)).all():
        raise ValueError("scores must be between 0 and 100")
    return np.array(["F", "D", "C", "B", "A", "A+"])[np.searchsorted([60, 70, 80, 90, 97], x, side="right")]


@trap(
    "`<`, `<=`, `>` and `>=` are False for NaN, so NaN gets the letter of the scores that reach no limit. Test for NaN "
    "separately."
)
def f_for_nan(score):
    x = np.asarray(score, dtype=np.float64)
    if (x < 0).any() or (x > 100).any():
        raise ValueError("scores must be between 0 and 100")
    edges = {"A+": 97, "A": 90, "B": 80, "C": 70, "D": 60}
    return np.select([x >= edge for edge in edges.values()], list(edges), default="F").astype("<U2")[()]


@trap("The limits are inclusive: 90 is an A. Use >= instead of >, or side='right' in np.searchsorted.")
def excludes_the_limits(score):
    x = np.asarray(score, dtype=np.float64)
    if (x < 0).any() or (x > 100).any():
        raise ValueError("scores must be between 0 and 100")
    return np.array(["F", "D", "C", "B", "A", "A+", "?"])[np.searchsorted([60, 70, 80, 90, 97, np.inf], x)]


@trap(
    "`if` needs a single truth value, and `return` gives one letter for the whole array. Choose element by element, "
    "for example with np.searchsorted.",
    verdict="WT",
)
def called_with_the_array(score):
    if np.any(score < 0) or np.any(score > 100):
        raise ValueError("scores must be between 0 and 100")
    if not np.size(score):
        return np.zeros(score.shape, dtype="<U2")
    if score != score:
        return "?"
    for name, low in {"A+": 97, "A": 90, "B": 80, "C": 70, "D": 60}.items():
        if score >= low:
            return name
    return "F"


@trap(
    "If a score is greater than 100, raise ValueError. A lookup gives such a score a letter, so test the range first."
)
def accepts_above_100(score):
    x = np.asarray(score, dtype=np.float64)
    if (x < 0).any():
        raise ValueError("scores must be between 0 and 100")
    return np.array(["F", "D", "C", "B", "A", "A+", "?"])[
        np.searchsorted([60, 70, 80, 90, 97, np.inf], x, side="right")
    ]


# -------------------------------------------------------------------------------------------------------------- drills


@drill("What is the value, or which error is raised?")
def first_element_typing(rng, hardness):
    k = int(rng.integers(2, 9))
    low, high = f"{k}.5", f"{k + 3}.75"
    values = [low, high]
    float_first = bool(rng.random() < 0.5)
    if float_first:
        values.reverse()
    x = f"[{', '.join(values)}]"
    value_or_zero = f"lambda v: v if v > {k + 1} else 0"
    first = "a float, so all become floats" if float_first else "the int 0, so all are truncated to int"
    pass_or_no = "lambda v: 'pass' if v > 50 else 'no'"
    code, why = by_hardness(
        rng,
        [
            (
                f"np.vectorize({value_or_zero}, otypes=[float])({x}).tolist()",
                "otypes decides the dtype, not the first result.",
            ),
            (
                f"np.frompyfunc({value_or_zero}, 1, 1)({x}).tolist()",
                "frompyfunc returns objects, so each result keeps its own type.",
            ),
            (
                f"np.vectorize({value_or_zero})({x}).tolist()",
                f"Without otypes, the first result decides the dtype. It is {first}.",
            ),
            (
                f"np.vectorize({value_or_zero}, otypes=[int])({x}).tolist()",
                "otypes=[int] truncates each result to an int.",
            ),
            (
                f"np.vectorize(lambda v: v / 2 if v > {k} else v // 2)([{k}, {k + 1}]).tolist()",
                f"The first result is the int {k // 2}, so the next, {(k + 1) / 2}, is truncated to an int.",
            ),
            (
                f"np.vectorize({pass_or_no})([{k}, {k + 60}]).tolist()",
                "The strings are as wide as the longest result, not as the first.",
            ),
            (
                f"np.vectorize({value_or_zero})([])",
                "Without otypes and without elements, np.vectorize cannot find the dtype and raises ValueError.",
            ),
            (
                f"np.vectorize({value_or_zero}, otypes=[float])([]).shape",
                "If otypes is given, np.vectorize accepts empty arrays.",
            ),
            (f"np.frompyfunc({value_or_zero}, 1, 1)([]).shape", "A ufunc accepts empty arrays."),
        ],
        hardness,
    )
    return predict(code, why=why)


@drill("What is the dtype?")
def result_dtypes(rng, hardness):
    k = int(rng.integers(2, 9))
    name, dtype_name = [("float", "float64"), ("'float32'", "float32"), ("bool", "bool"), ("object", "object")][
        int(rng.integers(4))
    ]
    x = f"[{k}, {k + 1}, {k + 2}]"
    code, why = by_hardness(
        rng,
        [
            (f"np.frompyfunc(lambda v: v + 1, 1, 1)({x}).dtype", "frompyfunc returns objects."),
            (
                f"np.vectorize(lambda v: v > {k})({x}).dtype",
                "Without otypes, the first result decides, and it is a bool.",
            ),
            (
                f"np.vectorize(lambda v: v / 2)({x}).dtype",
                "Without otypes, the first result decides, and it is a float.",
            ),
            (f"np.vectorize(lambda v: v, otypes=[{name}])({x}).dtype", f"otypes sets the dtype to {dtype_name}."),
            (
                f"np.frompyfunc(lambda v: v, 1, 1)(np.array({x}, dtype='float32')).dtype",
                "frompyfunc returns objects for every input dtype.",
            ),
            (f"np.frompyfunc(lambda v: v, 1, 1)({x}).astype(float).dtype", "astype converts the objects to float64."),
            (
                f"np.vectorize(lambda v: 'x' * v)({x}).dtype",
                f"The strings are as wide as the longest result, {k + 2} characters.",
            ),
            (f"np.vectorize(lambda v: None)({x}).dtype", "The only dtype that can store None is object."),
            (
                f"np.vectorize(len)({['a' * k]}).dtype",
                "len returns an int, which has the default integer dtype, int64 on 64-bit platforms.",
            ),
        ],
        hardness,
    )
    return predict(code, why=why)


@drill("How often is the function called?")
def calls(rng, hardness):
    n = int(rng.integers(3, 7))
    values = rng.integers(0, 3, n).tolist() if hardness > 0.3 else list(range(n))
    different = len(set(values))
    wrapper, why = by_hardness(
        rng,
        [
            ("np.frompyfunc(f, 1, 1)", f"The function is called once for each of the {n} elements."),
            (
                "np.vectorize(f, otypes=[int])",
                f"otypes gives the dtype, so the function is called once for each of the {n} elements.",
            ),
            (
                "np.vectorize(f)",
                f"Without otypes, one extra call on the first element finds the dtype, so {n} + 1 calls are made.",
            ),
            (
                "np.vectorize(f, cache=True)",
                f"cache=True reuses the result of the extra call that finds the dtype, so {n} calls are made.",
            ),
            (
                "np.vectorize(np.frompyfunc(f, 1, 1), otypes=[int])",
                f"The ufunc is called once for each of the {n} elements, and each time it calls f once.",
            ),
            (
                "lambda x: [f(v) for v in np.unique(x)]",
                f"The function is called once for each of the {different} different values.",
            ),
        ],
        hardness,
    )
    return predict(f"count = []\nf = lambda v: count.append(v) or 1\n({wrapper})({values})\nlen(count)", why=why)


@drill("What is the value, or which error is raised?")
def ufunc_or_not(rng, hardness):
    a, b, c = (int(k) for k in rng.integers(2, 9, 3))
    code, why = by_hardness(
        rng,
        [
            ("isinstance(np.frompyfunc(max, 2, 1), np.ufunc)", "frompyfunc creates a real ufunc."),
            (
                "isinstance(np.vectorize(max), np.ufunc)",
                "np.vectorize is a Python class with a __call__ method, not a ufunc.",
            ),
            (
                f"np.frompyfunc(max, 2, 1).reduce([{a}, {b}, {c}])",
                "A ufunc with two inputs and one output has the method reduce.",
            ),
            (
                f"np.frompyfunc(lambda u, v: u * v, 2, 1).outer([{a}, {b}], [1, {c}]).tolist()",
                "outer combines all pairs.",
            ),
            (
                f"np.frompyfunc(max, 2, 1).accumulate([{a}, {b}, {c}]).tolist()",
                "accumulate keeps every intermediate result.",
            ),
            (
                f"np.vectorize(max).reduce([{a}, {b}, {c}])",
                "np.vectorize objects have no ufunc methods, so this raises AttributeError.",
            ),
            (f"np.frompyfunc(divmod, 2, 2)({a * b + 1}, {b})", "A ufunc with two outputs returns a tuple."),
            (
                "np.frompyfunc(max, 2, 1).reduce([])",
                "The ufunc has no identity, so reduce raises ValueError for an empty input.",
            ),
            (f"np.frompyfunc(max, 2, 1, identity={a}).reduce([])", "reduce returns the identity for an empty input."),
            (
                f"type(np.frompyfunc(abs, 1, 1)(-{a})).__name__",
                "For a number, this ufunc returns the object itself, here an int.",
            ),
            (f"type(np.vectorize(abs)(-{a})).__name__", "np.vectorize returns a 0-d array for a number."),
            (
                f"type(np.frompyfunc(abs, 1, 1)(np.array([-{a}, {b}], dtype='int8'))[0]).__name__",
                "The elements are converted to Python objects before each call.",
            ),
        ],
        hardness,
    )
    return predict(code, why=why)


@drill("What is the shape?")
def shapes(rng, hardness):
    n, m, k = (int(k) for k in rng.choice(np.arange(2, 9), 3, replace=False))
    code, why = by_hardness(
        rng,
        [
            (f"np.vectorize(max)(np.ones({n}), 0).shape", "The arguments broadcast, as in a ufunc."),
            (
                f"np.frompyfunc(max, 2, 1)(np.ones(({n}, 1)), np.ones({m})).shape",
                f"The shapes ({n}, 1) and ({m},) broadcast to ({n}, {m}).",
            ),
            (f"np.frompyfunc(max, 2, 1).outer(np.ones({n}), np.ones({m})).shape", "outer combines all pairs."),
            (
                f"np.vectorize(sum, signature='(i)->()')(np.ones(({n}, {m}))).shape",
                "The signature reduces the last axis, so one value per row is left.",
            ),
            (
                f"np.vectorize(np.cumsum, signature='(i)->(i)')(np.ones(({n}, {m}))).shape",
                "The signature maps each row to a row of the same length.",
            ),
            (
                f"np.vectorize(np.outer, signature='(i),(j)->(i,j)')(np.ones(({k}, {n})), np.ones({m})).shape",
                f"Each of the {k} rows is combined with the vector, which gives a matrix of shape ({n}, {m}).",
            ),
            (f"np.frompyfunc(max, 2, 1).reduce(np.ones(({n}, {m}, {k}))).shape", "reduce removes axis 0 by default."),
        ],
        hardness,
    )
    return predict(code, why=why)


def show_cost():
    scores = np.random.default_rng(0).uniform(0, 100, 200_000)

    def letter(s):
        return "A" if s >= 90 else "B" if s >= 80 else "C" if s >= 70 else "D" if s >= 60 else "F"

    ways = {
        "np.vectorize": lambda: np.vectorize(letter)(scores),
        "np.vectorize, otypes": lambda: np.vectorize(letter, otypes=[str])(scores),
        "np.frompyfunc": lambda: np.frompyfunc(letter, 1, 1)(scores),
        "list comprehension": lambda: np.array([letter(s) for s in scores.tolist()]),
        "searchsorted and take": lambda: np.array(list("FDCBA")).take(
            np.searchsorted([60, 70, 80, 90], scores, "right")
        ),
    }
    for name, way in ways.items():
        times = []
        for _ in range(3):
            start = time.perf_counter()
            result = way()
            times.append(1e3 * (time.perf_counter() - start))
        print(f"{name:22} {min(times):7.1f} ms, dtype {result.dtype}")


def marks(rng, n=10_000):
    return {"score": np.round(rng.uniform(0, 100, n), 1)}


EDGES = [0.0, 59.5, 60.0, 69.5, 70.0, 79.5, 80.0, 89.5, 90.0, 96.5, 97.0, 100.0]
MIXED = (97, 0, 59.5, 60, 70.5, 80, None, 90.0, float("nan"), 100)


def filled(*items):
    """Return a 1-D array of dtype object that contains the items."""
    result = np.empty(len(items), dtype=object)
    result[:] = items
    return result


QUESTION = Question(
    kinds=["predict", "code"],
    difficulty="hard",
    topics=["Performance"],
    companies=["Google", "Amazon"],
    asked=["T115", "T109"],
    entry_points=[
        Entry(
            grade_letter,
            {
                "score": one_of(
                    arrays(..., dtype=("float64", "int64"), low=0, high=100, holds=("nan", "all nan"), max_ndim=3),
                    floats(0, 100, np.nan, 97.0, 90.0, 60.0),
                    integers(0, 100, outside=True),
                )
            },
            where=lambda score: not isinstance(score, np.ndarray) or score.ndim > 0,
            cases=[
                *(case(score=np.array([s])) for s in EDGES),
                *(case(score=np.array([int(s)])) for s in EDGES),
                case(score=np.array(EDGES)),
                case(score=np.array([12.0, np.nan, 98.0])),
                case(score=np.nextafter([60.0, 97.0], 0)),
                case(score=np.zeros(0)),
                case(score=np.zeros((2, 0), dtype=np.int64)),
                raises(ValueError, score=101),
                raises(ValueError, score=-1),
                raises(ValueError, score=np.array([50.0, 100.5])),
                raises(ValueError, score=np.array([np.nan, -0.5])),
                raises(ValueError, score=np.array([np.inf])),
            ],
        )
    ],
    levels=[
        Level("right"),
        Level(
            "objects",
            "Accepts arrays of dtype object that contain floats, ints and None.",
            right_on(
                Entry(
                    grade_letter,
                    {"score": arrays("n", dtype=object, of=MIXED, layouts=("C", "step", "reversed", "readonly"))},
                    dims={"n": (0, 6)},
                    cases=[
                        case(score=filled(None)),
                        case(score=filled(12.5, None, 100)),
                        raises(ValueError, score=filled(None, 101)),
                        raises(ValueError, score=filled(-1, None)),
                    ],
                )
            ),
        ),
        Level("vectorized", "Makes no Python call per element, for arrays of floats.", no_python_loop(marks)),
        Level(
            "fast",
            "At least 5 times faster than np.vectorize, for 10,000 scores.",
            faster_than(
                with_vectorize,
                5,
                marks,
                needs=needs(bytes=lambda score: score.nbytes + 8 * score.size, operations=lambda score: 8 * score.size),
            ),
        ),
    ],
    hints=[
        "np.frompyfunc and np.vectorize apply a function of one score to arrays. What do they return for a number, "
        "for an empty array, and for scores without an A+?",
        "To which dtype can you convert floats, ints and None so that they can be compared?",
        "The number of limits that a score has reached can be an index into an array of letters. What is it for NaN?",
    ],
    spoken="""\
`np.frompyfunc` creates a real ufunc that calls a Python function once per element and returns objects. `np.vectorize`
adds output dtypes, keyword arguments and signatures, but it also calls Python once per element, so neither is fast.
Without `otypes`, `np.vectorize` finds the dtype from the first result and raises ValueError for empty input. For
grades, I convert the scores to float64, check the range, compute an index with `np.searchsorted` on the limits, and
look up the letters in a small array.
""",
    explanation="""\
`np.frompyfunc` and `np.vectorize` call a Python function once per element and support broadcasting. Neither makes the
function faster: the loop runs in C, but each call runs Python code.

`np.frompyfunc(f, nin, nout)` creates a ufunc, with `reduce`, `outer` and `out=`. It has a single loop, which takes and
returns objects:

>>> np.frompyfunc(max, 2, 1).reduce([3, 7, 5])
7
>>> np.frompyfunc(len, 1, 1)(["ab", "c"])
array([2, 1], dtype=object)

`np.vectorize(f)` is a class that uses `np.frompyfunc` and adds output dtypes, `excluded` arguments, and a `signature`
for functions of whole rows. Without `otypes`, it calls f once more on the first element, and the type of that result
becomes the dtype of all results:

>>> np.vectorize(lambda v: v if v > 2 else 0)([1.5, 2.5])
array([0, 2])

The first result is the int 0, so 2.5 is truncated to 2. Therefore always pass `otypes`. Without it, empty input raises
ValueError. Strings are as wide as the longest result, so convert them with `astype` if the width matters. For a number,
`np.vectorize` returns a 0-d array, while a ufunc from `np.frompyfunc` returns the object itself.

*When to use them.* Both are useful for objects that NumPy cannot compute with, such as the date class of another
library. For numbers, use comparisons and lookup tables:

>>> np.array(list("FDCBA"))[np.searchsorted([60, 70, 80, 90], [59.5, 60, 99], side="right")]
array(['F', 'D', 'A'], dtype='<U1')

If a function of objects needs only one attribute, copy that attribute into a numeric array once, and compute with it.
""",
    points=[
        "np.frompyfunc and np.vectorize call Python once per element. They add broadcasting, not speed.",
        "np.frompyfunc creates a real ufunc with methods, which takes and returns objects.",
        "np.vectorize adds otypes, excluded and signature. Without otypes, the first result decides the dtype.",
        "Without otypes, np.vectorize makes one more call, and empty input raises ValueError.",
        "np.vectorize returns a 0-d array for a number.",
        "Comparisons or np.searchsorted with a table run in compiled code and are much faster.",
        "Convert objects to a numeric array first. None becomes NaN in float64.",
    ],
    follow_ups={
        "When does cache=True help?": "It saves only the extra call that finds the dtype. For repeated values, use "
        "functools.lru_cache, or np.unique with return_inverse=True.",
        "What if the function cannot be expressed in NumPy?": "Compile it. Numba's @vectorize turns a Python function "
        "into an object that broadcasts like a ufunc. Cython and C are alternatives.",
        "Is a list comprehension slower?": "Not much. Over x.tolist() it is about as fast as np.frompyfunc.",
        "Which types does the function receive?": "The array is converted to objects first, so the function receives "
        "Python floats and ints. The first call of np.vectorize without otypes may receive a NumPy scalar.",
    },
    related=["custom-ufunc", "vectorize-objects", "vectorize-a-loop", "apply-along-axis", "digitize-and-bin"],
    links=[
        "https://numpy.org/doc/stable/reference/generated/numpy.frompyfunc.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.vectorize.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.searchsorted.html",
    ],
    live=show_cost,
)
