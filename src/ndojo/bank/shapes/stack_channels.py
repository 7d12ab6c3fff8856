"""Merge three channels into one picture."""

import time

import numpy as np

from ndojo.question import (
    Entry,
    Level,
    Question,
    Scenario,
    arrays,
    case,
    no_python_loop,
    peak_memory,
    raises,
    right_on,
    trap,
    works,
)


def merge_rgb(r, g, b):
    """Merge the red, green and blue channel of a picture, pixel by pixel, for a display.

    A camera delivers each color as a separate picture. The display reads memory from front to back and wants red,
    green and blue of the first pixel, then of the second, and so on.

    Parameters
    ----------
    r, g, b : ndarray, shape (h, w), uint8, uint16 or float32
        Brightness of each pixel in that color. h and w may be 0. Each may be strided, in Fortran order, reversed or
        read-only, and two may be the same array.
        On level 4 there may be axes in front, such as frames of a film: shape (..., h, w).

    Returns
    -------
    ndarray, shape (h, w, 3), dtype of the channels
        Element (i, j) is ``r[i, j], g[i, j], b[i, j]``. A new array, C-contiguous for any layout of the channels.
        On level 4 of shape (..., h, w, 3).

    Raises
    ------
    TypeError
        If the channels differ in dtype, for any shapes: what is white for uint8 is nearly black for uint16.
    ValueError
        If they have one dtype and differ in shape, even if broadcasting would stretch one of them.

    Examples
    --------
    >>> r, g = np.array([[255, 0]], dtype=np.uint8), np.array([[128, 0]], dtype=np.uint8)
    >>> merge_rgb(r, g, r)
    array([[[255, 128, 255],
            [  0,   0,   0]]], dtype=uint8)
    >>> merge_rgb(r, g, r / 255)
    Traceback (most recent call last):
    ...
    TypeError: channels of dtype uint8, uint8, float64
    """
    if not r.dtype == g.dtype == b.dtype:
        raise TypeError(f"channels of dtype {r.dtype}, {g.dtype}, {b.dtype}")
    picture = np.empty((*r.shape, 3), dtype=r.dtype)
    return np.stack([r, g, b], axis=-1, out=picture)


@works()
def filled(r, g, b):
    """Makes the picture, then writes every third value."""
    if r.dtype != g.dtype or r.dtype != b.dtype:
        raise TypeError("channels differ in dtype")
    if r.shape != g.shape or r.shape != b.shape:
        raise ValueError("channels differ in shape")
    picture = np.empty((*r.shape, 3), dtype=r.dtype)
    for k, channel in enumerate((r, g, b)):
        picture[..., k] = channel
    return picture


@works(fails="one allocation")
def by_dstack(r, g, b):
    """dstack gives arrays with two axes a third one and joins along it; contiguous ones give a contiguous result."""
    if len({r.dtype, g.dtype, b.dtype}) > 1:
        raise TypeError("channels differ in dtype")
    return np.dstack(tuple(np.ascontiguousarray(channel) for channel in (r, g, b)))


@works()
def as_records(r, g, b):
    """One record a pixel, with a field for each color, seen as numbers."""
    if len({r.dtype, g.dtype, b.dtype}) > 1:
        raise TypeError("channels differ in dtype")
    if not r.shape == g.shape == b.shape:
        raise ValueError("channels differ in shape")
    pixels = np.empty(r.shape, dtype=[("r", r.dtype), ("g", r.dtype), ("b", r.dtype)])
    pixels["r"], pixels["g"], pixels["b"] = r, g, b
    return pixels[..., np.newaxis].view(r.dtype)


@works(fails="one allocation")
def mended(r, g, b):
    """Takes what stack gives, and copies it again where that is not contiguous."""
    if not r.dtype == g.dtype == b.dtype:
        raise TypeError("channels differ in dtype")
    return np.ascontiguousarray(np.stack([r, g, b], axis=-1))


@works(fails="a film")
def two_axes_only(r, g, b):
    """Writes each channel, and knows pictures alone."""
    if len({r.dtype, g.dtype, b.dtype}) > 1:
        raise TypeError("channels differ in dtype")
    if len({r.shape, g.shape, b.shape}) > 1:
        raise ValueError("channels differ in shape")
    h, w = r.shape
    picture = np.zeros((h, w, 3), r.dtype)
    picture[:, :, 0], picture[:, :, 1], picture[:, :, 2] = r, g, b
    return picture


