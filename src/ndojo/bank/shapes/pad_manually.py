"""A margin for a picture, by hand."""

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
    """Put a margin around an array, as filters want it, without `numpy.pad`.

    Parameters
    ----------
    x : ndarray, one axis or more, uint8, float64 or bool
        A sound, a picture, a scan. Lengths may be 0 or 1; may be strided, reversed, broadcast or read-only, and may
        hold NaN.
    width : int
        How many elements to add at both ends of every axis, 0 or more. From level 2 on also a list of pairs
        ``(before, after)`` of ints, one for each axis.
    mode : str
        What the margin holds, shown for ``[1, 2, 3]`` and width 2:

        - ``"constant"``: zeros, or False: ``0 0 | 1 2 3 | 0 0``
        - ``"edge"``: the nearest element: ``1 1 | 1 2 3 | 3 3``
        - ``"reflect"``: a mirror in the first and last element, which are not repeated: ``3 2 | 1 2 3 | 2 1``. On
          levels 1 and 2 no axis with elements is too short for that: its length is above its width. From level 3 on
          the mirrors go on to and fro: width 5 gives ``2 1 2 3 2 | 1 2 3 | 2 1 2 3 2``, and a single element is
          repeated.

        Corners follow from margins along one axis after the other, in any order.

    Returns
    -------
    ndarray, dtype of `x`
        A new array, also for width 0, longer by both widths along each axis.

    Raises
    ------
    ValueError
        If a width is negative, `mode` is not one of the three, or ``"edge"`` or ``"reflect"`` is to widen an axis of
        length 0.

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
        raise ValueError(f"mode {mode!r} or width {width} is not known")
    if mode != "constant" and (sides.T * (np.array(x.shape) == 0)).any():
        raise ValueError("nothing to fill the margin with")
    start = sides[:, 0]
    padded = np.zeros(sides.sum(axis=1) + x.shape, dtype=x.dtype)
    padded[tuple(map(slice, start, start + x.shape))] = x
    for axis, n in enumerate(x.shape):
        before, lines = start[axis], np.moveaxis(padded, axis, 0)
        if mode == "edge":
            lines[:before] = lines[before : before + 1]
            lines[before + n :] = lines[before + n - 1 : before + n]
        elif mode == "reflect":
            place = np.arange(lines.shape[0]) - before
            source = before + n - 1 - abs(place % (2 * n - 2 or 1) - n + 1)
            lines[:before] = lines[source[:before]]
            lines[before + n :] = lines[source[before + n :]]
    return padded


# ------------------------------------------------------------------------------------------------------- right answers


def sources(n, before, after, mode):
    """For every place along an axis, the place in `x` that it shows; -1 for none."""
    place = np.arange(-before, n + after)
    if mode == "edge":
        return np.clip(place, 0, n - 1)
    if mode == "reflect":
        there_and_back = np.array([*range(n), *range(n - 2, 0, -1)], dtype=np.intp)
        return np.resize(np.roll(there_and_back, before), place.size)
    return np.where((place >= 0) & (place < n), place, -1)


def checked(x, width, mode):
    """The width of every side, or ValueError."""
    sides = [(width, width)] * x.ndim if isinstance(width, int) else width
    if mode not in ("constant", "edge", "reflect") or any(w < 0 for pair in sides for w in pair):
        raise ValueError("no such mode or width")
    if mode != "constant" and any(n == 0 and b + a > 0 for n, (b, a) in zip(x.shape, sides, strict=True)):
        raise ValueError("an axis without elements")
    return sides


def gathered(x, width, mode):
    """The result by one index an axis."""
    sides = checked(x, width, mode)
    if mode == "constant":
        padded = np.zeros([n + b + a for n, (b, a) in zip(x.shape, sides, strict=True)], dtype=x.dtype)
        padded[np.ix_(*(np.arange(b, b + n) for n, (b, _) in zip(x.shape, sides, strict=True)))] = x
        return padded
    return x[np.ix_(*(sources(n, b, a, mode) for n, (b, a) in zip(x.shape, sides, strict=True)))]


@works()
def by_grid(x, width, mode):
    """Looks up every element in a single call, on an open grid of indices."""
    return gathered(x, width, mode)


@works(fails="at scale")
def by_axis(x, width, mode):
    """Widens one axis after the other: each time the whole array is copied."""
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
    """Asks for each element of the result where it comes from."""
    if mode not in ("constant", "edge", "reflect") or width < 0 or (mode != "constant" and width and 0 in x.shape):
        raise ValueError("cannot pad so")
    padded = np.zeros([n + 2 * width for n in x.shape], dtype=x.dtype)
    for place in np.ndindex(*padded.shape):
        source = [k - width for k in place]
        inside = all(0 <= k < n for k, n in zip(source, x.shape, strict=True))
        if mode == "edge":
            source = [min(max(k, 0), n - 1) for k, n in zip(source, x.shape, strict=True)]
        if mode == "reflect":
            source = [n - 1 - abs(n - 1 - abs(k)) for k, n in zip(source, x.shape, strict=True)]
        if inside or mode != "constant":
            padded[place] = x[tuple(source)]
    return padded


@works(fails="to and fro")
def by_flips(x, width, mode):
    """Joins flipped pieces on, one axis after the other."""
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
    """The loop again, for all that later levels ask for."""
    sides = checked(x, width, mode)
    index = [sources(n, b, a, mode).tolist() for n, (b, a) in zip(x.shape, sides, strict=True)]
    padded = np.zeros([len(one) for one in index], dtype=x.dtype)
    for place in np.ndindex(*padded.shape):
        source = tuple([one[k] for one, k in zip(index, place, strict=True)])
        if min(source) >= 0:
            padded[place] = x[source]
    return padded


# --------------------------------------------------------------------------------------------------------------- traps


@trap("np.zeros makes float64 unless told otherwise: give it dtype=x.dtype.", verdict="WT")
def forgets_dtype(x, width, mode):
    index = [sources(n, b, a, mode) for n, (b, a) in zip(x.shape, checked(x, width, mode), strict=True)]
    padded = np.zeros([one.size for one in index])
    inner = tuple(slice(width, width + n) for n in x.shape)
    padded[inner] = x
    return padded if mode == "constant" else padded[np.ix_(*(one + width for one in index))]


@trap("x[width:-width] is empty for width 0, since -0 is 0: slice to width + n instead.", verdict="RE")
def slices_to_minus_zero(x, width, mode):
    index = [sources(n, b, a, mode) for n, (b, a) in zip(x.shape, checked(x, width, mode), strict=True)]
    padded = np.zeros([one.size for one in index], dtype=x.dtype)
    padded[(slice(width, -width),) * x.ndim] = x
    return padded if mode == "constant" else x[np.ix_(*index)]


@trap("reflect does not repeat the border: the mirror stands in the first element, not before it.")
def repeats_the_border(x, width, mode):
    index = [sources(n, b, a, mode) for n, (b, a) in zip(x.shape, checked(x, width, mode), strict=True)]
    if mode == "constant":
        return gathered(x, width, mode)
    if mode == "reflect":
        index = [np.r_[np.arange(n), np.arange(n)[::-1]] for n in x.shape]
        index = [np.resize(np.roll(one, width), one.size // 2 + 2 * width) for one in index]
    return x[np.ix_(*index)]


@trap("Negative indices count from behind: x[-1] is the opposite end, which makes the margin wrap around.")
def goes_round(x, width, mode):
    checked(x, width, mode)
    if mode != "reflect":
        return gathered(x, width, mode)
    return x[np.ix_(*(np.arange(-width, n + width) % max(n, 1) for n in x.shape))]


@trap("Margins belong on every axis, not on the last two alone: a scan has three, a sound only one.", verdict="WT")
def pads_two_axes(x, width, mode):
    checked(x, width, mode)
    sides = [(0, 0)] * (x.ndim - 2) + [(width, width)] * min(x.ndim, 2)
    return gathered(x, sides, mode)


@trap("The corners are part of the margin: fill the second axis over the full length of the first.")
def empty_corners(x, width, mode):
    padded = gathered(x, width, "constant")
    for axis, (n, (before, after)) in enumerate(zip(x.shape, checked(x, width, mode), strict=True)):
        inner = [slice(width, width + k) for k in x.shape]
        for place in [*range(before), *range(before + n, before + n + after)] * (mode != "constant"):
            inner[axis] = place
            source = list(inner)
            source[axis] = width + sources(n, before, after, mode)[place]
            padded[tuple(inner)] = padded[tuple(source)]
    return padded


@trap("The constant is 0 for floats too: NaN in the margin would spread through every filter that touches it.")
def pads_with_nan(x, width, mode):
    padded = gathered(x, width, mode)
    if mode == "constant" and x.dtype.kind == "f":
        outside = np.ones(padded.shape, dtype=bool)
        outside[tuple(slice(width, width + n) for n in x.shape)] = False
        padded[outside] = np.nan
    return padded


# ------------------------------------------------------------------------------------------------------------ question


def pairs(rng, variant, given):
    """A (before, after) for each axis; with `reflect` no more than the axis has to give."""
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
    for place, (before, after) in enumerate(width):
        for pair in ((0, 0), (before - 1, after), (before, after - 1)):
            if min(pair) >= 0:
                yield [*width[:place], pair, *width[place + 1 :]]


def wide_enough(x, width, mode):
    """What levels 1 and 2 promise: mirrors reach no further than the opposite end."""
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

    print(f"a margin of 8 around {x.shape}, reflect")
    print(f"element by element    {milliseconds(lambda: by_loop(x, 8, 'reflect')):9.3f} ms")
    print(f"open grid of indices  {milliseconds(lambda: by_grid(x, 8, 'reflect')):9.3f} ms")
    print(f"slices and margins    {milliseconds(lambda: pad(x, 8, 'reflect')):9.3f} ms")
    print(f"np.pad                {milliseconds(lambda: np.pad(x, 8, mode='reflect')):9.3f} ms")


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
        Level("right", "As the prompt says, without np.pad.", without("np.pad")),
        Level(
            "each side",
            "Now a separate width for each side of each axis; the result is never a view of x, even if all widths "
            "are 0.",
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
            "to and fro",
            "Let mirrors go on: reflect further than the array is long, without a warning.",
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
            "At least 13 times faster than the loop; for a large picture, memory only for the result.",
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
        "How long is each axis of the result, and where in it does x go? Mind width 0.",
        "Along one axis: which index of x does each place of the result show? Write it down for all three modes.",
        "A margin along one axis is a copy of lines that are there already; after the first axis, the next one also "
        "copies the new margin, and the corners come by themselves.",
        "Mirrors repeat after 2 (n - 1) places. What does % give for negative places?",
    ],
    spoken=(
        "I allocate the result once, copy the array into the middle, and then fill the margins by slices, one axis "
        "after the other, so that the corners follow from the margins. For a constant I fill with the value; for edge "
        "I repeat the first and last slice; for reflect I read indices that run backward without repeating the edge. "
        "Doing it one axis at a time with concatenate would copy the whole array once per axis. The result is always "
        "a new array."
    ),
    explanation="""\
