"""Copy a view, keep an owner."""

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
    drill,
    peak_memory,
    predict,
    shares_as_reference,
    trap,
    works,
)


def ensure_owned(x):
    """Get an array with the values of `x` that owns its memory: `x` itself if it does, else a copy.

    A camera driver hands out frames, sometimes as arrays of their own, sometimes as windows into a ring buffer that
    it soon overwrites. What is kept must own its memory, and a frame that does already need not be copied.

    An array owns its memory if NumPy allocated that memory for this very array, and will free it with this array:
    ``x.flags.owndata`` is True. A view, such as a slice or a reshaped array, does not own what it shows, however it is
    laid out. Sharing no memory with `x` is not enough: a view of a fresh copy does not own its memory either.

    Parameters
    ----------
    x : ndarray, any shape, float64, int32 or uint8
        May be empty, 0-d, strided, reversed, read-only or unaligned, and may hold NaN. It is never changed, nor are
        its flags.

    Returns
    -------
    ndarray, shape and dtype of `x`
        The same values, and ``flags.owndata`` is True. From level 2 on this is `x` itself, the very same object,
        wherever `x` owns its memory, even if it is read-only. The memory layout of a copy is up to you.

    Examples
    --------
    >>> x = np.zeros(6)
    >>> ensure_owned(x) is x
    True
    >>> x.reshape(2, 3).flags.owndata, ensure_owned(x.reshape(2, 3)).flags.owndata
    (False, True)
    """
    return x if x.flags.owndata else x.copy()


@works()
def by_requirements(x):
    """NumPy has a function for demands on flags; "O" asks for OWNDATA."""
    return np.require(x, requirements="O")


@works()
def by_base(x):
    """Whoever does not own leans on a base."""
    if x.base is None and x.flags["OWNDATA"]:
        return x
    fresh = np.empty_like(x, subok=False)
    fresh[...] = x
    return fresh


@works(fails="copy only if needed")
def always_copies(x):
    """Safe, and a waste where x owns its memory."""
    return np.array(x)


@works(fails="memory")
def copies_first(x):
    """Decides after the copy has been paid for."""
    copy = x.copy()
    return x if x.flags.owndata else copy


@trap("Contiguous is not owned: x[2:5] of a C array is contiguous, and still lies in the other array's memory.")
def if_contiguous(x):
    return np.array(x, copy=None, order="C")


@trap("Writeable is not owned: most views may be written to, and that writes into the memory of their base.")
def if_writeable(x):
    return x if x.flags.writeable else x.copy()


@trap(
    "reshape returns a view where it can: flatten makes the copy, and reshape returns a view of that copy. It shares "
    "nothing with x, but the array that owns the memory is its base."
)
def reshaped_copy(x):
    return x if x.flags.owndata else x.flatten().reshape(x.shape)


@trap("x.view(), like x[:] and x[...], is a new array object over the same memory: nothing is copied.")
def new_object(x):
    return x if x.flags.owndata else x.view()


@trap("np.asarray copies only to change a type or dtype: it hands an ndarray back as it is, view or not.")
def as_array(x):
    return np.asarray(x)


@trap("flags.owndata states a fact and cannot be set: only a copy makes an owner of a view.", verdict="RE")
def sets_the_flag(x):
    if not x.flags.owndata:
        x.flags.owndata = True
    return x


@trap("base is the whole array that owns the memory: its shape, dtype and first element may all differ.", verdict="WT")
def the_base(x):
    while x.base is not None:
        x = x.base
    return x


def owner(ensure_owned, x):
    y = ensure_owned(x)
    view = not x.flags.owndata
    return {
        "flags.owndata": y.flags.owndata,
        "is the view x": view and y is x,
        "shares memory with the view x": view and bool(np.shares_memory(x, y)),
    }


