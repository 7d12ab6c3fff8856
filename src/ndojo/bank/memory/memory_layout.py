"""C order, Fortran order, both or neither."""

import time

import numpy as np

from ndojo.question import (
    Entry,
    Level,
    Question,
    Scenario,
    allocates_nothing,
    arrays,
    case,
    choice,
    drill,
    peak_memory,
    predict,
    shares_as_reference,
    trap,
    works,
)


def order_of(x):
    """Return in which order the elements of an array are stored in memory.

    Parameters
    ----------
    x : ndarray, any shape, float64, int16 or bool
        May be empty or 0-d, a view, strided, reversed, broadcast or read-only.

    Returns
    -------
    str
        ``"C"`` if the elements are stored without gaps and the last index changes fastest: row by row. ``"F"`` if they
        are stored without gaps and the first index changes fastest: column by column, as in Fortran. ``"both"`` or
        ``"neither"`` if both or neither are true. The stride of an axis of length 1 does not matter. An array without
        elements is ``"both"``, and so is a 0-d array.

    Examples
    --------
    >>> x = np.zeros((2, 3))
    >>> order_of(x), order_of(x.T), order_of(x[0]), order_of(x[:, 0])
    ('C', 'F', 'both', 'neither')
    """
    if x.flags.c_contiguous:
        return "both" if x.flags.f_contiguous else "C"
    return "F" if x.flags.f_contiguous else "neither"


def as_c(x, dtype=None):
    """Return an array with the same values in C order, as libraries that read memory row by row need it.

    Parameters
    ----------
    x : ndarray, any shape, float64, int16 or bool
        As for `order_of`.
    dtype : {None, "float32", "float64"}
        The dtype to convert to. None keeps the dtype of `x`.

    Returns
    -------
    ndarray, same shape as `x` (including 0-d), with the requested dtype
        The same values, with ``flags.c_contiguous`` True. On level 1 the result may always be a copy. On level 2 and
        above it must be `x` itself, the same object, if `x` is in C order and already has the dtype, and a copy
        otherwise.

    Examples
    --------
    >>> x = np.arange(6).reshape(2, 3)
    >>> as_c(x) is x, as_c(x.T).strides, as_c(x, "float32").strides
    (True, (16, 8), (12, 4))
    """
    return np.asarray(x, dtype=dtype, order="C")


# ------------------------------------------------------------------------------------------------------- right answers


@works(of="order_of")
def by_strides(x):
    """Compares each stride with the number of bytes of the inner axes. Axes of length 1 are ignored."""

    def packed(axes):
        step = x.itemsize
        for k in axes:
            if x.shape[k] != 1 and x.strides[k] != step:
                return False
            step *= x.shape[k]
        return True

    if x.size == 0:
        return "both"
    c, f = packed(range(x.ndim)[::-1]), packed(range(x.ndim))
    return "both" if c and f else "C" if c else "F" if f else "neither"


@works(fails="copy only if needed", of="order_of")
def by_copying(x):
    """asarray returns x if it has the requested order, and otherwise copies all of it just to find out."""
    in_order = np.asarray(x, order="C") is x, np.asarray(x, order="F") is x
    return {(True, True): "both", (True, False): "C", (False, True): "F", (False, False): "neither"}[in_order]


@works(of="as_c")
def by_astype(x, dtype=None):
    """astype converts and reorders in one step."""
    return x.astype(dtype or x.dtype, order="C", copy=False)


@works(of="as_c")
def by_requirement(x, dtype=None):
    """np.require takes flags."""
    return np.require(x, dtype=dtype, requirements="C")


@works(fails="copy only if needed", of="as_c")
def always_copies(x, dtype=None):
    """Safe, but unnecessary if x is already in order."""
    return np.array(x, dtype=dtype, order="C")


@works(fails="memory", of="as_c")
def in_two_steps(x, dtype=None):
    """Reorders first and converts afterwards: two copies instead of one."""
    if not x.flags.c_contiguous:
        x = x.copy()
    return x if dtype is None or x.dtype == dtype else x.astype(dtype)


# --------------------------------------------------------------------------------------------------------------- traps


@trap(
    "A contiguous 1-D array, like one with a single row, is in both C and Fortran order. Check both flags.",
    of="order_of",
)
def asks_c_first(x):
    return "C" if x.flags.c_contiguous else "F" if x.flags.f_contiguous else "neither"


@trap("An array that is not in C order need not be in Fortran order: slices with steps are in neither.", of="order_of")
def not_c_is_f(x):
    if x.flags.c_contiguous and x.flags.f_contiguous:
        return "both"
    return "C" if x.flags.c_contiguous else "F"