@works(fails="one allocation")
def copied_twice(r, g, b):
    """Stacks the channels as planes, then moves the colors to the end and copies again."""
    if not r.dtype == g.dtype == b.dtype:
        raise TypeError("channels differ in dtype")
    planes = np.stack([r, g, b])
    return np.ascontiguousarray(np.moveaxis(planes, 0, -1))


@works(fails="vectorized")
def pixel_by_pixel(r, g, b):
    """Visits each pixel."""
    if not r.dtype == g.dtype == b.dtype:
        raise TypeError("channels differ in dtype")
    if not r.shape == g.shape == b.shape:
        raise ValueError("channels differ in shape")
    picture = np.empty((*r.shape, 3), dtype=r.dtype)
    for place in np.ndindex(r.shape):
        picture[place] = r[place], g[place], b[place]
    return picture


@trap("stack puts its new axis in front unless told otherwise; colors go last: axis=-1.", verdict="WT")
def as_planes(r, g, b):
    if not r.dtype == g.dtype == b.dtype:
        raise TypeError("channels differ in dtype")
    return np.stack([r, g, b])


@trap(
    "reshape keeps the order in memory, so three neighbors of red become one pixel. Moving an axis takes stack with "
    "axis=-1, or moveaxis."
)
def reshapes(r, g, b):
    if not r.dtype == g.dtype == b.dtype:
        raise TypeError("channels differ in dtype")
    return np.stack([r, g, b]).reshape(*r.shape, 3)


@trap(
    "A transpose only reads memory in another order: it still holds all of red, then all of green. The display needs "
    "C-contiguous memory."
)
def only_looks_merged(r, g, b):
    if not r.dtype == g.dtype == b.dtype:
        raise TypeError("channels differ in dtype")
    return np.stack([r, g, b]).transpose(1, 2, 0)


@trap(
    "stack gives its result the layout of the channels: three in Fortran order give no C-contiguous picture. Give it "
    "out=, or fill a new array."
)
def as_the_channels_lie(r, g, b):
    if not r.dtype == g.dtype == b.dtype:
        raise TypeError("channels differ in dtype")
    return np.stack([r, g, b], axis=-1)


@trap("Joining promotes mixed dtypes silently: uint8 and float32 make float32. Compare the dtypes first.")
def promotes(r, g, b):
    return np.ascontiguousarray(np.stack([r, g, b], axis=-1))


@trap("astype makes the dtypes agree, and wraps or cuts off what does not fit: refuse instead.")
def forces_the_dtype(r, g, b):
    return np.ascontiguousarray(np.stack([r, g.astype(r.dtype), b.astype(r.dtype)], axis=-1))


@trap("Assigning to a slice broadcasts: a channel of one row fills the whole picture. Compare the shapes.")
def stretches(r, g, b):
    if not r.dtype == g.dtype == b.dtype:
        raise TypeError("channels differ in dtype")
    picture = np.empty((*np.broadcast_shapes(r.shape, g.shape, b.shape), 3), dtype=r.dtype)
    picture[..., 0], picture[..., 1], picture[..., 2] = r, g, b
    return picture


@trap("Red comes first, then green, then blue; blue first is the order of OpenCV.")
def blue_first(r, g, b):
    if not r.dtype == g.dtype == b.dtype:
        raise TypeError("channels differ in dtype")
    return np.ascontiguousarray(np.stack([b, g, r], axis=-1))


@trap(
    "column_stack and hstack join arrays with two axes along the columns, and add no axis: the channels come to stand "
    "side by side.",
    verdict="WT",
)
def side_by_side(r, g, b):
    if not r.dtype == g.dtype == b.dtype:
        raise TypeError("channels differ in dtype")
    return np.column_stack([r, g, b])


def is_c_contiguous(merge_rgb, r, g, b):
    return bool(merge_rgb(r, g, b).flags.c_contiguous)