_WAYS = [
    ("x[2:]", "A slice is a view: a new offset into the same memory."),
    ("x[::-1]", "A reversed slice is a view with a negative stride."),
    ("x.reshape(3, -1)", "x is contiguous, so new strides can show it in that shape without a copy."),
    ("x.ravel()", "ravel copies only where it must, and x is contiguous already."),
    ("x.flatten()", "flatten always copies, unlike ravel."),
    ("x[[0, 2, 4]]", "Indexing with a list is fancy indexing, which always copies."),
    ("x[x >= 0]", "A boolean mask always copies, even where it picks every element."),
    ("x.view()", "view makes a new array object over the same memory."),
    ("np.asarray(x)", "np.asarray hands an array of the right dtype back as it is."),
    ("np.array(x)", "np.array copies by default: copy=True."),
    ("np.array(x, copy=None)", "copy=None copies only if needed, and nothing has to change here."),
    ("x.astype(x.dtype)", "astype copies by default, even to the dtype that x has."),
    ("x.astype(x.dtype, copy=False)", "With copy=False, astype returns x itself where the dtype fits already."),
    ("np.ascontiguousarray(x)", "x is contiguous already, so it comes back as it is."),
    ("x + 0", "Arithmetic writes its result into new memory."),
    ("np.concatenate([x])", "concatenate always writes into a new array, even for a single part."),
    ("x.reshape(3, -1).T", "A transpose only swaps the strides."),
    ("x.reshape(3, -1).T.ravel()", "The transpose is not contiguous in C order, so ravel has to copy."),
    ("x.reshape(3, -1).T.ravel(order='K')", "order='K' reads as memory lies, so no copy is needed."),
    ("x.reshape(3, -1).T.reshape(-1)", "No single stride walks the columns of a C array, so reshape has to copy."),
    ("x.reshape(3, -1)[:, 1:].ravel()", "A block of columns has gaps in memory, so ravel has to copy."),
    ("x.reshape(3, -1)[1:].ravel()", "Whole rows lie one behind the other in memory, so ravel can return a view."),
    ("x.reshape(3, -1)[1].ravel()", "One row of a C array is contiguous, so ravel can return a view."),
    ("x.reshape(3, -1).diagonal()", "diagonal returns a read-only view."),
    ("x[::2].astype(x.dtype, copy=False)", "The dtype fits, so astype returns the slice, which is a view of x."),
    ("np.ascontiguousarray(x[::2])", "Every other element is not contiguous, so this must copy."),
    ("np.broadcast_to(x, (4, x.size))", "broadcast_to repeats by a stride of 0: a view."),
    ("np.take(x, [0, 1])", "take always copies, like fancy indexing."),
    ("np.split(x, 3)[1]", "split returns slices: views of the parts."),
    ("np.expand_dims(x, 0)", "A new axis of length 1 needs no new memory."),
]


@drill("Does this print True or False?")
def shares_memory(rng, hardness):
    reach = 12 + round((len(_WAYS) - 12) * hardness)
    way, why = _WAYS[int(rng.integers(max(0, reach - 20), reach))]
    dtype = str(rng.choice(["int16", "int64", "float32", "float64"]))
    n = 3 * int(rng.integers(2, 6))
    return predict(
        f"""
        x = np.arange({n}, dtype={dtype!r})
        np.shares_memory(x, {way})
        """,
        why=why,
    )


@drill("What is the value, or which error is raised?")
def after_writing(rng, hardness):
    n, k = int(rng.integers(6, 12)), int(rng.integers(1, 4))
    new = int(rng.integers(50, 99))
    easy = [
        (f"y = x[{k}:]\ny[0] = {new}", "y is a view: its element 0 is x's element " + f"{k}."),
        (f"y = x[[{k}, {k + 1}]]\ny[0] = {new}", "Fancy indexing copied, so only y changed."),
        (f"y = x[x >= {k}]\ny[0] = {new}", "A boolean mask copied, so only y changed."),
        (f"y = x.copy()\ny[{k}] = {new}", "copy gives y memory of its own."),
        (f"y = x\ny[{k}] = {new}", "Assignment copies nothing: y and x are one array."),
        (f"y = x.ravel()\ny[{k}] = {new}", "ravel of a contiguous array is a view."),
        (f"y = x.flatten()\ny[{k}] = {new}", "flatten always copies, so only y changed."),
    ]
    hard = [
        (f"x[[{k}, {k + 1}]][0] = {new}", "x[[...]] made a copy, and the assignment changed that copy."),
        (f"x[[{k}, {k + 1}]] = {new}", "Fancy indexing on the left of = calls __setitem__ and writes into x."),
        (f"x[x >= {k}][0] = {new}", "x[mask] made a copy, and the assignment changed that copy."),
        (f"x[{k}:][0] = {new}", "x[k:] is a view, so the assignment writes into x."),
        (f"x[[{k}, {k}]] += {new}", "The repeated index is read once and written twice: += counts once."),
        (f"y = x[{k}:]\ny += {new}", "+= writes in place, into the memory that y shares with x."),
        (f"y = x[{k}:]\ny = y + {new}", "y + ... is a new array, and only the name y is bound anew."),
        (f"y = x.astype(x.dtype, copy=False)\ny[{k}] = {new}", "The dtype fits, so astype returned x itself."),
        (f"y = np.broadcast_to(x, (2, x.size))\ny[0, {k}] = {new}", "broadcast_to returns a read-only view."),
    ]
    kinds = easy if hardness < 0.4 else hard if hardness > 0.7 else easy + hard
    writing, why = kinds[int(rng.integers(len(kinds)))]
    return predict(f"x = np.arange({n})\n{writing}\nint(x[{k}])", why=why)


