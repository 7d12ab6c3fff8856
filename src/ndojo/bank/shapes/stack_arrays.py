"""Put a column of ones in front."""

import tracemalloc

import numpy as np

from ndojo.question import (
    Entry,
    Level,
    Question,
    arrays,
    case,
    drill,
    no_python_loop,
    peak_memory,
    predict,
    right_on,
    trap,
    works,
)


def add_bias(X):
    """Put a column of ones before the features, so that a linear model has an intercept.

    Each row of `X` describes one taxi ride: kilometers, minutes, passengers. The fare has a part that does not depend
    on any of them, which is the coefficient of the ones.

    Parameters
    ----------
    X : ndarray, shape (n, m), float32, float64 or int32
        n and m may be 0. May contain NaN and infinities, and may be strided, reversed or read-only.
        On level 4 there may be axes in front, one table for each city: shape (..., n, m).

    Returns
    -------
    ndarray, shape (n, m + 1), dtype of `X`
        A new array: ones in column 0, then the columns of `X`. On level 4 of shape (..., n, m + 1).

    Examples
    --------
    >>> add_bias(np.array([[2.5, 9.0], [7.0, 21.0]]))
    array([[ 1. ,  2.5,  9. ],
           [ 1. ,  7. , 21. ]])
    """
    out = np.ones((*X.shape[:-1], X.shape[-1] + 1), dtype=X.dtype)
    out[..., 1:] = X
    return out


@works()
def stretched_one(X):
    """Joins X to a single one, stretched to a column: broadcasting takes no memory."""
    one = np.broadcast_to(X.dtype.type(1), (*X.shape[:-1], 1))
    return np.concatenate([one, X], axis=-1)


@works()
def padded(X):
    """np.pad adds any values on either side."""
    sides = [(0, 0)] * (X.ndim - 1) + [(1, 0)]
    return np.pad(X, sides, constant_values=1)


@works(fails="one allocation")
def stacked_columns(X):
    """The line that everybody writes, with the dtype minded."""
    return np.column_stack([np.ones(len(X), dtype=X.dtype), X])


@works(fails="batches")
def inserted(X):
    """np.insert at 0, along the columns."""
    return np.insert(X, 0, 1, axis=1)


@works(fails="vectorized")
def row_by_row(X):
    """Writes each row."""
    n, m = X.shape
    out = np.ones((n, m + 1), dtype=X.dtype)
    for i in range(n):
        out[i, 1:] = X[i]
    return out


@trap(
    "np.ones gives float64, and joining takes the wider dtype: float32 features come back as float64. "
    "Ask for ones of X's dtype.",
    verdict="WT",
)
def widens(X):
    return np.hstack([np.ones((len(X), 1)), X])


@trap("vstack puts arrays below each other, so the ones become a row: a column is joined along the last axis.",
      verdict="WT")  # fmt: skip
def adds_a_row(X):
    return np.vstack([np.ones(X.shape[1], dtype=X.dtype), X])


@trap(
    "hstack makes no column of a 1-D array: all arrays need the same number of axes. column_stack does, and so does "
    "ones[:, None].",
    verdict="RE",
)
def joins_a_row(X):
    return np.hstack([np.ones(len(X), dtype=X.dtype), X])


@trap("Columns come out in the order in which they are given: the ones stand first.")
def adds_it_last(X):
    return np.column_stack([X, np.ones(len(X), dtype=X.dtype)])


@trap("Without an axis, np.insert and np.append flatten the array first.", verdict="WT")
def flattens(X):
    return np.insert(X, 0, 1)


@trap("X may have no columns, and then X[:, :1] has none either: make the ones from the number of rows.", verdict="WT")
def copies_a_column(X):
    return np.concatenate([np.ones_like(X[:, :1]), X], axis=1)


@trap(
    "stack joins along a new axis and wants equal shapes; ones next to the columns go along an axis that exists: "
    "concatenate.",
    verdict="WT",
)
def piles_up(X):
    return np.stack([np.ones_like(X), X], axis=-1)


