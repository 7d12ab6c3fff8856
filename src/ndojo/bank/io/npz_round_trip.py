"""Save and load named arrays with npz files."""

import io
import zipfile

import numpy as np

from ndojo.question import (
    Entry,
    Level,
    Question,
    Scenario,
    arrays,
    case,
    choice,
    files,
    mappings,
    no_warnings,
    one_of,
    peak_memory,
    raises,
    trap,
    works,
)
from ndojo.question.values import ScratchFile


def save(path, **arrays):
    """Write arrays by name to one .npz file.

    An .npz file is a zip archive with one member per array, called ``<name>.npy``, in the format that `numpy.save`
    writes. The archive may be compressed or not. ``np.load(path)`` must find every array under its name.

    Parameters
    ----------
    path : str
        The path of the file, to be used exactly as given, whether or not it ends in ``.npz``. An existing file is
        replaced.
    **arrays : ndarray, any shape
        Numbers, bools, strings, datetimes or records (a structured dtype), in any memory layout. Every keyword is a
        name, including ``file`` and ``allow_pickle``, which are parameters of `numpy.savez`. The number of arrays may
        be zero.

    Returns
    -------
    None

    Raises
    ------
    ValueError
        If an array contains Python objects (``dtype.hasobject``), because they could only be pickled. In this case
        nothing is written, and an existing file stays unchanged.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save(folder + "/log.npz", temperature=np.array([20.5, 21.0]), count=np.array([3, 4], dtype=np.int16))
    ...     load(folder + "/log.npz")["count"]
    array([3, 4], dtype=int16)
    """
    objects = [name for name, array in arrays.items() if array.dtype.hasobject]
    if objects:
        raise ValueError(f"{', '.join(objects)}: Python objects cannot be saved without pickle")
    with zipfile.ZipFile(path, "w") as archive:
        for name, array in arrays.items():
            # A member of unknown length needs zip64 headers to grow beyond 2 GiB.
            with archive.open(f"{name}.npy", "w", force_zip64=True) as member:
                np.save(member, array, allow_pickle=False)


def load(path):
    """Read all arrays of an .npz file into a dict.

    The dict is complete and independent of the file, which is closed. Each array has the shape, the dtype (including
    byte order) and the values with which it was saved. An array that was saved in Fortran order has Fortran order,
    every other array has C order.

    Parameters
    ----------
    path : str
        A file written by `save`, `numpy.savez` or `numpy.savez_compressed`.

    Returns
    -------
    dict of str to ndarray

    Raises
    ------
    ValueError
        If an array in the file is pickled. Unpickling could run any code that the author of the file chose.
    FileNotFoundError
        If the file does not exist.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     np.savez(folder + "/log.npz", level=np.array([[1, 2], [3, 4]]))
    ...     load(folder + "/log.npz")
    {'level': array([[1, 2],
           [3, 4]])}
    """
    with np.load(path) as archive:
        return dict(archive)


# ------------------------------------------------------------------------------------------------------- right answers


@works(of="save")
def deflated(path, **arrays):
    """Compressed, with NumPy's own writer for the format."""
    if any(array.dtype.hasobject for array in arrays.values()):
        raise ValueError("Python objects cannot be saved")
    with zipfile.ZipFile(path, mode="w", compression=zipfile.ZIP_DEFLATED) as archive:
        for name in arrays:
            with archive.open(name + ".npy", mode="w", force_zip64=True) as member:
                np.lib.format.write_array(member, arrays[name], allow_pickle=False)


@works(fails="memory", of="save")
def through_memory(path, **arrays):
    """Builds the bytes of each member in memory: simple, but it needs one or two copies of the data."""
    if any(array.dtype.hasobject for array in arrays.values()):
        raise ValueError("Python objects cannot be saved")
    with zipfile.ZipFile(path, "w") as archive:
        for name, array in arrays.items():
            member = io.BytesIO()
            np.save(member, array)
            archive.writestr(f"{name}.npy", member.getvalue())


@works(of="load")
def member_by_member(path):
    """Reads the zip archive itself, and each member with np.load."""
    found = {}
    with zipfile.ZipFile(path) as archive:
        for member in archive.namelist():
            with archive.open(member) as stream:
                found[member.removesuffix(".npy")] = np.load(io.BytesIO(stream.read()), allow_pickle=False)
    return found


