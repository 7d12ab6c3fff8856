"""Replace outliers in place with a mask."""

import numpy as np

from ndojo.question import (
    Entry,
    Level,
    Question,
    arrays,
    case,
    faster_than,
    floats,
    needs,
    no_warnings,
    peak_memory,
    trap,
    works,
)


def replace_outliers(x, k):
    """Replace every outlier of a 2-D array by the median of the array, in place.

    In the image of a depth camera, NaN marks pixels without a measurement. The median is that of all elements except
    NaN, before the call: the middle one in sorted order, or the mean of the two in the middle. An outlier is an element
    with ``abs(element - median) > k``, so an element at a distance of exactly `k` is not an outlier.

    Parameters
    ----------
    x : ndarray, shape (h, w), float64
        Depths in meters, which are changed. NaN stays NaN. No element is infinite. Always writeable; may be strided,
        reversed, in Fortran order or unaligned. If `x` is empty or contains only NaN, it stays unchanged.
    k : float
        The tolerance in meters, ``k >= 0``.

    Returns
    -------
    None
        The result is in `x`.

    Examples
    --------
    >>> x = np.array([[2.0, 2.25, 9.0], [np.nan, 1.75, 2.0]])
    >>> replace_outliers(x, 0.5)
    >>> x
    array([[2.  , 2.25, 2.  ],
           [ nan, 1.75, 2.  ]])
    """
    here = ~np.isnan(x)
    if not here.any():
        return
    middle = np.median(x[here], overwrite_input=True)
    distance = x - middle
    np.abs(distance, out=distance)
    np.putmask(x, distance > k, middle)


@works(fails="no warnings")
def two_lines(x, k):
    """The short form. It shows a warning for an array without elements."""
    middle = np.nanmedian(x)
    x[np.abs(x - middle) > k] = middle


