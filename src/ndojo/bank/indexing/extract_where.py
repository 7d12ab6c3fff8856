"""Extract elements with a broadcast condition."""

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
    """Return the elements of `x` for which `cond` is true, in C order, with `cond` broadcast to the shape of `x`.

    `x` is a satellite image of shape (h, w) or (c, h, w), and `cond` says which pixels are land: a full mask, or one
    flag per row or column. NumPy's own `extract` does not broadcast.

    Parameters
    ----------
    cond : ndarray, bool or int8
        An element is selected if its flag is True or not 0. `cond` has zero to three axes, and a shape that broadcasts
        to the shape of `x`.
    x : ndarray, one to three axes, float64 or int16
        May be empty, strided, reversed, read-only or in Fortran order, and may contain NaN.

    Returns
    -------
    ndarray, shape (k,), same dtype as `x`
        The k selected elements in C order of the indices (the last index changes fastest), regardless of the memory
        layout. The result is a new array that shares no memory with `x`.

    Raises
    ------
    ValueError
        If `cond` does not broadcast to the shape of `x`. This includes conditions to which `x` would have to broadcast.

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
    """np.extract with a condition of the right shape. It works on a flattened copy."""
    return np.extract(np.broadcast_to(cond, x.shape), x)


@works(fails="memory")
def by_places(cond, x):
    """The indices of the selected elements, one array per axis."""
    return x[np.nonzero(np.broadcast_to(cond, x.shape))]


@works(fails="memory")
def flattened(cond, x):
    """Flattens both first, in C order."""
    marked = np.broadcast_to(cond, x.shape).astype(bool)
    return x.ravel()[marked.ravel()]


@works(fails="fast")
def one_by_one(cond, x):
    """A Python loop over both."""
    cond = np.broadcast_to(cond, x.shape)
    return np.array([value for value, marked in zip(x.flat, cond.flat, strict=True) if marked], dtype=x.dtype)


@trap("A boolean index does not broadcast: one of shape (w,) is matched with the first axis. Broadcast "
      "it first.",
      verdict="WT")  # fmt: skip
def plain_index(cond, x):
    return x[np.bool_(True) & (cond != 0)]


@trap("np.extract does not broadcast: it flattens both and matches from the start, so one row of flags "
      "applies only to the first row of x.", verdict="WT")  # fmt: skip
def plain_extract(cond, x):
    np.broadcast_to(cond, x.shape)
    return np.extract(cond, x)


@trap("Integers in an index are positions, not flags: 0 and 1 select rows 0 and 1. Convert the condition "
      "to bool first.",
      verdict="WT")  # fmt: skip
def flags_as_positions(cond, x):
    return x[np.broadcast_to(cond, x.shape)]


@trap("In C order the last index changes fastest. The transpose is read column by column.")
def down_the_columns(cond, x):
    return x.T[np.broadcast_to(cond != 0, x.shape).T]


@trap(
    "A pixel may be 0 itself, so the zeros after multiplying by the mask are not the same as the unselected elements.",
    verdict="WT",
)
def drops_zeros(cond, x):
    y = x * (np.broadcast_to(cond, x.shape) != 0)
    return y[y != 0].astype(x.dtype)


@trap("Every flag except 0 selects, including 2 and -1. Don't test `== 1` or `is True`.", verdict="WT")
def only_ones(cond, x):
    return x[np.broadcast_to(cond == 1, x.shape)]


@trap("np.broadcast_arrays also stretches x, so pixels are repeated instead of raising ValueError. "
      "np.broadcast_to stretches one array to a given shape.")  # fmt: skip
def stretches_both(cond, x):
    cond, x = np.broadcast_arrays(cond, x)
    return x[cond != 0]


@trap("ravel copies only if necessary, so its result may share memory with x. x[mask] always copies.",
      verdict="VW")  # fmt: skip
def saves_the_copy(cond, x):
    marked = np.broadcast_to(cond != 0, x.shape)
    return x.ravel() if marked.all() else x[marked]


# ------------------------------------------------------------------------------------------------------------ drills


def some(rng, n, low=1, high=10):
    """n different ints."""
    return [int(k) for k in rng.choice(np.arange(low, high), n, replace=False)]


def flags(rng, n):
    """n bools, with one or more of each value."""
    places = rng.permutation(n)
    return [bool(place < rng.integers(1, n)) if 0 < place < n - 1 else bool(place == 0) for place in places]


@drill("What is the value?")
def elements(rng, hardness):
    x = some(rng, 6)
    a = sorted(x)[int(rng.integers(1, 4))]
    rows = f"x = np.array([{x[:3]}, {x[3:]}])"
    forms = [
        (f"x = np.array({x})\nx[x > {a}].tolist()", f"These are the elements greater than {a}, in order."),
        (
            f"{rows}\nx[x > {a}].tolist()",
            f"These are the elements greater than {a}, row by row: a mask of full shape gives one dimension.",
        ),
        (
            f"{rows}\nnp.extract(x > {a}, x).tolist()",
            f"np.extract flattens both: the elements greater than {a}, row by row.",
        ),
        (f"{rows}\nx.T[x.T > {a}].tolist()", "The transpose is read row by row, which means the columns of x."),
        (
            f"{rows}\nnp.asfortranarray(x)[x > {a}].tolist()",
            "The order follows the indices, not the memory layout: row by row.",
        ),
        (
            f"{rows}\nnp.extract(x.T > {a}, x).tolist()",
            "Both are flattened first, so flags in column order are matched with elements in row order.",
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
        (
            f"x = np.zeros(({h}, {w}))\nx[np.array({column})].shape",
            f"The mask has one flag per row: {m} complete rows are selected.",
        ),
        (
            f"x = np.zeros(({h}, {w}))\nx[:, np.array({row})].shape",
            f"The mask has one flag per column, on axis 1: {n} columns are selected.",
        ),
        (
            f"x = np.zeros(({h}, {w}))\nx[np.array({row})].shape",
            f"The mask is matched with axis 0, which has length {h}, not {w}: IndexError.",
        ),
        (
            f"x = np.zeros(({h}, {w}))\nx[x == 0].shape",
            f"A mask of full shape gives one dimension, and all {h * w} elements are 0.",
        ),
        (
            f"x = np.zeros(({c}, {h}, {w}))\nx[np.ones(({c}, {h}), dtype=bool)].shape",
            f"The mask replaces two axes by one of length {c * h}, and the last axis stays.",
        ),
        (
            f"x = np.zeros(({c}, {h}, {w}))\nx[:, np.ones(({h}, {w}), dtype=bool)].shape",
            f"The mask replaces the last two axes by one of length {h * w}.",
        ),
        (
            f"x = np.zeros(({h}, {w}))\nx[np.ones((1, {w}), dtype=bool)].shape",
            f"A boolean index does not broadcast: its first length is 1, and that of x is {h}: IndexError.",
        ),
        (f"x = np.zeros(({h}, {w}))\nx[np.array(True)].shape", "A 0-d mask adds an axis, of length 1 for True."),
        (f"x = np.zeros(({h}, {w}))\nx[False].shape", "A single False adds an axis of length 0."),
        (
            f"x = np.zeros(({h}, {w}))\nx[np.ones(({h}, {w}), dtype=int)].shape",
            f"Integers are positions: each of the {h} x {w} selects a row of length {w}.",
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
        (
            f"np.extract([{', '.join(map(str, row * 2))}], x).tolist()",
            "Flags and elements are matched in flattened order.",
        ),
        (f"np.extract({numbers}, x).tolist()", "np.extract treats every nonzero number as True."),
        (
            f"np.extract({row}, x).tolist()",
            "Three flags and six elements: only the first three elements, the first row, are matched.",
        ),
        (
            f"np.compress({row}, x, axis=1).tolist()",
            "compress with an axis selects whole columns, so two dimensions stay.",
        ),
        (
            f"np.compress({row}, x).tolist()",
            "Without an axis, compress works on the flattened array and matches three of six elements.",
        ),
        (
            f"np.extract({[False] * 6 + [True]}, x).tolist()",
            "The seventh flag is True, and a seventh element does not exist: IndexError.",
        ),
        (
            f"np.compress({[*row, False]}, x, axis=1).tolist()",
            "The extra flag is False, so no element is missing.",
        ),
        (
            f"x[:, {[*row, False]}].tolist()",
            "A boolean index must have the length of its axis, regardless of the value of the extra flag: IndexError.",
        ),
    ]
    code, why = forms[int(rng.integers(round(4 * hardness), 3 + round(5 * hardness)))]
    return predict(rows + code, why=why)


@drill("What is the value?")
def copies(rng, hardness):
    x = some(rng, 4)
    a = sorted(x)[1]
    forms = [
        (f"y = x[x > {a}]\ny[:] = 0\nx.tolist()", "A boolean index on the right is a copy, so x is unchanged."),
        (f"x[x > {a}] = 0\nx.tolist()", "On the left of =, a boolean index writes to x."),
        (f"x[x > {a}] += 10\nx.tolist()", "x[mask] += 10 assigns the sums to x[mask], so x changes."),
        (f"np.extract(x > {a}, x)[:] = 0\nx.tolist()", "np.extract returns a copy."),
        (f"x[x > {a}][0] = 0\nx.tolist()", "The first index creates a copy, and the second writes to that copy."),
        ("np.shares_memory(x, x[x > 0])", "A mask that selects every element copies too."),
        (
            f"np.place(x, x > {a}, [0, 1])\nx.tolist()",
            "np.place is the inverse of np.extract: it assigns 0, 1, 0, ... in order.",
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
            # Assignment drops leading axes of length 1, and broadcast_to does not. The prompt allows both.
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
            "At least 4 times faster than a Python loop over the pixels.",
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
            "For an image in Fortran order and one flag per column, allocates less than 96 KiB in "
            "addition to the result.",
            peak_memory(large_image, outputs=1, extra=96 << 10),
        ),
    ],
    hints=[
        "x[mask] with a mask of exactly the shape of x gives the selected elements in one dimension, in C order.",
        "How does a mask of shape (w,) get the shape (h, w) without being copied h times?",
        "What is x[flags] if the flags are integers? Convert them to bool while they are small.",
    ],
    spoken="""\
