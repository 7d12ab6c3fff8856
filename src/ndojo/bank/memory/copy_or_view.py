"""Copy only if an array is a view."""

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
    """Return an array with the values of `x` that owns its memory: `x` itself if it does, otherwise a copy.

    A camera driver returns frames, some of which are views of a ring buffer that it soon overwrites. An array that is
    kept must own its memory. A frame that already does need not be copied.

    An array owns its memory if NumPy allocated that memory for this array and frees it together with the array:
    ``x.flags.owndata`` is True. A view, such as a slice or a reshaped array, does not own its memory, regardless of its
    layout. Sharing no memory with `x` is not enough: a view of a new copy does not own its memory either.

    Parameters
    ----------
    x : ndarray, any shape, float64, int32 or uint8
        May be empty, 0-d, strided, reversed, read-only or unaligned, and may contain NaN. Neither `x` nor its flags may
        be changed.

    Returns
    -------
    ndarray, same shape and dtype as `x`
        The same values, with ``flags.owndata`` True. On level 2 and above it must be `x` itself, the same object, if
        `x` owns its memory, even if it is read-only. A copy may have any memory layout.

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
    """NumPy has a function that takes required flags; "O" means OWNDATA."""
    return np.require(x, requirements="O")


@works()
def by_base(x):
    """An array that does not own its memory has a base."""
    if x.base is None and x.flags["OWNDATA"]:
        return x
    fresh = np.empty_like(x, subok=False)
    fresh[...] = x
    return fresh


@works(fails="copy only if needed")
def always_copies(x):
    """Safe, but unnecessary if x owns its memory."""
    return np.array(x)


@works(fails="memory")
def copies_first(x):
    """Decides only after the copy was made."""
    copy = x.copy()
    return x if x.flags.owndata else copy


@trap("Contiguous does not mean owned: x[2:5] of a C array is contiguous but uses the memory of the other array.")
def if_contiguous(x):
    return np.array(x, copy=None, order="C")


@trap("Writeable does not mean owned: most views are writeable, and writing to them changes their base.")
def if_writeable(x):
    return x if x.flags.writeable else x.copy()


@trap(
    "flatten makes the copy, and reshape returns a view of that copy. The result shares no memory with "
    "x, but its base owns the memory."
)
def reshaped_copy(x):
    return x if x.flags.owndata else x.flatten().reshape(x.shape)


@trap("x.view(), like x[:] and x[...], is a new array object for the same memory: nothing is copied.")
def new_object(x):
    return x if x.flags.owndata else x.view()


@trap("np.asarray copies only to change a type or dtype: it returns an ndarray unchanged, even if it is a view.")
def as_array(x):
    return np.asarray(x)


@trap("flags.owndata cannot be set: only a copy owns its memory.", verdict="RE")
def sets_the_flag(x):
    if not x.flags.owndata:
        x.flags.owndata = True
    return x


@trap("base is the array that owns the memory: its shape, dtype and first element may all differ.", verdict="WT")
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
    ("x.reshape(3, -1)", "x is contiguous, so new strides can describe that shape without a copy."),
    ("x.ravel()", "ravel copies only if necessary, and x is contiguous."),
    ("x.flatten()", "flatten always copies, unlike ravel."),
    ("x[[0, 2, 4]]", "Indexing with a list is fancy indexing, which always copies."),
    ("x[x >= 0]", "A boolean mask always copies, even if it selects every element."),
    ("x.view()", "view creates a new array object for the same memory."),
    ("np.asarray(x)", "np.asarray returns an array of the right dtype unchanged."),
    ("np.array(x)", "np.array copies by default: copy=True."),
    ("np.array(x, copy=None)", "copy=None copies only if needed, and nothing has to be changed here."),
    ("x.astype(x.dtype)", "astype copies by default, even if the dtype stays the same."),
    ("x.astype(x.dtype, copy=False)", "With copy=False, astype returns x itself if the dtype stays the same."),
    ("np.ascontiguousarray(x)", "x is already contiguous, so it is returned unchanged."),
    ("x + 0", "Arithmetic writes its result to new memory."),
    ("np.concatenate([x])", "concatenate always writes to a new array, even for a single part."),
    ("x.reshape(3, -1).T", "A transpose only swaps the strides."),
    ("x.reshape(3, -1).T.ravel()", "The transpose is not contiguous in C order, so ravel has to copy."),
    ("x.reshape(3, -1).T.ravel(order='K')", "order='K' reads in memory order, so no copy is needed."),
    (
        "x.reshape(3, -1).T.reshape(-1)",
        "A single stride cannot describe the columns of a C array, so reshape has to copy.",
    ),
    ("x.reshape(3, -1)[:, 1:].ravel()", "A block of columns has gaps in memory, so ravel has to copy."),
    ("x.reshape(3, -1)[1:].ravel()", "Complete rows are adjacent in memory, so ravel can return a view."),
    ("x.reshape(3, -1)[1].ravel()", "One row of a C array is contiguous, so ravel can return a view."),
    ("x.reshape(3, -1).diagonal()", "diagonal returns a read-only view."),
    (
        "x[::2].astype(x.dtype, copy=False)",
        "The dtype stays the same, so astype returns the slice, which is a view of x.",
    ),
    ("np.ascontiguousarray(x[::2])", "Every second element is not contiguous, so this must copy."),
    ("np.broadcast_to(x, (4, x.size))", "broadcast_to repeats with a stride of 0: a view."),
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
        (f"y = x[[{k}, {k + 1}]]\ny[0] = {new}", "Fancy indexing copies, so only y changed."),
        (f"y = x[x >= {k}]\ny[0] = {new}", "A boolean mask copies, so only y changed."),
        (f"y = x.copy()\ny[{k}] = {new}", "copy() gives y separate memory, so only y changed."),
        (f"y = x\ny[{k}] = {new}", "Assignment copies nothing: y and x are the same array."),
        (f"y = x.ravel()\ny[{k}] = {new}", "ravel of a contiguous array is a view, so x changed too."),
        (f"y = x.flatten()\ny[{k}] = {new}", "flatten always copies, so only y changed."),
    ]
    hard = [
        (f"x[[{k}, {k + 1}]][0] = {new}", "x[[...]] creates a copy, and the assignment changes that copy, not x."),
        (f"x[[{k}, {k + 1}]] = {new}", "Fancy indexing on the left of = calls __setitem__ and writes to x."),
        (f"x[x >= {k}][0] = {new}", "x[mask] creates a copy, and the assignment changes that copy, not x."),
        (f"x[{k}:][0] = {new}", "x[k:] is a view, so the assignment writes to x."),
        (f"x[[{k}, {k}]] += {new}", "The repeated index is read once and written twice, so += counts only once."),
        (f"y = x[{k}:]\ny += {new}", "+= works in place, in the memory that y shares with x."),
        (f"y = x[{k}:]\ny = y + {new}", "y + ... is a new array, and only the name y is rebound."),
        (
            f"y = x.astype(x.dtype, copy=False)\ny[{k}] = {new}",
            "The dtype stays the same, so astype returned x itself.",
        ),
        (
            f"y = np.broadcast_to(x, (2, x.size))\ny[0, {k}] = {new}",
            "broadcast_to returns a read-only view: ValueError.",
        ),
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
        ("np.asarray(x) is x", "asarray copies only if needed, and nothing has to be changed."),
        (f"np.asarray(x, dtype={first!r}) is x", "x already has that dtype, so nothing has to be changed."),
        (f"np.asarray(x, dtype={second!r}) is x", "Another dtype needs new memory."),
        (f"x.astype({first!r}) is x", "astype copies by default, regardless of the dtype."),
        (f"x.astype({first!r}, copy=False) is x", "With copy=False, astype copies only if the dtype must change."),
        ("np.array(x, copy=True) is x", "copy=True always copies."),
        ("x[:] is x", "A slice is a new array object, although it uses the same memory."),
    ]
    hard = [
        ("np.array(x, copy=None) is x", "Since NumPy 2, copy=None means only if needed."),
        ("np.array(x, copy=False) is x", "Since NumPy 2, copy=False means never, and no copy was needed."),
        (
            f"np.array(x, dtype={second!r}, copy=False) is x",
            "copy=False means never, but another dtype needs a copy: ValueError.",
        ),
        (
            f"np.array(list(range({n})), copy=False).size == {n}",
            "A list must be copied, but copy=False means never: ValueError.",
        ),
        (
            f"np.asarray([1.0] * {n}, copy=False).size == {n}",
            "copy=False means never, but a list must be copied: ValueError.",
        ),
        (f"np.array([1.0] * {n}, copy=None).size == {n}", "copy=None copies if necessary, so a list is accepted."),
        (
            f"x.astype({second!r}, copy=False) is x",
            "For astype, copy=False still means only if needed, so it raises no error.",
        ),
        ("np.asarray(x, copy=True) is x", "asarray accepts copy= since NumPy 2; copy=True always copies."),
        ("np.array(x[::2], copy=False).base is x", "The slice was returned unchanged: still a view of x."),
        ("np.array(x[::2], copy=False, order='C').base is x", "A strided slice must be copied to be in C order."),
        ("np.ascontiguousarray(x) is x", "x is already contiguous, so it is returned unchanged."),
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
        (f"np.arange({n})", "arange allocates memory for the array that it returns."),
        (f"np.arange({n})[{rows}:]", "A slice is a view of the array that arange allocated."),
        (f"np.zeros(({rows}, {columns}))", "zeros allocates memory for the array that it returns."),
        (f"np.zeros(({rows}, {columns})).T", "A transpose is a view."),
        (f"np.zeros(({rows}, {columns})).copy()", "A copy owns its memory."),
        (f"np.arange({n})[{rows}:].copy()", "A copy of a view owns its memory."),
        (f"np.arange({n}).reshape({rows}, {columns})", "reshape returned a view of the array that arange allocated."),
        (f"np.arange({n}) + 1", "The result of arithmetic is newly allocated."),
        (f"np.arange({n}).ravel()", "ravel of a contiguous array is a view."),
        (f"np.arange({n}).flatten()", "flatten always copies, and returns the copy itself."),
        (
            f"np.zeros(({rows}, {columns})).flatten().reshape({rows}, {columns})",
            "flatten copied; reshape returns a view of that copy.",
        ),
        (f"np.array(np.arange({n}).reshape({rows}, {columns}))", "np.array copied the view."),
        (f"np.asarray(np.arange({n}).reshape({rows}, {columns}))", "asarray returned the view unchanged."),
        (f"np.frombuffer(bytes({n}), dtype=np.uint8)", "The memory belongs to the bytes object."),
        (f"np.require(np.arange({n})[::2], requirements='O')", "O requires OWNDATA, so require copies a view."),
        (f"np.broadcast_to(np.zeros({columns}), ({rows}, {columns}))", "broadcast_to returns a view."),
        (
            f"np.arange({n}).reshape({rows}, {columns}).T.reshape(-1)",
            "reshape copies here, then returns a view of that copy.",
        ),
    ][int(rng.integers(round(5 * hardness), 8 + round(9 * hardness)))]
    return predict(f"y = {made}\ny.flags.owndata", why=why)


@drill("Does this print True or False?")
def whose_base(rng, hardness):
    n, a, b = int(rng.integers(9, 20)), int(rng.integers(1, 4)), int(rng.integers(1, 4))
    asked, why = [
        ("x.base is None", "arange allocated x, so it has no base."),
        ("y.base is x", "y is a view of x, which owns the memory."),
        ("z.base is x", "Views of views point to the array that owns the memory."),
        ("z.base is y", "The base of a view's view is the owner, x, not the view in between."),
        ("y.copy().base is None", "A copy owns its memory."),
        ("x[[0, 1]].base is x", "Fancy indexing copied, so x is not a base of the result."),
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
            "If x owns its memory, returns x itself.",
            shares_as_reference(),
        ),
        Level(
            "memory",
            "For a 4 MB frame, allocates nothing if it owns its memory, and one copy if it is a view.",
            allocates_nothing(frame),
            peak_memory(window_of_frame, outputs=1, extra=16 << 10),
        ),
    ],
    hints=[
        "Print x.flags for an array, for a slice of it, and for a copy of the slice. Which lines differ?",
        "A view may be contiguous, writeable and complete. Which flag alone distinguishes it from an owner?",
        "Which methods always copy, and which only if necessary? Is the returned array the copy itself?",
    ],
    spoken="""\
