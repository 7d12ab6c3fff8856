"""Group totals from a structured array."""

import time

import numpy as np

from ndojo.question import (
    Entry,
    Level,
    Question,
    case,
    faster_than,
    made,
    needs,
    no_python_loop,
    right_on,
    trap,
    works,
)

TRADE = np.dtype([("time", "datetime64[s]"), ("symbol", "U4"), ("price", "f8"), ("size", "i4")])


def total_by_symbol(trades):
    """Return the total volume and value of each symbol in a structured array of trades, with the largest volume first.

    Parameters
    ----------
    trades : ndarray, shape (n,), a structured dtype
        One record per trade, with the fields ``time`` (datetime64[s]), ``symbol`` (string of up to 4 characters, dtype
        U4), ``price`` (float64) and ``size`` (int32, the number of shares, ``size >= 1``), in this order and without
        padding. On level 2 and above, the fields may be in any order, with padding and other fields between them, and
        the symbols may have any U or S dtype. ``0 <= n < 2**20``, and the trades are in no particular order. May be
        strided, reversed or read-only.

    Returns
    -------
    ndarray, shape (k,), a structured dtype without padding
        A new array with one record per distinct symbol and the fields ``symbol`` (same dtype as in `trades`),
        ``volume`` (int64, the sum of sizes) and ``value`` (float64, the sum of price times size). The largest volume
        comes first. Records with equal volumes are sorted by symbol.

    Examples
    --------
    >>> trades = np.zeros(3, dtype="datetime64[s], U4, f8, i4")
    >>> trades.dtype.names = ("time", "symbol", "price", "size")
    >>> trades["symbol"], trades["price"], trades["size"] = ["KO", "IBM", "KO"], [60.5, 200.0, 60.0], [10, 5, 20]
    >>> total_by_symbol(trades)
    array([('KO', 30, 1805.), ('IBM',  5, 1000.)],
          dtype=[('symbol', '<U4'), ('volume', '<i8'), ('value', '<f8')])
    """
    symbols, which = np.unique(trades["symbol"], return_inverse=True)
    totals = np.empty(symbols.size, dtype=[("symbol", symbols.dtype), ("volume", "i8"), ("value", "f8")])
    totals["symbol"] = symbols
    # Sums of fewer than 2**20 int32 values are below 2**53, where float64 is exact.
    totals["volume"] = np.bincount(which, weights=trades["size"])
    totals["value"] = np.bincount(which, weights=trades["price"] * trades["size"])
    return totals[np.argsort(-totals["volume"], kind="stable")]


@works()
def sorted_and_reduced(trades):
    """Sorts trades by symbol, then adds from one start to the next with reduceat."""
    order = np.argsort(trades["symbol"], kind="stable")
    symbol, size, price = trades["symbol"][order], trades["size"][order].astype(np.int64), trades["price"][order]
    starts = np.flatnonzero(np.append(True, symbol[1:] != symbol[:-1])[: symbol.size])
    totals = np.empty(starts.size, dtype=[("symbol", symbol.dtype), ("volume", np.int64), ("value", np.float64)])
    totals["symbol"] = symbol[starts]
    totals["volume"] = np.add.reduceat(size, starts) if starts.size else 0
    totals["value"] = np.add.reduceat(size * price, starts) if starts.size else 0
    return totals[np.lexsort((totals["symbol"], -totals["volume"]))]


@works(fails="fast")
def symbol_by_symbol(trades):
    """One mask per symbol: simple, but O(n k)."""
    rows = []
    for symbol in np.unique(trades["symbol"]):
        own = trades["symbol"] == symbol
        size, price = trades["size"][own], trades["price"][own]
        rows.append((symbol, size.sum(dtype=np.int64), (price * size).sum()))
    rows.sort(key=lambda row: -row[1])
    return np.array(rows, dtype=[("symbol", trades["symbol"].dtype), ("volume", np.int64), ("value", np.float64)])


