"""Images from channels first to channels last."""

import time

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
    peak_memory,
    predict,
    right_on,
    shares_as_reference,
    trap,
    works,
)


def nchw_to_nhwc(x, contiguous=False):
    """Turn a batch of images from channels first into channels last.

    One library keeps a batch as (batch, channel, row, column), another wants (batch, row, column, channel).

    Parameters
    ----------
    x : ndarray, shape (n, c, h, w), float32, uint8 or int64
        The batch; every length >= 1. May be strided, reversed, broadcast or read-only, and may contain NaN.
        On level 3 any number of axes, also none, may stand in place of n, and may be empty: shape (..., c, h, w).
    contiguous : bool
        Whether the result must lie in memory in C order (``flags.c_contiguous`` is True), for code that walks
        through its memory.

    Returns
    -------
    ndarray, shape (n, h, w, c), dtype of `x`
        Element ``[b, i, j, k]`` is ``x[b, k, i, j]``. Level 1 allows copies. From level 2 on, the result is a
        view of `x`, except where `contiguous` is True and that view is not C-contiguous: then it is a copy.

    Examples
    --------
    >>> x = np.arange(12).reshape(1, 3, 2, 2)
    >>> nchw_to_nhwc(x)[0, 0, 1]
    array([1, 5, 9])
    >>> nchw_to_nhwc(x).flags.c_contiguous, nchw_to_nhwc(x, contiguous=True).flags.c_contiguous
    (False, True)
    """
    last = np.moveaxis(x, -3, -1)
    return np.ascontiguousarray(last) if contiguous else last


# ------------------------------------------------------------------------------------------------------- right answers


@works(fails="any lead")
def by_transpose(x, contiguous=False):
    """Names the old axis for each new place."""
    y = x.transpose(0, 2, 3, 1)
    return np.asarray(y, order="C") if contiguous else y


@works()
def by_swaps(x, contiguous=False):
    """Two neighbors change places, and then two more."""
    y = x.swapaxes(-3, -2).swapaxes(-2, -1)
    return y if not contiguous or y.flags.c_contiguous else y.copy()


@works(fails="any lead")
def by_einsum(x, contiguous=False):
    """einsum without a sum is a transpose, and a view."""
    y = np.einsum("nchw->nhwc", x)
    return np.require(y, requirements="C") if contiguous else y


@works(fails="copy only if needed")
def by_loop(x, contiguous=False):
    """Writes one channel after the other into a new array."""
    n, c, h, w = x.shape
    y = np.empty((n, h, w, c), dtype=x.dtype)
    for k in range(c):
        y[..., k] = x[:, k]
    return y


@works(fails="copy only if needed")
def by_stack(x, contiguous=False):
    """Takes the channels apart and stacks them on a new last axis."""
    y = np.stack([x[:, k] for k in range(x.shape[1])], axis=-1)
    return np.ascontiguousarray(y) if contiguous else y


@works(fails="copy only if needed")
def always_copies(x, contiguous=False):
    """Right, but it copies although no copy is needed."""
    return x.transpose(0, 2, 3, 1).copy()


# --------------------------------------------------------------------------------------------------------------- traps


@trap("reshape keeps the elements in memory order; only a transpose moves whole axes.")
def by_reshape(x, contiguous=False):
    n, c, h, w = x.shape
    return x.reshape(n, h, w, c)


@trap("swapaxes(1, 3) exchanges two axes: it gives (n, w, h, c), every image mirrored along its diagonal.")
def one_swap(x, contiguous=False):
    y = x.swapaxes(1, 3)
    return np.ascontiguousarray(y) if contiguous else y


@trap("T reverses all axes of an array, the batch included: (n, c, h, w) becomes (w, h, c, n).", verdict="WT")
def all_reversed(x, contiguous=False):
    y = x.T
    return np.ascontiguousarray(y) if contiguous else y


@trap("transpose takes old axes in their new order: (0, 3, 1, 2) is the way back, to channels first.")
def wrong_way(x, contiguous=False):
    y = x.transpose(0, 3, 1, 2)
    return np.ascontiguousarray(y) if contiguous else y


@trap("np.copy has order='K' and keeps the strides' order, so the copy lies as before; the method copy has 'C'.")
def copy_keeps_layout(x, contiguous=False):
    y = x.transpose(0, 2, 3, 1)
    return np.copy(y) if contiguous else y


@trap("np.stack makes C order of C pieces only: pieces of an x in Fortran order keep their layout.")
def stacks_as_it_lies(x, contiguous=False):
    return np.stack([x[:, k] for k in range(x.shape[1])], axis=-1)


@trap("A transpose only renames strides: its memory stays in the old order until somebody copies.")
def never_copies(x, contiguous=False):
    return x.transpose(0, 2, 3, 1)


