"""Compensated summation and log-sum-exp."""

import math

import numpy as np

from ndojo.question import (
    Entry,
    Level,
    Question,
    arrays,
    case,
    drill,
    faster_than,
    made,
    matches,
    needs,
    no_warnings,
    one_of,
    predict,
    right_on,
    trap,
    works,
)


def stable_sum(x):
    """Return the sum of an array as if it had been computed with twice the precision of float64.

    In a list of deposits and withdrawals, large terms nearly cancel. A plain sum rounds after every addition, relative
    to the size of the running sum, and after the cancellation only these rounding errors are left.

    Parameters
    ----------
    x : ndarray, shape (n,), float64
        Finite, with absolute values up to 1e200, and ``n >= 0``. May be strided, reversed or read-only.

    Returns
    -------
    float
        A Python float or np.float64: the sum as if it had been computed with 106 bits, twice those of float64, and
        rounded once at the end. It is 0.0 if n is 0. The exact result of `math.fsum` is also accepted.

    Examples
    --------
    >>> stable_sum(np.array([1.0, 1e20, 1.0, -1e20]))
    2.0
    """
    total, correction = x, 0.0
    while total.size > 1:
        half = total.size // 2
        a, b = total[:half], total[half : 2 * half]
        pairs = a + b
        seen = pairs - a  # the part of b that is in the sum,
        lost = pairs - seen  # and the part of a
        np.subtract(a, lost, out=lost)
        np.subtract(b, seen, out=seen)
        lost += seen
        correction += lost.sum()
        if total.size % 2:
            pairs = np.append(pairs, total[-1])
        total = pairs
    return float(total.sum() + correction)


def logsumexp(x):
    """Return ``log(sum(exp(x)))`` without overflow or underflow.

    It adds probabilities that are given by their logarithms. The log-likelihoods of a long sequence are around -1000:
    their exponentials are 0.0 in float64, and the logarithm of their sum would be -inf.

    Parameters
    ----------
    x : ndarray, shape (n,), float64
        ``n >= 0``. Finite values have absolute values up to 1e200. May contain -inf (probability 0), inf and NaN. May
        be strided, reversed or read-only.

    Returns
    -------
    float
        A Python float or np.float64. The error may be a few roundings of the largest finite value of `x`, or of 1.0 if
        that is larger. The result is -inf if n is 0 or all values are -inf, NaN if a value is NaN, and otherwise inf if
        a value is inf.

    Examples
    --------
    >>> logsumexp(np.array([1000.0, 1000.0]))
    1000.6931471805599
    >>> logsumexp(np.array([-np.inf, -1000.0]))
    -1000.0
    """
    top = x.max(initial=-np.inf)
    if not np.isfinite(top):
        return float(top)
    rest = np.exp(x - top)
    rest[x.argmax()] = 0.0
    return float(top + np.log1p(rest.sum()))


# ------------------------------------------------------------------------------------------------------ right answers


@works(fails="fast", of="stable_sum")
def exactly(x):
    """Shewchuk's exact sum in C, with one Python float per term."""
    return math.fsum(x)


@works(fails="fast", of="stable_sum")
def neumaier(x):
    """One running sum, and one of the losses of each addition. The larger operand decides how the loss is computed."""
    total = lost = 0.0
    for term in x.tolist():
        new = total + term
        lost += (total - new) + term if abs(total) >= abs(term) else (term - new) + total
        total = new
    return total + lost


