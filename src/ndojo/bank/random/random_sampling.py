"""Shuffle and sample without bias."""

import itertools

import numpy as np

from ndojo.question import (
    Entry,
    Level,
    Question,
    Scenario,
    arrays,
    case,
    distribution,
    drill,
    generators,
    integers,
    matches,
    no_python_loop,
    only_generator,
    own_memory,
    peak_memory,
    predict,
    raises,
    trap,
    works,
)


def shuffle_rows(rng, X):
    """Put the rows of a table into random order, before they are cut into training and test data.

    Each of the n! orders is equally likely. All randomness comes from `rng`: two calls with generators in the same
    state give the same order, regardless of what else the program has drawn, and other states give other orders.

    Parameters
    ----------
    rng : numpy.random.Generator
        As ``np.random.default_rng(seed)`` makes it.
    X : ndarray, shape (n, m), float64 or int32
        One example a row. May have no rows or no columns, may be strided or reversed and may hold NaN. It stays as it
        is.

    Returns
    -------
    ndarray, shape (n, m), dtype of `X`
        A new array that shares no memory with `X`: every row of `X` once, each row whole.

    Examples
    --------
    >>> X = np.array([[1, 10], [2, 20], [3, 30]])
    >>> rows = shuffle_rows(np.random.default_rng(7), X)
    >>> sorted(rows.tolist())
    [[1, 10], [2, 20], [3, 30]]
    """
    return X[rng.permutation(len(X))]


def sample_without_replacement(rng, n, k):
    """Draw k of the n numbers 0, 1, …, n - 1, none twice, one after the other: whom to ask in a survey, in which order.

    Every sequence of k different numbers is equally likely, so the order is random too. All randomness comes from
    `rng`, as for `shuffle_rows`.

    Parameters
    ----------
    rng : numpy.random.Generator
    n : int
        The numbers to draw from are 0 to n - 1, n >= 0.
    k : int
        How many to draw.

    Returns
    -------
    ndarray, shape (k,), int64

    Raises
    ------
    ValueError
        If `k` is negative or above `n`.

    Examples
    --------
    >>> drawn = sample_without_replacement(np.random.default_rng(7), 10, 4)
    >>> drawn.shape, len(set(drawn.tolist()))
    ((4,), 4)
    """
    return rng.choice(n, size=k, replace=False)


def check_rows(result, expected, rng, X):
    if result.shape != X.shape:
        return f"WT: The result has shape {result.shape}, expected {X.shape}."
    if result.dtype != X.dtype:
        return f"WT: The result has dtype {result.dtype}, expected {X.dtype}."
    if sorted(row.tobytes() for row in result) != sorted(row.tobytes() for row in X):
        return "The rows of the result are not the rows of X, each once and whole."
    return None


def check_sample(result, expected, rng, n, k):
    if result.shape != (k,):
        return f"WT: The result has shape {result.shape}, expected {(k,)}."
    if result.dtype != np.int64:
        return f"WT: The result has dtype {result.dtype}, expected int64."
    if k and not (result.min() >= 0 and result.max() < n):
        return f"The numbers lie from {result.min()} to {result.max()}, expected 0 to {n - 1}."
    if np.unique(result).size < k:
        return f"Only {np.unique(result).size} of the {k} numbers differ: some are drawn twice."
    return None


# ------------------------------------------------------------------------------------------------------- right answers


@works(of="shuffle_rows")
def copy_and_shuffle(rng, X):
    """Generator.shuffle works in place and along the first axis: on a copy that is just right."""
    rows = X.copy()
    rng.shuffle(rows)
    return rows


@works(of="shuffle_rows")
def by_random_keys(rng, X):
    """Gives every row a random key and sorts; among 2**53 floats ties are too rare to matter."""
    keys = rng.random(X.shape[0])
    return np.take(X, np.argsort(keys), axis=0)


@works(fails="vectorized", of="shuffle_rows")
def fisher_yates(rng, X):
    """Swaps each place with a random one among those not yet fixed."""
    rows = X.copy()
    for last in range(len(rows) - 1, 0, -1):
        other = int(rng.integers(last + 1))
        rows[[last, other]] = rows[[other, last]]
    return rows


