"""Shuffle rows and sample without replacement."""

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
    """Return a copy of `X` with its rows in random order.

    This is usually done before a data set is split into training and test data.

    All n! orders of the rows must be equally likely. Use only `rng` as the source of randomness. Two calls with
    generators in the same state must return the same order, regardless of any other random numbers that the program
    draws. Different seeds must give different orders, except by chance.

    Parameters
    ----------
    rng : numpy.random.Generator
        A generator such as ``np.random.default_rng(seed)``.
    X : ndarray, shape (n, m), float64 or int32
        Each row is one sample. ``n >= 0`` and ``m >= 0``. May be strided or reversed and may contain NaN. `X` must not
        change.

    Returns
    -------
    ndarray, shape (n, m), same dtype as `X`
        A new array that shares no memory with `X`. It contains each row of `X` exactly once, with the elements of the
        row in their original order.

    Examples
    --------
    >>> X = np.array([[1, 10], [2, 20], [3, 30]])
    >>> rows = shuffle_rows(np.random.default_rng(7), X)
    >>> sorted(rows.tolist())
    [[1, 10], [2, 20], [3, 30]]
    """
    return X[rng.permutation(len(X))]


def sample_without_replacement(rng, n, k):
    """Draw k different integers from 0, 1, …, n - 1 in random order.

    For example, k of n customers are selected for a survey and are called in the order of the sample.

    All sequences of k different integers must be equally likely, so the order must be random too. Use only `rng` as
    the source of randomness, under the same conditions as in `shuffle_rows`.

    Parameters
    ----------
    rng : numpy.random.Generator
        A generator such as ``np.random.default_rng(seed)``.
    n : int
        The number of integers to draw from, ``n >= 0``.
    k : int
        The number of integers to draw.

    Returns
    -------
    ndarray, shape (k,), int64
        The integers in the order in which they are drawn. The shape is (0,) if `k` is 0. This includes n = 0.

    Raises
    ------
    ValueError
        If `k` is negative or greater than `n`.

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
        return "The result does not contain each row of X exactly once."
    return None


def check_sample(result, expected, rng, n, k):
    if result.shape != (k,):
        return f"WT: The result has shape {result.shape}, expected {(k,)}."
    if result.dtype != np.int64:
        return f"WT: The result has dtype {result.dtype}, expected int64."
    if k and not (result.min() >= 0 and result.max() < n):
        return f"The result contains values from {result.min()} to {result.max()}, expected values from 0 to {n - 1}."
    if np.unique(result).size < k:
        return f"The result contains duplicates: only {np.unique(result).size} of its {k} values are different."
    return None


# ------------------------------------------------------------------------------------------------------ correct answers


@works(of="shuffle_rows")
def copy_and_shuffle(rng, X):
    """Shuffles the rows of a copy in place with Generator.shuffle, which works along axis 0 by default."""
    rows = X.copy()
    rng.shuffle(rows)
    return rows


@works(of="shuffle_rows")
def by_random_keys(rng, X):
    """Sorts the rows by random float keys. With 2**53 possible keys, equal keys are too rare to matter."""
    keys = rng.random(X.shape[0])
    return np.take(X, np.argsort(keys), axis=0)


@works(fails="vectorized", of="shuffle_rows")
def fisher_yates(rng, X):
    """Swaps each row, from the last to the first, with a random row among those that are not final yet."""
    rows = X.copy()
    for last in range(len(rows) - 1, 0, -1):
        other = int(rng.integers(last + 1))
        rows[[last, other]] = rows[[other, last]]
    return rows


@works(fails="at scale", of="sample_without_replacement")
def slices_permutation(rng, n, k):
    """Creates a random permutation of all n integers and keeps the first k."""
    if not 0 <= k <= n:
        raise ValueError(f"k must be between 0 and n = {n}, but it is {k}")
    return rng.permutation(n)[:k]


@works(of="sample_without_replacement")
def floyd(rng, n, k):
    """Floyd's algorithm: makes k draws and stores a set of k integers for any n, then shuffles them."""
    if k < 0 or k > n:
        raise ValueError(f"k must be between 0 and n = {n}, but it is {k}")
    drawn = set()
    for top in range(n - k, n):
        number = int(rng.integers(top, endpoint=True))
        drawn.add(top if number in drawn else number)
    return rng.permutation(np.array(sorted(drawn), dtype=np.int64))


