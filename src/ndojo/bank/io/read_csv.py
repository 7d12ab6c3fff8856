"""Prices from a file that people have typed into."""

import csv
import io
import warnings

import numpy as np

from ndojo.question import (
    Entry,
    Level,
    Question,
    case,
    made,
    no_warnings,
    peak_memory,
    raises,
    right_on,
    trap,
    works,
)
from ndojo.question.values import ScratchFile

PRICES = np.dtype([("day", "M8[D]"), ("name", "U24"), ("price", "f8"), ("volume", "i8")])


def _records(lines):
    """A tuple for each row, in the order of the fields."""
    for row in csv.DictReader(lines):
        yield row["day"], row["name"], float(row["price"] or "nan"), int(row["volume"] or -1)


def read_prices(path):
    r"""Read closing prices from a CSV file into one structured array.

    A file looks like this::

        # exported on Friday
        day,name,price,volume
        2024-05-02,Acme,12.5,300
        2024-05-02,"Baker, Sons & Co",,120
        # the exchange was closed on Friday
        2024-05-06,Route #9 Coffee,7.25,

    Parameters
    ----------
    path : str
        A UTF-8 file; lines end in ``\n`` or ``\r\n``, the last one perhaps in nothing.

        - A line that begins with ``#`` is a comment, wherever it stands and whatever it holds: quotes, too. A ``#``
          later in a line belongs to its cell.
        - The first other line is the header. Rows follow, perhaps none.
        - Cells are separated by commas. A cell in double quotes may hold commas, and ``""`` in it stands for one quote.
          No cell goes over several lines, none has blanks around it, and no line is empty.
        - ``day`` is a date as above, ``name`` a text of 1 to 24 printable characters, ``price`` a decimal number,
          ``volume`` an integer, not negative. A price or volume may be missing: an empty cell.

        The columns are those of the example, in that order. From level 3 on they may come in any order, with other
        columns of any content among them; their names are in the header.

    Returns
    -------
    ndarray, shape (rows,), dtype ``[("day", "M8[D]"), ("name", "U24"), ("price", "f8"), ("volume", "i8")]``
        The rows in order. A missing price is NaN, a missing volume is -1.

    Raises
    ------
    ValueError
        If a price or volume is neither missing nor a number.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder, "prices.csv")
    ...     _ = path.write_text('day,name,price,volume\n2024-05-02,"Baker, Sons & Co",,120\n')
    ...     table = read_prices(str(path))
    >>> table.shape, table["name"].tolist(), table["price"].tolist()
    ((1,), ['Baker, Sons & Co'], [nan])
    """
    with open(path, encoding="utf-8", newline="") as file:
        return np.fromiter(_records(line for line in file if not line.startswith("#")), PRICES)


@works(fails="lean")
def row_by_row(path):
    """Lists of columns, each converted at the end."""
    days, names, prices, volumes = [], [], [], []
    with open(path, encoding="utf-8", newline="") as file:
        lines = csv.reader(line for line in file if line[0] != "#")
        header = next(lines)
        for cells in lines:
            row = dict(zip(header, cells, strict=True))
            days.append(row["day"])
            names.append(row["name"])
            prices.append(float(row["price"]) if row["price"] else np.nan)
            volumes.append(int(row["volume"]) if row["volume"] else -1)
    table = np.empty(len(days), dtype=PRICES)
    table["day"], table["name"], table["price"], table["volume"] = days, names, prices, volumes
    return table


@works()
def by_loadtxt(path):
    """np.loadtxt reads the rest of an open file: quotes, columns by number, converters where a cell may be empty."""
    with open(path, encoding="utf-8", newline="") as file:
        lines = (line for line in file if not line.startswith("#"))
        header = next(csv.reader(lines))
        places = [header.index(name) for name in PRICES.names]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return np.loadtxt(
                lines,
                dtype=PRICES,
                delimiter=",",
                comments=None,
                quotechar='"',
                usecols=places,
                converters={places[2]: lambda cell: float(cell or "nan"), places[3]: lambda cell: int(cell or -1)},
                encoding="utf-8",
                ndmin=1,
            )


@works(fails="tidy")
def leaves_it_open(path):
    """Right, but the file is closed when the garbage collector gets to it."""
    file = open(path, encoding="utf-8", newline="")  # noqa: SIM115
    return np.array(list(_records(line for line in file if not line.startswith("#"))), dtype=PRICES)


