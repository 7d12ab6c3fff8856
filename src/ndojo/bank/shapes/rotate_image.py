"""Rotate an image by any angle."""

import math
import time

import numpy as np

from ndojo.question import (
    Entry,
    Level,
    Question,
    Scenario,
    arrays,
    case,
    faster_than,
    floats,
    integers,
    matches,
    needs,
    no_python_loop,
    one_of,
    right_on,
    trap,
    works,
)


def rotate90(img, k):
    """Rotate an image counterclockwise by `k` quarter turns.

    Row 0 is at the top and column 0 at the left, so one quarter turn moves the right edge to the top.

    Parameters
    ----------
    img : ndarray, shape (h, w) or (h, w, c), uint8 or float64
        A grayscale image, or an image with c channels, ``h >= 0`` and ``w >= 0``. The channels of a pixel keep their
        order. `img` may be strided, reversed, broadcast or read-only. It may contain NaN, which is moved like any
        other value.
    k : int
        Number of quarter turns of 90 degrees, any integer. If ``k < 0``, rotate clockwise. Four turns change nothing.

    Returns
    -------
    ndarray, shape (h, w[, c]) for even `k` and (w, h[, c]) for odd `k`, dtype of `img`
        The rotated image. On level 2 and above, it shares memory with `img` for every `k`.

    Examples
    --------
    >>> img = np.array([[1, 2, 3], [4, 5, 6]], dtype=np.uint8)
    >>> rotate90(img, 1)
    array([[3, 6],
           [2, 5],
           [1, 4]], dtype=uint8)
    >>> rotate90(img, -1)[0].tolist()
    [4, 1]
    """
    return np.rot90(img, k)


def rotate(img, degrees):
    """Rotate an image counterclockwise by any angle about its center and keep its shape.

    Pixel (i, j) of the result is y = i - (h - 1) / 2 rows below and x = j - (w - 1) / 2 columns right of the center.
    With the angle a, its value is the value of `img` at the point

        row    (h - 1) / 2 + y cos a + x sin a
        column (w - 1) / 2 + x cos a - y sin a

    Use bilinear interpolation between the four pixels around this point. The weight of each pixel is
    (1 - distance in rows) * (1 - distance in columns). Pixels outside of `img` have value 0 and are interpolated like
    all others, so the edge of the image fades to 0 over the length of one pixel. If the image is square, 90 degrees
    give the same values as ``rotate90(img, 1)``.

    Parameters
    ----------
    img : ndarray, shape (h, w) or (h, w, c), uint8 or float64
        A grayscale image, or an image with c channels, each rotated in the same way. ``h >= 0`` and ``w >= 0``. If h
        or w is 0, the result is empty too. All values are finite. `img` may be strided, reversed, broadcast or
        read-only.
    degrees : int or float
        The angle in degrees, finite. If it is negative, rotate clockwise. It may exceed a full turn.

    Returns
    -------
    ndarray, shape of `img`, float64
        The dtype is float64 for uint8 images too, and no value is rounded. An absolute or relative error of 1e-9 is
        allowed.

    Examples
    --------
    >>> rotate(np.array([[0.0, 0.0, 0.0], [8.0, 8.0, 8.0], [0.0, 0.0, 0.0]]), 45).round(2)
    array([[0.  , 2.34, 4.69],
           [2.34, 8.  , 2.34],
           [4.69, 2.34, 0.  ]])
    >>> rotate(np.array([[0, 200], [0, 0]], dtype=np.uint8), 90).round(6)
    array([[200.,   0.],
           [  0.,   0.]])
    """
    h, w = img.shape[:2]
    y, x = np.arange(h)[:, None] - (h - 1) / 2, np.arange(w) - (w - 1) / 2
    sin, cos = math.sin(math.radians(degrees)), math.cos(math.radians(degrees))
    row = np.clip(y * cos + x * sin + (h - 1) / 2, -1, h) + 1
    column = np.clip(x * cos - y * sin + (w - 1) / 2, -1, w) + 1
    top, left = row.astype(np.intp), column.astype(np.intp)
    # Pad with zeros, by one pixel before the image and two after it. Then every point has four neighbors.
    padded = np.zeros((h + 3, w + 3, *img.shape[2:]))
    padded[1 : h + 1, 1 : w + 1] = img
    flat = padded.reshape((h + 3) * (w + 3), *img.shape[2:])
    first = top * (w + 3) + left
    row_weight, column_weight = (
        (point - corner).reshape(h, w, *[1] * (img.ndim - 2)) for point, corner in ((row, top), (column, left))
    )
    upper = flat[first] * (1 - column_weight) + flat[first + 1] * column_weight
    lower = flat[first + w + 3] * (1 - column_weight) + flat[first + w + 4] * column_weight
    return upper * (1 - row_weight) + lower * row_weight


