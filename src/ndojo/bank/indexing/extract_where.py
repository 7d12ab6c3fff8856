"""Take out what a condition marks, in any number of dimensions."""

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
    one_of,
    own_memory,
    peak_memory,
    predict,
    raises,
    trap,
    works,
)


def extract_nd(cond, x):
    """List the elements of `x` that `cond` marks, in reading order.

    `x` is a satellite image, a single channel of shape (h, w) or several of shape (c, h, w), and `cond` says which of
    it is land: a map of its own, or one flag a row or column. NumPy's own `extract` does not broadcast.

    Parameters
    ----------
    cond : ndarray, bool or int8
        Marked is what is True, or not 0. Any shape, of no to three axes, that broadcasts to the shape of `x`.
    x : ndarray, one to three axes, float64 or int16
        May be empty, hold NaN, and lie in memory in any order: strided, reversed, Fortran or read-only.

    Returns
    -------
    ndarray, shape (k,), dtype of `x`
        The k marked elements as one meets them with the last index running fastest, however `x` lies in memory.
        A new array.

    Raises
    ------
    ValueError
        If `cond` does not broadcast to the shape of `x`, also where `x` would broadcast to that of `cond`.

    Examples
    --------
    >>> x = np.array([[1, 2, 3], [4, 5, 6]], dtype=np.int16)
    >>> extract_nd(np.array([True, False, True]), x)
    array([1, 3, 4, 6], dtype=int16)
    >>> extract_nd(np.array([[0], [1]], dtype=np.int8), x)
    array([4, 5, 6], dtype=int16)
    """
    return x[np.broadcast_to(cond != 0, x.shape)]


@works(fails="memory")
def by_extract(cond, x):
    """np.extract, given a condition of the right shape. It works on a flat copy."""
    return np.extract(np.broadcast_to(cond, x.shape), x)


@works(fails="memory")
def by_places(cond, x):
    """The indices of what is marked, one array an axis."""
    return x[np.nonzero(np.broadcast_to(cond, x.shape))]


@works(fails="memory")
def flattened(cond, x):
    """Both in one row first, in C order."""
    marked = np.broadcast_to(cond, x.shape).astype(bool)
    return x.ravel()[marked.ravel()]


@works(fails="fast")
def one_by_one(cond, x):
    """A loop over both."""
    cond = np.broadcast_to(cond, x.shape)
    return np.array([value for value, marked in zip(x.flat, cond.flat, strict=True) if marked], dtype=x.dtype)


@trap("A boolean index does not broadcast: one of shape (w,) is held against the first axis. Broadcast it yourself.",
      verdict="WT")  # fmt: skip
def plain_index(cond, x):
    return x[np.bool_(True) & (cond != 0)]


@trap("np.extract does not broadcast: it flattens both and matches from the start, so one row of flags meets the first "
      "row of x alone.", verdict="WT")  # fmt: skip
def plain_extract(cond, x):
    np.broadcast_to(cond, x.shape)
    return np.extract(cond, x)


@trap("Integers in brackets are positions, not flags: 0 and 1 pick rows 0 and 1. Make the condition bool first.",
      verdict="WT")  # fmt: skip
def flags_as_positions(cond, x):
    return x[np.broadcast_to(cond, x.shape)]


@trap("Reading order has the last index run fastest; the transpose reads down the columns.")
def down_the_columns(cond, x):
    return x.T[np.broadcast_to(cond != 0, x.shape).T]


@trap(
    "A pixel may be 0 itself: what is zero after multiplying by the mask is not what the mask left out.", verdict="WT"
)
def drops_zeros(cond, x):
    y = x * (np.broadcast_to(cond, x.shape) != 0)
    return y[y != 0].astype(x.dtype)


@trap("Marked is every flag but 0, so 2 and -1 too: == 1 or `is True` asks for more.", verdict="WT")
def only_ones(cond, x):
    return x[np.broadcast_to(cond == 1, x.shape)]


@trap("np.broadcast_arrays also stretches x, so pixels are repeated where an error is asked for. np.broadcast_to "
      "stretches one to the shape of the other.")  # fmt: skip
def stretches_both(cond, x):
    cond, x = np.broadcast_arrays(cond, x)
    return x[cond != 0]


