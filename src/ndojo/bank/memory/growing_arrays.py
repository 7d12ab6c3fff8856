"""Concatenate a stream of chunks efficiently."""

import time

import numpy as np

from ndojo.question import (
    Entry,
    Level,
    Question,
    Scenario,
    case,
    faster_than,
    iterators,
    made,
    needs,
    one_of,
    peak_memory,
    right_on,
    trap,
    works,
)


def concat_stream(chunks):
    """Concatenate the arrays that an iterable yields into one array.

    A market feed delivers prices in chunks, and their number is not known in advance.

    Parameters
    ----------
    chunks : iterable of ndarray, shape (k,), float64 or int32
        A list, a tuple, or an iterator that can be consumed only once, such as a generator. k may differ from chunk to
        chunk and may be 0. All chunks have the same dtype. They may be strided, reversed or read-only, and floats may
        be NaN. The number of chunks may be zero. On level 4, dtypes may differ and chunks may be 2-D, see below.

    Returns
    -------
    ndarray, shape (sum of all k,), same dtype as the chunks
        All elements in their original order. The result must not share memory with a chunk, because the feed overwrites
        its chunks after the call. Without any chunk, the shape is (0,) and the dtype float64.

        On level 4, if all chunks have shape (k, d) with the same d, the shape is (sum of all k, d). If chunks have both
        dtypes, float64 and int32, the dtype is the one that `np.result_type` returns for them, float64.

    Examples
    --------
    >>> concat_stream([np.array([1.5, 2.0]), np.array([]), np.array([2.5])])
    array([1.5, 2. , 2.5])
    >>> concat_stream(np.full(k, k, dtype=np.int32) for k in range(4))
    array([1, 2, 2, 3, 3, 3], dtype=int32)
    """
    return np.concatenate(list(chunks) or [[]])


# ------------------------------------------------------------------------------------------------------- right answers


@works()
def into_place(chunks):
    """Adds the lengths, allocates once, and copies each chunk to its place."""
    chunks = list(chunks)
    if not chunks:
        return np.zeros(0)
    whole = np.empty((sum(len(one) for one in chunks), *chunks[0].shape[1:]), dtype=np.result_type(*chunks))
    start = 0
    for one in chunks:
        whole[start : start + len(one)] = one
        start += len(one)
    return whole


@works(fails="linear time")
def one_by_one(chunks):
    """Concatenates each chunk to the result so far, so everything is copied again and again."""
    whole = None
    for one in chunks:
        whole = one.copy() if whole is None else np.concatenate([whole, one])
    return np.zeros(0) if whole is None else whole


@works(fails="memory")
def by_doubling(chunks):
    """A buffer that doubles when it is full. Each element is copied about twice, and no chunk is kept."""
    buffer, n = None, 0
    for one in chunks:
        if buffer is None:
            buffer = np.empty(max(len(one), 16), dtype=one.dtype)
        if n + len(one) > len(buffer):
            larger = np.empty(max(2 * len(buffer), n + len(one)), dtype=buffer.dtype)
            larger[:n] = buffer[:n]
            buffer = larger
        buffer[n : n + len(one)] = one
        n += len(one)
    return np.zeros(0) if buffer is None else buffer[:n].copy()


@works(fails="linear time")
def by_list(chunks):
    """A list grows at low cost, but every element becomes a Python object."""
    elements, dtype = [], None
    for one in chunks:
        elements.extend(one.tolist())
        dtype = one.dtype
    return np.array(elements, dtype=dtype or np.float64)


@works(fails="memory")
def copies_of_chunks(chunks):
    """Copies each chunk when it arrives, which is necessary if the feed reuses its buffer."""
    kept = [one.copy() for one in chunks]
    return np.concatenate(kept) if kept else np.zeros(0)


# --------------------------------------------------------------------------------------------------------------- traps


@trap("The number of chunks may be zero, and np.concatenate of an empty list raises ValueError.", verdict="RE")
def needs_a_chunk(chunks):
    return np.concatenate(list(chunks))