@works(fails="vectorized")
def row_by_row(trades):
    """A dict that is filled record by record."""
    found = {}
    for trade in trades:
        volume, value = found.get(trade["symbol"], (0, 0.0))
        size = int(trade["size"])
        found[trade["symbol"]] = (volume + size, value + float(trade["price"]) * size)
    rows = sorted(((symbol, *sums) for symbol, sums in found.items()), key=lambda row: (-row[1], row[0]))
    return np.array(rows, dtype=[("symbol", trades["symbol"].dtype), ("volume", np.int64), ("value", np.float64)])


@works(fails="any record")
def by_position(trades):
    """Depends on the position of each field in this exact dtype."""
    _, symbol, price, size = (trades[name] for name in trades.dtype.names)
    symbols, which = np.unique(symbol.astype("U4"), return_inverse=True)
    totals = np.zeros(symbols.size, dtype=[("symbol", "U4"), ("volume", "i8"), ("value", "f8")])
    totals["symbol"] = symbols
    np.add.at(totals["volume"], which, size)
    np.add.at(totals["value"], which, price * size)
    return totals[np.argsort(-totals["volume"], kind="stable")]


# -------------------------------------------------------------------------------------------------------------- traps


def _table(symbols, volume, value):
    totals = np.zeros(len(symbols), dtype=[("symbol", symbols.dtype), ("volume", "i8"), ("value", "f8")])
    totals["symbol"], totals["volume"], totals["value"] = symbols, volume, value
    return totals


@trap("Sums in int32 wrap around above 2,147,483,647. Add the sizes in int64.")
def volume_in_int32(trades):
    symbols, which = np.unique(trades["symbol"], return_inverse=True)
    volume, value = np.zeros(symbols.size, dtype=np.int32), np.zeros(symbols.size)
    np.add.at(volume, which, trades["size"])
    np.add.at(value, which, trades["price"] * trades["size"])
    totals = _table(symbols, volume, value)
    return totals[np.argsort(-totals["volume"], kind="stable")]


@trap("np.unique returns the symbols in their own order. The totals still have to be sorted by volume.")
def in_order_of_symbols(trades):
    symbols, which = np.unique(trades["symbol"], return_inverse=True)
    volume, value = np.zeros(symbols.size, dtype=np.int64), np.zeros(symbols.size)
    np.add.at(volume, which, trades["size"])
    np.add.at(value, which, trades["price"] * trades["size"])
    return _table(symbols, volume, value)


@trap(
    "Reversing an ascending sort also reverses the symbols of equal volumes. Sort by the negative "
    "volume with a stable sort."
)
def reversed_sort(trades):
    symbols, which = np.unique(trades["symbol"], return_inverse=True)
    volume, value = np.zeros(symbols.size, dtype=np.int64), np.zeros(symbols.size)
    np.add.at(volume, which, trades["size"])
    np.add.at(value, which, trades["price"] * trades["size"])
    return np.sort(_table(symbols, volume, value), order=["volume", "symbol"])[::-1]


@trap(
    "The value is the sum of price times size. The mean price times the volume gives small trades the "
    "same weight as large ones."
)
def mean_price_times_volume(trades):
    symbols, which, counts = np.unique(trades["symbol"], return_inverse=True, return_counts=True)
    volume, prices = np.zeros(symbols.size, dtype=np.int64), np.zeros(symbols.size)
    np.add.at(volume, which, trades["size"])
    np.add.at(prices, which, trades["price"])
    totals = _table(symbols, volume, prices / counts * volume)
    return totals[np.argsort(-totals["volume"], kind="stable")]


@trap(
    "x[index] += y adds only once for a repeated index, so only the last trade counts. np.add.at and "
    "np.bincount add all of them."
)
def buffered_addition(trades):
    symbols, which = np.unique(trades["symbol"], return_inverse=True)
    volume, value = np.zeros(symbols.size, dtype=np.int64), np.zeros(symbols.size)
    volume[which] += trades["size"]
    value[which] += trades["price"] * trades["size"]
    totals = _table(symbols, volume, value)
    return totals[np.argsort(-totals["volume"], kind="stable")]


