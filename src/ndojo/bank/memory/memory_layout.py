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
    """Tell in which order an array's elements lie in memory.

    Parameters
    ----------
    x : ndarray, any shape, float64, int16 or bool
        May be empty or 0-d, a view, strided, reversed, broadcast or read-only.

    Returns
    -------
    str
        ``"C"`` if the elements lie one behind the other, without gaps, and the last index runs fastest: row after row.
        ``"F"`` if they do and the first index runs fastest: column after column, as in Fortran. ``"both"`` or
        ``"neither"`` where that is so. Strides say nothing along an axis of length 1, and nothing at all for an array
        without elements, which is ``"both"``, as is a 0-d array.

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
    """Get an array's values in C order, for a library that reads memory row by row.

    Parameters
    ----------
    x : ndarray, any shape, float64, int16 or bool
        As for `order_of`.
    dtype : {None, "float32", "float64"}
        What to convert the values to; None keeps the dtype of `x`.

    Returns
    -------
    ndarray, shape of `x` (also 0-d), dtype as asked for
        The same values, and ``flags.c_contiguous`` is True. On level 1 this may always be a copy. From level 2 on it
        is `x` itself, the very same object, where `x` is in C order and has that dtype already, else a copy.

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
    """Compares each stride with what the elements behind it would fill; axes of length 1 take no step."""

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
    """asarray hands x back where it has the order that is asked for; else it copies all of it, only to be asked."""
    in_order = np.asarray(x, order="C") is x, np.asarray(x, order="F") is x
    return {(True, True): "both", (True, False): "C", (False, True): "F", (False, False): "neither"}[in_order]


@works(of="as_c")
def by_astype(x, dtype=None):
    """astype converts and reorders in one go."""
    return x.astype(dtype or x.dtype, order="C", copy=False)


@works(of="as_c")
def by_requirement(x, dtype=None):
    """np.require asks for flags."""
    return np.require(x, dtype=dtype, requirements="C")


@works(fails="copy only if needed", of="as_c")
def always_copies(x, dtype=None):
    """Safe, and needless where x is in order."""
    return np.array(x, dtype=dtype, order="C")


@works(fails="memory", of="as_c")
def in_two_steps(x, dtype=None):
    """Reorders first and converts afterwards: two copies where one would do."""
    if not x.flags.c_contiguous:
        x = x.copy()
    return x if dtype is None or x.dtype == dtype else x.astype(dtype)


# --------------------------------------------------------------------------------------------------------------- traps


@trap(
    "A contiguous 1-D array, like one with a single row, is in C and in Fortran order: ask both flags.", of="order_of"
)
def asks_c_first(x):
    return "C" if x.flags.c_contiguous else "F" if x.flags.f_contiguous else "neither"


@trap("What is not in C order need not be in Fortran order: slices with steps are in neither.", of="order_of")
def not_c_is_f(x):
    if x.flags.c_contiguous and x.flags.f_contiguous:
        return "both"
    return "C" if x.flags.c_contiguous else "F"


@trap(
    "No step is taken along an axis of length 1, so its stride does not matter: x[:1] of an array with steps is "
    "contiguous.",
    of="order_of",
)
def minds_single_axes(x):
    if x.size == 0:
        return "both"
    c = x.strides == np.empty(x.shape, x.dtype).strides
    f = x.strides == np.empty(x.shape, x.dtype, order="F").strides
    return "both" if c and f else "C" if c else "F" if f else "neither"


@trap("Falling strides show the order of the axes, not that there are no gaps: x[:, ::2] has them too.", of="order_of")
def sorted_strides(x):
    steps = [step for n, step in zip(x.shape, x.strides, strict=True) if n != 1]
    c, f = steps == sorted(steps, reverse=True), steps == sorted(steps)
    return "both" if (c and f) or not x.size else "C" if c else "F" if f else "neither"


@trap("np.isfortran is False where an array is in both orders, and for neither too.", of="order_of")
def by_isfortran(x):
    return "F" if np.isfortran(x) else "C" if x.ndim > 1 else "both"


@trap(
    "np.ascontiguousarray returns at least one axis: a 0-d array comes back with shape (1,).", verdict="WT", of="as_c"
)
def adds_an_axis(x, dtype=None):
    return np.ascontiguousarray(x, dtype=dtype)


@trap(
    "np.copy, np.array and astype have order='K': the copy keeps the order of the strides. The method copy has 'C'.",
    of="as_c",
)
def keeps_the_order(x, dtype=None):
    return np.copy(x) if dtype is None else np.array(x, dtype=dtype)


@trap(
    "reshape to the same shape is a view with the same strides: order says how to read, and nothing is moved.",
    of="as_c",
)
def only_reshapes(x, dtype=None):
    return x.astype(dtype or x.dtype, copy=False).reshape(x.shape, order="C")


@trap("ravel('K') reads memory as it lies: cut into rows again, the elements stand in other places.", of="as_c")
def reads_as_it_lies(x, dtype=None):
    return x.ravel(order="K").reshape(x.shape).astype(dtype or x.dtype)


