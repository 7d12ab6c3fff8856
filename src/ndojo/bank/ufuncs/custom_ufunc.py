"""Write a ufunc: resistors in parallel."""

import time

import numpy as np

from ndojo.question import (
    Entry,
    Level,
    Question,
    Scenario,
    arrays,
    case,
    choice,
    matches,
    right_on,
    trap,
    works,
)


def make_ufunc():
    """Make a ufunc for the resistance of resistors in parallel.

    Current splits up between resistors that lie side by side, so their conductances add up: a and b ohms together have
    ``1 / (1/a + 1/b)``. A short circuit, 0 ohms, gives 0 next to any resistance. An open line, inf ohms, changes
    nothing: the other resistance stays, inf and inf give inf.

    Returns
    -------
    f : callable
        It is called and has methods as a ufunc of two inputs, on float64 arrays of one axis or more, which have at
        least one element and hold resistances of 0, of 0.01 to 1e6, or inf:

        - ``f(a, b)`` broadcasts; for two Python floats it gives a number,
        - ``f.reduce(a, axis=0)`` puts all along an axis in parallel,
        - ``f.accumulate(a, axis=0)`` keeps every step of that,
        - ``f.outer(a, b)`` pairs each of `a` with each of `b`.

        On level 1 results may be arrays of objects, from level 2 on they are float64. No argument is changed.
        `make_ufunc` is called many times: expensive work, such as compiling, is best kept from the first call.
        Numba may be imported where it is installed; no level needs it.

    Examples
    --------
    >>> f = make_ufunc()
    >>> float(f(4.0, 4.0)), float(f(4.0, 0.0)), float(f(4.0, np.inf))
    (2.0, 0.0, 4.0)
    >>> [float(ohms) for ohms in f.accumulate(np.array([4.0, 4.0, 2.0]))]
    [4.0, 2.0, 1.0]
    """

    def by_conductance(method):
        def call(self, *resistances, **options):
            with np.errstate(divide="ignore"):
                conductances = [np.divide(1.0, ohms) for ohms in resistances]
                return 1.0 / method(*conductances, **options)

        return call

    class Parallel:
        __call__ = by_conductance(np.add)
        reduce = by_conductance(np.add.reduce)
        accumulate = by_conductance(np.add.accumulate)
        outer = by_conductance(np.add.outer)

        def __repr__(self):
            return "<parallel>"

    return Parallel()


@works(fails="floats")
def from_python():
    """A true ufunc in one line, of Python objects."""

    def parallel(a, b):
        if a == 0 or b == 0:
            return 0.0
        return 1 / (1 / a + 1 / b) if a < np.inf or b < np.inf else np.inf

    return np.frompyfunc(parallel, 2, 1)


@works(fails="at scale")
def from_python_with_casts():
    """frompyfunc, with what its methods return made float64."""

    def parallel(a, b):
        if a == 0 or b == 0:
            return 0.0
        return 1 / (1 / a + 1 / b) if a < np.inf or b < np.inf else np.inf

    def cast(method):
        return lambda *args, **options: np.asarray(method(*args, **options), dtype=np.float64)[()]

    ufunc = np.frompyfunc(parallel, 2, 1)
    f = cast(ufunc)
    f.reduce, f.accumulate, f.outer = cast(ufunc.reduce), cast(ufunc.accumulate), cast(ufunc.outer)
    return f


@works()
def compiled():
    """Numba compiles the scalar function into loops, once; without Numba the conductances are added by NumPy."""
    try:
        import numba
    except ImportError:
        numba = None

    class Parallel:
        def __call__(self, a, b):
            return self.back(np.add, a, b)

        def reduce(self, a, axis=0):
            return self.back(np.add.reduce, a, axis=axis)

        def accumulate(self, a, axis=0):
            return self.back(np.add.accumulate, a, axis=axis)

        def outer(self, a, b):
            return self.back(np.add.outer, a, b)

        def back(self, method, *ohms, **options):
            with np.errstate(divide="ignore"):
                return np.reciprocal(method(*(np.reciprocal(one) for one in ohms), **options))

    def parallel(a, b):
        if a == 0.0 or b == 0.0:
            return 0.0
        together = 1.0 / a + 1.0 / b
        return 1.0 / together if together > 0.0 else np.inf

    kept = globals()
    if "_parallel" not in kept:
        kept["_parallel"] = numba.vectorize(["float64(float64, float64)"])(parallel) if numba else Parallel()
    return kept["_parallel"]


