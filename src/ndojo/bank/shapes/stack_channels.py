"""Stack three channels into one image."""

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
    """Stack the red, green and blue channel of an image along a new last axis.

    A camera delivers each color as a separate array. A display needs the red, green and blue value of each pixel next
    to each other in memory.

    Parameters
    ----------
    r, g, b : ndarray, shape (h, w), uint8, uint16 or float32
        The brightness of each pixel in that color. ``h >= 0`` and ``w >= 0``. Each channel may be strided, in Fortran
        order, reversed or read-only, and the same array may be passed more than once.
        On level 4, the channels may have any number of leading axes, such as the frames of a film: shape (..., h, w).

    Returns
    -------
    ndarray, shape (h, w, 3), same dtype as the channels
        A new array, in which element (i, j) is ``r[i, j], g[i, j], b[i, j]``. It is C-contiguous, regardless of the
        memory layout of the channels. On level 4 the shape is (..., h, w, 3).

    Raises
    ------
    TypeError
        If the dtypes of the channels differ, even if their shapes differ as well. The same number means a different
        brightness in another dtype: 255 is white in uint8 and nearly black in uint16.
    ValueError
        If the dtypes are equal but the shapes differ, even if the shapes can be broadcast.

    Examples
    --------
    >>> r, g = np.array([[255, 0]], dtype=np.uint8), np.array([[128, 0]], dtype=np.uint8)
    >>> merge_rgb(r, g, r)
    array([[[255, 128, 255],
            [  0,   0,   0]]], dtype=uint8)
    >>> merge_rgb(r, g, r / 255)
    Traceback (most recent call last):
    ...
    TypeError: channels must have the same dtype, got uint8, uint8, float64
    """
    if not r.dtype == g.dtype == b.dtype:
        raise TypeError(f"channels must have the same dtype, got {r.dtype}, {g.dtype}, {b.dtype}")
    image = np.empty((*r.shape, 3), dtype=r.dtype)
    return np.stack([r, g, b], axis=-1, out=image)


@works()
def filled(r, g, b):
    """Allocates the image and assigns one channel after another."""
    if r.dtype != g.dtype or r.dtype != b.dtype:
        raise TypeError("channels must have the same dtype")
    if r.shape != g.shape or r.shape != b.shape:
        raise ValueError("channels must have the same shape")
    image = np.empty((*r.shape, 3), dtype=r.dtype)
    for k, channel in enumerate((r, g, b)):
        image[..., k] = channel
    return image


@works(fails="one allocation")
def by_dstack(r, g, b):
    """Uses np.dstack, which adds a third axis to 2-D arrays, on C-contiguous copies of the channels."""
    if len({r.dtype, g.dtype, b.dtype}) > 1:
        raise TypeError("channels must have the same dtype")
    return np.dstack(tuple(np.ascontiguousarray(channel) for channel in (r, g, b)))


@works()
def as_records(r, g, b):
    """Fills a structured array with one field per color, then views it as plain numbers."""
    if len({r.dtype, g.dtype, b.dtype}) > 1:
        raise TypeError("channels must have the same dtype")
    if not r.shape == g.shape == b.shape:
        raise ValueError("channels must have the same shape")
    pixels = np.empty(r.shape, dtype=[("r", r.dtype), ("g", r.dtype), ("b", r.dtype)])
    pixels["r"], pixels["g"], pixels["b"] = r, g, b
    return pixels[..., np.newaxis].view(r.dtype)


@works(fails="one allocation")
def copies_if_needed(r, g, b):
    """Uses np.stack, and copies the result again if it is not C-contiguous."""
    if not r.dtype == g.dtype == b.dtype:
        raise TypeError("channels must have the same dtype")
    return np.ascontiguousarray(np.stack([r, g, b], axis=-1))


@works(fails="a film")
def two_axes_only(r, g, b):
    """Assigns each channel, but accepts only 2-D channels."""
    if len({r.dtype, g.dtype, b.dtype}) > 1:
        raise TypeError("channels must have the same dtype")
    if len({r.shape, g.shape, b.shape}) > 1:
        raise ValueError("channels must have the same shape")
    h, w = r.shape
    image = np.zeros((h, w, 3), r.dtype)
    image[:, :, 0], image[:, :, 1], image[:, :, 2] = r, g, b
    return image


