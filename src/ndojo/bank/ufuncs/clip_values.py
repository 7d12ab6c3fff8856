"""Clip a gradient by its norm."""

import math

import numpy as np

from ndojo.question import (
    Entry,
    Level,
    Question,
    arrays,
    case,
    faster_than,
    floats,
    made,
    matches,
    needs,
    peak_memory,
    raises,
    right_on,
    trap,
    works,
)


def clip_norm(g, limit):
    """Scale `g` in place so that its norm is at most `limit`.

    A single bad batch can produce a very large gradient and ruin the training of a neural network. Clipping by norm
    limits the length of the gradient and keeps its direction. The norm is the square root of the sum of the squares of
    all elements, regardless of the shape of `g`.

    Parameters
    ----------
    g : ndarray, one to four axes, float64 or float32
        The gradient, which is overwritten. All elements are finite. Their absolute values are at most 1000 on
        level 1. On level 2 and above, they are at most 1e300 for float64 and 1e30 for float32, so their squares may
        overflow. `g` may be empty, in Fortran order, strided, reversed or unaligned, but is always writable.
    limit : float
        The largest norm allowed, ``limit >= 0.01``. May be infinite.

    Returns
    -------
    ndarray, same shape and dtype as `g`
        The array `g` itself. If its norm is at most `limit`, no element has changed. Otherwise all elements have been
        multiplied by the same factor, and the new norm is `limit` within rounding.

    Raises
    ------
    ValueError
        If `limit` is zero, negative or NaN. In this case `g` stays unchanged.

    Examples
    --------
    >>> g = np.array([[3.0, 0.0], [0.0, 4.0]])
    >>> clip_norm(g, 2.5)
    array([[1.5, 0. ],
           [0. , 2. ]])
    >>> clip_norm(g, 100.0) is g
    True
    """
    if not limit > 0:
        raise ValueError(f"limit must be positive, got {limit}")
    with np.errstate(over="ignore"):
        norm = np.linalg.norm(g)
    if norm == np.inf:
        norm = np.hypot.reduce(g, axis=None)
    if norm > limit:
        g *= limit / norm
    return g


@works(fails="view")
def by_largest(g, limit):
    """Divides by the largest absolute value before squaring."""
    if not limit > 0:
        raise ValueError("limit must be positive")
    largest = np.max(np.abs(g), initial=0)
    norm = largest * np.linalg.norm(g / largest) if largest else largest
    if norm > limit:
        np.multiply(g, limit / norm, out=g)
    return g


@works(fails="fast")
def by_hypot(g, limit):
    """Always uses np.hypot, which avoids overflow but is slow for each element."""
    if np.isnan(limit) or limit <= 0:
        raise ValueError("limit must be positive")
    norm = np.hypot.reduce(g, axis=None)
    g *= min(1.0, limit / norm) if norm else 1.0
    return g


@works(fails="view")
def by_python(g, limit):
    """Converts the elements to Python floats and passes all of them to math.hypot."""
    if not limit > 0:
        raise ValueError("limit must be positive")
    norm = math.hypot(*g.ravel().tolist())
    if norm > limit:
        g[...] = g * (limit / norm)
    return g


@works(fails="huge")
def by_squares(g, limit):
    """Uses the textbook formula, in which squares can overflow."""
    if not limit > 0:
        raise ValueError("limit must be positive")
    norm = np.sqrt((g**2).sum())
    if norm > limit:
        g *= limit / norm
    return g


# --------------------------------------------------------------------------------------------------------------- traps


@trap(
    "Limiting each element separately, as np.clip does, can change the direction of the gradient. Multiply all "
    "elements by the same factor, limit / norm."
)
def clips_elements(g, limit):
    if not limit > 0:
        raise ValueError("limit must be positive")
    return np.clip(g, -limit, limit, out=g)


@trap(
    "A gradient whose norm is below the limit must stay unchanged, but here it is scaled up to the limit. Multiply "
    "only if norm > limit."
)
def always_scales(g, limit):
    if not limit > 0:
        raise ValueError("limit must be positive")
    norm = np.linalg.norm(g)
    if norm and limit < np.inf:
        g *= limit / norm
    return g


