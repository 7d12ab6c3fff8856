"""Split an array into nearly equal parts."""

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
    """Split `x` along axis 0 into `n` batches of consecutive rows with nearly equal lengths.

    Each row is one order and each batch goes to one packer. With 7 orders and 3 packers, the lengths are 3, 2 and 2.

    Parameters
    ----------
    x : ndarray with one to four axes, float64, int32 or int64
        The orders, one per ``x[i]``. ``len(x) >= 0``, and every other axis has length >= 1. `x` may be strided,
        reversed or read-only, and may contain NaN.
    n : int
        Number of batches. It may be greater than ``len(x)``.

    Returns
    -------
    list of ndarray, of length `n`
        The batches in the order of `x`, with the dtype of `x`. Concatenated along axis 0, they are equal to `x`. Their
        lengths along axis 0 differ by at most 1, and the longer batches come first. If ``n > len(x)``, the last
        batches have length 0. The other axes are those of `x`. On level 2 and above, each batch is a view of `x`.

    Raises
    ------
    ValueError
        If ``n < 1``.

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
    # Batches of equal length are the rows of a reshaped view. Iterating over them is faster than slicing each one.
    first = x[:cut].reshape(longer, size + 1, *x.shape[1:])
    return [*first, *x[cut:].reshape(n - longer, size, *x.shape[1:])]


@works()
def between_edges(x, n):
    """Computes all edges and slices between neighboring edges."""
    if n < 1:
        raise ValueError("n must be >= 1")
    size, longer = divmod(len(x), n)
    edges = np.arange(n + 1) * size + np.minimum(np.arange(n + 1), longer)
    return [x[a:b] for a, b in itertools.pairwise(edges.tolist())]


@works()
def one_batch_at_a_time(x, n):
    """Slices one batch after the other. The first `longer` batches get one extra row."""
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
def by_array_split(x, n):
    """np.array_split follows the same rule."""
    return np.array_split(x, n)


@works(fails="view")
def by_labels(x, n):
    """Computes the batch number of each row and selects the rows with a boolean mask, which copies."""
    if n < 1:
        raise ValueError("n must be >= 1")
    labels = np.sort(np.arange(len(x)) % n)
    return [x[labels == i] for i in range(n)]


@trap(
    "np.split requires that n divides the length, and raises ValueError otherwise. np.array_split allows "
    "unequal parts.",
    verdict="RE",
)
def wants_equal_parts(x, n):
    if n < 1:
        raise ValueError("n must be >= 1")
    return np.split(x, n)


@trap(
    "With len(x) // n rows per batch, the last len(x) % n rows are lost. Give one extra row to each of the "
    "first len(x) % n batches.",
    verdict="WT",
)
def loses_the_rest(x, n):
    if n < 1:
        raise ValueError("n must be >= 1")
    size = len(x) // n
    return [x[i * size : (i + 1) * size] for i in range(n)]


@trap(
    "Rounding the batch length up makes the last batches too short: 9 rows in 4 batches give 3, 3, 3 and 0 "
    "instead of 3, 2, 2 and 2. Only the first len(x) % n batches get the extra row.",
    verdict="WT",
)
def rounds_up(x, n):
    if n < 1:
        raise ValueError("n must be >= 1")
    size = -(-len(x) // n)
    return [x[i * size : (i + 1) * size] for i in range(n)]


@trap(
    "This puts all len(x) % n leftover rows into the last batch. Give one of them to each of the first len(x) % "
    "n batches.",
    verdict="WT",
)
def leftovers_in_last_batch(x, n):
    if n < 1:
        raise ValueError("n must be >= 1")
    size = len(x) // n
    return [x[i * size : (i + 1) * size if i < n - 1 else len(x)] for i in range(n)]


@trap(
    "Rounding evenly spaced edges, for example from np.linspace, can put a longer batch after a shorter one. "
    "Compute the lengths with divmod(len(x), n), so that the longer batches come first.",
    verdict="WT",
)
def rounds_edges(x, n):
    if n < 1:
        raise ValueError("n must be >= 1")
    edges = np.linspace(0, len(x), n + 1).astype(int)
    return [x[a:b] for a, b in itertools.pairwise(edges)]


@trap("The slice x[i::n] takes every n-th row, so the rows of a batch are not consecutive. Use x[start:stop] instead.")
def takes_every_nth_row(x, n):
    if n < 1:
        raise ValueError("n must be >= 1")
    return [x[i::n] for i in range(n)]


@trap(
    "The list must always contain n batches. If n > len(x), keep the last batches, which have length 0.", verdict="WT"
)
def leaves_out_the_empty(x, n):
    if n < 1:
        raise ValueError("n must be >= 1")
    return [batch for batch in np.array_split(x, n) if len(batch)]


@trap(
    "np.split interprets a list as the indices to split at, so [n] gives two parts. Pass an int to "
    "np.array_split to choose the number of parts.",
    verdict="WT",
)
def cuts_at_n(x, n):
    if n < 1:
        raise ValueError("n must be >= 1")
    return np.split(x, [n])


@trap(
    "This splits along the last axis. Each x[i] is one order, so split along axis 0, the default of np.array_split.",
    verdict="WT",
)
def cuts_columns(x, n):
    return np.array_split(x, n, axis=-1)


@drill("What are the lengths of the parts, or which error is raised?")
def lengths_of_parts(rng, hardness):
    n = int(rng.integers(2, 6))
    size, rest = int(rng.integers(1, 5)), int(rng.integers(1, n))
    k = n * size + rest
    a, b = sorted(int(p) for p in rng.choice(np.arange(1, k), 2, replace=False))
    forms = [
        (f"np.split(x[:{n * size}], {n})", f"{n} divides {n * size}, so each part has length {size}."),
        (
            f"np.array_split(x, {n})",
            f"{k} = {n} * {size} + {rest}, so each part has length {size}, plus 1 if its index is less than {rest}.",
        ),
        (
            f"np.split(x, [{a}])",
            f"A list gives the indices to split at: x[:{a}] has length {a} and x[{a}:] has length {k - a}.",
        ),
        (
            f"np.split(x, {n})",
            f"{n} does not divide {k}, and np.split requires parts of equal length, so it raises ValueError.",
        ),
        (f"np.split(x, [{a}, {b}])", f"Two indices give three parts: x[:{a}], x[{a}:{b}] and x[{b}:]."),
        (
            f"np.split(x, [{a}, {k + 3}])",
            f"The second index is past the end: x[{a}:{k + 3}] has length {k - a} and x[{k + 3}:] has length 0.",
        ),
        (f"np.array_split(x, [{b}])", f"A list gives the indices to split at: x[:{b}] and x[{b}:]."),
        (
            f"np.split(x, [{b}, {a}])",
            f"The parts are x[:{b}], x[{b}:{a}] and x[{a}:]. The middle slice is empty because {b} > {a}.",
        ),
        (
            f"np.split(x, [-{a}])",
            f"Indices work as slice bounds, so a negative one counts from the end: x[:-{a}] and x[-{a}:].",
        ),
        (f"np.array_split(x[:{n - 1}], {n})", f"The length {n - 1} is less than {n}, so the last part is empty."),
        ("np.array_split(x, 0)", "Zero parts are not allowed, so this raises ValueError."),
        ("np.split(x, [])", "No index to split at gives one part, which is all of x."),
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
        (f"np.split(x, {n})", f"np.split uses axis 0 by default, and {rows} / {n} = {rows // n}."),
        (f"np.vsplit(x, {n})", f"np.vsplit splits along axis 0, and {rows} / {n} = {rows // n}."),
        (f"np.hsplit(x, {n})", f"np.hsplit splits along axis 1, and {columns} / {n} = {columns // n}."),
        (f"np.split(x, {n}, axis=1)", f"Axis 1 has length {columns}, and {columns} / {n} = {columns // n}."),
        (f"np.split(x, {n}, axis=-1)", f"The last axis has length {shape[-1]}, and {shape[-1]} / {n} = "
                                       f"{shape[-1] // n}."),
        (f"np.dsplit(x, {n})", "np.dsplit splits along axis 2" + ("." if three else
         ", but x has only two axes, so this raises ValueError.")),
        (f"np.hsplit(x[0], {n})", "np.hsplit splits along axis 1, but it splits a 1-D array along axis 0."
         if not three else f"x[0] has shape ({columns}{end}). np.hsplit splits its axis 1, and {depth} / {n} = "
                           f"{depth // n}."),
        (f"np.vsplit(x[0{', 0' if three else ''}], {n})", "np.vsplit requires at least two axes, so this raises "
                                                          "ValueError."),
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
            why=f"The slice x[{i}::{n}] starts at index {i} and has step {n}, so its element 1 is x[{i + n}].",
        )
    if hardness > 0.4 and rng.random() < 0.5:
        return predict(
            f"x = np.arange({k}) * 10\nint(np.array_split(x, {n})[{i - 1}][-1])",
            why=f"{k} = {n} * {size} + {longer}, and longer parts come first. Part {i} starts at index {start}, "
            f"so part {i - 1} ends at index {start - 1}.",
        )
    return predict(
        f"x = np.arange({k}) * 10\nint(np.array_split(x, {n})[{i}][0])",
        why=f"{k} = {n} * {size} + {longer}, and longer parts come first. Part {i} starts at index {i} * {size} + "
        f"{min(i, longer)} = {start}.",
    )


@drill("Is this True, False, or which error is raised?")
def parts_and_memory(rng, hardness):
    n = int(rng.integers(2, 5))
    size = int(rng.integers(2, 5))
    k = n * size
    forms = [
        (f"np.shares_memory(x, np.split(x, {n})[1])", "The parts are slices of x, so they are views."),
        (f"np.shares_memory(x, np.array_split(x, {n})[0])", "The parts are slices of x, so they are views."),
        (f"np.shares_memory(np.concatenate(np.split(x, {n})), x)", "np.concatenate always copies."),
        (f"isinstance(np.split(x, {n}), list)", "np.split returns a list of arrays."),
        (
            f"np.shares_memory(*np.split(x, {n})[:2])",
            "Different parts contain different elements of x, so they do not overlap in memory.",
        ),
        (f"np.split(x, {n})[0].base is x", "A part is a view, and its base is x because x owns the memory."),
        (
            f"np.shares_memory(x, list(x.reshape({n}, {size}))[1])",
            "Reshaping x gives a view, and its rows are views too.",
        ),
        (
            f"np.array_equal(np.concatenate(np.array_split(x, {n + 1})), x)",
            "Concatenating the parts in order gives the elements of x again.",
        ),
        (
            f"np.hsplit(x.reshape({n}, {size}), {size})[0].flags.c_contiguous",
            "A column of a C-contiguous 2-D array is not contiguous: its elements are one row apart.",
        ),
        (
            f"np.vsplit(x.reshape({n}, {size}), {n})[0].flags.c_contiguous",
            "A row of a C-contiguous 2-D array is contiguous.",
        ),
        (f"np.vsplit(x, {n})[0].size == {size}", "np.vsplit requires at least two axes, so this raises ValueError."),
        (f"np.split(x, {k + 1})[0].size == 1", f"{k + 1} does not divide {k}, so np.split raises ValueError."),
    ]
    text, why = forms[int(rng.integers(round(3 * hardness), 4 + round(8 * hardness)))]
    return predict(f"x = np.arange({k})\n{text}", why=why)


def show_cost():
    x = np.zeros((200_000, 4))
    for name, split in [
        ("np.array_split", np.array_split),
        ("one slice per batch", between_edges.function),
        ("rows of a reshaped view", batches),
    ]:
        times = []
        for _ in range(3):
            start = time.perf_counter()
            parts = split(x, 30_000)
            times.append(time.perf_counter() - start)
        shared = np.shares_memory(x, parts[7])
        print(f"{name:23} {1e9 * min(times) / len(parts):8.0f} ns per batch, views of x: {shared}")


def many_batches(rng):
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
        Level("view", "Every batch is a view of x.", view_of("x")),
        Level(
            "fast",
            "At least 1.8 times faster than np.array_split for 5000 rows in 2000 batches.",
            faster_than(by_array_split, 1.8, many_batches, needs=needs(bytes=lambda x, n: 8 * n)),
        ),
    ],
    hints=[
        "divmod(len(x), n) returns two numbers. What does each of them tell you about the lengths of the batches?",
        "Where does batch i start? Add up the lengths of the batches before it.",
        "Level 2: which kind of indexing returns a view, a slice, a boolean mask or a list of indices?",
        "Level 3: the batches have at most two different lengths. Which array has all batches of equal length as its "
        "rows?",
    ],
    spoken="""\