@drill("Is this True, False, or which error is raised?")
def asking_for_copies(rng, hardness):
    n = int(rng.integers(2, 9))
    first, second = (str(name) for name in rng.choice(["int32", "float32", "float64"], 2, replace=False))
    easy = [
        ("np.array(x) is x", "np.array has copy=True by default."),
        ("np.asarray(x) is x", "asarray copies only if needed, and nothing has to change."),
        (f"np.asarray(x, dtype={first!r}) is x", "x has that dtype, so nothing has to change."),
        (f"np.asarray(x, dtype={second!r}) is x", "Another dtype needs new memory."),
        (f"x.astype({first!r}) is x", "astype copies by default, whatever the dtype."),
        (f"x.astype({first!r}, copy=False) is x", "With copy=False, astype copies only if the dtype must change."),
        ("np.array(x, copy=True) is x", "copy=True always copies."),
        ("x[:] is x", "A slice is a new array object, although it shows the same memory."),
    ]
    hard = [
        ("np.array(x, copy=None) is x", "Since NumPy 2, copy=None means: only if needed."),
        ("np.array(x, copy=False) is x", "Since NumPy 2, copy=False means: never; and no copy was needed."),
        (f"np.array(x, dtype={second!r}, copy=False) is x", "copy=False means never, and another dtype needs a copy."),
        (f"np.array(list(range({n})), copy=False).size == {n}", "A list must be copied, and copy=False means never."),
        (f"np.asarray([1.0] * {n}, copy=False).size == {n}", "copy=False means never, and a list must be copied."),
        (f"np.array([1.0] * {n}, copy=None).size == {n}", "copy=None copies where it must, so a list is fine."),
        (f"x.astype({second!r}, copy=False) is x", "For astype, copy=False still means only if needed: no error."),
        ("np.asarray(x, copy=True) is x", "asarray takes copy= since NumPy 2; copy=True always copies."),
        ("np.array(x[::2], copy=False).base is x", "The slice came back as it was: still a view of x."),
        ("np.array(x[::2], copy=False, order='C').base is x", "A strided slice needs a copy to be in C order."),
        ("np.ascontiguousarray(x) is x", "x is contiguous already, so it comes back as it is."),
        ("np.copy(x) is x", "np.copy always copies."),
    ]
    kinds = easy if hardness < 0.4 else hard if hardness > 0.7 else easy + hard
    asked, why = kinds[int(rng.integers(len(kinds)))]
    size = n + 2
    return predict(f"x = np.zeros({size}, dtype={first!r})\n{asked}", why=why)


