"""Read a CSV file into a structured array."""

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
    """Yields one tuple per row, in the order of the fields."""
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
        A UTF-8 file. Lines end in ``\n`` or ``\r\n``; the last line may have no line end.

        - A line that begins with ``#`` is a comment, at any position in the file and with any content, including
          quotes. A ``#`` later in a line belongs to its cell.
        - The first line that is not a comment is the header. Zero or more rows follow.
        - Cells are separated by commas. A cell in double quotes may contain commas, and ``""`` in it means one quote.
          No cell spans several lines or is surrounded by spaces, and no line is empty.
        - ``day`` is a date as above, ``name`` is a string of 1 to 24 printable characters, ``price`` is a decimal
          number, and ``volume`` is a nonnegative integer. A price or volume may be missing, which leaves its cell
          empty.

        The columns are those of the example, in that order. On level 3 and above they may be in any order, with other
        columns of any content between them. The header contains their names.

    Returns
    -------
    ndarray, shape (rows,), dtype ``[("day", "M8[D]"), ("name", "U24"), ("price", "f8"), ("volume", "i8")]``
        The rows in order. A missing price is NaN, and a missing volume is -1.

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


@works(fails="memory")
def row_by_row(path):
    """Collects columns in lists and converts each at the end."""
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
    """np.loadtxt reads the rest of an open file, with quotes, column numbers and converters for empty cells."""
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


@works(fails="no open file")
def leaves_it_open(path):
    """Right, but the file stays open until the garbage collector closes it."""
    file = open(path, encoding="utf-8", newline="")  # noqa: SIM115
    return np.array(list(_records(line for line in file if not line.startswith("#"))), dtype=PRICES)


@works(fails="any columns")
def four_columns(path):
    """Finds the cells by their position."""
    with open(path, encoding="utf-8", newline="") as file:
        rows = csv.reader(line for line in file if not line.startswith("#"))
        next(rows)
        cells = [(day, name, float(price or "nan"), int(volume or -1)) for day, name, price, volume in rows]
    return np.array(cells, dtype=PRICES)


@trap(
    "A comma inside quotes does not separate cells, so split(',') cuts the name in two. csv.reader handles quotes.",
    verdict="RE",
)
def splits_at_commas(path):
    rows = []
    with open(path, encoding="utf-8") as file:
        lines = [line.rstrip("\n") for line in file if not line.startswith("#")]
    for line in lines[1:]:
        day, name, price, volume = line.split(",")
        rows.append((day, name, float(price or "nan"), int(volume or -1)))
    return np.array(rows, dtype=PRICES)


@trap("An empty cell is not a number: float('') raises ValueError. Check for it before you convert.", verdict="RE")
def forgets_missing_cells(path):
    with open(path, encoding="utf-8", newline="") as file:
        rows = csv.DictReader(line for line in file if not line.startswith("#"))
        cells = [(row["day"], row["name"], float(row["price"]), int(row["volume"])) for row in rows]
    return np.array(cells, dtype=PRICES)


@trap('A missing volume is -1, not 0: "unknown" is not the same as "nothing was traded".')
def zero_for_missing(path):
    with open(path, encoding="utf-8", newline="") as file:
        rows = csv.DictReader(line for line in file if not line.startswith("#"))
        cells = [(r["day"], r["name"], float(r["price"] or "nan"), int(r["volume"] or 0)) for r in rows]
    return np.array(cells, dtype=PRICES)


@trap(
    "Only a # at the start of a line begins a comment. np.loadtxt and np.genfromtxt cut a line at any # "
    "unless comments=None.",
    verdict="RE",
)
def comments_anywhere(path):
    with open(path, encoding="utf-8", newline="") as file:
        rows = csv.reader(line.split("#")[0] for line in file if not line.startswith("#"))
        next(rows)
        cells = [(day, name, float(price or "nan"), int(volume or -1)) for day, name, price, volume in rows]
    return np.array(cells, dtype=PRICES)


@trap("The header is the first line that is not a comment, which may not be the first line of the file.", verdict="RE")
def header_comes_first(path):
    with open(path, encoding="utf-8", newline="") as file:
        next(file)
        rows = csv.reader(line for line in file if not line.startswith("#"))
        cells = [(day, name, float(price or "nan"), int(volume or -1)) for day, name, price, volume in rows]
    return np.array(cells, dtype=PRICES)


@trap(
    "np.loadtxt removes axes of length 1, so a single row gives shape (). Pass ndmin=1.",
    verdict="WT",
)
def one_row_is_no_array(path):
    with open(path, encoding="utf-8", newline="") as file:
        cells = list(_records(line for line in file if not line.startswith("#")))
    table = np.array(cells, dtype=PRICES)
    return table[0] if len(table) == 1 else table


