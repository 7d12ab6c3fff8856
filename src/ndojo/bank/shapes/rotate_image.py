"""Turn a picture."""

import math
import time

import numpy as np

from ndojo.question import (
    Entry,
    Level,
    Question,
    arrays,
    case,
    faster_than,
    floats,
    integers,
    matches,
    needs,
    one_of,
    right_on,
    trap,
    view_of,
    works,
)


def rotate90(img, k):
    """Turn a picture counterclockwise by `k` quarter turns.

    Row 0 is at the top and column 0 at the left, so after one quarter turn the right edge is at the top.

    Parameters
    ----------
    img : ndarray, shape (h, w) or (h, w, c), uint8 or float64
        Grey, or with c channels, which belong to their pixel. Lengths are at least 1; may be strided, reversed,
        broadcast or read-only. All values are finite.
    k : int
        Any: negative ones turn clockwise, and four turns are none. On level 3 also a float, see below.

    Returns
    -------
    ndarray
        For an int `k`: every pixel of `img` at its new place, dtype of `img`, shape (h, w[, c]) for even and
        (w, h[, c]) for odd `k`. From level 2 on a view of `img`.

        For a float `k` (level 3, also for whole ones such as 1.0): float64, with the shape of `img`. The picture is
        turned by the angle a = k * pi / 2 about its centre, row (h - 1) / 2 and column (w - 1) / 2. A pixel y rows
        below and x columns right of the centre shows the place y cos a + x sin a rows below and x cos a - y sin a
        columns right of it. Between pixels the four around a place are mixed bilinearly: each with weight
        (1 - distance in rows) * (1 - distance in columns). Pixels outside of `img` count as 0.

    Examples
    --------
    >>> img = np.array([[1, 2, 3], [4, 5, 6]], dtype=np.uint8)
    >>> rotate90(img, 1)
    array([[3, 6],
           [2, 5],
           [1, 4]], dtype=uint8)
    >>> rotate90(np.array([[0.0, 0.0, 0.0], [8.0, 8.0, 8.0], [0.0, 0.0, 0.0]]), 1.0).round(6)
    array([[0., 8., 0.],
           [0., 8., 0.],
           [0., 8., 0.]])
    """
    if not isinstance(k, float):
        return np.rot90(img, k)
    h, w = img.shape[:2]
    y, x = np.arange(h)[:, None] - (h - 1) / 2, np.arange(w) - (w - 1) / 2
    sin, cos = math.sin(k * math.pi / 2), math.cos(k * math.pi / 2)
    row = np.clip(y * cos + x * sin + (h - 1) / 2, -1, h) + 1
    column = np.clip(x * cos - y * sin + (w - 1) / 2, -1, w) + 1
    top, left = row.astype(np.intp), column.astype(np.intp)
    # One rim of zeros before the picture and two behind: every place has four neighbours.
    framed = np.zeros((h + 3, w + 3, *img.shape[2:]))
    framed[1 : h + 1, 1 : w + 1] = img
    flat = framed.reshape((h + 3) * (w + 3), *img.shape[2:])
    first = top * (w + 3) + left
    deep, wide = ((part - whole).reshape(h, w, *[1] * (img.ndim - 2)) for part, whole in ((row, top), (column, left)))
    upper = flat[first] * (1 - wide) + flat[first + 1] * wide
    lower = flat[first + w + 3] * (1 - wide) + flat[first + w + 4] * wide
    return upper * (1 - deep) + lower * deep


# ------------------------------------------------------------------------------------------------------- right answers


@works(fails="any angle")
def by_flips(img, k):
    """A quarter turn is a transpose and a flip; a half turn is two flips."""
    k %= 4
    if k == 2:
        return img[::-1, ::-1]
    if k == 0:
        return img[:]
    return img.swapaxes(0, 1)[::-1] if k == 1 else img.swapaxes(0, 1)[:, ::-1]


@works(fails="any angle")
def turn_by_turn(img, k):
    """One quarter turn, again and again: views of views cost nothing."""
    for _ in range(k % 4):
        img = np.flip(np.moveaxis(img, 0, 1), axis=0)
    return img


@works(fails="no copy")
def by_copies(img, k):
    """Fills a new picture, row by row from the columns of the old."""
    for _ in range(k % 4):
        turned = np.empty((img.shape[1], img.shape[0], *img.shape[2:]), dtype=img.dtype)
        for j in range(img.shape[1]):
            turned[img.shape[1] - 1 - j] = img[:, j]
        img = turned
    return img