Padding is a question about indices: which element does each place show? For places -before to n + after - 1 along one
axis, `edge` clips and `reflect` folds. The fold has period 2 (n - 1), since the two ends are not repeated; with n = 1 a
period of 1 avoids dividing by zero.

>>> n, place = 3, np.arange(-5, 8)
>>> np.clip(place, 0, n - 1)
array([0, 0, 0, 0, 0, 0, 1, 2, 2, 2, 2, 2, 2])
>>> n - 1 - abs(place % (2 * n - 2) - (n - 1))
array([1, 0, 1, 2, 1, 0, 1, 2, 1, 0, 1, 2, 1])

With one such index an axis, `x[np.ix_(...)]` looks up all of them in a single call:

>>> x = np.array([[1, 2], [3, 4]])
>>> edge = np.clip(np.arange(-1, 3), 0, 1)
>>> x[np.ix_(edge, edge)].shape
(4, 4)

Quicker is to allocate the result once, copy `x` into its middle, and then fill margins by slices, axis by axis. Each
axis runs over the full length of those before, so corners need no extra code. Only the margins pass through
fancy indexing; widening axis by axis with `take` or `concatenate` copies everything each time.

Off by one hides in `padded[w:-w]`, which is empty for w = 0. And `np.zeros` makes float64: pass the dtype.