I convert the condition to bool, broadcast it with `np.broadcast_to(cond, x.shape)`, which is a view with stride 0,
and index `x[mask]`. A mask of full shape returns a 1-D copy in C order for any memory layout. Boolean indices
don't broadcast by themselves: a shorter mask is matched with the first axes. `np.extract` doesn't broadcast either;
it flattens both and matches from the start. And integers in an index are positions, not flags, so the conversion to
bool matters.
""",
    explanation="""\
A boolean index of full shape selects elements and returns a 1-D array in C order of the indices, regardless of the
memory layout:

>>> x = np.array([[1, 2, 3], [4, 5, 6]])
>>> x[x > 2], x.T[x.T > 2]
(array([3, 4, 5, 6]), array([4, 5, 3, 6]))

*Boolean indices do not broadcast.* A mask with fewer axes is matched with the first axes and selects whole rows, or
raises IndexError. So broadcast it first. `np.broadcast_to` returns a view with strides of 0 and copies nothing:

>>> land = np.array([True, False, True])
>>> x[np.broadcast_to(land, x.shape)]
array([1, 3, 4, 6])

*np.extract(cond, x)* is `np.compress(np.ravel(cond), np.ravel(x))`: both are flattened. A condition that is too short
is not stretched, it only covers the first elements.

