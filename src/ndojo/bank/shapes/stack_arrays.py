"""Prepend a column of ones."""

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
    """Prepend a column of ones to a feature matrix.

    In a linear model, the coefficient of this column is the intercept. For example, each row of `X` describes one taxi
    ride, and the fare includes a fixed amount that does not depend on the ride.

    Parameters
    ----------
    X : ndarray, shape (n, m), float32, float64 or int32
        ``n >= 0`` and ``m >= 0``. May contain NaN and infinities, and may be strided, reversed or read-only.
        On level 4, X may have any number of leading axes: shape (..., n, m).

    Returns
    -------
    ndarray, shape (n, m + 1), same dtype as `X`
        A new array: column 0 contains ones, and the columns of `X` follow. On level 4 the shape is (..., n, m + 1).

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
def with_broadcast_to(X):
    """Concatenates X with a column of ones that np.broadcast_to creates as a view of one element."""
    one = np.broadcast_to(X.dtype.type(1), (*X.shape[:-1], 1))
    return np.concatenate([one, X], axis=-1)


@works()
def by_pad(X):
    """Uses np.pad to insert a 1 at the start of the last axis."""
    sides = [(0, 0)] * (X.ndim - 1) + [(1, 0)]
    return np.pad(X, sides, constant_values=1)


@works(fails="one allocation")
def by_column_stack(X):
    """Uses np.column_stack with a column of ones of the same dtype."""
    return np.column_stack([np.ones(len(X), dtype=X.dtype), X])


@works(fails="batches")
def by_insert(X):
    """Uses np.insert at index 0 along axis 1."""
    return np.insert(X, 0, 1, axis=1)


@works(fails="vectorized")
def row_by_row(X):
    """Copies one row at a time."""
    n, m = X.shape
    out = np.ones((n, m + 1), dtype=X.dtype)
    for i in range(n):
        out[i, 1:] = X[i]
    return out


@trap(
    "np.ones returns float64 by default, and concatenation promotes dtypes, so float32 features become float64. "
    "Pass dtype=X.dtype to np.ones.",
    verdict="WT",
)
def widens(X):
    return np.hstack([np.ones((len(X), 1)), X])


@trap(
    "np.vstack joins along axis 0, so the ones become a row. To add a column, join along the last axis.",
    verdict="WT",
)
def adds_a_row(X):
    return np.vstack([np.ones(X.shape[1], dtype=X.dtype), X])


@trap(
    "np.hstack does not turn a 1-D array into a column, and arrays with different numbers of axes cannot be joined. "
    "Use np.column_stack, or make the column with ones[:, None].",
    verdict="RE",
)
def joins_a_row(X):
    return np.hstack([np.ones(len(X), dtype=X.dtype), X])


@trap(
    "The columns of the result have the order of the arrays in the list. The ones must be column 0, so pass them first."
)
def adds_it_last(X):
    return np.column_stack([X, np.ones(len(X), dtype=X.dtype)])


@trap("Without axis, np.insert and np.append flatten the array first. Pass axis=1.", verdict="WT")
def flattens(X):
    return np.insert(X, 0, 1)


@trap(
    "If X has no columns, X[:, :1] has none either, so no ones are added. Create the ones from the number of rows.",
    verdict="WT",
)
def copies_a_column(X):
    return np.concatenate([np.ones_like(X[:, :1]), X], axis=1)


@trap(
    "np.stack joins along a new axis, so the result has one axis too many. To add a column, join along the existing "
    "last axis with np.concatenate.",
    verdict="WT",
)
def adds_an_axis(X):
    return np.stack([np.ones_like(X), X], axis=-1)


@drill("What is the shape of the result, or which exception is raised?")
def joining_rows(rng, hardness):
    n, m = (int(k) for k in rng.choice(np.arange(2, 9), 2, replace=False))
    a, b = f"np.zeros({n})", f"np.zeros({m})"
    forms = [
        (f"np.hstack([{a}, {b}])", f"hstack joins 1-D arrays along their only axis: {n} + {m}."),
        (f"np.vstack([{a}, {a}])", f"vstack turns each array into a row of shape (1, {n}) and joins along axis 0."),
        (f"np.column_stack([{a}, {a}])", "column_stack turns each 1-D array into a column and joins along axis 1."),
        (f"np.stack([{a}, {a}, {a}])", "stack adds a new axis, by default axis 0."),
        (f"np.concatenate([{a}, {b}])", f"concatenate joins 1-D arrays along their only axis: {n} + {m}."),
        (f"np.stack([{a}, {a}, {a}], axis=1)", "stack adds a new axis, here axis 1."),
        (f"np.vstack([{a}, {b}])", f"vstack requires rows of equal length, but these have {n} and {m} elements."),
        (
            f"np.column_stack([{a}, {b}])",
            f"column_stack requires columns of equal length, but these have {n} and {m} elements.",
        ),
        (f"np.stack([{a}, {b}])", "stack requires arrays of equal shape."),
        (f"np.dstack([{a}, {a}])", f"dstack reshapes each 1-D array to (1, {n}, 1) and joins along axis 2."),
        (f"np.concatenate([{a}, {a}], axis=1)", "A 1-D array has no axis 1, and concatenate does not add axes."),
        (f"np.hstack([{a}, 1.0])", "hstack converts a scalar to an array of one element."),
        (f"np.concatenate([{a}, 1.0])", "concatenate does not accept 0-d arrays; hstack converts them to 1-D first."),
    ]
    text, why = forms[int(rng.integers(round(4 * hardness), 5 + round(8 * hardness)))]
    return predict(f"{text}.shape", why=why)


@drill("What is the shape of the result, or which exception is raised?")
def joining_tables(rng, hardness):
    n, m, k = (int(k) for k in rng.choice(np.arange(2, 9), 3, replace=False))
    head = f"A = np.zeros(({n}, {m}))"
    forms = [
        (
            f"np.vstack([A, np.zeros(({k}, {m}))])",
            f"Both arrays have {m} columns, and the numbers of rows add up: {n} + {k}.",
        ),
        (
            f"np.hstack([A, np.zeros(({n}, {k}))])",
            f"Both arrays have {n} rows, and the numbers of columns add up: {m} + {k}.",
        ),
        (f"np.concatenate([A, np.zeros(({k}, {m}))])", f"concatenate joins along axis 0 by default: {n} + {k}."),
        (f"np.column_stack([A, np.zeros({n})])", f"The 1-D array becomes a column: {m} + 1."),
        (f"np.vstack([A, np.zeros({m})])", f"The 1-D array becomes a row: {n} + 1."),
        (
            f"np.hstack([A, np.zeros(({k}, {m}))])",
            f"hstack requires equal numbers of rows, but these arrays have {n} and {k}.",
        ),
        ("np.stack([A, A])", "stack adds a new axis 0, whose length is the number of arrays."),
        (
            f"np.hstack([A, np.zeros({n})])",
            "hstack does not turn a 1-D array into a column, and it cannot join 2-D with 1-D.",
        ),
        (f"np.vstack([A, np.zeros({n})])", f"The 1-D array becomes a row of {n} elements, but A has {m} columns."),
        ("np.stack([A, A, A], axis=-1)", "stack adds a new last axis, whose length is the number of arrays."),
        ("np.concatenate([A, A], axis=None)", f"With axis=None, concatenate flattens the arrays first: 2 * {n * m}."),
        ("np.append(A, A)", f"Without axis, append flattens the arrays first: 2 * {n * m}."),
        (f"np.c_[A, np.zeros({n})]", f"c_ turns the 1-D array into a column, like column_stack: {m} + 1."),
        (f"np.r_[A, np.zeros((1, {m}))]", f"r_ joins along axis 0: {n} + 1."),
        (f"np.block([[A, A], [A, A], [np.zeros(({k}, {2 * m}))]])", f"The numbers of rows add up: {n} + {n} + {k}."),
    ]
    text, why = forms[int(rng.integers(round(5 * hardness), 6 + round(9 * hardness)))]
    return predict(f"{head}\n{text}.shape", why=why)


DTYPES = ("bool", "int8", "uint8", "int16", "int32", "int64", "float32", "float64")


@drill("What is the dtype of the result?")
def joined_dtype(rng, hardness):
    few = ("int32", "int64", "float32", "float64") if hardness < 0.4 else DTYPES
    one, other = (str(name) for name in rng.choice(few, 2, replace=False))
    if hardness > 0.5 and rng.random() < 0.35:
        return predict(
            f"x = np.zeros(3, dtype={one!r})\nstr(np.concatenate([x, x], dtype={other!r}, casting='unsafe').dtype)",
            why=f"dtype= sets the dtype of the result, {other}, and casting='unsafe' allows any conversion.",
        )
    way = str(rng.choice(["np.hstack([x, y])", "np.vstack([x, y])", "np.stack([x, y])", "np.column_stack([x, y])"]))
    result = np.promote_types(one, other)
    return predict(
        f"x = np.zeros(3, dtype={one!r})\ny = np.zeros(3, dtype={other!r})\nstr({way}.dtype)",
        why=f"These functions promote dtypes as arithmetic on two arrays does: {one} and {other} give {result}.",
    )


@drill("What is the value of the expression?")
def element_of_the_joined(rng, hardness):
    n = int(rng.integers(3, 7))
    i, k = int(rng.integers(n)), int(rng.integers(2, 6))
    head = f"a = np.arange({n})\nb = {k} * a + 1"
    forms = [
        (f"np.vstack([a, b])[1, {i}]", f"Row 1 is b: {k} * {i} + 1."),
        (f"np.column_stack([a, b])[{i}, 1]", f"Column 1 is b: {k} * {i} + 1."),
        (f"np.hstack([a, b])[{n + i}]", f"The {n} elements of a come first, so this is b[{i}]: {k} * {i} + 1."),
        (f"np.stack([a, b], axis=1)[{i}, 0]", "The new axis is axis 1, and index 0 along it selects a."),
        (
            f"np.stack([a, b], axis=-1).ravel()[{2 * i + 1}]",
            f"The elements of a and b alternate, so element {2 * i + 1} is b[{i}].",
        ),
        (f"np.stack([a, b]).ravel()[{n + i}]", f"ravel reads row by row and row 0 is a, so this is b[{i}]."),
        (f"np.column_stack([a, b]).T[0, {i}]", "Column 0 is a, so row 0 of the transpose is a."),
        (f"np.column_stack([b, b[::-1]])[{i}, 1]", f"Column 1 is b reversed, so this is b[{n - 1 - i}]."),
        (f"np.dstack([a, b])[0, {i}, 1]", f"dstack joins along axis 2, and index 1 along it selects b: b[{i}]."),
        (f"np.vstack([a, b])[:, {i}].sum()", f"Column {i} contains a[{i}] and b[{i}]: {i} + {k * i + 1}."),
    ]
    text, why = forms[int(rng.integers(round(3 * hardness), 4 + round(6 * hardness)))]
    return predict(f"{head}\nint({text})", why=why)


def show_memory():
    X = np.ones((500_000, 3))
    print(f"X has {X.nbytes / 1e6:.0f} MB, the result has {X.nbytes / 1e6 * 4 / 3:.0f} MB")
    for name, function in [
        ("column_stack with np.ones", by_column_stack.function),
        ("concatenate with broadcast_to", with_broadcast_to.function),
        ("np.ones, then assignment", add_bias),
    ]:
        tracemalloc.start()
        result = function(X)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        print(f"{name:30} peak memory: {peak / result.nbytes:.2f} times the result")


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
            "Uses no Python loop over the rows.",
            no_python_loop(lambda rng, n: {"X": rng.standard_normal((n, 4))}),
        ),
        Level(
            "one allocation",
            "Allocates at most 32 KiB in addition to the result if X has shape (300000, 3).",
            peak_memory(lambda rng: {"X": rng.standard_normal((300_000, 3))}, outputs=1, extra=32 << 10),
        ),
        Level(
            "batches",
            "Also works if X has any number of leading axes: shape (..., n, m).",
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
        "Which of np.vstack, np.hstack and np.column_stack turns a 1-D array into a column?",
        "Concatenation promotes dtypes. Which dtype does np.ones return by default?",
        "Level 3: if you allocate only the result, how do you write the ones and the features into it?",
        "Level 4: an ellipsis in an index stands for any number of leading axes.",
    ],
    spoken="""\
