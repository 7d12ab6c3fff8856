"""Distances between fingerprints, bit by bit."""

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
    """Count, for each two image fingerprints, in how many bits they differ.

    Parameters
    ----------
    bits : ndarray, shape (n, d), bool
        One fingerprint a row. Any length d, not only multiples of 8; n or d may be 0. May be strided, reversed or
        read-only.

    Returns
    -------
    ndarray, shape (n, n), int64
        Element (i, j) is the number of places at which rows i and j differ.

    Examples
    --------
    >>> hamming_matrix(np.array([[True, False, True], [True, True, False], [True, False, False]]))
    array([[0, 2, 1],
           [2, 0, 1],
           [1, 1, 0]])
    """
    packed = np.packbits(bits, axis=1)
    # packbits and pad keep Fortran order, in which the bytes of a row do not lie side by side.
    padded = np.ascontiguousarray(np.pad(packed, ((0, 0), (0, -packed.shape[1] % 8))))
    words = padded.view(np.uint64)
    distances = np.zeros((len(bits), len(bits)), dtype=np.int64)
    for word in words.T:
        distances += np.bitwise_count(word[:, np.newaxis] ^ word)
    return distances


@works()
def row_by_row(bits):
    """One fingerprint against all: the temporary is as small as the packed bits."""
    packed = np.packbits(bits, axis=1, bitorder="little")
    words = np.ascontiguousarray(np.pad(packed, ((0, 0), (0, -packed.shape[1] % 8)))).view(np.uint64)
    distances = np.empty((len(bits), len(bits)), dtype=np.int64)
    for row, word in zip(distances, words, strict=True):
        np.bitwise_count(words ^ word).sum(axis=1, out=row)
    return distances


@works(fails="packed")
def all_at_once(bits):
    """Packed bytes, but a byte for every pair and every eight bits at a time."""
    packed = np.packbits(bits, axis=1)
    return np.bitwise_count(packed[:, np.newaxis] ^ packed).sum(axis=2, dtype=np.int64)


@works(fails="packed")
def by_comparison(bits):
    """A byte for every pair and every bit."""
    return (bits[:, np.newaxis] != bits).sum(axis=2, dtype=np.int64)


@works(fails="packed")
def with_python_integers(bits):
    """A fingerprint is one long integer, and integers count their bits: pure Python, pair by pair."""
    whole = [int.from_bytes(row.tobytes(), "big") for row in bits]
    distances = [[(one ^ other).bit_count() for other in whole] for one in whole]
    return np.array(distances, dtype=np.int64).reshape(len(bits), len(bits))


# -------------------------------------------------------------------------------------------------------------- traps


@trap("Where the rows' bytes are no multiple of 8 they cannot be read as uint64: pad them with zeros.", verdict="RE")
def without_padding(bits):
    words = np.packbits(bits, axis=1).view(np.uint64)
    return np.bitwise_count(words[:, np.newaxis] ^ words).sum(axis=2, dtype=np.int64)


@trap(
    "packbits keeps the order of its input: from a Fortran array the bytes of a row lie apart, and cannot be read as "
    "uint64 before np.ascontiguousarray.",
    verdict="RE",
)
def assumes_c_order(bits):
    packed = np.packbits(bits, axis=1)
    words = np.pad(packed, ((0, 0), (0, -packed.shape[1] % 8))).view(np.uint64)
    return np.bitwise_count(words[:, np.newaxis] ^ words).sum(axis=2, dtype=np.int64)


@trap("Without axis=1, packbits packs the whole matrix as one row of bits: rows run into each other.", verdict="RE")
def packs_everything(bits):
    packed = np.packbits(bits).reshape(len(bits), -1)
    return np.bitwise_count(packed[:, np.newaxis] ^ packed).sum(axis=2, dtype=np.int64)


@trap("bitwise_count gives uint8, and a sum kept in uint8 wraps round at 256: add up in int64.")
def adds_in_uint8(bits):
    packed = np.packbits(bits, axis=1)
    counts = np.bitwise_count(packed[:, np.newaxis] ^ packed)
    return counts.sum(axis=2, dtype=np.uint8).astype(np.int64)


@trap("uint16 ends at 65,535, and a row may differ in more bits: add up in int64.")
def adds_in_uint16(bits):
    packed = np.packbits(bits, axis=1)
    counts = np.bitwise_count(packed[:, np.newaxis] ^ packed)
    return counts.sum(axis=2, dtype=np.uint16).astype(np.int64)


@trap("& keeps the bits that both have; those in which they differ are given by ^.")
def counts_common_bits(bits):
    packed = np.packbits(bits, axis=1)
    return np.bitwise_count(packed[:, np.newaxis] & packed).sum(axis=2, dtype=np.int64)


@trap("NumPy refuses - between booleans with a TypeError: != or ^ tells where they differ.", verdict="RE")
def subtracts_booleans(bits):
    return np.abs(bits[:, np.newaxis] - bits).sum(axis=2, dtype=np.int64)