@trap(
    "np.array([]) is float64, and concatenating it makes integers float64 too. Start with the first chunk.",
    verdict="WT",
)
def starts_from_float(chunks):
    whole = np.array([])
    for one in chunks:
        whole = np.append(whole, one)
    return whole


@trap("An iterator can be consumed only once: if you count first, nothing is left to copy. Keep a list.")
def walks_twice(chunks):
    first = next(iter(chunks), np.zeros(0)) if isinstance(chunks, (list, tuple)) else np.zeros(0)
    whole = np.zeros(sum(len(one) for one in chunks), dtype=first.dtype)
    start = 0
    for one in chunks:
        whole[start : start + len(one)] = one
        start += len(one)
    return whole


@trap(
    "len and indexing need a sequence, but an iterator has neither. Iterate over it and keep the chunks.", verdict="RE"
)
def needs_a_list(chunks):
    if len(chunks) == 0:
        return np.zeros(0)
    whole = chunks[0].copy()
    for i in range(1, len(chunks)):
        whole = np.concatenate([whole, chunks[i]])
    return whole


@trap("The chunks differ in length, so they cannot form a 2-D array. concatenate joins them end to end.", verdict="RE")
def stacks(chunks):
    chunks = list(chunks)
    return np.array(chunks).ravel() if chunks else np.zeros(0)


@trap("A buffer that doubles has unused space at the end: return only the filled part.", verdict="WT")
def hands_out_the_buffer(chunks):
    buffer, n = None, 0
    for one in chunks:
        if buffer is None:
            buffer = np.zeros(max(len(one), 16), dtype=one.dtype)
        while n + len(one) > len(buffer):
            buffer = np.concatenate([buffer, np.zeros_like(buffer)])
        buffer[n : n + len(one)] = one
        n += len(one)
    return np.zeros(0) if buffer is None else buffer


@trap("A single chunk must be copied as well. If it is returned itself, it changes when the feed overwrites it.")
def returns_the_only_chunk(chunks):
    chunks = list(chunks)
    if len(chunks) == 1:
        return chunks[0]
    return np.concatenate(chunks) if chunks else np.zeros(0)


@trap("np.append(a, b) puts b after a: the growing array must be the first argument, or the order is reversed.")
def joins_in_front(chunks):
    whole = None
    for one in chunks:
        whole = one.copy() if whole is None else np.append(one, whole)
    return np.zeros(0) if whole is None else whole


# ------------------------------------------------------------------------------------------------------------ question


def one_chunk(rng, k, dtype, tail=()):
    values = np.round(rng.uniform(-100, 100, (k, *tail)), 1).astype(dtype)
    if dtype == "float64" and values.size and rng.random() < 0.2:
        values.flat[0] = np.nan
    return [values, values[::-1], np.repeat(values, 2, axis=0)[::2]][int(rng.integers(3))]


def feed(rng, variant, given):
    """Chunks of one dtype, some of them without elements."""
    n = {"none": 0, "one": 1, "two": 2, "many": 12}.get(variant, 3)
    dtype = "int32" if variant == "int32" or rng.random() < 0.3 else "float64"
    lengths = rng.integers(0, 6, n)
    if variant in ("one", "two", "int32"):
        lengths = lengths + 1
    if variant == "without elements":
        lengths = 0 * lengths
    chunks = [one_chunk(rng, int(k), dtype) for k in lengths]
    return tuple(chunks) if variant == "tuple" else chunks


def tables(rng, variant, given):
    """Chunks of shape (k, d) or (k,), with one dtype or both."""
    tail = () if variant == "both dtypes" else (int(rng.integers(1, 4)),)
    dtypes = ["float64", "float64"] if variant == "tables" else ["int32", "float64"]
    return [one_chunk(rng, int(k), str(rng.choice(dtypes)), tail) for k in rng.integers(0, 4, int(rng.integers(1, 5)))]


def is_feed(chunks):
    return isinstance(chunks, (list, tuple)) and len({one.dtype for one in chunks}) < 2


def are_tables(chunks):
    return isinstance(chunks, list) and len({one.shape[1:] for one in chunks}) < 2


