"""Mandelbrot escape times with complex arrays."""

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
    """Return the step at which the orbit of each point leaves the disc of radius 2.

    This is how pictures of the Mandelbrot set are computed. The orbit of a point c starts with z = c, which is step 1.
    Each further step replaces z by ``z * z + c``. An orbit that has left the disc never returns, and grows without
    bound.

    Parameters
    ----------
    c : ndarray, any shape with one or more axes, complex128
        The points, finite, with the absolute value of both parts at most 3. May be empty, strided, reversed or
        read-only. No point is used for which a rounding error would decide the result.
    limit : int
        The number of steps to compute, ``limit >= 1``.

    Returns
    -------
    ndarray, same shape as `c`, int64
        The first of the steps 1, ..., `limit` at which |z| is greater than 2, where |z| is the distance from 0. The
        value is 0 if the orbit does not leave within these steps.

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
    """Complex arithmetic with real arrays, whose squares are used twice. Keeps only points still inside."""
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
    """Whole arrays all the time. A mask keeps points that have left from changing."""
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
    """Lets orbits overflow to inf and then NaN, neither of which counts as a first step."""
    z, steps = np.array(c), np.zeros(c.shape, dtype=np.int64)
    for step in range(1, limit + 1):
        steps = np.where((np.abs(z) > 2) & (steps == 0), step, steps)
        z = z * z + c
    return steps


@works(fails="vectorized")
def point_by_point(c, limit):
    """Python's complex numbers, one point at a time."""
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


@trap("An orbit that is outside stays outside, so record a step only if none was recorded before.")
def last_time_outside(c, limit):
    z, steps = c.copy(), np.zeros(c.shape, dtype=np.int64)
    with np.errstate(all="ignore"):
        for step in range(1, limit + 1):
            steps[np.abs(z) > 2] = step
            z = z * z + c
    return steps


@trap("inf - inf is NaN, and NaN > 2 is False, so an orbit that has overflowed counts as inside again. Stop it before.")
def nan_is_inside(c, limit):
    z, stayed = c.copy(), np.zeros(c.shape, dtype=np.int64)
    with np.errstate(all="ignore"):
        for _ in range(limit):
            stayed += ~(np.abs(z) > 2)
            z = z * z + c
    return np.where(stayed == limit, 0, stayed + 1)


@trap("The condition is greater than 2, not greater or equal: from c = -2 the orbit goes to 2 and stays there.")
def leaves_at_two(c, limit):
    z, steps = c.copy(), np.zeros(c.shape, dtype=np.int64)
    with np.errstate(all="ignore"):
        for step in range(1, limit + 1):
            steps[(np.abs(z) >= 2) & (steps == 0)] = step
            z = z * z + c
    return steps


@trap("The orbit starts with z = c at step 1. If you start with z = 0, every step comes one too late.")
def starts_at_zero(c, limit):
    z, steps = np.zeros_like(c), np.zeros(c.shape, dtype=np.int64)
    with np.errstate(all="ignore"):
        for step in range(1, limit + 1):
            steps[(np.abs(z) > 2) & (steps == 0)] = step
            z = z * z + c
    return steps


@trap("range(1, limit) ends one step too early: an orbit may leave at the last step.")
def stops_early(c, limit):
    z, steps = c.copy(), np.zeros(c.shape, dtype=np.int64)
    with np.errstate(all="ignore"):
        for step in range(1, limit):
            steps[(np.abs(z) > 2) & (steps == 0)] = step
            z = z * z + c
    return steps


@trap("z > 2 compares real parts first, and imaginary parts if those are equal. The distance from 0 is np.abs(z).")
def compares_complex(c, limit):
    z, steps = c.copy(), np.zeros(c.shape, dtype=np.int64)
    with np.errstate(all="ignore"):
        for step in range(1, limit + 1):
            steps[(z > 2) & (steps == 0)] = step
            z = z * z + c
    return steps


