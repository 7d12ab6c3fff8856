"""One spelling for every ticker."""

import re

import numpy as np

from ndojo.question import (
    Entry,
    Level,
    Question,
    case,
    faster_than,
    made,
    matches,
    needs,
    no_python_loop,
    right_on,
    trap,
    works,
)


def normalize_tickers(s):
    """Bring ticker symbols from several vendors into one spelling: ``" $brk/b"`` and ``"BRK-B"`` become ``"BRK.B"``.

    Blanks and tabs around the symbol go, then all ``$`` signs at its front. Letters become upper case, and every ``/``
    and ``-`` becomes a ``.``; everything else stays.

    Parameters
    ----------
    s : ndarray, shape (n,), dtype U of any width
        At least one symbol: perhaps blanks or tabs, perhaps ``$`` signs, then ASCII letters, digits and ``.``, ``/``,
        ``-``, and perhaps blanks or tabs again. No blank stands inside a symbol or after a ``$``, and no ``$`` after
        another character. Texts may be empty; the array may be strided, reversed or read-only. From level 2 on also
        `numpy.dtypes.StringDType`.

    Returns
    -------
    ndarray, shape (n,), dtype U of any width that is wide enough
        A new array. On level 2, StringDType where `s` has that.

    Examples
    --------
    >>> normalize_tickers(np.array([" $brk/b", "BRK-B ", "ibm"]))
    array(['BRK.B', 'BRK.B', 'IBM'], dtype='<U7')
    """
    bare = np.strings.strip(s, " \t$")
    if bare.dtype.kind != "U":
        return np.strings.replace(np.strings.replace(np.strings.upper(bare), "/", "."), "-", ".")
    # A U text is a row of code points, 4 bytes each; among ASCII letters the bit of 32 makes the lower case.
    codes = bare.view(np.uint32)
    np.bitwise_xor(codes, 32, out=codes, where=codes >= ord("a"))
    np.putmask(codes, (codes == ord("/")) | (codes == ord("-")), ord("."))
    return bare


@works(fails="fast")
def with_strings(s):
    """One function of np.strings for each sentence of the prompt."""
    bare = np.strings.lstrip(np.strings.strip(s), "$")
    return np.strings.replace(np.strings.replace(np.strings.upper(bare), "/", "."), "-", ".")


@works(fails="StringDType")
def joined(s):
    """Python's methods on one long text: a line break keeps the symbols apart."""
    table = str.maketrans("abcdefghijklmnopqrstuvwxyz/-", "ABCDEFGHIJKLMNOPQRSTUVWXYZ..")
    lines = "\n".join(s.tolist()).translate(table)
    return np.array(re.sub(r"^[ \t$]+|[ \t]+$", "", lines, flags=re.MULTILINE).split("\n"))


@works(fails="vectorized")
def one_by_one(s):
    """Python's own methods on each text."""
    clean = [text.strip().lstrip("$").upper().replace("/", ".").replace("-", ".") for text in s.tolist()]
    return np.array(clean, dtype=s.dtype)


# -------------------------------------------------------------------------------------------------------------- traps


@trap("$ can only be taken off the front once the blanks before it are gone: strip them first.")
def dollar_first(s):
    bare = np.strings.strip(np.strings.lstrip(s, "$"))
    return np.strings.replace(np.strings.replace(np.strings.upper(bare), "/", "."), "-", ".")


@trap("strip with ' ' takes blanks only; without an argument it takes tabs as well.")
def keeps_tabs(s):
    bare = np.strings.lstrip(np.strings.strip(s, " "), "$")
    return np.strings.replace(np.strings.replace(np.strings.upper(bare), "/", "."), "-", ".")


@trap("replace looks for the text as a whole, not for each of its characters: one replace for / and one for -.")
def replaces_both_at_once(s):
    bare = np.strings.lstrip(np.strings.strip(s), "$")
    return np.strings.replace(np.strings.upper(bare), "/-", ".")


@trap("The class after the dash belongs to the symbol: / and - become a dot, they do not go.")
def drops_separators(s):
    bare = np.strings.lstrip(np.strings.strip(s), "$")
    return np.strings.replace(np.strings.replace(np.strings.upper(bare), "/", ""), "-", "")


@trap("With count=1 replace stops after the first: a symbol may hold several.")
def first_separator_only(s):
    bare = np.strings.lstrip(np.strings.strip(s), "$")
    return np.strings.replace(np.strings.replace(np.strings.upper(bare), "/", ".", count=1), "-", ".", count=1)