# --------------------------------------------------------------------------------------------------------------- traps


@trap(
    "`Generator.shuffle` works in place, so it reorders the array of the caller. Labels in a separate array then "
    "no longer match the rows. Shuffle a copy, or use `rng.permutation`, which returns one.",
    verdict="IM",
    of="shuffle_rows",
)
def in_place(rng, X):
    rng.shuffle(X)
    return X


@trap(
    "`Generator.shuffle` works in place and returns None, like `list.sort`. Use `rng.permutation`, which returns "
    "a shuffled copy, or return the array after shuffling it.",
    verdict="WT",
    of="shuffle_rows",
)
def returns_none(rng, X):
    return rng.shuffle(X.copy())


@trap(
    "`rng.permuted` with `axis=0` shuffles each column independently, so values of different rows are mixed. Use "
    "`rng.permutation`, which keeps each row together.",
    of="shuffle_rows",
)
def shuffles_columns(rng, X):
    return rng.permuted(X, axis=0)


@trap(
    "The functions of `np.random` draw from a hidden global generator. They ignore the generator that is passed "
    "in, so the seed of the caller has no effect. Call the methods of `rng`.",
    of="shuffle_rows",
)
def global_state(rng, X):
    return X[np.random.permutation(len(X))]


@trap(
    "Random integer keys can be equal, and a stable sort keeps rows with equal keys in their original order. That "
    "makes some orders too likely. Use random floats as keys, or `rng.permutation`.",
    of="shuffle_rows",
)
def tied_keys(rng, X):
    keys = rng.integers(0, max(len(X), 1), len(X))
    return X[np.argsort(keys, kind="stable")]


@trap(
    "Swapping each row with any of the n rows gives n**n equally likely sequences of swaps. For n > 2, n! does "
    "not divide n**n, so the orders cannot be equally likely. Swap only with rows that are not final yet, as in "
    "the Fisher-Yates shuffle.",
    of="shuffle_rows",
)
def swaps_with_any(rng, X):
    rows = X.copy()
    for here in range(len(rows)):
        other = int(rng.integers(len(rows)))
        rows[[here, other]] = rows[[other, here]]
    return rows


@trap(
    "`np.random.choice` draws from a hidden global generator and ignores `rng`. With `replace=False` it also "
    "permutes all n integers to select k. Use `rng.choice`.",
    of="sample_without_replacement",
)
def legacy_choice(rng, n, k):
    return np.random.choice(n, k, replace=False).astype(np.int64)


@trap(
    "Drawing with replacement, the default of `rng.choice`, can return the same integer several times. Pass "
    "`replace=False`.",
    of="sample_without_replacement",
)
def with_replacement(rng, n, k):
    if not 0 <= k <= n:
        raise ValueError(f"k must be between 0 and n = {n}, but it is {k}")
    return rng.choice(n, size=k) if n else np.zeros(0, dtype=np.int64)


@trap(
    "Removing duplicates after drawing with replacement can leave fewer than k integers, and `np.unique` also "
    "sorts them. Use `rng.choice` with `replace=False`.",
    verdict="WT",
    of="sample_without_replacement",
)
def too_few(rng, n, k):
    if not 0 <= k <= n:
        raise ValueError(f"k must be between 0 and n = {n}, but it is {k}")
    return np.unique(rng.integers(0, max(n, 1), k))


@trap(
    "A slice beyond the end raises no error. If `k > n`, `permutation(n)[:k]` returns all n integers, and a "
    "negative k removes integers from the end. Check `0 <= k <= n` and raise ValueError.",
    of="sample_without_replacement",
)
def never_raises(rng, n, k):
    return rng.permutation(n)[:k]


