"""Share orders out in batches."""

import itertools
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
    integers,
    needs,
    one_of,
    predict,
    raises,
    trap,
    view_of,
    works,
)


def batches(x, n):
    """Cut a table of orders into `n` batches of neighboring rows, as equal as can be.

    Each batch goes to one packer. With seven orders and three packers the first gets three, the others two.

    Parameters
    ----------
    x : ndarray with one to four axes, float64, int32 or int64
        Each ``x[i]`` is one order. `x` may have no orders, or fewer than `n`; every other axis has length >= 1.
        May be strided, reversed or read-only.
    n : int
        Number of packers.

    Returns
    -------
    list of ndarray, of length `n`
        The batches, dtype of `x`, in the order of `x`: one after the other they are `x` again. Their lengths along axis
        0 differ by at most 1, and longer batches come first; where orders are short, the last ones have length 0. The
        other axes are those of `x`. On level 2 each is a view of `x`.

    Raises
    ------
    ValueError
        If `n` is below 1.

    Examples
    --------
    >>> batches(np.array([10, 11, 12, 13, 14, 15, 16]), 3)
    [array([10, 11, 12]), array([13, 14]), array([15, 16])]
    >>> [batch.shape for batch in batches(np.zeros((2, 5)), 3)]
    [(1, 5), (1, 5), (0, 5)]
    """
    if n < 1:
        raise ValueError(f"n must be >= 1, got {n}")
    size, longer = divmod(len(x), n)
    cut = longer * (size + 1)
    # Batches of one length are the rows of a view, and iterating over rows is quicker than slicing each.
    first = x[:cut].reshape(longer, size + 1, *x.shape[1:])
    return [*first, *x[cut:].reshape(n - longer, size, *x.shape[1:])]


@works()
def between_edges(x, n):
    """A slice from each edge to the next."""
    if n < 1:
        raise ValueError("n must be >= 1")
    size, longer = divmod(len(x), n)
    edges = np.arange(n + 1) * size + np.minimum(np.arange(n + 1), longer)
    return [x[a:b] for a, b in itertools.pairwise(edges.tolist())]


@works()
def one_after_the_other(x, n):
    """Walks along and takes one more while some are left over."""
    if n < 1:
        raise ValueError("n must be >= 1")
    size, longer = len(x) // n, len(x) % n
    result, start = [], 0
    for i in range(n):
        stop = start + size + (i < longer)
        result.append(x[start:stop])
        start = stop
    return result


@works(fails="fast")
def by_its_name(x, n):
    """array_split has exactly this rule."""
    return np.array_split(x, n)


@works(fails="view")
def by_labels(x, n):
    """Numbers the packers row by row, and picks each one's rows."""
    if n < 1:
        raise ValueError("n must be >= 1")
    packer = np.sort(np.arange(len(x)) % n)
    return [x[packer == i] for i in range(n)]


@trap("np.split wants parts of one length, and raises where n does not divide; np.array_split does not.", verdict="RE")
def wants_equal_parts(x, n):
    if n < 1:
        raise ValueError("n must be >= 1")
    return np.split(x, n)


@trap("len(x) // n rows a batch leaves up to n - 1 rows over, and they are never packed.", verdict="WT")
def loses_the_rest(x, n):
    if n < 1:
        raise ValueError("n must be >= 1")
    size = len(x) // n
    return [x[i * size : (i + 1) * size] for i in range(n)]


