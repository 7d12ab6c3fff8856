"""Split an amount proportionally without losing a cent."""

from fractions import Fraction

import numpy as np

from ndojo.question import (
    Entry,
    Level,
    Question,
    arrays,
    case,
    faster_than,
    integers,
    needs,
    no_python_loop,
    raises,
    right_on,
    trap,
    works,
)


def split_bill(total_cents, weights):
    """Split an amount in cents in proportion to integer weights, so that the parts add up to the amount exactly.

    A broker splits a fee among accounts this way. First round each exact part down to whole cents. The remaining cents
    go, one each, to the parts that lost most by rounding down. If two parts lost exactly the same, the one that comes
    first gets the cent.

    Parameters
    ----------
    total_cents : int
        The amount, between 0 and 10**9 cents inclusive. On level 2, up to 10**18.
    weights : ndarray, shape (n,), int64
        The weights, each between 0 and 10**6 inclusive, with a sum of 2**31 or less. On level 2 a single weight may be
        as large as that. May be strided, reversed or read-only.

    Returns
    -------
    ndarray, shape (n,), int64
        A new array with the cents of each part. Their sum is exactly `total_cents`, and each differs by less than one
        cent from the exact part, ``total_cents * weights[i] / weights.sum()``.

    Raises
    ------
    ValueError
        If a weight or the amount is negative, or if the sum of the weights is 0. This includes n = 0.

    Examples
    --------
    >>> split_bill(100, np.array([1, 1, 1]))
    array([34, 33, 33])
    >>> split_bill(2, np.array([1, 7, 2]))
    array([0, 2, 0])
    """
    everything = int(weights.sum())
    if total_cents < 0 or everything == 0 or (weights < 0).any():
        raise ValueError("the amount and the weights must not be negative, and one of the weights must be positive")
    # total * weight may exceed 64 bits, but the remainder of the amount times a weight does not.
    whole, rest = divmod(total_cents, everything)
    cents, cut = np.divmod(rest * weights, everything)
    cents += whole * weights
    left = total_cents - int(cents.sum())
    if left:
        least = np.partition(cut, -left)[-left]
        above = cut > least
        cents += above
        ties = np.flatnonzero(cut == least)[: left - np.count_nonzero(above)]
        cents[ties] += 1
    return cents


@works(fails="large")
def in_one_product(total_cents, weights):
    """Multiplies first, which fits in 64 bits on level 1."""
    if total_cents < 0 or weights.size == 0 or weights.min() < 0 or weights.max() == 0:
        raise ValueError("the weights must have a positive sum")
    cents, cut = np.divmod(total_cents * weights, weights.sum())
    order = np.lexsort((np.arange(weights.size), -cut))
    cents[order[: total_cents - cents.sum()]] += 1
    return cents