def fewer(chunks):
    for place in range(len(chunks)):
        yield type(chunks)([*chunks[:place], *chunks[place + 1 :]])
    for place, one in enumerate(chunks):
        for shorter in (one[:0], one[:1].copy(), one[:-1].copy()):
            if len(shorter) < len(one):
                yield type(chunks)([*chunks[:place], shorter, *chunks[place + 1 :]])


def joined(concat_stream, chunks):
    whole = concat_stream(chunks)
    return {"result": whole, "shares memory with a chunk": any(np.shares_memory(whole, one) for one in chunks)}


def ticks(rng):
    return {"chunks": list(rng.standard_normal((400, 64)))}


def long_stream(rng):
    return {"chunks": list(rng.standard_normal((250, 4000)))}


def show_growth():
    def milliseconds(act, chunks):
        best = float("inf")
        for _ in range(3):
            start = time.perf_counter()
            act(chunks)
            best = min(best, 1e3 * (time.perf_counter() - start))
        return best

    ways = {"concatenate each time": one_by_one, "list of elements": by_list, "doubling": by_doubling,
            "one concatenate": concat_stream}  # fmt: skip
    print(f"{'chunks of 100':20}" + "".join(f"{n:>12,}" for n in (250, 500, 1000, 2000)))
    for name, act in ways.items():
        took = [milliseconds(act, list(np.zeros((n, 100)))) for n in (250, 500, 1000, 2000)]
        print(f"{name:20}" + "".join(f"{one:9.2f} ms" for one in took))


STREAMS = iterators(
    "(np.full(k, 0.5 * k) for k in range(5))",
    "iter([])",
    "iter([np.array([1, 2], dtype='int32')])",
    "map(np.arange, [2.0, 0.0, 3.0])",
    "(np.arange(6.0)[::k] for k in (1, -2, 3))",
    "(np.full(k, k, dtype='int32') for k in (3, 0, 1))",
)

