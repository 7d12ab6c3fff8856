"""Normalize strings with np.strings."""

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
    """Convert ticker symbols to one spelling: ``" $brk/b"`` and ``"BRK-B"`` become ``"BRK.B"``.

    Remove spaces and tabs around the symbol, then all ``$`` signs at its front. Convert letters to upper case, and
    replace every ``/`` and ``-`` by ``.``. Keep everything else.

    Parameters
    ----------
    s : ndarray, shape (n,), dtype U of any width
        ``n >= 1``. Each string consists of optional spaces or tabs, optional ``$`` signs, then ASCII letters, digits,
        ``.``, ``/`` and ``-``, and optional spaces or tabs. No space or tab is inside a symbol or after a ``$``, and no
        ``$`` follows another character. Strings may be empty. The array may be strided, reversed or read-only. On level
        2 and above, the dtype may also be `numpy.dtypes.StringDType`.

    Returns
    -------
    ndarray, shape (n,), dtype U of any width that is large enough
        A new array. On level 2, the dtype is StringDType if `s` has that dtype.

    Examples
    --------
    >>> normalize_tickers(np.array([" $brk/b", "BRK-B ", "ibm"]))
    array(['BRK.B', 'BRK.B', 'IBM'], dtype='<U7')
    """
    bare = np.strings.strip(s, " \t$")
    if bare.dtype.kind != "U":
        return np.strings.replace(np.strings.replace(np.strings.upper(bare), "/", "."), "-", ".")
    # A U string is a row of code points with 4 bytes each. For ASCII letters, the bit with value 32 means lower case.
    codes = bare.view(np.uint32)
    np.bitwise_xor(codes, 32, out=codes, where=codes >= ord("a"))
    np.putmask(codes, (codes == ord("/")) | (codes == ord("-")), ord("."))
    return bare


@works(fails="fast")
def with_strings(s):
    """One function of np.strings per sentence of the prompt."""
    bare = np.strings.lstrip(np.strings.strip(s), "$")
    return np.strings.replace(np.strings.replace(np.strings.upper(bare), "/", "."), "-", ".")


@works(fails="StringDType")
def joined(s):
    """Python's methods on one long string: line breaks separate the symbols."""
    table = str.maketrans("abcdefghijklmnopqrstuvwxyz/-", "ABCDEFGHIJKLMNOPQRSTUVWXYZ..")
    lines = "\n".join(s.tolist()).translate(table)
    return np.array(re.sub(r"^[ \t$]+|[ \t]+$", "", lines, flags=re.MULTILINE).split("\n"))


@works(fails="vectorized")
def one_by_one(s):
    """Python's methods on each string."""
    clean = [text.strip().lstrip("$").upper().replace("/", ".").replace("-", ".") for text in s.tolist()]
    return np.array(clean, dtype=s.dtype)


# -------------------------------------------------------------------------------------------------------------- traps


@trap("A $ after spaces is not at the front of the string until the spaces are removed: strip them first.")
def dollar_first(s):
    bare = np.strings.strip(np.strings.lstrip(s, "$"))
    return np.strings.replace(np.strings.replace(np.strings.upper(bare), "/", "."), "-", ".")


@trap("strip with ' ' removes only spaces; without an argument it also removes tabs.")
def keeps_tabs(s):
    bare = np.strings.lstrip(np.strings.strip(s, " "), "$")
    return np.strings.replace(np.strings.replace(np.strings.upper(bare), "/", "."), "-", ".")


@trap("replace searches for the whole string, not for each of its characters. Use one replace for / and one for -.")
def replaces_both_at_once(s):
    bare = np.strings.lstrip(np.strings.strip(s), "$")
    return np.strings.replace(np.strings.upper(bare), "/-", ".")


@trap("The class after the dash belongs to the symbol: replace / and - by a dot instead of removing them.")
def drops_separators(s):
    bare = np.strings.lstrip(np.strings.strip(s), "$")
    return np.strings.replace(np.strings.replace(np.strings.upper(bare), "/", ""), "-", "")


@trap("With count=1, replace stops after the first match, but a symbol may contain several.")
def first_separator_only(s):
    bare = np.strings.lstrip(np.strings.strip(s), "$")
    return np.strings.replace(np.strings.replace(np.strings.upper(bare), "/", ".", count=1), "-", ".", count=1)


@trap("A U dtype with a fixed width silently truncates longer strings: let NumPy choose the width.")
def fixed_width(s):
    bare = np.strings.lstrip(np.strings.strip(s), "$")
    return np.strings.replace(np.strings.replace(np.strings.upper(bare), "/", "."), "-", ".").astype("U5")


@trap("An array has no string methods: s.strip() raises AttributeError. Use the functions in np.strings.", verdict="RE")
def as_methods(s):
    return np.array(s.strip().upper())


@trap("s[:] = ... changes the caller's array: return a new one.", verdict="IM")
def in_place(s):
    bare = np.strings.lstrip(np.strings.strip(s), "$")
    clean = np.strings.replace(np.strings.replace(np.strings.upper(bare), "/", "."), "-", ".")
    if s.flags.writeable:
        s[:] = clean
    return clean


@trap("np.vectorize and object arrays store Python strings, but the result must have a string dtype, U.", verdict="WT")
def as_objects(s):
    clean = [text.strip().lstrip("$").upper().replace("/", ".").replace("-", ".") for text in s.tolist()]
    return np.array(clean, dtype=object)