@works(fails="one allocation")
def copied_twice(r, g, b):
    """Stacks along axis 0, moves that axis to the end and copies the result."""
    if not r.dtype == g.dtype == b.dtype:
        raise TypeError("channels must have the same dtype")
    planes = np.stack([r, g, b])
    return np.ascontiguousarray(np.moveaxis(planes, 0, -1))


@works(fails="vectorized")
def pixel_by_pixel(r, g, b):
    """Assigns one pixel at a time."""
    if not r.dtype == g.dtype == b.dtype:
        raise TypeError("channels must have the same dtype")
    if not r.shape == g.shape == b.shape:
        raise ValueError("channels must have the same shape")
    image = np.empty((*r.shape, 3), dtype=r.dtype)
    for index in np.ndindex(r.shape):
        image[index] = r[index], g[index], b[index]
    return image


@trap(
    "np.stack inserts the new axis at axis 0 by default. The colors belong on the last axis, so pass axis=-1.",
    verdict="WT",
)
def as_planes(r, g, b):
    if not r.dtype == g.dtype == b.dtype:
        raise TypeError("channels must have the same dtype")
    return np.stack([r, g, b])


@trap(
    "reshape keeps the order of the elements, all of red first, so neighboring red values end up in the same pixel. "
    "To put the colors last, use np.stack with axis=-1."
)
def reshapes(r, g, b):
    if not r.dtype == g.dtype == b.dtype:
        raise TypeError("channels must have the same dtype")
    return np.stack([r, g, b]).reshape(*r.shape, 3)


@trap(
    "A transpose returns a view with other strides and moves no data: the values of one pixel are still far apart in "
    "memory. The result must be C-contiguous, so stack along axis=-1 or copy."
)
def transposes(r, g, b):
    if not r.dtype == g.dtype == b.dtype:
        raise TypeError("channels must have the same dtype")
    return np.stack([r, g, b]).transpose(1, 2, 0)


@trap(
    "np.stack, np.dstack and np.concatenate follow the memory layout of their inputs, so Fortran-ordered channels "
    "give a result that is not C-contiguous. Allocate it with np.empty, then pass it as out= or assign each channel."
)
def keeps_the_input_layout(r, g, b):
    if not r.dtype == g.dtype == b.dtype:
        raise TypeError("channels must have the same dtype")
    return np.stack([r, g, b], axis=-1)


@trap(
    "NumPy promotes mixed dtypes silently: uint8 and float32 give float32. Compare the dtypes first and raise "
    "TypeError."
)
def promotes(r, g, b):
    return np.ascontiguousarray(np.stack([r, g, b], axis=-1))


@trap("astype silently changes values that the new dtype cannot represent. If the dtypes differ, raise TypeError.")
def forces_the_dtype(r, g, b):
    return np.ascontiguousarray(np.stack([r, g.astype(r.dtype), b.astype(r.dtype)], axis=-1))


@trap(
    "Assignment to a slice broadcasts, so a channel with one row would fill the whole image. Compare the shapes "
    "first and raise ValueError."
)
def stretches(r, g, b):
    if not r.dtype == g.dtype == b.dtype:
        raise TypeError("channels must have the same dtype")
    image = np.empty((*np.broadcast_shapes(r.shape, g.shape, b.shape), 3), dtype=r.dtype)
    image[..., 0], image[..., 1], image[..., 2] = r, g, b
    return image


@trap("The order of the last axis is red, green, blue. Blue first is OpenCV's order. Stack r, g, b.")
def blue_first(r, g, b):
    if not r.dtype == g.dtype == b.dtype:
        raise TypeError("channels must have the same dtype")
    return np.ascontiguousarray(np.stack([b, g, r], axis=-1))


@trap(
    "np.column_stack and np.hstack join 2-D arrays along axis 1 and add no axis, so the result has shape (h, 3 * w). "
    "Use np.stack with axis=-1.",
    verdict="WT",
)
def by_column_stack(r, g, b):
    if not r.dtype == g.dtype == b.dtype:
        raise TypeError("channels must have the same dtype")
    return np.column_stack([r, g, b])


def is_c_contiguous(merge_rgb, r, g, b):
    return bool(merge_rgb(r, g, b).flags.c_contiguous)


