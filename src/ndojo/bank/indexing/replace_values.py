"""Replace outliers where they stand."""

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
    """Overwrite every outlier of a depth image with the image's median.

    A depth camera looks at a wall. NaN marks pixels without an echo, and some pixels are far off. The median is that of
    all pixels but the NaNs, as they are before the call: the middle one in order of size, or halfway between the
    two in the middle. An outlier is a pixel with ``abs(pixel - median) > k``.

    Parameters
    ----------
    x : ndarray, shape (h, w), float64
        Depths in metres; it is changed. NaN stays NaN. Never infinite. Always writeable, and may be strided, reversed,
        in Fortran order or unaligned. Where it is empty, or nothing but NaN, nothing happens.
    k : float
        Tolerance in metres, 0.0 or more.

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
    """The short form. It warns of an image without pixels."""
    middle = np.nanmedian(x)
    x[np.abs(x - middle) > k] = middle


@works(fails="memory")
def by_sorting(x, k):
    """Sorting puts NaN last, so the middle of the numbers is known by their count."""
    n = np.count_nonzero(x == x)
    if n:
        ordered = np.sort(x, axis=None)
        middle = (ordered[(n - 1) // 2] + ordered[n // 2]) / 2
        np.copyto(x, middle, where=np.abs(x - middle) > k)


@works(fails="memory")
def from_both_sides(x, k):
    """np.place with two conditions in place of abs, and more arrays than it takes."""
    numbers = x[~np.isnan(x)]
    if numbers.size:
        middle = np.median(numbers)
        np.place(x, (x - middle > k) | (middle - x > k), [middle])


@works(fails="fast")
def pixel_by_pixel(x, k):
    """A loop over the pixels."""
    numbers = sorted(v for v in x.ravel().tolist() if v == v)
    if not numbers:
        return
    n = len(numbers)
    middle = (numbers[(n - 1) // 2] + numbers[n // 2]) / 2
    for place in np.ndindex(x.shape):
        if abs(x[place] - middle) > k:
            x[place] = middle


@trap("The median of an array with a NaN is NaN, and then nothing is an outlier: leave the NaNs out first.")
def median_is_nan(x, k):
    if x.size:
        middle = np.median(x)
        x[np.abs(x - middle) > k] = middle


@trap("x = np.where(...) gives the name x to a new array; the caller's stays as it was. Write with x[mask] = ...")
def gives_the_name_away(x, k):
    here = ~np.isnan(x)
    if here.any():
        middle = np.median(x[here])
        x = np.where(np.abs(x - middle) > k, middle, x)


@trap("The comparison is False for NaN, and turned over it is True: 'not near' holds for NaN, 'far' does not.")
def fills_the_gaps(x, k):
    here = ~np.isnan(x)
    if here.any():
        middle = np.median(x[here])
        x[~(np.abs(x - middle) <= k)] = middle


@trap("np.clip moves an outlier to the edge of what is allowed, and here it becomes the median.")
def clips(x, k):
    here = ~np.isnan(x)
    if here.any():
        middle = np.median(x[here])
        np.clip(x, middle - k, middle + k, out=x)


@trap("Zeros in place of NaN count as depths and pull the median down: leave NaN out, do not fill it.")
def zeros_for_gaps(x, k):
    if not np.isnan(x).all():
        middle = np.median(np.nan_to_num(x))
        x[np.abs(x - middle) > k] = middle


@trap("An outlier may be too near as well as too far: take the absolute difference.")
def only_too_far(x, k):
    here = ~np.isnan(x)
    if here.any():
        middle = np.median(x[here])
        x[x - middle > k] = middle


@trap("ravel of an image that is not contiguous is a copy, and what is written into it is lost: index x itself.")
def through_ravel(x, k):
    here = ~np.isnan(x)
    if here.any():
        middle = np.median(x[here])
        x.ravel()[np.abs(x - middle).ravel() > k] = middle


@trap("A function that works in place returns None; what it returns is not asked for.", verdict="WT")
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
        Level("no warnings", "Let no warning escape, also for an image without a single depth.", no_warnings()),
        Level(
            "fast",
            "At least five times as fast as a loop over the pixels.",
            faster_than(
                pixel_by_pixel,
                5,
                wall,
                needs=needs(bytes=lambda x, k: x.nbytes, operations=lambda x, k: 3 * x.size),
            ),
        ),
        Level(
            "memory",
            "Images are large: never more than one array of the size of x beside it, and masks.",
            peak_memory(lambda rng: wall(rng, 400, 500), inputs=1.35),
        ),
    ],
    hints=[
        "x = ... inside a function only moves a name. Which statement writes into the array that the caller holds?",
        "Which numbers is the median of? What is np.median of an array that holds a NaN?",
        "x[mask] = v, np.putmask(x, mask, v), np.place and np.copyto(x, v, where=mask) all write into x.",
        "For the last level: np.median copies, unless it may overwrite what it is given; np.abs takes out=.",
    ],
    explanation="""\
`x[mask] = value` is the usual way to replace what meets a condition. It writes into x: an index on the left of `=`
assigns, while on the right `x[mask]` is a copy.

>>> x = np.array([2.0, 9.0, np.nan, 1.75, 2.0])
>>> middle = np.nanmedian(x)
>>> x[np.abs(x - middle) > 0.5] = middle
>>> x
array([2.  , 2.  ,  nan, 1.75, 2.  ])

`x = np.where(...)` only binds a local name to a new array. `np.copyto(x, v, where=mask)` and `np.putmask(x, mask, v)`
do write into x; so does `np.place(x, mask, values)`, which hands its values out one after another:

>>> a, b = np.zeros(4), np.zeros(4)
>>> mask = np.array([False, True, False, True])
>>> np.putmask(a, mask, [1, 2, 3, 4])
>>> np.place(b, mask, [1, 2, 3, 4])
>>> a, b
(array([0., 2., 0., 4.]), array([0., 1., 0., 2.]))

NaN needs two thoughts. A median with NaN is NaN, so leave them out; `np.nanmedian` does, and warns where nothing is
left. And every comparison with NaN is False: `distance > k` leaves NaN alone, `~(distance <= k)` would replace it.

The median withstands outliers, the mean does not: one 9 among ten 2s moves the mean by 0.64.

Memory: `x[here]` is a copy anyway, so the median may sort in it (`overwrite_input=True`), and `np.abs` may write where
`x - middle` lies.
""",
    points=[
        "x[mask] = value writes in place; x = np.where(...) makes a new array and leaves the caller's alone.",
        "np.putmask, np.copyto(where=) and np.place write in place too; place hands out values in order.",
        "Comparisons with NaN are False, so a mask of what is far leaves NaN alone, and its negation does not.",
        "np.median of anything with NaN is NaN: leave NaNs out, with a mask or np.nanmedian.",
        "The median is robust, the mean is moved by the very outliers.",
        "ravel may copy; write through x itself.",
        "out= and overwrite_input= save temporary arrays.",
    ],
    follow_ups={
        "How would you find outliers without knowing k?": "Scale by the median absolute deviation: "
        "np.median(np.abs(x - m)), times 1.4826 for normal noise.",
        "What if the array holds integers?": "Assignment casts to the array's dtype: a median of 2.5 becomes 2.",
        "How do you mark instead of replace?": "x[mask] = np.nan for floats, or a masked array.",
    },
    related=["masking-without-copies", "conditional-where", "clip-values", "impute-missing"],
    links=[
        "https://numpy.org/doc/stable/reference/generated/numpy.place.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.putmask.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.nanmedian.html",
        "https://numpy.org/doc/stable/user/basics.indexing.html",
    ],
)