@works(fails="no open file", of="load")
def leaves_it_open(path):
    """np.load closes files that it opened. It does not close this file, because the caller opened it."""
    return dict(np.load(open(path, "rb")))


# --------------------------------------------------------------------------------------------------------------- traps


@trap(
    "np.savez(file, **arrays) has its own parameters: an array called `file` raises TypeError, and newer "
    "releases of NumPy 2 take `allow_pickle` as the option. A member written with np.save may have any "
    "name.",
    verdict="RE",
    of="save",
)
def savez_to_open_file(path, **arrays):
    if any(array.dtype.hasobject for array in arrays.values()):
        raise ValueError("Python objects cannot be saved")
    with open(path, "wb") as file:
        np.savez(file, **arrays)


@trap(
    "np.savez appends .npz to a path without it, so the file has another name than requested. Pass an "
    "open file instead.",
    verdict="RE",
    of="save",
)
def adds_suffix(path, **arrays):
    if any(array.dtype.hasobject for array in arrays.values()):
        raise ValueError("Python objects cannot be saved")
    if not path.endswith(".npz"):
        path += ".npz"
    with zipfile.ZipFile(path, "w") as archive:
        for name, array in arrays.items():
            with archive.open(f"{name}.npy", "w") as member:
                np.save(member, array)


@trap("np.save pickles object arrays unless allow_pickle=False.", of="save")
def pickles(path, **arrays):
    with zipfile.ZipFile(path, "w") as archive:
        for name, array in arrays.items():
            with archive.open(f"{name}.npy", "w") as member:
                np.save(member, array)


@trap(
    'Opening a file with mode "w" empties it before the object array is found. Check every dtype before '
    "you open the file.",
    of="save",
)
def half_written(path, **arrays):
    with zipfile.ZipFile(path, "w") as archive:
        for name, array in arrays.items():
            with archive.open(f"{name}.npy", "w") as member:
                np.save(member, array, allow_pickle=False)


@trap(
    'Mode "a" adds to the existing archive, so the old arrays stay in it. Use mode "w" to replace the file.', of="save"
)
def adds_to_old(path, **arrays):
    if any(array.dtype.hasobject for array in arrays.values()):
        raise ValueError("Python objects cannot be saved")
    with zipfile.ZipFile(path, "a") as archive:
        for name, array in arrays.items():
            with archive.open(f"{name}.npy", "w") as member:
                np.save(member, array)


@trap("A list loses the dtype and the shape of an empty array. Save the array itself.", verdict="WT", of="save")
def through_lists(path, **arrays):
    if any(array.dtype.hasobject for array in arrays.values()):
        raise ValueError("Python objects cannot be saved")
    with zipfile.ZipFile(path, "w") as archive:
        for name, array in arrays.items():
            with archive.open(f"{name}.npy", "w") as member:
                np.save(member, np.array(array.tolist()))


@trap(
    "np.ascontiguousarray is unnecessary and harmful: it changes Fortran order to C order, and a 0-d "
    "array to shape (1,).",
    verdict="WT",
    of="save",
)
def contiguous_first(path, **arrays):
    if any(array.dtype.hasobject for array in arrays.values()):
        raise ValueError("Python objects cannot be saved")
    with zipfile.ZipFile(path, "w") as archive:
        for name, array in arrays.items():
            with archive.open(f"{name}.npy", "w") as member:
                np.save(member, np.ascontiguousarray(array))


@trap(
    "np.load of an .npz file returns an NpzFile, which reads an array on each access and keeps the file "
    "open. Use dict(...) inside a with block.",
    verdict="WT",
    of="load",
)
def lazy(path):
    return np.load(io.BytesIO(open(path, "rb").read()))


@trap(
    "An NpzFile reads only on access. After the with block the file is closed, so read the arrays inside it.",
    verdict="RE",
    of="load",
)
def closed_too_soon(path):
    with np.load(path) as archive:
        names = archive.files
    return {name: archive[name] for name in names}


@trap(
    "allow_pickle=True lets the file run any code while it is loaded. The default, False, raises "
    "ValueError for a pickled array.",
    of="load",
)
def trusts_the_file(path):
    with np.load(path, allow_pickle=True) as archive:
        return dict(archive)


@trap(
    "The members of an .npz file have names, not positions: look up arrays by name instead of arr_0.",
    verdict="RE",
    of="load",
)
def by_position(path):
    with np.load(path) as archive:
        return {name: archive[f"arr_{i}"] for i, name in enumerate(archive.files)}


