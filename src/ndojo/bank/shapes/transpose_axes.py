"""Transpose images to channels last."""

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
    """Move the channel axis of a batch of images from the second position to the last.

    Some libraries store a batch as (batch, channel, row, column), others as (batch, row, column, channel).

    Parameters
    ----------
    x : ndarray, shape (n, c, h, w), float32, uint8 or int64
        The batch; every axis has length >= 1. `x` may be strided, reversed, broadcast or read-only, and may contain
        NaN. On level 3 and above, the shape is (..., c, h, w): any number of leading axes, including zero, replaces
        the axis n, and they may have length 0.
    contiguous : bool
        Whether the result must be C-contiguous (``flags.c_contiguous`` is True). Code that accesses the memory of an
        array directly may require this.

    Returns
    -------
    ndarray, shape (n, h, w, c), dtype of `x`
        Element ``[b, i, j, k]`` is ``x[b, k, i, j]``. Level 1 allows copies. On level 2 and above, the result is a
        view of `x`. The only exception: if `contiguous` is True and that view is not C-contiguous, return a copy.

    Examples
    --------
    >>> x = np.arange(12).reshape(1, 3, 2, 2)
    >>> nchw_to_nhwc(x)[0, 0, 1]
    array([1, 5, 9])
    >>> nchw_to_nhwc(x).flags.c_contiguous, nchw_to_nhwc(x, contiguous=True).flags.c_contiguous
    (False, True)
    """
    y = np.moveaxis(x, -3, -1)
    return np.ascontiguousarray(y) if contiguous else y


# ------------------------------------------------------------------------------------------------------- right answers


@works(fails="any lead")
def by_transpose(x, contiguous=False):
    """Lists the old axis for each position of the new shape."""
    y = x.transpose(0, 2, 3, 1)
    return np.asarray(y, order="C") if contiguous else y


@works()
def by_swaps(x, contiguous=False):
    """Swaps the channel axis with the row axis, then with the column axis."""
    y = x.swapaxes(-3, -2).swapaxes(-2, -1)
    return y if not contiguous or y.flags.c_contiguous else y.copy()


@works(fails="any lead")
def by_einsum(x, contiguous=False):
    """np.einsum that only reorders axes returns a transposed view."""
    y = np.einsum("nchw->nhwc", x)
    return np.require(y, requirements="C") if contiguous else y


@works(fails="copy only if needed")
def by_loop(x, contiguous=False):
    """Copies one channel at a time into a new array."""
    n, c, h, w = x.shape
    y = np.empty((n, h, w, c), dtype=x.dtype)
    for k in range(c):
        y[..., k] = x[:, k]
    return y


@works(fails="copy only if needed")
def by_stack(x, contiguous=False):
    """Stacks the channels along a new last axis."""
    y = np.stack([x[:, k] for k in range(x.shape[1])], axis=-1)
    return np.ascontiguousarray(y) if contiguous else y


@works(fails="copy only if needed")
def always_copies(x, contiguous=False):
    """Copies even if no copy is needed."""
    return x.transpose(0, 2, 3, 1).copy()


# --------------------------------------------------------------------------------------------------------------- traps


@trap(
    "reshape does not reorder axes. It keeps the elements in C order and only changes the lengths of the axes, "
    "which mixes channels with columns. Use transpose or np.moveaxis."
)
def by_reshape(x, contiguous=False):
    n, c, h, w = x.shape
    return x.reshape(n, h, w, c)


@trap(
    "swapaxes(1, 3) gives the axes (n, w, h, c), so rows and columns are exchanged in every image. Move the "
    "channel axis to the end and keep the order of the other axes."
)
def one_swap(x, contiguous=False):
    y = x.swapaxes(1, 3)
    return np.ascontiguousarray(y) if contiguous else y


@trap(
    "x.T reverses all axes, including the batch axis: (n, c, h, w) becomes (w, h, c, n). Move only the channel axis.",
    verdict="WT",
)
def all_reversed(x, contiguous=False):
    y = x.T
    return np.ascontiguousarray(y) if contiguous else y


@trap(
    "transpose takes the old axes in their new order, so (0, 3, 1, 2) moves the last axis to the second "
    "position. That is the inverse of this task."
)
def wrong_way(x, contiguous=False):
    y = x.transpose(0, 3, 1, 2)
    return np.ascontiguousarray(y) if contiguous else y