@trap("A U dtype of fixed width cuts longer texts off without a word: let NumPy find the width.")
def fixed_width(s):
    bare = np.strings.lstrip(np.strings.strip(s), "$")
    return np.strings.replace(np.strings.replace(np.strings.upper(bare), "/", "."), "-", ".").astype("U5")


@trap(
    "An array has no string methods: s.strip() raises AttributeError. They are functions, in np.strings.", verdict="RE"
)
def as_methods(s):
    return np.array(s.strip().upper())


@trap("s[:] = ... writes into the vendor's own array: return a new one.", verdict="IM")
def in_place(s):
    bare = np.strings.lstrip(np.strings.strip(s), "$")
    clean = np.strings.replace(np.strings.replace(np.strings.upper(bare), "/", "."), "-", ".")
    if s.flags.writeable:
        s[:] = clean
    return clean


@trap("np.vectorize and object arrays keep Python strings: the result is to have a dtype of text, U.", verdict="WT")
def as_objects(s):
    clean = [text.strip().lstrip("$").upper().replace("/", ".").replace("-", ".") for text in s.tolist()]
    return np.array(clean, dtype=object)


# ------------------------------------------------------------------------------------------------------------- inputs

ALLOWED = re.compile(r"[ \t]*\$*[A-Za-z0-9./-]*[ \t]*")
BODIES = ("ibm", "BRK/B", "brk-b", "A", "rds.a", "bf-b/x", "Tcs7", "z", "GOOGL", "", "a/b-c", "aZ09")
FRONTS = ("", " ", "$", "\t", "  $", "$$", "\t$")
ENDS = ("", " ", "\t", "  ")


def symbols(rng, variant, given):
    """Texts of a vendor, in some dtype and layout."""
    dtype, n, kind = variant
    plain = kind == "plain"
    texts = [
        ("" if plain else rng.choice(FRONTS)) + rng.choice(BODIES) + ("" if plain else rng.choice(ENDS))
        for _ in range(n)
    ]
    s = np.array([str(text) for text in texts], dtype=dtype)
    if kind == "step":
        s = np.repeat(s, 2)[::2]
    if kind == "reversed":
        s = s[::-1].copy()[::-1]
    if kind == "read-only":
        s.flags.writeable = False
    return s


def variants(dtype):
    kinds = ["plain", "", "step", "reversed", "read-only"]
    return [(dtype, 3, ""), *((dtype, n, kind) for kind in kinds for n in (1, 2, 5, 20))]


def is_vendors(kind):
    return lambda s: (
        isinstance(s, np.ndarray)
        and s.ndim == 1
        and s.size > 0
        and s.dtype.kind == kind
        and all(ALLOWED.fullmatch(text) for text in s.tolist())
    )


