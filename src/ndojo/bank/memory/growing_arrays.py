"""Join a stream of chunks."""

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
    """Join the chunks that a market feed delivers into one array.

    The feed hands prices out in chunks, whatever has arrived. How many there will be, nobody knows beforehand.

    Parameters
    ----------
    chunks : iterable of ndarray, shape (k,), float64 or int32
        A list, a tuple, or an iterator that can be walked through only once, such as a generator. k may differ from
        chunk to chunk and may be 0; the dtype is the same for all. Chunks may be strided, reversed or read-only, and
        floats may be NaN. There may be no chunk at all. On level 4 dtypes may differ, and chunks may be tables, see
        below.

    Returns
    -------
    ndarray, shape (sum of all k,), dtype of the chunks
        All elements in the order in which they came, in memory of its own: after the call the feed overwrites its
        chunks. If there is no chunk, the shape is (0,) and the dtype float64.

        On level 4, chunks that are all of shape (k, d), with one d for all, give shape (sum of all k, d); and chunks
        of both float64 and int32 give the dtype that `np.result_type` finds for them, float64.

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
    """Adds the lengths up, allocates once, and copies each chunk to its place."""
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
    """Joins each chunk to all that came before: everything is copied again and again."""
    whole = None
    for one in chunks:
        whole = one.copy() if whole is None else np.concatenate([whole, one])
    return np.zeros(0) if whole is None else whole


@works(fails="memory")
def by_doubling(chunks):
    """A buffer that doubles when it is full: every element moves about twice, without keeping the chunks."""
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
    """A list grows cheaply, yet every element becomes a Python object on the way."""
    elements, dtype = [], None
    for one in chunks:
        elements.extend(one.tolist())
        dtype = one.dtype
    return np.array(elements, dtype=dtype or np.float64)


@works(fails="memory")
def copies_of_chunks(chunks):
    """Copies each chunk when it comes, as one must where the feed uses its buffer again."""
    kept = [one.copy() for one in chunks]
    return np.concatenate(kept) if kept else np.zeros(0)


# --------------------------------------------------------------------------------------------------------------- traps


@trap("There may be no chunk: np.concatenate of nothing raises ValueError, since it knows no dtype.", verdict="RE")
def needs_a_chunk(chunks):
    return np.concatenate(list(chunks))


@trap("np.array([]) is float64, and joining it makes integers float64 too: start from the first chunk.", verdict="WT")
def starts_from_float(chunks):
    whole = np.array([])
    for one in chunks:
        whole = np.append(whole, one)
    return whole


@trap("An iterator is used up after one walk: whoever counts first finds nothing left to copy. Keep a list.")
def walks_twice(chunks):
    first = next(iter(chunks), np.zeros(0)) if isinstance(chunks, (list, tuple)) else np.zeros(0)
    whole = np.zeros(sum(len(one) for one in chunks), dtype=first.dtype)
    start = 0
    for one in chunks:
        whole[start : start + len(one)] = one
        start += len(one)
    return whole


@trap("len and indexing ask for a list; an iterator has neither. Walk it, and keep what comes.", verdict="RE")
def needs_a_list(chunks):
    if len(chunks) == 0:
        return np.zeros(0)
    whole = chunks[0].copy()
    for i in range(1, len(chunks)):
        whole = np.concatenate([whole, chunks[i]])
    return whole


@trap("Chunks differ in length, so they make no 2-D array: concatenate joins them end to end.", verdict="RE")
def stacks(chunks):
    chunks = list(chunks)
    return np.array(chunks).ravel() if chunks else np.zeros(0)


@trap("A buffer that doubles ends with room to spare: hand out its filled part only.", verdict="WT")
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


@trap("A single chunk has to be copied as well: returned as it is, it changes when the feed writes on.")
def returns_the_only_chunk(chunks):
    chunks = list(chunks)
    if len(chunks) == 1:
        return chunks[0]
    return np.concatenate(chunks) if chunks else np.zeros(0)


@trap("np.append(a, b) puts b behind a: the growing array comes first, or the order is turned round.")
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
    """Chunks of shape (k, d) or (k,), of one dtype or of both."""
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

    ways = {"join to all before": one_by_one, "list of elements": by_list, "doubling": by_doubling,
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
            "Copy every element once or twice, not once a chunk: four hundred chunks, 2.3 times as fast as joining one "
            "by one.",
            faster_than(
                one_by_one,
                2.3,
                ticks,
                needs=needs(bytes=lambda chunks: 2 * sum(one.nbytes for one in chunks)),
            ),
        ),
        Level(
            "memory",
            "Eight megabytes of chunks: allocate the result, once, and nothing else of that size.",
            peak_memory(long_stream, outputs=1.02),
        ),
        Level(
            "tables",
            "Now chunks may be tables, joined row after row, and dtypes may differ.",
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
        "What in Python grows cheaply, and may hold arrays?",
        "Once all chunks are there, their total length is known: how many allocations does that take?",
        "Think of a stream without chunks, and of one that can be walked only once.",
    ],
    explanation="""\
An array cannot grow: its elements lie in one block, and behind it lies something else. So `np.append`, `np.concatenate`
and `np.vstack` allocate a new block and copy all that was there. In a loop over m chunks of k elements that makes
k + 2k + ... + mk, O(m^2 k) copies.

A list grows cheaply, because it holds pointers only and keeps room to spare. Collect the chunks in a list, and join
once: the total is known then, so there is one allocation, and every element is copied once.

>>> kept = []
>>> for k in range(4):
...     kept.append(np.full(k, k))
>>> np.concatenate(kept)
array([1, 2, 2, 3, 3, 3])

`list(chunks)` also takes what can be walked only once. No chunk at all has to be caught, as by `or [[]]`:

>>> np.concatenate([])
Traceback (most recent call last):
...
ValueError: need at least one array to concatenate

And beware of a start value: `np.array([])` is float64 and turns integers into floats.

If the total is known beforehand, allocate with `np.empty` and write slices. If chunks cannot be kept, because the feed
uses its buffer again, copy each one, or write into a buffer that doubles when it is full: doubling copies every element
about twice at most, amortised O(1) each, where growing by a constant stays O(n^2). Trim and copy at the end, or the
spare room stays alive.

For tables, `np.row_stack` was `np.vstack` all along: NumPy 2.0 deprecated it, 2.5 removed it.
""",
    points=[
        "Arrays cannot grow: append and concatenate copy everything, so a loop of them is O(n^2).",
        "Collect chunks in a list, concatenate once: one allocation, O(n).",
        "Known total: np.empty and slices.",
        "Unknown total and reused buffers: doubling, amortised O(1) an element, trimmed at the end.",
        "Empty stream: np.concatenate([]) raises, so say what dtype and shape it has.",
        "Iterators can be walked once.",
        "np.array([]) is float64 and changes the dtype of what is joined.",
    ],
    follow_ups={
        "And if only the last n elements are wanted?": "A ring buffer: a fixed array, written at i % n.",
        "What about ndarray.resize?": "It enlarges the block where it lies if realloc can, and fills with zeros, but "
        "refuses when somebody else refers to the array. NumPy 2.5 deprecates it; doubling needs no such luck.",
        "What does np.fromiter do?": "It grows its own buffer from an iterator of scalars: one Python object an "
        "element; give count= where you know it.",
    },
    related=["from-iterator", "stack-arrays", "zero-allocation", "memory-footprint"],
    links=[
        "https://numpy.org/doc/stable/reference/generated/numpy.concatenate.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.append.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.empty.html",
    ],
    live=show_growth,
)