@trap(
    "Rounding the length up leaves the last batches short: nine orders for four would be 3, 3, 3 and 0, not 3, 2, 2 "
    "and 2.",
    verdict="WT",
)
def rounds_up(x, n):
    if n < 1:
        raise ValueError("n must be >= 1")
    size = -(-len(x) // n)
    return [x[i * size : (i + 1) * size] for i in range(n)]


@trap("What is left over is spread over the first batches, one row each, not piled on the last.", verdict="WT")
def piles_on_the_last(x, n):
    if n < 1:
        raise ValueError("n must be >= 1")
    size = len(x) // n
    return [x[i * size : (i + 1) * size if i < n - 1 else len(x)] for i in range(n)]


@trap("Rounded edges of linspace give lengths that differ by 1, but the longer batches come anywhere.", verdict="WT")
def rounds_edges(x, n):
    if n < 1:
        raise ValueError("n must be >= 1")
    edges = np.linspace(0, len(x), n + 1).astype(int)
    return [x[a:b] for a, b in itertools.pairwise(edges)]


@trap("x[i::n] deals rows out like cards; a batch is made of neighbors.")
def deals_out(x, n):
    if n < 1:
        raise ValueError("n must be >= 1")
    return [x[i::n] for i in range(n)]


@trap("A packer without orders gets an empty batch: the list has n items, or results no longer match packers.",
      verdict="WT")  # fmt: skip
def leaves_out_the_empty(x, n):
    if n < 1:
        raise ValueError("n must be >= 1")
    return [batch for batch in np.array_split(x, n) if len(batch)]


@trap("A list of numbers given to split says where to cut; an int says into how many parts.", verdict="WT")
def cuts_at_n(x, n):
    if n < 1:
        raise ValueError("n must be >= 1")
    return np.split(x, [n])


@trap("Orders are rows: batches are cut along axis 0, which hsplit does for one axis only.", verdict="WT")
def cuts_columns(x, n):
    return np.array_split(x, n, axis=-1)


@drill("What are the lengths of the parts, or which error is raised?")
def lengths_of_parts(rng, hardness):
    n = int(rng.integers(2, 6))
    size, rest = int(rng.integers(1, 5)), int(rng.integers(1, n))
    k = n * size + rest
    a, b = sorted(int(p) for p in rng.choice(np.arange(1, k), 2, replace=False))
    forms = [
        (f"np.split(x[:{n * size}], {n})", f"{n} divides {n * size}: each part gets {size}."),
        (f"np.array_split(x, {n})", f"{k} = {n} * {size} + {rest}: the first {rest} get one more."),
        (f"np.split(x, [{a}])", f"Cut once, at {a}: {a} before it and {k - a} after."),
        (f"np.split(x, {n})", f"{n} does not divide {k}, and split wants parts of one length."),
        (f"np.split(x, [{a}, {b}])", f"Cut at {a} and at {b}: x[:{a}], x[{a}:{b}], x[{b}:]."),
        (
            f"np.split(x, [{a}, {k + 3}])",
            f"The second cut lies beyond the end: x[{a}:{k + 3}] is {k - a} long, then 0.",
        ),
        (f"np.array_split(x, [{b}])", f"A list says where to cut: x[:{b}], x[{b}:]."),
        (f"np.split(x, [{b}, {a}])", f"x[:{b}], x[{b}:{a}], x[{a}:]: the middle slice runs backward and is empty."),
        (
            f"np.split(x, [-{a}])",
            f"Places are slice bounds, so a negative one counts from the end: x[:-{a}], x[-{a}:].",
        ),
        (f"np.array_split(x[:{n - 1}], {n})", f"{n - 1} rows for {n} parts: the last one is empty."),
        ("np.array_split(x, 0)", "There must be at least one part."),
        ("np.split(x, [])", "No cut leaves one part."),
    ]
    text, why = forms[int(rng.integers(round(4 * hardness), 5 + round(7 * hardness)))]
    return predict(f"x = np.arange({k})\n[len(part) for part in {text}]", why=why)


@drill("What is the shape, or which error is raised?")
def shape_of_a_part(rng, hardness):
    n = int(rng.integers(2, 4))
    rows, columns, depth = (n * int(k) for k in rng.integers(1, 4, 3))
    three = hardness > 0.4
    shape = (rows, columns, depth) if three else (rows, columns)
    end = f", {depth}" if three else ""
    forms = [
        (f"np.split(x, {n})", f"split cuts along axis 0 by default: {rows} / {n}."),
        (f"np.vsplit(x, {n})", f"vsplit cuts along axis 0: {rows} / {n}."),
        (f"np.hsplit(x, {n})", f"hsplit cuts along axis 1: {columns} / {n}."),
        (f"np.split(x, {n}, axis=1)", f"Along axis 1: {columns} / {n}."),
        (f"np.split(x, {n}, axis=-1)", f"Along the last axis: {shape[-1]} / {n}."),
        (f"np.dsplit(x, {n})", "dsplit cuts along axis 2" + ("." if three else ", and x has only two axes.")),
        (f"np.hsplit(x[0], {n})", "hsplit cuts along axis 1, but an array with one axis along axis 0."
         if not three else f"x[0] has shape ({columns}{end}), and hsplit cuts its axis 1: {depth} / {n}."),
        (f"np.vsplit(x[0{', 0' if three else ''}], {n})", "vsplit needs at least two axes."),
    ]  # fmt: skip
    text, why = forms[int(rng.integers(round(2 * hardness), 5 + round(3 * hardness)))]
    return predict(f"x = np.zeros({shape})\n{text}[0].shape", why=why)


@drill("What is the value?")
def first_of_a_part(rng, hardness):
    n = int(rng.integers(3, 6))
    k = n * int(rng.integers(2, 5)) + int(rng.integers(n) if hardness > 0.3 else 0)
    i = int(rng.integers(1, n))
    size, longer = divmod(k, n)
    start = i * size + min(i, longer)
    if hardness > 0.6 and rng.random() < 0.4:
        return predict(
            f"x = np.arange({k}) * 10\nint(x[{i}::{n}][1])",
            why=f"x[{i}::{n}] deals out like cards: its element 1 is x[{i + n}].",
        )
    if hardness > 0.4 and rng.random() < 0.5:
        return predict(
            f"x = np.arange({k}) * 10\nint(np.array_split(x, {n})[{i - 1}][-1])",
            why=f"{k} = {n} * {size} + {longer}, longer parts first: part {i} starts at {start}, so this ends before.",
        )
    return predict(
        f"x = np.arange({k}) * 10\nint(np.array_split(x, {n})[{i}][0])",
        why=f"{k} = {n} * {size} + {longer}, longer parts first: part {i} starts at {i} * {size} + {min(i, longer)}.",
    )


@drill("Is this True, False, or which error is raised?")
def parts_and_memory(rng, hardness):
    n = int(rng.integers(2, 5))
    size = int(rng.integers(2, 5))
    k = n * size
    forms = [
        (f"np.shares_memory(x, np.split(x, {n})[1])", "Parts are slices: views."),
        (f"np.shares_memory(x, np.array_split(x, {n})[0])", "Parts are slices: views."),
        (f"np.shares_memory(np.concatenate(np.split(x, {n})), x)", "Joining always copies."),
        (f"isinstance(np.split(x, {n}), list)", "The parts come as a list, since they may differ in length."),
        (f"np.shares_memory(*np.split(x, {n})[:2])", "The parts do not overlap."),
        (f"np.split(x, {n})[0].base is x", "A part is a view, and x owns the memory."),
        (f"np.shares_memory(x, list(x.reshape({n}, {size}))[1])", "Rows of a reshaped view are views."),
        (f"np.array_equal(np.concatenate(np.array_split(x, {n + 1})), x)", "Joined, the parts are x again."),
        (f"np.hsplit(x.reshape({n}, {size}), {size})[0].flags.c_contiguous", "A column of a table steps over rows."),
        (f"np.vsplit(x.reshape({n}, {size}), {n})[0].flags.c_contiguous", "A row of a C table is contiguous."),
        (f"np.vsplit(x, {n})[0].size == {size}", "vsplit needs at least two axes."),
        (f"np.split(x, {k + 1})[0].size == 1", f"{k + 1} does not divide {k}."),
    ]
    text, why = forms[int(rng.integers(round(3 * hardness), 4 + round(8 * hardness)))]
    return predict(f"x = np.arange({k})\n{text}", why=why)


def show_cost():
    x = np.zeros((200_000, 4))
    for name, split in [
        ("np.array_split", np.array_split),
        ("a slice a batch", between_edges.function),
        ("rows of a reshape", batches),
    ]:
        times = []
        for _ in range(3):
            start = time.perf_counter()
            parts = split(x, 30_000)
            times.append(time.perf_counter() - start)
        shared = np.shares_memory(x, parts[7])
        print(f"{name:18} {1e9 * min(times) / len(parts):8.0f} ns a batch, views of x: {shared}")


def many_orders(rng):
    return {"x": rng.standard_normal((5000, 4)), "n": 2000}


QUESTION = Question(
    kinds=["code", "predict"],
    difficulty="easy",
    topics=["Array Manipulation"],
    companies=["Google", "Amazon", "Meta"],
    asked=["T40", "T85"],
    entry_points=[
        Entry(
            batches,
            {
                "x": one_of(
                    *(
                        arrays(*shape, dtype=("float64", "int32", "int64"), holds=("nan",))
                        for shape in ("k", "km", "kmd", "kmde")
                    )
                ),
                "n": integers(1, "k + 3", outside=True),
            },
            dims={"k": (0, 20), "m": (1, 4), "d": (1, 3), "e": (1, 2)},
            cases=[
                case(x=np.arange(7), n=3),
                case(x=np.arange(9), n=4),
                case(x=np.arange(6), n=3),
                case(x=np.arange(10, dtype=np.int32).reshape(5, 2), n=2),
                case(x=np.arange(2, dtype=np.int32), n=4),
                case(x=np.zeros((0, 2)), n=2),
                case(x=np.arange(24.0).reshape(4, 3, 2), n=3),
                raises(ValueError, x=np.arange(3.0), n=0),
                raises(ValueError, x=np.arange(3.0), n=-1),
                raises(ValueError, x=np.zeros(0), n=0),
            ],
        )
    ],
    levels=[
        Level("right"),
        Level("view", "The table is large: now every batch is a view of it.", view_of("x")),
        Level(
            "fast",
            "At least 1.8 times faster than np.array_split, for thousands of small batches.",
            faster_than(by_its_name, 1.8, many_orders, needs=needs(bytes=lambda x, n: 8 * n)),
        ),
    ],
    hints=[
        "divmod(len(x), n) gives two numbers. What does each of them say about the batches?",
        "Where does batch i start? Count what the batches before it took.",
        "A slice is a view; what do a mask and a list of indices give?",
        "For speed: how much does array_split do for each part beyond the slice? And rows of a reshaped array?",
    ],
    spoken=(
        "np.array_split cuts an array into n parts whose lengths differ by at most one; the first len modulo n parts "
        "get one extra row. np.split raises ValueError if the length does not divide evenly. Both return views, so "
        "nothing is copied, and writing to a part changes the original. To do it by hand I compute the edges with "
        "divmod and slice between neighboring edges. If n is larger than the number of rows, the last parts are "
        "empty."
    ),
    explanation="""\
With `size, longer = divmod(len(x), n)` the first `longer` batches get `size + 1` rows, the others `size`. That is the
rule of `np.array_split`:

>>> x = np.arange(7)
>>> [part.tolist() for part in np.array_split(x, 3)]
[[0, 1, 2], [3, 4], [5, 6]]
>>> [part.size for part in np.array_split(x, 9)]
[1, 1, 1, 1, 1, 1, 1, 0, 0]

`np.split` insists on equal parts. Both also take a list of the places to cut at, which work as slice bounds:

>>> np.split(x, 3)
Traceback (most recent call last):
...
ValueError: array split does not result in an equal division
>>> [part.tolist() for part in np.split(x, [2, 4, 9])]
[[0, 1], [2, 3], [4, 5, 6], []]

`vsplit`, `hsplit` and `dsplit` are `split` along axis 0, 1 and 2; `hsplit` of a 1-D array cuts axis 0.

The parts are slices, so they are views: writing to one changes `x`, and any one keeps all of `x` alive. A mask or a
list of indices would copy. Parts come as a list because their lengths may differ.

For a few parts use the function. For thousands, its bookkeeping for each part costs more than the slice. Batches of one
length are the rows of a view, and iterating over those is quickest:

>>> [row.tolist() for row in x[:6].reshape(3, 2)]
[[0, 1], [2, 3], [4, 5]]
""",
    points=[
        "array_split allows uneven parts, longer ones first; split raises ValueError.",
        "An int says how many parts, a list says where to cut.",
        "More parts than rows gives empty parts at the end.",
        "Parts are views, as slices are; masks and index lists would copy.",
        "vsplit, hsplit and dsplit name the axis; by default split cuts axis 0.",
        "Rows of a reshaped view are the quickest batches of one length.",
    ],
    follow_ups={
        "How do you make batches of a fixed size?": "[x[i : i + size] for i in range(0, len(x), size)]; the last one "
        "may be shorter. np.split(x, range(size, len(x), size)) gives the same, but for no rows one empty batch.",
        "How do you shuffle them?": "Shuffle indices with rng.permutation(len(x)), cut those, and take x[part] for "
        "each: that copies one batch at a time.",
        "How do you get the elements of an axis one at a time?": "Iterate over it, or since NumPy 2.1 use "
        "np.unstack(x, axis=k).",
    },
    related=["quadrants", "reshape-blocks", "stack-arrays", "copy-or-view"],
    links=[
        "https://numpy.org/doc/stable/reference/generated/numpy.array_split.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.split.html",
    ],
    live=show_cost,
)