@trap("A transpose of a Fortran array is in C order, but it is the transpose.", verdict="WT", of="as_c")
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
        ("C", "", "the last axis steps by one item, each other by all that lies behind it"),
        ("F", "", "the first axis steps by one item, each other by all that lies before it"),
        ("C", "[::2]", "every second row: the first stride doubles"),
        ("F", "[:, ::2]", "every second column: the second stride doubles"),
        ("F", ".T", "a transpose reverses the strides, and so it is in C order"),
        ("C", "[::-1]", "a reversed axis has its stride negated"),
        ("F", ".copy(order='K')", "K keeps the order of the strides, here Fortran's"),
        ("F", ".copy()", "the method copy makes C order: the last axis steps by one item"),
    ]
    order, tail, why = forms[int(rng.integers(round(2 * hardness), 2 + round(6 * hardness)))]
    return predict(
        f"np.zeros({shape}, dtype={dtype!r}, order={order!r}){tail}.strides", why=f"Items of {each} bytes; {why}."
    )


@drill("Does this print True or False?")
def flags(rng, hardness):
    rows, columns = shaped(rng, 2)
    which = str(rng.choice(["c_contiguous", "f_contiguous"]))
    c = which[0] == "c"
    easy = [
        ("x", "A fresh array is in C order, unless asked otherwise; with two axes that is not Fortran order."),
        ("x.T", "The transpose of a C array is in Fortran order."),
        ("x[1:]", "Whole rows from the middle lie one behind the other, so C order stays."),
        ("x[:, 1:]", "Each row lacks its start: gaps, so neither order."),
        ("x[0]", "A row is 1-D and without gaps: both orders."),
        ("x[:, 0]", "A column's elements are a row apart: neither order."),
        ("x.ravel()", "1-D and without gaps: both orders."),
    ]
    hard = [
        ("x[:1]", "One row: the axis of length 1 takes no step, so both orders."),
        ("x[:, :1]", "One column: its elements are a row apart, so neither order."),
        ("x[:0]", "Without elements there is nothing to be out of order: both."),
        ("x[::-1]", "A negative stride is never contiguous."),
        ("x[:1][::-1]", "Reversing one row takes no step, so both orders stay."),
        ("np.broadcast_to(x[:1], x.shape)", "A stride of 0 over several rows: neither order."),
        ("x[::-1].copy()", "The method copy makes C order."),
        ("np.array(x.T)", "np.array has order='K': the copy is in Fortran order, as x.T is."),
        ("np.asfortranarray(x)", "That is a copy in Fortran order."),
        ("x[None, :, :]", "An added axis of length 1 changes no order: C."),
        ("x.T[None]", "An added axis of length 1 changes no order: Fortran."),
        ("x.reshape(-1, 1)", "A column of all elements, without gaps: both orders."),
    ]
    kinds = easy if hardness < 0.3 else hard if hardness > 0.7 else easy + hard
    made, why = kinds[int(rng.integers(len(kinds)))]
    asked = "C" if c else "F"
    return predict(f"x = np.zeros(({rows}, {columns}))\n{made}.flags.{which}", why=f"{asked} is asked. {why}")


@drill("How many bytes lie between these two elements?")
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
        why=f"The strides are {x.strides}: an element lies {sum_of} bytes behind the first.",
        asks=f"How many bytes does y's first element, x[{', '.join(map(str, place))}], lie behind x's?",
    )


@drill("What is the result?")
def reading_orders(rng, hardness):
    rows, columns = (2, 3) if hardness < 0.5 else (int(rng.integers(2, 4)), int(rng.integers(2, 4)))
    start = int(rng.integers(0, 50))
    x = f"x = np.arange({start}, {start + rows * columns}).reshape({rows}, {columns})"
    forms = [
        ("x.ravel().tolist()", "C order: row after row."),
        ("x.ravel(order='F').tolist()", "Fortran order: column after column."),
        ("x.T.ravel().tolist()", "The rows of the transpose are the columns of x."),
        ("x.T.ravel(order='K').tolist()", "K reads as memory lies, and the transpose has not moved it."),
        ("x.T.flatten(order='A').tolist()", "A reads in Fortran order if the array is in Fortran order, as x.T is: "
         "that is how memory lies."),
        ("np.asfortranarray(x).ravel().tolist()", "The values at each index are the same, and ravel reads row by row."),
        ("np.asfortranarray(x).ravel(order='K').tolist()", "Memory was laid out column after column."),
        (f"x.reshape({columns}, {rows}, order='F').tolist()", "order='F' reads columns and fills columns."),
        (f"x.ravel().reshape({rows}, {columns}, order='F').tolist()", "The elements, row by row, fill columns."),
    ]  # fmt: skip
    code, why = forms[int(rng.integers(round(3 * hardness), 3 + round(6 * hardness)))]
    return predict(f"{x}\n{code}", why=why)