@works(fails="any columns")
def four_columns(path):
    """Takes the cells by their places."""
    with open(path, encoding="utf-8", newline="") as file:
        rows = csv.reader(line for line in file if not line.startswith("#"))
        next(rows)
        cells = [(day, name, float(price or "nan"), int(volume or -1)) for day, name, price, volume in rows]
    return np.array(cells, dtype=PRICES)


@trap(
    "A comma inside quotes separates nothing: split(',') cuts the name in two. csv.reader knows quotes.", verdict="RE"
)
def splits_at_commas(path):
    rows = []
    with open(path, encoding="utf-8") as file:
        lines = [line.rstrip("\n") for line in file if not line.startswith("#")]
    for line in lines[1:]:
        day, name, price, volume = line.split(",")
        rows.append((day, name, float(price or "nan"), int(volume or -1)))
    return np.array(rows, dtype=PRICES)


@trap("An empty cell is no number: float('') raises ValueError. Look for it before you convert.", verdict="RE")
def forgets_missing_cells(path):
    with open(path, encoding="utf-8", newline="") as file:
        rows = csv.DictReader(line for line in file if not line.startswith("#"))
        cells = [(row["day"], row["name"], float(row["price"]), int(row["volume"])) for row in rows]
    return np.array(cells, dtype=PRICES)


@trap("Nothing was traded is not the same as nobody wrote it down: a missing volume is -1, not 0.")
def zero_for_missing(path):
    with open(path, encoding="utf-8", newline="") as file:
        rows = csv.DictReader(line for line in file if not line.startswith("#"))
        cells = [(r["day"], r["name"], float(r["price"] or "nan"), int(r["volume"] or 0)) for r in rows]
    return np.array(cells, dtype=PRICES)


@trap(
    "Only a # at the start of a line begins a comment: cut off at any #, a row loses its end. np.loadtxt and "
    "np.genfromtxt do so unless told comments=None.",
    verdict="RE",
)
def comments_anywhere(path):
    with open(path, encoding="utf-8", newline="") as file:
        rows = csv.reader(line.split("#")[0] for line in file if not line.startswith("#"))
        next(rows)
        cells = [(day, name, float(price or "nan"), int(volume or -1)) for day, name, price, volume in rows]
    return np.array(cells, dtype=PRICES)


@trap("The header is the first line that is no comment, and not always the first line of the file.", verdict="RE")
def header_comes_first(path):
    with open(path, encoding="utf-8", newline="") as file:
        next(file)
        rows = csv.reader(line for line in file if not line.startswith("#"))
        cells = [(day, name, float(price or "nan"), int(volume or -1)) for day, name, price, volume in rows]
    return np.array(cells, dtype=PRICES)


@trap(
    "np.loadtxt drops axes of length 1: a single row comes back with shape (). Pass ndmin=1.",
    verdict="WT",
)
def one_row_is_no_array(path):
    with open(path, encoding="utf-8", newline="") as file:
        cells = list(_records(line for line in file if not line.startswith("#")))
    table = np.array(cells, dtype=PRICES)
    return table[0] if len(table) == 1 else table


@trap("What is neither empty nor a number is a mistake: np.genfromtxt makes NaN of it without a word.")
def swallows_mistakes(path):
    def number(cell, otherwise):
        try:
            return type(otherwise)(cell)
        except ValueError:
            return otherwise

    with open(path, encoding="utf-8", newline="") as file:
        rows = csv.DictReader(line for line in file if not line.startswith("#"))
        cells = [(r["day"], r["name"], number(r["price"], np.nan), number(r["volume"], -1)) for r in rows]
    return np.array(cells, dtype=PRICES)


@trap("A text field has a fixed width, and what does not fit is cut off without an error: names take up to 24.",
      verdict="WT")  # fmt: skip
def short_names(path):
    with open(path, encoding="utf-8", newline="") as file:
        cells = list(_records(line for line in file if not line.startswith("#")))
    return np.array(cells, dtype=[("day", "M8[D]"), ("name", "U8"), ("price", "f8"), ("volume", "i8")])


@trap("Rows of texts make an array of texts: give each field its type with a structured dtype.", verdict="WT")
def array_of_texts(path):
    with open(path, encoding="utf-8", newline="") as file:
        return np.array([list(map(str, r)) for r in _records(line for line in file if not line.startswith("#"))])


# --------------------------------------------------------------------------------------------------------------- files

HEADER = ["day", "name", "price", "volume"]
NAMES = ("Acme", "Baker, Sons & Co", 'The "Best" Shop', "Route #9 Coffee", "Müller", "K", "Twenty-four Letters Long")


