"""Compute the broadcast shape of any shapes."""

import itertools

import numpy as np

from ndojo.question import (
    Entry,
    Level,
    Question,
    Scenario,
    case,
    drill,
    grows,
    made,
    matches,
    predict,
    raises,
    trap,
    without,
    works,
)


def broadcast_shape(*shapes):
    """Return the common shape of arrays with the given shapes, by NumPy's broadcasting rules.

    A compiler of array expressions needs the shape of a result before any array exists. The shapes may describe more
    elements than fit in any memory. Do not use ``np.broadcast_shapes``, ``np.broadcast_arrays`` or ``np.broadcast_to``.

    Parameters
    ----------
    *shapes : tuple of int
        Zero or more shapes, possibly of different lengths. Each axis has a length between 0 and 10**12 inclusive.
        ``()`` is the shape of a scalar.

    Returns
    -------
    tuple of int
        The common shape. It is ``()`` if no shapes are given.

    Raises
    ------
    ValueError
        If the shapes cannot be broadcast. The message must name one axis with incompatible lengths in the form ``axis
        -2``. Axes are counted from the right, and -1 is the last one. If several axes are incompatible, name any one of
        them and only one. The rest of the message is up to you.

    Examples
    --------
    >>> broadcast_shape((5, 1, 3), (4, 1), ())
    (5, 4, 3)
    >>> broadcast_shape((0, 1), (7,))
    (0, 7)
    >>> broadcast_shape((4, 3), (2, 3))
    Traceback (most recent call last):
    ...
    ValueError: lengths 2 and 4 do not broadcast on axis -2
    """
    result = []
    for back in range(1, max(map(len, shapes), default=0) + 1):
        lengths = {shape[-back] for shape in shapes if len(shape) >= back} - {1}
        if len(lengths) > 1:
            raise ValueError(f"lengths {' and '.join(map(str, sorted(lengths)))} do not broadcast on axis -{back}")
        result.append(lengths.pop() if lengths else 1)
    return tuple(result[::-1])


@works()
def folded(*shapes):
    """Combines one shape after another with the result so far, from the right."""
    result, clashes = [], set()
    for shape in shapes:
        for place, (known, length) in enumerate(itertools.zip_longest(result[:], reversed(shape), fillvalue=1)):
            if place == len(result):
                result.append(1)
            if known == 1:
                result[place] = length
            elif length not in (1, known):
                clashes.add(place + 1)
    if clashes:
        raise ValueError(f"the shapes {shapes} are incompatible on axis -{max(clashes)}")
    return tuple(reversed(result))


@works()
def by_table(*shapes):
    """One row per shape, padded with ones on the left. NumPy does the comparisons."""
    ndim = max((len(shape) for shape in shapes), default=0)
    table = np.ones((len(shapes), ndim), dtype=np.int64)
    for row, shape in zip(table, shapes, strict=True):
        row[ndim - len(shape) :] = shape
    longest = np.where((table == 0).any(axis=0), 0, table.max(axis=0, initial=1))
    clash = ((table != 1) & (table != longest)).any(axis=0)
    if clash.any():
        raise ValueError(f"no common length on axis {np.flatnonzero(clash)[-1] - ndim}")
    return tuple(longest.tolist())


@works(fails="thousands of operands")
def all_pairs(*shapes):
    """Compares every shape with every other shape."""
    ndim = max((len(shape) for shape in shapes), default=0)
    padded = [(1,) * (ndim - len(shape)) + tuple(shape) for shape in shapes]
    for axis in range(-1, -ndim - 1, -1):
        for one, other in itertools.combinations(padded, 2):
            if 1 not in (one[axis], other[axis]) and one[axis] != other[axis]:
                raise ValueError(f"axis {axis}: lengths {one[axis]} and {other[axis]}")
    return tuple(next((shape[axis] for shape in padded if shape[axis] != 1), 1) for axis in range(ndim))


@trap("Shapes are aligned at their last axes, so the shorter shape gets ones in front, not at the end.", verdict="RE")
def aligns_left(*shapes):
    result = []
    for lengths in itertools.zip_longest(*shapes, fillvalue=1):
        known = set(lengths) - {1}
        if len(known) > 1:
            ndim = max(map(len, shapes))
            raise ValueError(f"incompatible on axis {len(result) - ndim}")
        result.append(known.pop() if known else 1)
    return tuple(result)