def show_memory():
    rng = np.random.default_rng(0)
    r, g, b = rng.integers(0, 256, (3, 1000, 1500), dtype=np.uint8)
    print("first bytes of", r[0, :3].tolist(), g[0, :3].tolist(), b[0, :3].tolist())
    for name, merge in [
        ("stack, axis=-1", merge_rgb),
        ("stack, then transpose", only_looks_merged.function),
        ("stack, transpose, copy", copied_twice.function),
    ]:
        times = []
        for _ in range(5):
            start = time.perf_counter()
            picture = merge(r, g, b)
            times.append(time.perf_counter() - start)
        memory = picture.ravel(order="K")[:6].tolist()
        print(f"{name:23} {1e3 * min(times):6.2f} ms, in memory {memory}, strides {picture.strides}")


CHANNELS = {name: arrays("h", "w", dtype=("uint8", "uint16", "float32")) for name in "rgb"}
FILMS = {name: arrays("frames", "h", "w", dtype=("uint8", "float32")) for name in "rgb"}


def one_kind(r, g, b):
    return r.dtype == g.dtype == b.dtype


def picture(h, w, dtype=np.uint8, start=0):
    return (start + np.arange(h * w)).reshape(h, w).astype(dtype)


def channels(rng, n=1000, m=1000):
    return {name: rng.integers(0, 256, (n, m), dtype=np.uint8) for name in "rgb"}


def fortran_channels(rng):
    return {name: channel.T for name, channel in channels(rng).items()}