# --------------------------------------------------------------------------------------------------------------- traps


@trap("np.frompyfunc hands Python floats to the function, and Python's 1 / 0.0 raises ZeroDivisionError: 0 ohms need a "
      "separate branch.", verdict="RE")  # fmt: skip
def divides_by_nought():
    return np.frompyfunc(lambda a, b: a * b / (a + b), 2, 1)


@trap("np.vectorize gives an object that can be called, but no ufunc: it has no reduce, accumulate or outer.",
      verdict="RE")  # fmt: skip
def with_vectorize():
    def parallel(a, b):
        if a == 0 or b == 0:
            return 0.0
        return 1 / (1 / a + 1 / b) if a < np.inf or b < np.inf else np.inf

    return np.vectorize(parallel)


@trap("A plain function of arrays broadcasts as its ufuncs do, but has none of their methods.", verdict="RE")
def plain_function():
    def parallel(a, b):
        with np.errstate(divide="ignore"):
            return 1.0 / (np.divide(1.0, a) + np.divide(1.0, b))

    return parallel


@trap("In parallel the conductances add up, 1/a + 1/b; resistances add up in series.")
def in_series():
    return np.add


@trap("Twice the product over the sum is the harmonic mean; two equal resistors in parallel have half of one.")
def harmonic_mean():
    def parallel(a, b):
        if a == 0 or b == 0:
            return 0.0
        return 2 / (1 / a + 1 / b) if a < np.inf or b < np.inf else np.inf

    return np.frompyfunc(parallel, 2, 1)


@trap("a * b / (a + b) is NaN for 0 and 0, and if either is inf; 1 / (1/a + 1/b) is right for all of them.")
def nan_at_the_ends():
    def parallel(a, b):
        with np.errstate(all="ignore"):
            return np.float64(a) * b / (np.float64(a) + b)

    return np.frompyfunc(parallel, 2, 1)


@trap("accumulate of the conductances gives conductances: take 1 over each of its steps as well.")
def steps_not_turned_back():
    def lifted(method):
        def call(*resistances, **options):
            with np.errstate(divide="ignore"):
                return 1.0 / method(*[np.divide(1.0, ohms) for ohms in resistances], **options)

        return call

    def accumulate(a, **options):
        with np.errstate(divide="ignore"):
            return np.add.accumulate(1.0 / a, **options)

    parallel = lifted(np.add)
    parallel.reduce, parallel.outer = lifted(np.add.reduce), lifted(np.add.outer)
    parallel.accumulate = accumulate
    return parallel


@trap("0 ohms are a short circuit, not a resistor that is missing: the result is 0.")
def nought_is_missing():
    def parallel(a, b):
        if a == 0 or b == 0:
            return a + b
        return 1 / (1 / a + 1 / b) if a < np.inf or b < np.inf else np.inf

    return np.frompyfunc(parallel, 2, 1)


@trap("frompyfunc takes the function, the number of inputs, then the number of outputs: 2 and 1 here.", verdict="RE")
def inputs_and_outputs_swapped():
    def parallel(a, b):
        return 0.0 if a == 0 or b == 0 else 1 / (1 / a + 1 / b) if a < np.inf or b < np.inf else np.inf

    return np.frompyfunc(parallel, 1, 2)


# ------------------------------------------------------------------------------------------------------ how it is used


def use(make_ufunc, task, a, b, converted):
    f = make_ufunc()
    if task == "f(a, b)":
        result = f(a, b)
    elif task == "f of two numbers":
        result = f(float(a.flat[0]), float(b[0]))
    elif task == "f.outer(a, b)":
        result = f.outer(a, b)
    elif task == "f.reduce(b)":
        result = f.reduce(b)
    elif task == "f.reduce(a)":
        result = f.reduce(a)
    elif task == "f.reduce(a, axis=1)":
        result = f.reduce(a, axis=1)
    elif task == "f.accumulate(a)":
        result = f.accumulate(a)
    elif task == "f.accumulate(a, axis=1)":
        result = f.accumulate(a, axis=1)
    else:
        # A hundred million resistors.
        network = np.resize(b, 100_000)
        for _ in range(1000):
            result = f.reduce(network)
    return np.asarray(result, dtype=np.float64) if converted else result


