"""Flatten an array without copying."""

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
    """Return a 1-D view of all elements of `x` in C order, or raise ValueError if no such view exists.

    `x` holds the brightness of each LED of a display, and a driver sets the LEDs by their 1-D index. Writes to the
    result must reach `x`, so the function never returns a copy.

    Parameters
    ----------
    x : ndarray, any shape with up to four axes, float64 or int16
        Any memory layout: may be strided, reversed, transposed, broadcast by ``np.broadcast_to``, or read-only. May be
        empty or 0-d.

    Returns
    -------
    ndarray, shape (x.size,), same dtype as `x`
        A view of `x` with its elements in C order, in which the index of the last axis changes fastest. Such a view
        exists if the distance in memory from each element to the next is the same, and always if ``x.size <= 1``. The
        result is read-only if and only if `x` is.

    Raises
    ------
    ValueError
        If no such view exists.

    Examples
    --------
    >>> display = np.zeros((2, 3))
    >>> flat_view(display)[4] = 0.5
    >>> display
    array([[0. , 0. , 0. ],
           [0. , 0.5, 0. ]])
    >>> flat_view(np.arange(6.0)[::2])
    array([0., 2., 4.])
    >>> flat_view(display.T)
    Traceback (most recent call last):
    ...
    ValueError: no 1-D view of shape (3, 2) with strides (8, 24)
    """
    axes = [axis for axis in range(x.ndim) if x.shape[axis] > 1]
    joins = all(x.strides[outer] == x.shape[inner] * x.strides[inner] for outer, inner in itertools.pairwise(axes))
    if x.size and not joins:
        raise ValueError(f"no 1-D view of shape {x.shape} with strides {x.strides}")
    return x.reshape(x.size)


@works(fails="no allocation")
def by_new_shape(x):
    """Assigns the shape of a new view. NumPy raises AttributeError if that needs a copy, but makes the copy first."""
    flat = x.view()
    try:
        flat.shape = (x.size,)
    except AttributeError as problem:
        raise ValueError("no single stride") from problem
    return flat


@works()
def from_the_inside_out(x):
    """Merges the axes from the last to the first and creates the view with as_strided."""
    count, stride = 1, x.itemsize
    for n, step in list(zip(x.shape, x.strides, strict=True))[::-1]:
        if n == 1 or x.size == 0:
            continue
        if count == 1:
            stride = step
        elif step != count * stride:
            raise ValueError("the axes have no common stride")
        count *= n
    return as_strided(x, (x.size,), (stride,))


@works(fails="no allocation")
def checks_afterwards(x):
    """Tests whether the result of reshape is a copy."""
    flat = x.reshape(-1)
    if x.size and not np.shares_memory(x, flat):
        raise ValueError("reshape had to copy")
    return flat


@works(fails="no allocation")
def by_addresses(x):
    """Computes the address of each element and tests whether all differences are equal."""
    places = np.zeros(1, dtype=np.int64)
    for n, step in zip(x.shape, x.strides, strict=True):
        places = np.add.outer(places, step * np.arange(n)).ravel()
    steps = np.diff(places)
    if (steps != steps[:1]).any():
        raise ValueError("elements at unequal distances")
    return as_strided(x, places.shape, (int(steps[0]) if steps.size else x.itemsize,))


@trap(
    "If no view exists, raise ValueError. reshape(-1) and ravel silently return a copy instead. Compare the strides "
    "first, or call np.shares_memory on the result."
)
def copies_silently(x):
    return x.reshape(-1)


@trap(
    "The result is always a copy, so writes to it never reach x. flatten copies even if a view is possible. Use "
    "reshape(-1), which returns a view if it can."
)
def flattens(x):
    return x.flatten()


@trap(
    "A 1-D view does not have to be contiguous: x[::2] of a 1-D array already is one, with a larger stride. ravel "
    "copies such arrays because it returns contiguous memory. reshape(-1) returns a view of them.",
    verdict="RE",
)
def ravels(x):
    flat = x.ravel()
    if x.size and not np.shares_memory(x, flat):
        raise ValueError("ravel had to copy")
    return flat


@trap(
    "The elements must be in C order for any memory layout. order='A' and order='K' follow the memory layout instead, "
    "which avoids the copy but changes the order of the elements. Use the default order='C'."
)
def in_memory_order(x):
    flat = x.reshape(-1, order="A")
    if x.size and not np.shares_memory(x, flat):
        raise ValueError("reshape had to copy")
    return flat


