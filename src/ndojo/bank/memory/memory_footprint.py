"""Bytes that an array owns."""

import sys

import numpy as np

from ndojo.question import (
    Entry,
    Level,
    Question,
    allocates_nothing,
    arrays,
    callables,
    case,
    drill,
    predict,
    right_on,
    trap,
    works,
)


def owned_bytes(x):
    """Return the number of bytes of memory that an array owns for its elements.

    A cache stores arrays and must stay below a limit. Many of them are views, which use the memory of another array and
    need none themselves.

    Parameters
    ----------
    x : ndarray, any shape
        Numbers, booleans, strings of fixed width or records; on level 2 also Python objects (dtype object). May be
        empty or 0-d, a view or an owner, in any memory layout. An owner may be read-only.

    Returns
    -------
    int
        0 if `x` does not own its memory (``x.flags.owndata`` is False): a slice, a reshaped, transposed or broadcast
        array, or one that uses an external buffer. Otherwise the bytes of its elements. The array object itself, about
        100 bytes with shape and strides, is not counted.

        If `x` owns its memory and has dtype object (level 2), its elements are pointers. Add `sys.getsizeof` of every
        object that they point to, once per object, regardless of how many elements point to it. Objects inside these
        objects do not count.

    Examples
    --------
    >>> x = np.zeros((3, 4))
    >>> owned_bytes(x), owned_bytes(x[1:])
    (96, 0)
    """
    if not x.flags.owndata:
        return 0
    objects = {id(item): sys.getsizeof(item) for item in x.flat} if x.dtype == object else {}
    return x.nbytes + sum(objects.values())


# ------------------------------------------------------------------------------------------------------- right answers


@works(fails="objects")
def by_flag(x):
    """The number of elements times the item size, for owners."""
    return int(x.flags["OWNDATA"]) * x.size * x.itemsize


@works(fails="objects")
def by_difference(x):
    """sys.getsizeof counts elements only for owners; a view of x has the same header."""
    return sys.getsizeof(x) - sys.getsizeof(x[...])


@works()
def by_set(x):
    """Keeps a list of the objects seen so far, compared by identity."""
    if not x.flags.owndata:
        return 0
    total, seen = x.size * x.dtype.itemsize, set()
    if x.dtype.hasobject:
        for item in x.ravel().tolist():
            if id(item) not in seen:
                seen.add(id(item))
                total += sys.getsizeof(item)
    return total


@works(fails="objects")
def by_equality(x):
    """Compares objects with ==, for which 1, 1.0 and True are equal."""
    if not x.flags.owndata:
        return 0
    objects = []
    for item in x.flat if x.dtype == object else ():
        if item not in objects:
            objects.append(item)
    return x.nbytes + sum(map(sys.getsizeof, objects))


@works(fails="memory")
def by_bytes(x):
    """Creates all elements as Python objects, just to count them."""
    if not x.flags.owndata:
        return 0
    if x.dtype != object:
        return len(x.tobytes())
    return len(x.tobytes()) + sum(map(sys.getsizeof, {id(item): item for item in x.flat}.values()))


# --------------------------------------------------------------------------------------------------------------- traps


@trap(
    "nbytes is the number of elements times the item size, for views too. It says what a copy would "
    "need, not what the array owns."
)
def counts_views(x):
    return x.nbytes


@trap("sys.getsizeof includes the array object with shape and strides. Only nbytes counts the elements alone.")
def counts_header(x):
    return sys.getsizeof(x) if x.flags.owndata else 0


@trap("A view keeps its base in memory, but the base owns that memory. Counting it for the view too counts it twice.")
def counts_base(x):
    return x.nbytes if x.base is None else x.base.nbytes


@trap("A reshaped array or a slice of rows is contiguous but still a view: contiguity says nothing about ownership.")
def if_contiguous(x):
    return x.nbytes if x.flags.contiguous else 0


@trap(
    "Read-only does not mean borrowed: an array with writeable=False may own its memory, and most views are writeable."
)
def if_writeable(x):
    return x.nbytes if x.flags.writeable else 0