@drill("Does this print True or False?")
def owns_its_memory(rng, hardness):
    rows, columns = (int(k) for k in rng.integers(2, 6, 2))
    n = rows * columns
    made, why = [
        (f"np.arange({n})", "arange allocates for the array that it returns."),
        (f"np.arange({n})[{rows}:]", "A slice is a view of the array that arange allocated."),
        (f"np.zeros(({rows}, {columns}))", "zeros allocates for the array that it returns."),
        (f"np.zeros(({rows}, {columns})).T", "A transpose is a view."),
        (f"np.zeros(({rows}, {columns})).copy()", "A copy owns its memory."),
        (f"np.arange({n})[{rows}:].copy()", "A copy of a view owns its memory."),
        (f"np.arange({n}).reshape({rows}, {columns})", "reshape returned a view of the array that arange allocated."),
        (f"np.arange({n}) + 1", "The result of arithmetic is allocated anew."),
        (f"np.arange({n}).ravel()", "ravel of a contiguous array is a view."),
        (f"np.arange({n}).flatten()", "flatten always copies, and returns the copy itself."),
        (f"np.zeros(({rows}, {columns})).flatten().reshape({rows}, {columns})", "flatten copied; reshape views that."),
        (f"np.array(np.arange({n}).reshape({rows}, {columns}))", "np.array copied the view."),
        (f"np.asarray(np.arange({n}).reshape({rows}, {columns}))", "asarray passed the view on as it was."),
        (f"np.frombuffer(bytes({n}), dtype=np.uint8)", "The memory belongs to the bytes object."),
        (f"np.require(np.arange({n})[::2], requirements='O')", "O demands OWNDATA, so require copies a view."),
        (f"np.broadcast_to(np.zeros({columns}), ({rows}, {columns}))", "broadcast_to returns a view."),
        (
            f"np.arange({n}).reshape({rows}, {columns}).T.reshape(-1)",
            "reshape copies here, then returns a view of that.",
        ),
    ][int(rng.integers(round(5 * hardness), 8 + round(9 * hardness)))]
    return predict(f"y = {made}\ny.flags.owndata", why=why)


@drill("Does this print True or False?")
def whose_base(rng, hardness):
    n, a, b = int(rng.integers(9, 20)), int(rng.integers(1, 4)), int(rng.integers(1, 4))
    asked, why = [
        ("x.base is None", "arange allocated x: it leans on nobody."),
        ("y.base is x", "y is a view of x, which owns the memory."),
        ("z.base is x", "Views of views point to the array that owns the memory."),
        ("z.base is y", "The base of a view's view is the owner, x, not the view in between."),
        ("y.copy().base is None", "A copy owns its memory."),
        ("x[[0, 1]].base is x", "Fancy indexing copied, so the result does not lean on x."),
        ("z[:, None].base is x", "A view of a view of a view still points to the owner."),
        ("x.reshape(1, -1).base is x", "The reshaped array is a view of x."),
    ][int(rng.integers(round(3 * hardness), 4 + round(4 * hardness)))]
    return predict(f"x = np.arange({n})\ny = x[{a}:]\nz = y[::{b + 1}]\n{asked}", why=why)


def show_cost():
    x = np.ones((2000, 1000))

    def milliseconds(act):
        start = time.perf_counter()
        act()
        return 1e3 * (time.perf_counter() - start)

    print(f"x holds {x.nbytes / 1e6:.0f} MB and owns them: {x.flags.owndata}")
    for text in ("x[:, ::2]", "x.T", "x.reshape(-1)", "x[:, ::2].copy()", "x[[0, 1, 2]]", "x.T.reshape(-1)"):
        act = eval(f"lambda x=x: {text}")
        y = act()
        best = min(milliseconds(act) for _ in range(3))
        what = "a view" if np.shares_memory(x, y) else "a copy"
        print(f"{text:18} {what}, owndata {y.flags.owndata!s:5} {best:9.4f} ms")


def frame(rng):
    return {"x": rng.standard_normal((500, 1000))}


def window_of_frame(rng):
    return {"x": rng.standard_normal((500, 2000))[:, ::2]}


