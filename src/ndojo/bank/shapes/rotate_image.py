"""Turn a picture."""

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
    """Turn a picture counterclockwise by `k` quarter turns.

    Row 0 is at the top and column 0 at the left, so after one quarter turn the right edge is at the top.

    Parameters
    ----------
    img : ndarray, shape (h, w) or (h, w, c), uint8 or float64
        Gray, or with c channels, which belong to their pixel. h and w may be 0; the array may be strided, reversed,
        broadcast or read-only, and may hold NaN, which is moved like any other value.
    k : int
        Any: negative ones turn clockwise, and four turns are none.

    Returns
    -------
    ndarray, shape (h, w[, c]) for even and (w, h[, c]) for odd `k`, dtype of `img`
        Every pixel of `img` at its new place. From level 2 on it shares the memory of `img`, for every `k`.

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
    """Turn a picture counterclockwise by any angle about its center, on a canvas of the same size.

    Pixel (i, j) of the result is y = i - (h - 1) / 2 rows below and x = j - (w - 1) / 2 columns right of the center.
    With the angle a it shows the place of `img` at

        row    (h - 1) / 2 + y cos a + x sin a
        column (w - 1) / 2 + x cos a - y sin a

    The place lies among four pixels, which are mixed bilinearly: each counts with the weight
    (1 - distance in rows) * (1 - distance in columns). Outside of `img` lie endless pixels of value 0, which are mixed
    in like the others, so the picture's rim fades to 0 over the length of one pixel. On a square picture, 90 degrees
    give what `rotate90(img, 1)` gives.

    Parameters
    ----------
    img : ndarray, shape (h, w) or (h, w, c), uint8 or float64
        Gray, or with c channels, each turned alike. h and w may be 0, and the result is then empty too. All values are
        finite; any memory layout, maybe read-only.
    degrees : int or float
        The angle, finite; negative ones turn clockwise, and it may exceed a full turn.

    Returns
    -------
    ndarray, shape of `img`, float64
        Also for uint8: nothing is rounded. Values may be off by 1e-9, absolutely or relatively.

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
    # One rim of zeros before the picture and two behind: every place has four neighbors.
    framed = np.zeros((h + 3, w + 3, *img.shape[2:]))
    framed[1 : h + 1, 1 : w + 1] = img
    flat = framed.reshape((h + 3) * (w + 3), *img.shape[2:])
    first = top * (w + 3) + left
    deep, wide = ((part - whole).reshape(h, w, *[1] * (img.ndim - 2)) for part, whole in ((row, top), (column, left)))
    upper = flat[first] * (1 - wide) + flat[first + 1] * wide
    lower = flat[first + w + 3] * (1 - wide) + flat[first + w + 4] * wide
    return upper * (1 - deep) + lower * deep


# ------------------------------------------------------------------------------------------------------- right answers


@works(of="rotate90")
def by_flips(img, k):
    """A quarter turn is a transpose and a flip; a half turn is two flips."""
    k %= 4
    if k == 2:
        return img[::-1, ::-1]
    if k == 0:
        return img
    return img.swapaxes(0, 1)[::-1] if k == 1 else img.swapaxes(0, 1)[:, ::-1]


@works(of="rotate90")
def turn_by_turn(img, k):
    """One quarter turn, again and again: views of views cost nothing."""
    for _ in range(k % 4):
        img = np.flip(np.moveaxis(img, 0, 1), axis=0)
    return img


@works(fails="view", of="rotate90")
def by_copies(img, k):
    """Fills a new picture, row by row from the columns of the old."""
    for _ in range(k % 4):
        turned = np.empty((img.shape[1], img.shape[0], *img.shape[2:]), dtype=img.dtype)
        for j in range(img.shape[1]):
            turned[img.shape[1] - 1 - j] = img[:, j]
        img = turned
    return img


@works(fails="vectorized", of="rotate")
def by_loop(img, degrees):
    """Asks for every pixel of the result where it comes from."""
    h, w = img.shape[:2]
    sin, cos = math.sin(math.radians(degrees)), math.cos(math.radians(degrees))
    turned = np.zeros(img.shape)
    for i in range(h):
        for j in range(w):
            y, x = i - (h - 1) / 2, j - (w - 1) / 2
            row, column = y * cos + x * sin + (h - 1) / 2, x * cos - y * sin + (w - 1) / 2
            top, left = math.floor(row), math.floor(column)
            for r in (top, top + 1):
                for c in (left, left + 1):
                    if 0 <= r < h and 0 <= c < w:
                        turned[i, j] += (1 - abs(row - r)) * (1 - abs(column - c)) * img[r, c]
    return turned


