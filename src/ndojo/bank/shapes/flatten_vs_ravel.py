"""Flatten without a copy, or refuse."""

import itertools
import math
import time

import numpy as np
from numpy.lib.stride_tricks import as_strided

from ndojo.question import (
    Entry,
    Level,
    Question,
    Scenario,
    allocates_nothing,
    arrays,
    case,
    drill,
    predict,
    raises,
    trap,
    view_of,
    works,
)


def flat_view(x):
    """Give the lamps of an LED wall as one row that writes through to the wall, or refuse.

    A driver sets lamps by their number in that row. The wall must change with them, and would stay dark if the row
    were a copy: so this never copies.

    Parameters
    ----------
    x : ndarray, any shape with up to four axes, float64 or int16
        The brightness of each lamp, in any memory layout: it may be strided, reversed, transposed, stretched by
        ``np.broadcast_to``, or read-only, and it may be empty or 0-d.

    Returns
    -------
    ndarray, shape (x.size,), dtype of `x`
        A view of `x` with its elements in C order: the last axis moves fastest, in any memory layout. Such a view
        exists if each element lies the same number of bytes after the one before it, and always where
        `x` has no more than one element. It is read-only if and only if `x` is.

    Raises
    ------
    ValueError
        If no such view exists.

    Examples
    --------
    >>> wall = np.zeros((2, 3))
    >>> flat_view(wall)[4] = 0.5
    >>> wall
    array([[0. , 0. , 0. ],
           [0. , 0.5, 0. ]])
    >>> flat_view(np.arange(6.0)[::2])
    array([0., 2., 4.])
    >>> flat_view(wall.T)
    Traceback (most recent call last):
    ...
    ValueError: axes of shape (3, 2) and strides (8, 24) do not join to one
    """
    axes = [axis for axis in range(x.ndim) if x.shape[axis] > 1]
    joins = all(x.strides[outer] == x.shape[inner] * x.strides[inner] for outer, inner in itertools.pairwise(axes))
    if x.size and not joins:
        raise ValueError(f"axes of shape {x.shape} and strides {x.strides} do not join to one")
    return x.reshape(x.size)


@works(fails="not even to find out")
def by_new_header(x):
    """Asks for the shape on a new view: NumPy refuses if this is impossible, but makes the copy to find out."""
    row = x.view()
    try:
        row.shape = (x.size,)
    except AttributeError as problem:
        raise ValueError("no single stride") from problem
    return row


@works()
def from_the_inside_out(x):
    """Joins axis after axis, from the last to the first, and builds the view by hand."""
    count, stride = 1, x.itemsize
    for n, step in list(zip(x.shape, x.strides, strict=True))[::-1]:
        if n == 1 or x.size == 0:
            continue
        if count == 1:
            stride = step
        elif step != count * stride:
            raise ValueError("axes do not join")
        count *= n
    return as_strided(x, (x.size,), (stride,))


@works(fails="not even to find out")
def asks_afterwards(x):
    """reshape copies silently, so see what came."""
    row = x.reshape(-1)
    if x.size and not np.shares_memory(x, row):
        raise ValueError("reshape had to copy")
    return row


@works(fails="not even to find out")
def by_addresses(x):
    """Works out where each element lies, and wants the distances to be equal."""
    places = np.zeros(1, dtype=np.int64)
    for n, step in zip(x.shape, x.strides, strict=True):
        places = np.add.outer(places, step * np.arange(n)).ravel()
    steps = np.diff(places)
    if (steps != steps[:1]).any():
        raise ValueError("elements lie at uneven distances")
    return as_strided(x, places.shape, (int(steps[0]) if steps.size else x.itemsize,))


@trap("reshape(-1) copies where no view is possible, and does not say so. Compare the memory, or the strides.")
def copies_in_silence(x):
    return x.reshape(-1)


@trap("flatten always copies, even if a view is possible: what is written to it never reaches x.")
def flattens(x):
    return x.flatten()


@trap(
    "A view need not be contiguous: x[::2] is a row already. ravel gives contiguous memory, so it copies there; "
    "reshape(-1) does not.",
    verdict="RE",
)
def ravels(x):
    row = x.ravel()
    if x.size and not np.shares_memory(x, row):
        raise ValueError("ravel had to copy")
    return row