@drill("What is the shape, or which error is raised?")
def joining_rows(rng, hardness):
    n, m = (int(k) for k in rng.choice(np.arange(2, 9), 2, replace=False))
    a, b = f"np.zeros({n})", f"np.zeros({m})"
    forms = [
        (f"np.hstack([{a}, {b}])", f"1-D arrays are joined end to end: {n} + {m}."),
        (f"np.vstack([{a}, {a}])", f"vstack makes a row of each, of shape (1, {n}), and puts them below each other."),
        (f"np.column_stack([{a}, {a}])", "column_stack makes a column of each 1-D array."),
        (f"np.stack([{a}, {a}, {a}])", "stack adds an axis, by default in front."),
        (f"np.concatenate([{a}, {b}])", f"1-D arrays are joined end to end: {n} + {m}."),
        (f"np.stack([{a}, {a}, {a}], axis=1)", "stack adds an axis, here the last one."),
        (f"np.vstack([{a}, {b}])", f"Rows of {n} and {m} do not fit below each other."),
        (f"np.column_stack([{a}, {b}])", f"Columns of {n} and {m} cannot be joined side by side."),
        (f"np.stack([{a}, {b}])", "stack wants arrays of one shape."),
        (f"np.dstack([{a}, {a}])", f"dstack makes (1, {n}, 1) of each 1-D array and joins along axis 2."),
        (f"np.concatenate([{a}, {a}], axis=1)", "A 1-D array has no axis 1, and concatenate adds none."),
        (f"np.hstack([{a}, 1.0])", "hstack takes a scalar as an array of one element."),
        (f"np.concatenate([{a}, 1.0])", "concatenate takes no 0-d arrays; hstack would."),
    ]
    text, why = forms[int(rng.integers(round(4 * hardness), 5 + round(8 * hardness)))]
    return predict(f"{text}.shape", why=why)


@drill("What is the shape, or which error is raised?")
def joining_tables(rng, hardness):
    n, m, k = (int(k) for k in rng.choice(np.arange(2, 9), 3, replace=False))
    head = f"A = np.zeros(({n}, {m}))"
    forms = [
        (f"np.vstack([A, np.zeros(({k}, {m}))])", f"Both have {m} columns, so the rows add up: {n} + {k}."),
        (f"np.hstack([A, np.zeros(({n}, {k}))])", f"Both have {n} rows, so the columns add up: {m} + {k}."),
        (f"np.concatenate([A, np.zeros(({k}, {m}))])", f"concatenate joins along axis 0 by default: {n} + {k}."),
        (f"np.column_stack([A, np.zeros({n})])", f"The 1-D array becomes a column: {m} + 1."),
        (f"np.vstack([A, np.zeros({m})])", f"The 1-D array becomes a row: {n} + 1."),
        (f"np.hstack([A, np.zeros(({k}, {m}))])", f"Side by side, {n} rows do not match {k}."),
        ("np.stack([A, A])", "stack adds an axis in front, as long as the list."),
        (f"np.hstack([A, np.zeros({n})])", "hstack makes no column of a 1-D array: two axes do not fit one."),
        (f"np.vstack([A, np.zeros({n})])", f"The 1-D array becomes a row of {n}, but A has {m} columns."),
        ("np.stack([A, A, A], axis=-1)", "stack adds an axis, here the last one, as long as the list."),
        ("np.concatenate([A, A], axis=None)", f"With axis=None the arrays are flattened first: 2 * {n * m}."),
        ("np.append(A, A)", f"Without an axis, append flattens first: 2 * {n * m}."),
        (f"np.c_[A, np.zeros({n})]", f"c_ makes a column of the 1-D array, as column_stack does: {m} + 1."),
        (f"np.r_[A, np.zeros((1, {m}))]", f"r_ joins along axis 0: {n} + 1."),
        (f"np.block([[A, A], [A, A], [np.zeros(({k}, {2 * m}))]])", f"Rows add up to {2 * n} + {k}."),
    ]
    text, why = forms[int(rng.integers(round(5 * hardness), 6 + round(9 * hardness)))]
    return predict(f"{head}\n{text}.shape", why=why)


DTYPES = ("bool", "int8", "uint8", "int16", "int32", "int64", "float32", "float64")