I allocate the result with `np.ones`, with shape (n, m + 1) and the dtype of X. Then I assign the features to all
columns except the first, so no other memory is needed. The short version is `np.column_stack` with a column of ones,
but it allocates that column as well. I have to pass the dtype to `np.ones`, because float64 ones would promote float32
features. In general, `np.concatenate` joins along an existing axis, and `np.stack` creates a new axis and requires
equal shapes.
""",
    explanation="""\
To prepend a column without temporary arrays, allocate the result and assign to its parts. The ellipsis makes the code
work for any number of leading axes:

>>> X = np.array([[2.5, 9.0], [7.0, 21.0]], dtype=np.float32)
>>> out = np.ones((*X.shape[:-1], X.shape[-1] + 1), dtype=X.dtype)
>>> out[..., 1:] = X
>>> out
array([[ 1. ,  2.5,  9. ],
       [ 1. ,  7. , 21. ]], dtype=float32)

*Which function joins along which axis?* `np.concatenate` joins along an existing axis, and `np.stack` joins along a
new one. The other functions may add axes to their inputs and then concatenate:

- `vstack` turns 1-D arrays into rows and joins along axis 0.
- `column_stack` turns 1-D arrays into columns and joins along axis 1.
- `hstack` joins 1-D arrays along axis 0 and all other arrays along axis 1.
- `dstack` turns 1-D and 2-D arrays into 3-D arrays and joins along axis 2.

