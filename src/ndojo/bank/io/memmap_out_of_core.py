"""Column means of a file larger than memory."""

import os

import numpy as np

from ndojo.question import (
    Entry,
    Level,
    Question,
    case,
    choice,
    integers,
    made,
    matches,
    no_python_loop,
    no_warnings,
    peak_memory,
    raises,
    trap,
    tuples,
    works,
)
from ndojo.question.values import ScratchFile


def _rows_in_block(width, block=1 << 17):
    """The number of rows of `width` bytes that are processed together; one or more."""
    return max(block // width, 1)


def column_means(path, shape, dtype):
    """Return the mean of each column of a matrix in a binary file that may be larger than memory.

    The file contains a recording as raw numbers: one row per moment and one column per channel, stored row by row, with
    nothing before, between or after the numbers.

    Parameters
    ----------
    path : str
        The path of the file.
    shape : tuple of two int
        The number of rows and columns. Either may be 0.
    dtype : str
        The dtype of the numbers with its byte order, such as ``"<f4"``, ``">i2"`` or ``"|u1"``: integers of up to 32
        bits, or floats of 32 or 64 bits. Floats may be NaN but not infinite.

    Returns
    -------
    ndarray, shape (columns,), float64
        The mean of each column, computed in float64, because sums of float32 lose digits and sums of small integers
        wrap around. The mean is NaN if a column contains NaN or if the matrix has no rows.

    Raises
    ------
    ValueError
        If the size of the file is not that of the matrix.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder, "recording.bin")
    ...     _ = path.write_bytes(np.array([[1, 20], [2, 40]], dtype="<i2").tobytes())
    ...     column_means(str(path), (2, 2), "<i2")
    array([ 1.5, 30. ])
    """
    rows, columns = shape
    width = columns * np.dtype(dtype).itemsize
    if os.path.getsize(path) != rows * width:
        raise ValueError(f"{path} does not contain a matrix of shape {shape} and dtype {dtype}")
    if rows * columns == 0:
        return np.full(columns, np.nan)
    total = np.zeros(columns)
    height = _rows_in_block(width)
    for start in range(0, rows, height):
        part = (min(height, rows - start), columns)
        total += np.memmap(path, dtype, "r", offset=start * width, shape=part).sum(axis=0, dtype=np.float64)
    return total / rows


@works()
def reads_blocks(path, shape, dtype):
    """The same without a memory map: reads one block of rows after another."""
    rows, columns = shape
    kind = np.dtype(dtype)
    if os.path.getsize(path) != rows * columns * kind.itemsize:
        raise ValueError("wrong size")
    total = np.zeros(columns)
    height = max((1 << 16) // max(columns * 8, 1), 1)
    with open(path, "rb") as file:
        for start in range(0, rows, height):
            n = min(height, rows - start)
            block = np.frombuffer(file.read(n * columns * kind.itemsize), dtype=kind).reshape(n, columns)
            total += block.sum(axis=0, dtype=np.float64)
    with np.errstate(invalid="ignore"):
        return total / rows if rows else np.full(columns, np.nan)


@works(fails="memory")
def one_map(path, shape, dtype):
    """One memory map for the whole file: short and fast, but every page that was read stays mapped until the end."""
    rows, columns = shape
    if os.path.getsize(path) != rows * columns * np.dtype(dtype).itemsize:
        raise ValueError("wrong size")
    if rows * columns == 0:
        return np.full(columns, np.nan)
    return np.memmap(path, dtype=dtype, mode="r", shape=shape).mean(axis=0, dtype=np.float64)


@works(fails="memory")
def all_at_once(path, shape, dtype):
    """Reads the whole file into an array."""
    data = np.fromfile(path, dtype=dtype)
    if os.path.getsize(path) != shape[0] * shape[1] * data.itemsize:
        raise ValueError("wrong size")
    if not shape[0]:
        return np.full(shape[1], np.nan)
    return data.reshape(shape).mean(axis=0, dtype=np.float64)


@works(fails="memory")
def map_made_float(path, shape, dtype):
    """A memory map costs nothing, but astype copies all of it into a float64 array."""
    rows, columns = shape
    if os.path.getsize(path) != rows * columns * np.dtype(dtype).itemsize:
        raise ValueError("wrong size")
    if rows == 0 or columns == 0:
        return np.full(columns, np.nan)
    return np.memmap(path, dtype=dtype, mode="r", shape=(rows, columns)).astype(np.float64).sum(axis=0) / rows


@works(fails="no open file")
def warns_of_nothing(path, shape, dtype):
    """Lets np.mean return NaN for zero rows, which shows a warning, and leaves the file open."""
    data = np.frombuffer(open(path, "rb").read(), dtype=dtype)  # noqa: SIM115
    return np.array(data.reshape(shape).mean(axis=0, dtype=np.float64))


@works(fails="vectorized")
def row_by_row(path, shape, dtype):
    """One row at a time: almost no memory, but several calls per row."""
    rows, columns = shape
    kind = np.dtype(dtype)
    if os.path.getsize(path) != rows * columns * kind.itemsize:
        raise ValueError("wrong size")
    total = np.zeros(columns)
    with open(path, "rb") as file:
        for _ in range(rows):
            total += np.frombuffer(file.read(columns * kind.itemsize), dtype=kind)
    return total / rows if rows else np.full(columns, np.nan)


@trap("An empty file cannot be mapped. Handle zero rows and zero columns before you open the file.", verdict="RE")
def maps_an_empty_file(path, shape, dtype):
    if os.path.getsize(path) != shape[0] * shape[1] * np.dtype(dtype).itemsize:
        raise ValueError("wrong size")
    return np.memmap(path, dtype=dtype, mode="r", shape=shape).mean(axis=0, dtype=np.float64)


@trap("float32 has about seven digits, so a sum of thousands of rows loses the last ones. Pass "
      "dtype=np.float64.",
      verdict="WT")  # fmt: skip
def stays_narrow(path, shape, dtype):
    rows, columns = shape
    if os.path.getsize(path) != rows * columns * np.dtype(dtype).itemsize:
        raise ValueError("wrong size")
    if rows * columns == 0:
        return np.full(columns, np.nan)
    return np.memmap(path, dtype=dtype, mode="r", shape=shape).mean(axis=0)


@trap(
    "A running total in the file's dtype wraps around or rounds. Use np.zeros(columns), which is float64.",
)
def total_in_its_dtype(path, shape, dtype):
    rows, columns = shape
    if os.path.getsize(path) != rows * columns * np.dtype(dtype).itemsize:
        raise ValueError("wrong size")
    total = np.zeros(columns, dtype=dtype)
    data = np.fromfile(path, dtype=dtype).reshape(shape)
    with np.errstate(all="ignore"):
        for row in data:
            total += row
    return total / np.float64(rows) if rows else np.full(columns, np.nan)


@trap("The byte order is part of the dtype: big-endian numbers that are read in native byte order are meaningless.")
def own_byte_order(path, shape, dtype):
    rows, columns = shape
    if os.path.getsize(path) != rows * columns * np.dtype(dtype).itemsize:
        raise ValueError("wrong size")
    if rows * columns == 0:
        return np.full(columns, np.nan)
    with np.errstate(all="ignore"):
        return np.fromfile(path, dtype=dtype[1:]).reshape(shape).mean(axis=0, dtype=np.float64)


@trap(
    "np.memmap with a shape maps only the bytes it needs, so it does not detect a file that is too "
    "long. Compare the sizes."
)
def forgives_long_files(path, shape, dtype):
    rows, columns = shape
    if rows * columns == 0 and os.path.getsize(path) == 0:
        return np.full(columns, np.nan)
    if rows * columns == 0:
        raise ValueError("wrong size")
    return np.memmap(path, dtype=dtype, mode="r", shape=shape).mean(axis=0, dtype=np.float64)


@trap("The numbers are stored row by row. To get an array of shape (columns, rows), transpose; do not reshape.")
def column_by_column(path, shape, dtype):
    rows, columns = shape
    if os.path.getsize(path) != rows * columns * np.dtype(dtype).itemsize:
        raise ValueError("wrong size")
    if rows * columns == 0:
        return np.full(columns, np.nan)
    return np.memmap(path, dtype=dtype, mode="r", shape=shape, order="F").mean(axis=0, dtype=np.float64)


@trap(
    "`axis=1` reduces over the columns and gives one mean per row. `axis=0` reduces over the rows and "
    "gives one mean per column.",
    verdict="WT",
)
def mean_of_rows(path, shape, dtype):
    rows, columns = shape
    if os.path.getsize(path) != rows * columns * np.dtype(dtype).itemsize:
        raise ValueError("wrong size")
    if rows * columns == 0:
        return np.full(columns, np.nan)
    return np.memmap(path, dtype=dtype, mode="r", shape=shape).mean(axis=1, dtype=np.float64)


@trap(
    "The mean of block means is right only if all blocks have the same number of rows. The last block "
    "usually has fewer."
)
def mean_of_means(path, shape, dtype):
    rows, columns = shape
    if os.path.getsize(path) != rows * columns * np.dtype(dtype).itemsize:
        raise ValueError("wrong size")
    if rows * columns == 0:
        return np.full(columns, np.nan)
    data = np.fromfile(path, dtype=dtype).reshape(shape)
    return np.mean([data[k : k + 2].mean(axis=0, dtype=np.float64) for k in range(0, rows, 2)], axis=0)


# --------------------------------------------------------------------------------------------------------------- files

DTYPES = ("<f4", "<f8", ">f4", "<i2", ">i2", "|u1", "<i4", ">f8", "<u4")


def recorded(rng, variant, given):
    """The file of a matrix. Its numbers use the full range of their dtype."""
    shape, dtype = given["shape"], np.dtype(given["dtype"])
    if dtype.kind == "f":
        data = (1000 + 300 * rng.standard_normal(shape)).round(2).astype(dtype)
    else:
        info = np.iinfo(dtype)
        data = rng.integers(info.min, info.max, shape, endpoint=True).astype(dtype)
    if variant == "zeros":
        data[...] = 0
    if variant == "nan" and dtype.kind == "f" and data.size:
        data.flat[int(rng.integers(data.size))] = np.nan
    return ScratchFile("recording.bin", data.tobytes())


def saved(values, dtype):
    array = np.array(values, dtype=dtype)
    return {"path": ScratchFile("recording.bin", array.tobytes()), "shape": array.shape, "dtype": dtype}


def recording(rng, n=6000):
    shape, dtype = (n, 250), "<f4"
    return {
        "path": ScratchFile("recording.bin", rng.standard_normal(shape).astype(dtype).tobytes()),
        "shape": shape,
        "dtype": dtype,
    }


def narrow_recording(rng, n):
    data = rng.integers(-99, 99, (n, 3)).astype("<i2")
    return {"path": ScratchFile("recording.bin", data.tobytes()), "shape": (n, 3), "dtype": "<i2"}


def show_maps():
    import tempfile
    import tracemalloc

    shape = (20_000, 100)
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "recording.bin")
        (1000 + np.random.default_rng(1).standard_normal(shape)).astype("<f4").tofile(path)
        print(f"a file of {os.path.getsize(path) / 1e6:.0f} MB")
        for text, act in (
            ("np.fromfile", lambda: np.fromfile(path, "<f4").reshape(shape).mean(axis=0, dtype=np.float64)),
            ("np.memmap", lambda: np.memmap(path, "<f4", "r", shape=shape).mean(axis=0, dtype=np.float64)),
            ("np.memmap, in float32", lambda: np.memmap(path, "<f4", "r", shape=shape).mean(axis=0)),
        ):
            tracemalloc.start()
            means = act()
            peak = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
            print(f"{text:22} peak allocation {peak / 1e6:6.2f} MB, first mean {float(means[0]):.9f}")
            del means


TRIANGLE = [[1, 2, 3], [4, 5, 9]]

QUESTION = Question(
    cases=120,  # each call writes a file and reads it
    kinds=["code"],
    difficulty="hard",
    topics=["Big Data", "I/O"],
    companies=["Google", "Amazon", "Netflix", "Microsoft"],
    asked=["T104", "google-10", "microsoft-4"],
    entry_points=[
        Entry(
            column_means,
            {
                "shape": tuples(integers(0, 9), 2, 2),
                "dtype": choice(*DTYPES),
                "path": made(recorded, "ordinary", "zeros", "nan"),
            },
            cases=[
                case(**saved([[1.0, 3.0]], "<f4")),
                case(**saved([[1.5], [2.5]], "<f8")),
                case(**saved(TRIANGLE, "<i2")),
                case(**saved(TRIANGLE, ">i2")),
                case(**saved([[1, 2], [3, 4], [5, 9]], "<f8")),
                case(**saved([[200], [100]], "|u1")),
                case(**saved([[0.1, 0.2], [0.3, 0.7]], ">f4")),
                case(**saved([[2**31 - 1], [2**31 - 1]], "<i4")),
                case(**saved([[np.nan, 1.0], [2.0, 3.0]], "<f8")),
                case(**saved(np.zeros((0, 2)), "<f4")),
                case(**saved(np.zeros((2, 0)), "<f4")),
                case(**saved(np.zeros((0, 0)), "<f4")),
                case(**saved(np.full((3000, 1), 16777.217), "<f4")),
                case(**saved([[65]] * 5000 + [[122]], "|u1")),
                raises(ValueError, **saved([[1.0, 2.0]], "<f4") | {"shape": (1, 1)}),
                raises(ValueError, **saved([[1.0, 2.0]], "<f4") | {"shape": (1, 3)}),
                raises(ValueError, **saved([[1.0, 2.0]], "<f4") | {"dtype": "<i2"}),
                raises(ValueError, **saved([[1.0]], "<f4") | {"shape": (0, 1)}),
                raises(ValueError, **saved(np.zeros((0, 1)), "<f4") | {"shape": (1, 1)}),
            ],
            result=matches(rtol=1e-9, atol=1e-9),
        )
    ],
    levels=[
        Level("right"),
        Level(
            "no open file",
            "Shows no warning, and leaves no open file for the garbage collector to close.",
            no_warnings(),
        ),
        Level(
            "vectorized",
            "Works on blocks of rows; a Python step per row is too slow.",
            no_python_loop(narrow_recording),
        ),
        Level(
            "memory",
            "For a 6 MB file, uses at most 1 MB at a time, including mapped pages.",
            peak_memory(recording, extra=1_000_000),
        ),
    ],
    hints=[
        "What can you check before you read the first number? What does os.path.getsize return?",
        "np.memmap behaves like an array and reads from disk what you access. Which operations copy all of it?",
        "In which dtype does mean add float32 values, and which argument changes that?",
        "Which quantity can you accumulate if you see one block of rows at a time?",
    ],
    spoken="""\
I'd use `np.memmap`, which maps the file into the address space and reads pages only when I access them, so the file
can be larger than memory. To limit memory I process blocks of rows and add each block's column sums to a float64
total, then divide once by the number of rows. I pass dtype float64 to the sum because float32 loses digits along axis
0. I avoid astype or arithmetic on the whole map, since that copies everything, and I check the file size first.
""",
    explanation="""\
`np.memmap(path, dtype, mode="r", shape=shape)` maps a file into the address space. That reads nothing yet. The
operating system loads pages, mostly of 4 KB, when they are accessed, and can drop them when memory is short, so the
file may be much larger than memory. The map is an ndarray: slices are views, and a slice of rows accesses only its own
pages.

*What copies everything:* `np.array(m)`, `astype`, fancy indexing, and arithmetic such as `m - 1`. Reductions do not:
`sum(axis=0, dtype=np.float64)` converts through a small buffer.

*Pages count as memory of the process* until the system drops them or the map is closed. If memory is limited, work in
blocks: map or read some rows, add their sums to a float64 total, release them, and divide once by the number of all
rows. The mean of block means is wrong if the last block is shorter.

*The dtype matters twice.* `mean` of float32 adds in float32. Along axis 0 it adds one row after another, without the
pairwise summation that keeps errors small:

>>> x = np.full((100_000, 2), 0.1, dtype=np.float32)
>>> round(float(x.mean(axis=0)[0]), 6), round(float(x.mean(axis=0, dtype=np.float64)[0]), 6)
(0.099986, 0.1)

*Check the size first.* A map of a file that is too long just ends early, and an empty file cannot be mapped.

A row-major file is fast to read by rows, while one column accesses every page. Memory maps suit local disks: over a
network each page is a round trip, so reading large blocks is better.
""",
    points=[
        "memmap reads nothing at first. Pages are loaded when accessed, and dropped when memory is short "
        "or the map is closed.",
        "A memory map is an array: slices are views, but astype, fancy indexing and arithmetic copy.",
        "Reductions use a small buffer, also with dtype=.",
        "Accumulate in float64: float32 sums along axis 0 lose digits, and small integers would wrap around.",
        "Process blocks: accumulate sums and counts, never means of means.",
        "A row-major file is fast to read by rows and slow by columns.",
        "Check the size of the file; empty files cannot be mapped.",
        'mode="r" protects the data, "r+" writes to the file, and "c" keeps changes in memory.',
    ],
    follow_ups={
        "How would you compute standard deviations in one pass?": "Sum the squares of values shifted by an estimate "
        "of the mean, or merge each block's count, mean "
        "and squared deviations (Chan's formula).",
        "How would you compute the median?": "Not from sums. Use two passes with a histogram, np.partition on one "
        "column at a time, or a quantile sketch.",
        "How do you map a .npy file?": "`np.load(path, mmap_mode='r')`. Shape, dtype and order come from its header.",
        "When are changes in mode r+ written to disk?": "When you call flush(), or when the operating system writes "
        "them.",
    },
    related=["npz-round-trip", "parse-binary-packet", "float32-vs-float64", "cache-locality"],
    links=[
        "https://numpy.org/doc/stable/reference/generated/numpy.memmap.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.mean.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.fromfile.html",
    ],
    live=show_maps,
)