TASKS = ("f(a, b)", "f of two numbers", "f.outer(a, b)", "f.reduce(b)", "f.reduce(a, axis=1)", "f.accumulate(a)")
TASKS += ("f.reduce(a)", "f.accumulate(a, axis=1)")
OHMS = {"of": (4.0, 0.0, np.inf, 10.0, 0.01, 47.0, 4.7e3, 1e6)}


def inputs(*tasks, converted):
    return {
        "task": choice(*tasks),
        "a": arrays("m", "n", **OHMS),
        "b": arrays("n", **OHMS),
        "converted": choice(converted),
    }


def some(task, a, b):
    return case(task=task, a=np.array([a]), b=np.array(b), converted=True)


def show_speeds():
    a, b = np.random.default_rng(0).uniform(1, 1000, (2, 300_000))

    def parallel(a, b):
        return 1 / (1 / a + 1 / b)

    ways = {
        "np.vectorize": np.vectorize(parallel, otypes=[float]),
        "np.frompyfunc": np.frompyfunc(parallel, 2, 1),
        "conductances added by NumPy": make_ufunc(),
    }
    try:
        import numba

        ways["numba.vectorize"] = numba.vectorize(["float64(float64, float64)"])(parallel)
    except ImportError:
        print("(Numba is not installed.)")
    for name, f in ways.items():
        times = []
        for _ in range(3):
            start = time.perf_counter()
            result = f(a, b)
            times.append(1e3 * (time.perf_counter() - start))
        kind = "ufunc" if isinstance(f, np.ufunc) else "no np.ufunc"
        methods = "reduce" if hasattr(f, "reduce") else "no reduce"
        print(f"{name:28} {min(times):7.2f} ms, dtype {result.dtype!s:7} ({kind}, {methods})")


