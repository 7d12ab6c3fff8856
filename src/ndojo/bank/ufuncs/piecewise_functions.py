"""A tax in brackets."""

import numpy as np

from ndojo.question import (
    Entry,
    Level,
    Question,
    arrays,
    case,
    floats,
    integers,
    no_python_loop,
    one_of,
    peak_memory,
    trap,
    works,
)


def tax(income):
    """Work out the income tax of a small republic.

    - The first 12,000 are free.
    - Of what lies above 12,000, up to 50,000, a quarter is paid.
    - Of what lies above 50,000, two fifths are paid.
    - An income of 100,000 or more pays a levy of 1,000 as well.

    So 60,000 costs a quarter of 38,000 and two fifths of 10,000: 13,500.

    Parameters
    ----------
    income : ndarray of one to three axes, float64, int64 or uint32; or a Python float or int
        Yearly income in crowns. Negative for a loss, which costs nothing; NaN where it is unknown; it may be infinite.
        Arrays may be empty, strided, reversed or read-only.

    Returns
    -------
    ndarray, shape of `income`, float64; or a float for a number
        The tax in crowns, not rounded. NaN for NaN, infinite for an infinite income, 0 for minus infinity.

    Examples
    --------
    >>> tax(np.array([-500, 12_000, 16_000, 60_000, 100_000]))
    array([    0.,     0.,  1000., 13500., 30500.])
    >>> float(tax(50_000))
    9500.0
    """
    owed = np.maximum(0.25 * income - 3_000, 0)
    owed = np.maximum(owed, 0.4 * income - 10_500)
    return owed + 1_000.0 * (income >= 100_000)


@works()
def nested_where(income):
    """A choice for each element; the NaN goes into the last branch."""
    x = np.asarray(income, dtype=np.float64)
    high = np.where(x <= 50_000, 0.25 * (x - 12_000), 0.4 * (x - 50_000) + 9_500)
    return np.where(x <= 12_000, 0.0, high) + np.where(x >= 100_000, 1_000.0, 0.0)


@works(fails="memory")
def all_lines(income):
    """Every line for everybody, stacked; the largest is owed."""
    x = np.asarray(income, dtype=np.float64)
    lines = np.stack([np.zeros_like(x), 0.25 * x - 3_000, 0.4 * x - 10_500])
    return lines.max(axis=0) + np.where(x >= 100_000, 1_000.0, 0.0)


@works()
def with_piecewise(income):
    """Each piece is worked out where it applies only; NaN falls through to the last."""
    x = np.asarray(income, dtype=np.float64)
    pieces = [0, lambda v: 0.25 * (v - 12_000), lambda v: 0.4 * v - 10_500, lambda v: 0.4 * v - 9_500]
    middle, upper = (x > 12_000) & (x <= 50_000), (x > 50_000) & (x < 100_000)
    return np.piecewise(x, [x <= 12_000, middle, upper], pieces)[()]


@works(fails="vectorized")
def one_by_one(income):
    """As the law reads."""

    def owed(x):
        if x != x or x <= 12_000:
            return 0 * max(x, 0) if x == x else x
        part = 0.25 * (min(x, 50_000) - 12_000)
        if x > 50_000:
            part += 0.4 * (x - 50_000)
        return part + (1_000 if x >= 100_000 else 0)

    x = np.asarray(income, dtype=np.float64)
    return np.array([owed(v) for v in x.ravel().tolist()], dtype=np.float64).reshape(x.shape)[()]


# --------------------------------------------------------------------------------------------------------------- traps


@trap("np.piecewise makes a result of x's own dtype: whole incomes lose the fractions of their tax, and become uint32 "
      "where they were. Convert to float64 first.", verdict="WT")  # fmt: skip
def piecewise_of_integers(income):
    x = np.asarray(income)
    pieces = [0, lambda v: 0.25 * (v - 12_000.0), lambda v: 0.4 * v - 10_500, lambda v: 0.4 * v - 9_500]
    middle, upper = (x > 12_000) & (x <= 50_000), (x > 50_000) & (x < 100_000)
    return np.piecewise(x, [x <= 12_000, middle, upper], pieces)[()]


@trap("Each rate is for the part inside its bracket; the whole income at the highest rate is far too much.")
def whole_income_at_one_rate(income):
    x = np.asarray(income, dtype=np.float64)
    rate = np.where(x > 50_000, 0.4, np.where(x > 12_000, 0.25, 0.0))
    return np.where(np.isneginf(x), 0.0, np.where(x <= 12_000, 0.0, rate * x)) + 1_000.0 * (x >= 100_000)