@trap("Access fields with trades['size']. Attribute access works only for np.recarray.", verdict="RE")
def as_attributes(trades):
    symbols, which = np.unique(trades.symbol, return_inverse=True)
    return _table(symbols, np.bincount(which, trades.size), np.bincount(which, trades.price))


@trap("trades.sort(order='symbol') sorts the caller's array in place. np.sort returns a sorted copy.", verdict="IM")
def sorts_in_place(trades):
    if not trades.flags.writeable:
        trades = trades.copy()
    trades.sort(order="symbol")
    symbols, which = np.unique(trades["symbol"], return_inverse=True)
    volume, value = np.zeros(symbols.size, dtype=np.int64), np.zeros(symbols.size)
    np.add.at(volume, which, trades["size"])
    np.add.at(value, which, trades["price"] * trades["size"])
    totals = _table(symbols, volume, value)
    return totals[np.argsort(-totals["volume"], kind="stable")]


@trap("A plain array has one dtype, so numbers next to symbols become strings. Use a dtype with fields.", verdict="WT")
def all_text(trades):
    symbols, which = np.unique(trades["symbol"], return_inverse=True)
    volume, value = np.zeros(symbols.size, dtype=np.int64), np.zeros(symbols.size)
    np.add.at(volume, which, trades["size"])
    np.add.at(value, which, trades["price"] * trades["size"])
    order = np.argsort(-volume, kind="stable")
    return np.array([symbols[order], volume[order], value[order]]).T


def show_layout():
    packed = np.dtype([("side", "i1"), ("price", "f8"), ("size", "i4")])
    aligned = np.dtype(packed.descr, align=True)
    for name, dtype in [("packed", packed), ("aligned like a C struct", aligned)]:
        places = ", ".join(f"{field} at {dtype.fields[field][1]}" for field in dtype.names)
        print(f"{name:18} {dtype.itemsize} bytes: {places}")
    trades = np.ones(2_000_000, dtype=TRADE)
    column = trades["price"].copy()
    print(
        f"price in the records has a stride of {trades['price'].strides[0]} bytes, as a separate array "
        f"{column.strides[0]}"
    )
    for name, x in [("in the records", trades["price"]), ("as a separate array", column)]:
        best = min(_milliseconds(x.sum) for _ in range(5))
        print(f"sum of the prices {name:15} {best:6.2f} ms")


def _milliseconds(act):
    start = time.perf_counter()
    act()
    return 1e3 * (time.perf_counter() - start)


# ------------------------------------------------------------------------------------------------------------- inputs

WIDE = np.dtype(
    [("size", "i4"), ("venue", "S3"), ("symbol", "U6"), ("time", "datetime64[s]"), ("price", "f8"), ("flags", "u1")],
    align=True,
)
BYTES = np.dtype([("symbol", "S5"), ("price", "f8"), ("time", "datetime64[s]"), ("size", "i4")])
SYMBOLS = ("KO", "IBM", "A", "AAPL", "Z")


def records(rng, dtype, n, symbols=SYMBOLS, largest=9):
    trades = np.zeros(n, dtype=dtype)
    trades["time"] = rng.integers(1_700_000_000, 1_700_086_400, n)
    trades["symbol"] = np.array(symbols)[rng.integers(0, len(symbols), n)]
    trades["price"] = np.round(rng.uniform(1, 300, n), 2)
    trades["size"] = rng.integers(1, largest, n, endpoint=True)
    return trades


def table(rng, variant, given):
    """Records of one dtype, in one of several sizes and layouts."""
    dtype, n, kind = variant
    trades = records(rng, dtype, n, largest=2**31 - 1 if kind == "large" else 9)
    if kind == "one symbol":
        trades["symbol"] = "KO"
    if kind == "step":
        trades = np.repeat(trades, 2)[::2]
    if kind == "reversed":
        trades = trades[::-1].copy()[::-1]
    if kind == "read-only":
        trades.flags.writeable = False
    return trades