@trap(
    "np.shares_memory returns False for arrays without elements, but an empty view always exists. Test x.size first.",
    verdict="RE",
)
def refuses_the_empty(x):
    flat = x.reshape(-1)
    if not np.shares_memory(x, flat):
        raise ValueError("reshape had to copy")
    return flat


@trap(
    "The stride of an axis of length 1 is never used, so it can have any value. Skip such axes when you compare the "
    "strides.",
    verdict="RE",
)
def compares_axes_of_one(x):
    for axis in range(x.ndim - 1):
        if x.size and x.strides[axis] != x.shape[axis + 1] * x.strides[axis + 1]:
            raise ValueError("the axes have no common stride")
    return x.reshape(x.size)


@trap(
    "Assigning to x.shape changes the caller's array. Leave x as it is and return a new array object, as reshape does.",
    verdict="IM",
)
def flattens_the_input(x):
    try:
        x.shape = (x.size,)
    except AttributeError as problem:
        raise ValueError("no single stride") from problem
    return x


@trap(
    "A read-only result cannot be used to write to x. The result must be read-only if and only if x is, which is the "
    "default for a view."
)
def returns_read_only(x):
    flat = x.reshape(-1)
    if x.size and not np.shares_memory(x, flat):
        raise ValueError("reshape had to copy")
    flat.flags.writeable = False
    return flat


LAYOUTS = [
    ("x", "y is contiguous."),
    ("x[1:]", "The slice selects whole rows, so y is contiguous."),
    ("x[:, 1:]", "Each row has lost an element, so the gap between the rows does not fit a single stride."),
    ("x.T", "The rows of y are columns of x, so no single stride visits the elements in C order."),
    ("x[::-1, ::-1]", "Both axes are reversed, so one negative stride is enough, but y is not contiguous."),
    ("x[::-1]", "The order of the rows is reversed, but the order within each row is not, so no single stride fits."),
    ("x[:, ::2]", "The number of columns is even, so one stride of two elements is enough, but y is not contiguous."),
    ("x[:, :1]", "One column has a single stride, but y is not contiguous."),
    ("x[::2, :1]", "One column of every second row has a single stride, but y is not contiguous."),
    ("x[1]", "One row is contiguous."),
    ("x[:, 1]", "One column has a single stride, but y is not contiguous."),
    ("np.broadcast_to(x[0], (2, x.shape[1]))", "y repeats the same row, so no single stride leads back to its start."),
    (
        "np.broadcast_to(x[:1, :1], x.shape)",
        "Both axes have stride 0, so one stride is enough, but y is not contiguous.",
    ),
    ("x[None, :, None]", "Axes of length 1 do not matter: y is contiguous."),
]


@drill("Does this print True or False?")
def which_of_them_copies(rng, hardness):
    rows, columns = int(rng.integers(3, 6)), 2 * int(rng.integers(2, 5))
    way = ["x.reshape(-1)", "x.ravel()", "x.flatten()"][int(rng.integers(3 if hardness < 0.5 else 2))]
    reach = 4 + round(10 * hardness)
    layout, because = LAYOUTS[int(rng.integers(max(0, reach - 9), reach))]
    head = f"x = np.zeros(({rows}, {columns}))"
    if way == "x.flatten()":
        why = f"{because} flatten copies in any case."
    elif way == "x.ravel()":
        why = f"{because} ravel returns a view only of a contiguous array."
    else:
        why = f"{because} reshape returns a view if one stride fits, and a copy otherwise."
    head += f"\ny = {layout}"
    return predict(f"{head}\nnp.shares_memory(y, {way.replace('x', 'y', 1)})", why=why)


