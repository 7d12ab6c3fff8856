"""Piecewise linear functions with np.where and np.piecewise."""

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
    """Return the income tax for each income, a piecewise linear function.

    - The part of the income up to 12,000 is not taxed.
    - The part above 12,000 and up to 50,000 is taxed at 25%.
    - The part above 50,000 is taxed at 40%.
    - If ``income >= 100_000``, a fee of 1,000 is added.

    So the tax for 60,000 is 0.25 * 38,000 + 0.4 * 10,000 = 13,500.

    Parameters
    ----------
    income : ndarray of one to three axes, float64, int64 or uint32; or a Python float or int
        Yearly income. A negative income is a loss and is not taxed. Floats may be NaN or infinite. Arrays may be
        empty, strided, reversed or read-only.

    Returns
    -------
    ndarray, same shape as `income`, float64; or a float if `income` is a number
        The tax, not rounded. It is NaN if the income is NaN, inf if it is inf, and 0 if it is -inf.

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
    """Nests np.where so that NaN takes the last formula, which propagates it."""
    x = np.asarray(income, dtype=np.float64)
    high = np.where(x <= 50_000, 0.25 * (x - 12_000), 0.4 * (x - 50_000) + 9_500)
    return np.where(x <= 12_000, 0.0, high) + np.where(x >= 100_000, 1_000.0, 0.0)


@works(fails="memory")
def all_lines(income):
    """Computes all three lines for all elements and takes the maximum."""
    x = np.asarray(income, dtype=np.float64)
    lines = np.stack([np.zeros_like(x), 0.25 * x - 3_000, 0.4 * x - 10_500])
    return lines.max(axis=0) + np.where(x >= 100_000, 1_000.0, 0.0)


@works()
def with_piecewise(income):
    """Computes each piece only for its elements. NaN takes the last piece, which propagates it."""
    x = np.asarray(income, dtype=np.float64)
    pieces = [0, lambda v: 0.25 * (v - 12_000), lambda v: 0.4 * v - 10_500, lambda v: 0.4 * v - 9_500]
    middle, upper = (x > 12_000) & (x <= 50_000), (x > 50_000) & (x < 100_000)
    return np.piecewise(x, [x <= 12_000, middle, upper], pieces)[()]


@works(fails="vectorized")
def one_by_one(income):
    """Applies the rules to one income at a time."""

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


@trap(
    "np.piecewise returns the dtype of its input, so an integer input gives an integer result and loses the "
    "fractions. Convert the input to float64 first.",
    verdict="WT",
)
def piecewise_of_integers(income):
    x = np.asarray(income)
    pieces = [0, lambda v: 0.25 * (v - 12_000.0), lambda v: 0.4 * v - 10_500, lambda v: 0.4 * v - 9_500]
    middle, upper = (x > 12_000) & (x <= 50_000), (x > 50_000) & (x < 100_000)
    return np.piecewise(x, [x <= 12_000, middle, upper], pieces)[()]


@trap(
    "Each rate applies only to the part of the income inside its bracket, not to the whole income. Add up the brackets."
)
def whole_income_at_one_rate(income):
    x = np.asarray(income, dtype=np.float64)
    rate = np.where(x > 50_000, 0.4, np.where(x > 12_000, 0.25, 0.0))
    return np.where(np.isneginf(x), 0.0, np.where(x <= 12_000, 0.0, rate * x)) + 1_000.0 * (x >= 100_000)


@trap("The fee applies from 100,000 on, including exactly 100,000. Use >= instead of >.")
def fee_above_only(income):
    x = np.asarray(income, dtype=np.float64)
    owed = np.maximum(np.maximum(0.25 * x - 3_000, 0), 0.4 * x - 10_500)
    return owed + 1_000.0 * (x > 100_000)


@trap(
    "If the first condition that is True decides, as in np.select, `x > 12_000` also decides for all higher incomes. "
    "Test the highest limit first."
)
def first_match_catches_all(income):
    x = np.asarray(income, dtype=np.float64)
    middle, high = 0.25 * (x - 12_000), 0.4 * (x - 50_000) + 9_500
    conditions = [x > 12_000, x > 50_000, x >= 100_000, np.isnan(x)]
    return np.select(conditions, [middle, high, high + 1_000, x], 0.0)[()]


@trap(
    "Comparisons such as `x > 12_000` are False for NaN, so NaN gets the default of 0. Make the default a formula that "
    "propagates NaN."
)
def zero_for_nan(income):
    x = np.asarray(income, dtype=np.float64)
    middle, high = 0.25 * (x - 12_000), 0.4 * (x - 50_000) + 9_500
    return np.select([x >= 100_000, x > 50_000, x > 12_000], [high + 1_000, high, middle], 0.0)[()]


@trap(
    "uint32 has no negative numbers, so `income - 12_000` wraps around to a huge number if the income is below 12,000. "
    "Convert to float64 first."
)
def wraps_around(income):
    x = np.asarray(income)
    owed = 0.25 * np.maximum(x - 12_000, 0) + 0.15 * np.maximum(x - 50_000, 0)
    return owed + 1_000.0 * (x >= 100_000)


@trap(
    "The formula 0.25 * (x - 12_000) is negative for incomes below 12,000, but the tax is never negative. Take the "
    "maximum with 0."
)
def negative_tax(income):
    x = np.asarray(income, dtype=np.float64)
    return np.maximum(0.25 * x - 3_000, 0.4 * x - 10_500) + 1_000.0 * (x >= 100_000)


@trap(
    "`if` needs a single truth value, and an array with several elements has none. np.where chooses element by "
    "element.",
    verdict="RE",
)
def plain_if(income):
    x = np.asarray(income, dtype=np.float64)
    if x <= 12_000:
        owed = 0.0
    elif x <= 50_000:
        owed = 0.25 * (x - 12_000)
    else:
        owed = 0.4 * x - 10_500
    return owed + 1_000.0 * (x >= 100_000)


@trap(
    "np.select and np.piecewise return a 0-d array for a number, but a float is required. Index the result with [()].",
    verdict="WT",
)
def zero_dimensional(income):
    x = np.asarray(income, dtype=np.float64)
    middle, high = 0.25 * (x - 12_000), 0.4 * (x - 50_000) + 9_500
    return np.select([x <= 12_000, x <= 50_000, x < 100_000], [0.0, middle, high], high + 1_000)


@trap(
    "A Python number has no shape, and a mask cannot index it. Convert the input with np.asarray, or use formulas that "
    "accept numbers.",
    verdict="RE",
)
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
        Level("vectorized", "Uses no Python loop over the incomes.", no_python_loop(incomes)),
        Level(
            "memory",
            "For 200,000 incomes, uses at most 4.25 times the memory of the result, including the result.",
            # nested_where uses 4 times the result, or 3.13 if NumPy reuses temporary arrays (not on Python 3.14).
            peak_memory(incomes, outputs=4.25),
        ),
    ],
    hints=[
        "In which dtype must you compute, so that `x - 12_000` is correct for all allowed inputs?",
        "`<`, `<=`, `>` and `>=` are False for NaN. Which branch does NaN take in your code?",
        "np.where, np.select and np.piecewise choose element by element. For how many elements does each of them "
        "compute a branch?",
        "The rates increase from bracket to bracket. How can you write the tax without the fee as the maximum of "
        "straight lines?",
    ],
    spoken="""\
