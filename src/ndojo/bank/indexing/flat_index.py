"""Convert between flat indices and coordinates."""

import math

import numpy as np

from ndojo.question import (
    Entry,
    Level,
    Question,
    Scenario,
    case,
    choice,
    faster_than,
    integers,
    made,
    needs,
    peak_memory,
    raises,
    trap,
    tuples,
    without,
    works,
)


def unravel(i, shape, order="C"):
    """Convert flat indices to coordinates, as `numpy.unravel_index` does.

    A scanner numbers the voxels of a volume from 0: in order "C" the last coordinate changes fastest, in order "F" the
    first. Write the function without `numpy.unravel_index` and `numpy.ravel_multi_index`.

    Parameters
    ----------
    i : ndarray, one or two axes, int64 or int32
        Flat indices. May be empty, strided or read-only.
    shape : tuple of int
        The lengths of one or more axes. Each length is 0 or more, and their product is less than 2**63.
    order : {"C", "F"}

    Returns
    -------
    tuple of ndarray, one per axis, each with the shape of `i`, int64

    Raises
    ------
    IndexError
        If an index is negative, or not less than the product of the lengths.

    Examples
    --------
    >>> unravel(np.array([0, 1, 5]), (2, 3))
    (array([0, 0, 1]), array([0, 1, 2]))
    >>> unravel(np.array([0, 1, 5]), (2, 3), order="F")
    (array([0, 1, 1]), array([0, 0, 2]))
    """
    if np.any(i < 0) or np.any(i >= math.prod(shape)):
        raise IndexError(f"an index is out of range for shape {shape}")
    turn = -1 if order == "C" else 1
    rest = i.astype(np.int64)
    coordinates = []
    for n in shape[::turn][:-1]:
        lines = rest // n
        coordinates.append(rest - lines * n)
        rest = lines
    return (*coordinates, rest)[::turn]


def ravel(idx, shape, order="C"):
    """Convert coordinates to flat indices: the inverse of `unravel`.

    It does the same as `numpy.ravel_multi_index`. Write it without that function and without `numpy.unravel_index`.

    Parameters
    ----------
    idx : tuple of ndarray, one per axis, int64 or int32
        Coordinates: arrays of the same shape, with one or two axes, and of the same dtype. May be empty, strided or
        read-only.
    shape : tuple of int
        The lengths of the axes, as for `unravel`. The flat indices of int32 coordinates may exceed the range of int32.
    order : {"C", "F"}

    Returns
    -------
    ndarray, with the shape of each array in `idx`, int64

    Raises
    ------
    IndexError
        If a coordinate is negative, or not less than the length of its axis.

    Examples
    --------
    >>> ravel((np.array([0, 0, 1]), np.array([0, 1, 2])), (2, 3))
    array([0, 1, 5])
    >>> ravel((np.array([0, 0, 1]), np.array([0, 1, 2])), (2, 3), order="F")
    array([0, 2, 5])
    """
    if any(np.any((idx[axis] < 0) | (idx[axis] >= n)) for axis, n in enumerate(shape)):
        raise IndexError(f"a coordinate is out of range for shape {shape}")
    slowest, *faster = range(len(shape))[:: 1 if order == "C" else -1]
    number = idx[slowest].astype(np.int64)
    for axis in faster:
        number *= shape[axis]
        number += idx[axis]
    return number


# -------------------------------------------------------------------------------------------------------- right answers


def steps(shape, order):
    """The distance between the flat indices of neighbors along each axis."""
    if order == "C":
        return [math.prod(shape[axis + 1 :]) for axis in range(len(shape))]
    return [math.prod(shape[:axis]) for axis in range(len(shape))]


