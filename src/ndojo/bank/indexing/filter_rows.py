"""Drop rows that contain NaN."""

import numpy as np

from ndojo.question import (
    Entry,
    Level,
    Question,
    arrays,
    case,
    faster_than,
    needs,
    own_memory,
    peak_memory,
    trap,
    works,
)


def drop_missing(X):
    """Return the rows of `X` that contain no NaN, in their original order.

    Each row is the report of one weather station and each column is one quantity. NaN marks a missing reading.

    Parameters
    ----------
    X : ndarray, shape (n, m), float64 or float32
        The reports, ``n >= 0`` and ``m >= 0``. Infinities count as valid readings. `X` may be strided, reversed or
        read-only.

    Returns
    -------
    ndarray, shape (k, m), same dtype as `X`
        The k rows without NaN. The shape is (0, m) if every row contains NaN. If m is 0, every row is kept.
        On level 2 and above, the result must not share memory with `X`, even if every row is kept.

    Examples
    --------
    >>> drop_missing(np.array([[1.0, 2.0], [np.nan, 3.0], [4.0, np.inf]]))
    array([[ 1.,  2.],
           [ 4., inf]])
    >>> drop_missing(np.array([[np.nan, 3.0]])).shape
    (0, 2)
    """
    complete = np.ones(X.shape[0], dtype=bool)
    for column in X.T:
        complete &= column == column
    return X[complete]


@works(fails="memory")
def textbook(X):
    """The usual one-liner. Its mask has the shape of X."""
    return X[~np.isnan(X).any(axis=1)]


@works()
def by_maximum(X):
    """The maximum of a row is NaN exactly if the row contains NaN."""
    worst = X.max(axis=1, initial=-np.inf)
    return np.compress(worst == worst, X, axis=0)


@works(fails="memory")
def deletes_rows(X):
    """Lists the rows to delete instead of the rows to keep."""
    return np.delete(X, np.unique(np.nonzero(np.isnan(X))[0]), axis=0)


@works(fails="fast")
def row_by_row(X):
    """Tests one row at a time in Python."""
    kept = [i for i, row in enumerate(X) if not np.isnan(row).any()]
    return X[kept] if kept else np.empty((0, X.shape[1]), dtype=X.dtype)


@works(fails="no shared memory")
def only_if_needed(X):
    """Returns X itself if no row has to be dropped, which saves a copy."""
    missing = np.isnan(X).any(axis=1)
    return X[~missing] if missing.any() else X


@trap(
    "all(axis=1) is True only for rows in which every element is NaN. One NaN is enough to drop a row: use any(axis=1)."
)
def only_empty_rows(X):
    return X[~np.isnan(X).all(axis=1) | (X.shape[1] == 0)]


@trap("X == np.nan is always False, because NaN is not equal to anything, including itself. Use np.isnan(X).")
def compares_with_nan(X):
    return X[~np.equal(X, np.nan).any(axis=1)]


@trap("A mask with the shape of X selects elements and returns a 1-D array. To select rows, use a mask of shape (n,).",
      verdict="WT")  # fmt: skip
def picks_elements(X):
    return X[~np.isnan(X)]


@trap("any(axis=0) combines the rows and gives one boolean per column. For one boolean per row, reduce along axis=1.",
      verdict="WT")  # fmt: skip
def drops_columns(X):
    return X[:, ~np.isnan(X).any(axis=0)]


@trap("A row with both inf and -inf sums to NaN although nothing is missing, so the sum cannot detect NaN.")
def by_sum(X):
    with np.errstate(invalid="ignore"):
        return X[~np.isnan(X.sum(axis=1))]


@trap("np.isfinite is also False for infinities, which are valid readings here. np.isnan finds only NaN.")
def finite_only(X):
    return X[np.isfinite(X).all(axis=1)]


@trap(
    "np.array([]) has shape (0,). If no row is left, the result must still have m columns: shape (0, m).", verdict="WT"
)
def list_of_rows(X):
    return np.array([row for row in X if not np.isnan(row).any()], dtype=X.dtype)


@trap("Assigning to X[...] changes the caller's array. Indexing with a boolean mask creates a new one.", verdict="IM")
def moves_rows_up(X):
    kept = ~np.isnan(X).any(axis=1)
    X[: kept.sum()] = X[kept]
    return X[: kept.sum()]


# ------------------------------------------------------------------------------------------------------------ inputs


def reports(rng, n=2000, gaps=0.02):
    X = rng.standard_normal((n, 8))
    X[rng.random((n, 8)) < gaps] = np.nan
    return {"X": X}


def gappy(rng):
    X = rng.standard_normal((5000, 50))
    X[np.arange(5000), rng.integers(50, size=5000)] = np.nan
    return {"X": X}