I'd use `np.array_split(x, n)`. It returns n parts whose lengths differ by at most one, and the first `len(x) % n` parts
get one extra row. If n is greater than the number of rows, the last parts are empty. `np.split` is stricter: it raises
ValueError if n does not divide the length. Both functions return slices, which are views, so nothing is copied and
writing to a part changes x. To do it by hand, I'd compute the lengths with divmod and slice between neighboring edges.
""",
    explanation="""\
With `size, longer = divmod(len(x), n)`, the first `longer` parts get `size + 1` rows and all others get `size` rows.
`np.array_split` follows this rule. If n exceeds the number of rows, the last parts are empty:

>>> x = np.arange(7)
>>> [part.tolist() for part in np.array_split(x, 3)]
[[0, 1, 2], [3, 4], [5, 6]]
>>> [part.size for part in np.array_split(x, 9)]
[1, 1, 1, 1, 1, 1, 1, 0, 0]

*`np.split` or `np.array_split`?* If you pass the number of parts, `np.split` requires parts of equal length:

>>> np.split(x, 3)
Traceback (most recent call last):
...
ValueError: array split does not result in an equal division

Use `np.split` if an uneven division would be a mistake in your data.

*An int or a list?* An int is the number of parts. Both functions also accept a list of the indices to split at. These
indices work as slice bounds, so an index past the end gives an empty part instead of an error:

>>> [part.tolist() for part in np.split(x, [2, 4, 9])]
[[0, 1], [2, 3], [4, 5, 6], []]

*Which axis?* The default is axis 0. `np.vsplit`, `np.hsplit` and `np.dsplit` are `np.split` along axis 0, 1 and 2.
The exception is a 1-D array, which `np.hsplit` splits along axis 0.

*Copy or view?* The parts are slices, so they are views. Writing to a part changes `x`, and even a small part keeps the
memory of `x` allocated. Selecting the rows with a boolean mask or a list of indices would copy them.

*Speed.* `np.array_split` runs a few Python-level operations for each part in addition to the slice. This does not
matter for a few parts. With thousands of small parts, slicing between precomputed edges is faster. If the parts have
equal length, reshape instead: splitting one axis into two never copies, and iterating over the result gives one view
per part:

>>> [row.tolist() for row in x[:6].reshape(3, 2)]
[[0, 1], [2, 3], [4, 5]]
""",
    points=[
        "`np.array_split` allows unequal parts and puts the longer ones first. `np.split` raises ValueError instead.",
        "An int is the number of parts, and a list contains the indices to split at.",
        "If n exceeds the number of rows, the last parts are empty.",
        "The parts are slices and therefore views. A boolean mask or a list of indices would copy.",
        "`np.split` uses axis 0 by default. `np.vsplit`, `np.hsplit` and `np.dsplit` use axis 0, 1 and 2.",
        "The rows of a reshaped view are the fastest way to get many batches of equal length.",
    ],
    follow_ups={
        "How do you make batches of a fixed size?": "Use `[x[i : i + size] for i in range(0, len(x), size)]`. "
        "The last batch may be shorter. `np.split(x, range(size, len(x), size))` gives the same batches, except that "
        "it returns one empty batch if x has no rows.",
        "How do you shuffle the rows into batches?": "Shuffle the indices with `rng.permutation(len(x))`, split them, "
        "and take `x[part]` for each part. This copies one batch at a time.",
        "How do you get the elements along an axis one at a time?": "Iterate over the array for axis 0. For another "
        "axis, NumPy 2.1 added `np.unstack(x, axis=k)`.",
    },
    related=["quadrants", "reshape-blocks", "stack-arrays", "copy-or-view"],
    links=[
        "https://numpy.org/doc/stable/reference/generated/numpy.array_split.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.split.html",
    ],
    live=show_cost,
)