@works(fails="at scale", of="sample_without_replacement")
def cuts_a_permutation(rng, n, k):
    """Shuffles all n to keep k of them."""
    if not 0 <= k <= n:
        raise ValueError(f"cannot draw {k} of {n}")
    return rng.permutation(n)[:k]


@works(of="sample_without_replacement")
def floyd(rng, n, k):
    """Floyd's algorithm: k draws and a set of k numbers for any n; then their order is shuffled."""
    if k < 0 or k > n:
        raise ValueError(f"cannot draw {k} of {n}")
    drawn = set()
    for top in range(n - k, n):
        number = int(rng.integers(top, endpoint=True))
        drawn.add(top if number in drawn else number)
    return rng.permutation(np.array(sorted(drawn), dtype=np.int64))


# --------------------------------------------------------------------------------------------------------------- traps


@trap(
    "Generator.shuffle works in place: it rearranges the caller's table, and labels kept elsewhere no longer fit.",
    verdict="IM",
    of="shuffle_rows",
)
def in_place(rng, X):
    rng.shuffle(X)
    return X


@trap("Generator.shuffle returns None, as list.sort does; permutation returns a copy.", verdict="WT", of="shuffle_rows")
def returns_none(rng, X):
    return rng.shuffle(X.copy())


@trap("permuted shuffles every column separately and tears the rows apart; permutation keeps them.", of="shuffle_rows")
def torn_rows(rng, X):
    return rng.permuted(X, axis=0)


@trap(
    "np.random.* draws from one hidden, global state: the generator that was passed in is not used, and the seed of "
    "the caller decides nothing.",
    of="shuffle_rows",
)
def global_state(rng, X):
    return X[np.random.permutation(len(X))]


@trap(
    "Integer keys tie, and a stable sort leaves tied rows in their old order, which is then too likely. Draw floats, "
    "or a permutation.",
    of="shuffle_rows",
)
def tied_keys(rng, X):
    keys = rng.integers(0, max(len(X), 1), len(X))
    return X[np.argsort(keys, kind="stable")]


@trap(
    "Swapping each row with any row gives n**n equally likely ways, which n! orders cannot share evenly. Fisher and "
    "Yates swap only with rows that are not fixed yet.",
    of="shuffle_rows",
)
def swaps_with_any(rng, X):
    rows = X.copy()
    for here in range(len(rows)):
        other = int(rng.integers(len(rows)))
        rows[[here, other]] = rows[[other, here]]
    return rows


@trap(
    "np.random.choice draws from the hidden global state, not from rng, and it shuffles all n to take k of them.",
    of="sample_without_replacement",
)
def legacy_choice(rng, n, k):
    return np.random.choice(n, k, replace=False).astype(np.int64)


@trap("choice draws with replacement unless told replace=False: numbers come twice.", of="sample_without_replacement")
def with_replacement(rng, n, k):
    if not 0 <= k <= n:
        raise ValueError(f"cannot draw {k} of {n}")
    return rng.choice(n, size=k) if n else np.zeros(0, dtype=np.int64)


@trap(
    "Leaving out duplicates afterwards leaves fewer than k numbers, and np.unique sorts them.",
    verdict="WT",
    of="sample_without_replacement",
)
def too_few(rng, n, k):
    if not 0 <= k <= n:
        raise ValueError(f"cannot draw {k} of {n}")
    return np.unique(rng.integers(0, max(n, 1), k))


@trap(
    "A slice never complains: where k is above n, permutation(n)[:k] returns all n, and a negative k leaves "
    "numbers out at the end.",
    of="sample_without_replacement",
)
def never_raises(rng, n, k):
    return rng.permutation(n)[:k]


@trap(
    "shuffle=False saves the last step: each set is equally likely, but not each order of it.",
    of="sample_without_replacement",
)
def unshuffled(rng, n, k):
    return rng.choice(n, size=k, replace=False, shuffle=False)