def places(img, degrees):
    """Where each pixel of the result comes from: its row and its column, each of shape (h, w)."""
    h, w = img.shape[:2]
    y, x = np.ogrid[:h, :w]
    y, x = y - (h - 1) / 2, x - (w - 1) / 2
    a = np.deg2rad(degrees)
    return y * np.cos(a) + x * np.sin(a) + (h - 1) / 2, x * np.cos(a) - y * np.sin(a) + (w - 1) / 2


def mixed(img, row, column, whole=np.floor):
    """What lies at these places, from neighbors at clipped places; those outside get no weight."""
    h, w = img.shape[:2]
    turned = np.zeros(img.shape)
    for r in (whole(row), whole(row) + 1):
        for c in (whole(column), whole(column) + 1):
            inside = (r >= 0) & (r < h) & (c >= 0) & (c < w)
            weight = inside * (1 - abs(row - r)) * (1 - abs(column - c))
            pixels = img[np.clip(r, 0, h - 1).astype(int), np.clip(c, 0, w - 1).astype(int)]
            turned += weight.reshape(h, w, *[1] * (img.ndim - 2)) * pixels
    return turned


@works(of="rotate")
def by_masks(img, degrees):
    """Needs no rim: a neighbor outside is looked up at the edge, and weighed with 0."""
    return mixed(img, *places(img, degrees))


@works(fails="fast", of="rotate")
def by_tents(img, degrees):
    """Gives every pixel of `img` a weight at every place, a tent in rows times a tent in columns: nearly all are 0."""
    h, w = img.shape[:2]
    row, column = places(img, degrees)
    tall = np.maximum(0, 1 - abs(row[:, :, None] - np.arange(h)))
    broad = np.maximum(0, 1 - abs(column[:, :, None] - np.arange(w)))
    return np.einsum("ijr,ijc,rc...->ij...", tall, broad, img)


# --------------------------------------------------------------------------------------------------------------- traps


@trap(
    "Counterclockwise brings the right edge to the top: transpose, then flip the rows. Flipping columns is clockwise.",
    of="rotate90",
)
def clockwise(img, k):
    return np.rot90(img, -k)


@trap(
    "T also reverses the channels' axis of a color picture: exchange rows and columns only.",
    verdict="WT",
    of="rotate90",
)
def transposes_channels(img, k):
    for _ in range(k % 4):
        img = img.T[::-1]
    return img


@trap("A transpose alone mirrors the picture along its diagonal; a turn needs a flip as well.", of="rotate90")
def only_transposes(img, k):
    k %= 4
    if k % 2 == 0:
        return img[::-1, ::-1] if k else img
    return img.swapaxes(0, 1)


@trap(
    "One clockwise turn is three counterclockwise, not one: take k % 4, which Python makes 3 for -1, and no abs.",
    of="rotate90",
)
def absolute_turns(img, k):
    return np.rot90(img, abs(k))


@trap("k may be 4, 5 or -1: only k % 4 counts, so take that before comparing.", of="rotate90")
def knows_four_turns(img, k):
    turned = {1: lambda: img.swapaxes(0, 1)[::-1], 2: lambda: img[::-1, ::-1], 3: lambda: img.swapaxes(0, 1)[:, ::-1]}
    return turned.get(k, lambda: img)()


@trap("reshape keeps the pixels in memory order: the shape is right, but the picture is scrambled.", of="rotate90")
def reshapes(img, k):
    return img.reshape(img.shape[1], img.shape[0], *img.shape[2:]) if k % 2 else np.rot90(img, k)


@trap(
    "The picture lies in the first two axes: turning the last two turns columns and channels.",
    verdict="WT",
    of="rotate90",
)
def turns_the_last_axes(img, k):
    return np.rot90(img, k, axes=(-2, -1))


@trap(
    "Rows grow downwards, so the signs of the sine are not those of the school book: this turns clockwise.", of="rotate"
)
def other_way_round(img, degrees):
    return mixed(img, *places(img, -degrees))


@trap("math.cos and np.cos take radians: convert with math.radians or np.deg2rad first.", of="rotate")
def in_radians(img, degrees):
    return mixed(img, *places(img, np.rad2deg(degrees)))


