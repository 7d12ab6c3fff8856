"""Hamming distances with packed bits."""

import time

import numpy as np

from ndojo.question import (
    Entry,
    Level,
    Question,
    arrays,
    case,
    faster_than,
    needs,
    peak_memory,
    trap,
    works,
)


def hamming_matrix(bits):
    """Return the Hamming distance between every pair of rows: the number of positions in which they differ.

    Each row is the fingerprint of an image.

    Parameters
    ----------
    bits : ndarray, shape (n, d), bool
        One fingerprint per row, ``n >= 0`` and ``d >= 0``. d need not be a multiple of 8. May be strided, reversed or
        read-only.

    Returns
    -------
    ndarray, shape (n, n), int64
        Element (i, j) is the number of positions in which rows i and j differ.

    Examples
    --------
    >>> hamming_matrix(np.array([[True, False, True], [True, True, False], [True, False, False]]))
    array([[0, 2, 1],
           [2, 0, 1],
           [1, 1, 0]])
    """
    packed = np.packbits(bits, axis=1)
    # packbits and pad keep Fortran order, in which the bytes of a row are not adjacent.
    padded = np.ascontiguousarray(np.pad(packed, ((0, 0), (0, -packed.shape[1] % 8))))
    words = padded.view(np.uint64)
    distances = np.zeros((len(bits), len(bits)), dtype=np.int64)
    for word in words.T:
        distances += np.bitwise_count(word[:, np.newaxis] ^ word)
    return distances


@works()
def row_by_row(bits):
    """Compares one fingerprint with all others: the temporary array is as small as the packed bits."""
    packed = np.packbits(bits, axis=1, bitorder="little")
    words = np.ascontiguousarray(np.pad(packed, ((0, 0), (0, -packed.shape[1] % 8)))).view(np.uint64)
    distances = np.empty((len(bits), len(bits)), dtype=np.int64)
    for row, word in zip(distances, words, strict=True):
        np.bitwise_count(words ^ word).sum(axis=1, out=row)
    return distances


@works(fails="packed")
def all_at_once(bits):
    """Packed bytes, with one byte per pair and per eight bits in a single temporary array."""
    packed = np.packbits(bits, axis=1)
    return np.bitwise_count(packed[:, np.newaxis] ^ packed).sum(axis=2, dtype=np.int64)


@works(fails="packed")
def by_comparison(bits):
    """One byte per pair and per bit."""
    return (bits[:, np.newaxis] != bits).sum(axis=2, dtype=np.int64)


@works(fails="packed")
def with_python_integers(bits):
    """Each fingerprint is one long Python integer, and integers can count their bits. Loops over pairs in Python."""
    whole = [int.from_bytes(row.tobytes(), "big") for row in bits]
    distances = [[(one ^ other).bit_count() for other in whole] for one in whole]
    return np.array(distances, dtype=np.int64).reshape(len(bits), len(bits))


# -------------------------------------------------------------------------------------------------------------- traps


@trap(
    "A row can be read as uint64 only if its number of bytes is a multiple of 8. Pad the rows with zeros.", verdict="RE"
)
def without_padding(bits):
    words = np.packbits(bits, axis=1).view(np.uint64)
    return np.bitwise_count(words[:, np.newaxis] ^ words).sum(axis=2, dtype=np.int64)


@trap(
    "packbits keeps the memory order of its input: in Fortran order the bytes of a row are not adjacent, "
    "so they cannot be viewed as uint64 before np.ascontiguousarray.",
    verdict="RE",
)
def assumes_c_order(bits):
    packed = np.packbits(bits, axis=1)
    words = np.pad(packed, ((0, 0), (0, -packed.shape[1] % 8))).view(np.uint64)
    return np.bitwise_count(words[:, np.newaxis] ^ words).sum(axis=2, dtype=np.int64)


@trap(
    "Without axis=1, packbits flattens the matrix and packs it as one row, so rows run into each other.", verdict="RE"
)
def packs_everything(bits):
    packed = np.packbits(bits).reshape(len(bits), -1)
    return np.bitwise_count(packed[:, np.newaxis] ^ packed).sum(axis=2, dtype=np.int64)


@trap("bitwise_count returns uint8, and a sum in uint8 wraps around at 256. Add in int64.")
def adds_in_uint8(bits):
    packed = np.packbits(bits, axis=1)
    counts = np.bitwise_count(packed[:, np.newaxis] ^ packed)
    return counts.sum(axis=2, dtype=np.uint8).astype(np.int64)