# ------------------------------------------------------------------------------------------------------- right answers


@works(of="rotate90")
def by_flips(img, k):
    """Transposes and flips for a quarter turn, and flips both axes for a half turn."""
    k %= 4
    if k == 2:
        return img[::-1, ::-1]
    if k == 0:
        return img
    return img.swapaxes(0, 1)[::-1] if k == 1 else img.swapaxes(0, 1)[:, ::-1]


@works(of="rotate90")
def turn_by_turn(img, k):
    """Repeats a quarter turn. Each one only creates another view."""
    for _ in range(k % 4):
        img = np.flip(np.moveaxis(img, 0, 1), axis=0)
    return img


@works(fails="view", of="rotate90")
def by_copies(img, k):
    """Copies each column of the old image to a row of a new one."""
    for _ in range(k % 4):
        rotated = np.empty((img.shape[1], img.shape[0], *img.shape[2:]), dtype=img.dtype)
        for j in range(img.shape[1]):
            rotated[img.shape[1] - 1 - j] = img[:, j]
        img = rotated
    return img


@works(fails="vectorized", of="rotate")
def by_loop(img, degrees):
    """Computes the source point of each pixel in a Python loop."""
    h, w = img.shape[:2]
    sin, cos = math.sin(math.radians(degrees)), math.cos(math.radians(degrees))
    rotated = np.zeros(img.shape)
    for i in range(h):
        for j in range(w):
            y, x = i - (h - 1) / 2, j - (w - 1) / 2
            row, column = y * cos + x * sin + (h - 1) / 2, x * cos - y * sin + (w - 1) / 2
            top, left = math.floor(row), math.floor(column)
            for r in (top, top + 1):
                for c in (left, left + 1):
                    if 0 <= r < h and 0 <= c < w:
                        rotated[i, j] += (1 - abs(row - r)) * (1 - abs(column - c)) * img[r, c]
    return rotated


def source_points(img, degrees):
    """Return the row and the column of the source point of each pixel, both with shape (h, w)."""
    h, w = img.shape[:2]
    y, x = np.ogrid[:h, :w]
    y, x = y - (h - 1) / 2, x - (w - 1) / 2
    a = np.deg2rad(degrees)
    return y * np.cos(a) + x * np.sin(a) + (h - 1) / 2, x * np.cos(a) - y * np.sin(a) + (w - 1) / 2


def interpolate(img, row, column, to_integer=np.floor):
    """Interpolate at these points. Neighbors outside of the image have weight 0."""
    h, w = img.shape[:2]
    rotated = np.zeros(img.shape)
    for r in (to_integer(row), to_integer(row) + 1):
        for c in (to_integer(column), to_integer(column) + 1):
            inside = (r >= 0) & (r < h) & (c >= 0) & (c < w)
            weight = inside * (1 - abs(row - r)) * (1 - abs(column - c))
            pixels = img[np.clip(r, 0, h - 1).astype(int), np.clip(c, 0, w - 1).astype(int)]
            rotated += weight.reshape(h, w, *[1] * (img.ndim - 2)) * pixels
    return rotated