@trap(
    "Random bits modulo n favor the small numbers if n does not divide the number of bit patterns: of 8 "
    "patterns, modulo 5, three numbers get two each. rng.integers(n) has no such bias.",
    of="sample_without_replacement",
)
def modulo_bias(rng, n, k):
    if not 0 <= k <= n:
        raise ValueError(f"cannot draw {k} of {n}")
    drawn = {}
    while len(drawn) < k:
        drawn[int(rng.integers(1 << (n - 1).bit_length())) % n] = None
    return np.array(list(drawn), dtype=np.int64)


@trap(
    "Rounding gives the first and the last number only half an interval each, so they come half as often. "
    "rng.integers(n) draws evenly.",
    of="sample_without_replacement",
)
def rounds(rng, n, k):
    if not 0 <= k <= n:
        raise ValueError(f"cannot draw {k} of {n}")
    drawn = {}
    while len(drawn) < k:
        drawn[round(rng.random() * (n - 1))] = None
    return np.array(list(drawn), dtype=np.int64)


# ---------------------------------------------------------------------------------------------------- what is observed


def seeded_alike(shuffle_rows, sample_without_replacement, seed, n, k):
    orders, samples = [], []
    for one in (seed, seed, seed + 1):
        orders.append(shuffle_rows(np.random.default_rng(one), np.arange(2 * n).reshape(n, 2)))
        samples.append(sample_without_replacement(np.random.default_rng(one), n, k))
    return {
        "shuffle_rows, same seed, same order": np.array_equal(orders[0], orders[1]),
        "shuffle_rows, other seed, other order": not np.array_equal(orders[0], orders[2]),
        "sample_without_replacement, same seed, same sample": np.array_equal(samples[0], samples[1]),
        "sample_without_replacement, other seed, other sample": not np.array_equal(samples[0], samples[2]),
    }


def many_orders(shuffle_rows, rng, draws):
    X = np.arange(4)[:, None]
    return np.array([shuffle_rows(rng, X.copy())[:, 0] for _ in range(draws)])


def many_pairs(sample_without_replacement, rng, draws):
    return np.array([sample_without_replacement(rng, 5, 2) for _ in range(draws)])


def place_among(sequences):
    """A function from rows of draws to each row's place in the list of all possible ones; one more for the rest."""
    known = np.array(sequences)
    digits = 10 ** np.arange(known.shape[1])[::-1]

    def cells(draws):
        codes = known @ digits
        places = np.minimum(np.searchsorted(codes, draws @ digits), len(codes) - 1)
        return np.where(codes[places] == draws @ digits, places, len(codes))

    return cells


ORDERS = list(itertools.permutations(range(4)))
PAIRS = list(itertools.permutations(range(5), 2))


# -------------------------------------------------------------------------------------------------------------- drills


@drill("What is the shape of this array?")
def shape_of_draws(rng, hardness):
    a, b, n = int(rng.integers(2, 6)), int(rng.integers(2, 6)), int(rng.integers(7, 20))
    asked, why = [
        (f"rng.random({a})", "A single number as size makes one axis."),
        (f"rng.random(({a}, {b}))", "size is a shape, given as one tuple."),
        (f"rng.integers(0, {n}, size=({a}, {b}))", "size is the shape of the result."),
        (f"rng.permutation({n})", f"An int stands for arange({n})."),
        (f"rng.choice({n}, size={a}, replace=False)", "size says how many are drawn."),
        (f"rng.normal(0, 1, ({a}, {b}))", "The third parameter of normal is size."),
        (f"rng.permutation(np.zeros(({a}, {b})))", "The rows change places; the shape stays."),
        (f"rng.choice(np.zeros(({n}, {b})), {a})", f"choice draws along axis 0: {a} whole rows."),
        (f"rng.choice(np.zeros(({a}, {n})), {b}, axis=1)", f"Along axis 1: {b} whole columns."),
        (f"rng.choice({n}, size=({a}, {b}))", "The drawn numbers fill the shape that size gives."),
        (
            f"rng.normal(np.zeros(({a}, 1)), np.ones({b}))",
            "Parameters are broadcast, and one number is drawn for each.",
        ),
        (f"rng.integers(np.zeros({b}, dtype=int), [[{n}]] * {a})", "Bounds are broadcast against each other."),
        (f"rng.multinomial({n}, [1 / {b}] * {b}, size={a})", f"Each of the {a} draws counts {b} outcomes."),
        (f"rng.dirichlet([1.0] * {b}, size={a})", f"Each of the {a} draws is a vector of {b} shares."),
        (f"rng.multivariate_normal(np.zeros({b}), np.eye({b}), {a})", f"Each of the {a} draws is a vector of {b}."),
        (f"rng.permuted(np.zeros(({a}, {b})), axis=1)", "permuted shuffles inside each row; the shape stays."),
    ][int(rng.integers(round(6 * hardness), 7 + round(9 * hardness)))]
    seed = int(rng.integers(100))
    return predict(f"rng = np.random.default_rng({seed})\n({asked}).shape", why=why)