@drill("What is the value?")
def after_writing_to_the_row(rng, hardness):
    rows, columns = (int(n) for n in rng.integers(2, 5, 2))
    k, new = int(rng.integers(1, rows * columns)), int(rng.integers(50, 99))
    i, j = divmod(k, columns)
    forms = [
        (f"y = x.ravel()\ny[{k}] = {new}", "x is contiguous, so ravel returns a view."),
        (f"y = x.flatten()\ny[{k}] = {new}", "flatten always copies, so x is unchanged."),
        (f"y = x.reshape(-1)\ny[{k}] = {new}", "x is contiguous, so reshape returns a view."),
        (f"y = x.ravel().copy()\ny[{k}] = {new}", "copy returns an array with separate memory, so x is unchanged."),
        (f"x.flat[{k}] = {new}", "x.flat is an iterator over x, so assigning to it writes to x."),
        (f"y = x.flat[:]\ny[{k}] = {new}", "A slice of x.flat is a copy, so x is unchanged."),
        (
            f"y = x.T.ravel(order='F')\ny[{k}] = {new}",
            "The transpose of a C-contiguous array is Fortran-contiguous, so ravel in that order returns a view.",
        ),
        (f"y = x.T.ravel()\ny[{j * rows + i}] = {new}", "The transpose is not C-contiguous, so ravel copies."),
        (f"y = x.T.reshape(-1)\ny[{j * rows + i}] = {new}", "No single stride fits the transpose, so reshape copies."),
        (
            f"y = x.ravel(order='F')\ny[{j * rows + i}] = {new}",
            "A C-contiguous array with several rows and columns is not Fortran-contiguous, so ravel copies.",
        ),
        (f"y = x.ravel(order='K')\ny[{k}] = {new}", "order='K' follows the memory layout, so ravel returns a view."),
    ]
    text, why = forms[int(rng.integers(round(4 * hardness), 4 + round(7 * hardness)))]
    return predict(f"x = np.arange({rows * columns}).reshape({rows}, {columns})\n{text}\nint(x[{i}, {j}])", why=why)


@drill("What is the value?")
def in_which_order(rng, hardness):
    rows, columns = (int(n) for n in rng.choice(np.arange(2, 6), 2, replace=False))
    k = int(rng.integers(1, rows * columns - 1))
    order = ["C", "F", "A", "K"][int(rng.integers(2 + round(2 * hardness)))]
    transposed = hardness > 0.3 and rng.random() < 0.7
    option = "" if order == "C" else f"order={order!r}"
    shape = (columns, rows) if transposed else (rows, columns)
    by_column = order == "F"
    why = {
        "C": "In C order, the index of the last axis changes fastest",
        "F": "In Fortran order, the index of the first axis changes fastest",
    }.get(order)
    if order in "AK":
        by_column = transposed
        layout = "a transpose is in Fortran order" if transposed else "this array is in C order"
        why = f"order={order!r} follows the memory layout, and {layout}"
    i, j = divmod(k, shape[0])[::-1] if by_column else divmod(k, shape[1])
    return predict(
        f"x = np.arange({rows * columns}).reshape({rows}, {columns}){'.T' if transposed else ''}\n"
        f"x.ravel({option})[{k}]",
        why=f"{why}, so element {k} is row {i}, column {j} of x.",
    )


@drill("What are the strides of this array, in bytes?")
def strides_of_the_row(rng, hardness):
    dtype = str(rng.choice(["int16", "float32", "float64"]))
    size, step = np.dtype(dtype).itemsize, int(rng.integers(2, 5))
    columns = step * int(rng.integers(2, 5))
    forms = [
        ("x.ravel()", f"x is contiguous, so ravel returns a view with a stride of one element: {size} bytes."),
        (f"x[:, ::{step}].flatten()", f"flatten returns a new contiguous array of {size}-byte elements."),
        (
            f"x[:, ::{step}].reshape(-1)",
            f"{columns} columns are a multiple of {step}, so one stride of {step} elements fits: a view.",
        ),
        (f"x[:, ::{step}].ravel()", f"ravel returns contiguous memory, so it copies the {size}-byte elements."),
        ("x[::-1, ::-1].reshape(-1)", f"Both axes are reversed, so one stride of {-size} bytes fits: a view."),
        ("x[::-1, ::-1].ravel()", f"ravel returns contiguous memory, so it copies the {size}-byte elements."),
        ("x[:, 1].reshape(-1)", f"The stride of a column is one row, {columns} elements of {size} bytes: a view."),
        ("x.T.reshape(-1)", f"No single stride fits, so reshape copies the {size}-byte elements."),
    ]
    text, why = forms[int(rng.integers(round(3 * hardness), 4 + round(4 * hardness)))]
    return predict(f"x = np.zeros((4, {columns}), dtype={dtype!r})\n{text}.strides", why=why)