@trap(
    "The stride of an axis of length 1 does not matter: x[:1] of a strided array is contiguous.",
    of="order_of",
)
def minds_single_axes(x):
    if x.size == 0:
        return "both"
    c = x.strides == np.empty(x.shape, x.dtype).strides
    f = x.strides == np.empty(x.shape, x.dtype, order="F").strides
    return "both" if c and f else "C" if c else "F" if f else "neither"


@trap(
    "Decreasing strides show the order of the axes, but not that the elements have no gaps: x[:, ::2] "
    "has decreasing strides too.",
    of="order_of",
)
def sorted_strides(x):
    steps = [step for n, step in zip(x.shape, x.strides, strict=True) if n != 1]
    c, f = steps == sorted(steps, reverse=True), steps == sorted(steps)
    return "both" if (c and f) or not x.size else "C" if c else "F" if f else "neither"


@trap("np.isfortran is False if an array is in both orders, and also if it is in neither.", of="order_of")
def by_isfortran(x):
    return "F" if np.isfortran(x) else "C" if x.ndim > 1 else "both"


@trap("np.ascontiguousarray returns one axis or more: a 0-d array becomes shape (1,).", verdict="WT", of="as_c")
def adds_an_axis(x, dtype=None):
    return np.ascontiguousarray(x, dtype=dtype)


@trap(
    "np.copy, np.array and astype use order='K': the copy keeps the order of the strides. The method copy uses 'C'.",
    of="as_c",
)
def keeps_the_order(x, dtype=None):
    return np.copy(x) if dtype is None else np.array(x, dtype=dtype)


@trap(
    "reshape to the same shape is a view with the same strides. order says how to read the elements, and "
    "nothing is moved.",
    of="as_c",
)
def only_reshapes(x, dtype=None):
    return x.astype(dtype or x.dtype, copy=False).reshape(x.shape, order="C")


@trap("ravel('K') reads in memory order. Reshaped to rows, the elements are at other positions.", of="as_c")
def reads_as_it_lies(x, dtype=None):
    return x.ravel(order="K").reshape(x.shape).astype(dtype or x.dtype)


@trap(
    "The transpose of a Fortran array is in C order, but it is the transpose, not the same array.",
    verdict="WT",
    of="as_c",
)
def transposes(x, dtype=None):
    x = x if x.flags.c_contiguous else x.T.copy()
    return x.astype(dtype or x.dtype)


# -------------------------------------------------------------------------------------------------------------- drills


def shaped(rng, ndim):
    return tuple(int(k) for k in rng.choice(np.arange(3, 9), ndim, replace=False))


@drill("What are the strides, in bytes?")
def strides(rng, hardness):
    dtype = str(rng.choice(["int8", "int16", "float32", "float64"]))
    each = np.dtype(dtype).itemsize
    shape = shaped(rng, 2 if hardness < 0.5 else 3)
    forms = [
        ("C", "", "the last axis has a stride of one item, and each other stride covers all axes after it"),
        ("F", "", "the first axis has a stride of one item, and each other stride covers all axes before it"),
        ("C", "[::2]", "every second row doubles the first stride"),
        ("F", "[:, ::2]", "every second column doubles the second stride"),
        ("F", ".T", "a transpose reverses the strides, and the result is in C order"),
        ("C", "[::-1]", "a reversed axis has a negated stride"),
        ("F", ".copy(order='K')", "K keeps the order of the strides, here Fortran order"),
        ("F", ".copy()", "the method copy uses C order: the last axis has a stride of one item"),
    ]
    order, tail, why = forms[int(rng.integers(round(2 * hardness), 2 + round(6 * hardness)))]
    return predict(
        f"np.zeros({shape}, dtype={dtype!r}, order={order!r}){tail}.strides",
        why=f"Items of {each} byte{'s' * (each > 1)}; {why}.",
    )