QUESTION = Question(
    kinds=["code"],
    difficulty="medium",
    topics=["Array Manipulation"],
    companies=["Google", "Amazon", "CV Companies"],
    asked=["T87"],
    entry_points=[
        Entry(
            merge_rgb,
            CHANNELS,
            cases=[
                case(r=picture(1, 2), g=picture(1, 2, start=4), b=picture(1, 2, start=8)),
                case(r=picture(3, 2), g=picture(3, 2, start=10), b=picture(3, 2, start=20)),
                case(r=picture(2, 3, np.uint16, 900), g=picture(2, 3, np.uint16), b=picture(2, 3, np.uint16, 60)),
                case(r=picture(2, 2, np.float32), g=picture(2, 2, np.float32, 5), b=picture(2, 2, np.float32, 9).T),
                case(r=picture(3, 3), g=picture(3, 3, start=10), b=picture(3, 3, start=20)),
                case(r=picture(2, 0), g=picture(2, 0), b=picture(2, 0)),
                raises(TypeError, r=picture(1, 1), g=picture(1, 1, np.uint16), b=picture(1, 1)),
                raises(TypeError, r=picture(1, 2), g=picture(1, 2), b=picture(1, 2, np.float32)),
                raises(TypeError, r=picture(1, 2), g=picture(1, 1, np.float32), b=picture(1, 2)),
                raises(ValueError, r=picture(2, 2), g=picture(2, 2), b=picture(1, 2)),
                raises(ValueError, r=picture(2, 2), g=picture(2, 1), b=picture(2, 2)),
                raises(ValueError, r=picture(1, 1), g=picture(2, 2), b=picture(2, 2)),
                raises(ValueError, r=picture(2, 3), g=picture(3, 2), b=picture(2, 3)),
                raises(ValueError, r=picture(0, 2), g=picture(0, 2), b=picture(2, 0)),
            ],
        )
    ],
    scenarios=[
        Scenario(
            is_c_contiguous,
            CHANNELS,
            where=one_kind,
            cases=[
                case(r=picture(2, 2), g=picture(2, 2), b=picture(2, 2)),
                case(**{name: np.asfortranarray(picture(2, 2, start=4 * k)) for k, name in enumerate("rgb")}),
                case(**{name: np.asfortranarray(picture(2, 3, np.float32)) for name in "rgb"}),
            ],
        )
    ],
    levels=[
        Level("right"),
        Level(
            "vectorized", "No loop in Python over pixels or rows.", no_python_loop(lambda rng, n: channels(rng, n, 8))
        ),
        Level(
            "one allocation",
            "A picture of a megapixel: allocate the result and nothing else of its size, also for Fortran order.",
            peak_memory(channels, outputs=1, extra=64 << 10),
            peak_memory(fortran_channels, outputs=1, extra=64 << 10),
        ),
        Level(
            "a film",
            "Now each channel may be a film, or several: any axes in front of the picture.",
            right_on(
                Entry(
                    merge_rgb,
                    FILMS,
                    dims={"frames": (0, 4), "h": (0, 6), "w": (0, 6)},
                    where=one_kind,
                    cases=[
                        case(**{name: picture(4, 3, start=20 * k).reshape(2, 2, 3) for k, name in enumerate("rgb")}),
                        case(**{name: picture(4, 3, start=20 * k).reshape(2, 1, 2, 3) for k, name in enumerate("rgb")}),
                    ],
                )
            ),
        ),
    ],
    hints=[
        "Which of stack and concatenate makes a new axis, and how do you say where it goes?",
        "Print the result's strides: how many bytes lie between red and green of one pixel?",
        "What do stack and assignment do with dtypes that differ? And assignment with shapes that differ?",
        "dstack is concatenate along axis 2. Which axis is that for a film?",
    ],
    spoken=(
        "The result has shape (h, w, 3), so the new axis goes last: np.stack([r, g, b], axis=-1), or dstack. Stack "
        "follows the layout of its inputs, so for a C-contiguous result I allocate with np.empty and assign each "
        "channel, or pass it as out. Joining silently promotes mixed dtypes, and assignment silently casts and "
        "broadcasts, so I compare dtypes and shapes first and raise an error. Stacking planes and transposing would "
        "give a view that is not contiguous."
    ),
    explanation="""\
`np.stack(..., axis=-1)` joins arrays of one shape along a new last axis. For pictures with two axes `np.dstack` does
the same: it adds a third axis and joins along it. With three axes it adds none, and joins frames along their columns.

>>> r, g = np.array([[1, 2], [3, 4]], dtype=np.uint8), np.array([[5, 6], [7, 8]], dtype=np.uint8)
>>> np.stack([r, g, g], axis=-1)[0].tolist()
[[1, 5, 5], [2, 6, 6]]
>>> np.dstack([r[None], g[None], g[None]]).shape, np.stack([r[None], g[None], g[None]], axis=-1).shape
((1, 2, 6), (1, 2, 2, 3))

Shape is not layout. Planes from `np.stack([r, g, g])`, with the colors moved to the end, have the right shape but lie
in memory as before; making them contiguous is a second copy. And `stack` follows the layout of its inputs, unless `out`
gives it memory:

>>> np.stack([r, g, g], axis=-1).strides, np.stack([r.T, g.T, g.T], axis=-1).strides
((6, 3, 1), (3, 6, 1))

`reshape` moves nothing and scrambles colors.

Two silent conversions need a check. Joining promotes dtypes, so one float channel turns the picture into floats:

>>> np.stack([r, r / 255], axis=-1).dtype
dtype('float64')

Assigning to slices casts to the picture's dtype instead, and broadcasts, where `stack` wants equal shapes. So compare
dtypes and raise TypeError; compare shapes and raise ValueError. Since NumPy 1.24, `np.stack(..., dtype=r.dtype,
casting="no")` refuses, too.
""",
    points=[
        "stack adds an axis and axis=-1 puts it last; concatenate joins along one that exists.",
        "dstack works for two axes; with three it joins axis 2 and adds none.",
        "A transpose changes strides, not memory; reshape moves nothing and scrambles colors.",
        "stack follows the layout of its inputs; out= or a new array makes it C order.",
        "stack promotes mixed dtypes silently, so compare them first.",
        "Assigning to picture[..., k] casts and broadcasts silently, so compare shapes as well.",
        "One allocation is enough: np.empty, then out= or three assignments.",
    ],
    follow_ups={
        "How do you take a picture apart again?": "r, g, b = np.moveaxis(picture, -1, 0): three views. NumPy 2.1 has "
        "np.unstack(picture, axis=-1) for it.",
        "Planes or pixels: which is better?": "Planes for work on one color, as each is contiguous; pixels where all "
        "colors of a pixel are needed, as by most displays and codecs.",
        "How do you swap RGB and BGR?": "picture[..., ::-1], a view with a negative stride; copy it for code that "
        "wants contiguous memory.",
    },
    equivalent={
        "merge_rgb: `np.empty` -> `np.ones` in `picture = np.empty((*r.shape, 3), dtype=r.dtype)`": "Every element is "
        "written afterwards.",
    },
    related=["stack-arrays", "move-axes", "memory-layout", "reshape-blocks"],
    links=[
        "https://numpy.org/doc/stable/reference/generated/numpy.stack.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.dstack.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.moveaxis.html",
    ],
    live=show_memory,
)