@trap(
    "This does not return C order if contiguous is True. A transposed view is usually not C-contiguous, and "
    "np.copy keeps the order of its strides (order='K'). Use np.ascontiguousarray."
)
def copy_keeps_layout(x, contiguous=False):
    y = x.transpose(0, 2, 3, 1)
    return np.copy(y) if contiguous else y


@trap(
    "The layout of this result depends on the layout of x: it is not C-contiguous if x is in Fortran order. "
    "Functions such as np.stack follow the layout of their inputs, so apply np.ascontiguousarray."
)
def stacks_as_it_lies(x, contiguous=False):
    return np.stack([x[:, k] for k in range(x.shape[1])], axis=-1)


@trap(
    "This does not return C order if contiguous is True. A transpose reorders only shape and strides, and the "
    "elements stay in their old order in memory. Use np.ascontiguousarray."
)
def never_copies(x, contiguous=False):
    return x.transpose(0, 2, 3, 1)


# -------------------------------------------------------------------------------------------------------------- drills


def shaped(rng, ndim):
    return tuple(int(k) for k in rng.choice(np.arange(2, 10), ndim, replace=False))


def shuffled(rng, ndim):
    """Return a permutation of the axes that is not the identity."""
    axes = tuple(int(k) for k in rng.permutation(ndim))
    return axes if axes != tuple(range(ndim)) else axes[::-1]


@drill("What is the shape of this array?")
def shapes(rng, hardness):
    shape = shaped(rng, 2 if hardness < 0.2 else 3 if hardness < 0.6 else 4)
    axes = shuffled(rng, len(shape))
    i, j = (int(k) for k in rng.choice(len(shape), 2, replace=False))
    forms = [
        ("x.T", f"x.T reverses the order of all {len(shape)} axes."),
        (f"x.swapaxes({i}, {j})", f"swapaxes exchanges axes {i} and {j} and keeps all others."),
        (f"x.transpose{axes}", f"New axis k is old axis {list(axes)}[k]."),
        ("np.transpose(x)", "Without the argument axes, np.transpose reverses all axes."),
        (f"np.moveaxis(x, {i}, {j})", f"Axis {i} moves to position {j}, and the other axes keep their order."),
        ("x.mT", "x.mT exchanges only the last two axes."),
        (
            f"x.swapaxes({i - len(shape)}, {j})",
            f"Axis {i - len(shape)} is axis {i}, so swapaxes exchanges axes {i} and {j}.",
        ),
        (
            f"x.transpose{axes}.transpose{axes}",
            f"Apply the permutation twice: each time, new axis k is old axis {list(axes)}[k].",
        ),
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
            why=f"x has strides {old}. A transpose reorders them by {axes} and moves no elements.",
        )
    return predict(
        f"x = np.zeros({shape}, dtype={dtype!r})\nx.transpose{axes}.copy().strides",
        why=f"The method copy stores the shape {tuple(shape[k] for k in axes)} in C order. The last stride is the item "
        "size, and each other stride is the item size times the lengths of all later axes.",
    )


@drill("Does this print True or False?")
def layouts(rng, hardness):
    shape = shaped(rng, 3)
    easy = [
        ("np.shares_memory(x, x.T)", "A transpose is a view: it has the same memory with other strides."),
        ("x.T.flags.c_contiguous", "The last axis of x.T has the largest stride, so x.T is not in C order."),
        ("x.T.flags.f_contiguous", "Reversing the axes of a C-contiguous array gives a Fortran-contiguous view."),
        ("x.T.copy().flags.c_contiguous", "The method copy has order='C' by default."),
        ("np.shares_memory(x, np.ascontiguousarray(x.T))", "x.T is not in C order, so np.ascontiguousarray copies it."),
        (
            "x.transpose(0, 1, 2).flags.c_contiguous",
            "This permutation keeps the order of the axes, so the strides do not change.",
        ),
    ]
    hard = [
        (
            "np.copy(x.T).flags.c_contiguous",
            "np.copy has order='K' by default, so the copy keeps the order of the strides.",
        ),
        (
            "np.array(x.T).flags.c_contiguous",
            "np.array has order='K' by default, so the copy is in Fortran order like x.T.",
        ),
        (
            "(x.T + 1).flags.f_contiguous",
            "A ufunc keeps the layout of its input by default, which is Fortran order here.",
        ),
        (
            "np.zeros_like(x.T).flags.c_contiguous",
            "np.zeros_like has order='K' by default, so it has the layout of x.T.",
        ),
        (
            "np.shares_memory(x, x.T.reshape(-1))",
            "No single stride visits the elements of x.T in C order, so reshape copies.",
        ),
        (
            "np.shares_memory(x, x.T.ravel(order='F'))",
            "The Fortran order of x.T is the memory order of x, so ravel returns a view.",
        ),
        (
            "x.transpose(0, 2, 1).flags.f_contiguous",
            "Exchanging only the last two axes gives neither C nor Fortran order.",
        ),
        (
            "x[:1].transpose(1, 2, 0).flags.c_contiguous",
            "The stride of an axis of length 1 is never used, so the view is still in C order.",
        ),
        ("np.shares_memory(x, np.einsum('ijk->kij', x))", "np.einsum returns a view if it only reorders axes."),
        (
            "np.ascontiguousarray(x.T.T) is x",
            "np.ascontiguousarray returns x.T.T without a copy, but x.T.T is a view of x and not the object x.",
        ),
    ]
    kinds = easy if hardness < 0.3 else hard if hardness > 0.7 else easy + hard
    code, why = kinds[int(rng.integers(len(kinds)))]
    return predict(f"x = np.ones({shape})\n{code}", why=why)