>>> np.extract(land, x)
array([1, 3])

Unlike an index, it treats every nonzero number as True. In an index, integers are positions: `x[[1, 0]]` swaps two
rows.

*Memory.* All of these copy, because strides cannot describe an irregular selection. Flattening copies once more if x is
not contiguous in C order; `x[mask]` works with any layout. `np.nonzero` allocates 8 bytes per axis for each selected
element.

For flags along one axis, `np.compress(land, x, axis=1)` or `x[:, land]` keeps the other axes. `np.place` is the inverse
of `np.extract`: it writes a list of values back.
""",
    points=[
        "A mask of full shape gives a 1-D copy in C order of the indices, regardless of the memory order.",
        "Boolean indices do not broadcast; np.broadcast_to stretches them as a view.",
        "np.extract flattens both and matches from the start: a short condition is not stretched.",
        "np.extract and np.compress treat any nonzero value as True; in an index, integers are positions.",
        "With one flag per row or column, x[flags], x[:, flags] or np.compress with axis keep the other axes.",
        "ravel copies an array that is not contiguous, and nonzero needs 8 bytes per axis and element; "
        "x[mask] needs neither.",
        "np.place writes values back to the positions that np.extract reads.",
    ],
    follow_ups={
        "How do you count the selected elements without extracting them?": "`np.count_nonzero(cond)`, times the "
        "number of elements that each flag "
        "covers after broadcasting.",
        "How do you get the positions too?": "np.nonzero(mask) gives one array per axis, "
        "np.argwhere(mask) one row per element.",
        "How do you average the selected elements without a copy?": "`x.mean(where=cond)`: where= broadcasts by "
        "itself.",
    },
    related=["filter-rows", "masking-without-copies", "broadcast-shapes", "count-nonzero", "replace-values"],
    links=[
        "https://numpy.org/doc/stable/reference/generated/numpy.extract.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.compress.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.broadcast_to.html",
        "https://numpy.org/doc/stable/user/basics.indexing.html",
    ],
)