@trap(
    "Order A reads a Fortran-ordered array column by column, so no copy is needed, but the lamps are in another order. "
    "C order goes by the axes, the last one fastest."
)
def as_memory_lies(x):
    row = x.reshape(-1, order="A")
    if x.size and not np.shares_memory(x, row):
        raise ValueError("reshape had to copy")
    return row


@trap(
    "An array without elements shares no memory, so shares_memory is False for it: look at x.size first.",
    verdict="RE",
)
def refuses_the_empty(x):
    row = x.reshape(-1)
    if not np.shares_memory(x, row):
        raise ValueError("reshape had to copy")
    return row


@trap(
    "An axis of length 1 is never stepped along, so its stride may be anything: leave such axes out of the test.",
    verdict="RE",
)
def minds_axes_of_one(x):
    for axis in range(x.ndim - 1):
        if x.size and x.strides[axis] != x.shape[axis + 1] * x.strides[axis + 1]:
            raise ValueError("axes do not join")
    return x.reshape(x.size)


@trap("Assigning to x.shape flattens the caller's own array: reshape gives a new header.", verdict="IM")
def flattens_the_wall_itself(x):
    try:
        x.shape = (x.size,)
    except AttributeError as problem:
        raise ValueError("no single stride") from problem
    return x


@trap("The driver writes into the row: a view that is locked is of no use to it. Leave it as writeable as the wall.")
def locks_the_row(x):
    row = x.reshape(-1)
    if x.size and not np.shares_memory(x, row):
        raise ValueError("reshape had to copy")
    row.flags.writeable = False
    return row


LAYOUTS_OF_A_TABLE = [
    ("x", "x is contiguous"),
    ("x[1:]", "whole rows follow each other"),
    ("x[:, 1:]", "each row has lost an element, which leaves gaps"),
    ("x.T", "the transpose's rows are columns in memory"),
    ("x[::-1, ::-1]", "both axes run backward, so one negative stride serves, but that is not contiguous"),
    ("x[::-1]", "the rows come in reverse, but each of them runs forward"),
    ("x[:, ::2]", "every other column keeps an even step from row to row, but that is not contiguous"),
    ("x[:, :1]", "one column is left, and has a single stride, but is not contiguous"),
    ("x[::2, :1]", "one column of every other row has a single stride, but is not contiguous"),
    ("x[1]", "one row is contiguous"),
    ("x[:, 1]", "one column has a single stride, but is not contiguous"),
    ("np.broadcast_to(x[0], (2, x.shape[1]))", "after the row, going back to its start is no even step"),
    ("np.broadcast_to(x[:1, :1], x.shape)", "a stride of 0 serves both axes, but that is not contiguous"),
    ("x[None, :, None]", "axes of length 1 change nothing"),
]


@drill("Does this print True or False?")
def which_of_them_copies(rng, hardness):
    rows, columns = int(rng.integers(3, 6)), 2 * int(rng.integers(2, 5))
    way = ["x.reshape(-1)", "x.ravel()", "x.flatten()"][int(rng.integers(3 if hardness < 0.5 else 2))]
    reach = 4 + round(10 * hardness)
    layout, because = LAYOUTS_OF_A_TABLE[int(rng.integers(max(0, reach - 9), reach))]
    head = f"x = np.zeros(({rows}, {columns}))"
    why = f"Here {because}. "
    if way == "x.flatten()":
        why += "That does not matter: flatten always copies."
    elif way == "x.ravel()":
        why += "ravel returns contiguous memory, and copies where it is not."
    else:
        why += "reshape returns a view if one stride fits, else a copy."
    head += f"\ny = {layout}"
    return predict(f"{head}\nnp.shares_memory(y, {way.replace('x', 'y', 1)})", why=why)


