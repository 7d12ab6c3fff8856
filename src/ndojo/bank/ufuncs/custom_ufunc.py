"""Create a function with ufunc methods."""

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
    """Return a callable with ufunc methods that combines resistances in parallel.

    Two resistances a and b in parallel have a total of ``1 / (1/a + 1/b)`` ohms. If one of them is 0, which is a short
    circuit, the total is 0. If one of them is inf, which is an open circuit, the total is the other one. The total of
    inf and inf is inf.

    Returns
    -------
    f : callable
        It can be called and has three methods, as a ufunc with two inputs has:

        - ``f(a, b)`` broadcasts `a` and `b`. For two Python floats it returns a scalar.
        - ``f.reduce(a, axis=0)`` combines all elements along an axis.
        - ``f.accumulate(a, axis=0)`` does the same and returns the result of each step.
        - ``f.outer(a, b)`` combines each element of `a` with each element of `b`.

        All array inputs are float64 with at least one axis and at least one element. Each element is 0, between 0.01
        and 1e6, or inf. No input may be changed.

        On level 1, results may be object arrays. On level 2 and above, results must be float64.

        `f` does not have to be an instance of np.ufunc. `make_ufunc` is called many times, so do expensive work such as
        compiling only in the first call, and keep its result. Numba may be imported if it is installed, but no level
        requires it.

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
    """A real ufunc, which calls Python for each element and returns objects."""

    def parallel(a, b):
        if a == 0 or b == 0:
            return 0.0
        return 1 / (1 / a + 1 / b) if a < np.inf or b < np.inf else np.inf

    return np.frompyfunc(parallel, 2, 1)


@works(fails="at scale")
def from_python_with_casts():
    """Uses np.frompyfunc and converts all results to float64."""

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
    """Compiles a function of scalars with Numba, only once. Without Numba, it adds the conductances with NumPy."""
    try:
        import numba
    except ImportError:
        numba = None

    class Parallel:
        def __call__(self, a, b):
            return self.transform(np.add, a, b)

        def reduce(self, a, axis=0):
            return self.transform(np.add.reduce, a, axis=axis)

        def accumulate(self, a, axis=0):
            return self.transform(np.add.accumulate, a, axis=axis)

        def outer(self, a, b):
            return self.transform(np.add.outer, a, b)

        def transform(self, method, *ohms, **options):
            with np.errstate(divide="ignore"):
                return np.reciprocal(method(*(np.reciprocal(resistance) for resistance in ohms), **options))

    def parallel(a, b):
        if a == 0.0 or b == 0.0:
            return 0.0
        conductance = 1.0 / a + 1.0 / b
        return 1.0 / conductance if conductance > 0.0 else np.inf

    cache = globals()
    if "_parallel" not in cache:
        cache["_parallel"] = numba.vectorize(["float64(float64, float64)"])(parallel) if numba else Parallel()
    return cache["_parallel"]


# --------------------------------------------------------------------------------------------------------------- traps


@trap(
    "np.frompyfunc passes Python floats to the function, and Python raises ZeroDivisionError for a division by 0.0. "
    "Return 0.0 in a separate branch if an input is 0, or compute with NumPy floats.",
    verdict="RE",
)
def divides_by_zero():
    return np.frompyfunc(lambda a, b: a * b / (a + b), 2, 1)


@trap(
    "np.vectorize returns a callable that broadcasts, but it is not a ufunc. As with a plain function, the methods "
    "reduce, accumulate and outer are missing. Use np.frompyfunc, or add the methods to your object.",
    verdict="RE",
)
def with_vectorize():
    def parallel(a, b):
        if a == 0 or b == 0:
            return 0.0
        return 1 / (1 / a + 1 / b) if a < np.inf or b < np.inf else np.inf

    return np.vectorize(parallel)


@trap(
    "A composition of ufuncs broadcasts, but it is not itself a ufunc: reduce, accumulate and outer are missing. Add "
    "the methods, for example as attributes of the function.",
    verdict="RE",
)
def plain_function():
    def parallel(a, b):
        with np.errstate(divide="ignore"):
            return 1.0 / (np.divide(1.0, a) + np.divide(1.0, b))

    return parallel


@trap("Resistances add up in series. In parallel the conductances add up, so the total is 1 / (1/a + 1/b).")
def in_series():
    return np.add


@trap(
    "The total of two resistances is 1 / (1/a + 1/b). With 2 in the numerator it is their harmonic mean, which is "
    "twice as large."
)
def harmonic_mean():
    def parallel(a, b):
        if a == 0 or b == 0:
            return 0.0
        return 2 / (1 / a + 1 / b) if a < np.inf or b < np.inf else np.inf

    return np.frompyfunc(parallel, 2, 1)


@trap(
    "a * b / (a + b) is NaN if both inputs are 0 or if one is inf. With NumPy floats, 1 / (1/a + 1/b) gives the "
    "required result in these cases."
)
def nan_at_the_ends():
    def parallel(a, b):
        with np.errstate(all="ignore"):
            return np.float64(a) * b / (np.float64(a) + b)

    return np.frompyfunc(parallel, 2, 1)


@trap(
    "Accumulating the conductances gives a conductance for each step. Convert every step back to a resistance: "
    "1 / np.add.accumulate(1 / a)."
)
def accumulates_conductances():
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


@trap("0 ohms is a short circuit, so the total is 0. It does not mean that the resistor is missing; that would be inf.")
def zero_is_missing():
    def parallel(a, b):
        if a == 0 or b == 0:
            return a + b
        return 1 / (1 / a + 1 / b) if a < np.inf or b < np.inf else np.inf

    return np.frompyfunc(parallel, 2, 1)


@trap(
    "np.frompyfunc takes the function, the number of inputs and the number of outputs, in this order. Here the numbers "
    "are 2 and 1.",
    verdict="RE",
)
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
        # 100,000 resistances, 1,000 times.
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


def example(task, a, b):
    return case(task=task, a=np.array([a]), b=np.array(b), converted=True)


def show_speeds():
    a, b = np.random.default_rng(0).uniform(1, 1000, (2, 300_000))

    def parallel(a, b):
        return 1 / (1 / a + 1 / b)

    ways = {
        "np.vectorize": np.vectorize(parallel, otypes=[float]),
        "np.frompyfunc": np.frompyfunc(parallel, 2, 1),
        "composition of ufuncs": make_ufunc(),
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
        kind = "ufunc" if isinstance(f, np.ufunc) else "not an np.ufunc"
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
                example("f(a, b)", [4.0], [4.0]),
                example("f(a, b)", [0.0], [0.0]),
                example("f(a, b)", [4.0], [0.0]),
                example("f(a, b)", [np.inf], [4.0]),
                example("f(a, b)", [np.inf], [np.inf]),
                example("f(a, b)", [0.0], [np.inf]),
                example("f of two numbers", [4.0], [4.0]),
                example("f of two numbers", [0.0], [0.0]),
                example("f.reduce(b)", [1.0, 1.0, 1.0], [4.0, 4.0, 2.0]),
                example("f.reduce(a)", [4.0, 4.0, 2.0], [1.0, 1.0, 1.0]),
                example("f.accumulate(a, axis=1)", [4.0, 4.0, 2.0], [1.0, 1.0, 1.0]),
                example("f.outer(a, b)", [4.0, 10.0], [4.0, np.inf]),
            ],
        )
    ],
    levels=[
        Level("right"),
        Level(
            "floats",
            "All results have dtype float64.",
            right_on(Scenario(use, inputs(*TASKS, converted=False), dims={"m": (1, 5), "n": (1, 6)})),
        ),
        Level(
            "at scale",
            "Reduces 100,000 resistances 1,000 times within 3 seconds.",
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
        "One NumPy function turns a Python function of two numbers into a ufunc with all methods. Which type do its "
        "arguments have, and which dtype do its results have?",
        "What is 1 / 0.0 in Python, and what is 1 / np.float64(0.0)?",
        "A plain function, or an instance of a Python class, can have attributes named reduce, accumulate and outer.",
        "For the last level: if you replace each a by 1 / a, which existing ufunc combines the values? It has all "
        "the methods, and they are compiled.",
    ],
    spoken="""\