def show_memory():
    rng = np.random.default_rng(0)
    r, g, b = rng.integers(0, 256, (3, 1000, 1500), dtype=np.uint8)
    print("first values of r, g and b:", r[0, :3].tolist(), g[0, :3].tolist(), b[0, :3].tolist())
    for name, merge in [
        ("stack, axis=-1", merge_rgb),
        ("stack, then transpose", transposes.function),
        ("stack, transpose, copy", copied_twice.function),
    ]:
        times = []
        for _ in range(5):
            start = time.perf_counter()
            image = merge(r, g, b)
            times.append(time.perf_counter() - start)
        memory = image.ravel(order="K")[:6].tolist()
        print(f"{name:23} {1e3 * min(times):6.2f} ms, first values in memory {memory}, strides {image.strides}")


CHANNELS = {name: arrays("h", "w", dtype=("uint8", "uint16", "float32")) for name in "rgb"}
FILMS = {name: arrays("frames", "h", "w", dtype=("uint8", "float32")) for name in "rgb"}


def same_dtype(r, g, b):
    return r.dtype == g.dtype == b.dtype


def image(h, w, dtype=np.uint8, start=0):
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
                case(r=image(1, 2), g=image(1, 2, start=4), b=image(1, 2, start=8)),
                case(r=image(3, 2), g=image(3, 2, start=10), b=image(3, 2, start=20)),
                case(r=image(2, 3, np.uint16, 900), g=image(2, 3, np.uint16), b=image(2, 3, np.uint16, 60)),
                case(r=image(2, 2, np.float32), g=image(2, 2, np.float32, 5), b=image(2, 2, np.float32, 9).T),
                case(r=image(3, 3), g=image(3, 3, start=10), b=image(3, 3, start=20)),
                case(r=image(2, 0), g=image(2, 0), b=image(2, 0)),
                raises(TypeError, r=image(1, 1), g=image(1, 1, np.uint16), b=image(1, 1)),
                raises(TypeError, r=image(1, 2), g=image(1, 2), b=image(1, 2, np.float32)),
                raises(TypeError, r=image(1, 2), g=image(1, 1, np.float32), b=image(1, 2)),
                raises(ValueError, r=image(2, 2), g=image(2, 2), b=image(1, 2)),
                raises(ValueError, r=image(2, 2), g=image(2, 1), b=image(2, 2)),
                raises(ValueError, r=image(1, 1), g=image(2, 2), b=image(2, 2)),
                raises(ValueError, r=image(2, 3), g=image(3, 2), b=image(2, 3)),
                raises(ValueError, r=image(0, 2), g=image(0, 2), b=image(2, 0)),
            ],
        )
    ],
    scenarios=[
        Scenario(
            is_c_contiguous,
            CHANNELS,
            where=same_dtype,
            cases=[
                case(r=image(2, 2), g=image(2, 2), b=image(2, 2)),
                case(**{name: np.asfortranarray(image(2, 2, start=4 * k)) for k, name in enumerate("rgb")}),
                case(**{name: np.asfortranarray(image(2, 3, np.float32)) for name in "rgb"}),
            ],
        )
    ],
    levels=[
        Level("right"),
        Level(
            "vectorized",
            "Uses no Python loop over the pixels or rows.",
            no_python_loop(lambda rng, n: channels(rng, n, 8)),
        ),
        Level(
            "one allocation",
            "Allocates at most the result and 64 KiB for channels of shape (1000, 1000), in C order and in "
            "Fortran order.",
            peak_memory(channels, outputs=1, extra=64 << 10),
            peak_memory(fortran_channels, outputs=1, extra=64 << 10),
        ),
        Level(
            "a film",
            "Also works if the channels have any number of leading axes, such as the frames of a film.",
            right_on(
                Entry(
                    merge_rgb,
                    FILMS,
                    dims={"frames": (0, 4), "h": (0, 6), "w": (0, 6)},
                    where=same_dtype,
                    cases=[
                        case(**{name: image(4, 3, start=20 * k).reshape(2, 2, 3) for k, name in enumerate("rgb")}),
                        case(**{name: image(4, 3, start=20 * k).reshape(2, 1, 2, 3) for k, name in enumerate("rgb")}),
                    ],
                )
            ),
        ),
    ],
    hints=[
        "Which of np.stack and np.concatenate creates a new axis, and which argument sets its position?",
        "Print the strides of the result: how many bytes apart are the red and the green value of one pixel?",
        "What do np.stack and assignment do if the dtypes differ? What does assignment do if the shapes differ?",
        "Level 4: np.dstack joins along axis 2. Which axis is that for the frames of a film?",
    ],
    spoken="""\
The colors belong on a new last axis, so I'd use `np.stack` with `axis=-1`. NumPy promotes mixed dtypes silently, so I
compare the dtypes first and raise TypeError. `np.stack` itself raises ValueError if the shapes differ. It also follows
the memory layout of its inputs, so Fortran-ordered channels would give a result that isn't C-contiguous. To guarantee C
order with a single allocation, I create the image with `np.empty` and pass it as `out`. Stacking along axis 0 and
transposing gives the right shape, but only a view, and copying it needs a second allocation.
""",
    explanation="""\
`np.stack(..., axis=-1)` joins arrays of equal shape along a new last axis. Each pixel then consists of three
neighboring values:

>>> r, g = np.array([[1, 2], [3, 4]], dtype=np.uint8), np.array([[5, 6], [7, 8]], dtype=np.uint8)
>>> np.stack([r, g, g], axis=-1)[0].tolist()
[[1, 5, 5], [2, 6, 6]]

*Memory layout.* `np.stack` follows the layout of its inputs. If the channels are in Fortran order, the result has the
right shape and values but is not C-contiguous:

>>> np.stack([r, g, g], axis=-1).strides, np.stack([r.T, g.T, g.T], axis=-1).strides
((6, 3, 1), (3, 6, 1))

If you pass an array from `np.empty` as `out`, the result has the layout of that array:

>>> image = np.empty((2, 2, 3), dtype=r.dtype)
>>> np.stack([r.T, g.T, g.T], axis=-1, out=image).strides
(6, 3, 1)

Assigning `image[..., k]` for each channel works as well. Both ways allocate the image only once. If you stack along
axis 0 and then move that axis to the end, you get a view that is not C-contiguous. A contiguous copy of it requires a
second allocation.

*Why not `reshape`?* `reshape` keeps the order of the elements. From shape (3, h, w) to (h, w, 3), it puts
neighboring values of the same color into one pixel.

*Dtypes and shapes.* `np.stack` promotes dtypes, so one float64 channel makes the whole image float64:

>>> np.stack([r, r / 255], axis=-1).dtype
dtype('float64')

Assigning a channel to `image[..., k]` casts it to the dtype of the image and broadcasts it, both silently. `np.stack`
raises ValueError if the shapes differ. So compare the dtypes in any case, and compare the shapes if you assign. Since
NumPy 1.24, `np.stack(..., dtype=r.dtype, casting="no")` also raises TypeError if a dtype differs.

*Alternatives.* For 2-D channels, `np.dstack` adds a third axis and joins along it. If the channels already have three
axes, it adds none and joins along axis 2, so `np.stack` is the better choice for films:

>>> np.dstack([r[None], g[None], g[None]]).shape, np.stack([r[None], g[None], g[None]], axis=-1).shape
((1, 2, 6), (1, 2, 2, 3))
""",
    points=[
        "np.stack creates a new axis, and axis=-1 makes it the last; np.concatenate joins along an existing axis.",
        "np.dstack adds an axis to 2-D arrays; it joins 3-D arrays along axis 2 without adding one.",
        "Neither a transpose nor reshape reorders elements in memory, so neither interleaves the colors.",
        "np.stack follows the layout of its inputs; out= with an array from np.empty guarantees C order.",
        "np.stack promotes mixed dtypes silently, so compare the dtypes first.",
        "Assignment to image[..., k] casts and broadcasts silently, so compare the shapes as well.",
        "One allocation is enough: np.empty, followed by out= or three assignments.",
    ],
    follow_ups={
        "How do you split the image into its channels again?": "With `r, g, b = np.moveaxis(image, -1, 0)`, which "
        "gives three views. NumPy 2.1 added `np.unstack(image, axis=-1)`.",
        "When is the shape (3, h, w) better than (h, w, 3)?": "If you process each color separately, because each "
        "channel is contiguous. If you need all colors of a pixel together, (h, w, 3) is better.",
        "How do you convert between RGB and BGR?": "With `image[..., ::-1]`, a view with a negative stride. Copy "
        "it if other code requires contiguous memory.",
    },
    equivalent={
        "merge_rgb: `np.empty` -> `np.ones` in `image = np.empty((*r.shape, 3), dtype=r.dtype)`": "Every element is "
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