@trap("A cell that is neither empty nor a number must raise ValueError, but np.genfromtxt silently converts it to NaN.")
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


@trap("A string field has a fixed width, and longer strings are silently truncated. Names have up to 24 "
      "characters.",
      verdict="WT")  # fmt: skip
def short_names(path):
    with open(path, encoding="utf-8", newline="") as file:
        cells = list(_records(line for line in file if not line.startswith("#")))
    return np.array(cells, dtype=[("day", "M8[D]"), ("name", "U8"), ("price", "f8"), ("volume", "i8")])


@trap(
    "Rows of strings give an array of strings. Use a structured dtype, which gives each field its own type.",
    verdict="WT",
)
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
    """The bytes of a file with quotes only if needed, or around every cell."""
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
    """Whether the prompt allows this file."""
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
    cases=100,  # each call writes a file and reads it
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
        Level(
            "no open file",
            "Shows no warning, and leaves no open file for the garbage collector to close.",
            no_warnings(),
        ),
        Level(
            "any columns",
            "The columns may be in any order, with additional columns between them.",
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
            "memory",
            "For ten thousand rows, creates no list of rows or columns in addition to the array.",
            peak_memory(exported, outputs=1.8),
        ),
    ],
    hints=[
        "Which lines of the file are neither header nor rows? Where can they occur?",
        "Python's csv module handles quotes, and accepts any iterator of lines, including one that skips some.",
        "What is the value of `cell or 'nan'` for an empty cell?",
        "csv.DictReader finds cells by the names in the header. np.fromiter fills a structured array from tuples.",
    ],
    spoken="""\
For a clean table I'd use `np.loadtxt`, which is fast since NumPy 1.23 and handles quotes. This file has comments,
quoted commas, missing cells and a header, so Python's csv module is simpler: a generator skips the comment lines,
DictReader finds the columns by name, and `np.fromiter` writes each row as a tuple into a structured array. I fix the
dtype instead of guessing it, and an unreadable number raises an error. I'd avoid `genfromtxt` here because it turns
typing errors into NaN.
""",
    explanation="""\
`np.loadtxt` is the reader for clean tables. Since NumPy 1.23 it is written in C and handles quotes:

>>> lines = ['"Baker, Sons & Co",7.25', "Acme,12.5"]
>>> np.loadtxt(lines, dtype="U24,f8", delimiter=",", quotechar='"')["f1"]
array([ 7.25, 12.5 ])

It takes a path, an open file or any iterable of lines. Four defaults cause problems: `comments="#"` cuts a line at any
#, `skiprows` counts comments too, an empty cell is an error unless `converters` handles it, and a single row gives a
0-d array unless `ndmin=1`.

`np.genfromtxt` fills missing cells (with NaN, -1 or `filling_values`), but it does not handle quotes, is slow, and
turns every unreadable cell into NaN. A typing error then looks like a missing value.

For comments, quotes, missing cells and a header together, Python's `csv` module and `np.fromiter` are shorter than the
right options. A generator skips comments, `DictReader` finds columns by name, and each row becomes a tuple:

>>> np.fromiter([("2024-05-02", 12.5)], dtype=[("day", "M8[D]"), ("price", "f8")])["day"]
array(['2024-05-02'], dtype='datetime64[D]')

A structured array has one type per column, and `table["price"]` is a view. Fix the dtype: a guessed dtype changes with
the data, and a string field truncates longer strings.

For large files use pandas or pyarrow, and store Parquet or .npy files. Text files are slow to parse in any library.
""",
    points=[
        "`loadtxt` reads clean tables and is fast since NumPy 1.23. Know `quotechar`, `converters` and `ndmin=1`.",
        "`genfromtxt` fills missing cells, does not handle quotes, and turns unreadable cells into NaN.",
        "Quoted commas need a CSV parser; split(',') is wrong.",
        "A structured dtype gives each column its own type, and a column is a view.",
        "State how missing values are represented: NaN for floats, a sentinel such as -1 for integers.",
        "Unreadable cells must raise an error, and `with` must close the file.",
        "`fromiter` over a generator avoids a list of rows.",
    ],
    follow_ups={
        "Why do you pass newline='' to open?": "The csv module handles line ends itself, including those inside "
        "quotes.",
        "How do you read a file that is larger than memory?": "In blocks: np.loadtxt with max_rows on the open "
        "file, or itertools.islice on the generator.",
        "How do you write such a table?": "Use csv.writer with table.tolist(); np.savetxt does not quote.",
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
        "encoding='utf-8', newline='') as file:`": "The default encoding is UTF-8 everywhere this is judged.",
        "read_prices: `open(path, encoding='utf-8', newline='')` -> `open(path, encoding='utf-8')` in `with open(path, "
        "encoding='utf-8', newline='') as file:`": "Matters only for line ends inside cells.",
    },
)
