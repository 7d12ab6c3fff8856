"""Save named arrays, and get them back as they were."""

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
    """Write a sensor log, arrays by name, to one .npz file.

    An .npz file is a zip archive with one member for each array, called ``<name>.npy``, as `numpy.save` writes it;
    whether the archive is compressed is up to you. ``np.load(path)`` must find every array under its name.

    Parameters
    ----------
    path : str
        Where the file goes: exactly there, whether or not the name ends in ``.npz``. A file that is there already is
        replaced.
    **arrays : ndarray, any shape
        Numbers, bools, texts, datetimes or records (a structured dtype), in any memory layout. Every keyword is a
        name, also ``file`` and ``allow_pickle``, which `numpy.savez` keeps to itself. There may be no arrays at all.

    Returns
    -------
    None

    Raises
    ------
    ValueError
        If an array holds Python objects (``dtype.hasobject``), which could only be pickled. Nothing is written then: a
        file that was there stays as it was.

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
        raise ValueError(f"{', '.join(objects)}: Python objects would have to be pickled")
    with zipfile.ZipFile(path, "w") as archive:
        for name, array in arrays.items():
            # A member of unknown length needs zip64 headers to grow beyond 2 GiB.
            with archive.open(f"{name}.npy", "w", force_zip64=True) as member:
                np.save(member, array, allow_pickle=False)


def load(path):
    """Read all arrays of an .npz file into a dict.

    The dict is complete: it no longer needs the file, which is closed. Each array comes back with the shape, the
    dtype (byte order included) and the values that it was saved with; one that was saved in Fortran order comes back
    in Fortran order, every other in C order.

    Parameters
    ----------
    path : str
        A file that `save`, `numpy.savez` or `numpy.savez_compressed` wrote.

    Returns
    -------
    dict of str to ndarray

    Raises
    ------
    ValueError
        If an array in the file is pickled: unpickling would run whatever code the file's author chose.
    FileNotFoundError
        If there is no such file.

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
    """Compressed, and with NumPy's own writer of the format."""
    if any(array.dtype.hasobject for array in arrays.values()):
        raise ValueError("Python objects are not saved")
    with zipfile.ZipFile(path, mode="w", compression=zipfile.ZIP_DEFLATED) as archive:
        for name in arrays:
            with archive.open(name + ".npy", mode="w", force_zip64=True) as member:
                np.lib.format.write_array(member, arrays[name], allow_pickle=False)


@works(fails="lean", of="save")
def through_memory(path, **arrays):
    """Builds the bytes of each member in memory: simple, and all of the data once or twice more."""
    if any(array.dtype.hasobject for array in arrays.values()):
        raise ValueError("Python objects are not saved")
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


@works(fails="tidy", of="load")
def leaves_it_open(path):
    """np.load closes what it has opened; this file it was only lent."""
    return dict(np.load(open(path, "rb")))


# --------------------------------------------------------------------------------------------------------------- traps


@trap(
    "np.savez(file, **arrays) has parameters of its own: an array called `file` raises TypeError, and one called "
    "`allow_pickle` is taken for the option in newer releases of NumPy 2. A member written with np.save may have any "
    "name.",
    verdict="RE",
    of="save",
)
def savez_to_open_file(path, **arrays):
    if any(array.dtype.hasobject for array in arrays.values()):
        raise ValueError("Python objects are not saved")
    with open(path, "wb") as file:
        np.savez(file, **arrays)


@trap(
    "Adding .npz to a path without it, as np.savez does, puts the file where nobody looks for it: write to the path "
    "that was given. An open file handed to NumPy keeps its name.",
    verdict="RE",
    of="save",
)
def adds_suffix(path, **arrays):
    if any(array.dtype.hasobject for array in arrays.values()):
        raise ValueError("Python objects are not saved")
    if not path.endswith(".npz"):
        path += ".npz"
    with zipfile.ZipFile(path, "w") as archive:
        for name, array in arrays.items():
            with archive.open(f"{name}.npy", "w") as member:
                np.save(member, array)


@trap("np.save pickles object arrays unless told allow_pickle=False.", of="save")
def pickles(path, **arrays):
    with zipfile.ZipFile(path, "w") as archive:
        for name, array in arrays.items():
            with archive.open(f"{name}.npy", "w") as member:
                np.save(member, array)


@trap(
    "Opening with mode w has emptied the old file before the object array is met: look at every dtype before the first "
    "byte is written.",
    of="save",
)
def half_written(path, **arrays):
    with zipfile.ZipFile(path, "w") as archive:
        for name, array in arrays.items():
            with archive.open(f"{name}.npy", "w") as member:
                np.save(member, array, allow_pickle=False)


@trap("Mode a adds to the archive that is there: the old arrays stay in it.", of="save")
def adds_to_old(path, **arrays):
    if any(array.dtype.hasobject for array in arrays.values()):
        raise ValueError("Python objects are not saved")
    with zipfile.ZipFile(path, "a") as archive:
        for name, array in arrays.items():
            with archive.open(f"{name}.npy", "w") as member:
                np.save(member, array)


@trap("A list forgets the dtype, and the shape of an empty array; save the array itself.", verdict="WT", of="save")
def through_lists(path, **arrays):
    if any(array.dtype.hasobject for array in arrays.values()):
        raise ValueError("Python objects are not saved")
    with zipfile.ZipFile(path, "w") as archive:
        for name, array in arrays.items():
            with archive.open(f"{name}.npy", "w") as member:
                np.save(member, np.array(array.tolist()))