@works(fails="fast")
def by_loop(img, k):
    """Asks for every pixel of the result where it comes from."""
    if isinstance(k, int):
        return np.rot90(img, k)
    h, w = img.shape[:2]
    sin, cos = math.sin(k * math.pi / 2), math.cos(k * math.pi / 2)
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


@works()
def by_masks(img, k):
    """Looks neighbours up at clipped places, and gives those outside no weight."""
    if isinstance(k, int):
        return np.rot90(img, k)
    h, w = img.shape[:2]
    y, x = np.ogrid[:h, :w]
    y, x = y - (h - 1) / 2, x - (w - 1) / 2
    a = np.deg2rad(90 * k)
    row = y * np.cos(a) + x * np.sin(a) + (h - 1) / 2
    column = x * np.cos(a) - y * np.sin(a) + (w - 1) / 2
    turned = np.zeros(img.shape)
    for r in (np.floor(row), np.floor(row) + 1):
        for c in (np.floor(column), np.floor(column) + 1):
            inside = (r >= 0) & (r < h) & (c >= 0) & (c < w)
            weight = inside * (1 - abs(row - r)) * (1 - abs(column - c))
            pixels = img[np.clip(r, 0, h - 1).astype(int), np.clip(c, 0, w - 1).astype(int)]
            turned += weight.reshape(h, w, *[1] * (img.ndim - 2)) * pixels
    return turned


# --------------------------------------------------------------------------------------------------------------- traps


@trap(
    "Counterclockwise brings the right edge to the top: transpose, then flip the rows. Flipping columns is clockwise."
)
def clockwise(img, k):
    return np.rot90(img, -k)


@trap("T also reverses the channels' axis of a colour picture: exchange rows and columns only.", verdict="WT")
def transposes_channels(img, k):
    for _ in range(k % 4):
        img = img.T[::-1]
    return img


@trap("A transpose alone mirrors the picture along its diagonal; a turn needs a flip as well.")
def only_transposes(img, k):
    k %= 4
    if k % 2 == 0:
        return img[::-1, ::-1] if k else img
    return img.swapaxes(0, 1)


@trap("A half turn reverses rows and columns; reversing the rows alone mirrors the picture top to bottom.")
def mirrors_at_two(img, k):
    return img[::-1] if k % 4 == 2 else np.rot90(img, k)


@trap("One clockwise turn is three counterclockwise, not one: take k % 4, which Python makes 3 for -1, and no abs.")
def absolute_turns(img, k):
    return np.rot90(img, abs(k))


@trap("k may be 4, 5 or -1: only k % 4 counts, so take that before comparing.")
def knows_four_turns(img, k):
    turned = {1: lambda: img.swapaxes(0, 1)[::-1], 2: lambda: img[::-1, ::-1], 3: lambda: img.swapaxes(0, 1)[:, ::-1]}
    return turned.get(k, lambda: img)()


@trap("reshape deals the pixels out anew in the same order: the shape is right, the picture is torn.")
def reshapes(img, k):
    return img.reshape(img.shape[1], img.shape[0], *img.shape[2:]) if k % 2 else np.rot90(img, k)


@trap("The picture lies in the first two axes: turning the last two turns columns and channels.", verdict="WT")
def turns_the_last_axes(img, k):
    return np.rot90(img, k, axes=(-2, -1))


# ------------------------------------------------------------------------------------------------------------ question


def photo(rng):
    return {"img": rng.integers(0, 256, (24, 24), dtype=np.uint8), "k": 0.37}


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
    print(f"30 degrees, bilinear     {milliseconds(lambda: rotate90(img, 1 / 3)):9.4f} ms")


PIXELS = {"dtype": ("uint8", "float64"), "low": -100, "high": 255}
PICTURE = one_of(arrays("h", "w", **PIXELS), arrays("h", "w", "c", **PIXELS))
SMALL = np.arange(6, dtype=np.uint8).reshape(2, 3)
TINY = np.array([[0.0, 1.0], [2.0, 3.0]])