QUESTION = Question(
    kinds=["code"],
    difficulty="easy",
    topics=["Indexing"],
    companies=["Most Tech Companies"],
    asked=["T19"],
    entry_points=[
        Entry(
            drop_missing,
            {
                "X": arrays(
                    "n", "m", dtype=("float64", "float32"), holds=("nan", "nan runs", "all nan", "inf", "both inf")
                )
            },
            dims={"m": (0, 12)},
            cases=[
                case(X=np.array([[1.0, 2.0], [np.nan, 3.0], [4.0, 5.0]])),
                case(X=np.array([[np.inf, -np.inf], [1.0, np.nan]])),
                case(X=np.array([[np.nan]])),
                case(X=np.array([[np.nan, np.nan], [2.0, 1.0], [0.0, 3.0]], dtype=np.float32)),
                case(X=np.zeros((3, 0))),
                case(X=np.zeros((0, 3), dtype=np.float32)),
            ],
        )
    ],
    levels=[
        Level("right"),
        Level(
            "no shared memory",
            "The result never shares memory with X, even if every row is kept.",
            own_memory(),
        ),
        Level(
            "fast",
            "At least 7 times faster than testing one row at a time in Python.",
            faster_than(
                row_by_row,
                7,
                reports,
                needs=needs(bytes=lambda X: X.nbytes, operations=lambda X: X.size),
            ),
        ),
        Level(
            "memory",
            "Apart from the result, use less than 160 KiB for a 2 MB input in which every row contains NaN.",
            peak_memory(gappy, outputs=1, extra=160 << 10),
        ),
    ],
    hints=[
        "You need one boolean per row. Which function tests each element for NaN, and which reduction combines the "
        "columns of a row?",
        "Reducing along axis=1 turns a mask of shape (n, m) into one of shape (n,). What does indexing with a mask of "
        "that shape select?",
        "For the last level, avoid the temporary mask of shape (n, m). Can you update the row mask from "
        "one column at a time? Or is there a reduction whose result is NaN exactly if the row contains NaN?",
    ],
    spoken="""\
I'd build a mask with `np.isnan(X).any(axis=1)`, which is True for every row that contains at least one NaN, and index
with its inverse, `X[~mask]`. A 1-D boolean mask selects whole rows, keeps their order and always copies, so the result
is independent of X. The cost is one pass over the data and a temporary mask with one byte per element. If that is too
much memory, I'd update a mask of one byte per row from one column at a time.
""",
    explanation="""\
A boolean mask of shape (n,) selects rows. Build it from a mask with the shape of X by reducing along axis 1, then
invert it with `~`:

>>> X = np.array([[1.0, 2.0], [np.nan, 3.0], [4.0, np.inf]])
>>> missing = np.isnan(X).any(axis=1)
>>> missing
array([False,  True, False])
>>> X[~missing]
array([[ 1.,  2.],
       [ 4., inf]])

*Why not `X[~np.isnan(X)]`?* A mask with the same shape as X selects individual elements. Rows may keep different
numbers of elements, so NumPy returns a 1-D array:

>>> X[~np.isnan(X)]
array([ 1.,  2.,  3.,  4., inf])

*Why not `X == np.nan`?* NaN is not equal to anything, including itself, so the comparison is False everywhere. The
reverse is a useful trick: `X != X` is True exactly for NaN. Don't use Python's `not` to invert a mask: it raises
ValueError for an array with more than one element.

*Copy or view?* Boolean indexing always copies, so writing to the result never changes X. It also keeps the number of
columns if no row is left: the shape is (0, m), while `np.array([])` has shape (0,).

*Memory.* The mask of shape (n, m) takes one byte per element, one eighth of a float64 array. Two ways avoid it:

- Loop over the few columns and update a mask of n bytes. This is fast, because each step works on a whole column.
- Reduce first: `X.max(axis=1, initial=-np.inf)` is NaN exactly for rows that contain NaN. Without `initial`, the
  maximum of zero columns raises ValueError.

A sum does not work, because inf - inf is NaN too. NumPy 2 removed the aliases `np.NaN` and `np.NAN`: write `np.nan`.
""",
    points=[
        "`np.isnan(X).any(axis=1)` gives one boolean per row, and `X[~mask]` selects the complete rows in order.",
        "A mask of shape (n,) selects rows. A mask of shape (n, m) selects elements and returns a 1-D array.",
        "NaN is not equal to itself, so `== np.nan` never finds it.",
        "Boolean indexing copies, so the result is independent of X even if every row is kept.",
        "The result keeps the dtype and all m columns, even if no row is left.",
        "The full mask costs one byte per element. Updating a row mask column by column needs one byte per row.",
    ],
    follow_ups={
        "How would you keep rows with at most two missing values?": "Use `np.isnan(X).sum(axis=1) <= 2` as the mask. "
        "True counts as 1 in a sum.",
        "How would you fill in the missing values instead?": "`np.where(np.isnan(X), np.nanmean(X, axis=0), X)`. The "
        "column means broadcast over the rows.",
        "How would you find which rows were dropped?": "`np.flatnonzero(missing)` returns their indices.",
    },
    related=["masking-without-copies", "extract-where", "nan-safe-statistics", "impute-missing"],
    links=[
        "https://numpy.org/doc/stable/user/basics.indexing.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.isnan.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.any.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.compress.html",
    ],
)