@drill("Does this print True or False?")
def flags(rng, hardness):
    rows, columns = shaped(rng, 2)
    which = str(rng.choice(["c_contiguous", "f_contiguous"]))
    c = which[0] == "c"
    easy = [
        ("x", "A new array is in C order by default. With two axes that is not Fortran order."),
        ("x.T", "The transpose of a C array is in Fortran order."),
        ("x[1:]", "Complete adjacent rows have no gaps, so the slice stays in C order."),
        ("x[:, 1:]", "The start of each row is missing, so the slice has gaps: neither order."),
        ("x[0]", "A row is 1-D and has no gaps: both orders."),
        ("x[:, 0]", "The elements of a column are one row apart: neither order."),
        ("x.ravel()", "1-D without gaps: both orders."),
    ]
    hard = [
        ("x[:1]", "One row: the axis of length 1 does not matter, so both orders."),
        ("x[:, :1]", "One column: its elements are one row apart, so neither order."),
        ("x[:0]", "An array without elements is in both orders."),
        ("x[::-1]", "An axis with a negative stride is never contiguous."),
        ("x[:1][::-1]", "The reversed axis has length 1, so its stride does not matter: both orders."),
        ("np.broadcast_to(x[:1], x.shape)", "A stride of 0 over several rows: neither order."),
        ("x[::-1].copy()", "The method copy uses C order."),
        ("np.array(x.T)", "np.array uses order='K': the copy is in Fortran order, like x.T."),
        ("np.asfortranarray(x)", "This is a copy in Fortran order."),
        ("x[None, :, :]", "An inserted axis of length 1 changes no order: C."),
        ("x.T[None]", "An inserted axis of length 1 changes no order: Fortran."),
        ("x.reshape(-1, 1)", "A column with all elements, without gaps: both orders."),
    ]
    kinds = easy if hardness < 0.3 else hard if hardness > 0.7 else easy + hard
    made, why = kinds[int(rng.integers(len(kinds)))]
    asked = "C" if c else "F"
    return predict(f"x = np.zeros(({rows}, {columns}))\n{made}.flags.{which}", why=f"{asked} is asked. {why}")


@drill("How many bytes are between the first bytes of these two elements?")
def distances(rng, hardness):
    dtype = str(rng.choice(["int16", "float32", "float64"]))
    shape = shaped(rng, 2 if hardness < 0.6 else 3)
    order = "C" if hardness < 0.2 else str(rng.choice(["C", "F"]))
    step = 2 if hardness > 0.4 and rng.random() < 0.5 else 1
    x = np.zeros(shape, dtype=dtype, order=order)[..., ::step]
    place = tuple(int(rng.integers(n)) for n in x.shape)
    place = place if any(place) else (1, *place[1:])
    tail = "[..., ::2]" if step == 2 else ""
    sum_of = " + ".join(f"{k} * {s}" for k, s in zip(place, x.strides, strict=True))
    return predict(
        f"""
        x = np.zeros({shape}, dtype={dtype!r}, order={order!r}){tail}
        y = x[{", ".join(f"{k}:" for k in place)}]
        y.__array_interface__["data"][0] - x.__array_interface__["data"][0]
        """,
        why=f"The strides are {x.strides}: the element is {sum_of} bytes after the first.",
        asks=f"How many bytes after the first element of x is the first element of y, x[{', '.join(map(str, place))}]?",
    )


@drill("What is the result?")
def reading_orders(rng, hardness):
    rows, columns = (2, 3) if hardness < 0.5 else (int(rng.integers(2, 4)), int(rng.integers(2, 4)))
    start = int(rng.integers(0, 50))
    x = f"x = np.arange({start}, {start + rows * columns}).reshape({rows}, {columns})"
    forms = [
        ("x.ravel().tolist()", "C order: row by row."),
        ("x.ravel(order='F').tolist()", "Fortran order: column by column."),
        ("x.T.ravel().tolist()", "The rows of the transpose are the columns of x."),
        ("x.T.ravel(order='K').tolist()", "K reads in memory order, and a transpose does not move memory."),
        ("x.T.flatten(order='A').tolist()", "A reads in Fortran order if the array is in Fortran order, "
                                            "as x.T is: that is the memory order."),
        ("np.asfortranarray(x).ravel().tolist()", "The values at each index are the same, and ravel reads row "
                                                  "by row."),
        ("np.asfortranarray(x).ravel(order='K').tolist()", "The memory was arranged column by column."),
        (f"x.reshape({columns}, {rows}, order='F').tolist()", "order='F' reads columns and fills columns."),
        (f"x.ravel().reshape({rows}, {columns}, order='F').tolist()", "The elements are read row by row and fill "
                                                                      "columns."),
    ]  # fmt: skip
    code, why = forms[int(rng.integers(round(3 * hardness), 3 + round(6 * hardness)))]
    return predict(f"{x}\n{code}", why=why)


