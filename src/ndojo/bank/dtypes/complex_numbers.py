"""The step at which an orbit leaves."""

import numpy as np

from ndojo.question import (
    Entry,
    Level,
    Question,
    arrays,
    case,
    drill,
    faster_than,
    integers,
    needs,
    no_warnings,
    predict,
    trap,
    works,
)


def escape_time(c, limit):
    """Colour a map of the Mandelbrot set: count the steps until each point's orbit leaves the disc of radius 2.

    The orbit of a point c begins with z = c, which is step 1. Each further step replaces z by ``z * z + c``. An orbit
    that has once left the disc never comes back, and grows without bound.

    Parameters
    ----------
    c : ndarray, any shape of one axis or more, complex128
        The points of the map, finite, both parts at most 3 in absolute value. May be empty, strided, reversed or
        read-only. No point is asked where a rounding error would decide.
    limit : int
        How many steps are looked at, at least 1.

    Returns
    -------
    ndarray, shape of `c`, int64
        The first of the steps 1, ..., `limit` at which |z| is larger than 2, where |z| is the distance from 0;
        0 where there is none.

    Examples
    --------
    >>> escape_time(np.array([3 + 0j, 1 + 1j, -1 + 0j, 2 + 0j]), limit=10)
    array([1, 2, 0, 2])
    """
    steps = np.zeros(c.size, dtype=np.int64)
    here, start = np.arange(c.size), c.ravel()
    z = start.copy()
    for step in range(1, limit + 1):
        inside = np.abs(z) <= 2
        if not inside.all():
            kept = np.flatnonzero(inside)
            steps[here[~inside]] = step
            here, start, z = here.take(kept), start.take(kept), z.take(kept)
        z *= z
        z += start
    return steps.reshape(c.shape)


@works()
def two_real_planes(c, limit):
    """Complex arithmetic written out, with the squares used twice; only living points are kept."""
    steps = np.zeros(c.size, dtype=np.int64)
    here, a, b = np.arange(c.size), c.real.ravel().copy(), c.imag.ravel().copy()
    x, y = a.copy(), b.copy()
    for step in range(1, limit + 1):
        xx, yy = x * x, y * y
        inside = xx + yy <= 4
        if not inside.all():
            steps[here[~inside]] = step
            kept = inside.nonzero()[0]
            here, a, b = here.take(kept), a.take(kept), b.take(kept)
            x, y, xx, yy = x.take(kept), y.take(kept), xx.take(kept), yy.take(kept)
        y *= x
        y += y
        y += b
        x = xx - yy + a
    return steps.reshape(c.shape)


@works(fails="fast")
def frozen(c, limit):
    """Whole arrays all along; a mask keeps what has left from moving on."""
    z, steps = c.copy(), np.zeros(c.shape, dtype=np.int64)
    inside = np.ones(c.shape, dtype=bool)
    for step in range(1, limit + 1):
        left = inside & (np.abs(z) > 2)
        steps[left] = step
        inside &= ~left
        z = np.where(inside, z * z + c, z)
    return steps


@works(fails="no warnings")
def runs_away(c, limit):
    """Lets orbits overflow: inf, then NaN, and neither is taken for a first step."""
    z, steps = np.array(c), np.zeros(c.shape, dtype=np.int64)
    for step in range(1, limit + 1):
        steps = np.where((np.abs(z) > 2) & (steps == 0), step, steps)
        z = z * z + c
    return steps


@works(fails="vectorized")
def point_by_point(c, limit):
    """Python's own complex numbers."""
    steps = np.zeros(c.shape, dtype=np.int64)
    for place in np.ndindex(c.shape):
        point = z = complex(c[place])
        for step in range(1, limit + 1):
            if abs(z) > 2:
                steps[place] = step
                break
            z = z * z + point
    return steps


# -------------------------------------------------------------------------------------------------------------- traps


@trap("Outside is not the first time outside: write a step down only where none has been written before.")
def last_time_outside(c, limit):
    z, steps = c.copy(), np.zeros(c.shape, dtype=np.int64)
    with np.errstate(all="ignore"):
        for step in range(1, limit + 1):
            steps[np.abs(z) > 2] = step
            z = z * z + c
    return steps