`np.pad` has these modes and more: `symmetric` repeats the border, `wrap` wraps around.
""",
    points=[
        "Allocate the result once with x's dtype and copy x into the middle.",
        "edge clips indices; reflect folds them with period 2 (n - 1) and does not repeat the border.",
        "Axis by axis over the full length, so that corners are filled too.",
        "Width 0: slice to w + n, never to -w.",
        "An axis of length 0 has nothing to repeat; one of length 1 has period 1.",
        "np.ix_ looks up everything in a single call; slices are quicker, as only margins go through indices.",
        "np.take or concatenate an axis at a time copies the whole array once per axis.",
    ],
    follow_ups={
        "Which mode suits a blur, which a convolution layer?": "reflect or edge keep brightness at the border; layers "
        "mostly pad with zeros.",
        "Can you filter without padding?": "Yes: treat borders apart, or return only the positions at which the "
        "window fits (valid).",
        "How would you add mode wrap?": "place % n as the index; with zero-copy needs, two slices a side.",
    },
    related=["sliding-windows", "convolution", "roll-and-shift", "rotate-image"],
    links=[
        "https://numpy.org/doc/stable/reference/generated/numpy.pad.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.ix_.html",
    ],
    live=show_times,
    equivalent={
        "pad: `1` -> `0` in `source = before + n - 1 - abs(place % (2 * n - 2 or 1) - n + 1)` #3": "NumPy's k % 0 is 0 "
        "too: the result is the same, and a warning alone tells.",
    },
)