@trap("A length of 1 is stretched to any other length, including 0. So 1 and 0 give 0, which is not the maximum.")
def takes_the_maximum(*shapes):
    ndim = max(map(len, shapes), default=0)
    padded = [(1,) * (ndim - len(shape)) + tuple(shape) for shape in shapes]
    result = []
    for axis in range(-1, -ndim - 1, -1):
        lengths = [shape[axis] for shape in padded]
        if len(set(lengths) - {1}) > 1:
            raise ValueError(f"incompatible on axis {axis}")
        result.insert(0, max(lengths))
    return tuple(result)


@trap("Only a length of 1 is stretched: 0 and 3 are incompatible, like 2 and 3.")
def zero_fits_all(*shapes):
    ndim = max(map(len, shapes), default=0)
    padded = [(1,) * (ndim - len(shape)) + tuple(shape) for shape in shapes]
    result = []
    for axis in range(-1, -ndim - 1, -1):
        lengths = {shape[axis] for shape in padded} - {1}
        if 0 in lengths:
            lengths = {0}
        if len(lengths) > 1:
            raise ValueError(f"incompatible on axis {axis}")
        result.insert(0, lengths.pop() if lengths else 1)
    return tuple(result)


@trap(
    "zip stops at the shortest shape, but the leading axes of longer shapes belong to the result. Use "
    "itertools.zip_longest.",
    verdict="WT",
)
def stops_with_the_shortest(*shapes):
    result = []
    for back, column in enumerate(zip(*(shape[::-1] for shape in shapes)), 1):  # noqa: B905
        lengths = set(column) - {1}
        if len(lengths) > 1:
            raise ValueError(f"incompatible on axis -{back}")
        result.insert(0, lengths.pop() if lengths else 1)
    return tuple(result)


@trap("Comparing with the first shape only is not enough: (2,) and (3,) both fit (1,). Compare with the result so far.")
def compares_with_the_first(*shapes):
    ndim = max(map(len, shapes), default=0)
    padded = [(1,) * (ndim - len(shape)) + tuple(shape) for shape in shapes]
    result = list(padded[0]) if padded else []
    for axis in range(-1, -ndim - 1, -1):
        for shape in padded[1:]:
            if shape[axis] != 1 and padded[0][axis] not in (1, shape[axis]):
                raise ValueError(f"incompatible on axis {axis}")
            if shape[axis] != 1:
                result[axis] = shape[axis]
    return tuple(result)


@trap("max of no shapes raises ValueError, but no shapes give (). Pass a default to max.", verdict="RE")
def needs_a_shape(*shapes):
    ndim = max(map(len, shapes))
    result = []
    for axis in range(-1, -ndim - 1, -1):
        lengths = {shape[axis] for shape in shapes if len(shape) >= -axis} - {1}
        if len(lengths) > 1:
            raise ValueError(f"incompatible on axis {axis}")
        result.insert(0, lengths.pop() if lengths else 1)
    return tuple(result)


@trap(
    "Counted from the left, the same axis has different numbers in different shapes. Counted from the "
    "right, -1 is the last axis of all."
)
def counts_from_the_left(*shapes):
    ndim = max(map(len, shapes), default=0)
    padded = [(1,) * (ndim - len(shape)) + tuple(shape) for shape in shapes]
    result = []
    for axis in range(ndim - 1, -1, -1):
        lengths = {shape[axis] for shape in padded} - {1}
        if len(lengths) > 1:
            raise ValueError(f"incompatible on axis {axis}")
        result.insert(0, lengths.pop() if lengths else 1)
    return tuple(result)


def axes_named(broadcast_shape, shapes):
    try:
        broadcast_shape(*shapes)
    except ValueError as error:
        return [f"axis {axis}" for axis in range(-9, 10) if f"axis {axis}" in str(error)]
    return "no ValueError"