@trap("uint16 ends at 65,535, and rows may differ in more bits. Add in int64.")
def adds_in_uint16(bits):
    packed = np.packbits(bits, axis=1)
    counts = np.bitwise_count(packed[:, np.newaxis] ^ packed)
    return counts.sum(axis=2, dtype=np.uint16).astype(np.int64)


@trap("& keeps the bits that are set in both. Use ^ for the bits in which they differ.")
def counts_common_bits(bits):
    packed = np.packbits(bits, axis=1)
    return np.bitwise_count(packed[:, np.newaxis] & packed).sum(axis=2, dtype=np.int64)


@trap("NumPy does not support - for booleans and raises TypeError. Use != or ^.", verdict="RE")
def subtracts_booleans(bits):
    return np.abs(bits[:, np.newaxis] - bits).sum(axis=2, dtype=np.int64)


@trap("The sum of uint8 has dtype uint64 by default, but the result must be int64.", verdict="WT")
def stays_unsigned(bits):
    packed = np.packbits(bits, axis=1)
    return np.bitwise_count(packed[:, np.newaxis] ^ packed).sum(axis=2)


@trap("The result is a number of bits, not a share: mean divides by d.", verdict="WT")
def share_of_bits(bits):
    with np.errstate(all="ignore"):
        return (bits[:, np.newaxis] != bits).sum(axis=2) / bits.shape[1]


@trap("The difference of two counts of ones is not the number of differing bits: 01 and 10 have one each.")
def compares_counts(bits):
    ones = bits.sum(axis=1, dtype=np.int64)
    return np.abs(ones[:, np.newaxis] - ones)


def show_sizes():
    bits = np.random.default_rng(0).random((1000, 2048)) < 0.5
    packed = np.packbits(bits, axis=1)
    words = packed.view(np.uint64)
    print(f"bool {bits.nbytes:>12,} bytes, packed {packed.nbytes:,} bytes")
    for name, act in [
        ("one row with all, bool", lambda: np.count_nonzero(bits != bits[0], axis=1)),
        ("one row with all, packed bytes", lambda: np.bitwise_count(packed ^ packed[0]).sum(axis=1)),
        ("one row with all, packed words", lambda: np.bitwise_count(words ^ words[0]).sum(axis=1)),
    ]:
        best = min(_milliseconds(act) for _ in range(5))
        print(f"{name:34} {best:7.3f} ms")


def _milliseconds(act):
    start = time.perf_counter()
    act()
    return 1e3 * (time.perf_counter() - start)


# ------------------------------------------------------------------------------------------------------------- inputs


def fingerprints(rng, n=90, d=800):
    return {"bits": rng.random((n, d)) < 0.5}


def ones(n, d, *places):
    bits = np.zeros((n, d), dtype=bool)
    for row, column in places:
        bits[row, column] = True
    return bits