@drill("What is the value, or which error is raised?")
def bounds_and_errors(rng, hardness):
    n, k = int(rng.integers(4, 12)), int(rng.integers(2, 4))
    p = [1.0] + [0.0] * (n - 1)
    asked, why = [
        (f"int(rng.integers({n}, size=10_000).max())", f"integers leaves out the upper bound: 0 to {n - 1}."),
        (f"int(rng.integers({k}, {n + k}, size=10_000).min())", "The lower bound is included."),
        (f"int(rng.integers({k}, {n + k}, size=10_000).max())", "The upper bound is left out."),
        (f"int(rng.integers(0, {n}, size=10_000, endpoint=True).max())", "endpoint=True includes the upper bound."),
        (f"len(set(rng.permutation({n}).tolist()))", "A permutation holds each number once."),
        (f"len(set(rng.choice({n}, {k}, replace=False).tolist()))", "Without replacement no number comes twice."),
        (f"len(rng.choice({n}, {n + k}, replace=False))", f"Only {n} can be drawn, because none may come twice."),
        (f"len(rng.choice({n}, {n + k}))", "choice draws with replacement by default, so any size will do."),
        (f"len(rng.permutation({n})[:{n + k}])", "A slice beyond the end is cut short without an error."),
        (f"len(set(rng.choice({n}, 10_000).tolist()))", f"So many draws meet each of the {n} numbers."),
        (f"rng.randint(0, {n})", "A Generator has no randint; its method is integers."),
        (f"rng.rand({n})", "A Generator has no rand; its method is random."),
        (f"int(rng.integers({n}, {k}))", "The lower bound must lie below the upper one."),
        (f"rng.choice({n}, p=[0.5] * {n})", "Probabilities must add up to 1."),
        (f"int(rng.choice({n}, p={p}))", "Only the first number has a chance."),
        (
            f"len(rng.choice({n}, {k}, replace=False, p={p}))",
            "One number alone has a chance, and it cannot come twice.",
        ),
        (f"rng.shuffle(tuple(range({n})))", "shuffle works in place, and a tuple cannot be changed."),
    ][int(rng.integers(round(6 * hardness), 8 + round(9 * hardness)))]
    return predict(f"rng = np.random.default_rng({int(rng.integers(100))})\n{asked}", why=why)