@trap("inf - inf is NaN, and NaN > 2 is False: an orbit that has overflowed counts as inside again. Stop it before.")
def nan_is_inside(c, limit):
    z, stayed = c.copy(), np.zeros(c.shape, dtype=np.int64)
    with np.errstate(all="ignore"):
        for _ in range(limit):
            stayed += ~(np.abs(z) > 2)
            z = z * z + c
    return np.where(stayed == limit, 0, stayed + 1)


@trap("Larger than 2, not 2 or larger: from c = -2 the orbit jumps to 2 and stays there for ever.")
def leaves_at_two(c, limit):
    z, steps = c.copy(), np.zeros(c.shape, dtype=np.int64)
    with np.errstate(all="ignore"):
        for step in range(1, limit + 1):
            steps[(np.abs(z) >= 2) & (steps == 0)] = step
            z = z * z + c
    return steps


@trap("The orbit begins with z = c at step 1; counted from z = 0, every step comes one later.")
def starts_at_zero(c, limit):
    z, steps = np.zeros_like(c), np.zeros(c.shape, dtype=np.int64)
    with np.errstate(all="ignore"):
        for step in range(1, limit + 1):
            steps[(np.abs(z) > 2) & (steps == 0)] = step
            z = z * z + c
    return steps


@trap("range(1, limit) ends one step too soon: an orbit may leave at the last one.")
def stops_early(c, limit):
    z, steps = c.copy(), np.zeros(c.shape, dtype=np.int64)
    with np.errstate(all="ignore"):
        for step in range(1, limit):
            steps[(np.abs(z) > 2) & (steps == 0)] = step
            z = z * z + c
    return steps


@trap("z > 2 compares real parts, and imaginary parts where those are equal: the distance from 0 is np.abs(z).")
def compares_complex(c, limit):
    z, steps = c.copy(), np.zeros(c.shape, dtype=np.int64)
    with np.errstate(all="ignore"):
        for step in range(1, limit + 1):
            steps[(z > 2) & (steps == 0)] = step
            z = z * z + c
    return steps


@trap("Where the orbit stays inside, the result is 0; limit would say that it left at the last step.")
def limit_for_inside(c, limit):
    z, steps = c.copy(), np.zeros(c.shape, dtype=np.int64)
    with np.errstate(all="ignore"):
        for step in range(1, limit + 1):
            steps[(np.abs(z) > 2) & (steps == 0)] = step
            z = z * z + c
    return np.where(steps == 0, limit, steps)


@trap("z = c makes no copy: z *= z then changes the map itself.", verdict="IM")
def squares_the_map(c, limit):
    z, steps = c if c.flags.writeable else c.copy(), np.zeros(c.shape, dtype=np.int64)
    start = c.copy()
    with np.errstate(all="ignore"):
        for step in range(1, limit + 1):
            steps[(np.abs(z) > 2) & (steps == 0)] = step
            z *= z
            z += start
    return steps


# ------------------------------------------------------------------------------------------------------------- drills


def text(z):
    """A complex number as code, whole parts without a point."""
    a, b = int(z.real), int(z.imag)
    return f"{a}{b:+d}j" if a else f"{b}j"


def some(rng, low=-6):
    a, b = (int(k) for k in rng.integers(low, 7, 2))
    return complex(a or 2, b or 3)


@drill("What is the value?")
def arithmetic(rng, hardness):
    z, w = some(rng), some(rng)
    legs = [(3, 4, 5), (6, 8, 10), (5, 12, 13), (8, 6, 10), (4, 3, 5)][int(rng.integers(5))]
    a, b, distance = legs
    k = int(rng.integers(1, 5))
    forms = [
        (f"complex(np.conj({text(z)}))", "The conjugate turns the sign of the imaginary part."),
        (f"float(np.abs({a}-{b}j))", f"The distance from 0: {a}² + {b}² = {distance}²."),
        (f"complex(np.array([{text(z)}])[0] * 1j)", "Times 1j is a quarter turn: a + bj becomes -b + aj."),
        (f"complex(np.array([{text(z)}])[0] * ({text(w)}))", "(a + bj)(c + dj) = (ac - bd) + (ad + bc)j."),
        (
            f"float((np.array([{text(z)}]) * np.array([{text(z)}]).conj()).real[0])",
            "z times its conjugate is |z|² = a² + b².",
        ),
        (f"float(np.prod(np.full({k}, 1j)).real) + 0.0", f"1j to the {k} is {['1j', '-1', '-1j', '1'][k - 1]}."),
        (
            f"complex(np.vdot([{text(z)}], [{text(w)}]))",
            "vdot conjugates its first argument, dot and @ conjugate nothing.",
        ),
        (f"complex(np.dot([{text(z)}], [{text(w)}]))", "dot conjugates nothing; vdot would conjugate the first."),
    ]
    code, why = forms[int(rng.integers(3 + round(5 * hardness)))]
    return predict(code, why=why)


