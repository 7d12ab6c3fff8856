"""Gradients no longer than a limit."""

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
    """Shorten a gradient in place to the length `limit`, where it is longer.

    One bad batch can send a neural network far off. So a gradient keeps its direction, but not more than a given
    length: the square root of the sum of the squares of all its elements, however they are arranged.

    Parameters
    ----------
    g : ndarray, one to four axes, float64 or float32
        The gradient, which is overwritten. Its elements are finite, and up to 1000 in absolute value; from level 2 on
        up to 1e300 in float64 and 1e30 in float32, where squares overflow. May be empty, strided, reversed or
        unaligned; it may always be written to.
    limit : float
        The greatest length allowed, 0.01 or more; may be infinite.

    Returns
    -------
    ndarray, shape and dtype of `g`
        `g` itself. Where its length is at most `limit`, no element has changed; else each has been multiplied by the
        same factor, so that the length is `limit`, up to rounding.

    Raises
    ------
    ValueError
        If `limit` is zero, negative or NaN. `g` is as it was then.

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
    """Divides by the largest element before it squares."""
    if not limit > 0:
        raise ValueError("limit must be positive")
    top = np.max(np.abs(g), initial=0)
    norm = top * np.linalg.norm(g / top) if top else top
    if norm > limit:
        np.multiply(g, limit / norm, out=g)
    return g


@works(fails="fast")
def by_hypot(g, limit):
    """hypot never squares; it takes a division and a root an element."""
    if np.isnan(limit) or limit <= 0:
        raise ValueError("limit must be positive")
    norm = np.hypot.reduce(g, axis=None)
    g *= min(1.0, limit / norm) if norm else 1.0
    return g


@works(fails="view")
def by_python(g, limit):
    """math.hypot takes any number of numbers."""
    if not limit > 0:
        raise ValueError("limit must be positive")
    norm = math.hypot(*g.ravel().tolist())
    if norm > limit:
        g[...] = g * (limit / norm)
    return g


@works(fails="huge")
def by_squares(g, limit):
    """As the textbook has it."""
    if not limit > 0:
        raise ValueError("limit must be positive")
    norm = np.sqrt((g**2).sum())
    if norm > limit:
        g *= limit / norm
    return g


# --------------------------------------------------------------------------------------------------------------- traps


@trap("np.clip limits each element separately, which turns the gradient into another direction: scale them all by one "
      "factor.")  # fmt: skip
def clips_elements(g, limit):
    if not limit > 0:
        raise ValueError("limit must be positive")
    return np.clip(g, -limit, limit, out=g)


@trap("A gradient that is short enough stays as it is: without the comparison it is stretched.")
def always_scales(g, limit):
    if not limit > 0:
        raise ValueError("limit must be positive")
    norm = np.linalg.norm(g)
    if norm and limit < np.inf:
        g *= limit / norm
    return g


@trap("A gradient of zeros has length 0, and 0 / 0 is NaN: divide only if the length exceeds the limit.")
def divides_by_nought(g, limit):
    if not limit > 0:
        raise ValueError("limit must be positive")
    norm = np.linalg.norm(g)
    with np.errstate(all="ignore"):
        g *= min(norm, limit) / norm
    return g


@trap("A small number added to the length shortens too much: nothing needs it, as only lengths above the limit divide.")
def adds_epsilon(g, limit):
    if not limit > 0:
        raise ValueError("limit must be positive")
    g *= min(1.0, limit / (np.linalg.norm(g) + 1e-3))
    return g


@trap("g = g * factor makes a new array and gives the name to it; the caller's array stays as it was. Write "
      "g *= factor or out=g.")  # fmt: skip
def binds_a_new_array(g, limit):
    if not limit > 0:
        raise ValueError("limit must be positive")
    norm = np.linalg.norm(g)
    if norm > limit:
        g = g * (limit / norm)
    return g


@trap("With an axis every row has its own length; the gradient has one.")
def row_by_row(g, limit):
    if not limit > 0:
        raise ValueError("limit must be positive")
    norm = np.linalg.norm(g, axis=-1, keepdims=True)
    g *= np.where(norm > limit, limit / np.where(norm > 0, norm, 1), 1)
    return g


@trap("np.linalg.norm(g, 2) of a matrix is its largest singular value; without the 2 it is the root of all squares.")
def spectral_norm(g, limit):
    if not limit > 0:
        raise ValueError("limit must be positive")
    norm = np.linalg.norm(g, 2) if g.ndim == 2 and g.size else np.linalg.norm(g)
    if norm > limit:
        g *= limit / norm
    return g


@trap("The sum of absolute values is another length, the 1-norm; this one is the root of the sum of squares.")
def sum_of_sizes(g, limit):
    if not limit > 0:
        raise ValueError("limit must be positive")
    norm = np.abs(g).sum()
    if norm > limit:
        g *= limit / norm
    return g


@trap("NaN <= 0 is False, so `limit <= 0` lets NaN through: ask `not limit > 0`.")
def lets_nan_through(g, limit):
    if limit <= 0:
        raise ValueError("limit must be positive")
    norm = np.linalg.norm(g)
    if norm > limit:
        g *= limit / norm
    return g


def gradient(rng, n=40_000):
    return {"g": rng.standard_normal(n), "limit": 1.0}


def fits(g, limit):
    """Keeps drawn elements within what level 2 promises."""
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
        Level("right", "As the prompt says: `g` is written to, and returned."),
        Level(
            "huge",
            "Now elements may be so large that their squares overflow: 1e300, or 1e30 in float32.",
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
                    where=fits,
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
            "Gradients fill the memory: next to a contiguous float64 array of 2.4 MB only small buffers.",
            peak_memory(lambda rng: {"g": rng.standard_normal((1000, 300)), "limit": 1.0}, extra=128 << 10),
        ),
        Level(
            "fast",
            "Nearly always nothing overflows: then two passes over memory must do.",
            faster_than(
                by_python,
                4,
                gradient,
                needs=needs(bytes=lambda g, limit: 3 * g.nbytes, operations=lambda g, limit: 3 * g.size),
            ),
        ),
    ],
    hints=[
        "Direction is kept by multiplying all elements by one number. Which, and when not at all?",
        "What does g = g * factor do to the caller's array, and what g *= factor?",
        "How long is a vector with elements of 1e200, and where do you meet 1e400 on the way? np.hypot avoids that for "
        "two numbers, and it is a ufunc.",
        "How do you notice cheaply that the usual way has overflowed?",
    ],
    spoken=(
        "np.clip limits each element separately, which changes the direction of a gradient. To clip the norm I "
        "compute the length and multiply the whole gradient by limit divided by length, but only if the length "
        "exceeds the limit, so zeros are never divided. I work in place with out=. Squares can overflow or underflow, "
        "so I divide by the largest absolute value first. For a low-precision dtype I accumulate in float64, and I "
        "process the data in blocks to keep the memory small."
    ),
    explanation="""\