# -------------------------------------------------------------------------------------------------------- whole stories


def round_trip(save, load, path, arrays):
    save(path, **arrays)
    loaded = {}
    for name, array in load(path).items():
        fortran = array.flags.f_contiguous and not array.flags.c_contiguous
        loaded[name] = (array, "Fortran order" if fortran else "C order")
    with np.load(path) as archive:
        return {"load": loaded, "names that np.load finds": sorted(archive.files)}


def one_path(save, load, path, old, new, bad):
    story = {}
    try:
        story["no file yet"] = load(path)
    except FileNotFoundError:
        story["no file yet"] = "FileNotFoundError"
    save(path, temperature=old, pressure=old)
    save(path, temperature=new)
    story["saved again"] = load(path)
    try:
        save(path, temperature=old, labels=np.zeros(2, dtype=bad))
        story["with objects"] = "no error"
    except ValueError:
        story["with objects"] = "ValueError"
    with np.load(path) as archive:
        story["names in the file after that"] = sorted(archive.files)
    return story


# ------------------------------------------------------------------------------------------------------------ question

DTYPES = (
    "float64",
    "int16",
    ">u2",
    "bool",
    "complex64",
    "U4",
    "datetime64[s]",
    np.dtype([("time", "<f8"), ("count", "<i4")]),
)
LOG = arrays(..., dtype=DTYPES, holds=("nan", "inf"), max_ndim=3)
NAMED = mappings(["temperature", "file", "arr_0", "allow_pickle"], LOG)
PATHS = one_of(files("log.npz"), files("log"), files("log.2025"))


def archived(write, **arrays):
    stream = io.BytesIO()
    write(stream, **arrays)
    return stream.getvalue()


TABLE = np.arange(6.0).reshape(2, 3)
ARCHIVES = [
    archived(np.savez, temperature=TABLE),
    archived(np.savez),
    archived(np.savez, temperature=np.asfortranarray(TABLE), count=np.array([3, 4], dtype=">i2")),
    archived(np.savez_compressed, level=np.array(7), names=np.array(["ab", ""]), empty=np.zeros((0, 3))),
]
PICKLED = archived(np.savez, temperature=TABLE, labels=np.array([None, 1.5], dtype=object))


def recording(rng):
    return {"path": ScratchFile("log.npz"), "arrays": {"temperature": np.zeros(3_000_000)}}