@drill("Does this copy? True if the result has memory of its own")
def copies(rng, hardness):
    rows, columns = shaped(rng, 2)
    order = str(rng.choice(["C", "F"]))
    c = order == "C"
    laid = f"x is in {order} order"
    forms = [
        ("np.ascontiguousarray(x)", f"{laid}: " + ("it is handed back." if c else "only a copy can be in C order.")),
        ("np.asfortranarray(x)", f"{laid}: " + ("only a copy can be in F order." if c else "it is handed back.")),
        ("x.T", "A transpose only exchanges strides."),
        ("x.ravel()", f"{laid}: " + ("one stride reads it row by row." if c else "no single stride reads its rows.")),
        ("x.ravel(order='F')", f"{laid}: " + ("no single stride reads columns." if c else "one stride reads columns.")),
        ("x.ravel(order='K')", "K reads as memory lies, and there are no gaps."),
        ("np.asarray(x, order='C')", f"{laid}: " + ("nothing has to change." if c else "it takes a copy.")),
        ("np.asarray(x.T, order='C')",
         f"{laid}, so x.T is in {'F' if c else 'C'} order: " + ("it has to copy." if c else "nothing has to change.")),
        ("x.reshape(-1, order='A')", "A reads in the order that a contiguous x has: no copy."),
        ("x[:, ::2].reshape(-1)",
         "Two items to the next, also from one row to the next, as the number of columns is even: one stride."
         if c and columns % 2 == 0 else "From one row to the next the step is another one, so no single stride."),
        ("np.array(x, copy=None, order='F')",
         f"copy=None copies only if needed, and {laid}: " + ("it is needed." if c else "it is not.")),
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
    print(f"sum up row by row, C order         {milliseconds(lambda: [row.sum() for row in x]):8.2f} ms")
    print(f"sum up column by column, C order   {milliseconds(lambda: [column.sum() for column in x.T]):8.2f} ms")
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
            "order_of looks and copies nothing; as_c hands x itself back where nothing has to change.",
            shares_as_reference(),
            allocates_nothing(fortran),
        ),
        Level(
            "memory",
            "Eight megabytes in Fortran order, to float32 in C order: no memory but the result's.",
            peak_memory(lambda rng: fortran(rng) | {"dtype": "float32"}, outputs=1),
        ),
    ],
    hints=[
        "Print x.flags and x.strides for a small array, its transpose, a row, a column.",
        "Which of the two flags hold for a 1-D array? For one with a single row? For one without elements?",
        "Several functions take order='C'. What does each do where nothing has to change, and for a 0-d array?",
        "Converting and reordering are both copies: which function does them at once?",
    ],
    explanation="""\
Memory is a line; an array's strides say how many bytes lie between neighbours along each axis. C order keeps rows
together, the last index runs fastest; Fortran order keeps columns together.

>>> x = np.zeros((2, 3))
>>> x.strides, np.asfortranarray(x).strides
((24, 8), (8, 16))

A transpose reverses strides: C becomes Fortran without a copy. Flags tell, and are not opposites. A contiguous 1-D
array is both, as its only index is the first and the last; so is a single contiguous row, shape (1, m), since an axis
of length 1 takes no step. A slice with gaps is neither.

>>> x[0].flags.c_contiguous, x[0].flags.f_contiguous
(True, True)
>>> x[:, 0].flags.c_contiguous, x[:, 0].flags.f_contiguous
(False, False)

`order` is "C", "F", "A" (F if the array is F, else C) or "K" (as memory lies). `x.copy()` means C, `np.copy` and
`np.array` mean K. `np.asarray(x, dtype, order="C")` copies only if needed, once for both; `np.ascontiguousarray` too,
but makes a 0-d array 1-D. Indices and values never depend on the order, only `ravel`, `reshape` and speed do.

Speed: a cache line mostly holds 64 bytes, eight float64. Walking along the fast axis uses all eight; across it, each
element may cost a line of its own. Ufuncs and reductions choose the order of their loops to suit the strides; a mixed
pair, a Python loop over columns, or a C library that assumes rows cannot. BLAS takes either order by a flag.
""",
    points=[
        "C order: last index fastest, rows together; Fortran order: first index fastest, columns together.",
        "Strides in bytes: C (m * itemsize, itemsize), F (itemsize, n * itemsize).",
        "A transpose turns one into the other without a copy.",
        "Contiguous 1-D arrays and axes of length 1 are both; slices with gaps are neither.",
        "order=: C, F, A, K; np.copy and np.array default to K, the method copy to C.",
        "ascontiguousarray and asarray(order='C') copy only if needed; the first makes 0-d arrays 1-D.",
        "Walk along the fast axis: a cache line of 64 bytes brings eight float64 at once.",
        "reshape and ravel copy where strides cannot describe their result.",
    ],
    follow_ups={
        "Which is better for NumPy?": "C is the default and what most C code expects. Use F where LAPACK, Fortran or "
        "column-wise work wants it.",
        "Does x.sum(axis=0) go down columns on a C array?": "No: NumPy adds whole rows into the result, along the fast "
        "axis.",
        "How do you make a strided slice quick?": "Copy it once if it is read often: x[:, ::8].copy().",
    },
    related=["transpose-axes", "cache-locality", "copy-or-view", "flatten-vs-ravel"],
    links=[
        "https://numpy.org/doc/stable/reference/arrays.ndarray.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.ndarray.flags.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.ascontiguousarray.html",
    ],
    live=show_walks,
)