def _row(rng):
    day = np.datetime64("2024-01-01") + np.timedelta64(int(rng.integers(0, 900)), "D")
    price = "" if rng.random() < 0.2 else str(round(float(rng.uniform(-50, 500)), int(rng.integers(0, 4))))
    volume = "" if rng.random() < 0.2 else str(int(rng.integers(0, 10**7)))
    return [str(day), NAMES[int(rng.integers(len(NAMES)))], price, volume]


def _file(header, rows, variant):
    """The bytes of a file; quotes only where they are needed, or around everything."""
    text = io.StringIO()
    end = "\r\n" if variant == "other line ends" else "\n"
    quoting = csv.QUOTE_ALL if variant == "all quoted" else csv.QUOTE_MINIMAL
    writer = csv.writer(text, lineterminator=end, quoting=quoting)
    if variant == "comment first":
        text.write("# exported, by hand" + end)
    writer.writerow(header)
    for place, row in enumerate(rows):
        if variant == "comments" and place % 2:
            text.write(f'#{row[0]},"not a row{end}')
        writer.writerow(row)
    if variant == "comment last":
        text.write("# that is all" + end)
    content = text.getvalue()
    if variant == "no last line end":
        content = content.removesuffix(end)
    return content.encode("utf-8")


def prices(rng, variant, given):
    n = {"no rows": 0, "one row": 1}.get(variant, int(rng.integers(2, 6)))
    return ScratchFile("prices.csv", _file(HEADER, [_row(rng) for _ in range(n)], variant))


def shuffled(rng, variant, given):
    """The same with other columns, in any order."""
    header = [*HEADER, "currency", "remarks, if any"]
    order = rng.permutation(len(header))
    n = {"no rows": 0, "one row": 1}.get(variant, int(rng.integers(2, 6)))
    rows = [[*_row(rng), "EUR", ("", "late, again", "3")[int(rng.integers(3))]] for _ in range(n)]
    cells = [[row[k] for k in order] for row in rows]
    return ScratchFile("prices.csv", _file([header[k] for k in order], cells, variant))


VARIANTS = (
    "ordinary", "no rows", "one row", "comment first", "comments", "comment last", "other line ends", "all quoted",
    "no last line end",
)  # fmt: skip


def as_prompted(file):
    """Whether a file is one that the prompt allows."""
    if not isinstance(file, ScratchFile) or file.content is None:
        return False
    rows = [row for row in csv.reader(file.content.decode("utf-8").splitlines()) if not row[0].startswith("#")]
    if not rows or rows[0] != HEADER:
        return False
    return all(len(row) == 4 and row[1] in NAMES and np.datetime64(row[0]) for row in rows[1:])


def shorter(file):
    """The file without one of its lines."""
    lines = file.content.splitlines(keepends=True)
    for place in range(len(lines)):
        yield ScratchFile(file.name, b"".join(lines[:place] + lines[place + 1 :]))


def text(*lines):
    return ScratchFile("prices.csv", "".join(line + "\n" for line in lines).encode("utf-8"))


def exported(rng):
    rows = [_row(rng) for _ in range(10_000)]
    return {"path": ScratchFile("prices.csv", _file(HEADER, rows, "comment first"))}


TITLES = "day,name,price,volume"