The marginal rates increase, so the tax without the fee is the maximum of three lines: zero, `0.25 * x - 3000` and
`0.4 * x - 10500`. I compute it with two calls of `np.maximum`, which also propagate NaN, and add 1,000 times the mask
`x >= 100_000`. For other formulas I would use `np.where` or `np.select`, which compute every branch for all elements.
`np.piecewise` computes each function only for its own elements, but it returns the dtype of the input. I multiply by a
float before subtracting, because unsigned integers would wrap around.
""",
    explanation="""\
Three functions choose between formulas element by element:

- `np.where(c, a, b)` computes both branches for all elements. Nested calls handle a few pieces.
- `np.select(conditions, choices, default)` is easier to read for many pieces. The first condition that is True decides.
- `np.piecewise(x, conditions, functions)` calls each function only with its own elements. Use it if a function is
  expensive or not defined for the other elements, such as a logarithm. The result has the dtype of x, and the last
  condition that is True decides.

>>> x = np.array([5, 20, 60])
>>> np.piecewise(x, [x > 1, x > 10], [1.9, 2.9])
array([1, 2, 2])
>>> np.select([x > 1, x > 10], [1.9, 2.9])
array([1.9, 1.9, 1.9])

*NaN.* `<`, `<=`, `>` and `>=` are False for NaN, so NaN takes the default branch. Choose a default that propagates NaN.

*Integers.* Unsigned integers wrap around in `x - 12_000`. Convert them to float64 first, for example by multiplying by
a float. `[()]` turns a 0-d array into a number.

*Without a choice.* If the rates increase, the tax is a convex function: the maximum of its lines.

>>> x = np.array([12_000.0, 16_000.0, 60_000.0])
>>> np.maximum(np.maximum(0.25 * x - 3_000, 0.4 * x - 10_500), 0)
array([    0.,  1000., 13500.])

Only the jump at 100,000 needs a mask, and there the difference between `>` and `>=` matters. At 12,000 and 50,000
neighboring pieces have the same value.

*Many brackets.* `np.searchsorted(edges, x)` finds the bracket of each element, and indexing looks up its base and rate.
""",
    points=[
        "np.where and np.select compute every branch for all elements; np.piecewise computes each only for its "
        "elements.",
        "If several conditions are True, the first one wins in np.select, and the last one in np.piecewise.",
        "np.piecewise returns the dtype of x, so convert integers to float64 first.",
        "NaN takes the default branch, which must propagate it.",
        "Subtracting 12,000 from a smaller unsigned integer wraps around.",
        "A convex piecewise linear function is the maximum of its lines. Only jumps need masks.",
        "np.select and np.piecewise return 0-d arrays for numbers. [()] converts them.",
    ],
    follow_ups={
        "How do you compute it from a table of fifty brackets?": "`i = np.searchsorted(edges, x, side='right')` finds "
        "the brackets. Then the tax is `base[i] + rate[i] * (x - floor[i])`, where base is the tax at the floor of a "
        "bracket.",
        "Which NumPy function evaluates it without the jump?": "`np.interp(x, edges, taxes_at_edges)`. Above the last "
        "edge it is constant, so add the highest rate separately.",
        "Why does np.where(x > 0, np.log(x), 0) warn?": "np.log is computed for all elements before np.where chooses. "
        "If x is a float array, use `np.log(x, out=np.zeros_like(x), where=x > 0)`, or np.piecewise.",
        "Would you store money in float64?": "For a forecast, yes. For invoices, store cents in int64 and state how "
        "amounts are rounded.",
    },
    related=["select-conditions", "conditional-where", "digitize-and-bin", "money-rounding", "linear-interpolation"],
    links=[
        "https://numpy.org/doc/stable/reference/generated/numpy.piecewise.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.select.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.where.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.searchsorted.html",
    ],
)