def variants(dtype):
    kinds = ["", "one symbol", "large", "step", "reversed", "read-only"]
    return [(dtype, 4, ""), (dtype, 0, ""), (dtype, 1, ""), *((dtype, n, kind) for kind in kinds for n in (3, 12, 30))]


def is_trades(*dtypes):
    return lambda x: isinstance(x, np.ndarray) and x.ndim == 1 and x.dtype in dtypes and bool((x["size"] >= 1).all())


def fewer(trades):
    """The records without some of them, then with simpler numbers."""
    n = trades.size
    if n > 1:
        yield trades[: n // 2].copy()
        yield trades[n // 2 :].copy()
    for place in range(min(n, 12)):
        yield np.delete(trades, place)
    for name, plain in [("time", 0), ("price", 1.0), ("size", 1)]:
        for place in range(min(n, 6)):
            if trades[name][place] != np.array(plain).astype(trades[name].dtype):
                changed = trades.copy()
                changed[name][place] = plain
                yield changed


def day(rng):
    names = [chr(65 + i % 26) + chr(65 + i // 26) for i in range(200)]
    return {"trades": records(rng, TRADE, 1500, symbols=names, largest=1000)}


def trades_of(*rows, dtype=TRADE):
    trades = np.zeros(len(rows), dtype=dtype)
    for place, (symbol, price, size) in enumerate(rows):
        trades["symbol"][place], trades["price"][place], trades["size"][place] = symbol, price, size
    return trades


QUESTION = Question(
    kinds=["code", "explain"],
    difficulty="hard",
    topics=["Advanced Data Types"],
    companies=["Google", "Amazon", "HFT Firms", "Meta"],
    asked=["T50", "T108", "meta-2"],
    entry_points=[
        Entry(
            total_by_symbol,
            {"trades": made(table, *variants(TRADE), valid=is_trades(TRADE), plainer=fewer)},
            cases=[
                case(trades=trades_of(("KO", 60.5, 10), ("IBM", 200.0, 5), ("KO", 60.0, 20))),
                case(trades=trades_of(("A", 1.0, 1), ("Z", 2.0, 2))),
                case(trades=trades_of(("Z", 1.0, 2), ("A", 2.0, 2))),
                case(trades=trades_of(("A", 1.0, 2**31 - 1), ("A", 1.0, 2))),
                case(trades=trades_of(("A", 1.0, 1), ("A", 3.0, 5))),
                case(trades=np.zeros(0, dtype=TRADE)),
            ],
        )
    ],
    levels=[
        Level("right"),
        Level(
            "any record",
            "Accepts records of other programs: fields in another order, padding, other fields between "
            "them, symbols as U6 or S5.",
            right_on(
                Entry(
                    total_by_symbol,
                    {
                        "trades": made(
                            table,
                            *(one for pair in zip(variants(WIDE), variants(BYTES), strict=True) for one in pair),
                            valid=is_trades(WIDE, BYTES),
                            plainer=fewer,
                        )
                    },
                )
            ),
        ),
        Level(
            "vectorized",
            "Uses no Python loop over the trades.",
            no_python_loop(lambda rng, n: {"trades": records(rng, TRADE, n)}),
        ),
        Level(
            "fast",
            "At least 5 times faster than record by record, for 1,500 trades in 200 symbols.",
            faster_than(
                row_by_row,
                5,
                day,
                needs=needs(
                    bytes=lambda trades: 28 * trades.size,
                    operations=lambda trades: 3 * trades.size,
                ),
            ),
        ),
    ],
    hints=[
        "trades['symbol'] is an array like any other, a view of one field. Which function returns its "
        "distinct values, and for each trade the index of its value?",
        "Many trades add to the same total. Which functions add for every repeated index, and in which dtype?",
        "In which order are the totals before the last step? If they are sorted by symbol, a stable sort "
        "by one key is enough.",
    ],
    spoken="""\
A structured dtype stores named fields of different types next to each other in one record, like a C struct, and
`trades["price"]` is a strided view of one field. To group by symbol, I call `np.unique` with `return_inverse`, then
add the sizes with `np.add.at` or `np.bincount`, because plain fancy-index addition counts repeated indices once.
Sizes are added in int64 to avoid overflow. Finally I sort by negative volume with a stable sort, so ties stay in
symbol order.
""",
    explanation="""\
A structured dtype stores named fields of different types next to each other in one record, like a C struct. The array
is one block of memory, so it can represent binary files, shared memory and C structs.

>>> TRADE.itemsize, TRADE.names
(36, ('time', 'symbol', 'price', 'size'))

`x["price"]` is a view with a stride of one record. Indexing with a list of names gives a view too (since NumPy 1.16),
which keeps the padding. `x[0]` is one record, and writing to it changes x.

>>> trades = np.zeros(3, dtype=TRADE)
>>> trades["price"].strides, trades["price"].base is trades
((36,), True)

NumPy packs fields by default, while C aligns them. `align=True` adds the padding that a compiler would add:

>>> fields = [("side", "i1"), ("price", "f8")]
>>> np.dtype(fields).itemsize, np.dtype(fields, align=True).itemsize
(9, 16)

*Grouping.* `np.unique(..., return_inverse=True)` numbers the symbols, and `np.bincount` with weights or `np.add.at`
adds. `x[which] += y` counts repeated indices once.

*Sorting.* `np.sort(x, order=[...])` sorts by several fields, but only ascending. `np.lexsort` accepts any keys, the
last one first, and negative values for descending order.

*When to use it.* A structured array is an array of structs: good for reading whole rows and for foreign formats.
Reading one field of many also loads the others into the cache, so analysis prefers one array per column: a dict of
arrays, pandas or Arrow.

`np.recarray` adds attribute access, which is slower. Helper functions are in `np.lib.recfunctions`.
""",
    points=[
        "A structured dtype is a record of named, typed fields at fixed offsets, like a C struct.",
        "One field is a strided view; writing to it changes the records.",
        "A list of fields gives a view with padding since NumPy 1.16; recfunctions.repack_fields packs it.",
        "Fields are packed by default; align=True adds padding as a C compiler does.",
        "Use it for binary files, memory maps, network packets, C interfaces, and rows that belong together.",
        "Array of structs or struct of arrays: reading one field loads the cache lines of the whole record.",
        "Sort with order=[...] or np.lexsort; group with np.unique and bincount or add.at.",
        "recarray adds attributes and is slower; pandas and Arrow are better for analysis.",
    ],
    follow_ups={
        "How do you compare records or do arithmetic on them?": "== compares record by record if the fields are equal. "
        "Arithmetic does not work on records: use the fields.",
        "How do you add a field?": "np.lib.recfunctions.append_fields, or a new array of the wider dtype. Both copy.",
        "How do you get a float matrix from three f8 fields?": "np.lib.recfunctions.structured_to_unstructured, which "
        "returns a view if the layout allows it.",
        "How do you read such a file without loading it into memory?": "`np.memmap(path, dtype=TRADE)`. The fields "
        "are views of the map.",
    },
    related=["parse-binary-packet", "numba-structured", "sort-by-column", "value-counts", "ohlc-bars"],
    equivalent={
        "total_by_symbol: `np.empty` -> `np.ones` in `totals = np.empty(symbols.size, dtype=[('symbol', "
        "symbols.dtype), ('volume', 'i8'), ('value', 'f8')])`": "Every field is written afterwards.",
    },
    links=[
        "https://numpy.org/doc/stable/user/basics.rec.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.unique.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.bincount.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.lexsort.html",
    ],
    live=show_layout,
)