The shortest way is `np.frompyfunc`. It returns a real ufunc with reduce, accumulate and outer, but it calls Python for
each element and returns objects. `np.vectorize` is also a Python loop, and its result has no ufunc methods. Here I can
use an existing ufunc: conductances add up, so I transform to 1/x, call `np.add` or its method, and transform back. This
runs in compiled loops. Such a composition is not itself a ufunc, so I write the methods in a small class. For an
operation without such a transformation I would use `numba.vectorize`, or write the inner loop in C.
""",
    explanation="""\
A ufunc contains one compiled inner loop per combination of dtypes. NumPy adds broadcasting, `out=`, `where=` and
methods such as `reduce`. You can create an operation with this interface in four ways.

*1. np.frompyfunc.* `np.frompyfunc(f, 2, 1)` returns a real ufunc for a function with 2 inputs and 1 output. It is the
shortest way, but its loop calls Python for each element and returns objects. The function receives Python floats, so
`1 / 0.0` raises ZeroDivisionError.

>>> u = np.frompyfunc(lambda a, b: 1 / (1 / a + 1 / b), 2, 1)
>>> isinstance(u, np.ufunc), u.reduce([4.0, 4.0, 2.0]), u.outer([4.0], [4.0]).dtype
(True, 1.0, dtype('O'))