`np.clip(g, -c, c)` limits elements, `np.minimum(np.maximum(g, -c), c)` in one pass. It changes the direction;
a norm limit does not:

>>> g = np.array([3.0, 4.0])
>>> np.clip(g, None, 2.5), g * (2.5 / np.linalg.norm(g))
(array([2.5, 2.5]), array([1.5, 2. ]))

Compare first, then divide: short gradients stay as they are to the last bit, and zeros need no epsilon.

In place means writing into the caller's memory: `g *= s`, `np.multiply(g, s, out=g)` or `g[...] = ...`. `g = g * s`
binds a name. A ufunc with `out=` allocates nothing, and float32 stays float32 (NumPy 2: a Python float adapts to the
array; an np.float64 scalar does so in place only).

`np.linalg.norm(g)` without `ord` takes all elements of any shape. `norm(g, 2)` of a matrix is the largest singular
value.

Squares overflow beyond 1e154, in float32 beyond 1.8e19. Two ways out: divide by the largest element first, at the
price of a copy; or `hypot`, which scales inside, folded over all elements:

>>> print(f"{np.hypot.reduce([3e200, 4e200]):.3}")
5e+200

`hypot` costs far more than a multiplication and an addition, so try the cheap norm first and look for inf.

Details of `np.clip`: NaN stays, and where the limits are the wrong way round the upper one wins. NumPy 2.1 added the
names `min=` and `max=`.
""",
    points=[
        "np.clip limits each element; a norm limit scales all by one factor and keeps the direction.",
        "Only a norm above the limit divides, so zeros and short gradients need no epsilon.",
        "g *= s and out= write into the caller's memory; g = g * s does not.",
        "norm without ord flattens; ord=2 of a matrix is the spectral norm.",
        "Squares overflow near the root of the largest float: scale first, or fold hypot.",
        "Take the cheap way first, and the careful one only if it gave inf.",
    ],
    follow_ups={
        "How do you clip many layers to one joint length?": "Take the norm of each, then np.linalg.norm of those "
        "norms, and scale all layers by the same factor.",
        "What if a gradient holds NaN?": "Its norm is NaN, and NaN > limit is False: it passes unchanged. Check "
        "np.isfinite(norm) and skip the step.",
        "How do you clip rows, each to its own length?": "norms = np.linalg.norm(g, axis=1, keepdims=True); "
        "g *= limit / np.maximum(norms, limit).",
        "Why may the sum in float32 be bad?": "It has 24 bits; NumPy adds pairwise and BLAS in several lanes, "
        "which helps. Accumulate in float64 where it matters.",
    },
    related=["vector-norms", "zero-allocation", "float32-vs-float64", "ufunc-methods", "fmax-fmin"],
    links=[
        "https://numpy.org/doc/stable/reference/generated/numpy.clip.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.linalg.norm.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.hypot.html",
    ],
    equivalent={
        "clip_norm: `norm > limit` -> `norm >= limit` in `if norm > limit:`": "The factor is 1 there.",
        "clip_norm: `np.errstate(over='ignore')` -> `np.errstate()` in `with np.errstate(over='ignore'):`": "It "
        "silences the warning of an overflow, which no level forbids.",
    },
)