@drill("What is the dtype of this?")
def dtypes(rng, hardness):
    single = bool(rng.random() < 0.5)
    name, half = ("complex64", "float32") if single else ("complex128", "float64")
    size = 4 if single else 8
    n = int(rng.integers(2, 6))
    other = str(rng.choice(["int8", "int16", "float32", "float64", "complex64"]))
    mixed = np.result_type(name, other)
    forms = [
        (f"np.zeros({n}, dtype=np.{name}).real.dtype", f"{name} is two {half}."),
        (f"np.abs(np.zeros({n}, dtype=np.{name})).dtype", f"A distance is real: {half}, the type of either part."),
        (f"(np.zeros({n}, dtype=np.{half}) + 1j).dtype", f"A Python complex adapts to the precision of {half}."),
        (f"np.angle(np.ones({n}, dtype=np.{name})).dtype", f"An angle is real: {half}."),
        (
            f"(np.zeros({n}, dtype=np.{name}) * np.zeros({n}, dtype=np.{other})).dtype",
            f"{mixed} is the smallest dtype that holds every {name} and every {other}.",
        ),
        (f"np.sqrt(np.zeros({n}, dtype=np.{half})).dtype", "sqrt of real numbers stays real, whatever their sign."),
        (
            f"np.zeros({n}, dtype=np.{name}).view(np.{half}).dtype",
            f"The same memory, read as {half}: two of {size} bytes for each.",
        ),
    ]
    code, why = forms[int(rng.integers(3 + round(4 * hardness)))]
    return predict(code, why=why)


@drill("What is the value, or which error is raised?")
def real_and_complex(rng, hardness):
    k = int(rng.integers(2, 8))
    z = some(rng)
    forms = [
        (f"float(np.array([{text(z)}]).imag[0])", "imag is the factor of 1j, a real number."),
        (f"bool(np.isnan(np.sqrt(-{k * k}.0)))", "The square root of a negative float is NaN, not a complex number."),
        (f"complex(np.sqrt(-{k * k}+0j))", "For complex input sqrt is complex."),
        (f"complex(np.emath.sqrt(-{k * k}))", "emath goes over to complex numbers where it must."),
        (f"bool(np.iscomplexobj(np.array([{k}+0j])))", "iscomplexobj asks for the dtype, not for the values."),
        (f"np.iscomplex(np.array([{k}+0j, {text(z)}])).tolist()", "iscomplex asks for an imaginary part other than 0."),
        (f"float(np.array([{text(z)}]).astype(np.float64)[0])", "The imaginary part is dropped, with a warning only."),
        (f"x = np.zeros(2)\nx[0] = {k}j\nfloat(x[0])", "A complex number cannot be put into a float array."),
        (f"bool(np.isnan(np.array([complex({k}, np.nan)]))[0])", "isnan is True where either part is NaN."),
        (f"bool(np.real_if_close(np.array([{k}+0j])).dtype == float)", "real_if_close drops imaginary parts of 0."),
    ]
    start = round(3 * hardness)
    code, why = forms[int(rng.integers(start, 5 + round(5 * hardness)))]
    return predict(code, why=why)


@drill("What is the value?")
def order(rng, hardness):
    a = int(rng.integers(-4, 5))
    b, c = (int(k) for k in rng.permutation(np.arange(1, 8))[:2])
    z, w = complex(a, b), complex(a, -c)
    v = complex(a - int(rng.integers(1, 4)), int(rng.integers(-9, 10)))
    three = [[z, v, w][int(i)] for i in rng.permutation(3)]
    many = ", ".join(str(number).strip("()") for number in three)
    lexical = "Complex numbers are sorted by real part, then by imaginary part."
    first = "max goes by the real part first, then by the imaginary one."
    real = sorted([z, v, w], key=lambda number: (number.real, number.imag))
    forms = [
        (f"complex(np.sort(np.array([{many}]))[0])", lexical),
        (f"complex(np.array([{many}]).max())", first),
        (f"int(np.argmax(np.array([{many}])))", f"{first} It is {str(real[-1]).strip('()')}."),
        (
            f"int(np.argmax(np.abs(np.array([{many}]))))",
            "abs gives distances from 0: the squares are "
            + ", ".join(f"{number.real**2 + number.imag**2:g}" for number in three)
            + ".",
        ),
        (f"bool(np.array([{str(z).strip('()')}])[0] == np.array([{str(w).strip('()')}])[0])", "Both parts must agree."),
        (
            f"(np.array([{many}]) > {a}).tolist()",
            f"Compared with {a}+0j: by the real part, and by the imaginary part where that is {a}.",
        ),
    ]
    code, why = forms[int(rng.integers(2 + round(4 * hardness)))]
    return predict(code, why=why)