@drill("What is the value, or which error is raised?")
def elements(rng, hardness):
    shape = shaped(rng, 2 if hardness < 0.3 else 3)
    axes = shuffled(rng, len(shape))
    y = np.zeros(shape).transpose(axes)
    index = tuple(int(rng.integers(n)) for n in y.shape)
    source = tuple(index[axes.index(k)] for k in range(len(shape)))
    n = int(rng.integers(2, 7))
    forms = [
        (
            f"x = np.arange({int(np.prod(shape))}).reshape{shape}\nint(x.transpose{axes}[{str(index)[1:-1]}])",
            f"New axis k is old axis {list(axes)}[k], so this is x[{str(source)[1:-1]}].",
        ),
        (f"x = np.arange({n})\nx.T.shape", "Reversing a single axis changes nothing, so a 1-D array keeps its shape."),
        (
            f"x = np.zeros({shape})\nx.transpose({len(shape)}, 0).shape",
            f"Axis {len(shape)} does not exist. transpose requires each axis of x exactly once, counted from 0.",
        ),
        (f"x = np.zeros({n})\nx.mT.shape", "mT requires at least two axes, so a 1-D array raises ValueError."),
        (
            f"x = np.zeros({shape})\nx.swapaxes(0, {len(shape)}).shape",
            f"Axis {len(shape)} does not exist: the last axis is {len(shape) - 1}.",
        ),
        (
            f"x = np.zeros(({n}, {n + 1}))\nx.T[0, {n - 1}] = 5\nfloat(x[{n - 1}, 0])",
            f"x.T is a view, so assigning to x.T[0, {n - 1}] changes x[{n - 1}, 0].",
        ),
        (
            f"x = np.zeros(({n}, {n + 1}))\nx.reshape({n + 1}, {n})[0, 1] = 5\nfloat(x.T[0, 1])",
            "Element [0, 1] of the reshaped view is x[0, 1], but x.T[0, 1] is x[1, 0].",
        ),
        (
            f"x = np.zeros({shape})\nx.transpose({', '.join(['0'] * len(shape))}).shape",
            "Axis 0 is repeated, but transpose requires each axis of x exactly once.",
        ),
    ]
    code, why = forms[int(rng.integers(2 + round(6 * hardness)))]
    return predict(code, why=why)


# ------------------------------------------------------------------------------------------------------------ question


def layout(nchw_to_nhwc, x, contiguous):
    y = nchw_to_nhwc(x, contiguous=contiguous)
    return {"result": y, "flags.c_contiguous if contiguous": not contiguous or y.flags.c_contiguous}


def batch(rng):
    return {"x": rng.standard_normal((8, 16, 64, 64)).astype(np.float32), "contiguous": True}