def shorter(s):
    """Fewer texts, then texts with a character less."""
    if s.size > 1:
        yield s[: s.size // 2].copy()
        yield s[s.size // 2 :].copy()
        for place in range(min(s.size, 8)):
            yield np.delete(s, place)
    for place in range(min(s.size, 4)):
        for cut in range(len(s[place])):
            changed = s.copy()
            changed[place] = s[place][:cut] + s[place][cut + 1 :]
            yield changed


def feed(rng, n=4500):
    """Symbols of up to 10 characters, 40 bytes each."""
    letters = np.array(list("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefgh"))
    bodies = ["".join(rng.choice(letters, 4)) + end for end in ("", ".A", "/A", "-b") for _ in range(60)]
    known = np.array([front + body + end for body in bodies for front in ("", " $", " ") for end in ("", " ")])
    return {"s": rng.choice(known, n)}


STRING = np.dtypes.StringDType()

QUESTION = Question(
    kinds=["code"],
    difficulty="medium",
    topics=["Data Types", "Strings"],
    companies=["Meta"],
    asked=["meta-10"],
    entry_points=[
        Entry(
            normalize_tickers,
            {"s": made(symbols, *variants("U9"), *variants(None)[1:], valid=is_vendors("U"), plainer=shorter)},
            result=matches(dtype="kind"),
            cases=[
                case(s=np.array([" $brk/b", "BRK-B ", "ibm"])),
                case(s=np.array([" $a"])),
                case(s=np.array(["\ta"])),
                case(s=np.array(["$$A"])),
                case(s=np.array(["a-b/c-d/e"])),
                case(s=np.array(["googl-c"])),
                case(s=np.array(["", " ", "$"])),
                case(s=np.array(["@".replace("@", "z"), "Z", "a", "0", "9.-/"])),
            ],
        )
    ],
    levels=[
        Level("right"),
        Level(
            "StringDType",
            "Now also for NumPy 2's texts of any length, dtype StringDType: give back what you got.",
            right_on(
                Entry(
                    normalize_tickers,
                    {"s": made(symbols, *variants(STRING), valid=is_vendors("T"), plainer=shorter)},
                    cases=[case(s=np.array([" $brk/b", "a" * 30], dtype=STRING))],
                )
            ),
        ),
        Level("vectorized", "No loop in Python over the texts.", no_python_loop(feed)),
        Level(
            "fast",
            "Forty-five hundred texts of dtype U, twice as fast as a list comprehension: np.strings.upper and replace "
            "are not.",
            faster_than(
                one_by_one, 2, feed, needs=needs(bytes=lambda s: 2 * s.nbytes, operations=lambda s: s.nbytes / 4)
            ),
        ),
    ],
    hints=[
        "Since NumPy 2 the functions of Python's str are in np.strings, for whole arrays.",
        "Which has to come first, the blanks or the $? Or can one call of strip take both?",
        "What does s.view(np.uint32) show of an array of dtype U? Compare 'a', 'A' and ord.",
        "Upper case is 32 less, for codes from ord('a') on. StringDType has no such view.",
    ],
    explanation="""\
Texts in NumPy come in four dtypes. `U8` holds 8 code points of 4 bytes each, `S8` 8 bytes, both of fixed width, padded
with zeros; what is longer is cut off silently. `object` holds pointers to Python's strings. `StringDType`, new in NumPy
2, holds UTF-8 of any length, and missing values if asked.

>>> s = np.array(["ibm", "googl"])
>>> s.dtype, s.nbytes
(dtype('<U5'), 40)
>>> s[0] = "BRK.B.X"
>>> s[0]
np.str_('BRK.B')

`np.strings` (NumPy 2) has the methods of `str` for arrays; `np.char` is the older set, whose comparisons also drop
trailing blanks, and its `chararray` is deprecated from NumPy 2.5.

>>> np.strings.upper(np.strings.strip(np.array([" ibm ", "ko"])))
array(['IBM', 'KO'], dtype='<U5')

Vectorised here is not always fast. `strip`, `find`, `replace`, `startswith` and comparisons are ufuncs in C; `upper`,
`title` and `np.char.split` still call Python's methods element by element, and a list comprehension keeps up.

For U the memory is a table of code points, so a view does arithmetic on text:

>>> bare = np.array(["ibm", "Ko"])
>>> codes = bare.view(np.uint32)
>>> codes[codes >= ord("a")] -= 32
>>> bare
array(['IBM', 'KO'], dtype='<U3')

This is for ASCII: "ß" has no upper case of one character.

With few distinct texts, clean those alone: `np.unique(s, return_inverse=True)`.
""",
    points=[
        "U: fixed width, 4 bytes a character; S: bytes; object: pointers; StringDType: variable UTF-8, since NumPy 2.",
        "Assigning a longer text to a U array cuts it off silently.",
        "np.strings (NumPy 2) replaces np.char for new code.",
        "strip, find, replace and comparisons are ufuncs; upper and some others still call Python for each text.",
        "A list comprehension is often as fast, and clearer.",
        "U viewed as uint32 gives code points for arithmetic; StringDType allows no such view.",
        "Clean the distinct texts only, and spread them with return_inverse.",
    ],
    follow_ups={
        "How do you get the length of each text?": "np.strings.str_len(s).",
        "How do you handle missing texts?": "StringDType(na_object=np.nan); U has none, and np.nan becomes 'nan'.",
        "How do you concatenate two arrays of text?": "a + b, or np.strings.add(a, b); the width grows as it must.",
        "When do you leave NumPy?": "For regular expressions, categories and joins: pandas or Arrow strings.",
    },
    related=["view-as-dtype", "value-counts", "set-operations", "frompyfunc-vs-vectorize"],
    links=[
        "https://numpy.org/doc/stable/reference/routines.strings.html",
        "https://numpy.org/doc/stable/user/basics.strings.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.strings.strip.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.ndarray.view.html",
    ],
)