# ------------------------------------------------------------------------------------------------------------- inputs

ALLOWED = re.compile(r"[ \t]*\$*[A-Za-z0-9./-]*[ \t]*")
BODIES = ("ibm", "BRK/B", "brk-b", "A", "rds.a", "bf-b/x", "Tcs7", "z", "GOOGL", "", "a/b-c", "aZ09")
FRONTS = ("", " ", "$", "\t", "  $", "$$", "\t$")
ENDS = ("", " ", "\t", "  ")


def symbols(rng, variant, given):
    """Strings of a vendor, in some dtype and layout."""
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
    """Fewer strings, then strings with one character less."""
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
            "Also accepts NumPy 2's strings of any length, dtype StringDType, and returns the same dtype.",
            right_on(
                Entry(
                    normalize_tickers,
                    {"s": made(symbols, *variants(STRING), valid=is_vendors("T"), plainer=shorter)},
                    cases=[case(s=np.array([" $brk/b", "a" * 30], dtype=STRING))],
                )
            ),
        ),
        Level("vectorized", "Uses no Python loop over the strings.", no_python_loop(feed)),
        Level(
            "fast",
            "At least 2 times faster than a list comprehension, for 4,500 strings of dtype U. "
            "np.strings.upper and replace are too slow.",
            faster_than(
                one_by_one, 2, feed, needs=needs(bytes=lambda s: 2 * s.nbytes, operations=lambda s: s.nbytes / 4)
            ),
        ),
    ],
    hints=[
        "Since NumPy 2, np.strings has the methods of Python's str as functions on whole arrays.",
        "Which must be removed first, the spaces or the $ signs? Or can one call of strip remove both?",
        "What does s.view(np.uint32) show for an array of dtype U? Compare 'a', 'A' and ord.",
        "For ASCII letters, upper case is 32 less than lower case. StringDType has no such view.",
    ],
    spoken="""\
NumPy has fixed-width U and S strings, object arrays, and since NumPy 2 StringDType with variable length. For new code
I use the functions in `np.strings`: strip, lstrip, upper and replace on the whole array. Fixed-width strings silently
truncate longer values, so I let NumPy choose the width. Not all string functions are fast: upper still calls Python
for each string, so for U arrays I can view the memory as uint32 code points and subtract 32 from the lower-case
letters.
""",
    explanation="""\
NumPy has four kinds of string arrays:

- `U8` stores 8 code points of 4 bytes each, `S8` stores 8 bytes. Both have a fixed width, are padded with zeros, and
  silently truncate longer strings.
- `object` stores pointers to Python strings.
- `StringDType`, new in NumPy 2, stores UTF-8 of any length, and optionally missing values.

>>> s = np.array(["ibm", "googl"])
>>> s.dtype, s.nbytes
(dtype('<U5'), 40)
>>> s[0] = "BRK.B.X"
>>> s[0]
np.str_('BRK.B')

`np.strings` (NumPy 2) has the methods of `str` for arrays. `np.char` is the older set, whose comparisons also ignore
trailing whitespace; its `chararray` is deprecated since NumPy 2.5.

>>> np.strings.upper(np.strings.strip(np.array([" ibm ", "ko"])))
array(['IBM', 'KO'], dtype='<U5')

*Not every function is fast.* `strip`, `find`, `replace`, `startswith` and comparisons are ufuncs in C. `upper`, `title`
and `np.char.split` still call Python's methods for each element, so a list comprehension is about as fast.

*U strings are a table of code points*, so a view allows arithmetic on text:

>>> bare = np.array(["ibm", "Ko"])
>>> codes = bare.view(np.uint32)
>>> codes[codes >= ord("a")] -= 32
>>> bare
array(['IBM', 'KO'], dtype='<U3')

This works for ASCII only: "ß" has no upper case of one character.

If only few strings are distinct, process those alone: `np.unique(s, return_inverse=True)`.
""",
    points=[
        "U: fixed width, 4 bytes per character. S: bytes. object: pointers. StringDType: variable-length "
        "UTF-8, since NumPy 2.",
        "Assigning a longer string to a U array silently truncates it.",
        "np.strings (NumPy 2) replaces np.char in new code.",
        "strip, find, replace and comparisons are ufuncs; upper and some others still call Python for each string.",
        "A list comprehension is often as fast, and clearer.",
        "U viewed as uint32 gives code points for arithmetic; StringDType allows no such view.",
        "Process only the distinct strings, and expand them with return_inverse.",
    ],
    follow_ups={
        "How do you get the length of each text?": "np.strings.str_len(s).",
        "How do you handle missing strings?": "With StringDType(na_object=np.nan). dtype U has no missing "
        "value, and np.nan becomes 'nan'.",
        "How do you concatenate two string arrays element by element?": "`a + b`, or np.strings.add(a, b). The "
        "width grows as needed.",
        "When do you use something other than NumPy?": "For regular expressions, categories and joins: pandas or "
        "Arrow strings.",
    },
    related=["view-as-dtype", "value-counts", "set-operations", "frompyfunc-vs-vectorize"],
    links=[
        "https://numpy.org/doc/stable/reference/routines.strings.html",
        "https://numpy.org/doc/stable/user/basics.strings.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.strings.strip.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.ndarray.view.html",
    ],
)
