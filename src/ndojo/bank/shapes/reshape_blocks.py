"""Cut an image into blocks."""

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
    """Lay an image out as a grid of blocks, as a JPEG encoder does before it transforms each one.

    Parameters
    ----------
    img : ndarray, shape (h, w), uint8 or float32
        Brightness of the pixels. h and w may be 0. May be strided, reversed or read-only.
        On level 3 there may be axes in front, such as those of a film: shape (..., h, w).
    bh, bw : int
        Height and width of a block, in pixels.

    Returns
    -------
    ndarray, shape (h / bh, w / bw, bh, bw), dtype of `img`
        Element (i, j) is the block in row i, column j of the grid: the pixels of rows ``i * bh`` to
        ``(i + 1) * bh - 1`` and columns ``j * bw`` to ``(j + 1) * bw - 1``, as they stand in the image. An image
        without pixels has no blocks, but the shape is the same formula.
        On level 2 a view of `img`. On level 3 the axes in front stay in front.

    Raises
    ------
    ValueError
        If `bh` or `bw` is below 1, or if `bh` does not divide h or `bw` does not divide w. Every length divides 0.

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
        raise ValueError(f"blocks of {bh} by {bw} do not tile an image of {h} by {w}")
    return img.reshape(*lead, h // bh, bh, w // bw, bw).swapaxes(-3, -2)


@works()
def by_strides(img, bh, bw):
    """The strides by hand: to the next block is bh rows or bw columns on."""
    *lead, h, w = img.shape
    if bh < 1 or bw < 1 or h % bh or w % bw:
        raise ValueError("blocks do not fit")
    *before, down, right = img.strides
    return as_strided(img, (*lead, h // bh, w // bw, bh, bw), (*before, down * bh, right * bw, down, right))


@works(fails="a film")
def fastest_first(img, bh, bw):
    """In Fortran order the axis that moves fastest comes first, so the places inside a block do."""
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
    """Says of each place in the result which pixel it takes."""
    h, w = img.shape
    if bh < 1 or bw < 1 or h % bh or w % bw:
        raise ValueError("blocks do not fit")
    rows = np.arange(h).reshape(h // bh, bh)
    columns = np.arange(w).reshape(w // bw, bw)
    return img[rows[:, None, :, None], columns[None, :, None, :]]


@trap(
    "reshape never moves a pixel past another: it reads row by row, so 4 neighbours of one row land in a 2 by 2 "
    "block. Split each axis in two first, then swap the inner axes."
)
def straight_there(img, bh, bw):
    h, w = img.shape
    if min(bh, bw) < 1 or h % bh or w % bw:
        raise ValueError("blocks do not fit")
    return img.reshape(h // bh, w // bw, bh, bw)


@trap(
    "In C order the last axis moves fastest: h splits into (h // bh, bh). As (bh, h // bh) a block gathers pixels "
    "that lie h // bh rows apart."
)
def splits_the_wrong_way(img, bh, bw):
    h, w = img.shape
    if min(bh, bw) < 1 or h % bh or w % bw:
        raise ValueError("blocks do not fit")
    return img.reshape(bh, h // bh, bw, w // bw).transpose(1, 3, 0, 2)


@trap("The rows of the grid come first: axis 0 counts blocks downwards, axis 1 across.", verdict="WT")
def columns_first(img, bh, bw):
    h, w = img.shape
    if min(bh, bw) < 1 or h % bh or w % bw:
        raise ValueError("blocks do not fit")
    return img.reshape(h // bh, bh, w // bw, bw).transpose(2, 0, 1, 3)


@trap("Swap only the two axes in the middle: moving the last one too turns every block on its side.", verdict="WT")
def turns_blocks(img, bh, bw):
    h, w = img.shape
    if min(bh, bw) < 1 or h % bh or w % bw:
        raise ValueError("blocks do not fit")
    return img.reshape(h // bh, bh, w // bw, bw).transpose(0, 2, 3, 1)


@trap(
    "-1 is worked out by dividing the size by the other lengths, so with no pixels there may be nothing to divide "
    "by: write h // bh.",
    verdict="RE",
)
def minus_one(img, bh, bw):
    h, w = img.shape
    if min(bh, bw) < 1 or h % bh or w % bw:
        raise ValueError("blocks do not fit")
    return img.reshape(-1, bh, w // bw, bw).swapaxes(1, 2)


@trap("Pixels beyond the last whole block must not vanish in silence: a size that does not fit is a ValueError.")
def crops(img, bh, bw):
    if min(bh, bw) < 1:
        raise ValueError("a block needs a pixel")
    h, w = img.shape
    img = img[: h // bh * bh, : w // bw * bw]
    return img.reshape(h // bh, bh, w // bw, bw).swapaxes(1, 2)


@trap(
    "That the sizes multiply out is not enough: 2 by 6 pixels are three blocks of 4 by 1 in number, but 4 does not "
    "divide 2.",
)
def compares_sizes(img, bh, bw):
    h, w = img.shape
    if min(bh, bw) < 1 or img.size % (bh * bw):
        raise ValueError("blocks do not fit")
    if h % bh == 0 and w % bw == 0:
        return img.reshape(h // bh, bh, w // bw, bw).swapaxes(1, 2)
    return img.reshape(-1, 1, bh, bw)


@trap("Assigning to img.shape changes the caller's array; img.reshape makes a new header.", verdict="IM")
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
        (f"np.zeros({n}).reshape({a}, -1)", f"-1 takes what is left: {n} / {a} = {b * c}."),
        (f"np.zeros(({a}, {b * c})).reshape(-1)", "A single -1 makes one axis of all elements."),
        (f"np.zeros(({a}, {b * c})).reshape(-1, {b})", f"-1 takes what is left: {n} / {b} = {a * c}."),
        (f"np.zeros({n}).reshape({a}, {b}, -1)", f"-1 takes what is left: {n} / ({a} * {b}) = {c}."),
        (f"np.zeros({n}).reshape({n + 1}, -1)", f"{n} is not a multiple of {n + 1}: no length fits."),
        (f"np.zeros({n}).reshape(-1, {a}, -1)", "Only one length may be left open."),
        (f"np.zeros({n}).reshape({a}, {b * c + 1})", f"{a} * {b * c + 1} = {a * (b * c + 1)}, but there are {n}."),
        (f"np.zeros((0, {a})).reshape(-1, {b})", f"0 / {b} = 0: an empty array has 0 rows of {b}."),
        (f"np.zeros((0, {a})).reshape({a}, -1)", f"0 / {a} = 0, and the length of 0 may stand anywhere."),
        (f"np.zeros((0, {a})).reshape(-1, 0)", "Any length times 0 is 0, so NumPy cannot tell which one is meant."),
        (f"np.zeros(({a}, {b})).reshape(-1, {a}, 0)", "The lengths given multiply to 0: nothing fits."),
        ("np.array(7.0).reshape(-1)", "A scalar has one element: shape (1,)."),
        (f"np.zeros(({n},)).reshape(())", f"() holds one element, and there are {n}."),
        (f"np.zeros({a}).reshape(1, -1, 1)", f"Axes of length 1 change nothing, so -1 takes all {a} elements."),
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
            f"The last axis moves fastest: {i} * {columns} + {j}.",
        ),
        (
            f"np.arange({n}).reshape({rows}, {columns}, order='F')[{i}, {j}]",
            f"In Fortran order the first axis moves fastest: {i} + {j} * {rows}.",
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
            f"One step along axis 0 passes {n} elements: {n} + {i} * {columns} + {j}.",
        ),
        (
            f"np.resize(np.arange({n - columns}), ({rows}, {columns}))[{i}, {j}]",
            f"np.resize starts again after {n - columns} elements, where reshape would raise: "
            f"({i} * {columns} + {j}) % {n - columns}.",
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
            why="No axis was swapped, so the last one moves fastest: "
            f"(({i} * {columns} + {j}) * {bh} + {r}) * {bw} + {c}.",
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
            why=f"In bytes: an item takes {size}, a row of {w} takes {w * size}, and {bh} rows {bh * w * size}.",
        )
    if hardness < 0.8 or rng.random() < 0.5:
        return predict(
            f"{made_by}.reshape({rows}, {bh}, {columns}, {bw}).swapaxes(1, 2).strides",
            why=f"The next block is {bh} rows or {bw} pixels on; inside a block steps are a row, {w * size} bytes, or "
            f"a pixel, {size}.",
        )
    return predict(
        f"{made_by}.reshape({rows}, {bh}, {columns}, {bw}).swapaxes(1, 2).copy().strides",
        why=f"copy lays the result out in C order: the item size, {size}, times {bw}, times {bh}, times {columns}.",
    )


@drill("Does this print True or False?")
def reshaping_shares(rng, hardness):
    a, b, c = (int(n) for n in rng.integers(2, 5, 3))
    forms = [
        (f"x.reshape(-1, {c})", "Joining neighbouring axes of a C array needs no new memory."),
        (f"x.reshape(-1)[{c}:]", "The reshape is a view, and so is a slice of it."),
        (f"x.T.reshape({c}, {b}, {a + 2})", "The shape stays as it is, so nothing has to move."),
        ("x.T.reshape(-1)", "No stride walks the transpose row by row, so reshape copies without a word."),
        ("x.T.reshape(-1, order='F')", "Read in Fortran order, the transpose of a C array lies in one row."),
        (f"x.swapaxes(0, 1).reshape(-1, {c})", "The axes to join do not follow each other in memory: a copy."),
        (f"x.swapaxes(1, 2).reshape({a + 2}, -1)", "The axes to join do not follow each other in memory: a copy."),
        (f"x[:, :, ::-1].reshape(-1, {c})", "The two axes that are joined still follow each other: a view."),
        (f"x[:, ::-1].reshape(-1, {c})", "Within a plane the rows run backwards, so one stride cannot join them."),
        (f"x[:, :, None].reshape({a + 2}, 1, {b}, {c})", "Axes of length 1 come and go without moving anything."),
        (f"x[1:].reshape(-1, {c})", "The planes that are left follow each other, so their rows still join up."),
        ("x[:, 1:].reshape(-1)", "Each plane lost its first row: there are gaps, so reshape copies."),
        (f"x[::2].reshape(-1, {b}, 1, {c})", "Only an axis of length 1 is new, so the gaps do not matter."),
    ]
    text, why = forms[int(rng.integers(round(4 * hardness), 5 + round(8 * hardness)))]
    return predict(f"x = np.zeros(({a + 2}, {b}, {c}))\nnp.shares_memory(x, {text})", why=why)


def show_cost():
    img = np.zeros((2048, 4096), dtype=np.float32)

    def milliseconds(act):
        start = time.perf_counter()
        act()
        return 1e3 * (time.perf_counter() - start)

    for name, function in [("reshape and swapaxes", to_blocks), ("block by block", block_by_block.function)]:
        best = min(milliseconds(lambda act=function: act(img, 8, 8)) for _ in range(2))
        blocks = function(img, 8, 8)
        bytes_added = 0 if np.shares_memory(img, blocks) else blocks.nbytes
        print(f"{name:21} {best:10.3f} ms, {bytes_added:>11,} new bytes, strides {blocks.strides}")


def block_length(axis):
    """A length that divides that axis of the image, or with a variant one that does not."""

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
        Level("view", "Now without copying a pixel: a view of the image, whatever its layout.", view_of("img")),
        Level(
            "a film",
            "Now there may be axes in front: frames, channels, cameras. Each image is cut as before.",
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
        "Write down where the pixel (row, column) goes. Which division gives its block, which remainder its place?",
        "One axis can be split into two by reshape: which of the two must come last, so that neighbours stay together?",
        "After splitting both axes you have four. They are the right four, in the wrong order.",
        "For axes in front: reshape takes any number of lengths, and axes can be named from the end.",
    ],
    explanation="""\