def names_a_clash(result, expected, shapes):
    """What is wrong with the axes that an error message names."""
    ndim = max(map(len, shapes))
    clashes = []
    for axis in range(-1, -ndim - 1, -1):
        if len({shape[axis] for shape in shapes if len(shape) >= -axis} - {1}) > 1:
            clashes.append(f"axis {axis}")
    if isinstance(result, list) and len(result) == 1 and result[0] in clashes:
        return None
    named = " and ".join(result) if isinstance(result, list) and result else "no axis"
    if not isinstance(result, list):
        return "no ValueError was raised, although the shapes are incompatible."
    return f"the message of the ValueError names {named}, but the shapes are incompatible on {' and '.join(clashes)}."


def some_shapes(rng, variant, given):
    """Shapes that can be broadcast, or, depending on `variant`, shapes that cannot."""
    if variant == "none":
        return ()
    ndim = 1 if variant == "vectors" else int(rng.integers(2, 5))
    common = [int(length) for length in rng.integers(2, 9, ndim)]
    if "zero" in variant:
        common[int(rng.integers(ndim))] = 0
    if variant == "huge":
        common[-1] = 10**12
    count = {"one": 1, "many": 6}.get(variant, int(rng.integers(2, 4)))
    shapes = []
    for _ in range(count):
        shape = [length if rng.random() < 0.6 else 1 for length in common]
        shapes.append(tuple(shape if variant == "same ndim" else shape[int(rng.integers(ndim + 1)) :]))
    if variant == "scalars":
        shapes.append(())
    if "clash" in variant:
        for axis in {int(k) for k in rng.integers(-ndim, 0, 2 if "two" in variant else 1)}:
            shapes = clashing(rng, shapes, axis, 0 if "zero" in variant else 9)
    return tuple(shapes[k] for k in rng.permutation(len(shapes)))


def clashing(rng, shapes, axis, length):
    """The shapes and two more that are incompatible with each other on `axis`."""
    new = [(n, *(1,) * (-axis - 1)) for n in (length, int(rng.integers(10, 20)))]
    return [*shapes, *new]


def are_shapes(shapes):
    lengths = [length for shape in shapes for length in shape]
    return all(type(shape) is tuple for shape in shapes) and all(0 <= n <= 10**12 for n in lengths)


def plainer_shapes(shapes):
    for k, shape in enumerate(shapes):
        yield shapes[:k] + shapes[k + 1 :]
        if shape:
            yield (*shapes[:k], shape[1:], *shapes[k + 1 :])
            yield (*shapes[:k], shape[:-1], *shapes[k + 1 :])
    for k, shape in enumerate(shapes):
        for axis, length in enumerate(shape):
            for plain in (1, 2, 3):
                if plain < length:
                    yield (*shapes[:k], (*shape[:axis], plain, *shape[axis + 1 :]), *shapes[k + 1 :])


FITTING = ("ordinary", "none", "one", "scalars", "same ndim", "vectors", "zero", "many", "huge")
CLASHING = ("clash", "clash zero", "two clash", "clash many", "vectors clash")


def operands(rng, n):
    common = rng.integers(2, 1000, 4)
    return {"shapes": tuple(map(tuple, np.where(rng.random((n, 4)) < 0.5, common, 1).tolist()))}


def shape_text(lengths):
    return f"({', '.join(map(str, lengths))}{',' if len(lengths) == 1 else ''})"


@drill("What is the shape of the result, or which error is raised?")
def shape_of_a_sum(rng, hardness):
    ndim = 2 if hardness < 0.4 else int(rng.integers(2, 5))
    common = [int(n) for n in rng.integers(2, 7, ndim)]
    first = [n if rng.random() < 0.7 else 1 for n in common]
    second = [n if rng.random() < 0.5 else 1 for n in common][int(rng.integers(ndim)) :]
    why = (
        "After aligning at the right and adding ones for missing axes, all lengths on an axis are "
        "equal or 1, and 1 is stretched."
    )
    if rng.random() < 0.25 + 0.2 * hardness:
        axis = -int(rng.integers(1, len(second) + 1))
        first[axis], second[axis] = common[axis], common[axis] + 1
        why = (
            f"Aligned at the right, axis {axis} has lengths {first[axis]} and {second[axis]}, and "
            "neither is 1: ValueError."
        )
    elif hardness > 0.6 and rng.random() < 0.4:
        axis = -int(rng.integers(1, len(second) + 1))
        first[axis], second[axis] = (1, 0) if rng.random() < 0.5 else (0, 1)
        why = "A length of 1 is stretched to any other length, including 0: the result has no elements."
    return predict(f"(np.ones({shape_text(first)}) + np.ones({shape_text(second)})).shape", why=why)