QUESTION = Question(
    cases=100,  # each writes a file and reads it
    kinds=["code"],
    difficulty="medium",
    topics=["File I/O"],
    companies=["Google", "Amazon", "Microsoft"],
    asked=["T27"],
    entry_points=[
        Entry(
            read_prices,
            {"path": made(prices, *VARIANTS, valid=as_prompted, plainer=shorter)},
            cases=[
                case(path=text(TITLES)),
                case(path=text(TITLES, "2024-05-02,Acme,12.5,300")),
                case(path=text(TITLES, "2024-05-02,Acme,12.5,")),
                case(path=text(TITLES, "2024-05-02,Acme,,300")),
                case(path=text(TITLES, "2024-05-02,Acme,-37.63,300")),
                case(path=text(TITLES, '2024-05-02,"Baker, Sons & Co",1,2')),
                case(path=text(TITLES, "2024-05-02,Route #9 Coffee,1,2")),
                case(path=text("# one", TITLES, "# two", "2024-05-02,Acme,1,2", "2024-05-03,Acme,3,4")),
                case(path=text(TITLES, "2024-05-02,Twenty-four Letters Long,1,2", "2024-05-02,K,0.25,0")),
                raises(ValueError, path=text(TITLES, "2024-05-02,Acme,n/a,300")),
                raises(ValueError, path=text(TITLES, "2024-05-02,Acme,12.5,many")),
                raises(ValueError, path=text(TITLES, "2024-05-02,K,1,2", "2024-05-03,K,1.2.3,2")),
            ],
        )
    ],
    levels=[
        Level("right"),
        Level("tidy", "No warning escapes, and no file is left for the garbage collector to close.", no_warnings()),
        Level(
            "any columns",
            "Next month's export has the columns in another order, and a few more.",
            right_on(
                Entry(
                    read_prices,
                    {"path": made(shuffled, *VARIANTS)},
                    cases=[
                        case(path=text("volume,price,name,day", "300,12.5,Acme,2024-05-02")),
                        case(path=text("day,currency,name,price,volume", '2024-05-02,"EUR, cash",Acme,,3')),
                    ],
                )
            ),
        ),
        Level(
            "lean",
            "Ten thousand rows: no list of rows or columns beside the array.",
            peak_memory(exported, outputs=1.8),
        ),
    ],
    hints=[
        "Which lines of the file are neither header nor row? Where may they stand?",
        "Python's csv module knows quotes, and takes any iterator of lines: also one that leaves some out.",
        "What is `cell or 'nan'` for an empty cell?",
        "csv.DictReader finds cells by the header's names. np.fromiter fills a structured array from tuples.",
    ],
    explanation="""\
`np.loadtxt` is the reader for clean tables. Since NumPy 1.23 it is written in C and knows quotes:

>>> lines = ['"Baker, Sons & Co",7.25', "Acme,12.5"]
>>> np.loadtxt(lines, dtype="U24,f8", delimiter=",", quotechar='"')["f1"]
array([ 7.25, 12.5 ])

It takes a path, an open file or any iterable of lines. Four defaults bite: `comments="#"` cuts a line at any #,
`skiprows` counts comments too, an empty cell is an error unless `converters` says otherwise, and one row comes back
0-d unless `ndmin=1`.

`np.genfromtxt` fills missing cells (NaN, -1, or `filling_values`), but knows no quotes, is slow, and makes NaN of
whatever it cannot read, so a typing error looks like a missing value.

With comments, quotes, missing cells and a header, Python's `csv` and `np.fromiter` are shorter than the right options.
A generator leaves comments out, `DictReader` finds columns by name, and each row becomes a tuple:

>>> np.fromiter([("2024-05-02", 12.5)], dtype=[("day", "M8[D]"), ("price", "f8")])["day"]
array(['2024-05-02'], dtype='datetime64[D]')

A structured array keeps a type for each column, and `table["price"]` is a view. Fix the dtype: guessed ones change with
the data, and a text field cuts off what is wider than it.

For large files use pandas or pyarrow, and store Parquet or .npy: text is slow to read for everybody.
""",
    points=[
        "loadtxt: clean tables, quick since 1.23, quotechar, converters, ndmin=1 against 0-d results.",
        "genfromtxt: fills missing cells, no quotes, and makes NaN of what it cannot read.",
        "Quoted commas need a CSV parser; split(',') is wrong.",
        "A structured dtype gives each column its type; a column is then a view.",
        "Say what stands for missing: NaN for floats, a sentinel such as -1 for integers.",
        "Unreadable cells must raise, and files be closed by with.",
        "fromiter over a generator keeps rows out of lists.",
    ],
    follow_ups={
        "Why newline='' in open?": "The csv module wants to see line ends itself, inside quotes too.",
        "How do you read a file larger than memory?": "In blocks: np.loadtxt with max_rows on the open file, or islice "
        "on the generator.",
        "How do you write such a table?": "csv.writer with table.tolist(); np.savetxt does not quote.",
    },
    related=["structured-arrays", "none-vs-nan", "from-iterator", "npz-round-trip"],
    links=[
        "https://numpy.org/doc/stable/reference/generated/numpy.loadtxt.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.genfromtxt.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.fromiter.html",
        "https://numpy.org/doc/stable/user/basics.rec.html",
    ],
    equivalent={
        "read_prices: `open(path, encoding='utf-8', newline='')` -> `open(path, newline='')` in `with open(path, "
        "encoding='utf-8', newline='') as file:`": "The default is UTF-8 wherever this is judged.",
        "read_prices: `open(path, encoding='utf-8', newline='')` -> `open(path, encoding='utf-8')` in `with open(path, "
        "encoding='utf-8', newline='') as file:`": "Matters for line ends inside cells only.",
    },
)