@trap("If the orbit stays inside, the result is 0. The value `limit` would mean that it left at the last step.")
def limit_for_inside(c, limit):
    z, steps = c.copy(), np.zeros(c.shape, dtype=np.int64)
    with np.errstate(all="ignore"):
        for step in range(1, limit + 1):
            steps[(np.abs(z) > 2) & (steps == 0)] = step
            z = z * z + c
    return np.where(steps == 0, limit, steps)


@trap("z = c does not copy, so z *= z changes the caller's array. Use z = c.copy().", verdict="IM")
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
    """A complex number as code, with whole parts written without a decimal point."""
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
        (f"complex(np.conj({text(z)}))", "The conjugate changes the sign of the imaginary part."),
        (f"float(np.abs({a}-{b}j))", f"abs is the distance from 0: {a}² + {b}² = {distance}²."),
        (f"complex(np.array([{text(z)}])[0] * 1j)", "Multiplying by 1j is a quarter turn: a + bj becomes -b + aj."),
        (f"complex(np.array([{text(z)}])[0] * ({text(w)}))", "(a + bj)(c + dj) = (ac - bd) + (ad + bc)j."),
        (
            f"float((np.array([{text(z)}]) * np.array([{text(z)}]).conj()).real[0])",
            "z times its conjugate is |z|² = a² + b².",
        ),
        (f"float(np.prod(np.full({k}, 1j)).real) + 0.0", f"1j to the power {k} is {['1j', '-1', '-1j', '1'][k - 1]}."),
        (
            f"complex(np.vdot([{text(z)}], [{text(w)}]))",
            "vdot conjugates its first argument; dot and @ conjugate nothing.",
        ),
        (
            f"complex(np.dot([{text(z)}], [{text(w)}]))",
            "dot conjugates nothing; vdot would conjugate its first argument.",
        ),
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
        (f"np.zeros({n}, dtype=np.{name}).real.dtype", f"{name} consists of two {half}."),
        (f"np.abs(np.zeros({n}, dtype=np.{name})).dtype", f"A distance is real: {half}, the dtype of both parts."),
        (f"(np.zeros({n}, dtype=np.{half}) + 1j).dtype", f"A Python complex number adapts to the precision of {half}."),
        (f"np.angle(np.ones({n}, dtype=np.{name})).dtype", f"An angle is real: {half}."),
        (
            f"(np.zeros({n}, dtype=np.{name}) * np.zeros({n}, dtype=np.{other})).dtype",
            f"{mixed} is the smallest dtype that can represent every {name} and every {other}.",
        ),
        (
            f"np.sqrt(np.zeros({n}, dtype=np.{half})).dtype",
            "sqrt of a real dtype is real, regardless of the sign of the values.",
        ),
        (
            f"np.zeros({n}, dtype=np.{name}).view(np.{half}).dtype",
            f"The same memory read as {half}: two numbers of {size} bytes per element.",
        ),
    ]
    code, why = forms[int(rng.integers(3 + round(4 * hardness)))]
    return predict(code, why=why)