@trap(
    "`shuffle=False` makes each set of k integers equally likely, but not each order of the set. Keep the default "
    "`shuffle=True` if the order must be random too.",
    of="sample_without_replacement",
)
def unshuffled(rng, n, k):
    return rng.choice(n, size=k, replace=False, shuffle=False)


@trap(
    "Random bits modulo n favor small integers if n does not divide the number of bit patterns. For example, 8 "
    "patterns modulo 5 give 0, 1 and 2 twice, but 3 and 4 once. Use `rng.integers(n)`, which has no such bias.",
    of="sample_without_replacement",
)
def modulo_bias(rng, n, k):
    if not 0 <= k <= n:
        raise ValueError(f"k must be between 0 and n = {n}, but it is {k}")
    drawn = {}
    while len(drawn) < k:
        drawn[int(rng.integers(1 << (n - 1).bit_length())) % n] = None
    return np.array(list(drawn), dtype=np.int64)


@trap(
    "Rounding `random() * (n - 1)` gives the first and the last integer only half an interval each, so they are "
    "drawn half as often as the others. Use `rng.integers(n)`, where all integers are equally likely.",
    of="sample_without_replacement",
)
def rounds(rng, n, k):
    if not 0 <= k <= n:
        raise ValueError(f"k must be between 0 and n = {n}, but it is {k}")
    drawn = {}
    while len(drawn) < k:
        drawn[round(rng.random() * (n - 1))] = None
    return np.array(list(drawn), dtype=np.int64)


# ---------------------------------------------------------------------------------------------------- what is observed


def seeded_alike(shuffle_rows, sample_without_replacement, seed, n, k):
    orders, samples = [], []
    for start in (seed, seed, seed + 1):
        orders.append(shuffle_rows(np.random.default_rng(start), np.arange(2 * n).reshape(n, 2)))
        samples.append(sample_without_replacement(np.random.default_rng(start), n, k))
    return {
        "shuffle_rows: the same seed gives the same order": np.array_equal(orders[0], orders[1]),
        "shuffle_rows: a different seed gives a different order": not np.array_equal(orders[0], orders[2]),
        "sample_without_replacement: the same seed gives the same sample": np.array_equal(samples[0], samples[1]),
        "sample_without_replacement: a different seed gives a different sample": not np.array_equal(
            samples[0], samples[2]
        ),
    }


def many_orders(shuffle_rows, rng, draws):
    X = np.arange(4)[:, None]
    return np.array([shuffle_rows(rng, X.copy())[:, 0] for _ in range(draws)])


def many_pairs(sample_without_replacement, rng, draws):
    return np.array([sample_without_replacement(rng, 5, 2) for _ in range(draws)])


def index_among(sequences):
    """Return a function that maps each row of draws to its index in sequences, or to their number if it is missing."""
    known = np.array(sequences)
    digits = 10 ** np.arange(known.shape[1])[::-1]

    def cells(draws):
        codes = known @ digits
        index = np.minimum(np.searchsorted(codes, draws @ digits), len(codes) - 1)
        return np.where(codes[index] == draws @ digits, index, len(codes))

    return cells


ORDERS = list(itertools.permutations(range(4)))
PAIRS = list(itertools.permutations(range(5), 2))


# -------------------------------------------------------------------------------------------------------------- drills


