"""Parse a binary packet with a structured dtype."""

import struct

import numpy as np

from ndojo.question import (
    Entry,
    Level,
    Question,
    allocates_nothing,
    case,
    made,
    no_python_loop,
    raises,
    trap,
    view_of,
    works,
)

TICK = np.dtype([("time", "<u8"), ("price", "<i4"), ("size", "<u4"), ("side", "S1")])


def parse_ticks(buf):
    """Return the trades in a binary packet of market data as a structured array.

    A packet consists of a header of 8 bytes, followed by records of 17 bytes without gaps::

        offset  bytes
             0      4  the letters TICK
             4      1  < if all numbers are little-endian, > if big-endian
             5      1  version, to be ignored
             6      2  the number of records, unsigned
             8     17  the first record:
                    8    time in ns, unsigned
                    4    price in cents, signed
                    4    size, unsigned
                    1    side, one letter, B or S
            25     17  the second record, and so on

    Parameters
    ----------
    buf : ndarray, shape (m,), uint8
        The received bytes: contiguous, possibly read-only, at any memory address. More bytes may follow after the last
        record; they belong to the next packet.

    Returns
    -------
    ndarray, shape (records,), structured dtype
        The fields ``time``, ``price``, ``size`` and ``side`` with 8, 4, 4 and 1 bytes, in this order, packed, and in
        the packet's byte order: ``[("time", ">u8"), ("price", ">i4"), ("size", ">u4"), ("side", "S1")]`` if it is
        big-endian. On level 3 and above, the result must be a view of `buf`.

    Raises
    ------
    ValueError
        If the header or a record is incomplete, or if the first five bytes are not as described above.

    Examples
    --------
    >>> packet = b"TICK>" + bytes([1]) + bytes.fromhex("0001 0000000000000005 fffffff6 00000064") + b"B"
    >>> parse_ticks(np.frombuffer(packet, dtype=np.uint8)).tolist()
    [(5, -10, 100, b'B')]
    """
    if buf[:4].tobytes() != b"TICK" or buf[4:5].tobytes() not in (b"<", b">"):
        raise ValueError("not a TICK packet")
    order = buf[4:5].tobytes().decode()
    count = np.frombuffer(buf, dtype=f"{order}u2", count=1, offset=6).item()
    return np.frombuffer(buf, dtype=TICK.newbyteorder(order), count=count, offset=8)


@works()
def by_view(buf):
    """Slices and views: the same memory with another dtype."""
    head = bytes(buf[:8])
    if len(head) < 8 or head[:4] != b"TICK" or head[4] not in b"<>":
        raise ValueError("not a TICK packet")
    (count,) = struct.unpack_from(f"{chr(head[4])}H", head, 6)
    body = buf[8 : 8 + count * TICK.itemsize]
    if body.size != count * TICK.itemsize:
        raise ValueError("the packet is incomplete")
    return body.view(TICK.newbyteorder(chr(head[4])))


@works()
def by_constructor(buf):
    """np.ndarray puts a shape and a dtype on any buffer and checks that it is large enough."""
    data = memoryview(buf)
    if data.nbytes < 8 or bytes(data[:4]) != b"TICK" or bytes(data[4:5]) not in (b"<", b">"):
        raise ValueError("not a TICK packet")
    order = chr(data[4])
    count = int.from_bytes(data[6:8], "little" if order == "<" else "big")
    if data.nbytes < 8 + 17 * count:
        raise ValueError("the packet is incomplete")
    fields = [("time", order + "u8"), ("price", order + "i4"), ("size", order + "u4"), ("side", "S1")]
    return np.ndarray(count, dtype=fields, buffer=buf, offset=8)


@works(fails="view")
def through_bytes(buf):
    """Converts the packet to bytes first, which copies it."""
    data = buf.tobytes()
    if data[:4] != b"TICK" or data[4:5] not in (b"<", b">") or len(data) < 8:
        raise ValueError("not a TICK packet")
    order = data[4:5].decode()
    (count,) = struct.unpack_from(order + "H", data, 6)
    return np.frombuffer(data, dtype=TICK.newbyteorder(order), count=count, offset=8)