@drill("What is the value, or which error is raised?")
def real_and_complex(rng, hardness):
    k = int(rng.integers(2, 8))
    z = some(rng)
    forms = [
        (f"float(np.array([{text(z)}]).imag[0])", "imag is the coefficient of 1j, a real number."),
        (f"bool(np.isnan(np.sqrt(-{k * k}.0)))", "The square root of a negative float is NaN, not a complex number."),
        (f"complex(np.sqrt(-{k * k}+0j))", "For complex input, sqrt is complex."),
        (f"complex(np.emath.sqrt(-{k * k}))", "np.emath returns complex numbers if necessary."),
        (f"bool(np.iscomplexobj(np.array([{k}+0j])))", "iscomplexobj tests the dtype, not the values."),
        (
            f"np.iscomplex(np.array([{k}+0j, {text(z)}])).tolist()",
            "iscomplex tests whether the imaginary part is not 0.",
        ),
        (f"float(np.array([{text(z)}]).astype(np.float64)[0])", "The imaginary part is dropped, with only a warning."),
        (
            f"x = np.zeros(2)\nx[0] = {k}j\nfloat(x[0])",
            "A float array cannot store a complex number: TypeError, as for float(1j).",
        ),
        (f"bool(np.isnan(np.array([complex({k}, np.nan)]))[0])", "isnan is True if either part is NaN."),
        (
            f"bool(np.real_if_close(np.array([{k}+0j])).dtype == float)",
            "real_if_close drops imaginary parts that are 0.",
        ),
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
    first = "max compares the real part first, then the imaginary part."
    real = sorted([z, v, w], key=lambda number: (number.real, number.imag))
    forms = [
        (f"complex(np.sort(np.array([{many}]))[0])", lexical),
        (f"complex(np.array([{many}]).max())", first),
        (f"int(np.argmax(np.array([{many}])))", f"{first} It is {str(real[-1]).strip('()')}."),
        (
            f"int(np.argmax(np.abs(np.array([{many}]))))",
            "abs returns distances from 0: the squares are "
            + ", ".join(f"{number.real**2 + number.imag**2:g}" for number in three)
            + ".",
        ),
        (
            f"bool(np.array([{str(z).strip('()')}])[0] == np.array([{str(w).strip('()')}])[0])",
            "Both parts must be equal.",
        ),
        (
            f"(np.array([{many}]) > {a}).tolist()",
            f"The comparison with {a}+0j uses the real part, and the imaginary part if the real part is {a}.",
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
        (f"{made}z.real[:] = {k}\ncomplex(z[0])", "real is a view: writing to it changes z."),
        (f"{made}z.imag[0] = {k}\ncomplex(z[0])", "imag is a view: writing to it changes z."),
        (f"{made}z.real.strides", f"The next real part is one complex number away: {size} bytes."),
        (f"{made}z.view(np.float{half * 8}).shape", "Read as floats, real and imaginary parts alternate."),
        (f"{made}np.shares_memory(z, z.conj())", "conj computes new numbers in new memory."),
        (
            f"x = np.arange({2 * k}.0)\ncomplex(x.view(np.complex128)[1])",
            "Each pair of float64 is read as one complex128, real part first.",
        ),
        (f"{made}z.reshape(1, -1).T.conj().shape", "The transpose swaps the axes, and conj keeps the shape."),
    ]
    code, why = forms[int(rng.integers(3 + round(5 * hardness)))]
    return predict(code, why=why)


# ------------------------------------------------------------------------------------------------------------- inputs


def decided(c, limit):
    """Whether rounding cannot decide the result of each point: one boolean per point.

    An orbit is followed together with a bound on its rounding error, which grows by a factor of 2 |z| per step.
    """
    z, error = c.copy(), np.zeros(c.shape)
    inside, near = np.ones(c.shape, dtype=bool), np.zeros(c.shape, dtype=bool)
    with np.errstate(all="ignore"):
        for _ in range(limit):
            size = np.abs(z)
            near |= inside & (np.abs(size - 2) < 1e-6 + 100 * error)
            inside &= size <= 2
            error = 2 * size * error + 4e-16 * (size * size + 1)
            z = z * z + c
    return ~near


def heart(rng):
    """Points inside the set, whose orbits never leave."""
    return {"c": rng.uniform(-0.5, 0.2, 2000) + 1j * rng.uniform(-0.4, 0.4, 2000), "limit": 40}


def margin(rng):
    """Points right of the set: most orbits leave within a few steps, a few stay long."""
    c = rng.uniform(0.3, 2, 7500) + 1j * rng.uniform(-2, 2, 7500)
    return {"c": c[decided(c, 180)][:7000], "limit": 180}


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
            where=lambda c, limit: decided(c, limit).all(),
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
            "no warnings",
            "Shows no warning: orbits that have left must not continue until they overflow.",
            no_warnings(),
        ),
        Level(
            "vectorized",
            "Uses no Python loop over the points, although one over the steps is fine. At least 6 times "
            "faster than point by point, for 2,000 points that stay inside for 40 steps.",
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
            "At least 1.8 times faster than computing all points in every step, for 7,000 points and 180 "
            "steps. Most orbits leave early, so skip them afterwards.",
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
        "Iterate all points together: z = z * z + c with arrays. How do you find the points that leave "
        "at exactly this step?",
        "What happens to z if you keep squaring it after it has left? What is NaN > 2?",
        "Keep the orbits that are still inside in arrays that become smaller and smaller.",
        "You need to know where each remaining point belongs in the result: keep an array of indices.",
    ],
    spoken="""\
I iterate on whole arrays: `z = z * z + c`, and at each step I find the points with |z| greater than 2 and record the
step. A loop over the steps is necessary because each depends on the one before, but not over the points. Orbits that
have left would overflow to inf and then NaN, so I remove them: I keep only the values, the starting points and the
original indices of those still inside. That also saves most of the work, since most orbits leave early.
""",
    explanation="""\
A complex128 consists of two adjacent float64 values, a complex64 of two float32 values. `z.real` and `z.imag` are
writeable views; `np.abs` and `np.angle` compute new arrays.

>>> z = np.array([3 + 4j, 1 - 1j])
>>> np.abs(z), z.real.strides, z.view(np.float64)
(array([5.        , 1.41421356]), (16,), array([ 3.,  4.,  1., -1.]))

*Three surprises.* Arithmetic follows the mathematical rules, but:

- `sqrt` of a negative float is NaN, because the dtype decides. Start from complex input or use `np.emath.sqrt`.
- `<` and `sort` compare the real part, then the imaginary part. Compare `np.abs` instead.
- `.T` does not conjugate. The adjoint is `A.conj().T`, the inner product `np.vdot`.

>>> np.emath.sqrt(-4.0), np.sort(np.array([2 + 1j, 1 + 9j, 2 - 1j]))
(np.complex128(2j), array([1.+9.j, 2.-1.j, 2.+1.j]))

*Orbits that have left* square their size at every step: after about ten steps they are inf, two steps later NaN, and
comparisons with NaN are False. A mask prevents this, but still computes on everything. Compressing computes only on the
points that are still inside. `kept`, their positions, shrinks three arrays: values, starting points, and indices in the
result.

>>> here = np.arange(4)
>>> here.take(np.flatnonzero(np.array([True, False, True, False])))
array([0, 2])

The loop over steps stays, because each step needs the one before.

NumPy 2 removed the aliases `np.complex_` (complex128) and `np.cfloat`; `np.complex` was removed in 1.24.
""",
    points=[
        "complex128 consists of two float64 values; real and imag are views, abs and angle are computed.",
        "sqrt and log of negative floats are NaN, because the dtype decides. np.emath switches to complex.",
        "Comparison and sorting use the real part first: compare np.abs.",
        "An orbit that has left overflows to inf and then to NaN, whose comparisons are False.",
        "A mask avoids the warning; compressing to the remaining points also saves the work.",
        "Keep an array of indices to write results to the right place.",
        "The adjoint is A.conj().T, the inner product np.vdot.",
    ],
    follow_ups={
        "Why not compute |z|² instead of |z|?": "`z.real**2 + z.imag**2 > 4` avoids the square root, but "
        "reads strided views. With two real arrays it pays off.",
        "Which points could you skip from the start?": "The main cardioid and the disc around -1. They have "
        "formulas, never leave, and cost the most steps.",
        "How do you get smooth colors?": "Use step + 1 - log2(log(|z|)), with a larger radius.",
        "How does an FFT use complex numbers?": "The abs of each coefficient is an amplitude and its angle a "
        "phase. For real input, rfft omits the redundant half.",
    },
    related=["fft-from-scratch", "view-as-dtype", "custom-ufunc", "masking-without-copies"],
    links=[
        "https://numpy.org/doc/stable/reference/generated/numpy.absolute.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.ndarray.real.html",
        "https://numpy.org/doc/stable/reference/routines.emath.html",
        "https://numpy.org/doc/stable/user/basics.types.html",
    ],
)
