"""Pad an array without np.pad."""

import time

import numpy as np

from ndojo.question import (
    Entry,
    Level,
    Question,
    arrays,
    case,
    choice,
    faster_than,
    integers,
    made,
    needs,
    no_warnings,
    own_memory,
    peak_memory,
    raises,
    right_on,
    trap,
    without,
    works,
)


def pad(x, width, mode):
    """Return a copy of `x` with padding at both ends of every axis, without calling ``np.pad``.

    Image filters need such padding, because their windows extend beyond the border.

    Parameters
    ----------
    x : ndarray, at least one axis, uint8, float64 or bool
        Axes may have length 0 or 1. May be strided, reversed, broadcast or read-only, and may contain NaN and
        infinities.
    width : int
        Number of elements to add at both ends of every axis, ``width >= 0``. From level 2 on also a list with one pair
        ``(before, after)`` of ints per axis.
    mode : str
        The contents of the padding, shown here for ``[1, 2, 3]`` and width 2:

        - ``"constant"``: 0, or False if `x` is bool: ``0 0 | 1 2 3 | 0 0``
        - ``"edge"``: the first or last element: ``1 1 | 1 2 3 | 3 3``
        - ``"reflect"``: the elements in reverse order, without repeating the first or last element:
          ``3 2 | 1 2 3 | 2 1``. On levels 1 and 2, every axis that has elements is longer than each of its widths.
          From level 3 on, widths may be larger, and the reflection repeats: width 5 gives
          ``2 1 2 3 2 | 1 2 3 | 2 1 2 3 2``. If an axis has only one element, that element is repeated.

        The corners result from padding one axis after the other, in any order.

    Returns
    -------
    ndarray, same dtype as `x`
        A new array, even if all widths are 0. Each axis is longer by the sum of its two widths.

    Raises
    ------
    ValueError
        If a width is negative. If `mode` is not one of the three modes. If the mode is ``"edge"`` or ``"reflect"`` and
        an axis of length 0 has a width other than 0.

    Examples
    --------
    >>> pad(np.array([[1, 2], [3, 4]], dtype=np.uint8), 1, "edge")
    array([[1, 1, 2, 2],
           [1, 1, 2, 2],
           [3, 3, 4, 4],
           [3, 3, 4, 4]], dtype=uint8)
    """
    sides = np.broadcast_to(width, (x.ndim, 2))
    if mode not in ("constant", "edge", "reflect") or (sides < 0).any():
        raise ValueError(f"invalid mode {mode!r} or width {width}")
    if mode != "constant" and (sides.T * (np.array(x.shape) == 0)).any():
        raise ValueError(f"mode {mode!r} cannot pad an axis of length 0")
    start = sides[:, 0]
    padded = np.zeros(sides.sum(axis=1) + x.shape, dtype=x.dtype)
    padded[tuple(map(slice, start, start + x.shape))] = x
    for axis, n in enumerate(x.shape):
        before, lines = start[axis], np.moveaxis(padded, axis, 0)
        if mode == "edge":
            lines[:before] = lines[before : before + 1]
            lines[before + n :] = lines[before + n - 1 : before + n]
        elif mode == "reflect":
            position = np.arange(lines.shape[0]) - before
            source = before + n - 1 - abs(position % (2 * n - 2 or 1) - n + 1)
            lines[:before] = lines[source[:before]]
            lines[before + n :] = lines[source[before + n :]]
    return padded


# ------------------------------------------------------------------------------------------------------- right answers


def sources(n, before, after, mode):
    """Return the source index in `x` for each position along an axis of the result, or -1 for the constant."""
    position = np.arange(-before, n + after)
    if mode == "edge":
        return np.clip(position, 0, n - 1)
    if mode == "reflect":
        period = np.array([*range(n), *range(n - 2, 0, -1)], dtype=np.intp)
        return np.resize(np.roll(period, before), position.size)
    return np.where((position >= 0) & (position < n), position, -1)


def checked(x, width, mode):
    """Return one pair of widths per axis, or raise ValueError."""
    sides = [(width, width)] * x.ndim if isinstance(width, int) else width
    if mode not in ("constant", "edge", "reflect") or any(w < 0 for pair in sides for w in pair):
        raise ValueError("invalid mode or width")
    if mode != "constant" and any(n == 0 and b + a > 0 for n, (b, a) in zip(x.shape, sides, strict=True)):
        raise ValueError("an axis of length 0 cannot be padded in this mode")
    return sides