QUESTION = Question(
    cases=70,  # each call writes files and reads them
    kinds=["code"],
    difficulty="easy",
    topics=["File I/O"],
    companies=["Google", "Amazon", "Meta"],
    asked=["T26"],
    entry_points=[
        Entry(
            save,
            {"path": PATHS, "arrays": NAMED},
            cases=[
                case(path=ScratchFile("log.npz"), arrays={"temperature": TABLE}),
                raises(
                    ValueError,
                    path=ScratchFile("log.npz"),
                    arrays={"temperature": TABLE, "labels": np.array([None, 1.5], dtype=object)},
                ),
                raises(ValueError, path=ScratchFile("log.npz"), arrays={"labels": np.array(["ab", ""], dtype=object)}),
            ],
        ),
        Entry(
            load,
            {"path": files("log.npz", *ARCHIVES)},
            cases=[
                raises(ValueError, path=ScratchFile("log.npz", PICKLED)),
            ],
        ),
    ],
    scenarios=[
        Scenario(
            round_trip,
            {"path": PATHS, "arrays": NAMED},
            cases=[
                case(path=ScratchFile("log.npz"), arrays={"temperature": np.asfortranarray(TABLE)}),
                case(path=ScratchFile("log.npz"), arrays={"temperature": TABLE[:, ::-1].T}),
                case(path=ScratchFile("log.npz"), arrays={"file": TABLE}),
                case(path=ScratchFile("log"), arrays={}),
                case(path=ScratchFile("log"), arrays={"temperature": np.array([20.5])}),
            ],
        ),
        Scenario(
            one_path,
            {
                "path": PATHS,
                "old": arrays("n", dtype=("float64", "int16")),
                "new": arrays("m", dtype=("float64", "int16")),
                "bad": choice("O", "i4,O"),
            },
        ),
    ],
    levels=[
        Level("right"),
        Level(
            "no open file",
            "Shows no warning, and leaves no open file for the garbage collector to close.",
            no_warnings(),
        ),
        Level(
            "memory",
            "For 24 MB of arrays, uses less than another 24 MB of memory.",
            peak_memory(recording, inputs=1),
        ),
    ],
    hints=[
        "What does np.savez do with a path that has no suffix, and with an array called file?",
        "An .npz file is a zip archive of .npy files. zipfile can open a member for writing, and np.save "
        "writes to any file.",
        "What is the type of np.load(path), and when are the arrays read? When do you have to know that "
        "an array is refused?",
    ],
    spoken="""\
An npy file is a header with dtype, shape and order, followed by the raw bytes, and an npz file is a zip archive of
npy files. I write each member with `np.save` and `allow_pickle=False`, because `np.savez` appends a suffix, has
parameter names that collide with array names, and pickles object arrays. `np.load` on an npz file is lazy and keeps
the file open, so I read everything into a dict inside a with block. I check all dtypes before opening the file, so a
refusal leaves the old file intact.
""",
    explanation="""\
A .npy file is a short header and the raw bytes of one array. The header contains the dtype with its byte order, the
shape, and whether the bytes are in Fortran order, so all three are restored. An .npz file is a zip archive of such
files.

>>> stream = io.BytesIO()
>>> np.savez(stream, level=np.zeros((2, 3), order="F"), count=np.array([3, 4], dtype=">i2"))
>>> zipfile.ZipFile(stream).namelist()
['level.npy', 'count.npy']

`np.savez(file, **arrays)` is good enough for scripts. As a building block it has three problems: it appends `.npz` to a
path without it, an array called `file` collides with its own parameter, and it pickles object arrays. Its
`allow_pickle` argument is recent: NumPy 2.0 stores an array of that name instead. Writing the members with `np.save`
avoids all three problems.

*Why refuse pickles?* Unpickling may run any code, and it needs the classes that existed when the file was written.
`np.load` refuses pickles by default since NumPy 1.16.3; `allow_pickle=True` trusts the file.

*`np.load` of an .npz file returns an `NpzFile`.* It is lazy: it reads a member on every access, each time again, and
keeps the file open. So read what you need inside `with`.

>>> _ = stream.seek(0)
>>> with np.load(stream) as archive:
...     log = dict(archive)
>>> log["level"].flags.f_contiguous, log["count"].dtype
(True, dtype('>i2'))

*Check before you write.* Opening a file with mode "w" immediately empties the old file.
""",
    points=[
        "An .npy file is a header (dtype, byte order, shape, Fortran flag) and raw bytes. An .npz file "
        "is a zip archive of them.",
        "np.savez does not compress; np.savez_compressed does.",
        "np.savez appends .npz to a path without it, and arrays cannot have the names of its parameters.",
        "np.load of an .npz file is lazy and keeps the file open: use with, and read inside it.",
        "Object arrays are pickled when saved. allow_pickle=False refuses them, and np.load refuses "
        "pickles by default.",
        "Check the arrays before opening the file for writing, so that a refusal leaves the old file intact.",
    ],
    follow_ups={
        "Can you memory-map an .npz file?": "No, mmap_mode works only for .npy files. Save large arrays as "
        "separate .npy files.",
        "How do you make the replacement safe against a crash?": "Write to a temporary file in the same folder, "
        "then call os.replace to rename it.",
        "How do you add one array to the file later?": 'Open the zip archive in mode "a" and write one more member. '
        "To replace a member, write the whole archive again.",
        "What would you use beyond one machine and NumPy?": "HDF5, Zarr or Parquet, for chunks, metadata and partial "
        "reads.",
    },
    related=["memmap-out-of-core", "parse-binary-packet", "read-csv", "structured-arrays"],
    links=[
        "https://numpy.org/doc/stable/reference/generated/numpy.savez.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.load.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.save.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html",
    ],
    equivalent={
        "save: `archive.open(f'{name}.npy', 'w', force_zip64=True)` -> `archive.open(f'{name}.npy', 'w')` "
        "in `with archive.open(f'{name}.npy', 'w', force_zip64=True) as member:`": "Matters only beyond 2 GiB.",
        "save: `True` -> `False` in `with archive.open(f'{name}.npy', 'w', "
        "force_zip64=True) as member:`": "Matters only beyond 2 GiB.",
        "save: `np.save(member, array, allow_pickle=False)` -> `np.save(member, array)`": "Object arrays are refused "
        "before this line.",
        "save: `False` -> `True` in `np.save(member, array, allow_pickle=False)`": "Object arrays are refused "
        "before this line.",
    },
)
