"""Split a bill to the cent."""

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
    """Split a broker's fee among accounts in proportion to their shares, so that the parts add up to the fee.

    Everybody first gets the exact part rounded down to whole cents. The cents that are left over go, one each, to
    those whose exact part was cut by the most; where two were cut by exactly the same, to the one who comes first.

    Parameters
    ----------
    total_cents : int
        The fee, from 0 to 10**9 cents. On level 2 up to 10**18.
    weights : ndarray, shape (n,), int64
        Shares held, each from 0 to 10**6; their sum is at most 2**31. On level 2 one alone may be as large as that. May
        be strided, reversed or read-only.

    Returns
    -------
    ndarray, shape (n,), int64
        A new array: cents for each account. Their sum is exactly `total_cents`, and each lies less than one cent from
        the exact part, ``total_cents * weights[i] / weights.sum()``.

    Raises
    ------
    ValueError
        If a weight or the fee is negative, or if the weights do not add up to at least 1: there may be none.

    Examples
    --------
    >>> split_bill(100, np.array([1, 1, 1]))
    array([34, 33, 33])
    >>> split_bill(2, np.array([1, 7, 2]))
    array([0, 2, 0])
    """
    everything = int(weights.sum())
    if total_cents < 0 or everything == 0 or (weights < 0).any():
        raise ValueError("the fee and the weights must not be negative, and the weights not all be 0")
    # total * weight may be beyond 64 bits; the fee's remainder times a weight is not.
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
    """Multiplies first, which 64 bits allow for level 1."""
    if total_cents < 0 or weights.size == 0 or weights.min() < 0 or weights.max() == 0:
        raise ValueError("nothing to split by")
    cents, cut = np.divmod(total_cents * weights, weights.sum())
    order = np.lexsort((np.arange(weights.size), -cut))
    cents[order[: total_cents - cents.sum()]] += 1
    return cents


