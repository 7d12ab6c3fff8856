"""Arrays and C pointers with ctypes."""

import ctypes

import numpy as np

from ndojo.question import (
    Entry,
    Level,
    Question,
    Scenario,
    allocates_nothing,
    arrays,
    case,
    choice,
    integers,
    matches,
    raises,
    right_on,
    trap,
    without,
    works,
)


def from_pointer(addr, n, dtype):
    """Return an array that is a view of memory at a C pointer, without a copy.

    A C library fills the memory, for example with a camera frame.

    Parameters
    ----------
    addr : int
        The address of the first item. 0 is NULL. The memory stays valid as long as the caller uses the array, and is
        aligned for its dtype.
    n : int
        The number of items (not bytes).
    dtype : dtype, or anything that `numpy.dtype` accepts
        The dtype of the items: numbers and booleans in either byte order, records, times, strings.

    Returns
    -------
    ndarray, shape (n,), `dtype`
        A writeable view of that memory, which it does not own: writing to the array changes the C memory. If n is 0, an
        empty array, even for NULL.

    Raises
    ------
    ValueError
        If n is negative, if `addr` is NULL and n is not 0, or if `dtype` contains Python objects. Nothing may be read
        in these cases.

    Examples
    --------
    >>> memory = np.array([1.5, 2.5, 3.5])
    >>> x = from_pointer(memory.ctypes.data, 2, "float64")
    >>> x[0] = 9
    >>> x, memory
    (array([9. , 2.5]), array([9. , 2.5, 3.5]))
    """
    dtype = np.dtype(dtype)
    if n < 0 or (addr == 0 and n > 0) or dtype.hasobject:
        raise ValueError(f"cannot view {n} items of {dtype} at address {addr:#x}")
    memory = (ctypes.c_char * (n * dtype.itemsize)).from_address(addr)
    return np.ndarray(n, dtype, memory)


def sum_via_ctypes(x):
    """Return the sum of an array, computed as a C function would: ``double total(double *p, long n)``.

    Get a typed ctypes pointer to the first item, and read ``p[0], ..., p[n - 1]`` in a loop. Nothing else may be read.
    NumPy must not compute the sum: `np.sum`, `np.add` and everything else called ``sum`` or ``add`` (methods, Python's
    own functions) are not allowed.

    Parameters
    ----------
    x : ndarray, shape (n,)
        float32, float64, or an integer dtype of 8 to 64 bits, signed or unsigned. May be empty and read-only, and may
        contain NaN. On level 1 it is contiguous, aligned and in native byte order. On level 2 and above it may have any
        layout and byte order. Other dtypes must raise TypeError.

    Returns
    -------
    int or float
        The exact sum as an int for integer dtypes; a float, added in float64, for float dtypes. 0 or 0.0 if `x` is
        empty.

    Raises
    ------
    TypeError
        If C has no such number type. Only complex128 and float16 are tried.

    Examples
    --------
    >>> sum_via_ctypes(np.array([100, 100, 100], dtype=np.int8))
    300
    >>> sum_via_ctypes(np.array([0.5, 0.25]))
    0.75
    """
    native = x.dtype.newbyteorder("=")
    try:
        ctype = np.ctypeslib.as_ctypes_type(native)
    except NotImplementedError as problem:
        raise TypeError(f"C has no type for {x.dtype}") from problem
    x = np.require(x, native, ["C_CONTIGUOUS", "ALIGNED"])  # copies only if necessary
    pointer = x.ctypes.data_as(ctypes.POINTER(ctype))
    total = ctype().value
    for i in range(x.size):
        total += pointer[i]
    return total


# ------------------------------------------------------------------------------------------------------ right answers


@works(of="from_pointer")
def from_buffer(addr, n, dtype):
    """Like with_the_interface, but through the buffer protocol."""
    if np.dtype(dtype).hasobject or n < 0 or (n and not addr):
        raise ValueError("cannot view this memory")
    memory = bytearray() if n == 0 else (ctypes.c_uint8 * (n * np.dtype(dtype).itemsize)).from_address(addr)
    return np.frombuffer(memory, dtype, n)