@works(fails="memory")
def by_sorting(x, k):
    """Sorting puts NaN last, so the count of numbers gives the position of the median."""
    n = np.count_nonzero(x == x)
    if n:
        ordered = np.sort(x, axis=None)
        middle = (ordered[(n - 1) // 2] + ordered[n // 2]) / 2
        np.copyto(x, middle, where=np.abs(x - middle) > k)


@works(fails="memory")
def from_both_sides(x, k):
    """Two conditions instead of abs, and np.place. It allocates more arrays than necessary."""
    numbers = x[~np.isnan(x)]
    if numbers.size:
        middle = np.median(numbers)
        np.place(x, (x - middle > k) | (middle - x > k), [middle])


@works(fails="fast")
def pixel_by_pixel(x, k):
    """A Python loop over the elements."""
    numbers = sorted(v for v in x.ravel().tolist() if v == v)
    if not numbers:
        return
    n = len(numbers)
    middle = (numbers[(n - 1) // 2] + numbers[n // 2]) / 2
    for place in np.ndindex(x.shape):
        if abs(x[place] - middle) > k:
            x[place] = middle


@trap("The median of an array that contains NaN is NaN, and then no element is an outlier. Exclude the NaNs first.")
def median_is_nan(x, k):
    if x.size:
        middle = np.median(x)
        x[np.abs(x - middle) > k] = middle


@trap("x = np.where(...) binds the name x to a new array, and the caller's array stays unchanged. Use x[mask] = ...")
def gives_the_name_away(x, k):
    here = ~np.isnan(x)
    if here.any():
        middle = np.median(x[here])
        x = np.where(np.abs(x - middle) > k, middle, x)


@trap(
    "A comparison with NaN is False, and its negation is True: `~(distance <= k)` selects NaN, `distance > k` does not."
)
def fills_the_gaps(x, k):
    here = ~np.isnan(x)
    if here.any():
        middle = np.median(x[here])
        x[~(np.abs(x - middle) <= k)] = middle


@trap("np.clip moves an outlier to the limit of the allowed range, but it must become the median.")
def clips(x, k):
    here = ~np.isnan(x)
    if here.any():
        middle = np.median(x[here])
        np.clip(x, middle - k, middle + k, out=x)


@trap("Zeros in place of NaN count as depths and lower the median. Exclude NaN instead of replacing it.")
def zeros_for_gaps(x, k):
    if not np.isnan(x).all():
        middle = np.median(np.nan_to_num(x))
        x[np.abs(x - middle) > k] = middle


@trap("An outlier may be too small as well as too large: use the absolute difference.")
def only_too_far(x, k):
    here = ~np.isnan(x)
    if here.any():
        middle = np.median(x[here])
        x[x - middle > k] = middle


@trap("ravel of an array that is not contiguous is a copy, and writing to it does not change x. Index x itself.")
def through_ravel(x, k):
    here = ~np.isnan(x)
    if here.any():
        middle = np.median(x[here])
        x.ravel()[np.abs(x - middle).ravel() > k] = middle


@trap("A function that works in place must return None.", verdict="WT")
def returns_the_image(x, k):
    here = ~np.isnan(x)
    if here.any():
        middle = np.median(x[here])
        x[np.abs(x - middle) > k] = middle
    return x


# ------------------------------------------------------------------------------------------------------------ inputs


def wall(rng, h=80, w=100):
    x = rng.normal(2.0, 0.02, (h, w))
    x[rng.random((h, w)) < 0.05] = 9.0
    x[rng.random((h, w)) < 0.05] = np.nan
    return {"x": x, "k": 0.1}


QUESTION = Question(
    kinds=["code"],
    difficulty="easy",
    topics=["Array Manipulation"],
    companies=["Google", "Amazon", "Meta"],
    asked=["T37"],
    entry_points=[
        Entry(
            replace_outliers,
            {
                "x": arrays(
                    "h",
                    "w",
                    low=0,
                    high=20,
                    holds=("nan", "nan runs", "all nan"),
                    layouts=("C", "F", "step", "reversed", "unaligned"),
                ),
                "k": floats(0.0, 8.0),
            },
            dims={"h": (0, 12), "w": (0, 12)},
            in_place=["x"],
            cases=[
                case(x=np.array([[2.0, 2.0, 9.0]]), k=1.0),
                case(x=np.array([[2.0, 2.0, 0.0]]), k=1.0),
                case(x=np.array([[1.0, 2.0, 3.0]]), k=1.0),
                case(x=np.array([[np.nan, 2.0, 2.0], [2.0, 9.0, np.nan]]), k=0.5),
                case(x=np.array([[0.0, 4.0]]), k=1.0),
                case(x=np.array([[1.0, 2.0, 4.0]]), k=0.0),
                case(x=np.array([[np.nan]]), k=1.0),
                case(x=np.zeros((0, 3)), k=1.0),
            ],
        )
    ],
    levels=[
        Level("right", "As the prompt says: `x` is written to."),
        Level("no warnings", "Shows no warning, even if no element is a number.", no_warnings()),
        Level(
            "fast",
            "At least 5 times faster than a Python loop over the elements.",
            faster_than(
                pixel_by_pixel,
                5,
                wall,
                needs=needs(bytes=lambda x, k: x.nbytes, operations=lambda x, k: 3 * x.size),
            ),
        ),
        Level(
            "memory",
            "Allocates at most one array of the size of x at a time, and masks.",
            peak_memory(lambda rng: wall(rng, 400, 500), inputs=1.35),
        ),
    ],
    hints=[
        "x = ... inside a function only rebinds a name. Which statement writes to the array of the caller?",
        "Of which numbers is it the median? What is np.median of an array that contains NaN?",
        "x[mask] = v, np.putmask(x, mask, v), np.place and np.copyto(x, v, where=mask) all write to x.",
        "For the last level: np.median copies unless it may overwrite its input, and np.abs accepts out=.",
    ],
    spoken="""\
I compute the median with `np.nanmedian`, because a single NaN would make `np.median` NaN. Then I assign through a
mask: `x[np.abs(x - m) > k] = m`. That writes in place, while `x = np.where(...)` would only rebind the local name.
Comparisons with NaN are False, so NaN stays unchanged, but negating a comparison would select it. To save memory, the
median may overwrite its own copy, and abs can write in place with `out`.
""",
    explanation="""\
`x[mask] = value` is the usual way to replace elements that meet a condition. It writes to x: an index on the left of
`=` assigns, while `x[mask]` on the right is a copy.

>>> x = np.array([2.0, 9.0, np.nan, 1.75, 2.0])
>>> middle = np.nanmedian(x)
>>> x[np.abs(x - middle) > 0.5] = middle
>>> x
array([2.  , 2.  ,  nan, 1.75, 2.  ])

`x = np.where(...)` only binds a local name to a new array. `np.copyto(x, v, where=mask)` and `np.putmask(x, mask, v)`
write to x. So does `np.place(x, mask, values)`, which assigns its values in order:

>>> a, b = np.zeros(4), np.zeros(4)
>>> mask = np.array([False, True, False, True])
>>> np.putmask(a, mask, [1, 2, 3, 4])
>>> np.place(b, mask, [1, 2, 3, 4])
>>> a, b
(array([0., 2., 0., 4.]), array([0., 1., 0., 2.]))

*NaN* matters twice. A median that includes NaN is NaN, so exclude NaN; `np.nanmedian` does, and shows a warning if
nothing is left. And every comparison with NaN is False: `distance > k` leaves NaN unchanged, `~(distance <= k)` would
replace it.

*Why the median?* It is robust against outliers, and the mean is not: one 9 among ten 2s changes the mean by 0.64.

*Memory.* `x[here]` is a copy anyway, so the median may sort it in place (`overwrite_input=True`), and `np.abs` may
write to the array of `x - middle`.
""",
    points=[
        "x[mask] = value writes in place; x = np.where(...) creates a new array and leaves the caller's unchanged.",
        "np.putmask, np.copyto(where=) and np.place write in place too; place assigns values in order.",
        "Comparisons with NaN are False, so the mask of a comparison leaves NaN unchanged, but its negation does not.",
        "np.median is NaN if any element is NaN: exclude NaN with a mask or np.nanmedian.",
        "The median is robust; the mean is changed by the outliers themselves.",
        "ravel may copy; write through x itself.",
        "out= and overwrite_input= save temporary arrays.",
    ],
    follow_ups={
        "How would you find outliers without knowing k?": "Use the median absolute deviation as the scale: "
        "np.median(np.abs(x - m)), times 1.4826 for normal noise.",
        "What changes if the array contains integers?": "The assignment casts to the array's dtype: a median of 2.5 "
        "becomes 2.",
        "How do you mark outliers instead of replacing them?": "`x[mask] = np.nan` for floats, or a masked array.",
    },
    related=["masking-without-copies", "conditional-where", "clip-values", "impute-missing"],
    links=[
        "https://numpy.org/doc/stable/reference/generated/numpy.place.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.putmask.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.nanmedian.html",
        "https://numpy.org/doc/stable/user/basics.indexing.html",
    ],
)