A view is a new shape, strides and offset on memory that another array owns, while a copy has its own memory. I check
`x.flags.owndata`: if it's True I return x, otherwise `x.copy()`. Basic slices, transposes and views never copy; fancy
and boolean indexing always do; reshape and ravel copy only if strides can't describe the result. `base` points to the
owner and `np.shares_memory` compares two arrays. In NumPy 2, `copy=False` means never copy and raises if a copy is
needed.
""",
    explanation="""\
A view is a new header (shape, strides, dtype, offset) for memory that another array owns. A copy has its own memory.
`flags.owndata` shows which one it is, `base` is the owner, and `np.shares_memory(a, b)` compares two arrays exactly.

>>> x = np.arange(6)
>>> y = x[1:4]
>>> y.flags.owndata, y.base is x
(False, True)

*What copies?* Indexing with slices, `None` and `...`, transposing and `view` never copy. An integer for every axis
returns a scalar, which is a copy. Fancy and boolean indexing, arithmetic, `flatten` and `copy` always copy. `reshape`
and `ravel` copy only if strides cannot describe the result:

>>> a = x.reshape(2, 3)
>>> np.shares_memory(a, a.reshape(-1)), np.shares_memory(a, a.T.reshape(-1))
(True, False)

*The copy argument.* `np.array` copies by default, `np.asarray` only if needed. In NumPy 2, `copy=True` means always,
`copy=None` only if needed, and `copy=False` never: it raises ValueError if a copy is needed. In NumPy 1, False meant
only if needed, and for `astype` it still does.