QUESTION = Question(
    kinds=["code", "predict", "explain"],
    difficulty="hard",
    topics=["Memory Management"],
    companies=["Google", "Amazon", "Meta"],
    asked=["T28"],
    entry_points=[
        Entry(
            ensure_owned,
            {"x": arrays(..., dtype=("float64", "int32", "uint8"), holds=("nan", "inf"))},
            cases=[
                case(x=np.arange(6.0)[2:5]),
                case(x=np.arange(6, dtype=np.int32).reshape(2, 3)),
                case(x=np.arange(6.0).reshape(2, 3).T),
                case(x=np.zeros(4)[:0]),
                case(x=np.arange(3.0)[1:2].reshape(())),
            ],
        )
    ],
    scenarios=[
        Scenario(
            owner,
            {"x": arrays(..., dtype=("float64", "int32", "uint8"), holds=("nan", "inf"))},
            where=lambda x: x.size > 0,
            cases=[
                case(x=np.arange(6.0)[2:5]),
                case(x=np.arange(6, dtype=np.int32).reshape(2, 3)),
                case(x=np.arange(6.0).reshape(2, 3).T),
                case(x=np.arange(3.0)[1:2].reshape(())),
            ],
        ),
    ],
    levels=[
        Level("right"),
        Level(
            "copy only if needed",
            "Frames are large: where x owns its memory, return x itself.",
            shares_as_reference(),
        ),
        Level(
            "memory",
            "Four megabytes a frame: allocate nothing for a frame that owns its memory, and one copy for a window.",
            allocates_nothing(frame),
            peak_memory(window_of_frame, outputs=1, extra=16 << 10),
        ),
    ],
    hints=[
        "Print x.flags for an array, for a slice of it and for the slice's copy. Which lines differ?",
        "A view may be contiguous, writeable and complete. Which flag alone tells it from an owner?",
        "Which methods copy always, and which only where they must? Is what they return the copy itself?",
    ],
    explanation="""\
A view is a new header (shape, strides, dtype, offset) over memory that another array owns; a copy has memory of its
own. `flags.owndata` tells which, `base` names the owner, and `np.shares_memory(a, b)` compares two arrays exactly.

>>> x = np.arange(6)
>>> y = x[1:4]
>>> y.flags.owndata, y.base is x
(False, True)

Basic indexing (slices, integers, `None`, `...`), transposing and `view` never copy. Fancy and boolean indexing,
arithmetic, `flatten` and `copy` always do. `reshape` and `ravel` copy only where strides cannot describe the result:

>>> a = x.reshape(2, 3)
>>> np.shares_memory(a, a.reshape(-1)), np.shares_memory(a, a.T.reshape(-1))
(True, False)

`np.array` copies by default, `np.asarray` only if needed. In NumPy 2 `copy=` says three things: True
always, None only if needed, False never, so a ValueError where a copy is needed. NumPy 1 read False as only if needed,
and `astype` still does.

>>> np.array(x, copy=None) is x, x.astype(x.dtype, copy=False) is x
(True, True)
>>> np.array([1, 2], copy=False)
Traceback (most recent call last):
...
ValueError: Unable to avoid copy while creating an array as requested...

A view costs nothing and aliases: writes show in both, and a ten-byte view keeps its owner's gigabyte alive. Hence the
rule at a boundary: take an owner as it is, copy a view.
""",
    points=[
        "A view shares another array's memory and has its own shape, strides and dtype; a copy has its own memory.",
        "Slices, transposes and view() never copy; fancy and boolean indexing, arithmetic, flatten and copy always do.",
        "reshape and ravel return a view where strides allow it, else a copy.",
        "Check with flags.owndata, base and np.shares_memory; base is the owner, not the view in between.",
        "Writing through a view changes its owner; x[mask] = v writes into x, x[mask][0] = v writes into a copy.",
        "np.array copies by default, np.asarray only if needed; astype copies unless copy=False and the dtype fits.",
        "NumPy 2: copy=None means if needed, copy=False means never and raises ValueError.",
        "A small view keeps the whole memory of its owner alive.",
    ],
    follow_ups={
        "np.shares_memory or np.may_share_memory?": "may_share_memory compares bounds only, fast and with false alarms;"
        " shares_memory is exact and can be slow in the worst case.",
        "How do you make sure that reshape does not copy?": "NumPy 2.1 and later: x.reshape(..., copy=False)"
        " raises instead. Before that, compare with np.shares_memory.",
        "What does owndata False not tell?": "Whether anybody else uses that memory: x[:, [0, 1]] is a copy, yet it is "
        "handed out as a view of a base that nobody else holds.",
    },
    related=["flatten-vs-ravel", "masking-without-copies", "memory-layout", "memory-footprint"],
    links=[
        "https://numpy.org/doc/stable/user/basics.copies.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.ndarray.flags.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.shares_memory.html",
        "https://numpy.org/doc/stable/numpy_2_0_migration_guide.html#adapting-to-changes-in-the-copy-keyword",
    ],
    live=show_cost,
)