@works(fails="vectorized")
def by_struct(buf):
    """Unpacks one record after another into Python objects."""
    data = bytes(buf)
    if data[:4] != b"TICK" or data[4:5] not in (b"<", b">") or len(data) < 8:
        raise ValueError("not a TICK packet")
    order = data[4:5].decode()
    (count,) = struct.unpack_from(order + "H", data, 6)
    if len(data) < 8 + 17 * count:
        raise ValueError("the packet is incomplete")
    records = [struct.unpack_from(order + "QiIc", data, 8 + 17 * k) for k in range(count)]
    return np.array(records, dtype=TICK.newbyteorder(order))


@trap("The fifth byte gives the byte order of all numbers. The native order of the machine is right only by luck.")
def one_byte_order(buf):
    if buf[:4].tobytes() != b"TICK" or buf[4:5].tobytes() not in (b"<", b">"):
        raise ValueError("not a TICK packet")
    count = int(np.frombuffer(buf, dtype="<u2", count=1, offset=6)[0])
    return np.frombuffer(buf, dtype=TICK, count=count, offset=8)


@trap(
    "align=True pads the fields like a C compiler, to 24 bytes per record. The packet has no padding: 17 bytes.",
    verdict="WT",
)
def padded_like_c(buf):
    if buf[:4].tobytes() != b"TICK" or buf[4:5].tobytes() not in (b"<", b">"):
        raise ValueError("not a TICK packet")
    order = buf[4:5].tobytes().decode()
    count = int(np.frombuffer(buf, dtype=order + "u2", count=1, offset=6)[0])
    dtype = np.dtype(TICK.newbyteorder(order).descr, align=True)
    return np.frombuffer(buf, dtype=dtype, count=count, offset=8)


@trap(
    "Without `count`, frombuffer takes all remaining bytes: it includes bytes of the next packet, or "
    "silently accepts too few records."
)
def takes_all_that_is_left(buf):
    if buf[:4].tobytes() != b"TICK" or buf[4:5].tobytes() not in (b"<", b">"):
        raise ValueError("not a TICK packet")
    order = buf[4:5].tobytes().decode()
    np.frombuffer(buf, dtype=order + "u2", count=1, offset=6)
    return np.frombuffer(buf, dtype=TICK.newbyteorder(order), offset=8)


@trap("A slice beyond the end is silently shorter. An incomplete packet must raise ValueError.",
      verdict="WT")  # fmt: skip