@drill("What is the dtype?")
def joined_dtype(rng, hardness):
    few = ("int32", "int64", "float32", "float64") if hardness < 0.4 else DTYPES
    one, other = (str(name) for name in rng.choice(few, 2, replace=False))
    if hardness > 0.5 and rng.random() < 0.35:
        return predict(
            f"x = np.zeros(3, dtype={one!r})\nstr(np.concatenate([x, x], dtype={other!r}, casting='unsafe').dtype)",
            why=f"dtype= says what the result is: {other}; casting='unsafe' allows any conversion.",
        )
    way = str(rng.choice(["np.hstack([x, y])", "np.vstack([x, y])", "np.stack([x, y])", "np.column_stack([x, y])"]))
    result = np.promote_types(one, other)
    return predict(
        f"x = np.zeros(3, dtype={one!r})\ny = np.zeros(3, dtype={other!r})\nstr({way}.dtype)",
        why=f"Joining promotes {one} and {other} as arithmetic on two arrays does: to {result}.",
    )


@drill("What is the value?")
def element_of_the_joined(rng, hardness):
    n = int(rng.integers(3, 7))
    i, k = int(rng.integers(n)), int(rng.integers(2, 6))
    head = f"a = np.arange({n})\nb = {k} * a + 1"
    forms = [
        (f"np.vstack([a, b])[1, {i}]", f"Row 1 is b: {k} * {i} + 1."),
        (f"np.column_stack([a, b])[{i}, 1]", f"Column 1 is b: {k} * {i} + 1."),
        (f"np.hstack([a, b])[{n + i}]", f"b follows a's {n} elements: {k} * {i} + 1."),
        (f"np.stack([a, b], axis=1)[{i}, 0]", "The new axis is the last: index 0 along it is a."),
        (f"np.stack([a, b], axis=-1).ravel()[{2 * i + 1}]", f"a and b take turns: element {2 * i + 1} is b[{i}]."),
        (f"np.stack([a, b]).ravel()[{n + i}]", f"Read row by row, b follows a: b[{i}]."),
        (f"np.column_stack([a, b]).T[0, {i}]", "The transpose has a as its row 0."),
        (f"np.column_stack([b, b[::-1]])[{i}, 1]", f"Column 1 runs backward: b[{n - 1 - i}]."),
        (f"np.dstack([a, b])[0, {i}, 1]", f"dstack joins along axis 2: index 1 along it is b, so b[{i}]."),
        (f"np.vstack([a, b])[:, {i}].sum()", f"Column {i} holds a[{i}] and b[{i}]: {i} + {k * i + 1}."),
    ]
    text, why = forms[int(rng.integers(round(3 * hardness), 4 + round(6 * hardness)))]
    return predict(f"{head}\nint({text})", why=why)


def show_memory():
    X = np.ones((500_000, 3))
    print(f"X: {X.nbytes / 1e6:.0f} MB, the result: {X.nbytes / 1e6 * 4 / 3:.0f} MB")
    for name, function in [
        ("column_stack with a column of ones", stacked_columns.function),
        ("concatenate with a stretched one", stretched_one.function),
        ("ones, then filled", add_bias),
    ]:
        tracemalloc.start()
        result = function(X)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        print(f"{name:35} allocated {peak / result.nbytes:.2f} times the result")