@trap("The sum of uint8 is uint64 unless told otherwise: the result is to be int64.", verdict="WT")
def stays_unsigned(bits):
    packed = np.packbits(bits, axis=1)
    return np.bitwise_count(packed[:, np.newaxis] ^ packed).sum(axis=2)


@trap("A count of bits is asked for, not their share: mean divides by d.", verdict="WT")
def share_of_bits(bits):
    with np.errstate(all="ignore"):
        return (bits[:, np.newaxis] != bits).sum(axis=2) / bits.shape[1]


@trap("The difference of two counts of ones is not the count of differences: 01 and 10 have one each.")
def compares_counts(bits):
    ones = bits.sum(axis=1, dtype=np.int64)
    return np.abs(ones[:, np.newaxis] - ones)


def show_sizes():
    bits = np.random.default_rng(0).random((1000, 2048)) < 0.5
    packed = np.packbits(bits, axis=1)
    words = packed.view(np.uint64)
    print(f"bool {bits.nbytes:>12,} bytes, packed {packed.nbytes:,} bytes")
    for name, act in [
        ("one row against all, bool", lambda: np.count_nonzero(bits != bits[0], axis=1)),
        ("one row against all, packed bytes", lambda: np.bitwise_count(packed ^ packed[0]).sum(axis=1)),
        ("one row against all, packed words", lambda: np.bitwise_count(words ^ words[0]).sum(axis=1)),
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
            "Two hundred fingerprints of 32,768 bits: at most half the memory of the input at a time, the result "
            "included. Eight bits fit into a byte.",
            peak_memory(lambda rng: fingerprints(rng, 200, 32_768), inputs=0.5),
        ),
        Level(
            "fast",
            "Ninety fingerprints of 800 bits, twice as fast as comparing booleans.",
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
        "np.packbits puts eight booleans into a byte. Along which axis, and what does it do with a last byte that is "
        "not full?",
        "Which operation between two bytes leaves a 1 where they differ? NumPy 2 has a ufunc that counts the ones.",
        "Read the bytes of a row as uint64 to handle 64 bits at a time. What if their number is not a multiple of 8?",
        "The loop that is left may run over rows or over words. Which temporaries does each make?",
    ],
    explanation="""\
A bool takes a byte. `np.packbits(bits, axis=1)` packs eight into one, an eighth of the memory and of the traffic, and
fills the last byte with zeros, which differ nowhere. The first bit becomes the highest one unless
`bitorder="little"`; for distances the order does not matter as long as it is one.

>>> bits = np.array([[True, False, True], [True, True, False]])
>>> np.packbits(bits, axis=1)
array([[160],
       [192]], dtype=uint8)

XOR leaves ones where two rows differ, and `np.bitwise_count` (NumPy 2.0) counts them with the processor's own
instruction where there is one. Before, it took a table of 256 counts or `np.unpackbits`.

>>> np.bitwise_count(np.uint8(160) ^ np.uint8(192))
np.uint8(2)

Read as uint64, a row of packed bytes gives 64 bits an operation. The bytes must be padded to a multiple of 8 and lie
side by side, which they do not if `bits` was in Fortran order; byte order again does not matter.

Counts come as uint8, up to 64 each. Sums must be wider: `sum` goes to uint64 by itself, `+=` into an int64 array casts
safely.

All pairs at once would need n * n * d / 8 bytes. A loop over words needs n * n, a loop over rows n * d / 8: each step
is a few ufunc calls over thousands of elements, so the loop costs little. Take the one with fewer, larger steps.

`np.unpackbits(packed, axis=1, count=d)` goes back, and drops the padding.
""",
    points=[
        "bool takes a byte; packbits along the right axis takes an eighth of that.",
        "packbits pads the last byte with zeros, highest bit first by default (bitorder).",
        "XOR and np.bitwise_count, new in NumPy 2.0, give Hamming distances.",
        "A view as uint64 handles 64 bits at a time, after padding rows to 8 bytes.",
        "Counts are uint8: add them up in a wider dtype.",
        "Choose the loop, over words or rows, by its temporaries.",
        "unpackbits with count=d gives the booleans back.",
    ],
    follow_ups={
        "Could a matrix product do it?": "Yes: a + b - 2 a·b with float32 rows of 0 and 1 uses BLAS and is fast too, "
        "at four times the memory of the booleans instead of an eighth.",
        "How do you test one bit of a packed row?": "(packed[:, k // 8] >> (7 - k % 8)) & 1 in the default bit order.",
        "How do you find near neighbours among a billion?": "Not by all pairs: index parts of the fingerprint, since "
        "two at distance k agree exactly in one of k + 1 parts.",
        "And Jaccard similarity?": "bitwise_count(a & b) over bitwise_count(a | b).",
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