@works(of="rotate")
def by_masks(img, degrees):
    """Clips the indices of neighbors instead of padding, and gives neighbors outside the weight 0."""
    return interpolate(img, *source_points(img, degrees))


@works(fails="fast", of="rotate")
def by_all_weights(img, degrees):
    """Computes the weights of all pixels at every point, although nearly all of them are 0."""
    h, w = img.shape[:2]
    row, column = source_points(img, degrees)
    row_weights = np.maximum(0, 1 - abs(row[:, :, None] - np.arange(h)))
    column_weights = np.maximum(0, 1 - abs(column[:, :, None] - np.arange(w)))
    return np.einsum("ijr,ijc,rc...->ij...", row_weights, column_weights, img)


# --------------------------------------------------------------------------------------------------------------- traps


@trap(
    "This rotates clockwise. A counterclockwise quarter turn moves the right edge to the top: exchange rows and "
    "columns, then reverse the order of the rows.",
    of="rotate90",
)
def clockwise(img, k):
    return np.rot90(img, -k)


@trap(
    "img.T reverses all axes, including the channel axis. Exchange only rows and columns, with img.swapaxes(0, 1).",
    verdict="WT",
    of="rotate90",
)
def transposes_channels(img, k):
    for _ in range(k % 4):
        img = img.T[::-1]
    return img


@trap(
    "A transpose alone mirrors the image along its diagonal. A quarter turn is a transpose followed by a flip "
    "of one axis.",
    of="rotate90",
)
def only_transposes(img, k):
    k %= 4
    if k % 2 == 0:
        return img[::-1, ::-1] if k else img
    return img.swapaxes(0, 1)


@trap(
    "A negative k must rotate clockwise, so the sign matters. Use k % 4, which is 3 for k = -1 because Python's "
    "modulo is never negative for a positive divisor.",
    of="rotate90",
)
def absolute_turns(img, k):
    return np.rot90(img, abs(k))


@trap(
    "k may be negative or greater than 3, and this leaves such images unchanged. Compute k % 4 before comparing "
    "k with 1, 2 and 3.",
    of="rotate90",
)
def knows_four_turns(img, k):
    rotated = {1: lambda: img.swapaxes(0, 1)[::-1], 2: lambda: img[::-1, ::-1], 3: lambda: img.swapaxes(0, 1)[:, ::-1]}
    return rotated.get(k, lambda: img)()


@trap(
    "reshape keeps the elements in C order, so the result has the right shape but its pixels are at the wrong "
    "positions. Use a transpose and a flip.",
    of="rotate90",
)
def reshapes(img, k):
    return img.reshape(img.shape[1], img.shape[0], *img.shape[2:]) if k % 2 else np.rot90(img, k)


@trap(
    "Rows and columns are axes 0 and 1. If the image has channels, rotating the last two axes mixes columns "
    "with channels.",
    verdict="WT",
    of="rotate90",
)
def turns_the_last_axes(img, k):
    return np.rot90(img, k, axes=(-2, -1))


@trap(
    "This rotates clockwise, because the sine terms have the opposite sign. Row indices grow downward, so the "
    "usual formula, in which y grows upward, does not apply.",
    of="rotate",
)
def other_way_round(img, degrees):
    return interpolate(img, *source_points(img, -degrees))


@trap("math.cos and np.cos expect radians. Convert the angle with math.radians or np.deg2rad.", of="rotate")
def in_radians(img, degrees):
    return interpolate(img, *source_points(img, np.rad2deg(degrees)))