`reshape` keeps the elements in their reading order and only says anew where rows end. So it can split one axis in two,
or join neighbours, but never move a pixel past another. Reordering is the work of `transpose` and `swapaxes`.

Blocks need both. Split each axis into (which block, where inside), then bring the two grid axes to the front:

>>> img = np.arange(24).reshape(4, 6)
>>> blocks = img.reshape(2, 2, 2, 3).swapaxes(1, 2)
>>> blocks[1, 0]
array([[12, 13, 14],
       [18, 19, 20]])
>>> np.shares_memory(img, blocks)
True

Splitting an axis never copies: with n elements in the inner part, its stride s becomes (n s, s). Joining copies where
the two axes do not follow each other, as in `blocks.reshape(4, 6)`, and `reshape` does not say so. NumPy 2.1 added
`copy=False`, which raises instead. The name `newshape=` was deprecated then and is gone since NumPy 2.4: pass the shape
by position.

One length may be -1: the size, divided by the other lengths. A remainder, a second -1, or a product of 0 is a
ValueError:

>>> np.zeros((0, 4)).reshape(-1, 2, 2).shape
(0, 2, 2)
>>> np.zeros((4, 0)).reshape(-1, 2, 0, 3)
Traceback (most recent call last):
...
ValueError: cannot reshape array of size 0 into shape (2,0,3)