@works(of="unravel")
def by_steps(i, shape, order="C"):
    """Divides by the step of each axis, and reduces the quotient modulo the length."""
    if ((i < 0) | (i >= math.prod(shape))).any():
        raise IndexError("index out of range")
    i = i.astype(np.int64)
    return tuple(i // step % n for step, n in zip(steps(shape, order), shape, strict=True))


@works(fails="fast", of="unravel")
def one_by_one(i, shape, order="C"):
    """Divides one index at a time in Python."""
    found = np.zeros((len(shape), i.size), dtype=np.int64)
    axes = range(len(shape))
    for place, number in enumerate(i.ravel().tolist()):
        if not 0 <= number < math.prod(shape):
            raise IndexError("index out of range")
        for axis in reversed(axes) if order == "C" else axes:
            number, found[axis, place] = divmod(number, shape[axis])
    return tuple(found.reshape(len(shape), *i.shape))


@works(fails="memory", of="ravel")
def sum_of_steps(idx, shape, order="C"):
    """Adds coordinate times step over all axes, like strides."""
    for k, n in zip(idx, shape, strict=True):
        if k.size and not 0 <= k.min() <= k.max() < n:
            raise IndexError("index out of range")
    return sum(k.astype(np.int64) * step for k, step in zip(idx, steps(shape, order), strict=True))


@works(fails="memory", of="ravel")
def dot_product(idx, shape, order="C"):
    """The same sum as a matrix product."""
    table = np.stack(idx, axis=-1).astype(np.int64)
    if ((table < 0) | (table >= np.array(shape))).any():
        raise IndexError("index out of range")
    return table @ np.array(steps(shape, order), dtype=np.int64)


# --------------------------------------------------------------------------------------------------------------- traps


@trap("In order F the first axis changes fastest: divide by its length first.", of="unravel")
def always_c(i, shape, order="C"):
    if ((i < 0) | (i >= math.prod(shape))).any():
        raise IndexError("index out of range")
    i = i.astype(np.int64)
    return tuple(i // step % n for step, n in zip(steps(shape, "C"), shape, strict=True))


@trap("The remainders come out fastest axis first: reverse them at the end for order C.", of="unravel")
def fastest_first(i, shape, order="C"):
    if ((i < 0) | (i >= math.prod(shape))).any():
        raise IndexError("index out of range")
    rest, found = i.astype(np.int64), []
    for n in shape[::-1] if order == "C" else shape:
        rest, coordinate = np.divmod(rest, n)
        found.append(coordinate)
    return tuple(found)


@trap("A remainder hides an index that is too large, because % n is less than n for every number. Check "
      "the range first.",
      of="unravel")  # fmt: skip
def never_checks(i, shape, order="C"):
    if (i < 0).any() or (i.size and 0 in shape):
        raise IndexError("index out of range")
    i = i.astype(np.int64)
    return tuple(i // step % n for step, n in zip(steps(shape, order), shape, strict=True))


@trap(
    "Python counts negative indices from the end, but a negative flat index must raise IndexError here.", of="unravel"
)
def from_the_end(i, shape, order="C"):
    total = math.prod(shape)
    if ((i < -total) | (i >= total)).any():
        raise IndexError("index out of range")
    i = i.astype(np.int64) + np.where(i < 0, total, 0)
    return tuple(i // step % n for step, n in zip(steps(shape, order), shape, strict=True))


@trap("Arithmetic with Python ints keeps int32, but the coordinates must be int64.", verdict="WT", of="unravel")
def keeps_int32(i, shape, order="C"):
    if ((i < 0) | (i >= math.prod(shape))).any():
        raise IndexError("index out of range")
    found = [i // step % n for step, n in zip(steps(shape, order), shape, strict=True)]
    return tuple(found)


@trap("NumPy's own functions raise ValueError. Here the error must be IndexError, as for an index out of range.",
      verdict="RE", of="unravel")  # fmt: skip
def value_error(i, shape, order="C"):
    if ((i < 0) | (i >= math.prod(shape))).any():
        raise ValueError("index out of range")
    i = i.astype(np.int64)
    return tuple(i // step % n for step, n in zip(steps(shape, order), shape, strict=True))


@trap("A step is the product of the lengths of all faster axes: i * columns + j, not i * rows + j.", of="ravel")
def own_length(idx, shape, order="C"):
    if any(((k < 0) | (k >= n)).any() for k, n in zip(idx, shape, strict=True)):
        raise IndexError("index out of range")
    turn = 1 if order == "C" else -1
    number = np.zeros(idx[0].shape, dtype=np.int64)
    for k, n in zip(idx[::turn], (1, *shape[::turn][:-1]), strict=True):
        number = number * n + k
    return number


@trap("(0, 3) is out of range for (2, 3), although 0 * 3 + 3 is a valid flat index. Check each "
      "coordinate, not the result.",
      of="ravel")  # fmt: skip
def checks_the_number(idx, shape, order="C"):
    number = sum(k.astype(np.int64) * step for k, step in zip(idx, steps(shape, order), strict=True))
    if ((number < 0) | (number >= math.prod(shape))).any():
        raise IndexError("index out of range")
    return number


@trap("int32 products wrap around before astype converts them: convert the coordinates first.", of="ravel")
def widens_too_late(idx, shape, order="C"):
    if any(((k < 0) | (k >= n)).any() for k, n in zip(idx, shape, strict=True)):
        raise IndexError("index out of range")
    turn = 1 if order == "C" else -1
    number = np.zeros_like(idx[0])
    for k, n in zip(idx[::turn], shape[::turn], strict=True):
        number = number * n + k
    return number.astype(np.int64)


@trap("Python counts negative indices from the end, but a negative coordinate must raise IndexError here.", of="ravel")
def wraps_negative(idx, shape, order="C"):
    if any(((k < -n) | (k >= n)).any() for k, n in zip(idx, shape, strict=True)):
        raise IndexError("index out of range")
    wrapped = [k.astype(np.int64) + np.where(k < 0, n, 0) for k, n in zip(idx, shape, strict=True)]
    return sum(k * step for k, step in zip(wrapped, steps(shape, order), strict=True))


# ------------------------------------------------------------------------------------------------------------ inputs


def make_numbers(rng, variant, given):
    total = math.prod(given["shape"])
    n = int(rng.integers(1, 6)) if total else 0
    some = rng.integers(0, max(total, 1), n)
    return {
        "some": some,
        "int32": some.astype(np.int32),
        "every other": np.repeat(some, 2)[::2],
        "two axes": np.stack([some, some[::-1]]),
        "empty": some[:0],
        "last": some[:0] + (total - 1) if not total else np.array([total - 1]),
        "negative": np.array([*some, -1]),
        "too large": np.array([total, *some]),
        "too large int32": np.array([total], dtype=np.int32),
    }[variant]


def make_coordinates(rng, variant, given):
    shape = given["shape"]
    n = int(rng.integers(1, 6)) if math.prod(shape) else 0
    some = [rng.integers(0, max(length, 1), n) for length in shape]
    last = [k[:1] * 0 + max(length - 1, 0) for k, length in zip(some, shape, strict=True)]
    axis = int(rng.integers(len(shape)))
    outside = [np.zeros(1, dtype=np.int64) for _ in shape]
    outside[axis] = outside[axis] + (shape[axis] if "large" in variant else -1)
    made = {"last": last, "negative": outside, "too large": outside}.get(variant, some)
    changes = {
        "int32": lambda k: k.astype(np.int32),
        "every other": lambda k: np.repeat(k, 2)[::2],
        "two axes": lambda k: np.stack([k, k]),
        "empty": lambda k: k[:0],
    }
    return tuple(changes.get(variant, lambda k: k)(k) for k in made)


def fewer(value):
    """Smaller indices: fewer of them, then smaller ones."""
    parts = value if isinstance(value, tuple) else (value,)
    if parts[0].size > 1:
        for cut in (slice(0, 1), slice(-1, None), slice(1, None)):
            less = tuple(k[cut].copy() for k in parts)
            yield less if isinstance(value, tuple) else less[0]
    for place, k in enumerate(parts):
        for plain in (np.zeros_like(k), np.minimum(k, 1)):
            if not np.array_equal(plain, k):
                less = (*parts[:place], plain, *parts[place + 1 :])
                yield less if isinstance(value, tuple) else less[0]


def alike(idx):
    return len({(k.shape, k.dtype) for k in idx}) == 1 and idx[0].ndim in (1, 2) and idx[0].dtype.kind == "i"


SHAPES = tuples(integers(0, 6), 1, 4)
ORDERS = choice("C", "F")
VOLUME = (40, 50, 30)


def numbers(rng):
    return {"i": rng.integers(0, math.prod(VOLUME), 5000), "shape": VOLUME}


def coordinates(rng):
    return {"idx": tuple(rng.integers(0, n, 100_000) for n in VOLUME), "shape": VOLUME}


def there_and_back(unravel, ravel, i, shape, order):
    return ravel(unravel(i, shape, order), shape, order)


NUMBERS = made(
    make_numbers, "some", "int32", "every other", "two axes", "empty", "last", "negative", "too large",
    "too large int32", valid=lambda i: i.ndim in (1, 2) and i.dtype.kind == "i", plainer=fewer,
)  # fmt: skip

QUESTION = Question(
    kinds=["code"],
    difficulty="hard",
    topics=["Shape Manipulation"],
    companies=["Google", "Amazon"],
    asked=["T68", "T69"],
    entry_points=[
        Entry(
            unravel,
            {"shape": SHAPES, "i": NUMBERS, "order": ORDERS},
            cases=[
                case(i=np.array([0, 1, 5]), shape=(2, 3), order="C"),
                case(i=np.array([1]), shape=(2, 2), order="C"),
                case(i=np.array([1]), shape=(2, 2), order="F"),
                case(i=np.array([1, 7, 23]), shape=(2, 3, 4), order="F"),
                case(i=np.array([9_999_999_999, 2**33]), shape=(100_000, 100_000), order="C"),
                case(i=np.array([2**62 - 1]), shape=(2**31, 2**31), order="C"),
                case(i=np.array([3], dtype=np.int32), shape=(4,), order="F"),
                raises(IndexError, i=np.array([6]), shape=(2, 3), order="C"),
                raises(IndexError, i=np.array([-1]), shape=(2, 3), order="C"),
                raises(IndexError, i=np.array([0]), shape=(0, 3), order="C"),
            ],
        ),
        Entry(
            ravel,
            {
                "shape": SHAPES,
                "idx": made(
                    make_coordinates,
                    "some",
                    "int32",
                    "every other",
                    "two axes",
                    "empty",
                    "last",
                    "negative",
                    "too large",
                    valid=alike,
                    plainer=fewer,
                ),
                "order": ORDERS,
            },
            where=lambda shape, idx, order: len(idx) == len(shape),
            cases=[
                case(idx=(np.array([0, 1]), np.array([1, 2])), shape=(2, 3), order="C"),
                case(idx=(np.array([1]), np.array([0])), shape=(2, 3), order="C"),
                case(idx=(np.array([1]), np.array([2]), np.array([3])), shape=(2, 3, 4), order="F"),
                case(
                    idx=(np.array([50_000], dtype=np.int32), np.array([7], dtype=np.int32)),
                    shape=(100_000, 100_000),
                    order="C",
                ),
                case(idx=(np.array([2**31 - 1]), np.array([2**31 - 2])), shape=(2**31, 2**31), order="C"),
                raises(IndexError, idx=(np.array([0]), np.array([3])), shape=(2, 3), order="C"),
                raises(IndexError, idx=(np.array([1]), np.array([-1])), shape=(2, 3), order="C"),
            ],
        ),
    ],
    scenarios=[Scenario(there_and_back, {"shape": SHAPES, "i": NUMBERS, "order": ORDERS})],
    levels=[
        Level(
            "right",
            "Uses neither np.unravel_index nor np.ravel_multi_index.",
            without("np.unravel_index", "np.ravel_multi_index"),
        ),
        Level(
            "fast",
            "unravel is at least 15 times faster than a Python loop over the indices.",
            faster_than(
                one_by_one,
                15,
                numbers,
                needs=needs(bytes=lambda i, shape: i.nbytes * (1 + len(shape)), operations=lambda i, shape: 4 * i.size),
            ),
        ),
        Level(
            "memory",
            "ravel allocates one array of the size of its result, the result itself. Booleans for the "
            "range check are allowed.",
            peak_memory(coordinates, outputs=1.45),
        ),
    ],
    hints=[
        "How do n // 10 and n % 10 give the digits of a number? Here each digit has a different base.",
        "In order C the last coordinate is the remainder of the division by the last length. What is left afterwards?",
        "For the inverse, start with the slowest axis: multiply by the next length, add the next "
        "coordinate, and so on (Horner's scheme).",
        "Which check detects (0, 3) in shape (2, 3)? And what is 50,000 times 100,000 in int32?",
    ],
    spoken="""\
A flat index is a number with a different base for each axis. In C order the last axis changes fastest, so I take the
remainder by the last length, continue with the quotient, and reverse the coordinates at the end. The inverse is
Horner's scheme: multiply by the next length and add the next coordinate. I check ranges first, because a remainder
hides an index that's too large, and I convert to int64 before multiplying so that int32 doesn't wrap around.
""",
    explanation="""\
A flat index is a number with a different base for each axis, like hours, minutes and seconds. In C order the last axis
is the lowest digit: its coordinate is the remainder by its length, and the quotient continues to the next axis. In F
order the first axis is the lowest digit.

>>> i = np.array([0, 7, 23])
>>> rest, k = np.divmod(i, 4)
>>> rest, j = np.divmod(rest, 3)
>>> rest, j, k
(array([0, 0, 1]), array([0, 1, 2]), array([0, 3, 3]))
>>> np.unravel_index(i, (2, 3, 4))
(array([0, 0, 1]), array([0, 1, 2]), array([0, 3, 3]))

*The inverse* is Horner's scheme: multiply by the next length, add the next coordinate. Or multiply each coordinate by
its step, the product of all faster lengths. Strides are these steps in bytes: a contiguous array finds its elements the
same way.

>>> (rest * 3 + j) * 4 + k
array([ 0,  7, 23])

The Python loop runs over the few axes; each step works on all indices.

*Check before computing:* a remainder hides indices that are too large, and (0, 3) in shape (2, 3) gives the index of
another element. NumPy's functions raise ValueError in this case; `np.ravel_multi_index` also accepts mode="wrap" or
"clip".

*Convert first:* int32 products silently wrap around. In-place operations (`number *= n; number += k`) need no temporary
array. Division is the slow part: use one per axis, with the remainder as rest - quotient * n.
""",
    points=[
        "A flat index is a number with mixed bases; quotient and remainder give one axis at a time.",
        "In C order the last axis changes fastest, in F order the first.",
        "The inverse is Horner's scheme, or the sum of coordinate times step, as with strides.",
        "Each coordinate must be checked: the flat index alone may look valid.",
        "The remainder hides values that are too large, and negative numbers do not count from the end here.",
        "int32 silently overflows: convert before multiplying.",
        "The Python loop runs only over the axes, so the computation is vectorized over the indices.",
    ],
    follow_ups={
        "Where are these functions used?": "x.argmax() returns a flat index; ravel_multi_index combines several "
        "grouping keys into one; and both convert grid cells to hash keys.",
        "How do strides differ from steps?": "Strides are in bytes, and those of a view need not be "
        "products of its shape.",
        "How would you get the elements themselves?": "`x[unravel(i, x.shape)]`, `x.take(i)` or `x.flat[i]`. All "
        "use C order.",
    },
    related=["argmax-coordinates", "memory-layout", "flatten-vs-ravel", "histogram-nd"],
    links=[
        "https://numpy.org/doc/stable/reference/generated/numpy.unravel_index.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.ravel_multi_index.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.divmod.html",
    ],
)