@drill("What is the value?")
def after_writing_to_the_row(rng, hardness):
    rows, columns = (int(n) for n in rng.integers(2, 5, 2))
    k, new = int(rng.integers(1, rows * columns)), int(rng.integers(50, 99))
    i, j = divmod(k, columns)
    forms = [
        (f"y = x.ravel()\ny[{k}] = {new}", "x is contiguous, so ravel gave a view."),
        (f"y = x.flatten()\ny[{k}] = {new}", "flatten copied, so x kept its value."),
        (f"y = x.reshape(-1)\ny[{k}] = {new}", "x is contiguous, so reshape gave a view."),
        (f"y = x.ravel().copy()\ny[{k}] = {new}", "The copy has separate memory, so x kept its value."),
        (f"x.flat[{k}] = {new}", "flat is an iterator over x itself: assigning to it writes into x."),
        (f"y = x.flat[:]\ny[{k}] = {new}", "A slice of flat is a copy, so x kept its value."),
        (f"y = x.T.ravel(order='F')\ny[{k}] = {new}", "In Fortran order the transpose of a C array is contiguous."),
        (f"y = x.T.ravel()\ny[{j * rows + i}] = {new}", "The transpose is not C-contiguous: ravel copied."),
        (f"y = x.T.reshape(-1)\ny[{j * rows + i}] = {new}", "No single stride fits the transpose: reshape copied."),
        (f"y = x.ravel(order='F')\ny[{j * rows + i}] = {new}", "Fortran order of a C array needs a copy."),
        (f"y = x.ravel(order='K')\ny[{k}] = {new}", "Order K reads as memory lies, so a view was possible."),
    ]
    text, why = forms[int(rng.integers(round(4 * hardness), 4 + round(7 * hardness)))]
    return predict(f"x = np.arange({rows * columns}).reshape({rows}, {columns})\n{text}\nint(x[{i}, {j}])", why=why)


@drill("What is the value?")
def in_which_order(rng, hardness):
    rows, columns = (int(n) for n in rng.choice(np.arange(2, 6), 2, replace=False))
    k = int(rng.integers(1, rows * columns - 1))
    order = ["C", "F", "A", "K"][int(rng.integers(2 + round(2 * hardness)))]
    turned = hardness > 0.3 and rng.random() < 0.7
    option = "" if order == "C" else f"order={order!r}"
    shape = (columns, rows) if turned else (rows, columns)
    by_column = order == "F"
    why = {"C": "C order: the last axis moves fastest", "F": "Fortran order: the first axis moves fastest"}.get(order)
    if order in "AK":
        by_column = turned
        lies = "a transpose lies in Fortran order" if turned else "this array lies in C order"
        why = f"{order!r} follows memory, and {lies}"
    i, j = divmod(k, shape[0])[::-1] if by_column else divmod(k, shape[1])
    return predict(
        f"x = np.arange({rows * columns}).reshape({rows}, {columns}){'.T' if turned else ''}\nx.ravel({option})[{k}]",
        why=f"{why}, so element {k} is row {i}, column {j} of x.",
    )


@drill("What are the strides of this row, in bytes?")
def strides_of_the_row(rng, hardness):
    dtype = str(rng.choice(["int16", "float32", "float64"]))
    size, step = np.dtype(dtype).itemsize, int(rng.integers(2, 5))
    columns = step * int(rng.integers(2, 5))
    forms = [
        ("x.ravel()", f"The rows of a C array follow each other: one item of {size} bytes after the other."),
        (f"x[:, ::{step}].flatten()", f"flatten writes a new contiguous array of {size}-byte items."),
        (f"x[:, ::{step}].reshape(-1)", f"{step} divides {columns}, so the step stays even from row to row: a view."),
        (f"x[:, ::{step}].ravel()", f"ravel returns contiguous memory, so it copied into {size}-byte items."),
        ("x[::-1, ::-1].reshape(-1)", f"Reversed along both axes it runs back by {size} bytes a step: a view."),
        ("x[::-1, ::-1].ravel()", f"ravel returns contiguous memory, so it copied into {size}-byte items."),
        ("x[:, 1].reshape(-1)", f"A column steps from row to row, {columns} items of {size} bytes: a view."),
        ("x.T.reshape(-1)", f"No single stride fits, so reshape copied into {size}-byte items."),
    ]
    text, why = forms[int(rng.integers(round(3 * hardness), 4 + round(4 * hardness)))]
    return predict(f"x = np.zeros((4, {columns}), dtype={dtype!r})\n{text}.strides", why=why)