@drill("Does this copy? True if the result has separate memory")
def copies(rng, hardness):
    rows, columns = shaped(rng, 2)
    order = str(rng.choice(["C", "F"]))
    c = order == "C"
    laid = f"x is in {order} order"
    forms = [
        ("np.ascontiguousarray(x)", f"{laid}: " + ("it is returned unchanged." if c else "only a copy can be in C "
                                                                                         "order.")),
        ("np.asfortranarray(x)", f"{laid}: " + ("only a copy can be in F "
                                                "order." if c else "it is returned unchanged.")),
        ("x.T", "A transpose only exchanges the strides."),
        ("x.ravel()", f"{laid}: " + ("one stride reads it row by row." if c else "no single stride reads its rows.")),
        ("x.ravel(order='F')", f"{laid}: " + ("no single stride reads columns." if c else "one stride reads columns.")),
        ("x.ravel(order='K')", "K reads in memory order, and the array has no gaps."),
        ("np.asarray(x, order='C')", f"{laid}: " + ("nothing has to be changed." if c else "a copy is needed.")),
        ("np.asarray(x.T, order='C')",
         f"{laid}, so x.T is in "
         f"{'F' if c else 'C'} order: " + ("it has to be copied." if c else "nothing has to be changed.")),
        ("x.reshape(-1, order='A')", "A reads in the order of the contiguous x: no copy."),
        ("x[:, ::2].reshape(-1)",
         "The next selected element is two items away, also at the end of a row, because the number of "
         "columns is even: one stride."
         if c and columns % 2 == 0 else "At the end of a row the distance is different, so a single "
                                        "stride is not enough."),
        ("np.array(x, copy=None, order='F')",
         f"copy=None copies only if needed, and {laid}: " + ("a copy is needed." if c else "no copy is needed.")),
        ("np.asarray(x[:1], order='F')", "One row " + ("of a C array is in both orders." if c else
         "of a Fortran array has gaps: it is in neither order.")),
    ]  # fmt: skip
    code, why = forms[int(rng.integers(round(4 * hardness), 5 + round(7 * hardness)))]
    return predict(f"x = np.ones(({rows}, {columns}), order={order!r})\nnot np.shares_memory(x, {code})", why=why)


# ------------------------------------------------------------------------------------------------------------ question


def layout(as_c, x, dtype):
    y = as_c(x, dtype)
    return {"result": y, "flags.c_contiguous": y.flags.c_contiguous}


def fortran(rng):
    return {"x": np.asfortranarray(rng.standard_normal((1000, 1000)))}


def show_walks():
    x = np.ones((2000, 2000))
    y = np.asfortranarray(x)

    def milliseconds(act):
        best = float("inf")
        for _ in range(3):
            start = time.perf_counter()
            act()
            best = min(best, 1e3 * (time.perf_counter() - start))
        return best

    print(f"C order {x.strides}, Fortran order {y.strides}, {x.nbytes / 1e6:.0f} MB each")
    print(f"sum row by row, C order            {milliseconds(lambda: [row.sum() for row in x]):8.2f} ms")
    print(f"sum column by column, C order      {milliseconds(lambda: [column.sum() for column in x.T]):8.2f} ms")
    print(f"copy to C order                    {milliseconds(lambda: x.copy()):8.2f} ms")
    print(f"copy to Fortran order              {milliseconds(lambda: np.asfortranarray(x)):8.2f} ms")
    print(f"x + x, both in C order             {milliseconds(lambda: x + x):8.2f} ms")
    print(f"x + y, one of each                 {milliseconds(lambda: x + y):8.2f} ms")


ANY = arrays(..., dtype=("float64", "int16", "bool"), holds=("nan",))
TABLE = np.arange(12.0).reshape(4, 3)
EDGES = [
    np.zeros(3),
    np.zeros(6)[::2],
    np.arange(6.0).reshape(2, 3),
    np.arange(6.0).reshape(2, 3).T,
    TABLE[::2],
    TABLE[:, :2],
    TABLE[::2][:1],
    TABLE[:, :1],
    TABLE[:, :1].T,
    np.zeros((3, 4, 2)).transpose(1, 0, 2),
    TABLE[:0],
    np.zeros((3, 4))[:, ::2][:, :0],
    np.array(1.5),
    np.broadcast_to(np.zeros(3), (2, 3)),
    np.broadcast_to(np.zeros(3), (1, 3)),
    np.arange(6.0).reshape(2, 3)[::-1],
]