# -------------------------------------------------------------------------------------------------------------- drills


def shaped(rng, ndim):
    return tuple(int(k) for k in rng.choice(np.arange(2, 10), ndim, replace=False))


def shuffled(rng, ndim):
    """Axes in an order other than their own."""
    axes = tuple(int(k) for k in rng.permutation(ndim))
    return axes if axes != tuple(range(ndim)) else axes[::-1]


@drill("What is the shape of this array?")
def shapes(rng, hardness):
    shape = shaped(rng, 2 if hardness < 0.2 else 3 if hardness < 0.6 else 4)
    axes = shuffled(rng, len(shape))
    i, j = (int(k) for k in rng.choice(len(shape), 2, replace=False))
    forms = [
        ("x.T", f"T reverses the order of all {len(shape)} axes."),
        (f"x.swapaxes({i}, {j})", f"Axes {i} and {j} change places, the others stay."),
        (f"x.transpose{axes}", f"New axis k has the length of old axis {list(axes)}[k]."),
        ("np.transpose(x)", "Without axes, transpose reverses them all."),
        (f"np.moveaxis(x, {i}, {j})", f"Axis {i} is taken out and put back at place {j}; the rest keep their order."),
        ("x.mT", "mT exchanges the last two axes only, for stacks of matrices (NumPy 2.0)."),
        (f"x.swapaxes({i - len(shape)}, {j})", f"Axis {i - len(shape)} is axis {i}: it changes places with {j}."),
        (f"x.transpose{axes}.transpose{axes}", f"Each transpose takes old axis {list(axes)}[k] for new axis k."),
    ]
    code, why = forms[int(rng.integers(round(2 * hardness), 4 + round(4 * hardness)))]
    return predict(f"x = np.zeros({shape})\n{code}.shape", why=why)


@drill("What are the strides, in bytes?")
def strides(rng, hardness):
    dtype = str(rng.choice(["uint8", "int16", "float32", "float64"]))
    shape = shaped(rng, 2 if hardness < 0.3 else 3 if hardness < 0.7 else 4)
    axes = shuffled(rng, len(shape))
    old = np.zeros(shape, dtype=dtype).strides
    copied = hardness > 0.4 and rng.random() < 0.4
    if not copied:
        return predict(
            f"x = np.zeros({shape}, dtype={dtype!r})\nx.transpose{axes}.strides",
            why=f"x has strides {old}; a transpose puts them in the order {axes} and moves no element.",
        )
    return predict(
        f"x = np.zeros({shape}, dtype={dtype!r})\nx.transpose{axes}.copy().strides",
        why=f"The method copy stores shape {tuple(shape[k] for k in axes)} in C order: the last axis steps by "
        "one item, each other by all that lies behind it.",
    )


@drill("Does this print True or False?")
def layouts(rng, hardness):
    shape = shaped(rng, 3)
    easy = [
        ("np.shares_memory(x, x.T)", "A transpose is a view: the same memory, other strides."),
        ("x.T.flags.c_contiguous", "The last axis of x.T has the largest stride, so it is not in C order."),
        ("x.T.flags.f_contiguous", "Reversing the axes of a C array gives a Fortran array."),
        ("x.T.copy().flags.c_contiguous", "The method copy has order='C'."),
        ("np.shares_memory(x, np.ascontiguousarray(x.T))", "x.T is not in C order, so this has to copy."),
        ("x.transpose(0, 1, 2).flags.c_contiguous", "The axes stay in their order, so nothing changes."),
    ]
    hard = [
        ("np.copy(x.T).flags.c_contiguous", "np.copy has order='K': the copy keeps the order of the strides."),
        ("np.array(x.T).flags.c_contiguous", "np.array has order='K' too: the copy is in Fortran order as x.T is."),
        ("(x.T + 1).flags.f_contiguous", "A ufunc keeps the layout of its input: here Fortran order."),
        ("np.zeros_like(x.T).flags.c_contiguous", "zeros_like has order='K': it follows the layout of x.T."),
        ("np.shares_memory(x, x.T.reshape(-1))", "No stride walks x.T in C order, so reshape has to copy."),
        ("np.shares_memory(x, x.T.ravel(order='F'))", "Read in Fortran order, x.T is x in its own order: a view."),
        ("x.transpose(0, 2, 1).flags.f_contiguous", "Only the last two axes are exchanged: neither C nor F order."),
        ("x[:1].transpose(1, 2, 0).flags.c_contiguous", "An axis of length 1 has no step to take: still in C order."),
        ("np.shares_memory(x, np.einsum('ijk->kij', x))", "einsum that only reorders axes returns a view."),
        ("np.ascontiguousarray(x.T.T) is x", "x.T.T is in C order and is returned, but it is a new object."),
    ]
    kinds = easy if hardness < 0.3 else hard if hardness > 0.7 else easy + hard
    code, why = kinds[int(rng.integers(len(kinds)))]
    return predict(f"x = np.ones({shape})\n{code}", why=why)