def gathered(x, width, mode):
    """Index `x` with one array of source indices per axis."""
    sides = checked(x, width, mode)
    if mode == "constant":
        padded = np.zeros([n + b + a for n, (b, a) in zip(x.shape, sides, strict=True)], dtype=x.dtype)
        padded[np.ix_(*(np.arange(b, b + n) for n, (b, _) in zip(x.shape, sides, strict=True)))] = x
        return padded
    return x[np.ix_(*(sources(n, b, a, mode) for n, (b, a) in zip(x.shape, sides, strict=True)))]


@works()
def by_grid(x, width, mode):
    """Looks up every element in a single call, with an open grid of indices."""
    return gathered(x, width, mode)


@works(fails="at scale")
def by_axis(x, width, mode):
    """Pads one axis after the other, which copies the whole array once per axis."""
    for axis, (before, after) in enumerate(checked(x, width, mode)):
        index = sources(x.shape[axis], before, after, mode)
        if mode == "constant":
            margins = [np.zeros((*x.shape[:axis], w, *x.shape[axis + 1 :]), dtype=x.dtype) for w in (before, after)]
            x = np.concatenate([margins[0], x, margins[1]], axis=axis)
        else:
            x = np.take(x, index, axis=axis)
    return x


@works(fails="each side")
def by_loop(x, width, mode):
    """Computes the source index of each element of the result, for an integer width."""
    if mode not in ("constant", "edge", "reflect") or width < 0 or (mode != "constant" and width and 0 in x.shape):
        raise ValueError("invalid mode or width")
    padded = np.zeros([n + 2 * width for n in x.shape], dtype=x.dtype)
    for index in np.ndindex(*padded.shape):
        source = [k - width for k in index]
        inside = all(0 <= k < n for k, n in zip(source, x.shape, strict=True))
        if mode == "edge":
            source = [min(max(k, 0), n - 1) for k, n in zip(source, x.shape, strict=True)]
        if mode == "reflect":
            source = [n - 1 - abs(n - 1 - abs(k)) for k, n in zip(source, x.shape, strict=True)]
        if inside or mode != "constant":
            padded[index] = x[tuple(source)]
    return padded


@works(fails="repeated reflection")
def by_flips(x, width, mode):
    """Concatenates reversed slices, one axis after the other."""
    for axis, (before, after) in enumerate(checked(x, width, mode)):
        x = np.moveaxis(x, axis, 0)
        if mode == "edge":
            first, last = np.repeat(x[:1], before, axis=0), np.repeat(x[-1:], after, axis=0)
        elif mode == "reflect":
            first, last = x[1 : before + 1][::-1], x[-after - 1 : -1][::-1]
        else:
            first, last = (np.zeros((w, *x.shape[1:]), dtype=x.dtype) for w in (before, after))
        x = np.moveaxis(np.concatenate([first, x, last]), 0, axis)
    return x


@works(fails="at scale")
def by_pixel(x, width, mode):
    """A loop over the elements that supports every width."""
    sides = checked(x, width, mode)
    index = [sources(n, b, a, mode).tolist() for n, (b, a) in zip(x.shape, sides, strict=True)]
    padded = np.zeros([len(one) for one in index], dtype=x.dtype)
    for position in np.ndindex(*padded.shape):
        source = tuple([one[k] for one, k in zip(index, position, strict=True)])
        if min(source) >= 0:
            padded[position] = x[source]
    return padded


# --------------------------------------------------------------------------------------------------------------- traps


@trap("The result must have the dtype of x. np.zeros creates float64 by default: pass dtype=x.dtype.", verdict="WT")
def forgets_dtype(x, width, mode):
    index = [sources(n, b, a, mode) for n, (b, a) in zip(x.shape, checked(x, width, mode), strict=True)]
    padded = np.zeros([one.size for one in index])
    inner = tuple(slice(width, width + n) for n in x.shape)
    padded[inner] = x
    return padded if mode == "constant" else padded[np.ix_(*(one + width for one in index))]


@trap(
    "padded[width:-width] is empty if width is 0, because -0 is 0. Use padded[width : width + n], which also works for "
    "width 0.",
    verdict="RE",
)
def slices_to_minus_zero(x, width, mode):
    index = [sources(n, b, a, mode) for n, (b, a) in zip(x.shape, checked(x, width, mode), strict=True)]
    padded = np.zeros([one.size for one in index], dtype=x.dtype)
    padded[(slice(width, -width),) * x.ndim] = x
    return padded if mode == "constant" else x[np.ix_(*index)]