QUESTION = Question(
    kinds=["predict", "explain", "code"],
    difficulty="hard",
    topics=["Internals", "Performance"],
    companies=["HFT Firms", "Google", "Amazon"],
    asked=["T102", "google-2"],
    entry_points=[
        Entry(order_of, {"x": ANY}, cases=[case(x=x) for x in EDGES]),
        Entry(
            as_c,
            {"x": ANY, "dtype": choice(None, "float32", "float64")},
            cases=[case(x=x, dtype=None) for x in EDGES],
        ),
    ],
    scenarios=[
        Scenario(
            layout,
            {"x": ANY, "dtype": choice(None, "float32", "float64")},
            cases=[case(x=TABLE[:2].T, dtype=None), case(x=TABLE[:2].T, dtype="float32")],
        )
    ],
    levels=[
        Level("right"),
        Level(
            "copy only if needed",
            "order_of copies nothing, and as_c returns x itself if nothing has to be changed.",
            shares_as_reference(),
            allocates_nothing(fortran),
        ),
        Level(
            "memory",
            "For 8 MB in Fortran order, converting to float32 in C order allocates only the result.",
            peak_memory(lambda rng: fortran(rng) | {"dtype": "float32"}, outputs=1),
        ),
    ],
    hints=[
        "Print x.flags and x.strides for a small array, its transpose, a row and a column.",
        "Which of the two flags are True for a 1-D array? For one with a single row? For one without elements?",
        "Several functions accept order='C'. What does each do if nothing has to be changed, and for a 0-d array?",
        "Converting and reordering both copy: which function does them in one step?",
    ],
    spoken="""\
In C order the last index changes fastest, so rows are contiguous; in Fortran order the first index does, so columns
are. I check the flags `c_contiguous` and `f_contiguous`, which are not opposites: a contiguous 1-D array has both, a
slice with gaps has neither, and a transpose swaps them without copying. To get C order I use `np.asarray(x,
order="C")`, which copies only if needed. The order never changes values, only the speed and what reshape and ravel
have to copy.
""",
    explanation="""\
Memory is one-dimensional. The strides of an array are the bytes between neighbors along each axis. In C order the last
index changes fastest, so rows are contiguous; in Fortran order columns are.

>>> x = np.zeros((2, 3))
>>> x.strides, np.asfortranarray(x).strides
((24, 8), (8, 16))

*Flags.* A transpose reverses the strides: C becomes Fortran without a copy. The two flags are not opposites. A
contiguous 1-D array has both, because its only index is both the first and the last. So does a single contiguous row,
shape (1, m), because the stride of an axis of length 1 does not matter. A slice with gaps has neither.

>>> x[0].flags.c_contiguous, x[0].flags.f_contiguous
(True, True)
>>> x[:, 0].flags.c_contiguous, x[:, 0].flags.f_contiguous
(False, False)

*Arguments.* `order` is "C", "F", "A" (F if the array is in Fortran order, otherwise C) or "K" (memory order).
`x.copy()` uses C, `np.copy` and `np.array` use K. `np.asarray(x, dtype, order="C")` copies only if needed, once for
both changes. So does `np.ascontiguousarray`, but it turns a 0-d array into a 1-D one. Indices and values never depend
on the order, only `ravel`, `reshape` and speed do.

*Speed.* A cache line usually has 64 bytes, eight float64. Reading along the fast axis uses all eight; across it, each
element may need a separate cache line. Ufuncs and reductions choose the order of their loops to fit the strides. That
does not help a mixed pair, a Python loop over columns, or a C library that expects rows. BLAS accepts either order
through a flag.
""",
    points=[
        "C order: the last index changes fastest, rows are contiguous. Fortran order: the first index "
        "changes fastest, columns are contiguous.",
        "Strides in bytes: C (m * itemsize, itemsize), F (itemsize, n * itemsize).",
        "A transpose turns one into the other without a copy.",
        "Contiguous 1-D arrays and single rows are in both orders; slices with gaps are in neither.",
        "order= accepts C, F, A and K; np.copy and np.array default to K, the method copy to C.",
        "ascontiguousarray and asarray(order='C') copy only if needed; the first turns 0-d arrays into 1-D.",
        "Read along the fast axis: a cache line of 64 bytes contains eight float64.",
        "reshape and ravel copy if strides cannot describe their result.",
    ],
    follow_ups={
        "Which order is better for NumPy?": "C is the default and what most C code expects. Use F if LAPACK, "
        "Fortran or column-wise work needs it.",
        "Does x.sum(axis=0) read column by column on a C array?": "No, NumPy adds whole rows to the result, along "
        "the fast axis.",
        "How do you make a strided slice fast?": "Copy it once if it is read often: `x[:, ::8].copy()`.",
    },
    related=["transpose-axes", "cache-locality", "copy-or-view", "flatten-vs-ravel"],
    links=[
        "https://numpy.org/doc/stable/reference/arrays.ndarray.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.ndarray.flags.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.ascontiguousarray.html",
    ],
    live=show_walks,
)