@drill("What is the value, or which error is raised?")
def value_in_a_table(rng, hardness):
    rows, columns = (int(n) for n in rng.choice(np.arange(2, 7), 2, replace=False))
    i, j = int(rng.integers(rows)), int(rng.integers(columns))
    scale = int(rng.integers(2, 11))
    forms = [
        (f"x[:, None] + {scale} * y", f"Row {i} uses x[{i}], column {j} uses y[{j}]."),
        (f"x[:, np.newaxis] * y + {scale}", f"Row {i} uses x[{i}], column {j} uses y[{j}]."),
        (f"(y - {scale} * x.reshape(-1, 1))", f"reshape(-1, 1) turns x into a column, so row {i} uses x[{i}]."),
        (f"(y[None] + {scale} * x[..., None])", f"y is a row and x a column: the value is y[{j}] + {scale} * x[{i}]."),
        (f"(x + {scale} * y)", f"Both are 1-D, and lengths {rows} and {columns} are incompatible: x needs a new axis."),
        (
            f"(x[None] + {scale} * y)",
            f"x[None] is a row like y: its last axis, {rows}, is still aligned with {columns}.",
        ),
    ]
    text, why = forms[int(rng.integers(round(2 * hardness), 3 + round(3 * hardness)))]
    text = text if text.startswith("(") else f"({text})"
    return predict(f"x = np.arange({rows})\ny = np.arange({columns})\n{text}[{i}, {j}]", why=why)


@drill("What is the shape?")
def new_axes(rng, hardness):
    shape = [int(n) for n in rng.integers(2, 8, 2 if hardness < 0.5 else 3)]
    forms = [
        ("x[None]", "None inserts an axis of length 1 at its position; the unnamed axes follow."),
        ("x[:, None]", "None comes after the first axis, so the new axis of length 1 is the second."),
        ("x[..., None]", "The ellipsis stands for all axes, so the new axis is the last."),
        ("x[np.newaxis, :, np.newaxis]", "np.newaxis is None, and each inserts an axis of length 1 at its position."),
        ("x[:, 0, None]", "The integer removes an axis, and None inserts one at its place."),
        ("x[None, ..., 0]", "None inserts an axis at the front, and the integer removes the last one."),
        ("np.expand_dims(x, -2)", "-2 is a position in the result: the new axis is the second to last."),
        ("x[:, :1]", "A slice of length 1 keeps its axis, unlike an integer index."),
        ("(x[:, None] - x[None])", "Axes 0 and 1 are each paired with a 1, and the other axes are equal."),
    ]
    text, why = forms[int(rng.integers(round(4 * hardness), 4 + round(5 * hardness)))]
    return predict(f"x = np.zeros({shape_text(shape)})\n{text}.shape", why=why)


@drill("What is the shape of the result, or which error is raised?")
def reducing_and_subtracting(rng, hardness):
    rows, columns = (int(n) for n in rng.integers(2, 9, 2))
    if hardness > 0.5 and rng.random() < 0.4:
        columns = rows
    axis = int(rng.integers(0, 2)) - (2 if hardness > 0.3 and rng.random() < 0.5 else 0)
    keeps = rng.random() < 0.4
    how = str(rng.choice(["mean", "max", "sum", "min"]))
    left = (columns,) if axis in (0, -2) else (rows,)
    if keeps:
        why = "keepdims=True keeps the reduced axis with length 1, which broadcasts with X for any axis."
    elif left[0] == columns and axis in (0, -2):
        why = f"Reducing axis {axis} gives shape {left}, which is aligned with the columns, as intended."
    elif left[0] == columns:
        why = f"X is square: one number per row, shape {left}, is aligned with the columns, and no error is raised."
    else:
        why = (
            f"Reducing axis {axis} gives shape {left}, which is aligned with the {columns} columns: use keepdims=True."
        )
    keep = ", keepdims=True" if keeps else ""
    return predict(f"X = np.ones(({rows}, {columns}))\n(X - X.{how}(axis={axis}{keep})).shape", why=why)