@drill("What is the value?")
def memory(rng, hardness):
    n, k = int(rng.integers(2, 9)), int(rng.integers(2, 9))
    name, size = [("complex128", 16), ("complex64", 8)][int(rng.random() < 0.4)]
    half = size // 2
    made = f"z = np.zeros({n}, dtype=np.{name})\n"
    forms = [
        (f"{made}z.nbytes", f"{n} elements of {size} bytes."),
        (f"{made}z.real[:] = {k}\ncomplex(z[0])", "real is a view: writing into it writes into z."),
        (f"{made}z.imag[0] = {k}\ncomplex(z[0])", "imag is a view: writing into it writes into z."),
        (f"{made}z.real.strides", f"The next real part lies one complex number on: {size} bytes."),
        (f"{made}z.view(np.float{half * 8}).shape", "Read as floats, real and imaginary parts alternate."),
        (f"{made}np.shares_memory(z, z.conj())", "conj computes new numbers, in memory of their own."),
        (
            f"x = np.arange({2 * k}.0)\ncomplex(x.view(np.complex128)[1])",
            "Every pair of float64 is read as one complex128, real part first.",
        ),
        (f"{made}z.reshape(1, -1).T.conj().shape", "The transpose swaps the axes; conj leaves the shape alone."),
    ]
    code, why = forms[int(rng.integers(3 + round(5 * hardness)))]
    return predict(code, why=why)


# ------------------------------------------------------------------------------------------------------------- inputs


def clear(c, limit):
    """Whether no orbit comes so near to the edge that a rounding error could decide."""
    z, near = c.copy(), np.zeros(c.shape, dtype=bool)
    inside = np.ones(c.shape, dtype=bool)
    with np.errstate(all="ignore"):
        for _ in range(limit):
            near |= inside & (np.abs(np.abs(z) - 2) < 1e-6)
            inside &= np.abs(z) <= 2
            z = z * z + c
    return not near.any()


def heart(rng):
    """Inside the set: nothing leaves."""
    return {"c": rng.uniform(-0.5, 0.2, 2000) + 1j * rng.uniform(-0.4, 0.4, 2000), "limit": 40}


def margin(rng):
    """Right of the set: most points leave within a few steps, a few stay long."""
    return {"c": rng.uniform(0.3, 2, 7000) + 1j * rng.uniform(-2, 2, 7000), "limit": 240}