@drill("Does this print True or False, or which error is raised?")
def what_comes_back(rng, hardness):
    n = int(rng.integers(3, 9))
    forms = [
        ("x.flatten().flags.owndata", "flatten returns a fresh copy, which owns its memory."),
        ("x.ravel().flags.owndata", "x is contiguous, so ravel returned a view of it."),
        ("x.ravel() is x", "x has two axes and the row one, so it is another array, if over the same memory."),
        (
            "x[0].ravel().base is x",
            "The base is the array that owns the memory: what arange made, and x is a view of that.",
        ),
        ("x.T.ravel().flags.c_contiguous", "ravel always returns contiguous memory, by copying if needed."),
        ("isinstance(x.flat, np.ndarray)", "x.flat is an iterator, np.flatiter, not an array."),
        ("x[:, ::2].ravel().flags.c_contiguous", "ravel always returns contiguous memory, by copying if needed."),
        ("x[:, ::2].reshape(-1).flags.c_contiguous", "reshape found one stride of two items: a view, with gaps."),
        ("x.T.reshape(-1).base is x", "reshape copied: the row leans on that copy and not on x."),
        ("np.ravel(x.tolist()).shape == x.ravel().shape", "The function np.ravel takes lists too."),
        ("x.tolist().ravel().shape == x.shape", "A list has no method ravel."),
        ("np.flatten(x).shape == x.shape", "flatten is a method only; np.flatten does not exist."),
    ]
    text, why = forms[int(rng.integers(round(4 * hardness), 5 + round(7 * hardness)))]
    return predict(f"x = np.arange({4 * n}).reshape(2, {2 * n})\n{text}", why=why)


def show_costs():
    x = np.zeros((2000, 1000))
    print(f"x: {x.nbytes / 1e6:.0f} MB")
    for array in ("x", "x.T", "x[:, ::2]"):
        y = eval(array, {"x": x})
        for way in ("flatten()", "ravel()", "reshape(-1)"):
            act = eval(f"lambda y: y.{way}")
            spent = []
            for _ in range(3):
                start = time.perf_counter()
                row = act(y)
                spent.append(time.perf_counter() - start)
            what = "a view" if np.shares_memory(y, row) else "a copy"
            print(f"{array + '.' + way:24} {what}, strides {row.strides!s:7} {1e3 * min(spent):9.4f} ms")


def can_be_written(flat_view, x):
    return flat_view(x).flags.writeable


def wall(*shape, dtype=np.float64):
    return np.arange(math.prod(shape), dtype=dtype).reshape(shape).copy()


def locked(x):
    x.flags.writeable = False
    return x


WALLS = {"x": arrays(..., dtype=("float64", "int16"), holds=("nan", "inf"))}


def turned_wall(rng):
    return {"x": rng.standard_normal((1000, 500)).T}


def upright_wall(rng):
    return {"x": rng.standard_normal((500, 1000))}


