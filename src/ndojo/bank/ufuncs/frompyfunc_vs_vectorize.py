"""Letters for scores of any kind."""

import time

import numpy as np

from ndojo.question import (
    Entry,
    Level,
    Question,
    arrays,
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
    """Turn scores into letters, for a number or a whole array alike, as a ufunc would.

    ``"A+"`` from 97 points on, ``"A"`` from 90, ``"B"`` from 80, ``"C"`` from 70, ``"D"`` from 60, ``"F"`` below, and
    ``"?"`` for NaN, which stands for a paper that is still to be marked.

    Parameters
    ----------
    score : ndarray of one to three axes, float64 or int64; or a Python float or int
        Points from 0 to 100, or NaN. May be empty, strided, reversed or read-only. From level 2 on also an ndarray of
        dtype object, of floats and ints and of None, which counts as NaN.

    Returns
    -------
    ndarray, shape of `score`, dtype <U2; or a str for a number
        The dtype is <U2 for any letters.

    Raises
    ------
    ValueError
        If any score is below 0 or above 100.

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
        raise ValueError("scores lie between 0 and 100")
    code = (x == x).astype(np.uint8)
    for edge in (60, 70, 80, 90, 97):
        code += x >= edge
    return np.array(["?", "F", "D", "C", "B", "A", "A+"])[code]


@works(fails="vectorized")
def with_frompyfunc(score):
    """A true ufunc, of objects; a cast gives them a dtype."""

    def letter(s):
        if s is None or s != s:
            return "?"
        if not 0 <= s <= 100:
            raise ValueError("scores lie between 0 and 100")
        return next(name for name, low in zip(names, lows, strict=True) if s >= low)

    names, lows = ("A+", "A", "B", "C", "D", "F"), (97, 90, 80, 70, 60, 0)
    letters = np.frompyfunc(letter, 1, 1)(score)
    return letters.astype("<U2") if isinstance(letters, np.ndarray) else letters


@works(fails="vectorized")
def with_vectorize(score):
    """otypes fixes the dtype before the first call, and so empty input works."""

    def letter(s):
        if s is None or s != s:
            return "?"
        if not 0 <= s <= 100:
            raise ValueError("scores lie between 0 and 100")
        return "F" if s < 60 else "A+" if s >= 97 else "DCBA"[min(int(s), 99) // 10 - 6]

    letters = np.vectorize(letter, otypes=[str])(score)
    return letters.astype("<U2")[()]


@works()
def with_searchsorted(score):
    """Edges and a table; NaN sorts behind all edges."""
    x = np.asarray(score).astype(np.float64)
    if np.any(x < 0) or np.any(x > 100):
        raise ValueError("scores lie between 0 and 100")
    place = np.searchsorted([60, 70, 80, 90, 97, np.inf], x, side="right")
    return np.array(["F", "D", "C", "B", "A", "A+", "?"]).take(place)


@works(fails="objects")
def with_select(score):
    """Comparisons of the array as it comes: None has no order."""
    x = np.asarray(score)
    if (x < 0).any() or (x > 100).any():
        raise ValueError("scores lie between 0 and 100")
    edges = {"A+": 97, "A": 90, "B": 80, "C": 70, "D": 60, "F": 0}
    return np.select([x >= edge for edge in edges.values()], list(edges), default="?")[()]


# --------------------------------------------------------------------------------------------------------------- traps


@trap("Without otypes np.vectorize calls the function once to learn the dtype, and has nothing to call it with where "
      "the array is empty: ValueError.", verdict="RE")  # fmt: skip
def without_otypes(score):
    def letter(s):
        if s != s:
            return "?"
        if not 0 <= s <= 100:
            raise ValueError("scores lie between 0 and 100")
        return "F" if s < 60 else "A+" if s >= 97 else "DCBA"[min(int(s), 99) // 10 - 6]

    return np.vectorize(letter)(score).astype("<U2")[()]


@trap("The ufunc of np.frompyfunc returns an array of objects: cast it to the dtype that you want.", verdict="WT")
def objects_returned(score):
    def letter(s):
        if s != s:
            return "?"
        if not 0 <= s <= 100:
            raise ValueError("scores lie between 0 and 100")
        return "F" if s < 60 else "A+" if s >= 97 else "DCBA"[min(int(s), 99) // 10 - 6]

    return np.frompyfunc(letter, 1, 1)(score)


@trap("otypes=[str] leaves the width open: it becomes that of the longest letter that occurs, <U1 in a class without "
      "an A+.", verdict="WT")  # fmt: skip
def width_of_what_occurs(score):
    def letter(s):
        if s != s:
            return "?"
        if not 0 <= s <= 100:
            raise ValueError("scores lie between 0 and 100")
        return "F" if s < 60 else "A+" if s >= 97 else "DCBA"[min(int(s), 99) // 10 - 6]

    return np.vectorize(letter, otypes=[str])(score)[()]


@trap("np.vectorize gives a 0-d array for a number, where a ufunc gives the number itself: index it with [()].",
      verdict="WT")  # fmt: skip
def zero_dimensional(score):
    def letter(s):
        if s != s:
            return "?"
        if not 0 <= s <= 100:
            raise ValueError("scores lie between 0 and 100")
        return "F" if s < 60 else "A+" if s >= 97 else "DCBA"[min(int(s), 99) // 10 - 6]

    return np.vectorize(letter, otypes=[str])(score).astype("<U2")


@trap("`0 <= s <= 100` is False for NaN, so a paper still to be marked is refused: look for NaN first.", verdict="RE")
def refuses_nan(score):
    x = np.asarray(score, dtype=np.float64)
    if not ((x >= 0) & (x <= 100)).all():
        raise ValueError("scores lie between 0 and 100")
    return np.array(["F", "D", "C", "B", "A", "A+"])[np.searchsorted([60, 70, 80, 90, 97], x, side="right")]


@trap("All comparisons with NaN are False, so it falls through to the last letter: look for NaN first.")
def fails_nan(score):
    x = np.asarray(score, dtype=np.float64)
    if (x < 0).any() or (x > 100).any():
        raise ValueError("scores lie between 0 and 100")
    edges = {"A+": 97, "A": 90, "B": 80, "C": 70, "D": 60}
    return np.select([x >= edge for edge in edges.values()], list(edges), default="F").astype("<U2")[()]


@trap("90 points are an A: the edges belong to the better letter, >= and not >.")
def edges_below(score):
    x = np.asarray(score, dtype=np.float64)
    if (x < 0).any() or (x > 100).any():
        raise ValueError("scores lie between 0 and 100")
    return np.array(["F", "D", "C", "B", "A", "A+", "?"])[np.searchsorted([60, 70, 80, 90, 97, np.inf], x)]


@trap("`if` asks for one truth value, and `return` gives one letter, not one for each: np.vectorize and np.frompyfunc "
      "call the function for every element.", verdict="WT")  # fmt: skip
def called_with_the_array(score):
    if np.any(score < 0) or np.any(score > 100):
        raise ValueError("scores lie between 0 and 100")
    if not np.size(score):
        return np.zeros(score.shape, dtype="<U2")
    if score != score:
        return "?"
    for name, low in {"A+": 97, "A": 90, "B": 80, "C": 70, "D": 60}.items():
        if score >= low:
            return name
    return "F"


@trap("A table answers any index: scores above 100 get an A+ unless they are refused.")
def lets_all_in(score):
    x = np.asarray(score, dtype=np.float64)
    if (x < 0).any():
        raise ValueError("scores lie between 0 and 100")
    return np.array(["F", "D", "C", "B", "A", "A+", "?"])[
        np.searchsorted([60, 70, 80, 90, 97, np.inf], x, side="right")
    ]


# -------------------------------------------------------------------------------------------------------------- drills


def chosen(rng, forms, hardness):
    """One of `forms`, which go from easy to hard."""
    width = max(3, len(forms) // 2)
    first = round((len(forms) - width) * hardness)
    return forms[first + int(rng.integers(width))]


@drill("What is the value, or which error is raised?")
def first_element_typing(rng, hardness):
    k = int(rng.integers(2, 9))
    low, high = f"{k}.5", f"{k + 3}.75"
    values = [low, high]
    turned = bool(rng.random() < 0.5)
    if turned:
        values.reverse()
    x = f"[{', '.join(values)}]"
    cut = f"lambda v: v if v > {k + 1} else 0"
    first = "a float, so all are" if turned else "the int 0, so all are cut to int"
    word = "lambda v: 'pass' if v > 50 else 'no'"
    code, why = chosen(rng, [
        (f"np.vectorize({cut}, otypes=[float])({x}).tolist()", "otypes decides, not the first result."),
        (f"np.frompyfunc({cut}, 1, 1)({x}).tolist()", "Objects stay as they are: each with its own type."),
        (f"np.vectorize({cut})({x}).tolist()", f"Without otypes the first result decides: {first}."),
        (f"np.vectorize({cut}, otypes=[int])({x}).tolist()", "otypes=[int] cuts the fraction off."),
        (f"np.vectorize(lambda v: v / 2 if v > {k} else v // 2)([{k}, {k + 1}]).tolist()", f"The first result is the "
         f"int {k // 2}, so the next, {(k + 1) / 2}, is cut to int."),
        (f"np.vectorize({word})([{k}, {k + 60}]).tolist()", "Strings get the width of the longest result, not of the "
         "first."),
        (f"np.vectorize({cut})([])", "Without otypes and elements NumPy cannot learn the dtype."),
        (f"np.vectorize({cut}, otypes=[float])([]).shape", "With otypes an empty array is no trouble."),
        (f"np.frompyfunc({cut}, 1, 1)([]).shape", "A ufunc takes empty arrays."),
    ], hardness)  # fmt: skip
    return predict(code, why=why)


@drill("What is the dtype?")
def result_dtypes(rng, hardness):
    k = int(rng.integers(2, 9))
    name, char = [("float", "float64"), ("'float32'", "float32"), ("bool", "bool"), ("object", "object")][
        int(rng.integers(4))
    ]
    x = f"[{k}, {k + 1}, {k + 2}]"
    code, why = chosen(rng, [
        (f"np.frompyfunc(lambda v: v + 1, 1, 1)({x}).dtype", "frompyfunc works on objects, and returns them."),
        (f"np.vectorize(lambda v: v > {k})({x}).dtype", "The first result is a bool."),
        (f"np.vectorize(lambda v: v / 2)({x}).dtype", "The first result is a float."),
        (f"np.vectorize(lambda v: v, otypes=[{name}])({x}).dtype", f"otypes asks for {char}."),
        (f"np.frompyfunc(lambda v: v, 1, 1)(np.array({x}, dtype='float32')).dtype", "For any input, objects come "
         "out."),
        (f"np.frompyfunc(lambda v: v, 1, 1)({x}).astype(float).dtype", "astype casts the objects."),
        (f"np.vectorize(lambda v: 'x' * v)({x}).dtype", f"Strings as wide as the longest result, {k + 2} letters."),
        (f"np.vectorize(lambda v: None)({x}).dtype", "None has no dtype but object."),
        (f"np.vectorize(len)({['a' * k]}).dtype", "len "
         "gives an int, which NumPy 2 stores as int64."),
    ], hardness)  # fmt: skip
    return predict(code, why=why)


@drill("How often is the function called?")
def calls(rng, hardness):
    n = int(rng.integers(3, 7))
    values = rng.integers(0, 3, n).tolist() if hardness > 0.3 else list(range(n))
    different = len(set(values))
    made, why = chosen(rng, [
        ("np.frompyfunc(f, 1, 1)", f"Once for each of the {n} elements."),
        ("np.vectorize(f, otypes=[int])", f"otypes is known, so once for each of the {n} elements."),
        ("np.vectorize(f)", f"One call more than elements: the first call is to learn the dtype, {n} + 1."),
        ("np.vectorize(f, cache=True)", f"cache keeps the result of the call that learns the dtype: {n}."),
        ("np.vectorize(np.frompyfunc(f, 1, 1), otypes=[int])", f"The ufunc is called for each of the {n} elements, and "
         "calls f once."),
        ("lambda x: [f(v) for v in np.unique(x)]", f"x has {different} different values."),
    ], hardness)  # fmt: skip
    return predict(f"count = []\nf = lambda v: count.append(v) or 1\n({made})({values})\nlen(count)", why=why)


@drill("What is the value, or which error is raised?")
def ufunc_or_not(rng, hardness):
    a, b, c = (int(k) for k in rng.integers(2, 9, 3))
    code, why = chosen(rng, [
        ("isinstance(np.frompyfunc(max, 2, 1), np.ufunc)", "frompyfunc makes a true ufunc."),
        ("isinstance(np.vectorize(max), np.ufunc)", "vectorize is a Python class with a __call__."),
        (f"np.frompyfunc(max, 2, 1).reduce([{a}, {b}, {c}])", "A ufunc of two inputs has reduce."),
        (f"np.frompyfunc(lambda u, v: u * v, 2, 1).outer([{a}, {b}], [1, {c}]).tolist()", "outer takes every pair."),
        (f"np.frompyfunc(max, 2, 1).accumulate([{a}, {b}, {c}]).tolist()", "accumulate keeps every step."),
        (f"np.vectorize(max).reduce([{a}, {b}, {c}])", "vectorize has no methods of a ufunc."),
        (f"np.frompyfunc(divmod, 2, 2)({a * b + 1}, {b})", "Two outputs come as a tuple."),
        ("np.frompyfunc(max, 2, 1).reduce([])", "Without an identity reduce has nothing to return."),
        (f"np.frompyfunc(max, 2, 1, identity={a}).reduce([])", "Nothing folded is the identity."),
        (f"type(np.frompyfunc(abs, 1, 1)(-{a})).__name__", "For a number a ufunc returns a single object."),
        (f"type(np.vectorize(abs)(-{a})).__name__", "vectorize returns a 0-d array for a number."),
        (f"type(np.frompyfunc(abs, 1, 1)(np.array([-{a}, {b}], dtype='int8'))[0]).__name__", "The elements were "
         "converted to Python's objects before the call."),
    ], hardness)  # fmt: skip
    return predict(code, why=why)


@drill("What is the shape?")
def shapes(rng, hardness):
    n, m, k = (int(k) for k in rng.choice(np.arange(2, 9), 3, replace=False))
    code, why = chosen(rng, [
        (f"np.vectorize(max)(np.ones({n}), 0).shape", "Both broadcast, as for a ufunc."),
        (f"np.frompyfunc(max, 2, 1)(np.ones(({n}, 1)), np.ones({m})).shape", "A column against a row."),
        (f"np.frompyfunc(max, 2, 1).outer(np.ones({n}), np.ones({m})).shape", "Every pair."),
        (f"np.vectorize(sum, signature='(i)->()')(np.ones(({n}, {m}))).shape", "The function takes whole rows: i is "
         "used up."),
        (f"np.vectorize(np.cumsum, signature='(i)->(i)')(np.ones(({n}, {m}))).shape", "Rows in, rows out."),
        (f"np.vectorize(np.outer, signature='(i),(j)->(i,j)')(np.ones(({k}, {n})), np.ones({m})).shape", f"{k} rows, "
         f"each with the one vector: a matrix of {n} by {m} for each."),
        (f"np.frompyfunc(max, 2, 1).reduce(np.ones(({n}, {m}, {k}))).shape", "reduce folds axis 0."),
    ], hardness)  # fmt: skip
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
    """An array of dtype object that holds these."""
    boxes = np.empty(len(items), dtype=object)
    boxes[:] = items
    return boxes


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
            "Now scores come from a spreadsheet: arrays of objects, with None where a cell is empty.",
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
        Level("vectorized", "No call of Python code for each score, for arrays of floats.", no_python_loop(marks)),
        Level(
            "fast",
            "A fifth of the time that np.vectorize takes.",
            faster_than(
                with_vectorize,
                5,
                marks,
                needs=needs(bytes=lambda score: score.nbytes + 8 * score.size, operations=lambda score: 8 * score.size),
            ),
        ),
    ],
    hints=[
        "np.frompyfunc and np.vectorize both lift a function of one score to arrays. What do they return for a number, "
        "for an empty array, for a class without an A+?",
        "Which dtype turns floats, ints and None alike into something that can be compared?",
        "The number of edges that a score has reached is an index. What is that number for NaN?",
    ],
    spoken=(
        "np.frompyfunc makes a real ufunc that calls a Python function per element and returns objects. np.vectorize "
        "adds dtypes, keywords and signatures, but it is still a Python loop. Without otypes it calls the function "
        "once more to learn the dtype from the first result, and it fails for empty input. Neither is fast. For "
        "grades I compute an index with np.searchsorted on the limits and look the letter up in an array, which is "
        "truly vectorized."
    ),
    explanation="""\
`np.frompyfunc` and `np.vectorize` call a Python function for each element, with broadcasting. Neither makes it faster:
the loop is in C, each call is Python.

`np.frompyfunc(f, nin, nout)` makes a true ufunc, with `reduce`, `outer` and `out=`, of one loop: objects in, objects
out.

>>> np.frompyfunc(max, 2, 1).reduce([3, 7, 5])
7
>>> np.frompyfunc(len, 1, 1)(["ab", "c"])
array([2, 1], dtype=object)

`np.vectorize(f)` is a class around frompyfunc that adds a dtype, `excluded` arguments and `signature` for whole
rows. Without `otypes` it calls f once more, on the first element, and that result's type holds for all:

>>> np.vectorize(lambda v: v if v > 2 else 0)([1.5, 2.5])
array([0, 2])

The 2.5 was cut to an int. So always pass otypes; empty input needs it too, or ValueError is raised. Strings are as wide
as the longest result, so cast where the width matters. A number gives a 0-d array, where a ufunc gives the object.

For "non-trivial objects" they are right: dates of a library, trees, strings with methods. For numbers express the
function by comparisons and tables:

>>> np.array(list("FDCBA"))[np.searchsorted([60, 70, 80, 90], [59.5, 60, 99], side="right")]
array(['F', 'D', 'A'], dtype='<U1')

Often a function of objects works on one attribute: pull that out into a plain array once, and compute on it.
""",
    points=[
        "frompyfunc and vectorize call Python for each element: for convenience and broadcasting, not for speed.",
        "frompyfunc makes a true ufunc with methods; it takes and returns objects.",
        "vectorize adds dtypes, excluded and signature; without otypes the first result decides, and values are cut.",
        "Without otypes, vectorize makes one more call, and empty input raises ValueError.",
        "vectorize returns a 0-d array for a number.",
        "Comparisons, searchsorted and a table do it in compiled code, some ten times faster.",
        "Objects with one number each: convert them to a plain array first; None becomes NaN in float64.",
    ],
    follow_ups={
        "When does cache=True help?": "It saves the one call that learns the dtype; it does not remember "
        "repeated values. For those use functools.lru_cache, or np.unique with return_inverse.",
        "What if the function cannot be expressed in NumPy?": "Numba's @vectorize compiles it into an object "
        "that broadcasts and has methods as a ufunc; or Cython, or C.",
        "Is a list comprehension slower?": "Hardly: over x.tolist() it is about as fast as frompyfunc.",
        "What do elements look like inside the function?": "The array is cast to objects first, so they are Python "
        "floats and ints, but for vectorize's first call, which may see a NumPy scalar.",
    },
    related=["custom-ufunc", "vectorize-objects", "vectorize-a-loop", "apply-along-axis", "digitize-and-bin"],
    links=[
        "https://numpy.org/doc/stable/reference/generated/numpy.frompyfunc.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.vectorize.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.searchsorted.html",
    ],
    live=show_cost,
)