@trap(
    "np.ascontiguousarray is needless and does harm: it turns Fortran order into C order, and a 0-d array into one of "
    "shape (1,).",
    verdict="WT",
    of="save",
)
def contiguous_first(path, **arrays):
    if any(array.dtype.hasobject for array in arrays.values()):
        raise ValueError("Python objects are not saved")
    with zipfile.ZipFile(path, "w") as archive:
        for name, array in arrays.items():
            with archive.open(f"{name}.npy", "w") as member:
                np.save(member, np.ascontiguousarray(array))


@trap(
    "np.load of an .npz returns an NpzFile: it reads an array each time that it is asked for one, and keeps the file "
    "open. dict(...) inside a with block reads all and closes.",
    verdict="WT",
    of="load",
)
def lazy(path):
    return np.load(io.BytesIO(open(path, "rb").read()))


@trap(
    "An NpzFile reads only when asked: after the with block the file is closed, so read inside.",
    verdict="RE",
    of="load",
)
def closed_too_soon(path):
    with np.load(path) as archive:
        names = archive.files
    return {name: archive[name] for name in names}


@trap(
    "allow_pickle=True lets the file run code of its author's choice while it is loaded; the default, False, raises "
    "ValueError for a pickled array.",
    of="load",
)
def trusts_the_file(path):
    with np.load(path, allow_pickle=True) as archive:
        return dict(archive)


@trap("An .npz member has no order of its own: ask for arrays by name, not by arr_0.", verdict="RE", of="load")
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
        story["there is no file yet"] = load(path)
    except FileNotFoundError:
        story["there is no file yet"] = "FileNotFoundError"
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
    cases=70,  # each writes a file and reads it
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
        Level("tidy", "No warning escapes, and no file is left for the garbage collector to close.", no_warnings()),
        Level(
            "lean",
            "Saving 24 MB must take less than another 24 MB of memory.",
            peak_memory(recording, inputs=1),
        ),
    ],
    hints=[
        "What does np.savez do with a path that has no suffix, and with an array called file?",
        "An .npz file is a zip archive of .npy files. zipfile opens members for writing; np.save writes to any file.",
        "What is the type of np.load(path), and when are the arrays read? When must you know that an array is refused?",
    ],
    explanation="""\
A .npy file is a short header and the raw bytes of one array. The header holds dtype with byte order, shape, and
whether the bytes lie in Fortran order, so all three survive. An .npz file is a zip archive of such files.

>>> stream = io.BytesIO()
>>> np.savez(stream, level=np.zeros((2, 3), order="F"), count=np.array([3, 4], dtype=">i2"))
>>> zipfile.ZipFile(stream).namelist()
['level.npy', 'count.npy']

`np.savez(file, **arrays)` is good enough for scripts. As a building block it has three snags: it adds `.npz` to a path
without it, an array called `file` collides with its own parameter, and object arrays are pickled. `allow_pickle=` for
it is recent: NumPy 2.0 stores an array of that name instead. Writing the members with `np.save` avoids all three.

Pickles are refused on purpose: unpickling may run any code, and needs the classes that were there when it was written.
`np.load` has refused them by default since 1.16.3; with `allow_pickle=True` it trusts the file.

`np.load` of an .npz returns an `NpzFile`, which is lazy: it reads a member whenever it is asked for, again each time,
and keeps the file open. So read what you need inside `with`.

>>> _ = stream.seek(0)
>>> with np.load(stream) as archive:
...     log = dict(archive)
>>> log["level"].flags.f_contiguous, log["count"].dtype
(True, dtype('>i2'))

Check before you write: mode "w" empties the old file at once.
""",
    points=[
        ".npy is a header (dtype, byte order, shape, Fortran flag) and raw bytes; .npz is a zip archive of them.",
        "np.savez does not compress, np.savez_compressed does.",
        "np.savez appends .npz to a path without it, and its own parameter names are lost to arrays.",
        "np.load of an .npz is lazy and holds the file open: use with, and read inside it.",
        "Object arrays are pickled on saving; allow_pickle=False refuses them, and np.load does so by default.",
        "Validate before opening for writing, so that a refusal leaves the old file whole.",
    ],
    follow_ups={
        "Can you memory-map an .npz?": "No: mmap_mode is for .npy files. Save large arrays one by one as .npy.",
        "How do you make the replacement safe against a crash?": "Write to a temporary file in the same folder, then "
        "os.replace it onto the path.",
        "How do you add one array to a file later?": "Open the zip archive in mode a and write one more member; "
        "replacing a member means writing the archive anew.",
        "What do you use beyond one machine and NumPy?": "HDF5, Zarr or Parquet: chunks, metadata, partial reads.",
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
        "in `with archive.open(f'{name}.npy', 'w', force_zip64=True) as member:`": "Matters beyond 2 GiB only.",
        "save: `True` -> `False` in `with archive.open(f'{name}.npy', 'w', force_zip64=True) as member:`": "Matters "
        "beyond 2 GiB only.",
        "save: `np.save(member, array, allow_pickle=False)` -> `np.save(member, array)`": "Objects are refused before.",
        "save: `False` -> `True` in `np.save(member, array, allow_pickle=False)`": "Objects are refused before.",
    },
)