@trap("size is the number of elements; each needs itemsize bytes.")
def counts_elements(x):
    return x.size if x.flags.owndata else 0


@trap("len is the length of the first axis, and a 0-d array has none. x.size counts all elements.")
def first_axis_only(x):
    return len(x) * x.itemsize if x.flags.owndata else 0


@trap("np.prod returns a NumPy scalar, for a 0-d array even the float 1.0. x.size and x.nbytes are ints.", verdict="WT")
def by_product(x):
    return np.prod(x.shape) * x.itemsize if x.flags.owndata else 0


@trap("The distance from the first to the last element says nothing about ownership: x[::2] owns none of these bytes.")
def spanned_bytes(x):
    if not x.size:
        return 0
    return sum((n - 1) * abs(step) for n, step in zip(x.shape, x.strides, strict=True)) + x.itemsize


# -------------------------------------------------------------------------------------------------------------- drills


@drill("How many bytes is this?")
def sizes(rng, hardness):
    n, m = (int(k) for k in rng.integers(2, 12, 2))
    dtype = str(rng.choice(["int8", "uint16", "float32", "float64", "complex64", "complex128"]))
    each = np.dtype(dtype).itemsize
    word = "abcdefgh"[: int(rng.integers(2, 8))]
    forms = [
        (f"np.zeros({n}, dtype={dtype!r}).nbytes", f"{n} elements of {each} bytes."),
        (f"np.zeros(({n}, {m}), dtype={dtype!r}).nbytes", f"{n} * {m} elements of {each} bytes."),
        (f"np.ones(({n}, {m}), dtype=bool).nbytes", f"{n} * {m} elements of one byte: a bool takes 8 bits."),
        (f"np.zeros(({n}, {m}), dtype={dtype!r})[0].nbytes", f"One row: {m} elements of {each} bytes."),
        (f"np.zeros(({n}, 0, {m}), dtype={dtype!r}).nbytes", "The array has no elements, so it has 0 bytes."),
        (f"np.array({n} > {m}).nbytes", "A 0-d array has one element, here a bool."),
        (f"np.array(['a', {word!r}]).nbytes", f"Both strings get room for {len(word)} characters of 4 bytes."),
        (f"np.array([b'a', {word.encode()!r}]).nbytes", f"Bytes dtype: both get room for {len(word)} bytes."),
        (
            f"np.zeros({n}, dtype=[('id', 'i4'), ('price', {dtype!r}), ('open', '?')]).nbytes",
            f"A packed record has 4 + {each} + 1 bytes, and the array has {n} records.",
        ),
        (f"np.zeros({n}, dtype='datetime64[s]').nbytes", f"{n} dates of 8 bytes, regardless of their unit."),
        (
            f"np.packbits(np.ones({8 * n + m % 8}, dtype=bool)).nbytes",
            f"Eight booleans per byte, and {8 * n + m % 8} booleans, rounded up to whole bytes.",
        ),
    ]
    code, why = forms[int(rng.integers(round(3 * hardness), 4 + round(7 * hardness)))]
    return predict(code, why=why)