@trap(
    "A gradient of zeros has norm 0, and dividing by this norm turns the zeros into NaN. Divide only if norm > limit: "
    "then the norm is positive."
)
def divides_by_zero(g, limit):
    if not limit > 0:
        raise ValueError("limit must be positive")
    norm = np.linalg.norm(g)
    with np.errstate(all="ignore"):
        g *= min(norm, limit) / norm
    return g


@trap(
    "An epsilon added to the norm makes the factor too small, so the result is shorter than required. No epsilon is "
    "needed if you divide only when norm > limit."
)
def adds_epsilon(g, limit):
    if not limit > 0:
        raise ValueError("limit must be positive")
    g *= min(1.0, limit / (np.linalg.norm(g) + 1e-3))
    return g


@trap(
    "The result is a new array, and the caller's array stays unchanged. `g = g * factor` only binds the name `g` to "
    "the new array. Write to the memory of `g` with `g *= factor` or `np.multiply(g, factor, out=g)`."
)
def returns_a_new_array(g, limit):
    if not limit > 0:
        raise ValueError("limit must be positive")
    norm = np.linalg.norm(g)
    if norm > limit:
        g = g * (limit / norm)
    return g


@trap(
    "A norm along the last axis gives each row its own factor, which can change the direction of the gradient. "
    "Compute one norm of all elements: np.linalg.norm(g) without axis."
)
def row_by_row(g, limit):
    if not limit > 0:
        raise ValueError("limit must be positive")
    norm = np.linalg.norm(g, axis=-1, keepdims=True)
    g *= np.where(norm > limit, limit / np.where(norm > 0, norm, 1), 1)
    return g


@trap(
    "The 2-norm of a matrix, np.linalg.norm(g, 2), is its largest singular value. Without ord, np.linalg.norm(g) is "
    "the square root of the sum of all squares."
)
def spectral_norm(g, limit):
    if not limit > 0:
        raise ValueError("limit must be positive")
    norm = np.linalg.norm(g, 2) if g.ndim == 2 and g.size else np.linalg.norm(g)
    if norm > limit:
        g *= limit / norm
    return g


@trap(
    "The sum of the absolute values is the 1-norm. The norm required here is the 2-norm of all elements: the square "
    "root of the sum of the squares."
)
def sum_of_absolute_values(g, limit):
    if not limit > 0:
        raise ValueError("limit must be positive")
    norm = np.abs(g).sum()
    if norm > limit:
        g *= limit / norm
    return g


@trap(
    "A limit of NaN must raise ValueError. Comparisons with NaN are False, so a test such as `limit <= 0` does not "
    "detect it: test `not limit > 0`."
)
def lets_nan_through(g, limit):
    if limit <= 0:
        raise ValueError("limit must be positive")
    norm = np.linalg.norm(g)
    if norm > limit:
        g *= limit / norm
    return g


def ordinary_values(rng, n=40_000):
    return {"g": rng.standard_normal(n), "limit": 1.0}


def in_range(g, limit):
    """Whether the elements are within the range of level 2."""
    return not g.size or np.abs(g).max() <= (1e30 if g.dtype == np.float32 else 1e300)


def huge(rng, variant, given):
    shape, dtype, size = variant
    return (rng.choice([-1, 1], shape) * size * rng.uniform(0.5, 1, shape)).astype(dtype)


LAYOUTS = ("C", "F", "step", "reversed", "unaligned")