>>> np.array(x, copy=None) is x, x.astype(x.dtype, copy=False) is x
(True, True)
>>> np.array([1, 2], copy=False)
Traceback (most recent call last):
...
ValueError: Unable to avoid copy while creating an array as requested...

*When to copy.* A view costs nothing, but it shares memory: a write appears in both, and a view of ten bytes keeps a
gigabyte in memory. So at an interface, accept an owner as it is and copy a view.
""",
    points=[
        "A view shares another array's memory and has its own shape, strides and dtype; a copy has its own memory.",
        "Slices, transposes and view() never copy; fancy and boolean indexing, arithmetic, flatten and copy always do.",
        "reshape and ravel return a view if strides allow it, otherwise a copy.",
        "Check with flags.owndata, base and np.shares_memory; base is the owner, not the view in between.",
        "Writing through a view changes its owner; x[mask] = v writes to x, x[mask][0] = v writes to a copy.",
        "np.array copies by default, np.asarray only if needed; astype copies unless copy=False and the "
        "dtype stays the same.",
        "NumPy 2: copy=None means only if needed, copy=False means never and raises ValueError.",
        "A small view keeps the whole memory of its owner alive.",
    ],
    follow_ups={
        "What is the difference between np.shares_memory and np.may_share_memory?": "may_share_memory compares only "
        "the bounds: fast, but it may "
        "report sharing where none "
        "exists. shares_memory is exact "
        "and can be slow in the worst "
        "case.",
        "How do you make sure that reshape does not copy?": "In NumPy 2.1 and later, x.reshape(..., copy=False) raises "
        "instead of copying. Before that, check with "
        "np.shares_memory.",
        "What does owndata False not tell you?": "Whether another array uses that memory: x[:, [0, 1]] is a "
        "copy, yet it is returned as a view of a base to which "
        "nothing else refers.",
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