*2. Composition of ufuncs.* The operation has the form `back(to(a) + to(b))`, with 1/x for both `to` and `back`. Then
reduce, accumulate and outer have this form too: transform, call the method of `np.add`, transform back. The square root
of a sum of squares is another operation of this kind. Everything runs in compiled loops, at the cost of some temporary
arrays.

>>> float(1 / np.add.reduce(1 / np.array([4.0, 4.0, 2.0])))
1.0

NumPy floats follow IEEE 754, so 1 / 0.0 is inf, and `np.errstate` suppresses the warning. A function that composes
ufuncs is not itself a ufunc, so you must add the methods yourself:

>>> def parallel(a, b):
...     return 1 / (1 / a + 1 / b)
>>> isinstance(parallel, np.ufunc), hasattr(parallel, "reduce")
(False, False)

*3. Numba.* `numba.vectorize` compiles a Python function of scalars. With signatures it compiles immediately. Without
them it compiles at the first call with a new dtype. All steps run in one loop, without temporary arrays.
`numba.guvectorize` creates generalized ufuncs, which work on whole rows or matrices.

*4. C.* Write the inner loop, which receives pointers, strides and the number of elements, and register it with
`PyUFunc_FromFuncAndData`. Cython 3 generates this code from a function of scalars with `@cython.ufunc`.

*Not a ufunc: np.vectorize.* It also calls Python for each element. Its result broadcasts, but has no ufunc methods. Use
it only for convenience.

*Reductions.* To reduce an empty array, a ufunc needs an identity, the value that changes nothing. Here it is inf:

>>> v = np.frompyfunc(lambda a, b: 1 / (1 / a + 1 / b), 2, 1, identity=np.inf)
>>> v.reduce([])
inf

The operation should be associative. Otherwise the result of a reduction depends on the order of the steps.
""",
    points=[
        "A ufunc is a set of compiled inner loops, one per dtype, with broadcasting, out=, where= and methods.",
        "np.frompyfunc returns a real ufunc with all methods, but calls Python for each element and returns objects.",
        "np.vectorize is for convenience and not a ufunc: it has no reduce, accumulate or outer.",
        "Composing ufuncs is often enough: transform, call np.add or its method, transform back.",
        "A composition of ufuncs is not itself a ufunc, so its methods must be written by hand.",
        "numba.vectorize compiles a function of scalars; numba.guvectorize creates generalized ufuncs.",
        "In C, PyUFunc_FromFuncAndData registers an inner loop with strides; Cython can generate the code.",
        "An identity allows empty reductions. The operation should be associative.",
        "Python floats raise ZeroDivisionError; NumPy floats follow IEEE 754 and np.errstate.",
    ],
    follow_ups={
        "How do you make np.add work with your own class?": "Define __array_ufunc__(self, ufunc, method, *inputs, "
        "**kwargs) in the class. NumPy calls it for each call of a ufunc or of one of its methods.",
        "What is a generalized ufunc?": "A ufunc whose loop works on subarrays instead of scalars. Its signature, such "
        "as (n,k),(k,m)->(n,m), names the core dimensions, and all other axes broadcast.",
        "Why can one compiled loop be faster than a composition of ufuncs?": "It reads and writes memory once. A "
        "composition reads and writes an array for each step.",
        "Is the result of numba.vectorize an instance of np.ufunc?": "In recent versions it is a DUFunc, which has the "
        "same methods but is not an instance of np.ufunc. Without signatures it compiles more loops later.",
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
        "suppresses a warning, which no level forbids.",
    },
)