@drill("What is the shape of this array?")
def shape_of_draws(rng, hardness):
    a, b, n = int(rng.integers(2, 6)), int(rng.integers(2, 6)), int(rng.integers(7, 20))
    asked, why = [
        (f"rng.random({a})", "An int as size gives a 1-D array."),
        (f"rng.random(({a}, {b}))", "size is the shape of the result, passed as one tuple."),
        (f"rng.integers(0, {n}, size=({a}, {b}))", "size is the shape of the result."),
        (f"rng.permutation({n})", f"permutation of an int shuffles np.arange({n})."),
        (f"rng.choice({n}, size={a}, replace=False)", "size is the number of draws."),
        (f"rng.normal(0, 1, ({a}, {b}))", "The third parameter of normal is size."),
        (f"rng.permutation(np.zeros(({a}, {b})))", "permutation reorders the rows and keeps the shape."),
        (
            f"rng.choice(np.zeros(({n}, {b})), {a})",
            f"choice draws along axis 0 by default, so it selects {a} whole rows.",
        ),
        (f"rng.choice(np.zeros(({a}, {n})), {b}, axis=1)", f"With axis=1, choice selects {b} whole columns."),
        (f"rng.choice({n}, size=({a}, {b}))", "size is the shape of the result. Each element is one draw."),
        (
            f"rng.normal(np.zeros(({a}, 1)), np.ones({b}))",
            "loc and scale are broadcast against each other, and each element of the result is one draw.",
        ),
        (f"rng.integers(np.zeros({b}, dtype=int), [[{n}]] * {a})", "The bounds are broadcast against each other."),
        (
            f"rng.multinomial({n}, [1 / {b}] * {b}, size={a})",
            f"Each of the {a} draws is a vector with the counts of {b} outcomes.",
        ),
        (f"rng.dirichlet([1.0] * {b}, size={a})", f"Each of the {a} draws is a vector of {b} probabilities."),
        (
            f"rng.multivariate_normal(np.zeros({b}), np.eye({b}), {a})",
            f"Each of the {a} draws is a vector of length {b}.",
        ),
        (
            f"rng.permuted(np.zeros(({a}, {b})), axis=1)",
            "With axis=1, permuted shuffles within each row and keeps the shape.",
        ),
    ][int(rng.integers(round(6 * hardness), 7 + round(9 * hardness)))]
    seed = int(rng.integers(100))
    return predict(f"rng = np.random.default_rng({seed})\n({asked}).shape", why=why)


@drill("What is the value, or which error is raised?")
def bounds_and_errors(rng, hardness):
    n, k = int(rng.integers(4, 12)), int(rng.integers(2, 4))
    p = [1.0] + [0.0] * (n - 1)
    asked, why = [
        (
            f"int(rng.integers({n}, size=10_000).max())",
            f"integers excludes the upper bound, so it draws from 0 to {n - 1}.",
        ),
        (f"int(rng.integers({k}, {n + k}, size=10_000).min())", "integers includes the lower bound."),
        (f"int(rng.integers({k}, {n + k}, size=10_000).max())", "integers excludes the upper bound."),
        (f"int(rng.integers(0, {n}, size=10_000, endpoint=True).max())", "endpoint=True includes the upper bound."),
        (f"len(set(rng.permutation({n}).tolist()))", "A permutation contains each integer exactly once."),
        (f"len(set(rng.choice({n}, {k}, replace=False).tolist()))", "Without replacement, no integer is drawn twice."),
        (
            f"len(rng.choice({n}, {n + k}, replace=False))",
            f"Without replacement, choice can draw at most {n} integers.",
        ),
        (
            f"len(rng.choice({n}, {n + k}))",
            "choice draws with replacement by default, so size may exceed the number of values.",
        ),
        (f"len(rng.permutation({n})[:{n + k}])", "A slice beyond the end stops at the end without an error."),
        (
            f"len(set(rng.choice({n}, 10_000).tolist()))",
            f"With 10,000 draws, each of the {n} integers is almost certain to be drawn.",
        ),
        (f"rng.randint(0, {n})", "Generator has no method randint. Use integers."),
        (f"rng.rand({n})", "Generator has no method rand. Use random."),
        (f"int(rng.integers({n}, {k}))", "The lower bound must be less than the upper bound."),
        (f"rng.choice({n}, p=[0.5] * {n})", "The probabilities must add up to 1."),
        (f"int(rng.choice({n}, p={p}))", "Only the first integer has a nonzero probability."),
        (
            f"len(rng.choice({n}, {k}, replace=False, p={p}))",
            "Only one integer has a nonzero probability, and it can be drawn only once.",
        ),
        (f"rng.shuffle(tuple(range({n})))", "shuffle works in place, and a tuple is immutable."),
    ][int(rng.integers(round(6 * hardness), 8 + round(9 * hardness)))]
    return predict(f"rng = np.random.default_rng({int(rng.integers(100))})\n{asked}", why=why)