@drill("Does this print True or False?")
def same_numbers(rng, hardness):
    seed, n = int(rng.integers(100)), int(rng.integers(3, 9))
    start = f"a = np.random.default_rng({seed})\n"
    both = start + f"b = np.random.default_rng({seed})\n"
    code, why = [
        (both + f"np.array_equal(a.random({n}), b.random({n}))", "The same seed starts the same stream."),
        (start + f"np.array_equal(a.random({n}), a.random({n}))", "Each call moves the generator on."),
        (start + f"b = np.random.default_rng({seed + 1})\nnp.array_equal(a.random({n}), b.random({n}))",
         "Neighboring seeds give unrelated streams: SeedSequence mixes the seed."),
        (start + f"b = a\nnp.array_equal(a.random({n}), b.random({n}))", "One generator with two names moves on."),
        (both + f"a.random()\nnp.array_equal(a.random({n}), b.random({n}))", "a is one number ahead of b."),
        (both + f"b.random()\nnp.array_equal(a.random({n + 1})[1:], b.random({n}))", "b skipped the first number too."),
        (both + f"np.array_equal(np.append(a.random({n}), a.random(2)), b.random({n + 2}))",
         "random takes the same stream whether in one call or in two."),
        (f"np.random.seed({seed})\na = np.random.default_rng()\nnp.random.seed({seed})\nb = np.random.default_rng()\n"
         f"np.array_equal(a.random({n}), b.random({n}))",
         "np.random.seed sets the global state; default_rng() without a seed asks the operating system."),
        (f"np.random.seed({seed})\na = np.random.random({n})\nnp.random.seed({seed})\n"
         f"np.array_equal(a, np.random.random({n}))", "Seeding the global state again starts its stream again."),
        (start + f"b = np.random.RandomState({seed})\nnp.array_equal(a.random({n}), b.random({n}))",
         "The same seed means another stream: PCG64 for a Generator, MT19937 for RandomState."),
        (start + f"b, c = a.spawn(2)\nnp.array_equal(b.random({n}), c.random({n}))",
         "spawn makes children with independent streams."),
        (f"a = np.random.default_rng([{seed}, 1])\nb = np.random.default_rng([{seed}, 1])\n"
         f"np.array_equal(a.random({n}), b.random({n}))", "A seed may be a sequence of ints."),
    ][int(rng.integers(round(4 * hardness), 5 + round(7 * hardness)))]  # fmt: skip
    return predict(code, why=why)


@drill("What is the value?")
def what_is_moved(rng, hardness):
    n, rows, columns = int(rng.integers(4, 9)), int(rng.integers(12, 20)), int(rng.integers(2, 4))
    start = f"rng = np.random.default_rng({int(rng.integers(100))})\n"
    x = start + f"x = np.arange({n})\n"
    X = start + f"X = np.arange({rows * columns}).reshape({rows}, {columns})\n"
    whole = "set(map(tuple, {}.tolist())) == set(map(tuple, X.tolist()))"
    code, why = [
        (x + "rng.shuffle(x)", "shuffle works in place and returns None."),
        (x + "y = rng.shuffle(x)\ny is x", "shuffle returns None, not the array."),
        (x + "y = rng.permutation(x)\nnp.shares_memory(x, y)", "permutation shuffles a copy."),
        (x + "rng.permutation(x)\nx.tolist()", "permutation leaves x as it is."),
        (x + "rng.shuffle(x)\nsorted(x.tolist())", "A shuffle changes the order, never the elements."),
        (x + "rng.shuffle(x[2:])\nx[:2].tolist()", "Only the slice was shuffled; it is a view of x."),
        (x + "rng.shuffle(x[[2, 3]])\nx.tolist()", "Fancy indexing made a copy, and only that was shuffled."),
        (X + whole.format("rng.permutation(X)"), "permutation moves whole rows."),
        (X + whole.format("rng.permuted(X, axis=0)"), "permuted shuffles each column separately."),
        (X + whole.format("rng.choice(X, len(X), replace=False)"), "choice draws whole rows along axis 0."),
        (X + "rng.permuted(X, axis=1).sum(axis=1)[0] == X[0].sum()", "permuted shuffles inside each row here."),
        (X + "rng.shuffle(X, axis=1)\nX[0].sum() == " + str(sum(range(columns))),
         "Along axis 1, shuffle moves whole columns: each row keeps its elements."),
        (X + "rng.permutation(X).sum(axis=0).tolist() == X.sum(axis=0).tolist()",
         "Rows change places; each column keeps its elements."),
    ][int(rng.integers(round(5 * hardness), 6 + round(7 * hardness)))]  # fmt: skip
    return predict(code, why=why)