So code that may meet empty arrays writes its lengths out. And it tests divisibility itself: that the sizes multiply out
does not mean that the blocks fit.
""",
    points=[
        "reshape keeps the reading order; it splits and joins axes, and transpose reorders them.",
        "Split both axes as (block, place inside), then swap the middle two.",
        "Splitting is always a view; joining copies where the axes do not follow each other in memory.",
        "One length may be -1, worked out from the size; two, a remainder, or a product of 0 raise ValueError.",
        "Each axis must be divisible by itself: a fitting total size is not enough.",
        "np.resize repeats or drops elements; x.shape = ... (deprecated in 2.5) changes the caller's array.",
    ],
    follow_ups={
        "How do you get the mean of every block?": "to_blocks(img, bh, bw).mean(axis=(-2, -1)), or without the swap: "
        "img.reshape(n, bh, m, bw).mean(axis=(1, 3)).",
        "How do you put the image together again?": "blocks.swapaxes(-3, -2).reshape(h, w). From a view of the image "
        "this is a view again.",
        "And blocks that overlap?": "sliding_window_view(img, (bh, bw))[::step, ::step], a read-only view.",
    },
    related=["flatten-vs-ravel", "transpose-axes", "quadrants", "split-arrays", "sliding-windows"],
    links=[
        "https://numpy.org/doc/stable/reference/generated/numpy.reshape.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.swapaxes.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.resize.html",
    ],
    live=show_cost,
)
