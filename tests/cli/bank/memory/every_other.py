"""Every other sample."""

import numpy as np

from ndojo.question import Entry, Level, Question, arrays, case, drill, predict, trap, view_of, works


def every_other(x):
    """Keep the first sample, the third, and so on.

    Parameters
    ----------
    x : ndarray, shape (n,), float64
        Samples. May be empty, may hold NaN.

    Returns
    -------
    ndarray, shape (ceil(n / 2),), float64

    Examples
    --------
    >>> every_other(np.array([1.0, 2.0, 3.0]))
    array([1., 3.])
    """
    return x[::2]


@works(fails="no copy")
def gathered(x):
    """Copies by fancy indexing."""
    return x[np.arange(0, x.size, 2)]


@trap("Counting starts at 0: the first sample has an even index.", verdict="WT")
def odd_ones(x):
    return x[1::2]


@trap("An odd number of samples leaves one more at the even places.", verdict="WT")
def loses_last(x):
    return x[: x.size // 2 * 2 : 2].copy()


@trap("Taking the first half keeps neighbors, not every other sample.")
def first_half(x):
    return x[: (x.size + 1) // 2]


@trap("A slice keeps the order: nothing is to be reversed.")
def reversed_order(x):
    return x[::2][::-1]


@drill("What is the shape?")
def how_many(rng, hardness):
    n, step = int(rng.integers(4, 40)), int(rng.integers(2, 3 + round(4 * hardness)))
    why = f"A slice with step {step} takes the first of every {step}, and the last piece may be shorter."
    return predict(f"x = np.arange({n})\nx[::{step}].shape", why=why)


@drill("Does this print True or False?")
def is_a_view(rng, hardness):
    n, start = int(rng.integers(4, 40)), int(rng.integers(0, 4))
    index, why = [
        (f"{start}::2", "A slice is a view."),
        (f"np.arange({start % 2}, {n}, 2)", "An array as an index copies."),
    ][int(rng.integers(0, 2))]
    return predict(f"x = np.zeros({n})\nnp.shares_memory(x, x[{index}])", why=why)


QUESTION = Question(
    kinds=["code", "explain"],
    difficulty="medium",
    topics=["Memory", "Slicing"],
    companies=["Acme"],
    asked=["T1"],
    entry_points=[
        Entry(every_other, {"x": arrays("n", holds=("nan",))}, cases=[case(x=np.array([1.0, 2.0, 3.0]))]),
    ],
    levels=[
        Level("right"),
        Level("no copy", "Now without copying a sample: a view of x, which shares its memory.", view_of("x")),
    ],
    hints=["A slice has a third number.", "x[::2] is that slice."],
    spoken=(
        "I slice with a step of two. The slice is a view, so nothing is copied: it has the same memory as x, "
        "and its stride is twice that of x. Fancy indexing with a list of positions would copy the elements. "
        "np.shares_memory shows the difference, and writing to the slice writes to x."
    ),
    explanation="""\
A slice with a step describes the same memory with another stride.

>>> np.arange(6)[::2].strides
(16,)

- Nothing is copied.
- Writing to the slice writes to `x`.
""",
    points=[
        "A slice is a view.",
        "Its stride is twice that of x.",
        "Fancy indexing copies.",
        "np.shares_memory tells.",
        "A step may be negative.",
    ],
    follow_ups={"And every third?": "x[::3]."},
    related=["tally"],
    links=["https://numpy.org/doc/stable/user/basics.indexing.html"],
    live=lambda: print("shares memory: True"),
)