@drill("What is the dtype of this array?")
def dtype_of_draws(rng, hardness):
    n, seed = int(rng.integers(3, 9)), int(rng.integers(100))
    small = str(rng.choice(["int8", "int16", "uint8", "uint32"]))
    asked, why = [
        (f"rng.random({n})", "random draws float64 unless told otherwise."),
        (f"rng.integers(0, 10, {n})", "integers draws int64 on every platform."),
        (f"rng.permutation({n})", "The permutation of an int holds int64."),
        (f"rng.standard_normal({n})", "standard_normal draws float64 unless told otherwise."),
        (f"rng.integers(0, 10, {n}, dtype={small!r})", "integers takes any integer dtype, and draws in it."),
        (f"rng.random({n}, dtype='float32')", "random can draw float32 directly, in less memory."),
        (f"rng.choice([1.5, 2.5], {n})", "choice keeps the dtype of what it draws from."),
        (f"rng.choice(np.array([1, 2], dtype={small!r}), {n})", "choice keeps the dtype of what it draws from."),
        (f"rng.permutation(np.arange({n}, dtype={small!r}))", "permutation keeps the dtype."),
        (f"rng.poisson(3.0, {n})", "Counts are int64."),
        (f"rng.choice([True, False], {n})", "choice keeps the dtype of what it draws from."),
        (f"rng.integers(0, 2, {n}, dtype=bool)", "integers draws bools too, where the bounds fit."),
    ][int(rng.integers(round(3 * hardness), 5 + round(7 * hardness)))]
    return predict(f"rng = np.random.default_rng({seed})\n({asked}).dtype", why=why)


# ------------------------------------------------------------------------------------------------------------ question


def fresh(rng):
    return np.random.default_rng(int(rng.integers(2**32)))


def tall_table(rng, n):
    return {"rng": fresh(rng), "X": rng.standard_normal((n, 3))}


def wide_table(rng):
    return {"rng": fresh(rng), "X": rng.standard_normal((20_000, 50))}


def few_of_many(rng):
    return {"rng": fresh(rng), "n": 10_000_000, "k": 1000}