@trap("100,000 or more is >=: an income of exactly that pays the levy.")
def levy_above_only(income):
    x = np.asarray(income, dtype=np.float64)
    owed = np.maximum(np.maximum(0.25 * x - 3_000, 0), 0.4 * x - 10_500)
    return owed + 1_000.0 * (x > 100_000)


@trap("np.select takes the first condition that holds: put the strictest first, or x > 12,000 catches everybody above.")
def first_match_catches_all(income):
    x = np.asarray(income, dtype=np.float64)
    middle, high = 0.25 * (x - 12_000), 0.4 * (x - 50_000) + 9_500
    known = [x > 12_000, x > 50_000, x >= 100_000, np.isnan(x)]
    return np.select(known, [middle, high, high + 1_000, x], 0.0)[()]


@trap("NaN compares as False and falls into the branch `otherwise`: let that be one which NaN passes through.")
def nan_costs_nothing(income):
    x = np.asarray(income, dtype=np.float64)
    middle, high = 0.25 * (x - 12_000), 0.4 * (x - 50_000) + 9_500
    return np.select([x >= 100_000, x > 50_000, x > 12_000], [high + 1_000, high, middle], 0.0)[()]


@trap("uint32 has no negative numbers: income - 12,000 wraps around to billions for small incomes. Convert first.")
def wraps_round(income):
    x = np.asarray(income)
    owed = 0.25 * np.maximum(x - 12_000, 0) + 0.15 * np.maximum(x - 50_000, 0)
    return owed + 1_000.0 * (x >= 100_000)


@trap("Below 12,000 a quarter of x - 12,000 is negative, but no tax is negative. Cut it off at 0.")
def pays_the_poor(income):
    x = np.asarray(income, dtype=np.float64)
    return np.maximum(0.25 * x - 3_000, 0.4 * x - 10_500) + 1_000.0 * (x >= 100_000)


@trap("`if` takes one truth value: it does for a number, not for an array. np.where chooses by element.", verdict="RE")
def plain_if(income):
    x = np.asarray(income, dtype=np.float64)
    if x <= 12_000:
        owed = 0.0
    elif x <= 50_000:
        owed = 0.25 * (x - 12_000)
    else:
        owed = 0.4 * x - 10_500
    return owed + 1_000.0 * (x >= 100_000)


@trap("np.select and np.piecewise return a 0-d array for a number; index it with [()] to get the number.", verdict="WT")
def zero_dimensional(income):
    x = np.asarray(income, dtype=np.float64)
    middle, high = 0.25 * (x - 12_000), 0.4 * (x - 50_000) + 9_500
    return np.select([x <= 12_000, x <= 50_000, x < 100_000], [0.0, middle, high], high + 1_000)


@trap("Masked assignment needs an array: a Python number has no elements to assign to.", verdict="RE")
def needs_an_array(income):
    owed = np.zeros(income.shape)
    for floor, rate in ((12_000.0, 0.25), (50_000.0, 0.15)):
        above = ~(income <= floor)
        owed[above] += rate * (income[above] - floor)
    owed[income >= 100_000] += 1_000
    return owed


def incomes(rng, n=200_000):
    return {"income": rng.uniform(0, 150_000, n)}


LOW, HIGH = -5_000, 200_000
EDGES = [11_999.0, 12_000.0, 12_004.0, 49_999.0, 50_000.0, 50_010.0, 99_999.0, 100_000.0, 100_010.0, -1.0, 0.0]