@trap("ravel copies only where it must, so writing into its result may change the image; x[mask] always copies.",
      verdict="VW")  # fmt: skip
def saves_the_copy(cond, x):
    marked = np.broadcast_to(cond != 0, x.shape)
    return x.ravel() if marked.all() else x[marked]


# ------------------------------------------------------------------------------------------------------------ drills


def some(rng, n, low=1, high=10):
    """n different ints."""
    return [int(k) for k in rng.choice(np.arange(low, high), n, replace=False)]


def flags(rng, n):
    """n bools, at least one of each."""
    places = rng.permutation(n)
    return [bool(place < rng.integers(1, n)) if 0 < place < n - 1 else bool(place == 0) for place in places]


@drill("What is the value?")
def elements(rng, hardness):
    x = some(rng, 6)
    a = sorted(x)[int(rng.integers(1, 4))]
    rows = f"x = np.array([{x[:3]}, {x[3:]}])"
    forms = [
        (f"x = np.array({x})\nx[x > {a}].tolist()", f"Those above {a}, in their order."),
        (f"{rows}\nx[x > {a}].tolist()", f"Those above {a}, row by row: a mask of the full shape gives one dimension."),
        (f"{rows}\nnp.extract(x > {a}, x).tolist()", f"np.extract flattens both: those above {a}, row by row."),
        (f"{rows}\nx.T[x.T > {a}].tolist()", "The transpose is read row by row, which is down the columns of x."),
        (
            f"{rows}\nnp.asfortranarray(x)[x > {a}].tolist()",
            "The order follows the indices, not how the array lies in memory: row by row.",
        ),
        (
            f"{rows}\nnp.extract(x.T > {a}, x).tolist()",
            "Both are flattened first, so flags in column order meet elements in row order.",
        ),
    ]
    code, why = forms[int(rng.integers(round(2 * hardness), 3 + round(3 * hardness)))]
    return predict(code, why=why)


@drill("What is the shape, or which error is raised?")
def shapes(rng, hardness):
    h, w = (int(k) for k in rng.choice(np.arange(2, 7), 2, replace=False))
    c = int(rng.integers(2, 5))
    row, column = flags(rng, w), flags(rng, h)
    n, m = sum(row), sum(column)
    forms = [
        (f"x = np.zeros(({h}, {w}))\nx[np.array({column})].shape", f"One flag a row: {m} rows stay whole."),
        (f"x = np.zeros(({h}, {w}))\nx[:, np.array({row})].shape", f"One flag a column, on axis 1: {n} columns stay."),
        (
            f"x = np.zeros(({h}, {w}))\nx[np.array({row})].shape",
            f"The flags are held against axis 0, which has length {h}, not {w}.",
        ),
        (f"x = np.zeros(({h}, {w}))\nx[x == 0].shape", f"A full mask gives one dimension, and all {h * w} are 0."),
        (
            f"x = np.zeros(({c}, {h}, {w}))\nx[np.ones(({c}, {h}), dtype=bool)].shape",
            f"The mask uses up two axes, of which one of length {c * h} is left, and keeps the last.",
        ),
        (
            f"x = np.zeros(({c}, {h}, {w}))\nx[:, np.ones(({h}, {w}), dtype=bool)].shape",
            f"The mask uses up the last two axes and leaves one of length {h * w} in their place.",
        ),
        (
            f"x = np.zeros(({h}, {w}))\nx[np.ones((1, {w}), dtype=bool)].shape",
            f"A boolean index does not broadcast: its first length is 1, and that of x is {h}.",
        ),
        (f"x = np.zeros(({h}, {w}))\nx[np.array(True)].shape", "A 0-d mask adds an axis, of length 1 for True."),
        (f"x = np.zeros(({h}, {w}))\nx[False].shape", "A single False adds an axis, of length 0."),
        (
            f"x = np.zeros(({h}, {w}))\nx[np.ones(({h}, {w}), dtype=int)].shape",
            f"Integers are positions: each of the {h} x {w} picks a row of {w}.",
        ),
    ]
    code, why = forms[int(rng.integers(round(4 * hardness), 4 + round(6 * hardness)))]
    return predict(code, why=why)