QUESTION = Question(
    kinds=["code"],
    difficulty="medium",
    topics=["Memory", "Performance"],
    companies=["Amazon"],
    asked=["amazon-5"],
    entry_points=[
        Entry(
            concat_stream,
            {
                "chunks": one_of(
                    made(
                        feed,
                        "three",
                        "none",
                        "one",
                        "two",
                        "many",
                        "int32",
                        "without elements",
                        "tuple",
                        valid=is_feed,
                        plainer=fewer,
                    ),
                    STREAMS,
                )
            },
            cases=[
                case(chunks=[]),
                case(chunks=()),
                case(chunks=[np.array([1.0, 2.0])]),
                case(chunks=[np.array([1.0]), np.array([2.0, 3.0])]),
                case(chunks=[np.array([1, 2], dtype=np.int32), np.array([3], dtype=np.int32)]),
                case(chunks=[np.zeros(0, dtype=np.int32)]),
                case(chunks=[np.zeros(0), np.zeros(0)]),
                case(chunks=[np.arange(6.0)[::-2], np.arange(4.0)[1:]]),
            ],
        )
    ],
    scenarios=[
        Scenario(
            joined,
            {"chunks": made(feed, "three", "one", "two", "tuple", valid=is_feed, plainer=fewer)},
            cases=[case(chunks=[np.array([1.0, 2.0])]), case(chunks=[np.array([1.0]), np.array([2.0])])],
        )
    ],
    levels=[
        Level("right"),
        Level(
            "linear time",
            "At least 2.3 times faster than concatenating after each chunk, for 400 chunks.",
            faster_than(
                one_by_one,
                2.3,
                ticks,
                needs=needs(bytes=lambda chunks: 2 * sum(one.nbytes for one in chunks)),
            ),
        ),
        Level(
            "memory",
            "For 8 MB of chunks, allocates the result once and nothing else of that size.",
            peak_memory(long_stream, outputs=1.02),
        ),
        Level(
            "tables",
            "Chunks may be 2-D, concatenated along axis 0, and dtypes may differ.",
            right_on(
                Entry(
                    concat_stream,
                    {"chunks": made(tables, "tables", "both dtypes", "both", valid=are_tables, plainer=fewer)},
                    cases=[
                        case(chunks=[np.ones((2, 3)), np.zeros((0, 3)), np.ones((1, 3))]),
                        case(chunks=[np.array([1, 2], dtype=np.int32), np.array([0.5])]),
                        case(chunks=[np.zeros(0, dtype=np.int32), np.array([0.5])]),
                        case(chunks=[np.zeros(0), np.array([1], dtype=np.int32)]),
                        case(chunks=[np.zeros((0, 2))]),
                    ],
                )
            ),
        ),
    ],
    hints=[
        "What has to be copied when an array grows by one chunk? And for the next chunk?",
        "Which Python object grows at low cost and can contain arrays?",
        "When all chunks are there, their total length is known. How many allocations are needed?",
        "Consider a stream without chunks, and one that can be consumed only once.",
    ],
    spoken="""\
An array cannot grow in place, so calling `np.append` or `np.concatenate` in a loop copies everything each time, which
is quadratic. I collect the chunks in a list, which grows cheaply because it stores pointers, and call
`np.concatenate` once: one allocation, each element copied once. I handle the empty stream separately since
concatenate of nothing raises. If the total length is known I preallocate with `np.empty`; if the feed reuses its
buffer, I copy each chunk or use a buffer that doubles.
""",
    explanation="""\
An array cannot grow: its elements are one block of memory, and other data follows it. So `np.append`, `np.concatenate`
and `np.vstack` allocate a new block and copy all elements. In a loop over m chunks of k elements that is k + 2k + ... +
mk copies, O(m² k).

A list grows at low cost, because it stores only pointers and keeps spare room. Collect the chunks in a list and
concatenate once: the total is known then, so one allocation is enough, and every element is copied once.

>>> kept = []
>>> for k in range(4):
...     kept.append(np.full(k, k))
>>> np.concatenate(kept)
array([1, 2, 2, 3, 3, 3])

`list(chunks)` also accepts an iterator that can be consumed only once. An empty stream needs extra care, for example
`or [[]]`:

>>> np.concatenate([])
Traceback (most recent call last):
...
ValueError: need at least one array to concatenate

Be careful with a start value: `np.array([])` is float64 and turns integers into floats.

*Other situations.* If the total is known in advance, allocate with `np.empty` and assign slices. If chunks cannot be
kept, because the feed reuses its buffer, copy each one, or write to a buffer that doubles when it is full. Doubling
copies every element about twice, amortized O(1) per element, while growing by a constant is O(n²). Trim and copy at the
end, or the unused room stays in memory.

For 2-D chunks, `np.row_stack` was an alias of `np.vstack`: NumPy 2.0 deprecated it, 2.5 removed it.
""",
    points=[
        "Arrays cannot grow: append and concatenate copy everything, so a loop of them is O(n^2).",
        "Collect chunks in a list, concatenate once: one allocation, O(n).",
        "If the total is known: np.empty and slices.",
        "If the total is unknown and buffers are reused: doubling, amortized O(1) per element, trimmed at the end.",
        "np.concatenate([]) raises, so define the dtype and shape of an empty stream.",
        "Iterators can be consumed only once.",
        "np.array([]) is float64 and changes the dtype of the result.",
    ],
    follow_ups={
        "What if only the last n elements are needed?": "Use a ring buffer: an array of fixed size, written at i % n.",
        "What does ndarray.resize do?": "It enlarges the block in place if realloc can, and fills with "
        "zeros, but refuses if other objects refer to the array. NumPy 2.5 "
        "documents it as deprecated; doubling does not depend on such luck.",
        "What does np.fromiter do?": "It grows its own buffer from an iterator of scalars: one Python "
        "object per element. Pass count= if you know it.",
    },
    related=["from-iterator", "stack-arrays", "zero-allocation", "memory-footprint"],
    links=[
        "https://numpy.org/doc/stable/reference/generated/numpy.concatenate.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.append.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.empty.html",
    ],
    live=show_growth,
)