QUESTION = Question(
    kinds=["code"],
    difficulty="easy",
    topics=["Array Manipulation"],
    companies=["Google", "Amazon", "Meta"],
    asked=["T60"],
    entry_points=[
        Entry(
            clip_norm,
            {
                "g": arrays(
                    ...,
                    "n",
                    dtype=("float64", "float32"),
                    low=-1000,
                    high=1000,
                    holds=("negative zero", "tiny"),
                    layouts=LAYOUTS,
                ),
                "limit": floats(0.01, 2000, np.inf),
            },
            dims={"n": (0, 12)},
            in_place=["g"],
            cases=[
                case(g=np.array([3.0, 4.0]), limit=2.5),
                case(g=np.array([3.0, 4.0]), limit=4.0),
                case(g=np.array([3.0, 4.0]), limit=5.0),
                case(g=np.array([3.0, 4.0]), limit=6.0),
                case(g=np.array([3.0, 4.0]), limit=np.inf),
                case(g=np.array([-3.0]), limit=1.0),
                case(g=np.zeros(3), limit=1.0),
                case(g=np.ones((2, 2)), limit=1.0),
                case(g=np.ones((1, 1, 4), dtype=np.float32), limit=1.0),
                case(g=np.zeros((2, 0)), limit=0.5),
                raises(ValueError, g=np.array([3.0]), limit=0.0),
                raises(ValueError, g=np.array([3.0]), limit=-1.0),
                raises(ValueError, g=np.array([3.0]), limit=np.nan),
                raises(ValueError, g=np.zeros(0), limit=0.0),
            ],
            result=matches(),
        )
    ],
    levels=[
        Level("right", "Writes to `g` and returns it, for elements of at most 1000 in absolute value."),
        Level(
            "huge",
            "Elements may be so large that their squares overflow: up to 1e300 in float64, and up to 1e30 in float32.",
            right_on(
                Entry(
                    clip_norm,
                    {
                        "g": made(
                            huge,
                            ((3,), "float64", 1e300),
                            ((1,), "float64", 1e200),
                            ((2, 3), "float32", 1e30),
                            ((5,), "float32", 1e19),
                            ((2, 1, 2), "float64", 1e155),
                            ((4,), "float64", 1e-300),
                            valid=lambda g: isinstance(g, np.ndarray),
                        ),
                        "limit": floats(0.01, 100),
                    },
                    in_place=["g"],
                    where=in_range,
                    cases=[
                        case(g=np.array([3e200, 4e200]), limit=2.5),
                        case(g=np.array([3e25, 4e25], dtype=np.float32), limit=2.5),
                        case(g=np.array([3e200, 4e200]), limit=np.inf),
                    ],
                )
            ),
        ),
        Level(
            "view",
            "Allocates at most 128 KiB for a contiguous float64 array of shape (1000, 300), which takes 2.4 MB.",
            peak_memory(lambda rng: {"g": rng.standard_normal((1000, 300)), "limit": 1.0}, extra=128 << 10),
        ),
        Level(
            "fast",
            "At least 4 times faster than math.hypot on Python floats, for 40,000 float64 values without overflow.",
            faster_than(
                by_python,
                4,
                ordinary_values,
                needs=needs(bytes=lambda g, limit: 3 * g.nbytes, operations=lambda g, limit: 3 * g.size),
            ),
        ),
    ],
    hints=[
        "Multiplying all elements by the same factor keeps the direction. Which factor gives the norm `limit`, and in "
        "which case must you not multiply?",
        "Does `g = g * factor` change the caller's array? Does `g *= factor`?",
        "What is the square of 1e200 in float64? `np.hypot` avoids this overflow for two numbers, and it is a ufunc. "
        "Which ufunc method combines all elements?",
        "For the last level: the ordinary norm is much faster than one that avoids overflow. How can you detect "
        "cheaply that the ordinary norm has overflowed?",
    ],
    spoken="""\
I compute one norm over all elements with `np.linalg.norm(g)`. If it exceeds the limit, I multiply the whole array by
limit divided by norm. A common factor keeps the direction, while `np.clip` limits each element separately and can
change it. I write `g *= factor`, which works in place and needs no temporary array. Because I divide only if the norm
is above the limit, a gradient of zeros needs no epsilon. If the squares overflow, the norm is infinite. Only then do I
recompute it with `np.hypot.reduce`, which is much slower but does not overflow.
""",
    explanation="""\
Clipping by norm multiplies all elements by the same factor, `limit / norm`, so the gradient keeps its direction.
`np.clip(g, -c, c)` limits each element separately, which can change the direction:

>>> g = np.array([3.0, 4.0])
>>> g * (2.5 / np.linalg.norm(g))
array([1.5, 2. ])
>>> np.clip(g, -2.5, 2.5)
array([2.5, 2.5])

*Which norm?* Without `ord` and `axis`, `np.linalg.norm(g)` is the square root of the sum of all squares, for any number
of axes. With `ord=2` and a 2-D array it is the largest singular value, which is a different number:

>>> g = np.array([[3.0, 0.0], [0.0, 4.0]])
>>> float(np.linalg.norm(g)), float(np.linalg.norm(g, 2))
(5.0, 4.0)

*Compare before dividing.* If you divide only when `norm > limit`, short gradients stay exactly the same. A gradient of
zeros is never divided by its norm, so the formula needs no epsilon.

*In place* means writing to the memory of the caller's array: `g *= s`, `np.multiply(g, s, out=g)` or `g[...] = g * s`.
In contrast, `g = g * s` creates a new array and binds the name `g` to it. An in-place operation also keeps the dtype
float32. Outside of in-place operations, NumPy 2 promotes float32 to float64 if `s` is an `np.float64` scalar, but not
if `s` is a Python float.

*Memory.* For an array in C or Fortran order, `np.linalg.norm(g)` needs no temporary array. Any other array is copied
first. `np.sqrt((g**2).sum())` always allocates an array of squares.

*Overflow.* A square overflows if the value is above about 1.3e154 in float64, or 1.8e19 in float32. Two methods avoid
this:

- Divide by the largest absolute value first. This is fast, but `g / largest` is a copy of the array.
- Use `np.hypot`, which computes `sqrt(x**2 + y**2)` without intermediate overflow. `np.hypot.reduce` applies it to all
  elements without a copy:

>>> print(f"{np.hypot.reduce([3e200, 4e200]):.3}")
5e+200

`np.hypot.reduce` is far slower than the ordinary norm. If overflow is rare, compute the ordinary norm first, and call
`np.hypot.reduce` only if the result is infinite.

*More about `np.clip`.* It gives the same result as `np.minimum(np.maximum(g, low), high)` in one pass. NaN stays NaN,
and if `low > high`, every other element becomes `high`. NumPy 2.1 added the keywords `min=` and `max=`. Use `np.clip`
if each value has a valid range, such as pixels between 0 and 255.
""",
    points=[
        "np.clip limits each element. Clipping by norm multiplies all elements by one factor and keeps the direction.",
        "Divide only if norm > limit. Then zeros and short gradients need no epsilon and stay unchanged.",
        "`g *= s` and `out=g` write to the caller's memory; `g = g * s` creates a new array.",
        "np.linalg.norm(g) without ord combines all elements; ord=2 of a matrix is the largest singular value.",
        "Squares overflow above the square root of the largest float: divide by the largest value, or use np.hypot.",
        "Compute the fast norm first, and the slow one only if the fast one is infinite.",
    ],
    follow_ups={
        "How do you clip the gradients of many layers to one common norm?": "Compute the norm of each layer, combine "
        "them with np.linalg.norm(norms), and multiply all layers by the same factor.",
        "What happens if the gradient contains NaN?": "The norm is NaN, and `norm > limit` is False, so the gradient "
        "stays unchanged. Check `np.isfinite(norm)` and skip the update if it is False.",
        "How do you clip each row separately, with a finite limit?": "Compute norms = np.linalg.norm(g, axis=1, "
        "keepdims=True), then g *= limit / np.maximum(norms, limit).",
        "Can the sum of squares be inaccurate in float32?": "Yes, because float32 has only 24 significant bits and "
        "each addition rounds. Use a float64 sum if this matters: np.sum(np.square(g), dtype=np.float64).",
    },
    related=["vector-norms", "zero-allocation", "float32-vs-float64", "ufunc-methods", "fmax-fmin"],
    links=[
        "https://numpy.org/doc/stable/reference/generated/numpy.clip.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.linalg.norm.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.hypot.html",
    ],
    equivalent={
        "clip_norm: `norm > limit` -> `norm >= limit` in `if norm > limit:`": "If the norm equals "
        "the limit, the factor is 1.",
        "clip_norm: `np.errstate(over='ignore')` -> `np.errstate()` in `with np.errstate(over='ignore'):`": "It "
        "suppresses the overflow warning, which no level forbids.",
    },
)