@drill("What is the value, or which error is raised?")
def flat_functions(rng, hardness):
    x = some(rng, 6)
    rows = f"x = np.array([{x[:3]}, {x[3:]}])\n"
    row = flags(rng, 3)
    numbers = [int(k) for k in rng.integers(0, 3, 6)]
    forms = [
        (f"np.extract([{', '.join(map(str, row * 2))}], x).tolist()", "Flags and elements are matched in flat order."),
        (f"np.extract({numbers}, x).tolist()", "np.extract takes a number for True where it is not zero."),
        (f"np.extract({row}, x).tolist()", "Three flags, six elements: only the first three are asked, the first row."),
        (
            f"np.compress({row}, x, axis=1).tolist()",
            "compress with an axis picks whole columns here: two dimensions stay.",
        ),
        (f"np.compress({row}, x).tolist()", "Without an axis compress works on the flat array, and asks three of six."),
        (
            f"np.extract({[False] * 6 + [True]}, x).tolist()",
            "The seventh flag is True, and there is no seventh element.",
        ),
        (
            f"np.compress({[*row, False]}, x, axis=1).tolist()",
            "The flag that is too many is False, so nothing is asked.",
        ),
        (
            f"x[:, {[*row, False]}].tolist()",
            "A boolean index must have the length of its axis, whatever the flag that is too many says.",
        ),
    ]
    code, why = forms[int(rng.integers(round(4 * hardness), 3 + round(5 * hardness)))]
    return predict(rows + code, why=why)


@drill("What is the value?")
def copies(rng, hardness):
    x = some(rng, 4)
    a = sorted(x)[1]
    forms = [
        (f"y = x[x > {a}]\ny[:] = 0\nx.tolist()", "A boolean index on the right gives a copy, so x stays."),
        (f"x[x > {a}] = 0\nx.tolist()", "On the left of = a boolean index writes into x."),
        (f"x[x > {a}] += 10\nx.tolist()", "x[mask] += 10 sets what it has added: x changes."),
        (f"np.extract(x > {a}, x)[:] = 0\nx.tolist()", "What np.extract returns is a copy."),
        (f"x[x > {a}][0] = 0\nx.tolist()", "The first index makes a copy, and the second writes into that."),
        ("np.shares_memory(x, x[x > 0])", "Even a mask that marks everything copies."),
        (
            f"np.place(x, x > {a}, [0, 1])\nx.tolist()",
            "np.place undoes np.extract: it hands out 0, 1, 0, ... in order.",
        ),
    ]
    code, why = forms[int(rng.integers(round(3 * hardness), 3 + round(4 * hardness)))]
    return predict(f"x = np.array({x})\n{code}", why=why)


# ------------------------------------------------------------------------------------------------------------ inputs


def image(rng, h=100):
    return {"cond": rng.random(200) < 0.3, "x": rng.standard_normal((h, 200))}


def large_image(rng):
    return {"cond": rng.random(1000) < 0.05, "x": np.asfortranarray(rng.standard_normal((500, 1000)))}


LAND = (("n", "m"), ("m",), ("n", 1), (1, "m"), (), ("n",))