@works(of="from_pointer")
def with_the_interface(addr, n, dtype):
    """Any object that describes its memory can be converted to an array."""
    dtype = np.dtype(dtype)
    if dtype.hasobject or n < 0 or (n > 0 and addr == 0):
        raise ValueError("cannot view this memory")
    if n == 0:
        return np.empty(0, dtype)

    class Memory:
        pass

    Memory.__array_interface__ = {
        "data": (addr, False),
        "shape": (n * dtype.itemsize,),
        "typestr": "|u1",
        "version": 3,
    }
    return np.asarray(Memory()).view(dtype)


_TYPES = {
    "f4": ctypes.c_float, "f8": ctypes.c_double,
    "i1": ctypes.c_int8, "i2": ctypes.c_int16, "i4": ctypes.c_int32, "i8": ctypes.c_int64,
    "u1": ctypes.c_uint8, "u2": ctypes.c_uint16, "u4": ctypes.c_uint32, "u8": ctypes.c_uint64,
}  # fmt: skip


@works(fails="memory", of="sum_via_ctypes")
def always_copies(x):
    """A table of types, a copy to be safe, and a ctypes array over it."""
    if x.dtype.str[1:] not in _TYPES:
        raise TypeError("C has no such number type")
    ctype = _TYPES[x.dtype.str[1:]]
    own = np.array(x, dtype=x.dtype.newbyteorder("="))
    total = 0.0 if x.dtype.kind == "f" else 0
    for item in (ctype * own.size).from_address(own.ctypes.data):
        total += item
    return total


@works(fails="any array", of="sum_via_ctypes")
def trusts_the_layout(x):
    """Adds only arrays whose memory is already as C expects it."""
    if x.dtype.str[1:] not in _TYPES:
        raise TypeError("C has no such number type")
    ctype = _TYPES[x.dtype.str[1:]]
    step = ctypes.sizeof(ctype)
    total = ctype().value
    for i in range(x.size if x.flags.c_contiguous and x.dtype.isnative else 0):
        total += ctype.from_address(x.ctypes.data + i * step).value
    return total


# -------------------------------------------------------------------------------------------------------------- traps


@trap("np.array copies: later changes by C are not visible, and C does not see your changes.", of="from_pointer")
def copies(addr, n, dtype):
    return np.array(from_pointer(addr, n, dtype))


@trap(
    "string_at creates a bytes object, which is a copy, and frombuffer of bytes is read-only. Use "
    "from_address on the memory itself.",
    of="from_pointer",
)
def through_bytes(addr, n, dtype):
    if np.dtype(dtype).hasobject or n < 0 or (n > 0 and not addr):
        raise ValueError("cannot view this memory")
    if n == 0:
        return np.empty(0, dtype)
    return np.frombuffer(ctypes.string_at(addr, n * np.dtype(dtype).itemsize), dtype)


@trap(
    "ctypes has no type for times, strings and complex numbers, so as_array works only for C's number "
    "types. View bytes, and let NumPy interpret them.",
    verdict="RE",
    of="from_pointer",
)
def with_as_array(addr, n, dtype):
    dtype = np.dtype(dtype)
    if dtype.hasobject or n < 0 or (n and not addr):
        raise ValueError("cannot view this memory")
    if n == 0:
        return np.empty(0, dtype)
    pointer = ctypes.cast(addr, ctypes.POINTER(np.ctypeslib.as_ctypes_type(dtype)))
    return np.ctypeslib.as_array(pointer, shape=(n,))


