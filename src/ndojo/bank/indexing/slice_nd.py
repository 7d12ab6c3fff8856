"""Center crop of the last axes with slices."""

import numpy as np

from ndojo.question import (
    Entry,
    Level,
    Question,
    allocates_nothing,
    arrays,
    case,
    drill,
    made,
    one_of,
    predict,
    raises,
    right_on,
    trap,
    view_of,
    works,
)


def center_crop(x, size):
    """Return the window in the center of the last axes of `x`.

    For a batch of images of shape (100, 480, 640), size (224, 224) gives the central 224 x 224 pixels of each image.
    The axes before those stay complete.

    Parameters
    ----------
    x : ndarray, one or more axes, float64 or uint8
        Images with one or more elements. May be strided, reversed or read-only.
    size : tuple of int
        The length to keep of each of the last ``len(size)`` axes, 0 or more. If `size` is empty, everything stays. On
        level 3 and above, a length may be negative: -s keeps s elements and reverses that axis, so the last kept
        element comes first.

    Returns
    -------
    ndarray, shape of `x` with the last lengths replaced, same dtype as `x`
        If the number of removed elements is odd, one more is removed at the end than at the beginning: 5 of 8 are the
        elements 1 to 5. On level 2 and above, the result must be a view of `x`.

    Raises
    ------
    ValueError
        If a length to keep exceeds the length of its axis, or if `size` has more entries than `x` has axes.

    Examples
    --------
    >>> center_crop(np.arange(8.0), (5,))
    array([1., 2., 3., 4., 5.])
    >>> center_crop(np.arange(24).reshape(2, 3, 4).astype(np.uint8), (1, 2))
    array([[[ 5,  6]],
    <BLANKLINE>
           [[17, 18]]], dtype=uint8)
    """
    if len(size) > x.ndim:
        raise ValueError(f"size has {len(size)} lengths, but x has {x.ndim} axes")
    cut = []
    for axis, s in enumerate(size, -len(size)):
        n, kept = x.shape[axis], abs(s)
        if kept > n:
            raise ValueError(f"cannot keep {kept} of {n}")
        start = (n - kept) // 2
        cut.append(slice(start, start + kept))
    mirrored = tuple(axis for axis, s in enumerate(size, -len(size)) if s < 0)
    return np.flip(x[(..., *cut)], mirrored)