@works(fails="vectorized")
def with_fractions(total_cents, weights):
    """Exact by construction, an object for every account."""
    shares = [int(weight) for weight in weights]
    if total_cents < 0 or sum(shares) == 0 or min(shares) < 0:
        raise ValueError("nothing to split by")
    parts = [Fraction(total_cents * share, sum(shares)) for share in shares]
    cents = [part.numerator // part.denominator for part in parts]
    by_cut = sorted(range(len(parts)), key=lambda i: cents[i] - parts[i])
    for i in by_cut[: total_cents - sum(cents)]:
        cents[i] += 1
    return np.array(cents, dtype=np.int64)


@works(fails="vectorized")
def by_loop(total_cents, weights):
    """Python's integers, which have no limit."""
    shares = weights.tolist()
    everything = sum(shares)
    if total_cents < 0 or everything == 0 or min(shares) < 0:
        raise ValueError("nothing to split by")
    parts = [divmod(total_cents * share, everything) for share in shares]
    cents = [whole for whole, _ in parts]
    by_cut = sorted(range(len(shares)), key=lambda i: -parts[i][1])
    for i in by_cut[: total_cents - sum(cents)]:
        cents[i] += 1
    return np.array(cents, dtype=np.int64)


@works()
def by_sorting(total_cents, weights):
    """The order of those who get a cent is more than is needed, and costs O(n log n)."""
    if total_cents < 0 or weights.size == 0 or weights.min() < 0 or weights.max() == 0:
        raise ValueError("nothing to split by")
    everything = int(weights.sum())
    cents, cut = np.divmod(total_cents % everything * weights, everything)
    cents += total_cents // everything * weights
    cents[np.argsort(-cut, kind="stable")[: total_cents - int(cents.sum())]] += 1
    return cents


# -------------------------------------------------------------------------------------------------------------- traps


@trap("Parts that are rounded one by one do not add up: three thirds of 100 cents give 99.")
def rounds_each(total_cents, weights):
    if total_cents < 0 or weights.sum() == 0 or (weights < 0).any():
        raise ValueError("nothing to split by")
    return np.rint(total_cents * weights / weights.sum()).astype(np.int64)


@trap("What rounding leaves over is up to n - 1 cents; given to one account, that one pays far from its part.")
def all_to_the_last(total_cents, weights):
    if total_cents < 0 or weights.sum() == 0 or (weights < 0).any():
        raise ValueError("nothing to split by")
    cents = total_cents * weights // weights.sum()
    cents[-1] += total_cents - cents.sum()
    return cents


@trap("The cents that are left go to those who were cut by the most, wherever they stand, not to the first in line.")
def first_come(total_cents, weights):
    if total_cents < 0 or weights.sum() == 0 or (weights < 0).any():
        raise ValueError("nothing to split by")
    cents = total_cents * weights // weights.sum()
    cents[: total_cents - cents.sum()] += 1
    return cents


@trap(
    "Equal cuts differ in floats: 2/10 of a cent is 0.2 after 0 and 0.20000000000000018 after 2. Integer remainders "
    "are exact.",
)
def cuts_in_floats(total_cents, weights):
    if total_cents < 0 or weights.sum() == 0 or (weights < 0).any():
        raise ValueError("nothing to split by")
    exact = total_cents * weights / weights.sum()
    cents = np.floor(exact).astype(np.int64)
    cents[np.argsort(cents - exact, kind="stable")[: total_cents - cents.sum()]] += 1
    return cents


@trap("Sorting upwards and reading backwards turns ties round: the last comes first. Sort the negative, stably.")
def reversed_ties(total_cents, weights):
    if total_cents < 0 or weights.sum() == 0 or (weights < 0).any():
        raise ValueError("nothing to split by")
    cents, cut = np.divmod(total_cents * weights, weights.sum())
    cents[np.argsort(cut, kind="stable")[::-1][: total_cents - cents.sum()]] += 1
    return cents


@trap("argsort does not keep equal cuts in their order unless it is asked to: kind='stable' does.")
def unstable(total_cents, weights):
    if total_cents < 0 or weights.sum() == 0 or (weights < 0).any():
        raise ValueError("nothing to split by")
    cents, cut = np.divmod(total_cents * weights, weights.sum())
    cents[np.argsort(-cut)[: total_cents - cents.sum()]] += 1
    return cents


@trap("Where all weights are 0 there is nothing to divide by: NumPy's integer division gives 0 with a warning only.")
def divides_by_zero(total_cents, weights):
    if total_cents < 0 or (weights < 0).any():
        raise ValueError("nothing to split by")
    with np.errstate(divide="ignore"):
        cents, cut = np.divmod(total_cents * weights, weights.sum())
    cents[np.argsort(-cut, kind="stable")[: total_cents - cents.sum()]] += 1
    return cents


@trap("A negative weight among positive ones leaves the sum above 0: look at each.")
def checks_the_sum(total_cents, weights):
    if total_cents < 0 or weights.sum() <= 0:
        raise ValueError("nothing to split by")
    cents, cut = np.divmod(total_cents * weights, weights.sum())
    cents[np.argsort(-cut, kind="stable")[: total_cents - cents.sum()]] += 1
    return cents


@trap("Whole cents belong into an integer dtype: np.floor gives floats.", verdict="WT")
def stays_float(total_cents, weights):
    if total_cents < 0 or weights.sum() == 0 or (weights < 0).any():
        raise ValueError("nothing to split by")
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
    print(f"of 10,000 bills, rounded part by part, {np.count_nonzero(parts.sum(axis=1) != 10_000):,} do not add up")
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
            "Now a fee of up to 10**18, and weights as large as 2**31 allows: fee times weight is beyond 64 bits.",
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
        Level("vectorized", "No loop in Python over the accounts.", no_python_loop(accounts)),
        Level(
            "fast",
            "Ten thousand accounts, four times as fast as the loop.",
            faster_than(
                by_loop,
                4,
                accounts,
                needs=needs(
                    bytes=lambda total_cents, weights: 2 * weights.nbytes,
                    operations=lambda total_cents, weights: 3 * weights.size,
                ),
            ),
        ),
    ],
    hints=[
        "How many cents are left over when every part is rounded down? And by how much was each part cut?",
        "The cut of each part is a remainder. np.divmod gives quotients and remainders, both exact.",
        "Which sort keeps equal cuts in their order, and how do you make it begin with the largest?",
        "For the large fee: split it into whole * everything + rest first. Which product then stays within 64 bits?",
    ],
    explanation="""\
0.1 is no binary fraction. A float holds the nearest one, and sums and comparisons show it:

>>> 0.1 + 0.2 == 0.3, 3 * 0.1 == 0.3
(False, False)

So money is counted, not measured: int64 cents (or ticks, or millionths), exact up to 9.2e18. `Decimal` is
exact too, but an object array of them is slow. Floats are for models.

Division is where rounding must happen, and where the policy belongs. Parts that are rounded one by one do not add up.
The largest remainder method does: round down, then hand out what is left.

>>> weights = np.array([1, 7, 2])
>>> cents, cut = np.divmod(2 * weights, weights.sum())
>>> cents, cut
(array([0, 1, 0]), array([2, 4, 4]))

The cuts are integers, so ties are ties; the fraction 0.4 computed in floats would depend on what stands before the
point. `np.argsort(-cut, kind="stable")` puts the largest cut first and keeps the order of equal ones; reversing an
ascending sort turns it round. `np.partition` finds the smallest cut that still gets a cent in O(n).

Integers overflow silently in arrays: fee times weight may pass 2**63. Take out whole multiples first, `whole, rest =
divmod(total, everything)`; then rest * weight is below everything squared.

And state the rule: half to even, half up, down. What looks like a half mostly is none:

>>> round(2.675, 2), float(np.round(2.675, 2)), float(np.round(1.005, 2))
(2.67, 2.68, 1.0)

Python rounds the float as it is, NumPy multiplies by 100 first, which rounds too.
""",
    points=[
        "Decimal fractions such as 0.1 are no binary fractions: floats round them, and == shows it.",
        "Keep money in integers of the smallest unit, or in Decimal; floats are for models.",
        "Rounding each part loses or makes cents; allocate so that the parts add up to the whole.",
        "Largest remainder: round down, then one cent each to the largest cuts, with a stated rule for ties.",
        "Compare integer remainders, not fractions in floats.",
        "int64 arrays overflow silently: split off whole multiples before multiplying.",
        "State the rounding rule: half to even, half up, always down; and round once, at the end.",
    ],
    follow_ups={
        "Does the largest remainder method have a flaw?": "One cent more in total can take a cent from somebody: the "
        "Alabama paradox. With weights 1, 3 and 3 the first gets one cent of 3, and none of 4.",
        "How do you store prices with different tick sizes?": "As int64 ticks and a tick size for each instrument; "
        "multiply only for display.",
        "How do you check that two ledgers agree?": "Exactly, in integers. A tolerance hides the cent you look for.",
    },
    related=["float-comparison", "integer-overflow", "float-precision", "portfolio-risk"],
    links=[
        "https://numpy.org/doc/stable/reference/generated/numpy.divmod.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.argsort.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.round.html",
    ],
    live=show_drift,
)