@drill("Does this print True or False?")
def same_numbers(rng, hardness):
    seed, n = int(rng.integers(100)), int(rng.integers(3, 9))
    start = f"a = np.random.default_rng({seed})\n"
    both = start + f"b = np.random.default_rng({seed})\n"
    code, why = [
        (both + f"np.array_equal(a.random({n}), b.random({n}))", "Generators with the same seed produce the same "
                                                                 "stream of numbers."),
        (start + f"np.array_equal(a.random({n}), a.random({n}))", "Each call advances the state of the generator."),
        (start + f"b = np.random.default_rng({seed + 1})\nnp.array_equal(a.random({n}), b.random({n}))",
         "Consecutive seeds give unrelated streams, because SeedSequence hashes the seed."),
        (start + f"b = a\nnp.array_equal(a.random({n}), b.random({n}))", "Both names refer to one generator, and "
                                                                         "each call advances its state."),
        (both + f"a.random()\nnp.array_equal(a.random({n}), b.random({n}))", "a has already drawn one number more "
                                                                             "than b."),
        (both + f"b.random()\nnp.array_equal(a.random({n + 1})[1:], b.random({n}))",
         "Both generators skip the first number of the stream."),
        (both + f"np.array_equal(np.append(a.random({n}), a.random(2)), b.random({n + 2}))",
         "random draws the same numbers in one call or in two calls."),
        (f"np.random.seed({seed})\na = np.random.default_rng()\nnp.random.seed({seed})\nb = np.random.default_rng()\n"
         f"np.array_equal(a.random({n}), b.random({n}))",
         "np.random.seed sets only the global state. default_rng() without a seed uses entropy from the system."),
        (f"np.random.seed({seed})\na = np.random.random({n})\nnp.random.seed({seed})\n"
         f"np.array_equal(a, np.random.random({n}))", "Setting the same seed again restarts the global stream."),
        (start + f"b = np.random.RandomState({seed})\nnp.array_equal(a.random({n}), b.random({n}))",
         "The same seed gives different streams: default_rng uses PCG64 and RandomState uses MT19937."),
        (start + f"b, c = a.spawn(2)\nnp.array_equal(b.random({n}), c.random({n}))",
         "spawn creates child generators with independent streams."),
        (f"a = np.random.default_rng([{seed}, 1])\nb = np.random.default_rng([{seed}, 1])\n"
         f"np.array_equal(a.random({n}), b.random({n}))", "A seed may be a sequence of ints, and equal sequences "
                                                          "give the same stream."),
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
        (x + "y = rng.permutation(x)\nnp.shares_memory(x, y)", "permutation of an array shuffles a copy."),
        (x + "rng.permutation(x)\nx.tolist()", "permutation returns a shuffled copy and does not change x."),
        (x + "rng.shuffle(x)\nsorted(x.tolist())", "shuffle changes only the order of the elements."),
        (x + "rng.shuffle(x[2:])\nx[:2].tolist()", "shuffle changes only the slice x[2:], which is a view of x."),
        (x + "rng.shuffle(x[[2, 3]])\nx.tolist()", "Fancy indexing creates a copy, so shuffle does not change x."),
        (X + whole.format("rng.permutation(X)"), "permutation reorders whole rows."),
        (X + whole.format("rng.permuted(X, axis=0)"), "With axis=0, permuted shuffles each column independently, "
                                                      "which mixes the rows."),
        (X + whole.format("rng.choice(X, len(X), replace=False)"), "choice draws whole rows, and without "
                                                                   "replacement it draws each row once."),
        (X + "rng.permuted(X, axis=1).sum(axis=1)[0] == X[0].sum()", "With axis=1, permuted shuffles within each "
                                                                     "row, so the sum of each row stays the same."),
        (X + "rng.shuffle(X, axis=1)\nX[0].sum() == " + str(sum(range(columns))),
         "With axis=1, shuffle reorders whole columns, so each row keeps its elements."),
        (X + "rng.permutation(X).sum(axis=0).tolist() == X.sum(axis=0).tolist()",
         "permutation reorders the rows, so each column keeps its elements."),
    ][int(rng.integers(round(5 * hardness), 6 + round(7 * hardness)))]  # fmt: skip
    return predict(code, why=why)