@drill("How many bytes does y own?")
def owned(rng, hardness):
    rows, columns = (int(k) for k in rng.integers(2, 9, 2))
    dtype = str(rng.choice(["int16", "float32", "float64"]))
    each = np.dtype(dtype).itemsize
    whole = rows * columns * each
    picked = max(rows // 2, 1)
    easy = [
        ("x[1:]", "A slice is a view and owns nothing."),
        ("x.copy()", f"A copy owns its {rows} * {columns} elements of {each} bytes."),
        ("x.T", "A transpose is a view and owns nothing."),
        ("x + 1", f"Arithmetic creates a new array; the Python int keeps {dtype}, so it takes {whole} bytes."),
        ("x > 0", f"A new array of {rows * columns} bools, one byte each."),
        (f"x[[0] * {picked}]", f"Fancy indexing copies: {picked} rows of {columns} elements of {each} bytes."),
        ("x.flatten()", f"flatten always copies, all {whole} bytes."),
    ]
    hard = [
        ("x.ravel()", "ravel of a contiguous array is a view and owns nothing."),
        (
            f"np.broadcast_to(x, (5, {rows}, {columns}))",
            "A broadcast view repeats with stride 0 and owns nothing.",
        ),
        ("np.asarray(x)", f"asarray returns x itself, which owns its {whole} bytes."),
        ("x.reshape(-1)", "x is contiguous, so reshape returns a view."),
        (
            "x.flatten().reshape(x.shape)",
            "reshape returned a view of flatten's copy: that copy is its base and owns the memory.",
        ),
        ("x.sum(axis=0, dtype='float64')", f"A new array of {columns} float64."),
        ("np.real(x)", "The real part of a real array is the array itself, which owns its bytes."),
        ("x.astype('int8')", f"A new array of {rows * columns} elements of one byte."),
        ("x.T.copy()", f"A copy owns its elements in any order: {whole} bytes."),
        ("np.diagonal(x)", "diagonal returns a read-only view."),
    ]
    kinds = easy if hardness < 0.3 else hard if hardness > 0.7 else easy + hard
    made, why = kinds[int(rng.integers(len(kinds)))]
    return predict(
        f"x = np.ones(({rows}, {columns}), dtype={dtype!r})\ny = {made}\ny.nbytes if y.flags.owndata else 0", why=why
    )


@drill("What is the value?")
def kept_alive(rng, hardness):
    n, k = int(rng.integers(100, 1000)), int(rng.integers(2, 9))
    dtype = str(rng.choice(["int16", "float32", "float64"]))
    each = np.dtype(dtype).itemsize
    whole = f"base is the array that owns the memory: all {n} elements of {each} bytes"
    forms = [
        (f"y = x[:{k}]\ndel x\ny.base.nbytes", f"{whole} stay in memory for a view of {k}."),
        (f"y = x[:{k}]\ny.nbytes", f"nbytes of the view: {k} elements of {each} bytes."),
        (f"y = x[:{k}].copy()\ndel x\ny.base is None", "A copy owns its memory and has no base."),
        (f"y = x[{k}:][::2]\ndel x\ny.base.size", f"The base of a view of a view is the owner, with all {n} elements."),
        (f"y = x[:{k}][None]\ny.base is x", "base is the owner, regardless of the number of views in between."),
        (
            f"y = np.broadcast_to(x, ({k}, {n}))\ny.nbytes // x.nbytes",
            f"nbytes counts all {k} * {n} elements, although the memory contains each only once.",
        ),
        (
            f"y = x[:{2 * k}].reshape(2, {k}).T\ndel x\ny.base.shape",
            "Slice, reshape and transpose are views: base is x, with its own shape.",
        ),
        (
            f"y = x[:{2 * k}].reshape(2, {k}).T.reshape(-1)\ny.base is x",
            "The last reshape had to copy, so the base of the result is that copy.",
        ),
        (
            f"y = np.array([x[:{k}], x[-{k}:]])\ndel x\ny.base is None",
            "np.array copied the slices into a new array, which keeps nothing else in memory.",
        ),
        (f"y = [x[:{k}], x[-{k}:]]\ny[0].base is y[1].base", "Both slices have the same owner as base."),
    ]
    code, why = forms[int(rng.integers(round(3 * hardness), 4 + round(6 * hardness)))]
    return predict(f"x = np.zeros({n}, dtype={dtype!r})\n{code}", why=why)


@drill("How many bytes does the result take?")
def results(rng, hardness):
    n = int(rng.integers(2, 40))
    one, other = (str(name) for name in rng.choice(["int8", "int16", "int32", "float32", "float64"], 2, replace=False))
    wide = np.result_type(one, other)
    forms = [
        ("(x + x).nbytes", f"{one} and {one} make {one}: {n} elements of {np.dtype(one).itemsize}."),
        ("(x * 2).nbytes", f"The Python int 2 adapts to the array's dtype, {one} (NumPy 2)."),
        ("(x == y).nbytes", f"A comparison gives {n} booleans of one byte."),
        ("(x + y).nbytes", f"{one} and {other} are promoted to {wide}: {n} elements of {wide.itemsize} bytes."),
        ("np.where(x > 0, x, y).nbytes", f"where uses the common dtype, {wide}: {wide.itemsize} bytes each."),
        ("np.concatenate([x, y]).nbytes", f"2 * {n} elements of the common dtype, {wide}."),
        ("np.add.outer(x, x).nbytes", f"Every pair: {n} * {n} elements of {np.dtype(one).itemsize} bytes."),
        ("(x[:, None] < y).nbytes", f"All pairs are compared: {n} * {n} booleans of one byte."),
        ("np.zeros_like(y, dtype=x.dtype).nbytes", f"The shape of y with the dtype of x, {one}."),
        ("np.stack([y, y, y]).nbytes", f"3 * {n} elements of {other}."),
        ("(x[:, None] - x).nbytes", f"All differences in one array: {n} * {n} elements of {one}."),
    ]
    code, why = forms[int(rng.integers(round(3 * hardness), 4 + round(7 * hardness)))]
    return predict(f"x = np.ones({n}, dtype={one!r})\ny = np.ones({n}, dtype={other!r})\n{code}", why=why)


# ------------------------------------------------------------------------------------------------------------ question


def show_costs():
    table = np.zeros((1000, 1000))
    texts = np.array(["short", "much longer than the others"] * 500)
    objects = texts.astype(object)
    arrays_by_name = {
        "np.zeros((1000, 1000))": table,
        "  its first row, a view": table[0],
        "  the row, copied": table[0].copy(),
        "  broadcast to 9 tables": np.broadcast_to(table, (9, 1000, 1000)),
        "1000 strings of width 27": texts,
        "1000 strings as objects": objects,
    }
    print(f"{'':26} {'nbytes':>12} {'getsizeof':>12} {'owned_bytes':>12}")
    for name, x in arrays_by_name.items():
        print(f"{name:26} {x.nbytes:12,} {sys.getsizeof(x):12,} {owned_bytes(x):12,}")


def table(rng):
    return {"x": rng.standard_normal(1_000_000)}


OBJECTS = callables(
    "np.array(['short', 'a longer text', None], dtype=object)",
    "np.array([None] * 4, dtype=object)",
    "np.array([1, 1.0, True], dtype=object)",
    "np.arange(1000.0, 1004.0).astype(object)",
    "np.repeat(np.arange(1000.0, 1003.0).astype(object), 3)",
    "np.array([], dtype=object)",
    "np.array(10**50, dtype=object)",
    "np.array([['ab', 'cd'], ['ef', 'ghi' * 40]], dtype=object, order='F')",
    "np.array(['ab' * 30] * 6, dtype=object)",
    "np.frompyfunc(lambda k: list(range(k)), 1, 1)(np.arange(5))",
    "np.array(['short', 'a longer text', None], dtype=object)[::2]",
    "np.array([None, 7], dtype=object).reshape(2, 1)",
    "np.broadcast_to(np.array(['text'], dtype=object), (3, 1))",
    "np.zeros((2, 3), dtype=object)",
    "np.zeros(5, dtype='float32')",
    "np.zeros(5, dtype='float32')[1:]",
)
DTYPES = ("float64", "int16", "bool", "complex128", "U3", "datetime64[s]", np.dtype([("time", "<f8"), ("id", "<i2")]))

QUESTION = Question(
    kinds=["predict", "code"],
    difficulty="easy",
    topics=["Memory", "Performance"],
    companies=["Google", "Amazon", "Netflix"],
    asked=["T7"],
    entry_points=[
        Entry(
            owned_bytes,
            {"x": arrays(..., dtype=DTYPES, holds=("nan",))},
            cases=[
                case(x=np.zeros(3)),
                case(x=np.zeros(3)[1:]),
                case(x=np.zeros((2, 3))[:1]),
                case(x=np.zeros((2, 3)).T),
                case(x=np.zeros(6).reshape(2, 3)),
                case(x=np.asfortranarray(np.ones((2, 3)))),
                case(x=np.broadcast_to(np.zeros(2), (3, 2))),
                case(x=np.array(1.5)),
                case(x=np.frombuffer(b"abcdefgh", dtype=np.int16)),
            ],
        )
    ],
    levels=[
        Level("right"),
        Level(
            "objects",
            "Accepts dtype object: adds the size of each distinct object that the elements point to.",
            right_on(Entry(owned_bytes, {"x": OBJECTS})),
        ),
        Level(
            "memory",
            "For 8 MB, allocates nothing of that size.",
            allocates_nothing(table),
        ),
    ],
    hints=[
        "Which attribute is the number of elements times the item size? Does it depend on who owns the memory?",
        "Print x.flags of an array and of a slice of it: which line differs?",
        "For objects: what does the array itself store? How do you know that two elements are the same object?",
    ],
    spoken="""\
`x.nbytes` is the number of elements times the item size, even for a view, so it doesn't tell who owns the memory. I
check `x.flags.owndata`: a slice, reshape or transpose doesn't own its memory, and `x.base` is the owner, which the
view keeps alive. So a tiny view can keep megabytes in memory, and copying it releases them. For object arrays, nbytes
counts only pointers, so I add `sys.getsizeof` for each distinct object.
""",
    explanation="""\
`nbytes` is `size * itemsize`: the memory that the elements would need if each had its own place. It does not say who
owns that memory.

>>> x = np.zeros((1000, 1000))
>>> x.nbytes, x[0].nbytes, np.broadcast_to(x, (9, 1000, 1000)).nbytes
(8000000, 8000, 72000000)

The broadcast view allocated nothing: its `flags.owndata` is False, and `base` is the owner. NumPy sets `base` to the
owner directly, skipping views in between. A view keeps its whole base in memory: a view of eight bytes may keep eight
megabytes. A copy does not.

>>> y = x[0, :1]
>>> y.flags.owndata, y.base is x, y.base.nbytes
(False, True, 8000000)

`sys.getsizeof(x)` includes the array object of about a hundred bytes, and counts the elements only for an owner.

*Object arrays* store pointers. The objects are elsewhere and may be shared, so count each of them once, by `id`. NumPy
2.0's StringDType is similar: 16 bytes per element, and longer strings in a separate heap that `nbytes` does not
include.

>>> np.array(["a" * 100], dtype=np.dtypes.StringDType()).nbytes
16
>>> np.array(["a" * 100]).nbytes
400

To measure the peak of a whole computation, use tracemalloc, to which NumPy reports its allocations. Temporary arrays
such as `x[:, None] - x` count too.
""",
    points=[
        "nbytes = size * itemsize, also for views and broadcast arrays.",
        "flags.owndata says whether the array owns its memory; base is the owner, beyond all views in between.",
        "A small view keeps its whole base in memory; copy what you keep.",
        "sys.getsizeof adds the header, and counts elements only for owners.",
        "Object arrays store pointers: add the objects, each once.",
        "Choose the dtype: bool takes one byte, U takes 4 bytes per character at full width.",
        "tracemalloc sees NumPy's allocations: use it for the peak of a computation.",
    ],
    follow_ups={
        "How do you halve the memory of a float64 array?": "astype(np.float32), or float16 if three digits are enough. "
        "For integers, use the narrowest dtype that can represent "
        "them.",
        "Why is memory not released after del x?": "Something still refers to it, usually a view: look for "
        "arrays whose base it is.",
        "How do you handle arrays larger than memory?": "np.memmap maps a file: pages are loaded when they are "
        "accessed.",
    },
    related=["copy-or-view", "memory-layout", "view-as-dtype", "memmap-out-of-core"],
    links=[
        "https://numpy.org/doc/stable/reference/generated/numpy.ndarray.nbytes.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.ndarray.base.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.ndarray.flags.html",
    ],
    live=show_costs,
)