QUESTION = Question(
    kinds=["code", "explain"],
    difficulty="hard",
    topics=["Extending NumPy"],
    companies=["Google", "Amazon", "Research"],
    asked=["T101"],
    entry_points=[Entry(make_ufunc, {}, result=matches(check=lambda result, expected: None))],
    scenarios=[
        Scenario(
            use,
            inputs(*TASKS, converted=True),
            dims={"m": (1, 5), "n": (1, 6)},
            cases=[
                some("f(a, b)", [4.0], [4.0]),
                some("f(a, b)", [0.0], [0.0]),
                some("f(a, b)", [4.0], [0.0]),
                some("f(a, b)", [np.inf], [4.0]),
                some("f(a, b)", [np.inf], [np.inf]),
                some("f(a, b)", [0.0], [np.inf]),
                some("f of two numbers", [4.0], [4.0]),
                some("f of two numbers", [0.0], [0.0]),
                some("f.reduce(b)", [1.0, 1.0, 1.0], [4.0, 4.0, 2.0]),
                some("f.reduce(a)", [4.0, 4.0, 2.0], [1.0, 1.0, 1.0]),
                some("f.accumulate(a, axis=1)", [4.0, 4.0, 2.0], [1.0, 1.0, 1.0]),
                some("f.outer(a, b)", [4.0, 10.0], [4.0, np.inf]),
            ],
        )
    ],
    levels=[
        Level("right"),
        Level(
            "floats",
            "Now results are float64, as those of NumPy's own ufuncs.",
            right_on(Scenario(use, inputs(*TASKS, converted=False), dims={"m": (1, 5), "n": (1, 6)})),
        ),
        Level(
            "at scale",
            "A hundred million resistors are put in parallel by reduce, 100,000 at a time, within three seconds.",
            right_on(
                Scenario(
                    use,
                    inputs("a long reduce", converted=False),
                    where=lambda task, a, b, converted: False,
                    result=matches(rtol=1e-9, atol=0),
                    cases=[
                        case(task="a long reduce", a=np.ones((1, 3)), b=np.array([10.0, 47.0, 4.7e3]), converted=False)
                    ],
                )
            ),
        ),
    ],
    allows=["numba"],
    seconds=3.0,
    hints=[
        "One function of NumPy turns a Python function of two numbers into a ufunc with all methods. What types does "
        "it hand to your function, and what does it give back?",
        "What do 1 / 0.0 in Python and 1 / np.float64(0.0) do?",
        "Functions and objects of your classes may have attributes called reduce, accumulate and outer.",
        "In terms of 1/a this is a sum, and np.add has all methods, compiled.",
    ],
    spoken=(
        "np.frompyfunc makes a ufunc from a Python function. It has reduce, accumulate, outer, out and where, but it "
        "calls Python per element and returns objects. np.vectorize is a loop with dtypes, and it is not a ufunc. For "
        "speed I can compile with numba.vectorize, or write the loop in C or Cython. A Python function that combines "
        "existing ufuncs is fast, but it does not have the methods of a ufunc. An identity is needed to reduce an "
        "empty array."
    ),
    explanation="""\
A ufunc is a table of compiled loops, one for each combination of dtypes, with broadcasting, `out=`, `where=` and
methods around it. Four ways to make one:

1. `np.frompyfunc(f, 2, 1)` gives a true ufunc directly. Its one loop calls Python for each
   element, on objects. Python's rules hold: `1 / 0.0` raises.

>>> u = np.frompyfunc(lambda a, b: 1 / (1 / a + 1 / b), 2, 1)
>>> u.reduce([4.0, 4.0, 2.0]), u.outer([4.0], [4.0]).dtype
(1.0, dtype('O'))

2. Composition. If your operation is `back(to(a) + to(b))`, so are reduce, accumulate and outer: transform, let np.add
   do the work, transform back. Parallel resistors (1/x), products by logarithms, lengths by squares are of this kind.
   All is compiled; the price is some temporaries.

>>> float(1 / np.add.reduce(1 / np.array([4.0, 4.0, 2.0])))
1.0

3. `numba.vectorize` compiles a scalar function. With signatures it does so immediately,
   without them when a new dtype comes. It fuses all steps into one loop; `guvectorize` makes generalized ufuncs.

4. C: write the inner loop, which gets pointers, strides and a count, and register it with `PyUFunc_FromFuncAndData`.
   For a function of the C library, Cython's `@cython.ufunc` saves the boilerplate.

`np.vectorize` is not a ufunc: it has no methods.

`reduce` needs an identity for empty input: `frompyfunc(..., identity=np.inf)` here. Reductions also assume that the
order of steps does not matter much; make sure that your operation is associative.
""",
    points=[
        "A ufunc is compiled inner loops by dtype, plus broadcasting, out=, where= and methods.",
        "np.frompyfunc makes a true ufunc with all methods, but calls Python for each element and returns objects.",
        "np.vectorize is a convenience, no ufunc: no reduce, accumulate or outer.",
        "Composing NumPy's ufuncs is often enough: transform, np.add, transform back.",
        "Numba's vectorize compiles a scalar function into a ufunc; guvectorize works on core dimensions.",
        "In C: an inner loop with strides, registered by PyUFunc_FromFuncAndData; Cython can write it.",
        "An identity makes empty reductions work; reductions want an associative operation.",
        "Python's scalars raise on division by zero, NumPy's follow IEEE 754 and errstate.",
    ],
    follow_ups={
        "How do you make np.add itself work on your own class?": "Give the class __array_ufunc__(self, ufunc, method, "
        "*inputs, **kwargs): NumPy hands it every call and method.",
        "What does a generalized ufunc add?": "A signature of core dimensions, such as (n,k),(k,m)->(n,m): the loop "
        "sees whole matrices and the other axes broadcast.",
        "Why is a fused loop faster than composition?": "It reads and writes memory once; composed ufuncs go over it "
        "for each step.",
        "Is numba's object an instance of np.ufunc?": "Not in newer versions: it is a DUFunc, which can compile more "
        "loops later and has the same methods.",
    },
    related=["ufunc-methods", "frompyfunc-vs-vectorize", "vectorize-objects", "numba-structured", "custom-reduction"],
    links=[
        "https://numpy.org/doc/stable/reference/generated/numpy.frompyfunc.html",
        "https://numpy.org/doc/stable/user/c-info.ufunc-tutorial.html",
        "https://numpy.org/doc/stable/reference/ufuncs.html",
        "https://numpy.org/doc/stable/reference/c-api/ufunc.html",
    ],
    live=show_speeds,
    equivalent={
        "make_ufunc: `np.errstate(divide='ignore')` -> `np.errstate()` in `with np.errstate(divide='ignore'):`": "It "
        "silences a warning, which no level forbids: compiled loops may warn of branches that they did not take.",
    },
)
