"""Keep the complete rows of a table."""

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
    """Get the rows of a table that miss nothing, in their order.

    Each row of `X` is the report of one weather station, each column a quantity. NaN marks a reading that is
    missing; one is enough to leave the row out.

    Parameters
    ----------
    X : ndarray, shape (n, m), float64 or float32
        Reports. n and m may be 0; a row without columns misses nothing. Infinities are readings like any other.
        May be strided, reversed or read-only.

    Returns
    -------
    ndarray, shape (k, m), dtype of `X`
        The rows without NaN, k of them; also for k = 0 the shape has m columns. From level 2 on its memory is its
        own, even where no row is left out.

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


@works(fails="lean")
def textbook(X):
    """The line that everybody writes; its mask has the shape of X."""
    return X[~np.isnan(X).any(axis=1)]


@works()
def by_maximum(X):
    """The maximum of a row is NaN exactly where the row holds one."""
    worst = X.max(axis=1, initial=-np.inf)
    return np.compress(worst == worst, X, axis=0)


@works(fails="lean")
def deletes_rows(X):
    """Says which rows go instead of which stay."""
    return np.delete(X, np.unique(np.nonzero(np.isnan(X))[0]), axis=0)


@works(fails="fast")
def row_by_row(X):
    """Asks every row on its own."""
    kept = [i for i, row in enumerate(X) if not np.isnan(row).any()]
    return X[kept] if kept else np.empty((0, X.shape[1]), dtype=X.dtype)


@works(fails="its own memory")
def only_if_needed(X):
    """Saves the copy of a complete table by handing it back."""
    missing = np.isnan(X).any(axis=1)
    return X[~missing] if missing.any() else X


@trap("One NaN is enough: any(axis=1) finds rows with a gap, all(axis=1) only those that are nothing but gaps.")
def only_empty_rows(X):
    return X[~np.isnan(X).all(axis=1) | (X.shape[1] == 0)]


@trap("NaN equals nothing, not even itself: X == np.nan is False everywhere. Ask np.isnan(X), or X != X.")
def compares_with_nan(X):
    return X[~np.equal(X, np.nan).any(axis=1)]


@trap("A mask of the shape of X picks elements and lays them in one row; a mask of shape (n,) picks rows.",
      verdict="WT")  # fmt: skip
def picks_elements(X):
    return X[~np.isnan(X)]


@trap("axis=0 asks each column. The axis that is named is the one that goes: for one answer a row reduce axis=1.",
      verdict="WT")  # fmt: skip
def drops_columns(X):
    return X[:, ~np.isnan(X).any(axis=0)]


@trap("inf - inf is NaN too: the sum of a complete row may be NaN, so a sum cannot tell where a reading is missing.")
def by_sum(X):
    with np.errstate(invalid="ignore"):
        return X[~np.isnan(X.sum(axis=1))]


@trap("np.isfinite is False for infinities as well, and here these are readings: only NaN is missing.")
def finite_only(X):
    return X[np.isfinite(X).all(axis=1)]


@trap("np.array of an empty list has shape (0,): where no row stays, the columns are lost.", verdict="WT")
def list_of_rows(X):
    return np.array([row for row in X if not np.isnan(row).any()], dtype=X.dtype)


@trap("Moving rows up inside X writes into the caller's table; indexing with a mask makes a new one.", verdict="IM")
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
        Level("its own memory", "Whoever writes into the result must never change the table.", own_memory()),
        Level(
            "fast",
            "At least seven times as fast as asking row by row.",
            faster_than(
                row_by_row,
                7,
                reports,
                needs=needs(bytes=lambda X: X.nbytes, operations=lambda X: X.size),
            ),
        ),
        Level(
            "lean",
            "Hardly a row here is complete: besides the result, make no array of the shape of X, not even of bools.",
            peak_memory(gappy, outputs=1, extra=160 << 10),
        ),
    ],
    hints=[
        "First a table of True and False: which function is True exactly where an element is NaN?",
        "Rows are picked by one bool each. Which reduction takes you from shape (n, m) to (n,), and along which axis?",
        "For the last level: what can you learn from one column, and how do you add the next one to it? Or is there a "
        "number of each row that is NaN exactly where the row holds a NaN?",
    ],
    explanation="""\
Boolean indexing with one bool per row picks whole rows and keeps their order. So make a mask of the shape of X, reduce
it along axis 1, and turn it over:

>>> X = np.array([[1.0, 2.0], [np.nan, 3.0], [4.0, np.inf]])
>>> missing = np.isnan(X).any(axis=1)
>>> missing
array([False,  True, False])
>>> X[~missing]
array([[ 1.,  2.],
       [ 4., inf]])

A mask of the full shape would pick elements and give a 1-D array: what is left in each row need not be equally long.

>>> X[~np.isnan(X)]
array([ 1.,  2.,  3.,  4., inf])

`X == np.nan` finds nothing, as NaN differs from itself; `X != X` is True exactly there. `~` inverts bools, where
Python's `not` raises for an array.

Boolean indexing always copies, so the result may be written to. It even keeps the shape where no row is left: (0, m),
while a list of rows would become (0,).

The mask costs one byte an element, an eighth of a float64 table. A loop over the few columns that updates one bool per
row needs one byte a row, and is quick, since each step works on a whole column. Or reduce first: `X.max(axis=1)` is NaN
exactly in rows with a NaN (give it `initial=-np.inf` where there may be no columns: the maximum of nothing raises
ValueError). A sum will not do: inf - inf is NaN as well.

NumPy 2 has `np.nan` only; the aliases `np.NaN` and `np.NAN` are gone.
""",
    points=[
        "np.isnan(X).any(axis=1) gives one bool a row; X[~missing] picks rows in their order.",
        "A mask of shape (n,) picks rows, one of shape (n, m) picks elements into one dimension.",
        "NaN is not equal to itself: == np.nan never finds it.",
        "Boolean indexing copies: the result is independent of X, even if nothing is left out.",
        "The result keeps m columns and the dtype, also without any row.",
        "The full mask costs a byte an element; column by column, or by the maximum, one needs n bytes or n numbers.",
    ],
    follow_ups={
        "How would you keep rows with at most two gaps?": "np.isnan(X).sum(axis=1) <= 2 as the mask: True counts as 1.",
        "How would you fill the gaps instead?": "np.where(np.isnan(X), np.nanmean(X, axis=0), X): the means broadcast.",
        "And which rows were dropped?": "np.flatnonzero(missing) gives their indices.",
    },
    related=["masking-without-copies", "extract-where", "nan-safe-statistics", "impute-missing"],
    links=[
        "https://numpy.org/doc/stable/user/basics.indexing.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.isnan.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.any.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.compress.html",
    ],
)