@works()
def axis_by_axis(x, size):
    """Moves each axis to the front, where a plain slice reaches it."""
    if len(size) > x.ndim:
        raise ValueError("size has too many lengths")
    for axis, s in enumerate(size, x.ndim - len(size)):
        n, keep = x.shape[axis], abs(s)
        if keep > n:
            raise ValueError("a length is too large")
        y = np.swapaxes(x, 0, axis)[(n - keep) // 2 :][:keep]
        x = np.swapaxes(y if s >= 0 else y[::-1], 0, axis)
    return x


@works()
def by_split(x, size):
    """np.split cuts into three parts and returns views; a slice with step -1 reverses one of them."""
    if len(size) > x.ndim:
        raise ValueError("size has too many lengths")
    for axis, s in enumerate(size, x.ndim - len(size)):
        start = (x.shape[axis] - abs(s)) // 2
        if start < 0:
            raise ValueError("a length is too large")
        x = np.split(x, [start, start + abs(s)], axis=axis)[1]
        x = x[(slice(None),) * axis + (slice(None, None, -1 if s < 0 else 1),)]
    return x


@works(fails="view")
def by_indices(x, size):
    """Selects with index arrays, which copies."""
    if len(size) > x.ndim:
        raise ValueError("size has too many lengths")
    for axis, s in enumerate(size, -len(size)):
        start = (x.shape[axis] - abs(s)) // 2
        if start < 0:
            raise ValueError("a length is too large")
        places = np.arange(start, start + abs(s))
        x = np.take(x, places if s >= 0 else places[::-1], axis=axis)
    return x


@works(fails="mirrored")
def never_mirrors(x, size):
    """Right only for lengths of 0 or more."""
    if len(size) > x.ndim or any(s > n for s, n in zip(size[::-1], x.shape[::-1], strict=False)):
        raise ValueError("a length is too large")
    starts = [(n - s) // 2 for s, n in zip(size, x.shape[x.ndim - len(size) :], strict=True)]
    return x[(..., *(np.s_[start : start + s] for start, s in zip(starts, size, strict=True)))]


# --------------------------------------------------------------------------------------------------------------- traps


def checked_lengths(x, size):
    """The lengths of the axes that `size` refers to, after the checks that the prompt requires."""
    lengths = x.shape[x.ndim - len(size) :]
    if len(size) > x.ndim or any(s > n for s, n in zip(size, lengths, strict=True)):
        raise ValueError("a length is too large")
    return lengths


@trap("x[m:-m] is empty for m = 0, because -0 is 0. Give the stop as start + length.", verdict="WT")
def minus_zero(x, size):
    margins = [(n - s) // 2 for s, n in zip(size, checked_lengths(x, size), strict=True)]
    odd = [(n - s) % 2 for s, n in zip(size, checked_lengths(x, size), strict=True)]
    return x[(..., *(slice(m, -(m + one)) for m, one in zip(margins, odd, strict=True)))]


@trap("A slice beyond the end is silently shortened, so check lengths that are too large yourself.")
def never_checks(x, size):
    lengths = x.shape[max(x.ndim - len(size), 0) :]
    starts = [max(n - s, 0) // 2 for s, n in zip(size, lengths, strict=False)]
    return x[(..., *(slice(start, start + s) for start, s in zip(starts, size, strict=False)))]


@trap("If an odd number is removed, the end loses one more: the window starts at (n - s) // 2, rounded down.")
def rounds_up(x, size):
    starts = [(n - s + 1) // 2 for s, n in zip(size, checked_lengths(x, size), strict=True)]
    return x[(..., *(slice(start, start + s) for start, s in zip(starts, size, strict=True)))]


@trap("round() rounds halves to even: round(0.5) is 0 and round(1.5) is 2. // always rounds down.")
def rounds_to_even(x, size):
    starts = [round((n - s) / 2) for s, n in zip(size, checked_lengths(x, size), strict=True)]
    return x[(..., *(slice(start, start + s) for start, s in zip(starts, size, strict=True)))]


@trap(
    "Slices in an index apply to the first axes. An Ellipsis before them applies them to the last axes.", verdict="WT"
)
def first_axes(x, size):
    starts = [(n - s) // 2 for s, n in zip(size, checked_lengths(x, size), strict=True)]
    return x[tuple(slice(start, start + s) for start, s in zip(starts, size, strict=True))]


@trap("x[a:b][c:d] slices the first axis twice. Slices of several axes belong in one index: x[a:b, c:d].",
      verdict="WT")  # fmt: skip
def one_after_another(x, size):
    lead = x.ndim - len(size)
    for s, n in zip(size, checked_lengths(x, size), strict=True):
        x = x[(slice(None),) * lead + (slice((n - s) // 2, (n - s) // 2 + s),)]
    return x


@trap("The second number of a slice is its stop, not its length: start + length.", verdict="WT")
def length_as_stop(x, size):
    starts = [(n - s) // 2 for s, n in zip(size, checked_lengths(x, size), strict=True)]
    return x[(..., *(slice(start, s) for start, s in zip(starts, size, strict=True)))]


# ------------------------------------------------------------------------------------------------------------ drills


def part(start, stop, step=None):
    """A slice as source code."""
    text = f"{'' if start is None else start}:{'' if stop is None else stop}"
    return text if step is None else f"{text}:{step}"


@drill("What is the value?")
def sliced(rng, hardness):
    n = int(rng.integers(6, 11))
    a, b = sorted(int(k) for k in rng.choice(np.arange(1, n), 2, replace=False))
    step = int(rng.integers(2, 4))
    count = f"{n} elements have the indices 0 to {n - 1}"
    forms = [
        (part(a, b), f"From {a} up to {b}, which is excluded."),
        (part(None, None, step), f"Every element at a multiple of {step}, from the start."),
        (part(-b, -a), f"-k means {n} - k: from {n - b} up to {n - a}, which is excluded."),
        (part(b, a), "The start is after the stop and the step is positive, so the slice is empty."),
        (part(a, n + 5), f"A slice beyond the end is shortened: {count}."),
        (part(b, a, -1), f"Down from {b} to {a}, which is excluded."),
        (
            part(None, a, -1),
            f"With a negative step the default start is the last element: down to {a}, which is excluded.",
        ),
        (part(b, None, -step), f"Down from {b} in steps of {step}, to the beginning."),
        (
            part(a, -1, -1),
            f"-1 means the last element, {n - 1}, also as a stop, and going down from {a} never reaches it: empty.",
        ),
        (
            part(-1, -n - 1, -step),
            f"From the last element down in steps of {step}; -{n + 1} is before the first element, so 0 "
            "may be included.",
        ),
    ]
    text, why = forms[int(rng.integers(round(5 * hardness), 5 + round(5 * hardness)))]
    return predict(f"x = np.arange({n})\nx[{text}].tolist()", why=why)


@drill("What is the shape, or which error is raised?")
def shapes(rng, hardness):
    a, b, c = (int(k) for k in rng.choice(np.arange(3, 9), 3, replace=False))
    k = int(rng.integers(0, 3))
    forms = [
        (f"x[{k}]", "An integer removes its axis, here the first."),
        (f"x[:, {k}]", "The colon keeps the first axis, and the integer removes the second."),
        (f"x[..., {k}]", "The ellipsis stands for all axes except the last, which the integer removes."),
        (f"x[:, {k}:{k + 1}]", "A slice keeps its axis, even if it has a single element."),
        (f"x[1:, ..., :{k}]", "The ellipsis stands for the middle axis."),
        ("x[:, None]", "None inserts an axis of length 1 at its position."),
        (f"x[..., None, {k}]", "The integer removes the last axis, and None inserts one of length 1 at its place."),
        (f"x[{a}:]", f"Index {a} is past the last, {a - 1}; for a slice that is not an error, just empty."),
        (f"x[{a}]", f"An integer must be in range: the last index of the first axis is {a - 1}. IndexError."),
        (f"x[{k}, {k}, {k}, {k}]", "Four integers for three axes are too many indices: IndexError."),
        (f"x[{k}][{k}]", "The second index applies to the result of the first: both remove a first axis."),
        (f"x[{k}:][1:]", "Both slices apply to the first axis, one after the other."),
        ("x[..., ...]", "Only one ellipsis is allowed: IndexError."),
    ]
    text, why = forms[int(rng.integers(round(5 * hardness), 6 + round(7 * hardness)))]
    return predict(f"x = np.zeros(({a}, {b}, {c}))\n{text}.shape", why=why)


@drill("What are the strides, in bytes?")
def strides(rng, hardness):
    dtype = str(rng.choice(["uint8", "int16", "float32", "float64"]))
    size = np.dtype(dtype).itemsize
    h, w = (int(k) for k in rng.integers(4, 9, 2))
    step, k = int(rng.integers(2, 4)), int(rng.integers(0, 3))
    row = w * size
    forms = [
        (
            f"x[{k}:, 1:]",
            f"The start of a slice changes only the offset: {row} bytes per row, {size} per element, as in x.",
        ),
        (f"x[::{step}]", f"The next selected row is {step} rows of {row} bytes away; within a row nothing changes."),
        (f"x[:, {k}]", f"One element per row remains, so the next is {row} bytes away."),
        (f"x[:, ::{step}]", f"The next element in a row is {step} elements of {size} bytes away."),
        ("x[::-1]", f"A reversed axis has a negative stride: -{row}."),
        ("x.T[::-1]", f"The transpose has strides ({size}, {row}), and its first axis is reversed."),
        (f"x[::-{step}, ::-1]", f"Back {step} rows of {row} bytes, and back one element of {size}."),
        (f"x[::{step}][::-1]", f"Each step goes back {step} rows of {row} bytes: steps multiply strides."),
    ]
    text, why = forms[int(rng.integers(round(4 * hardness), 4 + round(4 * hardness)))]
    return predict(f"x = np.zeros(({h}, {w}), dtype={dtype!r})\n{text}.strides", why=why)


@drill("Does this print True or False?")
def views(rng, hardness):
    h, w = (int(k) for k in rng.integers(4, 9, 2))
    k = int(rng.integers(1, 3))
    view = "Slices, integers, None and the ellipsis only change shape, strides and offset: a view."
    forms = [
        (f"x[{k}:, :-1]", view),
        (f"x[::-1, ::{k + 1}]", view),
        (f"x[[0, {k}]]", "A list of positions is fancy indexing, which copies."),
        (f"x[..., None, {k}]", view),
        (f"x[:, [{k}]]", "A list with one position is still fancy indexing, which copies."),
        (f"x[:, {k}:{k + 1}]", view),
        (f"x[{k}:][:, [0, 1]]", "The slice is a view, but the list after it copies."),
        (f"x[x > {k}]", "A boolean index copies."),
        (f"x[{k}]", "One row of a 2-D array is a view."),
        (f"x[{k}, {k}]", "An integer for every axis returns a scalar, a copy of the element."),
        (f"x[{k}, {k}, ...]", "With an ellipsis the result stays an array, 0-d, which is a view."),
    ]
    text, why = forms[int(rng.integers(round(5 * hardness), 5 + round(6 * hardness)))]
    return predict(f"x = np.arange({h * w}).reshape({h}, {w})\nnp.shares_memory(x, {text})", why=why)


@drill("What is the shape?")
def mixed(rng, hardness):
    a, b, c = (int(k) for k in rng.choice(np.arange(3, 9), 3, replace=False))
    n = int(rng.integers(2, 4))
    places = [int(k) for k in rng.integers(0, 3, n)]
    apart = f"A slice separates the integer and the list, so their axis of length {n} comes first."
    beside = f"The integer and the list are adjacent, so their axis of length {n} replaces them."
    forms = [
        (f"x[{places}]", f"{n} positions of the first axis; the other axes stay."),
        (f"x[:, {places}]", f"{n} positions of the second axis."),
        (f"x[{places}, {places}]", f"Two lists are paired, giving {n} pairs: one axis for both."),
        (f"x[{places}][:, {places}]", f"One list at a time: {n} of the first axis, then {n} of the second."),
        (f"x[:, 0, {places}]", beside),
        (f"x[0, :, {places}]", apart),
        (f"x[{places}, :, {places}]", "Two separated lists: their common axis comes first."),
        (f"x[0:1, :, {places}]", "Slices and one list: each axis keeps its position."),
        (f"x[np.ix_({places}, {places})]", f"np.ix_ forms a grid of the lists: {n} by {n}."),
    ]
    text, why = forms[int(rng.integers(round(3 * hardness), 4 + round(5 * hardness)))]
    return predict(f"x = np.zeros(({a}, {b}, {c}))\n{text}.shape", why=why)


# ------------------------------------------------------------------------------------------------------------ inputs


def make_size(rng, variant, given):
    lengths = given["x"].shape
    some = tuple(int(rng.integers(0, n, endpoint=True)) for n in lengths)
    mirrored = tuple(s if rng.random() < 0.4 else -s for s in some)
    return {
        "some": some,
        "whole": lengths,
        "one less": tuple(max(n - 1, 0) for n in lengths),
        "last axis": some[-1:],
        "last two": some[-2:],
        "nothing": some[:-1] + (0,) * len(some[-1:]),
        "empty": (),
        "too long": some[:-1] + tuple(n + 1 for n in lengths[-1:]),
        "too many": (1, *some),
        "mirrored": mirrored,
        "last mirrored": mirrored[-1:],
        "all mirrored": tuple(-n for n in lengths),
        "too long mirrored": some[:-1] + tuple(-n - 1 for n in lengths[-1:]),
    }[variant]


def shorter(size):
    yield size[1:]
    for place, s in enumerate(size):
        if s:
            yield (*size[:place], s - 1 if s > 0 else s + 1, *size[place + 1 :])


PLAIN = ("some", "whole", "one less", "last axis", "last two", "nothing", "empty", "too long", "too many")
MIRRORED = ("mirrored", "last mirrored", "all mirrored", "too long mirrored", "some")

IMAGES = one_of(
    *(arrays(*shape, dtype=("float64", "uint8"), high=99) for shape in (("n", "m"), ("n",), (2, "n", "m"), (...,)))
)

TURNED = "mirrored = tuple((axis for axis, s in enumerate(size, -len(size)) if s < 0))"

QUESTION = Question(
    kinds=["predict", "code"],
    difficulty="medium",
    topics=["Indexing"],
    companies=["Meta"],
    asked=["meta-9"],
    entry_points=[
        Entry(
            center_crop,
            {
                "x": IMAGES,
                "size": made(make_size, *PLAIN, valid=lambda size: all(s >= 0 for s in size), plainer=shorter),
            },
            dims={"n": (1, 12), "m": (1, 12)},
            where=lambda x, size: x.ndim > 0 and x.size > 0,
            cases=[
                case(x=np.arange(8.0), size=(5,)),
                case(x=np.arange(4.0), size=(3,)),
                case(x=np.arange(4.0), size=(4,)),
                case(x=np.arange(12.0).reshape(3, 4), size=(2,)),
                case(x=np.arange(12.0).reshape(3, 4), size=(1, 2)),
                case(x=np.arange(24.0).reshape(2, 3, 4)[:, ::-1], size=(2, 1)),
                case(x=np.arange(3.0), size=()),
                case(x=np.arange(3.0), size=(0,)),
                raises(ValueError, x=np.zeros((2, 3)), size=(2, 4)),
                raises(ValueError, x=np.zeros((2, 3)), size=(1, 2, 3)),
            ],
        )
    ],
    levels=[
        Level("right"),
        Level("view", "The result is a view of x.", view_of("x")),
        Level(
            "mirrored",
            "A negative length reverses its axis, and still nothing is copied.",
            right_on(
                Entry(
                    center_crop,
                    {
                        "x": IMAGES,
                        "size": made(make_size, *MIRRORED, valid=lambda size: True, plainer=shorter),
                    },
                    dims={"n": (1, 12), "m": (1, 12)},
                    where=lambda x, size: x.ndim > 0 and x.size > 0,
                    cases=[
                        case(x=np.arange(4.0), size=(-4,)),
                        case(x=np.arange(4.0), size=(-1,)),
                        raises(ValueError, x=np.arange(4.0), size=(-5,)),
                    ],
                )
            ),
            allocates_nothing(lambda rng: {"x": rng.standard_normal((4, 200, 200)), "size": (-200, 151)}),
        ),
    ],
    hints=[
        "How many elements are removed at the beginning of an axis of length n of which s are kept?",
        "An index may be a tuple that you build: x[(slice(1, 3), slice(0, 2))] is x[1:3, 0:2].",
        "Which element of an index stands for all remaining axes?",
        "For reversed axes, slice twice: first the window, then [::-1]. What is x[3:-1:-1], and why?",
    ],
    spoken="""\
I build the index as a tuple: an Ellipsis for the leading axes, then one slice per entry of size, starting at `(n - s)
// 2` and stopping at start plus s. A basic slice is a view with a new offset, shape and strides, so nothing is
copied. Slices are silently shortened, so I check sizes explicitly, and I avoid `x[m:-m]`, which is empty for m equal
to zero. To reverse an axis I slice the window first and then apply `[::-1]`.
""",
    explanation="""\
A basic slice copies nothing: the new array has another offset, shape and strides for the same memory. Cropping a
gigabyte takes a microsecond.

An index is a tuple, so it can be built for any number of axes. `...` stands for all remaining axes:

>>> x = np.arange(24).reshape(2, 3, 4)
>>> cut = (slice(1, 2), slice(1, 3))
>>> x[(..., *cut)].tolist()
[[[5, 6]], [[17, 18]]]

A list in place of the tuple would be fancy indexing, which copies (or raises).

*Slices never raise if they are out of range*, they are shortened. Check the lengths yourself. And `x[m:-m]` is empty
for m = 0, because -0 is 0:

>>> x[0, 0, 0:-0].size, x[0, 0, 2:99].tolist()
(0, [2, 3])

So use `start + length`. The same problem occurs at the other end: reversed, `x[3:-1:-1]` is empty, because -1 means the
last element; only an omitted stop includes index 0. Slicing twice avoids it: the window first, then `[::-1]`, which
negates the stride.

>>> y = np.arange(6, dtype=np.int16)
>>> y[1:4][::-1].tolist(), y[1:4][::-1].strides
([3, 2, 1], (-2,))

Two indices in a row are not the same as a comma: `x[a:b][c:d]` slices the first axis twice. An integer removes its
axis, a slice of length 1 keeps it, and `None` inserts one.
""",
    points=[
        "Basic indexing (slices, integers, None, ...) returns a view: new offset, shape and strides, no copy.",
        "An index is a tuple; slice objects and an Ellipsis make it work for any number of axes.",
        "Slices are silently shortened; integers out of range raise IndexError.",
        "x[m:-m] is empty for m = 0; use start and start + length.",
        "Reversed, a stop of -1 means the last element; slice first, then reverse.",
        "x[a:b][c:d] slices the same axis twice; x[a:b, c:d] slices two axes.",
        "A view keeps its whole base in memory: copy a small window that must outlive a large image.",
    ],
    follow_ups={
        "When would you copy after all?": "If the window outlives the image, which a view keeps in "
        "memory, or if contiguous memory makes repeated work faster.",
        "What does indexing with two lists do, x[[0, 1], [0, 1]]?": "The lists are paired and select two elements; "
        "np.ix_ forms a grid.",
        "How do you take every second pixel?": "`x[..., ::2, ::2]`: still a view, with doubled strides.",
    },
    related=["copy-or-view", "sliding-windows", "expand-and-squeeze", "quadrants", "memory-layout"],
    links=[
        "https://numpy.org/doc/stable/user/basics.indexing.html",
        "https://numpy.org/doc/stable/user/basics.indexing.html",
        "https://numpy.org/doc/stable/user/basics.copies.html",
    ],
    equivalent={
        f"center_crop: `s < 0` -> `s <= 0` in `{TURNED}`": "the axis is empty if 0 elements are kept",
        f"center_crop: `0` -> `1` in `{TURNED}`": "the same",
        f"center_crop: `0` -> `-1` in `{TURNED}`": "an axis of length 1 is the same in both directions",
    },
)