@drill("What is the value, or which error is raised?")
def elements(rng, hardness):
    shape = shaped(rng, 2 if hardness < 0.3 else 3)
    axes = shuffled(rng, len(shape))
    y = np.zeros(shape).transpose(axes)
    place = tuple(int(rng.integers(n)) for n in y.shape)
    source = tuple(place[axes.index(k)] for k in range(len(shape)))
    n = int(rng.integers(2, 7))
    forms = [
        (
            f"x = np.arange({int(np.prod(shape))}).reshape{shape}\nint(x.transpose{axes}[{str(place)[1:-1]}])",
            f"New axis k is old axis {list(axes)}[k], so this is x[{str(source)[1:-1]}].",
        ),
        (f"x = np.arange({n})\nx.T.shape", "One axis reversed is the same axis: T does nothing to a 1-D array."),
        (
            f"x = np.zeros({shape})\nx.transpose({len(shape)}, 0).shape",
            "This axis does not exist: transpose needs every axis of x exactly once, and the first is 0.",
        ),
        (f"x = np.zeros({n})\nx.mT.shape", "mT needs at least two axes to exchange, and raises ValueError."),
        (f"x = np.zeros({shape})\nx.swapaxes(0, {len(shape)}).shape", f"The axes are 0 to {len(shape) - 1}."),
        (
            f"x = np.zeros(({n}, {n + 1}))\nx.T[0, {n - 1}] = 5\nfloat(x[{n - 1}, 0])",
            f"x.T is a view: writing to its [0, {n - 1}] writes to x[{n - 1}, 0].",
        ),
        (
            f"x = np.zeros(({n}, {n + 1}))\nx.reshape({n + 1}, {n})[0, 1] = 5\nfloat(x.T[0, 1])",
            "reshape is no transpose: its [0, 1] is x[0, 1], and x.T[0, 1] is x[1, 0].",
        ),
        (
            f"x = np.zeros({shape})\nx.transpose({', '.join(['0'] * len(shape))}).shape",
            "An axis is repeated: transpose needs every axis of x exactly once.",
        ),
    ]
    code, why = forms[int(rng.integers(2 + round(6 * hardness)))]
    return predict(code, why=why)


# ------------------------------------------------------------------------------------------------------------ question


def layout(nchw_to_nhwc, x, contiguous):
    y = nchw_to_nhwc(x, contiguous=contiguous)
    return {"result": y, "flags.c_contiguous, where asked for": not contiguous or y.flags.c_contiguous}


def batch(rng):
    return {"x": rng.standard_normal((8, 16, 64, 64)).astype(np.float32), "contiguous": True}


def show_layouts():
    x = np.zeros((16, 3, 256, 256), dtype=np.float32)

    def milliseconds(act):
        best = float("inf")
        for _ in range(5):
            start = time.perf_counter()
            act()
            best = min(best, 1e3 * (time.perf_counter() - start))
        return best

    view = nchw_to_nhwc(x)
    copy = nchw_to_nhwc(x, contiguous=True)
    print(f"channels first  {x.shape}, strides {x.strides}")
    print(f"as a view       {view.shape}, strides {view.strides}")
    print(f"as a copy       {copy.shape}, strides {copy.strides}")
    print(f"making the view {milliseconds(lambda: nchw_to_nhwc(x)):9.4f} ms")
    print(f"making the copy {milliseconds(lambda: nchw_to_nhwc(x, contiguous=True)):9.4f} ms, {copy.nbytes:,} bytes")


IMAGES = arrays("n", "c", "h", "w", dtype=("float32", "uint8", "int64"), holds=("nan", "inf"))
DIMS = {"n": (1, 3), "c": (1, 4), "h": (1, 5), "w": (1, 5)}
NHWC = np.arange(24, dtype=np.uint8).reshape(1, 2, 3, 4)