QUESTION = Question(
    kinds=["code"],
    difficulty="hard",
    topics=["Optimization"],
    companies=["Google", "Amazon"],
    asked=["T119"],
    entry_points=[
        Entry(
            hamming_matrix,
            {"bits": arrays("n", "d", dtype="bool")},
            dims={"n": (0, 6), "d": (0, 70)},
            cases=[
                case(bits=ones(2, 3, (0, 0), (1, 2))),
                case(bits=ones(1, 1)),
                case(bits=ones(2, 9, (0, 8))),
                case(bits=ones(2, 64, (0, 0), (1, 63))),
                case(bits=ones(2, 65, (0, 64), (1, 0))),
                case(bits=np.repeat([[True], [False]], 300, axis=1)),
                case(bits=np.repeat([[True], [False]], 70_001, axis=1)),
                case(bits=ones(2, 16, (0, 3), (1, 3), (1, 12))),
                case(bits=ones(3, 0)),
                case(bits=ones(0, 9)),
                case(bits=np.asfortranarray(ones(2, 9, (0, 8)))),
            ],
        )
    ],
    levels=[
        Level("right"),
        Level(
            "packed",
            "For 200 fingerprints of 32,768 bits, uses at most half the memory of the input at a time, "
            "including the result.",
            peak_memory(lambda rng: fingerprints(rng, 200, 32_768), inputs=0.5),
        ),
        Level(
            "fast",
            "At least 2 times faster than comparing booleans, for 90 fingerprints of 800 bits.",
            faster_than(
                by_comparison,
                2,
                fingerprints,
                needs=needs(
                    bytes=lambda bits: bits.nbytes + 8 * len(bits) ** 2,
                    operations=lambda bits: len(bits) ** 2 * bits.shape[1] / 64,
                ),
            ),
        ),
    ],
    hints=[
        "np.packbits puts eight booleans into one byte. Along which axis, and what does it do with an "
        "incomplete last byte?",
        "Which operation on two bytes leaves a 1 where they differ? NumPy 2 has a ufunc that counts the ones.",
        "View the bytes of a row as uint64 to process 64 bits at a time. What if their number is not a multiple of 8?",
        "The remaining loop may run over rows or over words. Which temporary arrays does each create?",
    ],
    spoken="""\
A NumPy bool takes a whole byte, so I pack eight of them into one with `np.packbits` along axis 1, which cuts memory
and traffic to one eighth. XOR of two packed rows leaves ones where they differ, and `np.bitwise_count` from NumPy 2
counts them. To process 64 bits at a time I pad each row to a multiple of 8 bytes and view it as uint64. The counts
are uint8, so I add them in int64 to avoid wraparound.
""",
    explanation="""\
A bool takes one byte. `np.packbits(bits, axis=1)` packs eight into one byte, one eighth of the memory and of the
traffic, and fills the last byte with zeros, which never differ. The first bit becomes the highest one unless
`bitorder="little"`. For distances the order does not matter, as long as it is the same everywhere.

>>> bits = np.array([[True, False, True], [True, True, False]])
>>> np.packbits(bits, axis=1)
array([[160],
       [192]], dtype=uint8)

XOR leaves ones where two rows differ, and `np.bitwise_count` (NumPy 2.0) counts them with a processor instruction if
available. Before NumPy 2, this needed a table of 256 counts or `np.unpackbits`.

>>> np.bitwise_count(np.uint8(160) ^ np.uint8(192))
np.uint8(2)

*Viewed as uint64*, a row of packed bytes gives 64 bits per operation. Each row must be padded to a multiple of 8 bytes,
and its bytes must be adjacent, which they are not if `bits` was in Fortran order. Byte order does not matter here.

*Overflow.* Counts have dtype uint8, up to 64 each. Sums must be wider: `sum` uses an unsigned 64-bit integer on 64-bit
platforms, and `+=` into an int64 array casts safely.

*Memory.* All pairs together would need n * n * d / 8 bytes. A loop over words needs n * n bytes, and a loop over rows
needs n * d / 8. Each step is a few ufunc calls on thousands of elements, so the loop costs little. Choose the one with
fewer and larger steps.

`np.unpackbits(packed, axis=1, count=d)` reverses the packing and drops the padding.
""",
    points=[
        "A bool takes one byte; packbits along the right axis takes one eighth of that.",
        "packbits pads the last byte with zeros, highest bit first by default (bitorder).",
        "XOR and np.bitwise_count, new in NumPy 2.0, give Hamming distances.",
        "A view as uint64 processes 64 bits at a time, after padding rows to 8 bytes.",
        "Counts are uint8: add them in a wider dtype.",
        "Choose the loop, over words or over rows, by its temporary arrays.",
        "unpackbits with count=d returns the booleans.",
    ],
    follow_ups={
        "Could a matrix product do it?": "Yes: a + b - 2 a·b with float32 rows of 0 and 1 uses BLAS and "
        "is fast too, but needs four times the memory of the booleans "
        "instead of one eighth.",
        "How do you test one bit of a packed row?": "`(packed[:, k // 8] >> (7 - k % 8)) & 1` in the default bit "
        "order.",
        "How do you find near neighbors among a billion fingerprints?": "Not by comparing all pairs: index parts of "
        "the fingerprint, because two at distance k "
        "agree exactly in one of k + 1 parts.",
        "How do you compute the Jaccard similarity?": "Divide the bits of a & b by those of a | b, both counted with "
        "bitwise_count.",
    },
    related=["view-as-dtype", "pairwise-distances", "memory-footprint", "set-operations"],
    links=[
        "https://numpy.org/doc/stable/reference/generated/numpy.packbits.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.unpackbits.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.bitwise_count.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.bitwise_xor.html",
    ],
    live=show_sizes,
)