>>> a, b = np.array([1, 2, 3]), np.array([4, 5, 6])
>>> [f([a, b]).shape for f in (np.vstack, np.column_stack, np.hstack, np.stack, np.dstack)]
[(2, 3), (3, 2), (6,), (2, 3), (1, 3, 2)]

`np.row_stack` was an alias of `vstack`. NumPy 2.0 deprecated it and NumPy 2.5 removed it, so use `np.vstack`.

*Dtypes.* All these functions promote dtypes as arithmetic does. `np.ones(n)` is float64, so it promotes float32
features to float64 and doubles their memory. Pass a dtype:

>>> np.column_stack([np.ones(2), X]).dtype, np.column_stack([np.ones(2, dtype=X.dtype), X]).dtype
(dtype('float64'), dtype('float32'))

*Memory.* All these functions copy their inputs. `column_stack([np.ones(n), X])` also allocates the column of ones. An
alternative to assignment is to concatenate X with `np.broadcast_to(X.dtype.type(1), (n, 1))`, a view of a single
element.

*Loops.* Do not extend an array in a loop. Each call copies all previous parts, so k parts of equal size cost O(k^2).
Collect the parts in a list and concatenate them once.
""",
    points=[
        "np.concatenate joins along an existing axis; np.stack joins along a new axis and requires equal shapes.",
        "vstack turns 1-D arrays into rows, column_stack turns them into columns, and hstack does neither.",
        "Concatenation promotes dtypes, so float64 ones turn float32 features into float64.",
        "Concatenation always copies. Allocating the result and assigning its parts needs no other memory.",
        "Extending an array in a loop takes quadratic time: collect the parts in a list and concatenate once.",
        "np.row_stack was an alias of np.vstack; NumPy 2.0 deprecated it and NumPy 2.5 removed it.",
        "np.append and np.insert flatten the array unless you pass axis.",
    ],
    follow_ups={
        "How do you concatenate into an existing array?": "Pass out= to np.concatenate or np.stack, or assign to "
        "slices of the existing array.",
        "When do you use np.block?": "To assemble a matrix from smaller matrices, given as nested lists.",
        "Does an intercept require the column of ones?": "No. Center X and y before fitting, or keep the "
        "intercept as a separate parameter: `X @ w + b`.",
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