QUESTION = Question(
    kinds=["code", "predict"],
    difficulty="medium",
    topics=["Filtering"],
    companies=["Google", "Amazon"],
    asked=["T95"],
    entry_points=[
        Entry(
            extract_nd,
            {
                "x": one_of(
                    *(
                        arrays(*shape, dtype=("float64", "int16"), holds=("nan", "inf"))
                        for shape in (("n", "m"), ("m",), ("c", "n", "m"))
                    )
                ),
                "cond": one_of(*(arrays(*shape, dtype=("bool", "int8"), low=-2, high=2) for shape in LAND)),
            },
            dims={"n": (0, 9), "m": (0, 9), "c": (0, 3)},
            # Assignment drops leading axes of length 1, broadcast_to does not: either reading of the prompt is fine.
            where=lambda x, cond: cond.ndim <= x.ndim or 1 not in cond.shape,
            cases=[
                case(cond=np.array([[True, False], [False, True]]), x=np.array([[1.0, 2.0], [3.0, 4.0]])),
                case(cond=np.array([True, True, False]), x=np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])),
                case(cond=np.array([[False], [True]]), x=np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])),
                case(cond=np.array([1, 0, 2, -1], dtype=np.int8), x=np.arange(4.0)),
                case(cond=np.array([True, True]), x=np.array([0.0, 1.0])),
                case(cond=np.array(True), x=np.array([[1, 2], [3, 4]], dtype=np.int16).T),
                case(cond=np.array(False), x=np.zeros((2, 2, 2))),
                raises(ValueError, cond=np.array([True, False]), x=np.zeros((2, 3))),
                raises(ValueError, cond=np.ones((2, 3), dtype=bool), x=np.zeros(3)),
                raises(ValueError, cond=np.ones((2, 3), dtype=bool), x=np.zeros((1, 3))),
            ],
        )
    ],
    levels=[
        Level("right", "", own_memory()),
        Level(
            "fast",
            "At least four times as fast as a loop over the pixels.",
            faster_than(
                one_by_one,
                4,
                image,
                needs=needs(
                    bytes=lambda cond, x: cond.nbytes + x.nbytes * cond.mean(), operations=lambda cond, x: x.size
                ),
            ),
        ),
        Level(
            "memory",
            "The image lies in memory column by column: copy neither it nor the flags, which are one a column.",
            peak_memory(large_image, outputs=1, extra=96 << 10),
        ),
    ],
    hints=[
        "x[mask] with a mask of exactly the shape of x gives the marked elements in one dimension, in reading order.",
        "How does a mask of shape (w,) get the shape (h, w) without being copied h times?",
        "What is x[flags] if the flags are integers? Make them bool before they grow.",
    ],
    explanation="""\
A boolean index of the full shape picks elements, in one dimension and in C order of the indices, however the array lies
in memory:

>>> x = np.array([[1, 2, 3], [4, 5, 6]])
>>> x[x > 2], x.T[x.T > 2]
(array([3, 4, 5, 6]), array([4, 5, 3, 6]))

Boolean indices do not broadcast. A shorter one is held against the first axes and picks whole rows, or raises
IndexError. So broadcast it first; `np.broadcast_to` is a view with strides of 0 and costs nothing:

>>> land = np.array([True, False, True])
>>> x[np.broadcast_to(land, x.shape)]
array([1, 3, 4, 6])

`np.extract(cond, x)` is `np.compress(np.ravel(cond), np.ravel(x))`: both are flattened, and a condition that is too
short is not stretched but asked as far as it goes.

>>> np.extract(land, x)
array([1, 3])

Unlike brackets it takes any number for True that is not zero. In brackets integers are positions: `x[[1, 0]]` swaps two
rows.

All of these copy, since no strides describe an irregular choice. Flattening costs one more copy where x is not
contiguous in C order; `x[mask]` walks any layout. `np.nonzero` makes 8 bytes an axis for each marked element.

For flags along one axis, `np.compress(land, x, axis=1)` or `x[:, land]` keeps the other axes. `np.place` is the inverse
of `np.extract`: it puts a list of values back.
""",
    points=[
        "A mask of the full shape gives a 1-D copy in C order of the indices, whatever the memory order.",
        "Boolean indices do not broadcast; np.broadcast_to stretches them as a view.",
        "np.extract flattens both and matches from the start: a short condition is not stretched.",
        "np.extract and np.compress take any non-zero for True; in brackets integers are positions.",
        "With one flag a row or column, x[flags], x[:, flags] or np.compress with axis keep the shape.",
        "ravel copies what is not contiguous, nonzero makes 8 bytes an axis and element; x[mask] needs neither.",
        "np.place puts values back where np.extract took them from.",
    ],
    follow_ups={
        "How do you count what is marked without taking it out?": "np.count_nonzero(cond), times what each flag stands "
        "for after broadcasting.",
        "How do you get the positions too?": "np.nonzero(mask) for one array an axis, np.argwhere(mask) for rows.",
        "How do you average it without a copy?": "x.mean(where=cond): where= broadcasts by itself.",
    },
    related=["filter-rows", "masking-without-copies", "broadcast-shapes", "count-nonzero", "replace-values"],
    links=[
        "https://numpy.org/doc/stable/reference/generated/numpy.extract.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.compress.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.broadcast_to.html",
        "https://numpy.org/doc/stable/user/basics.indexing.html",
    ],
)