@drill("Does this print True or False, or which error is raised?")
def what_comes_back(rng, hardness):
    n = int(rng.integers(3, 9))
    forms = [
        ("x.flatten().flags.owndata", "flatten returns a copy, which owns its memory."),
        ("x.ravel().flags.owndata", "x is contiguous, so ravel returns a view, which does not own its memory."),
        ("x.ravel() is x", "ravel returns another array object, although it shares memory with x."),
        (
            "x[0].ravel().base is x",
            "The base is the array that owns the memory: the result of arange. x is only a view of it.",
        ),
        ("x.T.ravel().flags.c_contiguous", "ravel always returns contiguous memory. Here it has to copy."),
        ("isinstance(x.flat, np.ndarray)", "x.flat is an iterator of type np.flatiter, not an array."),
        ("x[:, ::2].ravel().flags.c_contiguous", "ravel always returns contiguous memory. Here it has to copy."),
        (
            "x[:, ::2].reshape(-1).flags.c_contiguous",
            "One stride of two elements fits, so reshape returns a view with gaps between the elements.",
        ),
        ("x.T.reshape(-1).base is x", "reshape has to copy, so the result is not a view of x."),
        ("np.ravel(x.tolist()).shape == x.ravel().shape", "The function np.ravel accepts a list of lists too."),
        ("x.tolist().ravel().shape == x.shape", "A list has no method ravel: AttributeError."),
        ("np.flatten(x).shape == x.shape", "flatten exists only as a method of arrays: AttributeError."),
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
                flat = act(y)
                spent.append(time.perf_counter() - start)
            what = "a view" if np.shares_memory(y, flat) else "a copy"
            print(f"{array + '.' + way:24} {what}, strides {flat.strides!s:7} {1e3 * min(spent):9.4f} ms")


def is_writeable(flat_view, x):
    return flat_view(x).flags.writeable


def numbered(*shape, dtype=np.float64):
    return np.arange(math.prod(shape), dtype=dtype).reshape(shape).copy()


def read_only(x):
    x.flags.writeable = False
    return x


INPUTS = {"x": arrays(..., dtype=("float64", "int16"), holds=("nan", "inf"))}


def transposed_input(rng):
    return {"x": rng.standard_normal((1000, 500)).T}


def contiguous_input(rng):
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
            INPUTS,
            cases=[
                case(x=np.arange(6.0)[::2]),
                case(x=np.arange(6.0)[::-1]),
                case(x=numbered(2, 3)[::-1, ::-1]),
                case(x=numbered(2, 6)[:, ::2]),
                case(x=numbered(3, 4)[:, 1:2]),
                case(x=numbered(3, 2, 2)[:, :1, 1:]),
                case(x=numbered(3, 2, 2, dtype=np.int16)[1:]),
                case(x=np.broadcast_to(np.ones((1, 1)), (2, 3))),
                case(x=numbered(2, 1, 2).transpose(1, 0, 2)),
                case(x=np.zeros((3, 0, 2)).T),
                case(x=np.zeros((4, 4))[::2, :0]),
                raises(ValueError, x=numbered(2, 2).T),
                raises(ValueError, x=numbered(2, 3)[:, 1:]),
                raises(ValueError, x=numbered(3, 2)[::-1]),
                raises(ValueError, x=np.broadcast_to(np.arange(2.0), (2, 2))),
                raises(ValueError, x=numbered(2, 2, 2, dtype=np.int16)[:, :1]),
                raises(ValueError, x=numbered(2, 2, 2, dtype=np.int16).transpose(1, 0, 2)),
            ],
        )
    ],
    scenarios=[
        Scenario(
            is_writeable,
            INPUTS,
            cases=[
                case(x=numbered(2, 3)),
                case(x=numbered(2, 4)[:, ::2]),
                case(x=np.zeros((2, 0))),
                case(x=read_only(numbered(2, 3))),
                case(x=read_only(np.zeros((2, 0)))),
            ],
        )
    ],
    levels=[
        Level("right", "", view_of("x")),
        Level(
            "no allocation",
            "Allocates no array for an input of 4 MB, regardless of whether it returns a view or raises ValueError.",
            allocates_nothing(contiguous_input),
            allocates_nothing(transposed_input),
        ),
    ],
    hints=[
        "flatten, ravel and reshape(-1) copy in different cases. Which of them copies least often?",
        "None of them reports whether it copied. Which function tests that afterwards, and what does it return for an "
        "array without elements?",
        "To decide before any copy: two neighboring axes have n and m elements and strides s and t. When does one "
        "stride visit all n * m elements in order?",
        "Which index can an axis of length 1 have? Does its stride matter?",
    ],
    spoken="""\
flatten always copies. ravel returns a view if the memory is already contiguous in the requested order, and copies
otherwise. reshape(-1) returns a view if a single stride can describe the result, and otherwise silently copies. If
writes must reach the original array, I have to rule out a copy. Since NumPy 2.1, I can write reshape(-1, copy=False),
which raises ValueError instead of copying. In older versions I compare the strides first, or check the result with
np.shares_memory.
""",
    explanation="""\
`flatten`, `ravel` and `reshape(-1)` return the elements as a 1-D array, in C order by default. They copy in different
cases:

- `x.flatten()` always copies. It exists only as a method.
- `x.ravel()` returns contiguous memory. It copies if x is not contiguous in the requested order.
- `x.reshape(-1)` copies only if no single stride describes the result.

>>> x = np.arange(8).reshape(2, 4)
>>> y = x[:, ::2]
>>> [np.shares_memory(y, flat) for flat in (y.flatten(), y.ravel(), y.reshape(-1))]
[False, False, True]

*When does a view exist?* Two neighboring axes merge into one if the stride of the outer axis equals the length of the
inner axis times its stride. Skip axes of length 1, because their strides are never used. With int32 elements:

>>> a = np.arange(8, dtype=np.int32).reshape(2, 4)
>>> a.shape, a.strides
((2, 4), (16, 4))
>>> a.T.shape, a.T.strides
((4, 2), (4, 16))

The axes of `a` merge because 16 == 4 * 4. Those of `a.T` do not, because 4 != 2 * 16, so `a.T.reshape(-1)` silently
copies.

*How to detect a copy.*

- Compare the strides first. This allocates nothing and works in every version.
- `x.reshape(-1, copy=False)` raises ValueError instead of copying. It needs NumPy 2.1.
- `np.shares_memory(x, flat)` tests the result after the copy was made. It returns False for empty arrays.
- Older code assigns to the shape of `x.view()`, which raises AttributeError if a view is impossible. NumPy makes the
  copy anyway before it raises, and NumPy 2.5 deprecates assigning to the shape.

*Order.* order="K" and order="A" follow the memory layout. They need fewer copies, but may return the elements in
another order:

>>> x.T.ravel(order="K"), x.T.ravel()
(array([0, 1, 2, 3, 4, 5, 6, 7]), array([0, 4, 1, 5, 2, 6, 3, 7]))

*Which one to use?* Use `reshape(-1)` or `ravel()` to read the elements, `ravel()` if the next step requires contiguous
memory, and `flatten()` if you need an independent copy.
""",
    points=[
        "flatten always copies. ravel and reshape(-1) return a view if they can.",
        "ravel returns contiguous memory, so it copies x[::2]. reshape(-1) needs only one stride.",
        "reshape silently copies if no single stride fits, as for the transpose of a matrix.",
        "Two axes merge if the outer stride equals the inner length times the inner stride. Skip axes of length 1.",
        "Writes to the result reach x only if it is a view.",
        "np.shares_memory detects a copy afterwards. reshape(copy=False), new in NumPy 2.1, raises ValueError instead.",
        "order='K' and order='A' follow the memory layout and may return the elements in another order.",
    ],
    follow_ups={
        "When is flatten the right choice?": "If the result must be independent of x: you want to change it, or keep "
        "it while x is overwritten.",
        "What is x.flat?": "An iterator over the elements in C order, for any memory layout. `x.flat[k] = v` writes to "
        "x, and `x.flat[:]` is a copy.",
        "How do you get the original shape back?": "`flat.reshape(x.shape)`. Splitting one axis into several never "
        "copies.",
    },
    related=["reshape-blocks", "copy-or-view", "memory-layout", "debug-strides"],
    links=[
        "https://numpy.org/doc/stable/reference/generated/numpy.ravel.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.ndarray.flatten.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.reshape.html",
    ],
    live=show_costs,
)