@works(fails="vectorized")
def with_fractions(total_cents, weights):
    """Exact by construction, with one object per part."""
    shares = [int(weight) for weight in weights]
    if total_cents < 0 or sum(shares) == 0 or min(shares) < 0:
        raise ValueError("the weights must have a positive sum")
    parts = [Fraction(total_cents * share, sum(shares)) for share in shares]
    cents = [part.numerator // part.denominator for part in parts]
    by_cut = sorted(range(len(parts)), key=lambda i: cents[i] - parts[i])
    for i in by_cut[: total_cents - sum(cents)]:
        cents[i] += 1
    return np.array(cents, dtype=np.int64)


@works(fails="vectorized")
def by_loop(total_cents, weights):
    """Python integers, which have no limit."""
    shares = weights.tolist()
    everything = sum(shares)
    if total_cents < 0 or everything == 0 or min(shares) < 0:
        raise ValueError("the weights must have a positive sum")
    parts = [divmod(total_cents * share, everything) for share in shares]
    cents = [whole for whole, _ in parts]
    by_cut = sorted(range(len(shares)), key=lambda i: -parts[i][1])
    for i in by_cut[: total_cents - sum(cents)]:
        cents[i] += 1
    return np.array(cents, dtype=np.int64)


@works()
def by_sorting(total_cents, weights):
    """Sorts all parts, which is more than needed and costs O(n log n)."""
    if total_cents < 0 or weights.size == 0 or weights.min() < 0 or weights.max() == 0:
        raise ValueError("the weights must have a positive sum")
    everything = int(weights.sum())
    cents, cut = np.divmod(total_cents % everything * weights, everything)
    cents += total_cents // everything * weights
    cents[np.argsort(-cut, kind="stable")[: total_cents - int(cents.sum())]] += 1
    return cents


# -------------------------------------------------------------------------------------------------------------- traps


@trap("Parts that are rounded separately do not add up: three thirds of 100 cents give 99.")
def rounds_each(total_cents, weights):
    if total_cents < 0 or weights.sum() == 0 or (weights < 0).any():
        raise ValueError("the weights must have a positive sum")
    return np.rint(total_cents * weights / weights.sum()).astype(np.int64)


@trap("Rounding down leaves up to n - 1 cents. If a single part gets all of them, it is far from its exact value.")
def all_to_the_last(total_cents, weights):
    if total_cents < 0 or weights.sum() == 0 or (weights < 0).any():
        raise ValueError("the weights must have a positive sum")
    cents = total_cents * weights // weights.sum()
    cents[-1] += total_cents - cents.sum()
    return cents


@trap("The remaining cents go to the parts that lost most, at any position, not to the first parts.")
def first_come(total_cents, weights):
    if total_cents < 0 or weights.sum() == 0 or (weights < 0).any():
        raise ValueError("the weights must have a positive sum")
    cents = total_cents * weights // weights.sum()
    cents[: total_cents - cents.sum()] += 1
    return cents


@trap(
    "Equal fractions differ in floats: 0.2 of a cent is 0.2 after 0, but 0.20000000000000018 after 2. "
    "Integer remainders are exact.",
)
def cuts_in_floats(total_cents, weights):
    if total_cents < 0 or weights.sum() == 0 or (weights < 0).any():
        raise ValueError("the weights must have a positive sum")
    exact = total_cents * weights / weights.sum()
    cents = np.floor(exact).astype(np.int64)
    cents[np.argsort(cents - exact, kind="stable")[: total_cents - cents.sum()]] += 1
    return cents


@trap(
    "Reversing an ascending sort also reverses ties, so the last part comes first. Sort the negative "
    "values with a stable sort."
)
def reversed_ties(total_cents, weights):
    if total_cents < 0 or weights.sum() == 0 or (weights < 0).any():
        raise ValueError("the weights must have a positive sum")
    cents, cut = np.divmod(total_cents * weights, weights.sum())
    cents[np.argsort(cut, kind="stable")[::-1][: total_cents - cents.sum()]] += 1
    return cents


@trap("argsort does not keep the order of equal elements by default. Use kind='stable'.")
def unstable(total_cents, weights):
    if total_cents < 0 or weights.sum() == 0 or (weights < 0).any():
        raise ValueError("the weights must have a positive sum")
    cents, cut = np.divmod(total_cents * weights, weights.sum())
    cents[np.argsort(-cut)[: total_cents - cents.sum()]] += 1
    return cents


@trap("If all weights are 0, NumPy's integer division returns 0 with only a warning. Raise ValueError.")
def divides_by_zero(total_cents, weights):
    if total_cents < 0 or (weights < 0).any():
        raise ValueError("the weights must have a positive sum")
    with np.errstate(divide="ignore"):
        cents, cut = np.divmod(total_cents * weights, weights.sum())
    cents[np.argsort(-cut, kind="stable")[: total_cents - cents.sum()]] += 1
    return cents


@trap("A negative weight among positive ones can leave the sum positive. Check each weight.")
def checks_the_sum(total_cents, weights):
    if total_cents < 0 or weights.sum() <= 0:
        raise ValueError("the weights must have a positive sum")
    cents, cut = np.divmod(total_cents * weights, weights.sum())
    cents[np.argsort(-cut, kind="stable")[: total_cents - cents.sum()]] += 1
    return cents


@trap("Whole cents need an integer dtype, but np.floor returns floats.", verdict="WT")
def stays_float(total_cents, weights):
    if total_cents < 0 or weights.sum() == 0 or (weights < 0).any():
        raise ValueError("the weights must have a positive sum")
    cents = np.floor(total_cents * weights / weights.sum())
    cut = total_cents * weights % weights.sum()
    cents[np.argsort(-cut, kind="stable")[: int(total_cents - cents.sum())]] += 1
    return cents


def show_drift():
    prices = np.random.default_rng(0).integers(1, 10_000, 1_000_000)
    exact = int(prices.sum())
    print(f"a million prices, exactly         {exact // 100:>16,}.{exact % 100:02d}")
    for name, x in [("float64", prices / 100), ("float32", (prices / 100).astype(np.float32))]:
        print(f"one after another in {name}      {np.cumsum(x)[-1]:>23,.6f}")
    weights = np.random.default_rng(1).integers(1, 1000, (10_000, 7))
    parts = np.rint(10_000 * weights / weights.sum(axis=1, keepdims=True))
    print(f"of 10,000 amounts, rounded part by part, {np.count_nonzero(parts.sum(axis=1) != 10_000):,} do not add up")
    print("1.115, 2.675 and 1.005 rounded to cents:", np.round([1.115, 2.675, 1.005], 2))


# ------------------------------------------------------------------------------------------------------------- inputs


def accounts(rng, n=10_000):
    return {"total_cents": int(rng.integers(10**8, 10**9)), "weights": rng.integers(0, 1000, n)}


QUESTION = Question(
    kinds=["code", "explain"],
    difficulty="medium",
    topics=["Data Types", "Finance"],
    companies=["HFT Firms"],
    asked=["hft-3"],
    entry_points=[
        Entry(
            split_bill,
            {
                "weights": arrays("n", dtype="int64", low=0, high=10**6),
                "total_cents": integers(0, 10**9),
            },
            cases=[
                case(total_cents=100, weights=np.array([1, 1, 1])),
                case(total_cents=2, weights=np.array([1, 7, 2])),
                case(total_cents=3, weights=np.array([1, 1, 7])),
                case(total_cents=5, weights=np.array([1, 1, 1, 1, 1, 1, 1, 1])),
                case(total_cents=7, weights=np.array([0, 3, 0, 5])),
                case(total_cents=999_999_999, weights=np.array([999_999, 1, 999_998])),
                case(total_cents=0, weights=np.array([4, 5])),
                case(total_cents=17, weights=np.full(40, 3)),
                case(total_cents=50, weights=np.arange(60) % 3 + 1),
                raises(ValueError, total_cents=5, weights=np.array([0, 0])),
                raises(ValueError, total_cents=5, weights=np.array([], dtype=np.int64)),
                raises(ValueError, total_cents=5, weights=np.array([3, -1])),
                raises(ValueError, total_cents=5, weights=np.array([1, -1])),
                raises(ValueError, total_cents=-1, weights=np.array([1, 2])),
            ],
        )
    ],
    levels=[
        Level("right"),
        Level(
            "large",
            "The amount may be up to 10**18 and a weight up to 2**31, so their product exceeds 64 bits.",
            right_on(
                Entry(
                    split_bill,
                    {
                        "weights": arrays("n", dtype="int64", low=0, high=2**26),
                        "total_cents": integers(10**15, 10**18),
                    },
                    dims={"n": (1, 30)},
                    where=lambda total_cents, weights: 0 < weights.sum() <= 2**31,
                    cases=[
                        case(total_cents=10**18, weights=np.array([2**31])),
                        case(total_cents=10**18 - 1, weights=np.array([2**30, 2**30])),
                        case(total_cents=10**18, weights=np.array([1, 1, 1])),
                        case(total_cents=10**18 - 3, weights=np.array([2**31 - 7, 3, 4])),
                    ],
                )
            ),
        ),
        Level("vectorized", "Uses no Python loop over the parts.", no_python_loop(accounts)),
        Level(
            "fast",
            "At least 3 times faster than the Python loop, for 10,000 parts.",
            faster_than(
                by_loop,
                3,
                accounts,
                needs=needs(
                    bytes=lambda total_cents, weights: 2 * weights.nbytes,
                    operations=lambda total_cents, weights: 3 * weights.size,
                ),
            ),
        ),
    ],
    hints=[
        "How many cents remain if every part is rounded down? How much did each part lose?",
        "What each part loses is a remainder. np.divmod returns quotients and remainders, both exact.",
        "Which sort keeps the order of equal elements, and how do you make it start with the largest?",
        "For large amounts, first write the amount as whole * sum + rest. Which product then fits in 64 bits?",
    ],
    spoken="""\
I keep money as integer cents, because decimal fractions like 0.1 have no exact binary representation. For a
proportional split, rounding each part separately doesn't add up, so I use the largest remainder method: `np.divmod`
gives the parts rounded down and the exact remainders, then the leftover cents go to the largest remainders. Comparing
integer remainders avoids wrong ties, and a stable sort on the negated remainders makes ties go to the first. I also
check for 64-bit overflow.
""",
    explanation="""\
0.1 has no exact binary representation. A float stores the nearest binary fraction, and sums and comparisons show it:

>>> 0.1 + 0.2 == 0.3, 3 * 0.1 == 0.3
(False, False)

So store money as integers: int64 cents (or ticks, or millionths), exact up to 9.2e18. `Decimal` sums are exact too,
within its precision, but its division rounds, and an object array of Decimals is slow. Floats are for models.

*Division* is where rounding happens, so it needs a rule. Parts that are rounded separately do not add up. The largest
remainder method fixes this: round down, then distribute what remains.

>>> weights = np.array([1, 7, 2])
>>> cents, cut = np.divmod(2 * weights, weights.sum())
>>> cents, cut
(array([0, 1, 0]), array([2, 4, 4]))

The remainders are integers, so ties are exact. In floats, the computed fraction 0.4 would depend on the digits before
the decimal point. `np.argsort(-cut, kind="stable")` puts the largest remainder first and keeps the order of equal ones;
reversing an ascending sort reverses ties. `np.partition` finds the smallest remainder that still gets a cent in O(n).

*Overflow.* Integer arrays overflow silently, and the amount times a weight may exceed 2**63. Split off whole multiples
first: `whole, rest = divmod(total, everything)`. Then rest * weight is less than everything squared.

*State the rounding rule:* half to even, half up, or down. What looks like a half usually is not:

>>> round(2.675, 2), float(np.round(2.675, 2)), float(np.round(1.005, 2))
(2.67, 2.68, 1.0)

Python rounds the stored float correctly. NumPy multiplies by 100 first, which rounds too.
""",
    points=[
        "Decimal fractions such as 0.1 have no exact binary representation, and == shows it.",
        "Store money as integers in the smallest unit, or as Decimal. Floats are for models.",
        "Rounding each part separately loses or creates cents; allocate so that the parts add up to the whole.",
        "Largest remainder: round down, then one cent each to the largest remainders, with a stated rule for ties.",
        "Compare integer remainders, not fractions in floats.",
        "int64 arrays overflow silently: split off whole multiples before multiplying.",
        "State the rounding rule (half to even, half up, always down) and round once, at the end.",
    ],
    follow_ups={
        "Does the largest remainder method have a flaw?": "One more cent in total can take a cent from a part: the "
        "Alabama paradox. With weights 1, 3 and 3 the first part "
        "gets one cent of 3, and none of 4.",
        "How do you store prices with different tick sizes?": "As int64 ticks and one tick size per instrument. "
        "Multiply only for display.",
        "How do you check that two ledgers agree?": "Compare integers exactly. A tolerance hides the cent you "
        "are looking for.",
    },
    related=["float-comparison", "integer-overflow", "float-precision", "portfolio-risk"],
    links=[
        "https://numpy.org/doc/stable/reference/generated/numpy.divmod.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.argsort.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.round.html",
    ],
    live=show_drift,
)