@trap("Pixel centers run from 0 to h - 1, so their middle is (h - 1) / 2; h // 2 is not the middle.", of="rotate")
def off_center(img, degrees):
    h, w = img.shape[:2]
    a = np.deg2rad(degrees)
    y, x = np.ogrid[:h, :w]
    y, x = y - h // 2, x - w // 2
    return mixed(img, y * np.cos(a) + x * np.sin(a) + h // 2, x * np.cos(a) - y * np.sin(a) + w // 2)


@trap("Bilinear mixes the four pixels around a place; rounding it takes the nearest one alone.", of="rotate")
def takes_the_nearest(img, degrees):
    row, column = places(img, degrees)
    return mixed(img, np.rint(row), np.rint(column))


@trap("A cast cuts toward 0, so -0.5 becomes 0 and gets wrong neighbors; np.floor goes down to -1.", of="rotate")
def cuts_toward_zero(img, degrees):
    return mixed(img, *places(img, degrees), np.trunc)


@trap("Index -1 is the last pixel: beyond an edge the picture does not go on at the opposite one.", of="rotate")
def wraps_round(img, degrees):
    h, w = img.shape[:2]
    row, column = places(img, degrees)
    turned = np.zeros(img.shape)
    for r in (np.floor(row).astype(int), np.floor(row).astype(int) + 1):
        for c in (np.floor(column).astype(int), np.floor(column).astype(int) + 1):
            weight = (1 - abs(row - r)) * (1 - abs(column - c))
            turned += weight.reshape(h, w, *[1] * (img.ndim - 2)) * img[r % h, c % w]
    return turned


@trap("Places clipped into the picture smear its edge over the corners; pixels outside count as 0.", of="rotate")
def smears_the_edge(img, degrees):
    row, column = places(img, degrees)
    return mixed(img, np.clip(row, 0, img.shape[0] - 1), np.clip(column, 0, img.shape[1] - 1))


@trap(
    "The result is float64 also for uint8: a zeros_like canvas cuts the fractions off.",
    verdict="WT",
    of="rotate",
)
def keeps_the_dtype(img, degrees):
    return mixed(img, *places(img, degrees)).astype(img.dtype)


@trap(
    "Past the rim's pixel centers the inner neighbors still count, and zeros outside: the rim fades, it is not cut.",
    of="rotate",
)
def cuts_the_rim(img, degrees):
    h, w = img.shape[:2]
    row, column = places(img, degrees)
    inside = (row >= 0) & (row <= h - 1) & (column >= 0) & (column <= w - 1)
    return inside.reshape(h, w, *[1] * (img.ndim - 2)) * mixed(img, row, column)


@trap("Pushing pixels to where they go leaves holes: ask where each pixel of the result comes from.", of="rotate")
def pushes_forward(img, degrees):
    h, w = img.shape[:2]
    turned = np.zeros(img.shape)
    row, column = (np.rint(place).astype(int) for place in places(img, -degrees))
    inside = (row >= 0) & (row < h) & (column >= 0) & (column < w)
    turned[row[inside], column[inside]] = img[inside]
    return turned


# ------------------------------------------------------------------------------------------------------------ question


def photo(rng, n=784):
    side = math.isqrt(n)
    return {"img": rng.integers(0, 256, (side, side), dtype=np.uint8), "degrees": 33.3}


def shares_pixels(rotate90, img, k):
    return np.may_share_memory(img, rotate90(img, k))


def show_turns():
    img = np.random.default_rng(1).integers(0, 256, (1000, 1500), dtype=np.uint8)

    def milliseconds(act):
        best = float("inf")
        for _ in range(3):
            start = time.perf_counter()
            act()
            best = min(best, 1e3 * (time.perf_counter() - start))
        return best

    for k in (1, 2, 3):
        turned = rotate90(img, k)
        print(f"k={k}: shape {turned.shape}, strides {turned.strides}, a view: {np.shares_memory(img, turned)}")
    print(f"a quarter turn as a view {milliseconds(lambda: rotate90(img, 1)):9.4f} ms")
    print(f"the same, copied         {milliseconds(lambda: rotate90(img, 1).copy()):9.4f} ms")
    print(f"30 degrees, bilinear     {milliseconds(lambda: rotate(img, 30)):9.4f} ms")


def picture(*holds):
    shared = {"dtype": ("uint8", "float64"), "low": -100, "high": 255, "holds": holds}
    return one_of(arrays("h", "w", **shared), arrays("h", "w", "c", **shared))


TURNS = {"img": picture("nan"), "k": integers(-9, 9)}
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
            {"img": picture(), "degrees": one_of(floats(-720, 720), integers(-720, 720))},
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
            "A quarter turn moves no pixel in memory: let rotate90 return a view.",
            right_on(Scenario(shares_pixels, TURNS, dims=SIZES, cases=[case(img=SMALL, k=k) for k in (1, 2, 3, 4)])),
        ),
        Level("vectorized", "Now rotate: no loop in Python over the pixels.", no_python_loop(photo)),
        Level(
            "fast",
            "rotate is at least 9 times faster than a loop over the pixels of a 28 by 28 gray picture.",
            faster_than(
                by_loop,
                9,
                photo,
                needs=needs(bytes=lambda img, degrees: 9 * img.size, operations=lambda img, degrees: 7 * img.size),
            ),
        ),
    ],
    hints=[
        "For rotate90, draw a 2 by 3 picture and turn it by hand. Which flip after a transpose does the same?",
        "Only k % 4 matters. What is -1 % 4 in Python?",
        "In rotate, do not push pixels to where they go: ask for each pixel of the result where it comes from.",
        "With a rim of zeros around the picture, and places clipped to that rim, no neighbor is missing.",
    ],
    spoken=(
        "A quarter turn is a transpose followed by a flip, so it is a view: no pixel moves. np.rot90 does exactly "
        "this, and I take k modulo 4. For an arbitrary angle I go backward: for each pixel of the result I compute "
        "where it comes from in the source, which leaves no holes. Then I interpolate between the four neighbors, "
        "weighted by distance, and treat pixels outside as zero. Pixel centers run from 0 to h - 1, so the center is "
        "(h - 1) / 2."
    ),
    explanation="""\
A quarter turn is a transpose and a flip, and both are views: one exchanges strides, the other negates one. So are a
half turn (two flips) and `np.rot90`, for any size.

>>> img = np.arange(6, dtype=np.uint8).reshape(2, 3)
>>> img.swapaxes(0, 1)[::-1].tolist()
[[2, 5], [1, 4], [0, 3]]
>>> turned = np.rot90(img)
>>> turned.strides, np.shares_memory(img, turned)
((-1, 3), True)

`img.T` would reverse the channels of a color picture too. Python's `k % 4` is never negative, so -1 becomes 3.

For any other angle the result is computed, and backward: pushing pixels forward leaves holes, so ask for each pixel
of the result where it comes from. With offsets from the center that place is the offset turned back, and lies between
four pixels. Floor gives the upper left one, the fractions are the weights:

>>> place = 1.25
>>> int(np.floor(place)), place - np.floor(place)
(1, np.float64(0.25))

`np.floor`, not a cast: `int(-0.5)` is 0. Or clip to the rim first and shift, so that nothing is negative.

Two broadcast axes give all positions, then four fancy lookups and the weights: O(h w), a dozen passes. Work in
float: weights times uint8 are fine, but differences of uint8 wrap around.
""",
    points=[
        "A quarter turn is transpose plus flip: strides are exchanged and one is negated, a view.",
        "A half turn flips both axes; k % 4 covers negative and large k.",
        "Rows and columns only: T would take the channels along.",
        "Any angle: go from the result back to the source, or holes appear.",
        "Bilinear: floor for the upper left neighbor, fractions for weights, about the center (h - 1) / 2.",
        "Outside: pad, or clip and mask; indices -1 would wrap around to the other edge.",
        "Places from broadcasting and fancy indexing instead of a loop over pixels.",
    ],
    follow_ups={
        "How large must the canvas be to keep every corner?": "ceil(h |cos a| + w |sin a|) rows and "
        "ceil(h |sin a| + w |cos a|) columns.",
        "What if the picture is to be shrunk as well?": "Bilinear reads four pixels only and aliases: blur first.",
        "Why might you copy the view after all?": "A view with odd strides is slow to read row by row, and file "
        "writers may want C order: np.ascontiguousarray.",
    },
    related=["transpose-axes", "memory-layout", "linear-interpolation", "pad-manually"],
    links=[
        "https://numpy.org/doc/stable/reference/generated/numpy.rot90.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.flip.html",
        "https://numpy.org/doc/stable/user/basics.indexing.html",
    ],
    live=show_turns,
)