QUESTION = Question(
    kinds=["code"],
    difficulty="medium",
    topics=["Image Processing", "Shape Manipulation"],
    companies=["Meta"],
    asked=["meta-6"],
    entry_points=[
        Entry(
            rotate90,
            {"img": PICTURE, "k": integers(-9, 9)},
            dims={"h": (1, 8), "w": (1, 8), "c": (1, 4)},
            cases=[
                *(case(img=SMALL, k=k) for k in (0, 1, 2, 3, 4, 5, -1, -2, -3)),
                *(case(img=TINY, k=k) for k in (1, 2, 3)),
                case(img=np.arange(12, dtype=np.uint8).reshape(2, 2, 3), k=1),
                case(img=np.arange(8.0).reshape(2, 2, 2), k=-1),
                case(img=SMALL, k=10**12 + 1),
            ],
        )
    ],
    levels=[
        Level("right"),
        Level("no copy", "A quarter turn moves no pixel in memory: return a view.", view_of("img")),
        Level(
            "any angle",
            "Now k may be a float: turn by any angle about the centre, with bilinear interpolation, from scratch.",
            right_on(
                Entry(
                    rotate90,
                    {"img": PICTURE, "k": floats(-5, 5)},
                    dims={"h": (1, 12), "w": (1, 12), "c": (1, 4)},
                    cases=[
                        case(img=TINY, k=0.0),
                        case(img=TINY, k=0.5),
                        case(img=np.arange(9.0).reshape(3, 3), k=1.0),
                        case(img=np.arange(9.0).reshape(3, 3), k=-1.0),
                        case(img=np.arange(12.0).reshape(3, 4) + 1, k=1.0),
                        case(img=np.arange(24.0).reshape(2, 4, 3) + 1, k=0.25),
                        case(img=np.ones((5, 5)), k=0.1),
                        case(img=np.full((1, 1), 9, dtype=np.uint8), k=0.3),
                        case(img=np.full((4, 9), 200, dtype=np.uint8), k=2.2),
                    ],
                    result=matches(rtol=1e-9, atol=1e-9),
                )
            ),
        ),
        Level(
            "fast",
            "A tenth of the loop's time, for a picture of 24 by 24 and some thirty degrees.",
            faster_than(
                by_loop,
                10,
                photo,
                needs=needs(bytes=lambda img, k: 9 * img.size, operations=lambda img, k: 7 * img.size),
            ),
        ),
    ],
    hints=[
        "Draw a 2 by 3 picture and turn it by hand. Which flip after a transpose does the same?",
        "Only k % 4 matters. What is -1 % 4 in Python?",
        "For any angle, do not push pixels to where they go: ask for each pixel of the result where it comes from.",
        "With a rim of zeros around the picture, and places clipped to that rim, no neighbour is missing.",
    ],
    explanation="""\
A quarter turn is a transpose and a flip, and both are views: one exchanges strides, the other negates one. So are a
half turn (two flips) and `np.rot90`, whatever the size.

>>> img = np.arange(6, dtype=np.uint8).reshape(2, 3)
>>> img.swapaxes(0, 1)[::-1].tolist()
[[2, 5], [1, 4], [0, 3]]
>>> turned = np.rot90(img)
>>> turned.strides, np.shares_memory(img, turned)
((-1, 3), True)

`img.T` would reverse the channels of a colour picture too. Python's `k % 4` is never negative, so -1 becomes 3.

For any other angle the result is computed, and backwards: pushing pixels forward leaves holes, so ask for each pixel
of the result where it comes from. With offsets from the centre that place is the offset turned back, and lies between
four pixels. Floor gives the upper left one, the fractions are the weights:

>>> place = 1.25
>>> int(np.floor(place)), place - np.floor(place)
(1, np.float64(0.25))

`np.floor`, not a cast: `int(-0.5)` is 0. Or clip to the rim first and shift, so that nothing is negative.

Two broadcast axes make all places at once, then four fancy lookups and the weights: O(h w), a dozen passes. Work in
float: weights times uint8 are fine, but differences of uint8 wrap round.
""",
    points=[
        "A quarter turn is transpose plus flip: strides are exchanged and one is negated, a view.",
        "A half turn flips both axes; k % 4 covers negative and large k.",
        "Rows and columns only: T would take the channels along.",
        "Any angle: go from the result back to the source, or holes appear.",
        "Bilinear: floor for the upper left neighbour, fractions for weights, about the centre (h - 1) / 2.",
        "Outside: pad, or clip and mask; indices -1 would wrap round to the other edge.",
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