def takes_what_there_is(buf):
    if buf[:4].tobytes() != b"TICK" or buf[4:5].tobytes() not in (b"<", b">") or buf.size < 8:
        raise ValueError("not a TICK packet")
    order = buf[4:5].tobytes().decode()
    count = int(np.frombuffer(buf, dtype=order + "u2", count=1, offset=6)[0])
    count = min(count, (buf.size - 8) // 17)
    return np.frombuffer(buf, dtype=TICK.newbyteorder(order), count=count, offset=8)


@trap("A magic number must be checked. Otherwise unrelated bytes are parsed into meaningless numbers.")
def trusts_the_sender(buf):
    order = ">" if buf.size > 4 and buf[4] == ord(">") else "<"
    count = int(np.frombuffer(buf, dtype=order + "u2", count=1, offset=6)[0])
    return np.frombuffer(buf, dtype=TICK.newbyteorder(order), count=count, offset=8)


@trap(
    "`byteswap` changes the bytes and leaves the dtype as it is. Here the bytes are right, and the dtype "
    "must describe them.",
    verdict="WT",
)
def swaps_the_bytes(buf):
    if buf[:4].tobytes() != b"TICK" or buf[4:5].tobytes() not in (b"<", b">"):
        raise ValueError("not a TICK packet")
    order = buf[4:5].tobytes().decode()
    count = int(np.frombuffer(buf, dtype=order + "u2", count=1, offset=6)[0])
    records = np.frombuffer(buf, dtype=TICK, count=count, offset=8)
    return records.byteswap() if order == ">" else records


@trap("Prices are signed: read as unsigned, -10 cents become 42,949,672.86.", verdict="WT")
def unsigned_prices(buf):
    if buf[:4].tobytes() != b"TICK" or buf[4:5].tobytes() not in (b"<", b">"):
        raise ValueError("not a TICK packet")
    order = buf[4:5].tobytes().decode()
    count = int(np.frombuffer(buf, dtype=order + "u2", count=1, offset=6)[0])
    fields = [("time", order + "u8"), ("price", order + "u4"), ("size", order + "u4"), ("side", "S1")]
    return np.frombuffer(buf, dtype=fields, count=count, offset=8)


@trap("The number of records has 2 bytes. The byte at offset 6 alone gives 0 to 255, or the high byte.")
def one_byte_count(buf):
    if buf[:4].tobytes() != b"TICK" or buf[4:5].tobytes() not in (b"<", b">") or buf.size < 8:
        raise ValueError("not a TICK packet")
    order = buf[4:5].tobytes().decode()
    return np.frombuffer(buf, dtype=TICK.newbyteorder(order), count=int(buf[6]), offset=8)


# ------------------------------------------------------------------------------------------------------------- packets


def packet(rng, order, n, tail=0, cut=0, address=0, writeable=True):
    """A packet with n records, followed by `tail` bytes or cut by `cut` bytes, at an arbitrary address."""
    records = np.zeros(n, dtype=TICK.newbyteorder(order))
    records["time"] = 1_714_659_200_000_000_000 + np.cumsum(rng.integers(1, 10**9, n))
    records["price"] = rng.integers(-500, 100_000, n)
    records["size"] = rng.integers(1, 3_000_000_000, n)
    records["side"] = rng.choice([b"B", b"S"], n)
    head = b"TICK" + order.encode() + b"\x01" + struct.pack(order + "H", n)
    data = head + records.tobytes() + bytes(rng.integers(0, 256, tail, dtype=np.uint8))
    data = data[: len(data) - cut]
    buf = np.empty(len(data) + address, dtype=np.uint8)[address:]
    buf[...] = np.frombuffer(data, dtype=np.uint8)
    buf.flags.writeable = writeable
    return buf


VARIANTS = (
    {"order": "<", "n": 2},
    {"order": ">", "n": 2},
    {"order": "<", "n": 0},
    {"order": ">", "n": 0},
    {"order": "<", "n": 1},
    {"order": ">", "n": 1},
    {"order": "<", "n": 3, "tail": 5},
    {"order": ">", "n": 1, "tail": 25},
    {"order": "<", "n": 0, "tail": 17},
    {"order": "<", "n": 2, "address": 1},
    {"order": ">", "n": 2, "writeable": False},
    {"order": "<", "n": 300},
    {"order": ">", "n": 260},
    {"order": "<", "n": 2, "cut": 1},
    {"order": ">", "n": 2, "cut": 17},
    {"order": "<", "n": 1, "cut": 16},
    {"order": ">", "n": 0, "cut": 1},
    {"order": "<", "n": 0, "cut": 4},
)


def made_packet(rng, variant, given):
    return packet(rng, **variant)


def small(order, n, **rest):
    return packet(np.random.default_rng(n), order, n, **rest)


def spoilt(place, byte, n=1, order="<"):
    buf = small(order, n)
    buf[place] = byte
    return buf


def busy_second(rng):
    return {"buf": packet(rng, "<>"[int(rng.integers(2))], 65_000)}


def show_memory():
    buf = packet(np.random.default_rng(1), ">", 50_000)
    ticks = parse_ticks(buf)
    print(f"packet: {buf.nbytes:,} bytes; ticks: {ticks.nbytes:,} bytes, shared: {np.shares_memory(buf, ticks)}")
    print(f"dtype {ticks.dtype}")
    print(f"strides {ticks.strides}, of the prices {ticks['price'].strides}, aligned: {ticks['price'].flags.aligned}")
    copy = ticks["price"].astype(np.float64)
    print(f"prices for computing: {copy.nbytes:,} bytes, contiguous, in native byte order")


QUESTION = Question(
    kinds=["code"],
    difficulty="hard",
    topics=["Internals", "I/O"],
    companies=["Google", "Amazon", "HFT Firms"],
    asked=["T92"],
    entry_points=[
        Entry(
            parse_ticks,
            {"buf": made(made_packet, *VARIANTS)},
            cases=[
                case(buf=small("<", 0)),
                case(buf=small(">", 0)),
                case(buf=small("<", 1)),
                case(buf=small(">", 1)),
                case(buf=small("<", 1, tail=3)),
                case(buf=small(">", 1, tail=20)),
                raises(ValueError, buf=np.zeros(0, dtype=np.uint8)),
                raises(ValueError, buf=small("<", 0, cut=1)),
                raises(ValueError, buf=small("<", 0, cut=2)),
                raises(ValueError, buf=small(">", 0, cut=3)),
                raises(ValueError, buf=small("<", 1, cut=1)),
                raises(ValueError, buf=small(">", 2, cut=17)),
                raises(ValueError, buf=spoilt(0, ord("t"))),
                raises(ValueError, buf=spoilt(3, ord("k"))),
                raises(ValueError, buf=spoilt(4, ord("="))),
                raises(ValueError, buf=spoilt(4, 0, n=0)),
                raises(ValueError, buf=spoilt(7, 0xC0)),
                raises(ValueError, buf=spoilt(6, 0xC0, order=">")),
            ],
        )
    ],
    levels=[
        Level("right"),
        Level(
            "vectorized",
            "Uses no Python loop over the records.",
            no_python_loop(lambda rng, n: {"buf": packet(rng, "<", n)}),
        ),
        Level("view", "Returns a view of the packet, without copying.", view_of("buf")),
        Level(
            "at scale",
            "Allocates nothing for a packet of one megabyte, not even for checking it.",
            allocates_nothing(busy_second),
        ),
    ],
    hints=[
        "A structured dtype describes one record with a name, a type and an offset for each field. What "
        "must its itemsize be?",
        "np.frombuffer takes a dtype, a count and an offset. When does it raise by itself?",
        "dtype.newbyteorder returns a dtype that reads the same bytes in the other order.",
    ],
    spoken="""\
I'd describe one record with a packed structured dtype and let `np.frombuffer` apply it to the received bytes with a
count and an offset. That is a view: no loop, no copy, the same cost for any number of records, and it raises if the
buffer is too short. The byte order belongs to the dtype, so for big-endian packets I use `newbyteorder` instead of
swapping bytes. I check the magic number first, and I copy a column before heavy computing because packed fields are
unaligned.
""",
    explanation="""\
A structured dtype describes one record. Without `align=True`, its fields follow each other without gaps, as in the
packet:

>>> TICK.itemsize, TICK.fields["size"][1]
(17, 12)

`np.frombuffer(buf, dtype, count, offset)` applies it to existing memory, without a loop or a copy. It raises ValueError
if `count` items do not fit, so incomplete packets are refused. Without `count` it takes all remaining bytes, and raises
if they are not a whole number of items.

*Byte order* is part of the dtype, not of the data. `newbyteorder` returns a dtype that reads the same bytes in the
other order:

>>> TICK.newbyteorder(">")["price"], np.frombuffer(b"\\x00\\x01", dtype=">u2")[0]
(dtype('>i4'), np.uint16(1))

`byteswap` does the opposite: it changes the bytes and keeps the dtype. NumPy 2 removed the method
`ndarray.newbyteorder`; write `x.view(x.dtype.newbyteorder(">"))`.

*A view has costs.* It keeps the whole packet in memory. If the buffer is reused for the next packet, the records
change. The view is read-only if the buffer is. Its fields are neither aligned nor contiguous, so computing with them is
slower. Use the view to filter and route, and copy a column to compute: `ticks["price"].astype(np.int64)`.

Check the magic number and the lengths first: a parser must not trust bytes from outside.
""",
    points=[
        "A structured dtype describes the record. It is packed unless align=True.",
        "`frombuffer` with count and offset returns a view: no copy, no loop, and it checks the length.",
        "Byte order belongs to the dtype: '<', '>' or newbyteorder. `byteswap` changes the data instead.",
        "Without count it would take the next packet's bytes, or raise.",
        "While the view is in use, its buffer must not be reused or freed. A view of bytes is read-only.",
        "Fields of packed records are unaligned and strided, so copy a column before heavy computing.",
        "Refuse a wrong magic number, an unknown byte order and an incomplete packet.",
    ],
    follow_ups={
        "What do you do if the socket reuses its buffer?": "Copy what must outlive the callback: `ticks.copy()`, or a "
        "single column.",
        "How do you read such records from a file?": "Use np.fromfile with the same dtype, or np.memmap with an "
        "offset.",
        "How do you get prices in euros?": "`ticks['price'] / 100`: dividing integers gives float64 in "
        "native byte order.",
    },
    related=["structured-arrays", "view-as-dtype", "c-pointers", "memmap-out-of-core"],
    links=[
        "https://numpy.org/doc/stable/reference/generated/numpy.frombuffer.html",
        "https://numpy.org/doc/stable/user/basics.rec.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.dtype.newbyteorder.html",
        "https://numpy.org/doc/stable/user/byteswapping.html",
    ],
    live=show_memory,
)