@drill("What is the shape of x afterwards, or which error is raised?")
def in_place(rng, hardness):
    rows, columns = (int(n) for n in rng.choice(np.arange(2, 8), 2, replace=False))
    forms = [
        (f"({rows}, {columns})", f"({columns},)", "y is stretched along the rows of x, and x keeps its shape."),
        (f"({rows}, {columns})", f"({rows}, 1)", "y is stretched along the columns, and x keeps its shape."),
        (
            f"({columns},)",
            f"({rows}, {columns})",
            "In place, only y may be stretched, and x cannot grow new rows: ValueError.",
        ),
        (f"({rows}, 1)", f"({columns},)", "The result would be wider than x, and in place x cannot grow: ValueError."),
        (
            f"({columns},)",
            f"(1, {columns})",
            "The result would have two axes, and in place x cannot gain one: ValueError.",
        ),
        (f"(1, {columns})", f"({columns},)", "y gets a leading axis of length 1, and the result has the shape of x."),
        (
            f"({rows}, {columns})",
            f"({rows},)",
            f"The last axes have lengths {columns} and {rows}, and neither is 1: ValueError.",
        ),
        (f"({rows}, {columns})", "()", "A scalar is stretched to any shape."),
    ]
    x, y, why = forms[int(rng.integers(round(2 * hardness), 4 + round(4 * hardness)))]
    sign = str(rng.choice(["+=", "-=", "*="]))
    return predict(f"x = np.ones({x})\ny = np.ones({y})\nx {sign} y\nx.shape", why=why)


@drill("What are the strides, in bytes?")
def strides_of_a_stretched_view(rng, hardness):
    dtype = str(rng.choice(["int8", "int16", "float32", "float64"]))
    size = np.dtype(dtype).itemsize
    one = f"{size} byte{'s' * (size > 1)}"
    rows, columns = (int(n) for n in rng.integers(2, 9, 2))
    if hardness < 0.5:
        made_from, target = f"np.ones({columns}, {dtype!r})", f"({rows}, {columns})"
        why = f"All rows are the same memory: the next row is 0 bytes away, the next column {one}."
    elif rng.random() < 0.5:
        made_from, target = f"np.ones(({rows}, 1), {dtype!r})", f"({rows}, {columns})"
        why = f"The stride of the stretched axis is 0 bytes; the next row is {one} away."
    else:
        made_from, target = f"np.ones(({rows}, {columns}), {dtype!r})", f"(3, {rows}, {columns})"
        why = f"The new leading axis has stride 0; a row has {columns} elements of {one}."
    return predict(f"np.broadcast_to({made_from}, {target}).strides", why=why)