QUESTION = Question(
    kinds=["code", "predict"],
    difficulty="medium",
    topics=["Data Types", "Optimization"],
    companies=["Google", "Amazon", "HFT Firms"],
    asked=["T48"],
    entry_points=[
        Entry(
            escape_time,
            {"c": arrays(..., "n", dtype="complex128", low=-3, high=3), "limit": integers(1, 24)},
            dims={"n": (0, 8)},
            where=clear,
            cases=[
                case(c=np.array([3 + 0j, 1 + 1j, -1 + 0j]), limit=10),
                case(c=np.array([-2 + 0j]), limit=5),
                case(c=np.array([2 + 0j, 2j, -2j]), limit=3),
                case(c=np.array([2.000000001 + 0j]), limit=3),
                case(c=np.array([1 + 0j]), limit=3),
                case(c=np.array([1 + 0j]), limit=2),
                case(c=np.array([0.5 + 0j, 0.25 + 0.5j, -0.5 - 0.5j]), limit=24),
                case(c=np.array([3 + 0j]), limit=20),
                case(c=np.array([[2 + 2j, 0j], [-1j, 1 - 1j]]), limit=12),
            ],
        )
    ],
    levels=[
        Level("right"),
        Level(
            "no warnings", "No warning may escape: orbits that have left must not run on into overflow.", no_warnings()
        ),
        Level(
            "vectorized",
            "No loop in Python over the points; one over the steps is fine. Two thousand points that stay inside, 40 "
            "steps: six times as fast as point by point.",
            faster_than(
                point_by_point,
                6,
                heart,
                needs=needs(
                    bytes=lambda c, limit: c.nbytes + 8 * c.size,
                    operations=lambda c, limit: 10 * c.size * limit,
                ),
            ),
        ),
        Level(
            "fast",
            "Seven thousand points and 240 steps. Most orbits leave early: spend nothing on them, and be 1.8 "
            "times as fast as an answer that carries all of them along.",
            faster_than(
                frozen,
                1.8,
                margin,
                needs=needs(
                    bytes=lambda c, limit: c.nbytes + 8 * c.size,
                    operations=lambda c, limit: 10 * c.size,
                ),
            ),
        ),
    ],
    hints=[
        "Iterate on all points at once: z = z * z + c with arrays. How do you find those that leave at this very step?",
        "What becomes of z if it is squared again and again after it has left? What does NaN > 2 say?",
        "Keep the orbits that are still inside in smaller and smaller arrays.",
        "Then you need to remember where each of them belongs in the result: carry an array of places along.",
    ],
    explanation="""\
complex128 is two float64 side by side, complex64 two float32. `z.real` and `z.imag` are writeable views; `np.abs` and
`np.angle` compute.

>>> z = np.array([3 + 4j, 1 - 1j])
>>> np.abs(z), z.real.strides, z.view(np.float64)
(array([5.        , 1.41421356]), (16,), array([ 3.,  4.,  1., -1.]))

Arithmetic is what mathematics says; three things are not. `sqrt` of a negative float is NaN, as the dtype decides:
start from complex input or use `np.emath.sqrt`. `<` and `sort` go by the real part, then by the imaginary one: compare
distances. And `.T` does not conjugate: the adjoint is `A.conj().T`, the inner product `np.vdot`.

>>> np.emath.sqrt(-4.0), np.sort(np.array([2 + 1j, 1 + 9j, 2 - 1j]))
(np.complex128(2j), array([1.+9.j, 2.-1.j, 2.+1.j]))

An orbit that has left squares its size at every step: some ten steps to inf, two more to NaN, and comparisons with NaN
are False. Masking keeps it still, but computes on everything; compressing pays for living points only. `kept`, the
places inside, shrinks three arrays: values, starting points, and where they belong in the result.

>>> here = np.arange(4)
>>> here.take(np.flatnonzero(np.array([True, False, True, False])))
array([0, 2])

The loop over steps stays: each needs the one before.

NumPy 2 removed the aliases `np.complex_` (complex128) and `np.cfloat`; `np.complex` went in 1.24.
""",
    points=[
        "complex128 holds two float64; real and imag are views, abs and angle are computed.",
        "sqrt and log of negative floats are NaN: the dtype decides. np.emath changes over to complex.",
        "Comparison and sorting go by real part first: compare np.abs.",
        "An orbit that has left overflows to inf and then to NaN, whose comparisons are False.",
        "Masking avoids the warning, compressing to the living points also saves the work.",
        "Carry the places along to scatter results back.",
        "The adjoint is A.conj().T, the inner product np.vdot.",
    ],
    follow_ups={
        "Why not compute |z|² instead of |z|?": "z.real**2 + z.imag**2 > 4 avoids the square root, but reads strided "
        "views; on two real planes it pays.",
        "Which points could you leave out at once?": "The main cardioid and the disc around -1, which have formulas "
        "and never leave; they cost the most steps.",
        "How do you get smooth colours?": "step + 1 - log2(log(|z|)), with a larger radius.",
        "How does an FFT use complex numbers?": "Each bin's abs is an amplitude, its angle a phase; rfft leaves out "
        "the mirrored half for real input.",
    },
    related=["fft-from-scratch", "view-as-dtype", "custom-ufunc", "masking-without-copies"],
    links=[
        "https://numpy.org/doc/stable/reference/generated/numpy.absolute.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.ndarray.real.html",
        "https://numpy.org/doc/stable/reference/routines.emath.html",
        "https://numpy.org/doc/stable/user/basics.types.html",
    ],
)
