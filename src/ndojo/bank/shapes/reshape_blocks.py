"""Split an image into blocks with reshape."""

import time

import numpy as np
from numpy.lib.stride_tricks import as_strided

from ndojo.question import (
    Entry,
    Level,
    Question,
    arrays,
    case,
    drill,
    made,
    predict,
    raises,
    right_on,
    trap,
    view_of,
    works,
)


def to_blocks(img, bh, bw):
    """Return an image as a grid of blocks.

    A JPEG encoder does this before it transforms each block.

    Parameters
    ----------
    img : ndarray, shape (h, w), uint8 or float32
        The brightness of the pixels, ``h >= 0`` and ``w >= 0``. May be strided, reversed or read-only. On level 3, it
        may have leading axes, such as the frames of a film: shape (..., h, w).
    bh, bw : int
        The height and width of a block in pixels.

    Returns
    -------
    ndarray, shape (h / bh, w / bw, bh, bw), same dtype as `img`
        Element (i, j) is the block in row i and column j of the grid: the pixels of rows ``i * bh`` to ``(i + 1) * bh -
        1`` and columns ``j * bw`` to ``(j + 1) * bw - 1``, in the same arrangement as in the image. The shape follows
        the same formula if h or w is 0. On level 2 and above, the result must be a view of `img`. On level 3, the
        leading axes come first.

    Raises
    ------
    ValueError
        If ``bh < 1`` or ``bw < 1``, or if h is not a multiple of `bh` or w is not a multiple of `bw`. 0 is a multiple
        of every length.

    Examples
    --------
    >>> img = np.array([[0, 1, 2, 3], [4, 5, 6, 7]], dtype=np.uint8)
    >>> to_blocks(img, 2, 2)
    array([[[[0, 1],
             [4, 5]],
    <BLANKLINE>
            [[2, 3],
             [6, 7]]]], dtype=uint8)
    """
    *lead, h, w = img.shape
    if min(bh, bw) < 1 or h % bh or w % bw:
        raise ValueError(f"an image of {h} by {w} cannot be split into blocks of {bh} by {bw}")
    return img.reshape(*lead, h // bh, bh, w // bw, bw).swapaxes(-3, -2)


@works()
def by_strides(img, bh, bw):
    """Explicit strides: the next block is bh rows or bw columns away."""
    *lead, h, w = img.shape
    if bh < 1 or bw < 1 or h % bh or w % bw:
        raise ValueError("blocks do not fit")
    *before, down, right = img.strides
    return as_strided(img, (*lead, h // bh, w // bw, bh, bw), (*before, down * bh, right * bw, down, right))


@works(fails="a film")
def fastest_first(img, bh, bw):
    """In Fortran order the fastest axis comes first, and so do the positions inside a block."""
    h, w = img.shape
    if bh < 1 or bw < 1 or h % bh or w % bw:
        raise ValueError("blocks do not fit")
    return img.reshape(bh, h // bh, bw, w // bw, order="F").transpose(1, 3, 0, 2)


@works(fails="view")
def block_by_block(img, bh, bw):
    """Copies one block after the other."""
    h, w = img.shape
    if bh < 1 or bw < 1 or h % bh or w % bw:
        raise ValueError("blocks do not fit")
    blocks = np.empty((h // bh, w // bw, bh, bw), dtype=img.dtype)
    for i in range(h // bh):
        for j in range(w // bw):
            blocks[i, j] = img[i * bh : (i + 1) * bh, j * bw : (j + 1) * bw]
    return blocks


@works(fails="view")
def by_indices(img, bh, bw):
    """Computes for each position in the result which pixel it contains."""
    h, w = img.shape
    if bh < 1 or bw < 1 or h % bh or w % bw:
        raise ValueError("blocks do not fit")
    rows = np.arange(h).reshape(h // bh, bh)
    columns = np.arange(w).reshape(w // bw, bw)
    return img[rows[:, None, :, None], columns[None, :, None, :]]


@trap(
    "reshape keeps the reading order: 4 adjacent pixels of one row become a 2 by 2 block. Split each "
    "axis in two first, then swap the inner axes."
)
def straight_there(img, bh, bw):
    h, w = img.shape
    if min(bh, bw) < 1 or h % bh or w % bw:
        raise ValueError("blocks do not fit")
    return img.reshape(h // bh, w // bw, bh, bw)


@trap(
    "In C order the last axis changes fastest: h splits into (h // bh, bh). As (bh, h // bh), a block "
    "contains pixels that are h // bh rows apart."
)
def splits_the_wrong_way(img, bh, bw):
    h, w = img.shape
    if min(bh, bw) < 1 or h % bh or w % bw:
        raise ValueError("blocks do not fit")
    return img.reshape(bh, h // bh, bw, w // bw).transpose(1, 3, 0, 2)


@trap("The rows of the grid come first: axis 0 counts blocks downward, axis 1 across.", verdict="WT")
def columns_first(img, bh, bw):
    h, w = img.shape
    if min(bh, bw) < 1 or h % bh or w % bw:
        raise ValueError("blocks do not fit")
    return img.reshape(h // bh, bh, w // bw, bw).transpose(2, 0, 1, 3)


@trap("Swap only the two axes in the middle. Moving the last one too transposes every block.", verdict="WT")
def turns_blocks(img, bh, bw):
    h, w = img.shape
    if min(bh, bw) < 1 or h % bh or w % bw:
        raise ValueError("blocks do not fit")
    return img.reshape(h // bh, bh, w // bw, bw).transpose(0, 2, 3, 1)


@trap(
    "-1 is computed by dividing the size by the other lengths, which may be 0 / 0 for an empty image. Use h // bh.",
    verdict="RE",
)
def minus_one(img, bh, bw):
    h, w = img.shape
    if min(bh, bw) < 1 or h % bh or w % bw:
        raise ValueError("blocks do not fit")
    return img.reshape(-1, bh, w // bw, bw).swapaxes(1, 2)


@trap("Pixels beyond the last whole block must not be dropped silently. If a size does not fit, raise ValueError.")
def crops(img, bh, bw):
    if min(bh, bw) < 1:
        raise ValueError("bh and bw must be 1 or more")
    h, w = img.shape
    img = img[: h // bh * bh, : w // bw * bw]
    return img.reshape(h // bh, bh, w // bw, bw).swapaxes(1, 2)


@trap(
    "Checking the total size is not enough: 2 by 6 pixels have the size of three blocks of 4 by 1, but 2 "
    "is not a multiple of 4.",
)
def compares_sizes(img, bh, bw):
    h, w = img.shape
    if min(bh, bw) < 1 or img.size % (bh * bw):
        raise ValueError("blocks do not fit")
    if h % bh == 0 and w % bw == 0:
        return img.reshape(h // bh, bh, w // bw, bw).swapaxes(1, 2)
    return img.reshape(-1, 1, bh, bw)


@trap("Assigning to img.shape changes the caller's array; img.reshape returns a new array object.", verdict="IM")
def assigns_the_shape(img, bh, bw):
    h, w = img.shape
    if min(bh, bw) < 1 or h % bh or w % bw:
        raise ValueError("blocks do not fit")
    img.shape = (h // bh, bh, w // bw, bw)
    return img.swapaxes(1, 2)


@drill("What is the shape, or which error is raised?")
def minus_one_rules(rng, hardness):
    a, b, c = (int(n) for n in rng.integers(2, 6, 3))
    n = a * b * c
    forms = [
        (f"np.zeros({n}).reshape({a}, -1)", f"-1 stands for the remaining length: {n} / {a} = {b * c}."),
        (f"np.zeros(({a}, {b * c})).reshape(-1)", "A single -1 gives one axis with all elements."),
        (f"np.zeros(({a}, {b * c})).reshape(-1, {b})", f"-1 stands for the remaining length: {n} / {b} = {a * c}."),
        (f"np.zeros({n}).reshape({a}, {b}, -1)", f"-1 stands for the remaining length: {n} / ({a} * {b}) = {c}."),
        (f"np.zeros({n}).reshape({n + 1}, -1)", f"{n} is not a multiple of {n + 1}, so no length fits: ValueError."),
        (f"np.zeros({n}).reshape(-1, {a}, -1)", "Only one length may be -1: ValueError."),
        (
            f"np.zeros({n}).reshape({a}, {b * c + 1})",
            f"{a} * {b * c + 1} = {a * (b * c + 1)}, but the array has {n} elements: ValueError.",
        ),
        (f"np.zeros((0, {a})).reshape(-1, {b})", f"0 / {b} = 0: an empty array has 0 rows of {b}."),
        (f"np.zeros((0, {a})).reshape({a}, -1)", f"0 / {a} = 0, and the length 0 may be at any position."),
        (f"np.zeros((0, {a})).reshape(-1, 0)", "Any length times 0 is 0, so -1 is ambiguous: ValueError."),
        (
            f"np.zeros(({a}, {b})).reshape(-1, {a}, 0)",
            "The given lengths multiply to 0, so no length fits: ValueError.",
        ),
        ("np.array(7.0).reshape(-1)", "A scalar has one element: shape (1,)."),
        (f"np.zeros(({n},)).reshape(())", f"() has one element, but the array has {n}: ValueError."),
        (f"np.zeros({a}).reshape(1, -1, 1)", f"Axes of length 1 change nothing, so -1 stands for all {a} elements."),
    ]
    text, why = forms[int(rng.integers(round(4 * hardness), 6 + round(8 * hardness)))]
    return predict(f"{text}.shape", why=why)


@drill("What is the value?")
def where_elements_go(rng, hardness):
    rows, columns = (int(n) for n in rng.integers(2, 5, 2))
    i, j = int(rng.integers(rows)), int(rng.integers(columns))
    n = rows * columns
    forms = [
        (
            f"np.arange({n}).reshape({rows}, {columns})[{i}, {j}]",
            f"The last axis changes fastest: {i} * {columns} + {j}.",
        ),
        (
            f"np.arange({n}).reshape({rows}, {columns}, order='F')[{i}, {j}]",
            f"In Fortran order the first axis changes fastest: {i} + {j} * {rows}.",
        ),
        (
            f"np.arange({n}).reshape({columns}, {rows}).T[{i}, {j}]",
            f"Element ({i}, {j}) of the transpose is ({j}, {i}): {j} * {rows} + {i}.",
        ),
        (
            f"np.arange({n}).reshape({columns}, {rows}).T.reshape({columns}, {rows}).ravel()[{i}]",
            "reshape reads the transpose row by row, so the first elements are the first column: "
            f"element {i} is row {i % columns}, column {i // columns}.",
        ),
        (
            f"np.arange({2 * n}).reshape(2, {rows}, {columns})[1, {i}, {j}]",
            f"The next index along axis 0 is {n} elements away: {n} + {i} * {columns} + {j}.",
        ),
        (
            f"np.resize(np.arange({n - columns}), ({rows}, {columns}))[{i}, {j}]",
            f"np.resize starts again after {n - columns} elements, while reshape would raise: ({i} * "
            f"{columns} + {j}) % {n - columns}.",
        ),
    ]
    text, why = forms[int(rng.integers(round(2 * hardness), 2 + round(4 * hardness)))]
    return predict(text, why=why)


@drill("Which value does this give?")
def pixel_of_a_block(rng, hardness):
    bh, bw, rows, columns = (int(n) for n in rng.integers(2, 4, 4))
    i, j = int(rng.integers(rows)), int(rng.integers(columns))
    r, c = int(rng.integers(bh)), int(rng.integers(bw))
    h, w = rows * bh, columns * bw
    image = f"img = np.arange({h * w}).reshape({h}, {w})"
    if rng.random() < 0.4 * hardness:
        return predict(
            f"{image}\nimg.reshape({rows}, {columns}, {bh}, {bw})[{i}, {j}, {r}, {c}]",
            why=f"No axis was swapped, so the last one changes fastest: (({i} * {columns} + {j}) * {bh} + "
            f"{r}) * {bw} + {c}.",
        )
    swap = str(rng.choice(["swapaxes(1, 2)", "transpose(0, 2, 1, 3)"]))
    return predict(
        f"{image}\nimg.reshape({rows}, {bh}, {columns}, {bw}).{swap}[{i}, {j}, {r}, {c}]",
        why=f"Row {i} * {bh} + {r} = {i * bh + r}, column {j} * {bw} + {c} = {j * bw + c}, and a row has {w} pixels.",
    )


@drill("What are the strides, in bytes?")
def strides_of_blocks(rng, hardness):
    dtype = str(rng.choice(["uint8", "int16", "float32", "float64"]))
    bh, bw, rows, columns = (int(n) for n in rng.integers(2, 5, 4))
    size = np.dtype(dtype).itemsize
    w = columns * bw
    made_by = f"np.zeros(({rows * bh}, {w}), dtype={dtype!r})"
    if hardness < 0.4:
        return predict(
            f"{made_by}.reshape({rows}, {bh}, {w}).strides",
            why=f"In bytes: an item has {size}, a row of {w} has {w * size}, and {bh} rows have {bh * w * size}.",
        )
    if hardness < 0.8 or rng.random() < 0.5:
        return predict(
            f"{made_by}.reshape({rows}, {bh}, {columns}, {bw}).swapaxes(1, 2).strides",
            why=f"The next block is {bh} rows or {bw} pixels away; inside a block the strides are one "
            f"row, {w * size} bytes, and one pixel, {size}.",
        )
    return predict(
        f"{made_by}.reshape({rows}, {bh}, {columns}, {bw}).swapaxes(1, 2).copy().strides",
        why=f"copy uses C order: the item size, {size}, times {bw}, times {bh}, times {columns}.",
    )


@drill("Does this print True or False?")
def reshaping_shares(rng, hardness):
    a, b, c = (int(n) for n in rng.integers(2, 5, 3))
    forms = [
        (f"x.reshape(-1, {c})", "Merging adjacent axes of a C array needs no new memory."),
        (f"x.reshape(-1)[{c}:]", "The reshape is a view, and so is a slice of it."),
        (f"x.T.reshape({c}, {b}, {a + 2})", "The shape stays the same, so nothing has to be moved."),
        ("x.T.reshape(-1)", "Strides cannot describe the transpose row by row, so reshape copies silently."),
        ("x.T.reshape(-1, order='F')", "Read in Fortran order, the transpose of a C array is one contiguous block."),
        (f"x.swapaxes(0, 1).reshape(-1, {c})", "The axes to be merged are not adjacent in memory: a copy."),
        (f"x.swapaxes(1, 2).reshape({a + 2}, -1)", "The axes to be merged are not adjacent in memory: a copy."),
        (f"x[:, :, ::-1].reshape(-1, {c})", "The two merged axes are still adjacent in memory: a view."),
        (f"x[:, ::-1].reshape(-1, {c})", "Within a plane the rows are reversed, so a single stride cannot merge them."),
        (
            f"x[:, :, None].reshape({a + 2}, 1, {b}, {c})",
            "Axes of length 1 can be added and removed without moving anything.",
        ),
        (f"x[1:].reshape(-1, {c})", "The remaining planes are adjacent, so their rows can still be merged."),
        ("x[:, 1:].reshape(-1)", "The first row of each plane is missing, which leaves gaps, so reshape copies."),
        (f"x[::2].reshape(-1, {b}, 1, {c})", "Only an axis of length 1 is added, so the gaps do not matter."),
    ]
    text, why = forms[int(rng.integers(round(4 * hardness), 5 + round(8 * hardness)))]
    return predict(f"x = np.zeros(({a + 2}, {b}, {c}))\nnp.shares_memory(x, {text})", why=why)


def show_cost():
    img = np.zeros((2048, 4096), dtype=np.float32)

    def milliseconds(act):
        start = time.perf_counter()
        act()
        return 1e3 * (time.perf_counter() - start)

    for name, function in [("reshape and swapaxes", to_blocks), ("one block at a time", block_by_block.function)]:
        best = min(milliseconds(lambda act=function: act(img, 8, 8)) for _ in range(2))
        blocks = function(img, 8, 8)
        bytes_added = 0 if np.shares_memory(img, blocks) else blocks.nbytes
        print(f"{name:21} {best:10.3f} ms, {bytes_added:>11,} bytes allocated, strides {blocks.strides}")


def block_length(axis):
    """A length that divides that axis of the image, or depending on the variant one that does not."""

    def make(rng, variant, given):
        length = given["img"].shape[axis]
        if variant in ("zero", "negative", "one"):
            return {"zero": 0, "negative": -1, "one": 1}[variant]
        if variant in ("whole", "too long"):
            return max(length, 1) + (variant == "too long")
        fits = [n for n in range(1, length + 2) if (length % n == 0) == (variant == "divides")]
        inner = [n for n in fits if 1 < n < length]
        return int(rng.choice(inner or fits or [2]))

    return made(
        make,
        "divides",
        "one",
        "whole",
        "does not divide",
        "too long",
        "zero",
        "negative",
        valid=lambda value: type(value) is int,
        plainer=lambda value: iter([n for n in (1, 2, 3) if n < value]),
    )


QUESTION = Question(
    kinds=["predict", "code"],
    difficulty="easy",
    topics=["Array Manipulation", "Shape Manipulation"],
    companies=["Most Tech Companies"],
    asked=["T5"],
    entry_points=[
        Entry(
            to_blocks,
            {
                "img": arrays("h", "w", dtype=("uint8", "float32")),
                "bh": block_length(-2),
                "bw": block_length(-1),
            },
            dims={"h": (0, 24), "w": (0, 24)},
            cases=[
                case(img=np.arange(8, dtype=np.uint8).reshape(2, 4), bh=2, bw=2),
                case(img=np.arange(16, dtype=np.uint8).reshape(4, 4), bh=2, bw=2),
                case(img=np.arange(24, dtype=np.float32).reshape(4, 6), bh=2, bw=3),
                case(img=np.arange(24, dtype=np.uint8).reshape(6, 4)[::-1], bh=3, bw=1),
                case(img=np.zeros((4, 0), dtype=np.uint8), bh=2, bw=3),
                case(img=np.zeros((0, 6), dtype=np.float32), bh=5, bw=3),
                raises(ValueError, img=np.zeros((2, 6), dtype=np.uint8), bh=4, bw=1),
                raises(ValueError, img=np.zeros((5, 4), dtype=np.uint8), bh=2, bw=2),
                raises(ValueError, img=np.zeros((4, 5), dtype=np.uint8), bh=2, bw=2),
                raises(ValueError, img=np.zeros((2, 2), dtype=np.uint8), bh=0, bw=1),
                raises(ValueError, img=np.zeros((2, 2), dtype=np.uint8), bh=1, bw=0),
                raises(ValueError, img=np.zeros((2, 2), dtype=np.uint8), bh=-1, bw=-2),
            ],
        )
    ],
    levels=[
        Level("right"),
        Level("view", "The result is a view of the image, regardless of its layout.", view_of("img")),
        Level(
            "a film",
            "Accepts leading axes, such as frames, channels or cameras. Each image is split as before.",
            right_on(
                Entry(
                    to_blocks,
                    {
                        "img": arrays(..., "h", "w", dtype=("uint8", "float32")),
                        "bh": block_length(-2),
                        "bw": block_length(-1),
                    },
                    dims={"h": (0, 12), "w": (0, 12)},
                    cases=[case(img=np.arange(48, dtype=np.uint8).reshape(2, 4, 6), bh=2, bw=3)],
                )
            ),
        ),
    ],
    hints=[
        "Write down where the pixel (row, column) goes. Which quotient gives its block, and which "
        "remainder its position?",
        "reshape can split one axis into two. Which of the two must come last, so that neighbors stay together?",
        "After splitting both axes you have four axes. They are the right ones, but in the wrong order.",
        "For leading axes: reshape accepts any number of lengths, and axes can be counted from the end.",
    ],
    spoken="""\
I split each axis into two with reshape, giving shape (h // bh, bh, w // bw, bw), and then swap the two middle axes so
the grid comes first. Splitting an axis is always a view, and swapping axes only reorders strides, so nothing is
copied. Reshape alone can't do it, because it keeps the reading order and never moves pixels. I check that both
lengths divide evenly, since the total size alone proves nothing, and I avoid minus one because empty images make it
ambiguous.
""",
    explanation="""\
`reshape` keeps the elements in their reading order and only changes where rows end. So it can split one axis in two, or
merge adjacent axes, but never reorder elements. Reordering needs `transpose` or `swapaxes`.

Blocks need both. Split each axis into (block index, position inside), then move the two grid axes to the front:

>>> img = np.arange(24).reshape(4, 6)
>>> blocks = img.reshape(2, 2, 2, 3).swapaxes(1, 2)
>>> blocks[1, 0]
array([[12, 13, 14],
       [18, 19, 20]])
>>> np.shares_memory(img, blocks)
True

*Copy or view?* Splitting an axis never copies: with n elements in the inner part, its stride s becomes (n s, s).
Merging copies if the two axes are not adjacent in memory, as in `blocks.reshape(4, 6)`, and `reshape` does so silently.
NumPy 2.1 added `copy=False`, which raises instead. It also deprecated the argument name `newshape=`, which was removed
in NumPy 2.4: pass the shape by position.

*One length may be -1:* the size divided by the other lengths. A remainder, a second -1, or a product of 0 raises
ValueError:

>>> np.zeros((0, 4)).reshape(-1, 2, 2).shape
(0, 2, 2)
>>> np.zeros((4, 0)).reshape(-1, 2, 0, 3)
Traceback (most recent call last):
...
ValueError: cannot reshape array of size 0 into shape (2,0,3)

So code that may receive empty arrays should compute its lengths explicitly. It should also check divisibility itself: a
matching total size does not mean that the blocks fit.
""",
    points=[
        "reshape keeps the reading order; it splits and merges axes, and transpose reorders them.",
        "Split both axes as (block, position inside), then swap the middle two.",
        "Splitting is always a view; merging copies if the axes are not adjacent in memory.",
        "One length may be -1, computed from the size; two of them, a remainder, or a product of 0 raise ValueError.",
        "Each axis must be divisible separately: a matching total size is not enough.",
        "np.resize repeats or drops elements; x.shape = ... (deprecated in 2.5) changes the caller's array.",
    ],
    follow_ups={
        "How do you get the mean of every block?": "`to_blocks(img, bh, bw).mean(axis=(-2, -1))`, or without "
        "the swap `img.reshape(n, bh, m, bw).mean(axis=(1, 3))`.",
        "How do you put the image together again?": "`blocks.swapaxes(-3, -2).reshape(h, w)`. If blocks is a "
        "view of the image, this is a view too.",
        "How do you get blocks that overlap?": "`sliding_window_view(img, (bh, bw))[::step, ::step]`, a read-only "
        "view.",
    },
    related=["flatten-vs-ravel", "transpose-axes", "quadrants", "split-arrays", "sliding-windows"],
    links=[
        "https://numpy.org/doc/stable/reference/generated/numpy.reshape.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.swapaxes.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.resize.html",
    ],
    live=show_cost,
)