@trap(
    "Mode 'reflect' does not repeat the first and last element: 3 2 | 1 2 3 | 2 1. Repeating them, as in "
    "2 1 | 1 2 3 | 3 2, is the mode 'symmetric' of np.pad."
)
def repeats_the_border(x, width, mode):
    index = [sources(n, b, a, mode) for n, (b, a) in zip(x.shape, checked(x, width, mode), strict=True)]
    if mode == "constant":
        return gathered(x, width, mode)
    if mode == "reflect":
        index = [np.r_[np.arange(n), np.arange(n)[::-1]] for n in x.shape]
        index = [np.resize(np.roll(one, width), one.size // 2 + 2 * width) for one in index]
    return x[np.ix_(*index)]


@trap(
    "Negative indices count from the end, so they fill the padding with elements from the opposite end, as in mode "
    "'wrap' of np.pad. Mode 'reflect' uses the elements next to the padding in reverse order."
)
def goes_round(x, width, mode):
    checked(x, width, mode)
    if mode != "reflect":
        return gathered(x, width, mode)
    return x[np.ix_(*(np.arange(-width, n + width) % max(n, 1) for n in x.shape))]


@trap(
    "Every axis must be padded. Code that pads only the last two axes returns the wrong shape for an array with three "
    "axes.",
    verdict="WT",
)
def pads_two_axes(x, width, mode):
    checked(x, width, mode)
    sides = [(0, 0)] * (x.ndim - 2) + [(width, width)] * min(x.ndim, 2)
    return gathered(x, sides, mode)


@trap(
    "The corners are part of the padding. Pad the second axis over the full length of the first axis, including the "
    "padding that the first axis already has."
)
def empty_corners(x, width, mode):
    padded = gathered(x, width, "constant")
    for axis, (n, (before, after)) in enumerate(zip(x.shape, checked(x, width, mode), strict=True)):
        inner = [slice(width, width + k) for k in x.shape]
        for position in [*range(before), *range(before + n, before + n + after)] * (mode != "constant"):
            inner[axis] = position
            source = list(inner)
            source[axis] = width + sources(n, before, after, mode)[position]
            padded[tuple(inner)] = padded[tuple(source)]
    return padded


@trap(
    "Mode 'constant' fills the padding with 0 for all dtypes. NaN would spread to every filter result whose window "
    "overlaps the padding."
)
def pads_with_nan(x, width, mode):
    padded = gathered(x, width, mode)
    if mode == "constant" and x.dtype.kind == "f":
        outside = np.ones(padded.shape, dtype=bool)
        outside[tuple(slice(width, width + n) for n in x.shape)] = False
        padded[outside] = np.nan
    return padded


# ------------------------------------------------------------------------------------------------------------ question


def pairs(rng, variant, given):
    """Draw one pair (before, after) per axis. Each width is smaller than a nonempty axis, so "reflect" allows it."""
    most = [max(n - 1, 0) for n in given["x"].shape]
    sides = [(int(rng.integers(k + 1)), int(rng.integers(k + 1))) for k in most]
    if variant == "none":
        return [(0, 0)] * len(most)
    if variant == "before":
        return [(before, 0) for before, _ in sides]
    if variant == "after":
        return [(0, after) for _, after in sides]
    if variant == "negative":
        return [*sides[:-1], (-1, 0)]
    return sides


def are_pairs(width):
    return isinstance(width, list) and all(
        isinstance(pair, tuple) and len(pair) == 2 and all(type(k) is int for k in pair) for pair in width
    )


def narrower(width):
    for axis, (before, after) in enumerate(width):
        for pair in ((0, 0), (before - 1, after), (before, after - 1)):
            if min(pair) >= 0:
                yield [*width[:axis], pair, *width[axis + 1 :]]


def wide_enough(x, width, mode):
    """Return whether the inputs are allowed on levels 1 and 2: "reflect" requires axes longer than their widths."""
    if not x.ndim or (not isinstance(width, int) and len(width) != x.ndim):
        return False
    sides = [(width, width)] * x.ndim if isinstance(width, int) else width
    return mode != "reflect" or all(max(pair) < n or not n for n, pair in zip(x.shape, sides, strict=True))


def picture(rng):
    return {"x": rng.integers(0, 256, (48, 48), dtype=np.uint8), "width": 4, "mode": "reflect"}


def large_picture(rng):
    return {"x": rng.standard_normal((1000, 1000)), "width": 8, "mode": "reflect"}


def show_times():
    rng = np.random.default_rng(1)
    x = rng.integers(0, 256, (200, 200), dtype=np.uint8)

    def milliseconds(act):
        best = float("inf")
        for _ in range(3):
            start = time.perf_counter()
            act()
            best = min(best, 1e3 * (time.perf_counter() - start))
        return best

    print(f"shape {x.shape}, width 8, mode 'reflect'")
    print(f"loop over the elements  {milliseconds(lambda: by_loop(x, 8, 'reflect')):9.3f} ms")
    print(f"open grid of indices    {milliseconds(lambda: by_grid(x, 8, 'reflect')):9.3f} ms")
    print(f"slices per axis         {milliseconds(lambda: pad(x, 8, 'reflect')):9.3f} ms")
    print(f"np.pad                  {milliseconds(lambda: np.pad(x, 8, mode='reflect')):9.3f} ms")


VALUES = {"dtype": ("uint8", "float64", "bool"), "holds": ("nan", "inf"), "max_ndim": 3}
MODES = choice("constant", "edge", "reflect", "wrap")
ROW, TABLE = np.array([1.0, 2.0, 3.0]), np.array([[1, 2], [3, 4]], dtype=np.uint8)

QUESTION = Question(
    kinds=["code"],
    difficulty="medium",
    topics=["Image Processing"],
    companies=["Google", "Amazon", "CV Companies"],
    asked=["T38", "google-7"],
    entry_points=[
        Entry(
            pad,
            {"x": arrays(..., **VALUES), "width": integers(0, 3), "mode": MODES},
            where=wide_enough,
            cases=[
                *(case(x=ROW, width=2, mode=mode) for mode in ("constant", "edge", "reflect")),
                *(case(x=TABLE, width=w, mode=mode) for mode in ("constant", "edge", "reflect") for w in (0, 1)),
                case(x=np.zeros(0), width=2, mode="constant"),
                case(x=np.zeros((0, 2)), width=0, mode="edge"),
                case(x=np.zeros((0, 2)), width=0, mode="reflect"),
                raises(ValueError, x=ROW, width=-1, mode="constant"),
                raises(ValueError, x=ROW, width=1, mode="wrap"),
                raises(ValueError, x=np.zeros(0), width=1, mode="edge"),
                raises(ValueError, x=np.zeros((2, 0)), width=1, mode="reflect"),
            ],
        )
    ],
    levels=[
        Level("right", "Correct for an integer width, without calling np.pad.", without("np.pad")),
        Level(
            "each side",
            "Accepts one pair (before, after) per axis, and never shares memory with x, even if all widths are 0.",
            right_on(
                Entry(
                    pad,
                    {
                        "x": arrays(..., **VALUES),
                        "width": made(
                            pairs, "both", "none", "before", "after", "negative", valid=are_pairs, plainer=narrower
                        ),
                        "mode": MODES,
                    },
                    where=wide_enough,
                    cases=[
                        case(x=ROW, width=[(0, 1)], mode="reflect"),
                        case(x=ROW, width=[(2, 0)], mode="edge"),
                        case(x=TABLE, width=[(0, 2), (1, 0)], mode="constant"),
                        case(x=np.zeros((0, 2)), width=[(0, 0), (1, 2)], mode="edge"),
                        raises(ValueError, x=np.zeros((0, 2)), width=[(0, 1), (1, 2)], mode="edge"),
                        raises(ValueError, x=np.zeros((0, 2)), width=[(1, 0), (0, 0)], mode="reflect"),
                        raises(ValueError, x=ROW, width=[(0, -1)], mode="constant"),
                        raises(ValueError, x=ROW[:1], width=[(0, -1)], mode="constant"),
                    ],
                )
            ),
            own_memory(),
        ),
        Level(
            "repeated reflection",
            "Mode 'reflect' accepts every width >= 0, even if the axis is shorter, and shows no warning.",
            right_on(
                Entry(
                    pad,
                    {"x": arrays(..., **VALUES), "width": integers(0, 12), "mode": choice("reflect", "edge")},
                    where=lambda x, width, mode: x.ndim > 0,
                    cases=[
                        case(x=ROW, width=5, mode="reflect"),
                        case(x=ROW[:1], width=3, mode="reflect"),
                        case(x=ROW[:2], width=4, mode="reflect"),
                    ],
                )
            ),
            no_warnings(),
        ),
        Level(
            "at scale",
            "At least 13 times faster than a loop over the elements, with at most 1.1 times the memory of the result, "
            "including the result.",
            faster_than(
                by_pixel,
                13,
                picture,
                needs=needs(bytes=lambda x, width, mode: x.nbytes + (x.shape[0] + 2 * width) ** 2),
            ),
            peak_memory(large_picture, outputs=1.1),
        ),
    ],
    hints=[
        "How long is each axis of the result, and which slice of it contains x? Does your slice work for width 0?",
        "Look at one axis. Which index of x does each position of the result show? Write the indices down for all "
        "three modes.",
        "Padding along one axis copies slices that the result already contains. What do these slices contain if "
        "another axis was padded before?",
        "Reflected indices repeat with period 2 * (n - 1). What is the sign of k % period if k is negative?",
    ],
    spoken="""\
I allocate the result once with the dtype of x and copy x into the middle. Then I fill the padding with slices, one axis
after the other, so that the corners result from the axes padded before. For the constant mode, the zeros are already
in place. For edge, I repeat the first and last slice. For reflect, I use indices that run backward and do not repeat
the border. Concatenating along one axis at a time would copy the whole array once per axis. The result is always a new
array, even if the width is 0.
""",
    explanation="""\
Padding is an indexing problem: for each position of the result, which index of x does it show? Along one axis, the
positions run from -before to n + after - 1. Mode `edge` clips them. Mode `reflect` folds them with the period
2 * (n - 1), because the first and last element are not repeated:

>>> n, position = 3, np.arange(-5, 8)
>>> np.clip(position, 0, n - 1)
array([0, 0, 0, 0, 0, 0, 1, 2, 2, 2, 2, 2, 2])
>>> n - 1 - abs(position % (2 * n - 2) - (n - 1))
array([1, 0, 1, 2, 1, 0, 1, 2, 1, 0, 1, 2, 1])

If n is 1, the period would be 0, so use 1 instead.

*One call.* Create one such index array per axis. `np.ix_` combines them, and one indexing operation looks up all
elements:

>>> x = np.array([[1, 2], [3, 4]])
>>> edge = np.clip(np.arange(-1, 3), 0, 1)
>>> x[np.ix_(edge, edge)]
array([[1, 1, 2, 2],
       [1, 1, 2, 2],
       [3, 3, 4, 4],
       [3, 3, 4, 4]])

*Slices.* This is usually faster: allocate the result once, copy x into its middle, and fill the padding axis by axis.
Each step uses slices over the full length of all other axes, so the corners need no extra code. Only the padding is
indexed with arrays, and it is usually small.

*Memory.* Padding one axis after the other with `np.take` or `np.concatenate` copies the whole array once per axis.
Allocating the result once avoids these temporary arrays.

*Pitfalls.* `padded[w:-w]` is empty if w is 0: use `padded[w : w + n]`. `np.zeros` creates float64 unless you pass the
dtype. An axis of length 0 has no elements that `edge` or `reflect` could repeat, so these modes raise ValueError.

*In practice*, use `np.pad`. It has these modes and more: `symmetric` repeats the border element, and `wrap` continues
with the opposite end.
""",
    points=[
        "Allocate the result once with the dtype of x, and copy x into the middle.",
        "Mode edge clips indices. Mode reflect folds them with period 2 * (n - 1) and does not repeat the border.",
        "Pad axis by axis over the full length of the other axes, which fills the corners too.",
        "For width 0, slice to w + n instead of -w.",
        "An axis of length 0 has nothing to repeat. For an axis of length 1, use the period 1.",
        "np.ix_ looks up all elements in a single call. Slices are faster, because only the padding is indexed.",
        "np.take or np.concatenate along one axis at a time copies the whole array once per axis.",
    ],
    follow_ups={
        "Which mode do you choose for a blur or for a convolution layer?": "For a blur, reflect or edge, because zeros "
        "would darken the border. Convolution layers usually pad with zeros.",
        "Can you filter without padding?": "Yes. Handle the borders separately, or return only the positions at which "
        "the whole window fits. np.convolve calls this mode='valid'.",
        "How would you add mode wrap?": "Use `position % n` as the source index. If no width is larger than n, each "
        "side is one slice: the last elements before x, and the first elements after it.",
    },
    related=["sliding-windows", "convolution", "roll-and-shift", "rotate-image"],
    links=[
        "https://numpy.org/doc/stable/reference/generated/numpy.pad.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.ix_.html",
    ],
    live=show_times,
    equivalent={
        "pad: `1` -> `0` in `source = before + n - 1 - abs(position % (2 * n - 2 or 1) - n + 1)` #3": "In NumPy, k % 0 "
        "is 0 for integers, so the result is the same. Only a warning differs.",
    },
)