@drill("What is the dtype of this array?")
def dtype_of_draws(rng, hardness):
    n, seed = int(rng.integers(3, 9)), int(rng.integers(100))
    small = str(rng.choice(["int8", "int16", "uint8", "uint32"]))
    asked, why = [
        (f"rng.random({n})", "random returns float64 by default."),
        (f"rng.integers(0, 10, {n})", "integers returns int64 by default, on every platform."),
        (
            f"rng.permutation({n})",
            "permutation of an int has the default integer dtype, which is int64 on 64-bit platforms.",
        ),
        (f"rng.standard_normal({n})", "standard_normal returns float64 by default."),
        (f"rng.integers(0, 10, {n}, dtype={small!r})", "integers returns the integer dtype that you pass."),
        (f"rng.random({n}, dtype='float32')", "random can draw float32 directly, without a float64 temporary array."),
        (f"rng.choice([1.5, 2.5], {n})", "choice keeps the dtype of the values that it draws from."),
        (
            f"rng.choice(np.array([1, 2], dtype={small!r}), {n})",
            "choice keeps the dtype of the values that it draws from.",
        ),
        (f"rng.permutation(np.arange({n}, dtype={small!r}))", "permutation keeps the dtype of the array."),
        (f"rng.poisson(3.0, {n})", "poisson returns counts as int64."),
        (f"rng.choice([True, False], {n})", "choice keeps the dtype of the values that it draws from."),
        (f"rng.integers(0, 2, {n}, dtype=bool)", "integers also supports bool if the bounds are within 0 and 2."),
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
                    # Writable layouts only, so that shuffling X in place runs and gets its own message.
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
        # Two random samples of 15 from 30 are equal with a probability of about 1e-20.
        Scenario(seeded_alike, {"seed": integers(0, 10**6), "n": integers(30, 60), "k": integers(15, 25)}),
    ],
    levels=[
        Level(
            "right",
            "",
            own_memory(),
            only_generator("rng"),
            distribution(
                "All 24 orders of 4 rows must be equally likely. The cases are numbered in lexicographic order: 0 "
                "1 2 3 is case 0, and 3 2 1 0 is case 23.",
                many_orders,
                cells=index_among(ORDERS),
                chances=[1 / 24] * 24,
                draws=4_000,
            ),
            distribution(
                "All 20 ordered pairs drawn from 0 to 4 must be equally likely. The cases are numbered in "
                "lexicographic order: 0 1 is case 0, and 1 0 is case 4.",
                many_pairs,
                cells=index_among(PAIRS),
                chances=[1 / 20] * 20,
                draws=2_500,
            ),
        ),
        Level("vectorized", "Shuffles without a Python loop over the rows.", no_python_loop(tall_table)),
        Level(
            "at scale",
            "Draws 1000 of 10 million integers with at most 128 KiB, and shuffles an array with at most 512 KiB "
            "in addition to the result.",
            peak_memory(few_of_many, extra=128 << 10),
            peak_memory(wide_table, outputs=1, extra=512 << 10),
        ),
    ],
    hints=[
        "Which method of Generator returns the integers 0, …, n - 1 in random order? What does indexing with them "
        "select?",
        "Which methods of Generator work in place, and which return a copy? Which of them keep rows together?",
        "`rng.choice` can draw without replacement. What does it do if k is greater than n?",
    ],
    spoken="""\
To shuffle rows I draw a permutation of the row indices and index the array with it. This keeps each row together and
leaves the input unchanged; `rng.permuted` would shuffle each column independently. To sample k of n without
replacement I use `rng.choice` with `replace=False`. If k is small compared with n, its memory is proportional to
k. I pass a Generator as an argument instead of using the global state, so a seed reproduces the result. If I wrote
the shuffle myself, I would use Fisher-Yates, where every order is equally likely.
""",
    explanation="""\
A random permutation of the row indices shuffles the rows. Fancy indexing with it selects each row once and returns a
copy:

>>> rng = np.random.default_rng(7)
>>> X = np.arange(12).reshape(4, 3)
>>> rows = X[rng.permutation(4)]
>>> set(map(tuple, rows.tolist())) == set(map(tuple, X.tolist()))
True

The same permutation keeps two arrays aligned: `order = rng.permutation(n); X[order], y[order]`.

*Generators.* Take a `Generator` as an argument; `np.random.default_rng(seed)` creates one. The caller can then seed it
and reproduce the result. The older functions `np.random.shuffle`, `np.random.rand` and `np.random.seed` share one
hidden global state. They still work, but NumPy calls them legacy and no longer improves them.

*Three ways to shuffle.* `rng.shuffle(X)` reorders the rows in place and returns None. `rng.permutation(X)` returns a
shuffled copy and keeps each row together. `rng.permuted(X, axis=0)` shuffles each column independently, so it mixes
the values of different rows:

>>> Y = rng.permuted(np.arange(300).reshape(100, 3), axis=0)
>>> bool((Y[:, 1] == Y[:, 0] + 1).all())
False

*Sampling.* `rng.choice` draws with replacement by default. With `replace=False` it raises ValueError if you request
more than n values:

>>> rng.choice(3, 4, replace=False)
Traceback (most recent call last):
...
ValueError: Cannot take a larger sample than population when replace is False

*Memory.* If k is small compared with n, the memory of `rng.choice(n, k, replace=False)` is proportional to k. In
contrast, `rng.permutation(n)[:k]` always creates all n integers. Use it only if k is close to n, and check k first,
because the slice raises no error.

*Bias.* These ways to draw or shuffle do not make all results equally likely:

- `bits % n` favors small integers, unless n divides the number of bit patterns.
- `round(random() * (n - 1))` draws the first and the last integer half as often as the others.
- A stable sort by random integer keys keeps rows with equal keys in their original order.
- Swapping each row with any of the n rows gives n**n sequences of swaps, which n! does not divide for n > 2.

`rng.integers(n)` has no bias, because it rejects the random bits that would favor some integers and draws again. The
Fisher-Yates shuffle swaps each row only with itself or a row that is not final yet. This gives n! sequences of swaps,
one for each order.
""",
    points=[
        "Pass a Generator from np.random.default_rng(seed); the functions of np.random share a hidden global state.",
        "shuffle works in place and returns None; permutation returns a copy; permuted shuffles each slice separately.",
        "Indexing with the same permutation keeps several arrays aligned.",
        "choice draws with replacement by default; replace=False raises ValueError if k is greater than n.",
        "For small k, choice with replace=False needs O(k) memory; permutation(n)[:k] always needs O(n).",
        "Modulo, rounding, equal sort keys and swaps with any row all give biased results.",
        "Fisher-Yates swaps each row with one that is not final yet, so all n! orders are equally likely.",
    ],
    follow_ups={
        "How would you test that a shuffle is uniform?": "Shuffle a few rows many times, count how often each of "
        "the n! orders occurs, and compare the counts with a chi-square test.",
        "How do you draw k items from a stream of unknown length?": "Use reservoir sampling. Keep the first k items. "
        "Then let item i, counted from 1, replace a random kept item with probability k / i.",
        "How do you draw with unequal probabilities without replacement?": "Use "
        "`rng.choice(n, k, replace=False, p=p)`, or take the k largest values of log(u) / weight, "
        "where u is uniform between 0 and 1.",
        "Does a seed give the same results in every NumPy version?": "This is not guaranteed for Generator, because a "
        "new NumPy version may change the streams. The streams of RandomState are frozen.",
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