QUESTION = Question(
    kinds=["predict", "code"],
    difficulty="medium",
    topics=["Broadcasting", "Vectorization"],
    companies=["Google", "Amazon", "Meta", "Apple"],
    asked=["T4", "google-5"],
    entry_points=[
        Entry(
            broadcast_shape,
            {"shapes": made(some_shapes, *FITTING, *CLASHING, valid=are_shapes, plainer=plainer_shapes)},
            cases=[
                case(shapes=()),
                case(shapes=((),)),
                case(shapes=((), (3,))),
                case(shapes=((1,), (0,))),
                case(shapes=((0,), ())),
                case(shapes=((2, 1), (3,))),
                case(shapes=((3,), (2, 1))),
                case(shapes=((1,), (1, 1))),
                case(shapes=((10**12, 1), (1, 10**12))),
                raises(ValueError, shapes=((2,), (3,))),
                raises(ValueError, shapes=((0,), (3,))),
                raises(ValueError, shapes=((2,), (2, 3))),
                raises(ValueError, shapes=((1,), (2,), (3,))),
                raises(ValueError, shapes=((1,), (2,), (3,), (4,))),
            ],
        )
    ],
    scenarios=[
        Scenario(
            axes_named,
            {"shapes": made(some_shapes, *CLASHING, valid=are_shapes, plainer=plainer_shapes)},
            cases=[
                case(shapes=((2,), (3,))),
                case(shapes=((2, 1), (3, 1))),
                case(shapes=((2, 2), (3, 3))),
                case(shapes=((2, 1), (3, 2), (3,))),
                case(shapes=((5, 2, 4), (3, 1))),
            ],
            result=matches(check=names_a_clash),
        )
    ],
    levels=[
        Level("right", "", without("np.broadcast_shapes", "np.broadcast_arrays", "np.broadcast_to")),
        Level(
            "thousands of operands",
            "For thousands of operands, time must grow linearly with their number, not quadratically.",
            grows(1, operands),
        ),
    ],
    hints=[
        "Write the shapes below each other, aligned at the right. What does a missing length on the left count as?",
        "On one axis, ignore the ones. How many different lengths may remain, and what is the result if none remains?",
        "Does your rule give 0 for the lengths 1 and 0, and an error for 0 and 3?",
    ],
    spoken="""\
I align the shapes at the right and treat missing leading axes as length 1. On each axis I ignore the ones: at most
one distinct length may remain, and that is the result; if none remains, the length is 1, otherwise it's an error.
That handles 0 correctly too: 1 with 0 gives 0, and 0 with 3 fails. Broadcasting copies nothing, because stretched
axes have stride 0, but the result of the arithmetic is new memory.
""",
    explanation="""\
Write the shapes below each other, **aligned at the right**. If a shape is shorter, ones are added in front. On every
axis, the lengths must be equal or 1, and a 1 is stretched to the length of the others.

    A       5 x 1 x 3
    B           4 x 1
    result  5 x 4 x 3

>>> (np.ones((5, 1, 3)) + np.ones((4, 1))).shape
(5, 4, 3)

As a rule for one axis: ignore the ones, and at most one length may remain. It is the result; if none remains, the
result is 1. With this rule, 0 is not a special case: 1 and 0 give 0, and 0 and 3 are an error. "Take the maximum" gets
the first case wrong.

>>> (np.ones((2, 1)) + np.ones((1, 0))).shape
(2, 0)

*Three consequences that interviewers ask about:*

- A row of statistics, shape (columns,), is aligned with the columns. One number per row needs shape (rows, 1), which
  `keepdims=True` or `[:, np.newaxis]` gives.
- In place, `x += y` may stretch `y`, but never `x`.
- Nothing is copied: a stretched axis has stride 0.

>>> np.broadcast_to(np.ones(3), (1000, 3)).strides
(0, 8)

The result of the arithmetic is real memory, though: shapes (n, 1) and (1, n) give n² elements.

`np.broadcast_shapes` (since NumPy 1.20) computes the shape without any array. An array has at most 64 axes in NumPy 2,
and had at most 32 in NumPy 1.
""",
    points=[
        "Shapes are aligned at the right; missing leading axes count as 1.",
        "Lengths on an axis must be equal or 1, and 1 is stretched to any other length, including 0.",
        "Lengths 0 and 3 are incompatible, like 2 and 3.",
        "Broadcasting copies nothing: stretched axes have stride 0, but the result is new memory.",
        "Shape (rows,) is aligned with the columns; keepdims=True or np.newaxis gives (rows, 1).",
        "x += y stretches y but never x.",
        "np.broadcast_shapes computes the shape without creating arrays.",
    ],
    follow_ups={
        "Why does X - X.mean(axis=1) work for a square X?": "It aligns the row means with the columns: no error, but a "
        "wrong result.",
        "How many bytes does np.broadcast_to(x, (1000, *x.shape)) add?": "None for elements: it is a read-only view.",
        "How would you prevent accidental broadcasting?": "Compare the shapes first, or assert the shape of the "
        "result.",
    },
    equivalent={
        "broadcast_shape: `0` -> `-1` in `for back in range(1, max(map(len, shapes), "
        "default=0) + 1):`": "range(1, 0) is as empty as range(1, 1)."
    },
    related=["fix-broadcast-error", "broadcast-without-allocation", "pairwise-distances", "expand-and-squeeze"],
    links=[
        "https://numpy.org/doc/stable/user/basics.broadcasting.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.broadcast_shapes.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.broadcast_to.html",
    ],
)