QUESTION = Question(
    kinds=["code"],
    difficulty="medium",
    topics=["Advanced Logic"],
    companies=["Google", "Amazon"],
    asked=["T76"],
    entry_points=[
        Entry(
            tax,
            {
                "income": one_of(
                    arrays(
                        ...,
                        dtype=("float64", "int64", "uint32"),
                        low=LOW,
                        high=HIGH,
                        holds=("nan", "both inf", "negative zero"),
                        max_ndim=3,
                    ),
                    floats(LOW, HIGH, 12_000.0, 50_000.0, 100_000.0, np.nan, np.inf, -np.inf),
                    integers(LOW, HIGH),
                )
            },
            where=lambda income: not isinstance(income, np.ndarray) or income.ndim > 0,
            cases=[
                *(case(income=np.array([x])) for x in EDGES),
                *(case(income=np.array([int(x)])) for x in EDGES),
                *(case(income=np.array([int(x)], dtype=np.uint32)) for x in EDGES if x >= 0),
                *(case(income=x) for x in (12_001, 20_001, 50_000, 60_000.0, 100_000)),
                case(income=np.array([np.nan, np.inf, -np.inf])),
                case(income=np.array([[20_000.0, 60_000.0], [100_000.0, 5_000.0]])),
                case(income=np.array([5, 13], dtype=np.uint32)),
            ],
        )
    ],
    levels=[
        Level("right"),
        Level("vectorized", "No loop in Python over the incomes.", no_python_loop(incomes)),
        Level(
            "memory",
            "A country of incomes: at most four arrays of the result's size at a time, itself included.",
            # nested_where takes 4, or 3.13 where NumPy reuses temporaries: on Python 3.14 it does not.
            peak_memory(incomes, outputs=4.25),
        ),
    ],
    hints=[
        "Which dtype must the arithmetic be done in, so that 0.25 * (x - 12,000) is right for any of the inputs?",
        "Into which branch does NaN go, as all of its comparisons are False?",
        "np.where, np.select and np.piecewise choose by element. How often is each branch worked out in each of them?",
        "The rates only rise, so the tax without the levy is the largest of three straight lines.",
    ],
    spoken=(
        "np.piecewise evaluates each function only on the elements of its condition; np.where and np.select compute "
        "every branch for all elements. For a progressive tax, I add up the marginal parts: the rate difference of "
        "each bracket times the income above its limit, cut off at 0 with np.maximum. Or I find the bracket with "
        "searchsorted and look up slope and base. I convert unsigned integers to float first, because subtracting an "
        "allowance would wrap around."
    ),
    explanation="""\
Three functions choose by element.

`np.where(c, a, b)` works out both branches for all elements; nested, it handles a few pieces. `np.select(conditions,
choices, default)` reads better for many: the first condition that holds decides. `np.piecewise(x, conditions,
functions)` calls each function only with the elements concerned, which protects a logarithm or costly pieces. But it
gathers and scatters by mask, the result has the dtype of x, and of several conditions that hold the last decides:

>>> x = np.array([5, 20, 60])
>>> np.piecewise(x, [x > 1, x > 10], [1.9, 2.9])
array([1, 2, 2])
>>> np.select([x > 1, x > 10], [1.9, 2.9])
array([1.9, 1.9, 1.9])

NaN fails every comparison, so it lands in the default. Let that be a formula that NaN passes through.

Unsigned integers wrap around in `x - 12_000`; a float64 factor first cures it. `[()]` turns a 0-d
result into a number.

Often no choice is needed. Rising rates make the tax convex: the largest of its lines.

>>> x = np.array([12_000.0, 16_000.0, 60_000.0])
>>> np.maximum(np.maximum(0.25 * x - 3_000, 0.4 * x - 10_500), 0)
array([    0.,  1000., 13500.])

Only the jump at 100,000 needs a mask, and there `>=` matters; at a kink both pieces agree.

For a table with many brackets, `np.searchsorted(edges, x)` finds each bracket, and base and rate are looked up by it.
""",
    points=[
        "where and select work out every branch for all elements; piecewise, only for the elements it applies to.",
        "select: the first condition that holds wins; piecewise: the last.",
        "piecewise gives the dtype of x, so integers truncate: convert to float64.",
        "NaN falls into the default branch.",
        "Unsigned integers wrap around when the allowance is subtracted.",
        "Convex pieces are a maximum of lines; only jumps need masks and exact boundaries.",
        "Numbers come back as 0-d arrays from select and piecewise: [()].",
    ],
    follow_ups={
        "How do you compute it from a table of fifty brackets?": "i = np.searchsorted(edges, x, side='right'); "
        "tax = base[i] + rate[i] * (x - floor[i]), with base summed up beforehand.",
        "And without jumps, by a ready-made function?": "np.interp(x, edges, taxes_at_edges) inside the table; "
        "beyond the last edge it stays constant, so the top rate has to be added.",
        "Why does np.where(x > 0, np.log(x), 0) warn?": "Both branches are worked out for all. Use "
        "np.log(x, out=np.zeros_like(x), where=x > 0), or piecewise.",
        "Would you keep money in float64?": "For a forecast, yes. For invoices keep whole cents in int64 and decide "
        "on rounding.",
    },
    related=["select-conditions", "conditional-where", "digitize-and-bin", "money-rounding", "linear-interpolation"],
    links=[
        "https://numpy.org/doc/stable/reference/generated/numpy.piecewise.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.select.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.where.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.searchsorted.html",
    ],
)