QUESTION = Question(
    kinds=["predict", "code"],
    difficulty="medium",
    topics=["Array Manipulation", "Memory"],
    companies=["Google", "Amazon", "Meta"],
    asked=["T8"],
    entry_points=[
        Entry(
            flat_view,
            WALLS,
            cases=[
                case(x=np.arange(6.0)[::2]),
                case(x=np.arange(6.0)[::-1]),
                case(x=wall(2, 3)[::-1, ::-1]),
                case(x=wall(2, 6)[:, ::2]),
                case(x=wall(3, 4)[:, 1:2]),
                case(x=wall(3, 2, 2)[:, :1, 1:]),
                case(x=wall(3, 2, 2, dtype=np.int16)[1:]),
                case(x=np.broadcast_to(np.ones((1, 1)), (2, 3))),
                case(x=wall(2, 1, 2).transpose(1, 0, 2)),
                case(x=np.zeros((3, 0, 2)).T),
                case(x=np.zeros((4, 4))[::2, :0]),
                raises(ValueError, x=wall(2, 2).T),
                raises(ValueError, x=wall(2, 3)[:, 1:]),
                raises(ValueError, x=wall(3, 2)[::-1]),
                raises(ValueError, x=np.broadcast_to(np.arange(2.0), (2, 2))),
                raises(ValueError, x=wall(2, 2, 2, dtype=np.int16)[:, :1]),
                raises(ValueError, x=wall(2, 2, 2, dtype=np.int16).transpose(1, 0, 2)),
            ],
        )
    ],
    scenarios=[
        Scenario(
            can_be_written,
            WALLS,
            cases=[
                case(x=wall(2, 3)),
                case(x=wall(2, 4)[:, ::2]),
                case(x=np.zeros((2, 0))),
                case(x=locked(wall(2, 3))),
                case(x=locked(np.zeros((2, 0)))),
            ],
        )
    ],
    levels=[
        Level("right", "", view_of("x")),
        Level(
            "not even to find out",
            "A wall of four megabytes must be taken or refused without any array being allocated.",
            allocates_nothing(upright_wall),
            allocates_nothing(turned_wall),
        ),
    ],
    hints=[
        "flatten, ravel and reshape(-1) each answer the question when to copy differently. Which copies least often?",
        "None of them says what it did. What tells a view from a copy afterwards, and what does it say of no elements?",
        "To know beforehand: when do two neighboring axes, of n and m elements with strides s and t, make one row?",
        "An axis of length 1 is never stepped along. Does its stride matter?",
    ],
    spoken=(
        "flatten always copies. ravel returns a view if the memory is already contiguous in the requested order, and "
        "copies otherwise. reshape(-1) returns a view if a single stride can describe the result, and otherwise "
        "silently copies. If I need writes to reach the original array, I must not get a copy by accident. In NumPy "
        "2.1 I can write reshape(-1, copy=False), which raises ValueError instead. In older versions I compare the "
        "strides, or check the result with np.shares_memory."
    ),
    explanation="""\
`flatten`, `ravel` and `reshape(-1)` give the elements in one row, in C order unless told otherwise. They differ in when
they copy:

- `x.flatten()` always does. It is a method only.
- `x.ravel()` returns contiguous memory, so it copies where x is not contiguous in the order asked for.
- `x.reshape(-1)` copies only if no single stride describes the row.

>>> x = np.arange(8).reshape(2, 4)
>>> y = x[:, ::2]
>>> [np.shares_memory(y, row) for row in (y.flatten(), y.ravel(), y.reshape(-1))]
[False, False, True]

Two neighboring axes join where the outer stride is the inner length times the inner stride. Axes of length 1 are never
stepped along and do not count.

>>> y.reshape(-1).strides, x.T.shape, x.T.strides
((16,), (4, 2), (8, 32))

So `x.T` does not join (8 is not 2 * 32), and `x.T.reshape(-1)` is a copy, silently. Code that relies on a view
must look: compare strides first, or ask `np.shares_memory` afterwards, which has paid for the copy and says False of
empty arrays. From NumPy 2.1, `x.reshape(-1, copy=False)` raises ValueError itself. The older idiom, assigning to the
shape of a view, raises AttributeError, but copies to find out; NumPy 2.5 deprecates it.

Order "K" reads elements as memory lies, so it seldom copies, but gives another order:

>>> x.T.ravel(order="K"), x.T.ravel()
(array([0, 1, 2, 3, 4, 5, 6, 7]), array([0, 4, 1, 5, 2, 6, 3, 7]))
""",
    points=[
        "flatten always copies; ravel and reshape(-1) return a view where they can.",
        "ravel returns contiguous memory, so it copies x[::2]; reshape(-1) needs only one stride.",
        "reshape copies silently where no stride fits, such as a transpose.",
        "Two axes join where the outer stride is the inner length times the inner stride; length 1 does not count.",
        "Writing to the row reaches x only through a view.",
        "np.shares_memory finds out after the copy; reshape(copy=False), from NumPy 2.1, raises instead.",
        "order='K' and 'A' follow memory, and so may give another order of elements.",
    ],
    follow_ups={
        "When is flatten the right choice?": "Where the row must be independent: to change it, or to keep it while x "
        "is overwritten.",
        "What is x.flat?": "An iterator over the elements in C order, for any layout. x.flat[k] = v writes into x, and "
        "x.flat[:] is a copy.",
        "How do you undo it?": "row.reshape(x.shape): contiguous or not, splitting an axis never copies.",
    },
    related=["reshape-blocks", "copy-or-view", "memory-layout", "debug-strides"],
    links=[
        "https://numpy.org/doc/stable/reference/generated/numpy.ravel.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.ndarray.flatten.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.reshape.html",
    ],
    live=show_costs,
)