@works(of="stable_sum")
def in_lanes(x):
    """A thousand running sums next to each other, each with its own correction."""
    lanes = 1024
    rows = x[: x.size // lanes * lanes].reshape(-1, lanes)
    total, lost = np.zeros(lanes), np.zeros(lanes)
    for row in rows:
        new = total + row
        seen = new - total
        lost += (total - (new - seen)) + (row - seen)
        total = new
    return math.fsum([*total.tolist(), *lost.tolist(), *x[rows.size :].tolist()])


@works(of="logsumexp")
def two_at_a_time(x):
    """NumPy provides it as a binary ufunc with identity -inf."""
    with np.errstate(invalid="ignore"):
        return np.logaddexp.reduce(x)


@works(fails="digits", of="logsumexp")
def textbook(x):
    """Subtracts the largest value, if it is finite."""
    top = np.max(x, initial=-np.inf)
    if np.isinf(top) or np.isnan(top):
        return top
    return top + np.log(np.sum(np.exp(x - top)))


@works(fails="fast", of="logsumexp")
def by_loop(x):
    """The same with the functions of the math module."""
    values = x.tolist()
    if any(value != value for value in values):
        return math.nan
    top = max(values, default=-math.inf)
    if math.isinf(top):
        return top
    values.remove(top)
    return top + math.log1p(math.fsum(math.exp(value - top) for value in values))


# -------------------------------------------------------------------------------------------------------------- traps


@trap(
    "Pairwise summation keeps the error small relative to the sum of absolute values. If terms cancel, "
    "the result is smaller than that.",
    of="stable_sum",
)
def pairwise(x):
    return float(x.sum())


@trap(
    "Kahan's correction computes only what the new term loses. If the new term is larger than the "
    "running sum, the sum loses digits: correct for both.",
    of="stable_sum",
)
def kahan(x):
    total = lost = 0.0
    for term in x.tolist():
        term -= lost
        new = total + term
        lost = (new - total) - term
        total = new
    return total


@trap(
    "Adding small terms first helps if all terms have the same sign. If large terms cancel at the end, "
    "their rounding errors remain.",
    of="stable_sum",
)
def small_first(x):
    return float(np.cumsum(np.append(0.0, x[np.argsort(np.abs(x))]))[-1])


@trap(
    "longdouble has 64 significant bits on most x86 systems, but only float64's 53 on Windows and Apple "
    "silicon: 11 more bits, or none.",
    of="stable_sum",
)
def longer(x):
    return float(np.add.reduce(np.append(np.longdouble(0), x.astype(np.longdouble)[::-1])))


@trap(
    "Rounding the result to a number of decimals hides the lost digits of large sums and removes digits of small ones.",
    of="stable_sum",
)
def rounded(x):
    return round(math.fsum(x), 6)


@trap(
    "exp overflows above 709 and is 0 below -745. Subtract the largest value first, and add it again afterwards.",
    of="logsumexp",
)
def as_written(x):
    with np.errstate(all="ignore"):
        return float(np.log(np.exp(x).sum()))


@trap(
    "If all values are -inf, so is the largest, and -inf - (-inf) is NaN; the same holds for inf. Return "
    "the largest value if it is not finite.",
    of="logsumexp",
)
def subtracts_infinity(x):
    if x.size == 0:
        return -math.inf
    with np.errstate(all="ignore"):
        top = x.max()
        return float(top + np.log(np.exp(x - top).sum()))


@trap("max of an empty array raises ValueError. Pass initial=-np.inf.", verdict="RE", of="logsumexp")
def needs_a_largest(x):
    top = x.max()
    if not np.isfinite(top):
        return float(top)
    return float(top + np.log(np.exp(x - top).sum()))


@trap(
    "Adding a tiny number inside the logarithm turns -inf into about -690, a probability of 0 into "
    "1e-300. No such number is needed, because the largest term is exp(0) = 1.",
    of="logsumexp",
)
def with_epsilon(x):
    top = x.max(initial=-1e300)
    if not np.isfinite(top):
        return float(top)
    return float(max(top, 0) + np.log(np.exp(x - max(top, 0)).sum() + 1e-300))


@trap(
    "The mean is too small: exp overflows for values more than 709 above it. Subtract the largest value.",
    of="logsumexp",
)
def subtracts_the_mean(x):
    top = x.max(initial=-np.inf)
    if not np.isfinite(top):
        return float(top)
    with np.errstate(all="ignore"):
        middle = x[np.isfinite(x)].mean()
        return float(middle + np.log(np.exp(x - middle).sum()))


# ------------------------------------------------------------------------------------------------------------- drills


@drill("What is the value?")
def absorbed(rng, hardness):
    power = int(rng.integers(14, 19))
    k = int(rng.integers(1, 4))
    big, step = 10.0**power, float(np.spacing(10.0**power))
    total = big + k
    told = f"Near 1e{power}, the spacing of floats is {step:g}"
    kept = f"{told}, so adding {k} " + (
        "is exact." if total - big == k else "changes nothing." if total == big else f"changes it by {total - big:g}."
    )
    twice = big - big + k
    forms = [
        (f"1e{power} + {k} - 1e{power}", kept),
        (f"bool(np.float64(1e{power}) + {k} == 1e{power})", kept),
        (f"1e{power} - 1e{power} + {k}", f"From left to right: the large terms cancel exactly, and {twice:g} is left."),
        (
            f"math.fsum([1e{power}, {k}, -1e{power}])",
            f"fsum rounds once, at the end: the exact sum is {k}.",
        ),
        (f"float(np.cumsum([1e{power}, {k}, -1e{power}])[-1])", f"cumsum adds from left to right. {kept}"),
        (
            f"float(np.cumsum([{k}, -1e{power}, 1e{power}])[-1])",
            f"{told}: {k} - 1e{power} is rounded to {k - big:.17g}, and adding 1e{power} gives {(k - big) + big:g}.",
        ),
    ]
    code, why = forms[int(rng.integers(2 + round(4 * hardness)))]
    return predict(("import math\n" if "math" in code else "") + code, why=why)


@drill("Does this print True or False?")
def decimal_fractions(rng, hardness):
    a, b = (int(k) for k in rng.integers(1, 9, 2))
    n = int(rng.integers(2, 11))
    x, y, z = a / 10, b / 10, (a + b) / 10
    same = (
        "both sides are rounded to the same float"
        if x + y == z
        else "decimal tenths are rounded, and these errors do not cancel"
    )
    product = "is rounded to the same float" if n * 0.1 == n / 10 else "differs by one rounding"
    parts = np.full(n, 0.1)
    running = "the rounding errors happen to cancel" if np.cumsum(parts)[-1] == n / 10 else "the rounding errors add up"
    halves = a / 8 + b / 4
    forms = [
        (f"{x} + {y} == {z}", f"{same[0].upper()}{same[1:]}."),
        (f"{a / 8} + {b / 4} == {halves}", "Eighths and quarters are sums of powers of two, so nothing is rounded."),
        (f"{n} * 0.1 == {n / 10}", f"0.1 is rounded, and {n} times that {product}."),
        (
            f"bool(np.isclose({x} + {y}, {z}, rtol=1e-9, atol=0))",
            "isclose allows a relative error much larger than eps.",
        ),
        (f"bool(np.cumsum(np.full({n}, 0.1))[-1] == {n / 10})", f"Added one after another, {running}."),
        (
            f"math.fsum([0.1] * {n}) == {n / 10}",
            "fsum is exact for the floats that it gets, and rounds once: "
            + (
                "this gives the same float."
                if math.fsum([0.1] * n) == n / 10
                else "but 0.1 itself is not exactly one tenth."
            ),
        ),
    ]
    code, why = forms[int(rng.integers(2 + round(4 * hardness)))]
    return predict(("import math\n" if "math" in code else "") + code, why=why)


@drill("Does this print True or False?")
def small_and_large(rng, hardness):
    high, low = int(rng.integers(700, 720)), int(rng.choice([*range(690, 706), *range(748, 764)]))
    power = int(rng.integers(10, 25))
    whole = int(rng.integers(51, 56))
    forms = [
        (
            f"bool(np.isinf(np.exp({high}.0)))",
            f"exp overflows above 709.78: {high} is {'above' if high > 709.78 else 'below'} that.",
        ),
        (
            f"bool(1 + np.float64(1e-{power}) == 1)",
            f"1e-{power} is {'below' if power >= 16 else 'above'} half of eps, which is 1.1e-16.",
        ),
        (
            f"bool(np.exp(-{low}.0) == 0)",
            f"exp underflows to 0 below about -745.13: -{low} is {'below' if low > 745.13 else 'above'} that.",
        ),
        (
            f"bool(np.log1p(1e-{power}) == 0)",
            f"log1p does not compute 1 + 1e-{power}, so nothing is lost.",
        ),
        (
            f"bool(np.log(1 + 1e-{power}) == 0)",
            f"1 + 1e-{power} is "
            f"{'rounded to 1, whose log is 0' if power >= 16 else 'greater than 1 by one eps or more'}.",
        ),
        (
            f"bool(np.expm1(1e-{power}) == np.exp(1e-{power}) - 1)",
            "exp(x) is rounded near 1, which loses digits of x; expm1 keeps them.",
        ),
        (
            f"2.0**{whole} + 1 == 2.0**{whole}",
            f"float64 represents every integer only up to 2**53: 2**{whole} + 1 is "
            + ("rounded to 2**{whole}." if whole >= 53 else "represented exactly."),
        ),
        (
            f"bool(np.logaddexp(-{high}.0, -{high}.0) > -{high})",
            "logaddexp adds log(2) to it without computing exp of the large negative number.",
        ),
    ]
    code, why = forms[int(rng.integers(2 + round(6 * hardness)))]
    return predict(code, why=why)


@drill("What is the value?")
def infinities(rng, hardness):
    k = int(rng.integers(1, 9))
    forms = [
        (f"float(np.array([{k}.0, np.inf]).sum())", "inf plus any finite number is inf."),
        (f"float(np.array([np.inf, -{k}.0, -np.inf]).sum())", "inf - inf is undefined: NaN."),
        (f"float(np.array([{k}.0, np.nan]).max())", "max returns NaN if any element is NaN."),
        (f"float(np.array([{k}.0, np.nan, np.inf]).sum())", "A sum that includes NaN is NaN."),
        (f"float(np.nanmax([{k}.0, np.nan, -{k}.0]))", "nanmax ignores NaN."),
        (f"bool(np.float64({k}) / np.inf == 0)", "A finite number divided by inf is 0."),
        (f"float(np.array([]).sum()) + {k}", "The sum of no elements is 0.0."),
        (f"float(np.array([-{k}.0]).max(initial=-np.inf))", "initial takes part in the comparison."),
        (
            f"float(np.array([]).max(initial=-np.inf)) + {k}",
            "Without elements, the maximum is the initial value, -inf.",
        ),
        (f"float(np.logaddexp.reduce(np.array([]))) + {k}", "The identity of logaddexp is -inf, the log of 0."),
        (f"float(np.exp(-np.inf)) * {k}", f"exp(-inf) is exactly 0, and so is {k} times it."),
        (f"float(np.array([{k}.0, 0.0]) @ np.array([0.0, np.inf]))", "0 * inf is NaN, and NaN propagates."),
    ]
    start = round(4 * hardness)
    code, why = forms[int(rng.integers(start, 6 + round(6 * hardness)))]
    return predict(code, why=why)


# ------------------------------------------------------------------------------------------------------------- inputs


def cancelling(rng, variant, given):
    """Large terms with their negatives, and small ones that determine the sum."""
    n, power = variant
    large = np.round(rng.uniform(1, 10, n), 3) * 10.0**power
    small = np.round(rng.uniform(-9, 9, int(rng.integers(1, 4))), 2)
    return rng.permutation(np.concatenate([large, -large, small]))


def is_flow(x):
    return isinstance(x, np.ndarray) and x.dtype == np.float64 and x.ndim == 1 and bool((np.abs(x) <= 1e200).all())


def flows(rng):
    deposits = np.round(rng.lognormal(8, 4, 25_000), 2)
    return {"x": rng.permutation(np.concatenate([deposits, np.round(0.01 - deposits, 2)]))}


def likelihoods(rng):
    return {"x": -1000 + 10 * rng.standard_normal(40_000)}


def one_certain(rng, variant, given):
    """The largest value is 0, almost certainty; the result is what the others add."""
    n, low = variant
    x = np.round(rng.uniform(low - 20, low, n), 2)
    x[int(rng.integers(n))] = 0.0
    return x


def is_certain(x):
    return isinstance(x, np.ndarray) and x.dtype == np.float64 and x.ndim == 1 and x.size > 0 and x.max() == 0.0


def is_finite_top(x):
    finite = np.abs(x[np.isfinite(x)])
    return max(1.0, float(finite.max(initial=0.0)))


QUESTION = Question(
    kinds=["predict", "code"],
    difficulty="hard",
    topics=["Numerics"],
    companies=["HFT Firms", "Research", "Google"],
    asked=["T110", "google-4"],
    entry_points=[
        Entry(
            stable_sum,
            {
                "x": one_of(
                    arrays("n", holds=("huge", "tiny", "subnormal", "negative zero")),
                    made(cancelling, (1, 17), (2, 20), (5, 17), (1, 24), (20, 18), valid=is_flow),
                )
            },
            cases=[
                case(x=np.array([1.0, 1e20, 1.0, -1e20])),
                case(x=np.array([1e17, 1.0, -1e17])),
                case(x=np.array([1.0, 1e30, -1e30])),
                case(x=np.array([1e18, 3.0, 1.0, -1e18])),
                case(x=np.array([1e16, 1.0, 1.0, 1.0, -1e16])),
                case(x=np.array([3e-9, 4e-9])),
                case(x=np.array([0.1] * 10)),
                case(x=np.array([1e17, -1e17, 1e-3, 1e17, -1e17])),
            ],
            result=matches(scale=lambda x: float(np.finfo(float).eps) * x.size * float(np.abs(x).sum())),
        ),
        Entry(
            logsumexp,
            {
                "x": arrays(
                    "n",
                    low=-1200,
                    high=1200,
                    holds=("-inf", "all -inf", "inf", "both inf", "nan", "all nan", "huge", "tiny", "negative zero"),
                )
            },
            cases=[
                case(x=np.array([1000.0, 1000.0])),
                case(x=np.array([-1000.0, -1000.5])),
                case(x=np.array([-np.inf, -np.inf])),
                case(x=np.array([0.0, 800.0, 0.0])),
                case(x=np.array([np.inf, 1.0])),
                case(x=np.array([np.nan, np.inf])),
                case(x=np.array([-3.0, -np.inf, 4.0])),
                case(x=np.array([1.0, 2.0, 3.0])),
                case(x=np.array([1e200, -1e200])),
            ],
            result=matches(scale=is_finite_top),
        ),
    ],
    levels=[
        Level("right"),
        Level("no warnings", "Neither function shows a warning.", no_warnings()),
        Level(
            "digits",
            "logsumexp is correct to 12 digits if the largest value is exactly 0 and the result is near "
            "0, as for [0, -50].",
            right_on(
                Entry(
                    logsumexp,
                    {"x": made(one_certain, (2, -50), (3, -40), (1, -5), (20, -35), (5, -300), valid=is_certain)},
                    cases=[case(x=np.array([0.0, -50.0])), case(x=np.array([-60.0, 0.0, -61.0]))],
                    result=matches(rtol=1e-12, atol=0.0),
                )
            ),
        ),
        Level(
            "fast",
            "At least 3 times faster: stable_sum than math.fsum for 50,000 terms, and logsumexp than a "
            "Python loop for 40,000.",
            faster_than(exactly, 3, flows, needs=needs(bytes=lambda x: x.nbytes, operations=lambda x: 6 * x.size)),
            faster_than(by_loop, 3, likelihoods, needs=needs(bytes=lambda x: x.nbytes, operations=lambda x: x.size)),
        ),
    ],
    hints=[
        "What does a + b lose? Let s = a + b. Then s - a is the part of b that is in s, and s minus that "
        "is the part of a.",
        "This works for whole arrays a and b: split the array in two halves, add them, and collect what is lost.",
        "log(sum(exp(x))) does not change if you subtract c from every x and add c to the result. Which "
        "c prevents overflow, and when does no such c exist?",
        "For the digits: the largest term is exp(0) = 1 exactly. np.log1p takes the sum of the others without the 1.",
    ],
    spoken="""\
Every floating-point operation rounds to 53 bits, and cancellation makes earlier rounding errors visible. NumPy's
pairwise sum is fine if the terms have the same sign; if they cancel, I use `math.fsum` or a compensated sum, which
computes exactly what each addition loses and adds that at the end. For log-sum-exp I subtract the maximum, so the
largest term is exp of 0 and nothing overflows, and I return the maximum itself if it isn't finite.
""",
    explanation="""\
Every operation rounds to 53 bits, a relative error of at most 1.1e-16 for basic arithmetic. The danger is subtracting
nearly equal numbers: the subtraction itself is exact, but it makes earlier rounding errors visible.

>>> 1e16 + 1 - 1e16
0.0

**Sums.** The error of a running sum grows like n, that of NumPy's pairwise `sum` like log n, both relative to sum(|x|).
TwoSum computes exactly what one addition lost:

>>> a, b = 1.0, 1e20
>>> s = a + b
>>> (a - (s - (s - a))) + (b - (s - a))
1.0

Adding these losses too gives a result as if computed with twice the precision. Kahan's version requires that the sum is
larger than the term. `math.fsum` is exact, but slow on arrays.

**Logarithms.** With c = max(x), log(sum(exp(x))) = c + log(sum(exp(x - c))). All exponents are 0 or negative and one of
them is 0, so nothing overflows and the sum is 1 or more. If c is not finite, c is the result. `np.log1p` and `np.expm1`
keep digits near 0.

>>> np.log(1 + np.exp(-50.0)) == 0, np.log1p(np.exp(-50.0)) > 0
(np.True_, np.True_)

**Matrices.** A condition number of 10**k costs k digits. So use `solve` instead of `inv`, QR or SVD instead of normal
equations, `slogdet` instead of `det`, and scale the columns first.

Compare with `np.isclose`, never `==`. Its absolute tolerance of 1e-8 is too large for small numbers.
""",
    points=[
        "Each basic operation rounds once, by a relative error of at most 1.1e-16. Cancellation makes "
        "earlier rounding errors visible.",
        "Errors of a sum are relative to sum(|x|): a running sum grows like n, a pairwise sum like log "
        "n, a compensated sum hardly at all.",
        "TwoSum gives the exact loss of an addition; Kahan fails if the term is larger than the sum.",
        "logsumexp: subtract the maximum, which leaves one term of exactly 1. Return the maximum if it is not finite.",
        "log1p and expm1 keep the digits near 0; hypot and logaddexp avoid overflow.",
        "longdouble depends on the platform: 64 bits on x86 Linux, 113 on ARM Linux, 53 on Windows and Apple silicon.",
        "A condition number of 10**k loses k digits: solve not inv, QR or SVD not normal equations, slogdet not det.",
        "Compare floats with a tolerance that fits their magnitude.",
    ],
    follow_ups={
        "Does the order of a sum matter?": "Yes. Addition of floats is not associative, which is also "
        "why threads or another SIMD width may change the last digits.",
        "How do you compute a variance safely?": "With two passes, np.var, or Welford's update; never "
        "mean(x**2) - mean(x)**2.",
        "How do you compute the softmax?": "`exp(x - logsumexp(x))`: the same technique.",
        "How can a compiler break Kahan's sum?": "With -ffast-math it simplifies (s - a) - b to 0.",
    },
    related=["float32-vs-float64", "float-comparison", "stable-linear-algebra", "reductions-keepdims", "determinant"],
    equivalent={
        "stable_sum: `1` -> `2` in `while total.size > 1:`": "The last addition is rounded once in either case.",
    },
    links=[
        "https://numpy.org/doc/stable/reference/generated/numpy.sum.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.logaddexp.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.log1p.html",
        "https://numpy.org/doc/stable/user/basics.types.html",
    ],
)