@trap(
    "n is the number of items, but a buffer is measured in bytes: n times the item size.",
    verdict="WT",
    of="from_pointer",
)
def counts_bytes(addr, n, dtype):
    dtype = np.dtype(dtype)
    return from_pointer(addr, n // dtype.itemsize if n > 0 else n, dtype)


@trap("Bytes must be interpreted as numbers: give the array the dtype of the items.", verdict="WT", of="from_pointer")
def leaves_bytes(addr, n, dtype):
    return from_pointer(addr, n * np.dtype(dtype).itemsize, dtype).view(np.uint8)[: max(n, 0)]


@trap(
    "Reading Python objects from raw memory crashes the interpreter. Refuse a dtype that contains them.",
    of="from_pointer",
)
def allows_objects(addr, n, dtype):
    if n < 0 or (n > 0 and addr == 0):
        raise ValueError("cannot view this memory")
    return np.empty(0, dtype) if n == 0 else from_pointer(addr, n, dtype)


@trap("as_ctypes refuses read-only arrays. Get the pointer with x.ctypes.data_as, and only read.", verdict="RE",
      of="sum_via_ctypes")  # fmt: skip
def needs_to_write(x):
    if x.dtype.str[1:] not in _TYPES:
        raise TypeError("C has no such number type")
    total = 0.0 if x.dtype.kind == "f" else 0
    for item in np.ctypeslib.as_ctypes(x):
        total += item
    return total


@trap("The type of the pointer decides how C reads the bytes: with c_double, integers and float32 become "
      "meaningless numbers.",
      of="sum_via_ctypes")  # fmt: skip
def everything_is_double(x):
    if x.dtype.str[1:] not in _TYPES:
        raise TypeError("C has no such number type")
    pointer = x.ctypes.data_as(ctypes.POINTER(ctypes.c_double))
    total = 0.0 if x.dtype.kind == "f" else 0
    for i in range(x.nbytes // 8):
        total += pointer[i] if x.dtype.kind == "f" else int(np.nan_to_num(pointer[i], posinf=0, neginf=0))
    return total


@trap("Signed and unsigned are different C types of the same size: 200 in uint8 is -56 in int8.", of="sum_via_ctypes")
def ignores_the_sign(x):
    if x.dtype.str[1:] not in _TYPES:
        raise TypeError("C has no such number type")
    ctype = _TYPES[x.dtype.str[1:].replace("u", "i")]
    pointer = x.ctypes.data_as(ctypes.POINTER(ctype))
    total = ctype().value
    for i in range(x.size):
        total += pointer[i]
    return total


@trap("A sum in the dtype of the items overflows, as in C: three times 100 does not fit in int8.", of="sum_via_ctypes")
def total_of_the_same_type(x):
    if x.dtype.str[1:] not in _TYPES:
        raise TypeError("C has no such number type")
    ctype = _TYPES[x.dtype.str[1:]]
    pointer = x.ctypes.data_as(ctypes.POINTER(ctype))
    total = ctype()
    for i in range(x.size):
        total.value += pointer[i]
    return total.value


@trap("If C has no such number type, as_ctypes_type raises NotImplementedError, but the error must be "
      "TypeError.", verdict="RE",
      of="sum_via_ctypes")  # fmt: skip
def lets_it_raise(x):
    ctype = np.ctypeslib.as_ctypes_type(x.dtype)
    pointer = x.ctypes.data_as(ctypes.POINTER(ctype))
    total = ctype().value
    for i in range(x.size):
        total += pointer[i]
    return total


# ------------------------------------------------------------------------------------------------------ whole stories


def through_the_pointer(from_pointer, x):
    memory = np.array(x)
    y = from_pointer(memory.ctypes.data, memory.size, memory.dtype)
    story = {"the items": y.copy(), "owns its memory": y.flags.owndata, "is writeable": y.flags.writeable}
    memory[:1] = memory[-1:]
    story["after C copied the last item to the first position"] = y.copy()
    if y.flags.writeable:
        y[-1:] = np.zeros(1, y.dtype)
        story["what C sees after y[-1] = 0"] = memory.copy()
    return story


# ------------------------------------------------------------------------------------------------------------- inputs

NUMBERS = ("float64", "float32", "int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64")
SWAPPED = tuple(np.dtype(name).newbyteorder().str for name in ("f8", "f4", "i2", "u4", "i8"))
OTHERS = (np.dtype([("time", "<i8"), ("price", ">f4"), ("size", "u1")]), ">i4", "datetime64[s]", "U3", "complex64")


def numbers(dtypes, layouts):
    return arrays("n", dtype=dtypes, low=-300, high=300, holds=("nan", "inf", "extremes"), layouts=layouts)


def size_of_items(x):
    return float(np.abs(x[np.isfinite(x)].astype(np.float64)).max(initial=0.0)) * max(x.size, 1)


QUESTION = Question(
    kinds=["code"],
    difficulty="hard",
    topics=["Interop"],
    companies=["HFT Firms", "Google", "Amazon"],
    asked=["T118"],
    entry_points=[
        Entry(
            from_pointer,
            {
                "addr": choice(0),
                "n": integers(-3, 3),
                "dtype": choice("float64", "int32", "uint8", "bool", "O", "i4,O"),
            },
            cases=[
                case(addr=0, n=0, dtype="float64"),
                raises(ValueError, addr=0, n=1, dtype="float64"),
                raises(ValueError, addr=0, n=-1, dtype="int32"),
                raises(ValueError, addr=0, n=0, dtype="O"),
            ],
        ),
        Entry(
            sum_via_ctypes,
            {"x": numbers(NUMBERS, ("C", "readonly"))},
            cases=[
                case(x=np.array([100, 100, 100], dtype=np.int8)),
                case(x=np.array([200], dtype=np.uint8)),
                case(x=np.array([2**64 - 1, 1], dtype=np.uint64)),
                case(x=np.array([0.1, 0.2], dtype=np.float32)),
                case(x=np.zeros(0, dtype=np.float32)),
                case(x=np.zeros(0, dtype=np.int16)),
                raises(TypeError, x=np.array([1 + 2j])),
                raises(TypeError, x=np.array([1.5], dtype=np.float16)),
            ],
            result=matches(scale=size_of_items),
        ),
    ],
    scenarios=[
        Scenario(
            through_the_pointer,
            {"x": arrays("n", dtype=(*NUMBERS, "bool", *OTHERS))},
            dims={"n": (1, 12)},
            cases=[case(x=np.array([1.5, 2.5])), case(x=np.array([1, 2, 3], dtype=np.uint8))],
        )
    ],
    levels=[
        Level("right", "", without("np.sum", "np.add")),
        Level(
            "any array",
            "sum_via_ctypes accepts any layout: strided, reversed, unaligned and byte-swapped arrays.",
            right_on(
                Entry(
                    sum_via_ctypes,
                    {
                        "x": arrays(
                            "n",
                            dtype=(*NUMBERS, *SWAPPED),
                            low=-300,
                            high=300,
                            holds=("nan",),
                            layouts=("step", "reversed", "C", "broadcast", "unaligned", "readonly"),
                        )
                    },
                    cases=[
                        case(x=np.arange(6.0)[::2]),
                        case(x=np.arange(4, dtype=np.int16)[::-1]),
                        case(x=np.array([1, 2], dtype=SWAPPED[2])),
                    ],
                    result=matches(scale=size_of_items),
                )
            ),
        ),
        Level(
            "memory",
            "sum_via_ctypes copies nothing for a megabyte of float64 that is already in native order.",
            allocates_nothing(lambda rng: {"x": rng.standard_normal(131_072)}),
        ),
    ],
    hints=[
        "(ctypes.c_char * size).from_address(addr) is an object over that memory. What can you create "
        "from any object with a buffer? See np.ndarray and np.frombuffer.",
        "What would go wrong for NULL, for a negative n, or for a dtype of objects? Check before you "
        "access the address.",
        "x.ctypes.data_as gives a typed pointer, np.ctypeslib.as_ctypes_type the C type of a dtype.",
        "C supports neither strides nor byte order. Which function returns x itself if it is ready for "
        "C, and a copy otherwise?",
    ],
    spoken="""\
To C an array is only an address, so shape, strides and dtype have to be agreed separately. I pass `x.ctypes.data_as`
with the right pointer type, because it keeps the array alive, after `np.require` has made sure the data is
contiguous, aligned and in native byte order; it copies only if needed. In the other direction I wrap the C memory
with `from_address` and view it with `np.ndarray`, which doesn't own the memory. I check for NULL and lengths first,
since a mistake is a crash, not an exception.
""",
    explanation="""\
To C an array is an address. Everything else (shape, strides, dtype, owner) is not part of the pointer and must be
agreed separately.

**From NumPy to C.** `x.ctypes.data` is the address as an int, and `x.ctypes.data_as(POINTER(c_double))` a typed pointer
that keeps `x` alive. The int does not, so the address of a temporary array may soon be freed memory. C steps by the
item size: pass contiguous, aligned memory in native byte order. `np.require` copies only if necessary.

>>> x = np.arange(6.0)[::2]
>>> p = x.ctypes.data_as(ctypes.POINTER(ctypes.c_double))
>>> p[0], p[1], p[2]
(0.0, 1.0, 2.0)
>>> np.require(x, requirements=["C_CONTIGUOUS", "ALIGNED"]).flags.c_contiguous
True

For function signatures, `np.ctypeslib.ndpointer(dtype, ndim, flags="C_CONTIGUOUS")` checks all this on every call.
Without `argtypes`, ctypes passes Python ints as C int, which truncates a 64-bit address.

**From C to NumPy.** Wrap the memory in an object with a buffer, and view that:

>>> memory = np.array([1.5, 2.5])
>>> y = np.ndarray(2, np.float64, (ctypes.c_char * 16).from_address(memory.ctypes.data))
>>> y.flags.owndata, np.shares_memory(memory, y)
(False, True)

NumPy neither frees that memory nor notices when C does. Tie its lifetime to the array: a base object that calls C's
free (`weakref.finalize`, a capsule).

**Types.** `c_int` has 32 bits on common platforms; `c_long` has 32 bits on Windows and on 32-bit systems, and 64
elsewhere. Use the types with fixed sizes. No standard C type matches float16. In an extension, `PyArray_DATA` and the
buffer protocol do the same; between libraries, DLPack does.
""",
    points=[
        "A pointer has no shape, strides, dtype or owner: agree on them separately.",
        "data_as gives a typed pointer and keeps the array alive; a bare address does not.",
        "C needs contiguous, aligned memory in native byte order: np.require copies only if needed.",
        "C can write through a pointer to a read-only array. Don't let it.",
        "C memory becomes an array through a buffer: np.ndarray or np.frombuffer over from_address, or as_array.",
        "Such an array does not own the memory: something else must free it, after the last view is gone.",
        "Match types by size and sign; set argtypes and restype.",
        "Check NULL and lengths before reading: a wrong one is a crash, not an exception.",
    ],
    follow_ups={
        "Does ctypes hold the GIL during a call?": "CDLL releases it, PyDLL keeps it. With CDLL, another thread "
        "may change the array during the call.",
        "How do you pass a two-dimensional array?": "Pass the pointer, both lengths and the row stride in items, "
        "which BLAS calls the leading dimension.",
        "What is better than ctypes for a lot of code?": "cffi, Cython or nanobind: types are checked at compile "
        "time, and a call costs far less.",
        "How do you share memory between processes?": "multiprocessing.shared_memory: `np.ndarray(shape, dtype, "
        "buffer=block.buf)`.",
    },
    related=["memory-layout", "copy-or-view", "view-as-dtype", "structured-arrays", "numba-structured"],
    equivalent={
        "from_pointer: `0` -> `-1` in `if n < 0 or (addr == 0 and n > 0) or "
        "dtype.hasobject:`": "ctypes raises ValueError for a negative length too.",
    },
    links=[
        "https://numpy.org/doc/stable/reference/generated/numpy.ndarray.ctypes.html",
        "https://numpy.org/doc/stable/reference/routines.ctypeslib.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.require.html",
        "https://numpy.org/doc/stable/user/c-info.html",
    ],
)