@trap(
    "Row indices run from 0 to h - 1, so the center is at (h - 1) / 2. It is not at h // 2 if h is even.", of="rotate"
)
def off_center(img, degrees):
    h, w = img.shape[:2]
    a = np.deg2rad(degrees)
    y, x = np.ogrid[:h, :w]
    y, x = y - h // 2, x - w // 2
    return interpolate(img, y * np.cos(a) + x * np.sin(a) + h // 2, x * np.cos(a) - y * np.sin(a) + w // 2)


@trap(
    "Rounding the point gives nearest-neighbor interpolation, which uses a single pixel. Bilinear interpolation "
    "uses a weighted sum of the four pixels around the point.",
    of="rotate",
)
def takes_the_nearest(img, degrees):
    row, column = source_points(img, degrees)
    return interpolate(img, np.rint(row), np.rint(column))


@trap(
    "Casting to int truncates toward 0, so -0.5 becomes 0 and the neighbors are wrong. Use np.floor, which gives -1.",
    of="rotate",
)
def cuts_toward_zero(img, degrees):
    return interpolate(img, *source_points(img, degrees), np.trunc)


@trap(
    "Neighbors outside of the image must count as 0, but here they come from the opposite edge. NumPy's index "
    "-1 is the last element, so pad with zeros or set their weight to 0.",
    of="rotate",
)
def wraps_round(img, degrees):
    h, w = img.shape[:2]
    row, column = source_points(img, degrees)
    rotated = np.zeros(img.shape)
    for r in (np.floor(row).astype(int), np.floor(row).astype(int) + 1):
        for c in (np.floor(column).astype(int), np.floor(column).astype(int) + 1):
            weight = (1 - abs(row - r)) * (1 - abs(column - c))
            rotated += weight.reshape(h, w, *[1] * (img.ndim - 2)) * img[r % h, c % w]
    return rotated


@trap(
    "Clipping the points to the image repeats its edge pixels outside of it. Pixels outside must count as 0.",
    of="rotate",
)
def smears_the_edge(img, degrees):
    row, column = source_points(img, degrees)
    return interpolate(img, np.clip(row, 0, img.shape[0] - 1), np.clip(column, 0, img.shape[1] - 1))


@trap(
    "The result must be float64 for uint8 images too. Storing it with the dtype of img, for example in "
    "np.zeros_like(img), drops the fractions.",
    verdict="WT",
    of="rotate",
)
def keeps_the_dtype(img, degrees):
    return interpolate(img, *source_points(img, degrees)).astype(img.dtype)


@trap(
    "A point less than one pixel outside of the outermost pixel centers still has neighbors inside. Count only "
    "the neighbors outside as 0, and do not set the whole result to 0.",
    of="rotate",
)
def cuts_the_rim(img, degrees):
    h, w = img.shape[:2]
    row, column = source_points(img, degrees)
    inside = (row >= 0) & (row <= h - 1) & (column >= 0) & (column <= w - 1)
    return inside.reshape(h, w, *[1] * (img.ndim - 2)) * interpolate(img, row, column)


@trap(
    "Assigning each pixel of img to its rounded target leaves holes and does not interpolate. Compute the "
    "source point of each pixel of the result instead.",
    of="rotate",
)
def pushes_forward(img, degrees):
    h, w = img.shape[:2]
    rotated = np.zeros(img.shape)
    row, column = (np.rint(target).astype(int) for target in source_points(img, -degrees))
    inside = (row >= 0) & (row < h) & (column >= 0) & (column < w)
    rotated[row[inside], column[inside]] = img[inside]
    return rotated


# ------------------------------------------------------------------------------------------------------------ question


def photo(rng, n=784):
    side = math.isqrt(n)
    return {"img": rng.integers(0, 256, (side, side), dtype=np.uint8), "degrees": 33.3}


def shares_pixels(rotate90, img, k):
    return np.may_share_memory(img, rotate90(img, k))


def show_turns():
    img = np.random.default_rng(1).integers(0, 256, (1000, 1500), dtype=np.uint8)

    def milliseconds(call):
        best = float("inf")
        for _ in range(3):
            start = time.perf_counter()
            call()
            best = min(best, 1e3 * (time.perf_counter() - start))
        return best

    for k in (1, 2, 3):
        rotated = rotate90(img, k)
        print(f"k={k}: shape {rotated.shape}, strides {rotated.strides}, view of img: {np.shares_memory(img, rotated)}")
    print(f"quarter turn as a view   {milliseconds(lambda: rotate90(img, 1)):9.4f} ms")
    print(f"quarter turn, copied     {milliseconds(lambda: rotate90(img, 1).copy()):9.4f} ms")
    print(f"30 degrees, bilinear     {milliseconds(lambda: rotate(img, 30)):9.4f} ms")


def images(*holds):
    shared = {"dtype": ("uint8", "float64"), "low": -100, "high": 255, "holds": holds}
    return one_of(arrays("h", "w", **shared), arrays("h", "w", "c", **shared))


TURNS = {"img": images("nan"), "k": integers(-9, 9)}
SIZES = {"h": (0, 8), "w": (0, 8), "c": (1, 4)}
SMALL = np.arange(6, dtype=np.uint8).reshape(2, 3)
TINY = np.array([[0.0, 1.0], [2.0, 3.0]])
NINE = np.arange(9.0).reshape(3, 3)


QUESTION = Question(
    kinds=["code"],
    difficulty="medium",
    topics=["Image Processing", "Shape Manipulation"],
    companies=["Meta"],
    asked=["meta-6"],
    entry_points=[
        Entry(
            rotate90,
            TURNS,
            dims=SIZES,
            cases=[
                *(case(img=SMALL, k=k) for k in (0, 1, 2, 3, 4, 5, -1, -2, -3)),
                *(case(img=TINY, k=k) for k in (1, 2, 3)),
                case(img=np.arange(12, dtype=np.uint8).reshape(2, 2, 3), k=1),
                case(img=np.arange(8.0).reshape(2, 2, 2), k=-1),
                case(img=SMALL, k=10**12 + 1),
            ],
        ),
        Entry(
            rotate,
            {"img": images(), "degrees": one_of(floats(-720, 720), integers(-720, 720))},
            dims=SIZES,
            cases=[
                *(case(img=TINY, degrees=degrees) for degrees in (0, 45, 90, -90)),
                *(case(img=NINE, degrees=degrees) for degrees in (90, -90.0, 180, 30.0, 450)),
                case(img=SMALL, degrees=10),
                case(img=np.arange(12.0).reshape(3, 4) + 1, degrees=90),
                case(img=np.arange(24.0).reshape(2, 4, 3) + 1, degrees=22.5),
                case(img=np.ones((5, 5)), degrees=9),
                case(img=np.full((1, 1), 9, dtype=np.uint8), degrees=27),
                case(img=np.full((4, 9), 200, dtype=np.uint8), degrees=198),
            ],
            result=matches(rtol=1e-9, atol=1e-9),
        ),
    ],
    levels=[
        Level("right"),
        Level(
            "view",
            "rotate90 returns a view of img for every k.",
            right_on(Scenario(shares_pixels, TURNS, dims=SIZES, cases=[case(img=SMALL, k=k) for k in (1, 2, 3, 4)])),
        ),
        Level("vectorized", "rotate uses no Python loop over the pixels.", no_python_loop(photo)),
        Level(
            "fast",
            "rotate is at least 9 times faster than a Python loop over the pixels of a 28 by 28 grayscale image.",
            faster_than(
                by_loop,
                9,
                photo,
                needs=needs(bytes=lambda img, degrees: 9 * img.size, operations=lambda img, degrees: 7 * img.size),
            ),
        ),
    ],
    hints=[
        "For rotate90, rotate an array of shape (2, 3) by hand. Which flip after a transpose gives the same result?",
        "For rotate90, only k % 4 matters. What is -1 % 4 in Python?",
        "For rotate, start from the result. Which point of the source does each of its pixels come from?",
        "For rotate, pad the image with zeros and clip the points to the padding. Then all four neighbors of every "
        "point exist.",
    ],
    spoken="""\
A quarter turn is a transpose of rows and columns followed by a flip, so it is a view and moves no pixels. `np.rot90`
does exactly this, and I'd take k modulo 4. For an arbitrary angle, I'd go backward: for each pixel of the result I
compute the source point, which leaves no holes. Then I interpolate between the four neighbors, weighted by distance,
and treat pixels outside as zero. Broadcasting and fancy indexing do this for all pixels without a Python loop. Row
indices run from 0 to h - 1, so the center is at (h - 1) / 2.
""",
    explanation="""\
*Quarter turns.* A quarter turn is a transpose of the first two axes and a flip. Both are views: the transpose exchanges
two strides and the flip negates one. `np.rot90` combines them in the same way, so it returns a view of any image:

>>> img = np.arange(6, dtype=np.uint8).reshape(2, 3)
>>> img.swapaxes(0, 1)[::-1].tolist()
[[2, 5], [1, 4], [0, 3]]
>>> rotated = np.rot90(img)
>>> rotated.strides, np.shares_memory(img, rotated)
((-1, 3), True)

A half turn flips both axes. Use `k % 4` for other values of `k`. In Python, it is never negative: `-1 % 4` is 3. Don't
use `img.T` for an image with channels, because it reverses the channel axis too.

*Any angle.* For other angles, the values have to be computed. Moving each source pixel to its rounded target leaves
holes. Instead, compute the source point of each pixel of the result, by rotating its offset from the center backward.
Usually this point is between four pixels. `np.floor` gives the upper left one, and the fractions are the weights:

>>> row = 1.25
>>> int(np.floor(row)), row - float(np.floor(row))
(1, 0.25)

Here row 2 has the weight 0.25 and row 1 has the weight 0.75. The weight of a pixel is the weight of its row times the
weight of its column.

*Pitfalls.*

- `int(-0.5)` is 0, but the floor is -1. Use `np.floor`, or shift the points first so that none is negative.
- Index -1 selects the last row or column. Pad the image with zeros, or clip the indices and set the weights to 0.
- Differences of uint8 pixels wrap around modulo 256. Convert to float before subtracting pixels.

*Cost.* Broadcasting a column of row offsets with a row of column offsets gives all source points. Four lookups with
fancy indexing and a weighted sum follow. The cost is O(h w) per channel, with several temporary arrays of that size.

*Alternatives.* Outside of an interview, use `scipy.ndimage.rotate`. For a float64 image, it computes the same values
with `reshape=False`, `order=1` and `mode="grid-constant"`. For multiples of 90 degrees, use `np.rot90`, which copies
nothing and is exact.
""",
    points=[
        "A quarter turn is a transpose plus a flip. It exchanges two strides and negates one, so it is a view.",
        "A half turn flips both axes. `k % 4` handles negative and large k.",
        "Only rows and columns are exchanged. `img.T` would reverse the channel axis too.",
        "For any angle, compute the source point of each pixel of the result. The other direction leaves holes.",
        "Bilinear interpolation uses floor for the upper left neighbor and the fractions for the weights.",
        "The center is at (h - 1) / 2, because row indices run from 0 to h - 1.",
        "Pad with zeros, or clip the indices and mask the weights. Index -1 would wrap around to the other edge.",
        "Broadcasting and fancy indexing replace the loop over the pixels.",
    ],
    follow_ups={
        "How large must the result be to keep every corner?": "ceil(h |cos a| + w |sin a|) rows and "
        "ceil(h |sin a| + w |cos a|) columns.",
        "What changes if the image is also made smaller?": "Bilinear interpolation uses only four pixels per point, so "
        "shrinking causes aliasing. Blur the image first.",
        "When would you copy the view of a quarter turn?": "If it is read row by row many times, because its rows are "
        "not contiguous, or if other code requires C order. Use `np.ascontiguousarray`.",
    },
    related=["transpose-axes", "memory-layout", "linear-interpolation", "pad-manually"],
    links=[
        "https://numpy.org/doc/stable/reference/generated/numpy.rot90.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.flip.html",
        "https://numpy.org/doc/stable/user/basics.indexing.html",
    ],
    live=show_turns,
)