QUESTION = Question(
    cases=120,
    kinds=["code", "predict"],
    difficulty="easy",
    topics=["Random Sampling"],
    companies=["Most Tech Companies"],
    asked=["T13"],
    entry_points=[
        Entry(
            shuffle_rows,
            {
                "rng": generators(),
                "X": arrays(
                    "n",
                    "m",
                    dtype=("float64", "int32"),
                    holds="nan",
                    # shuffle in place must be able to run, so that it is told for what it does.
                    layouts=("C", "F", "step", "reversed"),
                ),
            },
            dims={"m": (0, 6)},
            cases=[case(rng=np.random.default_rng(3), X=np.arange(90.0).reshape(30, 3))],
            result=matches(check=check_rows),
        ),
        Entry(
            sample_without_replacement,
            {"rng": generators(), "n": integers(0, 60), "k": integers(0, "n", outside=True)},
            cases=[
                case(rng=np.random.default_rng(3), n=60, k=60),
                case(rng=np.random.default_rng(4), n=60, k=45),
                case(rng=np.random.default_rng(5), n=0, k=0),
                case(rng=np.random.default_rng(6), n=1, k=1),
                raises(ValueError, rng=np.random.default_rng(7), n=3, k=4),
                raises(ValueError, rng=np.random.default_rng(8), n=0, k=1),
                raises(ValueError, rng=np.random.default_rng(9), n=3, k=-1),
            ],
            result=matches(check=check_sample),
        ),
    ],
    scenarios=[
        # Two right samples of 15 from 30 coincide once in 10**20.
        Scenario(seeded_alike, {"seed": integers(0, 10**6), "n": integers(30, 60), "k": integers(15, 25)}),
    ],
    levels=[
        Level(
            "right",
            "",
            own_memory(),
            only_generator("rng"),
            distribution(
                "The 24 orders of 4 rows must come equally often; in dictionary order 0 1 2 3 is case 0 "
                "and 3 2 1 0 case 23.",
                many_orders,
                cells=place_among(ORDERS),
                chances=[1 / 24] * 24,
                draws=4_000,
            ),
            distribution(
                "The 20 pairs drawn from 0 to 4 must come equally often; in dictionary order 0 1 is case 0 "
                "and 1 0 case 4.",
                many_pairs,
                cells=place_among(PAIRS),
                chances=[1 / 20] * 20,
                draws=2_500,
            ),
        ),
        Level("vectorized", "Shuffle without a loop in Python over the rows.", no_python_loop(tall_table)),
        Level(
            "at scale",
            "A thousand of ten million without a list of all, and a table shuffled with one copy of it.",
            peak_memory(few_of_many, extra=128 << 10),
            peak_memory(wide_table, outputs=1, extra=512 << 10),
        ),
    ],
    hints=[
        "Is there one method that gives a random order of 0, …, n - 1? What does indexing with it do to whole rows?",
        "Which methods of Generator work in place, and which return a copy? Which keep rows together?",
        "choice can draw without replacement. What does it do where k is above n?",
    ],
    spoken=(
        "To shuffle rows I draw one permutation of the row numbers and index with it, so each row stays whole and the "
        "input is unchanged. rng.permuted would shuffle every column separately. To sample k of n without replacement "
        "I use Floyd's algorithm or rng.choice with replace=False, which needs memory for k numbers when k is small. "
        "I pass a Generator instead of using the global state, so that a seed reproduces the result. Fisher-Yates is "
        "fair because each of the n! orders has exactly one path."
    ),
    explanation="""\
Take a `Generator` as an argument. `np.random.default_rng(seed)` makes one; all randomness then has one source, which
the caller may seed, spawn from or replay. The old `np.random.shuffle`, `rand` and `seed` share one hidden global state:
they still work, but are frozen legacy.

Three methods shuffle. `shuffle` works in place and returns None. `permutation` returns a shuffled copy, rows whole.
`permuted` shuffles every slice along an axis separately, so rows come apart.

>>> rng = np.random.default_rng(7)
>>> X = np.arange(12).reshape(4, 3)
>>> rows = X[rng.permutation(4)]
>>> set(map(tuple, rows.tolist())) == set(map(tuple, X.tolist()))
True

A permutation as an index also keeps two arrays in step: `order = rng.permutation(n); X[order], y[order]`.

`rng.choice(n, k, replace=False)` draws without replacement; its default is with. For k small against n it needs memory
for k numbers only, where `permutation(n)[:k]` makes all n, and it raises ValueError for more than n:

>>> rng.choice(3, 4, replace=False)
Traceback (most recent call last):
...
ValueError: Cannot take a larger sample than population when replace is False

Home-made ways are where bias comes in: `bits % n` favors small numbers, `round(random() * (n - 1))` halves the ends,
sorting by integer keys keeps ties in order, and swapping each element with any other gives n**n paths to n! orders.
`rng.integers(n)` is unbiased: it draws again where a value would tip the balance.
""",
    points=[
        "Pass a Generator (np.random.default_rng(seed)) along; np.random.* uses one hidden global state.",
        "shuffle works in place and returns None; permutation returns a copy with rows whole; permuted tears rows.",
        "One permutation as an index keeps several arrays in step.",
        "choice draws with replacement by default; replace=False raises where k is above n.",
        "choice without replacement needs O(k) memory for small k; permutation(n)[:k] needs O(n).",
        "Modulo, rounding, tied keys and swaps with any place all give biased results.",
        "Fisher-Yates swaps each place with one that is not fixed yet: n! equally likely paths.",
    ],
    follow_ups={
        "How would you test that a shuffle is uniform?": "Count the n! orders of a small n over many draws and compare "
        "with a chi-square test.",
        "How do you draw k from a stream of unknown length?": "Reservoir sampling: keep the first k, then let item i "
        "replace a random one with probability k / i.",
        "How do you draw with unequal chances, without replacement?": "rng.choice(n, k, replace=False, p=p), or the k "
        "largest of log(u) / weight for uniform u.",
        "Do seeded results stay the same for ever?": "Not promised for Generator: a NumPy release may change a stream. "
        "RandomState is frozen.",
    },
    related=["reproducible-streams", "legacy-random", "non-uniform-sampling", "parallel-random"],
    links=[
        "https://numpy.org/doc/stable/reference/random/index.html",
        "https://numpy.org/doc/stable/reference/random/generator.html",
        "https://numpy.org/doc/stable/reference/random/generated/numpy.random.Generator.choice.html",
        "https://numpy.org/doc/stable/reference/random/generated/numpy.random.Generator.permuted.html",
    ],
    seconds=5.0,
)