QUESTION = Question(
    kinds=["predict", "code"],
    difficulty="easy",
    topics=["Linear Algebra", "Shape Manipulation"],
    companies=["Most Tech Companies", "Google", "Amazon"],
    asked=["T29", "T90"],
    entry_points=[
        Entry(
            nchw_to_nhwc,
            {"x": IMAGES, "contiguous": choice(False, True)},
            dims=DIMS,
            cases=[
                case(x=NHWC.transpose(0, 3, 1, 2), contiguous=True),
                case(x=np.arange(8).reshape(1, 2, 2, 2)),
                case(x=np.arange(12).reshape(1, 3, 2, 2), contiguous=True),
                case(x=np.ones((1, 1, 2, 3), dtype=np.uint8), contiguous=True),
            ],
        )
    ],
    scenarios=[
        Scenario(
            layout,
            {"x": IMAGES, "contiguous": choice(True, False)},
            dims=DIMS,
            cases=[
                case(x=np.arange(8).reshape(1, 2, 2, 2), contiguous=True),
                case(x=np.asfortranarray(np.arange(8).reshape(1, 2, 2, 2)), contiguous=True),
            ],
        )
    ],
    levels=[
        Level("right"),
        Level(
            "copy only if needed",
            "Batches are large: return a view, and copy only if contiguous=True needs it.",
            shares_as_reference(),
        ),
        Level(
            "any lead",
            "The same for one image, or for video: any number of axes before the channels.",
            right_on(
                Entry(
                    nchw_to_nhwc,
                    {
                        "x": arrays(..., "c", "h", "w", dtype=("float32", "uint8"), holds=("nan",), max_ndim=5),
                        "contiguous": choice(False, True),
                    },
                    dims={"c": (1, 4), "h": (1, 5), "w": (1, 5)},
                    cases=[case(x=np.arange(6, dtype=np.uint8).reshape(2, 1, 3))],
                )
            ),
        ),
        Level(
            "memory",
            "Two megabytes a batch: where a copy is asked for, allocate that copy and nothing else.",
            peak_memory(batch, outputs=1),
        ),
    ],
    hints=[
        "Which old axis stands at each place of the new shape?",
        "Does anything in memory have to move, or is it enough to read it in another order?",
        "One axis moves to the end and the rest keep their order: np.moveaxis says just that, and counts from behind.",
        "np.ascontiguousarray copies only what does not lie in C order yet.",
    ],
    spoken=(
        "I move the channel axis to the end with np.moveaxis(x, -3, -1), or transpose with the axes (0, 2, 3, 1). "
        "Both return a view: only shape and strides change, so it takes the same time for any size. Reshape would be "
        "wrong because it keeps the elements in order and mixes channels with columns. If the caller needs "
        "C-contiguous memory, np.ascontiguousarray copies, but only if the view is not contiguous yet."
    ),
    explanation="""\
An array has one stride an axis: the bytes to the next element along it. A transpose reorders shape and strides alike
and leaves the memory alone, so it costs the same for a pixel and for a gigabyte, and writes to the result show in `x`.

>>> x = np.zeros((8, 3, 32, 64), dtype=np.float32)
>>> x.strides
(24576, 8192, 256, 4)
>>> y = x.transpose(0, 2, 3, 1)
>>> y.shape, y.strides, np.shares_memory(x, y)
((8, 32, 64, 3), (24576, 256, 4, 8192), True)

`transpose` takes old axes in their new order; without axes it reverses them, as `.T` does. `swapaxes` exchanges two,
`moveaxis` moves one and keeps the others' order. `reshape` is different: it keeps the elements in order and would
mix channels with columns.

The price comes later: the three channels of a pixel lie 8192 bytes apart. Code that reads the result pixel by pixel
often, or passes its memory to C, needs a copy in C order. `np.ascontiguousarray` makes one only if needed; so does
`np.asarray(y, order="C")`. `y.copy()` always copies into C order, while `np.copy(y)` has `order="K"` and keeps the
strides' order:

>>> y.copy().flags.c_contiguous, np.copy(y).flags.c_contiguous
(True, False)

A 1-D array has one axis to reverse, so `.T` makes no column of it. For stacks of matrices `.T` reverses the batch
too; NumPy 2.0 added `.mT` and `np.matrix_transpose` for the last two axes, and `np.permute_dims` as another name of
`np.transpose`.
""",
    points=[
        "A transpose reorders shape and strides; no element moves, and the result is a view.",
        "transpose takes old axes in their new order; T reverses all of them.",
        "swapaxes exchanges two axes; moveaxis moves one and keeps the order of the rest.",
        "reshape keeps the order of elements: it is no transpose.",
        "The view is not C-contiguous; ascontiguousarray copies only if needed.",
        "y.copy() gives C order; np.copy and np.array keep the order of the strides (K).",
        "T of a 1-D array does nothing; NumPy 2.0 has mT for the last two axes.",
    ],
    follow_ups={
        "When is the copy worth it?": "When the result is read many times in its new order, or handed to code that "
        "walks memory: one copy, then contiguous reads.",
        "How do you undo x.transpose(axes)?": "With the inverse permutation: y.transpose(np.argsort(axes)).",
        "How do you make a column of a 1-D array?": "x[:, None] or x.reshape(-1, 1); x.T changes nothing.",
    },
    related=["move-axes", "memory-layout", "reshape-blocks", "stack-channels"],
    links=[
        "https://numpy.org/doc/stable/reference/generated/numpy.transpose.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.swapaxes.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.ascontiguousarray.html",
    ],
    live=show_layouts,
)