QUESTION = Question(
    kinds=["code", "predict"],
    difficulty="easy",
    topics=["Array Manipulation"],
    companies=["Google", "Amazon", "Microsoft"],
    asked=["T11", "T86"],
    entry_points=[
        Entry(
            add_bias,
            {"X": arrays("n", "m", dtype=("float32", "float64", "int32"), holds=("nan", "inf", "extremes"))},
            cases=[
                case(X=np.array([[2.5, 9.0], [7.0, 21.0]])),
                case(X=np.array([[3, 4, 5]], dtype=np.int32)),
                case(X=np.array([[2.0, 3.0], [4.0, 5.0], [6.0, 7.0]], dtype=np.float32)),
                case(X=np.zeros((2, 0), dtype=np.float32)),
                case(X=np.zeros((0, 2))),
            ],
        )
    ],
    levels=[
        Level("right"),
        Level(
            "vectorized",
            "No loop in Python over the rides.",
            no_python_loop(lambda rng, n: {"X": rng.standard_normal((n, 4))}),
        ),
        Level(
            "one allocation",
            "Three hundred thousand rides: allocate the result and nothing else, not even the column of ones.",
            peak_memory(lambda rng: {"X": rng.standard_normal((300_000, 3))}, outputs=1, extra=32 << 10),
        ),
        Level(
            "batches",
            "Now X may have axes in front: one table a city, all of one size.",
            right_on(
                Entry(
                    add_bias,
                    {"X": arrays(..., "n", "m", dtype=("float32", "float64", "int32"), holds=("nan", "inf"))},
                    cases=[case(X=np.arange(12.0).reshape(2, 3, 2)), case(X=np.zeros((2, 3, 0)))],
                )
            ),
        ),
    ],
    hints=[
        "Which of vstack, hstack and column_stack makes a column of a 1-D array?",
        "Joining takes the wider dtype. Which dtype do your ones have?",
        "To allocate once: what must exist before anything is copied, and how do the ones and the features get there?",
        "An ellipsis in an index stands for any number of axes in front.",
    ],
    spoken=(
        "concatenate joins along an axis that exists; stack creates a new axis and needs equal shapes. To add a "
        "column of ones I can use np.column_stack or hstack with np.ones((n, 1)), but both first build the column. I "
        "prefer to allocate the result once with np.empty, assign 1 to the first column, and copy the features into "
        "the rest. That uses only the memory of the result, and I choose the dtype myself."
    ),
    explanation="""\
The stacking functions are `np.concatenate` with a habit. `concatenate` joins along an axis that exists, `stack` along
a new one. The others differ in the axes that they add first:

- `vstack` makes rows of 1-D arrays and joins along axis 0;
- `column_stack` makes columns of them and joins along axis 1;
- `hstack` adds none: 1-D arrays are joined end to end, others along axis 1;
- `dstack` adds axes up to a third one and joins along axis 2.

>>> a, b = np.array([1, 2, 3]), np.array([4, 5, 6])
>>> [f([a, b]).shape for f in (np.vstack, np.column_stack, np.hstack, np.stack, np.dstack)]
[(2, 3), (3, 2), (6,), (2, 3), (1, 3, 2)]

`np.row_stack` was an alias of `vstack`; NumPy 2.0 deprecated it and 2.5 removed it, so write `np.vstack`.

Joining always copies, and promotes dtypes as arithmetic does. `np.ones(n)` is float64, so it widens float32
features and doubles their memory: pass a dtype.

>>> X = np.zeros((2, 1), dtype=np.float32)
>>> np.column_stack([np.ones(2), X]).dtype, np.column_stack([np.ones(2, dtype=X.dtype), X]).dtype
(dtype('float64'), dtype('float32'))

To allocate once, make the result and fill its parts, or join to `np.broadcast_to(X.dtype.type(1), (n, 1))`, a column
that takes no memory.

Never stack in a loop: each call copies all that came before, O(k^2) for k parts. Collect a list and join once.
""",
    points=[
        "concatenate joins along an existing axis; stack along a new one, and wants equal shapes.",
        "vstack turns 1-D arrays into rows, column_stack into columns, hstack into neither.",
        "Joining promotes dtypes: float64 ones widen float32 features.",
        "Joining always copies; making the result and filling its parts allocates once.",
        "Growing an array by stacking in a loop is quadratic: collect a list and join once.",
        "np.row_stack was np.vstack: deprecated in NumPy 2.0, gone from 2.5.",
        "np.append and np.insert flatten unless given an axis.",
    ],
    follow_ups={
        "How do you join without a new array?": "Pass out= to np.concatenate or np.stack, or keep one array with room "
        "for all and fill slices of it.",
        "When do you want np.block?": "For a matrix of matrices, given as nested lists.",
        "Is the column of ones needed for an intercept?": "Not if X and y are centered, or if it is kept apart: "
        "X @ w + b.",
    },
    related=["stack-channels", "split-arrays", "growing-arrays", "least-squares", "expand-and-squeeze"],
    links=[
        "https://numpy.org/doc/stable/reference/generated/numpy.column_stack.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.concatenate.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.vstack.html",
        "https://numpy.org/doc/stable/numpy_2_0_migration_guide.html",
    ],
    live=show_memory,
)