def show_layouts():
    x = np.zeros((16, 3, 256, 256), dtype=np.float32)

    def milliseconds(call):
        best = float("inf")
        for _ in range(5):
            start = time.perf_counter()
            call()
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
            "Returns a view of x, and copies only if contiguous is True and the view is not C-contiguous.",
            shares_as_reference(),
        ),
        Level(
            "any lead",
            "Accepts any number of axes before the channel axis, including zero.",
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
            "For a 2 MiB batch that must be copied, allocates no more memory than the result takes.",
            peak_memory(batch, outputs=1),
        ),
    ],
    hints=[
        "For each position of the new shape, which old axis belongs there?",
        "Do any elements have to move in memory, or can other strides give the new order of the axes?",
        "Only one axis moves, and the others keep their order. Negative axis numbers work for any number of axes.",
        "For contiguous=True, look for a function that copies only if its argument is not C-contiguous yet.",
    ],
    spoken="""\
I'd move the channel axis to the end with `np.moveaxis(x, -3, -1)`, or call `x.transpose(0, 2, 3, 1)` for exactly four
axes. Both return a view: only shape and strides change, so the cost does not depend on the size of the array. Reshape
would be wrong, because it keeps the elements in order and would mix channels with columns. The view is usually not
C-contiguous. If the caller needs C order, I'd use `np.ascontiguousarray`, which copies only if it has to.
""",
    explanation="""\
An array has one stride per axis: the number of bytes from one element to the next along that axis. A transpose reorders
shape and strides and leaves the memory as it is:

>>> x = np.zeros((8, 3, 32, 64), dtype=np.float32)
>>> x.strides
(24576, 8192, 256, 4)
>>> y = x.transpose(0, 2, 3, 1)
>>> y.shape, y.strides, np.shares_memory(x, y)
((8, 32, 64, 3), (24576, 256, 4, 8192), True)

The cost of the call does not depend on the size of the array. The result is a view, so writing to `y` changes `x`.

*Which function?*

- `x.transpose(axes)` takes the old axes in their new order. Without `axes` it reverses all of them, as `.T` does.
- `np.moveaxis(x, -3, -1)` moves one axis and keeps the order of the others. It works for any number of leading axes.
- `x.swapaxes(i, j)` exchanges two axes.
- `.mT` and `np.matrix_transpose` exchange the last two axes, for stacks of matrices. NumPy 2.0 added both, and also
  `np.permute_dims`, an alias of `np.transpose`.

*Why not reshape?* `reshape` does not reorder axes. It keeps the elements in C order, so `x.reshape(8, 32, 64, 3)` has
the right shape but mixes channels with columns.

*Cost of reading the view.* In `y`, the three channels of a pixel are 8192 bytes apart. In a copy in C order they are
next to each other. Make a copy if the result is read pixel by pixel many times, or if code such as a C library
requires C-contiguous memory.

*How to copy.* `np.ascontiguousarray(y)` and `np.asarray(y, order="C")` copy only if `y` is not C-contiguous.
`y.copy()` always copies into C order. `np.copy(y)` has `order="K"` by default, which keeps the order of the strides:

>>> y.copy().flags.c_contiguous, np.copy(y).flags.c_contiguous
(True, False)

*1-D arrays.* Reversing a single axis changes nothing, so `.T` does not turn a 1-D array into a column.
""",
    points=[
        "A transpose reorders shape and strides. It moves no elements and returns a view.",
        "`transpose` takes the old axes in their new order, and `.T` reverses all axes.",
        "`np.moveaxis` moves one axis and keeps the order of the others. `swapaxes` exchanges two axes.",
        "`reshape` keeps the elements in C order, so it cannot replace a transpose.",
        "The view is usually not C-contiguous. `np.ascontiguousarray` copies only if needed.",
        "`y.copy()` gives C order. `np.copy(y)` and `np.array(y)` keep the order of the strides (`order='K'`).",
        "`.T` does not change a 1-D array. `.mT` (NumPy 2.0) exchanges the last two axes.",
    ],
    follow_ups={
        "When is the copy worth its cost?": "If the result is read many times in its new order, or if other code "
        "requires C-contiguous memory. One copy then makes all later reads contiguous.",
        "How do you undo `x.transpose(axes)`?": "Transpose with the inverse permutation: "
        "`y.transpose(np.argsort(axes))`.",
        "How do you turn a 1-D array into a column?": "Use `x[:, None]` or `x.reshape(-1, 1)`. `x.T` is still 1-D.",
    },
    related=["move-axes", "memory-layout", "reshape-blocks", "stack-channels"],
    links=[
        "https://numpy.org/doc/stable/reference/generated/numpy.transpose.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.swapaxes.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.ascontiguousarray.html",
    ],
    live=show_layouts,
)
